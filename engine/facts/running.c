/* !running: the thread that each processor runs, the one it runs next, and with -t their stacks. [samples running--*,
 * k_x86--running-60; public forum threads for the newer form]
 *
 *     0: kd> !running -ti
 *     System Processors:  (000000000000000f)
 *       Idle Processors:  (0000000000000008)
 *            Prcbs             Current         (pri) Next            (pri) Idle
 *       0    fffff80526ad6180  ffffda0273eea040 ( 8) ffffda02746490c0 (14) fffff80599bd15c0  ................
 *      # Child-SP          RetAddr               Call Site
 *     00 ffff968b`f8207708 fffff805`2d9c18d0     nt!DbgBreakPointWithStatus
 *
 * Older debuggers print neither priorities nor the idle thread. [samples]
 *
 *     System Processors 3 (affinity mask)
 *      Idle Processors 0
 *         Prcb              Current           Next
 *     1  e000000086f16010  e00000008620ebe0  e000000086eddbc0  .O..............
 *
 * Without -i idle processors are left out. The last column has a letter per queued spin lock: O owned, W waited for.
 *
 * Tables: running; stack and frame with kind 'processor' (engine/facts/frame_read.h).
 * Query:  SELECT processor, hex64(current_thread) FROM running WHERE NOT in_idle_mask;
 */
#include "engine/facts/field.h"
#include "engine/facts/frame_read.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"processor", SC_INT, "number of the processor"},
    {"prcb", SC_ADDR, "its PRCB"},
    {"current_thread", SC_ADDR, "thread that runs on it"},
    {"current_priority", SC_INT, "priority of that thread, 0 to 31; newer debuggers only"},
    {"next_thread", SC_ADDR, "thread that runs next; NULL for none"},
    {"next_priority", SC_INT, "priority of that thread; NULL for none"},
    {"idle_thread", SC_ADDR, "its idle thread; newer debuggers only"},
    {"idle", SC_BOOL, "the idle thread runs; not known where no idle thread is printed"},
    {"in_idle_mask", SC_BOOL, "the mask of idle processors names it"},
    {"locks", SC_TEXT, "a letter per queued spin lock: O it owns the lock, W it waits for it, a dot for neither"},
    {"locks_owned", SC_INT, "queued spin locks that it owns"},
    {"locks_waited", SC_INT, "queued spin locks that it waits for"},
};
enum {
    PROCESSOR,
    PRCB,
    CURRENT,
    CURRENT_PRIORITY,
    NEXT,
    NEXT_PRIORITY,
    IDLE_THREAD,
    IDLE,
    IN_IDLE_MASK,
    LOCKS,
    OWNED,
    WAITED
};
const sc_table sc_table_running = {"running", "What processors run", PROCESSOR, SC_COLUMNS(columns)};

/* Bits for processors: only while one group of 64 has any. */
typedef struct mask {
    bool known;
    uint64_t bits;
} mask;

typedef struct entry {
    uint64_t processor, prcb, current, next, idle, current_priority, next_priority;
    int digits;
    bool has_priority, has_next, has_idle;
    sc_span locks;
} entry;

/* `System Processors:  (000000000000000f)`, `System Processors 3 (affinity mask)`. Of several groups, each with a mask,
 * only the first may have bits. */
static bool read_mask(sc_span text, const char *label, mask *out)
{
    sc_scan c = sc_scan_of(text);
    uint64_t bits;
    if (!sc_lit(&c, label)) return false;
    if (!sc_lit(&c, ":")) { /* "System Processors 3 are busy" is prose */
        if (!sc_hex(&c, &bits) || !(sc_at_end(&c) || (sc_lit(&c, "(affinity mask)") && sc_at_end(&c)))) return false;
        *out = (mask){true, bits};
        return true;
    }
    if (!sc_lit(&c, "(") || !sc_hex(&c, &bits) || !sc_lit(&c, ")")) return false;
    *out = (mask){true, bits};
    while (sc_lit(&c, ",") || sc_lit(&c, "("))
        if (sc_hex(&c, &bits) && sc_lit(&c, ")") && bits) out->known = false;
    return true;
}

static bool is_head(sc_span text, bool *has_idle)
{
    sc_scan c = sc_scan_of(text);
    if (!sc_lit(&c, "Prcb")) return false;
    sc_lit(&c, "s");
    if (!sc_lit(&c, "Current")) return false;
    sc_lit(&c, "(pri)");
    if (!sc_lit(&c, "Next")) return false;
    sc_lit(&c, "(pri)");
    *has_idle = sc_lit(&c, "Idle");
    return sc_at_end(&c);
}

/* `( 8)` */
static bool read_priority(sc_scan *c, uint64_t *priority)
{
    sc_scan t = *c;
    if (!sc_lit(&t, "(") || !sc_dec(&t, priority) || *priority > 31 || !sc_lit(&t, ")")) return false;
    *c = t;
    return true;
}

static bool read_locks(sc_scan *c, sc_span *locks)
{
    sc_scan t = *c;
    if (!sc_word(&t, locks) || locks->n < 16 || locks->n > 32) return false;
    for (size_t i = 0; i < locks->n; i++)
        if (locks->p[i] != '.' && locks->p[i] != 'O' && locks->p[i] != 'W') return false;
    *c = t;
    return true;
}

/* One processor. Without priorities a third address is the next thread. */
static bool read_entry(sc_span text, entry *e)
{
    sc_scan c = sc_scan_of(text);
    int digits;
    *e = (entry){0};
    if (!sc_dec(&c, &e->processor) || e->processor >= 4096 || !sc_addr(&c, &e->prcb, &e->digits) ||
        !sc_addr(&c, &e->current, &digits) || digits != e->digits)
        return false;
    e->has_priority = read_priority(&c, &e->current_priority);
    uint64_t third;
    if (sc_addr(&c, &third, &digits)) {
        e->has_next = !e->has_priority || read_priority(&c, &e->next_priority);
        e->has_idle = !e->has_next || sc_addr(&c, &e->idle, NULL);
        if (e->has_next)
            e->next = third;
        else
            e->idle = third;
    }
    bool locked = read_locks(&c, &e->locks);
    if (!locked && !e->has_next) e->has_idle = false; /* cut off: it may be the next thread as well */
    return (locked || e->has_priority) && sc_at_end(&c);
}

/* One processor, whose line a narrow window may have cut between two words or in the middle of one. */
static bool read_processor(const sc_parse *p, const sc_line *l, entry *e, bool *wrapped)
{
    sc_span text = sc_trim(l->text);
    const sc_line *next = sc_peek(p);
    sc_scan c = sc_scan_of(text);
    uint64_t v;
    entry whole;
    *wrapped = false;
    bool known = read_entry(text, e);
    if (known && e->locks.n) return true;
    if (!next || !sc_dec(&c, &v) || !sc_addr(&c, &v, NULL)) return known;
    for (int blank = 0; blank < 2; blank++) {
        sc_span joined = sc_arena_printf(p->facts->arena, "%.*s%s%.*s", SC_F(text), blank ? " " : "", SC_F(next->text));
        if (!read_entry(joined, &whole) || !whole.locks.n) continue;
        *e = whole;
        *wrapped = true;
        return true;
    }
    return known;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    bool has_idle;
    mask m;
    entry e;
    if (text.n < 8) return SC_ABSTAIN;
    switch (text.p[0]) {
    case 'S':
        if (!read_mask(text, "System Processors", &m)) return SC_ABSTAIN;
        size_t at = 0;
        mask idle;
        return read_mask(sc_ahead(lines, n, &at), "Idle Processors", &idle) ? SC_STRONG : SC_WEAK;
    case 'I': return read_mask(text, "Idle Processors", &m) ? SC_WEAK : SC_ABSTAIN;
    case 'P': return is_head(text, &has_idle) ? SC_STRONG : SC_ABSTAIN;
    default: return sc_is_digit(text.p[0]) && read_entry(text, &e) ? SC_STRONG : SC_ABSTAIN;
    }
}

static void set_locks(sc_row *r, sc_span locks)
{
    int64_t owned = 0, waited = 0;
    if (!locks.n) return;
    for (size_t i = 0; i < locks.n; i++) {
        owned += locks.p[i] == 'O';
        waited += locks.p[i] == 'W';
    }
    sc_set_text(r, LOCKS, locks);
    sc_set_int(r, OWNED, owned);
    sc_set_int(r, WAITED, waited);
}

static sc_row *add_entry(sc_parse *p, const sc_line *l, const entry *e, const mask *idle)
{
    sc_row *r = sc_add(p, &sc_table_running, l);
    sc_note_width(p->facts, e->digits);
    sc_set_int(r, PROCESSOR, (int64_t)e->processor);
    sc_set_addr(r, PRCB, e->prcb);
    sc_set_addr(r, CURRENT, e->current);
    if (e->has_priority) sc_set_int(r, CURRENT_PRIORITY, (int64_t)e->current_priority);
    if (e->has_next && e->next) {
        sc_set_addr(r, NEXT, e->next);
        if (e->has_priority) sc_set_int(r, NEXT_PRIORITY, (int64_t)e->next_priority);
    } else if (e->has_next || e->has_idle || e->locks.n) {
        sc_set_null(r, NEXT);
        sc_set_null(r, NEXT_PRIORITY);
    }
    if (e->has_idle) {
        sc_set_addr(r, IDLE_THREAD, e->idle);
        sc_set_bool(r, IDLE, e->idle == e->current);
    }
    if (idle->known && e->processor < 64) sc_set_bool(r, IN_IDLE_MASK, idle->bits >> e->processor & 1);
    set_locks(r, e->locks);
    sc_cover_int(p->facts, &sc_table_running, (int64_t)e->processor, p->ordinal, e->locks.n || e->has_idle);
    return r;
}

/* What the masks announce was listed. */
static void close_list(sc_parse *p, const mask *system, const mask *idle, uint64_t seen, bool plain)
{
    if (!plain || !system->known || !idle->known || !system->bits || !seen) return;
    if ((system->bits & ~idle->bits & ~seen) == 0) sc_complete(p);
    if ((system->bits & ~seen) == 0) sc_cover_all(p->facts, &sc_table_running, p->ordinal, true);
}

static void parse(sc_parse *p)
{
    mask system = {0}, idle = {0};
    uint64_t seen = 0;
    bool plain = true, has_idle; /* plain: no processor that a mask cannot hold */
    sc_frame_reader frames;
    sc_frames_begin(&frames, p, SC_STACK_PROCESSOR, NULL, p->section->processor);
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text);
        mask m;
        entry e;
        bool wrapped;
        if (read_mask(text, "System Processors", &m)) {
            close_list(p, &system, &idle, seen, plain);
            system = m;
            idle = (mask){0};
            seen = 0;
            plain = true;
            sc_take(p, l);
        } else if (read_mask(text, "Idle Processors", &idle) || is_head(text, &has_idle) ||
                   sc_starts(text, "All processors idle")) {
            sc_take(p, l);
        } else if (read_processor(p, l, &e, &wrapped)) {
            sc_frames_end(&frames);
            sc_frames_begin(&frames, p, SC_STACK_PROCESSOR, &e.current, (int)e.processor);
            sc_row *r = add_entry(p, l, &e, &idle);
            if (wrapped) {
                const sc_line *rest = sc_next(p);
                sc_take(p, rest);
                r->last_line = rest->last;
            }
            plain = plain && e.processor < 64;
            if (e.processor < 64) seen |= UINT64_C(1) << e.processor;
        } else {
            sc_frames_line(&frames, l);
        }
    }
    sc_frames_end(&frames);
    p->section->complete = false; /* not what a stack in it thinks */
    close_list(p, &system, &idle, seen, plain);
}

static const sc_table *const tables[] = {&sc_table_running, NULL};
static const char *const absorbs[] = {"k", NULL};
const sc_command sc_command_running = {
    .name = "!running",
    .doc = "The threads that processors run and run next, with -t their stacks, with -i also of idle processors",
    .proof = "a line for each processor of the mask of system processors that the mask of idle ones does not name",
    .query = "SELECT processor, hex64(current_thread) FROM running WHERE NOT in_idle_mask",
    .tables = tables,
    .taste = taste,
    .absorbs = absorbs,
    .parse = parse,
};
