/* Lines of lm. */
#ifndef STOPCODE_LM_LINE_H
#define STOPCODE_LM_LINE_H

#include "engine/base/scan.h"

/* Columns of table module, in its order. */
enum {
    MODULE,
    START,
    END,
    IMAGE,
    PATH,
    STAMP,
    DATE,
    YEAR,
    REPRODUCIBLE,
    SYMBOLS,
    COMPANY,
    PRODUCT,
    VERSION,
    SIZE,
    CHECKSUM,
    UNLOADED
};

typedef struct sc_module_line {
    uint64_t start, end;
    int digits;                   /* 8 or 16: how wide the addresses were printed */
    sc_span name;                 /* as printed; an unloaded module's has its extension */
    sc_span symbols, image, date; /* empty when not shown */
} sc_module_line;

/* `A A name [T] (no symbols)`, `A A name image.sys Date (hex)`, `A A name.sys`. Frames and slots are none: they have a
 * symbol in the third place. */
bool sc_module_line_read(sc_span text, sc_module_line *m);
bool sc_module_header(sc_span text);   /* `start  end  module name` */
bool sc_unloaded_header(sc_span text); /* `Unloaded modules:` */
/* What stands in brackets behind a module's name and nowhere else. */
bool sc_symbol_state(sc_span s);
/* One of lm v's labelled fields: the column it fills (-1: none) and its value. */
bool sc_module_field(sc_span text, int *column, sc_span *value);

#endif
