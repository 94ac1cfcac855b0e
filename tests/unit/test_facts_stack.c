/* Stacks: every k form, which stack matters, whose bytes, recursion. */
#include "tests/unit/stack_fixture.h"

#include "engine/facts/frame_read.h"

static int64_t sum(const fx *f, const char *table, const char *module, const char *column)
{
    int64_t total = 0;
    size_t n = fx_count(f, table);
    for (size_t i = 0; i < n; i++) {
        const sc_row *r = fx_row(f, table, i);
        if (fx_state(r, "module") != SC_SET || fx_state(r, column) != SC_SET) continue;
        if (!module || fx_text_is(r, "module", module)) total += fx_int(r, column);
    }
    return total;
}

/* ---- Lines ---- */

static void reads_headers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool numbered, memory, sp, ret, bare;
    } cases[] = {
        {"Child-SP          RetAddr           Call Site", 0, 0, 1, 1, 0},
        {" # Child-SP          RetAddr               Call Site", 1, 0, 1, 1, 0},
        {" # RetAddr               : Args to Child                  : Call Site", 1, 0, 0, 1, 0},
        {"Child-SP          RetAddr           : Args to Child                     : Call Site", 0, 0, 1, 1, 0},
        {"Child-SP          RetAddr           : Args to Child", 0, 0, 1, 1, 0}, /* cut at the right edge: seed 003 */
        {"  Memory  Child-SP          RetAddr           Call Site", 0, 1, 1, 1, 0},
        {" #   Memory  Child-SP          RetAddr               Call Site", 1, 1, 1, 1, 0},
        {" # Call Site", 1, 0, 0, 0, 1},
        {"ChildEBP RetAddr", 0, 0, 1, 1, 0},
        {"ChildEBP RetAddr  Args to Child", 0, 0, 1, 1, 0},
        {"  Memory ChildEBP RetAddr", 0, 1, 1, 1, 0},
        {"FramePtr  RetAddr   Param1   Param2   Param3   Function Name", 0, 0, 1, 1, 0},
        {" # Child-SP         Return           Call Site", 1, 0, 1, 1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sc_frame_shape s;
        if (!sc_frame_header(sc_span_z(cases[i].text), &s)) fail_msg("not read: %s", cases[i].text);
        if (s.numbered != cases[i].numbered || s.has_memory != cases[i].memory || s.has_sp != cases[i].sp ||
            s.has_ret != cases[i].ret || s.bare != cases[i].bare)
            fail_msg("columns of: %s", cases[i].text);
    }
    static const char *const others[] = {"",         "#",         "Memory", "Call site of the function",
                                         "Child-SP", "# Heading", "RetAddr"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (sc_frame_header(sc_span_z(others[i]), NULL)) fail_msg("no header: %s", others[i]);
}

static void prose_and_other_output_is_no_frame(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "a driver",
        "a nt!KiPageFault",
        "add nt!Foo is where it ends",
        "fffffa800d035ee8  NotificationEvent",
        "fffffa8008f5cc10: (0006,03e8) Flags: 00000000  Mdl: 00000000",
        "fffff880`0181f000 fffff880`01bc3000  iaStor   (no symbols)",
        "fffff800`02e69f2c 4156            push    r14",
        "fffff800`032aa860 e9e2feffff   jmp   nt!KiIpiSendRequest+0x1d7 (fffff800`032aa747)",
        "b8ae60f4 8763f718",
        "eax=00087000 ebx=00000000 ecx=03ff0000 edx=ff63d000 esi=0362cfff edi=036b3fff",
        "fffffa801620dd00 [fffffa8016215580] irpStack: ( e, 0)  fffffa800b17ae40 [ \\Driver\\aswNdisFlt]",
        "00000000`00000000 ??              ???",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        sc_frame f;
        if (sc_frame_read(sc_span_z(lines[i]), NULL, &f)) fail_msg("no frame: %s", lines[i]);
    }
}

static void reads_what_stands_behind_the_symbol(void **state)
{
    (void)state;
    sc_frame f;
    assert_true(
        sc_frame_read(SC_S("8013eecc 00000000 0000000a 00000000 0000001c NT!_KiTrap0E+0x256 (FPO: [0,0] TrapFrame @ "
                           "8013eee8)"),
                      NULL, &f));
    assert_true(f.has_trap_frame && f.trap_frame == 0x8013eee8);
    assert_int_equal(f.n_args, 3);
    assert_int_equal(f.digits, 8);
    assert_true(sc_frame_read(SC_S("fafa3d48 80506a17 nt!KiSwapThread+0x85 (FPO: [Non-Fpo]) (CONV: fastcall) "
                                   "[d:\\nt\\base\\ntos\\ke\\thredsup.c @ 1960]"),
                              NULL, &f));
    assert_true(sc_eq_z(f.file, "d:\\nt\\base\\ntos\\ke\\thredsup.c @ 1960"));
    assert_true(sc_eq_z(f.note, "(FPO: [Non-Fpo]) (CONV: fastcall)"));
    assert_true(sc_frame_read(SC_S("be682b18 f22b372b 82707128 f21c1ffc 826a70f8 agpCPQ+0x125b [No function listed.]"),
                              NULL, &f));
    assert_int_equal(f.file.n, 0);
    assert_true(sc_frame_read(SC_S("0335e534 00000000 0x7c8285ec"), NULL, &f));
    assert_true(f.symbol.has_address && f.symbol.address == 0x7c8285ec);
    assert_true(sc_frame_read(SC_S("07 (Inline Function) --------`--------     vmlinux!__do_sys_write+0xc"), NULL, &f));
    assert_true(f.is_inline && !f.has_sp && f.number == 7);
    assert_true(sc_frame_read(SC_S("fffff880`XXXXXXXX fffff800`03b0b3cd nt!KxFlushEntireTb+0xcd"), NULL, &f));
    assert_true(!f.has_sp && f.has_ret);
}

/* ---- The seeds ---- */

static void hogs(const fx *f, int64_t stack)
{
    const sc_row *use = fx_find_int(f, "stack_use", "stack", stack);
    assert_non_null(use);
    assert_int_equal(fx_int(use, "used"), 11316);
    assert_int_equal(fx_int(use, "size"), 12288);
    assert_int_equal(fx_int(use, "largest_bytes"), 0x2c4);
    fx_assert_text(use, "largest_symbol", "MamaHog");
    assert_true(fx_addr(use, "top_sp") == 0xb8ae6100);
    assert_int_equal(fx_int(use, "third_party_bytes"), 4496);
    assert_int_equal(fx_int(use, "third_party_frames"), 50);
    fx_assert_text(use, "third_party_modules", "BossHog01,MamaHog,BossHog,BabyHog,daddyHog");
    assert_int_equal(sum(f, "frame", NULL, "bytes"), 11316);
    assert_int_equal(sum(f, "frame", "MamaHog", "bytes"), 1292);
    assert_int_equal(fx_count(f, "frame"), 118);
    const sc_row *boss = fx_find_text(f, "stack_module", "module", "BossHog01");
    assert_int_equal(fx_int(boss, "bytes"), 1684);
    assert_int_equal(fx_int(boss, "frames"), 20);
    assert_true(fx_bool(boss, "third_party"));
}

static void counts_an_x86_stack_per_module(void **state)
{
    (void)state;
    fx f = PASTE(HOG_KF);
    hogs(&f, 0);
    const sc_row *stack = fx_row(&f, "stack", 0);
    fx_assert_text(stack, "kind", "raw-walk");
    fx_assert_text(stack, "command", "kf=b8ae6100 b8ae60ec 8081df65");
    assert_int_equal(fx_int(stack, "processor"), 3);
    assert_false(fx_bool(stack, "trusted"));
    assert_true(fx_bool(stack, "complete"));
    assert_true(fx_covers_int(&f, "frame", 0));
    /* x86: the number on a line belongs to that line's frame */
    assert_int_equal(fx_state(fx_row(&f, "frame", 0), "bytes"), SC_NULL);
    assert_int_equal(fx_int(fx_row(&f, "frame", 1), "bytes"), 0x28);
    assert_true(fx_bool(fx_row(&f, "frame", 2), "trusted"));
    assert_false(fx_bool(fx_row(&f, "frame", 3), "trusted"));
    assert_true(fx_bool(fx_row(&f, "frame", 117), "user_mode"));
    assert_true(fx_addr(fx_row(&f, "frame", 117), "address") == 0x7c8285ec);
    assert_int_equal(fx_count(&f, "recursion"), 0); /* entered again on another way */
    fx_free(&f);
}

static void a_quotation_is_not_counted_twice(void **state)
{
    (void)state;
    fx f = PASTE(HOG_KF, "3: kd> ? 4176/1024\nEvaluate expression: 4 = 00000004\n", hog_quote);
    hogs(&f, 0);
    assert_int_equal(fx_count(&f, "stack"), 2);
    assert_true(fx_bool(fx_row(&f, "stack", 1), "quote"));
    assert_false(fx_bool(fx_row(&f, "stack", 0), "quote"));
    assert_false(fx_covers_int(&f, "frame", 1)); /* its rows are gone: nothing may be concluded from that */
    fx_free(&f);
    f = PASTE(hog_quote, "And here is all of it.\n", HOG_KF); /* the other way round */
    hogs(&f, 1);
    assert_true(fx_bool(fx_row(&f, "stack", 0), "quote"));
    fx_free(&f);
}

static void doubled_blank_lines_do_no_harm(void **state)
{
    (void)state;
    static char text[1 << 15];
    size_t n = 0;
    const char *const parts[] = {HOG_KF};
    for (size_t i = 0; i < 2; i++)
        for (const char *p = parts[i]; *p; p++) {
            text[n++] = *p;
            if (*p == '\n') text[n++] = '\n';
        }
    text[n] = 0;
    fx f = PASTE(text, "The frame that I mean:\n\n", hog_quote);
    hogs(&f, 0);
    fx_free(&f);
}

static void finds_the_recursion(void **state)
{
    (void)state;
    fx f = PASTE("BugCheck 7F, {8, 80050033, 406f8, fffff80002e69f2c}\n", nvlddmkm_kv);
    const sc_row *r = fx_row(&f, "recursion", 0);
    assert_int_equal(fx_count(&f, "recursion"), 1);
    fx_assert_text(r, "module", "nvlddmkm");
    fx_assert_text(r, "symbol", "nvlddmkm");
    assert_int_equal(fx_int(r, "offset"), 0x340827);
    assert_int_equal(fx_int(r, "count"), 7);
    assert_int_equal(fx_int(r, "period"), 1);
    assert_int_equal(fx_int(r, "stride"), 0x40);
    assert_int_equal(fx_int(r, "first"), 10);
    const sc_row *p = fx_row(&f, "stack_pointer", 0);
    assert_int_equal(fx_count(&f, "stack_pointer"), 1); /* the second parameter is CR0: the third is no pointer */
    assert_true(fx_addr(p, "sp") == UINT64_C(0xfffff880009ab000));
    assert_true(fx_addr(p, "ip") == UINT64_C(0xfffff80002e69f2c));
    fx_assert_text(p, "source", "frame");
    fx_assert_text(p, "state", "near-edge");
    assert_int_equal(fx_int(p, "page_offset"), 0);
    const sc_row *first = fx_row(&f, "crash_frame", 0);
    fx_assert_text(first, "symbol", "nt!KiDoubleFaultAbort");
    assert_int_equal(fx_int(first, "n"), 0);
    assert_int_equal(fx_state(first, "bytes"), SC_NULL); /* the double fault has a stack of its own */
    const sc_row *second = fx_row(&f, "crash_frame", 1);
    fx_assert_text(second, "symbol", "nt!MiExpandNonPagedPool");
    assert_int_equal(fx_int(second, "bytes"), 0x20); /* x64: from its own pointer to the next one's */
    assert_false(fx_covers_all(&f, "crash_frame"));  /* cut off below */
    fx_free(&f);
}

static void the_stack_that_matters_is_the_one_that_bug_checked(void **state)
{
    (void)state;
    static const char code[] = "BugCheck 101, {31, 0, fffff88003165180, 2}\n";
    fx f = PASTE(code, cpu3_kv, cpu2_kv, cpu0_kv);
    assert_int_equal(fx_count(&f, "stack"), 3);
    const sc_row *first = fx_row(&f, "crash_frame", 0);
    fx_assert_text(first, "symbol", "nt! ?? ::FNODOBFM::`string'");
    assert_int_equal(fx_int(first, "stack"), 2);
    assert_int_equal(fx_count(&f, "crash_frame"), 9);
    assert_true(fx_covers_all(&f, "crash_frame"));
    const sc_row *trap = fx_find_text(&f, "crash_frame", "symbol", "nt!KiInterruptDispatchNoLock");
    assert_true(fx_addr(trap, "trap_frame") == UINT64_C(0xfffff88006e534f0));
    assert_int_equal(fx_state(first, "trap_frame"), SC_NULL); /* kv would have shown one */
    assert_true(fx_addr(fx_row(&f, "frame", fx_count(&f, "frame") - 10), "arg1") == 0x101);
    fx_free(&f);
    f = PASTE(code, cpu3_kv, cpu2_kv); /* whose stack raised it is not in the paste */
    assert_int_equal(fx_count(&f, "crash_frame"), 0);
    assert_false(fx_covers_all(&f, "crash_frame"));
    fx_free(&f);
    f = PASTE(code, "2: kd> k\n",
              "fffff880`09ff6020 fffff800`03b0b3cd nt!KxFlushEntireTb+0xcd\n"
              "fffff880`09ff6060 fffff800`03b2f9b0 nt!KeFlushTb+0x119\n");
    assert_int_equal(fx_count(&f, "crash_frame"), 0); /* the hung processor, which did not raise it */
    fx_free(&f);
    f = PASTE(code, cpu2_kv); /* a processor whose state was never saved */
    assert_int_equal(fx_count(&f, "crash_frame"), 0);
    assert_false(fx_bool(fx_row(&f, "stack", 0), "complete"));
    assert_false(fx_covers_int(&f, "frame", 0));
    const sc_row *zero = fx_row(&f, "frame", 0);
    assert_true(fx_addr(zero, "child_sp") == 0 && fx_addr(zero, "address") == 0);
    assert_int_equal(fx_state(zero, "symbol"), SC_NULL);
    fx_free(&f);
}

static void a_context_wins_over_the_processor(void **state)
{
    (void)state;
    static const char context[] = "3: kd> .cxr 0xfffff88003bd2280;r\n"
                                  "3: kd> kv\n"
                                  "  *** Stack trace for last set context - .thread/.cxr resets it\n"
                                  "Child-SP          RetAddr           : Args to Child        : Call Site\n"
                                  "fffff880`09ff6410 fffff960`0011ab34 : fffff880`09ff6860 00000000`0000021d "
                                  "00000000`03c10000 00000000`00000000 : win32k!vSolidFillRect1+0x13f\n"
                                  "fffff880`09ff6450 fffff960`000f5d61 : 00000000`00000005 fffff880`09ff6860 "
                                  "fffff900`c2976870 fffff880`00000000 : win32k!vDIBSolidBlt+0x204\n";
    fx f = PASTE(cpu3_kv, context);
    const sc_row *s = fx_row(&f, "stack", 1);
    fx_assert_text(s, "kind", "context");
    assert_true(fx_addr(s, "context") == UINT64_C(0xfffff88003bd2280));
    assert_true(fx_bool(s, "quote")); /* the same frames, counted once */
    fx_assert_text(fx_row(&f, "crash_frame", 0), "symbol", "win32k!vSolidFillRect1");
    assert_int_equal(fx_count(&f, "frame"), 13);
    assert_int_equal(fx_count(&f, "crash_frame"), 8); /* the rest is known from the longer stack */
    fx_free(&f);
    f = PASTE("0: kd> .trap fffff880`06e534f0\n", cpu0_kv); /* sections in another order */
    fx_assert_text(fx_row(&f, "stack", 0), "kind", "processor");
    assert_int_equal(fx_state(fx_row(&f, "stack", 0), "context"), SC_NOT_PRINTED);
    fx_free(&f);
    f = PASTE("BugCheck 101, {31, 0, fffff88003165180, 2}\n", cpu0_kv, context); /* another processor's */
    fx_assert_text(fx_row(&f, "crash_frame", 0), "symbol", "nt! ?? ::FNODOBFM::`string'");
    fx_free(&f);
    f = PASTE(context, "3: kd> .cxr\nResetting default scope\n", "3: kd> k\n", "nt!KeBugCheckEx\n");
    fx_assert_text(fx_row(&f, "stack", 0), "kind", "context");
    fx_free(&f);
}

static void a_threads_stack_is_never_the_crash(void **state)
{
    (void)state;
    fx f = PASTE("1: kd> .thread fffffa8007005660\nImplicit thread is now fffffa80`07005660\n", "1: kd> k\n",
                 "Child-SP          RetAddr           Call Site\n"
                 "fffff880`03bd22c0 fffff800`032845f2 nt!KiSwapContext+0x7a\n"
                 "fffff880`03bd2400 fffff800`0329599f nt!KiCommitThreadWait+0x1d2\n");
    const sc_row *s = fx_row(&f, "stack", 0);
    fx_assert_text(s, "kind", "thread");
    assert_true(fx_addr(s, "thread") == UINT64_C(0xfffffa8007005660));
    assert_int_equal(fx_count(&f, "crash_frame"), 0);
    fx_free(&f);
}

/* ---- Forms that the seeds do not show ---- */

static void x64_bytes_belong_to_the_frame_above(void **state)
{
    (void)state;
    fx f = PASTE("2: kd> kf\n"
                 " #   Memory  Child-SP          RetAddr               Call Site\n"
                 "00           ffffd901`87e4c9b8 fffff803`5ac2a3e9     nt!KeBugCheckEx\n"
                 "01         8 ffffd901`87e4c9c0 fffff803`5ac28a03     nt!KiBugCheckDispatch+0x69\n"
                 "02       140 ffffd901`87e4cb00 fffff803`5ac21b5f     nt!KiDoubleFaultAbort+0x2c3\n"
                 "03           fffff58c`11d2ff80 fffff803`5aa93ac6     dokan1!DokanDispatch+0x1f\n"
                 "04 (Inline Function) --------`--------     dokan1!DokanAllocZero+0x16\n"
                 "05       210 fffff58c`11d30190 00000000`00000000     nt!KxStartSystemThread+0x16\n");
    assert_int_equal(fx_int(fx_row(&f, "frame", 0), "bytes"), 8);
    assert_int_equal(fx_int(fx_row(&f, "frame", 1), "bytes"), 0x140);
    assert_int_equal(fx_state(fx_row(&f, "frame", 2), "bytes"), SC_NULL);
    assert_int_equal(fx_int(fx_row(&f, "frame", 3), "bytes"), 0x210);
    assert_int_equal(fx_int(fx_row(&f, "frame", 4), "bytes"), 0);
    assert_true(fx_bool(fx_row(&f, "frame", 4), "inline"));
    assert_int_equal(fx_state(fx_row(&f, "frame", 5), "bytes"), SC_NULL);
    const sc_row *use = fx_row(&f, "stack_use", 0); /* the part below the double fault's own stack */
    assert_int_equal(fx_int(use, "used"), 0x210);
    assert_int_equal(fx_int(use, "size"), 24576);
    assert_int_equal(fx_int(fx_row(&f, "stack", 0), "total_bytes"), 0x358);
    fx_assert_text(fx_row(&f, "crash_frame", 0), "symbol", "nt!KiDoubleFaultAbort");
    fx_free(&f);
}

static void forms_without_pointers_quote_by_symbol(void **state)
{
    (void)state;
    fx f = PASTE("2: kd> k\n"
                 "Child-SP          RetAddr           Call Site\n"
                 "fffff880`138be698 fffff800`03b45d50 nt!KeBugCheckEx\n"
                 "fffff880`138be6a0 fffff800`03b077d9 nt!MiFoo+0x35084\n"
                 "fffff880`138be860 fffff800`03dee0f1 nt!MiRemoveMappedView+0xd9\n"
                 "fffff880`138be980 fffff960`00099d06 win32k!EngUnmapFontFileFD+0x8a\n",
                 "2: kd> kb\n"
                 "RetAddr           : Args to Child                                      : Call Site\n"
                 "fffff800`03b45d50 : 00000000`0000001a 00000000`00041790 00000000`00000000 00000000`0000ffff : "
                 "nt!KeBugCheckEx\n"
                 "fffff800`03b077d9 : 00000000`0000001a 00000000`00041790 00000000`00000000 00000000`0000ffff : "
                 "nt!MiFoo+0x35084\n",
                 "2: kd> kc\n"
                 " # Call Site\n"
                 "00 nt!MiFoo\n"
                 "01 nt!MiRemoveMappedView\n"
                 "02 win32k!EngUnmapFontFileFD\n",
                 "1: kd> kc\n"
                 " # Call Site\n"
                 "00 nt!MiFoo\n"
                 "01 nt!MiRemoveMappedView\n"
                 "02 win32k!EngUnmapFontFileFD\n");
    assert_false(fx_bool(fx_row(&f, "stack", 0), "quote"));
    assert_true(fx_bool(fx_row(&f, "stack", 1), "quote"));
    assert_true(fx_bool(fx_row(&f, "stack", 2), "quote"));
    assert_false(fx_bool(fx_row(&f, "stack", 3), "quote")); /* another processor */
    assert_int_equal(fx_count(&f, "frame"), 7);
    assert_int_equal(fx_state(fx_row(&f, "frame", 4), "offset"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void stack_text_and_kv_are_one_stack(void **state)
{
    (void)state;
    static const char frames[] = "fffff880`138be698 fffff800`03b45d50 : 00000000`0000001a 00000000`00041790 "
                                 "fffffa80`015c69c0 00000000`0000ffff : "
                                 "nt!KeBugCheckEx\n"
                                 "fffff880`138be6a0 fffff800`03b077d9 : 00000000`00000000 00000000`00000000 "
                                 "00000000`00000000 00000000`00000000 : "
                                 "nt!MiFoo+0x35084\n"
                                 "fffff880`138be860 fffff960`00099d06 : 00000000`00000000 00000000`00000000 "
                                 "00000000`00000000 00000000`00000000 : "
                                 "nt!MiRemoveMappedView+0xd9\n";
    fx f = PASTE("2: kd> !analyze -v\nMEMORY_MANAGEMENT (1a)\nArguments:\nArg1: 0000000000041790, A page table page.\n"
                 "Arg2: fffffa80015c69c0\nArg3: 000000000000ffff\nArg4: 0000000000000000\n\nSTACK_TEXT:  \n",
                 frames, "\n\nSTACK_COMMAND:  kb\n\n2: kd> kv   // again\n",
                 "Child-SP          RetAddr           : Args to Child           : Call Site\n", frames,
                 "fffff880`138be980 00000000`00000000 : 00000000`00000000 00000000`00000000 00000000`00000000 "
                 "00000000`00000000 : third+0x8a\n");
    assert_int_equal(fx_count(&f, "stack"), 2);
    assert_true(fx_bool(fx_find_text(&f, "stack", "kind", "crash"), "quote"));
    fx_assert_text(fx_find_text(&f, "stack", "kind", "processor"), "command", "kv");
    assert_int_equal(fx_count(&f, "frame"), 4);
    assert_int_equal(fx_count(&f, "crash_frame"), 3); /* the longer one's: the excerpt had lost a frame */
    fx_assert_text(fx_row(&f, "crash_frame", 2), "symbol", "third");
    assert_true(fx_covers_all(&f, "crash_frame"));
    fx_free(&f);
}

static void threads_that_wait_alike_are_two(void **state)
{
    (void)state;
    fx f = PASTE("1: kd> .thread fffffa8007005660\n1: kd> k\n"
                 "fffff880`03bd22c0 fffff800`032845f2 nt!KiSwapContext+0x7a\n"
                 "fffff880`03bd2400 fffff800`0329599f nt!KiCommitThreadWait+0x1d2\n",
                 "1: kd> .thread fffffa8007006660\n1: kd> k\n"
                 "fffff880`04bd22c0 fffff800`032845f2 nt!KiSwapContext+0x7a\n"
                 "fffff880`04bd2400 fffff800`0329599f nt!KiCommitThreadWait+0x1d2\n");
    assert_false(fx_bool(fx_row(&f, "stack", 0), "quote"));
    assert_false(fx_bool(fx_row(&f, "stack", 1), "quote"));
    assert_int_equal(fx_count(&f, "frame"), 4);
    fx_free(&f);
}

static void parameters_one_per_line_are_joined(void **state)
{
    (void)state;
    fx f = PASTE("2: kd> kP\n"
                 " # Child-SP          RetAddr               Call Site\n"
                 "00 ffffd000`21d06cf8 fffff800`0056c14e     CLASSPNP!ClassGlobalDispatch(\n"
                 "\t\t\tstruct _DEVICE_OBJECT * DeviceObject = 0xffffe000`01234567 Device for \"\\Driver\\disk\",\n"
                 "\t\t\tstruct _IRP * Irp = 0xffffe000`01234568)+0x12 [minio\\storage\\class.c @ 33]\n"
                 "01 ffffd000`21d06d00 fffff800`00f2c31d     volmgr!VmReadWrite(void)+0x13e\n");
    assert_int_equal(fx_count(&f, "frame"), 2);
    assert_int_equal(fx_int(fx_row(&f, "frame", 0), "offset"), 0x12);
    assert_true(f.facts->taken[3]);
    assert_true(f.facts->taken[4]);
    fx_assert_text(fx_row(&f, "frame", 0), "symbol", "CLASSPNP!ClassGlobalDispatch");
    fx_assert_text(fx_row(&f, "frame", 0), "file", "minio\\storage\\class.c @ 33");
    assert_int_equal(fx_int(fx_row(&f, "frame", 1), "offset"), 0x13e);
    fx_free(&f);
}

static void cycles_count_when_they_repeat_exactly(void **state)
{
    (void)state;
    char text[4096];
    size_t n = 0;
    for (unsigned i = 0; i < 9; i++) {
        static const char *const names[] = {"fltmgr!FltpDispatch+0x6f", "Filter+0x12", "nt!IofCallDriver+0x45"};
        n += (size_t)snprintf(text + n, sizeof text - n, "%02x fffff880`138b%04x fffff800`03b45d50 %s\n", i,
                              0x1000 + i * 0x40, names[i % 3]);
    }
    fx f = PASTE(text, "09 fffff880`138b1300 fffff800`03b45d50 nt!Foo+0x1\n");
    assert_int_equal(fx_count(&f, "recursion"), 1);
    const sc_row *r = fx_row(&f, "recursion", 0);
    fx_assert_text(r, "module", "Filter"); /* the one that is not part of Windows */
    assert_int_equal(fx_int(r, "period"), 3);
    assert_int_equal(fx_int(r, "count"), 3);
    assert_int_equal(fx_int(r, "stride"), 0xc0);
    fx_free(&f);
    f = PASTE("00 a!b+0x1\n01 a!b+0x1\n02 a!b+0x1\n03 a!c+0x1\n04 a!b+0x1\n05 a!b+0x2\n06 a!b+0x1\n07 a!b+0x2\n");
    assert_int_equal(fx_count(&f, "stack"), 1);
    assert_int_equal(fx_count(&f, "recursion"), 0);
    fx_free(&f);
}

static void output_that_was_left_out_is_incomplete(void **state)
{
    (void)state;
    fx f = PASTE("2: kd> k\n"
                 "Child-SP          RetAddr           Call Site\n"
                 "ffffd000`224b4c88 fffff800`02d96834 nt!MmCreateProcessAddressSpace\n"
                 "ffffd000`224b4c90 fffff800`02dfef17 nt!PspAllocateProcess+0x5d4\n"
                 "...\n"
                 "000000d7`4167fbb0 00007ffd`14b064ad KERNEL32!BaseThreadInitThunk+0xd\n"
                 "000000d7`4167fbe0 00000000`00000000 ntdll!RtlUserThreadStart+0x1d\n");
    assert_false(fx_bool(fx_row(&f, "stack", 0), "complete"));
    assert_false(fx_covers_int(&f, "frame", 0));
    assert_true(fx_bool(fx_row(&f, "frame", 2), "user_mode"));
    fx_free(&f);
}

static void every_spelling_of_k_is_known(void **state)
{
    (void)state;
    static const char *const known_as[] = {"k",  "kb", "kv", "kn", "knL", "kf",  "kp",
                                           "kP", "kc", "kL", "kM", "kbn", "2kv", "kb20"};
    static const char *const unknown[] = {"kd", "K", "kx", "kill", "k!", ""};
    for (size_t i = 0; i < sizeof known_as / sizeof *known_as; i++) {
        const sc_command *c = sc_find_command(sc_span_z(known_as[i]));
        if (!c || strcmp(c->name, "k") != 0) fail_msg("%s is a k", known_as[i]);
    }
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        const sc_command *c = sc_find_command(sc_span_z(unknown[i]));
        if (c && strcmp(c->name, "k") == 0 && strcmp(unknown[i], "K") != 0) fail_msg("%s is no k", unknown[i]);
    }
}

static void a_raw_dump_is_no_stack(void **state)
{
    (void)state;
    fx f = PASTE("3: kd> dps b8ae6000 b8ae9000\n"
                 "b8ae60ec b8ae6100\n"
                 "b8ae60f0 8081df65 nt!IofCallDriver+0x45\n"
                 "b8ae60f4 8763f718\n"
                 "b8ae6100  b8ae6128\n"
                 "b8ae6104 f7a2ec45 fltmgr!FltpDispatch+0x6f\n");
    assert_int_equal(fx_count(&f, "stack"), 0);
    fx_free(&f);
}

static void what_may_be_one_stack_and_what_not(void **state)
{
    (void)state;
    static const char names[] = "00 nt!KiSwapContext+0x7a\n01 nt!KiCommitThreadWait+0x1d2\n02 nt!KeWaitForGate+0x1\n";
    fx f = PASTE("1: kd> .thread fffffa8007005660\n1: kd> kn\n", names, "1: kd> .thread fffffa8007006660\n1: kd> kn\n",
                 names);
    assert_int_equal(fx_count(&f, "frame"), 6); /* two threads that wait alike */
    fx_free(&f);
    f = PASTE("1: kd> kn\n", names, "and once more\n1: kd> kn\n", names);
    assert_int_equal(fx_count(&f, "frame"), 3);
    fx_free(&f);
    f = PASTE("Child-SP          RetAddr           Call Site\n"
              "fffff880`03bd22c0 fffff800`032845f2 nt!KiSwapContext+0x7a\n"
              "fffff880`03bd2400 fffff800`0329599f nt!KiCommitThreadWait+0x1d2\n"
              "Child-SP          RetAddr           Call Site\n"
              "fffff880`04bd22c0 fffff800`032845f2 nt!KiSwapContext+0x7a\n"
              "fffff880`04bd2400 fffff800`0329599f nt!KiCommitThreadWait+0x1d2\n");
    assert_int_equal(fx_count(&f, "frame"), 4); /* the same code on two stacks */
    fx_free(&f);
}

static void columns_and_prose_part_stacks(void **state)
{
    (void)state;
    fx f = PASTE("1: kd> kb\nChildEBP RetAddr  Args to Child\n"
                 "b8ae7f00 f7a2ec45 00000003 9655d468 000000c4 nt!KeBugCheckEx+0x1e\n"
                 "b8ae7f34 8081df65 000000c4 000000d2 9655d4a8 nt!MmFoo+0x88c\n"
                 "The large one is this:\n",
                 hog_quote); /* other columns */
    assert_int_equal(fx_count(&f, "stack"), 2);
    assert_int_equal(fx_int(fx_row(&f, "stack", 1), "frames"), 3);
    assert_int_equal(fx_int(fx_row(&f, "stack", 1), "total_bytes"), 0x40 + 0x2c4 + 0x24);
    fx_free(&f);
    f = PASTE("1: kd> k\nChildEBP RetAddr\n"
              "b8ae7f74 b8d8d22a MamaHog+0x87fe\n"
              "b8ae8238 b958ecdf MamaHog+0x422a\n"
              "That is a lot.\nWhere does it come from?\nFrom here:\n"
              "b9596090 b8d8c0d0 BabyHog+0x30d0\n"
              "b95960a0 b8d8c0d0 BabyHog+0x30d8\n");
    assert_int_equal(fx_count(&f, "stack"), 2);
    fx_free(&f);
    f = PASTE("4: kd> k\n"
              "fffff880`009b9f30 fffff800`032aa875 nt!KiDoubleFaultAbort+0xb2  <- a remark that somebody\n"
              "broke in two\n"
              "fffff880`03dccfd0 fffff800`032909ba nt!KiIpiSendRequest+0x305\n");
    assert_int_equal(fx_count(&f, "stack"), 1);
    assert_int_equal(fx_count(&f, "stack_pointer"), 1);
    fx_free(&f);
}

/* An unwinder that has lost its way reads the stack word by word: still a stack. */
static void frames_side_by_side_stay_in_their_section(void **state)
{
    (void)state;
    fx f = PASTE("0: kd> k\n"
                 "Child-SP          RetAddr           Call Site\n"
                 "fffff880`138be698 fffff800`03b45d50 nt!KeBugCheckEx\n"
                 "fffff880`138be6a0 ffffac0a`12345678 0xffffac0a`02345678\n"
                 "fffff880`138be6a8 ffffac0a`22345678 0xffffac0a`12345678\n"
                 "fffff880`138be6b0 ffffac0a`32345678 0xffffac0a`22345678\n"
                 "fffff880`138be6b8 ffffac0a`42345678 0xffffac0a`32345678\n"
                 "fffff880`138be6c0 ffffac0a`52345678 0xffffac0a`42345678\n");
    assert_int_equal(fx_int(fx_row(&f, "stack", 0), "frames"), 6);
    assert_int_equal(fx_count(&f, "raw_slot"), 0);
    fx_free(&f);
}

/* ---- Hostile ---- */

static void endless_stacks_end(void **state)
{
    (void)state;
    enum { LINES = 20000 };
    char *text = malloc((size_t)LINES * 64 + 64), *p = text;
    assert_non_null(text);
    p += sprintf(p, "0: kd> k\n");
    for (unsigned i = 0; i < LINES; i++)
        p += sprintf(p, "fffff880`%08x fffff880`04b9f827 nvlddmkm+0x340827\n", 0x1000u + i * 0x40);
    fx f = fx_read_crash((sc_span){text, (size_t)(p - text)}, &known, 0);
    assert_int_equal(fx_int(fx_row(&f, "stack", 0), "frames"), 4096);
    assert_false(fx_bool(fx_row(&f, "stack", 0), "complete"));
    assert_int_equal(fx_int(fx_row(&f, "recursion", 0), "count"), 4096);
    fx_free(&f);
    free(text);
}

static void survives_damage(void **state)
{
    (void)state;
    fx_torture("3: kd> kf\n"
               "  Memory ChildEBP RetAddr\n"
               "          b8ae6100 f7a2ec45 nt!IofCallDriver+0x45\n"
               "       28 b8ae6128 8081df65 fltmgr!FltpDispatch+0x6f\n"
               "WARNING: Stack unwind information not available. Following frames may be wrong.\n"
               "        8 b8ae6144 b958f4bc BabyHog+0x1196\n"
               "          0335e534 00000000 0x7c8285ec\n"
               "2: kd> kP\n"
               "00 ffffd000`21d06cf8 fffff800`0056c14e CLASSPNP!`x y'::operator<(\n"
               "  int a = 0n5)+0x12 [a @ 3]\n"
               "01 (Inline Function) --------`-------- volmgr!Inl+0x1\n"
               "fffff880`06e534f0 fffff800`03aab937 : fffff800`03ae0aa5 00000000`000406f8 fffff880`03165180 "
               "fffff880`06e53710 : nt!KiDoubleFaultAbort+0x163 (TrapFrame @ fffff880`06e534f0)\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_headers),
        cmocka_unit_test(prose_and_other_output_is_no_frame),
        cmocka_unit_test(reads_what_stands_behind_the_symbol),
        cmocka_unit_test(counts_an_x86_stack_per_module),
        cmocka_unit_test(a_quotation_is_not_counted_twice),
        cmocka_unit_test(doubled_blank_lines_do_no_harm),
        cmocka_unit_test(finds_the_recursion),
        cmocka_unit_test(the_stack_that_matters_is_the_one_that_bug_checked),
        cmocka_unit_test(a_context_wins_over_the_processor),
        cmocka_unit_test(a_threads_stack_is_never_the_crash),
        cmocka_unit_test(x64_bytes_belong_to_the_frame_above),
        cmocka_unit_test(forms_without_pointers_quote_by_symbol),
        cmocka_unit_test(stack_text_and_kv_are_one_stack),
        cmocka_unit_test(threads_that_wait_alike_are_two),
        cmocka_unit_test(parameters_one_per_line_are_joined),
        cmocka_unit_test(cycles_count_when_they_repeat_exactly),
        cmocka_unit_test(output_that_was_left_out_is_incomplete),
        cmocka_unit_test(every_spelling_of_k_is_known),
        cmocka_unit_test(a_raw_dump_is_no_stack),
        cmocka_unit_test(what_may_be_one_stack_and_what_not),
        cmocka_unit_test(columns_and_prose_part_stacks),
        cmocka_unit_test(frames_side_by_side_stay_in_their_section),
        cmocka_unit_test(endless_stacks_end),
        cmocka_unit_test(survives_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
