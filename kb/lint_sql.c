/* Lint of one SQL statement: does it compile, what does it bind, and can a missing section make it true? */
#include "kb/lint.h"

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

/* ---- Absence ----------------------------------------------------------------------------------------------------- */

/* The next token behind *rest: a word, or one character of anything else. Comments and quoted text are skipped. */
static sc_span next_token(sc_span *rest)
{
    sc_span s = *rest, token = {"", 0};
    while (s.n && !token.n) {
        const char *closing = NULL;
        size_t opening = 1;
        if (sc_starts(s, "--"))
            closing = "\n", opening = 2;
        else if (sc_starts(s, "/*"))
            closing = "*/", opening = 2;
        else if (s.p[0] == '\'')
            closing = "'";
        else if (s.p[0] == '"')
            closing = "\"";
        if (closing) {
            sc_span inside;
            sc_cut(sc_span_from(s, opening), closing, &inside, &s);
        } else if (sc_is_word(s.p[0])) {
            size_t n = 1;
            while (n < s.n && sc_is_word(s.p[n])) n++;
            token = sc_span_sub(s, 0, n);
            s = sc_span_from(s, n);
        } else {
            if (!sc_is_blank(s.p[0]) && s.p[0] != '\n') token = sc_span_sub(s, 0, 1);
            s = sc_span_from(s, 1);
        }
    }
    *rest = s;
    return token;
}

/* max(a, b) picks the larger of two values; max(a) looks at every row. `rest` begins behind the parenthesis. */
static bool has_second_argument(sc_span rest)
{
    int depth = 1;
    for (sc_span t; depth > 0 && (t = next_token(&rest)).n;) {
        if (t.p[0] == '(')
            depth++;
        else if (t.p[0] == ')')
            depth--;
        else if (t.p[0] == ',' && depth == 1)
            return true;
    }
    return false;
}

static const char *aggregate(sc_span name, sc_span rest)
{
    static const char *const aggregates[] = {"count", "sum", "total", "avg", "group_concat", "min", "max"};
    static const char *const shown[] = {"count()", "sum()", "total()", "avg()", "group_concat()", "min()", "max()"};
    for (size_t i = 0; i < sizeof aggregates / sizeof *aggregates; i++)
        if (sc_ieq_z(name, aggregates[i])) return i >= 5 && has_second_argument(rest) ? NULL : shown[i];
    return NULL;
}

const char *sc_sql_absence(const char *sql)
{
    sc_span rest = sc_span_z(sql), before = {"", 0}, last = {"", 0};
    for (sc_span t; (t = next_token(&rest)).n; before = last, last = t) {
        if (sc_ieq_z(t, "EXISTS") && sc_ieq_z(last, "NOT")) return "NOT EXISTS";
        if (sc_ieq_z(t, "NULL") && sc_ieq_z(last, "IS")) return "IS NULL";
        if (sc_ieq_z(t, "ISNULL")) return "ISNULL";
        if (sc_ieq_z(t, "EXCEPT")) return "EXCEPT";
        if (sc_ieq_z(t, "HAVING")) return "HAVING";
        if (sc_ieq_z(t, "BY") && sc_ieq_z(last, "GROUP")) return "GROUP BY";
        if (sc_ieq_z(t, "JOIN") || sc_ieq_z(t, "OUTER")) {
            if (sc_ieq_z(last, "LEFT") || sc_ieq_z(last, "OUTER")) return "LEFT JOIN";
            if (sc_ieq_z(last, "RIGHT")) return "RIGHT JOIN";
            if (sc_ieq_z(last, "FULL")) return "FULL JOIN";
        }
        if (t.p[0] == '(') {
            sc_span ahead = rest;
            if (sc_ieq_z(last, "IN") && sc_ieq_z(before, "NOT") && sc_ieq_z(next_token(&ahead), "SELECT"))
                return "NOT IN (SELECT";
            const char *name = aggregate(last, rest);
            if (name) return name;
        }
    }
    return NULL;
}
