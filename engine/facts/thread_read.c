/* Reads THREAD blocks line by line; see thread.h, and thread.c for what they look like. */
#include "engine/facts/thread.h"

#include "engine/facts/io.h"

static const struct {
    const char *printed, *state;
} states[] = {
    {"WAIT", "wait"},
    {"RUNNING", "running"},
    {"READY", "ready"},
    {"STANDBY", "standby"},
    {"TERMINATED", "terminated"},
    {"INITIALIZED", "initialized"},
    {"GATEWAIT", "gatewait"},
    {"TRANSITION", "transition"},
    {"DEFERREDREADY", "deferred ready"},
    {"DEFERRED READY", "deferred ready"},
    {"WAITFORPROCESSINSWAP", "transition"},
};

bool sc_thread_header(sc_span text, uint64_t *address, int *digits)
{
    sc_span t = sc_ltrim(text);
    uint64_t v;
    int d;
    if (!sc_starts(t, "THREAD ")) return false;
    sc_scan c = sc_scan_of(sc_span_from(t, 7));
    if (!sc_addr(&c, &v, &d) || !sc_lit(&c, "Cid")) return false;
    if (address) *address = v;
    if (digits) *digits = d;
    return true;
}

void sc_threads_begin(sc_thread_reader *r, sc_parse *p)
{
    *r = (sc_thread_reader){.p = p};
}

static sc_facts *facts(const sc_thread_reader *r)
{
    return r->p->facts;
}

static void end_stack(sc_thread_reader *r)
{
    if (r->in_stack) sc_frames_end(&r->frames);
    r->in_stack = false;
}

/* The block is over: says what is known of its thread. */
static void end_block(sc_thread_reader *r)
{
    end_stack(r);
    if (r->row && sc_has(r->row, THREAD_THREAD)) {
        uint64_t thread = sc_get_addr(r->row, THREAD_THREAD);
        sc_cover_addr(facts(r), &sc_table_thread, thread, r->p->ordinal, r->whole && r->header);
        if (r->header && (r->saw_list || r->past_list))
            sc_cover_addr(facts(r), &sc_table_thread_irp, thread, r->p->ordinal, r->past_list && !r->lost);
    }
    if (r->row && r->whole && r->header) sc_complete(r->p);
    r->row = NULL;
}

void sc_threads_end(sc_thread_reader *r)
{
    end_block(r);
}

static void begin_block(sc_thread_reader *r, const sc_line *line)
{
    end_block(r);
    r->row = sc_add(r->p, &sc_table_thread, line);
    r->header = NULL;
    r->wants_state = r->in_objects = r->saw_list = r->past_list = r->lost = r->whole = false;
    if (r->has_process) sc_set_addr(r->row, THREAD_PROCESS, r->process);
}

/* `WAIT: (Executive) KernelMode Non-Alertable`, `RUNNING on processor 2`, `READY`; a wrapped line ends in WAIT: */
static bool read_state(sc_thread_reader *r, sc_scan *c)
{
    sc_span reason, word;
    bool known = false;
    for (size_t i = 0; !known && i < sizeof states / sizeof states[0]; i++) {
        sc_scan t = *c;
        if (!sc_lit(&t, states[i].printed) || (t.p < t.end && sc_is_word(*t.p))) continue;
        sc_set_text(r->row, THREAD_STATE, sc_span_z(states[i].state));
        known = true;
        *c = t;
    }
    if (!known && !(r->wants_state && sc_has(r->row, THREAD_STATE))) return false;
    r->wants_state = false;
    sc_lit(c, ":");
    uint64_t processor;
    if (sc_lit(c, "on processor")) {
        if (sc_hex(c, &processor)) /* of a ready thread in a shared queue the top bit is set: it is no number */
            sc_set_int(r->row, THREAD_PROCESSOR, (int64_t)(processor & 0x7fffffff));
        return true;
    }
    if (!sc_eq_z(sc_get_text(r->row, THREAD_STATE), "wait")) return true;
    sc_set_null(r->row, THREAD_PROCESSOR);
    if (!sc_lit(c, "(")) {
        r->wants_state = sc_at_end(c);
        return known;
    }
    if (!sc_until(c, ")", &reason)) return true;
    sc_set_text(r->row, THREAD_WAIT_REASON, sc_trim(reason));
    if (sc_word(c, &word) && sc_ends(word, "Mode")) sc_set_text(r->row, THREAD_WAIT_MODE, word);
    return true;
}

static bool read_header(sc_thread_reader *r, const sc_line *line)
{
    uint64_t address, skip;
    int digits;
    sc_span cid;
    if (!sc_thread_header(line->text, &address, &digits)) return false;
    begin_block(r, line);
    r->header = line;
    r->in_objects = r->wants_state = true;
    sc_set_addr(r->row, THREAD_THREAD, address);
    sc_note_width(facts(r), digits);
    sc_scan c = sc_scan_of(sc_span_from(line->text, sc_find(line->text, "Cid") + 3));
    if (sc_word(&c, &cid)) sc_set_text(r->row, THREAD_CID, cid);
    if (sc_lit(&c, "Teb:")) sc_hex(&c, &skip);
    if (sc_lit(&c, "Win32Thread:")) sc_hex(&c, &skip);
    read_state(r, &c);
    return true;
}

/* `    fffffa800d035ee8  NotificationEvent`, `    820d4e20  Mutant - owning thread 81f3cda8` */
static bool read_object(sc_thread_reader *r, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t object, owner;
    int digits;
    sc_span type;
    if (!sc_addr(&c, &object, &digits)) return false;
    sc_blanks(&c);
    if (c.p == c.end || *c.p < 'A' || *c.p > 'Z' || !sc_word(&c, &type)) return false;
    for (size_t i = 0; i < type.n; i++)
        if (!sc_is_word(type.p[i])) return false;        /* a frame's module!function */
    if (sc_has(r->row, THREAD_WAIT_OBJECT)) return true; /* of several objects the first is kept */
    sc_set_addr(r->row, THREAD_WAIT_OBJECT, object);
    sc_set_text(r->row, THREAD_WAIT_OBJECT_TYPE, type);
    if (sc_lit(&c, "-") && sc_lit(&c, "owning thread") && sc_addr(&c, &owner, NULL))
        sc_set_pointer(facts(r), r->row, THREAD_WAIT_OWNER, owner & ~UINT64_C(3), digits);
    return true;
}

/* `    fffffa8008f5cc10: (0006,03e8) Flags: 00000000  Mdl: 00000000` */
static bool read_irp(sc_thread_reader *r, const sc_line *line)
{
    sc_scan c = sc_scan_of(line->text);
    uint64_t irp;
    int digits;
    if (!sc_addr(&c, &irp, &digits) || !sc_lit(&c, ":") || !sc_lit(&c, "(") ||
        sc_find(sc_rest(&c), "Flags:") == SC_NPOS)
        return false;
    r->saw_list = true;
    if (!sc_has(r->row, THREAD_THREAD)) return true;
    sc_row *row = sc_add(r->p, &sc_table_thread_irp, line);
    sc_set_addr(row, THREAD_IRP_THREAD, sc_get_addr(r->row, THREAD_THREAD));
    sc_set_addr(row, THREAD_IRP_IRP, irp);
    return true;
}

static bool read_words(sc_thread_reader *r, const sc_line *line)
{
    sc_span text = sc_trim(line->text);
    uint64_t v;
    sc_scan c = sc_scan_of(text);
    if (!r->row && r->fragments && sc_thread_fragment(text)) { /* the THREAD line is lost */
        begin_block(r, line);
        if (r->has_asked) sc_set_addr(r->row, THREAD_THREAD, r->asked);
    }
    if (!r->row) return false;
    sc_thread_field field = sc_thread_field_read(facts(r), r->row, text);
    if (field == SC_FIELD_LAST) r->whole = true;
    if (field >= SC_FIELD_BEHIND_LIST) {
        r->past_list = true;
        r->in_objects = r->wants_state = false;
    }
    if (field != SC_FIELD_NONE) return true;
    if (sc_starts(text, "IRP List:")) {
        r->saw_list = true;
        r->in_objects = r->wants_state = false;
        return true;
    }
    if (!r->wants_state) return false; /* else the THREAD line was wrapped and goes on here */
    if (sc_lit(&c, "Win32Thread:"))
        sc_hex(&c, &v);
    else if (text.n && text.p[0] != '(' && (text.p[0] < 'A' || text.p[0] > 'Z'))
        return false;
    return read_state(r, &c);
}

/* A frame. In a block it belongs to the block's thread; outside one it is the stack of the thread that !thread was
 * asked about, or, in the output of another command, a stack whose own command is lost. */
static bool read_frame(sc_thread_reader *r, const sc_line *line)
{
    if (!r->in_stack) {
        bool known = r->row ? sc_has(r->row, THREAD_THREAD) : r->has_asked;
        uint64_t thread = r->row && known ? sc_get_addr(r->row, THREAD_THREAD) : r->asked;
        sc_stack_kind kind = r->row || r->fragments ? SC_STACK_THREAD : SC_STACK_PROCESSOR;
        int processor = kind == SC_STACK_PROCESSOR ? r->p->section->processor : -1;
        sc_frames_begin(&r->frames, r->p, kind, known ? &thread : NULL, processor);
        r->in_stack = true;
    }
    if (!sc_frames_line(&r->frames, line)) return false;
    if (r->row && r->row->cells[THREAD_RESIDENT].state == SC_NOT_PRINTED) sc_set_bool(r->row, THREAD_RESIDENT, true);
    return true;
}

bool sc_threads_line(sc_thread_reader *r, const sc_line *line)
{
    if (read_header(r, line)) return true;
    if (r->row && !r->past_list) {
        sc_span text = sc_ltrim(line->text);
        if (line->flags & SC_LINE_CUT) r->lost = true;
        if (sc_starts(text, "Unable to read") && sc_ifind(text, "irp") != SC_NPOS) r->lost = true;
    }
    bool mine = read_words(r, line) || (r->row && !r->past_list && read_irp(r, line)) ||
                (r->row && r->in_objects && read_object(r, line->text));
    if (mine) sc_take(r->p, line);
    return mine || read_frame(r, line);
}
