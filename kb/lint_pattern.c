/* Lint of one pattern: does it compile, and can a hostile text make it run away?
 *
 * Two looks. One is at the structure (kb/pattern_loops.h), which finds what grows without bound and can say where. The
 * other is a trial: texts that nearly fit are matched under the engine's own limits, which also finds what is bounded
 * but far too large, such as (a{1,30}){1,30}b.
 */
#include "kb/lint.h"

#include "engine/base/scan.h"
#include "engine/pattern.h"
#include "kb/pattern_loops.h"

#include <string.h>

typedef struct subject {
    sc_walk *w;
    const sc_yaml *y; /* the value that the pattern stands in */
    const char *quote;
    sc_span text;
} subject;

/* The place of bytes [from, to) of the pattern, where it stands in the file as it is. */
static sc_place place_of(const subject *s, size_t from, size_t to, bool *exact)
{
    size_t start, end, at, q = strlen(s->quote);
    sc_span whole = sc_arena_printf(s->w->m->arena, "%s%.*s%s", s->quote, SC_F(s->text), s->quote);
    sc_yaml_bytes(s->w->file, s->y, &start, &end);
    at = sc_text_find(s->w->file->text, start, end, whole, false);
    *exact = at != SC_NPOS;
    return *exact ? sc_text_place(s->w->file->text, at + q + from, at + q + to) : s->y->place;
}

/* Notes a fault of bytes [from, to) of the pattern. */
static void wrong(const subject *s, size_t from, size_t to, const char *text)
{
    bool exact;
    sc_place at = place_of(s, from, to, &exact);
    if (exact)
        sc_wrong(s->w, at, "pattern: %s", text);
    else
        sc_wrong(s->w, at, "pattern, character %zu: %s", from + 1, text);
}

static sc_span source_of(const subject *s, const sc_re *re)
{
    return sc_span_sub(s->text, re->from, re->to);
}

/* ---- Structure --------------------------------------------------------------------------------------------------- */

/* What stands before the first character that is consumed. */
typedef struct lead {
    const sc_re *before; /* ^, \b or (?<!x); NULL: none */
    const sc_re *loop;   /* the loop that was found to be at fault */
    bool looks;          /* it stands in a lookaround */
} lead;

/* A loop at the very beginning is tried anew from each character of what it takes, unless it can only begin once. */
static bool begins_once(const sc_re *before, const sc_chars *takes)
{
    if (!before) return false;
    sc_chars in_words = sc_chars_both(takes, &sc_word_chars);
    switch (before->kind) {
    case SC_RE_START: return !sc_chars_meet(&before->set, takes);
    case SC_RE_WORD: return sc_chars_none(&in_words) || sc_chars_within(takes, &sc_word_chars);
    case SC_RE_NOT_BEHIND: return sc_chars_within(takes, &before->set);
    default: return false;
    }
}

static const sc_re *first_loop(const sc_re *re)
{
    if (sc_re_is_loop(re)) return re;
    const sc_re *found = NULL;
    for (const sc_re *c = re->child; c && !found; c = c->next) found = first_loop(c);
    return found;
}

/* `ends`: nothing that could fail stands behind this part. */
static void find_lead(const sc_re *re, lead *l, bool ends)
{
    sc_chars takes;
    switch (re->kind) {
    case SC_RE_START:
    case SC_RE_WORD:
    case SC_RE_NOT_BEHIND: l->before = re; break;
    case SC_RE_CAT:
        for (const sc_re *c = re->child; c && !l->loop; c = c->next) {
            bool last = ends;
            for (const sc_re *d = c->next; d; d = d->next) last = last && sc_re_nullable(d, true);
            find_lead(c, l, last);
            if (!sc_re_nullable(c, false)) return;
        }
        break;
    case SC_RE_ALT:
        for (const sc_re *c = re->child; c && !l->loop; c = c->next) {
            lead one = {.before = l->before};
            find_lead(c, &one, ends);
            l->loop = one.loop;
            l->looks = one.looks;
            if (!re->child->next) l->before = one.before;
        }
        break;
    case SC_RE_REPEAT:
        takes = sc_re_chars(re);
        if (sc_re_is_loop(re) && !ends && !begins_once(l->before, &takes))
            l->loop = re;
        else
            find_lead(re->child, l, ends);
        break;
    case SC_RE_ATOMIC: find_lead(re->child, l, ends); break;
    case SC_RE_TEST: /* a lookaround is tried at every character */
        if (!l->before || l->before->kind != SC_RE_START) l->loop = first_loop(re);
        l->looks = l->loop != NULL;
        break;
    default: break;
    }
}

static void check_lead(const subject *s, const sc_re *root)
{
    lead l = {0};
    find_lead(root, &l, true);
    if (!l.loop) return;
    sc_chars takes = sc_re_chars(l.loop);
    sc_arena *a = s->w->m->arena;
    sc_span source = source_of(s, l.loop), part = source_of(s, l.loop->child);
    const char *text, *guard = "^";
    if (sc_chars_within(&takes, &sc_word_chars))
        guard = "\\b or ^";
    else if (l.loop->child->kind == SC_RE_SET && l.loop->least)
        guard = sc_arena_printf(a, "(?<!%.*s) or ^", SC_F(part)).p;
    if (l.looks)
        text = sc_arena_printf(a, "\"%.*s\" in a lookaround is tried anew from every character: put ^ before it",
                               SC_F(source))
                   .p;
    else if (l.before && l.before->kind == SC_RE_START)
        text = sc_arena_printf(a,
                               "\"%.*s\" goes on over line ends, so it is tried anew on every line: take [ \\t] or "
                               "[^\\n]",
                               SC_F(source))
                   .p;
    else if (!l.loop->least && !l.before)
        text = sc_arena_printf(a, "a search needs no \"%.*s\" at the beginning, it only makes it slow: leave it out",
                               SC_F(source))
                   .p;
    else
        text = sc_arena_printf(a, "\"%.*s\" is tried anew from every character that it takes: put %s before it",
                               SC_F(source), guard)
                   .p;
    wrong(s, l.loop->from, l.loop->to, text);
}

static void check_loops(const subject *s, const sc_re *root, sc_loops l)
{
    sc_arena *a = s->w->m->arena;
    const char *inner = l.other ? sc_arena_printf(a, ", such as its \"%.*s\"", SC_F(source_of(s, l.other))).p : "";
    switch (l.kind) {
    case SC_LOOPS_FINE: return;
    case SC_LOOPS_TOO_MANY:
        wrong(s, root->from, root->to, "too many parts that repeat to say how long it may take; make it simpler");
        return;
    case SC_LOOPS_EXPONENTIAL:
        if (!l.loop) return;
        if (l.alternatives)
            wrong(
                s, l.loop->q_from, l.loop->q_to,
                "under this quantifier two alternatives take the same text: a text that nearly fits takes exponential "
                "time; let them begin with different characters");
        else
            wrong(s, l.loop->q_from, l.loop->q_to,
                  sc_arena_printf(a,
                                  "this quantifier repeats what can split the same text in several ways%s: a text that "
                                  "nearly fits takes exponential time; repeat once, or let each round end with a "
                                  "character of its own",
                                  inner)
                      .p);
        return;
    case SC_LOOPS_POLYNOMIAL:
        if (!l.loop || !l.other) return;
        wrong(s, l.loop->q_from, l.loop->q_to,
              sc_arena_printf(a,
                              "\"%.*s\" and %s\"%.*s\" can take the same text: one that nearly fits takes more than "
                              "linear time; end the first at a character that it cannot take, or put it into (?>...)",
                              SC_F(source_of(s, l.other)), l.loop == l.other ? "again " : "",
                              SC_F(source_of(s, l.loop)))
                  .p);
        return;
    }
}

/* ---- Trial ------------------------------------------------------------------------------------------------------- */

#define MAX_TRIALS 200u
#define MAX_PUMPS 4u

typedef struct trial {
    sc_pattern *pattern;
    unsigned counts[128]; /* how many parts of the pattern take a character */
    sc_buf prefix;        /* what leads to the part at hand */
    sc_buf rest;          /* a text that fits: without its characters the matcher would not even begin */
    sc_buf text;
    unsigned left;
    const sc_re *hit; /* the repeat at which the matcher gave up */
} trial;

static void count_chars(const sc_re *re, trial *t)
{
    for (unsigned c = 0; c < 128 && re->kind == SC_RE_SET; c++)
        t->counts[c] += sc_chars_have(&re->set, (unsigned char)c);
    for (const sc_re *c = re->child; c; c = c->next) count_chars(c, t);
}

/* Of the characters of a set the one that most other parts take too: it does the most harm. */
static void put_char(sc_buf *b, const sc_chars *set, const trial *t)
{
    unsigned best = 128;
    for (unsigned c = 1; c < 128; c++)
        if (sc_chars_have(set, (unsigned char)c) &&
            (best == 128 || t->counts[c] > t->counts[best] || (t->counts[c] == t->counts[best] && best <= ' ')))
            best = c;
    if (best < 128)
        sc_buf_char(b, (char)best);
    else
        sc_buf_z(b, "\xc3\xa9");
}

/* A short text that fits. */
static void put_word(sc_buf *b, const sc_re *re, const trial *t)
{
    switch (re->kind) {
    case SC_RE_SET: put_char(b, &re->set, t); break;
    case SC_RE_ALT: put_word(b, re->child, t); break;
    case SC_RE_REPEAT:
        for (uint32_t i = 0; i < re->least && b->n < 1000; i++) put_word(b, re->child, t);
        break;
    case SC_RE_CAT:
    case SC_RE_ATOMIC:
        for (const sc_re *c = re->child; c; c = c->next) put_word(b, c, t);
        break;
    default: break;
    }
}

/* `rounds`: more of them would reach the limit of depth, which says nothing about time. */
static void try_pump(trial *t, const sc_re *re, sc_span pump, size_t rounds)
{
    static const size_t lengths[] = {24, 48, 600};
    static const char *const ends[] = {"\x01", "\n"}; /* which hardly any pattern takes */
    for (size_t i = 0; i < 6 && t->left && !t->hit && pump.n; i++) {
        sc_buf_clear(&t->text);
        sc_buf_span(&t->text, sc_buf_view(&t->prefix));
        for (size_t n = 0; n < rounds && n * pump.n < lengths[i / 2]; n++) sc_buf_span(&t->text, pump);
        sc_buf_z(&t->text, ends[i % 2]);
        sc_buf_span(&t->text, sc_buf_view(&t->rest));
        t->left--;
        if (sc_pattern_find(t->pattern, sc_buf_view(&t->text), NULL, NULL) < 0) t->hit = re;
    }
}

static size_t rounds_of(const sc_re *repeat)
{
    return repeat->child->kind == SC_RE_SET ? 600 : 100;
}

/* Every set below is one pump: its character again and again. */
static void try_sets(trial *t, const sc_re *repeat, const sc_re *re, unsigned *left)
{
    sc_buf pump = {0};
    if (re->kind == SC_RE_SET && *left) {
        (*left)--;
        put_char(&pump, &re->set, t);
        try_pump(t, repeat, sc_buf_view(&pump), rounds_of(repeat));
    }
    sc_buf_free(&pump);
    for (const sc_re *c = re->child; c && *left && !t->hit; c = c->next) try_sets(t, repeat, c, left);
}

/* What stands between this repeat and the last one behind it is a pump too: foo and bar in .{9}foo.{9}bar.{9}x */
static void try_between(trial *t, const sc_re *re)
{
    sc_buf pump = {0};
    const sc_re *last = NULL;
    for (const sc_re *c = re->next; c; c = c->next)
        if (c->kind == SC_RE_REPEAT) last = c;
    for (const sc_re *c = re->next; last && c != last; c = c->next) put_word(&pump, c, t);
    try_pump(t, re, sc_buf_view(&pump), rounds_of(re));
    sc_buf_free(&pump);
}

static void try_repeat(trial *t, const sc_re *re)
{
    unsigned pumps = MAX_PUMPS;
    sc_buf round = {0};
    put_word(&round, re->child, t);
    try_pump(t, re, sc_buf_view(&round), rounds_of(re));
    sc_buf_free(&round);
    try_sets(t, re, re->child, &pumps);
    try_between(t, re);
}

static void try_parts(trial *t, const sc_re *re)
{
    size_t led = t->prefix.n;
    if (re->kind == SC_RE_REPEAT && re->most > 1) try_repeat(t, re);
    for (const sc_re *c = re->child; c && !t->hit && t->left && re->kind != SC_RE_TEST; c = c->next) {
        try_parts(t, c);
        if (re->kind == SC_RE_CAT) put_word(&t->prefix, c, t);
    }
    if (t->prefix.p) { /* back to where it was */
        t->prefix.n = led;
        t->prefix.p[led] = '\0';
    }
}

static void check_trial(const subject *s, const sc_re *root, bool multiline)
{
    trial t = {.left = MAX_TRIALS};
    sc_error error;
    if (sc_pattern_new(&t.pattern, s->text, multiline, &error)) return; /* was told before */
    count_chars(root, &t);
    put_word(&t.rest, root, &t);
    try_parts(&t, root);
    sc_pattern_free(t.pattern);
    if (t.hit) {
        sc_buf shown = {0};
        for (size_t i = 0; i < t.text.n && i < 24; i++)
            sc_buf_char(&shown, t.text.p[i] < ' ' || t.text.p[i] > '~' ? '.' : t.text.p[i]);
        wrong(s, t.hit->q_from, t.hit->q_to,
              sc_arena_printf(s->w->m->arena,
                              "the matcher gives up on a text of only %zu characters (%.*s...): too many "
                              "ways to split it; make it simpler",
                              t.text.n, SC_F(sc_buf_view(&shown)))
                  .p);
        sc_buf_free(&shown);
    }
    sc_buf_free(&t.prefix);
    sc_buf_free(&t.rest);
    sc_buf_free(&t.text);
}

/* ---- The pattern ------------------------------------------------------------------------------------------------- */

bool sc_lint_compile(sc_walk *w, const sc_yaml *y, sc_span pattern, const char *quote, sc_buf *groups)
{
    subject s = {w, y, quote, pattern};
    sc_error error = {0};
    if (!sc_check_pattern(sc_arena_z(w->m->arena, pattern), groups, &error)) return true;
    sc_span before, rest = sc_span_z(error.text), number, text;
    uint64_t at;
    bool placed = sc_cut(rest, "character ", &before, &rest) && sc_cut(rest, ": ", &number, &text) &&
                  sc_span_dec(number, &at) && at >= 1;
    if (placed)
        wrong(&s, (size_t)at - 1, (size_t)at, sc_arena_z(w->m->arena, text));
    else
        sc_wrong(w, y->place, "%s", error.text);
    return false;
}

void sc_lint_pattern(sc_walk *w, const sc_yaml *y, sc_span pattern, bool multiline, const char *quote)
{
    subject s = {w, y, quote, pattern};
    sc_re_refusal refused;
    const sc_re *root = sc_re_read(w->m->arena, pattern, multiline, &refused);
    if (refused.what) {
        wrong(&s, refused.from, refused.to,
              sc_arena_printf(w->m->arena, "%s makes it impossible to say how long it may take; leave it out",
                              refused.what)
                  .p);
        return;
    }
    if (!root) return; /* no memory, which the reader of the sources will tell */
    size_t before = w->m->errors;
    if (sc_re_nullable(root, true)) wrong(&s, root->from, root->to, "it fits the empty text, so it always holds");
    sc_loops l = sc_re_loops(root);
    if (l.kind != SC_LOOPS_EXPONENTIAL) check_lead(&s, root); /* the worst first; one fault at a time is enough */
    if (w->m->errors == before) check_loops(&s, root, l);
    if (w->m->errors == before) check_trial(&s, root, multiline);
}
