/* What the I/O tables tell each other (engine/facts/derive_io.c). */
#include "tests/unit/facts_fixture.h"

#include <stdio.h>

#define LOCKS                                                                                                          \
    "0: kd> !locks\nResource @ nt!PiEngineLock (0xfffff80003492be0)    Exclusively owned\n"                            \
    "    Contention Count = 21\n     Threads: fffffa8007005660-01<*>\n18855 total locks, 1 locks currently held\n"
#define THREAD                                                                                                         \
    "0: kd> !thread fffffa8007005660\nTHREAD fffffa8007005660  Cid 0004.0048  Teb: 0000000000000000 Win32Thread: "     \
    "0000000000000000 WAIT: (Executive) KernelMode Non-Alertable\n    fffffa800d035ee8  NotificationEvent\nIRP "       \
    "List:\n"                                                                                                          \
    "    fffffa8008f5cc10: (0006,03e8) Flags: 00000000  Mdl: 00000000\nNot impersonating\n"                            \
    "Owning Process            fffffa8006f8d890\n"                                                                     \
    "Wait Start TickCount      396427         Ticks: 38463 (0:00:10:00.026)\n"
#define IRP                                                                                                            \
    "0: kd> !irp fffffa8008f5cc10\nIrp is active with 1 stacks 1 is current (= 0xfffffa8008f5cce0)\n"                  \
    ">[ 1b,17]   0  0 fffffa800c089050 00000000 00000000-00000000   \n"
#define DEVICE                                                                                                         \
    "0: kd> !devobj fffffa800c089050\nDevice object (fffffa800c089050) is for:\n"                                      \
    " NDMP14 \\Driver\\ZTEusbnet DriverObject fffffa800deeae70\nAttachedTo (Lower) fffffa80070bfa00 "                  \
    "\\Driver\\usbccgp\n"

static void chain(void **state)
{
    (void)state;
    fx f = fx_read(LOCKS THREAD IRP DEVICE);
    fx_assert_text(fx_row(&f, "irp_stack", 0), "driver", "ZTEusbnet");
    assert_true(fx_addr(fx_row(&f, "irp", 0), "thread") == 0xfffffa8007005660u); /* from the thread's list */
    assert_int_equal(fx_count(&f, "wait_chain"), 1);
    const sc_row *c = fx_row(&f, "wait_chain", 0);
    fx_assert_text(c, "lock_name", "nt!PiEngineLock");
    assert_int_equal(fx_int(c, "lock"), fx_int(fx_row(&f, "lock", 0), "lock"));
    assert_true(fx_addr(c, "thread") == 0xfffffa8007005660u);
    assert_true(fx_addr(c, "irp") == 0xfffffa8008f5cc10u);
    assert_true(fx_addr(c, "device") == 0xfffffa800c089050u);
    fx_assert_text(c, "driver", "ZTEusbnet");
    fx_assert_text(c, "major_name", "IRP_MJ_PNP");
    fx_assert_text(c, "minor_name", "IRP_MN_SURPRISE_REMOVAL");
    fx_assert_text(c, "request", "PnP surprise removal");
    assert_true(fx_real(c, "seconds") > 600.02 && fx_real(c, "seconds") < 600.03);
    assert_int_equal(c->line, fx_row(&f, "irp_stack", 0)->line);
    assert_int_equal(fx_int(c, "lock_line"), 2);
    assert_int_equal(fx_int(c, "thread_line"), fx_row(&f, "thread", 0)->line);
    assert_true(fx_covers_all(&f, "wait_chain"));
    fx_free(&f);
}

/* A missing link is not known, and never false. */
static void missing_links(void **state)
{
    (void)state;
    static const char *const cut[] = {THREAD IRP DEVICE, LOCKS IRP DEVICE, LOCKS THREAD DEVICE};
    for (size_t i = 0; i < 3; i++) {
        fx f = fx_read(cut[i]);
        assert_int_equal(fx_count(&f, "wait_chain"), 0);
        assert_false(fx_covers_all(&f, "wait_chain"));
        fx_free(&f);
    }
    fx f = fx_read("0: kd> !locks\nResource @ nt!PiEngineLock (0xfffff80003492be0)    Exclusively owned\n"
                   "18855 total locks, 1 locks currently held\n" THREAD IRP);
    assert_true(fx_covers_all(&f, "lock"));
    assert_false(fx_covers_all(&f, "wait_chain")); /* its owner is lost */
    fx_free(&f);
    f = fx_read(LOCKS THREAD IRP); /* only the driver's name is not known */
    assert_int_equal(fx_count(&f, "wait_chain"), 1);
    assert_int_equal(fx_state(fx_row(&f, "wait_chain", 0), "driver"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void request_seen_by_irpfind(void **state)
{
    (void)state;
    fx f = fx_read(LOCKS THREAD
                   "0: kd> !irpfind\nfffffa8008f5cc10 [fffffa8007005660] irpStack: (1b,17)  fffffa800c089050 [ "
                   "\\Driver\\ZTEusbnet]\n");
    assert_int_equal(fx_count(&f, "wait_chain"), 1);
    fx_assert_text(fx_row(&f, "wait_chain", 0), "driver", "ZTEusbnet");
    fx_assert_text(fx_row(&f, "wait_chain", 0), "request", "PnP surprise removal");
    fx_free(&f);
}

static void no_chain(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !locks\nKD: Scanning for held locks.\n18855 total locks, 0 locks currently held\n");
    assert_int_equal(fx_count(&f, "wait_chain"), 0);
    assert_true(fx_covers_all(&f, "wait_chain")); /* nothing is owned: proven */
    fx_free(&f);
    f = fx_read(LOCKS THREAD
                "0: kd> !irp fffffa8008f5cc10\nIrp is active with 1 stacks 2 is current (= 0xfffffa8008f5cd28)\n"
                " [ 1b,17]   0  0 fffffa800c089050 00000000 00000000-00000000   \n");
    assert_int_equal(fx_count(&f, "wait_chain"), 0); /* the request is completed */
    assert_true(fx_covers_all(&f, "wait_chain"));
    fx_free(&f);
    f = fx_read("0: kd> !locks\nResource @ nt!PiEngineLock (0xfffff80003492be0)    Shared 1 owning threads\n"
                "     Threads: fffffa8007005660-01<*>\n18855 total locks, 1 locks currently held\n" THREAD IRP);
    assert_int_equal(fx_count(&f, "wait_chain"), 0);
    fx_free(&f);
}

static void drivers(void **state)
{
    (void)state;
    fx f = fx_read(IRP "0: kd> !irpfind\nfffffa8008f5d000 [0000000000000000] irpStack: (1b,17)  fffffa800c089050 [ "
                       "\\Driver\\usbccgp]\n");
    fx_assert_text(fx_row(&f, "irp_stack", 0), "driver", "usbccgp");
    fx_free(&f);
    f = fx_read(DEVICE "0: kd> !irp fffffa8008f5cc10\nIrp is active with 1 stacks 1 is current (= 0xfffffa8008f5cce0)\n"
                       ">[ 1b,17]   0  0 fffffa80070bfa00 00000000 00000000-00000000   \n");
    fx_assert_text(fx_row(&f, "irp_stack", 0), "driver", "usbccgp"); /* the lower device of the one shown */
    fx_free(&f);
    f = fx_read(IRP "               \\Driver\\other\n" DEVICE); /* what is printed is never replaced */
    fx_assert_text(fx_row(&f, "irp_stack", 0), "driver", "other");
    fx_free(&f);
}

static void threads_and_processes(void **state)
{
    (void)state;
    fx f = fx_read(THREAD
                   "0: kd> !process fffffa8006f8d890 0\nPROCESS fffffa8006f8d890\n    SessionId: none  Cid: 0004\n"
                   "    Image: System\n");
    fx_assert_text(fx_row(&f, "thread", 0), "image", "System");
    fx_free(&f);
    /* !irp alone tells whose request it is */
    f = fx_read("0: kd> !irp ac598dc8\nIrp is active with 2 stacks 1 is current (= 0xac598e38)\n"
                " No Mdl: No System Buffer: Thread 8d1c7bc0:  Irp stack trace.\n");
    assert_true(fx_addr(fx_row(&f, "thread_irp", 0), "irp") == 0xac598dc8u);
    assert_true(fx_addr(fx_row(&f, "thread_irp", 0), "thread") == 0x8d1c7bc0u);
    assert_false(fx_covers_int(&f, "thread_irp", (int64_t)0x8d1c7bc0));
    fx_free(&f);
    /* two commands show one thread: what one left out comes from the other, unless it ran on between them */
    f = fx_read("0: kd> !process 0 2\nTHREAD ffaf5410  Cid e7.e8  Teb: 7ffde000 Win32Thread: 00000000 READY\n"
                "0: kd> !thread ffaf5410\nTHREAD ffaf5410  Cid e7.e8  Teb: 7ffde000 Win32Thread: 00000000 READY\n"
                "Base b8ae9000 Limit b8ae6000\n"
                "0: kd> !thread ffaf5410\nTHREAD ffaf5410  Cid e7.e8  Teb: 7ffde000 Win32Thread: 00000000 RUNNING on "
                "processor 1\n");
    assert_true(fx_addr(fx_row(&f, "thread", 0), "limit") == 0xb8ae6000u);
    assert_int_equal(fx_state(fx_row(&f, "thread", 2), "limit"), SC_NOT_PRINTED);
    fx_free(&f);
}

/* Many locks of one owner with many requests: bounded work, and what was not followed is not called complete. */
static void hostile(void **state)
{
    (void)state;
    enum { LOCK_ROWS = 1500, IRPS = 1500 };
    char *text = malloc(400 * 1000), *p = text;
    assert_non_null(text);
    p += sprintf(p, "kd> !locks\n");
    for (int i = 0; i < LOCK_ROWS; i++)
        p += sprintf(p, "Resource @ 0x%08x Exclusively owned\nThreads: ffaf5410-01<*>\n", 0x80000000u + (unsigned)i);
    p += sprintf(p, "%d total locks, %d locks currently held\nkd> !thread ffaf5410\n", LOCK_ROWS, LOCK_ROWS);
    p += sprintf(p, "THREAD ffaf5410  Cid e7.e8  Teb: 7ffde000 READY\nIRP List:\n");
    for (int i = 0; i < IRPS; i++)
        p += sprintf(p, "    %08x: (0006,0220) Flags: 00000884  Mdl: 00000000\n", 0x85000000u + (unsigned)i);
    sprintf(p, "Not impersonating\n");
    fx f = fx_read(text);
    assert_int_equal(fx_count(&f, "lock"), LOCK_ROWS);
    assert_int_equal(fx_count(&f, "thread_irp"), IRPS);
    assert_int_equal(fx_count(&f, "wait_chain"), 0);
    assert_false(fx_covers_all(&f, "wait_chain"));
    fx_free(&f);
    free(text);
    fx_torture(LOCKS THREAD IRP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chain),    cmocka_unit_test(missing_links), cmocka_unit_test(request_seen_by_irpfind),
        cmocka_unit_test(no_chain), cmocka_unit_test(drivers),       cmocka_unit_test(threads_and_processes),
        cmocka_unit_test(hostile),
    };
    return cmocka_run_group_tests_name("derived I/O facts", tests, NULL, NULL);
}
