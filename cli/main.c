/* stopcode: the command. Finds the subcommand; without one, diagnoses. */
#include "cli/cli.h"

#include <string.h>
#include <unistd.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

const cli_command *const cli_commands[] = {
    &cli_diagnose, &cli_annotate, &cli_query,  &cli_sections, &cli_facts, &cli_tables,   &cli_why,
    &cli_lint,     &cli_test,     &cli_accept, &cli_new,      &cli_scrub, &cli_coverage, &cli_diff,
    &cli_explain,  &cli_script,   &cli_site,   &cli_kb,       &cli_help,  &cli_version,  NULL,
};

const cli_command *cli_find_command(const char *name)
{
    for (size_t i = 0; cli_commands[i]; i++) {
        if (!strcmp(cli_commands[i]->name, name)) return cli_commands[i];
    }
    return NULL;
}

static int run(cli *c, int argc, char **argv)
{
    const cli_command *named = argc > 1 ? cli_find_command(argv[1]) : NULL;
    c->command = named ? named : &cli_diagnose;
    if (named) { /* getopt takes argv[0] for the program's name */
        argc--;
        argv++;
    } else if (argc > 1 && argv[1][0] != '-' && access(argv[1], F_OK)) {
        const char *near = cli_nearest_command(argv[1]);
        if (near)
            return cli_fail("there is no file and no subcommand \"%s\"; did you mean `stopcode %s`?", argv[1], near);
    }
    int rc = cli_read_options(c, argc, argv);
    if (rc) return rc;
    if (c->value[CLI_HELP]) {
        sc_buf out = {0};
        cli_put_help(&out, named);
        return cli_put(&out);
    }
    if (c->value[CLI_VERSION]) return cli_version.run(c);
    if (!named && c->n && cli_find_command(c->operands[0]) && access(c->operands[0], F_OK)) {
        return cli_fail("a subcommand stands first: stopcode %s ...", c->operands[0]);
    }
    return c->command->run(c);
}

/* Each diagnosis takes and gives back the same few megabytes. Left alone, the allocator hands them to the system every
 * time and clears them anew: a quarter of a run over many samples. */
static void keep_memory(void)
{
#ifdef __GLIBC__
    enum { KEPT = 64 << 20 };
    mallopt(M_TRIM_THRESHOLD, KEPT);
    mallopt(M_MMAP_THRESHOLD, KEPT / 2); /* the largest that glibc takes */
#endif
}

int main(int argc, char **argv)
{
    keep_memory();
    cli_open_streams();
    cli c = {.program = argc ? argv[0] : "stopcode"};
    int status = run(&c, argc, argv), closed = cli_close_output();
    return closed ? closed : status;
}
