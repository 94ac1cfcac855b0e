/* One page of the site, written as Markdown and as HTML at the same time. Internal to site/.
 *
 * Links lead to other pages by their path in the site ("0x9F/pnp-lock-held/"): in text as [words](site:0x9F/). Each form
 * gets relative links with the file's name, so that the tree works from a disk, from any path of a server and on a code
 * host.
 */
#ifndef STOPCODE_SITE_PAGE_H
#define STOPCODE_SITE_PAGE_H

#include "engine/base/arena.h"
#include "engine/base/buf.h"

typedef struct site_page {
    sc_arena *arena;
    const char *path;  /* "0x9F/pnp-lock-held/"; "" for the first page */
    sc_span title;     /* plain text */
    const char *kind;  /* what it is about: "bug check", "rule" ... */
    sc_span about;     /* one sentence, for the search and the head of the page */
    sc_span words;     /* more words that the search finds it by */
    const char *extra; /* HTML of the page's own, at its end; NULL */
    sc_buf md, html;   /* the bodies */
} site_page;

/* A page of the arena; its buffers are freed with site_page_free. */
site_page site_page_new(sc_arena *a, const char *path, const char *kind, sc_span title);
void site_page_free(site_page *p);
bool site_page_failed(const site_page *p);

void site_heading(site_page *p, int level, sc_span text); /* level 2 and below; its anchor is made of the text */
void site_anchor(site_page *p, int level, sc_span text, const char *id);
void site_text(site_page *p, sc_span markdown);
void site_code(site_page *p, sc_span text, bool copied); /* copied: with a button that copies it */

/* Tables: cells are Markdown of one line. */
void site_table(site_page *p, const char *const *heads); /* NULL-terminated */
void site_row(site_page *p, const sc_span *cells, size_t n);
void site_table_end(site_page *p);

/* Lines of a paste, numbered; those of `marked` (ascending) are highlighted and are anchors "line-N". */
void site_transcript(site_page *p, sc_span text, const unsigned *marked, size_t n);

/* Text as HTML shows it. Control characters and those that change the direction of writing become visible. */
void site_escape(sc_buf *out, sc_span text);
/* "../../": from the page at `path` to the root. */
void site_up(sc_buf *out, const char *path);
/* Letters, digits, underscores and hyphens of a heading or a name, for its anchor or its folder. */
void site_slug(sc_buf *out, sc_span text);

#endif
