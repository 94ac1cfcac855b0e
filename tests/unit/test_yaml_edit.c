/* Changing a YAML text: what is not changed keeps its bytes. */
#include "cli/yaml_edit.h"

#include "engine/base/buf.h"
#include "engine/base/scan.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <string.h>

static const sc_yaml *parse(sc_arena *a, const sc_source_text *file)
{
    sc_messages m = {.arena = a};
    return sc_yaml_read(&m, file, 0, file->text.n, 1);
}

/* "crashes/0/open": keys of maps, numbers in lists; "" is the root. */
static const sc_yaml *find(const sc_yaml *y, const char *path)
{
    sc_span rest = sc_span_z(path), step;
    while (y && rest.n) {
        uint64_t n = 0;
        sc_cut(rest, "/", &step, &rest);
        const sc_yaml *item = y->first;
        if (y->kind == SC_YAML_LIST) {
            assert_true(sc_span_dec(step, &n));
            while (item && n--) item = item->next;
        } else {
            while (item && !sc_eq(item->key->text, step)) item = item->next;
        }
        y = item;
    }
    if (!y) fail_msg("there is no %s", path);
    return y;
}

typedef enum operation { REPLACE, REMOVE, APPEND, PREPEND, BEHIND } operation;

typedef struct edit {
    const char *before;
    operation what;
    const char *collection, *item; /* paths; `item` is within the collection, or the value for REPLACE */
    const char *text, *after;
} edit;

static void check(const edit *e)
{
    sc_arena *a = sc_arena_new(0);
    sc_source_text file = {.path = "x", .shown = "x", .text = sc_span_z(e->before)};
    const sc_yaml *root = parse(a, &file);
    if (!root) fail_msg("no YAML: %s", e->before);
    const sc_yaml *collection = find(root, e->collection), *item = e->item ? find(collection, e->item) : NULL;
    sc_span text = sc_span_z(e->text), got = {"", 0};
    switch (e->what) {
    case REPLACE: got = yaml_replace(a, &file, collection, text); break;
    case REMOVE: got = yaml_remove(a, &file, collection, item); break;
    case APPEND: got = yaml_insert(a, &file, collection, NULL, text); break;
    case PREPEND: got = yaml_insert(a, &file, collection, collection, text); break;
    case BEHIND: got = yaml_insert(a, &file, collection, item, text); break;
    }
    assert_string_equal(got.p, e->after);
    assert_int_equal(got.n, strlen(e->after));
    file.text = got;
    if (got.n && !parse(a, &file)) fail_msg("the result is no YAML: %s", got.p);
    sc_arena_free(a);
}

#define CHECK_ALL(edits)                                                                                               \
    for (size_t i = 0; i < sizeof(edits) / sizeof *(edits); i++) check(&(edits)[i])

static void values_are_replaced(void **state)
{
    (void)state;
    static const edit edits[] = {
        {"a: 1 # one\nb: 2\n", REPLACE, "a", NULL, "3", "a: 3 # one\nb: 2\n"},
        {"a: \"x: y\"   # quoted\n", REPLACE, "a", NULL, "z", "a: z   # quoted\n"},
        {"a: [1, 2, 3]\n", REPLACE, "a/1", NULL, "null", "a: [1, null, 3]\n"},
        {"a: {b: c, d: e}\n", REPLACE, "a/d", NULL, "f", "a: {b: c, d: f}\n"},
        {"a: [1,\n  2] # both\nb: 3\n", REPLACE, "a", NULL, "{}", "a: {} # both\nb: 3\n"},
        {"a:\n  - 1\n  - 2\nb: 3\n", REPLACE, "a", NULL, "[4]", "a: [4]\nb: 3\n"},
        {"a:\n- 1\n# about b\nb: 3\n", REPLACE, "a", NULL, "[4]", "a: [4]\n# about b\nb: 3\n"},
        {"a: # comment\n  b: 1\nc: 2\n", REPLACE, "a", NULL, "{d: 4}", "a: # comment\n  {d: 4}\nc: 2\n"},
        {"a:\nb: 1\n", REPLACE, "a", NULL, "2", "a: 2\nb: 1\n"},
        {"a:", REPLACE, "a", NULL, "2", "a: 2"},
        {"a: |\n  x\n  y\n\nb: 1\n", REPLACE, "a", NULL, "z", "a: z\n\nb: 1\n"},
        {"\xc3\xa4: {\xc3\xb6: 1, u: 2} # \xc3\xbc\n", REPLACE, "\xc3\xa4/u", NULL, "3",
         "\xc3\xa4: {\xc3\xb6: 1, u: 3} # \xc3\xbc\n"},
        {"a: 1\r\nb: 2\r\n", REPLACE, "a", NULL, "3", "a: 3\r\nb: 2\r\n"},
    };
    CHECK_ALL(edits);
}

static void items_are_removed(void **state)
{
    (void)state;
    static const edit edits[] = {
        {"a: [1, 2, 3]\n", REMOVE, "a", "0", "", "a: [2, 3]\n"},
        {"a: [1, 2, 3]\n", REMOVE, "a", "1", "", "a: [1, 3]\n"},
        {"a: [1, 2, 3]\n", REMOVE, "a", "2", "", "a: [1, 2]\n"},
        {"a: [1] # one\n", REMOVE, "a", "0", "", "a: [] # one\n"},
        {"a: {b: 1, c: {d: 2}, e: 3}\n", REMOVE, "a", "c", "", "a: {b: 1, e: 3}\n"},
        {"a: {b: 1}\n", REMOVE, "a", "b", "", "a: {}\n"},
        {"a: 1\nb: [2,\n  3] # b\nc: 4\n", REMOVE, "", "b", "", "a: 1\nc: 4\n"},
        {"a:\n  - 1\n  # about two\n  - 2 # two\n  - 3\n", REMOVE, "a", "1", "", "a:\n  - 1\n  # about two\n  - 3\n"},
        {"a:\n  - 1\nb: 2\n", REMOVE, "a", "0", "", "a: []\nb: 2\n"},
        {"a:\n  - b: 1\n    c: 2\n  - b: 3\n", REMOVE, "a", "0", "", "a:\n  - b: 3\n"},
        {"a:\n  - b: 1\n    c: 2\n  - b: 3\n", REMOVE, "a/0", "b", "", "a:\n  - c: 2\n  - b: 3\n"},
        {"a:\n  - b: 1\n    c: 2\n  - b: 3\n", REMOVE, "a/0", "c", "", "a:\n  - b: 1\n  - b: 3\n"},
        {"a:\n  -\n    b: 1\n  - c: 2\n", REMOVE, "a", "0", "", "a:\n  - c: 2\n"},
        {"a:\n  b:\n    c: 1\n\n  d: 2\n", REMOVE, "a", "b", "", "a:\n\n  d: 2\n"},
        {"a: 1\nb: 2", REMOVE, "", "b", "", "a: 1\n"},
    };
    CHECK_ALL(edits);
}

static void items_are_added(void **state)
{
    (void)state;
    static const edit edits[] = {
        {"a: [1, 2] # two\n", APPEND, "a", NULL, "3", "a: [1, 2, 3] # two\n"},
        {"a: [1, 2, ]\n", APPEND, "a", NULL, "3", "a: [1, 2, 3, ]\n"},
        {"a: []\n", APPEND, "a", NULL, "3", "a: [3]\n"},
        {"a: {}\n", PREPEND, "a", NULL, "b: 3", "a: {b: 3}\n"},
        {"a: {c: 4}\n", PREPEND, "a", NULL, "b: 3", "a: {b: 3, c: 4}\n"},
        {"a: {c: [4], d: 5}\n", BEHIND, "a", "c", "b: 3", "a: {c: [4], b: 3, d: 5}\n"},
        {"a:\n  - 1\n  - 2\n\n# end\nb: 3\n", APPEND, "a", NULL, "4", "a:\n  - 1\n  - 2\n  - 4\n\n# end\nb: 3\n"},
        {"a:\n- 1\nb: 3\n", APPEND, "a", NULL, "x: 1\ny: 2", "a:\n- 1\n- x: 1\n  y: 2\nb: 3\n"},
        {"a:\n  - 1\n", PREPEND, "a", NULL, "x: 1\ny: 2", "a:\n  - x: 1\n    y: 2\n  - 1\n"},
        {"a:\n  - b: 1\n    c: 2\n", PREPEND, "a/0", NULL, "x: 1", "a:\n  - x: 1\n    b: 1\n    c: 2\n"},
        {"a:\n  - b: 1 # one\n    c: 2\n", BEHIND, "a/0", "b", "x: 1", "a:\n  - b: 1 # one\n    x: 1\n    c: 2\n"},
        {"a:\n  - b:\n      - 1\n    c: 2\n", BEHIND, "a/0", "b", "x: 1",
         "a:\n  - b:\n      - 1\n    x: 1\n    c: 2\n"},
        {"a: 1", APPEND, "", NULL, "b: 2", "a: 1\nb: 2\n"},
        {"a: 1\r\n", APPEND, "", NULL, "b: 2", "a: 1\r\nb: 2\r\n"},
    };
    CHECK_ALL(edits);
}

/* What was written reads as the same text, also for readers of YAML 1.1, where yes is true and 1:30 ninety. */
static void texts_survive(void **state)
{
    (void)state;
    static const struct {
        const char *text, *written;
    } cases[] = {
        {"0x9F/pnp-lock-held", "0x9F/pnp-lock-held"},
        {"csrss.exe", "csrss.exe"},
        {"12.5", "12.5"},
        {"nt!PiEngineLock", "\"nt!PiEngineLock\""},
        {"10 min 0 s", "\"10 min 0 s\""},
        {"", "\"\""},
        {"null", "\"null\""},
        {"Yes", "\"Yes\""},
        {"1:30", "\"1:30\""},
        {"- x", "\"- x\""},
        {"a # b", "\"a # b\""},
        {"say \"hi\" \\ or {x}", "\"say \\\"hi\\\" \\\\ or {x}\""},
        {"two\nlines\tand \x01", "\"two\\nlines\\tand \\x01\""},
        {"gr\xc3\xbc\xc3\x9f", "\"gr\xc3\xbc\xc3\x9f\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sc_arena *a = sc_arena_new(0);
        sc_buf b = {0};
        sc_buf_z(&b, "a: {k: ");
        yaml_put_text(&b, sc_span_z(cases[i].text));
        sc_buf_z(&b, "}");
        assert_string_equal(sc_arena_z(a, sc_span_sub(sc_buf_view(&b), 7, b.n - 1)), cases[i].written);
        sc_source_text file = {.path = "x", .shown = "x", .text = sc_buf_view(&b)};
        const sc_yaml *root = parse(a, &file);
        assert_non_null(root);
        assert_string_equal(find(root, "a/k")->text.p, cases[i].text);
        sc_buf_free(&b);
        sc_arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_replaced),
        cmocka_unit_test(items_are_removed),
        cmocka_unit_test(items_are_added),
        cmocka_unit_test(texts_survive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
