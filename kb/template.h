/* The places of a template: {{name}} and {{name|fallback}}, as engine/variables.c expands them. Internal to kb/. */
#ifndef STOPCODE_KB_TEMPLATE_H
#define STOPCODE_KB_TEMPLATE_H

#include "engine/base/span.h"

typedef struct sc_slot {
    sc_span name; /* trimmed */
    bool has_fallback;
    sc_span all; /* from {{ to }} */
    bool closed; /* false: a {{ without }}; it has no name, and the text ends here */
} sc_slot;

/* The next place at or behind *at, which moves on. False when there is none. */
static inline bool sc_template_next(sc_span text, size_t *at, sc_slot *slot)
{
    size_t open = sc_find(sc_span_from(text, *at), "{{");
    if (open == SC_NPOS) return false;
    size_t from = *at + open;
    sc_span inside, rest, fallback;
    *slot = (sc_slot){.closed = sc_cut(sc_span_from(text, from + 2), "}}", &inside, &rest)};
    *at = slot->closed ? from + 2 + inside.n + 2 : text.n;
    slot->all = sc_span_sub(text, from, *at);
    if (!slot->closed) return true;
    slot->has_fallback = sc_cut(inside, "|", &slot->name, &fallback);
    slot->name = sc_trim(slot->name);
    return true;
}

#endif
