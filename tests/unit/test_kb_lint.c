/* Parts of the reader and of lint that are easier to test one by one than by their messages (those: test_kb_faults). */
#include "kb_tree.h"

#include "kb/lint.h"
#include "kb/sql_form.h"
#include "kb/template.h"

static void absence_is_seen_in_sql(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *construct;
    } cases[] = {
        {"SELECT line FROM lock WHERE NOT EXISTS (SELECT 1 FROM irp)", "NOT EXISTS"},
        {"SELECT line FROM lock WHERE not\n exists (SELECT 1 FROM irp)", "NOT EXISTS"},
        {"SELECT line FROM lock EXCEPT SELECT line FROM irp", "EXCEPT"},
        {"SELECT l.line FROM lock l LEFT JOIN irp i ON i.line = l.line", "LEFT JOIN"},
        {"SELECT l.line FROM lock l NATURAL LEFT OUTER JOIN irp i", "LEFT JOIN"},
        {"SELECT l.line FROM lock l RIGHT JOIN irp i ON i.line = l.line", "RIGHT JOIN"},
        {"SELECT l.line FROM lock l FULL JOIN irp i ON i.line = l.line", "FULL JOIN"},
        {"SELECT line FROM lock WHERE name IS NULL", "IS NULL"},
        {"SELECT line FROM lock WHERE name ISNULL", "ISNULL"},
        {"SELECT line FROM lock WHERE name NOT IN (SELECT driver FROM irp_stack)", "NOT IN (SELECT"},
        {"SELECT line, count(*) AS n FROM lock", "count()"},
        {"SELECT line, COUNT (*) AS n FROM lock", "count()"},
        {"SELECT max(line) AS line FROM lock", "max()"},
        {"SELECT min(coalesce(line, 0)) AS line FROM lock", "min()"},
        {"SELECT line, group_concat(name, ', ') AS names FROM lock", "group_concat()"},
        {"SELECT line FROM lock GROUP BY name", "GROUP BY"},
        {"SELECT line FROM lock WHERE name IS NOT NULL", NULL},
        {"SELECT line, max(line, 5) AS more FROM lock", NULL},
        {"SELECT line, max(coalesce(line, 0), 5) AS more FROM lock", NULL},
        {"SELECT line, \"count\" FROM recursion WHERE count > 4", NULL},
        {"SELECT line, 'it''s NOT EXISTS (' AS said FROM lock /* EXCEPT */ -- IS NULL", NULL},
        {"SELECT line FROM lock WHERE name NOT IN ('a', 'b')", NULL},
        {"SELECT line FROM lock l JOIN irp i USING (line)", NULL},
        {"'never closed NOT EXISTS", NULL},
        {"", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *found = sc_sql_absence(cases[i].sql);
        if (!found || !cases[i].construct)
            assert_ptr_equal(found, cases[i].construct);
        else
            assert_string_equal(found, cases[i].construct);
    }
}

static void sql_is_cut_into_conditions(void **state)
{
    (void)state;
    static const struct {
        const char *sql, *conditions; /* with " & " between */
        bool simple;
    } cases[] = {
        {"SELECT line FROM lock", "", true},
        {"SELECT line FROM lock l WHERE A = 'It''s AND' AND (b OR c)\n  AND d -- AND e\n ORDER BY line LIMIT 1;",
         "a = 'It''s AND' & ( b or c ) & d", true},
        {"SELECT line FROM lock WHERE x BETWEEN 1 AND 2.5 AND y", "x between 1 and 2.5 & y", true},
        {"SELECT line FROM lock WHERE CASE WHEN a AND b THEN 0 ELSE c END AND \"limit\" > 0xFF",
         "case when a and b then 0 else c end & \"limit\" > 0xff", true},
        {"SELECT line FROM lock WHERE a AND b OR c", "a and b or c", true},
        {"SELECT line, max(a, b) AS m FROM lock WHERE a", "a", true},
        {"SELECT line FROM lock WHERE EXISTS (SELECT 1 FROM irp WHERE x AND y) AND z",
         "exists ( select 1 from irp where x and y ) & z", true},
        {"SELECT line, (SELECT max(line) FROM irp) AS x FROM lock WHERE a", "a", false},
        {"SELECT max(line) AS line FROM lock WHERE a", "a", false},
        {"SELECT line FROM lock WHERE a GROUP BY name HAVING count(*) > 1", "a", false},
        {"SELECT line FROM lock WHERE a UNION SELECT line FROM irp", "a", false},
        {"SELECT line FROM lock WHERE a LIMIT 1 OFFSET 2", "a", false},
        {"SELECT line FROM lock WHERE a LIMIT 1, 2", "a", false},
        {"WITH x AS (SELECT 1) SELECT line FROM x WHERE a", "a", false},
        {"VALUES (1)", "", false},
        {"SELECT line FROM lock WHERE (a", "( a", false},
        {"SELECT 'never closed FROM", "", false},
        {"", "", false},
    };
    sc_arena *a = sc_arena_new(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sc_sql_form f;
        sc_buf text = {0};
        sc_sql_cut(a, cases[i].sql, &f);
        for (size_t k = 0; k < f.conditions.n; k++)
            sc_buf_printf(&text, "%s%s", k ? " & " : "", ((const sc_sql_condition *)f.conditions.items)[k].normal);
        assert_string_equal(text.p ? text.p : "", cases[i].conditions);
        if (f.simple != cases[i].simple) fail_msg("%s: simple %d", cases[i].sql, f.simple);
        sc_buf_free(&text);
    }
    sc_arena_free(a);
}

static void sql_that_implies_other_sql(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool implies;
    } cases[] = {
        {"SELECT line FROM vm WHERE x AND y", "select label, line from vm where y", true},
        {"SELECT line FROM vm WHERE y", "SELECT line FROM vm WHERE x AND y", false},
        {"SELECT line FROM vm WHERE x AND y", "SELECT line FROM vm WHERE y AND  x ORDER BY line LIMIT 1", true},
        {"SELECT line FROM vm WHERE x", "SELECT line FROM vm", true},
        {"SELECT line FROM vm WHERE x = 'A'", "SELECT line FROM vm WHERE x = 'a'", false},
        {"SELECT line FROM vm v WHERE x", "SELECT line FROM vm WHERE x", false},
        {"SELECT line FROM vm WHERE x", "SELECT count(*) AS n, line FROM vm WHERE x", false},
        {"SELECT count(*) AS n, line FROM vm", "SELECT COUNT( * ) as N, line FROM vm", true},
        {"SELECT line FROM vm WHERE x OR y", "SELECT line FROM vm WHERE y", false},
    };
    sc_arena *a = sc_arena_new(0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sc_sql_form x, y;
        sc_sql_cut(a, cases[i].a, &x);
        sc_sql_cut(a, cases[i].b, &y);
        if (sc_sql_implies(&x, &y) != cases[i].implies) fail_msg("%s: %s", cases[i].a, cases[i].b);
        assert_true(sc_sql_implies(&x, &x));
    }
    sc_arena_free(a);
}

static void addresses(void **state)
{
    (void)state;
    static const char *const good[] = {"https://example.org", "https://a-b.example.org/x?y=1&z#top",
                                       "https://example.org/(a)_%20", "https://1.example.org/a,b.html"};
    static const char *const bad[] = {"",
                                      "https://",
                                      "https:///x",
                                      "https://localhost/x",
                                      "https://-a.org",
                                      "https://a-.org",
                                      "https://a..org",
                                      "https://a.org.",
                                      "https://user"
                                      "@a.org",
                                      "https://a.org/x y",
                                      "https://a.org/%2",
                                      "https://a.org/%zz",
                                      "https://a.org/<x>",
                                      "https://a.org/x.",
                                      "http://a.org",
                                      "HTTPS://a.org",
                                      "https://a.org/\xc3\xa9"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (sc_bad_address(sc_span_z(good[i]))) fail_msg("%s: %s", good[i], sc_bad_address(sc_span_z(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (!sc_bad_address(sc_span_z(bad[i]))) fail_msg("%s is taken for an address", bad[i]);
}

/* Links are for readers: what is wrong with them does not stop the rules from being used. */
static void links_do_not_stop_a_knowledge_base(void **state)
{
    (void)state;
    tree t;
    int rc;
    tree_new(&t);
    tree_write(&t, "README.md", "[gone](gone.md)\n");
    char *said = lint_of(&t, &rc);
    assert_int_equal(rc, SC_E_RULE);
    assert_string_equal(said,
                        "README.md:1:8: error: there is no file or folder gone.md\n[gone](gone.md)\n       ^~~~~~~\n");
    free(said);
    sc_kb *kb;
    sc_error error;
    assert_int_equal(sc_kb_open(&kb, t.root, NULL, &error), SC_OK);
    sc_kb_close(kb);
    assert_int_equal(sc_kb_examine(&kb, t.root, NULL, &error), SC_E_RULE); /* and it is handed out all the same */
    assert_int_equal(sc_kb_knowledge(kb)->n_rules, 2);
    sc_kb_close(kb);
    assert_int_equal(sc_kb_examine(&kb, "tests/data", NULL, &error), SC_E_IO);
    assert_null(kb);
    tree_free(&t);
}

static void template_slots(void **state)
{
    (void)state;
    sc_span text = SC_S("a {{one}} b {{ two |x}y|z}} {{}} {{open");
    sc_slot s;
    size_t at = 0;
    assert_true(sc_template_next(text, &at, &s));
    assert_true(s.closed && !s.has_fallback && sc_eq_z(s.name, "one") && sc_eq_z(s.all, "{{one}}"));
    assert_true(sc_template_next(text, &at, &s));
    assert_true(s.closed && s.has_fallback && sc_eq_z(s.name, "two") && sc_eq_z(s.all, "{{ two |x}y|z}}"));
    assert_true(sc_template_next(text, &at, &s));
    assert_true(s.closed && !s.name.n);
    assert_true(sc_template_next(text, &at, &s));
    assert_true(!s.closed && sc_eq_z(s.all, "{{open"));
    assert_false(sc_template_next(text, &at, &s));
}

/* Files that went through Windows: a byte-order mark and carriage returns change nothing. */
static void windows_files_are_fine(void **state)
{
    (void)state;
    char *good = file_read(DATA "good-rule.md");
    sc_buf text = {0};
    sc_buf_z(&text, "\xef\xbb\xbf");
    for (const char *p = good; *p; p++) {
        if (*p == '\n') sc_buf_char(&text, '\r');
        sc_buf_char(&text, *p);
    }
    int rc;
    char *said = lint_with("rules/0x9F/good.md", text.p, &rc);
    assert_string_equal(said, "");
    assert_int_equal(rc, SC_OK);
    free(said);
    free(good);
    sc_buf_free(&text);
}

/* Bytes that are no text are neither read nor shown. */
static void bytes_that_are_no_text(void **state)
{
    (void)state;
    char *good = file_read(DATA "good-rule.md");
    char *bad = replaced(good, "A driver holds", "A \xc3\xa9 dr\xffver\x1b[1m");
    int rc;
    char *said = lint_with("rules/0x9F/good.md", bad, &rc);
    assert_string_equal(said, "rules/0x9F/good.md:2:14: error: not UTF-8 text\n"
                              "title: A ? dr?ver?[1m the lock\n"
                              "             ^\n");
    free(said);
    free(bad);
    said = lint_with("kb/reference/modules.tsv", "module\tvendor\tproduct\tkind\torigin\na\t\xf5\tP\tk\t3p\n", &rc);
    assert_string_equal(said, "kb/reference/modules.tsv:2:3: error: not UTF-8 text\na\t?\tP\tk\t3p\n \t^\n");
    free(said);
    free(good);
}

/* Every file is read to its end, and faults come in the order of files and lines. */
static void all_faults_are_told_in_order(void **state)
{
    (void)state;
    tree t;
    int rc;
    tree_new(&t);
    tree_write(&t, "rules/0x9F/b.md", "---\ntitle: B\nbugcheck: 0x9F\nstatus: odd\ntier: odd\n---\n");
    tree_write(&t, "rules/0x7F/a.md", "no head\n");
    tree_write(&t, "kb/reference/ntstatus.tsv", "status\tname\tmeaning\n0x1\tA\tb\n");
    char *said = lint_of(&t, &rc);
    assert_string_equal(
        said,
        "kb/reference/ntstatus.tsv:2:1: error: \"0x1\" is not a status; expected 0x and eight hex digits\n"
        "0x1\tA\tb\n"
        "^~~\n"
        "rules/0x7F/a.md:1:1: error: the file must begin with a line \"---\", the start of its head\n"
        "no head\n"
        "^\n"
        "rules/0x9F/b.md:1:1: error: a rule needs \"clauses\"\n"
        "---\n"
        "^~~\n"
        "rules/0x9F/b.md:1:1: error: a rule needs \"confidence\"\n"
        "---\n"
        "^~~\n"
        "rules/0x9F/b.md:1:1: error: a rule needs \"summary\"\n"
        "---\n"
        "^~~\n"
        "rules/0x9F/b.md:4:9: error: unknown status \"odd\"; expected draft, stable or retired\n"
        "status: odd\n"
        "        ^~~\n"
        "rules/0x9F/b.md:5:7: error: unknown tier \"odd\"; expected deliberate, hardware, proof, blame or advice\n"
        "tier: odd\n"
        "      ^~~\n");
    free(said);
    sc_reporter counts = {0};
    sc_error error;
    assert_int_equal(sc_kb_lint(t.root, &counts, &error), SC_E_RULE);
    assert_int_equal(counts.errors, 7);
    char expected[256];
    snprintf(
        expected, sizeof expected,
        "7 errors in the sources; %s/kb/reference/ntstatus.tsv:2:1: \"0x1\" is not a status; expected 0x and eight hex "
        "digits",
        t.root);
    assert_string_equal(error.text, expected);
    tree_free(&t);
}

static void a_folder_that_is_no_source_tree(void **state)
{
    (void)state;
    sc_error error;
    assert_int_equal(sc_kb_lint("tests/data", NULL, &error), SC_E_IO);
    assert_string_equal(error.text, "tests/data: not a source tree: it has no rules/ and kb/reference/");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sql_is_cut_into_conditions),
        cmocka_unit_test(sql_that_implies_other_sql),
        cmocka_unit_test(addresses),
        cmocka_unit_test(links_do_not_stop_a_knowledge_base),
        cmocka_unit_test(absence_is_seen_in_sql),
        cmocka_unit_test(template_slots),
        cmocka_unit_test(windows_files_are_fine),
        cmocka_unit_test(bytes_that_are_no_text),
        cmocka_unit_test(all_faults_are_told_in_order),
        cmocka_unit_test(a_folder_that_is_no_source_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
