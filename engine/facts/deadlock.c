/* !deadlock: the order in which threads took locks, when Driver Verifier found that two orders contradict each other.
 * [samples deadlock--deadlock-42 and -61, deadlock--debugging-deadlocks-*]
 *
 *     kd> !deadlock 3
 *     issue: 00001001 97dd800c 86858ce0 00000000
 *
 *     Deadlock detected (2 locks in 2 threads):
 *
 *     Thread 1: c4ae2040 (ThreadEntry = 86833a08) took locks in the following order:
 *
 *     Lock B =     97dd8008 (MyTestDriver!BravoLock+0x00000000) - Type 'Spinlock'.
 *
 *         Node:    86858ce0
 *
 *         Stack:   97dd65ef MyTestDriver!DeviceControlIrpWorker+0x0000005f
 *                  97dd605a MyTestDriver!Dispatch_DeviceControl+0x0000001a
 *
 *     Lock A =     97dd800c (MyTestDriver!AlphaLock+0x00000000) - Type 'Spinlock'.
 *
 *         Stack:   << Current stack trace - use kb to display it >>
 *
 * Tables: deadlock, deadlock_thread, deadlock_lock, deadlock_step, deadlock_frame.
 * Query:  SELECT thread_n, lock, f.module, f.symbol FROM deadlock_frame f
 *         JOIN deadlock_step USING (thread_n, position) WHERE frame = 0;
 *
 * Without an argument the orders are letters ("Thread 0: A B.") and the letters are explained below "Where:".
 * Windows XP writes `Thread 0 (8D14F750) took locks ...`, `Lock A -- b7906f30 (Spinlock)`, and stacks without
 * addresses. A thread wants the last lock of its order while it holds those before; only the thread that was caught
 * stood there just now.
 * deadlock_line.c reads the lines, deadlock_tables.c declares the tables.
 */
#include "engine/facts/deadlock.h"
#include "engine/facts/tables.h"

enum { MAX_LETTERS = 26 };

typedef struct report {
    sc_parse *p;
    sc_row *head, *step;
    int64_t thread_n, position, frame; /* of the order that is being read */
    bool in_order, in_stack;
    bool locks[MAX_LETTERS];                     /* explained */
    uint64_t n_locks, n_orders, n_named, n_open; /* locks explained, orders read, threads told, steps without a stack */
    bool detailed, at_current, cut;              /* with stacks; the last thing read was the current stack's mark */
    bool any, whole;                             /* of the section */
} report;

/* whole: the last lock that was read is the last one of the order. */
static void finish_order(report *s, bool whole)
{
    if (s->step && whole) sc_set_bool(s->step, S_WANTED, true);
    s->in_order = s->in_stack = false;
    s->step = NULL;
}

static void finish(report *s)
{
    finish_order(s, s->at_current);
    if (!s->head || !sc_has(s->head, D_LOCKS)) return;
    uint64_t locks = (uint64_t)sc_get_int(s->head, D_LOCKS), threads = (uint64_t)sc_get_int(s->head, D_THREADS);
    bool all = s->n_locks == locks && s->n_orders == threads && s->n_named == threads && !s->cut;
    s->whole = all && (!s->detailed || (!s->n_open && s->at_current));
}

static sc_row *head_of(report *s, const sc_line *l)
{
    if (!s->head) s->head = sc_row_new(s->p->facts, &sc_table_deadlock, s->p->ordinal, l);
    if (l->last > s->head->last_line) s->head->last_line = l->last;
    return s->head;
}

/* A second title, or a second issue, begins another report. */
static void begin(report *s, const sc_line *l, int column)
{
    if (s->head && sc_has(s->head, column)) {
        finish(s);
        *s = (report){.p = s->p, .any = true};
    }
    head_of(s, l);
}

static void add_thread(report *s, const sc_line *l, const sc_deadlock_line *t)
{
    sc_row *r = sc_add(s->p, &sc_table_deadlock_thread, l);
    s->n_named++;
    sc_set_int(r, T_N, (int64_t)t->n);
    sc_set_bool(r, T_TERMINATED, t->terminated);
    if (t->terminated) {
        sc_set_null(r, T_THREAD);
    } else {
        sc_set_addr(r, T_THREAD, t->address);
        sc_note_width(s->p->facts, t->digits);
    }
}

static void add_step(report *s, const sc_line *l, char letter)
{
    if (s->step) sc_set_bool(s->step, S_WANTED, false);
    s->step = sc_add(s->p, &sc_table_deadlock_step, l);
    sc_set_int(s->step, S_THREAD, s->thread_n);
    sc_set_int(s->step, S_POSITION, s->position++);
    sc_set_text(s->step, S_LOCK, sc_arena_printf(s->p->facts->arena, "%c", letter));
    if (s->detailed) s->n_open++;
    s->frame = 0;
    s->in_stack = false;
}

static void begin_order(report *s, uint64_t n)
{
    finish_order(s, true);
    s->in_order = true;
    s->thread_n = (int64_t)n;
    s->position = 0;
    s->n_orders++;
}

static void add_lock(report *s, const sc_line *l, const sc_deadlock_line *t)
{
    if (s->in_order) add_step(s, l, t->letter);
    size_t i = (size_t)(t->letter - 'A');
    if (s->locks[i]) return;
    s->locks[i] = true;
    s->n_locks++;
    sc_row *r = sc_add(s->p, &sc_table_deadlock_lock, l);
    sc_set_text(r, L_LOCK, sc_arena_printf(s->p->facts->arena, "%c", t->letter));
    if (t->digits) {
        sc_set_addr(r, L_ADDRESS, t->address);
        sc_note_width(s->p->facts, t->digits);
    }
    if (t->symbol.name.n) {
        sc_set_text(r, L_NAME, t->symbol.name);
        sc_set_text(r, L_MODULE, t->symbol.module);
    } else {
        sc_set_null(r, L_NAME);
        sc_set_null(r, L_MODULE);
    }
    if (t->type.n) sc_set_text(r, L_TYPE, t->type);
}

static void add_frame(report *s, const sc_line *l, const sc_deadlock_line *t)
{
    sc_row *r = sc_add(s->p, &sc_table_deadlock_frame, l);
    sc_set_int(r, F_THREAD, s->thread_n);
    sc_set_int(r, F_POSITION, s->position - 1);
    if (!s->frame) s->n_open -= s->n_open > 0;
    sc_set_int(r, F_FRAME, s->frame++);
    if (t->digits) sc_set_addr(r, F_ADDRESS, t->address);
    if (t->symbol.name.n) {
        sc_set_text(r, F_SYMBOL, t->symbol.name);
        sc_set_text(r, F_MODULE, t->symbol.module);
        sc_set_int(r, F_OFFSET, (int64_t)t->symbol.offset);
    }
    if (s->step && !sc_has(s->step, S_CURRENT)) sc_set_bool(s->step, S_CURRENT, false);
}

/* What stands behind `Stack:`, and in the lines below it. */
static bool read_frames(report *s, const sc_line *l, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    sc_deadlock_line frame;
    bool read = false;
    if (sc_lit(&c, "<< Current stack")) {
        if (s->step) sc_set_bool(s->step, S_CURRENT, true);
        s->n_open -= s->n_open > 0;
        s->at_current = true;
        s->in_stack = false;
        return true;
    }
    while (sc_deadlock_frame(&c, &frame)) {
        add_frame(s, l, &frame);
        read = true;
    }
    return read;
}

static void read_piece(report *s, const sc_line *l, sc_span text)
{
    sc_deadlock_line t;
    bool at_current = s->at_current;
    s->at_current = false;
    switch (sc_deadlock_read(text, &t)) {
    case SC_DEADLOCK_ISSUE:
        begin(s, l, D_ISSUE);
        sc_set_int(s->head, D_ISSUE, (int64_t)t.n);
        sc_set_addr(s->head, D_RESOURCE, t.address);
        sc_set_addr(s->head, D_NODE, t.node);
        sc_note_width(s->p->facts, t.digits);
        break;
    case SC_DEADLOCK_TITLE:
        begin(s, l, D_LOCKS);
        sc_set_int(s->head, D_LOCKS, (int64_t)t.n);
        sc_set_int(s->head, D_THREADS, (int64_t)t.threads);
        break;
    case SC_DEADLOCK_LETTERS:
        begin_order(s, t.n);
        for (size_t i = 0; i < t.letters.n; i++)
            if (sc_is_alpha(t.letters.p[i])) add_step(s, l, t.letters.p[i]);
        finish_order(s, sc_ends(t.letters, ".") || sc_peek(s->p)); /* else it may be cut */
        break;
    case SC_DEADLOCK_ORDER:
        s->detailed = true;
        begin_order(s, t.n);
        add_thread(s, l, &t);
        break;
    case SC_DEADLOCK_THREAD: add_thread(s, l, &t); break;
    case SC_DEADLOCK_LOCK: add_lock(s, l, &t); break;
    case SC_DEADLOCK_NODE:
        if (s->step) sc_set_addr(s->step, S_NODE, t.node);
        break;
    case SC_DEADLOCK_STACK:
        s->in_stack = s->step != NULL;
        if (s->in_stack) read_frames(s, l, t.letters);
        break;
    case SC_DEADLOCK_WHERE: break;
    default:
        if (!s->in_stack || !read_frames(s, l, text)) {
            s->at_current = at_current; /* prose does not undo it */
            return;
        }
    }
    s->any = true;
    sc_take(s->p, l);
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0}, piece;
    sc_deadlock_line t;
    if (text.n < 8 || (text.p[0] != 'D' && text.p[0] != 'T' && text.p[0] != 'i')) return SC_ABSTAIN;
    if (!sc_piece(&text, sc_deadlock_marks, &piece)) return SC_ABSTAIN;
    sc_deadlock_kind kind = sc_deadlock_read(piece, &t);
    return kind == SC_DEADLOCK_ISSUE || kind == SC_DEADLOCK_TITLE || kind == SC_DEADLOCK_ORDER ? SC_STRONG : SC_ABSTAIN;
}

static const sc_table *const tables[] = {&sc_table_deadlock,      &sc_table_deadlock_thread, &sc_table_deadlock_lock,
                                         &sc_table_deadlock_step, &sc_table_deadlock_frame,  NULL};

static void parse(sc_parse *p)
{
    report s = {.p = p};
    bool none = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = sc_trim(l->text), piece;
        if (l->flags & SC_LINE_CUT) s.cut = true;
        if (!s.any && p->section->prompted && sc_starts(rest, "No deadlock")) {
            none = true;
            sc_take(p, l);
            continue;
        }
        while (sc_piece(&rest, sc_deadlock_marks, &piece)) read_piece(&s, l, piece);
    }
    finish(&s);
    if (!s.any && !none) return;
    bool whole = s.any ? s.whole : none;
    for (size_t i = 0; tables[i]; i++)
        sc_cover_all(p->facts, tables[i], p->ordinal, whole && (tables[i] != &sc_table_deadlock_frame || s.detailed));
    if (whole) sc_complete(p);
}

const sc_command sc_command_deadlock = {
    .name = "!deadlock",
    .doc = "The order in which threads took locks, where Driver Verifier sees a possible deadlock",
    .proof = "as many locks and threads as its first line says; with stacks, the mark of the current one",
    .query =
        "SELECT thread_n, lock, f.module, f.symbol FROM deadlock_frame f JOIN deadlock_step USING (thread_n, position) "
        "WHERE frame = 0",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
