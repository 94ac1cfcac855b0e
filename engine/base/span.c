#include "engine/base/span.h"

#include <string.h>

sc_span sc_span_z(const char *z)
{
    return z ? (sc_span){z, strlen(z)} : (sc_span){"", 0};
}

sc_span sc_span_sub(sc_span s, size_t from, size_t to)
{
    if (to > s.n) to = s.n;
    if (from > to) from = to;
    return (sc_span){from ? s.p + from : s.p, to - from}; /* the empty span may have no address to add to */
}

sc_span sc_span_from(sc_span s, size_t from)
{
    return sc_span_sub(s, from, s.n);
}

sc_span sc_ltrim(sc_span s)
{
    while (s.n && sc_is_blank(s.p[0])) {
        s.p++;
        s.n--;
    }
    return s;
}

sc_span sc_rtrim(sc_span s)
{
    while (s.n && sc_is_blank(s.p[s.n - 1])) s.n--;
    return s;
}

sc_span sc_trim(sc_span s)
{
    return sc_rtrim(sc_ltrim(s));
}

int sc_cmp(sc_span a, sc_span b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    if (c) return c;
    return (a.n > b.n) - (a.n < b.n);
}

int sc_icmp(sc_span a, sc_span b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    for (size_t i = 0; i < n; i++) {
        int c = (unsigned char)sc_lower(a.p[i]) - (unsigned char)sc_lower(b.p[i]);
        if (c) return c;
    }
    return (a.n > b.n) - (a.n < b.n);
}

bool sc_eq(sc_span a, sc_span b)
{
    return a.n == b.n && sc_cmp(a, b) == 0;
}

bool sc_ieq(sc_span a, sc_span b)
{
    return a.n == b.n && sc_icmp(a, b) == 0;
}

bool sc_eq_z(sc_span a, const char *z)
{
    return sc_eq(a, sc_span_z(z));
}

bool sc_ieq_z(sc_span a, const char *z)
{
    return sc_ieq(a, sc_span_z(z));
}

bool sc_starts(sc_span s, const char *prefix)
{
    sc_span p = sc_span_z(prefix);
    return s.n >= p.n && sc_eq(sc_span_sub(s, 0, p.n), p);
}

bool sc_istarts(sc_span s, const char *prefix)
{
    sc_span p = sc_span_z(prefix);
    return s.n >= p.n && sc_ieq(sc_span_sub(s, 0, p.n), p);
}

bool sc_ends(sc_span s, const char *suffix)
{
    sc_span p = sc_span_z(suffix);
    return s.n >= p.n && sc_eq(sc_span_from(s, s.n - p.n), p);
}

bool sc_iends(sc_span s, const char *suffix)
{
    sc_span p = sc_span_z(suffix);
    return s.n >= p.n && sc_ieq(sc_span_from(s, s.n - p.n), p);
}

size_t sc_find_char(sc_span s, char c)
{
    const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;
    return hit ? (size_t)(hit - s.p) : SC_NPOS;
}

size_t sc_rfind_char(sc_span s, char c)
{
    for (size_t i = s.n; i-- > 0;)
        if (s.p[i] == c) return i;
    return SC_NPOS;
}

size_t sc_find(sc_span s, const char *needle)
{
    sc_span want = sc_span_z(needle);
    if (want.n == 0) return 0;
    for (size_t at = 0; at + want.n <= s.n;) {
        size_t hit = sc_find_char(sc_span_from(s, at), want.p[0]);
        if (hit == SC_NPOS || at + hit + want.n > s.n) return SC_NPOS;
        at += hit;
        if (memcmp(s.p + at, want.p, want.n) == 0) return at;
        at++;
    }
    return SC_NPOS;
}

size_t sc_ifind(sc_span s, const char *needle)
{
    sc_span want = sc_span_z(needle);
    for (size_t at = 0; at + want.n <= s.n; at++)
        if (sc_ieq(sc_span_sub(s, at, at + want.n), want)) return at;
    return SC_NPOS;
}

bool sc_cut(sc_span s, const char *separator, sc_span *head, sc_span *tail)
{
    size_t at = sc_find(s, separator);
    if (at == SC_NPOS) {
        *head = s;
        *tail = sc_span_from(s, s.n);
        return false;
    }
    sc_span whole = s; /* s may alias *head or *tail */
    *head = sc_span_sub(whole, 0, at);
    *tail = sc_span_from(whole, at + strlen(separator));
    return true;
}

bool sc_glob(sc_span pattern, sc_span text)
{
    size_t p = 0, t = 0, star = SC_NPOS, retry = 0;
    while (t < text.n) {
        if (p < pattern.n && pattern.p[p] == '*') {
            star = p++;
            retry = t;
        } else if (p < pattern.n && (pattern.p[p] == '?' || sc_lower(pattern.p[p]) == sc_lower(text.p[t]))) {
            p++;
            t++;
        } else if (star != SC_NPOS) { /* let the last star eat one more character */
            p = star + 1;
            t = ++retry;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '*') p++;
    return p == pattern.n;
}

uint32_t sc_hash(sc_span s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.n; i++) h = (h ^ (unsigned char)s.p[i]) * 16777619u;
    return h;
}

uint32_t sc_ihash(sc_span s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.n; i++) h = (h ^ (unsigned char)sc_lower(s.p[i])) * 16777619u;
    return h;
}
