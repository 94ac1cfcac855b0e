/* !devstack: the device objects above and below one, the highest first. [samples devstack--*]
 *
 *     0: kd> !devstack fffffa8007b13440
 *       !DevObj           !DrvObj            !DevExt           ObjectName
 *       fffffa800783f060  \Driver\HidUsb     fffffa800783f1b0  InfoMask field not found for _OBJECT_HEADER at ...
 *     > fffffa8007b13440  \Driver\usbhub     fffffa8007b13590  Cannot read info offset from nt!ObpInfoMaskToOffset
 *     !DevNode fffffa8007ac8a00 :
 *       DeviceInst is "USB\VID_04D8&PID_0033\5&46fa7b7&0&1"
 *       ServiceName is "HidUsb"
 *
 * Tables: device_stack, devnode.
 * Query:  SELECT stack, position, driver FROM device_stack ORDER BY stack, position;
 *
 * A driver's name longer than its column is glued to the extension behind it. The lowest device is the bus driver's:
 * usually a bystander.
 */
#include "engine/facts/devnode.h"
#include "engine/facts/field.h"
#include "engine/facts/io.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"device", SC_ADDR, "address of the device object"},
    {"stack", SC_INT, "which device stack: the same number for its devices"},
    {"position", SC_INT, "place in the stack from 1, the highest device"},
    {"driver", SC_TEXT, "driver that made the device"},
    {"ext", SC_ADDR, "device extension; NULL for none"},
    {"name", SC_TEXT, "name of the device object; NULL when it has none"},
    {"asked", SC_BOOL, "the device that the command was asked about (marked >)"},
};
enum { DEVICE, STACK, POSITION, DRIVER, EXT, NAME, ASKED };
const sc_table sc_table_device_stack = {"device_stack", "Devices stacked on each other, the highest first", DEVICE,
                                        SC_COLUMNS(columns)};

typedef struct line {
    bool asked;
    uint64_t device, ext;
    int digits, ext_digits;
    bool has_ext;
    sc_span driver;
} line;

/* A name that fills its column runs into the address behind it. */
static void unglue(line *l)
{
    size_t n = l->digits == 8 ? 8 : 16;
    if (l->driver.n <= n) return;
    sc_span tail = sc_span_from(l->driver, l->driver.n - n);
    int digits;
    if (!sc_span_addr(tail, &l->ext, &digits) || (l->ext >> (n == 8 ? 31 : 47)) == 0) return;
    l->driver = sc_span_sub(l->driver, 0, l->driver.n - n);
    l->ext_digits = digits;
    l->has_ext = true;
}

static bool read_row(sc_scan *c, line *l)
{
    sc_scan t = *c;
    *l = (line){0};
    l->asked = sc_lit(&t, ">");
    if (!sc_addr(&t, &l->device, &l->digits) || !sc_driver_scan(&t, &l->driver)) return false;
    unglue(l);
    if (!l->has_ext) l->has_ext = sc_number(&t, &l->ext, &l->ext_digits);
    *c = t;
    return true;
}

/* Where the next row of a flattened output begins, else the end. */
static size_t next_row(sc_span text)
{
    for (size_t at = 0; at < text.n; at++) {
        sc_scan c = sc_scan_of(sc_span_from(text, at));
        line l;
        if (at && !sc_is_blank(text.p[at - 1])) continue;
        if (sc_starts(sc_span_from(text, at), "!DevNode ")) return at;
        if ((text.p[at] == '>' || sc_is_hex(text.p[at])) && read_row(&c, &l)) return at;
    }
    return text.n;
}

static bool is_header(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "!DevObj") && sc_lit(&c, "!DrvObj") && sc_lit(&c, "!DevExt");
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    if (text.n < 8) return SC_ABSTAIN;
    if (text.p[0] == '!') return is_header(text) ? SC_STRONG : sc_starts(text, "!DevNode ") ? SC_WEAK : SC_ABSTAIN;
    if (text.p[0] != '>' && !sc_is_hex(text.p[0]) && text.p[0] != 'D' && text.p[0] != 'S') return SC_ABSTAIN;
    if (sc_starts(text, "DeviceInst is \"") || sc_starts(text, "ServiceName is \"")) return SC_WEAK;
    sc_scan c = sc_scan_of(text);
    line l;
    return read_row(&c, &l) && l.has_ext ? SC_WEAK : SC_ABSTAIN;
}

static void set_name(sc_row *r, sc_span name, bool last)
{
    name = sc_trim(name);
    if (sc_starts(name, "InfoMask ") || sc_starts(name, "Cannot read ")) return;
    if (name.n && name.n < 200)
        sc_set_text(r, NAME, name);
    else if (!name.n && !last)
        sc_set_null(r, NAME);
}

static sc_row *add_row(sc_parse *p, const sc_line *l, const line *d, int64_t position, const sc_row *first)
{
    size_t n = sc_facts_table(p->facts, &sc_table_device_stack)->n_rows;
    sc_row *r = sc_add(p, &sc_table_device_stack, l);
    sc_note_width(p->facts, d->digits);
    sc_set_addr(r, DEVICE, d->device);
    sc_set_int(r, STACK, first ? sc_get_int(first, STACK) : (int64_t)n + 1);
    sc_set_int(r, POSITION, position);
    sc_set_text(r, DRIVER, d->driver);
    if (d->has_ext) sc_set_pointer(p->facts, r, EXT, d->ext, d->ext_digits);
    sc_set_bool(r, ASKED, d->asked);
    return r;
}

/* The stack's rows are the last ones of the table. */
static void cover(sc_parse *p, const sc_row *first, bool complete)
{
    for (const sc_row *r = first; r; r = r->next)
        sc_cover_addr(p->facts, &sc_table_device_stack, sc_get_addr(r, DEVICE), p->ordinal, complete);
    if (complete) sc_complete(p);
}

/* `!DevNode A :`, `DeviceInst is "..."` and `ServiceName is "..."`, perhaps on one line. */
static bool read_node(sc_parse *p, const sc_line *l, sc_span text, uint64_t pdo, sc_row **node)
{
    static const char *const marks[] = {"DeviceInst is", "ServiceName is", NULL};
    sc_span piece;
    bool any = false;
    while (sc_piece(&text, marks, &piece)) {
        sc_scan c = sc_scan_of(piece);
        sc_span value;
        uint64_t v;
        int digits;
        if (sc_lit(&c, "!DevNode") && sc_addr(&c, &v, &digits)) {
            *node = sc_add(p, &sc_table_devnode, l);
            sc_set_addr(*node, DEVNODE_DEVNODE, v);
            if (pdo) sc_set_addr(*node, DEVNODE_PDO, pdo);
            sc_cover_addr(p->facts, &sc_table_devnode, v, p->ordinal, false);
            any = true;
        } else if (*node && sc_lit(&c, "DeviceInst is") && sc_quoted(&c, &value)) {
            sc_set_text(*node, DEVNODE_INSTANCE, value);
            (*node)->last_line = l->last;
            any = true;
        } else if (*node && sc_lit(&c, "ServiceName is") && sc_quoted(&c, &value)) {
            sc_set_text(*node, DEVNODE_SERVICE, value);
            (*node)->last_line = l->last;
            any = true;
        }
    }
    if (any) sc_take(p, l);
    return any;
}

static void parse(sc_parse *p)
{
    int64_t position = 0;
    sc_row *first = NULL; /* of the current stack */
    uint64_t lowest = 0;
    sc_row *node = NULL;
    bool closed = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text);
        if (is_header(text)) {
            if (first) cover(p, first, closed);
            position = 0;
            first = NULL;
            node = NULL;
            closed = false;
            sc_take(p, l);
            text = sc_span_from(text, next_row(text));
        }
        while (text.n) {
            sc_scan c = sc_scan_of(text);
            line d;
            if (sc_starts(text, "!DevNode ") || node) {
                if (read_node(p, l, text, lowest, &node)) closed = position > 0;
                break;
            }
            if (!read_row(&c, &d)) break;
            sc_row *r = add_row(p, l, &d, ++position, first);
            if (!first) first = r;
            lowest = d.device;
            sc_span rest = sc_rest(&c);
            size_t end = next_row(rest);
            text = sc_span_from(rest, end);
            set_name(r, sc_span_sub(rest, 0, end), !text.n && !sc_peek(p));
        }
    }
    if (first) cover(p, first, closed);
}

static const sc_table *const tables[] = {&sc_table_device_stack, &sc_table_devnode, NULL};
const sc_command sc_command_devstack = {
    .name = "!devstack",
    .doc = "The device objects above and below one",
    .proof = "the device node behind the lowest device",
    .query = "SELECT stack, position, driver FROM device_stack ORDER BY stack, position",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
