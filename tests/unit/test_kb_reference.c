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
    assert_int_equal(k->n_cpu_clocks, 3);
    assert_string_equal(k->cpu_clocks[2].name, "Phenom(tm) II X4 840");
    assert_int_equal(k->cpu_clocks[2].number, 3200);
    sc_kb_close(kb);
    tree_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_missing_table_is_an_error),
        cmocka_unit_test(values_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
