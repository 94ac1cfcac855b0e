#include "site/site.h"

#include "site/base64.h"
#include "site/output.h"
#include "site/pages.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void site_add(site_build *b, site_page page)
{
    site_page *p = sc_list_add(b->arena, &b->pages, sizeof *p);
    if (p)
        *p = page;
    else
        site_page_free(&page);
}

/* ---- Files ------------------------------------------------------------------------------------------------------- */

static int put_page(site_output *o, const site_page *p, bool searches, sc_arena *a, sc_error *error)
{
    sc_buf file = {0};
    sc_buf_printf(&file, "# %.*s\n\n%.*s", SC_F(site_plain(a, sc_arena_z(a, p->title))), SC_F(sc_buf_view(&p->md)));
    int rc = site_output_put(o, sc_arena_printf(a, "%sindex.md", p->path).p, sc_buf_view(&file), error);
    sc_buf_clear(&file);
    site_put_html(&file, p, searches);
    if (!rc && (file.failed || site_page_failed(p))) rc = sc_fail(error, SC_E_NOMEM, "out of memory");
    if (!rc) rc = site_output_put(o, sc_arena_printf(a, "%sindex.html", p->path).p, sc_buf_view(&file), error);
    sc_buf_free(&file);
    return rc;
}

void site_redirect_to(site_build *b, const char *from, const char *to)
{
    site_redirect *r = sc_list_add(b->arena, &b->redirects, sizeof *r);
    if (r) *r = (site_redirect){from, to, 0};
}

/* Disks that ignore case have one place for a page and another spelling of it. */
static int by_path(const void *x, const void *y)
{
    const site_redirect *a = x, *b = y;
    int order = sc_icmp(sc_span_z(a->from), sc_span_z(b->from));
    return order ? order : (a->rank > b->rank) - (a->rank < b->rank);
}

static int put_redirect(const site_build *b, site_output *o, const site_redirect *r, sc_error *error)
{
    sc_buf html = {0}, up = {0};
    site_up(&up, r->from);
    sc_span to = sc_arena_printf(b->arena, "%.*s%sindex.html", SC_F(sc_buf_view(&up)), r->to);
    sc_buf_z(&html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    site_escape(&html, sc_span_z(r->to));
    sc_buf_z(&html, "</title>\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta http-equiv=\"refresh\" content=\"0; url=");
    site_escape(&html, to);
    sc_buf_z(&html, "\">\n</head>\n<body>\n<main><h1><a href=\"");
    site_escape(&html, to);
    sc_buf_z(&html, "\">");
    site_escape(&html, sc_span_z(r->to));
    sc_buf_z(&html, "</a></h1></main>\n</body>\n</html>\n");
    int rc = html.failed || up.failed ? sc_fail(error, SC_E_NOMEM, "out of memory") : SC_OK;
    if (!rc) rc = site_output_put(o, sc_arena_printf(b->arena, "%sindex.html", r->from).p, sc_buf_view(&html), error);
    sc_buf_free(&html);
    sc_buf_free(&up);
    return rc;
}

/* Of one spelling a page comes first, then the redirect that was asked for first. */
static int put_redirects(const site_build *b, site_output *o, sc_error *error)
{
    const site_page *pages = b->pages.items;
    size_t n = b->pages.n + b->redirects.n;
    site_redirect *all = sc_arena_array(b->arena, n + 1, sizeof *all);
    if (!all) return sc_fail(error, SC_E_NOMEM, "out of memory");
    for (size_t i = 0; i < b->pages.n; i++) all[i] = (site_redirect){pages[i].path, NULL, i};
    for (size_t i = 0; i < b->redirects.n; i++) {
        all[b->pages.n + i] = ((const site_redirect *)b->redirects.items)[i];
        all[b->pages.n + i].rank = b->pages.n + i;
    }
    qsort(all, n, sizeof *all, by_path);
    int rc = SC_OK;
    for (size_t i = 0; i < n && !rc; i++) {
        bool again = i && sc_ieq_z(sc_span_z(all[i - 1].from), all[i].from);
        if (again && !all[i].to) return sc_fail(error, SC_E_RULE, "two pages have the address %s", all[i].from);
        if (!again && all[i].to) rc = put_redirect(b, o, &all[i], error);
    }
    return rc;
}

/* A string of JavaScript; nothing in it can end the script or the string. */
static void put_string(sc_buf *out, sc_span s)
{
    sc_buf_char(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' || c == 0x7f)
            sc_buf_printf(out, "\\u%04x", c);
        else
            sc_buf_char(out, s.p[i]);
    }
    sc_buf_char(out, '"');
}

/* path, kind, title, about, words, text */
static void put_entry(sc_buf *out, const sc_span *parts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        sc_buf_char(out, i ? ',' : '[');
        put_string(out, parts[i]);
    }
    sc_buf_z(out, "],\n");
}

/* What the search knows: every page but the lists, and every status code. */
static int put_index(const site_build *b, site_output *o, sc_error *error)
{
    sc_buf out = {0};
    const site_page *pages = b->pages.items;
    sc_buf_z(&out, "globalThis.stopcodeIndex = [\n");
    for (size_t i = 0; i < b->pages.n; i++)
        if (*pages[i].path && strcmp(pages[i].kind, "list") != 0)
            put_entry(&out,
                      (sc_span[]){sc_span_z(pages[i].path), sc_span_z(pages[i].kind), pages[i].title, pages[i].about,
                                  pages[i].words, pages[i].text},
                      pages[i].text.n ? 6 : 5);
    for (size_t i = 0; i < b->k->n_ntstatus; i++) {
        const sc_ref_number *s = &b->k->ntstatus[i];
        if (*s->text)
            put_entry(&out,
                      (sc_span[]){sc_arena_printf(b->arena, "status/#s-%08" PRIx64, s->number), SC_S("status"),
                                  sc_span_z(s->name), sc_span_z(s->text),
                                  sc_arena_printf(b->arena, "%08" PRIx64, s->number)},
                      5);
    }
    sc_buf_z(&out, "];\n");
    int rc = out.failed ? sc_fail(error, SC_E_NOMEM, "out of memory")
                        : site_output_put(o, "assets/index.js", sc_buf_view(&out), error);
    sc_buf_free(&out);
    return rc;
}

/* Bytes as a classic script: pages opened from a disk cannot fetch files. */
static int put_bytes(site_output *o, const char *path, const char *name, sc_span bytes, sc_error *error)
{
    sc_buf out = {0};
    if (!bytes.n) return SC_OK;
    sc_buf_printf(&out, "globalThis.%s = \"", name);
    site_base64(&out, bytes);
    sc_buf_z(&out, "\";\n");
    int rc = out.failed ? sc_fail(error, SC_E_NOMEM, "out of memory")
                        : site_output_put(o, path, sc_buf_view(&out), error);
    sc_buf_free(&out);
    return rc;
}

static int put_assets(const site_build *b, site_output *o, sc_error *error)
{
    int rc = SC_OK;
    for (size_t i = 0; i < site_n_own_assets && !rc; i++)
        if (!sc_ends(sc_span_z(site_own_assets[i].name), ".md")) /* a text that pages are made of */
            rc = site_output_put(o, sc_arena_printf(b->arena, "assets/%s", site_own_assets[i].name).p,
                                 site_own_assets[i].bytes, error);
    if (!rc) rc = put_bytes(o, "assets/engine.js", "stopcodeEngine", b->in->wasm, error);
    if (!rc) rc = put_bytes(o, "assets/knowledge.js", "stopcodeKnowledge", b->in->knowledge, error);
    if (rc || !b->in->minisearch.n) return rc;
    rc = site_output_put(o, "assets/minisearch.js", b->in->minisearch, error);
    return rc ? rc : put_index(b, o, error);
}

/* ---- The site ---------------------------------------------------------------------------------------------------- */

int site_write(const site_input *in, const char *folder, site_result *result, sc_error *error)
{
    site_build b = {.in = in, .k = sc_kb_knowledge(in->kb), .arena = sc_arena_new(SITE_ARENA_BYTES)};
    *result = (site_result){0};
    *error = (sc_error){0};
    if (!b.arena) return sc_fail(error, SC_E_NOMEM, "out of memory");
    site_read_schema(&b);
    site_start_page(&b);
    site_bugcheck_pages(&b);
    site_rule_pages(&b);
    site_command_pages(&b);
    site_table_pages(&b);
    site_module_pages(&b);
    site_function_pages(&b);
    site_term_pages(&b);
    site_guide_pages(&b);
    site_output *o = NULL;
    int rc = sc_arena_failed(b.arena) ? sc_fail(error, SC_E_NOMEM, "out of memory")
                                      : site_output_open(&o, folder, error);
    site_page *pages = b.pages.items;
    for (size_t i = 0; i < b.pages.n && !rc; i++) rc = put_page(o, &pages[i], in->minisearch.n > 0, b.arena, error);
    if (!rc) rc = put_redirects(&b, o, error);
    if (!rc) rc = put_assets(&b, o, error);
    int closed = site_output_close(o, result, error);
    result->pages = b.pages.n;
    for (size_t i = 0; i < b.pages.n; i++) site_page_free(&pages[i]);
    sc_arena_free(b.arena);
    return rc ? rc : closed;
}
