/* The diagnosis for a person at a terminal. Per crash, in reading order:
 *
 *     0x9F DRIVER_POWER_STATE_FAILURE  sync time-out, 600 s                 lines 84-253
 *
 *       ZTEusbnet is the cause.                                                  certain
 *       Its device was unplugged; its driver owns nt!PiEngineLock ...
 *
 *       Do    1. Update the ZTE modem software, or remove it.                    no risk
 *       Why   107  Resource @ nt!PiEngineLock ...      the lock that every PnP change needs
 *       Not   usbccgp, ndis (bystanders): on the path, not holding anything
 *       Suspects, Open, Next, Out
 *
 * A crash that is not decided shows what is open and what would settle it first. At most three open findings and three
 * commands; `all` shows the rest.
 */
#include "engine/render/layout.h"
#include "engine/render/pen.h"
#include "engine/render/renderers.h"
#include "engine/render/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHORT_LIST 3u      /* open findings and commands without `all` */
#define SHORT_EVIDENCE 12u /* lines of proof per finding without `all` */
#define SHORT_FIXES 2u     /* steps of the second and later findings without `all` */
#define SHORT_NAMES 8u     /* modules with the same reason */
#define MAX_MODULES 256u   /* that are grouped at all: a raw stack can name thousands */

typedef struct view {
    sc_pen pen;
    sc_buf line; /* scratch */
    bool all;
} view;

static sc_span scratch(view *v)
{
    return sc_buf_view(&v->line);
}

static void plain(view *v, size_t hang, sc_style style, sc_span text)
{
    sc_pen_paragraph(&v->pen, hang, style, text, SC_STYLE_PLAIN, SC_S(""));
}

/* "3 more: --all" */
static void put_more(view *v, size_t n, const char *one, const char *many)
{
    char text[80];
    snprintf(text, sizeof text, "%zu more %s: --all", n, n == 1 ? one : many);
    plain(v, 0, SC_STYLE_DIM, sc_span_z(text));
}

static void put_rule_id(view *v, const sc_finding *f)
{
    if (!f->rule) return;
    sc_buf_clear(&v->line);
    sc_buf_printf(&v->line, "rule %s", f->rule->id);
    plain(v, 0, SC_STYLE_DIM, scratch(v));
}

/* ---- Headline and verdict --------------------------------------------------------------------------------------- */

static void put_headline(view *v, const sc_crash *c)
{
    sc_buf title = {0}, range = {0}, vis = {0};
    sc_put_title(&title, c);
    sc_put_lines(&range, c->first_line, c->last_line);
    sc_put_squeezed(&vis, c->headline);
    sc_buf shown = {0};
    sc_put_visible(&shown, sc_buf_view(&title));
    size_t used = sc_columns(sc_buf_view(&shown)), head = sc_columns(sc_buf_view(&vis)), width = v->pen.width;
    bool beside = head && used + 2 + head + 2 + range.n <= width;
    sc_pen_paint(&v->pen, SC_STYLE_BOLD, sc_buf_view(&title));
    if (beside) {
        sc_buf_z(v->pen.out, "  ");
        sc_pen_paint(&v->pen, SC_STYLE_PLAIN, sc_buf_view(&vis));
        used += 2 + head;
    }
    if (used + 2 + range.n <= width)
        sc_put_spaces(v->pen.out, width - used - range.n);
    else
        sc_buf_z(v->pen.out, "  ");
    sc_pen_paint(&v->pen, SC_STYLE_DIM, sc_buf_view(&range));
    sc_buf_char(v->pen.out, '\n');
    v->pen.indent = 2;
    if (head && !beside) plain(v, 0, SC_STYLE_PLAIN, sc_buf_view(&vis));

    sc_buf_clear(&v->line);
    sc_put_args(&v->line, &c->bugcheck);
    const char *where = sc_source_words[c->bugcheck.source];
    if (where) sc_buf_printf(&v->line, "%s%s", v->line.n ? "  " : "", where);
    plain(v, 0, SC_STYLE_DIM, scratch(v));
    if (title.failed || range.failed || vis.failed || shown.failed) v->pen.out->failed = true;
    sc_buf_free(&title);
    sc_buf_free(&range);
    sc_buf_free(&vis);
    sc_buf_free(&shown);
}

static sc_span confidence_word(sc_confidence c)
{
    return c == SC_NO_CONFIDENCE ? SC_S("") : sc_span_z(sc_confidence_names[c]);
}

/* The numbers of the confirmed findings are the order of their sentences here; Do and Why refer to them. */
static void put_verdict(view *v, const sc_crash *c)
{
    sc_buf_char(v->pen.out, '\n');
    v->pen.indent = 2;
    sc_buf_clear(&v->line);
    sc_put_verdict(&v->line, c);
    bool named = c->culprit_kind != SC_CULPRIT_UNKNOWN;
    sc_pen_paragraph(&v->pen, 0, SC_STYLE_BOLD, scratch(v), sc_pen_confidence(c->culprit_confidence),
                     named ? confidence_word(c->culprit_confidence) : SC_S(""));
    if (c->outcome != SC_DIAGNOSED) {
        sc_buf_clear(&v->line);
        sc_put_open_question(&v->line, c);
        plain(v, 0, SC_STYLE_PLAIN, scratch(v));
    }
    size_t confirmed = sc_count_findings(c, SC_CONFIRMED), number = 0;
    for (size_t i = 0; i < c->n_findings; i++) {
        const sc_finding *f = &c->findings[i];
        if (!sc_shows_finding(f, SC_CONFIRMED)) continue;
        sc_buf_clear(&v->line);
        if (confirmed > 1) sc_buf_printf(&v->line, "%zu. ", ++number);
        sc_span summary = f->summary.n ? f->summary : sc_span_z(f->rule ? f->rule->title : "");
        sc_buf_span(&v->line, summary);
        bool said = named && confirmed == 1 && f->rule == c->culprit_rule && f->confidence == c->culprit_confidence;
        sc_pen_paragraph(&v->pen, confirmed > 1 ? 3 : 0, SC_STYLE_PLAIN, scratch(v), sc_pen_confidence(f->confidence),
                         said ? SC_S("") : confidence_word(f->confidence));
    }
}

/* ---- Confirmed findings: what to do, and the proof -------------------------------------------------------------- */

/* "For 2:" before what belongs to the second of several findings. */
static void put_which(view *v, size_t number, const sc_finding *f)
{
    sc_buf_clear(&v->line);
    sc_buf_printf(&v->line, "%zu. ", number);
    if (f->rule) sc_buf_z(&v->line, f->rule->title);
    plain(v, 3, SC_STYLE_BOLD, scratch(v));
}

static void put_fixes(view *v, const sc_crash *c)
{
    size_t confirmed = sc_count_findings(c, SC_CONFIRMED), number = 0, ladders = 0;
    sc_pen_section(&v->pen, "Do");
    for (size_t i = 0; i < c->n_findings; i++) {
        const sc_finding *f = &c->findings[i];
        if (!sc_shows_finding(f, SC_CONFIRMED)) continue;
        number++;
        if (!f->n_fixes) continue;
        if (confirmed > 1) put_which(v, number, f);
        size_t shown = v->all || !ladders || f->n_fixes <= SHORT_FIXES ? f->n_fixes : SHORT_FIXES;
        ladders++;
        v->pen.indent = SC_PEN_INDENT + (confirmed > 1 ? 3 : 0);
        for (size_t j = 0; j < shown; j++) {
            sc_span step, risk;
            sc_split_risk(f->fixes[j], &step, &risk);
            if (sc_columns(risk) > 24) { /* a whole sentence stays in the prose */
                step = f->fixes[j];
                risk = SC_S("");
            }
            sc_buf_clear(&v->line);
            size_t hang = 3;
            if (confirmed > 1) {
                sc_buf_z(&v->line, "- ");
                hang = 2;
            } else {
                sc_buf_printf(&v->line, "%zu. ", j + 1);
            }
            sc_buf_span(&v->line, step);
            sc_pen_paragraph(&v->pen, hang, SC_STYLE_PLAIN, scratch(v), SC_STYLE_DIM, risk);
        }
        if (shown < f->n_fixes) put_more(v, f->n_fixes - shown, "step", "steps");
        v->pen.indent = SC_PEN_INDENT;
    }
    v->pen.label = NULL;
}

/* Rows of evidence, written in blocks, so that any number of lines needs no memory of its own. */
typedef struct evidence_rows {
    const sc_evidence *of[SHORT_EVIDENCE];
    sc_buf meanings[SHORT_EVIDENCE];
    size_t n;
} evidence_rows;

static void flush_rows(view *v, evidence_rows *e)
{
    sc_pen_row rows[SHORT_EVIDENCE];
    char numbers[SHORT_EVIDENCE][24];
    for (size_t i = 0; i < e->n; i++) {
        uint32_t line = e->of[i]->line, last = e->of[i]->last_line;
        if (!line)
            snprintf(numbers[i], sizeof numbers[i], "-");
        else if (last > line)
            snprintf(numbers[i], sizeof numbers[i], "%" PRIu32 "-%" PRIu32, line, last);
        else
            snprintf(numbers[i], sizeof numbers[i], "%" PRIu32, line);
        rows[i] = (sc_pen_row){sc_span_z(numbers[i]), e->of[i]->text, sc_buf_view(&e->meanings[i])};
    }
    sc_pen_rows(&v->pen, rows, e->n);
    for (size_t i = 0; i < e->n; i++) {
        if (e->meanings[i].failed) v->pen.out->failed = true;
        sc_buf_free(&e->meanings[i]);
    }
    e->n = 0;
}

/* A line that proves two things stands once, with both; what a clause means stands beside its first line. */
static void put_evidence(view *v, const sc_finding *f, size_t most)
{
    size_t n = f->n_evidence < most ? f->n_evidence : most;
    evidence_rows rows = {0};
    const char *clause = NULL;
    for (size_t i = 0; i < n; i++) {
        const sc_evidence *e = &f->evidence[i];
        size_t at = 0;
        while (at < rows.n && !(rows.of[at]->line == e->line && sc_eq(rows.of[at]->text, e->text))) at++;
        if (at == SHORT_EVIDENCE) {
            flush_rows(v, &rows);
            at = 0;
        }
        if (at == rows.n) rows.of[rows.n++] = e;
        if (!clause || !e->clause || strcmp(clause, e->clause) != 0) {
            if (rows.meanings[at].n) sc_buf_z(&rows.meanings[at], "; ");
            sc_put_meaning(&rows.meanings[at], f, e);
        }
        clause = e->clause;
    }
    flush_rows(v, &rows);
    if (n < f->n_evidence && most > SHORT_LIST) put_more(v, f->n_evidence - n, "line", "lines");
}

static void put_proof(view *v, const sc_crash *c)
{
    size_t confirmed = sc_count_findings(c, SC_CONFIRMED), number = 0;
    sc_pen_section(&v->pen, "Why");
    for (size_t i = 0; i < c->n_findings; i++) {
        const sc_finding *f = &c->findings[i];
        if (!sc_shows_finding(f, SC_CONFIRMED)) continue;
        number++;
        if (confirmed > 1) put_which(v, number, f);
        v->pen.indent = SC_PEN_INDENT + (confirmed > 1 ? 3 : 0);
        put_evidence(v, f, v->all ? f->n_evidence : SHORT_EVIDENCE);
        put_rule_id(v, f);
        v->pen.indent = SC_PEN_INDENT;
    }
    v->pen.label = NULL;
}

/* ---- Modules ---------------------------------------------------------------------------------------------------- */

static bool is_cleared(const sc_suspect *s)
{
    return s->role == SC_VICTIM || s->role == SC_BYSTANDER;
}

/* What clears a module: the reason against it, else the one that gave it its role. */
static sc_reason clearing(const sc_suspect *s)
{
    if (s->n_against) return s->reasons_against[0];
    if (s->n_for) return s->reasons_for[0];
    return (sc_reason){SC_S(""), 0};
}

static bool same_fate(const sc_suspect *a, const sc_suspect *b)
{
    return is_cleared(b) && a->role == b->role && sc_eq(clearing(a).text, clearing(b).text);
}

/* Modules with the same role for the same reason share a paragraph. */
static void put_cleared(view *v, const sc_crash *c)
{
    size_t all = c->n_suspects < MAX_MODULES ? c->n_suspects : MAX_MODULES;
    sc_pen_section(&v->pen, "Not");
    for (size_t i = 0; i < all; i++) {
        const sc_suspect *s = &c->suspects[i];
        if (!is_cleared(s)) continue;
        bool told = false;
        for (size_t j = 0; j < i && !told; j++) told = same_fate(s, &c->suspects[j]);
        if (told) continue;
        size_t n = 0;
        sc_buf_clear(&v->line);
        for (size_t j = i; j < all; j++) {
            if (!same_fate(s, &c->suspects[j])) continue;
            if (n++ >= SHORT_NAMES && !v->all) continue;
            sc_buf_printf(&v->line, "%s%.*s", n > 1 ? ", " : "", SC_F(c->suspects[j].module));
        }
        if (n > SHORT_NAMES && !v->all) sc_buf_printf(&v->line, " and %zu more", n - SHORT_NAMES);
        sc_buf_printf(&v->line, " (%s%s)", sc_role_names[s->role], n > 1 ? "s" : "");
        sc_reason why = clearing(s);
        if (why.text.n) sc_buf_printf(&v->line, ": %.*s", SC_F(why.text));
        if (why.line && n == 1) sc_buf_printf(&v->line, " (line %" PRIu32 ")", why.line);
        plain(v, 2, SC_STYLE_PLAIN, scratch(v));
    }
    if (all < c->n_suspects) {
        sc_buf_clear(&v->line);
        sc_buf_printf(&v->line, "%zu modules more are in the JSON output", c->n_suspects - all);
        plain(v, 2, SC_STYLE_DIM, scratch(v));
    }
    v->pen.label = NULL;
}

static void put_reasons(view *v, const char *sign, const sc_reason *reasons, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!v->all && i == SHORT_LIST) {
            put_more(v, n - i, "reason", "reasons");
            break;
        }
        char line[24] = "";
        if (reasons[i].line) snprintf(line, sizeof line, "line %" PRIu32, reasons[i].line);
        sc_buf_clear(&v->line);
        sc_buf_printf(&v->line, "%s: %.*s", sign, SC_F(reasons[i].text));
        sc_pen_paragraph(&v->pen, 2, SC_STYLE_PLAIN, scratch(v), SC_STYLE_NUMBER, sc_span_z(line));
    }
}

static void put_suspects(view *v, const sc_crash *c)
{
    sc_pen_section(&v->pen, "Suspects");
    for (size_t i = 0; i < c->n_suspects && i < MAX_MODULES; i++) {
        const sc_suspect *s = &c->suspects[i];
        bool doubtful = s->role == SC_CULPRIT && (s->n_against || c->culprit_confidence < SC_CERTAIN || v->all);
        if (s->role != SC_SUSPECT && !doubtful) continue;
        plain(v, 0, SC_STYLE_BOLD, s->module);
        v->pen.indent = SC_PEN_INDENT + 2;
        put_reasons(v, "for", s->reasons_for, s->n_for);
        put_reasons(v, "against", s->reasons_against, s->n_against);
        v->pen.indent = SC_PEN_INDENT;
    }
    v->pen.label = NULL;
}

/* ---- What is open, and what to run next ------------------------------------------------------------------------- */

/* "Not known: stack limits (`!thread`), owner waits." */
static void put_missing(view *v, const sc_finding *f)
{
    size_t n = 0;
    sc_buf_clear(&v->line);
    for (size_t i = 0; i < f->n_clauses; i++) {
        const sc_clause_result *r = &f->clauses[i];
        if (r->truth != SC_UNKNOWN || !r->clause || r->clause->effect != SC_REQUIRES) continue;
        sc_buf_z(&v->line, n++ ? ", " : "not known: ");
        sc_put_clause_words(&v->line, r->clause->name);
        if (r->ask.n) sc_buf_printf(&v->line, " (`%.*s`)", SC_F(r->ask));
    }
    plain(v, 2, SC_STYLE_PLAIN, scratch(v));
}

static void put_open(view *v, const sc_crash *c)
{
    size_t open = sc_count_findings(c, SC_OPEN), shown = 0;
    sc_pen_section(&v->pen, "Open");
    for (size_t i = 0; i < c->n_findings; i++) {
        const sc_finding *f = &c->findings[i];
        if (!sc_shows_finding(f, SC_OPEN)) continue;
        if (shown++ == SHORT_LIST && !v->all) {
            put_more(v, open - SHORT_LIST, "open finding", "open findings");
            break;
        }
        sc_buf_clear(&v->line);
        sc_confidence then = f->rule ? f->rule->confidence : f->confidence; /* once what is missing is there */
        if (then != SC_NO_CONFIDENCE) sc_buf_printf(&v->line, "would be %s", sc_confidence_names[then]);
        char right[32];
        snprintf(right, sizeof right, "%.*s", SC_F(scratch(v)));
        sc_pen_paragraph(&v->pen, 2, SC_STYLE_PLAIN, f->rule ? sc_span_z(f->rule->title) : f->summary, SC_STYLE_DIM,
                         sc_span_z(right));
        v->pen.indent = SC_PEN_INDENT + 2;
        put_evidence(v, f, v->all ? f->n_evidence : c->outcome == SC_DIAGNOSED ? 0 : SHORT_LIST);
        put_missing(v, f);
        put_rule_id(v, f);
        v->pen.indent = SC_PEN_INDENT;
    }
    v->pen.label = NULL;
}

static void put_asks(view *v, const sc_crash *c)
{
    sc_pen_section(&v->pen, "Next");
    size_t shown = v->all || c->n_asks < SHORT_LIST ? c->n_asks : SHORT_LIST;
    sc_pen_row *rows = calloc(shown ? shown : 1, sizeof *rows);
    sc_buf *whys = calloc(shown ? shown : 1, sizeof *whys);
    if (!rows || !whys) {
        v->pen.out->failed = true;
        shown = 0;
    }
    for (size_t i = 0; i < shown; i++) {
        const sc_ask *a = &c->asks[i];
        sc_buf_span(&whys[i], a->why);
        for (size_t j = 0; v->all && j < a->n_settles; j++) {
            sc_buf_printf(&whys[i], "%s%s%s", j ? ", " : " [", a->settles[j], j + 1 == a->n_settles ? "]" : "");
        }
        rows[i] = (sc_pen_row){SC_S(""), a->command, sc_buf_view(&whys[i])};
    }
    sc_pen_entries(&v->pen, SC_STYLE_COMMAND, rows, shown);
    for (size_t i = 0; i < shown; i++) {
        if (whys[i].failed) v->pen.out->failed = true;
        sc_buf_free(&whys[i]);
    }
    free(rows);
    free(whys);
    if (shown < c->n_asks) put_more(v, c->n_asks - shown, "command", "commands");
    bool settled = c->outcome == SC_DIAGNOSED && c->culprit_confidence == SC_CERTAIN;
    if (!c->n_asks) {
        plain(v, 0, SC_STYLE_PLAIN,
              settled ? SC_S("nothing more is needed") : SC_S("no command is known that would tell more"));
    }
    v->pen.label = NULL;
}

/* Near misses: the clause that rules each of them out, and what was seen instead. */
static void put_ruled_out(view *v, const sc_crash *c)
{
    sc_pen_section(&v->pen, "Out");
    for (size_t i = 0; i < c->n_ruled_out; i++) {
        const sc_finding *f = &c->ruled_out[i];
        plain(v, 2, SC_STYLE_PLAIN, sc_span_z(f->rule ? f->rule->title : ""));
        v->pen.indent = SC_PEN_INDENT + 2;
        for (size_t j = 0; j < f->n_clauses; j++) {
            const sc_clause_result *r = &f->clauses[j];
            if (!r->clause) continue;
            bool against = r->clause->effect == SC_EXCLUDES ? r->truth == SC_TRUE
                                                            : r->clause->effect == SC_REQUIRES && r->truth == SC_FALSE;
            if (!against) continue;
            sc_buf_clear(&v->line);
            sc_buf_printf(&v->line, "%s %s", r->clause->name, r->truth == SC_TRUE ? "holds" : "does not hold");
            if (r->value.n) sc_buf_printf(&v->line, ": %.*s", SC_F(r->value));
            plain(v, 2, SC_STYLE_PLAIN, scratch(v));
        }
        put_rule_id(v, f);
        v->pen.indent = SC_PEN_INDENT;
    }
    v->pen.label = NULL;
}

/* ---- The whole -------------------------------------------------------------------------------------------------- */

static void put_crash(view *v, const sc_crash *c)
{
    put_headline(v, c);
    put_verdict(v, c);
    bool decided = c->outcome == SC_DIAGNOSED;
    if (!decided) { /* what would decide it comes first */
        put_open(v, c);
        put_asks(v, c);
    }
    put_fixes(v, c);
    put_proof(v, c);
    if (!decided) put_suspects(v, c);
    put_cleared(v, c);
    if (decided) {
        put_suspects(v, c);
        put_open(v, c);
        put_asks(v, c);
    }
    if (v->all) put_ruled_out(v, c);
}

/* One line per crash, ahead of several: which there are, and what became of each. */
static void put_index(view *v, const sc_diagnosis *d)
{
    v->pen.indent = 2;
    sc_buf_printf(v->pen.out, "%zu crashes\n", d->n_crashes);
    for (size_t i = 0; i < d->n_crashes; i++) {
        const sc_crash *c = &d->crashes[i];
        sc_buf title = {0};
        sc_buf_printf(&title, "%zu. ", i + 1);
        sc_put_title(&title, c);
        sc_buf_z(&title, ", ");
        sc_put_lines(&title, c->first_line, c->last_line);
        sc_buf_clear(&v->line);
        if (c->culprit_kind != SC_CULPRIT_UNKNOWN) {
            sc_buf_printf(&v->line, "%.*s, %s", SC_F(c->culprit), sc_confidence_names[c->culprit_confidence]);
        } else {
            sc_buf_z(&v->line, c->outcome == SC_DIAGNOSED   ? "cause not named"
                               : c->outcome == SC_UNDECIDED ? "undecided"
                                                            : "not recognised");
        }
        sc_pen_paragraph(&v->pen, 3, SC_STYLE_PLAIN, sc_buf_view(&title), SC_STYLE_BOLD, scratch(v));
        if (title.failed) v->pen.out->failed = true;
        sc_buf_free(&title);
    }
    sc_buf_char(v->pen.out, '\n');
}

int sc_render_text(const sc_diagnosis *d, const sc_render_options *o, sc_buf *out)
{
    view v = {.pen = sc_pen_of(out, o->width, o->color), .all = o->all};
    if (o->source) {
        sc_pen_paint(&v.pen, SC_STYLE_BOLD, sc_span_z(o->source));
        sc_buf_char(out, '\n');
    }
    if (!d->n_crashes) {
        plain(&v, 0, SC_STYLE_PLAIN, sc_span_z(o->error ? o->error : sc_nothing_recognised(d)));
    } else {
        if (d->n_crashes > 1) put_index(&v, d);
        for (size_t i = 0; i < d->n_crashes; i++) {
            put_crash(&v, &d->crashes[i]);
            sc_buf_char(out, '\n');
        }
        v.pen.indent = 0;
        sc_buf_clear(&v.line);
        sc_buf_z(&v.line, "Transcript: ");
        sc_put_health(&v.line, d);
        plain(&v, 2, SC_STYLE_DIM, scratch(&v));
    }
    if (v.line.failed) out->failed = true;
    sc_buf_free(&v.line);
    return out->failed ? SC_E_NOMEM : SC_OK;
}
