/* stopcode sections FILE: how a paste was cut into commands, and which lines nobody read. */
#include "cli/cli.h"

#include "engine/render/layout.h"

#include <jansson.h>
#include <stdlib.h>

/* Lines with text in them, per section and in all. */
typedef struct tally {
    size_t lines, read;
} tally;

static void count_line(tally *t, const sc_line_info *l)
{
    t->lines++;
    t->read += l->read;
}

static const char *state_of(const sc_section_info *s)
{
    if (s->user_mode) return "user mode";
    if (!s->known) return "not read";
    return s->complete ? "whole" : "end not shown";
}

static void put_section(sc_buf *out, sc_pen *pen, const sc_section_info *s, const tally *t)
{
    char range[32];
    int used = snprintf(range, sizeof range, "%u-%u", (unsigned)s->first_line, (unsigned)s->last_line);
    sc_put_spaces(out, used < 11 ? (size_t)(11 - used) : 0);
    sc_pen_paint(pen, SC_STYLE_DIM, sc_span_z(range));
    sc_buf_printf(out, "  %5zu of %5zu  %-13s  ", t->read, t->lines, state_of(s));
    sc_buf name = {0};
    sc_put_visible(&name, s->command.n ? s->command : SC_S("(no command)"));
    if (s->args.n) {
        sc_buf_char(&name, ' ');
        sc_put_visible(&name, s->args);
    }
    sc_put_clipped(out, sc_buf_view(&name), 60);
    out->failed |= name.failed;
    sc_buf_free(&name);
    sc_buf_char(out, '\n');
}

static void put_line(sc_buf *out, sc_pen *pen, const sc_line_info *l)
{
    char number[16];
    int used = snprintf(number, sizeof number, "%u", (unsigned)l->first_line);
    sc_put_spaces(out, used < 11 ? (size_t)(11 - used) : 0);
    sc_pen_paint(pen, SC_STYLE_DIM, sc_span_z(number));
    sc_buf_z(out, "  ");
    sc_put_visible(out, l->text);
    sc_buf_char(out, '\n');
}

static void put_text(sc_buf *out, sc_pen *pen, const sc_reading *r, const tally *tallies, const tally *outside,
                     bool skipped)
{
    const sc_diagnosis *d = sc_reading_view(r);
    tally all = *outside;
    size_t n = sc_reading_lines(r), at = 0;
    for (size_t s = 0; s <= d->n_sections; s++) {
        if (s) {
            put_section(out, pen, &d->sections[s - 1], &tallies[s - 1]);
            all.lines += tallies[s - 1].lines;
            all.read += tallies[s - 1].read;
        }
        for (; skipped && at < n; at++) {
            sc_line_info l = sc_reading_line(r, at);
            if (l.section != SC_NPOS && l.section >= s) break;
            if (l.text.n && !l.read) put_line(out, pen, &l);
        }
    }
    sc_buf_printf(out, "%zu section%s; %zu of %zu lines read", d->n_sections, d->n_sections == 1 ? "" : "s", all.read,
                  all.lines);
    if (outside->lines > outside->read)
        sc_buf_printf(out, ", %zu belong to no command", outside->lines - outside->read);
    sc_buf_char(out, '\n');
}

static int put_json(sc_buf *out, const sc_reading *r, const tally *tallies)
{
    const sc_diagnosis *d = sc_reading_view(r);
    json_t *list = json_array();
    bool failed = !list;
    for (size_t i = 0; i < d->n_sections && !failed; i++) {
        const sc_section_info *s = &d->sections[i];
        sc_buf command = {0}, args = {0};
        sc_put_visible(&command, s->command);
        sc_put_visible(&args, s->args);
        json_t *o = json_pack("{s:s%, s:s%, s:i, s:i, s:b, s:b, s:b, s:I, s:I}", "command", command.p ? command.p : "",
                              command.n, "args", args.p ? args.p : "", args.n, "first_line", (int)s->first_line,
                              "last_line", (int)s->last_line, "known", s->known, "user_mode", s->user_mode, "complete",
                              s->complete, "lines", (json_int_t)tallies[i].lines, "read", (json_int_t)tallies[i].read);
        failed = command.failed || args.failed || json_array_append_new(list, o);
        sc_buf_free(&command);
        sc_buf_free(&args);
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
    int status = CLI_OK;
    if (cli_read(file, &paste, &error)) {
        status = cli_fail("%s: %s", cli_file_name(file), error.text);
    } else if (cli_open_engine(c, &e)) {
        status = CLI_ERROR;
    } else if (sc_reading_new(&r, e.engine, sc_buf_view(&paste), &error)) {
        status = cli_fail("%s: %s", cli_file_name(file), error.text);
    } else {
        const sc_diagnosis *d = sc_reading_view(r);
        tally *tallies = calloc(d->n_sections + 1, sizeof *tallies), *outside = tallies + d->n_sections;
        size_t n = sc_reading_lines(r);
        for (size_t i = 0; tallies && i < n; i++) {
            sc_line_info l = sc_reading_line(r, i);
            if (l.text.n) count_line(l.section == SC_NPOS ? outside : &tallies[l.section], &l);
        }
        sc_pen pen = sc_pen_of(&out, cli_width(), color);
        if (!tallies || (c->value[CLI_JSON] && put_json(&out, r, tallies)))
            status = cli_fail("out of memory");
        else if (!c->value[CLI_JSON])
            put_text(&out, &pen, r, tallies, outside, c->value[CLI_SKIPPED] != NULL);
        if (!status) status = cli_put(&out);
        if (!status && !d->n_sections) status = CLI_NO;
        free(tallies);
    }
    sc_reading_free(r);
    cli_close_engine(&e);
    sc_buf_free(&paste);
    sc_buf_free(&out);
    return status;
}

const cli_command cli_sections = {
    .name = "sections",
    .operands = "[FILE]",
    .summary = "how a paste was cut into debugger commands, and what was read of each",
    .text = "Per section: its lines, how many of those with text a parser used, whether its end was seen, and the\n"
            "command. Exit status 1 when no command was recognised.",
    .examples = "stopcode sections paste.txt\nstopcode sections --skipped paste.txt\n"
                "stopcode sections --json paste.txt | jq '.[] | select(.known | not)'",
    .options = (const cli_option[]){CLI_SKIPPED, CLI_JSON, CLI_COLOR, CLI_KB, CLI_END},
    .most = 1,
    .run = run,
};
