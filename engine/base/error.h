/* Failures are int codes; 0 is success. The text of a failure, when somebody wants it, goes into an sc_error. */
#ifndef STOPCODE_BASE_ERROR_H
#define STOPCODE_BASE_ERROR_H

#include "engine/base/span.h"

enum {
    SC_OK = 0,
    SC_E_NOMEM = -1, /* out of memory or over SC_MAX_ARENA_BYTES */
    SC_E_INPUT = -2, /* the paste cannot be read: empty, binary, too large */
    SC_E_SQL = -3,   /* a statement that does not compile or was interrupted */
    SC_E_RULE = -4,  /* a rule that is not valid */
    SC_E_IO = -5,    /* a file could not be read or written */
};

typedef struct sc_error {
    int code;
    char text[512]; /* one line, no newline at its end, "" when there is nothing to say */
} sc_error;

/* Fills *e (NULL is fine) and returns `code`. */
int sc_fail(sc_error *e, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
