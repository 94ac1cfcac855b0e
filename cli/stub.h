/* The first draft of a rule, made from one crash: every clause is true for the paste that it was made from.
 *
 * Clauses come from the parameters that are no addresses, from the innermost frames of the stack that matters and
 * of the thread that a parameter names, and from what stands out in the facts (a lock that is owned, a request that
 * waits, a machine check), each with the command that shows it. Where an address is a parameter of the bug check,
 * or a driver is the one on the stack, the clause says so.
 */
#ifndef STOPCODE_CLI_STUB_H
#define STOPCODE_CLI_STUB_H

#include "engine/stopcode.h"

typedef struct stub_source {
    sc_engine *engine;
    const sc_knowledge *knowledge;
    sc_span paste;
    size_t at; /* of the crash in the paste */
    const sc_crash *crash;
    const char *folder, *slug; /* "0x9F" and "pnp-lock-held" */
    const char *sample;        /* the paste's path below the source root, for the text */
} stub_source;

/* Appends rules/<folder>/<slug>.md. The codes of sc_query. */
int stub_put_rule(const stub_source *s, sc_buf *out, sc_error *error);
/* Appends rules/<folder>/index.md, for a bug check that has no folder yet. */
void stub_put_index(const stub_source *s, sc_buf *out);

/* What clauses are made of; exported so that a test can hold them against the tables and commands that there are. */
typedef struct stub_observation {
    const char *clause;
    const char *table, *ask; /* the table that the statement reads first, the command that fills it */
    const char *key;         /* its column that may be a parameter of the bug check, " AND key = :arg1"; or NULL */
    const char *driver;      /* its column that may be the driver on the stack: " AND driver = :driver"; or NULL */
    unsigned needs;          /* STUB_NEEDS_ */
    /* Returns, per candidate: the clause's statement; the address that it is about, as hex, or NULL; the driver, or
     * NULL. The first candidate that fits a parameter or the driver is taken, else the first. */
    const char *probe;
} stub_observation;
enum {
    STUB_NEEDS_KEY = 1,    /* says something only about a parameter */
    STUB_NEEDS_DRIVER = 2, /* only about the driver on the stack */
    STUB_SUPPORTS = 4,     /* makes a rule surer, and is no condition */
    STUB_ASK_KEY = 8,      /* the command takes the parameter as its argument */
};
extern const stub_observation stub_observations[];
extern const size_t stub_n_observations;

#endif
