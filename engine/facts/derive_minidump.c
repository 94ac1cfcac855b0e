/* A minidump holds registers, the crash's stack and the list of modules. A command that finds nothing else in it has
 * proved nothing: locks, requests, pool and processes are not there. So what such commands print stays, and that they
 * print no more is no longer an absence.
 */
#include "engine/facts/lookup.h"
#include "engine/facts/tables.h"

#include <string.h>

/* Tables about what a minidump does hold, or that do not depend on memory; those that are derived from them come
 * later. */
static bool is_held(const char *table)
{
    static const char *const held[] = {
        "analyze",      "context",  "cpu",           "dump_header",  "effective_machine", "frame",
        "instruction",  "machine",  "memory_device", "smbios_cache", "smbios_processor",  "mca",
        "module",       "register", "stack",         "target",       "whea_field",        "whea_record",
        "whea_section",
    };
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        if (!strcmp(held[i], table)) return true;
    return false;
}

void sc_derive_minidump(sc_facts *f)
{
    const sc_table *messages = &sc_table_message;
    int kind = sc_column_named(messages, "kind");
    bool minidump = false;
    for (const sc_row *r = sc_facts_first(f, messages); r && !minidump; r = r->next)
        minidump = sc_has(r, kind) && sc_eq_z(sc_get_text(r, kind), "minidump");
    for (size_t i = 0; minidump && sc_table_list[i]; i++) {
        if (is_held(sc_table_list[i]->name)) continue;
        for (sc_coverage *c = sc_facts_table(f, sc_table_list[i])->covered; c; c = c->next) c->complete = false;
    }
}
