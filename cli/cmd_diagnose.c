/* stopcode [FILE...]: the diagnosis of each paste. */
#include "cli/cli.h"

#include "engine/render/layout.h"
#include "kb/messages.h"
#include "site/report.h"

#include <stdio.h>
#include <string.h>

typedef struct job {
    sc_engine *engine;
    sc_renderer *render; /* NULL: html */
    sc_render_options options;
    bool json;
    unsigned number; /* of the file */
} job;

/* A paste's part of the page. */
static int put_html(const job *j, sc_span paste, const sc_diagnosis *d, const sc_render_options *o, sc_buf *out)
{
    sc_reading *reading = NULL;
    sc_error error;
    int rc = o->error ? SC_OK : sc_reading_new(&reading, j->engine, paste, &error);
    site_report_part part = {
        .number = j->number, .source = o->source, .error = o->error, .diagnosis = d, .reading = reading, .all = o->all};
    if (!rc) site_report_put(out, &part);
    sc_reading_free(reading);
    return rc;
}

static int put(const job *j, sc_span paste, const sc_diagnosis *d, const sc_render_options *o, sc_buf *out)
{
    return j->render ? j->render(d, o, out) : put_html(j, paste, d, o, out);
}

/* Appends what --format makes of one file, and tells its exit status. */
static int diagnose(const job *j, const char *file, bool several, sc_buf *out)
{
    static const sc_diagnosis nothing = {0};
    sc_buf paste = {0};
    sc_diagnosis *d = NULL;
    sc_error error = {0};
    sc_render_options o = j->options;
    int status = CLI_OK;
    o.source = several ? cli_file_name(file) : NULL;
    int rc = cli_read(file, &paste, &error);
    if (!rc) rc = sc_diagnose(j->engine, sc_buf_view(&paste), &d, &error);
    if (rc) {
        if (!*error.text) sc_fail(&error, rc, "out of memory");
        status = cli_fail("%s: %s", cli_file_name(file), error.text);
        o.error = error.text;
        if ((j->json || !j->render) && put(j, (sc_span){"", 0}, &nothing, &o, out)) out->failed = true;
        goto done;
    }
    bool recognised = false;
    for (size_t i = 0; i < d->n_crashes; i++) recognised |= d->crashes[i].outcome != SC_UNRECOGNISED;
    if (!recognised) status = CLI_NO;
    if (!d->n_crashes && !j->json && j->render) { /* not a result: the sentence goes where messages go */
        sc_buf sentence = {0};
        o.source = NULL;
        o.color = false;
        o.width = 120; /* one line */
        if (sc_find_renderer(SC_S("text"))(d, &o, &sentence)) out->failed = true;
        cli_say("%s: %.*s", cli_file_name(file), SC_F(sc_trim(sc_span_sub(sc_buf_view(&sentence), 0, sentence.n - 1))));
        sc_buf_free(&sentence);
    } else if (put(j, sc_buf_view(&paste), d, &o, out)) {
        out->failed = true;
    }
done:
    sc_diagnosis_free(d);
    sc_buf_free(&paste);
    return status;
}

/* A document as an element of an array: without the line feed at its end, two columns further in. */
static void put_element(sc_buf *out, sc_span document)
{
    for (size_t i = 0; i < document.n; i++) {
        if (i + 1 == document.n && document.p[i] == '\n') break;
        if (!i || document.p[i - 1] == '\n') sc_buf_z(out, "  ");
        sc_buf_char(out, document.p[i]);
    }
}

/* CLI_OK, or CLI_ERROR after a message. */
static int find_format(job *j, const char *format)
{
    sc_nearest near = sc_nearest_to(sc_span_z(format));
    j->render = sc_find_renderer(sc_span_z(format));
    j->json = !strcmp(format, "json");
    if (j->render || !strcmp(format, "html")) return CLI_OK;
    for (size_t i = 0; sc_format_names[i]; i++) sc_nearest_try(&near, sc_format_names[i]);
    sc_nearest_try(&near, "html");
    if (near.name) return cli_fail("there is no format \"%s\"; did you mean %s?", format, near.name);
    return cli_fail("there is no format \"%s\": text, json, markdown and html are there", format);
}

/* What stands before the first file and behind the last. */
static void put_frame(const job *j, char *const *files, int n, bool begin, sc_buf *out)
{
    sc_buf title = {0};
    if (n > 1 && j->json) sc_buf_z(out, begin ? "[\n" : "]\n");
    if (j->render) return;
    if (n > 1)
        sc_buf_printf(&title, "Diagnosis of %d pastes", n);
    else if (strcmp(files[0], "-") != 0)
        sc_buf_printf(&title, "Diagnosis of %s", files[0]);
    else
        sc_buf_z(&title, "Diagnosis");
    if (begin)
        site_report_begin(out, sc_buf_view(&title));
    else
        site_report_end(out);
    if (title.failed) out->failed = true;
    sc_buf_free(&title);
}

static int run(cli *c)
{
    static char standard_input[] = "-", *only_input[] = {standard_input};
    job j = {0};
    if (find_format(&j, c->value[CLI_FORMAT] ? c->value[CLI_FORMAT] : "text")) return CLI_ERROR;
    if (!cli_wants_color(c, &j.options.color)) return CLI_ERROR;
    j.options.width = cli_width();
    j.options.all = c->value[CLI_ALL] != NULL;
    cli_engine e;
    if (cli_open_engine(c, &e)) return CLI_ERROR;
    j.engine = e.engine;
    char **files = c->n ? c->operands : only_input;
    int n = c->n ? c->n : 1, status = CLI_OK;
    sc_buf shown = {0};
    put_frame(&j, files, n, true, &shown);
    for (int at = 0; at < n; at++) {
        sc_buf document = {0};
        j.number = (unsigned)at + 1;
        int one = diagnose(&j, files[at], n > 1, &document);
        if (one > status) status = one;
        if (n > 1 && j.json) {
            put_element(&shown, sc_buf_view(&document));
            sc_buf_z(&shown, at + 1 < n ? ",\n" : "\n");
        } else {
            if (at && document.n && j.render) sc_buf_char(&shown, '\n');
            sc_buf_span(&shown, sc_buf_view(&document));
        }
        if (at + 1 == n) put_frame(&j, files, n, false, &shown);
        if (document.failed) shown.failed = true;
        sc_buf_free(&document);
        if (cli_put(&shown)) { /* nobody reads on */
            status = CLI_ERROR;
            break;
        }
    }
    cli_close_engine(&e);
    return status;
}

const cli_command cli_diagnose = {
    .name = "diagnose",
    .operands = "[FILE...]",
    .summary = "what happened, how sure that is, the proof, and what to do",
    .text = "Reads text that was copied from WinDbg or kd: a whole log, a forum post, or a single command's output.\n"
            "Without FILE, or with -, it reads standard input. Several files are diagnosed one after the other under\n"
            "their names; with --format json they make one array, with --format html one page that needs nothing\n"
            "else. The exit status is the worst of them.",
    .examples = "stopcode paste.txt\n"
                "stopcode --format markdown paste.txt >reply.md\n"
                "stopcode --format html paste.txt >report.html\n"
                "stopcode --format json *.txt | jq '.[].crashes[].culprit'\n"
                "kd -z MEMORY.DMP -c '!analyze -v; q' | stopcode --all",
    .options = (const cli_option[]){CLI_FORMAT, CLI_COLOR, CLI_ALL, CLI_KB, CLI_VERSION, CLI_END},
    .most = -1,
    .run = run,
};
