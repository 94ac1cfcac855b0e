/* A cursor over one line, for parsers: each function advances on success and leaves the cursor alone on failure. */
#ifndef STOPCODE_BASE_SCAN_H
#define STOPCODE_BASE_SCAN_H

#include "engine/base/span.h"

typedef struct sc_scan {
    const char *p, *end;
} sc_scan;

sc_scan sc_scan_of(sc_span s);
sc_span sc_rest(const sc_scan *c); /* what is left, untrimmed */
bool sc_at_end(sc_scan *c);        /* skips blanks; true when nothing is left */
void sc_blanks(sc_scan *c);        /* skips blanks and tabs */

/* All of the following skip blanks first. */
bool sc_lit(sc_scan *c, const char *literal);  /* exact */
bool sc_ilit(sc_scan *c, const char *literal); /* ASCII case ignored */
bool sc_dec(sc_scan *c, uint64_t *value);      /* decimal digits (`0n` allowed); fails on overflow */
bool sc_hex(sc_scan *c, uint64_t *value);      /* at most 16 hex digits; `0x` and a backtick in the middle are fine */
/* An address as debuggers print it: 8 or 16 hex digits, `H8``H8`, each with or without 0x. The run must end at a
 * non-word character. *digits (may be NULL) is 8 or 16: how wide it was printed. */
bool sc_addr(sc_scan *c, uint64_t *value, int *digits);
bool sc_word(sc_scan *c, sc_span *word);                 /* up to a blank */
bool sc_until(sc_scan *c, const char *stop, sc_span *s); /* up to `stop`, which is consumed; not trimmed */
bool sc_quoted(sc_scan *c, sc_span *s);                  /* "text": the inside */

/* Whole-span conveniences: true only when the whole trimmed span is the number. */
bool sc_span_hex(sc_span s, uint64_t *value);
bool sc_span_dec(sc_span s, uint64_t *value);
bool sc_span_addr(sc_span s, uint64_t *value, int *digits);

#endif
