/* !exqueue: the kernel's work queues, the threads that serve them, and the items that wait. [the debugger's former
 * documentation, public notes with outputs of Windows 2000 to 7, strings of newer debuggers]
 *
 *     kd> !exqueue
 *     **** Critical WorkQueue ( Threads: 5/512, Concurrency: 0/1 )
 *     THREAD 852115d8  Cid 0004.0018  Teb: 00000000 Win32Thread: 00000000 WAIT
 *     PENDING: IoWorkItem (85cbf158) Routine HTTP!UlWorker (8a2c1100) IoObject (85d18f10) Context (85cbf1a0)
 *     PENDING: ExWorkItem (86d4c020) Routine acmedisk!Work (967ec282) Parameter (00000000)
 *     **** NUMA Node 0 Delayed WorkQueue ...
 *
 *     Dumping ExWorkerQueue: 8046A5C0
 *     **** Critical WorkQueue( current = 0 maximum = 1 )         (Windows 2000)
 *
 * Tables: work_queue, work_queue_thread, work_item; thread, stack and frame as in !thread
 *         (engine/facts/thread_read.c).
 * Query:  SELECT queue, symbol, count(*) FROM work_item GROUP BY queue, symbol ORDER BY 3 DESC;
 */
#include "engine/facts/field.h"
#include "engine/facts/io.h"
#include "engine/facts/symbol.h"
#include "engine/facts/tables.h"
#include "engine/facts/thread.h"

static const sc_column queue_columns[] = {
    {"queue", SC_TEXT, "as printed: Critical, Delayed, HyperCritical, NUMA Node 0 Normal ..."},
    {"node", SC_INT, "number of the NUMA node; newer debuggers only"},
    {"threads", SC_INT, "threads that serve it"},
    {"threads_max", SC_INT, "threads that may serve it"},
    {"running", SC_INT, "of its threads those that run"},
    {"running_max", SC_INT, "threads that may run at the same time"},
    {"items", SC_INT, "items that are listed"},
};
enum { Q_QUEUE, Q_NODE, Q_THREADS, Q_THREADS_MAX, Q_RUNNING, Q_RUNNING_MAX, Q_ITEMS };
const sc_table sc_table_work_queue = {"work_queue", "Work queues of the kernel", Q_QUEUE, SC_COLUMNS(queue_columns)};

static const sc_column thread_columns[] = {
    {"queue", SC_TEXT, "work_queue.queue"},
    {"thread", SC_ADDR, "thread that serves it"},
};
enum { T_QUEUE, T_THREAD };
const sc_table sc_table_work_queue_thread = {"work_queue_thread", "Threads that serve work queues", T_QUEUE,
                                             SC_COLUMNS(thread_columns)};

static const sc_column item_columns[] = {
    {"queue", SC_TEXT, "work_queue.queue"},
    {"kind", SC_TEXT, "ExWorkItem or IoWorkItem"},
    {"item", SC_ADDR, "the item"},
    {"routine", SC_ADDR, "its routine"},
    {"symbol", SC_TEXT, "module!function of the routine; NULL when the address has no symbol"},
    {"module", SC_TEXT, "of the symbol"},
    {"parameter", SC_ADDR, "what the routine is given"},
    {"object", SC_ADDR, "device or driver object of an IoWorkItem"},
};
enum { I_QUEUE, I_KIND, I_ITEM, I_ROUTINE, I_SYMBOL, I_MODULE, I_PARAMETER, I_OBJECT };
const sc_table sc_table_work_item = {"work_item", "Items in work queues", SC_NO_KEY, SC_COLUMNS(item_columns)};

typedef struct head {
    sc_span name;
    bool has_node, old; /* old: current and maximum instead of threads */
    uint64_t node, threads, threads_max, running, running_max;
} head;

static bool read_pair(sc_scan *c, uint64_t *a, uint64_t *b)
{
    return sc_dec(c, a) && sc_lit(c, "/") && sc_dec(c, b) && *a <= UINT32_MAX && *b <= UINT32_MAX;
}

/* `Critical`, `NUMA Node 0 Normal` */
static bool read_name(head *h)
{
    static const char *const names[] = {"Critical", "Delayed", "HyperCritical", "SuperCritical",
                                        "RealTime", "Normal",  "Background"};
    sc_scan c = sc_scan_of(h->name);
    if (sc_lit(&c, "NUMA Node")) {
        h->has_node = sc_dec(&c, &h->node) && h->node < 4096;
        if (!h->has_node) return false;
    }
    sc_span rest = sc_trim(sc_rest(&c));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (sc_eq_z(rest, names[i])) return true;
    return false;
}

/* `**** Critical WorkQueue ( Threads: 5/512, Concurrency: 0/1 )`; a paste may have lost the asterisks. */
static bool read_head(sc_span text, head *h)
{
    sc_scan c = sc_scan_of(text);
    *h = (head){0};
    while (sc_lit(&c, "*")) {}
    if (!sc_until(&c, "WorkQueue", &h->name) || !sc_lit(&c, "(")) return false;
    h->name = sc_trim(h->name);
    if (!read_name(h)) return false;
    h->old = sc_lit(&c, "current =");
    if (h->old)
        return sc_dec(&c, &h->running) && sc_lit(&c, "maximum =") && sc_dec(&c, &h->running_max) &&
               h->running <= UINT32_MAX && h->running_max <= UINT32_MAX && sc_lit(&c, ")");
    return sc_lit(&c, "Threads:") && read_pair(&c, &h->threads, &h->threads_max) && sc_lit(&c, ",") &&
           sc_lit(&c, "Concurrency:") && read_pair(&c, &h->running, &h->running_max) && sc_lit(&c, ")");
}

typedef struct item {
    bool io, has_routine, has_parameter, has_object, named;
    uint64_t item, routine, parameter, object;
    sc_symbol symbol;
} item;

/* `Context (85cbf1a0)` */
static bool read_labelled(sc_scan *c, const char *label, uint64_t *value)
{
    sc_scan t = *c;
    if (!sc_lit(&t, label) || !sc_lit(&t, "(") || !sc_addr(&t, value, NULL) || !sc_lit(&t, ")")) return false;
    *c = t;
    return true;
}

static bool read_item(sc_span text, item *i)
{
    sc_scan c = sc_scan_of(text);
    *i = (item){0};
    sc_lit(&c, "PENDING:");
    i->io = read_labelled(&c, "IoWorkItem", &i->item);
    if (!i->io && !read_labelled(&c, "ExWorkItem", &i->item)) return false;
    if (!sc_lit(&c, "Routine")) return sc_at_end(&c);
    i->named = sc_symbol_scan(&c, &i->symbol) && i->symbol.name.n;
    i->has_routine = read_labelled(&c, "", &i->routine);
    i->has_object = read_labelled(&c, "IoObject", &i->object);
    i->has_parameter = read_labelled(&c, "Parameter", &i->parameter) || read_labelled(&c, "Context", &i->parameter);
    return i->named || i->has_routine;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0};
    uint64_t v;
    head h;
    item i;
    if (text.n < 24) return SC_ABSTAIN;
    sc_scan c = sc_scan_of(text);
    if (sc_lit(&c, "Dumping ExWorkerQueue:")) return sc_addr(&c, &v, NULL) && sc_at_end(&c) ? SC_STRONG : SC_ABSTAIN;
    if (sc_find_char(SC_S("PIE"), text.p[0]) != SC_NPOS) return read_item(text, &i) ? SC_STRONG : SC_ABSTAIN;
    return (text.p[0] == '*' || sc_is_alpha(text.p[0])) && read_head(text, &h) ? SC_STRONG : SC_ABSTAIN;
}

/* ---- Parsing ---- */

typedef struct reader {
    sc_parse *p;
    sc_row *queue;
    head head;
    uint64_t threads; /* listed below the head */
    bool open;        /* nothing foreign stands between the head and this line */
    bool whole;       /* every queue so far has as many threads as it announces */
    sc_thread_reader blocks;
} reader;

/* No more lines of this queue. */
static void close_queue(reader *r)
{
    sc_threads_end(&r->blocks);
    if (!r->queue) return;
    bool all = !r->head.old && r->threads == r->head.threads;
    sc_cover_text(r->p->facts, &sc_table_work_queue, r->head.name, r->p->ordinal, true);
    sc_cover_text(r->p->facts, &sc_table_work_queue_thread, r->head.name, r->p->ordinal, all);
    r->whole = r->whole && all;
    r->queue = NULL;
}

static void add_queue(reader *r, const sc_line *l, const head *h)
{
    close_queue(r);
    sc_row *q = r->queue = sc_add(r->p, &sc_table_work_queue, l);
    r->head = *h;
    r->threads = 0;
    r->open = true;
    sc_set_text(q, Q_QUEUE, h->name);
    if (h->has_node) sc_set_int(q, Q_NODE, (int64_t)h->node);
    if (!h->old) {
        sc_set_int(q, Q_THREADS, (int64_t)h->threads);
        sc_set_int(q, Q_THREADS_MAX, (int64_t)h->threads_max);
    }
    sc_set_int(q, Q_RUNNING, (int64_t)h->running);
    sc_set_int(q, Q_RUNNING_MAX, (int64_t)h->running_max);
    sc_set_int(q, Q_ITEMS, 0);
}

static void add_item(reader *r, const sc_line *l, const item *i)
{
    sc_row *row = sc_add(r->p, &sc_table_work_item, l);
    if (r->queue) {
        sc_set_text(row, I_QUEUE, r->head.name);
        sc_set_int(r->queue, Q_ITEMS, sc_get_int(r->queue, Q_ITEMS) + 1);
        r->queue->last_line = l->last;
    }
    sc_set_text(row, I_KIND, sc_span_z(i->io ? "IoWorkItem" : "ExWorkItem"));
    sc_set_addr(row, I_ITEM, i->item);
    if (i->has_routine) sc_set_addr(row, I_ROUTINE, i->routine);
    if (i->named) {
        sc_set_text(row, I_SYMBOL, i->symbol.name);
        sc_set_text(row, I_MODULE, i->symbol.module);
    } else if (i->has_routine) {
        sc_set_null(row, I_SYMBOL);
        sc_set_null(row, I_MODULE);
    }
    if (i->has_parameter) sc_set_addr(row, I_PARAMETER, i->parameter);
    if (i->has_object)
        sc_set_addr(row, I_OBJECT, i->object);
    else if (!i->io)
        sc_set_null(row, I_OBJECT);
}

static void add_thread(reader *r, const sc_line *l)
{
    uint64_t thread;
    if (!r->queue || !r->open || !sc_thread_header(l->text, &thread, NULL)) return;
    if (!r->head.old && r->threads == r->head.threads) return; /* what !thread printed behind it */
    sc_row *row = sc_add(r->p, &sc_table_work_queue_thread, l);
    sc_set_text(row, T_QUEUE, r->head.name);
    sc_set_addr(row, T_THREAD, thread);
    r->queue->last_line = l->last;
    r->threads++;
}

static void parse(sc_parse *p)
{
    reader r = {.p = p, .whole = true};
    bool last = false;
    sc_threads_begin(&r.blocks, p);
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text);
        head h;
        item i;
        if (l->flags & SC_LINE_CUT) r.whole = false;
        if (read_head(text, &h)) {
            add_queue(&r, l, &h);
            last = sc_ends(h.name, "HyperCritical");
        } else if (read_item(text, &i)) {
            add_item(&r, l, &i);
        } else if (sc_starts(text, "Dumping ExWorkerQueue:")) {
            sc_take(p, l);
        } else if (sc_threads_line(&r.blocks, l)) {
            add_thread(&r, l);
        } else if (!(l->flags & SC_LINE_MESSAGE)) {
            r.open = false;
        }
    }
    bool any = r.queue != NULL;
    close_queue(&r);
    /* not what a thread in it thinks; a foreign line may be a piece of what was cut off */
    p->section->complete = any && last && r.whole && r.open && sc_goes_on(p);
    sc_cover_all(p->facts, &sc_table_work_item, p->ordinal, p->section->complete);
}

static const sc_table *const tables[] = {&sc_table_work_queue, &sc_table_work_queue_thread, &sc_table_work_item,
                                         &sc_table_thread,     &sc_table_thread_irp,        NULL};
static const char *const absorbs[] = {"!thread", "k", NULL};
const sc_command sc_command_exqueue = {
    .name = "!exqueue",
    .doc = "Work queues of the kernel: the threads that serve them and the items that wait",
    .proof = "as many threads as each queue announces, down to the hypercritical one, and text behind it",
    .query = "SELECT queue, symbol, count(*) FROM work_item GROUP BY queue, symbol ORDER BY 3 DESC",
    .tables = tables,
    .taste = taste,
    .absorbs = absorbs,
    .parse = parse,
};
