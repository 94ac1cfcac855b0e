#include "engine/facts/analyze_label.h"

#include <string.h>

enum { MAX_LABEL = 48 };

/* Sorted. What stands here in capitals starts a section wherever it begins a line, so words of other commands' output
 * and of people ("NOTE:", "WARNING:") must not. */
static const char *const listed[] = {
    "ADDITIONAL_DEBUG_TEXT",
    "ADDITIONAL_XML",
    "ANALYSIS_SESSION_ELAPSED_TIME",
    "ANALYSIS_SESSION_HOST",
    "ANALYSIS_SESSION_TIME",
    "ANALYSIS_SOURCE",
    "ANALYSIS_VERSION",
    "ATTACHED_DEVICE",
    "BAD_PAGES_DETECTED",
    "BAD_STACK_POINTER",
    "BIOS_DATE",
    "BIOS_VENDOR",
    "BIOS_VERSION",
    "BLACKBOXBSD",
    "BLACKBOXNTFS",
    "BLACKBOXPNP",
    "BLACKBOXWINLOGON",
    "BUCKET_ID",
    "BUCKET_ID_FUNC_OFFSET",
    "BUGCHECK_CODE",
    "BUGCHECK_P1",
    "BUGCHECK_P2",
    "BUGCHECK_P3",
    "BUGCHECK_P4",
    "BUGCHECK_STR",
    "BUILDDATESTAMP_STR",
    "BUILDLAB_STR",
    "BUILDOSVER_STR",
    "BUILD_VERSION_STRING",
    "CHKIMG_EXTENSION",
    "CONTEXT",
    "CORRUPTING_POOL_ADDRESS",
    "CORRUPTING_POOL_TAG",
    "CPU_COUNT",
    "CPU_FAMILY",
    "CPU_MHZ",
    "CPU_MICROCODE",
    "CPU_MODEL",
    "CPU_STEPPING",
    "CPU_VENDOR",
    "CRITICAL_PROCESS",
    "CURRENT_IRQL",
    "CUSTOMER_CRASH_COUNT",
    "DEBUG_FLR_IMAGE_TIMESTAMP",
    "DEFAULT_BUCKET_ID",
    "DEVICE_NODE",
    "DEVICE_OBJECT",
    "DISK_HARDWARE_ERROR",
    "DPC_RUNTIME",
    "DPC_STACK_BASE",
    "DPC_TIMEOUT_TYPE",
    "DPC_TIME_LIMIT",
    "DRIVER_OBJECT",
    "DRVPOWERSTATE_SUBCODE",
    "DUMP_CLASS",
    "DUMP_FILE_ATTRIBUTES",
    "DUMP_QUALIFIER",
    "DUMP_TYPE",
    "DV_MSDN_LINK",
    "DV_RULE_INFO",
    "DV_VIOLATED_CONDITION",
    "ERROR_CODE",
    "EXCEPTION_CODE",
    "EXCEPTION_CODE_STR",
    "EXCEPTION_DOESNOT_MATCH_CODE",
    "EXCEPTION_PARAMETER1",
    "EXCEPTION_PARAMETER2",
    "EXCEPTION_PARAMETER3",
    "EXCEPTION_RECORD",
    "EXCEPTION_STR",
    "EXECUTE_ADDRESS",
    "FAILURE_BUCKET_ID",
    "FAILURE_EXCEPTION_CODE",
    "FAILURE_FUNCTION_NAME",
    "FAILURE_ID_HASH",
    "FAILURE_ID_HASH_STRING",
    "FAILURE_ID_REPORT_LINK",
    "FAILURE_IMAGE_NAME",
    "FAILURE_MODULE_NAME",
    "FAILURE_SYMBOL_NAME",
    "FAULTING_IP",
    "FAULTING_LOCAL_VARIABLE_NAME",
    "FAULTING_MODULE",
    "FAULTING_SERVICE_NAME",
    "FAULTING_SOURCE_CODE",
    "FAULTING_SOURCE_FILE",
    "FAULTING_SOURCE_LINE",
    "FAULTING_SOURCE_LINE_NUMBER",
    "FAULTING_SOURCE_SRV_COMMAND",
    "FAULTING_THREAD",
    "FILE_IN_CAB",
    "FLTMGR_FILE_OBJECT",
    "FOLLOWUP_IP",
    "FOLLOWUP_NAME",
    "FREED_POOL_TAG",
    "GSFAILURE_ANALYSIS_TEXT",
    "IMAGE_NAME",
    "IMAGE_VERSION",
    "IP_IN_FREE_BLOCK",
    "IRP_ADDRESS",
    "KEY_VALUES_STRING",
    "LAST_CONTROL_TRANSFER",
    "LOCK_ADDRESS",
    "MANUAL_BREAKIN",
    "MEMORY_CORRUPTOR",
    "MISALIGNED_IP",
    "MM_INTERNAL_CODE",
    "MODULE_NAME",
    "NESTED_FAULT",
    "NTGLOBALFLAG",
    "OSBUILD",
    "OSNAME",
    "OSPLATFORM_TYPE",
    "OSSERVICEPACK",
    "OS_BUILD_LAYERS",
    "OS_LOCALE",
    "OS_REVISION",
    "OS_SKU",
    "OS_VERSION",
    "POOL_ADDRESS",
    "POOL_CORRUPTOR",
    "PREVIOUS_IRQL",
    "PRIMARY_PROBLEM_CLASS",
    "PROBLEM_CLASSES",
    "PROCESSES_ANALYSIS",
    "PROCESS_NAME",
    "PROCESS_OBJECT",
    "PRODUCT_TYPE",
    "READ_ADDRESS",
    "SECURITY_COOKIE",
    "SERVICE_ANALYSIS",
    "SPECIAL_POOL_CORRUPTION_TYPE",
    "STACKHASH_ANALYSIS",
    "STACK_ADDR_IS_VALID",
    "STACK_COMMAND",
    "STACK_OVERFLOW",
    "STACK_SHA1_HASH_F",
    "STACK_SHA1_HASH_M",
    "STACK_SHA1_HASH_MF",
    "STACK_SHA1_HASH_MFO",
    "STACK_SHA1_HASH_MO",
    "STACK_TEXT",
    "SUITE_MASK",
    "SYMBOL_NAME",
    "SYMBOL_STACK_INDEX",
    "SYSTEM_MANUFACTURER",
    "SYSTEM_PRODUCT_NAME",
    "SYSTEM_SKU",
    "SYSTEM_VERSION",
    "TARGET_TIME",
    "THREAD_ATTRIBUTES",
    "THREAD_SHA1_HASH_MOD",
    "THREAD_SHA1_HASH_MOD_FUNC",
    "THREAD_SHA1_HASH_MOD_FUNC_OFFSET",
    "TRAP_FRAME",
    "TRAP_FRAME_RECURSION",
    "UNALIGNED_STACK_POINTER",
    "USERMODE_LOCATION_STR",
    "VERIFIER_DRIVER_ENTRY",
    "VIRTUAL_MACHINE",
    "WATCHDOG_TIMEOUT",
    "WCT_XML_AVAILABLE",
    "WORKER_ROUTINE",
    "WRITE_ADDRESS",
    "XML_ATTRIBUTE_LIST",
};

/* Labels in ordinary letters. */
static const char *const worded[] = {
    "Probably caused by", "Followup",       "Debugging Details", "Faulting module", "ExceptionAddress",
    "ExceptionCode",      "ExceptionFlags", "NumberParameters",  "Parameter[0]",    "Parameter[1]",
    "Parameter[2]",       "Parameter[3]",   "Subcode",
};

/* In the listed labels' order: bytes, so that '_' comes behind the letters and the shorter of two first. */
static bool is_listed(sc_span name)
{
    size_t low = 0, high = sizeof listed / sizeof *listed;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int c = sc_cmp(sc_span_z(listed[mid]), name);
        if (!c) return true;
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}

static bool is_label_char(char c)
{
    return (c >= 'A' && c <= 'Z') || sc_is_digit(c) || c == '_';
}

static bool read_worded(sc_span text, sc_label *out)
{
    for (size_t i = 0; i < sizeof worded / sizeof *worded; i++) {
        size_t n = strlen(worded[i]);
        if (!sc_starts(text, worded[i])) continue;
        sc_scan c = sc_scan_of(sc_span_from(text, n));
        if (!sc_lit(&c, ":")) return false;
        *out = (sc_label){sc_span_sub(text, 0, n), sc_trim(sc_rest(&c)), true};
        /* mail has it too; the debugger names an owner behind it, in one word */
        return !sc_eq_z(out->name, "Followup") || sc_find_char(out->value, ' ') == SC_NPOS;
    }
    return false;
}

bool sc_label_read(sc_span line, sc_label *out)
{
    sc_span text = sc_trim(line);
    if (text.n < 6 || text.p[0] < 'A' || text.p[0] > 'Z') return false;
    size_t n = 0;
    bool underscore = false;
    while (n < text.n && n < MAX_LABEL && is_label_char(text.p[n])) underscore |= text.p[n++] == '_';
    if (sc_starts(text, "TSS:") && sc_find(text, "(.tss ") != SC_NPOS) { /* !pcr has a TSS too */
        *out = (sc_label){sc_span_sub(text, 0, 3), sc_trim(sc_span_from(text, 4)), true};
        return true;
    }
    if (n == text.n || n < 4) return n < text.n && read_worded(text, out);
    if (text.p[n] != ':' || (n + 1 < text.n && !sc_is_blank(text.p[n + 1]))) return read_worded(text, out);
    *out = (sc_label){.name = sc_span_sub(text, 0, n), .value = sc_trim(sc_span_from(text, n + 1))};
    out->listed = is_listed(out->name);
    return out->listed || underscore;
}

size_t sc_label_find(sc_span text, size_t from)
{
    for (size_t colon = from; colon < text.n; colon++) {
        size_t next = sc_find_char(sc_span_from(text, colon), ':');
        if (next == SC_NPOS) return SC_NPOS;
        colon += next;
        size_t start = colon;
        while (start > from && colon - start < MAX_LABEL && is_label_char(text.p[start - 1])) start--;
        if (colon - start < 4 || (start > 0 && !sc_is_blank(text.p[start - 1]))) continue;
        if (colon + 1 < text.n && !sc_is_blank(text.p[colon + 1])) continue;
        if (is_listed(sc_span_sub(text, start, colon))) return start;
    }
    return SC_NPOS;
}

/* Counts in decimal; everything else that !analyze prints without 0x is hex. */
static bool is_decimal(sc_span name)
{
    static const char *const decimal[] = {"FAULTING_SOURCE_LINE_NUMBER",
                                          "CUSTOMER_CRASH_COUNT",
                                          "SYMBOL_STACK_INDEX",
                                          "KEY_VALUES_STRING",
                                          "NumberParameters",
                                          "OSBUILD",
                                          "BUGCHECK_COUNT"};
    for (size_t i = 0; i < sizeof decimal / sizeof *decimal; i++)
        if (sc_eq_z(name, decimal[i])) return true;
    return sc_find_char(name, '.') != SC_NPOS; /* keys: Analysis.CPU.mSec */
}

bool sc_label_number(const sc_label *l, uint64_t *number)
{
    static const char *const textual[] = {"_NAME",    "_STR",  "_ID",   "NAME",    "_STRING",
                                          "_COMMAND", "_DATE", "_TIME", "_VERSION"};
    size_t prefix = sc_find(l->value, "0x");
    for (size_t i = 0; i < sizeof textual / sizeof *textual; i++)
        if (sc_ends(l->name, textual[i]) && prefix != 0 && !sc_eq_z(l->name, "KEY_VALUES_STRING")) return false;
    sc_scan c = sc_scan_of(l->value);
    char before = prefix != SC_NPOS && prefix ? l->value.p[prefix - 1] : ' ';
    if (prefix != SC_NPOS && before != '+' && !sc_is_word(before)) { /* +0x31 is an offset from a symbol */
        c.p += prefix;
        return sc_hex(&c, number);
    }
    sc_lit(&c, "Stack Limit:"); /* STACK_OVERFLOW: Stack Limit: fffff880009ab000. Use (kF) ... */
    sc_lit(&c, "from");         /* LAST_CONTROL_TRANSFER: from 80f87fd3 to 80f0ed14 */
    sc_blanks(&c);
    const char *start = c.p;
    bool digit = false;
    if (!(is_decimal(l->name) ? sc_dec(&c, number) : sc_hex(&c, number))) return false;
    for (const char *p = start; p < c.p; p++) digit |= sc_is_digit(*p);
    bool address = c.p - start == 8 || c.p - start == 16; /* ffffffff */
    return (digit || address) && (c.p == c.end || !sc_is_word(*c.p));
}
