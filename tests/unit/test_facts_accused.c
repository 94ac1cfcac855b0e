/* Modules that stop screens and reports name, and whose the addresses among the parameters are. */
#include "facts_fixture.h"

#include <stdio.h>

static void reads_a_stop_screen(void **state)
{
    (void)state;
    fx f = fx_read(
        "*** STOP: 0x000000D1 (0x0000000000000008,0x0000000000000002,0x0000000000000000,0xFFFFF880045A1123)\n"
        "\n***  acmedisk.sys - Address FFFFF880045A1123 base at FFFFF880045A0000, DateStamp 4a5bc3b2\n");
    const sc_row *r = fx_row(&f, "accused", 0);
    fx_assert_text(r, "module", "acmedisk");
    fx_assert_text(r, "how", "stop-screen");
    assert_int_equal(fx_addr(r, "address"), 0xfffff880045a1123);
    assert_int_equal(fx_addr(r, "base"), 0xfffff880045a0000);
    assert_int_equal(fx_int(r, "offset"), 0x1123);
    assert_int_equal(fx_int(r, "stamp"), 0x4a5bc3b2);
    assert_int_equal(r->line, 3);
    r = fx_row(&f, "arg_module", 0);
    assert_int_equal(fx_count(&f, "arg_module"), 1);
    assert_int_equal(fx_int(r, "arg"), 4);
    fx_assert_text(r, "module", "acmedisk");
    fx_assert_text(r, "how", "stop-screen");
    assert_int_equal(fx_int(r, "offset"), 0x1123);
    assert_int_equal(r->line, 3);
    fx_free(&f);
    f = fx_read("*** STOP: 0x0000000A (0x00000016,0x0000001c,0x00000000,0x80503fd2)\n"
                "***  ntkrpamp.exe - Address 80503fd2 base at 804d7000\n");
    fx_assert_text(fx_row(&f, "accused", 0), "module", "ntkrpamp");
    assert_int_equal(fx_state(fx_row(&f, "accused", 0), "stamp"), SC_NOT_PRINTED);
    fx_free(&f);
}

/* Windows 2000 prints the module at the end. */
static void reads_an_older_stop_screen(void **state)
{
    (void)state;
    fx f = fx_read("*** STOP: 0x000000F2 (0xFCA7C55C, 0x817B9B28, 0x817D2AA0, 0x00000002)\n"
                   "An interrupt storm has caused the system to hang.\n"
                   "*** Address FCA7C55C base at FCA72000, Datestamp 3A72BDEF - acmedisk.sys\n");
    const sc_row *r = fx_row(&f, "accused", 0);
    fx_assert_text(r, "module", "acmedisk");
    fx_assert_text(r, "how", "stop-screen");
    assert_int_equal(fx_addr(r, "address"), 0xfca7c55c);
    assert_int_equal(fx_int(r, "offset"), 0xa55c);
    assert_int_equal(fx_int(r, "stamp"), 0x3a72bdef);
    fx_free(&f);
    f = fx_read("kd> !irql\n*** Address FCA7C55C base at FCA72000, Datestamp 3A72BDEF - the ACPI driver\n"
                "*** Address FCA7C55C base at FCA72000 - ACPI.sys\n");
    assert_int_equal(fx_count(&f, "accused"), 0);
    fx_free(&f);
}

static void reads_reports(void **state)
{
    (void)state;
    fx f = fx_read("Stop code: DRIVER IRQL NOT LESS OR EQUAL\nWhat failed: nvlddmkm.sys\n"
                   "Caused By Driver  : acmedisk.sys\nCaused By Address : acmedisk.sys+1123\n"
                   "This was probably caused by the following module: ntoskrnl.exe (nt+0x70740) \n");
    assert_int_equal(fx_count(&f, "accused"), 4);
    fx_assert_text(fx_row(&f, "accused", 0), "how", "what-failed");
    fx_assert_text(fx_row(&f, "accused", 0), "module", "nvlddmkm");
    fx_assert_text(fx_row(&f, "accused", 1), "how", "bluescreenview");
    assert_int_equal(fx_state(fx_row(&f, "accused", 1), "offset"), SC_NOT_PRINTED);
    assert_int_equal(fx_int(fx_row(&f, "accused", 2), "offset"), 0x1123);
    fx_assert_text(fx_row(&f, "accused", 3), "how", "whocrashed");
    fx_assert_text(fx_row(&f, "accused", 3), "module", "ntoskrnl");
    assert_int_equal(fx_state(fx_row(&f, "accused", 3), "address"), SC_NOT_PRINTED);
    fx_free(&f);
}

/* A photographed stop screen, typed in: nothing else tells how wide an address is. */
static void one_line_tells_itself(void **state)
{
    (void)state;
    fx f = fx_read("***  acmedisk.sys - Address FFFFF880045A1123 base at FFFFF880045A0000, DateStamp 4a5bc3b2\n");
    assert_int_equal(f.facts->pointer_bytes, 8);
    assert_true(f.transcript.sections[0].complete);
    fx_free(&f);
    f = fx_read("***  acmedisk.sys - Address F7A2EC45 base at F7A2E000, DateStamp 3b7d82f5\n");
    assert_int_equal(f.facts->pointer_bytes, 4);
    fx_free(&f);
}

static void prose_accuses_nobody(void **state)
{
    (void)state;
    fx f = fx_read(
        "What failed: everything.\nWhat failed: my .sys file\nWhat failed: .sys\n*** a.sys - Address unknown\n"
        "Caused By Driver : a man of 80\nThe driver acmedisk.sys failed.\n***  x.sys - Address 1234 base at 0\n"
        "This was probably caused by the following module\n");
    assert_int_equal(fx_count(&f, "accused"), 0);
    fx_free(&f);
}

/* Parameter 4 of a 0xD1 is an instruction: who has it is found in each way, the nearest to proof first. */
static const char bugcheck[] = "BugCheck D1, {8, 2, 0, fffff880045a1123}\n";
static const char lm[] = "0: kd> lm\nstart             end                 module name\n"
                         "fffff880`045a0000 fffff880`045b0000   acmedisk   (deferred)\n"
                         "fffff880`045b0000 fffff880`045c0000   acmenet    (deferred)\n";

static void check_owner(const char *output, const char *module, const char *how)
{
    char paste[2048];
    snprintf(paste, sizeof paste, "%s%s", bugcheck, output);
    fx f = fx_read(paste);
    if (module) {
        assert_int_equal(fx_count(&f, "arg_module"), 1);
        const sc_row *r = fx_row(&f, "arg_module", 0);
        assert_int_equal(fx_int(r, "arg"), 4);
        assert_int_equal(fx_addr(r, "address"), 0xfffff880045a1123);
        fx_assert_text(r, "module", module);
        fx_assert_text(r, "how", how);
        assert_true(r->line > 1);
    } else {
        assert_int_equal(fx_count(&f, "arg_module"), 0);
    }
    fx_free(&f);
}

static void finds_the_owner(void **state)
{
    (void)state;
    check_owner(lm, "acmedisk", "range");
    check_owner("0: kd> k\nChild-SP          RetAddr           Call Site\n"
                "fffff880`0331a720 fffff880`045a1123 nt!KiPageFault+0x260\n"
                "fffff880`0331a8b0 fffff880`04a22222 acmedisk!ReadBlock+0x23\n"
                "fffff880`0331a8e0 00000000`00000000 nt!PspSystemThreadStartup+0x5a\n",
                "acmedisk", "frame");
    check_owner("", NULL, NULL);
    check_owner("0: kd> lm\nstart             end                 module name\n"
                "fffff880`045a1124 fffff880`045b0000   acmedisk   (deferred)\n"
                "fffff880`04590000 fffff880`045a1123   acmenet    (deferred)\n",
                NULL, NULL); /* an end is the address behind the last */
}

/* Most pastes of 0x116 hold no lm; what the debugger looked up for parameter 2 stands in !analyze. */
static void parameter_is_what_analyze_looked_up(void **state)
{
    (void)state;
    fx f = fx_read("BugCheck 116, {fffffa800c3884d0, fffff88007e89410, 0, d}\n\n"
                   "Probably caused by : atikmpag.sys ( atikmpag+9410 )\n\nFollowup: MachineOwner\n");
    const sc_row *r = fx_row(&f, "arg_module", 0);
    assert_int_equal(fx_count(&f, "arg_module"), 1);
    assert_int_equal(fx_int(r, "arg"), 2);
    fx_assert_text(r, "module", "atikmpag");
    fx_assert_text(r, "how", "analyze");
    assert_int_equal(fx_int(r, "offset"), 0x9410);
    assert_int_equal(r->line, 3);
    fx_free(&f);
    f = fx_read("0: kd> !analyze -v\nVIDEO_TDR_FAILURE (116)\nArguments:\nArg1: ffffaf0a5d8d1050, context\n"
                "Arg2: fffff80376cf1c90, owner\nArg3: ffffffffc000009a, status\nArg4: 0000000000000004, data\n\n"
                "SYMBOL_NAME:  nvlddmkm+12f1c90\n\nFollowup:     MachineOwner\n---------\n");
    fx_assert_text(fx_row(&f, "arg_module", 0), "module", "nvlddmkm");
    fx_free(&f);
    f = fx_read("FAULTING_IP: \natikmpag+9410\nfffff880`07e89410 4055            push    rbp\n\n"
                "BugCheck 116, {fffffa800c3884d0, fffff88007e89410, 0, d}\n");
    r = fx_row(&f, "arg_module", 0);
    fx_assert_text(r, "module", "atikmpag");
    fx_assert_text(r, "how", "code");
    fx_free(&f);
}

/* On x86 drivers and pool share the upper half. */
static void parameter_of_an_x86_target(void **state)
{
    (void)state;
    fx f = fx_read("BugCheck 116, {8a3884d0, 8fe89410, 0, d}\n\nProbably caused by : atikmpag.sys ( atikmpag+9410 )\n");
    fx_assert_text(fx_row(&f, "arg_module", 0), "module", "atikmpag");
    fx_free(&f);
    f = fx_read("BugCheck 116, {8a3884d0, 7fe89410, 0, d}\n\nProbably caused by : atikmpag.sys ( atikmpag+9410 )\n");
    assert_int_equal(fx_count(&f, "arg_module"), 0); /* an address of a program */
    fx_free(&f);
}

static void offset_of_something_else_is_no_owner(void **state)
{
    (void)state;
    static const char *const others[] = {"atikmpag.sys ( atikmpag+9411 )", "dxgkrnl.sys ( dxgkrnl!TdrReset+9410 )",
                                         "Unknown_Image ( ANALYSIS_INCONCLUSIVE )", "atikmpag.sys ( atikmpag+410 )"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char text[200];
        snprintf(text, sizeof text,
                 "BugCheck 116, {fffffa800c3884d0, fffff88007e89410, 0, d}\n\nProbably caused by : %s\n", others[i]);
        fx f = fx_read(text);
        assert_int_equal(fx_count(&f, "arg_module"), 0);
        fx_free(&f);
    }
    fx f = fx_read("BugCheck 116, {fffffa800c389410, ffffe00007e89410, 0, 9410}\n\n" /* pool, not drivers */
                   "Probably caused by : atikmpag.sys ( atikmpag+9410 )\n");
    assert_int_equal(fx_count(&f, "arg_module"), 0);
    fx_free(&f);
    f = fx_read("BugCheck D1, {fffffa800c3884d0, fffff88007e89410, 0, fffff88007e89410}\n\n" /* an opinion */
                "Probably caused by : atikmpag.sys ( atikmpag+9410 )\n");
    assert_int_equal(fx_count(&f, "arg_module"), 0);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_stop_screen),
        cmocka_unit_test(reads_an_older_stop_screen),
        cmocka_unit_test(reads_reports),
        cmocka_unit_test(one_line_tells_itself),
        cmocka_unit_test(prose_accuses_nobody),
        cmocka_unit_test(finds_the_owner),
        cmocka_unit_test(parameter_is_what_analyze_looked_up),
        cmocka_unit_test(parameter_of_an_x86_target),
        cmocka_unit_test(offset_of_something_else_is_no_owner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
