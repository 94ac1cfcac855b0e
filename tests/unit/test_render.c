/* The renderers on hand-made diagnoses: what a person reads, what a program reads, what a forum gets. */
#include "engine/render/layout.h"
#include "engine/stopcode.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N(array) (array), sizeof(array) / sizeof((array)[0])
#define NONE NULL, 0

/* ---- A decided crash: the power time-out of seed 003 ------------------------------------------------------------ */

static const sc_clause lock_clauses[] = {
    {.name = "lock-owner", .kind = SC_CLAUSE_SQL, .ask = "!locks"},
    {.name = "owner-waits-in-driver", .kind = SC_CLAUSE_STACK, .ask = "!thread {{arg3}}"},
    {.name = "irp-parked", .kind = SC_CLAUSE_SQL, .effect = SC_SUPPORTS, .supports = SC_CERTAIN},
};
static const char *const lock_references[] = {"https://learn.microsoft.com/x-0x9f", "javascript:alert(1)"};
static const sc_rule lock_rule = {
    .id = "0x9F/pnp-lock-held",
    .title = "A driver holds the PnP lock while its device is being removed",
    .status = SC_STABLE,
    .tier = SC_PROOF,
    .confidence = SC_LIKELY,
    .clauses = lock_clauses,
    .n_clauses = 3,
    .references = lock_references,
    .n_references = 2,
};
static const sc_evidence lock_evidence[] = {
    {"lock-owner", 107, 107, {N("Resource @ nt!PiEngineLock (0xfffff80003492be0)    Exclusively owned") - 1}},
    {"lock-owner", 110, 110, {N("     Threads: fffffa8007005660-01") - 1}},
    {"owner-waits-in-driver",
     134,
     135,
     {N("fffff880`03bd2530 fffff880`0ae92627 : fffffa80`0d035000 00000000`00000000 fffffa80`0c0891a0 fffff880`03bd2670 "
        ": "
        "ZTEusbnet+0x35dd") -
      1}},
    {"irp-parked", 205, 205, {N(">[ 1b,17]   0  0 fffffa800c089050 00000000 00000000-00000000") - 1}},
};
static const sc_clause_result lock_results[] = {
    {&lock_clauses[0], SC_TRUE, {N("thread fffffa8007005660 owns nt!PiEngineLock") - 1}, {"", 0}, lock_evidence, 2},
    {&lock_clauses[1], SC_TRUE, {"", 0}, {"", 0}, lock_evidence + 2, 1},
    {&lock_clauses[2], SC_TRUE, {N("surprise removal, not completed") - 1}, {"", 0}, lock_evidence + 3, 1},
};
static const sc_variable lock_variables[] = {{"driver", {N("ZTEusbnet") - 1}}, {"irp", {N("0xfffffa8008f5cc10") - 1}}};
static const sc_span lock_fixes[] = {
    {N("Update the software of the modem, or remove it: its driver is of 2008. (no risk)") - 1},
    {N("Unplug the device before shutting down, and see whether the crash stays away; if it does, it was this. (no "
       "risk)") -
     1},
    {N("Remove the driver's package with `pnputil /delete-driver`. (low risk: plug the modem in again to undo it, or "
       "so)") -
     1},
};
static const sc_finding lock_finding = {
    .rule = &lock_rule,
    .verdict = SC_CONFIRMED,
    .confidence = SC_CERTAIN,
    .summary =
        {N("ZTEusbnet owns nt!PiEngineLock and has waited 10 min 0 s for the removal of its device, so the power "
           "transition could not start.") -
         1},
    .culprit = {N("ZTEusbnet") - 1},
    .variables = lock_variables,
    .n_variables = 2,
    .evidence = lock_evidence,
    .n_evidence = 4,
    .clauses = lock_results,
    .n_clauses = 3,
    .fixes = lock_fixes,
    .n_fixes = 3,
};
static const sc_reason on_path[] = {{{N("on the path, not holding anything") - 1}, 140}};
static const sc_reason first_frame[] = {{{N("first frame that is not part of Windows") - 1}, 134}};
static const sc_suspect lock_suspects[] = {
    {{N("ZTEusbnet") - 1}, SC_CULPRIT, first_frame, 1, NONE},
    {{N("usbccgp") - 1}, SC_BYSTANDER, NONE, on_path, 1},
    {{N("ndis") - 1}, SC_BYSTANDER, NONE, on_path, 1},
};
static const sc_crash lock_crash = {
    .outcome = SC_DIAGNOSED,
    .bugcheck = {SC_SOURCE_LINE,
                 0x9F,
                 {N("DRIVER_POWER_STATE_FAILURE") - 1},
                 {4, 0x258, 0xfffffa8007005660, 0xfffff80000b9c3d0},
                 {true, true, true, true},
                 84},
    .first_line = 84,
    .last_line = 253,
    .headline = {N("sync time-out, 600 s") - 1},
    .signature = {N("0x9F_4_ZTEusbnet") - 1},
    .culprit_kind = SC_CULPRIT_MODULE,
    .culprit = {N("ZTEusbnet") - 1},
    .culprit_confidence = SC_CERTAIN,
    .culprit_rule = &lock_rule,
    .findings = &lock_finding,
    .n_findings = 1,
    .suspects = lock_suspects,
    .n_suspects = 3,
};

/* ---- A crash that is not decided: the double fault of seed 000 -------------------------------------------------- */

static const sc_clause stack_clauses[] = {
    {.name = "double-fault", .kind = SC_CLAUSE_ARGS},
    {.name = "stack-limit", .kind = SC_CLAUSE_SQL, .ask = "!thread"},
    {.name = "pointer-inside", .kind = SC_CLAUSE_SQL, .effect = SC_EXCLUDES},
};
static const sc_rule stack_rule = {.id = "0x7F/stack-exhausted",
                                   .title = "The kernel stack is used up",
                                   .tier = SC_PROOF,
                                   .clauses = stack_clauses,
                                   .n_clauses = 3};
static const sc_evidence stack_evidence[] = {
    {"double-fault", 12, 12, {N("BugCheck 7F, {8, 80050033, 6f8, fffff80002ed5c70}") - 1}}};
static const sc_clause_result stack_results[] = {
    {&stack_clauses[0], SC_TRUE, {N("parameter 1 is 8") - 1}, {"", 0}, stack_evidence, 1},
    {&stack_clauses[1], SC_UNKNOWN, {"", 0}, {N("!thread") - 1}, NONE},
    {&stack_clauses[2], SC_UNKNOWN, {"", 0}, {"", 0}, NONE},
};
#define OPEN_FINDING                                                                                                   \
    {                                                                                                                  \
        .rule = &stack_rule, .verdict = SC_OPEN, .confidence = SC_LIKELY, .evidence = stack_evidence, .n_evidence = 1, \
        .clauses = stack_results, .n_clauses = 3                                                                       \
    }
static const sc_finding stack_findings[] = {
    OPEN_FINDING,
    OPEN_FINDING,
    OPEN_FINDING,
    OPEN_FINDING,
    {.rule = &lock_rule, .verdict = SC_OPEN, .superseded = true},
};
static const char *const settles[] = {"0x7F/stack-exhausted"};
static const sc_ask stack_asks[] = {
    {{N("!thread") - 1}, {N("shows where the stack ends") - 1}, settles, 1},
    {{N("kf") - 1}, {N("shows how much of it each frame uses") - 1}, settles, 1},
    {{N("lmvm iaStor") - 1}, {"", 0}, NONE},
    {{N("!vm") - 1}, {N("the fourth") - 1}, NONE},
};
static const sc_reason old_driver[] = {{{N("dated 2012, and on the stack") - 1}, 31},
                                       {{N("no line of its own") - 1}, 0}};
static const sc_suspect stack_suspects[] = {{{N("iaStor") - 1}, SC_SUSPECT, old_driver, 2, on_path, 1}};
static const sc_clause_result miss_results[] = {
    {&stack_clauses[0], SC_FALSE, {N("parameter 1 is 0xd") - 1}, {"", 0}, NONE},
    {&stack_clauses[2], SC_TRUE, {"", 0}, {"", 0}, NONE},
};
static const sc_finding miss = {.rule = &lock_rule, .verdict = SC_RULED_OUT, .clauses = miss_results, .n_clauses = 2};
static const sc_crash stack_crash = {
    .outcome = SC_UNDECIDED,
    .bugcheck =
        {SC_SOURCE_PROSE, 0x7F, {N("UNEXPECTED_KERNEL_MODE_TRAP") - 1}, {8, 0, 0, 0}, {true, false, false, false}, 12},
    .first_line = 12,
    .last_line = 12,
    .findings = stack_findings,
    .n_findings = 5,
    .ruled_out = &miss,
    .n_ruled_out = 1,
    .suspects = stack_suspects,
    .n_suspects = 1,
    .asks = stack_asks,
    .n_asks = 4,
};

/* ---- Two explanations for one crash, neither of which names a culprit ------------------------------------------- */

static const sc_span leak_fixes[] = {
    {N("Run `!poolused 2`. (no risk)") - 1}, {N("Find the driver. (no risk)") - 1}, {N("Update it. (low risk)") - 1}};
/* one line that proves two clauses, and a proof of absence */
static const sc_evidence leak_evidence[] = {
    {"lock-owner", 51, 51, {N("    NonPagedPool Usage:   764909 (   3059636 Kb)") - 1}},
    {"owner-waits-in-driver", 51, 51, {N("    NonPagedPool Usage:   764909 (   3059636 Kb)") - 1}},
    {"irp-parked", 0, 0, {"", 0}},
};
static const sc_finding both_findings[] = {
    {.rule = &stack_rule,
     .verdict = SC_CONFIRMED,
     .confidence = SC_CERTAIN,
     .summary = {N("The pool is exhausted.") - 1},
     .evidence = leak_evidence,
     .n_evidence = 3,
     .fixes = leak_fixes,
     .n_fixes = 3},
    {.rule = &lock_rule,
     .verdict = SC_CONFIRMED,
     .confidence = SC_POSSIBLE,
     .evidence = leak_evidence,
     .n_evidence = 1,
     .fixes = leak_fixes,
     .n_fixes = 3},
};
static const sc_crash both_crash = {
    .outcome = SC_DIAGNOSED,
    .first_line = 1,
    .last_line = 60,
    .headline = {N("a hang, or a leak that was looked at before anything crashed at all") - 1},
    .findings = both_findings,
    .n_findings = 2,
};

static const char *const repairs[] = {"crlf", "nbsp"};
static const sc_section_info sections[] = {
    {{N("!locks") - 1}, {"", 0}, 100, 113, 0, true, true, false},
    {{N("!wdfkd.wdflogdump") - 1}, {N("x") - 1}, 120, 121, -1, false, false, false},
};
static sc_diagnosis diagnosis_of(const sc_crash *crashes, size_t n)
{
    return (sc_diagnosis){992, repairs, 2, true, NULL, 0, sections, 2, crashes, n};
}

static char *render(const char *format, const sc_diagnosis *d, sc_render_options o)
{
    sc_renderer *r = sc_find_renderer(sc_span_z(format));
    assert_non_null(r);
    sc_buf b = {0};
    assert_int_equal(r(d, &o, &b), SC_OK);
    return b.p; /* freed by the caller */
}

/* ---- Golden outputs --------------------------------------------------------------------------------------------- */

static void assert_render(const char *format, const sc_diagnosis *d, sc_render_options o, const char *want)
{
    char *have = render(format, d, o);
    assert_string_equal(have, want);
    free(have);
}

static void test_text_decided(void **state)
{
    (void)state;
    sc_diagnosis d = diagnosis_of(&lock_crash, 1);
    assert_render("text", &d, (sc_render_options){0},
                  "0x9F DRIVER_POWER_STATE_FAILURE  sync time-out, 600 s               lines 84-253\n"
                  "  {4, 258, fffffa8007005660, fffff80000b9c3d0}\n"
                  "\n"
                  "  ZTEusbnet is the cause.                                                certain\n"
                  "  ZTEusbnet owns nt!PiEngineLock and has waited 10 min 0 s for the removal of\n"
                  "  its device, so the power transition could not start.\n"
                  "\n"
                  "  Do    1. Update the software of the modem, or remove it: its driver    no risk\n"
                  "           is of 2008.\n"
                  "        2. Unplug the device before shutting down, and see whether the   no risk\n"
                  "           crash stays away; if it does, it was this.\n"
                  "        3. Remove the driver's package with `pnputil /delete-driver`. (low risk:\n"
                  "           plug the modem in again to undo it, or so)\n"
                  "\n"
                  "  Why       107  Resource @ nt!PiEngineLock .. Exclusively owned\n"
                  "                   lock owner: thread fffffa8007005660 owns nt!PiEngineLock\n"
                  "            110  Threads: fffffa8007005660-01\n"
                  "        134-135  .. ZTEusbnet+0x35dd                owner waits in driver\n"
                  "            205  >[ 1b,17] 0 0 fffffa800c089050 ..  irp parked: surprise\n"
                  "                                                    removal, not completed\n"
                  "        rule 0x9F/pnp-lock-held\n"
                  "\n"
                  "  Not   usbccgp, ndis (bystanders): on the path, not holding anything\n"
                  "\n"
                  "  Next  nothing more is needed\n"
                  "\n"
                  "Transcript: 992 lines, 2 commands; repaired: crlf, nbsp; not read:\n"
                  "  !wdfkd.wdflogdump; parts of it are missing\n");
}

static void test_text_open(void **state)
{
    (void)state;
    sc_diagnosis d = diagnosis_of(&stack_crash, 1);
    assert_render("text", &d, (sc_render_options){0},
                  "0x7F UNEXPECTED_KERNEL_MODE_TRAP                                         line 12\n"
                  "  {8, ?, ?, ?} from the prose alone\n"
                  "\n"
                  "  Undecided.\n"
                  "  4 explanations are open; what would settle most: `!thread`.\n"
                  "\n"
                  "  Open  The kernel stack is used up\n"
                  "          12  BugCheck 7F, {8, 80050033, 6f8, ..  double fault: parameter 1 is 8\n"
                  "          not known: stack limit (`!thread`)\n"
                  "          rule 0x7F/stack-exhausted\n"
                  "        The kernel stack is used up\n"
                  "          12  BugCheck 7F, {8, 80050033, 6f8, ..  double fault: parameter 1 is 8\n"
                  "          not known: stack limit (`!thread`)\n"
                  "          rule 0x7F/stack-exhausted\n"
                  "        The kernel stack is used up\n"
                  "          12  BugCheck 7F, {8, 80050033, 6f8, ..  double fault: parameter 1 is 8\n"
                  "          not known: stack limit (`!thread`)\n"
                  "          rule 0x7F/stack-exhausted\n"
                  "        1 more open finding: --all\n"
                  "\n"
                  "  Next  !thread      shows where the stack ends\n"
                  "        kf           shows how much of it each frame uses\n"
                  "        lmvm iaStor\n"
                  "        1 more command: --all\n"
                  "\n"
                  "  Suspects\n"
                  "        iaStor\n"
                  "          for: dated 2012, and on the stack                              line 31\n"
                  "          for: no line of its own\n"
                  "          against: on the path, not holding anything                    line 140\n"
                  "\n"
                  "Transcript: 992 lines, 2 commands; repaired: crlf, nbsp; not read:\n"
                  "  !wdfkd.wdflogdump; parts of it are missing\n");
}

static void test_text_all(void **state)
{
    (void)state;
    sc_diagnosis d = diagnosis_of(&stack_crash, 1);
    assert_render("text", &d, (sc_render_options){.width = 90, .all = true},
                  "0x7F UNEXPECTED_KERNEL_MODE_TRAP                                                   line 12\n"
                  "  {8, ?, ?, ?} from the prose alone\n"
                  "\n"
                  "  Undecided.\n"
                  "  4 explanations are open; what would settle most: `!thread`.\n"
                  "\n"
                  "  Open  The kernel stack is used up\n"
                  "          12  BugCheck 7F, {8, 80050033, 6f8, ..  double fault: parameter 1 is 8\n"
                  "          not known: stack limit (`!thread`)\n"
                  "          rule 0x7F/stack-exhausted\n"
                  "        The kernel stack is used up\n"
                  "          12  BugCheck 7F, {8, 80050033, 6f8, ..  double fault: parameter 1 is 8\n"
                  "          not known: stack limit (`!thread`)\n"
                  "          rule 0x7F/stack-exhausted\n"
                  "        The kernel stack is used up\n"
                  "          12  BugCheck 7F, {8, 80050033, 6f8, ..  double fault: parameter 1 is 8\n"
                  "          not known: stack limit (`!thread`)\n"
                  "          rule 0x7F/stack-exhausted\n"
                  "        The kernel stack is used up\n"
                  "          12  BugCheck 7F, {8, 80050033, 6f8, ..  double fault: parameter 1 is 8\n"
                  "          not known: stack limit (`!thread`)\n"
                  "          rule 0x7F/stack-exhausted\n"
                  "\n"
                  "  Next  !thread      shows where the stack ends [0x7F/stack-exhausted]\n"
                  "        kf           shows how much of it each frame uses [0x7F/stack-exhausted]\n"
                  "        lmvm iaStor\n"
                  "        !vm          the fourth\n"
                  "\n"
                  "  Suspects\n"
                  "        iaStor\n"
                  "          for: dated 2012, and on the stack                                        line 31\n"
                  "          for: no line of its own\n"
                  "          against: on the path, not holding anything                              line 140\n"
                  "\n"
                  "  Out   A driver holds the PnP lock while its device is being removed\n"
                  "          double-fault does not hold: parameter 1 is 0xd\n"
                  "          pointer-inside holds\n"
                  "          rule 0x9F/pnp-lock-held\n"
                  "\n"
                  "Transcript: 992 lines, 2 commands; repaired: crlf, nbsp; not read: !wdfkd.wdflogdump;\n"
                  "  parts of it are missing\n");
}

static void test_text_several(void **state)
{
    (void)state;
    sc_diagnosis d = diagnosis_of(&both_crash, 1);
    assert_render("text", &d, (sc_render_options){0},
                  "No bug check                                                          lines 1-60\n"
                  "  a hang, or a leak that was looked at before anything crashed at all\n"
                  "\n"
                  "  What happened is known; what caused it is not.\n"
                  "  1. The pool is exhausted.                                              certain\n"
                  "  2. A driver holds the PnP lock while its device is being removed      possible\n"
                  "\n"
                  "  Do    1. The kernel stack is used up\n"
                  "           - Run `!poolused 2`.                                          no risk\n"
                  "           - Find the driver.                                            no risk\n"
                  "           - Update it.                                                 low risk\n"
                  "        2. A driver holds the PnP lock while its device is being removed\n"
                  "           - Run `!poolused 2`.                                          no risk\n"
                  "           - Find the driver.                                            no risk\n"
                  "           1 more step: --all\n"
                  "\n"
                  "  Why   1. The kernel stack is used up\n"
                  "           51  NonPagedPool Usage: 764909 ( 3059636 Kb)\n"
                  "                 lock owner; owner waits in driver\n"
                  "            -    irp parked\n"
                  "           rule 0x7F/stack-exhausted\n"
                  "        2. A driver holds the PnP lock while its device is being removed\n"
                  "           51  NonPagedPool Usage: 764909 ( 3059636 Kb)  lock owner\n"
                  "           rule 0x9F/pnp-lock-held\n"
                  "\n"
                  "  Next  no command is known that would tell more\n"
                  "\n"
                  "Transcript: 992 lines, 2 commands; repaired: crlf, nbsp; not read:\n"
                  "  !wdfkd.wdflogdump; parts of it are missing\n");
}

static void test_markdown(void **state)
{
    (void)state;
    sc_diagnosis d = diagnosis_of(&lock_crash, 1);
    assert_render("markdown", &d, (sc_render_options){0},
                  "### 0x9F DRIVER\\_POWER\\_STATE\\_FAILURE: sync time-out, 600 s\n"
                  "\n"
                  "Parameters `{4, 258, fffffa8007005660, fffff80000b9c3d0}`, lines 84-253 of the paste\n"
                  "\n"
                  "**ZTEusbnet is the cause.** (certain)\n"
                  "\n"
                  "ZTEusbnet owns nt!PiEngineLock and has waited 10 min 0 s for the removal of its device, so the p"
                  "ower transition could not start.\n"
                  "\n"
                  "**What to do**\n"
                  "\n"
                  "1. Update the software of the modem, or remove it: its driver is of 2008. (no risk)\n"
                  "2. Unplug the device before shutting down, and see whether the crash stays away; if it does, it "
                  "was this. (no risk)\n"
                  "3. Remove the driver's package with `pnputil /delete-driver`. (low risk: plug the modem in again"
                  " to undo it, or so)\n"
                  "\n"
                  "**Why:** A driver holds the PnP lock while its device is being removed (rule `0x9F/pnp-lock-held"
                  "`)\n"
                  "\n"
                  "```text\n"
                  "* lock owner: thread fffffa8007005660 owns nt!PiEngineLock\n"
                  "   107  Resource @ nt!PiEngineLock (0xfffff80003492be0) Exclusively owned\n"
                  "   110  Threads: fffffa8007005660-01\n"
                  "* owner waits in driver\n"
                  "   134  fffff880`03bd2530 fffff880`0ae92627 : fffffa80`0d035000 00000000`00000000 fffffa80`0c089"
                  "1a0 fffff880`03bd2670 : ZTEusbnet+0x35dd\n"
                  "* irp parked: surprise removal, not completed\n"
                  "   205  >[ 1b,17] 0 0 fffffa800c089050 00000000 00000000-00000000\n"
                  "```\n"
                  "\n"
                  "**Not the cause**\n"
                  "\n"
                  "- `usbccgp` (bystander): on the path, not holding anything (line 140)\n"
                  "- `ndis` (bystander): on the path, not holding anything (line 140)\n"
                  "\n"
                  "**Read on**\n"
                  "\n"
                  "- <https://learn.microsoft.com/x-0x9f>\n"
                  "- javascript:alert(1)\n"
                  "\n"
                  "---\n"
                  "\n"
                  "Read by stopcode 0.1.0 from 992 lines, 2 commands; repaired: crlf, nbsp; not read: !wdfkd.wdflog"
                  "dump; parts of it are missing.\n");
}

/* The order of the keys is part of the schema. */
static void test_json(void **state)
{
    (void)state;
    sc_diagnosis d = diagnosis_of(&lock_crash, 1);
    char *out = render("json", &d, (sc_render_options){0});
    assert_true(sc_starts(sc_span_z(out), "{\n  \"schema\": 1,\n  \"transcript\": {\n"));
    json_t *j = json_loads(out, 0, NULL);
    char *compact = json_dumps(j, JSON_COMPACT | JSON_PRESERVE_ORDER);
    assert_string_equal(
        compact,
        "{\"schema\":1,\"transcript\":{\"lines\":992,\"repairs\":[\"crlf\",\"nbsp\"],\"truncated\":true,\"health\":[],"
        "\"sections\":[{\"command\":\"!locks\",\"first_line\":100,\"last_line\":113,\"processor\":0,\"args\":\"\",\"co"
        "mplete\":true,\"known\":true,\"user_mode\":false},{\"command\":\"!wdfkd.wdflogdump\",\"first_line\":120,\"las"
        "t_line\":121,\"processor\":null,\"args\":\"x\",\"complete\":false,\"known\":false,\"user_mode\":false}]},\"cr"
        "ashes\":[{\"outcome\":\"confirmed\",\"bugcheck\":{\"source\":\"line\",\"code\":\"0x9F\",\"name\":\"DRIVER_POW"
        "ER_STATE_FAILURE\",\"args\":[\"0x4\",\"0x258\",\"0xfffffa8007005660\",\"0xfffff80000b9c3d0\"],\"line\":84},\""
        "first_line\":84,\"last_line\":253,\"signature\":\"0x9F_4_ZTEusbnet\",\"culprit\":{\"kind\":\"module\",\"name"
        "\":\"ZTEusbnet\",\"confidence\":\"certain\",\"rule\":\"0x9F/pnp-lock-held\"},\"findings\":[{\"rule\":\"0x9F/p"
        "np-lock-held\",\"title\":\"A driver holds the PnP lock while its device is being removed\",\"verdict\":\"conf"
        "irmed\",\"confidence\":\"certain\",\"summary\":\"ZTEusbnet owns nt!PiEngineLock and has waited 10 min 0 s for"
        " the removal of its device, so the power transition could not start.\",\"variables\":{\"driver\":\"ZTEusbnet"
        "\",\"irp\":\"0xfffffa8008f5cc10\"},\"evidence\":[{\"clause\":\"lock-owner\",\"line\":107,\"text\":\"Resource "
        "@ nt!PiEngineLock (0xfffff80003492be0)    Exclusively owned\"},{\"clause\":\"lock-owner\",\"line\":110,\"text"
        "\":\"     Threads: fffffa8007005660-01\"},{\"clause\":\"owner-waits-in-driver\",\"line\":134,\"text\":\"fffff"
        "880`03bd2530 fffff880`0ae92627 : fffffa80`0d035000 00000000`00000000 fffffa80`0c0891a0 fffff880`03bd2670 : ZT"
        "Eusbnet+0x35dd\",\"last_line\":135},{\"clause\":\"irp-parked\",\"line\":205,\"text\":\">[ 1b,17]   0  0 fffff"
        "a800c089050 00000000 00000000-00000000\"}],\"fixes\":[\"Update the software of the modem, or remove it: its d"
        "river is of 2008. (no risk)\",\"Unplug the device before shutting down, and see whether the crash stays away;"
        " if it does, it was this. (no risk)\",\"Remove the driver's package with `pnputil /delete-driver`. (low risk:"
        " plug the modem in again to undo it, or so)\"],\"tier\":\"proof\",\"culprit\":\"ZTEusbnet\",\"clauses\":[{\"c"
        "lause\":\"lock-owner\",\"effect\":\"requires\",\"truth\":\"true\",\"value\":\"thread fffffa8007005660 owns nt"
        "!PiEngineLock\",\"ask\":null,\"lines\":[107,110]},{\"clause\":\"owner-waits-in-driver\",\"effect\":\"requires"
        "\",\"truth\":\"true\",\"value\":null,\"ask\":null,\"lines\":[134]},{\"clause\":\"irp-parked\",\"effect\":\"su"
        "pports\",\"truth\":\"true\",\"value\":\"surprise removal, not completed\",\"ask\":null,\"lines\":[205]}],\"re"
        "ferences\":[\"https://learn.microsoft.com/x-0x9f\",\"javascript:alert(1)\"]}],\"suspects\":[{\"module\":\"ZTE"
        "usbnet\",\"role\":\"culprit\",\"for\":[{\"text\":\"first frame that is not part of Windows\",\"line\":134}],"
        "\"against\":[]},{\"module\":\"usbccgp\",\"role\":\"bystander\",\"for\":[],\"against\":[{\"text\":\"on the pat"
        "h, not holding anything\",\"line\":140}]},{\"module\":\"ndis\",\"role\":\"bystander\",\"for\":[],\"against\":"
        "[{\"text\":\"on the path, not holding anything\",\"line\":140}]}],\"ask\":[],\"headline\":\"sync time-out, 60"
        "0 s\"}]}");
    free(compact);
    json_decref(j);
    free(out);
}

/* ---- Safety ----------------------------------------------------------------------------------------------------- */

/* A crash whose every text is hostile. */
static sc_diagnosis hostile(sc_span text, sc_crash *crash, sc_finding *finding, sc_evidence *evidence,
                            sc_suspect *suspect, sc_reason *reason, sc_ask *ask, sc_section_info *section, sc_span *fix,
                            sc_variable *variable)
{
    *evidence = (sc_evidence){"lock-owner", 1, 1, text};
    *fix = text;
    *variable = (sc_variable){"driver", text};
    *finding = (sc_finding){.rule = &lock_rule,
                            .verdict = SC_CONFIRMED,
                            .confidence = SC_LIKELY,
                            .summary = text,
                            .culprit = text,
                            .evidence = evidence,
                            .n_evidence = 1,
                            .fixes = fix,
                            .n_fixes = 1,
                            .variables = variable,
                            .n_variables = 1};
    *reason = (sc_reason){text, 1};
    *suspect = (sc_suspect){text, SC_SUSPECT, reason, 1, reason, 1};
    *ask = (sc_ask){text, text, NULL, 0};
    *section = (sc_section_info){text, text, 1, 1, -1, false, false, false};
    *crash = (sc_crash){.outcome = SC_DIAGNOSED,
                        .bugcheck = {.source = SC_SOURCE_LINE, .code = 1, .name = text},
                        .first_line = 1,
                        .last_line = 1,
                        .headline = text,
                        .signature = text,
                        .culprit_kind = SC_CULPRIT_MODULE,
                        .culprit = text,
                        .culprit_confidence = SC_LIKELY,
                        .findings = finding,
                        .n_findings = 1,
                        .suspects = suspect,
                        .n_suspects = 1,
                        .asks = ask,
                        .n_asks = 1};
    return (sc_diagnosis){.lines = 1, .sections = section, .n_sections = 1, .crashes = crash, .n_crashes = 1};
}

static char *render_hostile(const char *format, sc_span text)
{
    sc_crash crash;
    sc_finding finding;
    sc_evidence evidence;
    sc_suspect suspect;
    sc_reason reason;
    sc_ask ask;
    sc_section_info section;
    sc_span fix;
    sc_variable variable;
    sc_diagnosis d = hostile(text, &crash, &finding, &evidence, &suspect, &reason, &ask, &section, &fix, &variable);
    return render(format, &d, (sc_render_options){.all = true, .source = "a\x1b[2Jb"});
}

static void test_no_control_characters(void **state)
{
    (void)state;
    static const char text[] = "a\x1b[31m\x07\x00\x08\x7f b\xc2\x9b"
                               "2J c\xe2\x80\xae"
                               "d\xff\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80 e\xf3\xa0\x81\x81 end\xe2\x80";
    for (size_t f = 0; sc_format_names[f]; f++) {
        char *out = render_hostile(sc_format_names[f], (sc_span){text, sizeof text - 1});
        sc_span s = sc_span_z(out);
        for (size_t i = 0, n; i < s.n; i += n) {
            uint32_t c;
            n = sc_utf8_read(s, i, &c);
            assert_true(n > 0); /* valid UTF-8 whatever came in */
            assert_true(c == '\n' || !sc_is_hidden(c));
        }
        free(out);
    }
}

static void test_json_stays_json(void **state)
{
    (void)state;
    static const char text[] = "\"}],\\ \x1b </script> \xc2\x9b \xff \xf3\xa0\x81\x81";
    char *out = render_hostile("json", (sc_span){text, sizeof text - 1});
    json_error_t error;
    json_t *j = json_loads(out, 0, &error);
    assert_non_null(j);
    json_t *crash = json_array_get(json_object_get(j, "crashes"), 0);
    json_t *finding = json_array_get(json_object_get(crash, "findings"), 0);
    /* nothing is lost but the invalid byte */
    assert_string_equal(json_string_value(json_object_get(finding, "summary")),
                        "\"}],\\ \x1b </script> \xc2\x9b \xef\xbf\xbd \xf3\xa0\x81\x81");
    json_decref(j);
    free(out);
}

static void assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part)) fail_msg("\"%s\" in: %s", part, text);
}

/* Counts of what may act in a forum, outside code. */
static void test_markdown_escapes(void **state)
{
    (void)state;
    static const char text[] =
        "<img src=x onerror=alert(1)> [a](http://x.example) @someone #12 **b** ![i](j) www.x.example | ~~s~~ $x$ &lt;";
    char *out = render_hostile("markdown", (sc_span){text, sizeof text - 1});
    /* Code spans and fences may hold anything; take them out, then nothing may be left that acts. */
    sc_buf prose = {0};
    bool fenced = false;
    for (char *p = out; *p; p++) {
        if (!strncmp(p, "```", 3)) {
            fenced = !fenced;
            p += 2;
        } else if (!fenced && *p == '\\') {
            p++; /* and what it takes the meaning from */
        } else if (!fenced && *p == '`') {
            p = strchr(p + 1, '`');
            assert_non_null(p);
        } else if (!fenced) {
            sc_buf_char(&prose, *p);
        }
    }
    assert_false(fenced);
    assert_non_null(prose.p);
    assert_lacks(prose.p, "<img");
    assert_lacks(prose.p, "](");
    assert_lacks(prose.p, "http://");
    assert_lacks(prose.p, "@someone");
    assert_lacks(prose.p, "#12");
    assert_lacks(prose.p, "**b**");
    assert_lacks(prose.p, "www.");
    assert_lacks(prose.p, "|");
    assert_lacks(prose.p, "~");
    assert_lacks(prose.p, "$");
    assert_non_null(strstr(prose.p, "&amp;lt;"));
    sc_buf_free(&prose);
    free(out);
}

/* A paste cannot close the fence or the code span that it stands in, nor begin a list or heading of its own. */
static void test_markdown_fences(void **state)
{
    (void)state;
    char *out = render_hostile("markdown", SC_S("``` ```` x ` y"));
    assert_non_null(strstr(out, "`````text\n"));
    assert_non_null(strstr(out, "`````\n"));
    free(out);
    out = render_hostile("markdown", SC_S("# heading"));
    assert_lacks(out, "\n# heading");
    assert_lacks(out, "\n- # heading");
    free(out);
    out = render_hostile("markdown", SC_S("1. item"));
    assert_lacks(out, "\n1. item");
    free(out);
    /* the backticks of addresses do not pair up to code spans */
    out = render_hostile("markdown", SC_S("from fffff880`009ab000 to fffff880`009ab310"));
    assert_non_null(strstr(out, "from fffff880\\`009ab000 to fffff880\\`009ab310"));
    free(out);
}

/* ---- Layout ----------------------------------------------------------------------------------------------------- */

static void test_lines_fit(void **state)
{
    (void)state;
    sc_crash both[] = {lock_crash, stack_crash};
    sc_diagnosis d = diagnosis_of(both, 2);
    for (unsigned width = 40; width <= 130; width += 5) {
        char *out = render("text", &d, (sc_render_options){.width = width, .all = true});
        sc_span rest = sc_span_z(out), line;
        while (rest.n) {
            sc_cut(rest, "\n", &line, &rest);
            /* A title is never wrapped; everything else is. */
            if (sc_columns(line) > width && !sc_starts(line, "0x")) fail_msg("width %u: %.*s", width, SC_F(line));
            assert_false(sc_ends(line, " "));
        }
        free(out);
    }
}

static void test_color_changes_nothing_else(void **state)
{
    (void)state;
    sc_diagnosis d = diagnosis_of(&lock_crash, 1);
    char *plain = render("text", &d, (sc_render_options){0}),
         *color = render("text", &d, (sc_render_options){.color = true});
    char *to = color;
    bool seen = false;
    for (char *from = color; *from; from++) {
        if (*from == '\x1b') {
            seen = true;
            from = strchr(from, 'm');
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
    assert_true(seen);
    assert_string_equal(plain, color);
    assert_null(strchr(plain, '\x1b'));
    free(plain);
    free(color);
}

static json_t *json_crash(const sc_crash *c, bool all, json_t **document)
{
    sc_diagnosis d = diagnosis_of(c, 1);
    char *out = render("json", &d, (sc_render_options){.all = all});
    *document = json_loads(out, 0, NULL);
    free(out);
    assert_non_null(*document);
    return json_array_get(json_object_get(*document, "crashes"), 0);
}

/* Findings that another rule hides, and near misses, are there only when all is asked for. */
static void test_json_all(void **state)
{
    (void)state;
    json_t *document, *crash = json_crash(&stack_crash, false, &document);
    assert_int_equal(json_array_size(json_object_get(crash, "findings")), 4);
    assert_int_equal(json_array_size(json_object_get(crash, "ask")), 4); /* three is a limit of the text */
    assert_null(json_object_get(crash, "ruled_out"));
    json_decref(document);
    crash = json_crash(&stack_crash, true, &document);
    assert_int_equal(json_array_size(json_object_get(crash, "findings")), 5);
    assert_true(json_is_true(json_object_get(json_array_get(json_object_get(crash, "findings"), 4), "superseded")));
    json_t *out = json_array_get(json_object_get(crash, "ruled_out"), 0);
    assert_string_equal(json_string_value(json_object_get(out, "verdict")), "ruled-out");
    json_decref(document);
}

static void test_formats(void **state)
{
    (void)state;
    assert_null(sc_find_renderer(SC_S("html")));
    assert_null(sc_find_renderer(SC_S("")));
    size_t n = 0;
    while (sc_format_names[n]) assert_non_null(sc_find_renderer(sc_span_z(sc_format_names[n++])));
    assert_int_equal(n, 3);
}

static void test_nothing(void **state)
{
    (void)state;
    sc_diagnosis d = {.lines = 3};
    assert_render("text", &d, (sc_render_options){.width = 120},
                  "This is not debugger output: no bug check and no debugger command was recognised in it.\n");
    assert_render("markdown", &d, (sc_render_options){0},
                  "This is not debugger output: no bug check and no debugger command was recognised in it.\n");
    assert_render("json", &d, (sc_render_options){.error = "is empty"},
                  "{\n  \"schema\": 1,\n  \"error\": \"is empty\",\n  \"transcript\": {\n    \"lines\": 3,\n    "
                  "\"repairs\": [],\n"
                  "    \"truncated\": false,\n    \"health\": [],\n    \"sections\": []\n  },\n  \"crashes\": []\n}\n");
}

/* No bug check: null, not a code of 0. */
static void test_unknown_is_null(void **state)
{
    (void)state;
    sc_crash c = {.outcome = SC_UNRECOGNISED, .first_line = 1, .last_line = 2};
    sc_diagnosis d = {.crashes = &c, .n_crashes = 1};
    char *out = render("json", &d, (sc_render_options){0});
    json_t *j = json_loads(out, 0, NULL), *crash = json_array_get(json_object_get(j, "crashes"), 0);
    assert_true(json_is_null(json_object_get(crash, "bugcheck")));
    assert_true(json_is_null(json_object_get(json_object_get(crash, "culprit"), "name")));
    assert_string_equal(json_string_value(json_object_get(crash, "outcome")), "unrecognised");
    json_decref(j);
    free(out);
    c = stack_crash;
    out = render("json", &d, (sc_render_options){0});
    j = json_loads(out, 0, NULL);
    json_t *args = json_object_get(json_object_get(json_array_get(json_object_get(j, "crashes"), 0), "bugcheck"),
                                   "args");
    assert_int_equal(json_array_size(args), 4);
    assert_string_equal(json_string_value(json_array_get(args, 0)), "0x8");
    assert_true(json_is_null(json_array_get(args, 1)));
    json_decref(j);
    free(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_decided),
        cmocka_unit_test(test_text_open),
        cmocka_unit_test(test_text_all),
        cmocka_unit_test(test_text_several),
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_no_control_characters),
        cmocka_unit_test(test_json_stays_json),
        cmocka_unit_test(test_markdown_escapes),
        cmocka_unit_test(test_markdown_fences),
        cmocka_unit_test(test_lines_fit),
        cmocka_unit_test(test_color_changes_nothing_else),
        cmocka_unit_test(test_json_all),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_unknown_is_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
