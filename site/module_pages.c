/* Pages of modules, and of the functions that stand on stacks. */
#include "site/pages.h"

#include <stdlib.h>
#include <string.h>

/* ---- Modules ----------------------------------------------------------------------------------------------------- */

const char *site_module_path(sc_arena *a, sc_span name)
{
    sc_buf slug = {0};
    site_slug(&slug, name);
    const char *path = sc_arena_printf(a, "modules/%s/", slug.p ? slug.p : "").p;
    sc_buf_free(&slug);
    return path;
}

/* A rule that has the module in a stack pattern, a query, a pattern or its culprit. */
static bool speaks_of(const sc_rule *r, const char *word)
{
    const char *more[] = {r->culprit, r->summary};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (more[i] && strstr(more[i], word)) return true;
    for (size_t i = 0; i < r->n_clauses; i++) {
        const sc_clause *c = &r->clauses[i];
        for (size_t f = 0; f < c->n_frames; f++)
            if (strstr(c->frames[f], word)) return true;
        if ((c->sql && strstr(c->sql, word)) || (c->pattern && strstr(c->pattern, word))) return true;
    }
    return false;
}

static void put_rules(const site_build *b, site_page *p, const char *const *words)
{
    sc_buf list = {0};
    for (size_t i = 0; i < b->k->n_rules; i++) {
        const sc_rule *r = &b->k->rules[i];
        bool speaks = false;
        for (size_t w = 0; words[w] && r->status == SC_STABLE; w++) speaks = speaks || speaks_of(r, words[w]);
        if (speaks) sc_buf_printf(&list, "- [%s](site:%s/)\n", r->title, r->id);
    }
    if (list.n) {
        site_heading(p, 2, SC_S("Rules that look for it"));
        site_text(p, sc_arena_dup(b->arena, sc_buf_view(&list)));
    }
    sc_buf_free(&list);
}

/* The module of a function term: "nt" of nt!KeBugCheckEx. */
static bool is_of_module(const char *term, const char *module)
{
    if (sc_lower(term[0]) != sc_lower(module[0])) return false; /* mostly */
    sc_span name, function;
    return sc_cut(sc_span_z(term), "!", &name, &function) && sc_ieq_z(name, module);
}

static void add_module(site_build *b, site_page *list, const sc_ref_module *m)
{
    static const char *const origins[] = {
        "It is part of Windows.", "It is not part of Windows.", "It is another vendor's, and comes with Windows.",
        "It is no module: the debugger puts the name where it knows none. It is no evidence against anything."};
    sc_arena *a = b->arena;
    const char *path = site_module_path(a, sc_span_z(m->name));
    site_page p = site_page_new(a, path, "module", sc_span_z(m->name));
    p.about = sc_arena_printf(a, "%s%s%s (%s)", m->vendor, *m->vendor && *m->product ? ": " : "", m->product, m->kind);
    site_text(&p, sc_arena_printf(a, "%.*s. %s", SC_F(site_plain(a, p.about.p)), origins[m->origin]));
    if (m->origin != SC_ORIGIN_PSEUDO) {
        site_text(&p, SC_S("A module on the stack of a crash is a suspect, not a culprit. This shows its version and "
                           "date:"));
        site_code(&p, sc_arena_printf(a, "lmvm %s", m->name), true);
    }
    size_t functions = 0;
    for (size_t i = 0; i < b->k->n_terms[SC_TERM_FUNCTION]; i++)
        functions += is_of_module(b->k->terms[SC_TERM_FUNCTION][i].term, m->name);
    if (functions)
        site_text(&p, sc_arena_printf(a, "[%zu of its functions](site:functions/%.*s/) are explained.", functions,
                                      SC_F(sc_span_sub(sc_span_z(path), 8, strlen(path) - 1))));
    const char *words[] = {sc_arena_printf(a, "'%s'", m->name).p, sc_arena_printf(a, "%s!", m->name).p, NULL};
    if (strcmp(m->name, "nt") != 0) put_rules(b, &p, words);
    site_add(b, p);
    sc_span cells[] = {sc_arena_printf(a, "[`%s`](site:%s)", m->name, path), site_plain(a, m->vendor),
                       site_plain(a, m->product), site_plain(a, m->kind)};
    site_row(list, cells, 4);
}

void site_module_pages(site_build *b)
{
    static const char *const heads[] = {"module", "vendor", "product", "kind", NULL};
    site_page list = site_page_new(b->arena, "modules/", "list", SC_S("Modules"));
    list.about = SC_S("Kernel modules: whose they are, and what they are for");
    site_table(&list, heads);
    for (size_t i = 0; i < b->k->n_modules; i++) add_module(b, &list, &b->k->modules[i]);
    site_table_end(&list);
    site_add(b, list);
}

/* ---- Kernel functions -------------------------------------------------------------------------------------------- */

/* The list that a function stands in: its module. */
static sc_span group_of(sc_arena *a, const char *term)
{
    sc_span module, function;
    if (!sc_cut(sc_span_z(term), "!", &module, &function)) return SC_S("others");
    sc_buf slug = {0};
    site_slug(&slug, module);
    sc_span group = sc_arena_dup(a, sc_buf_view(&slug));
    sc_buf_free(&slug);
    return group;
}

const char *site_function_path(sc_arena *a, const char *term)
{
    const char *mark = strchr(term, '!');
    sc_span group = group_of(a, term), name = sc_span_z(mark ? mark + 1 : term);
    sc_buf slug = {0};
    site_slug(&slug, name);
    bool many = sc_ends(name, "*");
    const char *path = sc_arena_printf(a, "functions/%.*s/%s%s/", SC_F(group), slug.p ? slug.p : "",
                                       many ? slug.n ? "-all" : "all" : "")
                           .p;
    sc_buf_free(&slug);
    return path;
}

typedef struct group {
    sc_span name;
    site_page page;
    size_t n;
} group;

/* The list with that name; NTFS and Ntfs are one. */
static group *group_named(sc_arena *a, sc_list *groups, sc_span name)
{
    static const char *const heads[] = {"function", "area", "what it does", NULL};
    group *g = groups->items;
    for (size_t i = groups->n; i-- > 0;)
        if (sc_eq(g[i].name, name)) return &g[i];
    g = sc_list_add(a, groups, sizeof *g);
    if (!g) return NULL;
    const char *path = sc_arena_printf(a, "functions/%.*s/", SC_F(name)).p;
    *g = (group){name, site_page_new(a, path, "list", sc_arena_printf(a, "Functions of %.*s", SC_F(name))), 0};
    site_text(&g->page, SC_S("A `*` at the end stands for all that begin so."));
    site_table(&g->page, heads);
    return g;
}

/* Stack patterns that the function fits. */
static void put_patterns(const site_build *b, site_page *p, sc_span symbol)
{
    sc_buf list = {0};
    const char *text = sc_arena_printf(b->arena, "'%.*s'", SC_F(symbol)).p; /* as SQL writes it */
    for (size_t i = 0; i < b->k->n_rules; i++) {
        const sc_rule *r = &b->k->rules[i];
        bool fits = false;
        for (size_t n = 0; n < r->n_clauses && r->status == SC_STABLE && !fits; n++) {
            const sc_clause *c = &r->clauses[n];
            for (size_t f = 0; f < c->n_frames && !fits; f++)
                fits = strchr(c->frames[f], '!') && sc_glob(sc_span_z(c->frames[f]), symbol);
            fits = fits || (c->sql && strstr(c->sql, text));
        }
        if (fits) sc_buf_printf(&list, "- [%s](site:%s/)\n", r->title, r->id);
    }
    if (list.n) {
        site_heading(p, 2, SC_S("Rules that look for it"));
        site_text(p, sc_arena_dup(b->arena, sc_buf_view(&list)));
    }
    sc_buf_free(&list);
}

/* A sentence begins with a capital, a name (nt!..., xHCI) as it is written. */
static sc_span capital(sc_arena *a, sc_span text)
{
    size_t n = 0;
    while (n < text.n && text.p[n] >= 'a' && text.p[n] <= 'z') n++;
    if (n < 2 || (n < text.n && text.p[n] != ' ' && text.p[n] != ',')) return text;
    return sc_arena_printf(a, "%c%.*s", text.p[0] - 32, SC_F(sc_span_from(text, 1)));
}

static void add_function(site_build *b, const group *g, const sc_ref_term *t)
{
    sc_arena *a = b->arena;
    sc_span term = sc_span_z(t->term), module, function;
    bool many = sc_ends(term, "*"), named = sc_cut(term, "!", &module, &function);
    site_page p = site_page_new(a, site_function_path(a, t->term), "function", term);
    p.about = sc_span_z(t->text);
    if (named) p.words = function;
    site_text(&p, sc_arena_printf(a, "%.*s.%s%.*s%s", SC_F(capital(a, site_plain(a, t->text))),
                                  *t->name ? " Area: " : "", SC_F(site_plain(a, t->name)), *t->name ? "." : ""));
    if (many) site_text(&p, SC_S("That is true of all functions whose names begin so, unless a page says more."));
    const sc_ref_module *m = named ? sc_find_module(b->k, module) : NULL;
    if (m)
        site_text(&p, sc_arena_printf(a, "In [`%s`](site:%s); [all functions of it](site:%s).", m->name,
                                      site_module_path(a, sc_span_z(m->name)), g->page.path));
    else
        site_text(&p, sc_arena_printf(a, "[All functions of %.*s](site:%s).", SC_F(g->name), g->page.path));
    site_text(&p,
              SC_S("A function on a stack was running or waiting there; that does not make its module the cause. This "
                   "shows where it is:"));
    site_code(&p, sc_arena_printf(a, "%s%s", named ? "x " : "x *!", t->term), true);
    put_patterns(b, &p, term);
    site_add(b, p);
}

enum { SEEN = 1 << 14 }; /* slots, more than there are functions */

/* FLTMGR!FltClose and fltmgr!FltClose have one page: that of the first. */
static bool is_first(const char **seen, const char *term)
{
    size_t at = sc_ihash(sc_span_z(term)) % SEEN;
    for (size_t tries = 0; seen[at] && tries < SEEN; tries++, at = (at + 1) % SEEN)
        if (sc_ieq_z(sc_span_z(seen[at]), term)) return false;
    seen[at] = term;
    return true;
}

void site_function_pages(site_build *b)
{
    static const char *const heads[] = {"module", "functions", NULL};
    sc_arena *a = b->arena;
    site_page list = site_page_new(a, "functions/", "list", SC_S("Kernel functions"));
    list.about = SC_S("What the functions on a stack do");
    sc_list groups = {0};
    const char **seen = sc_arena_array(a, SEEN, sizeof *seen);
    for (size_t i = 0; seen && i < b->k->n_terms[SC_TERM_FUNCTION]; i++) {
        const sc_ref_term *t = &b->k->terms[SC_TERM_FUNCTION][i];
        group *g = group_named(a, &groups, group_of(a, t->term));
        if (!g) break;
        sc_span cells[] = {sc_arena_printf(a, "[`%s`](site:%s)", t->term, site_function_path(a, t->term)),
                           site_plain(a, t->name), site_plain(a, t->text)};
        site_row(&g->page, cells, 3);
        if (is_first(seen, t->term)) add_function(b, g, t);
        g->n++;
    }
    site_table(&list, heads);
    group *g = groups.items;
    for (size_t i = 0; i < groups.n; i++) {
        sc_span cells[] = {sc_arena_printf(a, "[%.*s](site:%s)", SC_F(g[i].name), g[i].page.path),
                           sc_arena_printf(a, "%zu", g[i].n)};
        site_row(&list, cells, 2);
        site_table_end(&g[i].page);
        site_add(b, g[i].page);
    }
    site_table_end(&list);
    site_add(b, list);
}
