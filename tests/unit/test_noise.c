/* What a debugger says while it works: read, and worth nothing. */
#include "engine/facts/noise.h"
#include "facts_fixture.h"

static bool noise(const char *text, const char *before)
{
    return sc_is_noise(sc_span_z(text), sc_span_z(before));
}

static void words_of_the_debugger(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "Loading Kernel Symbols",
        "  Loading User Symbols",
        "Loading unloaded module list",
        "Implicit process is now fffffa80`0361eb30",
        "Implicit thread is now 852b4040",
        "Using context of thread ffaa43a0",
        ".cache forcedecodeuser done",
        "DBGHELP: No image file available for ntkrnlmp.exe",
        "4: DBGHELP: nt - public symbols",
        "SYMSRV:  BYINDEX: 0x1",
        "Loading symbols for 0xf28d0000     videoprt.sys ->   videoprt.sys",
        "Connected to Windows 8 9600 x86 compatible target",
        "Connected to Windows 8 9200 x64 target at (Thu Oct 11 13:48:31.270 2012 (UTC - 7:00)), ptr64 TRUE",
        "Break instruction exception - code 80000003 (first chance)",
        "A fatal system error has occurred.",
        "Debugger entered on first try; Bugcheck callbacks have not been invoked.",
        "Driver Verifier: Extension abort with Error Code 0x20005",
        "Unable to enumerate user-mode unloaded modules, Win32 error 0n30",
        "Resetting default scope",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (!noise(lines[i], "")) fail_msg("not known: %s", lines[i]);
    assert_true(noise(".....", "Loading Kernel Symbols"));
    assert_true(noise(".....", "......"));
    assert_true(noise("Error String Foo should only be called at IRQL <= APC_LEVEL.",
                      "Driver Verifier: Extension abort with Error Code 0x20005"));
}

static void words_of_people(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "Loading Kernel Symbols takes an hour here",
        "Implicit process is now my problem",
        "Using context of thread one",
        "Loading symbols for everything",
        "Connected to Windows update",
        "Break instruction exception - code what",
        "A fatal system error has occurred. Again",
        ".....",
        "Error String Foo",
        "12: the twelfth line",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (noise(lines[i], "A sentence.")) fail_msg("taken: %s", lines[i]);
    assert_false(noise(".....", "..."));
}

static void commands_that_only_steer(void **state)
{
    (void)state;
    static const char *const yes[] = {"", "g", "bp", ".reload", ".RELOAD", "!sym", "~1", "~0s", ".thread", "*"};
    static const char *const no[] = {"k", "!process", "~", "~1k", "~*", "gx", "dt", "~s", ".cxr", "bl"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (!sc_only_steers(sc_span_z(yes[i]))) fail_msg("does not steer: %s", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (sc_only_steers(sc_span_z(no[i]))) fail_msg("steers: %s", no[i]);
}

/* Read, but no fact and no reason to call a paste debugger output. */
static void is_taken_apart(void **state)
{
    (void)state;
    fx f = fx_read("kd> .process /p fffffa800361eb30\nImplicit process is now fffffa80`0361eb30\n"
                   "kd> !irql\nDebugger saved IRQL for processor 0x2 -- 0 (LOW_LEVEL)\nLoading User Symbols\n.....\n"
                   "*** ERROR: Symbols could not be loaded for glintmp.sys\n"
                   "*** WARNING: symbols checksum is wrong 0x0000735a 0x00000000 for agpcpq.sys\n");
    assert_int_equal(f.facts->taken[1], SC_TAKEN_NOISE);
    assert_int_equal(f.facts->taken[3], 1);
    assert_int_equal(f.facts->taken[4], SC_TAKEN_NOISE);
    assert_int_equal(f.facts->taken[5], SC_TAKEN_NOISE);
    assert_int_equal(f.facts->n_rows, 3);
    fx_assert_text(fx_row(&f, "message", 0), "kind", "no-symbols");
    fx_assert_text(fx_row(&f, "message", 0), "module", "glintmp");
    fx_assert_text(fx_row(&f, "message", 1), "kind", "symbols-mismatch");
    fx_assert_text(fx_row(&f, "message", 1), "module", "agpcpq");
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(words_of_the_debugger), cmocka_unit_test(words_of_people),
                                       cmocka_unit_test(commands_that_only_steer), cmocka_unit_test(is_taken_apart)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
