/* !wdfdevext: what stands in the device extension of a device that the framework made. [samples devstack--wdfkd-*]
 *
 *     0: kd> !wdfdevext ffffe000009a3c00
 *     Device context is 0xffffe000009a3c00
 *         context:  dt 0xffffe000009a3c00 HDAudBus!HDAudioDeviceExtension (size is 0xa8 bytes)
 *         EvtCleanupCallback fffff80001f35950 HDAudBus!HdAudBusEvtDeviceCleanupCallback
 *
 *     UMDF Device Instances for this Redirector extension
 *       DriverManagerProcess: 0xffffe00003470500
 *       ImageName              Ver   DevStack           HostProcess        DeviceID
 *       MyUmdf2Driver.dll      v2.0  0x000000a5a3ab5f70 0xffffe00000c32900  \Device\00000052
 *
 * Tables: wdf_context, umdf_device.
 * Query:  SELECT image, hex64(host_process) FROM umdf_device;
 */
#include "engine/facts/field.h"
#include "engine/facts/lookup.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"extension", SC_ADDR, "device extension that was asked about"},
    {"context", SC_ADDR, "the driver's own context"},
    {"type", SC_TEXT, "module!structure of the context"},
    {"module", SC_TEXT, "driver that declared it"},
};
enum { EXTENSION, CONTEXT, TYPE, MODULE };
const sc_table sc_table_wdf_context = {"wdf_context", "Contexts of the framework's devices", EXTENSION,
                                       SC_COLUMNS(columns)};

static const sc_column umdf_columns[] = {
    {"extension", SC_ADDR, "device extension that was asked about"},
    {"image", SC_TEXT, "user-mode driver, without extension"},
    {"version", SC_TEXT, "version of the framework"},
    {"device_stack", SC_ADDR, "the device stack in the host process"},
    {"host_process", SC_ADDR, "WUDFHost process that the driver runs in; argument of !process"},
    {"device", SC_TEXT, "name of the device"},
};
enum { U_EXTENSION, U_IMAGE, U_VERSION, U_STACK, U_HOST, U_DEVICE };
const sc_table sc_table_umdf_device = {"umdf_device", "Devices of user-mode drivers and the processes they live in",
                                       U_EXTENSION, SC_COLUMNS(umdf_columns)};

/* `Device context is 0xffffe000009a3c00`; `##` when a page made a heading of it */
static sc_span without_marks(sc_span text)
{
    while (text.n && text.p[0] == '#') text = sc_span_from(text, 1);
    return sc_trim(text);
}

static bool read_context(sc_span text, uint64_t *context, int *digits)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "Device context is") && sc_addr(&c, context, digits) && sc_at_end(&c);
}

/* `context:  dt 0xffffe000009a3c00 HDAudBus!HDAudioDeviceExtension (size is 0xa8 bytes)` */
static bool read_type(sc_row *r, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t v;
    sc_span type, module, name;
    if (!sc_lit(&c, "context:") || !sc_lit(&c, "dt") || !sc_addr(&c, &v, NULL) || !sc_word(&c, &type)) return false;
    if (!sc_cut(type, "!", &module, &name)) return false;
    sc_set_text(r, TYPE, type);
    sc_set_text(r, MODULE, module);
    return true;
}

static bool is_umdf_header(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "ImageName") && sc_lit(&c, "Ver") && sc_lit(&c, "DevStack") && sc_lit(&c, "HostProcess");
}

/* `MyUmdf2Driver.dll      v2.0  0x000000a5a3ab5f70 0xffffe00000c32900  \Device\00000052` */
static bool read_umdf(sc_parse *p, const sc_line *l, bool has_extension, uint64_t extension)
{
    sc_scan c = sc_scan_of(l->text);
    sc_span image, version;
    uint64_t stack, host;
    if (!sc_word(&c, &image) || !sc_iends(image, ".dll") || !sc_word(&c, &version) || version.p[0] != 'v') return false;
    if (!sc_addr(&c, &stack, NULL) || !sc_addr(&c, &host, NULL)) return false;
    sc_row *r = sc_add(p, &sc_table_umdf_device, l);
    sc_span device = sc_trim(sc_rest(&c));
    if (has_extension) sc_set_addr(r, U_EXTENSION, extension);
    sc_set_text(r, U_IMAGE, sc_module_name(image));
    sc_set_text(r, U_VERSION, sc_span_from(version, 1));
    sc_set_addr(r, U_STACK, stack);
    sc_set_addr(r, U_HOST, host);
    if (device.n) sc_set_text(r, U_DEVICE, device);
    return true;
}

static bool is_detail(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t v;
    sc_span symbol;
    if (sc_lit(&c, "Evt")) /* a callback: its address and its symbol */
        return sc_word(&c, &symbol) && sc_addr(&c, &v, NULL);
    if (sc_lit(&c, "!wdfobject")) return sc_addr(&c, &v, NULL) && sc_at_end(&c);
    if (sc_lit(&c, "DriverManagerProcess:")) return sc_addr(&c, &v, NULL);
    return sc_starts(text, "UMDF Device Instances for this Redirector");
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? without_marks(sc_trim(lines[0].text)) : (sc_span){0};
    uint64_t v;
    int digits;
    if (text.n < 12) return SC_ABSTAIN;
    if (text.p[0] == 'D') return read_context(text, &v, &digits) ? SC_STRONG : SC_ABSTAIN;
    return sc_starts(text, "UMDF Device Instances for this Redirector") ? SC_STRONG : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    static const char *const marks[] = {"Device context is",     "context:",   "Evt", "UMDF Device Instances",
                                        "DriverManagerProcess:", "ImageName ", NULL};
    sc_row *r = NULL;
    uint64_t extension = 0, v;
    int digits;
    bool has_extension = sc_arg_addr(p, &extension), umdf = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = without_marks(sc_trim(l->text)), piece;
        if (umdf && read_umdf(p, l, has_extension, extension)) {
            sc_complete(p);
            continue;
        }
        while (sc_piece(&rest, marks, &piece)) {
            if (read_context(piece, &v, &digits)) {
                r = sc_add(p, &sc_table_wdf_context, l);
                sc_note_width(p->facts, digits);
                if (has_extension) sc_set_addr(r, EXTENSION, extension);
                sc_set_addr(r, CONTEXT, v);
            } else if (r && read_type(r, piece)) {
                sc_take(p, l);
                r->last_line = l->last;
                sc_complete(p);
            } else if (is_umdf_header(piece)) {
                sc_take(p, l);
                umdf = true;
            } else if (is_detail(piece)) {
                sc_take(p, l);
            }
        }
    }
    if (!has_extension) return;
    sc_cover_addr(p->facts, &sc_table_wdf_context, extension, p->ordinal, p->section->complete);
    sc_cover_addr(p->facts, &sc_table_umdf_device, extension, p->ordinal, false);
}

static const sc_table *const tables[] = {&sc_table_wdf_context, &sc_table_umdf_device, NULL};
const sc_command sc_command_wdfdevext = {
    .name = "!wdfdevext",
    .doc = "The device extension of a framework's device: its context, or its user-mode drivers",
    .proof = "the type of the context, or a user-mode driver",
    .query = "SELECT image, hex64(host_process) FROM umdf_device",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
