#include "engine/rule_stack.h"

#include "engine/base/limits.h"
#include "engine/diagnosis.h"

/* The columns this file reads, by the names that engine/facts/k.c declares; looked up once per call, they are few. */
typedef struct stack_columns {
    const sc_table *stack, *frame, *crash_frame;
    int stack_id, stack_thread, stack_processor, stack_complete, stack_quote;
    int frame_stack, frame_symbol, frame_module, frame_trusted, crash_symbol, crash_module, crash_trusted;
} stack_columns;

static stack_columns find_columns(void)
{
    stack_columns c = {.stack = sc_table_named("stack"),
                       .frame = sc_table_named("frame"),
                       .crash_frame = sc_table_named("crash_frame")};
    c.stack_id = sc_column_named(c.stack, "stack");
    c.stack_thread = sc_column_named(c.stack, "thread");
    c.stack_processor = sc_column_named(c.stack, "processor");
    c.stack_complete = sc_column_named(c.stack, "complete");
    c.stack_quote = sc_column_named(c.stack, "quote");
    c.frame_stack = sc_column_named(c.frame, "stack");
    c.frame_symbol = sc_column_named(c.frame, "symbol");
    c.frame_module = sc_column_named(c.frame, "module");
    c.frame_trusted = sc_column_named(c.frame, "trusted");
    c.crash_trusted = sc_column_named(c.crash_frame, "trusted");
    c.crash_symbol = sc_column_named(c.crash_frame, "symbol");
    c.crash_module = sc_column_named(c.crash_frame, "module");
    return c;
}

typedef struct matcher {
    const sc_eval *e;
    const sc_clause *clause;
    const sc_row *const *frames; /* of the stack that is looked at */
    size_t n_frames;
    int symbol, module, trusted; /* their columns */
    const sc_row **matched;      /* frames matched so far, in order */
    size_t n_matched;
    size_t steps; /* left over all stacks: a pattern of many "..." may not run away */
} matcher;

static sc_span cell_text(const sc_row *r, int column)
{
    return column >= 0 && sc_has(r, column) ? sc_get_text(r, column) : (sc_span){"", 0};
}

/* One pattern against one frame; {x} binds or must agree with what it is bound to. */
static bool match_frame(matcher *m, sc_span pattern, const sc_row *frame, const sc_binding **env)
{
    sc_span symbol = cell_text(frame, m->symbol), module = cell_text(frame, m->module);
    sc_span name, rest;
    if (!pattern.n || pattern.p[0] != '{' || !sc_cut(sc_span_from(pattern, 1), "}", &name, &rest))
        return sc_glob(pattern, sc_find_char(pattern, '!') == SC_NPOS ? module : symbol);
    if (!module.n) return false;
    const sc_value *bound = sc_variable_get(*env, name);
    sc_value value = {.kind = SC_VALUE_TEXT, .t = module};
    if (bound ? !sc_value_equal(bound, &value) : !sc_third_party(m->e->facts->knowledge, module)) return false;
    if (rest.n) {
        size_t bang = sc_find_char(symbol, '!');
        sc_span function = bang == SC_NPOS ? (sc_span){"", 0} : sc_span_from(symbol, bang + 1);
        if (rest.p[0] != '!' || !sc_glob(sc_span_from(rest, 1), function)) return false;
    }
    if (!bound) *env = sc_variable_set(m->e->arena, *env, sc_arena_z(m->e->arena, name), value);
    return true;
}

/* Patterns from `p` on against frames from `f` on. */
static bool match_from(matcher *m, size_t p, size_t f, const sc_binding **env)
{
    if (p == m->clause->n_frames) return true;
    if (!m->steps) return false;
    m->steps--;
    sc_span pattern = sc_span_z(m->clause->frames[p]);
    if (sc_eq_z(pattern, "...")) {
        const sc_binding *saved = *env;
        for (size_t skip = f; skip <= m->n_frames; skip++) {
            if (match_from(m, p + 1, skip, env)) return true;
            *env = saved;
        }
        return false;
    }
    if (f >= m->n_frames || !match_frame(m, pattern, m->frames[f], env)) return false;
    m->matched[m->n_matched++] = m->frames[f];
    if (match_from(m, p + 1, f + 1, env)) return true;
    m->n_matched--;
    return false;
}

/* Every place in the current stack where the clause matches with other bindings than before, up to `max` in all. */
static void find_in_stack(matcher *m, const sc_binding *env, sc_stack_match *out, size_t max, size_t *n)
{
    for (size_t start = 0; start < m->n_frames && *n < max; start++) {
        const sc_binding *found = env;
        m->n_matched = 0;
        if (!match_from(m, 0, start, &found)) continue;
        bool repeated = *n > 0 && found == env; /* binds nothing: once is enough */
        for (size_t i = 0; i < *n && !repeated && found != env; i++)
            repeated = out[i].env != env && sc_value_equal(&out[i].env->value, &found->value);
        if (repeated) continue;
        const sc_row **kept = sc_arena_array(m->e->arena, m->n_matched, sizeof *kept);
        if (!kept) return;
        bool doubtful = false;
        for (size_t i = 0; i < m->n_matched; i++) {
            kept[i] = m->matched[i];
            doubtful = doubtful || (m->trusted >= 0 && sc_has(kept[i], m->trusted) && !sc_get_int(kept[i], m->trusted));
        }
        out[(*n)++] = (sc_stack_match){.env = found, .frames = kept, .n_frames = m->n_matched, .doubtful = doubtful};
    }
}

struct sc_stack_index {
    const sc_row **frames; /* by stack, in the order of the paste within one */
    size_t *start;         /* of each stack's frames; start[n_stacks] is the end */
    size_t n_stacks;
};

const sc_stack_index *sc_stack_index_new(const sc_facts *f)
{
    stack_columns k = find_columns();
    sc_stack_index *x = sc_arena_get(f->arena, sizeof *x);
    if (!x || !k.frame) return x;
    size_t n = sc_facts_table((sc_facts *)f, k.frame)->n_rows, stacks = 0;
    for (const sc_row *r = sc_facts_first(f, k.stack); r; r = r->next)
        if (sc_has(r, k.stack_id) && (uint64_t)sc_get_int(r, k.stack_id) < SC_MAX_ROWS &&
            (size_t)sc_get_int(r, k.stack_id) >= stacks)
            stacks = (size_t)sc_get_int(r, k.stack_id) + 1;
    x->frames = sc_arena_array(f->arena, n, sizeof *x->frames);
    x->start = sc_arena_array(f->arena, stacks + 2, sizeof *x->start);
    if (!x->frames || !x->start) return NULL;
    /* counted, summed up, placed: stack numbers are small */
    for (const sc_row *r = sc_facts_first(f, k.frame); r; r = r->next)
        if (sc_has(r, k.frame_stack) && (uint64_t)sc_get_int(r, k.frame_stack) < stacks)
            x->start[sc_get_int(r, k.frame_stack) + 2]++;
    for (size_t i = 2; i < stacks + 2; i++) x->start[i] += x->start[i - 1];
    for (const sc_row *r = sc_facts_first(f, k.frame); r; r = r->next)
        if (sc_has(r, k.frame_stack) && (uint64_t)sc_get_int(r, k.frame_stack) < stacks)
            x->frames[x->start[sc_get_int(r, k.frame_stack) + 1]++] = r;
    x->n_stacks = stacks;
    return x;
}

/* The frames of one stack; none for a number out of range. */
static void use_stack(matcher *m, int64_t stack)
{
    const sc_stack_index *x = m->e->stacks;
    m->n_frames = 0;
    if (!x || (uint64_t)stack >= x->n_stacks) return;
    m->frames = x->frames + x->start[stack];
    m->n_frames = x->start[stack + 1] - x->start[stack];
    if (m->n_frames > SC_MAX_FRAMES) m->n_frames = SC_MAX_FRAMES;
}

/* The frames of crash_frame, all of them. */
static void use_crash_stack(matcher *m, const sc_table *t)
{
    size_t rows = sc_facts_table(m->e->facts, t)->n_rows;
    const sc_row **frames = sc_arena_array(m->e->arena, rows < SC_MAX_FRAMES ? rows : SC_MAX_FRAMES, sizeof *frames);
    if (!frames) return;
    m->frames = frames;
    for (const sc_row *r = sc_facts_first(m->e->facts, t); r && m->n_frames < SC_MAX_FRAMES; r = r->next)
        frames[m->n_frames++] = r;
}

static bool in_scope(const sc_clause *c, const stack_columns *k, const sc_row *stack, const sc_value *owner)
{
    if (k->stack_quote >= 0 && sc_has(stack, k->stack_quote) && sc_get_int(stack, k->stack_quote)) return false;
    int column = c->scope == SC_SCOPE_THREAD      ? k->stack_thread
                 : c->scope == SC_SCOPE_PROCESSOR ? k->stack_processor
                                                  : k->stack_id;
    if (c->scope == SC_SCOPE_ANY) return true;
    return owner && column >= 0 && sc_has(stack, column) && sc_get_int(stack, column) == owner->i;
}

static bool crash_stack_complete(const sc_facts *f, const sc_table *t)
{
    for (const sc_coverage *c = sc_facts_table((sc_facts *)f, t)->covered; c; c = c->next)
        if (c->all && c->complete) return true;
    return false;
}

sc_truth sc_stack_find(const sc_eval *e, const sc_clause *c, const sc_value *owner, const sc_binding *env,
                       sc_stack_match *out, size_t max, size_t *n, uint32_t *line)
{
    stack_columns k = find_columns();
    *n = 0;
    *line = 0;
    if (!k.stack || !k.frame || !k.crash_frame) return SC_UNKNOWN;
    matcher m = {.e = e, .clause = c, .steps = SC_MAX_STACK_STEPS};
    m.matched = sc_arena_array(e->arena, c->n_frames + 1, sizeof *m.matched);
    if (!m.matched) return SC_UNKNOWN;
    if (c->scope == SC_SCOPE_CRASH) {
        m.symbol = k.crash_symbol;
        m.module = k.crash_module;
        m.trusted = k.crash_trusted;
        const sc_row *first = sc_facts_first(e->facts, k.crash_frame);
        use_crash_stack(&m, k.crash_frame);
        find_in_stack(&m, env, out, max, n);
        if (*n) return SC_TRUE;
        *line = first ? first->line : 0;
        return first && m.steps && crash_stack_complete(e->facts, k.crash_frame) ? SC_FALSE : SC_UNKNOWN;
    }
    m.symbol = k.frame_symbol;
    m.module = k.frame_module;
    m.trusted = k.frame_trusted;
    bool whole = false;
    for (const sc_row *s = sc_facts_first(e->facts, k.stack); s && *n < max; s = s->next) {
        if (!in_scope(c, &k, s, owner) || !sc_has(s, k.stack_id)) continue;
        use_stack(&m, sc_get_int(s, k.stack_id));
        find_in_stack(&m, env, out, max, n);
        if (sc_has(s, k.stack_complete) && sc_get_int(s, k.stack_complete)) {
            whole = true;
            if (!*line) *line = s->line;
        }
    }
    if (*n) return SC_TRUE;
    /* "on no stack at all" needs every processor's and thread's stack, which no paste has */
    return whole && m.steps && c->scope != SC_SCOPE_ANY ? SC_FALSE : SC_UNKNOWN;
}
