/* SQL from outside: a person's query over the facts, and lint's check of a rule's statement. */
#include "engine/query.h"

#include <sqlite3.h>
#include <string.h>

static int prepare_one(sqlite3 *db, const char *sql, sqlite3_stmt **stmt, sc_error *error)
{
    const char *tail = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, stmt, &tail)) return sc_fail(error, SC_E_SQL, "%s", sqlite3_errmsg(db));
    if (!*stmt) return sc_fail(error, SC_E_SQL, "the statement is empty");
    sc_scan rest = sc_scan_of(sc_span_z(tail));
    while (!sc_at_end(&rest) && (*rest.p == ';' || *rest.p == '\n' || *rest.p == '\r')) rest.p++;
    if (!sc_at_end(&rest)) {
        sqlite3_finalize(*stmt);
        *stmt = NULL;
        return sc_fail(error, SC_E_SQL, "one statement at a time: unexpected '%.20s'", rest.p);
    }
    return SC_OK;
}

enum { MAX_RESULT_COLUMNS = 64 };

static int step_all(sc_sql *sql, sqlite3_stmt *stmt, sc_row_fn row, void *context, sc_error *error)
{
    const char *names[MAX_RESULT_COLUMNS], *values[MAX_RESULT_COLUMNS];
    int n = sqlite3_column_count(stmt), rc;
    if (n > MAX_RESULT_COLUMNS) return sc_fail(error, SC_E_SQL, "more than %d result columns", MAX_RESULT_COLUMNS);
    sc_sql_begin(sql);
    for (int i = 0; i < n; i++) names[i] = sqlite3_column_name(stmt, i);
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        char hex[MAX_RESULT_COLUMNS][20];
        for (int i = 0; i < n; i++) {
            const char *type = sqlite3_column_decltype(stmt, i);
            values[i] = (const char *)sqlite3_column_text(stmt, i);
            if (!values[i] || !type || strcmp(type, "ADDR_INT") || sqlite3_column_type(stmt, i) != SQLITE_INTEGER)
                continue;
            sqlite3_snprintf((int)sizeof hex[i], hex[i], "0x%llx", sqlite3_column_int64(stmt, i));
            values[i] = hex[i];
        }
        if (row(context, n, names, values)) return SC_OK;
    }
    if (rc == SQLITE_DONE) return SC_OK;
    return sc_fail(error, SC_E_SQL, rc == SQLITE_INTERRUPT ? "the query ran too long and was stopped" : "%s",
                   sqlite3_errmsg(sc_sql_db(sql)));
}

int sc_sql_rows(sc_sql *sql, const char *statement, sc_row_fn row, void *context, sc_error *error)
{
    sqlite3_stmt *stmt = NULL;
    int rc = prepare_one(sc_sql_db(sql), statement, &stmt, error);
    if (!rc) rc = step_all(sql, stmt, row, context, error);
    sqlite3_finalize(stmt);
    return rc;
}

int sc_query(sc_engine *e, sc_span paste, size_t crash, const char *statement, sc_row_fn row, void *context,
             sc_error *error)
{
    sc_sql *sql = sc_engine_sql(e);
    sc_arena *a = sc_arena_new(0);
    if (!a) return sc_fail(error, SC_E_NOMEM, "out of memory");
    sc_facts **facts;
    size_t n;
    int rc = sc_engine_facts(e, a, paste, &facts, &n, error);
    if (!rc && crash >= n) rc = sc_fail(error, SC_E_INPUT, "the paste holds %zu crash%s", n, n == 1 ? "" : "es");
    if (!rc) {
        sc_sql_use(sql, facts[crash]);
        rc = sc_sql_rows(sql, statement, row, context, error);
        sc_sql_use(sql, NULL);
    }
    sc_arena_free(a);
    return rc;
}

int sc_check_sql(sc_engine *e, const char *statement, sc_buf *names, sc_buf *parameters, sc_error *error)
{
    sqlite3_stmt *stmt = NULL;
    int rc = prepare_one(sc_sql_db(sc_engine_sql(e)), statement, &stmt, error);
    if (rc) return rc;
    for (int i = 0; names && i < sqlite3_column_count(stmt); i++)
        sc_buf_printf(names, "%s%s", i ? "," : "", sqlite3_column_name(stmt, i));
    for (int i = 1; parameters && i <= sqlite3_bind_parameter_count(stmt); i++) {
        const char *name = sqlite3_bind_parameter_name(stmt, i);
        sc_buf_printf(parameters, "%s%s", i > 1 ? "," : "", name ? name + 1 : "?");
    }
    sqlite3_finalize(stmt);
    return SC_OK;
}
