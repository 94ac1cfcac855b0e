/* What a raw stack tells: which modules have left traces on it, and where a saved-EBP chain starts.
 *
 * On x86 a function that keeps a frame pointer begins with push ebp; mov ebp,esp. So its frame is a slot that holds the
 * address of the caller's such slot, with the return address right above it:
 *
 *     b8ae60ec b8ae6100                              saved EBP: the next link
 *     b8ae60f0 8081df65 nt!IofCallDriver+0x45        return address
 *     ...
 *     b8ae6100 b8ae6128
 *     b8ae6104 f7a2ec45 fltmgr!FltpDispatch+0x6f     [seed 004]
 *
 * The longest chain is the stack, and `kf=b8ae6100 b8ae60ec 8081df65` walks it. x64 has no such chain.
 */
#include "engine/facts/lookup.h"
#include "engine/facts/tables.h"

#include <stdlib.h>

static const sc_column module_columns[] = {
    {"module", SC_TEXT, "module with code addresses among the slots"},
    {"slots", SC_INT, "how many"},
    {"third_party", SC_BOOL, "not part of Windows"},
    {"symbols_missing", SC_BOOL, "the debugger had no symbols, or only exported ones, for it"},
};
enum { MODULE, SLOTS, THIRD_PARTY, SYMBOLS_MISSING };
const sc_table sc_table_raw_module = {"raw_module", "Modules that left traces on a raw stack", SC_NO_KEY,
                                      SC_COLUMNS(module_columns)};

static const sc_column chain_columns[] = {
    {"ebp", SC_ADDR, "first argument of kf=: the saved EBP in the first slot"},
    {"esp", SC_ADDR, "second: the address of that slot"},
    {"eip", SC_ADDR, "third: the return address above it"},
    {"links", SC_INT, "how many saved EBPs follow one another"},
    {"command", SC_TEXT, "kf=b8ae6100 b8ae60ec 8081df65"},
};
enum { EBP, ESP, EIP, LINKS, COMMAND };
const sc_table sc_table_ebp_chain = {"ebp_chain",
                                     "The saved-EBP chain in a raw x86 stack and the command that walks it", SC_NO_KEY,
                                     SC_COLUMNS(chain_columns)};

enum {
    MIN_LINKS = 3,      /* two may be chance */
    MAX_FRAME = 0x4000, /* bytes from one saved EBP to the next; a whole x86 stack has 0x3000, a GUI thread's more */
    MAX_MODULES = 2048,
};

/* ---- raw_module ---- */

/* Open addressing by name; full means that the rest is left out, as a real machine has some hundred modules. */
static sc_row **find_module(sc_row **table, sc_span name)
{
    uint32_t at = sc_ihash(name) & (2 * MAX_MODULES - 1);
    while (table[at] && !sc_ieq(sc_get_text(table[at], MODULE), name)) at = (at + 1) & (2 * MAX_MODULES - 1);
    return &table[at];
}

/* The debugger said so, wherever in the crash. */
static void mark_missing(const sc_facts *f, sc_row **seen)
{
    int kind = sc_column_named(&sc_table_message, "kind"), name = sc_column_named(&sc_table_message, "module");
    for (const sc_row *r = sc_facts_first(f, &sc_table_message); r; r = r->next) {
        sc_span k = sc_get_text(r, kind);
        bool missing = sc_eq_z(k, "no-symbols") || sc_eq_z(k, "export-symbols") || sc_eq_z(k, "image-not-loaded");
        sc_row **place = missing && sc_has(r, name) ? find_module(seen, sc_get_text(r, name)) : NULL;
        if (place && *place) sc_set_bool(*place, SYMBOLS_MISSING, true);
    }
}

static void derive_modules(sc_facts *f, const sc_table *slots)
{
    int module = sc_column_named(slots, "module"), function = sc_column_named(slots, "function");
    sc_row **seen = sc_arena_array(f->arena, 2 * MAX_MODULES, sizeof *seen);
    int n = 0;
    if (!seen) return;
    const sc_row *before = NULL;
    for (const sc_row *r = sc_facts_first(f, slots); r; before = r, r = r->next) {
        bool alone = (!before || before->section != r->section) && (!r->next || r->next->section != r->section);
        if (alone || !sc_has(r, module))
            continue; /* one pointer that was looked up is no stack (seed 004, dps b9596090 L1) */
        sc_span name = sc_get_text(r, module);
        sc_row **place = find_module(seen, name);
        if (!*place) {
            if (++n >= MAX_MODULES) continue;
            sc_row *m = *place = sc_row_new(f, &sc_table_raw_module, r->section, NULL);
            m->line = r->line;
            m->last_line = r->last_line;
            sc_set_text(m, MODULE, name);
            sc_set_bool(m, THIRD_PARTY, sc_third_party(f->knowledge, name));
            /* an offset from the module's start, no function: the debugger knew nothing inside it */
            sc_set_bool(m, SYMBOLS_MISSING, !sc_has(r, function));
        }
        sc_set_int(*place, SLOTS, sc_get_int(*place, SLOTS) + 1);
    }
    mark_missing(f, seen);
}

/* ---- ebp_chain ---- */

typedef struct slot {
    uint64_t address, value;
    bool code;      /* the value has a symbol */
    uint32_t links; /* of the chain that starts here */
    const sc_row *row;
} slot;

static int by_address(const void *a, const void *b)
{
    uint64_t x = ((const slot *)a)->address, y = ((const slot *)b)->address;
    return (x > y) - (x < y);
}

static slot *find_slot(slot *s, size_t n, uint64_t address)
{
    slot key = {.address = address};
    return n ? bsearch(&key, s, n, sizeof *s, by_address) : NULL;
}

static bool is_link(slot *s, size_t n, const slot *at)
{
    if (at->value <= at->address || at->value - at->address > MAX_FRAME || at->value % 4) return false;
    const slot *above = find_slot(s, n, at->address + 4);
    return above && above->code;
}

static void derive_chain(sc_facts *f, const sc_table *table)
{
    int address = sc_column_named(table, "slot"), value = sc_column_named(table, "value"),
        symbol = sc_column_named(table, "symbol");
    size_t n = sc_facts_table(f, table)->n_rows, i = 0, kept = 0;
    slot *s = sc_arena_array(f->arena, n, sizeof *s), *best = NULL;
    if (!s) return;
    for (const sc_row *r = sc_facts_first(f, table); r && i < n; r = r->next, i++)
        s[i] = (slot){sc_get_addr(r, address), sc_get_addr(r, value), sc_has(r, symbol), 0, r};
    qsort(s, n, sizeof *s, by_address);
    for (i = 0; i < n; i++) /* the same slot printed twice */
        if (!kept || s[kept - 1].address != s[i].address) s[kept++] = s[i];
    for (i = kept; i-- > 0;) { /* links point upwards, so from the top down each chain is known when it is met */
        if (!is_link(s, kept, &s[i])) continue;
        const slot *next = find_slot(s, kept, s[i].value);
        s[i].links = 1 + (next ? next->links : 0);
        if (!best || s[i].links >= best->links) best = &s[i]; /* equally long: the earlier one */
    }
    if (!best || best->links < MIN_LINKS) return;
    const slot *above = find_slot(s, kept, best->address + 4);
    sc_row *r = sc_row_new(f, &sc_table_ebp_chain, best->row->section, NULL);
    r->line = best->row->line;
    r->last_line = above->row->last_line;
    sc_set_addr(r, EBP, best->value);
    sc_set_addr(r, ESP, best->address);
    sc_set_addr(r, EIP, above->value);
    sc_set_int(r, LINKS, best->links);
    sc_set_text(r, COMMAND,
                sc_arena_printf(f->arena, "kf=%08x %08x %08x", (unsigned)best->value, (unsigned)best->address,
                                (unsigned)above->value));
}

void sc_derive_raw(sc_facts *f)
{
    const sc_table *slots = &sc_table_raw_slot;
    if (!sc_facts_first(f, slots)) return;
    derive_modules(f, slots);
    sc_cover_all(f, &sc_table_raw_module, sc_facts_first(f, slots)->section, false);
    if (f->pointer_bytes != 4) return;
    derive_chain(f, slots);
    sc_cover_all(f, &sc_table_ebp_chain, sc_facts_first(f, slots)->section, false);
}

static const sc_table *const tables[] = {&sc_table_raw_module, &sc_table_ebp_chain, NULL};
const sc_command sc_command_raw = {
    .name = "(raw stack)",
    .doc = "What follows from a raw stack: modules, the chain of saved EBPs",
    .proof = "nothing: it is made from an excerpt",
    .tables = tables,
};
