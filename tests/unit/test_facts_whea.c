/* !whea: sources, counters, and the slots of records. */
#include "facts_forms.h"

#define HEAD(n) "3: kd> !whea \nError Source Table @ fffff800019ca250\n" n " Error Sources\n"
#define MCE                                                                                                            \
    "Error Source 0 @ fffffa80064132c0\n"                                                                              \
    "   Notify Type      : Machine Check Exception\n"                                                                  \
    "   Type             : 0x0 (MCE)\n"                                                                                \
    "   Error Count      : 12\n"                                                                                       \
    "   Record Count     : 2\n"                                                                                        \
    "   Record Length    : c3e\n"                                                                                      \
    "   Error Records    : wrapper @ fffffa8007cf4000  record @ fffffa8007cf4030\n"                                    \
    "                    : wrapper @ fffffa8007cf4c3e  record @ fffffa8007cf4c6e\n"                                    \
    "   Descriptor       : @ fffffa8006413328\n"                                                                       \
    "      Length                     : 3cc\n"                                                                         \
    "      Max Raw Data Length        : 392\n"                                                                         \
    "      Num Records To Preallocate : 10\n"                                                                          \
    "      Max Sections Per Record    : 3\n"                                                                           \
    "      Error Source ID            : 0\n"                                                                           \
    "      Flags                      : 00000000\n"
#define BOOT                                                                                                           \
    "Error Source 3 @ fffffa8007d0dbc0\n"                                                                              \
    "   Notify Type      : BOOT Error Record\n"                                                                        \
    "   Type             : 0x7 (BOOT)\n"                                                                               \
    "   Error Count      : 0\n"                                                                                        \
    "   Record Count     : 1\n"                                                                                        \
    "   Record Length    : 4f8\n"                                                                                      \
    "   Error Records    : wrapper @ 0000000000000000  record @ 0000000000000030\n"                                    \
    "   Descriptor       : @ fffffa8007d0dc28\n"                                                                       \
    "      Length                     : 3cc\n"                                                                         \
    "      Error Source ID            : 3\n"                                                                           \
    "      Flags                      : 00000001\n"
#define WHOLE HEAD("2") MCE BOOT

static void reads_the_sources(void **state)
{
    (void)state;
    fx f = fx_read(WHOLE);
    assert_int_equal(fx_count(&f, "whea_source"), 2);
    const sc_row *r = fx_row(&f, "whea_source", 0);
    assert_int_equal(r->line, 4);
    assert_int_equal(r->last_line, 18);
    assert_int_equal(fx_addr(r, "source"), 0xfffffa80064132c0);
    assert_int_equal(fx_int(r, "n"), 0);
    fx_assert_text(r, "notify", "Machine Check Exception");
    fx_assert_text(r, "type", "MCE");
    assert_int_equal(fx_int(r, "type_number"), 0);
    assert_int_equal(fx_state(r, "state"), SC_NOT_PRINTED);
    assert_int_equal(fx_int(r, "error_count"), 0x12);
    assert_int_equal(fx_int(r, "record_count"), 2);
    assert_int_equal(fx_int(r, "record_length"), 0xc3e);
    assert_int_equal(fx_addr(r, "descriptor"), 0xfffffa8006413328);
    assert_int_equal(fx_int(r, "source_id"), 0);
    assert_int_equal(fx_addr(r, "flags"), 0);
    r = fx_row(&f, "whea_source", 1);
    fx_assert_text(r, "notify", "BOOT Error Record");
    assert_int_equal(fx_int(r, "type_number"), 7);
    assert_int_equal(fx_addr(r, "flags"), 1);
    assert_true(fx_covers_all(&f, "whea_source"));
    assert_true(fx_covers_all(&f, "whea_slot"));
    assert_true(f.transcript.sections[0].complete);
    fx_free(&f);
}

static void reads_the_slots(void **state)
{
    (void)state;
    fx f = fx_read(WHOLE);
    assert_int_equal(fx_count(&f, "whea_slot"), 2); /* none at 0 */
    const sc_row *r = fx_row(&f, "whea_slot", 1);
    assert_int_equal(r->line, 11);
    assert_int_equal(fx_addr(r, "source"), 0xfffffa80064132c0);
    assert_int_equal(fx_addr(r, "wrapper"), 0xfffffa8007cf4c3e);
    assert_int_equal(fx_addr(r, "record"), 0xfffffa8007cf4c6e);
    fx_free(&f);
}

static void knows_what_is_missing(void **state)
{
    (void)state;
    static const char *const cut[] = {HEAD("3") MCE BOOT, HEAD("2") MCE "Error Source 3 @ fffffa8007d0dbc0\n",
                                      HEAD("2") MCE BOOT "\n. . . . \n", MCE BOOT};
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        fx f = fx_read(cut[i]);
        assert_int_equal(fx_count(&f, "whea_source"), 2);
        assert_false(fx_covers_all(&f, "whea_source"));
        fx_free(&f);
    }
    char *text = fx_cut(WHOLE, 11); /* in the second slot */
    fx f = fx_read(text);
    assert_int_equal(fx_count(&f, "whea_slot"), 1);
    assert_int_equal(fx_state(fx_row(&f, "whea_source", 0), "flags"), SC_NOT_PRINTED);
    fx_free(&f);
    free(text);
}

static void reads_all_forms(void **state)
{
    (void)state;
    fx_assert_forms(WHOLE, "whea_source", 2, 0);
    fx_assert_forms(WHOLE, "whea_slot", 2, 0);
    fx f = fx_read("kd> !whea\nError Source Table @ fffff800019ca250 2 Error Sources Error Source 0 @ "
                   "fffffa80064132c0 Notify Type : Corrected Machine Check Type : 0x1 (CMC) Error Count : 0\n");
    const sc_row *r = fx_row(&f, "whea_source", 0);
    fx_assert_text(r, "notify", "Corrected Machine Check");
    fx_assert_text(r, "type", "CMC");
    fx_free(&f);
    f = fx_read(HEAD("1") "Error Source 0 @ fffffa80064132c0\n   Type : 0x0 (MCE)\n   State : Started\n");
    fx_assert_text(fx_row(&f, "whea_source", 0), "state", "Started");
    fx_free(&f);
}

static void reads_an_address_that_lost_a_digit(void **state)
{
    (void)state; /* as the debugger's reference prints one */
    fx f = fx_read(
        "kd> !whea\nError Source 2 @ fffffa8007d00770\nError Source 2 @ fffffa8007d0077\n   Type : 0x3 (NMI)\n");
    assert_int_equal(fx_count(&f, "whea_source"), 2);
    fx_assert_text(fx_row(&f, "whea_source", 1), "type", "NMI");
    fx_free(&f);
}

/* Whichever address the paste kept. */
static void tells_the_width_of_pointers(void **state)
{
    (void)state;
    static const char *const pastes[] = {HEAD("13"), MCE, "3: kd> !whea\n" MCE};
    for (size_t i = 0; i < sizeof pastes / sizeof *pastes; i++) {
        fx f = fx_read(pastes[i]);
        assert_int_equal(f.facts->pointer_bytes, 8);
        fx_free(&f);
    }
}

static void leaves_records_to_errrec(void **state)
{
    (void)state;
    fx f = fx_read(WHOLE "3: kd> !errrec fffffa8007cf4030\nCommon Platform Error Record @ fffffa8007cf4030\n"
                         "Severity      : Fatal (1)\nNotify Type   : Machine Check Exception\n");
    assert_int_equal(fx_count(&f, "whea_source"), 2);
    assert_int_equal(fx_count(&f, "whea_record"), 1);
    fx_free(&f);
    f = fx_read("An Error Source 0 @ the board, with an Error Count : 8, is what I saw.\nError Source ID : 3\n");
    assert_int_equal(fx_count(&f, "whea_source"), 0);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(HEAD("1") MCE);
    fx f = fx_read(HEAD("99999999999999999999") "Error Source 99999999999999999999 @ 0000000000000001\n"
                                                "Error Source 1 @ 0000000000000001\nType : 0x99999999 (X)\n"
                                                "Error Count : fffffffffffffffff\nRecord Count : 99999999999\n");
    const sc_row *r = fx_row(&f, "whea_source", 0);
    assert_int_equal(fx_state(r, "type"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "record_count"), SC_NOT_PRINTED);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_sources),
        cmocka_unit_test(reads_the_slots),
        cmocka_unit_test(knows_what_is_missing),
        cmocka_unit_test(reads_all_forms),
        cmocka_unit_test(reads_an_address_that_lost_a_digit),
        cmocka_unit_test(tells_the_width_of_pointers),
        cmocka_unit_test(leaves_records_to_errrec),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
