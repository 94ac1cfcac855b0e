/* u, ub, uf; ? and .formats. */
#include "facts_fixture.h"

#include "engine/facts/disasm.h"

/* Seed 003; u starts where it was told to. */
static const char listing[] =
    " 3: kd> u nt!MiExpandNonPagedPool+0x14\n"
    "fffff800`02e69f2c 4156            push    r14\n"
    "fffff800`02e69f30 4881ecd0000000  sub     rsp,0D0h\n"
    "fffff800`02e69f37 488db9ff010000  lea     rdi,[rcx+1FFh]\n"
    "fffff800`02e69f48 0f82cfbffeff    jb      nt! ?? ::FNODOBFM::`string'+0x1e009 (fffff800`02e55f1d)\n";

static void reads_a_listing(void **state)
{
    (void)state;
    fx f = fx_read(listing);
    assert_int_equal(fx_count(&f, "instruction"), 4);
    const sc_row *r = fx_row(&f, "instruction", 1);
    assert_int_equal(fx_addr(r, "address"), 0xfffff80002e69f30);
    fx_assert_text(r, "mnemonic", "sub");
    fx_assert_text(r, "operands", "rsp,0D0h");
    fx_assert_text(r, "symbol", "nt!MiExpandNonPagedPool"); /* its own line was lost, but it was typed */
    fx_assert_text(r, "command", "u");
    assert_int_equal(fx_int(r, "stack_bytes"), 0xd0);
    assert_int_equal(fx_state(fx_row(&f, "instruction", 0), "stack_bytes"), SC_NULL);
    assert_true(fx_covers_int(&f, "instruction", (int64_t)0xfffff80002e69f30));
    assert_false(fx_covers_int(&f, "instruction", (int64_t)0xfffff80002e69f31));
    fx_free(&f);
}

/* Seed 004: columns collapsed, a blank line after each line, a negative number added. */
static void reads_collapsed_columns(void **state)
{
    (void)state;
    fx f = fx_read(
        "3: kd> uf b8d8c0d0\n\nb8d8c0d0 55 push ebp\n\nb8d8c0d5 6840e2d9b8 push offset BabyHog +0x15240 (b8d9e240)\n\n"
        "b8d8c0ed 81c470fdffff add esp,0FFFFFD70h\n\nthat is the one.\n\n3: kd> ub b958ecdf "
        "L1\n\nBabyHog!HogFarm+0xa8:\n\n \n\n"
        "call dword ptr BabyHog!HogFarm +0x7460 (b9596090 )  <-note\n");
    assert_int_equal(fx_count(&f, "instruction"), 4);
    assert_int_equal(fx_int(fx_row(&f, "instruction", 2), "stack_bytes"), 656);
    fx_assert_text(fx_row(&f, "instruction", 2), "command", "uf");
    const sc_row *call = fx_row(&f, "instruction", 3);
    assert_int_equal(fx_state(call, "address"), SC_NOT_PRINTED);
    fx_assert_text(call, "operands", "dword ptr BabyHog!HogFarm +0x7460 (b9596090 )");
    fx_assert_text(call, "symbol", "BabyHog!HogFarm");
    assert_int_equal(f.facts->pointer_bytes, 4);
    fx_free(&f);
}

static void reads_what_is_not_in_the_dump(void **state)
{
    (void)state;
    fx f = fx_read("3: kd> u @rip\nwin32k!vSolidFillRect1+0x13f:\nfffff960`0011ad9f ??              ???\n              "
                   "^ Memory access error in 'u @rip'\n");
    const sc_row *r = fx_row(&f, "instruction", 0);
    assert_true(fx_bool(r, "unreadable"));
    assert_int_equal(fx_state(r, "mnemonic"), SC_NULL);
    fx_assert_text(r, "symbol", "win32k!vSolidFillRect1");
    fx_free(&f);
}

static void needs_no_prompt(void **state)
{
    (void)state;
    fx f = fx_read("look here\nnt!KeFlushProcessWriteBuffers+0x63:\nfffff800`03aab937 f390            pause\n"
                   "fffff800`03aab941 75f4            jne     nt!KeFlushProcessWriteBuffers+0x63 "
                   "(fffff800`03aab937\nthat was all\n");
    assert_int_equal(fx_count(&f, "instruction"), 2);
    fx_assert_text(fx_row(&f, "instruction", 1), "symbol", "nt!KeFlushProcessWriteBuffers");
    fx_free(&f);
}

static void other_lines_are_no_code(void **state)
{
    (void)state;
    sc_instruction i;
    assert_false(sc_instruction_read(SC_S("b8ae60ec b8ae6100"), true, &i));
    assert_false(sc_instruction_read(SC_S("b8ae6100 b8ae6128 points to the next"), true, &i));
    assert_false(sc_instruction_read(SC_S("b8ae6100 f7a2ec45 nt!IofCallDriver+0x45"), true, &i));
    assert_false(sc_instruction_read(SC_S("f9f73000 f9f7fd80   sysaudio     (deferred)"), true, &i));
    assert_false(sc_instruction_read(SC_S("89123860 80f87aed 825a6138 89123c5c 89123cac nt!KiBugCheckDebugBreak+0x1f"),
                                     true, &i));
    sc_symbol s;
    assert_false(sc_code_header(SC_S("Arguments:"), &s));
    assert_false(sc_code_header(SC_S("so now this:"), &s));
}

static void stack_bytes_are_what_is_allocated(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        int64_t bytes; /* 0: none */
    } cases[] = {
        {"sub rsp,0D0h", 0xd0},
        {"sub esp,8", 8},
        {"add rsp,0FFFFFFFFFFFFFF80h", 0x80},
        {"add rsp,28h", 0},
        {"sub rsp,rax", 0},
        {"sub rsp,0FFFFFFFFFFFFFF80h", 0},
        {"sub eax,10h", 0},
        {"add rsp,8000000000000000h", 0},
        {"mov rsp,10h", 0},
        {"sub esp,", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char paste[128] = "0: kd> u x!y\nfffff800`02e69f30 4881ecd0000000  ";
        strcat(paste, cases[i].code);
        fx f = fx_read(paste);
        const sc_row *r = fx_row(&f, "instruction", 0);
        if (cases[i].bytes)
            assert_int_equal(fx_int(r, "stack_bytes"), cases[i].bytes);
        else
            assert_int_equal(fx_state(r, "stack_bytes"), SC_NULL);
        fx_free(&f);
    }
}

/* Seed 004. */
static const char numbers[] =
    "3: kd> ? 4176/1024\n\nEvaluate expression: 4 = 00000004\n\n3: kd> .formats 0x0FFFFFD70\n\nEvaluate expression:\n\n"
    "  Hex: fffffd70\n\n  Decimal: -656\n\n  Octal:   37777776560\n\nEvaluate expression: -656 = ffffffff`fffffd70\n";

static void reads_numbers_that_were_worked_out(void **state)
{
    (void)state;
    fx f = fx_read(numbers);
    assert_int_equal(fx_count(&f, "evaluated"), 3);
    const sc_row *r = fx_row(&f, "evaluated", 0);
    fx_assert_text(r, "expression", "4176/1024");
    assert_int_equal(fx_addr(r, "value"), 4);
    assert_int_equal(fx_int(r, "decimal"), 4);
    r = fx_row(&f, "evaluated", 1);
    fx_assert_text(r, "expression", "0x0FFFFFD70");
    assert_int_equal(fx_addr(r, "value"), 0xfffffd70);
    assert_int_equal(fx_int(r, "decimal"), -656);
    r = fx_row(&f, "evaluated", 2); /* its prompt is lost, and with it the expression */
    assert_int_equal(fx_state(r, "expression"), SC_NOT_PRINTED);
    assert_int_equal(fx_addr(r, "value"), 0xfffffffffffffd70);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(listing);
    fx_torture(numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_listing),
        cmocka_unit_test(reads_collapsed_columns),
        cmocka_unit_test(reads_what_is_not_in_the_dump),
        cmocka_unit_test(needs_no_prompt),
        cmocka_unit_test(other_lines_are_no_code),
        cmocka_unit_test(stack_bytes_are_what_is_allocated),
        cmocka_unit_test(reads_numbers_that_were_worked_out),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
