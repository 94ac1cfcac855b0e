/* Lines that are a label and its value, and outputs that were flattened into one line. */
#ifndef STOPCODE_FIELD_H
#define STOPCODE_FIELD_H

#include "engine/base/scan.h"
#include "engine/transcript/transcript.h"

/* `label: value`, `label = value`, `label....: value` or `label value`: the value, trimmed. The label stands at the
 * start (blanks apart) and ends there: `State` is not found in `StateHistory`. */
bool sc_field(sc_span text, const char *label, sc_span *value);

/* Cuts the next piece off *rest: up to the next place where one of `marks` (NULL-terminated) begins behind a blank,
 * unless a comma stands in front of that.
 * A line that was not flattened is one piece. False when nothing is left. */
bool sc_piece(sc_span *rest, const char *const *marks, sc_span *piece);

/* A number that is printed as an address or in fewer digits: `00000000`, `0xc12`, `fffffa80 05fb5050`. *digits is 8 or
 * 16 for an address, else 0. */
bool sc_number(sc_scan *c, uint64_t *value, int *digits);

/* For tasters: the text of the next line with text behind lines[*at], which moves there; the empty span when `n` lines
 * or twenty are used up. Pastes double blank lines. */
sc_span sc_ahead(const sc_line *lines, size_t n, size_t *at);

#endif
