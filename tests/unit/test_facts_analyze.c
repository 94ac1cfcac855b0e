/* !analyze and .exr: labels in every damage, the stack and the registers among them. */
#include "facts_fixture.h"

#include "engine/facts/analyze_label.h"

#include <stdio.h>

static const sc_row *label(const fx *f, const char *name)
{
    const sc_row *r = fx_find_text(f, "analyze", "label", name);
    if (!r) fail_msg("no label %s", name);
    return r;
}

/* Sample analyze--debugging-ndis-wifi-timeouts...-65, an x86 target, with a closing line. */
static const char old_x86[] = "kd> !analyze -v\n"
                              "DV_RULE_INFO: 0x92003\n\n"
                              "BUGCHECK_STR:  0xc4_NdisTimedOidComplete_XDV\n\n"
                              "PROCESS_NAME:  System\n\n"
                              "CURRENT_IRQL:  2\n\n"
                              "LAST_CONTROL_TRANSFER:  from 80f87fd3 to 80f0ed14\n\n"
                              "STACK_TEXT:  \n"
                              "8912380c 80f87fd3 00000003 e6c3476e 00000065 nt!RtlpBreakWithStatusInstruction\n"
                              "89123c74 85211584 000000c4 00092003 8521dd34 nt!KeBugCheckEx+0x19\n"
                              "89123cac 85216d54 9c17b860 9c1f3480 9c17b8dc VerifierExt!SLIC_StatefulAbort+0x1a4\n"
                              "89123dbc 00000000 00000000 00000000 00000000 nt!KiThreadStartup+0x15\n\n"
                              "STACK_COMMAND:  kb\n\n"
                              "FOLLOWUP_IP: \n"
                              "VerifierExt!SLIC_StatefulAbort+1a4\n"
                              "85211584 cc              int     3\n\n"
                              "MODULE_NAME: beef\n\n"
                              "FAULTING_SOURCE_LINE_NUMBER:  26\n\n"
                              "DEBUG_FLR_IMAGE_TIMESTAMP:  50772f37\n\n"
                              "Followup:     MachineOwner\n---------\n";

static void reads_an_old_debugger(void **state)
{
    (void)state;
    fx f = fx_read(old_x86);
    assert_int_equal(fx_addr(label(&f, "DV_RULE_INFO"), "number"), 0x92003);
    assert_int_equal(fx_addr(label(&f, "BUGCHECK_STR"), "number"), 0xc4);
    fx_assert_text(label(&f, "PROCESS_NAME"), "value", "System");
    assert_int_equal(fx_state(label(&f, "PROCESS_NAME"), "number"), SC_NULL);
    assert_int_equal(fx_state(label(&f, "MODULE_NAME"), "number"),
                     SC_NULL); /* a name, though it has only hex letters */
    assert_int_equal(fx_addr(label(&f, "LAST_CONTROL_TRANSFER"), "number"), 0x80f87fd3);
    assert_int_equal(fx_addr(label(&f, "FAULTING_SOURCE_LINE_NUMBER"), "number"), 26);
    assert_int_equal(fx_addr(label(&f, "DEBUG_FLR_IMAGE_TIMESTAMP"), "number"), 0x50772f37);
    fx_assert_text(label(&f, "FOLLOWUP_IP"), "value", "VerifierExt!SLIC_StatefulAbort+1a4");
    assert_int_equal(fx_count(&f, "stack"), 1);
    fx_assert_text(fx_row(&f, "stack", 0), "kind", "crash");
    assert_int_equal(fx_count(&f, "frame"), 4);
    fx_assert_text(fx_row(&f, "frame", 2), "symbol", "VerifierExt!SLIC_StatefulAbort");
    assert_int_equal(fx_count(&f, "instruction"), 1);
    assert_int_equal(fx_addr(fx_row(&f, "instruction", 0), "address"), 0x85211584);
    assert_int_equal(f.transcript.n_sections, 1);
    assert_true(f.transcript.sections[0].complete);
    assert_true(fx_covers_all(&f, "analyze"));
    fx_free(&f);
}

static void reads_keys_and_a_trap_frame(void **state)
{
    (void)state;
    fx f = fx_read(
        "0: kd> !analyze -v\n"
        "*******************************************************************************\n"
        "*                        Bugcheck Analysis                                    *\n"
        "*******************************************************************************\n"
        "KEY_VALUES_STRING: 1\n\n    Key  : Analysis.CPU.mSec\n    Value: 3109\n\n    Key  : Failure.Bucket\n    "
        "Value: 0x9f_3_x!y\n\n"
        "BUGCHECK_CODE:  1ab\n\nBUGCHECK_P1: 89344350fffff607\n\n"
        "TRAP_FRAME:  fffff60789343f50 -- (.trap 0xfffff60789343f50)\n"
        "NOTE: The trap frame does not contain all registers.\n"
        "Some register values may be zeroed or incorrect.\n"
        "rax=fffff607893441e8 rbx=0000000000000000 rcx=0000000010000004\n"
        "rip=fffff8026dc296cf rsp=fffff607893440e8 rbp=fffff60789344350\n"
        "nt!RtlUnwindEx+0x1f:\n"
        "fffff802`6dc296cf 488b4810        mov     rcx,qword ptr [rax+10h] ds:fffff607`893441f8=????????????????\n"
        "Resetting default scope\n\n"
        "READ_ADDRESS: unable to get nt!MmSpecialPoolStart\nunable to get nt!MmSpecialPoolEnd\n fffff607893441f8 \n\n"
        "STACK_OVERFLOW:  Stack Limit: fffff607893440c0. Use (kF) and (!stackusage) to investigate stack usage.\n");
    assert_int_equal(fx_addr(label(&f, "Analysis.CPU.mSec"), "number"), 3109); /* decimal */
    fx_assert_text(label(&f, "Failure.Bucket"), "value", "0x9f_3_x!y");
    assert_int_equal(fx_addr(label(&f, "READ_ADDRESS"), "number"), 0xfffff607893441f8);
    assert_int_equal(fx_addr(label(&f, "STACK_OVERFLOW"), "number"), 0xfffff607893440c0);
    const sc_row *c = fx_row(&f, "context", 0);
    assert_int_equal(fx_count(&f, "context"), 1);
    assert_int_equal(fx_addr(c, "address"), 0xfffff60789343f50);
    fx_assert_text(c, "kind", "trap");
    fx_assert_text(c, "ip_symbol", "nt!RtlUnwindEx");
    assert_true(fx_bool(c, "unreadable"));
    assert_false(fx_bool(c, "reliable"));
    assert_int_equal(fx_int(fx_row(&f, "bugcheck", 0), "code"), 0x1ab);
    assert_int_equal(f.transcript.n_sections, 1);
    assert_false(f.transcript.sections[0].complete); /* Followup: is missing */
    fx_free(&f);
}

/* Seed 003, 0xF4: a label quoted alone. The sentence around it is ours. */
static void reads_a_label_between_sentences(void **state)
{
    (void)state;
    fx f = fx_read(
        "2: kd> !process fffffa800bb94b30\n\nThe disk failed, it says:\n\n"
        "EXCEPTION_CODE: (NTSTATUS) 0xc0000006 \xe2\x80\x93 The instruction at 0x%p referenced memory at "
        "0x%p. The required data was "
        "not placed into memory because of an I/O error status of 0x%x.\n\nNOTE: back up first. SHOPPING_LIST: "
        "all of it.\n");
    assert_int_equal(fx_count(&f, "analyze"), 1);
    assert_int_equal(fx_addr(label(&f, "EXCEPTION_CODE"), "number"), 0xc0000006);
    assert_int_equal(label(&f, "EXCEPTION_CODE")->line, 5);
    assert_true(fx_covers_text(&f, "analyze", "EXCEPTION_CODE"));
    assert_false(fx_covers_text(&f, "analyze", "IMAGE_NAME"));
    fx_free(&f);
}

static void reads_the_culprit_line(void **state)
{
    (void)state;
    fx f = fx_read(
        "Use !analyze -v to get detailed debugging information.\nBugCheck CB, {f90c6ae0, f9949215, 81861788, 26}\n"
        "Probably caused by : ks.sys ( ks!KsProbeStreamIrp+333 )\n");
    fx_assert_text(label(&f, "Probably caused by"), "value", "ks.sys ( ks!KsProbeStreamIrp+333 )");
    assert_int_equal(f.transcript.n_sections, 1);
    fx_free(&f);
}

/* The same output as a board that eats line ends shows it: with its prompt, without, and the stack alone. */
static void reads_a_flattened_output(void **state)
{
    (void)state;
    static const char flat[] = "BUGCHECK_STR:  0xc4_NdisTimedOidComplete_XDV PROCESS_NAME:  System CURRENT_IRQL:  2 "
                               "STACK_TEXT:  8912380c 80f87fd3 00000003 "
                               "e6c3476e 00000065 nt!RtlpBreakWithStatusInstruction 89123c74 85211584 000000c4 "
                               "00092003 8521dd34 nt!KeBugCheckEx+0x19 89123dbc "
                               "00000000 00000000 00000000 00000000 nt!KiThreadStartup+0x15 STACK_COMMAND:  kb "
                               "IMAGE_NAME:  VerifierExt.sys Followup: me\n";
    for (int prompted = 0; prompted < 2; prompted++) {
        char paste[1024] = "";
        if (prompted) strcat(paste, "kd> !analyze -v ");
        strcat(paste, flat);
        fx f = fx_read(paste);
        fx_assert_text(label(&f, "PROCESS_NAME"), "value", "System");
        fx_assert_text(label(&f, "IMAGE_NAME"), "value", "VerifierExt.sys Followup: me");
        assert_int_equal(fx_count(&f, "frame"), 3);
        fx_assert_text(fx_row(&f, "frame", 1), "symbol", "nt!KeBugCheckEx");
        fx_assert_text(fx_row(&f, "stack", 0), "kind", "crash");
        fx_free(&f);
    }
    fx f = fx_read(
        "STACK_TEXT: fffff880`02fddce8 fffff800`02ec7169 : 00000000`0000007f 00000000`00000008 00000000`80050033 "
        "00000000`000406f8 : "
        "nt!KeBugCheckEx fffff880`02fddcf0 fffff800`02ec5632 : 00000000`00000000 00000000`00000000 00000000`00000000 "
        "00000000`00000000 : nt! ?? ::FNODOBFM::`string'+0x204ce STACK_COMMAND: kb\n");
    assert_int_equal(fx_count(&f, "frame"), 2);
    assert_int_equal(fx_int(fx_row(&f, "frame", 1), "offset"), 0x204ce);
    fx_free(&f);
}

/* Only some of the line ends are gone, so that the paste as a whole is not put back into lines. */
static void reads_a_stack_beside_its_label(void **state)
{
    (void)state;
    static const char *const first[] = {
        "fffff880`02fddce8 fffff800`02ec7169 : 00000000`0000007f 00000000`00000008 00000000`80050033 "
        "00000000`000406f8 : nt!KeBugCheckEx",
        "8912380c 80f87fd3 00000003 e6c3476e 00000065 nt!KeBugCheckEx"};
    static const char *const second[] = {
        "fffff880`02fddcf0 fffff800`02ec5632 : 00000000`00000000 00000000`00000000 00000000`00000000 "
        "00000000`00000000 : acme!Work+0x20",
        "89123c74 85211584 000000c4 00092003 8521dd34 acme!Work+0x20"};
    for (size_t i = 0; i < 2; i++) {
        for (int same_line = 0; same_line < 2; same_line++) {
            char text[1024];
            snprintf(text, sizeof text,
                     "0: kd> !analyze -v\nBUGCHECK_STR:  0xA\nSTACK_TEXT:  %s%c%s\nSTACK_COMMAND:  kb\n", first[i],
                     same_line ? ' ' : '\n', second[i]);
            fx f = fx_read(text);
            assert_int_equal(fx_count(&f, "frame"), 2);
            fx_assert_text(fx_row(&f, "frame", 0), "symbol", "nt!KeBugCheckEx");
            fx_assert_text(fx_row(&f, "frame", 1), "symbol", "acme!Work");
            fx_free(&f);
        }
    }
}

/* Sample trapframe_regs--using-the-analyze-extension-202: what the debugger repeats is no command of the user's. */
static void an_echo_is_not_typed(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !analyze -v\nTRAP_FRAME:  f8950dfc -- (.trap fffffffff8950dfc)\n.trap fffffffff8950dfc\n"
                   "ErrCode = 00000000\n"
                   "eax=81f62fb0 ebx=0000001c ecx=81e13ab8 edx=dc8d9e58 esi=81f62f98 edi=81e13ac0\n"
                   "eip=bfdb4c4d esp=f8950e70 ebp=f8950e90 iopl=0         nv up ei pl nz na pe nc\n"
                   "Resetting default scope\n\nIMAGE_NAME:  acme.sys\n\nFollowup:     MachineOwner\n---------\n");
    assert_int_equal(f.transcript.n_sections, 1);
    assert_true(f.transcript.sections[0].complete);
    assert_true(fx_covers_all(&f, "analyze"));
    assert_true(f.facts->taken[2]);
    assert_int_equal(fx_count(&f, "context"), 1);
    fx_assert_text(fx_row(&f, "context", 0), "kind", "trap");
    assert_int_equal(fx_addr(fx_row(&f, "context", 0), "ip"), 0xbfdb4c4d);
    fx_free(&f);
    f = fx_read("0: kd> !analyze -v\nTRAP_FRAME:  f8950dfc -- (.trap fffffffff8950dfc)\n.trap f8950e00\n"
                "eax=81f62fb0 ebx=0000001c ecx=81e13ab8 edx=dc8d9e58 esi=81f62f98 edi=81e13ac0\n");
    assert_int_equal(f.transcript.n_sections, 2); /* this one was typed */
    fx_free(&f);
}

/* Two labels in a sentence are no output that lost its line ends. */
static void a_sentence_with_labels_is_none(void **state)
{
    (void)state;
    char text[200] = "0: kd> !analyze -v\nBUGCHECK_STR:  0xA\n";
    const char *sentence = "I do not know what PROCESS_NAME: System is, nor what IMAGE_NAME: acme.sys has to";
    assert_int_equal(strlen(sentence), 80);
    strcat(text, sentence);
    fx f = fx_read(text);
    assert_int_equal(fx_count(&f, "analyze"), 1);
    fx_free(&f);
    strcat(text, ".");
    f = fx_read(text);
    assert_int_equal(fx_count(&f, "analyze"), 3); /* as long as output without line ends */
    fx_free(&f);
}

static void reads_several_outputs(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !analyze\nIMAGE_NAME:  a.sys\nFollowup: x\n0: kd> !analyze -v\nIMAGE_NAME:  b.sys\n");
    assert_int_equal(f.transcript.n_sections, 2);
    assert_int_equal(fx_count(&f, "analyze"), 3);
    assert_false(fx_covers_all(&f, "analyze"));
    fx_free(&f);
}

static void reads_an_exception_record(void **state)
{
    (void)state;
    fx f = fx_read(
        "2: kd> .exr ffffdc0e9ee665d8\nExceptionAddress: fffff8002b7f8933 (dxgmms2!RemoveHeadList+0x000000000000000d)\n"
        "   ExceptionCode: c0000005 (Access violation)\n  ExceptionFlags: 00000000\nNumberParameters: 2\n"
        "   Parameter[0]: 0000000000000000\n   Parameter[1]: ffffffffffffffff\nAttempt to read from address "
        "ffffffffffffffff\n");
    assert_int_equal(fx_addr(label(&f, "ExceptionCode"), "number"), 0xc0000005);
    assert_int_equal(fx_addr(label(&f, "Parameter[1]"), "number"), UINT64_MAX);
    assert_int_equal(f.transcript.n_sections, 1);
    fx_free(&f);
}

/* a double fault of x86 runs in a task of its own */
static void reads_a_task_state(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !analyze -v\n"
                   "BUGCHECK_STR:  0x7f_8\n\n"
                   "TSS:  00000028 -- (.tss 0x28)\n"
                   "eax=808a54a0 ebx=89d3c0e8 ecx=89d3c0e8 edx=8a1b2c40 esi=8a1b2c40 edi=00000000\n"
                   "eip=8081df20 esp=b8ae5ffc ebp=b8ae60ec iopl=0         nv up ei pl zr na pe nc\n"
                   "nt!IofCallDriver:\n"
                   "8081df20 55              push    ebp\n"
                   "Resetting default scope\n");
    const sc_row *c = fx_row(&f, "context", 0);
    fx_assert_text(c, "kind", "tss");
    assert_int_equal(fx_addr(c, "address"), 0x28);
    assert_int_equal(fx_addr(c, "sp"), 0xb8ae5ffc);
    fx_free(&f);
}

static void labels_are_sorted_and_found(void **state)
{
    (void)state;
    static const char *const some[] = {
        "ADDITIONAL_DEBUG_TEXT", "BUCKET_ID",       "BUCKET_ID_FUNC_OFFSET",  "CONTEXT", "CPU_COUNT",  "EXCEPTION_CODE",
        "EXCEPTION_CODE_STR",    "FAILURE_ID_HASH", "FAILURE_ID_HASH_STRING", "OSNAME",  "STACK_TEXT", "TRAP_FRAME",
        "STACK_SHA1_HASH_MO",    "WRITE_ADDRESS",   "XML_ATTRIBUTE_LIST"};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++) {
        char text[64];
        sc_label l;
        strcpy(text, some[i]);
        strcat(text, ": 1");
        assert_true(sc_label_read(sc_span_z(text), &l));
        if (!l.listed) fail_msg("%s is not found in the list", some[i]);
    }
    sc_label l;
    assert_false(sc_label_read(SC_S("NOTE: not one"), &l));
    assert_false(sc_label_read(SC_S("std::vector<int> x;"), &l));
}

static void reads_a_flattened_or_cut_exception_record(void **state)
{
    (void)state;
    fx f = fx_read("2: kd> .exr 0xfffff88009b1bc18\nExceptionAddress: fffff8000338f4f1 (nt!NtOpenProcess+0x31) "
                   "ExceptionCode: c0000005 (Access violation) ExceptionFlags: 00000000 NumberParameters: 2 "
                   "Parameter[0]: 0000000000000000 Parameter[1]: 0000000000000010 Attempt to read from address 10\n");
    assert_int_equal(fx_count(&f, "analyze"), 6);
    assert_true(fx_addr(fx_find_text(&f, "analyze", "label", "ExceptionCode"), "number") == 0xc0000005);
    fx_assert_text(fx_find_text(&f, "analyze", "label", "Parameter[1]"), "value", "0000000000000010");
    fx_free(&f);
    f = fx_read("2: kd> .exr 0xfffff88009b1bc18\nNumberParameters: 2\n   Parameter[0]: 0000000000000000\n"
                "   Parameter[1]: 0000000000\n");
    assert_int_equal(fx_state(fx_find_text(&f, "analyze", "label", "Parameter[1]"), "number"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(old_x86);
    fx_torture("TRAP_FRAME:  fffff60789343f50 -- (.trap 0xfffff60789343f50)\nrax=fffff607893441e8 rip=fffff8026dc296cf "
               "rsp=fffff607893440e8\n"
               "Key  : a.b Value: 3 Key  : c Value: 0x\nBUCKET_ID: PROCESS_NAME: STACK_TEXT: 8912380c 80f87fd3 "
               "00000003 e6c3476e 00000065 nt!X\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_an_old_debugger),
        cmocka_unit_test(reads_keys_and_a_trap_frame),
        cmocka_unit_test(reads_a_label_between_sentences),
        cmocka_unit_test(reads_the_culprit_line),
        cmocka_unit_test(reads_a_flattened_output),
        cmocka_unit_test(reads_a_stack_beside_its_label),
        cmocka_unit_test(an_echo_is_not_typed),
        cmocka_unit_test(a_sentence_with_labels_is_none),
        cmocka_unit_test(reads_several_outputs),
        cmocka_unit_test(reads_an_exception_record),
        cmocka_unit_test(reads_a_task_state),
        cmocka_unit_test(labels_are_sorted_and_found),
        cmocka_unit_test(survives_anything),
        cmocka_unit_test(reads_a_flattened_or_cut_exception_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
