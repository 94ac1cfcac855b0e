/* !thread: one thread, what it waits for, its I/O requests, its stack. [seed 003; seed 004 (cut); samples thread--*]
 *
 *     0: kd> !thread fffffa8007005660
 *     THREAD fffffa8007005660  Cid 0004.0048  Teb: 0000000000000000 ... WAIT: (Executive) KernelMode Non-Alertable
 *         fffffa800d035ee8  NotificationEvent
 *     IRP List:
 *         fffffa8008f5cc10: (0006,03e8) Flags: 00000000  Mdl: 00000000
 *     Not impersonating
 *     Owning Process            fffffa8006f8d890       Image:         System
 *     Wait Start TickCount      396427         Ticks: 38463 (0:00:10:00.026)
 *     Base fffff88003bd3000 Limit fffff88003bcd000 Call 0
 *     Child-SP          RetAddr           : Args to Child    : Call Site
 *     fffff880`03bd22c0 fffff800`032845f2 : fffffa80`07005660 ... : nt!KiSwapContext+0x7a
 *
 * Tables: thread, thread_irp; stack and frame with kind 'thread' (engine/facts/frame_read.h).
 * Query:  SELECT t.thread, t.seconds, i.irp FROM thread t JOIN thread_irp i USING (thread) WHERE t.seconds > 60;
 *
 * The blocks themselves are read in thread_read.c, because !process and !locks -v print them as well.
 */
#include "engine/facts/thread.h"
#include "engine/facts/io.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"thread", SC_ADDR, "address of the thread; unknown when its first line is lost"},
    {"cid", SC_TEXT, "process and thread number as printed, 0004.0048"},
    {"state", SC_TEXT, "wait, running, ready, standby, terminated, initialized, transition, gatewait ..."},
    {"wait_reason", SC_TEXT, "Executive, UserRequest, WrResource ..."},
    {"wait_mode", SC_TEXT, "KernelMode or UserMode"},
    {"processor", SC_INT, "processor it runs on or is ready for; NULL when it waits"},
    {"wait_object", SC_ADDR, "first object it waits for"},
    {"wait_object_type", SC_TEXT, "NotificationEvent, Mutant, Semaphore ..."},
    {"wait_owner", SC_ADDR, "thread that owns the mutant it waits for"},
    {"ticks", SC_INT, "clock ticks since it began to wait (or to run)"},
    {"seconds", SC_REAL, "the same in seconds"},
    {"base", SC_ADDR, "upper end of its kernel stack"},
    {"limit", SC_ADDR, "lower end of its kernel stack"},
    {"stack_init", SC_ADDR, "stack pointer it started with"},
    {"stack_current", SC_ADDR, "stack pointer when it was last switched out"},
    {"process", SC_ADDR, "process that owns it"},
    {"image", SC_TEXT, "image name of that process"},
    {"start_symbol", SC_TEXT, "routine it was started with; NULL when the address has no symbol"},
    {"priority", SC_INT, "current priority, 0 to 31"},
    {"attached", SC_TEXT, "image name of the process it is attached to; NULL for none"},
    {"resident", SC_BOOL, "its kernel stack is in memory"},
};
_Static_assert(sizeof columns / sizeof columns[0] == THREAD_COLUMNS, "columns of thread");
const sc_table sc_table_thread = {"thread", "Threads: state, wait, stack limits, owner", THREAD_THREAD,
                                  SC_COLUMNS(columns)};

static const sc_column irp_columns[] = {
    {"thread", SC_ADDR, "address of the thread"},
    {"irp", SC_ADDR, "I/O request that the thread has issued and that is not completed"},
};
_Static_assert(sizeof irp_columns / sizeof irp_columns[0] == THREAD_IRP_COLUMNS, "columns of thread_irp");
const sc_table sc_table_thread_irp = {"thread_irp", "I/O requests of threads", THREAD_IRP_THREAD,
                                      SC_COLUMNS(irp_columns)};

static sc_taste taste(const sc_line *lines, size_t n)
{
    static const char *const weak[] = {"Win32 Start Address ", "WaitTime (", "IRP List:", "Not impersonating"};
    if (!n) return SC_ABSTAIN;
    sc_span t = sc_ltrim(lines[0].text);
    if (!t.n || t.p[0] < 'B' || t.p[0] > 'W') return SC_ABSTAIN;
    if (sc_thread_header(t, NULL, NULL) || sc_thread_fragment(t)) return SC_STRONG;
    for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++)
        if (sc_starts(t, weak[i])) return SC_WEAK;
    return SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    sc_thread_reader r;
    sc_threads_begin(&r, p);
    r.fragments = true;
    r.has_asked = p->section->prompted && sc_arg_addr(p, &r.asked);
    for (const sc_line *l; (l = sc_next(p));) sc_threads_line(&r, l);
    sc_threads_end(&r);
}

static const sc_table *const tables[] = {&sc_table_thread, &sc_table_thread_irp, NULL};
static const char *const absorbs[] = {"k", NULL};
const sc_command sc_command_thread = {
    .name = "!thread",
    .doc = "A thread: its state, what it waits for, its I/O requests and its stack",
    .proof = "the Priority line behind everything but the stack",
    .query = "SELECT t.thread, t.seconds, i.irp FROM thread t JOIN thread_irp i USING (thread) WHERE t.seconds > 60",
    .tables = tables,
    .taste = taste,
    .absorbs = absorbs,
    .parse = parse,
};
