/* A clause in plain words: what must be seen for it to be true.
 *
 * A query of the common shapes - SELECT ... FROM ... WHERE ... AND ... - is told condition by condition; what has
 * another shape is told by its tables, and the query stands below it anyway.
 */
#include "site/pages.h"

#include "kb/fill.h"

#include <inttypes.h>
#include <string.h>

enum { MOST_DEPTH = 6, MOST_TABLES = 8, MOST_PARTS = 24 };

typedef struct from_item {
    sc_span name, alias;
} from_item;

typedef struct words {
    const site_build *build;
    sc_buf *out;
    from_item from[MOST_TABLES];
    size_t n_from;
    bool inner;   /* within a longer condition */
    int depth;    /* of queries that are values */
    sc_list told; /* const char *: columns whose meaning stands there already */
} words;

/* ---- Cutting SQL ------------------------------------------------------------------------------------------------- */

static bool is_apart(sc_span sql, size_t at, size_t n)
{
    return (!at || !sc_is_word(sql.p[at - 1])) && (at + n >= sql.n || !sc_is_word(sql.p[at + n]));
}

/* The keyword outside of brackets and texts at or after `at`; SC_NPOS. */
static size_t find_word(sc_span sql, size_t at, const char *keyword)
{
    size_t n = strlen(keyword);
    bool letters = sc_is_alpha(keyword[0]);
    int depth = 0;
    for (size_t i = at; i < sql.n; i++) {
        char c = sql.p[i];
        if (c == '\'' || c == '"')
            for (i++; i < sql.n && sql.p[i] != c;) i++;
        else if (c == '(')
            depth++;
        else if (c == ')')
            depth--;
        else if (!depth && sc_istarts(sc_span_from(sql, i), keyword) && (!letters || is_apart(sql, i, n)))
            return i;
        else if (sc_istarts(sc_span_from(sql, i), "CASE") && is_apart(sql, i, 4)) /* up to END it is one value */
            depth++;
        else if (sc_istarts(sc_span_from(sql, i), "END") && is_apart(sql, i, 3))
            depth--;
    }
    return SC_NPOS;
}

static size_t first_of(sc_span sql, size_t at, const char *const *keywords)
{
    size_t first = sql.n;
    for (; *keywords; keywords++) {
        size_t found = find_word(sql, at, *keywords);
        if (found < first) first = found;
    }
    return first;
}

/* Blanks and line ends off both ends, and brackets around the whole. */
static sc_span bare(sc_span s)
{
    for (;;) {
        while (s.n && (sc_is_blank(s.p[0]) || s.p[0] == '\n')) s = sc_span_from(s, 1);
        while (s.n && (sc_is_blank(s.p[s.n - 1]) || s.p[s.n - 1] == '\n')) s.n--;
        if (s.n < 2 || s.p[0] != '(' || s.p[s.n - 1] != ')') return s;
        int depth = 0;
        for (size_t i = 0; i + 1 < s.n; i++) {
            depth += s.p[i] == '(' ? 1 : s.p[i] == ')' ? -1 : 0;
            if (!depth) return s;
        }
        s = sc_span_sub(s, 1, s.n - 1);
    }
}

/* Cuts at a keyword; the AND of BETWEEN belongs to it. */
static size_t cut_at(sc_span sql, const char *keyword, sc_span *parts)
{
    size_t n = 0, from = 0, at = 0;
    for (size_t found; n + 1 < MOST_PARTS && (found = find_word(sql, at, keyword)) != SC_NPOS;) {
        at = found + strlen(keyword);
        if (find_word(sc_span_sub(sql, from, found), 0, "BETWEEN") != SC_NPOS && !strcmp(keyword, "AND") &&
            find_word(sc_span_sub(sql, from, found), 0, "AND") == SC_NPOS) {
            continue;
        }
        parts[n++] = bare(sc_span_sub(sql, from, found));
        from = at;
    }
    parts[n++] = bare(sc_span_from(sql, from));
    return n;
}

static bool is_name(sc_span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!sc_is_word(s.p[i])) return false;
    return s.n && !sc_is_digit(s.p[0]);
}

/* name or l.name */
static bool is_column(sc_span s)
{
    sc_span table, column;
    return sc_cut(s, ".", &table, &column) ? is_name(table) && is_name(column) : is_name(s);
}

/* ---- Words ------------------------------------------------------------------------------------------------------- */

/* As code; SQL has no backticks. */
static void put_code(words *w, sc_span s)
{
    sc_buf_char(w->out, '`');
    for (size_t i = 0; i < s.n; i++) {
        bool blank = s.p[i] == '\n' || s.p[i] == ' ';
        if (blank && i && (s.p[i - 1] == ' ' || s.p[i - 1] == '\n')) continue;
        sc_buf_char(w->out, blank ? ' ' : s.p[i]);
    }
    sc_buf_char(w->out, '`');
}

static const sc_column_info *find_column(const words *w, sc_span table, sc_span column)
{
    for (size_t i = 0; i < w->n_from; i++) {
        const from_item *f = &w->from[i];
        if (table.n && !sc_eq(table, f->alias) && !sc_eq(table, f->name)) continue;
        const site_fact_table *t = site_find_table(w->build, f->name);
        for (size_t c = 0; t && c < t->n; c++)
            if (sc_eq_z(column, t->columns[c].name)) return &t->columns[c];
    }
    return NULL;
}

/* A column; with what it means, where it stands in a condition of its own and for the first time. */
static bool put_column(words *w, sc_span s)
{
    sc_span table = {"", 0}, column = s, rest;
    if (sc_cut(s, ".", &column, &rest)) {
        table = column;
        column = rest;
    }
    if (!is_name(column) || (table.n && !is_name(table))) return false;
    const sc_column_info *c = find_column(w, table, column);
    if (!c) return false;
    put_code(w, column);
    if (w->inner) return true;
    const char *const *told = w->told.items;
    for (size_t i = 0; i < w->told.n; i++)
        if (told[i] == c->doc) return true;
    const char **kept = sc_list_add(w->build->arena, &w->told, sizeof *kept);
    if (kept) *kept = c->doc;
    sc_span doc, more;
    sc_cut(sc_span_z(c->doc), ";", &doc, &more);
    sc_buf_printf(w->out, " (%.*s)", SC_F(site_plain(w->build->arena, sc_arena_z(w->build->arena, doc))));
    return true;
}

/* :arg3, :driver */
static bool put_variable(words *w, sc_span s)
{
    if (!sc_starts(s, ":") || !is_name(sc_span_from(s, 1))) return false;
    sc_span name = sc_span_from(s, 1);
    if (name.n == 4 && sc_starts(name, "arg") && sc_is_digit(name.p[3]))
        sc_buf_printf(w->out, "parameter %c", name.p[3]);
    else if (sc_eq_z(name, "code"))
        sc_buf_z(w->out, "the code of the bug check");
    else if (sc_eq_z(name, "pointer_bytes"))
        sc_buf_z(w->out, "the size of a pointer");
    else
        sc_buf_printf(w->out, "the `%.*s` that was found", SC_F(name));
    return true;
}

/* An expression as it is, without the short names of tables. */
static void put_expression(words *w, sc_span s)
{
    sc_buf out = {0};
    for (size_t i = 0; i < s.n;) {
        size_t end = i;
        while (end < s.n && sc_is_word(s.p[end])) end++;
        bool alias = false;
        for (size_t f = 0; end > i && end < s.n && s.p[end] == '.' && f < w->n_from; f++)
            alias = alias || sc_eq(sc_span_sub(s, i, end), w->from[f].alias);
        if (end == i || alias) end++;
        if (!alias) sc_buf_span(&out, sc_span_sub(s, i, end));
        i = end;
    }
    put_code(w, sc_buf_view(&out));
    if (out.failed) w->out->failed = true;
    sc_buf_free(&out);
}

/* max(bits) and the like: of all rows together. */
static bool put_aggregate(words *w, sc_span s)
{
    static const struct {
        const char *begin, *words;
    } kinds[] = {{"count(DISTINCT ", "the number of different "}, {"max(", "the largest "}, {"min(", "the smallest "}};
    if (sc_ieq_z(s, "count(*)")) {
        sc_buf_z(w->out, "the number of such rows");
        return true;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        sc_span inside = sc_span_sub(s, strlen(kinds[i].begin), s.n ? s.n - 1 : 0);
        if (!sc_istarts(s, kinds[i].begin) || !sc_ends(s, ")") || !is_column(inside)) continue;
        sc_buf_z(w->out, kinds[i].words);
        if (!put_column(w, inside)) put_expression(w, inside);
        return true;
    }
    return false;
}

static bool put_subquery(words *w, sc_span s);

static void put_operand(words *w, sc_span s)
{
    s = bare(s);
    sc_span known[MOST_PARTS];
    if (sc_istarts(s, "coalesce(") && sc_ends(s, ")") && cut_at(sc_span_sub(s, 9, s.n - 1), ",", known) == 2 &&
        sc_starts(known[1], "'"))
        s = known[0]; /* a word for what is not known changes nothing in words */
    if (put_variable(w, s) || put_aggregate(w, s) || put_subquery(w, s)) return;
    if (s.n > 1 && s.p[0] == '\'' && sc_find_char(sc_span_sub(s, 1, s.n - 1), '\'') == SC_NPOS)
        put_code(w, sc_span_sub(s, 1, s.n - 1));
    else if (!put_column(w, s))
        put_expression(w, s);
}

static void put_query(words *w, sc_span sql, int depth);
static void put_condition(words *w, sc_span s, int depth);

/* "a, b or c" */
static void put_choices(words *w, sc_span s)
{
    sc_span part[MOST_PARTS];
    size_t n = cut_at(bare(s), ",", part);
    for (size_t i = 0; i < n; i++) {
        sc_buf_z(w->out, !i ? "" : i + 1 == n ? " or " : ", ");
        put_operand(w, part[i]);
    }
}

/* third_party(module), glob_symbol('nt!Ki*', symbol) */
static bool put_call(words *w, sc_span s, bool is)
{
    sc_span name, rest, part[MOST_PARTS];
    if (!sc_cut(s, "(", &name, &rest) || !sc_ends(rest, ")") || !is_name(name)) return false;
    size_t n = cut_at(sc_span_sub(rest, 0, rest.n - 1), ",", part);
    if (sc_eq_z(name, "third_party") && n == 1) {
        put_operand(w, part[0]);
        sc_buf_z(w->out, is ? " is not part of Windows" : " is part of Windows");
        return true;
    }
    if (sc_eq_z(name, "is_kernel") && n == 1) {
        put_operand(w, part[0]);
        sc_buf_z(w->out, is ? " is an address of the kernel" : " is no address of the kernel");
        return true;
    }
    if (!sc_eq_z(name, "glob_symbol") || n != 2) return false;
    put_operand(w, part[1]);
    sc_buf_z(w->out, is ? " fits " : " does not fit ");
    put_operand(w, part[0]);
    return true;
}

static bool put_comparison(words *w, sc_span s)
{
    static const struct {
        const char *sign, *words;
    } compare[] = {{"IS NOT NULL", " is known"},
                   {"IS NULL", " is not known"},
                   {"NOT IN", " is none of "},
                   {"IN", " is "},
                   {"NOT LIKE", " is not like "},
                   {"LIKE", " is like "},
                   {"NOT GLOB", " is not like "},
                   {"GLOB", " is like "},
                   {"NOT REGEXP", " does not match "},
                   {"REGEXP", " matches "},
                   {"IS NOT", " is not "},
                   {"IS", " is "},
                   {"<>", " is not "},
                   {"!=", " is not "},
                   {">=", " is at least "},
                   {"<=", " is at most "},
                   {"=", " is "},
                   {">", " is more than "},
                   {"<", " is less than "}};
    sc_span between[MOST_PARTS];
    size_t at = find_word(s, 0, "BETWEEN");
    if (at != SC_NPOS && cut_at(sc_span_from(s, at + 7), "AND", between) == 2) {
        put_operand(w, sc_span_sub(s, 0, at));
        sc_buf_z(w->out, " lies between ");
        put_operand(w, between[0]);
        sc_buf_z(w->out, " and ");
        put_operand(w, between[1]);
        return true;
    }
    for (size_t i = 0; i < sizeof compare / sizeof *compare; i++) {
        at = find_word(s, 0, compare[i].sign);
        if (at == SC_NPOS) continue;
        sc_span right = bare(sc_span_from(s, at + strlen(compare[i].sign)));
        bool list = sc_ends(sc_span_z(compare[i].sign), "IN"), query = sc_istarts(right, "SELECT");
        put_operand(w, sc_span_sub(s, 0, at));
        sc_buf_z(w->out,
                 list && query ? (compare[i].sign[0] == 'N' ? " is not among " : " is among ") : compare[i].words);
        if (list && !query)
            put_choices(w, right);
        else if (right.n)
            put_operand(w, right);
        return true;
    }
    return false;
}

static void put_joined(words *w, const sc_span *part, size_t n, const char *word, int depth)
{
    bool inner = w->inner;
    w->inner = true;
    for (size_t i = 0; i < n; i++) {
        if (i) sc_buf_printf(w->out, "%s%s ", !strcmp(word, "or") ? ", " : " ", word);
        put_condition(w, part[i], depth + 1);
    }
    w->inner = inner;
}

static void put_condition(words *w, sc_span s, int depth)
{
    sc_span part[MOST_PARTS];
    s = bare(s);
    if (depth > MOST_DEPTH || sc_istarts(s, "CASE ")) {
        put_expression(w, s);
        return;
    }
    size_t n = cut_at(s, "OR", part);
    if (n > 1) {
        sc_buf_z(w->out, "either ");
        put_joined(w, part, n, "or", depth);
        return;
    }
    n = cut_at(s, "AND", part);
    if (n > 1) {
        put_joined(w, part, n, "and", depth);
        return;
    }
    bool is = !sc_istarts(s, "NOT ");
    sc_span positive = is ? s : bare(sc_span_from(s, 4));
    if (sc_istarts(positive, "EXISTS")) {
        sc_buf_z(w->out, is ? "there is " : "there is no ");
        sc_buf_z(w->out, is ? "a " : "");
        put_query(w, bare(sc_span_from(positive, 6)), depth + 1);
    } else if (put_call(w, positive, is)) {
        return;
    } else if (is && put_comparison(w, s)) {
        return;
    } else if (put_column(w, positive)) {
        sc_buf_z(w->out, is ? " holds" : " does not hold");
    } else if (!is) {
        bool inner = w->inner;
        w->inner = true;
        sc_buf_z(w->out, "it is not so that ");
        put_condition(w, positive, depth + 1);
        w->inner = inner;
    } else {
        put_expression(w, s);
    }
}

/* lock l JOIN lock_thread t USING (lock) */
static void read_from(words *w, sc_span s)
{
    static const char *const joins[] = {"LEFT JOIN", "CROSS JOIN", "JOIN", ",", NULL};
    static const char *const ends[] = {"ON", "USING", NULL};
    for (size_t at = 0; at < s.n && w->n_from < MOST_TABLES;) {
        size_t end = first_of(s, at, joins);
        sc_span item = bare(sc_span_sub(s, at, end));
        item = bare(sc_span_sub(item, 0, first_of(item, 0, ends)));
        sc_span name = item, alias = {"", 0};
        sc_cut(item, " ", &name, &alias);
        alias = bare(alias);
        if (sc_istarts(alias, "AS ")) alias = bare(sc_span_from(alias, 3));
        w->from[w->n_from++] = (from_item){name, alias};
        at = end;
        for (size_t i = 0; joins[i]; i++)
            if (sc_istarts(sc_span_from(s, at), joins[i])) {
                at += strlen(joins[i]);
                break;
            }
    }
}

static bool put_tables(words *w, size_t first)
{
    bool all = w->n_from > first;
    for (size_t i = first; i < w->n_from; i++) all = all && site_find_table(w->build, w->from[i].name);
    for (size_t i = first; all && i < w->n_from; i++)
        sc_buf_printf(w->out, "%s[`%.*s`](site:tables/%.*s/)", i == first ? "row of " : " with its row of ",
                      SC_F(w->from[i].name), SC_F(w->from[i].name));
    return all;
}

static const char *const tails[] = {"GROUP BY", "HAVING", "ORDER BY", "LIMIT", NULL};

/* "row of lock, where name is x and ...", within a sentence. */
static void put_query(words *w, sc_span sql, int depth)
{
    size_t from = find_word(sql, 0, "FROM"), where = find_word(sql, 0, "WHERE"), first = w->n_from;
    size_t end = first_of(sql, 0, tails);
    if (from == SC_NPOS || find_word(sql, 0, "UNION") != SC_NPOS) {
        put_code(w, sql);
        return;
    }
    read_from(w, sc_span_sub(sql, from + 4, where < end ? where : end));
    if (!put_tables(w, first)) sc_buf_z(w->out, "row");
    if (where < end) {
        sc_buf_z(w->out, " where ");
        put_condition(w, sc_span_sub(sql, where + 5, end), depth);
    }
}

/* "the smallest n of crash_frame where ...": a query that is a value. */
static bool put_subquery(words *w, sc_span s)
{
    size_t from = find_word(s, 0, "FROM");
    if (!sc_istarts(s, "SELECT ") || from == SC_NPOS || w->depth >= MOST_DEPTH) return false;
    sc_span what = bare(sc_span_sub(s, 7, from));
    if (sc_istarts(what, "DISTINCT ")) what = bare(sc_span_from(what, 9));
    size_t where = find_word(s, 0, "WHERE"), end = first_of(s, 0, tails), first = w->n_from;
    bool inner = w->inner;
    w->depth++;
    w->inner = true;
    read_from(w, sc_span_sub(s, from + 4, where < end ? where : end));
    if (is_column(what)) sc_buf_z(w->out, "the ");
    put_operand(w, what);
    for (size_t i = first; i < w->n_from; i++)
        sc_buf_printf(w->out, "%s`%.*s`", i == first ? " of " : " with ", SC_F(w->from[i].name));
    if (where < end) {
        sc_buf_z(w->out, " where ");
        put_condition(w, sc_span_sub(s, where + 5, end), w->depth);
    }
    w->depth--;
    w->inner = inner;
    return true;
}

/* ---- Kinds of clauses -------------------------------------------------------------------------------------------- */

/* Without what stands behind -- in its lines. */
static sc_span without_comments(words *w, sc_span sql)
{
    sc_buf out = {0};
    bool text = false;
    for (size_t i = 0; i < sql.n; i++) {
        if (sql.p[i] == '\'') text = !text;
        while (!text && sc_starts(sc_span_from(sql, i), "--"))
            for (i += 2; i < sql.n && sql.p[i] != '\n';) i++;
        if (i < sql.n) sc_buf_char(&out, sql.p[i]);
    }
    sc_span kept = sc_arena_dup(w->build->arena, sc_buf_view(&out));
    sc_buf_free(&out);
    return kept;
}

static void put_sql(words *w, const sc_clause *c)
{
    sc_span sql = bare(without_comments(w, sc_span_z(c->sql))), part[MOST_PARTS];
    size_t from = find_word(sql, 0, "FROM"), where = find_word(sql, 0, "WHERE"), end = first_of(sql, 0, tails);
    size_t having = find_word(sql, 0, "HAVING");
    bool plain = sc_istarts(sql, "SELECT") && from != SC_NPOS && find_word(sql, 0, "UNION") == SC_NPOS &&
                 find_word(sql, 0, "EXCEPT") == SC_NPOS;
    if (plain) {
        read_from(w, sc_span_sub(sql, from + 4, where < end ? where : end));
        sc_buf_z(w->out, "There is a ");
        plain = put_tables(w, 0);
    }
    if (!plain) {
        w->out->n = 0; /* the sentence begins anew */
        sc_buf_z(w->out, "The query below finds a row");
        const site_fact_table *t = w->build->tables.items;
        for (size_t i = 0, n = 0; i < w->build->tables.n; i++)
            if (site_query_uses(c->sql, t[i].name))
                sc_buf_printf(w->out, "%s[`%s`](site:tables/%s/)", n++ ? ", " : ". It looks at ", t[i].name, t[i].name);
        sc_buf_z(w->out, ".\n");
        return;
    }
    size_t n = where < end ? cut_at(bare(sc_span_sub(sql, where + 5, end)), "AND", part) : 0;
    if (having != SC_NPOS) { /* about all rows together */
        sc_span all = bare(sc_span_sub(sql, having + 6, first_of(sql, having + 6, tails)));
        sc_span more[MOST_PARTS];
        size_t m = cut_at(all, "AND", more);
        for (size_t i = 0; i < m && n < MOST_PARTS; i++) part[n++] = more[i];
    }
    sc_buf_z(w->out, n ? " where\n\n" : ".\n");
    for (size_t i = 0; i < n; i++) {
        sc_buf_z(w->out, "- ");
        put_condition(w, part[i], 0);
        sc_buf_char(w->out, '\n');
    }
}

static void put_number(words *w, uint64_t v)
{
    sc_buf_printf(w->out, v < 10 ? "%" PRIu64 : "0x%" PRIx64, v);
}

static void put_args(words *w, const sc_clause *c)
{
    for (size_t i = 0; i < c->n_args; i++) {
        const sc_arg_test *t = &c->args[i];
        sc_buf_printf(w->out, "%s %d of the bug check is ", i ? ", and parameter" : "Parameter", t->arg);
        for (size_t r = 0; r < t->n_ranges; r++) {
            const sc_arg_range *g = &t->ranges[r];
            sc_buf_z(w->out, r ? " or " : "");
            if (g->low != g->high) sc_buf_z(w->out, "from ");
            put_number(w, g->low);
            if (g->low != g->high) sc_buf_z(w->out, " to ");
            if (g->low != g->high) put_number(w, g->high);
            if (g->mask != UINT64_MAX) sc_buf_printf(w->out, " in its bits 0x%" PRIx64, g->mask);
        }
    }
    sc_buf_z(w->out, ".\n");
}

static void put_stack(words *w, const sc_clause *c)
{
    static const char *const stacks[] = {"On the stack of the crash", "On the stack of the thread",
                                         "On the stack of the processor", "On the stack", "On some stack"};
    sc_buf_z(w->out, stacks[c->scope]);
    sc_span owner = sc_span_z(c->owner);
    if (owner.n == 8 && sc_starts(owner, "{{arg") && sc_ends(owner, "}}"))
        sc_buf_printf(w->out, " in parameter %c", owner.p[5]);
    else if (owner.n)
        sc_buf_printf(w->out, " `%.*s`", SC_F(sc_template_fill(w->build->arena, c->owner, false, NULL)));
    sc_buf_z(w->out, c->n_frames > 1 ? " these frames stand in this order, the latest call first:\n\n"
                                     : " this frame stands:\n\n");
    bool gap = false, begun = false;
    for (size_t i = 0; i < c->n_frames; i++) {
        if (!strcmp(c->frames[i], "...")) {
            gap = true;
            continue;
        }
        sc_buf_z(w->out, "- ");
        if (begun) sc_buf_z(w->out, gap ? "anywhere below it " : "right below it ");
        sc_buf_printf(w->out, "`%s`", c->frames[i]);
        sc_span name, rest, pattern = sc_span_z(c->frames[i]);
        if (sc_starts(pattern, "{") && sc_cut(sc_span_from(pattern, 1), "}", &name, &rest))
            sc_buf_printf(w->out, ": a module that is not part of Windows, called `%.*s` from here on", SC_F(name));
        sc_buf_char(w->out, '\n');
        gap = false;
        begun = true;
    }
}

sc_span site_clause_words(const site_build *b, const sc_clause *c)
{
    sc_buf out = {0};
    words w = {.build = b, .out = &out};
    switch (c->kind) {
    case SC_CLAUSE_ARGS: put_args(&w, c); break;
    case SC_CLAUSE_STACK: put_stack(&w, c); break;
    case SC_CLAUSE_SQL: put_sql(&w, c); break;
    case SC_CLAUSE_TEXT:
        sc_buf_printf(&out, "In the output of `%s` stands what this pattern matches:\n", c->command);
        break;
    }
    sc_span kept = sc_arena_dup(b->arena, sc_buf_view(&out));
    sc_buf_free(&out);
    return kept;
}
