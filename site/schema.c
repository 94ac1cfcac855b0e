/* The tables of facts, as the pages name them; and which of them a rule looks at. */
#include "site/pages.h"

#include "engine/base/scan.h"

#include <string.h>

static int add_table(void *context, const char *name, const char *key, const char *doc, const char *commands,
                     const sc_column_info *columns, size_t n)
{
    site_build *b = context;
    sc_arena *a = b->arena;
    site_fact_table *t = sc_list_add(a, &b->tables, sizeof *t);
    sc_column_info *kept = sc_arena_array(a, n ? n : 1, sizeof *kept);
    if (!t || !kept) return 0;
    for (size_t i = 0; i < n; i++)
        kept[i] = (sc_column_info){sc_arena_z(a, sc_span_z(columns[i].name)), sc_arena_z(a, sc_span_z(columns[i].type)),
                                   sc_arena_z(a, sc_span_z(columns[i].doc))};
    *t = (site_fact_table){sc_arena_z(a, sc_span_z(name)),
                           sc_arena_z(a, sc_span_z(key)),
                           sc_arena_z(a, sc_span_z(doc)),
                           sc_arena_z(a, sc_span_z(commands)),
                           kept,
                           n};
    return 0;
}

void site_read_schema(site_build *b)
{
    sc_tables(add_table, b);
}

const site_fact_table *site_find_table(const site_build *b, sc_span name)
{
    const site_fact_table *t = b->tables.items;
    for (size_t i = 0; i < b->tables.n; i++)
        if (sc_eq_z(name, t[i].name)) return &t[i];
    return NULL;
}

/* ---- What a rule looks at ---------------------------------------------------------------------------------------- */

/* The next word of SQL outside of texts. */
static bool next_word(sc_span sql, size_t *at, sc_span *word)
{
    size_t i = *at;
    while (i < sql.n && !sc_is_word(sql.p[i])) {
        if (sql.p[i] == '\'') /* a text */
            for (i++; i < sql.n && sql.p[i] != '\'';) i++;
        if (i < sql.n) i++;
    }
    size_t from = i;
    while (i < sql.n && sc_is_word(sql.p[i])) i++;
    *at = i;
    *word = sc_span_sub(sql, from, i);
    return i > from;
}

/* Names behind FROM, JOIN and the commas of a FROM. */
bool site_query_uses(const char *sql, const char *table)
{
    sc_span text = sc_span_z(sql), word;
    bool names = false;
    for (size_t at = 0; next_word(text, &at, &word);) {
        if (sc_ieq_z(word, "FROM") || sc_ieq_z(word, "JOIN")) {
            names = true;
            continue;
        }
        if (names && sc_eq_z(word, table)) return true;
        static const char *const ends[] = {"WHERE", "ON", "USING", "GROUP", "ORDER", "SELECT", "UNION", "LIMIT"};
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) names = names && !sc_ieq_z(word, ends[i]);
    }
    return false;
}

bool site_clause_uses(const sc_clause *c, const char *table)
{
    if (c->kind == SC_CLAUSE_SQL) return site_query_uses(c->sql, table);
    if (c->kind == SC_CLAUSE_STACK) return !strcmp(table, c->scope == SC_SCOPE_CRASH ? "crash_frame" : "frame");
    return c->kind == SC_CLAUSE_ARGS && !strcmp(table, "bugcheck");
}

bool site_rule_uses(const sc_rule *r, const char *table)
{
    for (size_t i = 0; i < r->n_clauses; i++)
        if (site_clause_uses(&r->clauses[i], table)) return true;
    return false;
}

static bool names_command(const char *text, const char *command)
{
    sc_scan c = sc_scan_of(sc_span_z(text ? text : ""));
    sc_span word;
    const char *name = sc_word(&c, &word) ? sc_command_name(word) : NULL;
    return name && !strcmp(name, command);
}

bool site_rule_asks(const sc_rule *r, const char *command)
{
    for (size_t i = 0; i < r->n_clauses; i++)
        if (names_command(r->clauses[i].ask, command) || names_command(r->clauses[i].command, command)) return true;
    return false;
}
