/* A dump of registers, wherever one stands: r, .trap, .cxr, .tss, and below TRAP_FRAME: or CONTEXT: of !analyze. */
#ifndef STOPCODE_REGISTERS_H
#define STOPCODE_REGISTERS_H

#include "engine/facts/fact.h"

typedef enum sc_context_kind { SC_CONTEXT_R, SC_CONTEXT_TRAP, SC_CONTEXT_CXR, SC_CONTEXT_TSS } sc_context_kind;

/* `rax=0000000000000001 rbx=...`, ` x0=...`, or the note above it: a dump begins (or goes on) here. */
bool sc_registers_line(sc_span line);
/* Reads the dump whose first line sc_next will give: registers, the symbol line, one instruction. Adds one row of
 * `context` and its rows of `register`. False, and nothing is read, when none begins there. `address` of the trap frame
 * or context record; NULL when it has none or it is not known. */
bool sc_registers_read(sc_parse *p, sc_context_kind kind, const uint64_t *address);

#endif
