/* !chkimg: a module in memory against its file. [samples chkimg--chkimg-231 and -257; seed 003 for the summary]
 *
 *     kd> !chkimg win32k -d
 *         bf920e40-bf920e46  7 bytes - win32k!HFDBASIS32::vSteadyState+1f
 *             [ 78 08 d3 78 0c c2 04:00 00 00 00 00 01 00 ]
 *     Number of different bytes for win32k: 31
 *
 * and as part of !analyze, often without a prompt, between messages about pages that the dump does not hold:
 *
 *     Page 31a1d9 not present in the dump file. Type ".hh dbgerr004" for details
 *     483 errors : !win32k (fffff96000056248-fffff9600023e2b9)
 *
 * Before the colon of a byte row stands what the file holds, behind it what memory held. Of a run longer than eight
 * bytes only the first eight are printed.
 *
 * Tables: chkimg, chkimg_byte.
 * Query:  SELECT count(*) FROM chkimg_byte WHERE module = 'nt' AND bits = 1;
 */
#include "engine/facts/chkimg.h"

#include "engine/facts/lookup.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"module", SC_TEXT, "module that was compared"},
    {"errors", SC_INT, "bytes that differ"},
    {"first", SC_ADDR, "address of the first of them"},
    {"last", SC_ADDR, "address of the last of them"},
    {"pages_missing", SC_INT, "pages that the dump did not hold, named just before"},
    {"truncated", SC_BOOL, "the list of bytes was cut short"},
};
enum { MODULE, ERRORS, FIRST, LAST, PAGES_MISSING, TRUNCATED };
const sc_table sc_table_chkimg = {"chkimg", "Modules whose memory differs from their file", MODULE,
                                  SC_COLUMNS(columns)};

static const sc_column byte_columns[] = {
    {"module", SC_TEXT, "module that was compared"},
    {"address", SC_ADDR, "address of the byte"},
    {"expected", SC_INT, "the byte in the file"},
    {"actual", SC_INT, "the byte in memory"},
    {"bits", SC_INT, "bits that differ"},
    {"symbol", SC_TEXT, "symbol at the start of the run, without offset"},
};
enum { B_ADDRESS = 1, EXPECTED, ACTUAL, BITS, SYMBOL };
const sc_table sc_table_chkimg_byte = {"chkimg_byte", "Bytes that differ between a module's memory and its file",
                                       MODULE, SC_COLUMNS(byte_columns)};

/* "483 errors : !win32k (A-A)" or "Number of different bytes for win32k: 31" */
typedef struct summary {
    sc_span module;
    uint64_t errors, first, last;
    bool has_range;
} summary;

static bool read_summary(sc_span text, summary *s)
{
    sc_scan c = sc_scan_of(text);
    *s = (summary){0};
    if (sc_ilit(&c, "Number of different bytes for")) {
        if (!sc_until(&c, ":", &s->module) || !sc_dec(&c, &s->errors)) return false;
    } else {
        if (!sc_dec(&c, &s->errors) || !(sc_lit(&c, "errors") || sc_lit(&c, "error")) || !sc_lit(&c, ":")) return false;
        sc_lit(&c, "!");
        if (!sc_word(&c, &s->module)) return false;
        s->has_range = sc_lit(&c, "(") && sc_addr(&c, &s->first, NULL) && sc_lit(&c, "-") &&
                       sc_addr(&c, &s->last, NULL);
    }
    s->module = sc_module_name(sc_trim(s->module));
    return s->module.n && sc_find_char(s->module, ' ') == SC_NPOS;
}

/* "bf920e40-bf920e46  7 bytes - win32k!x+1f", or one address for one byte */
typedef struct difference {
    uint64_t first, last;
    sc_span symbol, module;
    sc_span rest; /* a flattened paste has the bytes on the same line */
} difference;

static bool read_run(sc_span text, difference *r)
{
    sc_scan c = sc_scan_of(text);
    uint64_t n;
    sc_span words;
    if (!sc_addr(&c, &r->first, NULL)) return false;
    r->last = r->first;
    if (c.p < c.end && *c.p == '-') {
        c.p++;
        if (!sc_addr(&c, &r->last, NULL) || !sc_dec(&c, &n) || !sc_lit(&c, "bytes")) return false;
    }
    if (!sc_lit(&c, "-") || sc_at_end(&c)) return false;
    sc_span rest = sc_rest(&c);
    size_t bracket = sc_find(rest, "[ ");
    words = sc_trim(sc_span_sub(rest, 0, bracket));
    r->rest = sc_span_from(rest, bracket);
    size_t paren = sc_find(words, " (");
    r->symbol = sc_trim(sc_span_sub(words, 0, paren)); /* "(+0x08)": the distance from the run before */
    size_t plus = sc_rfind_char(r->symbol, '+');
    if (plus != SC_NPOS) r->symbol = sc_span_sub(r->symbol, 0, plus);
    size_t bang = sc_find_char(r->symbol, '!');
    r->module = sc_span_sub(r->symbol, 0, bang);
    bool named = bang != SC_NPOS ? bang > 0 : plus != SC_NPOS && r->module.n; /* without symbols: acmefilt+b4e3 */
    return named && sc_find_char(r->module, ' ') == SC_NPOS;
}

static bool is_bytes(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t byte;
    sc_blanks(&c);
    if (c.end - c.p < 6 || *c.p++ != '[') return false;
    return sc_hex(&c, &byte) && byte <= 0xff && sc_find_char(sc_rest(&c), ':') != SC_NPOS;
}

static bool is_missing_page(sc_span text)
{
    return sc_istarts(sc_ltrim(text), "Page ") && sc_ifind(text, "not present in the dump") != SC_NPOS;
}

static bool is_truncation(sc_span text)
{
    return sc_ifind(text, "!chkimg output was truncated") != SC_NPOS;
}

static int bit_count(unsigned v)
{
    int n = 0;
    for (; v; v &= v - 1) n++;
    return n;
}

static void read_bytes(sc_parse *p, const sc_line *l, sc_span text, const difference *r)
{
    sc_span expected, actual;
    if (!sc_cut(text, ":", &expected, &actual)) return;
    sc_scan e = sc_scan_of(expected), a = sc_scan_of(actual);
    sc_lit(&e, "[");
    uint64_t from, to;
    for (uint64_t at = r->first; at <= r->last && sc_hex(&e, &from) && sc_hex(&a, &to) && from <= 0xff && to <= 0xff;
         at++) {
        sc_row *row = sc_add(p, &sc_table_chkimg_byte, l);
        sc_set_text(row, MODULE, r->module);
        sc_set_addr(row, B_ADDRESS, at);
        sc_set_int(row, EXPECTED, (int64_t)from);
        sc_set_int(row, ACTUAL, (int64_t)to);
        sc_set_int(row, BITS, bit_count((unsigned)(from ^ to)));
        sc_set_text(row, SYMBOL, r->symbol);
        if (at == UINT64_MAX) break;
    }
}

/* The nearest line before `l` with text in it, not before the crash's first; NULL without one. */
static const sc_line *line_before(const sc_parse *p, const sc_line *l)
{
    const sc_transcript *t = p->facts->transcript;
    const sc_line *first = t->lines + t->crashes[p->facts->crash].first;
    while (l > first)
        if ((--l)->text.n) return l;
    return NULL;
}

static void add_summary(sc_parse *p, const sc_line *l, const summary *s)
{
    sc_row *r = sc_add(p, &sc_table_chkimg, l);
    int64_t pages = 0;
    uint64_t listed = 0, first = UINT64_MAX, last = 0;
    bool truncated = false, every_byte = true;
    /* messages and runs stand before their summary */
    for (const sc_line *b = line_before(p, l); b; b = line_before(p, b)) {
        difference run;
        if (is_missing_page(b->text)) {
            pages++;
        } else if (is_truncation(b->text)) {
            truncated = true;
        } else if (read_run(b->text, &run) && run.last >= run.first) {
            listed += run.last - run.first + 1;
            if (run.last - run.first >= 8) every_byte = false;
            if (run.first < first) first = run.first;
            if (run.last > last) last = run.last;
        } else if (!is_bytes(b->text) && !(b->flags & SC_LINE_MESSAGE)) {
            break;
        } else {
            continue;
        }
        sc_take(p, b);
    }
    bool all = listed == s->errors && !truncated;
    sc_set_text(r, MODULE, s->module);
    sc_set_int(r, ERRORS, (int64_t)s->errors);
    if (s->has_range || (all && listed)) {
        sc_set_addr(r, FIRST, s->has_range ? s->first : first);
        sc_set_addr(r, LAST, s->has_range ? s->last : last);
    } else if (!s->errors) {
        sc_set_null(r, FIRST);
        sc_set_null(r, LAST);
    }
    if (pages || p->section->prompted) sc_set_int(r, PAGES_MISSING, pages);
    if (truncated || all) sc_set_bool(r, TRUNCATED, truncated);
    sc_cover_text(p->facts, &sc_table_chkimg, s->module, p->ordinal, true);
    sc_cover_text(p->facts, &sc_table_chkimg_byte, s->module, p->ordinal, all && every_byte);
}

bool sc_chkimg_line(sc_parse *p, const sc_line *l)
{
    summary s;
    difference r;
    if (read_summary(l->text, &s)) {
        add_summary(p, l, &s);
        return true;
    }
    if (read_run(l->text, &r)) {
        sc_take(p, l);
        if (r.rest.n) read_bytes(p, l, r.rest, &r);
        return true;
    }
    if (!is_bytes(l->text)) return false;
    const sc_line *before = line_before(p, l);
    while (before && before->flags & SC_LINE_MESSAGE) before = line_before(p, before);
    if (!before || !read_run(before->text, &r) || r.rest.n) return false;
    sc_take(p, l);
    read_bytes(p, l, l->text, &r);
    return true;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    summary s;
    difference r;
    if (!n || lines[0].text.n < 12) return SC_ABSTAIN;
    if (read_summary(lines[0].text, &s) || is_truncation(lines[0].text)) return SC_STRONG;
    if (!read_run(lines[0].text, &r)) return SC_ABSTAIN;
    for (size_t i = 1; !r.rest.n && i < n && i < 4; i++)
        if (lines[i].text.n) return is_bytes(lines[i].text) ? SC_STRONG : SC_ABSTAIN;
    return is_bytes(r.rest) ? SC_STRONG : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    for (const sc_line *l; (l = sc_next(p));) {
        summary s;
        if (sc_starts(l->text, "Warning: Any detected errors will be fixed")) sc_take(p, l); /* -f */
        if (!sc_chkimg_line(p, l)) continue;
        if (read_summary(l->text, &s)) sc_complete(p);
    }
}

static const sc_table *const tables[] = {&sc_table_chkimg, &sc_table_chkimg_byte, NULL};
const sc_command sc_command_chkimg = {
    .name = "!chkimg",
    .doc = "Differences between a module in memory and its file",
    .proof = "its summary: 'N errors : module' or 'Number of different bytes for module: N'",
    .query = "SELECT count(*) FROM chkimg_byte WHERE module = 'nt' AND bits = 1",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
