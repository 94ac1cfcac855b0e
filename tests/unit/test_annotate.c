/* Notes on status codes: with a meaning, without one, and none on what only looks like a status. */
#include "engine/stopcode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const sc_ref_number statuses[] = {
    {0xc00000bb, "STATUS_NOT_SUPPORTED", "The request is not supported"},
    {0xc0000185, "STATUS_IO_DEVICE_ERROR", "The device reports an error"},
    {0xc000035c, "STATUS_NETWORK_SESSION_EXPIRED", ""},
    {0xc0220014, "STATUS_FWP_INCOMPATIBLE_LAYER", ""},
};
static const sc_knowledge knowledge = {.ntstatus = statuses, .n_ntstatus = sizeof statuses / sizeof *statuses};

typedef struct notes {
    sc_engine *engine;
    sc_reading *reading;
    const sc_annotation *list;
    size_t n;
} notes;

static notes read_notes(const char *paste)
{
    notes n = {0};
    sc_error error = {0};
    assert_int_equal(sc_engine_new(&n.engine, &knowledge, &error), SC_OK);
    assert_int_equal(sc_reading_new(&n.reading, n.engine, sc_span_z(paste), &error), SC_OK);
    assert_int_equal(sc_reading_annotate(n.reading, &n.list, &n.n, &error), SC_OK);
    return n;
}

static void free_notes(notes *n)
{
    sc_reading_free(n->reading);
    sc_engine_free(n->engine);
}

/* The note on `subject`; NULL. */
static const sc_annotation *note_on(const notes *n, const char *subject)
{
    for (size_t i = 0; i < n->n; i++)
        if (sc_eq_z(n->list[i].subject, subject)) return &n->list[i];
    return NULL;
}

static void assert_note(const notes *n, const char *subject, const char *text)
{
    const sc_annotation *a = note_on(n, subject);
    assert_non_null(a);
    if (!a) return;
    assert_int_equal(a->text.n, strlen(text));
    assert_memory_equal(a->text.p, text, a->text.n);
}

#define IRP(status)                                                                                                    \
    "0: kd> !irp fffffa8008f5cc10 7\n"                                                                                 \
    "Irp is active with 10 stacks 10 is current (= 0xfffffa8008f5cf68)\n"                                              \
    "IoStatus.Status = " status "\n"                                                                                   \
    "     cmd  flg cl Device   File     Completion-Context\n"                                                          \
    ">[ 1b,17]   0  0 fffffa800c089050 00000000 00000000-00000000\n"

static void test_meaning(void **state)
{
    (void)state;
    notes n = read_notes(IRP("c00000bb"));
    assert_note(&n, "c00000bb", "STATUS_NOT_SUPPORTED: The request is not supported");
    free_notes(&n);
}

/* A status that nobody wrote a sentence about has its name, and no colon that leads nowhere. */
static void test_no_meaning(void **state)
{
    (void)state;
    notes n = read_notes(IRP("c000035c"));
    assert_note(&n, "c000035c", "STATUS_NETWORK_SESSION_EXPIRED");
    free_notes(&n);
}

static void test_not_listed(void **state)
{
    (void)state;
    notes n = read_notes(IRP("c000035d"));
    assert_null(note_on(&n, "c000035d"));
    free_notes(&n);
}

/* First, last and neighbour of the table. */
static void test_lookup(void **state)
{
    (void)state;
    assert_string_equal(sc_ntstatus_name(&knowledge, 0xc00000bb), "STATUS_NOT_SUPPORTED");
    assert_string_equal(sc_ntstatus_name(&knowledge, 0xc0220014), "STATUS_FWP_INCOMPATIBLE_LAYER");
    assert_string_equal(sc_find_ntstatus(&knowledge, 0xc000035c)->text, "");
    assert_null(sc_find_ntstatus(&knowledge, 0xc0220015));
    assert_null(sc_find_ntstatus(&knowledge, 0));
    assert_null(sc_ntstatus_name(&(sc_knowledge){0}, 0xc00000bb));
}

/* Page tables of x86 lie from c0000000 on. */
static void test_page_table(void **state)
{
    (void)state;
    notes n = read_notes("0: kd> !pte 88005000\n"
                         "                    VA c0220014\n"
                         "PDE at C0300880            PTE at C0000185\n"
                         "contains 0103D063        contains c00000bb\n"
                         "pfn 103d ---DA--KWEV    pfn ea17 ---DA--KWEV\n");
    assert_null(note_on(&n, "c0220014"));
    assert_null(note_on(&n, "C0000185"));
    free_notes(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_meaning), cmocka_unit_test(test_no_meaning), cmocka_unit_test(test_not_listed),
        cmocka_unit_test(test_lookup),  cmocka_unit_test(test_page_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
