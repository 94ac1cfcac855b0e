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

/* The next table that a query names: behind FROM, JOIN and the commas of a FROM. *names tells between the calls whether
 * names stand here. */
static bool next_table(sc_span sql, size_t *at, bool *names, sc_span *word)
{
    static const char *const ends[] = {"WHERE", "ON", "USING", "GROUP", "ORDER", "SELECT", "UNION", "LIMIT"};
    while (next_word(sql, at, word)) {
        if (sc_ieq_z(*word, "FROM") || sc_ieq_z(*word, "JOIN")) {
            *names = true;
            continue;
        }
        if (!*names) continue;
        for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) *names = *names && !sc_ieq_z(*word, ends[i]);
        if (*names) return true;
    }
    return false;
}

bool site_query_uses(const char *sql, const char *table)
{
    sc_span text = sc_span_z(sql), word, wanted = sc_span_z(table);
    bool names = false;
    for (size_t at = 0; next_table(text, &at, &names, &word);)
        if (sc_eq(word, wanted)) return true;
    return false;
}

static void add_use(const site_build *b, sc_list *uses, sc_span name)
{
    const site_fact_table *t = site_find_table(b, name);
    const char *const *have = uses->items;
    for (size_t i = 0; t && i < uses->n; i++)
        if (have[i] == t->name) return;
    const char **kept = t ? sc_list_add(b->arena, uses, sizeof *kept) : NULL;
    if (kept) *kept = t->name;
}

/* The tables of every rule, found once: every command and every table asks for them. */
static void read_uses(site_build *b)
{
    b->uses = sc_arena_array(b->arena, b->k->n_rules + 1, sizeof *b->uses);
    for (size_t r = 0; b->uses && r < b->k->n_rules; r++)
        for (size_t i = 0; i < b->k->rules[r].n_clauses; i++) {
            const sc_clause *c = &b->k->rules[r].clauses[i];
            sc_span sql = sc_span_z(c->kind == SC_CLAUSE_SQL ? c->sql : ""), word;
            bool names = false;
            for (size_t at = 0; next_table(sql, &at, &names, &word);) add_use(b, &b->uses[r], word);
            if (c->kind == SC_CLAUSE_STACK)
                add_use(b, &b->uses[r], sc_span_z(c->scope == SC_SCOPE_CRASH ? "crash_frame" : "frame"));
            if (c->kind == SC_CLAUSE_ARGS) add_use(b, &b->uses[r], SC_S("bugcheck"));
        }
}

void site_read_schema(site_build *b)
{
    sc_tables(add_table, b);
    if (b->k) read_uses(b);
}

bool site_rule_uses(const site_build *b, const sc_rule *r, sc_span table)
{
    const sc_list *uses = b->uses ? &b->uses[r - b->k->rules] : NULL;
    for (size_t i = 0; uses && i < uses->n; i++)
        if (sc_eq_z(table, ((const char *const *)uses->items)[i])) return true;
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
