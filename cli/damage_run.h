/* All damaged variants of one sample, diagnosed and judged. */
#ifndef STOPCODE_CLI_DAMAGE_RUN_H
#define STOPCODE_CLI_DAMAGE_RUN_H

#include "cli/damage_lists.h"

/* A diagnosis may take so many times as long per byte when its paste is repeated 2, 4 and 8 times. Quadratic time would
 * make it 8 times; the most that was seen is 1.8, and a busy machine hardly doubles the best of several runs. */
#define DAMAGE_MAX_GROWTH 3
#define DAMAGE_MAX_SLOWER 20 /* the same for a damaged paste: there the form differs, not only the size */

typedef struct damage_result {
    damage_share share[DAMAGE_MAX_KINDS];
    size_t faults[DAMAGE_MAX_KINDS], known[DAMAGE_MAX_KINDS];
    size_t variants;  /* judged */
    size_t diagnoses; /* with those that measure time */
    size_t failed;    /* faults that are not known */
    sc_buf report;    /* what people read about them */
    double cpu;       /* seconds */
} damage_result;

/* `name` is the sample's in known-damage.tsv: "0x9F/zte-modem". Faults are told in the result; the code is SC_E_NOMEM
 * or SC_OK. Free result.report. */
int damage_run(sc_engine *e, sc_span name, sc_span text, const sc_diagnosis *whole, damage_lists *lists,
               damage_result *result);
/* Appends the variant of that name; false when there is none. */
bool damage_show(sc_span text, const sc_diagnosis *whole, const char *name, sc_buf *out);
/* The faults of all kinds, the share that holds, and what each kind is. */
void damage_put_table(const damage_result *sum, sc_buf *out);

#endif
