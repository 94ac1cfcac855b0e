#include "kb/pattern_loops.h"

#define MAX_STATES 1500u   /* a pattern has at most 1024 bytes */
#define MAX_STEPS 30000u   /* from one state to another */
#define MAX_WORK 20000000u /* pairs and triples of steps that are looked at */
#define MAX_COPIES 3u      /* of what is repeated a fixed number of times: more would not overlap otherwise */
#define ENDLESS 256u       /* so many times are as good as any number */

typedef struct state {
    sc_chars set;
    const sc_re *leaf;
    bool final;  /* a match may end here whatever follows */
    bool greedy; /* a possessive loop: whatever follows begins with another character */
    uint32_t first_step, n_steps;
} state;

typedef struct step {
    uint32_t from, to;
    sc_chars set;      /* over which characters */
    const sc_re *loop; /* the repeat that goes round; NULL: to what stands behind */
} step;

typedef struct automaton {
    sc_arena *arena;
    state *states;
    uint32_t n;
    sc_list steps; /* later sorted by `from` */
    uint64_t *reach;
    size_t words; /* of a row of `reach` */
    unsigned copies;
    uint32_t work;
    bool too_many;
} automaton;

/* A state at which a part may begin or end. */
typedef struct border {
    uint32_t state;
    unsigned ways; /* to pass by what stands between it and the part's border: 1, or 2 for more */
    bool tested;   /* an assertion has to hold there */
} border;

/* A part of the pattern: where it may begin and end, and whether it may be passed by. */
typedef struct part {
    sc_list first, last; /* border */
    unsigned empty;      /* ways to match the empty text: 0, 1, or 2 for more; (b*)? has two */
    bool sure;           /* without an assertion */
} part;

bool sc_re_is_loop(const sc_re *re)
{
    return re->kind == SC_RE_REPEAT && re->most >= ENDLESS;
}

/* ---- Building ---------------------------------------------------------------------------------------------------- */

static unsigned at_most_two(unsigned ways)
{
    return ways < 2 ? ways : 2;
}

static void add_step(automaton *m, step s)
{
    if (sc_chars_none(&s.set)) return;
    step *slot = m->steps.n < MAX_STEPS ? sc_list_add(m->arena, &m->steps, sizeof *slot) : NULL;
    if (slot)
        *slot = s;
    else
        m->too_many = true;
}

/* From where a part ends to where one begins; twice when there are several ways. */
static void add_steps(automaton *m, const part *from, const part *to, const sc_re *loop)
{
    const border *last = from->last.items, *first = to->first.items;
    for (size_t i = 0; i < from->last.n; i++)
        for (size_t k = 0; k < to->first.n && !m->too_many; k++) {
            const state *x = &m->states[last[i].state], *y = &m->states[first[k].state];
            step s = {last[i].state, first[k].state, y->set, loop};
            if (x->greedy) s.set = sc_chars_less(&y->set, &x->set);
            for (unsigned ways = at_most_two(last[i].ways * first[k].ways); ways; ways--) add_step(m, s);
        }
}

/* Adds the borders of a part, behind or before another one that is passed by in so many ways. */
static void add_borders(automaton *m, sc_list *to, const sc_list *from, unsigned ways, bool tested)
{
    for (size_t i = 0; ways && i < from->n; i++) {
        border b = ((const border *)from->items)[i], *slot = sc_list_add(m->arena, to, sizeof *slot);
        if (slot) *slot = (border){b.state, at_most_two(b.ways * ways), b.tested || tested};
    }
}

static part one_state(automaton *m, const sc_re *leaf, sc_chars set)
{
    part p = {0};
    border *first = m->n < MAX_STATES ? sc_list_add(m->arena, &p.first, sizeof *first) : NULL;
    border *last = first ? sc_list_add(m->arena, &p.last, sizeof *last) : NULL;
    if (!last) {
        m->too_many = true;
        return p;
    }
    m->states[m->n] = (state){.set = set, .leaf = leaf};
    *first = *last = (border){m->n++, 1, false};
    return p;
}

static part join(automaton *m, const part *a, const part *b)
{
    part p = {.empty = at_most_two(a->empty * b->empty), .sure = a->sure && b->sure};
    add_steps(m, a, b, NULL);
    add_borders(m, &p.first, &a->first, 1, false);
    add_borders(m, &p.first, &b->first, a->empty, false);
    add_borders(m, &p.last, &b->last, 1, false);
    add_borders(m, &p.last, &a->last, b->empty, !b->sure);
    return p;
}

/* What a group of one part holds. */
static const sc_re *unwrap(const sc_re *re)
{
    while ((re->kind == SC_RE_ALT || re->kind == SC_RE_CAT) && re->child && !re->child->next) re = re->child;
    return re;
}

/* Its choices are not reconsidered: one state, also where it takes several characters. */
static part build_atomic(automaton *m, const sc_re *re)
{
    const sc_re *inside = unwrap(re->child);
    sc_chars set = sc_re_chars(re);
    part p = {.empty = sc_re_nullable(re, false), .sure = sc_re_nullable(re, true)};
    if (sc_chars_none(&set)) return p;
    part one = one_state(m, re, set);
    if (!m->too_many && sc_re_is_loop(inside) && unwrap(inside->child)->kind == SC_RE_SET) {
        uint32_t own = m->n - 1;
        add_step(m, (step){own, own, set, inside});
        m->states[own].greedy = true;
    }
    one.empty = p.empty;
    one.sure = p.sure;
    return one;
}

static part build(automaton *m, const sc_re *re);

/* x{2,4} is xx(x(x)?)?: so written, no text can be counted in two ways. */
static part build_repeat(automaton *m, const sc_re *re)
{
    part p = {.empty = 1, .sure = true}, rest = p;
    bool loops = sc_re_is_loop(re);
    uint32_t fixed = re->least < m->copies ? re->least : m->copies, open = re->most - re->least;
    if (loops && !fixed) fixed = 1;
    if (open > m->copies) open = m->copies;
    for (uint32_t i = 0; i < fixed && !m->too_many; i++) {
        part one = build(m, re->child);
        if (loops && i + 1 == fixed) {
            add_steps(m, &one, &one, re);
            if (!re->least) one.empty = at_most_two(one.empty + 1), one.sure = true;
        }
        p = i ? join(m, &p, &one) : one;
    }
    for (uint32_t i = 0; i < open && !loops && !m->too_many; i++) {
        part one = build(m, re->child);
        rest = i ? join(m, &one, &rest) : one;
        rest.empty = at_most_two(rest.empty + 1);
        rest.sure = true;
    }
    return fixed ? join(m, &p, &rest) : rest;
}

static part build(automaton *m, const sc_re *re)
{
    part p = {0};
    switch (re->kind) {
    case SC_RE_SET: return one_state(m, re, re->set);
    case SC_RE_CAT:
        p.empty = 1;
        p.sure = true;
        for (const sc_re *c = re->child; c && !m->too_many; c = c->next) {
            part one = build(m, c);
            p = c == re->child ? one : join(m, &p, &one);
        }
        return p;
    case SC_RE_ALT:
        for (const sc_re *c = re->child; c && !m->too_many; c = c->next) {
            part one = build(m, c);
            add_borders(m, &p.first, &one.first, 1, false);
            add_borders(m, &p.last, &one.last, 1, false);
            p.empty = at_most_two(p.empty + one.empty);
            p.sure = p.sure || one.sure;
        }
        return p;
    case SC_RE_REPEAT: return build_repeat(m, re);
    case SC_RE_ATOMIC: return build_atomic(m, re);
    default: return (part){.empty = 1};
    }
}

/* Steps in the order of the states they leave, found by counting. */
static void sort_steps(automaton *m)
{
    step *sorted = sc_arena_array(m->arena, m->steps.n, sizeof *sorted);
    const step *all = m->steps.items;
    uint32_t at = 0;
    if (!sorted) {
        m->too_many = true;
        return;
    }
    for (size_t i = 0; i < m->steps.n; i++) m->states[all[i].from].n_steps++;
    for (uint32_t s = 0; s < m->n; s++) {
        m->states[s].first_step = at;
        at += m->states[s].n_steps;
        m->states[s].n_steps = 0;
    }
    for (size_t i = 0; i < m->steps.n; i++) {
        state *s = &m->states[all[i].from];
        sorted[s->first_step + s->n_steps++] = all[i];
    }
    m->steps.items = sorted;
}

static const step *steps_of(const automaton *m, uint32_t s)
{
    return (const step *)m->steps.items + m->states[s].first_step;
}

/* ---- Reaching ---------------------------------------------------------------------------------------------------- */

static bool bit(const uint64_t *bits, size_t i)
{
    return bits[i / 64] >> i % 64 & 1;
}

/* Sets a bit; false when it was set. */
static bool mark(uint64_t *bits, size_t i)
{
    bool fresh = !bit(bits, i);
    bits[i / 64] |= (uint64_t)1 << i % 64;
    return fresh;
}

static bool reaches(const automaton *m, uint32_t from, uint32_t to)
{
    return bit(m->reach + from * m->words, to);
}

static bool same_loop(const automaton *m, uint32_t a, uint32_t b)
{
    return reaches(m, a, b) && reaches(m, b, a);
}

static bool spend(automaton *m)
{
    if (++m->work > MAX_WORK) m->too_many = true;
    return !m->too_many;
}

/* reach[s]: the states that one step or more lead to. */
static void find_reach(automaton *m)
{
    m->words = (m->n + 63u) / 64;
    m->reach = sc_arena_array(m->arena, m->n * m->words + 1, sizeof *m->reach);
    uint32_t *todo = sc_arena_array(m->arena, m->n + 1u, sizeof *todo);
    if (!m->reach || !todo) {
        m->too_many = true;
        return;
    }
    for (uint32_t s = 0; s < m->n; s++) {
        uint64_t *row = m->reach + s * m->words;
        uint32_t n = 0;
        todo[n++] = s;
        while (n) {
            uint32_t at = todo[--n];
            for (uint32_t i = 0; i < m->states[at].n_steps && spend(m); i++) {
                uint32_t to = steps_of(m, at)[i].to;
                if (mark(row, to) && to != s) todo[n++] = to;
            }
        }
    }
}

/* ---- Exponential ------------------------------------------------------------------------------------------------- */

/* The innermost loop around bytes [from, to); NULL. */
static const sc_re *loop_around(const sc_re *re, size_t from, size_t to)
{
    const sc_re *found = NULL;
    while (re) {
        if (re->from > from || re->to < to) {
            re = re->next;
            continue;
        }
        if (sc_re_is_loop(re) && re->q_from >= to) found = re;
        re = re->child;
    }
    return found;
}

/* Do two leaves stand in different alternatives of what they have in common? */
static bool in_alternatives(const sc_re *re, const sc_re *a, const sc_re *b)
{
    bool alternatives = false;
    while (re) {
        bool has_a = re->from <= a->from && a->to <= re->to, has_b = re->from <= b->from && b->to <= re->to;
        if (has_a != has_b) return alternatives;
        if (has_a) {
            alternatives = re->kind == SC_RE_ALT;
            re = re->child;
        } else {
            re = re->next;
        }
    }
    return false;
}

static size_t width(const sc_re *re)
{
    return re->to - re->from;
}

static sc_loops blame(const sc_re *root, const sc_re *s, const sc_re *a, const sc_re *b)
{
    size_t from = a->from < b->from ? a->from : b->from, to = a->to > b->to ? a->to : b->to;
    sc_loops l = {.kind = SC_LOOPS_EXPONENTIAL, .alternatives = in_alternatives(root, a, b)};
    if (s->from < from) from = s->from;
    if (s->to > to) to = s->to;
    l.loop = loop_around(root, from, to);
    const sc_re *leaves[] = {a, b, s};
    for (size_t i = 0; i < 3 && !l.other && !l.alternatives; i++) {
        const sc_re *inner = loop_around(root, leaves[i]->from, leaves[i]->to);
        if (inner != l.loop) l.other = inner;
    }
    return l;
}

/* The same step in two ways: by two loops, (a+)+, or past something that is empty in two ways, (a(b*)?)+. */
static bool find_double_step(automaton *m, const sc_re *root, sc_loops *out)
{
    for (uint32_t s = 0; s < m->n; s++)
        for (uint32_t i = 0; i < m->states[s].n_steps; i++)
            for (uint32_t k = 0; k < i && spend(m); k++) {
                const step *a = steps_of(m, s) + i, *b = steps_of(m, s) + k;
                if (a->to != b->to || !reaches(m, a->to, s)) continue;
                const sc_re *x = a->loop, *y = b->loop;
                *out = (sc_loops){.kind = SC_LOOPS_EXPONENTIAL};
                if (x && y && x != y) {
                    bool bigger = width(x) > width(y);
                    out->loop = bigger ? x : y;
                    out->other = bigger ? y : x;
                } else if (x || y) {
                    out->loop = x ? x : y;
                } else {
                    *out = blame(root, m->states[s].leaf, m->states[a->to].leaf, m->states[s].leaf);
                    out->alternatives = false;
                }
                return true;
            }
    return false;
}

/* Two walkers leave a state together by different steps over the same text and meet again, all within one loop. */
static bool find_parting(automaton *m, const sc_re *root, sc_loops *out)
{
    typedef struct pair {
        uint32_t a, b, origin; /* origin: the pair with which they parted */
    } pair;
    size_t n = m->n;
    uint64_t *seen = sc_arena_array(m->arena, n * n / 64 + 1, sizeof *seen);
    sc_list found = {0};
    for (uint32_t s = 0; s < m->n && seen; s++)
        for (uint32_t i = 0; i < m->states[s].n_steps; i++)
            for (uint32_t k = 0; k < i && spend(m); k++) {
                const step *x = steps_of(m, s) + i, *y = steps_of(m, s) + k;
                uint32_t a = x->to, b = y->to;
                if (a == b || !same_loop(m, s, a) || !same_loop(m, s, b)) continue;
                if (!sc_chars_meet(&x->set, &y->set) || !mark(seen, a * n + b)) continue;
                pair *p = sc_list_add(m->arena, &found, sizeof *p);
                if (p) *p = (pair){a, b, (uint32_t)found.n - 1};
            }
    if (!seen) m->too_many = true;
    for (size_t at = 0; at < found.n && !m->too_many; at++) {
        pair now = ((const pair *)found.items)[at];
        for (uint32_t i = 0; i < m->states[now.a].n_steps; i++)
            for (uint32_t k = 0; k < m->states[now.b].n_steps && spend(m); k++) {
                const step *x = steps_of(m, now.a) + i, *y = steps_of(m, now.b) + k;
                uint32_t a = x->to, b = y->to;
                if (!same_loop(m, now.a, a) || !same_loop(m, now.b, b)) continue;
                if (!sc_chars_meet(&x->set, &y->set)) continue;
                if (a == b) {
                    pair first = ((const pair *)found.items)[now.origin];
                    *out = blame(root, m->states[a].leaf, m->states[first.a].leaf, m->states[first.b].leaf);
                    return true;
                }
                if (!mark(seen, a * n + b)) continue;
                pair *p = sc_list_add(m->arena, &found, sizeof *p);
                if (p) *p = (pair){a, b, now.origin};
            }
    }
    return false;
}

/* ---- Polynomial -------------------------------------------------------------------------------------------------- */

static bool usable(const automaton *m, uint32_t s)
{
    return !m->states[s].final; /* once here the match is made, and nothing is tried again */
}

/* Is there a text on which one walker goes round from q to q, one goes from q to p, and one round from p to p? */
static bool pumps(automaton *m, uint32_t q, uint32_t p)
{
    typedef struct triple {
        uint32_t x, y, z;
    } triple;
    size_t n = m->n, n_q = 0, n_p = 0;
    uint32_t *row = sc_arena_array(m->arena, n, sizeof *row); /* of each state among those of its loop */
    for (uint32_t s = 0; row && s < m->n; s++)
        row[s] = (uint32_t)(same_loop(m, q, s) ? n_q++ : same_loop(m, p, s) ? n_p++ : 0);
    uint64_t *seen = n_q * n_p * n < MAX_WORK ? sc_arena_array(m->arena, n_q * n_p * n / 64 + 1, sizeof *seen) : NULL;
    sc_list todo = {0};
    triple *t = seen ? sc_list_add(m->arena, &todo, sizeof *t) : NULL;
    if (!t) {
        m->too_many = true;
        return false;
    }
    *t = (triple){q, q, p};
    while (todo.n) {
        triple now = ((const triple *)todo.items)[--todo.n];
        for (uint32_t i = 0; i < m->states[now.x].n_steps; i++) {
            const step *step_x = steps_of(m, now.x) + i;
            uint32_t x = step_x->to;
            if (!usable(m, x) || !same_loop(m, q, x)) continue;
            for (uint32_t j = 0; j < m->states[now.y].n_steps; j++) {
                const step *step_y = steps_of(m, now.y) + j;
                uint32_t y = step_y->to;
                sc_chars both = sc_chars_both(&step_x->set, &step_y->set);
                if (!usable(m, y) || sc_chars_none(&both) || !(y == p || reaches(m, y, p))) continue;
                for (uint32_t k = 0; k < m->states[now.z].n_steps && spend(m); k++) {
                    const step *step_z = steps_of(m, now.z) + k;
                    uint32_t z = step_z->to;
                    if (!usable(m, z) || !same_loop(m, p, z) || !sc_chars_meet(&both, &step_z->set)) continue;
                    if (x == q && y == p && z == p) return true;
                    if (!mark(seen, (row[x] * n_p + row[z]) * n + y)) continue;
                    if (!(t = sc_list_add(m->arena, &todo, sizeof *t))) return false;
                    *t = (triple){x, y, z};
                }
            }
        }
    }
    return false;
}

static const sc_re *loop_of(const automaton *m, const sc_re *root, uint32_t s)
{
    const sc_re *leaf = m->states[s].leaf;
    return m->states[s].greedy ? unwrap(leaf->child) : loop_around(root, leaf->from, leaf->to);
}

static bool find_pumps(automaton *m, const sc_re *root, sc_loops *out)
{
    for (uint32_t q = 0; q < m->n; q++) {
        if (!usable(m, q) || !reaches(m, q, q)) continue;
        for (uint32_t p = 0; p < m->n && !m->too_many; p++) {
            if (!usable(m, p) || !reaches(m, q, p) || !reaches(m, p, p) || reaches(m, p, q)) continue;
            if (!pumps(m, q, p)) continue;
            *out = (sc_loops){SC_LOOPS_POLYNOMIAL, loop_of(m, root, p), loop_of(m, root, q), false};
            return true;
        }
    }
    return false;
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

static void set_final(automaton *m, const part *p)
{
    const border *last = p->last.items;
    for (size_t i = 0; i < p->last.n; i++)
        if (!last[i].tested) m->states[last[i].state].final = true;
}

static sc_loops judge(automaton *m, const sc_re *root)
{
    sc_loops l = {.kind = SC_LOOPS_FINE};
    m->states = sc_arena_array(m->arena, MAX_STATES, sizeof *m->states);
    if (!m->states) return (sc_loops){.kind = SC_LOOPS_TOO_MANY};
    part whole = build(m, root);
    if (!m->too_many) set_final(m, &whole);
    if (!m->too_many) sort_steps(m);
    if (!m->too_many) find_reach(m);
    bool found = !m->too_many && (find_double_step(m, root, &l) || find_parting(m, root, &l));
    if (!found && !m->too_many && !whole.sure) find_pumps(m, root, &l);
    return m->too_many || sc_arena_failed(m->arena) ? (sc_loops){.kind = SC_LOOPS_TOO_MANY} : l;
}

static sc_loops loops_of(const sc_re *root)
{
    sc_loops l = {.kind = SC_LOOPS_TOO_MANY};
    /* counted repeats in one another may be too much; once each is then better than no answer */
    for (unsigned copies = MAX_COPIES; copies && l.kind == SC_LOOPS_TOO_MANY; copies = copies > 1 ? 1 : 0) {
        automaton m = {.arena = sc_arena_new(0), .copies = copies};
        if (m.arena) l = judge(&m, root);
        sc_arena_free(m.arena);
    }
    return l;
}

/* Atomic groups and lookarounds are patterns of their own. */
static sc_loops loops_inside(const sc_re *re)
{
    sc_loops l = {.kind = SC_LOOPS_FINE};
    for (const sc_re *c = re->child; c && !l.kind; c = c->next) {
        if (re->kind == SC_RE_ATOMIC || re->kind == SC_RE_TEST) l = loops_of(c);
        if (!l.kind) l = loops_inside(c);
    }
    return l;
}

sc_loops sc_re_loops(const sc_re *root)
{
    sc_loops l = loops_of(root);
    return l.kind ? l : loops_inside(root);
}
