#include "kb/sources.h"

#include "engine/base/scan.h"
#include "kb/lint.h"

#include <stdlib.h>
#include <string.h>

#define MAX_SOURCE_BYTES ((size_t)1 << 20) /* of one file; the largest table has 40 KB */

typedef void (*table_reader)(sc_messages *m, const sc_source_text *file, sc_knowledge *k);
static const struct {
    const char *path;
    table_reader read;
} tables[] = {
    {"kb/reference/bugchecks.tsv", sc_bugchecks_read},
    {"kb/reference/cpu_clock.tsv", sc_cpu_clocks_read},
    {"kb/reference/modules.tsv", sc_modules_read},
    {"kb/reference/ntstatus.tsv", sc_ntstatus_read},
};
#define N_TABLES (sizeof tables / sizeof *tables)

/* kb/reference/terms/fast-fail.tsv */
static const char *terms_path(sc_arena *a, int kind)
{
    return sc_arena_printf(a, "kb/reference/terms/%s.tsv", sc_term_kind_names[kind]).p;
}

bool sc_is_source_tree(sc_arena *a, const char *root)
{
    return sc_file_look(sc_path_join(a, root, "rules")).folder &&
           sc_file_look(sc_path_join(a, root, "kb/reference")).folder;
}

/* ---- Which files ------------------------------------------------------------------------------------------------- */

static void add_file(sc_arena *a, sc_list *files, const char *path, sc_file_info info)
{
    sc_source_file *f = sc_list_add(a, files, sizeof *f);
    if (f) *f = (sc_source_file){path, info.size, info.mtime_ns};
}

static int list_names(sc_arena *a, const char *path, const char *const **names, size_t *n, sc_error *error)
{
    sc_error why = {0};
    int rc = sc_folder_list(a, path, names, n, &why);
    return rc ? sc_fail(error, rc, "%s: %s", path, why.text) : SC_OK;
}

static void stray(sc_messages *m, const char *shown)
{
    sc_note(m, SC_WARNING, &(sc_source_text){.shown = shown}, (sc_place){0},
            "ignored: a rule is a file rules/<bug check>/<name>.md");
}

/* "9F" and "0x9f" were meant to be 0x9F. */
static const char *folder_hint(sc_arena *a, const char *name)
{
    uint64_t code;
    if (!sc_span_hex(sc_span_z(name), &code)) return "";
    return sc_arena_printf(a, "; did you mean \"0x%llX\"?", (unsigned long long)code).p;
}

/* rules/<folder>/<name>.md. What does not fit is noted, when somebody listens. */
static int list_folder(sc_arena *a, const char *root, const char *folder, sc_list *files, sc_messages *m,
                       sc_error *error)
{
    const char *const *names, *path = sc_arena_printf(a, "rules/%s", folder).p;
    size_t n;
    int rc = list_names(a, sc_path_join(a, root, path), &names, &n, error);
    for (size_t i = 0; !rc && i < n; i++) {
        const char *inside = sc_path_join(a, path, names[i]);
        sc_file_info info = sc_file_look(sc_path_join(a, root, inside));
        if (sc_ends(sc_span_z(names[i]), ".md") && !info.folder)
            add_file(a, files, inside, info);
        else if (m)
            stray(m, sc_path_join(a, root, inside));
    }
    return rc;
}

static int list_files(sc_arena *a, const char *root, sc_list *files, sc_messages *m, sc_error *error)
{
    const char *const *names;
    size_t n;
    uint32_t code;
    for (size_t i = 0; i < N_TABLES; i++)
        add_file(a, files, tables[i].path, sc_file_look(sc_path_join(a, root, tables[i].path)));
    for (int kind = 0; kind < SC_N_TERM_KINDS; kind++) {
        const char *path = terms_path(a, kind);
        sc_file_info info = path ? sc_file_look(sc_path_join(a, root, path)) : (sc_file_info){0};
        if (info.size) add_file(a, files, path, info);
    }
    int rc = list_names(a, sc_path_join(a, root, "rules"), &names, &n, error);
    for (size_t i = 0; !rc && i < n; i++) {
        const char *path = sc_path_join(a, root, sc_arena_printf(a, "rules/%s", names[i]).p);
        bool folder = sc_file_look(path).folder;
        if (folder && sc_folder_kind(sc_span_z(names[i]), &code) != SC_FOLDER_OTHER) {
            rc = list_folder(a, root, names[i], files, m, error);
        } else if (m && folder) {
            const char *hint = folder_hint(a, names[i]);
            sc_note(m, SC_ERROR, &(sc_source_text){.shown = path}, (sc_place){0},
                    "a folder of rules is named after a bug check, such as 0x9F, or \"any\" or \"none\"%s", hint);
        } else if (m && strcmp(names[i], "README.md") != 0) {
            stray(m, path);
        }
    }
    if (!rc && sc_arena_failed(a)) rc = sc_fail(error, SC_E_NOMEM, "out of memory");
    return rc;
}

int sc_sources_list(sc_arena *a, const char *root, const sc_source_file **files, size_t *n, sc_error *error)
{
    sc_list list = {0};
    int rc = list_files(a, root, &list, NULL, error);
    *files = list.items;
    *n = list.n;
    return rc;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

/* Carriage returns before line feeds and a byte-order mark go: files that went through Windows are welcome. */
static sc_span clean(char *p, size_t n)
{
    size_t from = n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0, to = 0;
    for (size_t i = from; i < n; i++)
        if (p[i] != '\r' || i + 1 >= n || p[i + 1] != '\n') p[to++] = p[i];
    p[to] = '\0';
    return (sc_span){p, to};
}

static const sc_source_text *read_file(sc_messages *m, const char *root, const char *path)
{
    sc_error why = {0};
    char *bytes;
    size_t n;
    sc_source_text *file = sc_arena_get(m->arena, sizeof *file);
    if (!file) return NULL;
    file->path = path;
    file->shown = sc_path_join(m->arena, root, path);
    if (sc_file_read(m->arena, file->shown, MAX_SOURCE_BYTES, &bytes, &n, &why)) {
        sc_note(m, SC_ERROR, file, (sc_place){0}, "%s", why.text);
        return NULL;
    }
    file->text = clean(bytes, n);
    return file;
}

/* "rules/0x9F/name.md" cut into "0x9F" and "name". */
static void cut_path(sc_arena *a, const char *path, const char **folder, const char **slug)
{
    sc_span rest = sc_span_z(path), head, name;
    sc_cut(rest, "/", &head, &rest);
    sc_cut(rest, "/", &head, &name);
    *folder = sc_arena_z(a, head);
    *slug = sc_arena_z(a, sc_span_sub(name, 0, name.n - 3));
}

static int compare_rules(const void *a, const void *b)
{
    return strcmp(((const sc_rule_source *)a)->rule.id, ((const sc_rule_source *)b)->rule.id);
}

static int compare_pages(const void *a, const void *b)
{
    return strcmp(((const sc_kb_page *)a)->folder, ((const sc_kb_page *)b)->folder);
}

/* Pages of the project beside the rules: README.md and the like, docs/. They need not be there. */
static void list_documents(sc_arena *a, const char *root, sc_list *paths)
{
    static const char *const folders[] = {"", "docs", "rules"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const char *const *names;
        size_t n;
        if (sc_folder_list(a, sc_path_join(a, root, folders[i]), &names, &n, NULL)) continue;
        for (size_t k = 0; k < n; k++) {
            const char *path = sc_path_join(a, folders[i], names[k]);
            const char **slot = sc_ends(sc_span_z(path), ".md") ? sc_list_add(a, paths, sizeof *slot) : NULL;
            if (slot) *slot = path;
        }
    }
}

static void lint_links(sc_sources *s, const char *root, sc_messages *m, const sc_list *rules)
{
    sc_list paths = {0};
    for (size_t i = N_TABLES; i < s->n_files; i++) {
        if (!sc_ends(sc_span_z(s->files[i].path), ".md")) continue;
        const char **slot = sc_list_add(m->arena, &paths, sizeof *slot);
        if (slot) *slot = s->files[i].path;
    }
    list_documents(m->arena, root, &paths);
    for (size_t i = 0; i < paths.n; i++) {
        sc_messages unheard = {.arena = m->arena}; /* who cannot be read was told of, or is none of ours */
        const sc_source_text *file = read_file(&unheard, root, ((const char *const *)paths.items)[i]);
        if (file) sc_lint_links(m, root, file, rules->items, rules->n);
    }
}

/* The kind of term that a file holds, or -1. */
static int term_kind_of(sc_arena *a, const char *path)
{
    for (int kind = 0; kind < SC_N_TERM_KINDS; kind++) {
        const char *its = terms_path(a, kind);
        if (its && strcmp(path, its) == 0) return kind;
    }
    return -1;
}

static int read_all(sc_sources *s, const char *root, sc_messages *m, sc_list *rules, sc_error *error)
{
    sc_list pages = {0};
    bool tables_good = true;
    for (size_t i = 0; i < s->n_files; i++) {
        size_t before = m->errors;
        const sc_source_text *file = read_file(m, root, s->files[i].path);
        if (i < N_TABLES) {
            if (file) tables[i].read(m, file, &s->knowledge);
            tables_good = tables_good && m->errors == before;
            continue;
        }
        if (!file) continue;
        int kind = term_kind_of(m->arena, file->path);
        if (kind >= 0) {
            sc_terms_read(m, file, (sc_term_kind)kind, &s->knowledge);
            tables_good = tables_good && m->errors == before;
            continue;
        }
        const char *folder, *slug;
        cut_path(m->arena, file->path, &folder, &slug);
        if (strcmp(slug, "index") == 0) {
            sc_kb_page *p = sc_list_add(m->arena, &pages, sizeof *p);
            if (p) sc_page_read(m, file, folder, p);
        } else {
            sc_rule_source *r = sc_list_add(m->arena, rules, sizeof *r);
            if (r) sc_rule_read(m, file, folder, slug, r);
        }
    }
    if (sc_arena_failed(m->arena)) return sc_fail(error, SC_E_NOMEM, "out of memory");
    if (rules->n) qsort(rules->items, rules->n, sizeof(sc_rule_source), compare_rules);
    if (pages.n) qsort(pages.items, pages.n, sizeof(sc_kb_page), compare_pages);
    s->pages = pages.items;
    s->n_pages = pages.n;
    return sc_lint(m, rules->items, rules->n, &s->knowledge, tables_good, error);
}

static int read_sources(sc_arena *a, const char *root, bool links, sc_sources *out, sc_reporter *reporter,
                        sc_error *error)
{
    sc_messages m = {.arena = a};
    sc_list files = {0}, rules = {0};
    *out = (sc_sources){0};
    if (!sc_is_source_tree(a, root))
        return sc_fail(error, SC_E_IO, "%s: not a source tree: it has no rules/ and kb/reference/", root);
    int rc = list_files(a, root, &files, &m, error);
    if (rc) return rc;
    out->files = files.items;
    out->n_files = files.n;
    rc = read_all(out, root, &m, &rules, error);
    if (!rc && links) lint_links(out, root, &m, &rules);
    sc_rule *plain = sc_arena_array(a, rules.n, sizeof *plain);
    for (size_t i = 0; plain && i < rules.n; i++) plain[i] = ((const sc_rule_source *)rules.items)[i].rule;
    out->knowledge.rules = plain;
    out->knowledge.n_rules = rules.n;
    if (sc_arena_failed(a)) return sc_fail(error, SC_E_NOMEM, "out of memory");
    sc_messages_flush(&m, reporter);
    if (rc) return rc;
    const sc_message *first = sc_messages_first_error(&m);
    if (!first) return SC_OK;
    if (!first->line)
        return sc_fail(error, SC_E_RULE, "%zu error%s in the sources; %s: %s", m.errors, m.errors == 1 ? "" : "s",
                       first->file, first->text);
    return sc_fail(error, SC_E_RULE, "%zu error%s in the sources; %s:%u:%u: %s", m.errors, m.errors == 1 ? "" : "s",
                   first->file, first->line, first->column, first->text);
}

int sc_sources_read(sc_arena *a, const char *root, sc_sources *out, sc_reporter *reporter, sc_error *error)
{
    return read_sources(a, root, false, out, reporter, error);
}

int sc_sources_lint(sc_arena *a, const char *root, sc_sources *out, sc_reporter *reporter, sc_error *error)
{
    return read_sources(a, root, true, out, reporter, error);
}
