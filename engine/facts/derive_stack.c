/* What stacks tell beyond their lines: which of them quote each other, the one that matters, bytes per module,
 * recursion, the stack pointer against the stack's limit.
 *
 * Tables: crash_frame, stack_module, recursion, stack_pointer, stack_use.
 * Query:  SELECT n, symbol FROM crash_frame LIMIT 8;
 */
#include "engine/facts/derive_stack.h"

#include "engine/facts/lookup.h"
#include "engine/facts/tables.h"

#include <string.h>

bool sc_stack_kernel_frame(const sc_stack_frame *f, const char *name)
{
    if (!sc_has(f->row, SC_FRAME_FUNCTION) || !sc_symbol_is_kernel(sc_get_text(f->row, SC_FRAME_MODULE))) return false;
    sc_span function = sc_get_text(f->row, SC_FRAME_FUNCTION);
    if (function.n && function.p[0] == '_') function = sc_span_from(function, 1);
    return sc_eq_z(function, name);
}

static bool is_one_of(const sc_stack_frame *f, const char *const *names)
{
    for (; *names; names++)
        if (sc_stack_kernel_frame(f, *names)) return true;
    return false;
}

static const char *const raising[] = {"KeBugCheckEx",       "KeBugCheck", "KeBugCheck2",          "KeBugCheck3",
                                      "KiBugCheckDispatch", "KiBugCheck", "KiBugCheckDebugBreak", NULL};
static const char *const breaking[] = {"DbgBreakPointWithStatus", "DbgBreakPoint", "RtlpBreakWithStatusInstruction",
                                       NULL};

bool sc_stack_bugcheck_frame(const sc_stack_frame *f)
{
    return is_one_of(f, raising) || is_one_of(f, breaking);
}

bool sc_stack_bugcheck_function(sc_span name)
{
    for (size_t i = 0; raising[i]; i++)
        if (sc_ieq_z(name, raising[i])) return true;
    return false;
}

bool sc_stack_raises(const sc_stack_view *v)
{
    for (size_t i = 0; i < v->n; i++)
        if (is_one_of(&v->frames[i], raising)) return true;
    return false;
}

bool sc_stack_adjoins(const sc_stack_frame *upper, const sc_stack_frame *lower)
{
    return upper->sp && lower->sp >= upper->sp && lower->sp - upper->sp <= SC_STACK_JUMP;
}

/* ---- Reading the tables ---- */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h ^= v + UINT64_C(0x9e3779b97f4a7c15) + (h << 6) + (h >> 2);
    h ^= h >> 31;
    return h * UINT64_C(0xbf58476d1ce4e5b9);
}

static void set_keys(sc_stack_frame *f)
{
    const sc_row *r = f->row;
    uint64_t h = 1;
    if (sc_has(r, SC_FRAME_SYMBOL)) {
        h = mix(h, sc_ihash(sc_get_text(r, SC_FRAME_MODULE)));
        if (sc_has(r, SC_FRAME_FUNCTION)) h = mix(h, sc_hash(sc_get_text(r, SC_FRAME_FUNCTION)) + 1ull);
        f->name = h ? h : 1;
        h = mix(h, sc_has(r, SC_FRAME_OFFSET) ? sc_get_addr(r, SC_FRAME_OFFSET) : UINT64_MAX);
    } else if (sc_has(r, SC_FRAME_ADDRESS) && sc_get_addr(r, SC_FRAME_ADDRESS)) {
        h = mix(h, sc_get_addr(r, SC_FRAME_ADDRESS));
        f->name = h ? h : 1;
    } else {
        return;
    }
    f->key = h ? h : 1;
}

static sc_stack_view view_of(sc_row *r)
{
    sc_span kind = sc_get_text(r, SC_STACK_KIND);
    sc_stack_view v = {.row = r, .id = sc_get_int(r, SC_STACK_ID), .processor = -1, .quote_of = SC_NPOS};
    v.thread_kind = sc_eq_z(kind, "thread");
    v.context_kind = sc_eq_z(kind, "context");
    v.crash_kind = sc_eq_z(kind, "crash");
    v.raw_kind = sc_eq_z(kind, "raw-walk");
    v.has_sp = sc_has(r, SC_STACK_HAS_SP) && sc_get_int(r, SC_STACK_HAS_SP);
    if (sc_has(r, SC_STACK_CPU)) v.processor = (int)sc_get_int(r, SC_STACK_CPU);
    return v;
}

static bool same_text(sc_span a, sc_span b)
{
    return a.n == b.n && (a.p == b.p || sc_eq(a, b));
}

/* Stacks by number, and each one's frames: the reader adds them in one piece. */
static bool load(sc_facts *f, sc_stack_set *s)
{
    sc_table_data *stacks = sc_facts_table(f, &sc_table_stack), *frames = sc_facts_table(f, &sc_table_frame);
    *s = (sc_stack_set){.facts = f};
    s->items = sc_arena_array(f->arena, stacks->n_rows ? stacks->n_rows : 1, sizeof *s->items);
    sc_stack_frame *all = sc_arena_array(f->arena, frames->n_rows ? frames->n_rows : 1, sizeof *all);
    if (!s->items || !all) return false;
    for (sc_row *r = stacks->rows; r; r = r->next) s->items[s->n++] = view_of(r);
    sc_span module = {0};
    bool third_party = false;
    for (sc_row *r = frames->rows; r; r = r->next) {
        int64_t id = sc_get_int(r, SC_FRAME_STACK);
        if (id < 0 || (size_t)id >= s->n) continue;
        sc_stack_view *v = &s->items[id];
        sc_stack_frame *out = &all[s->n_frames];
        if (v->frames && v->frames + v->n != out) continue;
        if (!v->frames) v->frames = out;
        v->n++;
        s->n_frames++;
        out->row = r;
        set_keys(out);
        if (sc_has(r, SC_FRAME_OFFSET)) v->offsets = true;
        if (sc_has(r, SC_FRAME_SP)) out->sp = sc_get_addr(r, SC_FRAME_SP);
        if (sc_has(r, SC_FRAME_RET)) out->ret = sc_get_addr(r, SC_FRAME_RET);
        out->user = sc_has(r, SC_FRAME_USER) && sc_get_int(r, SC_FRAME_USER);
        out->inlined = sc_get_int(r, SC_FRAME_INLINE) != 0;
        if (!sc_has(r, SC_FRAME_MODULE) || out->user) continue;
        sc_span m = sc_get_text(r, SC_FRAME_MODULE);
        if (!same_text(m, module)) { /* neighbours are often of one module */
            module = m;
            third_party = sc_third_party(f->knowledge, m);
        }
        out->third_party = third_party;
    }
    return true;
}

/* A context that .trap or .cxr brings back lies below the frames that raise the bug check. A stack that holds them was
 * printed before, whatever order the paste has. */
static void correct_kinds(sc_stack_set *s)
{
    for (size_t i = 0; i < s->n; i++) {
        sc_stack_view *v = &s->items[i];
        if (!v->context_kind || !sc_stack_raises(v)) continue;
        v->context_kind = false;
        sc_set_text(v->row, SC_STACK_KIND, SC_S("processor"));
        v->row->cells[SC_STACK_CONTEXT_AT].state = SC_NOT_PRINTED;
    }
}

sc_stack_bugcheck sc_stack_bugcheck_of(sc_facts *f)
{
    static const char *const args[] = {"arg1", "arg2", "arg3", "arg4"};
    sc_stack_bugcheck b = {.has_code = false};
    const sc_table *t = sc_table_named("bugcheck");
    int code = t ? sc_column_named(t, "code") : -1;
    b.row = code >= 0 ? sc_facts_first(f, t) : NULL;
    if (!b.row) return b;
    b.has_code = sc_has(b.row, code);
    b.code = b.has_code ? sc_get_addr(b.row, code) : 0;
    for (int i = 0; i < 4; i++) {
        int c = sc_column_named(t, args[i]);
        b.known[i] = c >= 0 && sc_has(b.row, c);
        b.arg[i] = b.known[i] ? sc_get_addr(b.row, c) : 0;
    }
    return b;
}

sc_stack_limits sc_stack_limits_of(sc_facts *f, uint64_t sp)
{
    sc_stack_limits none = {.found = false};
    const sc_table *t = sc_table_named("thread");
    int base = t ? sc_column_named(t, "base") : -1, limit = t ? sc_column_named(t, "limit") : -1;
    int thread = t ? sc_column_named(t, "thread") : -1;
    if (base < 0 || limit < 0 || thread < 0 || !sp) return none;
    for (const sc_row *r = sc_facts_first(f, t); r; r = r->next) {
        if (!sc_has(r, base) || !sc_has(r, limit)) continue;
        uint64_t b = sc_get_addr(r, base), l = sc_get_addr(r, limit);
        if (l < 0x1000 || b <= l || sp >= b || sp < l - 0x1000) continue; /* the guard page lies below the limit */
        sc_stack_limits found = {.found = true, .base = b, .limit = l, .has_thread = sc_has(r, thread)};
        if (found.has_thread) found.thread = sc_get_addr(r, thread);
        return found;
    }
    return none;
}

void sc_derive_stack(sc_facts *f)
{
    sc_stack_set s;
    if (!load(f, &s)) return;
    correct_kinds(&s);
    sc_stack_find_quotes(&s);
    sc_stack_derive_crash(&s);
    sc_stack_derive_use(&s);
    sc_stack_derive_recursion(&s);
    sc_stack_derive_pointer(&s);
}

static const sc_table *const tables[] = {&sc_table_crash_frame, &sc_table_stack_module,  &sc_table_stack_use,
                                         &sc_table_recursion,   &sc_table_stack_pointer, NULL};
const sc_command sc_command_stack = {
    .name = "(stack)",
    .doc = "What follows from call stacks: the one that matters, bytes per module, recursion, the stack pointer",
    .proof = "the stacks it is derived from are whole",
    .query = "SELECT n, symbol FROM crash_frame LIMIT 8",
    .tables = tables,
};
