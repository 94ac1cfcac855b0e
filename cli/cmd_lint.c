/* stopcode lint [PATH...]: every fault in rules, reference tables, samples and links, with its place. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "cli/cli.h"
#include "cli/lint_corpus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Which messages are wanted: those about files at or below one of the paths. */
typedef struct filter {
    char **paths; /* resolved; NULL-terminated; none: everything */
    sc_buf *out;
    size_t errors, warnings;
} filter;

static bool is_below(const char *file, const char *path)
{
    size_t n = strlen(path);
    return !strncmp(file, path, n) && (!file[n] || file[n] == '/' || (n && path[n - 1] == '/'));
}

static void report(void *context, const sc_message *m)
{
    filter *f = context;
    if (f->paths[0]) {
        char *file = realpath(m->file, NULL);
        bool wanted = false;
        for (size_t i = 0; f->paths[i] && !wanted; i++) wanted = is_below(file ? file : m->file, f->paths[i]);
        free(file);
        if (!wanted) return;
    }
    *(m->severity == SC_ERROR ? &f->errors : &f->warnings) += 1;
    sc_message_render(m, f->out);
}

/* Who checks one rule is about to test it. */
static void put_next(sc_buf *out, const char *path)
{
    sc_span s = sc_span_z(path), id;
    size_t slash = sc_rfind_char(s, '/');
    sc_span folder = sc_span_sub(s, 0, slash == SC_NPOS ? 0 : slash);
    size_t above = sc_rfind_char(folder, '/');
    if (above == SC_NPOS || !sc_ends(sc_span_sub(s, 0, above), "/rules") || !sc_ends(s, ".md")) return;
    id = sc_span_sub(s, above + 1, s.n - 3);
    if (!sc_ends(id, "/index")) sc_buf_printf(out, "Next: stopcode test %.*s\n", SC_F(id));
}

static int run(cli *c)
{
    sc_buf source = {0}, out = {0};
    sc_error error = {0};
    int status = CLI_OK;
    char **paths = calloc((size_t)c->n + 1, sizeof *paths);
    if (!paths) return cli_fail("out of memory");
    const char *from = c->value[CLI_SOURCE] ? c->value[CLI_SOURCE] : c->n ? c->operands[0] : ".";
    for (int i = 0; i < c->n; i++) {
        paths[i] = realpath(c->operands[i], NULL);
        if (!paths[i]) {
            status = cli_fail("%s: %s", c->operands[i], strerror(errno));
            goto done;
        }
    }
    if (!cli_find_source(&source, from)) {
        status = cli_fail("%s: neither it nor a folder above it holds rules/ and kb/reference/", from);
        goto done;
    }
    filter f = {.paths = paths, .out = &out};
    sc_reporter reporter = {.report = report, .context = &f};
    sc_kb *kb = NULL;
    int rc = sc_kb_examine(&kb, source.p, &reporter, &error);
    if (!rc || rc == SC_E_RULE) rc = cli_lint_corpus(source.p, sc_kb_knowledge(kb), &reporter, &error);
    sc_kb_close(kb);
    if (rc) {
        status = cli_fail("%s", error.text);
        goto done;
    }
    sc_buf_printf(&out, "%zu error%s, %zu warning%s\n", f.errors, f.errors == 1 ? "" : "s", f.warnings,
                  f.warnings == 1 ? "" : "s");
    if (c->n == 1 && !f.errors) put_next(&out, paths[0]);
    status = cli_put(&out);
    if (!status && f.errors) status = CLI_NO;
done:
    for (int i = 0; i < c->n; i++) free(paths[i]);
    free(paths);
    sc_buf_free(&source);
    sc_buf_free(&out);
    return status;
}

const cli_command cli_lint = {
    .name = "lint",
    .operands = "[PATH...]",
    .summary = "check rules, reference tables, samples and links; with PATHs only those files",
    .text = "Each fault is shown as file:line:column with the line and a caret: keys, SQL,\n"
            "variables, patterns that a text can make slow, rules that can never be confirmed\n"
            "or shown, steps without their risk, links that lead nowhere, expectations of\n"
            "samples. Exit status 1 when there are errors.",
    .examples = "stopcode lint\nstopcode lint rules/0x9F\nstopcode lint rules/0x9F/pnp-lock-held.md",
    .options = (const cli_option[]){CLI_SOURCE, CLI_END},
    .most = -1,
    .run = run,
};
