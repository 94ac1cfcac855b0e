/* !timer: Windows 2000 to 11, wrapped, cut, without prompt, several, hostile. */
#include "facts_forms.h"

static const char old[] = "kd> !timer\n"
                          "Dump system timers\n"
                          "\n"
                          "Interrupt time: 9f760774 00000000 [12/ 8/2000 10:59:22.685 (Pacific Standard Time)]\n"
                          "\n"
                          "List Timer    Interrupt Low/High     Fire Time              DPC/thread\n"
                          " 0 8016aea0 P 9fbd8e00 00000000 [12/ 8/2000 10:59:23.154]  ntoskrnl!PopScanIdleList \n"
                          "  1 8257f118   e4e4225a 00000000 [12/ 8/2000 11:01:19.170]  thread 8257f030 \n"
                          " 10 8251c7a8   41f54d84 00000001 [12/ 8/2000 11:03:55.310]  thread 8251c6c0 \n"
                          "    8249fe88   41f54d84 00000001 [12/ 8/2000 11:03:55.310]  thread 8249fda0 \n"
                          "237 82757070   9f660774 00000000 [12/ 8/2000 10:59:22.580]  +f7a56f2e \n"
                          "250 826d42f0   1486bed8 80000000 [         NEVER         ]  thread 825fa030 \n"
                          "\n"
                          "Total Timers: 6, Maximum List: 2\n"
                          "Current Hand: 226, Maximum Search: 0\n"
                          "\n"
                          "Wakeable timers:\n"
                          "    8249fe88   41f54d84 00000001 [12/ 8/2000 11:03:55.310]  thread 8249fda0 \n";
static const char newer[] =
    "lkd> !timer\n"
    "Dump system timers\n"
    "\n"
    "Interrupt time: 7d9c029d 0000045d [ 1/11/2023 11:39:15.492]\n"
    "\n"
    "PROCESSOR 0 (nt!_KTIMER_TABLE fffff8022bef1d80 - Type 0 - High precision)\n"
    "List Timer             Interrupt Low/High Fire Time                  DPC/thread\n"
    "121 ffff9b0f671e7180    89e4c454 0000045d [ 1/11/2023 11:39:36.102]  thread ffff9b0f671e7080 \n"
    "\n"
    "PROCESSOR 2 (nt!_KTIMER_TABLE ffffe70115adfd80 - Type 1 - Standard)\n"
    "List Timer             Interrupt Low/High Fire Time                  DPC/thread\n"
    "    ffffbe86cc224770 P  43fc2e63 00000006 [ 1/11/2023 13:34:01.473]  thread ffffbe86d4d53080 \n"
    "  3 ffffbe86c7ad5710    ff76233d 00000006 [ 1/11/2023 13:39:16.007]   (DPC @ "
    "ffffbe86c7ad5750)+fffff80670ac16b0 \n"
    "    ffffd604202ff9e0 A  475e55fa 00000000 [ 1/11/2023 13:37:21.170]   (DPC @ ffffd604202ffa20)\n"
    " 13 fffffa8003027278   272dde78 000004cf [ 4/ 6/2010 23:34:30.510]  NDIS!ndisMWakeUpDpcX (DPC @ "
    "fffffa80030272b8)\n"
    "\n"
    "Total Timers: 5, Maximum List: 16\n";

static void reads_old(void **state)
{
    (void)state;
    fx f = fx_read(old);
    assert_int_equal(fx_count(&f, "timer"), 6); /* the wakeable one is among them */
    const sc_row *r = fx_row(&f, "timer", 0);
    assert_int_equal(r->line, 7);
    assert_int_equal(fx_addr(r, "timer"), 0x8016aea0);
    assert_int_equal(fx_int(r, "list"), 0);
    assert_true(fx_bool(r, "periodic"));
    assert_int_equal(fx_addr(r, "due"), 0x9fbd8e00);
    fx_assert_text(r, "fires", "12/ 8/2000 10:59:23.154");
    assert_true(fx_real(r, "seconds") > 0.468 && fx_real(r, "seconds") < 0.469);
    fx_assert_text(r, "symbol", "ntoskrnl!PopScanIdleList");
    fx_assert_text(r, "module", "ntoskrnl");
    assert_int_equal(fx_state(r, "thread"), SC_NULL);
    assert_int_equal(fx_state(r, "dpc"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "processor"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "kind"), SC_NOT_PRINTED);
    r = fx_row(&f, "timer", 3);
    assert_int_equal(fx_int(r, "list"), 10);
    assert_int_equal(fx_addr(r, "due"), 0x141f54d84);
    assert_int_equal(fx_addr(r, "thread"), 0x8249fda0);
    assert_int_equal(fx_state(r, "symbol"), SC_NULL);
    assert_int_equal(fx_state(r, "dpc"), SC_NULL);
    r = fx_row(&f, "timer", 4);
    assert_int_equal(fx_addr(r, "routine"), 0xf7a56f2e);
    assert_int_equal(fx_state(r, "symbol"), SC_NOT_PRINTED);
    assert_true(fx_real(r, "seconds") < -0.1);
    r = fx_row(&f, "timer", 5);
    assert_int_equal(fx_state(r, "due"), SC_NULL);
    assert_int_equal(fx_state(r, "fires"), SC_NULL);
    assert_int_equal(fx_state(r, "seconds"), SC_NULL);
    assert_true(fx_covers_all(&f, "timer"));
    assert_true(f.transcript.sections[0].complete);
    assert_int_equal(f.facts->pointer_bytes, 4);
    fx_free(&f);
    fx_assert_forms(old, "timer", 6, FX_NO_FLAT);
}

static void reads_newer(void **state)
{
    (void)state;
    fx f = fx_read(newer);
    assert_int_equal(fx_count(&f, "timer"), 5);
    const sc_row *r = fx_row(&f, "timer", 0);
    assert_int_equal(fx_int(r, "processor"), 0);
    fx_assert_text(r, "kind", "High precision");
    assert_int_equal(fx_int(r, "list"), 121);
    r = fx_row(&f, "timer", 1); /* of another table: the list above is not its own */
    assert_int_equal(fx_int(r, "processor"), 2);
    fx_assert_text(r, "kind", "Standard");
    assert_int_equal(fx_state(r, "list"), SC_NOT_PRINTED);
    assert_true(fx_bool(r, "periodic"));
    r = fx_row(&f, "timer", 2);
    assert_int_equal(fx_addr(r, "dpc"), 0xffffbe86c7ad5750);
    assert_int_equal(fx_addr(r, "routine"), 0xfffff80670ac16b0);
    assert_int_equal(fx_state(r, "symbol"), SC_NOT_PRINTED);
    r = fx_row(&f, "timer", 3);
    assert_false(fx_bool(r, "periodic"));
    assert_int_equal(fx_addr(r, "dpc"), 0xffffd604202ffa20);
    assert_int_equal(fx_state(r, "routine"), SC_NOT_PRINTED);
    r = fx_row(&f, "timer", 4);
    fx_assert_text(r, "symbol", "NDIS!ndisMWakeUpDpcX");
    fx_assert_text(r, "module", "NDIS");
    assert_int_equal(fx_addr(r, "dpc"), 0xfffffa80030272b8);
    assert_true(fx_covers_all(&f, "timer"));
    fx_free(&f);
    fx_assert_forms(newer, "timer", 5, FX_NO_FLAT);
}

static void a_target_may_be_wrapped(void **state)
{
    (void)state;
    fx f = fx_read("lkd> !timer\n"
                   "PROCESSOR 0 (nt!_KTIMER_TABLE fffff80001bfd080)\n"
                   "  5 fffffa8003099810   627684ac 000003df [ 4/ 5/2010 18:58:10.756]\n"
                   "NDIS!ndisMTimerObjectDpc (DPC @ fffffa8003099850)\n"
                   " 16 fffffa8006096c20   6c1613a6 000003df [ 4/ 5/2010 18:58:26.901]\n"
                   "a remark about nt!KeSetTimer\n");
    assert_int_equal(fx_count(&f, "timer"), 2);
    const sc_row *r = fx_row(&f, "timer", 0);
    fx_assert_text(r, "symbol", "NDIS!ndisMTimerObjectDpc");
    assert_int_equal(fx_state(r, "seconds"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "kind"), SC_NOT_PRINTED);
    assert_int_equal(r->last_line, 4);
    assert_int_equal(fx_state(fx_row(&f, "timer", 1), "symbol"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "timer", 1), "thread"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void a_wrapped_target_is_read(void **state)
{
    (void)state;
    fx f = fx_read("lkd> !timer\n"
                   "PROCESSOR 0 (nt!_KTIMER_TABLE fffff80001bfd080)\n"
                   "  5 fffffa8003099810   627684ac 000003df [ 4/ 5/2010 18:58:10.756]\n"
                   "NDIS!ndisMTimerObjectDpc (DPC @ fffffa8003099850)\n");
    assert_true(f.facts->taken[3]);
    fx_free(&f);
}

static void what_is_cut_is_not_whole(void **state)
{
    (void)state;
    char *cut = fx_cut(old, 10);
    fx f = fx_read(cut);
    assert_int_equal(fx_count(&f, "timer"), 3);
    assert_false(fx_covers_all(&f, "timer"));
    fx_free(&f);
    free(cut);
    f = fx_read("kd> !timer\nDump system timers\n" /* one of two was lost */
                " 0 8016aea0 P 9fbd8e00 00000000 [12/ 8/2000 10:59:23.154]  ntoskrnl!PopScanIdleList \n"
                "Total Timers: 2, Maximum List: 1\n");
    assert_int_equal(fx_count(&f, "timer"), 1);
    assert_false(fx_covers_all(&f, "timer"));
    assert_false(f.transcript.sections[0].complete);
    fx_free(&f);
}

static void noise_is_no_timer(void **state)
{
    (void)state;
    fx f = fx_read("Dump system timers with !timer\nInterrupt time: soon\nTotal Timers: many\nPROCESSOR 0 (busy)\n"
                   " 0 8016aea0 P 9fbd8e00 00000000 [soon]  ntoskrnl!PopScanIdleList\n"
                   " 0 8016aea0 P 9fbd8e00 [12/ 8/2000 10:59:23.154]\n"
                   " 0 8016aea0 P 9fbd8e009fbd8e00 00000000 [12/ 8/2000 10:59:23.154]\n"
                   " x 8016aea0 P 9fbd8e00 00000000 [12/ 8/2000 10:59:23.154]\n");
    assert_int_equal(fx_count(&f, "timer"), 0);
    fx_free(&f);
    fx_torture(old);
    fx_torture(newer);
}

static void what_begins_it(void **state)
{
    (void)state;
    static const char *const strong[] = {
        "Dump system timers\n",
        "Interrupt time: 9f760774 00000000 [12/ 8/2000 10:59:22.685]\n",
        "List Timer    Interrupt Low/High     Fire Time              DPC/thread\n",
        "PROCESSOR 4095 (nt!_KTIMER_TABLE fffff80001bfd080)\n",
        "9999 8016aea0 P 9fbd8e00 00000000 [ 1/ 1/2000 10:59:23]\n",
        "8016aea0   9fbd8e00 00000000 [         NEVER         ]\n",
    };
    static const char *const none[] = {
        "Dump system timers now\n",
        "Interrupt time: 9f760774 soon\n",
        "Interrupt time: ffffe0009f760774 00000000\n",
        "List Time     Interrupt Low/High     Fire Time\n",
        "List Timer    Interrupt Low          Fire Time\n",
        "List Timer    Interrupt Low/High     and more\n",
        "PROCESSOR 4096 (nt!_KTIMER_TABLE fffff80001bfd080)\n",
        "PROCESSOR x (nt!_KTIMER_TABLE fffff80001bfd080)\n",
        "PROCESSOR 0 (nt!_KPRCB fffff80001bfd080)\n",
        "PROCESSOR 0 (nt!_KTIMER_TABLE fffff80001bfd080\n",
        "Total Timers: 6\n",
        "Total Timers: six, Maximum List: 2\n",
        "10000 8016aea0 P 9fbd8e00 00000000 [12/ 8/2000 10:59:23.154]\n",
        "0 8016aea0 P 9fbd8e00 00000000 [12/ 8/2000]\n",
        "0 8016aea0 P 9fbd8e00 00000000 [x2/ 8/2000 10:59:23.154]\n",
        "0 8016aea0 P 9fbd8e00 00000000 [12. 8.2000 10:59:23.154]\n",
        "0 8016aea0 P 9fbd8e00 00000000 [12/ 8/2000 10:59:23.154\n",
        "0 8016aea0 P 9fbd8e00 00000000 12/ 8/2000 10:59:23.154]\n",
        "before 8016aea0 the next one\n",
    };
    for (size_t i = 0; i < sizeof strong / sizeof *strong; i++)
        assert_int_equal(fx_taste("!timer", strong[i]), SC_STRONG);
    assert_int_equal(fx_taste("!timer", "Total Timers: 6, Maximum List: 2\n"), SC_WEAK);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) assert_int_equal(fx_taste("!timer", none[i]), SC_ABSTAIN);
    fx_assert_taken(newer);
    char *head = fx_cut(old, 18); /* what follows "Wakeable timers:" is above as well */
    *strstr(head, "Wakeable timers:") = '\0';
    fx_assert_taken(head);
    free(head);
}

static void times_have_two_halves(void **state)
{
    (void)state;
    fx f = fx_read("kd> !timer\n"
                   "Interrupt time: 00000001 00000002 [12/ 8/2000 10:59:22.685]\n"
                   "  1 8257f118   00000001 00000002 [12/ 8/2000 10:59:22.685]  thread 8257f030 and more\n"
                   "  2 8257f218   00000001 00000003 [12/ 8/2000 11:06:32.181]  (DPC @ 8257f258) \n"
                   "Dump system timers\n"
                   "    8257f318   00000001 00000002 [12/ 8/2000 10:59:22.685]  \n"
                   "thread 8257f330\n"
                   "Total Timers: 1, Maximum List: 2\n");
    assert_int_equal(fx_count(&f, "timer"), 3);
    const sc_row *r = fx_row(&f, "timer", 0);
    assert_int_equal(fx_addr(r, "due"), 0x200000001);
    assert_true(fx_real(r, "seconds") == 0);
    assert_int_equal(fx_state(r, "thread"), SC_NOT_PRINTED);
    assert_true(fx_real(fx_row(&f, "timer", 1), "seconds") > 429.4 &&
                fx_real(fx_row(&f, "timer", 1), "seconds") < 429.6);
    r = fx_row(&f, "timer", 2); /* another output: its time is lost */
    assert_int_equal(fx_state(r, "seconds"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "list"), SC_NOT_PRINTED);
    assert_int_equal(fx_addr(r, "thread"), 0x8257f330);
    assert_int_equal(fx_state(r, "module"), SC_NULL);
    assert_true(fx_covers_all(&f, "timer"));
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_old),
        cmocka_unit_test(reads_newer),
        cmocka_unit_test(a_target_may_be_wrapped),
        cmocka_unit_test(a_wrapped_target_is_read),
        cmocka_unit_test(what_is_cut_is_not_whole),
        cmocka_unit_test(noise_is_no_timer),
        cmocka_unit_test(what_begins_it),
        cmocka_unit_test(times_have_two_halves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
