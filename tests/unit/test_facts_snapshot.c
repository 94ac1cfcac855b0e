/* Every fact of every sample in corpus/facts, as it was read before: tests/data/facts/. Any change of any parser that
 * makes another cell, another row, or another claim to be whole shows here. Of the rest of the corpus there are sums of
 * the same text only; a sample that is not listed there is not looked at. What is meant is taken over with
 * `make facts-snapshots`, and read in the diff. */
#include "engine/base/buf.h"
#include "engine/base/scan.h"
#include "kb/files.h"
#include "tests/unit/knowledge_fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CORPUS "corpus"
#define SAMPLES CORPUS "/facts"
#define SNAPSHOTS "tests/data/facts"
#define SUMS SNAPSHOTS "/corpus.tsv"
enum { MAX_NAMES = 2048, MAX_BYTES = 1 << 22 };

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a folder that end so, in the order of their bytes. */
static size_t list_names(sc_arena *a, const char *folder, const char *suffix, const char **names)
{
    size_t n = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir));) {
        sc_span name = sc_span_z(e->d_name);
        if (name.p[0] == '.' || !sc_ends(name, suffix)) continue;
        assert_true(n < MAX_NAMES);
        names[n++] = sc_arena_z(a, name);
    }
    closedir(dir);
    qsort(names, n, sizeof *names, by_name);
    return n;
}

static sc_span read_file(sc_arena *a, const char *path)
{
    char *bytes = NULL;
    size_t n = 0;
    sc_error error = {0};
    if (!sc_file_look(path).exists) return SC_S("");
    if (sc_file_read(a, path, MAX_BYTES, &bytes, &n, &error)) fail_msg("%s: %s", path, error.text);
    return (sc_span){bytes, n};
}

static bool writes(void)
{
    const char *asked = getenv("SNAPSHOTS");
    return asked && !strcmp(asked, "write");
}

static void write_file(sc_arena *a, const char *path, const sc_buf *text)
{
    sc_error error = {0};
    assert_false(text->failed);
    if (sc_file_write(a, path, text->p, text->n, NULL, &error)) fail_msg("%s: %s", path, error.text);
}

static void put_facts_of(sc_arena *a, const char *path, sc_buf *out)
{
    sc_error error = {0};
    int rc = sc_facts_text(engine, read_file(a, path), out, &error);
    if (rc == SC_E_INPUT)
        sc_buf_printf(out, "%s\n", error.text);
    else
        assert_int_equal(rc, SC_OK);
}

/* All forms of one command's output. */
static void put_facts(sc_arena *a, const char *folder, sc_buf *out)
{
    const char *forms[MAX_NAMES];
    size_t n = list_names(a, folder, ".txt", forms);
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) {
        sc_buf_printf(out, "%s== %s\n", i ? "\n" : "", forms[i]);
        put_facts_of(a, sc_arena_printf(a, "%s/%s", folder, forms[i]).p, out);
    }
}

/* Tells the first line that is another, under the form it belongs to. */
static void tell_difference(const char *path, sc_span was, sc_span is)
{
    sc_span form = SC_S(""), old, new;
    for (unsigned number = 1; was.n || is.n; number++) {
        sc_cut(was, "\n", &old, &was);
        sc_cut(is, "\n", &new, &is);
        if (sc_starts(new, "== ")) form = new;
        if (sc_eq(old, new)) continue;
        print_error("%s:%u: %.*s\n  was: %.*s\n  is:  %.*s\n", path, number, SC_F(form), SC_F(old), SC_F(new));
        return;
    }
}

static void facts_are_what_they_were(void **state)
{
    (void)state;
    const char *folders[MAX_NAMES], *snapshots[MAX_NAMES];
    size_t changed = 0;
    sc_arena *a = sc_arena_new(0);
    size_t n = list_names(a, SAMPLES, "", folders), known = list_names(a, SNAPSHOTS, ".txt", snapshots);
    assert_true(n > 50);
    for (size_t i = 0; i < n; i++) {
        sc_buf is = {0};
        const char *path = sc_arena_printf(a, SNAPSHOTS "/%s.txt", folders[i]).p;
        put_facts(a, sc_arena_printf(a, SAMPLES "/%s", folders[i]).p, &is);
        assert_false(is.failed);
        sc_span was = read_file(a, path);
        bool same = sc_eq(was, sc_buf_view(&is));
        if (!same && writes()) write_file(a, path, &is);
        if (!same && !writes()) {
            tell_difference(path, was, sc_buf_view(&is));
            changed++;
        }
        sc_buf_free(&is);
    }
    sc_arena_free(a);
    if (changed) print_error("what is meant: make facts-snapshots, and read the diff\n");
    assert_int_equal(changed, 0);
    assert_true(writes() || known == n); /* none is left over */
}

/* The sum of what is read from a paste. */
static uint32_t sum_of(sc_arena *a, const char *path)
{
    sc_buf is = {0};
    put_facts_of(a, path, &is);
    assert_false(is.failed);
    uint32_t sum = sc_hash(sc_buf_view(&is));
    sc_buf_free(&is);
    return sum;
}

static void write_sums(sc_arena *a)
{
    const char *folders[MAX_NAMES], *pastes[MAX_NAMES];
    sc_buf out = {0};
    size_t n = list_names(a, CORPUS, "", folders);
    for (size_t i = 0; i < n; i++) {
        const char *folder = sc_arena_printf(a, CORPUS "/%s", folders[i]).p;
        if (!sc_file_look(folder).folder || !strcmp(folders[i], "facts")) continue;
        size_t samples = list_names(a, folder, ".txt", pastes);
        for (size_t k = 0; k < samples; k++) {
            const char *path = sc_arena_printf(a, "%s/%s", folder, pastes[k]).p;
            sc_buf_printf(&out, "%08x\t%s\n", (unsigned)sum_of(a, path), path);
        }
    }
    write_file(a, SUMS, &out);
    sc_buf_free(&out);
}

static void sums_of_the_corpus_are_what_they_were(void **state)
{
    (void)state;
    sc_arena *a = sc_arena_new(0);
    size_t changed = 0, n = 0;
    if (writes()) write_sums(a);
    for (sc_span rest = read_file(a, SUMS), line, sum, path; rest.n; n++) {
        uint64_t was = 0;
        sc_cut(rest, "\n", &line, &rest);
        sc_cut(line, "\t", &sum, &path);
        const char *file = sc_arena_z(a, path);
        assert_true(sc_span_hex(sum, &was));
        if (sc_file_look(file).exists && sum_of(a, file) == was) continue;
        print_error("%s: not the facts that they were, see `stopcode facts`\n", file);
        changed++;
    }
    sc_arena_free(a);
    if (changed) print_error("what is meant: make facts-snapshots\n");
    assert_int_equal(changed, 0);
    assert_true(n > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_are_what_they_were),
        cmocka_unit_test(sums_of_the_corpus_are_what_they_were),
    };
    return cmocka_run_group_tests(tests, open_knowledge, close_knowledge);
}
