/* Lint of one SQL statement: does it compile, what does it bind, are its patterns sound, and can it have a row? */
#include "kb/lint.h"

#include "kb/sql_form.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

bool sc_names_have(const sc_names *names, sc_span name)
{
    const sc_span *all = names->list.items;
    for (size_t i = 0; i < names->list.n; i++)
        if (sc_eq(all[i], name)) return true;
    return false;
}

void sc_names_add(sc_arena *a, sc_names *names, sc_span name)
{
    if (sc_names_have(names, name)) return;
    sc_span *slot = sc_list_add(a, &names->list, sizeof *slot);
    if (slot) *slot = sc_arena_dup(a, name);
}

/* ---- Hints ------------------------------------------------------------------------------------------------------- */

typedef struct hints {
    sc_nearest nearest;
    const char *sql; /* NULL: tables; else the columns of the tables that it mentions */
} hints;

static int hint_table(void *context, const char *name, const char *key, const char *doc, const char *commands,
                      const sc_column_info *columns, size_t n)
{
    (void)key, (void)doc, (void)commands;
    hints *h = context;
    if (!h->sql) {
        sc_nearest_try(&h->nearest, name);
        return 0;
    }
    sc_span sql = sc_span_z(h->sql);
    if (sc_text_find(sql, 0, sql.n, sc_span_z(name), true) == SC_NPOS) return 0;
    for (size_t i = 0; i < n; i++) sc_nearest_try(&h->nearest, columns[i].name);
    return 0;
}

/* Where a statement names a table: behind FROM, JOIN or a comma; the same word may be an alias elsewhere. */
static sc_place find_table(const sc_source_text *file, const sc_yaml *y, sc_span word)
{
    size_t from, to;
    sc_yaml_bytes(file, y, &from, &to);
    sc_span text = file->text;
    for (size_t at = from; (at = sc_text_find(text, at, to, word, true)) != SC_NPOS; at += word.n) {
        size_t end = at;
        while (end > from && (sc_is_blank(text.p[end - 1]) || text.p[end - 1] == '\n')) end--;
        size_t start = end;
        while (start > from && sc_is_word(text.p[start - 1])) start--;
        sc_span before = sc_span_sub(text, start, end);
        bool comma = end > from && text.p[end - 1] == ',';
        if (comma || sc_ieq_z(before, "FROM") || sc_ieq_z(before, "JOIN")) return sc_text_place(text, at, at + word.n);
    }
    return sc_yaml_find(file, y, "", word);
}

/* SQLite's message, pointing at the word it complains about, with the nearest known name. */
static void wrong_sql(sc_walk *w, const sc_yaml *y, const char *sql, const char *problem)
{
    static const char *const complaints[] = {"no such table: ", "no such column: ", "no such function: "};
    sc_span text = sc_span_z(problem), word = {"", 0};
    size_t kind = 0;
    for (; kind < 3; kind++) {
        size_t at = sc_find(text, complaints[kind]);
        if (at == SC_NPOS) continue;
        word = sc_span_from(text, at + strlen(complaints[kind]));
        break;
    }
    size_t end = 0;
    while (end < word.n && (sc_is_word(word.p[end]) || word.p[end] == '.')) end++;
    word = sc_span_sub(word, 0, end);
    size_t near = sc_find(text, "near \"");
    if (kind == 3 && near != SC_NPOS) {
        sc_span rest;
        sc_cut(sc_span_from(text, near + 6), "\"", &word, &rest);
    }
    sc_place at = !word.n ? y->place : kind ? sc_yaml_find(w->file, y, "", word) : find_table(w->file, y, word);
    size_t dot = sc_rfind_char(word, '.');
    hints h = {.nearest = sc_nearest_to(dot == SC_NPOS ? word : sc_span_from(word, dot + 1)), .sql = kind ? sql : NULL};
    if (kind < 2) sc_tables(hint_table, &h);
    if (kind == 1) {
        sc_nearest_try(&h.nearest, "line");
        sc_nearest_try(&h.nearest, "last_line");
        sc_nearest_try(&h.nearest, "section");
    }
    const char *hint = sc_nearest_hint(&h.nearest, w->m->arena);
    sc_wrong(w, at, "SQL: %s%s", problem, *hint || kind ? hint : "; `stopcode tables` lists them");
}

/* ---- Compiling --------------------------------------------------------------------------------------------------- */

static bool is_name(sc_span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!sc_is_word(s.p[i])) return false;
    return s.n && !sc_is_digit(s.p[0]);
}

static void add_list(sc_arena *a, sc_names *names, sc_span list)
{
    sc_span item;
    while (list.n) {
        sc_cut(list, ",", &item, &list);
        item = sc_trim(item);
        if (item.n && (item.p[0] == ':' || item.p[0] == '@' || item.p[0] == '$')) item = sc_span_from(item, 1);
        if (item.n) sc_names_add(a, names, item);
    }
}

bool sc_lint_sql(sc_walk *w, sc_engine *e, const sc_yaml *y, const char *sql, sc_names *columns, sc_names *parameters)
{
    sc_buf results = {0}, variables = {0};
    sc_error error = {0};
    bool good = true;
    if (sc_check_sql(e, sql, &results, &variables, &error)) {
        wrong_sql(w, y, sql, error.text);
        good = false;
        goto done;
    }
    add_list(w->m->arena, columns, sc_buf_view(&results));
    add_list(w->m->arena, parameters, sc_buf_view(&variables));
    const sc_span *all = columns->list.items;
    for (size_t i = 0; i < columns->list.n && good; i++) {
        good = is_name(all[i]);
        if (!good) sc_wrong(w, y->place, "the result column \"%.*s\" needs a name: ... AS name", SC_F(all[i]));
    }
    if (good && !sc_names_have(columns, SC_S("line"))) {
        sc_wrong(
            w, y->place,
            "the statement must return a column \"line\", the line that proves it (an aggregate: line and last_line)");
        good = false;
    }
done:
    sc_buf_free(&results);
    sc_buf_free(&variables);
    return good;
}

/* ---- Patterns ---------------------------------------------------------------------------------------------------- */

/* The text between the quotes of a literal. */
static sc_span unquoted(sc_arena *a, sc_span literal)
{
    sc_buf b = {0};
    sc_span inside = sc_span_sub(literal, 1, literal.n - 1);
    for (size_t i = 0; i < inside.n; i++) {
        sc_buf_char(&b, inside.p[i]);
        if (inside.p[i] == '\'') i++; /* the quote stands there twice */
    }
    sc_span text = sc_arena_dup(a, sc_buf_view(&b));
    sc_buf_free(&b);
    return text;
}

static void check_literal(sc_walk *w, const sc_yaml *y, sc_span literal)
{
    sc_span pattern = unquoted(w->m->arena, literal);
    if (sc_lint_compile(w, y, pattern, "'", NULL)) sc_lint_pattern(w, y, pattern, false, "'");
}

/* Patterns that are constants: x REGEXP 'pattern' and regexp('pattern', x). */
static void check_patterns(sc_walk *w, const sc_yaml *y, const char *sql)
{
    sc_span rest = sc_span_z(sql), before = {"", 0}, last = {"", 0};
    for (sc_span t; (t = sc_sql_token(&rest)).n; before = last, last = t) {
        bool here = sc_ieq_z(last, "REGEXP") || (sc_eq_z(last, "(") && sc_ieq_z(before, "regexp"));
        sc_span ahead = rest, next = sc_sql_token(&ahead);
        if (here && t.p[0] == '\'' && !sc_eq_z(next, "|")) check_literal(w, y, t); /* 'a' || x is no constant */
    }
}

/* ---- Statements without a row ------------------------------------------------------------------------------------ */

#define MAX_LITERALS 16u

/* What one condition is made of. */
typedef struct ingredients {
    const char *name; /* the column that alone it is about, in normal form; NULL: none */
    sc_span literals[MAX_LITERALS];
    size_t n;
    bool texts, numbers;
    bool plain;  /* at most one literal, and no NULL: some value meets it */
    bool opaque; /* nothing can be said about it */
} ingredients;

static bool is_keyword(sc_span word)
{
    static const char *const words[] = {"AND",  "OR",   "NOT",  "IS",  "NULL", "IN",    "BETWEEN", "CASE",
                                        "WHEN", "THEN", "ELSE", "END", "TRUE", "FALSE", "ISNULL",  "NOTNULL"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (sc_ieq_z(word, words[i])) return true;
    return false;
}

static void add_literal(ingredients *g, sc_span literal)
{
    bool text = literal.p[0] == '\'';
    g->texts = g->texts || text;
    g->numbers = g->numbers || !text;
    if (g->n == MAX_LITERALS || (g->texts && g->numbers))
        g->opaque = true; /* whether 1 is '1' depends on the column */
    else
        g->literals[g->n++] = literal;
}

/* Takes `f.bytes` as a whole. Returns its normal form. */
static const char *take_name(sc_arena *a, sc_span first, sc_span *rest)
{
    const char *name = sc_sql_normal(a, first);
    sc_span ahead = *rest, dot = sc_sql_token(&ahead), column = sc_sql_token(&ahead);
    if (!sc_eq_z(dot, ".") || !column.n) return name;
    *rest = ahead;
    return sc_arena_printf(a, "%s.%s", name, sc_sql_normal(a, column)).p;
}

static ingredients look_at(sc_arena *a, sc_span condition)
{
    ingredients g = {.plain = true};
    sc_span rest = condition;
    for (sc_span t; (t = sc_sql_token(&rest)).n && !g.opaque;) {
        char c = t.p[0];
        if (sc_ieq_z(t, "NULL") || g.n) g.plain = false;
        if (c == '\'' || sc_is_digit(c)) {
            add_literal(&g, t);
        } else if (c == '"' || (sc_is_word(c) && !is_keyword(t))) {
            const char *name = take_name(a, t, &rest);
            sc_span ahead = rest;
            /* functions and operators that are words (LIKE, REGEXP) are not looked into */
            g.opaque = sc_eq_z(sc_sql_token(&ahead), "(") || (g.name && strcmp(g.name, name) != 0);
            g.name = name;
        } else if (!sc_is_word(c) && !strchr("()<>=!,", c)) {
            g.opaque = true; /* arithmetic, a parameter */
        }
    }
    return g;
}

/* The condition with `column1` in the place of its column. */
static void put_condition(sc_buf *b, sc_arena *a, sc_span condition)
{
    sc_span rest = condition, last = sc_span_sub(condition, 0, 0);
    for (sc_span t; (t = sc_sql_token(&rest)).n; last = t) {
        bool name = t.p[0] == '"' || (sc_is_word(t.p[0]) && !sc_is_digit(t.p[0]) && !is_keyword(t));
        if (name) take_name(a, t, &rest);
        bool joined = last.n == 1 && last.p + 1 == t.p && strchr("<>=!", last.p[0]) && strchr("<>=", t.p[0]);
        sc_buf_z(b, joined ? "" : " ");
        sc_buf_span(b, name ? SC_S("column1") : t);
    }
}

/* Values of which one meets conditions with these literals if any value does: they themselves, and those between. */
static void put_values(sc_buf *b, const ingredients *all, size_t n, bool texts)
{
    sc_buf_z(b, "(NULL), (0), (1), (-1)");
    if (texts) sc_buf_z(b, ", ('')");
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < all[i].n; k++) {
            sc_span x = all[i].literals[k];
            if (texts) {
                sc_buf_printf(b, ", (%.*s), (%.*s || char(1)), (%.*s || '~')", SC_F(x), SC_F(x), SC_F(x));
                continue;
            }
            sc_buf_printf(b, ", (%.*s), (%.*s - 1), (%.*s + 1), (-%.*s), (-%.*s - 1), (-%.*s + 1)", SC_F(x), SC_F(x),
                          SC_F(x), SC_F(x), SC_F(x), SC_F(x));
            for (size_t j = 0; j < n; j++)
                for (size_t l = 0; l < all[j].n; l++)
                    sc_buf_printf(b, ", ((%.*s + %.*s) / 2.0), ((%.*s - %.*s) / 2.0)", SC_F(x),
                                  SC_F(all[j].literals[l]), SC_F(x), SC_F(all[j].literals[l]));
        }
}

/* Does the statement have a row? 1, 0, or -1 when it cannot be run. */
static int has_row(sqlite3 *db, sc_buf *sql)
{
    sqlite3_stmt *stmt = NULL;
    int result = -1;
    if (!sql->failed && !sqlite3_prepare_v2(db, sql->p, -1, &stmt, NULL)) {
        int rc = sqlite3_step(stmt);
        result = rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : -1;
    }
    sqlite3_finalize(stmt);
    return result;
}

typedef struct conditions {
    sc_walk *w;
    const sc_yaml *y;
    const sc_sql_condition *all;
    ingredients *of;
    size_t n;
    sqlite3 *db;
} conditions;

/* Where condition i stands: its first line, since YAML indents the others. */
static sc_place condition_place(const conditions *c, size_t i)
{
    sc_span line, rest;
    sc_cut(c->all[i].text, "\n", &line, &rest);
    return sc_yaml_find(c->w->file, c->y, "", sc_trim(line));
}

/* Is condition k about the same column as condition i (or are both about none)? */
static bool same_column(const conditions *c, size_t i, size_t k)
{
    const ingredients *a = &c->of[i], *b = &c->of[k];
    if (a->opaque || b->opaque) return false;
    return a->name && b->name ? !strcmp(a->name, b->name) : a->name == b->name;
}

/* Conditions about the column of condition i, from i on: is there a value that meets them all? */
static void check_column(const conditions *c, size_t i)
{
    sc_buf sql = {0};
    ingredients about[MAX_LITERALS];
    const char *name = c->of[i].name;
    size_t n = 0, last = i;
    bool texts = false, numbers = false;
    for (size_t k = 0; k < i; k++)
        if (same_column(c, i, k)) return; /* was looked at from there */
    for (size_t k = i; k < c->n && n < MAX_LITERALS; k++) {
        if (!same_column(c, i, k)) continue;
        about[n++] = c->of[k];
        texts = texts || c->of[k].texts;
        numbers = numbers || c->of[k].numbers;
        last = k;
    }
    if (name && ((texts && numbers) || (n == 1 && c->of[i].plain))) return;
    sc_buf_z(&sql, "SELECT 1 FROM (VALUES ");
    put_values(&sql, about, name ? n : 0, texts);
    sc_buf_z(&sql, ") WHERE 1");
    for (size_t k = i; k <= last; k++) {
        if (!same_column(c, i, k)) continue;
        sc_buf_z(&sql, " AND (");
        put_condition(&sql, c->w->m->arena, c->all[k].text);
        sc_buf_char(&sql, ')');
    }
    if (has_row(c->db, &sql) == 0) {
        sc_place at = condition_place(c, last);
        if (!name)
            sc_wrong(c->w, at, "this is never true, so the statement never has a row");
        else
            sc_wrong(c->w, at, "no value of %s meets this%s, so the statement never has a row", name,
                     n > 1 ? " and what stands before" : "");
    }
    sc_buf_free(&sql);
}

static void check_rows(sc_walk *w, const sc_yaml *y, const sc_sql_form *f)
{
    conditions c = {.w = w, .y = y, .all = f->conditions.items, .n = f->conditions.n};
    c.of = sc_arena_array(w->m->arena, c.n, sizeof *c.of);
    if (!c.of) return;
    bool any = false;
    for (size_t i = 0; i < c.n; i++) {
        c.of[i] = look_at(w->m->arena, c.all[i].text);
        any = any || !c.of[i].opaque;
    }
    if (any && !sqlite3_open(":memory:", &c.db))
        for (size_t i = 0; i < c.n; i++)
            if (!c.of[i].opaque) check_column(&c, i);
    sqlite3_close(c.db);
}

void sc_lint_meaning(sc_walk *w, const sc_yaml *y, const char *sql)
{
    sc_sql_form form;
    sc_sql_cut(w->m->arena, sql, &form);
    check_patterns(w, y, sql);
    if (form.none) sc_wrong(w, sc_yaml_find(w->file, y, "LIMIT ", SC_S("0")), "with LIMIT 0 there is never a row");
    if (form.simple) check_rows(w, y, &form);
}
