/* !pcr, !prcb and !dpcs: whole, without prompt, flattened, cut, old and new, several, hostile. */
#include "facts_forms.h"

static const char pcr[] = "0: kd> !pcr\n"
                          "KPCR for Processor 0 at fffff8035f5a4000:\n"
                          "    Major 1 Minor 1\n"
                          "\tNtTib.ExceptionList: fffff80368e77fb0\n"
                          "\t    NtTib.StackBase: fffff80368e76000\n"
                          "\n"
                          "\t            SelfPcr: 0000000000000000\n"
                          "\t               Prcb: fffff8035f5a4180\n"
                          "\t               Irql: 0000000000000000\n"
                          "\t                IRR: 0000000000000000\n"
                          "\n"
                          "\t      CurrentThread: fffff80364926a00\n"
                          "\t         NextThread: ffffe40b77c12040\n"
                          "\t         IdleThread: fffff80364926a11\n"
                          "\n"
                          "\t          DpcQueue:  0xfffff8035f5ac290 0xfffff80363e15630 nt!PpmPerfAction\n"
                          "\t                     0xfffff8035f5ac3d8 0xfffff880045a1123 acmedisk!Dpc+0x23\n";
static const char old_pcr[] = "0: kd> !pcr\n"
                              "PCR Processor 1 @81497000\n"
                              " NtTib.ExceptionList: f0823cc0\n"
                              "                Prcb: 81497120\n"
                              "                Irql: 00000002\n"
                              "       CurrentThread: 8149d8c0\n"
                              "          NextThread: 00000000\n"
                              "          IdleThread: 8149d8c0\n"
                              "            DpcQueue:\n";
static const char prcb[] = "2: kd> !prcb 2\n"
                           "PRCB for Processor 2 at e0000000818ba000:\n"
                           "Current IRQL -- 13\n"
                           "Threads--  Current e0000000818bbe10 Next 0000000000000000 Idle e0000000818bbe20\n"
                           "Number 2 SetMember 00000004\n"
                           "Interrupt Count -- 0000b81f\n"
                           "Times -- Dpc    00000028 Interrupt 000003ff \n"
                           "         Kernel 00005ef4 User      00000385 \n";
static const char dpcs[] = "3: kd> !dpcs\n"
                           "CPU Type      KDPC       Function\n"
                           " 0: Normal  : 0xfffff8035f5ac290 0xfffff80363e15630 nt!PpmPerfAction\n"
                           "Failed to read DPC at 0xffffe40b77190dd8\n"
                           " 4: Threaded: 0xfffff8035f5ac3d8 0xfffff880045a1123 acmedisk!Dpc+0x23\n";

static void reads_pcr(void **state)
{
    (void)state;
    fx f = fx_read(pcr);
    const sc_row *r = fx_row(&f, "processor_state", 0);
    assert_int_equal(fx_int(r, "processor"), 0);
    assert_int_equal(fx_addr(r, "address"), 0xfffff8035f5a4000);
    assert_int_equal(fx_addr(r, "prcb"), 0xfffff8035f5a4180);
    assert_int_equal(fx_int(r, "irql"), 0);
    assert_int_equal(fx_addr(r, "current_thread"), 0xfffff80364926a00);
    assert_int_equal(fx_addr(r, "next_thread"), 0xffffe40b77c12040);
    assert_int_equal(fx_addr(r, "idle_thread"), 0xfffff80364926a11);
    assert_false(fx_bool(r, "idle"));
    assert_true(fx_covers_int(&f, "processor_state", 0));
    assert_int_equal(f.facts->pointer_bytes, 8);
    assert_int_equal(fx_count(&f, "dpc"), 2);
    const sc_row *d = fx_row(&f, "dpc", 1);
    fx_assert_text(d, "kind", "normal");
    fx_assert_text(d, "symbol", "acmedisk!Dpc");
    fx_assert_text(d, "module", "acmedisk");
    assert_int_equal(fx_addr(d, "routine"), 0xfffff880045a1123);
    fx_free(&f);
    fx_assert_forms(pcr, "processor_state", 1, FX_NO_FLAT);
    fx_assert_forms(pcr, "dpc", 2, FX_NO_FLAT);
    char *cut = fx_cut(pcr, 12);
    f = fx_read(cut);
    assert_int_equal(fx_count(&f, "processor_state"), 1);
    assert_false(fx_covers_int(&f, "processor_state", 0));
    assert_int_equal(fx_state(fx_row(&f, "processor_state", 0), "idle"), SC_NOT_PRINTED);
    fx_free(&f);
    free(cut);
    f = fx_read(old_pcr);
    assert_true(f.facts->taken[8]); /* an empty queue */
    r = fx_row(&f, "processor_state", 0);
    assert_int_equal(fx_int(r, "processor"), 1);
    assert_int_equal(fx_int(r, "irql"), 2);
    assert_int_equal(fx_state(r, "next_thread"), SC_NULL);
    assert_true(fx_bool(r, "idle"));
    assert_int_equal(fx_count(&f, "dpc"), 0);
    fx_free(&f);
}

static void reads_prcb(void **state)
{
    (void)state;
    fx f = fx_read(prcb);
    const sc_row *r = fx_row(&f, "processor_state", 0);
    assert_int_equal(fx_int(r, "processor"), 2);
    assert_int_equal(fx_int(r, "irql"), 13);
    assert_int_equal(fx_addr(r, "current_thread"), 0xe0000000818bbe10);
    assert_int_equal(fx_state(r, "next_thread"), SC_NULL);
    assert_false(fx_bool(r, "idle"));
    assert_int_equal(r->last_line, 8);
    fx_free(&f);
    fx_assert_forms(prcb, "processor_state", 1, FX_NO_FLAT);
}

static void reads_dpcs(void **state)
{
    (void)state;
    fx f = fx_read(dpcs);
    assert_int_equal(fx_count(&f, "dpc"), 3);
    assert_int_equal(fx_int(fx_row(&f, "dpc", 0), "processor"), 0);
    fx_assert_text(fx_row(&f, "dpc", 0), "kind", "normal");
    assert_false(fx_bool(fx_row(&f, "dpc", 1), "readable"));
    assert_int_equal(fx_state(fx_row(&f, "dpc", 1), "processor"), SC_NOT_PRINTED);
    assert_int_equal(fx_int(fx_row(&f, "dpc", 2), "processor"), 4);
    fx_assert_text(fx_row(&f, "dpc", 2), "kind", "threaded");
    assert_int_equal(fx_addr(fx_row(&f, "dpc", 2), "kdpc"), 0xfffff8035f5ac3d8);
    assert_false(fx_covers_all(&f, "dpc"));
    fx_free(&f);
    fx_assert_forms(dpcs, "dpc", 3, FX_NO_FLAT);
}

static void reads_the_queues_that_the_watchdog_lists(void **state)
{
    (void)state;
    fx f = fx_read("1: kd> !dpcwatchdog\n"
                   "All durations are in seconds (1 System tick = 15.625000 milliseconds)\n"
                   "--------------------------------------------------\n"
                   "CPU#0\n"
                   "--------------------------------------------------\n"
                   "Current DPC: No Active DPC\n"
                   "Pending DPCs:\n"
                   "----------------------------------------\n"
                   "CPU Type      KDPC       Function\n"
                   " 0: Normal  : 0xfffff8035f5ac290 0xfffff80363e15630 nt!PpmPerfAction\n"
                   "CPU#1\n"
                   "Pending DPCs:\n"
                   "CPU Type      KDPC       Function\n"
                   " 1: Normal  : 0xffffe40b77a1e4c8 0xfffff880045a1123 acmedisk+0x1123\n");
    assert_int_equal(fx_count(&f, "dpc"), 2);
    assert_int_equal(fx_int(fx_row(&f, "dpc", 1), "processor"), 1);
    fx_assert_text(fx_row(&f, "dpc", 1), "module", "acmedisk");
    fx_free(&f);
}

static void noise_is_no_processor(void **state)
{
    (void)state;
    fx f = fx_read(
        "KPCR for Processor x at y:\nIrql: 2\nPRCB for Processor 1 at home:\nCPU Type KDPC\nPCR Processor 2\n"
        "CurrentThread: none\n 0: Normal : day\n");
    assert_int_equal(fx_count(&f, "processor_state"), 0);
    assert_int_equal(fx_count(&f, "dpc"), 0);
    fx_free(&f);
    fx_torture(pcr);
    fx_torture(prcb);
    fx_torture(dpcs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_pcr),
        cmocka_unit_test(reads_prcb),
        cmocka_unit_test(reads_dpcs),
        cmocka_unit_test(reads_the_queues_that_the_watchdog_lists),
        cmocka_unit_test(noise_is_no_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
