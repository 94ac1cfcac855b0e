/* !wdfdevext, !storclass, !cmreslist: parts of devices. */
#include "facts_forms.h"

#define KMDF                                                                                                           \
    "0: kd> !wdfdevext ffffe00104a27c00\nDevice context is 0xffffe00104a27c08\n"                                       \
    "    context:  dt 0xffffe00104a27c08 acmedisk!ACME_CONTEXT (size is 0x1c8 bytes)\n"                                \
    "    EvtCleanupCallback fffff80045a15950 acmedisk!AcmeEvtDeviceCleanup\n"
#define UMDF                                                                                                           \
    "0: kd> !wdfdevext ffffe00104c11190\n## Device context is 0xffffe00104c11190\n\n"                                  \
    "##  UMDF Device Instances for this Redirector extension\n\n  DriverManagerProcess: 0xffffe00103470500\n\n"        \
    "  ImageName              Ver   DevStack           HostProcess        DeviceID      \n"                            \
    "  AcmeSensor.dll         v2.0  0x000000a5a3ab5f70 0xffffe00103c32900  \\Device\\00000052\n"

static void reads_contexts(void **state)
{
    (void)state;
    fx f = fx_read(KMDF);
    const sc_row *r = fx_row(&f, "wdf_context", 0);
    assert_true(fx_addr(r, "extension") == 0xffffe00104a27c00);
    assert_true(fx_addr(r, "context") == 0xffffe00104a27c08);
    fx_assert_text(r, "type", "acmedisk!ACME_CONTEXT");
    fx_assert_text(r, "module", "acmedisk");
    assert_true(fx_covers_int(&f, "wdf_context", (int64_t)0xffffe00104a27c00));
    assert_true(f.facts->taken[3]);
    fx_free(&f);
    fx_assert_forms(KMDF, "wdf_context", 1, 0);
    char *cut = fx_cut(KMDF, 2);
    assert_int_equal(fx_rows_of(cut, "wdf_context"), 0); /* half an address is none */
    free(cut);
    f = fx_read("kd> !wdfdevext\nDevice context is 0xffffe00104a27c08\n    context:  dt 0xffffe00104a27c08 nothing\n");
    assert_int_equal(fx_state(fx_row(&f, "wdf_context", 0), "type"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "wdf_context", 0), "extension"), SC_NOT_PRINTED);
    fx_free(&f);
}

static void reads_user_mode_drivers(void **state)
{
    (void)state;
    fx f = fx_read(UMDF);
    const sc_row *r = fx_row(&f, "umdf_device", 0);
    fx_assert_text(r, "image", "AcmeSensor");
    fx_assert_text(r, "version", "2.0");
    assert_true(fx_addr(r, "device_stack") == 0xa5a3ab5f70);
    assert_true(fx_addr(r, "host_process") == 0xffffe00103c32900);
    fx_assert_text(r, "device", "\\Device\\00000052");
    fx_free(&f);
    fx_assert_forms(UMDF, "umdf_device", 1, FX_NO_FLAT);
    assert_int_equal(
        fx_rows_of("kd> !wdfdevext 1\n  Acme.dll v2.0 0x000000a5a3ab5f70 0xffffe00103c32900 x\n", "umdf_device"),
        0); /* no header */
}

#define STORAGE                                                                                                        \
    "Storage class devices:\n\n* !storclass fffffa80043dc060 [1,2] ACME SSD Paging Disk\n"                             \
    "  !storclass fffffa8006581740 [1,2] Msft Virtual Disk Disk\n\nUsage: !storclass <class device> <level [0-2]>\n"

static void reads_storage_devices(void **state)
{
    (void)state;
    fx f = fx_read(STORAGE);
    assert_int_equal(fx_count(&f, "storage_device"), 2);
    assert_true(fx_addr(fx_row(&f, "storage_device", 0), "device") == 0xfffffa80043dc060);
    assert_true(fx_bool(fx_row(&f, "storage_device", 0), "paging"));
    fx_assert_text(fx_row(&f, "storage_device", 1), "name", "Msft Virtual Disk Disk");
    assert_false(fx_bool(fx_row(&f, "storage_device", 1), "paging"));
    assert_true(fx_covers_all(&f, "storage_device"));
    fx_free(&f);
    fx_assert_forms("0: kd> !storclass\n" STORAGE, "storage_device", 2, FX_NO_FLAT);
    f = fx_read("Storage class devices:\n\n* !storclass fffffa80043dc060 [1,2] ACME SSD\n");
    assert_false(fx_covers_all(&f, "storage_device"));
    fx_free(&f);
    assert_int_equal(fx_rows_of("Run !storclass fffffa80043dc060 [flags] now\n", "storage_device"), 0);
    assert_int_equal(fx_rows_of("!storclass fffffa80043dc060 [flags] shows more\n", "storage_device"), 0);
}

#define RESOURCES                                                                                                      \
    "kd> !cmreslist e1a2c008\n\nCmResourceList at 0xe1a2c008  Version 0.0  Interface 0x5  Bus #2\n"                    \
    "  Entry 0 - Interrupt (0x2) Shared (0x3)\n    Flags (0000) - LEVEL_SENSITIVE\n"                                   \
    "    Level 0x12, Vector 0x22, Affinity 0xffffffff\n  Entry 1 - Port (0x1) Device Exclusive (0x1)\n"                \
    "    Flags (0x01) - PORT_MEMORY PORT_IO\n    Range starts at 0xd800 for 0x40 bytes\n"                              \
    "  Entry 2 - DevicePrivate (0x81) Device Exclusive (0x1)\n    Data - {0x00000001, 0x00000004, 0000000000}\n"

static void reads_resources(void **state)
{
    (void)state;
    fx f = fx_read(RESOURCES);
    assert_int_equal(fx_count(&f, "hw_resource"), 3);
    const sc_row *r = fx_row(&f, "hw_resource", 0);
    assert_true(fx_addr(r, "list") == 0xe1a2c008);
    fx_assert_text(r, "kind", "Interrupt");
    assert_false(fx_bool(r, "exclusive"));
    assert_int_equal(fx_int(r, "level"), 0x12);
    assert_int_equal(fx_int(r, "vector"), 0x22);
    assert_int_equal(fx_state(r, "start"), SC_NOT_PRINTED);
    r = fx_row(&f, "hw_resource", 1);
    assert_true(fx_bool(r, "exclusive"));
    assert_true(fx_addr(r, "start") == 0xd800);
    assert_int_equal(fx_int(r, "bytes"), 0x40);
    assert_int_equal(fx_int(fx_row(&f, "hw_resource", 2), "n"), 2);
    assert_false(fx_covers_int(&f, "hw_resource", 0xe1a2c008));
    fx_free(&f);
    fx_assert_forms(RESOURCES, "hw_resource", 3, FX_NO_FLAT);
    assert_int_equal(fx_rows_of("kd> !cmreslist 1\n  Entry 0 - Interrupt (0x2) Shared (0x3)\n", "hw_resource"), 0);
    f = fx_read("kd> !cmreslist e1a2c008\nCmResourceList at 0xe1a2c008  Version 0.0  Interface 0x5  Bus #2\n"
                "  Entry 1 - Port (0x1) Device Exclusive (0x1)\n    Range starts at 0xd800 for\n");
    assert_int_equal(fx_row(&f, "hw_resource", 0)->last_line, 3);
    assert_false(f.facts->taken[3]); /* it was cut off */
    fx_free(&f);
    /* inside !devnode it is !devnode's */
    assert_int_equal(fx_rows_of("kd> !devnode ff0cfe88 6\nDevNode 0xff0cfe88 for PDO 0xff0cf030\n"
                                "  CmResourceList at 0xe1a2c008  Version 0.0  Interface 0x5  Bus #2\n"
                                "    Entry 0 - Port (0x1) Device Exclusive (0x1)\n",
                                "hw_resource"),
                     0);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(KMDF UMDF);
    fx_torture(STORAGE);
    fx_torture(RESOURCES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_contexts),        cmocka_unit_test(reads_user_mode_drivers),
        cmocka_unit_test(reads_storage_devices), cmocka_unit_test(reads_resources),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
