/* !irql. */
#include "facts_fixture.h"

static void reads_the_line(void **state)
{
    (void)state;
    fx f = fx_read("2: kd> !irql\n\nDebugger saved IRQL for processor 0x2 -- 0 (LOW_LEVEL)\n\nso it was passive.\n");
    const sc_row *r = fx_row(&f, "irql", 0);
    assert_int_equal(fx_int(r, "processor"), 2);
    assert_int_equal(fx_int(r, "irql"), 0);
    fx_assert_text(r, "name", "LOW_LEVEL");
    assert_true(fx_covers_int(&f, "irql", 2));
    assert_false(fx_covers_int(&f, "irql", 0));
    fx_free(&f);
}

static void reads_a_dash_and_no_prompt(void **state)
{
    (void)state;
    fx f = fx_read("Debugger saved IRQL for processor 0x1f \xe2\x80\x94 13 (CLOCK_LEVEL)\n");
    assert_int_equal(fx_int(fx_row(&f, "irql", 0), "processor"), 31);
    assert_int_equal(fx_int(fx_row(&f, "irql", 0), "irql"), 13);
    fx_free(&f);
    f = fx_read("kd> !irql\nCannot get PRCB address\n");
    assert_int_equal(fx_count(&f, "irql"), 0);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture("2: kd> !irql\nDebugger saved IRQL for processor 0x2 -- 0 (LOW_LEVEL) [desc]\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_line),
        cmocka_unit_test(reads_a_dash_and_no_prompt),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
