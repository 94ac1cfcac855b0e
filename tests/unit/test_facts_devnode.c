/* !devstack and !devnode (engine/facts/devstack.c, devnode.c) and the names of device problems. */
#include "engine/decode/cm_problem.h"
#include "tests/unit/facts_forms.h"

#include <stdio.h>

/* Sample devstack--bug-check-0x9f-driver-power-state-failure-126. */
static const char stack[] =
    "0: kd> !devstack fffffa8007b13440\n"
    "  !DevObj           !DrvObj            !DevExt           ObjectName\n"
    "  fffffa800783f060  \\Driver\\HidUsb     fffffa800783f1b0  InfoMask field not found for _OBJECT_HEADER at "
    "fffffa800783f030\n"
    "> fffffa8007b13440  \\Driver\\usbhub     fffffa8007b13590  Cannot read info offset from nt!ObpInfoMaskToOffset\n"
    "!DevNode fffffa8007ac8a00 :\n"
    "  DeviceInst is \"USB\\VID_04D8&PID_0033\\5&46fa7b7&0&1\"\n"
    "  ServiceName is \"HidUsb\"\n";

/* Sample devnode--retrieving-the-status-and-problem-code-for-a-dev-40. */
static const char tree[] = "0: kd> !devnode 0 21\n"
                           "Dumping IopRootDeviceNode (= 0x85d37e30)\n"
                           "DevNode 0x8ad6ab78 for PDO 0x81635c30\n"
                           "  InstancePath is \"ROOT\\DIINSTALLDRIVER\\0003\"\n"
                           "  ServiceName is \"isolated\"\n"
                           "  State = DeviceNodeRemoved (0x312)\n"
                           "  Previous State = DeviceNodeInitialized (0x302)\n"
                           "  Problem = CM_PROB_FAILED_ADD\n"
                           "  Problem Status = 0xc00000bb\n";

static void reads_a_stack(void **state)
{
    (void)state;
    fx f = fx_read(stack);
    const sc_row *top = fx_row(&f, "device_stack", 0), *low = fx_row(&f, "device_stack", 1);
    fx_assert_text(top, "driver", "HidUsb");
    assert_int_equal(fx_state(top, "name"), SC_NOT_PRINTED); /* the debugger could not read it */
    assert_int_equal(fx_int(low, "position"), 2);
    assert_true(fx_bool(low, "asked") && !fx_bool(top, "asked"));
    assert_true(fx_addr(low, "ext") == 0xfffffa8007b13590u);
    assert_int_equal(fx_int(top, "stack"), fx_int(low, "stack"));
    assert_true(fx_covers_int(&f, "device_stack", (int64_t)0xfffffa800783f060u));
    const sc_row *node = fx_row(&f, "devnode", 0);
    assert_true(fx_addr(node, "pdo") == 0xfffffa8007b13440u);
    fx_assert_text(node, "instance", "USB\\VID_04D8&PID_0033\\5&46fa7b7&0&1");
    fx_assert_text(node, "service", "HidUsb");
    fx_free(&f);
    fx_assert_forms(stack, "device_stack", 2, 0);
    fx_assert_forms(stack, "devnode", 1, 0);
}

/* Sample devstack--debug-universal-drivers-kernel-mode-738. */
static void long_names_are_glued(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !devstack 0xffffe00089c575a0\n"
                   "  !DevObj           !DrvObj            !DevExt           ObjectName\n"
                   "  ffffe00088386a50  \\Driver\\sysvad_tabletaudiosampleffffe00088386ba0  0000007a\n"
                   "> ffffe00089c575a0  \\Driver\\PnpManager 00000000  0000004e\n"
                   "  ffffe00089c57600  \\Driver\\kmixer     ffffe00089c57750  \n"
                   "!DevNode ffffe00086e68190 :\n");
    fx_assert_text(fx_row(&f, "device_stack", 0), "driver", "sysvad_tabletaudiosample");
    assert_true(fx_addr(fx_row(&f, "device_stack", 0), "ext") == 0xffffe00088386ba0u);
    fx_assert_text(fx_row(&f, "device_stack", 0), "name", "0000007a");
    assert_int_equal(fx_state(fx_row(&f, "device_stack", 1), "ext"), SC_NULL);
    assert_int_equal(fx_state(fx_row(&f, "device_stack", 2), "name"), SC_NULL);
    fx_free(&f);
}

/* Two outputs without prompts are one section: the first stack is whole when its node is there. */
static void two_stacks_are_told_apart(void **state)
{
    (void)state;
    const char *body = strchr(stack, '\n') + 1;
    char text[2048];
    snprintf(text, sizeof text,
             "%s  !DevObj   !DrvObj            !DevExt   ObjectName\n> 8633da70  \\Driver\\disk  8633db28\n", body);
    fx f = fx_read(text);
    assert_int_equal(f.transcript.n_sections, 1);
    assert_int_equal(fx_count(&f, "device_stack"), 3);
    assert_int_equal(fx_int(fx_row(&f, "device_stack", 2), "position"), 1);
    assert_true(fx_covers_int(&f, "device_stack", (int64_t)0xfffffa800783f060u));
    assert_false(fx_covers_int(&f, "device_stack", 0x8633da70));
    assert_int_equal(f.facts->pointer_bytes, 8);
    fx_free(&f);
    f = fx_read("  !DevObj   !DrvObj            !DevExt   ObjectName\n> 8633da70  \\Driver\\disk  8633db28\n");
    assert_int_equal(f.facts->pointer_bytes, 4);
    fx_free(&f);
    f = fx_read("  !DevObj           !DrvObj            !DevExt           ObjectName\n"
                "> ffffe00089c575a0  \\Driver\\PnpManager 00000000  0000004e\n");
    assert_int_equal(f.facts->pointer_bytes, 8);
    fx_free(&f);
}

static void a_cut_stack_is_not_whole(void **state)
{
    (void)state;
    char *cut = fx_cut(stack, 4);
    fx f = fx_read(cut);
    assert_true(fx_count(&f, "device_stack") >= 1);
    assert_false(fx_covers_int(&f, "device_stack", (int64_t)0xfffffa800783f060u));
    fx_free(&f);
    free(cut);
}

static void reads_a_problem(void **state)
{
    (void)state;
    fx f = fx_read(tree);
    const sc_row *r = fx_row(&f, "devnode", 0);
    assert_true(fx_addr(r, "devnode") == 0x8ad6ab78u);
    fx_assert_text(r, "state", "DeviceNodeRemoved");
    assert_int_equal(fx_int(r, "state_code"), 0x312);
    fx_assert_text(r, "previous", "DeviceNodeInitialized");
    fx_assert_text(r, "problem", "CM_PROB_FAILED_ADD");
    assert_int_equal(fx_int(r, "problem_code"), 31);
    assert_true(fx_addr(r, "problem_status") == 0xc00000bbu);
    fx_free(&f);
    fx_assert_forms(tree, "devnode", 1, 0);
}

/* Without a problem the node is shown to have none, unless something was left out. */
static void no_problem_needs_a_whole_node(void **state)
{
    (void)state;
    static const char node[] = "DevNode 0xfffffa8004483490 for PDO 0xfffffa800448d060\n"
                               "  Parent 0xfffffa80036766d0   Sibling 0000000000   Child 0xfffffa80058ad720\n"
                               "  State = DeviceNodeStarted (0x308)\n"
                               "  Previous State = DeviceNodeEnumerateCompletion (0x30d)\n"
                               "  StateHistory[09] = DeviceNodeEnumerateCompletion (0x30d)\n";
    char text[1024];
    snprintf(text, sizeof text, "kd> !devnode 0 1\n%s%s", node, node);
    fx f = fx_read(text);
    assert_int_equal(fx_state(fx_row(&f, "devnode", 0), "problem"), SC_NULL);
    assert_int_equal(fx_state(fx_row(&f, "devnode", 1), "problem"), SC_NOT_PRINTED); /* the paste ends there */
    assert_int_equal(fx_state(fx_row(&f, "devnode", 0), "sibling"), SC_NULL);
    assert_true(fx_addr(fx_row(&f, "devnode", 0), "parent") == 0xfffffa80036766d0u);
    assert_true(fx_addr(fx_row(&f, "devnode", 0), "child") == 0xfffffa80058ad720u);
    const sc_row *then = fx_row(&f, "devnode_state", 0);
    assert_true(fx_addr(then, "devnode") == 0xfffffa8004483490u);
    assert_int_equal(fx_int(then, "n"), 9);
    fx_assert_text(then, "state", "DeviceNodeEnumerateCompletion");
    assert_int_equal(fx_int(then, "code"), 0x30d);
    fx_free(&f);
    snprintf(text, sizeof text, "kd> !devnode 0 1\n%s  ...\n%s", node, node);
    f = fx_read(text);
    assert_int_equal(fx_state(fx_row(&f, "devnode", 0), "problem"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void problems_have_numbers(void **state)
{
    (void)state;
    assert_int_equal(sc_cm_problem_code(SC_S("CM_PROB_FAILED_START")), 10);
    assert_int_equal(sc_cm_problem_code(SC_S("failed_post_start")), 43);
    assert_int_equal(sc_cm_problem_code(SC_S("CM_PROB_")), 0);
    assert_string_equal(sc_cm_problem_name(52), "CM_PROB_UNSIGNED_DRIVER");
    assert_null(sc_cm_problem_name(0));
    assert_null(sc_cm_problem_name(9999));
}

static void prose_and_noise(void **state)
{
    (void)state;
    assert_int_equal(fx_rows_of("State = California\nProblem = none of yours\nServiceName is unknown\n", "devnode"), 0);
    fx_torture(stack);
    fx_torture(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_stack),
        cmocka_unit_test(long_names_are_glued),
        cmocka_unit_test(two_stacks_are_told_apart),
        cmocka_unit_test(a_cut_stack_is_not_whole),
        cmocka_unit_test(reads_a_problem),
        cmocka_unit_test(no_problem_needs_a_whole_node),
        cmocka_unit_test(problems_have_numbers),
        cmocka_unit_test(prose_and_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
