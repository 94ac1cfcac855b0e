/* !locks: executive resources (ERESOURCE), who owns them and who waits. [seed 003; samples locks--*, k_x86--locks-*]
 *
 *     0: kd> !locks
 *     KD: Scanning for held locks.
 *     Resource @ nt!PiEngineLock (0xfffff80003492be0)    Exclusively owned
 *         Contention Count = 21
 *         NumberOfExclusiveWaiters = 1
 *          Threads: fffffa8007005660-01<*>
 *          Threads Waiting On Exclusive Access:
 *                   fffffa800d4d5040
 *     18855 total locks, 2 locks currently held
 *
 * Tables: lock, lock_thread; with -v also what !thread fills.
 * Query:  SELECT name, thread FROM lock JOIN lock_thread USING (lock) WHERE mode = 'exclusive' AND role = 'owner';
 *
 * The debugger leaves out counts that are zero. NT 4 (sample locks--resource-time-outs-17) prints `ActiveCount = 0001
 * Flags = IsOwnedExclusive sharedWaiter` and `Thread = 809cd2f0, Count = 01` instead.
 */
#include "engine/facts/io.h"
#include "engine/facts/tables.h"
#include "engine/facts/thread.h"

static const sc_column columns[] = {
    {"name", SC_TEXT, "symbol of the lock, nt!PiEngineLock; NULL when only its address is printed"},
    {"address", SC_ADDR, "address of the lock"},
    {"mode", SC_TEXT, "exclusive, shared or available"},
    {"owners", SC_INT, "number of threads that own it"},
    {"contention", SC_INT, "how often a thread had to wait for it"},
    {"exclusive_waiters", SC_INT, "number of threads that wait to own it alone"},
    {"shared_waiters", SC_INT, "number of threads that wait to share it"},
    {"lock", SC_INT, "number of this row, for joining lock_thread"},
};
_Static_assert(sizeof columns / sizeof columns[0] == LOCK_COLUMNS, "columns of lock");
const sc_table sc_table_lock = {"lock", "Executive resources", SC_NO_KEY, SC_COLUMNS(columns)};

static const sc_column thread_columns[] = {
    {"lock", SC_INT, "number of the lock"},
    {"thread", SC_ADDR, "address of the thread"},
    {"role", SC_TEXT, "owner, exclusive-waiter or shared-waiter"},
};
_Static_assert(sizeof thread_columns / sizeof thread_columns[0] == LOCK_THREAD_COLUMNS, "columns of lock_thread");
const sc_table sc_table_lock_thread = {"lock_thread", "Threads that own executive resources or wait for them",
                                       SC_NO_KEY, SC_COLUMNS(thread_columns)};

typedef enum role { NOBODY, OWNER, EXCLUSIVE_WAITER, SHARED_WAITER } role;
static const char *const role_names[] = {"", "owner", "exclusive-waiter", "shared-waiter"};

typedef struct reading {
    sc_parse *p;
    sc_row *lock;      /* the resource that is being read, or NULL */
    role list;         /* whose addresses the next lines hold */
    int64_t listed[4]; /* threads of the resource, per role */
    bool any, threads_lost, cut, whole;
    int64_t held; /* resources that are owned */
    sc_thread_reader threads;
} reading;

/* `name (0xA)` or `0xA`; what follows it is left in the cursor. */
static bool read_resource(sc_span text, sc_span *name, uint64_t *address, int *digits, sc_scan *rest)
{
    size_t at = sc_find(text, "Resource @");
    if (at == SC_NPOS || (at > 0 && !sc_starts(text, "KD: Scanning"))) return false;
    *rest = sc_scan_of(sc_span_from(text, at + 10));
    *name = (sc_span){0};
    if (sc_addr(rest, address, digits)) return true;
    sc_blanks(rest);
    if (!sc_until(rest, "(0x", name)) return false;
    rest->p -= 2;
    *name = sc_trim(*name);
    return name->n && sc_addr(rest, address, digits) && sc_lit(rest, ")");
}

static void set_count(sc_row *r, int column, int64_t v, bool only_if_missing)
{
    if (!only_if_missing || r->cells[column].state == SC_NOT_PRINTED) sc_set_int(r, column, v);
}

/* What the debugger would have printed by now, and did not, is zero. */
static void set_absent_counts(sc_row *r)
{
    set_count(r, LOCK_CONTENTION, 0, true);
    set_count(r, LOCK_EXCLUSIVE_WAITERS, 0, true);
    set_count(r, LOCK_SHARED_WAITERS, 0, true);
}

static bool fewer(const sc_row *r, int column, int64_t listed)
{
    return sc_has(r, column) && sc_get_int(r, column) > listed;
}

static void end_resource(reading *s)
{
    if (s->lock && (fewer(s->lock, LOCK_OWNERS, s->listed[OWNER]) ||
                    fewer(s->lock, LOCK_EXCLUSIVE_WAITERS, s->listed[EXCLUSIVE_WAITER]) ||
                    fewer(s->lock, LOCK_SHARED_WAITERS, s->listed[SHARED_WAITER])))
        s->threads_lost = true;
    s->lock = NULL;
    s->list = NOBODY;
}

static void set_mode(reading *s, const char *mode, int64_t owners)
{
    sc_set_text(s->lock, LOCK_MODE, sc_span_z(mode));
    if (owners >= 0) sc_set_int(s->lock, LOCK_OWNERS, owners);
    if (owners) s->held++;
}

static void begin_resource(reading *s, const sc_line *line, sc_span name, uint64_t address, int digits, sc_scan rest)
{
    uint64_t owners;
    end_resource(s);
    sc_facts *f = s->p->facts;
    s->lock = sc_add(s->p, &sc_table_lock, line);
    s->listed[OWNER] = s->listed[EXCLUSIVE_WAITER] = s->listed[SHARED_WAITER] = 0;
    sc_set_int(s->lock, LOCK_LOCK, (int64_t)sc_facts_table(f, &sc_table_lock)->n_rows);
    sc_set_addr(s->lock, LOCK_ADDRESS, address);
    sc_note_width(f, digits);
    if (name.n)
        sc_set_text(s->lock, LOCK_NAME, name);
    else
        sc_set_null(s->lock, LOCK_NAME);
    if (sc_lit(&rest, "Exclusively owned"))
        set_mode(s, "exclusive", 1);
    else if (sc_lit(&rest, "Available"))
        set_mode(s, "available", 0);
    else if (sc_lit(&rest, "Shared"))
        set_mode(s, "shared", sc_dec(&rest, &owners) && owners < 1000000 ? (int64_t)owners : -1);
}

static void add_thread(reading *s, const sc_line *line, role who, uint64_t thread)
{
    sc_row *r = sc_add(s->p, &sc_table_lock_thread, line);
    s->listed[who]++;
    sc_set_int(r, LOCK_THREAD_LOCK, sc_get_int(s->lock, LOCK_LOCK));
    sc_set_addr(r, LOCK_THREAD_THREAD, thread & ~UINT64_C(3)); /* the low bits are flags: *** Actual Thread 80ed0020 */
    sc_set_text(r, LOCK_THREAD_ROLE, sc_span_z(role_names[who]));
}

/* `ff688da0-01<*> ff687da0-01<*>`, `80ed0023-01<*> *** Actual Thread 80ed0020` */
static bool read_owners(reading *s, const sc_line *line, sc_scan c)
{
    uint64_t thread, count;
    bool any = false;
    for (;;) {
        sc_scan t = c;
        if (!sc_addr(&t, &thread, NULL) || !sc_lit(&t, "-") || !sc_hex(&t, &count)) break;
        sc_lit(&t, "<*>");
        add_thread(s, line, OWNER, thread);
        any = true;
        c = t;
        if (sc_lit(&t, "*** Actual Thread") && sc_addr(&t, &thread, NULL)) c = t;
    }
    return any;
}

/* Addresses alone on a line, perhaps with somebody's `<<<` behind them: an IRP list or a stack of -v is none. */
static bool read_waiters(reading *s, const sc_line *line, sc_scan c)
{
    uint64_t thread;
    sc_scan t = c;
    int n = 0;
    while (sc_addr(&t, &thread, NULL)) n++;
    if (!n || (!sc_at_end(&t) && *t.p != '<')) return false;
    while (n-- > 0 && sc_addr(&c, &thread, NULL)) add_thread(s, line, s->list, thread);
    return true;
}

static bool read_count(reading *s, sc_span text, const char *label, int column)
{
    uint64_t v;
    if (!sc_starts(text, label)) return false;
    sc_scan c = sc_scan_of(sc_span_from(text, sc_span_z(label).n));
    if (!sc_lit(&c, "=") || !sc_dec(&c, &v) || v > INT64_MAX) return false;
    sc_set_int(s->lock, column, (int64_t)v);
    return true;
}

/* NT 4: flags and a fixed table of owners, of which only the first is one when the lock is exclusive. */
static bool read_old(reading *s, const sc_line *line, sc_span text)
{
    uint64_t thread;
    if (sc_starts(text, "ActiveCount =")) {
        if (sc_find(text, "IsOwnedExclusive") != SC_NPOS) set_mode(s, "exclusive", 1);
        return true;
    }
    if (!sc_starts(text, "Thread =") || sc_find(text, "Count =") == SC_NPOS) return false;
    sc_scan c = sc_scan_of(sc_span_from(text, 8));
    if (!sc_addr(&c, &thread, NULL)) return false;
    bool exclusive = sc_has(s->lock, LOCK_MODE);
    if (thread && !(exclusive && s->listed[OWNER])) add_thread(s, line, OWNER, thread);
    return true;
}

static bool read_of_resource(reading *s, const sc_line *line)
{
    sc_span text = sc_ltrim(line->text);
    if (read_count(s, text, "Contention Count", LOCK_CONTENTION) ||
        read_count(s, text, "NumberOfExclusiveWaiters", LOCK_EXCLUSIVE_WAITERS) ||
        read_count(s, text, "NumberOfSharedWaiters", LOCK_SHARED_WAITERS))
        return true;
    if (sc_starts(text, "Threads Waiting On Exclusive"))
        s->list = EXCLUSIVE_WAITER;
    else if (sc_starts(text, "Threads Waiting On Shared"))
        s->list = SHARED_WAITER;
    else if (sc_starts(text, "Threads:"))
        s->list = OWNER;
    else if (s->list == OWNER)
        return read_owners(s, line, sc_scan_of(text));
    else if (s->list != NOBODY)
        return read_waiters(s, line, sc_scan_of(text));
    else
        return read_old(s, line, text);
    sc_scan c = sc_scan_of(
        sc_span_from(text, sc_find_char(text, ':') == SC_NPOS ? text.n : sc_find_char(text, ':') + 1));
    if (s->list == OWNER) {
        set_absent_counts(s->lock);
        read_owners(s, line, c);
    } else {
        read_waiters(s, line, c);
    }
    return true;
}

/* `18855 total locks, 2 locks currently held`. One lock in all: the command was asked about that one. */
static bool read_total(reading *s, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t total, held = 0;
    if (!sc_dec(&c, &total) || !sc_lit(&c, "total locks")) return false;
    bool counted = sc_lit(&c, ",") && sc_dec(&c, &held);
    uint64_t one;
    bool asked = s->p->section->prompted && sc_arg_addr(s->p, &one);
    if (s->lock && sc_has(s->lock, LOCK_OWNERS) && !sc_get_int(s->lock, LOCK_OWNERS)) set_absent_counts(s->lock);
    s->whole = total > 1 && !asked && counted && held <= (uint64_t)s->held;
    sc_complete(s->p);
    end_resource(s);
    return true;
}

static bool is_frame_of_output(sc_span text)
{
    return sc_starts(text, "KD: Scanning for held locks") || sc_starts(text, "**** DUMP OF ALL RESOURCE OBJECTS");
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    if (!n) return SC_ABSTAIN;
    sc_span t = sc_ltrim(lines[0].text), name;
    uint64_t v;
    int digits;
    sc_scan rest;
    if (!t.n) return SC_ABSTAIN;
    if (t.p[0] == 'R') return read_resource(t, &name, &v, &digits, &rest) ? SC_STRONG : SC_ABSTAIN;
    if (t.p[0] == 'K' || t.p[0] == '*') return is_frame_of_output(t) ? SC_STRONG : SC_ABSTAIN;
    if (!sc_is_digit(t.p[0])) return SC_ABSTAIN;
    sc_scan c = sc_scan_of(t);
    return sc_dec(&c, &v) && sc_lit(&c, "total locks") ? SC_WEAK : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    reading s = {.p = p};
    sc_threads_begin(&s.threads, p);
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_ltrim(l->text), name;
        uint64_t address;
        int digits;
        sc_scan rest;
        if (l->flags & SC_LINE_CUT) s.cut = true;
        if (read_resource(text, &name, &address, &digits, &rest))
            begin_resource(&s, l, name, address, digits, rest);
        else if (is_frame_of_output(text) || read_total(&s, text) || (s.lock && read_of_resource(&s, l)))
            sc_take(p, l);
        else if (!sc_threads_line(&s.threads, l))
            continue;
        s.any = true;
    }
    end_resource(&s);
    sc_threads_end(&s.threads);
    if (!s.any) return;
    sc_cover_all(p->facts, &sc_table_lock, p->ordinal, s.whole && !s.cut);
    sc_cover_all(p->facts, &sc_table_lock_thread, p->ordinal, s.whole && !s.cut && !s.threads_lost);
}

static const sc_table *const tables[] = {&sc_table_lock, &sc_table_lock_thread, NULL};
static const char *const absorbs[] = {"!thread", "k", NULL};
const sc_command sc_command_locks = {
    .name = "!locks",
    .doc = "Executive resources that threads own or wait for",
    .proof = "the closing line, N total locks, M locks currently held",
    .query = "SELECT name, thread FROM lock JOIN lock_thread USING (lock) WHERE mode = 'exclusive' AND role = 'owner'",
    .tables = tables,
    .taste = taste,
    .absorbs = absorbs,
    .parse = parse,
};
