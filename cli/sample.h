/* Regression samples: corpus/<folder>/<slug>.txt, what a person pasted, and <slug>.yaml, what must come out.
 *
 *     origin: {title: ..., address: ...}   # a text or a map: where the paste comes from
 *     terms: ...                           # on what terms it may stand here
 *     todo: ...                            # optional: why it is known to fail; passing is then an error
 *     crashes:                             # exactly those of the paste, in its order
 *       - bugcheck: 0x9F                   # or null
 *         args: [0x4, 0x258, 0xfffffa8007005660, null]   # null: the paste does not show it
 *         first_line: 84                   # optional
 *         last_line: 253                   # optional
 *         outcome: confirmed               # optional: confirmed, undecided or unrecognised
 *         confirmed: [0x9F/pnp-lock-held]  # exactly these; or a map, {0x9F/pnp-lock-held: certain}
 *         culprit: {kind: module, name: ZTEusbnet, confidence: certain}   # exactly; left out: unknown
 *         open: [...]                      # at least these rules
 *         ask: ["!locks"]                  # at least these commands
 *         values: {0x9F/pnp-lock-held: {irp: 0xfffffa8008f5cc10}}
 *         near_miss: [...]                 # rules that exactly one clause rules out
 *         suspects: {usbccgp: bystander}
 *         facts:                           # what these queries over the facts of the crash return, exactly
 *           - {sql: "SELECT name, contention FROM lock", rows: [[nt!PiEngineLock, 21]]}
 *     variants:                            # edits of the paste with an expectation of their own
 *       - name: without !locks
 *         delete_sections: ["!locks"]      # a command, with or without its arguments
 *         replace: [{from: "0x258", to: "0x12c"}]
 *         todo: ...                        # optional, as above
 *         crashes: {1: {open: [0x9F/pnp-lock-held], ask: ["!locks"]}}
 *
 * A variant's crashes are a list of all of them, or a map from numbers (1 is the first) to those that differ; the
 * others are expected as in the sample. Bug check and parameters are those of the sample unless they are given.
 */
#ifndef STOPCODE_CLI_SAMPLE_H
#define STOPCODE_CLI_SAMPLE_H

#include "engine/base/arena.h"
#include "engine/stopcode.h"
#include "kb/messages.h"

/* Arrays of these are sc_list; everything lives in the arena that the sample was read into. */
typedef struct sample_pair {
    sc_span name, value;
} sample_pair;

typedef struct sample_value {
    sc_span rule, variable, value;
} sample_value;

typedef struct sample_cell {
    sc_span text;
    bool null;
} sample_cell;

typedef struct sample_facts {
    sc_span sql;
    sc_list rows; /* sc_list of sample_cell */
} sample_facts;

typedef struct sample_crash {
    bool has_bugcheck, has_args; /* were given */
    bool no_code;                /* `bugcheck: null` */
    uint32_t code;
    uint64_t arg[4];
    bool known[4];
    uint32_t first_line, last_line; /* 0: not given */
    sc_span outcome;                /* "": not given */
    sc_list confirmed;              /* sample_pair: rule, confidence or "" */
    sc_culprit_kind culprit_kind;
    sc_span culprit;
    sc_confidence culprit_confidence;
    sc_list open, ask, near_miss; /* sc_span */
    sc_list values;               /* sample_value */
    sc_list suspects;             /* sample_pair: module, role */
    sc_list facts;                /* sample_facts */
} sample_crash;

typedef struct sample_variant {
    sc_span name, todo;      /* "": not given */
    sc_list delete_sections; /* sc_span */
    sc_list replace;         /* sample_pair: from, to */
    const sample_crash *crashes;
    size_t n_crashes;
} sample_variant;

typedef struct sample {
    const char *path; /* of the paste */
    sc_span text;
    sc_source_text yaml; /* the expectations */
    sc_span todo;        /* "": not given */
    const sample_crash *crashes;
    size_t n_crashes;
    sc_list variants; /* sample_variant */
} sample;

/* The keys that each map may have, NULL-terminated; docs/schema/sample.schema.json describes the same ones. */
extern const char *const sample_keys[], *const sample_origin_keys[], *const sample_crash_keys[],
                                                                         *const sample_culprit_keys[],
                                                                             *const sample_variant_keys[],
                                                                                 *const sample_replace_keys[],
                                                                                     *const sample_facts_keys[];

/* Reads both files of the sample whose paste is at `path`. SC_E_IO, or SC_E_RULE when the expectations have faults,
 * which the reporter then has heard of. Rules must be in `k`, and origin and terms filled in; without `k` neither is
 * looked at, for who is about to change the file. */
int sample_read(sc_arena *a, const char *path, const sc_knowledge *k, sample *out, sc_reporter *reporter,
                sc_error *error);
/* The same from memory: out->path, ->text and ->yaml are given, the rest is read. */
int sample_parse(sc_arena *a, const sc_knowledge *k, sample *out, sc_reporter *reporter, sc_error *error);
/* The sample or one of its variants is about this rule, or it is called like the rule. */
bool sample_names_rule(const sample *s, sc_span rule);
/* The paste of a variant. `d` is the diagnosis of the unedited one. SC_E_INPUT when an edit finds nothing to change. */
int sample_edit(const sample *s, const sample_variant *v, const sc_diagnosis *d, sc_buf *out, sc_error *error);

/* Equal as texts, or as numbers however they are written. */
bool sample_same_value(sc_span a, sc_span b);
/* Compares; every difference is told, with the lines of the paste it rests on. Returns their number. The engine and the
 * paste serve to say why a rule did not do what was expected. */
size_t sample_compare(const sample_crash *expected, size_t n, const sc_diagnosis *d, sc_engine *e, sc_span paste,
                      sc_buf *out);

/* What of a crash can differ: the number of crashes, then the keys in the order of sample_crash_keys. */
typedef enum sample_key {
    SAMPLE_CRASHES,
    SAMPLE_BUGCHECK,
    SAMPLE_ARGS,
    SAMPLE_FIRST_LINE,
    SAMPLE_LAST_LINE,
    SAMPLE_OUTCOME,
    SAMPLE_CONFIRMED,
    SAMPLE_CULPRIT,
    SAMPLE_OPEN,
    SAMPLE_ASK,
    SAMPLE_VALUES,
    SAMPLE_NEAR_MISS,
    SAMPLE_SUSPECTS,
    SAMPLE_FACTS,
} sample_key;
/* A wrong verdict: somebody would be told another cause. The rest is how it is put: lines, values, commands. */
bool sample_is_verdict(sample_key key);

/* One difference, for who changes the file. */
typedef struct sample_difference {
    sample_key key;
    size_t crash;     /* 0-based */
    size_t arg;       /* of SAMPLE_ARGS: 0 to 3 */
    sc_span item;     /* the rule, command, module or query that it is about */
    sc_span variable; /* of SAMPLE_VALUES */
    sc_span seen;     /* what stands there now, as YAML; "": nothing */
    size_t from, to;  /* bytes of the report that tell it */
} sample_difference;
/* As sample_compare; the differences are added to `list` besides. */
size_t sample_differences(sc_arena *a, sc_list *list, const sample_crash *expected, size_t n, const sc_diagnosis *d,
                          sc_engine *e, sc_span paste, sc_buf *out);

#endif
