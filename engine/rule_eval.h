/* One rule against the facts of one crash: true, false or unknown per clause, and what follows from that.
 *
 * Bindings are existential: the rows of a clause are tried in order, each with the values it binds; the verdict is the
 * best over all combinations. Confirmed combinations that name different culprits are separate findings.
 */
#ifndef STOPCODE_RULE_EVAL_H
#define STOPCODE_RULE_EVAL_H

#include "engine/sql.h"
#include "engine/stopcode.h"
#include "engine/variables.h"

typedef struct sc_rules sc_rules; /* the knowledge's rules with their statements, prepared on first use */

int sc_rules_new(sc_rules **out, const sc_knowledge *k, sc_sql *sql, sc_error *error);
void sc_rules_free(sc_rules *r);

typedef struct sc_stack_index sc_stack_index;

/* What is the same for all rules of one crash. */
typedef struct sc_eval {
    sc_arena *arena;
    sc_facts *facts;
    const sc_bugcheck *bugcheck;
    const sc_stack_index *stacks; /* engine/rule_stack.h */
    sc_confidence cap;            /* no finding is surer than this: symbols or unwinding were bad */
    bool in_guest;                /* a virtual machine: its hardware is a host's, and is not accused from inside */
    bool explains;                /* rules that are ruled out are written out too, for who asks why */
} sc_eval;

/* True when the rule is about this bug check; *hint when the code is not known for certain, so that the rule can at
 * best be open. */
bool sc_rule_applies(const sc_rule *rule, const sc_bugcheck *b, bool *hint);

/* A finding while it is made: the environment is still there, for roles and asks. */
typedef struct sc_candidate {
    sc_finding finding;
    const sc_binding *env;
    unsigned failed; /* requiring clauses that are false, and exclusions that are true */
    unsigned held;   /* clauses that are true, beside exclusions */
} sc_candidate;

/* Ruled out by one clause, while something speaks for it. */
bool sc_near_miss(const sc_candidate *c);

/* Evaluates rule number `at` of the knowledge. *out receives its candidates (at least one when the rule has a clause):
 * several only when several culprits are confirmed. */
int sc_rule_evaluate(sc_rules *r, size_t at, const sc_eval *e, sc_candidate **out, size_t *n, sc_error *error);

/* Runs a role's query for a confirmed or open candidate; calls `row` per module. */
typedef void (*sc_role_fn)(void *context, sc_role_kind role, sc_span module, sc_span why, uint32_t line);
void sc_rule_roles(sc_rules *r, size_t at, const sc_eval *e, const sc_candidate *c, sc_role_fn row, void *context);

/* The repaired text of a line of the paste, or the empty span. */
sc_span sc_paste_line(const sc_transcript *t, uint32_t number);

#endif
