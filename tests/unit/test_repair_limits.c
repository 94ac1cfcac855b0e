/* Paste repair on hostile input: limits, an arena that runs out, time that grows with the paste and no faster. */
#include "tests/unit/repair_fixture.h"

#include <time.h>

static void test_limits(void **state)
{
    (void)state;
    size_t n = 3u * SC_MAX_LINE_BYTES;
    char *paste = malloc(n + 4);
    assert_non_null(paste);
    for (int high = 0; high < 2; high++) { /* as it stands, and rewritten */
        memset(paste, 'a', n);
        if (high) memcpy(paste, "\xc2\xa0", 2);
        memcpy(paste + n, "\nb\n", 4);
        sc_arena *a = sc_arena_new(0);
        sc_transcript t;
        assert_int_equal(sc_transcript_repair(a, (sc_span){paste, n + 3}, &t, NULL), SC_OK);
        assert_int_equal(t.n_lines, 2);
        assert_int_equal(t.lines[0].text.n, SC_MAX_LINE_BYTES);
        assert_true(t.truncated);
        assert_int_equal(t.lines[1].number, 2);
        sc_arena_free(a);
    }
    /* a web page in one line is cut at its breaks, not at the limit */
    for (size_t i = 0; i + 8 <= n; i += 8) memcpy(paste + i, "abcd<br>", 8);
    sc_arena *a = sc_arena_new(0);
    sc_transcript t;
    assert_int_equal(sc_transcript_repair(a, (sc_span){paste, n}, &t, NULL), SC_OK);
    assert_int_equal(t.n_lines, n / 8);
    assert_false(t.truncated);
    sc_arena_free(a);
    free(paste);

    n = SC_MAX_LINES + 5u;
    paste = malloc(2 * n);
    assert_non_null(paste);
    for (size_t i = 0; i < n; i++) memcpy(paste + 2 * i, "a\n", 2);
    a = sc_arena_new(0);
    assert_int_equal(sc_transcript_repair(a, (sc_span){paste, 2 * n}, &t, NULL), SC_OK);
    assert_int_equal(t.n_lines, SC_MAX_LINES);
    assert_int_equal(t.paste_lines, n);
    assert_true(t.truncated);
    sc_arena_free(a);
    free(paste);
}

/* Whatever the arena has room for: an error or a whole transcript, never anything else. */
static void test_out_of_memory(void **state)
{
    (void)state;
    static const char paste[] =
        "fffff880`0318a978 \xc2\xa0 fffff880`04285e6f*** ERROR: Module load completed but symbols could not be "
        "loaded for x.sys\n x+0x1\n**Arg1:** 1\nBugCheck 9F, {1, 2,\n3, 4}\nnt!f <-- x\nr8=\xe2\x80\x99\n";
    int succeeded = 0;
    for (size_t limit = 16; limit < 200000; limit += limit < 70000 ? 997 : 13) {
        sc_arena *a = sc_arena_new(limit);
        sc_transcript t;
        sc_error error = {0};
        int rc = sc_transcript_repair(a, SC_S(paste), &t, &error);
        assert_true(rc == SC_OK || rc == SC_E_NOMEM);
        if (rc == SC_OK) assert_int_equal(t.n_lines, 6);
        bool done = rc == SC_OK && ++succeeded > 50;
        sc_arena_free(a);
        if (done) break;
    }
    assert_true(succeeded > 50);
}

static double seconds_for(const char *unit, size_t bytes)
{
    size_t n = strlen(unit), head = 0;
    static const char start[] = "0: kd> k\n</b>[/b][/code]\n"; /* tags and BBCode are looked for */
    char *paste = malloc(bytes + sizeof start);
    assert_non_null(paste);
    memcpy(paste, start, sizeof start - 1);
    head = sizeof start - 1;
    for (size_t i = 0; i < bytes; i++) paste[head + i] = unit[i % n];
    double best = 1e9;
    for (int i = 0; i < 3; i++) {
        sc_arena *a = sc_arena_new(0);
        sc_transcript t;
        struct timespec from, to;
        clock_gettime(CLOCK_MONOTONIC, &from);
        assert_int_equal(sc_transcript_repair(a, (sc_span){paste, head + bytes}, &t, NULL), SC_OK);
        clock_gettime(CLOCK_MONOTONIC, &to);
        double s = (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
        if (s < best) best = s;
        sc_arena_free(a);
    }
    free(paste);
    return best;
}

/* A quadratic step would take 256 times as long on sixteen times the bytes, and minutes on a megabyte. Linear is 16;
 * the bound leaves room for a busy machine. */
static void test_linear(void **state)
{
    (void)state;
    static const char *const units[] = {
        ">",
        "> ",
        "[",
        "<",
        "&",
        "`",
        "'",
        "*",
        "*** ",
        "*** ERROR: ",
        "<-- ",
        " --> ",
        "<!--",
        "<a ",
        "[b ",
        "\\_",
        "**",
        "00000000` ",
        "00000000`00000000 : ",
        "nt! ?? ",
        "a!b<",
        "a!b`",
        "BugCheck 1, {1, \n",
        "(0x1,\n",
        "THREAD 00000000 \nTeb: \n",
        "00000000 00000000*** ERROR: x for y.sys\n",
        "00000000`00000000 00000000`00000000 :\n",
        "...\n",
        "\n",
        "\r",
        "GetPointerFromAddress: unable to read from 0",
        "Loading \n..\n",
    };
    const size_t small = (size_t)64 << 10, large = (size_t)1 << 20;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        double little = seconds_for(units[i], small), much = seconds_for(units[i], large);
        if (much > 0.05 && much > 80 * little) fail_msg("\"%s\": %.4f s, then %.4f s", units[i], little, much);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_linear),
    };
    return cmocka_run_group_tests_name("repair-limits", tests, NULL, NULL);
}
