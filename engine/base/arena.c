#include "engine/base/arena.h"

#include "engine/base/limits.h"

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES ((size_t)64 << 10)

typedef struct block {
    struct block *next;
    size_t used, size;
    alignas(max_align_t) char bytes[];
} block;

struct sc_arena {
    block *head;
    size_t used, limit;
    bool failed;
};

static block *block_new(size_t size)
{
    block *b = malloc(sizeof *b + size);
    if (!b) return NULL;
    b->next = NULL;
    b->used = 0;
    b->size = size;
    return b;
}

sc_arena *sc_arena_new(size_t limit)
{
    sc_arena *a = calloc(1, sizeof *a);
    if (!a) return NULL;
    a->limit = limit ? limit : SC_MAX_ARENA_BYTES;
    return a;
}

void sc_arena_free(sc_arena *a)
{
    if (!a) return;
    for (block *b = a->head, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

bool sc_arena_failed(const sc_arena *a)
{
    return a->failed;
}

size_t sc_arena_used(const sc_arena *a)
{
    return a->used;
}

void *sc_arena_get(sc_arena *a, size_t bytes)
{
    const size_t align = alignof(max_align_t);
    if (a->failed || bytes > a->limit) {
        a->failed = true;
        return NULL;
    }
    bytes = bytes ? (bytes + align - 1) / align * align : align;
    if (a->used + bytes > a->limit) {
        a->failed = true;
        return NULL;
    }
    if (!a->head || a->head->size - a->head->used < bytes) {
        block *b = block_new(bytes > BLOCK_BYTES / 4 ? bytes : BLOCK_BYTES);
        if (!b) {
            a->failed = true;
            return NULL;
        }
        if (bytes > BLOCK_BYTES / 4 && a->head) { /* a large item gets its own block behind the current one */
            b->next = a->head->next;
            a->head->next = b;
            b->used = bytes;
            a->used += bytes;
            return memset(b->bytes, 0, bytes);
        }
        b->next = a->head;
        a->head = b;
    }
    void *p = a->head->bytes + a->head->used;
    a->head->used += bytes;
    a->used += bytes;
    return memset(p, 0, bytes);
}

void *sc_arena_array(sc_arena *a, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size) {
        a->failed = true;
        return NULL;
    }
    return sc_arena_get(a, count * size);
}

sc_span sc_arena_dup(sc_arena *a, sc_span s)
{
    char *p = s.n ? sc_arena_get(a, s.n) : NULL;
    if (!p) return (sc_span){"", 0};
    memcpy(p, s.p, s.n);
    return (sc_span){p, s.n};
}

const char *sc_arena_z(sc_arena *a, sc_span s)
{
    char *p = sc_arena_get(a, s.n + 1);
    if (!p) return "";
    if (s.n) memcpy(p, s.p, s.n);
    return p;
}

sc_span sc_arena_printf(sc_arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *p = n > 0 ? sc_arena_get(a, (size_t)n + 1) : NULL;
    if (p) vsnprintf(p, (size_t)n + 1, format, again);
    va_end(again);
    return p ? (sc_span){p, (size_t)n} : (sc_span){"", 0};
}

void *sc_list_add(sc_arena *a, sc_list *l, size_t size)
{
    if (l->n == l->capacity) {
        size_t capacity = l->capacity ? l->capacity * 2 : 8;
        void *items = sc_arena_array(a, capacity, size);
        if (!items) return NULL;
        if (l->n) memcpy(items, l->items, l->n * size);
        l->items = items;
        l->capacity = capacity;
    }
    return (char *)l->items + size * l->n++;
}
