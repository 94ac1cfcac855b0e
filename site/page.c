#include "site/page.h"

#include "engine/render/layout.h"
#include "kb/markdown.h"

#include <string.h>

site_page site_page_new(sc_arena *a, const char *path, const char *kind, sc_span title)
{
    return (site_page){.arena = a, .path = path, .kind = kind, .title = title, .about = {"", 0}, .words = {"", 0}};
}

void site_page_free(site_page *p)
{
    sc_buf_free(&p->md);
    sc_buf_free(&p->html);
}

bool site_page_failed(const site_page *p)
{
    return p->md.failed || p->html.failed || sc_arena_failed(p->arena);
}

/* ---- Text -------------------------------------------------------------------------------------------------------- */

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

/* site:0x9F/#anchor as a relative link to the file `name` there. */
static sc_span relative(const site_page *p, sc_span to, const char *name)
{
    sc_span path, anchor;
    sc_buf out = {0};
    bool has_anchor = sc_cut(to, "#", &path, &anchor);
    site_up(&out, p->path);
    sc_buf_span(&out, path);
    if (!path.n || path.p[path.n - 1] == '/') sc_buf_z(&out, name);
    if (has_anchor) sc_buf_printf(&out, "#%.*s", SC_F(anchor));
    sc_span kept = sc_arena_dup(p->arena, sc_buf_view(&out));
    sc_buf_free(&out);
    return kept;
}

/* Links lead within the site or to a page of the web; anything else (javascript:, data:) loses its address. */
static sc_span html_target(void *context, sc_span to)
{
    const site_page *p = context;
    if (sc_starts(to, "site:")) return relative(p, sc_span_from(to, 5), "index.html");
    if (sc_starts(to, "https://") || sc_starts(to, "http://") || sc_starts(to, "#")) return to;
    return (sc_span){"", 0};
}

static void put_md(site_page *p, sc_span markdown)
{
    for (size_t at; (at = sc_find(markdown, "](site:")) != SC_NPOS;) {
        sc_buf_span(&p->md, sc_span_sub(markdown, 0, at + 2));
        markdown = sc_span_from(markdown, at + 7);
        size_t end = sc_find_char(markdown, ')');
        sc_span to = sc_span_sub(markdown, 0, end == SC_NPOS ? markdown.n : end);
        sc_buf_span(&p->md, relative(p, to, "index.md"));
        markdown = sc_span_from(markdown, to.n);
    }
    sc_buf_span(&p->md, markdown);
}

/* ---- Parts of a page --------------------------------------------------------------------------------------------- */

void site_anchor(site_page *p, int level, sc_span text, const char *id)
{
    for (int i = 0; i < level; i++) sc_buf_char(&p->md, '#');
    sc_buf_char(&p->md, ' ');
    put_md(p, text);
    sc_buf_z(&p->md, "\n\n");
    sc_buf_printf(&p->html, "<h%d id=\"", level);
    site_escape(&p->html, sc_span_z(id));
    sc_buf_z(&p->html, "\">");
    sc_md_html(&p->html, text, true, html_target, p);
    sc_buf_z(&p->html, " <a class=\"anchor\" href=\"#");
    site_escape(&p->html, sc_span_z(id));
    sc_buf_printf(&p->html, "\" aria-label=\"Link to this section\">#</a></h%d>\n", level);
}

void site_heading(site_page *p, int level, sc_span text)
{
    sc_buf id = {0};
    site_slug(&id, text);
    site_anchor(p, level, text, id.p ? id.p : "");
    sc_buf_free(&id);
}

void site_text(site_page *p, sc_span markdown)
{
    put_md(p, sc_trim(markdown));
    sc_buf_z(&p->md, "\n\n");
    sc_md_html(&p->html, markdown, false, html_target, p);
}

void site_code(site_page *p, sc_span text, bool copied)
{
    sc_span rest = text, line;
    while (rest.n) { /* indented: no fence that a line could close */
        sc_cut(rest, "\n", &line, &rest);
        sc_buf_printf(&p->md, "    %.*s\n", SC_F(line));
    }
    sc_buf_char(&p->md, '\n');
    sc_buf_z(&p->html, copied ? "<pre class=\"copied\" tabindex=\"0\"><code>" : "<pre tabindex=\"0\"><code>");
    site_escape(&p->html, text);
    sc_buf_z(&p->html, "</code></pre>\n");
}

void site_table(site_page *p, const char *const *heads)
{
    sc_buf_char(&p->md, '|');
    sc_buf_z(&p->html, "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Table\"><table><thead><tr>");
    for (size_t i = 0; heads[i]; i++) {
        sc_buf_printf(&p->md, " %s |", heads[i]);
        sc_buf_printf(&p->html, "<th scope=\"col\">%s</th>", heads[i]);
    }
    sc_buf_z(&p->md, "\n|");
    for (size_t i = 0; heads[i]; i++) sc_buf_z(&p->md, "---|");
    sc_buf_char(&p->md, '\n');
    sc_buf_z(&p->html, "</tr></thead><tbody>\n");
}

void site_row(site_page *p, const sc_span *cells, size_t n)
{
    sc_buf_char(&p->md, '|');
    sc_buf_z(&p->html, "<tr>");
    for (size_t i = 0; i < n; i++) {
        sc_buf_char(&p->md, ' ');
        for (sc_span rest = cells[i], part; rest.n;) { /* a bar would end the cell */
            bool bar = sc_cut(rest, "|", &part, &rest);
            put_md(p, part);
            if (bar) sc_buf_z(&p->md, "\\|");
        }
        sc_buf_z(&p->md, " |");
        sc_buf_z(&p->html, "<td>");
        sc_md_html(&p->html, cells[i], true, html_target, p);
        sc_buf_z(&p->html, "</td>");
    }
    sc_buf_char(&p->md, '\n');
    sc_buf_z(&p->html, "</tr>\n");
}

void site_table_end(site_page *p)
{
    sc_buf_char(&p->md, '\n');
    sc_buf_z(&p->html, "</tbody></table></div>\n");
}

void site_transcript(site_page *p, sc_span text, const unsigned *marked, size_t n)
{
    unsigned number = 0;
    size_t at = 0;
    sc_buf_z(&p->html, "<pre class=\"transcript\" tabindex=\"0\">");
    while (text.n) {
        sc_span line;
        sc_cut(text, "\n", &line, &text);
        if (sc_ends(line, "\r")) line.n--;
        number++;
        while (at < n && marked[at] < number) at++;
        bool mark = at < n && marked[at] == number;
        sc_buf_printf(&p->md, "    %s%.*s\n", mark ? "> " : "  ", SC_F(line));
        if (mark) sc_buf_printf(&p->html, "<mark id=\"line-%u\">", number);
        site_escape(&p->html, line);
        sc_buf_z(&p->html, mark ? "</mark>\n" : "\n");
    }
    sc_buf_char(&p->md, '\n');
    sc_buf_z(&p->html, "</pre>\n");
}
