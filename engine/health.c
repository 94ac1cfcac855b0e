#include "engine/health.h"

#include "engine/facts/lookup.h"

enum { SHOWN_MODULES = 4 };

/* In the order in which they are told: what limits most comes first. */
static const struct {
    const char *kind;        /* of sc_health */
    const char *messages[3]; /* kinds of table message */
    const char *text;
    bool modules; /* names modules */
} limits[] = {
    {"minidump", {"minidump"}, "a minidump: what it does not hold may exist all the same", false},
    {"dump-corrupt", {"dump-corrupt", "no-module-list"}, "the dump file is damaged", false},
    {"symbols-wrong",
     {"kernel-symbols-wrong"},
     "the kernel's symbols are wrong: names of functions may be, too",
     false},
    {"unwind-lost", {"unwind-lost", "ip-not-in-module"}, "frames of a stack may be wrong", false},
    {"no-symbols", {"no-symbols", "export-symbols"}, "no symbols for ", true},
    {"unreadable", {"page-missing", "unreadable"}, "some memory could not be read", false},
    {"cut", {"output-cut"}, "output was left out", false},
};

static bool is_about(size_t limit, sc_span kind)
{
    for (size_t i = 0; i < 3 && limits[limit].messages[i]; i++)
        if (sc_eq_z(kind, limits[limit].messages[i])) return true;
    return false;
}

static bool listed(const sc_span *names, size_t n, sc_span name)
{
    for (size_t i = 0; i < n; i++)
        if (sc_ieq(names[i], name)) return true;
    return false;
}

/* One kind of limit. A module that only lacks its timestamp, and the kernel's own parts, are not worth a word. */
static void add_limit(const sc_facts *f, sc_arena *a, size_t limit, sc_list *out)
{
    const sc_table *t = sc_table_named("message");
    int kind = sc_column_named(t, "kind"), module = sc_column_named(t, "module");
    sc_span names[SHOWN_MODULES];
    size_t n = 0;
    uint32_t line = 0;
    bool more = false;
    for (const sc_row *r = sc_facts_first(f, t); r; r = r->next) {
        if (!sc_has(r, kind) || !is_about(limit, sc_get_text(r, kind))) continue;
        if (!line) line = r->line;
        if (!limits[limit].modules || !sc_has(r, module) || listed(names, n, sc_get_text(r, module))) continue;
        if (n < SHOWN_MODULES)
            names[n++] = sc_get_text(r, module);
        else
            more = true;
    }
    if (!line || (limits[limit].modules && !n)) return;
    sc_span text = sc_span_z(limits[limit].text);
    for (size_t i = 0; i < n; i++) text = sc_arena_printf(a, "%.*s%s%.*s", SC_F(text), i ? ", " : "", SC_F(names[i]));
    if (more) text = sc_arena_printf(a, "%.*s and others", SC_F(text));
    sc_health *h = sc_list_add(a, out, sizeof *h);
    if (h) *h = (sc_health){limits[limit].kind, text, line};
}

/* What two outputs tell differently: one line, however many there are. */
static void add_conflict(const sc_facts *f, sc_arena *a, sc_list *out)
{
    const sc_table *t = sc_table_named("conflict");
    const sc_row *r = sc_facts_first(f, t);
    if (!r) return;
    int what = sc_column_named(t, "what"), one = sc_column_named(t, "one"), other = sc_column_named(t, "other");
    int first = sc_column_named(t, "first_line");
    sc_health *h = sc_list_add(a, out, sizeof *h);
    sc_span text = sc_arena_printf(
        a, "two outputs disagree: %.*s is %.*s in line %lld and %.*s in line %u%s; two dumps in one paste?",
        SC_F(sc_get_text(r, what)), SC_F(sc_get_text(r, one)), (long long)sc_get_int(r, first),
        SC_F(sc_get_text(r, other)), r->line, r->next ? ", and more" : "");
    if (h) *h = (sc_health){"conflict", text, r->line};
}

void sc_health_add(const sc_facts *f, sc_arena *a, sc_list *out)
{
    add_conflict(f, a, out);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        const sc_health *have = out->items;
        bool said = false;
        for (size_t k = 0; k < out->n && !limits[i].modules; k++)
            said |= sc_eq_z(sc_span_z(have[k].kind), limits[i].kind);
        if (!said) add_limit(f, a, i, out);
    }
}
