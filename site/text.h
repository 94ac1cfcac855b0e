/* Text for pages: escaping for both forms, and where links lead. Internal to site/. */
#ifndef STOPCODE_SITE_TEXT_H
#define STOPCODE_SITE_TEXT_H

#include "engine/base/arena.h"
#include "engine/base/buf.h"

/* Text as HTML shows it. Control characters and those that change the direction of writing become visible. */
void site_escape(sc_buf *out, sc_span text);
/* Text as Markdown shows it: whatever would mean something there is escaped. Without line ends. */
sc_span site_plain(sc_arena *a, const char *text);
/* "../../": from the page at `path` to the root. */
void site_up(sc_buf *out, const char *path);
/* Letters, digits, underscores and hyphens of a heading or a name, for its anchor or its folder. */
void site_slug(sc_buf *out, sc_span text);

/* Where a link of a page's Markdown leads, as a relative address that names the file: `name` in the folder of a page of
 * the site, the address itself for pages of the web and anchors. Empty for what is neither (javascript:, data:, files
 * that are no page): such a link keeps its words only.
 *
 * Pages are named by their path in the site (site:0x9F/), or in the texts of rules/ and docs/ by the file that they are
 * made of, relative to the text's own (../0x9F/pnp-lock-held.md); `source` is that, or NULL. */
sc_span site_target(sc_arena *a, const char *path, const char *source, sc_span to, const char *name);
/* Markdown for the tree of Markdown pages: links as above, raw HTML as text. */
void site_put_markdown(sc_buf *out, sc_arena *a, const char *path, const char *source, sc_span markdown);

#endif
