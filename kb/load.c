/* stopcode.db into an arena. Each table is read once, in the order of its key; rows of child tables find their rule by
 * walking both in step. */
#include "kb/store.h"

#include "engine/base/buf.h"

#include <sqlite3.h>
#include <string.h>

const char *const sc_origin_names[4] = {"ms", "3p", "inbox-3p", "pseudo"};
const char *const sc_kind_words[4] = {"args", "stack", "sql", "text"};
const char *const sc_effect_words[3] = {"requires", "supports", "excludes"};
const char *const sc_scope_words[5] = {"crash", "thread", "processor", "stack", "any"};

typedef struct loader {
    sc_arena *a;
    const char *path;
    sqlite3 *db;
    sc_error *error;
    int rc; /* SC_E_; the first failure makes the rest do nothing */
    sc_rule *rules;
    size_t n_rules;
    sc_clause *clauses; /* of all rules, one after the other */
} loader;

static void damaged(loader *l, const char *what)
{
    if (!l->rc) l->rc = sc_fail(l->error, SC_E_IO, "%s: damaged knowledge base: %s", l->path, what);
}

/* ---- Rows -------------------------------------------------------------------------------------------------------- */

static sqlite3_stmt *prepare(loader *l, const char *sql)
{
    sqlite3_stmt *s = NULL;
    if (!l->rc && sqlite3_prepare_v2(l->db, sql, -1, &s, NULL)) damaged(l, sqlite3_errmsg(l->db));
    return s;
}

/* False at the end, and after a failure. */
static bool step(loader *l, sqlite3_stmt *s)
{
    int rc = l->rc ? SQLITE_DONE : sqlite3_step(s);
    if (rc != SQLITE_ROW && rc != SQLITE_DONE) damaged(l, sqlite3_errmsg(l->db));
    return rc == SQLITE_ROW && !l->rc;
}

static size_t count(loader *l, const char *table)
{
    size_t n = 0;
    char *sql = sqlite3_mprintf("SELECT count(*) FROM %s", table);
    sqlite3_stmt *s = prepare(l, sql ? sql : "");
    if (step(l, s)) n = (size_t)sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    sqlite3_free(sql);
    return n;
}

/* NULL for NULL. */
static const char *text_or_null(loader *l, sqlite3_stmt *s, int column)
{
    const unsigned char *p = sqlite3_column_text(s, column);
    if (!p) return NULL;
    return sc_arena_z(l->a, (sc_span){(const char *)p, (size_t)sqlite3_column_bytes(s, column)});
}

static const char *text(loader *l, sqlite3_stmt *s, int column)
{
    const char *z = text_or_null(l, s, column);
    if (z) return z;
    damaged(l, "a text is missing");
    return "";
}

static int word(loader *l, sqlite3_stmt *s, int column, const char *const *words, size_t n)
{
    const char *p = (const char *)sqlite3_column_text(s, column);
    for (size_t i = 0; p && i < n; i++)
        if (strcmp(p, words[i]) == 0) return (int)i;
    damaged(l, "a word is not one of its list");
    return 0;
}

static int64_t integer(sqlite3_stmt *s, int column)
{
    return sqlite3_column_int64(s, column);
}

/* ---- Reference tables -------------------------------------------------------------------------------------------- */

static void load_reference(loader *l, sc_knowledge *k)
{
    size_t n = count(l, "bugcheck"), at = 0;
    sc_ref_bugcheck *bugchecks = sc_arena_array(l->a, n, sizeof *bugchecks);
    sqlite3_stmt *s = prepare(l, "SELECT code, name, live_dump FROM bugcheck ORDER BY code");
    for (; bugchecks && at < n && step(l, s); at++)
        bugchecks[at] = (sc_ref_bugcheck){(uint32_t)integer(s, 0), text(l, s, 1), integer(s, 2) != 0};
    sqlite3_finalize(s);
    k->bugchecks = bugchecks;
    k->n_bugchecks = at;

    n = count(l, "module");
    at = 0;
    sc_ref_module *modules = sc_arena_array(l->a, n, sizeof *modules);
    s = prepare(l, "SELECT name, vendor, product, kind, origin FROM module ORDER BY name");
    for (; modules && at < n && step(l, s); at++) {
        modules[at] = (sc_ref_module){text(l, s, 0), text(l, s, 1), text(l, s, 2), text(l, s, 3),
                                      (sc_origin)word(l, s, 4, sc_origin_names, 4)};
    }
    sqlite3_finalize(s);
    k->modules = modules;
    k->n_modules = at;

    n = count(l, "ntstatus");
    at = 0;
    sc_ref_number *numbers = sc_arena_array(l->a, n, sizeof *numbers);
    s = prepare(l, "SELECT number, name, meaning FROM ntstatus ORDER BY number");
    for (; numbers && at < n && step(l, s); at++)
        numbers[at] = (sc_ref_number){(uint64_t)integer(s, 0), text(l, s, 1), text(l, s, 2)};
    sqlite3_finalize(s);
    k->ntstatus = numbers;
    k->n_ntstatus = at;

    n = count(l, "cpu_clock");
    at = 0;
    sc_ref_number *clocks = sc_arena_array(l->a, n, sizeof *clocks);
    s = prepare(l, "SELECT mhz, processor FROM cpu_clock ORDER BY processor");
    for (; clocks && at < n && step(l, s); at++)
        clocks[at] = (sc_ref_number){(uint64_t)integer(s, 0), text(l, s, 1), ""};
    sqlite3_finalize(s);
    k->cpu_clocks = clocks;
    k->n_cpu_clocks = at;

    n = count(l, "term");
    at = 0;
    sc_ref_term *terms = sc_arena_array(l->a, n, sizeof *terms);
    s = prepare(l, "SELECT kind, number, term, name, meaning FROM term ORDER BY kind, number, term");
    for (int last = -1; terms && at < n && step(l, s); at++) {
        int kind = word(l, s, 0, sc_term_kind_names, SC_N_TERM_KINDS);
        if (kind != last) k->terms[kind] = &terms[at];
        last = kind;
        k->n_terms[kind]++;
        terms[at] = (sc_ref_term){text(l, s, 2), text(l, s, 3), text(l, s, 4), (uint64_t)integer(s, 1)};
    }
    sqlite3_finalize(s);
}

/* ---- Rules ------------------------------------------------------------------------------------------------------- */

static void load_rules(loader *l)
{
    size_t n = count(l, "rule");
    l->rules = sc_arena_array(l->a, n, sizeof *l->rules);
    sqlite3_stmt *s = prepare(l, "SELECT id, title, bugcheck, status, tier, confidence, culprit, summary, body, file"
                                 " FROM rule ORDER BY id");
    for (; l->rules && l->n_rules < n && step(l, s); l->n_rules++) {
        sc_rule *r = &l->rules[l->n_rules];
        const char *bugcheck = (const char *)sqlite3_column_text(s, 2);
        r->id = text(l, s, 0);
        r->title = text(l, s, 1);
        r->any_code = bugcheck && strcmp(bugcheck, "any") == 0;
        r->no_code = bugcheck && strcmp(bugcheck, "none") == 0;
        r->status = (sc_status)word(l, s, 3, sc_status_names, 3);
        r->tier = (sc_tier)word(l, s, 4, sc_tier_names, 5);
        r->confidence = (sc_confidence)word(l, s, 5, sc_confidence_names, 4);
        r->culprit = text_or_null(l, s, 6);
        r->summary = text(l, s, 7);
        r->body = text(l, s, 8);
        r->file = text(l, s, 9);
    }
    sqlite3_finalize(s);
}

/* The rule that column 0 names; *at moves along the rules. A row without its rule is damage. */
static sc_rule *rule_of(loader *l, sqlite3_stmt *s, size_t *at)
{
    const char *id = (const char *)sqlite3_column_text(s, 0);
    while (id && *at < l->n_rules && strcmp(l->rules[*at].id, id) < 0) ++*at;
    if (id && *at < l->n_rules && strcmp(l->rules[*at].id, id) == 0) return &l->rules[*at];
    damaged(l, "a row belongs to no rule");
    return NULL;
}

/* Lists of one text per row: `field` is where in sc_rule the array and its length are. */
static void load_texts(loader *l, const char *sql, const char *table, size_t field, size_t field_n)
{
    size_t n = count(l, table), i = 0, at = 0;
    const char **all = sc_arena_array(l->a, n, sizeof *all);
    sqlite3_stmt *s = prepare(l, sql);
    for (; all && i < n && step(l, s); i++) {
        sc_rule *r = rule_of(l, s, &at);
        if (!r) break;
        const char *const **array = (void *)((char *)r + field);
        size_t *length = (void *)((char *)r + field_n);
        all[i] = text(l, s, 1);
        if (!*length) *array = &all[i];
        ++*length;
    }
    sqlite3_finalize(s);
}

static void load_codes(loader *l)
{
    size_t n = count(l, "rule_code"), i = 0, at = 0;
    uint32_t *all = sc_arena_array(l->a, n, sizeof *all);
    sqlite3_stmt *s = prepare(l, "SELECT rule, code FROM rule_code ORDER BY rule, n");
    for (; all && i < n && step(l, s); i++) {
        sc_rule *r = rule_of(l, s, &at);
        if (!r) break;
        all[i] = (uint32_t)integer(s, 1);
        if (!r->n_codes++) r->codes = &all[i];
    }
    sqlite3_finalize(s);
}

static void load_roles(loader *l)
{
    size_t n = count(l, "role"), i = 0, at = 0;
    sc_role *all = sc_arena_array(l->a, n, sizeof *all);
    sqlite3_stmt *s = prepare(l, "SELECT rule, role, why, sql, line FROM role ORDER BY rule, n");
    for (; all && i < n && step(l, s); i++) {
        sc_rule *r = rule_of(l, s, &at);
        if (!r) break;
        all[i].role = (sc_role_kind)word(l, s, 1, sc_role_names, 4);
        all[i].why = text_or_null(l, s, 2);
        all[i].sql = text(l, s, 3);
        all[i].line = (unsigned)integer(s, 4);
        if (!r->n_roles++) r->roles = &all[i];
    }
    sqlite3_finalize(s);
}

/* What the evaluation relies on: each kind has its own. */
static void check_clause(loader *l, const sc_clause *c)
{
    bool good = c->kind == SC_CLAUSE_SQL ? c->sql != NULL : c->kind == SC_CLAUSE_TEXT ? c->command && c->pattern : true;
    if (!good) damaged(l, "a clause has nothing to check");
}

static void load_clauses(loader *l)
{
    size_t n = count(l, "clause"), i = 0, at = 0;
    l->clauses = sc_arena_array(l->a, n, sizeof *l->clauses);
    sqlite3_stmt *s = prepare(
        l, "SELECT rule, name, kind, effect, supports, ask, whole, scope, owner, sql, command, pattern, line"
           " FROM clause ORDER BY rule, n");
    for (; l->clauses && i < n && step(l, s); i++) {
        sc_rule *r = rule_of(l, s, &at);
        if (!r) break;
        sc_clause *c = &l->clauses[i];
        c->name = text(l, s, 1);
        c->kind = (sc_clause_kind)word(l, s, 2, sc_kind_words, 4);
        c->effect = (sc_effect)word(l, s, 3, sc_effect_words, 3);
        if (c->effect == SC_SUPPORTS) c->supports = (sc_confidence)word(l, s, 4, sc_confidence_names, 4);
        c->ask = text_or_null(l, s, 5);
        c->whole = integer(s, 6) != 0;
        if (c->kind == SC_CLAUSE_STACK) c->scope = (sc_scope)word(l, s, 7, sc_scope_words, 5);
        c->owner = text_or_null(l, s, 8);
        c->sql = text_or_null(l, s, 9);
        c->command = text_or_null(l, s, 10);
        c->pattern = text_or_null(l, s, 11);
        c->line = (unsigned)integer(s, 12);
        check_clause(l, c);
        if (!r->n_clauses++) r->clauses = c;
    }
    sqlite3_finalize(s);
}

/* The clause that columns 0 and 1 name. */
static sc_clause *clause_of(loader *l, sqlite3_stmt *s, size_t *at)
{
    sc_rule *r = rule_of(l, s, at);
    int64_t i = integer(s, 1);
    if (r && i >= 0 && (uint64_t)i < r->n_clauses) return l->clauses + (r->clauses - l->clauses) + i;
    damaged(l, "a row belongs to no clause");
    return NULL;
}

static void load_args(loader *l)
{
    size_t n = count(l, "clause_arg"), i = 0, n_tests = 0, at = 0;
    sc_arg_range *ranges = sc_arena_array(l->a, n, sizeof *ranges);
    sc_arg_test *tests = sc_arena_array(l->a, n, sizeof *tests); /* at most one per range */
    const sc_clause *before = NULL;
    sqlite3_stmt *s = prepare(l, "SELECT rule, clause, arg, mask, low, high FROM clause_arg ORDER BY rule, clause, n");
    for (; ranges && tests && i < n && step(l, s); i++) {
        sc_clause *c = clause_of(l, s, &at);
        if (!c) break;
        int arg = (int)integer(s, 2);
        ranges[i] = (sc_arg_range){(uint64_t)integer(s, 3), (uint64_t)integer(s, 4), (uint64_t)integer(s, 5)};
        if (c != before || tests[n_tests - 1].arg != arg) {
            tests[n_tests] = (sc_arg_test){.arg = arg, .ranges = &ranges[i]};
            if (!c->n_args++) c->args = &tests[n_tests];
            n_tests++;
        }
        tests[n_tests - 1].n_ranges++;
        before = c;
    }
    sqlite3_finalize(s);
}

static void load_frames(loader *l)
{
    size_t n = count(l, "clause_frame"), i = 0, at = 0;
    const char **all = sc_arena_array(l->a, n, sizeof *all);
    sqlite3_stmt *s = prepare(l, "SELECT rule, clause, pattern FROM clause_frame ORDER BY rule, clause, n");
    for (; all && i < n && step(l, s); i++) {
        sc_clause *c = clause_of(l, s, &at);
        if (!c) break;
        all[i] = text(l, s, 2);
        if (!c->n_frames++) c->frames = &all[i];
    }
    sqlite3_finalize(s);
}

static void load_pages(loader *l, const sc_kb_page **pages, size_t *n)
{
    size_t want = count(l, "page");
    sc_kb_page *all = sc_arena_array(l->a, want, sizeof *all);
    sqlite3_stmt *s = prepare(l, "SELECT folder, code, title, body, file FROM page ORDER BY folder");
    for (*n = 0; all && *n < want && step(l, s); ++*n) {
        bool has_code = sqlite3_column_type(s, 1) == SQLITE_INTEGER;
        all[*n] = (sc_kb_page){text(l, s, 0), has_code,      (uint32_t)integer(s, 1),
                               text(l, s, 2), text(l, s, 3), text(l, s, 4)};
    }
    sqlite3_finalize(s);
    *pages = all;
}

int sc_load(sc_arena *a, const char *path, sqlite3 *db, sc_knowledge *k, const sc_kb_page **pages, size_t *n,
            sc_error *error)
{
    loader l = {.a = a, .path = path, .db = db, .error = error};
    load_reference(&l, k);
    load_rules(&l);
    load_codes(&l);
    load_clauses(&l);
    load_args(&l);
    load_frames(&l);
    load_roles(&l);
    load_texts(&l, "SELECT rule, other FROM supersedes ORDER BY rule, n", "supersedes", offsetof(sc_rule, supersedes),
               offsetof(sc_rule, n_supersedes));
    load_texts(&l, "SELECT rule, address FROM reference ORDER BY rule, n", "reference", offsetof(sc_rule, references),
               offsetof(sc_rule, n_references));
    load_texts(&l, "SELECT rule, step FROM fix ORDER BY rule, n", "fix", offsetof(sc_rule, fixes),
               offsetof(sc_rule, n_fixes));
    load_pages(&l, pages, n);
    k->rules = l.rules;
    k->n_rules = l.n_rules;
    if (!l.rc && sc_arena_failed(a)) l.rc = sc_fail(error, SC_E_NOMEM, "out of memory");
    return l.rc;
}

/* ---- The file ---------------------------------------------------------------------------------------------------- */

/* A path as SQLite wants it in a URI: the three characters that mean something there are escaped. */
static void uri_of(const char *path, sc_buf *uri)
{
    sc_buf_z(uri, "file:");
    if (path[0] == '/') sc_buf_z(uri, "//");
    for (; *path; path++) {
        if (*path == '?' || *path == '#' || *path == '%')
            sc_buf_printf(uri, "%%%02x", (unsigned)(unsigned char)*path);
        else
            sc_buf_char(uri, *path);
    }
    sc_buf_z(uri, "?immutable=1"); /* files are replaced whole, never changed: no locks, no journal */
}

int sc_load_open(sc_arena *a, const char *path, sqlite3 **db, sc_kb_meta *meta, sc_error *error)
{
    sc_buf uri = {0};
    sqlite3_stmt *s = NULL;
    int application = 0, rc = SC_OK;
    *db = NULL;
    *meta = (sc_kb_meta){0};
    if (!sc_file_look(path).exists) return sc_fail(error, SC_E_IO, "%s: no such file", path);
    uri_of(path, &uri);
    int sql = uri.failed ? SQLITE_NOMEM : sqlite3_open_v2(uri.p, db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
    sc_buf_free(&uri);
    if (!sql) sql = sqlite3_exec(*db, "PRAGMA trusted_schema=OFF", NULL, NULL, NULL);
    if (!sql) sql = sqlite3_prepare_v2(*db, "PRAGMA application_id", -1, &s, NULL);
    if (!sql && sqlite3_step(s) == SQLITE_ROW) application = sqlite3_column_int(s, 0);
    sqlite3_finalize(s);
    s = NULL;
    if (sql == SQLITE_NOTADB || (!sql && application != SC_KB_APPLICATION))
        return sc_fail(error, SC_E_IO, "%s: not a knowledge base of stopcode", path);
    if (!sql) sql = sqlite3_prepare_v2(*db, "SELECT schema, built_by, built_from FROM meta", -1, &s, NULL);
    if (!sql && sqlite3_step(s) == SQLITE_ROW) {
        const char *by = (const char *)sqlite3_column_text(s, 1), *from = (const char *)sqlite3_column_text(s, 2);
        meta->schema = sqlite3_column_int(s, 0);
        meta->built_by = sc_arena_z(a, sc_span_z(by));
        meta->built_from = sc_arena_z(a, sc_span_z(from));
    } else {
        const char *why = sql == SQLITE_NOMEM ? "out of memory" : sql ? sqlite3_errmsg(*db) : "nothing in meta";
        rc = sc_fail(error, SC_E_IO, sql == SQLITE_CANTOPEN ? "%s: %s" : "%s: damaged knowledge base: %s", path, why);
    }
    sqlite3_finalize(s);
    return rc;
}

void sc_load_close(sqlite3 *db)
{
    sqlite3_close(db);
}

int sc_load_files(sc_arena *a, const char *path, sqlite3 *db, const sc_source_file **files, size_t *n, sc_error *error)
{
    loader l = {.a = a, .path = path, .db = db, .error = error};
    size_t want = count(&l, "source_file");
    sc_source_file *all = sc_arena_array(a, want, sizeof *all);
    sqlite3_stmt *s = prepare(&l, "SELECT path, size, mtime_ns FROM source_file ORDER BY path");
    for (*n = 0; all && *n < want && step(&l, s); ++*n)
        all[*n] = (sc_source_file){text(&l, s, 0), (uint64_t)integer(s, 1), integer(s, 2)};
    sqlite3_finalize(s);
    *files = all;
    return l.rc;
}
