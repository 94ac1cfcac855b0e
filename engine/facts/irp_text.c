#include "engine/facts/irp_text.h"

bool sc_irp_header_read(sc_span text, sc_irp_header *h)
{
    sc_scan c = sc_scan_of(text);
    uint64_t stacks, current;
    *h = (sc_irp_header){0};
    if (!sc_lit(&c, "Irp is active with") || !sc_dec(&c, &stacks) || !sc_lit(&c, "stacks") || !sc_dec(&c, &current) ||
        !sc_lit(&c, "is current") || stacks > 127 || current > 128) /* both are signed bytes in the packet */
        return false;
    h->stacks = (int64_t)stacks;
    h->current = (int64_t)current;
    h->has_location = sc_lit(&c, "(=") && sc_addr(&c, &h->location, &h->digits);
    return true;
}

bool sc_irp_locate(const sc_irp_header *h, uint64_t *irp)
{
    if (!h->has_location || h->current < 1) return false;
    uint64_t n = (uint64_t)h->current - 1;
    uint64_t back = h->digits == 16 ? 0xd0 + n * 0x48
                                    : 0x70 + n * 0x24; /* packet, then locations: seed 003, samples irp--* */
    if (h->location < back) return false;
    *irp = h->location - back;
    return true;
}

/* `1b`, `IRP_MJ_POWER(16)` or `N/A(0)` */
static bool read_function(sc_scan *c, uint64_t *value, sc_span *name, bool *symbolic)
{
    sc_scan t = *c, number;
    sc_blanks(&t);
    number = t;
    *name = (sc_span){0};
    *symbolic = false;
    if (sc_hex(&number, value) && number.p < number.end && !sc_is_word(*number.p)) {
        *c = number;
        return *value < 0x100;
    }
    sc_span rest = sc_rest(&t);
    if (!sc_starts(rest, "IRP_M") && !sc_starts(rest, "N/A")) return false;
    size_t open = sc_find_char(rest, '(');
    if (open == SC_NPOS || open > 64) return false;
    if (rest.p[0] == 'I') *name = sc_trim(sc_span_sub(rest, 0, open));
    *symbolic = true;
    t.p += open + 1;
    if (!sc_hex(&t, value) || !sc_lit(&t, ")")) return false;
    *c = t;
    return *value < 0x100;
}

bool sc_irp_entry_read(sc_span text, sc_irp_entry *e)
{
    sc_scan c = sc_scan_of(text);
    bool minor_symbolic;
    e->marked = sc_lit(&c, ">");
    if (!sc_lit(&c, "[") || !read_function(&c, &e->major, &e->major_name, &e->symbolic) || !sc_lit(&c, ",") ||
        !read_function(&c, &e->minor, &e->minor_name, &minor_symbolic) || !sc_lit(&c, "]"))
        return false;
    e->rest = c;
    return true;
}

bool sc_irp_numbers_scan(sc_scan c, sc_irp_numbers *n)
{
    uint64_t flags, control;
    int digits;
    if (!sc_hex(&c, &flags) || flags > 0xff || !sc_hex(&c, &control) || control > 0xff ||
        !sc_addr(&c, &n->device, &n->digits) || !sc_addr(&c, &n->file, &digits) || !sc_addr(&c, &n->routine, &digits) ||
        !sc_lit(&c, "-") || !sc_addr(&c, &n->context, &digits))
        return false;
    n->pending = (control & 1) || sc_find(sc_rest(&c), "pending") != SC_NPOS; /* bit 0 is SL_PENDING_RETURNED */
    return true;
}
