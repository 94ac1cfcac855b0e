/* !devnode: devices as Plug and Play knows them, alone or as a tree. [samples devnode--*]
 *
 *     0: kd> !devnode 0 21
 *     Dumping IopRootDeviceNode (= 0x85d37e30)
 *     DevNode 0x8ad6ab78 for PDO 0x81635c30
 *       InstancePath is "ROOT\DIINSTALLDRIVER\0003"
 *       ServiceName is "isolated"
 *       State = DeviceNodeRemoved (0x312)
 *       Previous State = DeviceNodeInitialized (0x302)
 *       Problem = CM_PROB_FAILED_ADD
 *       Problem Status = 0xc00000bb
 *
 * Tables: devnode, devnode_state.
 * Query:  SELECT instance, service, problem, problem_code FROM devnode WHERE problem_code IS NOT NULL;
 *
 * `!devnode 0 1` prints the tree, each level indented by two blanks; many pastes lose them, so depth is not a fact.
 */
#include "engine/facts/devnode.h"
#include "engine/decode/cm_problem.h"
#include "engine/facts/field.h"
#include "engine/facts/io.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"devnode", SC_ADDR, "address of the device node"},
    {"pdo", SC_ADDR, "its physical device object, the lowest of the device stack"},
    {"parent", SC_ADDR, "device node of the bus; NULL for the root"},
    {"sibling", SC_ADDR, "next device node on the same bus; NULL for none"},
    {"child", SC_ADDR, "first device node below; NULL for none"},
    {"instance", SC_TEXT, "instance path: bus, hardware ID, instance"},
    {"service", SC_TEXT, "service of the function driver"},
    {"state", SC_TEXT, "DeviceNodeStarted, DeviceNodeRemoved ..."},
    {"state_code", SC_INT, "number of the state: 0x308 started"},
    {"previous", SC_TEXT, "the state before"},
    {"previous_code", SC_INT, "number of the state before"},
    {"problem", SC_TEXT, "CM_PROB_ name of the problem; NULL where the state was shown without one"},
    {"problem_code", SC_INT, "Device Manager's number of the problem, as in Code 31; NULL for none"},
    {"problem_status", SC_ADDR, "NTSTATUS of the problem, 32 bits"},
    {"flags", SC_ADDR, "DNF_ bits"},
};
_Static_assert(sizeof columns / sizeof columns[0] == DEVNODE_COLUMNS, "columns of devnode");
const sc_table sc_table_devnode = {"devnode", "Device nodes of Plug and Play", DEVNODE_DEVNODE, SC_COLUMNS(columns)};

static const sc_column state_columns[] = {
    {"devnode", SC_ADDR, "address of the device node"},
    {"n", SC_INT, "index into the history as printed; the history is a ring"},
    {"state", SC_TEXT, "DeviceNodeStarted ..."},
    {"code", SC_INT, "number of the state"},
};
enum { STATE_DEVNODE, STATE_N, STATE_STATE, STATE_CODE };
const sc_table sc_table_devnode_state = {"devnode_state", "History of states of a device node", STATE_DEVNODE,
                                         SC_COLUMNS(state_columns)};

static const char *const marks[] = {
    "DevNode 0x",    "InstancePath is",    "ServiceName is", "State = ",           "Previous State",
    "StateHistory[", "Problem ",           "Flags (",        "UserFlags (",        "CapabilityFlags",
    "Parent 0",      "TargetDeviceNotify", "InterfaceType",  "DisableableDepends", NULL};

static bool read_header(sc_span text, uint64_t *node, uint64_t *pdo, int *digits)
{
    sc_scan c = sc_scan_of(text);
    if (!sc_lit(&c, "DevNode") || !sc_addr(&c, node, digits) || !sc_lit(&c, "for PDO")) return false;
    return sc_addr(&c, pdo, NULL);
}

/* `DeviceNodeStarted (0x308)` */
static bool read_state(sc_span value, sc_span *name, uint64_t *code, bool *has_code)
{
    sc_scan c = sc_scan_of(value);
    *has_code = false;
    if (!sc_word(&c, name) || !(sc_starts(*name, "DeviceNode") || sc_starts(*name, "Unknown"))) return false;
    *has_code = sc_lit(&c, "(") && sc_hex(&c, code) && *code <= 0xffff;
    return true;
}

static void set_state(sc_row *r, sc_span value, int column, int code_column)
{
    sc_span name;
    uint64_t code;
    bool has_code;
    if (!read_state(value, &name, &code, &has_code)) return;
    sc_set_text(r, column, name);
    if (has_code) sc_set_int(r, code_column, (int64_t)code);
}

static void add_history(sc_parse *p, const sc_line *l, const sc_row *r, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t n, code;
    sc_span name;
    bool has_code;
    if (!sc_lit(&c, "StateHistory[") || !sc_dec(&c, &n) || n > 1000 || !sc_lit(&c, "]") || !sc_lit(&c, "=")) return;
    if (!read_state(sc_rest(&c), &name, &code, &has_code)) return;
    sc_row *s = sc_add(p, &sc_table_devnode_state, l);
    sc_set_addr(s, STATE_DEVNODE, sc_get_addr(r, DEVNODE_DEVNODE));
    sc_set_int(s, STATE_N, (int64_t)n);
    sc_set_text(s, STATE_STATE, name);
    if (has_code) sc_set_int(s, STATE_CODE, (int64_t)code);
}

static void set_problem(sc_row *r, sc_span value)
{
    sc_scan c = sc_scan_of(value);
    sc_span name;
    if (!sc_word(&c, &name) || !sc_starts(name, "CM_PROB_")) return;
    sc_set_text(r, DEVNODE_PROBLEM, name);
    unsigned code = sc_cm_problem_code(name);
    if (code) sc_set_int(r, DEVNODE_PROBLEM_CODE, code);
}

/* Lines that are understood and yield no fact: resources, notifications, more lines of flags. */
static bool is_detail(sc_span text)
{
    static const char *const starts[] = {"Dumping IopRootDeviceNode",
                                         "TargetDeviceNotify",
                                         "InterfaceType ",
                                         "UserFlags (",
                                         "CapabilityFlags (",
                                         "DisableableDepends",
                                         "DNF_",
                                         "Unknown flags ",
                                         "Flags (",
                                         "IoResList at ",
                                         "CmResourceList at ",
                                         "TranslatedResourceList at ",
                                         "BootResourcesList at ",
                                         "Reserved Values",
                                         "Alternative ",
                                         "Preferred Descriptor ",
                                         "Descriptor ",
                                         "Entry ",
                                         "Range starts at ",
                                         "Level 0x",
                                         "Data - ",
                                         "Data: ",
                                         "Data:",
                                         "Interface 0x",
                                         "0x",
                                         "Container"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (sc_starts(text, starts[i])) return true;
    uint64_t low, high;
    sc_scan c = sc_scan_of(text); /* `3e8 - 0x3ef`: the range that a descriptor allows */
    return sc_hex(&c, &low) && sc_lit(&c, "-") && sc_hex(&c, &high) && sc_at_end(&c);
}

static bool read_field(sc_parse *p, const sc_line *l, sc_row *r, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    sc_span value;
    uint64_t v;
    int digits;
    if (sc_lit(&c, "InstancePath is")) {
        if (sc_quoted(&c, &value)) sc_set_text(r, DEVNODE_INSTANCE, value);
    } else if (sc_lit(&c, "ServiceName is")) {
        if (sc_quoted(&c, &value)) sc_set_text(r, DEVNODE_SERVICE, value);
    } else if (sc_field(text, "State", &value)) {
        set_state(r, value, DEVNODE_STATE, DEVNODE_STATE_CODE);
    } else if (sc_field(text, "Previous State", &value)) {
        set_state(r, value, DEVNODE_PREVIOUS, DEVNODE_PREVIOUS_CODE);
    } else if (sc_starts(text, "StateHistory[")) {
        add_history(p, l, r, text);
    } else if (sc_field(text, "Problem Status", &value)) {
        if (sc_span_hex(value, &v) && v <= UINT32_MAX) sc_set_addr(r, DEVNODE_PROBLEM_STATUS, v);
    } else if (sc_field(text, "Problem", &value)) {
        set_problem(r, value);
    } else if (sc_lit(&c, "Parent") && sc_number(&c, &v, &digits)) {
        sc_set_pointer(p->facts, r, DEVNODE_PARENT, v, 0);
        if (sc_lit(&c, "Sibling") && sc_number(&c, &v, &digits)) sc_set_pointer(p->facts, r, DEVNODE_SIBLING, v, 0);
        if (sc_lit(&c, "Child") && sc_number(&c, &v, &digits)) sc_set_pointer(p->facts, r, DEVNODE_CHILD, v, 0);
    } else if (sc_lit(&c, "Flags (") && sc_hex(&c, &v)) {
        if (r->cells[DEVNODE_FLAGS].state == SC_NOT_PRINTED && sc_find(text, "DNF_") != SC_NPOS)
            sc_set_addr(r, DEVNODE_FLAGS, v);
    } else if (!is_detail(text)) {
        return false;
    }
    return true;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0}, value, name;
    uint64_t v, pdo;
    int digits;
    bool has_code;
    if (text.n < 8) return SC_ABSTAIN;
    switch (text.p[0]) {
    case 'D':
        if (sc_starts(text, "Dumping IopRootDeviceNode (= 0x")) return SC_STRONG;
        return read_header(text, &v, &pdo, &digits) ? SC_STRONG : SC_ABSTAIN;
    case 'I': return sc_starts(text, "InstancePath is \"") ? SC_WEAK : SC_ABSTAIN;
    case 'S':
        if (sc_starts(text, "ServiceName is \"")) return SC_WEAK;
        return sc_field(text, "State", &value) && read_state(value, &name, &v, &has_code) ? SC_WEAK : SC_ABSTAIN;
    case 'P':
        if (sc_field(text, "Previous State", &value))
            return read_state(value, &name, &v, &has_code) ? SC_WEAK : SC_ABSTAIN;
        return sc_starts(text, "Problem = CM_PROB_") ? SC_WEAK : SC_ABSTAIN;
    default: return SC_ABSTAIN;
    }
}

/* `last`: nothing follows, so the node may have been cut off; `cut`: lines of it were left out. */
static void close_node(sc_parse *p, sc_row *r, bool last, bool cut)
{
    if (!r) return;
    bool whole = !cut && sc_has(r, DEVNODE_STATE) && (sc_has(r, DEVNODE_PREVIOUS) || !last) && (!last || sc_goes_on(p));
    if (whole && !sc_has(r, DEVNODE_PROBLEM)) {
        sc_set_null(r, DEVNODE_PROBLEM);
        sc_set_null(r, DEVNODE_PROBLEM_CODE);
        sc_set_null(r, DEVNODE_PROBLEM_STATUS);
    }
    sc_cover_addr(p->facts, &sc_table_devnode, sc_get_addr(r, DEVNODE_DEVNODE), p->ordinal, whole);
    sc_cover_addr(p->facts, &sc_table_devnode_state, sc_get_addr(r, DEVNODE_DEVNODE), p->ordinal, false);
}

static void parse(sc_parse *p)
{
    sc_row *r = NULL;
    bool cut = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = l->text, piece;
        if (l->flags & SC_LINE_CUT) cut = true;
        while (sc_piece(&rest, marks, &piece)) {
            uint64_t node, pdo;
            int digits;
            if (read_header(piece, &node, &pdo, &digits)) {
                close_node(p, r, false, cut);
                cut = false;
                r = sc_add(p, &sc_table_devnode, l);
                sc_note_width(p->facts, digits);
                sc_set_addr(r, DEVNODE_DEVNODE, node);
                sc_set_pointer(p->facts, r, DEVNODE_PDO, pdo, 0);
            } else if (r ? read_field(p, l, r, piece) : sc_starts(piece, "Dumping IopRootDeviceNode")) {
                sc_take(p, l);
                if (r) r->last_line = l->last;
            }
        }
    }
    close_node(p, r, true, cut);
    if (r && !cut && sc_has(r, DEVNODE_PREVIOUS)) sc_complete(p);
}

static const sc_table *const tables[] = {&sc_table_devnode, &sc_table_devnode_state, NULL};
static const char *const absorbed[] = {"!cmreslist", NULL};
const sc_command sc_command_devnode = {
    .name = "!devnode",
    .doc = "Devices as Plug and Play knows them: state, service, problem",
    .proof = "the state of each node, with a line behind it",
    .query = "SELECT instance, service, problem, problem_code FROM devnode WHERE problem_code IS NOT NULL",
    .tables = tables,
    .taste = taste,
    .absorbs = absorbed,
    .parse = parse,
};
