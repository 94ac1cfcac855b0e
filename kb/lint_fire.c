/* Lint: rules that can never be confirmed, and rules that would never be shown beside another. */
#include "kb/lint.h"

#include "engine/facts/derive_stack.h"
#include "kb/sql_form.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A clause in a form in which two of them can be compared. */
typedef struct clause_form {
    const sc_clause *clause;
    const char *key;   /* equal for clauses that are true in the same cases */
    sc_sql_form sql;   /* SC_CLAUSE_SQL */
    const sc_yaml *at; /* its value; its key has the name */
} clause_form;

/* ---- Parameters -------------------------------------------------------------------------------------------------- */

#define HIGH_HALF UINT64_C(0xffffffff00000000)

/* The values that a range lets through: itself, and a 32-bit value sign-extended, as the engine compares them. */
static size_t cut_range(const sc_arg_range *r, sc_arg_range pieces[2])
{
    pieces[0] = *r;
    if (r->high > UINT32_MAX) return 1;
    pieces[1] = (sc_arg_range){r->mask | HIGH_HALF, r->low | HIGH_HALF, r->high | HIGH_HALF};
    return 2;
}

static bool is_masked(const sc_arg_range *r)
{
    return r->mask != UINT64_MAX;
}

/* Is there a number from `low` to `high` whose bits under the mask are `value`? */
static bool has_masked(uint64_t low, uint64_t high, uint64_t mask, uint64_t value)
{
    if ((low & mask) == value) return true;
    for (unsigned i = 0; i < 64; i++) { /* the least larger number: equal above bit i, which becomes one */
        uint64_t bit = (uint64_t)1 << i, below = bit - 1, above = ~(below | bit);
        if (low & bit || ((low ^ value) & mask & above) || (mask & bit && !(value & bit))) continue;
        return ((low & above) | bit | (value & mask & below)) <= high;
    }
    return false;
}

static bool pieces_meet(const sc_arg_range *a, const sc_arg_range *b)
{
    if (is_masked(a) && is_masked(b)) return !((a->low ^ b->low) & a->mask & b->mask);
    if (is_masked(b)) return has_masked(a->low, a->high, b->mask, b->low);
    if (is_masked(a)) return has_masked(b->low, b->high, a->mask, a->low);
    return a->low <= b->high && b->low <= a->high;
}

/* Every value of a is one of b. */
static bool piece_within(const sc_arg_range *a, const sc_arg_range *b)
{
    if (is_masked(a)) return is_masked(b) && !(b->mask & ~a->mask) && (a->low & b->mask) == b->low;
    if (is_masked(b)) return a->low == a->high && (a->low & b->mask) == b->low;
    return b->low <= a->low && a->high <= b->high;
}

static bool ranges_meet(const sc_arg_range *a, const sc_arg_range *b)
{
    sc_arg_range x[2], y[2];
    size_t n_x = cut_range(a, x), n_y = cut_range(b, y);
    for (size_t i = 0; i < n_x; i++)
        for (size_t k = 0; k < n_y; k++)
            if (pieces_meet(&x[i], &y[k])) return true;
    return false;
}

static bool range_within(const sc_arg_range *a, const sc_arg_range *b)
{
    sc_arg_range x[2], y[2];
    size_t n_x = cut_range(a, x), n_y = cut_range(b, y);
    for (size_t i = 0; i < n_x; i++) {
        bool within = false;
        for (size_t k = 0; k < n_y; k++) within = within || piece_within(&x[i], &y[k]);
        if (!within) return false;
    }
    return true;
}

static bool tests_meet(const sc_arg_test *a, const sc_arg_test *b)
{
    for (size_t i = 0; i < a->n_ranges; i++)
        for (size_t k = 0; k < b->n_ranges; k++)
            if (ranges_meet(&a->ranges[i], &b->ranges[k])) return true;
    return false;
}

static bool test_implies(const sc_arg_test *a, const sc_arg_test *b)
{
    for (size_t i = 0; i < a->n_ranges; i++) {
        bool within = false;
        for (size_t k = 0; k < b->n_ranges; k++) within = within || range_within(&a->ranges[i], &b->ranges[k]);
        if (!within) return false;
    }
    return true;
}

/* A parameter that both test and no value of which suits both; 0 without one. */
static int args_conflict(const sc_clause *a, const sc_clause *b)
{
    for (size_t i = 0; i < a->n_args; i++)
        for (size_t k = 0; k < b->n_args; k++)
            if (a->args[i].arg == b->args[k].arg && !tests_meet(&a->args[i], &b->args[k])) return a->args[i].arg;
    return 0;
}

static bool args_imply(const sc_clause *a, const sc_clause *b)
{
    for (size_t i = 0; i < b->n_args; i++) {
        bool found = false;
        for (size_t k = 0; k < a->n_args; k++)
            found = found || (a->args[k].arg == b->args[i].arg && test_implies(&a->args[k], &b->args[i]));
        if (!found) return false;
    }
    return true;
}

/* ---- Clauses ----------------------------------------------------------------------------------------------------- */

static void put_small(sc_buf *b, const char *text)
{
    for (; text && *text; text++) sc_buf_char(b, sc_lower(*text));
}

static void put_args(sc_buf *b, const sc_clause *c)
{
    for (int arg = 1; arg <= 4; arg++)
        for (size_t i = 0; i < c->n_args; i++)
            for (size_t k = 0; c->args[i].arg == arg && k < c->args[i].n_ranges; k++) {
                const sc_arg_range *r = &c->args[i].ranges[k];
                sc_buf_printf(b, " %d:%llx/%llx-%llx", arg, (unsigned long long)r->mask, (unsigned long long)r->low,
                              (unsigned long long)r->high);
            }
}

static clause_form form_of(sc_arena *a, const sc_clause *c, const sc_yaml *at)
{
    static const char *const kinds[] = {"args", "stack", "sql", "text"};
    clause_form f = {.clause = c, .at = at};
    sc_buf b = {0};
    sc_buf_printf(&b, "%s", kinds[c->kind]);
    switch (c->kind) {
    case SC_CLAUSE_ARGS: put_args(&b, c); break;
    case SC_CLAUSE_STACK:
        sc_buf_printf(&b, " %d %s", (int)c->scope, c->owner ? c->owner : "");
        for (size_t i = 0; i < c->n_frames; i++) {
            sc_buf_char(&b, ' ');
            put_small(&b, c->frames[i]);
        }
        break;
    case SC_CLAUSE_SQL:
        sc_sql_cut(a, c->sql, &f.sql);
        sc_buf_printf(&b, " %s %s", c->whole ? "whole" : "", f.sql.truth);
        break;
    case SC_CLAUSE_TEXT: sc_buf_printf(&b, " %s %s", c->command, c->pattern); break;
    }
    f.key = sc_arena_z(a, sc_buf_view(&b));
    sc_buf_free(&b);
    return f;
}

/* Whenever a is true, b is. */
static bool clause_implies(const clause_form *a, const clause_form *b)
{
    if (strcmp(a->key, b->key) == 0) return true;
    if (a->clause->kind != b->clause->kind) return false;
    if (a->clause->kind == SC_CLAUSE_ARGS) return args_imply(a->clause, b->clause);
    if (a->clause->kind != SC_CLAUSE_SQL) return false;
    return (a->clause->whole || !b->clause->whole) && sc_sql_implies(&a->sql, &b->sql);
}

static const char *name_of(const clause_form *f)
{
    return f->clause->name;
}

/* ---- One rule ---------------------------------------------------------------------------------------------------- */

/* The rule requires `first`; what becomes of `other`? */
static void check_pair(sc_walk *w, const clause_form *first, const clause_form *other)
{
    sc_place at = other->at->key->place;
    sc_effect effect = other->clause->effect;
    int arg = first->clause->kind == SC_CLAUSE_ARGS && other->clause->kind == SC_CLAUSE_ARGS
                  ? args_conflict(first->clause, other->clause)
                  : 0;
    if (arg && effect == SC_REQUIRES)
        sc_wrong(w, at, "\"%s\" and \"%s\" want different values of parameter %d, so this rule is never confirmed",
                 name_of(first), name_of(other), arg);
    else if (arg)
        sc_note(w->m, SC_WARNING, w->file, at,
                "\"%s\" is never true: the rule requires \"%s\", which wants other values of parameter %d",
                name_of(other), name_of(first), arg);
    else if (effect == SC_EXCLUDES && clause_implies(first, other))
        sc_wrong(w, at,
                 "\"%s\" is true whenever \"%s\" is, which the rule requires: it rules out every case, so this rule is "
                 "never confirmed",
                 name_of(other), name_of(first));
}

/* "KeWaitForSingleObject" was meant to be "nt!KeWaitForSingleObject". */
static bool looks_like_function(sc_span s)
{
    static const char *const prefixes[] = {"Ke", "Ki", "Kx", "Io",  "Iop", "Ex",  "Exp", "Mm",  "Mi", "Ob", "Ps", "Psp",
                                           "Se", "Zw", "Nt", "Rtl", "Po",  "Pop", "Pi",  "Pnp", "Cc", "Cm", "Vf", "Vi"};
    for (size_t i = 0; i < COUNT(prefixes); i++) {
        size_t n = strlen(prefixes[i]);
        if (sc_starts(s, prefixes[i]) && s.n > n + 2 && s.p[n] >= 'A' && s.p[n] <= 'Z' && s.p[n + 1] >= 'a')
            return true;
    }
    return false;
}

static void check_frame(sc_walk *w, const sc_yaml *y, const sc_clause *c, sc_span p, const sc_knowledge *tables)
{
    static const char *const extensions[] = {".sys", ".exe", ".dll"};
    sc_span module, function;
    bool bang = sc_cut(p, "!", &module, &function);
    size_t plus = sc_find(p, "+0x");
    for (size_t i = 0; i < COUNT(extensions); i++)
        if (sc_iends(module, extensions[i]))
            sc_wrong(w, y->place, "this never matches: modules stand without extension, \"%.*s%.*s\"",
                     SC_F(sc_span_sub(module, 0, module.n - 4)), SC_F(sc_span_from(p, module.n)));
    if (plus != SC_NPOS)
        sc_wrong(w, y->place, "this never matches: symbols stand without offset, \"%.*s\"",
                 SC_F(sc_span_sub(p, 0, plus)));
    else if (bang && (!module.n || !function.n))
        sc_wrong(w, y->place, "this never matches: a frame is module!function, and * stands for any name");
    else if (!bang && looks_like_function(p) && tables && !sc_find_module(tables, p))
        sc_wrong(w, y->place, "this is looked for among modules; a function is written \"nt!%.*s\"", SC_F(p));
    else if (c->scope == SC_SCOPE_CRASH && sc_ieq_z(module, "nt") && sc_stack_bugcheck_function(function))
        sc_wrong(w, y->place,
                 "this never matches: the stack of the crash begins below the frames that raise the bug check");
}

static void check_frames(sc_walk *w, const clause_form *f, const sc_knowledge *tables)
{
    const sc_yaml *y = sc_yaml_get(f->at, "stack");
    const sc_yaml *item = y->kind == SC_YAML_LIST ? y->first : y;
    for (size_t i = 0; i < f->clause->n_frames && item; i++, item = item->next)
        check_frame(w, item, f->clause, sc_span_z(f->clause->frames[i]), tables);
}

static const clause_form *forms_of(sc_arena *a, const sc_rule_source *s)
{
    clause_form *forms = sc_arena_array(a, s->rule.n_clauses, sizeof *forms);
    const sc_yaml *y = sc_yaml_get(s->parts.head, "clauses")->first;
    for (size_t i = 0; forms && i < s->rule.n_clauses; i++, y = y->next) forms[i] = form_of(a, &s->rule.clauses[i], y);
    return forms;
}

void sc_lint_fires(sc_walk *w, const sc_rule_source *s, const sc_knowledge *tables)
{
    const clause_form *forms = forms_of(w->m->arena, s);
    size_t n = forms ? s->rule.n_clauses : 0;
    for (size_t i = 0; i < n; i++) {
        const sc_clause *c = forms[i].clause;
        if (c->kind == SC_CLAUSE_STACK) check_frames(w, &forms[i], tables);
        if (c->effect != SC_REQUIRES) continue;
        if (c->kind == SC_CLAUSE_ARGS && s->rule.no_code)
            sc_wrong(w, forms[i].at->key->place, "without a bug check there are no parameters: this is never true");
        for (size_t k = 0; k < n; k++) /* of two that the rule requires, the later one is told about */
            if (k > i || forms[k].clause->effect != SC_REQUIRES) check_pair(w, &forms[i], &forms[k]);
    }
}

/* ---- Rules beside each other ------------------------------------------------------------------------------------- */

/* Every bug check of b is one of a. */
static bool covers_codes(const sc_rule *a, const sc_rule *b)
{
    if (a->any_code) return true;
    if (b->any_code || a->no_code != b->no_code) return false;
    for (size_t i = 0; i < b->n_codes; i++) {
        bool found = false;
        for (size_t k = 0; k < a->n_codes; k++) found = found || a->codes[k] == b->codes[i];
        if (!found) return false;
    }
    return true;
}

typedef struct compared {
    const sc_rule_source *source;
    const clause_form *forms;
    const char *key; /* equal for rules that say the same */
} compared;

static bool has_implied(const compared *r, const clause_form *f, sc_effect effect, bool by_them)
{
    for (size_t i = 0; i < r->source->rule.n_clauses; i++) {
        const clause_form *own = &r->forms[i];
        if (own->clause->effect != effect) continue;
        if (by_them ? clause_implies(own, f) : clause_implies(f, own)) return true;
    }
    return false;
}

/* Wherever b is confirmed, a is. */
static bool always_beside(const compared *a, const compared *b)
{
    if (!covers_codes(&a->source->rule, &b->source->rule)) return false;
    for (size_t i = 0; i < a->source->rule.n_clauses; i++) {
        const clause_form *f = &a->forms[i];
        if (f->clause->effect == SC_REQUIRES && !has_implied(b, f, SC_REQUIRES, true)) return false;
        if (f->clause->effect == SC_EXCLUDES && !has_implied(b, f, SC_EXCLUDES, false)) return false;
    }
    return true;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Bug checks and clauses, in an order of their own. */
static const char *rule_key(sc_arena *a, const compared *r)
{
    const sc_rule *rule = &r->source->rule;
    const char **keys = sc_arena_array(a, rule->n_clauses, sizeof *keys);
    sc_buf b = {0};
    if (!keys) return "";
    for (size_t i = 0; i < rule->n_clauses; i++) {
        const sc_clause *c = &rule->clauses[i];
        keys[i] = sc_arena_printf(a, "%d %d %s", (int)c->effect, c->effect == SC_SUPPORTS ? (int)c->supports : 0,
                                  r->forms[i].key)
                      .p;
    }
    qsort(keys, rule->n_clauses, sizeof *keys, compare_texts);
    sc_buf_printf(&b, "%d %d", rule->any_code, rule->no_code);
    for (size_t i = 0; i < rule->n_codes; i++) sc_buf_printf(&b, " %x", (unsigned)rule->codes[i]);
    for (size_t i = 0; i < rule->n_clauses; i++) sc_buf_printf(&b, "\n%s", keys[i]);
    const char *text = sc_arena_z(a, sc_buf_view(&b));
    sc_buf_free(&b);
    return text;
}

static bool supersedes(const compared *a, const compared *b)
{
    for (size_t i = 0; i < a->source->rule.n_supersedes; i++)
        if (strcmp(a->source->rule.supersedes[i], b->source->rule.id) == 0) return true;
    return false;
}

static void check_shadowed(sc_messages *m, const compared *all, size_t n, const compared *a)
{
    const sc_rule *rule = &a->source->rule;
    const sc_yaml *y = sc_yaml_get(a->source->parts.head, "supersedes");
    for (size_t i = 0; i < rule->n_supersedes && rule->status == SC_STABLE; i++)
        for (size_t k = 0; k < n; k++) {
            if (strcmp(all[k].source->rule.id, rule->supersedes[i]) != 0 || &all[k] == a) continue;
            if (!always_beside(a, &all[k])) continue;
            sc_note(m, SC_ERROR, a->source->file, sc_yaml_find(a->source->file, y, "", sc_span_z(rule->supersedes[i])),
                    "\"%s\" requires all that this rule requires, so it would never be shown; only the rule that says "
                    "more may supersede the other",
                    rule->supersedes[i]);
        }
}

void sc_lint_beside(sc_messages *m, const sc_rule_source *rules, size_t n)
{
    compared *all = sc_arena_array(m->arena, n, sizeof *all);
    size_t kept = 0;
    for (size_t i = 0; all && i < n; i++) {
        if (!rules[i].good || rules[i].rule.status == SC_RETIRED) continue;
        compared *c = &all[kept++];
        *c = (compared){.source = &rules[i], .forms = forms_of(m->arena, &rules[i])};
        if (!c->forms) return;
        c->key = rule_key(m->arena, c);
    }
    for (size_t i = 0; i < kept; i++) {
        check_shadowed(m, all, kept, &all[i]);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(all[i].key, all[k].key) != 0 || supersedes(&all[i], &all[k]) || supersedes(&all[k], &all[i]))
                continue;
            /* two drafts begun from similar pastes are not finished yet */
            bool used = all[i].source->rule.status == SC_STABLE && all[k].source->rule.status == SC_STABLE;
            sc_note(m, used ? SC_ERROR : SC_WARNING, all[i].source->file,
                    sc_yaml_get(all[i].source->parts.head, "clauses")->key->place,
                    "these are the clauses of %s under other names: the two rules always say the same",
                    all[k].source->rule.id);
        }
    }
}
