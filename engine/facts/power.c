/* !poaction and !powertriage: requests that change the power state of devices. [samples poaction--*, powertriage--*]
 *
 *     3: kd> !poaction
 *     PopAction: fffff801332f3fe0
 *       State..........: 0 - Idle
 *       Action.........: None
 *     Allocated power irps (PopIrpList - fffff801332f44f0)
 *       IRP: ffffe0001d53d8f0 (wait-wake/S0), PDO: ffffe00013cae060
 *       IRP: ffffe00013d07420 (set/D3,), PDO: ffffe00012daf840, CURRENT: ffffe00012dd5040
 *     Irp worker threads (PopIrpThreadList - fffff801332f3100)
 *       THREAD: ffffe0000ef5e040 (static), IRP: ffffe00013d07420, DEVICE: ffffe00012dd5040
 *
 *     kd> !powertriage
 *         +  USB\ROOT_HUB30\5&2c60645a&0&0
 *            0xffffe0002440ac40 USBXHCI D2 !podev  WAIT_WAKE_IRP !irp Related Threads
 *              Upper DO 0xffffe00024415a10 USBHUB3 !podev
 *
 * Tables: power_irp, power_thread, power_action, power_device.
 * Query:  SELECT irp, current FROM power_irp WHERE kind <> 'wait-wake' AND current IS NOT NULL;
 *
 * A wait-wake request is pending for as long as a device may wake the machine: it is no evidence of anything.
 */
#include "engine/facts/field.h"
#include "engine/facts/io.h"
#include "engine/facts/tables.h"

static const sc_column irp_columns[] = {
    {"irp", SC_ADDR, "power request"},
    {"kind", SC_TEXT, "set, query, wait-wake or sequence"},
    {"state", SC_TEXT, "power state it is about: D0 to D3, S0 to S5"},
    {"pdo", SC_ADDR, "physical device object, the lowest of the device stack"},
    {"current", SC_ADDR, "device that has the request now; NULL when none was shown"},
};
enum { I_IRP, I_KIND, I_STATE, I_PDO, I_CURRENT };
const sc_table sc_table_power_irp = {"power_irp", "Power requests in flight", SC_NO_KEY, SC_COLUMNS(irp_columns)};

static const sc_column thread_columns[] = {
    {"thread", SC_ADDR, "worker thread of the power manager"},
    {"irp", SC_ADDR, "request it works on; NULL for none"},
    {"device", SC_ADDR, "device that it called; NULL for none"},
};
enum { T_THREAD, T_IRP, T_DEVICE };
const sc_table sc_table_power_thread = {"power_thread", "Threads that deliver power requests", SC_NO_KEY,
                                        SC_COLUMNS(thread_columns)};

static const sc_column action_columns[] = {
    {"label", SC_TEXT, "as printed: State, Action, Current System State ..."},
    {"value", SC_TEXT, "as printed"},
};
enum { A_LABEL, A_VALUE };
const sc_table sc_table_power_action = {"power_action", "What the power manager is doing to the whole machine", A_LABEL,
                                        SC_COLUMNS(action_columns)};

static const sc_column device_columns[] = {
    {"device", SC_ADDR, "device object"},
    {"instance", SC_TEXT, "instance path of the device"},
    {"driver", SC_TEXT, "driver of the device object"},
    {"state", SC_TEXT, "D0 to D3 of the lowest device object; NULL for those above"},
    {"irp_kind", SC_TEXT,
     "kind of the power request that is allocated: WAIT_WAKE_IRP, SET_POWER_IRP ...; NULL for none"},
};
enum { D_DEVICE, D_INSTANCE, D_DRIVER, D_STATE, D_IRP_KIND };
const sc_table sc_table_power_device = {"power_device", "Devices with power requests", D_DEVICE,
                                        SC_COLUMNS(device_columns)};

static const char *const marks[] = {"IRP: ",          "THREAD: ",  "Allocated power irps", "Irp worker threads",
                                    "PopAction:",     "State....", "Updates...",           "Action...",
                                    "Lightest State", "Flags...",  "Irp minor...",         "System State...",
                                    "Hiber Context",  NULL};

static bool read_irp(sc_span text, uint64_t *irp, int *digits, sc_span *what, sc_scan *c)
{
    *c = sc_scan_of(text);
    return sc_lit(c, "IRP:") && sc_addr(c, irp, digits) && sc_lit(c, "(") && sc_until(c, ")", what);
}

static bool read_thread(sc_span text, uint64_t *thread, sc_scan *c)
{
    *c = sc_scan_of(text);
    return sc_lit(c, "THREAD:") && sc_addr(c, thread, NULL) && (sc_lit(c, "(static)") || sc_lit(c, "(dynamic)"));
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0}, what;
    sc_scan c;
    uint64_t v;
    int digits;
    if (text.n < 10) return SC_ABSTAIN;
    switch (text.p[0]) {
    case 'P':
        c = sc_scan_of(text);
        return sc_lit(&c, "PopAction:") && sc_addr(&c, &v, &digits) ? SC_STRONG : SC_ABSTAIN;
    case 'A': return sc_starts(text, "Allocated power irps (PopIrpList - ") ? SC_STRONG : SC_ABSTAIN;
    case 'I':
        if (sc_starts(text, "Irp worker threads (PopIrpThreadList - ")) return SC_STRONG;
        return read_irp(text, &v, &digits, &what, &c) && sc_find(text, "PDO: ") != SC_NPOS ? SC_STRONG : SC_ABSTAIN;
    case 'T': return read_thread(text, &v, &c) ? SC_STRONG : SC_ABSTAIN;
    default: return SC_ABSTAIN;
    }
}

static sc_taste taste_triage(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    uint64_t v;
    if (text.n < 10) return SC_ABSTAIN;
    if (text.p[0] == 'P') {
        sc_scan c = sc_scan_of(text);
        return sc_lit(&c, "PopCapabilities @") && sc_addr(&c, &v, NULL) ? SC_STRONG : SC_ABSTAIN;
    }
    if (text.p[0] == 'D') return sc_starts(text, "Devices with allocated Power IRPs:") ? SC_STRONG : SC_ABSTAIN;
    if (text.p[0] == 'S') return sc_starts(text, "System Capabilities :") ? SC_STRONG : SC_ABSTAIN;
    return sc_starts(text, "Power Action:") || sc_starts(text, "Power Capabilities:") || sc_starts(text, "Upper DO 0x")
               ? SC_WEAK
               : SC_ABSTAIN;
}

static bool add_irp(sc_parse *p, const sc_line *l, sc_span text)
{
    uint64_t irp, v;
    int digits;
    sc_span what, kind, state;
    sc_scan c;
    if (!read_irp(text, &irp, &digits, &what, &c)) return false;
    sc_row *r = sc_add(p, &sc_table_power_irp, l);
    sc_note_width(p->facts, digits);
    sc_set_addr(r, I_IRP, irp);
    sc_cut(what, "/", &kind, &state);
    if (sc_trim(kind).n) sc_set_text(r, I_KIND, sc_trim(kind));
    size_t comma = sc_find_char(state, ',');
    state = sc_trim(comma == SC_NPOS ? state : sc_span_sub(state, 0, comma));
    if (state.n) sc_set_text(r, I_STATE, state);
    sc_lit(&c, ",");
    if (!sc_lit(&c, "PDO:") || !sc_addr(&c, &v, NULL)) return true;
    sc_set_addr(r, I_PDO, v);
    if (sc_lit(&c, ",") && sc_lit(&c, "CURRENT:") && sc_addr(&c, &v, NULL))
        sc_set_addr(r, I_CURRENT, v);
    else if (sc_at_end(&c))
        sc_set_null(r, I_CURRENT);
    return true;
}

static bool add_thread(sc_parse *p, const sc_line *l, sc_span text)
{
    uint64_t thread, v;
    sc_scan c;
    if (!read_thread(text, &thread, &c)) return false;
    sc_row *r = sc_add(p, &sc_table_power_thread, l);
    sc_set_addr(r, T_THREAD, thread);
    if (sc_at_end(&c)) {
        sc_set_null(r, T_IRP);
        sc_set_null(r, T_DEVICE);
        return true;
    }
    if (sc_lit(&c, ",") && sc_lit(&c, "IRP:") && sc_addr(&c, &v, NULL)) sc_set_addr(r, T_IRP, v);
    if (sc_lit(&c, ",") && sc_lit(&c, "DEVICE:") && sc_addr(&c, &v, NULL)) sc_set_addr(r, T_DEVICE, v);
    return true;
}

/* `State..........: 0 - Idle`: dots fill the label up to its colon. */
static bool add_action(sc_parse *p, const sc_line *l, sc_span text)
{
    sc_span label, value;
    if (!sc_cut(text, ":", &label, &value) || !label.n || label.n > 40) return false;
    size_t n = label.n;
    while (n && (label.p[n - 1] == '.' || sc_is_blank(label.p[n - 1]))) n--;
    if (label.p[label.n - 1] != '.' && !(n + 1 == label.n)) return false;
    label = sc_span_sub(label, 0, n);
    if (!label.n || !sc_is_alpha(label.p[0])) return false;
    sc_row *r = sc_add(p, &sc_table_power_action, l);
    sc_set_text(r, A_LABEL, label);
    value = sc_trim(value);
    if (value.n) sc_set_text(r, A_VALUE, value);
    sc_cover_text(p->facts, &sc_table_power_action, label, p->ordinal, true);
    return true;
}

/* Behind !powertriage: its first link reads as the command !poaction. */
static bool is_link(sc_span text)
{
    return sc_eq_z(text, "!cstriage") || sc_eq_z(text, "!pdctriage") || sc_eq_z(text, "!pdcclients") ||
           sc_eq_z(text, "!fxdevice") || sc_eq_z(text, "!pnptriage");
}

static void parse(sc_parse *p)
{
    bool irps = false, threads = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = l->text, piece;
        while (sc_piece(&rest, marks, &piece)) {
            if (sc_starts(piece, "Allocated power irps")) {
                irps = true;
                sc_take(p, l);
            } else if (sc_starts(piece, "Irp worker threads")) {
                threads = true;
                sc_take(p, l);
            } else if (sc_starts(piece, "PopAction") || is_link(piece)) {
                sc_take(p, l);
            } else if (!add_irp(p, l, piece) && !add_thread(p, l, piece) && sc_find(piece, ".:") != SC_NPOS) {
                add_action(p, l, piece);
            }
        }
    }
    if (!irps && !threads) return;
    bool whole = irps && threads && sc_facts_first(p->facts, &sc_table_power_thread);
    sc_cover_all(p->facts, &sc_table_power_irp, p->ordinal, whole); /* the threads stand behind the requests */
    sc_cover_all(p->facts, &sc_table_power_thread, p->ordinal, whole && sc_goes_on(p));
    if (whole) sc_complete(p);
}

/* ---- !powertriage ---- */

/* `0xffffe0002440ac40 USBXHCI D2 !podev  WAIT_WAKE_IRP !irp ...` or `Upper DO 0xffffe00024415a10 USBHUB3 !podev` */
static bool add_device(sc_parse *p, const sc_line *l, sc_span text, sc_span instance)
{
    sc_scan c = sc_scan_of(text);
    uint64_t device;
    int digits;
    sc_span driver, word;
    bool upper = sc_lit(&c, "Upper DO");
    if (!sc_addr(&c, &device, &digits) || !sc_word(&c, &driver) || sc_find(text, "!podev") == SC_NPOS) return false;
    sc_row *r = sc_add(p, &sc_table_power_device, l);
    sc_note_width(p->facts, digits);
    sc_set_addr(r, D_DEVICE, device);
    sc_set_text(r, D_DRIVER, driver);
    if (instance.n) sc_set_text(r, D_INSTANCE, instance);
    if (upper) {
        sc_set_null(r, D_STATE);
        sc_set_null(r, D_IRP_KIND);
    } else if (sc_word(&c, &word) && word.n == 2 && word.p[0] == 'D') {
        sc_set_text(r, D_STATE, word);
    }
    while (!upper && sc_word(&c, &word))
        if (sc_ends(word, "_IRP")) sc_set_text(r, D_IRP_KIND, word);
    sc_cover_addr(p->facts, &sc_table_power_device, device, p->ordinal, true);
    return true;
}

static bool is_known(sc_span text)
{
    static const char *const starts[] = {
        "System Capabilities", "Machine is ",   "Power Capabilities:", "PopCapabilities @", "Misc Supported",
        "Processor Features",  "Disk Features", "Battery Features",    "Wake Caps",         "Ac OnLine Wake",
        "Soft Lid Wake",       "RTC Wake",      "Min Device Wake",     "Default Wake",      "Power Action:",
        "PopAction",           "Devices with ", "Device Tree Info",    "!devpowerstate",    "Links:",
        "!poaction",           "!cstriage",     "!pdctriage",          "!pdcclients",       "!fxdevice",
        "!pnptriage"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (sc_starts(text, starts[i])) return true;
    return false;
}

static void parse_triage(sc_parse *p)
{
    static const char *const device_marks[] = {"+  ", "0xf", "Upper DO 0x", NULL};
    sc_span instance = {0};
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = sc_trim(l->text), piece;
        if (sc_starts(rest, "Upper DO") || is_known(rest)) {
            if (!add_device(p, l, rest, instance)) sc_take(p, l);
            if (sc_starts(rest, "!devpowerstate Complete")) sc_complete(p);
            continue;
        }
        if (sc_find(rest, "..:") != SC_NPOS && add_action(p, l, rest)) continue;
        while (sc_piece(&rest, device_marks, &piece)) {
            if (sc_starts(piece, "+ ")) {
                instance = sc_trim(sc_span_from(piece, 1));
                sc_take(p, l);
            } else {
                add_device(p, l, piece, instance);
            }
        }
    }
}

static const sc_table *const tables[] = {&sc_table_power_irp, &sc_table_power_thread, &sc_table_power_action, NULL};
const sc_command sc_command_poaction = {
    .name = "!poaction",
    .doc = "Power requests in flight and the threads that deliver them",
    .proof = "the list of worker threads behind the requests",
    .query = "SELECT irp, current FROM power_irp WHERE kind <> 'wait-wake' AND current IS NOT NULL",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
static const sc_table *const triage_tables[] = {&sc_table_power_device, &sc_table_power_action, NULL};
static const char *const triage_absorbs[] = {"!poaction", NULL};
const sc_command sc_command_powertriage = {
    .name = "!powertriage",
    .doc = "Devices with power requests, and the power state of the machine",
    .proof = "the device tree behind the devices",
    .query = "SELECT instance, driver, state FROM power_device WHERE irp_kind <> 'WAIT_WAKE_IRP'",
    .tables = triage_tables,
    .taste = taste_triage,
    .absorbs = triage_absorbs,
    .parse = parse_triage,
};
