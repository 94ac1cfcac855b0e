/* Lines of a register dump. */
#ifndef STOPCODE_REGISTER_LINE_H
#define STOPCODE_REGISTER_LINE_H

#include "engine/base/scan.h"

typedef enum sc_reg_role { ROLE_GENERAL, ROLE_IP, ROLE_SP, ROLE_BP, ROLE_OTHER } sc_reg_role;

typedef struct sc_reg {
    sc_span name;
    uint64_t value;
    size_t digits; /* as printed */
    sc_reg_role role;
} sc_reg;

/* The next `rax=00000000000bac2c`; words without a value ("nv up ei pl") are passed over, but not `first` on a
 * line. */
bool sc_register_next(sc_scan *c, bool first, sc_reg *r);
bool sc_registers_values(sc_span text);   /* begins with a register */
bool sc_registers_flags(sc_span text);    /* holds nothing but flags: the end of a line that was cut */
bool sc_registers_note(sc_span text);     /* the note that a trap frame lacks registers */
bool sc_registers_preamble(sc_span text); /* that note, and what else stands above a dump */

#endif
