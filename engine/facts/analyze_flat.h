/* Call stacks that a paste has flattened to one line. */
#ifndef STOPCODE_ANALYZE_FLAT_H
#define STOPCODE_ANALYZE_FLAT_H

#include "engine/facts/frame_read.h"

/* Cuts a flattened STACK_TEXT into its frames and feeds them to the reader; they keep the number of `line`. False when
 * `text` does not begin with a frame. */
bool sc_frames_flat(sc_frame_reader *r, const sc_line *line, sc_span text);

#endif
