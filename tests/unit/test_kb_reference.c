/* The tables of kb/reference/: what is read from them. Their faults: test_kb_faults. */
#include "kb_tree.h"

static void a_missing_table_is_an_error(void **state)
{
    (void)state;
    tree t;
    int rc;
    tree_new(&t);
    assert_int_equal(remove(tree_path(&t, "kb/reference/ntstatus.tsv")), 0);
    char *said = lint_of(&t, &rc);
    assert_string_equal(said, "kb/reference/ntstatus.tsv: error: No such file or directory\n");
    assert_int_equal(rc, SC_E_RULE);
    free(said);
    tree_free(&t);
}

static void values_are_read(void **state)
{
    (void)state;
    tree t;
    sc_kb *kb;
    sc_error error;
    tree_new(&t);
    assert_int_equal(sc_kb_open(&kb, t.root, NULL, &error), SC_OK);
    const sc_knowledge *k = sc_kb_knowledge(kb);
    assert_int_equal(k->n_bugchecks, 4);
    assert_false(sc_find_bugcheck(k, 0x9F)->live_dump);
    assert_false(sc_find_bugcheck(k, 0x117)->live_dump); /* it may be a crash */
    assert_true(sc_find_bugcheck(k, 0x141)->live_dump);
    assert_string_equal(sc_find_bugcheck(k, 0x1000007F)->name, "UNEXPECTED_KERNEL_MODE_TRAP");
    const sc_ref_module *m = sc_find_module(k, SC_S("NVLDDMKM.sys"));
    assert_non_null(m);
    assert_string_equal(m->vendor, "NVIDIA");
    assert_string_equal(m->product, "display driver");
    assert_string_equal(m->kind, "display");
    assert_int_equal(m->origin, SC_ORIGIN_THIRD_PARTY);
    assert_int_equal(sc_find_module(k, SC_S("nvraid"))->origin, SC_ORIGIN_INBOX_THIRD_PARTY);
    assert_int_equal(sc_find_module(k, SC_S("unknown_module"))->origin, SC_ORIGIN_PSEUDO);
    assert_string_equal(sc_find_module(k, SC_S("unknown_module"))->vendor, ""); /* written as - */
    assert_string_equal(sc_ntstatus_name(k, 0xc0000005), "STATUS_ACCESS_VIOLATION");
    assert_string_equal(sc_find_ntstatus(k, 0xc000035c)->text, ""); /* written as - */
    assert_int_equal(k->n_cpu_clocks, 3);
    assert_string_equal(k->cpu_clocks[2].name, "Phenom(tm) II X4 840");
    assert_int_equal(k->cpu_clocks[2].number, 3200);
    sc_kb_close(kb);
    tree_free(&t);
}

static const char *text_of(const sc_ref_term *t)
{
    return t ? t->text : NULL;
}

/* Terms are read, stored and loaded; each kind finds its own. */
static void terms_are_found(void **state)
{
    (void)state;
    tree t;
    sc_kb *kb;
    sc_error error;
    tree_new(&t);
    tree_write(
        &t, "kb/reference/terms/function.tsv",
        "term\tname\tmeaning\nnt!Ke*\tkernel\tthe kernel\nnt!KeBugCheck*\tcrash\tstops\nnt!KeBugCheckEx\t-\tstops "
        "for good\n");
    tree_write(&t, "kb/reference/terms/fast-fail.tsv",
               "term\tname\tmeaning\n0x2\tSTACK_COOKIE\ta buffer ran over\n0x10\tLATER\tsorted as a number\n");
    tree_write(&t, "kb/reference/terms/pool-tag.tsv", "term\tname\tmeaning\nThre\tnt\tthreads\nthre\tx\tanother\n");
    char db[512];
    snprintf(db, sizeof db, "%s", tree_path(&t, "stopcode.db"));
    for (int stored = 0; stored < 2; stored++) {
        if (stored) assert_int_equal(sc_kb_compile(t.root, db, NULL, &error), SC_OK);
        assert_int_equal(sc_kb_open(&kb, stored ? db : t.root, NULL, &error), SC_OK);
        const sc_knowledge *k = sc_kb_knowledge(kb);
        assert_string_equal(text_of(sc_find_symbol(k, SC_TERM_FUNCTION, SC_S("nt!KeBugCheckEx"))), "stops for good");
        assert_string_equal(sc_find_symbol(k, SC_TERM_FUNCTION, SC_S("nt!KeBugCheckEx"))->name, "");
        assert_string_equal(text_of(sc_find_symbol(k, SC_TERM_FUNCTION, SC_S("nt!KeBugCheck2"))), "stops");
        assert_string_equal(text_of(sc_find_symbol(k, SC_TERM_FUNCTION, SC_S("nt!KeWaitForSingleObject"))),
                            "the kernel");
        assert_null(sc_find_symbol(k, SC_TERM_FUNCTION, SC_S("nt!K")));
        assert_null(sc_find_symbol(k, SC_TERM_FUNCTION, SC_S("")));
        assert_null(sc_find_term(k, SC_TERM_FUNCTION, SC_S("nt!KeBugCheck2")));
        assert_string_equal(sc_find_number(k, SC_TERM_FAST_FAIL, 2)->name, "STACK_COOKIE");
        assert_string_equal(sc_find_number(k, SC_TERM_FAST_FAIL, 16)->name, "LATER");
        assert_null(sc_find_number(k, SC_TERM_FAST_FAIL, 3));
        assert_null(sc_find_number(k, SC_TERM_WHEA_SOURCE, 0));
        assert_string_equal(text_of(sc_find_term(k, SC_TERM_POOL_TAG, SC_S("thre"))), "another");
        assert_string_equal(text_of(sc_find_term(k, SC_TERM_POOL_TAG, SC_S("Thre"))), "threads");
        sc_kb_close(kb);
    }
    tree_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_table_is_an_error),
        cmocka_unit_test(values_are_read),
        cmocka_unit_test(terms_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
