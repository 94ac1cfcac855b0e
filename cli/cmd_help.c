/* stopcode help [SUBCOMMAND] */
#include "cli/cli.h"

static int run(cli *c)
{
    const cli_command *command = c->n ? cli_find_command(c->operands[0]) : NULL;
    if (c->n && !command) {
        const char *near = cli_nearest_command(c->operands[0]);
        return cli_fail("there is no subcommand \"%s\"%s%s%s", c->operands[0], near ? "; did you mean \"" : "",
                        near ? near : "", near ? "\"?" : "");
    }
    sc_buf out = {0};
    cli_put_help(&out, command);
    return cli_put(&out);
}

const cli_command cli_help = {
    .name = "help",
    .operands = "[SUBCOMMAND]",
    .summary = "how to use stopcode, or one of its subcommands",
    .text = "",
    .examples = "stopcode help\nstopcode help query",
    .options = (const cli_option[]){CLI_END},
    .most = 1,
    .run = run,
};
