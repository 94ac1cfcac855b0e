/* Where the instruction pointer of a register dump lies, when the line that said so is lost (seed 003, every dump).
 *
 * A listing of the same address knows; so does a stack: what a frame returns to is what the next frame is in. At last
 * the list of modules tells the module.
 */
#include "engine/facts/lookup.h"
#include "engine/facts/tables.h"

enum { MAX_CONTEXTS = 256 }; /* that are looked up: each walks all frames */

typedef struct columns {
    const sc_table *table;
    int ip, symbol, module;
} columns;

static void set(sc_row *context, const columns *c, sc_span symbol)
{
    size_t bang = sc_find_char(symbol, '!');
    sc_set_text(context, c->symbol, symbol);
    if (!sc_has(context, c->module))
        sc_set_text(context, c->module, sc_span_sub(symbol, 0, bang)); /* all of it without one */
}

static bool from_code(const sc_facts *f, sc_row *context, const columns *c, uint64_t ip)
{
    const sc_table *t = &sc_table_instruction;
    int address = sc_column_named(t, "address"), symbol = sc_column_named(t, "symbol");
    for (const sc_row *r = sc_facts_first(f, t); r; r = r->next)
        if (sc_has(r, address) && sc_get_addr(r, address) == ip && sc_has(r, symbol)) {
            set(context, c, sc_get_text(r, symbol));
            return true;
        }
    return false;
}

static bool from_stack(const sc_facts *f, sc_row *context, const columns *c, uint64_t ip)
{
    const sc_table *t = sc_table_named("frame");
    if (!t) return false;
    int stack = sc_column_named(t, "stack"), n = sc_column_named(t, "n"), ret = sc_column_named(t, "ret");
    int symbol = sc_column_named(t, "symbol");
    if (stack < 0 || n < 0 || ret < 0 || symbol < 0) return false;
    for (const sc_row *r = sc_facts_first(f, t); r && r->next; r = r->next) {
        const sc_row *next = r->next;
        if (!sc_has(r, ret) || sc_get_addr(r, ret) != ip || !sc_has(next, symbol)) continue;
        if (sc_get_int(r, stack) != sc_get_int(next, stack) || sc_get_int(r, n) + 1 != sc_get_int(next, n)) continue;
        set(context, c, sc_get_text(next, symbol));
        return true;
    }
    return false;
}

static void from_modules(const sc_facts *f, sc_row *context, const columns *c, uint64_t ip)
{
    const sc_table *t = &sc_table_module;
    int name = sc_column_named(t, "module"), start = sc_column_named(t, "start"), end = sc_column_named(t, "end");
    for (const sc_row *r = sc_facts_first(f, t); r; r = r->next)
        if (sc_has(r, start) && sc_get_addr(r, start) <= ip && ip < sc_get_addr(r, end)) {
            sc_set_text(context, c->module, sc_get_text(r, name));
            return;
        }
}

void sc_derive_context(sc_facts *f)
{
    const sc_table *t = &sc_table_context;
    columns c = {t, sc_column_named(t, "ip"), sc_column_named(t, "ip_symbol"), sc_column_named(t, "module")};
    int seen = 0;
    for (sc_row *r = sc_facts_table(f, t)->rows; r && seen < MAX_CONTEXTS; r = r->next) {
        if (!sc_has(r, c.ip) || sc_has(r, c.symbol) || !sc_get_addr(r, c.ip)) continue;
        uint64_t ip = sc_get_addr(r, c.ip);
        seen++;
        if (from_code(f, r, &c, ip) || from_stack(f, r, &c, ip)) continue;
        if (!sc_has(r, c.module)) from_modules(f, r, &c, ip);
    }
}
