/* !qlocks: whole, with lost columns, cut, without prompt, several, hostile. */
#include "facts_forms.h"

#include <stdio.h>

#define HEAD                                                                                                           \
    "0: kd> !qlocks\n"                                                                                                 \
    "Key: O = Owner, 1-n = Wait order, blank = not owned/waiting, C = Corrupt\n"                                       \
    "\n"                                                                                                               \
    "                       Processor Number\n"                                                                        \
    "    Lock Name         0  1  2  3\n"                                                                               \
    "\n"
#define MIDDLE                                                                                                         \
    "CC   - Vacb\n"                                                                                                    \
    "CC   - Master\n"                                                                                                  \
    "EX   - NonPagedPool\n"                                                                                            \
    "IO   - Cancel               C\n"                                                                                  \
    "EX   - WorkQueue\n"                                                                                               \
    "IO   - Vpb\n"                                                                                                     \
    "IO   - Database\n"                                                                                                \
    "IO   - Completion\n"                                                                                              \
    "NTFS - Struct\n"                                                                                                  \
    "AFD  - WorkQueue\n"                                                                                               \
    "CC   - Bcb\n"
static const char whole[] = HEAD "KE   - Dispatcher     1     O  2\n"
                                 "KE   - Unused Spare\n"
                                 "MM   - PFN               O      \n"
                                 "MM   - System Space\n" MIDDLE "MM   - MM NonPagedPool            O\n"
                                 "0: kd> \n";

static void reads_all(void **state)
{
    (void)state;
    fx f = fx_read(whole);
    assert_int_equal(fx_count(&f, "queued_lock"), 16);
    const sc_row *r = fx_row(&f, "queued_lock", 0);
    fx_assert_text(r, "name", "KE - Dispatcher");
    assert_int_equal(fx_int(r, "owner"), 2);
    assert_int_equal(fx_int(r, "waiters"), 2);
    assert_false(fx_bool(r, "corrupt"));
    assert_int_equal(r->line, 7);
    r = fx_row(&f, "queued_lock", 1);
    assert_int_equal(fx_state(r, "owner"), SC_NULL);
    assert_int_equal(fx_int(r, "waiters"), 0);
    r = fx_find_text(&f, "queued_lock", "name", "IO - Cancel");
    assert_true(fx_bool(r, "corrupt"));
    r = fx_find_text(&f, "queued_lock", "name", "MM - MM NonPagedPool");
    assert_int_equal(fx_int(r, "owner"), 3); /* its letters stand three columns further */
    assert_int_equal(fx_count(&f, "queued_lock_processor"), 6);
    r = fx_row(&f, "queued_lock_processor", 0);
    fx_assert_text(r, "name", "KE - Dispatcher");
    assert_int_equal(fx_int(r, "processor"), 0);
    fx_assert_text(r, "role", "waiter");
    assert_int_equal(fx_int(r, "position"), 1);
    r = fx_row(&f, "queued_lock_processor", 1);
    assert_int_equal(fx_int(r, "processor"), 2);
    fx_assert_text(r, "role", "owner");
    assert_int_equal(fx_state(r, "position"), SC_NULL);
    assert_int_equal(fx_int(fx_row(&f, "queued_lock_processor", 2), "position"), 2);
    assert_int_equal(fx_int(fx_row(&f, "queued_lock_processor", 2), "processor"), 3);
    assert_int_equal(fx_int(fx_row(&f, "queued_lock_processor", 3), "processor"), 1);
    fx_assert_text(fx_row(&f, "queued_lock_processor", 4), "role", "corrupt");
    assert_int_equal(fx_int(fx_row(&f, "queued_lock_processor", 4), "processor"), 2);
    assert_true(fx_covers_all(&f, "queued_lock"));
    assert_true(fx_covers_all(&f, "queued_lock_processor"));
    assert_true(f.transcript.sections[0].complete);
    fx_free(&f);
    fx_assert_forms(whole, "queued_lock", 16, FX_NO_FLAT);
    fx_assert_forms(whole, "queued_lock_processor", 6, FX_NO_FLAT);
}

static void lost_columns_are_not_guessed(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !qlocks\n"
                   "Key: O = Owner, 1-n = Wait order, blank = not owned/waiting, C = Corrupt\n"
                   "Processor Number\n"
                   "Lock Name 0 1 2 3\n"
                   "KE - Dispatcher 1 O 2\n"
                   "MM - PFN 1 O 2 3\n"
                   "MM - System Space\n"
                   "CC - Vacb O\n");
    assert_int_equal(fx_count(&f, "queued_lock"), 4);
    const sc_row *r = fx_row(&f, "queued_lock", 0);
    assert_int_equal(fx_state(r, "owner"), SC_NOT_PRINTED);
    assert_int_equal(fx_int(r, "waiters"), 2);
    assert_int_equal(fx_state(fx_row(&f, "queued_lock_processor", 0), "processor"), SC_NOT_PRINTED);
    fx_assert_text(fx_row(&f, "queued_lock_processor", 1), "role", "owner");
    assert_int_equal(fx_int(fx_row(&f, "queued_lock", 1), "owner"), 1); /* a letter for each processor */
    assert_int_equal(fx_int(fx_row(&f, "queued_lock_processor", 6), "processor"), 3);
    assert_false(fx_covers_text(&f, "queued_lock", "KE - Dispatcher"));
    assert_true(fx_covers_text(&f, "queued_lock", "MM - PFN"));
    assert_true(fx_covers_text(&f, "queued_lock", "MM - System Space"));
    assert_false(fx_covers_text(&f, "queued_lock", "CC - Vacb"));
    assert_false(fx_covers_all(&f, "queued_lock"));
    fx_free(&f);
    f = fx_read(HEAD "KE   - Dispatcher      O\nMM   - PFN            O\n"); /* between two columns */
    assert_int_equal(fx_state(fx_row(&f, "queued_lock_processor", 0), "processor"), SC_NOT_PRINTED);
    assert_int_equal(fx_int(fx_row(&f, "queued_lock_processor", 1), "processor"), 0);
    fx_free(&f);
}

static void what_is_cut_is_not_whole(void **state)
{
    (void)state;
    char *cut = fx_cut(whole, 13);
    fx f = fx_read(cut);
    assert_int_equal(fx_count(&f, "queued_lock"), 6);
    assert_false(fx_covers_all(&f, "queued_lock"));
    assert_false(f.transcript.sections[0].complete);
    fx_free(&f);
    free(cut);
    f = fx_read(HEAD "KE   - Dispatcher\nMM   - PFN"); /* what follows the name may be cut off */
    assert_true(fx_covers_text(&f, "queued_lock", "KE - Dispatcher"));
    assert_false(fx_covers_text(&f, "queued_lock", "MM - PFN"));
    fx_free(&f);
    size_t n = strlen(whole) - strlen("0: kd> \n");
    f = fx_read_crash((sc_span){whole, n}, NULL, 0);
    assert_int_equal(fx_count(&f, "queued_lock"), 16);
    assert_false(fx_covers_all(&f, "queued_lock"));
    fx_free(&f);
}

static void many_processors_have_two_digits(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !qlocks\n"
                   "    Lock Name         0  1  2  3  4  5  6  7  8  9 10 11\n"
                   "KE   - Dispatcher     1                             O\n"
                   "MM   - PFN            O                            10\n");
    assert_int_equal(fx_int(fx_row(&f, "queued_lock", 0), "owner"), 10);
    assert_int_equal(fx_int(fx_row(&f, "queued_lock_processor", 3), "processor"), 10);
    assert_int_equal(fx_int(fx_row(&f, "queued_lock_processor", 3), "position"), 10);
    fx_free(&f);
}

static void noise_is_no_lock(void **state)
{
    (void)state;
    fx f = fx_read("Key: O = Owner\nLock Name 1 2 3\nLock Name\nKE - Dispatcher O\nMM - PFN\n");
    assert_int_equal(fx_count(&f, "queued_lock"), 0);
    fx_free(&f);
    f = fx_read(HEAD "KE   - Dispatcher     O\nCC - Joe, who saw the same thing on his machine\nMM   - PFN\n"
                     "KE - O O O O O\nPS - thanks\n");
    assert_int_equal(fx_count(&f, "queued_lock"), 1);
    fx_free(&f);
    static const char *const prose[] = {"PS - thanks\n",          "thanks\n",     "KE\n", "KE -\n", "KE - 2 of them\n",
                                        "MM - PFN O by itself\n", "NTFS Struct\n"};
    for (size_t i = 0; i < sizeof prose / sizeof *prose; i++) {
        char text[400];
        strcat(strcat(strcpy(text, HEAD "KE   - Dispatcher\n"), prose[i]), "MM   - PFN\n");
        f = fx_read(text);
        assert_int_equal(fx_count(&f, "queued_lock"), 1);
        fx_free(&f);
    }
    fx_torture(whole);
}

static void what_begins_it(void **state)
{
    (void)state;
    static const char *const strong[] = {
        "Key: O = Owner, 1-n = Wait order, blank = not owned/waiting, C = Corrupt\n",
        "    Lock Name         0  1\n",
        "Lock Name 0\n",
    };
    static const char *const none[] = {
        "Kez: O = Owner, 1-n = Wait order\n",
        "Key; O = Owner, 1-n = Wait order\n",
        "Key: X = Owner, 1-n = Wait order\n",
        "Key: O = Owner, 1-n = order\n",
        "Lock Name 1  2\n",
        "Lock Name 0  2\n",
        "Lock Name    \n",
        "Lock Name 0  1 and more\n",
        "KE   - Dispatcher\n",
        "    Processor Number\n",
    };
    for (size_t i = 0; i < sizeof strong / sizeof *strong; i++)
        assert_int_equal(fx_taste("!qlocks", strong[i]), SC_STRONG);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_int_equal(fx_taste("!qlocks", none[i]), SC_ABSTAIN);
    size_t n = strlen(whole) - strlen("0: kd> \n");
    char text[2000];
    memcpy(text, whole, n);
    text[n] = '\0';
    fx_assert_taken(text);
}

/* Processors 0 to n - 1, three columns wide each. */
static char *many(char *to, int n)
{
    to += sprintf(to, "0: kd> !qlocks\n    Lock Name       ");
    for (int i = 0; i < n; i++) to += sprintf(to, "%3d", i);
    return to + sprintf(to, "\n");
}

static void every_processor_has_a_column(void **state)
{
    (void)state;
    char text[2000], *end = many(text, 100);
    sprintf(end, "KE   - Dispatcher     O  C\n");
    fx f = fx_read(text);
    assert_int_equal(fx_count(&f, "queued_lock_processor"), 2);
    assert_int_equal(fx_int(fx_row(&f, "queued_lock", 0), "owner"), 0);
    assert_true(fx_bool(fx_row(&f, "queued_lock", 0), "corrupt"));
    fx_free(&f);
    end = many(text, 101);
    sprintf(end, "KE   - Dispatcher     O\n");
    f = fx_read(text);
    assert_int_equal(fx_count(&f, "queued_lock"), 0);
    fx_free(&f);
    end = many(text, 2); /* a letter behind the last processor, and letters that are none */
    sprintf(end, "KE   - Dispatcher           O\nMM   - PFN O C O\nCC   - Vacb            0\nCC   - Master        300\n"
                 "KE   - A name that is much longer than any\n");
    f = fx_read(text);
    assert_int_equal(fx_state(fx_row(&f, "queued_lock_processor", 0), "processor"), SC_NOT_PRINTED);
    assert_int_equal(fx_count(&f, "queued_lock"), 1);
    fx_free(&f);
}

static void messages_do_not_end_the_table(void **state)
{
    (void)state;
    fx f = fx_read(HEAD "KE   - Dispatcher\n"
                        "*** ERROR: Module load completed but symbols could not be loaded for acme.sys\n"
                        "MM   - PFN\n"
                        "Key: O = Owner, 1-n = Wait order, blank = not owned/waiting, C = Corrupt\n"
                        "CC   - Vacb\n");
    assert_int_equal(fx_count(&f, "queued_lock"), 2); /* of the second, the numbers are lost */
    fx_free(&f);
    static const char *const names[] = {
        "KE - Dispatcher", "KE - Unused Spare", "MM - PFN",          "MM - System Space",
        "CC - Vacb",       "CC - Master",       "EX - NonPagedPool", "IO - Cancel",
        "EX - WorkQueue",  "IO - Vpb",          "IO - Database",     "IO - Completion",
        "NTFS - Struct",   "AFD - WorkQueue",   "CC - Bcb",          "MM - MM NonPagedPool"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) { /* in the last line of a paste */
        char text[400];
        strcat(strcpy(text, HEAD), names[i]);
        f = fx_read(text);
        fx_assert_text(fx_row(&f, "queued_lock", 0), "name", names[i]);
        fx_free(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all),
        cmocka_unit_test(lost_columns_are_not_guessed),
        cmocka_unit_test(what_is_cut_is_not_whole),
        cmocka_unit_test(many_processors_have_two_digits),
        cmocka_unit_test(noise_is_no_lock),
        cmocka_unit_test(what_begins_it),
        cmocka_unit_test(every_processor_has_a_column),
        cmocka_unit_test(messages_do_not_end_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
