/* !irql: the interrupt request level a processor ran at when the dump was written. [seeds 002 and 003, sample
 * irql--irql-71]
 *
 *     2: kd> !irql
 *     Debugger saved IRQL for processor 0x2 -- 0 (LOW_LEVEL)
 *
 * Tables: irql.
 * Query:  SELECT processor, name FROM irql WHERE irql >= 2;
 *
 * IRQL 0 on a processor whose registers are all zero says nothing: its state was never saved.
 */
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"processor", SC_INT, "processor number"},
    {"irql", SC_INT, "interrupt request level"},
    {"name", SC_TEXT, "its name, LOW_LEVEL"},
};
enum { PROCESSOR, IRQL, NAME };
const sc_table sc_table_irql = {"irql", "Saved interrupt request level per processor", PROCESSOR, SC_COLUMNS(columns)};

static bool read_line(sc_span text, uint64_t *processor, uint64_t *irql, sc_span *name)
{
    sc_scan c = sc_scan_of(text);
    sc_span upto;
    if (!sc_ilit(&c, "Debugger saved IRQL for processor") || !sc_hex(&c, processor)) return false;
    while (sc_lit(&c, "-")) {} /* two hyphens; a dash that was repaired leaves one */
    if (!sc_dec(&c, irql)) return false;
    if (!sc_lit(&c, "(") || !sc_until(&c, ")", &upto)) upto = (sc_span){0};
    *name = sc_trim(upto);
    return true;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    uint64_t processor, irql;
    sc_span name;
    return n && read_line(lines[0].text, &processor, &irql, &name) ? SC_STRONG : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    for (const sc_line *l; (l = sc_next(p));) {
        uint64_t processor, irql;
        sc_span name;
        if (!read_line(l->text, &processor, &irql, &name)) continue;
        sc_row *r = sc_add(p, &sc_table_irql, l);
        sc_set_int(r, PROCESSOR, (int64_t)processor);
        sc_set_int(r, IRQL, (int64_t)irql);
        if (name.n) sc_set_text(r, NAME, name);
        sc_cover_int(p->facts, &sc_table_irql, (int64_t)processor, p->ordinal, true);
        sc_complete(p);
    }
}

static const sc_table *const tables[] = {&sc_table_irql, NULL};
const sc_command sc_command_irql = {
    .name = "!irql",
    .doc = "The interrupt request level a processor ran at when the dump was written",
    .proof = "its single line",
    .query = "SELECT processor, name FROM irql WHERE irql >= 2",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
