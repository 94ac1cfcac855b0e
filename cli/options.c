/* The options: one table, from which come parsing, --help and the hints. */
#include "cli/cli.h"

#include "engine/base/scan.h"
#include "engine/render/layout.h"
#include "kb/messages.h"

#include <getopt.h>
#include <string.h>

static const struct {
    const char *name;
    char letter;
    const char *argument; /* NULL: takes none */
    const char *doc;
} options[CLI_N_OPTIONS] = {
    [CLI_HELP] = {"help", 'h', NULL, "this text"},
    [CLI_FORMAT] = {"format", 'f', "FORMAT", "text (default), json, markdown or html"},
    [CLI_COLOR] = {"color", 0, "WHEN", "auto (default: only on a terminal, unless NO_COLOR is set), always, never"},
    [CLI_ALL] = {"all", 'a', NULL, "every open finding, command and line, and the rules that were nearly met"},
    [CLI_KB] = {"kb", 0, "PATH",
                "the knowledge base: a stopcode.db, or a folder with rules/ (default: STOPCODE_KB,\n"
                "then stopcode.db beside this program, then the installed one)"},
    [CLI_CRASH] = {"crash", 'c', "N", "the N-th crash of the paste (default 1)"},
    [CLI_CSV] = {"csv", 0, NULL, "comma-separated values"},
    [CLI_JSON] = {"json", 0, NULL, "JSON"},
    [CLI_OUTPUT] = {"output", 'o', "FILE", "where to write (kb: by default stopcode.db beside this program)"},
    [CLI_SOURCE] = {"source", 's', "DIR",
                    "the folder that holds rules/ and kb/reference/ (default: this one or one above)"},
    [CLI_CORPUS] = {"corpus", 0, "DIR", "the folder of the samples (default: corpus/ here or above)"},
    [CLI_JOBS] = {"jobs", 'j', "N", "samples that are tested at the same time (default: one per processor)"},
    [CLI_TAP] = {"tap", 0, NULL, "results in the Test Anything Protocol"},
    [CLI_JUNIT] = {"junit", 0, "FILE", "results also in JUnit's XML, into a file"},
    [CLI_NO_DAMAGE] = {"no-damage", 0, NULL, "only what the samples say, without their damaged variants"},
    [CLI_DAMAGE_REPORT] = {"damage-report", 0, NULL, "a table: how many verdicts hold under each kind of damage"},
    [CLI_UPDATE_DAMAGE] = {"update-damage", 0, NULL, "write that into damage.tsv of the corpus, the ratchet"},
    [CLI_SHOW_DAMAGE] = {"show-damage", 0, "VARIANT",
                         "print the damaged paste, \"slap-line 3\", of the one sample named"},
    [CLI_CHECK] = {"check", 0, NULL, "only tell where something personal stands; exit status 1 when it does"},
    [CLI_SHOW] = {"show", 0, NULL, "also what was replaced, as it stood"},
    [CLI_SKIPPED] = {"skipped", 0, NULL, "also the lines that no parser used"},
    [CLI_ONLY_NOTES] = {"only-notes", 0, NULL, "leave out the lines that no note is about"},
    [CLI_MARKDOWN] = {"markdown", 0, NULL, "a page in Markdown: every command and every table"},
    [CLI_INTERACTIVE] = {"interactive", 'i', NULL, "ask about each difference: yes, no, all, quit"},
    [CLI_FROM] = {"from", 0, "FILE", "the paste that shows it (- is standard input)"},
    [CLI_ORIGIN] = {"origin", 0, "TEXT", "where the paste comes from"},
    [CLI_TERMS] = {"terms", 0, "TEXT", "on what terms it may stand in the corpus"},
    [CLI_TABLE] = {"table", 0, "FILE", "also write a Markdown page: bug checks, their rules and samples, commands"},
    [CLI_UPDATE] = {"update", 0, NULL, "take closed gaps off the list (with --force: add new ones)"},
    [CLI_FORCE] = {"force", 0, NULL, "with --update: let the list of gaps grow"},
    [CLI_ENGINE] = {"engine", 0, "FILE", "stopcode.wasm, or that compressed with gzip"},
    [CLI_KNOWLEDGE] = {"knowledge", 0, "FILE", "stopcode.db for the browser, or that compressed with gzip"},
    [CLI_MINISEARCH] = {"minisearch", 0, "FILE", "the script of minisearch"},
    [CLI_LEAN] = {"lean", 0, NULL, "only what a diagnosis looks at, for the diagnosis page of the site"},
    [CLI_VERSION] = {"version", 'V', NULL, "the version of this program"},
};

static bool has_option(const cli_command *command, int option)
{
    if (option == CLI_HELP) return true;
    for (const cli_option *o = command->options; *o != CLI_END; o++) {
        if ((int)*o == option) return true;
    }
    return false;
}

const char *cli_nearest_command(const char *name)
{
    sc_nearest n = sc_nearest_to(sc_span_z(name));
    for (size_t i = 0; cli_commands[i]; i++) sc_nearest_try(&n, cli_commands[i]->name);
    return n.name;
}

/* "--fromat": did you mean --format? */
static int unknown_option(const cli_command *command, const char *argument)
{
    sc_span name = sc_span_z(argument), value;
    while (sc_starts(name, "-")) name = sc_span_from(name, 1);
    sc_cut(name, "=", &name, &value);
    sc_nearest n = sc_nearest_to(name);
    for (int i = 0; i < CLI_N_OPTIONS; i++) {
        if (has_option(command, i)) sc_nearest_try(&n, options[i].name);
    }
    if (n.name && sc_starts(sc_span_z(argument), "--")) {
        return cli_fail("unknown option %s; did you mean --%s?", argument, n.name);
    }
    return cli_fail("unknown option %s; `stopcode %s --help` lists what there is", argument, command->name);
}

int cli_read_options(cli *c, int argc, char **argv)
{
    struct option longs[CLI_N_OPTIONS + 1];
    char letters[2 * CLI_N_OPTIONS + 2] = ":", *letter = letters + 1; /* ':' tells a missing argument apart */
    int n = 0;
    for (int i = 0; i < CLI_N_OPTIONS; i++) {
        if (!has_option(c->command, i)) continue;
        longs[n++] = (struct option){options[i].name, options[i].argument ? required_argument : no_argument, NULL,
                                     256 + i};
        if (!options[i].letter) continue;
        *letter++ = options[i].letter;
        if (options[i].argument) *letter++ = ':';
    }
    longs[n] = (struct option){NULL, 0, NULL, 0};
    opterr = 0;
    optind = 1;
    for (int found; (found = getopt_long(argc, argv, letters, longs, NULL)) != -1;) {
        int option = found - 256;
        if (found == ':') return cli_fail("option %s needs an argument", argv[optind - 1]);
        if (found == '?') {
            char one[3] = {'-', (char)optopt, '\0'};
            bool is_letter = optopt > 0 && optopt < 256;
            /* glibc gives the value of a known long option that was given an argument it does not take */
            if (optopt >= 256) return cli_fail("option --%s takes no argument", options[optopt - 256].name);
            return unknown_option(c->command, is_letter ? one : argv[optind - 1]);
        }
        for (int i = 0; found < 256 && i < CLI_N_OPTIONS; i++) {
            if (options[i].letter == found && has_option(c->command, i)) option = i;
        }
        c->value[option] = optarg ? optarg : "";
    }
    c->operands = argv + optind;
    c->n = argc - optind;
    if (c->value[CLI_HELP]) return CLI_OK;
    if (c->n < c->command->least) {
        return cli_fail("missing operand; usage: stopcode %s %s", c->command->name, c->command->operands);
    }
    if (c->command->most >= 0 && c->n > c->command->most) {
        return cli_fail("one operand too many: %s; usage: stopcode %s %s", c->operands[c->command->most],
                        c->command->name, c->command->operands);
    }
    return CLI_OK;
}

bool cli_number(const cli *c, cli_option option, unsigned least, unsigned most, unsigned otherwise, unsigned *value)
{
    uint64_t n;
    *value = otherwise;
    if (!c->value[option]) return true;
    if (!sc_span_dec(sc_span_z(c->value[option]), &n) || n < least || n > most) {
        cli_fail("--%s wants a whole number from %u to %u, not \"%s\"", options[option].name, least, most,
                 c->value[option]);
        return false;
    }
    *value = (unsigned)n;
    return true;
}

static void put_options(sc_buf *out, const cli_command *command)
{
    sc_buf_z(out, "\nOptions:\n");
    for (int i = 1; i <= CLI_N_OPTIONS; i++) {
        int o = i % CLI_N_OPTIONS; /* in the order of the table, --help last */
        if (!has_option(command, o)) continue;
        size_t before = out->n;
        if (options[o].letter)
            sc_buf_printf(out, "  -%c, ", options[o].letter);
        else
            sc_buf_z(out, "      ");
        sc_buf_printf(out, "--%s%s%s", options[o].name, options[o].argument ? " " : "",
                      options[o].argument ? options[o].argument : "");
        size_t used = out->n - before;
        sc_put_spaces(out, used < 22 ? 24 - used : 2);
        for (const char *p = options[o].doc; *p; p++) {
            sc_buf_char(out, *p);
            if (*p == '\n') sc_put_spaces(out, 24);
        }
        sc_buf_char(out, '\n');
    }
}

static void put_indented(sc_buf *out, const char *lines)
{
    for (bool start = true; *lines; lines++) {
        if (start) sc_buf_z(out, "  ");
        sc_buf_char(out, *lines);
        start = *lines == '\n';
    }
    sc_buf_char(out, '\n');
}

void cli_put_help(sc_buf *out, const cli_command *command)
{
    if (!command) {
        sc_buf_z(out,
                 "stopcode reads pasted Windows kernel-debugger output and prints a diagnosis: what happened, how\n"
                 "sure that is, the lines that prove it, what to do, and which command to run next.\n\n"
                 "Usage: stopcode [FILE...]            the same as `stopcode diagnose`\n"
                 "       stopcode SUBCOMMAND ...\n\nSubcommands:\n");
        for (size_t i = 0; cli_commands[i]; i++) {
            sc_buf_printf(out, "  %-10s %s\n", cli_commands[i]->name, cli_commands[i]->summary);
        }
        sc_buf_z(out, "\n`stopcode SUBCOMMAND --help` tells more about each.\n");
        put_options(out, &cli_diagnose);
        sc_buf_z(out, "\nExamples:\n");
        put_indented(out, cli_diagnose.examples);
        sc_buf_z(out,
                 "\nExit status: 0 diagnosed, 1 nothing recognised (or tests failed), 2 usage, unreadable or empty\n"
                 "input, unwritable output.\n");
        return;
    }
    sc_buf_printf(out, "Usage: stopcode %s%s%s\n\n%s.\n", command->name, *command->operands ? " " : "",
                  command->operands, command->summary);
    if (*command->text) sc_buf_printf(out, "\n%s\n", command->text);
    put_options(out, command);
    sc_buf_z(out, "\nExamples:\n");
    put_indented(out, command->examples);
}
