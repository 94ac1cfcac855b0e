#include "engine/decode/irp.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const majors[] = {
    "IRP_MJ_CREATE",
    "IRP_MJ_CREATE_NAMED_PIPE",
    "IRP_MJ_CLOSE",
    "IRP_MJ_READ",
    "IRP_MJ_WRITE",
    "IRP_MJ_QUERY_INFORMATION",
    "IRP_MJ_SET_INFORMATION",
    "IRP_MJ_QUERY_EA",
    "IRP_MJ_SET_EA",
    "IRP_MJ_FLUSH_BUFFERS",
    "IRP_MJ_QUERY_VOLUME_INFORMATION",
    "IRP_MJ_SET_VOLUME_INFORMATION",
    "IRP_MJ_DIRECTORY_CONTROL",
    "IRP_MJ_FILE_SYSTEM_CONTROL",
    "IRP_MJ_DEVICE_CONTROL",
    "IRP_MJ_INTERNAL_DEVICE_CONTROL",
    "IRP_MJ_SHUTDOWN",
    "IRP_MJ_LOCK_CONTROL",
    "IRP_MJ_CLEANUP",
    "IRP_MJ_CREATE_MAILSLOT",
    "IRP_MJ_QUERY_SECURITY",
    "IRP_MJ_SET_SECURITY",
    "IRP_MJ_POWER",
    "IRP_MJ_SYSTEM_CONTROL",
    "IRP_MJ_DEVICE_CHANGE",
    "IRP_MJ_QUERY_QUOTA",
    "IRP_MJ_SET_QUOTA",
    "IRP_MJ_PNP",
};

static const char *const pnp[] = {
    "IRP_MN_START_DEVICE",
    "IRP_MN_QUERY_REMOVE_DEVICE",
    "IRP_MN_REMOVE_DEVICE",
    "IRP_MN_CANCEL_REMOVE_DEVICE",
    "IRP_MN_STOP_DEVICE",
    "IRP_MN_QUERY_STOP_DEVICE",
    "IRP_MN_CANCEL_STOP_DEVICE",
    "IRP_MN_QUERY_DEVICE_RELATIONS",
    "IRP_MN_QUERY_INTERFACE",
    "IRP_MN_QUERY_CAPABILITIES",
    "IRP_MN_QUERY_RESOURCES",
    "IRP_MN_QUERY_RESOURCE_REQUIREMENTS",
    "IRP_MN_QUERY_DEVICE_TEXT",
    "IRP_MN_FILTER_RESOURCE_REQUIREMENTS",
    NULL, /* 0x0e is not used */
    "IRP_MN_READ_CONFIG",
    "IRP_MN_WRITE_CONFIG",
    "IRP_MN_EJECT",
    "IRP_MN_SET_LOCK",
    "IRP_MN_QUERY_ID",
    "IRP_MN_QUERY_PNP_DEVICE_STATE",
    "IRP_MN_QUERY_BUS_INFORMATION",
    "IRP_MN_DEVICE_USAGE_NOTIFICATION",
    "IRP_MN_SURPRISE_REMOVAL",
    "IRP_MN_QUERY_LEGACY_BUS_INFORMATION",
    "IRP_MN_DEVICE_ENUMERATED",
};
static const char *const power[] = {"IRP_MN_WAIT_WAKE", "IRP_MN_POWER_SEQUENCE", "IRP_MN_SET_POWER",
                                    "IRP_MN_QUERY_POWER"};
static const char *const system_control[] = {
    "IRP_MN_QUERY_ALL_DATA",
    "IRP_MN_QUERY_SINGLE_INSTANCE",
    "IRP_MN_CHANGE_SINGLE_INSTANCE",
    "IRP_MN_CHANGE_SINGLE_ITEM",
    "IRP_MN_ENABLE_EVENTS",
    "IRP_MN_DISABLE_EVENTS",
    "IRP_MN_ENABLE_COLLECTION",
    "IRP_MN_DISABLE_COLLECTION",
    "IRP_MN_REGINFO",
    "IRP_MN_EXECUTE_METHOD",
    NULL, /* 0x0a is not used */
    "IRP_MN_REGINFO_EX",
};
static const char *const file_system[] = {
    "IRP_MN_USER_FS_REQUEST",  "IRP_MN_MOUNT_VOLUME", "IRP_MN_VERIFY_VOLUME",
    "IRP_MN_LOAD_FILE_SYSTEM", "IRP_MN_KERNEL_CALL",
};
static const char *const directory[] = {
    NULL,
    "IRP_MN_QUERY_DIRECTORY",
    "IRP_MN_NOTIFY_CHANGE_DIRECTORY",
    "IRP_MN_NOTIFY_CHANGE_DIRECTORY_EX",
};
static const char *const lock[] = {
    NULL, "IRP_MN_LOCK", "IRP_MN_UNLOCK_SINGLE", "IRP_MN_UNLOCK_ALL", "IRP_MN_UNLOCK_ALL_BY_KEY",
};

static const struct {
    uint64_t major;
    const char *const *names;
    size_t n;
} minors[] = {
    {SC_IRP_MJ_PNP, pnp, COUNT(pnp)},
    {SC_IRP_MJ_POWER, power, COUNT(power)},
    {0x17, system_control, COUNT(system_control)},
    {0x0d, file_system, COUNT(file_system)},
    {0x0c, directory, COUNT(directory)},
    {0x11, lock, COUNT(lock)},
};

const char *sc_irp_major_name(uint64_t major)
{
    return major < COUNT(majors) ? majors[major] : NULL;
}

const char *sc_irp_minor_name(uint64_t major, uint64_t minor)
{
    for (size_t i = 0; i < COUNT(minors); i++)
        if (minors[i].major == major) return minor < minors[i].n ? minors[i].names[minor] : NULL;
    return NULL;
}

const char *sc_power_state_name(uint64_t type, uint64_t state)
{
    static const char *const system[] = {NULL, "S0", "S1", "S2", "S3", "S4", "S5"};
    static const char *const device[] = {NULL, "D0", "D1", "D2", "D3"};
    if (type == 0) return state < COUNT(system) ? system[state] : NULL;
    if (type == 1) return state < COUNT(device) ? device[state] : NULL;
    return NULL;
}

const char *sc_power_action_name(uint64_t action)
{
    static const char *const actions[] = {
        NULL, NULL, "sleep", "hibernate", "shutdown", "restart", "power off", "warm eject", "display off",
    };
    return action < COUNT(actions) ? actions[action] : NULL;
}

/* "IRP_MJ_DEVICE_CONTROL" to "device control". */
static sc_span words(sc_arena *a, const char *name)
{
    sc_span s = sc_arena_dup(a, sc_span_from(sc_span_z(name), 7));
    char *p = (char *)(uintptr_t)s.p; /* the arena's own copy */
    for (size_t i = 0; i < s.n; i++) p[i] = p[i] == '_' ? ' ' : sc_lower(p[i]);
    return s;
}

sc_span sc_irp_request(sc_arena *a, uint64_t major, uint64_t minor, const uint64_t *args)
{
    const char *mj = sc_irp_major_name(major), *mn = sc_irp_minor_name(major, minor);
    if (!mj) return (sc_span){0};
    if (major == SC_IRP_MJ_PNP && mn) return sc_arena_printf(a, "PnP %.*s", SC_F(words(a, mn)));
    if (major == SC_IRP_MJ_PNP) return SC_S("PnP request");
    if (!mn || (major == 0x0d && minor == 0)) return words(a, mj); /* a user's file system control says nothing more */
    sc_span said = words(a, mn);
    if (major != SC_IRP_MJ_POWER || minor < 2 || !args) return said;
    const char *state = sc_power_state_name(args[1], args[2]), *action = sc_power_action_name(args[3]);
    if (!state) return said;
    return sc_arena_printf(a, "%.*s, %s to %s%s%s%s", SC_F(said), args[1] ? "device" : "system", state,
                           action ? " (" : "", action ? action : "", action ? ")" : "");
}
