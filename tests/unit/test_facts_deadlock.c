/* !deadlock: the summary, the stacks, and the form of Windows XP. */
#include "facts_forms.h"

#define HEAD(n)                                                                                                        \
    "kd> !deadlock" n "\nissue: 00001001 97dd800c 86858ce0 00000000 \n\nDeadlock detected (2 locks in 2 threads):\n"
#define SUMMARY                                                                                                        \
    HEAD("")                                                                                                           \
    "\nThread 0: A B.\nThread 1: B A.\n\nWhere:\n\nThread 0 = TERMINATED.\nThread 1 = c4ae2040.\n\n"                   \
    "Lock A =   97dd800c (MyTestDriver!AlphaLock+0x00000000) - Type 'Spinlock'.\n"                                     \
    "Lock B =   97dd8008 (MyTestDriver!BravoLock+0x00000000) - Type 'Spinlock'.\n"
#define FIRST                                                                                                          \
    "\nThread 0: TERMINATED took locks in the following order:\n\n"                                                    \
    "Lock A =     97dd800c (MyTestDriver!AlphaLock+0x00000000) - Type 'Spinlock'.\n\n"                                 \
    "    Node:    8685acd8\n\n"                                                                                        \
    "    Stack:   97dd65b7 MyTestDriver!SystemControlIrpWorker+0x00000027 \n"                                          \
    "             97dd605a MyTestDriver!Dispatch_SystemControl+0x0000001a \n"                                          \
    "             820c4b4d nt!IovCallDriver+0x000002cc \n\n"                                                           \
    "Lock B =     97dd8008 (MyTestDriver!BravoLock+0x00000000) - Type 'Spinlock'.\n\n"                                 \
    "    Node:    86833578\n\n"                                                                                        \
    "    Stack:   97dd65c5 MyTestDriver!SystemControlIrpWorker+0x00000a4a \n"
#define SECOND                                                                                                         \
    "\nThread 1: c4ae2040 (ThreadEntry = 86833a08) took locks in the following order:\n\n"                             \
    "Lock B =     97dd8008 (MyTestDriver!BravoLock+0x00000000) - Type 'Spinlock'.\n\n"                                 \
    "    Node:    86858ce0\n\n"                                                                                        \
    "    Stack:   97dd65ef MyTestDriver!DeviceControlIrpWorker+0x0000005f \n"                                          \
    "             97dd605a MyTestDriver!Dispatch_DeviceControl+0x0000001a \n\n"                                        \
    "Lock A =     97dd800c (MyTestDriver!AlphaLock+0x00000000) - Type 'Spinlock'.\n\n"
#define CURRENT "    Stack:   << Current stack trace - use kb to display it >>\n"
#define STACKS HEAD(" 3") FIRST SECOND CURRENT
#define XP                                                                                                             \
    "0: kd> !deadlock 1\n\nDeadlock detected (2 resources in 2 threads):\n\n"                                          \
    "Thread 0 (8D14F750) took locks in the following order:\n\n"                                                       \
    "    Lock A -- b7906f30 (Spinlock)\n    Stack:   dummy!DummyActivateVcComplete+0x63\n"                             \
    "             NDIS!ndisWorkerThread+0xEE\n\n"                                                                      \
    "    Lock B -- dummy!GlobalLock (Spinlock)\n    Stack:   dummy!dummyQueueRecvBuffers+0x2D\n\n"                     \
    "Thread 1 (8D903030) took locks in the following order:\n\n"                                                       \
    "    Lock B -- dummy!GlobalLock (Spinlock)\n    Stack:   dummy!dummyRxInterruptOnCompletion+0x25D\n\n"             \
    "    Lock A -- b7906f30 (Spinlock)\n    Stack:   << Current stack >>\n"

static void reads_the_summary(void **state)
{
    (void)state;
    fx f = fx_read(SUMMARY);
    const sc_row *r = fx_row(&f, "deadlock", 0);
    assert_int_equal(r->line, 2);
    assert_int_equal(r->last_line, 4);
    assert_int_equal(fx_int(r, "issue"), 0x1001);
    assert_int_equal(fx_addr(r, "resource"), 0x97dd800c);
    assert_int_equal(fx_addr(r, "node"), 0x86858ce0);
    assert_int_equal(fx_int(r, "locks"), 2);
    assert_int_equal(fx_int(r, "threads"), 2);
    assert_int_equal(fx_count(&f, "deadlock_thread"), 2);
    r = fx_row(&f, "deadlock_thread", 0);
    assert_true(fx_bool(r, "terminated"));
    assert_int_equal(fx_state(r, "thread"), SC_NULL);
    r = fx_row(&f, "deadlock_thread", 1);
    assert_int_equal(fx_int(r, "n"), 1);
    assert_int_equal(fx_addr(r, "thread"), 0xc4ae2040);
    assert_int_equal(r->line, 12);
    assert_int_equal(fx_count(&f, "deadlock_lock"), 2);
    r = fx_row(&f, "deadlock_lock", 1);
    fx_assert_text(r, "lock", "B");
    assert_int_equal(fx_addr(r, "address"), 0x97dd8008);
    fx_assert_text(r, "name", "MyTestDriver!BravoLock");
    fx_assert_text(r, "module", "MyTestDriver");
    fx_assert_text(r, "type", "Spinlock");
    assert_int_equal(fx_count(&f, "deadlock_step"), 4);
    r = fx_row(&f, "deadlock_step", 3);
    assert_int_equal(fx_int(r, "thread_n"), 1);
    assert_int_equal(fx_int(r, "position"), 1);
    fx_assert_text(r, "lock", "A");
    assert_true(fx_bool(r, "wanted"));
    assert_false(fx_bool(fx_row(&f, "deadlock_step", 2), "wanted"));
    assert_int_equal(fx_state(r, "is_current"), SC_NOT_PRINTED);
    assert_true(fx_covers_all(&f, "deadlock_step"));
    assert_false(fx_covers_all(&f, "deadlock_frame"));
    assert_true(f.transcript.sections[0].complete);
    assert_int_equal(f.facts->pointer_bytes, 4);
    fx_free(&f);
}

static void reads_the_stacks(void **state)
{
    (void)state;
    fx f = fx_read(STACKS);
    assert_int_equal(fx_count(&f, "deadlock_thread"), 2);
    assert_int_equal(fx_count(&f, "deadlock_lock"), 2);
    assert_int_equal(fx_count(&f, "deadlock_step"), 4);
    assert_int_equal(fx_count(&f, "deadlock_frame"), 6);
    assert_int_equal(fx_count(&f, "frame"), 0); /* not the crash's stack */
    const sc_row *r = fx_row(&f, "deadlock_frame", 2);
    assert_int_equal(fx_int(r, "thread_n"), 0);
    assert_int_equal(fx_int(r, "position"), 0);
    assert_int_equal(fx_int(r, "frame"), 2);
    assert_int_equal(fx_addr(r, "address"), 0x820c4b4d);
    fx_assert_text(r, "symbol", "nt!IovCallDriver");
    assert_int_equal(fx_int(r, "offset"), 0x2cc);
    r = fx_row(&f, "deadlock_frame", 3);
    assert_int_equal(fx_int(r, "position"), 1);
    assert_int_equal(fx_int(r, "frame"), 0);
    r = fx_row(&f, "deadlock_step", 2);
    assert_int_equal(fx_addr(r, "node"), 0x86858ce0);
    assert_false(fx_bool(r, "is_current"));
    r = fx_row(&f, "deadlock_step", 3);
    assert_true(fx_bool(r, "is_current"));
    assert_true(fx_bool(r, "wanted"));
    assert_int_equal(fx_state(r, "node"), SC_NOT_PRINTED);
    assert_true(fx_covers_all(&f, "deadlock_frame"));
    assert_true(f.transcript.sections[0].complete);
    assert_int_equal(f.transcript.n_sections, 1);
    fx_free(&f);
}

static void reads_windows_xp(void **state)
{
    (void)state;
    fx f = fx_read(XP);
    assert_int_equal(fx_state(fx_row(&f, "deadlock", 0), "issue"), SC_NOT_PRINTED);
    assert_int_equal(fx_addr(fx_row(&f, "deadlock_thread", 1), "thread"), 0x8d903030);
    const sc_row *r = fx_row(&f, "deadlock_lock", 0);
    assert_int_equal(fx_state(r, "name"), SC_NULL);
    assert_int_equal(fx_state(r, "module"), SC_NULL);
    fx_assert_text(r, "type", "Spinlock");
    r = fx_row(&f, "deadlock_lock", 1);
    assert_int_equal(fx_state(r, "address"), SC_NOT_PRINTED);
    fx_assert_text(r, "name", "dummy!GlobalLock");
    assert_int_equal(fx_count(&f, "deadlock_frame"), 4);
    r = fx_row(&f, "deadlock_frame", 1);
    assert_int_equal(fx_state(r, "address"), SC_NOT_PRINTED);
    fx_assert_text(r, "module", "NDIS");
    assert_true(fx_covers_all(&f, "deadlock"));
    fx_free(&f);
    f = fx_read("0:kd> !deadlock\n\nDeadlock detected (2 resources in 2 threads):\n\nThread 0: A B\nThread 1: B A\n\n"
                "Where:\nThread 0 = 8d3ba030\nThread 1 = 8d15c030\nLock A =   bba2af30 Type 'Spinlock'\n"
                "Lock B =   dummy!GlobalLock Type 'Spinlock'\n");
    assert_int_equal(fx_count(&f, "deadlock_step"), 4);
    fx_assert_text(fx_row(&f, "deadlock_lock", 1), "type", "Spinlock");
    assert_true(fx_covers_all(&f, "deadlock_lock"));
    fx_free(&f);
}

static void reads_x64(void **state)
{
    (void)state;
    fx f = fx_read("2: kd> !deadlock 3\nissue: 0000000000001001 ffffe00123456780 ffffe00123450010 0000000000000000\n"
                   "Deadlock detected (2 locks in 2 threads):\n"
                   "Thread 1: ffffe001`0a1b2040 (ThreadEntry = ffffe001`0a1b3000) took locks in the following order:\n"
                   "Lock B =     fffff801`4a2b8008 (acme!Lock+0x0000000000000000) - Type 'Mutex'.\n"
                   "    Stack:   fffff801`4a2b65ef acme!Worker+0x000000000000005f\n");
    assert_int_equal(fx_addr(fx_row(&f, "deadlock_thread", 0), "thread"), 0xffffe0010a1b2040);
    assert_int_equal(fx_addr(fx_row(&f, "deadlock_lock", 0), "address"), 0xfffff8014a2b8008);
    fx_assert_text(fx_row(&f, "deadlock_lock", 0), "type", "Mutex");
    assert_int_equal(fx_int(fx_row(&f, "deadlock_frame", 0), "offset"), 0x5f);
    assert_int_equal(f.facts->pointer_bytes, 8);
    assert_false(fx_covers_all(&f, "deadlock"));
    fx_free(&f);
}

/* Any line with an address tells how wide one is: a paste may hold no other. */
static void each_line_tells_the_width(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "issue: 0000000000001001 ffffe00123456780 ffffe00123450010 0000000000000000\n",
        "Thread 1 = ffffe0010a1b2040.\n",
        "Lock B =     fffff8014a2b8008 (acme!Lock+0x0000000000000000) - Type 'Mutex'.\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char text[200] = "2: kd> !deadlock\n";
        strcat(text, lines[i]);
        fx f = fx_read(text);
        assert_int_equal(f.facts->pointer_bytes, 8);
        fx_free(&f);
    }
}

static void knows_what_is_missing(void **state)
{
    (void)state;
    static const char *const cut[] = {HEAD(" 3") FIRST,
                                      HEAD(" 3") FIRST SECOND,
                                      HEAD(" 3") SECOND CURRENT,
                                      FIRST SECOND CURRENT,
                                      HEAD("") "Thread 0: A B.\nThread 1: B A.\nWhere:\n",
                                      HEAD(" 3") FIRST "[...]\n" SECOND CURRENT};
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        fx f = fx_read(cut[i]);
        assert_true(fx_count(&f, "deadlock_step") >= 2);
        assert_false(fx_covers_all(&f, "deadlock_step"));
        fx_free(&f);
    }
    fx f = fx_read(HEAD(" 3") FIRST); /* a third lock may have followed */
    assert_int_equal(fx_state(fx_row(&f, "deadlock_step", 1), "wanted"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "deadlock_step", 0), "wanted"), SC_SET);
    fx_free(&f);
    f = fx_read("kd> !deadlock\nDeadlock detected (2 locks in 2 threads):\nThread 0: A B\nThread 1: B");
    assert_true(fx_bool(fx_row(&f, "deadlock_step", 1), "wanted"));
    assert_int_equal(fx_state(fx_row(&f, "deadlock_step", 2), "wanted"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void no_deadlock_is_an_answer(void **state)
{
    (void)state;
    fx f = fx_read("kd> !deadlock\nNo deadlock detected\n");
    assert_true(fx_covers_all(&f, "deadlock"));
    assert_true(f.facts->taken[1]);
    fx_free(&f);
    f = fx_read("kd> !locks\nNo deadlock detected\n");
    assert_false(fx_covers_all(&f, "deadlock"));
    fx_free(&f);
}

static void reads_all_forms(void **state)
{
    (void)state;
    fx_assert_forms(SUMMARY, "deadlock_step", 4, 0);
    fx_assert_forms(SUMMARY, "deadlock_lock", 2, 0);
    fx_assert_forms(STACKS, "deadlock_step", 4, 0);
    fx_assert_forms(STACKS, "deadlock_frame", 6, 0);
    fx_assert_forms(XP, "deadlock_frame", 4, 0);
    fx_assert_forms(SUMMARY, "deadlock", 1, 0);
}

static void prose_is_no_report(void **state)
{
    (void)state;
    fx f = fx_read(
        "Deadlock detected (40P01): process 4123 waits.\nThread 0: A B\nThread 1 took locks in a bad order.\n"
        "Lock A = the first one\nissue: 123 of the tracker\nStack: nt!KeBugCheckEx+0x10\n");
    assert_int_equal(fx_count(&f, "deadlock"), 0);
    assert_int_equal(fx_count(&f, "deadlock_step"), 0);
    fx_free(&f);
    /* capitals, one blank between them, one dot behind */
    f = fx_read("kd> !deadlock\nThread 0: A.B.\nThread 1: A  B\nThread 2: A.\nThread 3: 1 2\nThread 4: a b\n");
    assert_int_equal(fx_count(&f, "deadlock_step"), 1);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(SUMMARY);
    fx_torture(HEAD(" 3") SECOND CURRENT);
    fx f = fx_read("kd> !deadlock\nDeadlock detected (99999999999999999999 locks in 2 threads):\n"
                   "Deadlock detected (1001 locks in 2 threads):\nThread 99999: A\nLock a = 00000000\nStack:\nNode:\n");
    assert_int_equal(fx_count(&f, "deadlock"), 0);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_summary),         cmocka_unit_test(reads_the_stacks),
        cmocka_unit_test(reads_windows_xp),          cmocka_unit_test(reads_x64),
        cmocka_unit_test(each_line_tells_the_width), cmocka_unit_test(knows_what_is_missing),
        cmocka_unit_test(no_deadlock_is_an_answer),  cmocka_unit_test(reads_all_forms),
        cmocka_unit_test(prose_is_no_report),        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
