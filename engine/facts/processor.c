/* !pcr, !prcb and !dpcs: what a processor was doing, and the deferred procedure calls that wait for it. [samples
 * pcr--*, prcb--*, dpcs--*]
 *
 *     0: kd> !pcr
 *     KPCR for Processor 0 at fffff8035f5a4000:
 *         Major 1 Minor 1
 *                     Prcb: fffff8035f5a4180
 *                     Irql: 0000000000000000
 *            CurrentThread: fffff80364926a00
 *               NextThread: ffffe40b77c12040
 *               IdleThread: fffff80364926a00
 *                 DpcQueue:  0x80168ee0 0x80100d04 ntoskrnl!KiTimerExpiration
 *
 *     kd> !prcb
 *     PRCB for Processor 0 at e0000000818ba000:
 *     Current IRQL -- 13
 *     Threads--  Current e0000000818bbe10 Next 0000000000000000 Idle e0000000818bbe10
 *
 *     3: kd> !dpcs
 *     CPU Type      KDPC       Function
 *      0: Threaded: 0xfffff8035f5ac3d8 0xfffff80363f27d70 nt!KiDpcWatchdog
 *     Failed to read DPC at 0xffffe40b77190dd8
 *
 * On x64 most fields of !pcr are zero, the level among them: it is no evidence.
 *
 * Tables: processor_state, dpc.
 * Query:  SELECT processor, symbol FROM dpc WHERE third_party(module);
 */
#include "engine/facts/dpc.h"
#include "engine/facts/field.h"
#include "engine/facts/symbol.h"
#include "engine/facts/tables.h"

static const sc_column state_columns[] = {
    {"processor", SC_INT, "number of the processor"},
    {"address", SC_ADDR, "its KPCR (!pcr) or PRCB (!prcb)"},
    {"prcb", SC_ADDR, "its PRCB"},
    {"irql", SC_INT, "interrupt request level; 0 in !pcr of x64 says nothing"},
    {"current_thread", SC_ADDR, "thread that runs on it"},
    {"next_thread", SC_ADDR, "thread that runs next; NULL for none"},
    {"idle_thread", SC_ADDR, "its idle thread"},
    {"idle", SC_BOOL, "the idle thread runs"},
};
enum { S_PROCESSOR, S_ADDRESS, S_PRCB, S_IRQL, S_CURRENT, S_NEXT, S_IDLE_THREAD, S_IDLE };
const sc_table sc_table_processor_state = {"processor_state", "What processors were doing", S_PROCESSOR,
                                           SC_COLUMNS(state_columns)};

static const sc_column dpc_columns[] = {
    {"processor", SC_INT, "number of the processor that it is queued for"},
    {"kind", SC_TEXT, "normal or threaded"},
    {"kdpc", SC_ADDR, "the KDPC"},
    {"routine", SC_ADDR, "its routine; not known when the KDPC could not be read"},
    {"symbol", SC_TEXT, "module!function of the routine"},
    {"module", SC_TEXT, "of the symbol"},
    {"readable", SC_BOOL, "false when the debugger could not read it"},
};
enum { D_PROCESSOR, D_KIND, D_KDPC, D_ROUTINE, D_SYMBOL, D_MODULE, D_READABLE };
const sc_table sc_table_dpc = {"dpc", "Deferred procedure calls in the queues", SC_NO_KEY, SC_COLUMNS(dpc_columns)};

/* `KPCR for Processor 0 at fffff8035f5a4000:`, in Windows 2000 `PCR Processor 0 @ffdff000` */
static bool read_head(sc_span text, const char *what, uint64_t *processor, uint64_t *address, int *digits)
{
    sc_scan c = sc_scan_of(text);
    if (sc_lit(&c, "PCR Processor"))
        return what[0] == 'K' && sc_dec(&c, processor) && *processor < 4096 && sc_lit(&c, "@") &&
               sc_addr(&c, address, digits) && sc_at_end(&c);
    return sc_lit(&c, what) && sc_lit(&c, "for Processor") && sc_dec(&c, processor) && *processor < 4096 &&
           sc_lit(&c, "at") && sc_addr(&c, address, digits) && sc_lit(&c, ":");
}

static void set_thread(sc_row *r, int column, uint64_t v)
{
    if (v)
        sc_set_addr(r, column, v);
    else if (column == S_NEXT)
        sc_set_null(r, column);
}

static bool read_pcr_field(sc_row *r, sc_span text)
{
    static const struct {
        const char *label;
        int column; /* -1: of no use */
    } fields[] = {
        {"Prcb", S_PRCB},
        {"Irql", S_IRQL},
        {"CurrentThread", S_CURRENT},
        {"NextThread", S_NEXT},
        {"IdleThread", S_IDLE_THREAD},
        {"NtTib.ExceptionList", -1},
        {"NtTib.StackBase", -1},
        {"NtTib.StackLimit", -1},
        {"NtTib.SubSystemTib", -1},
        {"NtTib.Version", -1},
        {"NtTib.UserPointer", -1},
        {"NtTib.SelfTib", -1},
        {"SelfPcr", -1},
        {"IRR", -1},
        {"IDR", -1},
        {"InterruptMode", -1},
        {"IDT", -1},
        {"GDT", -1},
        {"TSS", -1},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        sc_span value;
        uint64_t v;
        if (!sc_field(text, fields[i].label, &value)) continue;
        if (!sc_span_hex(value, &v)) return false;
        if (fields[i].column == S_IRQL)
            sc_set_int(r, S_IRQL, (int64_t)(v & 0xff));
        else if (fields[i].column >= 0)
            set_thread(r, fields[i].column, v);
        return true;
    }
    sc_scan c = sc_scan_of(text);
    uint64_t n;
    return sc_lit(&c, "Major") && sc_dec(&c, &n) && sc_lit(&c, "Minor");
}

static void close_state(sc_parse *p, sc_row *r)
{
    if (!r) return;
    bool whole = sc_has(r, S_CURRENT) && sc_has(r, S_IDLE_THREAD);
    if (whole) sc_set_bool(r, S_IDLE, sc_get_addr(r, S_CURRENT) == sc_get_addr(r, S_IDLE_THREAD));
    sc_cover_int(p->facts, &sc_table_processor_state, sc_get_int(r, S_PROCESSOR), p->ordinal, whole);
    if (whole) sc_complete(p);
}

static sc_row *new_state(sc_parse *p, const sc_line *l, uint64_t processor, uint64_t address, int digits)
{
    sc_row *r = sc_add(p, &sc_table_processor_state, l);
    sc_set_int(r, S_PROCESSOR, (int64_t)processor);
    sc_set_addr(r, S_ADDRESS, address);
    sc_note_width(p->facts, digits);
    return r;
}

/* ---- Deferred procedure calls ---- */

/* ` 0: Threaded: 0xfffff8035f5ac3d8 0xfffff80363f27d70 nt!KiDpcWatchdog`, and without processor and kind in !pcr */
static bool read_dpc(sc_parse *p, const sc_line *l, sc_scan c, uint64_t processor, const char *kind)
{
    uint64_t kdpc, routine;
    sc_symbol symbol;
    if (!sc_addr(&c, &kdpc, NULL) || !sc_addr(&c, &routine, NULL)) return false;
    bool named = sc_symbol_scan(&c, &symbol);
    if (!named && !sc_at_end(&c)) return false;
    sc_row *r = sc_add(p, &sc_table_dpc, l);
    sc_set_int(r, D_PROCESSOR, (int64_t)processor);
    sc_set_text(r, D_KIND, sc_span_z(kind));
    sc_set_addr(r, D_KDPC, kdpc);
    sc_set_addr(r, D_ROUTINE, routine);
    sc_set_bool(r, D_READABLE, true);
    if (named && symbol.name.n) {
        sc_set_text(r, D_SYMBOL, symbol.name);
        sc_set_text(r, D_MODULE, symbol.module);
    }
    return true;
}

bool sc_dpc_line(sc_parse *p, const sc_line *l)
{
    sc_scan c = sc_scan_of(sc_trim(l->text));
    uint64_t processor, kdpc;
    if (sc_lit(&c, "Failed to read DPC at")) {
        if (!sc_addr(&c, &kdpc, NULL)) return false;
        sc_row *r = sc_add(p, &sc_table_dpc, l);
        sc_set_addr(r, D_KDPC, kdpc);
        sc_set_bool(r, D_READABLE, false);
        return true;
    }
    if (!sc_dec(&c, &processor) || processor > 4096 || !sc_lit(&c, ":")) return false;
    const char *kind = sc_lit(&c, "Normal") ? "normal" : sc_lit(&c, "Threaded") ? "threaded" : NULL;
    return kind && sc_lit(&c, ":") && read_dpc(p, l, c, processor, kind);
}

static sc_taste taste_head(const sc_line *lines, size_t n, const char *what)
{
    uint64_t processor, address;
    return n && read_head(sc_ltrim(lines[0].text), what, &processor, &address, NULL) ? SC_STRONG : SC_ABSTAIN;
}

static sc_taste taste_pcr(const sc_line *l, size_t n)
{
    return taste_head(l, n, "KPCR");
}
static sc_taste taste_prcb(const sc_line *l, size_t n)
{
    return taste_head(l, n, "PRCB");
}

bool sc_dpc_head(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "CPU") && sc_lit(&c, "Type") && sc_lit(&c, "KDPC") && sc_lit(&c, "Function");
}

static sc_taste taste_dpcs(const sc_line *lines, size_t n)
{
    return n && sc_dpc_head(lines[0].text) ? SC_STRONG : SC_ABSTAIN;
}

static void parse_pcr(sc_parse *p)
{
    sc_row *r = NULL;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text), queue;
        uint64_t processor, address;
        int digits;
        if (read_head(text, "KPCR", &processor, &address, &digits)) {
            close_state(p, r);
            r = new_state(p, l, processor, address, digits);
        } else if (r && sc_field(text, "DpcQueue", &queue)) {
            sc_take(p, l); /* may be empty */
            read_dpc(p, l, sc_scan_of(queue), (uint64_t)sc_get_int(r, S_PROCESSOR), "normal");
        } else if (r && (read_pcr_field(r, text) ||
                         read_dpc(p, l, sc_scan_of(text), (uint64_t)sc_get_int(r, S_PROCESSOR), "normal"))) {
            sc_take(p, l);
            r->last_line = l->last;
        }
    }
    close_state(p, r);
}

static bool read_prcb_line(sc_row *r, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t v;
    if (sc_lit(&c, "Current IRQL --")) {
        if (!sc_dec(&c, &v)) return false;
        sc_set_int(r, S_IRQL, (int64_t)v);
        return true;
    }
    if (!sc_lit(&c, "Threads--"))
        return sc_starts(text, "Number ") || sc_starts(text, "Processor Index ") ||
               sc_starts(text, "Interrupt Count --") || sc_starts(text, "Times -- ") || sc_starts(text, "Kernel ");
    if (sc_lit(&c, "Current") && sc_addr(&c, &v, NULL)) set_thread(r, S_CURRENT, v);
    if (sc_lit(&c, "Next") && sc_addr(&c, &v, NULL)) set_thread(r, S_NEXT, v);
    if (sc_lit(&c, "Idle") && sc_addr(&c, &v, NULL)) set_thread(r, S_IDLE_THREAD, v);
    return true;
}

static void parse_prcb(sc_parse *p)
{
    sc_row *r = NULL;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text);
        uint64_t processor, address;
        int digits;
        if (read_head(text, "PRCB", &processor, &address, &digits)) {
            close_state(p, r);
            r = new_state(p, l, processor, address, digits);
            sc_set_addr(r, S_PRCB, address);
        } else if (r && read_prcb_line(r, text)) {
            sc_take(p, l);
            r->last_line = l->last;
        }
    }
    close_state(p, r);
}

static void parse_dpcs(sc_parse *p)
{
    for (const sc_line *l; (l = sc_next(p));)
        if (sc_dpc_head(l->text) || sc_dpc_line(p, l)) sc_take(p, l);
    sc_cover_all(p->facts, &sc_table_dpc, p->ordinal, false);
}

static const sc_table *const tables[] = {&sc_table_processor_state, &sc_table_dpc, NULL};
static const sc_table *const dpcs_tables[] = {&sc_table_dpc, NULL};
const sc_command sc_command_pcr = {
    .name = "!pcr",
    .doc = "The control region of a processor: its threads, level and queue of deferred procedure calls",
    .proof = "current and idle thread",
    .query = "SELECT processor, idle FROM processor_state",
    .tables = tables,
    .taste = taste_pcr,
    .parse = parse_pcr,
};
const sc_command sc_command_prcb = {
    .name = "!prcb",
    .doc = "The control block of a processor: its threads and level",
    .proof = "current and idle thread",
    .query = "SELECT processor, irql, hex64(current_thread) FROM processor_state",
    .tables = tables,
    .taste = taste_prcb,
    .parse = parse_prcb,
};
const sc_command sc_command_dpcs = {
    .name = "!dpcs",
    .doc = "Deferred procedure calls that wait, processor by processor",
    .proof = "nothing: the list has no end mark",
    .query = "SELECT processor, symbol FROM dpc WHERE third_party(module)",
    .tables = dpcs_tables,
    .taste = taste_dpcs,
    .parse = parse_dpcs,
};
