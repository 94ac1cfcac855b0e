/* What is known about damage to the samples of a corpus, in two files of tab-separated values beside them.
 *
 * known-damage.tsv: weaknesses that nobody has cured yet. An entry that no longer happens is a fault: take it out.
 *     sample         variant     what                              why
 *     0x9F/example   chop-line*  crash 1: names bug check 0xC4     the text alone names it
 * The variant may be a glob, so that one cause is one line.
 *
 * damage.tsv: a ratchet. For each kind of damage that loses nothing, how many verdicts (confirmed rules, named
 * culprits) still hold, over the whole corpus. A share below it is a fault; `stopcode test --update-damage` writes the
 * file anew.
 *     kind           variants    verdicts    held
 *     wrap-80        16          56          54
 *
 * Lines that begin with # are comments.
 */
#ifndef STOPCODE_CLI_DAMAGE_LISTS_H
#define STOPCODE_CLI_DAMAGE_LISTS_H

#include "cli/damage.h"

#include <stdatomic.h>

#define DAMAGE_KNOWN_FILE "known-damage.tsv"
#define DAMAGE_RATCHET_FILE "damage.tsv"

typedef struct damage_known {
    sc_span sample, variant, what, why;
    unsigned line;
    atomic_bool seen; /* it happened; samples are tested at the same time */
} damage_known;

typedef struct damage_share {
    size_t variants, verdicts, held;
} damage_share;

typedef struct damage_lists {
    const char *known_path, *ratchet_path;
    damage_known *known;
    size_t n_known;
    bool has_known, has_ratchet;
    bool in_ratchet[DAMAGE_MAX_KINDS]; /* by kind */
    damage_share ratchet[DAMAGE_MAX_KINDS];
} damage_lists;

/* Reads both files of a corpus folder; either may be missing. SC_E_INPUT, with file and line, for a malformed one. */
int damage_lists_read(damage_lists *l, sc_arena *a, const char *corpus, sc_error *error);
/* The entry for something that happened, marked as seen; NULL when it is not known. */
const damage_known *damage_lists_find(damage_lists *l, sc_span sample, const char *variant, sc_span what);
/* Every kind that loses nothing is in the ratchet. */
bool damage_is_counted(size_t kind);
/* Compares with what was counted now, `now` by kind. Appends a line per fault to `out` and returns their number;
 * *better receives the number of kinds that hold better than the file says. */
size_t damage_ratchet_check(const damage_lists *l, const damage_share *now, size_t *better, sc_buf *out);
/* The new contents of damage.tsv. */
void damage_ratchet_put(const damage_share *now, sc_buf *out);

#endif
