#include "engine/diagnosis.h"

#include "engine/base/limits.h"
#include "engine/parameter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A candidate and the number of its rule, while they are sorted. */
typedef struct ranked {
    sc_candidate candidate;
    size_t rule;
} ranked;

/* Confirmed before open before ruled out, then tier, then confidence, then id; hidden ones last. */
static int by_rank(const void *a, const void *b)
{
    const sc_finding *x = &((const ranked *)a)->candidate.finding, *y = &((const ranked *)b)->candidate.finding;
    if (x->superseded != y->superseded) return x->superseded ? 1 : -1;
    if (x->verdict != y->verdict) return x->verdict > y->verdict ? -1 : 1;
    if (x->rule->tier != y->rule->tier) return x->rule->tier < y->rule->tier ? -1 : 1;
    if (x->confidence != y->confidence) return x->confidence > y->confidence ? -1 : 1;
    const ranked *p = a, *q = b;
    if (p->candidate.held != q->candidate.held) return p->candidate.held > q->candidate.held ? -1 : 1;
    int id = strcmp(x->rule->id, y->rule->id);
    return id ? id : sc_icmp(x->culprit, y->culprit);
}

/* Only a confirmed rule hides others. */
static void supersede(ranked *list, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const sc_finding *f = &list[i].candidate.finding;
        if (f->verdict != SC_CONFIRMED) continue;
        for (size_t j = 0; j < f->rule->n_supersedes; j++)
            for (size_t k = 0; k < n; k++)
                if (!strcmp(list[k].candidate.finding.rule->id, f->rule->supersedes[j]))
                    list[k].candidate.finding.superseded = true;
    }
}

/* The first driver below the bug check on the stack of the crash: a possible culprit when nothing better is known. */
static void blame_first_driver(const sc_eval *e, sc_crash *out)
{
    const sc_table *t = sc_table_named("crash_frame");
    int module = sc_column_named(t, "module");
    if (!t || module < 0) return;
    for (const sc_row *r = sc_facts_first(e->facts, t); r; r = r->next) {
        if (!sc_has(r, module) || !sc_third_party(e->facts->knowledge, sc_get_text(r, module))) continue;
        out->culprit_kind = SC_CULPRIT_MODULE;
        out->culprit = sc_get_text(r, module);
        out->culprit_confidence = SC_POSSIBLE;
        return;
    }
}

/* A stack that is full ends with whoever comes last, not with who filled it. A trap without its number may be that. */
static bool stack_ran_out(const sc_bugcheck *b)
{
    return b->code == 0x7f && (!b->known[0] || b->arg[0] == 8);
}

/* The stack of these is that of whoever noticed: a timer, an interrupt, a process that ended, a page that was looked
 * at, a pool that was damaged before. Drivers on it had nothing to do with the reason. 0x133 with 1 counts time that
 * went by before. */
static bool stack_is_a_messengers(const sc_bugcheck *b)
{
    static const uint32_t codes[] = {0x1A, 0x4E, 0x77,  0x7A,  0x9C,  0x9F,  0xA0,  0xC5,  0xE2,
                                     0xEF, 0xF4, 0x101, 0x124, 0x12B, 0x1CA, 0x1CF, 0x1D5, 0x1DB};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i] == b->code) return true;
    return b->code == 0x133 && b->known[0] && b->arg[0] == 1;
}

/* The best-supported answer; findings of equal rank that disagree leave it unknown. */
static void choose_culprit(const sc_eval *e, const ranked *list, size_t n, sc_crash *out)
{
    bool explained = false;
    const sc_finding *best = NULL;
    for (size_t i = 0; i < n; i++) {
        const sc_finding *f = &list[i].candidate.finding;
        if (f->superseded || f->verdict != SC_CONFIRMED) continue;
        if (f->rule->tier != SC_ADVICE) explained = true;
        if (!f->culprit.n) continue;
        if (!best) {
            best = f;
        } else if (f->rule->tier == best->rule->tier && f->confidence == best->confidence &&
                   !sc_ieq(f->culprit, best->culprit)) {
            return;
        }
    }
    if (best) {
        out->culprit = best->culprit;
        out->culprit_kind = sc_culprit_kind_of(best->culprit);
        out->culprit_confidence = best->confidence;
        out->culprit_rule = best->rule;
    } else if (!explained && out->bugcheck.source != SC_SOURCE_NONE && !stack_ran_out(&out->bugcheck) &&
               !stack_is_a_messengers(&out->bugcheck)) {
        blame_first_driver(e, out);
    }
}

/* The first frame that says something about what the crash was, else the first frame of all. */
static sc_span meaningful_frame(const sc_eval *e)
{
    const sc_table *t = sc_table_named("crash_frame");
    int symbol = sc_column_named(t, "symbol");
    sc_span first = {"", 0};
    for (const sc_row *r = t && symbol >= 0 ? sc_facts_first(e->facts, t) : NULL; r; r = r->next) {
        if (!sc_has(r, symbol) || !sc_get_text(r, symbol).n) continue;
        sc_span name = sc_get_text(r, symbol);
        if (!sc_find_symbol(e->facts->knowledge, SC_TERM_SIGNATURE_SKIP, name)) return name;
        if (!first.n) first = name;
    }
    return first;
}

/* "0x9F_4_ZTEusbnet": code, first parameter when it is a sub-code, and what it happened in: the first frame
 * behind those that kb/reference/terms/signature-skip.tsv passes over, or the culprit that a rule found elsewhere. */
static void make_signature(const sc_eval *e, sc_crash *out)
{
    sc_buf s = {0};
    const sc_bugcheck *b = &out->bugcheck;
    if (b->source == SC_SOURCE_NONE)
        sc_buf_z(&s, "none");
    else
        sc_buf_printf(&s, "0x%X", b->code);
    if (b->source != SC_SOURCE_NONE && sc_parameter_value(e->facts->knowledge, b, 0))
        sc_buf_printf(&s, "_%llx", (unsigned long long)b->arg[0]);
    sc_span where = meaningful_frame(e), module;
    sc_cut(where, "!", &module, &(sc_span){0});
    if (out->culprit_rule && out->culprit_kind != SC_CULPRIT_UNKNOWN && !sc_ieq(module, out->culprit))
        where = out->culprit;
    if (where.n) sc_buf_printf(&s, "_%.*s", SC_F(where));
    out->signature = sc_arena_dup(e->arena, sc_buf_view(&s));
    sc_buf_free(&s);
}

/* Evaluates what applies into *list; *n candidates. */
static int evaluate_all(sc_rules *rules, const sc_eval *e, ranked **list, size_t *n, sc_error *error)
{
    const sc_knowledge *k = e->facts->knowledge;
    sc_list all = {0};
    bool hint;
    for (size_t i = 0; i < k->n_rules; i++) {
        if (!sc_rule_applies(&k->rules[i], e->bugcheck, &hint)) continue;
        sc_candidate *c;
        size_t m;
        int rc = sc_rule_evaluate(rules, i, e, &c, &m, error);
        if (rc) return rc;
        for (size_t j = 0; j < m; j++) {
            ranked *r = sc_list_add(e->arena, &all, sizeof *r);
            if (r) *r = (ranked){c[j], i};
        }
    }
    *list = all.items;
    *n = all.n;
    return SC_OK;
}

static sc_finding *copy_findings(const sc_eval *e, const ranked *list, size_t from, size_t to, size_t *n)
{
    sc_finding *f = sc_arena_array(e->arena, to - from, sizeof *f);
    *n = 0;
    for (size_t i = from; f && i < to; i++) f[(*n)++] = list[i].candidate.finding;
    return f;
}

int sc_diagnose_crash(sc_rules *rules, const sc_eval *e, sc_crash *out, sc_error *error)
{
    ranked *list;
    size_t n;
    int rc = evaluate_all(rules, e, &list, &n, error);
    if (rc) return rc;
    supersede(list, n);
    if (n) qsort(list, n, sizeof *list, by_rank);
    /* kept: confirmed and open; behind them the near misses */
    sc_list said = {0}, missed = {0};
    for (size_t i = 0; i < n; i++) {
        bool kept = list[i].candidate.finding.verdict != SC_RULED_OUT;
        if (!kept && !sc_near_miss(&list[i].candidate)) continue;
        if ((kept ? said.n : missed.n) >= SC_MAX_FINDINGS) continue;
        ranked *r = sc_list_add(e->arena, kept ? &said : &missed, sizeof *r);
        if (r) *r = list[i];
    }
    const ranked *kept = said.items;
    out->findings = copy_findings(e, kept, 0, said.n, &out->n_findings);
    out->ruled_out = copy_findings(e, missed.items, 0, missed.n, &out->n_ruled_out);
    choose_culprit(e, kept, said.n, out);
    sc_candidate *candidates = sc_arena_array(e->arena, said.n, sizeof *candidates);
    size_t *at = sc_arena_array(e->arena, said.n, sizeof *at);
    if (!candidates || !at) return sc_fail(error, SC_E_NOMEM, "out of memory");
    out->outcome = SC_UNDECIDED;
    for (size_t i = 0; i < said.n; i++) {
        candidates[i] = kept[i].candidate;
        at[i] = kept[i].rule;
        const sc_finding *f = &kept[i].candidate.finding;
        if (f->verdict == SC_CONFIRMED && !f->superseded && f->rule->tier != SC_ADVICE) out->outcome = SC_DIAGNOSED;
    }
    sc_weigh_suspects(rules, e, candidates, at, said.n, out);
    sc_plan_asks(e, candidates, said.n, out);
    make_signature(e, out);
    out->headline = sc_parameter_headline(e->arena, e->facts->knowledge, &out->bugcheck);
    return SC_OK;
}

int sc_explain_rule(sc_rules *rules, size_t at, const sc_eval *e, sc_crash *out, sc_error *error)
{
    sc_candidate *c;
    size_t n;
    sc_eval all = *e;
    all.explains = true;
    int rc = sc_rule_evaluate(rules, at, &all, &c, &n, error);
    if (rc) return rc;
    sc_finding *f = sc_arena_array(e->arena, n, sizeof *f);
    for (size_t i = 0; f && i < n; i++) f[i] = c[i].finding;
    out->findings = f;
    out->n_findings = f ? n : 0;
    out->outcome = SC_UNDECIDED;
    return SC_OK;
}
