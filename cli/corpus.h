/* The samples of a corpus and their variants, each as a paste of its own, worked through on all processors. */
#ifndef STOPCODE_CLI_CORPUS_H
#define STOPCODE_CLI_CORPUS_H

#include "cli/cli.h"
#include "cli/sample.h"

#define CORPUS_MAX_JOBS 64u

/* The pastes, sorted by path. */
typedef struct corpus {
    const char *root; /* the folder */
    const char *const *paths;
    size_t n;
} corpus;

/* --corpus, or corpus/ here or in the source tree above. CLI_OK, or CLI_ERROR after a message. */
int corpus_open(const cli *c, sc_arena *a, const sc_knowledge *k, corpus *out);
/* --jobs, or one per processor. False after a message. */
bool corpus_jobs(const cli *c, unsigned *jobs);

/* A sample (`variant` is "") or one of its variants. */
typedef struct corpus_case {
    size_t sample; /* its number in the corpus */
    const char *path;
    sc_span variant, paste;
    const sample_crash *expected;
    size_t n_expected;
} corpus_case;

typedef struct corpus_job {
    const sc_knowledge *knowledge; /* of the engines */
    void *context;
    /* What a worker needs beside its engine; may be NULL. */
    void *(*begin)(void *context, sc_error *error); /* NULL: it failed */
    void (*end)(void *worker);
    /* Called for a sample and then for its variants, one after the other; for several samples at the same time. */
    int (*visit)(void *context, void *worker, sc_engine *e, const corpus_case *c, sc_error *error);
} corpus_job;

/* CLI_OK, or CLI_ERROR when a sample has faults or a visit failed, which was then told. */
int corpus_run(const corpus *k, const corpus_job *job, unsigned jobs);

#endif
