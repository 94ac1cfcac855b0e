/* Which pages there are. Internal to site/. Each function adds its pages by calling site_add. */
#ifndef STOPCODE_SITE_PAGES_H
#define STOPCODE_SITE_PAGES_H

#include "site/page.h"
#include "site/site.h"

typedef struct site_build {
    const site_input *in;
    const sc_knowledge *k;
    sc_arena *arena;
    sc_list pages; /* site_page */
} site_build;

enum { SITE_ARENA_BYTES = 512 << 20 };

/* The page is the build's from here on. */
void site_add(site_build *b, site_page page);

void site_start_page(site_build *b);
void site_bugcheck_pages(site_build *b);
void site_rule_pages(site_build *b);
void site_command_pages(site_build *b);
void site_table_pages(site_build *b);
void site_module_pages(site_build *b);
void site_function_pages(site_build *b);
void site_status_page(site_build *b);

/* Paths in the arena. */
const char *site_bugcheck_path(sc_arena *a, uint32_t code);    /* "0x9F/" */
const char *site_command_path(sc_arena *a, sc_span name);      /* "commands/locks/" for !locks */
const char *site_module_path(sc_arena *a, sc_span name);       /* "modules/nvlddmkm/" */
const char *site_function_path(sc_arena *a, const char *term); /* "functions/nt-ke/" for nt!KeBugCheckEx */
/* Rules of a bug check; `any`: those for every bug check. */
bool site_is_about(const sc_rule *r, uint32_t code);

/* shell.c: what stands around a page. */
void site_put_html(sc_buf *out, const site_page *p, bool searches);

#endif
