/* Is the nonpaged pool used up? Derived from the counters of the first !vm.
 *
 *     NonPagedPool Usage:   764909 (   3059636 Kb)
 *     NonPagedPool Max:     764972 (   3059888 Kb)       ratio 0.9999, exhausted
 *
 * Table: vm_pool.
 * Query: SELECT line, ratio FROM vm_pool WHERE exhausted;
 *
 * Newer systems have no fixed maximum and print a meaningless one: there only the share of physical memory tells. What
 * rests on a counter that no machine can have stays not printed, which leaves a question open instead of answering it.
 */
#include "engine/facts/tables.h"
#include "engine/facts/vm.h"

static const sc_column columns[] = {
    {"generation", SC_TEXT, "'old' (up to Windows 7) or 'new' (NonPagedPoolNx is counted too)"},
    {"np_pages", SC_INT, "nonpaged pool in use, pages, NonPagedPoolNx included"},
    {"np_max", SC_INT, "its maximum, pages; NULL when what is printed is none"},
    {"ratio", SC_REAL, "np_pages of np_max, 0 to 1; NULL without a maximum"},
    {"physical_pages", SC_INT, "pages of physical memory"},
    {"physical_ratio", SC_REAL, "np_pages of physical_pages, 0 to 1"},
    {"exhausted", SC_BOOL, "at least 95 % of the maximum, or without one more than half of physical memory"},
    {"commit_ratio", SC_REAL, "committed pages of the commit limit, 0 to 1"},
    {"available_pages", SC_INT, "pages that could be handed out at once"},
};
enum { GENERATION, NP_PAGES, NP_MAX, RATIO, PHYSICAL_PAGES, PHYSICAL_RATIO, EXHAUSTED, COMMIT_RATIO, AVAILABLE_PAGES };
const sc_table sc_table_vm_pool = {"vm_pool", "Use of the nonpaged pool and of commit", SC_NO_KEY, SC_COLUMNS(columns)};

/* The counter of this label in one section, or NULL. */
static const sc_row *counter(const sc_facts *f, uint32_t section, const char *label)
{
    for (const sc_row *r = sc_facts_first(f, &sc_table_vm); r; r = r->next)
        if (r->section == section && sc_has(r, SC_VM_PAGES) && sc_ieq_z(sc_get_text(r, SC_VM_LABEL), label)) return r;
    return NULL;
}

static bool sane_pages(const sc_row *r, int64_t *pages)
{
    if (!r || !r->cells[SC_VM_SANE].as.i) return false;
    *pages = sc_get_int(r, SC_VM_PAGES);
    return true;
}

/* np_pages; false while the share of NonPagedPoolNx is in doubt. */
static bool pool_pages(const sc_row *usage, const sc_row *nx, bool sane_max, int64_t *pages)
{
    int64_t more = 0;
    if (!sane_pages(usage, pages)) return false;
    if (nx ? !sane_pages(nx, &more) : !sane_max) return false;
    *pages += more;
    return true;
}

static void derive(sc_facts *f, uint32_t section, const sc_row *usage, const sc_row *committed)
{
    const sc_row *nx = counter(f, section, "NonPagedPoolNx Usage"), *max = counter(f, section, "NonPagedPool Max");
    const sc_row *first = usage ? usage : committed, *last = usage && max ? max : first;
    sc_row *r = sc_row_new(f, &sc_table_vm_pool, section, NULL);
    int64_t pages = 0, max_pages = 0, physical = 0, n, limit;
    r->line = first->line;
    r->last_line = last->last_line;
    bool has_physical = sane_pages(counter(f, section, "Physical Memory"), &physical) && physical > 0;
    bool has_max = sane_pages(max, &max_pages) && max_pages > 0;
    bool has_pages = pool_pages(usage, nx, has_max, &pages);
    if (nx || has_max) sc_set_text(r, GENERATION, sc_span_z(nx ? "new" : "old"));
    if (has_pages) sc_set_int(r, NP_PAGES, pages);
    if (has_physical) sc_set_int(r, PHYSICAL_PAGES, physical);
    if (has_max)
        sc_set_int(r, NP_MAX, max_pages);
    else if (max)
        sc_set_null(r, NP_MAX);
    if (has_pages && has_max) {
        double ratio = (double)pages / (double)max_pages;
        sc_set_real(r, RATIO, ratio);
        sc_set_bool(r, EXHAUSTED, ratio >= 0.95);
    } else if (max && !has_max) {
        sc_set_null(r, RATIO);
    }
    if (has_pages && has_physical) {
        double ratio = (double)pages / (double)physical;
        sc_set_real(r, PHYSICAL_RATIO, ratio);
        if (max && !has_max) sc_set_bool(r, EXHAUSTED, ratio > 0.5);
    }
    if (sane_pages(committed, &n) && sane_pages(counter(f, section, "Commit limit"), &limit) && limit > 0)
        sc_set_real(r, COMMIT_RATIO, (double)n / (double)limit);
    if (sane_pages(counter(f, section, "Available Pages"), &n)) sc_set_int(r, AVAILABLE_PAGES, n);
    sc_cover_all(f, &sc_table_vm_pool, section, true); /* cells that are missing say so themselves */
}

void sc_derive_vm(sc_facts *f)
{
    const sc_row *committed = NULL;
    for (const sc_row *r = sc_facts_first(f, &sc_table_vm); r; r = r->next) {
        if (!sc_has(r, SC_VM_PAGES)) continue;
        if (!committed && sc_ieq_z(sc_get_text(r, SC_VM_LABEL), "Committed pages")) committed = r;
        if (!sc_ieq_z(sc_get_text(r, SC_VM_LABEL), "NonPagedPool Usage")) continue;
        derive(f, r->section, r, counter(f, r->section, "Committed pages"));
        return;
    }
    if (committed) derive(f, committed->section, NULL, committed);
}

static const sc_table *const tables[] = {&sc_table_vm_pool, NULL};
const sc_command sc_command_vm_pool = {
    .name = "(vm)",
    .doc = "Use of the nonpaged pool, computed from !vm",
    .proof = "the counters of !vm that it is computed from",
    .query = "SELECT line, ratio FROM vm_pool WHERE exhausted",
    .tables = tables,
};
