/* IRP codes to words (engine/decode/irp.c). */
#include "engine/decode/irp.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void names(void **state)
{
    (void)state;
    assert_string_equal(sc_irp_major_name(0x00), "IRP_MJ_CREATE");
    assert_string_equal(sc_irp_major_name(0x0f), "IRP_MJ_INTERNAL_DEVICE_CONTROL");
    assert_string_equal(sc_irp_major_name(0x16), "IRP_MJ_POWER");
    assert_string_equal(sc_irp_major_name(0x17), "IRP_MJ_SYSTEM_CONTROL");
    assert_string_equal(sc_irp_major_name(0x1b), "IRP_MJ_PNP");
    assert_null(sc_irp_major_name(0x1c));
    assert_null(sc_irp_major_name(UINT64_MAX));
    assert_string_equal(sc_irp_minor_name(0x1b, 0x17), "IRP_MN_SURPRISE_REMOVAL");
    assert_string_equal(sc_irp_minor_name(0x1b, 0x02), "IRP_MN_REMOVE_DEVICE");
    assert_string_equal(sc_irp_minor_name(0x1b, 0x19), "IRP_MN_DEVICE_ENUMERATED");
    assert_null(sc_irp_minor_name(0x1b, 0x0e));
    assert_null(sc_irp_minor_name(0x1b, 0x1a));
    assert_string_equal(sc_irp_minor_name(0x16, 2), "IRP_MN_SET_POWER");
    assert_string_equal(sc_irp_minor_name(0x0c, 2), "IRP_MN_NOTIFY_CHANGE_DIRECTORY");
    assert_null(sc_irp_minor_name(0x03, 0x34)); /* reads have no minor functions with names */
    assert_null(sc_irp_minor_name(0x99, 0));
}

static void power_states(void **state)
{
    (void)state;
    assert_string_equal(sc_power_state_name(0, 1), "S0");
    assert_string_equal(sc_power_state_name(0, 6), "S5");
    assert_string_equal(sc_power_state_name(1, 1), "D0");
    assert_string_equal(sc_power_state_name(1, 4), "D3");
    assert_null(sc_power_state_name(1, 5));
    assert_null(sc_power_state_name(0, 0));
    assert_null(sc_power_state_name(2, 1));
    assert_null(sc_power_state_name(0, UINT64_MAX));
    assert_string_equal(sc_power_action_name(2), "sleep");
    assert_null(sc_power_action_name(0));
    assert_null(sc_power_action_name(99));
}

static void requests(void **state)
{
    (void)state;
    static const uint64_t device_off[] = {0x16600, 1, 4, 6}, system_sleep[] = {0, 0, 4, 2}, odd[] = {0, 9, 9, 9};
    sc_arena *a = sc_arena_new(0);
    assert_true(sc_eq_z(sc_irp_request(a, 0x1b, 0x17, NULL), "PnP surprise removal"));
    assert_true(sc_eq_z(sc_irp_request(a, 0x1b, 0x7f, NULL), "PnP request"));
    assert_true(sc_eq_z(sc_irp_request(a, 0x0e, 0, NULL), "device control"));
    assert_true(sc_eq_z(sc_irp_request(a, 0x0d, 0, NULL), "file system control"));
    assert_true(sc_eq_z(sc_irp_request(a, 0x0c, 2, NULL), "notify change directory"));
    assert_true(sc_eq_z(sc_irp_request(a, 0x16, 2, NULL), "set power"));
    assert_true(sc_eq_z(sc_irp_request(a, 0x16, 2, device_off), "set power, device to D3 (power off)"));
    assert_true(sc_eq_z(sc_irp_request(a, 0x16, 3, system_sleep), "query power, system to S3 (sleep)"));
    assert_true(sc_eq_z(sc_irp_request(a, 0x16, 2, odd), "set power"));
    assert_true(sc_eq_z(sc_irp_request(a, 0x16, 0, system_sleep), "wait wake"));
    assert_int_equal(sc_irp_request(a, 0x44, 0, NULL).n, 0);
    sc_arena_free(a);
}

/* Every name stands at its number: one of the tables moved or misspelt is a wrong answer that looks right. */
static void every_name_at_its_number(void **state)
{
    (void)state;
    static const struct {
        unsigned major, minor;
        const char *name;
    } all[] = {
        {0x1b, 0x00, "IRP_MN_START_DEVICE"},
        {0x1b, 0x01, "IRP_MN_QUERY_REMOVE_DEVICE"},
        {0x1b, 0x02, "IRP_MN_REMOVE_DEVICE"},
        {0x1b, 0x03, "IRP_MN_CANCEL_REMOVE_DEVICE"},
        {0x1b, 0x04, "IRP_MN_STOP_DEVICE"},
        {0x1b, 0x05, "IRP_MN_QUERY_STOP_DEVICE"},
        {0x1b, 0x06, "IRP_MN_CANCEL_STOP_DEVICE"},
        {0x1b, 0x07, "IRP_MN_QUERY_DEVICE_RELATIONS"},
        {0x1b, 0x08, "IRP_MN_QUERY_INTERFACE"},
        {0x1b, 0x09, "IRP_MN_QUERY_CAPABILITIES"},
        {0x1b, 0x0a, "IRP_MN_QUERY_RESOURCES"},
        {0x1b, 0x0b, "IRP_MN_QUERY_RESOURCE_REQUIREMENTS"},
        {0x1b, 0x0c, "IRP_MN_QUERY_DEVICE_TEXT"},
        {0x1b, 0x0d, "IRP_MN_FILTER_RESOURCE_REQUIREMENTS"},
        {0x1b, 0x0f, "IRP_MN_READ_CONFIG"},
        {0x1b, 0x10, "IRP_MN_WRITE_CONFIG"},
        {0x1b, 0x11, "IRP_MN_EJECT"},
        {0x1b, 0x12, "IRP_MN_SET_LOCK"},
        {0x1b, 0x13, "IRP_MN_QUERY_ID"},
        {0x1b, 0x14, "IRP_MN_QUERY_PNP_DEVICE_STATE"},
        {0x1b, 0x15, "IRP_MN_QUERY_BUS_INFORMATION"},
        {0x1b, 0x16, "IRP_MN_DEVICE_USAGE_NOTIFICATION"},
        {0x1b, 0x17, "IRP_MN_SURPRISE_REMOVAL"},
        {0x1b, 0x18, "IRP_MN_QUERY_LEGACY_BUS_INFORMATION"},
        {0x1b, 0x19, "IRP_MN_DEVICE_ENUMERATED"},
        {0x16, 0x00, "IRP_MN_WAIT_WAKE"},
        {0x16, 0x01, "IRP_MN_POWER_SEQUENCE"},
        {0x16, 0x02, "IRP_MN_SET_POWER"},
        {0x16, 0x03, "IRP_MN_QUERY_POWER"},
        {0x17, 0x00, "IRP_MN_QUERY_ALL_DATA"},
        {0x17, 0x01, "IRP_MN_QUERY_SINGLE_INSTANCE"},
        {0x17, 0x02, "IRP_MN_CHANGE_SINGLE_INSTANCE"},
        {0x17, 0x03, "IRP_MN_CHANGE_SINGLE_ITEM"},
        {0x17, 0x04, "IRP_MN_ENABLE_EVENTS"},
        {0x17, 0x05, "IRP_MN_DISABLE_EVENTS"},
        {0x17, 0x06, "IRP_MN_ENABLE_COLLECTION"},
        {0x17, 0x07, "IRP_MN_DISABLE_COLLECTION"},
        {0x17, 0x08, "IRP_MN_REGINFO"},
        {0x17, 0x09, "IRP_MN_EXECUTE_METHOD"},
        {0x17, 0x0b, "IRP_MN_REGINFO_EX"},
        {0x0d, 0x00, "IRP_MN_USER_FS_REQUEST"},
        {0x0d, 0x01, "IRP_MN_MOUNT_VOLUME"},
        {0x0d, 0x02, "IRP_MN_VERIFY_VOLUME"},
        {0x0d, 0x03, "IRP_MN_LOAD_FILE_SYSTEM"},
        {0x0d, 0x04, "IRP_MN_KERNEL_CALL"},
        {0x0c, 0x01, "IRP_MN_QUERY_DIRECTORY"},
        {0x0c, 0x02, "IRP_MN_NOTIFY_CHANGE_DIRECTORY"},
        {0x0c, 0x03, "IRP_MN_NOTIFY_CHANGE_DIRECTORY_EX"},
        {0x11, 0x01, "IRP_MN_LOCK"},
        {0x11, 0x02, "IRP_MN_UNLOCK_SINGLE"},
        {0x11, 0x03, "IRP_MN_UNLOCK_ALL"},
        {0x11, 0x04, "IRP_MN_UNLOCK_ALL_BY_KEY"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_string_equal(sc_irp_minor_name(all[i].major, all[i].minor), all[i].name);
    static const char *const majors[] = {
        "CREATE",
        "CREATE_NAMED_PIPE",
        "CLOSE",
        "READ",
        "WRITE",
        "QUERY_INFORMATION",
        "SET_INFORMATION",
        "QUERY_EA",
        "SET_EA",
        "FLUSH_BUFFERS",
        "QUERY_VOLUME_INFORMATION",
        "SET_VOLUME_INFORMATION",
        "DIRECTORY_CONTROL",
        "FILE_SYSTEM_CONTROL",
        "DEVICE_CONTROL",
        "INTERNAL_DEVICE_CONTROL",
        "SHUTDOWN",
        "LOCK_CONTROL",
        "CLEANUP",
        "CREATE_MAILSLOT",
        "QUERY_SECURITY",
        "SET_SECURITY",
        "POWER",
        "SYSTEM_CONTROL",
        "DEVICE_CHANGE",
        "QUERY_QUOTA",
        "SET_QUOTA",
        "PNP",
    };
    for (size_t i = 0; i < sizeof majors / sizeof *majors; i++) {
        const char *name = sc_irp_major_name(i);
        assert_non_null(name);
        assert_memory_equal(name, "IRP_MJ_", 7);
        assert_string_equal(name + 7, majors[i]);
    }
    assert_null(sc_irp_minor_name(0x16, 4));
    assert_null(sc_irp_minor_name(0x17, 0x0a));
    assert_null(sc_irp_minor_name(0x17, 0x0c));
    assert_null(sc_irp_minor_name(0x0d, 5));
    assert_null(sc_irp_minor_name(0x0c, 0));
    assert_null(sc_irp_minor_name(0x0c, 4));
    assert_null(sc_irp_minor_name(0x11, 0));
    assert_null(sc_irp_minor_name(0x11, 5));
}

static void every_power_word(void **state)
{
    (void)state;
    static const char *const system[] = {"S0", "S1", "S2", "S3", "S4", "S5"};
    static const char *const device[] = {"D0", "D1", "D2", "D3"};
    static const char *const actions[] = {"sleep",     "hibernate",  "shutdown",   "restart",
                                          "power off", "warm eject", "display off"};
    for (size_t i = 0; i < 6; i++) assert_string_equal(sc_power_state_name(0, i + 1), system[i]);
    for (size_t i = 0; i < 4; i++) assert_string_equal(sc_power_state_name(1, i + 1), device[i]);
    for (size_t i = 0; i < 7; i++) assert_string_equal(sc_power_action_name(i + 2), actions[i]);
    assert_null(sc_power_state_name(0, 7));
    assert_null(sc_power_state_name(1, 0));
    assert_null(sc_power_action_name(1));
    assert_null(sc_power_action_name(9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(power_states),
        cmocka_unit_test(every_name_at_its_number),
        cmocka_unit_test(every_power_word),
        cmocka_unit_test(requests),
    };
    return cmocka_run_group_tests_name("irp words", tests, NULL, NULL);
}
