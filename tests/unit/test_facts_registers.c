/* r, .trap, .cxr, .tss: register dumps and what is lost of them. */
#include "facts_fixture.h"

static const sc_row *reg(const fx *f, int64_t context, const char *name)
{
    const sc_table *t = fx_table("register");
    for (const sc_row *r = sc_facts_first(f->facts, t); r; r = r->next)
        if (fx_int(r, "context") == context && fx_text_is(r, "name", name)) return r;
    fail_msg("no register %s", name);
    return NULL;
}

/* Seed 002; the note behind the instruction is ours. */
static const char trap[] = "0: kd> .trap fffff880`06e534f0\n"
                           "NOTE: The trap frame does not contain all registers.\n"
                           "Some register values may be zeroed or incorrect.\n"
                           "rax=0000000000000001 rbx=0000000000000000 rcx=0000000000000202\n"
                           "rdx=00000000000c00e1 rsi=0000000000000000 rdi=0000000000000000\n"
                           "rip=fffff80003aab937 rsp=fffff88006e53680 rbp=0000000000000000\n"
                           " r8=00000000000000e1  r9=0000000000000001 r10=0000000000000000\n"
                           "r11=fffff880031d7180 r12=0000000000000000 r13=0000000000000000\n"
                           "r14=0000000000000000 r15=0000000000000000\n"
                           "iopl=0         nv up ei pl nz na pe nc\n"
                           "nt!KeFlushProcessWriteBuffers+0x63:\n"
                           "fffff800`03aab937 f390            pause\n"
                           "So it waited.\n";

static void reads_a_trap_frame(void **state)
{
    (void)state;
    fx f = fx_read(trap);
    const sc_row *c = fx_row(&f, "context", 0);
    assert_int_equal(fx_count(&f, "context"), 1);
    assert_int_equal(fx_addr(c, "address"), 0xfffff88006e534f0);
    fx_assert_text(c, "kind", "trap");
    assert_int_equal(fx_int(c, "processor"), 0);
    assert_int_equal(fx_addr(c, "ip"), 0xfffff80003aab937);
    assert_int_equal(fx_addr(c, "sp"), 0xfffff88006e53680);
    assert_int_equal(fx_addr(c, "bp"), 0);
    assert_false(fx_bool(c, "all_zero"));
    assert_false(fx_bool(c, "reliable"));
    fx_assert_text(c, "ip_symbol", "nt!KeFlushProcessWriteBuffers");
    fx_assert_text(c, "module", "nt");
    fx_assert_text(c, "instruction", "pause");
    assert_int_equal(fx_state(c, "operand_address"), SC_NULL);
    assert_int_equal(c->last_line, 12);
    assert_int_equal(fx_addr(reg(&f, fx_int(c, "id"), "r8"), "value"), 0xe1);
    assert_int_equal(fx_count(&f, "register"), 18); /* 17 and iopl */
    assert_true(fx_covers_int(&f, "context", (int64_t)0xfffff88006e534f0));
    assert_true(f.transcript.sections[0].complete);
    fx_free(&f);
}

/* Seed 002, processor 2: nothing was ever saved. */
static void a_dump_of_zeros_is_one_that_was_not_taken(void **state)
{
    (void)state;
    fx f = fx_read(
        "2: kd> r\nrax=0000000000000000 rbx=0000000000000000 rcx=0000000000000000\n"
        "rip=0000000000000000 rsp=0000000000000000 rbp=0000000000000000\niopl=0         nv up di pl nz na pe nc\n"
        "cs=0000  ss=0000  ds=0000  es=0000  fs=0000  gs=0000             efl=00000000\n00000000`00000000 ??           "
        "   ???\n");
    const sc_row *c = fx_row(&f, "context", 0);
    assert_true(fx_bool(c, "all_zero"));
    assert_int_equal(fx_state(c, "address"), SC_NULL);
    assert_true(fx_bool(c, "code_unreadable"));
    assert_int_equal(fx_state(c, "instruction"), SC_NULL);
    assert_true(fx_bool(c, "reliable"));
    assert_int_equal(fx_int(c, "processor"), 2);
    fx_free(&f);
}

static void sees_what_could_not_be_read(void **state)
{
    (void)state;
    fx f = fx_read(
        "2: kd> .cxr ffffe301c8db2900;r\nrax=003f8b813f20b6e0 rbx=ffffcb813f607650 rcx=ee7defdd9c530000\n"
        "rip=fffff8002b7f8933 rsp=ffffdc0e9ee66810 rbp=ffffcb81511c3010\n"
        "dxgmms2!RemoveHeadList+0xd [inlined in dxgmms2!VidSchiSignalRegisteredSyncObjects+0x3f]:\n"
        "fffff800`2b7f8933 48395808        cmp     qword ptr [rax+8],rbx ds:002b:003f8b81`3f20b6e8=????????????????\n");
    const sc_row *c = fx_row(&f, "context", 0);
    fx_assert_text(c, "kind", "cxr");
    assert_int_equal(fx_addr(c, "address"), 0xffffe301c8db2900);
    fx_assert_text(c, "instruction", "cmp qword ptr [rax+8],rbx");
    assert_int_equal(fx_addr(c, "operand_address"), 0x003f8b813f20b6e8);
    assert_true(fx_bool(c, "unreadable"));
    assert_true(fx_bool(c, "reliable"));
    fx_free(&f);
}

/* Sample trapframe_regs--using-the-analyze-extension-202: 32 bits, offset without 0x, address sign-extended. */
/* mail cuts lines: the last flag stands alone */
static void reads_cut_lines(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> .trap ffffffff8bb3f9a4\nErrCode = 00000000\n"
                   "eax=00002710 ebx=86a41c38 ecx=00000000 edx=00000000 esi=86a41b80\nedi=00000000\n"
                   "eip=8f2c13d6 esp=8bb3fa18 ebp=8bb3fa30 iopl=0         nv up ei pl zr na\npe nc\n"
                   "cs=0008  ss=0010  ds=0023  es=0023  fs=0030  gs=0000\nefl=00010246\n"
                   "acmecap+0x13d6:\n8f2c13d6 f7f1            div     eax,ecx\n");
    assert_int_equal(fx_count(&f, "context"), 1);
    fx_assert_text(fx_row(&f, "context", 0), "instruction", "div eax,ecx");
    assert_int_equal(fx_addr(reg(&f, 1, "efl"), "value"), 0x10246);
    fx_free(&f);
}

static void reads_x86(void **state)
{
    (void)state;
    fx f = fx_read("kd> .trap fffffffff8950dfc\nErrCode = 00000002\n"
                   "eax=81cc86dc ebx=81cc80e0 ecx=81e55688 edx=00000000 esi=81cc8028 edi=8052cf3c\n"
                   "eip=f832035c esp=f8950e70 ebp=f8950e90 iopl=0         nv up ei pl nz ac po nc\n"
                   "cs=0008  ss=0010  ds=0023  es=0023  fs=0030  gs=0000             efl=00010216\n"
                   "USBPORT!USBPORT_BadRequestFlush+7c:\nf832035c 894204           mov     [edx+0x4],eax     "
                   "ds:0023:00000004=????????\n"
                   "kd> .trap\nResetting default context\n");
    const sc_row *c = fx_row(&f, "context", 0);
    assert_int_equal(fx_count(&f, "context"), 1);
    assert_int_equal(fx_addr(c, "address"), 0xf8950dfc);
    assert_int_equal(fx_addr(c, "ip"), 0xf832035c);
    fx_assert_text(c, "ip_symbol", "USBPORT!USBPORT_BadRequestFlush");
    assert_int_equal(fx_addr(c, "operand_address"), 4);
    assert_int_equal(fx_state(c, "reliable"), SC_NOT_PRINTED); /* nothing was noted, but the note may be lost */
    assert_int_equal(fx_addr(reg(&f, fx_int(c, "id"), "efl"), "value"), 0x10216);
    assert_int_equal(f.facts->pointer_bytes, 4);
    fx_free(&f);
}

/* Seed 003 lost the symbol line: the listing below, and in the other dump a stack, know. */
static void finds_the_lost_symbol(void **state)
{
    (void)state;
    fx f = fx_read("3: kd> .trap fffff880`02fdde30\nrip=fffff80002e69f2c rsp=fffff880009ab000 rbp=fffff880009ab080\n\n"
                   "fffff800`02e69f2c 4156            push    r14\n\n 3: kd> u nt!MiExpandNonPagedPool+0x14\n\n"
                   "fffff800`02e69f2c 4156            push    r14\n\nfffff800`02e69f2e 4157            push    r15\n");
    fx_assert_text(fx_row(&f, "context", 0), "ip_symbol", "nt!MiExpandNonPagedPool");
    fx_assert_text(fx_row(&f, "context", 0), "instruction", "push r14");
    assert_int_equal(fx_count(&f, "instruction"), 2);
    fx_free(&f);
    f = fx_read("0: kd> kv\nChild-SP          RetAddr           : Args to Child     : Call Site\n"
                "fffff880`06e534f0 fffff800`03aab937 : fffff800`03ae0aa5 00000000`000406f8 fffff880`03165180 "
                "fffff880`06e53710 : nt!KiInterruptDispatchNoLock+0x163 (TrapFrame @ fffff880`06e534f0)\n"
                "fffff880`06e53680 fffff800`03de1d4f : 00000000`00000000 fffff880`06e53b60 00000000`00000000 "
                "00000000`00000000 : nt!KeFlushProcessWriteBuffers+0x63\n"
                "0: kd> .trap fffff880`06e534f0\nrip=fffff80003aab937 rsp=fffff88006e53680 "
                "rbp=0000000000000000\nfffff800`03aab937 f390            pause\n");
    fx_assert_text(fx_row(&f, "context", 0), "ip_symbol", "nt!KeFlushProcessWriteBuffers");
    fx_free(&f);
    f = fx_read("0: kd> lmvm x\nfffff880`0ae8e000 fffff880`0aebc000   x   (no symbols)\n0: kd> r\nrip=fffff8800ae8e123 "
                "rsp=fffff88006e53680 rbp=0\n");
    fx_assert_text(fx_row(&f, "context", 0), "module", "x");
    assert_int_equal(fx_state(fx_row(&f, "context", 0), "ip_symbol"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void needs_no_prompt_and_keeps_dumps_apart(void **state)
{
    (void)state;
    fx f = fx_read("rax=0000000000000001 rbx=0000000000000000 rcx=0000000000000202\nrip=fffff80003aab937 "
                   "rsp=fffff88006e53680 rbp=0000000000000000\n"
                   "nt!A+0x1:\nfffff800`03aab937 f390            pause\n"
                   "rax=0000000000000002 rbx=0000000000000000 rcx=0000000000000202\nrip=fffff80003aab93a "
                   "rsp=fffff88006e53688 rbp=0000000000000000\n");
    assert_int_equal(fx_count(&f, "context"), 2);
    assert_int_equal(fx_addr(fx_row(&f, "context", 1), "ip"), 0xfffff80003aab93a);
    assert_int_equal(fx_state(fx_row(&f, "context", 0), "address"), SC_NOT_PRINTED); /* whose it is was not copied */
    assert_int_equal(fx_addr(reg(&f, 2, "rax"), "value"), 2);
    fx_free(&f);
}

static void reads_arm64(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> r\n x0=0000000000000001   x1=ffffe00173eed880   x2=0000000000000001\n fp=ffffd001f01f8990   "
                   "lr=fffff803bb757020   sp=ffffd001f01f8988\n"
                   " pc=fffff803bb757024  psr=60000044 -ZC- EL1\nnt!DbgBreakPointWithStatus:\nfffff803`bb757024 "
                   "d43e0000 brk         #0xF000\n");
    const sc_row *c = fx_row(&f, "context", 0);
    assert_int_equal(fx_addr(c, "ip"), 0xfffff803bb757024);
    assert_int_equal(fx_addr(c, "sp"), 0xffffd001f01f8988);
    fx_assert_text(c, "instruction", "brk #0xF000");
    fx_free(&f);
}

static void a_register_that_the_paste_ends_in_is_not_read(void **state)
{
    (void)state;
    fx f = fx_read("2: kd> .cxr 0xfffff88009b1bd50\nrip=fffff8000338f4f1 rsp=fffff88009b1c730 rbp=fffff880\n");
    const sc_row *r = fx_row(&f, "context", 0);
    assert_true(fx_addr(r, "sp") == 0xfffff88009b1c730);
    assert_int_equal(fx_state(r, "bp"), SC_NOT_PRINTED);
    assert_int_equal(fx_count(&f, "register"), 2);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(trap);
    fx_torture(
        "2: kd> .cxr ffffe301c8db2900\nrax=003f8b81 rip=fffff8002b7f8933 rsp=ffffdc0e9ee66810\nx!y+0xd [inlined in "
        "x!z+0x3f]:\n"
        "fffff800`2b7f8933 48395808        cmp     qword ptr [rax+8],rbx ds:002b:003f8b81`3f20b6e8=????????????????\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_trap_frame),
        cmocka_unit_test(a_dump_of_zeros_is_one_that_was_not_taken),
        cmocka_unit_test(sees_what_could_not_be_read),
        cmocka_unit_test(reads_cut_lines),
        cmocka_unit_test(reads_x86),
        cmocka_unit_test(finds_the_lost_symbol),
        cmocka_unit_test(needs_no_prompt_and_keeps_dumps_apart),
        cmocka_unit_test(reads_arm64),
        cmocka_unit_test(survives_anything),
        cmocka_unit_test(a_register_that_the_paste_ends_in_is_not_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
