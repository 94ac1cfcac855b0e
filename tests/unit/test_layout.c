/* Making text from a paste safe, measuring, wrapping and shortening it. */
#include "engine/render/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_visible(sc_span in, const char *want)
{
    sc_buf b = {0};
    sc_put_visible(&b, in);
    assert_string_equal(b.p, want);
    sc_buf_free(&b);
}

static void test_visible(void **state)
{
    (void)state;
    assert_visible(SC_S("plain \xc3\xa9 \xe2\x80\x93 \xf0\x9f\x98\x80"),
                   "plain \xc3\xa9 \xe2\x80\x93 \xf0\x9f\x98\x80");
    assert_visible(SC_S("a\tb\nc\rd"), "a b c d");
    assert_visible(SC_S("\x1b[2J\x07\x00\x7f"), "\\x1b[2J\\x07\\x00\\x7f");
    assert_visible(SC_S("\xc2\x9b"), "\\x9b");                          /* a control character of two bytes */
    assert_visible(SC_S("\xe2\x80\xae\xe2\x80\x8b"), "\\u202e\\u200b"); /* direction override, zero width */
    assert_visible(SC_S("\xff\xc0\x80 \xed\xa0\x80"), "\\xff\\xc0\\x80 \\xed\\xa0\\x80");
    assert_visible(SC_S("cut\xe2\x80"), "cut\\xe2\\x80");
}

static void test_squeeze(void **state)
{
    (void)state;
    sc_buf b = {0};
    sc_put_squeezed(&b, SC_S("  a \t  b   "));
    assert_string_equal(b.p, "a b");
    sc_buf_free(&b);
}

static void test_clip(void **state)
{
    (void)state;
    static const struct {
        size_t columns;
        const char *want;
    } cases[] = {{0, ""}, {3, "abc"}, {9, "abc...hij"}, {10, "abcdefghij"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sc_buf b = {0};
        sc_put_clipped(&b, SC_S("abcdefghij"), cases[i].columns);
        assert_true(sc_eq_z(sc_buf_view(&b), cases[i].want));
        sc_buf_free(&b);
    }
}

static void test_wrap(void **state)
{
    (void)state;
    sc_span rest = SC_S("  one two  three abcdefghijkl \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 x"), line;
    static const char *const want[] = {"one two", "three", "abcdefgh", "ijkl", "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9 x"};
    for (size_t i = 0; i < 5; i++) {
        assert_true(sc_wrap_next(&rest, 8, &line));
        assert_true(sc_eq_z(line, want[i]));
    }
    assert_false(sc_wrap_next(&rest, 8, &line));
}

static void assert_elided(const char *text, size_t columns, const char *want, bool whole)
{
    sc_buf b = {0};
    assert_true(sc_put_elided(&b, sc_span_z(text), columns) == whole);
    assert_string_equal(b.p, want);
    sc_buf_free(&b);
}

static void test_elide(void **state)
{
    (void)state;
    const char *frame = "fffff880`03bd2530 fffff880`0ae92627 : fffffa80`0d035000 00000000`00000000 : ZTEusbnet+0x35dd";
    assert_elided(frame, 200, frame, true);
    assert_elided(frame, 40, "fffff880`03bd2530 .. ZTEusbnet+0x35dd", true);
    assert_elided(frame, 20, ".. ZTEusbnet+0x35dd", true);
    assert_elided(frame, 12, ".. Z...x35dd", false);
    assert_elided("a line without any address in it at all", 19, "a line w...t at all", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_visible), cmocka_unit_test(test_squeeze), cmocka_unit_test(test_clip),
        cmocka_unit_test(test_wrap),    cmocka_unit_test(test_elide),
    };
    return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
