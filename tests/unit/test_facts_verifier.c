/* !verifier, newer and older, flattened, with drivers and their pool. */
#include "facts_fixture.h"

/* seed 003 */
#define BOXES                                                                                                          \
    "STANDARD FLAGS: [X] (0x00000000) Automatic Checks [X] (0x00000001) Special pool [X] (0x00000002) Force IRQL "     \
    "checking [X] (0x00000008) Pool tracking [X] (0x00000010) I/O verification [X] (0x00000020) Deadlock detection "   \
    "[X] (0x00000080) DMA checking [X] (0x00000100) Security checks [X] (0x00000800) Miscellaneous checks\n\n"         \
    "ADDITIONAL FLAGS: [ ] (0x00000004) Randomized low resources simulation [ ] (0x00000200) Force pending I/O "       \
    "requests [X] (0x00000400) IRP logging\n\n[X] Indicates flag is enabled\n\nWe can see every option.\n"
static const char flattened[] = "1: kd> !verifier\n\nVerify Flags Level 0x00000dbb\n\n" BOXES;

static bool enabled(const fx *f, int64_t flag)
{
    const sc_row *r = fx_find_int(f, "verifier_flag", "flag", flag);
    if (!r) fail_msg("no flag 0x%llx", (unsigned long long)flag);
    return fx_bool(r, "enabled");
}

static void reads_flattened_flags(void **state)
{
    (void)state;
    fx f = fx_read(flattened);
    assert_int_equal(fx_addr(fx_row(&f, "verifier", 0), "flags"), 0xdbb);
    uint64_t sum = 0;
    for (size_t i = 0; i < fx_count(&f, "verifier_flag"); i++)
        if (fx_bool(fx_row(&f, "verifier_flag", i), "enabled")) sum |= fx_addr(fx_row(&f, "verifier_flag", i), "flag");
    assert_int_equal(sum, 0xdbb);
    assert_true(enabled(&f, 1) && enabled(&f, 2) && enabled(&f, 0x400));
    assert_false(enabled(&f, 4) || enabled(&f, 0x200) || enabled(&f, 0x20000));
    fx_assert_text(fx_find_int(&f, "verifier_flag", "flag", 0x800), "name", "Miscellaneous checks");
    fx_assert_text(fx_find_int(&f, "verifier_flag", "flag", 0x200), "name", "Force pending I/O requests");
    assert_int_equal(fx_find_int(&f, "verifier_flag", "flag", 0x200)->line, 7);
    assert_int_equal(fx_find_int(&f, "verifier_flag", "flag", 0x20000)->line, 3); /* only the level tells */
    assert_true(fx_covers_all(&f, "verifier_flag") && fx_covers_all(&f, "verifier"));
    assert_null(fx_find_int(&f, "verifier_flag", "flag", 0));
    fx_free(&f);
}

static void boxes_alone_tell_their_flags(void **state)
{
    (void)state;
    fx f = fx_read(BOXES);
    assert_int_equal(fx_count(&f, "verifier"), 0);
    assert_true(enabled(&f, 0x10));
    assert_true(fx_covers_int(&f, "verifier_flag", 0x10));
    assert_false(fx_covers_all(&f, "verifier_flag"));
    fx_free(&f);
    /* and all of it on one line */
    f = fx_read(
        "kd> !verifier\nVerify Flags Level 0x00000001 STANDARD FLAGS: [X] (0x00000001) Special pool ADDITIONAL FLAGS: "
        "[ ] (0x00000004) Randomized low resources simulation\n");
    assert_int_equal(fx_addr(fx_row(&f, "verifier", 0), "flags"), 1);
    fx_assert_text(fx_find_int(&f, "verifier_flag", "flag", 1), "name", "Special pool");
    assert_false(enabled(&f, 4));
    fx_free(&f);
}

/* sample verifier--verifier-151 */
static const char older[] = "2: kd> !verifier 0xf\n\n"
                            "Verify Level 9bb ... enabled options are:\n"
                            "    Special pool\n"
                            "    Special irql\n"
                            "    Miscellaneous checks enabled\n\n"
                            "Summary of All Verifier Statistics\n\n"
                            "RaiseIrqls                             0x0\n"
                            "Pool Allocations Failed                0x34f\n"
                            "Current paged pool allocations         0x1a for 00000950 bytes\n\n"
                            "Driver Verification List\n\n"
                            "Entry     State           NonPagedPool   PagedPool   Module\n\n"
                            "fffffa8003b6f670 Loaded           000000a0       00000854    videoprt.sys\n\n"
                            "Current Pool Allocations  00000002    00000013\n"
                            "PoolAddress  SizeInBytes    Tag       CallersAddress\n"
                            "fffff9800157efc0     0x0000003c     Vprt      fffff88002c62963\n"
                            "...\n";

static void reads_the_older_form(void **state)
{
    (void)state;
    fx f = fx_read(older);
    assert_int_equal(fx_addr(fx_row(&f, "verifier", 0), "flags"), 0x9bb);
    assert_true(enabled(&f, 1) && enabled(&f, 0x800));
    assert_false(enabled(&f, 0x400));
    const sc_row *r = fx_find_text(&f, "verifier_counter", "name", "Pool Allocations Failed");
    assert_int_equal(fx_int(r, "value"), 0x34f);
    assert_int_equal(fx_int(fx_find_text(&f, "verifier_counter", "name", "Current paged pool allocations"), "value"),
                     0x1a);
    r = fx_row(&f, "verifier_driver", 0);
    fx_assert_text(r, "module", "videoprt");
    fx_assert_text(r, "state", "Loaded");
    assert_int_equal(fx_int(r, "np_bytes"), 0xa0);
    assert_int_equal(fx_int(r, "p_bytes"), 0x854);
    r = fx_row(&f, "verifier_pool", 0);
    fx_assert_text(r, "module", "videoprt");
    fx_assert_text(r, "tag", "Vprt");
    assert_int_equal(fx_int(r, "bytes"), 0x3c);
    assert_int_equal(fx_state(r, "symbol"), SC_NULL);
    fx_free(&f);
}

static void reads_a_driver_in_the_newer_form(void **state)
{
    (void)state;
    fx f = fx_read("kd> !verifier 3 Mydriver.sys\nVerify Flags Level 0x000209bb\n"
                   "## Driver Verification List\n\n  MODULE: 0x84226b28 MyDriver.sys (Loaded)\n\n"
                   "    Pool Allocation Statistics: ( NonPagedPool / PagedPool )\n"
                   "      Current Pool Bytes:       ( 0x00001058 / 0x00000000 )\n"
                   "      0x8645a000  0x00001008  mdrv  0x9a3bf687  MyDriver!DeviceControlDispatch\n");
    const sc_row *r = fx_row(&f, "verifier_driver", 0);
    fx_assert_text(r, "module", "MyDriver");
    assert_int_equal(fx_int(r, "np_bytes"), 0x1058);
    assert_int_equal(fx_int(r, "p_bytes"), 0);
    fx_assert_text(fx_row(&f, "verifier_pool", 0), "symbol", "MyDriver!DeviceControlDispatch");
    assert_true(enabled(&f, 0x20000));
    fx_free(&f);
}

static void nothing_is_verified(void **state)
{
    (void)state;
    fx f = fx_read("kd> !verifier\nVerify Flags Level 0x00000000\n");
    assert_int_equal(fx_addr(fx_row(&f, "verifier", 0), "flags"), 0);
    assert_false(enabled(&f, 1));
    fx_free(&f);
    f = fx_read("kd> !verifier\nVerifier package not found\n[X] I did it\nVerify Level of the water.\n");
    assert_int_equal(fx_count(&f, "verifier_flag"), 0);
    assert_false(fx_covers_all(&f, "verifier"));
    fx_free(&f);
}

/* A post about Verifier goes on behind its output, and starts a sentence with the name of an option. */
static void prose_is_left_alone(void **state)
{
    (void)state;
    fx f = fx_read("1: kd> !verifier\nVerify Level 9bb ... enabled options are:\n    Special pool\n\n"
                   "Special pool puts every block on a page of its own.\nSpecial irql\n");
    assert_true(f.facts->taken[2]);
    assert_false(f.facts->taken[4]);
    assert_true(f.facts->taken[5]);
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(
        "1: kd> !verifier\nVerify Flags Level 0x00000dbb\nSTANDARD FLAGS: [X] (0x00000001) Special pool [ ] (0x4) R\n"
        "Driver Verification List\nMODULE: 0x84226b28 a.sys (Loaded)\nCurrent Pool Bytes: ( 0x1 / 0x2 )\n"
        "0x8645a000  0x00001008  mdrv  0x9a3bf687  a!b\nTrims 0x0\n");
    fx f = fx_read("kd> !verifier\nVerify Flags Level 0xffffffffffffffff\n[X] (0xffffffffffffffff) x[X] (0x) y[[[[\n");
    assert_int_equal(fx_count(&f, "verifier"), 0);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_flattened_flags), cmocka_unit_test(boxes_alone_tell_their_flags),
        cmocka_unit_test(reads_the_older_form),  cmocka_unit_test(reads_a_driver_in_the_newer_form),
        cmocka_unit_test(nothing_is_verified),   cmocka_unit_test(prose_is_left_alone),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
