/* I/O request codes to words: major and minor functions, power states.
 *
 * The numbers are those of the IRP_MJ_, IRP_MN_, DEVICE_POWER_STATE, SYSTEM_POWER_STATE and POWER_ACTION definitions of
 * the Windows driver kit. Everything returned is static text; NULL for a number that has no name.
 */
#ifndef STOPCODE_DECODE_IRP_H
#define STOPCODE_DECODE_IRP_H

#include "engine/base/arena.h"

enum {
    SC_IRP_MJ_READ = 0x03,
    SC_IRP_MJ_WRITE = 0x04,
    SC_IRP_MJ_POWER = 0x16,
    SC_IRP_MJ_PNP = 0x1b,
};

const char *sc_irp_major_name(uint64_t major);                 /* 0x1b: "IRP_MJ_PNP" */
const char *sc_irp_minor_name(uint64_t major, uint64_t minor); /* 0x1b, 0x17: "IRP_MN_SURPRISE_REMOVAL" */

/* `type` 0: a system state, "S3"; 1: a device state, "D3" - as in the second and third Args of a power request. */
const char *sc_power_state_name(uint64_t type, uint64_t state);
const char *sc_power_action_name(uint64_t action); /* why the system changes state, the fourth Arg: 2 is "sleep" */

/* The request in words: "PnP surprise removal", "set power, device to D3 (sleep)", "device control". `args` are the
 * four Args of the stack location, or NULL when they are not known. The empty span for an unknown major. */
sc_span sc_irp_request(sc_arena *a, uint64_t major, uint64_t minor, const uint64_t *args);

#endif
