/* stopcode test [PATH|RULE...]: the regression samples. */
#include "cli/choose.h"
#include "cli/cli.h"
#include "cli/sample.h"
#include "cli/test_report.h"

#include "kb/files.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAX_JOBS 64u

/* What the threads share. Only the atomics change while they run; each outcome belongs to one thread, and so do the
 * entries of the lists about its sample. */
typedef struct run {
    const sc_knowledge *knowledge;
    const char *const *paths;
    size_t n;
    const char *const *rules; /* only samples that name one of these; none: all */
    size_t n_rules;
    bool whole;             /* the whole corpus: the lists beside it can be checked too */
    size_t *order;          /* indices of paths, the largest first */
    test_outcome *outcomes; /* by path, and one more for the lists */
    bool damage, progress;
    damage_lists lists;
    atomic_size_t next, done, diagnoses;
    atomic_bool broken; /* an engine could not be made */
} run_state;

/* ---- Testing one ------------------------------------------------------------------------------------------------ */

static void note(test_outcome *o, bool ok, const char *path, sc_span variant, sc_span report)
{
    sc_buf name = {0};
    sc_buf_z(&name, path);
    if (variant.n) sc_buf_printf(&name, ", %.*s", SC_F(variant));
    test_note(o, ok, sc_buf_view(&name), report);
    if (name.failed) o->cases.failed = true;
    sc_buf_free(&name);
}

/* What is marked todo is expected to fail; when it passes the mark is wrong. */
static void note_todo(test_outcome *o, bool ok, const char *path, sc_span variant, sc_span todo, sc_span report)
{
    sc_buf name = {0}, passes = {0};
    if (!todo.n) {
        note(o, ok, path, variant, report);
        return;
    }
    sc_buf_printf(&name, "%.*s%stodo: %.*s", SC_F(variant), variant.n ? ", " : "", SC_F(todo));
    sc_buf_printf(&passes, "  it passes now; the mark can go: stopcode accept %s\n", path);
    note(o, !ok, path, sc_buf_view(&name), sc_buf_view(&passes));
    o->todo += !ok;
    if (name.failed || passes.failed) o->cases.failed = true;
    sc_buf_free(&name);
    sc_buf_free(&passes);
}

static void test_variant(sc_engine *e, const sample *s, const sample_variant *v, const sc_diagnosis *whole,
                         test_outcome *o)
{
    sc_buf paste = {0}, report = {0};
    sc_error error = {0};
    sc_diagnosis *d = NULL;
    size_t differences = 1;
    int rc = sample_edit(s, v, whole, &paste, &error);
    if (!rc) rc = sc_diagnose(e, sc_buf_view(&paste), &d, &error);
    if (rc)
        sc_buf_printf(&report, "  %s\n", error.text);
    else
        differences = sample_compare(v->crashes, v->n_crashes, d, e, sc_buf_view(&paste), &report);
    note_todo(o, !differences && !report.failed, s->path, v->name, v->todo, sc_buf_view(&report));
    sc_diagnosis_free(d);
    sc_buf_free(&paste);
    sc_buf_free(&report);
}

/* What a sample is called in known-damage.tsv: "0x9F/zte-modem" of "corpus/0x9F/zte-modem.txt". */
static sc_span name_of(const char *path)
{
    sc_span s = sc_span_z(path);
    if (sc_ends(s, ".txt")) s.n -= 4;
    size_t slash = sc_rfind_char(s, '/');
    size_t folder = slash == SC_NPOS ? SC_NPOS : sc_rfind_char(sc_span_sub(s, 0, slash), '/');
    return folder == SC_NPOS ? s : sc_span_from(s, folder + 1);
}

static void test_damage(run_state *r, sc_engine *e, const sample *s, const sc_diagnosis *whole, test_outcome *o)
{
    char name[64];
    if (damage_run(e, name_of(s->path), s->text, whole, &r->lists, &o->damage)) o->cases.failed = true;
    snprintf(name, sizeof name, "%zu damaged variants", o->damage.variants);
    if (o->damage.failed)
        sc_buf_z(&o->damage.report, "  to see one: stopcode test --show-damage VARIANT FILE\n"
                                    "  one that is not to be cured now: an entry in known-damage.tsv of the corpus\n");
    note(o, !o->damage.failed, s->path, sc_span_z(name), sc_buf_view(&o->damage.report));
    if (o->damage.report.failed) o->cases.failed = true;
}

static void test_sample(run_state *r, sc_engine *e, const char *path, test_outcome *o)
{
    sc_arena *a = sc_arena_new(0);
    sample s = {.path = path};
    sc_buf report = {0};
    sc_error error = {0};
    sc_reporter reporter = {.report = cli_report, .context = &report};
    sc_diagnosis *d = NULL;
    int rc = a ? sample_read(a, path, r->knowledge, &s, &reporter, &error)
               : sc_fail(&error, SC_E_NOMEM, "out of memory");
    bool wanted = !r->n_rules || rc;
    for (size_t i = 0; i < r->n_rules && !wanted; i++) wanted = sample_names_rule(&s, sc_span_z(r->rules[i]));
    if (!wanted) {
        o->left_out = true;
        goto done;
    }
    if (!rc) rc = sc_diagnose(e, s.text, &d, &error);
    if (rc) {
        sc_buf_printf(&report, "  %s\n", error.text);
        note(o, false, path, SC_S(""), sc_buf_view(&report));
        goto done;
    }
    bool same = !sample_compare(s.crashes, s.n_crashes, d, e, s.text, &report);
    note_todo(o, same && !report.failed, path, SC_S(""), s.todo, sc_buf_view(&report));
    for (size_t i = 0; i < s.variants.n; i++) test_variant(e, &s, (const sample_variant *)s.variants.items + i, d, o);
    if (r->damage) test_damage(r, e, &s, d, o);
done:
    sc_diagnosis_free(d);
    sc_arena_free(a);
    sc_buf_free(&report);
}

static void *work(void *shared)
{
    run_state *r = shared;
    sc_engine *e = NULL;
    if (sc_engine_new(&e, r->knowledge, NULL)) {
        atomic_store(&r->broken, true);
        return NULL;
    }
    for (size_t at; (at = atomic_fetch_add(&r->next, 1)) < r->n;) {
        size_t i = r->order[at];
        test_sample(r, e, r->paths[i], &r->outcomes[i]);
        size_t done = atomic_fetch_add(&r->done, 1) + 1;
        size_t diagnoses = atomic_fetch_add(&r->diagnoses, r->outcomes[i].damage.diagnoses);
        if (r->progress) fprintf(stderr, "\r%zu of %zu samples, %zu diagnoses ", done, r->n, diagnoses + done);
    }
    sc_engine_free(e);
    return NULL;
}

typedef struct sized {
    size_t at;
    uint64_t size;
} sized;

static int by_size(const void *a, const void *b)
{
    const sized *x = a, *y = b;
    if (x->size != y->size) return x->size > y->size ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* The largest first, so that no thread is left with a long one at the end. */
static bool order_samples(run_state *r)
{
    sized *list = calloc(r->n + 1, sizeof *list);
    r->order = calloc(r->n + 1, sizeof *r->order);
    for (size_t i = 0; list && i < r->n; i++) list[i] = (sized){i, sc_file_look(r->paths[i]).size};
    if (list) qsort(list, r->n, sizeof *list, by_size);
    for (size_t i = 0; list && r->order && i < r->n; i++) r->order[i] = list[i].at;
    free(list);
    return list && r->order;
}

/* The calling thread works too, so that a machine without a second one, or without threads, still gets through. */
static void work_together(run_state *r, unsigned jobs)
{
    pthread_t threads[MAX_JOBS];
    unsigned started = 0;
    while (started + 1 < jobs && started + 1 < r->n && !pthread_create(&threads[started], NULL, work, r)) started++;
    work(r);
    while (started) pthread_join(threads[--started], NULL);
    if (r->progress) fprintf(stderr, "\r\033[K");
}

/* ---- The lists beside the samples ------------------------------------------------------------------------------- */

static bool was_tested(const run_state *r, sc_span name)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->outcomes[i].damage.variants && sc_eq(name_of(r->paths[i]), name)) return true;
    return false;
}

/* Entries of what does not happen any more: of the samples that were tested, and of those that are gone. */
static void check_known(run_state *r, test_outcome *o)
{
    sc_buf report = {0};
    for (size_t i = 0; i < r->lists.n_known; i++) {
        const damage_known *k = &r->lists.known[i];
        if (!k->seen && (r->whole || was_tested(r, k->sample)))
            sc_buf_printf(&report, "  line %u: %.*s, %.*s: \"%.*s\" does not happen; take the entry out\n", k->line,
                          SC_F(k->sample), SC_F(k->variant), SC_F(k->what));
    }
    if (report.n || r->whole) note(o, !report.n, r->lists.known_path, SC_S(""), sc_buf_view(&report));
    if (report.failed) o->cases.failed = true;
    sc_buf_free(&report);
}

static void check_ratchet(const run_state *r, const damage_result *sum, test_outcome *o)
{
    sc_buf report = {0};
    size_t better;
    size_t faults = damage_ratchet_check(&r->lists, sum->share, &better, &report);
    if (faults)
        sc_buf_z(&report, "  if that is right, as with a new sample: stopcode test --update-damage\n");
    else if (better)
        cli_say("%zu kinds of damage are survived better than %s says; stopcode test --update-damage keeps that",
                better, r->lists.ratchet_path);
    note(o, !faults, r->lists.ratchet_path, SC_S(""), sc_buf_view(&report));
    if (report.failed) o->cases.failed = true;
    sc_buf_free(&report);
}

static int write_file(const char *path, sc_buf *text)
{
    sc_error error = {0};
    sc_arena *a = sc_arena_new(0);
    int rc = !a || text->failed ? sc_fail(&error, SC_E_NOMEM, "out of memory")
                                : sc_file_write(a, path, text->p, text->n, NULL, &error);
    sc_arena_free(a);
    sc_buf_free(text);
    return rc ? cli_fail("%s: %s", path, error.text) : CLI_OK;
}

static int finish_lists(const cli *c, run_state *r)
{
    test_outcome *o = &r->outcomes[r->n];
    damage_result sum;
    test_sum_damage(&sum, r->outcomes, r->n);
    if (!r->damage || !sum.variants) return CLI_OK;
    if (r->lists.has_known) check_known(r, o);
    if (c->value[CLI_UPDATE_DAMAGE]) {
        sc_buf text = {0};
        damage_ratchet_put(sum.share, &text);
        return write_file(r->lists.ratchet_path, &text);
    }
    if (r->lists.has_ratchet && r->whole) check_ratchet(r, &sum, o);
    return CLI_OK;
}

/* ---- Telling ---------------------------------------------------------------------------------------------------- */

/* The table, as comments in TAP. */
static void put_damage(const cli *c, const run_state *r, double seconds, sc_buf *out)
{
    damage_result sum;
    sc_buf table = {0};
    sc_span rest, line;
    test_sum_damage(&sum, r->outcomes, r->n);
    damage_put_table(&sum, &table);
    sc_buf_printf(&table, "%zu variants, %zu diagnoses, %.1f s (%.1f s of processors), %.0f diagnoses per second\n",
                  sum.variants, sum.diagnoses, seconds, sum.cpu, seconds > 0 ? (double)sum.diagnoses / seconds : 0.0);
    for (rest = sc_buf_view(&table); rest.n;) {
        sc_cut(rest, "\n", &line, &rest);
        sc_buf_printf(out, "%s%.*s\n", c->value[CLI_TAP] ? "# " : "", SC_F(line));
    }
    if (table.failed) out->failed = true;
    sc_buf_free(&table);
}

/* Who tests a draft may wonder why nothing happens. */
static void tell_status(const run_state *r)
{
    for (size_t i = 0; i < r->n_rules; i++)
        for (size_t k = 0; k < r->knowledge->n_rules; k++) {
            const sc_rule *rule = &r->knowledge->rules[k];
            if (!strcmp(rule->id, r->rules[i]) && rule->status != SC_STABLE)
                cli_say("%s is %s: `status: stable` in its head makes it count", rule->id,
                        rule->status == SC_DRAFT ? "a draft" : "retired");
        }
}

static int tell(const cli *c, const run_state *r, double seconds)
{
    sc_buf out = {0}, junit = {0};
    size_t passed = 0, failed = 0, n = r->n + 1;
    for (size_t i = 0; i < n; i++) {
        passed += r->outcomes[i].passed;
        failed += r->outcomes[i].failed;
    }
    if (c->value[CLI_DAMAGE_REPORT]) put_damage(c, r, seconds, &out);
    if (c->value[CLI_TAP])
        test_put_tap(&out, r->outcomes, n);
    else
        test_put_text(&out, r->outcomes, n);
    int status = cli_put(&out);
    if (!status && c->value[CLI_JUNIT]) {
        test_put_junit(&junit, r->outcomes, n);
        status = write_file(c->value[CLI_JUNIT], &junit);
    }
    if (status) return status;
    if (!passed && !failed) return cli_fail(r->n ? "no sample names that rule" : "there are no samples");
    if (failed && !c->value[CLI_TAP]) cli_say("where what came out is right: stopcode accept -i takes it over");
    tell_status(r);
    return failed ? CLI_NO : CLI_OK;
}

/* --show-damage: one damaged paste of one sample. */
static int show(const cli *c, const run_state *r)
{
    const char *name = c->value[CLI_SHOW_DAMAGE];
    sc_buf text = {0}, out = {0};
    sc_error error = {0};
    sc_engine *e = NULL;
    sc_diagnosis *d = NULL;
    if (r->n != 1) return cli_fail("--show-damage wants one sample, not %zu", r->n);
    int rc = cli_read(r->paths[0], &text, &error);
    if (!rc) rc = sc_engine_new(&e, r->knowledge, &error);
    if (!rc) rc = sc_diagnose(e, sc_buf_view(&text), &d, &error);
    int status = CLI_OK;
    if (rc)
        status = cli_fail("%s: %s", r->paths[0], error.text);
    else if (damage_show(sc_buf_view(&text), d, name, &out))
        status = cli_put(&out);
    else
        status = cli_fail(
            "%s has no variant \"%s\"; they are numbered, as \"chop-line 3\", and --damage-report lists the kinds",
            r->paths[0], name);
    sc_buf_free(&out);
    sc_buf_free(&text);
    sc_diagnosis_free(d);
    sc_engine_free(e);
    return status;
}

static bool wants_progress(void)
{
    const char *term = getenv("TERM");
    return isatty(STDERR_FILENO) && !(term && !strcmp(term, "dumb"));
}

static int test(const cli *c, run_state *r, unsigned jobs)
{
    struct timespec start, end;
    r->damage = !c->value[CLI_NO_DAMAGE];
    if (c->value[CLI_UPDATE_DAMAGE] && !(r->whole && r->damage))
        return cli_fail("--update-damage wants the whole corpus with its damage: no operands, no --no-damage");
    r->progress = wants_progress();
    r->outcomes = calloc(r->n + 1, sizeof *r->outcomes);
    if (!r->outcomes || !order_samples(r)) return cli_fail("out of memory");
    clock_gettime(CLOCK_MONOTONIC, &start);
    work_together(r, jobs);
    clock_gettime(CLOCK_MONOTONIC, &end);
    if (atomic_load(&r->broken)) return cli_fail("the engine cannot be started");
    int status = finish_lists(c, r);
    if (status) return status;
    return tell(c, r, (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec));
}

/* What to test, and what is known about it. */
static int prepare(const cli *c, run_state *r, sc_arena *a)
{
    sample_choice choice;
    sc_error error = {0};
    if (!a) return cli_fail("out of memory");
    int status = cli_choose_samples(c, a, r->knowledge, &choice);
    if (status) return status;
    r->paths = choice.paths.items;
    r->n = choice.paths.n;
    r->rules = choice.rules.items;
    r->n_rules = choice.rules.n;
    r->whole = !c->n;
    const char *corpus = c->value[CLI_NO_DAMAGE] ? NULL : cli_find_corpus(c, a);
    if (corpus && damage_lists_read(&r->lists, a, corpus, &error)) return cli_fail("%s", error.text);
    return sc_arena_failed(a) ? cli_fail("out of memory") : CLI_OK;
}

static int run(cli *c)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned jobs, usual = processors < 1 ? 1 : processors > 16 ? 16 : (unsigned)processors;
    if (!cli_number(c, CLI_JOBS, 1, MAX_JOBS, usual, &jobs)) return CLI_ERROR;
    run_state r = {0};
    sc_kb *kb = NULL;
    int status = cli_open_kb(c, &kb);
    if (status) return status;
    r.knowledge = sc_kb_knowledge(kb);
    sc_arena *a = sc_arena_new(0);
    status = prepare(c, &r, a);
    if (!status) status = c->value[CLI_SHOW_DAMAGE] ? show(c, &r) : test(c, &r, jobs);
    for (size_t i = 0; r.outcomes && i <= r.n; i++) test_outcome_free(&r.outcomes[i]);
    free(r.order);
    free(r.outcomes);
    sc_arena_free(a);
    sc_kb_close(kb);
    return status;
}

const cli_command cli_test = {
    .name = "test",
    .operands = "[PATH|RULE...]",
    .summary = "run the regression samples: all, some files and folders, or those that name a rule",
    .text = "A sample is corpus/<folder>/<slug>.txt, what a person pasted, with <slug>.yaml beside it, what must come\n"
            "out: the crashes, the rules that are confirmed (nothing else may be), the culprit, open rules, commands\n"
            "asked for, and variants. Each is also diagnosed damaged in some hundred ways, as pastes are: wrapped,\n"
            "quoted, through a web page, cut off, without one of its sections. Its verdict must hold or fall back to\n"
            "open, and never flip. Exit status 1 when something fails.",
    .examples =
        "stopcode test\nstopcode test corpus/0x9F\nstopcode test --no-damage 0x9F/pnp-lock-held\n"
        "stopcode test --tap --junit results.xml\nstopcode test --damage-report\n"
        "stopcode test --show-damage \"slap-line 3\" corpus/0x9F/zte-modem.txt | stopcode why 0x9F/pnp-lock-held -",
    .options = (const cli_option[]){CLI_CORPUS, CLI_JOBS, CLI_TAP, CLI_JUNIT, CLI_NO_DAMAGE, CLI_DAMAGE_REPORT,
                                    CLI_UPDATE_DAMAGE, CLI_SHOW_DAMAGE, CLI_KB, CLI_END},
    .most = -1,
    .run = run,
};
