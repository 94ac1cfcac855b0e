/* Edges of the parsers that tools/mutate.sh found unguarded: each test fails when one place is broken. */
#include "tests/unit/facts_fixture.h"

#include "engine/facts/field.h"
#include "engine/transcript/transcript.h"

#include <stdio.h>

/* Whether the parsers took the 1-based line of the text as it is after repair. */
static bool takes(const fx *f, size_t line)
{
    for (size_t i = 0; i < f->facts->transcript->n_lines; i++)
        if (f->facts->transcript->lines[i].number == line) return f->facts->taken[i];
    fail_msg("there is no line %zu", line);
    return false;
}

/* Whether what proves the first output of the paste whole was seen. */
static bool is_whole(const fx *f)
{
    assert_true(f->transcript.n_sections > 0);
    return f->transcript.sections[0].complete;
}

static void address_in_one_line(void **state)
{
    (void)state;
    fx f = fx_read("kd> !address fffff80312345678\n"
                   "Usage: Module Base Address: fffff803`12340000 Protect: 00000004 PAGE_READWRITE Type: 01000000 "
                   "MEM_IMAGE Module name: acme\n");
    const sc_row *r = fx_row(&f, "address_region", 0);
    fx_assert_text(r, "protect", "PAGE_READWRITE");
    fx_assert_text(r, "type", "MEM_IMAGE");
    fx_assert_text(r, "module", "acme");
    fx_free(&f);
}

static void devnode_details(void **state)
{
    (void)state;
    static const char text[] = "0: kd> !devnode 0x849e4a48\n"
                               "DevNode 0x849e4a48 for PDO 0x849e4b80\n"
                               "  Parent 0x84a1bb58   Sibling 0x849e4860   Child 0000000000\n"
                               "  Flags (0x000004f0)  DNF_ENUMERATED, DNF_IDS_QUERIED\n"
                               "  CmResourceList at 0x849e4c00  Version 0.0  Interface 0x0  Bus #0\n"
                               "    Alternative 0 (Version 1.1)\n";
    fx f = fx_read(text);
    assert_int_equal(fx_addr(fx_row(&f, "devnode", 0), "flags"), 0x4f0);
    assert_true(takes(&f, 6));
    fx_free(&f);
}

static void devstack_is_whole(void **state)
{
    (void)state;
    static const char text[] = "  fffffa800783f060  \\Driver\\HidUsb     fffffa800783f1b0  \n"
                               "> fffffa8007b13440  \\Driver\\usbhub     fffffa8007b13590  0000007b\n"
                               "!DevNode fffffa8007ac8a00 :\n"
                               "  DeviceInst is \"USB\\VID_04D8&PID_0033\\5&46fa7b7&0&1\"\n"
                               "  ServiceName is \"HidUsb\"\n";
    char paste[1024];
    snprintf(paste, sizeof paste, "0: kd> !devstack fffffa8007b13440\n  !DevObj !DrvObj !DevExt ObjectName\n%s", text);
    fx f = fx_read(paste);
    assert_int_equal(fx_count(&f, "device_stack"), 2);
    assert_true(is_whole(&f));
    fx_free(&f);
    snprintf(paste, sizeof paste, "0: kd> !devstack fffffa8007b13440\n  !DevObj !DrvObj !DevExt ObjectName\n%.110s",
             text);
    f = fx_read(paste);
    assert_false(is_whole(&f));
    fx_free(&f);
}

static void irql_cut_before_its_number(void **state)
{
    (void)state;
    fx f = fx_read("2: kd> !irql\nDebugger saved IRQL for processor 0x2 --\n");
    assert_int_equal(fx_count(&f, "irql"), 0);
    fx_free(&f);
}

static void object_without_a_name(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !object e12a2520\n"
                   "Object: e12a2520  Type: (863d12c8) Directory\n"
                   "    ObjectHeader: e12a2508\n"
                   "    HandleCount: 0  PointerCount: 9\n"
                   "    Directory Object: e1001100  Name: \n"
                   "    Optional Headers:\n"
                   "        NameInfo(ffffa30c8a0f4030)\n");
    assert_int_equal(fx_state(fx_row(&f, "object", 0), "name"), SC_NULL);
    assert_true(takes(&f, 6));
    assert_true(takes(&f, 7));
    fx_free(&f);
}

static void podev_from_its_middle(void **state)
{
    (void)state;
    fx f = fx_read("Device Object Extension: 8211c6a8:\n"
                   "PowerFlags: 00000400 =>SystemState=0 DeviceState=0 dvact\n");
    assert_true(takes(&f, 1));
    fx_free(&f);
}

static void pool_charged_to_a_process(void **state)
{
    (void)state;
    fx f = fx_read("kd> !pool fffffa8005a3c010\n"
                   "Pool page fffffa8005a3c010 region is Nonpaged pool\n"
                   "*fffffa8005a3c000 size:  150 previous size:    0  (Allocated) *AcMe Process: fffffa8004b3e060\n");
    assert_int_equal(fx_addr(fx_row(&f, "pool_block", 0), "process"), 0xfffffa8004b3e060);
    fx_free(&f);
}

static void no_request_is_pending(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !ndiskd.netadapter ffffe0012345e1a0\n\nMINIPORT\n\n    Realtek PCIe GBE\n\n"
                   "    Ndis handle        ffffe0012345e1a0\n    Driver             ffffe00123450000 - rt640x64  v9.1\n"
                   "\nSTATE\n\n    Pending OID        None\n");
    assert_int_equal(fx_state(fx_row(&f, "net_adapter", 0), "pending_oid"), SC_NULL);
    fx_free(&f);
}

static void power_device_word_is_no_state(void **state)
{
    (void)state;
    fx f = fx_read("kd> !powertriage\n\nDevices with allocated Power IRPs:\n\n    +  USB\\ROOT_HUB30\\5&2c60645a&0&0\n"
                   "       0xffffe0002440ac40 USBXHCI Dx? !podev  WAIT_WAKE_IRP !irp Related Threads !rcdrlogdump \n"
                   "       0xffffe0002440bc40 USBHUB3 XX !podev  WAIT_WAKE_IRP !irp Related Threads !rcdrlogdump \n");
    assert_int_equal(fx_state(fx_row(&f, "power_device", 0), "state"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "power_device", 1), "state"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void trace_is_being_read(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !wdfkd.wdflogdump AcmeHid\n"
                   "Trace searchpath is: \n"
                   "Trace format prefix is: %7!u!: %!FUNC! -\n"
                   "Trying to extract TMF information from - C:\\Symbols\\AcmeHid.pdb\n"
                   "Gather log: Please wait, this may take a moment (reading 4024 bytes).\n"
                   " 50% read so far\n"
                   "There are 2 log entries\n"
                   "--- start of log ---\n"
                   "1: FxPkgPnp::Dispatch - IRP_MJ_PNP\n"
                   "---- end of log ----\n");
    for (size_t line = 2; line <= 7; line++) assert_true(takes(&f, line));
    assert_int_equal(fx_count(&f, "wdf_log"), 1);
    fx_free(&f);
}

static void fourth_parameter_of_a_viewer(void **state)
{
    (void)state;
    fx f = fx_read("Dump File         : 061520-9406-01.dmp\nBug Check String  : DRIVER_POWER_STATE_FAILURE\n"
                   "Bug Check Code    : 0x0000009f\nParameter 1       : 00000000`00000003\n"
                   "Parameter 2       : ffffe001`8a0f4030\nParameter 3       : fffff803`5a3c7a60\n"
                   "Parameter 4       : ffffe001`8f1e2b10\nCaused By Driver  : pci.sys\n");
    assert_int_equal(fx_addr(fx_row(&f, "bugcheck", 0), "arg4"), 0xffffe0018f1e2b10);
    fx_free(&f);
}

static void first_of_two_equal_stacks(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> k\nChild-SP          RetAddr           Call Site\n"
                   "ffffd000`20f5a5d0 fffff800`045a1124 nt!A+0x69\nffffd000`20f5a600 fffff800`045a1125 nt!B+0x69\n"
                   "ffffd000`20f5a700 00000000`00000000 nt!C+0x69\n"
                   "0: kd> k\nChild-SP          RetAddr           Call Site\n"
                   "ffffd000`30f5a5d0 fffff800`045a1124 nt!D+0x69\nffffd000`30f5a600 fffff800`045a1125 nt!E+0x69\n"
                   "ffffd000`30f5a700 00000000`00000000 nt!F+0x69\n");
    fx_assert_text(fx_row(&f, "crash_frame", 0), "symbol", "nt!A");
    fx_free(&f);
}

static void largest_frame_has_no_symbol(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> kf\n # Memory   Child-SP          RetAddr           Call Site\n"
                   "00           ffffd000`20f5a5d0 fffff800`045a1124 nt!A+0x69\n"
                   "01        30 ffffd000`20f5a600 fffff800`045a1125 0xfffff800`045a1123\n"
                   "02      2000 ffffd000`20f5c600 00000000`00000000 nt!C+0x69\n");
    const sc_row *r = fx_row(&f, "stack_use", 0);
    assert_int_equal(fx_int(r, "largest_bytes"), 0x2000);
    assert_int_equal(fx_state(r, "largest_symbol"), SC_NULL);
    fx_free(&f);
}

/* A thread with windows has a larger stack: how large is not known. */
static void more_than_a_plain_stack_holds(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> kf\n # Memory   Child-SP          RetAddr           Call Site\n"
                   "00           ffffd000`20f5a5d0 fffff800`045a1124 nt!A+0x69\n"
                   "01      7000 ffffd000`20f615d0 00000000`00000000 nt!C+0x69\n");
    const sc_row *r = fx_row(&f, "stack_use", 0);
    assert_int_equal(fx_int(r, "used"), 0x7000);
    fx_assert_text(r, "size_source", "unknown");
    assert_int_equal(fx_state(r, "size"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void formats_may_be_cut(void **state)
{
    (void)state;
    static const char *const lines[] = {"  Hex:     fffffd70\n", "  Decimal: -656\n"};
    for (size_t i = 0; i < 2; i++) {
        char text[128] = "3: kd> .formats 0x0FFFFFD70\nEvaluate expression:\n";
        strcat(text, lines[i]);
        fx f = fx_read(text);
        assert_int_equal(fx_count(&f, "evaluated"), 1);
        assert_true(f.transcript.sections[0].complete);
        fx_free(&f);
    }
}

static void strides_differ_only_at_first(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> k\nChild-SP          RetAddr           Call Site\n"
                   "fffff880`00000000 fffff800`045a1124 nt!A+0x69\nfffff880`00000010 fffff800`045a1124 acme!F+0x10\n"
                   "fffff880`00000050 fffff800`045a1124 acme!F+0x10\nfffff880`000000a0 fffff800`045a1124 acme!F+0x10\n"
                   "fffff880`000000f0 fffff800`045a1124 acme!F+0x10\nfffff880`00000140 fffff800`045a1124 acme!F+0x10\n"
                   "fffff880`00000190 fffff800`045a1124 acme!F+0x10\nfffff880`000001e0 fffff800`045a1124 acme!F+0x10\n"
                   "fffff880`00000300 fffff800`045a1124 nt!B+0x10\n");
    assert_int_equal(fx_int(fx_row(&f, "recursion", 0), "count"), 7);
    assert_int_equal(fx_state(fx_row(&f, "recursion", 0), "stride"), SC_NULL);
    fx_free(&f);
}

static void parameter_is_where_a_context_stands(void **state)
{
    (void)state;
    fx f = fx_read("BugCheck 7E, {ffffffffc0000005, fffff880045a1123, fffff880031a5988, fffff880031a51e0}\n\n"
                   "1: kd> .cxr fffff880031a51e0\n"
                   "rax=0000000000000000 rbx=fffffa800b3a5010 rcx=0000000000000000\n"
                   "rdx=0000000000000000 rsi=0000000000000000 rdi=0000000000000000\n"
                   "rip=fffff880045a1123 rsp=fffff880031a5bc0 rbp=0000000000000000\n"
                   "acmedisk!ReadBlock+0x23:\n"
                   "fffff880`045a1123 488b01          mov     rax,qword ptr [rcx]\n");
    const sc_row *r = fx_row(&f, "arg_module", 0);
    assert_int_equal(fx_int(r, "arg"), 2);
    fx_assert_text(r, "symbol", "acmedisk!ReadBlock");
    fx_assert_text(r, "how", "context");
    fx_free(&f);
}

/* What !analyze says of the crash is as true of a minidump; what it finds in memory is not. */
static void minidump_keeps_what_was_analysed(void **state)
{
    (void)state;
    fx f = fx_read("Mini Kernel Dump File: Only registers and stack trace are available\n\n0: kd> !analyze -v\n"
                   "DRIVER_POWER_STATE_FAILURE (9f)\nPROCESS_NAME:  System\n\nFAILURE_BUCKET_ID:  X64_0x9F_4\n\n"
                   "Followup: MachineOwner\n---------\n\n0: kd> !locks\n"
                   "**** DUMP OF ALL RESOURCE OBJECTS ****\nKD: Scanning for held locks...\n4000 total locks\n");
    assert_true(fx_covers_all(&f, "analyze"));
    assert_false(fx_covers_all(&f, "lock"));
    fx_free(&f);
}

/* How often outputs of this file prove that a table holds all of something, behind a line or without one (""). */
static size_t proofs(const char *path, const char *table, const char *before)
{
    static char text[1 << 16];
    FILE *in = fopen(path, "r");
    if (!in) fail_msg("cannot read %s", path);
    size_t at = (size_t)snprintf(text, sizeof text, "%s", before);
    at += fread(text + at, 1, sizeof text - at - 1, in);
    fclose(in);
    text[at] = '\0';
    fx f = fx_read(text);
    size_t n = 0;
    for (const sc_coverage *c = sc_facts_table(f.facts, fx_table(table))->covered; c; c = c->next) n += c->complete;
    fx_free(&f);
    return n;
}

/* A minidump holds registers, the stack, the list of modules, what !errrec and !sysinfo read - and no more. */
static void what_a_minidump_holds(void **state)
{
    (void)state;
    static const struct {
        const char *name, *table;
        bool held;
    } outputs[] = {
        {"trap", "context", true},
        {"trap", "register", true},
        {"dumpdebug", "dump_header", true},
        {"effmach", "effective_machine", true},
        {"u", "instruction", true},
        {"kv", "frame", true},
        {"thread", "stack", true},
        {"lm", "module", true},
        {"sysinfo-machineid", "machine", true},
        {"sysinfo-cpuinfo", "cpu", true},
        {"sysinfo-smbios", "memory_device", true},
        {"errrec", "mca", true},
        {"errrec", "whea_field", true},
        {"errrec", "whea_record", true},
        {"errrec", "whea_section", true},
        {"thread", "thread", false},
        {"irp", "irp", false},
    };
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
        char path[64];
        snprintf(path, sizeof path, "corpus/facts/%s/whole.txt", outputs[i].name);
        size_t n = proofs(path, outputs[i].table, "");
        size_t left = proofs(path, outputs[i].table,
                             "Mini Kernel Dump File: Only registers and stack trace are available\n\n");
        if (!n) fail_msg("%s proves nothing about %s", path, outputs[i].table);
        if (left != (outputs[i].held ? n : 0)) fail_msg("%s of a minidump: %zu of %zu", outputs[i].table, left, n);
    }
}

/* The last line of an output that belongs to it is where it ends, even when it is a message. */
static void messages_belong_to_their_output(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "0: kd> k\nChildEBP RetAddr  \nb8ae60ec 8081df65 acme!Work+0x12\n"
        "WARNING: Stack unwind information not available. Following frames may be wrong.\n",
        "0: kd> k\nChildEBP RetAddr  \nb8ae60ec 8081df65 acme!Work+0x12\n"
        "WARNING: Frame IP not in any known module. Following frames may be wrong.\n",
        "0: kd> k\n\n\n  *** Stack trace for last set context - .thread/.cxr resets it\n",
        "3: kd> u @rip\nwin32k!vSolidFillRect1+0x13f:\nfffff960`0011ad9f ??              ???\n"
        "              ^ Memory access error in 'u @rip'\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        fx f = fx_read(texts[i]);
        assert_int_equal(f.transcript.n_sections, 1);
        assert_int_equal(f.transcript.lines[f.transcript.sections[0].last_used].number, 4);
        fx_free(&f);
    }
}

/* The whole stack has lost its prompt; that of the quotation tells on which processor it was. */
static void a_quotation_hands_over_its_processor(void **state)
{
    (void)state;
    fx f = fx_read("Child-SP          RetAddr           Call Site\n"
                   "fffff880`0331a6e0 fffff800`02ed11e9 nt!KeBugCheckEx\n"
                   "fffff880`0331a6e8 fffff800`02ecfe60 nt!KiBugCheckDispatch+0x69\n"
                   "fffff880`0331a720 fffff880`045a1123 nt!KiPageFault+0x260\n"
                   "fffff880`0331a8b0 fffff800`031712ea acmedisk!ReadBlock+0x23\n"
                   "fffff880`0331a8e0 00000000`00000000 nt!KxStartSystemThread+0x16\n\n"
                   "2: kd> k 3\nChild-SP          RetAddr           Call Site\n"
                   "fffff880`0331a6e0 fffff800`02ed11e9 nt!KeBugCheckEx\n"
                   "fffff880`0331a6e8 fffff800`02ecfe60 nt!KiBugCheckDispatch+0x69\n"
                   "fffff880`0331a720 fffff880`045a1123 nt!KiPageFault+0x260\n");
    assert_true(fx_bool(fx_row(&f, "stack", 1), "quote"));
    assert_int_equal(fx_int(fx_row(&f, "stack", 0), "processor"), 2);
    fx_free(&f);
}

static void minidump_keeps_its_stack(void **state)
{
    (void)state;
    fx f = fx_read("Mini Kernel Dump File: Only registers and stack trace are available\n\n"
                   "BugCheck D1, {8, 2, 0, fffff800045a1123}\n\n"
                   "0: kd> k\nChild-SP          RetAddr           Call Site\n"
                   "fffff880`0331a6e0 fffff800`02ed11e9 nt!KeBugCheckEx\n"
                   "fffff880`0331a6e8 fffff800`02ecfe60 nt!KiBugCheckDispatch+0x69\n"
                   "fffff880`0331a720 fffff880`045a1123 nt!KiPageFault+0x260\n"
                   "fffff880`0331a8b0 fffff800`031712ea acmedisk!ReadBlock+0x23\n"
                   "fffff880`0331a8e0 00000000`00000000 nt!KxStartSystemThread+0x16\n\n0: kd> r\n");
    assert_true(fx_covers_all(&f, "crash_frame"));
    fx_free(&f);
}

/* The whole of the header and its parameters on one line, the rest as it was printed. */
static void parameters_behind_the_name(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !analyze -v\nDRIVER_IRQL_NOT_LESS_OR_EQUAL (d1) An attempt was made to access a pageable "
                   "address. Arguments: Arg1: 0000000000000010, memory referenced Arg2: 0000000000000002, IRQL Arg3: "
                   "0000000000000001, write operation Arg4: fffff880045a1123, address which referenced memory\n\n"
                   "IMAGE_NAME:  acmedisk.sys\n");
    const sc_row *r = fx_row(&f, "bugcheck", 0);
    assert_int_equal(fx_int(r, "code"), 0xd1);
    assert_int_equal(fx_addr(r, "arg1"), 0x10);
    assert_int_equal(fx_addr(r, "arg3"), 1);
    assert_true(fx_addr(r, "arg4") == 0xfffff880045a1123);
    fx_free(&f);
    f = fx_read("0: kd> !analyze -v\nArguments: Arg1: 0000000000000008, EXCEPTION_DOUBLE_FAULT Arg2: "
                "0000000080050033 Arg3: 00000000000406f8 Arg4: fffff80002e69f2c\n\nIMAGE_NAME:  acmedisk.sys\n");
    r = fx_row(&f, "bugcheck", 0);
    assert_int_equal(fx_int(r, "code"), 0x7f);
    assert_int_equal(fx_addr(r, "arg1"), 8);
    fx_free(&f);
}

static void key_at_the_end_of_the_paste(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !analyze -v\nKEY_VALUES_STRING: 1\n\n    Key  : Analysis.CPU.mSec\n    Value: 2843\n\n"
                   "    Key  : Failure.Bucket\n");
    assert_true(takes(&f, 7));
    fx_free(&f);
}

/* A command alone on its line, its prompt not copied, is told by what only a debugger would be given. */
static void option_of_a_bare_command(void **state)
{
    (void)state;
    fx f = fx_read("!irpfind -v\n\nScanning large pool allocation table for tag 0x3f707249 (Irp?)\n");
    assert_int_equal(f.transcript.n_sections, 1);
    assert_true(sc_eq_z(f.transcript.sections[0].args, "-v"));
    fx_free(&f);
}

static void one_level_of_a_page_table(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !pte fffff80312345678\n"
                   "                                           VA fffff80312345678\n"
                   "PXE at FFFFF6FB7DBEDF80\ncontains 0000000000B09063\npfn b09       ---DA--KWEV\n");
    const sc_row *r = fx_row(&f, "pte", 0);
    fx_assert_text(r, "level", "PXE");
    assert_int_equal(fx_addr(r, "contains"), 0xb09063);
    fx_free(&f);
}

/* A processor was chosen between a context and the stack: the stack is that processor's. */
static void context_ends_at_another_processor(void **state)
{
    (void)state;
    fx f = fx_read("1: kd> .cxr fffff880031a51e0\n"
                   "rax=0000000000000000 rbx=fffffa800b3a5010 rcx=0000000000000000\n"
                   "rip=fffff880045a1123 rsp=fffff880031a5bc0 rbp=0000000000000000\n"
                   "1: kd> ~1s\n1: kd> k\nChild-SP          RetAddr           Call Site\n"
                   "ffffd000`20f5a5d0 fffff800`045a1124 nt!A+0x69\nffffd000`20f5a600 fffff800`045a1125 nt!B+0x69\n");
    fx_assert_text(fx_row(&f, "stack", 0), "kind", "processor");
    fx_free(&f);
}

static void process_tells_the_width_of_pointers(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !process 0 0\nPROCESS fffffa8003c5d040\n    SessionId: none  Cid: 0004    Peb: 00000000\n"
                   "    Image: System\n");
    assert_int_equal(f.facts->pointer_bytes, 8);
    fx_free(&f);
}

static void double_shift_is_an_instruction(void **state)
{
    (void)state;
    fx f = fx_read("acme!F:\nfffff880`045a1123 0fadc8          shrd    eax,ecx,cl\n"
                   "fffff880`045a1126 0fadc8          shrd    eax,ecx,cl\n");
    fx_assert_text(fx_row(&f, "instruction", 0), "mnemonic", "shrd");
    fx_free(&f);
}

static void fields_after_dots(void **state)
{
    (void)state;
    sc_span value;
    assert_true(sc_field(sc_span_z("Flags. : 5"), "Flags", &value));
    assert_true(sc_eq_z(value, "5"));
    assert_true(sc_field(sc_span_z("Flags: 5"), "Flags", &value));
    assert_false(sc_field(sc_span_z("Flagship. : 5"), "Flags", &value));
}

static void spellings_of_lm(void **state)
{
    (void)state;
    assert_non_null(sc_find_command(sc_span_z("lmv")));
    assert_non_null(sc_find_command(sc_span_z("lmvm")));
    assert_null(sc_find_command(sc_span_z("lmzv")));
    assert_null(sc_find_command(sc_span_z("lmz")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(address_in_one_line),
        cmocka_unit_test(devnode_details),
        cmocka_unit_test(devstack_is_whole),
        cmocka_unit_test(irql_cut_before_its_number),
        cmocka_unit_test(object_without_a_name),
        cmocka_unit_test(podev_from_its_middle),
        cmocka_unit_test(pool_charged_to_a_process),
        cmocka_unit_test(no_request_is_pending),
        cmocka_unit_test(power_device_word_is_no_state),
        cmocka_unit_test(trace_is_being_read),
        cmocka_unit_test(fourth_parameter_of_a_viewer),
        cmocka_unit_test(first_of_two_equal_stacks),
        cmocka_unit_test(largest_frame_has_no_symbol),
        cmocka_unit_test(more_than_a_plain_stack_holds),
        cmocka_unit_test(formats_may_be_cut),
        cmocka_unit_test(strides_differ_only_at_first),
        cmocka_unit_test(parameter_is_where_a_context_stands),
        cmocka_unit_test(minidump_keeps_what_was_analysed),
        cmocka_unit_test(what_a_minidump_holds),
        cmocka_unit_test(messages_belong_to_their_output),
        cmocka_unit_test(a_quotation_hands_over_its_processor),
        cmocka_unit_test(minidump_keeps_its_stack),
        cmocka_unit_test(parameters_behind_the_name),
        cmocka_unit_test(key_at_the_end_of_the_paste),
        cmocka_unit_test(option_of_a_bare_command),
        cmocka_unit_test(one_level_of_a_page_table),
        cmocka_unit_test(context_ends_at_another_processor),
        cmocka_unit_test(process_tells_the_width_of_pointers),
        cmocka_unit_test(double_shift_is_an_instruction),
        cmocka_unit_test(fields_after_dots),
        cmocka_unit_test(spellings_of_lm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
