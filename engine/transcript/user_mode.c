/* Pastes of user mode whose prompt is lost.
 *
 * Such a paste proves itself: an event that only a user-mode debugger reports, a register dump with the code segment of
 * user mode, a stack that begins below the limit of user addresses. Anything that only a kernel debugger shows decides
 * against it: a crash of the kernel holds user-mode frames and trap frames, too.
 */
#include "engine/facts/frame_read.h"
#include "engine/facts/lm_line.h"

#define USER_END_X86 0x80000000u
#define USER_END_X64 UINT64_C(0x800000000000)

/* `(336c.264c): Break instruction exception - code 80000003 (first chance)`: process and thread, in hex */
static bool is_exception_event(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t process, thread, code;
    sc_span name;
    sc_lit(&c, "("); /* also cut off [sample trapframe_regs--time-travel-debugging-walkthrough-214] */
    return sc_hex(&c, &process) && sc_lit(&c, ".") && sc_hex(&c, &thread) && sc_lit(&c, "):") &&
           sc_until(&c, " - code ", &name) && name.n < 60 && sc_hex(&c, &code) && sc_lit(&c, "(") &&
           (sc_lit(&c, "first") || sc_lit(&c, "!!! second chance"));
}

/* `VERIFIER STOP 00000300: pid 0x558: invalid handle exception for current stack trace` */
static bool is_verifier_stop(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t code, process;
    return sc_lit(&c, "VERIFIER STOP") && sc_hex(&c, &code) && sc_lit(&c, ": pid 0x") && sc_hex(&c, &process);
}

/* `Time Travel Position: 15:0`, `Setting position: 458300:37`: only user mode can be recorded */
static bool is_trace_position(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t step, sequence;
    return (sc_lit(&c, "Time Travel Position:") || sc_lit(&c, "Setting position:")) && sc_hex(&c, &sequence) &&
           sc_lit(&c, ":") && sc_hex(&c, &step) && sc_at_end(&c);
}

/* `.  2  id: 570.598   Suspend: 1 Teb 7ffdc000 Unfrozen`, of ~ and ~*k */
static bool is_thread_line(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t v;
    if (!sc_lit(&c, ".")) sc_lit(&c, "#");
    return sc_dec(&c, &v) && sc_ilit(&c, "id:") && sc_hex(&c, &v) && sc_lit(&c, ".") && sc_hex(&c, &v) &&
           sc_lit(&c, "Suspend:") && sc_dec(&c, &v) && sc_lit(&c, "Teb");
}

bool sc_user_event(sc_span text)
{
    uint64_t process;
    text = sc_trim(text);
    if (text.n < 12) return false;
    switch (text.p[0]) {
    case 'V': return is_verifier_stop(text);
    case 'T':
    case 'S': return is_trace_position(text);
    case 'P': {
        sc_scan c = sc_scan_of(text);
        if (sc_lit(&c, "Process Uptime:")) return sc_dec(&c, &process) && sc_lit(&c, "days"); /* of vertarget */
        return sc_lit(&c, "Page heap: process 0x") && sc_hex(&c, &process) && sc_lit(&c, "created heap @");
    }
    case '.':
    case '#': return is_thread_line(text);
    default: return (text.p[0] == '(' || sc_is_hex(text.p[0])) && (is_exception_event(text) || is_thread_line(text));
    }
}

/* `cs=001b`, `cs=0023`, `cs=0033`: the code segments of user mode in a register dump of x86 and x64 */
static bool has_user_segment(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t segment, other;
    return sc_lit(&c, "cs=") && sc_hex(&c, &segment) && (segment == 0x1b || segment == 0x23 || segment == 0x33) &&
           sc_lit(&c, "ss=") && sc_hex(&c, &other);
}

static bool is_user_module(sc_span module)
{
    return sc_ieq_z(module, "ntdll") || sc_ieq_z(module, "kernel32") || sc_ieq_z(module, "kernelbase");
}

/* `ExceptionAddress: 00007ff63be11064 (MyApp!MyFunction+0x0000000000000044)`; the first pages are no code */
static bool has_user_exception(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t v;
    int digits;
    return sc_lit(&c, "ExceptionAddress:") && sc_addr(&c, &v, &digits) && v >= 0x10000 &&
           v < (digits == 8 ? USER_END_X86 : USER_END_X64);
}

/* -1: no frame with a stack pointer */
static int frame_mode(sc_span text)
{
    sc_frame frame;
    if (!text.n || !(sc_is_hex(text.p[0])) || !sc_frame_read(text, NULL, &frame) || !frame.has_sp || !frame.sp)
        return -1;
    bool user = frame.sp < (frame.digits == 8 ? USER_END_X86 : USER_END_X64);
    return !user ? 0 : is_user_module(frame.symbol.module) ? 1 : -1;
}

/* A stack that begins in user mode: one of the kernel's never does. */
static bool is_user_stack(const sc_line *lines, size_t n)
{
    sc_frame frame;
    if (!lines[0].text.n || !sc_frame_header(lines[0].text, NULL)) return false;
    for (size_t i = 1; i < n && i < 8; i++) {
        if (!lines[i].text.n || !sc_frame_read(lines[i].text, NULL, &frame)) continue;
        return frame.has_sp && frame.sp >= 0x1000 && frame.sp < (frame.digits == 8 ? USER_END_X86 : USER_END_X64) &&
               frame.symbol.module.n > 0;
    }
    return false;
}

/* A row of lm: 1 for a library of user mode, 0 for a module in the kernel's half, else -1. */
static int module_mode(sc_span text)
{
    sc_module_line m;
    if (!text.n || !sc_is_hex(text.p[0]) || !sc_module_line_read(text, &m)) return -1;
    if (m.start >= (m.digits == 8 ? USER_END_X86 : USER_END_X64)) return 0;
    return is_user_module(m.name) ? 1 : -1;
}

/* An address of the kernel's half; -1 and its like are none. */
static bool has_kernel_address(sc_span text)
{
    for (size_t i = 0; i + 16 <= text.n; i++) {
        if (sc_lower(text.p[i]) != 'f' || (i && sc_is_hex(text.p[i - 1]))) continue;
        sc_scan c = sc_scan_of(sc_span_from(text, i));
        uint64_t v;
        int digits;
        if (sc_addr(&c, &v, &digits) && digits == 16 && v >> 47 == 0x1ffff && v < UINT64_C(0xffffffff00000000))
            return true;
    }
    return false;
}

/* "nt!" as a module, not the end of a longer word */
static bool names_kernel(sc_span text)
{
    for (size_t at; (at = sc_find(text, "nt!")) != SC_NPOS; text = sc_span_from(text, at + 3))
        if (!at || !sc_is_word(text.p[at - 1])) return true;
    return false;
}

static bool is_kernel_line(const sc_knowledge *k, const sc_line *lines, size_t n)
{
    sc_identity id;
    sc_prompt prompt;
    sc_span text = sc_ltrim(lines[0].text);
    return (sc_prompt_read(text, &prompt) && !prompt.user_mode) || names_kernel(text) || has_kernel_address(text) ||
           sc_find(text, " Kernel Version ") != SC_NPOS || frame_mode(text) == 0 || module_mode(text) == 0 ||
           sc_identity_read(k, lines, n, &id);
}

static bool is_user_line(const sc_line *lines, size_t n)
{
    sc_prompt prompt;
    sc_span text = sc_ltrim(lines[0].text);
    return sc_user_event(text) || has_user_segment(text) || has_user_exception(text) || frame_mode(text) == 1 ||
           module_mode(text) == 1 || is_user_stack(lines, n) || (sc_prompt_read(text, &prompt) && prompt.user_mode);
}

/* Output of a command that only a kernel debugger has, and no prompt of user mode above it. */
static bool is_kernel_section(const sc_section *s)
{
    static const char *const both[] = {"!analyze", "!address", "!error", "!gle", "!handle", "!chkimg", "!vprot"};
    if (s->user_mode || !s->command || s->command->name[0] != '!') return false;
    for (size_t i = 0; i < sizeof both / sizeof *both; i++)
        if (sc_eq_z(sc_span_z(s->command->name), both[i])) return false;
    return true;
}

void sc_transcript_find_user_mode(const sc_knowledge *k, sc_transcript *t)
{
    bool user = false;
    for (size_t i = 0; i < t->n_lines && !user; i++)
        user = t->lines[i].text.n && is_user_line(t->lines + i, t->n_lines - i);
    for (size_t i = 0; i < t->n_lines && user; i++)
        if (t->lines[i].text.n && is_kernel_line(k, t->lines + i, t->n_lines - i)) return;
    if (!user || !t->n_sections) return;
    for (size_t i = 0; i < t->n_sections; i++)
        if (is_kernel_section(&t->sections[i])) return;
    t->sections[0].first = 0; /* nothing above it is of the kernel either */
    for (size_t i = 0; i < t->n_sections; i++) t->sections[i].user_mode = true;
}
