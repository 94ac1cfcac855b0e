/* Look-ups in the reference tables that come with a knowledge. */
#include "engine/stopcode.h"

#include <string.h>

const char *const sc_truth_names[3] = {"false", "unknown", "true"};
const char *const sc_verdict_names[3] = {"ruled-out", "open", "confirmed"};
const char *const sc_confidence_names[4] = {"", "possible", "likely", "certain"};
const char *const sc_tier_names[5] = {"deliberate", "hardware", "proof", "blame", "advice"};
const char *const sc_status_names[3] = {"draft", "stable", "retired"};
const char *const sc_role_names[4] = {"culprit", "victim", "suspect", "bystander"};
const char *const sc_outcome_names[3] = {"unrecognised", "undecided", "confirmed"};
const char *const sc_source_names[SC_SOURCES] = {"", "analyze", "line", "header", "event", "stack", "prose"};
const char *const sc_culprit_kind_names[5] = {"unknown", "module", "hardware", "os", "user"};

const char *const sc_culprit_words[] = {"cpu",   "memory",   "disk",     "pcie",    "gpu",  "usb", "motherboard",
                                        "power", "firmware", "hardware", "windows", "user", NULL};

sc_culprit_kind sc_culprit_kind_of(sc_span name)
{
    if (!name.n) return SC_CULPRIT_UNKNOWN;
    if (sc_ieq_z(name, "windows")) return SC_CULPRIT_OS;
    if (sc_ieq_z(name, "user")) return SC_CULPRIT_USER;
    for (size_t i = 0; sc_culprit_words[i]; i++)
        if (sc_ieq_z(name, sc_culprit_words[i])) return SC_CULPRIT_HARDWARE;
    return SC_CULPRIT_MODULE;
}

static sc_span without_extension(sc_span name)
{
    static const char *const extensions[] = {".sys", ".exe", ".dll"};
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
        if (sc_iends(name, extensions[i])) return sc_span_sub(name, 0, name.n - 4);
    return name;
}

const sc_ref_module *sc_find_module(const sc_knowledge *k, sc_span name)
{
    name = without_extension(name);
    size_t low = 0, high = k->n_modules;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int c = sc_icmp(sc_span_z(k->modules[mid].name), name);
        if (!c) return &k->modules[mid];
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

const sc_ref_bugcheck *sc_find_bugcheck(const sc_knowledge *k, uint32_t code)
{
    for (int pass = 0; pass < 2; pass++) {
        size_t low = 0, high = k->n_bugchecks;
        while (low < high) {
            size_t mid = low + (high - low) / 2;
            if (k->bugchecks[mid].code == code) return &k->bugchecks[mid];
            if (k->bugchecks[mid].code < code)
                low = mid + 1;
            else
                high = mid;
        }
        if ((code & 0xf0000000u) != 0x10000000u) return NULL;
        code &= 0x0fffffffu; /* the _M variants: 0x1000007E is 0x7E */
    }
    return NULL;
}

const sc_ref_bugcheck *sc_find_bugcheck_name(const sc_knowledge *k, sc_span name)
{
    for (size_t i = 0; i < k->n_bugchecks; i++)
        if (sc_ieq_z(name, k->bugchecks[i].name)) return &k->bugchecks[i];
    return NULL;
}

const sc_ref_number *sc_find_ntstatus(const sc_knowledge *k, uint32_t status)
{
    size_t low = 0, high = k->n_ntstatus;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (k->ntstatus[mid].number == status) return &k->ntstatus[mid];
        if (k->ntstatus[mid].number < status)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

const char *sc_ntstatus_name(const sc_knowledge *k, uint32_t status)
{
    const sc_ref_number *found = sc_find_ntstatus(k, status);
    return found ? found->name : NULL;
}

/* ---- Terms ---- */

const char *const sc_term_kind_names[SC_N_TERM_KINDS] = {
#define X(id, name) name,
    SC_TERM_KINDS(X)
#undef X
};

bool sc_term_is_number(sc_term_kind kind)
{
    switch (kind) {
    case SC_TERM_WHEA_SOURCE:
    case SC_TERM_FAST_FAIL:
    case SC_TERM_VERIFIER_FLAG:
    case SC_TERM_DEVICE_PROBLEM:
    case SC_TERM_DEVICE_STATE:
    case SC_TERM_IRQL: return true;
    default: return false;
    }
}

int sc_term_order(const sc_ref_term *a, const sc_ref_term *b)
{
    if (a->number != b->number) return a->number < b->number ? -1 : 1;
    return sc_cmp(sc_span_z(a->term), sc_span_z(b->term));
}

const sc_ref_term *sc_find_term(const sc_knowledge *k, sc_term_kind kind, sc_span term)
{
    size_t low = 0, high = k->n_terms[kind];
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int c = sc_cmp(sc_span_z(k->terms[kind][mid].term), term);
        if (!c) return &k->terms[kind][mid];
        if (c < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

const sc_ref_term *sc_find_number(const sc_knowledge *k, sc_term_kind kind, uint64_t number)
{
    size_t low = 0, high = k->n_terms[kind];
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        uint64_t have = k->terms[kind][mid].number;
        if (have == number) return &k->terms[kind][mid];
        if (have < number)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

const sc_ref_term *sc_find_symbol(const sc_knowledge *k, sc_term_kind kind, sc_span symbol)
{
    const sc_ref_term *found = sc_find_term(k, kind, symbol);
    char beginning[128];
    for (size_t n = symbol.n < sizeof beginning - 1 ? symbol.n : sizeof beginning - 1; !found && n; n--) {
        memcpy(beginning, symbol.p, n);
        beginning[n] = '*';
        found = sc_find_term(k, kind, (sc_span){beginning, n + 1});
    }
    return found;
}

bool sc_third_party(const sc_knowledge *k, sc_span module)
{
    module = without_extension(module);
    if (!module.n) return false;
    const sc_ref_module *m = sc_find_module(k, module);
    if (m) return m->origin == SC_ORIGIN_THIRD_PARTY || m->origin == SC_ORIGIN_INBOX_THIRD_PARTY;
    /* What the kernel is called when a table is not at hand, and names that a debugger makes up. */
    static const char *const never[] = {"nt",
                                        "hal",
                                        "ntoskrnl",
                                        "ntkrnlmp",
                                        "ntkrnlpa",
                                        "ntkrpamp",
                                        "win32k",
                                        "memory_corruption",
                                        "hardware",
                                        "GenuineIntel",
                                        "AuthenticAMD",
                                        "Unknown_Module",
                                        "Unknown_Image",
                                        "Pool_Corruption"};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (sc_ieq_z(module, never[i])) return false;
    return true;
}

uint32_t sc_plain_code(const sc_knowledge *k, uint32_t code)
{
    uint32_t plain = code & 0x0fffffffu;
    const sc_ref_bugcheck *b = code >> 28 == 1 ? sc_find_bugcheck(k, plain) : NULL;
    return b && b->code == plain ? plain : code;
}
