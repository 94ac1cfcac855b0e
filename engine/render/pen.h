/* A pen writes text for a terminal: labelled sections, wrapped paragraphs, rows of numbered lines, colours.
 *
 * Every span that it is handed is made visible first, so nothing from the paste reaches a terminal raw.
 *
 *     <-- 8 --->
 *       Why     118  THREAD fffffa8007005660 ...     its owner, waiting
 */
#ifndef STOPCODE_RENDER_PEN_H
#define STOPCODE_RENDER_PEN_H

#include "engine/stopcode.h"

typedef enum sc_style {
    SC_STYLE_PLAIN,
    SC_STYLE_BOLD,
    SC_STYLE_DIM,
    SC_STYLE_LABEL,
    SC_STYLE_NUMBER,
    SC_STYLE_COMMAND,
    SC_STYLE_GOOD,
    SC_STYLE_FAIR,
    SC_STYLE_POOR,
} sc_style;

#define SC_PEN_INDENT 8u /* where the text of a section begins, right of its label */

typedef struct sc_pen {
    sc_buf *out;
    size_t width; /* columns of a line */
    bool color;
    size_t indent;     /* of the lines that follow */
    const char *label; /* of the section that its first line will open, or NULL */
} sc_pen;

/* width 0 means 80. Widths are clamped to 40 ... 120: prose in longer lines is hard to read. */
sc_pen sc_pen_of(sc_buf *out, unsigned width, bool color);
/* Inside a line: s, made visible, with colour when the pen has colours. */
void sc_pen_paint(sc_pen *p, sc_style style, sc_span s);
/* Starts a labelled section, after an empty line, as soon as something is written in it; nothing when nothing is. */
void sc_pen_section(sc_pen *p, const char *label);
/* Starts a line: the label of a section that begins here, or the indent. */
void sc_pen_start(sc_pen *p);
/* A wrapped paragraph; lines after the first are `hang` columns further in. `right` (may be empty) stands at the right
 * margin of the first line, or below when there is no room. */
void sc_pen_paragraph(sc_pen *p, size_t hang, sc_style style, sc_span text, sc_style right_style, sc_span right);

/* A number, a line of debugger output fitted to its column (sc_put_elided), and what it means: wrapped in a column of
 * its own, or below where the line needs the room. */
typedef struct sc_pen_row {
    sc_span number, text, meaning;
} sc_pen_row;
void sc_pen_rows(sc_pen *p, const sc_pen_row *rows, size_t n);
/* Commands or names in front, what they are for behind, wrapped; a wide name has its text on the next line. */
void sc_pen_entries(sc_pen *p, sc_style style, const sc_pen_row *rows, size_t n); /* uses text and meaning */

sc_style sc_pen_confidence(sc_confidence c);

#endif
