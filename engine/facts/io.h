/* What the files about I/O share: locks.c, thread.c, irp.c, irpfind.c, devobj.c, process.c and derive_io.c, which joins
 * their tables. The columns are declared in those files, in the order of these lists.
 */
#ifndef STOPCODE_IO_H
#define STOPCODE_IO_H

#include "engine/facts/fact.h"

enum {
    LOCK_NAME,
    LOCK_ADDRESS,
    LOCK_MODE,
    LOCK_OWNERS,
    LOCK_CONTENTION,
    LOCK_EXCLUSIVE_WAITERS,
    LOCK_SHARED_WAITERS,
    LOCK_LOCK,
    LOCK_COLUMNS
};
enum { LOCK_THREAD_LOCK, LOCK_THREAD_THREAD, LOCK_THREAD_ROLE, LOCK_THREAD_COLUMNS };
enum {
    THREAD_THREAD,
    THREAD_CID,
    THREAD_STATE,
    THREAD_WAIT_REASON,
    THREAD_WAIT_MODE,
    THREAD_PROCESSOR,
    THREAD_WAIT_OBJECT,
    THREAD_WAIT_OBJECT_TYPE,
    THREAD_WAIT_OWNER,
    THREAD_TICKS,
    THREAD_SECONDS,
    THREAD_BASE,
    THREAD_LIMIT,
    THREAD_STACK_INIT,
    THREAD_STACK_CURRENT,
    THREAD_PROCESS,
    THREAD_IMAGE,
    THREAD_START_SYMBOL,
    THREAD_PRIORITY,
    THREAD_ATTACHED,
    THREAD_RESIDENT,
    THREAD_COLUMNS
};
enum { THREAD_IRP_THREAD, THREAD_IRP_IRP, THREAD_IRP_COLUMNS };
enum { IRP_IRP, IRP_STACKS, IRP_CURRENT, IRP_THREAD, IRP_STATUS, IRP_COMPLETED, IRP_COLUMNS };
enum {
    IRP_STACK_IRP,
    IRP_STACK_POSITION,
    IRP_STACK_CURRENT,
    IRP_STACK_MAJOR,
    IRP_STACK_MINOR,
    IRP_STACK_MAJOR_NAME,
    IRP_STACK_MINOR_NAME,
    IRP_STACK_REQUEST,
    IRP_STACK_DEVICE,
    IRP_STACK_FILE,
    IRP_STACK_DRIVER,
    IRP_STACK_COMPLETION,
    IRP_STACK_PENDING,
    IRP_STACK_ARG1,
    IRP_STACK_ARG2,
    IRP_STACK_ARG3,
    IRP_STACK_ARG4,
    IRP_STACK_COLUMNS
};
enum {
    PENDING_IRP,
    PENDING_THREAD,
    PENDING_MAJOR,
    PENDING_MINOR,
    PENDING_MAJOR_NAME,
    PENDING_MINOR_NAME,
    PENDING_DEVICE,
    PENDING_DRIVER,
    PENDING_COMPLETED,
    PENDING_COLUMNS
};
enum {
    DEVICE_DEVICE,
    DEVICE_NAME,
    DEVICE_DRIVER,
    DEVICE_DRIVER_OBJECT,
    DEVICE_UPPER,
    DEVICE_UPPER_DRIVER,
    DEVICE_LOWER,
    DEVICE_LOWER_DRIVER,
    DEVICE_TYPE,
    DEVICE_FLAGS,
    DEVICE_CURRENT_IRP,
    DEVICE_DEVNODE,
    DEVICE_EXT,
    DEVICE_COLUMNS
};
enum {
    PROCESS_PROCESS,
    PROCESS_IMAGE,
    PROCESS_CID,
    PROCESS_PARENT_CID,
    PROCESS_PEB,
    PROCESS_SESSION,
    PROCESS_HANDLES,
    PROCESS_COLUMNS
};

extern const sc_table sc_table_lock, sc_table_lock_thread, sc_table_thread, sc_table_thread_irp, sc_table_irp,
    sc_table_irp_stack, sc_table_pending_irp, sc_table_device, sc_table_process, sc_table_wait_chain;

/* `\Driver\ZTEusbnet` or `\FileSystem\Ntfs` at the cursor, up to a blank or a bracket: the last part. A photograph's
 * `|Driver|AFD` and a slash typed for the backslash count. False, and nothing is advanced, for anything else. */
bool sc_driver_scan(sc_scan *c, sc_span *name);

/* Sets a column to an address, or to NULL when it is 0: the debugger prints 0 where there is none. Notes the width. */
void sc_set_pointer(sc_facts *f, sc_row *r, int column, uint64_t address, int digits);

/* What stands behind `label` in the line, a label being surrounded by blanks (or the line's ends) so that `Flags` is
 * not found in `ExtensionFlags`. False when it is not there. */
bool sc_label(sc_span text, const char *label, sc_scan *after);
/* The same, and reads the address behind it (any number of digits). `digits` may be NULL. */
bool sc_label_hex(sc_span text, const char *label, uint64_t *value, int *digits);

#endif
