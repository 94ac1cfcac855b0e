/* !poaction, !powertriage, !podev, !popolicy and the extensions of file systems, networks and the driver framework
 * (engine/facts/power.c, podev.c, fltkd.c, ndiskd.c, wdfkd.c, wdflog.c). */
#include "tests/unit/facts_forms.h"

/* Sample poaction--bug-check-0x9f-driver-power-state-failure-140. */
static const char action[] = "3: kd> !poaction\n"
                             "PopAction: fffff801332f3fe0\n"
                             "  State..........: 0 - Idle\n"
                             "  Lightest State.: Unspecified\n\n"
                             "Allocated power irps (PopIrpList - fffff801332f44f0)\n"
                             "  IRP: ffffe0001d53d8f0 (wait-wake/S0), PDO: ffffe00013cae060\n"
                             "  IRP: ffffe00013d07420 (set/D3,), PDO: ffffe00012daf840, CURRENT: ffffe00012dd5040\n\n"
                             "Irp worker threads (PopIrpThreadList - fffff801332f3100)\n"
                             "  THREAD: ffffe0000ef5d040 (static)\n"
                             "  THREAD: ffffe0000ef5e040 (static), IRP: ffffe00013d07420, DEVICE: ffffe00012dd5040\n";
/* Sample powertriage--powertriage-43. */
static const char triage[] =
    "kd> !powertriage\n\n"
    "System Capabilities :\n  Machine is not AOAC capable.\n\n"
    "PopCapabilities @ 0xfffff8022f6c4380\n\n"
    "Devices with allocated Power IRPs:\n\n"
    "    +  USB\\ROOT_HUB30\\5&2c60645a&0&0\n"
    "       0xffffe0002440ac40 USBXHCI D2 !podev  WAIT_WAKE_IRP !irp Related Threads !rcdrlogdump \n"
    "         Upper DO 0xffffe00024415a10 USBHUB3 !podev \n";
static const char podev[] = "1: kd> !podev 0x8211c310\n"
                            "Device object is for:\n"
                            "  DriverObject 82121f10\n"
                            "Current Irp 00000000 RefCount 0 Type 00000000 AttachedDev 8211c190 DevFlags 00002004  "
                            "DO_POWER_PAGABLE\n"
                            "Device queue is not busy.\n"
                            "Device Object Extension: 8211c6a8:\n"
                            "PowerFlags: 00000400 =>SystemState=0 DeviceState=0 dvact\n"
                            "Dope: 00000000:\n";
static const char policy[] = "kd> !popolicy\n"
                             "SYSTEM_POWER_POLICY (R.1) @ 0x80164d58\n"
                             "  PowerButton:      Shutdown  Flags: 00000003   Event: 00000000   Query UI\n"
                             "  IdleTimeout:             0  IdleSensitivity:        50%\n"
                             "  MinThrottle:             0%\n";
static const char filters[] = "kd> !fltkd.filters\n\n"
                              "Filter List: ffffcb0e0b3a50d0 \"Frame 0\" \n"
                              "   FLT_FILTER: ffffcb0e0b386010 \"bindflt\" \"409800\"\n"
                              "      FLT_INSTANCE: ffffcb0e0f1e04e0 \"bindflt Instance\" \"409800\"\n"
                              "   FLT_FILTER: ffffcb0e0b3ba020 \"WdFilter\" \"328010\"\n"
                              "      FLT_INSTANCE: ffffcb0e0bb5fa80 \"WdFilter Instance\" \"328010\"\n"
                              "      FLT_INSTANCE: ffffcb0e0bda38b0 \"WdFilter Instance\" \"328010\"\n";
static const char request[] = "0: kd> !fltkd.cbd ffffe0013a5f3650\n"
                              "IRP_CTRL: ffffe0013a5f3650  CREATE (0) [00000001] Irp\n"
                              "Flags                    : [10000004] DontCopyParms FixedAlloc\n"
                              "Irp                      : ffffe001385ba3b0 \n"
                              "DeviceObject             : ffffe00138e7f8f0 \"\\Device\\HarddiskVolume2\"\n"
                              "FileObject               : ffffe001392ad090 \n"
                              " Thread                   : ffffe0013977b040 \n"
                              " IoStatus.Status          : 0xc0000022 \n";
static const char adapters[] = "3: kd> !ndiskd.netadapter\n"
                               "    Driver             NetAdapter          Name                                 \n"
                               "    ffffdf8015a98380   ffffdf8015aa11a0    Microsoft ISATAP Adapter #2\n"
                               "    ffffdf801418d650   ffffdf80140c71a0    Microsoft Kernel Debug Network Adapter\n";
static const char adapter[] = "3: kd> !ndiskd.netadapter ffffdf80140c71a0\n\n"
                              "MINIPORT\n\n"
                              "    Microsoft Kernel Debug Network Adapter\n\n"
                              "    Ndis handle        ffffdf80140c71a0\n"
                              "    Driver             ffffdf801418d650 - kdnic v4.2\n\n"
                              "STATE\n\n"
                              "    Miniport           Running\n"
                              "    Device PnP         Started             Show state history\n"
                              "    Power              D0\n"
                              "    Total resets       0\n"
                              "    Pending OID        OID_PNP_SET_POWER\n";
static const char oids[] = "1: kd> !ndiskd.oid\n\n\nALL PENDING OIDs\n\n"
                           "    NetAdapter         ffffdf80140c71a0 - Microsoft Kernel Debug Network Adapter\n"
                           "        Current OID        OID_GEN_STATISTICS\n"
                           "    Filter             ffffdf801494dc70 - QoS Packet Scheduler-0000\n"
                           "        Current OID        OID_GEN_STATISTICS\n";
static const char device[] = "kd> !wdfdevice 0x7cad31c8 \n\n"
                             "# Dumping WDFDEVICE 0x7cad31c8\n=================================\n\n"
                             "WDM PDEVICE_OBJECTs:  self 81fb00e8\n\n"
                             "Pnp state:  119 ( WdfDevStatePnpStarted )\n"
                             "Power state:  31f ( WdfDevStatePowerDx )\n"
                             "Power Pol state:  508 ( WdfDevStatePwrPolWaitingUnarmed )\n\n"
                             "Parent WDFDEVICE 7ca7b1c0\nParent states:\n"
                             "   Power state:  307 ( WdfDevStatePowerD0 )\n\n"
                             "No pended pnp or power irps\n";
static const char queue[] = "kd> !wdfqueue 0x7ce7d1e8\n\n"
                            "# Dumping WDFQUEUE 0x7ce7d1e8\n=========================\n"
                            "Parallel, Power-managed, PowerOff, Can accept, Can dispatch, ExecutionLevelDispatch\n"
                            "    Number of driver owned requests: 2\n"
                            "    Number of waiting requests: 0\n";
static const char trace[] = "0: kd> !wdflogdump AcxHdAudio.sys -f\n"
                            "There are 75 log entries\n"
                            "--- start of log ---\n"
                            "36844: FxPowerIdleMachine::ProcessEventLocked - WDFDEVICE 0x000049F6BEF1A848 entering "
                            "power idle state FxIdleTimerRunning\n"
                            "AFX_Log 36845: FxPkgPnp::Dispatch - IRP_MJ_PNP\n"
                            "---- end of log ----\n";

static void reads_power(void **state)
{
    (void)state;
    fx f = fx_read(action);
    const sc_row *r = fx_row(&f, "power_irp", 1);
    fx_assert_text(r, "kind", "set");
    fx_assert_text(r, "state", "D3");
    assert_true(fx_addr(r, "current") == 0xffffe00012dd5040u);
    assert_int_equal(fx_state(fx_row(&f, "power_irp", 0), "current"), SC_NULL);
    assert_true(fx_covers_all(&f, "power_irp"));
    assert_true(fx_addr(fx_row(&f, "power_thread", 1), "irp") == 0xffffe00013d07420u);
    fx_assert_text(fx_find_text(&f, "power_action", "label", "Lightest State"), "value", "Unspecified");
    fx_free(&f);
    fx_assert_forms(action, "power_irp", 2, 0);
    char *cut = fx_cut(action, 8);
    f = fx_read(cut);
    assert_false(fx_covers_all(&f, "power_irp"));
    fx_free(&f);
    free(cut);
    f = fx_read(triage);
    fx_assert_text(fx_row(&f, "power_device", 0), "irp_kind", "WAIT_WAKE_IRP");
    fx_assert_text(fx_row(&f, "power_device", 0), "state", "D2");
    fx_assert_text(fx_row(&f, "power_device", 1), "driver", "USBHUB3");
    fx_assert_text(fx_row(&f, "power_device", 1), "instance", "USB\\ROOT_HUB30\\5&2c60645a&0&0");
    fx_free(&f);
    fx_assert_forms(triage, "power_device", 2, 0);
    static const char *const ends[] = {"Device Tree Info:\n\n    !devpowerstate\n",
                                       "Device Tree Info:\n\n    !devpowerstate\n\n    !devpowerstate Complete\n"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char paste[1024];
        strcpy(paste, triage);
        strcat(paste, ends[i]);
        f = fx_read(paste);
        assert_int_equal(f.transcript.n_sections, 1);
        assert_int_equal(f.transcript.sections[0].complete, i > 0);
        fx_free(&f);
    }
}

static void reads_devices(void **state)
{
    (void)state;
    fx f = fx_read(podev);
    const sc_row *r = fx_row(&f, "device_power", 0);
    assert_true(fx_addr(r, "device") == 0x8211c310u && fx_addr(r, "upper") == 0x8211c190u);
    fx_assert_text(r, "active", "dvact");
    assert_true(fx_addr(r, "device_flags") == 0x2004u);
    fx_free(&f);
    fx_assert_forms(podev, "device_power", 1, 0);
    f = fx_read(
        "1: kd> !podev 0x8211c310\nDevice object is for:\n  DriverObject 82121f10\n"
        "Current Irp 00000000 RefCount 0 Type 00000000\nDevFlags 00002004  DO_POWER_PAGABLE\n" /* a narrow window */
        "Device queue is not busy.\nDevice Object Extension: 8211c6a8:\n"
        "PowerFlags: 00000400 =>SystemState=0 DeviceState=0\nDope: 00000000:\n");
    r = fx_row(&f, "device_power", 0);
    assert_int_equal(fx_state(r, "upper"), SC_NULL);
    assert_int_equal(fx_state(r, "active"), SC_NULL);
    assert_true(f.facts->taken[4]);
    fx_free(&f);
    f = fx_read(policy);
    fx_assert_text(fx_find_text(&f, "power_policy", "label", "IdleSensitivity"), "value", "50%");
    fx_free(&f);
    f = fx_read("kd> !popolicy\nSYSTEM_POWER_POLICY (R.1) @ 0x80164d58\n"
                "  PowerButton:      Shutdown  Flags: 00000003\n  Event: 00000000   Query UI\n");
    assert_true(f.facts->taken[3]);
    assert_int_equal(fx_count(&f, "power_policy"), 1);
    fx_free(&f);
    fx_assert_forms(policy, "power_policy", 4, 0);
}

/* !fltkd.volumes lists instances below their volume, without their filter. */
static void reads_volumes(void **state)
{
    (void)state;
    fx f = fx_read("0: kd> !fltkd.volumes\n\nVolume List: ffffcb0e0b3a5150 \"Frame 0\" \n"
                   "   FLT_VOLUME: ffffcb0e0f0d8010 \"\\Device\\HarddiskVolume4\"\n"
                   "      FLT_INSTANCE: ffffcb0e0bb5fa80 \"WdFilter Instance\" \"328010\"\n"
                   "   FLT_VOLUME: ffffcb0e0f0d9010 \"\\Device\\Mup\"\n"
                   "      FLT_INSTANCE: ffffcb0e0bda38b0 \"WdFilter Instance\" \"328010\"\n");
    assert_int_equal(fx_count(&f, "filter_instance"), 2);
    const sc_row *r = fx_row(&f, "filter_instance", 0);
    assert_int_equal(fx_state(r, "filter"), SC_NULL);
    fx_assert_text(r, "volume", "\\Device\\HarddiskVolume4");
    fx_assert_text(fx_row(&f, "filter_instance", 1), "volume", "\\Device\\Mup");
    assert_true(f.facts->taken[3]);
    fx_free(&f);
    f = fx_read("0: kd> !fltkd.frames\n\nFrame List: fffff80a5c3a1010 \n"
                "   FLTP_FRAME: ffffcb0e0b3a5010 \"Frame 0\" \"0 to 409800\"\n"
                "      FLT_FILTER: ffffcb0e0b386010 \"bindflt\" \"409800\"\n");
    assert_true(f.facts->taken[2]);
    assert_true(f.facts->taken[3]);
    fx_assert_text(fx_row(&f, "filter", 0), "frame", "Frame 0");
    fx_free(&f);
}

static void reads_filters(void **state)
{
    (void)state;
    fx f = fx_read(filters);
    fx_assert_text(fx_row(&f, "filter", 1), "altitude", "328010");
    fx_assert_text(fx_row(&f, "filter", 1), "frame", "Frame 0");
    assert_true(fx_addr(fx_row(&f, "filter_instance", 2), "filter") == 0xffffcb0e0b3ba020u);
    fx_free(&f);
    fx_assert_forms(filters, "filter_instance", 3, 0);
    f = fx_read(request);
    const sc_row *r = fx_row(&f, "filter_request", 0);
    fx_assert_text(r, "operation", "CREATE");
    fx_assert_text(r, "volume", "\\Device\\HarddiskVolume2");
    assert_true(fx_addr(r, "irp") == 0xffffe001385ba3b0u && fx_addr(r, "status") == 0xc0000022u);
    fx_free(&f);
    fx_assert_forms(request, "filter_request", 1, 0);
}

static void reads_networks(void **state)
{
    (void)state;
    fx f = fx_read(adapter);
    const sc_row *r = fx_row(&f, "net_adapter", 0);
    fx_assert_text(r, "name", "Microsoft Kernel Debug Network Adapter");
    fx_assert_text(r, "driver_name", "kdnic");
    fx_assert_text(r, "state", "Running");
    fx_assert_text(r, "pending_oid", "OID_PNP_SET_POWER");
    fx_free(&f);
    fx_assert_forms(adapter, "net_adapter", 1, 0);
    fx_assert_forms(adapters, "net_adapter", 2, FX_NO_FLAT);
    fx_assert_forms(oids, "net_oid", 2, 0);
    f = fx_read(adapters);
    r = fx_row(&f, "net_adapter", 0);
    assert_int_equal(fx_addr(r, "adapter"), 0xffffdf8015aa11a0);
    assert_int_equal(fx_addr(r, "driver"), 0xffffdf8015a98380);
    fx_assert_text(r, "name", "Microsoft ISATAP Adapter #2");
    fx_free(&f);
    f = fx_read("3: kd> !ndiskd.netadapter ffffdf80140c71a0\nMINIPORT\n Kernel Debug Network Adapter\n"
                " Ndis handle ffffdf80140c71a0\n Driver ffffdf801418d650 - kdnic v4.2\n Pending OID None\n");
    fx_assert_text(fx_row(&f, "net_adapter", 0), "driver_name", "kdnic"); /* one blank where two were */
    fx_free(&f);
    f = fx_read("3: kd> !ndiskd.netadapter ffffdf80140c71a0\nMINIPORT Kernel Debug Network Adapter\n"
                "Ndis handle ffffdf80140c71a0\n");
    fx_assert_text(fx_row(&f, "net_adapter", 0), "name", "Kernel Debug Network Adapter");
    assert_true(f.facts->taken[1]);
    fx_free(&f);
    f = fx_read("3: kd> !ndiskd.minidriver\n    ffffdf8015a98380 - tunnel\n    ffffdf801418d650 - kdnic\n");
    fx_assert_text(fx_row(&f, "net_driver", 1), "name", "kdnic");
    fx_free(&f);
    f = fx_read("MINIPORT DRIVER\n\n    e1iexpress\n\n    Ndis handle        ffffe00041d2e8a0\n"
                "    Driver context     NULL\n    DRIVER_OBJECT      ffffe00041a2b3c0\n");
    fx_assert_text(fx_row(&f, "net_driver", 0), "name", "e1iexpress");
    assert_int_equal(fx_count(&f, "net_adapter"), 0); /* the handle is the driver's */
    fx_free(&f);
}

static void reads_framework(void **state)
{
    (void)state;
    fx f = fx_read(device);
    const sc_row *r = fx_row(&f, "wdf_device", 0);
    fx_assert_text(r, "power_state", "WdfDevStatePowerDx"); /* its own, not its parent's */
    assert_false(fx_bool(r, "pended_irps"));
    assert_true(fx_addr(r, "device") == 0x81fb00e8u);
    fx_free(&f);
    fx_assert_forms(device, "wdf_device", 1, 0);
    f = fx_read(queue);
    assert_int_equal(fx_int(fx_row(&f, "wdf_queue", 0), "driver_owned"), 2);
    fx_assert_text(fx_row(&f, "wdf_queue", 0), "kind", "Parallel");
    assert_true(fx_covers_int(&f, "wdf_queue", 0x7ce7d1e8));
    fx_free(&f);
    f = fx_read("kd> !wdfqueue 0x7ce7d1e8\n# Dumping WDFQUEUE 0x7ce7d1e8\n=========================\n"
                "Sequential, Power-managed, PowerOn, Can accept, Can dispatch, ExecutionLevelDispatch\n");
    fx_assert_text(fx_row(&f, "wdf_queue", 0), "kind", "Sequential");
    fx_assert_text(fx_row(&f, "wdf_queue", 0), "power", "PowerOn");
    fx_free(&f);
    f = fx_read("0: kd> !wdfkd.wdfdriverinfo AcmeHid\n----------------------------------\n"
                "Default driver image name: AcmeHid\nWDF library image name: Wdf01000\n"
                " FxDriverGlobals  0xffffe0018a2b3c40\n WdfBindInfo      0xfffff8020a4c3010\n"
                "   Version        v1.15 build(0)\n");
    const sc_row *d = fx_row(&f, "wdf_driver", 0);
    fx_assert_text(d, "driver", "AcmeHid");
    fx_assert_text(d, "library", "Wdf01000");
    fx_assert_text(d, "version", "v1.15 build(0)");
    assert_true(fx_covers_text(&f, "wdf_driver", "AcmeHid"));
    assert_true(f.transcript.sections[0].complete);
    fx_free(&f);
    fx_assert_forms(trace, "wdf_log", 2, 0);
    assert_int_equal(fx_rows_of("--- start of log ---\n12: hello - a b\nother text\n", "wdf_log"), 1);
    assert_int_equal(fx_rows_of("--- start of log ---\nstarted at 12:30\nall fine - really\n", "wdf_log"), 0);
}

static void noise(void **state)
{
    (void)state;
    static const char *const texts[] = {action,  triage,   podev, policy, filters, request,
                                        adapter, adapters, oids,  device, queue,   trace};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) fx_torture(texts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_power),   cmocka_unit_test(reads_devices),  cmocka_unit_test(reads_volumes),
        cmocka_unit_test(reads_filters), cmocka_unit_test(reads_networks), cmocka_unit_test(reads_framework),
        cmocka_unit_test(noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
