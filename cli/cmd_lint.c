/* stopcode lint [PATH...]: every fault in the rules and reference tables, with its place. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "cli/cli.h"

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
    int rc = sc_kb_lint(source.p, &reporter, &error);
    if (rc && rc != SC_E_RULE) {
        status = cli_fail("%s", error.text);
        goto done;
    }
    sc_buf_printf(&out, "%zu error%s, %zu warning%s\n", f.errors, f.errors == 1 ? "" : "s", f.warnings,
                  f.warnings == 1 ? "" : "s");
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
    .summary = "check rules and reference tables; with PATHs only those files and folders",
    .text = "Each fault is shown as file:line:column with the line and a caret. Exit status 1 when there are errors.",
    .examples = "stopcode lint\nstopcode lint rules/0x9F\nstopcode lint rules/0x9F/pnp-lock-held.md",
    .options = (const cli_option[]){CLI_SOURCE, CLI_END},
    .most = -1,
    .run = run,
};
