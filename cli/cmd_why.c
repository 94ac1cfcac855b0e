/* stopcode why RULE FILE: what each clause of a rule came to, and what was seen. */
#include "cli/cli.h"

#include "engine/render/layout.h"
#include "engine/render/words.h"
#include "kb/messages.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const sc_rule *find_exact(const sc_knowledge *k, const char *id)
{
    for (size_t i = 0; i < k->n_rules; i++) {
        if (sc_ieq_z(sc_span_z(id), k->rules[i].id)) return &k->rules[i];
    }
    return NULL;
}

/* "0x9F/pnp-lock-held", in any case, or "pnp-lock-held" where only one folder has it. Tells what is wrong. */
static const sc_rule *find_rule(const sc_knowledge *k, const char *id)
{
    const sc_rule *found = find_exact(k, id);
    size_t n = 0;
    sc_nearest near = sc_nearest_to(sc_span_z(id));
    if (found) return found;
    for (size_t i = 0; i < k->n_rules; i++) {
        const char *slash = strchr(k->rules[i].id, '/');
        sc_nearest_try(&near, k->rules[i].id);
        if (!slash) continue;
        sc_nearest_try(&near, slash + 1);
        if (!sc_ieq_z(sc_span_z(id), slash + 1)) continue;
        found = &k->rules[i];
        n++;
    }
    if (n == 1) return found;
    if (n)
        cli_fail("%zu rules are called \"%s\"; name the folder too: %s", n, id, found->id);
    else
        cli_fail("there is no rule \"%s\"%s%s%s", id, near.name ? "; did you mean \"" : "", near.name ? near.name : "",
                 near.name ? "\"?" : "");
    return NULL;
}

static void put_clause(sc_pen *p, const sc_clause_result *r)
{
    static const sc_style styles[] = {
        [SC_FALSE] = SC_STYLE_POOR, [SC_UNKNOWN] = SC_STYLE_FAIR, [SC_TRUE] = SC_STYLE_GOOD};
    char label[16], effect[32];
    const sc_clause *c = r->clause;
    p->indent = 2;
    sc_pen_start(p);
    snprintf(label, sizeof label, "%-9s", sc_truth_names[r->truth]);
    sc_pen_paint(p, styles[r->truth], sc_span_z(label));
    sc_pen_paint(p, SC_STYLE_BOLD, sc_span_z(c->name));
    if (c->effect == SC_SUPPORTS)
        snprintf(effect, sizeof effect, "  supports: %s", sc_confidence_names[c->supports]);
    else
        snprintf(effect, sizeof effect, "%s", c->effect == SC_EXCLUDES ? "  excludes the rule when true" : "");
    sc_pen_paint(p, SC_STYLE_DIM, sc_span_z(effect));
    sc_buf_char(p->out, '\n');
    p->indent = 11;
    bool shown = r->n_evidence && sc_line_shows(r->evidence[0].text, r->value);
    if (r->value.n && !shown) sc_pen_paragraph(p, 0, SC_STYLE_PLAIN, r->value, SC_STYLE_PLAIN, SC_S(""));
    for (size_t i = 0; i < r->n_evidence; i++) {
        char number[24] = "-";
        const sc_evidence *e = &r->evidence[i];
        if (e->last_line > e->line)
            snprintf(number, sizeof number, "%" PRIu32 "-%" PRIu32, e->line, e->last_line);
        else if (e->line)
            snprintf(number, sizeof number, "%" PRIu32, e->line);
        sc_pen_rows(p, &(sc_pen_row){sc_span_z(number), e->text, SC_S("")}, 1);
    }
    if (r->truth == SC_UNKNOWN && r->ask.n) {
        sc_pen_start(p);
        sc_pen_paint(p, SC_STYLE_DIM, SC_S("run "));
        sc_pen_paint(p, SC_STYLE_COMMAND, r->ask);
        sc_buf_char(p->out, '\n');
    }
}

static void put_finding(sc_pen *p, const sc_finding *f)
{
    sc_buf line = {0};
    sc_buf_printf(&line, "%s", f->verdict == SC_RULED_OUT ? "ruled out" : sc_verdict_names[f->verdict]);
    if (f->verdict == SC_CONFIRMED) sc_buf_printf(&line, ", %s", sc_confidence_names[f->confidence]);
    if (f->culprit.n) sc_buf_printf(&line, ", culprit %.*s", SC_F(f->culprit));
    if (f->superseded) sc_buf_z(&line, ", hidden by a rule that says more");
    p->indent = 0;
    sc_pen_paragraph(p, 2, SC_STYLE_BOLD, sc_buf_view(&line), SC_STYLE_PLAIN, SC_S(""));
    for (size_t i = 0; i < f->n_clauses; i++) put_clause(p, &f->clauses[i]);
    if (f->n_variables) {
        sc_buf_clear(&line);
        for (size_t i = 0; i < f->n_variables; i++) {
            sc_buf_printf(&line, "%s%s = %.*s", i ? ", " : "", f->variables[i].name, SC_F(f->variables[i].value));
        }
        p->indent = 2;
        sc_buf_char(p->out, '\n');
        sc_pen_paragraph(p, 2, SC_STYLE_DIM, sc_buf_view(&line), SC_STYLE_PLAIN, SC_S(""));
    }
    if (line.failed) p->out->failed = true;
    sc_buf_free(&line);
}

/* A bug check that is not known leaves every rule possible. */
static bool is_about(const sc_rule *rule, const sc_crash *c)
{
    if (rule->any_code || c->bugcheck.source == SC_SOURCE_NONE) return true;
    for (size_t i = 0; i < rule->n_codes; i++) {
        if (rule->codes[i] == c->bugcheck.code) return true;
    }
    return false;
}

static void put_text(sc_pen *p, const sc_rule *rule, const sc_diagnosis *d)
{
    sc_pen_paint(p, SC_STYLE_BOLD, sc_span_z(rule->id));
    sc_buf_z(p->out, "  ");
    sc_pen_paint(p, SC_STYLE_PLAIN, sc_span_z(rule->title));
    sc_buf_char(p->out, '\n');
    if (rule->status != SC_STABLE)
        sc_buf_printf(p->out, "The rule is %s: a diagnosis does not use it.\n", sc_status_names[rule->status]);
    for (size_t i = 0; i < d->n_crashes; i++) {
        const sc_crash *c = &d->crashes[i];
        sc_buf head = {0};
        sc_buf_char(p->out, '\n');
        sc_put_title(&head, c);
        sc_buf_z(&head, "  ");
        sc_put_lines(&head, c->first_line, c->last_line);
        sc_pen_paint(p, SC_STYLE_BOLD, sc_buf_view(&head));
        bool about = c->n_findings && is_about(rule, c);
        sc_buf_z(p->out, about ? ": " : ": the rule is for other bug checks\n");
        if (head.failed) p->out->failed = true;
        sc_buf_free(&head);
        for (size_t k = 0; about && k < c->n_findings; k++) put_finding(p, &c->findings[k]);
    }
}

static int run(cli *c)
{
    const char *format = c->value[CLI_FORMAT] ? c->value[CLI_FORMAT] : "text", *file = c->operands[1];
    bool color, json = !strcmp(format, "json");
    if (!json && strcmp(format, "text") != 0) return cli_fail("--format is text or json here, not \"%s\"", format);
    if (!cli_wants_color(c, &color)) return CLI_ERROR;
    sc_buf paste = {0}, out = {0};
    sc_error error = {0};
    sc_diagnosis *d = NULL;
    cli_engine e = {0};
    int status = CLI_ERROR;
    if (cli_read(file, &paste, &error)) {
        cli_fail("%s: %s", cli_file_name(file), error.text);
        goto done;
    }
    if (cli_open_engine(c, &e)) goto done;
    const sc_rule *rule = find_rule(sc_kb_knowledge(e.kb), c->operands[0]);
    if (!rule) goto done;
    if (sc_why(e.engine, sc_buf_view(&paste), rule->id, &d, &error)) {
        cli_fail("%s: %s", cli_file_name(file), *error.text ? error.text : "out of memory");
        goto done;
    }
    if (json) {
        sc_render_options o = {.all = true};
        if (sc_find_renderer(SC_S("json"))(d, &o, &out)) out.failed = true;
    } else if (d->n_crashes) {
        sc_pen pen = sc_pen_of(&out, cli_width(), color);
        put_text(&pen, rule, d);
    } else {
        cli_say("%s: %s", cli_file_name(file), sc_nothing_recognised(d));
    }
    status = cli_put(&out);
    if (!status && !d->n_crashes) status = CLI_NO;
done:
    sc_diagnosis_free(d);
    cli_close_engine(&e);
    sc_buf_free(&paste);
    sc_buf_free(&out);
    return status;
}

const cli_command cli_why = {
    .name = "why",
    .operands = "RULE FILE",
    .summary = "every clause of a rule on a paste: true, false or unknown, and what was seen",
    .text = "RULE is an id such as 0x9F/pnp-lock-held; its folder may be left out. Drafts are evaluated too.",
    .examples = "stopcode why 0x9F/pnp-lock-held paste.txt\nstopcode why pnp-lock-held - <paste.txt",
    .options = (const cli_option[]){CLI_FORMAT, CLI_COLOR, CLI_KB, CLI_END},
    .least = 2,
    .most = 2,
    .run = run,
};
