/* Pages of the reference: debugger commands, tables of facts, modules, functions, status codes. */
#include "site/pages.h"

#include "engine/base/scan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- Debugger commands ------------------------------------------------------------------------------------------- */

const char *site_command_path(sc_arena *a, sc_span name)
{
    sc_buf slug = {0};
    site_slug(&slug, name);
    for (size_t i = 0; !slug.n && i < name.n; i++) sc_buf_printf(&slug, "%02x", (unsigned)(unsigned char)name.p[i]);
    /* r and !r would share a page */
    bool plain = name.n && sc_is_alpha(name.p[0]);
    const char *path = sc_arena_printf(a, "commands/%s%s/", plain ? "" : "ext-", slug.p ? slug.p : "").p;
    sc_buf_free(&slug);
    return path;
}

static bool asks_for(const sc_rule *r, const char *command)
{
    for (size_t i = 0; i < r->n_clauses; i++) {
        sc_scan c = sc_scan_of(sc_span_z(r->clauses[i].ask ? r->clauses[i].ask : ""));
        sc_span word;
        const char *name = sc_word(&c, &word) ? sc_command_name(word) : NULL;
        if (name && !strcmp(name, command)) return true;
    }
    return false;
}

/* Comma-separated names as links, each made by `path`. */
static sc_span links(sc_arena *a, const char *names, const char *folder)
{
    sc_span rest = sc_span_z(names), name;
    sc_buf out = {0};
    while (rest.n) {
        sc_cut(rest, ", ", &name, &rest);
        const char *to = folder ? sc_arena_printf(a, "%s%.*s/", folder, SC_F(name)).p : site_command_path(a, name);
        if (name.n && name.p[0] != '(') sc_buf_printf(&out, "%s[`%.*s`](site:%s)", out.n ? ", " : "", SC_F(name), to);
    }
    sc_span kept = sc_arena_dup(a, sc_buf_view(&out));
    sc_buf_free(&out);
    return kept;
}

typedef struct listing {
    site_build *build;
    site_page page; /* the list */
} listing;

static int add_command(void *context, const sc_command_info *c)
{
    listing *l = context;
    site_build *b = l->build;
    sc_arena *a = b->arena;
    if (c->name[0] == '(') return 0;
    const char *path = site_command_path(a, sc_span_z(c->name));
    site_page p = site_page_new(a, path, "command", sc_arena_dup(a, sc_span_z(c->name)));
    p.about = sc_arena_dup(a, sc_span_z(c->doc));
    site_text(&p, sc_arena_printf(a, "%s.", c->doc));
    for (size_t i = 0; c->aliases && c->aliases[i]; i++) {
        site_text(&p, sc_arena_printf(a, "Also typed `%s`.", c->aliases[i]));
        p.words = sc_arena_printf(a, "%.*s %s", SC_F(p.words), c->aliases[i]);
    }
    if (*c->tables) {
        site_heading(&p, 2, SC_S("What it tells"));
        site_text(&p, sc_arena_printf(a, "It fills %.*s. What shows its output to be whole: %s.",
                                      SC_F(links(a, c->tables, "tables/")), c->proof));
    }
    if (c->query) {
        site_heading(&p, 2, SC_S("To ask for it"));
        site_code(&p, sc_arena_printf(a, "stopcode query paste.txt \"%s\"", c->query), true);
    }
    bool any = false;
    for (size_t i = 0; i < b->k->n_rules; i++) {
        const sc_rule *r = &b->k->rules[i];
        if (r->status != SC_STABLE || !asks_for(r, c->name)) continue;
        if (!any) site_heading(&p, 2, SC_S("Rules that ask for it"));
        any = true;
        site_text(&p, sc_arena_printf(a, "- [%s](site:%s/)", r->title, r->id));
    }
    sc_span cells[] = {sc_arena_printf(a, "[`%s`](site:%s)", c->name, path), p.about};
    site_row(&l->page, cells, 2);
    site_add(b, p);
    return 0;
}

void site_command_pages(site_build *b)
{
    static const char *const heads[] = {"command", "what it shows", NULL};
    listing l = {b, site_page_new(b->arena, "commands/", "list", SC_S("Debugger commands"))};
    l.page.about = SC_S("Every command whose output is read");
    site_table(&l.page, heads);
    sc_command_list(add_command, &l);
    site_table_end(&l.page);
    site_add(b, l.page);
}

/* ---- Tables of facts --------------------------------------------------------------------------------------------- */

static int add_table(void *context, const char *name, const char *key, const char *doc, const char *commands,
                     const sc_column_info *columns, size_t n)
{
    static const char *const heads[] = {"column", "type", "meaning", NULL};
    listing *l = context;
    sc_arena *a = l->build->arena;
    const char *path = sc_arena_printf(a, "tables/%s/", name).p;
    site_page p = site_page_new(a, path, "table", sc_arena_dup(a, sc_span_z(name)));
    p.about = sc_arena_dup(a, sc_span_z(doc));
    site_text(&p, sc_arena_printf(a, "%s.", doc));
    sc_span from = links(a, commands, NULL);
    if (from.n) site_text(&p, sc_arena_printf(a, "From %.*s.", SC_F(from)));
    if (*key) site_text(&p, sc_arena_printf(a, "One section of a paste tells about one `%s`.", key));
    site_table(&p, heads);
    for (size_t i = 0; i < n; i++) {
        sc_span cells[] = {sc_arena_printf(a, "`%s`", columns[i].name), sc_span_z(columns[i].type),
                           sc_span_z(columns[i].doc)};
        site_row(&p, cells, 3);
    }
    site_table_end(&p);
    sc_span cells[] = {sc_arena_printf(a, "[`%s`](site:%s)", name, path), p.about};
    site_row(&l->page, cells, 2);
    site_add(l->build, p);
    return 0;
}

void site_table_pages(site_build *b)
{
    static const char *const heads[] = {"table", "rows", NULL};
    listing l = {b, site_page_new(b->arena, "tables/", "list", SC_S("Tables of facts"))};
    l.page.about = SC_S("What a paste can be asked for, and what rules are made of");
    site_table(&l.page, heads);
    sc_tables(add_table, &l);
    site_table_end(&l.page);
    site_add(b, l.page);
}

/* ---- Modules ----------------------------------------------------------------------------------------------------- */

const char *site_module_path(sc_arena *a, sc_span name)
{
    sc_buf slug = {0};
    site_slug(&slug, name);
    const char *path = sc_arena_printf(a, "modules/%s/", slug.p ? slug.p : "").p;
    sc_buf_free(&slug);
    return path;
}

void site_module_pages(site_build *b)
{
    static const char *const heads[] = {"module", "vendor", "product", "kind", NULL};
    static const char *const origins[] = {
        "It is part of Windows.", "It is not part of Windows.", "It is another vendor's, and comes with Windows.",
        "It is no module: the debugger puts the name where it knows none. It is no evidence against anything."};
    sc_arena *a = b->arena;
    site_page list = site_page_new(a, "modules/", "list", SC_S("Modules"));
    list.about = SC_S("Kernel modules: whose they are, and what they are for");
    site_table(&list, heads);
    for (size_t i = 0; i < b->k->n_modules; i++) {
        const sc_ref_module *m = &b->k->modules[i];
        const char *path = site_module_path(a, sc_span_z(m->name));
        site_page p = site_page_new(a, path, "module", sc_span_z(m->name));
        p.about = sc_arena_printf(a, "%s%s%s (%s)", m->vendor, *m->product ? ": " : "", m->product, m->kind);
        site_text(&p, sc_arena_printf(a, "%.*s. %s", SC_F(p.about), origins[m->origin]));
        if (m->origin != SC_ORIGIN_PSEUDO) {
            site_text(
                &p,
                SC_S("A module on the stack of a crash is a suspect, not a culprit. This shows its version and date:"));
            site_code(&p, sc_arena_printf(a, "lmvm %s", m->name), true);
        }
        site_add(b, p);
        sc_span cells[] = {sc_arena_printf(a, "[`%s`](site:%s)", m->name, path), sc_span_z(m->vendor),
                           sc_span_z(m->product), sc_span_z(m->kind)};
        site_row(&list, cells, 4);
    }
    site_table_end(&list);
    site_add(b, list);
}

/* ---- Kernel functions -------------------------------------------------------------------------------------------- */

/* The page that a function stands on: its module, and of nt's many the first two letters too. */
static sc_span group_of(sc_arena *a, const char *term)
{
    sc_span module, function;
    if (!sc_cut(sc_span_z(term), "!", &module, &function)) return SC_S("others");
    sc_buf slug = {0};
    site_slug(&slug, module);
    if (sc_eq_z(module, "nt") && function.n >= 2) {
        sc_buf_char(&slug, '-');
        site_slug(&slug, sc_span_sub(function, 0, 2));
    }
    sc_span group = sc_arena_dup(a, sc_buf_view(&slug));
    sc_buf_free(&slug);
    return group;
}

const char *site_function_path(sc_arena *a, const char *term)
{
    sc_span group = group_of(a, term);
    return sc_arena_printf(a, "functions/%.*s/", SC_F(group)).p;
}

typedef struct group {
    sc_span name;
    site_page page;
    size_t n;
} group;

/* The group with that name; NTFS and Ntfs are one. */
static group *group_named(sc_arena *a, sc_list *groups, sc_span name)
{
    static const char *const heads[] = {"function", "area", "what it does", NULL};
    group *g = groups->items;
    for (size_t i = groups->n; i-- > 0;)
        if (sc_eq(g[i].name, name)) return &g[i];
    g = sc_list_add(a, groups, sizeof *g);
    if (!g) return NULL;
    const char *path = sc_arena_printf(a, "functions/%.*s/", SC_F(name)).p;
    *g = (group){name, site_page_new(a, path, "functions", sc_arena_printf(a, "Functions: %.*s", SC_F(name))), 0};
    site_text(&g->page, SC_S("A `*` at the end stands for all that begin so."));
    site_table(&g->page, heads);
    return g;
}

void site_function_pages(site_build *b)
{
    static const char *const heads[] = {"group", "functions", NULL};
    sc_arena *a = b->arena;
    site_page list = site_page_new(a, "functions/", "list", SC_S("Kernel functions"));
    list.about = SC_S("What the functions on a stack do");
    sc_list groups = {0};
    for (size_t i = 0; i < b->k->n_terms[SC_TERM_FUNCTION]; i++) {
        const sc_ref_term *t = &b->k->terms[SC_TERM_FUNCTION][i];
        group *g = group_named(a, &groups, group_of(a, t->term));
        if (!g) break;
        sc_span cells[] = {sc_arena_printf(a, "`%s`", t->term), sc_span_z(t->name), sc_span_z(t->text)};
        site_row(&g->page, cells, 3);
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

/* ---- Status codes ------------------------------------------------------------------------------------------------ */

void site_status_page(site_build *b)
{
    static const char *const heads[] = {"status", "name", "what it means for a crash", NULL};
    site_page p = site_page_new(b->arena, "status/", "list", SC_S("Status codes"));
    p.about = SC_S("NTSTATUS codes that matter when a kernel stops");
    site_table(&p, heads);
    for (size_t i = 0; i < b->k->n_ntstatus; i++) {
        const sc_ref_number *s = &b->k->ntstatus[i];
        if (!*s->text) continue;
        sc_span cells[] = {sc_arena_printf(b->arena, "`0x%08" PRIx64 "`", s->number),
                           sc_arena_printf(b->arena, "`%s`", s->name), sc_span_z(s->text)};
        site_row(&p, cells, 3);
    }
    site_table_end(&p);
    site_add(b, p);
}
