/* Text from the paste made safe, measured and laid out in columns: what the renderers share.
 *
 * A column is one Unicode code point: wide East Asian characters and combining marks are rare in debugger output, and
 * being one off there costs a ragged margin, no more.
 */
#ifndef STOPCODE_RENDER_LAYOUT_H
#define STOPCODE_RENDER_LAYOUT_H

#include "engine/stopcode.h"

/* Length in bytes of the UTF-8 character at s.p[at], which *point receives; 0 when the byte starts no valid one
 * (overlong forms, surrogates and cut-off ends are invalid). */
size_t sc_utf8_read(sc_span s, size_t at, uint32_t *point);
/* Control characters, invisible ones and those that change the direction of writing: never sent to a terminal raw. */
bool sc_is_hidden(uint32_t point);
/* Appends s with tabs and newlines as blanks, hidden characters as \x1b or \u202e, invalid bytes as \xNN. */
void sc_put_visible(sc_buf *out, sc_span s);
/* The same, with every run of blanks as one and none at either end. */
void sc_put_squeezed(sc_buf *out, sc_span s);

void sc_put_spaces(sc_buf *out, size_t n);
void sc_put_repeat(sc_buf *out, char c, size_t n);

/* The following want text that sc_put_visible has been over. */
size_t sc_columns(sc_span s);
sc_span sc_take_columns(sc_span s, size_t columns); /* as many leading bytes as fill at most so many columns */
/* Appends s in at most `columns` columns, the middle replaced by "..." when it does not fit: in debugger output both
 * ends of a line tell more than its middle (an address and the symbol behind it). */
void sc_put_clipped(sc_buf *out, sc_span s, size_t columns);
/* Appends a squeezed line of debugger output in at most `columns` columns: as it is, else with ".." for all addresses
 * but the first, else for all of them, else clipped. A frame keeps its symbol. True unless it was clipped. */
bool sc_put_elided(sc_buf *out, sc_span s, size_t columns);
/* Takes the next line of at most `columns` columns (at least 1) off *rest, broken at a blank where there is one.
 * False when nothing is left. */
bool sc_wrap_next(sc_span *rest, size_t columns, sc_span *line);

#endif
