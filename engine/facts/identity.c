/* Where a bug check is named by the debugger, the stop screen or the event log: code and parameters.
 *
 *     BugCheck 7F, {8, 80050033, 406f8, fffff80002e69f2c}                          [seed 003]
 *     UNEXPECTED_KERNEL_MODE_TRAP (7f) ... Arguments: Arg1: 0000000000000008, ...  [seed 001; 000 has the tail alone]
 *     Bugcheck code 0000007F / Arguments A A A A                                   .bugcheck
 *     BUGCHECK_CODE:  7f / BUGCHECK_P1: 8 ...   BUGCHECK_STR:  0x7f_8              !analyze -v
 *     Key  : Bugcheck.Code.LegacyAPI / Value: 0x9f
 *     *** Fatal System Error: 0x0000003b / (0x..,0x..,0x..,0x..)                   live target
 *     *** STOP: 0x000000F2 (0xFCA7C55C, ...)                                       [sample stopscreen--...-0xf2]
 *     BugCheckCode        0000001e / BugCheckParameter1  00000000`00000000 ...     .dumpdebug, dumpchk
 *     The bugcheck was: 0x0000018b (0x.., 0x.., 0x.., 0x..)                        event 1001
 *     BugcheckCode 278 / BugcheckParameter1 0x8                                    event 41: the code is decimal
 *     Bugcheck code: 0x9F (0x3, ...)   Bug Check Code : 0x0000009f                 crash viewers
 *
 * Every line of a paste comes through here, so each form is turned down by its first character or by one memchr.
 */
#include "engine/facts/bugcheck.h"

#include <string.h>

enum {
    MAX_HEADER_LINES = 40, /* from NAME (7f) to Arg1: the longest description of !analyze has 25 */
    MAX_ARG_LINES = 8,     /* that an argument's text may go on for */
    MAX_DUMP_LINES = 20,   /* from the title of a dump's header to BugCheckCode: 12 */
    MAX_BLANK_LINES = 3,   /* empty lines between two lines of text */
    MAX_NAME = 64,         /* letters of a bug check's name */
};

uint32_t sc_bugcheck_base(uint32_t printed)
{
    return (printed & 0xf0000000u) == 0x10000000u ? printed & 0x0fffffffu : printed;
}

static bool set_code(sc_identity *out, uint64_t code, sc_source source)
{
    if (!code || code > UINT32_MAX) return false; /* 0: a live target, or the power was cut */
    out->has_code = true;
    out->original = (uint32_t)code;
    out->code = sc_bugcheck_base(out->original);
    out->source = source;
    return true;
}

static void set_arg(sc_identity *out, size_t i, uint64_t value)
{
    if (i >= 4 || out->known[i]) return;
    out->known[i] = true;
    out->arg[i] = value;
}

/* `8, 80050033, 406f8, fffff80002e69f2c}`: up to four values, what is redacted between them left out. A value that
 * neither a comma nor the bracket ends may be the first digits of one: the line is cut. */
static bool read_list(sc_scan *c, char close, sc_identity *out)
{
    bool any = false;
    for (size_t i = 0; i < 4; i++) {
        uint64_t v;
        bool number = sc_hex(c, &v);
        any = any || number;
        sc_blanks(c);
        while (c->p < c->end && *c->p != ',' && *c->p != close) c->p++;
        if (number && c->p < c->end) set_arg(out, i, v);
        if (c->p == c->end || *c->p == close) break;
        c->p++;
    }
    return any;
}

/* Index of the next line with text after `i`, or n when none is near. */
static size_t next_text(const sc_line *lines, size_t n, size_t i)
{
    for (size_t blank = 0; ++i < n && blank <= MAX_BLANK_LINES; blank++)
        if (lines[i].text.n) return i;
    return n;
}

/* ---- Arguments ---- */

/* `Arg1: 0000000000000008, EXCEPTION_DOUBLE_FAULT` */
static bool read_arg(sc_span text, size_t *index, uint64_t *value, sc_span *words)
{
    sc_scan c = sc_scan_of(sc_ltrim(text));
    if (c.end - c.p < 6 || c.p[0] != 'A' || c.p[1] != 'r' || c.p[2] != 'g' || c.p[3] < '1' || c.p[3] > '4')
        return false;
    *index = (size_t)(c.p[3] - '1');
    c.p += 4;
    if (!sc_lit(&c, ":")) return false;
    if (!sc_hex(&c, value) || (c.p < c.end && sc_is_word(*c.p))) return false;
    sc_lit(&c, ",");
    *words = sc_trim(sc_rest(&c));
    return true;
}

/* What some arguments are called belongs to one bug check alone: the header above them may be lost (seed 000). */
static uint32_t code_of_words(size_t index, sc_span words)
{
    static const struct {
        size_t index;
        const char *words;
        uint32_t code;
    } known[] = {
        {0, "EXCEPTION_DOUBLE_FAULT", 0x7f},
        {0, "EXCEPTION_DIVIDED_BY_ZERO", 0x7f},
        {0, "EXCEPTION_INVALID_OPCODE", 0x7f},
        {0, "EXCEPTION_GP_FAULT", 0x7f},
        {0, "A device object has been blocking an I", 0x9f},
        {0, "The power transition timed out waiting", 0x9f},
        {0, "A page table page has been corrupted", 0x1a},
        {0, "Clock interrupt time out interval", 0x101},
        {0, "A single DPC or ISR exceeded its time", 0x133},
        {0, "The system cumulatively spent an exten", 0x133},
        {0, "Machine Check Exception", 0x124},
        {1, "Address of the instruction which cause", 0x3b},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].index == index && sc_istarts(words, known[i].words)) return known[i].code;
    return 0;
}

/* How many digits a value behind ArgN: has, and whether nothing stands behind it. */
static size_t count_digits(sc_span text, bool *bare)
{
    text = sc_trim(sc_span_from(sc_ltrim(text), 5));
    size_t n = 0;
    while (n < text.n && (sc_is_hex(text.p[n]) || text.p[n] == '`')) n++;
    *bare = n == text.n;
    return n;
}

/* Reads ArgN lines from line `at` on; returns the index behind the last one, or `at` when there is none. Debuggers
 * print 8 or 16 digits, for all four as many: a value that has less where its line ends is cut, and not kept. */
static size_t read_args(const sc_line *lines, size_t n, size_t at, sc_identity *out)
{
    size_t end = at, lowest = 0, widest = 0, digits[4] = {0};
    uint64_t values[4] = {0};
    bool seen[4] = {false}, bare[4] = {false};
    uint32_t told = 0;
    int other = 0;
    for (size_t i = at; i < n && lowest < 4 && other < MAX_ARG_LINES; i = next_text(lines, n, i)) {
        size_t index;
        sc_span words;
        uint64_t value;
        if (!read_arg(lines[i].text, &index, &value, &words) || index < lowest) {
            if (sc_find(lines[i].text, "kd>") != SC_NPOS) break;
            other++;
            continue;
        }
        seen[index] = true;
        values[index] = value;
        digits[index] = count_digits(lines[i].text, &bare[index]);
        if (digits[index] > widest) widest = digits[index];
        if (!told) told = code_of_words(index, words);
        lowest = index + 1;
        end = i + 1;
        other = 0;
    }
    for (size_t i = 0; i < 4; i++) {
        bool last = i + 1 == lowest && next_text(lines, n, end - 1) >= n; /* of the text */
        bool odd = digits[i] != 8 && digits[i] != 16 && digits[i] != 17;
        bool cut = bare[i] && (digits[i] + 1 < widest || (last && odd)); /* a backtick is one more */
        if (seen[i] && !cut) set_arg(out, i, values[i]);
    }
    if (told && !out->has_code) set_code(out, told, SC_SOURCE_ANALYZE);
    return end;
}

static size_t count_args(const sc_identity *id)
{
    return (size_t)id->known[0] + id->known[1] + id->known[2] + id->known[3];
}

/* The tail of a header: `Arguments:` or two Arg lines. One alone may be a sentence (seed 004). */
static bool read_tail(const sc_line *lines, size_t n, sc_identity *out)
{
    size_t first = 0;
    bool headed = sc_eq_z(sc_trim(lines[0].text), "Arguments:");
    if (headed) first = next_text(lines, n, 0);
    size_t end = read_args(lines, n, first, out);
    if (end == first || (!headed && count_args(out) < 2)) return false;
    out->source = SC_SOURCE_ANALYZE;
    out->n_lines = end;
    return true;
}

/* ---- NAME (7f) ---- */

static bool is_name_char(char c)
{
    return (c >= 'A' && c <= 'Z') || sc_is_digit(c) || c == '_';
}

/* `NAME (hex)` that ends at or before `end` of `text`; *start is where the name begins. */
static bool read_header(sc_span text, sc_span *name, uint32_t *code)
{
    size_t tail = text.n > 12 ? text.n - 12 : 0; /* "(0x12345678)": no longer, however long the line is */
    size_t open = sc_rfind_char(sc_span_from(text, tail), '(');
    if (open == SC_NPOS) return false;
    open += tail;
    sc_span inside = sc_span_sub(text, open + 1, text.n - 1);
    uint64_t v;
    sc_scan c = sc_scan_of(inside);
    if (!sc_hex(&c, &v) || c.p != c.end || !v || v > UINT32_MAX) return false;
    sc_span head = sc_rtrim(sc_span_sub(text, 0, open));
    size_t start = head.n;
    bool underscore = false;
    while (start > 0 && head.n - start < MAX_NAME && is_name_char(head.p[start - 1])) {
        start--;
        if (head.p[start] == '_') underscore = true;
    }
    *name = sc_span_from(head, start);
    *code = (uint32_t)v;
    return underscore && name->n >= 6 && sc_is_alpha(name->p[0]) && (start == 0 || !sc_is_word(head.p[start - 1]));
}

bool sc_bugcheck_header(sc_span line, sc_span *name, uint32_t *code)
{
    sc_span text = sc_trim(line);
    if (text.n < 8 || text.p[text.n - 1] != ')' || !sc_is_alpha(text.p[0])) return false;
    if (sc_starts(text, "Unknown bugcheck code (")) {
        uint64_t v;
        sc_scan c = sc_scan_of(sc_span_from(text, 23));
        *name = (sc_span){0};
        if (!sc_hex(&c, &v) || !sc_lit(&c, ")") || !v || v > UINT32_MAX) return false;
        *code = (uint32_t)v;
        return true;
    }
    return read_header(text, name, code) && name->p == text.p;
}

static bool read_named(const sc_line *lines, size_t n, sc_identity *out)
{
    sc_span name;
    uint32_t code;
    if (!sc_bugcheck_header(lines[0].text, &name, &code)) return false;
    size_t i = next_text(lines, n, 0);
    for (int seen = 0; i < n && seen < MAX_HEADER_LINES; seen++, i = next_text(lines, n, i)) {
        sc_span text = sc_ltrim(lines[i].text), other;
        uint32_t other_code;
        if (sc_starts(text, "Arg") && sc_find_char(text, ':') == 4) {
            if (!set_code(out, code, SC_SOURCE_ANALYZE)) return false;
            size_t end = read_args(lines, n, i, out);
            if (end == i) return false;
            out->n_lines = end;
            return true;
        }
        if (sc_find(text, "kd>") != SC_NPOS || sc_bugcheck_header(text, &other, &other_code)) return false;
    }
    return false;
}

/* A whole !analyze on one line: `... NAME (7f) This means ... Arguments: Arg1: 8, ... Arg2: ...` */
static bool read_flat(sc_span text, sc_identity *out)
{
    size_t first = sc_find(text, "Arg1:");
    if (first == SC_NPOS || sc_find(sc_span_from(text, first), "Arg2:") == SC_NPOS) return false;
    for (size_t close = sc_find_char(text, ')'); close != SC_NPOS && close < first;) {
        sc_span name;
        uint32_t code;
        if (read_header(sc_span_sub(text, 0, close + 1), &name, &code) && set_code(out, code, SC_SOURCE_ANALYZE)) break;
        size_t next = sc_find_char(sc_span_from(text, close + 1), ')');
        close = next == SC_NPOS ? SC_NPOS : close + 1 + next;
    }
    uint32_t told = 0;
    for (sc_span rest = sc_span_from(text, first);;) {
        size_t index;
        uint64_t value;
        sc_span words;
        if (read_arg(rest, &index, &value, &words)) {
            set_arg(out, index, value);
            if (!told) told = code_of_words(index, words);
        }
        size_t next = sc_find(sc_span_from(rest, 3), "Arg");
        if (next == SC_NPOS) break;
        rest = sc_span_from(rest, 3 + next);
    }
    if (!out->has_code && told) set_code(out, told, SC_SOURCE_ANALYZE);
    out->source = SC_SOURCE_ANALYZE;
    out->n_lines = 1;
    return count_args(out) >= 2;
}

/* ---- BugCheck X, {..} ---- */

static bool read_braces(sc_span text, sc_identity *out)
{
    size_t at = sc_ifind(text, "bugcheck ");
    if (at == SC_NPOS) return false;
    sc_scan c = sc_scan_of(sc_span_from(text, at + 9));
    uint64_t code;
    if (!sc_hex(&c, &code)) return false;
    sc_lit(&c, ",");
    if (!sc_lit(&c, "{") || !read_list(&c, '}', out) || !set_code(out, code, SC_SOURCE_LINE)) return false;
    out->n_lines = 1;
    return true;
}

/* ---- .bugcheck, !analyze's labels, key and value ---- */

static bool read_dot_bugcheck(const sc_line *lines, size_t n, sc_identity *out)
{
    sc_scan c = sc_scan_of(lines[0].text);
    uint64_t code;
    if (!sc_ilit(&c, "Bugcheck code")) return false;
    if (sc_lit(&c, ":")) { /* a crash viewer's line, with its parameters behind it */
        if (!sc_hex(&c, &code) || !sc_lit(&c, "(") || !read_list(&c, ')', out)) return false;
        out->n_lines = 1;
        return set_code(out, code, SC_SOURCE_EVENT);
    }
    sc_blanks(&c);
    const char *start = c.p;
    if (!sc_hex(&c, &code) || c.p - start != 8) return false;
    size_t i = 0; /* of the arguments: the code's own line when that is flattened */
    if (sc_at_end(&c)) {
        i = next_text(lines, n, 0);
        if (i < n) c = sc_scan_of(lines[i].text);
    }
    bool argued = sc_lit(&c, "Arguments");
    if ((!i && !argued) || !set_code(out, code, SC_SOURCE_LINE)) return false;
    out->n_lines = 1;
    if (!argued) return true;
    uint64_t v;
    int digits, width = 0;
    size_t args = 0;
    sc_identity shown = *out;
    for (; args < 4 && sc_addr(&c, &v, &digits) && (!width || digits == width); args++) {
        set_arg(&shown, args, v);
        width = digits;
    }
    /* eight digits may be the first half of sixteen, unless all four are that short */
    if (width == 16 || args == 4) *out = shown;
    out->n_lines = i + 1;
    return true;
}

static bool read_p(sc_span text, size_t *index, uint64_t *value)
{
    sc_scan c = sc_scan_of(sc_ltrim(text));
    uint64_t n;
    if (!sc_lit(&c, "BUGCHECK_P") || !sc_dec(&c, &n) || n < 1 || n > 4 || !sc_lit(&c, ":") || !sc_hex(&c, value))
        return false;
    *index = (size_t)n - 1;
    return true;
}

/* In the paste's last line digits may be missing: only 0 and 16 digits are whole for certain. */
static bool may_be_cut(sc_span text)
{
    sc_span digits = sc_trim(sc_span_from(text, sc_find_char(text, ':') + 1));
    return !sc_eq_z(digits, "0") && digits.n != 16;
}

static bool read_labels(const sc_line *lines, size_t n, sc_identity *out)
{
    sc_scan c = sc_scan_of(sc_ltrim(lines[0].text));
    uint64_t code, value;
    size_t index;
    out->source = SC_SOURCE_ANALYZE;
    out->n_lines = 1;
    if (sc_lit(&c, "BUGCHECK_STR:")) { /* 0x7f_8, LKD_0x144_..: up to the underscore; AV says nothing */
        sc_lit(&c, "LKD_");
        sc_blanks(&c);
        if (!sc_starts(sc_rest(&c), "0x") || !sc_hex(&c, &code)) return false;
        return set_code(out, code, SC_SOURCE_ANALYZE);
    }
    bool head = sc_lit(&c, "BUGCHECK_CODE:");
    if (head && (!sc_hex(&c, &code) || !set_code(out, code, SC_SOURCE_ANALYZE))) return false;
    if (!head && !read_p(lines[0].text, &index, &value)) return false;
    for (size_t i = head ? next_text(lines, n, 0) : 0; i < n && read_p(lines[i].text, &index, &value);
         i = next_text(lines, n, i)) {
        out->n_lines = i + 1;
        if (head && next_text(lines, n, i) >= n && may_be_cut(lines[i].text)) break;
        set_arg(out, index, value);
    }
    return true;
}

/* `Key  : Bugcheck.Code.LegacyAPI` with `Value: 0x9f` below it. */
static bool read_key(const sc_line *lines, size_t n, sc_identity *out)
{
    sc_scan c = sc_scan_of(lines[0].text);
    uint64_t code;
    if (!sc_lit(&c, "Key") || !sc_lit(&c, ":") || !sc_lit(&c, "Bugcheck.Code.")) return false;
    sc_span where = sc_trim(sc_rest(&c)); /* there is a Register too, which holds what was left in one */
    if (!sc_eq_z(where, "LegacyAPI") && !sc_eq_z(where, "TargetModel") && !sc_eq_z(where, "DumpHeader") &&
        !sc_eq_z(where, "KiBugCheckData"))
        return false;
    size_t i = next_text(lines, n, 0);
    if (i >= n) return false;
    c = sc_scan_of(lines[i].text);
    if (!sc_lit(&c, "Value") || !sc_lit(&c, ":") || !sc_hex(&c, &code) || !set_code(out, code, SC_SOURCE_ANALYZE))
        return false;
    out->n_lines = i + 1;
    return true;
}

/* ---- Stop screen and event log ---- */

static bool read_stop(const sc_line *lines, size_t n, sc_identity *out)
{
    sc_span text = sc_ltrim(lines[0].text);
    size_t stars = sc_find(text, "*** STOP:"); /* "Technical information: *** STOP: 0x0000007B (...)" */
    text = sc_span_from(text, stars == SC_NPOS ? 0 : stars);
    while (text.n && text.p[0] == '*') text = sc_span_from(text, 1);
    sc_scan c = sc_scan_of(text);
    uint64_t code;
    bool fatal = sc_ilit(&c, "Fatal System Error:");
    if (!fatal && (!sc_ilit(&c, "STOP") || c.p == c.end || !(sc_lit(&c, ":") || sc_is_blank(*c.p)))) return false;
    sc_blanks(&c);
    if (!sc_starts(sc_rest(&c), "0x") || !sc_hex(&c, &code)) return false;
    out->n_lines = 1;
    if (sc_lit(&c, "(") || (sc_lit(&c, ",") && sc_lit(&c, "("))) {
        if (!read_list(&c, ')', out)) return false;
        return set_code(out, code, SC_SOURCE_LINE);
    }
    size_t i = next_text(lines, n, 0);
    if (fatal && i < n) {
        c = sc_scan_of(lines[i].text);
        if (sc_lit(&c, "(") && read_list(&c, ')', out)) out->n_lines = i + 1;
    }
    return fatal && set_code(out, code, SC_SOURCE_LINE); /* "Stop 0x7f ..." without its parameters may be prose */
}

static bool read_event_1001(sc_span text, sc_identity *out)
{
    size_t at = sc_find(text, "bugcheck was:");
    if (at == SC_NPOS) return false;
    sc_scan c = sc_scan_of(sc_span_from(text, at + 13));
    uint64_t code;
    if (!sc_hex(&c, &code) || !set_code(out, code, SC_SOURCE_EVENT)) return false;
    if (sc_lit(&c, "(")) read_list(&c, ')', out);
    out->n_lines = 1;
    return true;
}

/* The number behind a field's name: `BugcheckCode 278`, `Name="BugcheckCode">278<`, `Parameter 1 : 0000`. */
static bool read_field(sc_span text, const char *name, bool decimal, uint64_t *value)
{
    size_t at = sc_find(text, name);
    if (at == SC_NPOS) return false;
    sc_scan c = sc_scan_of(sc_span_from(text, at + strlen(name)));
    while (c.p < c.end && (sc_is_blank(*c.p) || *c.p == '"' || *c.p == '>' || *c.p == ':' || *c.p == '=')) c.p++;
    if (c.end - c.p > 1 && c.p[0] == '0' && sc_lower(c.p[1]) == 'x') decimal = false;
    return decimal ? sc_dec(&c, value) : sc_hex(&c, value);
}

static bool read_fields(const sc_line *lines, size_t n, sc_identity *out)
{
    static const char *const event[] = {"BugcheckParameter1", "BugcheckParameter2", "BugcheckParameter3",
                                        "BugcheckParameter4"};
    static const char *const viewer[] = {"Parameter 1", "Parameter 2", "Parameter 3", "Parameter 4"};
    uint64_t code, value;
    bool is_event = read_field(lines[0].text, "BugcheckCode", true, &code);
    if (!is_event && (!sc_starts(sc_ltrim(lines[0].text), "Bug Check Code") ||
                      !read_field(lines[0].text, "Bug Check Code", false, &code)))
        return false;
    if (!set_code(out, code, SC_SOURCE_EVENT)) return false;
    out->n_lines = 1;
    size_t i = 0;
    for (int k = 0; k < 5 && i < n; k++, i = next_text(lines, n, i)) {
        for (size_t arg = 0; arg < 4; arg++)
            if (read_field(lines[i].text, is_event ? event[arg] : viewer[arg], false, &value)) {
                set_arg(out, arg, value);
                out->n_lines = i + 1;
            }
    }
    return true;
}

/* ---- Header of a dump ---- */

/* The words of some lines, one after the other: a flattened header that was wrapped breaks anywhere. */
typedef struct words {
    const sc_line *lines;
    size_t n, at, limit; /* lines, the one that is read, and how many with text may follow */
    sc_scan scan;
} words;

static bool next_word(words *w, sc_span *word)
{
    while (!sc_word(&w->scan, word)) {
        size_t next = next_text(w->lines, w->n, w->at);
        if (next >= w->n || !w->limit--) return false;
        w->at = next;
        w->scan = sc_scan_of(w->lines[next].text);
    }
    return true;
}

/* The number behind a label. Dots or a colon may stand between: `BugCheckCode . . . . .0xc000021a` */
static bool next_number(words *w, uint64_t *value, int *digits)
{
    for (sc_span word; next_word(w, &word);) {
        while (word.n && (word.p[0] == '.' || word.p[0] == ':')) word = sc_span_from(word, 1);
        if (word.n) return sc_span_addr(word, value, digits);
    }
    return false;
}

/* `BugCheckCode` and the four parameters below it, or behind it. A header that was never filled in holds letters. */
static bool read_dump_code(words w, sc_identity *out)
{
    static const char *const names[] = {"BugCheckParameter1", "BugCheckParameter2", "BugCheckParameter3",
                                        "BugCheckParameter4"};
    enum {
        PAGE = 0x45474150,
        MATT = 0x5454414d
    }; /* the filler of dumps, and the mark of tools that dump a live system */
    uint64_t code, value;
    int digits, width = 0;
    sc_span word = {0};
    while (!sc_starts(word, "BugCheckCode"))
        if (!next_word(&w, &word) || sc_find(word, "kd>") != SC_NPOS) return false;
    if (!sc_eq_z(word, "BugCheckCode") || !next_number(&w, &code, &digits) || digits != 8) return false;
    if (code == PAGE || code == MATT || !set_code(out, code, SC_SOURCE_HEADER)) return false;
    out->n_lines = w.at + 1;
    sc_identity shown = *out;
    w.limit = 2 * MAX_BLANK_LINES;
    for (size_t arg = 0; arg < 4; arg++) {
        if (!next_word(&w, &word)) break; /* the text is cut */
        if (!sc_starts(word, "BugCheckParameter")) {
            if (!arg) return false; /* a sentence */
            break;
        }
        if (!sc_starts(word, names[arg]) || !next_number(&w, &value, &digits)) break;
        if (width && digits != width) break; /* the number is cut */
        width = digits;
        set_arg(&shown, arg, value);
        out->n_lines = shown.n_lines = w.at + 1;
    }
    /* eight digits may be the first half of sixteen, unless all four are that short */
    if (width == 16 || shown.known[3]) *out = shown;
    return true;
}

static bool opens_dump_header(sc_span text)
{
    return text.p[0] == 'D' ? sc_starts(text, "DUMP_HEADER64:") || sc_starts(text, "DUMP_HEADER32:")
                            : sc_starts(text, "-----") && sc_find(text, " bit Kernel ") != SC_NPOS &&
                                  sc_find(text, "Dump Analysis") != SC_NPOS;
}

/* `!analyze -show 0x9F 3` prints the page of a bug check that did not happen: told by nobody, but skipped whole. */
static bool skip_show(const sc_line *lines, size_t n, sc_identity *out)
{
    size_t at = sc_find(lines[0].text, "!analyze -show");
    if (at == SC_NPOS) return false;
    sc_identity ignored = {0};
    out->n_lines = 1;
    size_t i = next_text(lines, n, 0);
    for (int seen = 0; i < n && seen < MAX_HEADER_LINES; seen++, i = next_text(lines, n, i)) {
        if (sc_find(lines[i].text, "kd>") != SC_NPOS) break;
        if (!sc_starts(sc_ltrim(lines[i].text), "Arg1:")) continue;
        out->n_lines = read_args(lines, n, i, &ignored);
        break;
    }
    return true;
}

static bool read_any(const sc_line *lines, size_t n, sc_identity *out)
{
    sc_span text = sc_ltrim(lines[0].text);
    char first = text.p[0];
    if (first == 'A' && sc_starts(text, "Arg") && read_tail(lines, n, out)) return true;
    if (first == 'B' && sc_starts(text, "BUGCHECK_")) return read_labels(lines, n, out);
    if (first == 'B' && read_dot_bugcheck(lines, n, out)) return true;
    if (first == 'K' && sc_starts(text, "Key")) return read_key(lines, n, out);
    if ((first == '*' || sc_lower(first) == 's' || sc_find(text, "*** STOP:") != SC_NPOS) && read_stop(lines, n, out))
        return true;
    *out = (sc_identity){0};
    if (text.p[text.n - 1] == ')' && read_named(lines, n, out)) return true;
    *out = (sc_identity){0};
    if (sc_find_char(text, '{') != SC_NPOS && read_braces(text, out)) return true;
    *out = (sc_identity){0};
    if (sc_find(text, "Arg1:") != SC_NPOS && read_flat(text, out)) return true;
    *out = (sc_identity){0};
    if (sc_find(text, "bugcheck was") != SC_NPOS) return read_event_1001(text, out);
    bool field = sc_find(text, "heckCode") != SC_NPOS;
    /* from its first line on: another dump's header begins another crash there, not in its middle */
    bool header = (first == 'D' || first == '-') && opens_dump_header(text);
    words w = {.lines = lines, .n = n, .limit = header ? MAX_DUMP_LINES : 0, .scan = sc_scan_of(text)};
    if ((field || header) && read_dump_code(w, out)) return true;
    *out = (sc_identity){0};
    if (field || sc_starts(text, "Bug Check Code")) return read_fields(lines, n, out);
    return sc_find(text, "-show") != SC_NPOS && skip_show(lines, n, out);
}

bool sc_identity_read(const sc_knowledge *k, const sc_line *lines, size_t n, sc_identity *out)
{
    (void)k; /* the forms tell the code as a number; names without one are prose */
    *out = (sc_identity){0};
    if (!n || sc_ltrim(lines[0].text).n < 4) return false;
    if (read_any(lines, n, out)) return true;
    *out = (sc_identity){0};
    return false;
}

/* A 32-bit value and its sign extension are the same: BUGCHECK_P3: ffffffffb0e04a40 is Arg3: b0e04a40. */
static bool same_value(uint64_t a, uint64_t b)
{
    return a == b || ((a ^ b) == 0xffffffff00000000u && (a & 0x80000000u));
}

bool sc_identity_conflicts(const sc_identity *a, const sc_identity *b)
{
    if (a->has_code && b->has_code && a->code != b->code) return true;
    for (int i = 0; i < 4; i++)
        if (a->known[i] && b->known[i] && !same_value(a->arg[i], b->arg[i])) return true;
    return false;
}
