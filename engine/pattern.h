/* Regular expressions of rules: PCRE2 behind one file, bounded in time and memory, no JIT. */
#ifndef STOPCODE_PATTERN_H
#define STOPCODE_PATTERN_H

#include "engine/base/buf.h"
#include "engine/base/error.h"
#include "engine/base/span.h"

typedef struct sc_pattern sc_pattern;

/* Compiles; `multiline` makes ^ and $ match at line ends. Free with sc_pattern_free. */
int sc_pattern_new(sc_pattern **out, sc_span pattern, bool multiline, sc_error *error);
void sc_pattern_free(sc_pattern *p);

/* 1 match, 0 none, negative: a match limit was reached. *start and *end (may be NULL) are the offsets of the match. */
int sc_pattern_find(sc_pattern *p, sc_span text, size_t *start, size_t *end);
/* Named groups, 0-based, of the last successful match: NULL name behind the last one; an unset group gives an empty
 * span. */
const char *sc_pattern_group_name(const sc_pattern *p, size_t i);
sc_span sc_pattern_group(const sc_pattern *p, size_t i, sc_span text);

#endif
