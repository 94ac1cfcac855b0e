/* !running: newer and older, with and without stacks, cut, without prompt, several, hostile. */
#include "facts_forms.h"

static const char whole[] =
    "0: kd> !running -ti\n"
    "\n"
    "System Processors:  (000000000000000f)\n"
    "  Idle Processors:  (0000000000000008)\n"
    "\n"
    "       Prcbs             Current         (pri) Next            (pri) Idle\n"
    "  0    fffff80526ad6180  ffffda0273eea040 ( 8) ffffda02746490c0 (14) fffff80599bd15c0  .O..W...........\n"
    "\n"
    " # Child-SP          RetAddr               Call Site\n"
    "00 ffff968b`f8207708 fffff805`2d9c18d0     nt!DbgBreakPointWithStatus\n"
    "01 ffff968b`f8207710 fffff805`2d9c1718     kdnic!TXTransmitQueuedSends+0x180\n"
    "\n"
    "  1    ffffaa80efed1180  ffffda02717a4080 ( 0) ffffda0274f6b080 ( 8) ffffda02717a4080  ................\n"
    "\n"
    " # Child-SP          RetAddr               Call Site\n"
    "00 ffff968b`f7a4f960 fffff805`992d9e48     nt!PpmIdleGuestExecute+0x15\n"
    "01 ffff968b`f7a4f9a0 00000000`00000000     nt!KiIdleLoop+0x54\n"
    "\n"
    "  2    ffffaa80eff6d180  ffffda0274ec60c0 ( 8)                       ffffda0271844280  ................\n"
    "\n"
    "  3    ffffaa80efdc2180  ffffda0271853280 ( 0)                       ffffda0271853280  ................\n";
static const char old[] = "0: kd> !running\n"
                          " \n"
                          "System Processors 3 (affinity mask)\n"
                          " Idle Processors 0\n"
                          " \n"
                          "     Prcb              Current           Next\n"
                          "  0  e0000000818f8000  e0000000818f9e50  e0000000866f12f0  ................\n"
                          " 1  e000000086f16010  e00000008620ebe0  e000000086eddbc0  .O..............\n";
static const char x86[] = "0: kd> !running -it\n"
                          " \n"
                          "System Processors f (affinity mask)\n"
                          "  Idle Processors f\n"
                          "All processors idle.\n"
                          " \n"
                          "     Prcb      Current   Next\n"
                          "  0  ffdff120  805495a0            ................\n"
                          " \n"
                          "ChildEBP RetAddr\n"
                          "8053e3f0 805329c2 nt!RtlpBreakWithStatusInstruction\n"
                          "8053e3f0 80533464 nt!_KeUpdateSystemTime+0x126\n"
                          "ffdff980 ffdff980 nt!KiIdleLoop+0x14\n"
                          " \n"
                          " 1  f87e0120  f87e2e60            ................\n"
                          " \n"
                          "ChildEBP RetAddr\n"
                          "f87e0980 f87e0980 nt!KiIdleLoop+0x14\n";

static void reads_newer(void **state)
{
    (void)state;
    fx f = fx_read(whole);
    assert_int_equal(fx_count(&f, "running"), 4);
    const sc_row *r = fx_row(&f, "running", 0);
    assert_int_equal(r->line, 7);
    assert_int_equal(fx_int(r, "processor"), 0);
    assert_int_equal(fx_addr(r, "prcb"), 0xfffff80526ad6180);
    assert_int_equal(fx_addr(r, "current_thread"), 0xffffda0273eea040);
    assert_int_equal(fx_int(r, "current_priority"), 8);
    assert_int_equal(fx_addr(r, "next_thread"), 0xffffda02746490c0);
    assert_int_equal(fx_int(r, "next_priority"), 14);
    assert_int_equal(fx_addr(r, "idle_thread"), 0xfffff80599bd15c0);
    assert_false(fx_bool(r, "idle"));
    assert_false(fx_bool(r, "in_idle_mask"));
    fx_assert_text(r, "locks", ".O..W...........");
    assert_int_equal(fx_int(r, "locks_owned"), 1);
    assert_int_equal(fx_int(r, "locks_waited"), 1);
    r = fx_row(&f, "running", 1); /* the idle thread runs, but another is about to */
    assert_true(fx_bool(r, "idle"));
    assert_false(fx_bool(r, "in_idle_mask"));
    r = fx_row(&f, "running", 2);
    assert_int_equal(fx_state(r, "next_thread"), SC_NULL);
    assert_int_equal(fx_state(r, "next_priority"), SC_NULL);
    assert_int_equal(fx_addr(r, "idle_thread"), 0xffffda0271844280);
    assert_true(fx_bool(fx_row(&f, "running", 3), "in_idle_mask"));
    assert_true(fx_covers_all(&f, "running"));
    assert_true(f.transcript.sections[0].complete);
    assert_int_equal(f.facts->pointer_bytes, 8);
    fx_free(&f);
    fx_assert_forms(whole, "running", 4, FX_NO_FLAT);
}

static void stacks_are_the_processors(void **state)
{
    (void)state;
    fx f = fx_read(whole);
    assert_int_equal(fx_count(&f, "stack"), 2);
    const sc_row *s = fx_row(&f, "stack", 0);
    fx_assert_text(s, "kind", "processor");
    assert_int_equal(fx_int(s, "processor"), 0);
    assert_int_equal(fx_addr(s, "thread"), 0xffffda0273eea040);
    assert_int_equal(fx_int(s, "frames"), 2);
    s = fx_row(&f, "stack", 1);
    assert_int_equal(fx_int(s, "processor"), 1);
    assert_true(fx_bool(s, "complete"));
    fx_free(&f);
    f = fx_read(x86);
    assert_int_equal(fx_count(&f, "stack"), 2);
    assert_int_equal(fx_int(fx_row(&f, "stack", 0), "frames"), 3);
    assert_int_equal(fx_int(fx_row(&f, "stack", 1), "processor"), 1);
    fx_free(&f);
}

static void reads_older(void **state)
{
    (void)state;
    fx f = fx_read(old);
    const sc_row *r = fx_row(&f, "running", 1);
    assert_int_equal(fx_int(r, "processor"), 1);
    assert_int_equal(fx_addr(r, "next_thread"), 0xe000000086eddbc0);
    assert_int_equal(fx_state(r, "current_priority"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "next_priority"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "idle_thread"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "idle"), SC_NOT_PRINTED);
    assert_int_equal(fx_int(r, "locks_owned"), 1);
    assert_true(fx_covers_all(&f, "running"));
    fx_free(&f);
    fx_assert_forms(old, "running", 2, FX_NO_FLAT);
    f = fx_read(x86); /* the mask knows four processors, two are listed */
    assert_int_equal(fx_count(&f, "running"), 2);
    r = fx_row(&f, "running", 0);
    assert_int_equal(fx_state(r, "next_thread"), SC_NULL);
    assert_true(fx_bool(r, "in_idle_mask"));
    assert_false(fx_covers_all(&f, "running"));
    assert_true(f.transcript.sections[0].complete); /* idle ones may be left out */
    assert_int_equal(f.facts->pointer_bytes, 4);
    fx_free(&f);
}

static void what_is_cut_is_not_whole(void **state)
{
    (void)state;
    char *cut = fx_cut(whole, 13);
    fx f = fx_read(cut);
    assert_int_equal(fx_count(&f, "running"), 1);
    assert_false(fx_covers_all(&f, "running"));
    assert_true(fx_covers_int(&f, "running", 0));
    assert_false(fx_covers_int(&f, "running", 1));
    assert_false(f.transcript.sections[0].complete);
    fx_free(&f);
    free(cut);
    f = fx_read("0: kd> !running\n" /* the masks are lost, and two groups of processors */
                "  0    fffff80526ad6180  ffffda0273eea040 ( 8) ffffda02746490c0 (14) fffff80599bd15c0\n");
    assert_int_equal(fx_state(fx_row(&f, "running", 0), "in_idle_mask"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "running", 0), "locks"), SC_NOT_PRINTED);
    fx_free(&f);
    f = fx_read("0: kd> !running\n" /* the last address may be either thread's */
                "  0    fffff80526ad6180  ffffda0273eea040 ( 8) ffffda02746490c0");
    assert_int_equal(fx_state(fx_row(&f, "running", 0), "next_thread"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "running", 0), "idle_thread"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "running", 0), "idle"), SC_NOT_PRINTED);
    assert_false(fx_covers_int(&f, "running", 0));
    fx_free(&f);
    f = fx_read("0: kd> !running\n"
                "System Processors:  (0000000000000001) (0000000000000001)\n"
                "  Idle Processors:  (0000000000000000) (0000000000000000)\n"
                "  0    fffff80526ad6180  ffffda0273eea040 ( 8)                  fffff80599bd15c0  ................\n");
    assert_int_equal(fx_count(&f, "running"), 1);
    assert_false(fx_covers_all(&f, "running"));
    assert_false(f.transcript.sections[0].complete);
    fx_free(&f);
}

static void two_lists_are_two(void **state)
{
    (void)state;
    fx f = fx_read(
        "0: kd> !running\n"
        "System Processors:  (0000000000000003)\n"
        "  Idle Processors:  (0000000000000002)\n"
        "  0    fffff80526ad6180  ffffda0273eea040 ( 8)                  fffff80599bd15c0  ................\n"
        "System Processors:  (0000000000000003)\n"
        "  Idle Processors:  (0000000000000001)\n"
        "  1    fffff80526ad7180  ffffda0273eea050 ( 9)                  fffff80599bd15d0  ................\n");
    assert_int_equal(fx_count(&f, "running"), 2);
    assert_false(fx_covers_all(&f, "running"));
    assert_int_equal(fx_int(fx_row(&f, "running", 1), "current_priority"), 9);
    assert_false(fx_bool(fx_row(&f, "running", 1), "in_idle_mask"));
    fx_free(&f);
}

static void a_line_may_be_wrapped(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !running\n"
                   "  0    fffff80526ad6180  ffffda0273eea040 ( 8) ffffda02746490c0 (14) fffff80599b\n"
                   "d15c0  .O..............\n"
                   "  1    fffff80526ad7180  ffffda0273eea050 ( 9) ffffda02746490d0\n"
                   "(15) fffff80599bd15e0  ................\n"
                   "  2    fffff80526ad8180\n"
                   "ffffda0273eea060 ( 9) and so on\n");
    assert_int_equal(fx_count(&f, "running"), 2);
    const sc_row *r = fx_row(&f, "running", 0);
    assert_int_equal(fx_addr(r, "idle_thread"), 0xfffff80599bd15c0);
    assert_int_equal(fx_int(r, "locks_owned"), 1);
    assert_int_equal(r->line, 2);
    assert_int_equal(r->last_line, 3);
    assert_int_equal(fx_int(fx_row(&f, "running", 1), "next_priority"), 15);
    assert_true(f.facts->taken[2] && f.facts->taken[4]);
    assert_int_equal(f.facts->pointer_bytes, 8);
    fx_free(&f);
}

static void noise_is_no_processor(void **state)
{
    (void)state;
    fx f = fx_read("System Processors 3 are busy\nIdle Processors: none\nPrcbs Current Next week\n"
                   "  0  e0000000818f8000  e0000000818f9e50\n"
                   "  0  e0000000818f8000  8059e500  ................\n"
                   "  5000  818f8000  8059e500  ................\n"
                   "  1  818f8000  8059e500  .......x........\n"
                   "  1  818f8000  8059e500 (99) 8059e500\n"
                   "  1  818f8000  8059e500  ........\n");
    assert_int_equal(fx_count(&f, "running"), 0);
    fx_free(&f);
    fx_torture(whole);
    fx_torture(old);
    fx_torture(x86);
}

static void what_begins_it(void **state)
{
    (void)state;
    static const char *const strong[] = {
        "System Processors:  (000000000000000f)\n  Idle Processors:  (0000000000000008)\n",
        "System Processors f (affinity mask)\n\n  Idle Processors f\n",
        "Prcbs Current (pri) Next (pri) Idle\n",
        "     Prcb      Current   Next\n",
        "Prcb Current Next Idle\n",
        "  0  ffdff120  805495a0            ................\n",
        " 12  ffdff120  805495a0 (31) ................................\n",
        "4095  ffdff120  805495a0 ( 0)\n",
    };
    static const char *const weak[] = {"System Processors:  (000000000000000f)\n", "System Processors 3\nand more\n",
                                       "Idle Processors:  (0000000000000008)\n", "Idle Processors 0\n"};
    static const char *const none[] = {
        "System Processors: 15\n",
        "System Processors:  (f\n",
        "System Processors:  (x)\n",
        "System Processors f (mask)\n",
        "System Processors f (affinity mask) and more\n",
        "System Processors none\n",
        "Idle Processors: many\n",
        "Prcbs (pri) Next (pri) Idle\n",
        "Prcbs Current (pri) Idle\n",
        "Prcbs Current Next Idle time\n",
        "PrcbsX Current Next\n",
        "  0  ffdff120  805495a0            ...............\n",
        "  0  ffdff120  805495a0            .................................\n",
        "  0  ffdff120  805495a0            ...............x\n",
        "  0  ffdff120  805495a0            x...............\n",
        "  0  ffdff120  805495a0 (32)       ................\n",
        "4096  ffdff120  805495a0 ( 0)\n",
        "  x  ffdff120  805495a0 ( 0)\n",
        "  0  ffdff120  ffffe000805495a0 ( 0)\n",
        "f 0  ffdff120  805495a0 ( 0)\n",
    };
    for (size_t i = 0; i < sizeof strong / sizeof *strong; i++)
        assert_int_equal(fx_taste("!running", strong[i]), SC_STRONG);
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) assert_int_equal(fx_taste("!running", weak[i]), SC_WEAK);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_int_equal(fx_taste("!running", none[i]), SC_ABSTAIN);
    fx_assert_taken(whole);
    fx_assert_taken(old);
    fx_assert_taken(x86);
}

static void masks_hold_64_processors(void **state)
{
    (void)state;
    fx f = fx_read(
        "0: kd> !running\n"
        "System Processors:  (8000000000000000), (0000000000000000)\n"
        "  Idle Processors:  (8000000000000000), (0000000000000000)\n"
        " 63    fffff80526ad6180  ffffda0273eea040 (31)                  fffff80599bd15c0  O...............\n");
    assert_true(fx_covers_all(&f, "running"));
    assert_true(fx_bool(fx_row(&f, "running", 0), "in_idle_mask"));
    assert_int_equal(fx_int(fx_row(&f, "running", 0), "current_priority"), 31);
    assert_int_equal(fx_int(fx_row(&f, "running", 0), "locks_owned"), 1);
    fx_free(&f);
    f = fx_read("0: kd> !running\n"
                "System Processors:  (0000000000000001)\n"
                "  Idle Processors:  (0000000000000000)\n"
                "  0    fffff80526ad6180  ffffda0273eea040 ( 8)                  fffff80599bd15c0  ................\n"
                " 64    fffff80526ad7180  ffffda0273eea050 ( 8)                  fffff80599bd15d0  ................\n");
    assert_false(fx_covers_all(&f, "running"));
    assert_false(f.transcript.sections[0].complete);
    assert_int_equal(fx_state(fx_row(&f, "running", 1), "in_idle_mask"), SC_NOT_PRINTED);
    fx_free(&f);
    f = fx_read("0: kd> !running\n" /* what is idle is not known */
                "System Processors:  (0000000000000001)\n"
                "  0    fffff80526ad6180  ffffda0273eea040 ( 8)                  fffff80599bd15c0  ................\n");
    assert_false(fx_covers_all(&f, "running"));
    fx_free(&f);
    f = fx_read("0: kd> !running\n" /* nothing is listed */
                "System Processors:  (0000000000000001)\n"
                "  Idle Processors:  (0000000000000001)\n");
    assert_false(fx_covers_all(&f, "running"));
    assert_false(f.transcript.sections[0].complete);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_newer),
        cmocka_unit_test(stacks_are_the_processors),
        cmocka_unit_test(reads_older),
        cmocka_unit_test(what_is_cut_is_not_whole),
        cmocka_unit_test(two_lists_are_two),
        cmocka_unit_test(a_line_may_be_wrapped),
        cmocka_unit_test(noise_is_no_processor),
        cmocka_unit_test(what_begins_it),
        cmocka_unit_test(masks_hold_64_processors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
