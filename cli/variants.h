/* What must hold for a damaged variant of a paste: its verdict is that of the whole paste or falls back to open. It
 * never flips, whatever was lost.
 *
 * - Crashes: the same number and bug checks where nothing was lost; fewer where something was. A parameter that is
 *   shown has the value it has in the whole paste.
 * - Culprit: the same, or unknown; nobody where the whole paste blames nobody.
 * - Rules: nothing is confirmed that the whole paste does not confirm (also when a rule that says more hides it there),
 *   and not for another culprit. Where nothing was lost, what was confirmed is confirmed or open; where something was,
 *   it is not ruled out for the lack of it.
 * - Confidence never rises.
 */
#ifndef STOPCODE_CLI_VARIANTS_H
#define STOPCODE_CLI_VARIANTS_H

#include "cli/damage.h"

/* Something that must not be. */
typedef struct variant_fault {
    sc_span what; /* "crash 1: confirms any/verifier-active", without line numbers: the key in known-damage.tsv */
    const sc_evidence *evidence; /* lines of the variant, or of the whole paste when something is missing */
    size_t n_evidence;
} variant_fault;

typedef struct variant_verdict {
    sc_list faults; /* variant_fault; everything lives in the arena or in the diagnoses */
    size_t verdicts,
        held; /* confirmed rules and named culprits of the whole paste; those that hold, as sure as before */
} variant_verdict;

/* `damaged` NULL: nothing was recognised. SC_E_NOMEM. */
int variant_judge(sc_arena *a, const damage_variant *v, const sc_diagnosis *whole, const sc_diagnosis *damaged,
                  variant_verdict *out);

#endif
