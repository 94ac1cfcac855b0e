/* !ready: the threads that could run and wait for a processor, by queue and priority. [Windows Internals, books 5 to 7,
 * and public notes on them]
 *
 *     kd> !ready
 *     Processor 0: Ready Threads at priority 8
 *         THREAD 857d9030  Cid 0ec8.0e30  Teb: 7ffdd000 Win32Thread: 00000000 READY on processor 0
 *     Processor 1: No threads in READY state
 *
 * Since Windows 8 processors may share a queue: asterisks say which, and threads name their processor with 0x80000000
 * added.
 *
 *     KSHARED_READY_QUEUE 8147e800: (00) ****----------------------------
 *     SharedReadyQueue 8147e800: Ready Threads at priority 8
 *         THREAD 80af8bc0  Cid 1300.15c4  Teb: 7ffb0000 Win32Thread: 00000000 READY on processor 80000002
 *     Processor 0: No threads in READY state
 *
 * Before Windows Server 2003 there was one queue: Ready Threads at priority 8
 *
 * Tables: ready_thread; thread, stack and frame as in !thread (engine/facts/thread_read.c).
 * Query:  SELECT r.priority, t.image, t.seconds FROM ready_thread r JOIN thread t USING (thread) WHERE t.seconds > 4;
 */
#include "engine/facts/field.h"
#include "engine/facts/io.h"
#include "engine/facts/tables.h"
#include "engine/facts/thread.h"

static const sc_column columns[] = {
    {"thread", SC_ADDR, "the thread"},
    {"cid", SC_TEXT, "process and thread number as printed, 0004.0048"},
    {"priority", SC_INT, "priority under which it is listed, 0 to 31"},
    {"processor", SC_INT, "processor in whose queue it is; NULL in a shared queue"},
    {"queue", SC_ADDR, "shared queue that it is in; NULL in a processor's own"},
    {"on_processor", SC_INT, "processor that the thread's line names"},
};
enum { THREAD, CID, PRIORITY, PROCESSOR, QUEUE, ON_PROCESSOR };
const sc_table sc_table_ready_thread = {"ready_thread", "Threads that wait for a processor", SC_NO_KEY,
                                        SC_COLUMNS(columns)};

/* What a line says about the threads below it. */
typedef struct head {
    bool has_processor, has_queue, empty;
    uint64_t processor, queue, priority;
} head;

static bool read_head(sc_span text, head *h)
{
    sc_scan c = sc_scan_of(text);
    *h = (head){0};
    if (sc_lit(&c, "Processor"))
        h->has_processor = sc_dec(&c, &h->processor) && h->processor < 4096 && sc_lit(&c, ":");
    else if (sc_lit(&c, "SharedReadyQueue"))
        h->has_queue = sc_addr(&c, &h->queue, NULL) && sc_lit(&c, ":");
    bool bare = !h->has_processor && !h->has_queue;
    if (bare && c.p != text.p) return false;
    if (sc_lit(&c, "No threads in READY state")) return (h->empty = sc_at_end(&c));
    if (!sc_lit(&c, "Ready Threads at priority") || !sc_dec(&c, &h->priority) || h->priority > 31) return false;
    if (bare && sc_lit(&c, "on processor")) {
        if (!sc_dec(&c, &h->processor) || h->processor >= 4096) return false;
        h->has_processor = true;
    }
    return sc_at_end(&c);
}

/* `KSHARED_READY_QUEUE 8147e800: (00) ****----`: the processors of a group that share the queue. */
static bool read_shared(sc_span text, uint64_t *group, uint64_t *processors)
{
    sc_scan c = sc_scan_of(text);
    uint64_t queue;
    sc_span map;
    *processors = 0;
    if (!sc_lit(&c, "KSHARED_READY_QUEUE") || !sc_addr(&c, &queue, NULL) || !sc_lit(&c, ":") || !sc_lit(&c, "(") ||
        !sc_hex(&c, group) || !sc_lit(&c, ")") || !sc_word(&c, &map))
        return false;
    for (size_t i = 0; i < map.n; i++) {
        if (map.p[i] != '*' && map.p[i] != '-') return false;
        if (map.p[i] == '*' && i < 64) *processors |= UINT64_C(1) << i;
    }
    return true;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0};
    uint64_t group, processors;
    head h;
    if (text.n < 25) return SC_ABSTAIN;
    if (text.p[0] == 'K') return read_shared(text, &group, &processors) ? SC_STRONG : SC_ABSTAIN;
    if (sc_find_char(SC_S("NPRS"), text.p[0]) == SC_NPOS || !read_head(text, &h)) return SC_ABSTAIN;
    if (h.has_processor || h.has_queue) return SC_STRONG;
    size_t at = 0; /* "Ready Threads at priority 8" alone may be prose */
    return !h.empty && sc_thread_header(sc_ahead(lines, n, &at), NULL, NULL) ? SC_STRONG : SC_WEAK;
}

/* A thread below a head, unless its line says that it is not ready. */
static void add_thread(sc_parse *p, const sc_line *l, const head *h, const sc_row *thread)
{
    if (sc_has(thread, THREAD_STATE)) {
        sc_span state = sc_get_text(thread, THREAD_STATE);
        if (!sc_eq_z(state, "ready") && !sc_eq_z(state, "deferred ready")) return;
    }
    sc_row *r = sc_add(p, &sc_table_ready_thread, l);
    sc_set_addr(r, THREAD, sc_get_addr(thread, THREAD_THREAD));
    if (sc_has(thread, THREAD_CID)) sc_set_text(r, CID, sc_get_text(thread, THREAD_CID));
    sc_set_int(r, PRIORITY, (int64_t)h->priority);
    if (h->has_processor) {
        sc_set_int(r, PROCESSOR, (int64_t)h->processor);
        sc_set_null(r, QUEUE);
    } else if (h->has_queue) {
        sc_set_null(r, PROCESSOR);
        sc_set_addr(r, QUEUE, h->queue);
    }
    if (sc_has(thread, THREAD_PROCESSOR)) sc_set_int(r, ON_PROCESSOR, sc_get_int(thread, THREAD_PROCESSOR));
}

/* What the output says about its own extent. */
typedef struct extent {
    bool cut, closed;         /* closed: the last line that counts says that a queue is empty */
    bool single;              /* one queue, and it is empty */
    uint64_t announced, seen; /* processors, bit by bit */
} extent;

static void close_list(sc_parse *p, const extent *e)
{
    bool all = e->announced && (e->announced & ~e->seen) == 0;
    bool whole = !e->cut && e->closed && (all || e->single);
    if (whole) sc_complete(p);
    sc_cover_all(p->facts, &sc_table_ready_thread, p->ordinal, whole);
}

static void parse(sc_parse *p)
{
    head h = {0};
    bool below = false;
    extent e = {0};
    sc_thread_reader threads;
    sc_threads_begin(&threads, p);
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text);
        uint64_t group, processors;
        head next;
        if (l->flags & SC_LINE_CUT) e.cut = true;
        if (read_shared(text, &group, &processors)) {
            sc_take(p, l);
            e.announced |= processors;
            if (group) e.cut = true; /* a processor's number does not tell its group */
        } else if (read_head(text, &next)) {
            sc_threads_end(&threads);
            sc_take(p, l);
            h = next;
            below = !h.empty;
            e.closed = h.empty;
            e.single = h.empty && !h.has_processor && !h.has_queue;
            if (h.has_processor && h.processor < 64) e.seen |= UINT64_C(1) << h.processor;
        } else {
            bool header = sc_thread_header(l->text, NULL, NULL);
            if (sc_threads_line(&threads, l) && header && below) add_thread(p, l, &h, threads.row);
        }
    }
    sc_threads_end(&threads);
    p->section->complete = false; /* not what a thread in it thinks */
    close_list(p, &e);
}

static const sc_table *const tables[] = {&sc_table_ready_thread, &sc_table_thread, &sc_table_thread_irp, NULL};
static const char *const absorbs[] = {"!thread", "k", NULL};
const sc_command sc_command_ready = {
    .name = "!ready",
    .doc = "Threads that could run and wait for a processor, by queue and priority",
    .proof = "a line for each processor that shares a queue, the last one's queue empty; or the one queue empty",
    .query = "SELECT r.priority, t.image, t.seconds FROM ready_thread r JOIN thread t USING (thread) "
             "WHERE t.seconds > 4",
    .tables = tables,
    .taste = taste,
    .absorbs = absorbs,
    .parse = parse,
};
