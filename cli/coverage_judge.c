/* Would a sample's expectations notice that a rule came out differently? The same things count as in sample_compare. */
#include "cli/coverage.h"

#include <string.h>

static const sample_pair *find_pair(const sc_list *l, const char *name)
{
    const sample_pair *p = l->items;
    for (size_t i = 0; i < l->n; i++) {
        if (sc_eq_z(p[i].name, name)) return &p[i];
    }
    return NULL;
}

static bool lists(const sc_list *l, const char *name)
{
    const sc_span *s = l->items;
    for (size_t i = 0; i < l->n; i++) {
        if (sc_eq_z(s[i], name)) return true;
    }
    return false;
}

static sc_verdict verdict_of(const judgement *j)
{
    return j->n ? j->findings[0].verdict : SC_RULED_OUT; /* the findings of one rule have the same */
}

static sc_confidence confidence_of(const judgement *j)
{
    sc_confidence best = SC_NO_CONFIDENCE;
    for (size_t i = 0; i < j->n; i++) {
        if (j->findings[i].confidence > best) best = j->findings[i].confidence;
    }
    return best;
}

static bool has_value(const judgement *j, const sample_value *v)
{
    for (size_t i = 0; i < j->n; i++) {
        for (size_t k = 0; k < j->findings[i].n_variables; k++) {
            const sc_variable *have = &j->findings[i].variables[k];
            if (sc_eq_z(v->variable, have->name) && sample_same_value(v->value, have->value)) return true;
        }
    }
    return false;
}

bool judgement_fires(const sample_crash *expected, const sc_rule *rule, const judgement *j)
{
    return verdict_of(j) == SC_CONFIRMED && !j->hidden && expected && find_pair(&expected->confirmed, rule->id);
}

bool judgement_near_miss(const judgement *j)
{
    if (!j->n || verdict_of(j) != SC_RULED_OUT) return false;
    const sc_finding *f = &j->findings[0];
    size_t failed = 0, held = 0, required = 0;
    for (size_t i = 0; i < f->n_clauses; i++) {
        sc_effect effect = f->clauses[i].clause->effect;
        sc_truth truth = f->clauses[i].truth;
        if (effect == SC_EXCLUDES ? truth == SC_TRUE : effect == SC_REQUIRES && truth == SC_FALSE) failed++;
        if (effect != SC_EXCLUDES && truth == SC_TRUE) held++;
        if (effect == SC_REQUIRES) required++;
    }
    return failed == 1 && (held > 0 || required == 1);
}

/* Whom the rules accuse, `after` taken for rule number `rule`: of the confirmed findings with a culprit those of the
 * best tier and confidence, when they agree. NULL: nobody. engine/diagnosis.c chooses so. */
static const sc_finding *accuser(const judgements *all, size_t rule, const judgement *after)
{
    const sc_finding *best = NULL;
    bool agreed = true;
    for (size_t i = 0; i < all->knowledge->n_rules; i++) {
        const judgement *j = i == rule ? after : &all->of[i];
        if (verdict_of(j) != SC_CONFIRMED || all->of[i].hidden) continue;
        for (size_t k = 0; k < j->n; k++) {
            const sc_finding *f = &j->findings[k];
            if (!f->culprit.n) continue;
            bool better = !best || f->rule->tier < best->rule->tier ||
                          (f->rule->tier == best->rule->tier && f->confidence > best->confidence);
            bool equal = best && f->rule->tier == best->rule->tier && f->confidence == best->confidence;
            if (equal && !sc_ieq(f->culprit, best->culprit)) agreed = false;
            if (!better) continue;
            best = f;
            agreed = true;
        }
    }
    return agreed ? best : NULL;
}

judgements judgements_of(const sc_knowledge *k, const judgement *of)
{
    judgements all = {k, of, NULL};
    all.accuser = accuser(&all, 0, of);
    return all;
}

static bool culprit_differs(const judgements *all, size_t rule, const judgement *after)
{
    const sc_finding *was = all->accuser, *is = accuser(all, rule, after);
    if (!was || !is) return was != is;
    return was->confidence != is->confidence || !sc_ieq(was->culprit, is->culprit);
}

static bool values_differ(const sample_crash *x, const sc_rule *rule, const judgement *before, const judgement *after)
{
    const sample_value *v = x->values.items;
    for (size_t i = 0; i < x->values.n; i++) {
        if (sc_eq_z(v[i].rule, rule->id) && has_value(before, &v[i]) != has_value(after, &v[i])) return true;
    }
    return false;
}

bool judgement_differs(const sample_crash *x, const judgements *all, size_t at, const judgement *after)
{
    if (!x) return false;
    const sc_rule *rule = &all->knowledge->rules[at];
    const judgement *before = &all->of[at];
    sc_verdict was = verdict_of(before), is = verdict_of(after);
    const sample_pair *listed = find_pair(&x->confirmed, rule->id);
    if (was != is) {
        if (was == SC_CONFIRMED) return listed && !before->hidden;
        if (is == SC_CONFIRMED) return !before->hidden; /* nothing unlisted may be confirmed */
        if (was == SC_OPEN) return lists(&x->open, rule->id);
        return lists(&x->near_miss, rule->id);
    }
    if (was == SC_RULED_OUT)
        return lists(&x->near_miss, rule->id) && judgement_near_miss(before) != judgement_near_miss(after);
    if (was == SC_CONFIRMED && !before->hidden) {
        if (listed && listed->value.n && confidence_of(before) != confidence_of(after)) return true;
        if (culprit_differs(all, at, after)) return true;
    }
    return values_differ(x, rule, before, after);
}

/* A confirmed rule other than number `rule` hides this one. */
static bool hidden_by_another(const judgements *all, size_t rule, const char *hidden)
{
    for (size_t i = 0; i < all->knowledge->n_rules; i++) {
        const sc_rule *r = &all->knowledge->rules[i];
        if (i == rule || verdict_of(&all->of[i]) != SC_CONFIRMED) continue;
        for (size_t s = 0; s < r->n_supersedes; s++) {
            if (!strcmp(r->supersedes[s], hidden)) return true;
        }
    }
    return false;
}

bool judgement_uncovers(const sample_crash *x, const judgements *all, size_t rule, const char *superseded)
{
    if (!x || verdict_of(&all->of[rule]) != SC_CONFIRMED || hidden_by_another(all, rule, superseded)) return false;
    for (size_t i = 0; i < all->knowledge->n_rules; i++) {
        if (!strcmp(all->knowledge->rules[i].id, superseded)) return verdict_of(&all->of[i]) == SC_CONFIRMED;
    }
    return false;
}
