/* A regular expression as a tree, for lint: what repeats, over which characters. Internal to kb/.
 *
 * Only patterns that PCRE2 has compiled may be given, so the reader does not check their form. What is not regular (a
 * back-reference, recursion, conditions, verbs) has no place in the tree and is named in `refused`: how long such a
 * pattern takes cannot be told from its structure.
 */
#ifndef STOPCODE_KB_PATTERN_TREE_H
#define STOPCODE_KB_PATTERN_TREE_H

#include "engine/base/arena.h"

/* A set of characters. Those beyond ASCII are one: patterns of debugger output rarely tell them apart. */
typedef struct sc_chars {
    uint64_t bits[2];
    bool beyond;
} sc_chars;

bool sc_chars_have(const sc_chars *s, unsigned char c);
bool sc_chars_meet(const sc_chars *a, const sc_chars *b);   /* some character is in both */
bool sc_chars_within(const sc_chars *a, const sc_chars *b); /* every character of a is in b */
sc_chars sc_chars_both(const sc_chars *a, const sc_chars *b);
sc_chars sc_chars_less(const sc_chars *a, const sc_chars *b); /* those of a that are not in b */
bool sc_chars_none(const sc_chars *s);
extern const sc_chars sc_word_chars;

typedef enum sc_re_kind {
    SC_RE_SET,    /* one character out of `set` */
    SC_RE_CAT,    /* the children, one behind the other; none: the empty text */
    SC_RE_ALT,    /* one of the children */
    SC_RE_REPEAT, /* the child, `least` to `most` times */
    SC_RE_ATOMIC, /* the child, whose choices are not reconsidered: (?>...), and what a possessive quantifier repeats */
    SC_RE_START,  /* ^ \A \G: `set` are the characters behind which it holds, besides the start of the text */
    SC_RE_WORD,   /* \b */
    SC_RE_NOT_BEHIND, /* (?<!x) with one character or class, which is `set` */
    SC_RE_TEST,       /* any other assertion; a lookaround's inside is the child */
} sc_re_kind;

#define SC_RE_MANY UINT32_MAX

typedef struct sc_re {
    sc_re_kind kind;
    size_t from, to;     /* bytes of the pattern */
    size_t q_from, q_to; /* of a repeat: its quantifier */
    uint32_t least, most;
    sc_chars set;
    struct sc_re *child, *next; /* next: behind it in its parent */
} sc_re;

typedef struct sc_re_refusal {
    const char *what; /* "a back-reference"; NULL: nothing was refused */
    size_t from, to;
} sc_re_refusal;

/* Reads a pattern; `multiline` as for sc_pattern_new. NULL with *refused, or without memory. */
const sc_re *sc_re_read(sc_arena *a, sc_span pattern, bool multiline, sc_re_refusal *refused);

/* Can it match the empty text? `surely`: without an assertion that would have to hold. */
bool sc_re_nullable(const sc_re *re, bool surely);
/* Every character that some part of it takes; what an assertion only looks at does not count. */
sc_chars sc_re_chars(const sc_re *re);

#endif
