/* The diagnosis for programs: the schema is in docs and fixed by SC_JSON_SCHEMA; keys are only ever added.
 *
 * Strings are the paste's, with bytes that are no UTF-8 as U+FFFD. Beyond what JSON escapes, C1 controls, direction
 * overrides and their kin leave as \uXXXX: the file means the same, and a terminal that shows it stays as it was.
 * What is not known is null. Lines are 1-based lines of the paste.
 */
#include "engine/render/layout.h"
#include "engine/render/renderers.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Every value goes through here or `set`, so that one failed allocation shows at the end. */
typedef struct writer {
    const sc_render_options *o;
    bool failed;
} writer;

static json_t *checked(writer *w, json_t *j)
{
    if (!j) w->failed = true;
    return j;
}

/* Steals `value`, also when it fails or `object` is NULL, as jansson's _new functions do. */
static void set(writer *w, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new_nocheck(object, key, value)) w->failed = true;
}

static void add(writer *w, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value)) w->failed = true;
}

static json_t *object(writer *w)
{
    return checked(w, json_object());
}

static json_t *array(writer *w)
{
    return checked(w, json_array());
}

static json_t *text(writer *w, sc_span s)
{
    bool valid = true;
    uint32_t c;
    for (size_t i = 0, n; i < s.n && valid; i += n) valid = (n = sc_utf8_read(s, i, &c)) > 0;
    if (valid) return checked(w, json_stringn_nocheck(s.n ? s.p : "", s.n));
    sc_buf b = {0};
    for (size_t i = 0; i < s.n;) {
        size_t n = sc_utf8_read(s, i, &c);
        if (n)
            sc_buf_span(&b, sc_span_sub(s, i, i + n));
        else
            sc_buf_z(&b, "\xEF\xBF\xBD");
        i += n ? n : 1;
    }
    json_t *j = b.failed ? NULL : json_stringn_nocheck(b.p, b.n);
    sc_buf_free(&b);
    return checked(w, j);
}

static json_t *text_z(writer *w, const char *z)
{
    return text(w, sc_span_z(z));
}

static json_t *text_or_null(writer *w, sc_span s)
{
    return s.n ? text(w, s) : checked(w, json_null());
}

static json_t *integer(writer *w, uint64_t n)
{
    return checked(w, json_integer((json_int_t)n));
}

static json_t *line_or_null(writer *w, uint32_t line)
{
    return line ? integer(w, line) : checked(w, json_null());
}

static json_t *confidence(writer *w, sc_confidence c)
{
    return c == SC_NO_CONFIDENCE ? checked(w, json_null()) : text_z(w, sc_confidence_names[c]);
}

static json_t *transcript(writer *w, const sc_diagnosis *d)
{
    json_t *j = object(w), *repairs = array(w), *sections = array(w);
    for (size_t i = 0; i < d->n_repairs; i++) add(w, repairs, text_z(w, d->repairs[i]));
    for (size_t i = 0; i < d->n_sections; i++) {
        const sc_section_info *s = &d->sections[i];
        json_t *section = object(w);
        set(w, section, "command", text(w, s->command));
        set(w, section, "first_line", integer(w, s->first_line));
        set(w, section, "last_line", integer(w, s->last_line));
        set(w, section, "processor", s->processor < 0 ? json_null() : json_integer(s->processor));
        set(w, section, "args", text(w, s->args));
        set(w, section, "complete", json_boolean(s->complete));
        set(w, section, "known", json_boolean(s->known));
        set(w, section, "user_mode", json_boolean(s->user_mode));
        add(w, sections, section);
    }
    set(w, j, "lines", integer(w, d->lines));
    set(w, j, "repairs", repairs);
    set(w, j, "truncated", json_boolean(d->truncated));
    json_t *health = array(w);
    for (size_t i = 0; i < d->n_health; i++) {
        json_t *one = object(w);
        set(w, one, "kind", text_z(w, d->health[i].kind));
        set(w, one, "text", text(w, d->health[i].text));
        set(w, one, "line", integer(w, d->health[i].line));
        add(w, health, one);
    }
    set(w, j, "health", health);
    set(w, j, "sections", sections);
    return j;
}

static json_t *bugcheck(writer *w, const sc_bugcheck *b)
{
    if (b->source == SC_SOURCE_NONE) return checked(w, json_null());
    char hex[24];
    json_t *j = object(w), *args = array(w);
    set(w, j, "source", text_z(w, sc_source_names[b->source]));
    snprintf(hex, sizeof hex, "0x%" PRIX32, b->code);
    set(w, j, "code", text_z(w, hex));
    set(w, j, "name", text_or_null(w, b->name));
    bool any = b->known[0] || b->known[1] || b->known[2] || b->known[3];
    for (int i = 0; any && i < 4; i++) {
        snprintf(hex, sizeof hex, "0x%" PRIx64, b->arg[i]);
        add(w, args, b->known[i] ? text_z(w, hex) : json_null());
    }
    set(w, j, "args", args);
    set(w, j, "line", line_or_null(w, b->line));
    return j;
}

static json_t *evidence(writer *w, const sc_evidence *e, size_t n)
{
    json_t *j = array(w);
    for (size_t i = 0; i < n; i++) {
        json_t *item = object(w);
        set(w, item, "clause", text_z(w, e[i].clause));
        set(w, item, "line", line_or_null(w, e[i].line));
        set(w, item, "text", text(w, e[i].text));
        if (e[i].last_line > e[i].line) set(w, item, "last_line", integer(w, e[i].last_line));
        add(w, j, item);
    }
    return j;
}

static json_t *clauses(writer *w, const sc_finding *f)
{
    static const char *const effects[] = {
        [SC_REQUIRES] = "requires", [SC_SUPPORTS] = "supports", [SC_EXCLUDES] = "excludes"};
    json_t *j = array(w);
    for (size_t i = 0; i < f->n_clauses; i++) {
        const sc_clause_result *r = &f->clauses[i];
        json_t *item = object(w), *lines = array(w);
        set(w, item, "clause", text_z(w, r->clause->name));
        set(w, item, "effect", text_z(w, effects[r->clause->effect]));
        set(w, item, "truth", text_z(w, sc_truth_names[r->truth]));
        set(w, item, "value", text_or_null(w, r->value));
        set(w, item, "ask", text_or_null(w, r->ask));
        for (size_t k = 0; k < r->n_evidence; k++) add(w, lines, line_or_null(w, r->evidence[k].line));
        set(w, item, "lines", lines);
        add(w, j, item);
    }
    return j;
}

static json_t *finding(writer *w, const sc_finding *f)
{
    json_t *j = object(w), *variables = object(w), *fixes = array(w), *references = array(w);
    set(w, j, "rule", text_z(w, f->rule->id));
    set(w, j, "title", text_z(w, f->rule->title));
    set(w, j, "verdict", text_z(w, sc_verdict_names[f->verdict]));
    set(w, j, "confidence", confidence(w, f->confidence));
    set(w, j, "summary", text(w, f->summary));
    for (size_t i = 0; i < f->n_variables; i++) set(w, variables, f->variables[i].name, text(w, f->variables[i].value));
    set(w, j, "variables", variables);
    set(w, j, "evidence", evidence(w, f->evidence, f->n_evidence));
    for (size_t i = 0; i < f->n_fixes; i++) add(w, fixes, text(w, f->fixes[i]));
    set(w, j, "fixes", fixes);
    set(w, j, "tier", text_z(w, sc_tier_names[f->rule->tier]));
    set(w, j, "culprit", text_or_null(w, f->culprit));
    set(w, j, "clauses", clauses(w, f));
    for (size_t i = 0; i < f->rule->n_references; i++) add(w, references, text_z(w, f->rule->references[i]));
    set(w, j, "references", references);
    if (f->superseded) set(w, j, "superseded", json_true());
    return j;
}

static json_t *reasons(writer *w, const sc_reason *r, size_t n)
{
    json_t *j = array(w);
    for (size_t i = 0; i < n; i++) {
        json_t *item = object(w);
        set(w, item, "text", text(w, r[i].text));
        set(w, item, "line", line_or_null(w, r[i].line));
        add(w, j, item);
    }
    return j;
}

static json_t *culprit(writer *w, const sc_crash *c)
{
    json_t *j = object(w);
    set(w, j, "kind", text_z(w, sc_culprit_kind_names[c->culprit_kind]));
    set(w, j, "name", text_or_null(w, c->culprit));
    set(w, j, "confidence", confidence(w, c->culprit_confidence));
    set(w, j, "rule", c->culprit_rule ? text_z(w, c->culprit_rule->id) : json_null());
    return j;
}

static json_t *crash(writer *w, const sc_crash *c)
{
    json_t *j = object(w), *findings = array(w), *suspects = array(w), *asks = array(w);
    set(w, j, "outcome", text_z(w, sc_outcome_names[c->outcome]));
    set(w, j, "bugcheck", bugcheck(w, &c->bugcheck));
    set(w, j, "first_line", integer(w, c->first_line));
    set(w, j, "last_line", integer(w, c->last_line));
    set(w, j, "signature", text_or_null(w, c->signature));
    set(w, j, "culprit", culprit(w, c));
    for (size_t i = 0; i < c->n_findings; i++) {
        if (!c->findings[i].superseded || w->o->all) add(w, findings, finding(w, &c->findings[i]));
    }
    set(w, j, "findings", findings);
    for (size_t i = 0; i < c->n_suspects; i++) {
        const sc_suspect *s = &c->suspects[i];
        json_t *item = object(w);
        set(w, item, "module", text(w, s->module));
        set(w, item, "role", text_z(w, sc_role_names[s->role]));
        set(w, item, "for", reasons(w, s->reasons_for, s->n_for));
        set(w, item, "against", reasons(w, s->reasons_against, s->n_against));
        add(w, suspects, item);
    }
    set(w, j, "suspects", suspects);
    for (size_t i = 0; i < c->n_asks; i++) {
        const sc_ask *a = &c->asks[i];
        json_t *item = object(w), *settles = array(w);
        set(w, item, "command", text(w, a->command));
        set(w, item, "why", text(w, a->why));
        for (size_t k = 0; k < a->n_settles; k++) add(w, settles, text_z(w, a->settles[k]));
        set(w, item, "settles", settles);
        add(w, asks, item);
    }
    set(w, j, "ask", asks);
    set(w, j, "headline", text_or_null(w, c->headline));
    if (w->o->all) {
        json_t *out = array(w);
        for (size_t i = 0; i < c->n_ruled_out; i++) add(w, out, finding(w, &c->ruled_out[i]));
        set(w, j, "ruled_out", out);
    }
    return j;
}

/* Copies a finished document, hidden characters as escapes. They can only stand inside strings. */
static void put_escaped(sc_buf *out, sc_span s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t c;
        size_t n = sc_utf8_read(s, i, &c);
        if (n && c >= 0x20 && c < 0x10000 && sc_is_hidden(c)) {
            sc_buf_span(out, sc_span_sub(s, from, i));
            sc_buf_printf(out, "\\u%04x", (unsigned)c);
            from = i + n;
        } else if (n && c >= 0x10000 && sc_is_hidden(c)) {
            sc_buf_span(out, sc_span_sub(s, from, i));
            sc_buf_printf(out, "\\u%04x\\u%04x", 0xD800u + ((unsigned)c - 0x10000u) / 0x400u,
                          0xDC00u + (unsigned)c % 0x400u);
            from = i + n;
        }
        i += n ? n : 1;
    }
    sc_buf_span(out, sc_span_from(s, from));
}

int sc_render_json(const sc_diagnosis *d, const sc_render_options *o, sc_buf *out)
{
    /* Without a seed of its own jansson would read the clock for one. Keys come from rules, never from the paste. */
    json_object_seed(1);
    writer w = {.o = o};
    json_t *root = object(&w), *crashes = array(&w);
    set(&w, root, "schema", integer(&w, SC_JSON_SCHEMA));
    if (o->source) set(&w, root, "source", text_z(&w, o->source));
    if (o->error) set(&w, root, "error", text_z(&w, o->error));
    set(&w, root, "transcript", transcript(&w, d));
    for (size_t i = 0; i < d->n_crashes; i++) add(&w, crashes, crash(&w, &d->crashes[i]));
    set(&w, root, "crashes", crashes);
    char *dump = w.failed ? NULL : json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
    if (dump) {
        put_escaped(out, sc_span_z(dump));
        sc_buf_char(out, '\n');
    }
    free(dump);
    json_decref(root);
    return !dump || out->failed ? SC_E_NOMEM : SC_OK;
}
