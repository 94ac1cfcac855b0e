/* One arena per diagnosis: everything a run makes is allocated here and freed whole.
 *
 * Running out (of memory, or of SC_MAX_ARENA_BYTES) is sticky: the arena remembers it in `failed` and goes on handing
 * out the same small scratch block, so that parsers need no error path of their own. Whoever started the run checks
 * sc_arena_failed() once, at the end, and throws the results away.
 */
#ifndef STOPCODE_BASE_ARENA_H
#define STOPCODE_BASE_ARENA_H

#include "engine/base/span.h"

#include <stdarg.h>

typedef struct sc_arena sc_arena;

/* NULL without memory. `limit` in bytes; 0 means SC_MAX_ARENA_BYTES. */
sc_arena *sc_arena_new(size_t limit);
void sc_arena_free(sc_arena *a); /* NULL is fine */
bool sc_arena_failed(const sc_arena *a);
size_t sc_arena_used(const sc_arena *a); /* bytes handed out */

/* Zeroed memory, aligned for any object. NULL when it cannot be had (and the arena has then failed). */
void *sc_arena_get(sc_arena *a, size_t bytes);
/* Zeroed array of `count` objects; checks the product. NULL as above. */
void *sc_arena_array(sc_arena *a, size_t count, size_t size);
/* A copy that the arena owns. On failure the empty span. */
sc_span sc_arena_dup(sc_arena *a, sc_span s);
/* NUL-terminated copy; on failure "". */
const char *sc_arena_z(sc_arena *a, sc_span s);
/* printf into the arena; on failure the empty span. */
sc_span sc_arena_printf(sc_arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A growing array of `size`-byte items in an arena: doubling copies leave at most as much behind as they hold. */
typedef struct sc_list {
    void *items;
    size_t n, capacity;
} sc_list;
/* Room for one more item (zeroed), counted; NULL on failure. */
void *sc_list_add(sc_arena *a, sc_list *l, size_t size);

#endif
