#include "engine/facts/row_index.h"

#include <stdlib.h>

static int compare(const void *left, const void *right)
{
    const sc_index_item *a = left, *b = right;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

void sc_index_sort(sc_row_index *x)
{
    if (x->n > 1) qsort(x->items, x->n, sizeof *x->items, compare);
}

sc_row_index sc_index_rows(sc_facts *f, const sc_table *table, int column)
{
    sc_table_data *t = sc_facts_table(f, table);
    sc_row_index x = {.items = sc_arena_array(f->arena, t->n_rows + 1, sizeof(sc_index_item))};
    if (!x.items) return (sc_row_index){0};
    for (sc_row *r = t->rows; r; r = r->next)
        if (sc_has(r, column)) {
            x.items[x.n] = (sc_index_item){.key = sc_get_addr(r, column), .order = x.n, .row = r};
            x.n++;
        }
    sc_index_sort(&x);
    return x;
}

/* The keys that some section covers completely. */
sc_row_index sc_index_complete(sc_facts *f, const sc_table *table)
{
    sc_table_data *t = sc_facts_table(f, table);
    size_t n = 0;
    for (const sc_coverage *c = t->covered; c; c = c->next) n++;
    sc_row_index x = {.items = sc_arena_array(f->arena, n + 1, sizeof(sc_index_item))};
    if (!x.items) return (sc_row_index){0};
    for (const sc_coverage *c = t->covered; c; c = c->next)
        if (c->complete && !c->all && c->key.state == SC_SET) {
            x.items[x.n] = (sc_index_item){.key = (uint64_t)c->key.as.i, .order = x.n};
            x.n++;
        }
    sc_index_sort(&x);
    return x;
}

/* The first sc_index_item with the key, or x->n; those with the same key follow it. */
size_t sc_index_find(const sc_row_index *x, uint64_t key)
{
    size_t low = 0, high = x->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (x->items[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < x->n && x->items[low].key == key ? low : x->n;
}

sc_row *sc_index_row(const sc_row_index *x, uint64_t key)
{
    size_t at = sc_index_find(x, key);
    return at < x->n ? x->items[at].row : NULL;
}
