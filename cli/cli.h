/* The `stopcode` command: a table of subcommands, one file each, and what they share.
 *
 * Results go to standard output, everything else to standard error. A subcommand appends its result to a buffer and
 * hands it to cli_write; nothing else in cli/ writes to standard output, so that a closed pipe or a full disk is
 * noticed in one place.
 */
#ifndef STOPCODE_CLI_H
#define STOPCODE_CLI_H

#include "engine/render/pen.h"
#include "engine/stopcode.h"
#include "kb/kb.h"

/* Exit statuses. Of several files the worst counts. */
enum {
    CLI_OK = 0,
    CLI_NO = 1,      /* nothing recognised, tests failed, rules with errors */
    CLI_ERROR = 2,   /* usage, unreadable or empty input, unwritable output */
    CLI_WORDING = 3, /* accept: expectations differ, but in no verdict */
};

/* Every option of every subcommand; what each means stands in options.c. */
typedef enum cli_option {
    CLI_HELP,
    CLI_FORMAT,
    CLI_COLOR,
    CLI_ALL,
    CLI_KB,
    CLI_CRASH,
    CLI_CSV,
    CLI_JSON,
    CLI_OUTPUT,
    CLI_SOURCE,
    CLI_CORPUS,
    CLI_JOBS,
    CLI_TAP,
    CLI_JUNIT,
    CLI_NO_DAMAGE,
    CLI_DAMAGE_REPORT,
    CLI_UPDATE_DAMAGE,
    CLI_SHOW_DAMAGE,
    CLI_CHECK,
    CLI_SHOW,
    CLI_SKIPPED,
    CLI_ONLY_NOTES,
    CLI_MARKDOWN,
    CLI_INTERACTIVE,
    CLI_FROM,
    CLI_ORIGIN,
    CLI_TERMS,
    CLI_TABLE,
    CLI_UPDATE,
    CLI_FORCE,
    CLI_ENGINE,
    CLI_KNOWLEDGE,
    CLI_MINISEARCH,
    CLI_LEAN,
    CLI_VERSION,
    CLI_N_OPTIONS,
    CLI_END = -1, /* ends a command's list */
} cli_option;

struct cli;

typedef struct cli_command {
    const char *name;
    const char *operands;      /* "FILE SQL" */
    const char *summary;       /* one line, for the list of subcommands */
    const char *text;          /* what --help says beyond it; lines of at most 80 columns */
    const char *examples;      /* one per line */
    const cli_option *options; /* ended by CLI_END; --help is understood everywhere */
    int least, most;           /* number of operands; most -1: any */
    int (*run)(struct cli *c);
} cli_command;

extern const cli_command cli_diagnose, cli_query, cli_tables, cli_why, cli_lint, cli_test, cli_accept, cli_new,
    cli_scrub, cli_kb, cli_help, cli_version;
extern const cli_command cli_coverage, cli_diff, cli_sections, cli_facts, cli_annotate, cli_explain, cli_script,
    cli_site;
extern const cli_command *const cli_commands[]; /* NULL-terminated, in the order of the list (main.c) */
const cli_command *cli_find_command(const char *name);

/* One call of the command. */
typedef struct cli {
    const cli_command *command;
    const char *program;              /* argv[0] */
    const char *value[CLI_N_OPTIONS]; /* NULL: not given; "" for an option without argument */
    char **operands;
    int n;
} cli;

/* ---- options.c -------------------------------------------------------------------------------------------------- */

/* Reads argv[1...] by the command's list. CLI_OK, or CLI_ERROR after a message. */
int cli_read_options(cli *c, int argc, char **argv);
void cli_put_help(sc_buf *out, const cli_command *command); /* NULL: of the whole */
/* A whole number from an option, between `least` and `most`; `otherwise` when not given. False after a message. */
bool cli_number(const cli *c, cli_option option, unsigned least, unsigned most, unsigned otherwise, unsigned *value);
const char *cli_nearest_command(const char *name); /* the one that a misspelt name is near to, or NULL */

/* ---- io.c ------------------------------------------------------------------------------------------------------- */

/* "stopcode: ..." on standard error, control characters made visible. */
void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same, and CLI_ERROR. */
int cli_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* What went wrong with a file, without its name: "No such file or directory". Reads at most SC_MAX_PASTE_BYTES. */
int cli_read(const char *file, sc_buf *out, sc_error *error);
const char *cli_file_name(const char *file); /* as messages call it: "-" is "standard input" */
/* Writes to standard output. False after the first failure, which cli_close_output will tell about. */
bool cli_write(sc_span s);
/* Writes and frees a buffer. CLI_OK, or CLI_ERROR when memory or output failed. */
int cli_put(sc_buf *out);
/* Text in a cell of a Markdown table, which a bar would end. */
void cli_put_cell(sc_buf *out, sc_span text);
/* Flushes; CLI_ERROR with a message when anything could not be written. */
int cli_close_output(void);
/* Sees to it that the three standard streams are open and a closed pipe is an error like any other. */
void cli_open_streams(void);
/* Colour for standard output by --color, NO_COLOR and what standard output is. False after a message. */
bool cli_wants_color(const cli *c, bool *color);
unsigned cli_width(void); /* of the terminal, else COLUMNS, else 80 */

/* ---- facts_page.c ------------------------------------------------------------------------------------------------ */

/* docs/facts.md: what every debugger command tells, from the descriptors in engine/facts/. */
void cli_put_facts_page(sc_buf *out);

/* ---- knowledge.c ------------------------------------------------------------------------------------------------ */

/* The knowledge base of this call. Tells what is wrong; CLI_OK or CLI_ERROR. Closed with sc_kb_close. */
int cli_open_kb(const cli *c, sc_kb **kb);
/* That and an engine on it. Freed with cli_close_engine. */
typedef struct cli_engine {
    sc_kb *kb;
    sc_engine *engine;
} cli_engine;
int cli_open_engine(const cli *c, cli_engine *e);
void cli_close_engine(cli_engine *e);
/* The folder that holds rules/ and kb/reference/: `from` or one above it. False when there is none. */
bool cli_find_source(sc_buf *out, const char *from);
/* The program's own file with links resolved, else what it was called by. */
void cli_put_program(sc_buf *out, const char *called);
/* Prints messages about rules into an sc_buf (context). */
void cli_report(void *buffer, const sc_message *m);

#endif
