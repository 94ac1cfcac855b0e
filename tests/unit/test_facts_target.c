/* The header of a dump and vertarget: whole, without a prompt, flattened, old, hostile; no machine's name is kept. */
#include "facts_fixture.h"

static const char header[] = "\n"
                             "Microsoft (R) Windows Debugger Version 10.0.22621.2428 AMD64\n"
                             "Copyright (c) Microsoft Corporation. All rights reserved.\n"
                             "\n"
                             "\n"
                             "Loading Dump File [C:\\Windows\\Minidump\\110221-9046-01.dmp]\n"
                             "Mini Kernel Dump File: Only registers and stack trace are available\n"
                             "\n"
                             "Symbol search path is: srv*\n"
                             "Executable search path is: \n"
                             "Windows 7 Kernel Version 7601 (Service Pack 1) MP (4 procs) Free x64\n"
                             "Product: WinNt, suite: TerminalServer SingleUserTS\n"
                             "Built by: 7601.24545.amd64fre.win7sp1_ldr_escrow.200102-1707\n"
                             "Machine Name:\"SECRET\"\n"
                             "Kernel base = 0xfffff800`02a5e000 PsLoadedModuleList = 0xfffff800`02c9be90\n"
                             "Debug session time: Thu Oct  1 14:13:42.872 2026 (UTC - 5:00)\n"
                             "System Uptime: 2 days 3:02:09.764\n"
                             "Loading Kernel Symbols\n"
                             "...............................................................\n"
                             "Loading User Symbols\n";

static void check_header(fx *f)
{
    assert_int_equal(fx_count(f, "target"), 1);
    const sc_row *r = fx_row(f, "target", 0);
    fx_assert_text(r, "debugger", "10.0.22621.2428");
    fx_assert_text(r, "dump", "mini");
    fx_assert_text(r, "system", "Windows 7");
    assert_int_equal(fx_int(r, "build"), 7601);
    assert_int_equal(fx_int(r, "service_pack"), 1);
    assert_int_equal(fx_int(r, "processors"), 4);
    assert_false(fx_bool(r, "checked"));
    fx_assert_text(r, "arch", "x64");
    fx_assert_text(r, "product", "WinNt");
    fx_assert_text(r, "built_by", "7601.24545.amd64fre.win7sp1_ldr_escrow.200102-1707");
    assert_int_equal(fx_addr(r, "kernel_base"), 0xfffff80002a5e000);
    assert_int_equal(fx_addr(r, "module_list"), 0xfffff80002c9be90);
    assert_true(fx_real(r, "uptime") > 183729.76 && fx_real(r, "uptime") < 183729.77);
    assert_true(fx_covers_all(f, "target"));
    for (int i = 0; i < r->table->n_columns; i++)
        if (r->table->columns[i].type == SC_TEXT && sc_has(r, i))
            assert_true(sc_find(sc_get_text(r, i), "SECRET") == SC_NPOS && sc_find(sc_get_text(r, i), "\\") == SC_NPOS);
}

static void reads_the_header(void **state)
{
    (void)state;
    fx f = fx_read(header);
    check_header(&f);
    fx_assert_text(fx_row(&f, "target", 0), "session_time", "Thu Oct  1 14:13:42.872 2026 (UTC - 5:00)");
    assert_int_equal(f.facts->pointer_bytes, 8);
    assert_int_equal(fx_count(&f, "message"), 1); /* the minidump */
    fx_free(&f);
    char flat[sizeof header]; /* on one line */
    strcpy(flat, header);
    for (char *p = flat; *p; p++)
        if (*p == '\n') *p = ' ';
    f = fx_read(flat);
    assert_int_equal(fx_count(&f, "target"), 1);
    assert_int_equal(fx_int(fx_row(&f, "target", 0), "build"), 7601);
    fx_assert_text(fx_row(&f, "target", 0), "product", "WinNt");
    fx_free(&f);
}

static void reads_other_systems(void **state)
{
    (void)state;
    static const struct {
        const char *line, *system, *arch;
        int build, processors;
        bool checked;
    } cases[] = {
        {"Windows XP Kernel Version 2600 (Service Pack 3) UP Free x86 compatible", "Windows XP", "x86", 2600, 1, false},
        {"Windows Server 2003 Kernel Version 3790 MP (8 procs) Checked x86 compatible", "Windows Server 2003", "x86",
         3790, 8, true},
        {"Windows 10 Kernel Version 26100 MP (16 procs) Free x64", "Windows 10", "x64", 26100, 16, false},
        {"Windows 10 Kernel Version 22621 MP (8 procs) Free ARM 64-bit (AArch64)", "Windows 10", "arm64", 22621, 8,
         false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char paste[256] = "kd> vertarget\n";
        strcat(paste, cases[i].line);
        strcat(paste, "\nSystem Uptime: 0 days 0:00:20.534\n");
        fx f = fx_read(paste);
        const sc_row *r = fx_row(&f, "target", 0);
        fx_assert_text(r, "system", cases[i].system);
        fx_assert_text(r, "arch", cases[i].arch);
        assert_int_equal(fx_int(r, "build"), cases[i].build);
        assert_int_equal(fx_int(r, "processors"), cases[i].processors);
        assert_int_equal(fx_bool(r, "checked"), cases[i].checked);
        assert_int_equal(fx_state(r, "dump"), SC_NOT_PRINTED);
        fx_free(&f);
    }
}

static void dumps_have_kinds(void **state)
{
    (void)state;
    static const char *const kinds[][2] = {
        {"Kernel Summary Dump File: Kernel address space is available, User address space may not be available.",
         "kernel"},
        {"Kernel Bitmap Dump File: Full address space is available", "bitmap"},
        {"Kernel Complete Dump File: Full address space is available", "complete"},
        {"User Mini Dump File with Full Memory: Only application data is available", "user"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        fx f = fx_read(kinds[i][0]);
        fx_assert_text(fx_row(&f, "target", 0), "dump", kinds[i][1]);
        assert_false(fx_covers_all(&f, "target"));
        fx_free(&f);
    }
}

static void prose_is_no_header(void **state)
{
    (void)state;
    fx f = fx_read("Windows 7 Kernel Version of the driver is old.\nProduct: a modem\nSystem Uptime: long\n"
                   "Kernel base = the foundation\nMini Kernel Dump Files are small\nBuilt by: me\n"
                   "Microsoft (R) Windows is a name\n");
    assert_int_equal(fx_count(&f, "target"), 0);
    fx_free(&f);
    f = fx_read("kd> vertarget\nSystem Uptime: 1 days 99:00:00\nKernel base = 0x12\n");
    assert_false(fx_covers_all(&f, "target"));
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(header);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_header),   cmocka_unit_test(reads_other_systems), cmocka_unit_test(dumps_have_kinds),
        cmocka_unit_test(prose_is_no_header), cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
