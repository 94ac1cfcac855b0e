/* Markdown. Only kb/markdown.c knows cmark. Everything it returns lives in the arena. */
#ifndef STOPCODE_KB_MARKDOWN_H
#define STOPCODE_KB_MARKDOWN_H

#include "engine/base/arena.h"
#include "engine/base/buf.h"

typedef struct sc_md_heading {
    int level; /* 1 to 6 */
    sc_span text;
    unsigned line; /* of the Markdown, 1-based */
    bool empty;    /* nothing but comments stands between it and the next heading of its level or above */
} sc_md_heading;

typedef struct sc_md_item {
    sc_span text;             /* one line: emphasis and links reduced to their words, code still in backticks */
    unsigned line, last_line; /* of the Markdown, 1-based */
} sc_md_item;

typedef struct sc_md_link {
    sc_span to;               /* as written, without title */
    unsigned line, last_line; /* of the paragraph, table or heading that it stands in, 1-based */
} sc_md_link;

/* A page as blocks of plain lines, for a terminal. */
typedef enum sc_md_kind { SC_MD_HEADING, SC_MD_PARAGRAPH, SC_MD_ITEM, SC_MD_CODE } sc_md_kind;
typedef struct sc_md_block {
    sc_md_kind kind;
    int number;   /* of an item in a numbered list; 0 in another list; the level of a heading */
    sc_span text; /* one line as in sc_md_item; of code every line as it is */
} sc_md_block;
/* Tables come as one paragraph; raw HTML is text; comments do not come at all. */
const sc_md_block *sc_md_blocks(sc_arena *a, sc_span markdown, size_t *n);

/* Every heading outside of lists and quotes. */
const sc_md_heading *sc_md_headings(sc_arena *a, sc_span markdown, size_t *n);
/* The items of the numbered lists under a heading, up to the next heading of its level or above. */
const sc_md_item *sc_md_steps(sc_arena *a, sc_span markdown, const char *heading, size_t *n);
/* Links and images, in the order in which they stand. */
const sc_md_link *sc_md_links(sc_arena *a, sc_span markdown, size_t *n);

/* Where a link leads: the text of the address to write, or the empty span to leave the words without a link. */
typedef sc_span sc_md_target(void *context, sc_span to);
/* As HTML. Raw HTML stays text, whatever it says; comments go; links lead where `target` says; of pictures, which would
 * have to be loaded, the words stay. `inlined`: the words of one paragraph without its <p>. */
void sc_md_html(sc_buf *out, sc_span markdown, bool inlined, sc_md_target *target, void *context);

#endif
