/* Where the stack pointer stood when a double fault came. */
#include "tests/unit/stack_fixture.h"

static void a_trap_frame_shows_the_same_pointer(void **state)
{
    (void)state;
    fx f = PASTE("BugCheck 7F, {8, 80050033, 406f8, fffff80002e69f2c}\n", nvlddmkm_kv,
                 "3: kd> .trap fffff880`02fdde30\n"
                 "NOTE: The trap frame does not contain all registers.\n"
                 "Some register values may be zeroed or incorrect.\n"
                 "rax=00000000000bac2c rbx=0000000000000000 rcx=0000000000000001\n"
                 "rdx=fffff880009ab0b8 rsi=0000000000000000 rdi=0000000000000000\n"
                 "rip=fffff80002e69f2c rsp=fffff880009ab000 rbp=fffff880009ab080\n"
                 " r8=ffffffffffffffff  r9=fffffa80035eb5b8 r10=00000000ffffffff\n"
                 "r11=0000000000000000 r12=0000000000000000 r13=0000000000000000\n"
                 "r14=0000000000000000 r15=0000000000000000\n"
                 "iopl=0         nv up ei pl zr na po nc\n"
                 "fffff800`02e69f2c 4156            push    r14\n");
    const sc_row *p = fx_find_text(&f, "stack_pointer", "source", "trap");
    assert_non_null(p);
    assert_true(fx_addr(p, "sp") == UINT64_C(0xfffff880009ab000));
    assert_int_equal(fx_count(&f, "stack_pointer"), 2);
    fx_free(&f);
}

static void the_pointer_is_below_a_page_edge(void **state)
{
    (void)state;
    fx f = PASTE(ipi_k);
    const sc_row *p = fx_row(&f, "stack_pointer", 0);
    assert_true(fx_addr(p, "sp") == UINT64_C(0xfffff88003dccfd0));
    assert_int_equal(fx_int(p, "page_offset"), 0xfd0);
    fx_assert_text(p, "state", "near-edge");
    assert_int_equal(fx_state(p, "limit"), SC_NOT_PRINTED);
    const sc_row *strange = fx_row(&f, "frame", 5);
    fx_assert_text(strange, "symbol", "nt! ?? ::FNODOBFM::`string'");
    assert_int_equal(fx_int(strange, "offset"), 0x204ce);
    assert_false(fx_bool(fx_row(&f, "stack", 0), "complete"));
    fx_free(&f);
}

/* No kernel stack lies in the user's half, however near to an edge the pointer is. */
static void the_pointer_of_a_program_is_at_no_edge(void **state)
{
    (void)state;
    fx f = fx_read("BugCheck 7F, {8, f772fd70, 0, 0}\n"
                   "kd> .tss 28\n"
                   "eax=00000000 ebx=00000000 ecx=0012ffb0 edx=7c90e514 esi=00000000 edi=00000000\n"
                   "eip=8054060c esp=0006fffc ebp=0006fff0 iopl=0         nv up di pl nz na pe nc\n"
                   "cs=0008  ss=0010  ds=0023  es=0023  fs=0030  gs=0000             efl=00010002\n"
                   "nt!KiFastCallEntry+0x1c:\n"
                   "8054060c 50              push    eax\n");
    assert_int_equal(fx_count(&f, "stack_pointer"), 1);
    fx_assert_text(fx_row(&f, "stack_pointer", 0), "state", "user");
    fx_free(&f);
}

/* A task whose stack pointer was lost from the paste tells nothing about it. */
static void a_task_without_its_pointer_tells_nothing(void **state)
{
    (void)state;
    fx f = fx_read("BugCheck 7F, {8, f772fd70, 0, 0}\n"
                   "kd> .tss 28\n"
                   "eax=00000000 ebx=00000000 ecx=0012ffb0 edx=7c90e514 esi=00000000 edi=00000000\n"
                   "eip=8054060c\n");
    assert_int_equal(fx_count(&f, "context"), 1);
    assert_int_equal(fx_state(fx_row(&f, "context", 0), "sp"), SC_NOT_PRINTED);
    assert_int_equal(fx_count(&f, "stack_pointer"), 0);
    fx_free(&f);
}

/* !analyze prints the limit of the stack that it found full; one that lies far away is that of another stack. */
static void a_printed_limit_decides_too(void **state)
{
    (void)state;
    static const struct {
        const char *sp, *state;
        sc_cell_state limit;
    } places[] = {
        {"fffff880009aafd0", "beyond-limit", SC_SET},      {"fffff880009aa000", "beyond-limit", SC_SET},
        {"fffff880009a9ff8", "near-edge", SC_NOT_PRINTED}, {"fffff880009ab400", "inside", SC_SET},
        {"fffff88003dccfd0", "near-edge", SC_NOT_PRINTED},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char paste[512];
        snprintf(
            paste, sizeof paste,
            "0: kd> !analyze -v\nUNEXPECTED_KERNEL_MODE_TRAP (7f)\nArguments:\n"
            "Arg1: 0000000000000008, EXCEPTION_DOUBLE_FAULT\nArg2: fffff80000ba2e50\nArg3: %s\n"
            "Arg4: fffff80142817109\n\nDebugging Details:\n------------------\n\n"
            "STACK_OVERFLOW: Stack Limit: fffff880009ab000. Use (kF) and (!stackusage) to investigate stack usage.\n",
            places[i].sp);
        fx f = fx_read(paste);
        const sc_row *p = fx_row(&f, "stack_pointer", 0);
        fx_assert_text(p, "state", places[i].state);
        assert_int_equal(fx_state(p, "limit"), places[i].limit);
        fx_free(&f);
    }
}

/* The handler has a task and a stack of its own, whose top is at an edge by nature. */
static void the_handlers_own_task_is_not_the_fault(void **state)
{
    (void)state;
    fx f = fx_read("BugCheck 7F, {8, 801db000, 0, 0}\n"
                   "kd> .tss 50\n"
                   "eax=00000000 ebx=00000000 ecx=00000000 edx=00000000 esi=00000000 edi=00000000\n"
                   "eip=82a9bd60 esp=801e1000 ebp=00000000 iopl=0         nv up di pl nz na po nc\n"
                   "cs=0008  ss=0010  ds=0023  es=0023  fs=0030  gs=0000             efl=00000002\n"
                   "nt!KiTrap08:\n"
                   "82a9bd60 fa              cli\n");
    assert_int_equal(fx_count(&f, "context"), 1);
    assert_int_equal(fx_count(&f, "stack_pointer"), 0);
    fx_free(&f);
}

static void the_parameter_is_a_pointer_since_windows_10(void **state)
{
    (void)state;
    static const char head[] = "UNEXPECTED_KERNEL_MODE_TRAP (7f)\n"
                               "Arguments:\n"
                               "Arg1: 0000000000000008, EXCEPTION_DOUBLE_FAULT\n"
                               "Arg2: ffffd78058b61e50\n"
                               "Arg3: ffffd28f6bfd3ff0\n"
                               "Arg4: fffff80142817109\n\n";
    fx f = PASTE(head, wdf_frames);
    const sc_row *p = fx_row(&f, "stack_pointer", 0);
    assert_int_equal(fx_count(&f, "stack_pointer"), 1);
    fx_assert_text(p, "source", "p3");
    fx_assert_text(p, "state", "near-edge");
    assert_int_equal(fx_int(p, "page_offset"), 0xff0);
    assert_true(fx_addr(p, "ip") == UINT64_C(0xfffff80142817109));
    assert_true(fx_covers_all(&f, "stack_pointer"));
    const sc_row *delete = fx_find_text(&f, "frame", "symbol", "Wdf01000!FxObject::operator delete");
    assert_non_null(delete);
    fx_assert_text(delete, "file", "minkernel\\wdf\\framework\\shared\\object\\fxobject.cpp @ 326");
    assert_int_equal(fx_state(delete, "bytes"), SC_NOT_PRINTED);
    assert_non_null(fx_find_text(&f, "frame", "symbol", "Wdf01000!FxMemoryBuffer::`scalar deleting destructor'"));
    assert_non_null(fx_find_text(&f, "frame", "symbol", "MyDriver!std::kstring::operator+="));
    fx_assert_text(fx_row(&f, "crash_frame", 0), "symbol", "nt!KiDoubleFaultAbort");
    assert_true(fx_bool(fx_row(&f, "stack", 0), "complete"));
    assert_false(fx_bool(fx_row(&f, "stack", 0), "has_sp"));
    assert_true(fx_covers_all(&f, "crash_frame"));
    assert_int_equal(fx_count(&f, "stack_use"), 0);
    fx_free(&f);
}

static void limits_decide_where_the_pointer_stands(void **state)
{
    (void)state;
    static const char head[] = "BugCheck 7F, {8, ffffd78058b61e50, ffffd28f6bfd3ff0, fffff80142817109}\n"
                               "0: kd> !thread\n"
                               "THREAD ffffe001d3a27040  Cid 10f0.17f4  Teb: 000000ee6cf9d000 "
                               "Win32Thread: 0000000000000000 RUNNING on processor 0\n"
                               "Not impersonating\n"
                               "Stack Init ffffd28f6bfd9dd0 Current ffffd28f6bfd9520\n";
    fx f = PASTE(head, "Base ffffd28f6bfda000 Limit ffffd28f6bfd4000 Call 0\n");
    const sc_row *p = fx_row(&f, "stack_pointer", 0);
    fx_assert_text(p, "state", "beyond-limit");
    assert_int_equal(fx_int(p, "distance"), -16);
    assert_int_equal(fx_int(p, "size"), 24576);
    assert_true(fx_addr(p, "thread") == UINT64_C(0xffffe001d3a27040));
    fx_free(&f);
    f = PASTE(head, "Base ffffd28f6bfd9000 Limit ffffd28f6bfd3000 Call 0\n");
    p = fx_row(&f, "stack_pointer", 0);
    fx_assert_text(p, "state", "inside");
    assert_int_equal(fx_int(p, "distance"), 0xff0);
    fx_free(&f);
    f = PASTE("BugCheck 7F, {8, ffffd78058b61e50, ffffd28f6bfd4010, fffff80142817109}\n",
              "THREAD ffffe001d3a27040  Cid 10f0.17f4  Teb: 0 Win32Thread: 0 RUNNING on processor 0\n"
              "Base ffffd28f6bfda000 Limit ffffd28f6bfd4000 Call 0\n");
    fx_assert_text(fx_row(&f, "stack_pointer", 0), "state", "beyond-limit"); /* too little left to push a trap frame */
    fx_free(&f);
    f = PASTE("BugCheck 7F, {8, 80050033, ffffd28f6bfd4010, fffff80142817109}\n"); /* CR0: the old order */
    assert_int_equal(fx_count(&f, "stack_pointer"), 0);
    assert_false(fx_covers_all(&f, "stack_pointer"));
    fx_free(&f);
    f = PASTE(head, "Base ffffd28f7bfd9000 Limit ffffd28f7bfd3000 Call 0\n"); /* another thread's */
    fx_assert_text(fx_row(&f, "stack_pointer", 0), "state", "near-edge");
    fx_free(&f);
}

static void other_bug_checks_have_no_stack_pointer(void **state)
{
    (void)state;
    fx f = PASTE("BugCheck 101, {31, 0, fffff88003165180, 2}\n", cpu0_kv);
    assert_int_equal(fx_count(&f, "stack_pointer"), 0);
    assert_true(fx_covers_all(&f, "stack_pointer"));
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trap_frame_shows_the_same_pointer),
        cmocka_unit_test(the_pointer_is_below_a_page_edge),
        cmocka_unit_test(the_pointer_of_a_program_is_at_no_edge),
        cmocka_unit_test(a_task_without_its_pointer_tells_nothing),
        cmocka_unit_test(a_printed_limit_decides_too),
        cmocka_unit_test(the_handlers_own_task_is_not_the_fault),
        cmocka_unit_test(the_parameter_is_a_pointer_since_windows_10),
        cmocka_unit_test(limits_decide_where_the_pointer_stands),
        cmocka_unit_test(other_bug_checks_have_no_stack_pointer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
