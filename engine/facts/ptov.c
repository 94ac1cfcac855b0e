/* !ptov: the physical pages of a process with the addresses that map them. [sample process--ptov-71]
 *
 *     3: kd> !ptov 187000
 *     Amd64PtoV: pagedir 187000
 *     00000001`034fb000 1d0000
 *     a757c000 1d1000
 *     2ed6f000 fffff680`00001000
 *
 * Table: page_map.
 * Query: SELECT hex64(address) FROM page_map WHERE physical = 0xa757c000;
 */
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"physical", SC_ADDR, "physical address of a page"},
    {"address", SC_ADDR, "virtual address that it is mapped at"},
    {"directory", SC_ADDR, "page directory of the process"},
};
enum { PHYSICAL, ADDRESS, DIRECTORY };
const sc_table sc_table_page_map = {"page_map", "Physical pages and the addresses that map them", PHYSICAL,
                                    SC_COLUMNS(columns)};

/* `Amd64PtoV: pagedir 187000`, `X86PtoV: pagedir 558000, PAE enabled.` */
static bool read_header(sc_span text, uint64_t *directory)
{
    sc_scan c = sc_scan_of(text);
    sc_span machine;
    if (!sc_until(&c, "PtoV:", &machine) || machine.n > 8 || sc_find_char(machine, ' ') != SC_NPOS) return false;
    return sc_lit(&c, "pagedir") && sc_hex(&c, directory);
}

static bool read_row(sc_span text, uint64_t *physical, uint64_t *address)
{
    sc_scan c = sc_scan_of(text);
    if (!sc_hex(&c, physical) || c.p == c.end || !sc_is_blank(*c.p)) return false;
    return sc_hex(&c, address) && sc_at_end(&c) && !(*physical & 0xfff) && !(*address & 0xfff);
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    uint64_t directory;
    return n && read_header(sc_trim(lines[0].text), &directory) ? SC_STRONG : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    uint64_t directory = 0, physical, address;
    bool headed = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text);
        if (read_header(text, &directory)) {
            sc_take(p, l);
            headed = true;
        } else if (headed && read_row(text, &physical, &address)) {
            sc_row *r = sc_add(p, &sc_table_page_map, l);
            sc_set_addr(r, PHYSICAL, physical);
            sc_set_addr(r, ADDRESS, address);
            sc_set_addr(r, DIRECTORY, directory);
        }
    }
    sc_cover_all(p->facts, &sc_table_page_map, p->ordinal, false);
}

static const sc_table *const tables[] = {&sc_table_page_map, NULL};
const sc_command sc_command_ptov = {
    .name = "!ptov",
    .doc = "The physical pages of a process with the addresses that map them",
    .proof = "nothing: the list has no end mark",
    .query = "SELECT hex64(address) FROM page_map WHERE physical = 0xa757c000",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
