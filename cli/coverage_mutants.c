/* Copies of rules, each with one thing broken. */
#include "cli/coverage.h"

#include <inttypes.h>
#include <string.h>

const char *const gap_names[N_GAP_KINDS] = {
    [GAP_FIRING] = "firing", [GAP_NEAR_MISS] = "near-miss", [GAP_CLAUSE] = "clause",   [GAP_EFFECT] = "effect",
    [GAP_VALUE] = "value",   [GAP_CODE] = "code",           [GAP_COMMAND] = "command",
};

const char *const gap_meanings[N_GAP_KINDS] = {
    [GAP_FIRING] = "no sample confirms this rule",
    [GAP_NEAR_MISS] = "no sample misses this rule by one clause",
    [GAP_CLAUSE] = "without this clause every sample comes out the same",
    [GAP_EFFECT] = "if this clause were required, every sample would come out the same",
    [GAP_VALUE] = "without this value every sample comes out the same",
    [GAP_CODE] = "this bug check has rules, and no sample",
    [GAP_COMMAND] = "no sample holds output of this debugger command",
};

typedef struct maker {
    sc_arena *arena;
    const sc_knowledge *base;
    sc_list rules;   /* sc_rule */
    sc_list mutants; /* mutant */
} maker;

static sc_clause *copy_clauses(maker *m, const sc_rule *rule)
{
    sc_clause *copy = sc_arena_array(m->arena, rule->n_clauses, sizeof *copy);
    if (copy && rule->n_clauses) memcpy(copy, rule->clauses, rule->n_clauses * sizeof *copy);
    return copy;
}

static void add(maker *m, size_t rule, size_t clause, gap_kind kind, sc_span item, const sc_clause *clauses, size_t n)
{
    sc_rule *r = clauses ? sc_list_add(m->arena, &m->rules, sizeof *r) : NULL;
    mutant *u = r ? sc_list_add(m->arena, &m->mutants, sizeof *u) : NULL;
    if (!u) return;
    *r = m->base->rules[rule];
    r->clauses = clauses;
    r->n_clauses = n;
    r->roles = NULL; /* only the verdict is looked at */
    r->n_roles = 0;
    *u = (mutant){.kind = kind, .rule = rule, .clause = clause, .item = item};
}

static sc_span clause_item(maker *m, size_t rule, size_t clause)
{
    const sc_rule *r = &m->base->rules[rule];
    return sc_arena_printf(m->arena, "%s#%s", r->id, r->clauses[clause].name);
}

static void delete_clause(maker *m, size_t rule, size_t at)
{
    const sc_rule *r = &m->base->rules[rule];
    sc_clause *c = copy_clauses(m, r);
    if (c) memmove(c + at, c + at + 1, (r->n_clauses - at - 1) * sizeof *c);
    add(m, rule, at, GAP_CLAUSE, clause_item(m, rule, at), c, r->n_clauses - 1);
}

static void drop_effect(maker *m, size_t rule, size_t at)
{
    const sc_rule *r = &m->base->rules[rule];
    if (r->clauses[at].effect == SC_REQUIRES) return;
    sc_clause *c = copy_clauses(m, r);
    if (c) c[at].effect = SC_REQUIRES;
    add(m, rule, at, GAP_EFFECT, clause_item(m, rule, at), c, r->n_clauses);
    /* what it supported is kept: only a sample in which it is not true can tell the two apart */
    sc_rule *last = m->rules.n > m->base->n_rules ? (sc_rule *)m->rules.items + m->rules.n - 1 : NULL;
    if (last && r->clauses[at].supports > last->confidence) last->confidence = r->clauses[at].supports;
}

static sc_span value_item(maker *m, size_t rule, size_t clause, const sc_arg_test *t, const sc_arg_range *v)
{
    sc_span item = clause_item(m, rule, clause);
    if (v->mask != UINT64_MAX)
        return sc_arena_printf(m->arena, "%.*s arg%d&0x%" PRIx64 "=0x%" PRIx64, SC_F(item), t->arg, v->mask, v->low);
    if (v->low != v->high)
        return sc_arena_printf(m->arena, "%.*s arg%d=0x%" PRIx64 "-0x%" PRIx64, SC_F(item), t->arg, v->low, v->high);
    return sc_arena_printf(m->arena, "%.*s arg%d=0x%" PRIx64, SC_F(item), t->arg, v->low);
}

/* Each value of each parameter in turn; the only one leaves a test that nothing passes. */
static void delete_values(maker *m, size_t rule, size_t at)
{
    const sc_rule *r = &m->base->rules[rule];
    const sc_clause *original = &r->clauses[at];
    for (size_t t = 0; t < original->n_args; t++) {
        for (size_t v = 0; v < original->args[t].n_ranges; v++) {
            sc_clause *c = copy_clauses(m, r);
            sc_arg_test *tests = sc_arena_array(m->arena, original->n_args, sizeof *tests);
            size_t left = original->args[t].n_ranges - 1;
            sc_arg_range *ranges = sc_arena_array(m->arena, left + 1, sizeof *ranges);
            if (!c || !tests || !ranges) return;
            memcpy(tests, original->args, original->n_args * sizeof *tests);
            memcpy(ranges, tests[t].ranges, v * sizeof *ranges);
            memcpy(ranges + v, tests[t].ranges + v + 1, (left - v) * sizeof *ranges);
            tests[t].ranges = ranges;
            tests[t].n_ranges = left;
            c[at].args = tests;
            sc_span item = value_item(m, rule, at, &original->args[t], &original->args[t].ranges[v]);
            add(m, rule, at, GAP_VALUE, item, c, r->n_clauses);
        }
    }
}

bool mutants_make(sc_arena *a, const sc_knowledge *k, const bool *wanted, mutants *out)
{
    maker m = {.arena = a, .base = k};
    for (size_t i = 0; i < k->n_rules; i++) {
        sc_rule *r = sc_list_add(a, &m.rules, sizeof *r);
        if (r) *r = k->rules[i];
    }
    for (size_t i = 0; i < k->n_rules; i++) {
        if (k->rules[i].status != SC_STABLE || (wanted && !wanted[i])) continue;
        for (size_t c = 0; c < k->rules[i].n_clauses; c++) {
            delete_clause(&m, i, c);
            drop_effect(&m, i, c);
            if (k->rules[i].clauses[c].kind == SC_CLAUSE_ARGS) delete_values(&m, i, c);
        }
    }
    *out = (mutants){.knowledge = *k, .n_base = k->n_rules, .n = m.mutants.n, .list = m.mutants.items};
    out->knowledge.rules = m.rules.items;
    out->knowledge.n_rules = m.rules.n;
    out->noticed = sc_arena_array(a, out->n + 1, sizeof *out->noticed);
    for (size_t i = 0; out->noticed && i < out->n; i++) atomic_init(&out->noticed[i], false);
    return !sc_arena_failed(a);
}
