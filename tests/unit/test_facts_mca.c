/* !mca: banks with and without errors. */
#include "facts_forms.h"

#define BANKS(status)                                                                                                  \
    "2: kd> !mca\nMCE: Enabled, Cycle Address: 0x00000001699f7a00, Type: 0x0000000000000000\n\n"                       \
    "MCA: Enabled, Banks 3, Control Reg: Supported, Machine Check: None.\n"                                            \
    "Bank  Error  Control Register     Status Register\n"                                                              \
    "  0. None   0x000000000000007f   0x0000000000000000\n\n"                                                          \
    "  1. None   0x00000000ffffffff   0x" status "\n\n"                                                                \
    "  2. None   0x00000000000fffff   0x0000000000000000\n\n"                                                          \
    "No register state available.\n\n"                                                                                 \
    "CP F/M/S Manufacturer   MHz Update Signature Features\n"                                                          \
    " 0 15,5,0 SomeBrandName 1394 0000000000000000 a0017fff\n"
#define CLEAN BANKS("0000000000000000")

static void reads_the_banks(void **state)
{
    (void)state;
    fx f = fx_read(CLEAN);
    assert_int_equal(fx_count(&f, "mca_bank"), 3);
    const sc_row *r = fx_row(&f, "mca_bank", 1);
    assert_int_equal(r->line, 8);
    assert_int_equal(fx_int(r, "processor"), 2);
    assert_int_equal(fx_int(r, "bank"), 1);
    fx_assert_text(r, "error", "None");
    assert_int_equal(fx_addr(r, "control"), 0xffffffff);
    assert_int_equal(fx_addr(r, "status"), 0);
    assert_int_equal(fx_state(r, "address"), SC_NOT_PRINTED);
    assert_int_equal(fx_count(&f, "mca"), 0); /* no error is no machine check */
    assert_true(fx_covers_int(&f, "mca_bank", 2));
    assert_false(fx_covers_int(&f, "mca_bank", 0));
    assert_false(fx_covers_all(&f, "mca"));
    assert_true(f.transcript.sections[0].complete);
    assert_int_equal(fx_count(&f, "processor_info"), 1); /* of the section that follows */
    fx_free(&f);
}

static void an_error_is_a_machine_check(void **state)
{
    (void)state;
    fx f = fx_read(BANKS("b200000000070f0f"));
    assert_int_equal(fx_count(&f, "mca"), 1);
    const sc_row *r = fx_row(&f, "mca", 0);
    assert_int_equal(r->line, 8);
    fx_assert_text(r, "source", "registers");
    assert_int_equal(fx_state(r, "record"), SC_NULL);
    assert_int_equal(fx_int(r, "processor"), 2);
    assert_int_equal(fx_int(r, "bank"), 1);
    assert_true(fx_bool(r, "uc"));
    fx_assert_text(r, "kind", "bus");
    assert_int_equal(fx_state(r, "address"), SC_NULL); /* not valid */
    fx_free(&f);
}

static void a_code_without_a_name(void **state)
{
    (void)state;
    fx f = fx_read(BANKS("b200000000007fff"));
    const sc_row *r = fx_row(&f, "mca", 0);
    fx_assert_text(r, "kind", "unknown");
    assert_int_equal(fx_state(r, "mnemonic"), SC_NULL);
    fx_free(&f);
}

static void the_parameters_say_the_same(void **state)
{
    (void)state;
    fx f = fx_read("BugCheck 9C, {1, fffff80000ba0c70, b2000000, 70f0f}\n" BANKS("b200000000070f0f"));
    assert_int_equal(fx_count(&f, "mca"), 1);
    assert_int_equal(fx_int(fx_row(&f, "mca", 0), "bank"), 1);
    fx_free(&f);
    f = fx_read("BugCheck 9C, {1, fffff80000ba0c70, b2000000, 70f0f}\n" CLEAN);
    assert_int_equal(fx_count(&f, "mca"), 1);
    fx_assert_text(fx_row(&f, "mca", 0), "source", "parameters");
    fx_free(&f);
}

static void the_first_processor_is_one_too(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !mca\nMCA: Enabled, Banks 1, Control Reg: Supported, Machine Check: None.\n"
                   "Bank  Error  Control Register     Status Register      Address Register     Misc Register\n"
                   "  0. Valid  0x000000000000007f   0x8c00004000010091   0x0000000013a87500   0x0000000000000086\n");
    assert_int_equal(fx_int(fx_row(&f, "mca_bank", 0), "processor"), 0);
    assert_int_equal(fx_int(fx_row(&f, "mca", 0), "processor"), 0);
    fx_free(&f);
}

static void reads_address_and_misc(void **state)
{
    (void)state;
    fx f = fx_read("kd> !mca\nMCA: Enabled, Banks 1, Control Reg: Supported, Machine Check: None.\n"
                   "Bank  Error  Control Register     Status Register      Address Register     Misc Register\n"
                   "  0. Valid  0x000000000000007f   0x8c00004000010091   0x0000000013a87500   0x0000000000000086\n");
    const sc_row *r = fx_row(&f, "mca", 0);
    assert_int_equal(fx_addr(r, "address"), 0x13a87500);
    assert_int_equal(fx_addr(r, "misc"), 0x86);
    assert_int_equal(fx_state(r, "processor"), SC_NOT_PRINTED);
    fx_assert_text(r, "mnemonic", "RD_CHANNEL1_ERR");
    fx_free(&f);
    f = fx_read("kd> !mca\nBank  Error  Control Register     Status Register\n"
                "  4. Valid  0x000000000000007f   0x8c00004000010091\n     Address: 0x0000000013a87500\n"
                "     Misc: 0x0000000000000086\n");
    r = fx_row(&f, "mca", 0);
    assert_int_equal(fx_addr(r, "address"), 0x13a87500);
    assert_int_equal(r->last_line, 5);
    fx_free(&f);
}

static void knows_no_banks(void **state)
{
    (void)state;
    fx f = fx_read("kd> !mca\nHalpFeatureBits not found\nCP F/M/S Manufacturer  MHz Update Signature Features\n"
                   " 0 6,5,1 GenuineIntel  334 0000004000000000 00001fff\n");
    assert_int_equal(fx_count(&f, "mca_bank"), 0);
    assert_false(f.transcript.sections[0].complete);
    assert_int_equal(fx_count(&f, "processor_info"), 1);
    fx_free(&f);
}

static void knows_what_is_missing(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !mca\nMCA: Enabled, Banks 3, Control Reg: Supported, Machine Check: None.\n"
                   "Bank  Error  Control Register     Status Register\n"
                   "  0. None   0x000000000000007f   0x0000000000000000\n"
                   "  1. None   0x000000000000007f   0x00000000000\n");
    assert_int_equal(fx_count(&f, "mca_bank"), 2);
    assert_int_equal(fx_state(fx_row(&f, "mca_bank", 1), "status"), SC_NOT_PRINTED);
    assert_false(fx_covers_int(&f, "mca_bank", 0));
    fx_free(&f);
    f = fx_read("0: kd> !mca\nMCA: Enabled, Banks 2, Control Reg: Supported, Machine Check: None.\n"
                "  0. None   0x000000000000007f   0x0000000000000000\n[...]\n"
                "  1. None   0x000000000000007f   0x0000000000000000\n");
    assert_int_equal(fx_count(&f, "mca_bank"), 2);
    assert_false(f.transcript.sections[0].complete);
    fx_free(&f);
}

static void reads_all_forms(void **state)
{
    (void)state;
    fx_assert_forms(CLEAN, "mca_bank", 3, 0);
    fx_assert_forms(BANKS("b200000000070f0f"), "mca", 1, 0);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(BANKS("b200000000070f0f"));
    fx f = fx_read("kd> !mca\nMCA: Enabled, Banks 99999999999999999999, Control Reg\n999. None 0x00000000 0x00000000\n"
                   "0. 0x00000000 0x00000000\n");
    assert_int_equal(fx_count(&f, "mca_bank"), 0);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_banks),
        cmocka_unit_test(an_error_is_a_machine_check),
        cmocka_unit_test(the_parameters_say_the_same),
        cmocka_unit_test(the_first_processor_is_one_too),
        cmocka_unit_test(reads_address_and_misc),
        cmocka_unit_test(knows_no_banks),
        cmocka_unit_test(knows_what_is_missing),
        cmocka_unit_test(reads_all_forms),
        cmocka_unit_test(a_code_without_a_name),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
