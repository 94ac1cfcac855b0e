/* The logs that !verifier prints behind its statistics. */
#include "facts_forms.h"

#define LOG                                                                                                            \
    "2: kd> !verifier 0xf\n\nVerify Level 9bb ... enabled options are:\n    Special pool\n\n"                          \
    "Summary of All Verifier Statistics\n\nRaiseIrqls                             0x12\n\n"                            \
    "----------------------------------------------- \nFault injection trace log                       \n"             \
    "----------------------------------------------- \n\nDriver Verifier didn't inject any faults.\n\n"                \
    "----------------------------------------------- \nTrack irql trace log                            \n"             \
    "----------------------------------------------- \n\n"                                                             \
    "Displaying most recent 0x0000000000000002 entries from the IRQL transition log.\n"                                \
    "There are up to 0x100 entries in the log.\n\nThread:             fffff80002bf8c40\n"                              \
    "Old irql:           0000000000000000\nNew irql:           0000000000000002\n"                                     \
    "Processor:          0000000000000003\nTime stamp:         000000000000495e\n\n"                                   \
    "    fffff880045a12ca acmedisk!AcmeTimerDpc+0x9a\n    fffff80002a5b5bf nt!IopTimerDispatch+0x132\n\n"              \
    "Thread:             fffffa80041c2060\nOld irql:           0000000000000002\n"                                     \
    "New irql:           0000000000000001\nProcessor:          0000000000000000\n\n    fffff88004201694\n"

static void reads_the_log(void **state)
{
    (void)state;
    fx f = fx_read(LOG);
    assert_int_equal(fx_count(&f, "verifier_event"), 2);
    const sc_row *r = fx_row(&f, "verifier_event", 0);
    assert_int_equal(fx_int(r, "event"), 0);
    fx_assert_text(r, "log", "irql");
    assert_true(fx_addr(r, "thread") == 0xfffff80002bf8c40);
    assert_int_equal(fx_int(r, "old_irql"), 0);
    assert_int_equal(fx_int(r, "new_irql"), 2);
    assert_int_equal(fx_int(r, "processor"), 3);
    assert_true(r->last_line > r->line + 4);
    assert_int_equal(fx_int(fx_row(&f, "verifier_event", 1), "old_irql"), 2);
    assert_int_equal(fx_count(&f, "verifier_event_frame"), 3);
    r = fx_row(&f, "verifier_event_frame", 1);
    assert_int_equal(fx_int(r, "event"), 0);
    assert_int_equal(fx_int(r, "n"), 1);
    assert_true(fx_addr(r, "address") == 0xfffff80002a5b5bf);
    fx_assert_text(r, "symbol", "nt!IopTimerDispatch");
    fx_assert_text(r, "module", "nt");
    r = fx_row(&f, "verifier_event_frame", 2);
    assert_int_equal(fx_int(r, "event"), 1);
    assert_int_equal(fx_int(r, "n"), 0);
    assert_int_equal(fx_state(r, "symbol"), SC_NULL);
    assert_int_equal(fx_state(r, "module"), SC_NULL);
    assert_int_equal(fx_count(&f, "verifier_counter"), 1);
    for (size_t i = 1; i < f.transcript.n_lines; i++)
        if (f.transcript.lines[i].text.n && !f.facts->taken[i])
            fail_msg("line %u was not taken", f.transcript.lines[i].number);
    fx_free(&f);
    fx_assert_forms(LOG, "verifier_event", 2, FX_NO_FLAT);
}

static void may_be_cut(void **state)
{
    (void)state;
    char *cut = fx_cut(LOG, 25);
    fx f = fx_read(cut);
    assert_int_equal(fx_count(&f, "verifier_event"), 1);
    assert_int_equal(fx_state(fx_row(&f, "verifier_event", 0), "processor"), SC_NOT_PRINTED);
    fx_free(&f);
    free(cut);
}

static void what_is_no_log(void **state)
{
    (void)state;
    /* without its heading, and a field without an entry */
    assert_int_equal(fx_rows_of("kd> !verifier 0xf\nVerify Level 1 ... enabled options are:\n"
                                "Thread:             fffff80002bf8c40\n",
                                "verifier_event"),
                     0);
    fx f = fx_read("kd> !verifier 0xf\nVerify Level 1 ... enabled options are:\nTrack irql trace log\n"
                   "Old irql:           0000000000000002\nThread: somewhere\n----------------------------\n"
                   "acmedisk!AcmeTimerDpc+0x9a\nThread: fffff80002bf8c40\nOld irql: high\nand so on\n");
    assert_int_equal(fx_count(&f, "verifier_event"), 1);
    assert_int_equal(fx_state(fx_row(&f, "verifier_event", 0), "old_irql"), SC_NOT_PRINTED);
    assert_int_equal(fx_count(&f, "verifier_event_frame"), 0);
    assert_true(f.facts->taken[5]);
    assert_false(f.facts->taken[3]);
    assert_false(f.facts->taken[9]);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(LOG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(reads_the_log), cmocka_unit_test(may_be_cut),
                                       cmocka_unit_test(what_is_no_log), cmocka_unit_test(survives_anything)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
