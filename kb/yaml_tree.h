/* A small tree over libyaml's events, each node with its place in the file. Internal to kb/.
 *
 * It is stricter than YAML: duplicate keys, keys that are not plain text, anchors, aliases, tags and second documents
 * are errors, so that what a rule says is what stands there.
 */
#ifndef STOPCODE_KB_YAML_TREE_H
#define STOPCODE_KB_YAML_TREE_H

#include "kb/messages.h"

typedef enum sc_yaml_kind { SC_YAML_TEXT, SC_YAML_LIST, SC_YAML_MAP } sc_yaml_kind;

typedef struct sc_yaml {
    sc_yaml_kind kind;
    sc_place place;                /* in the file; a block scalar begins at its | */
    unsigned end_line, end_column; /* just behind it */
    sc_span text;                  /* SC_YAML_TEXT: the value, NUL-terminated behind its end */
    bool quoted;                   /* SC_YAML_TEXT: in quotes or a block, so never a number, true or nothing */
    const struct sc_yaml *key;     /* of a value in a map, else NULL */
    struct sc_yaml *first, *next;  /* items, or values of the map in the order of the file */
    size_t n;
} sc_yaml;

/* Reads bytes [from, to) of a file, which start on line `line`, as one YAML document. NULL when that cannot be done;
 * every fault has been noted. Faults that leave a tree (duplicate keys, aliases) are noted too, and NULL returned. */
const sc_yaml *sc_yaml_read(sc_messages *m, const sc_source_text *file, size_t from, size_t to, unsigned line);

/* Bytes [*from, *to) of the file's text in which the value stands. */
void sc_yaml_bytes(const sc_source_text *file, const sc_yaml *y, size_t *from, size_t *to);
/* The place of a whole `word` that stands behind `before` in the text of a value; the value's own when it does not. */
sc_place sc_yaml_find(const sc_source_text *file, const sc_yaml *y, const char *before, sc_span word);

/* The value under `key` of a map; NULL when there is none or `map` is no map. */
const sc_yaml *sc_yaml_get(const sc_yaml *map, const char *key);

#endif
