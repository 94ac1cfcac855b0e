/* !vm in its generations, whole, cut, flattened and with wrong symbols; and what is derived from it. */
#include "facts_fixture.h"

/* seed 003, 0x7F */
static const char leak[] = "3: kd> !vm\n\n"
                           "*** Virtual Memory Usage ***\n"
                           "    Physical Memory:     1036418 (   4145672 Kb)\n"
                           "    Page File: \\??\\C:\\pagefile.sys\n"
                           "      Current:   4145672 Kb  Free Space:   3702732 Kb\n"
                           "      Minimum:   4145672 Kb  Maximum:     12437016 Kb\n"
                           "    Available Pages:      100902 (    403608 Kb)\n"
                           "    ResAvail Pages:       209219 (    836876 Kb)\n"
                           "    Locked IO Pages:           0 (         0 Kb)\n"
                           "    Free System PTEs:   33504448 ( 134017792 Kb)\n"
                           "    Modified Pages:         4479 (     17916 Kb)\n"
                           "    Modified PF Pages:      4364 (     17456 Kb)\n"
                           "    NonPagedPool Usage:   764909 (   3059636 Kb)\n"
                           "    NonPagedPool Max:     764972 (   3059888 Kb)\n"
                           "    ********** Excessive NonPaged Pool Usage *****\n\n"
                           "We can see that the non paged pool memory has been depleted: 100 %.\n";

/* seed 003, 0xF4 */
#define FLAT                                                                                                           \
    "*** Virtual Memory Usage *** Physical Memory: 4175860 ( 16703440 Kb) Page File: \\??\\C:\\pagefile.sys Current: " \
    "16703440 Kb Free Space: 16703436 Kb Minimum: 16703440 Kb Maximum: 50110320 Kb Available Pages: 3833632 ( "        \
    "15334528 Kb) ResAvail Pages: 4052929 ( 16211716 Kb) Locked IO Pages: 0 ( 0 Kb) Free System PTEs: 33497223 ( "     \
    "133988892 Kb) Modified Pages: 137120 ( 548480 Kb) Modified PF Pages: 37803 ( 151212 Kb) NonPagedPool Usage: "     \
    "13122 ( 52488 Kb) NonPagedPool Max: 3116636 ( 12466544 Kb) PagedPool 0 Usage: 27172 ( 108688 Kb) PagedPool "      \
    "Usage: 32825 ( 131300 Kb) PagedPool Maximum: 33554432 ( 134217728 Kb)\n"

/* Windows 10 and 11: page files first, sentinels, garbage, warnings on a healthy system */
static const char windows10[] = "0: kd> !vm 1\n"
                                "Page File: \\??\\C:\\pagefile.sys\n"
                                "  Current:  12582912 Kb  Free Space:  12527296 Kb\n"
                                "  Minimum:  12582912 Kb  Maximum:     12582912 Kb\n"
                                "Page File: \\??\\C:\\swapfile.sys\n"
                                "  Current:    262144 Kb  Free Space:    223824 Kb\n"
                                "  Minimum:    262144 Kb  Maximum:      6289836 Kb\n"
                                "No Name for Paging File\n"
                                "  Current:  16776136 Kb  Free Space:  16095604 Kb\n"
                                "  Minimum:  16776136 Kb  Maximum:     16776136 Kb\n\n"
                                "Physical Memory:          2844914 (   11379656 Kb)\n"
                                "Available Pages:           666710 (    2666840 Kb)\n"
                                "Free System PTEs:      4294977138 (17179908552 Kb)\n\n"
                                "******* 73746 kernel stack PTE allocations have failed ******\n\n"
                                "Modified No Write Pages:        0 (          0 Kb)\n"
                                "NonPagedPool    0:            231 (        924 Kb)\n"
                                "NonPagedPool Usage:           272 (       1088 Kb)\n"
                                "NonPagedPoolNx Usage:       33612 (     134448 Kb)\n"
                                "NonPagedPool Max:      4294967296 (17179869184 Kb)\n"
                                "PagedPool Usage:            66288 (     265152 Kb)\n"
                                "PagedPool Maximum:     4294967296 (17179869184 Kb)\n"
                                "PagedPool Commit:  18446735282293205272 (18446708908044166240 Kb)\n"
                                "SmallNonPagedPtesCommit:      462 (       1848 Kb)\n"
                                "Sum System Commit: 18446735282294738933 (18446708908050300884 Kb)\n"
                                "Total Private:             754817 (    3019268 Kb)\n\n"
                                "********** Sum of individual system commit + Process commit exceeds overall commit by "
                                "18446708908043898408 Kb ? ********\n"
                                "Committed pages:          2355436 (    9421744 Kb)\n"
                                "Commit limit:             5990642 (   23962568 Kb)\n\n"
                                " 0e4c firefox.exe          74311 (     297244 Kb)\n";

static const sc_row *label(const fx *f, const char *name)
{
    const sc_row *r = fx_find_text(f, "vm", "label", name);
    if (!r) fail_msg("no counter %s", name);
    return r;
}

static void reads_an_exhausted_pool(void **state)
{
    (void)state;
    fx f = fx_read(leak);
    const sc_row *r = label(&f, "NonPagedPool Usage");
    assert_int_equal(fx_int(r, "pages"), 764909);
    assert_int_equal(fx_int(r, "kb"), 3059636);
    assert_true(fx_bool(r, "sane"));
    assert_int_equal(r->line, 14);
    assert_int_equal(fx_state(r, "page_file"), SC_NULL);
    r = label(&f, "Free Space");
    assert_int_equal(fx_int(r, "kb"), 3702732);
    assert_int_equal(fx_state(r, "pages"), SC_NOT_PRINTED);
    fx_assert_text(r, "page_file", "\\??\\C:\\pagefile.sys");
    assert_int_equal(fx_count(&f, "vm"), 13);
    r = fx_row(&f, "vm_warning", 0);
    fx_assert_text(r, "text", "Excessive NonPaged Pool Usage");
    assert_int_equal(fx_state(r, "count"), SC_NULL);
    r = fx_row(&f, "vm_pool", 0);
    fx_assert_text(r, "generation", "old");
    assert_int_equal(fx_int(r, "np_pages"), 764909);
    assert_int_equal(fx_int(r, "np_max"), 764972);
    assert_true(fx_real(r, "ratio") > 0.9999 && fx_real(r, "ratio") < 1);
    assert_true(fx_bool(r, "exhausted"));
    assert_int_equal(fx_int(r, "available_pages"), 100902);
    assert_int_equal(fx_state(r, "commit_ratio"), SC_NOT_PRINTED); /* the output was cut before it */
    assert_int_equal(r->line, 14);
    assert_int_equal(r->last_line, 15);
    assert_true(fx_covers_text(&f, "vm", "NonPagedPool Max"));
    assert_false(fx_covers_text(&f, "vm", "Commit limit"));
    assert_false(fx_covers_all(&f, "vm_warning"));
    fx_free(&f);
}

static void reads_one_flattened_line(void **state)
{
    (void)state;
    fx f = fx_read("1: kd> !vm\n\n" FLAT "\nAlthough we can see the usage: 5 (20 Kb) or so.\n");
    assert_int_equal(fx_int(label(&f, "Physical Memory"), "pages"), 4175860);
    assert_int_equal(fx_int(label(&f, "PagedPool 0 Usage"), "pages"), 27172);
    assert_int_equal(fx_int(label(&f, "PagedPool Maximum"), "pages"), 33554432);
    fx_assert_text(label(&f, "Maximum"), "page_file", "\\??\\C:\\pagefile.sys");
    const sc_row *r = fx_row(&f, "vm_pool", 0);
    assert_int_equal(fx_int(r, "np_pages"), 13122);
    assert_int_equal(fx_int(r, "np_max"), 3116636);
    assert_false(fx_bool(r, "exhausted"));
    assert_int_equal(fx_count(&f, "vm_warning"), 0);
    assert_int_equal(fx_count(&f, "vm"), 16);
    fx_free(&f);
    f = fx_read("He posted " FLAT); /* the banner stands in the middle of a line: nobody's output */
    assert_int_equal(fx_count(&f, "vm_pool"), 0);
    fx_free(&f);
    f = fx_read(FLAT);
    assert_int_equal(fx_count(&f, "vm_pool"), 1);
    fx_free(&f);
}

static void reads_windows_10(void **state)
{
    (void)state;
    fx f = fx_read(windows10);
    assert_true(f.facts->taken[7]); /* No Name for Paging File */
    assert_false(fx_bool(label(&f, "NonPagedPool Max"), "sane"));
    assert_false(fx_bool(label(&f, "Free System PTEs"), "sane"));
    assert_false(fx_bool(label(&f, "PagedPool Commit"), "sane"));
    assert_true(fx_int(label(&f, "PagedPool Commit"), "pages") < 0);
    assert_true(fx_bool(label(&f, "NonPagedPoolNx Usage"), "sane"));
    assert_int_equal(fx_int(label(&f, "NonPagedPool 0"), "pages"), 231); /* blanks in the label made one */
    assert_int_equal(fx_state(label(&f, "Current"), "page_file"), SC_SET);
    size_t nameless = 0;
    for (size_t i = 0; i < fx_count(&f, "vm"); i++) {
        const sc_row *r = fx_row(&f, "vm", i);
        if (fx_state(r, "pages") == SC_NOT_PRINTED && fx_state(r, "page_file") == SC_NULL) nameless++;
    }
    assert_int_equal(nameless, 4);
    assert_int_equal(fx_count(&f, "vm_warning"), 2);
    const sc_row *w = fx_row(&f, "vm_warning", 0);
    fx_assert_text(w, "text", "kernel stack PTE allocations have failed");
    assert_int_equal(fx_int(w, "count"), 73746);
    assert_true(sc_starts(fx_text(fx_row(&f, "vm_warning", 1), "text"), "Sum of individual system commit"));
    const sc_row *r = fx_row(&f, "vm_pool", 0);
    fx_assert_text(r, "generation", "new");
    assert_int_equal(fx_int(r, "np_pages"), 272 + 33612);
    assert_int_equal(fx_state(r, "np_max"), SC_NULL);
    assert_int_equal(fx_state(r, "ratio"), SC_NULL);
    assert_true(fx_real(r, "physical_ratio") < 0.02);
    assert_false(fx_bool(r, "exhausted"));
    assert_true(fx_real(r, "commit_ratio") > 0.39 && fx_real(r, "commit_ratio") < 0.40);
    assert_true(fx_covers_all(&f, "vm") && fx_covers_all(&f, "vm_warning"));
    fx_free(&f);
}

static void a_new_pool_is_measured_against_memory(void **state)
{
    (void)state;
    fx f = fx_read("Physical Memory:          8300000 (   33200000 Kb)\n"
                   "NonPagedPool Usage:          1000 (       4000 Kb)\n"
                   "NonPagedPoolNx Usage:     5500000 (   22000000 Kb)\n"
                   "NonPagedPool Max:      4294967296 (17179869184 Kb)\n");
    const sc_row *r = fx_row(&f, "vm_pool", 0);
    assert_true(fx_bool(r, "exhausted"));
    assert_int_equal(fx_int(r, "np_pages"), 5501000);
    fx_free(&f);
}

/* Windows 8.1 read with wrong symbols: more pool than memory, and a warning that follows from it. */
static void garbage_is_no_leak(void **state)
{
    (void)state;
    fx f = fx_read("1: kd> !vm\n*** Virtual Memory Usage ***\n"
                   "Physical Memory: 2097038 ( 8388152 Kb)\n"
                   "Unimplemented error for MiSystemVaTypeCount\n"
                   "Available Pages: 791288 ( 3165152 Kb)\n"
                   "NonPagedPool Usage: 29559056 ( 118236224 Kb)\n"
                   "NonPagedPoolNx Usage: 32908 ( 131632 Kb)\n"
                   "NonPagedPool Max: 1561080 ( 6244320 Kb)\n"
                   "********** Excessive NonPaged Pool Usage *****\n");
    assert_false(fx_bool(label(&f, "NonPagedPool Usage"), "sane"));
    assert_int_equal(fx_count(&f, "vm_warning"), 2);
    const sc_row *r = fx_row(&f, "vm_pool", 0);
    assert_int_equal(fx_state(r, "np_pages"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "exhausted"), SC_NOT_PRINTED);
    assert_int_equal(fx_int(r, "np_max"), 1561080);
    fx_free(&f);
}

static void damage_is_seen(void **state)
{
    (void)state;
    /* a digit was lost: pages and kilobytes disagree */
    fx f = fx_read("kd> !vm\nPhysical Memory: 16268 ( 65072 Kb)\nNonPagedPool Usage: 6199 ( 24796 Kb)\n"
                   "NonPagedPool Max: 625 ( 25008 Kb)\n");
    assert_false(fx_bool(label(&f, "NonPagedPool Max"), "sane"));
    const sc_row *r = fx_row(&f, "vm_pool", 0);
    assert_int_equal(fx_state(r, "np_max"), SC_NULL);
    assert_int_equal(fx_state(r, "exhausted"), SC_NOT_PRINTED); /* of which generation it is cannot be told */
    fx_free(&f);
    /* cut before the maximum */
    f = fx_read("kd> !vm\nPhysical Memory: 16268 ( 65072 Kb)\nNonPagedPool Usage: 811 ( 3244 Kb)\n");
    r = fx_row(&f, "vm_pool", 0);
    assert_int_equal(fx_state(r, "generation"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "np_max"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "exhausted"), SC_NOT_PRINTED);
    fx_free(&f);
    /* left out in the middle, left out behind the end */
    f = fx_read("kd> !vm\nPhysical Memory: 16268 ( 65072 Kb)\n...\nCommit limit: 50570 ( 202280 Kb)\n");
    assert_false(fx_covers_all(&f, "vm"));
    fx_free(&f);
    f = fx_read("kd> !vm\nPhysical Memory: 16268 ( 65072 Kb)\nCommit limit: 50570 ( 202280 Kb)\n\n...\n");
    assert_true(fx_covers_all(&f, "vm"));
    fx_free(&f);
    /* nothing of the pool, but of commit */
    f = fx_read("kd> !vm\nCommitted pages: 45882 ( 183528 Kb)\nCommit limit: 50570 ( 202280 Kb)\n");
    r = fx_row(&f, "vm_pool", 0);
    assert_true(fx_real(r, "commit_ratio") > 0.9);
    assert_int_equal(fx_state(r, "np_pages"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void reads_old_files_without_a_blank(void **state)
{
    (void)state;
    fx f = fx_read("kd> !vm 1\n*** Virtual Memory Usage ***\n  Physical Memory:     16270   (   65080 Kb)\n"
                   "  Page File: \\??\\E:\\pagefile.sys\n     Current:     98304Kb Free Space:     61044Kb\n"
                   "Commit limit:        36256   (  145024 Kb)\n");
    assert_int_equal(fx_int(label(&f, "Current"), "kb"), 98304);
    assert_int_equal(fx_int(label(&f, "Free Space"), "kb"), 61044);
    fx_free(&f);
}

static void the_first_output_is_derived(void **state)
{
    (void)state;
    fx f = fx_read("kd> !vm\nPhysical Memory: 16268 ( 65072 Kb)\nNonPagedPool Usage: 811 ( 3244 Kb)\n"
                   "NonPagedPool Max: 6252 ( 25008 Kb)\n"
                   "kd> !vm\nPhysical Memory: 16268 ( 65072 Kb)\nNonPagedPool Usage: 6240 ( 24960 Kb)\n"
                   "NonPagedPool Max: 6252 ( 25008 Kb)\n");
    assert_int_equal(fx_count(&f, "vm_pool"), 1);
    assert_int_equal(fx_int(fx_row(&f, "vm_pool", 0), "np_pages"), 811);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(
        "1: kd> !vm\n*** Virtual Memory Usage *** Physical Memory: 4175860 ( 16703440 Kb) Page File: "
        "\\??\\C:\\pagefile.sys Current: 16703440 Kb\nNo Name for Paging File\n  Current: 1 Kb\n"
        "NonPagedPool  0:  13122 ( 52488 Kb)\n********** 5 allocations have failed ******\nCommit limit: 5 (20 Kb)\n");
    fx f = fx_read("kd> !vm\n::::: ( Kb)****** ***** Page File: Page File: \\ Current: 99999999999999999999 Kb\n"
                   "Commit limit: 18446744073709551615 (18446744073709551612 Kb)\nCommitted pages: 0 ( 0 Kb)\n");
    assert_false(fx_bool(label(&f, "Commit limit"), "sane"));
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_an_exhausted_pool),
        cmocka_unit_test(reads_one_flattened_line),
        cmocka_unit_test(reads_windows_10),
        cmocka_unit_test(a_new_pool_is_measured_against_memory),
        cmocka_unit_test(garbage_is_no_leak),
        cmocka_unit_test(damage_is_seen),
        cmocka_unit_test(reads_old_files_without_a_blank),
        cmocka_unit_test(the_first_output_is_derived),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
