/* What is expected of a crash, as YAML (cli/sample.h), and what came out of one as an expectation. */
#ifndef STOPCODE_CLI_EXPECTATION_H
#define STOPCODE_CLI_EXPECTATION_H

#include "cli/sample.h"

/* All that a reader sees of the crash, of the commands at most three, of the values those in the rules' summaries and
 * culprits. Borrows from the diagnosis. */
sample_crash expectation_of(sc_arena *a, const sc_crash *c);

enum {
    EXPECT_IDENTITY = 1, /* with bug check and parameters; a variant has those of its sample */
    EXPECT_LINES = 2,    /* with the lines where it stands: worth their upkeep where a paste holds several crashes */
    EXPECT_FLOW = 4,     /* {key: value, ...} on one line, in place of a line per key */
};
/* Without a line feed at the end. */
void expectation_put(sc_buf *out, const sample_crash *c, unsigned flags);

/* {kind: module, name: x, confidence: likely}; nothing when the culprit is unknown. */
void expectation_put_culprit(sc_buf *out, const sample_crash *c);
void expectation_put_args(sc_buf *out, const sample_crash *c); /* [0x9F, null, ...]: all four */

#endif
