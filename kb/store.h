/* stopcode.db: the knowledge as SQLite tables, written by kb/store.c and read by kb/load.c. Internal to kb/.
 *
 * Any SQLite tool can read it. Numbers of 64 bits are stored as SQLite stores them, signed; enums are stored by their
 * words; `n` counts the members of a list from 0. SC_KB_SCHEMA counts up with every change of these tables; `meta` must
 * stay readable for all of them.
 */
#ifndef STOPCODE_KB_STORE_H
#define STOPCODE_KB_STORE_H

#include "kb/sources.h"

#define SC_KB_APPLICATION 0x53434b42 /* PRAGMA application_id: "SCKB" */

#define SC_KB_TABLES                                                                                                   \
    "CREATE TABLE meta(schema INTEGER, built_by TEXT, built_from TEXT);"                                               \
    "CREATE TABLE source_file(path TEXT PRIMARY KEY, size INTEGER, mtime_ns INTEGER) WITHOUT ROWID;"                   \
    "CREATE TABLE rule(id TEXT PRIMARY KEY, title TEXT, bugcheck TEXT, status TEXT, tier TEXT, confidence TEXT,"       \
    "  culprit TEXT, summary TEXT, body TEXT, file TEXT) WITHOUT ROWID;"                                               \
    "CREATE TABLE rule_code(rule TEXT, n INTEGER, code INTEGER, PRIMARY KEY(rule, n)) WITHOUT ROWID;"                  \
    "CREATE TABLE clause(rule TEXT, n INTEGER, name TEXT, kind TEXT, effect TEXT, supports TEXT, ask TEXT,"            \
    "  whole INTEGER, scope TEXT, owner TEXT, sql TEXT, command TEXT, pattern TEXT, line INTEGER,"                     \
    "  PRIMARY KEY(rule, n)) WITHOUT ROWID;"                                                                           \
    "CREATE TABLE clause_arg(rule TEXT, clause INTEGER, n INTEGER, arg INTEGER, mask INTEGER, low INTEGER,"            \
    "  high INTEGER, PRIMARY KEY(rule, clause, n)) WITHOUT ROWID;"                                                     \
    "CREATE TABLE clause_frame(rule TEXT, clause INTEGER, n INTEGER, pattern TEXT,"                                    \
    "  PRIMARY KEY(rule, clause, n)) WITHOUT ROWID;"                                                                   \
    "CREATE TABLE role(rule TEXT, n INTEGER, role TEXT, why TEXT, sql TEXT, line INTEGER,"                             \
    "  PRIMARY KEY(rule, n)) WITHOUT ROWID;"                                                                           \
    "CREATE TABLE supersedes(rule TEXT, n INTEGER, other TEXT, PRIMARY KEY(rule, n)) WITHOUT ROWID;"                   \
    "CREATE TABLE reference(rule TEXT, n INTEGER, address TEXT, PRIMARY KEY(rule, n)) WITHOUT ROWID;"                  \
    "CREATE TABLE fix(rule TEXT, n INTEGER, step TEXT, PRIMARY KEY(rule, n)) WITHOUT ROWID;"                           \
    "CREATE TABLE page(folder TEXT PRIMARY KEY, code INTEGER, title TEXT, body TEXT, file TEXT) WITHOUT ROWID;"        \
    "CREATE TABLE bugcheck(code INTEGER PRIMARY KEY, name TEXT, live_dump INTEGER);"                                   \
    "CREATE TABLE module(name TEXT COLLATE NOCASE PRIMARY KEY, vendor TEXT, product TEXT, kind TEXT,"                  \
    "  origin TEXT) WITHOUT ROWID;"                                                                                    \
    "CREATE TABLE ntstatus(number INTEGER PRIMARY KEY, name TEXT, meaning TEXT);"                                      \
    "CREATE TABLE cpu_clock(processor TEXT COLLATE NOCASE PRIMARY KEY, mhz INTEGER) WITHOUT ROWID;"                    \
    "CREATE TABLE term(kind TEXT, number INTEGER, term TEXT, name TEXT, meaning TEXT,"                                 \
    "  PRIMARY KEY(kind, number, term)) WITHOUT ROWID;"

/* The words of kind, effect and scope; the other enums have theirs in engine/stopcode.h. */
extern const char *const sc_kind_words[4], *const sc_effect_words[3], *const sc_scope_words[5];

/* What `meta` says. */
typedef struct sc_kb_meta {
    int schema;
    const char *built_by;   /* SC_VERSION of the program */
    const char *built_from; /* the source root, relative to the folder of the file */
} sc_kb_meta;

/* Writes the file (beside, flushed, renamed). *denied and *error as in sc_file_write. */
int sc_store(sc_arena *a, const sc_sources *s, const char *built_from, const char *path, bool *denied, sc_error *error);

struct sqlite3;
/* Opens read-only. Close *db with sc_load_close, after a failure too. SC_E_IO for what is no knowledge base. */
int sc_load_open(sc_arena *a, const char *path, struct sqlite3 **db, sc_kb_meta *meta, sc_error *error);
void sc_load_close(struct sqlite3 *db);
int sc_load_files(sc_arena *a, const char *path, struct sqlite3 *db, const sc_source_file **files, size_t *n,
                  sc_error *error);
/* Knowledge and pages; only for a file of our schema. */
int sc_load(sc_arena *a, const char *path, struct sqlite3 *db, sc_knowledge *k, const sc_kb_page **pages, size_t *n,
            sc_error *error);

#endif
