/* !exqueue: Windows 2000 to 7, items, NUMA nodes, cut, without prompt, several, hostile. */
#include "facts_forms.h"

static const char win7[] =
    "kd> !exqueue\n"
    "**** Critical WorkQueue ( Threads: 2/512, Concurrency: 0/1 )\n"
    "THREAD 852115d8  Cid 0004.0018  Teb: 00000000 Win32Thread: 00000000 WAIT\n"
    "THREAD 85211300  Cid 0004.001c  Teb: 00000000 Win32Thread: 00000000 WAIT\n"
    "\n"
    "**** Delayed WorkQueue ( Threads: 1/512, Concurrency: 1/4 )\n"
    "THREAD 851ff798  Cid 0004.002c  Teb: 00000000 Win32Thread: 00000000 RUNNING on processor 0\n"
    "PENDING: IoWorkItem (85cbf158) Routine HTTP!UlWorker (8a2c1100) IoObject (85d18f10) Context (85cbf1a0)\n"
    "PENDING: ExWorkItem (86d4c020) Routine acmedisk!Work+0x12 (967ec282) Parameter (86d4c000)\n"
    "    ExWorkItem (86d4d020) Routine 0x967ed282 (967ed282) Parameter (00000000)\n"
    "\n"
    "**** HyperCritical WorkQueue ( Threads: 1/512, Concurrency: 0/1 )\n"
    "THREAD 85202020  Cid 0004.0048  Teb: 00000000 Win32Thread: 00000000 WAIT\n"
    "\n"
    "kd> \n";
static const char win2000[] = "kd> !exqueue\n"
                              "Dumping ExWorkerQueue: 8046A5C0\n"
                              "\n"
                              "**** Critical WorkQueue( current = 0 maximum = 1 )\n"
                              "THREAD fe502940  Cid 8.c  Teb: 00000000  Win32Thread: 00000000 WAIT\n"
                              "THREAD fe5026c0  Cid 8.10  Teb: 00000000  Win32Thread: 00000000 WAIT\n"
                              "\n"
                              "**** HyperCritical WorkQueue( current = 1 maximum = 2 )\n"
                              "THREAD fe501620  Cid 8.2c  Teb: 00000000  Win32Thread: 00000000 WAIT\n";

static void reads_newer(void **state)
{
    (void)state;
    fx f = fx_read(win7);
    assert_int_equal(fx_count(&f, "work_queue"), 3);
    const sc_row *r = fx_row(&f, "work_queue", 1);
    assert_int_equal(r->line, 6);
    assert_int_equal(r->last_line, 10);
    fx_assert_text(r, "queue", "Delayed");
    assert_int_equal(fx_state(r, "node"), SC_NOT_PRINTED);
    assert_int_equal(fx_int(r, "threads"), 1);
    assert_int_equal(fx_int(r, "threads_max"), 512);
    assert_int_equal(fx_int(r, "running"), 1);
    assert_int_equal(fx_int(r, "running_max"), 4);
    assert_int_equal(fx_int(r, "items"), 3);
    assert_int_equal(fx_count(&f, "work_queue_thread"), 4);
    r = fx_row(&f, "work_queue_thread", 2);
    fx_assert_text(r, "queue", "Delayed");
    assert_int_equal(fx_addr(r, "thread"), 0x851ff798);
    assert_int_equal(fx_count(&f, "thread"), 4);
    fx_assert_text(fx_row(&f, "thread", 2), "state", "running");
    assert_true(fx_covers_text(&f, "work_queue_thread", "Critical"));
    assert_true(f.transcript.sections[0].complete);
    fx_free(&f);
    fx_assert_forms(win7, "work_queue", 3, FX_NO_FLAT);
    fx_assert_forms(win7, "work_queue_thread", 4, FX_NO_FLAT);
}

static void reads_items(void **state)
{
    (void)state;
    fx f = fx_read(win7);
    assert_int_equal(fx_count(&f, "work_item"), 3);
    const sc_row *r = fx_row(&f, "work_item", 0);
    fx_assert_text(r, "queue", "Delayed");
    fx_assert_text(r, "kind", "IoWorkItem");
    assert_int_equal(fx_addr(r, "item"), 0x85cbf158);
    assert_int_equal(fx_addr(r, "routine"), 0x8a2c1100);
    fx_assert_text(r, "symbol", "HTTP!UlWorker");
    fx_assert_text(r, "module", "HTTP");
    assert_int_equal(fx_addr(r, "object"), 0x85d18f10);
    assert_int_equal(fx_addr(r, "parameter"), 0x85cbf1a0);
    r = fx_row(&f, "work_item", 1);
    fx_assert_text(r, "kind", "ExWorkItem");
    fx_assert_text(r, "symbol", "acmedisk!Work");
    assert_int_equal(fx_state(r, "object"), SC_NULL);
    assert_int_equal(fx_addr(r, "parameter"), 0x86d4c000);
    r = fx_row(&f, "work_item", 2);
    assert_int_equal(fx_state(r, "symbol"), SC_NULL);
    assert_int_equal(fx_state(r, "module"), SC_NULL);
    assert_int_equal(fx_addr(r, "routine"), 0x967ed282);
    assert_true(fx_covers_all(&f, "work_item"));
    fx_free(&f);
    fx_assert_forms(win7, "work_item", 3, FX_NO_FLAT);
    f = fx_read("PENDING: ExWorkItem (86d4c020) Routine acmedisk!Work (967ec282) Parameter (86d4c000)\n");
    assert_int_equal(fx_state(fx_row(&f, "work_item", 0), "queue"), SC_NOT_PRINTED);
    assert_false(fx_covers_all(&f, "work_item"));
    fx_free(&f);
}

static void reads_older(void **state)
{
    (void)state;
    fx f = fx_read(win2000);
    const sc_row *r = fx_row(&f, "work_queue", 1);
    fx_assert_text(r, "queue", "HyperCritical");
    assert_int_equal(fx_int(r, "running"), 1);
    assert_int_equal(fx_int(r, "running_max"), 2);
    assert_int_equal(fx_state(r, "threads"), SC_NOT_PRINTED);
    assert_int_equal(fx_int(r, "items"), 0);
    assert_int_equal(fx_count(&f, "work_queue_thread"), 3);
    assert_false(fx_covers_text(&f, "work_queue_thread", "Critical")); /* how many it has is not printed */
    assert_false(f.transcript.sections[0].complete);
    fx_free(&f);
    fx_assert_forms(win2000, "work_queue_thread", 3, FX_NO_FLAT);
    f = fx_read("kd> !exqueue\n" /* Markdown took the asterisks */
                "NUMA Node 1 Normal WorkQueue ( Threads: 0/512, Concurrency: 0/8 )\n");
    r = fx_row(&f, "work_queue", 0);
    fx_assert_text(r, "queue", "NUMA Node 1 Normal");
    assert_int_equal(fx_int(r, "node"), 1);
    assert_true(fx_covers_text(&f, "work_queue_thread", "NUMA Node 1 Normal"));
    fx_free(&f);
}

static void what_is_cut_is_not_whole(void **state)
{
    (void)state;
    char *cut = fx_cut(win7, 9);
    fx f = fx_read(cut);
    assert_int_equal(fx_count(&f, "work_queue"), 2);
    assert_false(fx_covers_all(&f, "work_item"));
    assert_false(f.transcript.sections[0].complete);
    fx_free(&f);
    free(cut);
    f = fx_read_crash((sc_span){win7, strlen(win7) - strlen("kd> \n")}, NULL, 0); /* items may have followed */
    assert_false(f.transcript.sections[0].complete);
    fx_free(&f);
    f = fx_read("kd> !exqueue\n"
                "**** HyperCritical WorkQueue ( Threads: 0/512, Concurrency: 0/1 )\n"
                "PENDING: ExWorkIt");
    assert_int_equal(fx_count(&f, "work_queue"), 1);
    assert_false(f.transcript.sections[0].complete);
    fx_free(&f);
    f = fx_read("kd> !exqueue\n"
                "**** Critical WorkQueue ( Threads: 2/512, Concurrency: 0/1 )\n"
                "THREAD 852115d8  Cid 0004.0018  Teb: 00000000 Win32Thread: 00000000 WAIT\n"
                "...\n"
                "kd> \n");
    assert_false(fx_covers_text(&f, "work_queue_thread", "Critical"));
    fx_free(&f);
}

static void other_threads_serve_no_queue(void **state)
{
    (void)state;
    fx f = fx_read("**** HyperCritical WorkQueue ( Threads: 1/512, Concurrency: 0/1 )\n"
                   "THREAD 85202020  Cid 0004.0048  Teb: 00000000 Win32Thread: 00000000 WAIT\n"
                   "THREAD 85202222  Cid 0104.0048  Teb: 00000000 Win32Thread: 00000000 WAIT\n");
    assert_int_equal(fx_count(&f, "work_queue_thread"), 1);
    assert_int_equal(fx_count(&f, "thread"), 2);
    fx_free(&f);
    f = fx_read("**** HyperCritical WorkQueue( current = 0 maximum = 1 )\n"
                "THREAD fe501620  Cid 8.2c  Teb: 00000000  Win32Thread: 00000000 WAIT\n"
                "and here is the thread that I mean:\n"
                "THREAD fe501777  Cid 108.2c  Teb: 00000000  Win32Thread: 00000000 WAIT\n");
    assert_int_equal(fx_count(&f, "work_queue_thread"), 1);
    fx_free(&f);
}

static void noise_is_no_queue(void **state)
{
    (void)state;
    fx f = fx_read("The WorkQueue ( Threads: 5/512, Concurrency: 0/1 )\nCritical WorkQueue (busy)\n"
                   "**** Critical WorkQueue ( Threads: five/512, Concurrency: 0/1 )\n"
                   "**** NUMA Node x Critical WorkQueue ( Threads: 5/512, Concurrency: 0/1 )\n"
                   "PENDING: ExWorkItem (now) Routine acmedisk!Work\nDumping ExWorkerQueue: all\n"
                   "IoWorkItem (85cbf158) Routine of mine\n");
    assert_int_equal(fx_count(&f, "work_queue"), 0);
    assert_int_equal(fx_count(&f, "work_item"), 0);
    fx_free(&f);
    fx_torture(win7);
    fx_torture(win2000);
}

static void what_begins_it(void **state)
{
    (void)state;
    static const char *const strong[] = {
        "Dumping ExWorkerQueue: 8046A5C0\n",
        "**** Critical WorkQueue( current = 0 maximum = 1 )\n",
        "**** Delayed WorkQueue ( Threads: 7/512, Concurrency: 0/1 )\n",
        "Delayed WorkQueue ( Threads: 4294967295/4294967295, Concurrency: 4294967295/4294967295 )\n",
        "**** NUMA Node 4095 HyperCritical WorkQueue( current = 4294967295 maximum = 4294967295 )\n",
        "**** SuperCritical WorkQueue ( Threads: 1/2, Concurrency: 0/1 )\n",
        "**** RealTime WorkQueue ( Threads: 1/2, Concurrency: 0/1 )\n",
        "**** Normal WorkQueue ( Threads: 1/2, Concurrency: 0/1 )\n",
        "**** Background WorkQueue ( Threads: 1/2, Concurrency: 0/1 )\n",
        "PENDING: ExWorkItem (86d4c020)\n",
        "ExWorkItem (86d4c020) Routine acmedisk!Work (967ec282)\n",
        "IoWorkItem (86d4c020) Routine acmedisk!Work\n",
    };
    static const char *const none[] = {
        "Dumping ExWorkerQueue: now\n",
        "Dumping ExWorkerQueue: 8046A5C0 and more\n",
        "**** Critical WorkQueue\n",
        "**** WorkQueue ( Threads: 7/512, Concurrency: 0/1 )\n",
        "**** Other WorkQueue ( Threads: 7/512, Concurrency: 0/1 )\n",
        "**** NUMA Node 4096 Normal WorkQueue ( Threads: 7/512, Concurrency: 0/1 )\n",
        "**** NUMA Node Normal WorkQueue ( Threads: 7/512, Concurrency: 0/1 )\n",
        "**** Delayed WorkQueue ( Threads: 7-512, Concurrency: 0/1 )\n",
        "**** Delayed WorkQueue ( Threads: 7/x, Concurrency: 0/1 )\n",
        "**** Delayed WorkQueue ( Threads: 7/512, Concurrency: 0/x )\n",
        "**** Delayed WorkQueue ( Threads: 7/512, Concurrency: 0/1\n",
        "**** Delayed WorkQueue ( Threads: 4294967296/512, Concurrency: 0/1 )\n",
        "**** Delayed WorkQueue ( Threads: 7/4294967296, Concurrency: 0/1 )\n",
        "**** Delayed WorkQueue( current = 4294967296 maximum = 1 )\n",
        "**** Delayed WorkQueue( current = 0 maximum = 4294967296 )\n",
        "**** Delayed WorkQueue( current = 0 maximum = 1\n",
        "**** Delayed WorkQueue( current = 0 maximum = x )\n",
        "PENDING: ExWorkItem (86d4c020) of mine\n",
        "Excellent work, and everybody is happy with it\n",
        "1234567890 Normal WorkQueue ( Threads: 1/2, Concurrency: 0/1 )\n",
    };
    for (size_t i = 0; i < sizeof strong / sizeof *strong; i++)
        assert_int_equal(fx_taste("!exqueue", strong[i]), SC_STRONG);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_int_equal(fx_taste("!exqueue", none[i]), SC_ABSTAIN);
    fx_assert_taken(win2000);
}

static void threads_may_have_stacks(void **state)
{
    (void)state;
    fx f = fx_read("**** Critical WorkQueue ( Threads: 2/512, Concurrency: 0/1 )\n"
                   "THREAD 852115d8  Cid 0004.0018  Teb: 00000000 Win32Thread: 00000000 WAIT\n"
                   "**** HyperCritical WorkQueue ( Threads: 1/512, Concurrency: 0/1 )\n"
                   "THREAD 85202020  Cid 0004.0048  Teb: 00000000 Win32Thread: 00000000 WAIT\n"
                   "        ChildEBP RetAddr\n"
                   "        8d1fbc10 8287a9bd nt!KiSwapContext+0x26\n"
                   "        8d1fbc48 8287981a nt!KiSwapThread+0x266\n"
                   "kd> \n");
    assert_int_equal(f.transcript.n_sections, 2);
    assert_int_equal(fx_addr(fx_row(&f, "stack", 0), "thread"), 0x85202020);
    assert_false(fx_covers_text(&f, "work_queue_thread", "Critical"));
    assert_true(fx_covers_text(&f, "work_queue_thread", "HyperCritical"));
    assert_true(fx_covers_text(&f, "work_queue", "Critical"));
    assert_false(f.transcript.sections[0].complete); /* a thread of the first queue is missing */
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_newer),
        cmocka_unit_test(reads_items),
        cmocka_unit_test(reads_older),
        cmocka_unit_test(what_is_cut_is_not_whole),
        cmocka_unit_test(other_threads_serve_no_queue),
        cmocka_unit_test(noise_is_no_queue),
        cmocka_unit_test(what_begins_it),
        cmocka_unit_test(threads_may_have_stacks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
