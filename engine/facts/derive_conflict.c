/* Facts that two outputs tell differently, of what is one and the same in one crash: the sign of two dumps in one
 * paste, or of a value that was damaged on its way.
 *
 *     BugCheck 9F, {3, ffffe0018a0f4030, fffff8035a3c7a60, ffffe0018f1e2b10}
 *     ...
 *     Arg1: 0000000000000004
 *
 * Compared are the bug check's code and parameters, where the kernel lies and which build it is, registers of one
 * context record, and the status of a machine check. Parameters from a stack are not: on x64 they may be stale. Nor
 * are those that people tell in prose.
 *
 * Table: conflict.
 * Query: SELECT what, one, other FROM conflict;
 */
#include "engine/facts/lookup.h"
#include "engine/facts/tables.h"

#include <inttypes.h>

enum { MOST_ROWS = 256, MOST_CONFLICTS = 16 };

static const sc_column columns[] = {
    {"what", SC_TEXT, "code, parameter 1 to 4, kernel base, kernel build, context, machine check"},
    {"one", SC_TEXT, "its value where it stands first, as a number"},
    {"other", SC_TEXT, "the other value, on the row's line"},
    {"first_line", SC_INT, "line of the first"},
};
enum { WHAT, ONE, OTHER, FIRST_LINE };
const sc_table sc_table_conflict = {"conflict", "What two outputs tell differently", SC_NO_KEY, SC_COLUMNS(columns)};

static void add(sc_facts *f, const char *what, const sc_row *first, uint64_t one, const sc_row *second, uint64_t other)
{
    if (sc_facts_table(f, &sc_table_conflict)->n_rows >= MOST_CONFLICTS) return;
    sc_row *r = sc_row_new(f, &sc_table_conflict, second->section, NULL);
    r->line = second->line;
    r->last_line = second->last_line;
    sc_set_text(r, WHAT, sc_span_z(what));
    sc_set_text(r, ONE, sc_arena_printf(f->arena, "0x%" PRIx64, one));
    sc_set_text(r, OTHER, sc_arena_printf(f->arena, "0x%" PRIx64, other));
    sc_set_int(r, FIRST_LINE, first->line);
}

/* Rows of one crash that must all hold the same value: each that differs from the first is told. `counts` says which
 * rows are compared. */
static void same(sc_facts *f, const sc_table *t, const char *column, const char *what,
                 bool (*counts)(const sc_table *t, const sc_row *r))
{
    int c = sc_column_named(t, column);
    const sc_row *first = NULL;
    for (const sc_row *r = sc_facts_first(f, t); r && c >= 0; r = r->next) {
        if (!sc_has(r, c) || (counts && !counts(t, r))) continue;
        if (!first)
            first = r;
        else if (sc_get_addr(r, c) != sc_get_addr(first, c))
            add(f, what, first, sc_get_addr(first, c), r, sc_get_addr(r, c));
    }
}

/* What a program printed of the bug check. */
static bool printed(const sc_table *t, const sc_row *r)
{
    int source = sc_column_named(t, "source");
    if (!sc_has(r, source)) return false;
    sc_span s = sc_get_text(r, source);
    return !sc_eq_z(s, "stack") && !sc_eq_z(s, "prose");
}

static bool is_kernel(const sc_table *t, const sc_row *r)
{
    int name = sc_column_named(t, "module"), unloaded = sc_column_named(t, "unloaded");
    return sc_has(r, name) && sc_ieq_z(sc_get_text(r, name), "nt") && !(sc_has(r, unloaded) && sc_get_int(r, unloaded));
}

/* The kernel in the list of modules, and in the header of the dump. */
static void kernel_base(sc_facts *f)
{
    same(f, &sc_table_module, "start", "kernel base", is_kernel);
    same(f, &sc_table_target, "kernel_base", "kernel base", NULL);
    int start = sc_column_named(&sc_table_module, "start"), base = sc_column_named(&sc_table_target, "kernel_base");
    const sc_row *target = sc_facts_first(f, &sc_table_target), *module = sc_facts_first(f, &sc_table_module);
    while (module && !is_kernel(&sc_table_module, module)) module = module->next;
    if (!target || !module || !sc_has(target, base) || !sc_has(module, start)) return;
    uint64_t listed = sc_get_addr(module, start), told = sc_get_addr(target, base);
    if (listed == told) return;
    const sc_row *first = target->line <= module->line ? target : module, *second = first == target ? module : target;
    add(f, "kernel base", first, first == target ? told : listed, second, first == target ? listed : told);
}

/* A context record in memory holds one instruction pointer, however often it is printed. */
static void contexts(sc_facts *f)
{
    const sc_table *t = &sc_table_context;
    int address = sc_column_named(t, "address"), ip = sc_column_named(t, "ip"), kind = sc_column_named(t, "kind");
    int seen = 0;
    for (const sc_row *r = sc_facts_first(f, t); r && seen < MOST_ROWS; r = r->next) {
        if (!sc_has(r, address) || !sc_has(r, ip) || !sc_has(r, kind)) continue;
        seen++;
        for (const sc_row *first = sc_facts_first(f, t); first != r; first = first->next) {
            if (!sc_has(first, address) || !sc_has(first, ip) || !sc_has(first, kind)) continue;
            if (sc_get_addr(first, address) != sc_get_addr(r, address)) continue;
            if (!sc_eq(sc_get_text(first, kind), sc_get_text(r, kind))) continue;
            if (sc_get_addr(first, ip) != sc_get_addr(r, ip))
                add(f, "context", first, sc_get_addr(first, ip), r, sc_get_addr(r, ip));
            break;
        }
    }
}

/* derive_mca.c keeps the row from the parameters only beside records that hold another status. */
static void machine_check(sc_facts *f)
{
    const sc_table *t = &sc_table_mca;
    int source = sc_column_named(t, "source"), status = sc_column_named(t, "status");
    const sc_row *told = NULL, *record = NULL;
    for (const sc_row *r = sc_facts_first(f, t); r; r = r->next) {
        if (!sc_has(r, source) || !sc_has(r, status)) continue;
        if (sc_eq_z(sc_get_text(r, source), "parameters")) {
            if (!told) told = r;
        } else if (!record) {
            record = r;
        }
    }
    if (told && record && sc_get_addr(told, status) != sc_get_addr(record, status))
        add(f, "machine check", told, sc_get_addr(told, status), record, sc_get_addr(record, status));
}

void sc_derive_conflict(sc_facts *f)
{
    static const char *const args[][2] = {
        {"arg1", "parameter 1"}, {"arg2", "parameter 2"}, {"arg3", "parameter 3"}, {"arg4", "parameter 4"}};
    same(f, &sc_table_bugcheck_seen, "code", "code", printed);
    for (size_t i = 0; i < sizeof args / sizeof *args; i++)
        same(f, &sc_table_bugcheck_seen, args[i][0], args[i][1], printed);
    kernel_base(f);
    same(f, &sc_table_target, "build", "kernel build", NULL);
    contexts(f);
    machine_check(f);
    sc_cover_all(f, &sc_table_conflict, (uint32_t)f->transcript->crashes[f->crash].first_section, true);
}

static const sc_table *const tables[] = {&sc_table_conflict, NULL};
const sc_command sc_command_conflict = {
    .name = "(conflicts)",
    .doc = "What two outputs of one crash tell differently",
    .proof = "nothing",
    .query = "SELECT what, one, other FROM conflict",
    .tables = tables,
};
