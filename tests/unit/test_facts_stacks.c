/* !stacks: details 0, 1 and 2, old and new, cut, without prompt, several, hostile. */
#include "facts_forms.h"

static const char newer[] = "kd> !stacks 2\n"
                            "Proc.Thread  .Thread  Ticks   ThreadState Blocker\n"
                            "                            [fffff8013ed5d3c0 Idle]\n"
                            "                            [ffffe00000089040 System]\n"
                            "*** ERROR: Module load completed but symbols could not be loaded for acme.sys\n"
                            "   4.000014  ffffe0000009c040 0000a12 Blocked    Stack paged out\n"
                            "   4.0000cc  ffffe00001019880 0003ee1 Blocked    nt!KiSwapContext+0x76\n"
                            "                                        nt!KiSwapThread+0x14e\n"
                            "*** ERROR: Module load completed but symbols could not be loaded for acmedisk.sys\n"
                            "                                        acmedisk+0x1a8d\n"
                            "                                        nt!KiStartSystemThread+0x16\n"
                            "\n"
                            "                            [ffffe00002a3b080 Memory Compression]\n"
                            " 1a4.0001b0  ffffe00002a41880 fffffee1 READY      +0xfe0343a5\n"
                            " 1a4.0001b4  ffffe00002a42880 0000001 GATEWAIT   \n"
                            "\n"
                            "Threads Processed: 4\n";
static const char old[] = "kd> !stacks 1\n"
                          "Proc.Thread  .Thread  ThreadState  Blocker\n"
                          "                                     [System]\n"
                          "   4.000008  827d0030  Blocked    ntoskrnl!MmZeroPageThread+0x66\n"
                          "   4.000014  827cf030  Blocked    Stack paged out\n"
                          "\n"
                          "                                     [smss.exe]\n"
                          "  9c.000098  82738310  Blocked    Stack paged out\n"
                          "\n"
                          "                                     [csrss.exe]\n"
                          "  b0.0000a8  82723b70  Blocked    ntoskrnl!_KiSystemService+0xc4\n";
static const char old2[] = "kd> !stacks 2\n"
                           "Proc.Thread  .Thread  ThreadState  Blocker\n"
                           "                                     [System]\n"
                           "   4.000008  827d0030  Blocked    ntoskrnl!KiSwapThread+0xc5\n"
                           "                                  ntoskrnl!KeWaitForMultipleObjects+0x2b4\n"
                           "                                  ntoskrnl!PspSystemThreadStartup+0x4d\n"
                           "                                  +0x3f3f3f3f\n"
                           "   4.000010  827d0430  Blocked    ntoskrnl!KiSwapThread+0xc5\n"
                           "                                  ntoskrnl!KeRemoveQueue+0x191\n"
                           ".....\n";

static void reads_newer(void **state)
{
    (void)state;
    fx f = fx_read(newer);
    assert_int_equal(fx_count(&f, "thread_summary"), 4);
    const sc_row *r = fx_row(&f, "thread_summary", 0);
    assert_int_equal(fx_addr(r, "thread"), 0xffffe0000009c040);
    assert_int_equal(fx_int(r, "process_id"), 4);
    assert_int_equal(fx_int(r, "thread_id"), 0x14);
    assert_int_equal(fx_addr(r, "process"), 0xffffe00000089040);
    fx_assert_text(r, "image", "System");
    fx_assert_text(r, "state", "blocked");
    assert_int_equal(fx_int(r, "ticks"), 0xa12);
    assert_false(fx_bool(r, "resident"));
    assert_int_equal(fx_int(r, "frames"), 0);
    assert_int_equal(fx_state(r, "blocker"), SC_NOT_PRINTED);
    r = fx_row(&f, "thread_summary", 1);
    fx_assert_text(r, "blocker", "nt!KiSwapContext");
    fx_assert_text(r, "module", "nt");
    assert_true(fx_bool(r, "resident"));
    assert_int_equal(fx_int(r, "frames"), 4);
    assert_int_equal(r->line, 7);
    assert_int_equal(r->last_line, 11);
    r = fx_row(&f, "thread_summary", 2);
    fx_assert_text(r, "image", "Memory Compression");
    fx_assert_text(r, "state", "ready");
    assert_int_equal(fx_int(r, "process_id"), 0x1a4);
    assert_int_equal(fx_state(r, "ticks"), SC_NOT_PRINTED); /* it makes no sense */
    assert_int_equal(fx_state(r, "blocker"), SC_NULL);
    r = fx_row(&f, "thread_summary", 3);
    fx_assert_text(r, "state", "gatewait");
    assert_int_equal(fx_state(r, "resident"), SC_NOT_PRINTED);
    assert_true(fx_covers_all(&f, "thread_summary"));
    assert_true(f.transcript.sections[0].complete);
    fx_free(&f);
    fx_assert_forms(newer, "thread_summary", 4, FX_NO_FLAT);
}

static void detail_2_has_stacks(void **state)
{
    (void)state;
    fx f = fx_read(newer);
    assert_int_equal(fx_count(&f, "stack"), 1);
    const sc_row *s = fx_row(&f, "stack", 0);
    fx_assert_text(s, "kind", "thread");
    assert_int_equal(fx_addr(s, "thread"), 0xffffe00001019880);
    assert_int_equal(fx_int(s, "frames"), 4);
    assert_true(fx_bool(s, "complete"));
    assert_false(fx_bool(s, "has_sp"));
    fx_assert_text(fx_row(&f, "frame", 0), "symbol", "nt!KiSwapContext");
    assert_int_equal(fx_row(&f, "frame", 0)->line, 7);
    fx_assert_text(fx_row(&f, "frame", 2), "module", "acmedisk");
    assert_int_equal(fx_count(&f, "crash_frame"), 0);
    fx_free(&f);
    f = fx_read(old2);
    assert_int_equal(fx_count(&f, "thread_summary"), 2);
    assert_int_equal(fx_int(fx_row(&f, "thread_summary", 0), "frames"), 4);
    assert_int_equal(fx_count(&f, "stack"), 2);
    assert_int_equal(fx_int(fx_row(&f, "stack", 0), "frames"), 3);
    assert_int_equal(fx_int(fx_row(&f, "stack", 1), "frames"), 2);
    assert_false(fx_bool(fx_row(&f, "stack", 1), "complete"));
    fx_free(&f);
    fx_assert_forms(old2, "thread_summary", 2, FX_NO_FLAT);
    fx_assert_forms(old2, "frame", 5, FX_NO_FLAT | FX_NO_TWICE); /* twice the same stack is one */
}

static void reads_older(void **state)
{
    (void)state;
    fx f = fx_read(old);
    assert_int_equal(fx_count(&f, "thread_summary"), 4);
    assert_int_equal(fx_count(&f, "stack"), 0);
    const sc_row *r = fx_row(&f, "thread_summary", 0);
    assert_int_equal(fx_addr(r, "thread"), 0x827d0030);
    assert_int_equal(fx_state(r, "process"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "ticks"), SC_NOT_PRINTED);
    fx_assert_text(r, "image", "System");
    fx_assert_text(fx_row(&f, "thread_summary", 2), "image", "smss.exe");
    fx_assert_text(fx_row(&f, "thread_summary", 3), "image", "csrss.exe");
    assert_int_equal(fx_int(fx_row(&f, "thread_summary", 3), "frames"), 1);
    assert_false(fx_covers_all(&f, "thread_summary")); /* it has no end mark */
    assert_int_equal(f.facts->pointer_bytes, 4);
    fx_free(&f);
    fx_assert_forms(old, "thread_summary", 4, FX_NO_FLAT);
}

static void what_is_cut_is_not_whole(void **state)
{
    (void)state;
    char *cut = fx_cut(newer, 11);
    fx f = fx_read(cut);
    assert_int_equal(fx_count(&f, "thread_summary"), 2);
    assert_false(fx_covers_all(&f, "thread_summary"));
    assert_false(f.transcript.sections[0].complete);
    assert_false(fx_bool(fx_row(&f, "stack", 0), "complete"));
    fx_free(&f);
    free(cut);
    f = fx_read("kd> !stacks 0\n" /* threads that wait in user mode are left out */
                "Proc.Thread  .Thread  Ticks   ThreadState Blocker\n"
                "                            [ffffe00000089040 System]\n"
                "   4.0000cc  ffffe00001019880 0003ee1 Blocked    acmedisk+0x1a8d\n"
                "Threads Processed: 412\n");
    assert_true(f.transcript.sections[0].complete);
    assert_false(fx_covers_all(&f, "thread_summary"));
    fx_free(&f);
    f = fx_read("kd> !stacks 0\n" /* the head is lost, then output is left out */
                "   4.0000cc  ffffe00001019880 0003ee1 Blocked    acmedisk+0x1a8d\n"
                "Threads Processed: 1\n"
                "Proc.Thread  .Thread  Ticks   ThreadState Blocker\n"
                "                            [ffffe00000089040 System]\n"
                "<omitting output>\n"
                "   4.0000cc  ffffe00001019880 0003ee1 Blocked    acmedisk+0x1a8d\n"
                "Threads Processed: 1\n");
    assert_int_equal(fx_count(&f, "thread_summary"), 2);
    assert_int_equal(fx_state(fx_row(&f, "thread_summary", 0), "image"), SC_NOT_PRINTED);
    assert_false(fx_covers_all(&f, "thread_summary"));
    assert_false(f.transcript.sections[0].complete);
    fx_free(&f);
}

static void noise_is_no_thread(void **state)
{
    (void)state;
    fx f = fx_read("Proc.Thread and .Thread and Blocker\n[System]\nThreads Processed: 3\n"
                   "1.5 seconds later\n4.000050 827eea10 stuck\n4.000050 827eea10 12 Blocked\n"
                   "4.000050 827ee Blocked ntoskrnl!Foo+0x1\nb0 82723b70 Blocked ntoskrnl!Foo+0x1\n");
    assert_int_equal(fx_count(&f, "thread_summary"), 0);
    fx_free(&f);
    f = fx_read("kd> !stacks 2\n" /* a remark ends a stack */
                "                                     [snip]\n"
                "   4.000008  827d0030  Blocked    ntoskrnl!KiSwapThread+0xc5\n"
                "and so on, up to\n"
                "ntoskrnl!PspSystemThreadStartup+0x4d\n");
    assert_int_equal(fx_count(&f, "stack"), 0);
    assert_int_equal(fx_state(fx_row(&f, "thread_summary", 0), "image"), SC_NOT_PRINTED);
    fx_free(&f);
    fx_torture(newer);
    fx_torture(old);
    fx_torture(old2);
}

static void what_begins_it(void **state)
{
    (void)state;
    static const char *const strong[] = {
        "Proc.Thread  .Thread  Ticks   ThreadState Blocker\n",
        "Proc.Thread  .Thread  ThreadState  Blocker\n",
        "4.000008  827d0030  Blocked    ntoskrnl!MmZeroPageThread+0x66\n",
        "b4.00000008  827d0030  STANDBY    ntoskrnl!MmZeroPageThread+0x66\n",
        "12345678.0008  827d0030  Blocked    Stack paged out\n",
        "4.000008  827d0030  0000001 Blocked    Stack paged out\n",
    };
    static const char *const weak[] = {"Threads Processed: 4\n", "4.000008  827d0030  Blocked\n",
                                       "4.000008  827d0030  Blocked    and more\n"};
    static const char *const none[] = {
        "Proc.Thread  .Thread  Ticks   ThreadState Blocker and more\n",
        "Proc.Thread  .Thread  Ticks   Blocker\n",
        "Proc.Thread  .Thread  Ticks   ThreadState\n",
        "Proc.Thread  Ticks   ThreadState Blocker\n",
        "Threads Processed: 4 of 5\n",
        "Threads Processed: many\n",
        "123456789.0008  827d0030  Blocked    Stack paged out\n",
        "4.008  827d0030  Blocked    Stack paged out\n",
        "4.000000008  827d0030  Blocked    Stack paged out\n",
        "4.00000x  827d0030  Blocked    Stack paged out\n",
        "x.000008  827d0030  Blocked    Stack paged out\n",
        "4000008  827d0030  Blocked    Stack paged out\n",
        "4.000008  827d0030  000001 Blocked    Stack paged out\n",
        "4.000008  827d0030  000000001 Blocked    Stack paged out\n",
        "4.000008  827d0030  0000001 Sleeping    Stack paged out\n",
        "4.000008  827d0030  000000x Blocked    Stack paged out\n",
        "4.000008  827d0030\n",
    };
    for (size_t i = 0; i < sizeof strong / sizeof *strong; i++)
        assert_int_equal(fx_taste("!stacks", strong[i]), SC_STRONG);
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) assert_int_equal(fx_taste("!stacks", weak[i]), SC_WEAK);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_int_equal(fx_taste("!stacks", none[i]), SC_ABSTAIN);
    fx_assert_taken(newer);
    fx_assert_taken(old);
}

static void every_state_is_known(void **state)
{
    (void)state;
    static const char *const states[] = {"blocked",    "running",     "ready",    "standby",      "terminated",
                                         "transition", "initialized", "gatewait", "deferredready"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        char text[200] = "kd> !stacks 0\n   4.000050  827eea10  7fffffff ";
        strcat(strcat(text, states[i]), "    +0x1\n");
        fx f = fx_read(text);
        const sc_row *r = fx_row(&f, "thread_summary", 0);
        fx_assert_text(r, "state", states[i]);
        assert_int_equal(fx_int(r, "ticks"), 0x7fffffff);
        assert_int_equal(fx_state(r, "blocker"), SC_NULL);
        assert_true(fx_covers_int(&f, "thread_summary", 0x827eea10));
        fx_free(&f);
    }
    fx f = fx_read("kd> !stacks 0\n"
                   "                            [Idle]\n"
                   "   0.000000  fffff8013ed5ca00 80000000 RUNNING    Stack paged out\n"
                   "                            [(idle)]\n"
                   "   0.000004  fffff8013ed5cb00 0000000 RUNNING    0x12\n"
                   "                            [a.exe\n"
                   "   0.000008  fffff8013ed5cc00 0000000 RUNNING    +12\n");
    fx_assert_text(fx_row(&f, "thread_summary", 0), "image", "Idle");
    assert_int_equal(fx_state(fx_row(&f, "thread_summary", 0), "ticks"), SC_NOT_PRINTED);
    assert_true(fx_covers_int(&f, "thread_summary", (int64_t)0xfffff8013ed5ca00));
    assert_int_equal(fx_state(fx_row(&f, "thread_summary", 1), "image"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "thread_summary", 1), "blocker"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "thread_summary", 2), "image"), SC_NOT_PRINTED);
    assert_false(fx_covers_int(&f, "thread_summary", (int64_t)0xfffff8013ed5cc00));
    fx_free(&f);
    f = fx_read("kd> !stacks 2\n" /* a remark leaves the process as it is */
                "                            [ffffe00000089040 System]\n"
                "   4.000014  ffffe0000009c040 0000a12 Blocked    Stack paged out\n"
                "this one is not ours\n"
                "   4.000018  ffffe0000009c140 0000a12 Blocked    Stack paged out\n");
    fx_assert_text(fx_row(&f, "thread_summary", 1), "image", "System");
    fx_free(&f);
    f = fx_read(newer);
    assert_int_equal(fx_state(fx_row(&f, "stack", 0), "processor"), SC_NOT_PRINTED);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_newer),          cmocka_unit_test(detail_2_has_stacks),
        cmocka_unit_test(reads_older),          cmocka_unit_test(what_is_cut_is_not_whole),
        cmocka_unit_test(noise_is_no_thread),   cmocka_unit_test(what_begins_it),
        cmocka_unit_test(every_state_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
