/* .effmach: the processor type that the debugger works with - and the file to copy when you add a command.
 *
 *     kd> .effmach
 *     Effective machine: x64 (AMD64)
 *
 * Table: effective_machine.
 * Query: SELECT abbreviation FROM effective_machine;
 *
 * Start here: real output (above), the table it yields, one query. Then, in this order: the columns, the table, a
 * function that reads one line, the taste, the parser, the descriptor. Everything is static but the table and the
 * descriptor, which engine/facts/tables.h lists. tests/unit/test_facts_template.c is the test to copy.
 */
#include "engine/facts/tables.h"

/* A column states its unit and when it is NULL. A cell that no line showed is left alone (not printed); sc_set_null
 * is for output that shows that there is none. */
static const sc_column columns[] = {
    {"name", SC_TEXT, "the processor type in words: 'x64', 'x86 compatible', 'ARM 64-bit'"},
    {"abbreviation", SC_TEXT, "its short name: 'AMD64', 'x86', 'AArch64'"},
};
enum { NAME, ABBREVIATION }; /* positions in `columns` */

/* SC_NO_KEY: one section tells all. Else the column that a section is about, such as the thread of !thread. */
const sc_table sc_table_effective_machine = {"effective_machine", "The processor type that the debugger works with",
                                             SC_NO_KEY, SC_COLUMNS(columns)};

/* Reads one line, or says no. Blanks are skipped by the sc_ functions: never count them, pastes lose them. */
static bool read_line(sc_span text, sc_span *name, sc_span *abbreviation)
{
    sc_scan c = sc_scan_of(text);
    sc_lit(&c, ".effmach"); /* flattened together with its prompt, and that lost */
    if (!sc_lit(&c, "Effective machine:") || !sc_until(&c, "(", name) || !sc_until(&c, ")", abbreviation)) return false;
    *name = sc_trim(*name);
    *abbreviation = sc_trim(*abbreviation);
    return name->n && abbreviation->n && sc_at_end(&c);
}

/* Could this line start the output when the prompt is lost? It is asked about every line of prose: reject fast, and say
 * STRONG only for what nobody writes by hand. */
static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span name, abbreviation;
    return n && read_line(lines[0].text, &name, &abbreviation) ? SC_STRONG : SC_ABSTAIN;
}

/* Lines that do not match are somebody's prose, or damaged: pass over them. */
static void read_answer(sc_parse *p, const sc_line *l, sc_span text)
{
    sc_span name, abbreviation;
    if (!read_line(text, &name, &abbreviation)) return;
    sc_row *r = sc_add(p, &sc_table_effective_machine, l); /* the row cites this line */
    sc_set_text(r, NAME, name);
    sc_set_text(r, ABBREVIATION, abbreviation);
    sc_cover_all(p->facts, &sc_table_effective_machine, p->ordinal, true); /* nothing more can be known about it */
    sc_complete(p);                                                        /* and the section is whole */
}

static void parse(sc_parse *p)
{
    if (p->section->prompted) /* flattened together with its prompt: the answer stands where arguments would */
        read_answer(p, &p->facts->transcript->lines[p->section->first], p->section->args);
    for (const sc_line *l; (l = sc_next(p));) read_answer(p, l, l->text);
}

static const sc_table *const tables[] = {&sc_table_effective_machine, NULL};
const sc_command sc_command_effmach = {
    .name = ".effmach",
    .doc = "The processor type that the debugger works with",
    .proof = "its single line",
    .query = "SELECT abbreviation FROM effective_machine",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
