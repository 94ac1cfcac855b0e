/* The knowledge base: rules/ and kb/reference/ read, checked, compiled into one SQLite file (stopcode.db), and loaded.
 *
 * Ownership in one sentence: an sc_kb owns the knowledge and the pages it hands out, and is freed with sc_kb_close,
 * after the engines that use its knowledge. Unlike the engine, this library touches files; it never prints and never
 * exits. Functions return 0 (SC_OK) or a negative SC_E_ code, with one line of text in *error.
 */
#ifndef STOPCODE_KB_H
#define STOPCODE_KB_H

#include "engine/stopcode.h"

/* Counts up whenever the tables of stopcode.db change (kb/schema.h). */
#define SC_KB_SCHEMA 2

/* ---- Messages about source files --------------------------------------------------------------------------------- */

typedef enum sc_severity { SC_ERROR, SC_WARNING } sc_severity;

/* One fault in a rule or a reference table. Everything is borrowed for the time of the call. */
typedef struct sc_message {
    sc_severity severity;
    const char *file;      /* as reached from the source root's path that the caller gave */
    unsigned line, column; /* 1-based, column in characters; line 0: the whole file */
    unsigned width;        /* characters that the fault covers, at least 1 */
    const char *text;      /* what is wrong, what was expected, the nearest known name; one line */
    sc_span excerpt;       /* the source line */
} sc_message;

/* Whom to tell. All faults of a source tree are reported, sorted by file and line, not just the first. */
typedef struct sc_reporter {
    void (*report)(void *context, const sc_message *m); /* NULL: nobody, only count */
    void *context;
    size_t errors, warnings; /* counted up */
} sc_reporter;

/* Appends the message as people read it:
 *     rules/0x9F/x.md:4:7: error: unknown tier "prof" ...; did you mean "proof"?
 *     tier: prof
 *           ^~~~
 * Control characters of the excerpt are shown as '?'. */
void sc_message_render(const sc_message *m, sc_buf *out);

/* ---- Opening ----------------------------------------------------------------------------------------------------- */

typedef struct sc_kb sc_kb;

/* Opens a compiled stopcode.db, or the folder of a source tree (one that holds rules/ and kb/reference/), which is then
 * compiled in memory. A stopcode.db whose source tree still exists and has changed is compiled again first: beside the
 * file and renamed, or only in memory when the folder cannot be written. `reporter` (NULL is fine) hears of faults in
 * sources that were read. SC_E_RULE when the sources have errors, SC_E_IO for a file that cannot be read, is no
 * knowledge base, is damaged, or has another schema. */
int sc_kb_open(sc_kb **out, const char *path, sc_reporter *reporter, sc_error *error);
/* The same, but a compiled file is taken as it is: for comparing with what the rules once were. */
int sc_kb_open_as_is(sc_kb **out, const char *path, sc_reporter *reporter, sc_error *error);
void sc_kb_close(sc_kb *kb); /* NULL is fine */
const sc_knowledge *sc_kb_knowledge(const sc_kb *kb);
/* True when opening found the sources changed (or had no compiled file) and read them instead. */
bool sc_kb_recompiled(const sc_kb *kb);

/* rules/<folder>/index.md: what a bug check is about, for readers. Sorted by folder. */
typedef struct sc_kb_page {
    const char *folder; /* "0x9F", "any", "none" */
    bool has_code;
    uint32_t code; /* when has_code */
    const char *title;
    const char *body; /* Markdown below the head */
    const char *file; /* relative to the source root */
} sc_kb_page;
const sc_kb_page *sc_kb_pages(const sc_kb *kb, size_t *n);
/* The page of a bug check that also tells its causes apart. The others are short: little is known, or there is little
 * to tell. */
bool sc_page_in_depth(const sc_kb_page *page);
#define SC_PAGE_DEPTH_HEADING "How to tell the causes apart"

/* Where to look, in this order; any member may be NULL or empty. The caller knows the command line and the environment,
 * this library neither. */
typedef struct sc_kb_places {
    const char *option;      /* --kb */
    const char *environment; /* STOPCODE_KB */
    const char *program;     /* argv[0]: stopcode.db beside it. Without a slash it is looked up in search_path */
    const char *search_path; /* PATH */
    const char *prefix;      /* installation prefix: PREFIX/share/stopcode/stopcode.db */
} sc_kb_places;
/* Appends the path of the knowledge base to *path. The first two are taken as given, whether they exist or not;
 * SC_E_IO with the places that were tried when there is none. */
int sc_kb_find(sc_buf *path, const sc_kb_places *places, sc_error *error);

/* ---- Compiling and checking -------------------------------------------------------------------------------------- */

/* Reads and checks the source tree and writes `db_path` (beside, flushed, renamed). Warnings do not stop it; errors do:
 * SC_E_RULE, and an existing file stays as it is. */
int sc_kb_compile(const char *source_root, const char *db_path, sc_reporter *reporter, sc_error *error);
/* The same without what no diagnosis looks at, for the diagnosis page; such a file is always taken as it is. */
int sc_kb_compile_lean(const char *source_root, const char *db_path, sc_reporter *reporter, sc_error *error);
/* The same without writing anything; the links of pages and of the project's documents (README.md, docs/) are checked
 * too. SC_E_RULE when there are errors. */
int sc_kb_lint(const char *source_root, sc_reporter *reporter, sc_error *error);
/* The same, and hands out what was read, also with SC_E_RULE: enough to know which rules there are, not for an engine.
 * NULL with any other error. */
int sc_kb_examine(sc_kb **out, const char *source_root, sc_reporter *reporter, sc_error *error);

#endif
