/* !sysinfo cpuinfo: clock against the name, against the reference, against neither. */
#include "facts_fixture.h"

/* seed 003 */
static const char amd[] =
    "3: kd> !sysinfo cpuinfo\n\n[CPU Information]\n\n~MHz = REG_DWORD 3206\n\n"
    "Component Information = REG_BINARY 0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0\n\n"
    "Configuration Data = REG_FULL_RESOURCE_DESCRIPTOR ff,ff,ff,ff,ff,ff,ff,ff,0,0,0,0,0,0,0,0\n\n"
    "Identifier = REG_SZ AMD64 Family 16 Model 5 Stepping 3\n\n"
    "ProcessorNameString = REG_SZ AMD Phenom(tm) II X4 840 Processor\n\n"
    "VendorIdentifier = REG_SZ AuthenticAMD\n\n"
    " The CPU isn't overclocked as this processor should be running at 3.2GHz.\n";

#define INTEL(mhz, ghz)                                                                                                \
    "kd> !sysinfo cpuinfo\n[CPU Information]\n~MHz = REG_DWORD " mhz "\n"                                              \
    "Identifier = REG_SZ Intel64 Family 6 Model 158 Stepping 9\n"                                                      \
    "ProcessorNameString = REG_SZ Intel(R) Core(TM) i7-7700 CPU @ " ghz "\n"                                           \
    "Update Revision = REG_BINARY 0,0,0,0,86,0,0,0\nUpdate Status = REG_DWORD 2\n"                                     \
    "VendorIdentifier = REG_SZ GenuineIntel\nMSR8B = REG_QWORD 8600000000\n"

static void reads_the_processor(void **state)
{
    (void)state;
    fx f = fx_read(amd);
    const sc_row *r = fx_row(&f, "cpu", 0);
    assert_int_equal(fx_int(r, "mhz"), 3206);
    fx_assert_text(r, "name", "AMD Phenom(tm) II X4 840 Processor");
    fx_assert_text(r, "identifier", "AMD64 Family 16 Model 5 Stepping 3");
    fx_assert_text(r, "vendor", "AuthenticAMD");
    assert_int_equal(fx_int(r, "family"), 16);
    assert_int_equal(fx_int(r, "model"), 5);
    assert_int_equal(fx_int(r, "stepping"), 3);
    assert_int_equal(r->line, 5);
    assert_true(fx_covers_all(&f, "cpu"));
    fx_free(&f);
}

static void an_unknown_rating_stays_open(void **state)
{
    (void)state;
    fx f = fx_read(amd);
    const sc_row *r = fx_row(&f, "cpu", 0);
    assert_int_equal(fx_state(r, "rated_mhz"), SC_NULL);
    assert_int_equal(fx_state(r, "ratio"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "overclocked"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void the_reference_tells_the_rating(void **state)
{
    (void)state;
    static const sc_ref_number clocks[] = {
        {3200, "Phenom(tm) II X4 840", ""}, {2000, "Phenom(tm) II", ""}, {9999, "AMD Phenom(tm) II X4 84", ""}};
    sc_knowledge k = {.cpu_clocks = clocks, .n_cpu_clocks = 3};
    fx f = fx_read_crash(sc_span_z(amd), &k, 0);
    const sc_row *r = fx_row(&f, "cpu", 0);
    assert_int_equal(fx_int(r, "rated_mhz"), 3200); /* the longest that ends at a word */
    assert_true(fx_real(r, "ratio") > 1.001 && fx_real(r, "ratio") < 1.002);
    assert_false(fx_bool(r, "overclocked"));
    fx_free(&f);
}

static void the_name_tells_the_rating(void **state)
{
    (void)state;
    fx f = fx_read(INTEL("3600", "3.60GHz"));
    const sc_row *r = fx_row(&f, "cpu", 0);
    assert_int_equal(fx_int(r, "rated_mhz"), 3600);
    assert_false(fx_bool(r, "overclocked"));
    fx_assert_text(r, "microcode", "0x86");
    fx_free(&f);
    f = fx_read(INTEL("4500", "3.60GHz"));
    r = fx_row(&f, "cpu", 0);
    assert_true(fx_real(r, "ratio") == 1.25);
    assert_true(fx_bool(r, "overclocked"));
    fx_free(&f);
    f = fx_read(INTEL("700", "733 MHz"));
    assert_int_equal(fx_int(fx_row(&f, "cpu", 0), "rated_mhz"), 733);
    fx_free(&f);
    f = fx_read(INTEL("700", "2GHz"));
    assert_int_equal(fx_int(fx_row(&f, "cpu", 0), "rated_mhz"), 2000);
    fx_free(&f);
}

static void reads_flattened_and_without_prompt(void **state)
{
    (void)state;
    fx f = fx_read(
        "The [CPU Information] of it: see below.\n[CPU Information] ~MHz = REG_DWORD 3206 Component Information = "
        "REG_BINARY 0,0,0,0 Identifier = REG_SZ AMD64 Family 16 Model 5 Stepping 3 ProcessorNameString = REG_SZ AMD "
        "Phenom(tm) II X4 840 Processor VendorIdentifier = REG_SZ AuthenticAMD\n");
    assert_int_equal(fx_count(&f, "cpu"), 1);
    const sc_row *r = fx_row(&f, "cpu", 0);
    assert_int_equal(fx_int(r, "mhz"), 3206);
    fx_assert_text(r, "name", "AMD Phenom(tm) II X4 840 Processor");
    fx_assert_text(r, "vendor", "AuthenticAMD");
    assert_int_equal(fx_int(r, "stepping"), 3);
    fx_free(&f);
}

static void cut_and_several(void **state)
{
    (void)state;
    fx f = fx_read("kd> !sysinfo cpuinfo\n[CPU Information]\n~MHz = REG_DWORD 3206\n");
    assert_false(fx_covers_all(&f, "cpu"));
    assert_int_equal(fx_state(fx_row(&f, "cpu", 0), "rated_mhz"), SC_NOT_PRINTED);
    fx_free(&f);
    f = fx_read(INTEL("3600", "3.60GHz") INTEL("4500", "3.60GHz"));
    assert_int_equal(fx_count(&f, "cpu"), 2);
    fx_free(&f);
    f = fx_read("kd> !sysinfo machineid\nMachine ID Information [From Smbios 2.7]\nBiosVersion = 1.0\n");
    assert_int_equal(fx_count(&f, "cpu"), 0);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(
        "kd> !sysinfo cpuinfo\n[CPU Information] ~MHz = REG_DWORD 3206 Identifier = REG_SZ Intel64 Family 6 Model 158 "
        "Stepping 9\nProcessorNameString = REG_SZ Intel(R) CPU @ 3.60GHz\nUpdate Revision = REG_BINARY "
        "0,0,0,0,86,0,0,1\n");
    fx f = fx_read("kd> !sysinfo cpuinfo\n~MHz = REG_DWORD 18446744073709551615\n"
                   "ProcessorNameString = REG_SZ x @ 99999.99999999999999999999GHz\n = REG_ = REG_ = REG_\n");
    assert_int_equal(fx_count(&f, "cpu"), 1);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_processor),
        cmocka_unit_test(an_unknown_rating_stays_open),
        cmocka_unit_test(the_reference_tells_the_rating),
        cmocka_unit_test(the_name_tells_the_rating),
        cmocka_unit_test(reads_flattened_and_without_prompt),
        cmocka_unit_test(cut_and_several),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
