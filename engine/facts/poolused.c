/* !poolused: which pool tags hold how much memory. [seed 003; samples poolused--poolused-67 and -using-the-kernel-...]
 *
 *     Sorting by NonPaged Pool Consumed
 *
 *                NonPaged            Paged
 *      Tag    Allocs     Used    Allocs     Used
 *      XENO       30  2955056         0        0 UNKNOWN pooltag 'XENO', please update pooltag.txt
 *      AcpA        3      192         1      504ACPI Pooltags , Binary: acpi.sys
 *      TOTAL  3570214 209120008     38769 13066104
 *
 * Tables: pool_tag, pool_total.
 * Query:  SELECT tag, np_bytes FROM pool_tag WHERE sorted_by = 'nonpaged' AND rank = 1;
 *
 * Numbers are bytes, not pages. A tag of fewer than four letters is padded with blanks, may hold blanks itself, may
 * be all digits ('1394'), and is lost in some pastes. !poolused 1 and 3 print Allocs, Frees, Diff and Used instead of
 * two columns.
 */
#include "engine/facts/lookup.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"sorted_by", SC_TEXT, "order of the list: 'nonpaged', 'paged' or 'tag'"},
    {"tag", SC_TEXT, "pool tag, trailing blanks off"},
    {"rank", SC_INT, "place in the list, 1 is the first"},
    {"np_allocs", SC_INT, "blocks of nonpaged pool"},
    {"np_bytes", SC_INT, "bytes of nonpaged pool"},
    {"p_allocs", SC_INT, "blocks of paged pool"},
    {"p_bytes", SC_INT, "bytes of paged pool"},
    {"binary", SC_TEXT,
     "who allocates with this tag, without extension: 'acpi', 'nt!Vf'; NULL when the debugger does not know"},
    {"description", SC_TEXT, "what the debugger's list says about the tag; NULL when it is not in the list"},
};
enum { SORTED_BY, TAG, RANK, NP_ALLOCS, NP_BYTES, P_ALLOCS, P_BYTES, BINARY, DESCRIPTION };
const sc_table sc_table_pool_tag = {"pool_tag", "Pool use per tag", SORTED_BY, SC_COLUMNS(columns)};

static const sc_column total_columns[] = {
    {"sorted_by", SC_TEXT, "of the list that it closes"}, {"np_allocs", SC_INT, "blocks of nonpaged pool"},
    {"np_bytes", SC_INT, "bytes of nonpaged pool"},       {"p_allocs", SC_INT, "blocks of paged pool"},
    {"p_bytes", SC_INT, "bytes of paged pool"},
};
const sc_table sc_table_pool_total = {"pool_total", "Pool use of all tags together", SORTED_BY,
                                      SC_COLUMNS(total_columns)};

typedef struct usage {
    sc_span tag; /* empty when lost */
    uint64_t np_allocs, np_bytes, p_allocs, p_bytes;
    sc_span rest;
} usage;

/* The last column touches the description in old output: "0" before "1394 OHCI host" is "01394 OHCI host". */
static bool read_last(sc_scan *c, uint64_t *value)
{
    sc_scan t = *c;
    sc_blanks(&t);
    if (t.p < t.end && *t.p == '0') {
        *value = 0;
        c->p = t.p + 1;
        return true;
    }
    return sc_dec(c, value);
}

static bool read_numbers(sc_scan c, bool verbose, usage *u)
{
    uint64_t frees;
    if (!sc_dec(&c, &u->np_allocs)) return false;
    if (verbose && (!sc_dec(&c, &frees) || !sc_dec(&c, &u->np_allocs))) return false; /* Diff: those still held */
    if (!sc_dec(&c, &u->np_bytes) || !sc_dec(&c, &u->p_allocs)) return false;
    if (verbose && (!sc_dec(&c, &frees) || !sc_dec(&c, &u->p_allocs))) return false;
    if (!read_last(&c, &u->p_bytes)) return false;
    u->rest = sc_trim(sc_rest(&c));
    return true;
}

/* Blocks without bytes, or bytes without blocks: the numbers were read one column off. */
static bool consistent(const usage *u)
{
    return !u->np_allocs == !u->np_bytes && !u->p_allocs == !u->p_bytes && (u->np_bytes || u->p_bytes);
}

/* With its tag (one word, or several of four characters together) or, when it is lost, without. */
static bool read_row(sc_span text, bool verbose, usage *out)
{
    text = sc_trim(text);
    bool found = false;
    sc_scan c = sc_scan_of(text);
    for (sc_span word; sc_word(&c, &word);) {
        usage u = {.tag = {text.p, (size_t)(word.p + word.n - text.p)}};
        if (u.tag.n > 5) break; /* TOTAL is the longest */
        if (!read_numbers(c, verbose, &u)) continue;
        if (!found || consistent(&u)) *out = u;
        found = true;
        if (consistent(&u)) return true;
    }
    usage u = {0};
    if (!read_numbers(sc_scan_of(text), verbose, &u)) return found;
    if (!found || consistent(&u)) *out = u;
    return true;
}

/* "UNKNOWN pooltag 'XENO', please update pooltag.txt" */
static bool unknown_tag(sc_span rest, sc_span *tag)
{
    sc_scan c = sc_scan_of(rest);
    return sc_ilit(&c, "UNKNOWN pooltag") && sc_lit(&c, "'") && sc_until(&c, "'", tag) && tag->n <= 4;
}

static const char *sort_order(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    if (!sc_ilit(&c, "Sorting by")) return NULL;
    if (sc_ilit(&c, "NonPaged Pool Consumed")) return "nonpaged";
    if (sc_ilit(&c, "Paged Pool Consumed")) return "paged";
    return sc_ilit(&c, "Tag") && sc_at_end(&c) ? "tag" : NULL;
}

/* " Tag    Allocs     Used    Allocs     Used"; *verbose when it has the columns Frees and Diff. */
static bool is_header(sc_span text, bool *verbose)
{
    sc_scan c = sc_scan_of(text);
    if (!sc_lit(&c, "Tag") || !sc_lit(&c, "Allocs")) return false;
    *verbose = sc_lit(&c, "Frees");
    return true;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    bool verbose;
    return n && (sort_order(lines[0].text) || is_header(lines[0].text, &verbose)) ? SC_STRONG : SC_ABSTAIN;
}

static void add_total(sc_parse *p, const sc_line *l, const char *order, const usage *u)
{
    sc_row *r = sc_add(p, &sc_table_pool_total, l);
    if (order) sc_set_text(r, SORTED_BY, sc_span_z(order));
    sc_set_int(r, 1, (int64_t)u->np_allocs);
    sc_set_int(r, 2, (int64_t)u->np_bytes);
    sc_set_int(r, 3, (int64_t)u->p_allocs);
    sc_set_int(r, 4, (int64_t)u->p_bytes);
    if (order) sc_cover_text(p->facts, &sc_table_pool_total, sc_span_z(order), p->ordinal, true);
}

static void add_tag(sc_parse *p, const sc_line *l, const char *order, int rank, const usage *u)
{
    sc_row *r = sc_add(p, &sc_table_pool_tag, l);
    sc_span tag = u->tag, quoted, description, binary;
    bool unknown = unknown_tag(u->rest, &quoted);
    if (unknown && !tag.n) tag = sc_rtrim(quoted);
    if (order) sc_set_text(r, SORTED_BY, sc_span_z(order));
    if (tag.n) sc_set_text(r, TAG, tag);
    sc_set_int(r, RANK, rank);
    sc_set_int(r, NP_ALLOCS, (int64_t)u->np_allocs);
    sc_set_int(r, NP_BYTES, (int64_t)u->np_bytes);
    sc_set_int(r, P_ALLOCS, (int64_t)u->p_allocs);
    sc_set_int(r, P_BYTES, (int64_t)u->p_bytes);
    bool has_binary = sc_cut(u->rest, ", Binary:", &description, &binary);
    if (has_binary && sc_trim(binary).n)
        sc_set_text(r, BINARY, sc_module_name(sc_trim(binary)));
    else if (u->rest.n)
        sc_set_null(r, BINARY);
    if (unknown)
        sc_set_null(r, DESCRIPTION);
    else if (sc_trim(description).n)
        sc_set_text(r, DESCRIPTION, sc_trim(description));
}

/* !poolused 2: what the flags ask for, until the heading says it. */
static const char *asked_order(const sc_parse *p, bool *verbose)
{
    sc_scan c = sc_scan_of(p->section->args);
    uint64_t flags = 0;
    if (!p->section->prompted) return NULL;
    for (sc_span word; sc_word(&c, &word);)
        if (word.p[0] != '/') { /* "/t20" asks for the first 20 */
            if (!sc_span_hex(word, &flags)) flags = 0;
            break;
        }
    *verbose = flags & 1;
    return flags & 2 ? "nonpaged" : flags & 4 ? "paged" : "tag";
}

static void parse(sc_parse *p)
{
    bool verbose = false, open = p->section->prompted, whole = false;
    uint64_t np_bytes = 0, p_bytes = 0;
    const char *order = asked_order(p, &verbose);
    int rank = 0;
    for (const sc_line *l; (l = sc_next(p));) {
        const char *sorted = sort_order(l->text);
        usage u = {0};
        if (l->flags & SC_LINE_MESSAGE) continue;
        if (sorted || is_header(l->text, &verbose)) {
            if (sorted) {
                order = sorted;
                rank = 0;
                np_bytes = p_bytes = 0;
            }
            open = true;
            sc_take(p, l);
        } else if (open && read_row(l->text, verbose, &u)) {
            if (sc_ieq_z(u.tag, "TOTAL")) {
                add_total(p, l, order, &u);
                whole = rank > 0 && np_bytes == u.np_bytes && p_bytes == u.p_bytes;
            } else if (u.tag.n <= 4) {
                add_tag(p, l, order, ++rank, &u);
                np_bytes += u.np_bytes;
                p_bytes += u.p_bytes;
            }
        } else if (open && (sc_istarts(sc_ltrim(l->text), "NonPaged ") || sc_ieq_z(sc_trim(l->text), "Pool Used:"))) {
            sc_take(p, l);
        }
    }
    if (!rank) return;
    if (whole) sc_complete(p);
    if (order) sc_cover_text(p->facts, &sc_table_pool_tag, sc_span_z(order), p->ordinal, whole);
}

static const sc_table *const tables[] = {&sc_table_pool_tag, &sc_table_pool_total, NULL};
const sc_command sc_command_poolused = {
    .name = "!poolused",
    .doc = "Pool memory per tag: who holds it",
    .proof = "its closing row TOTAL, which is the sum of the rows above",
    .query = "SELECT tag, np_bytes FROM pool_tag WHERE sorted_by = 'nonpaged' AND rank = 1",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
