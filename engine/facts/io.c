#include "engine/facts/io.h"

static bool is_separator(char c)
{
    return c == '\\' || c == '|' || c == '/';
}

bool sc_driver_scan(sc_scan *c, sc_span *name)
{
    sc_scan t = *c;
    sc_blanks(&t);
    if (t.p == t.end || !is_separator(*t.p)) return false;
    t.p++;
    sc_span rest = sc_rest(&t);
    size_t n = sc_istarts(rest, "Driver") ? 6 : sc_istarts(rest, "FileSystem") ? 10 : 0;
    if (!n || rest.n <= n || !is_separator(rest.p[n])) return false;
    t.p += n + 1;
    const char *start = t.p;
    while (t.p < t.end && !sc_is_blank(*t.p) && *t.p != ']' && *t.p != '*') t.p++;
    if (t.p == start) return false;
    *name = (sc_span){start, (size_t)(t.p - start)};
    *c = t;
    return true;
}

void sc_set_pointer(sc_facts *f, sc_row *r, int column, uint64_t address, int digits)
{
    if (digits) sc_note_width(f, digits);
    if (address)
        sc_set_addr(r, column, address);
    else
        sc_set_null(r, column);
}

bool sc_label(sc_span text, const char *label, sc_scan *after)
{
    size_t n = sc_span_z(label).n;
    for (size_t at = 0; at < text.n;) {
        size_t hit = sc_find(sc_span_from(text, at), label);
        if (hit == SC_NPOS) return false;
        hit += at;
        bool starts = hit == 0 || sc_is_blank(text.p[hit - 1]);
        bool ends = label[n - 1] == ':' || hit + n == text.n || sc_is_blank(text.p[hit + n]);
        if (starts && ends) {
            *after = sc_scan_of(sc_span_from(text, hit + n));
            return true;
        }
        at = hit + n;
    }
    return false;
}

bool sc_label_hex(sc_span text, const char *label, uint64_t *value, int *digits)
{
    sc_scan c;
    if (!sc_label(text, label, &c)) return false;
    if (sc_addr(&c, value, digits)) return true;
    if (digits) *digits = 0;
    return sc_hex(&c, value) && (c.p == c.end || !sc_is_word(*c.p));
}
