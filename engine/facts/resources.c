/* !cmreslist: the hardware resources of a device. [sample k_x86--checking-for-resource-conflicts-368]
 *
 *     kd> !cmreslist e11d8808
 *     CmResourceList at 0xe11d8808  Version 0.0  Interface 0x1  Bus #0
 *       Entry 0 - Interrupt (0x2) Device Exclusive (0x1)
 *         Flags (0x01) - LATCHED
 *         Level 0x9, Vector 0x9, Affinity 0xffffffff
 *       Entry 1 - Port (0x1) Device Exclusive (0x1)
 *         Flags (0x01) - PORT_MEMORY PORT_IO
 *         Range starts at 0xdfe0 for 0x20 bytes
 *       Entry 2 - DevicePrivate (0x81) Device Exclusive (0x1)
 *         Data - {0x00010120, 0000000000, 0000000000}
 *
 * Table: hw_resource.
 * Query: SELECT kind, hex64(start), bytes FROM hw_resource WHERE NOT exclusive;
 */
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"list", SC_ADDR, "address of the list"},
    {"n", SC_INT, "number of the entry"},
    {"kind", SC_TEXT, "Interrupt, Port, Memory, DevicePrivate ..."},
    {"exclusive", SC_BOOL, "no other device may use it"},
    {"start", SC_ADDR, "first port or physical address of the range"},
    {"bytes", SC_INT, "length of the range"},
    {"level", SC_INT, "level of the interrupt"},
    {"vector", SC_INT, "vector of the interrupt"},
};
enum { LIST, N, KIND, EXCLUSIVE, START, BYTES, LEVEL, VECTOR };
const sc_table sc_table_hw_resource = {"hw_resource", "Hardware resources of devices", LIST, SC_COLUMNS(columns)};

static bool read_header(sc_span text, uint64_t *list, int *digits)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "CmResourceList at") && sc_addr(&c, list, digits) && sc_lit(&c, "Version");
}

/* `Entry 1 - Port (0x1) Device Exclusive (0x1)` */
static bool read_entry(sc_span text, uint64_t *n, sc_span *kind, sc_span *share)
{
    sc_scan c = sc_scan_of(text);
    uint64_t code;
    if (!sc_lit(&c, "Entry") || !sc_dec(&c, n) || *n > 10000 || !sc_lit(&c, "-") || !sc_until(&c, "(", kind))
        return false;
    *kind = sc_trim(*kind);
    if (!sc_hex(&c, &code) || !sc_lit(&c, ")") || !kind->n) return false;
    *share = sc_trim(sc_rest(&c));
    return true;
}

static bool read_detail(sc_row *r, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t a, b;
    if (sc_lit(&c, "Range starts at")) {
        if (!sc_hex(&c, &a) || !sc_lit(&c, "for") || !sc_hex(&c, &b) || b > INT64_MAX) return false;
        sc_set_addr(r, START, a);
        sc_set_int(r, BYTES, (int64_t)b);
        return true;
    }
    if (sc_lit(&c, "Level")) {
        if (!sc_hex(&c, &a) || !sc_lit(&c, ", Vector") || !sc_hex(&c, &b) || a > UINT32_MAX || b > UINT32_MAX)
            return false;
        sc_set_int(r, LEVEL, (int64_t)a);
        sc_set_int(r, VECTOR, (int64_t)b);
        return true;
    }
    return (sc_lit(&c, "Flags (") && sc_hex(&c, &a) && sc_lit(&c, ")")) || sc_starts(text, "Data - {");
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    uint64_t list;
    int digits;
    return n && read_header(sc_trim(lines[0].text), &list, &digits) ? SC_STRONG : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    sc_row *r = NULL;
    uint64_t list = 0, n;
    int digits;
    bool headed = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text), kind, share;
        if (read_header(text, &list, &digits)) {
            sc_take(p, l);
            sc_note_width(p->facts, digits);
            sc_cover_addr(p->facts, &sc_table_hw_resource, list, p->ordinal, false); /* no end mark */
            headed = true;
            r = NULL;
        } else if (headed && read_entry(text, &n, &kind, &share)) {
            r = sc_add(p, &sc_table_hw_resource, l);
            sc_set_addr(r, LIST, list);
            sc_set_int(r, N, (int64_t)n);
            sc_set_text(r, KIND, kind);
            if (share.n) sc_set_bool(r, EXCLUSIVE, sc_starts(share, "Device Exclusive"));
        } else if (r && read_detail(r, text)) {
            sc_take(p, l);
            r->last_line = l->last;
        }
    }
}

static const sc_table *const tables[] = {&sc_table_hw_resource, NULL};
const sc_command sc_command_cmreslist = {
    .name = "!cmreslist",
    .doc = "The hardware resources that a device was given",
    .proof = "nothing: the list has no end mark",
    .query = "SELECT kind, hex64(start), bytes FROM hw_resource WHERE NOT exclusive",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
