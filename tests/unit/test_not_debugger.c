/* Texts that are not debugger output: no fact row and no confirmed rule comes of them. tests/data/not-debugger/ */
#include "facts_fixture.h"
#include "tests/unit/knowledge_fixture.h"

#include <dirent.h>
#include <stdio.h>

#define FOLDER "tests/data/not-debugger/"

static void print_rows(const fx *f)
{
    for (size_t i = 0; f->facts && sc_table_list[i]; i++)
        for (const sc_row *r = sc_facts_first(f->facts, sc_table_list[i]); r; r = r->next)
            fprintf(stderr, "  a row of %s from line %u\n", sc_table_list[i]->name, r->line);
}

/* How often a text was taken for more than it is. */
static int mistakes_over(const char *file, sc_span name, sc_span text)
{
    int wrong = 0;
    sc_error error = {0};
    sc_diagnosis *d = NULL;
    fx f = fx_read_crash(text, sc_kb_knowledge(kb), 0);
    if (f.facts && f.facts->n_rows) {
        fprintf(stderr, "%s, %.*s: %zu fact rows\n", file, SC_F(name), f.facts->n_rows);
        print_rows(&f);
        wrong++;
    }
    fx_free(&f);
    assert_int_equal(sc_diagnose(engine, text, &d, &error), SC_OK);
    for (size_t c = 0; c < d->n_crashes; c++)
        for (size_t i = 0; i < d->crashes[c].n_findings; i++) {
            if (d->crashes[c].findings[i].verdict != SC_CONFIRMED) continue;
            fprintf(stderr, "%s, %.*s: confirms %s\n", file, SC_F(name), d->crashes[c].findings[i].rule->id);
            wrong++;
        }
    sc_diagnosis_free(d);
    return wrong;
}

/* The text with something in front of each line: a quotation, an indented block. */
static int mistakes_behind(const char *file, sc_span name, sc_span text, const char *prefix)
{
    sc_buf b = {0};
    sc_span rest = text, line;
    while (rest.n) {
        sc_cut(rest, "\n", &line, &rest);
        sc_buf_printf(&b, "%s%.*s\n", prefix, SC_F(line));
    }
    assert_false(b.failed);
    int wrong = mistakes_over(file, name, sc_buf_view(&b));
    sc_buf_free(&b);
    return wrong;
}

static int mistakes_in(const char *file, size_t *n)
{
    char path[512];
    snprintf(path, sizeof path, FOLDER "%s", file);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    sc_buf b = {0};
    for (int c; (c = getc(in)) != EOF;) sc_buf_char(&b, (char)c);
    fclose(in);
    sc_span rest = sc_buf_view(&b), text, head, name;
    int wrong = 0;
    sc_cut(rest, "%%%% ", &head, &rest);
    assert_int_equal(sc_trim(head).n, 0);
    while (rest.n) {
        sc_cut(rest, "%%%% ", &text, &rest);
        sc_cut(text, "\n", &name, &text);
        assert_true(sc_trim(text).n > 0);
        static const char *const prefixes[] = {"", "> ", "    "};
        for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
            wrong += mistakes_behind(file, name, text, prefixes[i]);
        ++*n;
    }
    sc_buf_free(&b);
    return wrong;
}

static void nothing_is_made_of_them(void **state)
{
    (void)state;
    DIR *dir = opendir(FOLDER);
    assert_non_null(dir);
    size_t n = 0;
    int wrong = 0;
    for (struct dirent *e; (e = readdir(dir));)
        if (sc_ends(sc_span_z(e->d_name), ".txt")) wrong += mistakes_in(e->d_name, &n);
    closedir(dir);
    assert_int_equal(wrong, 0);
    assert_true(n >= 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_is_made_of_them)};
    return cmocka_run_group_tests(tests, open_knowledge, close_knowledge);
}
