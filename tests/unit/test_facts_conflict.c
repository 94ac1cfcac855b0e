/* What two outputs of one crash tell differently. */
#include "tests/unit/facts_fixture.h"

#include <stdio.h>

#define KERNEL(start, end)                                                                                             \
    "start             end                 module name\n" start " " end "   nt         (pdb symbols)          "        \
    "nt.pdb\n"

static const char first[] = "0: kd> lm m nt\n" KERNEL("fffff803`2a295000", "fffff803`2ab4b000");
static const char same[] = "0: kd> lm m nt\n" KERNEL("fffff803`2a295000", "fffff803`2ab4b000");
static const char other[] = "0: kd> lm m nt\n" KERNEL("fffff801`5ee8b000", "fffff801`5f741000");
static const char header[] = "Windows 10 Kernel Version 19041 MP (8 procs) Free x64\n"
                             "Kernel base = 0xfffff802`11e00000 PsLoadedModuleList = 0xfffff802`12a2a2b0\n\n";

static fx read_all(const char *a, const char *b, const char *c)
{
    char paste[4096];
    snprintf(paste, sizeof paste, "%s%s%s", a, b, c);
    return fx_read(paste);
}

static void kernels(void **state)
{
    (void)state;
    fx f = read_all(first, same, "");
    assert_int_equal(fx_count(&f, "conflict"), 0);
    assert_true(fx_covers_all(&f, "conflict"));
    fx_free(&f);
    f = read_all(first, other, other);
    assert_int_equal(fx_count(&f, "conflict"), 2);
    const sc_row *r = fx_row(&f, "conflict", 0);
    fx_assert_text(r, "what", "kernel base");
    fx_assert_text(r, "one", "0xfffff8032a295000");
    fx_assert_text(r, "other", "0xfffff8015ee8b000");
    assert_int_equal(fx_int(r, "first_line"), 3);
    assert_int_equal(r->line, 6);
    fx_free(&f);
    f = read_all(header, first, "");
    r = fx_row(&f, "conflict", 0);
    assert_int_equal(fx_int(r, "first_line"), 1);
    fx_assert_text(r, "one", "0xfffff80211e00000");
    fx_assert_text(r, "other", "0xfffff8032a295000");
    fx_free(&f);
    f = read_all(first, header, "");
    fx_assert_text(fx_row(&f, "conflict", 0), "one", "0xfffff8032a295000");
    fx_free(&f);
}

/* A kernel that went away, and modules that may be loaded anew, prove nothing. */
static void others_may_move(void **state)
{
    (void)state;
    fx f = read_all("0: kd> lm\nstart             end                 module name\n"
                    "fffff803`2a295000 fffff803`2a2a5000   acme       (no symbols)\n",
                    "0: kd> lm\nstart             end                 module name\n"
                    "fffff803`3a295000 fffff803`3a2a5000   acme       (no symbols)\n",
                    "");
    assert_int_equal(fx_count(&f, "module"), 2);
    assert_int_equal(fx_count(&f, "conflict"), 0);
    fx_free(&f);
}

static void builds(void **state)
{
    (void)state;
    fx f = read_all("Windows 10 Kernel Version 19041 MP (8 procs) Free x64\n\n0: kd> vertarget\n",
                    "Windows 10 Kernel Version 22621 MP (8 procs) Free x64\n", "");
    const sc_row *r = fx_find_text(&f, "conflict", "what", "kernel build");
    fx_assert_text(r, "one", "0x4a61");
    fx_assert_text(r, "other", "0x585d");
    fx_free(&f);
}

#define TRAP(ip)                                                                                                       \
    "0: kd> .trap 0xffffa50c1f7e6890\nrax=0000000000000000 rbx=0000000000000000 rcx=ffffb90f6a112340\n"                \
    "rip=" ip " rsp=ffffa50c1f7e6a20 rbp=ffffa50c1f7e6b20\n"

static void contexts(void **state)
{
    (void)state;
    fx f = read_all(TRAP("fffff80d1c4a1d34"), TRAP("fffff80d1c4a1d34"), "");
    assert_int_equal(fx_count(&f, "conflict"), 0);
    fx_free(&f);
    f = read_all(TRAP("fffff80d1c4a1d34"), TRAP("fffff80d1c4a1d34"), TRAP("fffff80d1c4a1e40"));
    assert_int_equal(fx_count(&f, "conflict"), 1);
    const sc_row *r = fx_row(&f, "conflict", 0);
    fx_assert_text(r, "what", "context");
    assert_int_equal(fx_int(r, "first_line"), 2);
    fx_free(&f);
    /* one that was cut before its instruction pointer tells nothing, neither as the first nor as the second */
    static const char cut[] = "0: kd> .trap 0xffffa50c1f7e6890\nrax=0000000000000000 rbx=0000000000000000\n";
    f = read_all(cut, TRAP("fffff80d1c4a1d34"), cut);
    assert_int_equal(fx_count(&f, "context"), 3);
    assert_int_equal(fx_count(&f, "conflict"), 0);
    fx_free(&f);
}

static void machine_checks(void **state)
{
    (void)state;
    static const char record[] = "0: kd> !errrec fffffa80031f8028\n"
                                 "===============================================================================\n"
                                 "Section 2     : x86/x64 MCA\n"
                                 "-------------------------------------------------------------------------------\n"
                                 "Error         : DCACHEL1_DRD_ERR (Proc 0 Bank 0)\n";
    fx f = read_all("BugCheck 124, {0, fffffa80031f8028, b6472000, 1a000135}\n\n", record,
                    "  Status      : 0xb64720001a000135\n");
    assert_int_equal(fx_count(&f, "conflict"), 0);
    fx_free(&f);
    f = read_all("BugCheck 124, {0, fffffa80031f8028, b6472000, 1a000135}\n\n", record,
                 "  Status      : 0xb64720001a000151\n");
    const sc_row *r = fx_find_text(&f, "conflict", "what", "machine check");
    fx_assert_text(r, "one", "0xb64720001a000135");
    fx_assert_text(r, "other", "0xb64720001a000151");
    fx_free(&f);
}

/* Parameters in prose and on an x64 stack are not held against those of the debugger. */
static void weak_sources(void **state)
{
    (void)state;
    fx f = read_all("My machine stops with 0x0000009F (0x00000004, 0, 0, 0) every day.\n\n",
                    "BugCheck 9F, {3, ffffe0018a0f4030, fffff8035a3c7a60, ffffe0018f1e2b10}\n\n",
                    "0: kd> kv\nChild-SP          RetAddr           : Args to Child : Call Site\n"
                    "fffff803`5a3c7a08 fffff803`5861a2a9 : 00000000`0000009f 00000000`00000003 ffffe001`8a0f4031 "
                    "fffff803`5a3c7a60 : nt!KeBugCheckEx\n");
    assert_int_equal(fx_count(&f, "conflict"), 0);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    char paste[2048];
    snprintf(paste, sizeof paste, "%s%s%s%s", header, first, other, TRAP("fffff80d1c4a1d34"));
    fx_torture(paste);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels),           cmocka_unit_test(others_may_move), cmocka_unit_test(builds),
        cmocka_unit_test(contexts),          cmocka_unit_test(machine_checks),  cmocka_unit_test(weak_sources),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
