/* Reading typed values out of a YAML tree, with a message for everything that is not as expected. Internal to kb/. */
#ifndef STOPCODE_KB_WALK_H
#define STOPCODE_KB_WALK_H

#include "kb/yaml_tree.h"

typedef struct sc_walk {
    sc_messages *m;
    const sc_source_text *file;
    bool failed; /* an error was noted: what is read is not to be used */
} sc_walk;

/* Notes an error and marks the walk as failed. */
void sc_wrong(sc_walk *w, sc_place at, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Notes `unknown <what> "<text>"<where>; expected a, b or c; did you mean "b"?`. */
void sc_wrong_word(sc_walk *w, sc_place at, const char *what, sc_span text, const char *where, const char *const *known,
                   size_t n);
/* "a, b or c", in the arena. */
const char *sc_one_of(sc_arena *a, const char *const *words, size_t n);

/* Checks that `map` is a map with none but the known keys; `what` it is ("a clause") goes into the message. */
bool sc_walk_keys(sc_walk *w, const sc_yaml *map, const char *what, const char *const *known, size_t n);

/* What is below returns false (NULL, -1) and notes an error when the value is of another kind; `name` is the key's. */
const char *sc_walk_text(sc_walk *w, const sc_yaml *y, const char *name); /* not empty; line ends at its end are off */
const char *sc_walk_line(sc_walk *w, const sc_yaml *y, const char *name); /* the same, on one line */
int sc_walk_word(sc_walk *w, const sc_yaml *y, const char *name, const char *const *words, size_t n); /* its index */
bool sc_walk_bool(sc_walk *w, const sc_yaml *y, const char *name, bool *value);
/* Below 10 plain, from 10 on written with 0x, so that nobody takes decimal for hex. */
bool sc_walk_number(sc_walk *w, sc_place at, sc_span text, uint64_t *value);

/* What is wrong with the address of a page, or NULL: https://, a host with a dot in it, nothing to be escaped. */
const char *sc_bad_address(sc_span s);

/* Lower-case letters and digits in groups joined by `joint` ('-' for clauses and files, '_' for variables). */
bool sc_is_slug(sc_span s, char joint);

#endif
