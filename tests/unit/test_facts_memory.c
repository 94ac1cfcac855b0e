/* !pool, !poolfind, !poolval, !pte, !pfn, !address, !vprot, !memusage, !sysptes (engine/facts/pool.c, pte.c, address.c,
 * memory_list.c). */
#include "tests/unit/facts_forms.h"

/* Samples pool--pool-61 and pool--miscellaneous-checks-151. */
static const char pool[] = "kd> !pool e1001050 \n"
                           "Pool page e1001050 region is Paged pool\n"
                           " e1001000 size:   40 previous size:    0  (Allocated)  MmDT\n"
                           " e1001040 size:   10 previous size:   40  (Free)       Mm  \n"
                           "*e1001050 size:   10 previous size:   10  (Allocated) *ObDi\n"
                           "\t\tPooltag ObDi : object directory, Binary : nt!ob\n";
static const char poolfind[] = "kd> !poolfind SeSd 0\n\n"
                               "Scanning large pool allocation table for Tag: SeSd (827d1000 : 827e9000)\n\n"
                               "Searching NonPaged pool (823b1000 : 82800000) for Tag: SeSd\n\n"
                               "826fa130 size:   c0 previous size:   40  (Allocated) SeSd\n"
                               "82712000 size:   c0 previous size:    0  (Allocated) SeSd\n";
static const char poolval[] = "0: kd> !poolval fffffa8003f42000\n"
                              "Pool page fffffa8003f42000 region is Nonpaged pool\n\n"
                              "Validating Pool headers for pool page: fffffa8003f42000\n\n"
                              "Pool page [ fffffa8003f42000 ] is __inVALID.\n\n"
                              "Analyzing linked list...\n"
                              "[ fffffa8003f42000 --> fffffa8003f42190 (size = 0x190 bytes)]: Corrupt region\n";
static const char pte[] =
    "1: kd> !pte fffff803`5b2be43c\n"
    "                                           VA fffff8035b2be43c\n"
    "PXE at FFFFF6FB7DBEDF80    PPE at FFFFF6FB7DBF0068    PDE at FFFFF6FB7E00D6C8    PTE at FFFFF6FC01AD95F0\n"
    "contains 0000000000384063  contains 0000000000345063  contains 000000000034D063  contains 00000000020BE121\n"
    "pfn 384       ---DA--KWEV  pfn 345       ---DA--KWEV  pfn 34d       ---DA--KWEV  pfn 20be      -G--A--KREV\n";
/* Sample pte--pfn-42. */
static const char pfn[] = "kd> !pfn 154\n"
                          "    PFN 00000154 at address 82351FE0\n"
                          "    flink       00000000  blink / share count 00000001  pteaddress C0200550\n"
                          "    reference count 0001                                 color 0\n"
                          "    restore pte 00000060  containing page        00003B  Active     M     \n"
                          "    Modified          \n";
/* Sample address_k--bug-check-0x50-page-fault-in-nonpaged-area-176. */
static const char address[] = "2: kd> !address fffff80240d322f9\n"
                              "Usage:                  Module\n"
                              "Base Address:           fffff802`40ca8000\n"
                              "End Address:            fffff802`415fb000\n"
                              "Region Size:            00000000`00953000\n"
                              "VA Type:                BootLoaded\n"
                              "Module name:            ntoskrnl.exe\n"
                              "Module path:            [\\SystemRoot\\system32\\ntoskrnl.exe]\n";
/* Sample memusage--memusage-59. */
static const char usage[] = "kd> !memusage\n"
                            "loading PFN database\n"
                            "loading (100% complete)\n"
                            "             Zeroed:      218 (     872 kb)\n"
                            "       Active/Valid:   321846 ( 1287384 kb)\n"
                            "                Bad:        0 (       0 kb)\n"
                            "              TOTAL:   503644 ( 2014576 kb)\n";
static const char files[] = "kd> !memusage\n"
                            "              TOTAL:   503644 ( 2014576 kb)\n"
                            "  Usage Summary (in Kb):\n"
                            "Control Valid Standby Dirty Shared Locked PageTables  name\n"
                            "ff8636e8    56    376     8     0     0     0  mapped_file( browseui.dll )\n"
                            "ff8ec848     4      0     0     0     0     0    No Name for File\n";
/* Sample sysptes--sysptes-59. */
static const char ptes[] = "kd> !sysptes 1\n\n"
                           "System PTE Information\n"
                           "  Total System Ptes 571224\n"
                           "     SysPtes list of size 1 has 361 free\n"
                           "    starting PTE: fffffe0059388000\n"
                           "  free blocks: 3   total free: 552337    largest free block: 551557\n";

static void reads_pool(void **state)
{
    (void)state;
    fx f = fx_read(pool);
    const sc_row *b = fx_row(&f, "pool_block", 2);
    fx_assert_text(b, "tag", "ObDi");
    assert_int_equal(fx_int(b, "size"), 0x10);
    assert_true(fx_bool(b, "asked") && !fx_bool(b, "is_free"));
    fx_assert_text(b, "description", "object directory");
    fx_assert_text(b, "binary", "nt!ob");
    assert_true(fx_bool(fx_row(&f, "pool_block", 1), "is_free"));
    fx_assert_text(fx_row(&f, "pool_block", 1), "tag", "Mm");
    fx_assert_text(fx_row(&f, "pool_page", 0), "region", "Paged pool");
    fx_free(&f);
    fx_assert_forms(pool, "pool_block", 3, 0);
    fx_assert_forms(poolfind, "pool_block", 2, FX_NO_FLAT);
    f = fx_read("0: kd> !pool fffff8a001a4c010 1\nPool page fffff8a001a4c010 region is Paged pool\n"
                "*fffff8a001a4c000 size:   10 previous size:    0  (Allocated) *ObDi\n"
                "    fffff8a001a4c010  0000000000000000 fffff8a000004c60\n");
    assert_true(f.facts->taken[3]);
    fx_free(&f);
    char *cut = fx_cut(pool, 4);
    assert_int_equal(fx_rows_of(cut, "pool_block"), 1);
    free(cut);
}

static void reads_validation(void **state)
{
    (void)state;
    fx f = fx_read(poolval);
    const sc_row *r = fx_row(&f, "pool_page", 0);
    assert_int_equal(fx_count(&f, "pool_page"), 1);
    assert_false(fx_bool(r, "valid"));
    assert_true(fx_addr(r, "corrupt_from") == 0xfffffa8003f42000u);
    assert_int_equal(fx_int(r, "corrupt_bytes"), 0x190);
    fx_assert_text(r, "region", "Nonpaged pool");
    fx_free(&f);
    f = fx_read("0: kd> !poolval fffffa8003f42000\nPool page fffffa8003f42000 region is Nonpaged pool\n\n"
                "Validating Pool headers for pool page: fffffa8003f42000\n\n"
                "Pool page [ fffffa8003f42000 ] is VALID.\n");
    r = fx_row(&f, "pool_page", 0);
    assert_true(fx_bool(r, "valid"));
    assert_int_equal(fx_state(r, "corrupt_from"), SC_NULL);
    fx_free(&f);
}

static void reads_pte(void **state)
{
    (void)state;
    fx f = fx_read(pte);
    assert_int_equal(fx_count(&f, "pte"), 4);
    const sc_row *r = fx_row(&f, "pte", 3);
    fx_assert_text(r, "level", "PTE");
    assert_true(fx_addr(r, "address") == 0xfffff8035b2be43cu);
    assert_int_equal(fx_int(r, "pfn"), 0x20be);
    fx_assert_text(r, "flags", "-G--A--KREV");
    assert_true(fx_bool(r, "valid"));
    assert_true(fx_covers_int(&f, "pte", (int64_t)0xfffff8035b2be43cu));
    fx_free(&f);
    fx_assert_forms(pte, "pte", 4, 0);
    f = fx_read(
        "1: kd> !pte ffffc000`00000000\n                                           VA ffffc00000000000\n"
        "PXE at FFFFF6FB7DBEDC00    PPE at FFFFF6FB7DB80000    PDE at FFFFF6FB70000000    PTE at FFFFF6E000000000\n"
        "contains 0000000000384063  contains 0000000000000000\n"
        "pfn 384       ---DA--KWEV  not valid\n");
    assert_false(fx_bool(fx_row(&f, "pte", 1), "valid"));
    assert_int_equal(fx_state(fx_row(&f, "pte", 1), "pfn"), SC_NULL);
    assert_int_equal(fx_state(fx_row(&f, "pte", 3), "valid"), SC_NOT_PRINTED);
    assert_true(fx_covers_int(&f, "pte", (int64_t)0xffffc00000000000u));
    fx_free(&f);
    f = fx_read(
        "1: kd> !pte ffffc000`00000000\n                                           VA ffffc00000000000\n"
        "PXE at FFFFF6FB7DBEDC00    PPE at FFFFF6FB7DB80000    PDE at FFFFF6FB70000000    PTE at FFFFF6E000000000\n"
        "contains 0000000000384063  contains 0000000000000000\n");
    r = fx_row(&f, "pte", 1); /* nothing is what it says, wherever the paste ends */
    assert_false(fx_bool(r, "valid"));
    assert_int_equal(fx_state(r, "pfn"), SC_NULL);
    assert_int_equal(fx_state(r, "flags"), SC_NULL);
    assert_int_equal(fx_state(fx_row(&f, "pte", 0), "pfn"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void reads_pfn(void **state)
{
    (void)state;
    fx f = fx_read(pfn);
    const sc_row *r = fx_row(&f, "pfn", 0);
    assert_int_equal(fx_int(r, "pfn"), 0x154);
    assert_int_equal(fx_int(r, "references"), 1);
    fx_assert_text(r, "list", "Active");
    assert_true(fx_bool(r, "modified"));
    assert_true(fx_covers_int(&f, "pfn", 0x154));
    fx_free(&f);
    fx_assert_forms(pfn, "pfn", 1, 0);
}

static void reads_regions(void **state)
{
    (void)state;
    fx f = fx_read(address);
    const sc_row *r = fx_row(&f, "address_region", 0);
    fx_assert_text(r, "usage", "Module");
    fx_assert_text(r, "module", "ntoskrnl");
    fx_assert_text(r, "path", "\\SystemRoot\\system32\\ntoskrnl.exe");
    assert_int_equal(fx_int(r, "size"), 0x953000);
    fx_free(&f);
    fx_assert_forms(address, "address_region", 1, 0);
    f = fx_read("kd> !vprot 30c191c\nBaseAddress: 030c1000\nAllocationBase: 030c0000\n"
                "AllocationProtect: 00000080 PAGE_EXECUTE_WRITECOPY\nRegionSize: 00011000\n"
                "State: 00001000 MEM_COMMIT\nProtect: 00000010 PAGE_EXECUTE\nType: 01000000 MEM_IMAGE\n");
    r = fx_row(&f, "address_region", 0);
    fx_assert_text(r, "protect", "PAGE_EXECUTE");
    fx_assert_text(r, "state", "MEM_COMMIT");
    fx_free(&f);
    /* sample address_k--static-tools-and-codeql-97: another program's help */
    assert_int_equal(fx_rows_of("Usage: codeql <command> <argument>...\nCommon options:\n  --help\n", "address_region"),
                     0);
}

static void reads_lists(void **state)
{
    (void)state;
    fx f = fx_read(usage);
    assert_int_equal(fx_int(fx_find_text(&f, "memory_list", "label", "TOTAL"), "kb"), 2014576);
    assert_true(fx_covers_text(&f, "memory_list", "Bad"));
    fx_free(&f);
    fx_assert_forms(usage, "memory_list", 4, 0);
    f = fx_read(files);
    const sc_row *r = fx_row(&f, "memory_file", 0);
    assert_int_equal(fx_addr(r, "control_area"), 0xff8636e8);
    assert_int_equal(fx_int(r, "valid_kb"), 56);
    assert_int_equal(fx_int(r, "standby_kb"), 376);
    assert_int_equal(fx_int(r, "dirty_kb"), 8);
    fx_assert_text(r, "name", "browseui.dll");
    assert_int_equal(fx_state(fx_row(&f, "memory_file", 1), "name"), SC_NULL);
    assert_int_equal(fx_count(&f, "memory_file"), 2);
    assert_false(fx_covers_all(&f, "memory_file")); /* the largest ones */
    assert_non_null(sc_facts_table(f.facts, fx_table("memory_file"))->covered);
    fx_free(&f);
    f = fx_read(ptes);
    assert_int_equal(fx_int(fx_row(&f, "system_pte", 0), "total"), 571224);
    assert_int_equal(fx_int(fx_row(&f, "system_pte", 0), "largest_free"), 551557);
    assert_true(fx_covers_all(&f, "system_pte"));
    fx_free(&f);
    fx_assert_forms(ptes, "system_pte", 1, 0);
}

static void noise(void **state)
{
    (void)state;
    static const char *const texts[] = {pool, poolfind, poolval, pte, pfn, address, usage, ptes};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) fx_torture(texts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_pool), cmocka_unit_test(reads_validation), cmocka_unit_test(reads_pte),
        cmocka_unit_test(reads_pfn),  cmocka_unit_test(reads_regions),    cmocka_unit_test(reads_lists),
        cmocka_unit_test(noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
