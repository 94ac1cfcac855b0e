/* Rows that mail or a narrow window cut in two, and what must never be joined. */
#include "tests/unit/repair_fixture.h"

static void test_wrapped_stacks(void **state)
{
    (void)state;
    /* mail, at blanks */
    expect("fffff880`06e53328 fffff800`03b2da4a : 00000000`00000101 00000000`00000031\n"
           "00000000`00000000 fffff880`03165180 : nt!KeBugCheckEx\n"
           "fffff880`06e53330 fffff800`03ae06f7 : 00000000`00000000 fffff800`00000002\n"
           "00000000`00002710 fffff880`06e53450 : nt! ??\n"
           "::FNODOBFM::`string'+0x4e3e\n"
           "This is prose.\n",
           "wrapped",
           "1-2|fffff880`06e53328 fffff800`03b2da4a : 00000000`00000101 00000000`00000031 00000000`00000000 "
           "fffff880`03165180 : nt!KeBugCheckEx\n"
           "3-5|fffff880`06e53330 fffff800`03ae06f7 : 00000000`00000000 fffff800`00000002 00000000`00002710 "
           "fffff880`06e53450 : nt! ?? ::FNODOBFM::`string'+0x4e3e\n"
           "6|This is prose.\n");
    /* a window, within an address */
    expect("fffff880`06e533c0 fffff800`03a22895 : fffff800`03a48460 fffff880`06e53570 fffff80\n"
           "0`03a48460 00000000`00000000 : nt!KeUpdateSystemTime+0x377\n",
           "wrapped",
           "1-2|fffff880`06e533c0 fffff800`03a22895 : fffff800`03a48460 fffff880`06e53570 fffff800`03a48460 "
           "00000000`00000000 : nt!KeUpdateSystemTime+0x377\n");
    /* three parts, and what stands behind a frame */
    expect("fffff880`06e534f0 fffff800`03aab937 :\nfffff800`03ae0aa5 00000000`000406f8\nfffff880`03165180 "
           "fffff880`06e53710 :\n"
           "nt!KiInterruptDispatchNoLock+0x163\n(TrapFrame @ fffff880`06e534f0)\n",
           "wrapped",
           "1-5|fffff880`06e534f0 fffff800`03aab937 : fffff800`03ae0aa5 00000000`000406f8 fffff880`03165180 "
           "fffff880`06e53710 : nt!KiInterruptDispatchNoLock+0x163 (TrapFrame @ fffff880`06e534f0)\n");
    /* x86, sample k_x86--checking-for-resource-conflicts-300, cut within the symbol */
    expect("f64138f0 8048d8e7 ff0cde88 f6413978 ff0cddc8 ntoskrnl!IopStartAndEnumerateDevice\n+0x1a\n"
           "f6413900 8048de7f ff0cde88 f6413978 ff0cf448 ntoskrnl!IopProcessStartDevicesWork\ner+0x43\n"
           "f6413910 8048d8d5 ff0cf448 8048d8a4 f6413978 ntoskrnl!IopForAllChildDeviceNodes+\n0x1f\n"
           "f641395c 804f6f1b ff0d7c08 f6413978 8045c520 ntoskrnl!IopProcessStartDevices+0x1\nf\n"
           "8013ef74 fe5620d2 fe5620da ff690268 80404690\nNDIS!_EthFilterIndicateReceiveComplete+0x31\n",
           "wrapped",
           "1-2|f64138f0 8048d8e7 ff0cde88 f6413978 ff0cddc8 ntoskrnl!IopStartAndEnumerateDevice+0x1a\n"
           "3-4|f6413900 8048de7f ff0cde88 f6413978 ff0cf448 ntoskrnl!IopProcessStartDevicesWorker+0x43\n"
           "5-6|f6413910 8048d8d5 ff0cf448 8048d8a4 f6413978 ntoskrnl!IopForAllChildDeviceNodes+0x1f\n"
           "7-8|f641395c 804f6f1b ff0d7c08 f6413978 8045c520 ntoskrnl!IopProcessStartDevices+0x1f\n"
           "9-10|8013ef74 fe5620d2 fe5620da ff690268 80404690 NDIS!_EthFilterIndicateReceiveComplete+0x31\n");
    expect("1d "
           "Wdf01000!FxObject::SelfDestruct+0x1b\n[minkernel\\wdf\\framework\\shared\\inc\\private\\common\\fxobject."
           "hpp @\n453]\n"
           "1c Wdf01000!FxMemoryBuffer::`scalar\ndeleting destructor'+0x3f\n",
           "wrapped",
           "1-3|1d Wdf01000!FxObject::SelfDestruct+0x1b "
           "[minkernel\\wdf\\framework\\shared\\inc\\private\\common\\fxobject.hpp @ 453]\n"
           "4-5|1c Wdf01000!FxMemoryBuffer::`scalar deleting destructor'+0x3f\n");
}

static void test_wrapped_others(void **state)
{
    (void)state;
    expect("BugCheck 9F, {4, 258, fffffa8007005660,\nfffff800053e83d0}\n", "wrapped",
           "1-2|BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}\n");
    expect("BugCheck 1000008E,\n{c0000005, 1, 2, 3}\n", "wrapped", "1-2|BugCheck 1000008E, {c0000005, 1, 2, 3}\n");
    expect(
        "*** STOP: 0x0000007E (0xFFFFFFFFC0000005,\n0xFFFFF80002E69F2C,0xFFFFF880009AB0B8,\n0xFFFFF880009AA910)\n",
        "wrapped",
        "1-3|*** STOP: 0x0000007E (0xFFFFFFFFC0000005, 0xFFFFF80002E69F2C,0xFFFFF880009AB0B8, 0xFFFFF880009AA910)\n");
    expect("Arg2:\nffffd78058b61e50\nArg3: 1\n", "wrapped", "1-2|Arg2: ffffd78058b61e50\n3|Arg3: 1\n");
    expect("THREAD fffffa8007005660  Cid 0004.0048  Teb: 0000000000000000 Win32Thread:\n"
           "0000000000000000 WAIT: (Executive) KernelMode\nNon-Alertable\n    fffffa800d035ee8  NotificationEvent\n",
           "wrapped",
           "1-3|THREAD fffffa8007005660  Cid 0004.0048  Teb: 0000000000000000 Win32Thread: 0000000000000000 WAIT: "
           "(Executive) "
           "KernelMode Non-Alertable\n4|    fffffa800d035ee8  NotificationEvent\n");
    expect(
        "Resource @ nt!IopDeviceTreeLock (0xfffff80003492ce0)    Shared 1 owning\nthreads\n    Contention Count = 1\n",
        "wrapped",
        "1-2|Resource @ nt!IopDeviceTreeLock (0xfffff80003492ce0)    Shared 1 owning threads\n3|    Contention Count = "
        "1\n");
    expect("fffffa801620dd00 [fffffa8016215580] irpStack: ( e, 0)  fffffa800b17ae40 [\n\\Driver\\aswNdisFlt]\n"
           "fffffa8016210a60 [fffffa8016241060] irpStack: ( e, 0)\nfffffa800b17ae40 [ \\Driver\\aswNdisFlt]\n",
           "wrapped",
           "1-2|fffffa801620dd00 [fffffa8016215580] irpStack: ( e, 0)  fffffa800b17ae40 [ \\Driver\\aswNdisFlt]\n"
           "3-4|fffffa8016210a60 [fffffa8016241060] irpStack: ( e, 0) fffffa800b17ae40 [ \\Driver\\aswNdisFlt]\n");
    expect("fffff880`0ae8e000 fffff880`0aebc000   ZTEusbnet\n(no symbols)\nfffff880`0ae8e000 fffff880`0aebc000   x   "
           "(export\nsymbols) x.sys\n",
           "wrapped",
           "1-2|fffff880`0ae8e000 fffff880`0aebc000   ZTEusbnet (no symbols)\n"
           "3-4|fffff880`0ae8e000 fffff880`0aebc000   x   (export symbols) x.sys\n");
    expect(
        "fffff800`02e69f4e 488b0513762100  mov     rax,qword ptr\n[nt!MiSystemVaTypeCount+0x28 (fffff800`03081568)]\n"
        "fffff800`03aab941 75f4            jne\nnt!KeFlushProcessWriteBuffers+0x63 (fffff800`03aab937)\n",
        "wrapped",
        "1-2|fffff800`02e69f4e 488b0513762100  mov     rax,qword ptr [nt!MiSystemVaTypeCount+0x28 "
        "(fffff800`03081568)]\n"
        "3-4|fffff800`03aab941 75f4            jne nt!KeFlushProcessWriteBuffers+0x63 (fffff800`03aab937)\n");
    expect("[ 16, 2]   0 e1 8145f470 00000000 8047f744-814187a8 Success\nError Cancel pending\n", "wrapped",
           "1-2|[ 16, 2]   0 e1 8145f470 00000000 8047f744-814187a8 Success Error Cancel pending\n");
    expect("*** ERROR: Module load completed but symbols could not be loaded for\ncfosspeed6.sys\n"
           "WARNING: Stack unwind information not available. Following frames may be\nwrong.\n",
           "wrapped",
           "1-2 M|*** ERROR: Module load completed but symbols could not be loaded for cfosspeed6.sys\n"
           "3-4 M|WARNING: Stack unwind information not available. Following frames may be wrong.\n");
    expect("Wait Start TickCount      396427         Ticks: "
           "38463\n(0:00:10:00.026)\nFAILURE_BUCKET_ID:\nX64_0x9F_4_nt!x\n",
           "wrapped",
           "1-2|Wait Start TickCount      396427         Ticks: 38463 (0:00:10:00.026)\n3-4|FAILURE_BUCKET_ID: "
           "X64_0x9F_4_nt!x\n");
}

/* Where everything was cut at one column, a row is joined that looks whole by itself. */
static void test_wrapped_column(void **state)
{
    (void)state;
    const char *rows[] = {
        "fffff880`0a5b42b0 fffff880`0ff87d0d : fffffa80`0918f1e0 fffff8a0`10969ad0 fffff880`4b677844 00000000`00007000 "
        ": "
        "dxgmms1!VIDMM_SEGMENT::SafeProbeAndLockPages+0x229",
        "fffff880`009ab250 fffff880`04a1b6e8 : fffffa80`05b75000 00000000`00000002 00000000`00000002 fffffa80`036a7000 "
        ": "
        "nvlddmkm+0x1bfa55",
        "00000000`02e1f5b8 00000000`00000000 : 00000000`00000000 00000000`00000000 00000000`00000000 00000000`00000000 "
        ": 0x7799161a",
        "THREAD fffffa8007005660  Cid 0004.0048  Teb: 0000000000000000 Win32Thread: 0000000000000000 WAIT: (Executive) "
        "KernelMode "
        "Non-Alertable",
    };
    for (size_t column = 80; column <= 120; column += 40) {
        sc_buf paste = {0}, lines = {0};
        unsigned number = 1;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            sc_span row = sc_span_z(rows[i]);
            unsigned first = number;
            for (size_t at = 0; at < row.n; at += column, number++)
                sc_buf_printf(&paste, "%.*s\n", SC_F(sc_span_sub(row, at, at + column)));
            sc_buf_printf(&lines, "%u-%u|%s\n", first, number - 1, rows[i]);
        }
        expect(paste.p, "wrapped", lines.p);
        sc_buf_free(&paste);
        sc_buf_free(&lines);
    }
}

/* A whole !vm that a blog made one line (seed 003), cut again at one column or at words. */
static void test_wrapped_flat(void **state)
{
    (void)state;
    static const char vm[] =
        "*** Virtual Memory Usage *** Physical Memory: 4175860 ( 16703440 Kb) Page File: \\??\\C:\\pagefile.sys "
        "Current: "
        "16703440 Kb Free Space: 16703436 Kb Minimum: 16703440 Kb Maximum: 50110320 Kb Available Pages: 3833632 ( "
        "15334528 Kb) ResAvail Pages: 4052929 ( 16211716 Kb) Locked IO Pages: 0 ( 0 Kb) Free System PTEs: 33497223 ( "
        "133988892 Kb) Modified Pages: 137120 ( 548480 Kb) NonPagedPool Usage: 13122 ( 52488 Kb) NonPagedPool Max: "
        "3116636 ( 12466544 Kb) PagedPool Usage: 32825 ( 131300 Kb) PagedPool Maximum: 33554432 ( 134217728 Kb)";
    static const char prose[] = "Memory looks healthy on this machine: far more than 100000 Kb were free.";
    for (size_t column = 60; column <= 80; column += 20) {
        sc_buf paste = {0}, lines = {0};
        sc_span rest = sc_span_z(vm), piece;
        unsigned number = 0;
        for (; rest.n; number++) {
            size_t n = rest.n < column ? rest.n : column;
            while (column == 60 && n < rest.n && rest.p[n] != ' ') n--;
            piece = sc_span_sub(rest, 0, n);
            rest = column == 60 ? sc_ltrim(sc_span_from(rest, n)) : sc_span_from(rest, n);
            sc_buf_printf(&paste, "%.*s\n", SC_F(piece));
        }
        sc_buf_printf(&lines, "1-%u|%s\n%u|\n%u|%s\n", number, vm, number + 1, number + 2, prose);
        sc_buf_printf(&paste, "\n%s\n", prose);
        expect(paste.p, "wrapped", lines.p);
        sc_buf_free(&paste);
        sc_buf_free(&lines);
    }
    expect("*** Virtual Memory Usage ***\n    Physical Memory:     1036418 (   4145672 Kb)\n", "",
           "1|*** Virtual Memory Usage ***\n2|    Physical Memory:     1036418 (   4145672 Kb)\n");
}

static void test_never_joined(void **state)
{
    (void)state;
    static const char *const kept =
        "The Nvidia driver is being blamed, probably because it was in the stack\nwhen the last context was saved.\n"
        "fffff880`0318a980  fffff880`0318aa38\nnt!KeFlushProcessWriteBuffers+0x63:\nfffff800`03aab937 f390            "
        "pause\n"
        "b8ae60f4 8763f718\nb8ae60f8 87758bd8 nt!MmIsAddressValid+0xf\nb8ae6000 00000000 00000001 00000002 00000003\n"
        "b8ae6010 00000000 00000001 00000002 00000003\n14 fffff880`138bfc20 00000000`76ea3d4a "
        "nt!KiSystemServiceCopyEnd+0x13\n"
        "So we see many functions.\nArg1: 0000000000041790, A page table page has been corrupted. On a 64 bit OS, "
        "parameter 2\n"
        "contains the address of the PFN.\n    fffffa800d035ee8  NotificationEvent\nIRP List:\n"
        "fffff800`03aab941 75f4            jne     nt!KeFlushProcessWriteBuffers+0x63 (fffff800`03aab937\n"
        "fffff800`03aab943 400fb6c6        movzx   eax,sil\nFAULTING_IP:\nnt!Foo+0x12\nfffff880`009b9de8 "
        "fffff800`0328b169\n"
        "nt!KeBugCheckEx is what stops the system.\n00 nt!DbgBreakPointWithStatus\nThe first frame\n";
    sc_buf lines = {0};
    sc_span rest = sc_span_z(kept), line;
    for (unsigned number = 1; rest.n; number++) {
        sc_cut(rest, "\n", &line, &rest);
        sc_buf_printf(&lines, "%u|%.*s\n", number, SC_F(line));
    }
    expect(kept, "", lines.p);
    sc_buf_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrapped_stacks), cmocka_unit_test(test_wrapped_others),
        cmocka_unit_test(test_wrapped_column), cmocka_unit_test(test_wrapped_flat),
        cmocka_unit_test(test_never_joined),
    };
    return cmocka_run_group_tests_name("repair-wrap", tests, NULL, NULL);
}
