/* Between the files of !deadlock: deadlock_line.c knows the lines, deadlock.c makes a report of them, deadlock_tables.c
 * declares its tables. */
#ifndef STOPCODE_DEADLOCK_H
#define STOPCODE_DEADLOCK_H

#include "engine/facts/field.h"
#include "engine/facts/symbol.h"

typedef enum sc_deadlock_kind {
    SC_DEADLOCK_OTHER,
    SC_DEADLOCK_ISSUE,   /* issue: 00001001 97dd800c 86858ce0 00000000        n, address, node */
    SC_DEADLOCK_TITLE,   /* Deadlock detected (2 locks in 2 threads):         n, threads */
    SC_DEADLOCK_LETTERS, /* Thread 0: A B.                                    n, letters */
    SC_DEADLOCK_ORDER,   /* Thread 0: TERMINATED took locks in the ... order: n, address or terminated */
    SC_DEADLOCK_WHERE,   /* Where: */
    SC_DEADLOCK_THREAD,  /* Thread 1 = c4ae2040.                              n, address or terminated */
    SC_DEADLOCK_LOCK,    /* Lock A = 97dd800c (mod!Lock+0x0) - Type 'x'.      letter, address, symbol, type */
    SC_DEADLOCK_NODE,    /* Node: 8685acd8                                    node */
    SC_DEADLOCK_STACK,   /* Stack: 97dd65b7 mod!f+0x27                        letters: what stands behind the colon */
} sc_deadlock_kind;

typedef struct sc_deadlock_line {
    uint64_t n, threads, address, node;
    int digits; /* of the address; 0 without one */
    bool terminated;
    char letter; /* 'A' to 'Z' */
    sc_span letters, type;
    sc_symbol symbol; /* symbol.name empty without one */
} sc_deadlock_line;

extern const char *const sc_deadlock_marks[]; /* where lines begin in a flattened output, for sc_piece */

sc_deadlock_kind sc_deadlock_read(sc_span text, sc_deadlock_line *out);
/* A frame at the cursor, `97dd605a MyTestDriver!Dispatch+0x0000001a`: address, digits and symbol. */
bool sc_deadlock_frame(sc_scan *c, sc_deadlock_line *out);

/* Columns of deadlock, deadlock_thread, deadlock_lock, deadlock_step and deadlock_frame. */
enum { D_ISSUE, D_RESOURCE, D_NODE, D_LOCKS, D_THREADS };
enum { T_N, T_THREAD, T_TERMINATED };
enum { L_LOCK, L_ADDRESS, L_NAME, L_MODULE, L_TYPE };
enum { S_THREAD, S_POSITION, S_LOCK, S_WANTED, S_NODE, S_CURRENT };
enum { F_THREAD, F_POSITION, F_FRAME, F_ADDRESS, F_SYMBOL, F_MODULE, F_OFFSET };

#endif
