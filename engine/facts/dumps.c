/* The crashes of one paste side by side: what several dumps of a machine have in common. No command prints it.
 *
 *     ffffd000`22b1e8f8 fffff801`3c5a2b2c : ... : nt!KeBugCheckEx              the first dump
 *     ffffd000`22b1e900 fffff801`3c5a1190 : ... : acmenic+0x1b2c
 *     ...
 *     ffffb781`0b3a27b8 fffff803`71e02b2c : ... : nt!KeBugCheckEx              another: the same place, another stack
 *     ffffb781`0b3a27c0 fffff803`71e01190 : ... : acmenic+0x1b2c
 *
 * Every crash gets the rows of all of them, its own one marked. A paste with one crash has one row: that there is no
 * other is known, so the tables are always whole.
 *
 * Tables: dump, dump_module.
 * Query:  SELECT d.line, d.place FROM dump d JOIN dump own ON own.own WHERE d.place = own.place AND NOT d.own;
 */
#include "engine/facts/dumps.h"

#include "engine/facts/lookup.h"
#include "engine/facts/tables.h"

#include <inttypes.h>

enum { MOST_DUMPS = 32, MOST_MODULES = 32 };

static const sc_column columns[] = {
    {"n", SC_INT, "position in the paste, from 1"},
    {"own", SC_BOOL, "the crash that is looked at"},
    {"code", SC_ADDR, "bug check"},
    {"driver", SC_TEXT, "the first module on the stack of the crash that is not part of Windows; NULL for none"},
    {"place", SC_TEXT, "that module's frame: function and offset; NULL for none"},
    {"pointer", SC_ADDR, "where the stack of the crash begins: two dumps are two only when it differs"},
    {"written", SC_TEXT, "when the dump was written, as the debugger prints it"},
    {"build", SC_INT, "build of the kernel"},
};
enum { N, OWN, CODE, DRIVER, PLACE, POINTER, WRITTEN, BUILD };
const sc_table sc_table_dump = {"dump", "Each crash of the paste", SC_NO_KEY, SC_COLUMNS(columns)};

static const sc_column module_columns[] = {
    {"n", SC_INT, "dump.n"},
    {"module", SC_TEXT, "a module on the stack of that crash that is not part of Windows, once"},
};
enum { MODULE_N, MODULE };
const sc_table sc_table_dump_module = {"dump_module", "Whose drivers were on the stacks of the paste's crashes",
                                       SC_NO_KEY, SC_COLUMNS(module_columns)};

/* What one crash tells of itself. */
typedef struct dump {
    uint64_t code, pointer;
    int64_t build;
    sc_span driver, place, written;
    bool has_code, has_pointer, has_build;
    uint32_t line;
    sc_span modules[MOST_MODULES];
    size_t n_modules;
} dump;

static const sc_row *first_row(const sc_facts *f, const char *table, const char *column, int *at)
{
    const sc_table *t = sc_table_named(table);
    *at = t ? sc_column_named(t, column) : -1;
    const sc_row *r = *at < 0 ? NULL : sc_facts_first(f, t);
    while (r && !sc_has(r, *at)) r = r->next;
    return r;
}

static void add_module(dump *d, sc_span module)
{
    for (size_t i = 0; i < d->n_modules; i++)
        if (sc_ieq(d->modules[i], module)) return;
    if (d->n_modules < MOST_MODULES) d->modules[d->n_modules++] = module;
}

static void look_at_stack(const sc_facts *f, dump *d)
{
    const sc_table *t = sc_table_named("crash_frame");
    int module = sc_column_named(t, "module"), symbol = sc_column_named(t, "symbol"),
        offset = sc_column_named(t, "offset"), pointer = sc_column_named(t, "child_sp");
    const sc_row *r = sc_facts_first(f, t);
    if (r && sc_has(r, pointer)) {
        d->pointer = sc_get_addr(r, pointer);
        d->has_pointer = true;
    }
    for (; r; r = r->next) {
        if (!sc_has(r, module) || !sc_third_party(f->knowledge, sc_get_text(r, module))) continue;
        add_module(d, sc_get_text(r, module));
        if (d->driver.n || !sc_has(r, symbol)) continue;
        d->driver = sc_get_text(r, module);
        if (sc_has(r, offset)) /* without one the place is not known well enough to be the same */
            d->place = sc_arena_printf(f->arena, "%.*s+0x%" PRIx64, SC_F(sc_get_text(r, symbol)),
                                       sc_get_int(r, offset));
    }
}

static void look_at(const sc_facts *f, dump *d)
{
    int at;
    const sc_row *r = first_row(f, "bugcheck", "code", &at);
    if (r) {
        d->code = sc_get_addr(r, at);
        d->line = r->line;
        d->has_code = true;
    }
    if ((r = first_row(f, "target", "session_time", &at))) d->written = sc_get_text(r, at);
    if ((r = first_row(f, "target", "build", &at))) {
        d->build = sc_get_int(r, at);
        d->has_build = true;
    }
    look_at_stack(f, d);
}

static void put_text(sc_row *r, int column, sc_span text)
{
    if (text.n)
        sc_set_text(r, column, text);
    else
        sc_set_null(r, column);
}

static void add_row(sc_facts *f, uint32_t section, const dump *d, size_t n, bool own)
{
    sc_row *r = sc_row_new(f, &sc_table_dump, section, NULL);
    r->line = r->last_line = d->line;
    sc_set_int(r, N, (int64_t)n);
    sc_set_bool(r, OWN, own);
    sc_set_addr(r, CODE, d->code);
    put_text(r, DRIVER, d->driver);
    put_text(r, PLACE, d->place);
    if (d->written.n) sc_set_text(r, WRITTEN, d->written);
    if (d->has_pointer)
        sc_set_addr(r, POINTER, d->pointer);
    else
        sc_set_null(r, POINTER);
    if (d->has_build) sc_set_int(r, BUILD, d->build);
    for (size_t i = 0; i < d->n_modules; i++) {
        sc_row *m = sc_row_new(f, &sc_table_dump_module, section, NULL);
        m->line = m->last_line = d->line;
        sc_set_int(m, MODULE_N, (int64_t)n);
        sc_set_text(m, MODULE, d->modules[i]);
    }
}

void sc_facts_compare(sc_facts *const *crashes, size_t n)
{
    if (!n) return;
    size_t looked = n < MOST_DUMPS ? n : MOST_DUMPS;
    dump *d = sc_arena_array(crashes[0]->arena, looked, sizeof *d);
    for (size_t i = 0; d && i < looked; i++) look_at(crashes[i], &d[i]);
    for (size_t c = 0; d && c < n; c++) {
        sc_facts *f = crashes[c];
        uint32_t section = (uint32_t)f->transcript->crashes[f->crash].first_section;
        for (size_t i = 0; i < looked; i++)
            if (d[i].has_code) add_row(f, section, &d[i], i + 1, i == c);
        sc_cover_all(f, &sc_table_dump, section, true);
        sc_cover_all(f, &sc_table_dump_module, section, true);
    }
}

static const sc_table *const tables[] = {&sc_table_dump, &sc_table_dump_module, NULL};
const sc_command sc_command_dump = {
    .name = "(dumps)",
    .doc = "What the crashes of one paste have in common",
    .proof = "nothing",
    .query = "SELECT d.line, d.place FROM dump d JOIN dump own ON own.own WHERE d.place = own.place AND NOT d.own",
    .tables = tables,
};
