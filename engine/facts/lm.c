/* lm and its kin: where modules lie, how old they are, whose they are. [seeds 000 and 003, samples lm--*]
 *
 *     0: kd> lm vm ZTEusbnet
 *     start             end                 module name
 *     fffff880`0ae8e000 fffff880`0aebc000   ZTEusbnet   (no symbols)
 *         Image path: \SystemRoot\system32\DRIVERS\ZTEusbnet.sys
 *         Image name: ZTEusbnet.sys
 *         Timestamp:        Mon Oct 13 06:50:10 2008 (48F2E192)
 *         CheckSum:         000329ED
 *         ImageSize:        0002E000
 *
 *     0: kd> lmtn
 *     fffff800`02e5e000 fffff800`03448000   nt       ntkrnlmp.exe Sat Nov 20 01:30:02 2010 (4CE7951A)
 *     Unloaded modules:
 *     f9f53000 f9f61000   swmidi.sys
 *
 * The printed time is in the time zone of whoever ran the debugger, so the year comes from the hex stamp when there is
 * one. A reproducible build has a hash in its place: it has no year.
 *
 * Tables: module.
 * Query:  SELECT module, year FROM module WHERE year < 2012 ORDER BY year;
 */
#include "engine/decode/date.h"
#include "engine/facts/field.h"
#include "engine/facts/lm_line.h"
#include "engine/facts/lookup.h"
#include "engine/facts/tables.h"

#include <string.h>

static const sc_column columns[] = {
    {"module", SC_TEXT, "name without extension"},
    {"start", SC_ADDR, "first address"},
    {"end", SC_ADDR, "address behind the last"},
    {"image", SC_TEXT, "file name"},
    {"path", SC_TEXT, "where it was loaded from"},
    {"stamp", SC_INT, "link time, seconds since 1970 UTC, from the hex stamp; NULL when there is none"},
    {"date", SC_TEXT, "link time as printed, in the debugger's time zone; NULL when there is none"},
    {"year", SC_INT, "of the link time; NULL for reproducible builds and implausible stamps"},
    {"reproducible", SC_BOOL, "the stamp is a hash"},
    {"symbols", SC_TEXT, "no symbols, deferred, pdb symbols, export symbols"},
    {"company", SC_TEXT, "CompanyName of its resources"},
    {"product", SC_TEXT, "ProductName of its resources"},
    {"version", SC_TEXT, "file version"},
    {"size", SC_INT, "bytes in memory"},
    {"checksum", SC_INT, "of the image's header"},
    {"unloaded", SC_BOOL, "it is no longer in memory"},
};
const sc_table sc_table_module = {"module", "Loaded and unloaded modules", MODULE, SC_COLUMNS(columns)};

/* ---- Times ---- */

/* `Mon Oct 13 06:50:10 2008 (48F2E192)`, `unavailable (00000000)`, `08294233 (This is a reproducible build ...)` */
static void set_time(sc_row *r, sc_span text)
{
    text = sc_trim(text);
    if (sc_find(text, "reproducible") != SC_NPOS) {
        sc_set_bool(r, REPRODUCIBLE, true);
        sc_set_null(r, STAMP);
        sc_set_null(r, DATE);
        sc_set_null(r, YEAR);
        return;
    }
    size_t open = sc_rfind_char(text, '(');
    sc_span date = sc_rtrim(open == SC_NPOS ? text : sc_span_sub(text, 0, open)), inside = {0};
    if (open != SC_NPOS) sc_cut(sc_span_from(text, open + 1), ")", &inside, &(sc_span){0});
    uint64_t stamp;
    bool has_stamp = inside.n == 8 && sc_span_hex(inside, &stamp);
    int year = 0;
    if (has_stamp && stamp && stamp < 0xfffffffeu) { /* all ones: an unloaded module's is not known */
        sc_set_int(r, STAMP, (int64_t)stamp);
        year = sc_unix_year((int64_t)stamp);
    } else if (has_stamp) {
        sc_set_null(r, STAMP);
    } else {
        year = sc_printed_year(date);
    }
    if (sc_printed_year(date) || (has_stamp && year))
        sc_set_text(r, DATE, date);
    else if (!has_stamp && !sc_istarts(date, "unavailable"))
        return; /* the line is cut */
    else
        sc_set_null(r, DATE);
    if (r->cells[REPRODUCIBLE].state == SC_SET) return; /* "built with /Brepro" stood above: the date is a hash's */
    if (sc_plausible_year(year)) {
        sc_set_int(r, YEAR, year);
        sc_set_bool(r, REPRODUCIBLE, false);
    } else {
        sc_set_null(r, YEAR);
    }
}

/* ---- Rows ---- */

static sc_row *add_module(sc_parse *p, const sc_line *l, const sc_module_line *m, bool unloaded)
{
    sc_row *r = sc_add(p, &sc_table_module, l);
    sc_note_width(p->facts, m->digits);
    sc_set_text(r, MODULE, sc_module_name(m->name));
    sc_set_addr(r, START, m->start);
    sc_set_addr(r, END, m->end);
    sc_set_int(r, SIZE, (int64_t)(m->end - m->start));
    sc_set_bool(r, UNLOADED, unloaded);
    if (m->symbols.n) sc_set_text(r, SYMBOLS, m->symbols);
    if (m->image.n)
        sc_set_text(r, IMAGE, m->image);
    else if (unloaded)
        sc_set_text(r, IMAGE, m->name);
    if (m->date.n) set_time(r, m->date);
    return r;
}

static void set_field(sc_row *r, int column, sc_span value)
{
    uint64_t v;
    switch (column) {
    case -1: break;
    case REPRODUCIBLE:
        sc_set_bool(r, REPRODUCIBLE, true);
        sc_set_null(r, YEAR);
        sc_set_null(r, STAMP);
        break;
    case DATE: set_time(r, value); break;
    case CHECKSUM:
    case SIZE:
        if (sc_span_hex(value, &v) && v <= UINT32_MAX) sc_set_int(r, column, (int64_t)v);
        break;
    default:
        if (value.n) sc_set_text(r, column, value);
    }
}

/* ---- The command ---- */

static bool is_options(sc_span word)
{
    if (!word.n || word.n > 6) return false;
    for (size_t i = 0; i < word.n; i++)
        if (!strchr("ovukecDtnfipamsMlL1r", word.p[i])) return false;
    return true;
}

/* lmvm, lmtn, lmkv, lm1m; the debugger's own links type lmDvm and the name in one word. */
static bool spelling(sc_span name)
{
    return sc_istarts(name, "lm") && (sc_istarts(name, "lmDvm") || is_options(sc_span_from(name, 2)));
}

/* Which modules were asked for; the empty span for all of them. */
static sc_span wanted(const sc_section *s)
{
    sc_scan c = sc_scan_of(s->args);
    sc_span options = sc_span_from(s->name, 2), word;
    if (!s->prompted) return (sc_span){0};
    if (sc_istarts(options, "Dvm") && options.n > 3) return sc_span_from(options, 3);
    do {
        bool by_name = is_options(options) &&
                       (sc_find_char(options, 'm') != SC_NPOS || sc_find_char(options, 'M') != SC_NPOS);
        if (!sc_word(&c, &word)) break;
        if (by_name) return sc_module_name(word);
        options = word;
    } while (true);
    return (sc_span){0};
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0}, value;
    int column;
    if (text.n < 8) return SC_ABSTAIN;
    if (sc_is_hex(text.p[0])) {
        sc_module_line m;
        if (!sc_module_line_read(text, &m)) return SC_ABSTAIN;
        if (sc_symbol_state(m.symbols) || m.date.n) return SC_STRONG;
        return m.image.n || sc_find_char(m.name, '.') != SC_NPOS ? SC_WEAK : SC_ABSTAIN; /* two addresses and a word */
    }
    if (sc_module_header(text) || sc_unloaded_header(text)) return SC_STRONG;
    if (!sc_is_alpha(text.p[0]) || !sc_module_field(text, &column, &value)) return SC_ABSTAIN;
    return sc_starts(text, "Loaded symbol image file:") || sc_starts(text, "Image path:") ? SC_STRONG : SC_WEAK;
}

/* A module that was asked for by name, or shown with its fields, is told completely. */
static void close_module(sc_parse *p, const sc_row *r, bool whole, sc_span pattern)
{
    if (r && whole && !sc_eq(sc_get_text(r, MODULE), pattern))
        sc_cover_text(p->facts, &sc_table_module, sc_get_text(r, MODULE), p->ordinal, true);
}

/* A line that was cut within or behind its first address: digits, and nothing but digits. */
static bool half_address(sc_span text)
{
    bool digit = false;
    for (size_t i = 0; i < text.n; i++) {
        digit = digit || sc_is_digit(text.p[i]);
        if (!sc_is_hex(text.p[i]) && text.p[i] != '`' && !sc_is_blank(text.p[i])) return false;
    }
    return digit;
}

static void parse(sc_parse *p)
{
    sc_span pattern = wanted(p->section);
    bool some = pattern.n > 0, wild = sc_find_char(pattern, '*') != SC_NPOS || sc_find_char(pattern, '?') != SC_NPOS;
    bool named = some && !wild;
    if (wild) pattern = (sc_span){0};
    bool header = false, unloaded = false, gone = false, cut = false, any = false, found = false, whole = named;
    sc_row *r = NULL;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_module_line m;
        int column;
        sc_span value;
        if (l->flags & SC_LINE_CUT) cut = true;
        bool columns_line = sc_module_header(l->text), unloaded_line = sc_unloaded_header(l->text);
        if (columns_line || unloaded_line) {
            header = header || columns_line;
            unloaded = unloaded || unloaded_line;
            close_module(p, r, whole, pattern);
            r = NULL;
            sc_take(p, l);
        } else if (sc_module_line_read(l->text, &m)) {
            close_module(p, r, whole, pattern);
            r = add_module(p, l, &m, unloaded);
            any = true;
            gone = gone || unloaded;
            found = found || sc_ieq(sc_get_text(r, MODULE), pattern);
            whole = named;
        } else if (sc_module_field(l->text, &column, &value)) {
            if (!r && column >= 0 && column != DATE) { /* the line with its addresses is lost */
                sc_span name = column == IMAGE || column == PATH ? sc_module_name(value) : pattern;
                if (!name.n) continue;
                r = sc_add(p, &sc_table_module, l);
                sc_set_text(r, MODULE, name);
                any = true;
                found = found || sc_ieq(name, pattern);
            }
            sc_take(p, l);
            if (!r) continue;
            set_field(r, column, value);
            r->last_line = l->last;
            whole = true;
        } else if (r && unloaded && sc_field(l->text, "Checksum", &value)) { /* only an unloaded module spells it so */
            sc_take(p, l);
            set_field(r, CHECKSUM, value);
            r->last_line = l->last;
        } else if (header && !any && half_address(l->text)) {
            cut = true;
        }
    }
    close_module(p, r, whole, pattern);
    if (named && (found || (!any && header && !cut)))
        sc_cover_text(p->facts, &sc_table_module, pattern, p->ordinal, found || sc_goes_on(p)); /* or not loaded */
    else if (any && !some)
        sc_cover_all(p->facts, &sc_table_module, p->ordinal, p->section->prompted && gone && !cut);
    if (any && (named || (gone && !cut))) sc_complete(p); /* its header alone: the list was cut there */
}

static const sc_table *const tables[] = {&sc_table_module, NULL};
const sc_command sc_command_lm = {
    .name = "lm",
    .spelling = spelling,
    .doc = "Loaded modules: where they lie, when they were built, by whom",
    .proof = "the line of the module asked for; for all modules the list of unloaded ones behind them",
    .query = "SELECT module, year FROM module WHERE year < 2012 ORDER BY year",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
