/* !ca: the control area of a mapped file: its image or data file and who still uses it. [sample memusage--ca-96]
 *
 *     kd> !ca ff8636e8
 *     ControlArea @ff8636e8
 *       Segment:    e1b74548    Flink              0   Blink:               0
 *      Section Ref        0    Pfn Ref           6c   Mapped Views:        1
 *       User Ref           1    Subsections        5   Flush Count:         0
 *       File Object ff86df88    ModWriteCount      0   System Views:        0
 *       Flags (10000a0) Image File HadUserReference
 *        File: \WINNT\System32\browseui.dll
 *     Segment @ e1b74548:
 *     Subsection 1. @ ff863720
 *
 * A file that cannot be deleted or replaced is one whose control area still has views or user references.
 *
 * Tables: control_area, subsection.
 * Query:  SELECT file, views FROM control_area WHERE user_refs > 0;
 */
#include "engine/facts/io.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"control_area", SC_ADDR, "its address"},
    {"segment", SC_ADDR, "address of its segment"},
    {"file_object", SC_ADDR, "the file; NULL for memory that only the page file backs"},
    {"file", SC_TEXT, "the file's name"},
    {"section_refs", SC_INT, "section objects that use it"},
    {"user_refs", SC_INT, "uses by user mode"},
    {"pfn_refs", SC_INT, "pages of it in memory"},
    {"views", SC_INT, "mapped views"},
    {"flags", SC_ADDR, "its bits"},
    {"image", SC_BOOL, "an executable image, not a data file"},
    {"base", SC_ADDR, "address that the image is based on"},
};
enum { AREA, SEGMENT, FILE_OBJECT, NAME, SECTION_REFS, USER_REFS, PFN_REFS, VIEWS, FLAGS, IMAGE, BASE };
const sc_table sc_table_control_area = {"control_area", "Mapped files", AREA, SC_COLUMNS(columns)};

static const sc_column sub_columns[] = {
    {"control_area", SC_ADDR, "that it belongs to"},
    {"n", SC_INT, "number of the subsection, from 1"},
    {"subsection", SC_ADDR, "its address"},
    {"sectors", SC_INT, "sectors of the file"},
    {"ptes", SC_INT, "prototype page table entries, one per page"},
};
enum { SUB_AREA, SUB_N, SUB_ADDRESS, SUB_SECTORS, SUB_PTES };
const sc_table sc_table_subsection = {"subsection", "Parts of mapped files, for images one per section of the file",
                                      SUB_AREA, SC_COLUMNS(sub_columns)};

/* `ControlArea @ff8636e8`; newer debuggers set a blank behind the sign */
static bool read_header(sc_span text, uint64_t *area, int *digits)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "ControlArea") && sc_lit(&c, "@") && sc_addr(&c, area, digits) && sc_at_end(&c);
}

/* `Subsection 1. @ ff863720` */
static bool read_subsection(sc_span text, uint64_t *n, uint64_t *address)
{
    sc_scan c = sc_scan_of(text);
    if (!sc_lit(&c, "Subsection") || !sc_dec(&c, n) || *n > 100000) return false;
    sc_lit(&c, ".");
    return sc_lit(&c, "@") && sc_addr(&c, address, NULL) && sc_at_end(&c);
}

static bool number(sc_span text, const char *label, uint64_t *v)
{
    int digits;
    return sc_label_hex(text, label, v, &digits);
}

static void set_count(sc_row *r, int column, sc_span text, const char *label, const char *with_colon)
{
    uint64_t v;
    if ((number(text, label, &v) || number(text, with_colon, &v)) && v <= INT64_MAX) sc_set_int(r, column, (int64_t)v);
}

/* Several labels stand in one line. */
static bool read_area(sc_parse *p, sc_row *r, sc_span text)
{
    static const char *const starts[] = {"Segment:",     "Segment ",    "Section Ref ", "User Ref ",
                                         "File Object",  "WaitForDel ", "Base address", "Total Ptes ",
                                         "Image commit", "Image Base ", "Based Addr",   "WritableRefs "};
    bool known = false;
    uint64_t v;
    sc_span value;
    sc_scan c = sc_scan_of(text);
    if (sc_lit(&c, "Flags (")) {
        if (!sc_hex(&c, &v) || !sc_lit(&c, ")")) return false;
        sc_set_addr(r, FLAGS, v);
        if (sc_find(sc_rest(&c), "Image") != SC_NPOS) sc_set_bool(r, IMAGE, true);
        return true;
    }
    if (sc_lit(&c, "File:")) {
        value = sc_trim(sc_rest(&c));
        if (value.n) sc_set_text(r, NAME, value);
        return value.n > 0;
    }
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) known = known || sc_starts(text, starts[i]);
    if (!known) return false;
    if (number(text, "Segment:", &v) || number(text, "Segment", &v)) sc_set_addr(r, SEGMENT, v);
    if (number(text, "File Object", &v)) sc_set_pointer(p->facts, r, FILE_OBJECT, v, 0);
    if (number(text, "Based Addr", &v)) sc_set_addr(r, BASE, v);
    set_count(r, SECTION_REFS, text, "Section Ref", "Section Ref:");
    set_count(r, USER_REFS, text, "User Ref", "User Ref:");
    set_count(r, PFN_REFS, text, "Pfn Ref", "Pfn Ref:");
    set_count(r, VIEWS, text, "Mapped Views", "Mapped Views:");
    return true;
}

static bool read_part(sc_row *s, sc_span text)
{
    static const char *const protections[] = {"ReadOnly", "ReadWrite", "CopyOnWrite", "Execute",
                                              "NoAccess", "GlobalMem", "WriteCopy",   "ExecuteRead"};
    if (sc_starts(text, "ControlArea")) {
        set_count(s, SUB_SECTORS, text, "Number Of Sectors", "Number Of Sectors:");
        return true;
    }
    if (sc_starts(text, "Base Pte")) {
        set_count(s, SUB_PTES, text, "Ptes In subsect", "Ptes In subsect:");
        return true;
    }
    if (sc_starts(text, "Flags ")) return sc_find(text, "Protection") != SC_NPOS;
    sc_scan c = sc_scan_of(text);
    for (sc_span word; sc_word(&c, &word);) { /* `ReadOnly CopyOnWrite` */
        bool known = false;
        for (size_t i = 0; i < sizeof protections / sizeof *protections; i++)
            known = known || sc_eq_z(word, protections[i]);
        if (!known) return false;
    }
    return true;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    uint64_t area;
    int digits;
    return n && read_header(sc_trim(lines[0].text), &area, &digits) ? SC_STRONG : SC_ABSTAIN;
}

static void close_area(sc_parse *p, const sc_row *r, const sc_row *s)
{
    if (!r) return;
    bool whole = sc_has(r, SEGMENT) && sc_has(r, USER_REFS) && sc_has(r, FLAGS) && s;
    sc_cover_addr(p->facts, &sc_table_control_area, sc_get_addr(r, AREA), p->ordinal, whole);
    sc_cover_addr(p->facts, &sc_table_subsection, sc_get_addr(r, AREA), p->ordinal, false); /* no end mark */
    if (whole) sc_complete(p);
}

static void parse(sc_parse *p)
{
    sc_row *r = NULL, *s = NULL;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text);
        uint64_t v, n;
        int digits;
        if (r && sc_has(r, FLAGS) && !sc_has(r, IMAGE)) sc_set_bool(r, IMAGE, false); /* its line was not cut off */
        if (read_header(text, &v, &digits)) {
            close_area(p, r, s);
            r = sc_add(p, &sc_table_control_area, l);
            s = NULL;
            sc_set_addr(r, AREA, v);
            sc_note_width(p->facts, digits);
        } else if (r && read_subsection(text, &n, &v)) {
            s = sc_add(p, &sc_table_subsection, l);
            sc_set_addr(s, SUB_AREA, sc_get_addr(r, AREA));
            sc_set_int(s, SUB_N, (int64_t)n);
            sc_set_addr(s, SUB_ADDRESS, v);
        } else if (r && !s && (sc_starts(text, "Segment @ ") || read_area(p, r, text))) {
            sc_take(p, l);
            r->last_line = l->last;
        } else if (s && read_part(s, text)) {
            sc_take(p, l);
            s->last_line = l->last;
        }
    }
    close_area(p, r, s);
}

static const sc_table *const tables[] = {&sc_table_control_area, &sc_table_subsection, NULL};
const sc_command sc_command_ca = {
    .name = "!ca",
    .doc = "The control area of a mapped file, and its parts",
    .proof = "segment, references and flags, and a subsection behind them",
    .query = "SELECT file, views FROM control_area WHERE user_refs > 0",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
