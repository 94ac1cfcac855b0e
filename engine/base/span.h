/* Spans borrow: a pointer and a length into text that somebody else owns. They are never NUL-terminated.
 *
 * Nothing here allocates. Character classes are ASCII and ignore the locale.
 */
#ifndef STOPCODE_BASE_SPAN_H
#define STOPCODE_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sc_span {
    const char *p;
    size_t n;
} sc_span;

/* A span over a string literal. */
#define SC_S(literal) ((sc_span){(literal), sizeof(literal) - 1})
/* printf("%.*s", SC_F(span)) */
#define SC_F(span) (int)(span).n, (span).p

sc_span sc_span_z(const char *z);                       /* over a NUL-terminated string; NULL gives the empty span */
sc_span sc_span_sub(sc_span s, size_t from, size_t to); /* clamped: from > to or beyond the end gives an empty span */
sc_span sc_span_from(sc_span s, size_t from);
sc_span sc_trim(sc_span s); /* blanks and tabs off both ends */
sc_span sc_ltrim(sc_span s);
sc_span sc_rtrim(sc_span s);

bool sc_eq(sc_span a, sc_span b);
bool sc_eq_z(sc_span a, const char *z);
bool sc_ieq(sc_span a, sc_span b); /* ASCII case ignored */
bool sc_ieq_z(sc_span a, const char *z);
bool sc_starts(sc_span s, const char *prefix);
bool sc_istarts(sc_span s, const char *prefix);
bool sc_ends(sc_span s, const char *suffix);
bool sc_iends(sc_span s, const char *suffix);
int sc_cmp(sc_span a, sc_span b);  /* byte order, like strcmp */
int sc_icmp(sc_span a, sc_span b); /* ASCII case ignored */

#define SC_NPOS ((size_t)-1)
size_t sc_find(sc_span s, const char *needle); /* offset of the first occurrence, or SC_NPOS */
size_t sc_ifind(sc_span s, const char *needle);
size_t sc_rfind_char(sc_span s, char c);
size_t sc_find_char(sc_span s, char c);
/* Splits at the first `separator`: *head before it, *tail after it. False (and *head = s, *tail empty) without one. */
bool sc_cut(sc_span s, const char *separator, sc_span *head, sc_span *tail);

/* Glob over the whole span: `*` any run, `?` one character, everything else literal, ASCII case ignored.
 * Linear in pattern times text, no recursion. */
bool sc_glob(sc_span pattern, sc_span text);

uint32_t sc_hash(sc_span s);  /* FNV-1a */
uint32_t sc_ihash(sc_span s); /* the same over ASCII lower case: equal for spans that sc_ieq calls equal */

static inline bool sc_is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool sc_is_hex(char c) { return sc_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
static inline bool sc_is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static inline bool sc_is_alnum(char c) { return sc_is_alpha(c) || sc_is_digit(c); }
static inline bool sc_is_word(char c) { return sc_is_alnum(c) || c == '_'; }
static inline bool sc_is_blank(char c) { return c == ' ' || c == '\t'; }
static inline char sc_lower(char c) { return (c >= 'A' && c <= 'Z') ? (char)(c + 32) : c; }
static inline unsigned sc_hex_value(char c) /* 0 for a character that is no hex digit */
{
    if (sc_is_digit(c)) return (unsigned)(c - '0');
    c = sc_lower(c);
    return (c >= 'a' && c <= 'f') ? (unsigned)(c - 'a') + 10u : 0u;
}

#endif
