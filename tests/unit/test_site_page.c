/* The parts of a page, in both forms. */
#include "site/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static sc_arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = sc_arena_new(0);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    sc_arena_free(arena);
    return 0;
}

static site_page new_page(void)
{
    site_page p = site_page_new(arena, "0x9F/x/", "rule", SC_S("Title"));
    p.source = "rules/0x9F/x.md";
    return p;
}

/* Frees the page. */
static void assert_page(site_page *p, const char *md, const char *html)
{
    assert_false(site_page_failed(p));
    if (md) assert_string_equal(p->md.p ? p->md.p : "", md);
    if (html) assert_string_equal(p->html.p ? p->html.p : "", html);
    site_page_free(p);
}

static void text(void **state)
{
    (void)state;
    site_page p = new_page();
    site_text(&p, SC_S("\n\nOne [link](site:0x7F/).\n\n"));
    site_text(&p, SC_S("\n"));
    assert_page(&p, "One [link](../../0x7F/index.md).\n\n", "<p>One <a href=\"../../0x7F/index.html\">link</a>.</p>\n");
    p = new_page();
    site_text(&p, SC_S("<script>x</script> [a](javascript:b)"));
    assert_page(&p, "\\<script>x\\</script> a\n\n", "<p>&lt;script&gt;x&lt;/script&gt; [a](javascript:b)</p>\n");
}

static void headings(void **state)
{
    (void)state;
    site_page p = new_page();
    site_heading(&p, 2, SC_S("What *happened*?"));
    site_anchor(&p, 3, SC_S("Lock owner"), "clause-lock-owner");
    assert_page(&p, "## What *happened*?\n\n### Lock owner\n\n",
                "<h2 id=\"what-happened\">What <em>happened</em>? <a class=\"anchor\" href=\"#what-happened\" "
                "aria-label=\"Link to this section\">#</a></h2>\n"
                "<h3 id=\"clause-lock-owner\">Lock owner <a class=\"anchor\" href=\"#clause-lock-owner\" "
                "aria-label=\"Link to this section\">#</a></h3>\n");
}

/* An anchor is there once, also when a text has the name of a numbered one. */
static void anchors_are_unique(void **state)
{
    (void)state;
    site_page p = new_page();
    site_heading(&p, 2, SC_S("Fix 2"));
    site_heading(&p, 2, SC_S("Fix"));
    site_heading(&p, 2, SC_S("Fix"));
    site_heading(&p, 2, SC_S("fix!"));
    static const char *const ids[] = {"id=\"fix-2\"", "id=\"fix\"", "id=\"fix-3\"", "id=\"fix-4\""};
    const char *at = p.html.p;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        at = strstr(at, ids[i]);
        assert_non_null(at);
        assert_null(strstr(at + 1, ids[i]));
    }
    assert_page(&p, NULL, NULL);
}

static void code(void **state)
{
    (void)state;
    site_page p = new_page();
    site_code(&p, SC_S("a <b>\n\n```\n"), true);
    assert_page(&p, "    a <b>\n    \n    ```\n\n",
                "<pre class=\"copied\" tabindex=\"0\"><code>a &lt;b&gt;\n\n```\n</code></pre>\n");
    p = new_page();
    site_text(&p, SC_S("- a\n\n      code\n"));
    assert_non_null(strstr(p.html.p, "<pre tabindex=\"0\"><code>code")); /* the keyboard gets there */
    assert_page(&p, NULL, NULL);
}

static void tables(void **state)
{
    (void)state;
    site_page p = new_page();
    static const char *const heads[] = {"a", "`b`", NULL};
    site_table(&p, heads);
    sc_span cells[] = {SC_S("x | y"), SC_S("[<b>](site:)")};
    site_row(&p, cells, 2);
    site_named_row(&p, "row", cells, 1);
    site_table_end(&p);
    assert_page(&p, "| a | `b` |\n|---|---|\n| x \\| y | [\\<b>](../../index.md) |\n| x \\| y |\n\n",
                "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Table 1\"><table><thead><tr>"
                "<th scope=\"col\">a</th><th scope=\"col\"><code>b</code></th></tr></thead><tbody>\n"
                "<tr><td>x | y</td><td><a href=\"../../index.html\">&lt;b&gt;</a></td></tr>\n"
                "<tr id=\"row\"><td>x | y</td></tr>\n</tbody></table></div>\n");
}

static void transcript(void **state)
{
    (void)state;
    site_page p = new_page();
    static const site_mark marks[] = {{2, "lock-owner"}, {3, "\"><b>"}};
    site_transcript(&p, SC_S("one\r\n<two>\nthree\x1b[2J\n\nfive"), marks, 2);
    assert_page(&p, "      one\n    > <two>\n    > three\\x1b[2J\n      \n      five\n\n",
                "<pre class=\"transcript\" tabindex=\"0\">one\n"
                "<mark id=\"line-2\"><a href=\"#clause-lock-owner\">&lt;two&gt;</a></mark>\n"
                "<mark id=\"line-3\"><a href=\"#clause-&quot;&gt;&lt;b&gt;\">three\\x1b[2J</a></mark>\n"
                "\nfive\n</pre>\n");
}

/* ---- Documents --------------------------------------------------------------------------------------------------- */

static void documents(void **state)
{
    (void)state;
    site_page p = new_page();
    site_document(&p, SC_S("Before, see [y](y.md).\n"
                           "\n"
                           "## A heading\n"
                           "| a | b \\| c |\n"
                           "|---|---|\n"
                           "| 1 | 2 | 3 |\n"
                           "| 4 |\n"
                           "After.\n"
                           "\n"
                           "```yaml\n"
                           "# no heading <b>\n"
                           "| no | table |\n"
                           "```\n"
                           "#no heading\n"
                           "| no table |\n"
                           "\n"
                           "# First level\n"));
    const char *html = p.html.p;
    assert_non_null(
        strstr(html, "<p>Before, see <a href=\"../../0x9F/y/index.html\">y</a>.</p>\n<h2 id=\"a-heading\">"));
    assert_non_null(strstr(html, "<th scope=\"col\">a</th><th scope=\"col\">b | c</th>"));
    assert_non_null(strstr(html, "<tr><td data-head=\"a\">1</td><td data-head=\"b | c\">2</td></tr>\n<tr><td "
                                 "data-head=\"a\">4</td><td></td></tr>\n</tbody>"));
    assert_non_null(
        strstr(html, "<p>After.</p>\n<pre tabindex=\"0\"><code># no heading &lt;b&gt;\n| no | table |</code>"));
    assert_non_null(
        strstr(html, "<p>#no heading\n| no table |</p>\n<h2 id=\"first-level\">")); /* the title is the page's */
    assert_non_null(strstr(p.md.p, "    # no heading <b>\n    | no | table |\n"));
    assert_page(&p, NULL, NULL);
}

/* Whatever stands in a text, no tag of its own is in the page. */
static void hostile_documents(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "<script>alert(1)</script>",
        "## <img src=x onerror=alert(1)>",
        "| <script> | a |\n|---|---|\n| <b onclick=x> | [x](javascript:y) |\n",
        "```\n</code></pre><script>\n```",
        "```\n<script>", /* not closed */
        "- <iframe src=x>\n\n  <object data=y>\n",
        "[a](javascript:b) ![c](data:d) <vbscript:e>",
        "[a]: javascript:b\n\n[a]",
        "<!-- a --><script>alert(1)</script>",
        "</main></textarea><style>*{}</style>",
        "\"><svg onload=x>",
        "a\n<details open ontoggle=x>\n\nb",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        site_page p = new_page();
        site_document(&p, sc_span_z(texts[i]));
        static const char *const tags[] = {
            "<script", "<img", "<b ",      "<iframe",           "<object",     "</main",
            "<style",  "<svg", "<details", "href=\"javascript", "href=\"data", "href=\"vbscript",
            "<!--"};
        for (size_t t = 0; t < sizeof tags / sizeof *tags; t++)
            if (p.html.p && strstr(p.html.p, tags[t])) fail_msg("%s: %s", texts[i], p.html.p);
        assert_page(&p, NULL, NULL);
    }
}

/* Cut anywhere, a text still makes a page. */
static void cut_documents(void **state)
{
    (void)state;
    static const char whole[] =
        "## A\n| a | b |\n|---|---|\n| `c|` | [d](y.md) |\n\n```x\ncode\n```\n- [e](<site:>)\n\n[f]: g\n";
    for (size_t n = 0; n < sizeof whole; n++) {
        site_page p = new_page();
        site_document(&p, (sc_span){whole, n});
        assert_page(&p, NULL, NULL);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(text),       TEST(headings),  TEST(anchors_are_unique), TEST(code),          TEST(tables),
        TEST(transcript), TEST(documents), TEST(hostile_documents),  TEST(cut_documents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
