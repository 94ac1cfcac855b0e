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
    sc_list outputs;  /* site_output_example */
} examples;

static int by_line(const void *x, const void *y)
{
    const site_mark *a = x, *b = y;
    return a->line < b->line ? -1 : a->line > b->line;
}

/* Lines of evidence, each once, with the first clause that rests on it. */
static const site_mark *evidence_lines(sc_arena *a, const sc_finding *f, size_t *n)
{
    sc_list list = {0};
    for (size_t i = 0; i < f->n_evidence; i++)
        for (uint32_t line = f->evidence[i].line; line && line <= f->evidence[i].last_line; line++) {
            const site_mark *have = list.items;
            bool there = false;
            for (size_t j = 0; j < list.n && !there; j++) there = have[j].line == line;
            site_mark *m = there ? NULL : sc_list_add(a, &list, sizeof *m);
            if (m) *m = (site_mark){line, f->evidence[i].clause ? f->evidence[i].clause : ""};
        }
    if (list.n) qsort(list.items, list.n, sizeof(site_mark), by_line);
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

static const char *sample_name(const examples *x, const corpus_case *c)
{
    const char *path = c->path + (strncmp(c->path, x->root, strlen(x->root)) == 0 ? strlen(x->root) : 0);
    return c->variant.n ? sc_arena_printf(x->arena, "corpus%s, %.*s", path, SC_F(c->variant)).p
                        : sc_arena_printf(x->arena, "corpus%s", path).p;
}

/* Lines `first` to `last` of a text, from 1. */
static sc_span lines_of(sc_span text, uint32_t first, uint32_t last)
{
    sc_span rest = text, line, out = {"", 0};
    for (uint32_t n = 1; rest.n && n <= last; n++) {
        sc_cut(rest, "\n", &line, &rest);
        if (n == first) out.p = line.p;
        if (n >= first) out.n = (size_t)(line.p + line.n - out.p);
    }
    return out;
}

/* What shows most of a command in the fewest lines: a whole output with the command above it, and not of one line where
 * there is another. */
static size_t cost_of(const sc_section_info *s, sc_span text)
{
    size_t lines = s->last_line - s->first_line + 1;
    sc_span first, rest;
    sc_cut(text, "\n", &first, &rest);
    return (lines < 4 ? 100 - lines : lines) + (s->complete ? 0 : 1000) + (sc_find(first, "kd>") == SC_NPOS ? 500 : 0);
}

typedef struct output {
    site_output_example x;
    size_t cost;
} output;

static void take_outputs(examples *x, const sc_diagnosis *d, const corpus_case *c)
{
    for (size_t i = 0; i < d->n_sections; i++) {
        const sc_section_info *s = &d->sections[i];
        if (!s->known || s->user_mode) continue;
        output *have = x->outputs.items;
        sc_span text = lines_of(c->paste, s->first_line, s->last_line);
        size_t at = 0, cost = cost_of(s, text);
        while (at < x->outputs.n && !sc_eq_z(s->command, have[at].x.command)) at++;
        output *o = at < x->outputs.n ? &have[at] : sc_list_add(x->arena, &x->outputs, sizeof *o);
        if (!o || (o->x.command && o->cost <= cost)) continue;
        *o = (output){{sc_arena_z(x->arena, s->command), sample_name(x, c), sc_arena_dup(x->arena, text)}, cost};
    }
}

static bool lacks_sample(const examples *x, sc_span rule)
{
    for (size_t i = 0; i < x->k->n_rules; i++)
        if (sc_eq_z(rule, x->k->rules[i].id)) return !x->of[i].rule || strchr(x->of[i].sample, ',');
    return false;
}

/* A variant is read only for a rule that no sample shows as it stands. */
static bool is_needed(const examples *x, const corpus_case *c)
{
    if (!c->variant.n) return true;
    for (size_t i = 0; i < c->n_expected; i++) {
        const sample_pair *p = c->expected[i].confirmed.items;
        for (size_t n = 0; n < c->expected[i].confirmed.n; n++)
            if (lacks_sample(x, p[n].name)) return true;
    }
    return false;
}

static int visit(void *context, void *worker, sc_engine *e, const corpus_case *c, sc_error *error)
{
    examples *x = context;
    (void)worker;
    if (c->paste.n > MOST_EXAMPLE_BYTES || !is_needed(x, c)) return SC_OK;
    sc_diagnosis *d = NULL;
    int rc = sc_diagnose(e, c->paste, &d, error);
    sc_buf report = {0};
    if (!rc && !c->variant.n) take_outputs(x, d, c);
    for (size_t i = 0; !rc && i < d->n_crashes; i++)
        for (size_t n = 0; n < d->crashes[i].n_findings; n++) {
            const sc_finding *f = &d->crashes[i].findings[n];
            site_example *have = &x->of[f->rule - x->k->rules];
            if (f->verdict != SC_CONFIRMED || f->superseded || !is_better(have, c)) continue;
            if (!report.n) {
                sc_render_options o = {.width = REPORT_WIDTH};
                sc_find_renderer(SC_S("text"))(d, &o, &report);
            }
            *have = (site_example){.rule = f->rule->id,
                                   .sample = sample_name(x, c),
                                   .paste = sc_arena_dup(x->arena, c->paste),
                                   .report = sc_arena_dup(x->arena, sc_buf_view(&report))};
            have->marks = evidence_lines(x->arena, f, &have->n_marks);
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

static const site_output_example *outputs_of(examples *x)
{
    site_output_example *list = sc_arena_array(x->arena, x->outputs.n + 1, sizeof *list);
    for (size_t i = 0; list && i < x->outputs.n; i++) list[i] = ((const output *)x->outputs.items)[i].x;
    return list;
}

/* A page without an example is a page that nothing checked. */
static void tell_missing(const examples *x)
{
    for (size_t i = 0; i < x->k->n_rules; i++)
        if (x->k->rules[i].status == SC_STABLE && !x->of[i].rule)
            cli_say("no sample confirms %s: its page has no worked example", x->k->rules[i].id);
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
    in.outputs = outputs_of(&x);
    in.n_outputs = in.outputs ? x.outputs.n : 0;
    tell_missing(&x);
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
    .examples = "stopcode site build/site\n"
                "stopcode site build/site --engine engine.gz --knowledge knowledge.gz --minisearch minisearch.js",
    .options = (const cli_option[]){CLI_ENGINE, CLI_KNOWLEDGE, CLI_MINISEARCH, CLI_CORPUS, CLI_KB, CLI_END},
    .least = 1,
    .most = 1,
    .run = run,
};
