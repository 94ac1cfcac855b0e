/* What `stopcode test` found, told to people, as TAP and as JUnit's XML. */
#ifndef STOPCODE_CLI_TEST_REPORT_H
#define STOPCODE_CLI_TEST_REPORT_H

#include "cli/damage_run.h"

/* One sample: its own paste is the first case, each variant of its YAML one more, all damaged variants the last. */
typedef struct test_outcome {
    sc_buf cases;  /* a line per case: "ok\tname\n" or "no\tname\n" */
    sc_buf report; /* what people read about the cases that failed, each under a line "FAILED name" */
    size_t passed, failed;
    size_t todo;   /* of those that passed: known to fail, and they do */
    bool left_out; /* not about the rule that was asked for */
    damage_result damage;
} test_outcome;

void test_note(test_outcome *o, bool ok, sc_span name, sc_span report);
void test_outcome_free(test_outcome *o);
/* Appends all of `n` outcomes. */
void test_put_text(sc_buf *out, const test_outcome *outcomes, size_t n);
void test_put_tap(sc_buf *out, const test_outcome *outcomes, size_t n);
void test_put_junit(sc_buf *out, const test_outcome *outcomes, size_t n);
/* The damage of all outcomes in one. */
void test_sum_damage(damage_result *sum, const test_outcome *outcomes, size_t n);

#endif
