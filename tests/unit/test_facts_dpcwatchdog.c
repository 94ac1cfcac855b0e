/* !dpcwatchdog: active and not, pending calls, cut, without prompt, several, hostile. */
#include "facts_forms.h"

static const char whole[] = "7: kd> !dpcwatchdog\n"
                            "All durations are in seconds (1 System tick = 15.625000 milliseconds)\n"
                            "\n"
                            "Circular Kernel Context Logger history: !logdump 0x2\n"
                            "DPC and ISR stats: !intstats /d\n"
                            "\n"
                            "--------------------------------------------------\n"
                            "CPU#0\n"
                            "--------------------------------------------------\n"
                            "Current DPC: No Active DPC\n"
                            "\n"
                            "Pending DPCs:\n"
                            "----------------------------------------\n"
                            "CPU Type      KDPC       Function\n"
                            " 0: Normal  : 0xfffff8035f5ac290 0xfffff80363e15630 nt!PpmPerfAction\n"
                            "Failed to read DPC at 0xffffe40b77190dd8\n"
                            "\n"
                            "--------------------------------------------------\n"
                            "CPU#7\n"
                            "--------------------------------------------------\n"
                            "Current DPC: acmenic!InterruptDpc (Normal DPC)\n"
                            "Debugger Saved IRQL: 13\n"
                            "Cumulative DPC Time Limit: 120.000 seconds\n"
                            "Current Cumulative DPC Time: 20.125 seconds\n"
                            "Single DPC Time Limit: 20.000 seconds\n"
                            "Current Single DPC Time: 20.016 seconds\n"
                            "Pending DPCs:\n"
                            "----------------------------------------\n"
                            "CPU Type      KDPC       Function\n"
                            "dpcs: no pending DPCs found\n";

static void reads_all(void **state)
{
    (void)state;
    fx f = fx_read(whole);
    assert_int_equal(fx_count(&f, "dpc_watchdog"), 2);
    const sc_row *r = fx_row(&f, "dpc_watchdog", 0);
    assert_int_equal(r->line, 8);
    assert_int_equal(r->last_line, 16);
    assert_int_equal(fx_int(r, "processor"), 0);
    assert_false(fx_bool(r, "active"));
    assert_int_equal(fx_state(r, "symbol"), SC_NULL);
    assert_int_equal(fx_state(r, "kind"), SC_NULL);
    assert_int_equal(fx_state(r, "irql"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "single_limit"), SC_NOT_PRINTED);
    assert_true(fx_real(r, "tick_ms") == 15.625);
    assert_int_equal(fx_int(r, "pending"), 2);
    r = fx_row(&f, "dpc_watchdog", 1);
    assert_int_equal(fx_int(r, "processor"), 7);
    assert_true(fx_bool(r, "active"));
    fx_assert_text(r, "symbol", "acmenic!InterruptDpc");
    fx_assert_text(r, "module", "acmenic");
    fx_assert_text(r, "kind", "normal");
    assert_int_equal(fx_int(r, "irql"), 13);
    assert_true(fx_real(r, "cumulative_limit") == 120);
    assert_true(fx_real(r, "cumulative_seconds") == 20.125);
    assert_true(fx_real(r, "single_limit") == 20);
    assert_true(fx_real(r, "single_seconds") > 20.015 && fx_real(r, "single_seconds") < 20.017);
    assert_int_equal(fx_int(r, "pending"), 0);
    assert_int_equal(fx_count(&f, "dpc"), 2);
    fx_assert_text(fx_row(&f, "dpc", 0), "symbol", "nt!PpmPerfAction");
    assert_true(fx_covers_int(&f, "dpc_watchdog", 0));
    assert_true(fx_covers_int(&f, "dpc_watchdog", 7));
    assert_false(fx_covers_int(&f, "dpc_watchdog", 1));
    assert_false(fx_covers_all(&f, "dpc_watchdog"));
    fx_free(&f);
    fx_assert_forms(whole, "dpc_watchdog", 2, FX_NO_FLAT);
    fx_assert_forms(whole, "dpc", 2, FX_NO_FLAT);
}

static void what_is_cut_is_not_whole(void **state)
{
    (void)state;
    char *cut = fx_cut(whole, 16);
    fx f = fx_read(cut);
    assert_int_equal(fx_count(&f, "dpc_watchdog"), 1);
    assert_int_equal(fx_state(fx_row(&f, "dpc_watchdog", 0), "pending"), SC_NOT_PRINTED);
    assert_false(fx_covers_int(&f, "dpc_watchdog", 0));
    fx_free(&f);
    free(cut);
    f = fx_read("7: kd> !dpcwatchdog\n" /* the list ends with the paste */
                "CPU#0\n"
                "Current DPC: No Active DPC\n"
                "CPU Type      KDPC       Function\n"
                " 0: Normal  : 0xfffff8035f5ac290 0xfffff80363e15630 nt!PpmPerfAction\n");
    const sc_row *r = fx_row(&f, "dpc_watchdog", 0);
    assert_int_equal(fx_state(r, "pending"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "tick_ms"), SC_NOT_PRINTED);
    assert_false(fx_covers_int(&f, "dpc_watchdog", 0));
    fx_free(&f);
    f = fx_read("7: kd> !dpcwatchdog\n" /* a prompt ends it */
                "CPU#0\n"
                "Current DPC: No Active DPC\n"
                "CPU Type      KDPC       Function\n"
                " 0: Normal  : 0xfffff8035f5ac290 0xfffff80363e15630 nt!PpmPerfAction\n"
                "7: kd> \n");
    assert_int_equal(fx_int(fx_row(&f, "dpc_watchdog", 0), "pending"), 1);
    assert_true(fx_covers_int(&f, "dpc_watchdog", 0));
    fx_free(&f);
    f = fx_read("7: kd> !dpcwatchdog\n" /* times are lost */
                "CPU#3\n"
                "Current DPC: acmenic+0x1a2c (Threaded DPC)\n"
                "Single DPC Time Limit: 20.000 seconds\n"
                "dpcs: no pending DPCs found\n");
    r = fx_row(&f, "dpc_watchdog", 0);
    fx_assert_text(r, "symbol", "acmenic");
    fx_assert_text(r, "kind", "threaded");
    assert_int_equal(fx_int(r, "pending"), 0);
    assert_int_equal(fx_state(r, "single_seconds"), SC_NOT_PRINTED);
    assert_false(fx_covers_int(&f, "dpc_watchdog", 3));
    fx_free(&f);
}

static void other_lists_are_not_counted(void **state)
{
    (void)state;
    fx f = fx_read("CPU#0\n"
                   "Current DPC: No Active DPC\n"
                   "CPU Type      KDPC       Function\n"
                   " 0: Normal  : 0xfffff8035f5ac290 0xfffff80363e15630 nt!PpmPerfAction\n"
                   "CPU Type      KDPC       Function\n"
                   " 4: Threaded: 0xfffff8035f5ac3d8 0xfffff880045a1123 acmedisk!Dpc+0x23\n"
                   "7: kd> \n");
    assert_int_equal(fx_int(fx_row(&f, "dpc_watchdog", 0), "pending"), 1);
    assert_int_equal(fx_count(&f, "dpc"), 2);
    fx_free(&f);
    f = fx_read("3: kd> !dpcs\nCPU Type      KDPC       Function\n"
                " 0: Normal  : 0xfffff8035f5ac290 0xfffff80363e15630 nt!PpmPerfAction\n");
    assert_int_equal(fx_count(&f, "dpc_watchdog"), 0);
    assert_int_equal(fx_count(&f, "dpc"), 1);
    fx_free(&f);
}

static void noise_is_no_watchdog(void **state)
{
    (void)state;
    fx f = fx_read("All durations are in seconds.\nCPU#1 is hot\nCPU#2\nCPU#99999\nCurrent DPC: mine\n"
                   "Single DPC Time Limit: 20 seconds\n");
    assert_int_equal(fx_count(&f, "dpc_watchdog"), 0);
    fx_free(&f);
    f = fx_read("0: kd> !dpcwatchdog\nCPU#1\nCurrent DPC: a long story\nDebugger Saved IRQL: 99\n"
                "Single DPC Time Limit: soon\nCurrent Single DPC Time: 20 ticks\nCumulative DPC Time Limit: 1.x\n"
                "Current Cumulative DPC Time: 99999999999999\n");
    const sc_row *r = fx_row(&f, "dpc_watchdog", 0);
    static const char *const columns[] = {
        "active", "irql", "single_limit", "single_seconds", "cumulative_limit", "cumulative_seconds"};
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        assert_int_equal(fx_state(r, columns[i]), SC_NOT_PRINTED);
    fx_free(&f);
    fx_torture(whole);
}

static void what_begins_it(void **state)
{
    (void)state;
    static const char *const strong[] = {
        "All durations are in seconds (1 System tick = 15.625000 milliseconds)\n",
        "CPU#4095\n--------\nCurrent DPC: No Active DPC\n",
        "CPU#0\n\nCurrent DPC: acme+0x1234\n",
    };
    static const char *const none[] = {
        "All durations are in seconds (1 System tick = x milliseconds)\n",
        "All durations are in seconds (1 System tick = 15.625000 seconds)\n",
        "All durations are in hours (1 System tick = 15.625000 milliseconds)\n",
        "CPU#4096\nCurrent DPC: No Active DPC\n",
        "CPU#0 is\nCurrent DPC: No Active DPC\n",
        "CPU#0\n-------\nCurrent DPC: No Active DPC\n",
        "CPU#0\n-------x\nCurrent DPC: No Active DPC\n",
        "CPU#0\nx-------\nCurrent DPC: No Active DPC\n",
        "CPU#x\nCurrent DPC: No Active DPC\n",
        "CPU#0\nsomething else\n",
        "CPU temperature\nCurrent DPC: No Active DPC\n",
    };
    for (size_t i = 0; i < sizeof strong / sizeof *strong; i++)
        assert_int_equal(fx_taste("!dpcwatchdog", strong[i]), SC_STRONG);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(fx_taste("!dpcwatchdog", none[i]), SC_ABSTAIN);
    fx_assert_taken(whole);
}

static double seconds_of(const char *printed)
{
    char text[200] = "0: kd> !dpcwatchdog\nCPU#1\nCurrent DPC: No Active DPC\nSingle DPC Time Limit: ";
    strcat(strcat(text, printed), "\n");
    fx f = fx_read(text);
    const sc_row *r = fx_row(&f, "dpc_watchdog", 0);
    double seconds = fx_state(r, "single_limit") == SC_SET ? fx_real(r, "single_limit") : -1;
    fx_free(&f);
    return seconds;
}

static void numbers_have_nine_digits(void **state)
{
    (void)state;
    assert_true(seconds_of("999999999") == 999999999);
    assert_true(seconds_of("1000000000") == -1);
    assert_true(seconds_of("1.5 seconds") == 1.5);
    assert_true(seconds_of("1.500000000") == 1.5);
    assert_true(seconds_of("1.5000000000") == -1);
    assert_true(seconds_of("1.") == -1);
    assert_true(seconds_of("1.x5") == -1);
    assert_true(seconds_of("12") == 12);
    assert_true(seconds_of("x") == -1);
    fx f = fx_read("0: kd> !dpcwatchdog\nCPU#1\nCurrent DPC: acme!Dpc (Normal DPC)\nDebugger Saved IRQL: 31\n"
                   "Cumulative DPC Time Limit: 120.000 seconds\nCurrent Cumulative DPC Time: 20.125 seconds\n"
                   "Single DPC Time Limit: 20.000 seconds\ndpcs: no pending DPCs found\n");
    assert_int_equal(fx_int(fx_row(&f, "dpc_watchdog", 0), "irql"), 31);
    assert_false(fx_covers_int(&f, "dpc_watchdog", 1)); /* one time is lost */
    fx_free(&f);
    f = fx_read("0: kd> !dpcwatchdog\nCPU#1\nCurrent DPC: acme!Dpc (Normal DPC)\nDebugger Saved IRQL: 32\n"
                "CPU#2\nCurrent DPC: No Active DPC\n");
    assert_int_equal(fx_state(fx_row(&f, "dpc_watchdog", 0), "irql"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "dpc_watchdog", 0), "pending"), SC_NOT_PRINTED);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all),
        cmocka_unit_test(what_is_cut_is_not_whole),
        cmocka_unit_test(other_lists_are_not_counted),
        cmocka_unit_test(noise_is_no_watchdog),
        cmocka_unit_test(what_begins_it),
        cmocka_unit_test(numbers_have_nine_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
