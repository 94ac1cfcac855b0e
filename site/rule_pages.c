/* A page for every rule: what happened, how it is recognised, a sample that it was recognised in. */
#include "site/pages.h"

#include "kb/fill.h"

#include <inttypes.h>
#include <string.h>

static const site_example *example_of(const site_build *b, const char *rule)
{
    for (size_t i = 0; i < b->in->n_examples; i++)
        if (!strcmp(b->in->examples[i].rule, rule)) return &b->in->examples[i];
    return NULL;
}

/* lock-owner -> lock owner */
static sc_span in_words(sc_arena *a, const char *name)
{
    sc_span s = sc_arena_dup(a, sc_span_z(name));
    char *p = (char *)(uintptr_t)s.p; /* the arena's copy is ours to change */
    for (size_t i = 0; i < s.n; i++)
        if (p[i] == '-') p[i] = ' ';
    return s;
}

static const char *effect_of(sc_arena *a, const sc_clause *c)
{
    switch (c->effect) {
    case SC_SUPPORTS: return sc_arena_printf(a, "makes it %s", sc_confidence_names[c->supports]).p;
    case SC_EXCLUDES: return "rules it out";
    default: return "must hold";
    }
}

static void put_clauses(site_build *b, site_page *p, const sc_rule *r)
{
    site_heading(p, 2, SC_S("How it is recognised"));
    site_text(p, sc_arena_printf(b->arena, "When all that must hold does, the diagnosis is **%s**.",
                                 sc_confidence_names[r->confidence]));
    for (size_t i = 0; i < r->n_clauses; i++) {
        const sc_clause *c = &r->clauses[i];
        sc_span words = in_words(b->arena, c->name);
        site_anchor(p, 3, words, sc_arena_printf(b->arena, "clause-%s", c->name).p);
        sc_span ask = sc_template_fill(b->arena, c->ask ? c->ask : "", false, NULL);
        if (ask.n)
            site_text(p, sc_arena_printf(b->arena, "It %s. Shown by `%.*s`.", effect_of(b->arena, c), SC_F(ask)));
        else
            site_text(p, sc_arena_printf(b->arena, "It %s.", effect_of(b->arena, c)));
        if (c->sql) site_code(p, sc_trim(sc_span_z(c->sql)), false);
    }
}

static void put_example(site_build *b, site_page *p, const sc_rule *r)
{
    const site_example *x = example_of(b, r->id);
    if (!x) return;
    site_heading(p, 2, SC_S("A worked example"));
    site_text(p, sc_arena_printf(b->arena,
                                 "The sample `%s`, which this rule was tried on when the page was made. The lines "
                                 "that prove it are marked; below is what stopcode says.",
                                 x->sample));
    site_transcript(p, x->paste, x->lines, x->n_lines);
    site_code(p, x->report, false);
}

static void put_references(site_build *b, site_page *p, const sc_rule *r)
{
    if (!r->n_references) return;
    site_heading(p, 2, SC_S("Read on"));
    for (size_t i = 0; i < r->n_references; i++) site_text(p, sc_arena_printf(b->arena, "- <%s>", r->references[i]));
}

static void add_rule(site_build *b, const sc_rule *r)
{
    site_page p = site_page_new(b->arena, sc_arena_printf(b->arena, "%s/", r->id).p, "rule", sc_span_z(r->title));
    p.about = sc_template_fill(b->arena, r->summary, false, NULL);
    p.words = sc_span_z(r->id);
    if (r->status != SC_STABLE)
        site_text(&p, sc_arena_printf(b->arena, "**This rule is %s**: a diagnosis does not use it any more.",
                                      sc_status_names[r->status]));
    sc_buf about = {0};
    for (size_t i = 0; i < r->n_codes; i++) {
        const sc_ref_bugcheck *c = sc_find_bugcheck(b->k, r->codes[i]);
        sc_buf_printf(&about, "%s[0x%" PRIX32 " %s](site:%s)", i ? ", " : "For ", r->codes[i], c ? c->name : "",
                      site_bugcheck_path(b->arena, r->codes[i]));
    }
    if (!r->n_codes) sc_buf_z(&about, r->any_code ? "For every bug check" : "For hangs and leaks without a bug check");
    sc_buf_z(&about, ".");
    site_text(&p, sc_arena_dup(b->arena, sc_buf_view(&about)));
    sc_buf_free(&about);
    site_text(&p, sc_template_fill(b->arena, r->body, false, NULL));
    put_clauses(b, &p, r);
    put_example(b, &p, r);
    put_references(b, &p, r);
    site_add(b, p);
}

void site_rule_pages(site_build *b)
{
    static const char *const heads[] = {"rule", "about", NULL};
    site_page list = site_page_new(b->arena, "rules/", "list", SC_S("Rules"));
    list.about = SC_S("Everything that a diagnosis can recognise");
    site_table(&list, heads);
    for (size_t i = 0; i < b->k->n_rules; i++) {
        const sc_rule *r = &b->k->rules[i];
        if (r->status == SC_DRAFT) continue;
        add_rule(b, r);
        sc_span cells[] = {sc_arena_printf(b->arena, "[%s](site:%s/)", r->title, r->id),
                           sc_arena_printf(b->arena, "`%s`", r->id)};
        site_row(&list, cells, 2);
    }
    site_table_end(&list);
    site_add(b, list);
}
