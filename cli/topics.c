#include "cli/topics.h"

#include "engine/base/scan.h"

#include <string.h>

enum { MOST_BYTES = 200 };

typedef struct search {
    sc_arena *arena;
    const sc_knowledge *k;
    sc_list list;
    sc_nearest *near;
    const char *wanted; /* of a callback */
} search;

static topic *add(search *s, topic_kind kind, const void *item)
{
    const topic *have = s->list.items;
    for (size_t i = 0; i < s->list.n; i++)
        if (have[i].kind == kind && have[i].item == item) return NULL;
    topic *t = sc_list_add(s->arena, &s->list, sizeof *t);
    if (t) *t = (topic){.kind = kind, .item = item};
    return t;
}

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

/* 0x9F, 9F, 9Fh. */
static bool read_hex(sc_span word, uint64_t *v)
{
    if (word.n > 1 && sc_lower(word.p[word.n - 1]) == 'h') word.n--;
    return sc_span_hex(word, v);
}

/* "driver power-state failure" as names are written: DRIVER_POWER_STATE_FAILURE. */
static sc_span as_symbol(sc_arena *a, sc_span text)
{
    char *p = sc_arena_get(a, text.n + 1);
    if (!p) return text;
    for (size_t i = 0; i < text.n; i++)
        p[i] = text.p[i] == ' ' || text.p[i] == '-' ? '_'
               : sc_is_alpha(text.p[i])             ? (char)(text.p[i] & ~0x20)
                                                    : text.p[i];
    p[text.n] = '\0';
    return (sc_span){p, text.n};
}

static void add_bugcheck(search *s, const sc_ref_bugcheck *b, sc_span rest)
{
    topic *t = b ? add(s, TOPIC_BUGCHECK, b) : NULL;
    if (!t) return;
    rest = sc_trim(rest);
    t->has_value = rest.n && read_hex(rest, &t->value);
}

/* Words that people put in front of the number. */
static sc_span without_preface(sc_span text)
{
    static const char *const words[] = {"stop", "stopcode", "code", "bugcheck", "bug", "check", "error", "bccode"};
    for (bool again = true; again;) {
        sc_scan c = sc_scan_of(text);
        sc_span word;
        again = false;
        if (!sc_word(&c, &word)) return text;
        if (word.n > 1 && word.p[word.n - 1] == ':') word.n--;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (sc_ieq_z(word, words[i]) && sc_trim(sc_rest(&c)).n) {
                text = sc_trim(sc_rest(&c));
                again = true;
                break;
            }
    }
    return text;
}

/* Event 41 and some programs print decimal numbers, so "159" is read both ways; 0x and a letter make it plain. */
static void find_number(search *s, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    sc_span word;
    uint64_t v;
    bool minus = sc_lit(&c, "-");
    if (!sc_word(&c, &word)) return;
    sc_span rest = sc_rest(&c);
    bool hex = !minus && read_hex(word, &v);
    if (hex && v <= UINT32_MAX) add_bugcheck(s, sc_find_bugcheck(s->k, (uint32_t)v), rest);
    if (!minus && sc_span_dec(word, &v) && v <= UINT32_MAX) add_bugcheck(s, sc_find_bugcheck(s->k, (uint32_t)v), rest);
    const sc_ref_number *status = NULL;
    if (hex && read_hex(word, &v) && word.n >= 8 && (v <= UINT32_MAX || v >> 32 == UINT32_MAX))
        status = sc_find_ntstatus(s->k, (uint32_t)v);
    if (!status && sc_span_dec(word, &v) && v >= (minus ? 1u : 0x40000000u) &&
        v <= UINT32_MAX) /* -1073741819, 3221225477 */
        status = sc_find_ntstatus(s->k, minus ? (uint32_t)-v : (uint32_t)v);
    if (status) add(s, TOPIC_STATUS, status);
}

/* ---- Names ------------------------------------------------------------------------------------------------------- */

static void find_named(search *s, sc_span text)
{
    sc_span symbol = as_symbol(s->arena, text);
    add_bugcheck(s, sc_find_bugcheck_name(s->k, symbol), SC_S(""));
    for (size_t i = 0; i < s->k->n_bugchecks; i++) sc_nearest_try(s->near, s->k->bugchecks[i].name);
    for (size_t i = 0; i < s->k->n_ntstatus; i++) {
        const sc_ref_number *n = &s->k->ntstatus[i];
        sc_span name = sc_span_z(n->name);
        if (sc_eq(symbol, name) || (sc_starts(name, "STATUS_") && sc_eq(symbol, sc_span_from(name, 7))))
            add(s, TOPIC_STATUS, n);
        sc_nearest_try(s->near, n->name);
    }
}

static void find_rules(search *s, sc_span text)
{
    for (size_t i = 0; i < s->k->n_rules; i++) {
        const sc_rule *r = &s->k->rules[i];
        const char *slash = strchr(r->id, '/');
        if (sc_ieq_z(text, r->id) || (slash && sc_ieq_z(text, slash + 1))) add(s, TOPIC_RULE, r);
        sc_nearest_try(s->near, r->id);
        if (slash) sc_nearest_try(s->near, slash + 1);
    }
}

static int try_command(void *context, const sc_command_info *c)
{
    search *s = context;
    if (c->name[0] != '(') sc_nearest_try(s->near, sc_arena_z(s->arena, sc_span_z(c->name)));
    return 0;
}

static int try_table(void *context, const char *name, const char *key, const char *doc, const char *commands,
                     const sc_column_info *columns, size_t n)
{
    search *s = context;
    (void)key, (void)doc, (void)commands, (void)columns, (void)n;
    if (!strcmp(name, s->wanted)) add(s, TOPIC_TABLE, name);
    sc_nearest_try(s->near, name);
    return 0;
}

static void find_commands(search *s, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    sc_span word;
    if (!sc_word(&c, &word)) return;
    const char *name = sc_command_name(word);
    sc_span bang = sc_arena_printf(s->arena, "!%.*s", SC_F(word));
    if (!name) name = sc_command_name(bang);
    if (name && name[0] != '(') add(s, TOPIC_COMMAND, name);
    sc_command_list(try_command, s);
    s->wanted = sc_arena_z(s->arena, text);
    sc_tables(try_table, s);
}

static void find_module(search *s, sc_span text)
{
    const sc_ref_module *m = sc_find_module(s->k, text);
    if (m) add(s, TOPIC_MODULE, m);
    for (size_t i = 0; i < s->k->n_modules; i++) sc_nearest_try(s->near, s->k->modules[i].name);
}

static void add_term(search *s, sc_term_kind kind, const sc_ref_term *term, sc_span subject)
{
    topic *t = term ? add(s, TOPIC_TERM, term) : NULL;
    if (!t) return;
    t->term = kind;
    t->subject = subject;
}

/* nt!KeBugCheckEx, or without its module: then the longest beginning that fits, in any module. */
static void find_function(search *s, sc_span text)
{
    sc_span name = sc_span_sub(text, 0, sc_find_char(text, '+') == SC_NPOS ? text.n : sc_find_char(text, '+'));
    if (sc_find_char(name, ' ') != SC_NPOS || !name.n) return;
    if (sc_find_char(name, '!') != SC_NPOS && sc_find_char(name, '!') > 0) {
        add_term(s, SC_TERM_FUNCTION, sc_find_symbol(s->k, SC_TERM_FUNCTION, name), name);
        return;
    }
    const sc_ref_term *best = NULL;
    size_t length = 0;
    for (size_t i = 0; i < s->k->n_terms[SC_TERM_FUNCTION]; i++) {
        const sc_ref_term *t = &s->k->terms[SC_TERM_FUNCTION][i];
        const char *mark = strchr(t->term, '!');
        if (!mark) continue;
        sc_span function = sc_span_z(mark + 1);
        if (sc_ieq(function, name)) {
            add_term(s, SC_TERM_FUNCTION, t, sc_span_z(t->term));
            length = SIZE_MAX;
        } else if (length != SIZE_MAX && sc_ends(function, "*") && function.n > 3 && function.n > length &&
                   name.n >= function.n &&
                   sc_eq(sc_span_sub(function, 0, function.n - 1), sc_span_sub(name, 0, function.n - 1))) {
            best = t;
            length = function.n;
        }
        if (!sc_ends(function, "*")) sc_nearest_try(s->near, mark + 1);
    }
    if (length != SIZE_MAX) add_term(s, SC_TERM_FUNCTION, best, name);
}

/* Labels, pool tags and whatever else has a name or is its own name. */
static void find_terms(search *s, sc_span text)
{
    for (int kind = 0; kind < SC_N_TERM_KINDS; kind++) {
        if (kind == SC_TERM_FUNCTION || kind == SC_TERM_PARAMETER || kind == SC_TERM_SIGNATURE_SKIP) continue;
        for (size_t i = 0; i < s->k->n_terms[kind]; i++) {
            const sc_ref_term *t = &s->k->terms[kind][i];
            bool exact = kind == SC_TERM_POOL_TAG;
            bool is = exact ? sc_eq_z(text, t->term)
                            : sc_ieq_z(text, t->term) && !sc_term_is_number((sc_term_kind)kind);
            if (kind != SC_TERM_FIELD && kind != SC_TERM_POOL_TAG && *t->name) {
                is = is || sc_ieq_z(text, t->name);
                sc_nearest_try(s->near, t->name);
            }
            if (kind == SC_TERM_FIELD) sc_nearest_try(s->near, t->term);
            if (is) add_term(s, (sc_term_kind)kind, t, sc_span_z(t->term));
        }
    }
}

/* How many words of a symbol stand in another name, and how many there are. */
static size_t words_in(sc_arena *a, sc_span symbol, sc_span name, size_t *n)
{
    size_t found = 0;
    *n = 0;
    for (sc_span rest = symbol, word; rest.n;) {
        sc_cut(rest, "_", &word, &rest);
        if (word.n < 2) continue;
        (*n)++;
        found += sc_find(name, sc_arena_z(a, word)) != SC_NPOS;
    }
    return found;
}

/* A name that shares most words with what was asked for: DRIVER_POWR_STATE is not near to its name by letters. */
static void near_by_words(search *s, sc_span text)
{
    sc_span symbol = as_symbol(s->arena, text);
    size_t best = 0, n;
    const char *name = NULL;
    for (size_t i = 0; i < s->k->n_bugchecks + s->k->n_ntstatus; i++) {
        bool status = i >= s->k->n_bugchecks;
        const char *z = status ? s->k->ntstatus[i - s->k->n_bugchecks].name : s->k->bugchecks[i].name;
        size_t words = words_in(s->arena, symbol, sc_span_z(z), &n);
        if (words * 2 < n || words < 2 || words < best || (words == best && strlen(z) >= strlen(name))) continue;
        best = words;
        name = z;
    }
    if (!s->near->name) s->near->name = name;
}

const topic *topics_find(sc_arena *a, const sc_knowledge *k, sc_span text, size_t *n, sc_nearest *near)
{
    text = sc_trim(text);
    search s = {.arena = a, .k = k, .near = near};
    *n = 0;
    if (!text.n || text.n > MOST_BYTES) return NULL;
    find_number(&s, without_preface(text));
    find_named(&s, without_preface(text));
    find_rules(&s, text);
    find_commands(&s, text);
    find_module(&s, text);
    find_function(&s, text);
    find_terms(&s, text);
    if (!s.list.n) near_by_words(&s, text);
    *n = s.list.n;
    return s.list.items;
}
