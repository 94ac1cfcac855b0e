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

static bool names_culprit(const judgement *j, sc_span culprit)
{
    for (size_t i = 0; i < j->n; i++) {
        if (sc_ieq(j->findings[i].culprit, culprit)) return true;
    }
    return false;
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

static bool confirmed_differs(const sample_crash *x, const sample_pair *listed, const judgement *before,
                              const judgement *after)
{
    if (!listed) return false; /* hidden by a rule that says more */
    if (listed->value.n && confidence_of(before) != confidence_of(after)) return true;
    return x->culprit.n && names_culprit(before, x->culprit) != names_culprit(after, x->culprit);
}

static bool values_differ(const sample_crash *x, const sc_rule *rule, const judgement *before, const judgement *after)
{
    const sample_value *v = x->values.items;
    for (size_t i = 0; i < x->values.n; i++) {
        if (sc_eq_z(v[i].rule, rule->id) && has_value(before, &v[i]) != has_value(after, &v[i])) return true;
    }
    return false;
}

bool judgement_differs(const sample_crash *x, const sc_rule *rule, const judgement *before, const judgement *after)
{
    if (!x) return false;
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
    if (was == SC_CONFIRMED && confirmed_differs(x, listed, before, after)) return true;
    return values_differ(x, rule, before, after);
}
