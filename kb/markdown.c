#include "kb/markdown.h"

#include <cmark.h>
#include <stdlib.h>

static cmark_node *parse(sc_span markdown)
{
    return cmark_parse_document(markdown.n ? markdown.p : "", markdown.n, CMARK_OPT_DEFAULT);
}

static void add_blank(sc_buf *b)
{
    if (b->n && b->p[b->n - 1] != ' ') sc_buf_char(b, ' ');
}

/* Text in which every run of blanks and line ends is one blank. */
static void add_text(sc_buf *b, const char *text)
{
    for (; text && *text; text++) {
        if (sc_is_blank(*text) || *text == '\n')
            add_blank(b);
        else
            sc_buf_char(b, *text);
    }
}

/* What `stopcode new` leaves for the author to replace is not shown to anybody. */
static bool is_comment(cmark_node *node)
{
    return cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK &&
           sc_starts(sc_span_z(cmark_node_get_literal(node)), "<!--");
}

/* The words of a node and everything in it, on one line. */
static sc_span plain_text(sc_arena *a, cmark_node *node)
{
    sc_buf b = {0};
    cmark_iter *walk = cmark_iter_new(node);
    for (cmark_event_type e; (e = cmark_iter_next(walk)) != CMARK_EVENT_DONE;) {
        cmark_node *at = cmark_iter_get_node(walk);
        switch (cmark_node_get_type(at)) {
        case CMARK_NODE_TEXT:
        case CMARK_NODE_HTML_INLINE: add_text(&b, cmark_node_get_literal(at)); break;
        case CMARK_NODE_HTML_BLOCK:
            add_blank(&b);
            if (!is_comment(at)) add_text(&b, cmark_node_get_literal(at));
            break;
        case CMARK_NODE_CODE:
        case CMARK_NODE_CODE_BLOCK:
            sc_buf_char(&b, '`');
            add_text(&b, cmark_node_get_literal(at));
            while (b.n && b.p[b.n - 1] == ' ') b.p[--b.n] = '\0'; /* the line end of a block */
            sc_buf_char(&b, '`');
            break;
        case CMARK_NODE_SOFTBREAK:
        case CMARK_NODE_LINEBREAK:
        case CMARK_NODE_PARAGRAPH:
        case CMARK_NODE_ITEM: add_blank(&b); break;
        default: break;
        }
    }
    cmark_iter_free(walk);
    sc_span text = sc_arena_dup(a, sc_trim(sc_buf_view(&b)));
    sc_buf_free(&b);
    return text;
}

static bool ends_section(cmark_node *node, int level)
{
    return cmark_node_get_type(node) == CMARK_NODE_HEADING && cmark_node_get_heading_level(node) <= level;
}

const sc_md_heading *sc_md_headings(sc_arena *a, sc_span markdown, size_t *n)
{
    sc_list list = {0};
    cmark_node *document = parse(markdown);
    for (cmark_node *at = cmark_node_first_child(document); at; at = cmark_node_next(at)) {
        if (cmark_node_get_type(at) != CMARK_NODE_HEADING) continue;
        sc_md_heading *h = sc_list_add(a, &list, sizeof *h);
        if (!h) break;
        cmark_node *next = cmark_node_next(at);
        while (next && is_comment(next)) next = cmark_node_next(next);
        h->level = cmark_node_get_heading_level(at);
        h->text = plain_text(a, at);
        h->line = (unsigned)cmark_node_get_start_line(at);
        h->empty = !next || ends_section(next, h->level);
    }
    cmark_node_free(document);
    *n = list.n;
    return list.items;
}

static void add_block(sc_arena *a, sc_list *list, sc_md_kind kind, int number, sc_span text)
{
    sc_md_block *b = text.n ? sc_list_add(a, list, sizeof *b) : NULL;
    if (b) *b = (sc_md_block){kind, number, text};
}

static void add_blocks(sc_arena *a, sc_list *list, cmark_node *parent)
{
    for (cmark_node *at = cmark_node_first_child(parent); at; at = cmark_node_next(at)) {
        int number = 0;
        switch (cmark_node_get_type(at)) {
        case CMARK_NODE_HEADING:
            add_block(a, list, SC_MD_HEADING, cmark_node_get_heading_level(at), plain_text(a, at));
            break;
        case CMARK_NODE_HTML_BLOCK: /* is text */
        case CMARK_NODE_PARAGRAPH: add_block(a, list, SC_MD_PARAGRAPH, 0, plain_text(a, at)); break;
        case CMARK_NODE_CODE_BLOCK:
            add_block(a, list, SC_MD_CODE, 0, sc_arena_dup(a, sc_rtrim(sc_span_z(cmark_node_get_literal(at)))));
            break;
        case CMARK_NODE_BLOCK_QUOTE: add_blocks(a, list, at); break;
        case CMARK_NODE_LIST:
            if (cmark_node_get_list_type(at) == CMARK_ORDERED_LIST) number = cmark_node_get_list_start(at);
            for (cmark_node *item = cmark_node_first_child(at); item; item = cmark_node_next(item))
                add_block(a, list, SC_MD_ITEM, number ? number++ : 0, plain_text(a, item));
            break;
        default: break;
        }
    }
}

const sc_md_block *sc_md_blocks(sc_arena *a, sc_span markdown, size_t *n)
{
    sc_list list = {0};
    cmark_node *document = parse(markdown);
    add_blocks(a, &list, document);
    cmark_node_free(document);
    *n = list.n;
    return list.items;
}

const sc_md_item *sc_md_steps(sc_arena *a, sc_span markdown, const char *heading, size_t *n)
{
    sc_list list = {0};
    int level = 0; /* of the heading, while under it */
    cmark_node *document = parse(markdown);
    for (cmark_node *at = cmark_node_first_child(document); at; at = cmark_node_next(at)) {
        if (level && ends_section(at, level)) level = 0;
        if (!level && cmark_node_get_type(at) == CMARK_NODE_HEADING && sc_eq_z(plain_text(a, at), heading))
            level = cmark_node_get_heading_level(at);
        if (!level || cmark_node_get_type(at) != CMARK_NODE_LIST || cmark_node_get_list_type(at) != CMARK_ORDERED_LIST)
            continue;
        for (cmark_node *item = cmark_node_first_child(at); item; item = cmark_node_next(item)) {
            sc_md_item *i = sc_list_add(a, &list, sizeof *i);
            if (!i) break;
            i->text = plain_text(a, item);
            i->line = (unsigned)cmark_node_get_start_line(item);
            i->last_line = (unsigned)cmark_node_get_end_line(item);
        }
    }
    cmark_node_free(document);
    *n = list.n;
    return list.items;
}

const sc_md_link *sc_md_links(sc_arena *a, sc_span markdown, size_t *n)
{
    sc_list list = {0};
    cmark_node *document = parse(markdown);
    cmark_iter *walk = cmark_iter_new(document);
    for (cmark_event_type e; (e = cmark_iter_next(walk)) != CMARK_EVENT_DONE;) {
        cmark_node *at = cmark_iter_get_node(walk), *block = at;
        cmark_node_type type = cmark_node_get_type(at);
        if (e != CMARK_EVENT_ENTER || (type != CMARK_NODE_LINK && type != CMARK_NODE_IMAGE)) continue;
        while (block && cmark_node_get_type(block) > CMARK_NODE_LAST_BLOCK) block = cmark_node_parent(block);
        sc_md_link *l = sc_list_add(a, &list, sizeof *l);
        if (!l) break;
        l->to = sc_arena_dup(a, sc_span_z(cmark_node_get_url(at)));
        l->line = (unsigned)cmark_node_get_start_line(block ? block : document);
        l->last_line = (unsigned)cmark_node_get_end_line(block ? block : document);
    }
    cmark_iter_free(walk);
    cmark_node_free(document);
    *n = list.n;
    return list.items;
}

/* ---- HTML -------------------------------------------------------------------------------------------------------- */

/* A node of raw HTML becomes the text that it is. */
static void make_text(cmark_node *node)
{
    bool block = cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK, comment = is_comment(node);
    cmark_node *text = cmark_node_new(CMARK_NODE_TEXT), *put = text;
    sc_buf words = {0}; /* of a block without its last line end */
    sc_span literal = sc_span_z(comment ? "" : cmark_node_get_literal(node));
    if (block && sc_ends(literal, "\n")) literal.n--;
    sc_buf_span(&words, literal);
    cmark_node_set_literal(text, words.p ? words.p : "");
    sc_buf_free(&words);
    if (block) {
        put = cmark_node_new(CMARK_NODE_PARAGRAPH);
        cmark_node_append_child(put, text);
    }
    cmark_node_replace(node, put);
    if (comment) cmark_node_unlink(put);
    if (comment) cmark_node_free(put);
    cmark_node_free(node);
}

/* The link's words take its place. */
static void unlink_words(cmark_node *link)
{
    for (cmark_node *child; (child = cmark_node_first_child(link));) cmark_node_insert_before(link, child);
    cmark_node_unlink(link);
    cmark_node_free(link);
}

static void set_target(cmark_node *link, sc_md_target *target, void *context)
{
    sc_span to = target(context, sc_span_z(cmark_node_get_url(link)));
    sc_buf z = {0};
    sc_buf_span(&z, to);
    if (!z.failed && z.n)
        cmark_node_set_url(link, z.p);
    else
        unlink_words(link);
    sc_buf_free(&z);
}

void sc_md_html(sc_buf *out, sc_span markdown, bool inlined, sc_md_target *target, void *context)
{
    cmark_node *document = parse(markdown);
    cmark_iter *walk = cmark_iter_new(document);
    /* on the way out of a node, which may then be replaced */
    for (cmark_event_type e; (e = cmark_iter_next(walk)) != CMARK_EVENT_DONE;) {
        cmark_node *at = cmark_iter_get_node(walk);
        cmark_node_type type = cmark_node_get_type(at);
        bool leaf = type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE;
        if (leaf)
            make_text(at);
        else if (e == CMARK_EVENT_EXIT && type == CMARK_NODE_LINK)
            set_target(at, target, context);
        else if (e == CMARK_EVENT_EXIT && type == CMARK_NODE_IMAGE)
            unlink_words(at);
    }
    cmark_iter_free(walk);
    char *html = cmark_render_html(document, CMARK_OPT_DEFAULT);
    sc_span text = sc_span_z(html ? html : "");
    if (inlined && sc_starts(text, "<p>") && sc_ends(text, "</p>\n")) text = sc_span_sub(text, 3, text.n - 5);
    sc_buf_span(out, text);
    free(html);
    cmark_node_free(document);
}
