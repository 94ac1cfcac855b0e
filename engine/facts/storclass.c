/* !storclass: the disks and other storage devices that the class driver knows.
 * [sample address_k--storagekd-storclass-45]
 *
 *     Storage class devices:
 *
 *     * !storclass fffffa80043dc060 [1,2] ST3160812AS Paging Disk
 *       !storclass fffffa8006581740 [1,2] Msft Virtual Disk Disk
 *
 * Each line is a command that shows more about that device.
 *
 * Table: storage_device.
 * Query: SELECT hex64(device), name FROM storage_device;
 */
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"device", SC_ADDR, "functional device object of the class driver"},
    {"name", SC_TEXT, "product and kind, as printed"},
    {"paging", SC_BOOL, "it holds a page file"},
};
enum { DEVICE, NAME, PAGING };
const sc_table sc_table_storage_device = {"storage_device", "Disks and other storage devices", SC_NO_KEY,
                                          SC_COLUMNS(columns)};

/* `* !storclass fffffa80043dc060 [1,2] ST3160812AS Paging Disk` */
static bool read_row(sc_span text, uint64_t *device, int *digits, sc_span *name)
{
    sc_scan c = sc_scan_of(text);
    sc_span levels;
    sc_lit(&c, "*");
    if (!sc_lit(&c, "!storclass") || !sc_addr(&c, device, digits) || !sc_lit(&c, "[")) return false;
    if (!sc_until(&c, "]", &levels) || !levels.n || !sc_is_digit(levels.p[0])) return false;
    *name = sc_trim(sc_rest(&c));
    return name->n > 0;
}

static bool is_header(sc_span text)
{
    return sc_eq_z(sc_trim(text), "Storage class devices:");
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span name;
    uint64_t device;
    int digits;
    if (!n) return SC_ABSTAIN;
    return is_header(lines[0].text) || read_row(lines[0].text, &device, &digits, &name) ? SC_STRONG : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span name, text = sc_trim(l->text);
        uint64_t device;
        int digits;
        if (is_header(text)) {
            sc_take(p, l);
        } else if (sc_starts(text, "Usage: !storclass")) { /* the last line */
            sc_take(p, l);
            sc_complete(p);
        } else if (read_row(text, &device, &digits, &name)) {
            sc_row *r = sc_add(p, &sc_table_storage_device, l);
            sc_set_addr(r, DEVICE, device);
            sc_set_text(r, NAME, name);
            sc_set_bool(r, PAGING, sc_find(name, " Paging ") != SC_NPOS);
            sc_note_width(p->facts, digits);
        }
    }
    sc_cover_all(p->facts, &sc_table_storage_device, p->ordinal, p->section->complete);
}

static const sc_table *const tables[] = {&sc_table_storage_device, NULL};
const sc_command sc_command_storclass = {
    .name = "!storclass",
    .doc = "Disks and other storage devices",
    .proof = "its last line, Usage",
    .query = "SELECT hex64(device), name FROM storage_device",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
