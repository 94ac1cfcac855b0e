/* A piece of text becomes lines: quote marks, fences and Markdown off, debugger messages on lines of their own, notes
 * set apart, and flags for what the line says about itself.
 */
#include "engine/base/limits.h"
#include "engine/transcript/repair.h"

#include <string.h>

/* ---- Messages ---------------------------------------------------------------------------------------------------- */

static size_t skip_hex(sc_span s, size_t at)
{
    while (at < s.n && (sc_is_hex(s.p[at]) || s.p[at] == '`')) at++;
    return at;
}

/* "GetPointerFromAddress: ", "GetUlongPtrFromAddress: ": the length of the name, 0 when it is none. */
static size_t get_from_address(sc_span s)
{
    size_t at = 3;
    if (!sc_starts(s, "Get")) return 0;
    while (at < s.n && at < 40 && sc_is_alpha(s.p[at])) at++;
    return sc_ends(sc_span_sub(s, 0, at), "FromAddress") && sc_starts(sc_span_from(s, at), ": unable to read") ? at : 0;
}

static bool page_missing(sc_span s)
{
    if (!sc_starts(s, "Page ")) return false;
    size_t at = skip_hex(s, 5);
    return at > 5 && sc_starts(sc_span_from(s, at), " not present in the dump file");
}

/* A message that debuggers also print in the middle of another line starts here. */
static bool glued_message(sc_span s)
{
    switch (s.p[0]) {
    case '*': return sc_starts(s, "*** ERROR: ") || sc_starts(s, "*** WARNING: ");
    case 'U': return sc_starts(s, "Unable to load image ");
    case 'G': return get_from_address(s) != 0;
    case 'P': return page_missing(s);
    case 'u': return sc_starts(s, "unable to get nt!"); /* READ_ADDRESS: unable to get nt!MmSpecialPoolStart */
    case 'W':
        return sc_starts(s, "WARNING: Stack unwind information not available") ||
               sc_starts(s, "WARNING: Frame IP not in any known module");
    default: return false;
    }
}

/* Where the message at the start of `s` ends; `s` holds no second one. */
static size_t message_end(sc_span s)
{
    size_t at = get_from_address(s);
    if (at) { /* GetPointerFromAddress: unable to read from fffff80003515000PROCESS ... (seed 003) */
        static const char lead[] = ": unable to read from ";
        if (!sc_starts(sc_span_from(s, at), lead)) return s.n;
        at += sizeof lead - 1;
        size_t digits = skip_hex(s, at) - at; /* the next word may start with A to F */
        bool tick = digits > 8 && s.p[at + 8] == '`';
        return at + (tick ? (digits > 17 ? 17 : digits) : digits > 16 ? 16 : digits < 16 && digits > 8 ? 8 : digits);
    }
    static const struct {
        const char *start, *end;
    } whole[] = {
        {"Page ", "for details"},
        {"WARNING: ", "may be wrong."},
    };
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        size_t hit = sc_starts(s, whole[i].start) ? sc_find(sc_span_sub(s, 0, 160), whole[i].end) : SC_NPOS;
        if (hit != SC_NPOS) return hit + strlen(whole[i].end);
    }
    if (sc_starts(s, "Unable to load image ")) {
        size_t hit = sc_find(sc_span_sub(s, 0, 600), "Win32 error 0n");
        if (hit == SC_NPOS) return s.n;
        at = hit + 14;
        while (at < s.n && sc_is_digit(s.p[at])) at++;
        return at;
    }
    if (s.p[0] != '*') return s.n;
    size_t hit = sc_find(sc_span_sub(s, 0, 200), " for ");
    if (hit == SC_NPOS) return s.n;
    at = hit + 5;
    bool dot = false; /* a file's name; otherwise its end is not known */
    for (; at < s.n && !sc_is_blank(s.p[at]); at++) dot = dot || s.p[at] == '.';
    if (!dot) return s.n;
    size_t dash = at;
    while (dash < s.n && sc_is_blank(s.p[dash])) dash++;
    if (dash < s.n && s.p[dash] == '-' && (dash + 1 == s.n || sc_is_blank(s.p[dash + 1]))) at = dash + 1;
    return at;
}

/* A line that is a message from its start. */
static bool whole_message(sc_span s)
{
    static const char *const starts[] = {
        "*** ERROR:",
        "*** WARNING:",
        "WARNING: ",
        "ERROR: Module load completed",
        "ERROR: Symbol file could not be found",
        "ERROR: Symbols could not be loaded",
        "Unable to load image ",
        "Unable to read PsLoadedModuleList",
        "unable to get nt!",
        "Unable to get nt!",
        "Symbol file could not be found",
        "Module load completed but",
        "Unable to verify timestamp for",
        "Unable to verify checksum for",
        "DBGHELP: ",
        "SYMSRV: ",
        "DBGENG: ",
        "TRIAGER: ",
        "THIS DUMP FILE IS PARTIALLY CORRUPT",
        "Kernel symbols are WRONG",
    };
    if (!strchr("*WEUuSMDTKGP", s.p[0])) return false;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (starts[i][0] == s.p[0] && sc_starts(s, starts[i])) return true;
    if (get_from_address(s) || page_missing(s)) return true;
    if (!sc_starts(s, "***")) return false;
    size_t at = 3;
    while (at < s.n && s.p[at] == '*') at++;
    s = sc_ltrim(sc_span_sub(s, at, at + 256));
    return sc_starts(s, "Kernel symbols are WRONG") || sc_starts(s, "THIS DUMP FILE IS PARTIALLY CORRUPT") ||
           sc_starts(s, "Type referenced: ") || sc_starts(s, "Either you specified an unqualified symbol") ||
           sc_starts(s, "Your debugger is not using the correct symbols");
}

/* ---- Cuts and notes ---------------------------------------------------------------------------------------------- */

static bool cut_word(sc_span w)
{
    static const char *const words[] = {"snip",      "snipped", "omitted", "omitting", "omit",
                                        "truncated", "trimmed", "removed", "skipped",  "skipping",
                                        "cut",       "clipped", "elided",  "redacted"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (sc_lower(w.p[0]) == words[i][0] && sc_ieq_z(w, words[i])) return true;
    return false;
}

static bool output_word(sc_span w)
{
    static const char *const words[] = {"output", "line",   "lines", "stack",  "stacks",
                                        "frame",  "frames", "rest",  "brevity"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (sc_lower(w.p[0]) == words[i][0] && sc_ieq_z(w, words[i])) return true;
    return false;
}

/* "...", ". . .", "[snip]", "<omitting output>", "rest of the stack omitted": a short line of words that says that
 * something is left out. Sets *dots for a line of dots alone. */
static bool cut_marker(sc_span s, bool *dots)
{
    static const char around[] = "<>[](){}-~=*. \t";
    size_t points = 0, whole = s.n;
    *dots = false;
    if (s.n > 60 && !strchr(around, s.p[0])) return false;
    while (s.n && strchr(around, s.p[0])) {
        points += s.p[0] == '.';
        s = sc_span_from(s, 1);
    }
    *dots = s.n == 0 && points > 0;
    if (s.n == 0 || s.n > 60) return *dots;
    while (s.n && strchr(around, s.p[s.n - 1])) s.n--;
    bool framed = s.n < whole, cut = false, output = false, snip = false;
    size_t words = 0;
    for (size_t at = 0; at < s.n;) {
        size_t end = at;
        while (end < s.n && sc_is_alnum(s.p[end])) end++;
        if (end == at || ++words > 7) return false; /* an address, a path, a symbol: not words */
        sc_span word = sc_span_sub(s, at, end);
        snip = snip || sc_ieq_z(word, "snip") || sc_ieq_z(word, "snipped");
        cut = cut || cut_word(word);
        output = output || output_word(word);
        at = end;
        while (at < s.n && (sc_is_blank(s.p[at]) || s.p[at] == ',')) at++;
    }
    return cut && (output || snip || (words == 1 && framed));
}

/* A symbol that ends in dots was cut at the window's edge: nt!KiSwap... */
static bool symbol_cut(sc_span s)
{
    if (s.n < 8 || !sc_ends(s, "...") || !sc_is_word(s.p[s.n - 4]) || !sc_shape_row(s)) return false;
    size_t at = s.n - 3;
    while (at && !sc_is_blank(s.p[at - 1])) at--;
    return sc_find_char(sc_span_sub(s, at, s.n), '!') != SC_NPOS;
}

/* Debugger output rather than prose: only there an arrow starts a note. */
static bool noted(sc_span head)
{
    if (sc_shape_known(head)) return true;
    for (size_t at = 0; at < head.n; at++) {
        size_t hit = sc_find_char(sc_span_from(head, at), '!');
        if (hit == SC_NPOS) return false;
        at += hit;
        if (at && sc_is_word(head.p[at - 1]) && at + 1 < head.n && sc_is_word(head.p[at + 1])) return true;
    }
    return false;
}

/* "nt!KeBugCheckEx <- Uh oh", "BabyHog +0x30d0<-----this one", "x --> note": the note off `*text`. `->` alone is C, and
 * so is `<-1`. */
static bool take_note(sc_span *text, sc_span *note)
{
    sc_span s = *text;
    int known = -1; /* whether the text before is output; asked once */
    for (size_t at = 1; at + 1 < s.n; at++) {
        bool left = s.p[at] == '<' && (s.p[at + 1] == '-' || s.p[at + 1] == '=');
        bool right = s.p[at] == '-' && s.p[at + 1] == '-' && sc_is_blank(s.p[at - 1]);
        if (!left && !right) continue;
        size_t end = at + 1;
        while (end < s.n && s.p[end] == s.p[at + 1]) end++;
        size_t dashes = left ? end - at - 1 : end - at;
        bool arrow = left ? dashes >= (s.p[at + 1] == '=' ? 2 : 1) : end < s.n && s.p[end] == '>';
        if (right) end++;
        if (arrow && dashes == 1 && !sc_is_blank(s.p[at - 1])) arrow = false;
        if (arrow && end < s.n && !sc_is_blank(s.p[end]) && !(sc_is_alpha(s.p[end]) && (dashes > 1 || left)))
            arrow = false;
        sc_span head = sc_rtrim(sc_span_sub(s, 0, at));
        if (arrow && sc_trim(head).n && known < 0) known = noted(head);
        if (arrow && (known == 1 || (left && dashes > 1)) && sc_trim(head).n) {
            *text = head;
            *note = sc_trim(sc_span_from(s, end));
            return note->n > 0;
        }
        at = end > at + 1 ? end - 1 : at;
    }
    return false;
}

/* ---- Emission ---------------------------------------------------------------------------------------------------- */

static sc_line *add_line(sc_repairing *r, sc_span text)
{
    if (r->lines.n >= SC_MAX_LINES) {
        r->t->truncated = true;
        return NULL;
    }
    sc_line *line = sc_list_add(r->arena, &r->lines, sizeof *line);
    if (!line) return NULL;
    line->text = sc_rtrim(text);
    line->note = (sc_span){"", 0};
    line->number = line->last = r->number;
    if (r->fence) line->flags |= SC_LINE_FENCE;
    r->fence = false;
    return line;
}

/* Rows that all stand apart by blank lines: their blanks were doubled. */
static void watch_blanks(sc_repairing *r, sc_span text)
{
    if (!text.n) {
        r->blank_before = true;
        return;
    }
    if (r->blank_before || r->row_before) {
        bool row = sc_shape_row(text);
        r->apart = row && r->row_before && r->blank_before ? r->apart + 1 : 0;
        if (r->apart == 4) sc_repaired(r, SC_REPAIR_BLANK_LINES);
        r->row_before = row;
    } else {
        r->row_before = sc_shape_row(text);
    }
    r->blank_before = false;
}

/* One line that holds no glued message. */
static void emit(sc_repairing *r, sc_span text, unsigned flags)
{
    sc_line *line = add_line(r, text);
    if (!line) return;
    line->flags |= flags;
    text = sc_ltrim(line->text);
    watch_blanks(r, text);
    if (!text.n) return;

    bool dots;
    if (whole_message(text)) {
        line->flags |= SC_LINE_MESSAGE;
        if (sc_starts(text, "WARNING: !chkimg output was truncated")) r->t->truncated = true;
        return;
    }
    if ((memchr(text.p, '<', text.n) || memchr(text.p, '>', text.n)) && take_note(&line->text, &line->note))
        sc_repaired(r, SC_REPAIR_ANNOTATION);
    if (cut_marker(text, &dots)) {
        line->flags |= SC_LINE_CUT;
        if (dots) line->flags |= SC_REPAIR_DOTS;
    } else if (text.p[text.n - 1] == '.' && symbol_cut(text)) {
        line->flags |= SC_LINE_CUT;
    }
}

/* Cuts the text at the messages in it, one line each. */
static void emit_parts(sc_repairing *r, sc_span text)
{
    size_t start = 0; /* of the part at hand */
    bool in_message = false;
    for (size_t at = 0; at < text.n; at++) {
        char c = text.p[at];
        if (c != '*' && c != 'U' && c != 'G' && c != 'P' && c != 'W' && c != 'u') continue;
        if (!glued_message(sc_span_from(text, at))) continue;
        sc_span part = sc_span_sub(text, start, at);
        if (in_message) {
            size_t end = message_end(part);
            emit(r, sc_span_sub(part, 0, end), 0);
            part = sc_span_from(part, end);
        }
        if (sc_trim(part).n) {
            emit(r, part, SC_REPAIR_HEAD);
            sc_repaired(r, SC_REPAIR_GLUED);
        }
        start = at;
        in_message = true;
        at += 3; /* a message is longer, and no other starts within its first letters */
    }
    sc_span part = sc_span_from(text, start);
    if (in_message) {
        size_t end = message_end(part);
        emit(r, sc_span_sub(part, 0, end), 0);
        part = sc_span_from(part, end);
        if (!sc_trim(part).n) return;
        sc_repaired(r, SC_REPAIR_GLUED);
    }
    emit(r, part, r->line_flags);
}

/* ---- Quotes, fences, Markdown ------------------------------------------------------------------------------------ */

/* Whether `s` starts with a quote mark, behind `depth` of them. `>[ 1b,17]` is the current location of an IRP. */
static bool quote_mark(const sc_repairing *r, sc_span s, int depth)
{
    if (!s.n || s.p[0] != '>') return false;
    if (r->quote_spaced) return s.n == 1 || sc_is_blank(s.p[1]) || s.p[1] == '>';
    return depth == 0 || s.n == 1 || s.p[1] != '[';
}

/* Off with the quote marks of e-mail and forums. `> ffff... \Driver\x` is the device that !devstack was asked about: it
 * is known by a mark more than the line before has. */
static sc_span unquote(sc_repairing *r, sc_span text)
{
    sc_span s = sc_ltrim(text), before = s;
    int depth = 0;
    while (depth < 16 && quote_mark(r, s, depth)) {
        before = s;
        s = sc_span_from(s, 1);
        if (r->quote_spaced && s.n && sc_is_blank(s.p[0])) s = sc_span_from(s, 1);
        depth++;
    }
    if (!depth) return text;
    if (depth > 1 && depth == r->quote_depth + 1) {
        sc_span row = sc_ltrim(s);
        size_t address = sc_shape_address(row);
        if (address && sc_starts(sc_ltrim(sc_span_from(row, address)), "\\")) {
            s = before;
            depth--;
        }
    }
    r->quote_depth = depth;
    sc_repaired(r, SC_REPAIR_QUOTE_PREFIX);
    return s;
}

/* ``` or ~~~ alone or with the name of a language. */
static bool is_fence(sc_span s)
{
    char c = s.p[0];
    size_t at = 0;
    while (at < s.n && s.p[at] == c) at++;
    if (at < 3) return false;
    s = sc_trim(sc_span_from(s, at));
    for (size_t i = 0; i < s.n; i++)
        if (!sc_is_word(s.p[i]) && !strchr("+-#.{}=", s.p[i])) return false;
    return s.n <= 24;
}

/* What forum software writes above a block of code. */
static bool is_code_label(sc_span s)
{
    static const char *const labels[] = {"Code:",
                                         "Code: Select all",
                                         "Code: [Select]",
                                         "Code (text):",
                                         "Copy",
                                         "Copy code",
                                         "[Copy]",
                                         "Select all",
                                         "Expand | Select | Wrap | Line Numbers",
                                         "Quelltext:"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (sc_ieq_z(s, labels[i])) return true;
    return false;
}

/* Markdown in front of what only a debugger prints: "## Debugging Details:", "# 3: kd> k", "* Arg1: 4". The "#" of
 * "# Child-SP" is the column of frame numbers. */
static sc_span strip_heading(sc_repairing *r, sc_span text)
{
    sc_span s = sc_ltrim(text), rest = s;
    if (!s.n) return text;
    while (rest.n && rest.p[0] == '#') rest = sc_span_from(rest, 1);
    size_t marks = s.n - rest.n;
    if (marks) {
        bool heading = marks <= 6 && (!rest.n || sc_is_blank(rest.p[0]));
        rest = sc_trim(rest);
        if (!heading || (marks == 1 && rest.n && (sc_shape_row(rest) || !sc_shape_known(rest)))) return text;
        if (marks == 1 && (sc_starts(rest, "Child-SP") || sc_starts(rest, "ChildEBP") || sc_starts(rest, "RetAddr") ||
                           sc_starts(rest, "Call Site") || sc_starts(rest, "Memory")))
            return text;
        sc_repaired(r, SC_REPAIR_MARKDOWN);
        return rest;
    }
    bool bullet = sc_starts(s, "\xe2\x80\xa2"); /* U+2022 */
    rest = sc_span_from(s, bullet ? 3 : 1);
    if (!rest.n || !sc_is_blank(rest.p[0]) || (s.p[0] == '*' && sc_ends(s, "*"))) return text;
    if (!sc_shape_known(rest) || (s.p[0] == '*' && sc_shape_row(rest))) return text;
    sc_repaired(r, SC_REPAIR_MARKDOWN);
    return sc_ltrim(rest);
}

/* **3: kd> k**, **Arg1:** 4, `BugCheck 9F, {...}`. */
static sc_span strip_emphasis(sc_repairing *r, sc_span text)
{
    sc_span s = sc_trim(text);
    if (sc_starts(s, "`")) {
        sc_span inner = sc_span_sub(s, 1, s.n - 1);
        if (s.n < 3 || s.p[s.n - 1] != '`' || sc_find_char(sc_trim(inner), '`') == 0 || !sc_shape_known(inner))
            return text;
        sc_repaired(r, SC_REPAIR_MARKDOWN);
        return inner;
    }
    if (!sc_starts(s, "**") || sc_starts(s, "***")) return text;
    sc_span inner = sc_span_from(s, 2);
    size_t end = sc_find(inner, "**");
    if (end == SC_NPOS || sc_starts(sc_span_from(inner, end), "***") || !sc_shape_known(inner)) return text;
    sc_repaired(r, SC_REPAIR_MARKDOWN);
    sc_span head = sc_span_sub(inner, 0, end), tail = sc_span_from(inner, end + 2);
    return tail.n ? sc_arena_printf(r->arena, "%.*s%.*s", SC_F(head), SC_F(tail)) : head;
}

/* What may stand around a block on its own first and last line: ```0: kd> k ... ``` */
static sc_span strip_ticks(sc_repairing *r, sc_span text, bool *after)
{
    sc_span s = sc_trim(text);
    if (sc_starts(s, "```")) {
        r->fence = true;
        text = sc_ltrim(sc_span_from(s, 3));
        sc_repaired(r, SC_REPAIR_MARKDOWN);
    }
    if (sc_ends(sc_rtrim(text), "```")) {
        *after = true;
        text = sc_rtrim(text);
        text = sc_span_sub(text, 0, text.n - 3);
        sc_repaired(r, SC_REPAIR_MARKDOWN);
    }
    return text;
}

void sc_repair_piece(sc_repairing *r, sc_span text)
{
    if (r->quoted) text = unquote(r, text);
    sc_span s = sc_trim(text);
    if (!s.n) {
        emit(r, s, 0);
        return;
    }
    char first = s.p[0], last = s.p[s.n - 1];
    if ((first == '`' || first == '~') && is_fence(s)) {
        sc_repaired(r, SC_REPAIR_MARKDOWN);
        r->fence = true;
        return;
    }
    if (strchr("CcSs[EQ", first) && is_code_label(s)) {
        sc_repaired(r, SC_REPAIR_BBCODE);
        r->fence = true;
        return;
    }
    bool fence_after = false;
    if (first == '`' || last == '`') text = strip_ticks(r, text, &fence_after);
    if (last == ']' && sc_ends(s, "[Copy]")) { /* the button beside a block's title: seed 001 */
        text = sc_span_sub(s, 0, s.n - 6);
        sc_repaired(r, SC_REPAIR_BBCODE);
        r->fence = fence_after = true;
    }
    if (first == '`' || first == '*') text = strip_emphasis(r, text);
    if (strchr("#*-+\xe2", first)) text = strip_heading(r, text);
    bool flat = sc_flat_is(text);
    if (flat) sc_repaired(r, SC_REPAIR_FLATTENED);
    do {
        sc_span line = flat ? sc_flat_take(&text) : text;
        if (r->messages)
            emit_parts(r, line);
        else
            emit(r, line, r->line_flags);
    } while (flat && text.n);
    if (fence_after) r->fence = true;
}
