/* !vm: how much physical and virtual memory was in use. [seed 003, samples vm--vm-62 and
 * vm--debugging-a-stack-overflow-197]
 *
 *     *** Virtual Memory Usage ***
 *         Physical Memory:     1036418 (   4145672 Kb)
 *         Page File: \??\C:\pagefile.sys
 *           Current:   4145672 Kb  Free Space:   3702732 Kb
 *         NonPagedPool Usage:   764909 (   3059636 Kb)
 *         NonPagedPool Max:     764972 (   3059888 Kb)
 *         ********** Excessive NonPaged Pool Usage *****
 *
 * Windows 8 and later print no banner, begin with the page files, count pool in NonPagedPoolNx too, and show numbers
 * that mean nothing: maxima of 4294967296 pages, negative commits, "failed" allocations on healthy systems. Such
 * counters are kept with `sane` false, such warnings are kept too; neither is proof of anything. Some pastes hold the
 * whole output on one line, so labels and values are looked for wherever they stand.
 *
 * Tables: vm, vm_warning; vm_pool is derived (engine/facts/derive_vm.c).
 * Query:  SELECT pages FROM vm WHERE label = 'Available Pages' AND sane;
 */
#include "engine/facts/vm.h"

#include "engine/facts/tables.h"

static const sc_column columns[] = {
    [SC_VM_LABEL] = {"label", SC_TEXT, "what is counted, as printed: 'NonPagedPool Usage'"},
    [SC_VM_PAGES] = {"pages", SC_INT, "pages; garbage may be negative"},
    [SC_VM_KB] = {"kb", SC_INT, "the same in kilobytes"},
    [SC_VM_SANE] = {"sane", SC_BOOL, "false for a number that no machine can have"},
    [SC_VM_PAGE_FILE] = {"page_file", SC_TEXT,
                         "the page file it is about; NULL for counters of memory and for the nameless file"},
};
const sc_table sc_table_vm = {"vm", "Counters of memory use", SC_VM_LABEL, SC_COLUMNS(columns)};

static const sc_column warning_columns[] = {
    {"text", SC_TEXT, "the warning without its asterisks and leading number"},
    {"count", SC_INT, "the number in it; NULL without one"},
};
enum { TEXT, COUNT };
const sc_table sc_table_vm_warning = {"vm_warning", "Warnings among the counters of memory use", SC_NO_KEY,
                                      SC_COLUMNS(warning_columns)};

typedef struct reader {
    sc_parse *p;
    const sc_line *line;
    uint64_t physical; /* pages of memory; 0 until printed */
    sc_span page_file;
    bool in_page_file; /* counters without pages belong to page_file (which may have no name) */
    bool cut, limit;   /* something was left out; the last counter was seen */
} reader;

static const char NAMELESS[] = "No Name for Paging File";

/* "Commit limit:  50570 (  202280 Kb)" or "Free Space:  3702732 Kb", behind the colon. */
static bool read_value(sc_scan *c, uint64_t *pages, bool *has_pages, uint64_t *kb)
{
    sc_scan t = *c;
    uint64_t first;
    if (!sc_dec(&t, &first)) return false;
    *has_pages = sc_lit(&t, "(");
    if (*has_pages && !sc_dec(&t, kb)) return false;
    if (!*has_pages) *kb = first;
    if (!sc_ilit(&t, "Kb") || (*has_pages && !sc_lit(&t, ")"))) return false;
    if (*has_pages) *pages = first;
    *c = t;
    return true;
}

static void add_warning(reader *r, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t count = 0;
    bool counted = sc_dec(&c, &count);
    if (counted) text = sc_trim(sc_rest(&c));
    for (size_t i = 0; !counted && i < text.n; i++)
        if (sc_is_digit(text.p[i])) {
            c = sc_scan_of(sc_span_from(text, i));
            counted = sc_dec(&c, &count);
            break;
        }
    sc_row *row = sc_add(r->p, &sc_table_vm_warning, r->line);
    sc_set_text(row, TEXT, text);
    if (counted)
        sc_set_int(row, COUNT, (int64_t)count);
    else
        sc_set_null(row, COUNT);
}

/* Takes the warnings out of the text between two values; what stays is the next label. */
static sc_span read_gap(reader *r, sc_span gap)
{
    size_t start = 0;
    size_t stars_before = 0;
    for (size_t i = 0; i < gap.n;) {
        size_t stars = 0;
        while (i + stars < gap.n && gap.p[i + stars] == '*') stars++;
        if (stars < 3) {
            i += stars ? stars : 1;
            continue;
        }
        sc_span text = sc_trim(sc_span_sub(gap, start, i));
        if (stars_before >= 5 && text.n) add_warning(r, text);
        i += stars;
        start = i;
        stars_before = stars;
    }
    sc_span rest = sc_trim(sc_span_from(gap, start));
    size_t nameless = sc_ifind(rest, NAMELESS);
    if (nameless != SC_NPOS) {
        r->in_page_file = true;
        r->page_file = (sc_span){0};
        rest = sc_trim(sc_span_from(rest, nameless + sizeof NAMELESS - 1));
        sc_take(r->p, r->line);
    }
    return rest;
}

/* "PagedPool  0" becomes "PagedPool 0"; empty for what is no label. */
static sc_span tidy_label(reader *r, sc_span label)
{
    if (!label.n || label.n > 40 || !sc_is_alpha(label.p[0])) return (sc_span){0};
    bool doubled = false;
    int words = 1;
    for (size_t i = 0; i < label.n; i++) {
        char c = label.p[i];
        if (!sc_is_alnum(c) && !sc_is_blank(c) && c != '/' && c != '-') return (sc_span){0};
        if (!i || !sc_is_blank(c)) continue;
        if (sc_is_blank(label.p[i - 1]))
            doubled = true;
        else
            words++;
    }
    if (words > 4) return (sc_span){0}; /* somebody's sentence */
    if (!doubled) return label;
    char *tidy = sc_arena_get(r->p->facts->arena, label.n);
    size_t n = 0;
    if (!tidy) return label;
    for (size_t i = 0; i < label.n; i++)
        if (!sc_is_blank(label.p[i]))
            tidy[n++] = label.p[i];
        else if (tidy[n - 1] != ' ')
            tidy[n++] = ' ';
    return (sc_span){tidy, n};
}

/* Counters of pages that are in memory: more than there is memory means wrong symbols. */
static bool counts_memory(sc_span label)
{
    return sc_istarts(label, "NonPagedPool ")
               ? !sc_iends(label, "Max") && !sc_iends(label, "Commit")
               : sc_istarts(label, "NonPagedPoolNx ") || sc_istarts(label, "Modified ") ||
                     sc_ieq_z(label, "Available Pages") || sc_ieq_z(label, "Locked IO Pages");
}

static void add_counter(reader *r, sc_span label, bool has_pages, uint64_t pages, uint64_t kb)
{
    const uint64_t too_many = UINT64_C(1) << 32; /* 16 TB in pages, which newer systems print for "no limit" */
    sc_row *row = sc_add(r->p, &sc_table_vm, r->line);
    bool sane = has_pages ? pages < too_many && kb == pages * 4 : kb < too_many * 4;
    sc_set_text(row, SC_VM_LABEL, label);
    sc_set_int(row, SC_VM_KB, (int64_t)kb);
    if (has_pages) {
        if (sane && sc_ieq_z(label, "Physical Memory")) r->physical = pages;
        if (r->physical && pages > r->physical && counts_memory(label)) sane = false;
        sc_set_int(row, SC_VM_PAGES, (int64_t)pages);
        sc_set_null(row, SC_VM_PAGE_FILE);
        r->in_page_file = false;
    } else if (r->in_page_file) {
        if (r->page_file.n)
            sc_set_text(row, SC_VM_PAGE_FILE, r->page_file);
        else
            sc_set_null(row, SC_VM_PAGE_FILE);
    }
    sc_set_bool(row, SC_VM_SANE, sane);
    sc_cover_text(r->p->facts, &sc_table_vm, label, r->p->ordinal, true);
    if (sc_ieq_z(label, "Commit limit")) r->limit = true;
}

/* The text between two values is a label, perhaps with warnings before it. */
static void read_line(reader *r, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    const char *start = c.p;
    for (sc_span before; sc_until(&c, ":", &before);) {
        uint64_t pages = 0, kb = 0;
        bool has_pages;
        sc_span gap = {start, (size_t)(c.p - 1 - start)}, path;
        if (read_value(&c, &pages, &has_pages, &kb)) {
            sc_span label = tidy_label(r, read_gap(r, gap));
            if (label.n) add_counter(r, label, has_pages, pages, kb);
            start = c.p;
            continue;
        }
        sc_scan t = c;
        if (!sc_lit(&t, "\\") || !sc_iends(gap, "Page File")) continue;
        sc_blanks(&c);
        if (!sc_word(&c, &path)) continue;
        read_gap(r, gap);
        r->page_file = path;
        r->in_page_file = true;
        start = c.p;
        sc_take(r->p, r->line);
    }
    read_gap(r, (sc_span){start, (size_t)(c.end - start)});
}

/* "0e4c firefox.exe        74311 (  297244 Kb)" of the list of processes behind the counters. */
static bool is_process(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t id, pages, kb;
    sc_span name;
    bool has_pages;
    return sc_hex(&c, &id) && sc_word(&c, &name) && read_value(&c, &pages, &has_pages, &kb) && has_pages &&
           sc_at_end(&c);
}

static bool is_banner(sc_span text)
{
    text = sc_ltrim(text);
    return sc_starts(text, "***") && sc_ifind(sc_span_sub(text, 0, 40), "Virtual Memory Usage") != SC_NPOS;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    if (!n) return SC_ABSTAIN;
    sc_scan c = sc_scan_of(lines[0].text);
    if (is_banner(lines[0].text)) return SC_STRONG;
    uint64_t pages, kb;
    bool has_pages;
    if (sc_ilit(&c, "Physical Memory:"))
        return read_value(&c, &pages, &has_pages, &kb) && has_pages ? SC_STRONG : SC_ABSTAIN;
    if (!sc_ilit(&c, "Page File:") || !sc_lit(&c, "\\")) return SC_ABSTAIN;
    for (size_t i = 1; i < n && i < 4; i++) {
        c = sc_scan_of(lines[i].text);
        if (sc_ilit(&c, "Current:") && read_value(&c, &pages, &has_pages, &kb)) return SC_STRONG;
    }
    return SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    reader r = {.p = p};
    for (const sc_line *l; (l = sc_next(p));) {
        r.line = l;
        if (l->flags & SC_LINE_CUT && !r.limit) r.cut = true;
        if (l->flags & SC_LINE_MESSAGE) continue;
        if (is_banner(l->text) || is_process(l->text)) sc_take(p, l);
        if (sc_istarts(sc_ltrim(l->text), "Unimplemented error for"))
            add_warning(&r, sc_trim(l->text)); /* wrong symbols */
        else
            read_line(&r, l->text);
    }
    if (!r.limit || r.cut) return;
    sc_complete(p);
    sc_cover_all(p->facts, &sc_table_vm, p->ordinal, true);
    sc_cover_all(p->facts, &sc_table_vm_warning, p->ordinal, true);
}

static const sc_table *const tables[] = {&sc_table_vm, &sc_table_vm_warning, NULL};
const sc_command sc_command_vm = {
    .name = "!vm",
    .doc = "Physical memory, page files, pools and commit, with the debugger's warnings",
    .proof = "its last counter, Commit limit, and nothing left out before it",
    .query = "SELECT pages FROM vm WHERE label = 'Available Pages' AND sane",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
