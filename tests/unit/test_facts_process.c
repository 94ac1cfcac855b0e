/* !process (engine/facts/process.c). */
#include "tests/unit/facts_fixture.h"

static void check_csrss(const fx *f)
{
    assert_int_equal(fx_count(f, "process"), 1);
    const sc_row *p = fx_row(f, "process", 0);
    assert_true(fx_addr(p, "process") == 0xfffffa800bb94b30u);
    fx_assert_text(p, "image", "csrss.exe");
    assert_int_equal(fx_int(p, "cid"), 0x174);
    assert_int_equal(fx_int(p, "parent_cid"), 0x154);
    assert_true(fx_addr(p, "peb") == 0x7fffffda000u);
    fx_assert_text(p, "session", "none");
    assert_true(fx_covers_int(f, "process", (int64_t)0xfffffa800bb94b30u));
}

/* Seed 003: on one line, with a message of the debugger glued in front. */
static void flattened(void **state)
{
    (void)state;
    fx f = fx_read(
        "2: kd> !process fffffa800bb94b30\n\n"
        "GetPointerFromAddress: unable to read from fffff80003515000PROCESS fffffa800bb94b30 SessionId: none Cid: 0174 "
        "Peb: 7fffffda000 ParentCid: 0154 DirBase: 321389000 ObjectTable: fffff8a00b4f9840 HandleCount: Image: "
        "csrss.exe\n\n"
        "The process that crashed is csrss.exe, and Image: is not its name.\n");
    check_csrss(&f);
    fx_free(&f);
}

static void whole(void **state)
{
    (void)state;
    static const char text[] =
        "2: kd> !process fffffa800bb94b30\n"
        "PROCESS fffffa800bb94b30\n"
        "    SessionId: none  Cid: 0174    Peb: 7fffffda000  ParentCid: 0154\n"
        "    DirBase: 321389000  ObjectTable: fffff8a00b4f9840  HandleCount: <Data Not Accessible>\n"
        "    Image: csrss.exe\n"
        "    VadRoot fffffa800bb80000 Vads 70 Clone 0 Private 504. Modified 16. Locked 0.\n";
    fx f = fx_read(text);
    check_csrss(&f);
    fx_free(&f);
    f = fx_read(strchr(text, '\n') + 1);
    check_csrss(&f);
    assert_int_equal(fx_state(fx_row(&f, "process", 0), "handles"), SC_NOT_PRINTED);
    fx_free(&f);
    f = fx_read("2: kd> !process fffffa800bb94b30\n" /* the PROCESS line is lost */
                "    SessionId: none  Cid: 0174    Peb: 7fffffda000  ParentCid: 0154\n    Image: csrss.exe\n");
    check_csrss(&f);
    fx_free(&f);
}

/* The number of handles ends in a full stop; without it the line was cut. */
static void handles(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !process 0 0\n**** NT ACTIVE PROCESS DUMP ****\n"
                   "PROCESS ffffcb046a0c5040\n"
                   "    SessionId: none  Cid: 0004    Peb: 00000000  ParentCid: 0000\n"
                   "    DirBase: 001aa002  ObjectTable: ffffa70f3ac04c80  HandleCount: 3842.\n"
                   "    Image: System\n\n"
                   "PROCESS ffffcb046e3c5140\n"
                   "    SessionId: 0  Cid: 0a54    Peb: 2c12f7a000  ParentCid: 0288\n"
                   "    DirBase: 10c45f002  ObjectTable: ffffa70f41d15a80  HandleCount: 27");
    assert_int_equal(fx_count(&f, "process"), 2);
    assert_int_equal(fx_int(fx_row(&f, "process", 0), "handles"), 3842);
    assert_int_equal(fx_state(fx_row(&f, "process", 1), "handles"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void truncated(void **state)
{
    (void)state;
    fx f = fx_read("2: kd> !process fffffa800bb94b30\nPROCESS fffffa800bb94b30\n    SessionId: none  Cid: 0174\n");
    assert_int_equal(fx_state(fx_row(&f, "process", 0), "image"), SC_NOT_PRINTED);
    assert_false(fx_covers_int(&f, "process", (int64_t)0xfffffa800bb94b30u));
    fx_free(&f);
    f = fx_read("2: kd> !process fffffa800bb94b30\nSymbols are wrong.\n");
    assert_int_equal(fx_count(&f, "process"), 0);
    fx_free(&f);
}

/* Samples process--process-74 and process--process-set-process-context-75. */
static void lists(void **state)
{
    (void)state;
    fx f = fx_read("kd> !process 0 0\n**** NT ACTIVE PROCESS DUMP ****\n"
                   "PROCESS 80a02a60  Cid: 0002    Peb: 00000000  ParentCid: 0000\n"
                   "    DirBase: 00006e05  ObjectTable: 80a03788  TableSize: 150.\n    Image: System\n"
                   "PROCESS fe3c0d60  SessionId: 0  Cid: 0208    Peb: 7ffdf000  ParentCid: 00d4\n"
                   "    DirBase: 0011f000  ObjectTable: fe3d0f48  TableSize:  30.\n    Image: regsvc.exe\n");
    assert_int_equal(fx_count(&f, "process"), 2);
    fx_assert_text(fx_row(&f, "process", 0), "image", "System");
    assert_int_equal(fx_state(fx_row(&f, "process", 0), "peb"), SC_NULL);
    assert_int_equal(fx_state(fx_row(&f, "process", 0), "session"), SC_NOT_PRINTED);
    fx_assert_text(fx_row(&f, "process", 1), "image", "regsvc.exe");
    fx_assert_text(fx_row(&f, "process", 1), "session", "0");
    fx_free(&f);
}

/* Sample thread--debug-universal-drivers-kernel-mode-1541. */
static void threads(void **state)
{
    (void)state;
    fx f = fx_read(
        "0: kd> !process ffffe001d147c840 7\nPROCESS ffffe001d147c840\n"
        "    SessionId: 0  Cid: 10f0    Peb: ee6cf8a000  ParentCid: 0434\n    Image: audiodg.exe\n"
        "    UserTime                          00:00:00.031\n    BasePriority                      8\n\n"
        "        THREAD ffffe001d173e840  Cid 10f0.1dac  Teb: 000000ee6cf8b000 Win32Thread: ffffe001d1118cf0 WAIT: "
        "(UserRequest) UserMode Non-Alertable\n"
        "            ffffe001d16c4dd0  NotificationEvent\n"
        "        Not impersonating\n"
        "        Wait Start TickCount      338852         Ticks: 197682 (0:00:51:28.781)\n"
        "        Base ffffd001c2ec7000 Limit ffffd001c2ec1000 Call 0\n"
        "        Priority 8 BasePriority 8 UnusualBoost 0 ForegroundBoost 0 IoPriority 2 PagePriority 5\n"
        "        Kernel stack not resident.\n\n"
        "        THREAD ffffe001d115c080  Cid 10f0.15b4  Teb: 000000ee6cf9b000 Win32Thread: 0000000000000000 WAIT: "
        "(WrQueue) UserMode Alertable\n"
        "            ffffe001d0bf0640  QueueObject\n"
        "        DeviceMap                 ffffc00019113080\n");
    assert_int_equal(fx_count(&f, "process"), 1);
    assert_int_equal(fx_count(&f, "thread"), 2);
    const sc_row *t = fx_row(&f, "thread", 0);
    fx_assert_text(t, "image", "audiodg.exe");
    assert_true(fx_addr(t, "process") == 0xffffe001d147c840u);
    assert_true(fx_real(t, "seconds") > 3088.78 && fx_real(t, "seconds") < 3088.79);
    assert_false(fx_bool(t, "resident"));
    assert_true(fx_covers_int(&f, "thread", (int64_t)0xffffe001d173e840u));
    assert_false(fx_covers_int(&f, "thread", (int64_t)0xffffe001d115c080u));
    assert_true(fx_covers_int(&f, "thread_irp", (int64_t)0xffffe001d115c080u)); /* DeviceMap stands behind the list */
    assert_int_equal(fx_int(fx_row(&f, "process", 0), "cid"), 0x10f0);          /* not a thread's Cid */
    fx_free(&f);
}

static void hostile(void **state)
{
    (void)state;
    fx_torture("!process fffffa800bb94b30 7\nPROCESS fffffa800bb94b30 SessionId: none Cid: 0174 Peb: 7fffffda000 "
               "ParentCid: 0154 "
               "DirBase: 321389000 ObjectTable: fffff8a00b4f9840 HandleCount: Image: csrss.exe VadRoot 0\n"
               "THREAD ffffe001d173e840  Cid 10f0.1dac  Teb: 0 Win32Thread: 0 READY\nNot impersonating\n");
    fx f = fx_read("PROCESS ffffffffffffffff Cid: ffffffffffffffffffff Peb: ParentCid: Image: <Unknown>\n");
    assert_int_equal(fx_state(fx_row(&f, "process", 0), "cid"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "process", 0), "image"), SC_NOT_PRINTED);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flattened), cmocka_unit_test(whole),   cmocka_unit_test(handles), cmocka_unit_test(truncated),
        cmocka_unit_test(lists),     cmocka_unit_test(threads), cmocka_unit_test(hostile),
    };
    return cmocka_run_group_tests_name("!process", tests, NULL, NULL);
}
