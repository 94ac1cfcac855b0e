#include "cli/test_report.h"

#include "engine/render/layout.h"

void test_note(test_outcome *o, bool ok, sc_span name, sc_span report)
{
    sc_buf_z(&o->cases, ok ? "ok\t" : "no\t");
    sc_put_squeezed(&o->cases, name);
    sc_buf_char(&o->cases, '\n');
    *(ok ? &o->passed : &o->failed) += 1;
    if (ok) return;
    sc_buf_z(&o->report, "FAILED ");
    sc_put_squeezed(&o->report, name);
    sc_buf_char(&o->report, '\n');
    sc_buf_span(&o->report, report);
}

void test_outcome_free(test_outcome *o)
{
    sc_buf_free(&o->cases);
    sc_buf_free(&o->report);
    sc_buf_free(&o->damage.report);
}

static void check(sc_buf *out, const test_outcome *o)
{
    if (o->cases.failed || o->report.failed) out->failed = true;
}

/* Takes the next case off; false behind the last. */
static bool next_case(sc_span *cases, bool *ok, sc_span *name)
{
    sc_span line;
    if (!cases->n) return false;
    sc_cut(*cases, "\n", &line, cases);
    *ok = sc_starts(line, "ok");
    *name = sc_span_from(line, 3);
    return true;
}

void test_put_text(sc_buf *out, const test_outcome *outcomes, size_t n)
{
    size_t passed = 0, failed = 0, todo = 0;
    for (size_t i = 0; i < n; i++) {
        passed += outcomes[i].passed;
        failed += outcomes[i].failed;
        todo += outcomes[i].todo;
        sc_buf_span(out, sc_buf_view(&outcomes[i].report));
        check(out, &outcomes[i]);
    }
    sc_buf_printf(out, "%zu passed, %zu failed", passed, failed);
    if (todo) sc_buf_printf(out, " (%zu of those that passed are todo: known to fail, and they do)", todo);
    sc_buf_char(out, '\n');
}

/* The report of a sample follows its cases as comments. */
void test_put_tap(sc_buf *out, const test_outcome *outcomes, size_t n)
{
    size_t number = 0;
    for (size_t i = 0; i < n; i++) {
        sc_span cases = sc_buf_view(&outcomes[i].cases), report = sc_buf_view(&outcomes[i].report), line;
        bool ok;
        while (next_case(&cases, &ok, &line))
            sc_buf_printf(out, "%s %zu - %.*s\n", ok ? "ok" : "not ok", ++number, SC_F(line));
        while (report.n) {
            sc_cut(report, "\n", &line, &report);
            sc_buf_printf(out, "# %.*s\n", SC_F(line));
        }
        check(out, &outcomes[i]);
    }
    sc_buf_printf(out, "1..%zu\n", number);
}

/* ---- JUnit ------------------------------------------------------------------------------------------------------- */

/* Reports have been through sc_put_visible: neither control characters nor bytes that are not UTF-8 are left. */
static void put_xml(sc_buf *out, sc_span s)
{
    for (size_t i = 0; i < s.n; i++) {
        switch (s.p[i]) {
        case '&': sc_buf_z(out, "&amp;"); break;
        case '<': sc_buf_z(out, "&lt;"); break;
        case '>': sc_buf_z(out, "&gt;"); break;
        case '"': sc_buf_z(out, "&quot;"); break;
        default: sc_buf_char(out, s.p[i]);
        }
    }
}

/* What stands under the next "FAILED name"; all other lines of a report are indented. */
static sc_span next_failure(sc_span *report)
{
    static const char head[] = "FAILED ";
    sc_span line, rest = *report;
    sc_cut(rest, "\n", &line, &rest);
    const char *start = rest.p;
    while (rest.n && !sc_starts(rest, head)) sc_cut(rest, "\n", &line, &rest);
    *report = rest;
    return (sc_span){start, rest.n ? (size_t)(rest.p - start) : (size_t)(rest.p + rest.n - start)};
}

/* "corpus/0x9F/zte-modem.txt, without !locks": folder and file, and the rest. */
static void put_case(sc_buf *out, sc_span name)
{
    sc_span path, rest;
    sc_cut(name, ", ", &path, &rest);
    size_t slash = sc_rfind_char(path, '/');
    sc_buf_z(out, "  <testcase classname=\"");
    put_xml(out, slash == SC_NPOS ? SC_S(".") : sc_span_sub(path, 0, slash));
    sc_buf_z(out, "\" name=\"");
    put_xml(out, sc_span_from(name, slash == SC_NPOS ? 0 : slash + 1));
    sc_buf_char(out, '"');
}

void test_put_junit(sc_buf *out, const test_outcome *outcomes, size_t n)
{
    size_t passed = 0, failed = 0;
    for (size_t i = 0; i < n; i++) {
        passed += outcomes[i].passed;
        failed += outcomes[i].failed;
    }
    sc_buf_printf(out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
                  " <testsuite name=\"stopcode test\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\">\n",
                  passed + failed, failed);
    for (size_t i = 0; i < n; i++) {
        sc_span cases = sc_buf_view(&outcomes[i].cases), report = sc_buf_view(&outcomes[i].report), name;
        bool ok;
        while (next_case(&cases, &ok, &name)) {
            put_case(out, name);
            if (ok) {
                sc_buf_z(out, "/>\n");
                continue;
            }
            sc_span text = next_failure(&report), first;
            sc_cut(text, "\n", &first, &(sc_span){0});
            sc_buf_z(out, ">\n   <failure message=\"");
            put_xml(out, sc_trim(first));
            sc_buf_z(out, "\">");
            put_xml(out, text);
            sc_buf_z(out, "</failure>\n  </testcase>\n");
        }
        check(out, &outcomes[i]);
    }
    sc_buf_z(out, " </testsuite>\n</testsuites>\n");
}

/* ---- Damage ------------------------------------------------------------------------------------------------------ */

void test_sum_damage(damage_result *sum, const test_outcome *outcomes, size_t n)
{
    *sum = (damage_result){0};
    for (size_t i = 0; i < n; i++) {
        const damage_result *d = &outcomes[i].damage;
        for (size_t k = 0; k < damage_n_kinds; k++) {
            sum->share[k].variants += d->share[k].variants;
            sum->share[k].verdicts += d->share[k].verdicts;
            sum->share[k].held += d->share[k].held;
            sum->faults[k] += d->faults[k];
            sum->known[k] += d->known[k];
        }
        sum->variants += d->variants;
        sum->diagnoses += d->diagnoses;
        sum->failed += d->failed;
        sum->cpu += d->cpu;
    }
}
