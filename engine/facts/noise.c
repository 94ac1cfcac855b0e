/* What a debugger says while it works. [samples analyze--handling-a-bug-check-*, vertarget--verifying-symbols-48,
 * process--ptov-*, k_x86--verifying-symbols-*]
 *
 *     Connected to Windows 8 9600 x86 compatible target, ptr64 FALSE
 *     Loading Kernel Symbols
 *     ...............................................................
 *     Implicit process is now fffffa80`0361eb30
 *     SYMSRV:  BYINDEX: 0x1
 *     DBGHELP: No image file available for ntkrnlmp.exe
 *     Loading symbols for 0xf28d0000     videoprt.sys ->   videoprt.sys
 *     Break instruction exception - code 80000003 (first chance)
 *
 * Such a line may stand in any output. It is understood and yields nothing: what it says about symbols that are missing
 * comes as a message of its own (messages.c).
 */
#include "engine/facts/noise.h"

static bool is_loading(sc_span text)
{
    static const char *const lines[] = {"Loading Kernel Symbols", "Loading User Symbols",
                                        "Loading unloaded module list"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (sc_eq_z(text, lines[i])) return true;
    return false;
}

static bool is_dots(sc_span text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '.') return false;
    return text.n > 0;
}

/* `Implicit process is now A`, `Implicit thread is now A`, `Using context of thread A` */
static bool is_choice(sc_span text)
{
    static const char *const starts[] = {"Implicit process is now ", "Implicit thread is now ",
                                         "Using context of thread "};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        sc_scan c = sc_scan_of(text);
        uint64_t v;
        if (sc_lit(&c, starts[i])) return sc_addr(&c, &v, NULL) && sc_at_end(&c);
    }
    return sc_eq_z(text, ".cache forcedecodeuser done");
}

/* Of the symbol loader: `DBGHELP: nt - public symbols`, `SYMSRV:  BYINDEX: 0x1`; a page may have numbered the lines. */
static bool is_symbol_loader(sc_span text)
{
    sc_scan c = sc_scan_of(text), t = c;
    uint64_t v;
    sc_span word;
    if (sc_dec(&t, &v) && sc_lit(&t, ":")) c = t;
    t = c;
    if (sc_lit(&t, "DBGHELP:") || sc_lit(&t, "SYMSRV:") || sc_lit(&t, "DBGENG:")) return true;
    t = c; /* `Loading symbols for 0x8039d000       pcmcia.sys ->   pcmcia.sys` */
    return sc_lit(&t, "Loading symbols for") && sc_addr(&t, &v, NULL) && sc_word(&t, &word) && sc_lit(&t, "->");
}

/* `Connected to Windows 8 9200 x64 target at (Thu Oct 11 13:48:31.270 2012 (UTC - 7:00)), ptr64 TRUE` */
static bool is_connection(sc_span text)
{
    static const char *const starts[] = {"Using NET for debugging", "Opened WinSock ", "Waiting to reconnect",
                                         "Kernel Debugger connection established",
                                         "You can get the target MAC address"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (sc_starts(text, starts[i])) return true;
    return sc_starts(text, "Connected to Windows ") && sc_find(text, " target") != SC_NPOS;
}

/* The break-in that a bug check makes. */
static bool is_break(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t code;
    if (sc_lit(&c, "Break instruction exception - code")) return sc_hex(&c, &code) && sc_lit(&c, "(");
    return sc_eq_z(text, "A fatal system error has occurred.") ||
           sc_starts(text, "Debugger entered on first try; Bugcheck callbacks have ");
}

/* `Driver Verifier: Extension abort with Error Code 0x20005`: the rule's words and the bug check follow */
static bool is_verifier_abort(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t code;
    return sc_lit(&c, "Driver Verifier: Extension abort with Error Code") && sc_hex(&c, &code) && sc_at_end(&c);
}

bool sc_is_noise(sc_span text, sc_span before)
{
    text = sc_trim(text);
    before = sc_trim(before);
    if (!text.n) return false;
    if (text.p[0] == '.' && is_dots(text)) return is_loading(before) || (before.n > 3 && is_dots(before));
    return is_loading(text) || is_choice(text) || is_symbol_loader(text) || is_connection(text) || is_break(text) ||
           is_verifier_abort(text) || (is_verifier_abort(before) && sc_starts(text, "Error String ")) ||
           sc_starts(text, "Unable to enumerate user-mode unloaded modules, Win32 error ") ||
           sc_ieq_z(text, "resetting default scope");
}

bool sc_only_steers(sc_span name)
{
    static const char *const names[] = {
        "",
        "*",
        "g",
        "gh",
        "gn",
        "gu",
        "p",
        "pa",
        "pc",
        "pt",
        "t",
        "ta",
        "tc",
        "tt",
        "bp",
        "bu",
        "bm",
        "ba",
        "bc",
        "bd",
        "be",
        "sxe",
        "sxd",
        "sxi",
        "sxn",
        "ld",
        "q",
        "qd",
        "!sym",
        ".reload",
        ".sympath",
        ".symfix",
        ".symopt",
        ".srcpath",
        ".exepath",
        ".lines",
        ".thread",
        ".process",
        ".context",
        ".cache",
        ".load",
        ".loadby",
        ".unload",
        ".echo",
        ".cls",
        ".logopen",
        ".logclose",
        ".breakin",
        ".reboot",
        ".crash",
        ".kdfiles",
        ".restart",
        ".detach",
        ".dump",
        ".idle_cmd",
        ".prefer_dml",
        ".expr",
        ".enable_unicode",
        ".enable_long_status",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (sc_ieq_z(name, names[i])) return true;
    if (name.n < 2 || name.p[0] != '~') return false; /* ~1: another processor */
    sc_span rest = sc_span_from(name, 1);
    while (rest.n && sc_is_digit(rest.p[0])) rest = sc_span_from(rest, 1);
    return rest.n < name.n - 1 && (!rest.n || sc_eq_z(rest, "s"));
}
