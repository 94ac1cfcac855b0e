/* What a debugger command's file declares, and what its parser may call.
 *
 * One file per command exports one const sc_command; everything else in it is static. engine/facts/template.c is the
 * worked example. From the same declaration come the SQL schema, the site's reference page and `stopcode tables`.
 */
#ifndef STOPCODE_FACT_H
#define STOPCODE_FACT_H

#include "engine/base/arena.h"
#include "engine/base/scan.h"
#include "engine/stopcode.h"
#include "engine/transcript/transcript.h"

/* ---- Declaration ------------------------------------------------------------------------------------------------- */

typedef enum sc_type {
    SC_INT,  /* a count, an index, a number of bytes or seconds: the column's doc states the unit */
    SC_ADDR, /* a 64-bit address or bit set: shown as hex; x86 values are zero-extended */
    SC_REAL,
    SC_TEXT,
    SC_BOOL,
} sc_type;

typedef struct sc_column {
    const char *name;
    sc_type type;
    const char *doc; /* one line: meaning, unit, "NULL when ..." */
} sc_column;

/* A table of facts. Every table has three columns more than it declares: `line` and `last_line` (of the paste) and
 * `section` (ordinal of the section, 0-based). */
typedef struct sc_table {
    const char *name;
    const char *doc; /* one line */
    int key;         /* the column that one section's output is about, or -1: one section tells all */
    const sc_column *columns;
    int n_columns;
} sc_table;
#define SC_COLUMNS(array) (array), (int)(sizeof(array) / sizeof((array)[0]))
#define SC_NO_KEY (-1)
#define SC_MAX_COLUMNS 32

typedef enum sc_taste { SC_ABSTAIN, SC_WEAK, SC_STRONG } sc_taste;

struct sc_parse;

typedef struct sc_command {
    const char *name;               /* canonical: "!locks", "k" */
    const char *const *aliases;     /* other spellings, NULL-terminated; may be NULL. Matching ignores case */
    bool (*spelling)(sc_span name); /* for families such as k[bcfnpvL...]; may be NULL. Case counts */
    const char *doc;                /* one line: what the command shows */
    const char *proof;              /* one line: what shows that the output is whole */
    const char *query;              /* one statement that asks its tables something worth knowing */
    const sc_table *const *tables;  /* that it fills, NULL-terminated */
    /* Could this line be the first of the command's output when the prompt is lost? `at` lines lie ahead at lines[0..].
     * STRONG starts a section anywhere; WEAK only where no section is open, and it keeps a line inside its own
     * section. */
    sc_taste (*taste)(const sc_line *lines, size_t n);
    /* Commands whose output may stand inside this one's (a stack inside !thread): their STRONG taste does not end
     * it. */
    const char *const *absorbs; /* canonical names, NULL-terminated; may be NULL */
    /* Reads the section. Never fails: what cannot be read is left out. */
    void (*parse)(struct sc_parse *p);
} sc_command;

extern const sc_command *const sc_commands[];        /* all of them, NULL-terminated (engine/facts/commands.c) */
const sc_command *sc_find_command(sc_span spelling); /* by name or alias, case ignored; NULL */

/* ---- Facts of one crash ------------------------------------------------------------------------------------------ */

typedef enum sc_cell_state {
    SC_NOT_PRINTED, /* the output did not show it: reading it makes a query's answer uncertain */
    SC_NULL,        /* the output shows that there is none */
    SC_SET,
} sc_cell_state;

typedef struct sc_cell {
    sc_cell_state state;
    union {
        int64_t i; /* SC_INT, SC_ADDR (as two's complement), SC_BOOL */
        double r;
        sc_span t;
    } as;
} sc_cell;

typedef struct sc_row {
    const sc_table *table;
    uint32_t line, last_line; /* of the paste */
    uint32_t section;
    struct sc_row *next;
    sc_cell cells[]; /* table->n_columns */
} sc_row;

/* What one section covers of one table: everything about `key`, or everything (all). */
typedef struct sc_coverage {
    bool all;
    sc_cell key;
    bool complete; /* nothing about it is missing */
    uint32_t section;
    uint32_t line; /* of the section's header, which a proven absence cites */
    struct sc_coverage *next;
} sc_coverage;

typedef struct sc_table_data {
    const sc_table *table;
    sc_row *rows, **tail; /* in the order in which they were added */
    size_t n_rows;
    sc_coverage *covered;
} sc_table_data;

#define SC_TAKEN_NOISE 2 /* words of the debugger that tell nothing about the target (engine/facts/noise.c) */

typedef struct sc_facts {
    sc_arena *arena;
    const sc_transcript *transcript;
    const sc_knowledge *knowledge;
    uint32_t crash;        /* index into transcript->crashes */
    sc_table_data *tables; /* one per table of the registry, in its order (sc_table_index) */
    size_t n_rows;
    bool full;            /* SC_MAX_ROWS reached */
    sc_row *scratch;      /* what sc_row_new hands out when memory has run out */
    unsigned char *taken; /* per line of the transcript: some parser used it, or SC_TAKEN_NOISE */
    size_t last_text;     /* index of the last line of the transcript that is not empty */
    int pointer_bytes;    /* 8, 4, or 0 while unknown */
} sc_facts;

extern const sc_table *const sc_table_list[]; /* every table once, NULL-terminated (engine/facts/commands.c) */
const sc_table *const *sc_all_tables(size_t *n);
sc_facts *sc_facts_new(sc_arena *a, const sc_transcript *t, const sc_knowledge *k, uint32_t crash);
sc_table_data *sc_facts_table(sc_facts *f, const sc_table *table);
const sc_row *sc_facts_first(const sc_facts *f, const sc_table *table); /* then row->next */

/* Adds a row; never NULL (when memory or SC_MAX_ROWS is used up, a scratch row that is not kept). Cells start
 * SC_NOT_PRINTED. */
sc_row *sc_row_new(sc_facts *f, const sc_table *table, uint32_t section, const sc_line *line);
void sc_set_int(sc_row *r, int column, int64_t v);
void sc_set_addr(sc_row *r, int column, uint64_t v);
void sc_set_bool(sc_row *r, int column, bool v);
void sc_set_real(sc_row *r, int column, double v);
void sc_set_text(sc_row *r, int column, sc_span v); /* borrowed: lives in the transcript or the arena */
void sc_set_null(sc_row *r, int column);            /* the output shows that there is none */
static inline bool sc_has(const sc_row *r, int column) { return r->cells[column].state == SC_SET; }
static inline int64_t sc_get_int(const sc_row *r, int column) { return r->cells[column].as.i; } /* only when sc_has */
static inline uint64_t sc_get_addr(const sc_row *r, int column) { return (uint64_t)r->cells[column].as.i; }
static inline sc_span sc_get_text(const sc_row *r, int column) { return r->cells[column].as.t; }

/* Declares what a section tells. Covering the same key twice is fine; complete wins. */
void sc_cover_all(sc_facts *f, const sc_table *table, uint32_t section, bool complete);
void sc_cover_addr(sc_facts *f, const sc_table *table, uint64_t key, uint32_t section, bool complete);
void sc_cover_int(sc_facts *f, const sc_table *table, int64_t key, uint32_t section, bool complete);
void sc_cover_text(sc_facts *f, const sc_table *table, sc_span key, uint32_t section, bool complete);

/* ---- Parsing ----------------------------------------------------------------------------------------------------- */

/* One section as its parser sees it. */
typedef struct sc_parse {
    sc_facts *facts;
    sc_section *section;
    uint32_t ordinal;     /* of the section: what sc_row_new and sc_cover_* want */
    const sc_line *lines; /* the output, without the prompt's line */
    size_t n, at;
} sc_parse;

/* The next line with text in it, or NULL; lines[at - 1] afterwards. Debugger messages are among them (SC_LINE_MESSAGE):
 * their facts are already recorded, most parsers just do not match them. */
const sc_line *sc_next(sc_parse *p);
const sc_line *sc_peek(const sc_parse *p);      /* the one after, without moving on */
void sc_take(sc_parse *p, const sc_line *line); /* this line was understood: every parser says so for each */
sc_row *sc_add(sc_parse *p, const sc_table *table, const sc_line *line); /* sc_row_new for this section + sc_take */
/* The first argument of the command that is an address: `!irp fffffa8008f5cc10 7`. False without one. */
bool sc_arg_addr(const sc_parse *p, uint64_t *address);
/* The output is whole. */
void sc_complete(sc_parse *p);
/* Some text stands behind the last line that was taken, in this section or the next: it was not cut off there. */
bool sc_goes_on(const sc_parse *p);
/* Notes the width of the target's pointers, from an address printed with `digits` digits (8 or 16). */
void sc_note_width(sc_facts *f, int digits);

/* Runs every parser over the sections of one crash, then derives what no command prints (engine/facts/derive.c). */
int sc_facts_read(sc_facts *f);

/* ---- Which bug check --------------------------------------------------------------------------------------------- */

/* What one place of the paste says about the bug check. */
typedef struct sc_identity {
    sc_source source;  /* SC_SOURCE_ANALYZE, _LINE, _HEADER or _EVENT; prose and stacks never start a crash */
    bool has_code;     /* false for Arg lines whose header is lost */
    uint32_t code;     /* base code */
    uint32_t original; /* as printed: 0x1000007E */
    uint64_t arg[4];   /* as printed, sign extension undone (x86 values are 32 bits wide) */
    bool known[4];
    size_t n_lines; /* lines from lines[0] on that told it: skip them */
} sc_identity;

/* Does a bug check's identity begin at lines[0]? Reads ahead: code line, Arguments, Arg1..Arg4.
 * (engine/facts/identity.c) */
bool sc_identity_read(const sc_knowledge *k, const sc_line *lines, size_t n, sc_identity *out);
/* The two cannot be about the same crash: codes differ, or a parameter that both know. */
bool sc_identity_conflicts(const sc_identity *a, const sc_identity *b);

/* ---- Derivation -------------------------------------------------------------------------------------------------- */

/* Computes facts from facts, after all sections of the crash were parsed. Derived tables belong to pseudo commands,
 * which have a name without meaning to a debugger ("(stack)") and neither taste nor parse. */
typedef void (*sc_derive_fn)(sc_facts *f);
extern const sc_derive_fn sc_derivations[]; /* in order, NULL-terminated (engine/facts/commands.c) */

#endif
