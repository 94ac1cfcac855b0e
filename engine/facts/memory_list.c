/* !memusage and !sysptes: where physical pages and system page table entries went. [samples memusage--*, sysptes--*]
 *
 *     kd> !memusage
 *     loading PFN database
 *     loading (100% complete)
 *                  Zeroed:      218 (     872 kb)
 *            Active/Valid:   321846 ( 1287384 kb)
 *                   TOTAL:   503644 ( 2014576 kb)
 *
 *     kd> !sysptes 1
 *     System PTE Information
 *       Total System Ptes 571224
 *       free blocks: 3   total free: 552337    largest free block: 551557
 *
 * Tables: memory_list, memory_file, system_pte.
 * Query:  SELECT label, pages, kb FROM memory_list WHERE label IN ('Active/Valid', 'TOTAL');
 */
#include "engine/facts/field.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"label", SC_TEXT, "list of pages as printed: Zeroed, Standby, Active/Valid, Bad, TOTAL ..."},
    {"pages", SC_INT, "pages in it"},
    {"kb", SC_INT, "KB in it"},
};
enum { LABEL, PAGES, KB };
const sc_table sc_table_memory_list = {"memory_list", "Physical pages by list", LABEL, SC_COLUMNS(columns)};

static const sc_column file_columns[] = {
    {"control_area", SC_ADDR, "control area of the mapping"},
    {"valid_kb", SC_INT, "KB in use"},
    {"standby_kb", SC_INT, "KB that can be reused"},
    {"dirty_kb", SC_INT, "KB to be written first"},
    {"name", SC_TEXT, "mapped file, or what else holds the pages"},
};
enum { AREA, VALID, STANDBY, DIRTY, NAME };
const sc_table sc_table_memory_file = {"memory_file", "Physical memory by mapped file", SC_NO_KEY,
                                       SC_COLUMNS(file_columns)};

static const sc_column pte_columns[] = {
    {"total", SC_INT, "system page table entries"},
    {"free", SC_INT, "of them free; NULL when the list was not shown"},
    {"free_blocks", SC_INT, "runs of free entries"},
    {"largest_free", SC_INT, "entries in the longest run"},
};
enum { TOTAL, FREE, FREE_BLOCKS, LARGEST };
const sc_table sc_table_system_pte = {"system_pte", "System page table entries", SC_NO_KEY, SC_COLUMNS(pte_columns)};

static const char *const labels[] = {
    "Zeroed",     "Free", "Standby", "Modified", "ModifiedNoWrite",     "Active/Valid",      "Transition",
    "SLIST/Temp", "Bad",  "Unknown", "TOTAL",    "Dangling Yes Commit", "Dangling No Commit"};
enum { N_LABELS = sizeof labels / sizeof *labels };
static const char *const marks[] = {
    "Zeroed:",     "Free:", "Standby:", "Modified:", "ModifiedNoWrite:", "Active/Valid:",       "Transition:",
    "SLIST/Temp:", "Bad:",  "Unknown:", "TOTAL:",    "Dangling ",        "Building kernel map", NULL};

/* `Zeroed:      218 (     872 kb)` */
static bool read_list(sc_span text, sc_span *label, uint64_t *pages, uint64_t *kb)
{
    sc_span value;
    for (size_t i = 0; i < N_LABELS; i++) {
        *label = sc_span_z(labels[i]);
        if (!sc_starts(text, labels[i]) || text.n <= label->n || text.p[label->n] != ':') continue;
        value = sc_span_from(text, label->n + 1);
        sc_scan c = sc_scan_of(value);
        return sc_dec(&c, pages) && sc_lit(&c, "(") && sc_dec(&c, kb) && sc_lit(&c, "kb)") && *pages <= INT64_MAX &&
               *kb <= INT64_MAX;
    }
    return false;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0}, label;
    uint64_t pages, kb;
    if (text.n < 8) return SC_ABSTAIN;
    if (sc_starts(text, "loading PFN database")) return SC_STRONG;
    if (sc_starts(text, "Usage Summary (in Kb):")) return SC_WEAK;
    return sc_is_alpha(text.p[0]) && read_list(text, &label, &pages, &kb) ? SC_STRONG : SC_ABSTAIN;
}

/* `ff8636e8    56    376     0     0     0     0  mapped_file( browseui.dll )` */
static bool add_file(sc_parse *p, const sc_line *l, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t area, kb[6];
    if (!sc_addr(&c, &area, NULL)) return false;
    for (size_t i = 0; i < 6; i++)
        if (!sc_dec(&c, &kb[i]) || kb[i] > INT64_MAX) return false;
    sc_span name = sc_trim(sc_rest(&c));
    if (sc_starts(name, "mapped_file(") && sc_ends(name, ")"))
        name = sc_trim(sc_span_sub(name, sizeof "mapped_file(" - 1, name.n - 1));
    sc_row *r = sc_add(p, &sc_table_memory_file, l);
    sc_set_addr(r, AREA, area);
    sc_set_int(r, VALID, (int64_t)kb[0]);
    sc_set_int(r, STANDBY, (int64_t)kb[1]);
    sc_set_int(r, DIRTY, (int64_t)kb[2]);
    if (sc_starts(name, "No Name for File"))
        sc_set_null(r, NAME);
    else if (name.n)
        sc_set_text(r, NAME, name);
    return true;
}

static bool is_progress(sc_span text)
{
    return sc_starts(text, "loading ") || sc_starts(text, "Compiling memory usage") ||
           sc_starts(text, "Building kernel map") || sc_starts(text, "Finished building") ||
           sc_starts(text, "Scanning PFN database") || sc_starts(text, "Usage Summary") ||
           sc_starts(text, "Control Valid Standby");
}

static void parse(sc_parse *p)
{
    bool any = false, files = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = l->text, piece, label;
        while (sc_piece(&rest, marks, &piece)) {
            uint64_t pages, kb;
            if (read_list(piece, &label, &pages, &kb)) {
                sc_row *r = sc_add(p, &sc_table_memory_list, l);
                sc_set_text(r, LABEL, label);
                sc_set_int(r, PAGES, (int64_t)pages);
                sc_set_int(r, KB, (int64_t)kb);
                sc_cover_text(p->facts, &sc_table_memory_list, label, p->ordinal, true);
                if (sc_eq_z(label, "TOTAL")) sc_complete(p);
                any = true;
            } else if (is_progress(piece)) {
                sc_take(p, l);
            } else if (any && add_file(p, l, piece)) {
                files = true;
            }
        }
    }
    if (files) sc_cover_all(p->facts, &sc_table_memory_file, p->ordinal, false);
}

/* ---- !sysptes ---- */

static sc_taste taste_ptes(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    uint64_t v;
    sc_scan c = sc_scan_of(text);
    if (sc_starts(text, "System PTE Information")) return SC_STRONG;
    return sc_lit(&c, "Total System Ptes") && sc_dec(&c, &v) ? SC_STRONG : SC_ABSTAIN;
}

static bool number(sc_span text, const char *label, uint64_t *v)
{
    size_t at = sc_find(text, label);
    if (at == SC_NPOS) return false;
    sc_scan c = sc_scan_of(sc_span_from(text, at + sc_span_z(label).n));
    return sc_dec(&c, v) && *v <= INT64_MAX;
}

static void parse_ptes(sc_parse *p)
{
    static const struct {
        const char *label;
        int column;
    } numbers[] = {{"total free:", FREE}, {"free blocks:", FREE_BLOCKS}, {"largest free block:", LARGEST}};
    sc_row *r = NULL;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text);
        uint64_t v;
        if (number(text, "Total System Ptes ", &v)) {
            r = sc_add(p, &sc_table_system_pte, l);
            sc_set_int(r, TOTAL, (int64_t)v);
        }
        if (sc_starts(text, "System PTE Information") || sc_starts(text, "SysPtes list of size ") ||
            sc_starts(text, "starting PTE:") || sc_starts(text, "ending PTE:") || sc_starts(text, "free ptes:"))
            sc_take(p, l);
        for (size_t i = 0; r && i < sizeof numbers / sizeof *numbers; i++) {
            if (!number(text, numbers[i].label, &v)) continue;
            sc_take(p, l);
            sc_set_int(r, numbers[i].column, (int64_t)v);
            r->last_line = l->last;
        }
    }
    if (!r) return;
    sc_cover_all(p->facts, &sc_table_system_pte, p->ordinal, sc_has(r, LARGEST));
    if (sc_has(r, LARGEST)) sc_complete(p);
}

static const sc_table *const tables[] = {&sc_table_memory_list, &sc_table_memory_file, NULL};
const sc_command sc_command_memusage = {
    .name = "!memusage",
    .doc = "Physical memory by list and by mapped file",
    .proof = "the total of the lists",
    .query = "SELECT label, pages, kb FROM memory_list WHERE label IN ('Active/Valid', 'TOTAL')",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
static const sc_table *const pte_tables[] = {&sc_table_system_pte, NULL};
const sc_command sc_command_sysptes = {
    .name = "!sysptes",
    .doc = "System page table entries: how many are free, in what runs",
    .proof = "its last line, the largest free block",
    .query = "SELECT total, free, largest_free FROM system_pte",
    .tables = pte_tables,
    .taste = taste_ptes,
    .parse = parse_ptes,
};
