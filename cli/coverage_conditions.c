/* The conditions of a query, and the query with one of them broken. */
#include "cli/coverage.h"

#include "engine/base/scan.h"

#define MAX_DEPTH 32u /* of parentheses; a condition further inside is left alone */

typedef struct lexer {
    sc_span sql;
    size_t at;
} lexer;

/* The next word that may be a keyword; strings, quoted names, comments and :variables are passed over. '(' and ')' come
 * as words of their own. False at the end. */
static bool next_word(lexer *l, sc_span *word)
{
    while (l->at < l->sql.n) {
        size_t from = l->at++;
        char c = l->sql.p[from];
        sc_span rest = sc_span_from(l->sql, l->at);
        if (c == '\'' || c == '"') {
            size_t end = sc_find_char(rest, c); /* a doubled quote ends one text and begins another */
            l->at = end == SC_NPOS ? l->sql.n : l->at + end + 1;
        } else if (c == '-' && sc_starts(rest, "-")) {
            size_t end = sc_find_char(rest, '\n');
            l->at = end == SC_NPOS ? l->sql.n : l->at + end;
        } else if (sc_is_word(c) || c == ':') {
            while (l->at < l->sql.n && sc_is_word(l->sql.p[l->at])) l->at++;
            if (c == ':' || sc_is_digit(c)) continue;
            *word = sc_span_sub(l->sql, from, l->at);
            return true;
        } else if (c == '(' || c == ')') {
            *word = sc_span_sub(l->sql, from, l->at);
            return true;
        }
    }
    return false;
}

static bool opens_condition(sc_span word)
{
    return sc_ieq_z(word, "WHERE") || sc_ieq_z(word, "HAVING") || sc_ieq_z(word, "ON");
}

/* The words from `at` on, on one line and not too long, for people. */
static sc_span excerpt(sc_arena *a, sc_span sql, size_t at)
{
    enum { SHOWN = 60 };
    sc_buf text = {0};
    sc_span rest = sc_span_from(sql, at);
    for (size_t i = 0; i < rest.n && text.n < SHOWN; i++) {
        bool blank = sc_is_blank(rest.p[i]) || rest.p[i] == '\n';
        if (!blank) sc_buf_char(&text, rest.p[i]);
        if (blank && text.n && text.p[text.n - 1] != ' ') sc_buf_char(&text, ' ');
    }
    sc_span kept = sc_arena_dup(a, sc_rtrim(sc_buf_view(&text)));
    sc_buf_free(&text);
    return kept;
}

static void add(sc_arena *a, sc_list *out, const char *sql, const char *what, size_t n, size_t at, size_t skip,
                const char *instead)
{
    broken_query *b = sc_list_add(a, out, sizeof *b);
    sc_span all = sc_span_z(sql);
    if (!b) return;
    b->name = sc_arena_printf(a, "%s %zu", what, n);
    b->text = excerpt(a, all, at);
    b->sql = sc_arena_printf(a, "%.*s%s%s", SC_F(sc_span_sub(all, 0, at)), instead, sql + at + skip).p;
}

void coverage_break_query(sc_arena *a, const char *sql, sc_list *out)
{
    lexer l = {.sql = sc_span_z(sql)};
    bool between[MAX_DEPTH] = {false}; /* the next AND belongs to a BETWEEN */
    size_t depth = 0, wheres = 0, ands = 0;
    sc_span word;
    while (next_word(&l, &word)) {
        size_t at = (size_t)(word.p - sql);
        if (word.p[0] == '(') depth++;
        if (word.p[0] == ')' && depth) depth--;
        if (depth >= MAX_DEPTH) continue;
        if (word.p[0] == '(') between[depth] = false;
        if (sc_ieq_z(word, "BETWEEN")) between[depth] = true;
        if (opens_condition(word)) add(a, out, sql, "where", ++wheres, at + word.n, 0, " 1 OR");
        if (!sc_ieq_z(word, "AND")) continue;
        if (!between[depth]) add(a, out, sql, "and", ++ands, at, word.n, "OR");
        between[depth] = false;
    }
}
