#include "cli/accept.h"

#include "cli/expectation.h"
#include "cli/yaml_edit.h"
#include "engine/base/scan.h"

#include <inttypes.h>
#include <string.h>

typedef struct editor {
    sc_arena *arena;
    const sc_source_text *file;
} editor;

/* ---- Finding the place ------------------------------------------------------------------------------------------- */

static const sc_yaml *parse(sc_arena *a, const sc_source_text *file)
{
    sc_messages m = {.arena = a};
    return sc_yaml_read(&m, file, 0, file->text.n, 1);
}

static const sc_yaml *item_at(const sc_yaml *collection, size_t i)
{
    const sc_yaml *y = collection ? collection->first : NULL;
    while (y && i--) y = y->next;
    return y;
}

static const sc_yaml *item_named(const sc_yaml *collection, sc_span name)
{
    const sc_yaml *y = collection ? collection->first : NULL;
    for (; y; y = y->next) {
        const sc_yaml *word = y->key ? y->key : y;
        if (word->kind == SC_YAML_TEXT && sc_eq(word->text, name)) break;
    }
    return y;
}

/* The map that holds `crashes`: the root, or a variant. */
static const sc_yaml *find_case(const sc_yaml *root, const accept_case *c)
{
    return c->variant == ACCEPT_SAMPLE ? root : item_at(sc_yaml_get(root, "variants"), c->variant);
}

/* What is said about a crash; NULL where a variant expects what its sample expects. */
static const sc_yaml *find_crash(const sc_yaml *crashes, size_t i)
{
    if (!crashes || crashes->kind != SC_YAML_MAP) return item_at(crashes, i);
    for (const sc_yaml *y = crashes->first; y; y = y->next) {
        uint64_t number;
        bool hex = sc_istarts(y->key->text, "0x");
        if ((hex ? sc_span_hex(y->key->text, &number) : sc_span_dec(y->key->text, &number)) && number == i + 1)
            return y;
    }
    return NULL;
}

/* ---- Keys of a crash --------------------------------------------------------------------------------------------- */

/* Replaces the key's value, or adds the key where it belongs among those that are there. */
static sc_span set_key(const editor *e, const sc_yaml *map, const char *key, sc_span text)
{
    const sc_yaml *value = sc_yaml_get(map, key), *after = map;
    if (value) return yaml_replace(e->arena, e->file, value, text);
    for (size_t i = 0; sample_crash_keys[i] && strcmp(sample_crash_keys[i], key) != 0; i++) {
        const sc_yaml *before = sc_yaml_get(map, sample_crash_keys[i]);
        if (before) after = before;
    }
    return yaml_insert(e->arena, e->file, map, after, sc_arena_printf(e->arena, "%s: %.*s", key, SC_F(text)));
}

/* An empty list or map of these keys says nothing, so the key goes with its last item. */
static sc_span remove_item(const editor *e, const sc_yaml *map, const char *key, const sc_yaml *item)
{
    const sc_yaml *collection = sc_yaml_get(map, key);
    if (collection->n == 1) return yaml_remove(e->arena, e->file, map, collection);
    return yaml_remove(e->arena, e->file, collection, item);
}

static sc_span accept_arg(const editor *e, const sc_yaml *map, const sample_crash *expected, const sample_difference *d)
{
    const sc_yaml *args = sc_yaml_get(map, "args"), *item = item_at(args, d->arg);
    if (item) return yaml_replace(e->arena, e->file, item, d->seen);
    sample_crash now = *expected;
    uint64_t value;
    now.known[d->arg] = sc_span_hex(d->seen, &value);
    now.arg[d->arg] = now.known[d->arg] ? value : 0;
    sc_buf text = {0};
    expectation_put_args(&text, &now);
    sc_span out = set_key(e, map, "args", sc_arena_dup(e->arena, sc_buf_view(&text)));
    sc_buf_free(&text);
    return out;
}

/* "a: b" or "a", as the collection wants it. */
static sc_span as_item(const editor *e, const sc_yaml *collection, sc_span name, sc_span value)
{
    sc_buf text = {0};
    yaml_put_text(&text, name);
    if (!collection || collection->kind == SC_YAML_MAP) sc_buf_printf(&text, ": %.*s", SC_F(value));
    sc_span out = sc_arena_dup(e->arena, sc_buf_view(&text));
    sc_buf_free(&text);
    return out;
}

static sc_span accept_confirmed(const editor *e, const sc_yaml *map, const sample_difference *d)
{
    const sc_yaml *confirmed = sc_yaml_get(map, "confirmed"), *item = item_named(confirmed, d->item);
    if (item && !d->seen.n) return yaml_remove(e->arena, e->file, confirmed, item);
    if (item) return item->key ? yaml_replace(e->arena, e->file, item, d->seen) : e->file->text;
    if (confirmed && confirmed->n)
        return yaml_insert(e->arena, e->file, confirmed, NULL, as_item(e, confirmed, d->item, d->seen));
    sc_span pair = as_item(e, NULL, d->item, d->seen);
    return set_key(e, map, "confirmed", sc_arena_printf(e->arena, "{%.*s}", SC_F(pair)));
}

/* An item of a list that is no longer true, or reads otherwise now. */
static sc_span accept_item(const editor *e, const sc_yaml *map, const char *key, const sample_difference *d)
{
    const sc_yaml *item = item_named(sc_yaml_get(map, key), d->item);
    if (!item) return SC_S("");
    return d->seen.n ? yaml_replace(e->arena, e->file, item, d->seen) : remove_item(e, map, key, item);
}

static sc_span accept_value(const editor *e, const sc_yaml *map, const sample_difference *d)
{
    const sc_yaml *values = sc_yaml_get(map, "values"), *rule = item_named(values, d->item);
    const sc_yaml *item = item_named(rule, d->variable);
    if (!item) return SC_S("");
    if (d->seen.n) return yaml_replace(e->arena, e->file, item, d->seen);
    return rule->n == 1 ? remove_item(e, map, "values", rule) : yaml_remove(e->arena, e->file, rule, item);
}

static sc_span accept_facts(const editor *e, const sc_yaml *map, const sample_difference *d)
{
    const sc_yaml *facts = sc_yaml_get(map, "facts");
    for (const sc_yaml *y = facts ? facts->first : NULL; y; y = y->next) {
        const sc_yaml *sql = sc_yaml_get(y, "sql"), *rows = sc_yaml_get(y, "rows");
        if (sql && rows && sc_eq(sql->text, d->item)) return yaml_replace(e->arena, e->file, rows, d->seen);
    }
    return SC_S("");
}

static sc_span accept_in(const editor *e, const sc_yaml *map, const sample_crash *expected, const sample_difference *d)
{
    switch (d->key) {
    case SAMPLE_CRASHES: break;
    case SAMPLE_BUGCHECK: return set_key(e, map, "bugcheck", d->seen);
    case SAMPLE_ARGS: return accept_arg(e, map, expected, d);
    case SAMPLE_FIRST_LINE: return set_key(e, map, "first_line", d->seen);
    case SAMPLE_LAST_LINE: return set_key(e, map, "last_line", d->seen);
    case SAMPLE_OUTCOME: return set_key(e, map, "outcome", d->seen);
    case SAMPLE_CONFIRMED: return accept_confirmed(e, map, d);
    case SAMPLE_CULPRIT:
        if (d->seen.n) return set_key(e, map, "culprit", d->seen);
        return yaml_remove(e->arena, e->file, map, sc_yaml_get(map, "culprit"));
    case SAMPLE_OPEN: return accept_item(e, map, "open", d);
    case SAMPLE_ASK: return accept_item(e, map, "ask", d);
    case SAMPLE_VALUES: return accept_value(e, map, d);
    case SAMPLE_NEAR_MISS: return accept_item(e, map, "near_miss", d);
    case SAMPLE_SUSPECTS: return accept_item(e, map, "suspects", d);
    case SAMPLE_FACTS: return accept_facts(e, map, d);
    }
    return SC_S("");
}

/* ---- Another number of crashes ----------------------------------------------------------------------------------- */

static bool same_crash(const sample_crash *expected, const sc_crash *found)
{
    const sc_bugcheck *b = &found->bugcheck;
    if (expected->no_code != (b->source == SC_SOURCE_NONE) || (!expected->no_code && expected->code != b->code))
        return false;
    for (size_t i = 0; expected->has_args && i < 4; i++)
        if (expected->known[i] != b->known[i] || (b->known[i] && expected->arg[i] != b->arg[i])) return false;
    return true;
}

static sc_span as_seen(sc_arena *a, const sc_crash *c, unsigned flags)
{
    sc_buf text = {0};
    sample_crash seen = expectation_of(a, c);
    expectation_put(&text, &seen, EXPECT_IDENTITY | flags);
    sc_span out = sc_arena_dup(a, sc_buf_view(&text));
    sc_buf_free(&text);
    return out;
}

/* Crashes that are the same at both ends of the list stay as they are written; those between them are written anew. */
static sc_span accept_list(sc_arena *a, const accept_case *c)
{
    sc_source_text file = c->sample->yaml;
    size_t found = c->found->n_crashes, front = 0, back = 0;
    while (front < c->n && front < found && same_crash(&c->expected[front], &c->found->crashes[front])) front++;
    while (front + back < c->n && front + back < found &&
           same_crash(&c->expected[c->n - 1 - back], &c->found->crashes[found - 1 - back]))
        back++;
    for (size_t i = front; i + back < found; i++) {
        const sc_yaml *root = parse(a, &file), *list = root ? sc_yaml_get(find_case(root, c), "crashes") : NULL;
        if (!list) return SC_S("");
        unsigned flags = (yaml_is_flow(&file, list) ? EXPECT_FLOW : 0u) | (found > 1 ? EXPECT_LINES : 0u);
        if (c->variant != ACCEPT_SAMPLE) flags &= ~(unsigned)EXPECT_LINES;
        file.text = yaml_insert(a, &file, list, i ? item_at(list, i - 1) : list,
                                as_seen(a, &c->found->crashes[i], flags));
    }
    for (size_t i = front; i + back < c->n; i++) {
        const sc_yaml *root = parse(a, &file), *list = root ? sc_yaml_get(find_case(root, c), "crashes") : NULL;
        if (!list) return SC_S("");
        file.text = yaml_remove(a, &file, list, item_at(list, found - back));
    }
    return file.text;
}

/* A map from numbers cannot tell of more crashes or fewer than the sample has. */
static sc_span replace_map(const editor *e, const accept_case *c, const sc_yaml *crashes)
{
    sc_buf text = {0};
    sc_buf_char(&text, '[');
    for (size_t i = 0; i < c->found->n_crashes; i++) {
        if (i) sc_buf_z(&text, ", ");
        sc_buf_span(&text, as_seen(e->arena, &c->found->crashes[i], EXPECT_FLOW));
    }
    sc_buf_char(&text, ']');
    sc_span out = yaml_replace(e->arena, e->file, crashes, sc_buf_view(&text));
    sc_buf_free(&text);
    return out;
}

/* ---- The whole --------------------------------------------------------------------------------------------------- */

/* A variant says nothing yet about this crash: first it says what its sample says, whose expectation it had. */
static sc_span add_crash(const editor *e, const sc_yaml *crashes, const sample_crash *expected, size_t i)
{
    sc_buf text = {0};
    sc_buf_printf(&text, "%zu: ", i + 1);
    expectation_put(&text, expected, EXPECT_FLOW);
    const sc_yaml *after = crashes; /* in the order of their numbers */
    for (size_t k = 0; k < i; k++) {
        const sc_yaml *before = find_crash(crashes, k);
        if (before) after = before;
    }
    sc_span out = yaml_insert(e->arena, e->file, crashes, after, sc_buf_view(&text));
    sc_buf_free(&text);
    return out;
}

sc_span accept_difference(sc_arena *a, const accept_case *c, const sample_difference *d)
{
    sc_source_text file = c->sample->yaml;
    editor e = {.arena = a, .file = &file};
    const sc_yaml *root = parse(a, &file), *crashes = root ? sc_yaml_get(find_case(root, c), "crashes") : NULL;
    if (!crashes) return SC_S("");
    if (d->key == SAMPLE_CRASHES) return crashes->kind == SC_YAML_MAP ? replace_map(&e, c, crashes) : accept_list(a, c);
    const sc_yaml *crash = find_crash(crashes, d->crash);
    if (!crash && crashes->kind == SC_YAML_MAP) {
        file.text = add_crash(&e, crashes, &c->expected[d->crash], d->crash);
        root = parse(a, &file);
        crash = root ? find_crash(sc_yaml_get(find_case(root, c), "crashes"), d->crash) : NULL;
    }
    return crash && crash->kind == SC_YAML_MAP ? accept_in(&e, crash, &c->expected[d->crash], d) : SC_S("");
}

sc_span accept_todo(sc_arena *a, const accept_case *c)
{
    const sc_yaml *root = parse(a, &c->sample->yaml), *map = root ? find_case(root, c) : NULL;
    const sc_yaml *todo = sc_yaml_get(map, "todo");
    return todo ? yaml_remove(a, &c->sample->yaml, map, todo) : SC_S("");
}
