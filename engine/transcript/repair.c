#include "engine/transcript/repair.h"

#include "engine/base/limits.h"

#include <string.h>

const char *const sc_repair_names[SC_N_REPAIRS] = {
#define X(id, name) name,
    SC_REPAIRS(X)
#undef X
};

#define C SC_BYTE_CONTROL
#define A SC_BYTE_AMPERSAND
#define L SC_BYTE_ANGLE
#define B SC_BYTE_BRACKET
#define E SC_BYTE_BACKSLASH
#define T SC_BYTE_TICK
#define H SC_BYTE_HIGH
#define H16 H, H, H, H, H, H, H, H, H, H, H, H, H, H, H, H
static const unsigned char byte_class[256] = {
    C,   C,   C,   C,   C,   C,   C,   C,   C, 0, C, C, C, C, C, C, /* 00 */
    C,   C,   C,   C,   C,   C,   C,   C,   C, C, C, C, C, C, C, C, /* 10 */
    0,   0,   0,   0,   0,   0,   A,   T,   0, 0, 0, 0, 0, 0, 0, 0, /* 20 */
    0,   0,   0,   0,   0,   0,   0,   0,   0, 0, 0, 0, L, 0, L, 0, /* 30 */
    0,   0,   0,   0,   0,   0,   0,   0,   0, 0, 0, 0, 0, 0, 0, 0, /* 40 */
    0,   0,   0,   0,   0,   0,   0,   0,   0, 0, 0, B, E, 0, 0, 0, /* 50 */
    T,   0,   0,   0,   0,   0,   0,   0,   0, 0, 0, 0, 0, 0, 0, 0, /* 60 */
    0,   0,   0,   0,   0,   0,   0,   0,   0, 0, 0, 0, 0, 0, 0, C, /* 70 */
    H16, H16, H16, H16, H16, H16, H16, H16,
};
#undef C
#undef A
#undef L
#undef B
#undef E
#undef T
#undef H
#undef H16

static unsigned classes_of(sc_span line)
{
    unsigned all = 0;
    for (size_t i = 0; i < line.n; i++) all |= byte_class[(unsigned char)line.p[i]];
    return all;
}

/* Takes the first line off *text. A line ends at \n; at \r where the paste has no \n at all. */
static sc_span next_line(sc_span *text, char end)
{
    size_t at = sc_find_char(*text, end);
    sc_span line = at == SC_NPOS ? *text : sc_span_sub(*text, 0, at);
    *text = at == SC_NPOS ? sc_span_sub(*text, 0, 0) : sc_span_from(*text, at + 1);
    return line;
}

/* ---- Survey: what only the whole paste can tell ------------------------------------------------------------------ */

#define MAX_WIDTH 160u

typedef struct survey {
    size_t lines, filled;         /* lines; lines with text */
    size_t quoted, spaced, dense; /* lines with a quote mark; with a blank behind it, with text */
    size_t controls;
    size_t widths[MAX_WIDTH + 1]; /* lines of each width; index MAX_WIDTH: wider */
} survey;

/* Behind the tags that a page put in front of a line. */
static sc_span behind_tags(sc_span s)
{
    s = sc_ltrim(s);
    for (;;) {
        sc_tag tag;
        size_t n = s.n && s.p[0] == '<' ? sc_repair_html_tag(s, &tag) : 0;
        if (!n) return s;
        s = sc_ltrim(sc_span_from(s, n));
    }
}

static void survey_quote(survey *v, sc_span line)
{
    sc_span s = behind_tags(line);
    size_t mark = sc_starts(s, ">") ? 1 : sc_starts(s, "\\>") ? 2 : sc_starts(s, "&gt;") ? 4 : 0;
    if (!mark) return;
    s = sc_span_from(s, mark);
    if (sc_starts(s, "[") || sc_starts(s, "\\[")) { /* >[ 1b,17] */
        v->dense++;
        return;
    }
    v->quoted++;
    if (s.n && !sc_is_blank(s.p[0]) && s.p[0] != '>' && s.p[0] != '&' && (unsigned char)s.p[0] < 0x80)
        v->dense++;
    else if (s.n)
        v->spaced++;
}

/* A page may have put all lines into one, with <br> between them. */
static void survey_quotes(survey *v, sc_span line)
{
    survey_quote(v, line);
    for (size_t at; (at = sc_find(line, "<br")) != SC_NPOS;) {
        line = sc_span_from(line, at + 3);
        size_t end = sc_find_char(line, '>');
        if (end == SC_NPOS) return;
        line = sc_span_from(line, end + 1);
        if (!sc_ltrim(line).n) return;
        v->filled++;
        survey_quote(v, line);
    }
}

static void survey_tags(sc_repairing *r, sc_span line)
{
    for (size_t at = 0; at < line.n; at++) {
        char c = line.p[at];
        sc_tag tag;
        if (c == '<' && sc_repair_html_tag(sc_span_from(line, at), &tag) && tag.certain) r->html = true;
        if (c != '[' || !sc_repair_bbcode_tag(sc_span_from(line, at), &tag)) continue;
        bool opens_code = tag.effect == SC_TAG_FENCE &&
                          at == (size_t)(sc_ltrim(line).p - line.p); /* its end may be cut */
        if (tag.closing || opens_code) r->bbcode |= (uint64_t)1 << tag.name;
    }
}

/* Columns of a line as an editor counts them, or more than MAX_WIDTH. */
static size_t width_of(sc_span line, unsigned classes)
{
    if (!(classes & SC_BYTE_HIGH) || line.n > 4 * MAX_WIDTH) return line.n;
    size_t n = 0;
    for (size_t i = 0; i < line.n; i++) n += ((unsigned char)line.p[i] & 0xc0) != 0x80;
    return n;
}

/* The column at which every long line was cut, 0 for none. No line is longer. It is sure when at least three lines end
 * exactly there, and more than by accident: where words were wrapped whole, the widths below are as frequent. Banners
 * of stars do not count. */
static void find_wrap(sc_repairing *r, const survey *v)
{
    if (v->widths[MAX_WIDTH]) return;
    size_t w = MAX_WIDTH - 1, below = 0;
    while (w && !v->widths[w]) w--;
    bool usual = (w >= 68 && w <= 81) || w == 90 || w == 100 || (w >= 118 && w <= 121) || w == 132;
    if (!usual) return;
    for (size_t i = w - 8; i < w; i++) below += v->widths[i];
    r->wrap_sure = v->widths[w] >= 3 && v->widths[w] * 3 >= below;
    if (r->wrap_sure || w == 80 || w == 120) r->wrap = w;
}

static void take_survey(sc_repairing *r, survey *v, sc_span text, char end)
{
    while (text.n) {
        sc_span line = next_line(&text, end);
        v->lines++;
        unsigned classes = classes_of(line);
        if (classes & SC_BYTE_CONTROL)
            for (size_t i = 0; i < line.n; i++)
                if ((byte_class[(unsigned char)line.p[i]] & SC_BYTE_CONTROL) &&
                    !strchr("\r\f\x1b", line.p[i] ? line.p[i] : 'x'))
                    v->controls++;
        if (classes & (SC_BYTE_ANGLE | SC_BYTE_BRACKET)) survey_tags(r, line);
        if (line.n && line.p[line.n - 1] == '\r') line.n--;
        sc_span s = sc_ltrim(line);
        if (!s.n) continue;
        v->filled++;
        if (classes & (SC_BYTE_ANGLE | SC_BYTE_AMPERSAND)) survey_quotes(v, line);
        size_t width = width_of(line, classes);
        if (s.p[0] != '*') v->widths[width < MAX_WIDTH ? width : MAX_WIDTH]++;
    }
    r->quoted = v->quoted * 5 >= v->filled * 3 && v->quoted > 0;
    r->quote_spaced = v->spaced >= v->dense;
    find_wrap(r, v);
}

static bool holds_any(sc_span text, const char *const *needles)
{
    for (; *needles; needles++)
        if (sc_find(text, *needles) != SC_NPOS) return true;
    return false;
}

/* ---- The paste, line by line ------------------------------------------------------------------------------------- */

static void repair_lines(sc_repairing *r, sc_span text, char end)
{
    uint32_t number = 0;
    while (text.n && r->lines.n < SC_MAX_LINES && !sc_arena_failed(r->arena)) {
        sc_span line = next_line(&text, end);
        r->number = ++number;
        if (line.n && line.p[line.n - 1] == '\r') {
            while (line.n && line.p[line.n - 1] == '\r') line.n--;
            sc_repaired(r, SC_REPAIR_CRLF);
        }
        unsigned classes = classes_of(line);
        r->line_flags = 0;
        if (r->wrap && width_of(line, classes) == r->wrap) {
            r->line_flags = SC_REPAIR_FULL;
            if (sc_is_blank(line.p[line.n - 1])) r->line_flags |= SC_REPAIR_BLANK;
        }
        sc_repair_chars(r, line, classes);
    }
    if (text.n) r->t->truncated = true;
}

int sc_transcript_repair(sc_arena *a, sc_span paste, sc_transcript *t, sc_error *error)
{
    static const char *const glued[] = {"*** ERROR: ",
                                        "*** WARNING: ",
                                        "Unable to load image ",
                                        "FromAddress: unable to read",
                                        " not present in the dump file",
                                        "WARNING: Stack unwind information",
                                        "WARNING: Frame IP not in",
                                        ": unable to get nt!",
                                        NULL};
    static const char *const redacted[] = {"XXXXXXXX", "<redacted>", "[redacted]", "<REDACTED>", "[REDACTED]", NULL};
    *t = (sc_transcript){0};
    sc_repairing r = {.arena = a, .t = t};
    sc_span text;
    int rc = sc_repair_decode(&r, paste, &text, error);
    if (rc != SC_OK) return rc;

    char end = sc_find_char(text, '\n') == SC_NPOS && sc_find_char(text, '\r') != SC_NPOS ? '\r' : '\n';
    if (end == '\r') sc_repaired(&r, SC_REPAIR_CRLF);
    survey v = {0};
    take_survey(&r, &v, text, end);
    if (v.controls > 4 && v.controls * 32 > text.n)
        return sc_fail(error, SC_E_INPUT,
                       "this is no text (%zu of %zu bytes are control characters); paste what the debugger printed",
                       v.controls, text.n);
    t->paste_lines = (uint32_t)v.lines;
    r.messages = holds_any(text, glued);
    if (holds_any(text, redacted)) sc_repaired(&r, SC_REPAIR_REDACTED);

    /* Most pastes keep their number of lines. */
    size_t expected = v.lines < SC_MAX_LINES ? v.lines : SC_MAX_LINES;
    r.lines.items = sc_arena_array(a, expected, sizeof(sc_line));
    r.lines.capacity = r.lines.items ? expected : 0;
    r.scratch = sc_arena_get(a, SC_MAX_LINE_BYTES + SC_REPAIR_SLACK);
    if (sc_arena_failed(a)) return sc_fail(error, SC_E_NOMEM, "out of memory");
    repair_lines(&r, text, end);
    sc_repair_join(&r);
    if (sc_arena_failed(a)) return sc_fail(error, SC_E_NOMEM, "out of memory");

    t->lines = r.lines.items;
    t->n_lines = r.lines.n;
    for (size_t i = 0; i < t->n_lines; i++)
        if (sc_trim(t->lines[i].text).n) return SC_OK;
    return sc_fail(error, SC_E_INPUT, "there is nothing but blanks in the paste");
}
