/* Everything that the parsers made of a paste, as text: `stopcode facts`. */
#include "engine/query.h"
#include "engine/render/layout.h"

#include <inttypes.h>

static void put_cell(sc_buf *out, sc_type type, const sc_cell *c)
{
    sc_buf text = {0};
    switch (type) {
    case SC_INT: sc_buf_printf(out, "%" PRId64, c->as.i); break;
    case SC_ADDR: sc_buf_printf(out, "0x%" PRIx64, (uint64_t)c->as.i); break;
    case SC_BOOL: sc_buf_z(out, c->as.i ? "true" : "false"); break;
    case SC_REAL: sc_buf_printf(out, "%.15g", c->as.r); break;
    case SC_TEXT:
        sc_put_visible(&text, c->as.t);
        sc_buf_printf(out, "\"%.*s\"", SC_F(sc_buf_view(&text)));
        if (text.failed) out->failed = true;
        sc_buf_free(&text);
        break;
    }
}

static void put_row(sc_buf *out, const sc_row *r)
{
    sc_buf_printf(out, "  %" PRIu32, r->line);
    if (r->last_line != r->line) sc_buf_printf(out, "-%" PRIu32, r->last_line);
    for (int i = 0; i < r->table->n_columns; i++) {
        const sc_cell *c = &r->cells[i];
        if (c->state == SC_NOT_PRINTED) continue;
        sc_buf_printf(out, "  %s=", r->table->columns[i].name);
        if (c->state == SC_NULL)
            sc_buf_z(out, "NULL");
        else
            put_cell(out, r->table->columns[i].type, c);
    }
    sc_buf_char(out, '\n');
}

static void put_coverage(sc_buf *out, const sc_table *t, const sc_coverage *c)
{
    sc_buf_printf(out, "  told by line %" PRIu32 ": ", c->line);
    if (c->all || t->key == SC_NO_KEY) {
        sc_buf_z(out, "all");
    } else {
        sc_buf_printf(out, "%s=", t->columns[t->key].name);
        put_cell(out, t->columns[t->key].type, &c->key);
    }
    sc_buf_z(out, c->complete ? ", whole\n" : ", in part\n");
}

/* What sections tell of a table, the first one first: the list has the last one first. */
static void put_covered(sc_buf *out, sc_arena *a, const sc_table *t, const sc_coverage *last)
{
    size_t n = 0;
    for (const sc_coverage *c = last; c; c = c->next) n++;
    const sc_coverage **all = sc_arena_array(a, n, sizeof *all);
    if (!all) {
        out->failed = true;
        return;
    }
    for (size_t i = n; last; last = last->next) all[--i] = last;
    for (size_t i = 0; i < n; i++) put_coverage(out, t, all[i]);
}

static void put_tables(sc_buf *out, sc_arena *a, const sc_facts *f)
{
    size_t n;
    const sc_table *const *tables = sc_all_tables(&n);
    for (size_t i = 0; i < n; i++) {
        const sc_table_data *d = &f->tables[i];
        if (!d->rows && !d->covered) continue;
        sc_buf_printf(out, "%s\n", tables[i]->name);
        for (const sc_row *r = d->rows; r; r = r->next) put_row(out, r);
        put_covered(out, a, tables[i], d->covered);
    }
}

static void put_sections(sc_buf *out, const sc_facts *f)
{
    const sc_transcript *t = f->transcript;
    const sc_crash_range *crash = &t->crashes[f->crash];
    for (size_t i = crash->first_section; i < crash->first_section + crash->n_sections; i++) {
        const sc_section *s = &t->sections[i];
        if (!s->command) continue;
        sc_buf_printf(out, "%s, line %" PRIu32 ", %s\n", s->command->name, t->lines[s->first].number,
                      s->complete ? "whole" : "end not shown");
        for (size_t l = s->body; l < s->end; l++) {
            if (t->lines[l].text.n && !f->taken[l])
                sc_buf_printf(out, "  line %" PRIu32 " is not read\n", t->lines[l].number);
        }
    }
    if (f->pointer_bytes) sc_buf_printf(out, "pointers of %d bytes\n", f->pointer_bytes);
}

int sc_facts_text(sc_engine *e, sc_span paste, sc_buf *out, sc_error *error)
{
    sc_facts **facts;
    size_t n;
    sc_arena *a = sc_arena_new(0);
    if (!a) return sc_fail(error, SC_E_NOMEM, "out of memory");
    int rc = sc_engine_facts(e, a, paste, &facts, &n, error);
    for (size_t i = 0; !rc && i < n; i++) {
        if (n > 1) sc_buf_printf(out, "%scrash %zu of %zu\n", i ? "\n" : "", i + 1, n);
        put_sections(out, facts[i]);
        put_tables(out, a, facts[i]);
    }
    sc_arena_free(a);
    if (!rc && out->failed) rc = sc_fail(error, SC_E_NOMEM, "out of memory");
    return rc;
}
