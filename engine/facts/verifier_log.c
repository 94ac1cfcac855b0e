/* What !verifier logs: changes of the level, faults that it injected. [sample verifier--verifier-151]
 *
 *     -----------------------------------------------
 *     Track irql trace log
 *     -----------------------------------------------
 *
 *     Displaying most recent 0x0000000000000004 entries from the IRQL transition log.
 *     There are up to 0x100 entries in the log.
 *
 *     Thread:             fffff80002bf8c40
 *     Old irql:           0000000000000002
 *     New irql:           0000000000000002
 *     Processor:          0000000000000000
 *     Time stamp:         000000000000495e
 *
 *         fffff8800420f2ca USBPORT!USBPORT_DM_IoTimerDpc+0x9a
 *         fffff80002a5b5bf nt!IopTimerDispatch+0x132
 *
 * The newest entry comes first.
 */
#include "engine/facts/verifier_log.h"

#include "engine/facts/field.h"
#include "engine/facts/symbol.h"

static const sc_column columns[] = {
    {"event", SC_INT, "number of the entry, 0 first, counted over the logs of one output"},
    {"log", SC_TEXT, "irql or fault-injection"},
    {"thread", SC_ADDR, "thread that it happened in"},
    {"old_irql", SC_INT, "level before"},
    {"new_irql", SC_INT, "level behind"},
    {"processor", SC_INT, "processor that it happened on"},
};
enum { EVENT, LOG, THREAD, OLD_IRQL, NEW_IRQL, PROCESSOR };
const sc_table sc_table_verifier_event = {"verifier_event", "Entries of Driver Verifier's logs", SC_NO_KEY,
                                          SC_COLUMNS(columns)};

static const sc_column frame_columns[] = {
    {"event", SC_INT, "entry that it belongs to"},
    {"n", SC_INT, "0 for the frame that did it, then its callers"},
    {"address", SC_ADDR, "return address"},
    {"symbol", SC_TEXT, "module!function; NULL for none"},
    {"module", SC_TEXT, "of the symbol; NULL for none"},
};
enum { F_EVENT, F_N, F_ADDRESS, F_SYMBOL, F_MODULE };
const sc_table sc_table_verifier_event_frame = {"verifier_event_frame", "Stacks of Driver Verifier's log entries",
                                                F_EVENT, SC_COLUMNS(frame_columns)};

static bool is_rule(sc_span text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '-') return false;
    return text.n >= 20;
}

static bool opens_log(sc_span text, const char **name)
{
    if (sc_ieq_z(text, "Track irql trace log"))
        *name = "irql";
    else if (sc_ieq_z(text, "Fault injection trace log"))
        *name = "fault-injection";
    else
        return false;
    return true;
}

static bool read_field(sc_verifier_log *log, sc_span text)
{
    static const struct {
        const char *label;
        int column; /* -1: of no use */
    } fields[] = {{"Old irql", OLD_IRQL}, {"New irql", NEW_IRQL}, {"Processor", PROCESSOR}, {"Time stamp", -1}};
    for (size_t i = 0; log->event && i < sizeof fields / sizeof *fields; i++) {
        sc_span value;
        uint64_t v;
        if (!sc_field(text, fields[i].label, &value)) continue;
        if (!sc_span_hex(value, &v)) return false;
        if (fields[i].column >= 0 && v <= UINT32_MAX) sc_set_int(log->event, fields[i].column, (int64_t)v);
        return true;
    }
    return false;
}

static bool read_frame(sc_parse *p, const sc_line *l, sc_verifier_log *log)
{
    sc_scan c = sc_scan_of(l->text);
    uint64_t address;
    sc_symbol symbol;
    if (!sc_addr(&c, &address, NULL)) return false;
    bool named = sc_symbol_scan(&c, &symbol) && symbol.name.n;
    if (!sc_at_end(&c)) return false;
    sc_row *r = sc_add(p, &sc_table_verifier_event_frame, l);
    sc_set_int(r, F_EVENT, log->events - 1);
    sc_set_int(r, F_N, log->frames++);
    sc_set_addr(r, F_ADDRESS, address);
    if (named) {
        sc_set_text(r, F_SYMBOL, symbol.name);
        sc_set_text(r, F_MODULE, symbol.module);
    } else {
        sc_set_null(r, F_SYMBOL);
        sc_set_null(r, F_MODULE);
    }
    return true;
}

/* Sentences about the log itself. */
static bool is_detail(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t n;
    if (sc_lit(&c, "Displaying most recent")) return sc_hex(&c, &n) && sc_lit(&c, "entries from the");
    if (sc_lit(&c, "There are up to")) return sc_hex(&c, &n) && sc_lit(&c, "entries in the log");
    return sc_eq_z(text, "Driver Verifier didn't inject any faults.");
}

bool sc_verifier_log_line(sc_parse *p, const sc_line *l, sc_verifier_log *log)
{
    sc_span text = sc_trim(l->text), value;
    uint64_t thread;
    if (opens_log(text, &log->name)) {
        log->event = NULL;
    } else if (is_rule(text)) {
        const sc_line *next = sc_peek(p);
        const char *name;
        if (!log->name && !(next && opens_log(sc_trim(next->text), &name))) return false;
    } else if (!log->name) {
        return false;
    } else if (sc_field(text, "Thread", &value) && sc_span_addr(value, &thread, NULL)) {
        log->event = sc_add(p, &sc_table_verifier_event, l);
        log->frames = 0;
        sc_set_int(log->event, EVENT, log->events++);
        sc_set_text(log->event, LOG, sc_span_z(log->name));
        sc_set_addr(log->event, THREAD, thread);
    } else if (!read_field(log, text)) {
        bool frame = log->event && read_frame(p, l, log);
        if (!frame && !is_detail(text)) return false;
    }
    sc_take(p, l);
    if (log->event) log->event->last_line = l->last;
    return true;
}

/* ---- The rest of the output ---- */

bool sc_verifier_detail(sc_span text)
{
    static const char *const starts[] = {"STANDARD FLAGS:",
                                         "ADDITIONAL FLAGS:",
                                         "[X] Indicates",
                                         "Entry     State",
                                         "Current Pool ",
                                         "Peak Pool ",
                                         "Contiguous Memory Bytes",
                                         "Peak Contiguous Memory",
                                         "Pool Allocations:",
                                         "Pool Allocation Statistics:",
                                         "PoolAddress ",
                                         "Address     Length",
                                         "----------  ----------"};
    /* the older form's options: whole lines, because prose about Verifier starts like them [seed 003, 0xF4] */
    static const char *const options[] = {"Special pool", "Special irql", "Inject random low-resource API failures",
                                          "All pool allocations checked on unload"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (sc_istarts(text, starts[i])) return true;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (sc_ieq_z(text, options[i])) return true;
    return sc_ends(text, " enabled") && text.n < 40; /* the older form's options */
}
