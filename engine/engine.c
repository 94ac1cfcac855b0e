/* The engine: a paste in, a diagnosis out. */
#include "engine/diagnosis.h"

#include "engine/annotate.h"
#include "engine/base/limits.h"
#include "engine/facts/bugcheck.h"
#include "engine/facts/dumps.h"
#include "engine/facts/noise.h"
#include "engine/health.h"
#include "engine/query.h"
#include "engine/rule_stack.h"

#include <stdlib.h>
#include <string.h>

struct sc_engine {
    const sc_knowledge *knowledge;
    sc_sql *sql;
    sc_rules *rules;
    size_t memory_limit;
};

/* The public struct comes first, so that a pointer to it is a pointer to this. */
typedef struct owned_diagnosis {
    sc_diagnosis d;
    sc_arena *arena;
} owned_diagnosis;

int sc_engine_new(sc_engine **out, const sc_knowledge *knowledge, sc_error *error)
{
    *out = NULL;
    sc_engine *e = calloc(1, sizeof *e);
    if (!e) return sc_fail(error, SC_E_NOMEM, "out of memory");
    e->knowledge = knowledge;
    int rc = sc_sql_open(&e->sql, knowledge, error);
    if (!rc) rc = sc_rules_new(&e->rules, knowledge, e->sql, error);
    if (rc) {
        sc_engine_free(e);
        return rc;
    }
    *out = e;
    return SC_OK;
}

void sc_engine_free(sc_engine *e)
{
    if (!e) return;
    sc_rules_free(e->rules); /* its statements before their connection */
    sc_sql_close(e->sql);
    free(e);
}

void sc_engine_set_memory_limit(sc_engine *e, size_t bytes)
{
    e->memory_limit = bytes;
}

/* ---- Reading ---- */

/* A paste of prose alone that names a stop code is one crash without sections. */
static int add_prose_crash(sc_arena *a, const sc_knowledge *k, sc_transcript *t)
{
    sc_identity id;
    if (t->n_crashes || !sc_identity_prose(k, t->lines, t->n_lines, NULL, &id)) return SC_OK;
    sc_crash_range *c = sc_arena_get(a, sizeof *c);
    if (!c) return SC_E_NOMEM;
    *c = (sc_crash_range){.first = 0, .end = t->n_lines};
    t->crashes = c;
    t->n_crashes = 1;
    return SC_OK;
}

static int read_paste(sc_engine *e, sc_arena *a, sc_span paste, sc_transcript **out, sc_error *error)
{
    sc_transcript *t = sc_arena_get(a, sizeof *t);
    if (!t) return sc_fail(error, SC_E_NOMEM, "out of memory");
    int rc = sc_transcript_repair(a, paste, t, error);
    if (!rc) rc = sc_transcript_split(a, e->knowledge, t, error);
    if (!rc && add_prose_crash(a, e->knowledge, t)) rc = sc_fail(error, SC_E_NOMEM, "out of memory");
    *out = t;
    return rc;
}

static sc_source source_of(sc_span name)
{
    for (int i = 0; i < SC_SOURCES; i++)
        if (sc_eq_z(name, sc_source_names[i])) return (sc_source)i;
    return SC_SOURCE_NONE;
}

/* The one merged row of table bugcheck, when there is one. */
static sc_bugcheck read_bugcheck(const sc_facts *f)
{
    static const char *const args[] = {"arg1", "arg2", "arg3", "arg4"};
    sc_bugcheck b = {.name = {"", 0}};
    const sc_table *t = sc_table_named("bugcheck");
    const sc_row *r = t ? sc_facts_first(f, t) : NULL;
    int code = sc_column_named(t, "code"), source = sc_column_named(t, "source");
    if (!r || !sc_has(r, code)) return b;
    b.code = (uint32_t)sc_get_int(r, code);
    b.source = sc_has(r, source) ? source_of(sc_get_text(r, source)) : SC_SOURCE_NONE;
    b.line = r->line;
    const sc_ref_bugcheck *ref = sc_find_bugcheck(f->knowledge, b.code);
    if (ref) b.name = sc_span_z(ref->name);
    for (int i = 0; i < 4; i++) {
        int c = sc_column_named(t, args[i]);
        b.known[i] = c >= 0 && sc_has(r, c);
        if (b.known[i]) b.arg[i] = sc_get_addr(r, c);
    }
    return b;
}

/* Wrong kernel symbols make every name doubtful, outputs that contradict each other every fact. */
static sc_confidence confidence_cap(const sc_facts *f)
{
    const sc_table *conflicts = sc_table_named("conflict");
    if (conflicts && sc_facts_first(f, conflicts)) return SC_LIKELY;
    const sc_table *t = sc_table_named("message");
    int kind = sc_column_named(t, "kind");
    for (const sc_row *r = t && kind >= 0 ? sc_facts_first(f, t) : NULL; r; r = r->next)
        if (sc_has(r, kind) && sc_eq_z(sc_get_text(r, kind), "kernel-symbols-wrong")) return SC_LIKELY;
    return SC_CERTAIN;
}

/* Windows says that its machine is a hypervisor's. */
static bool in_guest(const sc_facts *f)
{
    const sc_table *t = sc_table_named("machine");
    int is_virtual = sc_column_named(t, "is_virtual");
    for (const sc_row *r = t && is_virtual >= 0 ? sc_facts_first(f, t) : NULL; r; r = r->next)
        if (sc_has(r, is_virtual) && sc_get_int(r, is_virtual)) return true;
    return false;
}

/* From the first section to the last line that a parser took. */
static void line_range(const sc_transcript *t, const sc_facts *f, sc_crash *out)
{
    const sc_crash_range *range = &t->crashes[f->crash];
    size_t last = range->first;
    for (size_t i = range->first; i < range->end; i++)
        if (f->taken[i] == 1) last = i;
    out->first_line = range->first < t->n_lines ? t->lines[range->first].number : 1;
    out->last_line = last < t->n_lines ? t->lines[last].last : out->first_line;
    if (out->bugcheck.line > out->last_line) out->last_line = out->bugcheck.line;
}

static bool recognised(const sc_transcript *t, const sc_facts *f, const sc_bugcheck *b)
{
    const sc_crash_range *range = &t->crashes[f->crash];
    if (b->source != SC_SOURCE_NONE) return true;
    for (size_t i = range->first; i < range->end; i++)
        if (f->taken[i] == 1 && !(t->lines[i].flags & SC_LINE_MESSAGE)) return true;
    return false;
}

static bool shows_section(const sc_section *s)
{
    return s->command || s->prompted;
}

/* The last line of a section that no parser looked at. */
static uint32_t last_number(const sc_transcript *t, const sc_section *s)
{
    size_t last = s->end;
    while (last > s->first + 1 && !t->lines[last - 1].text.n) last--;
    return t->lines[last - 1].last;
}

/* A command without output, or a prompt at which nothing was typed and below which nothing stands. */
static bool steers(const sc_transcript *t, const sc_section *s)
{
    if (s->command || !sc_only_steers(s->name)) return false;
    return s->name.n || last_number(t, s) == t->lines[s->first].last;
}

static void describe_transcript(sc_arena *a, const sc_transcript *t, sc_diagnosis *d)
{
    d->lines = t->paste_lines;
    d->truncated = t->truncated;
    const char **repairs = sc_arena_array(a, SC_N_REPAIRS, sizeof *repairs);
    for (int i = 0; repairs && i < SC_N_REPAIRS; i++)
        if (t->repairs & 1u << i) repairs[d->n_repairs++] = sc_repair_names[i];
    d->repairs = repairs;
    sc_section_info *s = sc_arena_array(a, t->n_sections, sizeof *s);
    for (size_t i = 0; s && i < t->n_sections; i++) {
        const sc_section *from = &t->sections[i];
        if (!shows_section(from)) continue;
        s[d->n_sections++] = (sc_section_info){
            .command = from->command ? sc_span_z(from->command->name) : from->name,
            .args = from->args,
            .first_line = t->lines[from->first].number,
            .last_line = !from->command || from->user_mode
                             ? last_number(t, from)
                             : t->lines[from->last_used > from->first ? from->last_used : from->first].last,
            .processor = from->processor,
            .complete = from->complete || steers(t, from),
            .known = from->command != NULL || steers(t, from),
            .user_mode = from->user_mode,
        };
    }
    d->sections = s;
}

/* The crashes of a paste in which something was recognised, with their facts. */
typedef struct crash_list {
    sc_crash *crashes;
    sc_facts **facts;
    size_t n;
} crash_list;

/* `read` (NULL: nobody asks): marks each line of the transcript that some parser used. */
static int read_crashes(sc_engine *e, sc_arena *a, const sc_transcript *t, crash_list *out, unsigned char *read,
                        sc_error *error)
{
    *out = (crash_list){.crashes = sc_arena_array(a, t->n_crashes, sizeof *out->crashes),
                        .facts = sc_arena_array(a, t->n_crashes, sizeof(sc_facts *))};
    for (size_t i = 0; out->crashes && out->facts && i < t->n_crashes; i++) {
        sc_facts *f = sc_facts_new(a, t, e->knowledge, (uint32_t)i);
        if (!f || sc_facts_read(f)) return sc_fail(error, SC_E_NOMEM, "out of memory while reading facts");
        for (size_t k = 0; read && k < t->n_lines; k++) read[k] |= f->taken[k];
        sc_crash *c = &out->crashes[out->n];
        *c = (sc_crash){.bugcheck = read_bugcheck(f)};
        if (!recognised(t, f, &c->bugcheck)) continue;
        line_range(t, f, c);
        out->facts[out->n++] = f;
    }
    sc_facts_compare(out->facts, out->n);
    return sc_arena_failed(a) ? sc_fail(error, SC_E_NOMEM, "out of memory while reading facts") : SC_OK;
}

static sc_eval evaluation_of(sc_arena *a, sc_facts *f, const sc_bugcheck *b)
{
    return (sc_eval){.arena = a,
                     .facts = f,
                     .bugcheck = b,
                     .stacks = sc_stack_index_new(f),
                     .cap = confidence_cap(f),
                     .in_guest = in_guest(f)};
}

/* All rules over one crash, or the one rule `only` (SC_NPOS: all). */
static int judge(sc_engine *e, sc_arena *a, sc_facts *f, size_t only, sc_crash *out, sc_error *error)
{
    sc_eval eval = evaluation_of(a, f, &out->bugcheck);
    sc_sql_use(e->sql, f);
    int rc = only == SC_NPOS ? sc_diagnose_crash(e->rules, &eval, out, error)
                             : sc_explain_rule(e->rules, only, &eval, out, error);
    sc_sql_use(e->sql, NULL);
    return rc;
}

static int run(sc_engine *e, sc_span paste, size_t only, sc_diagnosis **out, sc_error *error)
{
    *out = NULL;
    sc_arena *a = sc_arena_new(e->memory_limit);
    if (!a) return sc_fail(error, SC_E_NOMEM, "out of memory");
    owned_diagnosis *o = sc_arena_get(a, sizeof *o);
    sc_transcript *t = NULL;
    int rc = o ? read_paste(e, a, paste, &t, error) : sc_fail(error, SC_E_NOMEM, "out of memory");
    crash_list list = {0};
    if (!rc) rc = read_crashes(e, a, t, &list, NULL, error);
    sc_list health = {0};
    for (size_t i = 0; !rc && i < list.n; i++) {
        sc_health_add(list.facts[i], a, &health);
        rc = judge(e, a, list.facts[i], only, &list.crashes[i], error);
    }
    if (!rc) describe_transcript(a, t, &o->d);
    if (!rc && sc_arena_failed(a))
        rc = sc_fail(error, SC_E_NOMEM, "the paste needs more memory than a diagnosis may use");
    if (rc) {
        sc_arena_free(a);
        return rc;
    }
    o->d.crashes = list.crashes;
    o->d.n_crashes = list.n;
    o->d.health = health.items;
    o->d.n_health = health.n;
    o->arena = a;
    *out = &o->d;
    return SC_OK;
}

int sc_diagnose(sc_engine *e, sc_span paste, sc_diagnosis **out, sc_error *error)
{
    return run(e, paste, SC_NPOS, out, error);
}

int sc_why(sc_engine *e, sc_span paste, const char *rule_id, sc_diagnosis **out, sc_error *error)
{
    *out = NULL;
    for (size_t i = 0; i < e->knowledge->n_rules; i++)
        if (!strcmp(e->knowledge->rules[i].id, rule_id)) return run(e, paste, i, out, error);
    return sc_fail(error, SC_E_RULE, "no rule is called %s", rule_id);
}

void sc_diagnosis_free(sc_diagnosis *d)
{
    if (d) sc_arena_free(((owned_diagnosis *)d)->arena);
}

/* ---- Reading once, judging often ---- */

struct sc_reading {
    sc_diagnosis view;
    sc_engine *engine;
    sc_arena *arena;
    sc_eval *evals; /* one per crash of the view */
    const sc_transcript *transcript;
    unsigned char *read; /* per line of the transcript: some parser used it */
    size_t *shown;       /* per section of the transcript: its index in the view, where it has one */
};

int sc_reading_new(sc_reading **out, sc_engine *e, sc_span paste, sc_error *error)
{
    *out = NULL;
    sc_arena *a = sc_arena_new(e->memory_limit);
    if (!a) return sc_fail(error, SC_E_NOMEM, "out of memory");
    sc_reading *r = sc_arena_get(a, sizeof *r);
    sc_transcript *t = NULL;
    int rc = r ? read_paste(e, a, paste, &t, error) : sc_fail(error, SC_E_NOMEM, "out of memory");
    crash_list list = {0};
    sc_eval *evals = rc ? NULL : sc_arena_array(a, t->n_crashes, sizeof *evals);
    unsigned char *read = rc ? NULL : sc_arena_array(a, t->n_lines, 1);
    size_t *shown = rc ? NULL : sc_arena_array(a, t->n_sections, sizeof *shown);
    for (size_t i = 0, n = 0; shown && i < t->n_sections; i++) shown[i] = shows_section(&t->sections[i]) ? n++ : n;
    if (!rc) rc = read_crashes(e, a, t, &list, read, error);
    for (size_t i = 0; evals && i < list.n; i++) evals[i] = evaluation_of(a, list.facts[i], &list.crashes[i].bugcheck);
    if (!rc) describe_transcript(a, t, &r->view);
    if (!rc && sc_arena_failed(a))
        rc = sc_fail(error, SC_E_NOMEM, "the paste needs more memory than a diagnosis may use");
    if (rc) {
        sc_arena_free(a);
        return rc;
    }
    r->view.crashes = list.crashes;
    r->view.n_crashes = list.n;
    r->evals = evals;
    r->transcript = t;
    r->read = read;
    r->shown = shown;
    r->engine = e;
    r->arena = a;
    *out = r;
    return SC_OK;
}

void sc_reading_free(sc_reading *r)
{
    if (r) sc_arena_free(r->arena);
}

const sc_diagnosis *sc_reading_view(const sc_reading *r)
{
    return &r->view;
}

size_t sc_reading_lines(const sc_reading *r)
{
    return r->transcript->n_lines;
}

sc_line_info sc_reading_line(const sc_reading *r, size_t i)
{
    const sc_transcript *t = r->transcript;
    const sc_line *l = &t->lines[i];
    sc_line_info info = {l->number, l->last, l->text, SC_NPOS, r->read && r->read[i]};
    size_t low = 0, high = t->n_sections; /* the last section that begins at or before the line */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->sections[middle].first <= i)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low || i >= t->sections[low - 1].end) return info;
    const sc_section *s = &t->sections[low - 1];
    if (!r->shown || !shows_section(s)) return info;
    info.section = r->shown[low - 1];
    if (i < s->body && (s->command || sc_only_steers(s->name)) && !s->user_mode) info.read = true;
    return info;
}

int sc_reading_annotate(sc_reading *r, const sc_annotation **out, size_t *n, sc_error *error)
{
    sc_list all = {0};
    int rc = SC_OK;
    for (size_t i = 0; !rc && i < r->view.n_crashes; i++)
        rc = sc_annotate_crash(r->engine->sql, r->evals[i].facts, r->evals[i].bugcheck, &all, error);
    if (!rc && sc_arena_failed(r->arena))
        rc = sc_fail(error, SC_E_NOMEM, "the notes need more memory than they may use");
    *out = all.items;
    *n = rc ? 0 : sc_annotations_sort(all.items, all.n);
    return rc;
}

int sc_reading_judge(sc_reading *r, size_t crash, size_t rule, const sc_finding **out, size_t *n, sc_error *error)
{
    const sc_knowledge *k = r->engine->knowledge;
    bool hint;
    *out = NULL;
    *n = 0;
    if (crash >= r->view.n_crashes || rule >= k->n_rules) return sc_fail(error, SC_E_INPUT, "no such crash or rule");
    if (!sc_rule_applies(&k->rules[rule], r->evals[crash].bugcheck, &hint)) return SC_OK;
    sc_crash answer = {0};
    sc_sql_use(r->engine->sql, r->evals[crash].facts);
    int rc = sc_explain_rule(r->engine->rules, rule, &r->evals[crash], &answer, error);
    sc_sql_use(r->engine->sql, NULL);
    if (!rc && sc_arena_failed(r->arena))
        rc = sc_fail(error, SC_E_NOMEM, "the rules need more memory than they may use");
    *out = answer.findings;
    *n = answer.n_findings;
    return rc;
}

/* ---- Tables ---- */

int sc_tables(sc_table_fn table, void *context)
{
    size_t n;
    const sc_table *const *tables = sc_all_tables(&n);
    int rc = 0;
    for (size_t i = 0; i < n && !rc; i++) {
        static const char *const types[] = {"integer", "address", "real", "text", "boolean"};
        sc_column_info columns[SC_MAX_COLUMNS];
        const sc_table *t = tables[i];
        for (int c = 0; c < t->n_columns; c++)
            columns[c] = (sc_column_info){t->columns[c].name, types[t->columns[c].type], t->columns[c].doc};
        sc_buf commands = {0};
        for (size_t c = 0; sc_commands[c]; c++)
            for (size_t j = 0; sc_commands[c]->tables && sc_commands[c]->tables[j]; j++)
                if (sc_commands[c]->tables[j] == t)
                    sc_buf_printf(&commands, "%s%s", commands.n ? ", " : "", sc_commands[c]->name);
        rc = table(context, t->name, t->key == SC_NO_KEY ? "" : t->columns[t->key].name, t->doc,
                   commands.p ? commands.p : "", columns, (size_t)t->n_columns);
        sc_buf_free(&commands);
    }
    return rc;
}

int sc_command_list(sc_command_fn command, void *context)
{
    int rc = 0;
    for (size_t i = 0; sc_commands[i] && !rc; i++) {
        const sc_command *c = sc_commands[i];
        sc_buf tables = {0};
        for (size_t k = 0; c->tables && c->tables[k]; k++)
            sc_buf_printf(&tables, "%s%s", k ? ", " : "", c->tables[k]->name);
        rc = tables.failed ? SC_E_NOMEM
                           : command(context, &(sc_command_info){c->name, c->aliases, c->doc, c->proof, c->query,
                                                                 tables.p ? tables.p : ""});
        sc_buf_free(&tables);
    }
    return rc;
}

const char *sc_command_name(sc_span spelling)
{
    const sc_command *c = sc_find_command(spelling);
    return c ? c->name : NULL;
}

/* ---- Queries (engine/query.c) need the same reading ---- */

int sc_engine_facts(sc_engine *e, sc_arena *a, sc_span paste, sc_facts ***out, size_t *n, sc_error *error)
{
    sc_transcript *t = NULL;
    int rc = read_paste(e, a, paste, &t, error);
    if (rc) return rc;
    crash_list list;
    rc = read_crashes(e, a, t, &list, NULL, error);
    if (rc) return rc;
    if (!list.n) return sc_fail(error, SC_E_INPUT, "no debugger output was recognised");
    *out = list.facts;
    *n = list.n;
    return SC_OK;
}

sc_sql *sc_engine_sql(sc_engine *e)
{
    return e->sql;
}
