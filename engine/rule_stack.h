/* Stack clauses: a sequence of frame patterns against the stacks of a crash. */
#ifndef STOPCODE_RULE_STACK_H
#define STOPCODE_RULE_STACK_H

#include "engine/rule_eval.h"

/* One place where the frames of a clause match. */
typedef struct sc_stack_match {
    const sc_binding *env; /* with what {x} bound */
    const sc_row *const *frames;
    size_t n_frames;
    bool doubtful; /* one of them stands below a message that the stack may be wrong from there on */
} sc_stack_match;

/* The frames of a crash by stack, made once (sc_eval.stacks): a search over many stacks is linear then. NULL without
 * memory. */
const sc_stack_index *sc_stack_index_new(const sc_facts *f);

/* Looks through every stack of the clause's scope. SC_TRUE with up to `max` matches in *out; SC_FALSE when a stack was
 * there whole and none matches; else SC_UNKNOWN. `*line` is that of a stack that proves the absence. */
sc_truth sc_stack_find(const sc_eval *e, const sc_clause *c, const sc_value *owner, const sc_binding *env,
                       sc_stack_match *out, size_t max, size_t *n, uint32_t *line);

#endif
