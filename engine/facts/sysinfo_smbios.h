/* The part of !sysinfo that prints the firmware's tables; sysinfo_cpu.c reads the section. */
#ifndef STOPCODE_FACTS_SYSINFO_SMBIOS_H
#define STOPCODE_FACTS_SYSINFO_SMBIOS_H

#include "engine/facts/fact.h"

extern const sc_table sc_table_memory_device, sc_table_smbios_processor, sc_table_smbios_cache;

typedef struct sc_smbios {
    sc_parse *p;
    sc_row **machine;        /* the section's, which the tables fill too */
    int type;                /* of the structure that is open */
    sc_row *row;             /* its row; NULL when its type has no table */
    uint64_t slots, devices; /* slots for memory that the arrays announce, and those read */
    bool open, has_slots, device_whole, ended, cut, any;
} sc_smbios;

bool sc_smbios_header(
    sc_span text); /* `[Memory Device (Type 17) - Length 40 - Handle 003fh]`, `[SMBIOS Data Tables v2.8]` */
bool sc_smbios_line(sc_smbios *s, const sc_line *l); /* true when the line was of these tables */
void sc_smbios_close(sc_smbios *s);                  /* the section is over */

/* Between sysinfo_smbios.c, which finds structures and lines, and sysinfo_smbios_fields.c, which knows fields: */

enum { SC_SMBIOS_DEVICE = 17 };                                     /* type of a memory device */
const char *sc_smbios_label(size_t i);                              /* every label that is known; NULL behind them */
const sc_table *sc_smbios_table(int type);                          /* that a type of structure fills, or NULL */
bool sc_smbios_field(sc_smbios *s, const sc_line *l, sc_span text); /* `Size    8192MB` in the open structure */
void sc_smbios_finish(sc_smbios *s);                                /* the structure is over */

#endif
