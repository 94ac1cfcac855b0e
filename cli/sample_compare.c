/* What came out against what was expected: every difference in words, with the lines of the paste behind it. */
#include "cli/sample.h"

#include "cli/expectation.h"
#include "cli/yaml_edit.h"
#include "engine/base/scan.h"
#include "engine/render/layout.h"
#include "engine/render/words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_LINES 6u /* of evidence per difference */
#define SHOWN_COLUMNS 100u
#define SHOWN_FACTS 400u /* columns of the rows that a query returned */

typedef struct compare {
    sc_buf *out;
    size_t differences, from; /* where the report of the last one begins */
    const sc_diagnosis *diagnosis;
    sc_engine *engine;
    sc_span paste;
    size_t at;       /* of the crash */
    sc_arena *arena; /* of the list */
    sc_list *list;   /* sample_difference; NULL: only the report is wanted */
} compare;

/* The report of the last difference ends here. */
static void close_last(compare *c)
{
    if (c->list && c->list->n) ((sample_difference *)c->list->items)[c->list->n - 1].to = c->out->n;
}

static void differ(compare *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void differ(compare *c, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    close_last(c);
    c->from = c->out->n;
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

/* What the difference that was just told comes to in the file. */
static void note(compare *c, sample_difference d)
{
    sample_difference *kept = c->list ? sc_list_add(c->arena, c->list, sizeof *kept) : NULL;
    if (!kept) return;
    *kept = d;
    kept->crash = c->at;
    kept->from = c->from;
    kept->to = c->out->n;
}

/* YAML for a difference; nothing when nobody wants it. */
static sc_span yaml(compare *c, const char *format, ...) __attribute__((format(printf, 2, 3)));
static sc_span yaml(compare *c, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return c->list ? sc_arena_dup(c->arena, sc_span_z(text)) : SC_S("");
}

static sc_span yaml_text(compare *c, sc_span value)
{
    sc_buf text = {0};
    yaml_put_text(&text, value);
    sc_span kept = c->list ? sc_arena_dup(c->arena, sc_buf_view(&text)) : SC_S("");
    sc_buf_free(&text);
    return kept;
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
    int rc = sc_why(c->engine, c->paste, id, &d, NULL);
    if (rc == SC_E_RULE) sc_buf_z(c->out, "      there is no such rule\n");
    if (rc || c->at >= d->n_crashes) {
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
            note(c, (sample_difference){.key = SAMPLE_CONFIRMED, .item = pairs[i].name});
            continue;
        }
        if (!pairs[i].value.n || sc_eq_z(pairs[i].value, sc_confidence_names[f->confidence])) continue;
        differ(c, "%.*s should be %.*s, and is %s", SC_F(pairs[i].name), SC_F(pairs[i].value),
               sc_confidence_names[f->confidence]);
        put_clauses(c, f);
        note(c, (sample_difference){.key = SAMPLE_CONFIRMED,
                                    .item = pairs[i].name,
                                    .seen = sc_span_z(sc_confidence_names[f->confidence])});
    }
    for (size_t i = 0; i < have->n_findings; i++) {
        const sc_finding *f = &have->findings[i];
        bool listed = !sc_shows_finding(f, SC_CONFIRMED);
        for (size_t k = 0; k < want->confirmed.n && !listed; k++) listed = sc_eq_z(pairs[k].name, f->rule->id);
        for (size_t k = 0; k < i && !listed; k++) /* told once, however many bindings it holds for */
            listed = have->findings[k].rule == f->rule && sc_shows_finding(&have->findings[k], SC_CONFIRMED);
        if (listed) continue;
        differ(c, "%s is confirmed (%s), and should not be", f->rule->id, sc_confidence_names[f->confidence]);
        put_evidence(c, f->evidence, f->n_evidence);
        note(c, (sample_difference){.key = SAMPLE_CONFIRMED,
                                    .item = sc_span_z(f->rule->id),
                                    .seen = sc_span_z(sc_confidence_names[f->confidence])});
    }
}

static void compare_others(compare *c, const sample_crash *want, const sc_crash *have)
{
    const sc_span *open = want->open.items, *misses = want->near_miss.items;
    for (size_t i = 0; i < want->open.n; i++) {
        if (find_finding(have, open[i], SC_OPEN)) continue;
        differ(c, "%.*s should be open, and is %s", SC_F(open[i]), verdict_of(have, open[i]));
        put_why(c, open[i]);
        note(c, (sample_difference){.key = SAMPLE_OPEN, .item = open[i]});
    }
    for (size_t i = 0; i < want->near_miss.n; i++) {
        bool missed = false;
        for (size_t k = 0; k < have->n_ruled_out && !missed; k++)
            missed = sc_eq_z(misses[i], have->ruled_out[k].rule->id);
        if (missed) continue;
        differ(c, "%.*s should be ruled out by exactly one clause, and is %s", SC_F(misses[i]),
               verdict_of(have, misses[i]));
        put_why(c, misses[i]);
        note(c, (sample_difference){.key = SAMPLE_NEAR_MISS, .item = misses[i]});
    }
}

bool sample_same_value(sc_span a, sc_span b)
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
                same = sample_same_value(v->value, seen);
            }
        }
        if (same) continue;
        if (found)
            differ(c, "%.*s: %.*s should be \"%.*s\", and is \"%.*s\"", SC_F(v->rule), SC_F(v->variable),
                   SC_F(v->value), SC_F(seen));
        else
            differ(c, "%.*s: %.*s should be \"%.*s\", and has no value", SC_F(v->rule), SC_F(v->variable),
                   SC_F(v->value));
        note(c, (sample_difference){.key = SAMPLE_VALUES,
                                    .item = v->rule,
                                    .variable = v->variable,
                                    .seen = found ? yaml_text(c, seen) : SC_S("")});
    }
}

/* ---- The crash -------------------------------------------------------------------------------------------------- */

static void compare_bugcheck(compare *c, const sample_crash *want, const sc_crash *have)
{
    const sc_bugcheck *b = &have->bugcheck;
    bool known = b->source != SC_SOURCE_NONE;
    size_t before = c->differences;
    if (want->no_code && known)
        differ(c, "no bug check should be known, and it is 0x%" PRIX32 " (line %" PRIu32 ")", b->code, b->line);
    else if (!want->no_code && !known)
        differ(c, "the bug check should be 0x%" PRIX32 ", and none was found", want->code);
    else if (!want->no_code && want->code != b->code)
        differ(c, "the bug check should be 0x%" PRIX32 ", and is 0x%" PRIX32 " (line %" PRIu32 ")", want->code, b->code,
               b->line);
    if (c->differences > before)
        note(c, (sample_difference){.key = SAMPLE_BUGCHECK,
                                    .seen = known ? yaml(c, "0x%" PRIX32, b->code) : SC_S("null")});
    for (size_t i = 0; want->has_args && i < 4; i++) {
        char expected[32] = "not shown", found[32] = "not shown";
        if (want->known[i]) snprintf(expected, sizeof expected, "0x%" PRIx64, want->arg[i]);
        if (b->known[i]) snprintf(found, sizeof found, "0x%" PRIx64, b->arg[i]);
        if (!strcmp(expected, found)) continue;
        differ(c, "parameter %zu should be %s, and is %s", i + 1, expected, found);
        note(c, (sample_difference){
                    .key = SAMPLE_ARGS, .arg = i, .seen = b->known[i] ? yaml(c, "%s", found) : SC_S("null")});
    }
    if (want->first_line && want->first_line != have->first_line) {
        differ(c, "it should begin on line %" PRIu32 ", and begins on %" PRIu32, want->first_line, have->first_line);
        note(c, (sample_difference){.key = SAMPLE_FIRST_LINE, .seen = yaml(c, "%" PRIu32, have->first_line)});
    }
    if (want->last_line && want->last_line != have->last_line) {
        differ(c, "it should end on line %" PRIu32 ", and ends on %" PRIu32, want->last_line, have->last_line);
        note(c, (sample_difference){.key = SAMPLE_LAST_LINE, .seen = yaml(c, "%" PRIu32, have->last_line)});
    }
    if (want->outcome.n && !sc_eq_z(want->outcome, sc_outcome_names[have->outcome])) {
        differ(c, "the outcome should be %.*s, and is %s", SC_F(want->outcome), sc_outcome_names[have->outcome]);
        note(c, (sample_difference){.key = SAMPLE_OUTCOME, .seen = sc_span_z(sc_outcome_names[have->outcome])});
    }
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
    if (!c->list) return;
    sc_buf text = {0};
    sample_crash now = expectation_of(c->arena, have);
    expectation_put_culprit(&text, &now);
    note(c, (sample_difference){.key = SAMPLE_CULPRIT, .seen = sc_arena_dup(c->arena, sc_buf_view(&text))});
    sc_buf_free(&text);
}

static bool same_command(sc_span a, sc_span b)
{
    sc_span rest;
    sc_cut(sc_trim(a), " ", &a, &rest);
    sc_cut(sc_trim(b), " ", &b, &rest);
    return sc_ieq(a, b);
}

/* What is asked for in place of a command: the same one with other arguments, which the file does not list yet. */
static sc_span other_ask(compare *c, const sample_crash *want, const sc_crash *have, sc_span ask)
{
    for (size_t k = 0; k < have->n_asks; k++) {
        sc_span command = have->asks[k].command;
        bool listed = !same_command(ask, command);
        for (size_t i = 0; i < want->ask.n && !listed; i++)
            listed = sc_ieq(sc_trim(((const sc_span *)want->ask.items)[i]), sc_trim(command));
        if (!listed) return yaml_text(c, command);
    }
    return SC_S("");
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
        note(c, (sample_difference){.key = SAMPLE_ASK, .item = ask, .seen = other_ask(c, want, have, ask)});
    }
}

static void compare_suspects(compare *c, const sample_crash *want, const sc_crash *have)
{
    for (size_t i = 0; i < want->suspects.n; i++) {
        const sample_pair *p = (const sample_pair *)want->suspects.items + i;
        const char *role = "not mentioned";
        bool mentioned = false;
        for (size_t k = 0; k < have->n_suspects && !mentioned; k++) {
            mentioned = sc_ieq(p->name, have->suspects[k].module);
            if (mentioned) role = sc_role_names[have->suspects[k].role];
        }
        if (sc_eq_z(p->value, role)) continue;
        differ(c, "%.*s should be a %.*s, and is %s", SC_F(p->name), SC_F(p->value), role);
        note(c, (sample_difference){
                    .key = SAMPLE_SUSPECTS, .item = p->name, .seen = mentioned ? sc_span_z(role) : SC_S("")});
    }
}

/* ---- Facts ------------------------------------------------------------------------------------------------------ */

/* The rows that a query returns, as YAML, while they are compared with those that it should. */
typedef struct fact_check {
    const sample_facts *want;
    sc_buf seen;
    size_t row;
    bool same;
} fact_check;

static int check_fact_row(void *context, int n, const char *const *names, const char *const *values)
{
    (void)names;
    fact_check *f = context;
    const sc_list *row = f->row < f->want->rows.n ? (const sc_list *)f->want->rows.items + f->row : NULL;
    f->same &= row && row->n == (size_t)n;
    sc_buf_z(&f->seen, f->row++ ? ", [" : "[");
    for (int i = 0; i < n; i++) {
        sc_span seen = sc_span_z(values[i] ? values[i] : "");
        if (i) sc_buf_z(&f->seen, ", ");
        if (values[i])
            yaml_put_text(&f->seen, seen);
        else
            sc_buf_z(&f->seen, "null");
        if (!f->same) continue;
        const sample_cell *cell = (const sample_cell *)row->items + i;
        f->same = cell->null == !values[i] && (cell->null || sample_same_value(cell->text, seen));
    }
    sc_buf_char(&f->seen, ']');
    return f->seen.failed;
}

static void put_wanted_rows(sc_buf *out, const sample_facts *f)
{
    for (size_t i = 0; i < f->rows.n; i++) {
        const sc_list *row = (const sc_list *)f->rows.items + i;
        sc_buf_z(out, i ? ", [" : "[");
        for (size_t k = 0; k < row->n; k++) {
            const sample_cell *cell = (const sample_cell *)row->items + k;
            if (k) sc_buf_z(out, ", ");
            if (cell->null)
                sc_buf_z(out, "null");
            else
                yaml_put_text(out, cell->text);
        }
        sc_buf_char(out, ']');
    }
}

static void put_rows(sc_buf *out, const char *what, sc_span rows)
{
    sc_buf text = {0};
    sc_put_visible(&text, rows);
    sc_buf_printf(out, "      %s [", what);
    sc_put_clipped(out, sc_buf_view(&text), SHOWN_FACTS);
    sc_buf_z(out, "]\n");
    out->failed |= text.failed;
    sc_buf_free(&text);
}

static void compare_facts(compare *c, const sample_crash *want)
{
    for (size_t i = 0; i < want->facts.n; i++) {
        const sample_facts *facts = (const sample_facts *)want->facts.items + i;
        fact_check f = {.want = facts, .same = true};
        sc_buf sql = {0}, wanted = {0};
        sc_error error = {0};
        sc_buf_span(&sql, facts->sql);
        sc_buf_char(&sql, '\0');
        int rc = sql.failed ? SC_E_NOMEM : sc_query(c->engine, c->paste, c->at, sql.p, check_fact_row, &f, &error);
        if (rc) {
            differ(c, "%.*s: %s", SC_F(facts->sql), *error.text ? error.text : "out of memory");
        } else if (!f.same || f.row != facts->rows.n) {
            put_wanted_rows(&wanted, facts);
            differ(c, "%.*s", SC_F(facts->sql));
            put_rows(c->out, "should be", sc_buf_view(&wanted));
            put_rows(c->out, "and is   ", sc_buf_view(&f.seen));
            note(c, (sample_difference){
                        .key = SAMPLE_FACTS,
                        .item = facts->sql,
                        .seen = c->list ? sc_arena_printf(c->arena, "[%.*s]", SC_F(sc_buf_view(&f.seen))) : SC_S("")});
        }
        c->out->failed |= wanted.failed || f.seen.failed;
        sc_buf_free(&sql);
        sc_buf_free(&wanted);
        sc_buf_free(&f.seen);
    }
}

bool sample_is_verdict(sample_key key)
{
    switch (key) {
    case SAMPLE_FIRST_LINE:
    case SAMPLE_LAST_LINE:
    case SAMPLE_OPEN:
    case SAMPLE_ASK:
    case SAMPLE_VALUES:
    case SAMPLE_FACTS: return false;
    default: return true;
    }
}

/* The crashes of the paste in a list, when they are not as many as expected. */
static void put_count(compare *c, size_t n)
{
    const sc_diagnosis *d = c->diagnosis;
    c->from = c->out->n;
    sc_buf_printf(c->out, "  %zu crash%s expected, %zu found%s\n", n, n == 1 ? "" : "es", d->n_crashes,
                  d->n_crashes ? ":" : "");
    for (size_t i = 0; i < d->n_crashes; i++) {
        sc_buf title = {0};
        sc_put_title(&title, &d->crashes[i]);
        sc_buf_z(&title, ", ");
        sc_put_lines(&title, d->crashes[i].first_line, d->crashes[i].last_line);
        sc_buf_printf(c->out, "    %zu. ", i + 1);
        sc_put_squeezed(c->out, sc_buf_view(&title));
        sc_buf_char(c->out, '\n');
        sc_buf_free(&title);
    }
    note(c, (sample_difference){.key = SAMPLE_CRASHES});
}

size_t sample_differences(sc_arena *a, sc_list *list, const sample_crash *expected, size_t n, const sc_diagnosis *d,
                          sc_engine *e, sc_span paste, sc_buf *out)
{
    compare c = {.out = out, .diagnosis = d, .engine = e, .paste = paste, .arena = a, .list = list};
    size_t all = 0;
    if (n != d->n_crashes) {
        all++;
        put_count(&c, n);
    }
    for (; c.at < n && c.at < d->n_crashes; c.at++) {
        const sample_crash *want = &expected[c.at];
        const sc_crash *have = &d->crashes[c.at];
        c.differences = 0;
        compare_bugcheck(&c, want, have);
        compare_confirmed(&c, want, have);
        compare_culprit(&c, want, have);
        compare_others(&c, want, have);
        compare_asks(&c, want, have);
        compare_values(&c, want, have);
        compare_suspects(&c, want, have);
        compare_facts(&c, want);
        close_last(&c);
        all += c.differences;
    }
    return all;
}

size_t sample_compare(const sample_crash *expected, size_t n, const sc_diagnosis *d, sc_engine *e, sc_span paste,
                      sc_buf *out)
{
    return sample_differences(NULL, NULL, expected, n, d, e, paste, out);
}
