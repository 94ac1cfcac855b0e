/* What engine/query.c and engine/facts_text.c need of the engine. */
#ifndef STOPCODE_QUERY_H
#define STOPCODE_QUERY_H

#include "engine/sql.h"
#include "engine/stopcode.h"

/* The facts of each crash of a paste, in `a`; at least one. SC_E_INPUT when nothing was recognised. */
int sc_engine_facts(sc_engine *e, sc_arena *a, sc_span paste, sc_facts ***out, size_t *n, sc_error *error);
sc_sql *sc_engine_sql(sc_engine *e);
/* One statement over the facts in use; `row` as in sc_query. */
int sc_sql_rows(sc_sql *sql, const char *statement, sc_row_fn row, void *context, sc_error *error);

#endif
