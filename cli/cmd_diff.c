/* stopcode diff REV|KB: what a change of rules changes over the whole corpus. */
#include "cli/corpus.h"
#include "cli/git_tree.h"

#include "engine/render/layout.h"
#include "engine/render/words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_WORDINGS 20u /* samples whose wording alone differs that are named */

/* What one sample and its variants came to. Each belongs to one worker at a time. */
typedef struct outcome {
    sc_buf rows;     /* of the table */
    sc_buf wordings; /* a line per crash: "corpus/x.txt, crash 1: 0x9F/a, 0x9F/b" */
    size_t n_rows, n_wordings, cases;
} outcome;

typedef struct comparison {
    const sc_knowledge *before;
    outcome *outcomes; /* one per sample */
} comparison;

static void *begin(void *context, sc_error *error)
{
    const comparison *c = context;
    sc_engine *e = NULL;
    sc_engine_new(&e, c->before, error);
    return e;
}

static void end(void *worker)
{
    sc_engine_free(worker);
}

/* ---- Cells ------------------------------------------------------------------------------------------------------ */

/* Text in a cell of a table: nothing in it may end the cell or begin other Markdown. */
static void put_cell(sc_buf *out, sc_span text)
{
    sc_buf visible = {0};
    sc_put_squeezed(&visible, text);
    sc_span s = sc_buf_view(&visible);
    for (size_t i = 0; i < s.n; i++) {
        if (strchr("|`*_[]<>\\", s.p[i])) sc_buf_char(out, '\\');
        sc_buf_char(out, s.p[i]);
    }
    if (visible.failed) out->failed = true;
    sc_buf_free(&visible);
}

static void put_code(sc_buf *out, sc_span text)
{
    sc_buf visible = {0};
    sc_put_squeezed(&visible, text);
    sc_span s = sc_buf_view(&visible);
    sc_buf_char(out, '`');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '|') sc_buf_char(out, '\\');
        sc_buf_char(out, s.p[i] == '`' ? '\'' : s.p[i]);
    }
    sc_buf_char(out, '`');
    if (visible.failed) out->failed = true;
    sc_buf_free(&visible);
}

static void separate(sc_buf *cell)
{
    if (cell->n) sc_buf_z(cell, "<br>");
}

/* ---- Differences ------------------------------------------------------------------------------------------------ */

static bool same_finding(const sc_finding *a, const sc_finding *b)
{
    return !strcmp(a->rule->id, b->rule->id) && a->verdict == b->verdict && a->confidence == b->confidence &&
           sc_ieq(a->culprit, b->culprit);
}

/* Findings of `c` that `other` has not. */
static void put_findings(sc_buf *cell, const sc_crash *c, const sc_crash *other)
{
    for (size_t i = 0; i < c->n_findings; i++) {
        const sc_finding *f = &c->findings[i];
        bool shared = f->superseded;
        for (size_t k = 0; k < other->n_findings && !shared; k++)
            shared = !other->findings[k].superseded && same_finding(f, &other->findings[k]);
        if (shared) continue;
        separate(cell);
        put_code(cell, sc_span_z(f->rule->id));
        sc_buf_printf(cell, " %s", f->verdict == SC_CONFIRMED ? sc_confidence_names[f->confidence] : "open");
        if (f->verdict != SC_CONFIRMED || !f->culprit.n) continue;
        sc_buf_z(cell, ", ");
        put_cell(cell, f->culprit);
    }
}

static void put_culprit(sc_buf *cell, const sc_crash *c, const sc_crash *other)
{
    if (c->culprit_kind == other->culprit_kind && sc_ieq(c->culprit, other->culprit) &&
        c->culprit_confidence == other->culprit_confidence)
        return;
    separate(cell);
    sc_buf_z(cell, "culprit ");
    if (c->culprit_kind == SC_CULPRIT_UNKNOWN) {
        sc_buf_z(cell, "unknown");
        return;
    }
    put_cell(cell, c->culprit);
    sc_buf_printf(cell, " %s", sc_confidence_names[c->culprit_confidence]);
}

static void put_asks(sc_buf *cell, const sc_crash *c, const sc_crash *other)
{
    for (size_t i = 0; i < c->n_asks; i++) {
        bool shared = false;
        for (size_t k = 0; k < other->n_asks && !shared; k++)
            shared = sc_ieq(c->asks[i].command, other->asks[k].command);
        if (shared) continue;
        separate(cell);
        sc_buf_z(cell, "asks ");
        put_code(cell, c->asks[i].command);
    }
}

static void put_outcome(sc_buf *cell, const sc_crash *c, const sc_crash *other)
{
    if (c->outcome == other->outcome) return;
    separate(cell);
    sc_buf_z(cell, sc_outcome_names[c->outcome]);
}

static void put_side(sc_buf *cell, const sc_crash *c, const sc_crash *other)
{
    put_outcome(cell, c, other);
    put_culprit(cell, c, other);
    put_findings(cell, c, other);
    put_asks(cell, c, other);
}

static bool same_texts(const sc_span *a, size_t n, const sc_span *b, size_t m)
{
    if (n != m) return false;
    for (size_t i = 0; i < n; i++) {
        if (!sc_eq(a[i], b[i])) return false;
    }
    return true;
}

/* Rules that say the same thing in other words. */
static void put_wordings(outcome *o, const corpus_case *c, size_t crash, const sc_crash *was, const sc_crash *is)
{
    sc_buf rules = {0};
    for (size_t i = 0; i < is->n_findings; i++) {
        const sc_finding *f = &is->findings[i];
        for (size_t k = 0; k < was->n_findings && !f->superseded; k++) {
            const sc_finding *g = &was->findings[k];
            if (g->superseded || !same_finding(f, g)) continue;
            if (!sc_eq(f->summary, g->summary) || strcmp(f->rule->title, g->rule->title) != 0 ||
                !same_texts(f->fixes, f->n_fixes, g->fixes, g->n_fixes))
                sc_buf_printf(&rules, "%s`%s`", rules.n ? ", " : "", f->rule->id);
            break;
        }
    }
    if (rules.n) {
        o->n_wordings++;
        sc_buf_z(&o->wordings, "- ");
        put_cell(&o->wordings, sc_span_z(c->path));
        if (c->variant.n) sc_buf_z(&o->wordings, ", ");
        put_cell(&o->wordings, c->variant);
        if (crash) sc_buf_printf(&o->wordings, ", crash %zu", crash + 1);
        sc_buf_printf(&o->wordings, ": %.*s\n", SC_F(sc_buf_view(&rules)));
    }
    if (rules.failed) o->wordings.failed = true;
    sc_buf_free(&rules);
}

static void compare_crash(outcome *o, const corpus_case *c, size_t crash, const sc_crash *was, const sc_crash *is)
{
    static const sc_crash none;
    sc_buf before = {0}, after = {0};
    put_side(&before, was ? was : &none, is ? is : &none);
    put_side(&after, is ? is : &none, was ? was : &none);
    if (before.n || after.n) {
        const sc_crash *any = is ? is : was;
        sc_buf title = {0};
        o->n_rows++;
        if (any->bugcheck.source == SC_SOURCE_NONE)
            sc_buf_printf(&title, "%zu", crash + 1);
        else
            sc_buf_printf(&title, "%zu: 0x%" PRIX32, crash + 1, any->bugcheck.code);
        sc_buf_z(&o->rows, "| ");
        put_cell(&o->rows, sc_span_z(c->path));
        if (c->variant.n) sc_buf_z(&o->rows, ", ");
        put_cell(&o->rows, c->variant);
        sc_buf_printf(&o->rows, " | %.*s | %.*s | %.*s |\n", SC_F(sc_buf_view(&title)), SC_F(sc_buf_view(&before)),
                      SC_F(sc_buf_view(&after)));
        if (title.failed) o->rows.failed = true;
        sc_buf_free(&title);
    } else if (was && is) {
        put_wordings(o, c, crash, was, is);
    }
    if (before.failed || after.failed) o->rows.failed = true;
    sc_buf_free(&before);
    sc_buf_free(&after);
}

static int visit(void *context, void *worker, sc_engine *e, const corpus_case *c, sc_error *error)
{
    comparison *k = context;
    outcome *o = &k->outcomes[c->sample];
    sc_diagnosis *was = NULL, *is = NULL;
    int rc = sc_diagnose(worker, c->paste, &was, error);
    if (!rc) rc = sc_diagnose(e, c->paste, &is, error);
    size_t n = rc ? 0 : was->n_crashes > is->n_crashes ? was->n_crashes : is->n_crashes;
    for (size_t i = 0; i < n; i++)
        compare_crash(o, c, i, i < was->n_crashes ? &was->crashes[i] : NULL,
                      i < is->n_crashes ? &is->crashes[i] : NULL);
    o->cases++;
    sc_diagnosis_free(was);
    sc_diagnosis_free(is);
    return rc;
}

/* ---- Telling ---------------------------------------------------------------------------------------------------- */

static bool same_bytes(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

/* Rules that came and went. */
static void put_rules(sc_buf *out, const char *what, const sc_knowledge *k, const sc_knowledge *other)
{
    size_t n = 0;
    for (size_t i = 0; i < k->n_rules; i++) {
        bool shared = false;
        for (size_t j = 0; j < other->n_rules && !shared; j++) shared = same_bytes(k->rules[i].id, other->rules[j].id);
        if (shared) continue;
        sc_buf_printf(out, "%s`%s`", n++ ? ", " : what, k->rules[i].id);
    }
    if (n) sc_buf_z(out, "\n\n");
}

static int tell(const char *against, const comparison *k, const sc_knowledge *after, size_t samples)
{
    sc_buf out = {0};
    size_t rows = 0, wordings = 0, cases = 0, changed = 0;
    for (size_t i = 0; i < samples; i++) {
        rows += k->outcomes[i].n_rows;
        wordings += k->outcomes[i].n_wordings;
        cases += k->outcomes[i].cases;
        changed += k->outcomes[i].n_rows > 0;
        if (k->outcomes[i].rows.failed || k->outcomes[i].wordings.failed) out.failed = true;
    }
    put_rules(&out, "New rules: ", after, k->before);
    put_rules(&out, "Removed rules: ", k->before, after);
    if (rows) {
        sc_buf_z(&out, "| sample | crash | before | after |\n|---|---|---|---|\n");
        for (size_t i = 0; i < samples; i++) sc_buf_span(&out, sc_buf_view(&k->outcomes[i].rows));
        sc_buf_char(&out, '\n');
    }
    if (wordings) {
        size_t shown = 0;
        sc_buf_printf(&out, "Wording alone differs in %zu crash%s:\n\n", wordings, wordings == 1 ? "" : "es");
        for (size_t i = 0; i < samples && shown < MAX_WORDINGS; i++) {
            sc_span rest = sc_buf_view(&k->outcomes[i].wordings), line;
            while (rest.n && shown < MAX_WORDINGS) {
                sc_cut(rest, "\n", &line, &rest);
                sc_buf_printf(&out, "%.*s\n", SC_F(line));
                shown++;
            }
        }
        if (wordings > shown) sc_buf_printf(&out, "- and %zu more\n", wordings - shown);
        sc_buf_char(&out, '\n');
    }
    sc_buf_printf(&out, "%zu of %zu samples differ from ", changed, samples);
    put_cell(&out, sc_span_z(against));
    sc_buf_printf(&out, " (%zu difference%s in %zu diagnoses)\n", rows, rows == 1 ? "" : "s", cases);
    int status = cli_put(&out);
    return status ? status : rows || wordings ? CLI_NO : CLI_OK;
}

/* ---- Both sides ------------------------------------------------------------------------------------------------- */

static int open_kb(const char *path, const char *what, sc_kb **kb)
{
    sc_buf messages = {0};
    sc_error error = {0};
    sc_reporter reporter = {.report = cli_report, .context = &messages};
    int rc = sc_kb_open_as_is(kb, path, &reporter, &error);
    if (rc && messages.n) fwrite(messages.p, 1, messages.n, stderr);
    sc_buf_free(&messages);
    return rc ? cli_fail("%s cannot be used: %s", what, error.text) : CLI_OK;
}

/* What exists as a file or folder is a knowledge base; anything else a revision of the source tree. */
static int open_before(const char *source, const char *what, sc_buf *folder, sc_kb **kb)
{
    if (!access(what, F_OK)) return open_kb(what, what, kb);
    if (!*source)
        return cli_fail("there is no file \"%s\", and no source tree here or above whose revision it could be", what);
    int status = git_tree_checkout(source, what, folder);
    return status ? status : open_kb(folder->p, what, kb);
}

static int run(cli *c)
{
    unsigned jobs;
    if (!corpus_jobs(c, &jobs)) return CLI_ERROR;
    const char *from = c->value[CLI_SOURCE] ? c->value[CLI_SOURCE] : ".";
    sc_buf source = {0}, folder = {0};
    sc_kb *before = NULL, *after = NULL;
    sc_arena *a = sc_arena_new(0);
    corpus k = {0};
    comparison compare = {0};
    if (!cli_find_source(&source, from)) sc_buf_clear(&source);
    int status = !a || source.failed ? cli_fail("out of memory") : CLI_OK;
    if (!status && c->value[CLI_KB])
        status = cli_open_kb(c, &after);
    else if (!status)
        status = source.n ? open_kb(source.p, source.p, &after)
                          : cli_fail("%s: neither it nor a folder above it holds rules/ and kb/reference/", from);
    if (!status) status = open_before(source.n ? source.p : "", c->operands[0], &folder, &before);
    if (!status) status = corpus_open(c, a, sc_kb_knowledge(after), &k);
    if (!status) {
        compare.before = sc_kb_knowledge(before);
        compare.outcomes = calloc(k.n, sizeof *compare.outcomes);
        if (!compare.outcomes) status = cli_fail("out of memory");
    }
    if (!status) {
        corpus_job job = {
            .knowledge = sc_kb_knowledge(after), .context = &compare, .begin = begin, .end = end, .visit = visit};
        status = corpus_run(&k, &job, jobs);
    }
    if (!status) status = tell(c->operands[0], &compare, sc_kb_knowledge(after), k.n);
    for (size_t i = 0; compare.outcomes && i < k.n; i++) {
        sc_buf_free(&compare.outcomes[i].rows);
        sc_buf_free(&compare.outcomes[i].wordings);
    }
    free(compare.outcomes);
    sc_arena_free(a);
    sc_kb_close(before);
    sc_kb_close(after);
    git_tree_remove(&folder);
    sc_buf_free(&source);
    return status;
}

const cli_command cli_diff = {
    .name = "diff",
    .operands = "REV|KB",
    .summary = "what the rules here change over the whole corpus",
    .text = "Compares the rules of the source tree with those of a git revision, or with a stopcode.db or another\n"
            "source tree, over every sample and variant, and prints a Markdown table of the differences, ready for a\n"
            "review comment. Exit status 0: no difference; 1: differences; 2: errors.",
    .examples = "stopcode diff HEAD\nstopcode diff origin/main\nstopcode diff ../other-tree\nstopcode diff stopcode.db",
    .options = (const cli_option[]){CLI_CORPUS, CLI_JOBS, CLI_KB, CLI_SOURCE, CLI_END},
    .least = 1,
    .most = 1,
    .run = run,
};
