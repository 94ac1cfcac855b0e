#include "engine/base/scan.h"

#include <string.h>

sc_scan sc_scan_of(sc_span s)
{
    return (sc_scan){s.p, s.n ? s.p + s.n : s.p}; /* the empty span may have no address to add to */
}

sc_span sc_rest(const sc_scan *c)
{
    return (sc_span){c->p, (size_t)(c->end - c->p)};
}

void sc_blanks(sc_scan *c)
{
    while (c->p < c->end && sc_is_blank(*c->p)) c->p++;
}

bool sc_at_end(sc_scan *c)
{
    sc_blanks(c);
    return c->p == c->end;
}

bool sc_lit(sc_scan *c, const char *literal)
{
    sc_scan t = *c;
    sc_blanks(&t);
    if (!sc_starts(sc_rest(&t), literal)) return false;
    c->p = t.p + strlen(literal);
    return true;
}

bool sc_ilit(sc_scan *c, const char *literal)
{
    sc_scan t = *c;
    sc_blanks(&t);
    if (!sc_istarts(sc_rest(&t), literal)) return false;
    c->p = t.p + strlen(literal);
    return true;
}

bool sc_dec(sc_scan *c, uint64_t *value)
{
    sc_scan t = *c;
    sc_blanks(&t);
    if (t.end - t.p > 2 && t.p[0] == '0' && t.p[1] == 'n') t.p += 2;
    const char *start = t.p;
    uint64_t v = 0;
    for (; t.p < t.end && sc_is_digit(*t.p); t.p++) {
        unsigned d = (unsigned)(*t.p - '0');
        if (v > (UINT64_MAX - d) / 10) return false;
        v = v * 10 + d;
    }
    if (t.p == start) return false;
    *value = v;
    c->p = t.p;
    return true;
}

/* Hex digits with an optional 0x and one optional backtick; returns the number of digits, 0 on failure. */
static int hex_digits(sc_scan *c, uint64_t *value)
{
    sc_scan t = *c;
    sc_blanks(&t);
    if (t.end - t.p > 2 && t.p[0] == '0' && (t.p[1] == 'x' || t.p[1] == 'X') && sc_is_hex(t.p[2])) t.p += 2;
    uint64_t v = 0;
    int n = 0;
    bool tick = false;
    for (; t.p < t.end; t.p++) {
        if (*t.p == '`' && !tick && n > 0 && n <= 8 && t.end - t.p > 8) {
            /* only a backtick that is followed by exactly eight digits belongs to the number */
            int after = 0;
            while (t.p + 1 + after < t.end && sc_is_hex(t.p[1 + after])) after++;
            if (after != 8) break;
            tick = true;
            continue;
        }
        if (!sc_is_hex(*t.p)) break;
        if (++n > 16) return 0;
        v = v << 4 | sc_hex_value(*t.p);
    }
    if (!n) return 0;
    *value = v;
    c->p = t.p;
    return tick ? 16 : n;
}

bool sc_hex(sc_scan *c, uint64_t *value)
{
    return hex_digits(c, value) > 0;
}

bool sc_addr(sc_scan *c, uint64_t *value, int *digits)
{
    sc_scan t = *c;
    sc_blanks(&t);
    bool prefixed = t.end - t.p > 2 && t.p[0] == '0' && (t.p[1] == 'x' || t.p[1] == 'X');
    uint64_t v;
    int n = hex_digits(&t, &v);
    /* dt and lm drop leading zeros only behind 0x; bare, the width is always 8 or 16 */
    if (n != 8 && n != 16 && !(prefixed && n > 0)) return false;
    if (t.p < t.end && sc_is_word(*t.p)) return false;
    *value = v;
    if (digits) *digits = n <= 8 ? 8 : 16;
    c->p = t.p;
    return true;
}

bool sc_word(sc_scan *c, sc_span *word)
{
    sc_scan t = *c;
    sc_blanks(&t);
    const char *start = t.p;
    while (t.p < t.end && !sc_is_blank(*t.p)) t.p++;
    if (t.p == start) return false;
    *word = (sc_span){start, (size_t)(t.p - start)};
    c->p = t.p;
    return true;
}

bool sc_until(sc_scan *c, const char *stop, sc_span *s)
{
    sc_span rest = sc_rest(c);
    size_t at = sc_find(rest, stop);
    if (at == SC_NPOS) return false;
    *s = sc_span_sub(rest, 0, at);
    c->p += at + strlen(stop);
    return true;
}

bool sc_quoted(sc_scan *c, sc_span *s)
{
    sc_scan t = *c;
    if (!sc_lit(&t, "\"") || !sc_until(&t, "\"", s)) return false;
    *c = t;
    return true;
}

bool sc_span_hex(sc_span s, uint64_t *value)
{
    sc_scan c = sc_scan_of(s);
    uint64_t v;
    if (!sc_hex(&c, &v) || !sc_at_end(&c)) return false;
    *value = v;
    return true;
}

bool sc_span_dec(sc_span s, uint64_t *value)
{
    sc_scan c = sc_scan_of(s);
    uint64_t v;
    if (!sc_dec(&c, &v) || !sc_at_end(&c)) return false;
    *value = v;
    return true;
}

bool sc_span_addr(sc_span s, uint64_t *value, int *digits)
{
    sc_scan c = sc_scan_of(s);
    uint64_t v;
    int d;
    if (!sc_addr(&c, &v, &d) || !sc_at_end(&c)) return false;
    *value = v;
    if (digits) *digits = d;
    return true;
}
