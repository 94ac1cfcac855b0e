/* The engine's private SQLite connection: facts as tables, nothing else.
 *
 * In memory, read-only (an authorizer), no extensions, every statement bounded (a progress handler). Statements are
 * prepared once per engine; sc_sql_use swaps the rows under them.
 */
#ifndef STOPCODE_SQL_H
#define STOPCODE_SQL_H

#include "engine/facts/fact.h"

struct sqlite3;
struct sqlite3_stmt;

typedef struct sc_sql sc_sql;

int sc_sql_open(sc_sql **out, const sc_knowledge *k, sc_error *error);
void sc_sql_close(sc_sql *s);
struct sqlite3 *sc_sql_db(sc_sql *s);
const sc_knowledge *sc_sql_knowledge(const sc_sql *s);

/* The facts that queries see from now on; NULL: empty tables. */
void sc_sql_use(sc_sql *s, sc_facts *facts);

/* Call before stepping a statement; afterwards ask what it looked at. */
void sc_sql_begin(sc_sql *s);
/* Something the query looked at was not in the paste: no row proves nothing. */
bool sc_sql_tainted(const sc_sql *s);
/* A line that a satisfied absence can cite: the header of a complete section that was looked at; 0 none. */
uint32_t sc_sql_absence_line(const sc_sql *s);
/* Tables that one query looked at. */
typedef struct sc_looks {
    const sc_table *tables[6];
    unsigned n; /* more than there is room for: too many to tell */
} sc_looks;
const sc_looks *sc_sql_looks(const sc_sql *s);
/* The paste shows nothing of any of them: no row, and no section that would tell about them. */
bool sc_sql_blank(const sc_sql *s, const sc_looks *looks);

/* Installed by sc_sql_open (engine/sql_functions.c). Returns a SQLite code. */
int sc_sql_add_functions(struct sqlite3 *db, const sc_knowledge *k);

#endif
