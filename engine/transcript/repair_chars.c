/* Characters: what word processors, blogs, web pages and terminals made of the debugger's ASCII.
 *
 * Evidence: seed 003 has 1,321 no-break spaces, 99 curly quotes and 196 ellipses in its debugger lines. What is not
 * damage (prose in any language) passes unchanged.
 */
#include "engine/base/limits.h"
#include "engine/transcript/repair.h"

#include <string.h>

typedef struct output {
    sc_repairing *r;
    sc_span source; /* the physical line */
    size_t begin;   /* where the piece at hand starts in it */
    char *p;        /* r->scratch */
    size_t n;
    unsigned flags; /* r->line_flags, for the last piece */
} output;

static void put(output *o, const char *p, size_t n)
{
    if (n > SC_MAX_LINE_BYTES - o->n) {
        o->r->t->truncated = true;
        n = SC_MAX_LINE_BYTES - o->n;
        while (n && ((unsigned char)p[n] & 0xc0) == 0x80) n--; /* not within a character */
    }
    memcpy(o->p + o->n, p, n);
    o->n += n;
}

static void put_z(output *o, const char *z)
{
    put(o, z, strlen(z));
}

static bool hex_span(sc_span s, size_t from, size_t n)
{
    if (from + n > s.n) return false;
    for (size_t i = from; i < from + n; i++)
        if (!sc_is_hex(s.p[i])) return false;
    return true;
}

/* Exactly eight hex digits end at `end`: half of an address, with or without 0x. */
static bool half_before(sc_span s, size_t end)
{
    if (end < 8 || !hex_span(s, end - 8, 8)) return false;
    return end == 8 || !sc_is_word(s.p[end - 9]) || (s.p[end - 9] == 'x' && end > 9 && s.p[end - 10] == '0');
}

static bool half_after(sc_span s, size_t from)
{
    return hex_span(s, from, 8) && !(from + 8 < s.n && sc_is_word(s.p[from + 8]));
}

/* ` inside an address may have become ' or got a blank beside it (a page that was translated or converted twice). `s`
 * starts with the mark, `before` is the text to its left. Returns how many bytes of `s` become one backtick, 0 for no
 * damage; *left: how many blanks to take off `before`. */
static size_t tick_repair(sc_span before, sc_span s, size_t *left)
{
    size_t end = before.n, from = 1;
    if (s.p[0] == '`') {
        if (end && sc_is_blank(before.p[end - 1])) end--;
        if (from < s.n && sc_is_blank(s.p[from])) from++;
        if (end == before.n && from == 1) return 0;
    }
    if (!half_before(before, end) || !half_after(s, from)) return 0;
    *left = before.n - end;
    return from;
}

static bool tick_damaged(sc_span s, char mark)
{
    size_t left;
    for (size_t at = 0; at < s.n; at++) {
        size_t hit = sc_find_char(sc_span_from(s, at), mark);
        if (hit == SC_NPOS) return false;
        at += hit;
        if (tick_repair(sc_span_sub(s, 0, at), sc_span_from(s, at), &left)) return true;
    }
    return false;
}

static bool ticks_damaged(sc_span s)
{
    return tick_damaged(s, '`') || tick_damaged(s, '\'');
}

/* In place; the text only shrinks. */
static size_t repair_ticks(char *p, size_t n)
{
    size_t out = 0;
    for (size_t at = 0; at < n;) {
        size_t left = 0, length = 0;
        if (p[at] == '`' || p[at] == '\'') length = tick_repair((sc_span){p, out}, (sc_span){p + at, n - at}, &left);
        if (!length) {
            p[out++] = p[at++];
            continue;
        }
        out -= left;
        p[out++] = '`';
        at += length;
    }
    return out;
}

/* What Markdown escapes. */
static bool is_escape(char next)
{
    return next != 0 && strchr("\\`_*#[]<>!.-", next) != NULL;
}

/* Markdown escapes within one word. A word with any other backslash, or with an underscore that is not escaped, is a
 * path: C:\_work\1\s, Root\*PNP0501\1_0. So is one that only starts with two: \\server. */
static bool word_escaped(const char *p, size_t n)
{
    bool any = false, underscore = false, escaped_underscore = false;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '_') underscore = true;
        if (p[i] != '\\') continue;
        char next = i + 1 < n ? p[i + 1] : 0, before = i ? p[i - 1] : 0;
        if (!is_escape(next)) return false;
        if ((before == ':' && next != '\\') || (next == '.' && !sc_is_digit(before)) ||
            (next == '-' && sc_is_word(before)))
            return false;
        if (next == '_') escaped_underscore = true;
        any = any || i > 0 || next != '\\';
        i++;
    }
    return any && !(underscore && escaped_underscore);
}

static size_t repair_escapes(char *p, size_t n, bool *hit)
{
    size_t out = 0;
    for (size_t at = 0; at < n;) {
        if (sc_is_blank(p[at])) {
            p[out++] = p[at++];
            continue;
        }
        size_t end = at;
        while (end < n && !sc_is_blank(p[end])) end++;
        bool escaped = word_escaped(p + at, end - at);
        bool bracket = !escaped && end - at > 2 && p[at] == '\\' && p[at + 1] == '['; /* around a path */
        *hit = *hit || escaped || bracket;
        if (bracket) at++;
        for (; at < end; at++) {
            if (escaped && p[at] == '\\') at++;
            p[out++] = p[at];
        }
    }
    return out;
}

/* Hands the piece on: as a view of the paste when nothing changed. */
static void end_piece(output *o, size_t source_end)
{
    sc_repairing *r = o->r;
    bool hit = false;
    if (memchr(o->p, '\\', o->n)) o->n = repair_escapes(o->p, o->n, &hit);
    if (hit) sc_repaired(r, SC_REPAIR_BACKSLASH);
    if (ticks_damaged((sc_span){o->p, o->n})) {
        o->n = repair_ticks(o->p, o->n);
        sc_repaired(r, SC_REPAIR_BACKTICK);
    }
    sc_span source = sc_span_sub(o->source, o->begin, source_end), text = {o->p, o->n};
    sc_repair_piece(r, sc_eq(source, text) ? source : sc_arena_dup(r->arena, text));
    o->n = 0;
}

/* A break within the physical line; `at` and `next` are the source before and behind it. */
static void break_piece(output *o, size_t at, size_t next, bool fence)
{
    if (sc_trim((sc_span){o->p, o->n}).n) {
        o->r->line_flags = 0;
        end_piece(o, at);
        o->r->line_flags = o->flags;
    }
    o->n = 0;
    o->begin = next;
    if (fence) o->r->fence = true;
}

/* What Windows-1252 means by a byte that is not UTF-8, where it is punctuation; 0 otherwise. */
static int32_t windows_1252(unsigned char c)
{
    switch (c) {
    case 0x85: return 0x2026;
    case 0x91: return 0x2018;
    case 0x92: return 0x2019;
    case 0x93: return 0x201c;
    case 0x94: return 0x201d;
    case 0x96: return 0x2013;
    case 0x97: return 0x2014;
    case 0xa0: return 0xa0;
    case 0xb4: return 0xb4;
    case 0xd7: return 0xd7;
    default: return 0;
    }
}

static void put_utf8(output *o, int32_t code)
{
    char b[4];
    if (code < 0x80) {
        b[0] = (char)code;
        put(o, b, 1);
    } else if (code < 0x800) {
        b[0] = (char)(0xc0 | code >> 6);
        b[1] = (char)(0x80 | (code & 0x3f));
        put(o, b, 2);
    } else if (code < 0x10000) {
        b[0] = (char)(0xe0 | code >> 12);
        b[1] = (char)(0x80 | (code >> 6 & 0x3f));
        b[2] = (char)(0x80 | (code & 0x3f));
        put(o, b, 3);
    } else {
        b[0] = (char)(0xf0 | code >> 18);
        b[1] = (char)(0x80 | (code >> 12 & 0x3f));
        b[2] = (char)(0x80 | (code >> 6 & 0x3f));
        b[3] = (char)(0x80 | (code & 0x3f));
        put(o, b, 4);
    }
}

static bool ends_in_half(const output *o)
{
    return half_before((sc_span){o->p, o->n}, o->n);
}

/* One character beyond ASCII, or one that an entity stood for. `rest` is the source behind it. */
static void put_code(output *o, int32_t code, sc_span rest, size_t next)
{
    sc_repairing *r = o->r;
    char before = o->n ? o->p[o->n - 1] : 0;
    if (code == '\t' || (code >= ' ' && code < 0x7f)) {
        put_utf8(o, code);
    } else if (code == '\n') {
        break_piece(o, next, next, false);
    } else if (code < 0xa0 && code != 0x85) { /* control characters */
        sc_repaired(r, SC_REPAIR_ENCODING);
    } else if (code == 0x85 || code == 0x2028 || code == 0x2029) {
        sc_repaired(r, SC_REPAIR_ENCODING);
        break_piece(o, (size_t)(rest.p - o->source.p), next, false);
    } else if (code == 0xa0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200a) || code == 0x202f ||
               code == 0x205f || code == 0x3000) {
        sc_repaired(r, SC_REPAIR_NBSP);
        put_z(o, " ");
    } else if (code == 0xad || code == 0x180e || (code >= 0x200b && code <= 0x200f) ||
               (code >= 0x202a && code <= 0x202e) || (code >= 0x2060 && code <= 0x2069) || code == 0xfeff) {
        sc_repaired(r, SC_REPAIR_NBSP); /* zero width */
    } else if (code >= 0x2018 && code <= 0x201b) {
        sc_repaired(r, SC_REPAIR_SMART_QUOTES);
        bool opens = code == 0x2018 && (before == ':' || before == '!') && rest.n && sc_is_alpha(rest.p[0]);
        put_z(o, opens ? "`" : "'"); /* FNODOBFM::‘string’ was `string' */
    } else if (code >= 0x201c && code <= 0x201f) {
        sc_repaired(r, SC_REPAIR_SMART_QUOTES);
        put_z(o, "\"");
    } else if (code >= 0x2010 && code <= 0x2013) {
        sc_repaired(r, SC_REPAIR_DASHES); /* blogs also write -- so; beside an arrow or before "(.exr" it was that */
        bool two = before == '<' || sc_starts(rest, ">") || sc_starts(rest, "&gt;") || sc_starts(rest, " (.");
        put_z(o, code == 0x2013 && two ? "--" : "-");
    } else if (code == 0x2212) {
        sc_repaired(r, SC_REPAIR_DASHES);
        put_z(o, "-");
    } else if (code == 0x2014 || code == 0x2015) {
        sc_repaired(r, SC_REPAIR_DASHES);
        put_z(o, "--");
    } else if (code == 0x2190) { /* an arrow before a note */
        sc_repaired(r, SC_REPAIR_DASHES);
        put_z(o, "<--");
    } else if (code == 0x2026) {
        sc_repaired(r, SC_REPAIR_DASHES);
        put_z(o, "...");
    } else if (code == 0xd7 && before == '0' && rest.n && sc_is_hex(rest.p[0])) {
        sc_repaired(r, SC_REPAIR_TIMES_SIGN);
        put_z(o, "x");
    } else if ((code == 0xb4 || code == 0x2b9 || code == 0x2cb || code == 0xff40) && ends_in_half(o)) {
        sc_repaired(r, SC_REPAIR_BACKTICK);
        put_z(o, "`");
    } else {
        if (code >= 0x2588 && code <= 0x2593 && code != 0x258c && code != 0x2590) sc_repaired(r, SC_REPAIR_REDACTED);
        put_utf8(o, code);
    }
}

/* The length of a terminal's escape sequence at s.p[0]. */
static size_t terminal_escape(sc_span s)
{
    if (s.n < 2) return 1;
    size_t at = 2;
    if (s.p[1] == '[') {
        while (at < s.n && at < 64 && s.p[at] >= 0x20 && s.p[at] <= 0x3f) at++;
        return at < s.n && s.p[at] >= 0x40 && s.p[at] <= 0x7e ? at + 1 : at;
    }
    if (s.p[1] == ']') { /* the window's title */
        while (at < s.n && at < 256 && s.p[at] != 7 && s.p[at] != 0x1b) at++;
        return at < s.n && s.p[at] == 7 ? at + 1 : at;
    }
    return s.p[1] >= 0x20 && s.p[1] <= 0x7e ? 2 : 1;
}

static size_t put_tag(output *o, size_t at)
{
    sc_repairing *r = o->r;
    sc_span s = sc_span_from(o->source, at);
    sc_tag tag;
    size_t n;
    if (s.p[0] == '<') {
        n = r->html ? sc_repair_html_tag(s, &tag) : 0;
        if (n && tag.one_letter && !tag.closing && o->n && sc_is_word(o->p[o->n - 1]) && s.p[n - 1] == '>' && n == 3 &&
            n < s.n && strchr(":>(,", s.p[n]))
            n = 0; /* Foo<a>::Bar */
        if (n) sc_repaired(r, SC_REPAIR_HTML);
    } else {
        n = r->bbcode ? sc_repair_bbcode_tag(s, &tag) : 0;
        if (n && !(r->bbcode >> tag.name & 1)) n = 0;
        if (n && tag.one_letter && !tag.closing && o->n && sc_is_word(o->p[o->n - 1])) n = 0; /* array[i] */
        if (n) sc_repaired(r, SC_REPAIR_BBCODE);
    }
    if (!n) {
        put(o, s.p, 1);
        return 1;
    }
    if (tag.effect == SC_TAG_BLANK && !tag.closing) put_z(o, " ");
    if (tag.effect == SC_TAG_BREAK || tag.effect == SC_TAG_FENCE)
        break_piece(o, at, at + n, tag.effect == SC_TAG_FENCE);
    return n;
}

static void rewrite(sc_repairing *r, sc_span line)
{
    output o = {.r = r, .source = line, .p = r->scratch, .flags = r->line_flags};
    for (size_t at = 0; at < line.n;) {
        unsigned char c = (unsigned char)line.p[at];
        sc_span rest = sc_span_from(line, at);
        size_t n = 1;
        int32_t code = 0;
        if (c >= 0x80) {
            code = sc_repair_utf8(rest, &n);
            if (code < 0) {
                sc_repaired(r, SC_REPAIR_ENCODING);
                code = windows_1252(c);
                if (!code) code = 0xfffd;
            }
            put_code(&o, code, sc_span_from(rest, n), at + n);
        } else if (c == '&' && (n = sc_repair_entity(rest, &code)) > 0) {
            sc_repaired(r, SC_REPAIR_HTML);
            put_code(&o, code, sc_span_from(rest, n), at + n);
        } else if (c == '<' || c == '[') {
            n = put_tag(&o, at);
        } else if (c == 0x1b) {
            sc_repaired(r, SC_REPAIR_ENCODING);
            n = terminal_escape(rest);
        } else if (c == '\r') { /* a line end of its own, which editors do not count */
            sc_repaired(r, SC_REPAIR_CRLF);
            n = 1;
            break_piece(&o, at, at + 1, false);
        } else if ((c < 0x20 && c != '\t') || c == 0x7f) {
            sc_repaired(r, SC_REPAIR_ENCODING);
            n = 1;
        } else {
            n = 1; /* and what follows it unharmed */
            while (at + n < line.n && !strchr("&<[", line.p[at + n]) && line.p[at + n] >= 0x20 && line.p[at + n] < 0x7f)
                n++;
            put(&o, line.p + at, n);
        }
        at += n;
    }
    if (o.n || o.begin == 0) end_piece(&o, line.n); /* a tag alone on its line leaves nothing behind */
}

void sc_repair_chars(sc_repairing *r, sc_span line, unsigned classes)
{
    unsigned rewriting = SC_BYTE_HIGH | SC_BYTE_CONTROL | SC_BYTE_AMPERSAND;
    if (r->html) rewriting |= SC_BYTE_ANGLE;
    if (r->bbcode) rewriting |= SC_BYTE_BRACKET;
    bool damaged = (classes & rewriting) != 0;
    if (!damaged && classes & SC_BYTE_TICK) damaged = ticks_damaged(line);
    if (!damaged && classes & SC_BYTE_BACKSLASH)
        for (size_t i = 0; i + 1 < line.n && !damaged; i++) damaged = line.p[i] == '\\' && is_escape(line.p[i + 1]);
    if (damaged) {
        rewrite(r, line);
        return;
    }
    if (line.n > SC_MAX_LINE_BYTES) { /* ASCII, therefore anywhere */
        line.n = SC_MAX_LINE_BYTES;
        r->t->truncated = true;
    }
    sc_repair_piece(r, line);
}
