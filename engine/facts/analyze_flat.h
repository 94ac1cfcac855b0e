/* Call stacks and exception records that a paste has flattened to one line. */
#ifndef STOPCODE_ANALYZE_FLAT_H
#define STOPCODE_ANALYZE_FLAT_H

#include "engine/facts/frame_read.h"

/* Cuts a flattened STACK_TEXT into its frames and feeds them to the reader; they keep the number of `line`. False when
 * `text` does not begin with a frame. */
bool sc_frames_flat(sc_frame_reader *r, const sc_line *line, sc_span text);

/* Cuts the next field off a line of an exception record, which holds several when it was flattened. False when none is
 * left, and at a line of something else. */
bool sc_exception_piece(sc_span *rest, sc_span *piece);

/* `Parameter[1]: 0000000000`: the debugger prints 8 or 16 digits. */
bool sc_exception_cut(sc_span label, sc_span value);

#endif
