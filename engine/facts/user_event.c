/* What a user-mode debugger reports without being asked: exceptions, stops of Application Verifier, positions in a
 * recorded trace. [samples trapframe_regs--application-verifier-*, trapframe_regs--time-travel-*]
 *
 *     (336c.264c): Break instruction exception - code 80000003 (first chance)
 *     VERIFIER STOP 00000300: pid 0x558: invalid handle exception for current stack trace
 *     Time Travel Position: 15:0
 *
 * No table: nothing reads user mode, and the section says so.
 */
#include "engine/facts/tables.h"

static sc_taste taste(const sc_line *lines, size_t n)
{
    return n && sc_user_event(lines[0].text) ? SC_WEAK : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    for (const sc_line *l; (l = sc_next(p));)
        if (sc_user_event(l->text)) sc_take(p, l);
}

static const sc_table *const tables[] = {NULL};
const sc_command sc_command_user_event = {
    .name = "(user mode)",
    .doc = "What a user-mode debugger reports by itself; shows that a paste is of user mode",
    .proof = "nothing",
    .query = "SELECT 1",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
