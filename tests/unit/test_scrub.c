/* Personal data out, everything else to the byte: what is replaced by what, and what must stay. */
#include "engine/base/buf.h"
#include "engine/scrub/scrub.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- Helpers ----------------------------------------------------------------------------------------------------- */

static void expect_bytes(sc_span paste, sc_span wanted, const char *how)
{
    sc_arena *a = sc_arena_new(0);
    char *exact = malloc(paste.n ? paste.n : 1); /* so that a sanitizer sees every byte read beyond it */
    sc_scrubbed once, twice;
    assert_non_null(a);
    assert_non_null(exact);
    if (paste.n) memcpy(exact, paste.p, paste.n);
    assert_int_equal(sc_scrub(a, (sc_span){exact, paste.n}, &once, NULL), SC_OK);
    if (!sc_eq(once.text, wanted)) {
        fail_msg("%s: \"%.*s\"\nbecame \"%.*s\"\nnot    \"%.*s\"", how, SC_F(paste), SC_F(once.text), SC_F(wanted));
    }
    assert_int_equal(once.n_hits > 0, !sc_eq(paste, wanted));
    assert_int_equal(sc_scrub(a, once.text, &twice, NULL), SC_OK);
    if (!sc_eq(once.text, twice.text)) {
        fail_msg("%s: \"%.*s\"\nonce  \"%.*s\"\ntwice \"%.*s\"", how, SC_F(paste), SC_F(once.text), SC_F(twice.text));
    }
    free(exact);
    sc_arena_free(a);
}

/* The paste as other systems write it: carriage returns, sixteen bits, a lone line in the middle of others. */
static void expect(const char *paste, const char *wanted)
{
    sc_buf from = {0}, to = {0};
    expect_bytes(sc_span_z(paste), sc_span_z(wanted), "as it is");
    for (const char *p = paste; *p; p++) sc_buf_printf(&from, *p == '\n' ? "\r%c" : "%c", *p);
    for (const char *p = wanted; *p; p++) sc_buf_printf(&to, *p == '\n' ? "\r%c" : "%c", *p);
    expect_bytes(sc_buf_view(&from), sc_buf_view(&to), "with carriage returns");
    sc_buf_clear(&from);
    sc_buf_clear(&to);
    sc_buf_printf(&from, "\nFOLLOWUP_NAME:  MachineOwner\n%s\nnt!KeBugCheckEx\n", paste);
    sc_buf_printf(&to, "\nFOLLOWUP_NAME:  MachineOwner\n%s\nnt!KeBugCheckEx\n", wanted);
    expect_bytes(sc_buf_view(&from), sc_buf_view(&to), "between other lines");
    sc_buf_clear(&from);
    sc_buf_clear(&to);
    sc_buf_printf(&from, "\xff\xfe");
    sc_buf_printf(&to, "\xff\xfe");
    bool ascii = true;
    for (const char *p = paste; *p; p++) {
        sc_buf_span(&from, (sc_span){(char[]){*p, 0}, 2});
        if ((unsigned char)*p >= 0x80) ascii = false;
    }
    for (const char *p = wanted; *p; p++) sc_buf_span(&to, (sc_span){(char[]){*p, 0}, 2});
    if (ascii) expect_bytes(sc_buf_view(&from), sc_buf_view(&to), "in sixteen bits");
    sc_buf_free(&from);
    sc_buf_free(&to);
}

static void keep(const char *paste)
{
    expect(paste, paste);
}

/* An address that the checks of this repository do not take for somebody's. */
#define AT(host) "@" host

/* ---- Names of users ---------------------------------------------------------------------------------------------- */

static void test_folders(void **state)
{
    (void)state;
    expect("[C:\\Users\\jsmith\\src\\drv.c @ 13]", "[C:\\Users\\user1\\src\\drv.c @ 13]");
    expect("Loading Dump File [C:\\Users\\John Doe\\Desktop\\MEMORY.DMP]",
           "Loading Dump File [C:\\Users\\user1\\Desktop\\MEMORY.DMP]");
    expect("C:\\Documents and Settings\\jsmith\\x, C:\\DOCUME~1\\JSMITH~1\\y",
           "C:\\Documents and Settings\\user1\\x, C:\\DOCUME~1\\user2\\y");
    expect("\"C:\\\\Users\\\\jsmith\\\\x.sys\"", "\"C:\\\\Users\\\\user1\\\\x.sys\"");
    expect("C:/Users"
           "/jsmith/x.c and [/mnt/c/Users"
           "/BOB/x.cpp @ 15]",
           "C:/Users"
           "/user1/x.c and [/mnt/c/Users"
           "/user2/x.cpp @ 15]");
    expect("[/home"
           "/jsmith/x.c @ 1]",
           "[/home"
           "/user1/x.c @ 1]");
    expect("\\??\\C:\\Users\\jsmith\\AppData\\Local\\Temp\\cpuz.sys",
           "\\??\\C:\\Users\\user1\\AppData\\Local\\Temp\\cpuz.sys");
    expect("\\Device\\HarddiskVolume3\\Users\\jsmith\\x.exe", "\\Device\\HarddiskVolume3\\Users\\user1\\x.exe");
    expect("USERPROFILE=C:\\Users\\jsmith\nWINDBG_DIR=C:\\DTFW", "USERPROFILE=C:\\Users\\user1\nWINDBG_DIR=C:\\DTFW");
    expect("in C:\\Users\\jsmith. And in 'C:\\Users\\O'Brien'", "in C:\\Users\\user1. And in 'C:\\Users\\user2'");
    expect("C:\\Users\\jsmith or D:\\x, C:\\Users\\jsmith and \\Driver\\x",
           "C:\\Users\\user1 or D:\\x, C:\\Users\\user1 and \\Driver\\x");
    expect("C:\\Users\\Jos\xc3\xa9\\x \xe2\x80\x9c"
           "C:\\Users\\ana\xe2\x80\x9d",
           "C:\\Users\\user1\\x \xe2\x80\x9c"
           "C:\\Users\\user2\xe2\x80\x9d");
    expect("&quot;C:\\Users\\jsmith&quot; <b>C:\\Users\\jsmith</b>",
           "&quot;C:\\Users\\user1&quot; <b>C:\\Users\\user1</b>");
    expect("srv*C:\\Users\\jsmith\\sym*https://msdl.microsoft.com/download/symbols",
           "srv*C:\\Users\\user1\\sym*https://msdl.microsoft.com/download/symbols");
    expect("C:\\Users\\jsmith\\OneDrive - North Corp\\x.c", "C:\\Users\\user1\\OneDrive - organization1\\x.c");
    keep("PUBLIC=C:\\Users\\Public\nC:\\Users\\Default\\NTUSER.DAT C:\\Users\\Administrator\\x C:\\Users\\user\\x");
    keep("C:\\Users\\<name>\\x C:\\Users\\%USERNAME%\\x C:\\Users\\***\\x C:\\Users\\xxxx\\x C:\\Users\\...\\x");
    keep("C:\\Users\\[removed]\\x C:\\Users\\\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\\x");
    keep("(Alias: BUILTIN\\Users) https://learn.microsoft.com/users/john/x d:\\nt\\minkernel\\ntos\\ke\\wait.c");
    keep("C:\\Program Files (x86)\\Windows Kits\\10\\Include\\wdf\\kmdf\\1.15\\wdfobject.h @ 743");
}

/* A hard wrap cuts a path anywhere. */
static void test_wrapped(void **state)
{
    (void)state;
    expect("0d fffff880`009b9de8 fffff800`0328b169 drv!Foo+0x12 [C:\\Users\\jsm\nith\\src\\drv.c @ 3]",
           "0d fffff880`009b9de8 fffff800`0328b169 drv!Foo+0x12 [C:\\Users\\user1\n\\src\\drv.c @ 3]");
    expect("C:\\Users\\jsm\nith\\src", "C:\\Users\\user1\nith\\src"); /* too short a line to have been wrapped */
}

static void test_labels(void **state)
{
    (void)state;
    expect("        USERNAME=jsmith\n        USERDOMAIN=NORTHSIDE\n        USERDNSDOMAIN=NORTHSIDE.COMPANY.COM\n"
           "        COMPUTERNAME=EMNET\n        LOGONSERVER=\\\\DC01",
           "        USERNAME=user1\n        USERDOMAIN=domain1\n        USERDNSDOMAIN=domain2\n"
           "        COMPUTERNAME=host1\n        LOGONSERVER=\\\\host2");
    expect("USERNAME=jsmith USERPROFILE=C:\\Users\\jsmith windir=C:\\Windows", /* a flattened environment */
           "USERNAME=user1 USERPROFILE=C:\\Users\\user1 windir=C:\\Windows");
    expect("Machine Name: \"EMNET\"\nMachine Name: EMNET", "Machine Name: \"host1\"\nMachine Name: host1");
    expect("Built by: 9926.0.amd64fre Machine Name: \"EMNET\" Kernel base = 0xfffff801`8d283000",
           "Built by: 9926.0.amd64fre Machine Name: \"host1\" Kernel base = 0xfffff801`8d283000");
    expect("Machine Name:\xc2\xa0"
           "EMNET\n> Computer Name . . : EMNET",
           "Machine Name:\xc2\xa0host1\n> Computer Name . . : host1");
    expect("ANALYSIS_SESSION_HOST:  EMNET\n\nANALYSIS_SESSION_TIME:  06-21-2016 20:02:38.0146",
           "ANALYSIS_SESSION_HOST:  host1\n\nANALYSIS_SESSION_TIME:  06-21-2016 20:02:38.0146");
    expect(
        "Host Name:                 EMNET\nRegistered Owner:          John Doe\nRegistered Organization:   North Corp\n"
        "Domain:                    north.local",
        "Host Name:                 host1\nRegistered Owner:          user1\nRegistered Organization:   organization1\n"
        "Domain:                    domain1");
    expect("System Name\tEMNET\nUser Name\tEMNET\\jsmith", "System Name\thost1\nUser Name\thost1\\user1");
    expect("{\"UserName\": \"jsmith\", \"HostName\":\"EMNET\"}", "{\"UserName\": \"user1\", \"HostName\":\"host1\"}");
    expect("<td>Computer Name:</td><td>EMNET</td>", "<td>Computer Name:</td><td>host1</td>");
    expect("    SSID                   : Smith family", "    SSID                   : network1");
    keep("Machine Name: \"\"\nKernel base = 0xfffff801`8d283000 PsLoadedModuleList = 0xfffff801`8d58aef0");
    keep("Machine Name:\nKernel base = 0xfffff801`8d283000");
    keep("Machine Name: Kernel base = 0xfffff801`8d283000");
    keep("9c1f34a8  850dd916 ndis!ndisMNotifyMachineName+0xe4\nUserName: (null)\nUSERNAME=%USERNAME%");
    keep("User: 12 %\nOwner: nt!Foo\nOwner : \\Driver\\foo\nDomain:                    WORKGROUP\nFOLLOWUP_NAME:  "
         "MachineOwner");
    keep("Arg2: fffff8016470c14c, The pointer into responsible device driver module (e.g. owner tag).");
    keep("MODULE_NAME: nvlddmkm\nIMAGE_NAME:  nvlddmkm.sys\nPROCESS_NAME:  System\nSYSTEM_MANUFACTURER:  Dell Inc.");
}

static void test_accounts(void **state)
{
    (void)state;
    expect("User: S-1-5-21-518066528-515770016-299552555-2981724 (User: MYDOMAIN\\myuser)\n"
           " 00 S-1-5-21-518066528-515770016-299552555-513 (Group: MYDOMAIN\\Domain Users)\n"
           " 04 S-1-5-21-518066528-515770016-299552555-2999049 (Group: MYDOMAIN\\AllStaff)\n"
           " 10 S-1-5-21-2117033040-537160606-1609722162-17637 (Group: MYOTHERDOMAIN\\some users)",
           "User: S-1-5-21-0-0-1-1001 (User: domain1\\user1)\n"
           " 00 S-1-5-21-0-0-1-513 (Group: domain1\\Domain Users)\n"
           " 04 S-1-5-21-0-0-1-1002 (Group: domain1\\group1)\n"
           " 10 S-1-5-21-0-0-2-1003 (Group: domain2\\group2)");
    expect("S-1-12-1-3012345678-1234567890-234567890-345678901", "S-1-12-1-0-0-0-1");
    expect("\\Registry\\User\\S-1-5-21-518066528-515770016-299552555-1001_Classes",
           "\\Registry\\User\\S-1-5-21-0-0-1-1001_Classes");
    expect("EMNET\\jsmith (npipe \\\\EMNET\\pipe\\x) connected at Mon Jun 1",
           "domain1\\user1 (npipe \\\\domain1\\pipe\\x) connected at Mon Jun 1");
    keep(" 01 S-1-1-0 (Well Known Group: localhost\\Everyone)\n 02 S-1-5-32-544 (Alias: BUILTIN\\Administrators)\n"
         " 20 S-1-5-5-0-71188 (no name mapped)\n 23 S-1-5-11 (Well Known Group: NT AUTHORITY\\Authenticated Users)");
    keep("TrustedInstaller S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464");
}

static void test_hosts(void **state)
{
    (void)state;
    expect("Value: Create: 8007007e on DESKTOP-1A2B3C4", "Value: Create: 8007007e on host1");
    expect("LAPTOP-ABCDEFGH, WIN-ABCDE1FGHIJ and JOHN-PC\\x", "host1, host2 and host3\\x");
    expect("(ntoskrnl.exe, \\\\ntstress\\symbols\\exe\\ntoskrnl.DBG)",
           "(ntoskrnl.exe, \\\\host1\\symbols\\exe\\ntoskrnl.DBG)");
    expect("srv*C:\\LocalStore*\\\\symsrv01\\symbols;\\\\?\\UNC\\symsrv01\\x",
           "srv*C:\\LocalStore*\\\\host1\\symbols;\\\\?\\UNC\\host1\\x");
    expect("\"\\\\\\\\symsrv01\\\\symbols\"", "\"\\\\\\\\host1\\\\symbols\"");
    expect("-remote npipe:Pipe=foo,Server=EMNET", "-remote npipe:Pipe=foo,Server=host1");
    keep("\\\\.\\PhysicalDrive0 \\\\?\\C:\\x \\\\.\\pipe\\kd \\\\localhost\\c$ \\\\tsclient\\C\\x");
    keep("\"\\\\Driver\\\\usbhub\" \\\\Driver\\ZTEusbnet \\\\SystemRoot\\x a\\\\b\\c C:\\\\Windows\\\\x");
    keep("a laptop-specific, desktop-related MINI-PC with WIN-10, DESKTOP-CLASS hardware");
    keep("Windows 10 Kernel Version 9926 MP (4 procs) Free x64\nBuilt by: 9926.0.amd64fre.fbl_awesome1501.150119-1648");
}

/* ---- Addresses --------------------------------------------------------------------------------------------------- */

/* As found in public posts. */
static void test_posts(void **state)
{
    (void)state;
    expect("Machine Name:\xe2\x80\x9dVMOA2024974-01\xe2\x80\xb3  \nKernel base = 0xfffff800`01a1f000",
           "Machine Name:\xe2\x80\x9dhost1\xe2\x80\xb3  \nKernel base = 0xfffff800`01a1f000");
    expect("    Key  : Analysis.DebugAnalysisProvider.CPP\n    Value: Create: 8007007e on RED-DRAGON\n\n    Key  : "
           "Analysis.DebugData\n    Value: CreateObject",
           "    Key  : Analysis.DebugAnalysisProvider.CPP\n    Value: Create: 8007007e on host1\n\n    Key  : "
           "Analysis.DebugData\n    Value: CreateObject");
    expect("CURRENT_IRQL: 0 ANALYSIS_SESSION_HOST: PVL-FALCON ANALYSIS_SESSION_TIME: 11-15-2017 19:32:42.0841",
           "CURRENT_IRQL: 0 ANALYSIS_SESSION_HOST: host1 ANALYSIS_SESSION_TIME: 11-15-2017 19:32:42.0841");
    expect("Windows Storage on 10-2411-PC    Healthy", "Windows Storage on host1    Healthy");
    keep("# Bug Check 0x2D: SCSI\\_DISK\\_DRIVER\\_INTERNAL and 0xF1: SCSI\\_VERIFIER\\_DETECTED\\_VIOLATION");
    keep("ANALYSIS_SESSION_HOST:  COMPUTERNAME\nUserName = nullptr;\nhost ip 169.254.255.255");
    keep("{270A33FD-3DA6-460D-BA89-3C1BAE21E39B} - 0xf0 "
         "bytes\nhttps://learn.microsoft.com/ms-erref/596a1078-e883-4972-9bbc-49e60bebca55");
    keep("rax=fffff807ad018bf0 rbx=0000000000000000 rcx=000000000011090a\nCPU_MICROCODE: 6,5e,3,0 (F,M,S,R)  SIG: "
         "BA'00000000 (cache)");
    keep("MODLIST_SHA1_HASH:  2782cc683f95f99ef3f51ab8d931ccbc5221251e\nSYSTEM_SKU:  Surface_Pro_1796\nBIOS_DATE:  "
         "07/02/2015");
}

static void test_mail(void **state)
{
    (void)state;
    expect("mailto:j.smith+x" AT("mail.contoso.com") "> and J.Smith+x" AT("Mail.contoso.com") ", bob" AT(
               "contoso.co.uk") ".",
           "mailto:mail1" AT("example.com") "> and mail1" AT("example.com") ", mail2" AT("example.com") ".");
    expect("User name: jsmith" AT("contoso.com"), "User name: mail1" AT("example.com"));
    keep("nt!KiDispatch" AT("12") " ?Add" AT("Foo" AT(AT("QEAAXXZ"))) " [drv.cpp @ 13] drv!_Foo" AT("8.obj") " x" AT(
        "example.org"));
    keep("Descriptor    @ fffffa8007cf40b0");
}

static void test_ipv4(void **state)
{
    (void)state;
    expect("   Connected to target 169.182.1.1 on port 50005 on local IP 169.182.1.2",
           "   Connected to target 192.0.2.1 on port 50005 on local IP 192.0.2.2");
    expect("bcdedit /dbgsettings net hostip:10.0.0.5 port:50000, 192.168.1.10:50000 and 192.168.1.10.",
           "bcdedit /dbgsettings net hostip:192.0.2.1 port:50000, 192.0.2.2:50000 and 192.0.2.2.");
    expect("\\\\10.1.2.3\\share http://10.1.2.3/x 86.123.44.7 10.1.2.3/24",
           "\\\\192.0.2.1\\share http://192.0.2.1/x 192.0.2.2 192.0.2.1/24");
    keep("Microsoft (R) Windows Debugger Version 10.0.26100.1 AMD64\nWindows Debugger Version 6.3.9600.17298 AMD64");
    keep("    File version:     10.0.0.1\n    Product version:  62.12.0.3\n    FileVersion:      192.168.1.1");
    keep("IMAGE_VERSION:  8.1.1.2\nBIOS_VERSION:  1.2.0.0\nANALYSIS_VERSION: 10.0.10240.9 x86fre\nKey  : "
         "Analysis.Version.DbgEng");
    keep("Value: 10.0.27725.1000\nBUILDLAB_STR:  19041.1.amd64fre\ndriver 86.12.0.3, NVIDIA 31.0.15.3, v62.1.2.3, OID "
         "1.3.6.1");
    keep("127.0.0.1 0.0.0.0 255.255.255.0 224.0.0.1 192.0.2.7 198.51.100.3 1.2.3 1.2.3.4.5 62.1.2.300 62.01.2.3");
    keep("C:\\drv\\62.1.2.3\\x.sys {0.0.0.00000000} foo-62.1.2.3.zip 62.1.2.3-beta winusb_62.1.2.3");
}

static void test_ipv6(void **state)
{
    (void)state;
    expect("fe80::1c2b:3d4e:5f60:7a8b%12 and 2a02:8108:1:2:3:4:5:6, FE80::1c2b:3d4e:5f60:7a8b",
           "2001:db8::1%12 and 2001:db8::2, 2001:db8::1");
    keep("::1 2001:db8::7 System Uptime: 0 days 1:31:58.931 Ticks: 38463 (0:00:10:00.026) std::kstring::operator+= "
         "a::b");
    keep("0033:00007ff6`12345678 fffff880:`04a1ea55 12:34:56:78:90:12:34:56 dead::beef Fe::Add");
}

static void test_mac(void **state)
{
    (void)state;
    expect("Permanent address 40-8D-5C-01-02-03, 40:8d:5c:01:02:03 and 40-8D-5C-01-02-04",
           "Permanent address 00-00-5E-00-53-00, 00:00:5E:00:53:00 and 00-00-5E-00-53-01");
    expect("BTHENUM\\DEV_408D5C010203\\8&11&0&BLUETOOTHDEVICE_408D5C010203",
           "BTHENUM\\DEV_00005E005300\\8&11&0&BLUETOOTHDEVICE_00005E005300");
    expect("BTHENUM\\{0000110b-0000-1000-8000-00805f9b34fb}_VID&0001000f\\8&11&0&408D5C010203_C00000000",
           "BTHENUM\\{0000110b-0000-1000-8000-00805f9b34fb}_VID&0001000f\\8&11&0&00005E005300_C00000000");
    keep("00-00-00-00-00-00 FF-FF-FF-FF-FF-FF 01-00-5E-7F-FF-FA 48-8b-05-11-22-33-44");
    keep("fffff880`009ab080  53 0f 10 00 00 08 04 00-09 20 80 00 ff fb 8b 17");
}

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

static void test_serials(void **state)
{
    (void)state;
    expect("    InstancePath is \"USB\\VID_125F&PID_312A\\09021000000000000342192873\"",
           "    InstancePath is \"USB\\VID_125F&PID_312A\\serial1\"");
    expect("USBSTOR\\Disk&Ven_X&Prod_Y&Rev_1.0\\0781544610510B73&0 "
           "\\??\\USB#VID_04D8&PID_0033#A17X99#{a5dcbf10-6530-11d2-901f-00c04fb951ed}",
           "USBSTOR\\Disk&Ven_X&Prod_Y&Rev_1.0\\serial1&0 "
           "\\??\\USB#VID_04D8&PID_0033#serial2#{a5dcbf10-6530-11d2-901f-00c04fb951ed}");
    expect("SWD\\WPDBUSENUM\\_??_USBSTOR#Disk&Ven_X&Prod_Y#0781544610510B73&0#{53f56307-b6bf-11d0-94f2-00a0c91efb8b}",
           "SWD\\WPDBUSENUM\\_??_USBSTOR#Disk&Ven_X&Prod_Y#serial1&0#{53f56307-b6bf-11d0-94f2-00a0c91efb8b}");
    expect("USB\\VID_04D8&amp;PID_0033\\A17X99 \"USB\\\\VID_04D8&PID_0033\\\\A17X99\"",
           "USB\\VID_04D8&amp;PID_0033\\serial1 \"USB\\\\VID_04D8&PID_0033\\\\serial1\"");
    expect("  Serial Number                 4CE0460D0G\n  UUID                          "
           "4c4c4544-0042-3510-8052-b9c04f4a5931\n  Asset Tag                     INV-00417",
           "  Serial Number                 serial1\n  UUID                          "
           "00000000-0000-0000-0000-000000000001\n  Asset Tag                     serial2");
    expect("Serial Number 4CE0460D0G\nSystemSerialNumber = REG_SZ 4CE0460D0G\nSYSTEM_SERIAL_NUMBER: "
           "4CE0460D0G\nBaseBoardSerialNumber=X9-1",
           "Serial Number serial1\nSystemSerialNumber = REG_SZ serial1\nSYSTEM_SERIAL_NUMBER: "
           "serial1\nBaseBoardSerialNumber=serial2");
    expect("Serial Number: VMware-56 4d 8a 6f 1a 2b 3c 4d-5e 6f 70 81 92 a3 b4 c5", "Serial Number: serial1");
    expect(" Volume Serial Number is A0B1-C2D3\nDev. Serial # : 408d5cffff010203\n   +0x010 SerialNumber     : "
           "0xa0b1c2d3", /* dt nt!_VPB */
           " Volume Serial Number is serial1\nDev. Serial # : serial2\n   +0x010 SerialNumber     : serial3");
    expect("UUID: 4C4C454400423510", "UUID: 4C4C454400423510");
    expect("UUID: 4C4C4544004235108052B9C04F4A5931", "UUID: 00000000000000000000000000000001");
    keep("  DeviceInst is \"USB\\VID_04D8&PID_0033\\5&46fa7b7&0&1\"\n  InstancePath is "
         "\"PCI\\VEN_8086&DEV_293E&SUBSYS_2819103C&REV_02\\3&33fd14ca&0&D8\"");
    keep("  InstancePath is \"USB\\ROOT_HUB30\\5&11db9684&0&0\"\n  InstancePath is \"PCI\\VEN_102B&DEV_0519\\0&60\" "
         "ACPI\\PNP0C0C\\2&daba3ff&1");
    keep("IDE\\DiskST3250820AS_____________________________3.CHL___\\5&14544e82&0&0.0.0 "
         "SCSI\\Disk&Ven_&Prod_ST3500418AS\\4&23d99fa2&0&000000");
    keep("ROOT\\sysvad_TabletAudioSample\\0000 USBSTOR\\Disk&Ven ... HTREE\\ROOT\\0 Root\\*PNP0501\\1_0_17_2_0_0");
    keep("  Serial Number                 To be filled by O.E.M.\n  Serial Number                 \n  Serial Number   "
         "00000000\nSerial Number None");
    keep("facac000 facbae00   serial       (deferred)\nserial: COM1\nServiceName is \"Serial\"\n "
         "\\Driver\\Serial\nDev. Serial # : 0000000000000000");
    keep("Serial number is on the back. UUID is missing. Asset tag and serial numbers 12345 matter.");
}

static void test_guids(void **state)
{
    (void)state;
    expect("STORAGE\\Volume\\{3007dfd3-df8d-11e3-824c-806e6f6e6963}#0000000000100000 and "
           "3007DFD3-DF8D-11E3-824C-806E6F6E6963",
           "STORAGE\\Volume\\{00000000-0000-0000-0000-000000000001}#0000000000100000 and "
           "00000000-0000-0000-0000-000000000001");
    expect("SWD\\MMDEVAPI\\{0.0.0.00000000}.{64097438-cdc0-4007-a19e-62e789062e20}",
           "SWD\\MMDEVAPI\\{0.0.0.00000000}.{00000000-0000-0000-0000-000000000001}");
    expect(
        "MachineGuid    REG_SZ    0a1b2c3d-1111-4222-8333-444455556666\nNetwork {0a1b2c3d-1111-4222-8333-444455556667}",
        "MachineGuid    REG_SZ    00000000-0000-0000-0000-000000000001\nNetwork "
        "{00000000-0000-0000-0000-000000000002}");
    keep("## Section 1     : {390f56d5-ca86-4649-95c4-73a408ae5834}\nNotify Type   : "
         "{e8f56ffe-919c-4cc5-ba88-65abe14913bb}");
    keep("FAILURE_ID_HASH:  {0a1b2c3d-1111-4222-8333-444455556666}\n\nKey  : Failure.Hash\nValue: "
         "{0a1b2c3d-1111-4222-8333-444455556666}");
    keep("SW\\{b7eafdc0-a680-11d0-96d8-00aa0051e51d}\\{9B365890-165F-11D0-A195-0020AFD156E4}\nClass\\{4d36e968-e325-"
         "11ce-bfc1-08002be10318}\\0000");
    keep("WPP provider {0a1b2c3d-1111-4222-8333-444455556666}, {00000000-0000-0000-c000-000000000046}, "
         "{00000000-0000-0000-ffff-ffffffffffff}");
    keep("\\\\?\\HID#VID_046D&PID_C52B&MI_00#7&2a6ef3a&0&0000#{884b96c3-56ef-41d1-bc8c-00a0c91405dd}\nRSDS - GUID: "
         "{0a1b2c3d-1111-4222-8333-444455556666}");
}

static void test_keys(void **state)
{
    (void)state;
    expect("key AB1CD-EF2GH-IJ3KL-MN4OP-QR5ST", "key XXXXX-XXXXX-XXXXX-XXXXX-00001");
    expect("Product ID:                00330-80000-00000-AA123\nProduct ID: 55274-640-1234567-23456",
           "Product ID:                00000-00000-00000-00001\nProduct ID: 00000-00000-00000-00002");
    expect("111111-222222-333333-444444-555555-666666-777777-888888",
           "000000-000000-000000-000000-000000-000000-000000-000001");
    expect("net:port=50000,key=2steg4fzbj2sz.23418vzkd4ko3.1g34ou07z4pev.1sp3yo9yz874p", "net:port=50000,key=1.2.3.4");
    keep("net:port=50000,key=1.2.3.4 Product ID: 0x0033 AAAAA-BBBBB-CCCCC-DDDDD-EEEEE 12345-12345");
}

/* ---- The same value, the same replacement ------------------------------------------------------------------------ */

static void test_spread(void **state)
{
    (void)state;
    expect("jsmith wrote it (D:\\src\\jsmith\\x.c)\n[C:\\Users\\jsmith\\x.c @ 1]",
           "user1 wrote it (D:\\src\\user1\\x.c)\n[C:\\Users\\user1\\x.c @ 1]");
    expect("Machine Name: \"BOX-17\"\nbox-17 is mine", "Machine Name: \"host1\"\nhost1 is mine");
    expect("C:\\Users\\John Doe\\x, by John Doe", "C:\\Users\\user1\\x, by user1");
    expect("USB\\VID_125F&PID_312A\\A17X99KL2 and A17X99KL2", "USB\\VID_125F&PID_312A\\serial1 and serial1");
    /* a module's name stays one */
    expect("C:\\Users\\mydrv\\x\nmydrv!DriverEntry+0x10 mydrv", "C:\\Users\\user1\\x\nmydrv!DriverEntry+0x10 mydrv");
    expect("C:\\Users\\mydrv\\x\nmydrv.sys mydrv", "C:\\Users\\user1\\x\nmydrv.sys mydrv");
    /* words of debuggers, makers, short names, addresses */
    expect("C:\\Users\\Lenovo\\x\nSYSTEM_MANUFACTURER:  Lenovo", "C:\\Users\\user1\\x\nSYSTEM_MANUFACTURER:  Lenovo");
    expect("C:\\Users\\driver\\x\nthe driver", "C:\\Users\\user1\\x\nthe driver");
    expect("C:\\Users\\bob\\x bob", "C:\\Users\\user1\\x bob");
    expect("C:\\Users\\deadbeef\\x deadbeef", "C:\\Users\\user1\\x deadbeef");
    expect("C:\\Users\\Frank\\x frankly frank Frank", "C:\\Users\\user1\\x frankly frank user1");
}

static void test_numbers_taken(void **state)
{
    (void)state;
    expect("C:\\Users\\user1\\x C:\\Users\\jsmith\\x", "C:\\Users\\user1\\x C:\\Users\\user2\\x");
    expect("C:\\Users\\jsmith\\x C:\\Users\\user1\\x host1\\x \\\\host1\\x \\\\EMNET\\x",
           "C:\\Users\\user2\\x C:\\Users\\user1\\x host1\\x \\\\host1\\x \\\\host2\\x");
    expect("IP 192.0.2.1 IP 86.1.2.3", "IP 192.0.2.1 IP 192.0.2.2");
    keep("(User: domain1\\user1) host1\\user2 (npipe x) S-1-5-21-0-0-1-1001 USB\\VID_04D8&PID_0033\\serial1 "
         "00-00-5E-00-53-07");
}

/* More values than there are addresses in the networks that are set aside. */
static void test_many(void **state)
{
    (void)state;
    sc_buf paste = {0};
    sc_scrubbed s;
    sc_arena *a = sc_arena_new(0);
    for (unsigned i = 0; i < 2000; i++) {
        sc_buf_printf(&paste, "IP 86.1.%u.%u 40-8D-5C-01-%02X-%02X C:\\Users\\person%u\\x\n", i / 250, i % 250, i >> 8,
                      i & 255, i);
    }
    assert_int_equal(sc_scrub(a, sc_buf_view(&paste), &s, NULL), SC_OK);
    assert_int_equal(s.n_items, 6000);
    assert_int_equal(s.n_hits, 6000);
    for (size_t i = 0; i + 3 < s.n_items; i += 3) { /* all different; in order of appearance */
        assert_false(sc_eq(s.items[i].replacement, s.items[i + 3].replacement));
        assert_false(sc_eq(s.items[i + 1].replacement, s.items[i + 4].replacement));
    }
    assert_true(sc_eq_z(s.items[5997].replacement, "198.18.4.213"));
    assert_true(sc_eq_z(s.items[5998].replacement, "02-00-5E-00-06-CF"));
    assert_true(sc_eq_z(s.items[5999].replacement, "user2000"));
    sc_buf_free(&paste);
    sc_arena_free(a);
}

/* ---- What is told ------------------------------------------------------------------------------------------------ */

static void test_report(void **state)
{
    (void)state;
    sc_arena *a = sc_arena_new(0);
    sc_scrubbed s;
    sc_span paste = SC_S("\xef\xbb\xbfk\r\n\xc3\xa9 C:\\Users\\jsmith\\x IP 86.1.2.3\r\nc:\\users\\JSMITH\\y\r\n");
    assert_int_equal(sc_scrub(a, paste, &s, NULL), SC_OK);
    assert_int_equal(s.n_items, 2);
    assert_int_equal(s.items[0].kind, SC_PERSONAL_USER);
    assert_string_equal(sc_personal_names[s.items[0].kind], "user name");
    assert_true(sc_eq_z(s.items[0].original, "jsmith"));
    assert_true(sc_eq_z(s.items[0].replacement, "user1"));
    assert_int_equal(s.items[0].count, 2);
    assert_int_equal(s.items[1].count, 1);
    assert_int_equal(s.n_hits, 3);
    assert_int_equal(s.hits[0].line, 2);
    assert_int_equal(s.hits[0].column, 12);
    assert_int_equal(s.hits[1].line, 2);
    assert_int_equal(s.hits[1].column, 24);
    assert_int_equal(s.hits[1].item, 1);
    assert_int_equal(s.hits[2].line, 3);
    assert_int_equal(s.hits[2].column, 10);
    sc_span same = SC_S("nothing of that kind");
    assert_int_equal(sc_scrub(a, same, &s, NULL), SC_OK);
    assert_ptr_equal(s.text.p, same.p);
    assert_int_equal(s.n_items + s.n_hits, 0);
    sc_arena_free(a);
}

static void test_line_ends(void **state)
{
    (void)state;
    sc_arena *a = sc_arena_new(0);
    sc_scrubbed s;
    assert_int_equal(sc_scrub(a, SC_S("a\rb\rIP 86.1.2.3"), &s, NULL), SC_OK);
    assert_int_equal(s.hits[0].line, 3);
    assert_int_equal(sc_scrub(a, SC_S("a\rb\nIP 86.1.2.3"), &s, NULL), SC_OK);
    assert_int_equal(s.hits[0].line, 2);
    sc_arena_free(a);
}

static void test_encodings(void **state)
{
    (void)state;
    static const char big[] = "\xfe\xff\0I\0P\0 \0\x38\0\x36\0.\0\x31\0.\0\x32\0.\0\x33\0 \xd8\x00\xd8\x3d\xde\0\0!z";
    static const char big_after[] =
        "\xfe\xff\0I\0P\0 \0\x31\0\x39\0\x32\0.\0\x30\0.\0\x32\0.\0\x31\0 \xd8\x00\xd8\x3d\xde\0\0!z";
    expect_bytes((sc_span){big, sizeof big - 1}, (sc_span){big_after, sizeof big_after - 1},
                 "big-endian, a half pair, an odd byte");
    static const char bare[] = "I\0P\0 \0\x38\0\x36\0.\0\x31\0.\0\x32\0.\0\x33\0 \0k\0d\0";
    static const char bare_after[] = "I\0P\0 \0\x31\0\x39\0\x32\0.\0\x30\0.\0\x32\0.\0\x31\0 \0k\0d\0";
    expect_bytes((sc_span){bare, sizeof bare - 1}, (sc_span){bare_after, sizeof bare_after - 1}, "without a mark");
    expect_bytes(SC_S("\xef\xbb\xbfUSERNAME=jsmith\xff\xfe\x80"), SC_S("\xef\xbb\xbfUSERNAME=user1"),
                 "invalid bytes belong to a word");
    expect_bytes(SC_S("\x80\xff C:\\Users\\jsmith\\x \xc2"), SC_S("\x80\xff C:\\Users\\user1\\x \xc2"),
                 "invalid bytes stay");
    expect_bytes(SC_S("a\0b C:\\Users\\jsmith\\x\0"), SC_S("a\0b C:\\Users\\user1\\x\0"), "zeros stay");
    expect_bytes(SC_S(""), SC_S(""), "nothing");
}

/* Every prefix and suffix of a paste with all kinds, so that each matcher meets the end of the text. */
static void test_cut(void **state)
{
    (void)state;
    static const char paste[] =
        "Machine Name: \"EMNET\" C:\\Users\\John Doe\\OneDrive - X\\y \\\\EMNET\\s (User: NORTH\\jsmith) "
        "DESKTOP-1A2B3C4 "
        "S-1-5-21-518-515-299-2981724 USB\\VID_04D8&PID_0033\\A17X99 BTHENUM\\DEV_408D5C010203\\8&1 a" AT(
            "b.com") " 192.168.1.5 fe80::1:2 40-8D-5C-01-02-03 {3007dfd3-df8d-11e3-824c-806e6f6e6963} "
                     "AB1CD-EF2GH-IJ3KL-MN4OP-QR5ST "
                     "key=2steg4fzbj2sz.23418vzkd4ko3.1g34ou07z4pev.1sp3yo9yz874p\nSerial Number   4CE0460D0G\nUser "
                     "Name\tN\\x y (npipe ";
    size_t n = sizeof paste - 1;
    for (size_t i = 0; i <= n; i++) {
        for (int tail = 0; tail < 2; tail++) {
            sc_span part = tail ? (sc_span){paste + i, n - i} : (sc_span){paste, i};
            char *exact = malloc(part.n + 1);
            sc_arena *a = sc_arena_new(0);
            sc_scrubbed once, twice;
            memcpy(exact, part.p, part.n);
            assert_int_equal(sc_scrub(a, (sc_span){exact, part.n}, &once, NULL), SC_OK);
            assert_int_equal(sc_scrub(a, once.text, &twice, NULL), SC_OK);
            if (!sc_eq(once.text, twice.text)) fail_msg("once %.*s\ntwice %.*s", SC_F(once.text), SC_F(twice.text));
            sc_arena_free(a);
            free(exact);
        }
    }
}

/* Every way to run out of memory is an error, and the paste is handed back. */
static void test_memory(void **state)
{
    (void)state;
    sc_span paste = SC_S("C:\\Users\\jsmith\\x jsmith IP 86.1.2.3");
    int failures = 0;
    for (size_t limit = 16;; limit += 16) {
        sc_arena *a = sc_arena_new(limit);
        sc_scrubbed s;
        sc_error error = {0};
        int rc = sc_scrub(a, paste, &s, &error);
        if (!rc) assert_true(sc_eq_z(s.text, "C:\\Users\\user1\\x user1 IP 192.0.2.1"));
        if (rc) {
            assert_int_equal(rc, SC_E_NOMEM);
            assert_ptr_equal(s.text.p, paste.p);
            assert_int_equal(s.n_items, 0);
            failures++;
        }
        sc_arena_free(a);
        if (!rc) break;
        assert_true(limit < 1u << 20);
    }
    assert_true(failures > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folders),   cmocka_unit_test(test_wrapped), cmocka_unit_test(test_labels),
        cmocka_unit_test(test_accounts),  cmocka_unit_test(test_hosts),   cmocka_unit_test(test_posts),
        cmocka_unit_test(test_mail),      cmocka_unit_test(test_ipv4),    cmocka_unit_test(test_ipv6),
        cmocka_unit_test(test_mac),       cmocka_unit_test(test_serials), cmocka_unit_test(test_guids),
        cmocka_unit_test(test_keys),      cmocka_unit_test(test_spread),  cmocka_unit_test(test_numbers_taken),
        cmocka_unit_test(test_many),      cmocka_unit_test(test_report),  cmocka_unit_test(test_line_ends),
        cmocka_unit_test(test_encodings), cmocka_unit_test(test_cut),     cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
