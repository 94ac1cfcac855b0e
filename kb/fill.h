/* Templates of rules without a paste. */
#ifndef STOPCODE_KB_FILL_H
#define STOPCODE_KB_FILL_H

#include "engine/base/arena.h"

/* {{driver|the driver}} becomes what stands behind the bar, {{driver}} its name in capitals. With `live`, the bug
 * check's parameters become the debugger's own: {{arg2}} is @$bug_param2. *whole (may be NULL): every place had a
 * fallback or was such a parameter. */
sc_span sc_template_fill(sc_arena *a, const char *template, bool live, bool *whole);

#endif
