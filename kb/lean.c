/* The knowledge without what only readers look at: the pages, and the terms that no diagnosis shows. The diagnosis page
 * of the site carries it. */
#include "kb/sources.h"

#include <string.h>

/* 1 when the query names the kind, -1 when it looks terms up by a kind that only shows when it runs. */
static int names_kind(const char *sql, const char *kind)
{
    static const char *const functions[] = {"meaning(", "term_name("};
    for (int i = 0; sql && i < 2; i++)
        for (const char *at = sql; (at = strstr(at, functions[i])); at++) {
            const char *first = at + strlen(functions[i]);
            size_t n = strlen(kind);
            if (*first != '\'') return -1;
            if (!strncmp(first + 1, kind, n) && first[1 + n] == '\'') return 1;
        }
    return 0;
}

static bool rules_name(const sc_knowledge *k, const char *kind)
{
    for (size_t i = 0; i < k->n_rules; i++) {
        const sc_rule *r = &k->rules[i];
        for (size_t c = 0; c < r->n_clauses; c++)
            if (names_kind(r->clauses[c].sql, kind)) return true;
        for (size_t role = 0; role < r->n_roles; role++)
            if (names_kind(r->roles[role].sql, kind)) return true;
    }
    return false;
}

/* A headline says the name of a value, and its meaning only where it has no name. */
static const sc_ref_term *without_meanings(sc_arena *a, const sc_ref_term *terms, size_t n)
{
    sc_ref_term *lean = sc_arena_array(a, n, sizeof *lean);
    for (size_t i = 0; lean && i < n; i++) {
        lean[i] = terms[i];
        if (*lean[i].name || !strchr(lean[i].term, '=')) lean[i].text = "";
    }
    return lean;
}

void sc_sources_lean(sc_arena *a, sc_sources *s)
{
    sc_knowledge *k = &s->knowledge;
    s->n_pages = s->n_files = 0;
    for (int kind = 0; kind < SC_N_TERM_KINDS; kind++) {
        if (kind == SC_TERM_SIGNATURE_SKIP || rules_name(k, sc_term_kind_names[kind])) continue;
        if (kind == SC_TERM_PARAMETER)
            k->terms[kind] = without_meanings(a, k->terms[kind], k->n_terms[kind]);
        else
            k->n_terms[kind] = 0;
    }
    sc_rule *rules = sc_arena_array(a, k->n_rules, sizeof *rules);
    sc_ref_number *statuses = sc_arena_array(a, k->n_ntstatus, sizeof *statuses);
    if (!rules || !statuses) return; /* the arena remembers */
    for (size_t i = 0; i < k->n_rules; i++) {
        rules[i] = k->rules[i];
        rules[i].body = "";
    }
    for (size_t i = 0; i < k->n_ntstatus; i++) {
        statuses[i] = k->ntstatus[i];
        statuses[i].text = "";
    }
    k->rules = rules;
    k->ntstatus = statuses;
}
