/* The part of !sysinfo that describes the machine; sysinfo_cpu.c reads the section. */
#ifndef STOPCODE_FACTS_SYSINFO_MACHINE_H
#define STOPCODE_FACTS_SYSINFO_MACHINE_H

#include "engine/facts/fact.h"

extern const sc_table sc_table_machine;

bool sc_machine_header(sc_span text);                                  /* "Machine ID Information [From Smbios ..." */
bool sc_machine_line(sc_parse *p, const sc_line *l, sc_row **machine); /* true when the line was the machine's */
void sc_machine_close(sc_parse *p, sc_row *machine);

#endif
