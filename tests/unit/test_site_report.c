/* The report as a page: on a hand-made diagnosis whose every word would like to act. */
#include "site/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define EVIL "<script>alert(1)</script>\"><img src=x onerror=alert(2)> `</code><b>` &amp; \x1b[2J\xff"
#define SPAN(text)                                                                                                     \
    {                                                                                                                  \
        (text), sizeof(text) - 1                                                                                       \
    }

static const sc_clause clauses[] = {
    {.name = "evil-<b>", .kind = SC_CLAUSE_SQL},
    {.name = "missing", .kind = SC_CLAUSE_SQL},
};
static const char *const references[] = {"https://example.org/?a=\"<b>", "javascript:alert(3)", EVIL};
static const sc_rule rule = {.id = "0x9F/<i>",
                             .title = EVIL,
                             .status = SC_STABLE,
                             .tier = SC_PROOF,
                             .confidence = SC_LIKELY,
                             .clauses = clauses,
                             .n_clauses = 2,
                             .references = references,
                             .n_references = 3};
static const sc_evidence evidence[] = {
    {"evil-<b>", 3, 4, SPAN(EVIL)},
    {"evil-<b>", 3, 4, SPAN(EVIL)},
    {"missing", 0, 0, SPAN("an absence")},
};
static const sc_clause_result results[] = {
    {&clauses[0], SC_TRUE, SPAN(EVIL), SPAN(""), evidence, 2},
    {&clauses[1], SC_UNKNOWN, SPAN(""), SPAN(EVIL), NULL, 0},
};
static const sc_span fixes[] = {SPAN(EVIL " (no risk)"), SPAN("Plain. (risk: <u>)")};
static const sc_finding findings[] = {
    {.rule = &rule,
     .verdict = SC_CONFIRMED,
     .confidence = SC_CERTAIN,
     .summary = SPAN(EVIL),
     .evidence = evidence,
     .n_evidence = 3,
     .clauses = results,
     .n_clauses = 2,
     .fixes = fixes,
     .n_fixes = 2},
    {.rule = &rule, .verdict = SC_OPEN, .clauses = results, .n_clauses = 2, .evidence = evidence, .n_evidence = 1},
};
static const sc_clause_result against[] = {{&clauses[0], SC_FALSE, SPAN(""), SPAN(""), NULL, 0}};
static const sc_finding ruled_out[] = {{.rule = &rule, .clauses = against, .n_clauses = 1}};
static const sc_reason reasons[] = {{SPAN(EVIL), 7}, {SPAN("plain"), 0}};
static const sc_suspect suspects[] = {{SPAN(EVIL), SC_CULPRIT, reasons, 2, reasons, 1}};
static const sc_ask asks[] = {{SPAN(EVIL), SPAN(EVIL), NULL, 0}, {SPAN("!locks"), SPAN(""), NULL, 0}};
static const sc_crash crash = {.outcome = SC_UNDECIDED,
                               .bugcheck = {SC_SOURCE_EVENT, 0x9F, SPAN(EVIL), {4}, {true}, 3},
                               .first_line = 3,
                               .last_line = 9,
                               .headline = SPAN(EVIL),
                               .culprit_kind = SC_CULPRIT_MODULE,
                               .culprit = SPAN(EVIL),
                               .culprit_confidence = SC_POSSIBLE,
                               .findings = findings,
                               .n_findings = 2,
                               .ruled_out = ruled_out,
                               .n_ruled_out = 1,
                               .suspects = suspects,
                               .n_suspects = 1,
                               .asks = asks,
                               .n_asks = 2};
static const sc_health health[] = {{"cut", SPAN(EVIL), 5}};
static const sc_diagnosis diagnosis = {
    .lines = 9, .health = health, .n_health = 1, .crashes = &crash, .n_crashes = 1, .truncated = true};

static char *report(const site_report_part *part, const char *title)
{
    sc_buf out = {0};
    site_report_begin(&out, sc_span_z(title));
    site_report_put(&out, part);
    site_report_end(&out);
    sc_buf_char(&out, '\0');
    assert_false(out.failed);
    return out.p;
}

static size_t count(const char *text, const char *part)
{
    size_t n = 0;
    for (; (text = strstr(text, part)); text += strlen(part)) n++;
    return n;
}

static void assert_balanced(const char *html)
{
    static const char *const names[] = {"h1",   "h2",      "h3",      "h4",      "ul",      "ol",   "li",
                                        "div",  "article", "section", "details", "summary", "pre",  "mark",
                                        "main", "footer",  "body",    "html",    "strong",  "small"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char open[16], with[16], close[16];
        snprintf(open, sizeof open, "<%s>", names[i]);
        snprintf(with, sizeof with, "<%s ", names[i]);
        snprintf(close, sizeof close, "</%s>", names[i]);
        if (count(html, open) + count(html, with) != count(html, close)) fail_msg("%s is not closed", names[i]);
    }
}

static void nothing_acts(void **state)
{
    (void)state;
    site_report_part part = {.number = 1, .source = EVIL, .diagnosis = &diagnosis, .all = true};
    char *html = report(&part, EVIL);
    static const char *const never[] = {"<script",           "<img", "<b>",  "<i>",   "<u>",
                                        "href=\"javascript", "\x1b", "\xff", "style="};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (strstr(html, never[i])) fail_msg("%s is there", never[i]);
    assert_true(count(html, "&lt;script&gt;alert(1)&lt;/script&gt;") > 10);
    assert_true(count(html, "\\x1b[2J\\xff") > 10);
    assert_balanced(html);
    free(html);
}

static void parts(void **state)
{
    (void)state;
    site_report_part part = {.number = 2, .diagnosis = &diagnosis, .all = true};
    char *html = report(&part, "Diagnosis");
    static const char *const there[] = {
        "<h1>Diagnosis</h1>",
        "from the event log, <a href=\"#p2-line-3\">lines 3-9</a> of the paste",
        "<span class=\"sure certain\">certain</span>",
        "<span class=\"risk\">no risk</span>",
        "<li id=\"p2-proof-1\"><a href=\"#p2-line-3\"><span class=\"number\">3</span>",
        "<code>an absence</code>",               /* no line to lead to */
        "Not known: missing (<code>",            /* what is open */
        "<code class=\"command\">!locks</code>", /* the next command */
        "; against it: ",
        "(<a href=\"#p2-line-7\">line 7</a>)",
        "; what is not so: evil &lt;b&gt;",
        "What limits this paste: ",
        "<a href=\"https://example.org/?a=&quot;&lt;b&gt;\">",
        "<li>javascript:alert(3)</li>",
    };
    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        if (!strstr(html, there[i])) fail_msg("%s is not there", there[i]);
    assert_int_equal(count(html, "id=\"p2-proof-1\""), 1);
    assert_int_equal(count(html, "<li id=\"p2-proof-"), 3); /* the same line twice stands once */
    free(html);
    part.all = false;
    html = report(&part, "Diagnosis");
    assert_null(strstr(html, "Ruled out"));
    free(html);
}

static void without_a_crash(void **state)
{
    (void)state;
    static const sc_diagnosis nothing = {0};
    site_report_part part = {.number = 1, .error = "<No such file>", .diagnosis = &nothing};
    char *html = report(&part, "x");
    assert_non_null(strstr(html, "<p class=\"notice\">&lt;No such file&gt;</p>"));
    assert_balanced(html);
    free(html);
    part.error = NULL;
    html = report(&part, "x");
    assert_non_null(strstr(html, "This is not debugger output"));
    free(html);
}

/* What is much is folded up, and the numbers say how much. */
static void long_lists(void **state)
{
    (void)state;
    enum { MANY = 40 };
    static sc_finding many[MANY];
    static sc_ask commands[MANY];
    static sc_suspect modules[MANY];
    static sc_evidence lines[MANY];
    for (unsigned i = 0; i < MANY; i++) {
        lines[i] = (sc_evidence){"a", i + 1, i + 1, SPAN("line")};
        many[i] = findings[1];
        many[i].evidence = lines;
        many[i].n_evidence = MANY;
        commands[i] = asks[1];
        modules[i] = suspects[0];
    }
    sc_crash c = crash;
    c.findings = many;
    c.asks = commands;
    c.suspects = modules;
    c.n_findings = c.n_asks = c.n_suspects = MANY;
    sc_diagnosis d = diagnosis;
    d.crashes = &c;
    site_report_part part = {.number = 1, .diagnosis = &d};
    char *html = report(&part, "x");
    assert_balanced(html);
    assert_int_equal(count(html, "<details><summary>28 more lines</summary>"), MANY);
    assert_int_equal(count(html, "<details><summary>37 more findings</summary>"), 1);
    assert_int_equal(count(html, "<details><summary>37 more commands</summary>\n<ol start=\"4\">"), 1);
    assert_int_equal(count(html, "<details><summary>32 more modules</summary>"), 1);
    free(html);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_acts),
        cmocka_unit_test(parts),
        cmocka_unit_test(without_a_crash),
        cmocka_unit_test(long_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
