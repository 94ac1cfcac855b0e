/* Lint of whole rules: variables, order of clauses, references between rules. */
#include "kb/lint.h"

#include "engine/base/limits.h"
#include "kb/sql_form.h"
#include "kb/template.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Known whenever the crash shows them, without any clause. */
static const char *const built_in[] = {"code", "arg1", "arg2", "arg3", "arg4", "pointer_bytes"};
/* The kernel is on every stack. */
static const char *const kernels[] = {"nt", "hal", "ntoskrnl", "ntkrnlmp", "ntkrnlpa", "ntkrpamp"};

/* What one clause gives to others and wants from them. */
typedef struct clause_names {
    sc_names binds, needs;
} clause_names;

typedef struct lint {
    sc_walk w; /* of the rule at hand */
    const sc_rule_source *source;
    const sc_rule *rule;
    sc_engine *engine;
    const sc_knowledge *tables; /* NULL: not to be relied on */
    const sc_rule_source *all;
    size_t n_all;
    clause_names clauses[SC_MAX_CLAUSES];
    sc_names bound; /* by any clause that does not exclude, and built in */
} lint;

static const sc_yaml *clause_node(const lint *l, size_t i)
{
    const sc_yaml *y = sc_yaml_get(l->source->parts.head, "clauses")->first;
    while (i--) y = y->next;
    return y;
}

/* ---- What clauses bind and need ---------------------------------------------------------------------------------- */

static void bind_name(lint *l, size_t i, const sc_yaml *y, sc_span name)
{
    for (size_t k = 0; k < COUNT(built_in); k++)
        if (sc_eq_z(name, built_in[k])) {
            sc_wrong(&l->w, y->place, "\"%s\" is what the bug check shows; call this one otherwise (... AS name)",
                     built_in[k]);
            return;
        }
    sc_names_add(l->w.m->arena, &l->clauses[i].binds, name);
}

static void bind_frames(lint *l, size_t i, const sc_yaml *y)
{
    for (size_t k = 0; k < l->rule->clauses[i].n_frames; k++) {
        sc_span pattern = sc_span_z(l->rule->clauses[i].frames[k]), name, rest;
        if (sc_starts(pattern, "{") && sc_cut(sc_span_from(pattern, 1), "}", &name, &rest)) bind_name(l, i, y, name);
    }
}

typedef struct command_hint {
    sc_nearest nearest;
    sc_arena *arena;
} command_hint;

/* sc_tables' callback: the commands that have a parser, a comma-separated list per table. */
static int hint_command(void *context, const char *name, const char *key, const char *doc, const char *commands,
                        const sc_column_info *columns, size_t n)
{
    (void)name, (void)key, (void)doc, (void)columns, (void)n;
    command_hint *h = context;
    sc_span rest = sc_span_z(commands), command;
    while (rest.n) {
        sc_cut(rest, ",", &command, &rest);
        sc_nearest_try(&h->nearest, sc_arena_z(h->arena, sc_trim(command)));
    }
    return 0;
}

/* Only the output of commands that a parser knows is at hand when rules run. */
static void check_command(lint *l, const char *command, const sc_yaml *y)
{
    if (sc_command_name(sc_span_z(command))) return;
    command_hint h = {.nearest = sc_nearest_to(sc_span_z(command)), .arena = l->w.m->arena};
    sc_tables(hint_command, &h);
    sc_wrong(&l->w, y->place, "no parser knows the command \"%s\", so this could never be decided%s", command,
             sc_nearest_hint(&h.nearest, l->w.m->arena));
}

static void bind_groups(lint *l, size_t i, const sc_yaml *y)
{
    sc_buf groups = {0};
    const sc_yaml *pattern = sc_yaml_get(y, "pattern");
    check_command(l, l->rule->clauses[i].command, sc_yaml_get(y, "command"));
    if (sc_lint_compile(&l->w, pattern, sc_span_z(l->rule->clauses[i].pattern), "", &groups)) {
        sc_span rest = sc_buf_view(&groups), name;
        while (rest.n) {
            sc_cut(rest, ",", &name, &rest);
            bind_name(l, i, pattern, name);
        }
    }
    sc_buf_free(&groups);
}

static void read_clause_names(lint *l, size_t i)
{
    const sc_clause *c = &l->rule->clauses[i];
    const sc_yaml *node = clause_node(l, i), *y;
    sc_names columns = {0};
    switch (c->kind) {
    case SC_CLAUSE_ARGS: break;
    case SC_CLAUSE_STACK: bind_frames(l, i, sc_yaml_get(node, "stack")); break;
    case SC_CLAUSE_TEXT: bind_groups(l, i, sc_yaml_get(node, "text")); break;
    case SC_CLAUSE_SQL:
        y = sc_yaml_get(node, "sql");
        if (!sc_lint_sql(&l->w, l->engine, y, c->sql, &columns, &l->clauses[i].needs)) return;
        for (size_t k = 0; k < columns.list.n; k++) {
            sc_span name = ((const sc_span *)columns.list.items)[k];
            if (!sc_eq_z(name, "line") && !sc_eq_z(name, "last_line")) bind_name(l, i, y, name);
        }
        const char *absence = sc_yaml_get(node, "whole") ? NULL : sc_sql_absence(c->sql);
        if (absence)
            sc_wrong(&l->w, y->key->place,
                     "%s can turn true because a section is missing: say \"whole: true\" (or false, when it cannot)",
                     absence);
        break;
    }
    sc_slot slot;
    size_t at = 0;
    while (c->owner && sc_template_next(sc_span_z(c->owner), &at, &slot))
        if (slot.closed && slot.name.n && !slot.has_fallback)
            sc_names_add(l->w.m->arena, &l->clauses[i].needs, slot.name);
}

/* ---- Are variables bound? ---------------------------------------------------------------------------------------- */

static const char *nearest_variable(lint *l, sc_span name, const sc_names *also)
{
    sc_nearest near = sc_nearest_to(name);
    const sc_names *sets[] = {&l->bound, also};
    for (size_t s = 0; s < COUNT(sets); s++)
        for (size_t i = 0; sets[s] && i < sets[s]->list.n; i++)
            sc_nearest_try(&near, sc_arena_z(l->w.m->arena, ((const sc_span *)sets[s]->list.items)[i]));
    return sc_nearest_hint(&near, l->w.m->arena);
}

static void check_variable(lint *l, sc_place at, sc_span name, const sc_names *also)
{
    bool of_bugcheck = sc_starts(name, "arg") || sc_eq_z(name, "code");
    for (size_t i = 0; l->rule->no_code && of_bugcheck && i < COUNT(built_in); i++)
        if (sc_eq_z(name, built_in[i])) sc_wrong(&l->w, at, "without a bug check {{%.*s}} is never known", SC_F(name));
    if (sc_names_have(&l->bound, name) || (also && sc_names_have(also, name))) return;
    for (size_t i = 0; i < l->rule->n_clauses; i++)
        if (l->rule->clauses[i].effect == SC_EXCLUDES && sc_names_have(&l->clauses[i].binds, name)) {
            sc_wrong(&l->w, at, "only \"%s\" binds {{%.*s}}, and it excludes: when it holds, the rule is out",
                     l->rule->clauses[i].name, SC_F(name));
            return;
        }
    sc_wrong(&l->w, at, "no clause binds {{%.*s}}%s", SC_F(name), nearest_variable(l, name, also));
}

/* `needs_fallback`: a reader of the published page sees this text too. */
static void check_slot(lint *l, sc_place at, const sc_slot *slot, const sc_names *also, bool needs_fallback)
{
    if (!slot->closed) {
        sc_wrong(&l->w, at, "{{ without }}");
    } else if (!slot->name.n) {
        sc_wrong(&l->w, at, "{{}} without a name");
    } else {
        check_variable(l, at, slot->name, also);
        if (needs_fallback && !slot->has_fallback)
            sc_note(l->w.m, SC_WARNING, l->w.file, at,
                    "{{%.*s}} leaves a gap in the published page; give it a fallback: {{%.*s|...}}", SC_F(slot->name),
                    SC_F(slot->name));
    }
}

static void check_template(lint *l, const sc_yaml *y, const char *text, const sc_names *also, bool needs_fallback)
{
    sc_slot slot;
    for (size_t at = 0; text && sc_template_next(sc_span_z(text), &at, &slot);)
        check_slot(l, sc_yaml_find(l->w.file, y, "", slot.all), &slot, also, needs_fallback);
}

static void check_needs(lint *l, size_t i)
{
    const sc_yaml *node = clause_node(l, i), *sql = sc_yaml_get(node, "sql");
    const sc_names *needs = &l->clauses[i].needs;
    for (size_t k = 0; sql && k < needs->list.n; k++) {
        sc_span name = ((const sc_span *)needs->list.items)[k];
        check_variable(l, sc_yaml_find(l->w.file, sql, ":", name), name, NULL);
    }
    static const char *const owners[] = {"thread", "processor", "stack-id"};
    for (size_t k = 0; k < COUNT(owners); k++) {
        const sc_yaml *owner = sc_yaml_get(node, owners[k]);
        if (owner) check_template(l, owner, l->rule->clauses[i].owner, NULL, false);
    }
}

/* ---- Order of clauses -------------------------------------------------------------------------------------------- */

/* The first clause still waiting that binds `name`; n_clauses when there is none. */
static size_t waiting_binder(const lint *l, const bool *done, sc_span name)
{
    size_t i = 0;
    while (i < l->rule->n_clauses &&
           (done[i] || l->rule->clauses[i].effect == SC_EXCLUDES || !sc_names_have(&l->clauses[i].binds, name)))
        i++;
    return i;
}

/* A variable that clause i needs and nobody has bound yet, although somebody could; NULL when it can run. */
static const sc_span *blocked_by(const lint *l, const bool *done, const sc_names *have, size_t i)
{
    const sc_span *needs = l->clauses[i].needs.list.items;
    for (size_t k = 0; k < l->clauses[i].needs.list.n; k++)
        if (!sc_names_have(have, needs[k]) && waiting_binder(l, done, needs[k]) < l->rule->n_clauses) return &needs[k];
    return NULL;
}

/* Clauses run when what they need is bound. Those that never can wait for one another. */
static void check_cycles(lint *l)
{
    bool done[SC_MAX_CLAUSES] = {false}, seen[SC_MAX_CLAUSES] = {false};
    sc_names have = {0};
    size_t n = l->rule->n_clauses, left = n;
    for (size_t i = 0; i < COUNT(built_in); i++) sc_names_add(l->w.m->arena, &have, sc_span_z(built_in[i]));
    for (bool moved = true; moved && left;) {
        moved = false;
        for (size_t i = 0; i < n; i++) {
            if (done[i] || blocked_by(l, done, &have, i)) continue;
            done[i] = moved = true;
            left--;
            const sc_span *binds = l->clauses[i].binds.list.items;
            for (size_t k = 0; k < l->clauses[i].binds.list.n && l->rule->clauses[i].effect != SC_EXCLUDES; k++)
                sc_names_add(l->w.m->arena, &have, binds[k]);
        }
    }
    if (!left) return;
    size_t at = 0;
    while (done[at]) at++;
    while (!seen[at]) { /* walk until a clause comes a second time: it is on the cycle */
        seen[at] = true;
        at = waiting_binder(l, done, *blocked_by(l, done, &have, at));
    }
    sc_buf text = {0};
    size_t start = at;
    do {
        const sc_span *name = blocked_by(l, done, &have, at);
        size_t next = waiting_binder(l, done, *name);
        sc_buf_printf(&text, "%s\"%s\" needs {{%.*s}} from \"%s\"", text.n ? ", " : "", l->rule->clauses[at].name,
                      SC_F(*name), l->rule->clauses[next].name);
        at = next;
    } while (at != start);
    sc_wrong(&l->w, clause_node(l, start)->key->place, "clauses wait for one another: %.*s", SC_F(sc_buf_view(&text)));
    sc_buf_free(&text);
}

/* ---- Asks, culprits, references between rules -------------------------------------------------------------------- */

/* Bound by clause i and by no other: unknown for as long as the clause's question is open. */
static bool only_own(const lint *l, size_t i, sc_span name)
{
    if (!sc_names_have(&l->clauses[i].binds, name)) return false;
    for (size_t k = 0; k < l->rule->n_clauses; k++)
        if (k != i && sc_names_have(&l->clauses[k].binds, name)) return false;
    return true;
}

static void check_ask(lint *l, size_t i)
{
    const char *ask = l->rule->clauses[i].ask;
    if (!ask) return;
    const sc_yaml *y = sc_yaml_get(clause_node(l, i), "ask");
    if (sc_find_char(sc_span_z(ask), ';') != SC_NPOS)
        sc_wrong(&l->w, sc_yaml_find(l->w.file, y, "", SC_S(";")), "\"ask\" is one command, not several joined by ;");
    sc_slot slot;
    for (size_t at = 0; sc_template_next(sc_span_z(ask), &at, &slot);) {
        sc_place place = sc_yaml_find(l->w.file, y, "", slot.all);
        if (slot.closed && only_own(l, i, slot.name)) {
            if (!slot.has_fallback)
                sc_wrong(&l->w, place,
                         "{{%.*s}} is bound by this clause alone, so it is unknown when the question is asked",
                         SC_F(slot.name));
        } else {
            check_slot(l, place, &slot, NULL, false);
        }
    }
}

static void check_culprit(lint *l)
{
    const char *culprit = l->rule->culprit;
    if (!culprit) return;
    const sc_yaml *y = sc_yaml_get(l->source->parts.head, "culprit");
    sc_span name = sc_span_z(culprit);
    check_template(l, y, culprit, NULL, false);
    if (!l->tables || sc_find(name, "{{") != SC_NPOS) return;
    size_t n_words = 0;
    for (; sc_culprit_words[n_words]; n_words++)
        if (sc_eq_z(name, sc_culprit_words[n_words])) return;
    const sc_ref_module *module = sc_find_module(l->tables, name);
    bool kernel = false;
    for (size_t i = 0; i < COUNT(kernels); i++)
        kernel = kernel || (module && sc_ieq_z(sc_span_z(module->name), kernels[i]));
    if (kernel || (module && module->origin == SC_ORIGIN_PSEUDO)) {
        sc_wrong(&l->w, y->place, "\"%s\" is no culprit, only what a debugger prints when it knows none; leave it out",
                 culprit);
    } else if (!module) {
        sc_nearest near = sc_nearest_to(name);
        for (size_t i = 0; i < l->tables->n_modules; i++) sc_nearest_try(&near, l->tables->modules[i].name);
        for (size_t i = 0; i < n_words; i++) sc_nearest_try(&near, sc_culprit_words[i]);
        sc_wrong(&l->w, y->place, "\"%s\" is neither a module of kb/reference/modules.tsv nor one of %s%s", culprit,
                 sc_one_of(l->w.m->arena, sc_culprit_words, n_words), sc_nearest_hint(&near, l->w.m->arena));
    }
}

static bool has_slot(const char *text, sc_span name)
{
    sc_slot slot;
    for (size_t at = 0; text && sc_template_next(sc_span_z(text), &at, &slot);)
        if (sc_eq(slot.name, name)) return true;
    return false;
}

/* What a role's statement returns besides goes nowhere, unlike the columns of a clause. */
static void check_role_columns(lint *l, const sc_yaml *sql, const char *why, const sc_names *columns)
{
    static const char *const read[] = {"line", "last_line", "module", "why"};
    const sc_span *all = columns->list.items;
    for (size_t i = 0; i < columns->list.n; i++) {
        bool used = has_slot(why, all[i]);
        for (size_t k = 0; k < COUNT(read); k++) used = used || sc_eq_z(all[i], read[k]);
        if (!used)
            sc_note(l->w.m, SC_WARNING, l->w.file, sc_yaml_find(l->w.file, sql, "", all[i]),
                    "nobody reads \"%.*s\": of a role's columns only line, module, why and those that its why names",
                    SC_F(all[i]));
    }
}

static void check_roles(lint *l)
{
    const sc_yaml *y = sc_yaml_get(l->source->parts.head, "roles");
    y = y ? y->first : NULL;
    for (size_t i = 0; i < l->rule->n_roles; i++, y = y->next) {
        const sc_yaml *sql = sc_yaml_get(y, "sql"), *why = sc_yaml_get(y, "why");
        sc_names columns = {0}, needs = {0};
        if (!sc_lint_sql(&l->w, l->engine, sql, l->rule->roles[i].sql, &columns, &needs)) continue;
        if (!sc_names_have(&columns, SC_S("module"))) {
            sc_wrong(&l->w, sql->place, "a role's statement must return a column \"module\"");
            continue;
        }
        for (size_t k = 0; k < needs.list.n; k++) {
            sc_span name = ((const sc_span *)needs.list.items)[k];
            check_variable(l, sc_yaml_find(l->w.file, sql, ":", name), name, NULL);
        }
        if (why) check_template(l, why, l->rule->roles[i].why, &columns, false);
        check_role_columns(l, sql, l->rule->roles[i].why, &columns);
        sc_lint_meaning(&l->w, sql, l->rule->roles[i].sql);
    }
}

static const sc_rule_source *find_rule(const lint *l, const char *id)
{
    for (size_t i = 0; i < l->n_all; i++)
        if (strcmp(l->all[i].rule.id, id) == 0) return &l->all[i];
    return NULL;
}

/* Does rule `from` supersede rule `to`, itself or through others? */
static bool reaches(const lint *l, const sc_rule_source *from, const sc_rule_source *to)
{
    bool *seen = sc_arena_array(l->w.m->arena, l->n_all, sizeof *seen);
    const sc_rule_source **todo = sc_arena_array(l->w.m->arena, l->n_all, sizeof *todo);
    size_t n = 0;
    if (!seen || !todo) return false;
    for (todo[n++] = from; n;) {
        const sc_rule *rule = &todo[--n]->rule;
        for (size_t i = 0; i < rule->n_supersedes; i++) {
            const sc_rule_source *next = find_rule(l, rule->supersedes[i]);
            if (next == to) return true;
            if (!next || seen[next - l->all]) continue;
            seen[next - l->all] = true;
            todo[n++] = next;
        }
    }
    return false;
}

static void check_supersedes(lint *l)
{
    const sc_yaml *y = sc_yaml_get(l->source->parts.head, "supersedes");
    for (size_t i = 0; i < l->rule->n_supersedes; i++) {
        const char *id = l->rule->supersedes[i];
        const sc_rule_source *other = find_rule(l, id);
        sc_place at = sc_yaml_find(l->w.file, y, "", sc_span_z(id));
        if (!other) {
            sc_nearest near = sc_nearest_to(sc_span_z(id));
            for (size_t k = 0; k < l->n_all; k++) sc_nearest_try(&near, l->all[k].rule.id);
            sc_wrong(&l->w, at, "there is no rule \"%s\"%s", id, sc_nearest_hint(&near, l->w.m->arena));
        } else if (other == l->source) {
            sc_wrong(&l->w, at, "a rule cannot supersede itself");
        } else if (reaches(l, other, l->source)) {
            sc_wrong(&l->w, at, "\"%s\" supersedes this rule in its turn, so neither would be shown", id);
        }
    }
}

static void check_title_and_codes(lint *l)
{
    const sc_yaml *title = sc_yaml_get(l->source->parts.head, "title"),
                  *y = sc_yaml_get(l->source->parts.head, "bugcheck");
    if (sc_find(title->text, "{{") != SC_NPOS) sc_wrong(&l->w, title->place, "a title has no variables");
    for (size_t i = 0; i < l->n_all && &l->all[i] != l->source; i++)
        if (l->all[i].rule.title && strcmp(l->all[i].rule.title, l->rule->title) == 0)
            sc_note(l->w.m, SC_WARNING, l->w.file, title->place, "%s has the same title", l->all[i].rule.id);
    const sc_yaml *item = y->kind == SC_YAML_LIST ? y->first : y;
    for (size_t i = 0; l->tables && i < l->rule->n_codes; i++, item = item->next)
        if (!sc_find_bugcheck(l->tables, l->rule->codes[i]))
            sc_note(l->w.m, SC_ERROR, l->w.file, item->place,
                    "0x%X is not in kb/reference/bugchecks.tsv: correct it, or add it there",
                    (unsigned)l->rule->codes[i]);
}

static void check_body(lint *l)
{
    sc_slot slot;
    const sc_head_and_body *parts = &l->source->parts;
    for (size_t at = 0; sc_template_next(parts->body, &at, &slot);) {
        size_t from = (size_t)(slot.all.p - l->w.file->text.p);
        sc_place place = sc_text_place(l->w.file->text, from, from + (slot.closed ? slot.all.n : 2));
        check_slot(l, place, &slot, NULL, true);
    }
}

/* Of a clause that is right in its form: can it be slow, can it ever hold? */
static void check_meaning(lint *l, size_t i)
{
    const sc_clause *c = &l->rule->clauses[i];
    const sc_yaml *node = clause_node(l, i), *text = sc_yaml_get(node, "text");
    if (c->kind == SC_CLAUSE_SQL) sc_lint_meaning(&l->w, sc_yaml_get(node, "sql"), c->sql);
    if (c->kind == SC_CLAUSE_TEXT)
        sc_lint_pattern(&l->w, sc_yaml_get(text, "pattern"), sc_span_z(c->pattern), true, "");
}

static void lint_rule(lint *l)
{
    const sc_yaml *head = l->source->parts.head;
    for (size_t i = 0; i < l->rule->n_clauses; i++) read_clause_names(l, i);
    check_title_and_codes(l);
    check_supersedes(l);
    if (l->w.failed) return; /* what a broken clause would bind is not known */
    for (size_t i = 0; i < COUNT(built_in); i++) sc_names_add(l->w.m->arena, &l->bound, sc_span_z(built_in[i]));
    for (size_t i = 0; i < l->rule->n_clauses; i++) {
        const sc_span *binds = l->clauses[i].binds.list.items;
        for (size_t k = 0; k < l->clauses[i].binds.list.n && l->rule->clauses[i].effect != SC_EXCLUDES; k++)
            sc_names_add(l->w.m->arena, &l->bound, binds[k]);
    }
    if (l->bound.list.n > SC_MAX_VARIABLES)
        sc_wrong(&l->w, sc_yaml_get(head, "clauses")->key->place, "a rule has at most %u variables", SC_MAX_VARIABLES);
    for (size_t i = 0; i < l->rule->n_clauses; i++) {
        check_needs(l, i);
        check_ask(l, i);
    }
    check_cycles(l);
    check_culprit(l);
    check_roles(l);
    check_template(l, sc_yaml_get(head, "summary"), l->rule->summary, NULL, true);
    check_body(l);
    for (size_t i = 0; i < l->rule->n_clauses; i++) check_meaning(l, i);
    sc_lint_fires(&l->w, l->source, l->tables);
}

int sc_lint(sc_messages *m, const sc_rule_source *rules, size_t n, const sc_knowledge *tables, bool good,
            sc_error *error)
{
    sc_knowledge alone = *tables; /* the engine is only to compile statements */
    alone.rules = NULL;
    alone.n_rules = 0;
    sc_engine *engine;
    int rc = sc_engine_new(&engine, &alone, error);
    if (rc) return rc;
    for (size_t i = 0; i < n; i++) {
        if (!rules[i].good) continue;
        lint l = {.w = {.m = m, .file = rules[i].file},
                  .source = &rules[i],
                  .rule = &rules[i].rule,
                  .engine = engine,
                  .tables = good ? tables : NULL,
                  .all = rules,
                  .n_all = n};
        lint_rule(&l);
    }
    sc_lint_beside(m, rules, n);
    sc_engine_free(engine);
    return SC_OK;
}
