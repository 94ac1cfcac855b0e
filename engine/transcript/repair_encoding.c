#include "engine/base/limits.h"
#include "engine/transcript/repair.h"

#include <string.h>

/* Files that people hand over instead of text, by their first bytes. */
static const struct {
    const char *magic;
    size_t n;
    const char *text;
} not_text[] = {
    {"PAGEDU64", 8, "this is a memory dump itself; open it in WinDbg and paste what !analyze -v prints"},
    {"PAGEDUMP", 8, "this is a memory dump itself; open it in WinDbg and paste what !analyze -v prints"},
    {"MDMP\x93\xa7", 6, "this is a program's dump itself; open it in WinDbg and paste what !analyze -v prints"},
    {"PK\x03\x04", 4, "this is a ZIP archive; unpack it and paste the text inside"},
    {"7z\xbc\xaf\x27\x1c", 6, "this is a 7-Zip archive; unpack it and paste the text inside"},
    {"Rar!\x1a\x07", 6, "this is a RAR archive; unpack it and paste the text inside"},
    {"\x1f\x8b\x08", 3, "this is a gzip archive; unpack it and paste the text inside"},
    {"MSCF\0\0\0\0", 8, "this is a cabinet archive; unpack it and paste the text inside"},
    {"ElfFile\0", 8, "this is an event log; open it in the Event Viewer and paste the event's text"},
    {"%PDF-", 5, "this is a PDF document; paste its text"},
    {"{\\rtf1", 6, "this is a rich-text document; paste its text"},
    {"\x89PNG\r\n\x1a\n", 8, "this is a picture; paste the text it shows"},
    {"\xff\xd8\xff", 3, "this is a picture; paste the text it shows"},
    {"GIF8", 4, "this is a picture; paste the text it shows"},
};

int32_t sc_repair_utf8(sc_span s, size_t *length)
{
    unsigned char c = (unsigned char)s.p[0];
    *length = 1;
    if (c < 0x80) return c;
    size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    if (c < 0xc2 || c > 0xf4 || n > s.n) return -1;
    int32_t code = c & (0xff >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        unsigned char more = (unsigned char)s.p[i];
        if ((more & 0xc0) != 0x80) return -1;
        code = code << 6 | (more & 0x3f);
    }
    if ((n == 3 && code < 0x800) || (n == 4 && (code < 0x10000 || code > 0x10ffff))) return -1;
    if (code >= 0xd800 && code <= 0xdfff) return -1;
    *length = n;
    return code;
}

enum { UTF16_NONE, UTF16_LITTLE, UTF16_BIG };

/* Notepad's "Unicode" has a byte-order mark. Without one: Latin text has a zero in every other byte. */
static int utf16_kind(sc_span s)
{
    if (s.n >= 2 && memcmp(s.p, "\xff\xfe", 2) == 0) return UTF16_LITTLE;
    if (s.n >= 2 && memcmp(s.p, "\xfe\xff", 2) == 0) return UTF16_BIG;
    size_t zeros[2] = {0, 0}, pairs = s.n / 2 < 4096 ? s.n / 2 : 4096;
    for (size_t i = 0; i < pairs * 2; i++)
        if (s.p[i] == 0) zeros[i % 2]++;
    if (pairs < 4) return UTF16_NONE;
    if (zeros[1] * 2 > pairs && zeros[0] * 20 < pairs) return UTF16_LITTLE;
    if (zeros[0] * 2 > pairs && zeros[1] * 20 < pairs) return UTF16_BIG;
    return UTF16_NONE;
}

static uint32_t utf16_unit(sc_span s, size_t at, int kind)
{
    unsigned a = (unsigned char)s.p[at], b = (unsigned char)s.p[at + 1];
    return kind == UTF16_LITTLE ? b << 8 | a : a << 8 | b;
}

static sc_span from_utf16(sc_arena *a, sc_span s, int kind)
{
    char *out = sc_arena_array(a, s.n / 2 + 1, 3), *p = out;
    if (!out) return (sc_span){"", 0};
    for (size_t at = 0; at + 1 < s.n; at += 2) {
        uint32_t code = utf16_unit(s, at, kind);
        if (at == 0 && code == 0xfeff) continue;
        if (code >= 0xd800 && code <= 0xdbff && at + 3 < s.n) {
            uint32_t low = utf16_unit(s, at + 2, kind);
            if (low >= 0xdc00 && low <= 0xdfff) {
                code = 0x10000 + ((code - 0xd800) << 10 | (low - 0xdc00));
                at += 2;
            }
        }
        if (code >= 0xd800 && code <= 0xdfff) code = 0xfffd;
        if (code < 0x80) {
            *p++ = (char)code;
        } else if (code < 0x800) {
            *p++ = (char)(0xc0 | code >> 6);
            *p++ = (char)(0x80 | (code & 0x3f));
        } else if (code < 0x10000) {
            *p++ = (char)(0xe0 | code >> 12);
            *p++ = (char)(0x80 | (code >> 6 & 0x3f));
            *p++ = (char)(0x80 | (code & 0x3f));
        } else {
            *p++ = (char)(0xf0 | code >> 18);
            *p++ = (char)(0x80 | (code >> 12 & 0x3f));
            *p++ = (char)(0x80 | (code >> 6 & 0x3f));
            *p++ = (char)(0x80 | (code & 0x3f));
        }
    }
    return (sc_span){out, (size_t)(p - out)};
}

int sc_repair_decode(sc_repairing *r, sc_span paste, sc_span *text, sc_error *error)
{
    if (paste.n == 0) return sc_fail(error, SC_E_INPUT, "the paste is empty");
    if (paste.n > SC_MAX_PASTE_BYTES)
        return sc_fail(error, SC_E_INPUT, "the paste is too large: %zu MB, and %u MB is the limit",
                       (paste.n + 999999) / 1000000, SC_MAX_PASTE_BYTES / 1000000);
    for (size_t i = 0; i < sizeof not_text / sizeof *not_text; i++)
        if (paste.n >= not_text[i].n && memcmp(paste.p, not_text[i].magic, not_text[i].n) == 0)
            return sc_fail(error, SC_E_INPUT, "%s", not_text[i].text);

    int kind = utf16_kind(paste);
    if (kind != UTF16_NONE) {
        sc_repaired(r, SC_REPAIR_ENCODING);
        *text = from_utf16(r->arena, paste, kind);
        return SC_OK;
    }
    if (paste.n >= 3 && memcmp(paste.p, "\xef\xbb\xbf", 3) == 0) {
        sc_repaired(r, SC_REPAIR_ENCODING);
        paste = sc_span_from(paste, 3);
    }
    *text = sc_arena_dup(r->arena, paste);
    return SC_OK;
}
