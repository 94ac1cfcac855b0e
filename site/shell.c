/* What stands around a page of HTML. Everything comes from the site itself: the policy in the head forbids the rest. */
#include "site/pages.h"

#include <string.h>

/* default-src 'none' with no connect-src: no script can send anything. Workers are the engine's own. */
#define POLICY                                                                                                         \
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' blob:; style-src 'self'; img-src 'self' data:; "         \
    "worker-src blob:; connect-src 'none'; form-action 'none'; base-uri 'none'"

void site_put_html(sc_buf *out, const site_page *p, bool searches)
{
    sc_buf up = {0};
    site_up(&up, p->path);
    const char *u = up.p ? up.p : "";
    sc_buf_z(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    sc_buf_z(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"" POLICY "\">\n");
    sc_buf_z(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    site_escape(out, p->title);
    sc_buf_z(out, *p->path ? " - stopcode</title>\n" : "</title>\n");
    if (p->about.n) {
        sc_buf_z(out, "<meta name=\"description\" content=\"");
        site_escape(out, p->about);
        sc_buf_z(out, "\">\n");
    }
    sc_buf_printf(out, "<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"%sassets/style.css\">\n",
                  u);
    sc_buf_printf(out, "<script src=\"%sassets/page.js\" defer></script>\n</head>\n<body data-root=\"%s\">\n", u, u);
    sc_buf_z(out, "<a class=\"skip\" href=\"#main\">Skip to the text</a>\n<header>\n");
    sc_buf_printf(out, "<a class=\"home\" href=\"%sindex.html\">stopcode</a>\n<nav aria-label=\"Site\">", u);
    static const struct {
        const char *path, *name;
    } menu[] = {
        {"bugchecks/", "Bug checks"}, {"rules/", "Rules"}, {"commands/", "Commands"}, {"modules/", "Modules"},
        {"functions/", "Functions"},  {"terms/", "Terms"}, {"collect/", "Collect"},   {"authoring/", "Writing rules"}};
    for (size_t i = 0; i < sizeof menu / sizeof *menu; i++)
        sc_buf_printf(out, "<a href=\"%s%sindex.html\">%s</a>", u, menu[i].path, menu[i].name);
    sc_buf_z(out, "</nav>\n");
    if (searches)
        sc_buf_z(out,
                 "<form class=\"search\" role=\"search\" hidden><label for=\"query\">Search</label><input id=\"query\" "
                 "type=\"search\" autocomplete=\"off\" placeholder=\"Search ( / )\" aria-controls=\"results\">"
                 "<ul id=\"results\" hidden></ul></form>\n");
    sc_buf_z(out, "</header>\n<main id=\"main\" tabindex=\"-1\">\n");
    if (*p->path && strcmp(p->kind, "list") != 0) sc_buf_printf(out, "<p class=\"kind\">%s</p>\n", p->kind);
    sc_buf_z(out, "<h1>");
    site_escape(out, p->title);
    sc_buf_z(out, "</h1>\n");
    sc_buf_span(out, sc_buf_view(&p->html));
    if (p->extra) sc_buf_z(out, p->extra);
    sc_buf_z(out,
             "</main>\n<footer><p>stopcode reads what a kernel debugger prints. Pages and diagnosis work without a "
             "server; nothing that you paste leaves this page.</p></footer>\n</body>\n</html>\n");
    if (up.failed) out->failed = true;
    sc_buf_free(&up);
}
