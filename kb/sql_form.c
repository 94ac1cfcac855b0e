#include "kb/sql_form.h"

#include "engine/base/buf.h"

#include <stdlib.h>
#include <string.h>

/* ---- Tokens ------------------------------------------------------------------------------------------------------ */

sc_span sc_sql_token(sc_span *rest)
{
    sc_span s = *rest, inside;
    while (s.n) {
        size_t n = 1;
        char c = s.p[0];
        if (sc_starts(s, "--")) {
            sc_cut(s, "\n", &inside, &s);
            continue;
        }
        if (sc_starts(s, "/*")) {
            sc_cut(sc_span_from(s, 2), "*/", &inside, &s);
            continue;
        }
        if (sc_is_blank(c) || c == '\n') {
            s = sc_span_from(s, 1);
            continue;
        }
        if (c == '\'' || c == '"') {
            while (n < s.n && (s.p[n] != c || (n + 1 < s.n && s.p[n + 1] == c))) n += s.p[n] == c ? 2 : 1;
            n = n < s.n ? n + 1 : s.n;
        } else if (sc_is_word(c)) {
            while (n < s.n && (sc_is_word(s.p[n]) || (sc_is_digit(c) && s.p[n] == '.'))) n++;
        }
        *rest = sc_span_from(s, n);
        return sc_span_sub(s, 0, n);
    }
    *rest = s;
    return s;
}

static void put_token(sc_buf *b, sc_span token)
{
    if (b->n) sc_buf_char(b, ' ');
    bool quoted = token.p[0] == '\'' || token.p[0] == '"';
    for (size_t i = 0; i < token.n; i++) sc_buf_char(b, quoted ? token.p[i] : sc_lower(token.p[i]));
}

const char *sc_sql_normal(sc_arena *a, sc_span sql)
{
    sc_buf b = {0};
    for (sc_span t; (t = sc_sql_token(&sql)).n;) put_token(&b, t);
    const char *text = sc_arena_z(a, sc_buf_view(&b));
    sc_buf_free(&b);
    return text;
}

/* ---- Absence ----------------------------------------------------------------------------------------------------- */

/* max(a, b) picks the larger of two values; max(a) looks at every row. `rest` begins behind the parenthesis. */
static bool has_second_argument(sc_span rest)
{
    int depth = 1;
    for (sc_span t; depth > 0 && (t = sc_sql_token(&rest)).n;) {
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
    for (sc_span t; (t = sc_sql_token(&rest)).n; before = last, last = t) {
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
            if (sc_ieq_z(last, "IN") && sc_ieq_z(before, "NOT") && sc_ieq_z(sc_sql_token(&ahead), "SELECT"))
                return "NOT IN (SELECT";
            const char *name = aggregate(last, rest);
            if (name) return name;
        }
    }
    return NULL;
}

/* ---- Parts ------------------------------------------------------------------------------------------------------- */

static bool is_one_of(sc_span word, const char *const *words)
{
    for (; *words; words++)
        if (sc_ieq_z(word, *words)) return true;
    return false;
}

/* Offsets of the parts at the statement's own level. */
typedef struct parts {
    size_t from, where, tail; /* behind FROM, behind WHERE, at what follows; SC_NPOS: there is none */
    bool simple, none;
} parts;

static parts find_parts(sc_span sql)
{
    static const char *const other[] = {"GROUP",  "HAVING", "UNION",  "EXCEPT", "INTERSECT", "WITH",
                                        "VALUES", "WINDOW", "OFFSET", "RIGHT",  "FULL",      NULL};
    static const char *const tails[] = {"GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "EXCEPT", "INTERSECT", NULL};
    parts p = {SC_NPOS, SC_NPOS, SC_NPOS, true, false};
    sc_span rest = sql, last = {"", 0};
    int depth = 0;
    bool limited = false;
    for (sc_span t; (t = sc_sql_token(&rest)).n; last = t) {
        size_t at = (size_t)(t.p - sql.p);
        if (t.p[0] == '(' && p.from == SC_NPOS && aggregate(last, rest)) p.simple = false;
        if (t.p[0] == '(') depth++;
        if (t.p[0] == ')') depth--;
        if (depth) continue;
        if (is_one_of(t, other)) p.simple = false;
        if (sc_ieq_z(t, "FROM") && p.from == SC_NPOS) p.from = at + t.n;
        if (sc_ieq_z(t, "WHERE") && p.where == SC_NPOS) p.where = at + t.n;
        if (p.tail == SC_NPOS && is_one_of(t, tails)) p.tail = at;
        if (sc_ieq_z(last, "LIMIT") && sc_eq_z(t, "0")) p.none = true;
        limited = limited || sc_ieq_z(t, "LIMIT");
        if (t.p[0] == ',' && limited) p.simple = false; /* LIMIT 1, 2 begins with the second row */
    }
    if (p.from == SC_NPOS || depth) p.simple = false;
    if (p.tail == SC_NPOS) p.tail = sql.n;
    return p;
}

static void add_condition(sc_arena *a, sc_list *list, sc_span text)
{
    sc_sql_condition *c = sc_list_add(a, list, sizeof *c);
    if (c) *c = (sc_sql_condition){text, sc_sql_normal(a, text)};
}

/* Cuts at every AND of this level, except the one of BETWEEN. Beside an OR there is only one condition. */
static void cut_conditions(sc_arena *a, sc_span where, sc_list *out)
{
    sc_span rest = where, last_end = sc_span_sub(where, 0, 0);
    int depth = 0, between = 0;
    size_t from = 0;
    bool first = true, or = false;
    sc_list all = {0};
    for (sc_span t; (t = sc_sql_token(&rest)).n; last_end = t, first = false) {
        size_t at = (size_t)(t.p - where.p);
        if (first) from = at;
        if (t.p[0] == '(' || sc_ieq_z(t, "CASE")) depth++;
        if (t.p[0] == ')' || sc_ieq_z(t, "END")) depth--;
        if (depth) continue;
        if (sc_ieq_z(t, "BETWEEN")) between++;
        or = or || sc_ieq_z(t, "OR");
        if (!sc_ieq_z(t, "AND") || (between && between--)) continue;
        add_condition(a, &all, sc_span_sub(where, from, (size_t)(last_end.p - where.p) + last_end.n));
        sc_span ahead = rest;
        from = (size_t)(sc_sql_token(&ahead).p - where.p);
    }
    size_t end = (size_t)(last_end.p - where.p) + last_end.n;
    if (or) all = (sc_list){0};
    sc_span ahead = where;
    add_condition(a, &all, sc_span_sub(where, or ? (size_t)(sc_sql_token(&ahead).p - where.p) : from, end));
    *out = all;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* FROM and the conditions in an order of their own. */
static const char *truth_of(sc_arena *a, const sc_sql_form *f)
{
    const char **texts = sc_arena_array(a, f->conditions.n + 1, sizeof *texts);
    sc_buf b = {0};
    if (!texts) return "";
    for (size_t i = 0; i < f->conditions.n; i++) texts[i] = ((const sc_sql_condition *)f->conditions.items)[i].normal;
    qsort(texts, f->conditions.n, sizeof *texts, compare_texts);
    sc_buf_printf(&b, "from %s", f->from);
    for (size_t i = 0; i < f->conditions.n; i++) sc_buf_printf(&b, " %s %s", i ? "and" : "where", texts[i]);
    const char *text = sc_arena_z(a, sc_buf_view(&b));
    sc_buf_free(&b);
    return text;
}

void sc_sql_cut(sc_arena *a, const char *sql, sc_sql_form *out)
{
    sc_span all = sc_span_z(sql);
    while (all.n && (sc_is_blank(all.p[all.n - 1]) || all.p[all.n - 1] == '\n' || all.p[all.n - 1] == ';')) all.n--;
    parts p = find_parts(all);
    *out = (sc_sql_form){.simple = p.simple, .none = p.none, .from = ""};
    bool has_where = p.where != SC_NPOS && p.where < p.tail && p.from != SC_NPOS;
    if (p.from != SC_NPOS && p.from <= p.tail) {
        size_t end = has_where ? p.where - (sizeof "WHERE" - 1) : p.tail;
        out->from = sc_sql_normal(a, sc_span_sub(all, p.from, end));
    }
    if (has_where) cut_conditions(a, sc_span_sub(all, p.where, p.tail), &out->conditions);
    out->truth = out->simple ? truth_of(a, out) : sc_sql_normal(a, all);
}

bool sc_sql_implies(const sc_sql_form *a, const sc_sql_form *b)
{
    if (strcmp(a->truth, b->truth) == 0) return true;
    if (!a->simple || !b->simple || strcmp(a->from, b->from) != 0) return false;
    const sc_sql_condition *mine = a->conditions.items, *wanted = b->conditions.items;
    for (size_t i = 0; i < b->conditions.n; i++) {
        bool found = false;
        for (size_t k = 0; k < a->conditions.n && !found; k++) found = !strcmp(wanted[i].normal, mine[k].normal);
        if (!found) return false;
    }
    return true;
}
