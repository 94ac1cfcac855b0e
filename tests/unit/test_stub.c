/* The drafts of `stopcode new`: each observation is made where the paste shows it, and every clause of a draft is true
 * for the paste that it was made from. */
#include "kb_tree.h"

#include "cli/stub.h"

/* What a bug check of its own, a stack and the output of one command come to. */
typedef struct observed {
    const char *clause;
    const char *paste;
    const char *part; /* of the draft */
} observed;

#define CODE(code, args) "BugCheck " code ", {" args "}\n\n"
#define DRIVER_STACK                                                                                                   \
    "0: kd> k\n"                                                                                                       \
    "Child-SP          RetAddr           Call Site\n"                                                                  \
    "fffff880`03bd22c0 fffff800`032845f2 nt!KiSwapContext+0x7a\n"                                                      \
    "fffff880`03bd2400 fffff880`0ae915dd nt!KeWaitForSingleObject+0x19f\n"                                             \
    "fffff880`03bd2530 fffff880`0ae92627 zdriver+0x35dd\n"                                                             \
    "fffff880`03bd2c40 00000000`00000000 nt!KxStartSystemThread+0x16\n\n"

static const observed cases[] = {
    {"lock-is-held",
     CODE("9F", "4, 258, fffffa8007005660, fffff800053e83d0") "0: kd> !locks\n"
                                                              "Resource @ nt!PiEngineLock (0xfffff80003492be0)    "
                                                              "Exclusively owned\n"
                                                              "    Contention Count = 21\n"
                                                              "     Threads: fffffa8007005660-01<*>\n"
                                                              "18855 total locks, 1 locks currently held\n",
     "l.name = 'nt!PiEngineLock' AND t.thread = :arg3\n    ask: \"!locks\""},
    {"request-waits-here",
     CODE("9F", "3, fffffa8005d1c060, fffff80000b9c3d0, fffffa8008f5cc10") DRIVER_STACK
     "0: kd> !irp fffffa8008f5cc10\n"
     "Irp is active with 2 stacks 2 is current (= 0xfffffa8008f5cd70)\n"
     " No Mdl: No System Buffer: Thread fffffa8007005660:  Irp stack trace.  \n"
     "     cmd  flg cl Device   File     Completion-Context\n"
     " [  0, 0]   0  0 00000000 00000000 00000000-00000000    \n\n"
     "            Args: 00000000 00000000 00000000 00000000\n"
     ">[ 16, 2]   0 e1 fffffa800c089050 00000000 00000000-00000000    pending\n"
     "           \\Driver\\zdriver\n"
     "            Args: 00000000 00000001 00000001 00000000\n",
     "AND irp = :arg4 AND driver = :driver\n    ask: \"!irp {{arg4}}\""},
    {"thread-waits",
     CODE("9F",
          "4, 258, fffffa8007005660, fffff800053e83d0") "0: kd> !thread fffffa8007005660\n"
                                                        "THREAD fffffa8007005660  Cid 0004.0048  Teb: 0000000000000000 "
                                                        "Win32Thread: 0000000000000000 WAIT: (Executive) "
                                                        "KernelMode Non-Alertable\n"
                                                        "    fffffa800d035ee8  NotificationEvent\n"
                                                        "Not impersonating\n"
                                                        "Owning Process            fffffa8006f8d890       Image:       "
                                                        "  System\n"
                                                        "Wait Start TickCount      396427         Ticks: 38463 "
                                                        "(0:00:10:00.026)\n"
                                                        "Stack Init fffff88003bd2c70 Current fffff88003bd2280\n"
                                                        "Base fffff88003bd3000 Limit fffff88003bcd000 Call 0\n"
                                                        "Child-SP          RetAddr           Call Site\n"
                                                        "fffff880`03bd22c0 fffff800`032845f2 nt!KiSwapContext+0x7a\n"
                                                        "fffff880`03bd2530 fffff880`0ae92627 zdriver+0x35dd\n"
                                                        "fffff880`03bd2c40 00000000`00000000 "
                                                        "nt!KxStartSystemThread+0x16\n",
     "wait_reason = 'Executive' AND thread = :arg3\n    ask: \"!thread {{arg3}}\""},
    {"frames-repeat",
     CODE("50",
          "fffff88003bd2000, 0, fffff8800ae915dd, 0") "0: kd> kf\n"
                                                      "  Memory  Child-SP          RetAddr           Call Site\n"
                                                      "          fffff880`03bd2000 fffff880`0ae915dd zdriver+0x35dd\n"
                                                      "      100 fffff880`03bd2100 fffff880`0ae915dd zdriver+0x35dd\n"
                                                      "      100 fffff880`03bd2200 fffff880`0ae915dd zdriver+0x35dd\n"
                                                      "      100 fffff880`03bd2300 fffff880`0ae915dd zdriver+0x35dd\n"
                                                      "      100 fffff880`03bd2400 00000000`00000000 "
                                                      "nt!KxStartSystemThread+0x16\n",
     "count >= 3 AND module = :driver"},
    {"stack-pointer-at-the-end",
     CODE("7F", "8, 80050033, 406f8, fffff80002e69f2c") "0: kd> k\n"
                                                        "Child-SP          RetAddr           "
                                                        "Call Site\n"
                                                        "fffff880`009b0ce8 fffff800`02e7d169 "
                                                        "nt!KeBugCheckEx\n"
                                                        "fffff880`009b0cf0 fffff800`02e7b632 "
                                                        "nt!KiBugCheckDispatch+0x69\n"
                                                        "fffff880`009b0e30 fffff800`02e69f2c "
                                                        "nt!KiDoubleFaultAbort+0xb2\n"
                                                        "fffff880`03bccff0 fffff880`0ae915dd "
                                                        "nt!SeAccessCheck+0x1c\n"
                                                        "fffff880`03bcd100 00000000`00000000 "
                                                        "zdriver+0x35dd\n",
     "'near-edge'"},
    {"nonpaged-pool-is-used-up",
     CODE("A", "8, 2, 0, fffff80002e69f2c") "0: kd> !vm\n"
                                            "*** Virtual Memory Usage ***\n"
                                            "\tPhysical Memory:     1048576 (   4194304 Kb)\n"
                                            "\tNonPagedPool Usage:   764909 (   3059636 Kb)\n"
                                            "\tNonPagedPool Max:     764972 (   3059888 Kb)\n",
     "vm_pool WHERE exhausted\n    ask: \"!vm\""},
    {"commit-is-used-up",
     CODE("A", "8, 2, 0, fffff80002e69f2c") "0: kd> !vm\n"
                                            "\tCommitted pages: 49882 ( 199528 Kb)\n"
                                            "\tCommit limit: 50570 ( 202280 Kb)\n",
     "commit_ratio >= 0.95"},
    {"machine-check", CODE("124", "0, fffffa80031f8028, b6472000, 1a000135"), "kind = 'cache'\n    ask: \"!errrec"},
    {"hardware-error",
     CODE("124", "4, ffffe001d7a1f028, 0, 0") "0: kd> !errrec ffffe001d7a1f028\n"
                                              "========================================================================"
                                              "=======\n"
                                              "Common Platform Error Record @ ffffe001d7a1f028\n"
                                              "------------------------------------------------------------------------"
                                              "-------\n"
                                              "Record Id     : 01d0e6d5f9a9a2a6\n"
                                              "Severity      : Fatal (1)\n"
                                              "Length        : 672\n"
                                              "Creator       : Microsoft\n"
                                              "Notify Type   : PCI Express Error\n"
                                              "========================================================================"
                                              "=======\n"
                                              "Section 0     : PCI Express\n"
                                              "------------------------------------------------------------------------"
                                              "-------\n"
                                              "Descriptor    @ ffffe001d7a1f0a8\n"
                                              "Section       @ ffffe001d7a1f0f0\n"
                                              "Offset        : 200\n"
                                              "Length        : 208\n"
                                              "Flags         : 0x00000001 Primary\n"
                                              "Severity      : Recoverable\n"
                                              "Port Type     : Root Port\n",
     "kind = 'PCI Express' AND record = :arg2\n    ask: \"!errrec {{arg2}}\""},
    {"fault-in-driver",
     CODE("D1", "8, 2, 0, fffff8800ae915dd") DRIVER_STACK "0: kd> .trap fffff88006e534f0\n"
                                                          "rax=0000000000000001 rbx=0000000000000000 "
                                                          "rcx=0000000000000202\n"
                                                          "rip=fffff8800ae915dd rsp=fffff88006e53680 "
                                                          "rbp=0000000000000000\n"
                                                          "iopl=0         nv up ei pl nz na pe nc\n"
                                                          "zdriver+0x35dd:\n"
                                                          "fffff880`0ae915dd f390            pause\n",
     "third_party(module) AND module = :driver\n    ask: \"!analyze -v\""},
    {"image-differs",
     CODE("1A",
          "41790, fffffa80015c69c0, ffff, 0") "0: kd> !chkimg win32k -d\n"
                                              "    bf920e40-bf920e46  7 bytes - win32k!HFDBASIS32::vSteadyState+1f\n"
                                              "        [ 78 08 d3 78 0c c2 04:00 00 00 00 00 01 00 ]\n"
                                              "7 errors : win32k (bf920e40-bf920e46)\n",
     "chkimg WHERE errors > 0"},
    {"exception-code",
     CODE("F4",
          "3, fffffa800bb94b30, fffffa800bb94e10, fffff800035e3270") "0: kd> !analyze -v\nEXCEPTION_CODE: (NTSTATUS) "
                                                                     "0xc0000006 - The instruction referenced memory\n",
     "low32(number) = 0xc0000006"},
    {"processor-does-not-answer",
     CODE("101", "31, 0, fffff88003165180, 1") "0: kd> !ipi\n"
                                               "IPI State for Processor 0\n"
                                               "    TargetCount          1  PacketBarrier        1  IpiFrozen     4 "
                                               "[Owner]\n"
                                               "IPI State for Processor 1\n"
                                               "    TargetCount          0  PacketBarrier        0  IpiFrozen     5 "
                                               "[Target Freeze]\n"
                                               "IPI State for Processor 2\n"
                                               "    TargetCount          0  PacketBarrier        0  IpiFrozen     2 "
                                               "[Frozen]\n",
     "NOT frozen AND state <> 4\n    ask: \"!ipi\""},
    {"verifier-is-on", CODE("C4", "2000, fffff8800ae915dd, 0, 0") "0: kd> !verifier\n\nVerify Flags Level 0x00000dbb\n",
     "flags <> 0\n    ask: \"!verifier\""},
    {"largest-pool-tag",
     CODE("A",
          "8, 2, 0, fffff80002e69f2c") "0: kd> !poolused 2\n"
                                       "   Sorting by  NonPaged Pool Consumed\n\n"
                                       "  Pool Used:\n"
                                       "            NonPaged            Paged\n"
                                       " Tag    Allocs     Used    Allocs     Used\n"
                                       " XENO    10240  8388608         0        0\tUNKNOWN pooltag 'XENO', please "
                                       "update pooltag.txt\n"
                                       " 8042        4     3944         0        0\tPS/2 kb and mouse , Binary: "
                                       "i8042prt.sys\n"
                                       " TOTAL   10244  8392552         0        0\n",
     "rank = 1 AND tag = 'XENO'\n    ask: \"!poolused 2\""},
    {"overclocked",
     CODE("124",
          "0, fffffa80031f8028, b6472000, 1a000135") "0: kd> !sysinfo cpuinfo\n[CPU Information]\n"
                                                     "~MHz = REG_DWORD 4200\n"
                                                     "Identifier = REG_SZ Intel64 Family 6 Model 158 Stepping 9\n"
                                                     "ProcessorNameString = REG_SZ Intel(R) Core(TM) i7-7700 CPU "
                                                     "@ 3.60GHz\n"
                                                     "VendorIdentifier = REG_SZ GenuineIntel\n",
     "cpu WHERE overclocked"},
    {"stack-nearly-full",
     "0: kd> kf\n"
     "  Memory  ChildEBP RetAddr  \n"
     "          b8ae6100 8081df65 nt!SeAccessCheck+0x1c\n"
     "     2d00 b8ae8e00 8081df65 zdriver!Read+0x1c\n"
     "      100 b8ae8f00 00000000 nt!KiThreadStartup+0x16\n",
     "used * 10 >= size * 9"},
    {"process-is-known",
     CODE("F4", "3, fffffa800bb94b30, fffffa800bb94e10, fffff800035e3270") "0: kd> !process fffffa800bb94b30\n"
                                                                           "PROCESS fffffa800bb94b30\n"
                                                                           "    SessionId: none  Cid: 0174    Peb: "
                                                                           "7fffffda000  ParentCid: 0154\n"
                                                                           "    DirBase: 321389000  ObjectTable: "
                                                                           "fffff8a00b4f9840  HandleCount: 5\n"
                                                                           "    Image: csrss.exe\n",
     "image = 'csrss.exe' AND process = :arg2\n    ask: \"!process {{arg2}}\""},
    {"device-is-of-driver",
     CODE("9F", "3, fffffa800c089050, fffff80000b9c3d0, fffffa8008f5cc10") DRIVER_STACK
     "0: kd> !devobj fffffa800c089050\n"
     "Device object (fffffa800c089050) is for:\n"
     " NDMP14 \\Driver\\zdriver DriverObject fffffa800deeae70\n"
     "Current Irp 00000000 RefCount 0 Type 00000017 Flags 00002050\n"
     "DevExt fffffa800c0891a0 DevObjExt fffffa800c08a8a8\n",
     "AND device = :arg2 AND driver = :driver\n    ask: \"!devobj {{arg2}}\""},
    {"request-is-pending",
     CODE("1A", "41790, fffffa80015c69c0, ffff, 0") "0: kd> !irpfind\n"
                                                    "  Irp            [ Thread ]         irpStack: (Mj,Mn)   DevObj    "
                                                    "      [Driver]         MDL Process\n"
                                                    "fffffa8016238a00 [fffffa8016248640] irpStack: ( e, 0)  "
                                                    "fffffa800b17ae40 [ \\Driver\\zdriver]\n",
     "third_party(driver)\n    ask: \"!irpfind\""},
    {"driver-date",
     CODE("D1", "8, 2, 0, fffff8800ae915dd") DRIVER_STACK "0: kd> lmvm zdriver\n"
                                                          "start             end                 module name\n"
                                                          "fffff880`0ae8e000 fffff880`0aebc000   zdriver   (no "
                                                          "symbols)\n"
                                                          "    Image name: zdriver.sys\n"
                                                          "    Timestamp:        Mon Oct 13 10:11:12 2008 (48F31F30)\n",
     "    supports: possible\n    sql: |\n      SELECT line, year FROM module WHERE year IS NOT NULL AND module = "
     ":driver\n    ask: \"lmvm {{driver}}\""},
};

/* ---- One draft --------------------------------------------------------------------------------------------------- */

typedef struct fixture {
    tree t;
    sc_kb *kb;
    sc_engine *engine;
    sc_diagnosis *d;
    char folder[16];
    sc_buf rule;
} fixture;

/* The draft from a paste, in a source tree of its own. Without a bug check it is for every one. */
static void make(fixture *f, const char *paste)
{
    sc_error error = {0};
    *f = (fixture){0};
    tree_new(&f->t);
    for (size_t i = 0; i < 4; i++) { /* the real tables know the bug checks */
        static const char *const tables[] = {"bugchecks", "modules", "ntstatus", "cpu_clock"};
        char path[64];
        snprintf(path, sizeof path, "kb/reference/%s.tsv", tables[i]);
        char *text = file_read(path);
        tree_write(&f->t, path, text);
        free(text);
    }
    if (sc_kb_open(&f->kb, f->t.root, NULL, &error)) fail_msg("%s", error.text);
    assert_int_equal(sc_engine_new(&f->engine, sc_kb_knowledge(f->kb), &error), 0);
    assert_int_equal(sc_diagnose(f->engine, sc_span_z(paste), &f->d, &error), 0);
    assert_int_equal(f->d->n_crashes, 1);
    const sc_bugcheck *b = &f->d->crashes[0].bugcheck;
    snprintf(f->folder, sizeof f->folder, b->source == SC_SOURCE_NONE ? "any" : "0x%X", (unsigned)b->code);
    stub_source s = {.engine = f->engine,
                     .knowledge = sc_kb_knowledge(f->kb),
                     .paste = sc_span_z(paste),
                     .crash = &f->d->crashes[0],
                     .folder = f->folder,
                     .slug = "a-draft",
                     .sample = "corpus/x.txt"};
    if (stub_put_rule(&s, &f->rule, &error)) fail_msg("%s", error.text);
    char path[64];
    snprintf(path, sizeof path, "rules/%s/a-draft.md", f->folder);
    tree_write(&f->t, path, f->rule.p);
    if (strcmp(f->folder, "any") == 0) return;
    sc_buf index = {0};
    stub_put_index(&s, &index);
    snprintf(path, sizeof path, "rules/%s/index.md", f->folder);
    tree_write(&f->t, path, index.p);
    sc_buf_free(&index);
}

static void drop(fixture *f)
{
    sc_diagnosis_free(f->d);
    sc_engine_free(f->engine);
    sc_kb_close(f->kb);
    sc_buf_free(&f->rule);
    tree_free(&f->t);
}

/* Lint has no error, and all clauses hold on the paste. */
static void check(const fixture *f, const char *paste)
{
    int rc;
    char id[64], *said = lint_of(&f->t, &rc);
    if (rc) fail_msg("%s\n%s", said, f->rule.p);
    free(said);
    sc_kb *kb;
    sc_engine *engine;
    sc_diagnosis *d;
    sc_error error = {0};
    if (sc_kb_open(&kb, f->t.root, NULL, &error)) fail_msg("%s", error.text);
    assert_int_equal(sc_engine_new(&engine, sc_kb_knowledge(kb), &error), 0);
    snprintf(id, sizeof id, "%s/a-draft", f->folder);
    assert_int_equal(sc_why(engine, sc_span_z(paste), id, &d, &error), 0);
    assert_true(d->crashes[0].n_findings >= 1);
    const sc_finding *finding = d->crashes[0].findings;
    for (size_t i = 0; i < finding->n_clauses; i++)
        if (finding->clauses[i].truth != SC_TRUE)
            fail_msg("%s is %s:\n%s", finding->clauses[i].clause->name, sc_truth_names[finding->clauses[i].truth],
                     f->rule.p);
    assert_int_equal(finding->verdict, SC_CONFIRMED);
    sc_diagnosis_free(d);
    sc_engine_free(engine);
    sc_kb_close(kb);
}

static void every_observation_is_made(void **state)
{
    (void)state;
    size_t n = sizeof cases / sizeof *cases;
    assert_int_equal(n, stub_n_observations);
    for (size_t i = 0; i < n; i++) {
        fixture f;
        char name[80];
        make(&f, cases[i].paste);
        snprintf(name, sizeof name, "\n  %s:\n", cases[i].clause);
        if (!strstr(f.rule.p, name)) fail_msg("no %s in\n%s", cases[i].clause, f.rule.p);
        if (!strstr(f.rule.p, cases[i].part)) fail_msg("no \"%s\" in\n%s", cases[i].part, f.rule.p);
        check(&f, cases[i].paste);
        drop(&f);
    }
}

static int find_commands(void *context, const char *name, const char *key, const char *doc, const char *commands,
                         const sc_column_info *columns, size_t n)
{
    (void)key, (void)doc, (void)columns, (void)n;
    const stub_observation *o = context;
    if (strcmp(name, o->table) != 0) return 0;
    sc_span rest = sc_span_z(commands), command, word, args;
    sc_cut(sc_span_z(o->ask), " ", &word, &args);
    const char *ask = sc_command_name(word);
    assert_non_null(ask);
    bool derived = !rest.n || rest.p[0] == '(', fills = false;
    while (rest.n) {
        sc_cut(rest, ",", &command, &rest);
        fills = fills || sc_eq_z(sc_trim(command), ask);
    }
    if (!derived && !fills) fail_msg("%s does not fill %s", o->ask, o->table);
    return 1;
}

static void commands_fill_the_tables(void **state)
{
    (void)state;
    for (size_t i = 0; i < stub_n_observations; i++) {
        stub_observation o = stub_observations[i];
        if (!sc_tables(find_commands, &o)) fail_msg("there is no table %s", o.table);
    }
}

/* ---- Parameters, frames, and what is left ------------------------------------------------------------------------ */

static void holds(const char *paste, const char *const *parts, size_t n)
{
    fixture f;
    make(&f, paste);
    for (size_t i = 0; i < n; i++)
        if (!strstr(f.rule.p, parts[i])) fail_msg("no \"%s\" in\n%s", parts[i], f.rule.p);
    check(&f, paste);
    drop(&f);
}
#define HOLDS(paste, ...)                                                                                              \
    holds(paste, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void parameters_that_are_no_addresses(void **state)
{
    (void)state;
    HOLDS(CODE("9F", "4, 258, fffffa8007005660, fffff800053e83d0"), "bugcheck: 0x9F\n",
          "  parameter-1:\n    args: {1: 4}\n  parameter-2:\n    args: {2: 0x258} # decimal 600\n# culprit");
    HOLDS(CODE("7F", "0, 0, 0, 0"), "clauses:\n  parameter-1:\n    args: {1: 0}\n# culprit");
    HOLDS(CODE("1A", "41790, fffffa80015c69c0, ffff, 0"), "{1: 0x41790}", "{3: 0xffff}");
    /* nothing but addresses */
    HOLDS(CODE("9F", "fffffa8005d1c060, fffffa8007005660, fffffa8008f5cc10, fffffa8008f5cc10"),
          "  replace-this:", "SELECT line FROM bugcheck\n");
}

static void frames_down_to_the_first_driver(void **state)
{
    (void)state;
    HOLDS(CODE("D1", "8, 2, 0, fffff8800ae915dd") DRIVER_STACK,
          "    stack: [\"nt!KiSwapContext\", \"nt!KeWaitForSingleObject\", \"{driver}\"]\n    ask: \"k\"\n",
          "tier: blame", "culprit: \"{{driver}}\"");
    /* far below: only the first ones are named; symbols that a pattern cannot hold */
    HOLDS(
        CODE("D1", "8, 2, 0, fffff8800ae915dd") "0: kd> k\n"
                                                "Child-SP          RetAddr           Call Site\n"
                                                "fffff880`03bd2100 fffff800`032845f2 nt! ?? ::FNODOBFM::`string'+0x1\n"
                                                "fffff880`03bd2200 fffff800`032845f2 nt!Foo<a, b>::{lambda}+0x7a\n"
                                                "fffff880`03bd2300 fffff800`032845f2 nt!C+0x7a\n"
                                                "fffff880`03bd2400 fffff800`032845f2 nt!D+0x7a\n"
                                                "fffff880`03bd2500 fffff800`032845f2 nt!E+0x7a\n"
                                                "fffff880`03bd2600 00000000`00000000 zdriver!Write+0x35\n",
        "    stack: [nt, \"nt!Foo<a,?b>::?lambda?\", \"...\", \"{driver}\"]\n");
    /* Windows alone */
    HOLDS(CODE("D1", "8, 2, 0, fffff8800ae915dd") "0: kd> k\n"
                                                  "Child-SP          RetAddr           Call Site\n"
                                                  "fffff880`03bd2100 fffff800`032845f2 nt!A+0x1\n"
                                                  "fffff880`03bd2200 00000000`00000000 nt!B+0x7a\n",
          "    stack: [\"nt!A\", \"nt!B\"]\n", "tier: advice", "# culprit: ");
}

/* Two stacks, two drivers. */
static void the_thread_that_a_parameter_names(void **state)
{
    (void)state;
    HOLDS(CODE("9F", "4, 258, fffffa8007005660, fffff800053e83d0") DRIVER_STACK
          "0: kd> !thread fffffa8007005660\n"
          "THREAD fffffa8007005660  Cid 0004.0048  Teb: 0000000000000000 Win32Thread: "
          "0000000000000000 WAIT: (Executive) KernelMode Non-Alertable\n"
          "    fffffa800d035ee8  NotificationEvent\n"
          "Not impersonating\n"
          "Owning Process            fffffa8006f8d890       Image:         System\n"
          "Wait Start TickCount      396427         Ticks: 38463 (0:00:10:00.026)\n"
          "Stack Init fffff88004bd2c70 Current fffff88004bd2280\n"
          "Base fffff88004bd3000 Limit fffff88004bcd000 Call 0\n"
          "Child-SP          RetAddr           Call Site\n"
          "fffff880`04bd22c0 fffff800`032845f2 nt!KiSwapThread+0x7a\n"
          "fffff880`04bd2530 fffff880`0ae92627 yother+0x35dd\n"
          "fffff880`04bd2c40 00000000`00000000 nt!KxStartSystemThread+0x16\n",
          "  thread-stack:\n    stack: [\"nt!KiSwapThread\", \"{other}\"]\n    thread: \"{{arg3}}\"\n"
          "    ask: \"!thread {{arg3}}\"\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_observation_is_made),         cmocka_unit_test(commands_fill_the_tables),
        cmocka_unit_test(parameters_that_are_no_addresses),  cmocka_unit_test(frames_down_to_the_first_driver),
        cmocka_unit_test(the_thread_that_a_parameter_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
