/* A page for every bug check: what it is, its parameters as data, what its page in rules/ says, its rules. */
#include "site/pages.h"

#include "kb/collect.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *site_bugcheck_path(sc_arena *a, uint32_t code)
{
    return sc_arena_printf(a, "0x%" PRIX32 "/", code).p;
}

bool site_is_about(const site_build *b, const sc_rule *r, uint32_t code)
{
    code = sc_plain_code(b->k, code);
    for (size_t i = 0; i < r->n_codes; i++)
        if (r->codes[i] == code) return true;
    return false;
}

/* "time-out (s)" and "how long ..." as two cells. */
static void put_parameter(site_page *p, sc_span label, const sc_ref_term *t)
{
    sc_span cells[] = {label, site_plain(p->arena, t->name), site_plain(p->arena, t->text)};
    site_row(p, cells, 3);
}

static void put_roles(site_build *b, site_page *p, uint32_t code)
{
    static const char *const heads[] = {"parameter", "what it is", "meaning", NULL};
    bool any = false;
    for (int at = 1; at <= 4; at++) {
        char term[32], label[16];
        snprintf(term, sizeof term, "0x%" PRIX32 " %d", code, at);
        snprintf(label, sizeof label, "%d", at);
        const sc_ref_term *t = sc_find_term(b->k, SC_TERM_PARAMETER, sc_span_z(term));
        if (!t) continue;
        if (!any) {
            site_heading(p, 2, SC_S("Parameters"));
            site_table(p, heads);
        }
        any = true;
        put_parameter(p, sc_span_z(label), t);
    }
    if (any) site_table_end(p);
}

/* The terms of one code stand together; "0x9F 1=0x4" and "0x9F 2 1=0x4" among them. */
static void put_values(site_build *b, site_page *p, uint32_t code)
{
    static const char *const heads[] = {"parameter", "what it says", "meaning", NULL};
    char begin[24];
    snprintf(begin, sizeof begin, "0x%" PRIX32 " ", code);
    size_t n = strlen(begin);
    bool any = false;
    for (size_t i = 0; i < b->k->n_terms[SC_TERM_PARAMETER]; i++) {
        const sc_ref_term *t = &b->k->terms[SC_TERM_PARAMETER][i];
        if (strncmp(t->term, begin, n) != 0 || !strchr(t->term, '=')) continue;
        if (!any) {
            site_heading(p, 2, SC_S("Values"));
            site_table(p, heads);
        }
        any = true;
        sc_span rest = sc_span_z(t->term + n), what, of;
        bool depends = sc_cut(rest, " ", &what, &of);
        sc_span label = depends ? sc_arena_printf(b->arena, "%.*s, when %.*s", SC_F(what), SC_F(of)) : what;
        put_parameter(p, label, t);
    }
    if (any) site_table_end(p);
}

/* Rules of the bug check, then those for all. */
static void put_rules(site_build *b, site_page *p, uint32_t code)
{
    sc_buf own = {0}, any = {0};
    for (size_t i = 0; i < b->k->n_rules; i++) {
        const sc_rule *r = &b->k->rules[i];
        if (r->status != SC_STABLE) continue;
        sc_buf *list = site_is_about(b, r, code) ? &own : r->any_code ? &any : NULL;
        if (list) sc_buf_printf(list, "- [%s](site:%s/)\n", r->title, r->id);
    }
    site_heading(p, 2, SC_S("What is recognised"));
    site_text(p, own.n ? SC_S("Rules of this bug check:") : SC_S("No rule is about this bug check alone."));
    if (own.n) site_text(p, sc_arena_dup(b->arena, sc_buf_view(&own)));
    if (any.n) site_text(p, SC_S("Rules for every bug check:"));
    if (any.n) site_text(p, sc_arena_dup(b->arena, sc_buf_view(&any)));
    sc_buf_free(&own);
    sc_buf_free(&any);
}

static const sc_kb_page *page_of(const site_build *b, uint32_t code)
{
    size_t n;
    code = sc_plain_code(b->k, code);
    const sc_kb_page *pages = sc_kb_pages(b->in->kb, &n);
    for (size_t i = 0; i < n; i++)
        if (pages[i].has_code && pages[i].code == code) return &pages[i];
    return NULL;
}

/* The first sentence of a page, for lists and the search. */
static sc_span first_sentence(sc_span body)
{
    while (body.n && (body.p[0] == '#' || body.p[0] == '\n')) { /* headings */
        sc_span line;
        sc_cut(body, "\n", &line, &body);
        body = sc_ltrim(body);
    }
    size_t end = sc_find(body, ". ");
    size_t paragraph = sc_find(body, "\n\n");
    if (end == SC_NPOS || (paragraph != SC_NPOS && paragraph < end)) end = paragraph == SC_NPOS ? body.n : paragraph;
    return sc_trim(sc_span_sub(body, 0, end < body.n ? end + 1 : body.n));
}

/* What to run in the debugger, as one script. */
static void put_script(site_build *b, site_page *p, const sc_ref_bugcheck *c)
{
    sc_collect all = {.arena = b->arena};
    sc_buf script = {0};
    sc_collect_code(&all, b->k, sc_plain_code(b->k, c->code));
    sc_collect_put(&all, sc_arena_printf(b->arena, "0x%" PRIX32 " %s", c->code, c->name).p, &script);
    site_heading(p, 2, SC_S("How to collect"));
    site_text(p, sc_arena_printf(b->arena,
                                 "This script collects what the rules look at, in one log: save it as `collect.txt`, "
                                 "open the dump, run `$$><collect.txt`, and diagnose `stopcode.log`. `stopcode script "
                                 "0x%" PRIX32 "` prints it too. [More about collecting](site:collect/).",
                                 c->code));
    site_code(p, sc_arena_dup(b->arena, sc_buf_view(&script)), true);
    sc_buf_free(&script);
}

/* The spellings of the blue screen, of a debugger and of programs. */
static void redirect(site_build *b, const sc_ref_bugcheck *c)
{
    const char *to = site_bugcheck_path(b->arena, c->code);
    site_redirect_to(b, sc_arena_printf(b->arena, "%" PRIX32 "/", c->code).p, to);
    site_redirect_to(b, sc_arena_printf(b->arena, "%08" PRIX32 "/", c->code).p, to);
    site_redirect_to(b, sc_arena_printf(b->arena, "0x%08" PRIX32 "/", c->code).p, to);
    if (sc_find_bugcheck_name(b->k, sc_span_z(c->name)) == c) /* two codes may share a name */
        site_redirect_to(b, sc_arena_printf(b->arena, "%s/", c->name).p, to);
}

/* What its parameters are: of a bug check that nobody has described, it says most. */
static sc_span parameter_names(const site_build *b, uint32_t code)
{
    sc_buf out = {0};
    for (int at = 1; at <= 4; at++) {
        sc_span term = sc_arena_printf(b->arena, "0x%" PRIX32 " %d", code, at);
        const sc_ref_term *t = sc_find_term(b->k, SC_TERM_PARAMETER, term);
        if (t && *t->name) sc_buf_printf(&out, "%s%s", out.n ? ", " : "Its parameters: ", t->name);
    }
    sc_span names = sc_arena_dup(b->arena, sc_buf_view(&out));
    sc_buf_free(&out);
    return names;
}

static void add_page(site_build *b, const sc_ref_bugcheck *c)
{
    site_page p = site_page_new(b->arena, site_bugcheck_path(b->arena, c->code),
                                c->live_dump ? "live dump" : "bug check",
                                sc_arena_printf(b->arena, "0x%" PRIX32 " %s", c->code, c->name));
    const sc_kb_page *text = page_of(b, c->code);
    p.about = text ? first_sentence(sc_span_z(text->body)) : parameter_names(b, c->code);
    p.words = sc_arena_printf(b->arena, "%" PRIX32 " %08" PRIX32 " %" PRIu32, c->code, c->code, c->code);
    site_text(&p, sc_arena_printf(b->arena, "%s Also written `%08" PRIX32 "`, in decimal `%" PRIu32 "` (Event 41).",
                                  c->live_dump ? "A live dump: Windows went on." : "Windows stopped with this code.",
                                  c->code, c->code));
    if (text) p.source = text->file;
    if (text) p.text = sc_span_z(text->body);
    if (text) site_document(&p, sc_span_z(text->body));
    put_rules(b, &p, c->code);
    put_roles(b, &p, c->code);
    put_values(b, &p, c->code);
    put_script(b, &p, c);
    site_add(b, p);
}

void site_bugcheck_pages(site_build *b)
{
    static const char *const heads[] = {"code", "name", "rules", NULL};
    site_page list = site_page_new(b->arena, "bugchecks/", "list", SC_S("Bug checks"));
    list.about = SC_S("Every documented bug check, by code");
    site_table(&list, heads);
    for (size_t i = 0; i < b->k->n_bugchecks; i++) {
        const sc_ref_bugcheck *c = &b->k->bugchecks[i];
        size_t rules = 0;
        for (size_t r = 0; r < b->k->n_rules; r++)
            rules += b->k->rules[r].status == SC_STABLE && site_is_about(b, &b->k->rules[r], c->code);
        sc_span cells[] = {
            sc_arena_printf(b->arena, "[0x%" PRIX32 "](site:%s)", c->code, site_bugcheck_path(b->arena, c->code)),
            sc_arena_printf(b->arena, "%s", c->name), rules ? sc_arena_printf(b->arena, "%zu", rules) : SC_S("")};
        site_row(&list, cells, 3);
        add_page(b, c);
        redirect(b, c);
    }
    site_table_end(&list);
    site_add(b, list);
}
