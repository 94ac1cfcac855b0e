/* What the parameters of a bug check mean: kb/reference/terms/parameter.tsv applied to one crash. */
#ifndef STOPCODE_PARAMETER_H
#define STOPCODE_PARAMETER_H

#include "engine/base/arena.h"
#include "engine/stopcode.h"

/* What parameter `at` (0 to 3) is, the most special term first: "0x9F 2 1=0x4", then "0x9F 2". NULL: not listed. */
const sc_ref_term *sc_parameter_role(const sc_knowledge *k, const sc_bugcheck *b, int at);
/* What its value means: "0x9F 3=0x1 1=0x6", then "0x9F 3=0x1". NULL: not listed, or not known. */
const sc_ref_term *sc_parameter_value(const sc_knowledge *k, const sc_bugcheck *b, int at);
/* Both in words: "time-out: 600 s (10 min 0 s)"; what the value means, where that is listed, instead of the number.
 * The empty span when nothing is listed or the value is not known. */
sc_span sc_parameter_text(sc_arena *a, const sc_knowledge *k, const sc_bugcheck *b, int at);
/* One line for the crash, from the values and the numbers with units: "sync time-out, 600 s". Status 0 says nothing
 * there. May be empty. */
sc_span sc_parameter_headline(sc_arena *a, const sc_knowledge *k, const sc_bugcheck *b);

/* '10 min 0 s', '49 ms', '2 h 5 min'. Nothing for negative or absurd times. Returns what snprintf would. */
int sc_seconds_text(char *text, size_t size, double seconds);

#endif
