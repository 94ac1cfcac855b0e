/* The lines of a THREAD block that begin with words. [seed 003; samples thread--*, k_x86--process-145, k_x86--locks-*]
 *
 *     Owning Process            fffffa8006f8d890       Image:         System
 *     Wait Start TickCount      396427         Ticks: 38463 (0:00:10:00.026)
 *     Win32 Start Address nt!ExpWorkerThread (0xfffff80003298150)
 *     Stack Init fffff88003bd2c70 Current fffff88003bd2280
 *     Base fffff88003bd3000 Limit fffff88003bcd000 Call 0
 *     Priority 15 BasePriority 12 UnusualBoost 0 ForegroundBoost 0 IoPriority 2 PagePriority 5
 *
 * Old forms (samples k_x86--process-145, k_x86--locks-kdext-locks-78, k_x86--resource-time-outs-38) print Stack Init,
 * Base and Limit on one line or `Initial Sp .. Current Sp ..`, no image, and `WaitTime (ticks)` or `(seconds)`. The
 * number behind WaitTime is the tick count at which the wait began, not how long it lasted: nothing is made of it.
 */
#include "engine/facts/io.h"
#include "engine/facts/thread.h"

bool sc_thread_fragment(sc_span text)
{
    static const char *const labels[] = {"Owning Process", "Base", "Stack Init", "Initial Sp", "Wait Start TickCount"};
    sc_span t = sc_ltrim(text);
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        uint64_t v;
        if (!sc_starts(t, labels[i])) continue;
        sc_scan c = sc_scan_of(sc_span_from(t, sc_span_z(labels[i]).n));
        return c.p < c.end && sc_is_blank(*c.p) && (labels[i][0] == 'W' ? sc_dec(&c, &v) : sc_addr(&c, &v, NULL));
    }
    return false;
}

/* The number in `(0:00:10:00.026)`, days:hours:minutes:seconds.milliseconds, in seconds. */
static bool read_span_of_time(sc_scan *c, double *seconds)
{
    uint64_t part[4] = {0}, fraction;
    int n = 0;
    if (!sc_lit(c, "(")) return false;
    do {
        if (n == 4 || !sc_dec(c, &part[n]) || part[n++] > 1000000) return false;
    } while (sc_lit(c, ":"));
    if (n < 4) return false;
    *seconds = (double)(part[0] * 86400 + part[1] * 3600 + part[2] * 60 + part[3]);
    const char *dot = c->p;
    if (!sc_lit(c, ".") || !sc_dec(c, &fraction)) return false;
    double divisor = 1;
    for (const char *p = dot + 1; p < c->p; p++) divisor *= 10;
    *seconds += (double)fraction / divisor;
    return sc_lit(c, ")");
}

static void read_ticks(sc_facts *f, sc_row *r, sc_span text)
{
    (void)f;
    sc_scan c;
    uint64_t ticks;
    double seconds;
    if (!sc_label(text, "Ticks:", &c) || !sc_dec(&c, &ticks) || ticks > INT64_MAX) return;
    sc_set_int(r, THREAD_TICKS, (int64_t)ticks);
    if (read_span_of_time(&c, &seconds))
        sc_set_real(r, THREAD_SECONDS, seconds);
    else if (!ticks)
        sc_set_real(r, THREAD_SECONDS, 0); /* no time is printed for none */
}

/* `Owning Process  A  Image:  System` and `Attached Process  N/A  Image:  N/A`. */
static void read_process(sc_facts *f, sc_row *r, sc_span text)
{
    uint64_t process;
    int digits = 0;
    sc_scan c;
    if (sc_label_hex(text, "Owning Process", &process, &digits)) sc_set_pointer(f, r, THREAD_PROCESS, process, digits);
    if (!sc_label(text, "Image:", &c)) return;
    sc_span image = sc_trim(sc_rest(&c));
    if (image.n && image.p[0] != '<') sc_set_text(r, THREAD_IMAGE, image); /* not <Unknown> */
}

static void read_attached(sc_facts *f, sc_row *r, sc_span text)
{
    (void)f;
    sc_scan c;
    if (!sc_label(text, "Image:", &c)) return;
    sc_span image = sc_trim(sc_rest(&c));
    if (sc_eq_z(image, "N/A"))
        sc_set_null(r, THREAD_ATTACHED);
    else if (image.n && image.p[0] != '<')
        sc_set_text(r, THREAD_ATTACHED, image);
}

/* `Win32 Start Address nt!ExpWorkerThread (0xfffff80003298150)`; `Start Address` tells less and never replaces it. */
static void read_start(sc_facts *f, sc_row *r, sc_span text)
{
    (void)f;
    bool win32 = sc_starts(text, "Win32");
    sc_scan c = sc_scan_of(sc_span_from(text, sc_find(text, "Address") + 7));
    sc_span symbol = sc_rest(&c), tail;
    uint64_t address;
    if (r->cells[THREAD_START_SYMBOL].state != SC_NOT_PRINTED && !win32) return;
    sc_cut(symbol, "(0x", &symbol, &tail);
    symbol = sc_trim(symbol);
    sc_scan number = sc_scan_of(symbol);
    if (sc_hex(&number, &address) && sc_at_end(&number))
        sc_set_null(r, THREAD_START_SYMBOL);
    else if (symbol.n)
        sc_set_text(r, THREAD_START_SYMBOL, symbol);
}

static void read_stack_limits(sc_facts *f, sc_row *r, sc_span text)
{
    static const struct {
        const char *label;
        int column;
    } parts[] = {
        {"Stack Init", THREAD_STACK_INIT},
        {"Initial Sp", THREAD_STACK_INIT},
        {"Current", THREAD_STACK_CURRENT},
        {"Current Sp", THREAD_STACK_CURRENT},
        {"Base", THREAD_BASE},
        {"Limit", THREAD_LIMIT},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        uint64_t v;
        int digits;
        if (sc_label_hex(text, parts[i].label, &v, &digits) && digits) sc_set_pointer(f, r, parts[i].column, v, digits);
    }
}

static void read_priority(sc_facts *f, sc_row *r, sc_span text)
{
    (void)f;
    sc_scan c;
    uint64_t priority;
    if (sc_label(text, "Priority", &c) && sc_dec(&c, &priority) && priority < 32)
        sc_set_int(r, THREAD_PRIORITY, (int64_t)priority);
}

static void read_residence(sc_facts *f, sc_row *r, sc_span text)
{
    (void)f;
    (void)text;
    sc_set_bool(r, THREAD_RESIDENT, false);
}

static const struct {
    const char *starts;
    sc_thread_field field;
    void (*read)(sc_facts *f, sc_row *r, sc_span text);
} lines[] = {
    {"Not impersonating", SC_FIELD_BEHIND_LIST, NULL},
    {"Impersonation token", SC_FIELD_BEHIND_LIST, NULL},
    {"DeviceMap", SC_FIELD_BEHIND_LIST, NULL},
    {"Owning Process", SC_FIELD_BEHIND_LIST, read_process},
    {"Attached Process", SC_FIELD_BEHIND_LIST, read_attached},
    {"Wait Start TickCount", SC_FIELD_BEHIND_LIST, read_ticks},
    {"WaitTime (", SC_FIELD_BEHIND_LIST, NULL},
    {"Context Switch Count", SC_FIELD_BEHIND_LIST, NULL},
    {"UserTime", SC_FIELD_BEHIND_LIST, NULL},
    {"KernelTime", SC_FIELD_BEHIND_LIST, NULL},
    {"Win32 Start Address", SC_FIELD_BEHIND_LIST, read_start},
    {"Start Address", SC_FIELD_BEHIND_LIST, read_start},
    {"Stack Init", SC_FIELD_BEHIND_LIST, read_stack_limits},
    {"Initial Sp", SC_FIELD_BEHIND_LIST, read_stack_limits},
    {"Base ", SC_FIELD_BEHIND_LIST, read_stack_limits},
    {"Scheduling Group", SC_FIELD_BEHIND_LIST, NULL},
    {"Kernel stack not resident", SC_FIELD_BEHIND_LIST, read_residence},
    {"Priority ", SC_FIELD_LAST, read_priority},
    {"SuspendCount", SC_FIELD_ANYWHERE, NULL},
    {"FreezeCount", SC_FIELD_ANYWHERE, NULL},
};

sc_thread_field sc_thread_field_read(sc_facts *f, sc_row *row, sc_span text)
{
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (!sc_starts(text, lines[i].starts)) continue;
        /* prose may begin with these words too */
        if (lines[i].read == read_stack_limits && !sc_thread_fragment(text)) return SC_FIELD_NONE;
        if (lines[i].read == read_priority && sc_find(text, "BasePriority") == SC_NPOS) return SC_FIELD_NONE;
        if (lines[i].read) lines[i].read(f, row, text);
        return lines[i].field;
    }
    return SC_FIELD_NONE;
}
