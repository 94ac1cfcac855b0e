/* Which bug check: every form that names one, what starts a crash, and how the places are merged. */
#include "facts_fixture.h"

#include "engine/facts/bugcheck.h"

#include <stdio.h>

static const sc_ref_bugcheck codes[] = {
    {0x0a, "IRQL_NOT_LESS_OR_EQUAL", false},
    {0x4c, "FATAL_UNHANDLED_HARD_ERROR", false},
    {0x7e, "SYSTEM_THREAD_EXCEPTION_NOT_HANDLED", false},
    {0x7f, "UNEXPECTED_KERNEL_MODE_TRAP", false},
    {0x9f, "DRIVER_POWER_STATE_FAILURE", false},
    {0xc4, "DRIVER_VERIFIER_DETECTED_VIOLATION", false},
    {0xd1, "DRIVER_IRQL_NOT_LESS_OR_EQUAL", false},
    {0xf4, "CRITICAL_OBJECT_TERMINATION", false},
    {0x101, "CLOCK_WATCHDOG_TIMEOUT", false},
    {0x139, "KERNEL_SECURITY_CHECK_FAILURE", false},
    {0x13a, "KERNEL_MODE_HEAP_CORRUPTION", false},
    {0xc000021a, "WINLOGON_FATAL_ERROR", false},
};
static const sc_knowledge known = {.bugchecks = codes, .n_bugchecks = sizeof codes / sizeof *codes};

static fx read_known(const char *paste, uint32_t crash)
{
    return fx_read_crash(sc_span_z(paste), &known, crash);
}

#define UNKNOWN UINT64_MAX
static void expect(const char *paste, int64_t code, const char *source, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    fx f = read_known(paste, 0);
    const uint64_t args[] = {a, b, c, d};
    const char *const names[] = {"arg1", "arg2", "arg3", "arg4"};
    assert_int_equal(fx_count(&f, "bugcheck"), 1);
    const sc_row *r = fx_row(&f, "bugcheck", 0);
    assert_int_equal(fx_int(r, "code"), code);
    fx_assert_text(r, "source", source);
    for (int i = 0; i < 4; i++) {
        if (args[i] == UNKNOWN)
            assert_int_equal(fx_state(r, names[i]), SC_NOT_PRINTED);
        else
            assert_int_equal(fx_addr(r, names[i]), args[i]);
    }
    fx_free(&f);
}

static void reads_every_form(void **state)
{
    (void)state;
    expect("BugCheck 7F, {8, 80050033, 406f8, fffff80002e69f2c}\n", 0x7f, "line", 8, 0x80050033, 0x406f8,
           0xfffff80002e69f2c);
    expect("debugging information.BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}\n", 0x9f, "line", 4, 0x258,
           0xfffffa8007005660, 0xfffff800053e83d0);
    expect("BugCheck D1, {fffff808add27150, 2\n", 0xd1, "line", 0xfffff808add27150, UNKNOWN, UNKNOWN, UNKNOWN);
    expect("BugCheck 9F, {4, 258, fffffa8\n", 0x9f, "line", 4, 0x258, UNKNOWN, UNKNOWN);
    expect("BugCheck 9F, {4, 258, fffffa8007005660,\n", 0x9f, "line", 4, 0x258, 0xfffffa8007005660, UNKNOWN);
    expect("UNEXPECTED_KERNEL_MODE_TRAP (7f)\nArguments:\nArg1: 0000000000000008, EXCEPTION_DOUBLE_FAULT\n"
           "Arg2: ffffd780\n",
           0x7f, "analyze", 8, UNKNOWN, UNKNOWN, UNKNOWN);
    expect("UNEXPECTED_KERNEL_MODE_TRAP (7f)\nArguments:\nArg1: 00000008, EXCEPTION_DOUBLE_FAULT\n"
           "Arg2: f7f3\n",
           0x7f, "analyze", 8, UNKNOWN, UNKNOWN, UNKNOWN);
    expect("UNEXPECTED_KERNEL_MODE_TRAP (7f)\nArguments:\nArg1: 00000008, EXCEPTION_DOUBLE_FAULT\n"
           "Arg2: f7f3f000\n",
           0x7f, "analyze", 8, 0xf7f3f000, UNKNOWN, UNKNOWN);
    expect("UNEXPECTED_KERNEL_MODE_TRAP (7f)\nArguments:\nArg1: 0000000000000008, EXCEPTION_DOUBLE_FAULT\n"
           "Arg2: ffffd780\nArg3: ffffd28f6bfd3ff0\n",
           0x7f, "analyze", 8, UNKNOWN, 0xffffd28f6bfd3ff0, UNKNOWN);
    expect("BugCheck 7F, {8, 0, 406f8, 0}\nUNEXPECTED_KERNEL_MODE_TRAP (7f)\nArguments:\nArg1: 00000000\n"
           "Arg2: 0000000000000000\nArg3: 00000000000406f8\nArg4: 0000000000000000\n",
           0x7f, "analyze", 8, 0, 0x406f8, 0);
    expect("*** STOP: 0x000000F4 (0xFCA7C55C, 0x817B\n", 0xf4, "line", 0xfca7c55c, UNKNOWN, UNKNOWN, UNKNOWN);
    expect("kd> .bugcheck\nBugcheck code 00000101\nArguments 00000000`00000031 00000000`00000000 fffff880`03165180 "
           "00000000`00000002\n",
           0x101, "line", 0x31, 0, 0xfffff88003165180, 2);
    expect("*** Fatal System Error: 0x0000007e\n   "
           "(0xFFFFFFFFC0000005,0xFFFFF80003A1B2C3,0xFFFFF88003F2A5B8,0xFFFFF88003F29E10)\n",
           0x7e, "line", 0xffffffffc0000005, 0xfffff80003a1b2c3, 0xfffff88003f2a5b8, 0xfffff88003f29e10);
    expect("*** STOP: 0x000000F4 (0xFCA7C55C, 0x817B9B28, 0x817D2AA0, 0x00000002)\n", 0xf4, "line", 0xfca7c55c,
           0x817b9b28, 0x817d2aa0, 2);
    expect("Technical information: *** STOP: 0x0000000A (0x0, 0x2, 0x1, 0x8052A010)\n", 0x0a, "line", 0, 2, 1,
           0x8052a010);
    expect("The computer has rebooted from a bugcheck.  The bugcheck was: 0x0000013a (0x0000000000000011, "
           "0xffff838f16a00100, "
           "0xffff838f2a3b4c50, 0x0000000000000000). A dump was saved in: C:\\Windows\\MEMORY.DMP.\n",
           0x13a, "event", 0x11, 0xffff838f16a00100, 0xffff838f2a3b4c50, 0);
    expect("BUGCHECK_CODE:  7f\n\nBUGCHECK_P1: 8\n\nBUGCHECK_P2: ffffd78058b61e50\n", 0x7f, "analyze", 8,
           0xffffd78058b61e50, UNKNOWN, UNKNOWN);
    /* cut off: the last digits may be missing */
    expect("BUGCHECK_CODE:  7f\n\nBUGCHECK_P1: 8\n\nBUGCHECK_P2: ffff", 0x7f, "analyze", 8, UNKNOWN, UNKNOWN, UNKNOWN);
    expect("BUGCHECK_CODE:  7f\n\nBUGCHECK_P1: 8\n\nBUGCHECK_P2: ffffd780", 0x7f, "analyze", 8, UNKNOWN, UNKNOWN,
           UNKNOWN);
    expect("    Key  : Bugcheck.Code.LegacyAPI\n    Value: 0x9f\n", 0x9f, "analyze", UNKNOWN, UNKNOWN, UNKNOWN,
           UNKNOWN);
    expect("BUGCHECK_STR:  0xc4_IrqlExApcLte1_XDV\n", 0xc4, "analyze", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
    expect("Bugcheck code: 0x9F (0x3, 0xFFFFE000F38C06A0, 0xFFFFF803C596CAD0, 0xFFFFE000F46A1010)\n", 0x9f, "event", 3,
           0xffffe000f38c06a0, 0xfffff803c596cad0, 0xffffe000f46a1010);
    expect("Bug Check Code    : 0x0000009f\nParameter 1       : 00000000`00000003\nParameter 2 : ffffe000`f38c06a0\n",
           0x9f, "event", 3, 0xffffe000f38c06a0, UNKNOWN, UNKNOWN);
}

/* seed 003, cut within the first address: half of one is no x86 address */
static void a_wide_parameter_tells_the_width(void **state)
{
    (void)state;
    expect(
        "BugCheck F4, {3, fffffa800bb94b30, ffffffffbb94e10c, fffff800035e3270}\n\n2: kd> !process fffffa800bb94b30 3\n"
        "GetPointerFromAddress: unable to read from fffff800\n",
        0xf4, "line", 3, 0xfffffa800bb94b30, 0xffffffffbb94e10c, 0xfffff800035e3270);
}

static void reads_decimal_codes_of_the_event_log_only(void **state)
{
    (void)state;
    expect("  BugcheckCode 257\n  BugcheckParameter1 0x31\n  BugcheckParameter2 0x0\n", 0x101, "event", 0x31, 0,
           UNKNOWN, UNKNOWN);
    expect("<Data Name=\"BugcheckCode\">127</Data>\n<Data Name=\"BugcheckParameter1\">0x8</Data>\n", 0x7f, "event", 8,
           UNKNOWN, UNKNOWN, UNKNOWN);
    fx f = read_known("  BugcheckCode 0\n  BugcheckParameter1 0x0\n", 0); /* the power was cut */
    assert_int_equal(fx_count(&f, "bugcheck"), 0);
    fx_free(&f);
    f = read_known("kd> .bugcheck\nBugcheck code 00000000\nArguments 00000000 00000000 00000000 00000000\n", 0);
    assert_int_equal(fx_count(&f, "bugcheck"), 0); /* a live target */
    fx_free(&f);
}

/* Seed 001. */
static const char whole_header[] = "UNEXPECTED_KERNEL_MODE_TRAP (7f)\n"
                                   "This means a trap occurred in kernel mode, and it's a trap of a kind\n"
                                   "is always instant death (double fault).  The first number in the\n"
                                   "BugCheck params is the number of the trap (8 = double fault, etc)\n"
                                   "Else if kv shows a trapframe\n"
                                   "        use .trap on that value\n"
                                   "Endif\n"
                                   "kb will then show the corrected stack.\n"
                                   "Arguments:\n"
                                   "Arg1: 0000000000000008, EXCEPTION_DOUBLE_FAULT\n"
                                   "Arg2: ffffd78058b61e50\n"
                                   "Arg3: ffffd28f6bfd3ff0\n"
                                   "Arg4: fffff80142817109\n";

static void reads_a_header_with_arguments(void **state)
{
    (void)state;
    expect(whole_header, 0x7f, "analyze", 8, 0xffffd78058b61e50, 0xffffd28f6bfd3ff0, 0xfffff80142817109);
    fx f = fx_read(whole_header); /* without a list of names the printed one counts */
    fx_assert_text(fx_row(&f, "bugcheck", 0), "name", "UNEXPECTED_KERNEL_MODE_TRAP");
    assert_int_equal(fx_row(&f, "bugcheck", 0)->line, 1);
    assert_int_equal(fx_row(&f, "bugcheck", 0)->last_line, 13);
    assert_int_equal(f.facts->pointer_bytes, 8);
    assert_true(fx_covers_all(&f, "bugcheck"));
    fx_free(&f);
}

/* Seed 000 lost the header: what the first argument is called tells the code. */
static void a_tail_tells_the_code(void **state)
{
    (void)state;
    const char tail[] = " is always instant death (double fault).  \n"
                        " Arg1: 0000000000000008, EXCEPTION_DOUBLE_FAULT  \n"
                        " Arg2: 0000000080050033  \n"
                        " Arg3: 00000000000406f8  \n"
                        " Arg4: fffff800032aa875  \n";
    expect(tail, 0x7f, "analyze", 8, 0x80050033, 0x406f8, 0xfffff800032aa875);
    /* arguments that say nothing about the code are kept, but make no bug check */
    fx f = read_known("Arguments:\nArg1: 00000018940ffbe8\nArg2: 0000000000000003\n", 0);
    assert_int_equal(fx_count(&f, "bugcheck"), 0);
    assert_int_equal(fx_count(&f, "bugcheck_seen"), 1);
    assert_int_equal(fx_addr(fx_row(&f, "bugcheck_seen", 0), "arg1"), 0x18940ffbe8);
    fx_free(&f);
}

static void reads_a_flattened_header(void **state)
{
    (void)state;
    expect("3: kd> !analyze -v *** DRIVER_POWER_STATE_FAILURE (9f) A driver has failed to complete a power IRP. "
           "Arguments: "
           "Arg1: 0000000000000003, A device object has been blocking an Irp for too long a time Arg2: "
           "fffffa8007b13440, Physical "
           "Device Object Arg3: fffff8000386c3d8, nt!_TRIAGE_9F_POWER Arg4: fffffa800ab61bd0, The blocked IRP\n",
           0x9f, "analyze", 3, 0xfffffa8007b13440, 0xfffff8000386c3d8, 0xfffffa800ab61bd0);
}

static void the_minidump_spelling_is_the_same_code(void **state)
{
    (void)state;
    fx f = read_known("BugCheck 1000007E, {c0000005, bf920e48, baf75b38, 0}\n", 0);
    const sc_row *r = fx_row(&f, "bugcheck", 0);
    assert_int_equal(fx_int(r, "code"), 0x7e);
    assert_int_equal(fx_int(r, "original"), 0x1000007e);
    fx_assert_text(r, "name", "SYSTEM_THREAD_EXCEPTION_NOT_HANDLED");
    fx_free(&f);
}

static void x86_parameters_are_32_bits_wide(void **state)
{
    (void)state;
    fx f = read_known("Arguments:\nArg1: c0000005, The exception code\nArg2: b0e04a40\n"
                      "BUGCHECK_CODE:  7e\nBUGCHECK_P1: ffffffffc0000005\nBUGCHECK_P2: ffffffffb0e04a40\nBUGCHECK_P3: "
                      "ffffffff8ab2c3d4\n",
                      0);
    const sc_row *r = fx_row(&f, "bugcheck", 0);
    assert_int_equal(f.transcript.n_crashes, 1); /* a value and its sign extension do not contradict each other */
    assert_int_equal(fx_addr(r, "arg1"), 0xc0000005);
    assert_int_equal(fx_addr(r, "arg2"), 0xb0e04a40);
    assert_int_equal(fx_addr(r, "arg3"), 0x8ab2c3d4);
    fx_free(&f);
}

static void another_code_or_parameter_is_another_crash(void **state)
{
    (void)state;
    const char two[] =
        "BugCheck 7F, {8, 80050033, 406f8, fffff80002e69f2c}\nUNEXPECTED_KERNEL_MODE_TRAP (7f)\nArguments:\n"
        "Arg1: 0000000000000008, EXCEPTION_DOUBLE_FAULT\nArg2: 0000000080050033\n"
        "BugCheck 7F, {8, 80050033, 406f8, fffff80002e70000}\n"
        "BugCheck F4, {3, fffffa800bb94b30, fffffa800bb94e10, fffff800035e3270}\n";
    fx f = read_known(two, 2);
    assert_int_equal(f.transcript.n_crashes, 3);
    assert_int_equal(fx_int(fx_row(&f, "bugcheck", 0), "code"), 0xf4);
    fx_free(&f);
    f = read_known(two, 0);
    assert_int_equal(fx_count(&f, "bugcheck_seen"), 2);
    fx_assert_text(fx_row(&f, "bugcheck", 0), "source", "analyze");                   /* stronger than the line */
    assert_int_equal(fx_addr(fx_row(&f, "bugcheck", 0), "arg4"), 0xfffff80002e69f2c); /* which knows more */
    fx_free(&f);
}

static void a_page_of_the_manual_is_no_crash(void **state)
{
    (void)state;
    fx f = read_known(
        "1: kd> !analyze -show 0x9F 0x3\nDRIVER_POWER_STATE_FAILURE (9f)\nArguments:\n"
        "Arg1: 0000000000000003, A device object has been blocking an Irp for too long a time\n"
        "Arg2: 0000000000000000, Physical Device Object of the stack\nArg3: 0000000000000000\nArg4: 0000000000000000\n",
        0);
    assert_int_equal(fx_count(&f, "bugcheck"), 0);
    fx_free(&f);
}

static void a_header_without_arguments_counts_below_its_command(void **state)
{
    (void)state;
    expect(
        "kd> !analyze -v\n\nDRIVER_IRQL_NOT_LESS_OR_EQUAL (d1)\nIf kernel debugger is available get stack backtrace.\n",
        0xd1, "analyze", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
}

/* Seed 003, 0x7F: kv shows KeBugCheckEx's own arguments. */
static void the_stack_tells_what_no_line_does(void **state)
{
    (void)state;
    expect("fffff880`02fddce8 fffff800`02ec7169 : 00000000`0000007f 00000000`00000008 00000000`80050033 "
           "00000000`000406f8 : nt!KeBugCheckEx\n"
           "fffff880`02fddcf0 fffff800`02ec5632 : 00000000`00000000 00000000`00000000 00000000`00000000 "
           "00000000`00000000 : nt!KiBugCheckDispatch+0x69\n",
           0x7f, "stack", 8, 0x80050033, 0x406f8, UNKNOWN);
    expect("00 nt!DbgBreakPointWithStatus\n01 nt!KeBugCheckEx+0x107\n02 nt!KiBugCheckDispatch+0x69\n03 "
           "nt!KiDoubleFaultAbort+0x2c3\n",
           0x7f, "stack", 8, UNKNOWN, UNKNOWN, UNKNOWN);
    /* a hard error of user mode: the status is the bug check, and its parameters are not these */
    expect("ffffd30a`4c8f7100 fffff803`612984bc : 00000000`0000004c 00000000`c000021a ffffd30a`4c8f7a60 "
           "ffff9009`38f02310 : nt!KeBugCheckEx\n"
           "ffffd30a`4c8f7108 fffff803`612a9e7f : 00000000`00000000 00000000`00000000 00000000`00000000 "
           "00000000`00000000 : nt!PopGracefulShutdown+0x29b\n",
           0xc000021a, "stack", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
    /* no bug check has the code 0x12345: those are not its arguments */
    fx f = read_known("fffff880`02fddce8 fffff800`02ec7169 : 00000000`00012345 00000000`00000008 00000000`80050033 "
                      "00000000`000406f8 : nt!KeBugCheckEx\n"
                      "fffff880`02fddcf0 fffff800`02ec5632 : 00000000`00000000 00000000`00000000 00000000`00000000 "
                      "00000000`00000000 : nt!KiBugCheckDispatch+0x69\n",
                      0);
    assert_int_equal(fx_count(&f, "bugcheck"), 0);
    fx_free(&f);
}

static void prose_is_a_hint_without_parameters(void **state)
{
    (void)state;
    const char frames[] = "0: kd> k\nChildEBP RetAddr\nb8ae6100 f7a2ec45 nt!IofCallDriver+0x45\nb8ae6128 8081df65 "
                          "fltmgr!FltpDispatch+0x6f\n";
    char paste[1024];
    const char *const sentences[] = {"Ours is a dump of a Stop 0x7f EXCEPTION_DOUBLE_FAULT.",
                                     "It says bug check 7F.",
                                     "We had many 0x7F bugchecks today.",
                                     "Then came UNEXPECTED_KERNEL_MODE_TRAP, again.",
                                     "STOP 0x0000007F it was.",
                                     "Stop code: UNEXPECTED KERNEL MODE TRAP",
                                     "An UNEXPECTED_KERNEL_M0DE_TRAP, as my photo has it."};
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        snprintf(paste, sizeof paste, "%s\n%s", sentences[i], frames);
        expect(paste, 0x7f, "prose", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
    }
    /* Arguments in a sentence, as at the end of seed 004 */
    snprintf(paste, sizeof paste,
             "You may meet an UNEXPECTED_KERNEL_MODE_TRAP (7f) Arg1: 00000008, EXCEPTION_DOUBLE_FAULT one day.\n%s",
             frames);
    expect(paste, 0x7f, "prose", UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN);
    fx f = read_known(paste, 0);
    assert_false(fx_covers_all(&f, "bugcheck"));
    fx_free(&f);
}

static void numbers_alone_are_no_hint(void **state)
{
    (void)state;
    const char *const texts[] = {
        "paging then would cause 0xA or 0xD1 for sure", "please stop 10 services and check 50 times",
        "the value was 0x7f here", "a bugcheck of 0xA, unlike a bugcheck of 0xD1", /* two codes, equally often */
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sc_line line = {.text = sc_span_z(texts[i]), .number = 1, .last = 1};
        sc_identity id;
        if (sc_identity_prose(&known, &line, 1, NULL, &id)) fail_msg("'%s' names 0x%x", texts[i], id.code);
    }
    /* seed 003: such a sentence between the lines of a crash that is known changes nothing */
    expect("BugCheck F4, {3, fffffa800bb94b30, fffffa800bb94e10, fffff800035e3270}\nElse the system would stop with a "
           "0xC4 bugcheck.\n",
           0xf4, "line", 3, 0xfffffa800bb94b30, 0xfffffa800bb94e10, 0xfffff800035e3270);
}

static void the_most_named_code_is_the_hint(void **state)
{
    (void)state;
    const sc_line lines[] = {
        {.text = SC_S("it is not a bugcheck 0xA"), .number = 1, .last = 1},
        {.text = SC_S("but a bugcheck 0xD1,"), .number = 2, .last = 2},
        {.text = SC_S("a DRIVER_IRQL_NOT_LESS_OR_EQUAL"), .number = 3, .last = 3},
    };
    sc_identity id;
    assert_true(sc_identity_prose(&known, lines, 3, NULL, &id));
    assert_int_equal(id.code, 0xd1);
    assert_int_equal(id.n_lines, 2);
    assert_false(id.known[0]);
}

static void names_are_found_with_two_letters_misread(void **state)
{
    (void)state;
    assert_int_equal(sc_bugcheck_name_near(&known, SC_S("KERNEL_M0DE_HEAD_CORRUPTION"))->code, 0x13a);
    assert_int_equal(sc_bugcheck_name_near(&known, SC_S("irql_not_less_or_equal"))->code, 0x0a);
    assert_null(sc_bugcheck_name_near(&known, SC_S("KERNEL_NODE_NEAT_CORRUPTI0N")));
    assert_null(sc_bugcheck_name_near(&known, SC_S("CLOCK_DOG")));
}

static void reads_a_flattened_dot_bugcheck(void **state)
{
    (void)state;
    fx f = fx_read("3: kd> .bugcheck\nBugcheck code 000000D1 Arguments ffff9c0a`4f2e5010 00000000`00000002 "
                   "00000000`00000000 fffff803`4d511981\n");
    const sc_row *r = fx_row(&f, "bugcheck", 0);
    assert_int_equal(fx_int(r, "code"), 0xd1);
    fx_assert_text(r, "source", "line");
    assert_true(fx_addr(r, "arg1") == 0xffff9c0a4f2e5010);
    assert_true(fx_addr(r, "arg4") == 0xfffff8034d511981);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture("BugCheck 7F, {8, 80050033, 406f8, fffff80002e69f2c}\nUNEXPECTED_KERNEL_MODE_TRAP (7f)\nArguments:\n"
               "Arg1: 0000000000000008, EXCEPTION_DOUBLE_FAULT\nArg2: 0000000080050033\nBugcheck code "
               "0000007F\nArguments 8 8 8 8\n"
               "*** STOP: 0x0000007F (0x8, 0x1)\nBugcheckCode 127\nBUGCHECK_P1: 8\nKey  : "
               "Bugcheck.Code.LegacyAPI\nValue: 0x7f\n"
               "Stop code: UNEXPECTED KERNEL MODE TRAP, stop 0x7f\n");
}

/* What was read of a code that is sure tells everything; of prose it does not. */
static void says_what_it_covers(void **state)
{
    (void)state;
    fx f = read_known("BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}\n", 0);
    assert_true(fx_covers_all(&f, "bugcheck") && fx_covers_all(&f, "bugcheck_seen"));
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_it_covers),
        cmocka_unit_test(reads_every_form),
        cmocka_unit_test(a_wide_parameter_tells_the_width),
        cmocka_unit_test(reads_decimal_codes_of_the_event_log_only),
        cmocka_unit_test(reads_a_header_with_arguments),
        cmocka_unit_test(a_tail_tells_the_code),
        cmocka_unit_test(reads_a_flattened_header),
        cmocka_unit_test(the_minidump_spelling_is_the_same_code),
        cmocka_unit_test(x86_parameters_are_32_bits_wide),
        cmocka_unit_test(another_code_or_parameter_is_another_crash),
        cmocka_unit_test(a_page_of_the_manual_is_no_crash),
        cmocka_unit_test(a_header_without_arguments_counts_below_its_command),
        cmocka_unit_test(the_stack_tells_what_no_line_does),
        cmocka_unit_test(prose_is_a_hint_without_parameters),
        cmocka_unit_test(numbers_alone_are_no_hint),
        cmocka_unit_test(the_most_named_code_is_the_hint),
        cmocka_unit_test(names_are_found_with_two_letters_misread),
        cmocka_unit_test(survives_anything),
        cmocka_unit_test(reads_a_flattened_dot_bugcheck),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
