/* recursion: the same frames over and over.
 *
 *     fffff880`009ab350 fffff880`04b9f827 : ... : nvlddmkm+0x340827
 *     fffff880`009ab390 fffff880`04b9f827 : ... : nvlddmkm+0x340827      seven times, 0x40 bytes each [seed 003]
 *
 * Symbol and offset must repeat exactly: a file system that is entered again on another way is no recursion. One frame
 * counts from four times on, a cycle of up to 32 frames from three.
 */
#include "engine/facts/derive_stack.h"

enum { MAX_PERIOD = 32, MIN_SINGLE = 4, MIN_CYCLES = 3 };

static const sc_column columns[] = {
    {"stack", SC_INT, "stack.stack"},
    {"module", SC_TEXT, "module that recurses: the first of the cycle that is not part of Windows, else the first"},
    {"symbol", SC_TEXT, "symbol of that frame"},
    {"offset", SC_INT, "its offset"},
    {"count", SC_INT, "how often the frame, or the cycle, stands in a row"},
    {"period", SC_INT, "frames per cycle; 1: a function that calls itself"},
    {"stride", SC_INT, "stack bytes per cycle; NULL when they differ, or no stack pointers were printed"},
    {"first", SC_INT, "frame.n of the first of these frames"},
};
enum { STACK, MODULE, SYMBOL, OFFSET, COUNT, PERIOD, STRIDE, FIRST };
const sc_table sc_table_recursion = {"recursion", "Frames that repeat in a row", STACK, SC_COLUMNS(columns)};

static bool same_symbol(const sc_row *a, const sc_row *b)
{
    for (int c = SC_FRAME_SYMBOL; c <= SC_FRAME_OFFSET; c++) {
        if (a->cells[c].state != b->cells[c].state) return false;
        if (c == SC_FRAME_OFFSET) return !sc_has(a, c) || sc_get_int(a, c) == sc_get_int(b, c);
        if (sc_has(a, c) && !sc_ieq(sc_get_text(a, c), sc_get_text(b, c))) return false;
    }
    return true;
}

static bool repeats(const sc_stack_frame *a, const sc_stack_frame *b)
{
    return a->key && a->key == b->key && sc_has(a->row, SC_FRAME_SYMBOL) && !a->user && same_symbol(a->row, b->row);
}

/* Bytes from one cycle to the next, when they are the same all the way. */
static bool stride_of(const sc_stack_frame *f, size_t count, size_t period, uint64_t *stride)
{
    for (size_t i = 1; i < count; i++) {
        const sc_stack_frame *a = &f[(i - 1) * period], *b = &f[i * period];
        if (!a->sp || b->sp <= a->sp) return false;
        if (i > 1 && b->sp - a->sp != *stride) return false;
        *stride = b->sp - a->sp;
    }
    return true;
}

static void add(sc_facts *facts, const sc_stack_view *v, size_t first, size_t count, size_t period)
{
    const sc_stack_frame *f = &v->frames[first], *named = f;
    for (size_t i = 0; i < period && !named->third_party; i++)
        if (f[i].third_party) named = &f[i];
    sc_row *r = sc_row_new(facts, &sc_table_recursion, v->row->section, NULL);
    r->line = f->row->line;
    r->last_line = f[count * period - 1].row->last_line;
    sc_set_int(r, STACK, v->id);
    sc_set_text(r, MODULE, sc_get_text(named->row, SC_FRAME_MODULE));
    sc_set_text(r, SYMBOL, sc_get_text(named->row, SC_FRAME_SYMBOL));
    if (sc_has(named->row, SC_FRAME_OFFSET)) sc_set_int(r, OFFSET, sc_get_int(named->row, SC_FRAME_OFFSET));
    sc_set_int(r, COUNT, (int64_t)count);
    sc_set_int(r, PERIOD, (int64_t)period);
    uint64_t stride = 0;
    if (stride_of(f, count, period, &stride))
        sc_set_int(r, STRIDE, (int64_t)stride);
    else
        sc_set_null(r, STRIDE);
    sc_set_int(r, FIRST, sc_get_int(f->row, SC_FRAME_N));
}

/* Maximal runs of one period, shorter periods first: what they explain is not looked at again. */
static void find(sc_facts *facts, const sc_stack_view *v, unsigned char *told, size_t period)
{
    size_t least = period == 1 ? MIN_SINGLE : MIN_CYCLES;
    for (size_t i = period; i < v->n;) {
        size_t run = 0;
        while (i + run < v->n && !told[i + run - period] && !told[i + run] &&
               repeats(&v->frames[i + run - period], &v->frames[i + run]))
            run++;
        size_t count = run / period + 1;
        if (count >= least) {
            size_t first = i - period;
            add(facts, v, first, count, period);
            for (size_t j = first; j < first + run + period; j++) told[j] = 1;
        }
        i += run + 1;
    }
}

void sc_stack_derive_recursion(const sc_stack_set *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const sc_stack_view *v = &s->items[i];
        if (v->quote_of != SC_NPOS || !v->n) continue;
        unsigned char *told = sc_arena_array(s->facts->arena, v->n, 1);
        for (size_t period = 1; told && period <= MAX_PERIOD && period * MIN_CYCLES <= v->n; period++)
            find(s->facts, v, told, period);
        bool whole = sc_get_int(v->row, SC_STACK_COMPLETE) != 0;
        sc_cover_int(s->facts, &sc_table_recursion, v->id, v->row->section, whole);
    }
}
