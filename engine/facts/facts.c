/* The store: rows and coverage of one crash, in the run's arena. */
#include "engine/facts/fact.h"

#include "engine/base/limits.h"

#include <string.h>

static size_t n_tables(void)
{
    size_t n = 0;
    while (sc_table_list[n]) n++;
    return n;
}

const sc_table *const *sc_all_tables(size_t *n)
{
    *n = n_tables();
    return sc_table_list;
}

const sc_command *sc_find_command(sc_span spelling)
{
    for (size_t i = 0; sc_commands[i]; i++) {
        const sc_command *c = sc_commands[i];
        if (sc_ieq_z(spelling, c->name)) return c;
        for (size_t j = 0; c->aliases && c->aliases[j]; j++)
            if (sc_ieq_z(spelling, c->aliases[j])) return c;
        if (c->spelling && c->spelling(spelling)) return c;
    }
    return NULL;
}

sc_facts *sc_facts_new(sc_arena *a, const sc_transcript *t, const sc_knowledge *k, uint32_t crash)
{
    sc_facts *f = sc_arena_get(a, sizeof *f);
    size_t n = n_tables();
    if (!f) return NULL;
    f->arena = a;
    f->transcript = t;
    f->knowledge = k;
    f->crash = crash;
    f->tables = sc_arena_array(a, n, sizeof *f->tables);
    f->taken = sc_arena_array(a, t->n_lines, 1);
    f->scratch = sc_arena_get(a, sizeof(sc_row) + SC_MAX_COLUMNS * sizeof(sc_cell));
    if (!f->tables || !f->taken || !f->scratch) return NULL;
    f->last_text = t->n_lines ? t->n_lines - 1 : 0;
    while (f->last_text && !t->lines[f->last_text].text.n) f->last_text--;
    for (size_t i = 0; i < n; i++) {
        f->tables[i].table = sc_table_list[i];
        f->tables[i].tail = &f->tables[i].rows;
    }
    return f;
}

sc_table_data *sc_facts_table(sc_facts *f, const sc_table *table)
{
    for (size_t i = 0;; i++) /* every table is listed: tests/unit/test_commands.c checks it */
        if (f->tables[i].table == table) return &f->tables[i];
}

const sc_row *sc_facts_first(const sc_facts *f, const sc_table *table)
{
    return sc_facts_table((sc_facts *)f, table)->rows;
}

sc_row *sc_row_new(sc_facts *f, const sc_table *table, uint32_t section, const sc_line *line)
{
    size_t bytes = sizeof(sc_row) + (size_t)table->n_columns * sizeof(sc_cell);
    sc_row *r = sc_arena_get(f->arena, bytes);
    if (!r) return f->scratch; /* the arena remembers the failure */
    r->table = table;
    r->section = section;
    if (line) {
        r->line = line->number;
        r->last_line = line->last;
    }
    if (f->n_rows >= SC_MAX_ROWS) {
        f->full = true;
        return r;
    }
    f->n_rows++;
    sc_table_data *t = sc_facts_table(f, table);
    *t->tail = r;
    t->tail = &r->next;
    t->n_rows++;
    return r;
}

static sc_cell *cell(sc_row *r, int column, sc_cell_state state)
{
    r->cells[column].state = state;
    return &r->cells[column];
}

void sc_set_int(sc_row *r, int column, int64_t v)
{
    cell(r, column, SC_SET)->as.i = v;
}

void sc_set_addr(sc_row *r, int column, uint64_t v)
{
    cell(r, column, SC_SET)->as.i = (int64_t)v;
}

void sc_set_bool(sc_row *r, int column, bool v)
{
    cell(r, column, SC_SET)->as.i = v;
}

void sc_set_real(sc_row *r, int column, double v)
{
    cell(r, column, SC_SET)->as.r = v;
}

void sc_set_text(sc_row *r, int column, sc_span v)
{
    cell(r, column, SC_SET)->as.t = v;
}

void sc_set_null(sc_row *r, int column)
{
    cell(r, column, SC_NULL);
}

static void cover(sc_facts *f, const sc_table *table, bool all, sc_cell key, uint32_t section, bool complete)
{
    sc_coverage *c = sc_arena_get(f->arena, sizeof *c);
    if (!c) return;
    sc_table_data *t = sc_facts_table(f, table);
    const sc_section *s = section < f->transcript->n_sections ? &f->transcript->sections[section] : NULL;
    c->all = all;
    c->key = key;
    c->complete = complete;
    c->section = section;
    c->line = s ? f->transcript->lines[s->first].number : 0;
    c->next = t->covered;
    t->covered = c;
}

void sc_cover_all(sc_facts *f, const sc_table *table, uint32_t section, bool complete)
{
    cover(f, table, true, (sc_cell){.state = SC_NULL}, section, complete);
}

void sc_cover_addr(sc_facts *f, const sc_table *table, uint64_t key, uint32_t section, bool complete)
{
    cover(f, table, false, (sc_cell){.state = SC_SET, .as.i = (int64_t)key}, section, complete);
}

void sc_cover_int(sc_facts *f, const sc_table *table, int64_t key, uint32_t section, bool complete)
{
    cover(f, table, false, (sc_cell){.state = SC_SET, .as.i = key}, section, complete);
}

void sc_cover_text(sc_facts *f, const sc_table *table, sc_span key, uint32_t section, bool complete)
{
    cover(f, table, false, (sc_cell){.state = SC_SET, .as.t = key}, section, complete);
}

/* ---- Parsing ---- */

const sc_line *sc_next(sc_parse *p)
{
    while (p->at < p->n) {
        const sc_line *l = &p->lines[p->at++];
        if (l->text.n) return l;
    }
    return NULL;
}

const sc_line *sc_peek(const sc_parse *p)
{
    for (size_t i = p->at; i < p->n; i++)
        if (p->lines[i].text.n) return &p->lines[i];
    return NULL;
}

void sc_take(sc_parse *p, const sc_line *line)
{
    const sc_transcript *t = p->facts->transcript;
    if ((uintptr_t)line < (uintptr_t)t->lines || (uintptr_t)line >= (uintptr_t)(t->lines + t->n_lines))
        return; /* a piece that the parser cut out of a flattened line */
    size_t index = (size_t)(line - t->lines);
    p->facts->taken[index] = 1;
    if (index > p->section->last_used) p->section->last_used = index;
}

sc_row *sc_add(sc_parse *p, const sc_table *table, const sc_line *line)
{
    sc_take(p, line);
    return sc_row_new(p->facts, table, p->ordinal, line);
}

bool sc_arg_addr(const sc_parse *p, uint64_t *address)
{
    sc_scan c = sc_scan_of(p->section->args);
    for (sc_span word; sc_word(&c, &word);)
        if (sc_span_addr(word, address, NULL)) return true;
    return false;
}

void sc_complete(sc_parse *p)
{
    p->section->complete = true;
}

bool sc_goes_on(const sc_parse *p)
{
    return p->section->last_used < p->facts->last_text;
}

void sc_note_width(sc_facts *f, int digits)
{
    int bytes = digits == 16 ? 8 : 4;
    if (bytes > f->pointer_bytes)
        f->pointer_bytes = bytes; /* x64 output holds 8-digit numbers too, never the reverse */
}

int sc_facts_read(sc_facts *f)
{
    const sc_transcript *t = f->transcript;
    const sc_crash_range *crash = &t->crashes[f->crash];
    for (size_t i = 0; i < crash->n_sections; i++) {
        uint32_t ordinal = (uint32_t)(crash->first_section + i);
        sc_section *s = &t->sections[ordinal];
        s->last_used = s->first;
        if (!s->command || !s->command->parse || s->user_mode) continue;
        sc_parse p = {.facts = f, .section = s, .ordinal = ordinal, .lines = t->lines + s->body, .n = s->end - s->body};
        s->command->parse(&p);
    }
    for (size_t i = 0; sc_derivations[i]; i++) sc_derivations[i](f);
    return sc_arena_failed(f->arena) ? SC_E_NOMEM : SC_OK;
}
