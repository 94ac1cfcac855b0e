/* Where a stack ends: frames below which nothing can stand, and those that only look so. */
#include "tests/unit/facts_fixture.h"

static fx paste(const char *head, const char *below)
{
    sc_buf text = {0};
    sc_buf_printf(&text, "%s%s", head, below);
    sc_buf_char(&text, '\0');
    assert_false(text.failed);
    fx f = fx_read(text.p);
    sc_buf_free(&text);
    return f;
}

/* The page fault returns to zero because somebody called a null pointer: who did stands below. */
static void a_call_of_null_is_no_root(void **state)
{
    (void)state;
    const char *const fault = "0: kd> k\nChild-SP          RetAddr           Call Site\n"
                              "ffffd30a`4c914108 fffff803`612b09a4 nt!KiBugCheckDispatch+0x69\n"
                              "ffffd30a`4c914248 00000000`00000000 nt!KiPageFault+0x474\n";
    fx f = paste(fault, "");
    assert_false(fx_bool(fx_row(&f, "stack", 0), "complete"));
    fx_free(&f);
    f = paste(fault, "ffffd30a`4c9143d8 fffff803`6e16b3f4 0x0\n"
                     "ffffd30a`4c9143e0 00000000`00000000 acmenet+0x1b3f4\n");
    assert_true(fx_bool(fx_row(&f, "stack", 0), "complete"));
    fx_free(&f);
}

/* ZwTerminateProcess comes through the same entry as user mode does: where it returns to tells the two apart. */
static void a_service_asked_for_by_a_driver_is_no_root(void **state)
{
    (void)state;
    const char *const head = "0: kd> kv\nChild-SP          RetAddr           : Args to Child : Call Site\n"
                             "fffff880`03b2c700 fffff800`02e7a5d3 : 00000000`00000000 00000000`00000000 "
                             "00000000`00000000 00000000`00000000 : nt!NtTerminateProcess+0xf4\n";
    const char *const kernel = "fffff880`03b2c7a0 fffff800`02e76b70 : 00000000`00000000 00000000`00000000 "
                               "00000000`00000000 00000000`00000000 : nt!KiSystemServiceCopyEnd+0x13\n";
    const char *const user = "fffff880`03b2c7a0 00000000`77a315da : 00000000`00000000 00000000`00000000 "
                             "00000000`00000000 00000000`00000000 : nt!KiSystemServiceCopyEnd+0x13\n";
    fx f = paste(head, kernel);
    assert_false(fx_bool(fx_row(&f, "stack", 0), "complete"));
    fx_free(&f);
    f = paste(head, user);
    assert_true(fx_bool(fx_row(&f, "stack", 0), "complete"));
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_of_null_is_no_root),
        cmocka_unit_test(a_service_asked_for_by_a_driver_is_no_root),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
