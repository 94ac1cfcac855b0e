/* !token and !job. */
#include "facts_forms.h"

#define TOKEN                                                                                                          \
    "1: kd> !token ffffb08c5d1a4060\n_TOKEN 0xffffb08c5d1a4060\nTS Session ID: 0x2\n"                                  \
    "User: S-1-5-21-1-2-3-1001 (User: ACME\\joe)\nUser Groups: \n 00 S-1-1-0 (Well Known Group: "                      \
    "localhost\\Everyone)\n"                                                                                           \
    "    Attributes - Mandatory Default Enabled \nPrimary Group: S-1-5-18\nPrivs: \n"                                  \
    " 10 0x00000000a SeLoadDriverPrivilege             Attributes - Enabled \n"                                        \
    " 20 0x000000014 SeDebugPrivilege                  Attributes - \n"                                                \
    "Authentication ID:         (0,3e7)\nImpersonation Level:       Impersonation\n"                                   \
    "TokenType:                 Impersonation\nSource: User32             TokenFlags: 0x2000 ( Token in use )\n"       \
    "Token ID: 4a1d3            ParentToken ID: 0\nModified ID:               (0, 4a1d9)\n"                            \
    "RestrictedSidCount: 3      RestrictedSids: 0x0000000000000000\n"

static void reads_a_token(void **state)
{
    (void)state;
    fx f = fx_read(TOKEN);
    const sc_row *r = fx_row(&f, "token", 0);
    assert_true(fx_addr(r, "token") == 0xffffb08c5d1a4060);
    assert_int_equal(fx_int(r, "session"), 2);
    fx_assert_text(r, "user", "S-1-5-21-1-2-3-1001");
    fx_assert_text(r, "type", "Impersonation");
    fx_assert_text(r, "level", "Impersonation");
    assert_int_equal(fx_int(r, "restricted_sids"), 3);
    assert_int_equal(fx_count(&f, "token_privilege"), 2);
    assert_true(fx_bool(fx_row(&f, "token_privilege", 0), "enabled"));
    assert_false(fx_bool(fx_row(&f, "token_privilege", 1), "enabled"));
    fx_assert_text(fx_row(&f, "token_privilege", 1), "name", "SeDebugPrivilege");
    assert_int_equal(fx_int(fx_row(&f, "token_privilege", 1), "luid"), 20);
    assert_true(fx_covers_int(&f, "token", (int64_t)0xffffb08c5d1a4060));
    assert_true(f.facts->transcript->sections[0].complete);
    assert_int_equal(f.facts->pointer_bytes, 8);
    for (size_t i = 1; i < f.transcript.n_lines - 1; i++) assert_true(f.facts->taken[i]);
    fx_free(&f);
    fx_assert_forms(TOKEN, "token", 1, 0);
    fx_assert_forms(TOKEN, "token_privilege", 2, FX_NO_FLAT);
}

static void a_token_may_be_cut(void **state)
{
    (void)state;
    char *cut = fx_cut(TOKEN, 11);
    fx f = fx_read(cut);
    assert_int_equal(fx_count(&f, "token_privilege"), 2);
    assert_int_equal(fx_state(fx_row(&f, "token_privilege", 1), "enabled"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "token", 0), "type"), SC_NOT_PRINTED);
    assert_false(fx_covers_int(&f, "token_privilege", (int64_t)0xffffb08c5d1a4060));
    assert_false(f.facts->transcript->sections[0].complete);
    fx_free(&f);
    free(cut);
}

static void what_is_no_token(void **state)
{
    (void)state;
    assert_int_equal(fx_rows_of("_TOKEN is the structure of a token: 0xffffb08c5d1a4060\n", "token"), 0);
    assert_int_equal(
        fx_rows_of("kd> !token\n 10 0x00000000a SomePrivilege   Attributes - Enabled\n", "token_privilege"), 0);
    fx f = fx_read("kd> !token\n_EPROCESS e1bed030, _TOKEN e1bed034\nUser: joe the admin\n");
    assert_true(fx_addr(fx_row(&f, "token", 0), "token") == 0xe1bed034);
    assert_int_equal(fx_state(fx_row(&f, "token", 0), "user"), SC_NOT_PRINTED);
    fx_free(&f);
}

#define JOB                                                                                                            \
    "kd> !job 8263d3b8\nJob at 8263d3b8\n  TotalPageFaultCount      0\n  TotalProcesses           4\n"                 \
    "  ActiveProcesses          2\n  TotalTerminatedProcesses 1\n  LimitFlags               408\n"                     \
    "  ActiveProcessLimit       2\n  Token                    00000000\n"

static void reads_a_job(void **state)
{
    (void)state;
    fx f = fx_read(JOB);
    const sc_row *r = fx_row(&f, "job", 0);
    assert_true(fx_addr(r, "job") == 0x8263d3b8);
    assert_int_equal(fx_int(r, "processes"), 4);
    assert_int_equal(fx_int(r, "active"), 2);
    assert_int_equal(fx_int(r, "terminated"), 1);
    assert_true(fx_addr(r, "limit_flags") == 0x408);
    assert_int_equal(fx_int(r, "process_limit"), 2);
    assert_true(fx_covers_int(&f, "job", 0x8263d3b8));
    assert_true(f.facts->transcript->sections[0].complete);
    fx_free(&f);
    fx_assert_forms(JOB, "job", 1, 0);
    assert_int_equal(fx_rows_of("Job at Microsoft: the best offer\n", "job"), 0);
}

/* x86 debuggers print the argument sign extended; newer ones label and number otherwise. */
static void other_forms_of_a_job(void **state)
{
    (void)state;
    fx f = fx_read("kd> !process 0 0\nPROCESS 8276c550  SessionId: 0  Cid: 052c    Peb: 7ffdf000  ParentCid: 0060\n"
                   "kd> !job 8256e1f0\nJob at ffffffff8256e1f0\n  ActiveProcesses          x\n");
    assert_true(fx_addr(fx_row(&f, "job", 0), "job") == 0x8256e1f0);
    assert_int_equal(fx_state(fx_row(&f, "job", 0), "active"), SC_NOT_PRINTED);
    assert_false(fx_covers_int(&f, "job", 0x8256e1f0));
    fx_free(&f);
    f = fx_read("0: kd> !job ffffe00104a27c00\nJob at ffffe00104a27c00\n  Basic Accounting Information\n"
                "    TotalProcesses:            0x5\n    ActiveProcesses:           0x1\n"
                "    TotalTerminatedProcesses:  0x0\n  Limit Information (LimitFlags: 0x2008)\n");
    const sc_row *r = fx_row(&f, "job", 0);
    assert_int_equal(fx_int(r, "processes"), 5);
    assert_true(fx_addr(r, "limit_flags") == 0x2008);
    assert_true(fx_covers_int(&f, "job", (int64_t)0xffffe00104a27c00));
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(TOKEN);
    fx_torture(JOB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_token), cmocka_unit_test(a_token_may_be_cut),   cmocka_unit_test(what_is_no_token),
        cmocka_unit_test(reads_a_job),   cmocka_unit_test(other_forms_of_a_job), cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
