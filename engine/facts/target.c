/* vertarget, and what a debugger prints when it opens a dump: which Windows this is, on how many processors, how long
 * it had been up, and what kind of dump is looked at. [samples vertarget--*, dumpheader--*; reference section 1]
 *
 *     Microsoft (R) Windows Debugger Version 10.0.17074.1002 AMD64
 *     Loading Dump File [C:\Windows\Minidump\110221-9046-01.dmp]
 *     Mini Kernel Dump File: Only registers and stack trace are available
 *     Windows 7 Kernel Version 7601 (Service Pack 1) MP (4 procs) Free x64
 *     Product: WinNt, suite: TerminalServer SingleUserTS
 *     Built by: 7601.24545.amd64fre.win7sp1_ldr_escrow.200102-1707
 *     Machine Name:
 *     Kernel base = 0xfffff800`02a5e000 PsLoadedModuleList = 0xfffff800`02c9be90
 *     Debug session time: Thu Oct  1 14:13:42.872 2026 (UTC - 5:00)
 *     System Uptime: 0 days 0:02:09.764
 *
 * Names of machines, users and files are passed over. Windows 11 and the servers say "Windows 10" here, too: the build
 * number tells.
 *
 * Table: target.
 * Query: SELECT build, arch, processors, uptime FROM target;
 */
#include "engine/facts/field.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"debugger", SC_TEXT, "version of the debugger"},
    {"dump", SC_TEXT, "mini, kernel, complete, bitmap, user; not known for a live system"},
    {"system", SC_TEXT, "Windows 7, as printed: Windows 11 calls itself Windows 10"},
    {"build", SC_INT, "build number of the kernel"},
    {"service_pack", SC_INT, "number of the service pack; NULL for none"},
    {"processors", SC_INT, "number of processors"},
    {"checked", SC_BOOL, "a checked build, with the assertions of its makers"},
    {"arch", SC_TEXT, "x86, x64, arm64 or ia64"},
    {"product", SC_TEXT, "WinNt, Server, LanManNt"},
    {"built_by", SC_TEXT, "build, branch and date of the kernel"},
    {"kernel_base", SC_ADDR, "where the kernel is loaded"},
    {"module_list", SC_ADDR, "nt!PsLoadedModuleList"},
    {"session_time", SC_TEXT, "when the dump was written, in the debugger's time zone"},
    {"uptime", SC_REAL, "seconds since the system started"},
};
enum {
    DEBUGGER,
    DUMP,
    SYSTEM,
    BUILD,
    SERVICE_PACK,
    PROCESSORS,
    CHECKED,
    ARCH,
    PRODUCT,
    BUILT_BY,
    KERNEL_BASE,
    MODULE_LIST,
    SESSION_TIME,
    UPTIME
};
const sc_table sc_table_target = {"target", "The system and the dump that the debugger looks at", SC_NO_KEY,
                                  SC_COLUMNS(columns)};

/* Where the lines of a flattened header begin. */
static const char *const marks[] = {"Microsoft (R) Windows Debugger",
                                    "Copyright (c) Microsoft",
                                    "Loading Dump File [",
                                    "Symbol search path is:",
                                    "Executable search path is:",
                                    "Mini Kernel Dump File",
                                    "Kernel Summary Dump File",
                                    "Kernel Complete Dump File",
                                    "Kernel Bitmap Dump File",
                                    "Windows 7 ",
                                    "Windows 8",
                                    "Windows 10 ",
                                    "Windows 11 ",
                                    "Windows XP ",
                                    "Windows Vista ",
                                    "Windows Server ",
                                    "Product: ",
                                    "Built by: ",
                                    "Edition build lab: ",
                                    "Machine Name:",
                                    "Kernel base = ",
                                    "Debug session time: ",
                                    "System Uptime: ",
                                    NULL};

/* `Mini Kernel Dump File: ...`, `Kernel Bitmap Dump File: ...`: what kind, or NULL. */
static const char *dump_kind(sc_span text)
{
    static const struct {
        const char *words, *kind;
    } kinds[] = {
        {"Mini Kernel Dump File", "mini"},         {"Kernel Summary Dump File", "kernel"},
        {"Kernel Complete Dump File", "complete"}, {"Kernel Full Dump File", "complete"},
        {"Kernel Bitmap Dump File", "bitmap"},     {"Kernel Automatic", "kernel"},
        {"User Mini Dump File", "user"},           {"User Dump File", "user"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (sc_starts(text, kinds[i].words) && sc_find_char(text, ':') != SC_NPOS) return kinds[i].kind;
    return NULL;
}

typedef struct kernel {
    sc_span system, arch;
    uint64_t build, pack, processors;
    bool has_pack, checked, has_processors;
} kernel;

static const char *arch_of(sc_span text)
{
    if (sc_find(text, "ARM 64") != SC_NPOS || sc_ifind(text, "arm64") != SC_NPOS) return "arm64";
    if (sc_find(text, "x64") != SC_NPOS) return "x64";
    if (sc_find(text, "x86") != SC_NPOS) return "x86";
    return sc_ifind(text, "ia64") != SC_NPOS ? "ia64" : NULL;
}

/* `Windows 7 Kernel Version 7601 (Service Pack 1) MP (4 procs) Free x64` */
static bool read_kernel(sc_span text, kernel *k)
{
    sc_scan c = sc_scan_of(text);
    *k = (kernel){0};
    if (!sc_starts(text, "Windows ") || !sc_until(&c, " Kernel Version ", &k->system) || k->system.n > 40) return false;
    if (!sc_dec(&c, &k->build)) return false;
    if (sc_lit(&c, "(Service Pack")) k->has_pack = sc_dec(&c, &k->pack) && sc_lit(&c, ")");
    if (sc_lit(&c, "UP")) {
        k->processors = 1;
        k->has_processors = true;
    } else if (sc_lit(&c, "MP") && sc_lit(&c, "(")) {
        k->has_processors = sc_dec(&c, &k->processors) && sc_lit(&c, "procs)");
    }
    k->checked = sc_lit(&c, "Checked");
    if (!k->checked && !sc_lit(&c, "Free") && !k->has_processors) return false;
    k->arch = sc_trim(sc_rest(&c));
    return true;
}

/* `0 days 0:02:09.764` in seconds. */
static bool read_uptime(sc_span text, double *seconds)
{
    sc_scan c = sc_scan_of(text);
    uint64_t days, hours, minutes, whole, thousandths = 0;
    if (!sc_dec(&c, &days) || !sc_lit(&c, "days") || !sc_dec(&c, &hours) || !sc_lit(&c, ":")) return false;
    if (!sc_dec(&c, &minutes) || !sc_lit(&c, ":") || !sc_dec(&c, &whole) || days > 100000) return false;
    if (sc_lit(&c, ".") && !sc_dec(&c, &thousandths)) return false;
    if (hours > 23 || minutes > 59 || whole > 59 || thousandths > 999 || !sc_at_end(&c)) return false;
    *seconds = (double)(((days * 24 + hours) * 60 + minutes) * 60 + whole) + (double)thousandths / 1000;
    return true;
}

/* Lines about the debugger's own work. */
static bool is_noise(sc_span text)
{
    static const char *const starts[] = {"Copyright (c) Microsoft",
                                         "Copyright (C) Microsoft",
                                         "Loading Dump File [",
                                         "Loading dump file ",
                                         "Symbol search path is:",
                                         "Executable search path is:",
                                         "Machine Name:",
                                         "Loading Kernel Symbols",
                                         "Loading User Symbols",
                                         "Loading unloaded module list",
                                         "Deferred ",
                                         "OK ",
                                         "Response ",
                                         "For analysis of this file, run",
                                         "Using NET for debugging",
                                         "Opened WinSock",
                                         "Opened \\\\",
                                         "Waiting to reconnect",
                                         "Connected to ",
                                         "Kernel Debugger connection",
                                         "You can get the target",
                                         "Symbol Path validation",
                                         "*** Path validation",
                                         "Comment: '",
                                         "Finished dump check"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (sc_starts(text, starts[i])) return true;
    size_t dots = 0; /* one per module while symbols are loaded */
    while (dots < text.n && text.p[dots] == '.') dots++;
    return dots > 3 && dots == text.n;
}

static bool read_line(sc_parse *p, sc_row *r, sc_span text)
{
    sc_span value;
    sc_scan c;
    kernel k;
    double uptime;
    uint64_t address;
    int digits;
    if (dump_kind(text)) {
        sc_set_text(r, DUMP, sc_span_z(dump_kind(text)));
    } else if (sc_starts(text, "Microsoft (R) Windows Debugger")) {
        size_t at = sc_find(text, "Version ");
        if (at == SC_NPOS) return false;
        c = sc_scan_of(sc_span_from(text, at + 8));
        if (sc_word(&c, &value)) sc_set_text(r, DEBUGGER, value);
    } else if (read_kernel(text, &k)) {
        sc_set_text(r, SYSTEM, sc_trim(k.system));
        sc_set_int(r, BUILD, (int64_t)k.build);
        if (k.has_pack)
            sc_set_int(r, SERVICE_PACK, (int64_t)k.pack);
        else
            sc_set_null(r, SERVICE_PACK);
        if (k.has_processors) sc_set_int(r, PROCESSORS, (int64_t)k.processors);
        sc_set_bool(r, CHECKED, k.checked);
        if (arch_of(k.arch)) sc_set_text(r, ARCH, sc_span_z(arch_of(k.arch)));
    } else if (sc_field(text, "Product", &value)) {
        sc_cut(value, ",", &value, &(sc_span){0});
        sc_set_text(r, PRODUCT, sc_trim(value));
    } else if (sc_field(text, "Built by", &value) || sc_field(text, "Edition build lab", &value)) {
        if (!sc_has(r, BUILT_BY)) sc_set_text(r, BUILT_BY, value);
    } else if (sc_field(text, "Kernel base", &value)) {
        c = sc_scan_of(value);
        if (!sc_addr(&c, &address, &digits)) return false;
        sc_note_width(p->facts, digits);
        sc_set_addr(r, KERNEL_BASE, address);
        if (sc_lit(&c, "PsLoadedModuleList =") && sc_addr(&c, &address, NULL)) sc_set_addr(r, MODULE_LIST, address);
    } else if (sc_field(text, "Debug session time", &value)) {
        sc_set_text(r, SESSION_TIME, value);
    } else if (sc_field(text, "System Uptime", &value)) {
        if (!read_uptime(value, &uptime)) return false;
        sc_set_real(r, UPTIME, uptime);
    }
    return true;
}

/* Is there a cell in this line? */
static bool tells(sc_span text)
{
    static const char *const labels[] = {"Product:",
                                         "Built by:",
                                         "Edition build lab:",
                                         "Kernel base =",
                                         "Debug session time:",
                                         "System Uptime:",
                                         "Microsoft (R) Windows Debugger"};
    kernel k;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (sc_starts(text, labels[i])) return true;
    return dump_kind(text) || read_kernel(text, &k);
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0};
    kernel k;
    if (text.n < 9) return SC_ABSTAIN;
    switch (text.p[0]) {
    case 'M':
        if (sc_starts(text, "Microsoft (R) Windows Debugger")) return SC_STRONG;
        return dump_kind(text) ? SC_STRONG : sc_starts(text, "Machine Name:") ? SC_WEAK : SC_ABSTAIN;
    case 'L': return sc_starts(text, "Loading Dump File [") ? SC_STRONG : SC_ABSTAIN;
    case 'U': return dump_kind(text) ? SC_STRONG : SC_ABSTAIN;
    case 'W': return read_kernel(text, &k) ? SC_STRONG : SC_ABSTAIN;
    case 'K':
        if (dump_kind(text)) return SC_STRONG;
        return sc_starts(text, "Kernel base = 0x") && sc_find(text, "PsLoadedModuleList") != SC_NPOS ? SC_STRONG
                                                                                                     : SC_ABSTAIN;
    default: return SC_ABSTAIN;
    }
}

static void parse(sc_parse *p)
{
    sc_row *r = NULL;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = sc_trim(l->text), piece;
        bool read = false;
        while (sc_piece(&rest, marks, &piece)) {
            piece = sc_trim(piece);
            if (tells(piece)) {
                if (!r) r = sc_row_new(p->facts, &sc_table_target, p->ordinal, l);
                read |= read_line(p, r, piece);
            } else {
                read |= is_noise(piece);
            }
        }
        if (!read) continue;
        sc_take(p, l);
        if (r) r->last_line = l->last;
    }
    if (!r) return;
    bool whole = sc_has(r, BUILD) && (sc_has(r, UPTIME) || sc_has(r, KERNEL_BASE));
    sc_cover_all(p->facts, &sc_table_target, p->ordinal, whole);
    if (whole) sc_complete(p);
}

static const sc_table *const tables[] = {&sc_table_target, NULL};
static const char *const aliases[] = {"version", ".time", ".opendump", "dumpchk", NULL};
const sc_command sc_command_vertarget = {
    .name = "vertarget",
    .aliases = aliases,
    .doc = "The system that the dump is of, and what opening a dump prints",
    .proof = "the kernel's version, and where it is loaded or how long it ran",
    .query = "SELECT build, arch, processors, uptime FROM target",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
