/* Output whose line breaks became blanks. */
#include "tests/unit/repair_fixture.h"

static void test_stacks(void **state)
{
    (void)state;
    expect(
        "Child-SP RetAddr : Args to Child : Call Site fffff880`0331a5d8 fffff800`02ad5169 : 00000000`0000000a "
        "fffffa7f`8a3c1018 00000000`00000002 00000000`00000001 : nt!KeBugCheckEx fffff880`0331a5e0 fffff800`02ad3de0 "
        ": fffffa80`0b3a5010 00000000`00000000 00000000`00000000 00000000`00000000 : nt!KiBugCheckDispatch+0x69 "
        "fffff880`0331a720 fffff880`045a1123 : 1 2 3 4 : nt!KiPageFault+0x260\n",
        "flattened",
        "1|Child-SP RetAddr : Args to Child : Call Site\n"
        "1|fffff880`0331a5d8 fffff800`02ad5169 : 00000000`0000000a fffffa7f`8a3c1018 00000000`00000002 "
        "00000000`00000001 : nt!KeBugCheckEx\n"
        "1|fffff880`0331a5e0 fffff800`02ad3de0 : fffffa80`0b3a5010 00000000`00000000 00000000`00000000 "
        "00000000`00000000 : nt!KiBugCheckDispatch+0x69\n"
        "1|fffff880`0331a720 fffff880`045a1123 : 1 2 3 4 : nt!KiPageFault+0x260\n");
    expect("0: kd> kn # ChildEBP RetAddr 00 f78d6b24 80543930 nt!KeBugCheckEx+0x1b 01 f78d6b44 f8a1c2f4 "
           "nt!KiTrap0E+0x238 (FPO: [0,0,0]) 02 f78d6bc8 f8a1b8c1 acmesnd+0xc2f4 [c:\\a.c @ 12] 03 f78d6be4 804ef129 "
           "acmesnd+0xb8c1\n",
           "flattened",
           "1|0: kd> kn #\n1|ChildEBP RetAddr\n1|00 f78d6b24 80543930 nt!KeBugCheckEx+0x1b\n"
           "1|01 f78d6b44 f8a1c2f4 nt!KiTrap0E+0x238 (FPO: [0,0,0])\n"
           "1|02 f78d6bc8 f8a1b8c1 acmesnd+0xc2f4 [c:\\a.c @ 12]\n1|03 f78d6be4 804ef129 acmesnd+0xb8c1\n");
}

static void test_others(void **state)
{
    (void)state;
    expect("fffff880`0331a5d8  fffff800`02ad5169 nt!KiBugCheckDispatch+0x69 fffff880`0331a5e0  00000000`0000000a "
           "fffff880`0331a5e8  fffffa7f`8a3c1018 fffff880`0331a5f0  00000000`00000002\n",
           "flattened",
           "1|fffff880`0331a5d8  fffff800`02ad5169 nt!KiBugCheckDispatch+0x69\n1|fffff880`0331a5e0  00000000`0000000a\n"
           "1|fffff880`0331a5e8  fffffa7f`8a3c1018\n1|fffff880`0331a5f0  00000000`00000002\n");
    expect(
        "acmedisk!ReadBlock: fffff880`045a1100 48895c2408      mov     qword ptr [rsp+8],rbx fffff880`045a1105 57     "
        "         push    rdi fffff880`045a1106 4883ec20        sub     rsp,20h "
        "fffff880`045a110a 488bd9          mov     rbx,rcx\n",
        "flattened",
        "1|acmedisk!ReadBlock:\n1|fffff880`045a1100 48895c2408      mov     qword ptr [rsp+8],rbx\n"
        "1|fffff880`045a1105 57              push    rdi\n1|fffff880`045a1106 4883ec20        sub     rsp,20h\n"
        "1|fffff880`045a110a 488bd9          mov     rbx,rcx\n");
    expect("acmedisk!ReadBlock+0x5: fffff880`045a1105 57 push rdi acmedisk!ReadBlock+0x6: fffff880`045a1106 4883ec20 "
           "sub rsp,20h acmedisk!ReadBlock+0xa: fffff880`045a110a 488bd9 mov rbx,rcx\n",
           "flattened",
           "1|acmedisk!ReadBlock+0x5:\n1|fffff880`045a1105 57 push rdi\n1|acmedisk!ReadBlock+0x6:\n"
           "1|fffff880`045a1106 4883ec20 sub rsp,20h\n1|acmedisk!ReadBlock+0xa:\n"
           "1|fffff880`045a110a 488bd9 mov rbx,rcx\n");
    expect("**** DUMP OF ALL RESOURCE OBJECTS **** KD: Scanning for held locks... Resource @ nt!CmpRegistryLock "
           "(0xfffff8012a4d2a00)    Shared 1 owning threads Contention Count = 31 Threads: ffffe0018a3f5040-01<*>\n",
           "flattened",
           "1|**** DUMP OF ALL RESOURCE OBJECTS ****\n1|KD: Scanning for held locks...\n"
           "1|Resource @ nt!CmpRegistryLock (0xfffff8012a4d2a00)    Shared 1 owning threads\n"
           "1|Contention Count = 31\n1|Threads: ffffe0018a3f5040-01<*>\n");
    expect(
        "ffffe0018bb4cc10 [ffffe0018b1c2080] irpStack: ( 3, 0)  ffffe0018a4a2060 [ \\Driver\\disk] 0x0000000000000000 "
        "ffffe0018bc11a20 [0000000000000000] Irp is complete (CurrentLocation 4 > StackCount 3) ffffe0018bd2e510 "
        "[ffffe0018b1c2080] irpStack: ( e, 0)  ffffe0018a4a2060 [ \\Driver\\disk] ffffe0018bd2e610 [0000000000000000] "
        "Irp is complete (CurrentLocation 4 > StackCount 3)\n",
        "flattened",
        "1|ffffe0018bb4cc10 [ffffe0018b1c2080] irpStack: ( 3, 0)  ffffe0018a4a2060 [ \\Driver\\disk] "
        "0x0000000000000000\n1|ffffe0018bc11a20 [0000000000000000] Irp is complete (CurrentLocation 4 > StackCount 3)\n"
        "1|ffffe0018bd2e510 [ffffe0018b1c2080] irpStack: ( e, 0)  ffffe0018a4a2060 [ \\Driver\\disk]\n"
        "1|ffffe0018bd2e610 [0000000000000000] Irp is complete (CurrentLocation 4 > StackCount 3)\n");
    expect(
        "2: kd> .bugcheck Bugcheck code 0000009F Arguments 3 4 5 6 2: kd> !irql Debugger saved IRQL for processor 0x2 "
        "-- 0 (LOW_LEVEL) 2: kd> !vm 1: lkd> !thread and here a person writes on and on\n",
        "flattened",
        "1|2: kd> .bugcheck Bugcheck code 0000009F Arguments 3 4 5 6\n"
        "1|2: kd> !irql\n1|Debugger saved IRQL for processor 0x2 -- 0 (LOW_LEVEL)\n1|2: kd> !vm\n"
        "1|1: lkd> !thread and here a person writes on and on\n");
}

static void test_code_below_registers(void **state)
{
    (void)state;
    expect("r14=0000000000000000 r15=0000000000000000 iopl=0         nv up ei pl zr na po nc cs=0010  ss=0018  ds=002b "
           "efl=00010246 nt!NtOpenProcess+0x31: fffff800`0338f4f1 488b4810        mov     rcx,qword ptr [rax+10h]\n",
           "flattened",
           "1|r14=0000000000000000 r15=0000000000000000\n1|iopl=0         nv up ei pl zr na po nc\n"
           "1|cs=0010  ss=0018  ds=002b efl=00010246\n1|nt!NtOpenProcess+0x31:\n"
           "1|fffff800`0338f4f1 488b4810        mov     rcx,qword ptr [rax+10h]\n");
}

static void test_answers(void **state)
{
    (void)state;
    expect("1: kd> ? 0n4496 + 2c4 Evaluate expression: 5204 = 00000000`00001454\n", "flattened",
           "1|1: kd> ? 0n4496 + 2c4\n1|Evaluate expression: 5204 = 00000000`00001454\n");
    expect("kd> !error c000009a Error code: (NTSTATUS) 0xc000009a (3221225626) - Insufficient\n", "flattened",
           "1|kd> !error c000009a\n1|Error code: (NTSTATUS) 0xc000009a (3221225626) - Insufficient\n");
    expect_same("He typed it and saw Evaluate expression: 5204 = 00001454");
}

static void test_lists(void **state)
{
    (void)state;
    expect("New version of handle table at e1002000 with 380 Entries in use 0000: free handle, Entry address e1002000, "
           "Next Entry fffffffe 0004: Object: 80ed5238 GrantedAccess: 001f0fff 0168: Object: ffb6c748 GrantedAccess: "
           "00000003 (Protected)\n",
           "flattened",
           "1|New version of handle table at e1002000 with 380 Entries in use\n"
           "1|0000: free handle, Entry address e1002000, Next Entry fffffffe\n"
           "1|0004: Object: 80ed5238 GrantedAccess: 001f0fff\n"
           "1|0168: Object: ffb6c748 GrantedAccess: 00000003 (Protected)\n");
    expect(
        "Searching NonPaged pool (823b1000 : 82800000) for Tag: SeSd 826fa130 size: c0 previous size: 40 (Allocated) "
        "SeSd 82712000 size: c0 previous size: 0 (Allocated) SeSd 82713000 size: c0 previous size: 0 (Free) SeSd\n",
        "flattened",
        "1|Searching NonPaged pool (823b1000 : 82800000) for Tag: SeSd\n"
        "1|826fa130 size: c0 previous size: 40 (Allocated) SeSd\n"
        "1|82712000 size: c0 previous size: 0 (Allocated) SeSd\n"
        "1|82713000 size: c0 previous size: 0 (Free) SeSd\n");
    expect("PopCapabilities @ 0xfffff8022f6c4380 Devices with allocated Power IRPs: + USB\\ROOT_HUB30\\5&2c60&0&0 "
           "0xffffe0002440ac40 USBXHCI D2 !podev WAIT_WAKE_IRP !irp Upper DO 0xffffe00024415a10 USBHUB3 !podev\n",
           "flattened",
           "1|PopCapabilities @ 0xfffff8022f6c4380\n1|Devices with allocated Power IRPs:\n"
           "1|+ USB\\ROOT_HUB30\\5&2c60&0&0\n1|0xffffe0002440ac40 USBXHCI D2 !podev WAIT_WAKE_IRP !irp\n"
           "1|Upper DO 0xffffe00024415a10 USBHUB3 !podev\n");
    expect("There are 75 log entries --- start of log --- 36844: FxPowerIdleMachine::ProcessEventLocked - WDFDEVICE "
           "0x000049F6BEF1A848 entering FxIdle AFX_Log 36845: FxPkgPnp::Dispatch - IRP_MJ_PNP ---- end of log ----\n",
           "flattened",
           "1|There are 75 log entries\n1|--- start of log ---\n1|36844: FxPowerIdleMachine::ProcessEventLocked - "
           "WDFDEVICE 0x000049F6BEF1A848 entering FxIdle\n1|AFX_Log 36845: FxPkgPnp::Dispatch - IRP_MJ_PNP\n"
           "1|---- end of log ----\n");
}

/* Long lines that are lines. */
static void test_left_alone(void **state)
{
    (void)state;
    expect_same(
        "fffff880`0331a5d8 fffff800`02ad5169 : 00000000`0000000a fffff880`0331a5e0 00000000`00000002 "
        "00000000`00000001 : dxgkrnl!CRefCountedBuffer<DXGADAPTER,CDxgkAdapterRefCount,0x1234>::ReleaseReference+0x69");
    expect_same(
        "    Threads: ffffe0018a3f5040-01<*> ffffe0018a77e040-01<*> ffffe0018a77e040-01<*> ffffe0018a77e040-01<*> "
        "ffffe0018a77e040-01<*> ffffe0018a77e040-01<*> ffffe0018a77e040-01<*>");
    expect_same("A person wrote a long sentence about the Priority of a thread, the Resource @ home, the UserTime of a "
                "process and the KernelTime, and then went on for so long that a line of the usual length was over");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stacks),  cmocka_unit_test(test_others), cmocka_unit_test(test_code_below_registers),
        cmocka_unit_test(test_answers), cmocka_unit_test(test_lists),  cmocka_unit_test(test_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
