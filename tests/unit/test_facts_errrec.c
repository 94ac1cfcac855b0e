/* !errrec, and machine checks from the record and from the bug check's own parameters. */
#include "facts_fixture.h"

/* seed 003: every second line empty, no rulers, an en dash in the rows of bytes */
#define RECORD                                                                                                         \
    "3: kd> !errrec fffffa80031f8028\n\n\n"                                                                            \
    "Common Platform Error Record @ fffffa80031f8028\n\n\n"                                                            \
    "Record Id     : 01cf93c95694ec87\n\n"                                                                             \
    "Severity      : Fatal (1)\n\n"                                                                                    \
    "Length        : 928\n\n"                                                                                          \
    "Creator       : Microsoft\n\n"                                                                                    \
    "Notify Type   : Machine Check Exception\n\n"                                                                      \
    "Timestamp     : 6/29/2014 20:39:44 (UTC)\n\n"                                                                     \
    "Flags         : 0x00000000\n\n\n"                                                                                 \
    "Section 0     : Processor Generic\n\n\n"                                                                          \
    "Descriptor    @ fffffa80031f80a8\n\n"                                                                             \
    "Section       @ fffffa80031f8180\n\n"                                                                             \
    "Offset        : 344\n\n"                                                                                          \
    "Length        : 192\n\n"                                                                                          \
    "Flags         : 0x00000001 Primary\n\n"                                                                           \
    "Severity      : Fatal\n\n"                                                                                        \
    "Error Type    : Cache error\n\n"                                                                                  \
    "Operation     : Data Read\n\n"                                                                                    \
    "Level         : 1\n\n"                                                                                            \
    "CPU Version   : 0x0000000000100f53\n\n"                                                                           \
    "Processor ID  : 0x0000000000000003\n\n\n"                                                                         \
    "Section 1     : x86/x64 Processor Specific\n\n\n"                                                                 \
    "Offset        : 536\n\n"                                                                                          \
    "Length        : 128\n\n"                                                                                          \
    "Local APIC Id : 0x0000000000000003\n\n"                                                                           \
    "CPU Id        : 53 0f 10 00 00 08 04 03 \xe2\x80\x93 09 20 80 00 ff fb 8b 17\n\n"                                 \
    "                00 00 00 00 00 00 00 00 \xe2\x80\x93 00 00 00 00 00 00 00 00\n\n"                                 \
    "Proc. Info 0  @ fffffa80031f8240\n\n\n"                                                                           \
    "Section 2     : x86/x64 MCA\n\n\n"                                                                                \
    "Offset        : 664\n\n"                                                                                          \
    "Length        : 264\n\n"                                                                                          \
    "Severity      : Fatal\n\n"                                                                                        \
    "Error         : DCACHEL1_DRD_ERR (Proc 3 Bank 0)\n\n"                                                             \
    "\xc2\xa0 Status      : 0x" STATUS "\n\n"                                                                          \
    "\xc2\xa0 Address     : 0x0000000013a87500\n\n"                                                                    \
    "\xc2\xa0 Misc.       : 0x0000000000000000\n\n"                                                                    \
    "So what does this mean?\n"
#define STATUS "b64720001a000135"

static const char bugcheck_line[] = "BugCheck 124, {0, fffffa80031f8028, b6472000, 1a000135}\n";

static void reads_the_record(void **state)
{
    (void)state;
    fx f = fx_read(RECORD);
    const sc_row *r = fx_row(&f, "whea_record", 0);
    assert_int_equal(fx_addr(r, "record"), 0xfffffa80031f8028);
    fx_assert_text(r, "severity", "Fatal");
    fx_assert_text(r, "notify", "Machine Check Exception");
    fx_assert_text(r, "timestamp", "6/29/2014 20:39:44 (UTC)");
    assert_false(fx_bool(r, "previous_error"));
    assert_int_equal(fx_int(r, "sections"), 3);
    assert_int_equal(fx_int(r, "length"), 928);
    r = fx_row(&f, "whea_section", 0);
    fx_assert_text(r, "kind", "Processor Generic");
    fx_assert_text(r, "error_type", "Cache error");
    fx_assert_text(r, "operation", "Data Read");
    assert_int_equal(fx_int(r, "level"), 1);
    assert_int_equal(fx_int(r, "cpu_version"), 0x100f53);
    assert_int_equal(fx_int(r, "processor_id"), 3);
    assert_int_equal(fx_int(fx_row(&f, "whea_section", 1), "cpu_version"), 0x100f53); /* from the row of bytes */
    assert_true(fx_covers_int(&f, "whea_record", (int64_t)0xfffffa80031f8028));
    assert_true(fx_covers_all(&f, "mca"));
    assert_true(f.facts->transcript->sections[0].complete);
    fx_free(&f);
}

static void decodes_the_machine_check(void **state)
{
    (void)state;
    fx f = fx_read(RECORD);
    assert_int_equal(fx_count(&f, "mca"), 1);
    const sc_row *r = fx_row(&f, "mca", 0);
    fx_assert_text(r, "source", "record");
    assert_int_equal(fx_int(r, "processor"), 3);
    assert_int_equal(fx_int(r, "bank"), 0);
    assert_true(fx_addr(r, "status") == 0xb64720001a000135);
    assert_true(fx_bool(r, "valid") && fx_bool(r, "uc") && fx_bool(r, "en") && fx_bool(r, "addrv") &&
                fx_bool(r, "pcc"));
    assert_false(fx_bool(r, "over") || fx_bool(r, "miscv"));
    fx_assert_text(r, "mnemonic", "DCACHEL1_DRD_ERR");
    fx_assert_text(r, "printed", "DCACHEL1_DRD_ERR");
    fx_assert_text(r, "kind", "cache");
    fx_assert_text(r, "request", "DRD");
    assert_int_equal(fx_int(r, "level"), 1);
    assert_int_equal(fx_addr(r, "address"), 0x13a87500);
    assert_false(fx_bool(r, "signaled") || fx_bool(r, "action_required") || fx_bool(r, "timed_out"));
    assert_int_equal(fx_int(r, "mscod"), 0x1a00);
    assert_int_equal(fx_int(r, "mcacod"), 0x135);
    assert_int_equal(fx_state(r, "channel"), SC_NULL);
    assert_int_equal(fx_state(r, "misc"), SC_NULL); /* printed, but the status says that it holds nothing */
    assert_int_equal(fx_state(r, "corrected"), SC_NULL);
    fx_free(&f);
}

static void keeps_a_contradiction(void **state)
{
    (void)state;
#undef STATUS
#define STATUS "be2000000005110a" /* of another dump */
    fx f = fx_read(RECORD);
    const sc_row *r = fx_row(&f, "mca", 0);
    fx_assert_text(r, "mnemonic", "GCACHEL2_ERR_ERR");
    fx_assert_text(r, "printed", "DCACHEL1_DRD_ERR");
    fx_free(&f);
    char text[8192] = "BugCheck 124, {0, fffffa80031f8028, b6472000, 1a000135}\n\n";
    strncat(text, RECORD, sizeof text - strlen(text) - 1);
    f = fx_read(text);
    assert_int_equal(fx_count(&f, "mca"), 2); /* parameters and record differ: both stay */
    assert_non_null(fx_find_text(&f, "mca", "source", "parameters"));
    fx_free(&f);
#undef STATUS
#define STATUS "b64720001a000135"
}

static void parameters_tell_the_status_alone(void **state)
{
    (void)state;
    fx f = fx_read(bugcheck_line);
    assert_int_equal(fx_count(&f, "mca"), 1);
    const sc_row *r = fx_row(&f, "mca", 0);
    fx_assert_text(r, "source", "parameters");
    fx_assert_text(r, "mnemonic", "DCACHEL1_DRD_ERR");
    assert_true(fx_bool(r, "uc") && fx_bool(r, "pcc"));
    assert_int_equal(fx_state(r, "processor"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "bank"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "address"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "printed"), SC_NOT_PRINTED);
    assert_int_equal(r->line, 1);
    assert_true(fx_covers_text(&f, "mca", "parameters"));
    assert_false(fx_covers_text(&f, "mca", "record")); /* it would tell the processor */
    assert_false(fx_covers_all(&f, "mca"));
    fx_free(&f);
}

static void the_record_says_more(void **state)
{
    (void)state;
    char text[8192] = "BugCheck 124, {0, fffffa80031f8028, b6472000, 1a000135}\n\n";
    strncat(text, RECORD, sizeof text - strlen(text) - 1);
    fx f = fx_read(text);
    assert_int_equal(fx_count(&f, "mca"), 1);
    fx_assert_text(fx_row(&f, "mca", 0), "source", "record");
    assert_true(fx_covers_all(&f, "mca"));
    fx_free(&f);
}

static void other_bug_checks_have_no_status(void **state)
{
    (void)state;
    fx f = fx_read("BugCheck 124, {4, fffffa80031f8028, b6472000, 1a000135}\n"); /* PCI Express */
    assert_int_equal(fx_count(&f, "mca"), 0);
    fx_free(&f);
    f = fx_read("BugCheck 124, {0, fffffa80031f8028, 0, 0}\n"); /* not saved */
    assert_int_equal(fx_count(&f, "mca"), 0);
    assert_false(fx_covers_text(&f, "mca", "parameters"));
    fx_free(&f);
    f = fx_read("BugCheck 1A, {0, fffffa80031f8028, b6472000, 1a000135}\n");
    assert_int_equal(fx_count(&f, "mca"), 0);
    fx_free(&f);
    f = fx_read("BugCheck 9C, {5, fffff88002f6bb70, b2000040, 800}\n"); /* here parameter 1 is the bank */
    assert_int_equal(fx_int(fx_row(&f, "mca", 0), "bank"), 5);
    fx_assert_text(fx_row(&f, "mca", 0), "mnemonic", "BUSL0_SRC_ERR_M_NOTIMEOUT_ERR");
    fx_free(&f);
}

/* sample errrec--errrec-69: headings from rulers, an empty status in an error packet */
static const char packet[] = "# 3: kd> !errrec fffffa8007cf4030 \n"
                             "===============================================================================\n"
                             "## Common Platform Error Record @ fffffa8007cf4030\n"
                             "-------------------------------------------------------------------------------\n"
                             "Severity      : Fatal (1)\n"
                             "Length        : 1730\n"
                             "Flags         : 0x00000002 PreviousError\n"
                             "# \n"
                             "## Section 0     : Processor Generic\n"
                             "Offset        : 344\n"
                             "Length        : 192\n\n"
                             "No valid data fields are present.\n"
                             "## Section 1     : {390f56d5-ca86-4649-95c4-73a408ae5834}\n"
                             "Offset        : 536\n"
                             "Length        : 658\n\n"
                             "*** Unknown section format ***\n"
                             "## Section 2     : Error Packet\n"
                             "Offset        : 1194\n"
                             "Length        : 536\n\n"
                             "   ErrorSourceType  : 0x0 - MCE\n"
                             "Processor Error: (Internal processor error)\n"
                             "Processor Number : 2\n"
                             "Bank Number      : 0\n"
                             "   Status  :                0\n"
                             "   Address : 0000000000000000 (I)\n"
                             "   Misc    : 0000000000000000 (I)\n";

static void reads_an_error_packet(void **state)
{
    (void)state;
    fx f = fx_read(packet);
    const sc_row *r = fx_row(&f, "whea_record", 0);
    assert_true(fx_bool(r, "previous_error"));
    assert_int_equal(fx_int(r, "sections"), 3);
    fx_assert_text(fx_row(&f, "whea_section", 1), "kind", "{390f56d5-ca86-4649-95c4-73a408ae5834}");
    r = fx_row(&f, "mca", 0);
    assert_int_equal(fx_int(r, "processor"), 2);
    assert_int_equal(fx_int(r, "bank"), 0);
    assert_false(fx_bool(r, "valid"));
    fx_assert_text(r, "kind", "none");
    assert_int_equal(fx_state(r, "address"), SC_NULL);
    r = fx_find_text(&f, "whea_field", "label", "ErrorSourceType");
    assert_non_null(r);
    fx_assert_text(r, "value", "0x0 - MCE");
    assert_int_equal(fx_addr(r, "number"), 0);
    assert_true(f.facts->transcript->sections[0].complete);
    fx_free(&f);
}

static const char pcie[] =
    "0: kd> !errrec ffffe001d7a1f028\n"
    "Common Platform Error Record @ ffffe001d7a1f028\n"
    "Severity      : Fatal (1)\n"
    "Length        : 408\n"
    "Notify Type   : PCI Express Error\n"
    "Section 0     : PCI Express\n"
    "Offset        : 200\n"
    "Length        : 208\n"
    "Port Type     : Root Port\n"
    "Command/Status: 0x0010/0x0506\n"
    "Device Id     :\n"
    "  VenId:DevId : 8086:a340\n"
    "  Class code  : 060400\n"
    "  Function No : 0x04\n"
    "  Device No   : 0x1b\n"
    "  Segment     : 0x0000\n"
    "  Primary Bus : 0x00\n"
    "AER Information @ ffffe001d7a1f15c\n"
    "  Uncorrectable Error Status    : 00014000 ur ecrc mtlp rof uc CA cto fcp PTLP sd dlp und\n"
    "  Uncorrectable Error Mask      : 00000000 ur ecrc mtlp rof uc ca cto fcp ptlp sd dlp und\n";

/* No bit is set: that is an answer. */
static void reads_pci_express_without_errors(void **state)
{
    (void)state;
    char text[sizeof pcie];
    strcpy(text, pcie);
    memcpy(strstr(text, "00014000 ur ecrc mtlp rof uc CA cto fcp PTLP"), "00000000 ur ecrc mtlp rof uc ca cto fcp ptlp",
           44);
    fx f = fx_read(text);
    assert_int_equal(fx_state(fx_row(&f, "whea_section", 0), "aer"), SC_NULL);
    fx_free(&f);
}

static void a_record_without_sections(void **state)
{
    (void)state;
    fx f = fx_read("3: kd> !errrec fffffa80031f8028\n"
                   "===============================================================================\n"
                   "Common Platform Error Record @ fffffa80031f8028\n"
                   "-------------------------------------------------------------------------------\n"
                   "Record Id     : 01cf93c95694ec87\nSeverity      : Fatal (1)\n");
    assert_int_equal(fx_int(fx_row(&f, "whea_record", 0), "sections"), 0);
    fx_free(&f);
}

static void reads_pci_express(void **state)
{
    (void)state;
    fx f = fx_read(pcie);
    const sc_row *r = fx_row(&f, "whea_section", 0);
    fx_assert_text(r, "pci_id", "8086:a340");
    assert_int_equal(fx_int(r, "bus"), 0);
    assert_int_equal(fx_int(r, "device"), 0x1b);
    assert_int_equal(fx_int(r, "function"), 4);
    fx_assert_text(r, "aer", "CA PTLP");
    r = fx_find_text(&f, "whea_field", "label", "Uncorrectable Error Status");
    assert_int_equal(fx_addr(r, "number"), 0x14000);
    assert_int_equal(fx_count(&f, "mca"), 0);
    assert_true(fx_covers_all(&f, "mca")); /* the whole record is there, and holds none */
    fx_free(&f);
}

static void knows_what_is_missing(void **state)
{
    (void)state;
    /* cut before the status */
    fx f = fx_read(
        "kd> !errrec fffffa80031f8028\nCommon Platform Error Record @ fffffa80031f8028\nLength        : 928\n"
        "Section 2     : x86/x64 MCA\nOffset        : 664\nLength        : 264\n"
        "Error         : DCACHEL1_DRD_ERR (Proc 3 Bank 0)\n");
    const sc_row *r = fx_row(&f, "mca", 0);
    assert_int_equal(fx_state(r, "status"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(r, "mnemonic"), SC_NOT_PRINTED);
    fx_assert_text(r, "printed", "DCACHEL1_DRD_ERR");
    assert_false(fx_covers_all(&f, "mca"));
    assert_false(fx_covers_int(&f, "whea_record", (int64_t)0xfffffa80031f8028));
    fx_free(&f);
    /* cut between two sections */
    f = fx_read(
        "kd> !errrec fffffa80031f8028\nCommon Platform Error Record @ fffffa80031f8028\nLength        : 928\n"
        "Section 0     : Processor Generic\nOffset        : 344\nLength        : 192\nError Type    : Cache error\n");
    assert_false(fx_covers_all(&f, "mca"));
    assert_false(f.facts->transcript->sections[0].complete);
    fx_free(&f);
    /* the head is lost: the command names the record */
    f = fx_read("kd> !errrec fffffa80031f8028\nError         : Internal timer (Proc 1 Bank 4)\n"
                "  Status      : 0xbe00000000800400\n");
    r = fx_row(&f, "mca", 0);
    assert_true(fx_addr(r, "record") == 0xfffffa80031f8028);
    fx_assert_text(r, "kind", "timer");
    assert_int_equal(fx_state(r, "level"), SC_NULL);
    fx_free(&f);
}

static void needs_no_prompt(void **state)
{
    (void)state;
    fx f = fx_read("So the record says:\n\nError         : BUSLG_GENERIC_ERR_*_TIMEOUT_ERR (Proc 0 Bank 4)\n"
                   "  Status      : 0xfa00000000070f0f\n\nNote: the bus. And so on : nothing.\n");
    const sc_row *r = fx_row(&f, "mca", 0);
    assert_true(fx_bool(r, "timed_out") && fx_bool(r, "over"));
    fx_assert_text(r, "kind", "bus");
    assert_int_equal(fx_int(r, "level"), 3);
    assert_int_equal(fx_state(r, "record"), SC_NOT_PRINTED);
    assert_int_equal(fx_count(&f, "whea_record"), 0);
    fx_free(&f);
}

static void reads_a_flattened_record(void **state)
{
    (void)state;
    fx f = fx_read(
        "0: kd> !errrec fffffa8007cf4030\n"
        "Common Platform Error Record @ fffffa8007cf4030 Record Id : 01c9c7ff04e0ff7d Severity : Fatal (1) Length : "
        "928 "
        "Section 2 : x86/x64 MCA Descriptor @ fffffa80031f8138 Offset : 664 Length : 264 Error : DCACHEL1_DRD_ERR "
        "(Proc 3 Bank 0) Status : 0xb64720001a000135 Address : 0x0000000013a87500 Misc. : 0x0000000000000000\n");
    assert_int_equal(fx_int(fx_row(&f, "whea_record", 0), "length"), 928);
    fx_assert_text(fx_row(&f, "whea_section", 0), "kind", "x86/x64 MCA");
    const sc_row *r = fx_row(&f, "mca", 0);
    fx_assert_text(r, "mnemonic", "DCACHEL1_DRD_ERR");
    assert_int_equal(fx_addr(r, "address"), 0x13a87500);
    assert_true(fx_covers_all(&f, "mca"));
    fx_free(&f);
}

static void reads_several_records(void **state)
{
    (void)state;
    fx f = fx_read(
        "kd> !errrec fffffa8000000010\nCommon Platform Error Record @ fffffa8000000010\nSeverity : Corrected (2)\n"
        "Common Platform Error Record @ fffffa8000000020\nSeverity : Fatal (1)\n"
        "Section 0 : x86/x64 MCA\nError : A (Proc 0 Bank 1)\n Status : 0xb200000000010005\n"
        "Error : B (Proc 1 Bank 1)\n Status : be200000`0005110a\n");
    assert_int_equal(fx_count(&f, "whea_record"), 2);
    fx_assert_text(fx_row(&f, "whea_record", 1), "severity", "Fatal");
    assert_int_equal(fx_count(&f, "mca"), 2);
    assert_int_equal(fx_int(fx_row(&f, "mca", 1), "processor"), 1);
    fx_assert_text(fx_row(&f, "mca", 1), "mnemonic", "GCACHEL2_ERR_ERR");
    fx_free(&f);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture("3: kd> !errrec fffffa80031f8028\nCommon Platform Error Record @ fffffa80031f8028\nLength : 928\n"
               "Section 2     : x86/x64 MCA\nOffset : 664\nLength : 264\nCPU Id : 53 0f 10 00\n"
               "Error         : DCACHEL1_DRD_ERR (Proc 3 Bank 0)\n  Status      : 0xb64720001a000135\n");
    fx_torture(
        "Section 0 : PCI Express\n  VenId:DevId : 8086:a340\n  Uncorrectable Error Status : 00014000 ur CA PTLP\n");
    fx f = fx_read(
        "kd> !errrec fffffa80031f8028\nLength : 18446744073709551615\nSection 99999999999999999999 : x\n"
        "Section 1 : MCA\nOffset : 18446744073709551615\nLength : 18446744073709551615\nStatus : 0xffffffffffffffff\n");
    assert_int_equal(fx_count(&f, "mca"), 1);
    assert_false(fx_covers_all(&f, "mca"));
    fx_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_record),          cmocka_unit_test(decodes_the_machine_check),
        cmocka_unit_test(keeps_a_contradiction),     cmocka_unit_test(parameters_tell_the_status_alone),
        cmocka_unit_test(the_record_says_more),      cmocka_unit_test(other_bug_checks_have_no_status),
        cmocka_unit_test(reads_an_error_packet),     cmocka_unit_test(reads_pci_express_without_errors),
        cmocka_unit_test(a_record_without_sections), cmocka_unit_test(reads_pci_express),
        cmocka_unit_test(knows_what_is_missing),     cmocka_unit_test(needs_no_prompt),
        cmocka_unit_test(reads_a_flattened_record),  cmocka_unit_test(reads_several_records),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
