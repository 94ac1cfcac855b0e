#include "site/report.h"

#include "engine/render/layout.h"
#include "engine/render/words.h"
#include "site/base64.h"
#include "site/page.h"
#include "site/site.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SHORT_LIST 3u      /* open findings and commands that are not folded up */
#define SHORT_EVIDENCE 12u /* lines of one finding */
#define SHORT_NAMES 8u     /* modules */

/* A line that a piece of evidence cites. */
typedef struct proof {
    uint32_t line, last_line;
    unsigned number; /* of the line of evidence on the page */
    const char *clause;
} proof;

typedef struct view {
    sc_buf *out;
    sc_buf line; /* scratch */
    const site_report_part *part;
    int level; /* of the headings of crashes */
    sc_arena *arena;
    sc_list proofs;   /* proof */
    unsigned n_shown; /* lines of evidence on the page */
} view;

/* ---- Text -------------------------------------------------------------------------------------------------------- */

static void put_z(view *v, const char *html)
{
    sc_buf_z(v->out, html);
}

/* Text on one line. */
static void put_line(view *v, sc_span s)
{
    sc_buf shown = {0};
    sc_put_squeezed(&shown, s);
    site_escape(v->out, sc_buf_view(&shown));
    if (shown.failed) v->out->failed = true;
    sc_buf_free(&shown);
}

/* A sentence; `code spans` of rules are code. */
static void put_sentence(view *v, sc_span s)
{
    size_t open, close;
    while ((open = sc_next_tick(s, 0)) != SC_NPOS && (close = sc_next_tick(s, open + 1)) != SC_NPOS) {
        site_escape(v->out, sc_span_sub(s, 0, open));
        put_z(v, "<code>");
        put_line(v, sc_span_sub(s, open + 1, close));
        put_z(v, "</code>");
        s = sc_span_from(s, close + 1);
    }
    site_escape(v->out, s);
}

static void put_heading(view *v, int below, const char *words)
{
    sc_buf_printf(v->out, "<h%d>%s</h%d>\n", v->level + below, words, v->level + below);
}

static sc_span scratch(view *v)
{
    return sc_buf_view(&v->line);
}

static void put_line_link(view *v, uint32_t line)
{
    if (line)
        sc_buf_printf(v->out, " (<a href=\"#p%u-line-%" PRIu32 "\">line %" PRIu32 "</a>)", v->part->number, line, line);
}

static void put_confidence(view *v, sc_confidence c)
{
    if (c == SC_NO_CONFIDENCE) return;
    sc_buf_printf(v->out, "<span class=\"sure %s\">%s</span>", sc_confidence_names[c], sc_confidence_names[c]);
}

/* What is more than a reader wants at first is folded up. */
static void begin_more(view *v, size_t n, const char *of)
{
    sc_buf_printf(v->out, "<details><summary>%zu more %s</summary>\n", n, of);
}

/* ---- Findings ---------------------------------------------------------------------------------------------------- */

static void begin_evidence(view *v)
{
    put_z(v, "<ul class=\"evidence\">\n");
}

/* What a line of evidence means, once per clause. */
static void put_meaning(view *v, const sc_finding *f, const sc_evidence *e, bool first)
{
    put_z(v, first ? "<small>" : "; ");
    sc_buf_clear(&v->line);
    sc_put_meaning(&v->line, f, e);
    put_line(v, scratch(v));
}

static bool same_line(const sc_evidence *a, const sc_evidence *b)
{
    return a->line == b->line && sc_eq(a->text, b->text);
}

/* A line that proves several things one after the other stands once. */
static void put_evidence(view *v, const sc_finding *f)
{
    size_t shown = 0;
    bool more = false, meaning = false;
    if (f->n_evidence) begin_evidence(v);
    for (size_t i = 0; i < f->n_evidence; i++) {
        const sc_evidence *e = &f->evidence[i], *before = i ? e - 1 : NULL;
        bool again = before && same_line(before, e);
        bool new_clause = !before || !before->clause || !e->clause || strcmp(before->clause, e->clause) != 0;
        if (!again && before) put_z(v, meaning ? "</small></li>\n" : "</li>\n");
        if (!again) meaning = false;
        if (!again && shown++ == SHORT_EVIDENCE) {
            put_z(v, "</ul>\n");
            begin_more(v, f->n_evidence - i, f->n_evidence - i == 1 ? "line" : "lines");
            begin_evidence(v);
            more = true;
        }
        if (!again) v->n_shown++;
        proof *p = sc_list_add(v->arena, &v->proofs, sizeof *p);
        if (!p) break;
        *p = (proof){e->line, e->last_line, v->n_shown, e->clause};
        if (!again) {
            sc_buf_printf(v->out, "<li id=\"p%u-proof-%u\">", v->part->number, p->number);
            if (e->line)
                sc_buf_printf(v->out, "<a href=\"#p%u-line-%" PRIu32 "\"><span class=\"number\">%" PRIu32 "</span>",
                              v->part->number, e->line, e->line);
            put_z(v, "<code>");
            put_line(v, e->text);
            put_z(v, e->line ? "</code></a>" : "</code>");
        }
        if (new_clause) put_meaning(v, f, e, !meaning);
        meaning = meaning || new_clause;
    }
    if (!f->n_evidence) return;
    put_z(v, meaning ? "</small></li>\n</ul>\n" : "</li>\n</ul>\n");
    if (more) put_z(v, "</details>\n");
}

static void put_fixes(view *v, const sc_finding *f)
{
    if (!f->n_fixes) return;
    put_heading(v, 1, "What to do");
    put_z(v, "<ol>\n");
    for (size_t i = 0; i < f->n_fixes; i++) {
        sc_span step, risk;
        sc_split_risk(f->fixes[i], &step, &risk);
        put_z(v, "<li>");
        put_sentence(v, step);
        if (risk.n) {
            put_z(v, " <span class=\"risk\">");
            put_sentence(v, risk);
            put_z(v, "</span>");
        }
        put_z(v, "</li>\n");
    }
    put_z(v, "</ol>\n");
}

/* Addresses of the web become links; anything else that a rule says is text. */
static void put_references(view *v, const sc_rule *r)
{
    if (!r->n_references) return;
    put_heading(v, 1, "Read on");
    put_z(v, "<ul>\n");
    for (size_t i = 0; i < r->n_references; i++) {
        sc_span to = sc_span_z(r->references[i]);
        bool link = sc_starts(to, "https://") || sc_starts(to, "http://");
        put_z(v, link ? "<li><a href=\"" : "<li>");
        if (link) site_escape(v->out, to);
        put_z(v, link ? "\">" : "");
        site_escape(v->out, to);
        put_z(v, link ? "</a></li>\n" : "</li>\n");
    }
    put_z(v, "</ul>\n");
}

static void put_rule(view *v, const sc_rule *r)
{
    put_z(v, "<p>Rule <code>");
    site_escape(v->out, sc_span_z(r->id));
    put_z(v, "</code>: ");
    put_sentence(v, sc_span_z(r->title));
    put_z(v, "</p>\n");
}

static void put_confirmed(view *v, const sc_crash *c)
{
    size_t confirmed = sc_count_findings(c, SC_CONFIRMED);
    bool named = c->culprit_kind != SC_CULPRIT_UNKNOWN;
    for (size_t i = 0; i < c->n_findings; i++) {
        const sc_finding *f = &c->findings[i];
        if (!sc_shows_finding(f, SC_CONFIRMED)) continue;
        bool said = named && confirmed == 1 && f->rule == c->culprit_rule && f->confidence == c->culprit_confidence;
        put_z(v, "<div class=\"finding\">\n<p>");
        if (!said) put_confidence(v, f->confidence);
        put_sentence(v, f->summary.n ? f->summary : sc_span_z(f->rule->title));
        put_z(v, "</p>\n");
        put_fixes(v, f);
        put_heading(v, 1, "Why");
        put_evidence(v, f);
        put_rule(v, f->rule);
        put_references(v, f->rule);
        put_z(v, "</div>\n");
    }
}

/* "Not known: stack limits (`!thread`), owner waits." */
static void put_missing(view *v, const sc_finding *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n_clauses; i++) {
        const sc_clause_result *r = &f->clauses[i];
        if (r->truth != SC_UNKNOWN || !r->clause || r->clause->effect != SC_REQUIRES) continue;
        put_z(v, n++ ? ", " : "<p>Not known: ");
        sc_buf_clear(&v->line);
        sc_put_clause_words(&v->line, r->clause->name);
        put_line(v, scratch(v));
        if (!r->ask.n) continue;
        put_z(v, " (<code>");
        put_line(v, r->ask);
        put_z(v, "</code>)");
    }
    if (n) put_z(v, ".</p>\n");
}

static void put_open(view *v, const sc_crash *c)
{
    size_t open = sc_count_findings(c, SC_OPEN), shown = 0;
    if (!open) return;
    put_heading(v, 1, "Still open");
    for (size_t i = 0; i < c->n_findings; i++) {
        const sc_finding *f = &c->findings[i];
        if (!sc_shows_finding(f, SC_OPEN)) continue;
        if (shown++ == SHORT_LIST) begin_more(v, open - SHORT_LIST, open - SHORT_LIST == 1 ? "finding" : "findings");
        put_z(v, "<div class=\"finding\">\n<p><strong>");
        put_sentence(v, sc_span_z(f->rule->title));
        sc_buf_printf(v->out, "</strong>, which would be %s</p>\n", sc_confidence_names[f->rule->confidence]);
        put_evidence(v, f);
        put_missing(v, f);
        put_z(v, "<p>Rule <code>");
        site_escape(v->out, sc_span_z(f->rule->id));
        put_z(v, "</code></p>\n</div>\n");
    }
    if (open > SHORT_LIST) put_z(v, "</details>\n");
}

static void put_near_misses(view *v, const sc_crash *c)
{
    if (!v->part->all || !c->n_ruled_out) return;
    put_heading(v, 1, "Ruled out");
    put_z(v, "<ul>\n");
    for (size_t i = 0; i < c->n_ruled_out; i++) {
        const sc_finding *f = &c->ruled_out[i];
        put_z(v, "<li>");
        put_sentence(v, sc_span_z(f->rule->title));
        for (size_t j = 0; j < f->n_clauses; j++) {
            const sc_clause_result *r = &f->clauses[j];
            bool against = r->clause->effect == SC_EXCLUDES ? r->truth == SC_TRUE
                                                            : r->clause->effect == SC_REQUIRES && r->truth == SC_FALSE;
            if (!against) continue;
            put_z(v, r->truth == SC_TRUE ? "; against it: " : "; what is not so: ");
            sc_buf_clear(&v->line);
            sc_put_clause_words(&v->line, r->clause->name);
            put_line(v, scratch(v));
        }
        put_z(v, " (rule <code>");
        site_escape(v->out, sc_span_z(f->rule->id));
        put_z(v, "</code>)</li>\n");
    }
    put_z(v, "</ul>\n");
}

/* ---- Commands and modules ---------------------------------------------------------------------------------------- */

static void put_asks(view *v, const sc_crash *c)
{
    bool settled = c->outcome == SC_DIAGNOSED && c->culprit_confidence == SC_CERTAIN;
    put_heading(v, 1, "Next");
    if (!c->n_asks) {
        put_z(v, settled ? "<p>Nothing more is needed.</p>\n" : "<p>No command is known that would tell more.</p>\n");
        return;
    }
    put_z(v, "<div class=\"next\">\n<ol>\n");
    for (size_t i = 0; i < c->n_asks; i++) {
        const sc_ask *a = &c->asks[i];
        if (i == SHORT_LIST) {
            put_z(v, "</ol>\n");
            begin_more(v, c->n_asks - i, c->n_asks - i == 1 ? "command" : "commands");
            sc_buf_printf(v->out, "<ol start=\"%zu\">\n", i + 1);
        }
        put_z(v, "<li><code class=\"command\">");
        put_line(v, a->command);
        put_z(v, a->why.n ? "</code>: " : "</code>");
        put_sentence(v, a->why);
        put_z(v, "</li>\n");
    }
    put_z(v, c->n_asks > SHORT_LIST ? "</ol>\n</details>\n</div>\n" : "</ol>\n</div>\n");
}

static void put_reasons(view *v, const char *intro, const sc_reason *r, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put_z(v, i ? "; " : intro);
        put_sentence(v, r[i].text);
        put_line_link(v, r[i].line);
    }
}

static void put_suspects(view *v, const sc_crash *c)
{
    if (!c->n_suspects) return;
    put_heading(v, 1, "Modules");
    put_z(v, "<ul>\n");
    for (size_t i = 0; i < c->n_suspects; i++) {
        const sc_suspect *s = &c->suspects[i];
        if (i == SHORT_NAMES) {
            put_z(v, "</ul>\n");
            begin_more(v, c->n_suspects - i, c->n_suspects - i == 1 ? "module" : "modules");
            put_z(v, "<ul>\n");
        }
        put_z(v, "<li><code>");
        put_line(v, s->module);
        sc_buf_printf(v->out, "</code>, %s", sc_role_names[s->role]);
        put_reasons(v, ": ", s->reasons_for, s->n_for);
        put_reasons(v, s->n_for ? "; against it: " : ": ", s->reasons_against, s->n_against);
        put_z(v, "</li>\n");
    }
    put_z(v, c->n_suspects > SHORT_NAMES ? "</ul>\n</details>\n" : "</ul>\n");
}

/* ---- Crashes ----------------------------------------------------------------------------------------------------- */

static void put_headline(view *v, const sc_crash *c)
{
    sc_buf_printf(v->out, "<h%d>", v->level);
    sc_buf_clear(&v->line);
    sc_put_title(&v->line, c);
    if (c->headline.n) sc_buf_printf(&v->line, ": %.*s", SC_F(c->headline));
    put_line(v, scratch(v));
    sc_buf_printf(v->out, "</h%d>\n<p>", v->level);
    sc_buf_clear(&v->line);
    sc_put_args(&v->line, &c->bugcheck);
    if (v->line.n) {
        put_z(v, "Parameters <code>");
        put_line(v, scratch(v));
        put_z(v, "</code>, ");
    }
    if (sc_source_words[c->bugcheck.source]) sc_buf_printf(v->out, "%s, ", sc_source_words[c->bugcheck.source]);
    sc_buf_clear(&v->line);
    sc_put_lines(&v->line, c->first_line, c->last_line);
    sc_buf_printf(v->out, "<a href=\"#p%u-line-%" PRIu32 "\">%.*s</a> of the paste</p>\n", v->part->number,
                  c->first_line, SC_F(scratch(v)));
}

static void put_crash(view *v, const sc_crash *c)
{
    bool decided = c->outcome == SC_DIAGNOSED;
    put_z(v, "<article class=\"crash\">\n");
    put_headline(v, c);
    put_z(v, "<p>");
    if (c->culprit_kind != SC_CULPRIT_UNKNOWN) put_confidence(v, c->culprit_confidence);
    put_z(v, "<strong>");
    sc_buf_clear(&v->line);
    sc_put_verdict(&v->line, c);
    put_line(v, scratch(v));
    put_z(v, "</strong></p>\n");
    if (!decided) { /* what would decide it comes first */
        sc_buf_clear(&v->line);
        sc_put_open_question(&v->line, c);
        put_z(v, "<p>");
        put_sentence(v, scratch(v));
        put_z(v, "</p>\n");
        put_open(v, c);
        put_asks(v, c);
    }
    put_confirmed(v, c);
    put_suspects(v, c);
    if (decided) {
        put_open(v, c);
        put_asks(v, c);
    }
    put_near_misses(v, c);
    put_z(v, "</article>\n");
}

/* ---- The paste --------------------------------------------------------------------------------------------------- */

static int by_line(const void *x, const void *y)
{
    const proof *a = x, *b = y;
    if (a->line != b->line) return a->line < b->line ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static void put_proof_links(view *v, const proof *const *cited, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool told = false; /* several rules may look at the same thing */
        for (size_t j = 0; j < i; j++)
            told |= !strcmp(cited[i]->clause ? cited[i]->clause : "", cited[j]->clause ? cited[j]->clause : "");
        if (told) continue;
        sc_buf_printf(v->out, " <a class=\"back\" href=\"#p%u-proof-%u\">", v->part->number, cited[i]->number);
        sc_buf_clear(&v->line);
        sc_put_clause_words(&v->line, cited[i]->clause);
        put_line(v, scratch(v));
        put_z(v, "</a>");
    }
}

/* The proofs that cite a line. They are sorted by their first line, and `from` only grows; one that spans several lines
 * is remembered in `open`. */
typedef struct cited {
    const proof *of[64];
    size_t n, from;
} cited;

static void find_cited(const view *v, const sc_line_info *l, cited *c)
{
    const proof *p = v->proofs.items;
    size_t kept = 0;
    for (size_t i = 0; i < c->n; i++) /* what ended before this line goes */
        if (c->of[i]->last_line >= l->first_line) c->of[kept++] = c->of[i];
    c->n = kept;
    for (; c->from < v->proofs.n && p[c->from].line <= l->last_line; c->from++) {
        const proof *one = &p[c->from];
        uint32_t last = one->last_line > one->line ? one->last_line : one->line;
        if (one->line && last >= l->first_line && c->n < sizeof c->of / sizeof *c->of) c->of[c->n++] = one;
    }
}

static void put_lines(view *v)
{
    const sc_reading *r = v->part->reading;
    size_t n = r ? sc_reading_lines(r) : 0;
    if (!n) return;
    proof *proofs = v->proofs.items;
    if (v->proofs.n) qsort(proofs, v->proofs.n, sizeof *proofs, by_line);
    cited c = {.n = 0};
    uint32_t named = 0; /* the last line that is an anchor */
    put_heading(v, 0, "The paste as it was read");
    put_z(v,
          "<p>Numbers are lines of the paste. What proves something is marked, and leads back to what it proves.</p>\n"
          "<pre class=\"transcript\" tabindex=\"0\">");
    for (size_t i = 0; i < n; i++) {
        sc_line_info l = sc_reading_line(r, i);
        /* one line of the paste may have become several, and several may have become one */
        for (; named < l.last_line; named++)
            if (named + 1 >= l.first_line)
                sc_buf_printf(v->out, "<span id=\"p%u-line-%" PRIu32 "\"></span>", v->part->number, named + 1);
        sc_buf_printf(v->out, "<span class=\"number\">%" PRIu32 "</span>", l.first_line);
        find_cited(v, &l, &c);
        if (c.n) put_z(v, "<mark>");
        sc_buf_clear(&v->line);
        sc_put_visible(&v->line, l.text);
        site_escape(v->out, scratch(v));
        if (c.n) put_z(v, "</mark>");
        put_proof_links(v, c.of, c.n);
        sc_buf_char(v->out, '\n');
    }
    put_z(v, "</pre>\n");
}

static void put_health(view *v)
{
    const sc_diagnosis *d = v->part->diagnosis;
    for (size_t i = 0; i < d->n_health; i++) {
        put_z(v, "<p class=\"notice\">What limits this paste: ");
        put_sentence(v, d->health[i].text);
        put_line_link(v, d->health[i].line);
        put_z(v, "</p>\n");
    }
    if (!d->n_crashes) return;
    sc_buf_clear(&v->line);
    sc_buf_z(&v->line, "Read by stopcode " SC_VERSION " from ");
    sc_put_health(&v->line, d);
    put_z(v, "<p>");
    put_sentence(v, scratch(v));
    put_z(v, ".</p>\n");
}

/* ---- The page ---------------------------------------------------------------------------------------------------- */

static const site_asset *style(void)
{
    size_t i = 0;
    while (strcmp(site_own_assets[i].name, "style.css") != 0) i++; /* the build put it there */
    return &site_own_assets[i];
}

/* The policy names the one style that the page may have by the sum of its bytes. */
static void put_policy(sc_buf *out, const char *sum)
{
    char bytes[32];
    for (size_t i = 0; i < sizeof bytes; i++) {
        unsigned high = (unsigned)(sc_is_digit(sum[2 * i]) ? sum[2 * i] - '0' : sum[2 * i] - 'a' + 10);
        unsigned low = (unsigned)(sc_is_digit(sum[2 * i + 1]) ? sum[2 * i + 1] - '0' : sum[2 * i + 1] - 'a' + 10);
        bytes[i] = (char)(high << 4 | low);
    }
    sc_buf_z(out, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-");
    site_base64(out, (sc_span){bytes, sizeof bytes});
    sc_buf_z(out, "'; img-src data:; form-action 'none'; base-uri 'none'\">\n");
}

void site_report_begin(sc_buf *out, sc_span title)
{
    const site_asset *css = style();
    sc_buf_z(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    put_policy(out, css->sum);
    sc_buf_z(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    site_escape(out, title);
    sc_buf_z(out, "</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>");
    sc_buf_span(out, css->bytes);
    sc_buf_z(out, "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the text</a>\n"
                  "<header><span class=\"home\">stopcode</span></header>\n<main id=\"main\" tabindex=\"-1\">\n<h1>");
    site_escape(out, title);
    sc_buf_z(out, "</h1>\n");
}

void site_report_put(sc_buf *out, const site_report_part *part)
{
    const sc_diagnosis *d = part->diagnosis;
    view v = {.out = out, .part = part, .level = part->source ? 3 : 2, .arena = sc_arena_new(0)};
    if (!v.arena) out->failed = true;
    if (!v.arena) return;
    if (part->source) {
        put_z(&v, "<section>\n<h2>");
        put_line(&v, sc_span_z(part->source));
        put_z(&v, "</h2>\n");
    }
    if (!d->n_crashes) {
        put_z(&v, "<p class=\"notice\">");
        put_line(&v, sc_span_z(part->error ? part->error : sc_nothing_recognised(d)));
        put_z(&v, "</p>\n");
    }
    for (size_t i = 0; i < d->n_crashes; i++) put_crash(&v, &d->crashes[i]);
    put_health(&v);
    put_lines(&v);
    if (part->source) put_z(&v, "</section>\n");
    if (v.line.failed || sc_arena_failed(v.arena)) out->failed = true;
    sc_buf_free(&v.line);
    sc_arena_free(v.arena);
}

void site_report_end(sc_buf *out)
{
    sc_buf_z(out, "</main>\n<footer><p>Made by stopcode " SC_VERSION
                  ". This page is complete in itself; it loads nothing.</p></footer>\n</body>\n</html>\n");
}
