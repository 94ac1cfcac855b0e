/* !ipi: what interprocessor interrupts each processor has sent or still owes an answer to.
 *
 * x64 [seed 000, and a public forum thread for the sender and receiver lines]
 *
 *     IPI State for Processor 0
 *       As a sender, awaiting IPI completion from processor(s) 2, 3.
 *       TargetCount     2 PacketBarrier    1 IpiFrozen   0 [Running]
 *     IPI State for Processor 3
 *       As a receiver, unhandled requests are pending from processor(s) 0.
 *       TargetCount     0 PacketBarrier    0 IpiFrozen   5 [Target Freeze]
 *       From processor 0, active request of type: packet ready
 *         WorkerRoutine fffff80003e76e30 (nt!FsRtlpNopStackOverflowRoutine)
 *
 * x86 [sample ipi--ipi-42]
 *
 *     IPI State for Processor 0
 *       Worker Routine:  nt!KiFlushTargetMultipleTb [Stale]
 *       IPI Frozen:      24 [FreezeActive] [Owner]
 *       Packet Barrier:  0
 *
 * Table: ipi.
 * Query: SELECT processor FROM ipi WHERE state = 5;
 *
 * Frozen is what a bug check does to every other processor: no evidence of anything. A processor that never answered is
 * still TargetFreeze, or Running without being the one that stopped the system.
 */
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"processor", SC_INT, "processor number"},
    {"state", SC_INT, "as a number: Running is 0, Frozen 2, Thaw 3, Owner 4, TargetFreeze 5"},
    {"state_name", SC_TEXT, "the state in words"},
    {"active", SC_BOOL, "the freeze is in force (0x20 beside the state)"},
    {"frozen", SC_BOOL, "stopped by the bug check, as all but one should be"},
    {"target_count", SC_INT, "processors that have yet to answer its request; x64 only"},
    {"packet_barrier", SC_INT, "not 0: it waits for the answers to its request"},
    {"awaits", SC_TEXT, "processors that owe it an answer, as listed; NULL when none does"},
    {"pending_from", SC_TEXT, "processors whose requests it has not handled, as listed; newer debuggers only"},
    {"worker", SC_TEXT, "symbol of the routine that a request asks to run"},
};
enum { PROCESSOR, STATE, STATE_NAME, ACTIVE, FROZEN, TARGET_COUNT, PACKET_BARRIER, AWAITS, PENDING_FROM, WORKER };
const sc_table sc_table_ipi = {"ipi", "Interprocessor interrupts per processor", PROCESSOR, SC_COLUMNS(columns)};

static const char HEADER[] = "IPI State for Processor";

/* The number behind a label, somewhere in the text; *rest (may be NULL) is what follows it. */
static bool number_behind(sc_span text, const char *label, bool hex, uint64_t *value, sc_span *rest)
{
    size_t at = sc_ifind(text, label);
    if (at == SC_NPOS) return false;
    sc_scan c = sc_scan_of(sc_span_from(text, at + sc_span_z(label).n));
    sc_lit(&c, ":");
    if (!(hex ? sc_hex(&c, value) : sc_dec(&c, value))) return false;
    if (rest) *rest = sc_rest(&c);
    return true;
}

static void set_state(sc_row *r, uint64_t value, sc_span rest)
{
    static const char *const names[16] = {
        [0] = "Running", [2] = "Frozen", [3] = "Thaw", [4] = "Owner", [5] = "TargetFreeze"};
    unsigned state = (unsigned)(value & 15);
    sc_set_int(r, STATE, (int64_t)state);
    sc_set_bool(r, ACTIVE, value & 0x20);
    sc_set_bool(r, FROZEN, state == 2);
    sc_scan c = sc_scan_of(rest);
    sc_span name = {0};
    if (sc_lit(&c, "[")) sc_until(&c, "]", &name);
    if (names[state])
        sc_set_text(r, STATE_NAME, sc_span_z(names[state]));
    else if (name.n)
        sc_set_text(r, STATE_NAME, sc_trim(name));
}

/* "... processor(s) 2, 3, 4." becomes "2, 3, 4"; *highest is the largest of them. */
static bool processor_list(sc_span text, const char *sentence, sc_span *list, uint64_t *highest)
{
    size_t at = sc_ifind(text, sentence);
    if (at == SC_NPOS) return false;
    sc_scan c = sc_scan_of(sc_span_from(text, at));
    sc_span skipped;
    if (!sc_until(&c, "processor(s)", &skipped)) return false;
    sc_blanks(&c);
    const char *start = c.p;
    uint64_t n;
    if (!sc_dec(&c, &n)) return false;
    do {
        if (n > *highest) *highest = n;
        *list = (sc_span){start, (size_t)(c.p - start)};
    } while (sc_lit(&c, ",") && sc_dec(&c, &n));
    return true;
}

static bool read_worker(sc_span text, sc_span *symbol)
{
    sc_scan c = sc_scan_of(text);
    uint64_t address;
    if (sc_ilit(&c, "WorkerRoutine"))
        return sc_addr(&c, &address, NULL) && sc_lit(&c, "(") && sc_until(&c, ")", symbol);
    return sc_ilit(&c, "Worker Routine:") && sc_word(&c, symbol) && sc_find_char(*symbol, '!') != SC_NPOS;
}

/* One line, or what follows the header on a flattened one. False when it tells nothing about the processor. */
static bool read_fields(sc_span text, sc_row *r, uint64_t *highest)
{
    uint64_t v;
    sc_span s;
    bool found = false;
    if (number_behind(text, "TargetCount", false, &v, NULL)) {
        sc_set_int(r, TARGET_COUNT, (int64_t)v);
        found = true;
    }
    if (number_behind(text, "PacketBarrier", false, &v, NULL) ||
        number_behind(text, "Packet Barrier:", true, &v, NULL)) {
        sc_set_int(r, PACKET_BARRIER, (int64_t)v);
        found = true;
    }
    if (number_behind(text, "IpiFrozen", true, &v, &s) || number_behind(text, "IPI Frozen:", true, &v, &s)) {
        set_state(r, v, s);
        found = true;
    }
    if (processor_list(text, "As a sender", &s, highest)) {
        sc_set_text(r, AWAITS, s);
        found = true;
    }
    if (processor_list(text, "As a receiver", &s, highest)) {
        sc_set_text(r, PENDING_FROM, s);
        found = true;
    }
    if (read_worker(text, &s)) {
        sc_set_text(r, WORKER, s);
        found = true;
    }
    return found;
}

/* Lines that are the command's, but hold no fact. */
static bool is_detail(sc_span text)
{
    static const char *const starts[] = {
        "Parameter[", "Ipi Trap Frame:", "Signal Done:", "Request Summary:", "Target Set:", "From processor "};
    text = sc_ltrim(text);
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (sc_istarts(text, starts[i])) return true;
    return false;
}

/* On x86 the parameters of a request look like those of an exception record; the trap frame's line follows them. */
static bool is_parameter(const sc_line *lines, size_t n)
{
    if (!sc_starts(sc_ltrim(lines[0].text), "Parameter[")) return false;
    for (size_t i = 1; i < n && i < 8; i++)
        if (sc_starts(sc_ltrim(lines[i].text), "Ipi Trap Frame:")) return true;
    return false;
}

/* "IPI State for": a header that was cut short, so a processor is missing. */
static bool is_cut_header(sc_span text)
{
    text = sc_trim(text);
    return text.n && text.n < sizeof HEADER && sc_ieq(text, (sc_span){HEADER, text.n});
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    if (!n) return SC_ABSTAIN;
    sc_scan c = sc_scan_of(lines[0].text);
    uint64_t processor;
    if (sc_ilit(&c, HEADER) && sc_dec(&c, &processor)) return SC_STRONG;
    return is_parameter(lines, n) ? SC_WEAK : SC_ABSTAIN;
}

/* The processor's lines are all in. *stopper: it is the one that stopped the others. */
static void close_row(sc_parse *p, sc_row *r, bool *stopper)
{
    if (!sc_has(r, STATE)) return;
    if (sc_get_int(r, STATE) == 0 || sc_get_int(r, STATE) == 4) *stopper = true;
    if (!sc_has(r, AWAITS) && sc_has(r, TARGET_COUNT) && !sc_get_int(r, TARGET_COUNT)) sc_set_null(r, AWAITS);
    sc_cover_int(p->facts, &sc_table_ipi, sc_get_int(r, PROCESSOR), p->ordinal, true);
}

static void parse(sc_parse *p)
{
    sc_row *r = NULL;
    uint64_t expected = 0, highest = 0;
    bool gapless = true; /* processors 0, 1, 2 ... each with its state */
    bool stopper = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = l->text;
        if (l->flags & SC_LINE_CUT) gapless = false;
        for (;;) { /* a flattened line holds several headers */
            size_t at = sc_ifind(text, HEADER);
            sc_span before = sc_span_sub(text, 0, at);
            if (r && (read_fields(before, r, &highest) || is_detail(before))) {
                sc_take(p, l);
                if (l->last > r->last_line) r->last_line = l->last;
            }
            if (is_cut_header(before)) gapless = false;
            if (at == SC_NPOS) break;
            sc_scan c = sc_scan_of(sc_span_from(text, at + sizeof HEADER - 1));
            uint64_t processor;
            text = sc_rest(&c);
            if (!sc_dec(&c, &processor)) {
                gapless = false;
                continue;
            }
            text = sc_rest(&c);
            if (r) close_row(p, r, &stopper);
            if (r && !sc_has(r, STATE)) gapless = false;
            if (processor != expected++) gapless = false;
            r = sc_add(p, &sc_table_ipi, l);
            sc_set_int(r, PROCESSOR, (int64_t)processor);
        }
    }
    if (!r) return;
    close_row(p, r, &stopper);
    if (!gapless || !stopper || !sc_has(r, STATE) || expected < 2 || highest >= expected) return;
    sc_complete(p);
    sc_cover_all(p->facts, &sc_table_ipi, p->ordinal, true);
}

static const sc_table *const tables[] = {&sc_table_ipi, NULL};
const sc_command sc_command_ipi = {
    .name = "!ipi",
    .doc = "Interprocessor interrupts: which processors are frozen, which still owe an answer",
    .proof = "processors 0, 1, 2 ... without a gap, each with its state, the one that stopped the others "
             "among them, and none named that is not listed",
    .query = "SELECT processor FROM ipi WHERE state = 5",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
