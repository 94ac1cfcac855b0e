/* Which pages there are. Internal to site/. Each function adds its pages by calling site_add. */
#ifndef STOPCODE_SITE_PAGES_H
#define STOPCODE_SITE_PAGES_H

#include "site/page.h"
#include "site/site.h"

/* A table of facts, as sc_tables tells it. */
typedef struct site_fact_table {
    const char *name, *key, *doc;
    const char *commands; /* comma-separated; derived ones stand in parentheses */
    const sc_column_info *columns;
    size_t n;
} site_fact_table;

typedef struct site_redirect {
    const char *from, *to; /* paths in the site: "9F/", "0x9F/" */
    size_t rank;           /* of several from one place the first counts */
} site_redirect;

typedef struct site_build {
    const site_input *in;
    const sc_knowledge *k;
    sc_arena *arena;
    sc_list pages;     /* site_page */
    sc_list redirects; /* site_redirect */
    sc_list tables;    /* site_fact_table */
    sc_list *uses;     /* per rule const char *: the tables that it looks at */
} site_build;

enum { SITE_ARENA_BYTES = 512 << 20 };

/* The page is the build's from here on. */
void site_add(site_build *b, site_page page);
/* Another spelling of a page's address. */
void site_redirect_to(site_build *b, const char *from, const char *to);

void site_start_page(site_build *b);
void site_bugcheck_pages(site_build *b);
void site_rule_pages(site_build *b);
void site_command_pages(site_build *b);
void site_table_pages(site_build *b);
void site_module_pages(site_build *b);
void site_function_pages(site_build *b);
void site_term_pages(site_build *b);
void site_guide_pages(site_build *b);

/* Paths in the arena. */
const char *site_bugcheck_path(sc_arena *a, uint32_t code);    /* "0x9F/" */
const char *site_command_path(sc_arena *a, sc_span name);      /* "commands/ext-locks/" for !locks */
const char *site_module_path(sc_arena *a, sc_span name);       /* "modules/nvlddmkm/" */
const char *site_function_path(sc_arena *a, const char *term); /* "functions/nt/kebugcheckex/" for nt!KeBugCheckEx */
/* Is a rule for this bug check? Those for every bug check are not. 0x1000007E is 0x7E. */
bool site_is_about(const site_build *b, const sc_rule *r, uint32_t code);

/* ---- schema.c: tables of facts, and what looks at them ----------------------------------------------------------- */

void site_read_schema(site_build *b);
const site_fact_table *site_find_table(const site_build *b, sc_span name); /* NULL: there is none */
bool site_query_uses(const char *sql, const char *table);
bool site_rule_uses(const site_build *b, const sc_rule *r, sc_span table);
/* A clause asks for the command, or matches a pattern in its output. */
bool site_rule_asks(const sc_rule *r, const char *command);

/* clause_words.c: when a clause is true, as Markdown: a sentence, or one with a list. */
sc_span site_clause_words(const site_build *b, const sc_clause *c);

/* shell.c: what stands around a page. */
void site_put_html(sc_buf *out, const site_page *p, bool searches);

#endif
