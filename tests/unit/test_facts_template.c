/* .effmach, and the test to copy for another command: whole, without a prompt, among prose, damaged, several,
 * hostile. */
#include "facts_fixture.h"

static void reads_the_line(void **state)
{
    (void)state;
    fx f = fx_read("kd> .effmach\nEffective machine: x64 (AMD64)\n");
    const sc_row *r = fx_row(&f, "effective_machine", 0);
    fx_assert_text(r, "name", "x64");
    fx_assert_text(r, "abbreviation", "AMD64");
    assert_int_equal(r->line, 2);
    assert_int_equal(fx_count(&f, "effective_machine"), 1);
    assert_true(fx_covers_all(&f, "effective_machine"));
    assert_true(f.facts->transcript->sections[r->section].complete);
    fx_free(&f);
}

static void needs_no_prompt(void **state)
{
    (void)state;
    fx f = fx_read("The machine of that dump:\n\n  Effective machine: x86 compatible (x86)  \n\nSo 32 bits.\n");
    fx_assert_text(fx_row(&f, "effective_machine", 0), "name", "x86 compatible");
    assert_string_equal(f.facts->transcript->sections[0].command->name, ".effmach");
    fx_free(&f);
}

static void prose_is_no_fact(void **state)
{
    (void)state;
    fx f = fx_read("kd> .effmach\nThe Effective machine: whatever (I think) it is\nEffective machine: x64\n");
    assert_int_equal(fx_count(&f, "effective_machine"), 0);
    assert_false(fx_covers_all(&f, "effective_machine"));
    fx_free(&f);
    f = fx_read("Effective machine: a fine press (steam) from 1890.\n");
    assert_int_equal(fx_count(&f, "effective_machine"), 0);
    fx_free(&f);
}

static void reads_several(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> .effmach x86\nEffective machine: x86 compatible (x86)\n"
                   "0: kd:x86> .effmach .\nEffective machine: x64 (AMD64)\n");
    assert_int_equal(fx_count(&f, "effective_machine"), 2);
    fx_assert_text(fx_row(&f, "effective_machine", 1), "abbreviation", "AMD64");
    fx_free(&f);
}

static void reads_what_was_flattened_with_its_prompt(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> .effmach Effective machine: x64 (AMD64)\n");
    fx_assert_text(fx_row(&f, "effective_machine", 0), "abbreviation", "AMD64");
    fx_free(&f);
    f = fx_read(".effmach Effective machine: x64 (AMD64)\n");
    fx_assert_text(fx_row(&f, "effective_machine", 0), "abbreviation", "AMD64");
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture("kd> .effmach\nEffective machine: x64 (AMD64)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_line),
        cmocka_unit_test(needs_no_prompt),
        cmocka_unit_test(prose_is_no_fact),
        cmocka_unit_test(reads_several),
        cmocka_unit_test(reads_what_was_flattened_with_its_prompt),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
