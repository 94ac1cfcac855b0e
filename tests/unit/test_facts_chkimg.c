/* !chkimg, by itself and inside !analyze. */
#include "facts_fixture.h"

/* seed 003: no prompt, the list itself left out */
static const char summary_only[] = "2: kd> knL\n # Child-SP          RetAddr           Call Site\n"
                                   "00 fffff880`138be698 fffff800`03b45d50 nt!KeBugCheckEx\n"
                                   "So there is something else that sticks out.\n"
                                   "WARNING: !chkimg output was truncated to 50 lines. Invoke !chkimg without '-lo "
                                   "[num_lines]' to view  entire output.\n"
                                   "Page 31a1d9 not present in the dump file. Type \".hh dbgerr004\" for details\n"
                                   "Page 3199f1 not present in the dump file. Type \".hh dbgerr004\" for details\n"
                                   "Page 31a167 not present in the dump file. Type \".hh dbgerr004\" for details\n"
                                   "483 errors : !win32k (fffff96000056248-fffff9600023e2b9)\n"
                                   "What does this gibberish mean?\n";

static void reads_a_summary_among_prose(void **state)
{
    (void)state;
    fx f = fx_read(summary_only);
    const sc_row *r = fx_row(&f, "chkimg", 0);
    fx_assert_text(r, "module", "win32k");
    assert_int_equal(fx_int(r, "errors"), 483);
    assert_true(fx_addr(r, "first") == 0xfffff96000056248 && fx_addr(r, "last") == 0xfffff9600023e2b9);
    assert_int_equal(fx_int(r, "pages_missing"), 3);
    assert_true(fx_bool(r, "truncated"));
    assert_int_equal(r->line, 9);
    assert_true(fx_covers_text(&f, "chkimg", "win32k"));
    assert_false(fx_covers_text(&f, "chkimg_byte", "win32k"));
    fx_free(&f);
}

/* sample chkimg--chkimg-231 */
static const char listed[] = "kd> !chkimg win32k -d\n"
                             "    bf920e40-bf920e46  7 bytes - win32k!HFDBASIS32::vSteadyState+1f\n"
                             "        [ 78 08 d3 78 0c c2 04:00 00 00 00 00 01 00 ]\n"
                             "    bf920e48-bf920e5f  24 bytes - win32k!HFDBASIS32::vHalveStepSize (+0x08)\n"
                             "        [ 8b 51 0c 8b 41 08 56 8b:00 00 00 00 00 00 00 00 ]\n"
                             "Number of different bytes for win32k: 31\n";

static void reads_bytes(void **state)
{
    (void)state;
    fx f = fx_read(listed);
    const sc_row *r = fx_row(&f, "chkimg", 0);
    assert_int_equal(fx_int(r, "errors"), 31);
    assert_int_equal(fx_addr(r, "first"), 0xbf920e40); /* from the runs, which add up */
    assert_int_equal(fx_addr(r, "last"), 0xbf920e5f);
    assert_int_equal(fx_int(r, "pages_missing"), 0);
    assert_false(fx_bool(r, "truncated"));
    assert_int_equal(fx_count(&f, "chkimg_byte"), 15);
    r = fx_row(&f, "chkimg_byte", 5);
    assert_int_equal(fx_addr(r, "address"), 0xbf920e45);
    assert_int_equal(fx_int(r, "expected"), 0xc2);
    assert_int_equal(fx_int(r, "actual"), 1);
    assert_int_equal(fx_int(r, "bits"), 4); /* 1100 0011 */
    fx_assert_text(r, "symbol", "win32k!HFDBASIS32::vSteadyState");
    assert_false(fx_covers_text(&f, "chkimg_byte", "win32k")); /* of a long run only eight are shown */
    fx_free(&f);
}

static void reads_single_bits(void **state)
{
    (void)state;
    fx f = fx_read("CHKIMG_EXTENSION: !chkimg -lo 50 -d !nt\n"
                   "    fffff80002ef0c19 - nt! ?? ::FNODOBFM::`string'+1b1c\n"
                   "\t[ 01:00 ]\n"
                   "    fffff80002ef0c59 - nt!ExFreePoolWithTag+13f (+0x40)\n\n"
                   "\t[ 48:40 ]\n"
                   "2 errors : !nt (fffff80002ef0c19-fffff80002ef0c59)\n");
    assert_int_equal(fx_count(&f, "chkimg_byte"), 2);
    const sc_row *r = fx_row(&f, "chkimg_byte", 1);
    assert_true(fx_addr(r, "address") == 0xfffff80002ef0c59);
    assert_int_equal(fx_int(r, "bits"), 1);
    fx_assert_text(r, "symbol", "nt!ExFreePoolWithTag");
    fx_assert_text(fx_row(&f, "chkimg_byte", 0), "symbol", "nt! ?? ::FNODOBFM::`string'");
    fx_assert_text(r, "module", "nt");
    assert_true(fx_covers_text(&f, "chkimg_byte", "nt"));
    assert_false(fx_bool(fx_row(&f, "chkimg", 0), "truncated"));
    fx_free(&f);
}

static void reads_what_analyze_prints(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !analyze -v\nIRQL_NOT_LESS_OR_EQUAL (a)\nArg1: 0000000000000000\nBUGCHECK_STR:  0xA\n"
                   "CHKIMG_EXTENSION: !chkimg -lo 50 -d !nt\n"
                   "    fffff80002ef0c19-fffff80002ef0c1a  2 bytes - nt!KiSystemCall64+1b1c\n\t[ 01 48:00 40 ]\n"
                   "2 errors : !nt (fffff80002ef0c19-fffff80002ef0c1a)\n"
                   "MODULE_NAME: memory_corruption\nFollowup:     memory_corruption\n---------\n");
    assert_int_equal(fx_int(fx_row(&f, "chkimg", 0), "errors"), 2);
    assert_int_equal(fx_count(&f, "chkimg_byte"), 2);
    assert_int_equal(f.transcript.n_sections, 1); /* all of it is one output */
    assert_non_null(fx_find_text(&f, "analyze", "label", "MODULE_NAME"));
    fx_free(&f);
}

static void reads_bytes_on_the_same_line(void **state)
{
    (void)state;
    fx f = fx_read("kd> !chkimg -d nt\nfffff80002ef0c59 - nt!ExFreePoolWithTag+13f (+0x40) [ 48:40 ]\n1 error : !nt "
                   "(fffff80002ef0c59)\n");
    assert_int_equal(fx_count(&f, "chkimg_byte"), 1);
    assert_int_equal(fx_int(fx_row(&f, "chkimg", 0), "errors"), 1);
    fx_free(&f);
}

static void reads_several_modules(void **state)
{
    (void)state;
    fx f = fx_read("kd> !chkimg nt\n0 errors : nt \nkd> !chkimg win32k -f\n"
                   "Warning: Any detected errors will be fixed to what we expect!\nNumber of different bytes for "
                   "win32k: 31 (fixed)\n");
    assert_int_equal(fx_count(&f, "chkimg"), 2);
    const sc_row *r = fx_row(&f, "chkimg", 0);
    assert_int_equal(fx_int(r, "errors"), 0);
    assert_int_equal(fx_state(r, "first"), SC_NULL);
    r = fx_row(&f, "chkimg", 1);
    assert_int_equal(fx_int(r, "errors"), 31);
    assert_int_equal(fx_state(r, "first"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "truncated"), SC_NOT_PRINTED);
    fx_free(&f);
}

/* a module without symbols has offsets only */
static void reads_bytes_of_a_module_without_symbols(void **state)
{
    (void)state;
    fx f = fx_read("kd> !chkimg -d !acmefilt\n"
                   "    9c71b4e3 - acmefilt+b4e3\n"
                   "        [ 1b:0b ]\n"
                   "1 error : !acmefilt (9c71b4e3)\n");
    const sc_row *r = fx_row(&f, "chkimg_byte", 0);
    fx_assert_text(r, "module", "acmefilt");
    assert_int_equal(fx_addr(r, "address"), 0x9c71b4e3);
    fx_free(&f);
}

/* The rows of bytes were left out, and so was the prompt: the run still belongs to the summary below it. */
static void a_summary_takes_what_stands_above(void **state)
{
    (void)state;
    fx f = fx_read("2: kd> !irql\nDebugger saved IRQL for processor 0x2 -- 2 (DISPATCH_LEVEL)\n\nThen it said:\n"
                   "    bf920e40-bf920e46  7 bytes - win32k!HFDBASIS32::vSteadyState+1f\n"
                   "7 errors : win32k (bf920e40-bf920e46)\n");
    assert_int_equal(fx_count(&f, "chkimg"), 1);
    assert_true(f.facts->taken[4]);
    assert_false(f.facts->taken[3]);
    fx_free(&f);
    /* bytes that were cut before the first of them could be paired */
    f = fx_read("kd> !chkimg win32k -d\n    bf920e40 - win32k!HFDBASIS32::vSteadyState+1f\n        [ 78:?? ]\n");
    assert_int_equal(fx_count(&f, "chkimg_byte"), 0);
    assert_true(f.facts->taken[2]);
    fx_free(&f);
}

static void prose_is_no_fact(void **state)
{
    (void)state;
    fx f = fx_read("I got 3 errors : !chkimg said so\nbf920e40 - that is the address\n[ 1: 2 ]\n3 errors: in nt\n");
    assert_int_equal(fx_count(&f, "chkimg_byte"), 0);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture("kd> !chkimg nt -d\n    bf920e40-bf920e46  7 bytes - win32k!H+1f\n\t[ 78 08 d3 78 0c c2 04:00 00 00 00 "
               "00 01 00 ]\n"
               "Page 31a1d9 not present in the dump file.\n2 errors : !nt (fffff80002ef0c19-fffff80002ef0c59)\n");
    fx f = fx_read("kd> !chkimg -d nt\nffffffffffffffff - nt!x+1\n[ 01 02 03:00 00 00 ]\n"
                   "0000000000000000-ffffffffffffffff 18446744073709551615 bytes - nt!y+1\n[ 1:2 ]\n"
                   "18446744073709551615 errors : !nt (ffffffffffffffff-0000000000000000)\n");
    assert_int_equal(fx_count(&f, "chkimg_byte"), 2);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_summary_among_prose),
        cmocka_unit_test(reads_bytes),
        cmocka_unit_test(reads_single_bits),
        cmocka_unit_test(reads_what_analyze_prints),
        cmocka_unit_test(reads_bytes_on_the_same_line),
        cmocka_unit_test(reads_several_modules),
        cmocka_unit_test(reads_bytes_of_a_module_without_symbols),
        cmocka_unit_test(a_summary_takes_what_stands_above),
        cmocka_unit_test(prose_is_no_fact),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
