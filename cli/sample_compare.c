/* What came out against what was expected: every difference in words, with the lines of the paste behind it. */
#include "cli/sample.h"

#include "engine/base/scan.h"
#include "engine/render/layout.h"
#include "engine/render/words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_LINES 6u /* of evidence per difference */
#define SHOWN_COLUMNS 100u

typedef struct compare {
    sc_buf *out;
    size_t differences;
    const sc_diagnosis *diagnosis;
    sc_engine *engine;
    sc_span paste;
    size_t at; /* of the crash */
} compare;

static void differ(compare *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void differ(compare *c, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!c->differences++) {
        const sc_crash *crash = &c->diagnosis->crashes[c->at];
        sc_buf title = {0};
        sc_put_title(&title, crash);
        sc_buf_z(&title, ", ");
        sc_put_lines(&title, crash->first_line, crash->last_line);
        sc_buf_printf(c->out, "  crash %zu, ", c->at + 1);
        sc_put_squeezed(c->out, sc_buf_view(&title));
        sc_buf_z(c->out, ":\n");
        if (title.failed) c->out->failed = true;
        sc_buf_free(&title);
    }
    sc_buf_z(c->out, "    ");
    sc_put_visible(c->out, sc_span_z(text));
    sc_buf_char(c->out, '\n');
}

/* ---- Findings --------------------------------------------------------------------------------------------------- */

static const sc_finding *find_finding(const sc_crash *c, sc_span rule, sc_verdict verdict)
{
    for (size_t i = 0; i < c->n_findings; i++) {
        if (sc_shows_finding(&c->findings[i], verdict) && sc_eq_z(rule, c->findings[i].rule->id))
            return &c->findings[i];
    }
    return NULL;
}

static void put_evidence(compare *c, const sc_evidence *e, size_t n)
{
    for (size_t i = 0; i < n && i < SHOWN_LINES; i++) {
        sc_buf text = {0};
        sc_put_squeezed(&text, e[i].text);
        sc_buf_printf(c->out, "      %6" PRIu32 "  ", e[i].line);
        sc_put_clipped(c->out, sc_buf_view(&text), SHOWN_COLUMNS);
        sc_buf_char(c->out, '\n');
        if (text.failed) c->out->failed = true;
        sc_buf_free(&text);
    }
    if (n > SHOWN_LINES) sc_buf_printf(c->out, "              and %zu lines more\n", n - SHOWN_LINES);
}

/* The clauses of a rule, with what each came to. */
static void put_clauses(compare *c, const sc_finding *f)
{
    for (size_t i = 0; i < f->n_clauses; i++) {
        const sc_clause_result *r = &f->clauses[i];
        sc_buf_printf(c->out, "      %-7s %s", sc_truth_names[r->truth], r->clause->name);
        if (r->clause->effect == SC_EXCLUDES) sc_buf_z(c->out, " (excludes)");
        if (r->clause->effect == SC_SUPPORTS) sc_buf_z(c->out, " (supports)");
        if (r->value.n) {
            sc_buf_z(c->out, ": ");
            sc_put_squeezed(c->out, r->value);
        }
        if (r->ask.n) {
            sc_buf_z(c->out, ", run ");
            sc_put_squeezed(c->out, r->ask);
        }
        sc_buf_char(c->out, '\n');
        put_evidence(c, r->evidence, r->n_evidence);
    }
}

/* Why a rule is not what it should be. */
static void put_why(compare *c, sc_span rule)
{
    char id[256];
    sc_diagnosis *d = NULL;
    snprintf(id, sizeof id, "%.*s", SC_F(rule));
    if (sc_why(c->engine, c->paste, id, &d, NULL) || c->at >= d->n_crashes) {
        sc_diagnosis_free(d);
        return;
    }
    const sc_crash *crash = &d->crashes[c->at];
    if (!crash->n_findings) sc_buf_z(c->out, "      the rule is for other bug checks\n");
    for (size_t i = 0; i < crash->n_findings; i++) {
        if (crash->n_findings > 1)
            sc_buf_printf(c->out, "      binding %zu, %s:\n", i + 1, sc_verdict_names[crash->findings[i].verdict]);
        put_clauses(c, &crash->findings[i]);
    }
    sc_diagnosis_free(d);
}

static const char *verdict_of(const sc_crash *c, sc_span rule)
{
    for (size_t i = 0; i < c->n_findings; i++) {
        const sc_finding *f = &c->findings[i];
        if (sc_eq_z(rule, f->rule->id))
            return f->superseded ? "hidden by a rule that says more" : sc_verdict_names[f->verdict];
    }
    return "ruled out";
}

static void compare_confirmed(compare *c, const sample_crash *want, const sc_crash *have)
{
    const sample_pair *pairs = want->confirmed.items;
    for (size_t i = 0; i < want->confirmed.n; i++) {
        const sc_finding *f = find_finding(have, pairs[i].name, SC_CONFIRMED);
        if (!f) {
            differ(c, "%.*s should be confirmed, and is %s", SC_F(pairs[i].name), verdict_of(have, pairs[i].name));
            put_why(c, pairs[i].name);
            continue;
        }
        if (!pairs[i].value.n || sc_eq_z(pairs[i].value, sc_confidence_names[f->confidence])) continue;
        differ(c, "%.*s should be %.*s, and is %s", SC_F(pairs[i].name), SC_F(pairs[i].value),
               sc_confidence_names[f->confidence]);
        put_clauses(c, f);
    }
    for (size_t i = 0; i < have->n_findings; i++) {
        const sc_finding *f = &have->findings[i];
        bool listed = !sc_shows_finding(f, SC_CONFIRMED);
        for (size_t k = 0; k < want->confirmed.n && !listed; k++) listed = sc_eq_z(pairs[k].name, f->rule->id);
        if (listed) continue;
        differ(c, "%s is confirmed (%s), and should not be", f->rule->id, sc_confidence_names[f->confidence]);
        put_evidence(c, f->evidence, f->n_evidence);
    }
}

static void compare_others(compare *c, const sample_crash *want, const sc_crash *have)
{
    const sc_span *open = want->open.items, *misses = want->near_miss.items;
    for (size_t i = 0; i < want->open.n; i++) {
        if (find_finding(have, open[i], SC_OPEN)) continue;
        differ(c, "%.*s should be open, and is %s", SC_F(open[i]), verdict_of(have, open[i]));
        put_why(c, open[i]);
    }
    for (size_t i = 0; i < want->near_miss.n; i++) {
        bool missed = false;
        for (size_t k = 0; k < have->n_ruled_out && !missed; k++)
            missed = sc_eq_z(misses[i], have->ruled_out[k].rule->id);
        if (missed) continue;
        differ(c, "%.*s should be ruled out by exactly one clause, and is %s", SC_F(misses[i]),
               verdict_of(have, misses[i]));
        put_why(c, misses[i]);
    }
}

/* Equal as texts, or as numbers however they are written. */
static bool same_value(sc_span a, sc_span b)
{
    uint64_t x, y;
    bool x_hex = sc_istarts(a, "0x"), y_hex = sc_istarts(b, "0x");
    if (sc_eq(sc_trim(a), sc_trim(b))) return true;
    return (x_hex ? sc_span_hex(a, &x) : sc_span_dec(a, &x)) && (y_hex ? sc_span_hex(b, &y) : sc_span_dec(b, &y)) &&
           x == y;
}

static void compare_values(compare *c, const sample_crash *want, const sc_crash *have)
{
    for (size_t i = 0; i < want->values.n; i++) {
        const sample_value *v = (const sample_value *)want->values.items + i;
        sc_span seen = {"", 0};
        bool found = false, same = false;
        for (size_t k = 0; k < have->n_findings && !same; k++) {
            const sc_finding *f = &have->findings[k];
            if (!sc_eq_z(v->rule, f->rule->id)) continue;
            for (size_t n = 0; n < f->n_variables && !same; n++) {
                if (!sc_eq_z(v->variable, f->variables[n].name)) continue;
                found = true;
                seen = f->variables[n].value;
                same = same_value(v->value, seen);
            }
        }
        if (same) continue;
        if (found)
            differ(c, "%.*s: %.*s should be \"%.*s\", and is \"%.*s\"", SC_F(v->rule), SC_F(v->variable),
                   SC_F(v->value), SC_F(seen));
        else
            differ(c, "%.*s: %.*s should be \"%.*s\", and has no value", SC_F(v->rule), SC_F(v->variable),
                   SC_F(v->value));
    }
}

/* ---- The crash -------------------------------------------------------------------------------------------------- */

static void compare_bugcheck(compare *c, const sample_crash *want, const sc_crash *have)
{
    const sc_bugcheck *b = &have->bugcheck;
    bool known = b->source != SC_SOURCE_NONE;
    if (want->no_code && known)
        differ(c, "no bug check should be known, and it is 0x%" PRIX32 " (line %" PRIu32 ")", b->code, b->line);
    else if (!want->no_code && !known)
        differ(c, "the bug check should be 0x%" PRIX32 ", and none was found", want->code);
    else if (!want->no_code && want->code != b->code)
        differ(c, "the bug check should be 0x%" PRIX32 ", and is 0x%" PRIX32 " (line %" PRIu32 ")", want->code, b->code,
               b->line);
    for (int i = 0; want->has_args && i < 4; i++) {
        char expected[32] = "not shown", found[32] = "not shown";
        if (want->known[i]) snprintf(expected, sizeof expected, "0x%" PRIx64, want->arg[i]);
        if (b->known[i]) snprintf(found, sizeof found, "0x%" PRIx64, b->arg[i]);
        if (strcmp(expected, found) != 0) differ(c, "parameter %d should be %s, and is %s", i + 1, expected, found);
    }
    if (want->first_line && want->first_line != have->first_line)
        differ(c, "it should begin on line %" PRIu32 ", and begins on %" PRIu32, want->first_line, have->first_line);
    if (want->last_line && want->last_line != have->last_line)
        differ(c, "it should end on line %" PRIu32 ", and ends on %" PRIu32, want->last_line, have->last_line);
    if (want->outcome.n && !sc_eq_z(want->outcome, sc_outcome_names[have->outcome]))
        differ(c, "the outcome should be %.*s, and is %s", SC_F(want->outcome), sc_outcome_names[have->outcome]);
}

static void describe_culprit(char *out, size_t n, sc_culprit_kind kind, sc_span name, sc_confidence confidence)
{
    if (kind == SC_CULPRIT_UNKNOWN)
        snprintf(out, n, "unknown");
    else
        snprintf(out, n, "%s %.*s, %s", sc_culprit_kind_names[kind], SC_F(name), sc_confidence_names[confidence]);
}

static void compare_culprit(compare *c, const sample_crash *want, const sc_crash *have)
{
    char expected[200], found[200];
    describe_culprit(expected, sizeof expected, want->culprit_kind, want->culprit, want->culprit_confidence);
    describe_culprit(found, sizeof found, have->culprit_kind, have->culprit, have->culprit_confidence);
    if (!strcmp(expected, found)) return;
    differ(c, "the culprit should be %s, and is %s%s%s", expected, found, have->culprit_rule ? " by " : "",
           have->culprit_rule ? have->culprit_rule->id : "");
}

static void compare_asks(compare *c, const sample_crash *want, const sc_crash *have)
{
    for (size_t i = 0; i < want->ask.n; i++) {
        sc_span ask = ((const sc_span *)want->ask.items)[i];
        bool found = false;
        for (size_t k = 0; k < have->n_asks && !found; k++)
            found = sc_ieq(sc_trim(ask), sc_trim(have->asks[k].command));
        if (found) continue;
        sc_buf asked = {0};
        for (size_t k = 0; k < have->n_asks; k++)
            sc_buf_printf(&asked, "%s%.*s", k ? "; " : "", SC_F(have->asks[k].command));
        differ(c, "`%.*s` should be asked for; asked for is: %s", SC_F(ask), asked.p ? asked.p : "nothing");
        sc_buf_free(&asked);
    }
}

static void compare_suspects(compare *c, const sample_crash *want, const sc_crash *have)
{
    for (size_t i = 0; i < want->suspects.n; i++) {
        const sample_pair *p = (const sample_pair *)want->suspects.items + i;
        const char *role = "not mentioned";
        for (size_t k = 0; k < have->n_suspects; k++) {
            if (sc_ieq(p->name, have->suspects[k].module)) role = sc_role_names[have->suspects[k].role];
        }
        if (!sc_eq_z(p->value, role))
            differ(c, "%.*s should be a %.*s, and is %s", SC_F(p->name), SC_F(p->value), role);
    }
}

size_t sample_compare(const sample_crash *expected, size_t n, const sc_diagnosis *d, sc_engine *e, sc_span paste,
                      sc_buf *out)
{
    size_t all = 0;
    if (n != d->n_crashes) {
        all++;
        sc_buf_printf(out, "  %zu crash%s expected, %zu found%s\n", n, n == 1 ? "" : "es", d->n_crashes,
                      d->n_crashes ? ":" : "");
        for (size_t i = 0; i < d->n_crashes; i++) {
            sc_buf title = {0};
            sc_put_title(&title, &d->crashes[i]);
            sc_buf_z(&title, ", ");
            sc_put_lines(&title, d->crashes[i].first_line, d->crashes[i].last_line);
            sc_buf_printf(out, "    %zu. ", i + 1);
            sc_put_squeezed(out, sc_buf_view(&title));
            sc_buf_char(out, '\n');
            sc_buf_free(&title);
        }
    }
    for (size_t i = 0; i < n && i < d->n_crashes; i++) {
        compare c = {.out = out, .diagnosis = d, .engine = e, .paste = paste, .at = i};
        const sample_crash *want = &expected[i];
        const sc_crash *have = &d->crashes[i];
        compare_bugcheck(&c, want, have);
        compare_confirmed(&c, want, have);
        compare_culprit(&c, want, have);
        compare_others(&c, want, have);
        compare_asks(&c, want, have);
        compare_values(&c, want, have);
        compare_suspects(&c, want, have);
        all += c.differences;
    }
    return all;
}
