#include "site/text.h"

#include "engine/render/layout.h"

#include <string.h>

void site_escape(sc_buf *out, sc_span text)
{
    size_t from = 0; /* of what is copied as it is */
    for (size_t i = 0, n; i < text.n; i += n) {
        unsigned char c = (unsigned char)text.p[i];
        const char *as = c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : NULL;
        uint32_t point = c;
        n = 1;
        if (!as && ((c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t')) continue;
        if (!as) {
            size_t length = sc_utf8_read(text, i, &point);
            if (length) n = length;
            if (length && !sc_is_hidden(point)) continue;
        }
        sc_buf_span(out, sc_span_sub(text, from, i));
        if (as)
            sc_buf_z(out, as);
        else
            sc_put_visible(out, sc_span_sub(text, i, i + n)); /* what no page may hold, made visible */
        from = i + n;
    }
    sc_buf_span(out, sc_span_from(text, from));
}

sc_span site_plain(sc_arena *a, const char *text)
{
    sc_buf out = {0};
    for (const char *p = text; *p; p++) {
        bool inside = p > text && sc_is_alnum(p[-1]) && sc_is_alnum(p[1]); /* a_b means nothing */
        if (strchr("\\`*[]<~", *p) || (*p == '_' && !inside) || (*p == '&' && (sc_is_alpha(p[1]) || p[1] == '#')))
            sc_buf_char(&out, '\\');
        sc_buf_char(&out, *p == '\n' || *p == '\t' ? ' ' : *p);
    }
    sc_span kept = sc_arena_dup(a, sc_buf_view(&out));
    sc_buf_free(&out);
    return kept;
}

void site_up(sc_buf *out, const char *path)
{
    for (; *path; path++)
        if (*path == '/') sc_buf_z(out, "../");
}

void site_slug(sc_buf *out, sc_span text)
{
    size_t start = out->n;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (sc_is_word(c))
            sc_buf_char(out, sc_lower(c));
        else if (out->n > start && out->p[out->n - 1] != '-')
            sc_buf_char(out, '-');
    }
    while (out->n > start && out->p[out->n - 1] == '-') out->p[--out->n] = '\0';
}

/* ---- Links ------------------------------------------------------------------------------------------------------- */

/* "rules/0x9F/x.md" + "../0x7F/y.md" = "rules/0x7F/y.md"; the empty span for what leads out of the project. */
static sc_span resolve(sc_arena *a, const char *source, sc_span to)
{
    sc_span folder = sc_span_z(source);
    size_t slash = sc_rfind_char(folder, '/');
    folder = sc_span_sub(folder, 0, slash == SC_NPOS ? 0 : slash);
    while (sc_starts(to, "../") || sc_starts(to, "./")) {
        bool up = to.p[1] == '.';
        to = sc_span_from(to, up ? 3 : 2);
        if (!up) continue;
        if (!folder.n) return (sc_span){"", 0};
        slash = sc_rfind_char(folder, '/');
        folder = sc_span_sub(folder, 0, slash == SC_NPOS ? 0 : slash);
    }
    return sc_arena_printf(a, "%.*s%s%.*s", SC_F(folder), folder.n ? "/" : "", SC_F(to));
}

/* The page that is made of a file of the project; the empty span when none is. *found tells whether there is one. */
static sc_span page_of(sc_arena *a, sc_span file, bool *found)
{
    static const struct {
        const char *file, *page;
    } documents[] = {{"README.md", ""},
                     {"CONTRIBUTING.md", "authoring/"},
                     {"docs/ARCHITECTURE.md", "authoring/format/"},
                     {"docs/collecting.md", "collect/"},
                     {"docs/facts.md", "tables/"}};
    *found = true;
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
        if (sc_eq_z(file, documents[i].file)) return sc_span_z(documents[i].page);
    if (sc_starts(file, "rules/") && sc_ends(file, "/index.md")) return sc_span_sub(file, 6, file.n - 8);
    if (sc_starts(file, "rules/") && sc_ends(file, ".md"))
        return sc_arena_printf(a, "%.*s/", SC_F(sc_span_sub(file, 6, file.n - 3)));
    *found = false;
    return (sc_span){"", 0};
}

sc_span site_target(sc_arena *a, const char *path, const char *source, sc_span to, const char *name)
{
    if (sc_starts(to, "https://") || sc_starts(to, "http://") || sc_starts(to, "#")) return to;
    sc_span page, anchor, file = {"", 0};
    bool has_anchor = sc_cut(to, "#", &page, &anchor), found = sc_starts(page, "site:");
    if (found)
        page = sc_span_from(page, 5);
    else if (source && sc_find_char(page, ':') == SC_NPOS)
        file = resolve(a, source, page);
    if (file.n) page = page_of(a, file, &found);
    if (!found) return (sc_span){"", 0};
    sc_buf out = {0};
    site_up(&out, path);
    sc_buf_span(&out, page);
    if (!page.n || page.p[page.n - 1] == '/') sc_buf_z(&out, name);
    if (has_anchor) sc_buf_printf(&out, "#%.*s", SC_F(anchor));
    sc_span kept = sc_arena_dup(a, sc_buf_view(&out));
    sc_buf_free(&out);
    return kept;
}

/* ---- Markdown ---------------------------------------------------------------------------------------------------- */

/* The end of the code span or fence that begins at s.p[at], or SC_NPOS: the same number of backticks again. */
static size_t end_of_code(sc_span s, size_t at)
{
    size_t n = 0, run = 0;
    while (at + n < s.n && s.p[at + n] == '`') n++;
    for (size_t i = at + n; i <= s.n; i++) {
        if (i < s.n && s.p[i] == '`') {
            run++;
            continue;
        }
        if (run == n) return i;
        run = 0;
        if (n < 3 && i + 1 < s.n && s.p[i] == '\n' && s.p[i + 1] == '\n') break; /* a span ends with its paragraph */
    }
    return SC_NPOS;
}

/* Takes the `[` back that the words of a link began with. */
static void forget_bracket(sc_buf *out)
{
    size_t depth = 0;
    for (size_t i = out->n; i-- > 0;) {
        if (out->p[i] == ']') depth++;
        if (out->p[i] != '[' || (i && out->p[i - 1] == '\\')) continue;
        if (depth--) continue;
        memmove(out->p + i, out->p + i + 1, out->n - i);
        out->n--;
        return;
    }
}

/* `](target "title")` at s.p[at]: copies it with the address that it leads to, or leaves only the words. Returns where
 * to go on. */
static size_t put_link(sc_buf *out, sc_arena *a, const char *path, const char *source, sc_span s, size_t at)
{
    size_t from = at + 2, end = from, depth = 0;
    for (; end < s.n && s.p[end] != '\n'; end++) {
        if (s.p[end] == '(') depth++;
        if (s.p[end] == ')' && !depth--) break;
    }
    if (end == s.n || s.p[end] != ')') { /* no link */
        sc_buf_z(out, "](");
        return from;
    }
    sc_span inside = sc_trim(sc_span_sub(s, from, end)), address = inside, title = {"", 0};
    if (sc_starts(inside, "<")) inside = sc_span_sub(inside, 1, inside.n - sc_ends(inside, ">"));
    sc_cut(inside, " ", &address, &title);
    sc_span to = site_target(a, path, source, address, "index.md");
    if (to.n)
        sc_buf_printf(out, "](%.*s)", SC_F(to));
    else
        forget_bracket(out);
    return end + 1;
}

/* [words]: address, at the beginning of a line. */
static bool is_definition(sc_span s, size_t at)
{
    size_t close = at + sc_find_char(sc_span_from(s, at), ']');
    for (size_t i = at; i-- > 0 && s.p[i] != '\n';)
        if (s.p[i] != ' ' && s.p[i] != '>') return false;
    return sc_find_char(sc_span_from(s, at), ']') != SC_NPOS && close + 1 < s.n && s.p[close + 1] == ':';
}

void site_put_markdown(sc_buf *out, sc_arena *a, const char *path, const char *source, sc_span s)
{
    for (size_t i = 0; i < s.n;) {
        sc_span rest = sc_span_from(s, i);
        size_t end = s.p[i] == '`' ? end_of_code(s, i) : SC_NPOS;
        if (end != SC_NPOS) {
            sc_buf_span(out, sc_span_sub(s, i, end));
            i = end;
        } else if (s.p[i] == '\\' && i + 1 < s.n) {
            sc_buf_span(out, sc_span_sub(s, i, i + 2));
            i += 2;
        } else if (sc_starts(rest, "![")) { /* a picture would be loaded from where it is */
            i++;
        } else if (sc_starts(rest, "](")) {
            i = put_link(out, a, path, source, s, i);
        } else {
            bool html = s.p[i] == '<' && !sc_starts(rest, "<https://") && !sc_starts(rest, "<http://");
            if (html || (s.p[i] == '[' && is_definition(s, i))) sc_buf_char(out, '\\');
            sc_buf_char(out, s.p[i++]);
        }
    }
}
