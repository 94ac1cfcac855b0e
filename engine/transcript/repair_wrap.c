/* Lines that belong together: rows that mail or a narrow window cut in two, and rows that a message was printed into.
 *
 * Nothing is joined on looks alone. A row is joined with the next line when it is not whole without it (no symbol
 * behind its addresses, no closing brace) and whole with it; a row cut within its symbol only where the whole paste was
 * cut at one column, or where the rest cannot be anything else ("+0x1f"). Prose is never joined.
 */
#include "engine/transcript/repair.h"

#include <string.h>

#define MAX_JOINED 500u /* no row of output is longer that wraps at all */
#define MAX_PARTS 6     /* ... nor cut more often */
#define MAX_FLAT 4096u  /* a whole !vm in one line */

/* A row of a stack, taken apart: [no.] [bytes] address... [: address...] [: symbol]. */
typedef struct stack_row {
    int before, args, colons; /* addresses before the first colon, behind it, and colons */
    bool partial;             /* ends in a piece of an address */
    bool symbol;
    bool bad; /* no such row */
} stack_row;

static bool partial_address(sc_span word)
{
    if (!word.n || word.n > 17) return false;
    for (size_t i = 0; i < word.n; i++)
        if (!sc_is_hex(word.p[i]) && !(word.p[i] == '`' && i <= 8)) return false;
    return true;
}

/* `nt!`, `Wdf01000!FxMemoryBuffer::`scalar`: a symbol that a blank or the wrap cut. */
static bool symbol_begins(sc_span word)
{
    size_t at = 0;
    while (at < word.n && sc_is_word(word.p[at])) at++;
    return at && at < word.n && word.p[at] == '!';
}

static stack_row read_row(sc_span s)
{
    stack_row row = {0};
    for (int i = 0;; i++) {
        s = sc_ltrim(s);
        if (!s.n) return row;
        size_t n = 0;
        while (n < s.n && !sc_is_blank(s.p[n])) n++;
        sc_span word = sc_span_sub(s, 0, n);
        if (row.partial) { /* only the last word may be one */
            row.bad = true;
            return row;
        }
        bool address = row.colons < 2 && sc_shape_address(s) == n; /* 0x7799161a is a symbol, behind the arguments */
        if (address) {
            if (row.colons)
                row.args++;
            else
                row.before++;
        } else if (n == 1 && word.p[0] == ':') {
            row.colons++;
        } else if (i < 2 && !row.before && n <= 5 && n < s.n && partial_address(word)) {
            /* the frame's number, the bytes of kf */
        } else if (sc_shape_symbol(s) || symbol_begins(word) || (row.colons == 2 && sc_starts(s, "0x"))) {
            row.symbol = true;
            return row;
        } else if (row.before && partial_address(word)) {
            row.partial = true;
        } else {
            row.bad = true;
            return row;
        }
        s = sc_span_from(s, n);
    }
}

static bool row_whole(stack_row row)
{
    if (row.bad || row.partial || !row.symbol) return false;
    if (row.colons == 2) return row.args == 4 && (row.before == 1 || row.before == 2);
    return row.colons == 0 && (row.before == 2 || row.before == 5);
}

/* A row whose symbol, and perhaps arguments, are missing. */
static bool row_unfinished(stack_row row)
{
    if (row.bad || row.symbol || !row.before) return false;
    if (row.colons) return row.colons <= 2 && row.before <= 2 && row.args <= 4 && (row.colons == 1 || row.args == 4);
    return row.before <= 5;
}

static sc_span first_word(sc_span s)
{
    s = sc_ltrim(s);
    size_t n = 0;
    while (n < s.n && !sc_is_blank(s.p[n])) n++;
    return sc_span_sub(s, 0, n);
}

static sc_span last_word(sc_span s)
{
    s = sc_rtrim(s);
    size_t at = s.n;
    while (at && !sc_is_blank(s.p[at - 1])) at--;
    return sc_span_from(s, at);
}

static bool one_word(sc_span s)
{
    return first_word(s).n == sc_trim(s).n;
}

/* A symbol and nothing else but what stands behind one in a frame. "nt!Foo+0x63:" is a header. */
static bool lone_symbol(sc_span s)
{
    s = sc_trim(s);
    size_t n = sc_shape_symbol(s);
    if (!n || s.p[n - 1] == ':') return false;
    sc_span rest = sc_ltrim(sc_span_from(s, n));
    return !rest.n || rest.p[0] == '(' || rest.p[0] == '[';
}

/* `{8, 80050033, 406f8,` or `(0x1,0x2`: numbers behind an opening bracket that nothing closes. */
static bool list_open(sc_span s)
{
    s = sc_rtrim(s);
    bool bugcheck = sc_starts(sc_ltrim(s), "BugCheck ");
    if (bugcheck && sc_ends(s, ",") && sc_find_char(s, '{') == SC_NPOS) return true;
    size_t at = s.n;
    while (at && (sc_is_hex(s.p[at - 1]) || strchr(", xX`", s.p[at - 1]))) at--;
    if (!at || at == s.n) return false;
    if (s.p[at - 1] == '{') return bugcheck;
    sc_span list = sc_span_from(s, at);
    return s.p[at - 1] == '(' && sc_starts(list, "0x") && sc_find_char(list, ',') != SC_NPOS;
}

static bool list_continues(sc_span s)
{
    s = sc_trim(s);
    size_t at = s.n && s.p[0] == '{';
    while (at < s.n && (sc_is_hex(s.p[at]) || strchr(", xX`", s.p[at]))) at++;
    return at > 0 && (at == s.n || s.p[at] == '}' || s.p[at] == ')');
}

/* The bracket that opens behind a row's symbol and is not closed, or 0. */
static char open_bracket(sc_span s)
{
    size_t square = sc_rfind_char(s, '['), round = sc_rfind_char(s, '(');
    if (square != SC_NPOS && sc_find_char(sc_span_from(s, square), ']') == SC_NPOS) return '[';
    if (round != SC_NPOS && sc_find_char(sc_span_from(s, round), ')') == SC_NPOS) return '(';
    return 0;
}

/* What stands behind a frame or a jump, on its own: (TrapFrame @ A), (FPO: [0,0,0]), [file @ 12], (A), (A)]. */
static bool is_attribute(sc_span s)
{
    if (s.n < 3) return false;
    if (s.p[0] == '[' && s.p[s.n - 1] == ']') return sc_find(s, " @ ") != SC_NPOS;
    if (sc_starts(s, "(TrapFrame @") || sc_starts(s, "(FPO: ") || sc_starts(s, "(CONV: ")) return true;
    size_t n = s.p[0] == '(' ? sc_shape_address(sc_span_from(s, 1)) : 0;
    if (!n) return false;
    sc_span rest = sc_span_from(s, 1 + n); /* the bracket may be lost: seed 002 */
    return !rest.n || sc_eq_z(rest, ")") || sc_eq_z(rest, ")]");
}

/* ... and behind a module in lm: (no symbols), (export symbols) x.sys, (pdb symbols) path. */
static bool status_continues(sc_span s, sc_span next)
{
    if (read_row(s).before != 2 || sc_find_char(s, '!') != SC_NPOS) return false;
    if (sc_ends(s, "symbols)")) return one_word(next) && sc_find_char(next, '.') != SC_NPOS;
    if (sc_starts(next, "symbols)")) return sc_ends(s, "(no") || sc_ends(s, "(export") || sc_ends(s, "pdb");
    if (sc_starts(next, "pdb symbols)")) return sc_ends(s, "(private");
    return sc_starts(next, "(no symbols)") || sc_starts(next, "(deferred)") || sc_starts(next, "(export symbols)") ||
           sc_starts(next, "(pdb symbols)") || sc_starts(next, "(private pdb symbols)");
}

/* The flags at the end of an IRP's stack location: ... A-A    Success Error Cancel pending. */
static bool flags_continue(sc_span s, sc_span next)
{
    sc_span last = last_word(s);
    if (!sc_eq_z(last, "Success") && !sc_eq_z(last, "Error") && !sc_eq_z(last, "Cancel") &&
        !(last.n >= 17 && last.n <= 35 && sc_find_char(last, '-') == last.n / 2))
        return false;
    for (sc_span word; next.n; next = sc_ltrim(sc_span_from(next, word.n))) {
        word = first_word(next);
        if (!sc_eq_z(word, "Success") && !sc_eq_z(word, "Error") && !sc_eq_z(word, "Cancel") &&
            !sc_eq_z(word, "pending"))
            return false;
    }
    return true;
}

/* Inside (FPO: ...), (CONV: ...) or (TrapFrame @ A). */
static bool inside_attribute(sc_span s)
{
    size_t open = sc_rfind_char(s, '(');
    if (open == SC_NPOS) return false;
    s = sc_span_from(s, open);
    return sc_find_char(s, ')') == SC_NPOS &&
           (sc_starts(s, "(FPO:") || sc_starts(s, "(CONV:") || sc_starts(s, "(TrapFrame"));
}

static bool thread_state(sc_span s)
{
    static const char *const states[] = {"WAIT:",      "RUNNING",     "READY",     "STANDBY",
                                         "TERMINATED", "INITIALIZED", "TRANSITION"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (sc_find(s, states[i]) != SC_NPOS) return true;
    return false;
}

/* THREAD A  Cid p.t  Teb: A Win32Thread: A WAIT: (Executive) KernelMode Non-Alertable: 135 columns. */
static bool thread_continues(sc_span s, sc_span next)
{
    sc_span word = first_word(next);
    if (!thread_state(s))
        return sc_eq_z(word, "Cid") || sc_eq_z(word, "Teb:") || sc_eq_z(word, "Win32Thread:") || thread_state(word) ||
               (sc_ends(s, ":") && word.n && sc_shape_address(word) == word.n);
    if (sc_ends(s, "RUNNING")) return sc_starts(next, "on processor");
    if (sc_find(s, "WAIT:") == SC_NPOS || sc_find(s, "Alertable") != SC_NPOS) return false;
    if (sc_ends(s, "WAIT:")) return word.n && word.p[0] == '(';
    if (sc_ends(s, "Mode")) return sc_eq_z(word, "Alertable") || sc_eq_z(word, "Non-Alertable");
    return sc_eq_z(word, "KernelMode") || sc_eq_z(word, "UserMode");
}

/* Resource @ nt!IopDeviceTreeLock (0xfffff80003492ce0)    Shared 1 owning threads: 81 columns in seed 003. */
static bool lock_continues(sc_span s, sc_span next)
{
    sc_span last = last_word(s);
    if (sc_ends(s, "owning threads") || sc_eq_z(last, "owned") || sc_eq_z(last, "Available")) return false;
    if (sc_eq_z(last, "Exclusively")) return sc_eq_z(next, "owned");
    if (sc_eq_z(last, "owning")) return sc_eq_z(next, "threads");
    if (sc_find(s, " Shared") != SC_NPOS) return sc_ends(next, "owning threads") && next.n < 24;
    return sc_eq_z(next, "Exclusively owned") || sc_eq_z(next, "Available") ||
           (sc_starts(next, "Shared ") && sc_ends(next, "owning threads"));
}

/* `u` prints address, bytes, mnemonic, operands. */
static bool operand_continues(sc_span s, sc_span next)
{
    sc_span last = last_word(s);
    if (sc_eq_z(last, "ptr") || sc_ends(last, ","))
        return one_word(next) ? next.p[0] == '[' : next.p[0] == '[' && sc_ends(next, ")]");
    bool jump = last.n >= 2 && last.n <= 5 && (sc_eq_z(last, "call") || last.p[0] == 'j') &&
                sc_find_char(last, '!') == SC_NPOS;
    return jump && lone_symbol(next);
}

static bool message_continues(sc_span s, sc_span next)
{
    if (sc_starts(s, "*** ")) {
        if (sc_ends(s, " for")) return one_word(next) && sc_find_char(next, '.') != SC_NPOS;
        if (sc_find(s, " for ") != SC_NPOS || next.n > 120) return false;
        size_t hit = sc_find(next, "for ");
        return hit != SC_NPOS && hit < 64 && sc_find_char(first_word(sc_span_from(next, hit + 4)), '.') != SC_NPOS;
    }
    const char *end = sc_starts(s, "WARNING: Stack unwind") || sc_starts(s, "WARNING: Frame IP") ? "wrong."
                      : sc_starts(s, "Page ")                                                    ? "details"
                                                                                                 : NULL;
    return end && !sc_ends(s, end) && sc_ends(next, end) && next.n < 60;
}

/* Lines that start with a word of their own. */
static bool worded_continues(sc_span s, sc_span next)
{
    sc_span start = sc_ltrim(s);
    if (list_open(s)) return list_continues(next);
    if (sc_starts(start, "THREAD ")) return thread_continues(s, next);
    if (sc_starts(start, "Resource @ ")) return lock_continues(s, next);
    if (sc_starts(start, "[") || sc_starts(start, ">[")) return flags_continue(s, next);
    if (start.n == 5 && sc_starts(start, "Arg") && sc_shape_label(start)) {
        size_t address = sc_shape_address(next);
        return address && address == first_word(next).n;
    }
    if (sc_find(s, "Args to Child") != SC_NPOS && sc_find(s, "Call Site") == SC_NPOS)
        return sc_eq_z(next, ": Call Site") || sc_eq_z(next, "Call Site");
    if (sc_ends(s, ":") && sc_shape_label(s) && one_word(s)) /* a bucket's name is one long word */
        return one_word(next) && !sc_ends(next, ":") &&
               (sc_ends(s, "BUCKET_ID:") || sc_ends(s, "PROBLEM_CLASS:") || sc_ends(s, "HASH_STRING:"));
    if (sc_starts(start, "Wait Start TickCount") && next.p[0] == '(' && one_word(next))
        return sc_find(s, "Ticks: ") != SC_NPOS && sc_find_char(s, '(') == SC_NPOS;
    return false;
}

/* Rows that start with an address, other than whole stack frames. */
static bool addressed_continues(sc_span s, sc_span next)
{
    bool symbol = sc_find_char(s, '!') != SC_NPOS || sc_find(s, "+0x") != SC_NPOS;
    if (is_attribute(next)) return symbol;
    if (status_continues(s, next) || flags_continue(s, next)) return true;
    if (sc_starts(next, "?? ::") || sc_starts(next, "::")) return sc_ends(s, "!") || sc_ends(s, "! ??");
    if (sc_find(s, "irpStack:") != SC_NPOS && open_bracket(s) == 0) /* A [A] irpStack: ( e, 0)  A [ \Driver\x] */
        return sc_find(next, "irpStack:") == SC_NPOS && sc_find(next, "[ \\") != SC_NPOS && sc_find(s, "\\") == SC_NPOS;
    if (inside_attribute(s)) {
        size_t close = sc_find_char(next, ')');
        return close != SC_NPOS && close < 60;
    }
    if (sc_shape_row(next)) return false;
    if (next.p[0] == '[' && symbol && (one_word(next) || sc_ends(next, " @")))
        return sc_find_char(next, '\\') != SC_NPOS;
    char open = open_bracket(s);
    size_t end = open ? sc_find_char(next, open == '[' ? ']' : ')') : SC_NPOS;
    if (end != SC_NPOS && end < 200 && open == '[')
        return sc_find(next, "@ ") != SC_NPOS || sc_ends(s, "@") || next.p[0] == '\\';
    size_t tick = sc_rfind_char(s, '`'); /* FxMemoryBuffer::`scalar | deleting destructor'+0x3f */
    if (tick != SC_NPOS && tick && s.p[tick - 1] == ':' && sc_find_char(sc_span_from(s, tick), '\'') == SC_NPOS)
        return sc_find(next, "'+0x") != SC_NPOS;
    return operand_continues(s, next);
}

/* Stack rows are asked whole: whether the next line makes `s` a row that it was not. */
static bool row_continues(sc_span s, sc_span next, sc_span joined)
{
    stack_row row = read_row(s), more = read_row(joined);
    if (!row_unfinished(row)) return false;
    if (row_whole(more)) {
        if (row.colons || more.colons || row.partial) return true;
        if (row.before == 1) return false; /* a lone address is many things */
        return more.before == row.before ? lone_symbol(next) : read_row(next).before == more.before - row.before;
    }
    /* the third line may bring the symbol */
    return (row.colons || more.colons) && row_unfinished(more) && more.args > row.args && !row_whole(read_row(next)) &&
           read_row(next).before <= 4 - row.args + 1;
}

static sc_span glue(sc_repairing *r, sc_span s, const char *between, sc_span next)
{
    return sc_arena_printf(r->arena, "%.*s%s%.*s", SC_F(s), between, SC_F(next));
}

/* A symbol's offset, with or without the last letters of its name: "+0x1f", "ter+0x1f". */
static bool offset_tail(sc_span s, sc_span next)
{
    sc_span word = last_word(s);
    size_t plus = sc_find_char(next, '+');
    if (!one_word(next) || plus == SC_NPOS || sc_find_char(word, '+') != SC_NPOS || sc_find_char(word, '!') == SC_NPOS)
        return false;
    for (size_t i = 0; i < plus; i++)
        if (!sc_is_word(next.p[i]) && next.p[i] != ':') return false;
    sc_span digits = sc_span_from(next, plus + 1);
    return sc_starts(digits, "0x") && digits.n > 2 && digits.n <= 8 && partial_address(sc_span_from(digits, 2));
}

/* The last digits of a symbol's offset: "8", "x1f". */
static bool digits_tail(sc_span s, sc_span next)
{
    sc_span word = last_word(s);
    size_t plus = sc_rfind_char(word, '+');
    if (!one_word(next) || plus == SC_NPOS) return false;
    if (plus + 1 == word.n) return sc_starts(next, "0x") && next.n <= 8 && partial_address(sc_span_from(next, 2));
    if (plus + 2 == word.n) next = sc_starts(next, "x") ? sc_span_from(next, 1) : sc_span_sub(next, 0, 0);
    return next.n && next.n <= 6 && partial_address(next);
}

/* `s` and `next` together, without a blank, end in `suffix`. */
static bool ends_joined(sc_span s, sc_span next, const char *suffix)
{
    size_t n = strlen(suffix);
    if (next.n >= n) return sc_ends(next, suffix);
    sc_span head = {suffix, n - next.n};
    return sc_ends(next, suffix + head.n) && s.n >= head.n && sc_eq(sc_span_from(s, s.n - head.n), head);
}

/* A row that ends where the paste's long lines were cut goes on even when it looks whole. `sure`: enough lines end
 * there for it to be no accident. */
static bool cut_at_column(sc_span s, sc_span next, bool sure)
{
    sc_span start = sc_ltrim(s);
    sc_prompt prompt;
    if (sc_shape_known(next)) return false;
    if (sc_starts(start, "THREAD ")) {
        if (sc_find(s, "Alertable") != SC_NPOS) return false;
        sc_span number = last_word(next); /* RUNNING on processor 0 */
        size_t before = next.n - number.n;
        return ends_joined(s, next, "Alertable") ||
               (number.n && sc_is_digit(number.p[0]) &&
                ends_joined(s, sc_rtrim(sc_span_sub(next, 0, before)), "on processor"));
    }
    if (!sure) return false;
    if (sc_starts(start, "Resource @ ")) return !sc_ends(s, "owning threads") && !sc_ends(s, "owned");
    if (sc_prompt_read(s, &prompt) || sc_shape_label(s)) return one_word(next) && next.n > 1;
    if (!sc_shape_row(s)) return false;
    char open = open_bracket(s);
    if (open) return sc_find_char(next, open == '[' ? ']' : ')') != SC_NPOS;
    if (sc_find(s, "irpStack:") != SC_NPOS) return sc_find_char(s, '\\') == SC_NPOS && sc_ends(next, "]");
    sc_span word = last_word(s);
    stack_row row = read_row(s);
    bool symbol = sc_find_char(word, '!') != SC_NPOS || sc_find_char(word, '+') != SC_NPOS ||
                  (row.colons == 2 && row.args == 4);
    return symbol && (one_word(next) || is_attribute(sc_ltrim(sc_span_from(next, first_word(next).n))));
}

/* The text of `line` together with `next`, or an empty span when they do not belong together. */
static sc_span join_two(sc_repairing *r, const sc_line *line, const sc_line *next)
{
    static const sc_span none = {"", 0};
    sc_span s = line->text, n = sc_ltrim(next->text);
    if (!s.n || !n.n || s.n + n.n > MAX_JOINED || line->note.n || line->flags & SC_LINE_CUT ||
        next->flags & (SC_LINE_FENCE | SC_LINE_MESSAGE | SC_LINE_CUT))
        return none;
    if (line->flags & SC_LINE_MESSAGE) return message_continues(s, n) ? glue(r, s, " ", n) : none;

    bool full = line->flags & SC_REPAIR_FULL;
    bool apart = line->flags & SC_REPAIR_BLANK || sc_is_blank(next->text.p[0]); /* the cut fell on a blank */
    char end = s.p[s.n - 1];
    bool word = end == '@' || ((n.p[0] == '[' || n.p[0] == '(') && end != '[' && end != '('); /* a word starts here */
    const char *const usual = full && !apart && !word ? "" : " ", *between = usual;
    if (!sc_shape_row(s)) {
        if (s.n <= 3 && s.n >= 2 && partial_address(s)) /* a frame's number, and a symbol too long to stand beside it */
            return n.n > 60 && lone_symbol(n) ? glue(r, s, " ", n) : none;
        if (worded_continues(s, n) || (full && cut_at_column(s, n, r->wrap_sure))) return glue(r, s, between, n);
        return none;
    }
    stack_row row = read_row(s);
    size_t address = sc_shape_address(n);
    if (row_whole(row) && address && (address == n.n || sc_is_blank(n.p[address])))
        return none; /* two rows: as usual */
    if (row_unfinished(row)) {
        char both[MAX_JOINED + 2];
        for (int tries = 0; tries < (apart ? 1 : 2); tries++) {
            size_t gap = *between ? 1 : 0;
            memcpy(both, s.p, s.n);
            if (gap) both[s.n] = ' ';
            memcpy(both + s.n + gap, n.p, n.n);
            if (row_continues(s, n, (sc_span){both, s.n + gap + n.n})) return glue(r, s, between, n);
            between = gap ? "" : " "; /* within an address, or beside it */
        }
        between = usual;
    }
    if (addressed_continues(s, n)) return glue(r, s, between, n);
    bool wide = (s.n >= 68 && s.n <= 81) || (s.n >= 118 && s.n <= 121); /* windows and mail wrap there */
    if ((full || wide || n.p[0] == '+') && offset_tail(s, n)) return glue(r, s, "", n);
    if ((full || (wide && n.n <= 3) || end == '+' || sc_starts(n, "x")) && digits_tail(s, n)) return glue(r, s, "", n);
    return full && cut_at_column(s, n, r->wrap_sure) ? glue(r, s, between, n) : none;
}

/* A whole !vm that was made one line and cut again: its counters stand in the line of its banner. */
static bool flat_output(sc_span s)
{
    static const char banner[] = "*** Virtual Memory Usage ***";
    s = sc_ltrim(s);
    return sc_starts(s, banner) && s.n > sizeof banner - 1;
}

/* Whether `next` belongs to the flat output before it, and then whether a blank stands between them. */
static bool flat_continues(const sc_line *line, const sc_line *next, bool *apart)
{
    sc_span n = sc_ltrim(next->text);
    bool full = line->flags & SC_REPAIR_FULL;
    *apart = line->flags & SC_REPAIR_BLANK || !full || sc_is_blank(next->text.p[0]);
    return next->number && n.n && !line->note.n && !(next->flags & (SC_LINE_FENCE | SC_LINE_MESSAGE | SC_LINE_CUT)) &&
           (full || sc_find(n, "Kb") != SC_NPOS);
}

/* Joins flat output at `at` with the lines that it goes on in; returns how many. */
static size_t join_flat(sc_repairing *r, const sc_line *lines, size_t at, size_t n, sc_line *line)
{
    size_t joined = 0, length = line->text.n;
    bool apart;
    while (at + joined + 1 < n && flat_continues(&lines[at + joined], &lines[at + joined + 1], &apart) &&
           length + lines[at + joined + 1].text.n < MAX_FLAT)
        length += 1 + lines[++joined + at].text.n;
    char *text = joined ? sc_arena_get(r->arena, length) : NULL;
    if (!text) return 0;
    memcpy(text, line->text.p, line->text.n);
    length = line->text.n;
    for (size_t i = at + 1; i <= at + joined; i++) {
        sc_span next = sc_ltrim(lines[i].text);
        flat_continues(&lines[i - 1], &lines[i], &apart);
        if (apart) text[length++] = ' ';
        memcpy(text + length, next.p, next.n);
        length += next.n;
    }
    line->text = (sc_span){text, length};
    line->last = lines[at + joined].last;
    line->note = lines[at + joined].note;
    sc_repaired(r, SC_REPAIR_WRAPPED);
    return joined;
}

/* A message in the middle of a row: its symbol, or a label's value, follows the message (seed 002). Two blank lines may
 * stand between. Returns the index of that line, or `n`. */
static size_t find_rest(const sc_line *lines, size_t at, size_t n)
{
    sc_span head = sc_rtrim(lines[at].text);
    bool label = sc_ends(head, ":"), row = sc_shape_row(head);
    if (!label && !row) return n;
    int blanks = 0, messages = 0;
    for (size_t i = at + 1; i < n; i++) {
        sc_span text = sc_trim(lines[i].text);
        if (lines[i].flags & SC_LINE_MESSAGE) {
            if (++messages > 8) return n;
        } else if (!text.n) {
            if (++blanks > 2) return n;
        } else if (label && !row) {
            return sc_shape_address(text) ? i : n;
        } else {
            return lone_symbol(text) ? i : n;
        }
    }
    return n;
}

/* Dots that the debugger prints while it loads symbols are no cut. */
static void settle_dots(sc_line *lines, size_t n)
{
    bool loading = false;
    for (size_t i = 0; i < n; i++) {
        sc_span text = sc_trim(lines[i].text);
        if (lines[i].flags & SC_REPAIR_DOTS) {
            size_t next = i + 1;
            while (next < n && next < i + 3 && !sc_trim(lines[next].text).n) next++;
            bool before_loading = next < n &&
                                  (sc_starts(lines[next].text, "Loading ") || sc_starts(lines[next].text, "ModLoad: "));
            if (loading || text.n > 8 + 8 || before_loading) {
                lines[i].flags &= ~(unsigned)SC_LINE_CUT;
                loading = true;
            }
        } else if (text.n) {
            loading = sc_starts(text, "Loading ");
        }
    }
}

void sc_repair_join(sc_repairing *r)
{
    sc_line *lines = r->lines.items;
    size_t n = r->lines.n, out = 0;
    for (size_t at = 0; at < n; at++) {
        if (!(lines[at].flags & SC_REPAIR_HEAD)) continue;
        size_t rest = find_rest(lines, at, n);
        if (rest == n) continue;
        lines[at].text = glue(r, sc_rtrim(lines[at].text), " ", sc_ltrim(lines[rest].text));
        lines[at].note = lines[rest].note;
        lines[at].last = lines[rest].last;
        lines[rest].number = 0; /* taken */
    }
    for (size_t at = 0; at < n; at++) {
        if (!lines[at].number) continue;
        sc_line line = lines[at];
        bool flat = flat_output(line.text);
        if (flat) at += join_flat(r, lines, at, n, &line);
        for (int part = 1; !flat && part < MAX_PARTS && at + 1 < n && lines[at + 1].number; part++) {
            sc_span text = join_two(r, &line, &lines[at + 1]);
            if (!text.n) break;
            at++;
            line.text = text;
            line.note = lines[at].note;
            line.last = lines[at].last;
            line.flags = (line.flags & ~(unsigned)(SC_REPAIR_FULL | SC_REPAIR_BLANK)) | lines[at].flags;
            sc_repaired(r, SC_REPAIR_WRAPPED);
        }
        lines[out++] = line;
    }
    r->lines.n = out;
    settle_dots(lines, out);
    for (size_t at = 0; at < out; at++) {
        if (lines[at].flags & SC_LINE_CUT) {
            r->t->truncated = true;
            sc_repaired(r, SC_REPAIR_CUT);
        }
        lines[at].flags &= ~(unsigned)SC_REPAIR_FLAGS;
    }
}
