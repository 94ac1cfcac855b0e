/* Lines of !analyze without a label. */
#ifndef STOPCODE_ANALYZE_TEXT_H
#define STOPCODE_ANALYZE_TEXT_H

#include "engine/transcript/transcript.h"

bool sc_analyze_is_decoration(sc_span text);               /* rules, banner, advice */
bool sc_analyze_is_banner(const sc_line *lines, size_t n); /* its middle, or the stars above it */
bool sc_analyze_is_source(sc_span text);                   /* `>   26:       x = 1;` below FAULTING_SOURCE_CODE */

#endif
