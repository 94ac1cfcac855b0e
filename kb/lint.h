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

/* kb/lint_sql.c: one statement. */
typedef struct sc_names {
    sc_list list; /* sc_span */
} sc_names;
bool sc_names_have(const sc_names *names, sc_span name);
void sc_names_add(sc_arena *a, sc_names *names, sc_span name); /* once */
/* Compiles the statement of node `y`; result columns and parameters are added. False, and noted, when it is bad. */
bool sc_lint_sql(sc_walk *w, sc_engine *e, const sc_yaml *y, const char *sql, sc_names *columns, sc_names *parameters);
/* What in a statement makes a row out of something missing ("NOT EXISTS", "count()"), or NULL. */
const char *sc_sql_absence(const char *sql);

#endif
