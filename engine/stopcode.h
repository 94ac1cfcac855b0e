/* stopcode: pasted kernel-debugger text in, a diagnosis with its evidence out.
 *
 * Ownership in one sentence: you own what a function with `new` in its name or an `**out` parameter hands you and free
 * it with the function named beside it; everything reachable from it belongs to it; every sc_span you pass in must
 * outlive the call, a knowledge must outlive its engines, and an engine its diagnoses.
 *
 * The library reads no file, clock or environment, prints nothing, never exits, and has no mutable globals: use one
 * engine per thread. Functions return 0 (SC_OK) or a negative SC_E_ code (engine/base/error.h).
 */
#ifndef STOPCODE_H
#define STOPCODE_H

#include "engine/base/buf.h"
#include "engine/base/error.h"
#include "engine/base/span.h"

#define SC_VERSION "0.1.0"
#define SC_JSON_SCHEMA 1

/* ---- Knowledge: what kb/ compiles from rules/ and kb/reference/, and the engine applies ------------------------- */

typedef enum sc_truth { SC_FALSE, SC_UNKNOWN, SC_TRUE } sc_truth;
typedef enum sc_verdict { SC_RULED_OUT, SC_OPEN, SC_CONFIRMED } sc_verdict;
typedef enum sc_confidence { SC_NO_CONFIDENCE, SC_POSSIBLE, SC_LIKELY, SC_CERTAIN } sc_confidence;
/* In ranking order: findings sort by tier first, then by confidence. */
typedef enum sc_tier { SC_DELIBERATE, SC_HARDWARE, SC_PROOF, SC_BLAME, SC_ADVICE } sc_tier;
typedef enum sc_status { SC_DRAFT, SC_STABLE, SC_RETIRED } sc_status;
typedef enum sc_effect { SC_REQUIRES, SC_SUPPORTS, SC_EXCLUDES } sc_effect;
typedef enum sc_clause_kind { SC_CLAUSE_ARGS, SC_CLAUSE_STACK, SC_CLAUSE_SQL, SC_CLAUSE_TEXT } sc_clause_kind;
typedef enum sc_role_kind { SC_CULPRIT, SC_VICTIM, SC_SUSPECT, SC_BYSTANDER } sc_role_kind; /* strongest first */

/* The words of the rule format, indexed by the enums above. */
extern const char *const sc_truth_names[3], *const sc_verdict_names[3], *const sc_confidence_names[4];
extern const char *const sc_tier_names[5], *const sc_status_names[3], *const sc_role_names[4];

/* One alternative for a bug check parameter: (value & mask) within [low, high], unsigned. */
typedef struct sc_arg_range {
    uint64_t mask, low, high;
} sc_arg_range;

/* `args: {1: [4, 5]}`: parameter `arg` (1 to 4) lies in one of the ranges. */
typedef struct sc_arg_test {
    int arg;
    const sc_arg_range *ranges;
    size_t n_ranges;
} sc_arg_test;

/* Which stack a stack clause looks at. */
typedef enum sc_scope { SC_SCOPE_CRASH, SC_SCOPE_THREAD, SC_SCOPE_PROCESSOR, SC_SCOPE_STACK, SC_SCOPE_ANY } sc_scope;

/* A named condition. Strings are NUL-terminated; those marked "template" may hold {{name|fallback}}. */
typedef struct sc_clause {
    const char *name;
    sc_clause_kind kind;
    sc_effect effect;
    sc_confidence supports; /* with SC_SUPPORTS: the confidence it raises the rule to */
    const char *ask;        /* template of a debugger command that would settle it, or NULL */
    bool whole;             /* a row counts only when everything the query looked at was there */
    /* SC_CLAUSE_ARGS */
    const sc_arg_test *args;
    size_t n_args;
    /* SC_CLAUSE_STACK: globs over `module!function`; "..." any run of frames; {name} binds a third-party module */
    const char *const *frames;
    size_t n_frames;
    sc_scope scope;
    const char *owner; /* template: the thread, processor or stack of `scope`; NULL for crash and any */
    /* SC_CLAUSE_SQL */
    const char *sql;
    /* SC_CLAUSE_TEXT: a PCRE2 pattern in the output of one debugger command; named groups become variables */
    const char *command, *pattern;
    unsigned line; /* of the clause in the rule's file, 1-based; 0 unknown */
} sc_clause;

/* `roles:`: each row of `sql` (columns `module`, `line`, optional `why`) gives a module this role when the rule is
 * confirmed (or, for suspects, open). */
typedef struct sc_role {
    sc_role_kind role;
    const char *why; /* template, shown for rows without a `why` column; may be NULL */
    const char *sql;
    unsigned line;
} sc_role;

typedef struct sc_rule {
    const char *id; /* "0x9F/pnp-lock-held": folder and file name */
    const char *title;
    const uint32_t *codes; /* bug checks it belongs to; n_codes 0 with any_code or no_code */
    size_t n_codes;
    bool any_code;    /* bugcheck: any - applies beside every bug check, known or not */
    bool no_code;     /* bugcheck: none - applies when no bug check is known */
    sc_status status; /* drafts and retired rules are not evaluated */
    sc_tier tier;
    sc_confidence confidence; /* when every requiring clause is true */
    const sc_clause *clauses;
    size_t n_clauses;
    const char *culprit; /* template: a module or a hardware name; NULL: names none */
    const char *summary; /* template */
    const sc_role *roles;
    size_t n_roles;
    const char *const *supersedes; /* ids of rules that a confirmation of this one hides */
    size_t n_supersedes;
    const char *const *references; /* addresses of pages to read on */
    size_t n_references;
    const char *const *fixes; /* templates: the steps of "## Fix", cheapest first, each ending in "(... risk)" */
    size_t n_fixes;
    const char *body; /* the page below the head, Markdown; templates */
    const char *file; /* where it was read from, for messages */
} sc_rule;

typedef enum sc_origin {
    SC_ORIGIN_MICROSOFT,
    SC_ORIGIN_THIRD_PARTY,
    SC_ORIGIN_INBOX_THIRD_PARTY,
    SC_ORIGIN_PSEUDO
} sc_origin;

typedef struct sc_ref_module {
    const char *name; /* as a debugger prints it, without extension */
    const char *vendor, *product, *kind;
    sc_origin origin;
} sc_ref_module;

typedef struct sc_ref_bugcheck {
    uint32_t code;
    const char *name;
    bool live_dump;
} sc_ref_bugcheck;

/* A name for a number, as in the NTSTATUS table. */
typedef struct sc_ref_number {
    uint64_t number;
    const char *name, *text; /* "" for a text that nobody has written */
} sc_ref_number;

/* What a term of kb/reference/terms/ is. */
#define SC_TERM_KINDS(X)                                                                                               \
    X(DEVICE_PROBLEM, "device-problem") /* CM_PROB_ codes */                                                           \
    X(DEVICE_STATE, "device-state")     /* PNP_DEVNODE_STATE */                                                        \
    X(FAST_FAIL, "fast-fail")           /* subcodes of __fastfail, parameter 1 of 0x139 */                             \
    X(FIELD, "field")                   /* a label in debugger output: "Contention Count" */                           \
    X(FUNCTION, "function")             /* nt!KeBugCheckEx; a `*` at the end: all that begin so */                     \
    X(IRQL, "irql")                     /* interrupt request levels of x64 */                                          \
    X(PARAMETER, "parameter")           /* of a bug check: "0x9F 1", "0x9F 1=0x4", "0x9F 2 1=0x4" */                   \
    X(POOL_TAG, "pool-tag")             /* four characters, case counts */                                             \
    X(PROCESSOR, "processor")           /* "GenuineIntel 6 0x9e": maker, family, model */                              \
    X(SIGNATURE_SKIP, "signature-skip") /* functions that say nothing about what a crash was; `*` as above */          \
    X(VERIFIER_FLAG, "verifier-flag")   /* bits of Driver Verifier's level */                                          \
    X(WHEA_SOURCE, "whea-source")       /* parameter 1 of 0x124 */
typedef enum sc_term_kind {
#define X(id, name) SC_TERM_##id,
    SC_TERM_KINDS(X)
#undef X
        SC_N_TERM_KINDS
} sc_term_kind;
extern const char *const sc_term_kind_names[SC_N_TERM_KINDS]; /* of the file, too: kb/reference/terms/<name>.tsv */

typedef struct sc_ref_term {
    const char *term;
    const char *name; /* what it is called, or which area it belongs to; "" when there is no name */
    const char *text; /* one sentence without a full stop */
    uint64_t number;  /* of a term that is a number; else 0 */
} sc_ref_term;

/* Everything the engine knows beside the paste. Arrays are sorted: rules by id, modules by name (ASCII case ignored),
 * bug checks by code, NTSTATUS by number. */
typedef struct sc_knowledge {
    const sc_rule *rules;
    size_t n_rules;
    const sc_ref_module *modules;
    size_t n_modules;
    const sc_ref_bugcheck *bugchecks;
    size_t n_bugchecks;
    const sc_ref_number *ntstatus;
    size_t n_ntstatus;
    const sc_ref_number *cpu_clocks; /* base clock in MHz by a part of the processor's name; in any order */
    size_t n_cpu_clocks;
    const sc_ref_term *terms[SC_N_TERM_KINDS]; /* sorted by number, then by the bytes of the term */
    size_t n_terms[SC_N_TERM_KINDS];
} sc_knowledge;

const sc_ref_module *sc_find_module(const sc_knowledge *k, sc_span name); /* NULL when not listed; extension ignored */
const sc_ref_bugcheck *sc_find_bugcheck(const sc_knowledge *k, uint32_t code); /* 0x1000007E finds 0x7E */
const sc_ref_bugcheck *sc_find_bugcheck_name(const sc_knowledge *k, sc_span name);
/* 0x1000007E is 0x7E as the header of a minidump has it: the same rules, the same page. Other codes are themselves. */
uint32_t sc_plain_code(const sc_knowledge *k, uint32_t code);
const char *sc_ntstatus_name(const sc_knowledge *k, uint32_t status);          /* NULL when not listed */
const sc_ref_number *sc_find_ntstatus(const sc_knowledge *k, uint32_t status); /* with its meaning; NULL likewise */
/* The term that is spelt so, case and all; NULL. */
const sc_ref_term *sc_find_term(const sc_knowledge *k, sc_term_kind kind, sc_span term);
/* For kinds whose terms are numbers. */
const sc_ref_term *sc_find_number(const sc_knowledge *k, sc_term_kind kind, uint64_t number);
/* For kinds whose terms may end in `*`: the term itself, else the longest beginning. */
const sc_ref_term *sc_find_symbol(const sc_knowledge *k, sc_term_kind kind, sc_span symbol);
/* Are this kind's terms numbers? */
bool sc_term_is_number(sc_term_kind kind);
/* The order of terms: by number, then by bytes. */
int sc_term_order(const sc_ref_term *a, const sc_ref_term *b);
/* A driver that is not part of Windows: listed as such, or not listed at all. False for nt, for pseudo names such as
 * GenuineIntel.sys and memory_corruption, and for the empty name. */
bool sc_third_party(const sc_knowledge *k, sc_span module);

/* ---- Diagnosis: what comes out ----------------------------------------------------------------------------------- */

/* A line of the paste that proves something. */
typedef struct sc_evidence {
    const char *clause;
    uint32_t line, last_line; /* 1-based lines of the paste; 0 when the proof is the absence of a whole section's row */
    sc_span text;             /* that line, repaired */
} sc_evidence;

typedef struct sc_variable {
    const char *name;
    sc_span value; /* as shown: text, decimal, or 0x hex for addresses */
} sc_variable;

/* What one clause came to (for `why`, and for findings that are open). */
typedef struct sc_clause_result {
    const sc_clause *clause;
    sc_truth truth;
    sc_span value; /* what was seen, in words; "" when there is nothing to say */
    sc_span ask;   /* the command that would settle it, addresses filled in; "" for none */
    const sc_evidence *evidence;
    size_t n_evidence;
} sc_clause_result;

typedef struct sc_finding {
    const sc_rule *rule;
    sc_verdict verdict;
    sc_confidence confidence;
    sc_span summary; /* expanded */
    sc_span culprit; /* expanded; "" when the rule names none */
    const sc_variable *variables;
    size_t n_variables;
    const sc_evidence *evidence;
    size_t n_evidence;
    const sc_clause_result *clauses; /* one per clause of the rule, in the rule's order */
    size_t n_clauses;
    const sc_span *fixes; /* expanded steps */
    size_t n_fixes;
    bool superseded; /* hidden by a confirmed rule that says more */
} sc_finding;

typedef struct sc_reason {
    sc_span text;
    uint32_t line; /* 0: none */
} sc_reason;

/* A module and the part it played, strongest role first. */
typedef struct sc_suspect {
    sc_span module;
    sc_role_kind role;
    const sc_reason *reasons_for;
    size_t n_for;
    const sc_reason *reasons_against;
    size_t n_against;
} sc_suspect;

typedef struct sc_ask {
    sc_span command; /* as a debugger takes it */
    sc_span why;
    const char *const *settles; /* rule ids */
    size_t n_settles;
} sc_ask;

typedef enum sc_outcome { SC_UNRECOGNISED, SC_UNDECIDED, SC_DIAGNOSED } sc_outcome;
extern const char *const sc_outcome_names[3]; /* "unrecognised", "undecided", "confirmed" */

/* Where a bug check's code was read, strongest first. */
typedef enum sc_source {
    SC_SOURCE_NONE,
    SC_SOURCE_ANALYZE,
    SC_SOURCE_LINE,
    SC_SOURCE_HEADER, /* of the dump */
    SC_SOURCE_EVENT,
    SC_SOURCE_STACK,
    SC_SOURCE_PROSE,
    SC_SOURCES
} sc_source;
extern const char *const sc_source_names[SC_SOURCES]; /* "", "analyze", "line", "header", "event", "stack", "prose" */

typedef struct sc_bugcheck {
    sc_source source; /* SC_SOURCE_NONE: the code is not known */
    uint32_t code;    /* base code: 0x1000007E is 0x7E */
    sc_span name;     /* "" when not listed */
    uint64_t arg[4];  /* in the target's width, sign extension undone */
    bool known[4];    /* which parameters the paste shows */
    uint32_t line;    /* where the code was read; 0 none */
} sc_bugcheck;

typedef enum sc_culprit_kind {
    SC_CULPRIT_UNKNOWN,
    SC_CULPRIT_MODULE,
    SC_CULPRIT_HARDWARE,
    SC_CULPRIT_OS,
    SC_CULPRIT_USER
} sc_culprit_kind;
extern const char *const sc_culprit_kind_names[5];
/* "cpu", "disk" ... are hardware, "user" and "windows" themselves, any other name is a module's. */
sc_culprit_kind sc_culprit_kind_of(sc_span name);
extern const char *const sc_culprit_words[]; /* what a culprit may be called besides a module; NULL-terminated */

typedef struct sc_crash {
    sc_outcome outcome;
    sc_bugcheck bugcheck;
    uint32_t first_line, last_line; /* of the paste */
    sc_span headline;               /* what the parameters say, "sync time-out, 600 s"; "" when nothing */
    sc_span signature;              /* for grouping */
    sc_culprit_kind culprit_kind;
    sc_span culprit;
    sc_confidence culprit_confidence;
    const sc_rule *culprit_rule; /* NULL: from the bug check's own parameters and stack */
    const sc_finding *findings;  /* ranked: confirmed before open, then tier, then confidence; superseded ones last */
    size_t n_findings;
    const sc_finding *ruled_out; /* near misses: rules of this code with exactly one deciding clause against them */
    size_t n_ruled_out;
    const sc_suspect *suspects;
    size_t n_suspects;
    const sc_ask *asks; /* in order of how much they would settle */
    size_t n_asks;
} sc_crash;

typedef struct sc_section_info {
    sc_span command; /* canonical name, "!locks"; as typed when there is no parser for it */
    sc_span args;
    uint32_t first_line, last_line;
    int processor;  /* the debugger's current processor, -1 unknown */
    bool complete;  /* its end was seen */
    bool known;     /* a parser read it */
    bool user_mode; /* of a user-mode session (0:000>): looked at by no parser and no rule */
} sc_section_info;

/* Something that limits what the paste can prove. */
typedef struct sc_health {
    const char *kind; /* minidump, dump-corrupt, symbols-wrong, unwind-lost, no-symbols, unreadable, cut */
    sc_span text;
    uint32_t line; /* the first that says so */
} sc_health;

typedef struct sc_diagnosis {
    uint32_t lines;             /* of the paste */
    const char *const *repairs; /* names of the kinds of paste damage that were repaired */
    size_t n_repairs;
    bool truncated; /* the paste itself says, or a limit made, that something is missing */
    const sc_health *health;
    size_t n_health;
    const sc_section_info *sections;
    size_t n_sections;
    const sc_crash *crashes;
    size_t n_crashes;
} sc_diagnosis;

/* ---- Engine ------------------------------------------------------------------------------------------------------ */

typedef struct sc_engine sc_engine;

int sc_engine_new(sc_engine **out, const sc_knowledge *knowledge, sc_error *error); /* free with sc_engine_free */
void sc_engine_free(sc_engine *e);
/* Bytes one diagnosis may use; 0 restores SC_MAX_ARENA_BYTES. */
void sc_engine_set_memory_limit(sc_engine *e, size_t bytes);

/* Diagnoses one paste. SC_E_INPUT for an empty or binary one. Free with sc_diagnosis_free; the diagnosis is valid until
 * then, independently of later calls. A paste without anything recognised is a success with no crash. */
int sc_diagnose(sc_engine *e, sc_span paste, sc_diagnosis **out, sc_error *error);
void sc_diagnosis_free(sc_diagnosis *d); /* NULL is fine */

/* Every clause of one rule on every crash of a paste, ruled out or not. Same ownership as sc_diagnose: `findings` of
 * each crash then holds exactly the results of that rule. SC_E_RULE when there is no such rule. */
int sc_why(sc_engine *e, sc_span paste, const char *rule_id, sc_diagnosis **out, sc_error *error);

/* A paste that was read once, to be judged by many rules: what looks at rules over a whole corpus needs. The engine
 * must outlive it; what it hands out is valid until it is freed. */
typedef struct sc_reading sc_reading;
int sc_reading_new(sc_reading **out, sc_engine *e, sc_span paste, sc_error *error); /* free with sc_reading_free */
void sc_reading_free(sc_reading *r);                                                /* NULL is fine */
/* Sections and bug checks; the same crashes as sc_diagnose finds, without any finding. */
const sc_diagnosis *sc_reading_view(const sc_reading *r);
/* The repaired lines of the paste, for who shows what was read and what was not. */
typedef struct sc_line_info {
    uint32_t first_line, last_line; /* of the paste */
    sc_span text;                   /* repaired; empty for a blank line */
    size_t section;                 /* index into the view's sections, SC_NPOS for none */
    bool read;                      /* a parser used it, or it is a prompt that names a known command */
} sc_line_info;
size_t sc_reading_lines(const sc_reading *r);
sc_line_info sc_reading_line(const sc_reading *r, size_t i);
/* A note beside a line: what a function does, a label means, a number says. */
typedef struct sc_annotation {
    uint32_t line;   /* of the paste */
    sc_span subject; /* what it is about, mostly as it stands in the line */
    sc_span text;
} sc_annotation;
/* All notes, by line. They live as long as the reading. */
int sc_reading_annotate(sc_reading *r, const sc_annotation **out, size_t *n, sc_error *error);
/* What rule number `rule` of the engine's knowledge comes to on a crash, ruled out or not; nothing when it is for other
 * bug checks. */
int sc_reading_judge(sc_reading *r, size_t crash, size_t rule, const sc_finding **out, size_t *n, sc_error *error);

/* Runs one read-only statement over the facts of the crash `crash` (0-based) of a paste. Calls `row` per row with the
 * column names and texts (NULL for NULL); a non-zero return stops. */
typedef int (*sc_row_fn)(void *context, int n, const char *const *names, const char *const *values);
int sc_query(sc_engine *e, sc_span paste, size_t crash, const char *sql, sc_row_fn row, void *context, sc_error *error);

/* Everything that the parsers made of a paste, in words and appended to `out`: per crash its sections and what of them
 * was not read, then per table its rows - line, and the cells that the paste shows - and what each section tells of it.
 * SC_E_INPUT when nothing was recognised. */
int sc_facts_text(sc_engine *e, sc_span paste, sc_buf *out, sc_error *error);

/* Compiles a statement against the empty tables, for lint. *names receives the comma-separated result columns, and
 * *parameters the comma-separated variables it wants (both may be NULL). */
int sc_check_sql(sc_engine *e, const char *sql, sc_buf *names, sc_buf *parameters, sc_error *error);
/* Compiles a pattern of a text clause; *names receives its named groups. */
int sc_check_pattern(const char *pattern, sc_buf *names, sc_error *error);

/* ---- What the fact tables are (generated from the descriptors in engine/facts/) ---------------------------------- */

typedef struct sc_column_info {
    const char *name, *type, *doc;
} sc_column_info;

/* Calls `table` per fact table; a non-zero return stops and is returned. `commands` is a comma-separated list. */
typedef int (*sc_table_fn)(void *context, const char *name, const char *key, const char *doc, const char *commands,
                           const sc_column_info *columns, size_t n);
int sc_tables(sc_table_fn table, void *context);
/* A debugger command with a parser, or a derivation (its name stands in parentheses). */
typedef struct sc_command_info {
    const char *name;
    const char *const *aliases; /* other spellings, NULL-terminated; may be NULL */
    const char *doc, *proof, *query;
    const char *tables; /* comma-separated */
} sc_command_info;
/* Calls `command` per command; a non-zero return stops and is returned. What it is handed lives for the call only. */
typedef int (*sc_command_fn)(void *context, const sc_command_info *command);
int sc_command_list(sc_command_fn command, void *context);
/* Canonical name of a debugger command in any of its spellings ("kv" is "k"), or NULL when no parser knows it. */
const char *sc_command_name(sc_span spelling);

/* ---- Rendering --------------------------------------------------------------------------------------------------- */

typedef struct sc_render_options {
    const char *source; /* the file's name as the reader knows it, or NULL */
    const char *error;  /* why the paste could not be read, or NULL; the diagnosis is then an empty one */
    unsigned width;     /* columns, 0: 80 */
    bool color;         /* ANSI colours */
    bool all;           /* ruled-out near misses, every open finding and ask */
} sc_render_options;

typedef int sc_renderer(const sc_diagnosis *d, const sc_render_options *o, sc_buf *out);
sc_renderer *sc_find_renderer(sc_span format); /* "text", "json", "markdown"; NULL: unknown */
extern const char *const sc_format_names[];    /* NULL-terminated */

#endif
