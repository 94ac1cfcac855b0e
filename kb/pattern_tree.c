#include "kb/pattern_tree.h"

#include "engine/base/scan.h"

#include <string.h>

typedef struct flags {
    bool icase, multiline, dotall, extended;
} flags;

typedef struct reader {
    sc_arena *arena;
    sc_span text;
    size_t at;
    flags now; /* of the group at hand */
    sc_re_refusal *refused;
    unsigned depth;
} reader;

#define MAX_DEPTH 250u /* PCRE2's own limit of groups in one another */

/* ---- Sets of characters ------------------------------------------------------------------------------------------ */

const sc_chars sc_word_chars = {{0x03ff000000000000, 0x07fffffe87fffffe}, false};
static const sc_chars digits = {{0x03ff000000000000, 0}, false};
static const sc_chars blanks = {{0x0000000100003e00, 0}, false}; /* \s: 9 to 13 and the blank */
static const sc_chars tabs = {{0x0000000100000200, 0}, true};    /* \h */
static const sc_chars breaks = {{0x0000000000003c00, 0}, true};  /* \v and \R */
static const sc_chars line_feed = {{0x0000000000000400, 0}, false};
static const sc_chars everything = {{UINT64_MAX, UINT64_MAX}, true};

static void add(sc_chars *s, unsigned c)
{
    if (c < 128)
        s->bits[c / 64] |= (uint64_t)1 << c % 64;
    else
        s->beyond = true;
}

static void add_all(sc_chars *s, const sc_chars *more)
{
    s->bits[0] |= more->bits[0];
    s->bits[1] |= more->bits[1];
    s->beyond = s->beyond || more->beyond;
}

/* What is not in a set. Of the characters beyond ASCII some are in neither half: both have them. */
static sc_chars others(sc_chars s)
{
    return (sc_chars){{~s.bits[0], ~s.bits[1]}, true};
}

static sc_chars fold(sc_chars s)
{
    for (unsigned c = 'a'; c <= 'z'; c++) {
        bool lower = sc_chars_have(&s, (unsigned char)c), upper = sc_chars_have(&s, (unsigned char)(c - 32));
        if (lower) add(&s, c - 32);
        if (upper) add(&s, c);
    }
    return s;
}

bool sc_chars_have(const sc_chars *s, unsigned char c)
{
    return c < 128 ? s->bits[c / 64] >> c % 64 & 1 : s->beyond;
}

sc_chars sc_chars_both(const sc_chars *a, const sc_chars *b)
{
    return (sc_chars){{a->bits[0] & b->bits[0], a->bits[1] & b->bits[1]}, a->beyond && b->beyond};
}

sc_chars sc_chars_less(const sc_chars *a, const sc_chars *b)
{
    return (sc_chars){{a->bits[0] & ~b->bits[0], a->bits[1] & ~b->bits[1]}, a->beyond && !b->beyond};
}

bool sc_chars_none(const sc_chars *s)
{
    return !s->bits[0] && !s->bits[1] && !s->beyond;
}

bool sc_chars_meet(const sc_chars *a, const sc_chars *b)
{
    sc_chars both = sc_chars_both(a, b);
    return !sc_chars_none(&both);
}

bool sc_chars_within(const sc_chars *a, const sc_chars *b)
{
    return !(a->bits[0] & ~b->bits[0]) && !(a->bits[1] & ~b->bits[1]) && (b->beyond || !a->beyond);
}

/* ---- The text ---------------------------------------------------------------------------------------------------- */

static bool more(const reader *r)
{
    return r->at < r->text.n && !r->refused->what;
}

static char peek(const reader *r, size_t ahead)
{
    return r->at + ahead < r->text.n ? r->text.p[r->at + ahead] : '\0';
}

static bool take(reader *r, const char *word)
{
    if (!sc_starts(sc_span_from(r->text, r->at), word)) return false;
    r->at += strlen(word);
    return true;
}

/* Behind the next `word`, or at the end. */
static void skip_past(reader *r, const char *word)
{
    size_t found = sc_find(sc_span_from(r->text, r->at), word);
    r->at = found == SC_NPOS ? r->text.n : r->at + found + strlen(word);
}

/* One character, which may have several bytes. */
static unsigned take_char(reader *r)
{
    unsigned char c = (unsigned char)r->text.p[r->at++];
    while (c >= 0xc0 && r->at < r->text.n && ((unsigned char)r->text.p[r->at] & 0xc0) == 0x80) r->at++;
    return c;
}

static sc_re *node(reader *r, sc_re_kind kind, size_t from)
{
    sc_re *re = sc_arena_get(r->arena, sizeof *re);
    if (re) *re = (sc_re){.kind = kind, .from = from, .to = r->at};
    return re;
}

static sc_re *refuse(reader *r, size_t from, const char *what)
{
    if (!r->refused->what) *r->refused = (sc_re_refusal){what, from, r->at > from ? r->at : from + 1};
    return NULL;
}

/* ---- Characters and classes -------------------------------------------------------------------------------------- */

static unsigned take_digits(reader *r, unsigned base, size_t most)
{
    unsigned v = 0;
    for (size_t i = 0; i < most && sc_is_hex(peek(r, 0)) && sc_hex_value(peek(r, 0)) < base; i++)
        v = v * base + sc_hex_value(r->text.p[r->at++]);
    return v;
}

/* The number between braces, when there is one: \x{..} \o{..} \N{U+..} */
static bool take_braced(reader *r, unsigned base, unsigned *value)
{
    if (!take(r, "{")) return false;
    take(r, "U+");
    *value = take_digits(r, base, 8);
    skip_past(r, "}");
    return true;
}

/* The backslash is taken. True when it stands for a set; its members in *set. */
static bool take_class_escape(reader *r, sc_chars *set)
{
    static const struct {
        char letter;
        const sc_chars *set;
    } classes[] = {{'d', &digits}, {'w', &sc_word_chars}, {'s', &blanks}, {'h', &tabs}, {'v', &breaks}};
    char c = peek(r, 0);
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (sc_lower(c) != classes[i].letter) continue;
        r->at++;
        *set = c == classes[i].letter ? *classes[i].set : others(*classes[i].set);
        return true;
    }
    if (c != 'p' && c != 'P') return false;
    r->at++; /* a property: which characters have it is not looked up, so any may */
    if (!take(r, "{"))
        take_char(r);
    else
        skip_past(r, "}");
    *set = everything;
    return true;
}

/* The backslash is taken, and it is no class: the one character meant. */
static unsigned take_escaped(reader *r)
{
    static const char letters[] = "aefnrt", values[] = "\a\033\f\n\r\t";
    unsigned v;
    char c = peek(r, 0);
    const char *found = c ? strchr(letters, c) : NULL;
    if (found) {
        r->at++;
        return (unsigned char)values[found - letters];
    }
    switch (c) {
    case 'c': r->at += 2; return (unsigned char)r->text.p[r->at - 1] ^ 0x40u;
    case 'x': r->at++; return take_braced(r, 16, &v) ? v : take_digits(r, 16, 2);
    case 'o': r->at++; return take_braced(r, 8, &v) ? v : 0;
    case 'N': r->at++; return take_braced(r, 16, &v) ? v : 0;
    default: return sc_is_digit(c) ? take_digits(r, 8, 3) : take_char(r);
    }
}

/* [:alpha:] */
static bool take_posix(reader *r, sc_chars *set)
{
    static const struct {
        const char *name;
        sc_chars set;
    } names[] = {
        {"alpha", {{0, 0x07fffffe07fffffe}, false}},
        {"digit", {{0x03ff000000000000, 0}, false}},
        {"alnum", {{0x03ff000000000000, 0x07fffffe07fffffe}, false}},
        {"upper", {{0, 0x0000000007fffffe}, false}},
        {"lower", {{0, 0x07fffffe00000000}, false}},
        {"space", {{0x0000000100003e00, 0}, false}},
        {"blank", {{0x0000000100000200, 0}, false}},
        {"punct", {{0xfc00fffe00000000, 0x78000001f8000001}, false}},
        {"xdigit", {{0x03ff000000000000, 0x0000007e0000007e}, false}},
        {"word", {{0x03ff000000000000, 0x07fffffe87fffffe}, false}},
        {"cntrl", {{0x00000000ffffffff, 0x8000000000000000}, false}},
        {"graph", {{0xfffffffe00000000, 0x7fffffffffffffff}, false}},
        {"print", {{0xffffffff00000000, 0x7fffffffffffffff}, false}},
        {"ascii", {{UINT64_MAX, UINT64_MAX}, false}},
    };
    sc_span name, rest;
    if (peek(r, 0) != '[' || peek(r, 1) != ':' || !sc_cut(sc_span_from(r->text, r->at + 2), ":]", &name, &rest))
        return false;
    bool negated = sc_starts(name, "^");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!sc_eq_z(negated ? sc_span_from(name, 1) : name, names[i].name)) continue;
        *set = negated ? others(names[i].set) : names[i].set;
        r->at += 2 + name.n + 2;
        return true;
    }
    return false;
}

/* A member of a class: a set, or one character that may begin a range. */
static bool take_member(reader *r, sc_chars *set, unsigned *c)
{
    if (take_posix(r, set)) return true;
    if (!take(r, "\\")) {
        *c = take_char(r);
        return false;
    }
    if (take_class_escape(r, set)) return true;
    *c = take(r, "b") ? '\b' : take_escaped(r);
    return false;
}

/* The opening bracket is taken. */
static sc_chars take_class(reader *r)
{
    sc_chars all = {0};
    bool negated = take(r, "^"), first = true, quoted = false; /* between \Q and \E */
    for (; r->at < r->text.n; first = false) {
        sc_chars set = {0}, end_set;
        unsigned c = 0, last;
        if (quoted ? take(r, "\\E") : take(r, "\\Q")) {
            quoted = !quoted;
            continue;
        }
        if (!quoted && take(r, "\\E")) continue;
        if (!quoted && !first && take(r, "]")) break;
        if (quoted) {
            c = take_char(r);
        } else if (take_member(r, &set, &c)) {
            add_all(&all, &set);
            continue;
        }
        last = c;
        if (quoted && take(r, "\\E")) quoted = false;
        if (!quoted && peek(r, 0) == '-' && peek(r, 1) != ']') {
            r->at++;
            if (take_member(r, &end_set, &last)) { /* [a-\d]: the dash is itself */
                add(&all, '-');
                add_all(&all, &end_set);
                last = c;
            }
        }
        add(&all, last); /* the end may be beyond ASCII */
        for (unsigned i = c; i <= last && i < 128; i++) add(&all, i);
    }
    if (r->now.icase) all = fold(all);
    return negated ? others(all) : all;
}

/* ---- The parts of a pattern -------------------------------------------------------------------------------------- */

static sc_re *read_alternatives(reader *r, size_t from);

static sc_re *set_node(reader *r, size_t from, sc_chars set)
{
    sc_re *re = node(r, SC_RE_SET, from);
    if (re) re->set = r->now.icase ? fold(set) : set;
    return re;
}

static sc_re *char_node(reader *r, size_t from, unsigned c)
{
    sc_chars set = {0};
    add(&set, c);
    return set_node(r, from, set);
}

static sc_re *start_node(reader *r, size_t from, bool lines)
{
    sc_re *re = node(r, SC_RE_START, from);
    if (re && lines) re->set = line_feed;
    return re;
}

static sc_re *read_escape(reader *r, size_t from)
{
    sc_chars set;
    char c = peek(r, 0);
    if (take_class_escape(r, &set)) return set_node(r, from, set);
    if (c && strchr("123456789gk", c)) {
        r->at++;
        return refuse(r, from, "a back-reference");
    }
    if (c && strchr("bBAzZGKRXN", c) && !(c == 'N' && peek(r, 1) == '{')) {
        r->at++;
        if (c == 'A' || c == 'G') return start_node(r, from, false);
        if (c == 'R') return set_node(r, from, breaks);
        if (c == 'N') return set_node(r, from, others(line_feed));
        if (c == 'X') return set_node(r, from, everything);
        return node(r, c == 'b' ? SC_RE_WORD : SC_RE_TEST, from);
    }
    unsigned v = take_escaped(r);
    return char_node(r, from, v);
}

/* (?<!x) with one character or class. */
static bool is_one_character(const sc_re *re)
{
    while (re && (re->kind == SC_RE_CAT || re->kind == SC_RE_ALT) && re->child && !re->child->next) re = re->child;
    return re && re->kind == SC_RE_SET;
}

static sc_re *read_lookaround(reader *r, size_t from, bool not_behind)
{
    sc_re *inside = read_alternatives(r, from), *re;
    if (!inside) return NULL;
    if (not_behind && is_one_character(inside)) {
        re = node(r, SC_RE_NOT_BEHIND, from);
        while (inside->kind != SC_RE_SET) inside = inside->child;
        if (re) re->set = inside->set;
        return re;
    }
    re = node(r, SC_RE_TEST, from);
    if (re) re->child = inside;
    return re;
}

/* Behind "(?": letters and a dash, up to : or ). */
static bool is_flags(const reader *r)
{
    size_t i = peek(r, 0) == '^' ? 1 : 0;
    while (peek(r, i) && strchr("imsxnJU-", peek(r, i))) i++;
    return i && (peek(r, i) == ':' || peek(r, i) == ')');
}

static void take_flags(reader *r)
{
    bool on = true;
    if (take(r, "^")) r->now.icase = r->now.multiline = r->now.dotall = r->now.extended = false;
    for (; peek(r, 0) != ':' && peek(r, 0) != ')'; r->at++) {
        switch (peek(r, 0)) {
        case '-': on = false; break;
        case 'i': r->now.icase = on; break;
        case 'm': r->now.multiline = on; break;
        case 's': r->now.dotall = on; break;
        case 'x': r->now.extended = on; break;
        default: break; /* J, n and U do not change what can match */
        }
    }
}

/* A group from its opening parenthesis on, which is taken. NULL also when it is a comment or sets flags. */
static sc_re *read_group(reader *r, size_t from)
{
    flags outside = r->now;
    sc_re *re = NULL;
    if (take(r, "*")) return refuse(r, from, "a verb");
    if (take(r, "?")) {
        bool not_behind;
        if (take(r, "#")) {
            skip_past(r, ")");
            return NULL;
        }
        if (take(r, "(")) return refuse(r, from, "a condition");
        if (take(r, "C")) return refuse(r, from, "a callout");
        if (take(r, "P=")) return refuse(r, from, "a back-reference");
        if (take(r, "R") || take(r, "&") || take(r, "P>") || sc_is_digit(peek(r, 0)) ||
            ((peek(r, 0) == '+' || peek(r, 0) == '-') && sc_is_digit(peek(r, 1))))
            return refuse(r, from, "a recursion");
        if ((not_behind = take(r, "<!")) || take(r, "=") || take(r, "!") || take(r, "<=")) {
            re = read_lookaround(r, from, not_behind);
        } else if (take(r, ">")) {
            sc_re *inside = read_alternatives(r, from);
            re = node(r, SC_RE_ATOMIC, from);
            if (re) re->child = inside;
        } else if (take(r, ":") || take(r, "|")) {
            re = read_alternatives(r, from);
        } else if (is_flags(r)) {
            take_flags(r);
            if (take(r, ")")) return NULL; /* from here to the end of the group around it */
            take(r, ":");
            re = read_alternatives(r, from);
        } else { /* (?<name>...), (?'name'...), (?P<name>...) */
            take(r, "P");
            bool quote = take(r, "'");
            skip_past(r, quote ? "'" : ">");
            re = read_alternatives(r, from);
        }
    } else {
        re = read_alternatives(r, from);
    }
    r->now = outside;
    take(r, ")");
    if (re) re->to = r->at;
    return re;
}

/* A single part without its quantifier. NULL when there is none: a comment, flags, or something refused. */
static sc_re *read_part(reader *r)
{
    size_t from = r->at;
    unsigned c = take_char(r);
    switch (c) {
    case '(':
        if (++r->depth > MAX_DEPTH) return refuse(r, from, "groups without end");
        sc_re *re = read_group(r, from);
        r->depth--;
        return re;
    case '[': {
        sc_chars set = take_class(r);
        sc_re *class = node(r, SC_RE_SET, from);
        if (class) class->set = set;
        return class;
    }
    case '.': return set_node(r, from, r->now.dotall ? everything : others(line_feed));
    case '^': return start_node(r, from, r->now.multiline);
    case '$': return node(r, SC_RE_TEST, from);
    case '\\': return read_escape(r, from);
    default: return char_node(r, from, c);
    }
}

static bool is_count(sc_span s, uint32_t *value)
{
    uint64_t v;
    bool good = s.n && sc_is_digit(s.p[0]) && sc_span_dec(s, &v) && v <= 65535;
    if (good) *value = (uint32_t)v;
    return good;
}

/* {2} {2,} {2,5}; false when the brace is only a brace. */
static bool take_braces(reader *r, uint32_t *least, uint32_t *most)
{
    sc_span inside, rest, low, high;
    if (peek(r, 0) != '{' || !sc_cut(sc_span_from(r->text, r->at + 1), "}", &inside, &rest)) return false;
    bool comma = sc_cut(inside, ",", &low, &high), open = comma && !high.n;
    uint32_t from, to = SC_RE_MANY;
    if (!is_count(low, &from) || (!open && !is_count(comma ? high : low, &to))) return false;
    *least = from;
    *most = to;
    r->at += 1 + inside.n + 1;
    return true;
}

static void skip_extended(reader *r)
{
    while (r->now.extended && r->at < r->text.n) {
        char c = peek(r, 0);
        if (c == '#')
            skip_past(r, "\n");
        else if (c == ' ' || (c >= '\t' && c <= '\r'))
            r->at++;
        else
            return;
    }
}

/* The quantifiers behind a part. */
static sc_re *read_quantifier(reader *r, sc_re *part)
{
    skip_extended(r);
    size_t from = r->at;
    uint32_t least = 0, most = SC_RE_MANY;
    if (take(r, "+"))
        least = 1;
    else if (take(r, "?"))
        most = 1;
    else if (!take(r, "*") && !take_braces(r, &least, &most))
        return part;
    bool possessive = take(r, "+");
    if (!possessive) take(r, "?"); /* lazy: other matches first, but the same ones */
    sc_re *re = node(r, SC_RE_REPEAT, part->from);
    if (!re) return NULL;
    re->q_from = from;
    re->q_to = r->at;
    re->least = least;
    re->most = most;
    re->child = part;
    if (!possessive) return re;
    sc_re *atomic = node(r, SC_RE_ATOMIC, part->from);
    if (atomic) atomic->child = re;
    return atomic;
}

static sc_re *read_sequence(reader *r)
{
    sc_re *cat = node(r, SC_RE_CAT, r->at), **tail = cat ? &cat->child : NULL;
    while (tail && more(r)) {
        skip_extended(r);
        if (!more(r) || peek(r, 0) == '|' || peek(r, 0) == ')') break;
        if (take(r, "\\E")) continue;
        if (take(r, "\\Q")) {
            while (r->at < r->text.n && !take(r, "\\E")) {
                size_t from = r->at;
                unsigned c = take_char(r);
                *tail = char_node(r, from, c);
                if (!*tail) return NULL;
                bool last = r->at >= r->text.n || sc_starts(sc_span_from(r->text, r->at), "\\E");
                if (last) { /* a quantifier behind \E repeats the last character */
                    take(r, "\\E");
                    *tail = read_quantifier(r, *tail);
                    if (!*tail) return NULL;
                }
                tail = &(*tail)->next;
                if (last) break;
            }
            continue;
        }
        sc_re *part = read_part(r);
        if (part) part = read_quantifier(r, part);
        if (!part) continue;
        *tail = part;
        tail = &part->next;
    }
    if (cat) cat->to = r->at;
    return cat;
}

/* Up to the closing parenthesis or the end. Flags that are set in one alternative hold in the next. */
static sc_re *read_alternatives(reader *r, size_t from)
{
    sc_re *alt = node(r, SC_RE_ALT, from), **tail = alt ? &alt->child : NULL;
    do {
        sc_re *one = read_sequence(r);
        if (!one || !tail) return NULL;
        *tail = one;
        tail = &one->next;
    } while (take(r, "|"));
    alt->to = r->at;
    return r->refused->what ? NULL : alt;
}

const sc_re *sc_re_read(sc_arena *a, sc_span pattern, bool multiline, sc_re_refusal *refused)
{
    reader r = {.arena = a, .text = pattern, .now = {.multiline = multiline}, .refused = refused};
    *refused = (sc_re_refusal){0};
    return read_alternatives(&r, 0);
}

bool sc_re_nullable(const sc_re *re, bool surely)
{
    switch (re->kind) {
    case SC_RE_SET: return false;
    case SC_RE_CAT:
        for (const sc_re *c = re->child; c; c = c->next)
            if (!sc_re_nullable(c, surely)) return false;
        return true;
    case SC_RE_ALT:
        for (const sc_re *c = re->child; c; c = c->next)
            if (sc_re_nullable(c, surely)) return true;
        return false;
    case SC_RE_REPEAT: return !re->least || sc_re_nullable(re->child, surely);
    case SC_RE_ATOMIC: return sc_re_nullable(re->child, surely);
    default: return !surely; /* what only looks */
    }
}

sc_chars sc_re_chars(const sc_re *re)
{
    sc_chars all = re->kind == SC_RE_SET ? re->set : (sc_chars){0};
    for (const sc_re *c = re->kind == SC_RE_TEST ? NULL : re->child; c; c = c->next) {
        sc_chars one = sc_re_chars(c);
        add_all(&all, &one);
    }
    return all;
}
