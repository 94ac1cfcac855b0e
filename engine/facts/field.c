#include "engine/facts/field.h"

bool sc_field(sc_span text, const char *label, sc_span *value)
{
    text = sc_ltrim(text);
    if (!sc_starts(text, label)) return false;
    sc_span rest = sc_span_from(text, sc_span_z(label).n);
    if (rest.n && !sc_is_blank(rest.p[0]) && rest.p[0] != '.' && rest.p[0] != ':' && rest.p[0] != '=') return false;
    size_t n = 0;
    while (n < rest.n && (sc_is_blank(rest.p[n]) || rest.p[n] == '.')) n++;
    if (n < rest.n && (rest.p[n] == ':' || rest.p[n] == '=')) n++;
    *value = sc_trim(sc_span_from(rest, n));
    return true;
}

bool sc_piece(sc_span *rest, const char *const *marks, sc_span *piece)
{
    *rest = sc_trim(*rest);
    if (!rest->n) return false;
    size_t at = 1;
    for (size_t i = 0; marks[i]; i++) { /* `Previous State` is not cut at its `State` */
        size_t n = sc_span_z(marks[i]).n;
        if (n > at && sc_starts(*rest, marks[i])) at = n;
    }
    for (; at < rest->n; at++) {
        if (!sc_is_blank(rest->p[at - 1]) || sc_is_blank(rest->p[at])) continue;
        size_t i = 0, before = at;
        while (before > 0 && sc_is_blank(rest->p[before - 1])) before--;
        if (before && rest->p[before - 1] == ',') continue; /* `THREAD: A, IRP: B` is one */
        while (marks[i] && !sc_starts(sc_span_from(*rest, at), marks[i])) i++;
        if (marks[i]) break;
    }
    if (at > rest->n) at = rest->n;
    *piece = sc_rtrim(sc_span_sub(*rest, 0, at));
    *rest = sc_span_from(*rest, at);
    return true;
}

bool sc_number(sc_scan *c, uint64_t *value, int *digits)
{
    *digits = 0;
    if (sc_addr(c, value, digits)) return true;
    sc_scan t = *c;
    if (!sc_hex(&t, value) || (t.p < t.end && sc_is_word(*t.p))) return false;
    *digits = 0;
    *c = t;
    return true;
}

sc_span sc_ahead(const sc_line *lines, size_t n, size_t *at)
{
    while (++*at < n && *at < 20)
        if (sc_trim(lines[*at].text).n) return sc_trim(lines[*at].text);
    return (sc_span){0};
}
