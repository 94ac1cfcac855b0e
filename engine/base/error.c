#include "engine/base/error.h"

#include <stdarg.h>
#include <stdio.h>

int sc_fail(sc_error *e, int code, const char *format, ...)
{
    if (e) {
        va_list args;
        va_start(args, format);
        e->code = code;
        vsnprintf(e->text, sizeof e->text, format, args);
        va_end(args);
    }
    return code;
}
