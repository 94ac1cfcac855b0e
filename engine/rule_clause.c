#include "engine/rule_clause.h"

#include "engine/rule_stack.h"

#include <sqlite3.h>
#include <string.h>

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

static sc_evidence evidence_at(const sc_evaluation *v, const sc_clause *c, uint32_t line, uint32_t last)
{
    return (sc_evidence){c->name, line, last < line ? line : last,
                         sc_trim(sc_paste_line(v->e->facts->transcript, line))};
}

static sc_evidence *one_evidence(const sc_evaluation *v, const sc_clause *c, uint32_t line, uint32_t last)
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

static void answer_args(const sc_evaluation *v, const sc_clause *c, const sc_binding *env, sc_answer *out)
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
    sc_hit *h = sc_arena_get(v->e->arena, sizeof *h);
    if (!h) return;
    *h = (sc_hit){env, one_evidence(v, c, b->line, b->line), b->line ? 1 : 0, out->value, false};
    out->hits = h;
    out->n_hits = 1;
}

/* "thread" and "processor" are given as templates over variables; the owner is a number. */
static bool owner_value(const sc_evaluation *v, const char *text, const sc_binding *env, sc_value *out)
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

static void answer_stack(const sc_evaluation *v, const sc_clause *c, const sc_binding *env, sc_answer *out)
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
        sc_hit *h = &out->hits[out->n_hits++];
        size_t shown = matches[i].n_frames < STACK_EVIDENCE ? matches[i].n_frames : STACK_EVIDENCE;
        sc_evidence *e = sc_arena_array(v->e->arena, shown, sizeof *e);
        for (size_t j = 0; e && j < shown; j++)
            e[j] = evidence_at(v, c, matches[i].frames[j]->line, matches[i].frames[j]->last_line);
        *h = (sc_hit){matches[i].env, e, e ? shown : 0, e && shown ? e[0].text : (sc_span){"", 0}, matches[i].doubtful};
        if (matches[i].env != env) out->binds = true;
    }
}

static bool bind_parameters(const sc_evaluation *v, sqlite3_stmt *stmt, const sc_binding *env)
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

static sc_value column_value(const sc_evaluation *v, sqlite3_stmt *stmt, int i)
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
static sc_hit row_hit(const sc_evaluation *v, const sc_clause *c, sqlite3_stmt *stmt, const sc_binding *env,
                      bool *binds)
{
    int64_t line = 0, last = 0;
    sc_hit h = {.env = env};
    sc_buf text = {0};
    for (int i = 0; i < sqlite3_column_count(stmt); i++) {
        const char *name = sqlite3_column_name(stmt, i);
        if (!name || sqlite3_column_type(stmt, i) == SQLITE_NULL) continue;
        if (sc_is_line_column(name)) {
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

/* A statement without parameters that saw only empty tables and came back without a row will do so whenever the paste
 * shows nothing of them: it need not run again to be unknown. */
static void learn_gate(const sc_evaluation *v, sc_compiled_clause *k)
{
    const sc_looks *looks = sc_sql_looks(v->rules->sql);
    if (sc_sql_blank(v->rules->sql, looks) && !sqlite3_bind_parameter_count(k->stmt)) k->gate = *looks;
}

static void answer_sql(const sc_evaluation *v, const sc_clause *c, sc_compiled_clause *k, const sc_binding *env,
                       sc_answer *out)
{
    sqlite3_stmt *stmt = k->stmt;
    out->truth = SC_UNKNOWN;
    if (sc_sql_blank(v->rules->sql, &k->gate)) return;
    if (!bind_parameters(v, stmt, env)) {
        sqlite3_clear_bindings(stmt);
        return;
    }
    sc_list hits = {0};
    sc_sql_begin(v->rules->sql);
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW && hits.n < SC_MAX_BINDINGS) {
        sc_hit *h = sc_list_add(v->e->arena, &hits, sizeof *h);
        if (h) *h = row_hit(v, c, stmt, env, &out->binds);
    }
    bool tainted = sc_sql_tainted(v->rules->sql), failed = rc != SQLITE_ROW && rc != SQLITE_DONE;
    uint32_t line = sc_sql_absence_line(v->rules->sql);
    sqlite3_reset(stmt);
    sqlite3_clear_bindings(stmt);
    if (failed) out->value = SC_S("the query was interrupted");
    if (!failed && !hits.n && tainted) learn_gate(v, k);
    if (failed || (hits.n ? tainted && c->whole : tainted)) return;
    out->truth = hits.n ? SC_TRUE : SC_FALSE;
    out->hits = hits.items;
    out->n_hits = hits.n;
    out->absence = evidence_at(v, c, line, line);
}

/* The pattern over all output of one command; ^ and $ match at lines. */
static void answer_text(const sc_evaluation *v, const sc_clause *c, sc_pattern *pattern, const sc_binding *env,
                        sc_answer *out)
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
        sc_hit *h = found == 1 ? sc_arena_get(v->e->arena, sizeof *h) : NULL;
        if (h) {
            size_t line = s->body;
            for (size_t at = 0; at < start; at++) line += text.p[at] == '\n';
            uint32_t number = t->lines[line].number;
            *h = (sc_hit){.env = env, .evidence = one_evidence(v, c, number, number), .n_evidence = 1};
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

void sc_clause_answer(const sc_evaluation *v, size_t clause, const sc_binding *env, sc_answer *out)
{
    const sc_clause *c = &v->rule->clauses[clause];
    *out = (sc_answer){.truth = SC_UNKNOWN};
    switch (c->kind) {
    case SC_CLAUSE_ARGS: answer_args(v, c, env, out); break;
    case SC_CLAUSE_STACK: answer_stack(v, c, env, out); break;
    case SC_CLAUSE_SQL: answer_sql(v, c, &v->compiled->clauses[clause], env, out); break;
    case SC_CLAUSE_TEXT: answer_text(v, c, v->compiled->clauses[clause].pattern, env, out); break;
    }
    if (out->truth == SC_TRUE && !out->n_hits) out->truth = SC_UNKNOWN; /* memory ran out */
}

void sc_rule_roles(sc_rules *r, size_t at, const sc_eval *e, const sc_candidate *c, sc_role_fn row, void *context)
{
    const sc_rule *rule = &r->knowledge->rules[at];
    sc_evaluation v = {r, rule, &r->rules[at], e};
    for (size_t i = 0; i < rule->n_roles; i++) {
        sqlite3_stmt *stmt = r->rules[at].roles[i];
        if (!stmt || !bind_parameters(&v, stmt, c->env)) continue;
        sc_sql_begin(r->sql);
        for (size_t rows = 0; sqlite3_step(stmt) == SQLITE_ROW && rows < SC_MAX_BINDINGS; rows++) {
            sc_span module = {"", 0}, why = {"", 0};
            const sc_binding *env = c->env; /* and the columns of this row, for its reason */
            int64_t line = 0;
            for (int k = 0; k < sqlite3_column_count(stmt); k++) {
                const char *name = sqlite3_column_name(stmt, k);
                if (!name || sqlite3_column_type(stmt, k) == SQLITE_NULL) continue;
                sc_value value = column_value(&v, stmt, k);
                env = sc_variable_set(e->arena, env, name, value);
                if (!sqlite3_stricmp(name, "module"))
                    module = sc_value_text(e->arena, &value, false);
                else if (!sqlite3_stricmp(name, "why"))
                    why = sc_value_text(e->arena, &value, false);
                else if (!sqlite3_stricmp(name, "line"))
                    line = value.i;
            }
            sc_span missing = {"", 0};
            if (!why.n && rule->roles[i].why) why = sc_template_expand(e->arena, rule->roles[i].why, env, &missing);
            if (module.n && !missing.n) /* a reason with a gap in it is none */
                row(context, rule->roles[i].role, module, why, line > 0 && line <= UINT32_MAX ? (uint32_t)line : 0);
        }
        sqlite3_reset(stmt);
        sqlite3_clear_bindings(stmt);
    }
}
