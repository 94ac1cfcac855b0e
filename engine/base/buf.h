/* Buffers own: a growing byte string on the heap, NUL-terminated for convenience.
 *
 * Out of memory is sticky (`failed`); later appends do nothing, so writers check once at the end.
 */
#ifndef STOPCODE_BASE_BUF_H
#define STOPCODE_BASE_BUF_H

#include "engine/base/span.h"

typedef struct sc_buf {
    char *p; /* NULL while empty */
    size_t n, capacity;
    bool failed;
} sc_buf;

void sc_buf_free(sc_buf *b); /* frees and empties; reusable afterwards */
void sc_buf_clear(sc_buf *b);
void sc_buf_char(sc_buf *b, char c);
void sc_buf_span(sc_buf *b, sc_span s);
void sc_buf_z(sc_buf *b, const char *z);
void sc_buf_printf(sc_buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
sc_span sc_buf_view(const sc_buf *b); /* borrowed until the next append */

#endif
