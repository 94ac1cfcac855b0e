/* !poolused: aligned, damaged, without tags, verbose. */
#include "facts_fixture.h"

/* seed 003: rows set apart by empty lines, the first one's tag lost, curly quotes */
static const char damaged[] =
    "1: kd> !poolused 2\n\n\nSorting by NonPaged Pool Consumed\n\nNonPaged Paged\n\n"
    "Tag Allocs Used Allocs Used\n\n"
    "1 8388608 0 0 Verifier Allocate/Free Pool stack traces , Binary: nt!Vf\n\n"
    "XENO 30 2955056 0 0 UNKNOWN pooltag \xe2\x80\x98XENO\xe2\x80\x99, please update pooltag.txt\n\n"
    "NVRM 3064 2461228 1 528384 UNKNOWN pooltag 'NVRM', please update pooltag.txt\n\n"
    "4KBS 564 2319168 0 0 UNKNOWN pooltag '4KBS', please update pooltag.txt\n\n"
    "The only pool usage that sticks out here is Driver Verifier.\n";

/* sample poolused--poolused-67: the last number touches the description */
static const char aligned[] =
    "0: kd> !poolused\n   Sorting by  Tag\n\n  Pool Used:\n"
    "            NonPaged            Paged\n"
    " Tag    Allocs     Used    Allocs     Used\n"
    " 1394        1      520         0        0UNKNOWN pooltag '1394', please update pooltag.txt\n"
    " 8042        4     3944         0        0PS/2 kb and mouse , Binary: i8042prt.sys\n"
    " AGP         1      344         2      384UNKNOWN pooltag 'AGP ', please update pooltag.txt\n"
    " AcdN        2     1072         0        0TDI AcdObjectInfoG \n"
    " A B         2     1072         0        0a tag with a blank\n"
    " nonp        2     1072         0        0nonpaged something\n"
    " ohci        1      136         0        01394 OHCI host controller driver \n"
    " hibr        0        0         1    24576UNKNOWN pooltag 'hibr', please update pooltag.txt\n"
    " rx..       3     1248         0        0UNKNOWN pooltag '  rx', please update pooltag.txt\n"
    " TOTAL       16     9408         3    24960\n";

static void reads_a_damaged_list(void **state)
{
    (void)state;
    fx f = fx_read(damaged);
    assert_int_equal(fx_count(&f, "pool_tag"), 4);
    const sc_row *r = fx_row(&f, "pool_tag", 0);
    fx_assert_text(r, "sorted_by", "nonpaged");
    assert_int_equal(fx_int(r, "rank"), 1);
    assert_int_equal(fx_state(r, "tag"), SC_NOT_PRINTED);
    assert_int_equal(fx_int(r, "np_allocs"), 1);
    assert_int_equal(fx_int(r, "np_bytes"), 8388608);
    fx_assert_text(r, "binary", "nt!Vf");
    fx_assert_text(r, "description", "Verifier Allocate/Free Pool stack traces");
    r = fx_row(&f, "pool_tag", 1);
    fx_assert_text(r, "tag", "XENO");
    assert_int_equal(fx_state(r, "description"), SC_NULL);
    r = fx_row(&f, "pool_tag", 2);
    assert_int_equal(fx_int(r, "p_allocs"), 1);
    assert_int_equal(fx_int(r, "p_bytes"), 528384);
    fx_assert_text(fx_row(&f, "pool_tag", 3), "tag", "4KBS");
    assert_false(fx_covers_text(&f, "pool_tag", "nonpaged"));
    fx_free(&f);
}

static void reads_an_aligned_list(void **state)
{
    (void)state;
    fx f = fx_read(aligned);
    assert_int_equal(fx_count(&f, "pool_tag"), 9);
    const sc_row *r = fx_find_text(&f, "pool_tag", "tag", "1394");
    assert_int_equal(fx_int(r, "np_bytes"), 520);
    fx_assert_text(fx_find_text(&f, "pool_tag", "tag", "8042"), "binary", "i8042prt");
    assert_int_equal(fx_int(fx_find_text(&f, "pool_tag", "tag", "AGP"), "p_bytes"), 384);
    r = fx_find_text(&f, "pool_tag", "tag", "AcdN");
    fx_assert_text(r, "description", "TDI AcdObjectInfoG");
    assert_int_equal(fx_state(r, "binary"), SC_NULL);
    fx_assert_text(fx_find_text(&f, "pool_tag", "tag", "A B"), "description", "a tag with a blank");
    fx_assert_text(fx_find_text(&f, "pool_tag", "tag", "nonp"), "description", "nonpaged something");
    r = fx_find_text(&f, "pool_tag", "tag", "ohci");
    assert_int_equal(fx_int(r, "p_bytes"), 0);
    fx_assert_text(r, "description", "1394 OHCI host controller driver");
    assert_non_null(fx_find_text(&f, "pool_tag", "tag", "rx.."));
    fx_assert_text(r, "sorted_by", "tag");
    r = fx_row(&f, "pool_total", 0);
    assert_int_equal(fx_int(r, "np_bytes"), 9408);
    assert_int_equal(fx_int(r, "p_bytes"), 24960);
    assert_true(fx_covers_text(&f, "pool_tag", "tag"));
    assert_false(fx_covers_text(&f, "pool_tag", "nonpaged"));
    fx_free(&f);
}

static void a_gap_shows_in_the_total(void **state)
{
    (void)state;
    char text[sizeof aligned];
    memcpy(text, aligned, sizeof text);
    char *row = strstr(text, " AcdN"), *next = strstr(text, " A B");
    memmove(row, next, strlen(next) + 1);
    fx f = fx_read(text);
    assert_int_equal(fx_count(&f, "pool_tag"), 8);
    assert_false(fx_covers_text(&f, "pool_tag", "tag"));
    assert_true(fx_covers_text(&f, "pool_total", "tag"));
    fx_free(&f);
}

static void recovers_tags_and_order(void **state)
{
    (void)state;
    /* the tag from the description, the order from the flags, a tab before the description, the option /t */
    fx f = fx_read("kd> !poolused /t5 4\n Tag     Allocs         Used     Allocs         Used\n"
                   "30 2955056 1 16 UNKNOWN pooltag 'XENO', please update pooltag.txt\n"
                   " EtwB      1428    254173440          6       196608\tEtw Buffer , Binary: nt!etw\n"
                   "1 136 0 01394 OHCI host\n"
                   "30 2955056 0 0 1394 bus driver\n"
                   "Ab 1 520 2 384 7 things\n");
    const sc_row *r = fx_row(&f, "pool_tag", 0);
    fx_assert_text(r, "tag", "XENO");
    fx_assert_text(r, "sorted_by", "paged");
    r = fx_row(&f, "pool_tag", 1);
    fx_assert_text(r, "binary", "nt!etw");
    assert_int_equal(fx_int(r, "p_bytes"), 196608);
    r = fx_row(&f, "pool_tag", 2);
    assert_int_equal(fx_state(r, "tag"), SC_NOT_PRINTED);
    fx_assert_text(r, "description", "1394 OHCI host");
    r = fx_row(&f, "pool_tag", 3); /* 30 is no tag: blocks without bytes would follow */
    assert_int_equal(fx_state(r, "tag"), SC_NOT_PRINTED);
    assert_int_equal(fx_int(r, "np_bytes"), 2955056);
    fx_assert_text(r, "description", "1394 bus driver");
    fx_assert_text(fx_row(&f, "pool_tag", 4), "tag", "Ab");
    fx_free(&f);
}

static void reads_the_verbose_form(void **state)
{
    (void)state;
    fx f = fx_read("kd> !poolused 3\n   Sorting by NonPaged Pool Consumed\n  Pool Used:\n"
                   "            NonPaged                    Paged\n"
                   " Tag    Allocs    Frees     Diff     Used   Allocs    Frees     Diff     Used\n"
                   " File     1000      990       10     4000        0        0        0        0File objects\n");
    const sc_row *r = fx_row(&f, "pool_tag", 0);
    fx_assert_text(r, "tag", "File");
    assert_int_equal(fx_int(r, "np_allocs"), 10);
    assert_int_equal(fx_int(r, "np_bytes"), 4000);
    assert_int_equal(fx_int(r, "p_bytes"), 0);
    fx_assert_text(r, "description", "File objects");
    fx_free(&f);
}

static void needs_no_prompt(void **state)
{
    (void)state;
    fx f = fx_read("The top of it:\nSorting by Paged Pool Consumed\nTag Allocs Used Allocs Used\n"
                   "Abc         0        0     36405 33930272 \n\nSo 1 2 3 tags.\n");
    assert_int_equal(fx_count(&f, "pool_tag"), 1);
    fx_assert_text(fx_row(&f, "pool_tag", 0), "sorted_by", "paged");
    fx_free(&f);
    f = fx_read("My scores were:\nBob 1 2 3 4\nSorting by tag is what I do.\nAnn 5 6 7 8 nice\n");
    assert_int_equal(fx_count(&f, "pool_tag"), 0);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture("kd> !poolused 2\nSorting by NonPaged Pool Consumed\n 1394        1      520         0        0UNKNOWN "
               "pooltag '1394', please\n1 8388608 0 0 Verifier , Binary: nt!Vf\n TOTAL 2 8389128 0 0\n");
    fx f = fx_read("kd> !poolused\n A 99999999999999999999 1 1 1\n B 18446744073709551615 18446744073709551615 1 1\n"
                   " C 1 2 3 4 , Binary: \n");
    assert_int_equal(fx_count(&f, "pool_tag"), 2);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_damaged_list),     cmocka_unit_test(reads_an_aligned_list),
        cmocka_unit_test(a_gap_shows_in_the_total), cmocka_unit_test(recovers_tags_and_order),
        cmocka_unit_test(reads_the_verbose_form),   cmocka_unit_test(needs_no_prompt),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
