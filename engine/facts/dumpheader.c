/* .dumpdebug (and dumpchk, which prints the same): the header of the dump. [sample vertarget--dumpchk-64 for the user's
 * kind, which is left out; public pastes]
 *
 *     ----- 64 bit Kernel Summary Dump Analysis
 *
 *     DUMP_HEADER64:
 *     MajorVersion        0000000f
 *     MinorVersion        00001db1
 *     KdSecondaryVersion  00000041
 *     DirectoryTableBase  00000000`00187000
 *     MachineImageType    00008664
 *     NumberProcessors    00000004
 *     BugCheckCode        0000001e
 *     BugCheckParameter1  ffffffff`c0000005
 *     KdDebuggerDataBlock fffff800`02c550a0
 *
 * Table: dump_header. The bug check in it is one more place that names the crash's (engine/facts/identity.c).
 * Query: SELECT build, arch, printf('0x%X', code) FROM dump_header;
 *
 * Windows NT put dots before the numbers ("NumberProcessors . . .1", decimal) and called the machine by name. Fields
 * that nobody filled in hold the letters PAGE.
 */
#include "engine/facts/bugcheck.h"
#include "engine/facts/field.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"kind", SC_TEXT, "kind of dump: 'Kernel Mini', 'Kernel Summary', 'Kernel Full', 'Kernel Bitmap'"},
    {"bits", SC_INT, "64 or 32: width of the header"},
    {"major", SC_INT, "15 for a free build of Windows, 12 for a checked one"},
    {"build", SC_INT, "build number of the kernel"},
    {"directory_table", SC_ADDR, "physical address of the page table's root"},
    {"pfn_database", SC_ADDR, "page frame database"},
    {"module_list", SC_ADDR, "nt!PsLoadedModuleList"},
    {"process_list", SC_ADDR, "nt!PsActiveProcessHead"},
    {"machine", SC_INT, "type of the processor: 0x14c, 0x8664, 0xaa64"},
    {"arch", SC_TEXT, "the same as x86, x64, arm64, arm or ia64"},
    {"processors", SC_INT, "number of processors"},
    {"code", SC_INT, "bug check code as stored, 0x1000007E; NULL for none"},
    {"arg1", SC_ADDR, "first parameter"},
    {"arg2", SC_ADDR, "second parameter"},
    {"arg3", SC_ADDR, "third parameter"},
    {"arg4", SC_ADDR, "fourth parameter"},
    {"pae", SC_BOOL, "x86 with 64-bit page table entries"},
    {"debugger_data", SC_ADDR, "KdDebuggerDataBlock"},
    {"product_type", SC_INT, "1 workstation, 2 domain controller, 3 server; NULL when not filled in"},
};
enum {
    KIND,
    BITS,
    MAJOR,
    BUILD,
    DIRECTORY,
    PFN,
    MODULES,
    PROCESSES,
    MACHINE,
    ARCH,
    PROCESSORS,
    CODE,
    ARG1,
    ARG4 = ARG1 + 3,
    PAE,
    DEBUGGER_DATA,
    PRODUCT_TYPE
};
const sc_table sc_table_dump_header = {"dump_header", "The header of the dump", SC_NO_KEY, SC_COLUMNS(columns)};

enum { PAGE = 0x45474150, MATT = 0x5454414d }; /* what stands in fields that were not filled in */

static const struct {
    const char *label;
    int column; /* -1: of no use */
} fields[] = {
    {"MajorVersion", MAJOR},
    {"MinorVersion", BUILD},
    {"KdSecondaryVersion", -1},
    {"DirectoryTableBase", DIRECTORY},
    {"PfnDataBase", PFN},
    {"PsLoadedModuleList", MODULES},
    {"PsActiveProcessHead", PROCESSES},
    {"MachineImageType", MACHINE},
    {"NumberProcessors", PROCESSORS},
    {"BugCheckCode", CODE},
    {"BugCheckParameter1", ARG1},
    {"BugCheckParameter2", ARG1 + 1},
    {"BugCheckParameter3", ARG1 + 2},
    {"BugCheckParameter4", ARG4},
    {"PaeEnabled", PAE},
    {"KdDebuggerDataBlock", DEBUGGER_DATA},
    {"ProductType", PRODUCT_TYPE},
    {"SecondaryDataState", -1},
    {"SuiteMask", -1},
    {"WriterStatus", -1},
    {"MiniDumpFields", -1},
    {"Attributes", -1},
    {"Filename", -1},
    {"Signature", -1},
    {"ValidDump", -1},
    {"VersionUser", -1},
    {"Comment", -1},
};
enum { N_FIELDS = sizeof fields / sizeof *fields };

static const struct {
    unsigned type;
    const char *arch, *old; /* how Windows NT called it */
} machines[] = {{0x14c, "x86", "i386"},
                {0x8664, "x64", "AMD64"},
                {0xaa64, "arm64", "ARM64"},
                {0x1c4, "arm", "ARM"},
                {0x200, "ia64", "IA64"}};

static void set_machine(sc_row *r, uint64_t type, sc_span name)
{
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
        if (name.n ? !sc_ieq_z(name, machines[i].old) : type != machines[i].type) continue;
        sc_set_int(r, MACHINE, machines[i].type);
        sc_set_text(r, ARCH, sc_span_z(machines[i].arch));
        return;
    }
    if (!name.n) sc_set_int(r, MACHINE, (int64_t)type);
}

/* A number of the header: eight digits, sixteen, or 0x and any; behind the dots of Windows NT also decimal. */
static bool read_value(sc_span value, bool dotted, uint64_t *v, int *digits)
{
    *digits = 0;
    if (sc_span_addr(value, v, digits)) return true;
    return dotted && sc_span_dec(value, v);
}

/* `----- 64 bit Kernel Summary Dump Analysis` */
static bool read_kind(sc_span text, uint64_t *bits, sc_span *kind)
{
    sc_scan c = sc_scan_of(text);
    sc_span bar;
    while (c.p < c.end && *c.p == '-') c.p++;
    if (!sc_dec(&c, bits) || (*bits != 64 && *bits != 32) || !sc_lit(&c, "bit ") ||
        !sc_until(&c, "Dump Analysis", &bar) || bar.n > 30)
        return false;
    *kind = sc_trim(bar);
    return sc_starts(*kind, "Kernel");
}

static bool read_title(sc_span text, uint64_t *bits)
{
    sc_scan c = sc_scan_of(text);
    if (!sc_lit(&c, "DUMP_HEADER") || !sc_dec(&c, bits)) return false;
    return (*bits == 64 || *bits == 32) && sc_lit(&c, ":");
}

static void set_value(sc_parse *p, sc_row *r, int column, uint64_t v, int digits)
{
    bool unset = v == PAGE || v == MATT || v == (UINT64_C(0x4547415045474150));
    switch (column) {
    case CODE:
        if (!v || unset)
            sc_set_null(r, CODE);
        else if (digits == 8)
            sc_set_int(r, CODE, (int64_t)v);
        break;
    case MAJOR:
    case BUILD:
        if (!unset && v <= UINT32_MAX) sc_set_int(r, column, (int64_t)v);
        break;
    case PROCESSORS:
        if (v && v <= 4096) sc_set_int(r, PROCESSORS, (int64_t)v);
        break;
    case PAE: sc_set_bool(r, PAE, v & 1); break;
    case PRODUCT_TYPE:
        if (unset)
            sc_set_null(r, PRODUCT_TYPE);
        else if (v <= 3)
            sc_set_int(r, PRODUCT_TYPE, (int64_t)v);
        break;
    case MACHINE: set_machine(r, v, (sc_span){0}); break;
    default:
        if (unset || (digits == 8 && sc_has(r, BITS) && sc_get_int(r, BITS) == 64)) break; /* or it is cut */
        sc_set_addr(r, column, v);
        if (digits == 16 || sc_has(r, BITS)) sc_note_width(p->facts, digits);
    }
}

/* A field of the header; *r is made when there is none. */
static bool read_field(sc_parse *p, sc_row **r, const sc_line *l, sc_span text)
{
    for (size_t i = 0; i < N_FIELDS; i++) {
        sc_span value;
        uint64_t v;
        int digits;
        int column = fields[i].column;
        if (!sc_field(text, fields[i].label, &value)) continue;
        bool dotted = sc_find(text, " . .") != SC_NPOS;
        if (column < 0) return *r != NULL || dotted;
        bool number = read_value(value, dotted, &v, &digits);
        bool word = dotted && (column == MACHINE || column == MAJOR);
        if (!number && !word) return false;
        if (!*r) *r = sc_row_new(p->facts, &sc_table_dump_header, p->ordinal, l);
        (*r)->last_line = l->last;
        if (number)
            set_value(p, *r, column, v, digits);
        else if (column == MACHINE)
            set_machine(*r, 0, value);
        return true;
    }
    return false;
}

/* What stands below the header: `TRIAGE_DUMP64:`, `SizeOfDump          00040000`, where memory is in the file */
static bool is_more(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    sc_span label;
    uint64_t v;
    size_t words = 0;
    if (sc_starts(text, "TRIAGE_DUMP") || sc_starts(text, "SUMMARY_DUMP") || sc_starts(text, "Physical Memory Desc") ||
        sc_starts(text, "Number of runs:") || sc_starts(text, "FileOffset ") || sc_starts(text, "Last Page:"))
        return true;
    if (!sc_word(&c, &label)) return false;
    bool numbers = sc_span_addr(label, &v, NULL);
    while (sc_addr(&c, &v, NULL)) words++;
    return sc_at_end(&c) && (numbers ? words == 2 : words == 1 && sc_is_alpha(label.p[0]) && label.n >= 8);
}

static void close_header(sc_parse *p, sc_row *r)
{
    if (!r) return;
    bool args = sc_has(r, ARG1) && sc_has(r, ARG1 + 1) && sc_has(r, ARG1 + 2) && sc_has(r, ARG4);
    bool whole = sc_has(r, BUILD) && r->cells[CODE].state != SC_NOT_PRINTED && args && sc_has(r, DEBUGGER_DATA);
    sc_cover_all(p->facts, &sc_table_dump_header, p->ordinal, whole);
    if (whole) sc_complete(p);
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0}, kind;
    uint64_t bits;
    int digits;
    if (text.n < 12) return SC_ABSTAIN;
    if (text.p[0] == 'D') return read_title(text, &bits) ? SC_STRONG : SC_ABSTAIN;
    if (text.p[0] == '-') return read_kind(text, &bits, &kind) ? SC_STRONG : SC_ABSTAIN;
    if (text.p[0] != 'M' && text.p[0] != 'B') return SC_ABSTAIN;
    size_t at = 0;
    sc_span value, next = sc_ahead(lines, n, &at);
    if (sc_field(text, "MajorVersion", &value)) {
        bool number = sc_span_addr(value, &bits, &digits) && digits == 8;
        return (number || sc_find(text, " . .") != SC_NPOS) && sc_starts(next, "MinorVersion") ? SC_STRONG : SC_ABSTAIN;
    }
    if (sc_field(text, "BugCheckCode", &value)) return sc_starts(next, "BugCheckParameter1") ? SC_STRONG : SC_ABSTAIN;
    return SC_ABSTAIN;
}

static void read_piece(sc_parse *p, sc_row **r, const sc_line *l, sc_span text)
{
    uint64_t bits;
    sc_span kind = {0};
    if (read_kind(text, &bits, &kind) || read_title(text, &bits)) {
        if (*r && (kind.n || sc_has(*r, BUILD))) { /* the header of another dump */
            close_header(p, *r);
            *r = NULL;
        }
        if (!*r) *r = sc_row_new(p->facts, &sc_table_dump_header, p->ordinal, l);
        sc_set_int(*r, BITS, (int64_t)bits);
        if (kind.n) sc_set_text(*r, KIND, kind);
        (*r)->last_line = l->last;
        sc_take(p, l);
    } else if (read_field(p, r, l, text) || (*r && is_more(text))) {
        sc_take(p, l);
    }
}

static void parse(sc_parse *p)
{
    const char *marks[N_FIELDS + 4] = {"DUMP_HEADER", "TRIAGE_DUMP", "SUMMARY_DUMP"};
    for (size_t i = 0; i < N_FIELDS; i++) marks[3 + i] = fields[i].label;
    sc_row *r = NULL;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = sc_trim(l->text), piece;
        while (sc_piece(&rest, marks, &piece)) read_piece(p, &r, l, piece);
    }
    close_header(p, r);
}

static const sc_table *const tables[] = {&sc_table_dump_header, NULL};
static const char *const aliases[] = {"!dumpdebug", NULL};
static const char *const absorbs[] = {"(bugcheck)", NULL};
const sc_command sc_command_dumpheader = {
    .name = ".dumpdebug",
    .aliases = aliases,
    .doc = "The header of the dump, with the bug check in it",
    .proof = "build, bug check, its parameters and the address of the debugger's data",
    .query = "SELECT build, arch, printf('0x%X', code) FROM dump_header",
    .tables = tables,
    .taste = taste,
    .absorbs = absorbs,
    .parse = parse,
};
