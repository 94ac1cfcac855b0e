/* Three-valued evaluation: what a query looked at decides whether its answer is true, false or unknown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "engine/stopcode.h"

#define PASTE                                                                                                          \
    "BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}\n"                                                      \
    "\n"                                                                                                               \
    "2: kd> !irql\n"                                                                                                   \
    "Debugger saved IRQL for processor 0x2 -- 0 (LOW_LEVEL)\n"                                                         \
    "3: kd> !irql\n"                                                                                                   \
    "Debugger saved IRQL for processor 0x3 -- 2 (DISPATCH_LEVEL)\n"

static const uint32_t code_9f[] = {0x9f};
static const sc_ref_bugcheck bugchecks[] = {{0x7f, "UNEXPECTED_KERNEL_MODE_TRAP", false},
                                            {0x9f, "DRIVER_POWER_STATE_FAILURE", false}};

/* A likely, stable 0x9F rule around some clauses. */
static sc_rule make_rule(const sc_clause *clauses, size_t n)
{
    return (sc_rule){.id = "0x9F/test",
                     .title = "test",
                     .codes = code_9f,
                     .n_codes = 1,
                     .status = SC_STABLE,
                     .tier = SC_PROOF,
                     .confidence = SC_LIKELY,
                     .clauses = clauses,
                     .n_clauses = n,
                     .summary = "summary"};
}

static sc_clause sql_clause(const char *name, const char *sql)
{
    return (sc_clause){.name = name, .kind = SC_CLAUSE_SQL, .sql = sql};
}

typedef struct run {
    sc_engine *engine;
    sc_diagnosis *d;
    sc_knowledge k;
} run;

static void diagnose(run *r, const sc_rule *rules, size_t n, const char *paste)
{
    sc_error error = {0};
    *r = (run){.k = {.rules = rules, .n_rules = n, .bugchecks = bugchecks, .n_bugchecks = 2}};
    assert_int_equal(sc_engine_new(&r->engine, &r->k, &error), SC_OK);
    if (sc_diagnose(r->engine, sc_span_z(paste), &r->d, &error)) fail_msg("%s", error.text);
}

static void done(run *r)
{
    sc_diagnosis_free(r->d);
    sc_engine_free(r->engine);
}

/* What one SQL clause comes to on PASTE. */
static sc_truth truth_of(const char *sql, bool whole)
{
    sc_clause c[] = {sql_clause("c", sql)};
    c[0].whole = whole;
    sc_rule rule = make_rule(c, 1);
    run r;
    sc_error error = {0};
    r.k = (sc_knowledge){.rules = &rule, .n_rules = 1, .bugchecks = bugchecks, .n_bugchecks = 2};
    assert_int_equal(sc_engine_new(&r.engine, &r.k, &error), SC_OK);
    if (sc_why(r.engine, sc_span_z(PASTE), rule.id, &r.d, &error)) fail_msg("%s", error.text);
    assert_int_equal(r.d->n_crashes, 1);
    assert_true(r.d->crashes[0].n_findings > 0);
    sc_truth t = r.d->crashes[0].findings[0].clauses[0].truth;
    done(&r);
    return t;
}

static void test_truth_of_sql(void **state)
{
    (void)state;
    /* a key that a section covers: a row is true, none is false */
    assert_int_equal(truth_of("SELECT line FROM irql WHERE processor = 2 AND irql = 0", false), SC_TRUE);
    assert_int_equal(truth_of("SELECT line FROM irql WHERE processor = 2 AND irql = 13", false), SC_FALSE);
    /* a key that nobody printed is unknown, and so is a scan: there may be more processors */
    assert_int_equal(truth_of("SELECT line FROM irql WHERE processor = 0 AND irql = 13", false), SC_UNKNOWN);
    assert_int_equal(truth_of("SELECT line FROM irql WHERE irql = 13", false), SC_UNKNOWN);
    assert_int_equal(truth_of("SELECT line FROM irql WHERE irql = 2", false), SC_TRUE);
    /* an absence proves something only when everything was there */
    assert_int_equal(
        truth_of("SELECT 0 AS line WHERE NOT EXISTS (SELECT 1 FROM irql WHERE processor = 2 AND irql = 13)", true),
        SC_TRUE);
    assert_int_equal(truth_of("SELECT 0 AS line WHERE NOT EXISTS (SELECT 1 FROM irql WHERE processor = 0)", true),
                     SC_UNKNOWN);
    assert_int_equal(truth_of("SELECT 0 AS line WHERE NOT EXISTS (SELECT 1 FROM irql WHERE processor = 0)", false),
                     SC_TRUE);
    /* a join through a covered key stays certain; through an uncovered one it does not */
    assert_int_equal(
        truth_of("WITH p(n) AS (SELECT 2 UNION SELECT 3) SELECT line FROM p JOIN irql ON processor = n WHERE irql = 9",
                 false),
        SC_FALSE);
    assert_int_equal(
        truth_of("WITH p(n) AS (SELECT 2 UNION SELECT 4) SELECT line FROM p JOIN irql ON processor = n WHERE irql = 9",
                 false),
        SC_UNKNOWN);
    assert_int_equal(truth_of("SELECT line FROM irql WHERE processor IN (2, 3) AND irql = 9", false), SC_FALSE);
    assert_int_equal(truth_of("SELECT line FROM irql WHERE processor IN (2, 4) AND irql = 9", false), SC_UNKNOWN);
    /* a variable that nobody binds: not run */
    assert_int_equal(truth_of("SELECT line FROM irql WHERE processor = :nobody", false), SC_UNKNOWN);
    /* runaway queries are ended, and prove nothing */
    assert_int_equal(
        truth_of("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n AS line FROM r WHERE n < 0",
                 false),
        SC_UNKNOWN);
}

static void test_verdicts(void **state)
{
    (void)state;
    static const sc_arg_range four[] = {{UINT64_MAX, 4, 4}}, three[] = {{UINT64_MAX, 3, 3}};
    static const sc_arg_test is_four[] = {{1, four, 1}}, is_three[] = {{1, three, 1}};
    sc_clause args = {.name = "args", .kind = SC_CLAUSE_ARGS, .args = is_four, .n_args = 1};
    sc_clause wrong = {.name = "wrong", .kind = SC_CLAUSE_ARGS, .args = is_three, .n_args = 1};
    sc_clause held = sql_clause("held", "SELECT line, processor FROM irql WHERE irql = 2");
    sc_clause open = sql_clause("open", "SELECT line FROM irql WHERE processor = 7");
    open.ask = "~{{processor}}s; !irql";
    sc_clause excluded = sql_clause("excluded", "SELECT line FROM irql WHERE processor = 7");
    excluded.effect = SC_EXCLUDES;
    sc_clause raise = sql_clause("raise", "SELECT line FROM irql WHERE processor = 2");
    raise.effect = SC_SUPPORTS;
    raise.supports = SC_CERTAIN;
    struct {
        sc_clause clauses[3];
        size_t n;
        int findings;
        sc_verdict verdict;
        sc_confidence confidence;
    } cases[] = {
        {{args, held}, 2, 1, SC_CONFIRMED, SC_LIKELY},
        {{args, raise}, 2, 1, SC_CONFIRMED, SC_CERTAIN},
        {{args, raise, excluded}, 3, 1, SC_CONFIRMED, SC_LIKELY}, /* an unknown exclusion caps */
        {{args, held, open}, 3, 1, SC_OPEN, SC_POSSIBLE},
        {{wrong, held}, 2, 0, SC_RULED_OUT, SC_NO_CONFIDENCE},
        {{open}, 1, 0, SC_RULED_OUT, SC_NO_CONFIDENCE}, /* nothing speaks for it */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sc_rule rule = make_rule(cases[i].clauses, cases[i].n);
        run r;
        diagnose(&r, &rule, 1, PASTE);
        const sc_crash *c = &r.d->crashes[0];
        assert_int_equal(c->n_findings, cases[i].findings);
        if (cases[i].findings) {
            assert_int_equal(c->findings[0].verdict, cases[i].verdict);
            assert_int_equal(c->findings[0].confidence, cases[i].confidence);
        }
        if (cases[i].verdict == SC_OPEN) {
            assert_int_equal(c->n_asks, 1);
            assert_memory_equal(c->asks[0].command.p, "~3s; !irql", c->asks[0].command.n);
        }
        done(&r);
    }
}

static void test_existential_bindings(void **state)
{
    (void)state;
    sc_clause each = sql_clause("each", "SELECT line, processor, 'driver' || processor AS driver FROM irql");
    sc_clause deep = sql_clause("deep", "SELECT line FROM irql WHERE processor = :processor AND irql = 2");
    sc_clause both[] = {deep, each}; /* file order does not matter: `deep` wants what `each` binds */
    sc_rule rule = make_rule(both, 2);
    rule.culprit = "{{driver}}";
    run r;
    diagnose(&r, &rule, 1, PASTE);
    assert_int_equal(r.d->crashes[0].n_findings, 1); /* only processor 3 was at level 2 */
    assert_memory_equal(r.d->crashes[0].findings[0].culprit.p, "driver3", 7);
    done(&r);

    rule.clauses = &each;
    rule.n_clauses = 1;
    diagnose(&r, &rule, 1, PASTE); /* two culprits, equally good: two findings, and no answer */
    assert_int_equal(r.d->crashes[0].n_findings, 2);
    assert_int_equal(r.d->crashes[0].culprit_kind, SC_CULPRIT_UNKNOWN);
    assert_int_equal(r.d->crashes[0].n_suspects, 2);
    done(&r);
}

/* A role's reason may use what the rule binds and what its own row returns; one with a gap in it is not given. */
static void test_reasons_of_roles(void **state)
{
    (void)state;
    sc_clause held = sql_clause("held", "SELECT line, irql AS level FROM irql WHERE irql = 2");
    sc_role roles[] = {
        {.role = SC_BYSTANDER,
         .why = "at {{level}} on processor {{processor}}",
         .sql = "SELECT line, 'one' AS module, processor FROM irql WHERE irql = 2"},
        {.role = SC_BYSTANDER, .why = "{{nobody}}", .sql = "SELECT line, 'two' AS module FROM irql WHERE irql = 2"},
    };
    sc_rule rule = make_rule(&held, 1);
    rule.roles = roles;
    rule.n_roles = 2;
    run r;
    diagnose(&r, &rule, 1, PASTE);
    const sc_crash *c = &r.d->crashes[0];
    assert_int_equal(c->n_suspects, 1);
    assert_true(sc_eq_z(c->suspects[0].module, "one"));
    assert_int_equal(c->suspects[0].n_for + c->suspects[0].n_against, 1);
    const sc_reason *reason = c->suspects[0].n_for ? c->suspects[0].reasons_for : c->suspects[0].reasons_against;
    assert_true(sc_eq_z(reason->text, "at 2 on processor 3"));
    done(&r);
}

static void test_ask_of_the_clause_that_binds(void **state)
{
    (void)state;
    static const sc_arg_range four[] = {{UINT64_MAX, 4, 4}};
    static const sc_arg_test is_four[] = {{1, four, 1}};
    sc_clause args = {.name = "args", .kind = SC_CLAUSE_ARGS, .args = is_four, .n_args = 1};
    sc_clause first = sql_clause("first", "SELECT line, irql AS level FROM irql WHERE processor = 9");
    first.ask = "!irql";
    sc_clause second = sql_clause("second", "SELECT line FROM irql WHERE irql = :level");
    second.ask = "!running {{level}}";
    sc_clause all[] = {args, first, second};
    sc_rule rule = make_rule(all, 3);
    run r;
    diagnose(&r, &rule, 1, PASTE);
    assert_int_equal(r.d->crashes[0].n_findings, 1);
    for (size_t i = 1; i < 3; i++) assert_memory_equal(r.d->crashes[0].findings[0].clauses[i].ask.p, "!irql", 5);
    done(&r);
}

static void test_unknown_code_leaves_rules_open(void **state)
{
    (void)state;
    sc_clause held = sql_clause("held", "SELECT line FROM irql WHERE irql = 2");
    sc_rule rule = make_rule(&held, 1);
    run r;
    diagnose(&r, &rule, 1, "3: kd> !irql\nDebugger saved IRQL for processor 0x3 -- 2 (DISPATCH_LEVEL)\n");
    assert_int_equal(r.d->n_crashes, 1);
    assert_int_equal(r.d->crashes[0].bugcheck.source, SC_SOURCE_NONE);
    assert_int_equal(r.d->crashes[0].n_findings, 1);
    assert_int_equal(r.d->crashes[0].findings[0].verdict, SC_OPEN);
    done(&r);
}

/* Frames below the unwinder's own warning never make anything certain. */
static void test_doubtful_frames(void **state)
{
    (void)state;
    static const char *const patterns[] = {"{driver}"};
    sc_clause stack = {.name = "stack", .kind = SC_CLAUSE_STACK, .frames = patterns, .n_frames = 1};
    sc_rule rule = make_rule(&stack, 1);
    rule.confidence = SC_CERTAIN;
    rule.culprit = "{{driver}}";
    for (int warned = 0; warned < 2; warned++) {
        char paste[1024];
        snprintf(paste, sizeof paste,
                 "BugCheck 9F, {3, 1, 2, 3}\n\n0: kd> k\nChild-SP          RetAddr           Call Site\n"
                 "fffff880`009b9de8 fffff800`0328b169 nt!KeBugCheckEx\n"
                 "%sfffff880`009b9df0 fffff800`03289632 mydriver+0x69\n",
                 warned ? "WARNING: Stack unwind information not available. Following frames may be wrong.\n" : "");
        run r;
        diagnose(&r, &rule, 1, paste);
        assert_int_equal(r.d->crashes[0].n_findings, 1);
        assert_int_equal(r.d->crashes[0].findings[0].confidence, warned ? SC_LIKELY : SC_CERTAIN);
        done(&r);
    }
}

static void test_supersedes(void **state)
{
    (void)state;
    static const char *const hidden[] = {"0x9F/weaker"};
    sc_clause held = sql_clause("held", "SELECT line FROM irql WHERE irql = 2");
    sc_clause open = sql_clause("open", "SELECT line FROM irql WHERE processor = 7");
    sc_clause both[] = {held, open};
    sc_rule rules[] = {make_rule(&held, 1), make_rule(&held, 1)};
    rules[0].supersedes = hidden;
    rules[0].n_supersedes = 1;
    rules[1].id = "0x9F/weaker";
    run r;
    diagnose(&r, rules, 2, PASTE);
    assert_int_equal(r.d->crashes[0].n_findings, 2);
    assert_false(r.d->crashes[0].findings[0].superseded);
    assert_true(r.d->crashes[0].findings[1].superseded);
    done(&r);
    rules[0].clauses = both; /* only open now: hides nothing */
    rules[0].n_clauses = 2;
    diagnose(&r, rules, 2, PASTE);
    for (size_t i = 0; i < r.d->crashes[0].n_findings; i++) assert_false(r.d->crashes[0].findings[i].superseded);
    done(&r);
}

static void test_sql_is_confined(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "CREATE TABLE t(x)",
        "ATTACH 'x.db' AS x",
        "PRAGMA journal_mode",
        "INSERT INTO irql VALUES (1, 2, 3)",
        "DELETE FROM irql",
        "SELECT load_extension('x')",
        "SELECT randomblob(4)",
        "SELECT 1; SELECT 2",
        "",
        "SELECT nothing FROM irql",
        "SELECT 1 FROM irq",
    };
    sc_knowledge k = {0};
    sc_engine *e;
    sc_error error = {0};
    assert_int_equal(sc_engine_new(&e, &k, &error), SC_OK);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        error.text[0] = '\0';
        assert_int_equal(sc_check_sql(e, refused[i], NULL, NULL, &error), SC_E_SQL);
        assert_true(error.text[0] != '\0');
    }
    sc_buf names = {0}, parameters = {0};
    assert_int_equal(
        sc_check_sql(e, "SELECT line, irql AS level FROM irql WHERE processor = :arg4", &names, &parameters, &error),
        SC_OK);
    assert_string_equal(names.p, "line,level");
    assert_string_equal(parameters.p, "arg4");
    sc_buf_free(&names);
    sc_buf_free(&parameters);
    sc_engine_free(e);
}

/* Every size at which memory can run out gives an error, never a crash or half a diagnosis. */
static void test_memory_limits(void **state)
{
    (void)state;
    sc_clause held = sql_clause("held", "SELECT line, processor FROM irql WHERE irql = 2");
    sc_rule rule = make_rule(&held, 1);
    sc_knowledge k = {.rules = &rule, .n_rules = 1, .bugchecks = bugchecks, .n_bugchecks = 2};
    sc_engine *e;
    sc_error error = {0};
    assert_int_equal(sc_engine_new(&e, &k, &error), SC_OK);
    bool fitted = false;
    for (size_t limit = 16; limit < (4u << 20) && !fitted; limit += limit < 65536 ? 16 : limit / 8) {
        sc_diagnosis *d = NULL;
        sc_engine_set_memory_limit(e, limit);
        int rc = sc_diagnose(e, sc_span_z(PASTE), &d, &error);
        if (rc) {
            assert_int_equal(rc, SC_E_NOMEM);
            assert_null(d);
        } else {
            fitted = true;
            assert_int_equal(d->n_crashes, 1);
            sc_diagnosis_free(d);
        }
    }
    assert_true(fitted);
    sc_engine_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truth_of_sql),
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_existential_bindings),
        cmocka_unit_test(test_reasons_of_roles),
        cmocka_unit_test(test_ask_of_the_clause_that_binds),
        cmocka_unit_test(test_unknown_code_leaves_rules_open),
        cmocka_unit_test(test_doubtful_frames),
        cmocka_unit_test(test_supersedes),
        cmocka_unit_test(test_sql_is_confined),
        cmocka_unit_test(test_memory_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
