/* The words for the parameters of a bug check. */
#include "engine/parameter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Sorted by the bytes of the term. */
static const sc_ref_term terms[] = {
    {"0x7B 2", "cause (status)", "why the volume was not reached", 0},
    {"0x7E 1", "exception (status)", "what was raised", 0},
    {"0x9F 1", "what went wrong", "which rule was broken", 0},
    {"0x9F 1=0x4", "lock time-out", "the lock did not come free", 0},
    {"0x9F 1=0x6", "", "the callback failed", 0},
    {"0x9F 2", "device (address)", "a device", 0},
    {"0x9F 2 1=0x4", "time-out (s)", "how long", 0},
    {"0x9F 3 1=0x6", "direction (bits)", "down or up", 0},
    {"0x9F 3=0x1", "anything", "a value without a condition", 0},
    {"0x9F 3=0x1 1=0x6", "down", "power was taken away", 0},
    {"0x9F 4", "", "left over", 0},
    {"0xAB 2", "leak (bytes of pool)", "what was not freed", 0},
    {"0xAB 2=0x7", "seven", "a number with a meaning", 0},
};
static const sc_ref_number statuses[] = {{0, "STATUS_SUCCESS", ""}, {0xc0000005, "STATUS_ACCESS_VIOLATION", ""}};

static sc_knowledge known(void)
{
    sc_knowledge k = {.ntstatus = statuses, .n_ntstatus = 2};
    k.terms[SC_TERM_PARAMETER] = terms;
    k.n_terms[SC_TERM_PARAMETER] = sizeof terms / sizeof *terms;
    return k;
}

static sc_bugcheck crash(uint32_t code, uint64_t p1, uint64_t p2, uint64_t p3, uint64_t p4)
{
    return (sc_bugcheck){
        .source = SC_SOURCE_LINE, .code = code, .arg = {p1, p2, p3, p4}, .known = {true, true, true, true}};
}

static void expect(sc_bugcheck b, const char *headline, const char *p1, const char *p2, const char *p3, const char *p4)
{
    const char *wanted[] = {p1, p2, p3, p4};
    sc_knowledge k = known();
    sc_arena *a = sc_arena_new(1 << 20);
    assert_string_equal(sc_arena_z(a, sc_parameter_headline(a, &k, &b)), headline);
    for (int i = 0; i < 4; i++) assert_string_equal(sc_arena_z(a, sc_parameter_text(a, &k, &b, i)), wanted[i]);
    assert_false(sc_arena_failed(a));
    sc_arena_free(a);
}

static void the_special_term_wins(void **state)
{
    (void)state;
    expect(crash(0x9f, 4, 0x258, 1, 0), "lock time-out, 600 s (10 min 0 s), anything",
           "what went wrong: the lock did not come free", "time-out: 600 s (10 min 0 s)", "a value without a condition",
           "left over");
    expect(crash(0x9f, 6, 0x258, 1, 0), "the callback failed, down", "what went wrong: the callback failed", "device",
           "direction: power was taken away", "left over");
    expect(crash(0x9f, 6, 0x258, 2, 0), "the callback failed", "what went wrong: the callback failed", "device",
           "direction", "left over");
}

static void an_unknown_parameter_is_no_condition(void **state)
{
    (void)state;
    sc_bugcheck b = crash(0x9f, 6, 0, 1, 0);
    b.known[0] = false;
    expect(b, "anything", "", "device", "a value without a condition", "left over");
    b.known[2] = false;
    expect(b, "", "", "device", "", "left over");
    b.source = SC_SOURCE_NONE;
    b.known[0] = true;
    sc_knowledge k = known();
    sc_arena *a = sc_arena_new(1 << 20);
    assert_int_equal(sc_parameter_headline(a, &k, &b).n, 0);
    sc_arena_free(a);
}

static void a_meaning_replaces_the_number(void **state)
{
    (void)state;
    expect(crash(0xab, 0, 8, 0, 0), "8 bytes of pool", "", "leak: 8 bytes of pool", "", "");
    expect(crash(0xab, 0, 7, 0, 0), "seven", "", "leak: a number with a meaning", "", "");
}

static void a_status_has_its_name(void **state)
{
    (void)state;
    expect(crash(0x7e, 0xffffffffc0000005, 0, 0, 0), "0xc0000005 STATUS_ACCESS_VIOLATION",
           "exception: 0xc0000005 STATUS_ACCESS_VIOLATION", "", "", "");
    expect(crash(0x7e, 0xc0000006, 0, 0, 0), "0xc0000006", "exception: 0xc0000006", "", "", "");
    /* Old systems leave parameter 2 of 0x7B zero: success is no headline. */
    expect(crash(0x7b, 0, 0, 0, 0), "", "", "cause: 0x00000000 STATUS_SUCCESS", "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_special_term_wins),
        cmocka_unit_test(an_unknown_parameter_is_no_condition),
        cmocka_unit_test(a_meaning_replaces_the_number),
        cmocka_unit_test(a_status_has_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
