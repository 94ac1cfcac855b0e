/* Table arg_module: whose are the addresses among the bug check's parameters?
 *
 * An address belongs to a module when it lies between the module's ends (lm), when a stop screen says so, or when the
 * debugger printed its symbol: as an instruction of a stack, in front of its code, or as the one that failed. So a
 * driver is found even where its symbols are not. Where a graphics card did not answer in time, !analyze looks
 * parameter 2 up in the debugger's list of modules: `SYMBOL_NAME:  nvlddmkm+1bfa55` tells, when the module would then
 * begin at a page.
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
    {"how", SC_TEXT, "range (lm), stop-screen, frame (return address), context (instruction pointer), code, analyze"},
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

/* 'nvlddmkm+1bfa55', also as 'nvlddmkm.sys ( nvlddmkm+1bfa55 )'. */
static bool module_offset(sc_span text, sc_span *module, uint64_t *offset)
{
    sc_span head, tail;
    if (sc_cut(text, "(", &head, &tail)) text = sc_cut(tail, ")", &head, &tail) ? head : tail;
    return sc_cut(sc_trim(text), "+", module, &tail) && sc_find_char(*module, '!') == SC_NPOS && module->n &&
           sc_span_hex(sc_trim(tail), offset);
}

/* Elsewhere SYMBOL_NAME is the debugger's opinion of who is to blame. */
static bool is_owner_tag(const sc_row *bugcheck, int arg)
{
    int column = sc_column_named(&sc_table_bugcheck, "code");
    int64_t code = sc_has(bugcheck, column) ? sc_get_int(bugcheck, column) : 0;
    return arg == 2 && (code == 0x116 || code == 0x117 || code == 0x141 || code == 0x142);
}

static bool by_offset(const question *q)
{
    const sc_table *t = &sc_table_analyze;
    int label = sc_column_named(t, "label"), value = sc_column_named(t, "value");
    bool driver = q->address >> 32 ? q->address >> 40 == 0xfffff8 : q->address >> 31;
    for (const sc_row *r = sc_facts_first(q->f, t); driver && r; r = r->next) {
        sc_span module;
        uint64_t offset;
        if (!sc_has(r, label) || !sc_has(r, value)) continue;
        sc_span name = sc_get_text(r, label);
        if (!sc_eq_z(name, "SYMBOL_NAME") && !sc_eq_z(name, "Probably caused by")) continue;
        if (!module_offset(sc_get_text(r, value), &module, &offset) || offset < 0x1000 || offset > q->address) continue;
        if ((q->address - offset) & 0xfff) continue;
        sc_set_int(answer(q, r, module, "analyze"), OFFSET, (int64_t)offset);
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
        if (by_range(&q, &sc_table_module, "start", "end", "range")) continue;
        if (by_symbol(&q, &sc_table_instruction, "address", "symbol", "code")) continue;
        if (is_owner_tag(b, i + 1)) by_offset(&q);
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
