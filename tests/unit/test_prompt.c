/* Prompts: every spelling in the reference, and what is none. */
#include "engine/transcript/transcript.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *line, const char *command, int processor, bool user_mode)
{
    sc_prompt p;
    if (!sc_prompt_read(sc_span_z(line), &p)) fail_msg("no prompt: %s", line);
    if (!sc_eq_z(p.command, command)) fail_msg("%s: command is \"%.*s\"", line, SC_F(p.command));
    if (p.processor != processor || p.user_mode != user_mode)
        fail_msg("%s: processor %d, user mode %d", line, p.processor, p.user_mode);
}

static void expect_none(const char *line)
{
    sc_prompt p;
    if (sc_prompt_read(sc_span_z(line), &p)) fail_msg("taken for a prompt: %s", line);
}

static void test_kernel_prompts(void **state)
{
    (void)state;
    expect("3: kd> !vm", "!vm", 3, false);
    expect(" 4: kd> k  ", "k", 4, false);
    expect("kd> .trap fffff880`06e534f0", ".trap fffff880`06e534f0", -1, false);
    expect("lkd> !irp fffffa8008f5cc10 7", "!irp fffffa8008f5cc10 7", -1, false);
    expect("0: lkd> k", "k", 0, false);
    expect("3: kd>.cls", ".cls", 3, false);
    expect("0: kd:x86> kb", "kb", 0, false);
    expect("16.0: kd:x86> r", "r", 16, false);
    expect("2: kd:amd64> k", "k", 2, false);
    expect("0: Kd> lm v m tcpip", "lm v m tcpip", 0, false);
    expect("127: kd> k", "k", 127, false);
    expect("1: kd>", "", 1, false);
    expect("1: kd> ", "", 1, false);
    expect("0:kd> k", "k", 0, false);
}

static void test_user_prompts(void **state)
{
    (void)state;
    expect("0:000>0: kd> !process 0 0", "!process 0 0", 0, false);
    expect("0:000>0:000>0: kd> !process 0 0", "!process 0 0", 0, false);
    expect("0:000>0:000> k", "0:000> k", -1, true);
    expect("0:000> k", "k", -1, true);
    expect("0:011> ~*k", "~*k", -1, true);
    expect("0:000:x86> r", "r", -1, true);
    expect("0:000>", "", -1, true);
    expect_none("12:30> the meeting");
    expect_none("0:00> k");
}

static void test_decorated_prompts(void **state)
{
    (void)state;
    expect("||0:0: kd> !analyze -v", "!analyze -v", 0, false);
    expect("||1:3: kd> k", "k", 3, false);
    expect("||0:0:000> k", "k", -1, true);
    expect("# 3: kd> !errrec fffffa8007cf4030", "!errrec fffffa8007cf4030", 3, false);
    expect("> 3: kd> k", "k", 3, false);
    expect("> > 3: kd> k", "k", 3, false);
    expect(">3: kd> k", "k", 3, false);
}

static void test_comments(void **state)
{
    (void)state;
    expect("3: kd> k // the stack", "k", 3, false);
    expect("kd> !locks fc664ee0  // !locks resource address gives lock info", "!locks fc664ee0", -1, false);
    expect("3: kd> k $$ the stack", "k", 3, false);
    expect("3: kd> k;$$ the stack", "k", 3, false);
    expect("3: kd> k; * the stack", "k", 3, false);
    expect("3: kd> $$ nothing is run", "", 3, false);
    expect("3: kd> * nothing is run", "", 3, false);
    expect("3: kd> // nothing is run", "", 3, false);
    expect("3: kd> $$><c:\\script.txt", "$$><c:\\script.txt", 3, false);
    expect("3: kd> $$>a<c:\\script.txt 1", "$$>a<c:\\script.txt 1", 3, false);
    expect("3: kd> .sympath srv*c:\\s*https://example.com/x", ".sympath srv*c:\\s*https://example.com/x", 3, false);
    expect("3: kd> ? 0n4176 * 2", "? 0n4176 * 2", 3, false); /* * multiplies */
    expect("3: kd> x nt!*Lock*", "x nt!*Lock*", 3, false);
    expect("3: kd> !for_each_module .echo @#ModuleName", "!for_each_module .echo @#ModuleName", 3, false);
}

static void test_no_prompts(void **state)
{
    (void)state;
    expect_none("");
    expect_none("kd");
    expect_none("At the 3: kd> prompt type k");
    expect_none("The kd> prompt");
    expect_none("kd> is what the debugger shows when it waits.");
    expect_none("lkd> prompts appear in local sessions");
    expect_none("3: the third processor");
    expect_none("3: kdx> k");
    expect_none("12345: kd> k");
    expect_none("3. kd> k");
    expect_none(">[ 1b,17]   0  0 fffffa800c089050 00000000 00000000-00000000");
    expect_none("> fffffa8007b13440  \\Driver\\usbhub     fffffa8007b13590  Cannot read info offset");
    expect_none("fffff880`009b9de8 fffff800`0328b169 nt!KeBugCheckEx");
    expect_none("# Child-SP          RetAddr           Call Site");
    expect_none("0: kd:>");
    expect_none("||0: fffff880");
    /* a processor's number makes it one, whatever follows */
    expect("3: kd> lm kv m nt with some words", "lm kv m nt with some words", 3, false);
    expect("kd> lm kv m nt", "lm kv m nt", -1, false);
}

static void test_bounds(void **state)
{
    (void)state;
    /* no byte beyond the span is read: every prefix of a prompt, at the end of its memory */
    const char *line = "||12:16.0: kd:x86> !irp fffffa8008f5cc10 // x";
    size_t n = strlen(line);
    for (size_t i = 0; i <= n; i++) {
        char *copy = test_malloc(i ? i : 1);
        memcpy(copy, line, i);
        sc_prompt p;
        bool found = sc_prompt_read((sc_span){copy, i}, &p);
        assert_int_equal(found, i >= 18);
        test_free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kernel_prompts),    cmocka_unit_test(test_user_prompts),
        cmocka_unit_test(test_decorated_prompts), cmocka_unit_test(test_comments),
        cmocka_unit_test(test_no_prompts),        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests_name("prompt", tests, NULL, NULL);
}
