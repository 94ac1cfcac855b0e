#include "cli/expectation.h"

#include "cli/yaml_edit.h"
#include "engine/render/words.h"
#include "kb/template.h"

#include <inttypes.h>
#include <string.h>

#define MOST_ASKS 3u    /* what a reader sees without --all */
#define MOST_VALUE 120u /* bytes; longer ones are whole lines of the paste, and no use as an expectation */

/* ---- From a diagnosis -------------------------------------------------------------------------------------------- */

/* Texts that YAML cannot hold are left out. */
static bool can_write(sc_span s)
{
    return s.n && s.n <= MOST_VALUE && sc_text_bad_utf8(s) == SC_NPOS;
}

static void add_span(sc_arena *a, sc_list *list, sc_span s)
{
    sc_span *item = sc_list_add(a, list, sizeof *item);
    if (item) *item = s;
}

static void add_pair(sc_arena *a, sc_list *list, sc_span name, sc_span value)
{
    sample_pair *item = sc_list_add(a, list, sizeof *item);
    if (item) *item = (sample_pair){name, value};
}

/* A rule may hold for several bindings; the first finding is the one that is compared. */
static bool is_first(const sc_crash *c, size_t i, sc_verdict verdict)
{
    if (!sc_shows_finding(&c->findings[i], verdict)) return false;
    for (size_t k = 0; k < i; k++)
        if (sc_shows_finding(&c->findings[k], verdict) && c->findings[k].rule == c->findings[i].rule) return false;
    return true;
}

static bool is_shown(const char *template, const char *name)
{
    sc_slot slot;
    for (size_t at = 0; template && sc_template_next(sc_span_z(template), &at, &slot);)
        if (slot.closed && sc_eq_z(slot.name, name)) return true;
    return false;
}

/* Parameters are compared on their own. */
static bool is_key_value(const sc_finding *f, const sc_variable *v)
{
    static const char *const given[] = {"code", "arg1", "arg2", "arg3", "arg4", "pointer_bytes"};
    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        if (!strcmp(v->name, given[i])) return false;
    return can_write(v->value) && (is_shown(f->rule->summary, v->name) || is_shown(f->rule->culprit, v->name));
}

static void add_finding(sc_arena *a, sample_crash *out, const sc_finding *f)
{
    sc_span rule = sc_span_z(f->rule->id);
    add_pair(a, &out->confirmed, rule, sc_span_z(sc_confidence_names[f->confidence]));
    for (size_t i = 0; i < f->n_variables; i++) {
        const sc_variable *v = &f->variables[i];
        sample_value *item = is_key_value(f, v) ? sc_list_add(a, &out->values, sizeof *item) : NULL;
        if (item) *item = (sample_value){rule, sc_span_z(v->name), v->value};
    }
}

sample_crash expectation_of(sc_arena *a, const sc_crash *c)
{
    const sc_bugcheck *b = &c->bugcheck;
    sample_crash out = {.has_bugcheck = true,
                        .no_code = b->source == SC_SOURCE_NONE,
                        .code = b->code,
                        .has_args = b->known[0] || b->known[1] || b->known[2] || b->known[3],
                        .first_line = c->first_line,
                        .last_line = c->last_line,
                        .outcome = sc_span_z(sc_outcome_names[c->outcome])};
    memcpy(out.arg, b->arg, sizeof out.arg);
    memcpy(out.known, b->known, sizeof out.known);
    if (can_write(c->culprit)) {
        out.culprit_kind = c->culprit_kind;
        out.culprit = c->culprit;
        out.culprit_confidence = c->culprit_confidence;
    }
    for (size_t i = 0; i < c->n_findings; i++) {
        if (is_first(c, i, SC_CONFIRMED)) add_finding(a, &out, &c->findings[i]);
        if (is_first(c, i, SC_OPEN)) add_span(a, &out.open, sc_span_z(c->findings[i].rule->id));
    }
    for (size_t i = 0; i < c->n_asks && out.ask.n < MOST_ASKS; i++)
        if (can_write(c->asks[i].command)) add_span(a, &out.ask, c->asks[i].command);
    for (size_t i = 0; i < c->n_ruled_out; i++) add_span(a, &out.near_miss, sc_span_z(c->ruled_out[i].rule->id));
    for (size_t i = 0; i < c->n_suspects; i++)
        if (can_write(c->suspects[i].module))
            add_pair(a, &out.suspects, c->suspects[i].module, sc_span_z(sc_role_names[c->suspects[i].role]));
    return out;
}

/* ---- To YAML ----------------------------------------------------------------------------------------------------- */

typedef struct writer {
    sc_buf *out;
    bool flow;
    size_t n; /* keys so far */
} writer;

/* The key with what stands behind it, "open: ". */
static void put_key(writer *w, const char *key)
{
    if (w->n++) sc_buf_z(w->out, w->flow ? ", " : "\n");
    sc_buf_z(w->out, key);
}

void expectation_put_culprit(sc_buf *out, const sample_crash *c)
{
    if (c->culprit_kind == SC_CULPRIT_UNKNOWN) return;
    sc_buf_printf(out, "{kind: %s, name: ", sc_culprit_kind_names[c->culprit_kind]);
    yaml_put_text(out, c->culprit);
    sc_buf_printf(out, ", confidence: %s}", sc_confidence_names[c->culprit_confidence]);
}

void expectation_put_args(sc_buf *out, const sample_crash *c)
{
    for (size_t i = 0; i < 4; i++) {
        sc_buf_z(out, i ? ", " : "[");
        if (c->known[i])
            sc_buf_printf(out, "0x%" PRIx64, c->arg[i]);
        else
            sc_buf_z(out, "null");
    }
    sc_buf_char(out, ']');
}

static void put_list(writer *w, const char *key, const sc_list *list)
{
    if (!list->n) return;
    put_key(w, key);
    sc_buf_z(w->out, ": ");
    for (size_t i = 0; i < list->n; i++) {
        sc_buf_z(w->out, i ? ", " : "[");
        yaml_put_text(w->out, ((const sc_span *)list->items)[i]);
    }
    sc_buf_char(w->out, ']');
}

/* {a: b}, or [a] when one of them has no value. */
static void put_pairs(writer *w, const sc_list *list)
{
    const sample_pair *pairs = list->items;
    bool map = list->n > 0;
    for (size_t i = 0; i < list->n; i++) map = map && pairs[i].value.n;
    sc_buf_char(w->out, map ? '{' : '[');
    for (size_t i = 0; i < list->n; i++) {
        if (i) sc_buf_z(w->out, ", ");
        yaml_put_text(w->out, pairs[i].name);
        if (!map) continue;
        sc_buf_z(w->out, ": ");
        yaml_put_text(w->out, pairs[i].value);
    }
    sc_buf_char(w->out, map ? '}' : ']');
}

/* Those of one rule stand together, on a line of their own where there are lines. */
static void put_values(writer *w, const sc_list *list)
{
    const sample_value *v = list->items;
    if (!list->n) return;
    put_key(w, w->flow ? "values: " : "values:");
    for (size_t i = 0; i < list->n; i++) {
        bool same = i && sc_eq(v[i].rule, v[i - 1].rule);
        if (same)
            sc_buf_z(w->out, ", ");
        else
            sc_buf_printf(w->out, "%s%s%.*s: {",
                          i         ? "}"
                          : w->flow ? "{"
                                    : "",
                          !w->flow ? "\n  "
                          : i      ? ", "
                                   : "",
                          SC_F(v[i].rule));
        sc_buf_printf(w->out, "%.*s: ", SC_F(v[i].variable));
        yaml_put_text(w->out, v[i].value);
    }
    sc_buf_z(w->out, w->flow ? "}}" : "}");
}

void expectation_put(sc_buf *out, const sample_crash *c, unsigned flags)
{
    writer w = {.out = out, .flow = flags & EXPECT_FLOW};
    if (w.flow) sc_buf_char(out, '{');
    if (flags & EXPECT_IDENTITY) {
        put_key(&w, "bugcheck: ");
        if (c->no_code)
            sc_buf_z(out, "null");
        else
            sc_buf_printf(out, "0x%" PRIX32, c->code);
        if (c->has_args) put_key(&w, "args: ");
        if (c->has_args) expectation_put_args(out, c);
    }
    if (flags & EXPECT_LINES && c->first_line) {
        put_key(&w, "first_line: ");
        sc_buf_printf(out, "%" PRIu32, c->first_line);
    }
    if (flags & EXPECT_LINES && c->last_line) {
        put_key(&w, "last_line: ");
        sc_buf_printf(out, "%" PRIu32, c->last_line);
    }
    if (c->outcome.n) {
        put_key(&w, "outcome: ");
        sc_buf_span(out, c->outcome);
    }
    put_key(&w, "confirmed: ");
    put_pairs(&w, &c->confirmed);
    if (c->culprit_kind != SC_CULPRIT_UNKNOWN) {
        put_key(&w, "culprit: ");
        expectation_put_culprit(out, c);
    }
    put_list(&w, "open", &c->open);
    put_list(&w, "ask", &c->ask);
    put_values(&w, &c->values);
    put_list(&w, "near_miss", &c->near_miss);
    if (c->suspects.n) {
        put_key(&w, "suspects: ");
        put_pairs(&w, &c->suspects);
    }
    if (w.flow) sc_buf_char(out, '}');
}
