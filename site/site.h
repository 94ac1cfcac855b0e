/* The help site: from the knowledge base a tree of Markdown pages, and the same pages as HTML.
 *
 * A page is a folder with index.md and index.html in it, so that its address is its folder: 0x9F/pnp-lock-held/. Links
 * are relative and name the file: the tree works from a disk, from any path of a web server, and on a code host.
 * Files are written beside and renamed, and only where their bytes change; files that an earlier run wrote and this one
 * does not are removed. Errors are SC_E_ codes with a sentence in *error.
 */
#ifndef STOPCODE_SITE_H
#define STOPCODE_SITE_H

#include "kb/kb.h"

/* A line that a clause rests on. */
typedef struct site_mark {
    unsigned line;
    const char *clause;
} site_mark;

/* A sample that a rule confirms, to show on its page. */
typedef struct site_example {
    const char *rule;       /* id; NULL: no sample confirms it */
    const char *sample;     /* "corpus/0x9F/zte-modem.txt" */
    sc_span paste;          /* its text */
    const site_mark *marks; /* its evidence, by line */
    size_t n_marks;
    sc_span report; /* the diagnosis as text */
} site_example;

/* What a debugger command printed in a sample. */
typedef struct site_output_example {
    const char *command; /* "!locks" */
    const char *sample;
    sc_span text;
} site_output_example;

/* A file of the site that is not a page: name below assets/ and bytes. */
typedef struct site_asset {
    const char *name;
    sc_span bytes;
    const char *sum; /* SHA-256 of the bytes in hex, of the site's own */
} site_asset;

/* site/assets/, made a C file by tools/embed.sh. */
extern const site_asset site_own_assets[];
extern const size_t site_n_own_assets;

typedef struct site_input {
    const sc_kb *kb;
    const site_example *examples;
    size_t n_examples;
    const site_output_example *outputs;
    size_t n_outputs;
    const site_asset *assets; /* beside those of the site itself */
    size_t n_assets;
    sc_span wasm;       /* the engine as WebAssembly; empty: the first page cannot diagnose */
    sc_span knowledge;  /* stopcode.db for it */
    sc_span minisearch; /* minisearch's script; empty: there is no search */
} site_input;

typedef struct site_result {
    size_t pages, files, written, removed;
} site_result;

int site_write(const site_input *in, const char *folder, site_result *result, sc_error *error);

#endif
