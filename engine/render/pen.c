#include "engine/render/pen.h"

#include "engine/render/layout.h"

#include <string.h>

#define MARGIN 2u /* left of a label */

static const char *const codes[] = {
    [SC_STYLE_PLAIN] = "",           [SC_STYLE_BOLD] = "\x1b[1m",    [SC_STYLE_DIM] = "\x1b[2m",
    [SC_STYLE_LABEL] = "\x1b[1;34m", [SC_STYLE_NUMBER] = "\x1b[36m", [SC_STYLE_COMMAND] = "\x1b[1;36m",
    [SC_STYLE_GOOD] = "\x1b[1;32m",  [SC_STYLE_FAIR] = "\x1b[1;33m", [SC_STYLE_POOR] = "\x1b[35m",
};

sc_style sc_pen_confidence(sc_confidence c)
{
    return c == SC_CERTAIN ? SC_STYLE_GOOD : c == SC_LIKELY ? SC_STYLE_FAIR : SC_STYLE_POOR;
}

sc_pen sc_pen_of(sc_buf *out, unsigned width, bool color)
{
    size_t w = width ? width : 80;
    return (sc_pen){.out = out, .width = w < 40 ? 40 : w > 120 ? 120 : w, .color = color};
}

/* Writes text that is visible already. */
static void paint(sc_pen *p, sc_style style, sc_span visible)
{
    bool colored = p->color && style != SC_STYLE_PLAIN && visible.n;
    if (colored) sc_buf_z(p->out, codes[style]);
    sc_buf_span(p->out, visible);
    if (colored) sc_buf_z(p->out, "\x1b[0m");
}

void sc_pen_paint(sc_pen *p, sc_style style, sc_span s)
{
    sc_buf v = {0};
    sc_put_visible(&v, s);
    paint(p, style, sc_buf_view(&v));
    if (v.failed) p->out->failed = true;
    sc_buf_free(&v);
}

void sc_pen_section(sc_pen *p, const char *label)
{
    p->label = label;
    p->indent = SC_PEN_INDENT;
}

void sc_pen_start(sc_pen *p)
{
    if (!p->label) {
        sc_put_spaces(p->out, p->indent);
        return;
    }
    size_t used = MARGIN + strlen(p->label);
    sc_buf_char(p->out, '\n');
    sc_put_spaces(p->out, MARGIN);
    paint(p, SC_STYLE_LABEL, sc_span_z(p->label));
    p->label = NULL;
    if (used >= p->indent) { /* a long label has a line of its own */
        sc_buf_char(p->out, '\n');
        used = 0;
    }
    sc_put_spaces(p->out, p->indent - used);
}

void sc_pen_paragraph(sc_pen *p, size_t hang, sc_style style, sc_span text, sc_style right_style, sc_span right)
{
    sc_buf v = {0}, r = {0};
    sc_put_squeezed(&v, text);
    sc_put_squeezed(&r, right);
    size_t room = p->width > p->indent + hang + 16 ? p->width - p->indent : hang + 16;
    size_t right_columns = sc_columns(sc_buf_view(&r));
    bool beside = right_columns && right_columns + 24 <= room;
    sc_span rest = sc_buf_view(&v), line;
    bool first = true;
    while (sc_wrap_next(&rest, first ? (beside ? room - right_columns - 2 : room) : room - hang, &line)) {
        sc_pen_start(p);
        if (!first) sc_put_spaces(p->out, hang);
        paint(p, style, line);
        if (first && beside) {
            sc_put_spaces(p->out, room - sc_columns(line) - right_columns);
            paint(p, right_style, sc_buf_view(&r));
        }
        sc_buf_char(p->out, '\n');
        first = false;
    }
    if (right_columns && !beside) {
        sc_pen_start(p);
        sc_put_spaces(p->out, hang);
        paint(p, right_style, sc_buf_view(&r));
        sc_buf_char(p->out, '\n');
    }
    if (v.failed || r.failed) p->out->failed = true;
    sc_buf_free(&v);
    sc_buf_free(&r);
}

static size_t squeezed_columns(sc_span s, sc_buf *scratch)
{
    sc_buf_clear(scratch);
    sc_put_squeezed(scratch, s);
    return sc_columns(sc_buf_view(scratch));
}

/* The meaning of a row, from the column `at` on, below the row's line unless `beside`. */
static void put_meaning(sc_pen *p, sc_span meaning, size_t at, size_t used, bool beside)
{
    sc_span line;
    while (sc_wrap_next(&meaning, p->width > p->indent + at + 8 ? p->width - p->indent - at : 8, &line)) {
        if (beside) {
            sc_put_spaces(p->out, at - used);
        } else {
            sc_buf_char(p->out, '\n');
            sc_pen_start(p);
            sc_put_spaces(p->out, at);
        }
        beside = false;
        paint(p, SC_STYLE_DIM, line);
    }
}

void sc_pen_rows(sc_pen *p, const sc_pen_row *rows, size_t n)
{
    sc_buf number = {0}, text = {0}, meaning = {0}, fitted = {0};
    size_t number_columns = 0, meaning_columns = 0, column = 0;
    for (size_t i = 0; i < n; i++) {
        size_t c = squeezed_columns(rows[i].number, &number);
        if (c > number_columns) number_columns = c;
        c = squeezed_columns(rows[i].meaning, &meaning);
        if (c > meaning_columns) meaning_columns = c;
    }
    size_t before = number_columns + 2;
    size_t room = p->width > p->indent + before + 16 ? p->width - p->indent - before : 16;
    if (meaning_columns > room * 2 / 5) meaning_columns = room * 2 / 5;
    size_t share = room - 2 - meaning_columns; /* of a line that has its meaning beside it */
    for (size_t i = 0; i < n; i++) {
        size_t c = squeezed_columns(rows[i].meaning, &meaning);
        if (!c || c > 2 * meaning_columns) continue; /* a long one goes below, where it has the whole line */
        squeezed_columns(rows[i].text, &text);
        sc_buf_clear(&fitted);
        if (sc_put_elided(&fitted, sc_buf_view(&text), share) && sc_columns(sc_buf_view(&fitted)) > column) {
            column = sc_columns(sc_buf_view(&fitted));
        }
    }
    for (size_t i = 0; i < n; i++) {
        size_t c = squeezed_columns(rows[i].number, &number);
        size_t m = squeezed_columns(rows[i].meaning, &meaning);
        squeezed_columns(rows[i].text, &text);
        sc_buf_clear(&fitted);
        bool beside = m && m <= 2 * meaning_columns && sc_put_elided(&fitted, sc_buf_view(&text), column);
        if (!beside) {
            sc_buf_clear(&fitted);
            sc_put_elided(&fitted, sc_buf_view(&text), room);
        }
        sc_pen_start(p);
        sc_put_spaces(p->out, number_columns - c);
        paint(p, SC_STYLE_NUMBER, sc_buf_view(&number));
        sc_put_spaces(p->out, 2);
        paint(p, SC_STYLE_PLAIN, sc_buf_view(&fitted));
        size_t used = before + sc_columns(sc_buf_view(&fitted));
        put_meaning(p, sc_buf_view(&meaning), before + (beside ? column : 0) + 2, used, beside);
        sc_buf_char(p->out, '\n');
    }
    if (number.failed || text.failed || meaning.failed || fitted.failed) p->out->failed = true;
    sc_buf_free(&number);
    sc_buf_free(&text);
    sc_buf_free(&meaning);
    sc_buf_free(&fitted);
}

void sc_pen_entries(sc_pen *p, sc_style style, const sc_pen_row *rows, size_t n)
{
    sc_buf v = {0};
    size_t room = p->width - p->indent, most = room * 2 / 5, front = 0;
    for (size_t i = 0; i < n; i++) {
        size_t c = squeezed_columns(rows[i].text, &v);
        if (c > front && c <= most) front = c;
    }
    if (!front) front = most / 3;
    for (size_t i = 0; i < n; i++) {
        sc_buf_clear(&v);
        sc_put_squeezed(&v, rows[i].text);
        size_t used = sc_columns(sc_buf_view(&v));
        sc_pen_start(p);
        paint(p, style, sc_buf_view(&v));
        sc_buf_clear(&v);
        sc_put_squeezed(&v, rows[i].meaning);
        sc_span rest = sc_buf_view(&v), line;
        bool beside = used <= front;
        while (sc_wrap_next(&rest, room - front - 2, &line)) {
            if (beside) {
                sc_put_spaces(p->out, front - used + 2);
            } else {
                sc_buf_char(p->out, '\n');
                sc_pen_start(p);
                sc_put_spaces(p->out, front + 2);
            }
            beside = false;
            paint(p, SC_STYLE_PLAIN, line);
        }
        sc_buf_char(p->out, '\n');
    }
    if (v.failed) p->out->failed = true;
    sc_buf_free(&v);
}
