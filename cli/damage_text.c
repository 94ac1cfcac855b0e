#include "cli/damage_text.h"

#include "engine/transcript/transcript.h"

#include <string.h>

sc_span damage_next_line(sc_span *text, bool *feed)
{
    size_t at = sc_find_char(*text, '\n');
    *feed = at != SC_NPOS;
    sc_span line = *feed ? sc_span_sub(*text, 0, at) : *text;
    *text = sc_span_from(*text, *feed ? at + 1 : text->n);
    return line;
}

static void put_line(sc_buf *out, sc_span line, const char *end, bool feed)
{
    sc_buf_span(out, line);
    if (feed) sc_buf_z(out, end);
}

static bool is_blank_line(sc_span line)
{
    return !sc_trim(sc_ends(line, "\r") ? sc_span_sub(line, 0, line.n - 1) : line).n;
}

/* Length of the UTF-8 character at s.p[at]; 1 for what is none. */
static size_t char_length(sc_span s, size_t at)
{
    unsigned char c = (unsigned char)s.p[at];
    size_t n = c < 0xc2 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 1;
    if (at + n > s.n) return 1;
    for (size_t i = 1; i < n; i++)
        if (((unsigned char)s.p[at + i] & 0xc0) != 0x80) return 1;
    return n;
}

/* ---- Lines ------------------------------------------------------------------------------------------------------- */

/* Every line between `before` and `end`; `blank_before` for those without text. */
static void each_line(sc_span text, sc_buf *out, const char *before, const char *blank_before, const char *end)
{
    bool feed;
    while (text.n) {
        sc_span line = damage_next_line(&text, &feed);
        sc_buf_z(out, is_blank_line(line) ? blank_before : before);
        put_line(out, line, end, feed);
    }
}

void damage_crlf(sc_span text, sc_buf *out)
{
    bool feed;
    while (text.n) {
        sc_span line = damage_next_line(&text, &feed);
        put_line(out, line, sc_ends(line, "\r") ? "\n" : "\r\n", feed);
    }
}

void damage_cr(sc_span text, sc_buf *out)
{
    bool feed;
    while (text.n) {
        sc_span line = damage_next_line(&text, &feed);
        put_line(out, line, sc_ends(line, "\r") ? "" : "\r", feed);
    }
}

void damage_doubled(sc_span text, sc_buf *out)
{
    each_line(text, out, "", "", "\n\n");
}

void damage_no_blank_lines(sc_span text, sc_buf *out)
{
    bool feed;
    while (text.n) {
        sc_span line = damage_next_line(&text, &feed);
        if (!is_blank_line(line)) put_line(out, line, "\n", feed);
    }
}

void damage_trailing(sc_span text, sc_buf *out)
{
    each_line(text, out, "", "", "  \n");
}

void damage_indented(sc_span text, sc_buf *out)
{
    each_line(text, out, "    ", "", "\n");
}

void damage_quoted(sc_span text, sc_buf *out)
{
    each_line(text, out, "> ", ">", "\n");
}

void damage_quoted_twice(sc_span text, sc_buf *out)
{
    each_line(text, out, "> > ", "> >", "\n");
}

/* Cut at exactly so many characters, as a narrow window does. */
static void wrap(sc_span text, sc_buf *out, size_t width)
{
    bool feed;
    while (text.n) {
        sc_span line = damage_next_line(&text, &feed);
        size_t from = 0, columns = 0;
        for (size_t at = 0; at < line.n; at += char_length(line, at)) {
            if (columns++ < width) continue;
            sc_buf_span(out, sc_span_sub(line, from, at));
            sc_buf_char(out, '\n');
            from = at;
            columns = 1;
        }
        put_line(out, sc_span_from(line, from), "\n", feed);
    }
}

void damage_wrap_80(sc_span text, sc_buf *out)
{
    wrap(text, out, 80);
}

void damage_wrap_120(sc_span text, sc_buf *out)
{
    wrap(text, out, 120);
}

/* What a narrow window does when it does not wrap. */
static void clip(sc_span text, sc_buf *out, size_t width)
{
    bool feed;
    while (text.n) {
        sc_span line = damage_next_line(&text, &feed);
        size_t at = 0;
        for (size_t columns = 0; at < line.n && columns < width; columns++) at += char_length(line, at);
        put_line(out, sc_span_sub(line, 0, at), "\n", feed);
    }
}

void damage_clip_80(sc_span text, sc_buf *out)
{
    clip(text, out, 80);
}

void damage_clip_120(sc_span text, sc_buf *out)
{
    clip(text, out, 120);
}

/* Cut at the last blank before column 76, as mail programs do; a longer word stands alone. The blank is lost. */
void damage_wrap_words(sc_span text, sc_buf *out)
{
    bool feed;
    while (text.n) {
        sc_span line = damage_next_line(&text, &feed);
        size_t from = 0, columns = 0, blank = SC_NPOS;
        bool word = false; /* seen in this line: leading blanks are no place to cut */
        for (size_t at = 0; at < line.n; at += char_length(line, at)) {
            bool is_blank = line.p[at] == ' ';
            if (is_blank && word) blank = at;
            if (!is_blank) word = true;
            if (columns++ < 76 || blank == SC_NPOS) continue;
            sc_buf_span(out, sc_rtrim(sc_span_sub(line, from, blank)));
            sc_buf_char(out, '\n');
            from = blank + 1;
            while (from < line.n && line.p[from] == ' ') from++;
            if (at < from) at = from;
            columns = at - from + 1;
            blank = SC_NPOS;
            if (at >= line.n) break;
        }
        put_line(out, sc_span_from(line, from), "\n", feed);
    }
}

/* ---- Blanks ------------------------------------------------------------------------------------------------------ */

/* Length of the blank at s.p[at], 0 for none. Samples hold no-break spaces where the debugger printed blanks. */
static size_t blank_length(sc_span s, size_t at)
{
    if (at < s.n && sc_is_blank(s.p[at])) return 1;
    return sc_starts(sc_span_sub(s, at, at + 2), "\xc2\xa0") ? 2 : 0;
}

static sc_span skip_blanks(sc_span s)
{
    for (size_t n; (n = blank_length(s, 0)) > 0;) s = sc_span_from(s, n);
    return s;
}

void damage_no_indent(sc_span text, sc_buf *out)
{
    bool feed;
    while (text.n) {
        sc_span line = damage_next_line(&text, &feed);
        put_line(out, skip_blanks(line), "\n", feed);
    }
}

void damage_squeezed(sc_span text, sc_buf *out)
{
    bool feed;
    while (text.n) {
        sc_span line = damage_next_line(&text, &feed), rest = skip_blanks(line);
        while (rest.n) {
            size_t end = 0;
            while (end < rest.n && !blank_length(rest, end)) end++;
            sc_buf_span(out, sc_span_sub(rest, 0, end));
            rest = skip_blanks(sc_span_from(rest, end));
            if (rest.n) sc_buf_char(out, ' ');
        }
        if (feed) sc_buf_char(out, '\n');
    }
}

/* Runs of blanks that end at a tab stop, as `unexpand -a` writes them. */
void damage_tabs(sc_span text, sc_buf *out)
{
    size_t column = 0, blanks = 0;
    for (size_t at = 0; at < text.n;) {
        size_t n = char_length(text, at);
        if (text.p[at] == ' ' || (n == 2 && blank_length(text, at))) {
            blanks++;
            if (++column % 8 == 0) {
                sc_buf_z(out, blanks > 1 ? "\t" : " ");
                blanks = 0;
            }
        } else {
            for (; blanks; blanks--) sc_buf_char(out, ' ');
            sc_buf_span(out, sc_span_sub(text, at, at + n));
            column = text.p[at] == '\n' ? 0 : text.p[at] == '\t' ? (column / 8 + 1) * 8 : column + 1;
        }
        at += n;
    }
    for (; blanks; blanks--) sc_buf_char(out, ' ');
}

static void no_break(sc_span text, sc_buf *out, bool every)
{
    for (size_t i = 0; i < text.n; i++) {
        bool start = i == 0 || text.p[i - 1] == '\n' || text.p[i - 1] == ' ';
        bool run = start || (i + 1 < text.n && text.p[i + 1] == ' ');
        sc_buf_span(out, text.p[i] == ' ' && (every || run) ? SC_S("\xc2\xa0") : sc_span_sub(text, i, i + 1));
    }
}

void damage_nbsp(sc_span text, sc_buf *out)
{
    no_break(text, out, false);
}

void damage_nbsp_every(sc_span text, sc_buf *out)
{
    no_break(text, out, true);
}

/* ---- Characters -------------------------------------------------------------------------------------------------- */

static void replace_char(sc_span text, sc_buf *out, char from, const char *to)
{
    for (size_t at; (at = sc_find_char(text, from)) != SC_NPOS; text = sc_span_from(text, at + 1)) {
        sc_buf_span(out, sc_span_sub(text, 0, at));
        sc_buf_z(out, to);
    }
    sc_buf_span(out, text);
}

void damage_no_backticks(sc_span text, sc_buf *out)
{
    replace_char(text, out, '`', "");
}

void damage_apostrophes(sc_span text, sc_buf *out)
{
    replace_char(text, out, '`', "'");
}

void damage_curly_backticks(sc_span text, sc_buf *out)
{
    replace_char(text, out, '`', "\xe2\x80\x98"); /* U+2018 */
}

/* Opening after a blank or a bracket, closing elsewhere. */
void damage_smart_quotes(sc_span text, sc_buf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        bool opens = i == 0 || strchr(" \t\n([{", text.p[i - 1] ? text.p[i - 1] : 'x');
        if (text.p[i] == '\'')
            sc_buf_z(out, opens ? "\xe2\x80\x98" : "\xe2\x80\x99");
        else if (text.p[i] == '"')
            sc_buf_z(out, opens ? "\xe2\x80\x9c" : "\xe2\x80\x9d");
        else
            sc_buf_char(out, text.p[i]);
    }
}

/* "..." as one character, "--" and a hyphen between blanks as dashes. A ruler of hyphens stays. */
void damage_dashes(sc_span text, sc_buf *out)
{
    while (text.n) {
        size_t run = 0;
        while (run < text.n && text.p[run] == '-') run++;
        if (sc_starts(text, "...")) {
            sc_buf_z(out, "\xe2\x80\xa6");
            text = sc_span_from(text, 3);
        } else if (sc_starts(text, " - ")) {
            sc_buf_z(out, " \xe2\x80\x93");
            text = sc_span_from(text, 2);
        } else if (run) {
            sc_buf_span(out, run == 2 ? SC_S("\xe2\x80\x94") : sc_span_sub(text, 0, run));
            text = sc_span_from(text, run);
        } else {
            sc_buf_char(out, text.p[0]);
            text = sc_span_from(text, 1);
        }
    }
}

/* As converters to Markdown write: `marks` everywhere, # and > at the start of a line. */
static void escape(sc_span text, sc_buf *out, const char *marks)
{
    for (size_t i = 0; i < text.n; i++) {
        bool start = i == 0 || text.p[i - 1] == '\n';
        if (strchr(marks, text.p[i] ? text.p[i] : 'x') || (start && (text.p[i] == '#' || text.p[i] == '>')))
            sc_buf_char(out, '\\');
        sc_buf_char(out, text.p[i]);
    }
}

void damage_escapes(sc_span text, sc_buf *out)
{
    escape(text, out, "`*_[]");
}

void damage_escapes_all(sc_span text, sc_buf *out)
{
    escape(text, out, "\\`*_[]");
}

/* Words of eight hex digits and more, with or without 0x and a backtick in the middle. */
static void recase(sc_span text, sc_buf *out, bool upper)
{
    for (size_t at = 0; at < text.n;) {
        size_t end = at, digits = 0, from;
        if (at == 0 || !(sc_is_word(text.p[at - 1]) || text.p[at - 1] == '`')) {
            from = at + (text.n - at > 2 && text.p[at] == '0' && sc_lower(text.p[at + 1]) == 'x' ? 2 : 0);
            end = from;
            while (end < text.n && (sc_is_hex(text.p[end]) || (text.p[end] == '`' && digits == 8))) {
                if (text.p[end] != '`') digits++;
                end++;
            }
            if (digits < 8 || digits > 16 || (end < text.n && sc_is_word(text.p[end]))) {
                end = at;
            } else {
                sc_buf_span(out, sc_span_sub(text, at, from));
                for (at = from; at < end; at++) {
                    char c = sc_lower(text.p[at]);
                    sc_buf_char(out, upper && c >= 'a' && c <= 'f' ? (char)(c - 32) : c);
                }
            }
        }
        if (at < text.n) sc_buf_char(out, text.p[at++]);
    }
}

void damage_upper_hex(sc_span text, sc_buf *out)
{
    recase(text, out, true);
}

void damage_lower_hex(sc_span text, sc_buf *out)
{
    recase(text, out, false);
}

/* ---- Encodings --------------------------------------------------------------------------------------------------- */

void damage_utf8_bom(sc_span text, sc_buf *out)
{
    sc_buf_z(out, "\xef\xbb\xbf");
    sc_buf_span(out, text);
}

static void put_unit(sc_buf *out, unsigned unit, bool big)
{
    char high = (char)(unit >> 8 & 0xff), low = (char)(unit & 0xff);
    sc_buf_char(out, big ? high : low);
    sc_buf_char(out, big ? low : high);
}

static void utf16(sc_span text, sc_buf *out, bool big)
{
    put_unit(out, 0xfeff, big);
    for (size_t at = 0; at < text.n;) {
        size_t n = char_length(text, at);
        unsigned char c = (unsigned char)text.p[at];
        unsigned code = c < 0x80 ? c : n == 1 ? 0xfffdu : (unsigned)c & (0xffu >> (n + 1));
        for (size_t i = 1; i < n; i++) code = code << 6 | ((unsigned char)text.p[at + i] & 0x3fu);
        if (code > 0xffff) {
            put_unit(out, 0xd800 + ((code - 0x10000) >> 10), big);
            code = 0xdc00 + ((code - 0x10000) & 0x3ff);
        }
        put_unit(out, code, big);
        at += n;
    }
}

void damage_utf16_le(sc_span text, sc_buf *out)
{
    utf16(text, out, false);
}

void damage_utf16_be(sc_span text, sc_buf *out)
{
    utf16(text, out, true);
}

/* ---- Pages, mails, forums ---------------------------------------------------------------------------------------- */

void damage_entities(sc_span text, sc_buf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        switch (text.p[i]) {
        case '&': sc_buf_z(out, "&amp;"); break;
        case '<': sc_buf_z(out, "&lt;"); break;
        case '>': sc_buf_z(out, "&gt;"); break;
        case '"': sc_buf_z(out, "&quot;"); break;
        case '\'': sc_buf_z(out, "&#39;"); break;
        default: sc_buf_char(out, text.p[i]);
        }
    }
}

/* Lines with entities, each between two tags. */
static void html_lines(sc_span text, sc_buf *out, const char *before, const char *behind)
{
    bool feed;
    while (text.n) {
        sc_span line = damage_next_line(&text, &feed);
        if (sc_ends(line, "\r")) line.n--;
        sc_buf_z(out, before);
        damage_entities(line, out);
        sc_buf_z(out, behind);
    }
}

void damage_html_br(sc_span text, sc_buf *out)
{
    sc_buf_z(out, "<p>");
    html_lines(text, out, "", "<br>\n");
    sc_buf_z(out, "</p>\n");
}

void damage_html_flat(sc_span text, sc_buf *out)
{
    sc_buf_z(out, "<div class=\"post\">");
    html_lines(text, out, "", "<br />");
    sc_buf_z(out, "</div>\n");
}

void damage_html_pre(sc_span text, sc_buf *out)
{
    sc_buf_z(out, "<pre><code>");
    html_lines(text, out, "<span class=\"line\">", "</span>\n");
    sc_buf_z(out, "</code></pre>\n");
}

static void put_text_line(sc_buf *out, sc_span text)
{
    sc_buf_span(out, text);
    if (!sc_ends(text, "\n")) sc_buf_char(out, '\n');
}

void damage_bbcode(sc_span text, sc_buf *out)
{
    sc_buf_z(out, "[code]");
    sc_buf_span(out, text);
    sc_buf_z(out, "[/code]\n");
}

void damage_fenced(sc_span text, sc_buf *out)
{
    sc_buf_z(out, "```text\n");
    put_text_line(out, text);
    sc_buf_z(out, "```\n");
}

/* ---- Sessions ---------------------------------------------------------------------------------------------------- */

static void prompts(sc_span text, sc_buf *out, bool commands_too)
{
    bool feed;
    while (text.n) {
        sc_prompt prompt;
        sc_span line = damage_next_line(&text, &feed);
        if (sc_prompt_read(line, &prompt)) {
            bool gone = commands_too || !prompt.command.n;
            size_t at = gone ? line.n : (size_t)(prompt.command.p - line.p);
            line = sc_span_from(line, at);
        }
        put_line(out, line, "\n", feed);
    }
}

void damage_no_prompts(sc_span text, sc_buf *out)
{
    prompts(text, out, false);
}

void damage_no_commands(sc_span text, sc_buf *out)
{
    prompts(text, out, true);
}
