/* dt: structures with all kinds of values. */
#include "facts_fixture.h"

/* seed 003: "<unnamed-tag>" lost, quotes curled */
static const char pfn[] = "2: kd> dt nt!_MMPFN fffffa80015c69c0\n"
                          "   +0x000 u1               :\n"
                          "   +0x008 u2               :\n"
                          "   +0x010 PteAddress       : 0xfffff6fb`400001e0 _MMPTE\n"
                          "   +0x010 VolatilePteAddress : 0xfffff6fb`400001e0 Void\n"
                          "   +0x010 Lock             : 0n1073742304\n"
                          "   +0x010 PteLong          : 0xfffff6fb`400001e0\n"
                          "   +0x018 u3               :\n"
                          "   +0x01c UsedPageTableEntries : 0xffff\n"
                          "   +0x01e VaType           : 0 \xe2\x80\x9d\n"
                          "   +0x01f ViewCount        : 0 ''\n"
                          "   +0x020 OriginalPte      : _MMPTE\n"
                          "   +0x020 AweReferenceCount : 0n128\n"
                          "   +0x028 u4               :\n"
                          "This indicates that the used paged table entry count has fallen below zero.\n";

static const sc_row *field(const fx *f, const char *name)
{
    const sc_row *r = fx_find_text(f, "dt_field", "field", name);
    if (!r) fail_msg("no field %s", name);
    return r;
}

static void reads_a_structure(void **state)
{
    (void)state;
    fx f = fx_read(pfn);
    assert_int_equal(fx_count(&f, "dt_field"), 13);
    const sc_row *r = field(&f, "UsedPageTableEntries");
    assert_true(fx_addr(r, "address") == 0xfffffa80015c69c0);
    fx_assert_text(r, "type", "_MMPFN");
    assert_int_equal(fx_addr(r, "value"), 0xffff);
    fx_assert_text(r, "text", "0xffff");
    assert_int_equal(fx_int(r, "offset"), 0x1c);
    assert_int_equal(r->line, 9);
    assert_true(fx_addr(field(&f, "PteAddress"), "value") == 0xfffff6fb400001e0);
    assert_int_equal(fx_addr(field(&f, "Lock"), "value"), 1073742304);
    assert_int_equal(fx_addr(field(&f, "VaType"), "value"), 0);
    assert_int_equal(fx_state(field(&f, "OriginalPte"), "value"), SC_NULL);
    assert_int_equal(fx_state(field(&f, "u1"), "value"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(field(&f, "u1"), "text"), SC_NOT_PRINTED);
    assert_true(fx_covers_int(&f, "dt_field", (int64_t)0xfffffa80015c69c0));
    fx_free(&f);
}

static void reads_all_kinds_of_values(void **state)
{
    (void)state;
    fx f = fx_read("kd> dt nt!_X ffff8000`12345678\n"
                   "   +0x000 Negative : 0n-5\n"
                   "   +0x008 Null : (null) \n"
                   "   +0x010 Bits : 0y0101\n"
                   "   +0x010 Time : _LARGE_INTEGER 0x1d2b0c0`63050f28\n"
                   "   +0x018 List : _LIST_ENTRY [ 0xfffffa80`0d035ee8 - 0xfffffa80`0d035ee8 ]\n"
                   "   +0x028 Name : _UNICODE_STRING \"x\"\n"
                   "   +0x038 Tag : [16]  \"abc\"\n"
                   "   +0x048 Real : 1.5 \n"
                   "   +0x050 Plain : 42\n"
                   "   +0x058 aVeryLongNameIndeedThatLeavesNoBlank: 0x1\n");
    assert_true((int64_t)fx_addr(field(&f, "Negative"), "value") == -5);
    assert_int_equal(fx_addr(field(&f, "Null"), "value"), 0);
    assert_int_equal(fx_addr(field(&f, "Bits"), "value"), 5);
    assert_true(fx_addr(field(&f, "Time"), "value") > 0x1d2b0c0);
    assert_int_equal(fx_state(field(&f, "List"), "value"), SC_NULL);
    assert_int_equal(fx_state(field(&f, "Name"), "value"), SC_NULL);
    assert_int_equal(fx_state(field(&f, "Tag"), "value"), SC_NULL);
    assert_int_equal(fx_state(field(&f, "Real"), "value"), SC_NULL);
    assert_int_equal(fx_addr(field(&f, "Plain"), "value"), 42);
    assert_int_equal(fx_addr(field(&f, "aVeryLongNameIndeedThatLeavesNoBlank"), "value"), 1);
    fx_free(&f);
}

static void names_the_way_to_a_field(void **state)
{
    (void)state;
    fx f = fx_read("kd> dt -r1 nt!_MMPFN fffffa80015c69c0\n"
                   "   +0x000 u1               : <unnamed-tag>\n"
                   "      +0x000 Flink            : 5\n"
                   "      +0x008 Blink            : 6\n"
                   "   +0x010 Lock             : 0n7\n");
    assert_int_equal(fx_addr(field(&f, "u1.Flink"), "value"), 5);
    assert_int_equal(fx_addr(field(&f, "u1.Blink"), "value"), 6);
    assert_int_equal(fx_addr(field(&f, "Lock"), "value"), 7);
    fx_free(&f);
    /* the first line has lost its indentation: not a structure around the others */
    f = fx_read("kd> dt nt!_X fffffa80015c69c0\n+0x000 A : 1\n   +0x008 B : 2\n");
    assert_int_equal(fx_addr(field(&f, "B"), "value"), 2);
    fx_free(&f);
}

static void knows_what_is_missing(void **state)
{
    (void)state;
    int64_t address = (int64_t)0xfffffa80015c69c0;
    fx f = fx_read("kd> dt nt!_MMPFN fffffa80015c69c0 UsedPageTableEntries\n   +0x01c UsedPageTableEntries : 0xffff\n");
    assert_int_equal(fx_addr(field(&f, "UsedPageTableEntries"), "value"), 0xffff);
    assert_false(fx_covers_int(&f, "dt_field", address));
    fx_free(&f);
    f = fx_read("kd> dt nt!_MMPFN fffffa80015c69c0\n   +0x010 Lock : 0n1\n   +0x01c UsedPageTableEntries : 0xffff\n");
    assert_false(fx_covers_int(&f, "dt_field", address)); /* the head is cut off */
    fx_free(&f);
    /* the tail is cut off: between two lines, in a line */
    const char *const heads[] = {"", "   +0x01c UsedPageTab\n", "   +0x\n", "   +\n", "\xc2\n"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char paste[200] = "kd> dt nt!_MMPFN fffffa80015c69c0\n   +0x000 u1 : <unnamed-tag>\n   +0x010 Lock : 0n1\n";
        strcat(paste, heads[i]);
        f = fx_read(paste);
        assert_false(fx_covers_int(&f, "dt_field", address));
        fx_free(&f);
        strcat(paste, "kd> !irql\n");
        f = fx_read(paste);
        assert_int_equal(fx_covers_int(&f, "dt_field", address), i == 0);
        fx_free(&f);
    }
    f = fx_read("kd> dt nt!_MMPFN\n   +0x000 u1 : <unnamed-tag>\n   +0x01c UsedPageTableEntries : Uint2B\n");
    const sc_row *r = field(&f, "UsedPageTableEntries");
    assert_int_equal(fx_state(r, "address"), SC_NULL);
    assert_int_equal(fx_state(r, "value"), SC_NULL);
    fx_free(&f);
}

static void needs_no_prompt(void **state)
{
    (void)state;
    fx f = fx_read("Here it is:\n   +0x010 Lock : 0n1\n   +0x01c UsedPageTableEntries : 0xffff\n");
    const sc_row *r = field(&f, "UsedPageTableEntries");
    assert_int_equal(fx_state(r, "address"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "type"), SC_NOT_PRINTED);
    fx_free(&f);
    f = fx_read("dt nt!_MMPFN fffffa80015c69c0\n   +0x01c UsedPageTableEntries : 0xffff\n");
    fx_assert_text(field(&f, "UsedPageTableEntries"), "type", "_MMPFN");
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture("2: kd> dt -r nt!_MMPFN fffffa80015c69c0\n   +0x000 u1 : <unnamed-tag>\n      +0x000 a : 0y01\n"
               "   +0x010 Lock : 0n-1073742304\n   +0x020 T : _MMPTE 0x1`00000000\n");
    fx f = fx_read(
        "kd> dt nt!_X fffffa80015c69c0\n   +0xffffffffffffffff A : 1\n   +0x00000000000000001 B : 1\n   +0x000 C :"
        " 0n-9223372036854775808\n   +0x000 D : 99999999999999999999\n   +0x000 : :\n");
    assert_int_equal(fx_state(field(&f, "D"), "value"), SC_NULL);
    assert_true((int64_t)fx_addr(field(&f, "C"), "value") == INT64_MIN);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_structure),        cmocka_unit_test(reads_all_kinds_of_values),
        cmocka_unit_test(names_the_way_to_a_field), cmocka_unit_test(knows_what_is_missing),
        cmocka_unit_test(needs_no_prompt),          cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
