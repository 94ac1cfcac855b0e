#include "engine/transcript/repair.h"

#include <string.h>

typedef struct tag_name {
    const char *name;
    sc_tag_effect effect;
} tag_name;

/* Only names that stand here are tags: <Unloaded_x.sys>, <unnamed-tag>, <lambda_1> and vector<int> are output. */
static const tag_name html_names[] = {
    {"br", SC_TAG_BREAK},      {"p", SC_TAG_BREAK},
    {"div", SC_TAG_BREAK},     {"tr", SC_TAG_BREAK},
    {"li", SC_TAG_BREAK},      {"hr", SC_TAG_BREAK},
    {"h1", SC_TAG_BREAK},      {"h2", SC_TAG_BREAK},
    {"h3", SC_TAG_BREAK},      {"h4", SC_TAG_BREAK},
    {"h5", SC_TAG_BREAK},      {"h6", SC_TAG_BREAK},
    {"table", SC_TAG_BREAK},   {"ul", SC_TAG_BREAK},
    {"ol", SC_TAG_BREAK},      {"blockquote", SC_TAG_BREAK},
    {"details", SC_TAG_BREAK}, {"summary", SC_TAG_BREAK},
    {"section", SC_TAG_BREAK}, {"article", SC_TAG_BREAK},
    {"body", SC_TAG_BREAK},    {"html", SC_TAG_BREAK},
    {"head", SC_TAG_BREAK},    {"title", SC_TAG_BREAK},
    {"pre", SC_TAG_FENCE},     {"td", SC_TAG_BLANK},
    {"th", SC_TAG_BLANK},      {"span", SC_TAG_DROP},
    {"code", SC_TAG_DROP},     {"b", SC_TAG_DROP},
    {"i", SC_TAG_DROP},        {"u", SC_TAG_DROP},
    {"s", SC_TAG_DROP},        {"em", SC_TAG_DROP},
    {"strong", SC_TAG_DROP},   {"a", SC_TAG_DROP},
    {"font", SC_TAG_DROP},     {"tbody", SC_TAG_DROP},
    {"thead", SC_TAG_DROP},    {"img", SC_TAG_DROP},
    {"tt", SC_TAG_DROP},       {"kbd", SC_TAG_DROP},
    {"samp", SC_TAG_DROP},     {"sub", SC_TAG_DROP},
    {"sup", SC_TAG_DROP},      {"small", SC_TAG_DROP},
    {"big", SC_TAG_DROP},      {"del", SC_TAG_DROP},
    {"ins", SC_TAG_DROP},      {"mark", SC_TAG_DROP},
    {"wbr", SC_TAG_DROP},      {"center", SC_TAG_BREAK},
    {"meta", SC_TAG_DROP},     {"link", SC_TAG_DROP},
    {"button", SC_TAG_DROP},   {"svg", SC_TAG_DROP},
    {"path", SC_TAG_DROP},     {"clipboard-copy", SC_TAG_DROP},
    {"figure", SC_TAG_BREAK},  {"strike", SC_TAG_DROP},
};

static const tag_name bbcode_names[] = {
    {"code", SC_TAG_FENCE},  {"quote", SC_TAG_FENCE},    {"pre", SC_TAG_FENCE},       {"codebox", SC_TAG_FENCE},
    {"plain", SC_TAG_FENCE}, {"noparse", SC_TAG_FENCE},  {"spoiler", SC_TAG_FENCE},   {"expand", SC_TAG_FENCE},
    {"php", SC_TAG_FENCE},   {"cpp", SC_TAG_FENCE},      {"html", SC_TAG_FENCE},      {"text", SC_TAG_FENCE},
    {"b", SC_TAG_DROP},      {"i", SC_TAG_DROP},         {"u", SC_TAG_DROP},          {"s", SC_TAG_DROP},
    {"color", SC_TAG_DROP},  {"size", SC_TAG_DROP},      {"font", SC_TAG_DROP},       {"url", SC_TAG_DROP},
    {"img", SC_TAG_DROP},    {"center", SC_TAG_DROP},    {"left", SC_TAG_DROP},       {"right", SC_TAG_DROP},
    {"indent", SC_TAG_DROP}, {"highlight", SC_TAG_DROP}, {"tt", SC_TAG_DROP},         {"mono", SC_TAG_DROP},
    {"list", SC_TAG_DROP},   {"table", SC_TAG_DROP},     {"tr", SC_TAG_BREAK},        {"td", SC_TAG_BLANK},
    {"email", SC_TAG_DROP},  {"attach", SC_TAG_DROP},    {"background", SC_TAG_DROP}, {"background-color", SC_TAG_DROP},
};
_Static_assert(sizeof bbcode_names / sizeof *bbcode_names <= 64, "sc_repairing.bbcode is a bit set");

static const struct {
    const char *name;
    int32_t code;
} entities[] = {
    {"lt", '<'},       {"gt", '>'},       {"amp", '&'},      {"quot", '"'},     {"apos", '\''},     {"nbsp", 0xa0},
    {"ensp", 0x2002},  {"emsp", 0x2003},  {"ndash", 0x2013}, {"mdash", 0x2014}, {"hellip", 0x2026}, {"lsquo", 0x2018},
    {"rsquo", 0x2019}, {"ldquo", 0x201c}, {"rdquo", 0x201d}, {"times", 0xd7},   {"grave", '`'},     {"acute", 0xb4},
    {"larr", 0x2190},  {"shy", 0xad},     {"zwnj", 0x200c},  {"zwj", 0x200d},   {"lbrack", '['},    {"rbrack", ']'},
    {"ast", '*'},      {"num", '#'},      {"excl", '!'},     {"lowbar", '_'},   {"bsol", '\\'},     {"colon", ':'},
    {"copy", 0xa9},    {"reg", 0xae},     {"trade", 0x2122},
};

static int find_name(const tag_name *names, size_t count, sc_span name)
{
    for (size_t i = 0; i < count; i++)
        if (names[i].name[0] == sc_lower(name.p[0]) && sc_ieq_z(name, names[i].name)) return (int)i;
    return -1;
}

static bool name_char(char c)
{
    return sc_is_alnum(c) || c == '-';
}

/* The end of a tag's attributes, which start at `at`: behind the closing bracket, or 0. Another opening bracket ends
 * the search, so that a line of nothing but brackets costs no more than its length. */
static size_t attributes_end(sc_span s, size_t at, char open, char close, bool *assigned)
{
    size_t limit = s.n < at + 1024 ? s.n : at + 1024;
    for (; at < limit; at++) {
        if (s.p[at] == close) return at + 1;
        if (s.p[at] == open) return 0;
        if (s.p[at] == '=') *assigned = true;
    }
    return 0;
}

size_t sc_repair_html_tag(sc_span s, sc_tag *tag)
{
    *tag = (sc_tag){.effect = SC_TAG_DROP, .name = -1};
    if (s.n < 3 || !(sc_is_alpha(s.p[1]) || s.p[1] == '/' || s.p[1] == '!')) return 0;
    if (sc_starts(s, "<!--")) {
        bool assigned = false;
        tag->certain = true;
        return attributes_end(s, 4, '<', '>', &assigned);
    }
    if (sc_istarts(s, "<!doctype ")) {
        bool assigned = false;
        tag->certain = true;
        return attributes_end(s, 10, '<', '>', &assigned);
    }
    size_t at = 1, from;
    if (s.p[at] == '/') {
        tag->closing = true;
        at++;
    }
    from = at;
    while (at < s.n && at - from < 16 && name_char(s.p[at])) at++;
    if (at == from || at == s.n) return 0;
    tag->name = find_name(html_names, sizeof html_names / sizeof *html_names, sc_span_sub(s, from, at));
    if (tag->name < 0) return 0;
    tag->effect = html_names[tag->name].effect;
    tag->one_letter = at - from == 1;
    tag->certain = tag->closing || tag->name == 0; /* </x> or <br> */
    if (s.p[at] == '>') return at + 1;
    if (s.p[at] == '/' && at + 1 < s.n && s.p[at + 1] == '>') return at + 2;
    if (!sc_is_blank(s.p[at]) || tag->closing) return 0;
    while (at < s.n && sc_is_blank(s.p[at])) at++;
    if (at == s.n || !(sc_is_alpha(s.p[at]) || s.p[at] == '/' || s.p[at] == '>')) return 0;
    bool assigned = false;
    size_t end = attributes_end(s, at, '<', '>', &assigned);
    if (end && assigned) tag->certain = true;
    return end;
}

size_t sc_repair_bbcode_tag(sc_span s, sc_tag *tag)
{
    *tag = (sc_tag){.effect = SC_TAG_DROP, .name = -1};
    if (s.n < 3 || !(sc_is_alpha(s.p[1]) || s.p[1] == '/')) return 0;
    size_t at = 1, from;
    if (s.p[at] == '/') {
        tag->closing = true;
        at++;
    }
    from = at;
    while (at < s.n && at - from < 20 && name_char(s.p[at])) at++;
    if (at == from || at == s.n) return 0;
    tag->name = find_name(bbcode_names, sizeof bbcode_names / sizeof *bbcode_names, sc_span_sub(s, from, at));
    if (tag->name < 0) return 0;
    tag->effect = bbcode_names[tag->name].effect;
    tag->one_letter = at - from == 1;
    if (s.p[at] == ']') return at + 1;
    bool assigned = s.p[at] == '=';
    if (tag->closing || (!assigned && !sc_is_blank(s.p[at]))) return 0;
    size_t end = attributes_end(s, at, '[', ']', &assigned);
    return assigned ? end : 0;
}

size_t sc_repair_entity(sc_span s, int32_t *code)
{
    if (s.n < 4) return 0;
    size_t at = 1;
    if (s.p[1] == '#') {
        bool hex = s.p[2] == 'x' || s.p[2] == 'X';
        int32_t value = 0;
        size_t from = at = hex ? 3 : 2;
        for (; at < s.n && at - from < 7 && (hex ? sc_is_hex(s.p[at]) : sc_is_digit(s.p[at])); at++)
            value = value * (hex ? 16 : 10) + (int32_t)sc_hex_value(s.p[at]);
        if (at == from || at == s.n || s.p[at] != ';') return 0;
        bool valid = value > 0 && value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
        *code = valid ? value : 0xfffd;
        return at + 1;
    }
    while (at < s.n && at < 9 && sc_is_alpha(s.p[at])) at++;
    if (at == 1 || at == s.n || s.p[at] != ';') return 0;
    sc_span name = sc_span_sub(s, 1, at);
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (sc_eq_z(name, entities[i].name)) {
            *code = entities[i].code;
            return at + 1;
        }
    return 0;
}
