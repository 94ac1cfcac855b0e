/* What the samples prove about the rules: `stopcode coverage`.
 *
 * A gap is something that could be broken or taken away without a single sample noticing. Rules are broken in memory:
 * a copy of the rule with one clause less, one flag or one parameter value changed (a mutant) is judged beside the
 * original on every crash that the rule is about, until a sample's expectations tell the two apart.
 */
#ifndef STOPCODE_CLI_COVERAGE_H
#define STOPCODE_CLI_COVERAGE_H

#include "cli/corpus.h"

#include <stdatomic.h>

typedef enum gap_kind {
    GAP_FIRING,     /* a rule that no sample confirms */
    GAP_NEAR_MISS,  /* a rule that no sample just misses */
    GAP_CLAUSE,     /* a clause that can be deleted */
    GAP_EFFECT,     /* a `supports` or `excludes` that can be deleted, so that the clause is required */
    GAP_VALUE,      /* a value of an `args` clause that can be deleted */
    GAP_CONDITION,  /* a condition of a query that can be left out, or be joined by OR instead of AND */
    GAP_FRAME,      /* a pattern of a `stack` clause that can be deleted */
    GAP_EMPTY,      /* a clause that might as well find nothing */
    GAP_LEVEL,      /* a confidence that might be another */
    GAP_CULPRIT,    /* a `culprit` that can be deleted */
    GAP_SUPERSEDES, /* a rule of `supersedes` that can be deleted */
    GAP_CODE,       /* a bug check with rules and without a sample */
    GAP_COMMAND,    /* a debugger command that a parser reads and no sample holds */
    N_GAP_KINDS
} gap_kind;
extern const char *const gap_names[N_GAP_KINDS];
extern const char *const gap_meanings[N_GAP_KINDS]; /* what stands beside one, for people */

typedef struct gap {
    gap_kind kind;
    sc_span item; /* "0x9F/pnp-lock-held#lock-owner" */
    sc_span text; /* what was broken, where the item does not say it; "" otherwise */
    const char *file;
    unsigned line;  /* of the rule's file; 0 none */
    sc_span reason; /* from the ratchet; "" when it is not listed there */
    bool known;     /* is listed */
} gap;

/* ---- coverage_mutants.c ----------------------------------------------------------------------------------------- */

typedef struct mutant {
    gap_kind kind;
    size_t rule, clause; /* of the original, in the knowledge; clause is NO_CLAUSE where it is about the whole rule */
    sc_span item, text;
    const char *superseded; /* GAP_SUPERSEDES: the id of the rule that is not hidden any more */
} mutant;
#define NO_CLAUSE ((size_t)-1)

/* How many of the mutants of a kind there are, some sample notices, and SQLite refuses. */
typedef struct mutant_count {
    size_t tried, noticed, refused;
} mutant_count;

/* The knowledge with the mutants of its stable rules behind its rules: mutant i is rule number n_base + i. */
typedef struct mutants {
    sc_knowledge knowledge;
    size_t n_base, n;
    const mutant *list;
    atomic_bool *noticed; /* some sample tells mutant i from the original */
    atomic_bool *refused; /* mutant i is no query that SQLite takes */
} mutants;

/* `wanted` (NULL: all) tells for each rule whether it is mutated. Everything lives in the arena. False: no memory. */
bool mutants_make(sc_arena *a, const sc_knowledge *k, const bool *wanted, mutants *out);

/* ---- coverage_conditions.c -------------------------------------------------------------------------------------- */

typedef struct broken_query {
    sc_span name;    /* "where 1", "and 2": what was broken, counted in the query */
    sc_span text;    /* its words */
    const char *sql; /* the query as it is then */
} broken_query;

/* Adds a broken_query for every condition of `sql`: each WHERE, HAVING and ON is made to hold always, each AND that
 * joins conditions becomes OR. */
void coverage_break_query(sc_arena *a, const char *sql, sc_list *out);

/* ---- coverage_judge.c ------------------------------------------------------------------------------------------- */

/* What a rule came to on a crash. */
typedef struct judgement {
    const sc_finding *findings;
    size_t n;
    bool hidden; /* superseded by another rule that is confirmed */
} judgement;

bool judgement_fires(const sample_crash *expected, const sc_rule *rule, const judgement *j);
/* Ruled out by exactly one clause, while something else speaks for the rule (or nothing else is required). */
bool judgement_near_miss(const judgement *j);
/* The judgements of all rules on one crash. */
typedef struct judgements {
    const sc_knowledge *knowledge;
    const judgement *of;       /* per rule */
    const sc_finding *accuser; /* the finding whose culprit is the crash's; NULL: none */
} judgements;
judgements judgements_of(const sc_knowledge *k, const judgement *of);

/* The expectations of the crash would fail if `after` came out for rule number `rule` instead of what `all` holds. */
bool judgement_differs(const sample_crash *expected, const judgements *all, size_t rule, const judgement *after);
/* They would fail if rule number `rule` did not hide the rule `superseded`. */
bool judgement_uncovers(const sample_crash *expected, const judgements *all, size_t rule, const char *superseded);

/* ---- coverage_ratchet.c ----------------------------------------------------------------------------------------- */

/* The gaps that corpus/coverage.tsv allows: columns kind, item, reason. */
typedef struct ratchet {
    const char *path;
    sc_list gaps; /* gap; `known` once it was found to be there */
} ratchet;

/* A missing file is an empty one. CLI_OK, or CLI_ERROR after a message about every line that cannot be read. */
int ratchet_read(sc_arena *a, const char *path, ratchet *out);
/* Marks what is on both sides: `known` and `reason` in `gaps`, `known` in the ratchet. */
void ratchet_match(ratchet *r, gap *gaps, size_t n);
/* Writes the gaps that were listed and are still there; with `all` new ones too. */
int ratchet_write(sc_arena *a, const ratchet *r, const gap *gaps, size_t n, bool all);

/* ---- coverage_report.c ------------------------------------------------------------------------------------------ */

/* How many samples show a bug check or a debugger command. */
typedef struct tally {
    sc_span name; /* "0x9F", "any", "!locks" */
    const char *title;
    bool has_code;
    bool documented, has_page, in_depth; /* a bug check of the reference; its rules/<code>/index.md */
    uint32_t code;
    size_t rules; /* stable ones */
    size_t samples, variants;
} tally;

typedef struct coverage {
    const sc_knowledge *knowledge;
    size_t samples, variants, crashes;
    size_t rules, firing, near_misses, drafts;
    mutant_count mutants[N_GAP_KINDS];
    tally *codes, *commands;
    size_t n_codes, n_commands;
    gap *gaps;
    size_t n_gaps;
    const ratchet *ratchet;
    bool partial; /* only some rules were asked for */
} coverage;

size_t coverage_new_gaps(const coverage *c);
size_t coverage_stale_gaps(const coverage *c);
void coverage_put_text(sc_buf *out, const coverage *c);
bool coverage_put_json(sc_buf *out, const coverage *c);
/* The Markdown page: bug checks with their depth, rules and samples, debugger commands. */
void coverage_put_table(sc_buf *out, const coverage *c);

#endif
