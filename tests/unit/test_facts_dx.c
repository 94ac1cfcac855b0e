/* dx. */
#include "facts_forms.h"

#define DX                                                                                                             \
    "0: kd> dx -r1 ((nt!_IRP *)0xffffa20f2d3f0010)\n"                                                                  \
    "((nt!_IRP *)0xffffa20f2d3f0010)                 : 0xffffa20f2d3f0010 [Type: _IRP *]\n"                            \
    "    [+0x000] Type             : 6 [Type: short]\n"                                                                \
    "    [+0x008] MdlAddress       : 0x0 [Type: _MDL *]\n"                                                             \
    "    [+0x018] Name             : \"a: b [1]\" [Type: char [8]]\n"                                                  \
    "    [+0x060] Tail             [Type: <unnamed-tag>]\n"                                                            \
    "    [+0x0e8] Last : Unable to read memory at Address 0xe8\n"

static void reads_members(void **state)
{
    (void)state;
    fx f = fx_read(DX);
    assert_int_equal(fx_count(&f, "dx_field"), 6);
    const sc_row *r = fx_row(&f, "dx_field", 0);
    fx_assert_text(r, "expression", "-r1 ((nt!_IRP *)0xffffa20f2d3f0010)");
    assert_int_equal(fx_state(r, "offset"), SC_NULL);
    assert_true(fx_addr(r, "number") == 0xffffa20f2d3f0010);
    fx_assert_text(r, "type", "_IRP *");
    r = fx_row(&f, "dx_field", 1);
    fx_assert_text(r, "name", "Type");
    assert_true(fx_addr(r, "number") == 6);
    r = fx_row(&f, "dx_field", 2);
    assert_int_equal(fx_int(r, "offset"), 8);
    fx_assert_text(r, "value", "0x0");
    r = fx_row(&f, "dx_field", 3);
    fx_assert_text(r, "value", "\"a: b [1]\"");
    fx_assert_text(r, "type", "char [8]");
    assert_int_equal(fx_state(r, "number"), SC_NULL);
    r = fx_row(&f, "dx_field", 4);
    assert_int_equal(fx_state(r, "value"), SC_NULL);
    assert_true(fx_bool(r, "readable"));
    r = fx_row(&f, "dx_field", 5);
    assert_false(fx_bool(r, "readable"));
    assert_int_equal(fx_state(r, "value"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "type"), SC_NOT_PRINTED);
    assert_false(fx_covers_all(&f, "dx_field"));
    fx_free(&f);
    fx_assert_forms(DX, "dx_field", 6, 0);
}

static void the_object_itself_has_no_value(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> dx -r2 @$curthread.Environment\n@$curthread.Environment\n"
                   "    EnvironmentBlock [Type: _TEB]\n        [+0x000] NtTib            [Type: _NT_TIB]\n");
    assert_int_equal(fx_count(&f, "dx_field"), 2);
    assert_true(f.facts->taken[1]);
    assert_int_equal(fx_state(fx_row(&f, "dx_field", 0), "offset"), SC_NULL);
    fx_free(&f);
}

static void prose_is_no_member(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "The field [Type: of the form] is empty\n",
        "0: kd> dx @$x\nName : value\nthe answer is 6\n",
        "0: kd> dx @$x\n[+0x] a : b\n",
        "0: kd> dx @$x\n[+0x10] a\n",
        "0: kd> dx @$x\n[+0x123456789] a : 1 [Type: int]\n",
        "0: kd> dx @$x\n[Type: ]\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) assert_int_equal(fx_rows_of(texts[i], "dx_field"), 0);
}

static void may_be_cut(void **state)
{
    (void)state;
    char *cut = fx_cut(DX, 4);
    assert_int_equal(fx_rows_of(cut, "dx_field"), 2);
    free(cut);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(DX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_members),      cmocka_unit_test(the_object_itself_has_no_value),
        cmocka_unit_test(prose_is_no_member), cmocka_unit_test(may_be_cut),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
