/* Damaged variants of a paste: what happens to debugger output on its way into a forum, and what happens when some of
 * it is missing. Text in, text out; the same input gives the same variants.
 *
 *     sc_arena *a = sc_arena_new(0);
 *     damage_source s;
 *     damage_source_init(&s, a, text, diagnosis_of_the_text);
 *     for (size_t k = 0; k < damage_n_kinds; k++)
 *         for (size_t i = 0; i < damage_count(k, &s); i++) {
 *             damage_variant v;
 *             if (damage_make(k, i, &s, &v, &out)) ... out is the variant, v says what was done
 *             sc_buf_clear(&out);
 *         }
 */
#ifndef STOPCODE_CLI_DAMAGE_H
#define STOPCODE_CLI_DAMAGE_H

#include "engine/base/arena.h"
#include "engine/stopcode.h"

#define DAMAGE_LINE_CUTS 24u /* places between two lines where the head or the tail is cut off */
#define DAMAGE_BYTE_CUTS 12u /* ... and places within a line */
#define DAMAGE_PROOFS 16u    /* lines that a verdict rests on, which are lost or cut one by one */

/* What is left after a damage decides what must still come out (variants.h). */
typedef enum damage_loss {
    DAMAGE_KEEPS,   /* everything is still there, changed in form or order */
    DAMAGE_LOSES,   /* a part of the text is gone: its head, its tail, a section */
    DAMAGE_HIDES,   /* a line is gone or shorter where output seems whole, so that nobody can tell */
    DAMAGE_REPEATS, /* everything is there twice */
} damage_loss;

typedef struct damage_kind {
    const char *name, *doc;
    damage_loss loss;
} damage_kind;

/* NULL for a kind that does not exist. In the order in which they are reported. */
const damage_kind *damage_kind_at(size_t kind);
extern const size_t damage_n_kinds;
#define DAMAGE_MAX_KINDS 64u

/* A run of whole lines, [from, to) in bytes. */
typedef struct damage_block {
    size_t from, to;
    uint32_t crash; /* of the diagnosis */
    sc_span command;
} damage_block;

typedef struct damage_source {
    sc_span text;
    const sc_diagnosis *diagnosis;
    const size_t *lines; /* byte offset of each line, and of the end: n_lines + 1 */
    size_t n_lines;
    const damage_block *sections; /* of each section, to the last line that a parser took */
    const damage_block *blocks;   /* from each section to the next, so that prose goes with what it follows */
    size_t n_sections, n_blocks;
    uint32_t proofs[DAMAGE_PROOFS]; /* lines of the paste that name the bug check or prove a finding, ascending */
    size_t n_proofs;
} damage_source;

typedef struct damage_variant {
    const damage_kind *kind;
    char name[64]; /* "wrap-80", "drop 3 !locks", "chop-line 7": unique among the variants of a paste */
    /* Lines of the paste that are missing: behind line `gap_after` stand `gap_lines` lines less. */
    uint32_t gap_after, gap_lines;
} damage_variant;

/* Everything lives in the arena or is borrowed. SC_E_NOMEM. */
int damage_source_init(damage_source *s, sc_arena *a, sc_span text, const sc_diagnosis *d);
/* How many variants of a kind there may be. */
size_t damage_count(size_t kind, const damage_source *s);
/* Appends a variant to `out`, which is empty. False when there is nothing to damage: the text would stay as it is, or
 * nothing of it would be left. */
bool damage_make(size_t kind, size_t at, const damage_source *s, damage_variant *v, sc_buf *out);
/* The line of the undamaged paste that a line of the variant was, for variants that lose or keep lines in place. */
uint32_t damage_origin(const damage_variant *v, uint32_t line);

#endif
