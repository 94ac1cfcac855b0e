/* stack_module and stack_use: who used up the stack.
 *
 *        2c4 b8ae8238 b958ecdf MamaHog+0x422a        the largest frame of seed 004: 708 bytes
 *
 * stack_module counts a whole stack's kernel frames. stack_use looks at one stack's memory: where the stack changes (a
 * double fault and a DPC have their own) only the part that uses most counts.
 */
#include "engine/facts/derive_stack.h"

#include <stdlib.h>
#include <string.h>

static const sc_column module_columns[] = {
    {"stack", SC_INT, "stack.stack"},
    {"module", SC_TEXT, "module"},
    {"frames", SC_INT, "its frames in kernel mode"},
    {"bytes", SC_INT, "stack bytes that these frames own"},
    {"third_party", SC_BOOL, "not part of Windows"},
};
enum { MODULE_STACK, MODULE_NAME, MODULE_FRAMES, MODULE_BYTES, MODULE_THIRD };
const sc_table sc_table_stack_module = {"stack_module", "Frames and bytes per module and stack", MODULE_STACK,
                                        SC_COLUMNS(module_columns)};

static const sc_column use_columns[] = {
    {"stack", SC_INT, "stack.stack"},
    {"used", SC_INT, "bytes accounted for by its frames"},
    {"size", SC_INT,
     "bytes of the stack: base - limit when printed, else 12288 (x86), 24576 (x64); not known when its "
     "frames take more than that without limits: then it is a large stack"},
    {"size_source", SC_TEXT, "limits, default or unknown"},
    {"base", SC_ADDR, "stack base, from !thread"},
    {"limit", SC_ADDR, "stack limit, from !thread"},
    {"top_sp", SC_ADDR, "innermost stack pointer of these frames"},
    {"left", SC_INT, "top_sp - limit: bytes that these frames leave; NULL without limits"},
    {"largest_bytes", SC_INT, "bytes of the largest frame"},
    {"largest_symbol", SC_TEXT, "its symbol"},
    {"largest_line", SC_INT, "its line in the paste"},
    {"third_party_bytes", SC_INT, "bytes of frames of modules that are not part of Windows"},
    {"third_party_frames", SC_INT, "number of these frames"},
    {"third_party_modules", SC_TEXT, "these modules, comma-separated, the largest user first"},
};
enum {
    USE_STACK,
    USE_USED,
    USE_SIZE,
    USE_SOURCE,
    USE_BASE,
    USE_LIMIT,
    USE_TOP,
    USE_LEFT,
    USE_LARGEST,
    USE_SYMBOL,
    USE_LINE,
    USE_THIRD_BYTES,
    USE_THIRD_FRAMES,
    USE_THIRD_MODULES
};
const sc_table sc_table_stack_use = {"stack_use", "How much of its memory a stack uses", USE_STACK,
                                     SC_COLUMNS(use_columns)};

/* ---- Per module ---- */

typedef struct user {
    sc_span module;
    const sc_stack_frame *first, *last;
    int64_t frames, bytes;
    bool counted, third_party;
} user;

typedef struct users {
    user *items;
    size_t n;
    uint32_t *slots; /* 1 + index into items, by hash of the name */
    size_t mask;
} users;

static bool users_new(sc_arena *a, users *u, size_t frames)
{
    size_t size = 16;
    while (size < frames * 2) size *= 2;
    *u = (users){.mask = size - 1};
    u->items = sc_arena_array(a, frames ? frames : 1, sizeof *u->items);
    u->slots = sc_arena_array(a, size, sizeof *u->slots);
    return u->items && u->slots;
}

static user *user_of(users *u, const sc_stack_frame *f)
{
    sc_span module = sc_get_text(f->row, SC_FRAME_MODULE);
    for (size_t i = sc_ihash(module) & u->mask;; i = (i + 1) & u->mask) {
        if (!u->slots[i]) {
            user *x = &u->items[u->n++];
            u->slots[i] = (uint32_t)u->n;
            *x = (user){.module = module, .first = f, .third_party = f->third_party};
            return x;
        }
        user *x = &u->items[u->slots[i] - 1];
        if (sc_ieq(x->module, module)) return x;
    }
}

static void count(users *u, const sc_stack_frame *frames, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const sc_stack_frame *f = &frames[i];
        if (f->user || !sc_has(f->row, SC_FRAME_MODULE)) continue;
        user *x = user_of(u, f);
        x->last = f;
        x->frames++;
        if (!sc_has(f->row, SC_FRAME_BYTES)) continue;
        x->counted = true;
        x->bytes += sc_get_int(f->row, SC_FRAME_BYTES);
    }
}

static void add_modules(sc_facts *f, const sc_stack_view *v, const users *u)
{
    for (size_t i = 0; i < u->n; i++) {
        const user *x = &u->items[i];
        sc_row *r = sc_row_new(f, &sc_table_stack_module, v->row->section, NULL);
        r->line = x->first->row->line;
        r->last_line = x->last->row->last_line;
        sc_set_int(r, MODULE_STACK, v->id);
        sc_set_text(r, MODULE_NAME, x->module);
        sc_set_int(r, MODULE_FRAMES, x->frames);
        if (x->counted) sc_set_int(r, MODULE_BYTES, x->bytes);
        sc_set_bool(r, MODULE_THIRD, x->third_party);
    }
    bool whole = sc_get_int(v->row, SC_STACK_COMPLETE) != 0;
    sc_cover_int(f, &sc_table_stack_module, v->id, v->row->section, whole);
}

/* ---- One stack's memory ---- */

typedef struct piece {
    const sc_stack_frame *frames;
    size_t n;
    int64_t bytes;
} piece;

/* The part of a stack that lies in one stack's memory and uses most of it. */
static piece largest_piece(const sc_stack_view *v)
{
    piece best = {0}, now = {0};
    const sc_stack_frame *before = NULL; /* with a pointer */
    for (size_t i = 0; i < v->n && !v->frames[i].user; i++) {
        const sc_stack_frame *f = &v->frames[i];
        if (before && f->sp && !sc_stack_adjoins(before, f)) now = (piece){0};
        if (f->sp) before = f;
        if (!now.frames) now.frames = f;
        now.n++;
        if (sc_has(f->row, SC_FRAME_BYTES)) now.bytes += sc_get_int(f->row, SC_FRAME_BYTES);
        if (now.bytes > best.bytes) best = now;
    }
    return best;
}

static int by_bytes(const void *a, const void *b)
{
    const user *x = *(const user *const *)a, *y = *(const user *const *)b;
    if (x->bytes != y->bytes) return x->bytes > y->bytes ? -1 : 1;
    return x->first < y->first ? -1 : x->first > y->first;
}

static void set_third_party(sc_facts *f, sc_row *r, const users *u)
{
    const user **list = sc_arena_array(f->arena, u->n ? u->n : 1, sizeof *list);
    int64_t bytes = 0, frames = 0;
    size_t n = 0, length = 0;
    if (!list) return;
    for (size_t i = 0; i < u->n; i++) {
        const user *x = &u->items[i];
        if (!x->third_party) continue;
        bytes += x->bytes;
        frames += x->frames;
        length += x->module.n + 1;
        list[n++] = x;
    }
    sc_set_int(r, USE_THIRD_BYTES, bytes);
    sc_set_int(r, USE_THIRD_FRAMES, frames);
    char *text = sc_arena_get(f->arena, length + 1);
    if (!n || !text) {
        sc_set_null(r, USE_THIRD_MODULES);
        return;
    }
    qsort(list, n, sizeof *list, by_bytes);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        if (i) text[at++] = ',';
        memcpy(text + at, list[i]->module.p, list[i]->module.n);
        at += list[i]->module.n;
    }
    sc_set_text(r, USE_THIRD_MODULES, (sc_span){text, at});
}

/* Base and limit hold for this piece when its outermost frame lies between them; the innermost may have run over. */
static sc_stack_limits limits_of(sc_facts *f, const piece *p)
{
    uint64_t outermost = 0;
    for (size_t i = 0; i < p->n; i++)
        if (p->frames[i].sp) outermost = p->frames[i].sp;
    sc_stack_limits l = sc_stack_limits_of(f, outermost);
    if (l.found && outermost < l.limit) l.found = false;
    return l;
}

/* A 64-bit target's stack. */
static bool wide(const piece *p)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->frames[i].sp > UINT32_MAX) return true;
    return false;
}

static void add_use(sc_facts *f, const sc_stack_view *v)
{
    piece p = largest_piece(v);
    users u;
    if (!p.bytes || !users_new(f->arena, &u, p.n)) return;
    count(&u, p.frames, p.n);
    sc_row *r = sc_row_new(f, &sc_table_stack_use, v->row->section, NULL);
    r->line = p.frames[0].row->line;
    r->last_line = p.frames[p.n - 1].row->last_line;
    sc_set_int(r, USE_STACK, v->id);
    sc_set_int(r, USE_USED, p.bytes);
    sc_stack_limits l = limits_of(f, &p);
    sc_set_text(r, USE_SOURCE, l.found ? SC_S("limits") : SC_S("default"));
    if (l.found) {
        sc_set_int(r, USE_SIZE, (int64_t)(l.base - l.limit));
        sc_set_addr(r, USE_BASE, l.base);
        sc_set_addr(r, USE_LIMIT, l.limit);
    } else if (p.bytes <= (wide(&p) ? 24576 : 12288)) {
        sc_set_int(r, USE_SIZE, wide(&p) ? 24576 : 12288);
    } else { /* threads with windows, and those that expanded their stack, have more */
        sc_set_text(r, USE_SOURCE, SC_S("unknown"));
    }
    uint64_t top = 0;
    for (size_t i = p.n; i-- > 0;)
        if (p.frames[i].sp) top = p.frames[i].sp;
    if (top) sc_set_addr(r, USE_TOP, top);
    if (top && l.found) sc_set_int(r, USE_LEFT, (int64_t)(top - l.limit));
    const sc_stack_frame *largest = NULL;
    for (size_t i = 0; i < p.n; i++) {
        const sc_stack_frame *x = &p.frames[i];
        if (!sc_has(x->row, SC_FRAME_BYTES)) continue;
        if (!largest || sc_get_int(x->row, SC_FRAME_BYTES) > sc_get_int(largest->row, SC_FRAME_BYTES)) largest = x;
    }
    if (largest) { /* bytes > 0, so there is one */
        sc_set_int(r, USE_LARGEST, sc_get_int(largest->row, SC_FRAME_BYTES));
        if (sc_has(largest->row, SC_FRAME_SYMBOL))
            sc_set_text(r, USE_SYMBOL, sc_get_text(largest->row, SC_FRAME_SYMBOL));
        else
            sc_set_null(r, USE_SYMBOL);
        sc_set_int(r, USE_LINE, largest->row->line);
    }
    set_third_party(f, r, &u);
    bool whole = sc_get_int(v->row, SC_STACK_COMPLETE) != 0;
    sc_cover_int(f, &sc_table_stack_use, v->id, v->row->section, whole);
}

void sc_stack_derive_use(const sc_stack_set *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const sc_stack_view *v = &s->items[i];
        users u;
        if (v->quote_of != SC_NPOS || !v->n || !users_new(s->facts->arena, &u, v->n)) continue;
        count(&u, v->frames, v->n);
        add_modules(s->facts, v, &u);
        add_use(s->facts, v);
    }
}
