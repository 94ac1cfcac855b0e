/* !cpuinfo, !cpuid: rows of old and new debuggers. */
#include "facts_forms.h"

#define HEAD "CP  F/M/S Manufacturer  MHz PRCB Signature    MSR 8B Signature Features ArchitectureClass\n"
#define INTEL                                                                                                          \
    "1: kd> !cpuinfo\n" HEAD " 0  6,158,10 GenuineIntel 2592 000000d600000000                   311b3dff 0\n"          \
    " 1  6,158,10 GenuineIntel 2593 000000d600000000 >000000d700000000<311b3dff 1\n"                                   \
    "                      Cached Update Signature 000000d600000000\n"                                                 \
    "                     Initial Update Signature 000000d600000000\n"
#define AMD                                                                                                            \
    "lkd> !cpuinfo\n" HEAD " 0 25,33,2 AuthenticAMD 3700 000000000a201213                   3c3b3dff 0\n"              \
    "11 25,33,2 AuthenticAMD 3700 000000000a201213                   3c3b3dff 0\n"

static void reads_intel(void **state)
{
    (void)state;
    fx f = fx_read(INTEL);
    assert_int_equal(fx_count(&f, "processor_info"), 2);
    const sc_row *r = fx_row(&f, "processor_info", 0);
    assert_int_equal(r->line, 3);
    assert_int_equal(fx_int(r, "processor"), 0);
    assert_int_equal(fx_int(r, "family"), 6);
    assert_int_equal(fx_int(r, "model"), 158);
    assert_int_equal(fx_int(r, "stepping"), 10);
    fx_assert_text(r, "vendor", "GenuineIntel");
    assert_int_equal(fx_int(r, "mhz"), 2592);
    assert_int_equal(fx_addr(r, "signature"), 0xd600000000);
    assert_int_equal(fx_state(r, "msr_signature"), SC_NOT_PRINTED);
    fx_assert_text(r, "microcode", "0xd6");
    assert_int_equal(fx_addr(r, "features"), 0x311b3dff);
    assert_int_equal(fx_int(r, "class"), 0);
    r = fx_row(&f, "processor_info", 1);
    assert_int_equal(fx_int(r, "mhz"), 2593);
    assert_int_equal(fx_addr(r, "msr_signature"), 0xd700000000);
    assert_int_equal(fx_addr(r, "features"), 0x311b3dff);
    assert_int_equal(fx_int(r, "class"), 1);
    assert_true(fx_covers_int(&f, "processor_info", 1));
    assert_false(fx_covers_int(&f, "processor_info", 2));
    assert_false(fx_covers_all(&f, "processor_info"));
    assert_true(f.transcript.sections[0].complete);
    fx_free(&f);
}

static void reads_amd(void **state)
{
    (void)state;
    fx f = fx_read(AMD);
    assert_int_equal(fx_count(&f, "processor_info"), 2);
    const sc_row *r = fx_row(&f, "processor_info", 1);
    assert_int_equal(fx_int(r, "processor"), 11);
    assert_int_equal(fx_int(r, "family"), 25);
    fx_assert_text(r, "microcode", "0xa201213");
    assert_int_equal(fx_addr(r, "features"), 0x3c3b3dff);
    assert_false(f.transcript.sections[0].complete); /* more rows may have followed */
    fx_free(&f);
}

static void reads_other_debuggers(void **state)
{
    (void)state;
    fx f = fx_read("kd> !cpuinfo\nCP F/M/S Manufacturer  MHz Update Signature Features \n"
                   " 0 6,1,9 GenuineIntel  198 000000d200000000 000000ff \n");
    const sc_row *r = fx_row(&f, "processor_info", 0);
    assert_int_equal(fx_int(r, "mhz"), 198);
    assert_int_equal(fx_addr(r, "features"), 0xff);
    assert_int_equal(fx_state(r, "class"), SC_NOT_PRINTED);
    fx_free(&f);
    f = fx_read("kd> !cpuid \nCP  F/M/S  Manufacturer        MHz \n 0  6,5,1  GenuineIntel        700 \n"
                " 1  8,1,5  AuthenticAMD        700 \n");
    assert_int_equal(fx_count(&f, "processor_info"), 2);
    r = fx_row(&f, "processor_info", 1);
    assert_int_equal(fx_int(r, "family"), 8);
    assert_int_equal(fx_state(r, "signature"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "microcode"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void a_clock_has_its_limits(void **state)
{
    (void)state;
    static const char *const clocks[] = {"0", "20001", "2592x", "none"};
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        char text[256] = "1: kd> !cpuinfo\n" HEAD " 0  6,158,10 GenuineIntel ";
        strcat(text, clocks[i]);
        strcat(text, " 000000d600000000                   311b3dff 0\n");
        assert_int_equal(fx_rows_of(text, "processor_info"), 0);
    }
    assert_int_equal(fx_rows_of("1: kd> !cpuid\nCP  F/M/S  Manufacturer        MHz\n 0  6,5,1  GenuineIntel  20000\n",
                                "processor_info"),
                     1);
}

static void a_hidden_revision_is_none(void **state)
{
    (void)state;
    fx f = fx_read("kd> !cpuinfo\n" HEAD " 0  6,60,3 GenuineIntel 2794 ffffffff00000000 >ffffffff00000000<a3cd3fff\n"
                   " 1 15,5,0 SomeBrandName 1394 0000000000000000 a0017fff\n");
    assert_int_equal(fx_state(fx_row(&f, "processor_info", 0), "microcode"), SC_NULL);
    assert_int_equal(fx_addr(fx_row(&f, "processor_info", 0), "msr_signature"), 0xffffffff00000000);
    assert_int_equal(fx_state(fx_row(&f, "processor_info", 1), "microcode"), SC_NULL);
    fx_free(&f);
}

static void reads_all_forms(void **state)
{
    (void)state;
    fx_assert_forms(INTEL, "processor_info", 2, 0);
    fx_assert_forms(AMD, "processor_info", 2, 0);
}

static void without_header_and_prompt(void **state)
{
    (void)state;
    fx f = fx_read(" 4  6,158,13 GenuineIntel 3600 000000b800000000                   3d1b3fff 0\n"
                   " 5  6,158,13 GenuineIntel 3600 000000b800000000                   3d1b3fff 0\n");
    assert_int_equal(fx_count(&f, "processor_info"), 2);
    fx_free(&f);
    f = fx_read("The dump has CP F/M/S in it, manufacturer GenuineIntel, 3600 MHz.\n1 6,5,1 apples cost 700\n");
    assert_int_equal(fx_count(&f, "processor_info"), 0);
    fx_free(&f);
}

static void cut_and_damaged(void **state)
{
    (void)state;
    fx f = fx_read("kd> !cpuinfo\n" HEAD " 0  6,158,10 GenuineIntel 2592 000000d600000000            311b3dff 0\n"
                   " 1  6,158,10 GenuineIntel 2592 000000d6000\n");
    assert_int_equal(fx_count(&f, "processor_info"), 2);
    assert_int_equal(fx_state(fx_row(&f, "processor_info", 1), "signature"), SC_NOT_PRINTED);
    assert_true(fx_covers_int(&f, "processor_info", 0));
    assert_false(fx_covers_int(&f, "processor_info", 1));
    fx_free(&f);
    /* read by a scanner */
    f = fx_read("kd> !cpuinfo\nCP  F/M/S Manufacturer  MHz PRCB Signature  MSR 88 Signature Features\n"
                " 0  6,60,3 GenuineIntel 2794 FFFFFFFF00000000 >FFFFFF00000000<a3cd3fff\n");
    const sc_row *r = fx_row(&f, "processor_info", 0);
    assert_int_equal(fx_state(r, "msr_signature"), SC_NOT_PRINTED);
    assert_int_equal(fx_addr(r, "features"), 0xa3cd3fff);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(INTEL);
    fx f = fx_read("kd> !cpuinfo\n" HEAD "99999999999999999999 1,1,1 GenuineIntel 1 0000000000000000 0\n"
                   "1 99999999999999999999,1,1 GenuineIntel 1 0000000000000000 0\n"
                   "1 1,1,1 GenuineIntel 99999999999999999999 0000000000000000 0\n");
    assert_int_equal(fx_count(&f, "processor_info"), 0);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_intel),
        cmocka_unit_test(reads_amd),
        cmocka_unit_test(reads_other_debuggers),
        cmocka_unit_test(a_clock_has_its_limits),
        cmocka_unit_test(a_hidden_revision_is_none),
        cmocka_unit_test(reads_all_forms),
        cmocka_unit_test(without_header_and_prompt),
        cmocka_unit_test(cut_and_damaged),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
