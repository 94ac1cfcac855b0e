/* docs/facts.md: every debugger command that is read, and every table that comes of it. */
#include "cli/cli.h"

#include <string.h>

static const char introduction[] =
    "# Facts\n"
    "\n"
    "What stopcode reads from debugger output, as tables. `stopcode query FILE SQL` asks them, rules are made of them, "
    "and\n"
    "`stopcode tables` prints the same at a terminal. This page is generated (`make docs`) from the declarations in\n"
    "`engine/facts/`.\n"
    "\n"
    "Every table has three columns more: `line` and `last_line`, where it stands in the paste, and `section`, the "
    "number of\n"
    "the command's output that told it. A cell that the output did not show is *not printed*: a query that meets one "
    "is\n"
    "uncertain, and the rule's clause unknown. NULL means that the output showed that there is none. Addresses are 64 "
    "bits\n"
    "wide; those of 32-bit Windows are zero-extended. Compare them with `addr_lt` and `is_kernel`.\n";

/* Headings get anchors of their own: what code hosts make of "!vm" and "vm" is the same. */
static void put_anchor(sc_buf *out, const char *kind, const char *name)
{
    sc_buf_printf(out, "%s-", kind);
    size_t before = out->n;
    for (const char *p = name; *p; p++) {
        if (sc_is_alnum(*p) || *p == '_') sc_buf_char(out, *p);
    }
    for (const char *p = name; out->n == before && *p; p++) sc_buf_printf(out, "%02x", (unsigned)(unsigned char)*p);
}

static bool is_derived(const sc_command_info *c)
{
    return c->name[0] == '(';
}

static void put_links(sc_buf *out, const char *names, const char *kind)
{
    sc_span rest = sc_span_z(names), name;
    for (bool first = true; rest.n; first = false) {
        sc_cut(rest, ", ", &name, &rest);
        char z[64];
        size_t n = name.n < sizeof z ? name.n : sizeof z - 1;
        memcpy(z, name.p, n);
        z[n] = '\0';
        sc_buf_printf(out, "%s[`%s`](#", first ? "" : ", ", z);
        put_anchor(out, kind, z);
        sc_buf_char(out, ')');
    }
}

static int put_command(void *context, const sc_command_info *c)
{
    sc_buf *out = context;
    if (is_derived(c)) return 0;
    sc_buf_z(out, "\n<a id=\"");
    put_anchor(out, "command", c->name);
    sc_buf_printf(out, "\"></a>\n\n### `%s`\n\n%s.\n\n", c->name, c->doc);
    for (size_t i = 0; c->aliases && c->aliases[i]; i++)
        sc_buf_printf(out, "%s`%s`%s", i ? ", " : "Also typed ", c->aliases[i], c->aliases[i + 1] ? "" : ". ");
    if (*c->tables) {
        sc_buf_z(out, "Fills ");
        put_links(out, c->tables, "table");
        sc_buf_z(out, ". ");
    }
    sc_buf_printf(out, "What shows its output to be whole: %s.\n", c->proof);
    if (c->query) sc_buf_printf(out, "\n```sql\n%s\n```\n", c->query);
    return out->failed;
}

static int put_derived(void *context, const sc_command_info *c)
{
    sc_buf *out = context;
    if (!is_derived(c)) return 0;
    sc_buf_z(out, "- ");
    put_links(out, c->tables, "table");
    sc_buf_printf(out, ": %s\n", c->doc);
    return out->failed;
}

static int put_table(void *context, const char *name, const char *key, const char *doc, const char *commands,
                     const sc_column_info *columns, size_t n)
{
    sc_buf *out = context;
    sc_buf_z(out, "\n<a id=\"");
    put_anchor(out, "table", name);
    sc_buf_printf(out, "\"></a>\n\n### %s\n\n%s.", name, doc);
    if (*key) sc_buf_printf(out, " One section tells about one `%s`.", key);
    if (*commands && *commands != '(') {
        sc_buf_z(out, " From ");
        put_links(out, commands, "command");
        sc_buf_char(out, '.');
    }
    sc_buf_z(out, "\n\n| column | type | meaning |\n|---|---|---|\n");
    for (size_t i = 0; i < n; i++) {
        sc_buf_printf(out, "| `%s` | %s | ", columns[i].name, columns[i].type);
        cli_put_cell(out, sc_span_z(columns[i].doc));
        sc_buf_z(out, " |\n");
    }
    return out->failed;
}

void cli_put_facts_page(sc_buf *out)
{
    sc_buf_z(out, introduction);
    sc_buf_z(out, "\n## Commands\n");
    sc_command_list(put_command, out);
    sc_buf_z(out, "\n## Derived\n\nWhat no command prints: computed from what several of them told.\n\n");
    sc_command_list(put_derived, out);
    sc_buf_z(out, "\n## Tables\n");
    sc_tables(put_table, out);
}
