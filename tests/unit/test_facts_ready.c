/* !ready: own and shared queues, one queue, with stacks, cut, without prompt, several, hostile. */
#include "facts_forms.h"

static const char win7[] =
    "kd> !ready\n"
    "Processor 0: Ready Threads at priority 8\n"
    "    THREAD 857d9030  Cid 0ec8.0e30  Teb: 7ffdd000 Win32Thread: 00000000 READY\n"
    "    THREAD 855c8300  Cid 0ec8.0eb0  Teb: 7ff9c000 Win32Thread: 00000000 READY on processor 0\n"
    "Processor 1: Ready Threads at priority 10\n"
    "    THREAD 857c0030  Cid 04c8.0378  Teb: 7ffdf000 Win32Thread: fef7f8c0 READY on processor 1\n"
    "Processor 1: Ready Threads at priority 9\n"
    "    THREAD 87fc86f0  Cid 0ec8.04c0  Teb: 7ffd3000 Win32Thread: 00000000 READY on processor 1\n";
static const char shared[] =
    "0: kd> !Ready\n"
    "KSHARED_READY_QUEUE 8147e800: (00) **------------------------------\n"
    "SharedReadyQueue 8147e800: Ready Threads at priority 8\n"
    "    THREAD 80af8bc0  Cid 1300.15c4  Teb: 7ffb0000 Win32Thread: 00000000 READY on processor 80000001\n"
    "SharedReadyQueue 8147e800: Ready Threads at priority 0\n"
    "    THREAD 82889bc0  Cid 0004.0008  Teb: 00000000 Win32Thread: 00000000 READY on processor 80000000\n"
    "Processor 0: No threads in READY state\n"
    "Processor 1: No threads in READY state\n";
static const char stacks[] = "kd> !ready 6\n"
                             "Ready Threads at priority 8 on processor 2\n"
                             "    THREAD 857d9030  Cid 0ec8.0e30  Teb: 7ffdd000 Win32Thread: 00000000 READY\n"
                             "    Not impersonating\n"
                             "    Owning Process            8549c540       Image:         acmesvc.exe\n"
                             "    Wait Start TickCount      564892         Ticks: 1280 (0:00:00:20.000)\n"
                             "    Priority 8 BasePriority 8 PriorityDecrement 0\n"
                             "    ChildEBP RetAddr\n"
                             "    8d1fbc10 8287a9bd nt!KiSwapContext+0x26\n"
                             "    8d1fbc48 8287981a nt!KiSwapThread+0x266\n"
                             "    THREAD 857d9999  Cid 0ec8.0e34  Teb: 7ffdc000 Win32Thread: 00000000 READY\n";

static void reads_own_queues(void **state)
{
    (void)state;
    fx f = fx_read(win7);
    assert_int_equal(fx_count(&f, "ready_thread"), 4);
    assert_int_equal(fx_count(&f, "thread"), 4);
    const sc_row *r = fx_row(&f, "ready_thread", 0);
    assert_int_equal(r->line, 3);
    assert_int_equal(fx_addr(r, "thread"), 0x857d9030);
    fx_assert_text(r, "cid", "0ec8.0e30");
    assert_int_equal(fx_int(r, "priority"), 8);
    assert_int_equal(fx_int(r, "processor"), 0);
    assert_int_equal(fx_state(r, "queue"), SC_NULL);
    assert_int_equal(fx_state(r, "on_processor"), SC_NOT_PRINTED);
    assert_int_equal(fx_int(fx_row(&f, "ready_thread", 1), "on_processor"), 0);
    r = fx_row(&f, "ready_thread", 3);
    assert_int_equal(fx_int(r, "priority"), 9);
    assert_int_equal(fx_int(r, "processor"), 1);
    fx_assert_text(fx_row(&f, "thread", 3), "state", "ready");
    assert_false(fx_covers_all(&f, "ready_thread")); /* how many processors there are is not known */
    fx_free(&f);
    fx_assert_forms(win7, "ready_thread", 4, FX_NO_FLAT);
}

static void reads_shared_queues(void **state)
{
    (void)state;
    fx f = fx_read(shared);
    assert_int_equal(fx_count(&f, "ready_thread"), 2);
    const sc_row *r = fx_row(&f, "ready_thread", 0);
    assert_int_equal(fx_addr(r, "queue"), 0x8147e800);
    assert_int_equal(fx_state(r, "processor"), SC_NULL);
    assert_int_equal(fx_int(r, "on_processor"), 1);
    assert_int_equal(fx_int(fx_row(&f, "thread", 0), "processor"), 1);
    assert_int_equal(fx_int(fx_row(&f, "ready_thread", 1), "priority"), 0);
    assert_true(fx_covers_all(&f, "ready_thread"));
    assert_true(f.transcript.sections[0].complete);
    fx_free(&f);
    fx_assert_forms(shared, "ready_thread", 2, FX_NO_FLAT);
    f = fx_read("0: kd> !ready\nNo threads in READY state\n");
    assert_int_equal(fx_count(&f, "ready_thread"), 0);
    assert_true(fx_covers_all(&f, "ready_thread"));
    fx_free(&f);
    f = fx_read("0: kd> !ready\nProcessor 0: No threads in READY state\n");
    assert_false(fx_covers_all(&f, "ready_thread"));
    fx_free(&f);
}

static void threads_may_have_stacks(void **state)
{
    (void)state;
    fx f = fx_read(stacks);
    assert_int_equal(fx_count(&f, "ready_thread"), 2);
    assert_int_equal(fx_int(fx_row(&f, "ready_thread", 0), "processor"), 2);
    assert_int_equal(fx_int(fx_row(&f, "ready_thread", 1), "priority"), 8);
    const sc_row *t = fx_row(&f, "thread", 0);
    fx_assert_text(t, "image", "acmesvc.exe");
    assert_true(fx_real(t, "seconds") == 20);
    assert_int_equal(fx_count(&f, "stack"), 1);
    assert_int_equal(fx_addr(fx_row(&f, "stack", 0), "thread"), 0x857d9030);
    assert_int_equal(fx_int(fx_row(&f, "stack", 0), "frames"), 2);
    fx_free(&f);
    fx_assert_forms(stacks, "ready_thread", 2, FX_NO_FLAT);
    f = fx_read("kd> !ready\n" /* Windows 2000: one queue */
                "Ready Threads at priority 8\n"
                "    THREAD 857d9030  Cid 0ec8.0e30  Teb: 7ffdd000 Win32Thread: 00000000 READY\n");
    assert_int_equal(fx_state(fx_row(&f, "ready_thread", 0), "processor"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "ready_thread", 0), "queue"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void what_is_cut_is_not_whole(void **state)
{
    (void)state;
    char *cut = fx_cut(shared, 8);
    fx f = fx_read(cut);
    assert_int_equal(fx_count(&f, "ready_thread"), 2);
    assert_false(fx_covers_all(&f, "ready_thread"));
    assert_false(f.transcript.sections[0].complete);
    fx_free(&f);
    free(cut);
    f = fx_read("0: kd> !ready\n"
                "KSHARED_READY_QUEUE 8147e800: (00) **------------------------------\n"
                "...\n"
                "Processor 0: No threads in READY state\n"
                "Processor 1: No threads in READY state\n");
    assert_false(fx_covers_all(&f, "ready_thread"));
    fx_free(&f);
    f = fx_read("0: kd> !ready\n" /* the second group counts its processors from 0 again */
                "KSHARED_READY_QUEUE 8147e800: (00) *-------------------------------\n"
                "KSHARED_READY_QUEUE 8147e900: (01) *-------------------------------\n"
                "Processor 0: No threads in READY state\n");
    assert_false(fx_covers_all(&f, "ready_thread"));
    fx_free(&f);
}

static void noise_is_no_ready_thread(void **state)
{
    (void)state;
    fx f = fx_read("Processor 0: Ready Threads at priority eight\nReady Threads at priority 99\n"
                   "No threads in READY state were seen\nSharedReadyQueue: none\nKSHARED_READY_QUEUE 8147e800: busy\n"
                   "THREAD 857d9030  Cid 0ec8.0e30  Teb: 7ffdd000 Win32Thread: 00000000 READY\n");
    assert_int_equal(fx_count(&f, "ready_thread"), 0);
    fx_free(&f);
    f = fx_read("Processor 0: Ready Threads at priority 8\n" /* another command's thread below */
                "    THREAD 857d9030  Cid 0ec8.0e30  Teb: 7ffdd000 Win32Thread: 00000000 READY\n"
                "and this is what the other one did:\n"
                "THREAD 857d9999  Cid 0ec8.0e34  Teb: 7ffdc000 Win32Thread: 00000000 WAIT: (Executive) KernelMode "
                "Non-Alertable\n");
    assert_int_equal(fx_count(&f, "ready_thread"), 1);
    assert_int_equal(fx_count(&f, "thread"), 2);
    fx_free(&f);
    fx_torture(win7);
    fx_torture(shared);
    fx_torture(stacks);
}

static void what_begins_it(void **state)
{
    (void)state;
    static const char *const strong[] = {
        "KSHARED_READY_QUEUE 8147e800: (00) ****----\n",
        "SharedReadyQueue 8147e800: Ready Threads at priority 8\n",
        "SharedReadyQueue 8147e800: No threads in READY state\n",
        "Processor 4095: Ready Threads at priority 31\n",
        "Processor 0: No threads in READY state\n",
        "Ready Threads at priority 8 on processor 4095\n",
        "Ready Threads at priority 8\n\n    THREAD 857d9030  Cid 0ec8.0e30  Teb: 7ffdd000\n",
    };
    static const char *const weak[] = {"Ready Threads at priority 8\nand more\n", "No threads in READY state\n"};
    static const char *const none[] = {
        "KSHARED_READY_QUEUE 8147e800: (00) ****-x--\n",
        "KSHARED_READY_QUEUE 8147e800: (00) x***----\n",
        "KSHARED_READY_QUEUE 8147e800: (x) ****----\n",
        "Processor 4096: Ready Threads at priority 8\n",
        "Processor 0 Ready Threads at priority 8\n",
        "Processor x: Ready Threads at priority 8\n",
        "Processor 0: Ready Threads at priority 32\n",
        "Processor 0: Ready Threads at priority 8 and 9\n",
        "Processor 0: Ready Threads at priority 8 on processor 1\n",
        "Ready Threads at priority 8 on processor 4096\n",
        "Ready Threads at priority 8 on processor one\n",
        "No threads in READY state today\n",
    };
    for (size_t i = 0; i < sizeof strong / sizeof *strong; i++)
        assert_int_equal(fx_taste("!ready", strong[i]), SC_STRONG);
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) assert_int_equal(fx_taste("!ready", weak[i]), SC_WEAK);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_int_equal(fx_taste("!ready", none[i]), SC_ABSTAIN);
    fx_assert_taken(win7);
    fx_assert_taken(shared);
    fx_assert_taken(stacks);
}

static void every_processor_must_be_there(void **state)
{
    (void)state;
    static const char first[] = "0: kd> !ready\n"
                                "KSHARED_READY_QUEUE 8147e800: (00) *-*-\n"
                                "Processor 0: No threads in READY state\n"
                                "Processor 64: No threads in READY state\n";
    char text[400];
    fx f = fx_read(first);
    assert_false(fx_covers_all(&f, "ready_thread"));
    fx_free(&f);
    strcat(strcpy(text, first), "Processor 2: No threads in READY state\n");
    f = fx_read(text);
    assert_true(fx_covers_all(&f, "ready_thread"));
    fx_free(&f);
    strcat(text, "Processor 3: Ready Threads at priority 8\n"); /* what it has was cut off */
    f = fx_read(text);
    assert_false(fx_covers_all(&f, "ready_thread"));
    fx_free(&f);
    f = fx_read("0: kd> !ready\n"
                "Processor 1: Ready Threads at priority 8\n"
                "    THREAD 857d9030  Cid 0ec8.0e30  Teb: 7ffdd000 Win32Thread: 00000000 DEFERREDREADY\n"
                "Processor 1: No threads in READY state\n"
                "    THREAD 857d9040  Cid 0ec8.0e30  Teb: 7ffdd000 Win32Thread: 00000000 READY\n");
    assert_int_equal(fx_count(&f, "ready_thread"), 1);
    assert_int_equal(fx_count(&f, "thread"), 2);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_own_queues),
        cmocka_unit_test(reads_shared_queues),
        cmocka_unit_test(threads_may_have_stacks),
        cmocka_unit_test(what_is_cut_is_not_whole),
        cmocka_unit_test(noise_is_no_ready_thread),
        cmocka_unit_test(what_begins_it),
        cmocka_unit_test(every_processor_must_be_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
