#include "kb/kb.h"

#include "kb/store.h"

#include <string.h>

struct sc_kb {
    sc_arena *arena;
    sc_knowledge knowledge;
    const sc_kb_page *pages;
    size_t n_pages;
    bool recompiled;
};

void sc_kb_close(sc_kb *kb)
{
    if (kb) sc_arena_free(kb->arena); /* the handle itself lives there */
}

const sc_knowledge *sc_kb_knowledge(const sc_kb *kb)
{
    return &kb->knowledge;
}

bool sc_kb_recompiled(const sc_kb *kb)
{
    return kb->recompiled;
}

const sc_kb_page *sc_kb_pages(const sc_kb *kb, size_t *n)
{
    *n = kb->n_pages;
    return kb->pages;
}

bool sc_page_in_depth(const sc_kb_page *page)
{
    return page->has_code && strstr(page->body, "\n## " SC_PAGE_DEPTH_HEADING "\n") != NULL;
}

/* ---- Compiling --------------------------------------------------------------------------------------------------- */

/* From the folder in which the file lies to the source root, so that both can be moved together. */
static const char *built_from(sc_arena *a, const char *db_path, const char *root)
{
    const char *folder = sc_path_real(a, sc_path_folder(a, db_path)), *to = sc_path_real(a, root);
    return folder && to ? sc_path_relative(a, folder, to) : NULL;
}

static int write_file(sc_arena *a, const sc_sources *s, const char *root, const char *db_path, bool *denied,
                      sc_error *error)
{
    const char *from = built_from(a, db_path, root);
    if (denied) *denied = false;
    if (!from) return sc_fail(error, SC_E_IO, "cannot be written: no such folder");
    return sc_store(a, s, from, db_path, denied, error);
}

static int compile(const char *source_root, const char *db_path, bool lean, sc_reporter *reporter, sc_error *error)
{
    sc_arena *a = sc_arena_new(0);
    if (!a) return sc_fail(error, SC_E_NOMEM, "out of memory");
    sc_sources s;
    int rc = sc_sources_read(a, source_root, &s, reporter, error);
    sc_error why = {0};
    if (!rc && lean) {
        sc_sources_lean(a, &s);
        rc = sc_arena_failed(a) ? sc_fail(error, SC_E_NOMEM, "out of memory")
                                : sc_store(a, &s, "", db_path, NULL, &why);
    } else if (!rc) {
        rc = write_file(a, &s, source_root, db_path, NULL, &why);
    }
    if (why.code) sc_fail(error, rc, "%s: %s", db_path, why.text);
    sc_arena_free(a);
    return rc;
}

int sc_kb_compile(const char *source_root, const char *db_path, sc_reporter *reporter, sc_error *error)
{
    return compile(source_root, db_path, false, reporter, error);
}

int sc_kb_compile_lean(const char *source_root, const char *db_path, sc_reporter *reporter, sc_error *error)
{
    return compile(source_root, db_path, true, reporter, error);
}

int sc_kb_examine(sc_kb **out, const char *source_root, sc_reporter *reporter, sc_error *error)
{
    *out = NULL;
    sc_arena *a = sc_arena_new(0);
    sc_kb *kb = a ? sc_arena_get(a, sizeof *kb) : NULL;
    if (!kb) {
        sc_arena_free(a);
        return sc_fail(error, SC_E_NOMEM, "out of memory");
    }
    sc_sources s;
    int rc = sc_sources_lint(a, source_root, &s, reporter, error);
    *kb = (sc_kb){.arena = a, .knowledge = s.knowledge, .pages = s.pages, .n_pages = s.n_pages, .recompiled = true};
    if (rc && rc != SC_E_RULE)
        sc_kb_close(kb);
    else
        *out = kb;
    return rc;
}

int sc_kb_lint(const char *source_root, sc_reporter *reporter, sc_error *error)
{
    sc_kb *kb;
    int rc = sc_kb_examine(&kb, source_root, reporter, error);
    sc_kb_close(kb);
    return rc;
}

/* ---- Opening ----------------------------------------------------------------------------------------------------- */

static int open_sources(sc_kb *kb, sc_sources *s, const char *root, sc_reporter *reporter, sc_error *error)
{
    int rc = sc_sources_read(kb->arena, root, s, reporter, error);
    kb->knowledge = s->knowledge;
    kb->pages = s->pages;
    kb->n_pages = s->n_pages;
    kb->recompiled = true;
    return rc;
}

static bool same_files(const sc_source_file *x, size_t n_x, const sc_source_file *y, size_t n_y)
{
    if (n_x != n_y) return false;
    for (size_t i = 0; i < n_x; i++)
        if (strcmp(x[i].path, y[i].path) != 0 || x[i].size != y[i].size || x[i].mtime_ns != y[i].mtime_ns) return false;
    return true;
}

/* A source that was written in the same moment as the file may have changed again without its time telling: clocks of
 * file systems tick every few milliseconds. */
#define TICK_NS 20000000

static bool written_too_late(const sc_source_file *files, size_t n, const char *path)
{
    int64_t made = sc_file_look(path).mtime_ns;
    for (size_t i = 0; i < n; i++)
        if (files[i].mtime_ns > made - TICK_NS) return true;
    return false;
}

/* The source root when it is still there and says something else than the file; NULL when the file is good as it is. */
static const char *changed_root(sc_arena *a, const char *path, struct sqlite3 *db, const sc_kb_meta *meta)
{
    const char *real = sc_path_real(a, path);
    if (!real || !meta->built_from[0]) return NULL;
    const char *root = sc_path_real(a, sc_path_join(a, sc_path_folder(a, real), meta->built_from));
    if (!root || !sc_is_source_tree(a, root)) return NULL;
    if (meta->schema != SC_KB_SCHEMA || strcmp(meta->built_by, SC_VERSION) != 0) return root;
    const sc_source_file *then, *now;
    size_t n_then, n_now;
    if (sc_load_files(a, path, db, &then, &n_then, NULL) || sc_sources_list(a, root, &now, &n_now, NULL)) return root;
    return same_files(then, n_then, now, n_now) && !written_too_late(now, n_now, path) ? NULL : root;
}

/* Keeps what was read. It is good to work with even when it cannot be kept, which is worth a word only where writing is
 * allowed. */
static void refresh_file(sc_kb *kb, const sc_sources *s, const char *root, const char *path, sc_reporter *reporter)
{
    bool denied;
    sc_error why = {0};
    if (!write_file(kb->arena, s, root, sc_path_real(kb->arena, path), &denied, &why) || denied || !reporter) return;
    sc_message m = {.severity = SC_WARNING, .file = path, .width = 1, .text = why.text, .excerpt = {"", 0}};
    reporter->warnings++;
    if (reporter->report) reporter->report(reporter->context, &m);
}

static int load_or_refresh(sc_kb *kb, const char *path, struct sqlite3 *db, const sc_kb_meta *meta, bool refresh,
                           sc_reporter *reporter, sc_error *error)
{
    const char *root = refresh ? changed_root(kb->arena, path, db, meta) : NULL;
    if (root) {
        sc_sources s;
        int rc = open_sources(kb, &s, root, reporter, error);
        if (!rc) refresh_file(kb, &s, root, path, reporter);
        return rc;
    }
    if (meta->schema != SC_KB_SCHEMA)
        return sc_fail(
            error, SC_E_IO,
            "%s: made by stopcode %s with schema %d, and this is stopcode %s with schema %d: compile it again", path,
            meta->built_by, meta->schema, SC_VERSION, SC_KB_SCHEMA);
    return sc_load(kb->arena, path, db, &kb->knowledge, &kb->pages, &kb->n_pages, error);
}

static int open_compiled(sc_kb *kb, const char *path, bool refresh, sc_reporter *reporter, sc_error *error)
{
    struct sqlite3 *db;
    sc_kb_meta meta;
    int rc = sc_load_open(kb->arena, path, &db, &meta, error);
    if (!rc) rc = load_or_refresh(kb, path, db, &meta, refresh, reporter, error);
    sc_load_close(db);
    return rc;
}

static int open_path(sc_kb **out, const char *path, bool refresh, sc_reporter *reporter, sc_error *error)
{
    *out = NULL;
    sc_arena *a = sc_arena_new(0);
    sc_kb *kb = a ? sc_arena_get(a, sizeof *kb) : NULL;
    if (!kb) {
        sc_arena_free(a);
        return sc_fail(error, SC_E_NOMEM, "out of memory");
    }
    kb->arena = a;
    sc_sources s;
    int rc = sc_file_look(path).folder ? open_sources(kb, &s, path, reporter, error)
                                       : open_compiled(kb, path, refresh, reporter, error);
    if (rc)
        sc_kb_close(kb);
    else
        *out = kb;
    return rc;
}

int sc_kb_open(sc_kb **out, const char *path, sc_reporter *reporter, sc_error *error)
{
    return open_path(out, path, true, reporter, error);
}

int sc_kb_open_as_is(sc_kb **out, const char *path, sc_reporter *reporter, sc_error *error)
{
    return open_path(out, path, false, reporter, error);
}

/* ---- Finding ----------------------------------------------------------------------------------------------------- */

#define DB_NAME "stopcode.db"

static bool is_set(const char *z)
{
    return z && z[0];
}

/* The program's own path: as given, or found in the search path; NULL. */
static const char *find_program(sc_arena *a, const char *program, const char *search_path)
{
    if (sc_find_char(sc_span_z(program), '/') != SC_NPOS) return sc_path_real(a, program);
    sc_span rest = sc_span_z(search_path), folder;
    while (rest.n) {
        sc_cut(rest, ":", &folder, &rest);
        const char *path = sc_path_join(a, sc_arena_z(a, folder), program);
        if (sc_file_look(path).exists && !sc_file_look(path).folder) return sc_path_real(a, path);
    }
    return NULL;
}

int sc_kb_find(sc_buf *path, const sc_kb_places *p, sc_error *error)
{
    if (is_set(p->option) || is_set(p->environment)) {
        sc_buf_z(path, is_set(p->option) ? p->option : p->environment);
        return path->failed ? sc_fail(error, SC_E_NOMEM, "out of memory") : SC_OK;
    }
    sc_arena *a = sc_arena_new(0);
    if (!a) return sc_fail(error, SC_E_NOMEM, "out of memory");
    const char *program = is_set(p->program) ? find_program(a, p->program, p->search_path) : NULL;
    const char *beside = program ? sc_path_join(a, sc_path_folder(a, program), DB_NAME) : NULL;
    const char *installed = is_set(p->prefix) ? sc_path_join(a, p->prefix, "share/stopcode/" DB_NAME) : NULL;
    const char *tried[] = {beside, installed};
    int rc = SC_E_IO;
    for (size_t i = 0; i < 2 && rc; i++) {
        if (!tried[i] || !sc_file_look(tried[i]).exists) continue;
        sc_buf_z(path, tried[i]);
        rc = SC_OK;
    }
    if (rc)
        rc = sc_fail(error, SC_E_IO, "no knowledge base: neither %s nor %s exists; name one with --kb or STOPCODE_KB",
                     beside ? beside : DB_NAME " beside the program",
                     installed ? installed : DB_NAME " in the installation");
    sc_arena_free(a);
    return rc;
}
