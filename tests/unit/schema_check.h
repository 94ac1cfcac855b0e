/* A JSON Schema against a YAML tree: the keywords that docs/schema/ uses, and no others - one that is not known here
 * fails the test rather than being passed over. Scalars are what YAML 1.2 takes them for, as in an editor. */
#ifndef STOPCODE_TEST_SCHEMA_CHECK_H
#define STOPCODE_TEST_SCHEMA_CHECK_H

#include "engine/base/buf.h"
#include "engine/base/scan.h"
#include "engine/pattern.h"
#include "kb/yaml_tree.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <jansson.h>
#include <string.h>

typedef struct schema_check {
    const json_t *root;
    sc_buf *why; /* the faults, one per line; NULL: not wanted */
} schema_check;

static inline const json_t *schema_resolve(const json_t *root, const json_t *schema)
{
    const char *ref;
    while ((ref = json_string_value(json_object_get(schema, "$ref")))) {
        assert_true(strncmp(ref, "#/$defs/", 8) == 0);
        schema = json_object_get(json_object_get(root, "$defs"), ref + 8);
        if (!schema) fail_msg("%s leads nowhere", ref);
    }
    return schema;
}

/* ---- What a scalar is -------------------------------------------------------------------------------------------- */

static inline bool schema_matches(const char *pattern, sc_span text)
{
    sc_pattern *p = NULL;
    sc_error error = {0};
    if (sc_pattern_new(&p, sc_span_z(pattern), false, &error)) fail_msg("%s: %s", pattern, error.text);
    int found = sc_pattern_find(p, text, NULL, NULL);
    sc_pattern_free(p);
    return found == 1;
}

static inline const char *schema_type(const sc_yaml *y, bool is_key)
{
    if (y->kind == SC_YAML_MAP) return "object";
    if (y->kind == SC_YAML_LIST) return "array";
    if (y->quoted || is_key) return "string";
    if (schema_matches("^(~|null|Null|NULL|)$", y->text)) return "null";
    if (schema_matches("^(true|True|TRUE|false|False|FALSE)$", y->text)) return "boolean";
    if (schema_matches("^([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$", y->text)) return "integer";
    if (schema_matches(
            "^([-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN))$",
            y->text))
        return "number";
    return "string";
}

static inline bool schema_is_type(const json_t *type, const char *have)
{
    size_t i;
    json_t *one;
    if (json_is_string(type)) return strcmp(json_string_value(type), have) == 0;
    json_array_foreach(type, i, one)
    {
        if (strcmp(json_string_value(one), have) == 0) return true;
    }
    return false;
}

static inline bool schema_equals(const json_t *want, const sc_yaml *y)
{
    if (y->kind != SC_YAML_TEXT) return false;
    if (json_is_true(want)) return !y->quoted && sc_eq_z(y->text, "true");
    assert_true(json_is_string(want));
    return sc_eq_z(y->text, json_string_value(want));
}

/* ---- The check --------------------------------------------------------------------------------------------------- */

static inline bool schema_fault(const schema_check *c, const sc_yaml *y, const char *keyword, const char *detail)
{
    if (c->why) sc_buf_printf(c->why, "%u:%u: %s %s\n", y->place.line, y->place.column, keyword, detail);
    return false;
}

static inline bool schema_conforms(const schema_check *c, const json_t *schema, const sc_yaml *y, bool is_key);

static inline size_t schema_count(const schema_check *c, const json_t *list, const sc_yaml *y, bool is_key)
{
    size_t i, n = 0;
    json_t *one;
    const schema_check quiet = {c->root, NULL};
    json_array_foreach(list, i, one) { n += schema_conforms(&quiet, one, y, is_key); }
    return n;
}

/* One value of a map against what the schema says about its key. */
static inline bool schema_member(const schema_check *c, const json_t *schema, const sc_yaml *v)
{
    const char *pattern;
    json_t *one;
    bool known = false, good = true;
    json_t *property = json_object_get(json_object_get(schema, "properties"), v->key->text.p);
    json_t *patterns = json_object_get(schema, "patternProperties"),
           *rest = json_object_get(schema, "additionalProperties");
    json_t *names = json_object_get(schema, "propertyNames");
    if (names) good = schema_conforms(c, names, v->key, true);
    if (property) good = schema_conforms(c, property, v, false) && good;
    known = property != NULL;
    json_object_foreach(patterns, pattern, one)
    {
        if (!schema_matches(pattern, v->key->text)) continue;
        known = true;
        good = schema_conforms(c, one, v, false) && good;
    }
    if (known || !rest || json_is_true(rest)) return good;
    if (json_is_false(rest)) return schema_fault(c, v->key, "additionalProperties", v->key->text.p);
    return schema_conforms(c, rest, v, false) && good;
}

static inline bool schema_map(const schema_check *c, const json_t *schema, const sc_yaml *y)
{
    size_t i;
    json_t *one, *least = json_object_get(schema, "minProperties"), *most = json_object_get(schema, "maxProperties");
    bool good = true;
    json_array_foreach(json_object_get(schema, "required"), i, one)
    {
        if (!sc_yaml_get(y, json_string_value(one))) good = schema_fault(c, y, "required", json_string_value(one));
    }
    if (least && y->n < (size_t)json_integer_value(least)) good = schema_fault(c, y, "minProperties", "");
    if (most && y->n > (size_t)json_integer_value(most)) good = schema_fault(c, y, "maxProperties", "");
    for (const sc_yaml *v = y->first; v; v = v->next) good = schema_member(c, schema, v) && good;
    return good;
}

static inline bool schema_list(const schema_check *c, const json_t *schema, const sc_yaml *y)
{
    json_t *items = json_object_get(schema, "items"), *least = json_object_get(schema, "minItems"),
           *most = json_object_get(schema, "maxItems");
    bool good = true, unique = json_is_true(json_object_get(schema, "uniqueItems"));
    if (least && y->n < (size_t)json_integer_value(least)) good = schema_fault(c, y, "minItems", "");
    if (most && y->n > (size_t)json_integer_value(most)) good = schema_fault(c, y, "maxItems", "");
    for (const sc_yaml *v = y->first; v; v = v->next) {
        if (items) good = schema_conforms(c, items, v, false) && good;
        for (const sc_yaml *w = y->first; unique && w != v; w = w->next)
            if (sc_eq(w->text, v->text)) good = schema_fault(c, v, "uniqueItems", v->text.p);
    }
    return good;
}

static inline bool schema_scalar(const schema_check *c, const json_t *schema, const sc_yaml *y, const char *type)
{
    json_t *least = json_object_get(schema, "minimum"), *most = json_object_get(schema, "maximum"),
           *length = json_object_get(schema, "minLength"), *pattern = json_object_get(schema, "pattern");
    bool good = true;
    if (strcmp(type, "integer") == 0 && (least || most)) {
        uint64_t v = 0;
        bool hex = sc_istarts(y->text, "0x"), negative = sc_starts(y->text, "-");
        bool read = negative || (hex ? sc_span_hex(y->text, &v) : sc_span_dec(y->text, &v));
        if (least && (!read || negative || v < (uint64_t)json_integer_value(least)))
            good = schema_fault(c, y, "minimum", y->text.p);
        if (most && (!read || v > (uint64_t)json_integer_value(most))) good = schema_fault(c, y, "maximum", y->text.p);
    }
    if (strcmp(type, "string") != 0) return good;
    if (length && y->text.n < (size_t)json_integer_value(length)) good = schema_fault(c, y, "minLength", y->text.p);
    if (pattern && !schema_matches(json_string_value(pattern), y->text))
        good = schema_fault(c, y, "pattern", json_string_value(pattern));
    return good;
}

static inline bool schema_words(const schema_check *c, const json_t *schema, const sc_yaml *y)
{
    size_t i;
    json_t *one, *words = json_object_get(schema, "enum"), *constant = json_object_get(schema, "const");
    bool found = !words;
    json_array_foreach(words, i, one) { found = found || schema_equals(one, y); }
    if (!found) schema_fault(c, y, "enum", y->kind == SC_YAML_TEXT ? y->text.p : "");
    if (constant && !schema_equals(constant, y)) return schema_fault(c, y, "const", "");
    return found;
}

static inline bool schema_conforms(const schema_check *c, const json_t *unresolved, const sc_yaml *y, bool is_key)
{
    size_t i;
    json_t *one;
    const json_t *schema = schema_resolve(c->root, unresolved);
    const char *have = schema_type(y, is_key);
    json_t *type = json_object_get(schema, "type"), *all = json_object_get(schema, "allOf"),
           *any = json_object_get(schema, "anyOf"), *exactly = json_object_get(schema, "oneOf"),
           *none = json_object_get(schema, "not");
    const schema_check quiet = {c->root, NULL};
    bool good = true;
    if (type && !schema_is_type(type, have)) return schema_fault(c, y, "type", have);
    good = schema_words(c, schema, y) && good;
    if (y->kind == SC_YAML_MAP) good = schema_map(c, schema, y) && good;
    if (y->kind == SC_YAML_LIST) good = schema_list(c, schema, y) && good;
    if (y->kind == SC_YAML_TEXT) good = schema_scalar(c, schema, y, have) && good;
    json_array_foreach(all, i, one) { good = schema_conforms(c, one, y, is_key) && good; }
    if (any && !schema_count(c, any, y, is_key)) good = schema_fault(c, y, "anyOf", "");
    if (exactly && schema_count(c, exactly, y, is_key) != 1) good = schema_fault(c, y, "oneOf", "");
    if (none && schema_conforms(&quiet, none, y, is_key)) good = schema_fault(c, y, "not", "");
    return good;
}

#endif
