/* !ndiskd: network adapters, their drivers and pending OID requests. [the debugger's reference: !ndiskd.netadapter,
 * !ndiskd.minidriver, !ndiskd.oid]
 *
 *     3: kd> !ndiskd.netadapter
 *         Driver             NetAdapter          Name
 *         ffffdf801418d650   ffffdf80140c71a0    Microsoft Kernel Debug Network Adapter
 *
 *     3: kd> !ndiskd.netadapter ffffdf80140c71a0
 *     MINIPORT
 *         Microsoft Kernel Debug Network Adapter
 *         Ndis handle        ffffdf80140c71a0
 *         Driver             ffffdf801418d650 - kdnic  v4.2
 *     STATE
 *         Miniport           Running
 *         Pending OID        None
 *
 *     1: kd> !ndiskd.oid
 *     ALL PENDING OIDs
 *         NetAdapter         ffffdf80140c71a0 - Microsoft Kernel Debug Network Adapter
 *             Current OID        OID_GEN_STATISTICS
 *
 * Tables: net_adapter, net_driver, net_oid.
 * Query:  SELECT name, oid FROM net_oid WHERE oid = 'OID_PNP_SET_POWER';
 *
 * A filter clones a request and passes the clone down: one request shows once per filter and once at the adapter.
 */
#include "engine/facts/field.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"adapter", SC_ADDR, "NDIS handle of the network adapter"},
    {"driver", SC_ADDR, "NDIS handle of its miniport driver"},
    {"driver_name", SC_TEXT, "name of that driver"},
    {"name", SC_TEXT, "name of the adapter"},
    {"state", SC_TEXT, "miniport: Running, Paused, Halted ..."},
    {"datapath", SC_TEXT, "Normal, or why packets do not flow"},
    {"power", SC_TEXT, "D0 to D3"},
    {"media", SC_TEXT, "Connected, Disconnected, Unknown"},
    {"pending_oid", SC_TEXT, "request it works on; NULL for none"},
    {"resets", SC_INT, "resets since it started"},
};
enum { ADAPTER, DRIVER, DRIVER_NAME, NAME, STATE, DATAPATH, POWER, MEDIA, PENDING, RESETS };
const sc_table sc_table_net_adapter = {"net_adapter", "Network adapters", ADAPTER, SC_COLUMNS(columns)};

static const sc_column driver_columns[] = {
    {"driver", SC_ADDR, "NDIS handle of the miniport driver"},
    {"name", SC_TEXT, "its name"},
};
enum { D_DRIVER, D_NAME };
const sc_table sc_table_net_driver = {"net_driver", "Drivers of network adapters", SC_NO_KEY,
                                      SC_COLUMNS(driver_columns)};

static const sc_column oid_columns[] = {
    {"holder", SC_ADDR, "handle of the adapter or filter that has the request"},
    {"kind", SC_TEXT, "NetAdapter or Filter"},
    {"name", SC_TEXT, "its name"},
    {"oid", SC_TEXT, "OID_ name of the request it works on"},
};
enum { O_HOLDER, O_KIND, O_NAME, O_OID };
const sc_table sc_table_net_oid = {"net_oid", "Requests to network adapters that are pending", SC_NO_KEY,
                                   SC_COLUMNS(oid_columns)};

static const char *const marks[] = {"MINIPORT",     "STATE",    "Ndis handle ", "Driver  ",      "Miniport  ",
                                    "Datapath  ",   "Power  ",  "Media  ",      "Pending OID  ", "Total resets ",
                                    "NetAdapter  ", "Filter  ", "Current OID ", "Flags ",        "Device PnP ",
                                    "References ",  NULL};

static bool is_columns(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "Driver") && sc_lit(&c, "NetAdapter") && sc_lit(&c, "Name");
}

/* `ffffdf801418d650 - kdnic  v4.2` */
static bool read_named(sc_span text, uint64_t *handle, int *digits, sc_span *name)
{
    sc_scan c = sc_scan_of(text);
    if (!sc_addr(&c, handle, digits) || !sc_lit(&c, "-")) return false;
    *name = sc_trim(sc_rest(&c));
    return name->n > 0;
}

static bool is_driver(sc_span text)
{
    return sc_starts(text, "MINIPORT DRIVER");
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0}, value;
    uint64_t v;
    int digits;
    size_t at = 0;
    if (text.n < 8) return SC_ABSTAIN;
    if (is_columns(text) || sc_starts(text, "ALL PENDING OIDs")) return SC_STRONG;
    if (text.p[0] == 'M' && sc_eq_z(text, "MINIPORT")) {
        sc_span ahead;
        for (size_t i = 0, k = 0; k < 3 && (ahead = sc_ahead(lines, n, &i)).n; k++)
            if (sc_field(ahead, "Ndis handle", &value) && sc_span_addr(value, &v, &digits)) return SC_STRONG;
    }
    if (sc_starts(sc_ahead(lines, n, &at), "Driver context")) return SC_ABSTAIN; /* a driver's */
    return sc_field(text, "Ndis handle", &value) && sc_span_addr(value, &v, &digits) ? SC_STRONG : SC_ABSTAIN;
}

typedef struct state {
    sc_row *adapter, *oid;
    sc_span title; /* the line behind MINIPORT */
    bool list, titled;
} state;

/* The first word, or everything up to a wide gap: `Started             Show state history`. */
static sc_span first_cell(sc_span value)
{
    size_t gap = sc_find(value, "  ");
    return gap == SC_NPOS ? value : sc_trim(sc_span_sub(value, 0, gap));
}

static bool read_state(sc_parse *p, const sc_line *l, sc_row *r, sc_span text)
{
    static const struct {
        const char *label;
        int column;
    } fields[] = {{"Miniport", STATE}, {"Datapath", DATAPATH}, {"Power", POWER}, {"Media", MEDIA}};
    sc_span value;
    uint64_t v;
    int digits;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!sc_field(text, fields[i].label, &value) || sc_starts(text, "Media type")) continue;
        if (first_cell(value).n) sc_set_text(r, fields[i].column, first_cell(value));
        sc_take(p, l);
        return true;
    }
    if (sc_field(text, "Driver", &value) && read_named(value, &v, &digits, &value)) {
        sc_set_addr(r, DRIVER, v);
        sc_span name = value;
        sc_cut(value, " ", &name, &(sc_span){0}); /* `kdnic  v4.2`: web pages make one blank of two */
        sc_set_text(r, DRIVER_NAME, name);
    } else if (sc_field(text, "Pending OID", &value) && value.n) {
        if (sc_starts(value, "None"))
            sc_set_null(r, PENDING);
        else
            sc_set_text(r, PENDING, first_cell(value));
        sc_cover_addr(p->facts, &sc_table_net_adapter, sc_get_addr(r, ADAPTER), p->ordinal, true);
        sc_complete(p);
    } else if (sc_field(text, "Total resets", &value) && sc_span_dec(value, &v) && v <= INT64_MAX) {
        sc_set_int(r, RESETS, (int64_t)v);
    } else {
        return false;
    }
    sc_take(p, l);
    return true;
}

static void add_adapter(sc_parse *p, const sc_line *l, uint64_t adapter, int digits, state *s)
{
    s->adapter = sc_add(p, &sc_table_net_adapter, l);
    sc_note_width(p->facts, digits);
    sc_set_addr(s->adapter, ADAPTER, adapter);
    sc_cover_addr(p->facts, &sc_table_net_adapter, adapter, p->ordinal, false);
}

static void read_piece(sc_parse *p, const sc_line *l, sc_span text, state *s)
{
    sc_span value, name;
    uint64_t v, driver;
    int digits;
    sc_scan c = sc_scan_of(text);
    if (is_columns(text) || sc_starts(text, "ALL PENDING OIDs")) {
        s->list = is_columns(text);
        if (!s->list) sc_cover_all(p->facts, &sc_table_net_oid, p->ordinal, false);
        sc_take(p, l);
    } else if (s->list && sc_addr(&c, &driver, &digits) && sc_addr(&c, &v, &digits) && !sc_at_end(&c)) {
        add_adapter(p, l, v, digits, s);
        sc_set_addr(s->adapter, DRIVER, driver);
        sc_set_text(s->adapter, NAME, sc_trim(sc_rest(&c)));
        s->adapter = NULL;
    } else if (sc_eq_z(text, "MINIPORT")) {
        sc_take(p, l);
        *s = (state){.titled = true};
    } else if (sc_starts(text, "MINIPORT ") && !is_driver(text)) { /* flattened */
        sc_take(p, l);
        *s = (state){.titled = true, .title = sc_trim(sc_span_from(text, sizeof "MINIPORT" - 1))};
    } else if (s->titled && !s->title.n && !sc_field(text, "Ndis handle", &value)) {
        s->title = text;
        sc_take(p, l);
    } else if (sc_field(text, "Ndis handle", &value)) {
        c = sc_scan_of(value);
        if (!sc_addr(&c, &v, &digits)) return;
        add_adapter(p, l, v, digits, s);
        if (s->title.n) sc_set_text(s->adapter, NAME, s->title);
    } else if ((sc_field(text, "NetAdapter", &value) || sc_field(text, "Filter", &value)) &&
               read_named(value, &v, &digits, &name)) {
        s->oid = sc_add(p, &sc_table_net_oid, l);
        sc_set_addr(s->oid, O_HOLDER, v);
        sc_set_text(s->oid, O_KIND, sc_starts(text, "Filter") ? SC_S("Filter") : SC_S("NetAdapter"));
        sc_set_text(s->oid, O_NAME, name);
    } else if (s->oid && sc_field(text, "Current OID", &value)) {
        if (value.n) sc_set_text(s->oid, O_OID, first_cell(value));
        s->oid->last_line = l->last;
        sc_take(p, l);
    } else if (s->adapter && read_state(p, l, s->adapter, text)) {
        s->adapter->last_line = l->last;
    } else if (s->adapter && sc_eq_z(text, "STATE")) {
        sc_take(p, l);
    }
}

static void parse(sc_parse *p)
{
    state s = {0};
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = l->text, piece;
        if (is_columns(rest))
            read_piece(p, l, sc_trim(rest), &s);
        else
            while (sc_piece(&rest, marks, &piece)) read_piece(p, l, piece, &s);
    }
}

/* !ndiskd.minidriver: `    ffffd20d12dec020 - kdnic`, which is anybody's list without its prompt; of one driver
 * MINIPORT DRIVER, its name, and `Ndis handle        ffffe00041d2e8a0`. */
static const char *const driver_marks[] = {"Ndis handle",   "Driver context",  "DRIVER_OBJECT", "Driver image",
                                           "Registry path", "Reference Count", "Flags",         NULL};
static bool is_driver_field(sc_span text)
{
    for (size_t i = 0; driver_marks[i]; i++)
        if (sc_starts(text, driver_marks[i])) return true;
    return false;
}

static void add_driver(sc_parse *p, const sc_line *l, uint64_t driver, int digits, sc_span name)
{
    sc_row *r = sc_add(p, &sc_table_net_driver, l);
    sc_note_width(p->facts, digits);
    sc_set_addr(r, D_DRIVER, driver);
    if (name.n) sc_set_text(r, D_NAME, name);
    sc_cover_all(p->facts, &sc_table_net_driver, p->ordinal, false);
}

static void parse_driver(sc_parse *p)
{
    bool titled = false;
    sc_span title = {0};
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = l->text, piece, name;
        uint64_t v;
        int digits;
        if (p->section->prompted && read_named(sc_trim(rest), &v, &digits, &name)) {
            add_driver(p, l, v, digits, name);
            continue;
        }
        while (sc_piece(&rest, driver_marks, &piece)) {
            if (is_driver(piece)) {
                titled = true;
                title = sc_trim(sc_span_from(piece, sizeof "MINIPORT DRIVER" - 1));
            } else if (titled && sc_field(piece, "Ndis handle", &name) && sc_span_addr(name, &v, &digits)) {
                add_driver(p, l, v, digits, title);
            } else if (titled && !title.n && !is_driver_field(piece)) {
                title = piece;
            } else if (!titled || !is_driver_field(piece)) {
                continue;
            }
            sc_take(p, l);
        }
    }
}

/* Its name and its handle must follow, or stand behind it. */
static sc_taste taste_driver(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0};
    size_t at = 0;
    if (!is_driver(text)) return SC_ABSTAIN;
    if (sc_find(text, " Ndis handle ") != SC_NPOS) return SC_STRONG;
    sc_ahead(lines, n, &at);
    return sc_starts(sc_ahead(lines, n, &at), "Ndis handle") ? SC_STRONG : SC_ABSTAIN;
}

static const sc_table *const tables[] = {&sc_table_net_adapter, &sc_table_net_oid, NULL};
static const char *const aliases[] = {"!ndiskd.miniport", "!ndiskd.oid", "!ndiskd.miniports", NULL};
const sc_command sc_command_ndiskd = {
    .name = "!ndiskd.netadapter",
    .aliases = aliases,
    .doc = "Network adapters and the requests they work on",
    .proof = "the pending request of an adapter",
    .query = "SELECT name, state, pending_oid FROM net_adapter",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
static const sc_table *const driver_tables[] = {&sc_table_net_driver, NULL};
const sc_command sc_command_ndiskd_minidriver = {
    .name = "!ndiskd.minidriver",
    .doc = "Drivers of network adapters",
    .proof = "none: the list does not say that it ends",
    .query = "SELECT name FROM net_driver",
    .tables = driver_tables,
    .taste = taste_driver,
    .parse = parse_driver,
};
