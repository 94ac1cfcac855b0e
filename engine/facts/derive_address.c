/* Table arg_module: whose are the addresses among the bug check's parameters?
 *
 * An address belongs to a module when it lies between the module's ends (lm), when a stop screen says so, or when the
 * debugger printed its symbol: as an instruction of a stack or as the one that failed. So a driver is found even where
 * its symbols are not.
 *
 * Query: SELECT arg, module, offset FROM arg_module WHERE third_party(module);
 */
#include "engine/facts/lookup.h"
#include "engine/facts/row_index.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"arg", SC_INT, "number of the parameter, 1 to 4"},
    {"address", SC_ADDR, "its value"},
    {"module", SC_TEXT, "module that it lies in, without extension"},
    {"symbol", SC_TEXT, "module!function, where the debugger printed it"},
    {"offset", SC_INT, "bytes from the module's start; not known when that is not"},
    {"how", SC_TEXT, "range (lm), stop-screen, frame (return address), context (instruction pointer)"},
};
enum { ARG, ADDRESS, OWNER, SYMBOL, OFFSET, HOW };
const sc_table sc_table_arg_module = {"arg_module", "Modules that the bug check's parameters point into", SC_NO_KEY,
                                      SC_COLUMNS(columns)};

typedef struct question {
    sc_facts *f;
    int arg;
    uint64_t address;
} question;

static sc_row *answer(const question *q, const sc_row *from, sc_span module, const char *how)
{
    sc_row *r = sc_row_new(q->f, &sc_table_arg_module, from->section, NULL);
    r->line = from->line;
    r->last_line = from->last_line;
    sc_set_int(r, ARG, q->arg);
    sc_set_addr(r, ADDRESS, q->address);
    sc_set_text(r, OWNER, module);
    sc_set_text(r, HOW, sc_span_z(how));
    return r;
}

static bool by_range(const question *q, const sc_table *t, const char *first, const char *last, const char *how)
{
    int name = sc_column_named(t, "module"), start = sc_column_named(t, first), end = sc_column_named(t, last);
    for (const sc_row *r = sc_facts_first(q->f, t); r; r = r->next) {
        if (!sc_has(r, name) || !sc_has(r, start) || !sc_has(r, end)) continue;
        uint64_t low = sc_get_addr(r, start), high = sc_get_addr(r, end);
        bool inside = t == &sc_table_module ? q->address >= low && q->address < high : q->address == high;
        if (!inside) continue;
        sc_row *a = answer(q, r, sc_get_text(r, name), how);
        if (q->address >= low) sc_set_int(a, OFFSET, (int64_t)(q->address - low));
        return true;
    }
    return false;
}

/* A row of `t` whose `address` column is the parameter and that knows its symbol. */
static bool by_symbol(const question *q, const sc_table *t, const char *address, const char *symbol, const char *how)
{
    int at = sc_column_named(t, address), name = sc_column_named(t, symbol);
    for (const sc_row *r = sc_facts_first(q->f, t); r; r = r->next) {
        if (!sc_has(r, at) || !sc_has(r, name) || sc_get_addr(r, at) != q->address) continue;
        sc_span module, function;
        if (!sc_get_text(r, name).n) continue;
        bool named = sc_cut(sc_get_text(r, name), "!", &module, &function);
        sc_row *a = answer(q, r, module, how);
        if (named) sc_set_text(a, SYMBOL, sc_get_text(r, name));
        return true;
    }
    return false;
}

/* The return address of a frame is an instruction of the frame behind it. */
static bool by_frame(const question *q)
{
    const sc_table *t = &sc_table_frame;
    int ret = sc_column_named(t, "ret"), name = sc_column_named(t, "symbol"), stack = sc_column_named(t, "stack");
    for (const sc_row *r = sc_facts_first(q->f, t); r && r->next; r = r->next) {
        const sc_row *behind = r->next;
        if (!sc_has(r, ret) || sc_get_addr(r, ret) != q->address || !sc_has(behind, name)) continue;
        if (!sc_has(r, stack) || !sc_has(behind, stack) || sc_get_int(r, stack) != sc_get_int(behind, stack)) continue;
        sc_span module, function;
        if (!sc_get_text(behind, name).n) continue;
        bool named = sc_cut(sc_get_text(behind, name), "!", &module, &function);
        sc_row *a = answer(q, behind, module, "frame");
        if (named) sc_set_text(a, SYMBOL, sc_get_text(behind, name));
        return true;
    }
    return false;
}

void sc_derive_address(sc_facts *f)
{
    static const char *const args[] = {"arg1", "arg2", "arg3", "arg4"};
    const sc_row *b = sc_facts_first(f, &sc_table_bugcheck);
    for (int i = 0; b && i < 4; i++) {
        int column = sc_column_named(&sc_table_bugcheck, args[i]);
        if (!sc_has(b, column)) continue;
        question q = {f, i + 1, sc_get_addr(b, column)};
        if (q.address < 0x10000) continue; /* a count or a code: no driver lies there */
        if (by_symbol(&q, &sc_table_context, "ip", "ip_symbol", "context")) continue;
        if (by_frame(&q) || by_range(&q, &sc_table_accused, "base", "address", "stop-screen")) continue;
        by_range(&q, &sc_table_module, "start", "end", "range");
    }
}

static const sc_table *const tables[] = {&sc_table_arg_module, NULL};
const sc_command sc_command_arg_module = {
    .name = "(parameters)",
    .doc = "What follows from the bug check's parameters: whose addresses they are",
    .proof = "nothing: the module may be one that was not listed",
    .query = "SELECT arg, module, offset FROM arg_module WHERE third_party(module)",
    .tables = tables,
};
