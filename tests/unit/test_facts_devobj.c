/* !devobj (engine/facts/devobj.c). */
#include "tests/unit/facts_fixture.h"

/* Seed 003. */
static const char seed[] = "0: kd> !devobj fffffa800c089050\n"
                           "Device object (fffffa800c089050) is for:\n"
                           " NDMP14 \\Driver\\ZTEusbnet DriverObject fffffa800deeae70\n"
                           "Current Irp 00000000 RefCount 0 Type 00000017 Flags 00002050\n"
                           "Dacl fffff9a10009b881 DevExt fffffa800c0891a0 DevObjExt fffffa800c08a8c0\n"
                           "ExtensionFlags (0x00000800)  DOE_DEFAULT_SD_PRESENT\n"
                           "Characteristics (0x00000100)  FILE_DEVICE_SECURE_OPEN\n"
                           "AttachedTo (Lower) fffffa80070bfa00 \\Driver\\usbccgp\n"
                           "Device queue is not busy.\n";

static void check_seed(const fx *f)
{
    const sc_row *d = fx_row(f, "device", 0);
    assert_int_equal(fx_count(f, "device"), 1);
    assert_true(fx_addr(d, "device") == 0xfffffa800c089050u);
    fx_assert_text(d, "name", "NDMP14");
    fx_assert_text(d, "driver", "ZTEusbnet");
    assert_true(fx_addr(d, "driver_object") == 0xfffffa800deeae70u);
    assert_true(fx_addr(d, "lower") == 0xfffffa80070bfa00u);
    fx_assert_text(d, "lower_driver", "usbccgp");
    assert_int_equal(fx_state(d, "upper"), SC_NULL); /* the last line is there, so it is the top of its stack */
    assert_int_equal(fx_state(d, "current_irp"), SC_NULL);
    assert_int_equal(fx_int(d, "type"), 0x17);
    assert_int_equal(fx_int(d, "flags"), 0x2050);
    assert_true(fx_addr(d, "ext") == 0xfffffa800c0891a0u);
    assert_true(fx_covers_int(f, "device", (int64_t)0xfffffa800c089050u));
}

static void whole(void **state)
{
    (void)state;
    fx f = fx_read(seed);
    check_seed(&f);
    fx_free(&f);
    f = fx_read(strchr(seed, '\n') + 1); /* without its prompt */
    check_seed(&f);
    fx_free(&f);
}

static void flattened(void **state)
{
    (void)state;
    char text[sizeof seed];
    strcpy(text, seed);
    for (char *p = strchr(text, '\n') + 1; *p; p++)
        if (*p == '\n') *p = ' ';
    fx f = fx_read(text);
    check_seed(&f);
    fx_free(&f);
}

/* Only the head is there; and a name that stands on a line of its own belongs to the output. */
static void heads_and_names(void **state)
{
    (void)state;
    fx f = fx_read("Device object (fffffa800c089050) is for:\n");
    assert_int_equal(f.facts->pointer_bytes, 8);
    fx_free(&f);
    f = fx_read("0: kd> !devobj fffffa800c089050\nDevice object (fffffa800c089050) is for:\n NDMP14\n"
                " \\Driver\\ZTEusbnet DriverObject fffffa800deeae70\n");
    fx_assert_text(fx_row(&f, "device", 0), "name", "NDMP14");
    assert_true(f.facts->taken[2]);
    fx_free(&f);
}

static void truncated(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !devobj 8633da70\nDevice object (8633da70) is for:\n adpu160m1 \\Driver\\adpu160m "
                   "DriverObject 8633eeb8\n");
    const sc_row *d = fx_row(&f, "device", 0);
    fx_assert_text(d, "driver", "adpu160m");
    assert_int_equal(fx_state(d, "upper"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(d, "lower"), SC_NOT_PRINTED);
    assert_false(fx_covers_int(&f, "device", 0x8633da70));
    fx_free(&f);
}

/* Sample devobj--checking-for-resource-conflicts-157: no ExtensionFlags, the upper device glued to the flags. */
static void old(void **state)
{
    (void)state;
    fx f = fx_read("kd> !devobj ff0cf030\n\nDevice object (ff0cf030) is for:\n"
                   " IdeFdoff0d0398Channel1 \\Driver\\IntelIde DriverObject ff0d0530\n"
                   "Current Irp 860ef008 RefCount 0 Type 00000004 Flags 00001040AttachedDev ff0cd030\n\n"
                   "DevExt ff0cf0e8 DevNode ff0cfe88\nDevice queue is not busy.\n");
    const sc_row *d = fx_row(&f, "device", 0);
    assert_int_equal(fx_int(d, "flags"), 0x1040);
    assert_true(fx_addr(d, "upper") == 0xff0cd030u);
    assert_int_equal(fx_state(d, "upper_driver"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(d, "lower"), SC_NOT_PRINTED); /* this debugger never shows it */
    assert_true(fx_addr(d, "current_irp") == 0x860ef008u);
    assert_true(fx_addr(d, "devnode") == 0xff0cfe88u);
    fx_free(&f);
}

static void names(void **state)
{
    (void)state;
    fx f = fx_read(
        "kd> !devobj 80e204f8\nDevice object (80e204f8) is for:\n  \\Driver\\PnpManager DriverObject 80e20610\n");
    assert_int_equal(fx_state(fx_row(&f, "device", 0), "name"), SC_NULL);
    fx_assert_text(fx_row(&f, "device", 0), "driver", "PnpManager");
    fx_free(&f);
    f = fx_read("kd> !devobj 80e204f8\nDevice object (80e204f8) is for:\n"
                " Cannot read info offset from nt!ObpInfoMaskToOffset \\FileSystem\\Ntfs DriverObject 80e20610\n");
    assert_int_equal(fx_state(fx_row(&f, "device", 0), "name"), SC_NOT_PRINTED);
    fx_assert_text(fx_row(&f, "device", 0), "driver", "Ntfs");
    fx_free(&f);
    /* a message of the debugger stands between the name and the driver */
    f = fx_read("kd> !devobj fffffa8007cc39a0\nDevice object (fffffa8007cc39a0) is for: \n"
                "HarddiskVolume1*** ERROR: Module load completed but symbols could not be loaded for spgu.sys \n"
                "\\Driver\\volmgr DriverObject fffffa8007b617c0 \n");
    fx_assert_text(fx_row(&f, "device", 0), "name", "HarddiskVolume1");
    fx_assert_text(fx_row(&f, "device", 0), "driver", "volmgr");
    fx_free(&f);
}

static void several(void **state)
{
    (void)state;
    fx f = fx_read(
        "kd> !devobj 80e52778\nDevice object (80e52778) is for:\n 00000034 \\Driver\\PnpManager DriverObject 80e20610\n"
        "ExtensionFlags (0000000000)  \nAttachedDevice (Upper) 80d78b28 \\Driver\\i8042prt\nDevice queue is not busy.\n"
        "I looked at the upper one too.\n"
        "Device object (80d78b28) is for:\n  \\Driver\\i8042prt DriverObject 80e20710\n");
    assert_int_equal(fx_count(&f, "device"), 2);
    fx_assert_text(fx_row(&f, "device", 0), "upper_driver", "i8042prt");
    assert_int_equal(fx_state(fx_row(&f, "device", 0), "lower"), SC_NULL);
    fx_assert_text(fx_row(&f, "device", 1), "driver", "i8042prt");
    fx_free(&f);
}

static void hostile(void **state)
{
    (void)state;
    fx_torture(seed);
    fx f = fx_read("Device object (ffffffff) is for:\n \\Driver\\ DriverObject zz\nType ffffffffffffffffffffff Flags "
                   "AttachedDev AttachedDev \n");
    assert_int_equal(fx_count(&f, "device"), 1);
    assert_int_equal(fx_state(fx_row(&f, "device", 0), "driver"), SC_NOT_PRINTED);
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole),     cmocka_unit_test(flattened), cmocka_unit_test(heads_and_names),
        cmocka_unit_test(truncated), cmocka_unit_test(old),       cmocka_unit_test(names),
        cmocka_unit_test(several),   cmocka_unit_test(hostile),
    };
    return cmocka_run_group_tests_name("!devobj", tests, NULL, NULL);
}
