/* What limits a paste, beside what was repaired: missing symbols, a minidump, memory that could not be read. */
#ifndef STOPCODE_HEALTH_H
#define STOPCODE_HEALTH_H

#include "engine/facts/fact.h"

/* Appends the limits (sc_health) that the facts of one crash tell of; each kind once. */
void sc_health_add(const sc_facts *f, sc_arena *a, sc_list *out);

#endif
