/* crash_frame: the stack that matters, without the frames that only raise the bug check.
 *
 * In this order: what a .trap or .cxr brought back; !analyze's STACK_TEXT; the first k of the processor that raised
 * the bug check; the first k at all, unless the paste shows several processors and none of them raised it (then nobody
 * knows). A stack that !thread prints is never it. Trap handlers and KiDoubleFaultAbort stay: they say what happened.
 */
#include "engine/facts/derive_stack.h"

const sc_table sc_table_crash_frame = {"crash_frame", "Frames of the stack that matters, without the bug check's own",
                                       SC_NO_KEY, SC_COLUMNS(sc_frame_columns)};

static const sc_stack_view *whole(const sc_stack_set *s, const sc_stack_view *v)
{
    return v->quote_of == SC_NPOS ? v : &s->items[v->quote_of];
}

/* Frames of a processor that was hung: its context was never saved, and the frame is all zero. */
static bool has_frames(const sc_stack_view *v)
{
    for (size_t i = 0; i < v->n; i++)
        if (v->frames[i].key && !v->frames[i].user) return true;
    return false;
}

typedef struct choice {
    const sc_stack_view *stack;
    size_t start;
} choice;

static choice choose(const sc_stack_set *s)
{
    sc_stack_bugcheck b = sc_stack_bugcheck_of(s->facts);
    const sc_stack_view *context = NULL, *text = NULL, *raised = NULL, *first = NULL;
    int crashed = -1, seen = -1;
    bool several = false;
    for (size_t i = 0; i < s->n && !raised; i++) {
        const sc_stack_view *v = &s->items[i];
        if (v->thread_kind || v->context_kind || v->crash_kind || !sc_stack_raises(v)) continue;
        raised = v;
        crashed = v->processor;
    }
    /* 0x101 names the processor that hangs: it is the one that did not raise the bug check */
    int hung = b.has_code && b.code == 0x101 && b.known[3] && b.arg[3] < 4096 ? (int)b.arg[3] : -1;
    for (size_t i = 0; i < s->n; i++) {
        const sc_stack_view *v = &s->items[i];
        bool other = v->processor >= 0 && ((crashed >= 0 && v->processor != crashed) || v->processor == hung);
        if (!v->thread_kind && !v->crash_kind && v->processor >= 0) {
            several = several || (seen >= 0 && seen != v->processor);
            seen = v->processor;
        }
        if (v->thread_kind || other || !has_frames(v)) continue;
        if (v->crash_kind) {
            if (!text) text = v;
        } else if (v->context_kind) {
            if (!context) context = v;
        } else if (!first || (first->n < 3 && v->n >= 3)) {
            first = v;
        }
    }
    if (several && !raised) first = context = NULL;
    if (context) return (choice){whole(s, context), context->quote_of == SC_NPOS ? 0 : context->quote_start};
    if (text) return (choice){whole(s, text), text->quote_of == SC_NPOS ? 0 : text->quote_start};
    if (!raised) raised = first;
    return (choice){raised ? whole(s, raised) : NULL, 0};
}

static void copy(sc_facts *f, const sc_stack_frame *frame, int64_t n)
{
    sc_row *r = sc_row_new(f, &sc_table_crash_frame, frame->row->section, NULL);
    r->line = frame->row->line;
    r->last_line = frame->row->last_line;
    for (int c = 0; c < SC_FRAME_COLUMNS; c++) r->cells[c] = frame->row->cells[c];
    sc_set_int(r, SC_FRAME_N, n);
}

void sc_stack_derive_crash(const sc_stack_set *s)
{
    choice c = choose(s);
    if (!c.stack) return;
    const sc_stack_view *v = c.stack;
    size_t i = c.start;
    while (i < v->n && sc_stack_bugcheck_frame(&v->frames[i])) i++;
    for (int64_t n = 0; i < v->n; i++, n++) copy(s->facts, &v->frames[i], n);
    sc_cover_all(s->facts, &sc_table_crash_frame, v->row->section, sc_get_int(v->row, SC_STACK_COMPLETE) != 0);
}
