/* How to collect, and how to write rules: docs/collecting.md, CONTRIBUTING.md and a part of docs/ARCHITECTURE.md, which
 * stand in the program (tools/embed.sh). */
#include "site/pages.h"

#include "kb/collect.h"

#include <inttypes.h>
#include <string.h>

/* ---- Texts ------------------------------------------------------------------------------------------------------- */

static sc_span document(const char *name)
{
    for (size_t i = 0; i < site_n_own_assets; i++)
        if (!strcmp(site_own_assets[i].name, name)) return site_own_assets[i].bytes;
    return (sc_span){"", 0};
}

/* Without its first heading: pages have a title. */
static sc_span without_title(sc_span text)
{
    sc_span line;
    if (sc_starts(text, "# ")) sc_cut(text, "\n", &line, &text);
    return text;
}

/* ---- How to collect ---------------------------------------------------------------------------------------------- */

static void put_script(site_build *b, site_page *p)
{
    sc_collect all = {.arena = b->arena};
    sc_buf script = {0};
    sc_collect_basics(&all);
    for (size_t i = 0; i < b->k->n_rules; i++)
        if (b->k->rules[i].any_code && b->k->rules[i].status == SC_STABLE) sc_collect_rule(&all, &b->k->rules[i]);
    sc_collect_put(&all, "any crash", &script);
    site_heading(p, 2, SC_S("A script for any crash"));
    site_code(p, sc_arena_dup(b->arena, sc_buf_view(&script)), true);
    sc_buf_free(&script);
}

static void collect_page(site_build *b)
{
    static const char *const heads[] = {"bug check", "its own commands", NULL};
    sc_arena *a = b->arena;
    site_page p = site_page_new(a, "collect/", "guide", SC_S("How to collect"));
    p.about = SC_S("What to run in the debugger, so that a crash can be diagnosed");
    p.words = SC_S("dump minidump symbols log script windbg kd");
    p.source = "docs/collecting.md";
    site_document(&p, without_title(document("collecting.md")));
    put_script(b, &p);
    site_heading(&p, 2, SC_S("Scripts of single bug checks"));
    site_text(&p,
              SC_S("Every bug check's page has its script; these have commands of their own in it, because rules are "
                   "about them."));
    site_table(&p, heads);
    for (size_t i = 0; i < b->k->n_bugchecks; i++) {
        const sc_ref_bugcheck *c = &b->k->bugchecks[i];
        sc_collect own = {.arena = a};
        sc_buf commands = {0};
        for (size_t r = 0; r < b->k->n_rules; r++)
            if (b->k->rules[r].status == SC_STABLE && site_is_about(b, &b->k->rules[r], c->code))
                sc_collect_rule(&own, &b->k->rules[r]);
        const sc_span *one = own.commands.items;
        for (size_t n = 0; n < own.commands.n; n++) sc_buf_printf(&commands, "%s`%.*s`", n ? ", " : "", SC_F(one[n]));
        sc_span cells[] = {sc_arena_printf(a, "[0x%" PRIX32 " %s](site:%s#how-to-collect)", c->code, c->name,
                                           site_bugcheck_path(a, c->code)),
                           sc_arena_dup(a, sc_buf_view(&commands))};
        if (own.commands.n) site_row(&p, cells, 2);
        sc_buf_free(&commands);
    }
    site_table_end(&p);
    site_add(b, p);
}

/* ---- Writing rules ----------------------------------------------------------------------------------------------- */

/* From one heading of the second level up to another. */
static sc_span part_of(sc_arena *a, sc_span text, const char *from, const char *to)
{
    size_t begin = sc_find(text, sc_arena_printf(a, "\n## %s\n", from).p);
    if (begin == SC_NPOS) return (sc_span){"", 0};
    text = sc_span_from(text, begin + 1);
    size_t end = sc_find(text, sc_arena_printf(a, "\n## %s\n", to).p);
    return sc_span_sub(text, 0, end == SC_NPOS ? text.n : end + 1);
}

static void authoring_pages(site_build *b)
{
    site_page p = site_page_new(b->arena, "authoring/", "guide", SC_S("Writing rules"));
    p.about = SC_S("Add a rule, a sample, a debugger command, in five steps each");
    p.words = SC_S("contributing author rule sample command new lint test accept");
    p.source = "CONTRIBUTING.md";
    site_text(&p, SC_S("The knowledge is made of pages that anybody can write. [The format](site:authoring/format/) is "
                       "told apart; [the tables of facts](site:tables/) are what rules ask."));
    site_document(&p, without_title(document("CONTRIBUTING.md")));
    site_add(b, p);

    site_page f = site_page_new(b->arena, "authoring/format/", "guide", SC_S("The format of rules and samples"));
    f.about = SC_S("Every key of a rule, its clauses and their truth, what a diagnosis makes of them, and samples");
    f.words = SC_S("yaml clause args stack sql text supports excludes whole ask culprit roles supersedes");
    f.source = "docs/ARCHITECTURE.md";
    site_document(&f, part_of(b->arena, document("ARCHITECTURE.md"), "Facts", "The command"));
    site_add(b, f);
}

void site_guide_pages(site_build *b)
{
    collect_page(b);
    authoring_pages(b);
}
