/* Differences taken over into the expectations of a sample. */
#ifndef STOPCODE_CLI_ACCEPT_H
#define STOPCODE_CLI_ACCEPT_H

#include "cli/sample.h"

#define ACCEPT_SAMPLE ((size_t)-1)

/* Where a difference was found: in the sample itself, or in one of its variants. */
typedef struct accept_case {
    const sample *sample;
    size_t variant; /* index, or ACCEPT_SAMPLE */
    const sample_crash *expected;
    size_t n;
    const sc_diagnosis *found;
} accept_case;

/* The text of the expectations with this one difference taken over; what it does not touch keeps its bytes. The empty
 * span when it cannot be. All is in the arena. */
sc_span accept_difference(sc_arena *a, const accept_case *c, const sample_difference *d);
/* The same for a `todo` that is no longer true. */
sc_span accept_todo(sc_arena *a, const accept_case *c);

#endif
