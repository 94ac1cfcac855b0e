/* Copies of rules, each with one thing broken. */
#include "cli/coverage.h"

#include <inttypes.h>
#include <string.h>

const char *const gap_names[N_GAP_KINDS] = {
    [GAP_FIRING] = "firing",   [GAP_NEAR_MISS] = "near-miss", [GAP_CLAUSE] = "clause",         [GAP_EFFECT] = "effect",
    [GAP_VALUE] = "value",     [GAP_CONDITION] = "condition", [GAP_FRAME] = "frame",           [GAP_EMPTY] = "empty",
    [GAP_LEVEL] = "level",     [GAP_CULPRIT] = "culprit",     [GAP_SUPERSEDES] = "supersedes", [GAP_CODE] = "code",
    [GAP_COMMAND] = "command",
};

const char *const gap_meanings[N_GAP_KINDS] = {
    [GAP_FIRING] = "no sample confirms this rule",
    [GAP_NEAR_MISS] = "no sample misses this rule by one clause",
    [GAP_CLAUSE] = "without this clause every sample comes out the same",
    [GAP_EFFECT] = "if this clause were required, every sample would come out the same",
    [GAP_VALUE] = "without this value every sample comes out the same",
    [GAP_CONDITION] = "without this condition (where), or with OR for AND (and), every sample comes out the same",
    [GAP_FRAME] = "without this pattern every sample comes out the same",
    [GAP_EMPTY] = "if this clause never found anything, every sample would come out the same",
    [GAP_LEVEL] = "with another confidence here every sample comes out the same",
    [GAP_CULPRIT] = "without its culprit every sample comes out the same",
    [GAP_SUPERSEDES] = "if it did not hide that rule, every sample would come out the same",
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

/* A copy of the rule, to be broken by the caller. NULL: no memory. */
static sc_rule *add_rule(maker *m, const mutant *what)
{
    sc_rule *r = sc_list_add(m->arena, &m->rules, sizeof *r);
    mutant *u = r ? sc_list_add(m->arena, &m->mutants, sizeof *u) : NULL;
    if (!u) return NULL;
    *u = *what;
    *r = m->base->rules[what->rule];
    r->roles = NULL; /* only the verdict is looked at */
    r->n_roles = 0;
    return r;
}

static sc_span clause_item(maker *m, size_t rule, size_t clause)
{
    const sc_rule *r = &m->base->rules[rule];
    return sc_arena_printf(m->arena, "%s#%s", r->id, r->clauses[clause].name);
}

/* The rule with `broken` in place of the clause. NULL: no memory. */
static sc_rule *replace_clause(maker *m, const mutant *what, const sc_clause *broken)
{
    sc_clause *c = copy_clauses(m, &m->base->rules[what->rule]);
    if (!c) return NULL;
    c[what->clause] = *broken;
    sc_rule *copy = add_rule(m, what);
    if (copy) copy->clauses = c;
    return copy;
}

static mutant about_clause(maker *m, gap_kind kind, size_t rule, size_t at)
{
    return (mutant){.kind = kind, .rule = rule, .clause = at, .item = clause_item(m, rule, at)};
}

static void delete_clause(maker *m, size_t rule, size_t at)
{
    const sc_rule *r = &m->base->rules[rule];
    mutant what = about_clause(m, GAP_CLAUSE, rule, at);
    sc_clause *c = copy_clauses(m, r);
    sc_rule *copy = c ? add_rule(m, &what) : NULL;
    if (!copy) return;
    memmove(c + at, c + at + 1, (r->n_clauses - at - 1) * sizeof *c);
    copy->clauses = c;
    copy->n_clauses--;
}

static void drop_effect(maker *m, size_t rule, size_t at)
{
    sc_clause c = m->base->rules[rule].clauses[at];
    if (c.effect == SC_REQUIRES) return;
    c.effect = SC_REQUIRES;
    mutant what = about_clause(m, GAP_EFFECT, rule, at);
    sc_rule *broken = replace_clause(m, &what, &c);
    /* what it supported is kept: only a sample in which it is not true can tell the two apart */
    if (broken && c.supports > broken->confidence) broken->confidence = c.supports;
}

static sc_span value_item(maker *m, sc_span item, const sc_arg_test *t, const sc_arg_range *v)
{
    if (v->mask != UINT64_MAX)
        return sc_arena_printf(m->arena, "%.*s arg%d&0x%" PRIx64 "=0x%" PRIx64, SC_F(item), t->arg, v->mask, v->low);
    if (v->low != v->high)
        return sc_arena_printf(m->arena, "%.*s arg%d=0x%" PRIx64 "-0x%" PRIx64, SC_F(item), t->arg, v->low, v->high);
    return sc_arena_printf(m->arena, "%.*s arg%d=0x%" PRIx64, SC_F(item), t->arg, v->low);
}

/* Each value of each parameter in turn; the only one leaves a test that nothing passes. */
static void delete_values(maker *m, size_t rule, size_t at)
{
    const sc_clause *original = &m->base->rules[rule].clauses[at];
    for (size_t t = 0; t < original->n_args; t++) {
        for (size_t v = 0; v < original->args[t].n_ranges; v++) {
            sc_arg_test *tests = sc_arena_array(m->arena, original->n_args, sizeof *tests);
            size_t left = original->args[t].n_ranges - 1;
            sc_arg_range *ranges = sc_arena_array(m->arena, left + 1, sizeof *ranges);
            if (!tests || !ranges) return;
            memcpy(tests, original->args, original->n_args * sizeof *tests);
            memcpy(ranges, tests[t].ranges, v * sizeof *ranges);
            memcpy(ranges + v, tests[t].ranges + v + 1, (left - v) * sizeof *ranges);
            tests[t].ranges = ranges;
            tests[t].n_ranges = left;
            sc_clause broken = *original;
            broken.args = tests;
            mutant what = about_clause(m, GAP_VALUE, rule, at);
            what.item = value_item(m, what.item, &original->args[t], &original->args[t].ranges[v]);
            replace_clause(m, &what, &broken);
        }
    }
}

static void break_conditions(maker *m, size_t rule, size_t at)
{
    sc_list queries = {0};
    sc_clause broken = m->base->rules[rule].clauses[at];
    coverage_break_query(m->arena, broken.sql, &queries);
    const broken_query *q = queries.items;
    for (size_t i = 0; i < queries.n; i++) {
        mutant what = about_clause(m, GAP_CONDITION, rule, at);
        what.item = sc_arena_printf(m->arena, "%.*s %.*s", SC_F(what.item), SC_F(q[i].name));
        what.text = q[i].text;
        broken.sql = q[i].sql;
        replace_clause(m, &what, &broken);
    }
}

/* Each pattern that names frames; "..." in between is left to what stands beside it. */
static void delete_frames(maker *m, size_t rule, size_t at)
{
    const sc_clause *original = &m->base->rules[rule].clauses[at];
    for (size_t f = 0; original->n_frames > 1 && f < original->n_frames; f++) {
        if (sc_eq_z(SC_S("..."), original->frames[f])) continue;
        const char **frames = sc_arena_array(m->arena, original->n_frames, sizeof *frames);
        if (!frames) return;
        memcpy(frames, original->frames, f * sizeof *frames);
        memcpy(frames + f, original->frames + f + 1, (original->n_frames - f - 1) * sizeof *frames);
        sc_clause broken = *original;
        broken.frames = frames;
        broken.n_frames--;
        mutant what = about_clause(m, GAP_FRAME, rule, at);
        what.item = sc_arena_printf(m->arena, "%.*s frame %zu", SC_F(what.item), f + 1);
        what.text = sc_span_z(original->frames[f]);
        replace_clause(m, &what, &broken);
    }
}

/* What it asks is never there. */
static void empty_clause(maker *m, size_t rule, size_t at)
{
    static const char *const nowhere[] = {"nt!NoSuchFunction"};
    sc_clause c = m->base->rules[rule].clauses[at];
    switch (c.kind) {
    case SC_CLAUSE_ARGS: return; /* see delete_values */
    case SC_CLAUSE_STACK:
        c.frames = nowhere;
        c.n_frames = 1;
        break;
    case SC_CLAUSE_SQL: c.sql = sc_arena_printf(m->arena, "SELECT * FROM (%s\n) WHERE line = -1", c.sql).p; break;
    case SC_CLAUSE_TEXT: c.pattern = "(*FAIL)"; break;
    }
    mutant what = about_clause(m, GAP_EMPTY, rule, at);
    replace_clause(m, &what, &c);
}

/* A level beside `level`; where more than one is, the one that is not `floor` or below, which would say the same. */
static sc_confidence other_level(sc_confidence level, sc_confidence floor)
{
    if (level == SC_CERTAIN) return SC_LIKELY;
    if (level == SC_LIKELY) return floor < SC_LIKELY ? SC_POSSIBLE : SC_CERTAIN;
    return floor < SC_LIKELY ? SC_LIKELY : SC_CERTAIN;
}

static void change_level(maker *m, size_t rule, size_t at)
{
    const sc_rule *r = &m->base->rules[rule];
    sc_clause c = r->clauses[at];
    if (c.effect != SC_SUPPORTS) return;
    c.supports = other_level(c.supports, r->confidence);
    if (c.supports <= r->confidence && r->clauses[at].supports <= r->confidence) return; /* raises nothing either way */
    mutant what = about_clause(m, GAP_LEVEL, rule, at);
    replace_clause(m, &what, &c);
}

static void break_head(maker *m, size_t rule)
{
    const sc_rule *r = &m->base->rules[rule];
    mutant what = {.rule = rule, .clause = NO_CLAUSE, .item = sc_span_z(r->id), .kind = GAP_LEVEL};
    sc_rule *copy = add_rule(m, &what);
    if (copy) copy->confidence = other_level(r->confidence, SC_NO_CONFIDENCE);
    what.kind = GAP_CULPRIT;
    copy = r->culprit ? add_rule(m, &what) : NULL;
    if (copy) copy->culprit = NULL;
    what.kind = GAP_SUPERSEDES;
    for (size_t i = 0; i < r->n_supersedes; i++) {
        what.superseded = r->supersedes[i];
        what.item = sc_arena_printf(m->arena, "%s %s", r->id, what.superseded);
        add_rule(m, &what);
    }
}

static void break_clause(maker *m, size_t rule, size_t at)
{
    sc_clause_kind kind = m->base->rules[rule].clauses[at].kind;
    delete_clause(m, rule, at);
    drop_effect(m, rule, at);
    change_level(m, rule, at);
    empty_clause(m, rule, at);
    if (kind == SC_CLAUSE_ARGS) delete_values(m, rule, at);
    if (kind == SC_CLAUSE_SQL) break_conditions(m, rule, at);
    if (kind == SC_CLAUSE_STACK) delete_frames(m, rule, at);
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
        break_head(&m, i);
        for (size_t c = 0; c < k->rules[i].n_clauses; c++) break_clause(&m, i, c);
    }
    *out = (mutants){.knowledge = *k, .n_base = k->n_rules, .n = m.mutants.n, .list = m.mutants.items};
    out->knowledge.rules = m.rules.items;
    out->knowledge.n_rules = m.rules.n;
    out->noticed = sc_arena_array(a, out->n + 1, sizeof *out->noticed);
    out->refused = sc_arena_array(a, out->n + 1, sizeof *out->refused);
    for (size_t i = 0; out->noticed && out->refused && i < out->n; i++) {
        atomic_init(&out->noticed[i], false);
        atomic_init(&out->refused[i], false);
    }
    return !sc_arena_failed(a);
}
