/* Clauses of rules in plain words. */
#include "site/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static site_build build;

static int set_up(void **state)
{
    (void)state;
    build = (site_build){.arena = sc_arena_new(0)};
    if (!build.arena) return -1;
    site_read_schema(&build);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sc_arena_free(build.arena);
    return 0;
}

static void assert_words(sc_clause c, const char *expected)
{
    sc_span words = site_clause_words(&build, &c);
    if (!sc_eq_z(words, expected)) fail_msg("%.*s", SC_F(words));
}

static void assert_sql(const char *sql, const char *expected)
{
    assert_words((sc_clause){.kind = SC_CLAUSE_SQL, .sql = sql}, expected);
}

static void args(void **state)
{
    (void)state;
    static const sc_arg_range one[] = {{UINT64_MAX, 4, 4}}, many[] = {{UINT64_MAX, 5, 5}, {UINT64_MAX, 0x10, 0x1f}},
                              masked[] = {{0xff, 2, 2}};
    static const sc_arg_test tests[] = {{1, one, 1}, {2, many, 2}, {3, masked, 1}};
    assert_words((sc_clause){.kind = SC_CLAUSE_ARGS, .args = tests, .n_args = 3},
                 "Parameter 1 of the bug check is 4, and parameter 2 of the bug check is 5 or from 0x10 to 0x1f, and "
                 "parameter 3 of the bug check is 2 in its bits 0xff.\n");
}

static void stacks(void **state)
{
    (void)state;
    static const char *const frames[] = {"nt!KeWaitFor*", "{driver}", "...", "nt!*"};
    assert_words((sc_clause){.kind = SC_CLAUSE_STACK, .frames = frames, .n_frames = 1},
                 "On the stack of the crash this frame stands:\n\n- `nt!KeWaitFor*`\n");
    assert_words(
        (sc_clause){
            .kind = SC_CLAUSE_STACK, .frames = frames, .n_frames = 4, .scope = SC_SCOPE_THREAD, .owner = "{{arg3}}"},
        "On the stack of the thread in parameter 3 these frames stand in this order, the latest call first:\n\n"
        "- `nt!KeWaitFor*`\n"
        "- right below it `{driver}`: a module that is not part of Windows, called `driver` from here on\n"
        "- anywhere below it `nt!*`\n");
}

static void conditions(void **state)
{
    (void)state;
    assert_sql("SELECT line FROM lock", "There is a row of [`lock`](site:tables/lock/).\n");
    assert_sql(
        "SELECT l.line FROM lock l JOIN lock_thread t USING (lock)\nWHERE t.role = 'owner' AND t.thread = :arg3",
        "There is a row of [`lock`](site:tables/lock/) with its row of [`lock_thread`](site:tables/lock_thread/) "
        "where\n\n"
        "- `role` (owner, exclusive-waiter or shared-waiter) is `owner`\n"
        "- `thread` (address of the thread) is parameter 3\n");
    assert_sql("SELECT line FROM lock WHERE name IN ('a', 'b', 'c') AND contention >= 5 AND contention <> :turns",
               "There is a row of [`lock`](site:tables/lock/) where\n\n"
               "- `name` (symbol of the lock, nt!PiEngineLock) is `a`, `b` or `c`\n"
               "- `contention` (how often a thread had to wait for it) is at least `5`\n"
               "- `contention` is not the `turns` that was found\n");
    assert_sql("SELECT line FROM lock WHERE owners BETWEEN 2 AND 4 AND name IS NOT NULL ORDER BY line LIMIT 1",
               "There is a row of [`lock`](site:tables/lock/) where\n\n"
               "- `owners` (number of threads that own it) lies between `2` and `4`\n"
               "- `name` (symbol of the lock, nt!PiEngineLock) is known\n");
    assert_sql(
        "SELECT line FROM vm_pool WHERE NOT exhausted",
        "There is a row of [`vm_pool`](site:tables/vm_pool/) where\n\n"
        "- `exhausted` (at least 95 % of the maximum, or without one more than half of physical memory) does not "
        "hold\n");
}

static void nested(void **state)
{
    (void)state;
    assert_sql(
        "SELECT line FROM lock WHERE (mode = 'shared' OR (owners > 1 AND NOT EXISTS (SELECT 1 FROM vm_pool WHERE "
        "exhausted)))",
        "There is a row of [`lock`](site:tables/lock/) where\n\n"
        "- either `mode` is `shared`, or `owners` is more than `1` and there is no row of "
        "[`vm_pool`](site:tables/vm_pool/) where `exhausted` holds\n");
    assert_sql("SELECT module FROM crash_frame WHERE third_party(module) AND glob_symbol('nt!Ki*', symbol) "
               "GROUP BY module HAVING count(*) >= 3",
               "There is a row of [`crash_frame`](site:tables/crash_frame/) where\n\n"
               "- `module` (module without extension) is not part of Windows\n"
               "- `symbol` (module!function, the module alone without symbols) fits `nt!Ki*`\n"
               "- the number of such rows is at least `3`\n");
}

static void expressions(void **state)
{
    (void)state;
    assert_sql(
        "SELECT line FROM lock l WHERE l.owners * 2 > l.contention + 1 AND NOT (l.owners = 1 AND l.contention = 2)",
        "There is a row of [`lock`](site:tables/lock/) where\n\n"
        "- `owners * 2` is more than `contention + 1`\n"
        "- it is not so that `owners` is `1` and `contention` is `2`\n");
    assert_sql("SELECT line FROM lock WHERE CASE WHEN name IS NULL AND owners > 1 THEN 0 ELSE 1 END AND owners > 1",
               "There is a row of [`lock`](site:tables/lock/) where\n\n"
               "- `CASE WHEN name IS NULL AND owners > 1 THEN 0 ELSE 1 END`\n"
               "- `owners` (number of threads that own it) is more than `1`\n");
    assert_sql("SELECT line FROM lock GROUP BY mode HAVING max(owners) > 1 AND min(owners) < 9 AND "
               "count(DISTINCT name) >= 2 AND count(*) BETWEEN 2 AND 64",
               "There is a row of [`lock`](site:tables/lock/) where\n\n"
               "- the largest `owners` (number of threads that own it) is more than `1`\n"
               "- the smallest `owners` is less than `9`\n"
               "- the number of different `name` (symbol of the lock, nt!PiEngineLock) is at least `2`\n"
               "- the number of such rows lies between `2` and `64`\n");
}

static void values_of_queries(void **state)
{
    (void)state;
    assert_sql(
        "SELECT line FROM lock -- FROM nothing, isn't it?\nWHERE owners = (SELECT max(l.owners) FROM lock l WHERE name "
        "NOT REGEXP "
        "'^a--b')",
        "There is a row of [`lock`](site:tables/lock/) where\n\n"
        "- `owners` (number of threads that own it) is the largest `owners` of `lock` where `name` does not match "
        "`^a--b`\n");
    assert_sql(
        "SELECT line FROM frame WHERE stack NOT IN (SELECT stack FROM crash_frame) AND coalesce(module, '?') = 'nt'",
        "There is a row of [`frame`](site:tables/frame/) where\n\n"
        "- `stack` (stack.stack) is not among the `stack` of `crash_frame`\n"
        "- `module` (module without extension) is `nt`\n");
    assert_sql(
        "SELECT line FROM frame WHERE n < 1 + (SELECT arg4 FROM bugcheck)",
        "There is a row of [`frame`](site:tables/frame/) where\n\n"
        "- `n` (position in the stack, 0 for the innermost frame) is less than `1 + (SELECT arg4 FROM bugcheck)`\n");
}

/* Another shape is told by its tables; keywords in texts are texts. */
static void other_shapes(void **state)
{
    (void)state;
    assert_sql("WITH a AS (SELECT 1 FROM lock) SELECT line FROM a",
               "The query below finds a row. It looks at [`lock`](site:tables/lock/).\n");
    assert_sql(
        "SELECT line FROM lock UNION SELECT line FROM vm_pool",
        "The query below finds a row. It looks at [`lock`](site:tables/lock/), [`vm_pool`](site:tables/vm_pool/).\n");
    assert_sql("SELECT line FROM lock WHERE name = 'a AND b FROM c'",
               "There is a row of [`lock`](site:tables/lock/) where\n\n"
               "- `name` (symbol of the lock, nt!PiEngineLock) is `a AND b FROM c`\n");
    assert_sql("", "The query below finds a row.\n");
}

/* Cut anywhere, SQL gives some words. */
static void cut_sql(void **state)
{
    (void)state;
    static const char whole[] =
        "SELECT l.line FROM lock l JOIN lock_thread AS t USING (lock) WHERE (t.role IN ('a', 'b') "
        "OR NOT (l.owners BETWEEN 1 AND 2)) AND EXISTS (SELECT 1 FROM stack s WHERE s.x = :y) "
        "GROUP BY l.name HAVING count(*) > 1 ORDER BY 1";
    for (size_t n = 0; n < sizeof whole; n++) {
        const char *sql = sc_arena_z(build.arena, (sc_span){whole, n});
        sc_clause c = {.kind = SC_CLAUSE_SQL, .sql = sql};
        assert_true(site_clause_words(&build, &c).n > 0);
    }
}

/* Deep brackets end in code, not in a deep stack. */
static void deep_sql(void **state)
{
    (void)state;
    sc_buf sql = {0};
    sc_buf_z(&sql, "SELECT line FROM lock WHERE a = 1 AND ");
    for (int i = 0; i < 2000; i++) sc_buf_z(&sql, "(b = 2 OR ");
    sc_buf_z(&sql, "c = 3");
    for (int i = 0; i < 2000; i++) sc_buf_char(&sql, ')');
    sc_clause c = {.kind = SC_CLAUSE_SQL, .sql = sc_arena_z(build.arena, sc_buf_view(&sql))};
    assert_true(site_clause_words(&build, &c).n > 0);
    sc_buf_free(&sql);
}

static void uses(void **state)
{
    (void)state;
    assert_true(site_query_uses("SELECT line FROM lock l JOIN lock_thread t", "lock"));
    assert_true(site_query_uses("SELECT line FROM lock l JOIN lock_thread t", "lock_thread"));
    assert_true(site_query_uses("SELECT 1 FROM a WHERE EXISTS (SELECT 1 FROM irp)", "irp"));
    assert_true(site_query_uses("SELECT 1 FROM frame f, stack s WHERE 1", "stack"));
    assert_false(site_query_uses("SELECT lock FROM irp WHERE lock = 'FROM stack' ORDER BY stack", "lock"));
    assert_false(site_query_uses("SELECT lock FROM irp WHERE lock = 'FROM stack' ORDER BY stack", "stack"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(args),     TEST(stacks),      TEST(conditions),        TEST(nested), TEST(other_shapes), TEST(cut_sql),
        TEST(deep_sql), TEST(expressions), TEST(values_of_queries), TEST(uses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
