#include "engine/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(sc_buf *b, size_t more)
{
    if (b->failed || more > SIZE_MAX / 2 - b->n) {
        b->failed = true;
        return false;
    }
    if (b->n + more + 1 <= b->capacity) return true;
    size_t capacity = b->capacity ? b->capacity : 256;
    while (capacity < b->n + more + 1) capacity *= 2;
    char *p = realloc(b->p, capacity);
    if (!p) {
        b->failed = true;
        return false;
    }
    b->p = p;
    b->capacity = capacity;
    return true;
}

void sc_buf_free(sc_buf *b)
{
    free(b->p);
    *b = (sc_buf){0};
}

void sc_buf_clear(sc_buf *b)
{
    b->n = 0;
    if (b->p) b->p[0] = '\0';
}

void sc_buf_span(sc_buf *b, sc_span s)
{
    if (!s.n || !reserve(b, s.n)) return;
    memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
    b->p[b->n] = '\0';
}

void sc_buf_char(sc_buf *b, char c)
{
    sc_buf_span(b, (sc_span){&c, 1});
}

void sc_buf_z(sc_buf *b, const char *z)
{
    sc_buf_span(b, sc_span_z(z));
}

void sc_buf_printf(sc_buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n > 0 && reserve(b, (size_t)n)) {
        vsnprintf(b->p + b->n, (size_t)n + 1, format, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

sc_span sc_buf_view(const sc_buf *b)
{
    return b->p ? (sc_span){b->p, b->n} : (sc_span){"", 0};
}
