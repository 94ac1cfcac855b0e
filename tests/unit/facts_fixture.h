/* For the tests of fact files: text in, facts out, cells by the names of their table and column.
 *
 *     fx f = fx_read("3: kd> !irql\nDebugger saved IRQL for processor 0x2 -- 0 (LOW_LEVEL)\n");
 *     assert_int_equal(fx_int(fx_row(&f, "irql", 0), "processor"), 2);
 *     fx_free(&f);
 *
 * A cell that is read with fx_int, fx_text ... must be set: the test fails otherwise. fx_state tells which kind of
 * empty.
 */
#ifndef STOPCODE_FACTS_FIXTURE_H
#define STOPCODE_FACTS_FIXTURE_H

#include "engine/facts/fact.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

typedef struct fx {
    sc_arena *arena;
    sc_transcript transcript;
    sc_facts *facts; /* of the crash asked for; NULL when nothing was recognised */
} fx;

/* Facts of crash `crash` of a paste, with this knowledge (NULL: an empty one). */
static inline fx fx_read_crash(sc_span paste, const sc_knowledge *k, uint32_t crash)
{
    static const sc_knowledge empty;
    fx f = {.arena = sc_arena_new(0)};
    sc_error e = {0};
    assert_non_null(f.arena);
    int rc = sc_transcript_repair(f.arena, paste, &f.transcript, &e);
    if (rc == SC_E_INPUT) return f; /* empty or binary: there are no facts */
    assert_int_equal(rc, SC_OK);
    assert_int_equal(sc_transcript_split(f.arena, k ? k : &empty, &f.transcript, &e), SC_OK);
    if (crash >= f.transcript.n_crashes) return f;
    /* The transcript moves when `f` is returned: the facts need one that stays. */
    sc_transcript *t = sc_arena_get(f.arena, sizeof *t);
    assert_non_null(t);
    *t = f.transcript;
    f.facts = sc_facts_new(f.arena, t, k ? k : &empty, crash);
    assert_non_null(f.facts);
    assert_int_equal(sc_facts_read(f.facts), SC_OK);
    return f;
}

static inline fx fx_read(const char *paste) { return fx_read_crash(sc_span_z(paste), NULL, 0); }

static inline void fx_free(fx *f)
{
    sc_arena_free(f->arena);
    *f = (fx){0};
}

static inline const sc_table *fx_table(const char *name)
{
    for (size_t i = 0; sc_table_list[i]; i++)
        if (!strcmp(sc_table_list[i]->name, name)) return sc_table_list[i];
    fail_msg("there is no fact table %s", name);
    return NULL;
}

static inline int fx_column(const sc_table *table, const char *name)
{
    for (int i = 0; i < table->n_columns; i++)
        if (!strcmp(table->columns[i].name, name)) return i;
    fail_msg("table %s has no column %s", table->name, name);
    return -1;
}

static inline size_t fx_count(const fx *f, const char *table)
{
    return f->facts ? sc_facts_table(f->facts, fx_table(table))->n_rows : 0;
}

/* Fails the test when there is no row. (abort is for analyzers, which do not know that fail_msg never returns.) */
static inline const sc_row *fx_need(const sc_row *r)
{
    if (!r) {
        fail_msg("no such row");
        abort();
    }
    return r;
}

/* The n-th row (0-based); the test fails when there are fewer. */
static inline const sc_row *fx_row(const fx *f, const char *table, size_t n)
{
    const sc_row *r = f->facts ? sc_facts_first(f->facts, fx_table(table)) : NULL;
    for (size_t i = 0; r && i < n; i++) r = r->next;
    if (!r) fail_msg("table %s has no row %zu", table, n);
    return fx_need(r);
}

static inline sc_cell_state fx_state(const sc_row *r, const char *column)
{
    return fx_need(r)->cells[fx_column(fx_need(r)->table, column)].state;
}

static inline const sc_cell *fx_cell(const sc_row *r, const char *column)
{
    const sc_cell *c = &fx_need(r)->cells[fx_column(fx_need(r)->table, column)];
    if (c->state != SC_SET) fail_msg("%s.%s is not set", r->table->name, column);
    return c;
}

static inline int64_t fx_int(const sc_row *r, const char *column) { return fx_cell(r, column)->as.i; }

static inline uint64_t fx_addr(const sc_row *r, const char *column) { return (uint64_t)fx_cell(r, column)->as.i; }

static inline bool fx_bool(const sc_row *r, const char *column) { return fx_cell(r, column)->as.i != 0; }

static inline double fx_real(const sc_row *r, const char *column) { return fx_cell(r, column)->as.r; }

static inline sc_span fx_text(const sc_row *r, const char *column) { return fx_cell(r, column)->as.t; }

static inline bool fx_text_is(const sc_row *r, const char *column, const char *text)
{
    return sc_eq_z(fx_text(r, column), text);
}
#define fx_assert_text(row, column, text)                                                                              \
    do {                                                                                                               \
        sc_span fx_seen = fx_text(row, column);                                                                        \
        if (!sc_eq_z(fx_seen, text)) fail_msg("%s is '%.*s', not '%s'", column, SC_F(fx_seen), text);                  \
    } while (0)

/* The first row whose text (or number) in this column is the wanted one; NULL without one. */
static inline const sc_row *fx_find_text(const fx *f, const char *table, const char *column, const char *text)
{
    const sc_table *t = fx_table(table);
    int c = fx_column(t, column);
    for (const sc_row *r = f->facts ? sc_facts_first(f->facts, t) : NULL; r; r = r->next)
        if (r->cells[c].state == SC_SET && sc_eq_z(r->cells[c].as.t, text)) return r;
    return NULL;
}

static inline const sc_row *fx_find_int(const fx *f, const char *table, const char *column, int64_t value)
{
    const sc_table *t = fx_table(table);
    int c = fx_column(t, column);
    for (const sc_row *r = f->facts ? sc_facts_first(f->facts, t) : NULL; r; r = r->next)
        if (r->cells[c].state == SC_SET && r->cells[c].as.i == value) return r;
    return NULL;
}

/* Does a section say that nothing of the whole table is missing? */
static inline bool fx_covers_all(const fx *f, const char *table)
{
    const sc_coverage *c = f->facts ? sc_facts_table(f->facts, fx_table(table))->covered : NULL;
    for (; c; c = c->next)
        if (c->all && c->complete) return true;
    return false;
}

/* The same about one number or address of the key column. */
static inline bool fx_covers_int(const fx *f, const char *table, int64_t key)
{
    const sc_coverage *c = f->facts ? sc_facts_table(f->facts, fx_table(table))->covered : NULL;
    for (; c; c = c->next)
        if (c->complete && (c->all || c->key.as.i == key)) return true;
    return false;
}

static inline bool fx_covers_text(const fx *f, const char *table, const char *key)
{
    const sc_coverage *c = f->facts ? sc_facts_table(f->facts, fx_table(table))->covered : NULL;
    for (; c; c = c->next)
        if (c->complete && (c->all || sc_eq_z(c->key.as.t, key))) return true;
    return false;
}

/* Cut behind and before every byte, and 500 times with bytes overwritten: must not crash (sanitizers watch). */
static inline void fx_torture(const char *paste)
{
    static const char bytes[] = "\0\n\r\t 0123456789abcdefFx`'!:;,.()[]{}<>*=-+_@#\\/\"~\xc2\xa0\xe2\x80\x93\xff\x80";
    size_t n = strlen(paste);
    for (size_t i = 0; i <= n; i++) {
        fx head = fx_read_crash((sc_span){paste, i}, NULL, 0);
        fx_free(&head);
        fx tail = fx_read_crash((sc_span){paste + i, n - i}, NULL, 0);
        fx_free(&tail);
    }
    char *copy = malloc(n + 1);
    assert_non_null(copy);
    uint32_t random = 12345;
    for (int round = 0; round < 500; round++) {
        memcpy(copy, paste, n + 1);
        for (int change = 0; n && change < 1 + round / 50; change++) {
            random = random * 1664525u + 1013904223u;
            copy[(random >> 8) % n] = bytes[(random >> 3) % (sizeof bytes - 1)];
        }
        fx f = fx_read_crash((sc_span){copy, n}, NULL, 0);
        fx_free(&f);
    }
    free(copy);
}

#endif
