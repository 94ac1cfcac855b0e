/* Escaping for both forms of a page, links within the site, base64. */
#include "site/base64.h"
#include "site/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_escaped(sc_span text, const char *expected)
{
    sc_buf out = {0};
    site_escape(&out, text);
    assert_string_equal(out.p ? out.p : "", expected);
    sc_buf_free(&out);
}

static void escaping(void **state)
{
    (void)state;
    assert_escaped(SC_S(""), "");
    assert_escaped(SC_S("plain, 'quoted'"), "plain, 'quoted'");
    assert_escaped(SC_S("<script>alert(\"1\")</script>"), "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
    assert_escaped(SC_S("&amp; &lt;"), "&amp;amp; &amp;lt;");
    assert_escaped(SC_S("a\tb\nc"), "a\tb\nc");
    assert_escaped(SC_S("stra\xc3\x9f"
                        "e \xe2\x82\xac \xf0\x9f\x98\x80"),
                   "stra\xc3\x9f"
                   "e \xe2\x82\xac \xf0\x9f\x98\x80");
}

/* No page may hold these: they become visible. */
static void escaping_hidden(void **state)
{
    (void)state;
    assert_escaped(((sc_span){"a\0b", 3}), "a\\x00b");
    assert_escaped(SC_S("\x1b[2J\r\x7f"), "\\x1b[2J \\x7f");
    assert_escaped(SC_S("x\xe2\x80\xaey"), "x\\u202ey");
    assert_escaped(SC_S("x\xffy\xc3"), "x\\xffy\\xc3");
    assert_escaped(SC_S("\xc0\xbcscript>"), "\\xc0\\xbcscript&gt;"); /* an overlong < */
}

/* Every byte: what comes out has no markup and no control character. */
static void escaping_all_bytes(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char one = (char)c;
        sc_buf out = {0};
        site_escape(&out, (sc_span){&one, 1});
        assert_true(out.n > 0);
        for (size_t i = 0; i < out.n; i++) {
            assert_null(strchr("<>\"", out.p[i]));
            assert_true((unsigned char)out.p[i] >= 0x20 || c == '\n' || c == '\t');
            assert_true((unsigned char)out.p[i] < 0x7f);
        }
        sc_buf_free(&out);
    }
}

static void plain(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"plain text, a_b and KE_BUG", "plain text, a_b and KE_BUG"},
        {"*a* _b_ `c`", "\\*a\\* \\_b\\_ \\`c\\`"},
        {"[x](javascript:y) <b>", "\\[x\\](javascript:y) \\<b>"},
        {"C:\\Windows", "C:\\\\Windows"},
        {"a & b &amp; &#60;", "a & b \\&amp; \\&#60;"},
        {"a\nb\tc", "a b c"},
        {"", ""},
    };
    sc_arena *a = sc_arena_new(0);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        assert_true(sc_eq_z(site_plain(a, pairs[i][0]), pairs[i][1]));
    sc_arena_free(a);
}

static void slugs(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"What happened", "what-happened"},
        {"KeBugCheckEx", "kebugcheckex"},
        {"!fltkd.filters", "fltkd-filters"},
        {"a_b", "a_b"},
        {"--x--", "x"},
        {"*", ""},
        {"../../etc", "etc"},
        {"<script>", "script"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        sc_buf out = {0};
        site_slug(&out, sc_span_z(pairs[i][0]));
        assert_string_equal(out.p ? out.p : "", pairs[i][1]);
        sc_buf_free(&out);
    }
}

static void up(void **state)
{
    (void)state;
    sc_buf out = {0};
    site_up(&out, "");
    assert_int_equal(out.n, 0);
    site_up(&out, "0x9F/pnp-lock-held/");
    assert_string_equal(out.p, "../../");
    sc_buf_free(&out);
}

/* ---- Links ------------------------------------------------------------------------------------------------------- */

static void targets(void **state)
{
    (void)state;
    static const struct {
        const char *path, *source, *to, *expected;
    } cases[] = {
        {"", NULL, "site:", "index.html"},
        {"", NULL, "site:0x9F/", "0x9F/index.html"},
        {"0x9F/", NULL, "site:", "../index.html"},
        {"0x9F/x/", NULL, "site:tables/lock/", "../../tables/lock/index.html"},
        {"0x9F/x/", NULL, "site:0x9F/#values", "../../0x9F/index.html#values"},
        {"0x9F/x/", NULL, "site:assets/style.css", "../../assets/style.css"},
        {"0x9F/x/", NULL, "#clause-a", "#clause-a"},
        {"0x9F/x/", NULL, "https://example.org/a", "https://example.org/a"},
        {"0x9F/x/", NULL, "http://example.org", "http://example.org"},
        /* files of the project that are pages */
        {"0x9F/x/", "rules/0x9F/x.md", "y.md", "../../0x9F/y/index.html"},
        {"0x9F/x/", "rules/0x9F/x.md", "./y.md#fix", "../../0x9F/y/index.html#fix"},
        {"0x9F/x/", "rules/0x9F/x.md", "../any/z.md", "../../any/z/index.html"},
        {"0x9F/x/", "rules/0x9F/x.md", "index.md", "../../0x9F/index.html"},
        {"authoring/", "CONTRIBUTING.md", "docs/ARCHITECTURE.md", "../authoring/format/index.html"},
        {"authoring/format/", "docs/ARCHITECTURE.md", "../CONTRIBUTING.md", "../../authoring/index.html"},
        {"authoring/format/", "docs/ARCHITECTURE.md", "facts.md", "../../tables/index.html"},
        /* what is no page, or acts */
        {"authoring/", "CONTRIBUTING.md", "CHANGELOG.md", ""},
        {"0x9F/x/", "rules/0x9F/x.md", "../../../../etc/passwd", ""},
        {"0x9F/x/", NULL, "y.md", ""},
        {"0x9F/x/", "rules/0x9F/x.md", "javascript:alert(1)", ""},
        {"0x9F/x/", "rules/0x9F/x.md", "data:text/html,x.md", ""},
        {"0x9F/x/", "rules/0x9F/x.md", "JAVASCRIPT:x.md", ""},
        {"0x9F/x/", "rules/0x9F/x.md", "//example.org/x.html", ""},
        {"0x9F/x/", "rules/0x9F/x.md", "file:///etc/passwd", ""},
        {"0x9F/x/", NULL, "", ""},
    };
    sc_arena *a = sc_arena_new(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sc_span to = site_target(a, cases[i].path, cases[i].source, sc_span_z(cases[i].to), "index.html");
        if (!sc_eq_z(to, cases[i].expected)) fail_msg("%s: %.*s", cases[i].to, SC_F(to));
    }
    sc_arena_free(a);
}

static void assert_markdown(const char *text, const char *expected)
{
    sc_arena *a = sc_arena_new(0);
    sc_buf out = {0};
    site_put_markdown(&out, a, "0x9F/x/", "rules/0x9F/x.md", sc_span_z(text));
    assert_string_equal(out.p ? out.p : "", expected);
    sc_buf_free(&out);
    sc_arena_free(a);
}

static void markdown(void **state)
{
    (void)state;
    assert_markdown("plain *text*\n\n- list\n", "plain *text*\n\n- list\n");
    assert_markdown("[a](site:0x7F/), [b](y.md)", "[a](../../0x7F/index.md), [b](../../0x9F/y/index.md)");
    assert_markdown("[a](https://example.org/x(y)) z", "[a](https://example.org/x(y)) z");
    assert_markdown("[a]( <site:0x7F/> )", "[a](../../0x7F/index.md)");
    assert_markdown("[`code](x)`](site:0x7F/)", "[`code](x)`](../../0x7F/index.md)");
    assert_markdown("<https://example.org/>", "<https://example.org/>");
    assert_markdown("`<b>` ``<c>`` `open <d>", "`<b>` ``<c>`` `open \\<d>");
    assert_markdown("```\n<b>\n\n[x](javascript:y)\n```\n<c>", "```\n<b>\n\n[x](javascript:y)\n```\n\\<c>");
    assert_markdown("\\<b> \\[x](y)", "\\<b> \\[x");
    assert_markdown("", "");
}

static void markdown_that_acts(void **state)
{
    (void)state;
    assert_markdown("<script>alert(1)</script>", "\\<script>alert(1)\\</script>");
    assert_markdown("[a](javascript:alert(1)) b", "a b");
    assert_markdown("see [a [b]](data:x) c", "see a [b] c");
    assert_markdown("![a](https://example.org/a.png)", "[a](https://example.org/a.png)");
    assert_markdown("![a](data:x)", "a");
    assert_markdown("[r]: javascript:alert(1)", "\\[r]: javascript:alert(1)");
    assert_markdown("> [r]: data:x", "> \\[r]: data:x");
    assert_markdown("<javascript:alert(1)>", "\\<javascript:alert(1)>");
    assert_markdown("](", "](");
    assert_markdown("[a](unclosed", "[a](unclosed");
    assert_markdown("`a\n\n<b>`", "`a\n\n\\<b>`"); /* a span ends with its paragraph */
}

/* ---- Base64 ------------------------------------------------------------------------------------------------------ */

static void base64(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {/* RFC 4648, section 10 */
                                           {"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        sc_buf out = {0};
        site_base64(&out, sc_span_z(pairs[i][0]));
        assert_string_equal(out.p ? out.p : "", pairs[i][1]);
        sc_buf_free(&out);
    }
    sc_buf out = {0};
    site_base64(&out, ((sc_span){"\xff\xfe\xfd\x00\xfb\xf0", 6}));
    assert_string_equal(out.p, "//79APvw");
    sc_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(escaping), cmocka_unit_test(escaping_hidden), cmocka_unit_test(escaping_all_bytes),
        cmocka_unit_test(plain),    cmocka_unit_test(slugs),           cmocka_unit_test(up),
        cmocka_unit_test(targets),  cmocka_unit_test(markdown),        cmocka_unit_test(markdown_that_acts),
        cmocka_unit_test(base64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
