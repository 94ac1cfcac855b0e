#include "kb/walk.h"

#include "engine/base/scan.h"

#include <stdio.h>

void sc_wrong(sc_walk *w, sc_place at, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    w->failed = true;
    sc_note(w->m, SC_ERROR, w->file, at, "%s", text);
}

const char *sc_one_of(sc_arena *a, const char *const *words, size_t n)
{
    const char *text = n ? words[0] : "";
    for (size_t i = 1; i < n; i++) text = sc_arena_printf(a, i + 1 == n ? "%s or %s" : "%s, %s", text, words[i]).p;
    return text;
}

void sc_wrong_word(sc_walk *w, sc_place at, const char *what, sc_span text, const char *where, const char *const *known,
                   size_t n)
{
    sc_nearest near = sc_nearest_to(text);
    for (size_t i = 0; i < n; i++) sc_nearest_try(&near, known[i]);
    sc_wrong(w, at, "unknown %s \"%.*s\"%s; expected %s%s", what, SC_F(text), where, sc_one_of(w->m->arena, known, n),
             sc_nearest_hint(&near, w->m->arena));
}

static const char *kind_name(const sc_yaml *y)
{
    return y->kind == SC_YAML_LIST ? "a list" : y->kind == SC_YAML_MAP ? "a map" : "text";
}

bool sc_walk_keys(sc_walk *w, const sc_yaml *map, const char *what, const char *const *known, size_t n)
{
    if (map->kind != SC_YAML_MAP) {
        sc_wrong(w, map->place, "%s must be a map of \"key: value\", not %s", what, kind_name(map));
        return false;
    }
    bool good = true;
    for (const sc_yaml *v = map->first; v; v = v->next) {
        bool found = false;
        for (size_t i = 0; i < n; i++) found = found || sc_eq_z(v->key->text, known[i]);
        if (found) continue;
        sc_wrong_word(w, v->key->place, "key", v->key->text, sc_arena_printf(w->m->arena, " of %s", what).p, known, n);
        good = false;
    }
    return good;
}

static bool is_nothing(const sc_yaml *y)
{
    return !y->quoted && (!y->text.n || sc_eq_z(y->text, "~") || sc_eq_z(y->text, "null"));
}

const char *sc_walk_text(sc_walk *w, const sc_yaml *y, const char *name)
{
    if (y->kind != SC_YAML_TEXT) {
        sc_wrong(w, y->place, "\"%s\" must be text, not %s", name, kind_name(y));
        return NULL;
    }
    sc_span s = y->text;
    while (s.n && (sc_is_blank(s.p[s.n - 1]) || s.p[s.n - 1] == '\n')) s.n--;
    if (is_nothing(y) || !s.n) {
        sc_wrong(w, y->place, "\"%s\" is empty", name);
        return NULL;
    }
    return sc_arena_z(w->m->arena, s);
}

const char *sc_walk_line(sc_walk *w, const sc_yaml *y, const char *name)
{
    const char *text = sc_walk_text(w, y, name);
    if (!text) return NULL;
    if (sc_find_char(sc_span_z(text), '\n') != SC_NPOS) {
        sc_wrong(w, y->place, "\"%s\" must be one line; > in place of | joins lines", name);
        return NULL;
    }
    return text;
}

int sc_walk_word(sc_walk *w, const sc_yaml *y, const char *name, const char *const *words, size_t n)
{
    const char *text = sc_walk_line(w, y, name);
    if (!text) return -1;
    for (size_t i = 0; i < n; i++)
        if (sc_eq_z(sc_span_z(text), words[i])) return (int)i;
    sc_wrong_word(w, y->place, name, sc_span_z(text), "", words, n);
    return -1;
}

bool sc_walk_bool(sc_walk *w, const sc_yaml *y, const char *name, bool *value)
{
    bool yes = y->kind == SC_YAML_TEXT && !y->quoted && sc_eq_z(y->text, "true");
    bool no = y->kind == SC_YAML_TEXT && !y->quoted && sc_eq_z(y->text, "false");
    *value = yes;
    if (!yes && !no) sc_wrong(w, y->place, "\"%s\" must be true or false", name);
    return yes || no;
}

bool sc_walk_number(sc_walk *w, sc_place at, sc_span text, uint64_t *value)
{
    bool prefixed = sc_starts(text, "0x");
    sc_span digits = prefixed ? sc_span_from(text, 2) : text;
    bool decimal = digits.n > 0, hex = digits.n > 0;
    for (size_t i = 0; i < digits.n; i++) {
        decimal = decimal && sc_is_digit(digits.p[i]);
        hex = hex && sc_is_hex(digits.p[i]);
    }
    if (prefixed && hex) {
        while (digits.n > 1 && digits.p[0] == '0') digits = sc_span_from(digits, 1);
        if (digits.n <= 16 && sc_span_hex(digits, value)) return true;
        sc_wrong(w, at, "%.*s does not fit into 64 bits", SC_F(text));
    } else if (decimal && digits.n == 1 && !prefixed) {
        *value = (uint64_t)(digits.p[0] - '0');
        return true;
    } else if (decimal && sc_span_dec(digits, value)) {
        sc_wrong(w, at, "numbers from 10 on are written in hex: 0x%llx if %.*s is decimal, 0x%.*s if it is hex",
                 (unsigned long long)*value, SC_F(text), SC_F(text));
    } else if (hex && digits.n <= 16) {
        sc_wrong(w, at, "hex numbers are written with 0x: 0x%.*s", SC_F(digits));
    } else {
        sc_wrong(w, at, "\"%.*s\" is not a number; expected 0 to 9, or 0x and hex digits", SC_F(text));
    }
    return false;
}

/* Two labels or more of letters, digits and dashes, with dots between. */
static bool is_host(sc_span s)
{
    size_t labels = 0, length = 0;
    for (size_t i = 0; i <= s.n; i++) {
        char c = i < s.n ? s.p[i] : '.';
        if (c == '.') {
            if (!length || s.p[i - 1] == '-') return false;
            labels++;
            length = 0;
        } else if (sc_is_alnum(c) || (c == '-' && length)) {
            length++;
        } else {
            return false;
        }
    }
    return labels > 1;
}

const char *sc_bad_address(sc_span s)
{
    if (!sc_starts(s, "https://")) return "expected https://...";
    sc_span rest = sc_span_from(s, 8);
    size_t end = 0, n = rest.n;
    while (end < n && rest.p[end] != '/' && rest.p[end] != '?' && rest.p[end] != '#') end++;
    if (!is_host(sc_span_sub(rest, 0, end))) return "expected the name of a host behind https://";
    for (size_t i = end; i < n; i++) {
        unsigned char c = (unsigned char)rest.p[i];
        if (c <= ' ' || c >= 0x7f || c == '<' || c == '>' || c == '"' || c == '\\' || c == '^' || c == '`' ||
            c == '{' || c == '|' || c == '}')
            return "a character in it must be written as % and two hex digits";
        if (c == '%' && (i + 2 >= n || !sc_is_hex(rest.p[i + 1]) || !sc_is_hex(rest.p[i + 2])))
            return "expected two hex digits behind %";
    }
    char last = rest.p[n - 1];
    return last == '.' || last == ',' || last == ';' ? "the sentence's mark at its end does not belong to it" : NULL;
}

bool sc_is_slug(sc_span s, char joint)
{
    for (size_t i = 0; i < s.n; i++) {
        bool lower = (s.p[i] >= 'a' && s.p[i] <= 'z') || sc_is_digit(s.p[i]);
        bool joined = s.p[i] == joint && i > 0 && i + 1 < s.n && s.p[i - 1] != joint;
        if (!lower && !joined) return false;
    }
    return s.n > 0;
}
