#include "cli/variants.h"

#include "engine/render/words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct judge {
    sc_arena *arena;
    const damage_variant *variant;
    const sc_diagnosis *whole;
    variant_verdict *out;
    size_t crash; /* of the variant, from 1; 0: the paste */
} judge;

static void fault(judge *j, const sc_finding *because, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void fault(judge *j, const sc_finding *because, const char *format, ...)
{
    char text[400];
    int used = j->crash ? snprintf(text, sizeof text, "crash %zu: ", j->crash) : 0;
    va_list args;
    va_start(args, format);
    vsnprintf(text + used, sizeof text - (size_t)used, format, args);
    va_end(args);
    variant_fault *f = sc_list_add(j->arena, &j->out->faults, sizeof *f);
    if (!f) return;
    f->what = sc_arena_dup(j->arena, sc_span_z(text));
    if (because) {
        f->evidence = because->evidence;
        f->n_evidence = because->n_evidence;
    }
}

static bool known_code(const sc_crash *c)
{
    return c->bugcheck.source != SC_SOURCE_NONE;
}

/* How sure a crash is of a confirmed rule; SC_NO_CONFIDENCE when it is not confirmed. With a culprit, only for that. */
static sc_confidence sureness(const sc_crash *c, const char *rule, const sc_span *culprit)
{
    sc_confidence most = SC_NO_CONFIDENCE;
    for (size_t i = 0; i < c->n_findings; i++) {
        const sc_finding *f = &c->findings[i];
        if (f->verdict != SC_CONFIRMED || strcmp(f->rule->id, rule) != 0) continue;
        if (culprit && !sc_ieq(*culprit, f->culprit)) continue;
        if (f->confidence > most) most = f->confidence;
    }
    return most;
}

static bool loses(const damage_variant *v)
{
    return v->kind->loss == DAMAGE_LOSES || v->kind->loss == DAMAGE_HIDES;
}

/* ---- Which crash is which ---------------------------------------------------------------------------------------- */

static bool same_bugcheck(const sc_crash *a, const sc_crash *b, bool parameters)
{
    if (!known_code(a) || !known_code(b) || a->bugcheck.code != b->bugcheck.code) return false;
    for (int i = 0; parameters && i < 4; i++)
        if (a->bugcheck.known[i] && b->bugcheck.known[i] && a->bugcheck.arg[i] != b->bugcheck.arg[i]) return false;
    return true;
}

/* Lines that a crash of the variant shares with one of the whole paste. */
static uint32_t shared_lines(const damage_variant *v, const sc_crash *damaged, const sc_crash *whole)
{
    uint32_t first = damage_origin(v, damaged->first_line), last = damage_origin(v, damaged->last_line);
    if (first < whole->first_line) first = whole->first_line;
    if (last > whole->last_line) last = whole->last_line;
    return first <= last ? last - first + 1 : 0;
}

/* The crash of the whole paste that crash `at` of the variant is; `from` is the first that it may be. SC_NPOS: none. */
static size_t counterpart(const damage_variant *v, const sc_diagnosis *whole, const sc_diagnosis *damaged, size_t at,
                          size_t from)
{
    const sc_crash *c = &damaged->crashes[at];
    size_t n = whole->n_crashes, best = SC_NPOS;
    uint32_t most = 0;
    if (damaged->n_crashes == n) return at;
    if (v->kind->loss == DAMAGE_REPEATS && damaged->n_crashes == 2 * n) return at % n;
    if (!loses(v)) from = 0;
    for (int parameters = 1; parameters >= 0; parameters--)
        for (size_t i = from; i < n; i++)
            if (same_bugcheck(c, &whole->crashes[i], parameters)) return i;
    for (size_t i = from; i < n && loses(v); i++) {
        uint32_t shared = shared_lines(v, c, &whole->crashes[i]);
        if (shared <= most) continue;
        most = shared;
        best = i;
    }
    return best;
}

/* A crash of which the bug check was lost adds its sections to its neighbour: what it confirms may appear there. */
static bool confirmed_beside(const judge *j, const sc_crash *damaged, const char *rule)
{
    for (size_t i = 0; loses(j->variant) && i < j->whole->n_crashes; i++)
        if (shared_lines(j->variant, damaged, &j->whole->crashes[i]) && sureness(&j->whole->crashes[i], rule, NULL))
            return true;
    return false;
}

static void judge_count(judge *j, size_t n)
{
    size_t expected = j->whole->n_crashes;
    bool right = n == expected;
    if (loses(j->variant)) right = n <= expected;
    if (j->variant->kind->loss == DAMAGE_REPEATS) right = n == 2 * expected || (n == 1 && right);
    if (!right) fault(j, NULL, "finds %zu crashes instead of %zu", n, expected);
}

/* ---- One crash --------------------------------------------------------------------------------------------------- */

static void judge_bugcheck(judge *j, const sc_crash *whole, const sc_crash *damaged)
{
    const sc_bugcheck *w = &whole->bugcheck, *d = &damaged->bugcheck;
    if (known_code(damaged) && (!known_code(whole) || w->code != d->code))
        fault(j, NULL, "names bug check 0x%" PRIX32, d->code);
    else if (known_code(whole) && !known_code(damaged) && !loses(j->variant))
        fault(j, NULL, "does not know the bug check");
    for (int i = 0; i < 4; i++)
        if (d->known[i] && (!w->known[i] || w->arg[i] != d->arg[i]))
            fault(j, NULL, "parameter %d is 0x%" PRIx64, i + 1, d->arg[i]);
}

static const sc_finding *finding_of(const sc_crash *c, const sc_rule *rule)
{
    for (size_t i = 0; i < c->n_findings; i++)
        if (c->findings[i].verdict == SC_CONFIRMED && rule && !strcmp(c->findings[i].rule->id, rule->id))
            return &c->findings[i];
    return NULL;
}

static void judge_culprit(judge *j, const sc_crash *whole, const sc_crash *damaged)
{
    bool blames = damaged->culprit_kind != SC_CULPRIT_UNKNOWN, blamed = whole->culprit_kind != SC_CULPRIT_UNKNOWN;
    bool same = blames && blamed && sc_ieq(whole->culprit, damaged->culprit);
    if (blamed) j->out->verdicts++;
    if (same && damaged->culprit_confidence >= whole->culprit_confidence) j->out->held++;
    if (blames && !same)
        fault(j, finding_of(damaged, damaged->culprit_rule), "blames %.*s", SC_F(damaged->culprit));
    else if (same && damaged->culprit_confidence > whole->culprit_confidence)
        fault(j, finding_of(damaged, damaged->culprit_rule), "is surer of %.*s: %s", SC_F(damaged->culprit),
              sc_confidence_names[damaged->culprit_confidence]);
}

static void judge_confirmed(judge *j, const sc_crash *whole, const sc_crash *damaged)
{
    for (size_t i = 0; i < damaged->n_findings; i++) {
        const sc_finding *f = &damaged->findings[i];
        if (!sc_shows_finding(f, SC_CONFIRMED)) continue;
        sc_confidence any = sureness(whole, f->rule->id, NULL), same = sureness(whole, f->rule->id, &f->culprit);
        if (!any && confirmed_beside(j, damaged, f->rule->id)) continue;
        if (!any)
            fault(j, f, "confirms %s", f->rule->id);
        else if (f->culprit.n && !same)
            fault(j, f, "confirms %s for %.*s", f->rule->id, SC_F(f->culprit));
        else if (f->confidence > any)
            fault(j, f, "is surer of %s: %s", f->rule->id, sc_confidence_names[f->confidence]);
    }
}

static bool stands_in(const sc_finding *list, size_t n, const char *rule, sc_verdict verdict)
{
    for (size_t i = 0; i < n; i++)
        if (list[i].verdict == verdict && !strcmp(list[i].rule->id, rule)) return true;
    return false;
}

/* What the whole paste confirms. */
static void judge_kept(judge *j, const sc_crash *whole, const sc_crash *damaged)
{
    for (size_t i = 0; i < whole->n_findings; i++) {
        const sc_finding *f = &whole->findings[i];
        const char *rule = f->rule->id;
        if (!sc_shows_finding(f, SC_CONFIRMED) || stands_in(whole->findings, i, rule, SC_CONFIRMED)) continue;
        sc_confidence sure = sureness(damaged, rule, NULL);
        j->out->verdicts++;
        if (sure >= sureness(whole, rule, NULL)) j->out->held++;
        if (sure || stands_in(damaged->findings, damaged->n_findings, rule, SC_OPEN)) continue;
        bool ruled_out = stands_in(damaged->ruled_out, damaged->n_ruled_out, rule, SC_RULED_OUT);
        if (j->variant->kind->loss == DAMAGE_HIDES || !(ruled_out || !loses(j->variant))) continue;
        fault(j, f, "%s %s", ruled_out ? "rules out" : "loses", rule);
    }
}

int variant_judge(sc_arena *a, const damage_variant *v, const sc_diagnosis *whole, const sc_diagnosis *damaged,
                  variant_verdict *out)
{
    static const sc_diagnosis nothing = {0};
    if (!damaged) damaged = &nothing;
    *out = (variant_verdict){0};
    judge j = {.arena = a, .variant = v, .whole = whole, .out = out};
    judge_count(&j, damaged->n_crashes);
    size_t from = 0;
    for (size_t i = 0; i < damaged->n_crashes; i++) {
        const sc_crash *c = &damaged->crashes[i];
        size_t at = counterpart(v, whole, damaged, i, from);
        j.crash = i + 1;
        if (at == SC_NPOS) {
            static const sc_crash none = {0};
            judge_bugcheck(&j, &none, c);
            continue;
        }
        if (loses(v)) from = at;
        judge_bugcheck(&j, &whole->crashes[at], c);
        judge_culprit(&j, &whole->crashes[at], c);
        judge_confirmed(&j, &whole->crashes[at], c);
        judge_kept(&j, &whole->crashes[at], c);
    }
    return sc_arena_failed(a) ? SC_E_NOMEM : SC_OK;
}
