/* stopcode tables [NAME]: what can be asked with `stopcode query`, and what rules are made of. */
#include "cli/cli.h"

#include "engine/render/layout.h"
#include "kb/messages.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

typedef struct listing {
    const char *wanted; /* one table, or NULL */
    sc_pen pen;
    json_t *json; /* or NULL */
    sc_nearest nearest;
    bool found;
} listing;

/* The names of a comma-separated list that a debugger knows; the engine's own derivations stand in parentheses. */
static void put_commands(sc_buf *out, const char *before, const char *commands, const char *after)
{
    sc_span rest = sc_span_z(commands), name;
    size_t n = 0;
    while (rest.n) {
        sc_cut(rest, ", ", &name, &rest);
        if (sc_starts(name, "(")) continue;
        sc_buf_printf(out, "%s%.*s", n++ ? ", " : before, SC_F(name));
    }
    sc_buf_z(out, n ? after : "");
}

static json_t *column_json(const sc_column_info *c)
{
    return json_pack("{s:s, s:s, s:s}", "name", c->name, "type", c->type, "doc", c->doc);
}

static int put_json(listing *l, const char *name, const char *key, const char *doc, const char *commands,
                    const sc_column_info *columns, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        if (json_array_append_new(list, column_json(&columns[i]))) return SC_E_NOMEM;
    }
    json_t *table = json_pack("{s:s, s:s?, s:s, s:s, s:o}", "name", name, "key", key && *key ? key : NULL, "commands",
                              commands, "doc", doc, "columns", list);
    return json_array_append_new(l->json, table) ? SC_E_NOMEM : 0;
}

static int put_table(void *context, const char *name, const char *key, const char *doc, const char *commands,
                     const sc_column_info *columns, size_t n)
{
    listing *l = context;
    sc_nearest_try(&l->nearest, name);
    if (l->wanted && strcmp(l->wanted, name) != 0) return 0;
    l->found = true;
    if (l->json) return put_json(l, name, key, doc, commands, columns, n);
    sc_pen *p = &l->pen;
    if (!l->wanted) {
        sc_buf line = {0};
        sc_buf_printf(&line, "%s", doc);
        put_commands(&line, " (", commands, ")");
        sc_pen_row row = {.text = sc_span_z(name), .meaning = sc_buf_view(&line)};
        size_t used = strlen(name);
        sc_pen_paint(p, SC_STYLE_BOLD, row.text);
        sc_put_spaces(p->out, used < 16 ? 16 - used : 1);
        sc_span rest = row.meaning, part;
        for (bool first = true; sc_wrap_next(&rest, p->width - 17, &part); first = false) {
            if (!first) sc_put_spaces(p->out, 16);
            sc_pen_paint(p, SC_STYLE_PLAIN, part);
            sc_buf_char(p->out, '\n');
        }
        if (line.failed) p->out->failed = true;
        sc_buf_free(&line);
        return 0;
    }
    sc_pen_paint(p, SC_STYLE_BOLD, sc_span_z(name));
    sc_buf_char(p->out, '\n');
    p->indent = 2;
    sc_pen_paragraph(p, 0, SC_STYLE_PLAIN, sc_span_z(doc), SC_STYLE_PLAIN, SC_S(""));
    sc_buf line = {0};
    put_commands(&line, "From ", commands, ". ");
    if (key && *key) sc_buf_printf(&line, "One section tells about one %s.", key);
    sc_pen_paragraph(p, 0, SC_STYLE_DIM, sc_buf_view(&line), SC_STYLE_PLAIN, SC_S(""));
    sc_buf_char(p->out, '\n');
    for (size_t i = 0; i < n; i++) {
        size_t used = strlen(columns[i].name);
        sc_put_spaces(p->out, 2);
        sc_pen_paint(p, SC_STYLE_COMMAND, sc_span_z(columns[i].name));
        sc_put_spaces(p->out, used < 20 ? 20 - used : 1);
        sc_pen_paint(p, SC_STYLE_DIM, sc_span_z(columns[i].type));
        used = strlen(columns[i].type);
        sc_put_spaces(p->out, used < 8 ? 8 - used : 1);
        sc_span rest = sc_span_z(columns[i].doc), part;
        bool any = false;
        for (; sc_wrap_next(&rest, p->width - 30, &part); any = true) {
            if (any) sc_put_spaces(p->out, 30);
            sc_pen_paint(p, SC_STYLE_PLAIN, part);
            sc_buf_char(p->out, '\n');
        }
        if (!any) sc_buf_char(p->out, '\n');
    }
    if (line.failed) p->out->failed = true;
    sc_buf_free(&line);
    return 0;
}

static int run(cli *c)
{
    bool color;
    if (c->value[CLI_MARKDOWN]) {
        sc_buf page = {0};
        if (c->n || c->value[CLI_JSON])
            return cli_fail("--markdown is a page of all tables; it takes nothing beside it");
        cli_put_facts_page(&page);
        return cli_put(&page);
    }
    if (!cli_wants_color(c, &color)) return CLI_ERROR;
    sc_buf out = {0};
    const char *wanted = c->n ? c->operands[0] : NULL;
    listing l = {
        .wanted = wanted,
        .pen = sc_pen_of(&out, cli_width(), color),
        .json = c->value[CLI_JSON] ? json_array() : NULL,
        .nearest = sc_nearest_to(sc_span_z(wanted ? wanted : "")),
    };
    int rc = sc_tables(put_table, &l), status = CLI_OK;
    if (rc) {
        status = cli_fail("out of memory");
    } else if (wanted && !l.found) {
        status = cli_fail("there is no table \"%s\"%s%s%s", wanted, l.nearest.name ? "; did you mean \"" : "",
                          l.nearest.name ? l.nearest.name : "", l.nearest.name ? "\"?" : "");
    } else if (l.json) {
        char *dump = json_dumps(l.json, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
        if (!dump) out.failed = true;
        sc_buf_z(&out, dump);
        sc_buf_char(&out, '\n');
        free(dump);
    }
    json_decref(l.json);
    if (!status) return cli_put(&out);
    sc_buf_free(&out);
    return status;
}

const cli_command cli_tables = {
    .name = "tables",
    .operands = "[NAME]",
    .summary = "the fact tables that `stopcode query` and the rules read",
    .text = "With NAME: its columns. Every table also has `line` and `last_line` (of the paste) and `section`.",
    .examples = "stopcode tables\nstopcode tables frame\nstopcode tables --json | jq -r '.[].name'\n"
                "stopcode tables --markdown >docs/facts.md",
    .options = (const cli_option[]){CLI_COLOR, CLI_JSON, CLI_MARKDOWN, CLI_END},
    .most = 1,
    .run = run,
};
