/* Pages of what else a crash shows: status codes, pool tags, labels and numbers with a meaning. */
#include "site/pages.h"

#include <inttypes.h>
#include <string.h>

static void status_page(site_build *b, site_page *list)
{
    static const char *const heads[] = {"status", "name", "what it means for a crash", NULL};
    site_page p = site_page_new(b->arena, "status/", "list", SC_S("Status codes"));
    size_t n = 0;
    p.about = SC_S("NTSTATUS codes that matter when a kernel stops");
    site_table(&p, heads);
    for (size_t i = 0; i < b->k->n_ntstatus; i++) {
        const sc_ref_number *s = &b->k->ntstatus[i];
        if (!*s->text) continue;
        sc_span cells[] = {sc_arena_printf(b->arena, "`0x%08" PRIx64 "`", s->number),
                           sc_arena_printf(b->arena, "`%s`", s->name), site_plain(b->arena, s->text)};
        site_named_row(&p, sc_arena_printf(b->arena, "s-%08" PRIx64, s->number).p, cells, 3);
        n++;
    }
    site_table_end(&p);
    site_add(b, p);
    sc_span cells[] = {SC_S("[Status codes](site:status/)"), SC_S("NTSTATUS codes, and what they mean for a crash"),
                       sc_arena_printf(b->arena, "%zu", n)};
    site_row(list, cells, 3);
}

typedef struct kind {
    sc_term_kind kind;
    const char *title, *about, *head, *name;
} kind;

static void kind_page(site_build *b, site_page *list, const kind *k)
{
    const char *heads[] = {k->head, k->name, "meaning", NULL};
    sc_arena *a = b->arena;
    const char *path = sc_arena_printf(a, "terms/%s/", sc_term_kind_names[k->kind]).p;
    site_page p = site_page_new(a, path, "terms", sc_span_z(k->title));
    p.about = sc_span_z(k->about);
    site_text(&p, sc_arena_printf(a, "%s.", k->about));
    site_table(&p, heads);
    for (size_t i = 0; i < b->k->n_terms[k->kind]; i++) {
        const sc_ref_term *t = &b->k->terms[k->kind][i];
        sc_span cells[] = {sc_arena_printf(a, "`%s`", t->term), site_plain(a, t->name), site_plain(a, t->text)};
        site_row(&p, cells, 3);
    }
    site_table_end(&p);
    site_add(b, p);
    sc_span cells[] = {sc_arena_printf(a, "[%s](site:%s)", k->title, path), sc_span_z(k->about),
                       sc_arena_printf(a, "%zu", b->k->n_terms[k->kind])};
    site_row(list, cells, 3);
}

void site_term_pages(site_build *b)
{
    static const char *const heads[] = {"terms", "what they are", "number", NULL};
    static const kind kinds[] = {
        {SC_TERM_FIELD, "Labels", "What the debugger writes in front of a value", "label", "where"},
        {SC_TERM_POOL_TAG, "Pool tags", "Four letters that name who allocated memory of a pool", "tag", "owner"},
        {SC_TERM_IRQL, "Interrupt request levels", "What a processor of x64 lets interrupt it", "level", "name"},
        {SC_TERM_FAST_FAIL, "Fast fails", "Parameter 1 of 0x139: which check found damage", "number", "name"},
        {SC_TERM_DEVICE_PROBLEM, "Problem codes", "Why Plug and Play does not run a device", "number", "name"},
        {SC_TERM_DEVICE_STATE, "States of device nodes", "How far Plug and Play got with a device", "number", "name"},
        {SC_TERM_VERIFIER_FLAG, "Checks of Driver Verifier", "The bits of its level", "bit", "name"},
        {SC_TERM_WHEA_SOURCE, "Sources of hardware errors", "Parameter 1 of 0x124", "number", "name"},
        {SC_TERM_PROCESSOR, "Processors", "Maker, family and model as !cpuinfo prints them", "numbers", "name"}};
    site_page list = site_page_new(b->arena, "terms/", "list", SC_S("Other terms"));
    list.about = SC_S("Status codes, pool tags, labels and numbers with a meaning");
    site_table(&list, heads);
    status_page(b, &list);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) kind_page(b, &list, &kinds[i]);
    site_table_end(&list);
    site_add(b, list);
}
