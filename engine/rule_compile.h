/* Rules made ready to run: statements and patterns compiled, clauses put in the order in which variables are bound. */
#ifndef STOPCODE_RULE_COMPILE_H
#define STOPCODE_RULE_COMPILE_H

#include "engine/base/limits.h"
#include "engine/pattern.h"
#include "engine/rule_eval.h"

typedef struct sc_compiled_clause {
    struct sqlite3_stmt *stmt; /* SQL clauses */
    sc_pattern *pattern;       /* text clauses */
    sc_looks gate;             /* without anything of these tables the statement finds nothing; none: not known */
} sc_compiled_clause;

typedef struct sc_compiled_rule {
    sc_compiled_clause *clauses;
    unsigned char order[SC_MAX_CLAUSES]; /* clause indices, so that a variable is bound before it is wanted */
    struct sqlite3_stmt **roles;
    bool ready;
} sc_compiled_rule;

struct sc_rules {
    const sc_knowledge *knowledge;
    sc_sql *sql;
    sc_compiled_rule *rules;
};

/* Compiles rule number `at` when it is not compiled yet. */
int sc_rule_compile(sc_rules *r, size_t at, sc_error *error);

/* The clause gives this variable a value when it holds. */
bool sc_clause_binds(const sc_clause *c, const sc_compiled_clause *k, sc_span variable);

typedef bool (*sc_variable_fn)(void *context, sc_span variable); /* false stops */
/* Calls `f` for every variable that the clause must have before it can run; false when `f` said so. */
bool sc_clause_needs(const sc_clause *c, const sc_compiled_clause *k, sc_variable_fn f, void *context);

/* `line` and `last_line` are evidence and bind nothing. */
bool sc_is_line_column(const char *name);

#endif
