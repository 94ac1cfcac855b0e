/* stopcode version */
#include "cli/cli.h"

static int run(cli *c)
{
    (void)c;
    sc_buf out = {0};
    sc_buf_printf(&out, "stopcode %s\n", SC_VERSION);
    return cli_put(&out);
}

const cli_command cli_version = {
    .name = "version",
    .operands = "",
    .summary = "the version of this program",
    .text = "",
    .examples = "stopcode version\nstopcode --version",
    .options = (const cli_option[]){CLI_END},
    .run = run,
};
