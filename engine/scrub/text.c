/* Characters, blanks and quotation marks of a raw paste. */
#include "engine/scrub/matcher.h"

static unsigned byte_at(const sc_scrubber *s, size_t at)
{
    return (unsigned char)sc_scrub_char(s, at);
}

bool sc_scrub_at(const sc_scrubber *s, size_t at, const char *literal)
{
    for (; *literal; literal++, at++) {
        if (sc_lower(sc_scrub_char(s, at)) != sc_lower(*literal)) return false;
    }
    return true;
}

size_t sc_scrub_typography(const sc_scrubber *s, size_t at)
{
    unsigned a = byte_at(s, at), b;
    if (a < 0xc2) return 0;
    b = byte_at(s, at + 1);
    if (a == 0xc2 && (b == 0xa0 || b == 0xab || b == 0xb4 || b == 0xb7 || b == 0xbb)) return 2;
    if (a == 0xe2 && (b == 0x80 || b == 0x81) && byte_at(s, at + 2) >= 0x80) return 3; /* U+2000 to U+207F */
    if (a == 0xe3 && b == 0x80 && byte_at(s, at + 2) >= 0x80) return 3;                /* U+3000 to U+303F */
    if (a == 0xef && b == 0xbb && byte_at(s, at + 2) == 0xbf) return 3;                /* the byte-order mark */
    return 0;
}

size_t sc_scrub_blank(const sc_scrubber *s, size_t at)
{
    unsigned a = byte_at(s, at);
    if (a == ' ' || a == '\t') return 1;
    if (a == 0xc2 && byte_at(s, at + 1) == 0xa0) return 2;
    if (a == 0xe2 && byte_at(s, at + 1) == 0x80 && byte_at(s, at + 2) >= 0x80 && byte_at(s, at + 2) <= 0x8b) return 3;
    if (a == '&' && sc_scrub_at(s, at, "&nbsp;")) return 6;
    return 0;
}

size_t sc_scrub_blanks(const sc_scrubber *s, size_t at)
{
    for (size_t n, most = at + 256; at < most && (n = sc_scrub_blank(s, at)); at += n) {}
    return at;
}

size_t sc_scrub_quote(const sc_scrubber *s, size_t at)
{
    unsigned a = byte_at(s, at), c;
    if (a == '"' || a == '\'') return 1;
    if (a == 0xe2 && byte_at(s, at + 1) == 0x80 &&
        (((c = byte_at(s, at + 2)) >= 0x98 && c <= 0x9f) || c == 0xb2 || c == 0xb3)) { /* primes, too */
        return 3;
    }
    if (a == '&' && sc_scrub_at(s, at, "&quot;")) return 6;
    if (a == '&' && (sc_scrub_at(s, at, "&#34;") || sc_scrub_at(s, at, "&#39;"))) return 5;
    return 0;
}

bool sc_scrub_in_name(const sc_scrubber *s, size_t at)
{
    unsigned a = byte_at(s, at);
    if (a < 0x80) return sc_is_word((char)a);
    return !sc_scrub_typography(s, at);
}

bool sc_scrub_begins(const sc_scrubber *s, size_t at)
{
    if (!at || at > s->text.n) return true;
    if (byte_at(s, at - 1) < 0x80) return !sc_is_word(s->text.p[at - 1]);
    for (size_t back = 2; back <= 3 && back <= at; back++) {
        if (sc_scrub_typography(s, at - back) == back) return true;
    }
    return false;
}

bool sc_scrub_line_begins(const sc_scrubber *s, size_t at)
{
    for (size_t i = at, least = at > 64 ? at - 64 : 0; i > s->line; i--) {
        char c = s->text.p[i - 1];
        if (i == least) return false;
        if (c == '>' && i == at) return true;
        if (sc_is_blank(c) || c == '>' || c == '|' || c == '*' || c == '#' || c == '-' || c == '"') continue;
        if ((unsigned char)c >= 0x80 && !(sc_is_word(c))) { /* no-break spaces, bullets */
            size_t n = i >= 2 && sc_scrub_typography(s, i - 2) == 2 ? 2 : 3;
            if (i >= n && i - n >= s->line && sc_scrub_typography(s, i - n) == n) {
                i -= n - 1;
                continue;
            }
        }
        return false;
    }
    return true;
}

size_t sc_scrub_run(const sc_scrubber *s, size_t at, char c, size_t most)
{
    size_t n = 0;
    while (n < most && at + n < s->text.n && s->text.p[at + n] == c) n++;
    return n;
}

size_t sc_scrub_hex_run(const sc_scrubber *s, size_t at, size_t most)
{
    size_t n = 0;
    while (n < most && sc_is_hex(sc_scrub_char(s, at + n))) n++;
    return n;
}

size_t sc_scrub_digit_run(const sc_scrubber *s, size_t at, size_t most)
{
    size_t n = 0;
    while (n < most && sc_is_digit(sc_scrub_char(s, at + n))) n++;
    return n;
}
