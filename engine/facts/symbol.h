/* Symbols as the debugger prints them, split into their parts.
 *
 *     BossHog!DEVICEDISPATCH::DispatchPassThrough+0x48      module BossHog, function, offset 0x48
 *     nt! ?? ::FNODOBFM::`string'+0x204ce                   blanks and quotes inside the name
 *     nvlddmkm+0x340827                                     no symbols: module and offset
 *     <Unloaded_x.sys>+0x1234                               module x, unloaded
 *     0x7799161a                                            in no module
 *
 * A module's name is shown without extension.
 */
#ifndef STOPCODE_SYMBOL_H
#define STOPCODE_SYMBOL_H

#include "engine/base/scan.h"

typedef struct sc_symbol {
    sc_span name;     /* module!function, or the module alone; empty for an address */
    sc_span module;   /* empty for an address */
    sc_span function; /* empty without symbols */
    bool has_offset, has_address, unloaded;
    bool open;        /* kP: the parameters go on in the next lines, and the offset stands behind them */
    uint64_t offset;  /* 0 without one */
    uint64_t address; /* of 0x7799161a */
} sc_symbol;

/* Reads a symbol at the cursor (blanks before it are skipped) and advances past it and its offset. A module alone
 * counts only with an offset. False, and nothing is advanced, for what is no symbol: plain words are none. */
bool sc_symbol_scan(sc_scan *c, sc_symbol *out);
/* The whole span is one symbol. */
bool sc_symbol_read(sc_span s, sc_symbol *out);

/* The kernel itself, under any of its names: nt, ntkrnlmp, ntoskrnl, ntkrnlpa, ntkrpamp. */
bool sc_symbol_is_kernel(sc_span module);

#endif
