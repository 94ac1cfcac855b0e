/* One clause of a rule against the facts: true in one or more ways, false, or unknown. */
#ifndef STOPCODE_RULE_CLAUSE_H
#define STOPCODE_RULE_CLAUSE_H

#include "engine/rule_compile.h"

/* One way in which a clause holds. */
typedef struct sc_hit {
    const sc_binding *env;
    const sc_evidence *evidence;
    size_t n_evidence;
    sc_span value;
    bool doubtful; /* rests on frames that the unwinder was not sure of: caps the rule at likely */
} sc_hit;

typedef struct sc_answer {
    sc_truth truth;
    sc_hit *hits; /* with SC_TRUE: at least one */
    size_t n_hits;
    bool binds;          /* hits differ in what they bind */
    sc_evidence absence; /* with SC_FALSE: what shows it; line 0 for nothing */
    sc_span value;
} sc_answer;

typedef struct sc_evaluation {
    sc_rules *rules;
    const sc_rule *rule;
    sc_compiled_rule *compiled;
    const sc_eval *e;
} sc_evaluation;

/* What clause number `clause` comes to with these variables. One with an unbound variable is unknown and not run. */
void sc_clause_answer(const sc_evaluation *v, size_t clause, const sc_binding *env, sc_answer *out);

#endif
