/* !fltkd.filters, .frames, .instances, .filter and .cbd: file system minifilters and their requests. [lists as posted
 * on public pages about minifilters; .cbd from knowledge of the extension]
 *
 *     kd> !fltkd.filters
 *     Filter List: ffffcb0e0b3a50d0 "Frame 0"
 *        FLT_FILTER: ffffcb0e0b3ba020 "WdFilter" "328010"
 *           FLT_INSTANCE: ffffcb0e0bb5fa80 "WdFilter Instance" "328010"
 *
 *     kd> !fltkd.cbd ffffe0013a5f3650
 *     IRP_CTRL: ffffe0013a5f3650  CREATE (0) [00000001] Irp
 *     Flags                    : [10000004] DontCopyParms FixedAlloc
 *     Irp                      : ffffe001385ba3b0
 *     DeviceObject             : ffffe00138e7f8f0 "\Device\HarddiskVolume2"
 *
 * Tables: filter, filter_instance, filter_request.
 * Query:  SELECT name, altitude FROM filter ORDER BY CAST(altitude AS REAL) DESC;
 *
 * The higher the altitude, the earlier a filter sees a request. Being in the list says nothing against a filter.
 */
#include "engine/facts/field.h"
#include "engine/facts/io.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"filter", SC_ADDR, "address of the filter"},
    {"frame", SC_TEXT, "frame of the filter manager, Frame 0"},
    {"name", SC_TEXT, "name of the minifilter's service"},
    {"altitude", SC_TEXT, "its altitude, a decimal number that may have a fraction"},
};
enum { FILTER, FRAME, NAME, ALTITUDE };
const sc_table sc_table_filter = {"filter", "File system minifilters", SC_NO_KEY, SC_COLUMNS(columns)};

static const sc_column instance_columns[] = {
    {"instance", SC_ADDR, "address of the instance"},
    {"filter", SC_ADDR, "filter it belongs to; NULL when only a list of instances was shown"},
    {"name", SC_TEXT, "name of the instance"},
    {"altitude", SC_TEXT, "its altitude"},
    {"volume", SC_TEXT, "volume it is attached to"},
};
enum { I_INSTANCE, I_FILTER, I_NAME, I_ALTITUDE, I_VOLUME };
const sc_table sc_table_filter_instance = {"filter_instance", "Minifilters attached to volumes", SC_NO_KEY,
                                           SC_COLUMNS(instance_columns)};

static const sc_column request_columns[] = {
    {"request", SC_ADDR, "address of the filter manager's request (IRP_CTRL)"},
    {"operation", SC_TEXT, "CREATE, WRITE ..."},
    {"major", SC_INT, "IRP major function; values from 0xf0 up are the filter manager's own"},
    {"irp", SC_ADDR, "request of the I/O manager; NULL for none"},
    {"device", SC_ADDR, "device object"},
    {"volume", SC_TEXT, "name of that device"},
    {"file", SC_ADDR, "file object; NULL for none"},
    {"thread", SC_ADDR, "thread that asked"},
    {"status", SC_ADDR, "IoStatus.Status, 32 bits"},
};
enum { R_REQUEST, R_OPERATION, R_MAJOR, R_IRP, R_DEVICE, R_VOLUME, R_FILE, R_THREAD, R_STATUS };
const sc_table sc_table_filter_request = {"filter_request", "Requests as the filter manager sees them", R_REQUEST,
                                          SC_COLUMNS(request_columns)};

static const char *const marks[] = {
    "Filter List:", "Frame List:", "FLTP_FRAME:", "FLT_FILTER:", "FLT_INSTANCE:", "FLT_VOLUME:", NULL};
static const char *const request_marks[] = {"IRP_CTRL:",
                                            "Flags ",
                                            "Irp ",
                                            "DeviceObject ",
                                            "FileObject ",
                                            "Thread ",
                                            "IoStatus.Status ",
                                            "CompletionNodeStack ",
                                            "CallbackData ",
                                            NULL};

/* `FLT_FILTER: A "name" "altitude"` */
static bool read_item(sc_span text, const char *label, uint64_t *address, int *digits, sc_span *name, sc_span *second)
{
    sc_scan c = sc_scan_of(text);
    if (!sc_lit(&c, label) || !sc_addr(&c, address, digits)) return false;
    *name = *second = (sc_span){0};
    if (sc_quoted(&c, name)) sc_quoted(&c, second);
    return true;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    static const char *const labels[] = {
        "Filter List:", "Frame List:", "FLTP_FRAME:", "FLT_FILTER:", "FLT_INSTANCE:", "FLT_VOLUME:"};
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0}, name, second;
    uint64_t v;
    int digits;
    if (text.n < 12 || text.p[0] != 'F') return SC_ABSTAIN;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (read_item(text, labels[i], &v, &digits, &name, &second) && (name.n || i == 1)) return SC_STRONG;
    return SC_ABSTAIN;
}

static bool read_request(sc_span text, uint64_t *address, int *digits, sc_span *operation, uint64_t *major)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "IRP_CTRL:") && sc_addr(&c, address, digits) && sc_until(&c, "(", operation) &&
           sc_hex(&c, major) && *major <= 0xff && sc_lit(&c, ")");
}

static sc_taste taste_request(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0}, operation;
    uint64_t v, major;
    int digits;
    if (text.n < 12 || text.p[0] != 'I') return SC_ABSTAIN;
    return read_request(text, &v, &digits, &operation, &major) ? SC_STRONG : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    sc_span frame = {0}, volume = {0};
    uint64_t filter = 0;
    bool has_filter = false, filters = false, instances = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = l->text, piece, name, second;
        while (sc_piece(&rest, marks, &piece)) {
            uint64_t v;
            int digits;
            if (read_item(piece, "Filter List:", &v, &digits, &name, &second) ||
                read_item(piece, "FLTP_FRAME:", &v, &digits, &name, &second)) {
                frame = name;
                sc_take(p, l);
            } else if (read_item(piece, "Frame List:", &v, &digits, &name, &second)) {
                sc_take(p, l);
            } else if (read_item(piece, "FLT_VOLUME:", &v, &digits, &name, &second)) {
                volume = name;
                has_filter = false;
                sc_take(p, l);
            } else if (read_item(piece, "FLT_FILTER:", &filter, &digits, &name, &second) && name.n) {
                sc_row *r = sc_add(p, &sc_table_filter, l);
                sc_note_width(p->facts, digits);
                has_filter = filters = true;
                volume = (sc_span){0};
                sc_set_addr(r, FILTER, filter);
                sc_set_text(r, NAME, name);
                if (frame.n) sc_set_text(r, FRAME, frame);
                if (second.n) sc_set_text(r, ALTITUDE, second);
            } else if (read_item(piece, "FLT_INSTANCE:", &v, &digits, &name, &second) && name.n) {
                sc_row *r = sc_add(p, &sc_table_filter_instance, l);
                instances = true;
                sc_set_addr(r, I_INSTANCE, v);
                if (has_filter)
                    sc_set_addr(r, I_FILTER, filter);
                else
                    sc_set_null(r, I_FILTER);
                sc_set_text(r, I_NAME, name);
                if (second.n) sc_set_text(r, I_ALTITUDE, second);
                if (volume.n) sc_set_text(r, I_VOLUME, volume);
            }
        }
    }
    if (filters) sc_cover_all(p->facts, &sc_table_filter, p->ordinal, false);
    if (instances) sc_cover_all(p->facts, &sc_table_filter_instance, p->ordinal, false);
}

static void parse_request(sc_parse *p)
{
    static const struct {
        const char *label;
        int column;
    } pointers[] = {{"Irp", R_IRP}, {"DeviceObject", R_DEVICE}, {"FileObject", R_FILE}, {"Thread", R_THREAD}};
    sc_row *r = NULL;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = l->text, piece, value, text;
        while (sc_piece(&rest, request_marks, &piece)) {
            uint64_t v, major;
            int digits;
            if (read_request(piece, &v, &digits, &text, &major)) {
                r = sc_add(p, &sc_table_filter_request, l);
                sc_note_width(p->facts, digits);
                sc_set_addr(r, R_REQUEST, v);
                sc_set_text(r, R_OPERATION, sc_trim(text));
                sc_set_int(r, R_MAJOR, (int64_t)major);
                sc_cover_addr(p->facts, &sc_table_filter_request, v, p->ordinal, false);
                continue;
            }
            if (!r || sc_find_char(piece, ':') == SC_NPOS) continue;
            for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++) {
                if (!sc_field(piece, pointers[i].label, &value)) continue;
                sc_scan c = sc_scan_of(value);
                if (!sc_addr(&c, &v, &digits)) continue;
                sc_take(p, l);
                r->last_line = l->last;
                sc_set_pointer(p->facts, r, pointers[i].column, v, 0);
                if (pointers[i].column == R_DEVICE && sc_quoted(&c, &text)) sc_set_text(r, R_VOLUME, text);
            }
            if (sc_field(piece, "IoStatus.Status", &value) && sc_span_hex(value, &v) && v <= UINT32_MAX) {
                sc_take(p, l);
                sc_set_addr(r, R_STATUS, v);
                sc_cover_addr(p->facts, &sc_table_filter_request, sc_get_addr(r, R_REQUEST), p->ordinal, true);
                sc_complete(p);
            }
        }
    }
}

static const sc_table *const tables[] = {&sc_table_filter, &sc_table_filter_instance, NULL};
static const char *const aliases[] = {
    "!fltkd.frames", "!fltkd.instances", "!fltkd.volumes", "!fltkd.filter", "!fltkd.instance", "!fltkd.volume", NULL};
const sc_command sc_command_fltkd_filters = {
    .name = "!fltkd.filters",
    .aliases = aliases,
    .doc = "File system minifilters and what they are attached to",
    .proof = "none: the list does not say that it ends",
    .query = "SELECT name, altitude FROM filter ORDER BY CAST(altitude AS REAL) DESC",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
static const sc_table *const request_tables[] = {&sc_table_filter_request, NULL};
static const char *const request_aliases[] = {"!fltkd.irpctrl", NULL};
const sc_command sc_command_fltkd_cbd = {
    .name = "!fltkd.cbd",
    .aliases = request_aliases,
    .doc = "A request as the filter manager sees it",
    .proof = "its status",
    .query = "SELECT operation, volume, thread FROM filter_request",
    .tables = request_tables,
    .taste = taste_request,
    .parse = parse_request,
};
