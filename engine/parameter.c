#include "engine/parameter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TERM_BYTES = 80 };

static const sc_ref_term *find(const sc_knowledge *k, const char *term, int n)
{
    return n > 0 && n < TERM_BYTES ? sc_find_term(k, SC_TERM_PARAMETER, (sc_span){term, (size_t)n}) : NULL;
}

/* `what` alone, or with a condition on another parameter behind it: "0x9F 2", "0x9F 2 1=0x4". The special one wins. */
static const sc_ref_term *find_special(const sc_knowledge *k, const sc_bugcheck *b, int at, const char *what)
{
    char term[TERM_BYTES];
    for (int by = 0; by < 4; by++) {
        if (by == at || !b->known[by]) continue;
        const sc_ref_term *t = find(k, term, snprintf(term, sizeof term, "%s %d=0x%" PRIx64, what, by + 1, b->arg[by]));
        if (t) return t;
    }
    return find(k, what, (int)strlen(what));
}

const sc_ref_term *sc_parameter_role(const sc_knowledge *k, const sc_bugcheck *b, int at)
{
    char what[TERM_BYTES / 2];
    snprintf(what, sizeof what, "0x%" PRIX32 " %d", b->code, at + 1);
    return find_special(k, b, at, what);
}

const sc_ref_term *sc_parameter_value(const sc_knowledge *k, const sc_bugcheck *b, int at)
{
    char what[TERM_BYTES / 2];
    if (!b->known[at]) return NULL;
    snprintf(what, sizeof what, "0x%" PRIX32 " %d=0x%" PRIx64, b->code, at + 1, b->arg[at]);
    return find_special(k, b, at, what);
}

int sc_seconds_text(char *text, size_t size, double s)
{
    if (!(s >= 0) || s > 1e12) return snprintf(text, size, "%s", "");
    if (s < 1) return snprintf(text, size, "%.0f ms", s * 1000);
    if (s < 60) return snprintf(text, size, "%.3g s", s);
    if (s < 3600) return snprintf(text, size, "%d min %d s", (int)s / 60, (int)s % 60);
    return snprintf(text, size, "%lld h %d min", (long long)(s / 3600), (int)((long long)s / 60 % 60));
}

/* "time-out (s)" is "time-out" in "s". */
static sc_span cut_unit(sc_span name, sc_span *unit)
{
    *unit = (sc_span){"", 0};
    size_t open = sc_rfind_char(name, '(');
    if (open == SC_NPOS || !sc_ends(name, ")")) return name;
    *unit = sc_span_sub(name, open + 1, name.n - 1);
    return sc_rtrim(sc_span_sub(name, 0, open));
}

/* A number in its unit; false for units that leave it a plain hex number. */
static bool put_number(sc_buf *out, const sc_knowledge *k, sc_span unit, uint64_t v)
{
    static const struct {
        const char *name;
        double seconds;
    } times[] = {{"s", 1}, {"ms", 1e-3}, {"us", 1e-6}, {"100 ns", 1e-7}};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        if (!sc_eq_z(unit, times[i].name)) continue;
        char text[64];
        double s = (double)v * times[i].seconds;
        sc_seconds_text(text, sizeof text, s);
        if (i == 0 && s >= 60)
            sc_buf_printf(out, "%" PRIu64 " s (%s)", v, text);
        else
            sc_buf_z(out, text);
        return true;
    }
    if (sc_eq_z(unit, "status")) {
        const char *name = sc_ntstatus_name(k, (uint32_t)v);
        sc_buf_printf(out, "0x%08" PRIx32, (uint32_t)v);
        if (name) sc_buf_printf(out, " %s", name);
        return true;
    }
    if (!unit.n || sc_eq_z(unit, "address") || sc_eq_z(unit, "bits")) return false;
    sc_buf_printf(out, "%" PRIu64 " %.*s", v, SC_F(unit));
    return true;
}

sc_span sc_parameter_text(sc_arena *a, const sc_knowledge *k, const sc_bugcheck *b, int at)
{
    const sc_ref_term *role = sc_parameter_role(k, b, at), *value = sc_parameter_value(k, b, at);
    if (!b->known[at] || (!role && !value)) return (sc_span){"", 0};
    sc_buf out = {0};
    if (role) {
        sc_span unit, name = cut_unit(sc_span_z(*role->name ? role->name : role->text), &unit);
        sc_buf_printf(&out, "%.*s", SC_F(name));
        sc_buf number = {0};
        if (!value && put_number(&number, k, unit, b->arg[at]))
            sc_buf_printf(&out, ": %.*s", SC_F(sc_buf_view(&number)));
        out.failed |= number.failed;
        sc_buf_free(&number);
    }
    if (value) sc_buf_printf(&out, "%s%s", role ? ": " : "", value->text);
    sc_span kept = sc_arena_dup(a, sc_buf_view(&out));
    sc_buf_free(&out);
    return kept;
}

sc_span sc_parameter_headline(sc_arena *a, const sc_knowledge *k, const sc_bugcheck *b)
{
    sc_buf out = {0};
    for (int at = 0; at < 4 && b->source != SC_SOURCE_NONE; at++) {
        const sc_ref_term *value = sc_parameter_value(k, b, at), *role = sc_parameter_role(k, b, at);
        sc_buf part = {0};
        sc_span unit = {"", 0};
        if (role) cut_unit(sc_span_z(role->name), &unit);
        if (value)
            sc_buf_z(&part, *value->name ? value->name : value->text);
        else if (b->known[at] && role && !(sc_eq_z(unit, "status") && !b->arg[at]))
            put_number(&part, k, unit, b->arg[at]);
        if (part.n) sc_buf_printf(&out, "%s%.*s", out.n ? ", " : "", SC_F(sc_buf_view(&part)));
        out.failed |= part.failed;
        sc_buf_free(&part);
    }
    sc_span kept = sc_arena_dup(a, sc_buf_view(&out));
    sc_buf_free(&out);
    return kept;
}
