/* Pages of debugger commands, and of the tables of facts that they fill. */
#include "site/pages.h"

#include <string.h>

enum { MOST_LINES = 60 }; /* of an output that is shown */

/* r and !r would share a page, and ~ has no letters. */
const char *site_command_path(sc_arena *a, sc_span name)
{
    sc_buf slug = {0};
    site_slug(&slug, name);
    for (size_t i = 0; !slug.n && i < name.n; i++) sc_buf_printf(&slug, "%02x", (unsigned)(unsigned char)name.p[i]);
    const char *kind = !name.n || sc_is_alpha(name.p[0]) ? "" : name.p[0] == '.' ? "dot-" : "ext-";
    const char *path = sc_arena_printf(a, "commands/%s%s/", kind, slug.p ? slug.p : "").p;
    sc_buf_free(&slug);
    return path;
}

/* Comma-separated commands as links; derivations stand in parentheses and have no page. */
static sc_span command_links(sc_arena *a, const char *names)
{
    sc_span rest = sc_span_z(names), name;
    sc_buf out = {0};
    while (rest.n) {
        sc_cut(rest, ", ", &name, &rest);
        if (name.n && name.p[0] != '(')
            sc_buf_printf(&out, "%s[`%.*s`](site:%s)", out.n ? ", " : "", SC_F(name), site_command_path(a, name));
    }
    sc_span kept = sc_arena_dup(a, sc_buf_view(&out));
    sc_buf_free(&out);
    return kept;
}

/* A list that is built up, then written under a heading; nothing when it stayed empty. */
static void put_list(site_page *p, const char *heading, sc_buf *list)
{
    if (list->n) {
        site_heading(p, 2, sc_span_z(heading));
        site_text(p, sc_arena_dup(p->arena, sc_buf_view(list)));
    }
    if (list->failed) p->md.failed = true;
    sc_buf_free(list);
}

/* ---- Commands ---------------------------------------------------------------------------------------------------- */

static void put_output(const site_build *b, site_page *p, const char *command)
{
    const site_output_example *x = NULL;
    for (size_t i = 0; i < b->in->n_outputs && !x; i++)
        if (!strcmp(b->in->outputs[i].command, command)) x = &b->in->outputs[i];
    if (!x) return;
    sc_span rest = x->text, line;
    size_t lines = 0;
    while (rest.n && lines++ < MOST_LINES) sc_cut(rest, "\n", &line, &rest);
    site_heading(p, 2, SC_S("What it prints"));
    site_code(p, sc_span_sub(x->text, 0, x->text.n - rest.n), false);
    site_text(p, sc_arena_printf(b->arena, "From the sample `%s`%s.", x->sample,
                                 rest.n ? "; what follows there is left out" : ""));
}

static void put_facts(const site_build *b, site_page *p, const sc_command_info *c)
{
    sc_buf list = {0};
    for (sc_span rest = sc_span_z(c->tables), name; rest.n;) {
        sc_cut(rest, ", ", &name, &rest);
        const site_fact_table *t = site_find_table(b, name);
        if (t)
            sc_buf_printf(&list, "- [`%s`](site:tables/%s/): %.*s\n", t->name, t->name,
                          SC_F(site_plain(b->arena, t->doc)));
    }
    bool any = list.n > 0;
    put_list(p, "Facts that it yields", &list);
    if (any) site_text(p, sc_arena_printf(b->arena, "What shows its output to be whole: %s.", c->proof));
    if (!c->query) return;
    site_text(p, SC_S("To ask a paste for them:"));
    site_code(p, sc_arena_printf(b->arena, "stopcode query paste.txt \"%s\"", c->query), true);
}

/* A rule uses a command when it asks for it, matches its output, or looks at what it fills. */
static void put_rules(const site_build *b, site_page *p, const sc_command_info *c)
{
    sc_buf list = {0};
    for (size_t i = 0; i < b->k->n_rules; i++) {
        const sc_rule *r = &b->k->rules[i];
        size_t n = 0;
        if (r->status != SC_STABLE) continue;
        bool asks = site_rule_asks(r, c->name);
        sc_buf tables = {0};
        for (sc_span rest = sc_span_z(c->tables), name; rest.n;) {
            sc_cut(rest, ", ", &name, &rest);
            if (site_rule_uses(b, r, name)) sc_buf_printf(&tables, "%s`%.*s`", n++ ? ", " : "", SC_F(name));
        }
        if (asks || n)
            sc_buf_printf(&list, "- [%s](site:%s/)%s%s%.*s\n", r->title, r->id, asks ? ": asks for it" : "",
                          n ? (asks ? ", looks at " : ": looks at ") : "", SC_F(sc_buf_view(&tables)));
        sc_buf_free(&tables);
    }
    put_list(p, "Rules that use it", &list);
}

typedef struct listing {
    site_build *build;
    site_page page; /* the list */
} listing;

/* Other spellings: those that a command declares, and the letters that say how k prints. */
static void put_spellings(site_build *b, site_page *p, const sc_command_info *c)
{
    static const char *const letters[] = {"kb", "kc", "kd", "kf", "kn", "kp", "kv"};
    sc_arena *a = b->arena;
    sc_list all = {0};
    for (size_t i = 0; c->aliases && c->aliases[i]; i++) {
        const char **kept = sc_list_add(a, &all, sizeof *kept);
        if (kept) *kept = sc_arena_z(a, sc_span_z(c->aliases[i]));
    }
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        const char *name = sc_command_name(sc_span_z(letters[i]));
        const char **kept = name && !strcmp(name, c->name) ? sc_list_add(a, &all, sizeof *kept) : NULL;
        if (kept) *kept = letters[i];
    }
    const char *const *names = all.items;
    sc_buf text = {0};
    for (size_t i = 0; i < all.n; i++) {
        sc_buf_printf(&text, "%s`%s`", i ? ", " : "Also typed ", names[i]);
        p->words = sc_arena_printf(a, "%.*s %s", SC_F(p->words), names[i]);
        site_redirect_to(b, site_command_path(a, sc_span_z(names[i])), p->path);
    }
    if (all.n) site_text(p, sc_arena_printf(a, "%.*s.", SC_F(sc_buf_view(&text))));
    sc_buf_free(&text);
}

static int add_command(void *context, const sc_command_info *c)
{
    listing *l = context;
    site_build *b = l->build;
    sc_arena *a = b->arena;
    if (c->name[0] == '(') return 0;
    const char *path = site_command_path(a, sc_span_z(c->name));
    site_page p = site_page_new(a, path, "command", sc_arena_dup(a, sc_span_z(c->name)));
    p.about = sc_arena_dup(a, sc_span_z(c->doc));
    site_text(&p, sc_arena_printf(a, "%.*s.", SC_F(site_plain(a, c->doc))));
    put_spellings(b, &p, c);
    put_output(b, &p, c->name);
    put_facts(b, &p, c);
    put_rules(b, &p, c);
    sc_span cells[] = {sc_arena_printf(a, "[`%s`](site:%s)", c->name, path), site_plain(a, c->doc)};
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

static void add_table(site_build *b, site_page *list, const site_fact_table *t)
{
    static const char *const heads[] = {"column", "type", "meaning", NULL};
    sc_arena *a = b->arena;
    const char *path = sc_arena_printf(a, "tables/%s/", t->name).p;
    site_page p = site_page_new(a, path, "table", sc_span_z(t->name));
    p.about = sc_span_z(t->doc);
    site_text(&p, sc_arena_printf(a, "%.*s.", SC_F(site_plain(a, t->doc))));
    sc_span from = command_links(a, t->commands);
    site_text(&p, from.n ? sc_arena_printf(a, "From the output of %.*s.", SC_F(from))
                         : SC_S("It is worked out from other facts, not read from one command's output."));
    if (*t->key) site_text(&p, sc_arena_printf(a, "One section of a paste tells about one `%s`.", t->key));
    site_table(&p, heads);
    for (size_t i = 0; i < t->n; i++) {
        sc_span cells[] = {sc_arena_printf(a, "`%s`", t->columns[i].name), sc_span_z(t->columns[i].type),
                           site_plain(a, t->columns[i].doc)};
        site_named_row(&p, sc_arena_printf(a, "column-%s", t->columns[i].name).p, cells, 3);
    }
    site_table_end(&p);
    site_text(&p, SC_S("Every row has `line` and `last_line`, the lines of the paste that it was read from, and "
                       "`section`."));
    sc_buf rules = {0};
    for (size_t i = 0; i < b->k->n_rules; i++) {
        const sc_rule *r = &b->k->rules[i];
        if (r->status == SC_STABLE && site_rule_uses(b, r, sc_span_z(t->name)))
            sc_buf_printf(&rules, "- [%s](site:%s/)\n", r->title, r->id);
    }
    put_list(&p, "Rules that use it", &rules);
    sc_span cells[] = {sc_arena_printf(a, "[`%s`](site:%s)", t->name, path), site_plain(a, t->doc), from};
    site_row(list, cells, 3);
    site_add(b, p);
}

void site_table_pages(site_build *b)
{
    static const char *const heads[] = {"table", "rows", "from", NULL};
    site_page list = site_page_new(b->arena, "tables/", "list", SC_S("Tables of facts"));
    list.about = SC_S("What a paste can be asked for, and what rules are made of");
    site_text(&list, SC_S("`stopcode query paste.txt \"SELECT ...\"` asks a paste; rules ask in the same way."));
    site_table(&list, heads);
    const site_fact_table *t = b->tables.items;
    for (size_t i = 0; i < b->tables.n; i++) add_table(b, &list, &t[i]);
    site_table_end(&list);
    site_add(b, list);
}
