/* !wdfkd.wdflogdump: the in-flight log of the driver framework. [the debugger's reference on ACX
 * drivers; the closing line from knowledge]
 *
 *     0: kd> !wdflogdump AcxHdAudio.sys -f
 *     There are 75 log entries
 *     --- start of log ---
 *     36844: FxPowerIdleMachine::ProcessEventLocked - WDFDEVICE 0x000049F6BEF1A848 entering power idle state ...
 *     ---- end of log ----
 *
 * Tables: wdf_log.
 * Query:  SELECT n, function, text FROM wdf_log ORDER BY n DESC LIMIT 20;
 */
#include "engine/facts/field.h"
#include "engine/facts/tables.h"

static const sc_column log_columns[] = {
    {"n", SC_INT, "number of the entry"},
    {"function", SC_TEXT, "who wrote it"},
    {"text", SC_TEXT, "what it says"},
};
enum { L_N, L_FUNCTION, L_TEXT };
const sc_table sc_table_wdf_log = {"wdf_log", "In-flight log of the driver framework", SC_NO_KEY,
                                   SC_COLUMNS(log_columns)};

/* `36844: FxPkgPnp::Dispatch - WDFDEVICE 0x... `, with the log's name in front where there are several. */
static bool read_entry(sc_span text, uint64_t *n, sc_span *function, sc_span *rest)
{
    sc_span head, word;
    if (!sc_cut(text, ": ", &head, rest)) return false;
    sc_scan c = sc_scan_of(head);
    if (!sc_dec(&c, n)) {
        c = sc_scan_of(head);
        if (!sc_word(&c, &word) || !sc_dec(&c, n)) return false;
    }
    if (!sc_at_end(&c) || *n > INT64_MAX) return false;
    return sc_cut(*rest, " - ", function, rest) && function->n && sc_find_char(sc_trim(*function), ' ') == SC_NPOS;
}

/* Other programs begin their logs the same way: an entry of the framework must follow. */
static sc_taste taste_log(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0}, function, rest;
    uint64_t v;
    if (!sc_starts(text, "--- start of log ---")) return SC_ABSTAIN;
    size_t at = 0;
    return read_entry(sc_ahead(lines, n, &at), &v, &function, &rest) ? SC_STRONG : SC_ABSTAIN;
}

static void parse_log(sc_parse *p)
{
    bool open = false, any = false, ended = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text), function, rest;
        uint64_t n;
        if (sc_starts(text, "--- start of log ---")) {
            open = true;
            sc_take(p, l);
        } else if (sc_find(text, "end of log ---") != SC_NPOS) {
            ended = open;
            open = false;
            sc_take(p, l);
        } else if (sc_starts(text, "Trace searchpath is:") || sc_starts(text, "Trace format prefix is:") ||
                   sc_starts(text, "Trying to extract TMF") || sc_starts(text, "Gather log:") ||
                   sc_ends(text, "% read so far") || sc_starts(text, "There are ")) {
            sc_take(p, l);
        } else if (open && read_entry(text, &n, &function, &rest)) {
            sc_row *r = sc_add(p, &sc_table_wdf_log, l);
            sc_set_int(r, L_N, (int64_t)n);
            sc_set_text(r, L_FUNCTION, sc_trim(function));
            sc_set_text(r, L_TEXT, sc_trim(rest));
            any = true;
        }
    }
    if (any) sc_cover_all(p->facts, &sc_table_wdf_log, p->ordinal, false);
    if (any && ended) sc_complete(p);
}

static const sc_table *const log_tables[] = {&sc_table_wdf_log, NULL};
static const char *const log_aliases[] = {"!wdfcrashdump", "!rcdrlogdump", NULL};
const sc_command sc_command_wdflogdump = {
    .name = "!wdflogdump",
    .aliases = log_aliases,
    .doc = "The in-flight log of the driver framework",
    .proof = "its last line, end of log",
    .query = "SELECT n, function, text FROM wdf_log ORDER BY n DESC LIMIT 20",
    .tables = log_tables,
    .taste = taste_log,
    .parse = parse_log,
};
