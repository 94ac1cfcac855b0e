/* One page of the site, written as Markdown and as HTML at the same time. Internal to site/.
 *
 * Links lead to other pages by their path in the site ("0x9F/pnp-lock-held/"): in text as [words](site:0x9F/). Each
 * form gets relative links with the file's name, so that the tree works from a disk, from any path of a server and on a
 * code host.
 */
#ifndef STOPCODE_SITE_PAGE_H
#define STOPCODE_SITE_PAGE_H

#include "site/site.h"
#include "site/text.h"

typedef struct site_page {
    sc_arena *arena;
    const char *path;         /* "0x9F/pnp-lock-held/"; "" for the first page */
    sc_span title;            /* plain text */
    const char *kind;         /* what it is about: "bug check", "rule" ... */
    sc_span about;            /* one sentence, for the search and the head of the page */
    sc_span words;            /* more words that the search finds it by */
    const char *source;       /* the file of the project that its links are relative to, "rules/0x9F/x.md"; NULL */
    const char *extra;        /* HTML of the page's own, at its end; NULL */
    sc_span text;             /* text that it finds it by, too */
    sc_list ids;              /* const char *: its anchors */
    unsigned tables;          /* how many it has so far */
    const char *const *heads; /* of the table that is being written */
    size_t n_heads;
    sc_buf md, html; /* the bodies */
} site_page;

/* A page of the arena; its buffers are freed with site_page_free. */
site_page site_page_new(sc_arena *a, const char *path, const char *kind, sc_span title);
void site_page_free(site_page *p);
bool site_page_failed(const site_page *p);

/* Text that is not ours is Markdown here too: whatever it says, it becomes neither HTML nor a link that acts. */
void site_heading(site_page *p, int level, sc_span text); /* level 2 and below; its anchor is made of the text */
void site_anchor(site_page *p, int level, sc_span text, const char *id);
void site_text(site_page *p, sc_span markdown);
/* A whole text: headings get anchors, tables and fenced code are laid out. */
void site_document(site_page *p, sc_span markdown);
void site_code(site_page *p, sc_span text, bool copied); /* copied: with a button that copies it */

/* Tables: heads and cells are Markdown of one line. */
void site_table(site_page *p, const char *const *heads); /* NULL-terminated */
void site_row(site_page *p, const sc_span *cells, size_t n);
void site_named_row(site_page *p, const char *id, const sc_span *cells, size_t n); /* with an anchor */
void site_table_end(site_page *p);

/* Lines of a paste; those of `marks` (ascending) are highlighted, are anchors "line-N", and lead to "clause-NAME". */
void site_transcript(site_page *p, sc_span text, const site_mark *marks, size_t n);

#endif
