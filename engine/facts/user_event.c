/* What a user-mode debugger reports without being asked: exceptions, stops of Application Verifier, positions in a
 * recorded trace. [samples trapframe_regs--application-verifier-*, trapframe_regs--time-travel-*]
 *
 *     (336c.264c): Break instruction exception - code 80000003 (first chance)
 *     VERIFIER STOP 00000300: pid 0x558: invalid handle exception for current stack trace
 *     Time Travel Position: 15:0
 *
 * A paste that is of user mode by such a line is read by nobody; rows come of it when a kernel debugger shows it.
 *
 * Table: user_event.
 * Query: SELECT kind, printf('%x', code) FROM user_event;
 */
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"kind", SC_TEXT, "exception, verifier-stop or other"},
    {"code", SC_INT, "code of the exception or of the stop"},
};
enum { KIND, CODE };
const sc_table sc_table_user_event = {"user_event", "What happened in user mode", SC_NO_KEY, SC_COLUMNS(columns)};

static sc_taste taste(const sc_line *lines, size_t n)
{
    return n && sc_user_event(lines[0].text) ? SC_WEAK : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    static const struct {
        const char *before, *kind;
    } kinds[] = {{"VERIFIER STOP ", "verifier-stop"}, {" - code ", "exception"}};
    for (const sc_line *l; (l = sc_next(p));) {
        if (!sc_user_event(l->text)) continue;
        sc_row *r = sc_add(p, &sc_table_user_event, l);
        sc_set_text(r, KIND, sc_span_z("other"));
        for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
            size_t at = sc_find(l->text, kinds[i].before);
            uint64_t code;
            if (at == SC_NPOS) continue;
            sc_scan c = sc_scan_of(sc_span_from(l->text, at + sc_span_z(kinds[i].before).n));
            if (!sc_hex(&c, &code) || code > UINT32_MAX) continue;
            sc_set_text(r, KIND, sc_span_z(kinds[i].kind));
            sc_set_int(r, CODE, (int64_t)code);
            break;
        }
        sc_complete(p);
    }
}

static const sc_table *const tables[] = {&sc_table_user_event, NULL};
const sc_command sc_command_user_event = {
    .name = "(user mode)",
    .doc = "What a user-mode debugger reports by itself; shows that a paste is of user mode",
    .proof = "nothing: each line tells itself",
    .query = "SELECT kind, printf('%x', code) FROM user_event",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
