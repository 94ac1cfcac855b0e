/* stopcode.db: what is read from the sources comes back the same from the file; changes of the sources are noticed;
 * files that are damaged, foreign or of another schema are refused with a clear text. */
#include "kb_tree.h"

#include <sqlite3.h>

#define ABOUT_POWER                                                                                                    \
    "## What it means\n\nPower.\n\n## Usual causes\n\nDrivers.\n\n## What to collect\n\n`!irp`.\n\n"                   \
    "## How to tell the causes apart\n\nBy the request.\n"

/* ---- Both ways to the same knowledge ----------------------------------------------------------------------------- */

static void same(const char *a, const char *b)
{
    if (!a || !b)
        assert_ptr_equal(a, b);
    else
        assert_string_equal(a, b);
}

static void same_texts(const char *const *a, size_t n_a, const char *const *b, size_t n_b)
{
    assert_int_equal(n_a, n_b);
    for (size_t i = 0; i < n_a; i++) same(a[i], b[i]);
}

static void same_clause(const sc_clause *a, const sc_clause *b)
{
    same(a->name, b->name);
    assert_int_equal(a->kind, b->kind);
    assert_int_equal(a->effect, b->effect);
    assert_int_equal(a->supports, b->supports);
    same(a->ask, b->ask);
    assert_int_equal(a->whole, b->whole);
    assert_int_equal(a->n_args, b->n_args);
    for (size_t i = 0; i < a->n_args; i++) {
        assert_int_equal(a->args[i].arg, b->args[i].arg);
        assert_int_equal(a->args[i].n_ranges, b->args[i].n_ranges);
        for (size_t k = 0; k < a->args[i].n_ranges; k++)
            assert_memory_equal(&a->args[i].ranges[k], &b->args[i].ranges[k], sizeof(sc_arg_range));
    }
    same_texts(a->frames, a->n_frames, b->frames, b->n_frames);
    assert_int_equal(a->scope, b->scope);
    same(a->owner, b->owner);
    same(a->sql, b->sql);
    same(a->command, b->command);
    same(a->pattern, b->pattern);
    assert_int_equal(a->line, b->line);
}

static void same_rule(const sc_rule *a, const sc_rule *b)
{
    same(a->id, b->id);
    same(a->title, b->title);
    assert_int_equal(a->n_codes, b->n_codes);
    for (size_t i = 0; i < a->n_codes; i++) assert_int_equal(a->codes[i], b->codes[i]);
    assert_int_equal(a->any_code, b->any_code);
    assert_int_equal(a->no_code, b->no_code);
    assert_int_equal(a->status, b->status);
    assert_int_equal(a->tier, b->tier);
    assert_int_equal(a->confidence, b->confidence);
    assert_int_equal(a->n_clauses, b->n_clauses);
    for (size_t i = 0; i < a->n_clauses; i++) same_clause(&a->clauses[i], &b->clauses[i]);
    same(a->culprit, b->culprit);
    same(a->summary, b->summary);
    assert_int_equal(a->n_roles, b->n_roles);
    for (size_t i = 0; i < a->n_roles; i++) {
        assert_int_equal(a->roles[i].role, b->roles[i].role);
        same(a->roles[i].why, b->roles[i].why);
        same(a->roles[i].sql, b->roles[i].sql);
        assert_int_equal(a->roles[i].line, b->roles[i].line);
    }
    same_texts(a->supersedes, a->n_supersedes, b->supersedes, b->n_supersedes);
    same_texts(a->references, a->n_references, b->references, b->n_references);
    same_texts(a->fixes, a->n_fixes, b->fixes, b->n_fixes);
    same(a->body, b->body);
    same(a->file, b->file);
}

static void same_knowledge(const sc_kb *x, const sc_kb *y)
{
    const sc_knowledge *a = sc_kb_knowledge(x), *b = sc_kb_knowledge(y);
    assert_int_equal(a->n_rules, b->n_rules);
    for (size_t i = 0; i < a->n_rules; i++) same_rule(&a->rules[i], &b->rules[i]);
    assert_int_equal(a->n_modules, b->n_modules);
    for (size_t i = 0; i < a->n_modules; i++) {
        same(a->modules[i].name, b->modules[i].name);
        same(a->modules[i].vendor, b->modules[i].vendor);
        same(a->modules[i].product, b->modules[i].product);
        same(a->modules[i].kind, b->modules[i].kind);
        assert_int_equal(a->modules[i].origin, b->modules[i].origin);
    }
    assert_int_equal(a->n_bugchecks, b->n_bugchecks);
    for (size_t i = 0; i < a->n_bugchecks; i++) {
        assert_int_equal(a->bugchecks[i].code, b->bugchecks[i].code);
        same(a->bugchecks[i].name, b->bugchecks[i].name);
        assert_int_equal(a->bugchecks[i].live_dump, b->bugchecks[i].live_dump);
    }
    assert_int_equal(a->n_ntstatus, b->n_ntstatus);
    for (size_t i = 0; i < a->n_ntstatus; i++) {
        assert_int_equal(a->ntstatus[i].number, b->ntstatus[i].number);
        same(a->ntstatus[i].name, b->ntstatus[i].name);
        same(a->ntstatus[i].text, b->ntstatus[i].text);
    }
    assert_int_equal(a->n_cpu_clocks, b->n_cpu_clocks);
    for (size_t i = 0; i < a->n_cpu_clocks; i++) {
        assert_int_equal(a->cpu_clocks[i].number, b->cpu_clocks[i].number);
        same(a->cpu_clocks[i].name, b->cpu_clocks[i].name);
    }
    size_t n_p, n_q;
    const sc_kb_page *p = sc_kb_pages(x, &n_p), *q = sc_kb_pages(y, &n_q);
    assert_int_equal(n_p, n_q);
    for (size_t i = 0; i < n_p; i++) {
        same(p[i].folder, q[i].folder);
        assert_int_equal(p[i].has_code, q[i].has_code);
        assert_int_equal(p[i].code, q[i].code);
        same(p[i].title, q[i].title);
        same(p[i].body, q[i].body);
        same(p[i].file, q[i].file);
    }
}

static sc_kb *must_open(const char *path)
{
    sc_kb *kb = NULL;
    sc_error error = {0};
    if (sc_kb_open(&kb, path, NULL, &error)) fail_msg("%s", error.text);
    return kb;
}

static void must_compile(const tree *t, const char *db)
{
    sc_error error = {0};
    if (sc_kb_compile(t->root, db, NULL, &error)) fail_msg("%s", error.text);
}

/* A tree with one rule of every sort and pages, compiled to build/x/stopcode.db below its root. */
static char *compiled(tree *t)
{
    tree_new(t);
    tree_write(t, "build/x/note", ""); /* makes the folder */
    tree_write(t, "rules/any/everywhere.md",
               "---\ntitle: E\nbugcheck: any\nstatus: retired\ntier: deliberate\nconfidence: certain\nclauses:\n"
               "  one:\n    stack: \"myfault!*\"\n    any: true\n  two:\n    supports: possible\n    stack: nt!Ke*\n"
               "    processor: \"0\"\n  three:\n    stack: nt\n    stack-id: \"{{arg1}}\"\n"
               "culprit: cpu\nsummary: >\n  Folded\n  text.\n---\nFree text.\n");
    tree_write(t, "rules/none/leak.md",
               "---\ntitle: L\nbugcheck: none\nstatus: draft\ntier: hardware\nconfidence: possible\nclauses:\n"
               "  one:\n    sql: SELECT line FROM vm WHERE label = 'Free System PTEs'\nsummary: S\n---\n");
    tree_write(t, "rules/any/wide.md",
               "---\ntitle: W\nbugcheck: any\nstatus: draft\ntier: hardware\nconfidence: possible\nclauses:\n"
               "  one:\n    args: {3: \"0x0-0xffffffffffffffff\"}\nsummary: S\n---\n");
    tree_write(t, "rules/0x9F/index.md", "---\ncode: 0x9F\ntitle: Power\n---\n" ABOUT_POWER);
    tree_write(t, "rules/any/index.md", "---\ncode: any\ntitle: Everywhere\n---\n");
    char *db = malloc(512);
    assert_non_null(db);
    snprintf(db, 512, "%s/build/x/stopcode.db", t->root);
    must_compile(t, db);
    return db;
}

static void what_is_read_comes_back(void **state)
{
    (void)state;
    tree t;
    char *db = compiled(&t);
    sc_kb *source = must_open(t.root), *file = must_open(db);
    assert_true(sc_kb_recompiled(source));
    assert_false(sc_kb_recompiled(file));
    same_knowledge(source, file);

    const sc_knowledge *k = sc_kb_knowledge(file);
    assert_int_equal(k->n_rules, 5);
    const sc_rule *r = &k->rules[0];
    same(r->id, "0x9F/good");
    same(r->file, "rules/0x9F/good.md");
    same(r->title, "A driver holds the lock");
    assert_int_equal(r->n_codes, 2);
    assert_int_equal(r->codes[1], 0x7F);
    assert_int_equal(r->status, SC_STABLE);
    assert_int_equal(r->tier, SC_PROOF);
    assert_int_equal(r->confidence, SC_LIKELY);
    assert_int_equal(r->n_clauses, 5);
    const sc_clause *c = &r->clauses[0];
    same(c->name, "time-out");
    assert_int_equal(c->line, 8);
    assert_int_equal(c->kind, SC_CLAUSE_ARGS);
    assert_int_equal(c->effect, SC_REQUIRES);
    assert_int_equal(c->n_args, 3);
    assert_int_equal(c->args[1].arg, 2);
    assert_int_equal(c->args[1].n_ranges, 3);
    assert_true(c->args[1].ranges[2].mask == UINT64_MAX);
    assert_int_equal(c->args[1].ranges[2].low, 0x100);
    assert_int_equal(c->args[1].ranges[2].high, 0x1ff);
    assert_int_equal(c->args[2].ranges[0].mask, 0xf);
    assert_int_equal(c->args[2].ranges[0].low, 2);
    c = &r->clauses[1];
    assert_int_equal(c->kind, SC_CLAUSE_SQL);
    same(c->sql, "SELECT l.line, l.name AS lock FROM lock l JOIN lock_thread t ON t.lock = l.lock\n"
                 "WHERE t.role = 'owner' AND t.thread = :arg3");
    same(c->ask, "!locks");
    assert_false(c->whole);
    c = &r->clauses[2];
    assert_int_equal(c->n_frames, 3);
    same(c->frames[1], "...");
    assert_int_equal(c->scope, SC_SCOPE_THREAD);
    same(c->owner, "{{arg3}}");
    c = &r->clauses[3];
    assert_int_equal(c->effect, SC_SUPPORTS);
    assert_int_equal(c->supports, SC_CERTAIN);
    assert_true(c->whole);
    c = &r->clauses[4];
    assert_int_equal(c->effect, SC_EXCLUDES);
    same(c->command, "!locks");
    same(c->pattern, "\\b(?<count>\\d+) total locks");
    same(r->culprit, "{{driver}}");
    assert_int_equal(r->roles[0].role, SC_BYSTANDER);
    same(r->supersedes[0], "0x9F/other");
    same(r->references[0], "https://example.org/page");
    assert_int_equal(r->n_fixes, 2);
    same(r->fixes[0], "Update {{driver|the driver}}. (low risk)");
    same(r->fixes[1], "Remove it with `pnputil`. (risk: the device stops working)");
    assert_int_equal(strncmp(r->body, "## What happened\n", 17), 0);

    r = &k->rules[2];
    same(r->id, "any/everywhere");
    assert_true(r->any_code);
    same(r->summary, "Folded text.");
    assert_int_equal(r->clauses[0].scope, SC_SCOPE_ANY);
    assert_int_equal(r->clauses[1].scope, SC_SCOPE_PROCESSOR);
    assert_int_equal(r->clauses[2].scope, SC_SCOPE_STACK);
    assert_true(k->rules[3].clauses[0].args[0].ranges[0].high == UINT64_MAX);
    assert_true(k->rules[4].no_code);

    size_t n;
    const sc_kb_page *p = sc_kb_pages(file, &n);
    assert_int_equal(n, 2);
    same(p[0].folder, "0x9F");
    assert_int_equal(p[0].code, 0x9F);
    same(p[0].body, ABOUT_POWER);
    assert_true(sc_page_in_depth(&p[0]));
    assert_false(sc_page_in_depth(&p[1]));
    assert_false(p[1].has_code);
    sc_kb_close(source);
    sc_kb_close(file);
    free(db);
    tree_free(&t);
}

/* ---- Sources that change ----------------------------------------------------------------------------------------- */

static void a_changed_source_is_noticed(void **state)
{
    (void)state;
    tree t;
    char *db = compiled(&t), *good = file_read(DATA "good-rule.md");
    char *edited = replaced(good, "A driver holds the lock", "A driver keeps the lock");

    tree_write(&t, "rules/0x9F/good.md", edited); /* the same size, another time */
    sc_kb *kb = must_open(db);
    assert_true(sc_kb_recompiled(kb));
    same(sc_kb_knowledge(kb)->rules[0].title, "A driver keeps the lock");
    sc_kb_close(kb);
    kb = must_open(db); /* and the file was written */
    assert_false(sc_kb_recompiled(kb));
    same(sc_kb_knowledge(kb)->rules[0].title, "A driver keeps the lock");
    sc_kb_close(kb);

    tree_write(&t, "rules/0x7F/new.md",
               "---\ntitle: N\nbugcheck: 0x7F\nstatus: draft\ntier: advice\nconfidence: possible\nclauses:\n"
               "  one:\n    args: {1: 8}\nsummary: S\n---\n");
    kb = must_open(db);
    assert_true(sc_kb_recompiled(kb));
    assert_int_equal(sc_kb_knowledge(kb)->n_rules, 6);
    sc_kb_close(kb);

    assert_int_equal(remove(tree_path(&t, "rules/0x7F/new.md")), 0);
    kb = must_open(db);
    assert_true(sc_kb_recompiled(kb));
    assert_int_equal(sc_kb_knowledge(kb)->n_rules, 5);
    sc_kb_close(kb);

    tree_write(&t, "rules/0x9F/note.txt", "no source");
    kb = must_open(db);
    assert_false(sc_kb_recompiled(kb));
    sc_kb_close(kb);
    free(edited);
    free(good);
    free(db);
    tree_free(&t);
}

/* A source as young as the file may have changed since in the same tick of the clock: it is read again. */
static void a_source_as_young_as_the_file(void **state)
{
    (void)state;
    tree t;
    char *db = compiled(&t);
    struct timespec times[2] = {{.tv_sec = t.tick}, {.tv_sec = t.tick}}; /* of the source that was written last */
    assert_int_equal(utimensat(AT_FDCWD, db, times, 0), 0);
    sc_kb *kb = must_open(db);
    assert_true(sc_kb_recompiled(kb));
    sc_kb_close(kb);
    kb = must_open(db); /* made anew, it is younger than all of them */
    assert_false(sc_kb_recompiled(kb));
    sc_kb_close(kb);
    free(db);
    tree_free(&t);
}

/* An edit with a fault is told, and neither the old knowledge nor a half of the new is used. */
static void a_fault_in_a_changed_source(void **state)
{
    (void)state;
    tree t;
    char *db = compiled(&t), *good = file_read(DATA "good-rule.md"), *bad = replaced(good, "tier: proof", "tier: prof");
    tree_write(&t, "rules/0x9F/good.md", bad);
    heard h = {.t = &t};
    sc_reporter reporter = {.report = hear, .context = &h};
    sc_error error;
    sc_kb *kb;
    assert_int_equal(sc_kb_open(&kb, db, &reporter, &error), SC_E_RULE);
    assert_null(kb);
    assert_int_equal(reporter.errors, 1);
    assert_non_null(strstr(h.text.p, "rules/0x9F/good.md:5:7: error: unknown tier \"prof\""));
    assert_int_equal(sc_kb_compile(t.root, db, NULL, &error), SC_E_RULE);
    tree_write(&t, "rules/0x9F/good.md", good);
    kb = must_open(db);
    same(sc_kb_knowledge(kb)->rules[0].id, "0x9F/good");
    sc_kb_close(kb);
    sc_buf_free(&h.text);
    free(bad);
    free(good);
    free(db);
    tree_free(&t);
}

/* Without its sources the file stands alone; moved together with them it still finds them. */
static void the_file_without_its_sources(void **state)
{
    (void)state;
    tree t, other;
    char *db = compiled(&t), from[512], to[512];
    tree_new(&other);
    snprintf(from, sizeof from, "%s/build", t.root);
    snprintf(to, sizeof to, "%s/build", other.root);
    assert_int_equal(rename(from, to), 0); /* now beside other sources */
    snprintf(to, sizeof to, "%s/build/x/stopcode.db", other.root);
    sc_kb *kb = must_open(to);
    assert_true(sc_kb_recompiled(kb));
    assert_int_equal(sc_kb_knowledge(kb)->n_rules, 2);
    sc_kb_close(kb);
    snprintf(from, sizeof from, "%s/stopcode.db", t.root);
    assert_int_equal(rename(to, from), 0); /* ../.. of it is nothing that we know */
    kb = must_open(from);
    assert_false(sc_kb_recompiled(kb));
    assert_int_equal(sc_kb_knowledge(kb)->n_rules, 2);
    sc_kb_close(kb);
    free(db);
    tree_free(&t);
    tree_free(&other);
}

static void a_folder_that_cannot_be_written(void **state)
{
    (void)state;
    tree t;
    char *db = compiled(&t);
    if (geteuid() == 0) { /* nothing is forbidden to root */
        free(db);
        tree_free(&t);
        skip();
    }
    tree_write(&t, "rules/0x9F/other.md",
               "---\ntitle: Changed\nbugcheck: 0x9F\nstatus: draft\ntier: advice\n"
               "confidence: possible\nclauses:\n  a:\n    args: {1: 1}\nsummary: S\n---\n");
    char folder[512];
    snprintf(folder, sizeof folder, "%s/build/x", t.root);
    assert_int_equal(chmod(folder, 0555), 0);
    sc_reporter reporter = {0};
    sc_error error;
    sc_kb *kb;
    assert_int_equal(sc_kb_open(&kb, db, &reporter, &error), SC_OK);
    assert_true(sc_kb_recompiled(kb));
    assert_int_equal(reporter.warnings, 0);
    same(sc_kb_knowledge(kb)->rules[1].title, "Changed");
    sc_kb_close(kb);
    assert_int_equal(chmod(folder, 0755), 0);
    free(db);
    tree_free(&t);
}

/* ---- Files that are not good ------------------------------------------------------------------------------------- */

static void run_sql(const char *db, const char *sql)
{
    sqlite3 *h;
    assert_int_equal(sqlite3_open(db, &h), SQLITE_OK);
    assert_int_equal(sqlite3_exec(h, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(h);
}

/* `db` must be refused with "<db>: <text>". */
static void refused(const char *db, const char *text)
{
    char expected[1024];
    sc_error error = {0};
    sc_kb *kb;
    assert_int_equal(sc_kb_open(&kb, db, NULL, &error), SC_E_IO);
    assert_null(kb);
    snprintf(expected, sizeof expected, "%s: %s", db, text);
    assert_string_equal(error.text, expected);
}

/* The tree's file at a place from where no sources can be reached. */
static char *lonely(tree *t)
{
    char *db = compiled(t), *moved = malloc(512);
    assert_non_null(moved);
    snprintf(moved, 512, "%s/lonely.db", t->root);
    assert_int_equal(rename(db, moved), 0);
    free(db);
    return moved;
}

static void files_that_are_no_knowledge_base(void **state)
{
    (void)state;
    tree t;
    char *db = lonely(&t);
    run_sql(db, "PRAGMA application_id=1");
    refused(db, "not a knowledge base of stopcode");
    tree_write(&t, "lonely.db", "this is only a text, and a rather short one");
    refused(db, "not a knowledge base of stopcode");
    tree_write(&t, "lonely.db", "");
    refused(db, "not a knowledge base of stopcode");
    assert_int_equal(remove(db), 0);
    refused(db, "no such file");
    sc_error error;
    sc_kb *kb;
    assert_int_equal(sc_kb_open(&kb, "tests/unit", NULL, &error), SC_E_IO);
    assert_string_equal(error.text, "tests/unit: not a source tree: it has no rules/ and kb/reference/");
    free(db);
    tree_free(&t);
}

static void another_schema(void **state)
{
    (void)state;
    tree t;
    char *db = lonely(&t);
    run_sql(db, "UPDATE meta SET schema = 99, built_by = '9.9'; DROP TABLE rule");
    refused(db,
            "made by stopcode 9.9 with schema 99, and this is stopcode " SC_VERSION " with schema 2: compile it again");
    char beside[512]; /* where its sources are, it is compiled again without a word */
    snprintf(beside, sizeof beside, "%s/build/x/stopcode.db", t.root);
    assert_int_equal(rename(db, beside), 0);
    sc_kb *kb = must_open(beside);
    assert_true(sc_kb_recompiled(kb));
    sc_kb_close(kb);
    kb = must_open(beside);
    assert_false(sc_kb_recompiled(kb));
    sc_kb_close(kb);
    free(db);
    tree_free(&t);
}

static void damage_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *text;
    } cases[] = {
        {"DELETE FROM meta", "damaged knowledge base: nothing in meta"},
        {"DROP TABLE meta", "damaged knowledge base: no such table: meta"},
        {"DROP TABLE clause_arg", "damaged knowledge base: no such table: clause_arg"},
        {"UPDATE rule SET title = NULL", "damaged knowledge base: a text is missing"},
        {"UPDATE rule SET tier = 'odd'", "damaged knowledge base: a word is not one of its list"},
        {"DELETE FROM rule WHERE id LIKE '%good'", "damaged knowledge base: a row belongs to no rule"},
        {"DELETE FROM clause WHERE rule LIKE '%good' AND n > 0", "damaged knowledge base: a row belongs to no clause"},
        {"UPDATE clause SET sql = NULL", "damaged knowledge base: a clause has nothing to check"},
        {"UPDATE module SET origin = NULL", "damaged knowledge base: a word is not one of its list"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tree t;
        char *db = lonely(&t);
        run_sql(db, cases[i].sql);
        refused(db, cases[i].text);
        free(db);
        tree_free(&t);
    }
}

/* Cut anywhere and with any page overwritten, a file is refused or read, never worse. */
static void cut_and_spoiled_files(void **state)
{
    (void)state;
    tree t;
    char *db = lonely(&t);
    struct stat s;
    assert_int_equal(stat(db, &s), 0);
    size_t n = (size_t)s.st_size;
    char *whole = malloc(n), *bytes = malloc(n);
    assert_true(whole && bytes);
    int fd = open(db, O_RDONLY);
    assert_int_equal(read(fd, whole, n), (ssize_t)n);
    close(fd);
    size_t refusals = 0;
    for (size_t cut = 0; cut < n; cut += 2048) {
        for (int spoil = 0; spoil < 2; spoil++) {
            size_t length = spoil ? n : cut;
            memcpy(bytes, whole, n);
            if (spoil) memset(bytes + cut, (int)(cut % 251), 2048);
            fd = open(db, O_WRONLY | O_TRUNC);
            assert_int_equal(write(fd, bytes, length), (ssize_t)length);
            close(fd);
            sc_kb *kb;
            sc_error error = {0};
            int rc = sc_kb_open(&kb, db, NULL, &error);
            assert_true(rc == SC_OK || (rc == SC_E_IO && error.text[0]));
            refusals += rc != SC_OK;
            if (!rc) sc_kb_close(kb);
        }
    }
    assert_true(refusals >= n / 2048);
    free(whole);
    free(bytes);
    free(db);
    tree_free(&t);
}

/* A path that means something in a URI is a path like any other. */
static void odd_names(void **state)
{
    (void)state;
    tree t;
    tree_new(&t);
    char db[512];
    snprintf(db, sizeof db, "%s/a?mode=memory#50%%20.db", t.root);
    must_compile(&t, db);
    sc_kb *kb = must_open(db);
    assert_false(sc_kb_recompiled(kb));
    assert_int_equal(sc_kb_knowledge(kb)->n_rules, 2);
    sc_kb_close(kb);
    sc_error error;
    snprintf(db, sizeof db, "%s/nowhere/x.db", t.root);
    assert_int_equal(sc_kb_compile(t.root, db, NULL, &error), SC_E_IO);
    assert_non_null(strstr(error.text, "/nowhere/x.db: cannot be written: no such folder"));
    tree_free(&t);
}

/* ---- Finding ----------------------------------------------------------------------------------------------------- */

static void expect_found(const sc_kb_places *p, const char *expected)
{
    sc_buf path = {0};
    sc_error error = {0};
    if (sc_kb_find(&path, p, &error)) fail_msg("%s", error.text);
    assert_string_equal(path.p, expected);
    sc_buf_free(&path);
}

static void the_order_of_places(void **state)
{
    (void)state;
    tree t;
    tree_new(&t);
    tree_write(&t, "bin/stopcode", "");
    tree_write(&t, "bin/stopcode.db", "");
    tree_write(&t, "share/stopcode/stopcode.db", "");
    char real[512], program[600], bin[600], beside[600], installed[600];
    assert_non_null(realpath(t.root, real));
    snprintf(program, sizeof program, "%s/bin/stopcode", real);
    snprintf(bin, sizeof bin, "/nonexistent:%s/bin", real);
    snprintf(beside, sizeof beside, "%s/bin/stopcode.db", real);
    snprintf(installed, sizeof installed, "%s/share/stopcode/stopcode.db", real);
    sc_kb_places p = {"given.db", "environment.db", program, bin, real};
    expect_found(&p, "given.db");
    p.option = NULL;
    expect_found(&p, "environment.db");
    p.environment = "";
    expect_found(&p, beside);
    p.program = "stopcode"; /* called by its name: found in the search path */
    expect_found(&p, beside);
    assert_int_equal(remove(beside), 0);
    expect_found(&p, installed);
    assert_int_equal(remove(installed), 0);
    sc_buf path = {0};
    sc_error error;
    assert_int_equal(sc_kb_find(&path, &p, &error), SC_E_IO);
    char expected[2000];
    snprintf(expected, sizeof expected,
             "no knowledge base: neither %s nor %s exists; name one with --kb or STOPCODE_KB", beside, installed);
    assert_string_equal(error.text, expected);
    sc_buf_free(&path);
    tree_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_comes_back),
        cmocka_unit_test(a_changed_source_is_noticed),
        cmocka_unit_test(a_source_as_young_as_the_file),
        cmocka_unit_test(a_fault_in_a_changed_source),
        cmocka_unit_test(the_file_without_its_sources),
        cmocka_unit_test(a_folder_that_cannot_be_written),
        cmocka_unit_test(files_that_are_no_knowledge_base),
        cmocka_unit_test(another_schema),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(cut_and_spoiled_files),
        cmocka_unit_test(odd_names),
        cmocka_unit_test(the_order_of_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
