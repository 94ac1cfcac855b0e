/* Which stacks are part of another one. A post prints STACK_TEXT, the same stack again with kv, and a few of its
 * frames once more to talk about them [seed 004]: they are one stack, and sums must count them once.
 *
 * By stack pointer and return address where both show them: no two frames share these. Else by the sequence of symbols
 * and offsets. Two threads that wait in the same place are two stacks.
 */
#include "engine/facts/derive_stack.h"

#include <stdlib.h>

enum {
    GRAM = 3,       /* frames whose hash finds the stacks that may hold a quotation */
    CANDIDATES = 8, /* stacks tried for one quotation */
    PROBES = 64,    /* slots looked at for one key: a paste made to collide loses quotations, not time */
};

typedef struct slot {
    uint64_t key;
    uint32_t stack, frame; /* stack is 1 + index; 0: empty */
} slot;

typedef struct hash_slots {
    slot *slots;
    size_t mask;
} hash_slots;

typedef struct order {
    size_t at, n;
    bool has_sp;
} order;

typedef struct finder {
    sc_stack_set *s;
    hash_slots by_sp, by_gram;
    uint32_t *next; /* of Knuth, Morris and Pratt's search */
    size_t budget;  /* comparisons left: the whole search stays linear in the frames */
} finder;

static bool slots_new(sc_arena *a, hash_slots *x, size_t n)
{
    size_t size = 16;
    while (size < n * 2) size *= 2;
    x->slots = sc_arena_array(a, size, sizeof *x->slots);
    x->mask = size - 1;
    return x->slots != NULL;
}

static uint64_t scramble(uint64_t v)
{
    v = (v ^ v >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return v ^ v >> 32;
}

static uint64_t sp_key(const sc_stack_frame *f)
{
    return scramble(f->sp * UINT64_C(0x9e3779b97f4a7c15) ^ f->ret);
}

static uint64_t gram_key(const sc_stack_frame *f, size_t n)
{
    uint64_t h = n;
    for (size_t i = 0; i < n; i++) h = scramble(h * 31 + f[i].key);
    return h;
}

static const slot *find_sp(const finder *f, const sc_stack_frame *frame)
{
    uint64_t key = sp_key(frame);
    for (size_t i = 0; i < PROBES; i++) {
        const slot *x = &f->by_sp.slots[(key + i) & f->by_sp.mask];
        if (!x->stack) return NULL;
        if (x->key != key) continue;
        const sc_stack_frame *g = &f->s->items[x->stack - 1].frames[x->frame];
        if (g->sp == frame->sp && g->ret == frame->ret) return x;
    }
    return NULL;
}

static void add_sp(finder *f, const sc_stack_frame *frame, size_t stack, size_t at)
{
    uint64_t key = sp_key(frame);
    for (size_t i = 0; i < PROBES; i++) {
        slot *x = &f->by_sp.slots[(key + i) & f->by_sp.mask];
        if (x->stack) continue;
        *x = (slot){key, (uint32_t)stack + 1, (uint32_t)at};
        return;
    }
}

static void add_gram(finder *f, uint64_t key, uint32_t stack)
{
    int same = 0;
    for (size_t i = 0; i < PROBES; i++) {
        slot *x = &f->by_gram.slots[(key + i) & f->by_gram.mask];
        if (!x->stack) {
            *x = (slot){key, stack, 0};
            return;
        }
        if (x->key == key && (x->stack == stack || ++same == CANDIDATES)) return;
    }
}

static bool comparable(const sc_stack_frame *f)
{
    return f->sp && !f->inlined;
}

static void add_stack(finder *f, size_t at)
{
    const sc_stack_view *v = &f->s->items[at];
    for (size_t i = 0; i < v->n; i++) {
        if (comparable(&v->frames[i]) && !find_sp(f, &v->frames[i])) add_sp(f, &v->frames[i], at, i);
        add_gram(f, gram_key(&v->frames[i], 1), (uint32_t)at + 1);
        if (i + GRAM <= v->n) add_gram(f, gram_key(&v->frames[i], GRAM), (uint32_t)at + 1);
    }
}

/* Two stacks that are known to be of different processors or threads are never one. */
static bool may_be_one(const sc_stack_view *a, const sc_stack_view *b)
{
    if (a->processor >= 0 && b->processor >= 0 && a->processor != b->processor) return false;
    bool owners = sc_has(a->row, SC_STACK_THREAD_OWNER) && sc_has(b->row, SC_STACK_THREAD_OWNER);
    return !owners || sc_get_addr(a->row, SC_STACK_THREAD_OWNER) == sc_get_addr(b->row, SC_STACK_THREAD_OWNER);
}

/* Every frame of the quotation stands in one stack, in the same order. Lines may be missing between them. */
static bool quoted_by_sp(finder *f, sc_stack_view *q)
{
    size_t in = SC_NPOS, start = 0, at = 0;
    for (size_t i = 0; i < q->n; i++) {
        if (!comparable(&q->frames[i])) continue;
        const slot *x = find_sp(f, &q->frames[i]);
        if (!x || (in != SC_NPOS && (x->stack - 1 != in || x->frame < at))) return false;
        if (in == SC_NPOS) {
            in = x->stack - 1;
            start = x->frame;
        }
        at = x->frame;
    }
    if (in == SC_NPOS || !may_be_one(q, &f->s->items[in])) return false;
    q->quote_of = in;
    q->quote_start = start;
    return true;
}

static uint64_t key(const sc_stack_frame *f, bool offsets)
{
    return offsets ? f->key : f->name;
}

/* Position of the quotation's symbols in a stack's, or SC_NPOS. */
static size_t search(finder *f, const sc_stack_view *q, const sc_stack_view *in)
{
    if (f->budget < q->n + in->n) return SC_NPOS;
    f->budget -= q->n + in->n;
    size_t k = 0;
    bool o = q->offsets;
    f->next[0] = 0;
    for (size_t i = 1; i < q->n; i++) {
        while (k && key(&q->frames[i], o) != key(&q->frames[k], o)) k = f->next[k - 1];
        if (key(&q->frames[i], o) == key(&q->frames[k], o)) k++;
        f->next[i] = (uint32_t)k;
    }
    k = 0;
    for (size_t i = 0; i < in->n; i++) {
        while (k && key(&in->frames[i], o) != key(&q->frames[k], o)) k = f->next[k - 1];
        if (key(&in->frames[i], o) == key(&q->frames[k], o)) k++;
        if (k == q->n) return i + 1 - k;
    }
    return SC_NPOS;
}

static bool try_symbols(finder *f, sc_stack_view *q, size_t in)
{
    const sc_stack_view *v = &f->s->items[in];
    if ((q->has_sp && v->has_sp) || !may_be_one(q, v)) return false;
    size_t at = search(f, q, v);
    if (at == SC_NPOS) return false;
    q->quote_of = in;
    q->quote_start = at;
    return true;
}

/* kc prints names without offsets: the index does not know these. Tried are the longest stacks. */
static bool quoted_by_names(finder *f, sc_stack_view *q, const order *done, size_t n)
{
    for (size_t i = 0, tried = 0; i < n && tried < CANDIDATES && q->n >= GRAM; i++) {
        if (f->s->items[done[i].at].quote_of != SC_NPOS) continue;
        if (try_symbols(f, q, done[i].at)) return true;
        tried++;
    }
    return false;
}

static bool quoted_by_symbols(finder *f, sc_stack_view *q)
{
    uint64_t gram = gram_key(q->frames, q->n < GRAM ? 1 : GRAM);
    if (!q->frames[0].key) return false; /* a frame without anything: a processor's empty context */
    for (size_t i = 0; i < PROBES; i++) {
        const slot *x = &f->by_gram.slots[(gram + i) & f->by_gram.mask];
        if (!x->stack) return false;
        if (x->key == gram && try_symbols(f, q, x->stack - 1)) return true;
    }
    return false;
}

/* What the quotation's header knew and the stack's own did not. */
static void hand_over(const sc_stack_view *q, sc_stack_view *to)
{
    sc_set_bool(q->row, SC_STACK_QUOTE, true);
    if (q->processor >= 0 && to->processor < 0) {
        to->processor = q->processor;
        sc_set_int(to->row, SC_STACK_CPU, q->processor);
    }
    if (sc_has(q->row, SC_STACK_THREAD_OWNER) && !sc_has(to->row, SC_STACK_THREAD_OWNER))
        sc_set_addr(to->row, SC_STACK_THREAD_OWNER, sc_get_addr(q->row, SC_STACK_THREAD_OWNER));
}

/* Long ones first, so that what quotes comes after what is quoted; then those with pointers; then as pasted. */
static int compare(const void *a, const void *b)
{
    const order *x = a, *y = b;
    if (x->n != y->n) return x->n > y->n ? -1 : 1;
    if (x->has_sp != y->has_sp) return x->has_sp ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static bool is_quote(const sc_stack_set *s, int64_t id)
{
    return id >= 0 && (size_t)id < s->n && s->items[id].quote_of != SC_NPOS;
}

/* Takes the rows of quotations out of `frame`, and what their sections said to cover. */
static void drop_rows(sc_stack_set *s)
{
    sc_table_data *t = sc_facts_table(s->facts, &sc_table_frame);
    sc_row **to = &t->rows;
    for (sc_row *r = t->rows; r; r = r->next) {
        if (is_quote(s, sc_get_int(r, SC_FRAME_STACK))) {
            t->n_rows--;
            s->facts->n_rows--;
            continue;
        }
        *to = r;
        to = &r->next;
    }
    *to = NULL;
    t->tail = to;
    sc_coverage **c = &t->covered;
    while (*c) {
        if (!(*c)->all && is_quote(s, (*c)->key.as.i))
            *c = (*c)->next;
        else
            c = &(*c)->next;
    }
}

void sc_stack_find_quotes(sc_stack_set *s)
{
    sc_arena *a = s->facts->arena;
    finder f = {.s = s, .budget = 64 * s->n_frames + 4096};
    size_t longest = 1;
    bool any = false;
    if (s->n < 2) return;
    order *todo = sc_arena_array(a, s->n, sizeof *todo);
    if (!todo) return;
    for (size_t i = 0; i < s->n; i++) {
        todo[i] = (order){i, s->items[i].n, s->items[i].has_sp};
        if (s->items[i].n > longest) longest = s->items[i].n;
    }
    f.next = sc_arena_array(a, longest, sizeof *f.next);
    if (!f.next || !slots_new(a, &f.by_sp, s->n_frames) || !slots_new(a, &f.by_gram, 2 * s->n_frames)) return;
    qsort(todo, s->n, sizeof *todo, compare);
    for (size_t i = 0; i < s->n; i++) {
        sc_stack_view *v = &s->items[todo[i].at];
        if (!v->n) continue;
        if (quoted_by_sp(&f, v) || (v->offsets ? quoted_by_symbols(&f, v) : quoted_by_names(&f, v, todo, i))) {
            hand_over(v, &s->items[v->quote_of]);
            any = true;
        } else {
            add_stack(&f, todo[i].at);
        }
    }
    if (any) drop_rows(s);
}
