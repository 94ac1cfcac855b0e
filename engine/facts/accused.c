/* The modules that a stop screen or somebody's report names. [sample stopscreen--*; BlueScreenView, WhoCrashed]
 *
 *     *** STOP: 0x000000D1 (0x0000000000000008,0x0000000000000002,0x0000000000000000,0xFFFFF880045A1123)
 *     ***  acmedisk.sys - Address FFFFF880045A1123 base at FFFFF880045A0000, DateStamp 4a5bc3b2
 *     *** Address FCA7C55C base at FCA72000, Datestamp 3A72BDEF - acmedisk.sys               (Windows 2000)
 *
 *     Stop code: DRIVER IRQL NOT LESS OR EQUAL
 *     What failed: nvlddmkm.sys
 *
 *     Caused By Driver  : acmedisk.sys                       (BlueScreenView)
 *     Caused By Address : acmedisk.sys+1123
 *
 *     This was probably caused by the following module: ntoskrnl.exe (nt+0x70740)      (WhoCrashed)
 *
 * Windows names the module that holds an address among the parameters; the reports name one that their authors guess
 * from the stack. Neither is proof, and ntoskrnl.exe says nothing at all.
 *
 * Tables: accused.
 * Query:  SELECT module, how FROM accused WHERE third_party(module);
 */
#include "engine/facts/lookup.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"module", SC_TEXT, "module, without extension"},
    {"how", SC_TEXT, "stop-screen, what-failed, bluescreenview or whocrashed"},
    {"address", SC_ADDR, "the address that lies in it"},
    {"base", SC_ADDR, "where the module begins"},
    {"offset", SC_INT, "address - base"},
    {"stamp", SC_INT, "the module's link time, seconds since 1970 UTC, or a hash"},
};
enum { MODULE, HOW, ADDRESS, BASE, OFFSET, STAMP };
const sc_table sc_table_accused = {"accused", "Modules that a stop screen or a report names", SC_NO_KEY,
                                   SC_COLUMNS(columns)};

typedef struct accusation {
    sc_span module;
    const char *how;
    uint64_t address, base, stamp, offset;
    bool has_address, has_stamp, has_offset;
    int digits;
} accusation;

/* One word that ends as an image does. */
static bool read_image(sc_span text, sc_span *module)
{
    sc_scan c = sc_scan_of(text);
    sc_span word;
    if (!sc_word(&c, &word) || word.n < 5 || word.n > 64) return false;
    if (!sc_iends(word, ".sys") && !sc_iends(word, ".exe") && !sc_iends(word, ".dll")) return false;
    *module = sc_module_name(word);
    return module->n > 0;
}

/* `***  x.sys - Address A base at B, DateStamp D` */
static bool read_stop_screen(sc_span text, accusation *a)
{
    sc_scan c = sc_scan_of(text);
    sc_span image;
    bool older = sc_lit(&c, "*** Address"); /* `*** Address A base at B, Datestamp D - x.sys` */
    if (!older && (!sc_lit(&c, "***") || !sc_until(&c, " - Address ", &image) || !read_image(image, &a->module)))
        return false;
    if (!sc_addr(&c, &a->address, &a->digits) || !sc_lit(&c, "base at") || !sc_addr(&c, &a->base, NULL)) return false;
    a->has_address = true;
    a->has_offset = a->address >= a->base;
    a->offset = a->address - a->base;
    a->has_stamp = sc_lit(&c, ",") && sc_ilit(&c, "DateStamp") && sc_hex(&c, &a->stamp);
    if (older && !(a->has_stamp && sc_lit(&c, "-") && read_image(sc_rest(&c), &a->module))) return false;
    a->how = "stop-screen";
    return true;
}

static bool read_labelled(sc_span text, accusation *a)
{
    static const struct {
        const char *label, *how;
    } labels[] = {
        {"What failed", "what-failed"},
        {"Caused By Driver", "bluescreenview"},
        {"Caused By Address", "bluescreenview"},
        {"This was probably caused by the following module", "whocrashed"},
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        sc_scan c = sc_scan_of(text);
        if (!sc_ilit(&c, labels[i].label) || !sc_lit(&c, ":")) continue;
        sc_span value = sc_trim(sc_rest(&c)), image, offset;
        bool cut = sc_cut(value, "+", &image, &offset);
        a->how = labels[i].how;
        if (i == 2) a->has_offset = cut && sc_span_hex(offset, &a->offset);
        return read_image(i == 2 ? image : value, &a->module);
    }
    return false;
}

static bool read_accusation(sc_span line, accusation *a)
{
    *a = (accusation){0};
    sc_span text = sc_trim(line);
    if (text.n < 12 || sc_find_char(SC_S("*WwCcT"), text.p[0]) == SC_NPOS) return false;
    return text.p[0] == '*' ? read_stop_screen(text, a) : read_labelled(text, a);
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    accusation a;
    return n && read_accusation(lines[0].text, &a) ? SC_STRONG : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    for (const sc_line *l; (l = sc_next(p));) {
        accusation a;
        if (!read_accusation(l->text, &a)) continue;
        sc_row *r = sc_add(p, &sc_table_accused, l);
        sc_set_text(r, MODULE, a.module);
        sc_set_text(r, HOW, sc_span_z(a.how));
        if (a.has_address) {
            sc_set_addr(r, ADDRESS, a.address);
            sc_set_addr(r, BASE, a.base);
            sc_note_width(p->facts, a.digits);
        }
        if (a.has_offset) sc_set_int(r, OFFSET, (int64_t)a.offset);
        if (a.has_stamp) sc_set_int(r, STAMP, (int64_t)a.stamp);
        sc_complete(p);
    }
}

static const sc_table *const tables[] = {&sc_table_accused, NULL};
const sc_command sc_command_accused = {
    .name = "(report)",
    .doc = "Modules that a stop screen or a report names",
    .proof = "nothing: each line tells itself",
    .query = "SELECT module, how FROM accused WHERE third_party(module)",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
