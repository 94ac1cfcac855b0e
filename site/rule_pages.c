/* A page for every rule: what happened, how it is recognised, a sample that it was recognised in. */
#include "site/pages.h"

#include "kb/fill.h"

#include <inttypes.h>
#include <string.h>

static const site_example *example_of(const site_build *b, const char *rule)
{
    for (size_t i = 0; i < b->in->n_examples; i++)
        if (b->in->examples[i].rule && !strcmp(b->in->examples[i].rule, rule)) return &b->in->examples[i];
    return NULL;
}

/* lock-owner -> Lock owner */
static sc_span in_words(sc_arena *a, const char *name)
{
    sc_span s = sc_arena_dup(a, sc_span_z(name));
    char *p = (char *)(uintptr_t)s.p; /* the arena's copy is ours to change */
    for (size_t i = 0; i < s.n; i++)
        if (p[i] == '-' || p[i] == '_') p[i] = ' ';
    if (s.n && p[0] >= 'a' && p[0] <= 'z') p[0] = (char)(p[0] - 32);
    return s;
}

static sc_span effect_of(sc_arena *a, const sc_clause *c)
{
    switch (c->effect) {
    case SC_SUPPORTS:
        return sc_arena_printf(a, "Not needed; when it is so, the diagnosis becomes **%s**.",
                               sc_confidence_names[c->supports]);
    case SC_EXCLUDES: return SC_S("When it is so, this rule is **ruled out**.");
    default: return SC_S("**Must be so.**");
    }
}

/* Where the example shows it; its lines are anchors of the HTML page only. */
static void put_lines(site_page *p, const site_example *x, const char *clause)
{
    size_t n = 0;
    for (size_t i = 0; x && i < x->n_marks; i++) {
        if (strcmp(x->marks[i].clause, clause) != 0) continue;
        sc_buf_printf(&p->html, "%s<a href=\"#line-%u\">line %u</a>",
                      n++ ? ", " : "<p>In the example below: ", x->marks[i].line, x->marks[i].line);
    }
    if (n) sc_buf_z(&p->html, ".</p>\n");
}

static void put_clause(site_build *b, site_page *p, const sc_clause *c, const site_example *x)
{
    sc_arena *a = b->arena;
    site_anchor(p, 3, in_words(a, c->name), sc_arena_printf(a, "clause-%s", c->name).p);
    site_text(p, effect_of(a, c));
    site_text(p, site_clause_words(b, c));
    if (c->sql) site_code(p, sc_trim(sc_span_z(c->sql)), false);
    if (c->pattern) site_code(p, sc_trim(sc_span_z(c->pattern)), false);
    if (c->whole) site_text(p, SC_S("It counts only when nothing that it looks at is missing from the paste."));
    sc_span ask = sc_template_fill(a, c->ask ? c->ask : "", true, NULL);
    if (ask.n) site_text(p, sc_arena_printf(a, "When the paste does not show it, run `%.*s`.", SC_F(ask)));
    put_lines(p, x, c->name);
}

static void put_clauses(site_build *b, site_page *p, const sc_rule *r)
{
    static const char *const ranks[] = {"a crash that was made on purpose", "a fault of the hardware",
                                        "a proof of what happened", "a module that is to blame", "advice"};
    site_heading(p, 2, SC_S("How to recognise it"));
    site_text(p, sc_arena_printf(b->arena,
                                 "When everything that must be so is, the diagnosis is **%s**: %s. What was not pasted "
                                 "is unknown, not false; the rule is then open, and the command that would tell is "
                                 "named.",
                                 sc_confidence_names[r->confidence], ranks[r->tier]));
    const site_example *x = example_of(b, r->id);
    for (size_t i = 0; i < r->n_clauses; i++) put_clause(b, p, &r->clauses[i], x);
}

static void put_example(site_build *b, site_page *p, const sc_rule *r)
{
    const site_example *x = example_of(b, r->id);
    if (!x) return;
    site_heading(p, 2, SC_S("A worked example"));
    site_text(p, sc_arena_printf(b->arena,
                                 "The sample `%s`, on which this rule was tried when the page was made. The lines "
                                 "that prove it are marked.",
                                 x->sample));
    site_transcript(p, x->paste, x->marks, x->n_marks);
    site_heading(p, 3, SC_S("What stopcode says about it"));
    site_code(p, x->report, false);
}

static void put_references(site_build *b, site_page *p, const sc_rule *r)
{
    if (!r->n_references) return;
    sc_buf list = {0};
    site_heading(p, 2, SC_S("Read on"));
    for (size_t i = 0; i < r->n_references; i++) sc_buf_printf(&list, "- <%s>\n", r->references[i]);
    site_text(p, sc_arena_dup(b->arena, sc_buf_view(&list)));
    sc_buf_free(&list);
}

static bool has_page(const site_build *b, const char *rule)
{
    for (size_t i = 0; i < b->k->n_rules; i++)
        if (!strcmp(b->k->rules[i].id, rule)) return b->k->rules[i].status != SC_DRAFT;
    return false;
}

static void put_about(site_build *b, site_page *p, const sc_rule *r)
{
    sc_buf about = {0};
    for (size_t i = 0; i < r->n_codes; i++) {
        const sc_ref_bugcheck *c = sc_find_bugcheck(b->k, r->codes[i]);
        sc_buf_printf(&about, "%s[0x%" PRIX32 " %s](site:%s)", i ? ", " : "For ", r->codes[i], c ? c->name : "",
                      site_bugcheck_path(b->arena, r->codes[i]));
    }
    if (!r->n_codes)
        sc_buf_z(&about, r->any_code ? "For [every bug check](site:any/)"
                                     : "For [hangs and leaks without a bug check](site:none/)");
    sc_buf_printf(&about, ". Its name is `%s`.", r->id);
    size_t weaker = 0;
    for (size_t i = 0; i < r->n_supersedes; i++)
        if (has_page(b, r->supersedes[i]))
            sc_buf_printf(&about, "%s[`%s`](site:%s/)", weaker++ ? ", " : " It says more than ", r->supersedes[i],
                          r->supersedes[i]);
    if (weaker) sc_buf_z(&about, ", and takes its place when both are confirmed.");
    site_text(p, sc_arena_dup(b->arena, sc_buf_view(&about)));
    sc_buf_free(&about);
}

static void add_rule(site_build *b, const sc_rule *r)
{
    site_page p = site_page_new(b->arena, sc_arena_printf(b->arena, "%s/", r->id).p, "rule", sc_span_z(r->title));
    sc_span body = sc_template_fill(b->arena, r->body, false, NULL);
    p.about = sc_template_fill(b->arena, r->summary, false, NULL);
    p.words = sc_span_z(r->id);
    const site_example *x = example_of(b, r->id);
    p.text = x ? sc_arena_printf(b->arena, "%.*s %.*s", SC_F(body), SC_F(x->report)) : body;
    p.source = sc_arena_printf(b->arena, "rules/%s.md", r->id).p;
    if (r->status == SC_RETIRED)
        site_text(&p, SC_S("**This rule is retired**: a diagnosis does not use it any more. Its page stays for those "
                           "who were led here."));
    put_about(b, &p, r);
    site_document(&p, body);
    put_clauses(b, &p, r);
    put_example(b, &p, r);
    put_references(b, &p, r);
    site_add(b, p);
}

/* The rules of a folder that is no bug check, with what its index.md says; nothing when there are none. */
static void folder_page(site_build *b, const char *folder, const char *title, const char *about)
{
    size_t n;
    sc_buf list = {0};
    const sc_kb_page *texts = sc_kb_pages(b->in->kb, &n);
    site_page p = site_page_new(b->arena, sc_arena_printf(b->arena, "%s/", folder).p, "list", sc_span_z(title));
    p.about = sc_span_z(about);
    site_text(&p, sc_arena_printf(b->arena, "%s.", about));
    for (size_t i = 0; i < n; i++) {
        if (strcmp(texts[i].folder, folder) != 0) continue;
        p.source = texts[i].file;
        site_document(&p, sc_span_z(texts[i].body));
    }
    for (size_t i = 0; i < b->k->n_rules; i++) {
        const sc_rule *r = &b->k->rules[i];
        if (r->status == SC_STABLE && (!strcmp(folder, "any") ? r->any_code : r->no_code))
            sc_buf_printf(&list, "- [%s](site:%s/)\n", r->title, r->id);
    }
    site_text(&p, sc_arena_dup(b->arena, sc_buf_view(&list)));
    if (list.n)
        site_add(b, p);
    else
        site_page_free(&p);
    sc_buf_free(&list);
}

void site_rule_pages(site_build *b)
{
    static const char *const heads[] = {"rule", "name", "diagnosis", NULL};
    site_page list = site_page_new(b->arena, "rules/", "list", SC_S("Rules"));
    list.about = SC_S("Everything that a diagnosis can recognise");
    site_table(&list, heads);
    for (size_t i = 0; i < b->k->n_rules; i++) {
        const sc_rule *r = &b->k->rules[i];
        if (r->status == SC_DRAFT) continue;
        add_rule(b, r);
        sc_span cells[] = {sc_arena_printf(b->arena, "[%s](site:%s/)", r->title, r->id),
                           sc_arena_printf(b->arena, "`%s`", r->id),
                           sc_span_z(r->status == SC_RETIRED ? "retired" : sc_confidence_names[r->confidence])};
        site_row(&list, cells, 3);
    }
    site_table_end(&list);
    site_add(b, list);
    folder_page(b, "any", "Rules for every bug check", "What may have happened whatever the code says");
    folder_page(b, "none", "Rules without a bug check", "Hangs and leaks, where Windows did not stop");
}
