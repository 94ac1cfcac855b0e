#include "engine/decode/cm_problem.h"

static const char *const names[] = {
    [1] = "CM_PROB_NOT_CONFIGURED",
    [2] = "CM_PROB_DEVLOADER_FAILED",
    [3] = "CM_PROB_OUT_OF_MEMORY",
    [4] = "CM_PROB_ENTRY_IS_WRONG_TYPE",
    [5] = "CM_PROB_LACKED_ARBITRATOR",
    [6] = "CM_PROB_BOOT_CONFIG_CONFLICT",
    [7] = "CM_PROB_FAILED_FILTER",
    [8] = "CM_PROB_DEVLOADER_NOT_FOUND",
    [9] = "CM_PROB_INVALID_DATA",
    [10] = "CM_PROB_FAILED_START",
    [11] = "CM_PROB_LIAR",
    [12] = "CM_PROB_NORMAL_CONFLICT",
    [13] = "CM_PROB_NOT_VERIFIED",
    [14] = "CM_PROB_NEED_RESTART",
    [15] = "CM_PROB_REENUMERATION",
    [16] = "CM_PROB_PARTIAL_LOG_CONF",
    [17] = "CM_PROB_UNKNOWN_RESOURCE",
    [18] = "CM_PROB_REINSTALL",
    [19] = "CM_PROB_REGISTRY",
    [20] = "CM_PROB_VXDLDR",
    [21] = "CM_PROB_WILL_BE_REMOVED",
    [22] = "CM_PROB_DISABLED",
    [23] = "CM_PROB_DEVLOADER_NOT_READY",
    [24] = "CM_PROB_DEVICE_NOT_THERE",
    [25] = "CM_PROB_MOVED",
    [26] = "CM_PROB_TOO_EARLY",
    [27] = "CM_PROB_NO_VALID_LOG_CONF",
    [28] = "CM_PROB_FAILED_INSTALL",
    [29] = "CM_PROB_HARDWARE_DISABLED",
    [30] = "CM_PROB_CANT_SHARE_IRQ",
    [31] = "CM_PROB_FAILED_ADD",
    [32] = "CM_PROB_DISABLED_SERVICE",
    [33] = "CM_PROB_TRANSLATION_FAILED",
    [34] = "CM_PROB_NO_SOFTCONFIG",
    [35] = "CM_PROB_BIOS_TABLE",
    [36] = "CM_PROB_IRQ_TRANSLATION_FAILED",
    [37] = "CM_PROB_FAILED_DRIVER_ENTRY",
    [38] = "CM_PROB_DRIVER_FAILED_PRIOR_UNLOAD",
    [39] = "CM_PROB_DRIVER_FAILED_LOAD",
    [40] = "CM_PROB_DRIVER_SERVICE_KEY_INVALID",
    [41] = "CM_PROB_LEGACY_SERVICE_NO_DEVICES",
    [42] = "CM_PROB_DUPLICATE_DEVICE",
    [43] = "CM_PROB_FAILED_POST_START",
    [44] = "CM_PROB_HALTED",
    [45] = "CM_PROB_PHANTOM",
    [46] = "CM_PROB_SYSTEM_SHUTDOWN",
    [47] = "CM_PROB_HELD_FOR_EJECT",
    [48] = "CM_PROB_DRIVER_BLOCKED",
    [49] = "CM_PROB_REGISTRY_TOO_LARGE",
    [50] = "CM_PROB_SETPROPERTIES_FAILED",
    [51] = "CM_PROB_WAITING_ON_DEPENDENCY",
    [52] = "CM_PROB_UNSIGNED_DRIVER",
    [53] = "CM_PROB_USED_BY_DEBUGGER",
    [54] = "CM_PROB_DEVICE_RESET",
    [55] = "CM_PROB_CONSOLE_LOCKED",
    [56] = "CM_PROB_NEED_CLASS_CONFIG",
    [57] = "CM_PROB_GUEST_ASSIGNMENT_FAILED",
};
enum { N = sizeof names / sizeof *names };

unsigned sc_cm_problem_code(sc_span name)
{
    for (unsigned i = 1; i < N; i++) {
        sc_span full = sc_span_z(names[i]);
        if (sc_ieq(name, full) || sc_ieq(name, sc_span_from(full, sizeof "CM_PROB_" - 1))) return i;
    }
    return 0;
}

const char *sc_cm_problem_name(unsigned code)
{
    return code < N ? names[code] : NULL;
}
