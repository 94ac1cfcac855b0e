#include "cli/stub.h"

#include "cli/yaml_edit.h"
#include "engine/base/arena.h"
#include "engine/base/scan.h"

#include <inttypes.h>
#include <string.h>

#define MOST_FRAMES 12u       /* of a stack that are looked at */
#define MAX_PATTERNS 4u       /* frames that a clause names one by one */
#define MAX_OBSERVATIONS 5u   /* clauses from facts: more would have to be deleted again */
#define LEAST_ADDRESS 0x10000 /* what is below is a count, a number of a processor, a flag */
#define MOST_KIND 0xfffff     /* parameter 1 of 0x1A is a five-digit number, 0x41790 */

typedef struct frame {
    sc_span thread, module, symbol; /* "" when not known */
    bool third_party;
} frame;

/* A candidate of an observation. */
typedef struct candidate {
    size_t observation;
    sc_span statement, key, driver;
} candidate;

typedef struct table_rows {
    const char *name, *commands;
    sc_span rows; /* their number */
} table_rows;

typedef struct stub {
    const stub_source *s;
    sc_arena *arena;
    sc_buf *out;
    bool has_code;       /* the folder is a bug check's: parameters mean something */
    sc_list frames;      /* frame: of the crash's stack, then of threads' */
    sc_list candidates;  /* candidate */
    sc_list tables;      /* table_rows: all, then those with rows */
    const frame *driver; /* what {driver} stands for */
    bool hardware;
    size_t clauses; /* written so far */
} stub;

/* ---- Reading the facts ------------------------------------------------------------------------------------------- */

static sc_span keep(stub *t, const char *text)
{
    return text ? sc_arena_dup(t->arena, sc_span_z(text)) : SC_S("");
}

static int add_frame(void *context, int n, const char *const *names, const char *const *values)
{
    stub *t = context;
    (void)n, (void)names;
    frame *f = sc_list_add(t->arena, &t->frames, sizeof *f);
    if (!f) return 1;
    *f = (frame){keep(t, values[0]), keep(t, values[1]), keep(t, values[2]), values[3] && values[3][0] == '1'};
    return 0;
}

static int add_candidate(void *context, int n, const char *const *names, const char *const *values)
{
    stub *t = context;
    uint64_t i = 0;
    (void)n, (void)names;
    candidate *c = values[0] && values[1] ? sc_list_add(t->arena, &t->candidates, sizeof *c) : NULL;
    if (!c) return 0;
    sc_span_dec(sc_span_z(values[0]), &i);
    *c = (candidate){(size_t)i, keep(t, values[1]), keep(t, values[2]), keep(t, values[3])};
    return 0;
}

static int add_table(void *context, const char *name, const char *key, const char *doc, const char *commands,
                     const sc_column_info *columns, size_t n)
{
    stub *t = context;
    (void)key, (void)doc, (void)columns, (void)n;
    table_rows *r = sc_list_add(t->arena, &t->tables, sizeof *r);
    if (r) *r = (table_rows){.name = name, .commands = sc_arena_z(t->arena, sc_span_z(commands))};
    return 0;
}

static int add_rows(void *context, int n, const char *const *names, const char *const *values)
{
    stub *t = context;
    table_rows *all = t->tables.items;
    uint64_t i = t->tables.n;
    (void)n, (void)names;
    if (values[0]) sc_span_dec(sc_span_z(values[0]), &i);
    if (i < t->tables.n) all[i].rows = keep(t, values[1]);
    return 0;
}

static int query(stub *t, const sc_buf *sql, sc_row_fn row, sc_error *error)
{
    if (sql->failed) return sc_fail(error, SC_E_NOMEM, "out of memory");
    return sc_query(t->s->engine, t->s->paste, t->s->at, sql->p, row, t, error);
}

/* How many parts a statement is made of: each statement reads the paste anew, and one takes so many at most. */
#define AT_ONCE 16u

static int read_candidates(stub *t, sc_error *error)
{
    int rc = SC_OK;
    for (size_t from = 0; !rc && from < stub_n_observations; from += AT_ONCE) {
        sc_buf sql = {0};
        for (size_t i = from; i < stub_n_observations && i < from + AT_ONCE; i++)
            sc_buf_printf(&sql, "%sSELECT %zu, * FROM (%s LIMIT 100)", i > from ? " UNION ALL " : "", i,
                          stub_observations[i].probe);
        rc = query(t, &sql, add_candidate, error);
        sc_buf_free(&sql);
    }
    return rc;
}

static int read_tables(stub *t, sc_error *error)
{
    int rc = SC_OK;
    sc_tables(add_table, t);
    for (size_t from = 0; !rc && from < t->tables.n; from += AT_ONCE) {
        sc_buf sql = {0};
        for (size_t i = from; i < t->tables.n && i < from + AT_ONCE; i++)
            sc_buf_printf(&sql, "%sSELECT %zu, count(*) FROM \"%s\"", i > from ? " UNION ALL " : "", i,
                          ((const table_rows *)t->tables.items)[i].name);
        rc = query(t, &sql, add_rows, error);
        sc_buf_free(&sql);
    }
    return rc;
}

static int read_frames(stub *t, const char *statement, sc_error *error)
{
    sc_buf sql = {0};
    sc_buf_z(&sql, statement);
    int rc = query(t, &sql, add_frame, error);
    sc_buf_free(&sql);
    return rc;
}

static int read_facts(stub *t, sc_error *error)
{
    int rc = read_frames(t, "SELECT NULL, module, symbol, third_party(module) FROM crash_frame ORDER BY n LIMIT 12",
                         error);
    if (!rc)
        rc = read_frames(
            t,
            "SELECT hex64(s.thread), f.module, f.symbol, third_party(f.module)"
            " FROM stack s JOIN frame f ON f.stack = s.stack"
            " WHERE s.thread IS NOT NULL AND s.quote IS NOT TRUE AND f.n < 12 ORDER BY s.stack, f.n LIMIT 4000",
            error);
    if (!rc) rc = read_candidates(t, error);
    if (!rc) rc = read_tables(t, error);
    if (!rc && sc_arena_failed(t->arena)) rc = sc_fail(error, SC_E_NOMEM, "out of memory");
    return rc;
}

/* ---- Clauses from the bug check and the stack -------------------------------------------------------------------- */

static void put_number(sc_buf *out, uint64_t v)
{
    sc_buf_printf(out, v < 10 ? "%" PRIu64 : "0x%" PRIx64, v);
}

static const char *status_of(const stub *t, uint64_t v)
{
    bool extended = v >> 32 == 0 || v >> 32 == UINT32_MAX;
    return extended && v & 0x80000000u ? sc_ntstatus_name(t->s->knowledge, (uint32_t)v) : NULL;
}

/* What is no address says what kind of crash this is. A zero beyond the first parameter mostly means "not used". */
static void put_args(stub *t)
{
    const sc_bugcheck *b = &t->s->crash->bugcheck;
    for (int i = 0; t->has_code && i < 4; i++) {
        const char *status = b->known[i] ? status_of(t, b->arg[i]) : NULL;
        bool small = i ? b->arg[i] && b->arg[i] < LEAST_ADDRESS : b->arg[i] <= MOST_KIND;
        if (!b->known[i] || (!small && !status)) continue;
        sc_buf_printf(t->out, "  parameter-%d:\n    args: {%d: ", i + 1, i + 1);
        put_number(t->out, b->arg[i]);
        sc_buf_char(t->out, '}');
        if (status) sc_buf_printf(t->out, " # %s", status);
        if (small && b->arg[i] >= 10) sc_buf_printf(t->out, " # decimal %" PRIu64, b->arg[i]);
        sc_buf_char(t->out, '\n');
        t->clauses++;
    }
}

/* The parameter that holds this address, 1 to 4; 0 for none. */
static int parameter_of(const stub *t, sc_span key)
{
    const sc_bugcheck *b = &t->s->crash->bugcheck;
    uint64_t v;
    if (!t->has_code || !sc_span_hex(key, &v) || v < LEAST_ADDRESS) return 0;
    for (int i = 0; i < 4; i++)
        if (b->known[i] && b->arg[i] == v) return i + 1;
    return 0;
}

static bool is_driver(const stub *t, sc_span module)
{
    return t->driver && module.n && sc_eq(module, t->driver->module);
}

/* A symbol as a pattern: what a pattern cannot hold is any one character. The linker's own names, such as
 * nt! ?? ::FNODOBFM::`string', change with every build. */
static void put_pattern(stub *t, const frame *f)
{
    sc_buf text = {0};
    if (f->third_party)
        sc_buf_z(&text, is_driver(t, f->module) ? "{driver}" : "{other}");
    else
        sc_buf_span(&text, sc_find(f->symbol, "??") == SC_NPOS && f->symbol.n ? f->symbol : f->module);
    for (size_t i = 0; i < text.n && !f->third_party; i++)
        if (sc_is_blank(text.p[i]) || text.p[i] == '{' || text.p[i] == '}') text.p[i] = '?';
    yaml_put_text(t->out, sc_buf_view(&text));
    sc_buf_free(&text);
}

/* The innermost frames down to the first that is not part of Windows. Frames without a module match nothing. */
static void put_frames(stub *t, const frame *f, size_t n)
{
    size_t third = n;
    for (size_t i = n; i-- > 0;)
        if (f[i].third_party) third = i;
    if (third < n && !t->driver) t->driver = &f[third];
    size_t named = n < MAX_PATTERNS ? n : MAX_PATTERNS;
    if (third < n) named = third < MAX_PATTERNS ? third + 1 : 2;
    sc_buf_z(t->out, "    stack: [");
    for (size_t i = 0; i < named; i++) {
        if (i) sc_buf_z(t->out, ", ");
        put_pattern(t, &f[i]);
    }
    if (third >= named && third < n) {
        sc_buf_z(t->out, ", \"...\", ");
        put_pattern(t, &f[third]);
    }
    sc_buf_z(t->out, "]\n");
    t->clauses++;
}

/* Frames from f[0] on that are of one stack and have a module. */
static size_t count_frames(const frame *f, size_t n)
{
    size_t i = 0;
    while (i < n && i < MOST_FRAMES && f[i].module.n && sc_eq(f[i].thread, f[0].thread)) i++;
    return i;
}

/* The stack that matters, and that of the first thread that is a parameter. */
static void put_stacks(stub *t)
{
    const frame *f = t->frames.items;
    size_t n = t->frames.n && !f[0].thread.n ? count_frames(f, t->frames.n) : 0;
    if (n) {
        sc_buf_z(t->out, "  stack:\n");
        put_frames(t, f, n);
        sc_buf_z(t->out, "    ask: \"k\"\n");
    }
    for (size_t i = 0; i < t->frames.n; i++) {
        int parameter = parameter_of(t, f[i].thread);
        if (!parameter || !(n = count_frames(f + i, t->frames.n - i))) continue;
        sc_buf_z(t->out, "  thread-stack:\n");
        put_frames(t, f + i, n);
        sc_buf_printf(t->out, "    thread: \"{{arg%d}}\"\n    ask: \"!thread {{arg%d}}\"\n", parameter, parameter);
        break;
    }
}

/* ---- Clauses from facts ------------------------------------------------------------------------------------------ */

/* The candidate that says most about this crash; NULL when none will do. */
static const candidate *choose(const stub *t, size_t observation)
{
    const candidate *all = t->candidates.items, *best = NULL;
    unsigned needs = stub_observations[observation].needs;
    int best_score = -1;
    for (size_t i = 0; i < t->candidates.n; i++) {
        const candidate *c = &all[i];
        int parameter = parameter_of(t, c->key), driver = is_driver(t, c->driver);
        if (c->observation != observation || (needs & STUB_NEEDS_KEY && !parameter) ||
            (needs & STUB_NEEDS_DRIVER && !driver))
            continue;
        int score = (parameter ? 2 : 0) + driver;
        if (score > best_score) best = c;
        if (score > best_score) best_score = score;
    }
    return best;
}

static void put_observation(stub *t, const stub_observation *o, const candidate *c)
{
    int parameter = o->key || o->needs & STUB_ASK_KEY ? parameter_of(t, c->key) : 0;
    bool driver = o->driver && is_driver(t, c->driver);
    sc_span line, rest = c->statement;
    sc_buf_printf(t->out, "  %s:\n", o->clause);
    if (o->needs & STUB_SUPPORTS) sc_buf_z(t->out, "    supports: possible\n");
    sc_buf_z(t->out, "    sql: |");
    while (rest.n) {
        sc_cut(rest, "\n", &line, &rest);
        sc_buf_printf(t->out, "\n      %.*s", SC_F(line));
    }
    if (parameter && o->key) sc_buf_printf(t->out, " AND %s = :arg%d", o->key, parameter);
    if (driver) sc_buf_printf(t->out, " AND %s = :driver", o->driver);
    sc_buf_printf(t->out, "\n    ask: \"%s", o->ask);
    if (parameter && o->needs & STUB_ASK_KEY) sc_buf_printf(t->out, " {{arg%d}}", parameter);
    if (o->needs & STUB_NEEDS_DRIVER) sc_buf_z(t->out, " {{driver}}");
    sc_buf_z(t->out, "\"\n");
    t->hardware = t->hardware || !strcmp(o->table, "mca") || !strcmp(o->table, "whea_section");
    t->clauses++;
}

static void put_observations(stub *t)
{
    size_t n = 0;
    for (size_t i = 0; i < stub_n_observations; i++) {
        bool extra = stub_observations[i].needs & STUB_SUPPORTS;
        const candidate *c = n < MAX_OBSERVATIONS || extra ? choose(t, i) : NULL;
        if (!c) continue;
        put_observation(t, &stub_observations[i], c);
        n += !extra;
    }
}

/* Tables that every crash fills tell nothing about this one. */
static bool is_common(const char *table)
{
    static const char *const names[] = {"bugcheck", "bugcheck_seen", "message",  "frame",
                                        "stack",    "crash_frame",   "register", "stack_module"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(table, names[i])) return true;
    return false;
}

static bool has_rows(const table_rows *r)
{
    return r->rows.n && !sc_eq_z(r->rows, "0");
}

/* A rule needs a condition; this one is for the author to replace. */
static void put_fallback(stub *t)
{
    const table_rows *r = t->tables.items;
    for (size_t i = 0; !t->clauses && i < t->tables.n; i++) {
        if (!has_rows(&r[i])) continue;
        sc_buf_printf(t->out, "  replace-this: # the paste shows too little to draw on\n    sql: SELECT line FROM %s\n",
                      r[i].name);
        t->clauses++;
    }
}

static void put_tables(stub *t)
{
    const table_rows *r = t->tables.items;
    size_t n = 0;
    for (size_t i = 0; i < t->tables.n; i++) {
        if (!has_rows(&r[i]) || is_common(r[i].name)) continue;
        if (!n++) sc_buf_z(t->out, "# What else this paste tells; `stopcode tables NAME` lists the columns:\n");
        sc_buf_printf(t->out, "#   %s: %.*s row%s%s%s\n", r[i].name, SC_F(r[i].rows),
                      sc_eq_z(r[i].rows, "1") ? "" : "s", *r[i].commands ? ", from " : "", r[i].commands);
    }
}

/* ---- The page ---------------------------------------------------------------------------------------------------- */

/* "pnp-lock-held" as "Pnp lock held". */
static void put_title(sc_buf *out, const char *slug)
{
    sc_buf title = {0};
    sc_buf_z(&title, slug);
    for (size_t i = 0; i < title.n; i++)
        if (title.p[i] == '-') title.p[i] = ' ';
    if (title.n && title.p[0] >= 'a' && title.p[0] <= 'z') title.p[0] = (char)(title.p[0] - 32);
    sc_buf_z(out, "title: ");
    yaml_put_text(out, sc_buf_view(&title));
    sc_buf_char(out, '\n');
    sc_buf_free(&title);
}

static void put_head(stub *t, sc_span clauses)
{
    sc_buf *out = t->out;
    sc_buf_z(out, "---\n");
    put_title(out, t->s->slug);
    sc_buf_printf(out, "bugcheck: %s\n", t->s->folder);
    sc_buf_z(out, "status: draft # stable when it is right: only then a diagnosis uses it\n");
    sc_buf_printf(out, "tier: %s # deliberate, hardware, proof, blame or advice\n",
                  t->hardware ? "hardware"
                  : t->driver ? "blame"
                              : "advice");
    sc_buf_z(out, "confidence: possible # likely or certain when the clauses prove as much\n");
    sc_buf_printf(out,
                  "# Every clause is true for %s.\n"
                  "# Keep those that the cause cannot do without. Give `supports: likely` (or certain) to one that "
                  "only makes it\n"
                  "# surer, `excludes: true` to one that speaks against it, and delete the rest.\n",
                  t->s->sample);
    put_tables(t);
    sc_buf_z(out, "clauses:\n");
    sc_buf_span(out, clauses);
    if (t->driver)
        sc_buf_z(out,
                 "culprit: \"{{driver}}\"\n"
                 "summary: \"What {{driver|a driver}} did, in one or two sentences, with what the clauses bind.\"\n");
    else
        sc_buf_z(out,
                 "# culprit: disk # cpu, memory, disk, ..., a module, or {{name}}; left out when nobody can be named\n"
                 "summary: \"What happened, in one or two sentences, with what the clauses bind.\"\n");
    sc_buf_z(out, "# references: [https://...] # where the reader finds more\n---\n");
}

static const char page[] = "## What happened\n\n"
                           "<!-- In plain words: what the system was doing, and what went wrong. -->\n\n"
                           "## Why\n\n"
                           "<!-- How this comes about, and what the evidence shows - and does not show. -->\n\n"
                           "## Fix\n\n"
                           "<!-- A numbered list, cheapest and most reversible first. Each step says which result "
                           "confirms or refutes the rule and\n"
                           "ends in its risk: \"1. Update the driver; gone after that, it was this. (no risk)\" -->\n";

int stub_put_rule(const stub_source *s, sc_buf *out, sc_error *error)
{
    sc_buf clauses = {0};
    stub t = {.s = s, .arena = sc_arena_new(0), .out = &clauses, .has_code = s->folder[0] == '0'};
    int rc = t.arena ? read_facts(&t, error) : sc_fail(error, SC_E_NOMEM, "out of memory");
    if (!rc) {
        put_args(&t);
        put_stacks(&t);
        put_observations(&t);
        put_fallback(&t);
        t.out = out;
        put_head(&t, sc_buf_view(&clauses));
        sc_buf_z(out, page);
        if (clauses.failed) out->failed = true;
    }
    sc_arena_free(t.arena);
    sc_buf_free(&clauses);
    return !rc && out->failed ? sc_fail(error, SC_E_NOMEM, "out of memory") : rc;
}

void stub_put_index(const stub_source *s, sc_buf *out)
{
    const sc_ref_bugcheck *b = sc_find_bugcheck(s->knowledge, s->crash->bugcheck.code);
    sc_buf_printf(out, "---\ncode: %s\ntitle: %s\n---\n", s->folder, b ? b->name : s->folder);
    sc_buf_z(out, "## What it means\n\n"
                  "To be written: what Windows found, and what the parameters say.\n\n"
                  "## Usual causes\n\n"
                  "To be written: the kinds of crash under this code, and who is behind each.\n\n"
                  "## What to collect\n\n"
                  "To be written: the debugger commands that tell the kinds apart.\n");
}
