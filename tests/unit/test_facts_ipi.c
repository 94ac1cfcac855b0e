/* !ipi in its three forms. */
#include "facts_fixture.h"

/* x64 as seed 000 has it */
#define X64                                                                                                            \
    "IPI State for Processor 0  \n"                                                                                    \
    "  TargetCount     0 PacketBarrier    0 IpiFrozen   2 [Frozen]  \n"                                                \
    "IPI State for Processor 1  \n"                                                                                    \
    "  TargetCount     0 PacketBarrier    0 IpiFrozen   0 [Running]  \n"                                               \
    "IPI State for Processor 2  \n"                                                                                    \
    "  TargetCount     0 PacketBarrier    0 IpiFrozen   2 [Frozen]  \n"

/* x64 with senders and receivers, from a public forum thread */
static const char sender[] = "2: kd> !ipi\n"
                             "IPI State for Processor 0\n\n"
                             "    As a sender, awaiting IPI completion from processor(s) 2, 3.\n\n"
                             "    TargetCount          2  PacketBarrier        1  IpiFrozen     0 [Running]\n\n\n"
                             "IPI State for Processor 1\n"
                             "    TargetCount          0  PacketBarrier        0  IpiFrozen     2 [Frozen]\n\n\n"
                             "IPI State for Processor 2\n\n"
                             "    As a receiver, unhandled requests are pending from processor(s) 0.\n\n"
                             "    TargetCount          0  PacketBarrier        0  IpiFrozen     2 [Frozen]\n\n"
                             "    From processor 0, active request of type: packet ready\n"
                             "        WorkerRoutine fffff80003e76e30 (nt!FsRtlpNopStackOverflowRoutine)\n"
                             "        Parameter[0] 0  Parameter[1] 0  Parameter[2] 0\n\n"
                             "IPI State for Processor 3\n\n"
                             "    As a receiver, unhandled requests are pending from processor(s) 0.\n\n"
                             "    TargetCount          0  PacketBarrier        0  IpiFrozen     5 [Target Freeze]\n\n";

static const char x86[] = "0: kd> !ipi\n"
                          "IPI State for Processor 0\n"
                          "  Worker Routine:  nt!KiFlushTargetMultipleTb [Stale]\n"
                          "  Parameter[0]:    0\n"
                          "  Parameter[2]:    F7C98770\n"
                          "  Ipi Trap Frame:  F7CCCCDC [.trap F7CCCCDC]\n"
                          "  Signal Done:     0\n"
                          "  IPI Frozen:      24 [FreezeActive] [Owner]\n"
                          "  Request Summary: 0\n"
                          "  Target Set:      0\n"
                          "  Packet Barrier:  0\n\n"
                          "IPI State for Processor 1\n"
                          "  IPI Frozen:      2 [Frozen]\n"
                          "  Packet Barrier:  1\n";

static void reads_x64(void **state)
{
    (void)state;
    fx f = fx_read(" 4: kd> !ipi  \n" X64);
    assert_int_equal(fx_count(&f, "ipi"), 3);
    const sc_row *r = fx_row(&f, "ipi", 1);
    assert_int_equal(fx_int(r, "processor"), 1);
    assert_int_equal(fx_int(r, "state"), 0);
    fx_assert_text(r, "state_name", "Running");
    assert_false(fx_bool(r, "frozen"));
    assert_int_equal(fx_int(r, "target_count"), 0);
    assert_int_equal(fx_int(r, "packet_barrier"), 0);
    assert_int_equal(fx_state(r, "awaits"), SC_NULL);
    assert_int_equal(fx_state(r, "pending_from"), SC_NOT_PRINTED); /* that debugger does not tell */
    assert_int_equal(r->line, 4);
    assert_int_equal(r->last_line, 5);
    assert_true(fx_bool(fx_row(&f, "ipi", 2), "frozen"));
    assert_true(fx_covers_all(&f, "ipi"));
    fx_free(&f);
}

static void reads_senders_and_receivers(void **state)
{
    (void)state;
    fx f = fx_read(sender);
    const sc_row *r = fx_row(&f, "ipi", 0);
    assert_int_equal(fx_int(r, "target_count"), 2);
    assert_int_equal(fx_int(r, "packet_barrier"), 1);
    fx_assert_text(r, "awaits", "2, 3");
    r = fx_row(&f, "ipi", 2);
    fx_assert_text(r, "pending_from", "0");
    fx_assert_text(r, "worker", "nt!FsRtlpNopStackOverflowRoutine");
    assert_int_equal(r->last_line, 21);
    r = fx_row(&f, "ipi", 3);
    assert_int_equal(fx_int(r, "state"), 5);
    fx_assert_text(r, "state_name", "TargetFreeze");
    assert_false(fx_bool(r, "frozen"));
    assert_true(fx_covers_all(&f, "ipi"));
    fx_free(&f);
}

static void reads_x86(void **state)
{
    (void)state;
    fx f = fx_read(x86);
    const sc_row *r = fx_row(&f, "ipi", 0);
    assert_int_equal(fx_int(r, "state"), 4);
    fx_assert_text(r, "state_name", "Owner");
    assert_true(fx_bool(r, "active"));
    assert_false(fx_bool(r, "frozen"));
    fx_assert_text(r, "worker", "nt!KiFlushTargetMultipleTb");
    assert_int_equal(fx_state(r, "target_count"), SC_NOT_PRINTED);
    r = fx_row(&f, "ipi", 1);
    assert_true(fx_bool(r, "frozen"));
    assert_false(fx_bool(r, "active"));
    assert_int_equal(fx_int(r, "packet_barrier"), 1);
    fx_free(&f);
}

/* A state that is not known keeps the name that the debugger gave it. */
static void another_state_keeps_its_name(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !ipi 1\nIPI State for Processor 1\n  TargetCount 0 PacketBarrier 0 IpiFrozen 6 [Parked]\n");
    const sc_row *r = fx_row(&f, "ipi", 0);
    assert_int_equal(fx_int(r, "state"), 6);
    fx_assert_text(r, "state_name", "Parked");
    fx_free(&f);
}

static void knows_what_is_missing(void **state)
{
    (void)state;
    /* the last processor's state is cut off */
    fx f = fx_read("0: kd> !ipi\nIPI State for Processor 0\n  TargetCount 0 PacketBarrier 0 IpiFrozen 2 [Frozen]\n"
                   "IPI State for Processor 1\n");
    assert_int_equal(fx_count(&f, "ipi"), 2);
    assert_false(fx_covers_all(&f, "ipi"));
    assert_true(fx_covers_int(&f, "ipi", 0));
    assert_false(fx_covers_int(&f, "ipi", 1));
    assert_int_equal(fx_state(fx_row(&f, "ipi", 1), "frozen"), SC_NOT_PRINTED);
    fx_free(&f);
    /* one processor only, as asked for */
    f = fx_read("0: kd> !ipi 2\nIPI State for Processor 2\n  TargetCount 0 PacketBarrier 0 IpiFrozen 2 [Frozen]\n");
    assert_false(fx_covers_all(&f, "ipi"));
    assert_true(fx_covers_int(&f, "ipi", 2));
    fx_free(&f);
    /* the one that stopped the others stands further down */
    f = fx_read("3: kd> !ipi\nIPI State for Processor 0\n  TargetCount 0 PacketBarrier 0 IpiFrozen 2 [Frozen]\n"
                "IPI State for Processor 1\n  TargetCount 0 PacketBarrier 0 IpiFrozen 2 [Frozen]\n");
    assert_false(fx_covers_all(&f, "ipi"));
    fx_free(&f);
    /* the next processor's header is cut off, short or just before the number */
    f = fx_read("0: kd> !ipi\n" X64 "IPI State for");
    assert_int_equal(fx_count(&f, "ipi"), 3);
    assert_false(fx_covers_all(&f, "ipi"));
    fx_free(&f);
    f = fx_read("0: kd> !ipi\n" X64 "IPI State for Processor ");
    assert_int_equal(fx_count(&f, "ipi"), 3);
    assert_false(fx_covers_all(&f, "ipi"));
    fx_free(&f);
    /* a processor is named that is not listed */
    f = fx_read("0: kd> !ipi\nIPI State for Processor 0\nAs a sender, awaiting IPI completion from processor(s) 5.\n"
                "TargetCount 1 PacketBarrier 1 IpiFrozen 0 [Running]\n"
                "IPI State for Processor 1\nTargetCount 0 PacketBarrier 0 IpiFrozen 2 [Frozen]\n");
    assert_false(fx_covers_all(&f, "ipi"));
    fx_free(&f);
}

static void reads_without_prompt_and_flattened(void **state)
{
    (void)state;
    fx f = fx_read("He ran it on all of them.\n" X64 "As you see they are frozen.\n");
    assert_int_equal(fx_count(&f, "ipi"), 3);
    fx_free(&f);
    f = fx_read("1: kd> !ipi\nIPI State for Processor 0 TargetCount 0 PacketBarrier 0 IpiFrozen 2 [Frozen] "
                "IPI State for Processor 1 TargetCount 1 PacketBarrier 1 IpiFrozen 0 [Running]\n");
    assert_int_equal(fx_count(&f, "ipi"), 2);
    assert_int_equal(fx_int(fx_row(&f, "ipi", 0), "state"), 2);
    assert_int_equal(fx_int(fx_row(&f, "ipi", 1), "target_count"), 1);
    fx_free(&f);
}

static void prose_is_no_fact(void **state)
{
    (void)state;
    fx f = fx_read("The IPI State for Processor is what !ipi shows: IpiFrozen 2 means frozen, TargetCount how many.\n");
    assert_int_equal(fx_count(&f, "ipi"), 0);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(sender);
    fx f = fx_read(
        "0: kd> !ipi\nIPI State for Processor 99999999999999999999\nIPI State for Processor 18446744073709551615\n"
        "TargetCount 18446744073709551615 IpiFrozen ffffffffffffffff [\n");
    assert_int_equal(fx_count(&f, "ipi"), 1);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_x64),
        cmocka_unit_test(reads_senders_and_receivers),
        cmocka_unit_test(reads_x86),
        cmocka_unit_test(another_state_keeps_its_name),
        cmocka_unit_test(knows_what_is_missing),
        cmocka_unit_test(reads_without_prompt_and_flattened),
        cmocka_unit_test(prose_is_no_fact),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
