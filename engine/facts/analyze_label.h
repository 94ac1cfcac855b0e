/* Labels of !analyze: `EXCEPTION_CODE: (NTSTATUS) 0xc0000006 - ...`. */
#ifndef STOPCODE_ANALYZE_LABEL_H
#define STOPCODE_ANALYZE_LABEL_H

#include "engine/base/scan.h"

typedef struct sc_label {
    sc_span name;  /* as printed, without the colon and the blanks before it */
    sc_span value; /* trimmed; empty when it stands on the lines below */
    bool listed;   /* one that only !analyze prints */
} sc_label;

/* A label at the start of a line. Listed ones are known by name; others look like A_LABEL:. */
bool sc_label_read(sc_span text, sc_label *out);
/* Where the next listed label begins in a flattened line, at or behind `from`; SC_NPOS for none. */
size_t sc_label_find(sc_span text, size_t from);
/* The number a value begins with or holds behind 0x. Names hold none, whatever they look like: dac.sys, "beef". */
bool sc_label_number(const sc_label *l, uint64_t *number);

#endif
