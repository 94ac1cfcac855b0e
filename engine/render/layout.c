#include "engine/render/layout.h"

#include "engine/base/scan.h"

size_t sc_utf8_read(sc_span s, size_t at, uint32_t *point)
{
    static const uint32_t lowest[5] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char c = (unsigned char)s.p[at];
    size_t n = c < 0x80 ? 1 : c >= 0xC2 && c < 0xE0 ? 2 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xF0 && c < 0xF5 ? 4 : 0;
    if (!n || n > s.n - at) return 0;
    uint32_t v = n == 1 ? c : c & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        unsigned char next = (unsigned char)s.p[at + i];
        if ((next & 0xC0) != 0x80) return 0;
        v = v << 6 | (next & 0x3Fu);
    }
    if (v < lowest[n] || v > 0x10FFFF || (v >= 0xD800 && v <= 0xDFFF)) return 0;
    *point = v;
    return n;
}

bool sc_is_hidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0)            /* C0, DEL, C1 */
           || c == 0xAD                                   /* soft hyphen */
           || c == 0x61C                                  /* Arabic letter mark */
           || (c >= 0x200B && c <= 0x200F)                /* zero width, direction marks */
           || (c >= 0x2028 && c <= 0x202E)                /* line and paragraph separators, direction overrides */
           || (c >= 0x2060 && c <= 0x206F)                /* word joiner, direction isolates */
           || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) /* byte-order mark, interlinear annotation */
           || (c >= 0xE0000 && c <= 0xE007F);             /* tags */
}

void sc_put_visible(sc_buf *out, sc_span s)
{
    for (size_t i = 0; i < s.n;) {
        uint32_t c;
        size_t n = sc_utf8_read(s, i, &c);
        if (!n) {
            sc_buf_printf(out, "\\x%02x", (unsigned)(unsigned char)s.p[i++]);
            continue;
        }
        if (c == '\t' || c == '\n' || c == '\r')
            sc_buf_char(out, ' ');
        else if (!sc_is_hidden(c))
            sc_buf_span(out, sc_span_sub(s, i, i + n));
        else if (c < 0x100)
            sc_buf_printf(out, "\\x%02x", (unsigned)c);
        else
            sc_buf_printf(out, "\\u%04x", (unsigned)c);
        i += n;
    }
}

void sc_put_squeezed(sc_buf *out, sc_span s)
{
    sc_buf v = {0};
    sc_put_visible(&v, s);
    sc_span rest = sc_trim(sc_buf_view(&v));
    for (size_t i = 0; i < rest.n; i++) {
        if (rest.p[i] == ' ' && i + 1 < rest.n && rest.p[i + 1] == ' ') continue;
        sc_buf_char(out, rest.p[i]);
    }
    if (v.failed) out->failed = true;
    sc_buf_free(&v);
}

void sc_put_repeat(sc_buf *out, char c, size_t n)
{
    while (n--) sc_buf_char(out, c);
}

void sc_put_spaces(sc_buf *out, size_t n)
{
    sc_put_repeat(out, ' ', n);
}

/* In text that went through sc_put_visible every byte that is no continuation byte starts a character. */
static bool starts_character(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

size_t sc_columns(sc_span s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += starts_character(s.p[i]);
    return n;
}

sc_span sc_take_columns(sc_span s, size_t columns)
{
    size_t seen = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (starts_character(s.p[i]) && seen++ == columns) return sc_span_sub(s, 0, i);
    }
    return s;
}

void sc_put_clipped(sc_buf *out, sc_span s, size_t columns)
{
    size_t have = sc_columns(s);
    if (have <= columns) {
        sc_buf_span(out, s);
        return;
    }
    if (columns <= 5) { /* too narrow for an end worth showing */
        sc_buf_span(out, sc_take_columns(s, columns));
        return;
    }
    size_t head = (columns - 3) / 2, tail = columns - 3 - head;
    sc_span left = sc_take_columns(s, have - tail);
    sc_span front = sc_take_columns(s, head);
    while (front.n && (front.p[front.n - 1] == ' ' || front.p[front.n - 1] == '.'))
        front.n--; /* no five dots in a row */
    sc_buf_span(out, front);
    sc_buf_z(out, "...");
    sc_buf_span(out, sc_ltrim(sc_span_from(s, left.n)));
}

/* fffff880`03bd2530, (0xfffff80003492be0), 00000000-00000000, and the lone colons between a frame's columns */
static bool is_elidable(sc_span word)
{
    size_t digits = 0;
    if (sc_eq_z(word, ":")) return true;
    while (word.n && (word.p[0] == '(' || word.p[0] == '{')) word = sc_span_from(word, 1);
    if (sc_istarts(word, "0x")) word = sc_span_from(word, 2);
    for (size_t i = 0; i < word.n; i++) {
        if (sc_is_hex(word.p[i]))
            digits++;
        else if (sc_find_char(SC_S("`-),}:;"), word.p[i]) == SC_NPOS)
            return false;
    }
    return digits >= 8;
}

/* Replaces runs of addresses behind the first `keep` of them. */
static void elide(sc_buf *out, sc_span s, size_t keep)
{
    sc_scan c = sc_scan_of(s);
    sc_span word;
    bool left_out = false, first = true;
    while (sc_word(&c, &word)) {
        bool address = is_elidable(word);
        if (address && keep && word.n > 1) {
            keep--;
            address = false;
        }
        if (address && left_out) continue;
        if (!first) sc_buf_char(out, ' ');
        if (address)
            sc_buf_z(out, "..");
        else
            sc_buf_span(out, word);
        left_out = address;
        first = false;
    }
}

bool sc_put_elided(sc_buf *out, sc_span s, size_t columns)
{
    sc_buf b = {0};
    bool fits = sc_columns(s) <= columns;
    for (size_t keep = 2; !fits && keep-- > 0;) {
        sc_buf_clear(&b);
        elide(&b, s, keep);
        fits = sc_columns(sc_buf_view(&b)) <= columns;
    }
    sc_put_clipped(out, b.n ? sc_buf_view(&b) : s, columns);
    if (b.failed) out->failed = true;
    sc_buf_free(&b);
    return fits;
}

bool sc_wrap_next(sc_span *rest, size_t columns, sc_span *line)
{
    sc_span s = sc_ltrim(*rest);
    if (!s.n) return false;
    sc_span fits = sc_take_columns(s, columns ? columns : 1);
    size_t end = fits.n;
    if (fits.n < s.n && s.p[fits.n] != ' ') {
        size_t blank = sc_rfind_char(fits, ' ');
        if (blank != SC_NPOS) end = blank; /* without a blank the word is longer than the line: cut it */
    }
    *line = sc_rtrim(sc_span_sub(s, 0, end));
    *rest = sc_ltrim(sc_span_from(s, end));
    return true;
}
