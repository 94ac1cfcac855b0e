/* A source tree (rules/ and kb/reference/) read into memory. Internal to kb/. */
#ifndef STOPCODE_KB_SOURCES_H
#define STOPCODE_KB_SOURCES_H

#include "kb/files.h"
#include "kb/messages.h"

/* A file that the knowledge was made from; a change of its size or time means that it has to be made again. */
typedef struct sc_source_file {
    const char *path; /* relative to the source root */
    uint64_t size;
    int64_t mtime_ns;
} sc_source_file;

typedef struct sc_sources {
    sc_knowledge knowledge;
    const sc_kb_page *pages;
    size_t n_pages;
    const sc_source_file *files; /* sorted by path */
    size_t n_files;
} sc_sources;

bool sc_is_source_tree(sc_arena *a, const char *root);
/* The files of a tree, without reading them. */
int sc_sources_list(sc_arena *a, const char *root, const sc_source_file **files, size_t *n, sc_error *error);
/* Reads and lints a tree; every message goes to the reporter (NULL is fine). SC_E_RULE when there was an error. */
int sc_sources_read(sc_arena *a, const char *root, sc_sources *out, sc_reporter *reporter, sc_error *error);
/* The same, and also follows the links of all pages and of the project's documents: what matters to readers only. */
int sc_sources_lint(sc_arena *a, const char *root, sc_sources *out, sc_reporter *reporter, sc_error *error);

/* kb/lean.c: leaves out what no diagnosis looks at. Out of memory shows in the arena. */
void sc_sources_lean(sc_arena *a, sc_sources *s);

/* kb/reference.c: the tables of kb/reference/. Each notes every fault of its file. */
void sc_modules_read(sc_messages *m, const sc_source_text *file, sc_knowledge *k);
void sc_bugchecks_read(sc_messages *m, const sc_source_text *file, sc_knowledge *k);
void sc_ntstatus_read(sc_messages *m, const sc_source_text *file, sc_knowledge *k);
void sc_cpu_clocks_read(sc_messages *m, const sc_source_text *file, sc_knowledge *k);
/* One file of kb/reference/terms/. */
void sc_terms_read(sc_messages *m, const sc_source_text *file, sc_term_kind kind, sc_knowledge *k);
extern const char *const sc_origin_names[4]; /* "ms", "3p", "inbox-3p", "pseudo", by sc_origin */

#endif
