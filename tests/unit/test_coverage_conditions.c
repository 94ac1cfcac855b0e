/* cli/coverage_conditions.c: which conditions of a query are broken, and how. */
#include "cli/coverage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* "where 1: SELECT ...\n" for each broken query. */
static char *broken(const char *sql)
{
    sc_arena *a = sc_arena_new(0);
    sc_list list = {0};
    sc_buf out = {0};
    coverage_break_query(a, sql, &list);
    const broken_query *q = list.items;
    for (size_t i = 0; i < list.n; i++) sc_buf_printf(&out, "%.*s: %s\n", SC_F(q[i].name), q[i].sql);
    sc_buf_char(&out, '\0');
    sc_arena_free(a);
    return out.p;
}

static void check(const char *sql, const char *expected)
{
    char *found = broken(sql);
    assert_string_equal(found, expected);
    free(found);
}

static void breaks_each_condition(void **state)
{
    (void)state;
    check("SELECT line FROM irp", "");
    check("SELECT line FROM irp WHERE a = 1", "where 1: SELECT line FROM irp WHERE 1 OR a = 1\n");
    check("SELECT 1 FROM a JOIN b ON a.x = b.x where y AND z",
          "where 1: SELECT 1 FROM a JOIN b ON 1 OR a.x = b.x where y AND z\n"
          "where 2: SELECT 1 FROM a JOIN b ON a.x = b.x where 1 OR y AND z\n"
          "and 1: SELECT 1 FROM a JOIN b ON a.x = b.x where y OR z\n");
    check("SELECT 1 FROM a HAVING count(*) FILTER (WHERE b) > 1",
          "where 1: SELECT 1 FROM a HAVING 1 OR count(*) FILTER (WHERE b) > 1\n"
          "where 2: SELECT 1 FROM a HAVING count(*) FILTER (WHERE 1 OR b) > 1\n");
    check("SELECT 1 FROM a WHERE\nb\nAND c", "where 1: SELECT 1 FROM a WHERE 1 OR\nb\nAND c\n"
                                             "and 1: SELECT 1 FROM a WHERE\nb\nOR c\n");
}

static void leaves_the_and_of_between(void **state)
{
    (void)state;
    check("SELECT a BETWEEN 1 AND 2 AND b", "and 1: SELECT a BETWEEN 1 AND 2 OR b\n");
    check("SELECT a BETWEEN (1 AND c) AND 2", "and 1: SELECT a BETWEEN (1 OR c) AND 2\n");
    check("SELECT (a BETWEEN 1 AND 2) AND b BETWEEN x - 3 AND 4",
          "and 1: SELECT (a BETWEEN 1 AND 2) OR b BETWEEN x - 3 AND 4\n");
}

static void passes_over_what_is_no_keyword(void **state)
{
    (void)state;
    check("SELECT 'x AND y', \"ON\", :on, android, 'it''s ON' FROM a", "");
    check("SELECT 1 -- WHERE it stands\n, 2 - 1", "");
    check("SELECT 'no end WHERE", "");
    check("", "");
}

/* Parentheses in any number are passed over, and nothing is written past the end of what is kept of them. */
static void bears_depth(void **state)
{
    (void)state;
    char sql[4096] = "";
    for (int i = 0; i < 1000; i++) strcat(sql, "(");
    strcat(sql, "a AND b");
    check(sql, "");
    for (int i = 0; i < 1000; i++) strcat(sql, ")");
    strcat(sql, ")))AND");
    char *found = broken(sql);
    assert_memory_equal(found, "and 1: ((((", 11);
    free(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breaks_each_condition),
        cmocka_unit_test(leaves_the_and_of_between),
        cmocka_unit_test(passes_over_what_is_no_keyword),
        cmocka_unit_test(bears_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
