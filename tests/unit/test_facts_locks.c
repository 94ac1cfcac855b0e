/* !locks (engine/facts/locks.c). */
#include "tests/unit/facts_fixture.h"

#include <stdio.h>

/* Seed 003, where the list of waiting threads is lost. */
static const char seed[] = "0: kd> !locks\n"
                           "KD: Scanning for held locks..\n\n"
                           "Resource @ nt!IopDeviceTreeLock (0xfffff80003492ce0)    Shared 1 owning threads\n"
                           "    Contention Count = 1\n"
                           "     Threads: fffffa8007005660-01\n"
                           "KD: Scanning for held locks.\n\n"
                           "Resource @ nt!PiEngineLock (0xfffff80003492be0)    Exclusively owned\n"
                           "    Contention Count = 21\n"
                           "    NumberOfExclusiveWaiters = 1\n"
                           "     Threads: fffffa8007005660-01\n"
                           "     Threads Waiting On Exclusive Access:\n\n"
                           "KD: Scanning for held locks........................\n"
                           "18855 total locks, 2 locks currently held\n";

static void whole(void **state)
{
    (void)state;
    fx f = fx_read(seed);
    assert_int_equal(fx_count(&f, "lock"), 2);
    const sc_row *tree = fx_row(&f, "lock", 0), *engine = fx_row(&f, "lock", 1);
    fx_assert_text(tree, "name", "nt!IopDeviceTreeLock");
    fx_assert_text(tree, "mode", "shared");
    assert_int_equal(fx_int(tree, "owners"), 1);
    assert_int_equal(fx_int(tree, "exclusive_waiters"), 0); /* a count of zero is not printed */
    fx_assert_text(engine, "name", "nt!PiEngineLock");
    fx_assert_text(engine, "mode", "exclusive");
    assert_true(fx_addr(engine, "address") == 0xfffff80003492be0u);
    assert_int_equal(fx_int(engine, "contention"), 21);
    assert_int_equal(fx_int(engine, "exclusive_waiters"), 1);
    assert_int_equal(fx_int(engine, "shared_waiters"), 0);
    assert_int_equal(engine->line, 9);
    assert_int_equal(fx_count(&f, "lock_thread"), 2);
    const sc_row *owner = fx_row(&f, "lock_thread", 1);
    assert_int_equal(fx_int(owner, "lock"), fx_int(engine, "lock"));
    assert_true(fx_addr(owner, "thread") == 0xfffffa8007005660u);
    fx_assert_text(owner, "role", "owner");
    assert_true(fx_covers_all(&f, "lock"));
    assert_false(fx_covers_all(&f, "lock_thread")); /* one waiter is announced and none is listed */
    assert_int_equal(f.facts->pointer_bytes, 8);
    fx_free(&f);
}

static void waiters_in_columns(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !locks\n"
                   "Resource @ 0x85205ec8    Exclusively owned\n"
                   "    Contention Count = 7\n"
                   "    NumberOfExclusiveWaiters = 6\n"
                   "    NumberOfSharedWaiters = 1\n"
                   "     Threads: 88b9fcb0-01<*>\n"
                   "     Threads Waiting On Shared Access:\n"
                   "              87654320       \n"
                   "     Threads Waiting On Exclusive Access:\n"
                   "              850bbd78       89b2b3f0       89754030       84753d78  <<<\n"
                   "              84e92b78       853cf760       \n"
                   "2000 total locks, 1 locks currently held\n");
    assert_int_equal(fx_count(&f, "lock_thread"), 8);
    fx_assert_text(fx_row(&f, "lock_thread", 1), "role", "shared-waiter");
    fx_assert_text(fx_row(&f, "lock_thread", 7), "role", "exclusive-waiter");
    assert_true(fx_addr(fx_row(&f, "lock_thread", 7), "thread") == 0x853cf760u);
    assert_int_equal(fx_state(fx_row(&f, "lock", 0), "name"), SC_NULL);
    assert_true(fx_covers_all(&f, "lock_thread"));
    fx_free(&f);
}

/* Sample locks--locks-kdext-locks-56: addresses only, several owners on a line, flags in the low bits. */
static void addresses_only(void **state)
{
    (void)state;
    fx f = fx_read("kd> !locks\n"
                   "**** DUMP OF ALL RESOURCE OBJECTS ****\n"
                   "KD: Scanning for held locks......\n"
                   "Resource @ 0x80e97620    Shared 4 owning threads\n"
                   "     Threads: ff688da0-01<*> ff687da0-01<*> ff686da0-01<*> ff685da0-01<*> \n"
                   "KD: Scanning for held locks......Resource @ 0x80e23f38    Shared 1 owning threads\n"
                   "     Threads: 80ed0023-01<*> *** Actual Thread 80ed0020\n"
                   "2263 total locks, 2 locks currently held\n");
    assert_int_equal(fx_count(&f, "lock"), 2);
    assert_int_equal(fx_int(fx_row(&f, "lock", 0), "owners"), 4);
    assert_int_equal(fx_count(&f, "lock_thread"), 5);
    assert_true(fx_addr(fx_row(&f, "lock_thread", 3), "thread") == 0xff685da0u);
    assert_true(fx_addr(fx_row(&f, "lock_thread", 4), "thread") == 0x80ed0020u);
    assert_true(fx_covers_all(&f, "lock"));
    assert_true(fx_covers_all(&f, "lock_thread"));
    fx_free(&f);
}

static void without_prompt_and_cut(void **state)
{
    (void)state;
    fx f = fx_read("So I looked at the locks.\n\n"
                   "Resource @ nt!PiEngineLock (0xfffff80003492be0)    Exclusively owned\n"
                   "    Contention Count = 21\n");
    const sc_row *r = fx_row(&f, "lock", 0);
    fx_assert_text(r, "mode", "exclusive");
    assert_int_equal(fx_state(r, "exclusive_waiters"), SC_NOT_PRINTED); /* the paste ends where it would stand */
    assert_false(fx_covers_all(&f, "lock"));
    assert_false(fx_covers_all(&f, "lock_thread"));
    fx_free(&f);
}

/* The list of all locks and the output about one of them end alike. */
static void one_lock_is_not_all(void **state)
{
    (void)state;
    fx f = fx_read("1: kd> !locks 0x9655D4A8\n\n"
                   "Resource @ 0x9655d4a8    Available\n"
                   "1 total locks\n");
    fx_assert_text(fx_row(&f, "lock", 0), "mode", "available");
    assert_int_equal(fx_int(fx_row(&f, "lock", 0), "contention"), 0);
    assert_false(fx_covers_all(&f, "lock"));
    fx_free(&f);
    f = fx_read("Resource @ 0x80d8b0b0    Exclusively owned\n     Threads: 80ed0020-01<*>\n"
                "1 total locks, 1 locks currently held\n"); /* no prompt says what was asked for */
    assert_false(fx_covers_all(&f, "lock"));
    fx_free(&f);
    f = fx_read("kd> !locks\n2263 total locks, 3 locks currently held\n"); /* three are held, none is there */
    assert_false(fx_covers_all(&f, "lock"));
    fx_free(&f);
    f = fx_read("kd> !locks\nKD: Scanning for held locks.\n2263 total locks, 0 locks currently held\n");
    assert_true(fx_covers_all(&f, "lock"));
    fx_free(&f);
}

/* Sample k_x86--locks-kdext-locks-78. */
static void verbose(void **state)
{
    (void)state;
    fx f = fx_read(
        "kd> !locks -v 80d8b0b0\n\n"
        "Resource @ 0x80d8b0b0    Shared 1 owning threads\n"
        "     Threads: 80ed0023-01<*> *** Actual Thread 80ed0020\n\n"
        "     THREAD 80ed0020  Cid 4.2c  Teb: 00000000 Win32Thread: 00000000 WAIT: (WrQueue) KernelMode Non-Alertable\n"
        "         8055e100  Unknown\n"
        "     Not impersonating\n"
        "     Owning Process 80ed5238\n"
        "     WaitTime (ticks)          44294977\n"
        "     Start Address nt!ExpWorkerThread (0x80506aa2)\n"
        "     Stack Init fafa4000 Current fafa3d18 Base fafa4000 Limit fafa1000 Call 0\n"
        "     Priority 13 BasePriority 13 PriorityDecrement 0\n"
        "ChildEBP RetAddr  \n"
        "fafa3d30 804fe997 nt!KiSwapContext+0x25 (FPO: [EBP 0xfafa3d48] [0,0,4])\n"
        "fafa3d48 80506a17 nt!KiSwapThread+0x85 (FPO: [Non-Fpo]) (CONV: fastcall)\n\n"
        "1 total locks, 1 locks currently held\n");
    assert_int_equal(fx_count(&f, "lock"), 1);
    assert_int_equal(fx_count(&f, "lock_thread"), 1);
    const sc_row *t = fx_row(&f, "thread", 0);
    assert_true(fx_addr(t, "base") == 0xfafa4000u);
    assert_int_equal(fx_state(t, "seconds"), SC_NOT_PRINTED); /* WaitTime is when the wait began */
    assert_int_equal(fx_count(&f, "frame"), 2);
    assert_true(fx_addr(fx_row(&f, "stack", 0), "thread") == 0x80ed0020u);
    fx_free(&f);
}

/* NT 4, sample locks--resource-time-outs-17. */
static void old(void **state)
{
    (void)state;
    fx f = fx_read("Resource @ 800e99c0\n"
                   " ActiveCount = 0001  Flags = IsOwnedExclusive sharedWaiter\n"
                   " NumberOfExclusiveWaiters = 0000\n"
                   "  Thread = 809cd2f0, Count = 01\n"
                   "  Thread = 809ebc50, Count = 01\n"
                   "  Thread = 00000000, Count = 00\n");
    fx_assert_text(fx_row(&f, "lock", 0), "mode", "exclusive");
    assert_int_equal(fx_count(&f, "lock_thread"), 1); /* an exclusive lock has one owner, the first */
    assert_true(fx_addr(fx_row(&f, "lock_thread", 0), "thread") == 0x809cd2f0u);
    fx_free(&f);
}

/* Without prompts the block of the owner stands behind the list of waiters, and nothing tells where one ends. */
static void thread_behind_waiters(void **state)
{
    (void)state;
    static const char *const ends[] = {"", "18855 total locks, 1 locks currently held\n"};
    for (size_t i = 0; i < 2; i++) {
        char text[1500];
        snprintf(text, sizeof text,
                 "Resource @ nt!PiEngineLock (0xfffff80003492be0)    Exclusively owned\n"
                 "    NumberOfExclusiveWaiters = 1\n     Threads: fffffa8007005660-01\n"
                 "     Threads Waiting On Exclusive Access:\n%s"
                 "THREAD fffffa8007005660  Cid 0004.0048  Teb: 0000000000000000 Win32Thread: 0000000000000000 READY\n"
                 "IRP List:\n    fffffa8008f5cc10: (0006,03e8) Flags: 00000000  Mdl: 00000000\nNot impersonating\n"
                 "fffff880`03bd22c0 fffff800`032845f2 : fffffa80`07005660 fffffa80`07005660 00000000`00000000 "
                 "00000000`00000000 : nt!KiSwapContext+0x7a\n",
                 ends[i]);
        fx f = fx_read(text);
        assert_int_equal(fx_count(&f, "lock_thread"), 1);
        assert_int_equal(fx_count(&f, "thread_irp"), 1);
        assert_int_equal(fx_count(&f, "frame"), 1);
        fx_free(&f);
    }
}

static void two_outputs(void **state)
{
    (void)state;
    fx f = fx_read(
        "kd> !locks\nResource @ 0x80e97620    Exclusively owned\n     Threads: ff688da0-01<*>\n"
        "100 total locks, 1 locks currently held\n"
        "kd> !locks\nResource @ 0x80e97620    Shared 2 owning threads\n     Threads: ff688da0-01<*> ff687da0-01<*>\n"
        "100 total locks, 1 locks currently held\n");
    assert_int_equal(fx_count(&f, "lock"), 2);
    assert_int_not_equal(fx_int(fx_row(&f, "lock", 0), "lock"), fx_int(fx_row(&f, "lock", 1), "lock"));
    assert_int_equal(fx_int(fx_row(&f, "lock_thread", 2), "lock"), fx_int(fx_row(&f, "lock", 1), "lock"));
    fx_free(&f);
}

static void prose_is_no_lock(void **state)
{
    (void)state;
    fx f = fx_read("kd> !locks\n"
                   "Resource @ your own risk, I would say.\n"
                   "Threads: there are many of them.\n"
                   "Contention Count = high\n");
    assert_int_equal(fx_count(&f, "lock"), 0);
    assert_int_equal(fx_count(&f, "lock_thread"), 0);
    fx_free(&f);
}

static void hostile(void **state)
{
    (void)state;
    fx_torture(seed);
    fx f = fx_read("kd> !locks\nResource @ 0xffffffffffffffff    Shared 99999999999999999999 owning threads\n"
                   "    Contention Count = 18446744073709551615\n"
                   "    NumberOfExclusiveWaiters = 99999999999999999999999\n"
                   "18446744073709551615 total locks, 18446744073709551615 locks currently held\n");
    assert_int_equal(fx_state(fx_row(&f, "lock", 0), "contention"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "lock", 0), "owners"), SC_NOT_PRINTED);
    assert_false(fx_covers_all(&f, "lock"));
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole),
        cmocka_unit_test(waiters_in_columns),
        cmocka_unit_test(addresses_only),
        cmocka_unit_test(without_prompt_and_cut),
        cmocka_unit_test(one_lock_is_not_all),
        cmocka_unit_test(verbose),
        cmocka_unit_test(old),
        cmocka_unit_test(thread_behind_waiters),
        cmocka_unit_test(two_outputs),
        cmocka_unit_test(prose_is_no_lock),
        cmocka_unit_test(hostile),
    };
    return cmocka_run_group_tests_name("!locks", tests, NULL, NULL);
}
