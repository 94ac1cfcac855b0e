/* The files of the site: written only where their bytes change, replaced whole, gone when nothing writes them. */
#include "tests/unit/kb_tree.h"

#include "site/output.h"

static tree folder;

static int set_up(void **state)
{
    (void)state;
    tree_new(&folder); /* a folder of our own; the site goes below it */
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    tree_free(&folder);
    return 0;
}

static const char *site_folder(void)
{
    return tree_path(&folder, "site");
}

/* Files with their texts, ended by NULL. */
static site_result write_site(const char *const *files)
{
    site_output *o = NULL;
    sc_error error = {0};
    site_result result = {0};
    char path[512];
    snprintf(path, sizeof path, "%s", site_folder());
    assert_int_equal(site_output_open(&o, path, &error), SC_OK);
    for (; *files; files += 2) assert_int_equal(site_output_put(o, files[0], sc_span_z(files[1]), &error), SC_OK);
    assert_int_equal(site_output_close(o, &result, &error), SC_OK);
    return result;
}

static void assert_file(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "site/%s", name);
    char *have = file_read(tree_path(&folder, path));
    assert_string_equal(have, text);
    free(have);
}

static bool exists(const char *name)
{
    struct stat s;
    char path[200];
    snprintf(path, sizeof path, "site/%s", name);
    return stat(tree_path(&folder, path), &s) == 0;
}

static ino_t inode(const char *name)
{
    struct stat s;
    char path[200];
    snprintf(path, sizeof path, "site/%s", name);
    assert_int_equal(stat(tree_path(&folder, path), &s), 0);
    return s.st_ino;
}

static void only_what_changed(void **state)
{
    (void)state;
    site_result r = write_site((const char *const[]){"a/b/index.html", "one", "c.html", "two", "d.html", "", NULL});
    assert_int_equal(r.files, 3);
    assert_int_equal(r.written, 3);
    assert_int_equal(r.removed, 0);
    assert_file("a/b/index.html", "one");
    assert_file("d.html", "");
    ino_t first = inode("a/b/index.html"), second = inode("c.html");
    r = write_site((const char *const[]){"a/b/index.html", "one", "c.html", "two", "d.html", "", NULL});
    assert_int_equal(r.written, 0);
    r = write_site((const char *const[]){"a/b/index.html", "one", "c.html", "owt", "d.html", "", NULL});
    assert_int_equal(r.written, 1); /* of the same length */
    assert_file("c.html", "owt");
    assert_int_equal(inode("a/b/index.html"), first);
    assert_int_not_equal(inode("c.html"), second); /* another file took its name */
    assert_false(exists("c.html.new"));
}

static void what_is_gone(void **state)
{
    (void)state;
    write_site((const char *const[]){"a/b/index.html", "one", "a/index.html", "two", "c.html", "three", NULL});
    tree_write(&folder, "site/mine.txt", "not of the site");
    site_result r = write_site((const char *const[]){"a/index.html", "two", NULL});
    assert_int_equal(r.removed, 2);
    assert_false(exists("a/b"));
    assert_false(exists("c.html"));
    assert_file("a/index.html", "two");
    assert_file("mine.txt", "not of the site");
    r = write_site((const char *const[]){"a/index.html", "two", NULL});
    assert_int_equal(r.removed, 0);
}

/* A run that fails removes nothing. */
static void after_a_failure(void **state)
{
    (void)state;
    write_site((const char *const[]){"a.html", "one", "b.html", "two", NULL});
    site_output *o = NULL;
    sc_error error = {0};
    site_result result = {0};
    char path[512];
    snprintf(path, sizeof path, "%s", site_folder());
    assert_int_equal(site_output_open(&o, path, &error), SC_OK);
    assert_int_equal(site_output_put(o, "a.html", SC_S("three"), &error), SC_OK);
    assert_int_equal(site_output_put(o, "a.html/under-a-file", SC_S("x"), &error), SC_E_IO);
    assert_true(*error.text);
    (void)site_output_close(o, &result, &error);
    assert_file("b.html", "two");
    assert_file("a.html", "three");
    site_result r = write_site((const char *const[]){"a.html", "three", NULL}); /* b is still known, and goes now */
    assert_int_equal(r.removed, 1);
    assert_int_equal(r.written, 0);
}

/* Nor does the first run, and the next one goes on where it stood. */
static void after_a_first_failure(void **state)
{
    (void)state;
    site_output *o = NULL;
    sc_error error = {0};
    site_result result = {0};
    char path[512];
    snprintf(path, sizeof path, "%s", site_folder());
    assert_int_equal(site_output_open(&o, path, &error), SC_OK);
    assert_int_equal(site_output_put(o, "a.html", SC_S("one"), &error), SC_OK);
    sc_fail(&error, SC_E_NOMEM, "something else went wrong");
    (void)site_output_close(o, &result, &error);
    site_result r = write_site((const char *const[]){"a.html", "one", "b.html", "two", NULL});
    assert_int_equal(r.written, 1);
}

static void folders_of_others(void **state)
{
    (void)state;
    site_output *o = NULL;
    sc_error error = {0};
    site_result result;
    assert_int_equal(site_output_open(&o, tree_path(&folder, "rules"), &error), SC_E_IO);
    assert_non_null(strstr(error.text, "not of a site"));
    (void)site_output_close(o, &result, &error);
    o = NULL;
    assert_int_equal(site_output_open(&o, tree_path(&folder, "no/such/site"), &error), SC_E_IO);
    (void)site_output_close(o, &result, &error);
    o = NULL;
    assert_int_equal(site_output_open(&o, tree_path(&folder, "rules/0x9F/good.md"), &error), SC_E_IO);
    (void)site_output_close(o, &result, &error);
}

/* The list is a file that somebody may have changed. */
static void a_list_that_leads_out(void **state)
{
    (void)state;
    write_site((const char *const[]){"a.html", "one", NULL});
    char absolute[600];
    snprintf(absolute, sizeof absolute, "%s\n../precious.txt\na/../../precious.txt\nb.html\n\n",
             tree_path(&folder, "precious.txt"));
    tree_write(&folder, "precious.txt", "precious");
    tree_write(&folder, "site/.stopcode-site", absolute);
    site_result r = write_site((const char *const[]){"a.html", "one", NULL});
    assert_int_equal(r.removed, 0);
    char *have = file_read(tree_path(&folder, "precious.txt"));
    assert_string_equal(have, "precious");
    free(have);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_what_changed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_gone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(after_a_failure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(after_a_first_failure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(folders_of_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_that_leads_out, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
