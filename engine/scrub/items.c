/* The values that were found, and what replaces them. */
#include "engine/scrub/matcher.h"

#include <stdio.h>
#include <string.h>

const uint32_t sc_scrub_none = UINT32_MAX;

const char *const sc_personal_names[SC_N_PERSONALS] = {
#define X(id, name) [SC_PERSONAL_##id] = (name),
    SC_PERSONALS(X)
#undef X
};

/* What is replaced by a word and a number. */
static const char *const words[SC_N_PERSONALS] = {
    [SC_PERSONAL_USER] = "user",
    [SC_PERSONAL_HOST] = "host",
    [SC_PERSONAL_DOMAIN] = "domain",
    [SC_PERSONAL_GROUP] = "group",
    [SC_PERSONAL_ORGANIZATION] = "organization",
    [SC_PERSONAL_NETWORK] = "network",
    [SC_PERSONAL_SERIAL] = "serial",
};

/* "user12": a name that was replaced before. Of whichever kind it is there: domain1 may be a host1 to others. */
static sc_personal named_kind(sc_span key)
{
    size_t digits = 0;
    while (digits < key.n && sc_is_digit(key.p[key.n - 1 - digits])) digits++;
    sc_span word = sc_span_sub(key, 0, key.n - digits);
    for (int kind = 0; digits && kind < SC_N_PERSONALS; kind++) {
        if (words[kind] && sc_ieq_z(word, words[kind])) return (sc_personal)kind;
    }
    return SC_N_PERSONALS;
}

/* ---- Entries ---------------------------------------------------------------------------------------------------- */

sc_scrub_entry *sc_scrub_entry_at(const sc_scrubber *s, uint32_t entry)
{
    return (sc_scrub_entry *)s->entries.items + entry;
}

static uint32_t *slot_of(uint32_t *slots, size_t n_slots, const sc_scrubber *s, sc_personal kind, sc_span key)
{
    size_t at = (sc_ihash(key) * 31u + (uint32_t)kind) % n_slots;
    for (;; at = (at + 1) % n_slots) {
        if (!slots[at]) return &slots[at];
        const sc_scrub_entry *e = sc_scrub_entry_at(s, slots[at] - 1);
        if (e->kind == kind && sc_ieq(e->key, key)) return &slots[at];
    }
}

uint32_t sc_scrub_find(const sc_scrubber *s, sc_personal kind, sc_span key)
{
    if (!s->n_slots) return sc_scrub_none;
    uint32_t slot = *slot_of(s->slots, s->n_slots, s, kind, key);
    return slot ? slot - 1 : sc_scrub_none;
}

static bool grow(sc_scrubber *s)
{
    size_t n = s->n_slots ? s->n_slots * 2 + 1 : 127;
    uint32_t *slots = sc_arena_array(s->arena, n, sizeof *slots);
    if (!slots) return false;
    for (size_t i = 0; i < s->entries.n; i++) {
        const sc_scrub_entry *e = sc_scrub_entry_at(s, (uint32_t)i);
        *slot_of(slots, n, s, e->kind, e->key) = (uint32_t)i + 1;
    }
    s->slots = slots;
    s->n_slots = n;
    return true;
}

uint32_t sc_scrub_enter(sc_scrubber *s, sc_personal kind, unsigned style, sc_span key, sc_span original)
{
    uint32_t known = sc_scrub_find(s, kind, key);
    if (known != sc_scrub_none) return known;
    if (s->entries.n * 2 >= s->n_slots && !grow(s)) return sc_scrub_none;
    sc_span kept = sc_arena_dup(s->arena, key);
    sc_scrub_entry *e = sc_list_add(s->arena, &s->entries, sizeof *e);
    if (!e) return sc_scrub_none;
    *e = (sc_scrub_entry){
        .kind = kind,
        .style = style,
        .placeholder = sc_scrub_is_placeholder(kind, style, key),
        .key = kept,
        .original = original,
    };
    uint32_t index = (uint32_t)s->entries.n - 1;
    *slot_of(s->slots, s->n_slots, s, kind, kept) = index + 1;
    return index;
}

void sc_scrub_mark_as(sc_scrubber *s, sc_personal kind, unsigned style, size_t from, size_t to, sc_span key)
{
    sc_personal named = kind < SC_N_PERSONALS && words[kind] ? named_kind(key) : SC_N_PERSONALS;
    if (named != SC_N_PERSONALS) kind = named;
    /* the domain of a machine's own accounts is the machine: one name, one replacement */
    if (kind == SC_PERSONAL_HOST && sc_scrub_find(s, SC_PERSONAL_DOMAIN, key) != sc_scrub_none)
        kind = SC_PERSONAL_DOMAIN;
    else if (kind == SC_PERSONAL_DOMAIN && sc_scrub_find(s, SC_PERSONAL_HOST, key) != sc_scrub_none)
        kind = SC_PERSONAL_HOST;
    uint32_t entry = sc_scrub_enter(s, kind, style, key, sc_scrub_cut(s, from, to));
    if (entry == sc_scrub_none || sc_scrub_entry_at(s, entry)->placeholder) return;
    sc_scrub_place *mark = sc_list_add(s->arena, &s->marks, sizeof *mark);
    if (mark) *mark = (sc_scrub_place){from, to - from, entry, style};
}

void sc_scrub_mark(sc_scrubber *s, sc_personal kind, size_t from, size_t to)
{
    sc_scrub_mark_as(s, kind, SC_STYLE_KEY, from, to, sc_scrub_cut(s, from, to));
}

/* ---- Replacements ----------------------------------------------------------------------------------------------- */

/* Networks for documentation (RFC 5737), then the one for benchmarks (RFC 2544): room for 131,834 addresses. */
static const char *const networks[] = {"192.0.2.", "198.51.100.", "203.0.113."};
#define PER_NETWORK 254u
#define BENCHMARK_ADDRESSES (1u << 17)

static int render_ipv4(uint32_t number, char out[SC_MAX_REPLACEMENT])
{
    uint32_t network = (number - 1) / PER_NETWORK;
    if (network < 3) {
        return snprintf(out, SC_MAX_REPLACEMENT, "%s%u", networks[network], (number - 1) % PER_NETWORK + 1);
    }
    uint32_t n = number - 1 - 3 * PER_NETWORK;
    if (n >= BENCHMARK_ADDRESSES) n = BENCHMARK_ADDRESSES - 1; /* the last one stands for all the rest */
    return snprintf(out, SC_MAX_REPLACEMENT, "198.%u.%u.%u", 18 + (n >> 16), n >> 8 & 255, n & 255);
}

/* 00-00-5E-00-53-00 to -FF are for documentation (RFC 7042); beyond that, locally administered ones. */
static int render_mac(unsigned style, uint32_t number, char out[SC_MAX_REPLACEMENT])
{
    uint32_t n = number - 1;
    unsigned high = n < 256 ? 0x00005e : 0x02005e, low = n < 256 ? 0x005300 + n : (n - 256) & 0xffffff;
    const char *format = style == SC_STYLE_DASHES   ? "%02X-%02X-%02X-%02X-%02X-%02X"
                         : style == SC_STYLE_COLONS ? "%02X:%02X:%02X:%02X:%02X:%02X"
                                                    : "%02X%02X%02X%02X%02X%02X";
    return snprintf(out, SC_MAX_REPLACEMENT, format, high >> 16, high >> 8 & 255, high & 255, low >> 16, low >> 8 & 255,
                    low & 255);
}

static int render_key(unsigned style, uint32_t number, char out[SC_MAX_REPLACEMENT])
{
    if (style == SC_STYLE_FOUR) return snprintf(out, SC_MAX_REPLACEMENT, "00000-00000-00000-%05u", number);
    if (style == SC_STYLE_CONNECTION) return snprintf(out, SC_MAX_REPLACEMENT, "1.2.3.%u", number + 3);
    if (style == SC_STYLE_RECOVERY) {
        return snprintf(out, SC_MAX_REPLACEMENT, "000000-000000-000000-000000-000000-000000-000000-%06u", number);
    }
    return snprintf(out, SC_MAX_REPLACEMENT, "XXXXX-XXXXX-XXXXX-XXXXX-%05u", number);
}

size_t sc_scrub_render(sc_personal kind, unsigned style, uint32_t number, char out[SC_MAX_REPLACEMENT])
{
    int n = 0;
    out[0] = '\0';
    if (style == SC_STYLE_DROPPED) return 0;
    if (words[kind]) {
        n = snprintf(out, SC_MAX_REPLACEMENT, "%s%u", words[kind], number);
    } else if (kind == SC_PERSONAL_MAIL) {
        n = snprintf(out, SC_MAX_REPLACEMENT, "mail%u@%s", number, "example.com");
    } else if (kind == SC_PERSONAL_IPV4) {
        n = render_ipv4(number, out);
    } else if (kind == SC_PERSONAL_IPV6) {
        if (number > 0xffff)
            n = snprintf(out, SC_MAX_REPLACEMENT, "2001:db8::%x:%x", number >> 16, number & 0xffff);
        else
            n = snprintf(out, SC_MAX_REPLACEMENT, "2001:db8::%x", number);
    } else if (kind == SC_PERSONAL_MAC) {
        n = render_mac(style, number, out);
    } else if (kind == SC_PERSONAL_GUID) {
        n = snprintf(out, SC_MAX_REPLACEMENT,
                     style == SC_STYLE_DASHES ? "00000000-0000-0000-0000-%012x" : "00000000000000000000%012x", number);
    } else if (kind == SC_PERSONAL_SID) {
        n = snprintf(out, SC_MAX_REPLACEMENT, style == SC_STYLE_FOUR ? "0-0-0-%u" : "0-0-%u", number);
    } else if (kind == SC_PERSONAL_ACCOUNT) {
        n = snprintf(out, SC_MAX_REPLACEMENT, "%u", 1000 + number);
    } else {
        n = render_key(style, number, out);
    }
    return n > 0 ? (size_t)n : 0;
}

static bool is_example(sc_span mail)
{
    static const char *const ends[] = {"example.com", "example.org", "example.net", ".example",
                                       ".invalid",    ".test",       ".localhost"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (sc_iends(mail, ends[i])) return true;
    }
    return false;
}

bool sc_scrub_is_placeholder(sc_personal kind, unsigned style, sc_span key)
{
    if (kind < SC_N_PERSONALS && words[kind]) return named_kind(key) != SC_N_PERSONALS;
    switch (kind) {
    case SC_PERSONAL_MAIL: return is_example(key);
    case SC_PERSONAL_IPV4:
        return sc_starts(key, networks[0]) || sc_starts(key, networks[1]) || sc_starts(key, networks[2]) ||
               sc_starts(key, "198.18.") || sc_starts(key, "198.19.");
    case SC_PERSONAL_IPV6: return sc_istarts(key, "2001:db8:") || sc_istarts(key, "2001:0db8:");
    case SC_PERSONAL_MAC: return sc_istarts(key, "00005e0053") || sc_istarts(key, "02005e");
    case SC_PERSONAL_GUID: return sc_starts(key, "0000000000000000"); /* those of COM, too, are nobody's */
    case SC_PERSONAL_SID: return sc_starts(key, style == SC_STYLE_FOUR ? "0-0-0-" : "0-0-");
    case SC_PERSONAL_KEY:
        return sc_starts(key, "XXXXX-XXXXX-") || sc_starts(key, "00000-00000-") || sc_starts(key, "000000-000000-");
    default: return false;
    }
}

void sc_scrub_number(sc_scrubber *s, sc_scrub_entry *e, uint32_t *next)
{
    char text[SC_MAX_REPLACEMENT];
    if (e->number) return;
    for (;;) {
        e->number = ++next[e->kind];
        /* Every number is tried once per kind, and each that is taken stands in the paste: this is linear in it. */
        unsigned style = e->kind == SC_PERSONAL_SID || e->kind == SC_PERSONAL_KEY ? e->style : SC_STYLE_KEY;
        size_t n = sc_scrub_render(e->kind, style, e->number, text);
        uint32_t taken = sc_scrub_find(s, e->kind, (sc_span){text, n});
        if (taken == sc_scrub_none || !sc_scrub_entry_at(s, taken)->placeholder) return;
        if (e->kind == SC_PERSONAL_IPV4 && e->number > 3 * PER_NETWORK + BENCHMARK_ADDRESSES) return;
    }
}
