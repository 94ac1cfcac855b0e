/* The crashes of one paste side by side (engine/facts/dumps.c). */
#ifndef STOPCODE_DUMPS_H
#define STOPCODE_DUMPS_H

#include "engine/facts/fact.h"

/* Fills the tables `dump` and `dump_module` of each of the `n` crashes, whose other facts were read already. They share
 * one arena, or outlive each other. */
void sc_facts_compare(sc_facts *const *crashes, size_t n);

#endif
