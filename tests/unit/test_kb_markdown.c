/* Headings and numbered steps of a page, as plain text with their lines. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headings),
        cmocka_unit_test(steps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
