/* The output formats. A new one is a file beside this one and a line here. */
#include "engine/render/renderers.h"

#define FORMATS(X)                                                                                                     \
    X("text", sc_render_text)                                                                                          \
    X("json", sc_render_json)                                                                                          \
    X("markdown", sc_render_markdown)

#define X(name, function) name,
const char *const sc_format_names[] = {FORMATS(X) NULL};
#undef X

#define X(name, function) function,
static sc_renderer *const renderers[] = {FORMATS(X)};
#undef X

sc_renderer *sc_find_renderer(sc_span format)
{
    for (size_t i = 0; sc_format_names[i]; i++) {
        if (sc_eq_z(format, sc_format_names[i])) return renderers[i];
    }
    return NULL;
}
