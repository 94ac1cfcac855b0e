/* stopcode annotate FILE: the paste with a short note below each line that has something to say. */
#include "cli/cli.h"

#include "engine/render/layout.h"
#include "engine/render/words.h"

#include <jansson.h>
#include <stdlib.h>

static void put_note(sc_pen *pen, const sc_annotation *a, sc_buf *scratch)
{
    sc_buf_clear(scratch);
    sc_put_visible(scratch, a->subject);
    sc_buf_z(scratch, ": ");
    sc_put_visible(scratch, a->text);
    sc_span rest = sc_buf_view(scratch), part;
    unsigned width = pen->width > 40 ? (unsigned)pen->width - 13 : 27;
    for (bool first = true; sc_wrap_next(&rest, width, &part); first = false) {
        sc_put_spaces(pen->out, 9);
        sc_pen_paint(pen, SC_STYLE_DIM, first ? SC_S("; ") : SC_S("  "));
        sc_pen_paint(pen, SC_STYLE_COMMAND, part);
        sc_buf_char(pen->out, '\n');
    }
    pen->out->failed |= scratch->failed;
}

static void put_text(sc_pen *pen, const sc_reading *r, const sc_annotation *notes, size_t n, bool only)
{
    sc_buf scratch = {0};
    size_t lines = sc_reading_lines(r), at = 0;
    for (size_t i = 0; i < lines; i++) {
        sc_line_info l = sc_reading_line(r, i);
        while (at < n && notes[at].line < l.first_line) at++;
        bool noted = at < n && notes[at].line <= l.last_line;
        if (only && !noted) continue;
        char number[16];
        int used = snprintf(number, sizeof number, "%u", (unsigned)l.first_line);
        sc_put_spaces(pen->out, used < 6 ? (size_t)(6 - used) : 0);
        sc_pen_paint(pen, SC_STYLE_DIM, sc_span_z(number));
        sc_buf_z(pen->out, "  ");
        sc_put_visible(pen->out, l.text);
        sc_buf_char(pen->out, '\n');
        /* a line of the paste may have been cut in two: its notes stand below the last part */
        bool cut = i + 1 < lines && sc_reading_line(r, i + 1).first_line == l.first_line;
        for (; !cut && at < n && notes[at].line <= l.last_line; at++) put_note(pen, &notes[at], &scratch);
    }
    sc_buf_free(&scratch);
}

static int put_json(sc_buf *out, const sc_annotation *notes, size_t n)
{
    json_t *list = json_array();
    bool failed = !list;
    for (size_t i = 0; i < n && !failed; i++) {
        sc_buf subject = {0}, text = {0};
        sc_put_visible(&subject, notes[i].subject);
        sc_put_visible(&text, notes[i].text);
        json_t *o = json_pack("{s:I, s:s%, s:s%}", "line", (json_int_t)notes[i].line, "subject",
                              subject.p ? subject.p : "", subject.n, "note", text.p ? text.p : "", text.n);
        failed = subject.failed || text.failed || json_array_append_new(list, o);
        sc_buf_free(&subject);
        sc_buf_free(&text);
    }
    char *dump = failed ? NULL : json_dumps(list, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    json_decref(list);
    if (!dump) return SC_E_NOMEM;
    sc_buf_z(out, dump);
    sc_buf_char(out, '\n');
    free(dump);
    return SC_OK;
}

static int run(cli *c)
{
    const char *file = c->n ? c->operands[0] : "-";
    bool color;
    if (!cli_wants_color(c, &color)) return CLI_ERROR;
    sc_buf paste = {0}, out = {0};
    sc_error error = {0};
    sc_reading *r = NULL;
    cli_engine e = {0};
    const sc_annotation *notes = NULL;
    size_t n = 0;
    int status = CLI_OK;
    if (cli_read(file, &paste, &error)) {
        status = cli_fail("%s: %s", cli_file_name(file), error.text);
    } else if (cli_open_engine(c, &e)) {
        status = CLI_ERROR;
    } else if (sc_reading_new(&r, e.engine, sc_buf_view(&paste), &error) ||
               sc_reading_annotate(r, &notes, &n, &error)) {
        status = cli_fail("%s: %s", cli_file_name(file), error.text);
    } else {
        sc_pen pen = sc_pen_of(&out, cli_width(), color);
        if (!c->value[CLI_JSON])
            put_text(&pen, r, notes, n, c->value[CLI_ONLY_NOTES] != NULL);
        else if (put_json(&out, notes, n))
            out.failed = true;
        status = cli_put(&out);
        if (!status && !sc_reading_view(r)->n_crashes) {
            cli_say("%s: %s", cli_file_name(file), sc_nothing_recognised(sc_reading_view(r)));
            status = CLI_NO;
        }
    }
    sc_reading_free(r);
    cli_close_engine(&e);
    sc_buf_free(&paste);
    if (status == CLI_ERROR) sc_buf_free(&out);
    return status;
}

const cli_command cli_annotate = {
    .name = "annotate",
    .operands = "[FILE]",
    .summary = "the paste with notes: what functions do, what labels and numbers mean",
    .text = "The paste as it was repaired, with the number of each line; below a line, what there is to say about it.\n"
            "The words come from kb/reference/terms/.",
    .examples = "stopcode annotate paste.txt\nstopcode annotate --only-notes paste.txt\n"
                "stopcode annotate --json paste.txt | jq -r '.[].note'",
    .options = (const cli_option[]){CLI_ONLY_NOTES, CLI_JSON, CLI_COLOR, CLI_KB, CLI_END},
    .most = 1,
    .run = run,
};
