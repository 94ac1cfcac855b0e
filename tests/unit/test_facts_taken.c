/* Every line of an output that is known is taken by its parser: `stopcode sections` shows the others as unread, and
 * the last line that was taken tells where an output ends. */
#include "facts_fixture.h"

/* The first line of an output that nobody took fails the test; lines of prompts are nobody's. */
static void expect_taken(const char *paste)
{
    static const sc_ref_bugcheck codes[] = {{0x0a, "IRQL_NOT_LESS_OR_EQUAL", false}};
    static const sc_knowledge known = {.bugchecks = codes, .n_bugchecks = 1};
    fx f = fx_read_crash(sc_span_z(paste), &known, 0);
    assert_non_null(f.facts);
    assert_true(f.transcript.n_sections > 0);
    for (size_t i = 0; i < f.transcript.n_lines; i++) {
        bool of_prompt = false;
        for (size_t s = 0; s < f.transcript.n_sections; s++)
            of_prompt |= f.transcript.sections[s].first == i && f.transcript.sections[s].prompted;
        if (!of_prompt && f.transcript.lines[i].text.n && !f.facts->taken[i])
            fail_msg("nobody took line %u: %.*s", f.transcript.lines[i].number, SC_F(f.transcript.lines[i].text));
    }
    fx_free(&f);
}

static void analyze(void **state)
{
    (void)state;
    expect_taken("0: kd> !analyze -v\n"
                 "*******************************************************************************\n"
                 "IRQL_NOT_LESS_OR_EQUAL (a)\nArguments:\nArg1: 0000000000000000, memory referenced\n"
                 "Arg2: 0000000000000002, IRQL\nArg3: 0000000000000000\nArg4: fffff80002ef0c19\n\n"
                 "Debugging Details:\n------------------\n\n"
                 "KEY_VALUES_STRING: 1\n\n    Key  : Analysis.CPU.mSec\n    Value: 2734\n\n"
                 "BUGCHECK_STR:  0xA\n\nFAULTING_IP: \nnt!KiSystemCall64+1b1c\n"
                 "fffff800`02ef0c19 8b01            mov     eax,dword ptr [rcx]\n\n"
                 "TRAP_FRAME:  fffff880009a9a60 -- (.trap 0xfffff880009a9a60)\n"
                 ".trap 0xfffff880009a9a60\n"
                 "rax=0000000000000000 rbx=0000000000000000 rcx=0000000000000000\n\n"
                 "STACK_TEXT:  \n"
                 "fffff880`009a9918 fffff800`02ed11e9 : 00000000`0000000a 00000000`00000000 00000000`00000002 "
                 "00000000`00000000 : nt!KeBugCheckEx\n\n"
                 "CHKIMG_EXTENSION: !chkimg -lo 50 -d !nt\n"
                 "    fffff80002ef0c19-fffff80002ef0c1a  2 bytes - nt!KiSystemCall64+1b1c\n\t[ 01 48:00 40 ]\n"
                 "2 errors : !nt (fffff80002ef0c19-fffff80002ef0c1a)\n"
                 "MODULE_NAME: memory_corruption\n\nFollowup:     memory_corruption\n---------\n");
}

static void the_code_and_its_parameters(void **state)
{
    (void)state;
    expect_taken("IRQL_NOT_LESS_OR_EQUAL (a)\nArg1: 0000000000000000\nArg2: 0000000000000002\n"
                 "Arg3: 0000000000000000\nArg4: fffff80002ef0c19\n");
}

static void code(void **state)
{
    (void)state;
    expect_taken("0: kd> u nt!KeBugCheckEx\nnt!KeBugCheckEx:\n"
                 "fffff800`02ed2d00 48894c2408      mov     qword ptr [rsp+8],rcx\n"
                 "fffff800`02ed2d05 4889542410      mov     qword ptr [rsp+10h],rdx\n");
}

static void image_bytes(void **state)
{
    (void)state;
    expect_taken("kd> !chkimg win32k -d\n"
                 "    bf920e40-bf920e46  7 bytes - win32k!HFDBASIS32::vSteadyState+1f\n"
                 "        [ 78 08 d3 78 0c c2 04:00 00 00 00 00 01 00 ]\n"
                 "7 errors : win32k (bf920e40-bf920e46)\n");
}

static void requests(void **state)
{
    (void)state;
    expect_taken("0: kd> !irp fffffa8008f5cc10 7\n"
                 "Irp is active with 1 stacks 1 is current (= 0xfffffa8008f5cd70)\n"
                 " No Mdl: No System Buffer: Thread fffffa8007005660:  Irp stack trace. \n"
                 "     cmd  flg cl Device   File     Completion-Context\n"
                 ">[IRP_MJ_PNP(1b), IRP_MN_SURPRISE_REMOVAL(17)]\n"
                 "            0  0 fffffa800c089050 00000000 00000000-00000000    \n"
                 "            Args: 00000000 00000000 00000000 00000000\n");
    expect_taken(
        "3: kd> !irpfind\n"
        "Scanning large pool allocation table for Tag 'Irp?' (fffffa801a333000 : fffffa801a3f3000)\n"
        "  Irp            [ Thread ]         irpStack: (Mj,Mn)   DevObj          [Driver]         MDL Process\n"
        "fffffa8019753390 [fffffa801a9f9b50] irpStack: ( 3, 0)  fffffa801a9c9980 [ \\Driver\\mouclass]\n");
}

static void lists(void **state)
{
    (void)state;
    expect_taken("0: kd> !poolused\n   Sorting by  Tag\n\n  Pool Used:\n"
                 "            NonPaged            Paged\n"
                 " Tag    Allocs     Used    Allocs     Used\n"
                 " 1394        1      520         0        0UNKNOWN pooltag '1394', please update pooltag.txt\n"
                 " TOTAL        1      520         0        0\n");
    expect_taken("0: kd> lmtn\n"
                 "start             end                 module name\n"
                 "fffff800`02e5e000 fffff800`03448000   nt       ntkrnlmp.exe Sat Nov 20 01:30:02 2010 (4CE7951A)\n"
                 "Unloaded modules:\n"
                 "fffff880`01200000 fffff880`0120e000   crashdmp.sys\n");
    expect_taken("3: kd> .formats 0x0FFFFFD70\nEvaluate expression:\n  Hex:     fffffd70\n  Decimal: -656\n");
    expect_taken("0: kd> !sysinfo machineid\n"
                 "Machine ID Information [From Smbios 2.7, DMIVersion 0, Size=1234]\n"
                 "SystemManufacturer = VMware, Inc.\nSystemProductName = VMware Virtual Platform\n");
}

/* What stands around the facts: the frame of a banner, source code, a process above its handles, links. */
static void surroundings(void **state)
{
    (void)state;
    expect_taken("*******************************************************************************\n"
                 "*                                                                             *\n"
                 "*                        Bugcheck Analysis                                    *\n"
                 "*                                                                             *\n"
                 "*******************************************************************************\n"
                 "IRQL_NOT_LESS_OR_EQUAL (a)\nArguments:\nArg1: 0000000000000000\nArg2: 0000000000000002\n");
    expect_taken("0: kd> !analyze -v\nFAULTING_SOURCE_LINE_NUMBER:  26\n\nFAULTING_SOURCE_CODE:  \n"
                 "    22:    if(1 == status)\n    23:    {\n>   26:       Go();\n    27:    }\n\n"
                 "SYMBOL_STACK_INDEX:  9\n");
    expect_taken("kd> !handle 0 4\nprocessor number 0\n"
                 "PROCESS 80559800  SessionId: 0  Cid: 0000    Peb: 00000000  ParentCid: 0000\n"
                 "    DirBase: 00039000  ObjectTable: e1000d60  TableSize: 380.\n    Image: Idle\n\n"
                 "New version of handle table at e1002000 with 380 Entries in use\n\n"
                 "0004: Object: 80ed5238  GrantedAccess: 001f0fff\n00000000: Unable to read handle table\n");
    expect_taken("kd> !chkimg win32k -f\nWarning: Any detected errors will be fixed to what we expect!\n"
                 "Number of different bytes for win32k: 7\n");
    expect_taken(
        "0: kd> !devnode ff0cfe88 6\nDevNode 0xff0cfe88 for PDO 0xff0cf030\n  State = DeviceNodeStarted (0x308)\n"
        "  IoResList at 0xe120df88 : Interface 0x5  Bus 0  Slot 0x2d\n    Alternative 0 (Version 1.1)\n"
        "      Descriptor 0 - Port (0x1) Device Exclusive (0x1)\n"
        "  CmResourceList at 0xe1a2c008  Version 0.0  Interface 0x5  Bus #2\n"
        "    Entry 0 - Port (0x1) Device Exclusive (0x1)\n");
}

/* Source code and handles of that form elsewhere are nobody's. */
static void elsewhere(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !analyze -v\nSYMBOL_NAME:  nt!KeBugCheck\n  26:       Go();\n"
                   "kd> !object 80ed5238\nObject: 80ed5238  Type: (80f15ca0) Event\nprocessor number 0\nImage: Idle\n");
    assert_false(f.facts->taken[2]);
    assert_false(f.facts->taken[5]);
    assert_false(f.facts->taken[6]);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(analyze),      cmocka_unit_test(the_code_and_its_parameters),
        cmocka_unit_test(code),         cmocka_unit_test(image_bytes),
        cmocka_unit_test(requests),     cmocka_unit_test(lists),
        cmocka_unit_test(surroundings), cmocka_unit_test(elsewhere),
    };
    return cmocka_run_group_tests_name("lines taken", tests, NULL, NULL);
}
