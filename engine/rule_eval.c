#include "engine/rule_eval.h"

#include "engine/base/limits.h"
#include "engine/pattern.h"
#include "engine/rule_stack.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

typedef struct compiled_clause {
    sqlite3_stmt *stmt;  /* SQL clauses */
    sc_pattern *pattern; /* text clauses */
} compiled_clause;

typedef struct compiled_rule {
    compiled_clause *clauses;
    unsigned char order[SC_MAX_CLAUSES]; /* clause indices, so that a variable is bound before it is wanted */
    sqlite3_stmt **roles;
    bool ready;
} compiled_rule;

struct sc_rules {
    const sc_knowledge *knowledge;
    sc_sql *sql;
    compiled_rule *rules;
};

int sc_rules_new(sc_rules **out, const sc_knowledge *k, sc_sql *sql, sc_error *error)
{
    sc_rules *r = calloc(1, sizeof *r);
    *out = NULL;
    if (r) r->rules = calloc(k->n_rules ? k->n_rules : 1, sizeof *r->rules);
    if (!r || !r->rules) {
        free(r);
        return sc_fail(error, SC_E_NOMEM, "out of memory");
    }
    r->knowledge = k;
    r->sql = sql;
    *out = r;
    return SC_OK;
}

void sc_rules_free(sc_rules *r)
{
    if (!r) return;
    for (size_t i = 0; i < r->knowledge->n_rules; i++) {
        compiled_rule *c = &r->rules[i];
        for (size_t j = 0; c->clauses && j < r->knowledge->rules[i].n_clauses; j++) {
            sqlite3_finalize(c->clauses[j].stmt);
            sc_pattern_free(c->clauses[j].pattern);
        }
        for (size_t j = 0; c->roles && j < r->knowledge->rules[i].n_roles; j++) sqlite3_finalize(c->roles[j]);
        free(c->clauses);
        free(c->roles);
    }
    free(r->rules);
    free(r);
}

/* ---- Compiling ---- */

static bool is_line_column(const char *name)
{
    return !sqlite3_stricmp(name, "line") || !sqlite3_stricmp(name, "last_line");
}

/* Calls `name` for every {x} of the clause's frame patterns. */
static bool stack_binds(const sc_clause *c, sc_span variable)
{
    for (size_t i = 0; i < c->n_frames; i++) {
        sc_span name, rest, frame = sc_span_z(c->frames[i]);
        if (sc_starts(frame, "{") && sc_cut(sc_span_from(frame, 1), "}", &name, &rest) && sc_eq(name, variable))
            return true;
    }
    return false;
}

static bool clause_binds(const sc_clause *c, const compiled_clause *k, sc_span variable)
{
    switch (c->kind) {
    case SC_CLAUSE_ARGS: return false;
    case SC_CLAUSE_STACK: return stack_binds(c, variable);
    case SC_CLAUSE_SQL:
        for (int i = 0; k->stmt && i < sqlite3_column_count(k->stmt); i++) {
            const char *name = sqlite3_column_name(k->stmt, i);
            if (name && !is_line_column(name) && sc_eq_z(variable, name)) return true;
        }
        return false;
    case SC_CLAUSE_TEXT:
        for (size_t i = 0; k->pattern && sc_pattern_group_name(k->pattern, i); i++)
            if (sc_eq_z(variable, sc_pattern_group_name(k->pattern, i))) return true;
        return false;
    }
    return false;
}

typedef bool (*variable_fn)(void *context, sc_span variable); /* false stops */

static bool template_variables(const char *text, variable_fn f, void *context)
{
    sc_span rest = sc_span_z(text), head, inside, name, fallback;
    while (sc_cut(rest, "{{", &head, &rest)) {
        if (!sc_cut(rest, "}}", &inside, &rest)) break;
        sc_cut(inside, "|", &name, &fallback);
        if (!f(context, sc_trim(name))) return false;
    }
    return true;
}

/* Every variable that the clause must have before it can run; false when `f` said so. */
static bool clause_needs(const sc_clause *c, const compiled_clause *k, variable_fn f, void *context)
{
    if (c->kind == SC_CLAUSE_STACK) return template_variables(c->owner, f, context);
    if (c->kind != SC_CLAUSE_SQL || !k->stmt) return true;
    for (int i = 1; i <= sqlite3_bind_parameter_count(k->stmt); i++) {
        const char *name = sqlite3_bind_parameter_name(k->stmt, i);
        if (name && !f(context, sc_span_z(name + 1))) return false;
    }
    return true;
}

typedef struct ordering {
    const sc_rule *rule;
    const compiled_rule *compiled;
    const bool *placed;
    size_t self;
} ordering;

/* A variable is at hand unless another clause that is not placed yet binds it. */
static bool at_hand(void *context, sc_span variable)
{
    const ordering *o = context;
    for (size_t i = 0; i < o->rule->n_clauses; i++)
        if (i != o->self && !o->placed[i] && clause_binds(&o->rule->clauses[i], &o->compiled->clauses[i], variable))
            return false;
    return true;
}

/* Requiring clauses first, file order otherwise; a cycle (an error for lint) falls back to file order. */
static void order_clauses(const sc_rule *rule, compiled_rule *c)
{
    bool placed[SC_MAX_CLAUSES] = {false};
    for (size_t n = 0; n < rule->n_clauses; n++) {
        size_t best = SC_MAX_CLAUSES, first = SC_MAX_CLAUSES;
        for (size_t i = 0; i < rule->n_clauses; i++) {
            if (placed[i]) continue;
            if (first == SC_MAX_CLAUSES) first = i;
            ordering o = {rule, c, placed, i};
            if (!clause_needs(&rule->clauses[i], &c->clauses[i], at_hand, &o)) continue;
            if (best == SC_MAX_CLAUSES || rule->clauses[i].effect < rule->clauses[best].effect) best = i;
        }
        if (best == SC_MAX_CLAUSES) best = first;
        placed[best] = true;
        c->order[n] = (unsigned char)best;
    }
}

static int prepare(sc_rules *r, const char *sql, sqlite3_stmt **stmt, const char *what, sc_error *error)
{
    int rc = sqlite3_prepare_v3(sc_sql_db(r->sql), sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
    if (!rc) return SC_OK;
    return sc_fail(error, rc == SQLITE_NOMEM ? SC_E_NOMEM : SC_E_SQL, "%s: %s", what,
                   sqlite3_errmsg(sc_sql_db(r->sql)));
}

static int compile(sc_rules *r, size_t at, sc_error *error)
{
    const sc_rule *rule = &r->knowledge->rules[at];
    compiled_rule *c = &r->rules[at];
    if (c->ready) return SC_OK;
    if (rule->n_clauses > SC_MAX_CLAUSES)
        return sc_fail(error, SC_E_RULE, "%s: more than %u clauses", rule->id, SC_MAX_CLAUSES);
    if (!c->clauses) c->clauses = calloc(rule->n_clauses + 1, sizeof *c->clauses);
    if (!c->roles) c->roles = calloc(rule->n_roles + 1, sizeof *c->roles);
    if (!c->clauses || !c->roles) return sc_fail(error, SC_E_NOMEM, "out of memory");
    int rc = SC_OK;
    for (size_t i = 0; i < rule->n_clauses && !rc; i++) {
        const sc_clause *k = &rule->clauses[i];
        if (k->kind == SC_CLAUSE_SQL && !c->clauses[i].stmt)
            rc = prepare(r, k->sql, &c->clauses[i].stmt, rule->id, error);
        if (k->kind == SC_CLAUSE_TEXT && !c->clauses[i].pattern)
            rc = sc_pattern_new(&c->clauses[i].pattern, sc_span_z(k->pattern), true, error);
    }
    for (size_t i = 0; i < rule->n_roles && !rc; i++)
        if (!c->roles[i]) rc = prepare(r, rule->roles[i].sql, &c->roles[i], rule->id, error);
    if (rc) return rc;
    order_clauses(rule, c);
    c->ready = true;
    return SC_OK;
}

/* ---- One clause ---- */

/* One way in which a clause holds. */
typedef struct hit {
    const sc_binding *env;
    const sc_evidence *evidence;
    size_t n_evidence;
    sc_span value;
} hit;

typedef struct clause_answer {
    sc_truth truth;
    hit *hits; /* with SC_TRUE: at least one */
    size_t n_hits;
    bool binds;          /* hits differ in what they bind */
    sc_evidence absence; /* with SC_FALSE: what shows it; line 0 for nothing */
    sc_span value;
} clause_answer;

typedef struct evaluation {
    sc_rules *rules;
    const sc_rule *rule;
    compiled_rule *compiled;
    const sc_eval *e;
} evaluation;

sc_span sc_paste_line(const sc_transcript *t, uint32_t number)
{
    size_t low = 0,
           high = t->n_lines; /* numbers never decrease; of several parts of one line the first with text counts */
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (t->lines[mid].number < number)
            low = mid + 1;
        else
            high = mid;
    }
    while (low + 1 < t->n_lines && !t->lines[low].text.n && t->lines[low + 1].number == number) low++;
    return low < t->n_lines && t->lines[low].number == number ? t->lines[low].text : (sc_span){"", 0};
}

static sc_evidence evidence_at(const evaluation *v, const sc_clause *c, uint32_t line, uint32_t last)
{
    return (sc_evidence){c->name, line, last < line ? line : last,
                         sc_trim(sc_paste_line(v->e->facts->transcript, line))};
}

static sc_evidence *one_evidence(const evaluation *v, const sc_clause *c, uint32_t line, uint32_t last)
{
    sc_evidence *e = sc_arena_get(v->e->arena, sizeof *e);
    if (e) *e = evidence_at(v, c, line, last);
    return e;
}

static bool in_range(const sc_arg_range *r, uint64_t value)
{
    uint64_t masked = value & r->mask;
    if (masked >= r->low && masked <= r->high) return true;
    /* an NTSTATUS is 32 bits wide, and sign-extended on x64 */
    return value >> 32 == 0xffffffffu && r->high <= 0xffffffffu && (masked & 0xffffffffu) >= r->low &&
           (masked & 0xffffffffu) <= r->high;
}

static void answer_args(const evaluation *v, const sc_clause *c, const sc_binding *env, clause_answer *out)
{
    const sc_bugcheck *b = v->e->bugcheck;
    sc_buf text = {0};
    out->truth = SC_TRUE;
    for (size_t i = 0; i < c->n_args; i++) {
        const sc_arg_test *t = &c->args[i];
        if (t->arg < 1 || t->arg > 4) continue;
        if (text.n) sc_buf_z(&text, ", ");
        if (!b->known[t->arg - 1]) {
            sc_buf_printf(&text, "parameter %d is not in the paste", t->arg);
            if (out->truth == SC_TRUE) out->truth = SC_UNKNOWN;
            continue;
        }
        bool holds = false;
        for (size_t j = 0; j < t->n_ranges && !holds; j++) holds = in_range(&t->ranges[j], b->arg[t->arg - 1]);
        if (!holds) out->truth = SC_FALSE;
        sc_buf_printf(&text, "parameter %d is 0x%llx", t->arg, (unsigned long long)b->arg[t->arg - 1]);
    }
    out->value = sc_arena_dup(v->e->arena, sc_buf_view(&text));
    sc_buf_free(&text);
    out->absence = evidence_at(v, c, b->line, b->line);
    if (out->truth != SC_TRUE) return;
    hit *h = sc_arena_get(v->e->arena, sizeof *h);
    if (!h) return;
    *h = (hit){env, one_evidence(v, c, b->line, b->line), b->line ? 1 : 0, out->value};
    out->hits = h;
    out->n_hits = 1;
}

/* "thread" and "processor" are given as templates over variables; the owner is a number. */
static bool owner_value(const evaluation *v, const char *text, const sc_binding *env, sc_value *out)
{
    sc_span missing, expanded = sc_template_expand(v->e->arena, text, env, &missing);
    uint64_t number;
    if (missing.n || !sc_span_hex(expanded, &number)) return false;
    /* a variable knows whether it is an address (hex) or a count (decimal); literal text is hex like all debugger
     * input */
    sc_span name = sc_span_z(text);
    if (sc_starts(name, "{{")) {
        sc_span inside, rest;
        sc_cut(sc_span_from(name, 2), "}}", &inside, &rest);
        const sc_value *value = sc_variable_get(env, sc_trim(inside));
        if (value && !rest.n && value->kind != SC_VALUE_TEXT) {
            *out = *value;
            return true;
        }
    }
    *out = (sc_value){.kind = SC_VALUE_ADDR, .i = (int64_t)number};
    return true;
}

enum { STACK_EVIDENCE = 6 };

static void answer_stack(const evaluation *v, const sc_clause *c, const sc_binding *env, clause_answer *out)
{
    sc_value owner;
    bool owned = c->owner && c->owner[0];
    out->truth = SC_UNKNOWN;
    if (owned && !owner_value(v, c->owner, env, &owner)) return;
    sc_stack_match matches[SC_MAX_BINDINGS];
    size_t n;
    uint32_t line;
    out->truth = sc_stack_find(v->e, c, owned ? &owner : NULL, env, matches, SC_MAX_BINDINGS, &n, &line);
    out->absence = evidence_at(v, c, line, line);
    out->hits = sc_arena_array(v->e->arena, n, sizeof *out->hits);
    if (!out->hits) return;
    for (size_t i = 0; i < n; i++) {
        hit *h = &out->hits[out->n_hits++];
        size_t shown = matches[i].n_frames < STACK_EVIDENCE ? matches[i].n_frames : STACK_EVIDENCE;
        sc_evidence *e = sc_arena_array(v->e->arena, shown, sizeof *e);
        for (size_t j = 0; e && j < shown; j++)
            e[j] = evidence_at(v, c, matches[i].frames[j]->line, matches[i].frames[j]->last_line);
        *h = (hit){matches[i].env, e, e ? shown : 0, e && shown ? e[0].text : (sc_span){"", 0}};
        if (matches[i].env != env) out->binds = true;
    }
}

static bool bind_parameters(const evaluation *v, sqlite3_stmt *stmt, const sc_binding *env)
{
    (void)v;
    for (int i = 1; i <= sqlite3_bind_parameter_count(stmt); i++) {
        const char *name = sqlite3_bind_parameter_name(stmt, i);
        const sc_value *value = name ? sc_variable_get(env, sc_span_z(name + 1)) : NULL;
        if (!value) return false;
        if (value->kind == SC_VALUE_TEXT)
            sqlite3_bind_text(stmt, i, value->t.p, (int)value->t.n, SQLITE_STATIC);
        else if (value->kind == SC_VALUE_REAL)
            sqlite3_bind_double(stmt, i, value->r);
        else
            sqlite3_bind_int64(stmt, i, value->i);
    }
    return true;
}

static sc_value column_value(const evaluation *v, sqlite3_stmt *stmt, int i)
{
    switch (sqlite3_column_type(stmt, i)) {
    case SQLITE_INTEGER: {
        const char *type = sqlite3_column_decltype(stmt, i);
        bool address = type && !strcmp(type, "ADDR_INT");
        return (sc_value){.kind = address ? SC_VALUE_ADDR : SC_VALUE_INT, .i = sqlite3_column_int64(stmt, i)};
    }
    case SQLITE_FLOAT: return (sc_value){.kind = SC_VALUE_REAL, .r = sqlite3_column_double(stmt, i)};
    default: break;
    }
    sc_span text = {(const char *)sqlite3_column_text(stmt, i), (size_t)sqlite3_column_bytes(stmt, i)};
    return (sc_value){.kind = SC_VALUE_TEXT, .t = sc_arena_dup(v->e->arena, text)};
}

/* One result row as a hit: its columns bind variables, `line` and `last_line` are the evidence. */
static hit row_hit(const evaluation *v, const sc_clause *c, sqlite3_stmt *stmt, const sc_binding *env, bool *binds)
{
    int64_t line = 0, last = 0;
    hit h = {.env = env};
    sc_buf text = {0};
    for (int i = 0; i < sqlite3_column_count(stmt); i++) {
        const char *name = sqlite3_column_name(stmt, i);
        if (!name || sqlite3_column_type(stmt, i) == SQLITE_NULL) continue;
        if (is_line_column(name)) {
            if (name[1] == 'i' || name[1] == 'I')
                line = sqlite3_column_int64(stmt, i);
            else
                last = sqlite3_column_int64(stmt, i);
            continue;
        }
        sc_value value = column_value(v, stmt, i);
        h.env = sc_variable_set(v->e->arena, h.env, sc_arena_z(v->e->arena, sc_span_z(name)), value);
        sc_buf_printf(&text, "%s%s = %.*s", text.n ? ", " : "", name, SC_F(sc_value_text(v->e->arena, &value, true)));
        *binds = true;
    }
    if (line <= 0 || line > UINT32_MAX) line = sc_sql_absence_line(v->rules->sql);
    if (last < line || last > UINT32_MAX) last = line;
    h.value = sc_arena_dup(v->e->arena, sc_buf_view(&text));
    sc_buf_free(&text);
    h.evidence = one_evidence(v, c, (uint32_t)line, (uint32_t)last);
    h.n_evidence = h.evidence && line ? 1 : 0;
    return h;
}

static void answer_sql(const evaluation *v, const sc_clause *c, sqlite3_stmt *stmt, const sc_binding *env,
                       clause_answer *out)
{
    out->truth = SC_UNKNOWN;
    if (!bind_parameters(v, stmt, env)) {
        sqlite3_clear_bindings(stmt);
        return;
    }
    sc_list hits = {0};
    sc_sql_begin(v->rules->sql);
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && hits.n < SC_MAX_BINDINGS) {
        hit *h = sc_list_add(v->e->arena, &hits, sizeof *h);
        if (h) *h = row_hit(v, c, stmt, env, &out->binds);
    }
    bool tainted = sc_sql_tainted(v->rules->sql), failed = rc != SQLITE_ROW && rc != SQLITE_DONE;
    uint32_t line = sc_sql_absence_line(v->rules->sql);
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
    if (failed) out->value = SC_S("the query was interrupted");
    if (failed || (hits.n ? tainted && c->whole : tainted)) return;
    out->truth = hits.n ? SC_TRUE : SC_FALSE;
    out->hits = hits.items;
    out->n_hits = hits.n;
    out->absence = evidence_at(v, c, line, line);
}

/* The pattern over all output of one command; ^ and $ match at lines. */
static void answer_text(const evaluation *v, const sc_clause *c, sc_pattern *pattern, const sc_binding *env,
                        clause_answer *out)
{
    const sc_transcript *t = v->e->facts->transcript;
    const sc_crash_range *crash = &t->crashes[v->e->facts->crash];
    const sc_command *command = sc_find_command(sc_span_z(c->command));
    out->truth = SC_UNKNOWN;
    for (size_t i = 0; i < crash->n_sections && out->truth != SC_TRUE; i++) {
        const sc_section *s = &t->sections[crash->first_section + i];
        if (!command || s->command != command) continue;
        sc_buf text = {0};
        for (size_t l = s->body; l < s->end; l++) {
            sc_buf_span(&text, t->lines[l].text);
            sc_buf_char(&text, '\n');
        }
        size_t start = 0, end = 0;
        int found = sc_pattern_find(pattern, sc_buf_view(&text), &start, &end);
        if (found == 0 && s->complete && out->truth == SC_UNKNOWN) {
            out->truth = SC_FALSE;
            out->absence = evidence_at(v, c, t->lines[s->first].number, t->lines[s->first].number);
        }
        hit *h = found == 1 ? sc_arena_get(v->e->arena, sizeof *h) : NULL;
        if (h) {
            size_t line = s->body;
            for (size_t at = 0; at < start; at++) line += text.p[at] == '\n';
            uint32_t number = t->lines[line].number;
            *h = (hit){.env = env, .evidence = one_evidence(v, c, number, number), .n_evidence = 1};
            for (size_t g = 0; sc_pattern_group_name(pattern, g); g++) {
                sc_span group = sc_pattern_group(pattern, g, sc_buf_view(&text));
                if (!group.n) continue;
                sc_value value = {.kind = SC_VALUE_TEXT, .t = sc_arena_dup(v->e->arena, group)};
                h->env = sc_variable_set(v->e->arena, h->env, sc_pattern_group_name(pattern, g), value);
                out->binds = true;
            }
            if (!h->evidence)
                h->n_evidence = 0;
            else
                h->value = h->evidence->text;
            out->truth = SC_TRUE;
            out->hits = h;
            out->n_hits = 1;
        }
        sc_buf_free(&text);
    }
}

static void answer(const evaluation *v, size_t clause, const sc_binding *env, clause_answer *out)
{
    const sc_clause *c = &v->rule->clauses[clause];
    *out = (clause_answer){.truth = SC_UNKNOWN};
    switch (c->kind) {
    case SC_CLAUSE_ARGS: answer_args(v, c, env, out); break;
    case SC_CLAUSE_STACK: answer_stack(v, c, env, out); break;
    case SC_CLAUSE_SQL: answer_sql(v, c, v->compiled->clauses[clause].stmt, env, out); break;
    case SC_CLAUSE_TEXT: answer_text(v, c, v->compiled->clauses[clause].pattern, env, out); break;
    }
    if (out->truth == SC_TRUE && !out->n_hits) out->truth = SC_UNKNOWN; /* memory ran out */
}

/* ---- All clauses ---- */

/* What the clauses came to along one branch; indexed like the rule's clauses. */
typedef struct branch {
    sc_truth truth[SC_MAX_CLAUSES];
    const hit *hit[SC_MAX_CLAUSES];
    sc_evidence absence[SC_MAX_CLAUSES];
    sc_span value[SC_MAX_CLAUSES];
} branch;

typedef struct search {
    evaluation v;
    bool hint; /* the code is not known for certain: at best open */
    unsigned branches_left;
    branch now;
    sc_list candidates; /* of sc_candidate */
} search;

/* The confidence that true supports raise it to and true or unknown exclusions leave. */
static sc_confidence weigh(const search *s)
{
    sc_confidence c = s->v.rule->confidence;
    for (size_t i = 0; i < s->v.rule->n_clauses; i++) {
        const sc_clause *k = &s->v.rule->clauses[i];
        if (k->effect == SC_SUPPORTS && s->now.truth[i] == SC_TRUE && k->supports > c) c = k->supports;
    }
    for (size_t i = 0; i < s->v.rule->n_clauses; i++)
        if (s->v.rule->clauses[i].effect == SC_EXCLUDES && s->now.truth[i] == SC_UNKNOWN && c > SC_LIKELY)
            c = SC_LIKELY;
    return c > s->v.e->cap ? s->v.e->cap : c;
}

static void judge(const search *s, sc_candidate *c)
{
    unsigned unknown = 0;
    for (size_t i = 0; i < s->v.rule->n_clauses; i++) {
        sc_effect effect = s->v.rule->clauses[i].effect;
        sc_truth t = s->now.truth[i];
        if (effect == SC_EXCLUDES ? t == SC_TRUE : effect == SC_REQUIRES && t == SC_FALSE) c->failed++;
        if (effect == SC_REQUIRES && t == SC_UNKNOWN) unknown++;
        if (effect != SC_EXCLUDES && t == SC_TRUE) c->held++;
    }
    sc_finding *f = &c->finding;
    f->rule = s->v.rule;
    f->verdict = c->failed || !c->held ? SC_RULED_OUT : unknown || s->hint ? SC_OPEN : SC_CONFIRMED;
    f->confidence = f->verdict == SC_CONFIRMED ? weigh(s) : f->verdict == SC_OPEN ? SC_POSSIBLE : SC_NO_CONFIDENCE;
}

/* The command that would settle clause `at`; when a variable in it is not known, the command that would tell it. */
static sc_span ask_for(const search *s, size_t at, const sc_binding *env, unsigned depth)
{
    const sc_clause *c = &s->v.rule->clauses[at];
    sc_span missing, ask;
    if (!c->ask || depth > s->v.rule->n_clauses) return (sc_span){"", 0};
    ask = sc_template_expand(s->v.e->arena, c->ask, env, &missing);
    if (!missing.n) return ask;
    for (size_t i = 0; i < s->v.rule->n_clauses; i++)
        if (i != at && s->now.truth[i] == SC_UNKNOWN &&
            clause_binds(&s->v.rule->clauses[i], &s->v.compiled->clauses[i], missing))
            return ask_for(s, i, env, depth + 1);
    return (sc_span){"", 0};
}

typedef struct needs_context {
    const search *s;
    const sc_binding *env;
    size_t self, provider; /* a clause that would bind what is missing, or SC_MAX_CLAUSES */
} needs_context;

static bool find_provider(void *context, sc_span variable)
{
    needs_context *n = context;
    if (sc_variable_get(n->env, variable)) return true;
    for (size_t i = 0; i < n->s->v.rule->n_clauses; i++)
        if (i != n->self && n->s->now.truth[i] == SC_UNKNOWN &&
            clause_binds(&n->s->v.rule->clauses[i], &n->s->v.compiled->clauses[i], variable)) {
            n->provider = i;
            return false;
        }
    return true;
}

/* A clause that could not run for want of a variable asks what the clause that would bind it asks. */
static sc_span clause_ask(const search *s, size_t at, const sc_binding *env)
{
    size_t target = at;
    for (size_t hops = 0; hops < s->v.rule->n_clauses; hops++) {
        needs_context n = {s, env, target, SC_MAX_CLAUSES};
        clause_needs(&s->v.rule->clauses[target], &s->v.compiled->clauses[target], find_provider, &n);
        if (n.provider == SC_MAX_CLAUSES) break;
        target = n.provider;
    }
    sc_span ask = ask_for(s, target, env, 0);
    return ask.n || target == at ? ask : ask_for(s, at, env, 0);
}

static void fill_clauses(const search *s, sc_candidate *c)
{
    sc_arena *a = s->v.e->arena;
    size_t n = s->v.rule->n_clauses;
    sc_clause_result *results = sc_arena_array(a, n, sizeof *results);
    sc_list all = {0};
    if (!results) return;
    for (size_t i = 0; i < n; i++) {
        const sc_clause *k = &s->v.rule->clauses[i];
        sc_truth t = s->now.truth[i];
        const hit *h = s->now.hit[i];
        results[i] = (sc_clause_result){.clause = k, .truth = t, .value = h ? h->value : s->now.value[i]};
        if (t == SC_UNKNOWN) results[i].ask = clause_ask(s, i, c->env);
        if (h) {
            results[i].evidence = h->evidence;
            results[i].n_evidence = h->n_evidence;
        } else if (t == SC_FALSE && s->now.absence[i].line) {
            sc_evidence *e = sc_arena_get(a, sizeof *e);
            if (e) *e = s->now.absence[i];
            results[i].evidence = e;
            results[i].n_evidence = e ? 1 : 0;
        }
        for (size_t j = 0; h && k->effect != SC_EXCLUDES && j < h->n_evidence; j++) {
            sc_evidence *e = sc_list_add(a, &all, sizeof *e);
            if (e) *e = h->evidence[j];
        }
    }
    c->finding.clauses = results;
    c->finding.n_clauses = n;
    c->finding.evidence = all.items;
    c->finding.n_evidence = all.n;
}

static void fill_texts(const search *s, sc_candidate *c)
{
    sc_arena *a = s->v.e->arena;
    const sc_rule *rule = s->v.rule;
    sc_finding *f = &c->finding;
    f->summary = sc_template_expand(a, rule->summary ? rule->summary : rule->title, c->env, NULL);
    sc_list variables = {0};
    for (const sc_binding *b = c->env; b; b = b->next) {
        bool shadowed = false;
        for (size_t i = 0; i < variables.n; i++)
            shadowed = shadowed || !strcmp(((sc_variable *)variables.items)[i].name, b->name);
        sc_variable *v = shadowed ? NULL : sc_list_add(a, &variables, sizeof *v);
        if (v) *v = (sc_variable){b->name, sc_value_text(a, &b->value, true)};
    }
    f->variables = variables.items;
    f->n_variables = variables.n;
    sc_span *fixes = sc_arena_array(a, rule->n_fixes, sizeof *fixes);
    for (size_t i = 0; fixes && i < rule->n_fixes; i++) fixes[i] = sc_template_expand(a, rule->fixes[i], c->env, NULL);
    f->fixes = fixes;
    f->n_fixes = fixes ? rule->n_fixes : 0;
}

static int compare(const sc_candidate *a, const sc_candidate *b)
{
    if (a->finding.verdict != b->finding.verdict) return a->finding.verdict > b->finding.verdict ? 1 : -1;
    if (a->finding.confidence != b->finding.confidence) return a->finding.confidence > b->finding.confidence ? 1 : -1;
    if (a->failed != b->failed) return a->failed < b->failed ? 1 : -1;
    if (a->held != b->held) return a->held > b->held ? 1 : -1;
    return 0;
}

/* A branch is over: keep it when it is the first or the best for its culprit. */
static void keep(search *s, const sc_binding *env)
{
    sc_candidate c = {.env = env};
    judge(s, &c);
    sc_span missing;
    c.finding.culprit = sc_template_expand(s->v.e->arena, s->v.rule->culprit, env, &missing);
    if (missing.n) c.finding.culprit = (sc_span){"", 0};
    sc_candidate *same = NULL, *list = s->candidates.items;
    for (size_t i = 0; i < s->candidates.n; i++) {
        bool apart = c.finding.verdict == SC_CONFIRMED && list[i].finding.verdict == SC_CONFIRMED &&
                     !sc_ieq(list[i].finding.culprit, c.finding.culprit);
        if (!apart && (!same || compare(&list[i], same) < 0)) same = &list[i];
    }
    if (same && compare(&c, same) <= 0) return;
    if (!same && s->candidates.n >= SC_MAX_FINDINGS) return;
    if (!same) same = sc_list_add(s->v.e->arena, &s->candidates, sizeof c);
    if (!same) return;
    fill_clauses(s, &c);
    fill_texts(s, &c);
    *same = c;
}

static void walk(search *s, size_t depth, const sc_binding *env)
{
    if (depth == s->v.rule->n_clauses) {
        keep(s, env);
        if (s->branches_left) s->branches_left--;
        return;
    }
    size_t at = s->v.compiled->order[depth];
    clause_answer a;
    answer(&s->v, at, env, &a);
    s->now.truth[at] = a.truth;
    s->now.absence[at] = a.absence;
    s->now.value[at] = a.value;
    s->now.hit[at] = NULL;
    if (a.truth != SC_TRUE) {
        walk(s, depth + 1, env);
        return;
    }
    bool excludes = s->v.rule->clauses[at].effect == SC_EXCLUDES; /* what rules a rule out binds nothing for it */
    for (size_t i = 0; i < a.n_hits && (i == 0 || (a.binds && !excludes && s->branches_left)); i++) {
        s->now.truth[at] = SC_TRUE;
        s->now.hit[at] = &a.hits[i];
        walk(s, depth + 1, excludes ? env : a.hits[i].env);
    }
}

static const sc_binding *starting_environment(const sc_eval *e)
{
    static const char *const names[] = {"arg1", "arg2", "arg3", "arg4"};
    const sc_bugcheck *b = e->bugcheck;
    const sc_binding *env = NULL;
    for (int i = 3; i >= 0; i--)
        if (b->known[i])
            env = sc_variable_set(e->arena, env, names[i], (sc_value){.kind = SC_VALUE_ADDR, .i = (int64_t)b->arg[i]});
    if (b->source != SC_SOURCE_NONE)
        env = sc_variable_set(e->arena, env, "code", (sc_value){.kind = SC_VALUE_ADDR, .i = b->code});
    if (e->facts->pointer_bytes)
        env = sc_variable_set(e->arena, env, "pointer_bytes",
                              (sc_value){.kind = SC_VALUE_INT, .i = e->facts->pointer_bytes});
    return env;
}

bool sc_rule_applies(const sc_rule *rule, const sc_bugcheck *b, bool *hint)
{
    bool known = b->source != SC_SOURCE_NONE && b->source != SC_SOURCE_PROSE;
    *hint = false;
    if (rule->status != SC_STABLE) return false;
    if (rule->any_code) return true;
    if (rule->no_code) return !known;
    *hint = !known;
    if (b->source == SC_SOURCE_NONE) return true;
    for (size_t i = 0; i < rule->n_codes; i++)
        if (rule->codes[i] == b->code) return true;
    return false;
}

int sc_rule_evaluate(sc_rules *r, size_t at, const sc_eval *e, sc_candidate **out, size_t *n, sc_error *error)
{
    int rc = compile(r, at, error);
    if (rc) return rc;
    search *s = sc_arena_get(e->arena, sizeof *s);
    if (!s) return sc_fail(error, SC_E_NOMEM, "out of memory");
    s->v = (evaluation){r, &r->knowledge->rules[at], &r->rules[at], e};
    s->branches_left = SC_MAX_BRANCHES;
    sc_rule_applies(s->v.rule, e->bugcheck, &s->hint);
    walk(s, 0, starting_environment(e));
    /* beside a confirmed candidate, weaker ones say nothing new */
    sc_candidate *list = s->candidates.items;
    size_t kept = 0;
    sc_verdict best = SC_RULED_OUT;
    for (size_t i = 0; i < s->candidates.n; i++)
        if (list[i].finding.verdict > best) best = list[i].finding.verdict;
    for (size_t i = 0; i < s->candidates.n; i++)
        if (list[i].finding.verdict == best) list[kept++] = list[i];
    *out = list;
    *n = kept;
    return SC_OK;
}

void sc_rule_roles(sc_rules *r, size_t at, const sc_eval *e, const sc_candidate *c, sc_role_fn row, void *context)
{
    const sc_rule *rule = &r->knowledge->rules[at];
    evaluation v = {r, rule, &r->rules[at], e};
    for (size_t i = 0; i < rule->n_roles; i++) {
        sqlite3_stmt *stmt = r->rules[at].roles[i];
        if (!stmt || !bind_parameters(&v, stmt, c->env)) continue;
        sc_sql_begin(r->sql);
        for (size_t rows = 0; sqlite3_step(stmt) == SQLITE_ROW && rows < SC_MAX_BINDINGS; rows++) {
            sc_span module = {"", 0}, why = {"", 0};
            int64_t line = 0;
            for (int k = 0; k < sqlite3_column_count(stmt); k++) {
                const char *name = sqlite3_column_name(stmt, k);
                if (!name || sqlite3_column_type(stmt, k) == SQLITE_NULL) continue;
                sc_value value = column_value(&v, stmt, k);
                if (!sqlite3_stricmp(name, "module"))
                    module = sc_value_text(e->arena, &value, false);
                else if (!sqlite3_stricmp(name, "why"))
                    why = sc_value_text(e->arena, &value, false);
                else if (!sqlite3_stricmp(name, "line"))
                    line = value.i;
            }
            if (!why.n && rule->roles[i].why) why = sc_template_expand(e->arena, rule->roles[i].why, c->env, NULL);
            if (module.n)
                row(context, rule->roles[i].role, module, why, line > 0 && line <= UINT32_MAX ? (uint32_t)line : 0);
        }
        sqlite3_reset(stmt);
        sqlite3_clear_bindings(stmt);
    }
}
