/* Lint of the links in a page: files, their headings, and addresses. */
#include "kb/lint.h"

#include "kb/files.h"
#include "kb/markdown.h"

#include <string.h>

#define MAX_PAGE_BYTES ((size_t)1 << 20)

typedef struct page {
    sc_messages *m;
    const char *root;
    const sc_source_text *file;
    const char *folder; /* of the file, from the root: "rules/0x9F"; "" for the root itself */
    const sc_rule_source *rules;
    size_t n_rules;
} page;

/* ---- Headings as addresses --------------------------------------------------------------------------------------- */

/* What a heading is called behind #, as the sites that show Markdown do it: small letters, dashes for blanks, other
 * marks left out. */
static const char *slug_of(sc_arena *a, sc_span heading)
{
    sc_buf b = {0};
    for (size_t i = 0; i < heading.n; i++) {
        char c = sc_lower(heading.p[i]);
        if (sc_is_word(c) || c == '-' || (unsigned char)c > 0x7f)
            sc_buf_char(&b, c);
        else if (sc_is_blank(c))
            sc_buf_char(&b, '-');
    }
    const char *slug = sc_arena_z(a, sc_buf_view(&b));
    sc_buf_free(&b);
    return slug;
}

/* A page below its head. */
static sc_span body_of(sc_span text)
{
    sc_span head, body;
    if (sc_starts(text, "---\n") && sc_cut(sc_span_from(text, 3), "\n---\n", &head, &body)) return body;
    return text;
}

/* Generated pages set anchors of their own: <a id="table-frame"></a>. */
static bool has_own_anchor(sc_arena *a, sc_span text, sc_span name, sc_nearest *near)
{
    static const char before[] = "<a id=\"";
    for (size_t at; (at = sc_find(text, before)) != SC_NPOS;) {
        sc_span id, rest;
        if (!sc_cut(sc_span_from(text, at + sizeof before - 1), "\"", &id, &rest)) return false;
        if (sc_eq(id, name)) return true;
        sc_nearest_try(near, sc_arena_z(a, id));
        text = rest;
    }
    return false;
}

/* Is there a heading of that name? The second of two equal ones is name-1. */
static bool has_heading(sc_arena *a, sc_span text, sc_span name, sc_nearest *near)
{
    size_t n;
    const sc_md_heading *h = sc_md_headings(a, body_of(text), &n);
    for (size_t i = 0; i < n; i++) {
        const char *slug = slug_of(a, h[i].text);
        size_t before = 0;
        for (size_t k = 0; k < i; k++) before += !strcmp(slug, slug_of(a, h[k].text));
        if (before) slug = sc_arena_printf(a, "%s-%zu", slug, before).p;
        if (sc_eq_z(name, slug)) return true;
        sc_nearest_try(near, slug);
    }
    return false;
}

/* ---- Files ------------------------------------------------------------------------------------------------------- */

/* "rules/0x9F" and "../any/x.md" make "rules/any/x.md"; NULL when it leads out of the tree. */
static const char *resolve(sc_arena *a, const char *folder, sc_span to)
{
    sc_buf b = {0};
    sc_span rest = sc_span_z(sc_path_join(a, folder, sc_arena_z(a, to))), part;
    bool inside = true;
    while (rest.n && inside) {
        sc_cut(rest, "/", &part, &rest);
        if (!part.n || sc_eq_z(part, ".")) continue;
        if (!sc_eq_z(part, "..")) {
            if (b.n) sc_buf_char(&b, '/');
            sc_buf_span(&b, part);
            continue;
        }
        size_t slash = sc_rfind_char(sc_buf_view(&b), '/');
        inside = b.n > 0;
        b.n = slash == SC_NPOS ? 0 : slash;
    }
    const char *path = inside ? sc_arena_z(a, sc_buf_view(&b)) : NULL;
    sc_buf_free(&b);
    return path;
}

/* The page of a rule that was meant, as it is written from here; "" without one. */
static const char *rule_hint(const page *p, const char *wanted)
{
    sc_arena *a = p->m->arena;
    sc_nearest near = sc_nearest_to(sc_span_z(wanted));
    for (size_t i = 0; i < p->n_rules; i++) {
        const char *id = p->rules[i].rule.id, *path = p->rules[i].file->path;
        const char *spellings[] = {path, sc_arena_printf(a, "rules/%s", id).p,
                                   sc_arena_printf(a, "%s/%s.md", p->folder, id).p,
                                   sc_arena_printf(a, "%s/%s", p->folder, id).p};
        for (size_t k = 0; k < 4; k++) {
            sc_nearest_try(&near, spellings[k]);
            if (near.name == spellings[k]) near.name = path;
        }
    }
    if (!near.name) return "";
    const char *from = sc_arena_printf(a, "/%s", p->folder).p, *slash = strrchr(near.name, '/');
    const char *to = sc_arena_printf(a, "/%.*s", (int)(slash - near.name), near.name).p;
    const char *way = sc_path_relative(a, from, to);
    return sc_arena_printf(a, "; did you mean \"%s\"?", sc_path_join(a, way, slash + 1)).p;
}

static void check_anchor(const page *p, sc_place at, const char *path, sc_span anchor)
{
    sc_arena *a = p->m->arena;
    sc_span text = p->file->text;
    sc_nearest near = sc_nearest_to(anchor);
    if (!sc_ends(sc_span_z(path), ".md")) return; /* what is behind # there is not known */
    if (strcmp(path, p->file->path) != 0) {
        char *bytes;
        size_t n;
        if (sc_file_read(a, sc_path_join(a, p->root, path), MAX_PAGE_BYTES, &bytes, &n, NULL)) return;
        text = (sc_span){bytes, n};
    }
    if (!has_heading(a, text, anchor, &near) && !has_own_anchor(a, text, anchor, &near))
        sc_note(p->m, SC_ERROR, p->file, at, "%s has no heading \"#%.*s\"%s", path, SC_F(anchor),
                sc_nearest_hint(&near, a));
}

static void check_path(const page *p, sc_place at, sc_span to)
{
    sc_arena *a = p->m->arena;
    sc_span name, anchor;
    bool has_anchor = sc_cut(to, "#", &name, &anchor);
    const char *path = name.n ? resolve(a, p->folder, name) : p->file->path;
    if (sc_starts(name, "/") || !path) {
        sc_note(p->m, SC_ERROR, p->file, at, "\"%.*s\" leads out of this source tree; links to files are relative",
                SC_F(to));
        return;
    }
    sc_file_info info = sc_file_look(sc_path_join(a, p->root, path));
    if (!info.exists)
        sc_note(p->m, SC_ERROR, p->file, at, "there is no file or folder %s%s", path, rule_hint(p, path));
    else if (has_anchor && !info.folder)
        check_anchor(p, at, path, anchor);
}

/* ---- Links ------------------------------------------------------------------------------------------------------- */

/* https:, mailto: */
static bool has_scheme(sc_span s)
{
    size_t i = 0;
    while (i < s.n && (sc_is_alnum(s.p[i]) || s.p[i] == '+' || s.p[i] == '-' || s.p[i] == '.')) i++;
    return i > 0 && i < s.n && s.p[i] == ':';
}

static void check_link(const page *p, sc_place at, sc_span to)
{
    if (sc_find(to, "{{") != SC_NPOS || sc_find(to, "%7B%7B") != SC_NPOS) return; /* known only on a paste */
    const char *bad = has_scheme(to) ? sc_bad_address(to) : NULL;
    if (!to.n)
        sc_note(p->m, SC_ERROR, p->file, at, "this link leads nowhere");
    else if (bad)
        sc_note(p->m, SC_ERROR, p->file, at, "\"%.*s\" is no address: %s", SC_F(to), bad);
    else if (!has_scheme(to))
        check_path(p, at, to);
}

void sc_lint_links(sc_messages *m, const char *root, const sc_source_text *file, const sc_rule_source *rules, size_t n)
{
    sc_span body = body_of(file->text);
    size_t start = (size_t)(body.p - file->text.p), n_links, from = 0;
    unsigned before = sc_text_place(file->text, start, start).line - 1;
    const char *folder = sc_path_folder(m->arena, file->path);
    page p = {m, root, file, strcmp(folder, ".") == 0 ? "" : folder, rules, n};
    const sc_md_link *links = sc_md_links(m->arena, body, &n_links);
    for (size_t i = 0; i < n_links; i++) {
        /* the next place within its paragraph, so that of two equal links each is found */
        size_t block = sc_text_offset(file->text, before + links[i].line, 1);
        size_t end = sc_text_offset(file->text, before + links[i].last_line + 1, 1);
        if (from < block || from > end) from = block;
        sc_span written = links[i].to.n ? links[i].to : SC_S("()");
        size_t at = sc_text_find(file->text, from, end, written, false);
        if (at == SC_NPOS) at = sc_text_find(file->text, start, file->text.n, written, false); /* [name]: address */
        sc_place place = {before + links[i].line, 1, 1};
        if (at != SC_NPOS) {
            place = sc_text_place(file->text, at, at + written.n);
            from = at + written.n;
        }
        check_link(&p, place, links[i].to);
    }
}
