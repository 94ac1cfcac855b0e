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

/* ---- Markdown ---------------------------------------------------------------------------------------------------- */

static sc_span html_target(void *context, sc_span to)
{
    const site_page *p = context;
    return site_target(p->arena, p->path, p->source, to, "index.html");
}

static void put_md(site_page *p, sc_span markdown)
{
    site_put_markdown(&p->md, p->arena, p->path, p->source, markdown);
}

/* Code can be scrolled, so the keyboard must get there. */
static void put_html(site_page *p, sc_span markdown)
{
    static const char code[] = "<pre><code";
    sc_buf html = {0};
    sc_md_html(&html, markdown, false, html_target, p);
    sc_span rest = sc_buf_view(&html);
    for (size_t at; (at = sc_find(rest, code)) != SC_NPOS; rest = sc_span_from(rest, at + sizeof code - 1)) {
        sc_buf_span(&p->html, sc_span_sub(rest, 0, at));
        sc_buf_z(&p->html, "<pre tabindex=\"0\"><code");
    }
    sc_buf_span(&p->html, rest);
    if (html.failed) p->html.failed = true;
    sc_buf_free(&html);
}

/* An anchor is there once: the second one of a name gets a number. */
static const char *own_id(site_page *p, const char *id)
{
    const char *const *have = p->ids.items;
    const char *name = id;
    unsigned number = 1;
    for (size_t i = 0; i < p->ids.n; i++) {
        if (strcmp(have[i], name) != 0) continue;
        name = sc_arena_printf(p->arena, "%s-%u", id, ++number).p;
        i = (size_t)-1; /* from the beginning */
    }
    const char **kept = sc_list_add(p->arena, &p->ids, sizeof *kept);
    if (kept) *kept = sc_arena_z(p->arena, sc_span_z(name));
    return kept ? *kept : "";
}

/* ---- Parts of a page --------------------------------------------------------------------------------------------- */

void site_anchor(site_page *p, int level, sc_span text, const char *wanted)
{
    const char *id = own_id(p, wanted);
    for (int i = 0; i < level; i++) sc_buf_char(&p->md, '#');
    sc_buf_char(&p->md, ' ');
    put_md(p, text);
    sc_buf_z(&p->md, "\n\n");
    sc_buf_printf(&p->html, "<h%d id=\"%s\">", level, id);
    sc_md_html(&p->html, text, true, html_target, p);
    sc_buf_printf(&p->html, " <a class=\"anchor\" href=\"#%s\" aria-label=\"Link to this section\">#</a></h%d>\n", id,
                  level);
}

void site_heading(site_page *p, int level, sc_span text)
{
    sc_buf id = {0};
    site_slug(&id, text);
    site_anchor(p, level, text, id.p ? id.p : "");
    sc_buf_free(&id);
}

/* Without the empty lines around it. */
static sc_span bare(sc_span s)
{
    while (s.n && s.p[0] == '\n') s = sc_span_from(s, 1);
    while (s.n && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == ' ')) s.n--;
    return s;
}

void site_text(site_page *p, sc_span markdown)
{
    markdown = bare(markdown);
    if (!markdown.n) return;
    put_md(p, markdown);
    sc_buf_z(&p->md, "\n\n");
    put_html(p, markdown);
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
    sc_buf_z(&p->html, "<div class=\"table\" tabindex=\"0\" role=\"region\" ");
    sc_buf_printf(&p->html, "aria-label=\"Table %u\"><table><thead><tr>", ++p->tables);
    size_t n = 0;
    for (; heads[n]; n++) {
        sc_buf_char(&p->md, ' ');
        put_md(p, sc_span_z(heads[n]));
        sc_buf_z(&p->md, " |");
        sc_buf_z(&p->html, "<th scope=\"col\">");
        sc_md_html(&p->html, sc_span_z(heads[n]), true, html_target, p);
        sc_buf_z(&p->html, "</th>");
    }
    p->heads = heads;
    p->n_heads = n;
    sc_buf_z(&p->md, "\n|");
    while (n--) sc_buf_z(&p->md, "---|");
    sc_buf_char(&p->md, '\n');
    sc_buf_z(&p->html, "</tr></thead><tbody>\n");
}

/* What stands in a cell must not end it: its bars are escaped. */
static void put_cell(site_page *p, sc_span cell)
{
    sc_buf text = {0};
    site_put_markdown(&text, p->arena, p->path, p->source, cell);
    for (sc_span rest = sc_buf_view(&text), part; rest.n;) {
        bool bar = sc_cut(rest, "|", &part, &rest);
        sc_buf_span(&p->md, part);
        if (bar) sc_buf_z(&p->md, "\\|");
    }
    if (text.failed) p->md.failed = true;
    sc_buf_free(&text);
}

/* A bare number; on a narrow page, where rows stand without their heading, it says nothing by itself. */
static bool is_count(sc_span cell)
{
    for (size_t i = 0; i < cell.n; i++) {
        if (!sc_is_digit(cell.p[i])) return false;
    }
    return cell.n > 0;
}

static void put_row(site_page *p, const char *id, const sc_span *cells, size_t n)
{
    sc_buf_char(&p->md, '|');
    if (id)
        sc_buf_printf(&p->html, "<tr id=\"%s\">", own_id(p, id));
    else
        sc_buf_z(&p->html, "<tr>");
    for (size_t i = 0; i < n; i++) {
        sc_buf_char(&p->md, ' ');
        put_cell(p, cells[i]);
        sc_buf_z(&p->md, " |");
        if (i < p->n_heads && is_count(cells[i])) {
            sc_buf_z(&p->html, "<td data-head=\"");
            site_escape(&p->html, sc_span_z(p->heads[i]));
            sc_buf_z(&p->html, "\">");
        } else {
            sc_buf_z(&p->html, "<td>");
        }
        sc_md_html(&p->html, cells[i], true, html_target, p);
        sc_buf_z(&p->html, "</td>");
    }
    sc_buf_char(&p->md, '\n');
    sc_buf_z(&p->html, "</tr>\n");
}

void site_row(site_page *p, const sc_span *cells, size_t n)
{
    put_row(p, NULL, cells, n);
}

void site_named_row(site_page *p, const char *id, const sc_span *cells, size_t n)
{
    put_row(p, id, cells, n);
}

void site_table_end(site_page *p)
{
    sc_buf_char(&p->md, '\n');
    sc_buf_z(&p->html, "</tbody></table></div>\n");
}

void site_transcript(site_page *p, sc_span text, const site_mark *marks, size_t n)
{
    unsigned number = 0;
    size_t at = 0;
    sc_buf_z(&p->html, "<pre class=\"transcript\" tabindex=\"0\">");
    while (text.n) {
        sc_span line;
        sc_cut(text, "\n", &line, &text);
        if (sc_ends(line, "\r")) line.n--;
        number++;
        while (at < n && marks[at].line < number) at++;
        bool mark = at < n && marks[at].line == number;
        sc_buf_z(&p->md, mark ? "    > " : "      ");
        sc_put_visible(&p->md, line);
        sc_buf_char(&p->md, '\n');
        if (mark) {
            sc_buf_printf(&p->html, "<mark id=\"line-%u\"><a href=\"#clause-", number);
            site_escape(&p->html, sc_span_z(marks[at].clause));
            sc_buf_z(&p->html, "\">");
        }
        site_escape(&p->html, line);
        sc_buf_z(&p->html, mark ? "</a></mark>\n" : "\n");
    }
    sc_buf_char(&p->md, '\n');
    sc_buf_z(&p->html, "</pre>\n");
}

/* ---- Documents --------------------------------------------------------------------------------------------------- */

enum { MOST_COLUMNS = 16 };

/* The cells of `| a | b |`; a bar behind a backslash belongs to its cell. */
static size_t read_cells(sc_arena *a, sc_span line, sc_span *cells)
{
    size_t n = 0;
    line = sc_trim(line);
    if (sc_starts(line, "|")) line = sc_span_from(line, 1);
    sc_buf cell = {0};
    for (size_t i = 0; i < line.n && n < MOST_COLUMNS; i++) {
        if (line.p[i] == '\\' && i + 1 < line.n && line.p[i + 1] == '|') {
            sc_buf_char(&cell, line.p[++i]);
        } else if (line.p[i] == '|') {
            cells[n++] = sc_arena_dup(a, sc_trim(sc_buf_view(&cell)));
            sc_buf_clear(&cell);
        } else {
            sc_buf_char(&cell, line.p[i]);
        }
    }
    if (sc_trim(sc_buf_view(&cell)).n && n < MOST_COLUMNS) cells[n++] = sc_arena_dup(a, sc_trim(sc_buf_view(&cell)));
    sc_buf_free(&cell);
    return n;
}

/* A table of Markdown pages that cmark does not know; returns what stands behind it. */
static sc_span put_table(site_page *p, sc_span text)
{
    sc_span line, cells[MOST_COLUMNS];
    const char *heads[MOST_COLUMNS + 1] = {NULL};
    sc_cut(text, "\n", &line, &text);
    size_t n = read_cells(p->arena, line, cells);
    for (size_t i = 0; i < n; i++) heads[i] = sc_arena_z(p->arena, cells[i]);
    site_table(p, heads);
    sc_cut(text, "\n", &line, &text); /* |---| */
    while (sc_starts(text, "|")) {
        sc_cut(text, "\n", &line, &text);
        for (size_t i = read_cells(p->arena, line, cells); i < n; i++) cells[i] = (sc_span){"", 0};
        site_row(p, cells, n);
    }
    site_table_end(p);
    return text;
}

static bool begins_table(sc_span text)
{
    sc_span line;
    return sc_starts(text, "|") && sc_cut(text, "\n", &line, &text) && sc_starts(text, "|--");
}

/* ``` and what stands up to the next ```; returns what stands behind it. */
static sc_span put_fence(site_page *p, sc_span text)
{
    sc_span line, code = {"", 0};
    sc_cut(text, "\n", &line, &text);
    code.p = text.p;
    while (text.n && !sc_starts(text, "```")) {
        sc_cut(text, "\n", &line, &text);
        code.n = (size_t)(line.p + line.n - code.p);
    }
    sc_cut(text, "\n", &line, &text);
    site_code(p, code, false);
    return text;
}

void site_document(site_page *p, sc_span text)
{
    sc_span begin = text, line, next; /* begin: of the paragraphs that are not written yet */
    while (text.n) {
        size_t level = 0;
        while (level < text.n && text.p[level] == '#') level++;
        bool heading = level && level <= 6 && level < text.n && text.p[level] == ' ';
        if (!heading && !begins_table(text) && !sc_starts(text, "```")) {
            sc_cut(text, "\n", &line, &text);
            continue;
        }
        sc_span before = {begin.p, (size_t)(text.p - begin.p)};
        if (sc_trim(before).n) site_text(p, before);
        if (heading) {
            sc_cut(text, "\n", &line, &next);
            site_heading(p, level < 2 ? 2 : (int)level, sc_trim(sc_span_from(line, level)));
            text = next;
        } else {
            text = text.p[0] == '|' ? put_table(p, text) : put_fence(p, text);
        }
        begin = text;
    }
    if (sc_trim(begin).n) site_text(p, begin);
}
