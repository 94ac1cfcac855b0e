/* What !vm counts, for the derivation beside it. Columns of the tables `vm` and `vm_warning` (engine/facts/vm.c). */
#ifndef STOPCODE_VM_H
#define STOPCODE_VM_H

#include "engine/facts/fact.h"

enum { SC_VM_LABEL, SC_VM_PAGES, SC_VM_KB, SC_VM_SANE, SC_VM_PAGE_FILE };
extern const sc_table sc_table_vm;

#endif
