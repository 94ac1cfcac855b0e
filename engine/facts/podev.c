/* !podev and !popolicy: power state of one device, power policy of the machine. [formats as printed on public pages:
 * a driver developer's blog on power commands, the debugger's reference]
 *
 *     1: kd> !podev 0x8211c310
 *     Device object is for:
 *       DriverObject 82121f10
 *     Current Irp 00000000 RefCount 0 Type 00000000 AttachedDev 8211c190 DevFlags 00002004  DO_POWER_PAGABLE
 *     Device queue is not busy.
 *     Device Object Extension: 8211c6a8:
 *     PowerFlags: 00000400 =>SystemState=0 DeviceState=0 dvact
 *     Dope: 00000000:
 *
 *     kd> !popolicy
 *     SYSTEM_POWER_POLICY (R.1) @ 0x80164d58
 *       PowerButton:      Shutdown  Flags: 00000003   Event: 00000000   Query UI
 *       IdleTimeout:             0  IdleSensitivity:        50%
 *
 * Tables: device_power, power_policy.
 * Query:  SELECT device, driver_object, active FROM device_power WHERE active LIKE '%act%';
 *
 * dvact and syact say that a device or system power request is active; they do not say for how long.
 */
#include "engine/facts/field.h"
#include "engine/facts/io.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"device", SC_ADDR, "device object that the command was asked about"},
    {"driver_object", SC_ADDR, "driver object of the device"},
    {"upper", SC_ADDR, "device attached above it; NULL for none"},
    {"device_flags", SC_ADDR, "DO_ bits"},
    {"power_flags", SC_ADDR, "POPF_ bits of the device object's extension"},
    {"system_state", SC_INT, "SYSTEM_POWER_STATE last set: 0 unspecified, 1 working, 2 to 4 sleeping"},
    {"device_state", SC_INT, "DEVICE_POWER_STATE last set: 0 unspecified, 1 D0 to 4 D3"},
    {"active", SC_TEXT, "words behind the states: dvact, syact ...; NULL for none"},
};
enum { DEVICE, DRIVER_OBJECT, UPPER, FLAGS, POWER_FLAGS, SYSTEM_STATE, DEVICE_STATE, ACTIVE };
const sc_table sc_table_device_power = {"device_power", "Power state of device objects", DEVICE, SC_COLUMNS(columns)};

static const sc_column policy_columns[] = {
    {"label", SC_TEXT, "as printed: PowerButton, IdleTimeout, MinSleep ..."},
    {"value", SC_TEXT, "as printed: Shutdown, 0, S3, 50%"},
};
enum { LABEL, VALUE };
const sc_table sc_table_power_policy = {"power_policy", "Power policy of the machine", LABEL,
                                        SC_COLUMNS(policy_columns)};

static bool power_flags(sc_span text, sc_scan *c, uint64_t *flags)
{
    *c = sc_scan_of(text);
    sc_span arrow; /* an entity of a web page may stand in its place */
    return sc_lit(c, "PowerFlags:") && sc_hex(c, flags) && sc_until(c, "SystemState=", &arrow) && arrow.n < 12;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    sc_scan c;
    uint64_t v;
    if (text.n < 10) return SC_ABSTAIN;
    if (text.p[0] == 'P') return power_flags(text, &c, &v) ? SC_STRONG : SC_ABSTAIN;
    if (sc_starts(text, "Device object is for:")) {
        sc_span ahead;
        for (size_t i = 0; (ahead = sc_ahead(lines, n, &i)).n;)
            if (power_flags(ahead, &c, &v)) return SC_STRONG;
        return sc_find(text, "PowerFlags: ") != SC_NPOS ? SC_STRONG : SC_ABSTAIN;
    }
    return sc_starts(text, "Device Object Extension: ") ? SC_WEAK : SC_ABSTAIN;
}

static void read_line(sc_parse *p, const sc_line *l, sc_row *r, sc_span text)
{
    uint64_t v;
    int digits;
    sc_scan c;
    if (sc_label_hex(text, "DriverObject", &v, &digits)) {
        sc_set_pointer(p->facts, r, DRIVER_OBJECT, v, digits);
        sc_take(p, l);
    }
    if (sc_label_hex(text, "AttachedDev", &v, &digits)) sc_set_pointer(p->facts, r, UPPER, v, 0);
    if (sc_label_hex(text, "DevFlags", &v, &digits)) {
        sc_set_addr(r, FLAGS, v);
        if (r->cells[UPPER].state == SC_NOT_PRINTED) sc_set_null(r, UPPER);
        sc_take(p, l);
    }
    if (sc_starts(text, "Device queue is ") || sc_starts(text, "Device Object Extension:") ||
        sc_starts(text, "Dope:") || sc_starts(text, "Current Irp "))
        sc_take(p, l);
    size_t at = sc_find(text, "PowerFlags:");
    if (at == SC_NPOS || !power_flags(sc_span_from(text, at), &c, &v)) return;
    sc_take(p, l);
    r->last_line = l->last;
    sc_set_addr(r, POWER_FLAGS, v);
    if (sc_dec(&c, &v) && v < 100) sc_set_int(r, SYSTEM_STATE, (int64_t)v);
    if (sc_lit(&c, "DeviceState=") && sc_dec(&c, &v) && v < 100) sc_set_int(r, DEVICE_STATE, (int64_t)v);
    sc_span active = sc_trim(sc_rest(&c));
    size_t end = sc_find(active, "Dope:");
    if (end != SC_NPOS) active = sc_trim(sc_span_sub(active, 0, end));
    if (active.n)
        sc_set_text(r, ACTIVE, active);
    else
        sc_set_null(r, ACTIVE);
    if (sc_has(r, DEVICE)) sc_cover_addr(p->facts, &sc_table_device_power, sc_get_addr(r, DEVICE), p->ordinal, true);
    sc_complete(p);
}

static void parse(sc_parse *p)
{
    sc_row *r = NULL;
    uint64_t device;
    bool asked = sc_arg_addr(p, &device);
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text);
        bool middle = sc_starts(text, "PowerFlags: ") || sc_starts(text, "Device Object Extension: ");
        if (sc_starts(text, "Device object is for:") || (!r && middle)) { /* its beginning may be lost */
            r = sc_add(p, &sc_table_device_power, l);
            if (asked) sc_set_addr(r, DEVICE, device);
            asked = false; /* a second output in the section is about another device */
        }
        if (r) read_line(p, l, r, text);
    }
}

/* ---- !popolicy ---- */

static sc_taste taste_policy(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    return sc_starts(text, "SYSTEM_POWER_POLICY (") && sc_find(text, ") @ ") != SC_NPOS ? SC_STRONG : SC_ABSTAIN;
}

/* Pairs stand two in a line: a word with a colon, then a word. */
static void parse_policy(sc_parse *p)
{
    bool open = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text), label, value;
        if (taste_policy(l, 1) == SC_STRONG) {
            open = true;
            sc_take(p, l);
            size_t at = sc_find(text, ") @ "); /* a flattened output goes on behind the address */
            sc_scan c = sc_scan_of(sc_span_from(text, at + sizeof ") @ " - 1));
            if (!sc_word(&c, &label)) continue;
            text = sc_rest(&c);
        }
        if (!open) continue;
        sc_scan c = sc_scan_of(text);
        while (sc_word(&c, &label)) {
            if (label.n < 2 || label.p[label.n - 1] != ':' || !sc_is_alpha(label.p[0])) continue;
            if (!sc_word(&c, &value)) break;
            label = sc_span_sub(label, 0, label.n - 1);
            sc_take(p, l);
            if (sc_eq_z(label, "Flags") || sc_eq_z(label, "Event")) continue; /* of the button in front */
            sc_row *r = sc_add(p, &sc_table_power_policy, l);
            sc_set_text(r, LABEL, label);
            sc_set_text(r, VALUE, value);
            sc_cover_text(p->facts, &sc_table_power_policy, label, p->ordinal, true);
            if (sc_eq_z(label, "MinThrottle")) sc_complete(p);
        }
    }
}

static const sc_table *const tables[] = {&sc_table_device_power, NULL};
const sc_command sc_command_podev = {
    .name = "!podev",
    .doc = "Power state of a device object",
    .proof = "its line of power flags",
    .query = "SELECT device, device_state, active FROM device_power",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
static const sc_table *const policy_tables[] = {&sc_table_power_policy, NULL};
const sc_command sc_command_popolicy = {
    .name = "!popolicy",
    .doc = "Power policy of the machine",
    .proof = "MinThrottle, its last line",
    .query = "SELECT value FROM power_policy WHERE label = 'MinSleep'",
    .tables = policy_tables,
    .taste = taste_policy,
    .parse = parse_policy,
};
