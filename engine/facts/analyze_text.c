#include "engine/facts/analyze_text.h"

#include "engine/base/scan.h"

static bool has_title(sc_span text)
{
    return sc_find(text, "Bugcheck Analysis") != SC_NPOS && (text.p[0] == '*' || text.n < 20);
}

static bool is_stars(sc_span text)
{
    size_t stars = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != '*' && !sc_is_blank(text.p[i])) return false;
        stars += text.p[i] == '*';
    }
    return stars >= 2 && text.n >= 20;
}

bool sc_analyze_is_banner(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0};
    if (!text.n || (text.p[0] != '*' && text.p[0] != 'B')) return false;
    if (has_title(text)) return true;
    if (!is_stars(text)) return false;
    for (size_t i = 1, seen = 0; i < n && seen < 2; i++) { /* a rule and an empty line of the frame stand above it */
        sc_span below = sc_trim(lines[i].text);
        if (!below.n) continue;
        if (below.p[0] != '*') return false;
        if (has_title(below)) return true;
        seen++;
    }
    return false;
}

bool sc_analyze_is_decoration(sc_span text)
{
    size_t i = 0;
    while (i < text.n && (text.p[i] == '*' || text.p[i] == '-' || sc_is_blank(text.p[i]))) i++;
    return i == text.n || has_title(text) || sc_starts(text, "Use !analyze -v") || sc_starts(text, "Attempt to ");
}

bool sc_analyze_is_source(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t line;
    sc_lit(&c, ">");
    return sc_dec(&c, &line) && line < 10000000 && c.p < c.end && *c.p == ':';
}
