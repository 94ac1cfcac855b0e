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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(power_states),
        cmocka_unit_test(requests),
    };
    return cmocka_run_group_tests_name("irp words", tests, NULL, NULL);
}
