/* !thread and the THREAD blocks of other commands (engine/facts/thread*.c). */
#include "tests/unit/facts_fixture.h"

#include <stdio.h>

/* Seed 003. */
static const char seed[] =
    "0: kd> !thread fffffa8007005660\n"
    "THREAD fffffa8007005660  Cid 0004.0048  Teb: 0000000000000000 Win32Thread: 0000000000000000 WAIT: (Executive) "
    "KernelMode "
    "Non-Alertable\n"
    "    fffffa800d035ee8  NotificationEvent\n"
    "IRP List:\n"
    "    fffffa8008f5cc10: (0006,03e8) Flags: 00000000  Mdl: 00000000\n"
    "Not impersonating\n"
    "DeviceMap                 fffff8a000008c10\n"
    "Owning Process            fffffa8006f8d890       Image:         System\n"
    "Attached Process          N/A            Image:         N/A\n"
    "Wait Start TickCount      396427         Ticks: 38463 (0:00:10:00.026)\n"
    "Context Switch Count      44059          IdealProcessor: 2  NoStackSwap\n"
    "UserTime                  00:00:00.000\n"
    "KernelTime                00:00:00.343\n"
    "Win32 Start Address nt!ExpWorkerThread (0xfffff80003298150)\n"
    "Stack Init fffff88003bd2c70 Current fffff88003bd2280\n"
    "Base fffff88003bd3000 Limit fffff88003bcd000 Call 0\n"
    "Priority 15 BasePriority 12 UnusualBoost 0 ForegroundBoost 0 IoPriority 2 PagePriority 5\n"
    "Child-SP          RetAddr           : Args to Child                                                           : "
    "Call Site\n"
    "fffff880`03bd22c0 fffff800`032845f2 : fffffa80`07005660 fffffa80`07005660 00000000`00000000 00000000`00000000 : "
    "nt!KiSwapContext+0x7a\n"
    "fffff880`03bd2530 fffff880`0ae92627 : fffffa80`0d035000 00000000`00000000 fffffa80`0c0891a0 fffff880`03bd2670 : "
    "ZTEusbnet+0x35dd\n"
    "fffff880`03bd2c40 00000000`00000000 : fffff880`03bd3000 fffff880`03bcd000 fffff880`03bd2410 00000000`00000000 : "
    "nt!KxStartSystemThread+0x16\n";

static void check_seed(const fx *f)
{
    assert_int_equal(fx_count(f, "thread"), 1);
    const sc_row *t = fx_row(f, "thread", 0);
    assert_true(fx_addr(t, "thread") == 0xfffffa8007005660u);
    fx_assert_text(t, "cid", "0004.0048");
    fx_assert_text(t, "state", "wait");
    fx_assert_text(t, "wait_reason", "Executive");
    fx_assert_text(t, "wait_mode", "KernelMode");
    assert_int_equal(fx_state(t, "processor"), SC_NULL);
    assert_true(fx_addr(t, "wait_object") == 0xfffffa800d035ee8u);
    fx_assert_text(t, "wait_object_type", "NotificationEvent");
    assert_int_equal(fx_int(t, "ticks"), 38463);
    assert_true(fx_real(t, "seconds") > 600.0259 && fx_real(t, "seconds") < 600.0261);
    assert_true(fx_addr(t, "base") == 0xfffff88003bd3000u);
    assert_true(fx_addr(t, "limit") == 0xfffff88003bcd000u);
    assert_true(fx_addr(t, "stack_init") == 0xfffff88003bd2c70u);
    assert_true(fx_addr(t, "stack_current") == 0xfffff88003bd2280u);
    assert_true(fx_addr(t, "process") == 0xfffffa8006f8d890u);
    fx_assert_text(t, "image", "System");
    fx_assert_text(t, "start_symbol", "nt!ExpWorkerThread");
    assert_int_equal(fx_int(t, "priority"), 15);
    assert_int_equal(fx_state(t, "attached"), SC_NULL);
    assert_true(fx_bool(t, "resident"));
    assert_int_equal(fx_count(f, "thread_irp"), 1);
    assert_true(fx_addr(fx_row(f, "thread_irp", 0), "irp") == 0xfffffa8008f5cc10u);
    assert_true(fx_covers_int(f, "thread", (int64_t)0xfffffa8007005660u));
    assert_true(fx_covers_int(f, "thread_irp", (int64_t)0xfffffa8007005660u));
    assert_int_equal(fx_count(f, "frame"), 3);
    const sc_row *stack = fx_row(f, "stack", 0);
    fx_assert_text(stack, "kind", "thread");
    assert_true(fx_addr(stack, "thread") == 0xfffffa8007005660u);
    fx_assert_text(fx_row(f, "frame", 1), "module", "ZTEusbnet");
}

static void whole(void **state)
{
    (void)state;
    fx f = fx_read(seed);
    check_seed(&f);
    fx_free(&f);
}

static void without_prompt(void **state)
{
    (void)state;
    fx f = fx_read(strchr(seed, '\n') + 1);
    check_seed(&f);
    fx_free(&f);
}

/* Every line followed by an empty one, indentation and column blanks gone, prose around. */
static void damaged(void **state)
{
    (void)state;
    char text[2 * sizeof seed + 100] = "I looked at the thread.\n\n";
    size_t n = strlen(text);
    for (const char *p = seed; *p; p++) {
        if (*p == ' ' && n && (text[n - 1] == ' ' || text[n - 1] == '\n')) continue;
        text[n++] = *p;
        if (*p == '\n') text[n++] = '\n';
    }
    strcpy(text + n, "As you can see it waits.\n");
    fx f = fx_read(text);
    check_seed(&f);
    fx_free(&f);
}

/* Seed 004: the THREAD line and most others are left out. */
static void fragment(void **state)
{
    (void)state;
    fx f = fx_read("!thread\n\nOwning Process 874c6800 Image: StackHog.exe\n\n...\n\nBase b8ae9000 Limit b8ae6000\n\n"
                   "Priority inversion is another matter. Base rates count.\n");
    assert_int_equal(fx_count(&f, "thread"), 1);
    const sc_row *t = fx_row(&f, "thread", 0);
    assert_int_equal(fx_state(t, "thread"), SC_NOT_PRINTED);
    assert_true(fx_addr(t, "process") == 0x874c6800u);
    fx_assert_text(t, "image", "StackHog.exe");
    assert_true(fx_addr(t, "base") == 0xb8ae9000u);
    assert_true(fx_addr(t, "limit") == 0xb8ae6000u);
    assert_int_equal(fx_state(t, "priority"), SC_NOT_PRINTED);
    assert_int_equal(f.facts->pointer_bytes, 4);
    fx_free(&f);
    f = fx_read("0: kd> !thread 8632e6c0\nBase b8ae9000 Limit b8ae6000\n"); /* the command says whose stack it is */
    assert_true(fx_addr(fx_row(&f, "thread", 0), "thread") == 0x8632e6c0u);
    assert_false(fx_covers_int(&f, "thread", 0x8632e6c0));
    fx_free(&f);
}

static void irp_lists(void **state)
{
    (void)state;
    /* no list in a whole block: there are none */
    fx f = fx_read(
        "0: kd> !thread\nTHREAD 809a0880  Cid 0b28.1158  Teb: 7d00dd00 Win32Thread: 00000000 RUNNING on processor 2\n"
        "Not impersonating\nDeviceMap                 c0001974\n");
    assert_int_equal(fx_int(fx_row(&f, "thread", 0), "processor"), 2);
    fx_assert_text(fx_row(&f, "thread", 0), "state", "running");
    assert_int_equal(fx_count(&f, "thread_irp"), 0);
    assert_true(fx_covers_int(&f, "thread_irp", 0x809a0880));
    fx_free(&f);
    /* cut before or inside the list: not known */
    f = fx_read("0: kd> !thread\nTHREAD 809a0880  Cid 0b28.1158  Teb: 7d00dd00 Win32Thread: 00000000 STANDBY\n");
    fx_assert_text(fx_row(&f, "thread", 0), "state", "standby");
    assert_false(fx_covers_int(&f, "thread_irp", 0x809a0880));
    fx_free(&f);
    f = fx_read(
        "0: kd> !thread\nTHREAD 809a0880  Cid 0b28.1158  Teb: 7d00dd00 Win32Thread: 00000000 STANDBY\nIRP List:\n"
        "    85102de0: (0006,0220) Flags: 00000884  Mdl: 00000000\n"
        "    86693de0: (0006,0220) Flags: 00000884  Mdl: 00000000\n");
    assert_int_equal(fx_count(&f, "thread_irp"), 2);
    assert_false(fx_covers_int(&f, "thread_irp", 0x809a0880));
    fx_free(&f);
    f = fx_read(
        "0: kd> !thread\nTHREAD 809a0880  Cid 0b28.1158  Teb: 7d00dd00 Win32Thread: 00000000 STANDBY\nIRP List:\n"
        "    Unable to read nt!_IRP @ 85102de0\nNot impersonating\n");
    assert_false(fx_covers_int(&f, "thread_irp", 0x809a0880));
    fx_free(&f);
}

static void old_forms(void **state)
{
    (void)state;
    /* sample k_x86--resource-time-outs-38: no Win32Thread, Initial Sp, no image */
    fx f = fx_read("kd> !thread ffaf5410\n\n"
                   "THREAD ffaf5410  Cid e7.e8  Teb: 7ffde000 WAIT: (Executive) KernelMode Non-Alertable\n"
                   "    feecf698  SynchronizationEvent\n"
                   "IRP List:\n    fef29208: (0006,00b8) Flags: 00000884  Mdl: feed8328\n"
                   "Not impersonating\nOwning Process ffaf5690\nWaitTime (seconds)      2781250\n"
                   "Start Address 0x77f04644\nInitial Sp fec6c000 Current Sp fec6b938\n"
                   "Priority 11 BasePriority 7 PriorityDecrement 0 DecrementCount 8\n");
    const sc_row *t = fx_row(&f, "thread", 0);
    fx_assert_text(t, "state", "wait");
    fx_assert_text(t, "wait_reason", "Executive");
    assert_true(fx_addr(t, "stack_init") == 0xfec6c000u);
    assert_true(fx_addr(t, "stack_current") == 0xfec6b938u);
    assert_true(fx_addr(t, "process") == 0xffaf5690u);
    assert_int_equal(fx_state(t, "image"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(t, "seconds"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(t, "start_symbol"), SC_NULL);
    assert_int_equal(fx_state(t, "resident"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void variants(void **state)
{
    (void)state;
    /* wrapped behind WAIT:, a mutant's owner, a process that could not be read, messages between the lines */
    fx f = fx_read("0: kd> !thread 88b9fcb0\n"
                   "THREAD 88b9fcb0  Cid 1548.16e4  Teb: 7ffac000 Win32Thread: fe288838 WAIT:\n"
                   "(Executive) KernelMode Non-Alertable\n"
                   "    850a5f88  Mutant - owning thread 81f3cda8\n"
                   "    ffadc6a0  SynchronizationEvent\n"
                   "Not impersonating\n"
                   "GetUlongFromAddress: unable to read from 83364510\n"
                   "Owning Process            0       Image:         <Unknown>\n"
                   "Attached Process          81e2dda0       Image:         vmtoolsd.exe\n"
                   "Wait Start TickCount      1214434      \n"
                   "Start Address nt!KiStartUserThread (0x832b6bae)\n"
                   "Win32 Start Address foo!Worker (0x832b6bae)\n"
                   "Priority 30  BasePriority 13  Priority Floor 30  IoPriority 2  PagePriority 5\n"
                   "Kernel stack not resident.\n");
    const sc_row *t = fx_row(&f, "thread", 0);
    fx_assert_text(t, "wait_reason", "Executive");
    fx_assert_text(t, "wait_mode", "KernelMode");
    assert_true(fx_addr(t, "wait_object") == 0x850a5f88u); /* the first of two */
    fx_assert_text(t, "wait_object_type", "Mutant");
    assert_true(fx_addr(t, "wait_owner") == 0x81f3cda8u);
    assert_int_equal(fx_state(t, "process"), SC_NULL);
    assert_int_equal(fx_state(t, "image"), SC_NOT_PRINTED);
    fx_assert_text(t, "attached", "vmtoolsd.exe");
    assert_int_equal(fx_state(t, "ticks"), SC_NOT_PRINTED);
    fx_assert_text(t, "start_symbol", "foo!Worker");
    assert_int_equal(fx_int(t, "priority"), 30);
    assert_false(fx_bool(t, "resident"));
    assert_true(fx_covers_int(&f, "thread", 0x88b9fcb0));
    fx_free(&f);
}

static void states(void **state)
{
    (void)state;
    static const struct {
        const char *printed, *word;
    } cases[] = {
        {"READY on processor 3", "ready"},
        {"TERMINATED", "terminated"},
        {"INITIALIZED", "initialized"},
        {"GATEWAIT", "gatewait"},
        {"RUNNING on processor 1f", "running"},
        {"WAIT: ...", "wait"},
        {"???", NULL},
        {"WAITING for you", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[200];
        snprintf(text, sizeof text, "THREAD ffaf5410  Cid e7.e8  Teb: 7ffde000 Win32Thread: 00000000 %s\n",
                 cases[i].printed);
        fx f = fx_read(text);
        const sc_row *t = fx_row(&f, "thread", 0);
        if (cases[i].word)
            fx_assert_text(t, "state", cases[i].word);
        else
            assert_int_equal(fx_state(t, "state"), SC_NOT_PRINTED);
        if (i == 4) assert_int_equal(fx_int(t, "processor"), 0x1f);
        fx_free(&f);
    }
}

static void several(void **state)
{
    (void)state;
    fx f = fx_read("kd> !thread ffaf5410\nTHREAD ffaf5410  Cid e7.e8  Teb: 7ffde000 Win32Thread: 00000000 READY\n"
                   "Base b8ae9000 Limit b8ae6000 Call 0\n"
                   "ChildEBP RetAddr\nfec6b950 801044fc ntoskrnl!KiSwapContext+0x25\n"
                   "THREAD ffaf6410  Cid e7.e9  Teb: 7ffde000 Win32Thread: 00000000 READY\n"
                   "Base b8af9000 Limit b8af6000 Call 0\n"
                   "ChildEBP RetAddr\nfec7b950 801044fc ntoskrnl!KiSwapContext+0x25\n");
    assert_int_equal(fx_count(&f, "thread"), 2);
    assert_int_equal(fx_count(&f, "stack"), 2);
    assert_true(fx_addr(fx_row(&f, "stack", 0), "thread") == 0xffaf5410u);
    assert_true(fx_addr(fx_row(&f, "stack", 1), "thread") == 0xffaf6410u);
    assert_true(fx_addr(fx_row(&f, "thread", 1), "limit") == 0xb8af6000u);
    fx_free(&f);
}

static void hostile(void **state)
{
    (void)state;
    fx_torture(
        "!thread ffaf5410\nTHREAD ffaf5410  Cid e7.e8  Teb: 7ffde000 WAIT: (Executive) KernelMode Non-Alertable\n"
        "    feecf698  Mutant - owning thread 81f3cda8\nIRP List:\n    fef29208: (0006,00b8) Flags: 00000884  Mdl: "
        "feed8328\n"
        "Owning Process ffaf5690 Image: a.exe\nWait Start TickCount 396427 Ticks: 38463 (0:00:10:00.026)\n"
        "Win32 Start Address a!b (0x77f04644)\nBase b8ae9000 Limit b8ae6000\nPriority 11 BasePriority 7\n"
        "ChildEBP RetAddr\nfec6b950 801044fc nt!KiSwapContext+0x25\n");
    fx f = fx_read("THREAD ffffffffffffffff  Cid 0.0  Teb: 0 WAIT: (\n"
                   "Wait Start TickCount 1 Ticks: 18446744073709551615 (999999999:99:99:99.99999999999999999999)\n"
                   "Priority 99999999999 BasePriority 1\n");
    assert_int_equal(fx_state(fx_row(&f, "thread", 0), "ticks"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "thread", 0), "seconds"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "thread", 0), "priority"), SC_NOT_PRINTED);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole),    cmocka_unit_test(without_prompt), cmocka_unit_test(damaged),
        cmocka_unit_test(fragment), cmocka_unit_test(irp_lists),      cmocka_unit_test(old_forms),
        cmocka_unit_test(variants), cmocka_unit_test(states),         cmocka_unit_test(several),
        cmocka_unit_test(hostile),
    };
    return cmocka_run_group_tests_name("!thread", tests, NULL, NULL);
}
