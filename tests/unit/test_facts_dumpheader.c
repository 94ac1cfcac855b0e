/* .dumpdebug and dumpchk: the header of a dump, and the bug check in it. */
#include "facts_forms.h"

#include <stdio.h>

#define HEAD64                                                                                                         \
    "0: kd> .dumpdebug\n"                                                                                              \
    "----- 64 bit Kernel Summary Dump Analysis\n\n"                                                                    \
    "DUMP_HEADER64:\n"                                                                                                 \
    "MajorVersion        0000000f\n"                                                                                   \
    "MinorVersion        00001db1\n"                                                                                   \
    "KdSecondaryVersion  00000041\n"                                                                                   \
    "DirectoryTableBase  00000000`00187000\n"                                                                          \
    "PfnDataBase         fffff800`02ef7000\n"                                                                          \
    "PsLoadedModuleList  fffff800`02eb3670\n"                                                                          \
    "PsActiveProcessHead fffff800`02e95370\n"                                                                          \
    "MachineImageType    00008664\n"                                                                                   \
    "NumberProcessors    00000004\n"
#define CODE64                                                                                                         \
    "BugCheckCode        1000007e\n"                                                                                   \
    "BugCheckParameter1  ffffffff`c0000005\n"                                                                          \
    "BugCheckParameter2  fffff880`04a1b2c3\n"                                                                          \
    "BugCheckParameter3  fffff880`033a5898\n"                                                                          \
    "BugCheckParameter4  fffff880`033a50f0\n"
#define TAIL64                                                                                                         \
    "KdDebuggerDataBlock fffff800`02c550a0\n"                                                                          \
    "SecondaryDataState  00000000\n"                                                                                   \
    "ProductType         00000001\n"                                                                                   \
    "SuiteMask           00000110\n\n"                                                                                 \
    "Physical Memory Description:\n"                                                                                   \
    "Number of runs: 2\n"                                                                                              \
    "          FileOffset           Start Address           Length\n"                                                  \
    "   00000000`00002000       00000000`00001000       00000000`0009e000\n"                                           \
    "Last Page: 00000000`3fffe000       00000000`bfeff000\n"
#define WHOLE HEAD64 CODE64 TAIL64

#define X86                                                                                                            \
    "C:\\dumps> dumpchk memory.dmp\nLoading dump file memory.dmp\n----- 32 bit Kernel Mini Dump Analysis\n\n"          \
    "DUMP_HEADER32:\nMajorVersion        0000000f\nMinorVersion        00000a28\nDirectoryTableBase  00039000\n"       \
    "PfnDataBase         81000000\nPsLoadedModuleList  8054c730\nPsActiveProcessHead 80552818\n"                       \
    "MachineImageType    0000014c\nNumberProcessors    00000002\nBugCheckCode        1000008e\n"                       \
    "BugCheckParameter1  c0000005\nBugCheckParameter2  8056c8f6\nBugCheckParameter3  f5a6ab60\n"                       \
    "BugCheckParameter4  00000000\nPaeEnabled          00000001\nKdDebuggerDataBlock 8053f2e0\n"                       \
    "MiniDumpFields      00000dff\n\nTRIAGE_DUMP32:\nServicePackBuild    00000200\nSizeOfDump          00010000\n"

static void reads_a_header(void **state)
{
    (void)state;
    fx f = fx_read(WHOLE);
    assert_int_equal(fx_count(&f, "dump_header"), 1);
    const sc_row *r = fx_row(&f, "dump_header", 0);
    assert_int_equal(r->line, 2);
    assert_int_equal(r->last_line, 21);
    fx_assert_text(r, "kind", "Kernel Summary");
    assert_int_equal(fx_int(r, "bits"), 64);
    assert_int_equal(fx_int(r, "major"), 15);
    assert_int_equal(fx_int(r, "build"), 7601);
    assert_int_equal(fx_addr(r, "directory_table"), 0x187000);
    assert_int_equal(fx_addr(r, "pfn_database"), 0xfffff80002ef7000);
    assert_int_equal(fx_addr(r, "module_list"), 0xfffff80002eb3670);
    assert_int_equal(fx_addr(r, "process_list"), 0xfffff80002e95370);
    assert_int_equal(fx_int(r, "machine"), 0x8664);
    fx_assert_text(r, "arch", "x64");
    assert_int_equal(fx_int(r, "processors"), 4);
    assert_int_equal(fx_int(r, "code"), 0x1000007e);
    assert_int_equal(fx_addr(r, "arg1"), 0xffffffffc0000005);
    assert_int_equal(fx_addr(r, "arg4"), 0xfffff880033a50f0);
    assert_int_equal(fx_state(r, "pae"), SC_NOT_PRINTED);
    assert_int_equal(fx_addr(r, "debugger_data"), 0xfffff80002c550a0);
    assert_int_equal(fx_int(r, "product_type"), 1);
    assert_int_equal(f.facts->pointer_bytes, 8);
    assert_true(fx_covers_all(&f, "dump_header"));
    assert_true(f.transcript.sections[0].complete);
    assert_int_equal(f.transcript.n_sections, 1);
    fx_free(&f);
}

/* A machine that is none of Windows's is kept as a number; what the kernel never filled in is the word PAGE. */
static void fields_may_hold_anything(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> .dumpdebug\n----- 64 bit Kernel Summary Dump Analysis\n\nDUMP_HEADER64:\n"
                   "MajorVersion        0000000f\nMinorVersion        00001db1\nMachineImageType    00005064\n"
                   "NumberProcessors    00000004\nBugCheckCode        1000007e\nProductType         45474150\n");
    const sc_row *r = fx_row(&f, "dump_header", 0);
    assert_int_equal(fx_int(r, "machine"), 0x5064);
    assert_int_equal(fx_state(r, "arch"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "product_type"), SC_NULL);
    fx_free(&f);
}

static void it_names_the_bug_check(void **state)
{
    (void)state;
    fx f = fx_read(WHOLE);
    const sc_row *r = fx_row(&f, "bugcheck", 0);
    assert_int_equal(fx_int(r, "code"), 0x7e);
    assert_int_equal(fx_int(r, "original"), 0x1000007e);
    fx_assert_text(r, "source", "header");
    assert_int_equal(fx_addr(r, "arg1"), 0xffffffffc0000005);
    assert_int_equal(fx_addr(r, "arg2"), 0xfffff88004a1b2c3);
    assert_int_equal(r->line, 2);
    assert_int_equal(r->last_line, 18);
    fx_free(&f);
}

static void reads_x86(void **state)
{
    (void)state;
    fx f = fx_read(X86);
    const sc_row *r = fx_row(&f, "dump_header", 0);
    fx_assert_text(r, "kind", "Kernel Mini");
    assert_int_equal(fx_int(r, "build"), 2600);
    fx_assert_text(r, "arch", "x86");
    assert_int_equal(fx_addr(r, "arg2"), 0x8056c8f6);
    assert_true(fx_bool(r, "pae"));
    assert_int_equal(f.facts->pointer_bytes, 4);
    r = fx_row(&f, "bugcheck", 0);
    assert_int_equal(fx_int(r, "code"), 0x8e);
    assert_int_equal(fx_addr(r, "arg1"), 0xc0000005);
    assert_true(fx_covers_all(&f, "dump_header"));
    fx_free(&f);
}

static void reads_windows_nt(void **state)
{
    (void)state;
    fx f = fx_read("   Filename . . . . . . .memory.dmp\n   Signature. . . . . . .PAGE\n   ValidDump. . . . . . .DUMP\n"
                   "   MajorVersion . . . . .free system\n   MinorVersion . . . . .1057\n"
                   "   DirectoryTableBase . .0x00030000\n   MachineImageType . . .i386\n   NumberProcessors . . .12\n"
                   "   BugCheckCode . . . . .0xc000021a\n   BugCheckParameter1 . .0xe131d948\n"
                   "   BugCheckParameter2 . .0x00000000\n   BugCheckParameter3 . .0x00000000\n"
                   "   BugCheckParameter4 . .0x00000000\n");
    const sc_row *r = fx_row(&f, "dump_header", 0);
    assert_int_equal(fx_int(r, "build"), 1057);
    assert_int_equal(fx_state(r, "major"), SC_NOT_PRINTED);
    fx_assert_text(r, "arch", "x86");
    assert_int_equal(fx_int(r, "machine"), 0x14c);
    assert_int_equal(fx_int(r, "processors"), 12);
    assert_int_equal(fx_addr(r, "directory_table"), 0x30000);
    r = fx_row(&f, "bugcheck", 0);
    assert_int_equal(fx_int(r, "code"), 0xc000021a);
    assert_int_equal(fx_addr(r, "arg1"), 0xe131d948);
    assert_int_equal(fx_addr(r, "arg4"), 0);
    fx_free(&f);
}

static void stronger_sources_win(void **state)
{
    (void)state;
    fx f = fx_read(WHOLE "0: kd> .bugcheck\nBugcheck code 1000007E\nArguments ffffffff`c0000005 fffff880`04a1b2c3 "
                         "fffff880`033a5898 fffff880`033a50f0\n");
    assert_int_equal(f.transcript.n_crashes, 1);
    fx_assert_text(fx_row(&f, "bugcheck", 0), "source", "line");
    assert_int_equal(fx_count(&f, "bugcheck_seen"), 2);
    fx_free(&f);
    f = fx_read("Log Name: System\nThe computer has rebooted from a bugcheck. The bugcheck was: 0x1000007e "
                "(0xffffffffc0000005, 0xfffff88004a1b2c3, 0xfffff880033a5898, 0xfffff880033a50f0).\n" WHOLE);
    fx_assert_text(fx_row(&f, "bugcheck", 0), "source", "header");
    fx_free(&f);
}

static void another_dump_is_another_crash(void **state)
{
    (void)state;
    fx f = fx_read(WHOLE X86);
    assert_int_equal(f.transcript.n_crashes, 2);
    fx_free(&f);
    f = fx_read_crash(SC_S(WHOLE X86), NULL, 1);
    assert_int_equal(fx_int(fx_row(&f, "bugcheck", 0), "code"), 0x8e);
    fx_assert_text(fx_row(&f, "dump_header", 0), "arch", "x86");
    fx_free(&f);
}

static void a_header_without_bug_check(void **state)
{
    (void)state;
    static const char *const codes[] = {"00000000", "45474150", "5454414d"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        char text[2048];
        snprintf(text, sizeof text, "%sBugCheckCode        %s\nBugCheckParameter1  00000000`00000000\n%s", HEAD64,
                 codes[i], TAIL64);
        fx f = fx_read(text);
        assert_int_equal(fx_state(fx_row(&f, "dump_header", 0), "code"), SC_NULL);
        assert_int_equal(fx_count(&f, "bugcheck"), 0);
        fx_free(&f);
    }
}

static void knows_what_is_missing(void **state)
{
    (void)state;
    fx f = fx_read(HEAD64 "BugCheckCode        0000009f\nBugCheckParameter1  00000000`00000003\n"
                          "BugCheckParameter2  fffffa80`\n");
    const sc_row *r = fx_row(&f, "bugcheck", 0);
    assert_int_equal(fx_int(r, "code"), 0x9f);
    assert_int_equal(fx_addr(r, "arg1"), 3);
    assert_int_equal(fx_state(r, "arg2"), SC_NOT_PRINTED);
    assert_false(fx_covers_all(&f, "dump_header"));
    assert_int_equal(fx_state(fx_row(&f, "dump_header", 0), "arg2"), SC_NOT_PRINTED);
    fx_free(&f);
    f = fx_read(HEAD64 "BugCheckCode        0000009f\nBugCheckParameter1  00000000\n"); /* half a number */
    assert_int_equal(fx_state(fx_row(&f, "bugcheck", 0), "arg1"), SC_NOT_PRINTED);
    fx_free(&f);
    f = fx_read(HEAD64 "BugCheckCode        000000\n");
    assert_int_equal(fx_count(&f, "bugcheck"), 0);
    assert_int_equal(fx_state(fx_row(&f, "dump_header", 0), "code"), SC_NOT_PRINTED);
    fx_free(&f);
    f = fx_read(CODE64 TAIL64); /* the head is lost */
    assert_int_equal(fx_int(fx_row(&f, "bugcheck", 0), "code"), 0x7e);
    assert_int_equal(fx_int(fx_row(&f, "dump_header", 0), "code"), 0x1000007e);
    assert_false(fx_covers_all(&f, "dump_header"));
    fx_free(&f);
}

static void reads_all_forms(void **state)
{
    (void)state;
    fx_assert_forms(WHOLE, "dump_header", 1, 0);
    fx_assert_forms(WHOLE, "bugcheck", 1, FX_NO_TWICE);
}

static void prose_names_no_fields(void **state)
{
    (void)state;
    fx f = fx_read(
        "The BugCheckCode is at offset 0x38 of the header.\nBugCheckCode 0x0000009f is what the tool shows.\n"
        "MajorVersion 6\nMinorVersion 1\nBugCheckCode = 0x0000009f;\nuint32_t BugCheckCode;\n"
        "NumberProcessors 4\n");
    assert_int_equal(fx_count(&f, "dump_header"), 0);
    assert_int_equal(fx_count(&f, "bugcheck_seen"), 0);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(HEAD64 CODE64);
    fx_torture(X86);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_header),
        cmocka_unit_test(fields_may_hold_anything),
        cmocka_unit_test(it_names_the_bug_check),
        cmocka_unit_test(reads_x86),
        cmocka_unit_test(reads_windows_nt),
        cmocka_unit_test(stronger_sources_win),
        cmocka_unit_test(another_dump_is_another_crash),
        cmocka_unit_test(a_header_without_bug_check),
        cmocka_unit_test(knows_what_is_missing),
        cmocka_unit_test(reads_all_forms),
        cmocka_unit_test(prose_names_no_fields),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
