/* !drvobj, !object, !handle, !error, !gle (engine/facts/drvobj.c, object.c, error_code.c). */
#include "tests/unit/facts_forms.h"

/* Sample drvobj--getting-started-with-windbg-kernel-mode-392. */
static const char driver[] =
    "0: kd> !drvobj disk 2\n"
    "Driver object (ffffe00001d52680) is for:\n"
    " \\Driver\\disk\n"
    "DriverEntry:   fffff800006b1270 disk!GsDriverEntry\n"
    "DriverStartIo: 00000000 \n"
    "DriverUnload:  fffff800010b0b5c CLASSPNP!ClassUnload\n"
    "AddDevice:     fffff800010aa110 CLASSPNP!ClassAddDevice\n\n"
    "Dispatch routines:\n"
    "[00] IRP_MJ_CREATE                      fffff8000106d160    CLASSPNP!ClassGlobalDispatch\n"
    "[16] IRP_MJ_POWER                       fffff8000106d160    CLASSPNP!ClassGlobalDispatch\n"
    "[1b] IRP_MJ_PNP                         fffff8000106d160    CLASSPNP!ClassGlobalDispatch\n";
/* Sample drvobj--javascript-debugger-example-scripts-649. */
static const char devices[] = "0: kd>  !drvobj HDAudBus\n"
                              "Driver object (ffffb60757a4ae60) is for:\n"
                              " \\Driver\\HDAudBus\n"
                              "Driver Extension List: (id , addr)\n"
                              "(fffff8050a9eb290 ffffb60758413180)  \n"
                              "Device Object list:\n"
                              "ffffb60758e21810  ffffb60757a67c60\n";
/* Sample object--extensions-for-debugging-scsi-miniport-drivers-38. */
static const char object[] = "0: kd> !object \\device\\scsi\n"
                             "Object: e12a2520  Type: (863d12c8) Directory\n"
                             "    ObjectHeader: e12a2508\n"
                             "    HandleCount: 0  PointerCount: 9\n"
                             "    Directory Object: e1001100  Name: Scsi\n\n"
                             "    Hash Address  Type          Name\n"
                             "    ---- -------  ----          ----\n"
                             "     04  86352040 Device        adpu160m1Port3Path0Target6Lun0\n"
                             "         86353040 Device        adpu160m1Port3Path0Target1Lun0\n";
/* The debugger's reference, !handle. */
static const char handles[] = "kd> !handle 0 4\n"
                              "New version of handle table at e1002000 with 380 Entries in use\n\n"
                              "0000: free handle, Entry address e1002000, Next Entry fffffffe\n"
                              "0004: Object: 80ed5238  GrantedAccess: 001f0fff\n"
                              "0168: Object: ffb6c748  GrantedAccess: 00000003 (Protected)\n";
static const char error[] = "kd> !error c000009a\n"
                            "Error code: (NTSTATUS) 0xc000009a (3221225626) - Insufficient system resources exist to "
                            "complete the API.\n";

static void reads_a_driver(void **state)
{
    (void)state;
    fx f = fx_read(driver);
    const sc_row *d = fx_row(&f, "driver", 0);
    fx_assert_text(d, "driver", "disk");
    assert_true(fx_addr(d, "unload") == 0xfffff800010b0b5cu);
    assert_int_equal(fx_state(d, "start_io"), SC_NULL);
    assert_int_equal(fx_count(&f, "driver_routine"), 6);
    const sc_row *power = fx_find_int(&f, "driver_routine", "major", 0x16);
    fx_assert_text(power, "symbol", "CLASSPNP!ClassGlobalDispatch");
    fx_assert_text(power, "module", "CLASSPNP");
    fx_assert_text(power, "driver", "disk");
    assert_true(fx_covers_text(&f, "driver_routine", "disk"));
    fx_free(&f);
    fx_assert_forms(driver, "driver_routine", 6, 0);
    char *cut = fx_cut(driver, 11);
    f = fx_read(cut);
    assert_false(fx_covers_text(&f, "driver_routine", "disk"));
    fx_free(&f);
    free(cut);
}

/* Two outputs without prompts are one section: each driver's routines are all there. */
static void reads_two_drivers(void **state)
{
    (void)state;
    char text[2048] = "";
    strcat(text, strchr(driver, '\n') + 1);
    strcat(text, strchr(devices, '\n') + 1);
    fx f = fx_read(text);
    assert_int_equal(f.transcript.n_sections, 1);
    assert_int_equal(fx_count(&f, "driver"), 2);
    assert_true(fx_covers_text(&f, "driver_routine", "disk"));
    assert_false(fx_covers_text(&f, "driver_routine", "HDAudBus"));
    fx_free(&f);
}

static void reads_devices(void **state)
{
    (void)state;
    fx f = fx_read(devices);
    assert_int_equal(fx_count(&f, "driver_device"), 2);
    assert_true(fx_addr(fx_row(&f, "driver_device", 1), "device") == 0xffffb60757a67c60u);
    assert_false(fx_covers_text(&f, "driver_device", "HDAudBus")); /* the paste may have been cut there */
    fx_free(&f);
    fx_assert_forms(devices, "driver_device", 2, 0);
}

static void reads_objects(void **state)
{
    (void)state;
    fx f = fx_read(object);
    const sc_row *o = fx_row(&f, "object", 0);
    fx_assert_text(o, "type", "Directory");
    assert_int_equal(fx_int(o, "pointers"), 9);
    fx_assert_text(o, "name", "Scsi");
    assert_true(fx_covers_int(&f, "object", 0xe12a2520));
    assert_int_equal(fx_count(&f, "object_entry"), 2);
    assert_true(fx_addr(fx_row(&f, "object_entry", 1), "object") == 0x86353040u);
    fx_assert_text(fx_row(&f, "object_entry", 1), "name", "adpu160m1Port3Path0Target1Lun0");
    fx_free(&f);
    fx_assert_forms(object, "object", 1, 0);
    f = fx_read("0: kd> !object \\GLOBAL??\\C:\n"
                "Object: e1001a10  Type: (863d1a40) SymbolicLink\n    ObjectHeader: e10019f8\n"
                "    HandleCount: 0  PointerCount: 1\n    Directory Object: e1001100  Name: C:\n"
                "    Target String is '\\Device\\HarddiskVolume1'\n"
                "Object: 86352040  Type: (863d12c8) Device\n    ObjectHeader: 86352028\n"
                "    HandleCount: 0  PointerCount: 3\n");
    fx_assert_text(fx_row(&f, "object", 0), "target", "\\Device\\HarddiskVolume1");
    assert_true(fx_covers_int(&f, "object", 0xe1001a10));
    assert_false(fx_covers_int(&f, "object", 0x86352040)); /* its name is not there */
    fx_free(&f);
    char *cut = fx_cut(object, 4);
    f = fx_read(cut);
    assert_false(fx_covers_int(&f, "object", 0xe12a2520));
    fx_free(&f);
    free(cut);
}

static void reads_handles(void **state)
{
    (void)state;
    fx f = fx_read(handles);
    assert_int_equal(fx_count(&f, "handle"), 3);
    assert_true(fx_bool(fx_row(&f, "handle", 0), "is_free"));
    assert_int_equal(fx_state(fx_row(&f, "handle", 0), "object"), SC_NULL);
    assert_true(fx_addr(fx_row(&f, "handle", 1), "access") == 0x1f0fffu);
    assert_int_equal(fx_state(fx_row(&f, "handle", 1), "process"), SC_NOT_PRINTED);
    assert_true(fx_bool(fx_row(&f, "handle", 2), "is_protected"));
    fx_free(&f);
    fx_assert_forms(handles, "handle", 3, FX_NO_FLAT);
    f = fx_read("kd> !handle 4 3 80d9f4a8\nprocessor number 0\n"
                "PROCESS 80d9f4a8  SessionId: 0  Cid: 0174    Peb: 7ffdf000  ParentCid: 0154\n"
                "    DirBase: 00039000  ObjectTable: e1000d60  TableSize: 380.\n    Image: services.exe\n\n"
                "Handle table at e1002000 with 380 Entries in use\n"
                "0004: Object: 80ed5238  GrantedAccess: 001f0fff\n");
    assert_int_equal(fx_addr(fx_row(&f, "handle", 0), "process"), 0x80d9f4a8);
    fx_free(&f);
}

static void reads_codes(void **state)
{
    (void)state;
    fx f = fx_read(error);
    const sc_row *r = fx_row(&f, "error_code", 0);
    fx_assert_text(r, "kind", "NTSTATUS");
    assert_true(fx_addr(r, "value") == 0xc000009au);
    fx_assert_text(r, "source", "error");
    fx_free(&f);
    fx_assert_forms(error, "error_code", 1, 0);
    f = fx_read("1: kd> !gle\nLastErrorValue: (Win32) 0x57 (87) - The parameter is incorrect.\n"
                "LastStatusValue: (NTSTATUS) 0xc000000d - An invalid parameter was passed to a service or function.\n");
    assert_int_equal(fx_count(&f, "error_code"), 2);
    fx_assert_text(fx_row(&f, "error_code", 1), "source", "last-status");
    fx_free(&f);
    assert_int_equal(fx_rows_of("Error code: (I think) 5\nError code: 0x57\nLastErrorValue: 4\n", "error_code"), 0);
}

static void noise(void **state)
{
    (void)state;
    fx_torture(driver);
    fx_torture(devices);
    fx_torture(object);
    fx_torture(handles);
    fx_torture(error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_driver), cmocka_unit_test(reads_two_drivers), cmocka_unit_test(reads_devices),
        cmocka_unit_test(reads_objects),  cmocka_unit_test(reads_handles),     cmocka_unit_test(reads_codes),
        cmocka_unit_test(noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
