/* The bug check: code and parameters, wherever the paste shows them. [all seeds, samples analyze--*, stopscreen--*]
 *
 *     BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}
 *
 *     UNEXPECTED_KERNEL_MODE_TRAP (7f)
 *     ...
 *     Arguments:
 *     Arg1: 0000000000000008, EXCEPTION_DOUBLE_FAULT
 *     Arg2: ffffd78058b61e50
 *
 *     0: kd> .bugcheck
 *     Bugcheck code 00000101
 *     Arguments 00000000`00000031 00000000`00000000 fffff880`03165180 00000000`00000002
 *
 * engine/facts/identity.c reads the forms, derive_bugcheck.c merges what they say into one row.
 *
 * Tables: bugcheck (one row per crash, or none), bugcheck_seen (one per place).
 * Query:  SELECT printf('0x%X', code), source FROM bugcheck WHERE arg1 = 8;
 */
#include "engine/facts/bugcheck.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"code", SC_INT, "bug check code; 0x7E for 0x1000007E"},
    {"name", SC_TEXT, "its symbolic name"},
    {"arg1", SC_ADDR, "first parameter, in the target's width"},
    {"arg2", SC_ADDR, "second parameter"},
    {"arg3", SC_ADDR, "third parameter"},
    {"arg4", SC_ADDR, "fourth parameter"},
    {"source", SC_TEXT, "where the code was read: analyze, line, header, event, stack, prose; strongest first"},
    {"original", SC_INT, "the code as printed, 0x1000007E"},
};
const sc_table sc_table_bugcheck = {"bugcheck", "The crash's bug check, merged from every place that shows it",
                                    SC_NO_KEY, SC_COLUMNS(columns)};
const sc_table sc_table_bugcheck_seen = {"bugcheck_seen", "Every place that shows the bug check", SC_NO_KEY,
                                         SC_COLUMNS(columns)};

bool sc_identity_take(sc_parse *p)
{
    sc_identity id;
    size_t at = p->at - 1;
    if (!sc_identity_read(p->facts->knowledge, p->lines + at, p->n - at, &id)) return false;
    for (size_t i = at; i < at + id.n_lines && i < p->n; i++) {
        if (!p->lines[i].text.n) continue;
        sc_take(p, &p->lines[i]);
        sc_scan c = sc_scan_of(sc_ltrim(p->lines[i].text));
        uint64_t v;
        int digits;
        if (sc_starts(sc_rest(&c), "Arg") && sc_find_char(sc_rest(&c), ':') == 4) {
            c.p += 5;
            if (sc_addr(&c, &v, &digits)) sc_note_width(p->facts, digits);
        }
    }
    if (id.n_lines) p->at = at + id.n_lines < p->n ? at + id.n_lines : p->n;
    return true;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    static const sc_knowledge none;
    sc_identity id;
    return sc_identity_read(&none, lines, n, &id) ? SC_STRONG : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    while (sc_next(p))
        if (sc_identity_take(p)) sc_complete(p);
}

static const sc_table *const tables[] = {&sc_table_bugcheck, &sc_table_bugcheck_seen, NULL};
const sc_command sc_command_bugcheck = {
    .name = "(bugcheck)",
    .doc = "The bug check as debuggers, stop screens and event logs show it",
    .proof = "its own lines",
    .query = "SELECT printf('0x%X', code), source FROM bugcheck WHERE arg1 = 8",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
static const char *const absorbed[] = {"(bugcheck)", NULL};
const sc_command sc_command_dot_bugcheck = {
    .name = ".bugcheck",
    .absorbs = absorbed,
    .doc = "The bug check's code and parameters",
    .proof = "its two lines",
    .query = "SELECT printf('0x%X', code), hex64(arg1) FROM bugcheck_seen",
    .tables = tables,
    .parse = parse,
};
