/* Pastes of user mode without a prompt are told from those of the kernel by what they show. */
#include "facts_fixture.h"

/* 1: every section is of user mode, 0: none is, -1: some, or there is no section */
static int user_mode_of(const char *paste)
{
    static const sc_ref_bugcheck codes[] = {{0x50, "PAGE_FAULT_IN_NONPAGED_AREA", false}};
    static const sc_knowledge known = {.bugchecks = codes, .n_bugchecks = 1};
    fx f = fx_read_crash(sc_span_z(paste), &known, 0);
    size_t n = 0;
    for (size_t i = 0; i < f.transcript.n_sections; i++) n += f.transcript.sections[i].user_mode;
    int mode = !f.transcript.n_sections ? -1 : n == f.transcript.n_sections ? 1 : n ? -1 : 0;
    fx_free(&f);
    return mode;
}

#define USER_X86                                                                                                       \
    "eax=00000000 ebx=00d81eb0 ecx=77f7e257 edx=0006fa18 esi=00000008 edi=00c81000\n"                                  \
    "eip=77f7e098 esp=0006fc48 ebp=0006fc5c iopl=0         nv up ei pl zr na po nc\n"                                  \
    "cs=001b  ss=0023  ds=0023  es=0023  fs=0038  gs=0000             efl=00000246\n"                                  \
    "ntdll!DbgBreakPoint:\n77f7e098 cc               int     3\n"
#define KERNEL_X86                                                                                                     \
    "eax=00000000 ebx=8e1f0000 ecx=77f7e257 edx=0006fa18 esi=00000008 edi=00c81000\n"                                  \
    "eip=8e1f7098 esp=80550c48 ebp=80550c5c iopl=0         nv up ei pl zr na po nc\n"                                  \
    "cs=0008  ss=0010  ds=0023  es=0023  fs=0030  gs=0000             efl=00000246\n"                                  \
    "acme!Read+0x3:\n8e1f7098 cc               int     3\n"
#define USER_X64                                                                                                       \
    " # Child-SP          RetAddr               Call Site\n"                                                           \
    "00 00000054`b71ffb78 00007ffe`1ee672ae     ntdll!DbgBreakPoint\n"                                                 \
    "01 00000054`b71ffb80 00007ffe`1e2a3e2d     ntdll!DbgUiRemoteBreakin+0x4e\n"
#define KERNEL_X64                                                                                                     \
    " # Child-SP          RetAddr               Call Site\n"                                                           \
    "00 ffff8a0f`6cbf7678 fffff805`1ee672ae     acme!Wait+0x10\n"                                                      \
    "01 ffff8a0f`6cbf7680 00007ffe`1e2a3e2d     acme!Read+0x4e\n"                                                      \
    "02 00000054`b71ffb80 00000000`00000000     ntdll!NtReadFile+0x14\n"

static void what_proves_user_mode(void **state)
{
    (void)state;
    assert_int_equal(user_mode_of(USER_X86), 1);
    assert_int_equal(user_mode_of(USER_X64), 1);
    assert_int_equal(user_mode_of("0:000> k\n" USER_X64), 1);
    assert_int_equal(user_mode_of("VERIFIER STOP 00000008: pid 0xAA0: corrupted suffix pattern\n"), 1);
    assert_int_equal(user_mode_of("Time Travel Position: 15:0\n"), 1);
    assert_int_equal(user_mode_of("Setting position: 458300:37\n"), 1);
    assert_int_equal(user_mode_of("Page heap: process 0x5BC created heap @ 00880000 (00980000, flags 0x3)\n"), 1);
    assert_int_equal(user_mode_of("(336c.264c): Break instruction exception - code 80000003 (first chance)\n"), 1);
    assert_int_equal(user_mode_of("(336c.264c): Access violation - code c0000005 (!!! second chance !!!)\n"), 1);
    assert_int_equal(user_mode_of(".  2  id: 570.598   Suspend: 1 Teb 7ffdc000 Unfrozen\n"), 1);
    assert_int_equal(user_mode_of("   0  Id: 4f.1a   Suspend: 1 Teb: 000000c8`26400000 Unfrozen\n"), 1);
    assert_int_equal(user_mode_of("Process Uptime: 0 days 0:00:26.000\n"), 1);
    assert_int_equal(user_mode_of("start    end        module name\n01000000 0100d000   stst       (deferred)\n"
                                  "7c900000 7c9b0000   ntdll      (deferred)\n"),
                     1);
    assert_int_equal(user_mode_of("ChildEBP RetAddr\n009fdd0c 71a32520 app!Run+0x25\n009fde78 77cf8290 app!Go+0x4\n"),
                     1);
    assert_int_equal(user_mode_of("ExceptionAddress: 00007ff63be11064 (App!Main+0x0000000000000044)\n"
                                  "   ExceptionCode: c0000094 (Integer divide-by-zero)\n"
                                  "  ExceptionFlags: 00000000\nNumberParameters: 0\n"),
                     1);
}

/* The kernel's crash may hold all of it. */
static void what_proves_the_kernel(void **state)
{
    (void)state;
    assert_int_equal(user_mode_of(KERNEL_X86), 0);
    assert_int_equal(user_mode_of(KERNEL_X64), 0);
    assert_int_equal(user_mode_of("0: kd> r\n" USER_X86), 0);
    assert_int_equal(user_mode_of(KERNEL_X64 USER_X86), 0);
    assert_int_equal(user_mode_of(USER_X86 "ChildEBP RetAddr\n0006ff3c 01001450 ntdll!Foo\n80550c5c 8e1f7098 a!b\n"),
                     0);
    assert_int_equal(user_mode_of("BugCheck 50, {0, 0, 0, 0}\n" USER_X86), 0);
    assert_int_equal(user_mode_of(USER_X64 "\nPAGE_FAULT_IN_NONPAGED_AREA (50)\nArguments:\nArg1: 0000000000000008\n"),
                     0);
    assert_int_equal(user_mode_of(USER_X86 "Windows 7 Kernel Version 7601 UP Free x86 compatible\n"), 0);
    assert_int_equal(user_mode_of(USER_X86 "nt!KiSystemServicePostCall\n"), 0);
    assert_int_equal(user_mode_of(USER_X64 "fffff805`1ee672ae\n"), 0);
    assert_int_equal(user_mode_of("start    end        module name\n80400000 805b0000   krnl       (deferred)\n"
                                  "7c900000 7c9b0000   ntdll      (deferred)\n"),
                     0);
    assert_int_equal(user_mode_of("Debugger saved IRQL for processor 0x2 -- 0 (LOW_LEVEL)\n" USER_X86), 0);
    assert_int_equal(user_mode_of("0:000> !locks\nScanned 2 critical sections\n0:000> r\n" USER_X86), 1);
    /* the end of a stack that began in the kernel */
    assert_int_equal(user_mode_of("ChildEBP RetAddr\nf8c4dd0c 71a32520 drv!Run+0x25\n009fde78 77cf8290 app!Go+0x4\n"),
                     0);
    assert_int_equal(user_mode_of(USER_X64 "ffffffff`fffffffe agent!x\n"), 1); /* minus two, and no nt! */
}

static void what_proves_nothing(void **state)
{
    (void)state;
    static const char registers[] = "eax=00000000 ebx=00d81eb0 ecx=77f7e257 edx=0006fa18 esi=00000008 edi=00c81000\n";
    assert_int_equal(user_mode_of(registers), 0);
    assert_int_equal(user_mode_of("   0  id: of the thing   Suspend: no\n"), -1);
    assert_int_equal(user_mode_of("Process Uptime: long\n"), -1);
    assert_int_equal(user_mode_of("VERIFIER STOP 00000008: something else\n"), -1);
    assert_int_equal(user_mode_of("VERIFIER STOP 00000008: pid 0x\n"), -1); /* cut there */
    assert_int_equal(user_mode_of("Time Travel Position: of the Doctor\n"), -1);
    assert_int_equal(user_mode_of("(see 1.2): the exception - code name (first chance)\n"), -1);
    assert_int_equal(user_mode_of("ExceptionAddress: 0000000000000000\n   ExceptionCode: c0000005\n"
                                  "  ExceptionFlags: 00000000\nNumberParameters: 0\n"),
                     0);
    assert_int_equal(user_mode_of("ExceptionAddress: 8e1f7098\n   ExceptionCode: c0000005\n"
                                  "  ExceptionFlags: 00000000\nNumberParameters: 0\n"),
                     0);
}

static void yields_no_fact(void **state)
{
    (void)state;
    fx f = fx_read("(336c.264c): Break instruction exception - code 80000003 (first chance)\n" USER_X86);
    assert_int_equal(fx_count(&f, "register"), 0);
    assert_int_equal(fx_count(&f, "context"), 0);
    fx_free(&f);
}

/* A kernel debugger shows what happens in the processes that it stops, too. */
static void is_a_fact_beside_the_kernel(void **state)
{
    (void)state;
    fx f = fx_read("VERIFIER STOP 00000300: pid 0x558: invalid handle exception for current stack trace\n"
                   "(336c.264c): Access violation - code c0000005 (first chance)\nTime Travel Position: 15:0\n"
                   "kd> !irql\nDebugger saved IRQL for processor 0x2 -- 0 (LOW_LEVEL)\n");
    assert_int_equal(fx_count(&f, "user_event"), 3);
    fx_assert_text(fx_row(&f, "user_event", 0), "kind", "verifier-stop");
    assert_int_equal(fx_int(fx_row(&f, "user_event", 0), "code"), 0x300);
    fx_assert_text(fx_row(&f, "user_event", 1), "kind", "exception");
    assert_int_equal(fx_int(fx_row(&f, "user_event", 1), "code"), 0xc0000005);
    fx_assert_text(fx_row(&f, "user_event", 2), "kind", "other");
    assert_int_equal(fx_state(fx_row(&f, "user_event", 2), "code"), SC_NOT_PRINTED);
    assert_true(f.transcript.sections[0].complete);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture("VERIFIER STOP 00000008: pid 0xAA0: x\n(1a.2b): Access violation - code c0000005 (first chance)\n"
               "cs=001b  ss=0023\n00 00000054`b71ffb78 00007ffe`1ee672ae     ntdll!DbgBreakPoint\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_proves_user_mode),       cmocka_unit_test(what_proves_the_kernel),
        cmocka_unit_test(what_proves_nothing),         cmocka_unit_test(yields_no_fact),
        cmocka_unit_test(is_a_fact_beside_the_kernel), cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
