/* !dpcwatchdog: how long each processor has been in deferred procedure calls, and how long it may be. [no sample:
 * the debugger's documentation has no page of it. The labels are those of forum analyses of bug check 0x133; others are
 * passed over]
 *
 *     7: kd> !dpcwatchdog
 *     All durations are in seconds (1 System tick = 15.625000 milliseconds)
 *     Circular Kernel Context Logger history: !logdump 0x2
 *     DPC and ISR stats: !intstats /d
 *     --------------------------------------------------
 *     CPU#7
 *     --------------------------------------------------
 *     Current DPC: acmenic!InterruptDpc (Normal DPC)
 *     Debugger Saved IRQL: 13
 *     Cumulative DPC Time Limit: 120.000 seconds
 *     Current Cumulative DPC Time: 20.125 seconds
 *     Single DPC Time Limit: 20.000 seconds
 *     Current Single DPC Time: 20.000 seconds
 *     Pending DPCs:
 *     ----------------------------------------
 *     CPU Type      KDPC       Function
 *      7: Normal  : 0xffffe40b77a1e4c8 0xfffff880045a1120 acmedisk!Dpc
 *
 * "No Active DPC" stands where none runs, "dpcs: no pending DPCs found" where none waits.
 *
 * Tables: dpc_watchdog; dpc, what waits (engine/facts/processor.c).
 * Query:  SELECT processor, symbol, single_seconds FROM dpc_watchdog WHERE single_seconds >= single_limit;
 */
#include "engine/facts/dpc.h"
#include "engine/facts/field.h"
#include "engine/facts/symbol.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"processor", SC_INT, "number of the processor"},
    {"active", SC_BOOL, "a deferred procedure call runs on it"},
    {"symbol", SC_TEXT, "module!function of that call; NULL when none runs"},
    {"module", SC_TEXT, "of the symbol; NULL when none runs"},
    {"kind", SC_TEXT, "normal or threaded; NULL when none runs"},
    {"irql", SC_INT, "interrupt request level that the debugger saved"},
    {"cumulative_limit", SC_REAL, "seconds that the processor may stay at DISPATCH_LEVEL or above"},
    {"cumulative_seconds", SC_REAL, "seconds that it has been there"},
    {"single_limit", SC_REAL, "seconds that one call may take"},
    {"single_seconds", SC_REAL, "seconds that the current one has taken"},
    {"tick_ms", SC_REAL, "milliseconds of a system tick"},
    {"pending", SC_INT, "calls that wait in the processor's queue; table dpc has them"},
};
enum {
    PROCESSOR,
    ACTIVE,
    SYMBOL,
    MODULE,
    KIND,
    IRQL,
    CUMULATIVE_LIMIT,
    CUMULATIVE_SECONDS,
    SINGLE_LIMIT,
    SINGLE_SECONDS,
    TICK_MS,
    PENDING
};
const sc_table sc_table_dpc_watchdog = {"dpc_watchdog", "Time that processors spend in deferred procedure calls",
                                        PROCESSOR, SC_COLUMNS(columns)};

/* `15.625000`: at most nine digits on either side. */
static bool read_real(sc_scan *c, double *value)
{
    sc_scan t = *c;
    uint64_t whole, part;
    if (!sc_dec(&t, &whole) || whole > 999999999) return false;
    *value = (double)whole;
    if (t.end - t.p > 1 && *t.p == '.' && sc_is_digit(t.p[1])) {
        const char *start = ++t.p;
        if (!sc_dec(&t, &part) || t.p - start > 9) return false;
        double scale = 1;
        for (const char *p = start; p < t.p; p++) scale *= 10;
        *value += (double)part / scale;
    }
    *c = t;
    return true;
}

/* `All durations are in seconds (1 System tick = 15.625000 milliseconds)` */
static bool read_tick(sc_span text, double *tick)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "All durations are in seconds (1 System tick =") && read_real(&c, tick) &&
           sc_lit(&c, "milliseconds)");
}

static bool is_rule(sc_span text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '-') return false;
    return text.n >= 8;
}

/* `CPU#7`, and below it what it runs: others write CPU#7 too. */
static bool read_cpu(const sc_line *lines, size_t n, uint64_t *processor)
{
    sc_scan c = sc_scan_of(lines[0].text);
    if (!sc_lit(&c, "CPU#") || !sc_dec(&c, processor) || *processor >= 4096 || !sc_at_end(&c)) return false;
    size_t at = 0;
    sc_span next = sc_ahead(lines, n, &at);
    if (is_rule(next)) next = sc_ahead(lines, n, &at);
    return sc_starts(next, "Current DPC: ");
}

/* `acmenic!InterruptDpc (Normal DPC)`, `No Active DPC` */
static bool read_current(sc_row *r, sc_span text)
{
    sc_span value;
    sc_symbol symbol;
    if (!sc_field(text, "Current DPC", &value)) return false;
    bool active = !sc_ieq_z(value, "No Active DPC");
    if (!active) {
        sc_set_bool(r, ACTIVE, false);
        for (int column = SYMBOL; column <= KIND; column++) sc_set_null(r, column);
        return true;
    }
    sc_scan c = sc_scan_of(value);
    if (!sc_symbol_scan(&c, &symbol)) return false;
    sc_set_bool(r, ACTIVE, true);
    if (symbol.name.n) {
        sc_set_text(r, SYMBOL, symbol.name);
        sc_set_text(r, MODULE, symbol.module);
    }
    if (sc_lit(&c, "(Normal")) sc_set_text(r, KIND, SC_S("normal"));
    if (sc_lit(&c, "(Threaded")) sc_set_text(r, KIND, SC_S("threaded"));
    return true;
}

static bool read_time(sc_row *r, sc_span text)
{
    static const struct {
        const char *label;
        int column;
    } times[] = {{"Cumulative DPC Time Limit", CUMULATIVE_LIMIT},
                 {"Current Cumulative DPC Time", CUMULATIVE_SECONDS},
                 {"Single DPC Time Limit", SINGLE_LIMIT},
                 {"Current Single DPC Time", SINGLE_SECONDS}};
    sc_span value;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        double seconds;
        if (!sc_field(text, times[i].label, &value)) continue;
        sc_scan c = sc_scan_of(value);
        if (!read_real(&c, &seconds) || !(sc_at_end(&c) || sc_lit(&c, "second"))) return false;
        sc_set_real(r, times[i].column, seconds);
        return true;
    }
    uint64_t irql;
    if (!sc_field(text, "Debugger Saved IRQL", &value) || !sc_span_dec(value, &irql) || irql > 31) return false;
    sc_set_int(r, IRQL, (int64_t)irql);
    return true;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0};
    uint64_t processor;
    double tick;
    if (text.n < 5) return SC_ABSTAIN;
    if (text.p[0] == 'A') return read_tick(text, &tick) ? SC_STRONG : SC_ABSTAIN;
    return text.p[0] == 'C' && read_cpu(lines, n, &processor) ? SC_STRONG : SC_ABSTAIN;
}

/* `closed`: nothing more can follow about this processor. */
static void close_row(sc_parse *p, sc_row *r, int64_t pending, bool listed, bool closed)
{
    if (!r) return;
    if (listed && closed) sc_set_int(r, PENDING, pending);
    bool whole = listed && closed && sc_has(r, ACTIVE);
    for (int column = CUMULATIVE_LIMIT; whole && sc_get_int(r, ACTIVE) && column <= SINGLE_SECONDS; column++)
        whole = sc_has(r, column);
    sc_cover_int(p->facts, &sc_table_dpc_watchdog, sc_get_int(r, PROCESSOR), p->ordinal, whole);
}

static bool is_note(sc_span text)
{
    return sc_starts(text, "Circular Kernel Context Logger history:") || sc_starts(text, "DPC and ISR stats:");
}

static void parse(sc_parse *p)
{
    sc_row *r = NULL;
    int64_t pending = 0;
    bool listed = false, has_tick = false, stray = false; /* stray: this line may be a piece of what was cut off */
    double tick;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text);
        uint64_t processor;
        stray = false;
        if (read_tick(text, &tick)) {
            close_row(p, r, pending, listed, true);
            r = NULL;
            has_tick = true;
            sc_take(p, l);
        } else if (read_cpu(l, p->n - (p->at - 1), &processor)) {
            close_row(p, r, pending, listed, true);
            r = sc_add(p, &sc_table_dpc_watchdog, l);
            sc_set_int(r, PROCESSOR, (int64_t)processor);
            if (has_tick) sc_set_real(r, TICK_MS, tick);
            pending = 0;
            listed = false;
        } else if (is_rule(text) || is_note(text)) {
            sc_take(p, l);
        } else if (r && (read_current(r, text) || read_time(r, text) || sc_dpc_head(text) ||
                         sc_eq_z(text, "Pending DPCs:"))) {
            sc_take(p, l);
            r->last_line = l->last;
            listed = listed || sc_dpc_head(text);
        } else if (r && sc_dpc_line(p, l)) {
            r->last_line = l->last;
            sc_scan c = sc_scan_of(text); /* !dpcs may follow, about all processors */
            if (!sc_dec(&c, &processor) || (int64_t)processor == sc_get_int(r, PROCESSOR)) pending++;
        } else if (r && sc_find(text, "no pending DPCs found") != SC_NPOS) {
            sc_take(p, l);
            r->last_line = l->last;
            close_row(p, r, 0, true, true);
            r = NULL;
        } else {
            stray = true;
        }
    }
    close_row(p, r, pending, listed, !stray && sc_goes_on(p));
    sc_cover_all(p->facts, &sc_table_dpc, p->ordinal, false);
}

static const sc_table *const tables[] = {&sc_table_dpc_watchdog, &sc_table_dpc, NULL};
static const char *const absorbs[] = {"!dpcs", NULL};
const sc_command sc_command_dpcwatchdog = {
    .name = "!dpcwatchdog",
    .doc = "How long processors have been in deferred procedure calls, how long they may be, and what waits",
    .proof = "nothing: the list of processors has no end mark; a processor's part ends where the next one begins",
    .query = "SELECT processor, symbol, single_seconds FROM dpc_watchdog WHERE single_seconds >= single_limit",
    .tables = tables,
    .taste = taste,
    .absorbs = absorbs,
    .parse = parse,
};
