/* Messages and the helpers that make them exact: places in a text, nearest names, paths. */
#include "kb_tree.h"

#include "kb/files.h"
#include "kb/messages.h"

static void a_message_is_drawn(void **state)
{
    (void)state;
    static const struct {
        sc_message m;
        const char *expected;
    } cases[] = {
        {{SC_ERROR, "a.md", 3, 5, 4, "wrong", {"key: word", 9}}, "a.md:3:5: error: wrong\nkey: word\n    ^~~~\n"},
        {{SC_WARNING, "a.md", 3, 1, 1, "odd", {"x", 1}}, "a.md:3:1: warning: odd\nx\n^\n"},
        {{SC_ERROR, "a.md", 0, 0, 1, "not there", {"", 0}}, "a.md: error: not there\n"},
        {{SC_ERROR, "a.md", 9, 1, 1, "ends", {"", 0}}, "a.md:9:1: error: ends\n"},
        /* a tab stays a tab, and a letter of two bytes is one column */
        {{SC_ERROR, "a.md", 1, 4, 1, "t", {"\t\xc3\xa9-x", 5}}, "a.md:1:4: error: t\n\t\xc3\xa9-x\n\t  ^\n"},
        /* what could play with a terminal is not shown */
        {{SC_ERROR, "a.md", 1, 1, 1, "t", {"a\x1b[1m\x7f", 6}}, "a.md:1:1: error: t\na?[1m?\n^\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sc_buf out = {0};
        sc_message_render(&cases[i].m, &out);
        assert_string_equal(out.p, cases[i].expected);
        sc_buf_free(&out);
    }
}

static void places_and_offsets(void **state)
{
    (void)state;
    sc_span text = SC_S("one\ntw\xc3\xb6 x\n\nlast");
    assert_true(sc_eq_z(sc_text_line(text, 1), "one"));
    assert_true(sc_eq_z(sc_text_line(text, 2), "tw\xc3\xb6 x"));
    assert_true(sc_eq_z(sc_text_line(text, 3), ""));
    assert_true(sc_eq_z(sc_text_line(text, 4), "last"));
    assert_true(sc_eq_z(sc_text_line(text, 5), ""));
    size_t x = sc_find(text, "x");
    assert_int_equal(sc_text_offset(text, 2, 5), x);
    sc_place p = sc_text_place(text, x, x + 1);
    assert_int_equal(p.line, 2);
    assert_int_equal(p.column, 5);
    assert_int_equal(p.width, 1);
    assert_int_equal(sc_text_offset(text, 99, 1), text.n);
    assert_int_equal(sc_text_find(SC_S("locks lock"), 0, 10, SC_S("lock"), true), 6);
    assert_int_equal(sc_text_find(SC_S("locks lock"), 0, 10, SC_S("lock"), false), 0);
    assert_int_equal(sc_text_find(SC_S("a.b x.b"), 0, 7, SC_S("x.b"), true), 4);
    assert_true(sc_text_find(SC_S("abc"), 0, 2, SC_S("c"), false) == SC_NPOS);
}

static void utf8_is_checked(void **state)
{
    (void)state;
    assert_true(sc_text_bad_utf8(SC_S("plain \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80")) == SC_NPOS);
    assert_int_equal(sc_text_bad_utf8(SC_S("ab\xff")), 2);
    assert_int_equal(sc_text_bad_utf8(SC_S("ab\0c")), 2);
    assert_int_equal(sc_text_bad_utf8(SC_S("\xc0\x80")), 0);         /* overlong */
    assert_int_equal(sc_text_bad_utf8(SC_S("\xed\xa0\x80")), 0);     /* half of a pair */
    assert_int_equal(sc_text_bad_utf8(SC_S("\xf4\x90\x80\x80")), 0); /* beyond the last character */
    assert_int_equal(sc_text_bad_utf8(SC_S("x\xe2\x82")), 1);        /* cut */
}

static const char *nearest(const char *want)
{
    static const char *const known[] = {"thread", "thread_irp", "irp", "irp_stack", "lock", "vm", "proof"};
    sc_nearest n = sc_nearest_to(sc_span_z(want));
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) sc_nearest_try(&n, known[i]);
    return n.name ? n.name : "";
}

static void the_nearest_name(void **state)
{
    (void)state;
    assert_string_equal(nearest("locks"), "lock");
    assert_string_equal(nearest("LOCK"), "lock");
    assert_string_equal(nearest("irps_tack"), "irp_stack");
    assert_string_equal(nearest("thraed"), "thread");
    assert_string_equal(nearest("porof"), "proof"); /* two neighbours swapped are one edit */
    assert_string_equal(nearest("x"), "");
    assert_string_equal(nearest("registry"), "");
    assert_string_equal(nearest(""), "");
    char endless[200];
    memset(endless, 'a', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    assert_string_equal(nearest(endless), "");
}

static void paths(void **state)
{
    (void)state;
    sc_arena *a = sc_arena_new(0);
    assert_string_equal(sc_path_join(a, ".", "rules"), "rules");
    assert_string_equal(sc_path_join(a, "", "rules"), "rules");
    assert_string_equal(sc_path_join(a, "/", "rules"), "/rules");
    assert_string_equal(sc_path_join(a, "a/", "b"), "a/b");
    assert_string_equal(sc_path_folder(a, "/a/b"), "/a");
    assert_string_equal(sc_path_folder(a, "/a"), "/");
    assert_string_equal(sc_path_folder(a, "a"), ".");
    assert_string_equal(sc_path_relative(a, "/a/b", "/a/b"), ".");
    assert_string_equal(sc_path_relative(a, "/a/b/c", "/a"), "../..");
    assert_string_equal(sc_path_relative(a, "/a", "/a/b/c"), "b/c");
    assert_string_equal(sc_path_relative(a, "/a/b", "/a/bc"), "../bc");
    assert_string_equal(sc_path_relative(a, "/a/bc/d", "/a/b"), "../../b");
    assert_string_equal(sc_path_relative(a, "/", "/x"), "x");
    assert_string_equal(sc_path_relative(a, "/x/y", "/"), "../..");
    sc_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_drawn),
        cmocka_unit_test(places_and_offsets),
        cmocka_unit_test(utf8_is_checked),
        cmocka_unit_test(the_nearest_name),
        cmocka_unit_test(paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
