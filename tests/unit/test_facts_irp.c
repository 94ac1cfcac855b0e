/* !irp and !irpfind (engine/facts/irp.c, irp_text.c, irpfind.c). */
#include "tests/unit/facts_fixture.h"

#define EMPTY                                                                                                          \
    " [  0, 0]   0  0 00000000 00000000 00000000-00000000   \n\n            Args: 00000000 00000000 00000000 "         \
    "00000000\n"

/* Seed 003, shortened to three of its ten locations; the driver's line is lost. */
static const char seed[] = "0: kd> !irp fffffa8008f5cc10 7\n"
                           "Irp is active with 3 stacks 3 is current (= 0xfffffa8008f5cd70)\n"
                           " No Mdl: No System Buffer: Thread fffffa8007005660:  Irp stack trace. \n"
                           "Flags = 00000000\n"
                           "IoStatus.Status = c00000bb\n"
                           "IoStatus.Information = 00000000\n"
                           "Overlay.AllocationSize = 00000000 - 00000000\n"
                           "&Tail.Overlay.DeviceQueueEntry = fffffa8008f5cc88\n"
                           "     cmd  flg cl Device   File     Completion-Context\n" EMPTY EMPTY
                           ">[ 1b,17]   0  0 fffffa800c089050 00000000 00000000-00000000   \n\n"
                           "            Args: 00000000 00000000 00000000 00000000\n"
                           "IO verifier information:\n"
                           "No information available - the verifier is probably disabled\n";

static void check_seed(const fx *f)
{
    assert_int_equal(fx_count(f, "irp"), 1);
    const sc_row *irp = fx_row(f, "irp", 0);
    assert_true(fx_addr(irp, "irp") == 0xfffffa8008f5cc10u);
    assert_int_equal(fx_int(irp, "stacks"), 3);
    assert_int_equal(fx_int(irp, "current"), 3);
    assert_true(fx_addr(irp, "thread") == 0xfffffa8007005660u);
    assert_int_equal(fx_int(irp, "status"), 0xc00000bb);
    assert_false(fx_bool(irp, "completed"));
    assert_int_equal(fx_count(f, "irp_stack"), 3);
    const sc_row *empty = fx_row(f, "irp_stack", 0), *at = fx_row(f, "irp_stack", 2);
    assert_false(fx_bool(empty, "current"));
    assert_int_equal(fx_state(empty, "device"), SC_NULL);
    assert_int_equal(fx_state(empty, "driver"), SC_NULL);
    assert_int_equal(fx_state(empty, "major_name"), SC_NULL); /* not a create request */
    assert_true(fx_bool(at, "current"));
    assert_int_equal(fx_int(at, "position"), 3);
    assert_int_equal(fx_int(at, "major"), 0x1b);
    assert_int_equal(fx_int(at, "minor"), 0x17);
    fx_assert_text(at, "major_name", "IRP_MJ_PNP");
    fx_assert_text(at, "minor_name", "IRP_MN_SURPRISE_REMOVAL");
    fx_assert_text(at, "request", "PnP surprise removal");
    assert_true(fx_addr(at, "device") == 0xfffffa800c089050u);
    assert_int_equal(fx_state(at, "driver"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(at, "completion"), SC_NULL);
    assert_false(fx_bool(at, "pending"));
    assert_true(fx_covers_int(f, "irp", (int64_t)0xfffffa8008f5cc10u));
    assert_true(fx_covers_int(f, "irp_stack", (int64_t)0xfffffa8008f5cc10u));
}

static void whole(void **state)
{
    (void)state;
    fx f = fx_read(seed);
    check_seed(&f);
    fx_free(&f);
}

/* The address follows from the current stack location. */
static void without_prompt(void **state)
{
    (void)state;
    fx f = fx_read(strchr(seed, '\n') + 1);
    check_seed(&f);
    fx_free(&f);
    f = fx_read(
        "Irp is active with 2 stacks 2 is current (= 0x811834fc)\n"); /* x86: irp--debugging-an-interrupt-storm-31 */
    assert_true(fx_addr(fx_row(&f, "irp", 0), "irp") == 0x81183468u);
    assert_int_equal(f.facts->pointer_bytes, 4);
    fx_free(&f);
    f = fx_read("Irp is active with 10 stacks 10 is current (= 0xfffffa8008f5cf68)\n"); /* seed 003 itself */
    assert_true(fx_addr(fx_row(&f, "irp", 0), "irp") == 0xfffffa8008f5cc10u);
    fx_free(&f);
    f = fx_read("Irp is active with 10 stacks 10 is current\n&Tail.Overlay.DeviceQueueEntry = fffffa8008f5cc88\n");
    assert_true(fx_addr(fx_row(&f, "irp", 0), "irp") == 0xfffffa8008f5cc10u);
    fx_free(&f);
}

static void truncated(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !irp fffffa8008f5cc10\n"
                   "Irp is active with 3 stacks 3 is current (= 0xfffffa8008f5cd70)\n" EMPTY);
    assert_int_equal(fx_count(&f, "irp_stack"), 1);
    assert_int_equal(fx_state(fx_row(&f, "irp_stack", 0), "current"), SC_NOT_PRINTED);
    assert_false(fx_covers_int(&f, "irp_stack", (int64_t)0xfffffa8008f5cc10u));
    fx_free(&f);
}

/* The > that marks the current location looks like a quotation's. */
static void lost_mark(void **state)
{
    (void)state;
    fx f = fx_read("kd> !irp 81183468\n"
                   "Irp is active with 2 stacks 2 is current (= 0x811834fc)\n" EMPTY
                   "[ 16, 2]   0 e1 8145f470 00000000 8047f744-814187a8 Success Error Cancel pending\n"
                   "               \\Driver\\E100B    ntoskrnl!PopCompleteSystemPowerIrp\n"
                   "                        Args: 00000000 00000000 00000002 00000002 \n");
    const sc_row *at = fx_row(&f, "irp_stack", 1);
    assert_true(fx_bool(at, "current"));
    assert_false(fx_bool(fx_row(&f, "irp_stack", 0), "current"));
    assert_true(fx_bool(at, "pending"));
    fx_assert_text(at, "driver", "E100B");
    fx_assert_text(at, "completion", "ntoskrnl!PopCompleteSystemPowerIrp");
    fx_assert_text(at, "request", "set power, system to S1 (sleep)");
    fx_free(&f);
}

/* Samples irp--bug-check-0x9f-driver-power-state-failure-89 and irp--ioctldecode-39. */
static void symbolic(void **state)
{
    (void)state;
    fx f = fx_read("    0: kd> !irp fffffa800ab61bd0\n"
                   "    Irp is active with 3 stacks 2 is current (= 0xfffffa800ab61ce8)\n"
                   "     No Mdl: No System Buffer: Thread 00000000:  Irp stack trace.  \n"
                   "         cmd  flg cl Device   File     Completion-Context\n"
                   "     [N/A(0), N/A(0)]\n"
                   "                0  0 00000000 00000000 00000000-00000000    \n\n"
                   "                Args: 00000000 00000000 00000000 00000000\n"
                   "    >[IRP_MJ_POWER(16), IRP_MN_SET_POWER(2)]\n"
                   "                0 e1 fffffa800783f060 00000000 00000000-00000000    pending\n"
                   "               \\Driver\\HidUsb        (IopUnloadSafeCompletion)\n"
                   "                Args: 00016600 00000001 00000004 0x00000006\n"
                   "     [N/A(0), N/A(0)]\n"
                   "                0  0 00000000 00000000 00000000-fffffa800ad00170    \n\n"
                   "                Args: 00000000 00000000 00000000 00000000\n");
    assert_int_equal(fx_state(fx_row(&f, "irp", 0), "thread"), SC_NULL);
    assert_int_equal(fx_state(fx_row(&f, "irp", 0), "status"), SC_NOT_PRINTED);
    const sc_row *at = fx_row(&f, "irp_stack", 1);
    assert_true(fx_bool(at, "current"));
    fx_assert_text(at, "minor_name", "IRP_MN_SET_POWER");
    fx_assert_text(at, "driver", "HidUsb");
    fx_assert_text(at, "completion", "IopUnloadSafeCompletion");
    fx_assert_text(at, "request", "set power, device to D3 (power off)");
    assert_int_equal(fx_int(at, "arg4"), 6);
    assert_true(fx_bool(at, "pending"));
    assert_int_equal(fx_state(fx_row(&f, "irp_stack", 2), "major_name"), SC_NULL);
    assert_true(fx_covers_int(&f, "irp_stack", (int64_t)0xfffffa800ab61bd0u));
    fx_free(&f);
}

static void completed(void **state)
{
    (void)state;
    fx f = fx_read("1: kd> !irp b41d9b80\n"
                   "Irp is active with 1 stacks 3 is current (= 0xb41d9c38)\n"
                   " No Mdl: No System Buffer: Thread cc16c040:  Irp is completed.\n"
                   "     cmd  flg cl Device   File     Completion-Context\n"
                   " [IRP_MJ_CREATE(0), N/A(0)]\n"
                   "            0  0 b41bc7a0 b4100000 00000000-00000000\n"
                   "\t       \\Driver\\booster\n"
                   "\t\t\tArgs: 00000000 00000000 00000000 00000000\n");
    assert_true(fx_bool(fx_row(&f, "irp", 0), "completed"));
    assert_false(fx_bool(fx_row(&f, "irp_stack", 0), "current"));
    fx_assert_text(fx_row(&f, "irp_stack", 0), "major_name", "IRP_MJ_CREATE");
    fx_free(&f);
}

/* Sample irp--interpreting-bug-check-0xcb-64: the locations below the current one were left out. */
static void current_alone(void **state)
{
    (void)state;
    fx f = fx_read("kd> !irp 817329b0 7\n"
                   "Irp is active with 2 stacks 2 is current (= 0x81732a44)\n"
                   " Mdl = 81861788 System buffer = ffa59220 Thread 00000000:  Irp stack trace.\n"
                   ">[  e, 0]   1  1 81a883c8 81ae6158 00000000-00000000    pending\n"
                   " \\Driver\\TESTCAP\n");
    assert_int_equal(fx_int(fx_row(&f, "irp_stack", 0), "position"), 2);
    assert_true(fx_bool(fx_row(&f, "irp_stack", 0), "current"));
    assert_false(fx_covers_int(&f, "irp_stack", 0x817329b0));
    fx_free(&f);
    f = fx_read("Here is the location that counts:\n\n>[ 1b,17]   0  0 fffffa800c089050 00000000 00000000-00000000\n");
    assert_int_equal(fx_state(fx_row(&f, "irp_stack", 0), "irp"), SC_NOT_PRINTED);
    assert_int_equal(fx_int(fx_row(&f, "irp_stack", 0), "major"), 0x1b);
    fx_free(&f);
}

/* Two outputs, the second prompt lost: the argument names the first only. */
static void several(void **state)
{
    (void)state;
    fx f = fx_read("kd> !irp 81183468\n"
                   "Irp is active with 1 stacks 1 is current (= 0x811834d8)\n>[  3, 0]   0  0 8145f470 00000000 "
                   "00000000-00000000\n"
                   "Irp is active with 1 stacks 1 is current (= 0xac598e38)\n>[  4, 0]   0  0 8145f471 00000000 "
                   "00000000-00000000\n");
    assert_int_equal(fx_count(&f, "irp"), 2);
    assert_true(fx_addr(fx_row(&f, "irp", 1), "irp") == 0xac598dc8u);
    assert_true(fx_addr(fx_row(&f, "irp_stack", 1), "irp") == 0xac598dc8u);
    assert_int_equal(fx_int(fx_row(&f, "irp_stack", 1), "position"), 1);
    fx_free(&f);
}

static void hostile(void **state)
{
    (void)state;
    fx_torture(seed);
    fx f = fx_read("Irp is active with 99999999999999999999 stacks 4 is current (= 0x811834fc)\n"
                   "Irp is active with 2 stacks 2 is current (= 0x00000004)\n"
                   "[ffffffffffffffff, 0] 0 0 0 0 0-0\n>[IRP_MJ_POWER(16), IRP_MN_SET_POWER(2\n>[  X, 1]\n");
    assert_int_equal(fx_count(&f, "irp"), 1);
    assert_int_equal(fx_state(fx_row(&f, "irp", 0), "irp"), SC_NOT_PRINTED);
    assert_int_equal(fx_count(&f, "irp_stack"), 0);
    fx_free(&f);
    /* locations without a header never make one endless request */
    size_t n = 0, line = strlen(">[  3, 0]   0  0 8145f470 00000000 00000000-00000000\n");
    char *many = malloc(line * 3000 + 1);
    assert_non_null(many);
    for (; n < 3000; n++) memcpy(many + n * line, ">[  3, 0]   0  0 8145f470 00000000 00000000-00000000\n", line);
    many[n * line] = '\0';
    f = fx_read(many);
    assert_int_equal(fx_count(&f, "irp_stack"), 3000);
    assert_true(fx_count(&f, "irp") > 20);
    fx_free(&f);
    free(many);
}

/* ---- !irpfind ---- */

static void find_rows(void **state)
{
    (void)state;
    fx f = fx_read("So I listed the requests.\n\n" /* seed 003 has no prompt here */
                   "fffffa8016238a00 [fffffa8016248640] irpStack: ( e, 0)  fffffa800b17ae40 [ \\Driver\\aswNdisFlt]\n"
                   "fffffa8016219c60 [fffffa801551d060] irpStack: ( c, 2)  fffffa8014813030 [ \\FileSystem\\Ntfs]\n"
                   "aswNdisFlt is a firewall driver.\n");
    assert_int_equal(fx_count(&f, "pending_irp"), 2);
    const sc_row *r = fx_row(&f, "pending_irp", 0);
    assert_true(fx_addr(r, "irp") == 0xfffffa8016238a00u);
    assert_true(fx_addr(r, "thread") == 0xfffffa8016248640u);
    assert_int_equal(fx_int(r, "major"), 0xe);
    fx_assert_text(r, "major_name", "IRP_MJ_DEVICE_CONTROL");
    assert_true(fx_addr(r, "device") == 0xfffffa800b17ae40u);
    fx_assert_text(r, "driver", "aswNdisFlt");
    assert_false(fx_bool(r, "completed"));
    fx_assert_text(fx_row(&f, "pending_irp", 1), "driver", "Ntfs");
    fx_assert_text(fx_row(&f, "pending_irp", 1), "minor_name", "IRP_MN_NOTIFY_CHANGE_DIRECTORY");
    assert_false(fx_covers_all(&f, "pending_irp")); /* nothing proves that these are all */
    fx_free(&f);
}

/* The line with the thread is lost: the packet's field tells it as well. A major code that Windows does not have is
 * kept as a number. */
static void fields_of_the_packet(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !irp fffffa8008f5cc10 1\nIrp is active with 1 stacks 1 is current (= 0xfffffa8008f5cce0)\n"
                   "Flags = 00000000\nTail.Overlay.Thread = fffffa8007005660\n"
                   "     cmd  flg cl Device   File     Completion-Context\n"
                   ">[ 1c, 0]   0  0 fffffa800c089050 00000000 00000000-00000000   \n\n"
                   "            Args: 00000000 00000000 00000000 00000000\n");
    assert_true(fx_addr(fx_row(&f, "irp", 0), "thread") == 0xfffffa8007005660u);
    const sc_row *r = fx_row(&f, "irp_stack", 0);
    assert_int_equal(fx_int(r, "major"), 0x1c);
    assert_int_equal(fx_state(r, "major_name"), SC_NULL);
    fx_free(&f);
    f = fx_read("0: kd> !irpfind\n"
                "fffffa8016238a00 [fffffa8016248640] irpStack: (1c, 0)  fffffa800b17ae40 [ \\Driver\\acmedisk]\n");
    assert_int_equal(fx_int(fx_row(&f, "pending_irp", 0), "major"), 0x1c);
    assert_int_equal(fx_state(fx_row(&f, "pending_irp", 0), "major_name"), SC_NULL);
    fx_free(&f);
}

static void find_whole(void **state)
{
    (void)state;
    fx f = fx_read(
        "kd> !irpfind\n"
        "Scanning large pool allocation table for Tag 'Irp?' (fffffa801a333000 : fffffa801a3f3000)\n\n"
        "  Irp            [ Thread ]         irpStack: (Mj,Mn)   DevObj          [Driver]         MDL Process\n"
        "fffffa801922d430 [0000000000000000] Irp is complete (CurrentLocation 3 > StackCount 2) 0xfffff80000000003\n"
        "fffffa8019753390 [fffffa801a9f9b50] irpStack: ( e,2d)  fffffa801a9c9980 [ \\Driver\\AFD] 0xfffffa8019000000\n"
        "8bd5c548 [91deeb80] irpStack: (e,20)  8bcb2ca0 [ |Driver|AFD] 0x91da5c40\n");
    assert_int_equal(fx_count(&f, "pending_irp"), 3);
    const sc_row *done = fx_row(&f, "pending_irp", 0);
    assert_true(fx_bool(done, "completed"));
    assert_int_equal(fx_state(done, "thread"), SC_NULL);
    assert_int_equal(fx_state(done, "driver"), SC_NULL);
    fx_assert_text(fx_row(&f, "pending_irp", 1), "driver", "AFD");
    fx_assert_text(fx_row(&f, "pending_irp", 2), "driver", "AFD");
    assert_int_equal(fx_int(fx_row(&f, "pending_irp", 2), "minor"), 0x20);
    fx_free(&f);
}

static void find_hostile(void **state)
{
    (void)state;
    fx_torture(
        "kd> !irpfind\nfffffa8016238a00 [fffffa8016248640] irpStack: ( e, 0)  fffffa800b17ae40 [ "
        "\\Driver\\aswNdisFlt]\n"
        "fffffa801922d430 [0000000000000000] Irp is complete (CurrentLocation 3 > StackCount 2) 0xfffff80000000003\n");
    fx f = fx_read("kd> !irpfind\nfffffa8016238a00 [fffffa8016248640] irpStack: (fff, 0)  fffffa800b17ae40 [ ]\n");
    assert_int_equal(fx_count(&f, "pending_irp"), 0);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole),
        cmocka_unit_test(without_prompt),
        cmocka_unit_test(truncated),
        cmocka_unit_test(lost_mark),
        cmocka_unit_test(symbolic),
        cmocka_unit_test(completed),
        cmocka_unit_test(current_alone),
        cmocka_unit_test(several),
        cmocka_unit_test(hostile),
        cmocka_unit_test(find_rows),
        cmocka_unit_test(fields_of_the_packet),
        cmocka_unit_test(find_whole),
        cmocka_unit_test(find_hostile),
    };
    return cmocka_run_group_tests_name("!irp, !irpfind", tests, NULL, NULL);
}
