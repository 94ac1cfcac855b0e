/* Debugger prompts.
 *
 *     3: kd> k            lkd> !irp x          0: kd:x86> kb       16.0: kd:x86> r     ||0:0: kd> |
 *     0:000> k            # 3: kd> k           > 3: kd> k          3: kd>.cls          0: Kd> lm
 */
#include "engine/transcript/transcript.h"

/* Decimal digits at the start of *s, at most four of them: taken off. */
static bool take_number(sc_span *s, int *value, size_t *digits)
{
    size_t n = 0;
    int v = 0;
    while (n < s->n && n < 5 && sc_is_digit(s->p[n])) v = v * 10 + (s->p[n++] - '0');
    if (n == 0 || n == 5) return false;
    *s = sc_span_from(*s, n);
    *value = v;
    *digits = n;
    return true;
}

static bool take(sc_span *s, char c)
{
    if (!s->n || s->p[0] != c) return false;
    *s = sc_span_from(*s, 1);
    return true;
}

/* What stands behind the processor: `kd>`, `lkd>`, `kd:x86>`. */
static bool take_kd(sc_span *s)
{
    sc_span rest = *s;
    if (rest.n && (rest.p[0] == 'l' || rest.p[0] == 'L')) rest = sc_span_from(rest, 1);
    if (!sc_istarts(rest, "kd")) return false;
    rest = sc_span_from(rest, 2);
    if (take(&rest, ':')) { /* the mode of the processor */
        size_t n = 0;
        while (n < rest.n && sc_is_word(rest.p[n])) n++;
        if (n == 0 || n > 12) return false;
        rest = sc_span_from(rest, n);
    }
    if (!take(&rest, '>')) return false;
    *s = rest;
    return true;
}

/* `3: kd>`, `16.0: kd>`, `kd>`. */
static bool kernel_prompt(sc_span *s, int *processor, bool *numbered)
{
    sc_span rest = *s;
    int value = -1, minor;
    size_t digits;
    *numbered = take_number(&rest, &value, &digits);
    if (*numbered) {
        if (take(&rest, '.') && !take_number(&rest, &minor, &digits)) return false;
        if (!take(&rest, ':')) return false;
        rest = sc_ltrim(rest);
    }
    if (!take_kd(&rest)) return false;
    *processor = value;
    *s = rest;
    return true;
}

/* `0:000>`, `0:000:x86>`: process and thread; the thread has three digits or more. */
static bool user_prompt(sc_span *s)
{
    sc_span rest = *s;
    int value;
    size_t digits;
    if (!take_number(&rest, &value, &digits) || !take(&rest, ':')) return false;
    if (!take_number(&rest, &value, &digits) || digits < 3) return false;
    if (take(&rest, ':')) {
        size_t n = 0;
        while (n < rest.n && n < 12 && sc_is_word(rest.p[n])) n++;
        if (n == 0 || sc_is_digit(rest.p[0])) return false;
        rest = sc_span_from(rest, n);
    }
    if (!take(&rest, '>')) return false;
    *s = rest;
    return true;
}

/* The command without its comment, which starts at `//` or `$$` behind a blank, or at `*` where a command would start:
 * elsewhere that multiplies or is a wildcard. `$$<` and `$$>` run scripts. */
static sc_span without_comment(sc_span s)
{
    s = sc_trim(s);
    bool start = true; /* of a command: only blanks since the last semicolon */
    for (size_t i = 0; i < s.n; i++) {
        sc_span rest = sc_span_from(s, i);
        bool apart = i == 0 || sc_is_blank(s.p[i - 1]) || s.p[i - 1] == ';';
        bool script = sc_starts(rest, "$$<") || sc_starts(rest, "$$>");
        if ((start && s.p[i] == '*') || (apart && !script && (sc_starts(rest, "//") || sc_starts(rest, "$$")))) {
            s = sc_rtrim(sc_span_sub(s, 0, i));
            while (s.n && s.p[s.n - 1] == ';') s = sc_rtrim(sc_span_sub(s, 0, s.n - 1));
            return s;
        }
        start = s.p[i] == ';' || (start && sc_is_blank(s.p[i]));
    }
    return s;
}

/* "kd> is what the debugger shows": four plain words or more, and no command begins so. Only asked where the prompt has
 * no processor to its name. */
static bool is_sentence(sc_span s)
{
    static const char *const commands[] = {"lm", "dx", "dt", "bp", "bu", "bm", "sx"};
    if (!s.n || !sc_is_alpha(s.p[0])) return false;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (sc_istarts(s, commands[i])) return false;
    size_t words = 0;
    for (size_t at = 0; at < s.n && words < 4; words++) {
        size_t end = at;
        while (end < s.n && sc_is_alpha(s.p[end])) end++;
        if (end == at) return false;
        while (end < s.n && (s.p[end] == ',' || s.p[end] == '.' || s.p[end] == '\'')) end++;
        if (end < s.n && !sc_is_blank(s.p[end])) return false;
        while (end < s.n && sc_is_blank(s.p[end])) end++;
        at = end;
    }
    return words == 4;
}

bool sc_prompt_read(sc_span line, sc_prompt *p)
{
    sc_span s = sc_ltrim(line);
    if (s.n < 3) return false;
    char first = s.p[0]; /* most lines end here */
    if (!sc_is_digit(first) && first != 'k' && first != 'K' && first != 'l' && first != 'L' && first != '|' &&
        first != '#' && first != '>')
        return false;
    for (int i = 0; i < 8 && s.n && (s.p[0] == '#' || s.p[0] == '>'); i++) s = sc_ltrim(sc_span_from(s, 1));

    int processor = -1, value;
    size_t digits;
    bool numbered = false, user = false;
    if (sc_starts(s, "||")) { /* several dumps at once: the system, then an ordinary prompt */
        s = sc_span_from(s, 2);
        if (!take_number(&s, &value, &digits) || !take(&s, ':')) return false;
        s = sc_ltrim(s);
    }
    if (!kernel_prompt(&s, &processor, &numbered)) {
        if (!user_prompt(&s)) return false;
        /* a user-mode debugger that controls a kernel one: `0:000>0: kd> !process 0 0`, the first part also twice
         * [samples process--getting-started-...-217, thread--getting-started-...-244] */
        sc_span behind = sc_ltrim(s);
        for (int i = 0; i < 4 && user_prompt(&behind); i++) behind = sc_ltrim(behind);
        user = !kernel_prompt(&behind, &processor, &numbered);
        if (!user) s = behind;
    }
    sc_span command = without_comment(s);
    if (!numbered && !user && is_sentence(command)) return false;
    *p = (sc_prompt){.command = command, .processor = processor, .user_mode = user};
    return true;
}
