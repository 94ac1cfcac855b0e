#include "kb/messages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sc_note(sc_messages *m, sc_severity severity, const sc_source_text *file, sc_place at, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (char *p = text; *p; p++) /* names that are quoted come from files */
        if ((unsigned char)*p < 0x20 || *p == 0x7f) *p = ' ';
    if (severity == SC_ERROR) m->errors++;
    sc_message *made = sc_list_add(m->arena, &m->list, sizeof *made);
    if (!made) return;
    *made = (sc_message){
        .severity = severity,
        .file = file->shown,
        .line = at.line,
        .column = at.line && !at.column ? 1 : at.column,
        .width = at.width ? at.width : 1,
        .text = sc_arena_z(m->arena, sc_span_z(text)),
        .excerpt = at.line ? sc_text_line(file->text, at.line) : (sc_span){"", 0},
    };
}

static int compare(const void *a, const void *b)
{
    const sc_message *x = a, *y = b;
    int c = strcmp(x->file, y->file);
    if (c) return c;
    if (x->line != y->line) return x->line < y->line ? -1 : 1;
    if (x->column != y->column) return x->column < y->column ? -1 : 1;
    return strcmp(x->text, y->text);
}

void sc_messages_flush(sc_messages *m, sc_reporter *reporter)
{
    sc_message *all = m->list.items;
    if (m->list.n) qsort(all, m->list.n, sizeof *all, compare);
    if (!reporter) return;
    for (size_t i = 0; i < m->list.n; i++) {
        if (all[i].severity == SC_ERROR)
            reporter->errors++;
        else
            reporter->warnings++;
        if (reporter->report) reporter->report(reporter->context, &all[i]);
    }
}

const sc_message *sc_messages_first_error(const sc_messages *m)
{
    const sc_message *all = m->list.items;
    for (size_t i = 0; i < m->list.n; i++)
        if (all[i].severity == SC_ERROR) return &all[i];
    return NULL;
}

static bool continues(char c)
{
    return ((unsigned char)c & 0xc0) == 0x80; /* a later byte of a UTF-8 character */
}

void sc_message_render(const sc_message *m, sc_buf *out)
{
    sc_buf_z(out, m->file);
    if (m->line) sc_buf_printf(out, ":%u:%u", m->line, m->column);
    sc_buf_printf(out, ": %s: %s\n", m->severity == SC_ERROR ? "error" : "warning", m->text);
    if (!m->line || !m->excerpt.n) return;
    bool utf8 = sc_text_bad_utf8(m->excerpt) == SC_NPOS;
    for (size_t i = 0; i < m->excerpt.n; i++) {
        unsigned char c = (unsigned char)m->excerpt.p[i];
        if (!utf8 && continues((char)c))
            continue; /* what is no text takes one column per character that it was counted as */
        sc_buf_char(out, (c < 0x20 && c != '\t') || c == 0x7f || (!utf8 && c > 0x7f) ? '?' : (char)c);
    }
    sc_buf_char(out, '\n');
    unsigned column = 1;
    for (size_t i = 0; i < m->excerpt.n && column < m->column; i++) {
        if (continues(m->excerpt.p[i])) continue;
        sc_buf_char(out, m->excerpt.p[i] == '\t' ? '\t' : ' '); /* a tab stays one, whatever its width */
        column++;
    }
    sc_buf_char(out, '^');
    for (unsigned i = 1; i < m->width; i++) sc_buf_char(out, '~');
    sc_buf_char(out, '\n');
}

/* ---- Places ------------------------------------------------------------------------------------------------------ */

sc_span sc_text_line(sc_span text, unsigned line)
{
    sc_span rest = text, head = {"", 0};
    for (unsigned i = 0; i < line; i++) {
        if (i && !rest.n) return (sc_span){"", 0};
        sc_cut(rest, "\n", &head, &rest);
    }
    return head;
}

size_t sc_text_offset(sc_span text, unsigned line, unsigned column)
{
    size_t at = 0;
    for (unsigned i = 1; i < line; i++) {
        size_t end = sc_find_char(sc_span_from(text, at), '\n');
        if (end == SC_NPOS) return text.n;
        at += end + 1;
    }
    for (unsigned i = 1; i < column && at < text.n; i++) {
        at++;
        while (at < text.n && continues(text.p[at])) at++;
    }
    return at;
}

sc_place sc_text_place(sc_span text, size_t from, size_t to)
{
    sc_place p = {1, 1, 0};
    for (size_t i = 0; i < from && i < text.n; i++) {
        if (text.p[i] == '\n') {
            p.line++;
            p.column = 1;
        } else if (!continues(text.p[i])) {
            p.column++;
        }
    }
    for (size_t i = from; i < to && i < text.n && text.p[i] != '\n'; i++) p.width += !continues(text.p[i]);
    return p;
}

size_t sc_text_find(sc_span text, size_t from, size_t to, sc_span word, bool whole)
{
    if (to > text.n) to = text.n;
    for (size_t at = from; word.n && at + word.n <= to; at++) {
        if (memcmp(text.p + at, word.p, word.n) != 0) continue;
        if (!whole) return at;
        bool before = at > 0 && sc_is_word(text.p[at - 1]) && sc_is_word(word.p[0]);
        bool after = at + word.n < text.n && sc_is_word(text.p[at + word.n]) && sc_is_word(word.p[word.n - 1]);
        if (!before && !after) return at;
    }
    return SC_NPOS;
}

size_t sc_text_bad_utf8(sc_span s)
{
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        size_t n = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
        if (!c || !n || i + n > s.n) return i;
        for (size_t k = 1; k < n; k++)
            if (!continues(s.p[i + k])) return i;
        unsigned char second = n > 1 ? (unsigned char)s.p[i + 1] : 0;
        if ((c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f) || (c == 0xf0 && second < 0x90) ||
            (c == 0xf4 && second > 0x8f))
            return i;
        i += n;
    }
    return SC_NPOS;
}

/* ---- Nearest names ----------------------------------------------------------------------------------------------- */

#define MAX_NAME 64u

/* Edits (insert, delete, replace, swap two neighbours) from a to b, case ignored. Both at most MAX_NAME long. */
static size_t edits(sc_span a, sc_span b)
{
    size_t row[3][MAX_NAME + 1];
    size_t *before = row[0], *above = row[1], *here = row[2];
    for (size_t j = 0; j <= b.n; j++) above[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        here[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            bool same = sc_lower(a.p[i - 1]) == sc_lower(b.p[j - 1]);
            size_t best = above[j - 1] + !same;
            if (above[j] + 1 < best) best = above[j] + 1;
            if (here[j - 1] + 1 < best) best = here[j - 1] + 1;
            if (i > 1 && j > 1 && sc_lower(a.p[i - 1]) == sc_lower(b.p[j - 2]) &&
                sc_lower(a.p[i - 2]) == sc_lower(b.p[j - 1]) && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            here[j] = best;
        }
        size_t *spare = before;
        before = above;
        above = here;
        here = spare;
    }
    return above[b.n];
}

sc_nearest sc_nearest_to(sc_span want)
{
    size_t limit = (want.n + 2) / 4; /* with more edits any short word would fit */
    return (sc_nearest){want, NULL, limit ? limit : 1};
}

void sc_nearest_try(sc_nearest *n, const char *candidate)
{
    sc_span c = sc_span_z(candidate);
    if (!n->want.n || n->want.n > MAX_NAME || c.n > MAX_NAME) return;
    size_t d = edits(n->want, c);
    if (n->name ? d >= n->distance : d > n->distance || d >= c.n) return;
    n->name = candidate;
    n->distance = d;
}

const char *sc_nearest_of(const char *want, const char *const *names)
{
    sc_nearest n = sc_nearest_to(sc_span_z(want));
    for (; *names; names++) sc_nearest_try(&n, *names);
    return n.name;
}

const char *sc_nearest_hint(const sc_nearest *n, sc_arena *a)
{
    if (!n->name) return "";
    sc_span s = sc_arena_printf(a, "; did you mean \"%s\"?", n->name);
    return s.p;
}
