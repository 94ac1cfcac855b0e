/* !pool, !poolfind and !poolval: blocks of pool memory. [samples pool--*; !poolfind as in the
 * debugger's reference; !poolval and the Pooltag line from knowledge, no sample]
 *
 *     1: kd> !pool 9655d468 2
 *     Pool page 9655d468 region is Paged pool
 *     *9655d468 size:   b0 previous size:    8  (Allocated) *Bug_
 *
 *     kd> !poolfind SeSd 0
 *     Scanning large pool allocation table for Tag: SeSd (827d1000 : 827e9000)
 *     Searching NonPaged pool (823b1000 : 82800000) for Tag: SeSd
 *     826fa130 size:   c0 previous size:   40  (Allocated) SeSd
 *
 *     kd> !poolval fffffa8003f42000
 *     Pool page fffffa8003f42000 region is Nonpaged pool
 *     Validating Pool headers for pool page: fffffa8003f42000
 *     Pool page [ fffffa8003f42000 ] is __inVALID.
 *     Analyzing linked list...
 *     [ fffffa8003f42000 --> fffffa8003f42190 (size = 0x190 bytes)]: Corrupt region
 *
 * Tables: pool_block, pool_page.
 * Query:  SELECT address, size, tag FROM pool_block WHERE asked;
 *
 * The block in front of a corrupt one is the first suspect of an overrun; its tag names who allocated it, not who wrote
 * behind its end.
 */
#include "engine/facts/field.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"address", SC_ADDR, "of the block"},
    {"size", SC_INT, "bytes, with the header"},
    {"previous_size", SC_INT, "bytes of the block in front of it; 0 for the first of a page"},
    {"is_free", SC_BOOL, "the block is free"},
    {"tag", SC_TEXT, "four letters of whoever allocated it, trailing blanks off"},
    {"asked", SC_BOOL, "it holds the address that the command was asked about (marked *)"},
    {"is_protected", SC_BOOL, "freed only with its tag"},
    {"process", SC_ADDR, "process that the block's quota is charged to"},
    {"description", SC_TEXT, "what the debugger's list of tags says about the tag"},
    {"binary", SC_TEXT, "driver that uses the tag, by that list, without extension"},
};
enum { ADDRESS, SIZE, PREVIOUS, FREE, TAG, ASKED, PROTECTED, PROCESS, DESCRIPTION, BINARY };
const sc_table sc_table_pool_block = {"pool_block", "Blocks of pool memory", SC_NO_KEY, SC_COLUMNS(columns)};

static const sc_column page_columns[] = {
    {"address", SC_ADDR, "of the pool page, or the address asked about"},
    {"region", SC_TEXT, "Paged pool, Nonpaged pool, Special pool ..."},
    {"valid", SC_BOOL, "!poolval found its headers sound"},
    {"corrupt_from", SC_ADDR, "where !poolval saw the first corrupt region begin; NULL for none"},
    {"corrupt_bytes", SC_INT, "bytes of that region"},
    {"error", SC_TEXT, "why the page could not be shown: not a valid pool allocation, bad block header"},
};
enum { P_ADDRESS, P_REGION, P_VALID, P_FROM, P_BYTES, P_ERROR };
const sc_table sc_table_pool_page = {"pool_page", "Pages of pool memory that were looked at", P_ADDRESS,
                                     SC_COLUMNS(page_columns)};

typedef struct block {
    uint64_t address, size, previous, process;
    int digits;
    bool asked, is_free, is_protected, has_process;
    sc_span tag;
} block;

/* `*e1001050 size:   10 previous size:   10  (Allocated) *ObDi` at the cursor. */
static bool read_block(sc_scan *c, block *b)
{
    sc_scan t = *c;
    *b = (block){0};
    b->asked = sc_lit(&t, "*");
    if (!sc_addr(&t, &b->address, &b->digits)) return false;
    sc_lit(&t, ":"); /* newer !poolfind */
    if (!sc_lit(&t, "size:") || !sc_hex(&t, &b->size) || b->size > UINT32_MAX) return false;
    if (!sc_lit(&t, "previous size:") || !sc_hex(&t, &b->previous) || b->previous > UINT32_MAX) return false;
    if (!sc_lit(&t, "(")) return false;
    sc_span state;
    if (!sc_until(&t, ")", &state) || state.n > 20) return false;
    b->is_free = sc_istarts(sc_trim(state), "Free");
    if (!b->is_free && !sc_istarts(sc_trim(state), "Alloc")) return false;
    sc_blanks(&t);
    if (t.p < t.end && *t.p == '*') t.p++;
    const char *start = t.p;
    while (t.p < t.end && t.p - start < 4) t.p++; /* a tag may hold blanks */
    b->tag = sc_rtrim((sc_span){start, (size_t)(t.p - start)});
    if (sc_lit(&t, "Process:")) b->has_process = sc_addr(&t, &b->process, NULL);
    b->is_protected = sc_lit(&t, "(Protected)");
    *c = t;
    return true;
}

/* Where the first block stands in a line, else the line's end. */
static size_t block_at(sc_span text)
{
    block b;
    for (size_t at = 0; at < text.n; at++) {
        sc_scan c = sc_scan_of(sc_span_from(text, at));
        if (at && !sc_is_blank(text.p[at - 1])) continue;
        if ((text.p[at] == '*' || sc_is_hex(text.p[at])) && read_block(&c, &b)) return at;
    }
    return text.n;
}

static bool read_page(sc_span text, uint64_t *address, int *digits, sc_span *region)
{
    sc_scan c = sc_scan_of(text);
    if (!sc_lit(&c, "Pool page") || !sc_addr(&c, address, digits) || !sc_lit(&c, "region is")) return false;
    *region = sc_trim(sc_rest(&c));
    return true;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0}, region;
    uint64_t v;
    int digits;
    block b;
    sc_scan c = sc_scan_of(text);
    if (text.n < 12) return SC_ABSTAIN;
    if (text.p[0] == 'P') {
        if (sc_starts(text, "Pooltag ") && sc_find(text, " : ") != SC_NPOS) return SC_WEAK;
        return read_page(text, &v, &digits, &region) ? SC_STRONG : SC_ABSTAIN;
    }
    if (text.p[0] != '*' && !sc_is_hex(text.p[0])) return SC_ABSTAIN;
    return read_block(&c, &b) ? SC_STRONG : SC_ABSTAIN;
}

static sc_taste taste_find(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    if (!text.n || text.p[0] != 'S') return SC_ABSTAIN;
    bool head = sc_starts(text, "Scanning large pool allocation table for ") || sc_starts(text, "Searching ");
    if (!head || sc_find(text, " Irp") != SC_NPOS) return SC_ABSTAIN; /* !irpfind begins the same way */
    return sc_ifind(text, "for Tag: ") != SC_NPOS && sc_find(text, " : ") != SC_NPOS ? SC_STRONG : SC_ABSTAIN;
}

static sc_taste taste_val(const sc_line *lines, size_t n)
{
    static const char validating[] = "Validating Pool headers for pool page: ";
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0}, region;
    uint64_t v;
    int digits;
    if (sc_starts(text, validating)) return SC_STRONG;
    if (!text.n || text.p[0] != 'P' || !read_page(text, &v, &digits, &region)) return SC_ABSTAIN;
    size_t next = 1; /* !pool begins in the same way */
    while (next < n && next < 4 && !lines[next].text.n) next++;
    bool validates = next < n && sc_starts(sc_ltrim(lines[next].text), validating);
    return validates || sc_find(text, validating) != SC_NPOS ? SC_STRONG : SC_ABSTAIN;
}

static void add_block(sc_parse *p, const sc_line *l, const block *b, sc_row **last)
{
    sc_row *r = sc_add(p, &sc_table_pool_block, l);
    sc_note_width(p->facts, b->digits);
    sc_set_addr(r, ADDRESS, b->address);
    sc_set_int(r, SIZE, (int64_t)b->size);
    sc_set_int(r, PREVIOUS, (int64_t)b->previous);
    sc_set_bool(r, FREE, b->is_free);
    if (b->tag.n) sc_set_text(r, TAG, b->tag);
    sc_set_bool(r, ASKED, b->asked);
    sc_set_bool(r, PROTECTED, b->is_protected);
    if (b->has_process) sc_set_addr(r, PROCESS, b->process);
    *last = r;
}

/* `Pooltag ObDi : object directory, Binary : nt!ob` behind the block that was asked for. */
static bool read_tag(sc_span text, sc_row *r)
{
    sc_scan c = sc_scan_of(text);
    sc_span tag, description, binary;
    if (!r || !sc_lit(&c, "Pooltag") || !sc_until(&c, " : ", &tag)) return false;
    if (!sc_cut(sc_rest(&c), ", Binary : ", &description, &binary)) description = sc_rest(&c);
    if (sc_trim(description).n) sc_set_text(r, DESCRIPTION, sc_trim(description));
    binary = sc_trim(binary);
    if (sc_iends(binary, ".sys")) binary = sc_span_sub(binary, 0, binary.n - 4);
    if (binary.n) sc_set_text(r, BINARY, binary);
    return true;
}

static sc_row *new_page(sc_parse *p, const sc_line *l, uint64_t address)
{
    sc_row *r = sc_add(p, &sc_table_pool_page, l);
    sc_set_addr(r, P_ADDRESS, address);
    sc_cover_addr(p->facts, &sc_table_pool_page, address, p->ordinal, false);
    return r;
}

/* `[ A --> B (size = 0x190 bytes)]: Corrupt region` and the verdict above it. */
static bool read_validation(sc_parse *p, const sc_line *l, sc_span text, sc_row **page)
{
    sc_scan c = sc_scan_of(text);
    uint64_t from, to, size;
    if (sc_lit(&c, "Validating Pool headers for pool page:")) {
        if (!*page && sc_addr(&c, &from, NULL)) *page = new_page(p, l, from);
        return true;
    }
    if (sc_lit(&c, "Pool page [")) {
        if (!sc_addr(&c, &from, NULL) || !sc_lit(&c, "] is")) return false;
        if (!*page) *page = new_page(p, l, from);
        bool invalid = sc_lit(&c, "__inVALID");
        if (!invalid && !sc_ilit(&c, "VALID") && !sc_lit(&c, "__VALID")) return true;
        sc_set_bool(*page, P_VALID, !invalid);
        if (!invalid) sc_set_null(*page, P_FROM);
        sc_cover_addr(p->facts, &sc_table_pool_page, from, p->ordinal, true);
        sc_complete(p);
        return true;
    }
    if (sc_lit(&c, "[") && sc_addr(&c, &from, NULL) && sc_lit(&c, "-->") && sc_addr(&c, &to, NULL) &&
        sc_lit(&c, "(size =") && sc_hex(&c, &size) && size <= UINT32_MAX) {
        if (*page && !sc_has(*page, P_FROM) && sc_find(sc_rest(&c), "Corrupt") != SC_NPOS) {
            sc_set_addr(*page, P_FROM, from);
            sc_set_int(*page, P_BYTES, (int64_t)size);
        }
        return true;
    }
    return sc_starts(text, "Analyzing linked list...") || sc_starts(text, "Scanning for single bit errors") ||
           sc_starts(text, "None found");
}

static bool read_error(sc_parse *p, const sc_line *l, sc_span text, sc_row **page)
{
    sc_scan c = sc_scan_of(text);
    uint64_t v;
    bool bad = sc_find(text, "is not a valid ") != SC_NPOS || sc_ifind(text, "bad block header") != SC_NPOS ||
               sc_find(text, "is not valid pool") != SC_NPOS || sc_find(text, "is freed (or corrupt) pool") != SC_NPOS;
    if (!bad)
        return sc_starts(text, "Bad allocation size @") || sc_starts(text, "*** An error (or corruption) in the pool");
    if (!*page && !sc_addr(&c, &v, NULL)) return sc_lit(&c, "bad block header");
    if (!*page) *page = new_page(p, l, v);
    if (!sc_has(*page, P_ERROR)) sc_set_text(*page, P_ERROR, text);
    return true;
}

static void parse(sc_parse *p)
{
    sc_row *last = NULL, *page = NULL;
    bool any = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text), region;
        uint64_t v;
        int digits;
        block b;
        sc_scan c = sc_scan_of(text);
        if (read_page(text, &v, &digits, &region)) {
            page = new_page(p, l, v);
            sc_note_width(p->facts, digits);
            size_t end = block_at(region), next = sc_find(region, " Validating "); /* in a flattened output */
            if (next < end) end = next;
            sc_set_text(page, P_REGION, sc_rtrim(sc_span_sub(region, 0, end)));
            c = sc_scan_of(sc_span_from(region, end));
        }
        if (read_block(&c, &b)) {
            do {
                any = true;
                add_block(p, l, &b, &last);
                sc_blanks(&c);
            } while (read_block(&c, &b));
            if (read_tag(sc_trim(sc_rest(&c)), last)) last->last_line = l->last;
        } else if (read_tag(text, last)) {
            sc_take(p, l);
            last->last_line = l->last;
        } else if (read_validation(p, l, text, &page) || read_error(p, l, text, &page) ||
                   taste_find(l, 1) == SC_STRONG) {
            sc_take(p, l);
        } else if (last && sc_addr(&c, &v, NULL) && sc_addr(&c, &v, NULL)) {
            sc_take(p, l); /* contents, with flag 1 */
        }
    }
    if (any) sc_cover_all(p->facts, &sc_table_pool_block, p->ordinal, false);
}

static const sc_table *const tables[] = {&sc_table_pool_block, &sc_table_pool_page, NULL};
const sc_command sc_command_pool = {
    .name = "!pool",
    .doc = "The pool block that holds an address, and those around it",
    .proof = "none: the list does not say that it ends",
    .query = "SELECT address, size, tag FROM pool_block WHERE asked",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
const sc_command sc_command_poolfind = {
    .name = "!poolfind",
    .doc = "All pool blocks with a tag",
    .proof = "none: the search can be stopped",
    .query = "SELECT tag, count(*), sum(size) FROM pool_block GROUP BY tag",
    .tables = tables,
    .taste = taste_find,
    .absorbs = (const char *const[]){"!pool", NULL},
    .parse = parse,
};
const sc_command sc_command_poolval = {
    .name = "!poolval",
    .doc = "Whether the headers of a pool page are sound",
    .proof = "its verdict on the page",
    .query = "SELECT address, valid, corrupt_from FROM pool_page",
    .tables = tables,
    .taste = taste_val,
    .absorbs = (const char *const[]){"!pool", NULL},
    .parse = parse,
};
