#include "engine/rule_compile.h"

#include <sqlite3.h>
#include <stdlib.h>

int sc_rules_new(sc_rules **out, const sc_knowledge *k, sc_sql *sql, sc_error *error)
{
    sc_rules *r = calloc(1, sizeof *r);
    *out = NULL;
    if (r) r->rules = calloc(k->n_rules ? k->n_rules : 1, sizeof *r->rules);
    if (!r || !r->rules) {
        free(r);
        return sc_fail(error, SC_E_NOMEM, "out of memory");
    }
    r->knowledge = k;
    r->sql = sql;
    *out = r;
    return SC_OK;
}

void sc_rules_free(sc_rules *r)
{
    if (!r) return;
    for (size_t i = 0; i < r->knowledge->n_rules; i++) {
        sc_compiled_rule *c = &r->rules[i];
        for (size_t j = 0; c->clauses && j < r->knowledge->rules[i].n_clauses; j++) {
            sqlite3_finalize(c->clauses[j].stmt);
            sc_pattern_free(c->clauses[j].pattern);
        }
        for (size_t j = 0; c->roles && j < r->knowledge->rules[i].n_roles; j++) sqlite3_finalize(c->roles[j]);
        free(c->clauses);
        free(c->roles);
    }
    free(r->rules);
    free(r);
}

bool sc_is_line_column(const char *name)
{
    return !sqlite3_stricmp(name, "line") || !sqlite3_stricmp(name, "last_line");
}

/* Calls `name` for every {x} of the clause's frame patterns. */
static bool stack_binds(const sc_clause *c, sc_span variable)
{
    for (size_t i = 0; i < c->n_frames; i++) {
        sc_span name, rest, frame = sc_span_z(c->frames[i]);
        if (sc_starts(frame, "{") && sc_cut(sc_span_from(frame, 1), "}", &name, &rest) && sc_eq(name, variable))
            return true;
    }
    return false;
}

bool sc_clause_binds(const sc_clause *c, const sc_compiled_clause *k, sc_span variable)
{
    switch (c->kind) {
    case SC_CLAUSE_ARGS: return false;
    case SC_CLAUSE_STACK: return stack_binds(c, variable);
    case SC_CLAUSE_SQL:
        for (int i = 0; k->stmt && i < sqlite3_column_count(k->stmt); i++) {
            const char *name = sqlite3_column_name(k->stmt, i);
            if (name && !sc_is_line_column(name) && sc_eq_z(variable, name)) return true;
        }
        return false;
    case SC_CLAUSE_TEXT:
        for (size_t i = 0; k->pattern && sc_pattern_group_name(k->pattern, i); i++)
            if (sc_eq_z(variable, sc_pattern_group_name(k->pattern, i))) return true;
        return false;
    }
    return false;
}

static bool template_variables(const char *text, sc_variable_fn f, void *context)
{
    sc_span rest = sc_span_z(text), head, inside, name, fallback;
    while (sc_cut(rest, "{{", &head, &rest)) {
        if (!sc_cut(rest, "}}", &inside, &rest)) break;
        sc_cut(inside, "|", &name, &fallback);
        if (!f(context, sc_trim(name))) return false;
    }
    return true;
}

bool sc_clause_needs(const sc_clause *c, const sc_compiled_clause *k, sc_variable_fn f, void *context)
{
    if (c->kind == SC_CLAUSE_STACK) return template_variables(c->owner, f, context);
    if (c->kind != SC_CLAUSE_SQL || !k->stmt) return true;
    for (int i = 1; i <= sqlite3_bind_parameter_count(k->stmt); i++) {
        const char *name = sqlite3_bind_parameter_name(k->stmt, i);
        if (name && !f(context, sc_span_z(name + 1))) return false;
    }
    return true;
}

typedef struct ordering {
    const sc_rule *rule;
    const sc_compiled_rule *compiled;
    const bool *placed;
    size_t self;
} ordering;

/* A variable is at hand unless another clause that is not placed yet binds it. */
static bool at_hand(void *context, sc_span variable)
{
    const ordering *o = context;
    for (size_t i = 0; i < o->rule->n_clauses; i++)
        if (i != o->self && !o->placed[i] && sc_clause_binds(&o->rule->clauses[i], &o->compiled->clauses[i], variable))
            return false;
    return true;
}

/* Requiring clauses first, file order otherwise; a cycle (an error for lint) falls back to file order. */
static void order_clauses(const sc_rule *rule, sc_compiled_rule *c)
{
    bool placed[SC_MAX_CLAUSES] = {false};
    for (size_t n = 0; n < rule->n_clauses; n++) {
        size_t best = SC_MAX_CLAUSES, first = SC_MAX_CLAUSES;
        for (size_t i = 0; i < rule->n_clauses; i++) {
            if (placed[i]) continue;
            if (first == SC_MAX_CLAUSES) first = i;
            ordering o = {rule, c, placed, i};
            if (!sc_clause_needs(&rule->clauses[i], &c->clauses[i], at_hand, &o)) continue;
            if (best == SC_MAX_CLAUSES || rule->clauses[i].effect < rule->clauses[best].effect) best = i;
        }
        if (best == SC_MAX_CLAUSES) best = first;
        placed[best] = true;
        c->order[n] = (unsigned char)best;
    }
}

static int prepare(sc_rules *r, const char *sql, sqlite3_stmt **stmt, const char *what, sc_error *error)
{
    int rc = sqlite3_prepare_v3(sc_sql_db(r->sql), sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
    if (!rc) return SC_OK;
    return sc_fail(error, rc == SQLITE_NOMEM ? SC_E_NOMEM : SC_E_SQL, "%s: %s", what,
                   sqlite3_errmsg(sc_sql_db(r->sql)));
}

int sc_rule_compile(sc_rules *r, size_t at, sc_error *error)
{
    const sc_rule *rule = &r->knowledge->rules[at];
    sc_compiled_rule *c = &r->rules[at];
    if (c->ready) return SC_OK;
    if (rule->n_clauses > SC_MAX_CLAUSES)
        return sc_fail(error, SC_E_RULE, "%s: more than %u clauses", rule->id, SC_MAX_CLAUSES);
    if (!c->clauses) c->clauses = calloc(rule->n_clauses + 1, sizeof *c->clauses);
    if (!c->roles) c->roles = calloc(rule->n_roles + 1, sizeof *c->roles);
    if (!c->clauses || !c->roles) return sc_fail(error, SC_E_NOMEM, "out of memory");
    int rc = SC_OK;
    for (size_t i = 0; i < rule->n_clauses && !rc; i++) {
        const sc_clause *k = &rule->clauses[i];
        if (k->kind == SC_CLAUSE_SQL && !c->clauses[i].stmt)
            rc = prepare(r, k->sql, &c->clauses[i].stmt, rule->id, error);
        if (k->kind == SC_CLAUSE_TEXT && !c->clauses[i].pattern)
            rc = sc_pattern_new(&c->clauses[i].pattern, sc_span_z(k->pattern), true, error);
    }
    for (size_t i = 0; i < rule->n_roles && !rc; i++)
        if (!c->roles[i]) rc = prepare(r, rule->roles[i].sql, &c->roles[i], rule->id, error);
    if (rc) return rc;
    order_clauses(rule, c);
    c->ready = true;
    return SC_OK;
}
