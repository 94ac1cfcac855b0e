/* stopcode coverage [RULE...]: what could break without a sample noticing. */
#include "cli/coverage.h"

#include "kb/files.h"
#include "kb/messages.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the workers share. The flags only ever go from false to true; the tallies are under the lock. */
typedef struct survey {
    const sc_knowledge *knowledge;
    mutants mutants;
    atomic_bool *fired, *missed; /* per rule */
    pthread_mutex_t lock;
    sc_arena *arena;
    sc_list codes, commands; /* tally */
    size_t samples, variants, crashes;
} survey;

/* Judgements of all original rules on one crash. */
typedef struct worker {
    judgement *before;
} worker;

static void *begin(void *context, sc_error *error)
{
    const survey *s = context;
    worker *w = calloc(1, sizeof *w);
    if (w) w->before = calloc(s->knowledge->n_rules + 1, sizeof *w->before);
    if (w && w->before) return w;
    free(w);
    sc_fail(error, SC_E_NOMEM, "out of memory");
    return NULL;
}

static void end(void *p)
{
    worker *w = p;
    free(w->before);
    free(w);
}

/* ---- Judging ---------------------------------------------------------------------------------------------------- */

static int judge(sc_reading *r, size_t crash, size_t rule, judgement *out, sc_error *error)
{
    *out = (judgement){0};
    return sc_reading_judge(r, crash, rule, &out->findings, &out->n, error);
}

static void hide_superseded(const sc_knowledge *k, judgement *all)
{
    for (size_t i = 0; i < k->n_rules; i++) {
        if (!all[i].n || all[i].findings[0].verdict != SC_CONFIRMED) continue;
        for (size_t s = 0; s < k->rules[i].n_supersedes; s++) {
            for (size_t j = 0; j < k->n_rules; j++) {
                if (!strcmp(k->rules[j].id, k->rules[i].supersedes[s])) all[j].hidden = true;
            }
        }
    }
}

static int judge_mutant(mutants *all, size_t i, const judgements *before, sc_reading *r, size_t crash,
                        const sample_crash *expected, sc_error *error)
{
    const mutant *m = &all->list[i];
    judgement after;
    if (!before->of[m->rule].n || atomic_load(&all->noticed[i]) || atomic_load(&all->refused[i])) return SC_OK;
    bool differs;
    if (m->kind == GAP_SUPERSEDES) {
        differs = judgement_uncovers(expected, before, m->rule, m->superseded);
    } else {
        int rc = judge(r, crash, all->n_base + i, &after, error);
        if (rc == SC_E_SQL) atomic_store(&all->refused[i], true);
        if (rc) return rc == SC_E_SQL ? SC_OK : rc;
        differs = judgement_differs(expected, before, m->rule, &after);
    }
    if (differs) atomic_store(&all->noticed[i], true);
    return SC_OK;
}

static int judge_crash(survey *s, worker *w, sc_reading *r, size_t crash, const sample_crash *expected, sc_error *error)
{
    const sc_knowledge *k = s->knowledge;
    int rc = SC_OK;
    for (size_t i = 0; !rc && i < k->n_rules; i++) rc = judge(r, crash, i, &w->before[i], error);
    if (rc) return rc;
    hide_superseded(k, w->before);
    for (size_t i = 0; i < k->n_rules; i++) {
        if (judgement_fires(expected, &k->rules[i], &w->before[i])) atomic_store(&s->fired[i], true);
        if (judgement_near_miss(&w->before[i])) atomic_store(&s->missed[i], true);
    }
    judgements all = judgements_of(k, w->before);
    for (size_t i = 0; !rc && i < s->mutants.n; i++) rc = judge_mutant(&s->mutants, i, &all, r, crash, expected, error);
    return rc;
}

/* ---- Counting --------------------------------------------------------------------------------------------------- */

static tally *tally_of(survey *s, sc_list *list, sc_span name)
{
    tally *all = list->items;
    for (size_t i = 0; i < list->n; i++) {
        if (sc_eq(all[i].name, name)) return &all[i];
    }
    tally *t = sc_list_add(s->arena, list, sizeof *t);
    if (t) *t = (tally){.name = sc_arena_dup(s->arena, name), .title = ""};
    return t;
}

static tally *tally_of_code(survey *s, uint32_t code)
{
    char name[16];
    snprintf(name, sizeof name, "0x%" PRIX32, code);
    tally *t = tally_of(s, &s->codes, sc_span_z(name));
    const sc_ref_bugcheck *ref = sc_find_bugcheck(s->knowledge, code);
    if (t) {
        t->has_code = true;
        t->code = code;
        if (ref) t->title = ref->name;
    }
    return t;
}

static void count(tally *t, bool variant)
{
    if (t) *(variant ? &t->variants : &t->samples) += 1;
}

static void count_case(survey *s, const corpus_case *c, const sc_diagnosis *d)
{
    bool variant = c->variant.n != 0;
    *(variant ? &s->variants : &s->samples) += 1;
    s->crashes += d->n_crashes;
    for (size_t i = 0; i < d->n_crashes; i++) {
        const sc_bugcheck *b = &d->crashes[i].bugcheck;
        bool again = false;
        for (size_t k = 0; k < i && !again; k++) {
            const sc_bugcheck *other = &d->crashes[k].bugcheck;
            again = (other->source == SC_SOURCE_NONE) == (b->source == SC_SOURCE_NONE) && other->code == b->code;
        }
        if (again) continue;
        count(b->source == SC_SOURCE_NONE ? tally_of(s, &s->codes, SC_S("none")) : tally_of_code(s, b->code), variant);
    }
    tally *commands = s->commands.items;
    for (size_t i = 0; i < s->commands.n; i++) {
        bool shown = false;
        for (size_t k = 0; k < d->n_sections && !shown; k++)
            shown = d->sections[k].known && sc_eq(d->sections[k].command, commands[i].name);
        if (shown) count(&commands[i], variant);
    }
}

static int visit(void *context, void *w, sc_engine *e, const corpus_case *c, sc_error *error)
{
    survey *s = context;
    sc_reading *r;
    int rc = sc_reading_new(&r, e, c->paste, error);
    if (rc) return rc;
    const sc_diagnosis *d = sc_reading_view(r);
    pthread_mutex_lock(&s->lock);
    count_case(s, c, d);
    if (sc_arena_failed(s->arena)) rc = sc_fail(error, SC_E_NOMEM, "out of memory");
    pthread_mutex_unlock(&s->lock);
    for (size_t i = 0; !rc && i < d->n_crashes && i < c->n_expected; i++)
        rc = judge_crash(s, w, r, i, &c->expected[i], error);
    sc_reading_free(r);
    return rc;
}

/* Every command that a debugger knows, from the lists of all tables. */
static int add_commands(void *context, const char *name, const char *key, const char *doc, const char *commands,
                        const sc_column_info *columns, size_t n)
{
    survey *s = context;
    sc_span rest = sc_span_z(commands), command;
    (void)name, (void)key, (void)doc, (void)columns, (void)n;
    while (rest.n) {
        sc_cut(rest, ", ", &command, &rest);
        if (!sc_starts(command, "(") && !tally_of(s, &s->commands, command)) return SC_E_NOMEM;
    }
    return 0;
}

static void count_rules(survey *s)
{
    for (size_t i = 0; i < s->knowledge->n_rules; i++) {
        const sc_rule *r = &s->knowledge->rules[i];
        if (r->status != SC_STABLE) continue;
        if (r->any_code || r->no_code) {
            tally *t = tally_of(s, &s->codes, r->any_code ? SC_S("any") : SC_S("none"));
            if (t) t->rules++;
        }
        for (size_t c = 0; c < r->n_codes; c++) {
            tally *t = tally_of_code(s, r->codes[c]);
            if (t) t->rules++;
        }
    }
}

/* The documented bug checks, and what rules/<code>/index.md says about each. */
static void count_pages(survey *s, const sc_kb *kb)
{
    size_t n;
    const sc_kb_page *pages = sc_kb_pages(kb, &n);
    for (size_t i = 0; i < s->knowledge->n_bugchecks; i++) {
        tally *t = tally_of_code(s, s->knowledge->bugchecks[i].code);
        if (t) t->documented = true;
    }
    for (size_t i = 0; i < n; i++) {
        tally *t = pages[i].has_code ? tally_of_code(s, pages[i].code) : NULL;
        if (!t) continue;
        t->has_page = true;
        t->in_depth = sc_page_in_depth(&pages[i]);
    }
}

/* ---- Gaps ------------------------------------------------------------------------------------------------------- */

static gap *add_gap(survey *s, sc_list *gaps, gap_kind kind, sc_span item, const sc_rule *rule, unsigned line)
{
    gap *g = sc_list_add(s->arena, gaps, sizeof *g);
    if (g) *g = (gap){.kind = kind, .item = item, .text = SC_S(""), .file = rule ? rule->file : NULL, .line = line};
    return g;
}

static void find_gaps(survey *s, const bool *wanted, coverage *out)
{
    sc_list gaps = {0};
    for (size_t i = 0; i < s->knowledge->n_rules; i++) {
        const sc_rule *r = &s->knowledge->rules[i];
        if (r->status == SC_DRAFT) out->drafts++;
        if (r->status != SC_STABLE || (wanted && !wanted[i])) continue;
        out->rules++;
        if (atomic_load(&s->fired[i]))
            out->firing++;
        else
            add_gap(s, &gaps, GAP_FIRING, sc_span_z(r->id), r, 1);
        if (atomic_load(&s->missed[i]))
            out->near_misses++;
        else
            add_gap(s, &gaps, GAP_NEAR_MISS, sc_span_z(r->id), r, 1);
    }
    for (size_t i = 0; i < s->mutants.n; i++) {
        const mutant *m = &s->mutants.list[i];
        const sc_rule *r = &s->knowledge->rules[m->rule];
        mutant_count *count = &out->mutants[m->kind];
        count->tried++;
        if (atomic_load(&s->mutants.refused[i])) {
            count->refused++;
        } else if (atomic_load(&s->mutants.noticed[i])) {
            count->noticed++;
        } else {
            gap *g = add_gap(s, &gaps, m->kind, m->item, r, m->clause == NO_CLAUSE ? 1 : r->clauses[m->clause].line);
            if (g) g->text = m->text;
        }
    }
    for (size_t i = 0; !wanted && i < out->n_codes; i++) {
        if (out->codes[i].has_code && out->codes[i].rules && !out->codes[i].samples)
            add_gap(s, &gaps, GAP_CODE, out->codes[i].name, NULL, 0);
    }
    for (size_t i = 0; !wanted && i < out->n_commands; i++) {
        if (!out->commands[i].samples && !out->commands[i].variants)
            add_gap(s, &gaps, GAP_COMMAND, out->commands[i].name, NULL, 0);
    }
    out->gaps = gaps.items;
    out->n_gaps = gaps.n;
}

/* By number, then "any" and "none". */
static int by_code(const void *a, const void *b)
{
    const tally *x = a, *y = b;
    if (x->has_code != y->has_code) return x->has_code ? -1 : 1;
    if (x->code != y->code) return x->code < y->code ? -1 : 1;
    return sc_cmp(x->name, y->name);
}

static int by_name(const void *a, const void *b)
{
    return sc_icmp(((const tally *)a)->name, ((const tally *)b)->name);
}

static void sum_up(survey *s, const bool *wanted, coverage *out)
{
    count_rules(s);
    *out = (coverage){.knowledge = s->knowledge,
                      .samples = s->samples,
                      .variants = s->variants,
                      .crashes = s->crashes,
                      .codes = s->codes.items,
                      .n_codes = s->codes.n,
                      .commands = s->commands.items,
                      .n_commands = s->commands.n,
                      .partial = wanted != NULL};
    if (out->n_codes) qsort(out->codes, out->n_codes, sizeof *out->codes, by_code);
    if (out->n_commands) qsort(out->commands, out->n_commands, sizeof *out->commands, by_name);
    find_gaps(s, wanted, out);
}

/* ---- The command ------------------------------------------------------------------------------------------------ */

/* Which rules were asked for: NULL for all. */
static int read_operands(const cli *c, sc_arena *a, const sc_knowledge *k, bool **wanted)
{
    *wanted = NULL;
    if (!c->n) return CLI_OK;
    bool *list = sc_arena_array(a, k->n_rules + 1, sizeof *list);
    if (!list) return cli_fail("out of memory");
    for (int i = 0; i < c->n; i++) {
        sc_nearest near = sc_nearest_to(sc_span_z(c->operands[i]));
        bool found = false;
        for (size_t r = 0; r < k->n_rules; r++) {
            sc_nearest_try(&near, k->rules[r].id);
            if (sc_ieq_z(sc_span_z(c->operands[i]), k->rules[r].id)) found = list[r] = true;
        }
        if (!found) return cli_fail("there is no rule \"%s\"%s", c->operands[i], sc_nearest_hint(&near, a));
    }
    *wanted = list;
    return CLI_OK;
}

static int write_table(sc_arena *a, const char *path, const coverage *c)
{
    sc_buf out = {0};
    sc_error error = {0};
    coverage_put_table(&out, c);
    int rc = out.failed ? sc_fail(&error, SC_E_NOMEM, "out of memory")
                        : sc_file_write(a, path, out.p, out.n, NULL, &error);
    sc_buf_free(&out);
    return rc ? cli_fail("%s: %s", path, error.text) : CLI_OK;
}

static int tell(const cli *c, sc_arena *a, const coverage *out, const ratchet *r)
{
    sc_buf text = {0};
    size_t fresh = coverage_new_gaps(out), stale = coverage_stale_gaps(out);
    bool update = c->value[CLI_UPDATE], force = c->value[CLI_FORCE];
    int status = CLI_OK;
    if (update && (stale || (fresh && force))) status = ratchet_write(a, r, out->gaps, out->n_gaps, force);
    if (!status && c->value[CLI_TABLE]) status = write_table(a, c->value[CLI_TABLE], out);
    if (status) return status;
    if (!c->value[CLI_JSON]) {
        coverage_put_text(&text, out);
        if (update && stale) sc_buf_printf(&text, "%s: %zu lines less\n", r->path, stale);
        if (update && fresh && force) sc_buf_printf(&text, "%s: %zu lines more\n", r->path, fresh);
    } else if (!coverage_put_json(&text, out)) {
        text.failed = true;
    }
    status = cli_put(&text);
    if (!status && ((fresh && !(update && force)) || (stale && !update))) status = CLI_NO;
    return status;
}

static int run(cli *c)
{
    unsigned jobs;
    if (!corpus_jobs(c, &jobs)) return CLI_ERROR;
    if (c->value[CLI_FORCE] && !c->value[CLI_UPDATE]) return cli_fail("--force goes with --update");
    if (c->n && (c->value[CLI_UPDATE] || c->value[CLI_TABLE]))
        return cli_fail("--update and --table are about all rules: name none");
    sc_kb *kb = NULL;
    corpus k = {0};
    sc_arena *a = sc_arena_new(0);
    int status = a ? cli_open_kb(c, &kb) : cli_fail("out of memory");
    if (!status) status = corpus_open(c, a, sc_kb_knowledge(kb), &k);
    survey s = {.arena = a, .lock = PTHREAD_MUTEX_INITIALIZER};
    bool *wanted = NULL;
    ratchet r = {0};
    if (!status) {
        s.knowledge = sc_kb_knowledge(kb);
        status = read_operands(c, a, s.knowledge, &wanted);
    }
    if (!status) status = ratchet_read(a, sc_arena_printf(a, "%s/coverage.tsv", k.root).p, &r);
    if (!status) {
        s.fired = sc_arena_array(a, s.knowledge->n_rules + 1, sizeof *s.fired);
        s.missed = sc_arena_array(a, s.knowledge->n_rules + 1, sizeof *s.missed);
        bool made = s.fired && s.missed && mutants_make(a, s.knowledge, wanted, &s.mutants);
        if (!made || sc_tables(add_commands, &s)) status = cli_fail("out of memory");
    }
    if (!status) {
        corpus_job job = {.knowledge = &s.mutants.knowledge, .context = &s, .begin = begin, .end = end, .visit = visit};
        status = corpus_run(&k, &job, jobs);
    }
    if (!status) {
        coverage out;
        count_pages(&s, kb);
        sum_up(&s, wanted, &out);
        ratchet_match(&r, out.gaps, out.n_gaps);
        out.ratchet = &r;
        status = sc_arena_failed(a) ? cli_fail("out of memory") : tell(c, a, &out, &r);
    }
    sc_arena_free(a);
    sc_kb_close(kb);
    return status;
}

const cli_command cli_coverage = {
    .name = "coverage",
    .operands = "[RULE...]",
    .summary = "what could break in the rules without a sample noticing",
    .text = "Every stable rule is broken in memory, one place at a time, and every sample is judged again: clauses,\n"
            "supports and excludes, values of parameters, patterns of stacks, culprits and superseded rules are taken\n"
            "away, queries find nothing, each of their conditions always holds or is joined by OR instead of AND,\n"
            "confidences change. What no sample notices is a gap. So is a rule that no sample confirms, or that none\n"
            "misses by one clause, a bug check with rules, and a debugger command, without a sample.\n"
            "CORPUS/coverage.tsv lists the gaps that are known: a gap that is not listed, or a listed one that is\n"
            "closed, is exit status 1.",
    .examples = "stopcode coverage\nstopcode coverage 0x9F/pnp-lock-held\nstopcode coverage --update\n"
                "stopcode coverage --table docs/coverage.md",
    .options = (const cli_option[]){CLI_CORPUS, CLI_FORCE, CLI_JOBS, CLI_JSON, CLI_KB, CLI_TABLE, CLI_UPDATE, CLI_END},
    .most = -1,
    .run = run,
};
