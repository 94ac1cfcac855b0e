/* !devobj: a device object, its driver and its neighbours in the device stack. [seed 003; samples devobj--*]
 *
 *     0: kd> !devobj fffffa800c089050
 *     Device object (fffffa800c089050) is for:
 *      NDMP14 \Driver\ZTEusbnet DriverObject fffffa800deeae70
 *     Current Irp 00000000 RefCount 0 Type 00000017 Flags 00002050
 *     Dacl fffff9a10009b881 DevExt fffffa800c0891a0 DevObjExt fffffa800c08a8c0
 *     ExtensionFlags (0x00000800)  DOE_DEFAULT_SD_PRESENT
 *     AttachedTo (Lower) fffffa80070bfa00 \Driver\usbccgp
 *     Device queue is not busy.
 *
 * Tables: device.
 * Query:  SELECT driver, lower_driver FROM device WHERE device = 0xfffffa800c089050;
 *
 * Old debuggers print no ExtensionFlags and no lower device, and glue `AttachedDev ff0cd030` to the flags.
 */
#include "engine/facts/io.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"device", SC_ADDR, "address of the device object"},
    {"name", SC_TEXT, "its name without folder; NULL when it has none"},
    {"driver", SC_TEXT, "driver that made it"},
    {"driver_object", SC_ADDR, "address of that driver's object"},
    {"upper", SC_ADDR, "device attached above it; NULL for none"},
    {"upper_driver", SC_TEXT, "driver of the upper device"},
    {"lower", SC_ADDR, "device it is attached to; NULL for none"},
    {"lower_driver", SC_TEXT, "driver of the lower device"},
    {"type", SC_INT, "FILE_DEVICE_ number: 7 disk, 0x17 network, 0x22 unknown"},
    {"flags", SC_ADDR, "DO_ bits"},
    {"current_irp", SC_ADDR, "request its StartIo routine works on; NULL for none"},
    {"devnode", SC_ADDR, "device node, of physical device objects only"},
    {"ext", SC_ADDR, "device extension"},
};
_Static_assert(sizeof columns / sizeof columns[0] == DEVICE_COLUMNS, "columns of device");
const sc_table sc_table_device = {"device", "Device objects", DEVICE_DEVICE, SC_COLUMNS(columns)};

static bool read_header(sc_span text, uint64_t *device, int *digits, sc_span *rest)
{
    sc_scan c = sc_scan_of(text);
    if (!sc_lit(&c, "Device object (") || !sc_addr(&c, device, digits) || !sc_lit(&c, ")")) return false;
    sc_lit(&c, "is for:");
    *rest = sc_trim(sc_rest(&c));
    return true;
}

/* The name in front of the driver. The debugger may have said instead that it could not read it. */
static void set_name(sc_row *r, sc_span name)
{
    static const char *const unreadable[] = {"Cannot read", "InfoMask field", "Could not"};
    size_t message = sc_find(name, "*** ");
    name = sc_trim(message == SC_NPOS ? name : sc_span_sub(name, 0, message));
    for (size_t i = 0; i < sizeof unreadable / sizeof unreadable[0]; i++)
        if (sc_find(name, unreadable[i]) != SC_NPOS) return;
    if (name.n)
        sc_set_text(r, DEVICE_NAME, name);
    else if (r->cells[DEVICE_NAME].state == SC_NOT_PRINTED)
        sc_set_null(r, DEVICE_NAME);
}

/* ` NDMP14 \Driver\ZTEusbnet DriverObject fffffa800deeae70` */
static bool read_driver(sc_facts *f, sc_row *r, sc_span text)
{
    uint64_t object;
    int digits;
    size_t at = sc_find(text, " DriverObject ");
    if (at == SC_NPOS || !sc_label_hex(text, "DriverObject", &object, &digits)) return false;
    sc_span head = sc_span_sub(text, 0, at);
    sc_set_pointer(f, r, DEVICE_DRIVER_OBJECT, object, digits);
    for (size_t i = head.n; i-- > 0;) {
        sc_scan c = sc_scan_of(sc_span_from(head, i));
        sc_span driver;
        if (sc_is_blank(head.p[i]) || !sc_driver_scan(&c, &driver)) continue;
        sc_set_text(r, DEVICE_DRIVER, driver);
        set_name(r, sc_span_sub(head, 0, i));
        break;
    }
    return true;
}

static void read_neighbour(sc_facts *f, sc_row *r, sc_span text, const char *label, int column, int driver_column)
{
    size_t at = sc_find(text, label);
    uint64_t device;
    int digits;
    sc_span driver;
    if (at == SC_NPOS) return;
    sc_scan c = sc_scan_of(sc_span_from(text, at + sc_span_z(label).n));
    if (!sc_addr(&c, &device, &digits)) return;
    sc_set_pointer(f, r, column, device, digits);
    if (sc_driver_scan(&c, &driver)) sc_set_text(r, driver_column, driver);
}

static void read_fields(sc_facts *f, sc_row *r, sc_span text)
{
    static const struct {
        const char *label;
        int column;
    } pointers[] = {
        {"Current Irp", DEVICE_CURRENT_IRP},
        {"DevExt", DEVICE_EXT},
        {"DevNode", DEVICE_DEVNODE},
    };
    uint64_t v;
    int digits;
    for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++)
        if (sc_label_hex(text, pointers[i].label, &v, &digits)) sc_set_pointer(f, r, pointers[i].column, v, digits);
    if (sc_label_hex(text, "Type", &v, &digits) && digits == 8) sc_set_int(r, DEVICE_TYPE, (int64_t)v);
    sc_scan c;
    if (sc_label(text, "Flags", &c) &&
        sc_hex(&c, &v)) { /* 00001040AttachedDev ff0cd030: the eight digits end in a word */
        sc_span rest = sc_rest(&c);
        if (sc_starts(rest, "ttachedDev")) v >>= 4; /* its A was read as a digit */
        sc_set_addr(r, DEVICE_FLAGS, v);
    }
    read_neighbour(f, r, text, "AttachedDevice (Upper)", DEVICE_UPPER, DEVICE_UPPER_DRIVER);
    read_neighbour(f, r, text, "AttachedTo (Lower)", DEVICE_LOWER, DEVICE_LOWER_DRIVER);
    read_neighbour(f, r, text, "AttachedDev ", DEVICE_UPPER, DEVICE_UPPER_DRIVER);
}

static void set_absent(sc_row *r, int column, int driver_column)
{
    if (r->cells[column].state != SC_NOT_PRINTED) return;
    sc_set_null(r, column);
    sc_set_null(r, driver_column);
}

/* The last line: neighbours that were not printed by now are not there. */
static void end(sc_parse *p, sc_row *r, bool modern, bool last_line)
{
    bool whole = last_line && sc_has(r, DEVICE_DRIVER);
    if (last_line) set_absent(r, DEVICE_UPPER, DEVICE_UPPER_DRIVER);
    if (last_line && modern) set_absent(r, DEVICE_LOWER, DEVICE_LOWER_DRIVER);
    sc_cover_addr(p->facts, &sc_table_device, sc_get_addr(r, DEVICE_DEVICE), p->ordinal, whole);
    if (whole) sc_complete(p);
}

static bool is_field_line(sc_span text)
{
    static const char *const starts[] = {"Current Irp ",
                                         "Dacl ",
                                         "SecurityDescriptor ",
                                         "Vpb ",
                                         "DevExt ",
                                         "ExtensionFlags (",
                                         "Characteristics (",
                                         "AttachedDevice (Upper)",
                                         "AttachedTo (Lower)",
                                         "Dope "};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (sc_starts(text, starts[i])) return true;
    return false;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    uint64_t v;
    int digits;
    sc_span rest;
    if (!n) return SC_ABSTAIN;
    sc_span t = sc_ltrim(lines[0].text);
    if (!t.n || t.p[0] != 'D') return SC_ABSTAIN;
    if (sc_starts(t, "Device queue is ")) return SC_WEAK;
    return read_header(t, &v, &digits, &rest) ? SC_STRONG : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    sc_row *r = NULL;
    const sc_line *torn = NULL; /* a name whose driver stands on the next line, behind a message of the debugger */
    bool modern = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_ltrim(l->text);
        uint64_t device;
        int digits;
        bool header = read_header(text, &device, &digits, &text);
        if (header) {
            if (r) end(p, r, modern, false);
            r = sc_add(p, &sc_table_device, l);
            torn = NULL;
            modern = false;
            sc_set_addr(r, DEVICE_DEVICE, device);
            sc_note_width(p->facts, digits);
        }
        if (!r) continue;
        bool driver = !sc_has(r, DEVICE_DRIVER) && read_driver(p->facts, r, text),
             last = sc_find(text, "Device queue is ") != SC_NPOS;
        if (!header && !driver && !last && !is_field_line(text)) {
            if (!torn && !(l->flags & SC_LINE_MESSAGE)) torn = l;
            continue;
        }
        if (driver && torn && text.p[0] == '\\') {
            set_name(r, torn->text);
            sc_take(p, torn);
        }
        sc_take(p, l);
        if (sc_find(text, "ExtensionFlags") != SC_NPOS) modern = true;
        read_fields(p->facts, r, text);
        if (last) {
            end(p, r, modern, true);
            r = NULL;
        }
    }
    if (r) end(p, r, modern, false);
}

static const sc_table *const tables[] = {&sc_table_device, NULL};
const sc_command sc_command_devobj = {
    .name = "!devobj",
    .doc = "A device object: its driver and the devices above and below it",
    .proof = "its last line, Device queue is not busy",
    .query = "SELECT driver, lower_driver FROM device WHERE device = 0xfffffa800c089050",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
