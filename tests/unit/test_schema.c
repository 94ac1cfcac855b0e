/* docs/schema/ says what the readers do: the same keys and words, every rule and every sample conforms, and what a
 * schema refuses the reader refuses too. */
#include "kb_tree.h"
#include "schema_check.h"

#include "cli/sample.h"
#include "kb/files.h"
#include "kb/rule_read.h"

#define RULE "docs/schema/rule.schema.json"
#define PAGE "docs/schema/page.schema.json"
#define SAMPLE "docs/schema/sample.schema.json"

static json_t *load(const char *path)
{
    json_error_t error;
    json_t *schema = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!schema) fail_msg("%s:%d: %s", path, error.line, error.text);
    return schema;
}

/* ---- The schemas themselves -------------------------------------------------------------------------------------- */

static const char *const keywords[] = {
    "$schema", "$ref",     "$defs",         "title",         "description",       "type",
    "enum",    "const",    "required",      "properties",    "patternProperties", "additionalProperties",
    "items",   "minItems", "maxItems",      "uniqueItems",   "minLength",         "pattern",
    "minimum", "maximum",  "minProperties", "maxProperties", "propertyNames",     "allOf",
    "anyOf",   "oneOf",    "not",
};

static void check_schema(const json_t *root, const json_t *schema);

static void check_schemas(const json_t *root, const json_t *map, bool described)
{
    const char *key;
    json_t *one;
    json_object_foreach((json_t *)map, key, one)
    {
        const char *text = json_string_value(json_object_get(one, "description"));
        if (described && (!text || strlen(text) < 10)) fail_msg("\"%s\" has no description", key);
        check_schema(root, one);
    }
}

static void check_schema(const json_t *root, const json_t *schema)
{
    static const char *const lists[] = {"allOf", "anyOf", "oneOf"}, *const singles[] = {"items", "not",
                                                                                        "propertyNames"};
    const char *key;
    json_t *one;
    size_t k;
    assert_true(json_is_object(schema));
    json_object_foreach((json_t *)schema, key, one)
    {
        bool known = false;
        for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) known = known || strcmp(key, keywords[i]) == 0;
        if (!known) fail_msg("schema_check.h does not know \"%s\"", key);
    }
    schema_resolve(root, schema);
    /* in an alternative a property stands without its description */
    check_schemas(root, json_object_get(schema, "properties"), json_object_get(schema, "type") != NULL);
    check_schemas(root, json_object_get(schema, "patternProperties"), false);
    check_schemas(root, json_object_get(schema, "$defs"), false);
    for (size_t i = 0; i < 3; i++)
        json_array_foreach(json_object_get(schema, lists[i]), k, one) check_schema(root, one);
    for (size_t i = 0; i < 3; i++)
        if (json_object_get(schema, singles[i])) check_schema(root, json_object_get(schema, singles[i]));
    one = json_object_get(schema, "additionalProperties");
    if (json_is_object(one)) check_schema(root, one);
}

static void only_keywords_that_are_checked(void **state)
{
    (void)state;
    static const char *const files[] = {RULE, PAGE, SAMPLE};
    for (size_t i = 0; i < 3; i++) {
        json_t *schema = load(files[i]);
        assert_string_equal(json_string_value(json_object_get(schema, "$schema")),
                            "https://json-schema.org/draft/2020-12/schema");
        check_schema(schema, schema);
        json_decref(schema);
    }
}

/* ---- The same keys and words as the readers ---------------------------------------------------------------------- */

static const json_t *def(const json_t *root, const char *name)
{
    const json_t *found = name ? json_object_get(json_object_get(root, "$defs"), name) : root;
    assert_non_null(found);
    return found;
}

static bool has_word(const char *const *words, size_t n, const char *word)
{
    for (size_t i = 0; i < n && words[i]; i++)
        if (strcmp(words[i], word) == 0) return true;
    return false;
}

static void same_keys(const json_t *map, const char *const *keys)
{
    const char *key;
    json_t *one, *properties = json_object_get(map, "properties");
    assert_true(json_is_object(properties));
    assert_true(json_is_false(json_object_get(map, "additionalProperties")));
    json_object_foreach(properties, key, one)
    {
        if (!has_word(keys, SIZE_MAX, key)) fail_msg("the reader does not know \"%s\"", key);
    }
    for (size_t i = 0; keys[i]; i++)
        if (!json_object_get(properties, keys[i])) fail_msg("the schema does not know \"%s\"", keys[i]);
}

/* `from`: words before it are not for files. */
static void same_words(const json_t *schema, const char *const *words, size_t from, size_t n)
{
    size_t i;
    json_t *one, *list = json_object_get(schema, "enum");
    assert_int_equal(json_array_size(list), n - from);
    json_array_foreach(list, i, one)
    {
        if (!has_word(words + from, n - from, json_string_value(one)))
            fail_msg("the reader does not know \"%s\"", json_string_value(one));
    }
}

static const json_t *property(const json_t *map, const char *name)
{
    return json_object_get(json_object_get(map, "properties"), name);
}

static void rules_have_the_same_keys(void **state)
{
    (void)state;
    json_t *rule = load(RULE), *page = load(PAGE);
    const json_t *clause = def(rule, "clause");
    same_keys(rule, sc_rule_keys);
    same_keys(clause, sc_clause_keys);
    same_keys(property(clause, "text"), sc_text_keys);
    same_keys(def(rule, "masked"), sc_mask_keys);
    same_keys(def(rule, "role"), sc_role_keys);
    same_keys(page, sc_page_keys);
    same_words(property(rule, "status"), sc_status_names, 0, 3);
    same_words(property(rule, "tier"), sc_tier_names, 0, 5);
    same_words(def(rule, "confidence"), sc_confidence_names, 1, 4);
    same_words(property(def(rule, "role"), "role"), sc_role_names, 0, 4);
    json_decref(rule);
    json_decref(page);
}

static void samples_have_the_same_keys(void **state)
{
    (void)state;
    json_t *root = load(SAMPLE);
    const json_t *crash = def(root, "crash");
    same_keys(root, sample_keys);
    same_keys(json_array_get(json_object_get(property(root, "origin"), "anyOf"), 1), sample_origin_keys);
    same_keys(crash, sample_crash_keys);
    same_keys(def(root, "culprit"), sample_culprit_keys);
    same_keys(def(root, "variant"), sample_variant_keys);
    same_keys(def(root, "replacement"), sample_replace_keys);
    same_keys(def(root, "facts"), sample_facts_keys);
    same_words(property(crash, "outcome"), sc_outcome_names, 0, 3);
    same_words(def(root, "confidence"), sc_confidence_names, 1, 4);
    same_words(property(def(root, "culprit"), "kind"), sc_culprit_kind_names, 0, 5);
    same_words(json_object_get(property(crash, "suspects"), "additionalProperties"), sc_role_names, 0, 4);
    json_decref(root);
}

/* ---- Every file conforms ----------------------------------------------------------------------------------------- */

/* What the schema says about a YAML text; "" when nothing. In the arena. */
static const char *faults_of(sc_arena *a, const json_t *schema, sc_span yaml)
{
    sc_messages m = {.arena = a};
    sc_source_text file = {.path = "x", .shown = "x", .text = yaml};
    const sc_yaml *root = sc_yaml_read(&m, &file, 0, yaml.n, 1);
    if (!root) fail_msg("no YAML: %s", m.list.n ? ((const sc_message *)m.list.items)->text : "");
    sc_buf why = {0};
    const schema_check check = {schema, &why};
    bool good = schema_conforms(&check, schema, root, false);
    const char *said = sc_arena_z(a, sc_buf_view(&why));
    sc_buf_free(&why);
    assert_true(good == !*said);
    return said;
}

static sc_span head_of(sc_span text)
{
    assert_true(sc_starts(text, "---\n"));
    size_t end = sc_find(text, "\n---\n");
    assert_true(end != SC_NPOS);
    return sc_span_sub(text, 4, end + 1);
}

/* Every file of that ending in the folders below `top`. Returns their number. */
static size_t check_files(const char *top, const char *ending, const json_t *schema, const json_t *index)
{
    sc_arena *a = sc_arena_new(0);
    const char *const *folders, *const *names;
    size_t n_folders, n_names, n = 0;
    assert_int_equal(sc_folder_list(a, top, &folders, &n_folders, NULL), 0);
    for (size_t i = 0; i < n_folders; i++) {
        const char *folder = sc_path_join(a, top, folders[i]);
        if (!sc_file_look(folder).folder) continue;
        assert_int_equal(sc_folder_list(a, folder, &names, &n_names, NULL), 0);
        for (size_t k = 0; k < n_names; k++) {
            if (!sc_ends(sc_span_z(names[k]), ending)) continue;
            const char *path = sc_path_join(a, folder, names[k]);
            char *text = file_read(path);
            sc_span s = sc_span_z(text);
            bool is_index = strcmp(names[k], "index.md") == 0;
            const char *said = faults_of(a, is_index ? index : schema, index ? head_of(s) : s);
            if (*said) fail_msg("%s:\n%s", path, said);
            free(text);
            n++;
        }
    }
    sc_arena_free(a);
    return n;
}

static void every_rule_conforms(void **state)
{
    (void)state;
    json_t *rule = load(RULE), *page = load(PAGE);
    assert_true(check_files("rules", ".md", rule, page) >= 20);
    json_decref(rule);
    json_decref(page);
}

static void every_sample_conforms(void **state)
{
    (void)state;
    json_t *schema = load(SAMPLE);
    assert_true(check_files("corpus", ".yaml", schema, NULL) >= 10);
    json_decref(schema);
}

/* ---- Both refuse ------------------------------------------------------------------------------------------------- */

typedef struct broken {
    const char *from, *to, *keyword; /* the edit, and the keyword that the schema refuses it by */
} broken;

static const char good_sample[] = "origin: {title: a, address: b}\n"
                                  "terms: ours\n"
                                  "crashes:\n"
                                  "  - bugcheck: 0x9F\n"
                                  "    args: [4, 0x258, null, 0xfffff800053e83d0]\n"
                                  "    first_line: 1\n"
                                  "    outcome: confirmed\n"
                                  "    confirmed: {0x9F/a: certain}\n"
                                  "    culprit: {kind: module, name: x, confidence: likely}\n"
                                  "    open: [any/b]\n"
                                  "    ask: [\"!locks\"]\n"
                                  "    values: {0x9F/a: {n: 3, t: x}}\n"
                                  "    suspects: {x: culprit}\n"
                                  "variants:\n"
                                  "  - name: less\n"
                                  "    delete_sections: [\"!locks\"]\n"
                                  "    replace: [{from: a, to: b}]\n"
                                  "    todo: not yet\n"
                                  "    crashes: {1: {open: [0x9F/a]}}\n";

static const broken samples[] = {
    {"terms:", "term:", "additionalProperties"},
    {"terms: ours\n", "terms: ours\ntodo: \"\"\n", "pattern"},
    {"title: a,", "tittle: a,", "anyOf"},
    {"crashes:\n", "crashes: 3\nx:\n", "type"},
    {"bugcheck: 0x9F", "bugchek: 0x9F", "additionalProperties"},
    {"bugcheck: 0x9F", "outcome2: x", "required"},
    {"bugcheck: 0x9F", "bugcheck: nine", "anyOf"},
    {"bugcheck: 0x9F", "bugcheck: 0x100000000", "anyOf"},
    {"null, 0x", "x, 0x", "anyOf"},
    {"null, 0x", "null, 1, 0x", "maxItems"},
    {"first_line: 1", "first_line: one", "type"},
    {"outcome: confirmed", "outcome: confirm", "enum"},
    {": certain}", ": sure}", "anyOf"},
    {"{0x9F/a: certain}", "0x9F/a", "anyOf"},
    {"kind: module", "kind: driver", "anyOf"},
    {", confidence: likely", "", "anyOf"},
    {"[any/b]", "any/b", "type"},
    {"[\"!locks\"]\n    values", "{a: b}\n    values", "type"},
    {"{n: 3, t: x}", "3", "type"},
    {"{x: culprit}", "{x: culprits}", "enum"},
    {"name: less", "nam: less", "additionalProperties"},
    {"    delete_sections: [\"!locks\"]\n    replace: [{from: a, to: b}]\n", "", "anyOf"},
    {"from: a", "form: a", "additionalProperties"},
    {"from: a", "from: \"\"", "minLength"},
    {"todo: not yet", "todo: []", "type"},
    {"{1: {open", "{0: {open", "anyOf"},
    {"    crashes: {1: {open: [0x9F/a]}}\n", "", "required"},
};

static void both_refuse_broken_samples(void **state)
{
    (void)state;
    json_t *schema = load(SAMPLE);
    sc_arena *a = sc_arena_new(0);
    sample s = {.path = "x.txt", .yaml = {.path = "x", .shown = "x", .text = sc_span_z(good_sample)}};
    assert_string_equal(faults_of(a, schema, s.yaml.text), "");
    assert_int_equal(sample_parse(a, NULL, &s, NULL, NULL), 0);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        char *text = replaced(good_sample, samples[i].from, samples[i].to);
        const char *said = faults_of(a, schema, sc_span_z(text));
        if (!strstr(said, samples[i].keyword))
            fail_msg("the schema takes \"%s\" for \"%s\": %s", samples[i].to, samples[i].from, said);
        s = (sample){.path = "x.txt", .yaml = {.path = "x", .shown = "x", .text = sc_span_z(text)}};
        if (sample_parse(a, NULL, &s, NULL, NULL) != SC_E_RULE)
            fail_msg("the reader takes \"%s\" for \"%s\"", samples[i].to, samples[i].from);
        free(text);
    }
    sc_arena_free(a);
    json_decref(schema);
}

static const char good_rule[] = "---\n"
                                "title: a\n"
                                "bugcheck: [0x9F, 0x7F]\n"
                                "status: draft\n"
                                "tier: proof\n"
                                "confidence: likely\n"
                                "clauses:\n"
                                "  a-b:\n"
                                "    args: {1: 4, 2: [5, \"0x10-0x1f\"], 3: {mask: 0xff, equals: 2}}\n"
                                "  frames:\n"
                                "    stack: [\"nt!Ke*\", \"...\", \"{driver}\"]\n"
                                "    thread: \"{{arg3}}\"\n"
                                "    ask: \"!thread {{arg3}}\"\n"
                                "  rows:\n"
                                "    supports: certain\n"
                                "    sql: SELECT line FROM lock\n"
                                "    whole: false\n"
                                "  words:\n"
                                "    excludes: true\n"
                                "    text: {command: \"!locks\", pattern: a}\n"
                                "culprit: \"{{driver}}\"\n"
                                "roles:\n"
                                "  - role: victim\n"
                                "    why: because\n"
                                "    sql: SELECT line, module FROM frame\n"
                                "summary: s\n"
                                "supersedes: [0x9F/good]\n"
                                "references: [https://learn.microsoft.com/a]\n"
                                "---\n";

static const broken rules[] = {
    {"title: a", "titel: a", "additionalProperties"},
    {"title: a", "title: \"\"", "minLength"},
    {"summary: s\n", "", "required"},
    {"0x7F]", "0x9F]", "anyOf"},
    {"[0x9F, 0x7F]", "some", "anyOf"},
    {"status: draft", "status: drafts", "enum"},
    {"tier: proof", "tier: prove", "enum"},
    {"confidence: likely", "confidence: sure", "enum"},
    {"  a-b:", "  a_b:", "pattern"},
    {"    args: {1: 4", "    arg: {1: 4", "additionalProperties"},
    {"{1: 4,", "{5: 4,", "additionalProperties"},
    {"[5, \"0x10-0x1f\"]", "[]", "anyOf"},
    {"\"0x10-0x1f\"", "\"0x10:0x1f\"", "anyOf"},
    {"equals: 2", "equal: 2", "anyOf"},
    {"\"nt!Ke*\"", "\"nt! Ke*\"", "anyOf"},
    {"    sql: SELECT line FROM lock", "    sql: SELECT line FROM lock\n    args: {1: 4}", "oneOf"},
    {"    sql: SELECT line FROM lock\n    whole: false\n", "    ask: \"!locks\"\n", "oneOf"},
    {"    supports: certain", "    supports: sure", "enum"},
    {"    supports: certain", "    supports: certain\n    excludes: true", "not"},
    {"    excludes: true", "    excludes: false", "const"},
    {"    excludes: true", "    excludes: true\n    any: true", "anyOf"},
    {"    excludes: true", "    excludes: true\n    whole: true", "anyOf"},
    {"    whole: false", "    whole: perhaps", "type"},
    {", pattern: a", "", "required"},
    {"role: victim", "role: victims", "enum"},
    {"  - role: victim\n", "  - rule: victim\n", "additionalProperties"},
    {"https://learn", "ftp://learn", "anyOf"},
};

static void both_refuse_broken_rules(void **state)
{
    (void)state;
    json_t *schema = load(RULE);
    sc_arena *a = sc_arena_new(0);
    int rc;
    char *said = lint_with("rules/0x9F/x.md", good_rule, &rc);
    if (rc) fail_msg("%s", said);
    free(said);
    assert_string_equal(faults_of(a, schema, head_of(sc_span_z(good_rule))), "");
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        char *text = replaced(good_rule, rules[i].from, rules[i].to);
        const char *faults = faults_of(a, schema, head_of(sc_span_z(text)));
        if (!strstr(faults, rules[i].keyword))
            fail_msg("the schema takes \"%s\" for \"%s\": %s", rules[i].to, rules[i].from, faults);
        said = lint_with("rules/0x9F/x.md", text, &rc);
        if (rc != SC_E_RULE) fail_msg("lint takes \"%s\" for \"%s\": %s", rules[i].to, rules[i].from, said);
        free(said);
        free(text);
    }
    sc_arena_free(a);
    json_decref(schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_keywords_that_are_checked), cmocka_unit_test(rules_have_the_same_keys),
        cmocka_unit_test(samples_have_the_same_keys),     cmocka_unit_test(every_rule_conforms),
        cmocka_unit_test(every_sample_conforms),          cmocka_unit_test(both_refuse_broken_samples),
        cmocka_unit_test(both_refuse_broken_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
