/* !drvobj: a driver object, its devices and its dispatch routines. [samples drvobj--*]
 *
 *     kd> !drvobj disk 2
 *     Driver object (ffffe00001d52680) is for:
 *      \Driver\disk
 *     DriverEntry:   fffff800006b1270 disk!GsDriverEntry
 *     DriverStartIo: 00000000
 *     DriverUnload:  fffff800010b0b5c CLASSPNP!ClassUnload
 *     AddDevice:     fffff800010aa110 CLASSPNP!ClassAddDevice
 *
 *     Dispatch routines:
 *     [00] IRP_MJ_CREATE                      fffff8000106d160    CLASSPNP!ClassGlobalDispatch
 *
 * and without the 2, or with a 1:
 *
 *     Driver Extension List: (id , addr)
 *     (fffff8050a9eb290 ffffb60758413180)
 *     Device Object list:
 *     ffffb60758e21810  ffffb60757a67c60
 *
 * Tables: driver, driver_routine, driver_device.
 * Query:  SELECT driver, symbol FROM driver_routine WHERE major = 0x16 AND module <> driver;
 *
 * A dispatch routine in another module is normal for a framework, a port or class driver; one in a module that is
 * neither is a hook.
 */
#include "engine/facts/field.h"
#include "engine/facts/io.h"
#include "engine/facts/symbol.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"driver", SC_TEXT, "name of the driver object without folder"},
    {"object", SC_ADDR, "address of the driver object"},
    {"entry", SC_ADDR, "its DriverEntry; NULL for none"},
    {"start_io", SC_ADDR, "its StartIo routine; NULL for none"},
    {"unload", SC_ADDR, "its unload routine; NULL for a driver that cannot be unloaded"},
    {"add_device", SC_ADDR, "its AddDevice routine; NULL for a driver without Plug and Play"},
};
enum { DRIVER, OBJECT, ENTRY, START_IO, UNLOAD, ADD_DEVICE };
const sc_table sc_table_driver = {"driver", "Driver objects", DRIVER, SC_COLUMNS(columns)};

static const sc_column routine_columns[] = {
    {"driver", SC_TEXT, "name of the driver object"},
    {"major", SC_INT, "IRP major function that the routine handles; NULL for DriverEntry, DriverUnload and their kin"},
    {"name", SC_TEXT, "IRP_MJ_READ, DriverUnload, AddDevice ..."},
    {"address", SC_ADDR, "of the routine"},
    {"symbol", SC_TEXT, "the routine by name"},
    {"module", SC_TEXT, "module it lies in"},
};
enum { R_DRIVER, R_MAJOR, R_NAME, R_ADDRESS, R_SYMBOL, R_MODULE };
const sc_table sc_table_driver_routine = {"driver_routine", "Routines that a driver object points to", R_DRIVER,
                                          SC_COLUMNS(routine_columns)};

static const sc_column device_columns[] = {
    {"driver", SC_TEXT, "name of the driver object"},
    {"device", SC_ADDR, "a device object it made"},
};
enum { D_DRIVER, D_DEVICE };
const sc_table sc_table_driver_device = {"driver_device", "Device objects of a driver", D_DRIVER,
                                         SC_COLUMNS(device_columns)};

static const struct {
    const char *label;
    int column;
} routines[] = {
    {"DriverEntry:", ENTRY}, {"DriverStartIo:", START_IO}, {"DriverUnload:", UNLOAD}, {"AddDevice:", ADD_DEVICE}};
enum { N_ROUTINES = sizeof routines / sizeof *routines };

static const char *const marks[] = {"\\Driver\\",
                                    "\\FileSystem\\",
                                    "Driver object (",
                                    "Driver Extension List:",
                                    "Device Object list:",
                                    "DriverEntry:",
                                    "DriverStartIo:",
                                    "DriverUnload:",
                                    "AddDevice:",
                                    "Dispatch routines:",
                                    "[",
                                    "Fast I/O routines:",
                                    NULL};

static bool read_header(sc_span text, uint64_t *object, int *digits)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "Driver object (") && sc_addr(&c, object, digits) && sc_lit(&c, ")");
}

static bool read_dispatch(sc_span text, uint64_t *major, sc_span *name, uint64_t *address, sc_span *symbol)
{
    sc_scan c = sc_scan_of(text);
    int digits;
    if (!sc_lit(&c, "[") || !sc_hex(&c, major) || *major > 0x1b || !sc_lit(&c, "]") || !sc_word(&c, name)) return false;
    if (!sc_starts(*name, "IRP_MJ_") || !sc_number(&c, address, &digits)) return false;
    *symbol = sc_trim(sc_rest(&c));
    return true;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0}, name, symbol;
    uint64_t v, major;
    int digits;
    if (text.n < 8) return SC_ABSTAIN;
    if (text.p[0] == '[') return read_dispatch(text, &major, &name, &v, &symbol) ? SC_STRONG : SC_ABSTAIN;
    if (text.p[0] != 'D' && text.p[0] != 'A') return SC_ABSTAIN;
    if (read_header(text, &v, &digits)) return SC_STRONG;
    for (size_t i = 0; i < N_ROUTINES; i++) {
        sc_scan c = sc_scan_of(text);
        if (sc_lit(&c, routines[i].label) && sc_addr(&c, &v, &digits)) return SC_WEAK;
    }
    if (sc_starts(text, "Driver Extension List: (id , addr)")) return SC_WEAK;
    return sc_starts(text, "Dispatch routines:") || sc_starts(text, "Device Object list:") ? SC_WEAK : SC_ABSTAIN;
}

static void set_symbol(sc_row *r, sc_span text)
{
    sc_symbol s;
    if (!sc_symbol_read(text, &s) || !s.module.n) return;
    sc_set_text(r, R_SYMBOL, s.name);
    sc_set_text(r, R_MODULE, s.module);
}

static sc_row *add_routine(sc_parse *p, const sc_line *l, const sc_row *driver, sc_span name, uint64_t address,
                           sc_span symbol)
{
    sc_row *r = sc_add(p, &sc_table_driver_routine, l);
    if (driver && sc_has(driver, DRIVER)) sc_set_text(r, R_DRIVER, sc_get_text(driver, DRIVER));
    sc_set_text(r, R_NAME, name);
    sc_set_null(r, R_MAJOR);
    sc_set_addr(r, R_ADDRESS, address);
    set_symbol(r, symbol);
    return r;
}

static bool read_routine(sc_parse *p, const sc_line *l, sc_row *driver, sc_span text)
{
    for (size_t i = 0; i < N_ROUTINES; i++) {
        sc_scan c = sc_scan_of(text);
        uint64_t v;
        int digits;
        if (!sc_lit(&c, routines[i].label)) continue;
        if (!sc_number(&c, &v, &digits)) return false;
        sc_take(p, l);
        if (driver) sc_set_pointer(p->facts, driver, routines[i].column, v, 0);
        sc_span label = sc_span_z(routines[i].label);
        if (v) add_routine(p, l, driver, sc_span_sub(label, 0, label.n - 1), v, sc_trim(sc_rest(&c)));
        return true;
    }
    return false;
}

/* A line of addresses, and nothing else. */
static bool read_devices(sc_parse *p, const sc_line *l, const sc_row *driver, sc_span text)
{
    sc_scan c = sc_scan_of(text), probe = c;
    uint64_t v;
    int digits;
    while (sc_addr(&probe, &v, &digits)) {}
    if (!sc_at_end(&probe)) return false;
    while (sc_addr(&c, &v, &digits)) {
        sc_row *r = sc_add(p, &sc_table_driver_device, l);
        if (driver && sc_has(driver, DRIVER)) sc_set_text(r, D_DRIVER, sc_get_text(driver, DRIVER));
        sc_set_addr(r, D_DEVICE, v);
    }
    return true;
}

static void cover(sc_parse *p, const sc_row *r, bool routines_whole, bool devices)
{
    if (!r || !sc_has(r, DRIVER)) return;
    sc_span name = sc_get_text(r, DRIVER);
    sc_cover_text(p->facts, &sc_table_driver, name, p->ordinal, routines_whole);
    sc_cover_text(p->facts, &sc_table_driver_routine, name, p->ordinal, routines_whole);
    sc_cover_text(p->facts, &sc_table_driver_device, name, p->ordinal, devices && sc_goes_on(p));
    if (routines_whole) sc_complete(p);
}

typedef struct state {
    sc_row *r;
    bool in_devices, in_extensions, devices, whole;
} state;

static void read_piece(sc_parse *p, const sc_line *l, sc_span text, state *s)
{
    sc_scan c = sc_scan_of(text);
    uint64_t v, major;
    int digits;
    sc_span name, symbol;
    if (read_header(text, &v, &digits)) {
        cover(p, s->r, s->whole, s->devices);
        *s = (state){.r = sc_add(p, &sc_table_driver, l)};
        sc_note_width(p->facts, digits);
        sc_set_addr(s->r, OBJECT, v);
    } else if (s->r && !sc_has(s->r, DRIVER) && sc_driver_scan(&c, &name)) {
        sc_take(p, l);
        sc_set_text(s->r, DRIVER, name);
    } else if (sc_starts(text, "Driver Extension List:")) {
        sc_take(p, l);
        s->in_extensions = true;
    } else if (sc_lit(&c, "Device Object list:")) {
        sc_take(p, l);
        s->in_devices = s->devices = s->r != NULL;
        s->in_extensions = false;
        if (s->in_devices) read_devices(p, l, s->r, sc_rest(&c));
    } else if (sc_starts(text, "Dispatch routines:")) {
        sc_take(p, l);
        s->in_devices = false;
    } else if (read_dispatch(text, &major, &name, &v, &symbol)) {
        sc_row *r = add_routine(p, l, s->r, name, v, symbol);
        sc_set_int(r, R_MAJOR, (int64_t)major);
        s->whole = major == 0x1b;
        s->in_devices = false;
    } else if (read_routine(p, l, s->r, text)) {
        s->in_devices = false;
    } else if (s->in_extensions && sc_lit(&c, "(") && sc_addr(&c, &v, &digits)) {
        sc_take(p, l);
    } else if (s->in_devices && !read_devices(p, l, s->r, text)) {
        s->in_devices = false;
    }
}

static void parse(sc_parse *p)
{
    state s = {0};
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = l->text, piece;
        if (l->flags & SC_LINE_CUT) s.whole = false;
        while (sc_piece(&rest, marks, &piece)) read_piece(p, l, piece, &s);
    }
    cover(p, s.r, s.whole, s.devices);
}

static const sc_table *const tables[] = {&sc_table_driver, &sc_table_driver_routine, &sc_table_driver_device, NULL};
const sc_command sc_command_drvobj = {
    .name = "!drvobj",
    .doc = "A driver object: its devices and dispatch routines",
    .proof = "the routine of IRP_MJ_PNP, the last",
    .query = "SELECT driver, symbol FROM driver_routine WHERE major = 0x16 AND module <> driver",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
