/* Every message about a source file, pinned: tests/data/kb/faults-*.txt hold the fault and just what lint says of it.
 *
 *     ### what the case shows                 ### what the case shows @ path/of/a/file
 *     text of good-rule.md                    the whole file
 *     ===                                     >>>
 *     what stands in its place                the messages, nothing when there are none
 *     >>>
 *     the messages
 *
 * After a change of wording, `test_kb_faults --accept` writes what lint says now into the files; read the difference.
 */
#include "kb_tree.h"

typedef struct fault {
    sc_span title, path; /* path "": the good rule with `from` replaced by `to` */
    sc_span from, to;    /* with a path, `from` is the file */
    sc_span expected;
} fault;

/* The next part, up to a line that begins with `mark`; *rest is behind that line. */
static sc_span part(sc_span *rest, const char *mark)
{
    sc_span all = *rest;
    for (size_t at = 0; at < all.n;) {
        size_t end = sc_find_char(sc_span_from(all, at), '\n');
        end = end == SC_NPOS ? all.n : at + end + 1;
        if (sc_starts(sc_span_from(all, at), mark)) {
            *rest = sc_span_from(all, end);
            return sc_span_sub(all, 0, at);
        }
        at = end;
    }
    *rest = sc_span_from(all, all.n);
    return all;
}

static bool next_fault(sc_span *rest, fault *f)
{
    sc_span line;
    if (!sc_starts(*rest, "### ")) return false;
    *f = (fault){0};
    sc_cut(sc_span_from(*rest, 4), "\n", &line, rest);
    if (sc_cut(line, " @ ", &f->title, &f->path)) {
        f->from = part(rest, ">>>");
    } else {
        f->from = part(rest, "===");
        f->to = part(rest, ">>>");
        if (f->from.n) f->from.n--; /* the line end belongs to the file of cases */
        if (f->to.n) f->to.n--;
    }
    size_t end = sc_find(*rest, "\n### ");
    f->expected = sc_span_sub(*rest, 0, end == SC_NPOS ? rest->n : end);
    *rest = sc_span_from(*rest, end == SC_NPOS ? rest->n : end + 1);
    return true;
}

static char *z(sc_span s)
{
    char *copy = malloc(s.n + 1);
    assert_non_null(copy);
    if (s.n) memcpy(copy, s.p, s.n);
    copy[s.n] = '\0';
    return copy;
}

static char *said_of(const fault *f, const char *good, int *rc)
{
    char *path = f->path.n ? z(f->path) : z(SC_S("rules/0x9F/good.md")), *from = z(f->from), *to = z(f->to);
    char *text = f->path.n ? z(f->from) : replaced(good, from, to);
    char *said = lint_with(path, text, rc);
    free(path);
    free(from);
    free(to);
    free(text);
    return said;
}

static void check_file(const char *path)
{
    char *cases = file_read(path), *good = file_read(DATA "good-rule.md");
    sc_span rest = sc_span_z(cases);
    size_t n = 0, wrong = 0;
    for (fault f; next_fault(&rest, &f); n++) {
        int rc;
        char *said = said_of(&f, good, &rc);
        bool fails = strstr(said, ": error: ") != NULL;
        if (!sc_eq_z(f.expected, said) || rc != (fails ? SC_E_RULE : SC_OK)) {
            print_error("%s: %.*s (%d)\nexpected:\n%.*ssaid:\n%s", path, SC_F(f.title), rc, SC_F(f.expected), said);
            wrong++;
        }
        free(said);
    }
    free(good);
    free(cases);
    assert_true(n > 5);
    assert_int_equal(rest.n, 0); /* the file was understood to its end */
    assert_int_equal(wrong, 0);
}

static void form(void **state)
{
    (void)state;
    check_file(DATA "faults-form.txt");
}

static void meaning(void **state)
{
    (void)state;
    check_file(DATA "faults-lint.txt");
}

static void patterns(void **state)
{
    (void)state;
    check_file(DATA "faults-pattern.txt");
}

static void never(void **state)
{
    (void)state;
    check_file(DATA "faults-never.txt");
}

static void links(void **state)
{
    (void)state;
    check_file(DATA "faults-links.txt");
}

static void tables(void **state)
{
    (void)state;
    check_file(DATA "faults-tables.txt");
}

static void accept_file(const char *path)
{
    char *cases = file_read(path), *good = file_read(DATA "good-rule.md");
    sc_span rest = sc_span_z(cases);
    sc_buf out = {0};
    for (fault f; next_fault(&rest, &f);) {
        int rc;
        char *said = said_of(&f, good, &rc);
        sc_buf_printf(&out, "%s### %.*s", out.n ? "\n" : "", SC_F(f.title));
        if (f.path.n)
            sc_buf_printf(&out, " @ %.*s\n%.*s", SC_F(f.path), SC_F(f.from));
        else
            sc_buf_printf(&out, "\n%.*s\n===\n%.*s\n", SC_F(f.from), SC_F(f.to));
        sc_buf_printf(&out, ">>>\n%s", said);
        free(said);
    }
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(out.p, 1, out.n, file) != out.n || fclose(file)) perror(path);
    sc_buf_free(&out);
    free(good);
    free(cases);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(form),  cmocka_unit_test(meaning), cmocka_unit_test(patterns),
        cmocka_unit_test(never), cmocka_unit_test(links),   cmocka_unit_test(tables),
    };
    if (argc < 2 || strcmp(argv[1], "--accept") != 0) return cmocka_run_group_tests(tests, NULL, NULL);
    static const char *const files[] = {DATA "faults-form.txt",  DATA "faults-lint.txt",  DATA "faults-pattern.txt",
                                        DATA "faults-never.txt", DATA "faults-links.txt", DATA "faults-tables.txt"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) accept_file(files[i]);
    return 0;
}
