/* Raw stacks: slots, symbols torn off by messages, modules, the saved-EBP chain. And the debugger's messages. */
#include "facts_fixture.h"

/* Seed 002, as its page shows it. */
static const char intact[] = "2: kd> !irql\nDebugger saved IRQL for processor 0x2 -- 0 (LOW_LEVEL)\n"
                             "fffff880`0318a978  fffff880`04285e6f*** ERROR: Module load completed but symbols could "
                             "not be loaded for cfosspeed6.sys\n cfosspeed6+0x44e6f\n"
                             "fffff880`0318a980  fffff880`0318aa38\nfffff880`0318a988  fffff880`042ca86d "
                             "cfosspeed6+0x8986d\n\nwhich is an accelerator.\n\n"
                             "fffff880`0318bae8  fffff880`02fd6061*** ERROR: Symbol file could not be found.  "
                             "Defaulted to export symbols for VBoxNetFlt.sys - \n VBoxNetFlt+0x3061\n"
                             "fffff880`0318baf0  fffffa80`06c6f830\nfffff880`0318bb18  fffff880`017b3a22 "
                             "ndis!ndisMSendPacketCompleteToOpen+0x102\n"
                             "fffff880`0318bb40  fffffa80`071a4010\n"
                             "fffff880`0318bb48  fffff880`05488848*** ERROR: Module load completed but symbols could "
                             "not be loaded for tap0901.sys\n tap0901+0x3848\n";

/* Seed 003, the same post: blank lines between, the short lines with the symbols lost. */
static const char damaged[] =
    "2: kd> !irql\n\nDebugger saved IRQL for processor 0x2 \xe2\x80\x94 0 (LOW_LEVEL)\n\n"
    "fffff880`0318a978 \xc2\xa0"
    "fffff880`04285e6f*** ERROR: Module load completed but symbols could not be loaded for cfosspeed6.sys\n\n\n"
    "fffff880`0318a980 \xc2\xa0"
    "fffff880`0318aa38\n\nfffff880`0318a988 \xc2\xa0"
    "fffff880`042ca86d cfosspeed6+0x8986d\n\nwhich is an accelerator.\n\n"
    "fffff880`0318bae8 \xc2\xa0"
    "fffff880`02fd6061*** ERROR: Symbol file could not be found. \xc2\xa0"
    "Defaulted to export symbols for VBoxNetFlt.sys \xe2\x80\x93\xc2\xa0\n\n\n"
    "fffff880`0318baf0 \xc2\xa0"
    "fffffa80`06c6f830\n\nfffff880`0318bb18 \xc2\xa0"
    "fffff880`017b3a22 ndis!ndisMSendPacketCompleteToOpen+0x102\n\n"
    "fffff880`0318bb40 \xc2\xa0"
    "fffffa80`071a4010\n\n"
    "fffff880`0318bb48 \xc2\xa0"
    "fffff880`05488848*** ERROR: Module load completed but symbols could not be loaded for tap0901.sys\n\n\n"
    "Now the last processor.\n";

static void both_pages_show_the_same_modules(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        fx f = fx_read(i ? damaged : intact);
        assert_int_equal(fx_count(&f, "raw_slot"), 8);
        const sc_row *r = fx_row(&f, "raw_slot", 0);
        assert_int_equal(fx_addr(r, "slot"), 0xfffff8800318a978);
        assert_int_equal(fx_addr(r, "value"), 0xfffff88004285e6f);
        fx_assert_text(r, "module", "cfosspeed6");
        assert_int_equal(fx_int(r, "processor"), 2);
        if (i)
            assert_int_equal(fx_state(r, "offset"), SC_NOT_PRINTED);
        else
            assert_int_equal(fx_int(r, "offset"), 0x44e6f);
        assert_int_equal(fx_state(fx_row(&f, "raw_slot", 1), "symbol"), SC_NULL);
        static const char *const modules[] = {"cfosspeed6", "VBoxNetFlt", "ndis", "tap0901"};
        assert_int_equal(fx_count(&f, "raw_module"), 4);
        for (size_t k = 0; k < 4; k++) {
            const sc_row *m = fx_row(&f, "raw_module", k);
            fx_assert_text(m, "module", modules[k]);
            assert_int_equal(fx_int(m, "slots"), k ? 1 : 2);
            assert_int_equal(fx_bool(m, "symbols_missing"), k != 2);
        }
        assert_int_equal(fx_count(&f, "message"), 3);
        fx_assert_text(fx_row(&f, "message", 0), "kind", "no-symbols");
        fx_assert_text(fx_row(&f, "message", 1), "kind", "export-symbols");
        fx_assert_text(fx_row(&f, "message", 1), "module", "VBoxNetFlt");
        assert_int_equal(fx_count(&f, "ebp_chain"), 0); /* x64 has none */
        fx_free(&f);
    }
}

/* Seed 004, with its notes shortened. */
static const char chain[] = "3: kd> dps b8ae6000 b8ae9000\n\n<omitting output>\n\n"
                            "b8ae60ec b8ae6100    <------points to the next one\n\nb8ae60f0 8081df65 "
                            "nt!IofCallDriver+0x45 <---Start here.\n\nb8ae60f4 8763f718\n\n"
                            "b8ae60f8 87758bd8\n\nb8ae60fc 8b4abb00\n\nb8ae6100  b8ae6128 points to the next "
                            "frame\n\nb8ae6104 f7a2ec45 fltmgr!FltpDispatch+0x6f <----return\n\n"
                            "b8ae6108 8b4abb00\n\nb8ae610c 87758bd8\n\nb8ae6110 00000000\n\nb8ae6114 "
                            "89751350\n\nb8ae6118 00000080\n\nb8ae611c 00000000\n\n"
                            "b8ae6120 b8ae6130\n\nb8ae6124 8084cff9 nt!MmIsAddressValid+0xf\n\nb8ae6128  "
                            "b8ae613c\n\nb8ae612c 8081df65 nt!IofCallDriver+0x45\n\n"
                            "b8ae6130 8765b6a8\n\nb8ae6134 87758bd8\n\nb8ae6138 89751350\n\nb8ae613c  "
                            "b8ae6144\n\nb8ae6140 b958e196 BossHog+0x1196\n\n"
                            "b8ae6144  b8ae61c4\n\nb8ae6148 b958f4bc BossHog!StackEater+0x80c\n";

static void finds_the_chain_of_saved_frame_pointers(void **state)
{
    (void)state;
    fx f = fx_read(chain);
    assert_int_equal(fx_count(&f, "raw_slot"), 24);
    assert_int_equal(fx_count(&f, "ebp_chain"), 1);
    const sc_row *r = fx_row(&f, "ebp_chain", 0);
    fx_assert_text(r, "command", "kf=b8ae6100 b8ae60ec 8081df65");
    assert_int_equal(fx_addr(r, "ebp"), 0xb8ae6100);
    assert_int_equal(fx_addr(r, "esp"), 0xb8ae60ec);
    assert_int_equal(fx_addr(r, "eip"), 0x8081df65);
    assert_int_equal(fx_int(r, "links"), 5);
    assert_int_equal(r->line, 5);
    fx_assert_text(fx_row(&f, "raw_module", 2), "module", "BossHog");
    assert_int_equal(fx_int(fx_row(&f, "raw_module", 2), "slots"), 2);
    fx_free(&f);
}

/* Its offsets look like symbols; the debugger says that it had none, before or behind. */
static void a_message_tells_what_symbols_do_not(void **state)
{
    (void)state;
    fx f = fx_read("*** ERROR: Symbol file could not be found.  Defaulted to export symbols for ndis.sys - \n"
                   "2: kd> dps fffff880`0318a978 L2\n"
                   "fffff880`0318a978  fffff880`04285e6f ndis!NdisFreeNetBufferList+0x2f\n"
                   "fffff880`0318a980  fffff880`04285f6f ndis!NdisFreeNetBufferList+0x12f\n");
    assert_int_equal(fx_int(fx_row(&f, "raw_module", 0), "slots"), 2);
    assert_true(fx_bool(fx_row(&f, "raw_module", 0), "symbols_missing"));
    fx_free(&f);
}

static void without_a_prompt_too(void **state)
{
    (void)state;
    fx f = fx_read(strstr(chain, "b8ae60ec"));
    fx_assert_text(fx_row(&f, "ebp_chain", 0), "command", "kf=b8ae6100 b8ae60ec 8081df65");
    assert_int_equal(f.transcript.n_sections, 1);
    fx_free(&f);
}

static void a_broken_chain_starts_where_it_holds(void **state)
{
    (void)state;
    char cut[sizeof chain];
    strcpy(cut, chain);
    memcpy(strstr(cut, "f7a2ec45 fltmgr!FltpDispatch+0x6f"), "f7a2ec45                         ",
           33); /* no return address there */
    fx f = fx_read(cut);
    fx_assert_text(fx_row(&f, "ebp_chain", 0), "command", "kf=b8ae613c b8ae6128 8081df65");
    assert_int_equal(fx_int(fx_row(&f, "ebp_chain", 0), "links"), 3);
    fx_free(&f);
    f = fx_read(
        "3: kd> dps b8ae6120\nb8ae6120 b8ae6130\nb8ae6124 8084cff9 nt!MmIsAddressValid+0xf\nb8ae6128 00000000\n");
    assert_int_equal(fx_count(&f, "ebp_chain"), 0); /* one link is chance */
    fx_free(&f);
}

static void one_pointer_is_no_stack(void **state)
{
    (void)state;
    fx f = fx_read("3: kd> dps b9596090 L1\n\nb9596090 b8d8c0d0 BabyHog +0x30d0<-----highlighted\n");
    fx_assert_text(fx_row(&f, "raw_slot", 0), "module", "BabyHog");
    assert_int_equal(fx_int(fx_row(&f, "raw_slot", 0), "offset"), 0x30d0);
    assert_int_equal(fx_count(&f, "raw_module"), 0);
    fx_free(&f);
}

static void a_message_for_the_next_slot_stays_there(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> dqs fffff880`0318bb40 L2\nfffff880`0318bb40  fffffa80`071a4010\n"
                   "*** ERROR: Module load completed but symbols could not be loaded for tap0901.sys\n"
                   "fffff880`0318bb48  fffff880`05488848 tap0901+0x3848\n");
    assert_int_equal(fx_count(&f, "raw_slot"), 2);
    assert_int_equal(fx_state(fx_row(&f, "raw_slot", 0), "module"), SC_NULL);
    fx_assert_text(fx_row(&f, "raw_slot", 1), "module", "tap0901");
    fx_free(&f);
}

static void a_message_may_be_wrapped(void **state)
{
    (void)state;
    for (int symbol = 0; symbol < 2; symbol++) {
        char paste[512] =
            "fffff880`0318bae8  fffff880`02fd6061*** ERROR: Symbol file could not be found.  Defaulted to "
            "export symbols for\nVBoxNetFlt.sys - \n";
        strcat(paste, symbol ? " VBoxNetFlt+0x3061\n" : "\n");
        strcat(paste, "fffff880`0318baf0  fffffa80`06c6f830\nfffff880`0318baf8  fffffa80`071efe70\n");
        fx f = fx_read(paste);
        assert_int_equal(fx_count(&f, "raw_slot"), 3);
        fx_assert_text(fx_row(&f, "raw_slot", 0), "module", "VBoxNetFlt");
        if (symbol) assert_int_equal(fx_int(fx_row(&f, "raw_slot", 0), "offset"), 0x3061);
        fx_assert_text(fx_row(&f, "message", 0), "module", "VBoxNetFlt");
        assert_int_equal(fx_count(&f, "message"), 1);
        assert_true(f.facts->taken[1]); /* the name below it was read */
        for (size_t n = 0; n < f.transcript.n_lines; n++)
            assert_true(f.facts->taken[n] || !f.transcript.lines[n].text.n);
        fx_free(&f);
    }
}

static void stacks_and_memory_are_no_slots(void **state)
{
    (void)state;
    /* two frames 8 bytes apart, as at the top of every bug check's stack (seed 000) */
    fx f = fx_read(" fffff880`009b9de8 fffff800`0328b169 nt!KeBugCheckEx  \n fffff880`009b9df0 fffff800`03289632 "
                   "nt!KiBugCheckDispatch+0x69  \n"
                   " fffff880`009b9f30 fffff800`032aa875 nt!KiDoubleFaultAbort+0xb2\n");
    assert_int_equal(fx_count(&f, "raw_slot"), 0);
    fx_free(&f);
    f = fx_read("0: kd> dd b8ae6000\nb8ae6000  00000000 00000000 00000000 00000000\n0: kd> dps b8ae6000\nb8ae6000  "
                "00000000 00000000 00000000\n");
    assert_int_equal(fx_count(&f, "raw_slot"), 0);
    fx_free(&f);
}

static void reads_messages_anywhere(void **state)
{
    (void)state;
    static const struct {
        const char *line, *kind, *module;
    } cases[] = {
        {"*** WARNING: Unable to verify timestamp for win32k.sys", "unverified-timestamp", "win32k"},
        {"Unable to load image \\SystemRoot\\system32\\DRIVERS\\iaStor.sys, Win32 error 0n2", "image-not-loaded",
         "iaStor"},
        {"WARNING: Stack unwind information not available. Following frames may be wrong.", "unwind-lost", NULL},
        {"WARNING: Frame IP not in any known module. Following frames may be wrong.", "ip-not-in-module", NULL},
        {"Page 31a1d9 not present in the dump file. Type \".hh dbgerr004\" for details", "page-missing", NULL},
        {"***** Kernel symbols are WRONG. Please fix symbols to do analysis.", "kernel-symbols-wrong", NULL},
        {"WARNING: !chkimg output was truncated to 50 lines. Invoke !chkimg without '-lo [num_lines]' to view  entire "
         "output.",
         "output-cut", NULL},
        {"GetPointerFromAddress: unable to read from fffff80003515000", "unreadable", NULL},
        {"Mini Kernel Dump File: Only registers and stack trace are available", "minidump", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char paste[512] = "0: kd> !irql\n";
        strcat(paste, cases[i].line);
        strcat(paste, "\nwe could load image files, but no symbols could be loaded for anything\n");
        fx f = fx_read(paste);
        if (fx_count(&f, "message") != 1) fail_msg("%zu messages in: %s", fx_count(&f, "message"), paste);
        const sc_row *r = fx_row(&f, "message", 0);
        fx_assert_text(r, "kind", cases[i].kind);
        if (cases[i].module)
            fx_assert_text(r, "module", cases[i].module);
        else
            assert_int_equal(fx_state(r, "module"), SC_NULL);
        assert_int_equal(r->line, 2);
        assert_false(fx_covers_all(&f, "message"));
        fx_free(&f);
    }
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(intact);
    fx_torture(chain);
    fx_torture("*** WARNING: Unable to verify timestamp for *** ERROR: x symbols could not be loaded for "
               "\\.sys\nUnable to load image , Win32 error\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_pages_show_the_same_modules),
        cmocka_unit_test(finds_the_chain_of_saved_frame_pointers),
        cmocka_unit_test(a_message_tells_what_symbols_do_not),
        cmocka_unit_test(without_a_prompt_too),
        cmocka_unit_test(a_broken_chain_starts_where_it_holds),
        cmocka_unit_test(one_pointer_is_no_stack),
        cmocka_unit_test(a_message_for_the_next_slot_stays_there),
        cmocka_unit_test(a_message_may_be_wrapped),
        cmocka_unit_test(stacks_and_memory_are_no_slots),
        cmocka_unit_test(reads_messages_anywhere),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
