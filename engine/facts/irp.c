/* !irp: one I/O request packet and how far it has come. [seed 003; samples irp--*]
 *
 *     0: kd> !irp fffffa8008f5cc10 7
 *     Irp is active with 10 stacks 10 is current (= 0xfffffa8008f5cf68)
 *      No Mdl: No System Buffer: Thread fffffa8007005660:  Irp stack trace.
 *     IoStatus.Status = c00000bb
 *          cmd  flg cl Device   File     Completion-Context
 *      [  0, 0]   0  0 00000000 00000000 00000000-00000000
 *                 Args: 00000000 00000000 00000000 00000000
 *     >[ 1b,17]   0  0 fffffa800c089050 00000000 00000000-00000000
 *                \Driver\ZTEusbnet
 *                 Args: 00000000 00000000 00000000 00000000
 *
 * Newer debuggers print `>[IRP_MJ_POWER(16), IRP_MN_SET_POWER(2)]` on a line of its own, the numbers on the next, and
 * `[N/A(0), N/A(0)]` for a location that was not used yet. The driver's line is missing in dumps without its object.
 *
 * Tables: irp, irp_stack.
 * Query:  SELECT driver, request FROM irp_stack WHERE irp = 0xfffffa8008f5cc10 AND current;
 *
 * When the prompt is lost the request's address follows from that of its current stack location: the locations stand
 * behind the packet, 0x48 bytes each from +0xd0 on in 64-bit Windows, 0x24 bytes each from +0x70 on in 32-bit Windows.
 */
#include "engine/decode/irp.h"

#include "engine/facts/io.h"
#include "engine/facts/irp_text.h"
#include "engine/facts/tables.h"

enum { MOST_STACKS = 127 }; /* a signed byte in the packet */

typedef struct reading {
    sc_parse *p;
    sc_row *irp;             /* NULL between requests */
    sc_list rows;            /* sc_row *: its stack locations */
    sc_row *entry;           /* the last of them: whose driver and Args follow */
    bool headed;             /* "Irp is active" was seen */
    bool marked;             /* one location has the > */
    bool argued;             /* the command's argument has named a request already */
    int64_t stacks, current; /* of the header */
} reading;

static void finish(reading *s)
{
    sc_row **rows = s->rows.items;
    if (!s->irp) return;
    bool whole = s->headed && (int64_t)s->rows.n == s->stacks;
    bool completed = sc_has(s->irp, IRP_COMPLETED) && sc_get_int(s->irp, IRP_COMPLETED);
    for (size_t i = 0; i < s->rows.n; i++) {
        int64_t position = sc_get_int(rows[i], IRP_STACK_POSITION);
        /* a > that got lost (it looks like a quote's) still follows from the header when every location is there */
        if (!s->marked && (whole || completed))
            sc_set_bool(rows[i], IRP_STACK_CURRENT, !completed && position == s->current);
    }
    if (sc_has(s->irp, IRP_IRP)) {
        uint64_t irp = sc_get_addr(s->irp, IRP_IRP);
        sc_cover_addr(s->p->facts, &sc_table_irp, irp, s->p->ordinal, s->headed);
        sc_cover_addr(s->p->facts, &sc_table_irp_stack, irp, s->p->ordinal, whole);
    }
    if (whole) sc_complete(s->p);
    s->irp = s->entry = NULL;
    s->rows = (sc_list){0};
    s->headed = s->marked = false;
    s->stacks = s->current = 0;
}

static void begin(reading *s, const sc_line *line, const sc_irp_header *h)
{
    uint64_t irp;
    finish(s);
    s->irp = sc_add(s->p, &sc_table_irp, line);
    if (h) {
        s->headed = true;
        s->stacks = h->stacks;
        s->current = h->current;
        sc_set_int(s->irp, IRP_STACKS, h->stacks);
        sc_set_int(s->irp, IRP_CURRENT, h->current);
        sc_set_bool(s->irp, IRP_COMPLETED, h->current > h->stacks);
        if (h->has_location) sc_note_width(s->p->facts, h->digits);
    }
    bool asked = !s->argued && s->p->section->prompted && sc_arg_addr(s->p, &irp);
    s->argued = true; /* a second request of one section is not the one in the command */
    if (asked || (h && sc_irp_locate(h, &irp))) sc_set_addr(s->irp, IRP_IRP, irp);
}

/* ---- Stack locations ---- */

static void set_numbers(reading *s, const sc_irp_numbers *n)
{
    sc_facts *f = s->p->facts;
    sc_set_pointer(f, s->entry, IRP_STACK_DEVICE, n->device, n->digits);
    sc_set_pointer(f, s->entry, IRP_STACK_FILE, n->file, 0);
    if (!n->device) sc_set_null(s->entry, IRP_STACK_DRIVER);
    if (!n->routine) sc_set_null(s->entry, IRP_STACK_COMPLETION);
    sc_set_bool(s->entry, IRP_STACK_PENDING, n->pending);
}

static void name_functions(reading *s, const sc_irp_entry *e)
{
    const char *major = sc_irp_major_name(e->major), *minor = sc_irp_minor_name(e->major, e->minor);
    sc_set_int(s->entry, IRP_STACK_MAJOR, (int64_t)e->major);
    sc_set_int(s->entry, IRP_STACK_MINOR, (int64_t)e->minor);
    if (e->symbolic && !e->major_name.n) major = minor = NULL; /* N/A: not used */
    if (e->major_name.n)
        sc_set_text(s->entry, IRP_STACK_MAJOR_NAME, e->major_name);
    else if (major)
        sc_set_text(s->entry, IRP_STACK_MAJOR_NAME, sc_span_z(major));
    else
        sc_set_null(s->entry, IRP_STACK_MAJOR_NAME);
    if (e->minor_name.n)
        sc_set_text(s->entry, IRP_STACK_MINOR_NAME, e->minor_name);
    else if (minor)
        sc_set_text(s->entry, IRP_STACK_MINOR_NAME, sc_span_z(minor));
    else
        sc_set_null(s->entry, IRP_STACK_MINOR_NAME);
}

/* Major 0 in a location without a file is not a create request, which always has one: it was never filled in. */
static void settle_request(reading *s)
{
    sc_row *r = s->entry;
    if (!r || r->cells[IRP_STACK_REQUEST].state != SC_NOT_PRINTED) return;
    uint64_t major = (uint64_t)sc_get_int(r, IRP_STACK_MAJOR), args[4];
    bool unused = !major && r->cells[IRP_STACK_FILE].state == SC_NULL;
    bool all = true;
    for (int i = 0; i < 4; i++) {
        all = all && sc_has(r, IRP_STACK_ARG1 + i);
        args[i] = sc_get_addr(r, IRP_STACK_ARG1 + i);
    }
    if (unused) sc_set_null(r, IRP_STACK_MAJOR_NAME);
    sc_span request = {0};
    if (sc_has(r, IRP_STACK_MAJOR_NAME))
        request = sc_irp_request(s->p->facts->arena, major, (uint64_t)sc_get_int(r, IRP_STACK_MINOR),
                                 all ? args : NULL);
    if (request.n)
        sc_set_text(r, IRP_STACK_REQUEST, request);
    else
        sc_set_null(r, IRP_STACK_REQUEST);
}

static void add_entry(reading *s, const sc_line *line, const sc_irp_entry *e)
{
    sc_irp_numbers numbers;
    settle_request(s);
    if (!s->irp || (int64_t)s->rows.n >= (s->headed ? s->stacks : MOST_STACKS)) begin(s, line, NULL);
    s->entry = sc_add(s->p, &sc_table_irp_stack, line);
    if (sc_has(s->irp, IRP_IRP)) sc_set_addr(s->entry, IRP_STACK_IRP, sc_get_addr(s->irp, IRP_IRP));
    sc_row **slot = sc_list_add(s->p->facts->arena, &s->rows, sizeof *slot);
    if (slot) *slot = s->entry;
    int64_t position = (int64_t)s->rows.n;
    if (s->rows.n > 1) position = sc_get_int(((sc_row **)s->rows.items)[s->rows.n - 2], IRP_STACK_POSITION) + 1;
    if (e->marked && s->headed && position < s->current) position = s->current; /* those below were left out */
    sc_set_int(s->entry, IRP_STACK_POSITION, position);
    if (e->marked) {
        s->marked = true;
        for (size_t i = 0; i < s->rows.n; i++) sc_set_bool(((sc_row **)s->rows.items)[i], IRP_STACK_CURRENT, false);
    }
    if (s->marked) sc_set_bool(s->entry, IRP_STACK_CURRENT, e->marked);
    name_functions(s, e);
    if (sc_irp_numbers_scan(e->rest, &numbers)) set_numbers(s, &numbers);
}

/* `\Driver\HidUsb  mod!Completion`, `\Driver\usbehci  (IopUnloadSafeCompletion)` */
static bool read_driver(sc_row *r, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    sc_span name, completion;
    if (!sc_driver_scan(&c, &name)) return false;
    sc_set_text(r, IRP_STACK_DRIVER, name);
    if (!sc_word(&c, &completion)) return true;
    if (completion.n > 2 && completion.p[0] == '(')
        completion = sc_span_sub(completion, 1, completion.n - 1);
    else if (sc_find_char(completion, '!') == SC_NPOS && sc_find_char(completion, '+') == SC_NPOS)
        return true;
    sc_set_text(r, IRP_STACK_COMPLETION, completion);
    return true;
}

static bool read_args(sc_row *r, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t v;
    if (!sc_lit(&c, "Args:")) return false;
    for (int i = 0; i < 4 && sc_hex(&c, &v); i++) sc_set_addr(r, IRP_STACK_ARG1 + i, v);
    return true;
}

/* ---- The rest ---- */

/* ` No Mdl: No System Buffer: Thread fffffa8007005660:  Irp stack trace.` */
static bool read_summary(reading *s, sc_span text)
{
    uint64_t thread;
    int digits;
    size_t at = sc_find(text, "Thread ");
    if (at == SC_NPOS || !(sc_starts(text, "No Mdl") || sc_starts(text, "Mdl"))) return false;
    sc_scan c = sc_scan_of(sc_span_from(text, at + 7));
    if (!sc_addr(&c, &thread, &digits)) return false;
    sc_set_pointer(s->p->facts, s->irp, IRP_THREAD, thread, 0);
    return true;
}

/* `IoStatus.Status = c00000bb` and its kin, of !irp with flags. */
static bool read_assignment(reading *s, sc_span text)
{
    sc_span label, value;
    uint64_t v;
    int digits = 0;
    if (!sc_cut(text, " = ", &label, &value)) return false;
    label = sc_trim(label);
    for (size_t i = 0; i < label.n; i++)
        if (!sc_is_word(label.p[i]) && label.p[i] != '.' && label.p[i] != '&') return false; /* prose */
    sc_scan c = sc_scan_of(value);
    if (!sc_hex(&c, &v)) return false;
    sc_span_addr(sc_trim(value), &v, &digits);
    if (sc_eq_z(label, "IoStatus.Status")) sc_set_int(s->irp, IRP_STATUS, (int64_t)(v & 0xffffffffu));
    if (sc_eq_z(label, "Tail.Overlay.Thread") && !sc_has(s->irp, IRP_THREAD))
        sc_set_pointer(s->p->facts, s->irp, IRP_THREAD, v, 0);
    uint64_t entry_offset = digits == 16 ? 0x78 : 0x40; /* of Tail in the packet */
    if (sc_eq_z(label, "&Tail.Overlay.DeviceQueueEntry") && !sc_has(s->irp, IRP_IRP) && digits && v > entry_offset)
        sc_set_addr(s->irp, IRP_IRP, v - entry_offset); /* the stack locations stand below it */
    return true;
}

static bool is_frame_of_output(sc_span text)
{
    return (sc_starts(text, "cmd ") && sc_find(text, "Completion-Context") != SC_NPOS) ||
           sc_starts(text, "IO verifier information") || sc_starts(text, "No information available");
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    if (!n) return SC_ABSTAIN;
    sc_span t = sc_ltrim(lines[0].text);
    sc_irp_header h;
    sc_irp_entry e;
    if (!t.n) return SC_ABSTAIN;
    if (t.p[0] == 'I') return sc_irp_header_read(t, &h) ? SC_STRONG : SC_ABSTAIN;
    if ((t.p[0] != '>' && t.p[0] != '[') || !sc_irp_entry_read(t, &e)) return SC_ABSTAIN;
    sc_irp_numbers numbers;
    return e.symbolic || sc_irp_numbers_scan(e.rest, &numbers) ? SC_STRONG : SC_WEAK;
}

static void parse(sc_parse *p)
{
    reading s = {.p = p};
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_ltrim(l->text);
        sc_irp_header h;
        sc_irp_entry e;
        sc_irp_numbers numbers;
        if (sc_irp_header_read(text, &h)) {
            settle_request(&s);
            begin(&s, l, &h);
        } else if (sc_irp_entry_read(text, &e)) {
            add_entry(&s, l, &e);
        } else if (is_frame_of_output(text)) {
            sc_take(p, l);
        } else if (s.entry && (read_args(s.entry, text) || read_driver(s.entry, text))) {
            sc_take(p, l);
        } else if (s.entry && s.entry->cells[IRP_STACK_DEVICE].state == SC_NOT_PRINTED &&
                   sc_irp_numbers_scan(sc_scan_of(text), &numbers)) {
            set_numbers(&s, &numbers); /* behind a symbolic line */
            sc_take(p, l);
        } else if (s.irp && !s.entry && (read_summary(&s, text) || read_assignment(&s, text))) {
            sc_take(p, l);
        }
    }
    settle_request(&s);
    finish(&s);
}

static const sc_table *const tables[] = {&sc_table_irp, &sc_table_irp_stack, NULL};
const sc_command sc_command_irp = {
    .name = "!irp",
    .doc = "An I/O request packet: which driver has it and what it asks for",
    .proof = "as many stack locations as its first line announces",
    .query = "SELECT driver, request FROM irp_stack WHERE irp = 0xfffffa8008f5cc10 AND current",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
