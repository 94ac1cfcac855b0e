/* The logs that !verifier prints behind its statistics (engine/facts/verifier_log.c). */
#ifndef STOPCODE_VERIFIER_LOG_H
#define STOPCODE_VERIFIER_LOG_H

#include "engine/facts/fact.h"

typedef struct sc_verifier_log {
    const char *name; /* NULL before the first log */
    sc_row *event;    /* NULL before its first */
    int64_t events, frames;
} sc_verifier_log;

/* True when the line belongs to a log. `log` starts as zeros. */
bool sc_verifier_log_line(sc_parse *p, const sc_line *line, sc_verifier_log *log);

/* Lines of !verifier that hold no fact of their own. */
bool sc_verifier_detail(sc_span text);

extern const sc_table sc_table_verifier_event, sc_table_verifier_event_frame;

#endif
