/* Which patterns can run away: the tree, the loops in it, and that the matcher agrees (messages: test_kb_faults). */
#include "engine/base/limits.h"
#include "engine/pattern.h"
#include "engine/stopcode.h"
#include "kb/pattern_loops.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

typedef struct fixture {
    sc_arena *arena;
    const sc_re *root;
    sc_re_refusal refused;
} fixture;

static fixture read(const char *pattern)
{
    fixture f = {.arena = sc_arena_new(0)};
    sc_error error;
    assert_non_null(f.arena);
    if (sc_check_pattern(pattern, NULL, &error)) fail_msg("%s: %s", pattern, error.text);
    f.root = sc_re_read(f.arena, sc_span_z(pattern), true, &f.refused);
    return f;
}

static bool matches(sc_pattern *p, const char *text, size_t n)
{
    size_t start, end;
    return sc_pattern_find(p, (sc_span){text, n}, &start, &end) == 1 && start == 0 && end == n;
}

/* Every character of ASCII is in the set exactly when PCRE2 says so. */
static void sets_are_those_of_the_matcher(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "a",
        "(?i)a",
        ".",
        "(?s).",
        "\\d",
        "\\D",
        "\\w",
        "\\W",
        "\\s",
        "\\S",
        "\\h",
        "\\H",
        "\\v",
        "\\V",
        "\\N",
        "[a-f]",
        "[^a-f]",
        "(?i)[^k-m]",
        "[]x]",
        "[^]x]",
        "[a\\]b]",
        "[a-]",
        "[-a]",
        "[\\w-]",
        "[a-c-e]",
        "[\\d.]",
        "[\\x41-\\x43]",
        "[\\n\\t]",
        "[\\b]",
        "[[:alpha:]]",
        "[[:^alpha:]x]",
        "[[:punct:]]",
        "[[:xdigit:]_]",
        "[[:space:]]",
        "[[:cntrl:]]",
        "[[:graph:]]",
        "[[:print:]]",
        "[[:word:]]",
        "[[:upper:]]",
        "[[:lower:]]",
        "[[:blank:]]",
        "[[:alnum:]]",
        "[[:digit:]]",
        "[[:ascii:]]",
        "\\x41",
        "\\x{42}",

        "[\\101]",
        "\\o{103}",
        "\\cA",
        "\\e",
        "\\.",
        "\\\\",
        "\\Q*\\E",
        "[\\Q^]\\E]",
        "\\N{U+41}",
        "(?x) [a b]",
        "(?x)\\ ",
        "\\t",
        "\\-",
        "]",
        "}",
        "{",
        "a{1",
        "(?i)\\x61",
        "(?i:q)",
        "(?-i:q)",
        "[a\\Qbc\\E-e]",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        fixture f = read(patterns[i]);
        sc_pattern *p;
        sc_error error;
        if (!f.root) fail_msg("%s: %s", patterns[i], f.refused.what);
        const sc_re *re = f.root;
        while (re->child && !re->child->next) re = re->child;
        bool one = re->kind == SC_RE_SET; /* "a{1" is three characters */
        assert_int_equal(sc_pattern_new(&p, sc_span_z(patterns[i]), true, &error), SC_OK);
        for (unsigned c = 1; c < 128 && one; c++) {
            char text = (char)c;
            if (matches(p, &text, 1) != sc_chars_have(&re->set, (unsigned char)c))
                fail_msg("%s: character %u", patterns[i], c);
        }
        assert_true(one || !strcmp(patterns[i], "a{1"));
        sc_pattern_free(p);
        sc_arena_free(f.arena);
    }
}

/* The places of parts are those of the text. */
static void places_of_parts(void **state)
{
    (void)state;
    static const char text[] = "x(?<n>[a\\]]+)(?#no)\\Qa+\\E*|(?i)b{2,3}?";
    fixture f = read(text);
    const sc_re *first = f.root->child, *second = first->next;
    assert_int_equal(f.root->kind, SC_RE_ALT);
    assert_int_equal(f.root->to, sizeof text - 1);
    const sc_re *group = first->child->next;
    assert_memory_equal(text + group->from, "(?<n>[a\\]]+)", group->to - group->from);
    const sc_re *plus = group->child->child;
    assert_int_equal(plus->kind, SC_RE_REPEAT);
    assert_memory_equal(text + plus->q_from, "+)", 2);
    assert_int_equal(plus->q_to, plus->q_from + 1);
    const sc_re *star = group->next->next; /* behind \Q a comes + */
    assert_int_equal(star->kind, SC_RE_REPEAT);
    assert_int_equal(star->least, 0);
    assert_true(sc_chars_have(&star->child->set, '+'));
    assert_null(star->next);
    const sc_re *counted = second->child;
    assert_int_equal(counted->kind, SC_RE_REPEAT);
    assert_int_equal(counted->least, 2);
    assert_int_equal(counted->most, 3);
    assert_true(sc_chars_have(&counted->child->set, 'B'));
    sc_arena_free(f.arena);
}

static void what_is_not_regular_is_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"(a)\\1", "a back-reference"},
        {"(?<x>a)\\k<x>", "a back-reference"},
        {"(?<x>a)(?P=x)", "a back-reference"},
        {"(a)\\g{-1}", "a back-reference"},
        {"a(?R)?", "a recursion"},
        {"(a(?1)?)", "a recursion"},
        {"(?<x>a(?&x)?)", "a recursion"},
        {"(a(?+1))(b)", "a recursion"},
        {"(a)?(?(1)b)", "a condition"},
        {"a(?C1)b", "a callout"},
        {"a(*SKIP)b", "a verb"},
        {"(*UTF)a", "a verb"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f = read(cases[i][0]);
        assert_null(f.root);
        assert_string_equal(f.refused.what, cases[i][1]);
        assert_true(f.refused.from < f.refused.to && f.refused.to <= strlen(cases[i][0]));
        sc_arena_free(f.arena);
    }
}

/* What is said of a pattern, and a text that shows it: the matcher gives up on it exactly when the time explodes. */
static void loops_as_the_matcher_has_them(void **state)
{
    (void)state;
    static const struct {
        const char *pattern;
        sc_loops_kind kind;
        const char *pump; /* again and again, between "x" and "!"; NULL: not tried */
        bool gives_up;
    } cases[] = {
        {"x(a+)+b", SC_LOOPS_EXPONENTIAL, "a", true},
        {"x(a*)*b", SC_LOOPS_EXPONENTIAL, "a", true},
        {"x(a|a)*b", SC_LOOPS_EXPONENTIAL, "a", true},
        {"x(\\w|\\d)*b", SC_LOOPS_EXPONENTIAL, "1", true},
        {"x(a?b?)*c", SC_LOOPS_EXPONENTIAL, "ab", true},
        {"x(\\w+\\s?)+;", SC_LOOPS_EXPONENTIAL, "a", true},
        {"x(a+ba+)+c", SC_LOOPS_EXPONENTIAL, "abaa", true},
        {"x(?:a|ab|b)*c", SC_LOOPS_EXPONENTIAL, "ab", true},
        {"x(?:\\d{1,3}\\.?)+y", SC_LOOPS_EXPONENTIAL, "1", true},
        {"x(?:(?:a|b)+|c)*;", SC_LOOPS_EXPONENTIAL, "a", true},
        {"x(?:aa|aaa)*;", SC_LOOPS_EXPONENTIAL, "aaaaaa", true},
        {"x(?:ab|a|bc|c)*;", SC_LOOPS_EXPONENTIAL, "abc", true},
        {"x(?i:A|a)*b", SC_LOOPS_EXPONENTIAL, "a", true},
        {"x(?>(?:a+)+b)", SC_LOOPS_EXPONENTIAL, "a", true},
        {"x(?=(?:a+)+b)", SC_LOOPS_EXPONENTIAL, "a", true},
        {"x(c(b*)?)+y", SC_LOOPS_EXPONENTIAL, "c", true}, /* no b: in two ways */
        {"x(?:[ab]|a++c)*?y", SC_LOOPS_EXPONENTIAL, "aac", true},
        {"x(?:a[ab](?:a++)?)*y", SC_LOOPS_POLYNOMIAL, "aab", false}, /* behind a++ no a can stand */
        {"x(?:a[ab](?:a++b)?)*y", SC_LOOPS_EXPONENTIAL, "aaab", true},
        {"x(?:b[bc](?:a++)?)*y", SC_LOOPS_FINE, "bba", false},
        {"x(a+)+", SC_LOOPS_EXPONENTIAL, "a", false}, /* cannot fail, and is of no use */
        {"x.*.*y", SC_LOOPS_POLYNOMIAL, "a", true},
        {"x.*a.*y", SC_LOOPS_POLYNOMIAL, "a", true},
        {"x\\d+\\d\\d+y", SC_LOOPS_POLYNOMIAL, NULL, true}, /* PCRE2 makes the last + possessive */
        {"x(?:\\w+){3}y", SC_LOOPS_POLYNOMIAL, "1", true},
        {"x(?:ab)*(?:ab)*;", SC_LOOPS_POLYNOMIAL, NULL, true},
        {"x(?:\\w+|\\d*)\\d+y", SC_LOOPS_POLYNOMIAL, NULL, true},
        {"x\\w+.*$", SC_LOOPS_POLYNOMIAL, "a", false},      /* an assertion may fail, though this one does not */
        {"x\\w+(?>.*)!y", SC_LOOPS_POLYNOMIAL, "a", false}, /* few tries, but each looks at all that is left */
        {"x(?>\\w+).*!y", SC_LOOPS_FINE, "a", false},
        {"x(?>a+)+b", SC_LOOPS_FINE, "a", false},
        {"x(?:a++)+b", SC_LOOPS_FINE, "a", false},
        {"x(?>.*?a).*y", SC_LOOPS_FINE, "a", false},
        {"x\\w+.*", SC_LOOPS_FINE, "a", false},
        {"x(?:foo|far)+b", SC_LOOPS_FINE, "foo", false},
        {"x(?:fo|foo)*b", SC_LOOPS_FINE, "foo", false},
        {"x(?:\\w+\\s)+;", SC_LOOPS_FINE, "a b ", false},
        {"x(?:\\d{1,3}\\.)+y", SC_LOOPS_FINE, "1.", false},
        {"x(?:[^\"\\\\]|\\\\.)*\"", SC_LOOPS_FINE, "a\\a", false},
        {"x\\w+ +\\w+ +\\w+;", SC_LOOPS_FINE, "a ", false},
        {"x(a?)b*c*", SC_LOOPS_FINE, "b", false},
        {"", SC_LOOPS_FINE, "b", false},
        {"a||b", SC_LOOPS_FINE, "b", false},
        {"x(?:){3}(?:a|)*b", SC_LOOPS_FINE, "a", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fixture f = read(cases[i].pattern);
        assert_non_null(f.root);
        sc_loops l = sc_re_loops(f.root);
        if (l.kind != cases[i].kind) fail_msg("%s: %d, expected %d", cases[i].pattern, l.kind, cases[i].kind);
        if (l.kind) assert_true(l.loop && sc_re_is_loop(l.loop));
        sc_arena_free(f.arena);
        if (!cases[i].pump) continue;
        sc_buf text = {0};
        sc_pattern *p;
        sc_error error;
        bool slow = cases[i].kind == SC_LOOPS_POLYNOMIAL;
        sc_buf_z(&text, "x");
        for (int n = 0; n < (slow ? 600 : 40); n++) sc_buf_z(&text, cases[i].pump);
        sc_buf_z(&text, "!\n bc;y\"\n"); /* with the characters that must follow, or the matcher would not begin */
        assert_int_equal(sc_pattern_new(&p, sc_span_z(cases[i].pattern), true, &error), SC_OK);
        bool gave_up = sc_pattern_find(p, sc_buf_view(&text), NULL, NULL) < 0;
        if (gave_up != cases[i].gives_up) fail_msg("%s: gave up: %d", cases[i].pattern, gave_up);
        sc_pattern_free(p);
        sc_buf_free(&text);
    }
}

/* As long as patterns may be, and as entangled: an answer comes, if only that there is none. */
static void hostile_patterns_end(void **state)
{
    (void)state;
    static const char *const parts[][3] = {
        {"", "(a?", ")*"},           {"", "(?:a|b", ")*"},      {"(?:", "a?", ")*b"},           {"(?:", "a*", ")b"},
        {"", "(?:a{0,9}", "){0,9}"}, {"(?:", "[a-z]|", "x)*y"}, {"(?:", "[a-z][a-y]|", "x)*y"}, {"", ".*a", "b"},
        {"", "(?:a|b)*c", "d"},      {"", "(?>a", ")*"},        {"(?:", "ab|ac|", "d)*e"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        sc_buf b = {0};
        bool nested = parts[i][1][0] == '(' && !strchr(parts[i][1], 'c') && strchr("){", parts[i][2][0]);
        size_t closing = nested ? strlen(parts[i][2]) : 0, rounds = 0, n = strlen(parts[i][1]);
        sc_buf_z(&b, parts[i][0]);
        while (b.n + n + (rounds + 1) * closing + 8 < SC_MAX_PATTERN && rounds < 200) {
            sc_buf_z(&b, parts[i][1]);
            rounds++;
        }
        for (size_t k = 0; k < (nested ? rounds : 1); k++) sc_buf_z(&b, parts[i][2]);
        fixture f = {.arena = sc_arena_new(0)};
        f.root = sc_re_read(f.arena, sc_buf_view(&b), true, &f.refused);
        if (f.root) sc_re_loops(f.root);
        sc_arena_free(f.arena);
        sc_buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_are_those_of_the_matcher),  cmocka_unit_test(places_of_parts),
        cmocka_unit_test(what_is_not_regular_is_refused), cmocka_unit_test(loops_as_the_matcher_has_them),
        cmocka_unit_test(hostile_patterns_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
