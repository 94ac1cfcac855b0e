/* Tables of other files, by name: a derivation reads what another author's parser made without sharing its columns. */
#ifndef STOPCODE_LOOKUP_H
#define STOPCODE_LOOKUP_H

#include "engine/facts/fact.h"

const sc_table *sc_table_named(const char *name);               /* NULL when there is none */
int sc_column_named(const sc_table *table, const char *column); /* -1 when there is none */
/* A module's name as the tables show it: without directory and without extension. */
sc_span sc_module_name(sc_span image);
/* A message that was wrapped in front of the module it is about: `... Defaulted to export symbols for` and, on the line
 * below, `VBoxNetFlt.sys -`. The module's name, or the empty span. */
sc_span sc_wrapped_module(sc_span message, sc_span below);

#endif
