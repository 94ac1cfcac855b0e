/* Problem codes of devices: each name has its number, as the driver kit's cfg.h numbers them. */
#include "engine/decode/cm_problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void names_and_codes(void **state)
{
    (void)state;
    static const struct {
        unsigned code;
        const char *name;
    } problems[] = {
        {1, "NOT_CONFIGURED"},
        {2, "DEVLOADER_FAILED"},
        {3, "OUT_OF_MEMORY"},
        {4, "ENTRY_IS_WRONG_TYPE"},
        {5, "LACKED_ARBITRATOR"},
        {6, "BOOT_CONFIG_CONFLICT"},
        {7, "FAILED_FILTER"},
        {8, "DEVLOADER_NOT_FOUND"},
        {9, "INVALID_DATA"},
        {10, "FAILED_START"},
        {11, "LIAR"},
        {12, "NORMAL_CONFLICT"},
        {13, "NOT_VERIFIED"},
        {14, "NEED_RESTART"},
        {15, "REENUMERATION"},
        {16, "PARTIAL_LOG_CONF"},
        {17, "UNKNOWN_RESOURCE"},
        {18, "REINSTALL"},
        {19, "REGISTRY"},
        {20, "VXDLDR"},
        {21, "WILL_BE_REMOVED"},
        {22, "DISABLED"},
        {23, "DEVLOADER_NOT_READY"},
        {24, "DEVICE_NOT_THERE"},
        {25, "MOVED"},
        {26, "TOO_EARLY"},
        {27, "NO_VALID_LOG_CONF"},
        {28, "FAILED_INSTALL"},
        {29, "HARDWARE_DISABLED"},
        {30, "CANT_SHARE_IRQ"},
        {31, "FAILED_ADD"},
        {32, "DISABLED_SERVICE"},
        {33, "TRANSLATION_FAILED"},
        {34, "NO_SOFTCONFIG"},
        {35, "BIOS_TABLE"},
        {36, "IRQ_TRANSLATION_FAILED"},
        {37, "FAILED_DRIVER_ENTRY"},
        {38, "DRIVER_FAILED_PRIOR_UNLOAD"},
        {39, "DRIVER_FAILED_LOAD"},
        {40, "DRIVER_SERVICE_KEY_INVALID"},
        {41, "LEGACY_SERVICE_NO_DEVICES"},
        {42, "DUPLICATE_DEVICE"},
        {43, "FAILED_POST_START"},
        {44, "HALTED"},
        {45, "PHANTOM"},
        {46, "SYSTEM_SHUTDOWN"},
        {47, "HELD_FOR_EJECT"},
        {48, "DRIVER_BLOCKED"},
        {49, "REGISTRY_TOO_LARGE"},
        {50, "SETPROPERTIES_FAILED"},
        {51, "WAITING_ON_DEPENDENCY"},
        {52, "UNSIGNED_DRIVER"},
        {53, "USED_BY_DEBUGGER"},
        {54, "DEVICE_RESET"},
        {55, "CONSOLE_LOCKED"},
        {56, "NEED_CLASS_CONFIG"},
        {57, "GUEST_ASSIGNMENT_FAILED"},
    };
    for (size_t i = 0; i < sizeof problems / sizeof *problems; i++) {
        char full[80];
        snprintf(full, sizeof full, "CM_PROB_%s", problems[i].name);
        assert_string_equal(sc_cm_problem_name(problems[i].code), full);
        assert_int_equal(sc_cm_problem_code(sc_span_z(full)), problems[i].code);
        assert_int_equal(sc_cm_problem_code(sc_span_z(problems[i].name)), problems[i].code);
    }
    assert_int_equal(sc_cm_problem_code(SC_S("cm_prob_failed_start")), 10);
    assert_int_equal(sc_cm_problem_code(SC_S("CM_PROB_")), 0);
    assert_int_equal(sc_cm_problem_code(SC_S("")), 0);
    assert_null(sc_cm_problem_name(0));
    assert_null(sc_cm_problem_name(58));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_and_codes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
