/* stopcode facts [FILE]: everything that was read from a paste. */
#include "cli/cli.h"

static int run(cli *c)
{
    const char *file = c->n ? c->operands[0] : "-";
    sc_buf paste = {0}, out = {0};
    sc_error error = {0};
    cli_engine e = {0};
    int status = CLI_OK, rc;
    if (cli_read(file, &paste, &error)) {
        status = cli_fail("%s: %s", cli_file_name(file), error.text);
    } else if (cli_open_engine(c, &e)) {
        status = CLI_ERROR;
    } else if ((rc = sc_facts_text(e.engine, sc_buf_view(&paste), &out, &error)) != SC_OK) {
        cli_fail("%s: %s", cli_file_name(file), error.text);
        status = rc == SC_E_INPUT ? CLI_NO : CLI_ERROR;
    } else {
        status = cli_put(&out);
    }
    cli_close_engine(&e);
    sc_buf_free(&paste);
    sc_buf_free(&out);
    return status;
}

const cli_command cli_facts = {
    .name = "facts",
    .operands = "[FILE]",
    .summary = "everything that was read from a paste: each table's rows, with their lines",
    .text =
        "Per crash: its commands and the lines of them that nobody read, then every table with rows. A cell that\n"
        "the paste does not show is left out; NULL is what the output shows not to be there. Under the rows stands\n"
        "what the paste tells of the table: only where it tells the whole is a missing row a fact.\n"
        "`stopcode query` asks the same tables. Exit status 1 when nothing was recognised.",
    .examples = "stopcode facts paste.txt\nstopcode facts paste.txt | less -S",
    .options = (const cli_option[]){CLI_KB, CLI_END},
    .most = 1,
    .run = run,
};
