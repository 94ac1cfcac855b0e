/* stopcode scrub [FILE]: personal data out, evidence kept. */
#include "cli/cli.h"

#include "engine/render/layout.h"
#include "engine/scrub/scrub.h"
#include "engine/transcript/transcript.h"
#include "kb/files.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* One call: what --show and --check ask for, over each file. */
typedef struct job {
    bool check, show;
    const char *output; /* NULL: standard output */
} job;

/* What the engine would refuse to read (a picture, an archive) is not passed through as if it had been looked at. */
static int check_text(sc_span paste, sc_error *error)
{
    sc_transcript t = {0};
    sc_arena *a = sc_arena_new(0);
    int rc = a ? sc_transcript_repair(a, paste, &t, error) : SC_OK;
    sc_arena_free(a);
    return rc == SC_E_INPUT ? rc : SC_OK;
}

/* A terminal gets no control characters of somebody else's. */
static int put_text(sc_span text)
{
    sc_buf visible = {0};
    if (!isatty(STDOUT_FILENO)) return cli_write(text) ? CLI_OK : CLI_ERROR;
    while (text.n) {
        sc_span line;
        bool more = sc_cut(text, "\n", &line, &text);
        if (sc_ends(line, "\r")) line.n--;
        sc_put_visible(&visible, line);
        if (more) sc_buf_char(&visible, '\n');
    }
    return cli_put(&visible);
}

static int write_file(sc_arena *a, const char *path, sc_span text)
{
    sc_error error = {0};
    if (!sc_file_write(a, path, text.p, text.n, NULL, &error)) return CLI_OK;
    return cli_fail("%s: %s", path, error.text);
}

/* Kind, places, what it became; what it was only when asked for: messages are kept and pasted, too. */
static void put_table(sc_buf *out, const sc_scrubbed *s, bool show)
{
    size_t kind = 4, replacement = 11;
    for (size_t i = 0; i < s->n_items; i++) {
        size_t n = strlen(sc_personal_names[s->items[i].kind]);
        if (n > kind) kind = n;
        if (s->items[i].replacement.n > replacement) replacement = s->items[i].replacement.n;
    }
    sc_buf_printf(out, "  %-*s  places  %-*s%s\n", (int)kind, "kind", show ? (int)replacement + 2 : 0, "replaced by",
                  show ? "was" : "");
    for (size_t i = 0; i < s->n_items; i++) {
        const sc_scrub_item *item = &s->items[i];
        sc_buf_printf(out, "  %-*s  %6zu  %.*s", (int)kind, sc_personal_names[item->kind], item->count,
                      SC_F(item->replacement));
        if (show) {
            sc_put_spaces(out, replacement + 2 - item->replacement.n);
            sc_put_visible(out, item->original);
        }
        sc_buf_char(out, '\n');
    }
}

static void tell(const char *file, const sc_scrubbed *s, bool show)
{
    sc_buf table = {0};
    if (!s->n_items) {
        cli_say("%s: nothing personal was found; names in prose cannot be, so read it once more", file);
        return;
    }
    cli_say("%s: replaced %zu value%s; names in prose cannot be found, so read it once more", file, s->n_items,
            s->n_items == 1 ? "" : "s");
    put_table(&table, s, show);
    if (table.n) fwrite(table.p, 1, table.n, stderr);
    sc_buf_free(&table);
}

/* FILE:line:column: kind, a line for each place. */
static int put_hits(const char *file, const sc_scrubbed *s, bool show)
{
    sc_buf out = {0};
    for (size_t i = 0; i < s->n_hits; i++) {
        const sc_scrub_hit *hit = &s->hits[i];
        const sc_scrub_item *item = &s->items[hit->item];
        sc_put_visible(&out, sc_span_z(file));
        sc_buf_printf(&out, ":%u:%u: %s", hit->line, hit->column, sc_personal_names[item->kind]);
        if (show) {
            sc_buf_z(&out, " \"");
            sc_put_visible(&out, item->original);
            sc_buf_char(&out, '"');
        }
        sc_buf_printf(&out, ", would be %.*s\n", SC_F(item->replacement));
    }
    int status = cli_put(&out);
    return status ? status : s->n_hits ? CLI_NO : CLI_OK;
}

static int scrub(const job *j, const char *file)
{
    const char *name = cli_file_name(file);
    sc_buf paste = {0};
    sc_error error = {0};
    sc_scrubbed s = {0};
    sc_arena *a = sc_arena_new(0);
    int status = CLI_OK, rc = a ? cli_read(file, &paste, &error) : SC_E_NOMEM;
    if (!rc) rc = check_text(sc_buf_view(&paste), &error);
    if (!rc) rc = sc_scrub(a, sc_buf_view(&paste), &s, &error);
    if (rc) {
        status = cli_fail("%s: %s", name, *error.text ? error.text : "out of memory");
    } else if (j->check) {
        status = put_hits(name, &s, j->show);
    } else {
        status = j->output ? write_file(a, j->output, s.text) : put_text(s.text);
        if (!status) tell(name, &s, j->show);
    }
    sc_buf_free(&paste);
    sc_arena_free(a);
    return status;
}

static int run(cli *c)
{
    static char standard_input[] = "-", *only_input[] = {standard_input};
    job j = {.check = c->value[CLI_CHECK], .show = c->value[CLI_SHOW], .output = c->value[CLI_OUTPUT]};
    if (j.output && !strcmp(j.output, "-")) j.output = NULL;
    if (j.check && c->value[CLI_OUTPUT]) return cli_fail("--check writes nothing; leave out --output");
    if (!j.check && c->n > 1) return cli_fail("several files at once are for --check; scrub one after the other");
    if (j.output && !*j.output) return cli_fail("--output needs the name of a file");
    char **files = c->n ? c->operands : only_input;
    int status = CLI_OK;
    for (int i = 0; i < (c->n ? c->n : 1); i++) {
        int one = scrub(&j, files[i]);
        if (one > status) status = one;
    }
    return status;
}

const cli_command cli_scrub = {
    .name = "scrub",
    .operands = "[FILE...]",
    .summary = "replace names, addresses and serial numbers in a paste, keep the evidence",
    .text = "Users, machines, domains, e-mail, IP and MAC addresses, serial numbers, GUIDs, security identifiers and\n"
            "keys become user1, host1, 192.0.2.1 and so on, the same value always the same. Everything else keeps its\n"
            "bytes, so the diagnosis stays. The paste goes to standard output, or with --output into a file at once;\n"
            "what was replaced is told on standard error, without its values. Names that stand only in prose are not\n"
            "recognised. Without FILE, or with -, it reads standard input.\n"
            "With --check it only tells where something personal stands: exit status 1, file:line:column each.",
    .examples = "stopcode scrub paste.txt >clean.txt\n"
                "stopcode scrub --output clean.txt paste.txt\n"
                "stopcode scrub --check corpus/0x9F/*.txt",
    .options = (const cli_option[]){CLI_OUTPUT, CLI_CHECK, CLI_SHOW, CLI_END},
    .most = -1,
    .run = run,
};
