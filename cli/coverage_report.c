/* The coverage as text for people, as JSON, and as the page docs/coverage.md. */
#include "cli/coverage.h"

#include "engine/render/layout.h"

#include <jansson.h>
#include <stdlib.h>

#define ENOUGH 12u /* gaps of one kind that are listed for people; the rest is counted */

size_t coverage_new_gaps(const coverage *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_gaps; i++) n += !c->gaps[i].known;
    return n;
}

size_t coverage_stale_gaps(const coverage *c)
{
    const gap *listed = c->ratchet->gaps.items;
    size_t n = 0;
    for (size_t i = 0; !c->partial && i < c->ratchet->gaps.n; i++) n += !listed[i].known;
    return n;
}

static size_t with_samples(const tally *t, size_t n, bool with_rules)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) found += t[i].samples && (!with_rules || t[i].rules);
    return found;
}

static size_t codes_with_rules(const coverage *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_codes; i++) n += c->codes[i].has_code && c->codes[i].rules;
    return n;
}

static size_t codes_covered(const coverage *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_codes; i++) n += c->codes[i].has_code && c->codes[i].rules && c->codes[i].samples;
    return n;
}

typedef struct depths {
    size_t documented, in_depth, brief;
} depths;

static depths count_depths(const coverage *c)
{
    depths d = {0};
    for (size_t i = 0; i < c->n_codes; i++) {
        const tally *t = &c->codes[i];
        if (!t->documented) continue;
        d.documented++;
        d.in_depth += t->in_depth;
        d.brief += t->has_page && !t->in_depth;
    }
    return d;
}

/* ---- Text ------------------------------------------------------------------------------------------------------- */

static void put_share(sc_buf *out, const char *what, size_t part, size_t whole, const char *meaning)
{
    sc_buf_printf(out, "  %-14s %4zu of %4zu  %s\n", what, part, whole, meaning);
}

/* What is broken, and how; in the order of the report. */
static const struct {
    gap_kind kind;
    const char *plural, *missed; /* for people */
    const char *meaning;         /* in the page */
} mutant_words[] = {
    {GAP_CLAUSE, "clauses", "are missed when they are deleted", "a clause is deleted"},
    {GAP_EMPTY, "", "when they find nothing", "the query, the stack or the pattern of a clause finds nothing"},
    {GAP_EFFECT, "effects", "(supports, excludes) when they are deleted", "what supports or excludes is required"},
    {GAP_VALUE, "values", "of parameters likewise", "a value of a parameter is deleted"},
    {GAP_CONDITION, "conditions", "of queries, when they always hold or OR stands for AND",
     "a WHERE, HAVING or ON always holds, or OR stands for an AND"},
    {GAP_FRAME, "frames", "of stack patterns, when they are deleted", "a pattern of a stack is deleted"},
    {GAP_LEVEL, "levels", "of confidence, when they are changed", "a confidence is another"},
    {GAP_CULPRIT, "culprits", "when they are deleted", "a culprit is deleted"},
    {GAP_SUPERSEDES, "supersedes", "likewise", "a rule does not hide another one"},
};

static void put_kind(sc_buf *out, const coverage *c, gap_kind kind)
{
    size_t shown = 0, all = 0;
    for (size_t i = 0; i < c->n_gaps; i++) {
        const gap *g = &c->gaps[i];
        if (g->kind != kind || g->known) continue;
        if (!all++) sc_buf_printf(out, "  %s (%s):\n", gap_meanings[kind], gap_names[kind]);
        if (shown == ENOUGH) continue;
        shown++;
        sc_buf_z(out, "    ");
        sc_put_visible(out, g->item);
        if (g->text.n) {
            sc_buf_z(out, ": ");
            sc_put_visible(out, g->text);
        }
        if (g->file && g->line) sc_buf_printf(out, "  (%s:%u)", g->file, g->line);
        sc_buf_char(out, '\n');
    }
    if (all > shown) sc_buf_printf(out, "    and %zu more (--json lists all)\n", all - shown);
}

void coverage_put_text(sc_buf *out, const coverage *c)
{
    size_t fresh = coverage_new_gaps(c), stale = coverage_stale_gaps(c);
    sc_buf_printf(out, "%zu samples, %zu variants, %zu crashes; %zu stable rule%s, %zu draft%s\n", c->samples,
                  c->variants, c->crashes, c->rules, c->rules == 1 ? "" : "s", c->drafts, c->drafts == 1 ? "" : "s");
    put_share(out, "rules", c->firing, c->rules, "fire in a sample");
    put_share(out, "", c->near_misses, c->rules, "are missed by one clause in another");
    for (size_t i = 0; i < sizeof mutant_words / sizeof *mutant_words; i++) {
        const mutant_count *m = &c->mutants[mutant_words[i].kind];
        if (m->tried) put_share(out, mutant_words[i].plural, m->noticed, m->tried - m->refused, mutant_words[i].missed);
    }
    if (!c->partial) {
        put_share(out, "bug checks", codes_covered(c), codes_with_rules(c), "with rules have a sample");
        depths d = count_depths(c);
        put_share(out, "", d.in_depth + d.brief, d.documented, "that are documented have a page");
        put_share(out, "commands", with_samples(c->commands, c->n_commands, false), c->n_commands,
                  "of the debugger are in a sample");
    }
    if (fresh) sc_buf_printf(out, "\nNew gaps, which %s does not list:\n", c->ratchet->path);
    for (int k = 0; fresh && k < N_GAP_KINDS; k++) put_kind(out, c, (gap_kind)k);
    if (stale) sc_buf_printf(out, "\nGaps that are closed and still stand in %s:\n", c->ratchet->path);
    const gap *listed = c->ratchet->gaps.items;
    for (size_t i = 0; stale && i < c->ratchet->gaps.n; i++) {
        if (!listed[i].known)
            sc_buf_printf(out, "    %s:%u: %s %.*s\n", c->ratchet->path, listed[i].line, gap_names[listed[i].kind],
                          SC_F(listed[i].item));
    }
    sc_buf_printf(out, "\n%zu gaps known, %zu new, %zu closed\n", c->n_gaps - fresh, fresh, stale);
    if (fresh)
        sc_buf_z(out, "Next: add a sample or a variant that tells the difference, or list the gap with its reason.\n");
    if (stale) sc_buf_z(out, "Next: run `stopcode coverage --update` to take the closed gaps off the list.\n");
}

/* ---- JSON ------------------------------------------------------------------------------------------------------- */

static json_t *span_json(sc_span s)
{
    return json_stringn(s.p ? s.p : "", s.n);
}

static json_t *gap_json(const gap *g)
{
    json_t *j = json_pack("{s:s, s:o, s:b}", "kind", gap_names[g->kind], "item", span_json(g->item), "known", g->known);
    if (j && g->text.n) json_object_set_new(j, "text", span_json(g->text));
    if (j && g->file) json_object_set_new(j, "file", json_string(g->file));
    if (j && g->line) json_object_set_new(j, "line", json_integer((json_int_t)g->line));
    if (j && g->known) json_object_set_new(j, "reason", span_json(g->reason));
    return j;
}

static json_t *share_json(size_t tried, size_t noticed)
{
    return json_pack("{s:I, s:I}", "all", (json_int_t)tried, "covered", (json_int_t)noticed);
}

static json_t *mutants_json(const mutant_count *m)
{
    return share_json(m->tried - m->refused, m->noticed);
}

static json_t *tallies_json(const tally *t, size_t n, bool codes)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *j = json_pack("{s:o, s:I, s:I}", "name", span_json(t[i].name), "samples", (json_int_t)t[i].samples,
                              "variants", (json_int_t)t[i].variants);
        if (j && codes) json_object_set_new(j, "rules", json_integer((json_int_t)t[i].rules));
        json_array_append_new(list, j);
    }
    return list;
}

bool coverage_put_json(sc_buf *out, const coverage *c)
{
    json_t *gaps = json_array(), *stale = json_array();
    const gap *listed = c->ratchet->gaps.items;
    for (size_t i = 0; i < c->n_gaps; i++) json_array_append_new(gaps, gap_json(&c->gaps[i]));
    for (size_t i = 0; !c->partial && i < c->ratchet->gaps.n; i++) {
        if (!listed[i].known)
            json_array_append_new(stale, json_pack("{s:s, s:o, s:i}", "kind", gap_names[listed[i].kind], "item",
                                                   span_json(listed[i].item), "line", (int)listed[i].line));
    }
    json_t *root = json_pack(
        "{s:i, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "schema", 1,
        "samples", (json_int_t)c->samples, "variants", (json_int_t)c->variants, "crashes", (json_int_t)c->crashes,
        "firing", share_json(c->rules, c->firing), "near_misses", share_json(c->rules, c->near_misses), "clauses",
        mutants_json(&c->mutants[GAP_CLAUSE]), "effects", mutants_json(&c->mutants[GAP_EFFECT]), "values",
        mutants_json(&c->mutants[GAP_VALUE]), "conditions", mutants_json(&c->mutants[GAP_CONDITION]), "frames",
        mutants_json(&c->mutants[GAP_FRAME]), "empty", mutants_json(&c->mutants[GAP_EMPTY]), "levels",
        mutants_json(&c->mutants[GAP_LEVEL]), "culprits", mutants_json(&c->mutants[GAP_CULPRIT]), "supersedes",
        mutants_json(&c->mutants[GAP_SUPERSEDES]), "bugchecks", tallies_json(c->codes, c->n_codes, true), "commands",
        tallies_json(c->commands, c->n_commands, false), "gaps", gaps, "stale", stale);
    char *dump = root ? json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER) : NULL;
    sc_buf_z(out, dump);
    sc_buf_char(out, '\n');
    bool good = dump != NULL;
    free(dump);
    json_decref(root);
    return good;
}

/* ---- The page --------------------------------------------------------------------------------------------------- */

static void put_code_row(sc_buf *out, const tally *t)
{
    sc_buf_printf(out, "| %.*s | %s | %s | %zu | %zu | %zu |\n", SC_F(t->name), t->title,
                  t->in_depth   ? "in depth"
                  : t->has_page ? "short"
                                : "",
                  t->rules, t->samples, t->variants);
}

static void put_mutant_table(sc_buf *out, const coverage *c)
{
    mutant_count all = {0};
    sc_buf_z(
        out,
        "\n## Broken rules\n\nEvery rule is broken in every way of this list, one at a time and in memory, and all "
        "samples are judged again. *Refused* is\nno query any more. `make mutate` breaks the files themselves: "
        "[mutation.md](mutation.md).\n\n| | what is broken | times | noticed | refused | not noticed |\n"
        "|---|---|---:|---:|---:|---:|\n");
    for (size_t i = 0; i < sizeof mutant_words / sizeof *mutant_words; i++) {
        const mutant_count *m = &c->mutants[mutant_words[i].kind];
        sc_buf_printf(out, "| %s | %s | %zu | %zu | %zu | %zu |\n", gap_names[mutant_words[i].kind],
                      mutant_words[i].meaning, m->tried, m->noticed, m->refused, m->tried - m->noticed - m->refused);
        all.tried += m->tried;
        all.noticed += m->noticed;
        all.refused += m->refused;
    }
    sc_buf_printf(out,
                  "| all | | %zu | %zu | %zu | %zu |\n\n### What no sample notices, and why\n\n| | what | why |\n"
                  "|---|---|---|\n",
                  all.tried, all.noticed, all.refused, all.tried - all.noticed - all.refused);
    for (size_t i = 0; i < c->n_gaps; i++) {
        const gap *g = &c->gaps[i];
        sc_buf_printf(out, "| %s | ", gap_names[g->kind]);
        cli_put_cell(out, g->item);
        if (g->text.n) {
            sc_buf_z(out, ": ");
            cli_put_cell(out, g->text);
        }
        sc_buf_z(out, " | ");
        cli_put_cell(out, g->known ? g->reason : SC_S("not listed"));
        sc_buf_z(out, " |\n");
    }
}

void coverage_put_table(sc_buf *out, const coverage *c)
{
    depths d = count_depths(c);
    sc_buf_printf(
        out,
        "# Coverage\n\nWhat the samples cover, written by `stopcode coverage --table docs/coverage.md`. A "
        "variant is an edit of a\nsample with its own expectation. What is not covered stands in "
        "`corpus/coverage.tsv`, with its reason.\n\n%zu stable rules with %zu clauses for %zu bug checks, %zu "
        "samples, %zu variants.\n\n## Bug checks\n\nA page in depth also tells the causes apart. Of %zu "
        "documented bug checks %zu have one, %zu have a short page.\n\n| bug check | name | page | rules | "
        "samples | variants |\n|---|---|---|---:|---:|---:|\n",
        c->rules, c->mutants[GAP_CLAUSE].tried, codes_with_rules(c), c->samples, c->variants, d.documented, d.in_depth,
        d.brief);
    for (size_t i = 0; i < c->n_codes; i++) put_code_row(out, &c->codes[i]);
    put_mutant_table(out, c);
    sc_buf_z(out, "\n## Debugger commands\n\n| command | samples | variants |\n|---|---:|---:|\n");
    for (size_t i = 0; i < c->n_commands; i++) {
        const tally *t = &c->commands[i];
        sc_buf_printf(out, "| `%.*s` | %zu | %zu |\n", SC_F(t->name), t->samples, t->variants);
    }
}
