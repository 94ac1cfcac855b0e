/* The first page: a paste in, a diagnosis out; below, where to read on. */
#include "site/pages.h"

#include <inttypes.h>

/* The form is of no use without scripts, so a script shows it. */
static const char form[] =
    "<section id=\"diagnose\" aria-labelledby=\"diagnose-title\" hidden>\n"
    "<h2 id=\"diagnose-title\">Diagnose a paste</h2>\n"
    "<p>Paste what the debugger printed, as much as there is: <code>!analyze -v</code>, stacks, whatever was asked "
    "next. "
    "It is read here, in this page; nothing is sent anywhere.</p>\n"
    "<label for=\"paste\">Debugger output</label>\n"
    "<textarea id=\"paste\" rows=\"14\" spellcheck=\"false\" autocomplete=\"off\"></textarea>\n"
    "<p class=\"tools\"><input id=\"file\" type=\"file\" accept=\".txt,.log,text/plain\"><label class=\"button\" "
    "for=\"file\">Open a file</label><button id=\"copy\" type=\"button\" disabled>Copy as Markdown</button>"
    "<button id=\"clear\" type=\"button\">Clear</button><span id=\"state\" role=\"status\"></span></p>\n"
    "<div class=\"answer\"><div id=\"result\"></div>\n<pre id=\"lines\" tabindex=\"0\" hidden></pre></div>\n"
    "</section>\n"
    "<noscript><p class=\"notice\">The diagnosis and the search need JavaScript; all pages can be read "
    "without.</p></noscript>\n";

static const char scripts[] = "<script src=\"assets/engine.js\" defer></script>\n"
                              "<script src=\"assets/knowledge.js\" defer></script>\n"
                              "<script src=\"assets/diagnose.js\" defer></script>\n";

void site_start_page(site_build *b)
{
    site_page p = site_page_new(b->arena, "", "start", SC_S("stopcode: what a kernel crash was"));
    p.about = SC_S(
        "Paste kernel-debugger output, get a diagnosis: what happened, how sure that is, and what proves it");
    site_text(
        &p,
        SC_S(
            "Windows stopped with a blue screen, and a debugger is open. stopcode reads what the debugger prints and "
            "says what "
            "happened, how sure that is, which lines prove it, who is to blame and who is not, and what to ask next."));
    if (b->in->wasm.n && b->in->knowledge.n) {
        sc_buf_z(&p.html, form);
        p.extra = scripts;
    }
    size_t rules = 0;
    for (size_t i = 0; i < b->k->n_rules; i++) rules += b->k->rules[i].status == SC_STABLE;
    site_heading(&p, 2, SC_S("Read on"));
    site_text(&p,
              sc_arena_printf(b->arena,
                              "- [Bug checks](site:bugchecks/): %zu codes, their parameters, how to tell causes apart\n"
                              "- [Rules](site:rules/): %zu causes that are recognised, each with a worked example\n"
                              "- [Debugger commands](site:commands/): what is read of their output\n"
                              "- [Tables of facts](site:tables/): what a paste can be asked\n"
                              "- [Modules](site:modules/): whose a driver is\n"
                              "- [Kernel functions](site:functions/): what the names on a stack do\n"
                              "- [Other terms](site:terms/): status codes, pool tags, labels, levels\n"
                              "- [How to collect](site:collect/): what to run in the debugger\n"
                              "- [Writing rules](site:authoring/): add a rule, a sample, a debugger command\n",
                              b->k->n_bugchecks, rules));
    sc_buf known = {0};
    site_heading(&p, 2, SC_S("Bug checks with rules"));
    for (size_t i = 0; i < b->k->n_bugchecks; i++) {
        const sc_ref_bugcheck *c = &b->k->bugchecks[i];
        size_t n = 0;
        for (size_t r = 0; r < b->k->n_rules; r++)
            n += b->k->rules[r].status == SC_STABLE && site_is_about(b, &b->k->rules[r], c->code);
        if (n && c->code == sc_plain_code(b->k, c->code))
            sc_buf_printf(&known, "- [0x%" PRIX32 " %s](site:%s) (%zu)\n", c->code, c->name,
                          site_bugcheck_path(b->arena, c->code), n);
    }
    bool any = false, none = false;
    for (size_t r = 0; r < b->k->n_rules; r++) {
        any = any || (b->k->rules[r].status == SC_STABLE && b->k->rules[r].any_code);
        none = none || (b->k->rules[r].status == SC_STABLE && b->k->rules[r].no_code);
    }
    if (any) sc_buf_z(&known, "- [every bug check](site:any/)\n");
    if (none) sc_buf_z(&known, "- [hangs and leaks without one](site:none/)\n");
    site_text(&p, sc_arena_dup(b->arena, sc_buf_view(&known)));
    sc_buf_free(&known);
    site_add(b, p);
}
