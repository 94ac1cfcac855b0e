/* The renderers behind the table in formats.c. Each is pure: diagnosis and options in, bytes out. */
#ifndef STOPCODE_RENDER_RENDERERS_H
#define STOPCODE_RENDER_RENDERERS_H

#include "engine/stopcode.h"

sc_renderer sc_render_text, sc_render_json, sc_render_markdown;

#endif
