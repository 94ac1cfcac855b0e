/* dd, dq, dp, dc: memory as numbers. [sample k_x86--bug-check-0x1e-kmode-exception-not-handled-115]
 *
 *     kd> dd fe40caf8 L2
 *     fe40caf8  fe40cd88 fe40cbc4
 *
 *     0: kd> dq fffff802`1c4f3a10 L2
 *     fffff802`1c4f3a10  00000000`00000000 ffffa20f`2d3f0010
 *
 * Without its prompt such a line may be a stack frame or anything else: only behind a prompt it is read.
 *
 * Table: memory_word.
 * Query: SELECT hex64(value) FROM memory_word WHERE address = 0xfe40caf8;
 */
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"address", SC_ADDR, "where it lies"},
    {"value", SC_ADDR, "the number"},
    {"bytes", SC_INT, "its width: 4 or 8"},
};
enum { ADDRESS, VALUE, BYTES };
const sc_table sc_table_memory_word = {"memory_word", "Memory printed as numbers", ADDRESS, SC_COLUMNS(columns)};

/* At most four 32-bit or two 64-bit numbers; dc has characters behind them. */
static void read_row(sc_parse *p, const sc_line *l)
{
    sc_scan c = sc_scan_of(l->text);
    uint64_t address, value;
    int digits, width, first = 0;
    if (!sc_addr(&c, &address, &digits) || c.p == c.end || !sc_is_blank(*c.p)) return;
    for (uint64_t n = 0; n < 4 && sc_addr(&c, &value, &width); n++) {
        if (c.p < c.end && !sc_is_blank(*c.p)) break;
        if (!first) {
            first = width;
            sc_note_width(p->facts, digits);
        }
        if (width != first) break;
        uint64_t bytes = (uint64_t)first / 2;
        sc_row *r = sc_add(p, &sc_table_memory_word, l);
        sc_set_addr(r, ADDRESS, address + n * bytes);
        sc_set_addr(r, VALUE, value);
        sc_set_int(r, BYTES, (int64_t)bytes);
        sc_cover_addr(p->facts, &sc_table_memory_word, address + n * bytes, p->ordinal, true);
    }
}

static void parse(sc_parse *p)
{
    for (const sc_line *l; (l = sc_next(p));) read_row(p, l);
}

static const char *const aliases[] = {"dq", "dp", "dc", NULL};
static const sc_table *const tables[] = {&sc_table_memory_word, NULL};
const sc_command sc_command_dd = {
    .name = "dd",
    .aliases = aliases,
    .doc = "Memory as numbers of four or eight bytes",
    .proof = "nothing: it is an excerpt",
    .query = "SELECT hex64(value) FROM memory_word WHERE address = 0xfe40caf8",
    .tables = tables,
    .parse = parse,
};
