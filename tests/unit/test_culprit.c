/* The culprit without any rule: the first driver on the stack of the crash, where that is evidence. */
#include "engine/stopcode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *bugcheck, const char *culprit)
{
    static const sc_knowledge nothing;
    char paste[512];
    sc_engine *e = NULL;
    sc_diagnosis *d = NULL;
    sc_error error = {0};
    snprintf(paste, sizeof paste,
             "%s\n\n0: kd> k\nChild-SP          RetAddr           Call Site\n"
             "fffff880`009b9de8 fffff800`0328b169 nt!KeBugCheckEx\n"
             "fffff880`009b9df0 fffff800`03289632 mydriver+0x69\n"
             "fffff880`009b9f30 fffff800`03289700 other+0x69\n",
             bugcheck);
    assert_int_equal(sc_engine_new(&e, &nothing, &error), SC_OK);
    assert_int_equal(sc_diagnose(e, sc_span_z(paste), &d, &error), SC_OK);
    assert_int_equal(d->n_crashes, 1);
    assert_int_equal(d->crashes[0].culprit_kind, culprit ? SC_CULPRIT_MODULE : SC_CULPRIT_UNKNOWN);
    if (culprit) {
        assert_true(sc_eq_z(d->crashes[0].culprit, culprit));
        assert_int_equal(d->crashes[0].culprit_confidence, SC_POSSIBLE);
    }
    sc_diagnosis_free(d);
    sc_engine_free(e);
}

static void the_first_driver_is_possible(void **state)
{
    (void)state;
    expect("BugCheck D1, {fffff808add27150, 2, 1, fffff80002e69f2c}", "mydriver");
    expect("BugCheck 7F, {0, 0, 0, 0}", "mydriver");                                           /* a division by zero */
    expect("0: kd> !irql\nDebugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)", NULL); /* nothing crashed */
}

/* A full stack ends with whoever comes last. */
static void a_double_fault_blames_nobody(void **state)
{
    (void)state;
    expect("BugCheck 7F, {8, 80050033, 406f8, fffff80002e69f2c}", NULL);
    expect("BUGCHECK_STR:  0x7f", NULL); /* which trap is not known */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_driver_is_possible),
        cmocka_unit_test(a_double_fault_blames_nobody),
    };
    return cmocka_run_group_tests_name("culprit", tests, NULL, NULL);
}
