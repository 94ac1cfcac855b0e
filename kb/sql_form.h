/* A statement of a rule as text: its tokens, and what decides whether it returns a row. Internal to kb/. */
#ifndef STOPCODE_KB_SQL_FORM_H
#define STOPCODE_KB_SQL_FORM_H

#include "engine/base/arena.h"

/* The next token behind *rest: a word or number, a quoted text with its quotes, or one character of anything else.
 * Blanks and comments are skipped; empty at the end. */
sc_span sc_sql_token(sc_span *rest);

/* What in a statement makes a row out of something missing ("NOT EXISTS", "count()"), or NULL. */
const char *sc_sql_absence(const char *sql);

typedef struct sc_sql_condition {
    sc_span text; /* within the statement */
    const char *normal;
} sc_sql_condition;

typedef struct sc_sql_form {
    sc_list conditions; /* sc_sql_condition: what WHERE joins by AND */
    bool simple;        /* one SELECT without groups and aggregates: a row of FROM that meets all conditions is a row */
    bool none;          /* LIMIT 0 */
    const char *from;   /* in normal form: words in small letters, one blank between tokens */
    const char *truth;  /* the same for statements that have a row in the same cases, whatever they return */
} sc_sql_form;

void sc_sql_cut(sc_arena *a, const char *sql, sc_sql_form *out);
/* Words in small letters, tokens with one blank between them. */
const char *sc_sql_normal(sc_arena *a, sc_span sql);
/* Whenever statement a has a row, b has one. */
bool sc_sql_implies(const sc_sql_form *a, const sc_sql_form *b);

#endif
