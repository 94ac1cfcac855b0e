/* stopcode kb build: rules/ and kb/reference/ into one file that opens fast. */
#include "cli/cli.h"

#include "kb/messages.h"

#include <stdio.h>
#include <string.h>

/* stopcode.db beside this program: the first place where it will be looked for. */
static void default_output(sc_buf *out, const char *called)
{
    sc_buf program = {0};
    cli_put_program(&program, called);
    size_t slash = sc_rfind_char(sc_buf_view(&program), '/');
    if (slash != SC_NPOS) sc_buf_span(out, sc_span_sub(sc_buf_view(&program), 0, slash + 1));
    sc_buf_z(out, "stopcode.db");
    if (program.failed) out->failed = true;
    sc_buf_free(&program);
}

static int build(const cli *c)
{
    sc_buf source = {0}, output = {0}, messages = {0}, result = {0};
    sc_error error = {0};
    sc_reporter reporter = {.report = cli_report, .context = &messages};
    int status = CLI_ERROR;
    const char *from = c->value[CLI_SOURCE] ? c->value[CLI_SOURCE] : ".";
    if (!cli_find_source(&source, from)) {
        cli_fail("%s: neither it nor a folder above it holds rules/ and kb/reference/", from);
        goto done;
    }
    if (c->value[CLI_OUTPUT])
        sc_buf_z(&output, c->value[CLI_OUTPUT]);
    else
        default_output(&output, c->program);
    if (output.failed) {
        cli_fail("out of memory");
        goto done;
    }
    int rc = (c->value[CLI_LEAN] ? sc_kb_compile_lean : sc_kb_compile)(source.p, output.p, &reporter, &error);
    if (messages.n) fwrite(messages.p, 1, messages.n, stderr);
    if (rc) {
        cli_fail("%s", error.text);
        if (rc == SC_E_RULE) status = CLI_NO;
        goto done;
    }
    sc_buf_printf(&result, "%s\n", output.p);
    status = cli_put(&result);
done:
    sc_buf_free(&source);
    sc_buf_free(&output);
    sc_buf_free(&messages);
    sc_buf_free(&result);
    return status;
}

static int run(cli *c)
{
    static const char *const verbs[] = {"build", NULL};
    if (!strcmp(c->operands[0], "build")) return build(c);
    const char *near = sc_nearest_of(c->operands[0], verbs);
    return cli_fail("there is no `stopcode kb %s`%s", c->operands[0],
                    near ? "; did you mean `stopcode kb build`?" : "");
}

const cli_command cli_kb = {
    .name = "kb",
    .operands = "build",
    .summary = "compile rules/ and kb/reference/ into stopcode.db",
    .text = "Rules with errors leave an existing file as it is. Every other subcommand compiles by itself what has\n"
            "changed since; this one is for installing and for sending the file elsewhere.",
    .examples = "stopcode kb build\nstopcode kb build --source ~/stopcode --output stopcode.db",
    .options = (const cli_option[]){CLI_OUTPUT, CLI_SOURCE, CLI_LEAN, CLI_END},
    .least = 1,
    .most = 1,
    .run = run,
};
