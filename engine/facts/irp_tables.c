/* The tables of !irp; engine/facts/irp.c fills them. */
#include "engine/facts/io.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"irp", SC_ADDR, "address of the request"},
    {"stacks", SC_INT, "stack locations it has, one per driver it may pass"},
    {"current", SC_INT, "number of the current one; beyond `stacks` when the request is completed"},
    {"thread", SC_ADDR, "thread that issued it; NULL for none"},
    {"status", SC_INT, "IoStatus.Status, 32 bits: 0xc00000bb in a PnP request that no driver touched"},
    {"completed", SC_BOOL, "it is completed"},
};
_Static_assert(sizeof columns / sizeof columns[0] == IRP_COLUMNS, "columns of irp");
const sc_table sc_table_irp = {"irp", "I/O request packets", IRP_IRP, SC_COLUMNS(columns)};

static const sc_column stack_columns[] = {
    {"irp", SC_ADDR, "address of the request"},
    {"position", SC_INT, "number of the stack location, 1 for the lowest driver"},
    {"current", SC_BOOL, "the request is here"},
    {"major", SC_INT, "major function"},
    {"minor", SC_INT, "minor function"},
    {"major_name", SC_TEXT, "IRP_MJ_PNP; NULL for a location that was not used"},
    {"minor_name", SC_TEXT, "IRP_MN_SURPRISE_REMOVAL; NULL without a name"},
    {"request", SC_TEXT, "both in words, PnP surprise removal"},
    {"device", SC_ADDR, "device object; NULL for a location that was not used"},
    {"file", SC_ADDR, "file object; NULL for none"},
    {"driver", SC_TEXT, "driver of the device; also from !devobj and !irpfind when !irp does not show it"},
    {"completion", SC_TEXT, "completion routine; NULL for none"},
    {"pending", SC_BOOL, "the driver has marked the request pending"},
    {"arg1", SC_ADDR, "parameters, which mean what the function says"},
    {"arg2", SC_ADDR, "of a power request: 0 for the system's state, 1 for the device's"},
    {"arg3", SC_ADDR, "of a power request: the state, device 1 to 4 for D0 to D3, system 1 for S0 to 6 for S5"},
    {"arg4", SC_ADDR, "of a power request: why, 2 sleep, 3 hibernate, 4 to 6 shutdown"},
};
_Static_assert(sizeof stack_columns / sizeof stack_columns[0] == IRP_STACK_COLUMNS, "columns of irp_stack");
const sc_table sc_table_irp_stack = {"irp_stack", "Stack locations of I/O request packets", IRP_STACK_IRP,
                                     SC_COLUMNS(stack_columns)};
