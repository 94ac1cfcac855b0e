/* stopcode query FILE SQL: one statement over the facts of a crash. */
#include "cli/cli.h"

#include "engine/render/layout.h"
#include "kb/messages.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define CELL_COLUMNS 100u /* of a table on a terminal; CSV and JSON have the whole value */

typedef struct cell {
    size_t from, to; /* bytes of the text */
    bool present;    /* not NULL */
} cell;

/* The rows as they come, cells one after the other. */
typedef struct result {
    sc_buf text;
    cell *cells;
    size_t n_cells, capacity;
    size_t n_columns, n_rows;
    bool failed;
} result;

static void add_cell(result *r, const char *value)
{
    if (r->n_cells == r->capacity) {
        size_t capacity = r->capacity ? r->capacity * 2 : 256;
        cell *cells = realloc(r->cells, capacity * sizeof *cells);
        if (!cells) {
            r->failed = true;
            return;
        }
        r->cells = cells;
        r->capacity = capacity;
    }
    size_t from = r->text.n;
    if (value) sc_buf_z(&r->text, value);
    r->cells[r->n_cells++] = (cell){from, r->text.n, value != NULL};
}

/* The first row is the names of the columns. */
static int add_row(void *context, int n, const char *const *names, const char *const *values)
{
    result *r = context;
    if (!r->n_rows++) {
        r->n_columns = (size_t)n;
        for (int i = 0; i < n; i++) add_cell(r, names[i]);
    }
    for (int i = 0; i < n; i++) add_cell(r, values[i]);
    r->failed |= r->text.failed;
    return r->failed;
}

/* False for NULL. */
static bool read_cell(const result *r, size_t i, sc_span *value)
{
    const cell *c = &r->cells[i];
    *value = c->to > c->from ? (sc_span){r->text.p + c->from, c->to - c->from} : SC_S("");
    return c->present;
}

static bool is_number(sc_span s)
{
    if (sc_starts(s, "-")) s = sc_span_from(s, 1);
    bool digit = false;
    for (size_t i = 0; i < s.n; i++) {
        if (sc_is_digit(s.p[i]))
            digit = true;
        else if (s.p[i] != '.')
            return false;
    }
    return digit;
}

static void put_visible_cell(sc_buf *out, const result *r, size_t i)
{
    sc_span value;
    if (!read_cell(r, i, &value)) return;
    sc_buf v = {0};
    sc_put_visible(&v, value);
    sc_put_clipped(out, sc_buf_view(&v), CELL_COLUMNS);
    if (v.failed) out->failed = true;
    sc_buf_free(&v);
}

static void put_table(sc_buf *out, const result *r, bool color)
{
    if (!r->n_columns) return;
    size_t *widths = calloc(r->n_columns, sizeof *widths);
    bool *numeric = calloc(r->n_columns, sizeof *numeric);
    sc_buf shown = {0};
    if (!widths || !numeric) {
        out->failed = true;
        goto done;
    }
    for (size_t i = 0; i < r->n_columns; i++) numeric[i] = true;
    for (size_t i = 0; i < r->n_cells; i++) {
        size_t column = i % r->n_columns;
        sc_span value;
        if (i >= r->n_columns && read_cell(r, i, &value) && !is_number(value)) numeric[column] = false;
        sc_buf_clear(&shown);
        put_visible_cell(&shown, r, i);
        size_t c = sc_columns(sc_buf_view(&shown));
        if (c > widths[column]) widths[column] = c;
    }
    for (size_t i = 0; i < r->n_cells; i++) {
        size_t column = i % r->n_columns;
        bool last = column + 1 == r->n_columns, head = i < r->n_columns;
        sc_buf_clear(&shown);
        put_visible_cell(&shown, r, i);
        size_t pad = widths[column] - sc_columns(sc_buf_view(&shown));
        if (numeric[column]) sc_put_spaces(out, pad);
        if (head && color) sc_buf_z(out, "\x1b[1m");
        sc_buf_span(out, sc_buf_view(&shown));
        if (head && color) sc_buf_z(out, "\x1b[0m");
        if (!last && !numeric[column]) sc_put_spaces(out, pad);
        sc_buf_z(out, last ? "\n" : "  ");
        if (!last || !head) continue;
        for (size_t k = 0; k < r->n_columns; k++) {
            sc_put_repeat(out, '-', widths[k] ? widths[k] : 1);
            sc_buf_z(out, k + 1 < r->n_columns ? "  " : "\n");
        }
    }
done:
    if (shown.failed) out->failed = true;
    sc_buf_free(&shown);
    free(widths);
    free(numeric);
}

/* RFC 4180, with line feeds. NULL is an empty field, an empty text "". */
static void put_csv(sc_buf *out, const result *r)
{
    sc_buf v = {0};
    for (size_t i = 0; i < r->n_cells; i++) {
        sc_span value;
        bool present = read_cell(r, i, &value);
        sc_buf_clear(&v);
        sc_put_visible(&v, value);
        sc_span s = sc_buf_view(&v);
        bool quote = present && (!s.n || sc_find_char(s, ',') != SC_NPOS || sc_find_char(s, '"') != SC_NPOS ||
                                 s.p[0] == ' ' || s.p[s.n - 1] == ' ');
        if (quote) sc_buf_char(out, '"');
        for (size_t k = 0; k < s.n; k++) {
            if (s.p[k] == '"') sc_buf_char(out, '"');
            sc_buf_char(out, s.p[k]);
        }
        if (quote) sc_buf_char(out, '"');
        sc_buf_char(out, (i + 1) % r->n_columns ? ',' : '\n');
    }
    if (v.failed) out->failed = true;
    sc_buf_free(&v);
}

/* An object per row; a second column of the same name gets a number. Values are texts or null. */
static void put_json(sc_buf *out, const result *r)
{
    json_t *rows = json_array();
    char *dump = NULL;
    bool failed = !rows;
    for (size_t i = r->n_columns; i < r->n_cells && !failed; i += r->n_columns) {
        json_t *row = json_object();
        for (size_t k = 0; k < r->n_columns && !failed; k++) {
            sc_span name, value;
            sc_buf key = {0}, text = {0};
            read_cell(r, k, &name);
            sc_put_visible(&key, name);
            for (unsigned again = 2; !key.failed && json_object_get(row, key.p ? key.p : ""); again++) {
                sc_buf_clear(&key);
                sc_put_visible(&key, name);
                sc_buf_printf(&key, "_%u", again);
            }
            bool present = read_cell(r, i + k, &value);
            sc_put_visible(&text, value);
            failed = key.failed || text.failed ||
                     json_object_set_new(row, key.p ? key.p : "",
                                         present ? json_stringn(text.p ? text.p : "", text.n) : json_null());
            sc_buf_free(&key);
            sc_buf_free(&text);
        }
        if (json_array_append_new(rows, row)) failed = true;
    }
    if (!failed) dump = json_dumps(rows, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    if (!dump) out->failed = true;
    sc_buf_z(out, dump);
    sc_buf_char(out, '\n');
    free(dump);
    json_decref(rows);
}

static int ignore_row(void *context, int n, const char *const *names, const char *const *values)
{
    (void)context, (void)n, (void)names, (void)values;
    return 1;
}

static int try_table(void *nearest, const char *name, const char *key, const char *doc, const char *commands,
                     const sc_column_info *columns, size_t n)
{
    (void)key, (void)doc, (void)commands, (void)columns, (void)n;
    sc_nearest_try(nearest, name);
    return 0;
}

/* SQLite's words for what is wrong with the statement, and the table that may have been meant. */
static void tell_sql_error(const char *text)
{
    static const char no_table[] = "no such table: ";
    sc_span rest = sc_span_z(text);
    sc_nearest near = sc_nearest_to(sc_span_from(rest, sizeof no_table - 1));
    if (!sc_starts(rest, no_table)) {
        cli_fail("%s", text);
        return;
    }
    sc_tables(try_table, &near);
    if (near.name)
        cli_fail("%s; did you mean %s?", text, near.name);
    else
        cli_fail("%s; `stopcode tables` lists them", text);
}

/* A query that failed: is there nothing to ask about, or is the question wrong? */
static int tell_failure(cli_engine *e, sc_span paste, const char *file, int rc, const sc_error *error)
{
    sc_diagnosis *d = NULL;
    bool nothing = rc == SC_E_INPUT && !sc_diagnose(e->engine, paste, &d, NULL) && !d->n_crashes;
    sc_diagnosis_free(d);
    const char *text = *error->text ? error->text : "out of memory";
    if (rc == SC_E_SQL)
        tell_sql_error(text);
    else
        cli_fail("%s: %s", cli_file_name(file), text);
    return nothing ? CLI_NO : CLI_ERROR;
}

static int run(cli *c)
{
    const char *file = c->operands[0], *sql = c->operands[1];
    unsigned crash;
    bool color;
    if (!cli_wants_color(c, &color) || !cli_number(c, CLI_CRASH, 1, 100000, 1, &crash)) return CLI_ERROR;
    if (c->value[CLI_CSV] && c->value[CLI_JSON]) return cli_fail("--csv or --json, not both");
    sc_buf paste = {0}, out = {0};
    sc_error error = {0};
    result r = {0};
    cli_engine e = {0};
    int status = CLI_OK;
    if (cli_read(file, &paste, &error)) {
        status = cli_fail("%s: %s", cli_file_name(file), error.text);
        goto done;
    }
    if (cli_open_engine(c, &e)) {
        status = CLI_ERROR;
        goto done;
    }
    int rc = sc_query(e.engine, sc_buf_view(&paste), crash - 1, sql, add_row, &r, &error);
    if (!rc && (r.failed || r.text.failed)) rc = sc_fail(&error, SC_E_NOMEM, "out of memory");
    if (rc) {
        status = tell_failure(&e, sc_buf_view(&paste), file, rc, &error);
        goto done;
    }
    if (!c->value[CLI_CRASH] && !sc_query(e.engine, sc_buf_view(&paste), 1, "SELECT 1", ignore_row, NULL, NULL)) {
        cli_say("the paste holds several crashes; this is the first, --crash N asks another");
    }
    if (c->value[CLI_JSON])
        put_json(&out, &r);
    else if (c->value[CLI_CSV])
        put_csv(&out, &r);
    else if (r.n_rows)
        put_table(&out, &r, color);
    else
        cli_say("no row");
    status = cli_put(&out);
done:
    cli_close_engine(&e);
    free(r.cells);
    sc_buf_free(&r.text);
    sc_buf_free(&paste);
    sc_buf_free(&out);
    return status;
}

const cli_command cli_query = {
    .name = "query",
    .operands = "FILE SQL",
    .summary = "ask the facts of a paste in SQL",
    .text = "`stopcode tables` lists what can be asked. Addresses are shown as 0x...; NULL is what the paste does not\n"
            "show. With --json every value is a string or null.",
    .examples = "stopcode query paste.txt \"SELECT line, symbol FROM crash_frame\"\n"
                "stopcode query paste.txt \"SELECT module, sum(bytes) FROM frame GROUP BY module ORDER BY 2 DESC\"\n"
                "stopcode query --crash 2 --csv paste.txt \"SELECT * FROM thread\" >threads.csv",
    .options = (const cli_option[]){CLI_CRASH, CLI_CSV, CLI_JSON, CLI_COLOR, CLI_KB, CLI_END},
    .least = 2,
    .most = 2,
    .run = run,
};
