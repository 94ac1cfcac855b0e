/* lm in its spellings, and the dates that it prints. */
#include "facts_fixture.h"

#include "engine/decode/date.h"

static const sc_row *module(const fx *f, const char *name)
{
    const sc_row *r = fx_find_text(f, "module", "module", name);
    if (!r) fail_msg("no module %s", name);
    return r;
}

/* Seed 003: the time was printed in British summer time, the stamp is UTC. */
static void reads_one_module(void **state)
{
    (void)state;
    fx f = fx_read(
        "0: kd> lm vm ZTEusbnet\n\nstart             end                 module name\n"
        "fffff880`0ae8e000 fffff880`0aebc000   ZTEusbnet   (no symbols)          \n"
        "    Loaded symbol image file: ZTEusbnet.sys\n    Image path: \\SystemRoot\\system32\\DRIVERS\\ZTEusbnet.sys\n"
        "    Image name: ZTEusbnet.sys\n    Timestamp:        Mon Oct 13 06:50:10 2008 (48F2E192)\n"
        "    CheckSum:         000329ED\n    ImageSize:        0002E000\n    Translations:     0000.04b0 "
        "0000.04e4\n\nold, is it not?\n");
    const sc_row *r = module(&f, "ZTEusbnet");
    assert_int_equal(fx_count(&f, "module"), 1);
    assert_int_equal(fx_addr(r, "start"), 0xfffff8800ae8e000);
    assert_int_equal(fx_addr(r, "end"), 0xfffff8800aebc000);
    fx_assert_text(r, "image", "ZTEusbnet.sys");
    fx_assert_text(r, "path", "\\SystemRoot\\system32\\DRIVERS\\ZTEusbnet.sys");
    assert_int_equal(fx_int(r, "stamp"), 1223877010);
    fx_assert_text(r, "date", "Mon Oct 13 06:50:10 2008");
    assert_int_equal(fx_int(r, "year"), 2008);
    assert_false(fx_bool(r, "reproducible"));
    fx_assert_text(r, "symbols", "no symbols");
    assert_int_equal(fx_int(r, "size"), 0x2e000);
    assert_int_equal(fx_int(r, "checksum"), 0x329ed);
    assert_false(fx_bool(r, "unloaded"));
    assert_true(fx_covers_text(&f, "module", "ZTEusbnet"));
    assert_false(fx_covers_text(&f, "module", "ndis"));
    assert_int_equal(f.facts->pointer_bytes, 8);
    fx_free(&f);
}

/* Seed 000: columns collapsed and the stamp lost. */
static void takes_the_printed_year_without_a_stamp(void **state)
{
    (void)state;
    fx f = fx_read(" 4: kd> lmvm iaStor  \n start       end         module name  \n"
                   " fffff880`0181f000 fffff880`01bc3000  iaStor   (no symbols)        \n   Image name: iaStor.sys  \n"
                   "   Timestamp:    Wed Feb 01 19:15:24 2012  \n");
    const sc_row *r = module(&f, "iaStor");
    assert_int_equal(fx_state(r, "stamp"), SC_NOT_PRINTED);
    assert_int_equal(fx_int(r, "year"), 2012);
    fx_free(&f);
}

static void a_hash_has_no_year(void **state)
{
    (void)state;
    const char *const stamps[] = {
        "    Timestamp:        08294233 (This is a reproducible build file hash, not a timestamp)\n",
        "    Image was built with /Brepro flag.\n",
        ("    Image was built with /Brepro flag.\n    Timestamp:        08294233 (This is a reproducible build file "
         "hash, not a timestamp)\n"),
        "    Image was built with /Brepro flag.\n    Timestamp:        Wed Feb 01 19:15:24 2012 (4F298A2C)\n",
        "    Timestamp:        Sat Jul 14 03:12:59 2096 (EDA3E1FB)\n",
        "    Timestamp:        unavailable (00000000)\n",
    };
    for (size_t i = 0; i < sizeof stamps / sizeof *stamps; i++) {
        char paste[512] = "0: kd> lmDvmAcx\nstart             end                 module name\nfffff803`8a3c0000 "
                          "fffff803`8a448000   Acx   (deferred)\n";
        strcat(paste, stamps[i]);
        fx f = fx_read(paste);
        const sc_row *r = module(&f, "Acx");
        assert_int_equal(fx_state(r, "year"), SC_NULL);
        if (i < 2) assert_int_equal(fx_state(r, "stamp"), SC_NULL);
        if (i == 0) assert_int_equal(fx_state(r, "date"), SC_NULL);
        if (i < 4)
            assert_true(fx_bool(r, "reproducible"));
        else
            assert_int_equal(fx_state(r, "reproducible"), SC_NOT_PRINTED);
        assert_true(fx_covers_text(&f, "module", "Acx"));
        fx_free(&f);
    }
}

static const char list[] =
    "3: kd> lmtn\nstart             end                 module name\n"
    "fffff800`02e5e000 fffff800`03448000   nt       ntkrnlmp.exe Sat Nov 20 09:30:02 2010 (4CE7951A)\n"
    "fffff801`63ec0000 fffff801`649a7000   nvlddmkm T (no symbols)           \n\n"
    "Unloaded modules:\nfffff880`0f9f5000 fffff880`0f9f6000   swmidi.sys\n    Timestamp: unavailable (FFFFFFFE)\n    "
    "ImageSize:  00001000\n";

static void reads_a_list_with_unloaded_modules(void **state)
{
    (void)state;
    fx f = fx_read(list);
    assert_int_equal(fx_count(&f, "module"), 3);
    fx_assert_text(module(&f, "nt"), "image", "ntkrnlmp.exe");
    assert_int_equal(fx_int(module(&f, "nt"), "year"), 2010);
    fx_assert_text(module(&f, "nvlddmkm"), "symbols", "no symbols");
    assert_int_equal(fx_state(module(&f, "nvlddmkm"), "year"), SC_NOT_PRINTED);
    assert_true(fx_bool(module(&f, "swmidi"), "unloaded"));
    assert_int_equal(fx_state(module(&f, "swmidi"), "stamp"), SC_NULL);
    assert_true(fx_covers_all(&f, "module"));
    fx_free(&f);
    /* without its end, or with a gap, the list proves no absence */
    char cut[sizeof list];
    strcpy(cut, list);
    *strstr(cut, "Unloaded") = '\0';
    f = fx_read(cut);
    assert_int_equal(fx_count(&f, "module"), 2);
    assert_false(fx_covers_all(&f, "module"));
    fx_free(&f);
}

static void a_module_that_is_not_loaded_is_known_to_be_none(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> lmvm klif\nstart             end                 module name\n0: kd> !irql\n");
    assert_int_equal(fx_count(&f, "module"), 0);
    assert_true(fx_covers_text(&f, "module", "klif"));
    fx_free(&f);
    f = fx_read("0: kd> lmvm klif\nstart             end                 module name\n");
    assert_false(fx_covers_text(&f, "module", "klif")); /* the paste may end too early */
    fx_free(&f);
    f = fx_read("0: kd> lmvm klif\nstart             end                 module name\nfffff806`bcb00000 fffff80\n");
    assert_false(fx_covers_text(&f, "module", "klif")); /* its line is cut */
    fx_free(&f);
    f = fx_read("0: kd> lmvm klif\nstart             end                 module name\nfffff806`bcb00000 "
                "fffff806`bcb23000   kli\n");
    assert_false(fx_covers_text(&f, "module", "klif")); /* ... within the name */
    fx_free(&f);
    f = fx_read("0: kd> lmvm klif\nstart             end                 module name\nfffff806`bcb00000 "
                "fffff806`bcb23000   klif   (deferred)\n    Timestamp:        Wed Feb 01 1\n");
    assert_true(fx_covers_text(&f, "module", "klif"));
    assert_int_equal(fx_state(module(&f, "klif"), "year"), SC_NOT_PRINTED); /* ... within the date */
    fx_free(&f);
    f = fx_read("0: kd> lm m stor*\nstart             end                 module name\nfffff806`bcb00000 "
                "fffff806`bcb23000   storahci   (deferred)\n");
    assert_int_equal(fx_count(&f, "module"), 1);
    assert_false(fx_covers_all(&f, "module"));
    fx_free(&f);
    f = fx_read("0: kd> lm kv m disk\n\nI never saw the answer.\n");
    assert_false(fx_covers_text(&f, "module", "disk"));
    fx_free(&f);
}

static void needs_no_prompt(void **state)
{
    (void)state;
    fx f = fx_read(
        "here is my driver\n\n9a01a000 9a09a000   atikmpag T (no symbols)           \n    Image path: atikmpag.sys\n"
        "    Timestamp:        Fri Dec  6 12:20:32 2013 (52A23190)\n    CompanyName:      Advanced Micro Devices, "
        "Inc.\n\n");
    assert_int_equal(fx_int(module(&f, "atikmpag"), "year"), 2013);
    fx_assert_text(module(&f, "atikmpag"), "company", "Advanced Micro Devices, Inc.");
    assert_int_equal(f.facts->pointer_bytes, 4);
    fx_free(&f);
    f = fx_read(
        "    Loaded symbol image file: rt640x64.sys\n    Image path: \\SystemRoot\\System32\\drivers\\rt640x64.sys\n"
        "    Timestamp:        Mon Oct 13 06:50:10 2008 (48F2E192)\n"); /* the line with the addresses is lost */
    assert_int_equal(fx_int(module(&f, "rt640x64"), "year"), 2008);
    assert_int_equal(fx_state(module(&f, "rt640x64"), "start"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void frames_are_no_modules(void **state)
{
    (void)state;
    fx f = fx_read("3: kd> lm\nb8ae6100 f7a2ec45 nt!IofCallDriver+0x45\nb8ae6144 b958f4bc BabyHog+0x1196\n"
                   "fffff880`02fddce8 fffff800`02ec7169 : 00000000`0000007f 00000000`00000008 00000000`80050033 "
                   "00000000`000406f8 : nt!KeBugCheckEx\n"
                   "b8ae6100 b8ae6128 This points to the next frame\n");
    assert_int_equal(fx_count(&f, "module"), 0);
    fx_free(&f);
}

static void knows_years(void **state)
{
    (void)state;
    assert_int_equal(sc_unix_year(0), 1970);
    assert_int_equal(sc_unix_year(-1), 1969);
    assert_int_equal(sc_unix_year(951782399), 2000);  /* 28 February, a second before the leap day */
    assert_int_equal(sc_unix_year(1230767999), 2008); /* the last second of 2008, */
    assert_int_equal(sc_unix_year(1230768000), 2009); /* the first of 2009 */
    assert_int_equal(sc_unix_year(4294967295), 2106);
    assert_int_equal(sc_unix_year(INT64_MAX), 0); /* no int holds that year */
    assert_int_equal(sc_printed_year(SC_S("Mon Oct 13 06:50:10 2008")), 2008);
    assert_int_equal(sc_printed_year(SC_S("Sat Jul 14 03:12:59 2096")), 0);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(list);
    fx_torture("0: kd> lm vm ZTEusbnet\nfffff880`0ae8e000 fffff880`0aebc000   ZTEusbnet   (no symbols)\n    Image "
               "path: \\x\\ZTEusbnet.sys\n"
               "    Image was built with /Brepro flag.\n    Timestamp:        Mon Oct 13 06:50:10 2008 (48F2E192)\n    "
               "ImageSize:        0002E000\n");
}

/* lm v: an unloaded module shows its fields too, and spells one of them in its own way. */
static void unloaded_fields(void **state)
{
    (void)state;
    fx f = fx_read("kd> lm v\nstart             end                 module name\n"
                   "fffff880`0ae8e000 fffff880`0aebc000   ZTEusbnet   (no symbols)\n"
                   "\nUnloaded modules:\n"
                   "fffff880`0196c000 fffff880`0197a000   crashdmp.sys\n"
                   "    Timestamp: unavailable (00000000)\n    Checksum:  0000E12C\n    ImageSize:  0000E000\n");
    const sc_row *r = fx_find_text(&f, "module", "module", "crashdmp");
    assert_true(fx_bool(r, "unloaded"));
    assert_int_equal(fx_int(r, "checksum"), 0xe12c);
    assert_int_equal(fx_int(r, "size"), 0xe000);
    assert_int_equal(fx_state(r, "stamp"), SC_NULL);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unloaded_fields),
        cmocka_unit_test(reads_one_module),
        cmocka_unit_test(takes_the_printed_year_without_a_stamp),
        cmocka_unit_test(a_hash_has_no_year),
        cmocka_unit_test(reads_a_list_with_unloaded_modules),
        cmocka_unit_test(a_module_that_is_not_loaded_is_known_to_be_none),
        cmocka_unit_test(needs_no_prompt),
        cmocka_unit_test(frames_are_no_modules),
        cmocka_unit_test(knows_years),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
