/* The diagnosis as Markdown, fit to post as a reply in a forum.
 *
 * Nothing from the paste may act there: lines of it stand in a fenced block, commands and modules in code spans, and
 * everything else is escaped - Markdown, HTML, table bars, formulas. Mentions, issue numbers and addresses are found by
 * forums after Markdown is done, so those get a zero-width space. Rules may use `code spans` in their sentences.
 */
#include "engine/render/layout.h"
#include "engine/render/renderers.h"
#include "engine/render/words.h"

#include <inttypes.h>
#include <string.h>

#define SHORT_LIST 3u
#define SHORT_EVIDENCE 12u
#define SHORT_NAMES 8u
#define ZERO_WIDTH "&#8203;"

typedef struct view {
    sc_buf *out;
    sc_buf line; /* scratch */
    bool all;
} view;

/* ---- Escaping --------------------------------------------------------------------------------------------------- */

/* `s` is visible already; at_start: it begins a block, where more characters mean something. */
static void put_escaped(sc_buf *out, sc_span s, bool at_start)
{
    size_t digits = 0;
    while (at_start && digits < s.n && sc_is_digit(s.p[digits])) digits++;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i], next = i + 1 < s.n ? s.p[i + 1] : '\0';
        if (c == '<')
            sc_buf_z(out, "&lt;");
        else if (c == '>')
            sc_buf_z(out, "&gt;");
        else if (c == '&')
            sc_buf_z(out, "&amp;");
        else if (c == '@')
            sc_buf_z(out, "@" ZERO_WIDTH);
        else if (c == '#')
            sc_buf_z(out, sc_is_digit(next) ? "\\#" ZERO_WIDTH : "\\#");
        else if (c == ':' && sc_starts(sc_span_from(s, i), "://"))
            sc_buf_z(out, ":" ZERO_WIDTH);
        else if (sc_istarts(sc_span_from(s, i), "www.")) {
            sc_buf_span(out, sc_span_sub(s, i, i + 3));
            sc_buf_z(out, ZERO_WIDTH);
            i += 2;
        } else {
            bool starts_list = at_start &&
                               ((i == 0 && strchr("-+=", c)) || (digits && i == digits && (c == '.' || c == ')')));
            if (strchr("\\`*_[]|~$", c) || starts_list) sc_buf_char(out, '\\');
            sc_buf_char(out, c);
        }
    }
}

static size_t longest_run(sc_span s, char c)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < s.n; i++) {
        run = s.p[i] == c ? run + 1 : 0;
        if (run > longest) longest = run;
    }
    return longest;
}

/* A code span around text that is visible already. */
static void put_code_span(sc_buf *out, sc_span s)
{
    if (!s.n) return;
    size_t fence = longest_run(s, '`') + 1;
    bool pad = s.p[0] == '`' || s.p[s.n - 1] == '`';
    sc_put_repeat(out, '`', fence);
    if (pad) sc_buf_char(out, ' ');
    sc_buf_span(out, s);
    if (pad) sc_buf_char(out, ' ');
    sc_put_repeat(out, '`', fence);
}

static void put_code(sc_buf *out, sc_span s)
{
    sc_buf v = {0};
    sc_put_squeezed(&v, s);
    put_code_span(out, sc_buf_view(&v));
    if (v.failed) out->failed = true;
    sc_buf_free(&v);
}

/* A sentence: `code spans` stay, all else is escaped. Starts a block when at_start. */
static void put_sentence(sc_buf *out, sc_span s, bool at_start)
{
    sc_buf v = {0};
    sc_put_squeezed(&v, s);
    sc_span rest = sc_buf_view(&v);
    size_t open, close;
    while ((open = sc_next_tick(rest, 0)) != SC_NPOS && (close = sc_next_tick(rest, open + 1)) != SC_NPOS) {
        put_escaped(out, sc_span_sub(rest, 0, open), at_start);
        put_code_span(out, sc_trim(sc_span_sub(rest, open + 1, close)));
        rest = sc_span_from(rest, close + 1);
        at_start = false;
    }
    put_escaped(out, rest, at_start);
    if (v.failed) out->failed = true;
    sc_buf_free(&v);
}

/* ---- Parts ------------------------------------------------------------------------------------------------------ */

static void put_confidence(view *v, sc_confidence c)
{
    if (c != SC_NO_CONFIDENCE) sc_buf_printf(v->out, " (%s)", sc_confidence_names[c]);
}

static sc_span scratch(view *v)
{
    return sc_buf_view(&v->line);
}

static void put_headline(view *v, const sc_crash *c)
{
    sc_buf_z(v->out, "### ");
    sc_buf_clear(&v->line);
    sc_put_title(&v->line, c);
    if (c->headline.n) sc_buf_printf(&v->line, ": %.*s", SC_F(c->headline));
    put_sentence(v->out, scratch(v), false);
    sc_buf_z(v->out, "\n\n");
    sc_buf_clear(&v->line);
    sc_put_args(&v->line, &c->bugcheck);
    if (v->line.n) {
        sc_buf_z(v->out, "Parameters ");
        put_code(v->out, scratch(v));
        sc_buf_z(v->out, ", ");
    }
    sc_buf_clear(&v->line);
    sc_put_lines(&v->line, c->first_line, c->last_line);
    sc_buf_printf(v->out, "%.*s of the paste\n\n", SC_F(scratch(v)));
}

static void put_verdict(view *v, const sc_crash *c)
{
    bool named = c->culprit_kind != SC_CULPRIT_UNKNOWN;
    sc_buf_clear(&v->line);
    sc_put_verdict(&v->line, c);
    sc_buf_z(v->out, "**");
    put_sentence(v->out, scratch(v), false);
    sc_buf_z(v->out, "**");
    if (named) put_confidence(v, c->culprit_confidence);
    sc_buf_z(v->out, "\n\n");
    if (c->outcome != SC_DIAGNOSED) {
        sc_buf_clear(&v->line);
        sc_put_open_question(&v->line, c);
        put_sentence(v->out, scratch(v), true);
        sc_buf_z(v->out, "\n\n");
    }
    size_t confirmed = sc_count_findings(c, SC_CONFIRMED);
    for (size_t i = 0; i < c->n_findings; i++) {
        const sc_finding *f = &c->findings[i];
        if (!sc_shows_finding(f, SC_CONFIRMED)) continue;
        if (confirmed > 1) sc_buf_z(v->out, "- ");
        put_sentence(v->out, f->summary.n ? f->summary : sc_span_z(f->rule->title), true);
        if (!named || f->rule != c->culprit_rule) put_confidence(v, f->confidence);
        sc_buf_char(v->out, '\n');
    }
    if (confirmed) sc_buf_char(v->out, '\n');
}

static void put_fixes(view *v, const sc_crash *c)
{
    size_t confirmed = sc_count_findings(c, SC_CONFIRMED);
    for (size_t i = 0; i < c->n_findings; i++) {
        const sc_finding *f = &c->findings[i];
        if (!sc_shows_finding(f, SC_CONFIRMED) || !f->n_fixes) continue;
        sc_buf_z(v->out, "**What to do");
        if (confirmed > 1) {
            sc_buf_z(v->out, ": ");
            put_sentence(v->out, sc_span_z(f->rule->title), false);
        }
        sc_buf_z(v->out, "**\n\n");
        for (size_t j = 0; j < f->n_fixes; j++) {
            sc_buf_printf(v->out, "%zu. ", j + 1);
            put_sentence(v->out, f->fixes[j], true);
            sc_buf_char(v->out, '\n');
        }
        sc_buf_char(v->out, '\n');
    }
}

static void put_evidence(view *v, const sc_finding *f)
{
    size_t n = v->all || f->n_evidence < SHORT_EVIDENCE ? f->n_evidence : SHORT_EVIDENCE;
    if (!n) return;
    size_t fence = 3;
    for (size_t i = 0; i < n; i++) {
        size_t run = longest_run(f->evidence[i].text, '`');
        if (run >= fence) fence = run + 1;
    }
    sc_put_repeat(v->out, '`', fence);
    sc_buf_z(v->out, "text\n");
    const char *clause = NULL;
    for (size_t i = 0; i < n; i++) {
        const sc_evidence *e = &f->evidence[i];
        bool same = clause && e->clause && !strcmp(clause, e->clause);
        clause = e->clause;
        sc_buf_clear(&v->line);
        sc_put_meaning(&v->line, f, e);
        if (!same && v->line.n) { /* a comment, as a debugger script writes it */
            sc_buf_z(v->out, "* ");
            sc_put_squeezed(v->out, scratch(v));
            sc_buf_char(v->out, '\n');
        }
        const sc_evidence *next = i + 1 < n ? e + 1 : NULL;
        if (next && next->line == e->line && sc_eq(next->text, e->text)) continue; /* it proves the next clause too */
        if (e->line)
            sc_buf_printf(v->out, "%6" PRIu32 "  ", e->line);
        else
            sc_buf_z(v->out, "     -  ");
        sc_put_squeezed(v->out, e->text);
        sc_buf_char(v->out, '\n');
    }
    if (n < f->n_evidence) sc_buf_printf(v->out, "* and %zu lines more\n", f->n_evidence - n);
    sc_put_repeat(v->out, '`', fence);
    sc_buf_z(v->out, "\n\n");
}

static void put_proof(view *v, const sc_crash *c)
{
    for (size_t i = 0; i < c->n_findings; i++) {
        const sc_finding *f = &c->findings[i];
        if (!sc_shows_finding(f, SC_CONFIRMED)) continue;
        sc_buf_z(v->out, "**Why:** ");
        put_sentence(v->out, sc_span_z(f->rule->title), false);
        sc_buf_z(v->out, " (rule ");
        put_code(v->out, sc_span_z(f->rule->id));
        sc_buf_z(v->out, ")\n\n");
        put_evidence(v, f);
    }
}

static void put_reasons(view *v, const char *intro, const sc_reason *r, size_t n)
{
    for (size_t i = 0; i < n && (v->all || i < SHORT_LIST); i++) {
        sc_buf_z(v->out, i ? "; " : intro);
        put_sentence(v->out, r[i].text, false);
        if (r[i].line) sc_buf_printf(v->out, " (line %" PRIu32 ")", r[i].line);
    }
}

/* A list of modules: those that are cleared (victims and bystanders), or those that are suspected. */
static void put_modules(view *v, const sc_crash *c, bool cleared)
{
    bool begun = false;
    size_t shown = 0;
    for (size_t i = 0; i < c->n_suspects; i++) {
        const sc_suspect *s = &c->suspects[i];
        if ((s->role == SC_VICTIM || s->role == SC_BYSTANDER) != cleared) continue;
        if (s->role == SC_CULPRIT && !s->n_against && c->culprit_confidence == SC_CERTAIN) continue;
        if (shown++ >= SHORT_NAMES && !v->all) continue;
        if (!begun) sc_buf_z(v->out, cleared ? "**Not the cause**\n\n" : "**Suspects**\n\n");
        begun = true;
        sc_buf_z(v->out, "- ");
        put_code(v->out, s->module);
        sc_buf_printf(v->out, " (%s)", sc_role_names[s->role]);
        put_reasons(v, cleared ? ": " : ": for it: ", s->reasons_for, s->n_for);
        put_reasons(v,
                    cleared    ? (s->n_for ? "; " : ": ")
                    : s->n_for ? "; against it: "
                               : ": against it: ",
                    s->reasons_against, s->n_against);
        sc_buf_char(v->out, '\n');
    }
    if (shown > SHORT_NAMES && !v->all) sc_buf_printf(v->out, "- and %zu more\n", shown - SHORT_NAMES);
    if (begun) sc_buf_char(v->out, '\n');
}

static void put_open(view *v, const sc_crash *c)
{
    size_t open = sc_count_findings(c, SC_OPEN), shown = 0;
    if (!open) return;
    sc_buf_z(v->out, "**Still open**\n\n");
    for (size_t i = 0; i < c->n_findings; i++) {
        const sc_finding *f = &c->findings[i];
        if (!sc_shows_finding(f, SC_OPEN)) continue;
        if (shown++ == SHORT_LIST && !v->all) {
            sc_buf_printf(v->out, "- and %zu more\n", open - SHORT_LIST);
            break;
        }
        sc_buf_z(v->out, "- ");
        put_sentence(v->out, sc_span_z(f->rule->title), true);
        size_t missing = 0;
        for (size_t j = 0; j < f->n_clauses; j++) {
            const sc_clause_result *r = &f->clauses[j];
            if (r->truth != SC_UNKNOWN || r->clause->effect != SC_REQUIRES) continue;
            sc_buf_z(v->out, missing++ ? ", " : "; not known: ");
            sc_buf_clear(&v->line);
            sc_put_clause_words(&v->line, r->clause->name);
            put_sentence(v->out, scratch(v), false);
        }
        sc_buf_char(v->out, '\n');
    }
    sc_buf_char(v->out, '\n');
}

static void put_asks(view *v, const sc_crash *c)
{
    if (!c->n_asks) return;
    sc_buf_z(v->out, "**Please run next, and post the output**\n\n");
    for (size_t i = 0; i < c->n_asks && (v->all || i < SHORT_LIST); i++) {
        sc_buf_printf(v->out, "%zu. ", i + 1);
        put_code(v->out, c->asks[i].command);
        if (c->asks[i].why.n) {
            sc_buf_z(v->out, ": ");
            put_sentence(v->out, c->asks[i].why, false);
        }
        sc_buf_char(v->out, '\n');
    }
    sc_buf_char(v->out, '\n');
}

/* Addresses come from rules; one that is not plain is shown, not linked. */
static bool is_plain_link(sc_span s)
{
    if (!sc_starts(s, "https://") && !sc_starts(s, "http://")) return false;
    for (size_t i = 0; i < s.n; i++) {
        if (!sc_is_alnum(s.p[i]) && !strchr("-._~:/?#[]@!$&'()*+,;=%", s.p[i])) return false;
    }
    return true;
}

static void put_references(view *v, const sc_crash *c)
{
    bool begun = false;
    for (size_t i = 0; i < c->n_findings; i++) {
        const sc_finding *f = &c->findings[i];
        if (!sc_shows_finding(f, SC_CONFIRMED)) continue;
        for (size_t j = 0; j < f->rule->n_references; j++) {
            sc_span link = sc_span_z(f->rule->references[j]);
            if (!begun) sc_buf_z(v->out, "**Read on**\n\n");
            begun = true;
            sc_buf_z(v->out, "- ");
            if (is_plain_link(link))
                sc_buf_printf(v->out, "<%.*s>", SC_F(link));
            else
                put_sentence(v->out, link, true);
            sc_buf_char(v->out, '\n');
        }
    }
    if (begun) sc_buf_char(v->out, '\n');
}

int sc_render_markdown(const sc_diagnosis *d, const sc_render_options *o, sc_buf *out)
{
    view v = {.out = out, .all = o->all};
    if (o->source) {
        sc_buf_z(out, "## ");
        put_code(out, sc_span_z(o->source));
        sc_buf_z(out, "\n\n");
    }
    if (!d->n_crashes) {
        put_sentence(out, sc_span_z(o->error ? o->error : sc_nothing_recognised(d)), true);
        sc_buf_char(out, '\n');
    }
    for (size_t i = 0; i < d->n_crashes; i++) {
        const sc_crash *c = &d->crashes[i];
        bool decided = c->outcome == SC_DIAGNOSED;
        put_headline(&v, c);
        put_verdict(&v, c);
        if (!decided) { /* what would decide it comes first */
            put_open(&v, c);
            put_asks(&v, c);
        }
        put_fixes(&v, c);
        put_proof(&v, c);
        put_modules(&v, c, true);
        put_modules(&v, c, false);
        if (decided) {
            put_open(&v, c);
            put_asks(&v, c);
        }
        put_references(&v, c);
    }
    if (d->n_crashes) {
        sc_buf_z(out, "---\n\n");
        sc_buf_clear(&v.line);
        sc_buf_z(&v.line, "Read by stopcode " SC_VERSION " from ");
        sc_put_health(&v.line, d);
        sc_buf_char(&v.line, '.');
        put_sentence(out, sc_buf_view(&v.line), true);
        sc_buf_char(out, '\n');
    }
    if (v.line.failed) out->failed = true;
    sc_buf_free(&v.line);
    return out->failed ? SC_E_NOMEM : SC_OK;
}
