/* Can a backtracking matcher run away with a pattern? Internal to kb/.
 *
 * The tree is made into an automaton (one state per character that the pattern can consume, after Glushkov), and the
 * automaton is searched for the two shapes that cost more than linear time (after Weber and Seidl):
 *   exponential: from a state, two different ways lead back to it over the same text: (a+)+, (a|a)*, (a?b?)*
 *   polynomial:  of two loops one behind the other both can take the same text, and so can what lies between: .*foo.*
 * Neither shape matters where the pattern cannot fail any more: (\S+)(.*) at the end is fine. What an atomic group or a
 * possessive quantifier has taken is not given back, so it counts as one step.
 */
#ifndef STOPCODE_KB_PATTERN_LOOPS_H
#define STOPCODE_KB_PATTERN_LOOPS_H

#include "kb/pattern_tree.h"

typedef enum sc_loops_kind {
    SC_LOOPS_FINE,
    SC_LOOPS_EXPONENTIAL,
    SC_LOOPS_POLYNOMIAL,
    SC_LOOPS_TOO_MANY
} sc_loops_kind;

typedef struct sc_loops {
    sc_loops_kind kind;
    const sc_re *loop;  /* the repeat to blame: the outer one, or the second one */
    const sc_re *other; /* the repeat inside it, or the one before it; NULL: none */
    bool alternatives;  /* exponential, since alternatives under the loop overlap */
} sc_loops;

/* The worst that is found. Without memory SC_LOOPS_TOO_MANY. */
sc_loops sc_re_loops(const sc_re *root);

/* Repeats without a bound, and those with one that is as good as none. */
bool sc_re_is_loop(const sc_re *re);

#endif
