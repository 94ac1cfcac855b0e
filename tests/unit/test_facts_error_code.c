/* !error and !gle: whole, flattened, cut, hostile. */
#include "facts_fixture.h"

#define GLE "0: kd> !gle\nLastErrorValue: (Win32) 0x3e5 (997) - Overlapped I/O operation is in progress.\n"

static void reads_both_lines(void **state)
{
    (void)state;
    fx f = fx_read(GLE "LastStatusValue: (NTSTATUS) 0x103 - Pending.\n");
    assert_int_equal(fx_count(&f, "error_code"), 2);
    assert_true(fx_addr(fx_row(&f, "error_code", 1), "value") == 0x103);
    fx_assert_text(fx_row(&f, "error_code", 1), "text", "Pending.");
    fx_free(&f);
}

static void a_number_that_the_paste_ends_in_is_not_read(void **state)
{
    (void)state;
    fx f = fx_read(GLE "LastStatusValue: (NTSTATUS) 0x1\n");
    assert_int_equal(fx_count(&f, "error_code"), 1);
    fx_free(&f);
    f = fx_read(GLE "LastStatusValue: (NTSTATUS) 0x1\n0: kd> .effmach\n");
    assert_int_equal(fx_count(&f, "error_code"), 2);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(GLE "LastStatusValue: (NTSTATUS) 0x103 - Pending.\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_both_lines),
        cmocka_unit_test(a_number_that_the_paste_ends_in_is_not_read),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
