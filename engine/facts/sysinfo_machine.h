/* The part of !sysinfo that describes the machine; sysinfo_cpu.c reads the section. */
#ifndef STOPCODE_FACTS_SYSINFO_MACHINE_H
#define STOPCODE_FACTS_SYSINFO_MACHINE_H

#include "engine/facts/fact.h"

extern const sc_table sc_table_machine;
enum { /* its columns */
       SC_MACHINE_MANUFACTURER,
       SC_MACHINE_PRODUCT,
       SC_MACHINE_BOARD,
       SC_MACHINE_BIOS_VERSION,
       SC_MACHINE_BIOS_DATE,
       SC_MACHINE_IS_VIRTUAL
};

bool sc_machine_header(sc_span text);                                  /* "Machine ID Information [From Smbios ..." */
bool sc_machine_line(sc_parse *p, const sc_line *l, sc_row **machine); /* true when the line was the machine's */
/* Sets a column of *machine, which is made when there is none; an empty value is not told. */
void sc_machine_set(sc_parse *p, const sc_line *l, sc_row **machine, int column, sc_span value);
/* completes: what proves the machine's row proves the section. */
void sc_machine_close(sc_parse *p, sc_row *machine, bool completes);

#endif
