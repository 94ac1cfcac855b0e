/* UTF-16 to bytes that the matchers read, and back without a loss. */
#include "engine/scrub/matcher.h"

#include <string.h>

/* Notepad's "Unicode" has a byte-order mark. Without one: Latin text has a zero in every other byte. */
sc_utf16 sc_utf16_kind(sc_span paste)
{
    size_t zeros[2] = {0, 0}, pairs = paste.n / 2 < 4096 ? paste.n / 2 : 4096;
    if (paste.n >= 2 && memcmp(paste.p, "\xff\xfe", 2) == 0) return SC_UTF16_LITTLE;
    if (paste.n >= 2 && memcmp(paste.p, "\xfe\xff", 2) == 0) return SC_UTF16_BIG;
    for (size_t i = 0; i < pairs * 2; i++) {
        if (paste.p[i] == '\0') zeros[i % 2]++;
    }
    if (pairs < 4) return SC_UTF16_NONE;
    if (zeros[1] * 2 > pairs && zeros[0] * 20 < pairs) return SC_UTF16_LITTLE;
    if (zeros[0] * 2 > pairs && zeros[1] * 20 < pairs) return SC_UTF16_BIG;
    return SC_UTF16_NONE;
}

static uint32_t unit_at(sc_span s, size_t at, sc_utf16 kind)
{
    unsigned a = (unsigned char)s.p[at], b = (unsigned char)s.p[at + 1];
    return kind == SC_UTF16_LITTLE ? b << 8 | a : a << 8 | b;
}

static char *put_utf8(char *p, uint32_t code)
{
    if (code < 0x80) {
        *p++ = (char)code;
        return p;
    }
    if (code < 0x800) {
        *p++ = (char)(0xc0 | code >> 6);
    } else {
        if (code < 0x10000) {
            *p++ = (char)(0xe0 | code >> 12);
        } else {
            *p++ = (char)(0xf0 | code >> 18);
            *p++ = (char)(0x80 | (code >> 12 & 0x3f));
        }
        *p++ = (char)(0x80 | (code >> 6 & 0x3f));
    }
    *p++ = (char)(0x80 | (code & 0x3f));
    return p;
}

sc_span sc_utf16_decode(sc_arena *a, sc_span paste, sc_utf16 kind)
{
    char *out = sc_arena_array(a, paste.n / 2 + 1, 3), *p = out;
    if (!out) return (sc_span){"", 0};
    for (size_t at = 0; at + 1 < paste.n; at += 2) {
        uint32_t code = unit_at(paste, at, kind);
        if (code >= 0xd800 && code <= 0xdbff && at + 3 < paste.n) {
            uint32_t low = unit_at(paste, at + 2, kind);
            if (low >= 0xdc00 && low <= 0xdfff) {
                code = 0x10000 + ((code - 0xd800) << 10 | (low - 0xdc00));
                at += 2;
            }
        }
        p = put_utf8(p, code);
    }
    return (sc_span){out, (size_t)(p - out)};
}

static char *put_unit(char *p, uint32_t unit, sc_utf16 kind)
{
    char high = (char)(unit >> 8 & 0xff), low = (char)(unit & 0xff);
    p[0] = kind == SC_UTF16_LITTLE ? low : high;
    p[1] = kind == SC_UTF16_LITTLE ? high : low;
    return p + 2;
}

sc_span sc_utf16_encode(sc_arena *a, sc_span text, sc_utf16 kind, sc_span odd)
{
    char *out = sc_arena_array(a, text.n + 1, 2), *p = out;
    if (!out) return (sc_span){"", 0};
    for (size_t at = 0; at < text.n;) { /* what sc_utf16_decode made, so every sequence is whole */
        unsigned char c = (unsigned char)text.p[at];
        size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
        uint32_t code = n == 1 ? c : c & (0xffu >> (n + 1));
        for (size_t i = 1; i < n && at + i < text.n; i++) code = code << 6 | ((unsigned char)text.p[at + i] & 0x3fu);
        if (code >= 0x10000) {
            p = put_unit(p, 0xd800 + ((code - 0x10000) >> 10), kind);
            code = 0xdc00 + (code & 0x3ff);
        }
        p = put_unit(p, code, kind);
        at += n;
    }
    if (odd.n) *p++ = odd.p[0];
    return (sc_span){out, (size_t)(p - out)};
}
