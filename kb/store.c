#include "kb/store.h"

#include <sqlite3.h>

/* Inserts; the first failure stays in rc and makes the rest do nothing. */
typedef struct writer {
    sqlite3 *db;
    int rc;
} writer;

static void run(writer *w, const char *sql)
{
    if (!w->rc) w->rc = sqlite3_exec(w->db, sql, NULL, NULL, NULL);
}

static sqlite3_stmt *prepare(writer *w, const char *sql)
{
    sqlite3_stmt *s = NULL;
    if (!w->rc) w->rc = sqlite3_prepare_v2(w->db, sql, -1, &s, NULL);
    return s;
}

/* One row: `kinds` has a t (const char *, NULL is NULL), an i (int64_t) or an n (int64_t, but NULL) per value. */
static void put(writer *w, sqlite3_stmt *s, const char *kinds, ...)
{
    va_list args;
    va_start(args, kinds);
    for (int i = 1; !w->rc && kinds[i - 1]; i++) {
        if (kinds[i - 1] == 't') {
            w->rc = sqlite3_bind_text(s, i, va_arg(args, const char *), -1, SQLITE_STATIC);
        } else {
            int64_t v = va_arg(args, int64_t);
            w->rc = kinds[i - 1] == 'i' ? sqlite3_bind_int64(s, i, v) : sqlite3_bind_null(s, i);
        }
    }
    va_end(args);
    if (w->rc) return;
    int rc = sqlite3_step(s);
    if (rc != SQLITE_DONE) w->rc = rc;
    sqlite3_reset(s);
}

static const char *bugcheck_word(const sc_rule *r)
{
    return r->any_code ? "any" : r->no_code ? "none" : NULL;
}

static void write_clauses(writer *w, const sc_rule *r, sqlite3_stmt *clause, sqlite3_stmt *arg, sqlite3_stmt *frame)
{
    for (size_t i = 0; i < r->n_clauses; i++) {
        const sc_clause *c = &r->clauses[i];
        int64_t at = (int64_t)i, n = 0;
        put(w, clause,
            "ti"
            "ttttt"
            "i"
            "ttttt"
            "i",
            r->id, at, c->name, sc_kind_words[c->kind], sc_effect_words[c->effect],
            c->effect == SC_SUPPORTS ? sc_confidence_names[c->supports] : NULL, c->ask, (int64_t)c->whole,
            c->kind == SC_CLAUSE_STACK ? sc_scope_words[c->scope] : NULL, c->owner, c->sql, c->command, c->pattern,
            (int64_t)c->line);
        for (size_t k = 0; k < c->n_args; k++)
            for (size_t j = 0; j < c->args[k].n_ranges; j++) {
                const sc_arg_range *range = &c->args[k].ranges[j];
                put(w, arg, "tiiiiii", r->id, at, n++, (int64_t)c->args[k].arg, (int64_t)range->mask,
                    (int64_t)range->low, (int64_t)range->high);
            }
        for (size_t k = 0; k < c->n_frames; k++) put(w, frame, "tiit", r->id, at, (int64_t)k, c->frames[k]);
    }
}

static void write_rules(writer *w, const sc_knowledge *k)
{
    sqlite3_stmt *rule = prepare(w, "INSERT INTO rule VALUES(?,?,?,?,?,?,?,?,?,?)");
    sqlite3_stmt *code = prepare(w, "INSERT INTO rule_code VALUES(?,?,?)");
    sqlite3_stmt *clause = prepare(w, "INSERT INTO clause VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    sqlite3_stmt *arg = prepare(w, "INSERT INTO clause_arg VALUES(?,?,?,?,?,?,?)");
    sqlite3_stmt *frame = prepare(w, "INSERT INTO clause_frame VALUES(?,?,?,?)");
    sqlite3_stmt *role = prepare(w, "INSERT INTO role VALUES(?,?,?,?,?,?)");
    sqlite3_stmt *supersedes = prepare(w, "INSERT INTO supersedes VALUES(?,?,?)");
    sqlite3_stmt *reference = prepare(w, "INSERT INTO reference VALUES(?,?,?)");
    sqlite3_stmt *fix = prepare(w, "INSERT INTO fix VALUES(?,?,?)");
    for (size_t i = 0; i < k->n_rules && !w->rc; i++) {
        const sc_rule *r = &k->rules[i];
        put(w, rule, "tttttttttt", r->id, r->title, bugcheck_word(r), sc_status_names[r->status],
            sc_tier_names[r->tier], sc_confidence_names[r->confidence], r->culprit, r->summary, r->body, r->file);
        for (size_t n = 0; n < r->n_codes; n++) put(w, code, "tii", r->id, (int64_t)n, (int64_t)r->codes[n]);
        write_clauses(w, r, clause, arg, frame);
        for (size_t n = 0; n < r->n_roles; n++)
            put(w, role, "tittti", r->id, (int64_t)n, sc_role_names[r->roles[n].role], r->roles[n].why, r->roles[n].sql,
                (int64_t)r->roles[n].line);
        for (size_t n = 0; n < r->n_supersedes; n++) put(w, supersedes, "tit", r->id, (int64_t)n, r->supersedes[n]);
        for (size_t n = 0; n < r->n_references; n++) put(w, reference, "tit", r->id, (int64_t)n, r->references[n]);
        for (size_t n = 0; n < r->n_fixes; n++) put(w, fix, "tit", r->id, (int64_t)n, r->fixes[n]);
    }
    sqlite3_stmt *all[] = {rule, code, clause, arg, frame, role, supersedes, reference, fix};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) sqlite3_finalize(all[i]);
}

static void write_reference(writer *w, const sc_sources *s)
{
    const sc_knowledge *k = &s->knowledge;
    sqlite3_stmt *bugcheck = prepare(w, "INSERT INTO bugcheck VALUES(?,?,?)");
    sqlite3_stmt *module = prepare(w, "INSERT INTO module VALUES(?,?,?,?,?)");
    sqlite3_stmt *ntstatus = prepare(w, "INSERT INTO ntstatus VALUES(?,?,?)");
    sqlite3_stmt *clock = prepare(w, "INSERT INTO cpu_clock VALUES(?,?)");
    sqlite3_stmt *term = prepare(w, "INSERT INTO term VALUES(?,?,?,?,?)");
    sqlite3_stmt *page = prepare(w, "INSERT INTO page VALUES(?,?,?,?,?)");
    sqlite3_stmt *file = prepare(w, "INSERT INTO source_file VALUES(?,?,?)");
    for (size_t i = 0; i < k->n_bugchecks; i++)
        put(w, bugcheck, "iti", (int64_t)k->bugchecks[i].code, k->bugchecks[i].name,
            (int64_t)k->bugchecks[i].live_dump);
    for (size_t i = 0; i < k->n_modules; i++) {
        const sc_ref_module *m = &k->modules[i];
        put(w, module, "ttttt", m->name, m->vendor, m->product, m->kind, sc_origin_names[m->origin]);
    }
    for (size_t i = 0; i < k->n_ntstatus; i++)
        put(w, ntstatus, "itt", (int64_t)k->ntstatus[i].number, k->ntstatus[i].name, k->ntstatus[i].text);
    for (size_t i = 0; i < k->n_cpu_clocks; i++)
        put(w, clock, "ti", k->cpu_clocks[i].name, (int64_t)k->cpu_clocks[i].number);
    for (int kind = 0; kind < SC_N_TERM_KINDS; kind++)
        for (size_t i = 0; i < k->n_terms[kind]; i++) {
            const sc_ref_term *r = &k->terms[kind][i];
            put(w, term, "tittt", sc_term_kind_names[kind], (int64_t)r->number, r->term, r->name, r->text);
        }
    for (size_t i = 0; i < s->n_pages; i++) {
        const sc_kb_page *p = &s->pages[i];
        put(w, page, p->has_code ? "tittt" : "tnttt", p->folder, (int64_t)p->code, p->title, p->body, p->file);
    }
    for (size_t i = 0; i < s->n_files; i++)
        put(w, file, "tii", s->files[i].path, (int64_t)s->files[i].size, s->files[i].mtime_ns);
    sqlite3_stmt *all[] = {bugcheck, module, ntstatus, clock, term, page, file};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) sqlite3_finalize(all[i]);
}

int sc_store(sc_arena *a, const sc_sources *s, const char *built_from, const char *path, bool *denied, sc_error *error)
{
    writer w = {0};
    unsigned char *bytes = NULL;
    sqlite3_int64 n = 0;
    int rc;
    if (denied) *denied = false;
    w.rc = sqlite3_open_v2(":memory:", &w.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    run(&w, "BEGIN;" SC_KB_TABLES);
    sqlite3_stmt *meta = prepare(&w, "INSERT INTO meta VALUES(?,?,?)");
    put(&w, meta, "itt", (int64_t)SC_KB_SCHEMA, SC_VERSION, built_from);
    sqlite3_finalize(meta);
    write_rules(&w, &s->knowledge);
    write_reference(&w, s);
    char *pragma = sqlite3_mprintf("COMMIT;PRAGMA application_id=%d;VACUUM", SC_KB_APPLICATION);
    if (pragma)
        run(&w, pragma);
    else
        w.rc = SQLITE_NOMEM;
    sqlite3_free(pragma);
    if (!w.rc) bytes = sqlite3_serialize(w.db, "main", &n, 0);
    if (!w.rc && !bytes) w.rc = SQLITE_NOMEM;
    if (w.rc)
        rc = sc_fail(error, w.rc == SQLITE_NOMEM ? SC_E_NOMEM : SC_E_SQL, "%s", sqlite3_errstr(w.rc));
    else
        rc = sc_file_write(a, path, bytes, (size_t)n, denied, error);
    sqlite3_free(bytes);
    sqlite3_close(w.db);
    return rc;
}
