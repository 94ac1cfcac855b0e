/* !address and !vprot: what a region of the address space is used for. [samples address_k--*]
 *
 *     2: kd> !address fffff80240d322f9
 *     Usage:                  Module
 *     Base Address:           fffff802`40ca8000
 *     End Address:            fffff802`415fb000
 *     Region Size:            00000000`00953000
 *     VA Type:                BootLoaded
 *     Module name:            ntoskrnl.exe
 *     Module path:            [\SystemRoot\system32\ntoskrnl.exe]
 *
 *     0:000> !vprot 30c191c
 *     BaseAddress: 030c1000
 *     AllocationBase: 030c0000
 *     AllocationProtect: 00000080 PAGE_EXECUTE_WRITECOPY
 *     RegionSize: 00011000
 *     State: 00001000 MEM_COMMIT
 *     Protect: 00000010 PAGE_EXECUTE
 *     Type: 01000000 MEM_IMAGE
 *
 * Tables: address_region.
 * Query:  SELECT base, "end", usage, module FROM address_region;
 */
#include "engine/facts/field.h"
#include "engine/facts/lookup.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"base", SC_ADDR, "first address of the region"},
    {"end", SC_ADDR, "address behind its last"},
    {"size", SC_INT, "bytes"},
    {"usage", SC_TEXT, "Module, Image, Stack, Heap, <unknown> ..."},
    {"va_type", SC_TEXT, "kind of kernel memory: NonPagedPool, SystemRange, BootLoaded, SystemPTEs ..."},
    {"state", SC_TEXT, "MEM_COMMIT, MEM_RESERVE or MEM_FREE, of user-mode regions"},
    {"protect", SC_TEXT, "PAGE_READWRITE ..., of user-mode regions"},
    {"type", SC_TEXT, "MEM_IMAGE, MEM_MAPPED or MEM_PRIVATE, of user-mode regions"},
    {"module", SC_TEXT, "module in it, without extension"},
    {"path", SC_TEXT, "where the module was loaded from"},
};
enum { BASE, END, SIZE, USAGE, VA_TYPE, STATE, PROTECT, TYPE, MODULE, PATH };
const sc_table sc_table_address_region = {"address_region", "Regions of the address space", SC_NO_KEY,
                                          SC_COLUMNS(columns)};

static const struct {
    const char *label;
    int column; /* -1: understood, but no fact */
} fields[] = {
    {"Usage", USAGE},          {"Base Address", BASE},    {"BaseAddress", BASE},  {"End Address", END},
    {"Region Size", SIZE},     {"RegionSize", SIZE},      {"VA Type", VA_TYPE},   {"VAType", VA_TYPE},
    {"State", STATE},          {"Protect", PROTECT},      {"Type", TYPE},         {"Module name", MODULE},
    {"Module path", PATH},     {"Allocation Base", -1},   {"AllocationBase", -1}, {"Allocation Protect", -1},
    {"AllocationProtect", -1}, {"More info", -1},         {"Image Path", PATH},   {"Module Name", MODULE},
    {"Loaded Image Name", -1}, {"Mapped Image Name", -1}, {"Content source", -1},
};
enum { N_FIELDS = sizeof fields / sizeof *fields };
static const char *const marks[] = {
    "Usage:",     "Base Address:", "End Address:", "Region Size:",    "VA Type:",           "State:",
    "Protect:",   "Type:",         "Module name:", "Module path:",    "Allocation Base:",   "Allocation Protect:",
    "More info:", "BaseAddress:",  "RegionSize:",  "AllocationBase:", "AllocationProtect:", NULL};

static bool find_field(sc_span text, int *column, sc_span *value)
{
    for (size_t i = 0; i < N_FIELDS; i++) {
        size_t n = sc_span_z(fields[i].label).n;
        if (text.n <= n || text.p[n] != ':' || !sc_starts(text, fields[i].label)) continue;
        *column = fields[i].column;
        *value = sc_trim(sc_span_from(text, n + 1));
        return true;
    }
    return false;
}

static bool is_address_field(sc_span text, const char *label)
{
    sc_scan c = sc_scan_of(text);
    uint64_t v;
    return sc_lit(&c, label) && sc_addr(&c, &v, NULL);
}

/* `Usage:` alone is anybody's: an address must follow. */
static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    if (text.n < 6) return SC_ABSTAIN;
    if (text.p[0] == 'U' && sc_starts(text, "Usage:")) {
        size_t at = 0;
        if (is_address_field(sc_ahead(lines, n, &at), "Base Address:")) return SC_STRONG;
        return sc_find(text, "Base Address:") != SC_NPOS ? SC_STRONG : SC_ABSTAIN;
    }
    if (text.p[0] == 'B') return is_address_field(text, "Base Address:") ? SC_STRONG : SC_ABSTAIN;
    if (text.p[0] == 'V') return sc_starts(text, "VA Type:") ? SC_WEAK : SC_ABSTAIN;
    return is_address_field(text, "End Address:") || is_address_field(text, "Region Size:") ? SC_WEAK : SC_ABSTAIN;
}

static sc_taste taste_vprot(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    if (text.n < 12 || text.p[0] != 'B' || !is_address_field(text, "BaseAddress:")) return SC_ABSTAIN;
    size_t at = 0;
    sc_span ahead = sc_ahead(lines, n, &at);
    if (sc_starts(ahead, "AllocationBase:") || sc_starts(ahead, "RegionSize:")) return SC_STRONG;
    return sc_find(text, "RegionSize:") != SC_NPOS ? SC_STRONG : SC_ABSTAIN;
}

static void set_field(sc_parse *p, sc_row *r, int column, sc_span value)
{
    sc_scan c = sc_scan_of(value);
    uint64_t v;
    int digits;
    switch (column) {
    case BASE:
    case END:
        if (!sc_addr(&c, &v, &digits)) return;
        sc_set_addr(r, column, v);
        sc_note_width(p->facts, digits);
        return;
    case SIZE:
        if (sc_addr(&c, &v, &digits) && v <= INT64_MAX) sc_set_int(r, SIZE, (int64_t)v);
        return;
    case STATE:
    case PROTECT:
    case TYPE: /* `00001000MEM_COMMIT`: the digits and the name may be glued */
        while (value.n && (sc_is_hex(value.p[0]) || sc_is_blank(value.p[0])) && !sc_starts(value, "PAGE_"))
            value = sc_span_from(value, 1);
        break;
    case MODULE: value = sc_module_name(value); break;
    case PATH:
        if (value.n > 1 && value.p[0] == '[' && value.p[value.n - 1] == ']') value = sc_span_sub(value, 1, value.n - 1);
        break;
    default: break;
    }
    if (value.n) sc_set_text(r, column, value);
}

static bool begins(int column, const sc_row *r)
{
    if (column == USAGE) return true;
    return column == BASE && (!r || sc_has(r, BASE));
}

static void parse(sc_parse *p)
{
    sc_row *r = NULL;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = l->text, piece, value;
        int column;
        while (sc_piece(&rest, marks, &piece)) {
            if (!find_field(piece, &column, &value)) continue;
            if (begins(column, r) && (column == BASE || sc_find(l->text, "Base Address:") != SC_NPOS ||
                                      taste(l, p->n - p->at + 1) == SC_STRONG))
                r = sc_add(p, &sc_table_address_region, l);
            if (!r) continue;
            sc_take(p, l);
            r->last_line = l->last;
            if (column >= 0) set_field(p, r, column, value);
        }
    }
    if (!r) return;
    if (sc_has(r, BASE) && sc_has(r, SIZE)) sc_complete(p);
    sc_cover_all(p->facts, &sc_table_address_region, p->ordinal, false);
}

static const sc_table *const tables[] = {&sc_table_address_region, NULL};
const sc_command sc_command_address = {
    .name = "!address",
    .doc = "What the memory around an address is used for",
    .proof = "the size of the region",
    .query = "SELECT base, \"end\", usage, module FROM address_region",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
const sc_command sc_command_vprot = {
    .name = "!vprot",
    .doc = "The protection of a user-mode address",
    .proof = "the size of the region",
    .query = "SELECT base, state, protect FROM address_region",
    .tables = tables,
    .taste = taste_vprot,
    .parse = parse,
};
