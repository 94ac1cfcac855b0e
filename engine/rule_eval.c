#include "engine/rule_eval.h"

#include "engine/rule_clause.h"

#include <string.h>

/* What the clauses came to along one branch; indexed like the rule's clauses. */
typedef struct branch {
    sc_truth truth[SC_MAX_CLAUSES];
    const sc_hit *hit[SC_MAX_CLAUSES];
    sc_evidence absence[SC_MAX_CLAUSES];
    sc_span value[SC_MAX_CLAUSES];
} branch;

typedef struct search {
    sc_evaluation v;
    bool hint; /* the code is not known for certain: at best open */
    unsigned branches_left;
    branch now;
    sc_list candidates; /* of sc_candidate */
} search;

/* The confidence that true supports raise it to and true or unknown exclusions leave. */
static sc_confidence weigh(const search *s)
{
    sc_confidence c = s->v.rule->confidence;
    for (size_t i = 0; i < s->v.rule->n_clauses; i++) {
        const sc_clause *k = &s->v.rule->clauses[i];
        if (k->effect == SC_SUPPORTS && s->now.truth[i] == SC_TRUE && k->supports > c) c = k->supports;
    }
    for (size_t i = 0; i < s->v.rule->n_clauses; i++)
        if (c > SC_LIKELY && ((s->v.rule->clauses[i].effect == SC_EXCLUDES && s->now.truth[i] == SC_UNKNOWN) ||
                              (s->now.hit[i] && s->now.hit[i]->doubtful)))
            c = SC_LIKELY;
    if (s->v.e->in_guest && s->v.rule->tier == SC_HARDWARE && c > SC_POSSIBLE) c = SC_POSSIBLE;
    return c > s->v.e->cap ? s->v.e->cap : c;
}

static void judge(const search *s, sc_candidate *c)
{
    unsigned unknown = 0;
    for (size_t i = 0; i < s->v.rule->n_clauses; i++) {
        sc_effect effect = s->v.rule->clauses[i].effect;
        sc_truth t = s->now.truth[i];
        if (effect == SC_EXCLUDES ? t == SC_TRUE : effect == SC_REQUIRES && t == SC_FALSE) c->failed++;
        if (effect == SC_REQUIRES && t == SC_UNKNOWN) unknown++;
        /* where the code itself is a guess, what merely supports a rule says nothing for it */
        if (t == SC_TRUE && (effect == SC_REQUIRES || (effect == SC_SUPPORTS && !s->hint))) c->held++;
    }
    sc_finding *f = &c->finding;
    f->rule = s->v.rule;
    f->verdict = c->failed || !c->held ? SC_RULED_OUT : unknown || s->hint ? SC_OPEN : SC_CONFIRMED;
    f->confidence = f->verdict == SC_CONFIRMED ? weigh(s) : f->verdict == SC_OPEN ? SC_POSSIBLE : SC_NO_CONFIDENCE;
}

/* The command that would settle clause `at`; when a variable in it is not known, the command that would tell it. */
static sc_span ask_for(const search *s, size_t at, const sc_binding *env, unsigned depth)
{
    const sc_clause *c = &s->v.rule->clauses[at];
    sc_span missing, ask;
    if (!c->ask || depth > s->v.rule->n_clauses) return (sc_span){"", 0};
    ask = sc_template_expand(s->v.e->arena, c->ask, env, &missing);
    if (!missing.n) return ask;
    for (size_t i = 0; i < s->v.rule->n_clauses; i++)
        if (i != at && s->now.truth[i] == SC_UNKNOWN &&
            sc_clause_binds(&s->v.rule->clauses[i], &s->v.compiled->clauses[i], missing))
            return ask_for(s, i, env, depth + 1);
    return (sc_span){"", 0};
}

typedef struct needs_context {
    const search *s;
    const sc_binding *env;
    size_t self, provider; /* a clause that would bind what is missing, or SC_MAX_CLAUSES */
} needs_context;

static bool find_provider(void *context, sc_span variable)
{
    needs_context *n = context;
    if (sc_variable_get(n->env, variable)) return true;
    for (size_t i = 0; i < n->s->v.rule->n_clauses; i++)
        if (i != n->self && n->s->now.truth[i] == SC_UNKNOWN &&
            sc_clause_binds(&n->s->v.rule->clauses[i], &n->s->v.compiled->clauses[i], variable)) {
            n->provider = i;
            return false;
        }
    return true;
}

/* A clause that could not run for want of a variable asks what the clause that would bind it asks. */
static sc_span clause_ask(const search *s, size_t at, const sc_binding *env)
{
    size_t target = at;
    for (size_t hops = 0; hops < s->v.rule->n_clauses; hops++) {
        needs_context n = {s, env, target, SC_MAX_CLAUSES};
        sc_clause_needs(&s->v.rule->clauses[target], &s->v.compiled->clauses[target], find_provider, &n);
        if (n.provider == SC_MAX_CLAUSES) break;
        target = n.provider;
    }
    sc_span ask = ask_for(s, target, env, 0);
    return ask.n || target == at ? ask : ask_for(s, at, env, 0);
}

static void fill_clauses(const search *s, sc_candidate *c)
{
    sc_arena *a = s->v.e->arena;
    size_t n = s->v.rule->n_clauses;
    sc_clause_result *results = sc_arena_array(a, n, sizeof *results);
    sc_list all = {0};
    if (!results) return;
    for (size_t i = 0; i < n; i++) {
        const sc_clause *k = &s->v.rule->clauses[i];
        sc_truth t = s->now.truth[i];
        const sc_hit *h = s->now.hit[i];
        results[i] = (sc_clause_result){.clause = k, .truth = t, .value = h ? h->value : s->now.value[i]};
        if (t == SC_UNKNOWN) results[i].ask = clause_ask(s, i, c->env);
        if (h) {
            results[i].evidence = h->evidence;
            results[i].n_evidence = h->n_evidence;
        } else if (t == SC_FALSE && s->now.absence[i].line) {
            sc_evidence *e = sc_arena_get(a, sizeof *e);
            if (e) *e = s->now.absence[i];
            results[i].evidence = e;
            results[i].n_evidence = e ? 1 : 0;
        }
        for (size_t j = 0; h && k->effect != SC_EXCLUDES && j < h->n_evidence; j++) {
            sc_evidence *e = sc_list_add(a, &all, sizeof *e);
            if (e) *e = h->evidence[j];
        }
    }
    c->finding.clauses = results;
    c->finding.n_clauses = n;
    c->finding.evidence = all.items;
    c->finding.n_evidence = all.n;
}

static void fill_texts(const search *s, sc_candidate *c)
{
    sc_arena *a = s->v.e->arena;
    const sc_rule *rule = s->v.rule;
    sc_finding *f = &c->finding;
    f->summary = sc_template_expand(a, rule->summary ? rule->summary : rule->title, c->env, NULL);
    sc_list variables = {0};
    for (const sc_binding *b = c->env; b; b = b->next) {
        bool shadowed = false;
        for (size_t i = 0; i < variables.n; i++)
            shadowed = shadowed || !strcmp(((sc_variable *)variables.items)[i].name, b->name);
        sc_variable *v = shadowed ? NULL : sc_list_add(a, &variables, sizeof *v);
        if (v) *v = (sc_variable){b->name, sc_value_text(a, &b->value, true)};
    }
    f->variables = variables.items;
    f->n_variables = variables.n;
    sc_span *fixes = sc_arena_array(a, rule->n_fixes, sizeof *fixes);
    for (size_t i = 0; fixes && i < rule->n_fixes; i++) fixes[i] = sc_template_expand(a, rule->fixes[i], c->env, NULL);
    f->fixes = fixes;
    f->n_fixes = fixes ? rule->n_fixes : 0;
}

static int compare(const sc_candidate *a, const sc_candidate *b)
{
    if (a->finding.verdict != b->finding.verdict) return a->finding.verdict > b->finding.verdict ? 1 : -1;
    if (a->finding.confidence != b->finding.confidence) return a->finding.confidence > b->finding.confidence ? 1 : -1;
    if (a->failed != b->failed) return a->failed < b->failed ? 1 : -1;
    if (a->held != b->held) return a->held > b->held ? 1 : -1;
    return 0;
}

bool sc_near_miss(const sc_candidate *c)
{
    return c->finding.verdict == SC_RULED_OUT && c->failed == 1 && c->held > 0;
}

/* A branch is over: keep it when it is the first or the best for its culprit. */
static void keep(search *s, const sc_binding *env)
{
    sc_candidate c = {.env = env};
    judge(s, &c);
    sc_span missing;
    c.finding.culprit = sc_template_expand(s->v.e->arena, s->v.rule->culprit, env, &missing);
    bool elsewhere = s->v.e->in_guest && sc_culprit_kind_of(c.finding.culprit) == SC_CULPRIT_HARDWARE;
    if (missing.n || elsewhere) c.finding.culprit = (sc_span){"", 0};
    sc_candidate *same = NULL, *list = s->candidates.items;
    for (size_t i = 0; i < s->candidates.n; i++) {
        bool apart = c.finding.verdict == SC_CONFIRMED && list[i].finding.verdict == SC_CONFIRMED &&
                     !sc_ieq(list[i].finding.culprit, c.finding.culprit);
        if (!apart && (!same || compare(&list[i], same) < 0)) same = &list[i];
    }
    if (same && compare(&c, same) <= 0) return;
    if (!same && s->candidates.n >= SC_MAX_FINDINGS) return;
    if (!same) same = sc_list_add(s->v.e->arena, &s->candidates, sizeof c);
    if (!same) return;
    if (s->v.e->explains || c.finding.verdict != SC_RULED_OUT || sc_near_miss(&c)) {
        fill_clauses(s, &c);
        fill_texts(s, &c);
    }
    *same = c;
}

static void walk(search *s, size_t depth, const sc_binding *env)
{
    if (depth == s->v.rule->n_clauses) {
        keep(s, env);
        if (s->branches_left) s->branches_left--;
        return;
    }
    size_t at = s->v.compiled->order[depth];
    sc_answer a;
    sc_clause_answer(&s->v, at, env, &a);
    s->now.truth[at] = a.truth;
    s->now.absence[at] = a.absence;
    s->now.value[at] = a.value;
    s->now.hit[at] = NULL;
    if (a.truth != SC_TRUE) {
        walk(s, depth + 1, env);
        return;
    }
    bool excludes = s->v.rule->clauses[at].effect == SC_EXCLUDES; /* what rules a rule out binds nothing for it */
    for (size_t i = 0; i < a.n_hits && (i == 0 || (a.binds && !excludes && s->branches_left)); i++) {
        s->now.truth[at] = SC_TRUE;
        s->now.hit[at] = &a.hits[i];
        walk(s, depth + 1, excludes ? env : a.hits[i].env);
    }
}

static const sc_binding *starting_environment(const sc_eval *e)
{
    static const char *const names[] = {"arg1", "arg2", "arg3", "arg4"};
    const sc_bugcheck *b = e->bugcheck;
    const sc_binding *env = NULL;
    for (int i = 3; i >= 0; i--)
        if (b->known[i])
            env = sc_variable_set(e->arena, env, names[i], (sc_value){.kind = SC_VALUE_ADDR, .i = (int64_t)b->arg[i]});
    if (b->source != SC_SOURCE_NONE)
        env = sc_variable_set(e->arena, env, "code", (sc_value){.kind = SC_VALUE_ADDR, .i = b->code});
    if (e->facts->pointer_bytes)
        env = sc_variable_set(e->arena, env, "pointer_bytes",
                              (sc_value){.kind = SC_VALUE_INT, .i = e->facts->pointer_bytes});
    return env;
}

bool sc_rule_applies(const sc_rule *rule, const sc_bugcheck *b, bool *hint)
{
    bool known = b->source != SC_SOURCE_NONE && b->source != SC_SOURCE_PROSE;
    *hint = false;
    if (rule->status != SC_STABLE) return false;
    if (rule->any_code) return true;
    if (rule->no_code) return !known;
    *hint = !known;
    if (b->source == SC_SOURCE_NONE) return true;
    for (size_t i = 0; i < rule->n_codes; i++)
        if (rule->codes[i] == b->code) return true;
    return false;
}

int sc_rule_evaluate(sc_rules *r, size_t at, const sc_eval *e, sc_candidate **out, size_t *n, sc_error *error)
{
    int rc = sc_rule_compile(r, at, error);
    if (rc) return rc;
    search *s = sc_arena_get(e->arena, sizeof *s);
    if (!s) return sc_fail(error, SC_E_NOMEM, "out of memory");
    s->v = (sc_evaluation){r, &r->knowledge->rules[at], &r->rules[at], e};
    s->branches_left = SC_MAX_BRANCHES;
    sc_rule_applies(s->v.rule, e->bugcheck, &s->hint);
    walk(s, 0, starting_environment(e));
    /* beside a confirmed candidate, weaker ones say nothing new */
    sc_candidate *list = s->candidates.items;
    size_t kept = 0;
    sc_verdict best = SC_RULED_OUT;
    for (size_t i = 0; i < s->candidates.n; i++)
        if (list[i].finding.verdict > best) best = list[i].finding.verdict;
    for (size_t i = 0; i < s->candidates.n; i++)
        if (list[i].finding.verdict == best) list[kept++] = list[i];
    *out = list;
    *n = kept;
    return SC_OK;
}
