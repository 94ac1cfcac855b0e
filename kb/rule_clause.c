/* The clauses of a rule: `name: {args | stack | sql | text, ...}`. */
#include "engine/base/limits.h"
#include "kb/rule_read.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *const sc_clause_keys[] = {"args",   "stack",     "sql",      "text", "supports", "excludes", "ask",
                                      "thread", "processor", "stack-id", "any",  "whole",    NULL};
const char *const sc_text_keys[] = {"command", "pattern", NULL};
const char *const sc_mask_keys[] = {"mask", "equals", NULL};

/* ---- args -------------------------------------------------------------------------------------------------------- */

/* {mask: 0xf, equals: 2} */
static bool read_masked(sc_walk *w, const sc_yaml *y, sc_arg_range *range)
{
    if (!sc_walk_keys(w, y, "a parameter test", sc_mask_keys, COUNT(sc_mask_keys) - 1)) return false;
    const sc_yaml *mask = sc_yaml_get(y, "mask"), *equals = sc_yaml_get(y, "equals");
    if (!mask || !equals || mask->kind != SC_YAML_TEXT || equals->kind != SC_YAML_TEXT) {
        sc_wrong(w, y->place, "a masked test needs two numbers: {mask: 0xf, equals: 2}");
        return false;
    }
    uint64_t m, v;
    if (!sc_walk_number(w, mask->place, mask->text, &m) || !sc_walk_number(w, equals->place, equals->text, &v))
        return false;
    if (!m || (v & ~m)) {
        sc_wrong(w, equals->place, "this can never be: the value has bits that the mask does not let through");
        return false;
    }
    *range = (sc_arg_range){m, v, v};
    return true;
}

/* 4, 0x258, "0x100-0x1ff" or a masked test */
static bool read_range(sc_walk *w, const sc_yaml *y, sc_arg_range *range)
{
    if (y->kind == SC_YAML_MAP) return read_masked(w, y, range);
    if (y->kind != SC_YAML_TEXT) {
        sc_wrong(w, y->place, "expected a number, a range such as \"0x100-0x1ff\", or {mask: 0xf, equals: 2}");
        return false;
    }
    sc_span low, high;
    uint64_t from, to;
    bool two = sc_cut(y->text, "-", &low, &high) && sc_trim(low).n;
    if (!sc_walk_number(w, y->place, two ? sc_trim(low) : y->text, &from)) return false;
    to = from;
    if (two && !sc_walk_number(w, y->place, sc_trim(high), &to)) return false;
    if (to < from) {
        sc_wrong(w, y->place, "a range goes from the lower number to the higher one");
        return false;
    }
    *range = (sc_arg_range){UINT64_MAX, from, to};
    return true;
}

static void read_args(sc_walk *w, const sc_yaml *y, sc_clause *c)
{
    if (y->kind != SC_YAML_MAP || !y->n) {
        sc_wrong(w, y->place, "\"args\" must be a map from parameter to value, such as {1: 4}");
        return;
    }
    sc_arg_test *tests = sc_arena_array(w->m->arena, y->n, sizeof *tests);
    size_t n = 0;
    for (const sc_yaml *v = y->first; v && tests; v = v->next) {
        if (v->key->text.n != 1 || v->key->text.p[0] < '1' || v->key->text.p[0] > '4') {
            sc_wrong(w, v->key->place, "a bug check has the parameters 1 to 4, not \"%.*s\"", SC_F(v->key->text));
            continue;
        }
        size_t n_ranges = v->kind == SC_YAML_LIST ? v->n : 1, got = 0;
        sc_arg_range *ranges = sc_arena_array(w->m->arena, n_ranges, sizeof *ranges);
        const sc_yaml *item = v->kind == SC_YAML_LIST ? v->first : v;
        if (!item) sc_wrong(w, v->place, "an empty list can never hold");
        for (; item && ranges; item = v->kind == SC_YAML_LIST ? item->next : NULL)
            if (read_range(w, item, &ranges[got])) got++;
        tests[n++] = (sc_arg_test){.arg = v->key->text.p[0] - '0', .ranges = ranges, .n_ranges = got};
    }
    c->args = tests;
    c->n_args = n;
}

/* ---- stack ------------------------------------------------------------------------------------------------------- */

static bool is_variable(sc_span s)
{
    if (!s.n || sc_is_digit(s.p[0])) return false;
    for (size_t i = 0; i < s.n; i++)
        if (!sc_is_word(s.p[i])) return false;
    return true;
}

/* `module!function` with * and ?, `{name}`, `{name}!function`, or "...". */
static void check_pattern(sc_walk *w, const sc_yaml *y, sc_span p)
{
    sc_span name, rest;
    if (sc_find_char(p, ' ') != SC_NPOS) {
        sc_wrong(w, y->place, "a frame pattern has no blanks: \"%.*s\"", SC_F(p));
    } else if (sc_find_char(p, '{') != SC_NPOS || sc_find_char(p, '}') != SC_NPOS) {
        bool closed = sc_starts(p, "{") && sc_cut(sc_span_from(p, 1), "}", &name, &rest);
        if (!closed || !is_variable(name) || (rest.n && rest.p[0] != '!') || sc_find_char(rest, '{') != SC_NPOS ||
            sc_find_char(rest, '}') != SC_NPOS)
            sc_wrong(w, y->place, "{name} stands for a whole module: \"{driver}\" or \"{driver}!Foo*\", not \"%.*s\"",
                     SC_F(p));
    }
}

static void read_frames(sc_walk *w, const sc_yaml *y, sc_clause *c)
{
    size_t n = y->kind == SC_YAML_LIST ? y->n : 1, got = 0;
    const char **frames = sc_arena_array(w->m->arena, n, sizeof *frames);
    const sc_yaml *item = y->kind == SC_YAML_LIST ? y->first : y;
    if (!item) sc_wrong(w, y->place, "\"stack\" is empty; expected frame patterns such as \"nt!KeWaitFor*\"");
    bool gap = true; /* nothing before it that a "..." could stand behind */
    for (; item && frames; item = y->kind == SC_YAML_LIST ? item->next : NULL) {
        const char *text = sc_walk_line(w, item, "stack");
        if (!text) continue;
        bool dots = strcmp(text, "...") == 0;
        bool last = y->kind != SC_YAML_LIST || !item->next;
        if (dots && (gap || last))
            sc_wrong(w, item->place, "\"...\" must stand between two frame patterns");
        else if (!dots)
            check_pattern(w, item, sc_span_z(text));
        gap = dots;
        frames[got++] = text;
    }
    c->frames = frames;
    c->n_frames = got;
}

/* Which stack: at most one of thread, processor, stack-id and any. */
static void read_scope(sc_walk *w, const sc_yaml *y, sc_clause *c)
{
    static const struct {
        const char *key;
        sc_scope scope;
    } scopes[] = {{"thread", SC_SCOPE_THREAD}, {"processor", SC_SCOPE_PROCESSOR}, {"stack-id", SC_SCOPE_STACK}};
    const sc_yaml *first = NULL, *any = sc_yaml_get(y, "any");
    bool yes;
    for (size_t i = 0; i < COUNT(scopes); i++) {
        const sc_yaml *owner = sc_yaml_get(y, scopes[i].key);
        if (!owner) continue;
        if (first)
            sc_wrong(w, owner->key->place, "\"%s\" besides \"%.*s\": a clause looks at one stack", scopes[i].key,
                     SC_F(first->key->text));
        first = owner;
        c->scope = scopes[i].scope;
        c->owner = sc_walk_line(w, owner, scopes[i].key);
    }
    if (!any) return;
    if (first)
        sc_wrong(w, any->key->place, "\"any\" besides \"%.*s\": a clause looks at one stack", SC_F(first->key->text));
    if (sc_walk_bool(w, any, "any", &yes) && !yes) sc_wrong(w, any->place, "\"any\" is true or left out");
    c->scope = SC_SCOPE_ANY;
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

static void read_text(sc_walk *w, const sc_yaml *y, sc_clause *c)
{
    if (!sc_walk_keys(w, y, "\"text\"", sc_text_keys, COUNT(sc_text_keys) - 1)) return;
    const sc_yaml *command = sc_yaml_get(y, "command"), *pattern = sc_yaml_get(y, "pattern");
    if (!command) sc_wrong(w, y->key->place, "\"text\" needs \"command\"");
    if (!pattern) sc_wrong(w, y->key->place, "\"text\" needs \"pattern\"");
    if (command) c->command = sc_walk_line(w, command, "command");
    if (pattern) c->pattern = sc_walk_line(w, pattern, "pattern");
    if (!c->command) return;
    sc_span name = sc_span_z(c->command);
    if (sc_find_char(name, ' ') != SC_NPOS) {
        sc_wrong(w, command->place, "\"command\" is the name alone, without arguments");
        return;
    }
    const char *canonical = sc_command_name(name);
    if (canonical) c->command = sc_arena_z(w->m->arena, sc_span_z(canonical));
}

/* ---- The clause -------------------------------------------------------------------------------------------------- */

static void read_effect(sc_walk *w, const sc_yaml *y, sc_clause *c)
{
    const sc_yaml *supports = sc_yaml_get(y, "supports"), *excludes = sc_yaml_get(y, "excludes");
    bool yes;
    if (supports) {
        int word = sc_walk_word(w, supports, "supports", sc_confidence_names + 1, COUNT(sc_confidence_names) - 1);
        c->effect = SC_SUPPORTS;
        c->supports = word < 0 ? SC_POSSIBLE : (sc_confidence)(word + 1);
    }
    if (!excludes) return;
    if (supports) sc_wrong(w, excludes->key->place, "a clause either supports or excludes");
    if (sc_walk_bool(w, excludes, "excludes", &yes) && !yes)
        sc_wrong(w, excludes->place, "\"excludes\" is true or left out");
    c->effect = SC_EXCLUDES;
}

/* A key that belongs to one kind of clause only. */
static void only_for(sc_walk *w, const sc_yaml *clause, const char *key, sc_clause_kind has, sc_clause_kind wants,
                     const char *kind)
{
    const sc_yaml *y = sc_yaml_get(clause, key);
    if (y && has != wants) sc_wrong(w, y->key->place, "\"%s\" belongs to a clause with \"%s\"", key, kind);
}

static void read_clause(sc_walk *w, const sc_yaml *y, sc_clause *c)
{
    static const char *const kinds[] = {"args", "stack", "sql", "text"}; /* in the order of sc_clause_kind */
    const sc_yaml *ask = sc_yaml_get(y, "ask"), *whole = sc_yaml_get(y, "whole"), *found = NULL;
    c->name = sc_arena_z(w->m->arena, y->key->text);
    c->line = y->key->place.line;
    if (!sc_is_slug(y->key->text, '-'))
        sc_wrong(w, y->key->place, "a clause's name is made of a to z, 0 to 9 and single dashes, not \"%s\"", c->name);
    if (!sc_walk_keys(w, y, "a clause", sc_clause_keys, COUNT(sc_clause_keys) - 1) && y->kind != SC_YAML_MAP) return;
    for (size_t i = 0; i < COUNT(kinds); i++) {
        const sc_yaml *v = sc_yaml_get(y, kinds[i]);
        if (v && found) sc_wrong(w, v->key->place, "a clause is one of args, stack, sql and text, not two of them");
        if (!v || found) continue;
        found = v;
        c->kind = (sc_clause_kind)i;
    }
    if (!found) {
        sc_wrong(w, y->key->place, "clause \"%s\" needs one of args, stack, sql and text", c->name);
        return;
    }
    switch (c->kind) {
    case SC_CLAUSE_ARGS: read_args(w, found, c); break;
    case SC_CLAUSE_STACK: read_frames(w, found, c); break;
    case SC_CLAUSE_SQL: c->sql = sc_walk_text(w, found, "sql"); break;
    case SC_CLAUSE_TEXT: read_text(w, found, c); break;
    }
    read_scope(w, y, c);
    only_for(w, y, "thread", c->kind, SC_CLAUSE_STACK, "stack");
    only_for(w, y, "processor", c->kind, SC_CLAUSE_STACK, "stack");
    only_for(w, y, "stack-id", c->kind, SC_CLAUSE_STACK, "stack");
    only_for(w, y, "any", c->kind, SC_CLAUSE_STACK, "stack");
    only_for(w, y, "whole", c->kind, SC_CLAUSE_SQL, "sql");
    read_effect(w, y, c);
    if (ask) c->ask = sc_walk_line(w, ask, "ask");
    if (whole) sc_walk_bool(w, whole, "whole", &c->whole);
}

void sc_clauses_read(sc_walk *w, const sc_yaml *map, sc_rule *rule)
{
    if (map->kind != SC_YAML_MAP || !map->n) {
        sc_wrong(w, map->place, "\"clauses\" must be a map of named clauses");
        return;
    }
    if (map->n > SC_MAX_CLAUSES) {
        sc_wrong(w, map->key->place, "a rule has at most %u clauses", SC_MAX_CLAUSES);
        return;
    }
    sc_clause *clauses = sc_arena_array(w->m->arena, map->n, sizeof *clauses);
    if (!clauses) return;
    size_t n = 0, requiring = 0;
    for (const sc_yaml *y = map->first; y; y = y->next) {
        read_clause(w, y, &clauses[n]);
        requiring += clauses[n++].effect == SC_REQUIRES;
    }
    if (!requiring)
        sc_wrong(w, map->key->place, "a rule needs a clause that is required: neither \"supports\" nor \"excludes\"");
    rule->clauses = clauses;
    rule->n_clauses = n;
}
