/* Changing one value of a YAML file by its text: all other bytes stay, with their comments, order and layout.
 *
 * Each function returns the whole new text, in the arena. The tree that a node belongs to tells nothing about the new
 * text: read that again before the next change. Comments at the end of a line that goes, go with it; those on lines of
 * their own stay.
 */
#ifndef STOPCODE_CLI_YAML_EDIT_H
#define STOPCODE_CLI_YAML_EDIT_H

#include "kb/yaml_tree.h"

/* [a, b] and {a: b}, as against lists and maps of one line per item. */
bool yaml_is_flow(const sc_source_text *file, const sc_yaml *collection);
sc_span yaml_replace(sc_arena *a, const sc_source_text *file, const sc_yaml *value, sc_span text);
/* `item` is one of the collection's. The last one leaves [] or {}. */
sc_span yaml_remove(sc_arena *a, const sc_source_text *file, const sc_yaml *collection, const sc_yaml *item);
/* Adds "value" to a list or "key: value" to a map: behind `after`, at the end when that is NULL, at the start when it
 * is the collection. In one that is not flow the text may have several lines; they are indented alike. */
sc_span yaml_insert(sc_arena *a, const sc_source_text *file, const sc_yaml *collection, const sc_yaml *after,
                    sc_span text);

/* A text as a YAML scalar that every reader takes for a text, on one line: plain where that is safe, else in quotes. */
void yaml_put_text(sc_buf *out, sc_span text);

#endif
