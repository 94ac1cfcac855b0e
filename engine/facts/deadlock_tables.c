/* The tables of !deadlock (engine/facts/deadlock.c). */
#include "engine/facts/deadlock.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"issue", SC_INT, "kind of fault: parameter 1 of 0xC4, 0x1001 for locks taken in contradicting orders"},
    {"resource", SC_ADDR, "the lock that the fault is about: parameter 2 of 0xC4"},
    {"node", SC_ADDR, "parameter 3 of 0xC4"},
    {"locks", SC_INT, "how many locks the ring has"},
    {"threads", SC_INT, "how many threads"},
};
const sc_table sc_table_deadlock = {"deadlock", "Driver Verifier's reports of possible deadlocks", SC_NO_KEY,
                                    SC_COLUMNS(columns)};

static const sc_column thread_columns[] = {
    {"n", SC_INT, "number of the thread in the report"},
    {"thread", SC_ADDR, "the thread; NULL when it has ended"},
    {"terminated", SC_BOOL, "the thread has ended: its order was remembered"},
};
const sc_table sc_table_deadlock_thread = {"deadlock_thread", "Threads of a possible deadlock", SC_NO_KEY,
                                           SC_COLUMNS(thread_columns)};

static const sc_column lock_columns[] = {
    {"lock", SC_TEXT, "its letter in the report"},
    {"address", SC_ADDR, "address of the lock; not known when only its symbol is printed"},
    {"name", SC_TEXT, "its symbol, MyTestDriver!AlphaLock; NULL when only its address is printed"},
    {"module", SC_TEXT, "of the symbol"},
    {"type", SC_TEXT, "'Spinlock', 'Mutex' ..."},
};
const sc_table sc_table_deadlock_lock = {"deadlock_lock", "Locks of a possible deadlock", SC_NO_KEY,
                                         SC_COLUMNS(lock_columns)};

static const sc_column step_columns[] = {
    {"thread_n", SC_INT, "number of the thread in the report"},
    {"position", SC_INT, "place in the thread's order, from 0"},
    {"lock", SC_TEXT, "letter of the lock"},
    {"wanted", SC_BOOL, "the last of the order: wanted while those before were held"},
    {"node", SC_ADDR, "the verifier's record of it"},
    {"is_current", SC_BOOL, "taken on the stack that the debugger stands on"},
};
const sc_table sc_table_deadlock_step = {"deadlock_step", "Which thread took which lock after which", SC_NO_KEY,
                                         SC_COLUMNS(step_columns)};

static const sc_column frame_columns[] = {
    {"thread_n", SC_INT, "number of the thread in the report"},
    {"position", SC_INT, "of the lock in its order"},
    {"frame", SC_INT, "number of the frame, 0 for the one that took the lock"},
    {"address", SC_ADDR, "its address; Windows XP does not print it"},
    {"symbol", SC_TEXT, "module!function"},
    {"module", SC_TEXT, "of the symbol"},
    {"offset", SC_INT, "bytes behind the symbol"},
};
const sc_table sc_table_deadlock_frame = {"deadlock_frame",
                                          "Stacks on which the locks of a possible deadlock were taken", SC_NO_KEY,
                                          SC_COLUMNS(frame_columns)};
