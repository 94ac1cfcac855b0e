/* Rows of a fact table by the number in one column, for derivations that join tables.
 *
 * Sorted, not scanned: a hostile paste cannot make looking up slow. Everything lives in the facts' arena.
 */
#ifndef STOPCODE_ROW_INDEX_H
#define STOPCODE_ROW_INDEX_H

#include "engine/facts/fact.h"

/* The rows of a table that have a column, sorted by it: a paste cannot make looking up slow. */
typedef struct sc_index_item {
    uint64_t key;
    size_t order;
    sc_row *row;
} sc_index_item;
typedef struct sc_row_index {
    sc_index_item *items;
    size_t n;
} sc_row_index;

/* The rows of `table` that have `column`. */
sc_row_index sc_index_rows(sc_facts *f, const sc_table *table, int column);
/* The keys of `table` that a section covers completely; their items have no row. */
sc_row_index sc_index_complete(sc_facts *f, const sc_table *table);
/* For an index that was filled by hand. */
void sc_index_sort(sc_row_index *x);
/* The first item with the key, or x->n; those with the same key follow it. */
size_t sc_index_find(const sc_row_index *x, uint64_t key);
/* The first row with the key, or NULL. */
sc_row *sc_index_row(const sc_row_index *x, uint64_t key);

#endif
