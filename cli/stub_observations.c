#include "cli/stub.h"

/* In the order of how much they tell about a cause. Names of result columns differ from clause to clause: the same name
 * in two clauses of a rule would say that they are the same. */
const stub_observation stub_observations[] = {
    {.clause = "lock-is-held",
     .table = "lock",
     .ask = "!locks",
     .key = "t.thread",
     .probe = "SELECT 'SELECT l.line, l.name AS lock, t.thread AS owner FROM lock l JOIN lock_thread t USING (lock)'"
              " || char(10) || 'WHERE t.role = ''owner'''"
              " || CASE WHEN l.name IS NULL THEN '' ELSE ' AND l.name = ' || quote(l.name) END,"
              " hex64(t.thread), NULL FROM lock l JOIN lock_thread t USING (lock)"
              " WHERE t.role = 'owner' ORDER BY l.exclusive_waiters DESC"},
    {.clause = "request-waits-here",
     .table = "irp_stack",
     .ask = "!irp",
     .key = "irp",
     .driver = "driver",
     .needs = STUB_ASK_KEY,
     .probe = "SELECT 'SELECT line, request, driver AS holder FROM irp_stack' || char(10)"
              " || 'WHERE current AND major_name = ' || quote(major_name),"
              " hex64(irp), driver FROM irp_stack"
              " WHERE current AND major_name IS NOT NULL AND driver IS NOT NULL AND irp IS NOT NULL"},
    {.clause = "thread-waits",
     .table = "thread",
     .ask = "!thread",
     .key = "thread",
     .needs = STUB_ASK_KEY,
     .probe = "SELECT 'SELECT line, seconds_text(seconds) AS waited FROM thread' || char(10)"
              " || 'WHERE state = ''wait'' AND wait_reason = ' || quote(wait_reason),"
              " hex64(thread), NULL FROM thread"
              " WHERE state = 'wait' AND wait_reason IS NOT NULL AND thread IS NOT NULL"},
    {.clause = "frames-repeat",
     .table = "recursion",
     .ask = "kf 200",
     .driver = "module",
     .probe = "SELECT 'SELECT line, module AS repeating, count AS turns FROM recursion WHERE count >= 3',"
              " NULL, module FROM recursion WHERE count >= 3 ORDER BY count DESC"},
    {.clause = "stack-pointer-at-the-end",
     .table = "stack_pointer",
     .ask = "!thread",
     .probe = "SELECT 'SELECT line, sp FROM stack_pointer WHERE state IN (''beyond-limit'', ''near-edge'')',"
              " NULL, NULL FROM stack_pointer WHERE state IN ('beyond-limit', 'near-edge')"},
    {.clause = "nonpaged-pool-is-used-up",
     .table = "vm_pool",
     .ask = "!vm",
     .probe = "SELECT 'SELECT line, np_pages AS pool_pages FROM vm_pool WHERE exhausted', NULL, NULL"
              " FROM vm_pool WHERE exhausted"},
    {.clause = "machine-check",
     .table = "mca",
     .ask = "!errrec",
     .needs = STUB_ASK_KEY,
     .probe = "SELECT 'SELECT line, mnemonic FROM mca WHERE valid AND kind = ' || quote(kind), hex64(r.record), NULL"
              " FROM mca LEFT JOIN whea_record r WHERE valid AND kind NOT IN ('none', 'unknown', 'unclassified')"},
    {.clause = "hardware-error",
     .table = "whea_section",
     .ask = "!errrec",
     .key = "record",
     .needs = STUB_ASK_KEY,
     .probe = "SELECT 'SELECT line, error_type FROM whea_section WHERE kind = ' || quote(kind), hex64(record), NULL"
              " FROM whea_section WHERE kind <> 'Processor Generic' AND kind NOT LIKE 'x86/x64%'"},
    {.clause = "fault-in-driver",
     .table = "context",
     .ask = "!analyze -v",
     .driver = "module",
     .probe =
         "SELECT 'SELECT line, instruction FROM context WHERE kind IN (''trap'', ''cxr'') AND third_party(module)',"
         " NULL, module FROM context WHERE kind IN ('trap', 'cxr') AND third_party(module)"},
    {.clause = "image-differs",
     .table = "chkimg",
     .ask = "!chkimg -d !nt",
     .driver = "module",
     .probe = "SELECT 'SELECT line, module AS image, errors FROM chkimg WHERE errors > 0', NULL, module"
              " FROM chkimg WHERE errors > 0 ORDER BY errors DESC"},
    {.clause = "exception-code",
     .table = "analyze",
     .ask = "!analyze -v",
     .probe = "SELECT 'SELECT line FROM analyze WHERE label = ''EXCEPTION_CODE'' AND low32(number) = '"
              " || printf('0x%08x', low32(number)), NULL, NULL FROM analyze"
              " WHERE label = 'EXCEPTION_CODE' AND number IS NOT NULL"
              " AND low32(number) NOT IN (SELECT low32(arg1) FROM bugcheck WHERE arg1 IS NOT NULL)"},
    {.clause = "processor-does-not-answer",
     .table = "ipi",
     .ask = "!ipi",
     .probe = "SELECT 'SELECT line, processor AS silent FROM ipi WHERE NOT frozen AND state <> 4', NULL, NULL"
              " FROM ipi WHERE NOT frozen AND state <> 4 AND (SELECT count(*) FROM ipi WHERE frozen) > 0"},
    {.clause = "verifier-is-on",
     .table = "verifier",
     .ask = "!verifier",
     .probe = "SELECT 'SELECT line, hex64(flags) AS verifier_flags FROM verifier WHERE flags <> 0', NULL, NULL"
              " FROM verifier WHERE flags <> 0"},
    {.clause = "commit-is-used-up",
     .table = "vm_pool",
     .ask = "!vm",
     .probe = "SELECT 'SELECT line FROM vm_pool WHERE commit_ratio >= 0.95', NULL, NULL"
              " FROM vm_pool WHERE commit_ratio >= 0.95"},
    {.clause = "largest-pool-tag",
     .table = "pool_tag",
     .ask = "!poolused 2",
     .probe = "SELECT 'SELECT line, np_bytes AS tag_bytes FROM pool_tag' || char(10)"
              " || 'WHERE sorted_by = ''nonpaged'' AND rank = 1 AND tag = ' || quote(tag), NULL, NULL FROM pool_tag"
              " WHERE sorted_by = 'nonpaged' AND rank = 1 AND tag IS NOT NULL"},
    {.clause = "overclocked",
     .table = "cpu",
     .ask = "!sysinfo cpuinfo",
     .probe = "SELECT 'SELECT line, mhz, rated_mhz FROM cpu WHERE overclocked', NULL, NULL FROM cpu WHERE overclocked"},
    {.clause = "stack-nearly-full",
     .table = "stack_use",
     .ask = "kf 200",
     .probe = "SELECT 'SELECT line, used, size FROM stack_use WHERE used * 10 >= size * 9', NULL, NULL"
              " FROM stack_use WHERE used * 10 >= size * 9 ORDER BY used DESC"},
    {.clause = "process-is-known",
     .table = "process",
     .ask = "!process",
     .key = "process",
     .needs = STUB_NEEDS_KEY | STUB_ASK_KEY,
     .probe = "SELECT 'SELECT line, image AS process_name FROM process WHERE image = ' || quote(image),"
              " hex64(process), NULL FROM process WHERE image IS NOT NULL AND process IS NOT NULL"},
    {.clause = "device-is-of-driver",
     .table = "device",
     .ask = "!devobj",
     .key = "device",
     .driver = "driver",
     .needs = STUB_NEEDS_KEY | STUB_ASK_KEY,
     .probe = "SELECT 'SELECT line, driver AS device_driver FROM device WHERE driver IS NOT NULL',"
              " hex64(device), driver FROM device WHERE driver IS NOT NULL AND device IS NOT NULL"},
    {.clause = "request-is-pending",
     .table = "pending_irp",
     .ask = "!irpfind",
     .driver = "driver",
     .probe = "SELECT 'SELECT line, driver AS pending_in FROM pending_irp WHERE third_party(driver)', NULL, driver"
              " FROM pending_irp WHERE third_party(driver)"},
    {.clause = "driver-date",
     .table = "module",
     .ask = "lmvm",
     .driver = "module",
     .needs = STUB_NEEDS_DRIVER | STUB_SUPPORTS,
     .probe = "SELECT 'SELECT line, year FROM module WHERE year IS NOT NULL', NULL, module FROM module"
              " WHERE year IS NOT NULL AND third_party(module)"},
};
const size_t stub_n_observations = sizeof stub_observations / sizeof *stub_observations;
