/* stopcode test [PATH|RULE...]: the regression samples. */
#include "cli/cli.h"
#include "cli/sample.h"

#include "engine/render/layout.h"
#include "kb/messages.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DEPTH 8u /* of folders in the corpus */
#define MAX_JOBS 64u

/* One sample: its own paste is the first case, each variant one more. */
typedef struct outcome {
    sc_buf cases;  /* a line per case: "ok\tname\n" or "no\tname\n" */
    sc_buf report; /* what people read about the cases that failed */
    size_t passed, failed;
    bool left_out; /* not about the rule that was asked for */
} outcome;

/* What the threads share. Only `next` changes while they run, and each outcome belongs to one thread. */
typedef struct run {
    const sc_knowledge *knowledge;
    char **paths;
    size_t n, capacity;
    sc_span rules[MAX_JOBS]; /* only samples that name one of these; none: all */
    size_t n_rules;
    outcome *outcomes;
    atomic_size_t next;
    atomic_bool broken; /* an engine could not be made */
} run_state;

/* ---- Which samples ---------------------------------------------------------------------------------------------- */

static int add_path(run_state *r, const char *path)
{
    if (r->n == r->capacity) {
        size_t capacity = r->capacity ? r->capacity * 2 : 64;
        char **paths = realloc(r->paths, capacity * sizeof *paths);
        if (!paths) return cli_fail("out of memory");
        r->paths = paths;
        r->capacity = capacity;
    }
    r->paths[r->n] = strdup(path);
    return r->paths[r->n++] ? CLI_OK : cli_fail("out of memory");
}

static bool is_folder(const char *path)
{
    struct stat st;
    return !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* "x/y.yaml" stands for "x/y.txt". */
static int add_file(run_state *r, const char *path)
{
    sc_buf paste = {0};
    sc_span s = sc_span_z(path);
    if (sc_ends(s, ".yaml"))
        s = sc_span_sub(s, 0, s.n - 5);
    else if (sc_ends(s, ".txt"))
        s = sc_span_sub(s, 0, s.n - 4);
    else
        return cli_fail("%s: a sample is a .txt file with a .yaml file beside it", path);
    sc_buf_printf(&paste, "%.*s.txt", SC_F(s));
    int status = paste.failed ? cli_fail("out of memory") : add_path(r, paste.p);
    sc_buf_free(&paste);
    return status;
}

static int add_folder(run_state *r, const char *folder, unsigned depth)
{
    int status = CLI_OK;
    DIR *dir = depth < MAX_DEPTH ? opendir(folder) : NULL;
    if (!dir) return cli_fail("%s: the folder cannot be read", folder);
    for (struct dirent *d; !status && (d = readdir(dir));) {
        if (d->d_name[0] == '.') continue;
        sc_buf path = {0};
        sc_buf_printf(&path, "%s/%s", folder, d->d_name);
        sc_span name = sc_buf_view(&path);
        if (path.failed)
            status = cli_fail("out of memory");
        else if (is_folder(path.p))
            status = add_folder(r, path.p, depth + 1);
        else if (sc_ends(name, ".txt") || sc_ends(name, ".yaml"))
            status = add_file(r, path.p);
        sc_buf_free(&path);
    }
    closedir(dir);
    return status;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_paths(run_state *r)
{
    size_t kept = 0;
    if (r->n) qsort(r->paths, r->n, sizeof *r->paths, by_path);
    for (size_t i = 0; i < r->n; i++) { /* each sample is named by two files */
        if (kept && !strcmp(r->paths[kept - 1], r->paths[i]))
            free(r->paths[i]);
        else
            r->paths[kept++] = r->paths[i];
    }
    r->n = kept;
}

/* corpus/ in the source tree that this folder belongs to. */
static int add_corpus(const cli *c, run_state *r)
{
    sc_buf path = {0};
    if (c->value[CLI_CORPUS]) {
        sc_buf_z(&path, c->value[CLI_CORPUS]);
    } else if (is_folder("corpus")) {
        sc_buf_z(&path, "corpus");
    } else if (cli_find_source(&path, ".")) {
        sc_buf_z(&path, "/corpus");
    } else {
        sc_buf_free(&path);
        return cli_fail("there is no corpus/ here or above; name one with --corpus");
    }
    int status = path.failed ? cli_fail("out of memory") : add_folder(r, path.p, 0);
    sc_buf_free(&path);
    return status;
}

static int choose_samples(const cli *c, run_state *r)
{
    bool named = false;
    for (int i = 0; i < c->n; i++) {
        const char *word = c->operands[i];
        int status;
        if (!access(word, F_OK)) {
            status = is_folder(word) ? add_folder(r, word, 0) : add_file(r, word);
            named = true;
        } else {
            sc_nearest near = sc_nearest_to(sc_span_z(word));
            const char *rule = NULL;
            for (size_t k = 0; k < r->knowledge->n_rules && !rule; k++) {
                sc_nearest_try(&near, r->knowledge->rules[k].id);
                if (sc_ieq_z(sc_span_z(word), r->knowledge->rules[k].id)) rule = r->knowledge->rules[k].id;
            }
            if (!rule) {
                return cli_fail("there is no file, folder or rule \"%s\"%s%s%s", word,
                                near.name ? "; did you mean \"" : "", near.name ? near.name : "",
                                near.name ? "\"?" : "");
            }
            if (r->n_rules == MAX_JOBS) return cli_fail("more than %u rules", MAX_JOBS);
            r->rules[r->n_rules++] = sc_span_z(rule);
            status = CLI_OK;
        }
        if (status) return status;
    }
    return named ? CLI_OK : add_corpus(c, r);
}

/* ---- Testing one ------------------------------------------------------------------------------------------------ */

static void note(outcome *o, bool ok, const char *path, sc_span variant, sc_span report)
{
    sc_buf name = {0};
    sc_buf_z(&name, path);
    if (variant.n) sc_buf_printf(&name, ", %.*s", SC_F(variant));
    sc_buf_z(&o->cases, ok ? "ok\t" : "no\t");
    sc_put_squeezed(&o->cases, sc_buf_view(&name));
    sc_buf_char(&o->cases, '\n');
    *(ok ? &o->passed : &o->failed) += 1;
    if (!ok) {
        sc_buf_z(&o->report, "FAILED ");
        sc_put_squeezed(&o->report, sc_buf_view(&name));
        sc_buf_char(&o->report, '\n');
        sc_buf_span(&o->report, report);
    }
    if (name.failed) o->cases.failed = true;
    sc_buf_free(&name);
}

static void test_variant(sc_engine *e, const sample *s, const sample_variant *v, const sc_diagnosis *whole, outcome *o)
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
    note(o, !differences && !report.failed, s->path, v->name, sc_buf_view(&report));
    sc_diagnosis_free(d);
    sc_buf_free(&paste);
    sc_buf_free(&report);
}

static void test_sample(const run_state *r, sc_engine *e, const char *path, outcome *o)
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
    for (size_t i = 0; i < r->n_rules && !wanted; i++) wanted = sample_names_rule(&s, r->rules[i]);
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
    note(o, same && !report.failed, path, SC_S(""), sc_buf_view(&report));
    for (size_t i = 0; i < s.variants.n; i++) test_variant(e, &s, (const sample_variant *)s.variants.items + i, d, o);
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
    for (size_t i; (i = atomic_fetch_add(&r->next, 1)) < r->n;) test_sample(r, e, r->paths[i], &r->outcomes[i]);
    sc_engine_free(e);
    return NULL;
}

/* The calling thread works too, so that a machine without a second one, or without threads, still gets through. */
static void work_together(run_state *r, unsigned jobs)
{
    pthread_t threads[MAX_JOBS];
    unsigned started = 0;
    while (started + 1 < jobs && started + 1 < r->n && !pthread_create(&threads[started], NULL, work, r)) started++;
    work(r);
    while (started) pthread_join(threads[--started], NULL);
}

/* ---- Telling ---------------------------------------------------------------------------------------------------- */

/* Test Anything Protocol; the report of a sample follows its cases as comments. */
static void put_tap(sc_buf *out, const outcome *o, size_t *number)
{
    sc_span cases = sc_buf_view(&o->cases), report = sc_buf_view(&o->report), line;
    while (cases.n) {
        sc_cut(cases, "\n", &line, &cases);
        sc_buf_printf(out, "%s %zu - %.*s\n", sc_starts(line, "ok") ? "ok" : "not ok", ++*number,
                      SC_F(sc_span_from(line, 3)));
    }
    while (report.n) {
        sc_cut(report, "\n", &line, &report);
        sc_buf_printf(out, "# %.*s\n", SC_F(line));
    }
}

static int tell(const cli *c, const run_state *r)
{
    sc_buf out = {0};
    size_t passed = 0, failed = 0, number = 0;
    for (size_t i = 0; i < r->n; i++) {
        const outcome *o = &r->outcomes[i];
        passed += o->passed;
        failed += o->failed;
        if (c->value[CLI_TAP])
            put_tap(&out, o, &number);
        else
            sc_buf_span(&out, sc_buf_view(&o->report));
        if (o->cases.failed || o->report.failed) out.failed = true;
    }
    if (c->value[CLI_TAP])
        sc_buf_printf(&out, "1..%zu\n", number);
    else
        sc_buf_printf(&out, "%zu passed, %zu failed\n", passed, failed);
    int status = cli_put(&out);
    if (status) return status;
    if (!passed && !failed) return cli_fail(r->n ? "no sample names that rule" : "there are no samples");
    return failed ? CLI_NO : CLI_OK;
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
    status = choose_samples(c, &r);
    if (status) goto done;
    sort_paths(&r);
    r.outcomes = calloc(r.n ? r.n : 1, sizeof *r.outcomes);
    if (!r.outcomes) {
        status = cli_fail("out of memory");
        goto done;
    }
    work_together(&r, jobs);
    status = atomic_load(&r.broken) ? cli_fail("the engine cannot be started") : tell(c, &r);
done:
    for (size_t i = 0; i < r.n; i++) {
        if (r.outcomes) {
            sc_buf_free(&r.outcomes[i].cases);
            sc_buf_free(&r.outcomes[i].report);
        }
        free(r.paths[i]);
    }
    free(r.outcomes);
    free(r.paths);
    sc_kb_close(kb);
    return status;
}

const cli_command cli_test = {
    .name = "test",
    .operands = "[PATH|RULE...]",
    .summary = "run the regression samples: all, some files and folders, or those that name a rule",
    .text = "A sample is corpus/<folder>/<slug>.txt, what a person pasted, with <slug>.yaml beside it, what must come\n"
            "out: the crashes, the rules that are confirmed (nothing else may be), the culprit, open rules, commands\n"
            "asked for, and variants. Exit status 1 when one fails.",
    .examples =
        "stopcode test\nstopcode test corpus/0x9F\nstopcode test 0x9F/pnp-lock-held\nstopcode test --tap --jobs 1",
    .options = (const cli_option[]){CLI_CORPUS, CLI_JOBS, CLI_TAP, CLI_KB, CLI_END},
    .most = -1,
    .run = run,
};
