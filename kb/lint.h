/* What is wrong with rules beyond their form: SQL that does not compile, variables that nobody binds, references to
 * rules that do not exist. Internal to kb/. */
#ifndef STOPCODE_KB_LINT_H
#define STOPCODE_KB_LINT_H

#include "kb/rule_read.h"

/* Checks the rules that were read without error; all of them are known by their ids. `tables` holds the reference
 * tables (its rules are not looked at). What rules say is held against them only when they are `good`, so that a fault
 * there does not look like a fault of every rule. Fails only when the engine cannot be had. */
int sc_lint(sc_messages *m, const sc_rule_source *rules, size_t n, const sc_knowledge *tables, bool good,
            sc_error *error);

/* kb/lint_fire.c: a rule that can never be confirmed. `tables` NULL: not to be relied on. */
void sc_lint_fires(sc_walk *w, const sc_rule_source *s, const sc_knowledge *tables);
/* Rules that would never be shown beside another, or say the same. */
void sc_lint_beside(sc_messages *m, const sc_rule_source *rules, size_t n);

/* kb/lint_links.c: do the links of a page lead somewhere? */
void sc_lint_links(sc_messages *m, const char *root, const sc_source_text *file, const sc_rule_source *rules, size_t n);

/* kb/lint_sql.c: one statement. */
typedef struct sc_names {
    sc_list list; /* sc_span */
} sc_names;
bool sc_names_have(const sc_names *names, sc_span name);
void sc_names_add(sc_arena *a, sc_names *names, sc_span name); /* once */
/* Compiles the statement of node `y`; result columns and parameters are added. False, and noted, when it is bad. */
bool sc_lint_sql(sc_walk *w, sc_engine *e, const sc_yaml *y, const char *sql, sc_names *columns, sc_names *parameters);
/* Of one that compiles: are the patterns in it sound, and can it have a row? */
void sc_lint_meaning(sc_walk *w, const sc_yaml *y, const char *sql);

/* kb/lint_pattern.c: a pattern in the value `y`; `quote` is what stands around it there ("" or "'"). False, and noted,
 * when it does not compile; `groups` (may be NULL) receives its named groups. */
bool sc_lint_compile(sc_walk *w, const sc_yaml *y, sc_span pattern, const char *quote, sc_buf *groups);
/* Of one that compiles: can a text make it slow? `multiline` as for sc_pattern_new. */
void sc_lint_pattern(sc_walk *w, const sc_yaml *y, sc_span pattern, bool multiline, const char *quote);

#endif
