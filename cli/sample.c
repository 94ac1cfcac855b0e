#include "cli/sample.h"

#include "engine/base/limits.h"
#include "engine/base/scan.h"
#include "kb/files.h"
#include "kb/yaml_tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct reader {
    sc_arena *arena;
    const sc_knowledge *knowledge;
    sc_messages messages;
    sc_source_text file;
} reader;

static void fault(reader *r, const sc_yaml *at, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void fault(reader *r, const sc_yaml *at, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    sc_note(&r->messages, SC_ERROR, &r->file, at ? at->place : (sc_place){0}, "%s", text);
}

/* ---- Values ----------------------------------------------------------------------------------------------------- */

const char *const sample_keys[] = {"origin", "terms", "todo", "crashes", "variants", NULL};
const char *const sample_origin_keys[] = {"title", "address", "note", NULL};
const char *const sample_crash_keys[] = {"bugcheck",  "args",     "first_line", "last_line", "outcome",
                                         "confirmed", "culprit",  "open",       "ask",       "values",
                                         "near_miss", "suspects", "facts",      NULL};
const char *const sample_culprit_keys[] = {"kind", "name", "confidence", NULL};
const char *const sample_variant_keys[] = {"name", "delete_sections", "replace", "todo", "crashes", NULL};
const char *const sample_replace_keys[] = {"from", "to", NULL};
const char *const sample_facts_keys[] = {"sql", "rows", NULL};

static bool is_null(const sc_yaml *y)
{
    return y->kind == SC_YAML_TEXT && !y->quoted && (!y->text.n || sc_eq_z(y->text, "~") || sc_eq_z(y->text, "null"));
}

static bool expect(reader *r, const sc_yaml *y, sc_yaml_kind kind, const char *what)
{
    if (y->kind == kind) return true;
    fault(r, y, "expected %s", what);
    return false;
}

/* Every key of a map is one of the NULL-terminated list. */
static void check_keys(reader *r, const sc_yaml *map, const char *const *known)
{
    for (const sc_yaml *y = map->first; y; y = y->next) {
        sc_nearest near = sc_nearest_to(y->key->text);
        bool found = false;
        for (size_t i = 0; known[i] && !found; i++) {
            found = sc_eq_z(y->key->text, known[i]);
            sc_nearest_try(&near, known[i]);
        }
        if (!found) fault(r, y->key, "unknown key \"%.*s\"%s", SC_F(y->key->text), sc_nearest_hint(&near, r->arena));
    }
}

static uint64_t read_number(reader *r, const sc_yaml *y, uint64_t most)
{
    uint64_t v = 0;
    bool ok = y->kind == SC_YAML_TEXT &&
              (sc_istarts(y->text, "0x") ? sc_span_hex(y->text, &v) : sc_span_dec(y->text, &v));
    if (!ok || v > most) {
        fault(r, y, "expected a number, decimal or 0x...");
        return 0;
    }
    return v;
}

/* Index of a word in `names`, from `first` on; -1 after a message. */
static int read_word(reader *r, const sc_yaml *y, const char *const *names, int first, int n, const char *what)
{
    sc_nearest near = sc_nearest_to(y->text);
    for (int i = first; y->kind == SC_YAML_TEXT && i < n; i++) {
        if (sc_eq_z(y->text, names[i])) return i;
        sc_nearest_try(&near, names[i]);
    }
    fault(r, y, "expected %s%s", what, y->kind == SC_YAML_TEXT ? sc_nearest_hint(&near, r->arena) : "");
    return -1;
}

static void check_rule(reader *r, const sc_yaml *y)
{
    if (!r->knowledge) return;
    for (size_t i = 0; i < r->knowledge->n_rules; i++)
        if (sc_eq_z(y->text, r->knowledge->rules[i].id)) return;
    sc_nearest near = sc_nearest_to(y->text);
    for (size_t i = 0; i < r->knowledge->n_rules; i++) sc_nearest_try(&near, r->knowledge->rules[i].id);
    fault(r, y, "there is no rule \"%.*s\"%s", SC_F(y->text), sc_nearest_hint(&near, r->arena));
}

static void add_span(reader *r, sc_list *list, sc_span s)
{
    sc_span *item = sc_list_add(r->arena, list, sizeof *item);
    if (item) *item = s;
}

static void add_pair(reader *r, sc_list *list, sc_span name, sc_span value)
{
    sample_pair *item = sc_list_add(r->arena, list, sizeof *item);
    if (item) *item = (sample_pair){name, value};
}

static void read_texts(reader *r, const sc_yaml *y, sc_list *out, bool rules)
{
    if (!y || !expect(r, y, SC_YAML_LIST, rules ? "a list of rules" : "a list of commands")) return;
    for (const sc_yaml *i = y->first; i; i = i->next) {
        if (!expect(r, i, SC_YAML_TEXT, "a text")) continue;
        if (rules) check_rule(r, i);
        add_span(r, out, i->text);
    }
}

/* ---- Crashes ---------------------------------------------------------------------------------------------------- */

static void read_bugcheck(reader *r, const sc_yaml *map, sample_crash *c)
{
    const sc_yaml *code = sc_yaml_get(map, "bugcheck"), *args = sc_yaml_get(map, "args");
    if (code) {
        c->has_bugcheck = true;
        c->no_code = is_null(code);
        c->code = c->no_code ? 0 : (uint32_t)read_number(r, code, UINT32_MAX);
    }
    if (!args || !expect(r, args, SC_YAML_LIST, "a list of four parameters, null for one that the paste does not show"))
        return;
    c->has_args = true;
    memset(c->known, 0, sizeof c->known);
    if (args->n > 4) fault(r, args, "a bug check has four parameters, these are %zu", args->n);
    const sc_yaml *y = args->first;
    for (int i = 0; i < 4 && y; i++, y = y->next) {
        c->known[i] = !is_null(y);
        c->arg[i] = c->known[i] ? read_number(r, y, UINT64_MAX) : 0;
    }
}

static void read_confirmed(reader *r, const sc_yaml *y, sample_crash *c)
{
    if (!y) return;
    if (y->kind == SC_YAML_TEXT) {
        fault(r, y, "expected a list of rules, or a map from rules to confidences");
        return;
    }
    for (const sc_yaml *i = y->first; i; i = i->next) {
        const sc_yaml *rule = y->kind == SC_YAML_MAP ? i->key : i;
        if (!expect(r, rule, SC_YAML_TEXT, "a rule")) continue;
        check_rule(r, rule);
        if (y->kind == SC_YAML_MAP) read_word(r, i, sc_confidence_names, 1, 4, "possible, likely or certain");
        add_pair(r, &c->confirmed, rule->text, y->kind == SC_YAML_MAP ? i->text : (sc_span){"", 0});
    }
}

static void read_culprit(reader *r, const sc_yaml *y, sample_crash *c)
{
    if (!y || is_null(y) || (y->kind == SC_YAML_TEXT && sc_eq_z(y->text, "unknown"))) return;
    if (!expect(r, y, SC_YAML_MAP, "a map with kind, name and confidence, or unknown")) return;
    check_keys(r, y, sample_culprit_keys);
    const sc_yaml *kind = sc_yaml_get(y, "kind"), *name = sc_yaml_get(y, "name"),
                  *confidence = sc_yaml_get(y, "confidence");
    if (!kind) {
        fault(r, y, "a culprit needs a kind: module, hardware, os, user or unknown");
        return;
    }
    int k = read_word(r, kind, sc_culprit_kind_names, 0, 5, "module, hardware, os, user or unknown");
    if (k <= 0) return;
    c->culprit_kind = (sc_culprit_kind)k;
    if (!name)
        fault(r, y, "a culprit needs a name");
    else if (expect(r, name, SC_YAML_TEXT, "a name"))
        c->culprit = name->text;
    int level = confidence ? read_word(r, confidence, sc_confidence_names, 1, 4, "possible, likely or certain") : -1;
    if (!confidence) fault(r, y, "a culprit needs a confidence: possible, likely or certain");
    if (level > 0) c->culprit_confidence = (sc_confidence)level;
}

static void read_values(reader *r, const sc_yaml *y, sample_crash *c)
{
    if (!y || !expect(r, y, SC_YAML_MAP, "a map from rules to their variables")) return;
    for (const sc_yaml *rule = y->first; rule; rule = rule->next) {
        check_rule(r, rule->key);
        if (!expect(r, rule, SC_YAML_MAP, "a map from variables to values")) continue;
        for (const sc_yaml *v = rule->first; v; v = v->next) {
            sample_value *item = sc_list_add(r->arena, &c->values, sizeof *item);
            if (item && expect(r, v, SC_YAML_TEXT, "a value"))
                *item = (sample_value){rule->key->text, v->key->text, v->text};
        }
    }
}

static void read_suspects(reader *r, const sc_yaml *y, sample_crash *c)
{
    if (!y || !expect(r, y, SC_YAML_MAP, "a map from modules to roles")) return;
    for (const sc_yaml *m = y->first; m; m = m->next) {
        read_word(r, m, sc_role_names, 0, 4, "culprit, victim, suspect or bystander");
        add_pair(r, &c->suspects, m->key->text, m->text);
    }
}

static void read_fact_rows(reader *r, const sc_yaml *rows, sample_facts *f)
{
    if (!rows || !expect(r, rows, SC_YAML_LIST, "the rows, each a list of values")) return;
    for (const sc_yaml *row = rows->first; row; row = row->next) {
        sc_list *cells = sc_list_add(r->arena, &f->rows, sizeof *cells);
        if (!cells || !expect(r, row, SC_YAML_LIST, "a row: a list of values")) continue;
        for (const sc_yaml *v = row->first; v; v = v->next) {
            sample_cell *cell = sc_list_add(r->arena, cells, sizeof *cell);
            if (cell && expect(r, v, SC_YAML_TEXT, "a value")) *cell = (sample_cell){v->text, is_null(v)};
        }
    }
}

static void read_facts(reader *r, const sc_yaml *y, sample_crash *c)
{
    if (!y || !expect(r, y, SC_YAML_LIST, "a list of {sql: ..., rows: [[...], ...]}")) return;
    for (const sc_yaml *i = y->first; i; i = i->next) {
        if (!expect(r, i, SC_YAML_MAP, "{sql: ..., rows: [[...], ...]}")) continue;
        check_keys(r, i, sample_facts_keys);
        const sc_yaml *sql = sc_yaml_get(i, "sql"), *rows = sc_yaml_get(i, "rows");
        sample_facts *f = sql && rows ? sc_list_add(r->arena, &c->facts, sizeof *f) : NULL;
        if (!sql || !rows) fault(r, i, "expected a query `sql` and its `rows`");
        if (!f || !expect(r, sql, SC_YAML_TEXT, "a query")) continue;
        f->sql = sql->text;
        read_fact_rows(r, rows, f);
    }
}

static void read_crash(reader *r, const sc_yaml *map, sample_crash *c)
{
    if (!expect(r, map, SC_YAML_MAP, "a map that describes a crash")) return;
    check_keys(r, map, sample_crash_keys);
    const sc_yaml *first = sc_yaml_get(map, "first_line"), *last = sc_yaml_get(map, "last_line"),
                  *outcome = sc_yaml_get(map, "outcome");
    read_bugcheck(r, map, c);
    if (first) c->first_line = (uint32_t)read_number(r, first, SC_MAX_LINES);
    if (last) c->last_line = (uint32_t)read_number(r, last, SC_MAX_LINES);
    if (outcome && read_word(r, outcome, sc_outcome_names, 0, 3, "confirmed, undecided or unrecognised") >= 0)
        c->outcome = outcome->text;
    read_confirmed(r, sc_yaml_get(map, "confirmed"), c);
    read_culprit(r, sc_yaml_get(map, "culprit"), c);
    read_texts(r, sc_yaml_get(map, "open"), &c->open, true);
    read_texts(r, sc_yaml_get(map, "ask"), &c->ask, false);
    read_texts(r, sc_yaml_get(map, "near_miss"), &c->near_miss, true);
    read_values(r, sc_yaml_get(map, "values"), c);
    read_suspects(r, sc_yaml_get(map, "suspects"), c);
    read_facts(r, sc_yaml_get(map, "facts"), c);
}

/* The sample's crashes: each says all. */
static const sample_crash *read_crashes(reader *r, const sc_yaml *list, size_t *n)
{
    *n = 0;
    if (!expect(r, list, SC_YAML_LIST, "a list of crashes ([] for a paste without any)")) return NULL;
    sample_crash *all = sc_arena_array(r->arena, list->n, sizeof *all);
    for (const sc_yaml *y = list->first; all && y; y = y->next) {
        sample_crash *c = &all[(*n)++];
        read_crash(r, y, c);
        if (y->kind == SC_YAML_MAP && !c->has_bugcheck)
            fault(r, y, "a crash needs a bugcheck; null when the paste shows none");
    }
    return all;
}

/* What an edit leaves as it was. */
static void inherit(sample_crash *c, const sample_crash *from)
{
    if (!c->has_bugcheck) {
        c->has_bugcheck = from->has_bugcheck;
        c->no_code = from->no_code;
        c->code = from->code;
    }
    if (!c->has_args) {
        c->has_args = from->has_args;
        memcpy(c->arg, from->arg, sizeof c->arg);
        memcpy(c->known, from->known, sizeof c->known);
    }
}

static void read_variant_crashes(reader *r, const sc_yaml *y, const sample *s, sample_variant *v)
{
    if (y->kind == SC_YAML_LIST) {
        sample_crash *all = sc_arena_array(r->arena, y->n, sizeof *all);
        for (const sc_yaml *i = y->first; all && i; i = i->next) {
            sample_crash *c = &all[v->n_crashes];
            read_crash(r, i, c);
            if (v->n_crashes < s->n_crashes) inherit(c, &s->crashes[v->n_crashes]);
            v->n_crashes++;
        }
        v->crashes = all;
        return;
    }
    if (!expect(r, y, SC_YAML_MAP, "a list of crashes, or a map from their numbers")) return;
    sample_crash *all = sc_arena_array(r->arena, s->n_crashes, sizeof *all);
    if (!all) return;
    for (size_t i = 0; i < s->n_crashes; i++) {
        all[i] = s->crashes[i];
        all[i].first_line = all[i].last_line = 0; /* the edit moves lines */
        all[i].facts = (sc_list){0};              /* and takes facts away */
    }
    for (const sc_yaml *i = y->first; i; i = i->next) {
        uint64_t number = read_number(r, i->key, s->n_crashes);
        if (!number) {
            fault(r, i->key, "crashes are numbered from 1 to %zu here", s->n_crashes);
            continue;
        }
        sample_crash *c = &all[number - 1];
        *c = (sample_crash){0};
        read_crash(r, i, c);
        inherit(c, &s->crashes[number - 1]);
    }
    v->crashes = all;
    v->n_crashes = s->n_crashes;
}

/* Why the sample or variant is known to fail. */
static sc_span read_todo(reader *r, const sc_yaml *map)
{
    const sc_yaml *y = sc_yaml_get(map, "todo");
    if (!y) return SC_S("");
    if (y->kind == SC_YAML_TEXT && sc_trim(y->text).n) return sc_trim(y->text);
    fault(r, y, "expected a text: why it is known to fail");
    return SC_S("");
}

static void read_variant(reader *r, const sc_yaml *map, sample *s)
{
    if (!expect(r, map, SC_YAML_MAP, "a map that describes a variant")) return;
    check_keys(r, map, sample_variant_keys);
    sample_variant *v = sc_list_add(r->arena, &s->variants, sizeof *v);
    if (!v) return;
    const sc_yaml *name = sc_yaml_get(map, "name"), *replace = sc_yaml_get(map, "replace"),
                  *crashes = sc_yaml_get(map, "crashes");
    if (name && expect(r, name, SC_YAML_TEXT, "a name"))
        v->name = name->text;
    else if (!name)
        fault(r, map, "a variant needs a name");
    v->todo = read_todo(r, map);
    read_texts(r, sc_yaml_get(map, "delete_sections"), &v->delete_sections, false);
    if (replace && expect(r, replace, SC_YAML_LIST, "a list of {from: ..., to: ...}")) {
        for (const sc_yaml *y = replace->first; y; y = y->next) {
            if (!expect(r, y, SC_YAML_MAP, "{from: ..., to: ...}")) continue;
            check_keys(r, y, sample_replace_keys);
            const sc_yaml *from = sc_yaml_get(y, "from"), *to = sc_yaml_get(y, "to");
            if (from && to && from->kind == SC_YAML_TEXT && to->kind == SC_YAML_TEXT && *from->text.p) {
                add_pair(r, &v->replace, from->text, to->text);
            } else {
                fault(r, y, "expected a text `from`, not empty, and a text `to`");
            }
        }
    }
    if (!v->delete_sections.n && !v->replace.n) fault(r, map, "a variant edits something: delete_sections or replace");
    if (crashes)
        read_variant_crashes(r, crashes, s, v);
    else
        fault(r, map, "a variant needs crashes: what must come out");
}

static bool is_filled(const sc_yaml *y)
{
    return y && y->kind == SC_YAML_TEXT && sc_trim(y->text).n && !is_null(y);
}

/* Nobody else can tell later on, so they are asked for while it is known. */
static void check_provenance(reader *r, const sc_yaml *root)
{
    const sc_yaml *origin = sc_yaml_get(root, "origin"), *terms = sc_yaml_get(root, "terms");
    bool map = origin && origin->kind == SC_YAML_MAP;
    if (map) check_keys(r, origin, sample_origin_keys);
    if (!r->knowledge) return;
    if (!origin)
        fault(r, NULL, "origin is missing: where the paste comes from");
    else if (map ? !is_filled(sc_yaml_get(origin, "title")) : !is_filled(origin))
        fault(r, origin,
              map ? "origin needs a title that says where the paste comes from"
                  : "origin is empty: say where the paste comes from, such as \"a forum thread about ...\" or "
                    "\"my own machine\", or {title: ..., address: ...}");
    if (!terms)
        fault(r, NULL, "terms are missing: on what terms the paste may stand here");
    else if (!is_filled(terms))
        fault(r, terms,
              "terms are empty: say on what terms the paste may stand here, such as \"my own, given to the "
              "project\" or \"debugger output only\"");
}

static void read_expectations(reader *r, const sc_yaml *root, sample *s)
{
    if (!expect(r, root, SC_YAML_MAP, "a map with origin, terms, crashes and variants")) return;
    check_keys(r, root, sample_keys);
    check_provenance(r, root);
    s->todo = read_todo(r, root);
    const sc_yaml *crashes = sc_yaml_get(root, "crashes"), *variants = sc_yaml_get(root, "variants");
    if (!crashes)
        fault(r, NULL, "crashes are missing: what must come out");
    else
        s->crashes = read_crashes(r, crashes, &s->n_crashes);
    if (!variants || !expect(r, variants, SC_YAML_LIST, "a list of variants")) return;
    for (const sc_yaml *y = variants->first; y; y = y->next) read_variant(r, y, s);
}

static int read_file(sc_arena *a, const char *path, sc_span *out, sc_error *error)
{
    sc_error why = {0};
    char *bytes;
    size_t n;
    int rc = sc_file_read(a, path, SC_MAX_PASTE_BYTES, &bytes, &n, &why);
    if (rc) return sc_fail(error, rc, "%s: %s", path, why.text);
    *out = (sc_span){bytes, n}; /* with a NUL behind its end */
    return SC_OK;
}

int sample_read(sc_arena *a, const char *path, const sc_knowledge *k, sample *out, sc_reporter *reporter,
                sc_error *error)
{
    *out = (sample){.path = path};
    size_t n = strlen(path);
    sc_span yaml = sc_arena_printf(a, "%.*s.yaml", (int)(n > 4 ? n - 4 : 0), path);
    out->yaml = (sc_source_text){.path = yaml.p, .shown = yaml.p};
    int rc = read_file(a, path, &out->text, error);
    if (!rc) rc = read_file(a, yaml.p, &out->yaml.text, error);
    return rc ? rc : sample_parse(a, k, out, reporter, error);
}

int sample_parse(sc_arena *a, const sc_knowledge *k, sample *out, sc_reporter *reporter, sc_error *error)
{
    reader r = {.arena = a, .knowledge = k, .messages = {.arena = a}, .file = out->yaml};
    *out = (sample){.path = out->path, .text = out->text, .yaml = out->yaml};
    const sc_yaml *root = sc_yaml_read(&r.messages, &r.file, 0, r.file.text.n, 1);
    if (root) read_expectations(&r, root, out);
    sc_messages_flush(&r.messages, reporter);
    if (r.messages.errors || !root) return sc_fail(error, SC_E_RULE, "%s has faults", out->yaml.path);
    return sc_arena_failed(a) ? sc_fail(error, SC_E_NOMEM, "out of memory") : SC_OK;
}

/* ---- Using a sample --------------------------------------------------------------------------------------------- */

static bool crash_names_rule(const sample_crash *c, sc_span rule)
{
    const sc_list *lists[] = {&c->open, &c->near_miss};
    for (size_t i = 0; i < c->confirmed.n; i++) {
        if (sc_eq(((const sample_pair *)c->confirmed.items)[i].name, rule)) return true;
    }
    for (size_t l = 0; l < 2; l++) {
        for (size_t i = 0; i < lists[l]->n; i++) {
            if (sc_eq(((const sc_span *)lists[l]->items)[i], rule)) return true;
        }
    }
    return false;
}

/* corpus/0x9F/name.txt was made for 0x9F/name. */
static bool is_made_for(const sample *s, sc_span rule)
{
    sc_span path = sc_span_z(s->path);
    if (sc_ends(path, ".txt")) path.n -= 4;
    if (path.n < rule.n || !sc_eq(sc_span_from(path, path.n - rule.n), rule)) return false;
    return path.n == rule.n || path.p[path.n - rule.n - 1] == '/';
}

bool sample_names_rule(const sample *s, sc_span rule)
{
    if (is_made_for(s, rule)) return true;
    for (size_t i = 0; i < s->n_crashes; i++) {
        if (crash_names_rule(&s->crashes[i], rule)) return true;
    }
    for (size_t v = 0; v < s->variants.n; v++) {
        const sample_variant *variant = (const sample_variant *)s->variants.items + v;
        for (size_t i = 0; i < variant->n_crashes; i++) {
            if (crash_names_rule(&variant->crashes[i], rule)) return true;
        }
    }
    return false;
}

/* "!irp fffffa8008f5cc10" is the section of `!irp fffffa8008f5cc10 7`; "kv" that of any k. */
static bool is_section(const sc_section_info *s, sc_span wanted)
{
    sc_scan c = sc_scan_of(wanted);
    sc_span name = {"", 0};
    sc_word(&c, &name);
    sc_span args = sc_trim(sc_rest(&c));
    const char *want = sc_command_name(name), *have = sc_command_name(s->command);
    bool same = want && have ? !strcmp(want, have) : sc_ieq(name, s->command);
    return same && args.n <= s->args.n && sc_ieq(args, sc_span_sub(s->args, 0, args.n));
}

static void put_without_lines(sc_buf *out, sc_span text, const bool *gone, size_t n)
{
    for (size_t line = 0; text.n; line++) {
        size_t end = sc_find_char(text, '\n');
        sc_span whole = end == SC_NPOS ? text : sc_span_sub(text, 0, end + 1);
        if (line >= n || !gone[line]) sc_buf_span(out, whole);
        text = sc_span_from(text, whole.n);
    }
}

static int delete_sections(const sample *s, const sample_variant *v, const sc_diagnosis *d, sc_buf *out,
                           sc_error *error)
{
    sc_arena *a = sc_arena_new(0);
    bool *gone = a ? sc_arena_array(a, d->lines + 1u, sizeof *gone) : NULL;
    int rc = SC_OK;
    if (!gone) {
        sc_arena_free(a);
        return sc_fail(error, SC_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; !rc && i < v->delete_sections.n; i++) {
        sc_span wanted = ((const sc_span *)v->delete_sections.items)[i];
        size_t found = 0;
        for (size_t k = 0; k < d->n_sections; k++) {
            if (!is_section(&d->sections[k], wanted)) continue;
            found++;
            for (uint32_t line = d->sections[k].first_line; line <= d->sections[k].last_line && line <= d->lines;
                 line++) {
                if (line) gone[line - 1] = true;
            }
        }
        if (!found) rc = sc_fail(error, SC_E_INPUT, "there is no section %.*s to delete", SC_F(wanted));
    }
    if (!rc) put_without_lines(out, s->text, gone, d->lines);
    sc_arena_free(a);
    return rc;
}

int sample_edit(const sample *s, const sample_variant *v, const sc_diagnosis *d, sc_buf *out, sc_error *error)
{
    int rc = SC_OK;
    if (v->delete_sections.n)
        rc = delete_sections(s, v, d, out, error);
    else
        sc_buf_span(out, s->text);
    for (size_t i = 0; !rc && i < v->replace.n; i++) {
        const sample_pair *edit = (const sample_pair *)v->replace.items + i;
        sc_buf edited = {0};
        sc_span rest = sc_buf_view(out), head;
        size_t found = 0;
        while (sc_cut(rest, (const char *)edit->name.p, &head, &rest)) {
            sc_buf_span(&edited, head);
            sc_buf_span(&edited, edit->value);
            found++;
        }
        sc_buf_span(&edited, head);
        if (!found) rc = sc_fail(error, SC_E_INPUT, "there is no \"%.*s\" to replace", SC_F(edit->name));
        if (edited.failed) rc = sc_fail(error, SC_E_NOMEM, "out of memory");
        sc_buf_free(out);
        *out = edited;
    }
    if (!rc && out->failed) rc = sc_fail(error, SC_E_NOMEM, "out of memory");
    return rc;
}
