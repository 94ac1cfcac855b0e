/* !sysinfo smbios: memory, processor, caches, and the machine. */
#include "facts_forms.h"

#define TITLE                                                                                                          \
    "0: kd> !sysinfo smbios\n[SMBIOS Data Tables v2.8]\n[DMI Version - 0]\n[2.0 Calling Convention - No]\n"            \
    "[Table Size - 2618 bytes]\n"
#define MACHINE                                                                                                        \
    "[BIOS Information (Type 0) - Length 24 - Handle 0000h]\n"                                                         \
    "  Vendor                        American Megatrends Inc.\n"                                                       \
    "  BIOS Version                  F8\n"                                                                             \
    "  BIOS Starting Address Segment f000\n"                                                                           \
    "  BIOS Release Date             09/24/2015\n"                                                                     \
    "  BIOS ROM Size                 a00000\n"                                                                         \
    "  BIOS Characteristics\n"                                                                                         \
    "       07: - PCI Supported\n"                                                                                     \
    "[System Information (Type 1) - Length 27 - Handle 0001h]\n"                                                       \
    "  Manufacturer                  Gigabyte Technology Co., Ltd.\n"                                                  \
    "  Product Name                  Z170X-Gaming 7\n"                                                                 \
    "  Version                       Default string\n"                                                                 \
    "  Serial Number                 SECRET-1\n"                                                                       \
    "  UUID                          03000200-0400-0500-0006-000700080009\n"                                           \
    "[BaseBoard Information (Type 2) - Length 15 - Handle 0002h]\n"                                                    \
    "  Manufacturer                  Gigabyte Technology Co., Ltd.\n"                                                  \
    "  Product                       Z170X-Gaming 7-CF\n"                                                              \
    "  Serial Number                 SECRET-2\n"
#define CPU                                                                                                            \
    "[Processor Information (Type 4) - Length 42 - Handle 0043h]\n"                                                    \
    "  Socket Designation            LGA1151\n"                                                                        \
    "  Processor Family              c6h - Specification Reserved\n"                                                   \
    "  Processor Manufacturer        Intel(R) Corporation\n"                                                           \
    "  Processor Version             Intel(R) Core(TM) i7-6700K CPU @ 4.00GHz\n"                                       \
    "  Processor Voltage             8ch - 1.2V\n"                                                                     \
    "  External Clock                100MHz\n"                                                                         \
    "  Max Speed                     8300MHz\n"                                                                        \
    "  Current Speed                 4200MHz\n"                                                                        \
    "  Status                        Enabled Populated\n"                                                              \
    "[Cache Information (Type 7) - Length 19 - Handle 0044h]\n"                                                        \
    "  Socket Designation            L1 Cache\n"                                                                       \
    "  Cache Configuration           0180h - WB Enabled Int NonSocketed L1\n"                                          \
    "  Maximum Cache Size            0100h - 256K\n"                                                                   \
    "  Installed Size                0100h - 256K\n"                                                                   \
    "  Error Correction Type         Parity\n"
#define ARRAY(n)                                                                                                       \
    "[Physical Memory Array (Type 16) - Length 23 - Handle 003eh]\n"                                                   \
    "  Location                      03h - SystemBoard/Motherboard\n"                                                  \
    "  Use                           03h - System Memory\n"                                                            \
    "  Memory Error Correction       03h - None\n"                                                                     \
    "  Maximum Capacity              67108864KB\n"                                                                     \
    "  Number of Memory Devices      " n "\n"
#define DIMM                                                                                                           \
    "[Memory Device (Type 17) - Length 40 - Handle 003fh]\n"                                                           \
    "  Physical Memory Array Handle  003eh\n"                                                                          \
    "  Total Width                   72 bits\n"                                                                        \
    "  Data Width                    64 bits\n"                                                                        \
    "  Size                          8192MB\n"                                                                         \
    "  Form Factor                   09h - DIMM\n"                                                                     \
    "  Device Locator                ChannelA-DIMM0\n"                                                                 \
    "  Bank Locator                  BANK 0\n"                                                                         \
    "  Memory Type                   1ah - Specification Reserved\n"                                                   \
    "  Type Detail                   0080h - Synchronous\n"                                                            \
    "  Speed                         2400MHz\n"                                                                        \
    "  Manufacturer                  Kingston\n"                                                                       \
    "  Serial Number                 SECRET-3\n"                                                                       \
    "  Asset Tag Number              9876543210\n"                                                                     \
    "  Part Number                   KHX2400C15D4/8G\n"
#define EMPTY                                                                                                          \
    "[Memory Device (Type 17) - Length 40 - Handle 0040h]\n"                                                           \
    "  Size                          [Not Populated]\n"                                                                \
    "  Device Locator                ChannelA-DIMM1\n"                                                                 \
    "  Speed                         [Unknown]\n"                                                                      \
    "  Part Number                   \n"
#define WHOLE TITLE MACHINE CPU ARRAY("2") DIMM EMPTY

static void reads_memory(void **state)
{
    (void)state;
    fx f = fx_read(WHOLE);
    assert_int_equal(fx_count(&f, "memory_device"), 2);
    const sc_row *r = fx_row(&f, "memory_device", 0);
    assert_int_equal(r->line, 46);
    assert_int_equal(r->last_line, 60);
    fx_assert_text(r, "locator", "ChannelA-DIMM0");
    fx_assert_text(r, "bank", "BANK 0");
    assert_int_equal(fx_int(r, "size_mb"), 8192);
    assert_int_equal(fx_int(r, "speed_mhz"), 2400);
    assert_int_equal(fx_state(r, "configured_mhz"), SC_NOT_PRINTED);
    fx_assert_text(r, "type", "DDR4");
    fx_assert_text(r, "form_factor", "DIMM");
    fx_assert_text(r, "manufacturer", "Kingston");
    fx_assert_text(r, "part", "KHX2400C15D4/8G");
    assert_int_equal(fx_int(r, "total_width"), 72);
    assert_int_equal(fx_int(r, "data_width"), 64);
    assert_true(fx_bool(r, "ecc"));
    r = fx_row(&f, "memory_device", 1);
    assert_int_equal(fx_state(r, "size_mb"), SC_NULL);
    assert_int_equal(fx_state(r, "speed_mhz"), SC_NULL);
    assert_int_equal(fx_state(r, "part"), SC_NULL);
    assert_int_equal(fx_state(r, "type"), SC_NULL); /* there is nothing in it */
    assert_int_equal(fx_state(r, "form_factor"), SC_NOT_PRINTED);
    assert_true(fx_covers_all(&f, "memory_device"));
    assert_false(fx_covers_all(&f, "smbios_cache")); /* others may follow */
    assert_false(f.transcript.sections[0].complete);
    fx_free(&f);
}

static void reads_processor_and_caches(void **state)
{
    (void)state;
    fx f = fx_read(WHOLE);
    const sc_row *r = fx_row(&f, "smbios_processor", 0);
    fx_assert_text(r, "socket", "LGA1151");
    fx_assert_text(r, "manufacturer", "Intel(R) Corporation");
    fx_assert_text(r, "name", "Intel(R) Core(TM) i7-6700K CPU @ 4.00GHz");
    fx_assert_text(r, "voltage", "1.2V");
    assert_int_equal(fx_int(r, "external_mhz"), 100);
    assert_int_equal(fx_int(r, "max_mhz"), 8300);
    assert_int_equal(fx_int(r, "current_mhz"), 4200);
    fx_assert_text(r, "status", "Enabled Populated");
    r = fx_row(&f, "smbios_cache", 0);
    fx_assert_text(r, "name", "L1 Cache");
    assert_int_equal(fx_int(r, "level"), 1);
    assert_true(fx_bool(r, "enabled"));
    assert_int_equal(fx_int(r, "max_kb"), 256);
    assert_int_equal(fx_int(r, "installed_kb"), 256);
    fx_assert_text(r, "correction", "Parity");
    fx_free(&f);
}

static void tells_the_machine(void **state)
{
    (void)state;
    fx f = fx_read(WHOLE);
    const sc_row *r = fx_row(&f, "machine", 0);
    assert_int_equal(fx_count(&f, "machine"), 1);
    fx_assert_text(r, "manufacturer", "Gigabyte Technology Co., Ltd.");
    fx_assert_text(r, "product", "Z170X-Gaming 7");
    fx_assert_text(r, "board", "Z170X-Gaming 7-CF");
    fx_assert_text(r, "bios_version", "F8");
    fx_assert_text(r, "bios_date", "09/24/2015");
    assert_false(fx_bool(r, "is_virtual"));
    assert_true(fx_covers_all(&f, "machine"));
    fx_free(&f);
    f = fx_read(
        "kd> !sysinfo smbios\n[System Information (Type 1) - Length 27 - Handle 0001h]\n"
        "  Manufacturer                  VMware, Inc.\n  Product Name                  VMware Virtual Platform\n");
    assert_true(fx_bool(fx_row(&f, "machine", 0), "is_virtual"));
    fx_free(&f);
}

static void keeps_no_serial_number(void **state)
{
    (void)state;
    fx f = fx_read(WHOLE);
    for (size_t i = 0; sc_table_list[i]; i++)
        for (const sc_row *r = sc_facts_first(f.facts, sc_table_list[i]); r; r = r->next)
            for (int c = 0; c < r->table->n_columns; c++) {
                if (r->table->columns[c].type != SC_TEXT || !sc_has(r, c)) continue;
                assert_true(sc_find(sc_get_text(r, c), "SECRET") == SC_NPOS);
                assert_true(sc_find(sc_get_text(r, c), "03000200") == SC_NPOS);
                assert_true(sc_find(sc_get_text(r, c), "9876543210") == SC_NPOS);
            }
    fx_free(&f);
}

static void reads_other_units(void **state)
{
    (void)state;
    fx f = fx_read(
        "kd> !sysinfo smbios -memory\n[Memory Device (Type 17) - Length 92 - Handle 0040h]\n  Size  32GB\n"
        "  Memory Type  22h - Specification Reserved\n  Speed  5600MT/s\n  Configured Memory Speed  4800MT/s\n"
        "  Manufacturer  Not Specified\n  Part Number  Unknown\n"
        "[Memory Device (Type 17) - Length 40 - Handle 0041h]\n  Size  512KB\n  Memory Type  07h - SRAM\n"
        "  Speed  0MHz\n  Size  many\n");
    const sc_row *r = fx_row(&f, "memory_device", 0);
    assert_int_equal(fx_int(r, "size_mb"), 32768);
    fx_assert_text(r, "type", "DDR5");
    assert_int_equal(fx_int(r, "speed_mhz"), 5600);
    assert_int_equal(fx_int(r, "configured_mhz"), 4800);
    assert_int_equal(fx_state(r, "manufacturer"), SC_NULL);
    assert_int_equal(fx_state(r, "part"), SC_NULL);
    assert_int_equal(fx_state(r, "ecc"), SC_NOT_PRINTED);
    r = fx_row(&f, "memory_device", 1);
    assert_int_equal(fx_int(r, "size_mb"), 0); /* less than one, but not empty */
    fx_assert_text(r, "type", "SRAM");
    assert_int_equal(fx_state(r, "speed_mhz"), SC_NULL);
    fx_free(&f);
}

static void a_cache_may_be_disabled(void **state)
{
    (void)state;
    fx f = fx_read("kd> !sysinfo smbios\n[Cache Information (Type 7) - Length 19 - Handle 0044h]\n"
                   "  Socket Designation            L2 Cache\n"
                   "  Cache Configuration           0101h - WB Disabled Int NonSocketed L2\n");
    assert_false(fx_bool(fx_row(&f, "smbios_cache", 0), "enabled"));
    fx_free(&f);
}

static void knows_what_is_missing(void **state)
{
    (void)state;
    static const char *const cut[] = {
        TITLE ARRAY("3") DIMM EMPTY,
        TITLE ARRAY("1") "[Memory Device (Type 17) - Length 40 - Handle 003fh]\n  Size  8192MB\n", TITLE DIMM,
        TITLE ARRAY("1") "[...]\n" DIMM};
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        fx f = fx_read(cut[i]);
        assert_true(fx_count(&f, "memory_device") >= 1);
        assert_false(fx_covers_all(&f, "memory_device"));
        fx_free(&f);
    }
    fx f = fx_read(WHOLE "[End of Table (Type 127) - Length 4 - Handle 0050h]\n");
    assert_true(f.transcript.sections[0].complete);
    assert_true(fx_covers_all(&f, "smbios_cache"));
    fx_free(&f);
    f = fx_read("Mini Kernel Dump File: Only registers and stack trace are available\n\n" WHOLE
                "[End of Table (Type 127) - Length 4 - Handle 0050h]\n"); /* holds them too */
    assert_true(fx_covers_all(&f, "smbios_cache"));
    assert_true(fx_covers_all(&f, "smbios_processor"));
    fx_free(&f);
}

static void reads_all_forms(void **state)
{
    (void)state;
    fx_assert_forms(WHOLE, "memory_device", 2, 0);
    fx_assert_forms(WHOLE, "smbios_cache", 1, 0);
    fx_assert_forms(WHOLE, "machine", 1, 0);
    fx f = fx_read("kd> !sysinfo smbios\n[Memory Device (Type 17) - Length 40 - Handle 003fh] Total Width 64 bits Data "
                   "Width 64 bits Size 8192MB Device Locator DIMM_A1 Manufacturer Samsung Part Number M378A1K43CB2-CTD "
                   "[Memory Device (Type 17) - Length 40 - Handle 0040h] Size [Not Populated]\n");
    const sc_row *r = fx_row(&f, "memory_device", 0);
    fx_assert_text(r, "part", "M378A1K43CB2-CTD");
    fx_assert_text(r, "locator", "DIMM_A1");
    assert_false(fx_bool(r, "ecc"));
    assert_int_equal(fx_state(fx_row(&f, "memory_device", 1), "size_mb"), SC_NULL);
    fx_free(&f);
}

static void prose_is_no_table(void **state)
{
    (void)state;
    fx f = fx_read("I read about [Memory Device (Type 17) in the standard.\nSize 8192MB\nSpeed 2400MHz\n"
                   "[Table Size matters]\nManufacturer Kingston\n");
    assert_int_equal(fx_count(&f, "memory_device"), 0);
    assert_int_equal(fx_count(&f, "machine"), 0);
    fx_free(&f);
    f = fx_read("kd> !sysinfo smbios\n[OEM Data (Type 255) - Length 8 - Handle 0051h]\n"
                "[OEM Data (Type 256) - Length 8 - Handle 0052h]\n"); /* a type is one byte */
    assert_true(f.facts->taken[1]);
    assert_false(f.facts->taken[2]);
    fx_free(&f);
    f = fx_read("kd> !sysinfo cpuinfo\n[CPU Information]\n~MHz = REG_DWORD 3206\nSize 8192MB\n"
                "ProcessorNameString = REG_SZ AMD Phenom(tm) II X4 840 Processor\n");
    assert_int_equal(fx_count(&f, "cpu"), 1);
    assert_true(f.transcript.sections[0].complete);
    fx_free(&f);
}

static void several_in_one_paste(void **state)
{
    (void)state;
    fx f = fx_read(WHOLE
                   "0: kd> !sysinfo machineid\nMachine ID Information [From Smbios 2.8, DMIVersion 0, Size=2618]\n"
                   "SystemManufacturer = Dell Inc.\nSystemProductName = XPS\n");
    assert_int_equal(fx_count(&f, "machine"), 2);
    assert_true(f.transcript.sections[1].complete);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(TITLE CPU ARRAY("2") DIMM);
    fx f = fx_read("kd> !sysinfo smbios\n[X (Type 256) - Length 1 - Handle 0000h]\n[X (Type 17) - Length "
                   "99999999999999999999 - Handle 0000h]\n[Y (Type 17) - Length 4 - Handle 0001h]\nSize "
                   "99999999999999999999MB\nTotal Width 4294967296 bits\nMemory Type fffffffffffffffffh - x\n");
    assert_int_equal(fx_count(&f, "memory_device"), 1);
    assert_int_equal(fx_state(fx_row(&f, "memory_device", 0), "size_mb"), SC_NOT_PRINTED);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_memory),          cmocka_unit_test(reads_processor_and_caches),
        cmocka_unit_test(tells_the_machine),     cmocka_unit_test(keeps_no_serial_number),
        cmocka_unit_test(reads_other_units),     cmocka_unit_test(a_cache_may_be_disabled),
        cmocka_unit_test(knows_what_is_missing), cmocka_unit_test(reads_all_forms),
        cmocka_unit_test(prose_is_no_table),     cmocka_unit_test(several_in_one_paste),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
