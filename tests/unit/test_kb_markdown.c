/* Headings and numbered steps of a page as plain text with their lines; pages for a terminal and as HTML. */
#include "kb/markdown.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char page[] = "# Page\n"
                           "## What *happened*\n"
                           "> ## quoted\n"
                           "\n"
                           "## Empty\n"
                           "### Below\n"
                           "text\n"
                           "## Fix\n"
                           "Before the steps.\n"
                           "\n"
                           "1. Update **{{driver|the driver}}**\n"
                           "   from the [vendor](https://example.org),\n"
                           "   then run `verifier  /reset`. (low risk)\n"
                           "2. Two paragraphs.\n"
                           "\n"
                           "   - with a list\n"
                           "   - of two (no risk)\n"
                           "\n"
                           "- no step\n"
                           "\n"
                           "### More\n"
                           "3. Under a lower heading. (risk: a {{x|*thing*}})\n"
                           "## After\n"
                           "1. Not a step.\n"
                           "## Last\n";

static void headings(void **state)
{
    (void)state;
    static const struct {
        int level;
        const char *text;
        unsigned line;
        bool empty;
    } expected[] = {
        {1, "Page", 1, false}, {2, "What happened", 2, false}, {2, "Empty", 5, false},  {3, "Below", 6, false},
        {2, "Fix", 8, false},  {3, "More", 21, false},         {2, "After", 23, false}, {2, "Last", 25, true},
    };
    sc_arena *a = sc_arena_new(0);
    size_t n;
    const sc_md_heading *h = sc_md_headings(a, sc_span_z(page), &n);
    assert_int_equal(n, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(h[i].level, expected[i].level);
        assert_true(sc_eq_z(h[i].text, expected[i].text));
        assert_int_equal(h[i].line, expected[i].line);
        assert_int_equal(h[i].empty, expected[i].empty);
    }
    sc_arena_free(a);
}

static void steps(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line, last_line;
    } expected[] = {
        {"Update {{driver|the driver}} from the vendor, then run `verifier /reset`. (low risk)", 11, 13},
        {"Two paragraphs. with a list of two (no risk)", 14, 18},
        {"Under a lower heading. (risk: a {{x|thing}})", 22, 22},
    };
    sc_arena *a = sc_arena_new(0);
    size_t n;
    const sc_md_item *s = sc_md_steps(a, sc_span_z(page), "Fix", &n);
    assert_int_equal(n, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < n; i++) {
        assert_true(sc_eq_z(s[i].text, expected[i].text));
        assert_int_equal(s[i].line, expected[i].line);
        assert_int_equal(s[i].last_line, expected[i].last_line);
    }
    sc_md_steps(a, sc_span_z(page), "Nothing", &n);
    assert_int_equal(n, 0);
    sc_md_headings(a, SC_S(""), &n);
    assert_int_equal(n, 0);
    sc_arena_free(a);
}

/* ---- Blocks for a terminal --------------------------------------------------------------------------------------- */

static void blocks(void **state)
{
    (void)state;
    static const char text[] = "## A *heading*\n"
                               "One\nparagraph with [words](javascript:alert(1)).\n\n"
                               "- item `code`\n- second\n\n"
                               "3. third\n4. fourth\n\n"
                               "Then\n\n    indented <b>\n    code\n\n"
                               "```\nfenced\n```\n\n"
                               "> quoted\n\n"
                               "<script>alert(2)</script>\n\n"
                               "<!-- nobody sees this -->\n\n"
                               "in <img src=x onerror=alert(3)> line\n";
    static const struct {
        sc_md_kind kind;
        int number;
        const char *text;
    } expected[] = {
        {SC_MD_HEADING, 2, "A heading"},
        {SC_MD_PARAGRAPH, 0, "One paragraph with words."},
        {SC_MD_ITEM, 0, "item `code`"},
        {SC_MD_ITEM, 0, "second"},
        {SC_MD_ITEM, 3, "third"},
        {SC_MD_ITEM, 4, "fourth"},
        {SC_MD_PARAGRAPH, 0, "Then"},
        {SC_MD_CODE, 0, "indented <b>\ncode\n"},
        {SC_MD_CODE, 0, "fenced\n"},
        {SC_MD_PARAGRAPH, 0, "quoted"},
        {SC_MD_PARAGRAPH, 0, "<script>alert(2)</script>"},
        {SC_MD_PARAGRAPH, 0, "in <img src=x onerror=alert(3)> line"},
    };
    sc_arena *a = sc_arena_new(0);
    size_t n;
    const sc_md_block *b = sc_md_blocks(a, sc_span_z(text), &n);
    assert_int_equal(n, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(b[i].kind, expected[i].kind);
        assert_int_equal(b[i].number, expected[i].number);
        assert_true(sc_eq_z(b[i].text, expected[i].text));
    }
    sc_md_blocks(a, SC_S(""), &n);
    assert_int_equal(n, 0);
    sc_arena_free(a);
}

/* ---- HTML -------------------------------------------------------------------------------------------------------- */

/* What a page would say: only these lead anywhere. */
static sc_span target(void *context, sc_span to)
{
    ++*(int *)context;
    if (sc_starts(to, "https://")) return to;
    if (sc_eq_z(to, "inside")) return SC_S("../a\"b&c/");
    return (sc_span){"", 0};
}

static void assert_html(const char *markdown, bool inlined, const char *expected)
{
    sc_buf out = {0};
    int asked = 0;
    sc_md_html(&out, sc_span_z(markdown), inlined, target, &asked);
    assert_false(out.failed);
    assert_string_equal(out.p ? out.p : "", expected);
    sc_buf_free(&out);
}

static void html(void **state)
{
    (void)state;
    assert_html("One *word* and `code`.\n\nTwo.", false,
                "<p>One <em>word</em> and <code>code</code>.</p>\n<p>Two.</p>\n");
    assert_html("One **word**", true, "One <strong>word</strong>");
    assert_html("", true, "");
    assert_html("- a\n- b", true, "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
    assert_html("[x](https://example.org/?a=1&b=2)", true, "<a href=\"https://example.org/?a=1&amp;b=2\">x</a>");
    assert_html("[x](inside)", true, "<a href=\"../a%22b&amp;c/\">x</a>");
    assert_html("before <!-- a comment --> after", true, "before &lt;!-- a comment --&gt; after");
    assert_html("a\n\n<!-- a comment -->\n\nb", false, "<p>a</p>\n<p>b</p>\n");
}

static void html_stays_text(void **state)
{
    (void)state;
    assert_html("<script>alert(1)</script>", false, "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
    assert_html("<script>alert(1)</script>", true, "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_html("a <b onclick=\"x()\">b</b>", true, "a &lt;b onclick=&quot;x()&quot;&gt;b&lt;/b&gt;");
    assert_html("<div>\n\n*a*\n\n</div>", false, "<p>&lt;div&gt;</p>\n<p><em>a</em></p>\n<p>&lt;/div&gt;</p>\n");
    assert_html("</textarea></pre>", true, "&lt;/textarea&gt;&lt;/pre&gt;");
    assert_html("&lt;script&gt; &#60;b&#62;", true, "&lt;script&gt; &lt;b&gt;");
    assert_html("```\n</code><script>\n```", false, "<pre><code>&lt;/code&gt;&lt;script&gt;\n</code></pre>\n");
    assert_html("```\"><script>\n```", false, "<pre><code class=\"language-&quot;&gt;&lt;script&gt;\"></code></pre>\n");
    assert_html("<![CDATA[ <b> ]]> x", false, "<p>&lt;![CDATA[ &lt;b&gt; ]]&gt; x</p>\n");
    assert_html("<?php x ?>", false, "<p>&lt;?php x ?&gt;</p>\n");
}

static void links_that_act_are_words(void **state)
{
    (void)state;
    assert_html("[x](javascript:alert(1))", true, "x");
    assert_html("[x](JaVaScRiPt:alert(1))", true, "x");
    assert_html("[*x* y](data:text/html,z)", true, "<em>x</em> y");
    assert_html("<javascript:alert(1)>", true, "javascript:alert(1)");
    assert_html("[x][r]\n\n[r]: vbscript:z", false, "<p>x</p>\n");
    assert_html("![x](https://example.org/a.png)", true, "x");
    assert_html("[![x](https://example.org/a.png)](https://example.org/)", true,
                "<a href=\"https://example.org/\">x</a>");
    assert_html("[x](https://example.org/ \"a\\\" onclick=\\\"b\")", true,
                "<a href=\"https://example.org/\" title=\"a&quot; onclick=&quot;b\">x</a>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks),          cmocka_unit_test(html),
        cmocka_unit_test(html_stays_text), cmocka_unit_test(links_that_act_are_words),
        cmocka_unit_test(headings),        cmocka_unit_test(steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
