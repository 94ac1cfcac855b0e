/* stopcode site DIR: the help site from the knowledge base and the corpus. */
#include "cli/cli.h"
#include "cli/corpus.h"

#include "site/site.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_EXAMPLE_BYTES = 48 << 10, REPORT_WIDTH = 100 };

typedef struct examples {
    sc_arena *arena;
    const sc_knowledge *k;
    const char *root;
    site_example *of; /* one per rule of the knowledge, in its order; rule NULL: none yet */
} examples;

static int by_number(const void *x, const void *y)
{
    unsigned a = *(const unsigned *)x, b = *(const unsigned *)y;
    return a < b ? -1 : a > b;
}

static const unsigned *evidence_lines(sc_arena *a, const sc_finding *f, size_t *n)
{
    sc_list list = {0};
    for (size_t i = 0; i < f->n_evidence; i++)
        for (uint32_t line = f->evidence[i].line; line && line <= f->evidence[i].last_line; line++) {
            unsigned *l = sc_list_add(a, &list, sizeof *l);
            if (l) *l = line;
        }
    if (list.n) qsort(list.items, list.n, sizeof(unsigned), by_number);
    *n = list.n;
    return list.items;
}

/* Short pastes are read to their end, and a sample is more real than an edit of one. */
static bool is_better(const site_example *have, const corpus_case *c)
{
    if (!have->rule) return true;
    bool variant = strchr(have->sample, ',') != NULL;
    if (variant != (c->variant.n > 0)) return variant;
    return c->paste.n < have->paste.n;
}

static int visit(void *context, void *worker, sc_engine *e, const corpus_case *c, sc_error *error)
{
    examples *x = context;
    (void)worker;
    if (c->paste.n > MOST_EXAMPLE_BYTES) return SC_OK;
    sc_diagnosis *d = NULL;
    int rc = sc_diagnose(e, c->paste, &d, error);
    sc_buf report = {0};
    for (size_t i = 0; !rc && i < d->n_crashes; i++)
        for (size_t n = 0; n < d->crashes[i].n_findings; n++) {
            const sc_finding *f = &d->crashes[i].findings[n];
            site_example *have = &x->of[f->rule - x->k->rules];
            if (f->verdict != SC_CONFIRMED || f->superseded || !is_better(have, c)) continue;
            if (!report.n) {
                sc_render_options o = {.width = REPORT_WIDTH};
                sc_find_renderer(SC_S("text"))(d, &o, &report);
            }
            const char *path = c->path + (strncmp(c->path, x->root, strlen(x->root)) == 0 ? strlen(x->root) : 0);
            *have = (site_example){.rule = f->rule->id,
                                   .sample = c->variant.n
                                                 ? sc_arena_printf(x->arena, "corpus%s, %.*s", path, SC_F(c->variant)).p
                                                 : sc_arena_printf(x->arena, "corpus%s", path).p,
                                   .paste = sc_arena_dup(x->arena, c->paste),
                                   .report = sc_arena_dup(x->arena, sc_buf_view(&report))};
            have->lines = evidence_lines(x->arena, f, &have->n_lines);
        }
    sc_buf_free(&report);
    sc_diagnosis_free(d);
    return rc == SC_E_INPUT ? SC_OK : rc;
}

/* One example per rule, from the corpus. */
static int find_examples(const cli *c, examples *x)
{
    corpus k;
    x->of = sc_arena_array(x->arena, x->k->n_rules + 1, sizeof *x->of);
    if (!x->of || corpus_open(c, x->arena, x->k, &k)) return CLI_ERROR;
    x->root = k.root;
    corpus_job job = {.knowledge = x->k, .context = x, .visit = visit};
    return corpus_run(&k, &job, 1);
}

/* A file that an option names; the empty span without it. */
static bool read_option(const cli *c, cli_option option, sc_buf *out, sc_span *bytes)
{
    sc_error error = {0};
    *bytes = (sc_span){"", 0};
    if (!c->value[option]) return true;
    if (cli_read(c->value[option], out, &error)) {
        cli_fail("%s: %s", c->value[option], error.text);
        return false;
    }
    *bytes = sc_buf_view(out);
    return true;
}

static int run(cli *c)
{
    sc_kb *kb;
    sc_buf wasm = {0}, knowledge = {0}, minisearch = {0}, out = {0};
    examples x = {.arena = sc_arena_new(0)};
    sc_error error = {0};
    site_result result;
    int status = CLI_ERROR;
    if (cli_open_kb(c, &kb)) goto closed;
    site_input in = {.kb = kb};
    x.k = sc_kb_knowledge(kb);
    if (!read_option(c, CLI_ENGINE, &wasm, &in.wasm) || !read_option(c, CLI_KNOWLEDGE, &knowledge, &in.knowledge) ||
        !read_option(c, CLI_MINISEARCH, &minisearch, &in.minisearch) || find_examples(c, &x))
        goto done;
    in.examples = x.of;
    in.n_examples = x.k->n_rules;
    if (site_write(&in, c->operands[0], &result, &error)) {
        cli_fail("%s", error.text);
        goto done;
    }
    sc_buf_printf(&out, "%zu pages, %zu files: %zu written, %zu removed\n", result.pages, result.files, result.written,
                  result.removed);
    status = cli_put(&out);
done:
    sc_kb_close(kb);
closed:
    sc_arena_free(x.arena);
    sc_buf_free(&wasm);
    sc_buf_free(&knowledge);
    sc_buf_free(&minisearch);
    return status;
}

const cli_command cli_site = {
    .name = "site",
    .operands = "DIR",
    .summary = "the help site: every bug check, rule, command, module and function",
    .text = "Writes Markdown and HTML side by side; open DIR/index.html. A later run writes only what changed, and\n"
            "removes what is no longer there. With the engine as WebAssembly and a knowledge base the first page\n"
            "diagnoses, with minisearch there is a search; `make site` brings all three.\n",
    .examples = "stopcode site build/site",
    .options = (const cli_option[]){CLI_ENGINE, CLI_KNOWLEDGE, CLI_MINISEARCH, CLI_CORPUS, CLI_KB, CLI_END},
    .least = 1,
    .most = 1,
    .run = run,
};
