/* Output whose line breaks became blanks, as text fields of web pages and chat programs make them: it is cut again
 * where only a new line of a debugger can begin.
 *
 *     Child-SP          RetAddr           Call Site fffff880`0331a5d8 fffff800`02ad5169 nt!KeBugCheckEx fffff880`...
 *
 * Two kinds of beginning are known: words that stand at the start of a line and nowhere else, and rows (of a stack, of
 * code, of modules, of requests, of pool tags) behind what ends a row. A line of the usual length is left alone, and so
 * is a long one with less than three beginnings.
 */
#include "engine/transcript/repair.h"

#include "engine/base/scan.h"

#include <string.h>

enum { LEAST_BYTES = 160, LEAST_STARTS = 3 };

typedef struct tokens {
    sc_span text;
    size_t at; /* where the token at hand begins */
    sc_span before, now, next[4];
    bool frames;   /* the header of a stack stands in it: its addresses are no slots of memory */
    uint64_t slot; /* the first address of the row at hand, 0 none */
} tokens;

static sc_span token_at(sc_span text, size_t at)
{
    while (at < text.n && sc_is_blank(text.p[at])) at++;
    size_t end = at;
    while (end < text.n && !sc_is_blank(text.p[end])) end++;
    return sc_span_sub(text, at, end);
}

static size_t end_of(const tokens *t, sc_span token)
{
    return (size_t)(token.p - t->text.p) + token.n;
}

/* The token behind the one at hand becomes the one at hand. */
static bool step(tokens *t)
{
    t->before = t->now;
    t->now = t->next[0];
    memmove(t->next, t->next + 1, 3 * sizeof *t->next);
    t->next[3] = token_at(t->text, end_of(t, t->next[2]));
    t->at = (size_t)(t->now.p - t->text.p);
    return t->now.n > 0;
}

static tokens tokens_of(sc_span text)
{
    tokens t = {.text = text, .frames = sc_find(text, "RetAddr") != SC_NPOS};
    t.before = t.now = sc_span_sub(text, 0, 0);
    t.next[0] = token_at(text, 0);
    for (int i = 1; i < 4; i++) t.next[i] = token_at(text, end_of(&t, t.next[i - 1]));
    return t;
}

static bool is_address(sc_span s)
{
    return s.n && sc_shape_address(s) == s.n;
}

static uint64_t address_of(sc_span s)
{
    sc_scan c = sc_scan_of(s);
    uint64_t v;
    return sc_addr(&c, &v, NULL) ? v : 0;
}

static bool is_hex(sc_span s, size_t least, size_t most)
{
    for (size_t i = 0; i < s.n; i++)
        if (!sc_is_hex(s.p[i])) return false;
    return s.n >= least && s.n <= most;
}

static bool is_decimal(sc_span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!sc_is_digit(s.p[i])) return false;
    return s.n > 0;
}

/* What a row of a stack or of modules ends in: a symbol, (FPO: [0,0,0]), [file @ 12], a path; or the header's last
 * word. */
static bool ends_row(sc_span s)
{
    if (!s.n) return false;
    char last = s.p[s.n - 1];
    return sc_find_char(s, '!') != SC_NPOS || sc_find(s, "+0x") != SC_NPOS || last == ')' || last == ']' ||
           sc_iends(s, ".pdb") || sc_iends(s, ".sys") || sc_eq_z(s, "Site") || sc_eq_z(s, "Child") ||
           sc_eq_z(s, "RetAddr") || sc_eq_z(s, "name") || sc_eq_z(s, "modules:") || sc_eq_z(s, "STACK_TEXT:");
}

static bool has_letter(sc_span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (sc_is_alpha(s.p[i])) return true;
    return false;
}

static bool is_lower(sc_span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 'a' || s.p[i] > 'z') return false;
    return s.n >= 2 && s.n <= 10;
}

/* [ffffe0018b1c2080] */
static bool in_brackets(sc_span s)
{
    return s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']' && is_address(sc_span_sub(s, 1, s.n - 1));
}

/* dps: every slot lies behind the one before it. */
static bool next_slot(tokens *t)
{
    if (t->frames || !is_address(t->next[0])) return false;
    uint64_t v = address_of(t->now);
    bool next = t->slot && (v == t->slot + 8 || v == t->slot + 4);
    if (next || !t->slot) t->slot = v;
    return next;
}

/* nt!NtOpenProcess+0x31: in front of the code there. */
static bool heads_code(const tokens *t)
{
    const sc_span *n = t->next;
    if (!sc_ends(t->now, ":") || sc_find_char(t->now, '!') == SC_NPOS || sc_ends(t->before, ":")) return false;
    return is_address(n[0]) && is_hex(n[1], 2, 30) && n[1].n % 2 == 0 && is_lower(n[2]);
}

static bool is_entry_number(sc_span s)
{
    return sc_ends(s, ":") && is_decimal(sc_span_sub(s, 0, s.n - 1));
}

/* `36844: FxPkgPnp::Dispatch - ...` of !wdflogdump, with the log's name in front where there are several: AFX_Log. */
static bool starts_entry(const tokens *t)
{
    const sc_span *n = t->next;
    if (sc_ends(t->now, "_Log")) return is_entry_number(n[0]) && sc_find(n[1], "::") != SC_NPOS && sc_eq_z(n[2], "-");
    return is_entry_number(t->now) && sc_find(n[0], "::") != SC_NPOS && sc_eq_z(n[1], "-") &&
           !sc_ends(t->before, "_Log");
}

/* `0004: Object: 80ed5238  GrantedAccess: ...` and `0000: free handle, ...` of !handle */
static bool starts_handle(const tokens *t)
{
    const sc_span *n = t->next;
    if (!sc_ends(t->now, ":") || !is_hex(sc_span_sub(t->now, 0, t->now.n - 1), 1, 8)) return false;
    return sc_eq_z(n[0], "Object:") ? is_address(n[1]) : sc_eq_z(n[0], "free") && sc_eq_z(n[1], "handle,");
}

/* A size: n previous size: of pool blocks; A driver !podev and A driver D0 !podev of !powertriage. */
static bool starts_block(const tokens *t)
{
    const sc_span *n = t->next;
    if (sc_eq_z(n[0], "size:")) return sc_eq_z(n[2], "previous");
    return (sc_eq_z(n[1], "!podev") || sc_eq_z(n[2], "!podev")) && !sc_eq_z(t->before, "DO");
}

/* A A of a stack or of modules, 0a A A of a numbered one; A bytes mnemonic; A [A] irpStack:; Tag n n n n. */
static bool starts_row(tokens *t)
{
    const sc_span *n = t->next;
    if (is_address(t->now)) {
        if (next_slot(t) || starts_block(t)) return true;
        if (is_hex(n[0], 2, 30) && n[0].n % 2 == 0 && is_lower(n[1])) return true;
        return is_address(n[0]) ? ends_row(t->before) && !in_brackets(n[1]) : in_brackets(n[0]);
    }
    if (starts_entry(t) || starts_handle(t) || heads_code(t)) return true;
    if (sc_eq_z(t->now, "+")) return sc_find_char(n[0], '\\') != SC_NPOS && sc_find_char(n[0], '&') != SC_NPOS;
    if (is_hex(t->now, 2, 2) && is_address(n[0]) && is_address(n[1])) return ends_row(t->before);
    return t->now.n <= 4 && has_letter(t->now) && !is_decimal(t->before) && is_decimal(n[0]) && is_decimal(n[1]) &&
           is_decimal(n[2]) && is_decimal(n[3]);
}

static bool matches(char pattern, char c)
{
    return pattern == ' ' ? sc_is_blank(c) : pattern == '#' ? sc_is_hex(c) : c == pattern;
}

/* As sc_starts, but a blank stands for any number of them (a web page makes one of several), and # for a hex digit. */
static bool starts_loosely(sc_span s, const char *z)
{
    size_t at = 0;
    for (; *z; z++) {
        if (at >= s.n || !matches(*z, s.p[at])) return false;
        at++;
        while (*z == ' ' && at < s.n && sc_is_blank(s.p[at])) at++;
    }
    return true;
}

/* What a command answers in a single line: it may stand behind the command. */
static bool starts_answer(sc_span rest)
{
    static const char *const starts[] = {"Evaluate expression: ", "Error code: (",
                                         "Debugger saved IRQL for processor #"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (starts[i][0] == rest.p[0] && starts_loosely(rest, starts[i])) return true;
    return false;
}

/* Words at the start of a line, with enough behind them to be no word of a sentence. */
static bool starts_line(const tokens *t)
{
    static const char *const starts[] = {
        "Child-SP RetAddr",
        "ChildEBP RetAddr",
        /* !locks */
        "Resource @ 0x",
        "Resource @ nt!",
        "Contention Count = #",
        "NumberOfSharedWaiters = #",
        "NumberOfExclusiveWaiters = #",
        "KD: Scanning for held locks",
        "Threads: ########",
        "Threads Waiting On Exclusive Access",
        /* !thread */
        "THREAD #",
        "IRP List:",
        "Not impersonating",
        "DeviceMap #",
        "Owning Process #",
        "Attached Process #",
        "Attached Process N/A",
        "Wait Start TickCount #",
        "Context Switch Count #",
        "UserTime #",
        "KernelTime #",
        "Win32 Start Address ",
        "Start Address ",
        "Stack Init #",
        "Priority #",
        /* registers */
        "rax=#",
        "rdx=#",
        "rip=#",
        "r8=#",
        "r11=#",
        "r14=#",
        "iopl=#",
        "eax=#",
        "eip=#",
        "cs=#",
        /* !irp */
        "cmd flg cl Device",
        "Args: #",
        ">[",
        "[IRP_MJ_",
        "[N/A(",
        "\\Driver\\",
        "\\FileSystem\\",
        /* !verifier */
        "Verify Flags Level",
        "STANDARD FLAGS:",
        "ADDITIONAL FLAGS:",
        "[X] (0x",
        "[ ] (0x",
        /* !exqueue */
        "**** Critical WorkQueue",
        "**** Delayed WorkQueue",
        "**** HyperCritical WorkQueue",
        /* !poolfind */
        "Searching NonPaged pool (",
        "Searching Paged pool (",
        /* !powertriage */
        "Machine is not AOAC",
        "Machine is AOAC",
        "PopCapabilities @ ",
        "Devices with allocated Power IRPs:",
        "Upper DO 0x",
        /* !wdflogdump */
        "--- start of log ---",
        "---- end of log ---",
        /* lm */
        "Unloaded modules:",
        "Timestamp: unavailable",
        "Checksum: #",
        "ImageSize: #",
    };
    sc_span rest = sc_span_from(t->text, t->at);
    sc_prompt prompt;
    if (sc_eq_z(t->before, "[")) return false;                                    /* [ \Driver\disk] of !irpfind */
    bool colon = t->now.p[t->now.n - 1] == ':', behind = sc_ends(t->before, ":"); /* 2: kd> */
    if ((colon || (!behind && sc_ends(t->now, "kd>"))) && sc_prompt_read(rest, &prompt)) return true;
    if (sc_shape_label(rest) || starts_answer(rest)) return true;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (starts[i][0] == rest.p[0] && starts_loosely(rest, starts[i])) return true;
    return false;
}

/* Where the next line begins behind the token at hand; the text's end when there is none. */
static size_t next_start(tokens *t)
{
    while (step(t)) {
        bool row = starts_row(t);
        if (t->at && (row || starts_line(t))) return t->at;
    }
    return t->text.n;
}

/* 2: kd> !irql Debugger saved IRQL for processor 0x2 -- 2 (DISPATCH_LEVEL) */
static bool is_answered(sc_span text)
{
    sc_prompt prompt;
    if (!sc_prompt_read(text, &prompt)) return false;
    for (size_t i = 1; i < prompt.command.n; i++)
        if (sc_is_blank(prompt.command.p[i - 1]) && starts_answer(sc_span_from(prompt.command, i))) return true;
    return false;
}

bool sc_flat_is(sc_span text)
{
    if (is_answered(text)) return true;
    if (text.n < LEAST_BYTES) return false;
    tokens t = tokens_of(text);
    int starts = 0;
    while (starts < LEAST_STARTS && next_start(&t) < text.n) starts++;
    return starts == LEAST_STARTS;
}

sc_span sc_flat_take(sc_span *rest)
{
    tokens t = tokens_of(*rest);
    size_t end = next_start(&t);
    sc_span line = sc_rtrim(sc_span_sub(*rest, 0, end));
    *rest = sc_span_from(*rest, end);
    return line;
}
