/* What to run next: commands ordered by how much each would settle. */
#include "engine/diagnosis.h"

#include <stdlib.h>
#include <string.h>

typedef struct plan_entry {
    sc_ask ask;
    sc_list rules;
    double weight;
    size_t order; /* of first mention: ties keep it */
} plan_entry;

/* First address of a command's arguments, the thing that it is about. */
static bool first_address(sc_span args, uint64_t *out)
{
    sc_scan c = sc_scan_of(args);
    for (sc_span word; sc_word(&c, &word);)
        if (sc_span_addr(word, out, NULL)) return true;
    return false;
}

static sc_span first_word(sc_span args)
{
    sc_scan c = sc_scan_of(args);
    sc_span word = {"", 0};
    sc_word(&c, &word);
    return word;
}

/* The paste already holds the whole output of this command. */
static bool already_held(const sc_facts *f, sc_span ask)
{
    const sc_transcript *t = f->transcript;
    const sc_crash_range *crash = &t->crashes[f->crash];
    uint64_t processor = 0;
    size_t blank = 0, digits = 0;
    while (digits < ask.n && sc_is_digit(ask.p[digits])) digits++; /* `2kv`: of processor 2 */
    bool one_processor = digits > 0 && sc_span_dec(sc_span_sub(ask, 0, digits), &processor);
    ask = sc_span_from(ask, digits);
    while (blank < ask.n && !sc_is_blank(ask.p[blank]) && ask.p[blank] != '=') blank++;
    sc_span name = sc_span_sub(ask, 0, blank), args = sc_trim(sc_span_from(ask, blank));
    const sc_command *command = sc_find_command(name);
    uint64_t wanted = 0, had = 0;
    bool about = first_address(args, &wanted);
    for (size_t i = 0; i < crash->n_sections; i++) {
        const sc_section *s = &t->sections[crash->first_section + i];
        if (!s->complete || !(command ? s->command == command : sc_ieq(s->name, name))) continue;
        if (one_processor && (s->processor < 0 || (uint64_t)s->processor != processor)) continue;
        if (about ? first_address(s->args, &had) && had == wanted : sc_ieq(first_word(s->args), first_word(args)))
            return true;
    }
    return false;
}

/* "The kernel stack ran out: pointer past limit" */
static sc_span why_text(sc_arena *a, const sc_finding *f, const char *clause)
{
    sc_buf text = {0};
    sc_buf_printf(&text, "%s: ", f->rule->title);
    for (const char *p = clause; *p; p++) sc_buf_char(&text, *p == '-' ? ' ' : *p);
    sc_span why = sc_arena_dup(a, sc_buf_view(&text));
    sc_buf_free(&text);
    return why;
}

static void add(const sc_eval *e, sc_list *plan, const sc_clause_result *r, const sc_finding *f, double weight)
{
    if (!r->ask.n || already_held(e->facts, r->ask)) return;
    plan_entry *p = NULL;
    for (size_t i = 0; i < plan->n && !p; i++)
        if (sc_ieq(((plan_entry *)plan->items)[i].ask.command, r->ask)) p = (plan_entry *)plan->items + i;
    if (!p) {
        p = sc_list_add(e->arena, plan, sizeof *p);
        if (!p) return;
        p->order = plan->n;
        p->ask.command = r->ask;
        p->ask.why = why_text(e->arena, f, r->clause->name);
    }
    p->weight += weight;
    for (size_t i = 0; i < p->rules.n; i++)
        if (!strcmp(((const char **)p->rules.items)[i], f->rule->id)) return;
    const char **rule = sc_list_add(e->arena, &p->rules, sizeof *rule);
    if (rule) *rule = f->rule->id;
}

/* Unknown clauses of an open rule share its weight; a rule that is nearly decided counts more. Advice counts least. */
static double finding_weight(const sc_finding *f, unsigned unknown)
{
    double tier = f->rule->tier == SC_ADVICE ? 0.25 : f->rule->tier == SC_BLAME ? 0.75 : 1.0;
    return tier / (unknown ? unknown : 1);
}

/* Where no rule has anything to go on, the debugger's own analysis is what to see first. Advice explains nothing. */
static void ask_for_analysis(const sc_eval *e, const sc_candidate *candidates, size_t n, sc_list *plan)
{
    for (size_t i = 0; i < n; i++) {
        const sc_finding *f = &candidates[i].finding;
        if (f->verdict != SC_RULED_OUT && f->rule->tier != SC_ADVICE) return;
    }
    if (already_held(e->facts, SC_S("!analyze -v"))) return;
    plan_entry *p = sc_list_add(e->arena, plan, sizeof *p);
    if (!p) return;
    p->ask.command = SC_S("!analyze -v");
    p->ask.why = SC_S("it shows the parameters, the stack and the driver involved");
    p->weight = 1e9;
}

static int by_weight(const void *a, const void *b)
{
    const plan_entry *x = a, *y = b;
    if (x->weight > y->weight) return -1;
    if (x->weight < y->weight) return 1;
    return (x->order > y->order) - (x->order < y->order);
}

void sc_plan_asks(const sc_eval *e, const sc_candidate *candidates, size_t n, sc_crash *out)
{
    sc_list plan = {0};
    for (size_t i = 0; i < n; i++) {
        const sc_finding *f = &candidates[i].finding;
        if (f->superseded || f->verdict == SC_RULED_OUT) continue;
        unsigned unknown = 0, held = candidates[i].held;
        for (size_t j = 0; j < f->n_clauses; j++)
            unknown += f->clauses[j].truth == SC_UNKNOWN && f->clauses[j].clause->effect == SC_REQUIRES;
        for (size_t j = 0; j < f->n_clauses; j++) {
            const sc_clause_result *r = &f->clauses[j];
            if (r->truth != SC_UNKNOWN) continue;
            sc_effect effect = r->clause->effect;
            double weight = finding_weight(f, unknown);
            bool surer = effect == SC_EXCLUDES || r->clause->supports > f->confidence;
            if (f->verdict == SC_CONFIRMED)
                weight *= surer ? 2 : 1.5; /* a held diagnosis comes before what may be */
            else if (effect != SC_REQUIRES)
                weight *= 0.25;
            else
                weight *= (double)held / (held + unknown);
            add(e, &plan, r, f, weight);
        }
    }
    ask_for_analysis(e, candidates, n, &plan);
    if (!plan.n) return;
    qsort(plan.items, plan.n, sizeof(plan_entry), by_weight);
    sc_ask *asks = sc_arena_array(e->arena, plan.n, sizeof *asks);
    if (!asks) return;
    for (size_t i = 0; i < plan.n; i++) {
        plan_entry *p = (plan_entry *)plan.items + i;
        asks[i] = p->ask;
        asks[i].settles = p->rules.items;
        asks[i].n_settles = p->rules.n;
    }
    out->asks = asks;
    out->n_asks = plan.n;
}
