/* stack_pointer: where the stack pointer stood when a double fault came.
 *
 * A processor that cannot push what a fault needs raises a double fault. The stack pointer of that moment shows it: it
 * lies at the stack's limit, and since stacks end where pages end, just above or below a page's edge.
 *
 *     fffff880`009b9f30 fffff800`032aa875 nt!KiDoubleFaultAbort+0xb2
 *     fffff880`03dccfd0 fffff800`032909ba nt!KiIpiSendRequest+0x305          0x30 below a page edge [seed 000]
 *
 * It is found in the bug check's third parameter (Windows 10 and later; older ones put CR0 into the second), in the
 * frame below KiDoubleFaultAbort, in a trap frame or task that the paste shows. Only double faults have rows:
 * elsewhere the pointer says nothing.
 */
#include "engine/facts/derive_stack.h"

#include "engine/facts/lookup.h"

static const sc_column columns[] = {
    {"sp", SC_ADDR, "stack pointer at the fault"},
    {"ip", SC_ADDR, "instruction pointer at the fault"},
    {"source", SC_TEXT, "p3 (bug check parameter), frame (below KiDoubleFaultAbort), trap (.trap), register (.tss, r)"},
    {"page_offset", SC_INT, "sp within its page, 0 to 4095"},
    {"state", SC_TEXT,
     "beyond-limit, near-edge (page_offset 0 or from 0xe00 on), inside (limits are known), user (no address of "
     "the kernel), unknown"},
    {"base", SC_ADDR, "stack base, when a printed stack holds it"},
    {"limit", SC_ADDR, "stack limit"},
    {"size", SC_INT, "base - limit, bytes"},
    {"distance", SC_INT, "sp - limit, bytes; negative below the limit"},
    {"thread", SC_ADDR, "thread whose stack it is"},
};
enum { SP, IP, SOURCE, PAGE_OFFSET, STATE, BASE, LIMIT, SIZE, DISTANCE, THREAD };
const sc_table sc_table_stack_pointer = {"stack_pointer",
                                         "Stack pointer at a double fault, one row per place that shows it", SC_NO_KEY,
                                         SC_COLUMNS(columns)};

enum {
    NEED = 0x80,  /* bytes that an interrupt's or a call's push wants above the limit */
    EDGE = 0xe00, /* from here on up to the page's end: within 0x200 below an edge */
    PAGE = 0x1000,
};

typedef struct place {
    uint64_t sp, ip;
    bool has_ip;
    const char *source;
    const sc_row *row; /* whose line shows it */
} place;

/* One pointer that several lines show is one row: the first place that is asked wins. */
static bool is_known(sc_facts *f, uint64_t sp, const char *source)
{
    int n = 0;
    for (const sc_row *r = sc_facts_first(f, &sc_table_stack_pointer); r && n < 64; r = r->next, n++)
        if (sc_get_addr(r, SP) == sp && sc_eq_z(sc_get_text(r, SOURCE), source)) return true;
    return n == 64;
}

static bool printed_limit(sc_facts *f, uint64_t sp, uint64_t *limit)
{
    const sc_table *t = sc_table_named("analyze"); /* STACK_OVERFLOW: Stack Limit: fffff880009ab000. Use (kF) ... */
    int label = t ? sc_column_named(t, "label") : -1, number = t ? sc_column_named(t, "number") : -1;
    if (label < 0 || number < 0) return false;
    for (const sc_row *r = sc_facts_first(f, t); r; r = r->next) {
        if (!sc_has(r, label) || !sc_has(r, number) || !sc_eq_z(sc_get_text(r, label), "STACK_OVERFLOW")) continue;
        uint64_t l = sc_get_addr(r, number);
        if (sp < l ? l - sp > PAGE : sp - l > SC_STACK_JUMP) continue; /* of another stack */
        *limit = l;
        return true;
    }
    return false;
}

static bool is_kernel_address(uint64_t a)
{
    return a >= UINT64_C(0xffff800000000000);
}

static const char *state_of(uint64_t sp, bool has_limit, uint64_t limit)
{
    uint64_t offset = sp % PAGE;
    if (has_limit) return sp < limit + NEED ? "beyond-limit" : "inside";
    if (sp <= UINT32_MAX ? sp < UINT32_C(0x80000000) : !is_kernel_address(sp)) return "user";
    return offset == 0 || offset >= EDGE ? "near-edge" : "unknown";
}

static void add(sc_facts *f, const place *p)
{
    if (!p->sp || is_known(f, p->sp, p->source)) return;
    sc_row *r = sc_row_new(f, &sc_table_stack_pointer, p->row->section, NULL);
    r->line = p->row->line;
    r->last_line = p->row->last_line;
    sc_set_addr(r, SP, p->sp);
    if (p->has_ip) sc_set_addr(r, IP, p->ip);
    sc_set_text(r, SOURCE, sc_span_z(p->source));
    sc_set_int(r, PAGE_OFFSET, (int64_t)(p->sp % PAGE));
    sc_stack_limits l = sc_stack_limits_of(f, p->sp);
    bool has_limit = l.found;
    if (l.found) {
        sc_set_addr(r, BASE, l.base);
        sc_set_int(r, SIZE, (int64_t)(l.base - l.limit));
        if (l.has_thread) sc_set_addr(r, THREAD, l.thread);
    } else {
        has_limit = printed_limit(f, p->sp, &l.limit);
    }
    if (has_limit) {
        sc_set_addr(r, LIMIT, l.limit);
        sc_set_int(r, DISTANCE, (int64_t)(p->sp - l.limit));
    }
    sc_set_text(r, STATE, sc_span_z(state_of(p->sp, has_limit, l.limit)));
}

static void from_parameters(sc_facts *f, const sc_stack_bugcheck *b)
{
    if (!b->row || !b->known[1] || !b->known[2] || !is_kernel_address(b->arg[1]) || !is_kernel_address(b->arg[2]))
        return;
    add(f, &(place){.sp = b->arg[2], .ip = b->arg[3], .has_ip = b->known[3], .source = "p3", .row = b->row});
}

/* The frame that the fault interrupted, below the handler's. */
static const sc_stack_frame *interrupted(const sc_stack_view *v, const sc_stack_frame **handler)
{
    for (size_t i = 0; i + 1 < v->n; i++) {
        if (!sc_stack_kernel_frame(&v->frames[i], "KiDoubleFaultAbort")) continue;
        for (size_t j = i + 1; j < v->n; j++) {
            if (v->frames[j].inlined) continue;
            *handler = &v->frames[i];
            return &v->frames[j];
        }
    }
    return NULL;
}

static bool shows_double_fault(const sc_stack_set *s)
{
    for (size_t i = 0; i < s->n; i++)
        for (size_t j = 0; j < s->items[i].n; j++)
            if (sc_stack_kernel_frame(&s->items[i].frames[j], "KiDoubleFaultAbort")) return true;
    return false;
}

typedef struct context_columns {
    const sc_table *table;
    int kind, address, ip, sp, ip_symbol;
} context_columns;

/* Registers count when they are the double fault's: the task that it interrupted (.tss), its trap frame, or the
 * instruction it names. The handler's own task (.tss 50) stands at the handler's first instruction. */
static bool is_fault(const context_columns *c, const sc_row *r, const sc_stack_bugcheck *b,
                     const sc_stack_frame *handler)
{
    sc_span kind = sc_get_text(r, c->kind);
    if (sc_eq_z(kind, "tss")) return !sc_has(r, c->ip_symbol) || !sc_eq_z(sc_get_text(r, c->ip_symbol), "nt!KiTrap08");
    if (sc_has(r, c->ip) && b->known[3] && b->arg[3] && sc_get_addr(r, c->ip) == b->arg[3]) return true;
    if (!handler || !sc_eq_z(kind, "trap")) return false;
    if (sc_has(r, c->ip) && handler->ret && sc_get_addr(r, c->ip) == handler->ret) return true;
    if (!sc_has(r, c->address)) return false;
    uint64_t a = sc_get_addr(r, c->address);
    return (handler->sp && a == handler->sp) ||
           (sc_has(handler->row, SC_FRAME_TRAP) && a == sc_get_addr(handler->row, SC_FRAME_TRAP));
}

static void from_contexts(sc_facts *f, const sc_stack_bugcheck *b, const sc_stack_frame *handler)
{
    context_columns c = {.table = sc_table_named("context")};
    if (!c.table) return;
    c.kind = sc_column_named(c.table, "kind");
    c.address = sc_column_named(c.table, "address");
    c.ip = sc_column_named(c.table, "ip");
    c.sp = sc_column_named(c.table, "sp");
    c.ip_symbol = sc_column_named(c.table, "ip_symbol");
    for (const sc_row *r = sc_facts_first(f, c.table); r; r = r->next) {
        if (!sc_has(r, c.sp) || !sc_has(r, c.kind) || !is_fault(&c, r, b, handler)) continue;
        const char *source = sc_eq_z(sc_get_text(r, c.kind), "trap") ? "trap" : "register";
        add(f, &(place){.sp = sc_get_addr(r, c.sp),
                        .ip = sc_has(r, c.ip) ? sc_get_addr(r, c.ip) : 0,
                        .has_ip = sc_has(r, c.ip),
                        .source = source,
                        .row = r});
    }
}

void sc_stack_derive_pointer(const sc_stack_set *s)
{
    sc_facts *f = s->facts;
    sc_stack_bugcheck b = sc_stack_bugcheck_of(f);
    bool trap = b.has_code && b.code == 0x7f;
    bool other = (b.has_code && !trap) || (trap && b.known[0] && b.arg[0] != 8); /* then there is nothing to look for */
    if (other) sc_cover_all(f, &sc_table_stack_pointer, b.row->section, true);
    if (other || (!(trap && b.known[0]) && !shows_double_fault(s))) return;
    const sc_stack_frame *handler = NULL;
    from_parameters(f, &b);
    for (size_t i = 0; i < s->n; i++) {
        const sc_stack_frame *h = NULL, *below;
        if (s->items[i].thread_kind || !(below = interrupted(&s->items[i], &h))) continue;
        if (!handler) handler = h;
        add(f, &(place){.sp = below->sp, .ip = h->ret, .has_ip = h->ret != 0, .source = "frame", .row = below->row});
    }
    from_contexts(f, &b, handler);
    const sc_row *first = sc_facts_first(f, &sc_table_stack_pointer);
    if (first) sc_cover_all(f, &sc_table_stack_pointer, first->section, true);
}
