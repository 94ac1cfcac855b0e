#include "cli/corpus.h"

#include "cli/choose.h"
#include "kb/files.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int corpus_open(const cli *c, sc_arena *a, const sc_knowledge *k, corpus *out)
{
    cli all = *c;
    sample_choice chosen;
    sc_buf root = {0};
    all.n = 0; /* operands are no samples here */
    *out = (corpus){0};
    int status = cli_choose_samples(&all, a, k, &chosen);
    if (status) return status;
    if (c->value[CLI_CORPUS])
        sc_buf_z(&root, c->value[CLI_CORPUS]);
    else if (sc_file_look("corpus").folder || !cli_find_source(&root, "."))
        sc_buf_z(&root, "corpus");
    else
        sc_buf_z(&root, "/corpus");
    *out = (corpus){sc_arena_z(a, sc_buf_view(&root)), chosen.paths.items, chosen.paths.n};
    if (root.failed || sc_arena_failed(a)) status = cli_fail("out of memory");
    sc_buf_free(&root);
    return !status && !out->n ? cli_fail("%s: there are no samples", out->root) : status;
}

bool corpus_jobs(const cli *c, unsigned *jobs)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned usual = processors < 1 ? 1 : processors > 16 ? 16 : (unsigned)processors;
    return cli_number(c, CLI_JOBS, 1, CORPUS_MAX_JOBS, usual, jobs);
}

/* ---- Working through them --------------------------------------------------------------------------------------- */

/* What the threads share. Each message belongs to the thread that works on its sample. */
typedef struct crew {
    const corpus *corpus;
    const corpus_job *job;
    sc_buf *messages; /* one per sample */
    atomic_size_t next;
    atomic_bool broken; /* a worker could not begin */
} crew;

static int visit_variant(const crew *w, void *worker, sc_engine *e, const sample *s, const sample_variant *v,
                         corpus_case c, const sc_reading *whole, sc_error *error)
{
    sc_buf paste = {0};
    int rc = sample_edit(s, v, whole ? sc_reading_view(whole) : NULL, &paste, error);
    c.variant = v->name;
    c.paste = sc_buf_view(&paste);
    c.expected = v->crashes;
    c.n_expected = v->n_crashes;
    if (!rc) rc = w->job->visit(w->job->context, worker, e, &c, error);
    sc_buf_free(&paste);
    return rc;
}

static void visit_sample(const crew *w, void *worker, sc_engine *e, size_t at)
{
    const char *path = w->corpus->paths[at];
    sc_buf *messages = &w->messages[at];
    sc_error error = {0};
    sc_reporter reporter = {.report = cli_report, .context = messages};
    sc_arena *a = sc_arena_new(0);
    sc_reading *whole = NULL; /* tells where the sections are that a variant deletes */
    sample s = {0};
    sc_span variant = {"", 0};
    int rc = a ? sample_read(a, path, w->job->knowledge, &s, &reporter, &error)
               : sc_fail(&error, SC_E_NOMEM, "out of memory");
    corpus_case c = {.sample = at, .path = path, .variant = variant};
    if (!rc) {
        c.paste = s.text;
        c.expected = s.crashes;
        c.n_expected = s.n_crashes;
        rc = w->job->visit(w->job->context, worker, e, &c, &error);
    }
    for (size_t i = 0; !rc && i < s.variants.n; i++) {
        const sample_variant *v = (const sample_variant *)s.variants.items + i;
        variant = v->name;
        if (v->delete_sections.n && !whole) rc = sc_reading_new(&whole, e, s.text, &error);
        if (!rc) rc = visit_variant(w, worker, e, &s, v, c, whole, &error);
    }
    if (rc) {
        sc_buf_printf(messages, "stopcode: %s%s%.*s: %s\n", path, variant.n ? ", " : "", SC_F(variant),
                      *error.text ? error.text : "the visit failed");
    }
    sc_reading_free(whole);
    sc_arena_free(a);
}

static void *work(void *shared)
{
    crew *w = shared;
    sc_engine *e = NULL;
    sc_error error = {0};
    void *worker = NULL;
    bool ready = !sc_engine_new(&e, w->job->knowledge, &error);
    if (ready && w->job->begin) ready = (worker = w->job->begin(w->job->context, &error)) != NULL;
    if (!ready) atomic_store(&w->broken, true);
    for (size_t i; ready && (i = atomic_fetch_add(&w->next, 1)) < w->corpus->n;) visit_sample(w, worker, e, i);
    if (worker && w->job->end) w->job->end(worker);
    sc_engine_free(e);
    return NULL;
}

int corpus_run(const corpus *k, const corpus_job *job, unsigned jobs)
{
    crew w = {.corpus = k, .job = job, .messages = calloc(k->n ? k->n : 1, sizeof *w.messages)};
    if (!w.messages) return cli_fail("out of memory");
    /* the calling thread works too, so that a machine without threads still gets through */
    pthread_t threads[CORPUS_MAX_JOBS];
    unsigned started = 0;
    while (started + 1 < jobs && started + 1 < k->n && !pthread_create(&threads[started], NULL, work, &w)) started++;
    work(&w);
    while (started) pthread_join(threads[--started], NULL);
    int status = atomic_load(&w.broken) ? cli_fail("the engine cannot be started") : CLI_OK;
    for (size_t i = 0; i < k->n; i++) {
        if (w.messages[i].n || w.messages[i].failed) status = CLI_ERROR;
        if (w.messages[i].n) fwrite(w.messages[i].p, 1, w.messages[i].n, stderr);
        sc_buf_free(&w.messages[i]);
    }
    free(w.messages);
    return status;
}
