/* Collecting messages about source files, with their place. Internal to kb/. */
#ifndef STOPCODE_KB_MESSAGES_H
#define STOPCODE_KB_MESSAGES_H

#include "engine/base/arena.h"
#include "kb/kb.h"

/* A source file, read. Carriage returns before line feeds and a byte-order mark are gone. */
typedef struct sc_source_text {
    const char *path;  /* relative to the source root, "rules/0x9F/x.md": what is stored */
    const char *shown; /* the same as reached by the user */
    sc_span text;
} sc_source_text;

/* A place in a source file: 1-based line and column (in characters), and how many characters it covers. */
typedef struct sc_place {
    unsigned line, column, width;
} sc_place;

typedef struct sc_messages {
    sc_arena *arena;
    sc_list list; /* sc_message, in the order in which they were found */
    size_t errors;
} sc_messages;

/* Notes a fault; `at.line` 0 means the whole file. */
void sc_note(sc_messages *m, sc_severity severity, const sc_source_text *file, sc_place at, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Sorts by file, line and column, and tells the reporter (NULL is fine). */
void sc_messages_flush(sc_messages *m, sc_reporter *reporter);
/* The first error in sorted order, for an sc_error; NULL when there is none. Only after a flush. */
const sc_message *sc_messages_first_error(const sc_messages *m);

/* The text of a 1-based line, without its line feed. */
sc_span sc_text_line(sc_span text, unsigned line);
/* Byte offset of a place, clamped to the text. */
size_t sc_text_offset(sc_span text, unsigned line, unsigned column);
/* The place of bytes [from, to). */
sc_place sc_text_place(sc_span text, size_t from, size_t to);
/* First occurrence of `word` within bytes [from, to); with `whole`, not inside a longer word. SC_NPOS without one. */
size_t sc_text_find(sc_span text, size_t from, size_t to, sc_span word, bool whole);
/* Offset of the first byte that is not UTF-8 (or is NUL), or SC_NPOS. */
size_t sc_text_bad_utf8(sc_span text);

/* The known name nearest to a misspelt one: few edits for its length, case ignored. */
typedef struct sc_nearest {
    sc_span want;
    const char *name; /* best so far, or NULL */
    size_t distance;  /* of name; before there is one, how far it may be */
} sc_nearest;
sc_nearest sc_nearest_to(sc_span want);
void sc_nearest_try(sc_nearest *n, const char *candidate);             /* borrowed */
const char *sc_nearest_of(const char *want, const char *const *names); /* of a NULL-terminated list; NULL: none */
/* `; did you mean "name"?`, or "" - in the arena. */
const char *sc_nearest_hint(const sc_nearest *n, sc_arena *a);

#endif
