#include "engine/transcript/repair.h"

#include <string.h>

static size_t hex_run(sc_span s, size_t from)
{
    size_t at = from;
    while (at < s.n && sc_is_hex(s.p[at])) at++;
    return at - from;
}

static bool word_at(sc_span s, size_t at)
{
    return at < s.n && sc_is_word(s.p[at]);
}

size_t sc_shape_address(sc_span s)
{
    size_t at = (s.n > 2 && s.p[0] == '0' && (s.p[1] == 'x' || s.p[1] == 'X')) ? 2 : 0;
    size_t n = hex_run(s, at);
    if (n == 8 && at + 8 < s.n && s.p[at + 8] == '`' && hex_run(s, at + 9) == 8 && !word_at(s, at + 17)) return at + 17;
    if ((n == 8 || n == 16) && !word_at(s, at + n)) return at + n;
    return 0;
}

/* The end of a C++ name that starts at `at`: blanks belong to it within `..', <..> and after "operator". */
static size_t name_end(sc_span s, size_t at)
{
    size_t depth = 0;
    bool quote = false;
    for (; at < s.n; at++) {
        char c = s.p[at];
        if (quote) {
            quote = c != '\'';
        } else if (c == '`') {
            quote = true;
        } else if ((c == '<' || c == '>') && sc_ends(sc_span_sub(s, 0, at), "operator")) {
            while (at + 1 < s.n && (s.p[at + 1] == '<' || s.p[at + 1] == '>' || s.p[at + 1] == '=')) at++;
        } else if (c == '<') {
            depth++;
        } else if (c == '>') {
            if (depth) depth--;
        } else if (sc_is_blank(c)) {
            if (depth) continue;
            if (sc_ends(sc_span_sub(s, 0, at), "operator") && at + 1 < s.n && sc_is_alpha(s.p[at + 1])) continue;
            return at;
        } else if ((c == '(' || c == '[') && !depth && !sc_ends(sc_span_sub(s, 0, at), "operator")) {
            return at;
        }
    }
    return depth || quote ? 0 : at; /* the rest of the name is missing */
}

size_t sc_shape_symbol(sc_span s)
{
    size_t at = 0;
    bool letter = false;
    if (s.n && s.p[0] == '<') { /* <Unloaded_x.sys>+0x1234 */
        size_t close = sc_find_char(sc_span_sub(s, 0, 128), '>');
        if (close == SC_NPOS || !sc_starts(s, "<Unloaded_")) return 0;
        at = close + 1;
        letter = true;
    } else {
        while (at < s.n && (sc_is_word(s.p[at]) || s.p[at] == '.' || s.p[at] == '-')) {
            letter = letter || sc_is_alpha(s.p[at]);
            at++;
        }
    }
    if (!at || !letter || at >= s.n) return 0;
    if (s.p[at] == '+') {
        sc_span rest = sc_span_from(s, at + 1);
        size_t digits = sc_starts(rest, "0x") ? hex_run(rest, 2) + 2 : 0;
        return digits > 2 && !word_at(rest, digits) ? at + 1 + digits : 0;
    }
    if (s.p[at] != '!') return 0;
    at++;
    if (sc_starts(sc_span_from(s, at), " ?? ")) at += 4; /* nt! ?? ::FNODOBFM::`string'+0x4e3e */
    if (at >= s.n || !(sc_is_word(s.p[at]) || strchr(":?`<~@$", s.p[at]))) return 0;
    return name_end(s, at);
}

/* A symbol, or the start of one whose rest was wrapped. */
static bool symbol_starts(sc_span s)
{
    size_t at = 0;
    while (at < s.n && sc_is_word(s.p[at])) at++;
    if (!at || at + 1 >= s.n || s.p[at] != '!') return sc_shape_symbol(s) != 0;
    return sc_is_word(s.p[at + 1]) || strchr(":?`<~@$", s.p[at + 1]) || sc_starts(sc_span_from(s, at + 1), " ??");
}

bool sc_shape_row(sc_span s)
{
    s = sc_ltrim(s);
    for (int before = 0; before <= 2; before++) { /* at most the frame's number and its bytes stand before */
        if (sc_shape_address(s)) return true;
        size_t n = hex_run(s, 0);
        if (!n || n > 5 || n >= s.n || !sc_is_blank(s.p[n])) return false;
        s = sc_ltrim(sc_span_from(s, n));
        if (n >= 2 && n <= 3 && symbol_starts(s)) return true; /* 1c Wdf01000!FxObject::Release+0x4c */
    }
    return false;
}

bool sc_shape_label(sc_span s)
{
    s = sc_ltrim(s);
    if (s.n > 4 && sc_starts(s, "Arg") && s.p[3] >= '1' && s.p[3] <= '4' && s.p[4] == ':') return true;
    size_t at = 0;
    while (at < s.n && at < 64 && ((s.p[at] >= 'A' && s.p[at] <= 'Z') || sc_is_digit(s.p[at]) || s.p[at] == '_')) at++;
    if (at + 1 < s.n && s.p[at + 1] == ':') return false; /* VIDMM_SEGMENT::Lock */
    return at >= 4 && at < s.n && s.p[at] == ':' && sc_find_char(sc_span_sub(s, 0, at), '_') != SC_NPOS;
}

bool sc_shape_known(sc_span s)
{
    static const char *const starts[] = {
        "BugCheck ",
        "Bugcheck Analysis",
        "Arguments:",
        "Debugging Details:",
        "Child-SP",
        "ChildEBP",
        "RetAddr",
        "Call Site",
        "Memory  ",
        "THREAD ",
        "PROCESS ",
        "Resource @",
        "*** ",
        "Loading Dump File",
        "IPI State",
        "Key  :",
        "Common Platform Error Record",
        "Probably caused by",
        "Device object (",
        "Irp is active",
        "Loaded symbol image",
        "Stack Init ",
        "Section ",
    };
    sc_prompt prompt;
    s = sc_ltrim(s);
    if (!s.n) return false;
    if (sc_shape_row(s) || sc_shape_label(s) || sc_prompt_read(s, &prompt)) return true;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (starts[i][0] == s.p[0] && sc_starts(s, starts[i])) return true;
    return false;
}
