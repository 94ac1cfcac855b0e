/* Every fact table as an eponymous read-only SQLite virtual table over the rows of the current crash.
 *
 * One const module serves all of them; the table comes in through the client pointer. Equality constraints use a hash
 * built on first use (a join of 200 by 200 rows costs 80 times more without one). What a query looks at decides whether
 * its answer is certain: a look-up by a key that no section covers, a scan of a table without a complete section, and a
 * cell that was not printed taint it.
 *
 * Sources: https://www.sqlite.org/vtab.html, and ext/misc/templatevtab.c in SQLite for the shape.
 */
#include "engine/sql.h"

#include "engine/base/limits.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* Rows by the value of one column. */
typedef struct column_index {
    const sc_row **rows; /* in chains: next[i] follows rows[i] */
    uint32_t *next, *heads;
    uint32_t mask;
    bool has_unprinted; /* some row does not show this column: it might match anything */
    bool ready;
} column_index;

typedef struct fact_table {
    sc_sql *sql;
    const sc_table *table;
    sc_table_data *data;   /* NULL: no facts in use */
    column_index *indexes; /* one per declared column, in the facts' arena */
} fact_table;

struct sc_sql {
    sqlite3 *db;
    const sc_knowledge *knowledge;
    fact_table *tables;
    size_t n_tables;
    sc_facts *facts;
    bool tainted;
    uint32_t absence_line;
    sc_looks looks; /* since sc_sql_begin */
    int steps_left;
};

typedef struct cursor {
    sqlite3_vtab_cursor base;
    fact_table *table;
    const sc_row *row;         /* NULL at the end */
    const column_index *index; /* NULL: scanning */
    uint32_t at;               /* 1-based position in the index's chain */
    int column;
    sc_cell wanted;
} cursor;

typedef struct vtab {
    sqlite3_vtab base;
    fact_table *table;
} vtab;

enum { EXTRA_LINE, EXTRA_LAST_LINE, EXTRA_SECTION }; /* behind the declared columns */

static const char *sql_type(sc_type type)
{
    switch (type) {
    case SC_ADDR: return "ADDR_INT"; /* still integer affinity; tells variables how to print themselves */
    case SC_REAL: return "REAL";
    case SC_TEXT: return "TEXT COLLATE NOCASE"; /* module names differ in case from one debugger to the next */
    case SC_INT:
    case SC_BOOL: break;
    }
    return "INTEGER";
}

static int vtab_connect(sqlite3 *db, void *client, int argc, const char *const *argv, sqlite3_vtab **out, char **error)
{
    (void)argc, (void)argv;
    fact_table *t = client;
    sqlite3_str *s = sqlite3_str_new(db);
    sqlite3_str_appendf(s, "CREATE TABLE x(");
    for (int i = 0; i < t->table->n_columns; i++)
        sqlite3_str_appendf(s, "\"%w\" %s, ", t->table->columns[i].name, sql_type(t->table->columns[i].type));
    sqlite3_str_appendf(s, "line INTEGER, last_line INTEGER, section INTEGER)");
    char *sql = sqlite3_str_finish(s);
    if (!sql) return SQLITE_NOMEM;
    int rc = sqlite3_declare_vtab(db, sql);
    sqlite3_free(sql);
    if (rc) {
        *error = sqlite3_mprintf("%s", sqlite3_errmsg(db));
        return rc;
    }
    vtab *v = sqlite3_malloc(sizeof *v);
    if (!v) return SQLITE_NOMEM;
    *v = (vtab){.table = t};
    sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
    *out = &v->base;
    return SQLITE_OK;
}

static int vtab_disconnect(sqlite3_vtab *v)
{
    sqlite3_free(v);
    return SQLITE_OK;
}

/* One equality is used: on the key when there is one, because only that tells which section must cover it. */
static int vtab_best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
    const sc_table *t = ((vtab *)base)->table->table;
    int best = -1;
    for (int i = 0; i < info->nConstraint; i++) {
        const struct sqlite3_index_constraint *c = &info->aConstraint[i];
        if (!c->usable || c->op != SQLITE_INDEX_CONSTRAINT_EQ || c->iColumn < 0 || c->iColumn >= t->n_columns) continue;
        if (t->columns[c->iColumn].type == SC_REAL) continue;
        if (best < 0 || c->iColumn == t->key) best = i;
    }
    if (best >= 0) {
        info->aConstraintUsage[best].argvIndex = 1; /* SQLite checks the value again: omit stays 0 */
        info->idxNum = info->aConstraint[best].iColumn + 1;
        info->estimatedCost = info->aConstraint[best].iColumn == t->key ? 5 : 10;
        info->estimatedRows = 5;
    } else {
        info->idxNum = 0;
        info->estimatedCost = 1000;
        info->estimatedRows = 200;
    }
    return SQLITE_OK;
}

static int vtab_open(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
    cursor *c = sqlite3_malloc(sizeof *c);
    if (!c) return SQLITE_NOMEM;
    *c = (cursor){.table = ((vtab *)base)->table};
    *out = &c->base;
    return SQLITE_OK;
}

static int vtab_close(sqlite3_vtab_cursor *c)
{
    sqlite3_free(c);
    return SQLITE_OK;
}

static bool same_cell(sc_type type, const sc_cell *a, const sc_cell *b)
{
    return type == SC_TEXT ? sc_ieq(a->as.t, b->as.t) : a->as.i == b->as.i;
}

static uint32_t hash_cell(sc_type type, const sc_cell *c)
{
    if (type == SC_TEXT) return sc_ihash(c->as.t);
    uint64_t v = (uint64_t)c->as.i * 0x9e3779b97f4a7c15u;
    return (uint32_t)(v >> 32);
}

static bool build_index(fact_table *t, int column, column_index *x)
{
    sc_arena *a = t->sql->facts->arena;
    size_t n = t->data->n_rows;
    uint32_t buckets = 8;
    while (buckets < n) buckets *= 2; /* n is at most SC_MAX_ROWS */
    x->rows = sc_arena_array(a, n + 1, sizeof *x->rows);
    x->next = sc_arena_array(a, n + 1, sizeof *x->next);
    x->heads = sc_arena_array(a, buckets, sizeof *x->heads);
    uint32_t *tails = sc_arena_array(a, buckets, sizeof *tails);
    if (!x->rows || !x->next || !x->heads || !tails) return false;
    x->mask = buckets - 1;
    uint32_t i = 0;
    for (const sc_row *r = t->data->rows; r; r = r->next) {
        const sc_cell *c = &r->cells[column];
        if (c->state == SC_NOT_PRINTED) x->has_unprinted = true;
        if (c->state != SC_SET) continue;
        uint32_t b = hash_cell(t->table->columns[column].type, c) & x->mask;
        x->rows[++i] = r;
        if (tails[b])
            x->next[tails[b]] = i;
        else
            x->heads[b] = i;
        tails[b] = i;
    }
    x->ready = true;
    return true;
}

/* True when a complete section tells everything about `key` (NULL: about the whole table). */
static bool covered(fact_table *t, const sc_cell *key, uint32_t *line)
{
    for (const sc_coverage *c = t->data->covered; c; c = c->next) {
        if (!c->complete) continue;
        if (c->all || (key && same_cell(t->table->columns[t->table->key].type, &c->key, key))) {
            *line = c->line;
            return true;
        }
    }
    return false;
}

/* Moves to the first row of the chain, from position `at` on, that has the wanted value. */
static void find_in_chain(cursor *c, uint32_t at)
{
    sc_type type = c->table->table->columns[c->column].type;
    while (at && !same_cell(type, &c->index->rows[at]->cells[c->column], &c->wanted)) at = c->index->next[at];
    c->at = at;
    c->row = at ? c->index->rows[at] : NULL;
}

/* False when the value cannot be a cell of this column (a text for a number): then the table is scanned. */
static bool wanted_value(sc_type type, sqlite3_value *v, sc_cell *out)
{
    *out = (sc_cell){.state = SC_SET};
    int vt = sqlite3_value_type(v);
    if (type == SC_TEXT && vt == SQLITE_TEXT) {
        out->as.t.p = (const char *)sqlite3_value_text(v);
        out->as.t.n = (size_t)sqlite3_value_bytes(v);
        return out->as.t.p != NULL;
    }
    if (type == SC_TEXT || vt != SQLITE_INTEGER) return false;
    out->as.i = sqlite3_value_int64(v);
    return true;
}

static void note_look(sc_looks *looks, const sc_table *t)
{
    enum { ROOM = sizeof looks->tables / sizeof *looks->tables };
    for (unsigned i = 0; i < looks->n && i < ROOM; i++)
        if (looks->tables[i] == t) return;
    if (looks->n < ROOM) looks->tables[looks->n] = t;
    if (looks->n <= ROOM) looks->n++;
}

static int vtab_filter(sqlite3_vtab_cursor *base, int column_plus_one, const char *unused, int argc,
                       sqlite3_value **argv)
{
    (void)unused;
    cursor *c = (cursor *)base;
    fact_table *t = c->table;
    sc_sql *s = t->sql;
    c->row = NULL;
    c->index = NULL;
    note_look(&s->looks, t->table);
    if (!t->data) return SQLITE_OK; /* lint prepares and steps against empty tables */
    c->column = column_plus_one - 1;
    bool by_column = argc == 1 && column_plus_one > 0;
    if (by_column && sqlite3_value_type(argv[0]) == SQLITE_NULL) return SQLITE_OK; /* = NULL holds for no row */
    by_column = by_column && wanted_value(t->table->columns[c->column].type, argv[0], &c->wanted);
    bool by_key = by_column && c->column == t->table->key;
    uint32_t line = 0;
    bool whole = covered(t, by_key ? &c->wanted : NULL, &line);
    if (!whole)
        s->tainted = true;
    else if (!s->absence_line)
        s->absence_line = line;
    if (!by_column) {
        c->row = t->data->rows;
        return SQLITE_OK;
    }
    column_index *x = &t->indexes[c->column];
    if (!x->ready && !build_index(t, c->column, x)) return SQLITE_NOMEM;
    if (x->has_unprinted && !(by_key && whole)) s->tainted = true; /* a covered key's rows all show it */
    if (c->wanted.state == SC_SET && t->table->columns[c->column].type == SC_TEXT)
        c->wanted.as.t = sc_arena_dup(s->facts->arena, c->wanted.as.t); /* the value may go away before the next row */
    c->index = x;
    find_in_chain(c, x->heads[hash_cell(t->table->columns[c->column].type, &c->wanted) & x->mask]);
    return SQLITE_OK;
}

static int vtab_next(sqlite3_vtab_cursor *base)
{
    cursor *c = (cursor *)base;
    if (c->index)
        find_in_chain(c, c->index->next[c->at]);
    else
        c->row = c->row->next;
    return SQLITE_OK;
}

static int vtab_eof(sqlite3_vtab_cursor *base)
{
    return ((cursor *)base)->row == NULL;
}

static int vtab_column(sqlite3_vtab_cursor *base, sqlite3_context *out, int i)
{
    cursor *c = (cursor *)base;
    const sc_table *t = c->table->table;
    if (i >= t->n_columns) {
        int extra = i - t->n_columns;
        uint32_t v = extra == EXTRA_LINE        ? c->row->line
                     : extra == EXTRA_LAST_LINE ? c->row->last_line
                                                : c->row->section;
        sqlite3_result_int64(out, v);
        return SQLITE_OK;
    }
    const sc_cell *cell = &c->row->cells[i];
    if (cell->state == SC_NOT_PRINTED) c->table->sql->tainted = true;
    if (cell->state != SC_SET) {
        sqlite3_result_null(out);
        return SQLITE_OK;
    }
    switch (t->columns[i].type) {
    case SC_TEXT: sqlite3_result_text(out, cell->as.t.p, (int)cell->as.t.n, SQLITE_TRANSIENT); break;
    case SC_REAL: sqlite3_result_double(out, cell->as.r); break;
    case SC_INT:
    case SC_ADDR:
    case SC_BOOL: sqlite3_result_int64(out, cell->as.i); break;
    }
    return SQLITE_OK;
}

static int vtab_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)(uintptr_t)((cursor *)base)->row;
    return SQLITE_OK;
}

static const sqlite3_module fact_module = {
    .iVersion = 0,
    .xConnect = vtab_connect, /* no xCreate: eponymous only */
    .xBestIndex = vtab_best_index,
    .xDisconnect = vtab_disconnect,
    .xOpen = vtab_open,
    .xClose = vtab_close,
    .xFilter = vtab_filter,
    .xNext = vtab_next,
    .xEof = vtab_eof,
    .xColumn = vtab_column,
    .xRowid = vtab_rowid,
};

/* ---- The connection ---- */

static int authorize(void *unused, int action, const char *a, const char *b, const char *c, const char *d)
{
    (void)unused, (void)a, (void)c, (void)d;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_FUNCTION: /* the file and extension functions are not there at all; randomness would change answers */
        return b && (!sqlite3_stricmp(b, "random") || !sqlite3_stricmp(b, "randomblob") ||
                     !sqlite3_stricmp(b, "load_extension") || !sqlite3_stricmp(b, "zeroblob"))
                   ? SQLITE_DENY
                   : SQLITE_OK;
    default: return SQLITE_DENY;
    }
}

enum { PROGRESS_STEPS = 1000 };

static int progress(void *context)
{
    sc_sql *s = context;
    s->steps_left -= PROGRESS_STEPS;
    return s->steps_left <= 0;
}

/* Connects a table's module, which the authorizer would not allow later. */
static int connect_table(sqlite3 *db, const char *name)
{
    char *sql = sqlite3_mprintf("SELECT 1 FROM \"%w\"", name);
    if (!sql) return SQLITE_NOMEM;
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    sqlite3_finalize(stmt);
    sqlite3_free(sql);
    return rc;
}

static int open_database(sc_sql *s)
{
    int rc = sqlite3_open_v2(":memory:", &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                             NULL);
    if (rc) return rc;
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, 1 << 20);
    sqlite3_limit(s->db, SQLITE_LIMIT_SQL_LENGTH, 64 << 10);
    sqlite3_limit(s->db, SQLITE_LIMIT_EXPR_DEPTH, 100);
    sqlite3_limit(s->db, SQLITE_LIMIT_COMPOUND_SELECT, 20);
    sqlite3_limit(s->db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, (int)SC_MAX_PATTERN);
    sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
    size_t n;
    const sc_table *const *tables = sc_all_tables(&n);
    s->tables = calloc(n ? n : 1, sizeof *s->tables);
    if (!s->tables) return SQLITE_NOMEM;
    s->n_tables = n;
    for (size_t i = 0; i < n && !rc; i++) {
        s->tables[i] = (fact_table){.sql = s, .table = tables[i]};
        rc = sqlite3_create_module_v2(s->db, tables[i]->name, &fact_module, &s->tables[i], NULL);
        if (!rc) rc = connect_table(s->db, tables[i]->name);
    }
    if (!rc) rc = sc_sql_add_functions(s->db, s->knowledge);
    if (!rc) rc = sqlite3_set_authorizer(s->db, authorize, NULL);
    if (!rc) sqlite3_progress_handler(s->db, PROGRESS_STEPS, progress, s);
    return rc;
}

int sc_sql_open(sc_sql **out, const sc_knowledge *k, sc_error *error)
{
    *out = NULL;
    sc_sql *s = calloc(1, sizeof *s);
    if (!s) return sc_fail(error, SC_E_NOMEM, "out of memory");
    s->knowledge = k;
    int rc = open_database(s);
    if (rc) {
        int code = rc == SQLITE_NOMEM ? SC_E_NOMEM : SC_E_SQL;
        sc_fail(error, code, "cannot set up the fact tables: %s", s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc));
        sc_sql_close(s);
        return code;
    }
    *out = s;
    return SC_OK;
}

void sc_sql_close(sc_sql *s)
{
    if (!s) return;
    sqlite3_close(s->db);
    free(s->tables);
    free(s);
}

sqlite3 *sc_sql_db(sc_sql *s)
{
    return s->db;
}

const sc_knowledge *sc_sql_knowledge(const sc_sql *s)
{
    return s->knowledge;
}

void sc_sql_use(sc_sql *s, sc_facts *facts)
{
    s->facts = facts;
    for (size_t i = 0; i < s->n_tables; i++) {
        fact_table *t = &s->tables[i];
        t->data = NULL;
        t->indexes = facts ? sc_arena_array(facts->arena, (size_t)t->table->n_columns, sizeof *t->indexes) : NULL;
        if (t->indexes) t->data = sc_facts_table(facts, t->table);
    }
}

void sc_sql_begin(sc_sql *s)
{
    s->tainted = false;
    s->absence_line = 0;
    s->looks.n = 0;
    s->steps_left = SC_MAX_SQL_STEPS;
}

const sc_looks *sc_sql_looks(const sc_sql *s)
{
    return &s->looks;
}

bool sc_sql_blank(const sc_sql *s, const sc_looks *looks)
{
    if (!s->facts || !looks->n || looks->n > sizeof looks->tables / sizeof *looks->tables) return false;
    for (unsigned i = 0; i < looks->n; i++) {
        const sc_table_data *data = sc_facts_table(s->facts, looks->tables[i]);
        if (!data || data->rows || data->covered) return false;
    }
    return true;
}

bool sc_sql_tainted(const sc_sql *s)
{
    return s->tainted;
}

uint32_t sc_sql_absence_line(const sc_sql *s)
{
    return s->absence_line;
}
