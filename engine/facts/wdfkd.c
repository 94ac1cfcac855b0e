/* !wdfkd: driver framework drivers, devices and queues. [the debugger's reference: !wdfkd.wdfdriverinfo,
 * .wdfdevice, .wdfqueue, .wdfdevicequeues]
 *
 *     kd> !wdfdevice 0x7cad31c8
 *     # Dumping WDFDEVICE 0x7cad31c8
 *     WDM PDEVICE_OBJECTs:  self 81fb00e8
 *     Pnp state:  119 ( WdfDevStatePnpStarted )
 *     Power state:  31f ( WdfDevStatePowerDx )
 *     Power Pol state:  508 ( WdfDevStatePwrPolWaitingUnarmed )
 *     No pended pnp or power irps
 *
 *     kd> !wdfqueue 0x7ce7d1e8
 *     # Dumping WDFQUEUE 0x7ce7d1e8
 *     Parallel, Power-managed, PowerOff, Can accept, Can dispatch, ExecutionLevelDispatch, ...
 *         Number of driver owned requests: 0
 *         Number of waiting requests: 0
 *
 * Tables: wdf_driver, wdf_device, wdf_queue.
 * Query:  SELECT queue, driver_owned FROM wdf_queue WHERE driver_owned > 0;
 *
 * A request that the driver owns is not yet completed; a queue with many of them and an idle device is worth a look.
 */
#include "engine/facts/field.h"
#include "engine/facts/tables.h"

static const sc_column driver_columns[] = {
    {"driver", SC_TEXT, "name of the driver's image without extension"},
    {"library", SC_TEXT, "framework it uses, Wdf01000"},
    {"version", SC_TEXT, "framework version it was built for, v1.15"},
};
enum { V_DRIVER, V_LIBRARY, V_VERSION };
const sc_table sc_table_wdf_driver = {"wdf_driver", "Drivers that use the driver framework", V_DRIVER,
                                      SC_COLUMNS(driver_columns)};

static const sc_column device_columns[] = {
    {"handle", SC_ADDR, "WDFDEVICE handle"},
    {"device", SC_ADDR, "device object"},
    {"pnp_state", SC_TEXT, "WdfDevStatePnp..."},
    {"power_state", SC_TEXT, "WdfDevStatePower..."},
    {"policy_state", SC_TEXT, "WdfDevStatePwrPol..."},
    {"pended_irps", SC_BOOL, "Plug and Play or power requests are pending; false when the output says there are none"},
};
enum { D_HANDLE, D_DEVICE, D_PNP, D_POWER, D_POLICY, D_PENDED };
const sc_table sc_table_wdf_device = {"wdf_device", "Devices of the driver framework", D_HANDLE,
                                      SC_COLUMNS(device_columns)};

static const sc_column queue_columns[] = {
    {"queue", SC_ADDR, "WDFQUEUE handle"},
    {"kind", SC_TEXT, "Parallel, Sequential or Manual"},
    {"power", SC_TEXT, "PowerOn, PowerOff ..."},
    {"driver_owned", SC_INT, "requests that the driver has and has not completed"},
    {"waiting", SC_INT, "requests that wait in the queue"},
};
enum { Q_QUEUE, Q_KIND, Q_POWER, Q_OWNED, Q_WAITING };
const sc_table sc_table_wdf_queue = {"wdf_queue", "Request queues of the driver framework", Q_QUEUE,
                                     SC_COLUMNS(queue_columns)};

static const char *const marks[] = {"WDM PDEVICE_OBJECTs:",
                                    "Pnp state:",
                                    "Power state:",
                                    "Power Pol state:",
                                    "Parent WDFDEVICE",
                                    "Parent states:",
                                    "No pended pnp",
                                    "Number of driver owned",
                                    "Number of waiting",
                                    "Parallel,",
                                    "Sequential,",
                                    "Manual,",
                                    "Default driver image name:",
                                    "WDF library image name:",
                                    "Version  ",
                                    "Queue: ",
                                    "Pnp state history:",
                                    NULL};

static sc_span after_hash(sc_span text)
{
    text = sc_trim(text);
    while (text.n && text.p[0] == '#') text = sc_ltrim(sc_span_from(text, 1));
    return text;
}

/* `# Dumping WDFDEVICE 0x7cad31c8`; handles are printed with and without leading zeros. */
static bool read_dump(sc_span text, const char *kind, uint64_t *handle)
{
    sc_scan c = sc_scan_of(after_hash(text));
    return sc_lit(&c, "Dumping") && sc_lit(&c, kind) && sc_lit(&c, "0x") && sc_hex(&c, handle);
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? after_hash(lines[0].text) : (sc_span){0};
    uint64_t v;
    if (text.n < 10) return SC_ABSTAIN;
    if (text.p[0] == 'D') {
        if (read_dump(text, "WDFDEVICE", &v) || read_dump(text, "WDFQUEUE", &v)) return SC_STRONG;
        if (read_dump(text, "queues of WDFDEVICE", &v)) return SC_STRONG;
        return sc_starts(text, "Default driver image name:") ? SC_STRONG : SC_ABSTAIN;
    }
    if (text.p[0] == 'P' && sc_find(text, "( WdfDevState") != SC_NPOS) return SC_WEAK;
    return sc_starts(text, "WDM PDEVICE_OBJECTs:") ? SC_WEAK : SC_ABSTAIN;
}

/* `119 ( WdfDevStatePnpStarted )` */
static void set_state(sc_row *r, int column, sc_span value)
{
    sc_scan c = sc_scan_of(value);
    uint64_t v;
    sc_span name;
    if (r->cells[column].state != SC_NOT_PRINTED) return;
    if (sc_hex(&c, &v) && sc_lit(&c, "(") && sc_until(&c, ")", &name) && sc_starts(sc_trim(name), "WdfDevState"))
        sc_set_text(r, column, sc_trim(name));
}

typedef struct state {
    sc_row *driver, *device, *queue;
    bool parent;
} state;

static bool read_device(sc_parse *p, sc_row *r, sc_span text, state *s)
{
    sc_span value;
    uint64_t v;
    int digits;
    if (sc_field(text, "Parent WDFDEVICE", &value) || sc_starts(text, "Parent states:")) {
        s->parent = true;
    } else if (sc_field(text, "Pnp state", &value)) {
        if (!s->parent) set_state(r, D_PNP, value);
    } else if (sc_field(text, "Power state", &value)) {
        if (!s->parent) set_state(r, D_POWER, value);
    } else if (sc_field(text, "Power Pol state", &value)) {
        if (!s->parent) set_state(r, D_POLICY, value);
    } else if (sc_field(text, "WDM PDEVICE_OBJECTs", &value)) {
        sc_scan c = sc_scan_of(value);
        if (sc_lit(&c, "self") && sc_addr(&c, &v, &digits)) sc_set_addr(r, D_DEVICE, v);
    } else if (sc_starts(text, "No pended pnp or power irps")) {
        sc_set_bool(r, D_PENDED, false);
        sc_cover_addr(p->facts, &sc_table_wdf_device, sc_get_addr(r, D_HANDLE), p->ordinal, true);
        sc_complete(p);
    } else {
        return sc_starts(text, "Device is the power policy owner");
    }
    return true;
}

static bool read_queue(sc_parse *p, sc_row *r, sc_span text)
{
    static const char *const kinds[] = {"Parallel,", "Sequential,", "Manual,"};
    sc_span value;
    uint64_t v;
    for (size_t i = 0; i < 3; i++) {
        if (!sc_starts(text, kinds[i])) continue;
        sc_set_text(r, Q_KIND, sc_span_sub(text, 0, sc_span_z(kinds[i]).n - 1));
        if (sc_find(text, " PowerOn,") != SC_NPOS) sc_set_text(r, Q_POWER, SC_S("PowerOn"));
        if (sc_find(text, " PowerOff,") != SC_NPOS) sc_set_text(r, Q_POWER, SC_S("PowerOff"));
        return true;
    }
    bool owned = sc_field(text, "Number of driver owned requests", &value);
    if (!owned && !sc_field(text, "Number of waiting requests", &value)) return false;
    sc_scan c = sc_scan_of(value);
    if (!sc_dec(&c, &v) || v > INT64_MAX) return false;
    sc_set_int(r, owned ? Q_OWNED : Q_WAITING, (int64_t)v);
    if (!owned) {
        sc_cover_addr(p->facts, &sc_table_wdf_queue, sc_get_addr(r, Q_QUEUE), p->ordinal, sc_has(r, Q_OWNED));
        sc_complete(p);
    }
    return true;
}

static bool read_driver(sc_parse *p, const sc_line *l, sc_span text, state *s)
{
    sc_span value;
    if (sc_field(text, "Default driver image name", &value) && value.n) {
        s->driver = sc_add(p, &sc_table_wdf_driver, l);
        sc_set_text(s->driver, V_DRIVER, value);
        sc_cover_text(p->facts, &sc_table_wdf_driver, value, p->ordinal, true);
    } else if (s->driver && sc_field(text, "WDF library image name", &value) && value.n) {
        sc_set_text(s->driver, V_LIBRARY, value);
    } else if (s->driver && sc_field(text, "Version", &value) && sc_starts(value, "v")) {
        sc_set_text(s->driver, V_VERSION, value);
        sc_complete(p);
    } else {
        return false;
    }
    return true;
}

static void read_piece(sc_parse *p, const sc_line *l, sc_span text, state *s)
{
    uint64_t v;
    sc_scan c = sc_scan_of(text);
    if (read_dump(text, "WDFDEVICE", &v)) {
        *s = (state){.device = sc_add(p, &sc_table_wdf_device, l)};
        sc_set_addr(s->device, D_HANDLE, v);
        sc_cover_addr(p->facts, &sc_table_wdf_device, v, p->ordinal, false);
        return;
    }
    bool listed = sc_lit(&c, "Queue:") && sc_dec(&c, &v) && sc_lit(&c, "(!wdfqueue 0x") && sc_hex(&c, &v);
    if (listed || read_dump(text, "WDFQUEUE", &v)) {
        *s = (state){.queue = sc_add(p, &sc_table_wdf_queue, l)};
        sc_set_addr(s->queue, Q_QUEUE, v);
        sc_cover_addr(p->facts, &sc_table_wdf_queue, v, p->ordinal, false);
    } else if (read_dump(text, "queues of WDFDEVICE", &v) || sc_starts(text, "----") || sc_starts(text, "====")) {
        sc_take(p, l);
    } else if (s->device  ? read_device(p, s->device, text, s)
               : s->queue ? read_queue(p, s->queue, text)
                          : read_driver(p, l, text, s)) {
        sc_take(p, l);
    } else if (sc_starts(text, "Default driver image name:")) {
        *s = (state){0};
        read_driver(p, l, text, s);
    }
}

static void parse(sc_parse *p)
{
    state s = {0};
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = l->text, piece;
        while (sc_piece(&rest, marks, &piece)) {
            bool dump = sc_find(piece, "Dumping ") != SC_NPOS;
            read_piece(p, l, dump ? piece : after_hash(piece), &s);
        }
    }
}

static const sc_table *const tables[] = {&sc_table_wdf_driver, &sc_table_wdf_device, &sc_table_wdf_queue, NULL};
static const char *const aliases[] = {"!wdfdriverinfo", "!wdfqueue", "!wdfdevicequeues", "!wdfrequest", NULL};
const sc_command sc_command_wdf = {
    .name = "!wdfdevice",
    .aliases = aliases,
    .doc = "Drivers, devices and queues of the driver framework",
    .proof = "the version of a driver, the counts of a queue, the line on pended requests of a device",
    .query = "SELECT queue, driver_owned FROM wdf_queue WHERE driver_owned > 0",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
