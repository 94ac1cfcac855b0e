/* Table wait_chain: lock -> owner -> request -> device -> driver, the chain that a person follows by hand in a 0x9F.
 *
 * Query:  SELECT lock_name, driver, request, seconds FROM wait_chain;
 */
#include "engine/decode/irp.h"

#include "engine/facts/io.h"
#include "engine/facts/row_index.h"
#include "engine/facts/tables.h"

#define MOST_CHAINS 1024u  /* rows of wait_chain: a real dump has one or two */
#define MOST_STEPS 100000u /* requests looked at for them */

static const sc_column columns[] = {
    {"lock", SC_INT, "number of the lock, as in table lock"},
    {"lock_name", SC_TEXT, "its symbol"},
    {"thread", SC_ADDR, "thread that owns it alone"},
    {"irp", SC_ADDR, "request of that thread which is not completed"},
    {"device", SC_ADDR, "device object that has the request"},
    {"driver", SC_TEXT, "driver of that device"},
    {"major_name", SC_TEXT, "what is asked of it, IRP_MJ_PNP"},
    {"minor_name", SC_TEXT, "IRP_MN_SURPRISE_REMOVAL"},
    {"request", SC_TEXT, "both in words, PnP surprise removal"},
    {"seconds", SC_REAL, "how long the thread has waited"},
    {"lock_line", SC_INT, "line of the paste that names the lock"},
    {"thread_line", SC_INT, "line of the paste that shows the thread"},
};
enum {
    CHAIN_LOCK,
    CHAIN_LOCK_NAME,
    CHAIN_THREAD,
    CHAIN_IRP,
    CHAIN_DEVICE,
    CHAIN_DRIVER,
    CHAIN_MAJOR_NAME,
    CHAIN_MINOR_NAME,
    CHAIN_REQUEST,
    CHAIN_SECONDS,
    CHAIN_LOCK_LINE,
    CHAIN_THREAD_LINE
};
const sc_table sc_table_wait_chain = {"wait_chain",
                                      "Locks whose owner waits for a request that a driver has not completed",
                                      SC_NO_KEY, SC_COLUMNS(columns)};

typedef struct chains {
    sc_facts *f;
    sc_row_index owners, threads, thread_irps, irps, stacks, pending;
    sc_row_index complete_lists, complete_stacks;
    unsigned steps;
    size_t n;
    bool whole; /* nothing that could make another row is missing */
} chains;

/* The stack location that has the request, or the !irpfind row, which shows the same. */
static const sc_row *parked(const chains *c, uint64_t irp, bool *completed)
{
    const sc_row *r = sc_index_row(&c->irps, irp);
    *completed = r && sc_has(r, IRP_COMPLETED) && sc_get_int(r, IRP_COMPLETED);
    for (size_t i = sc_index_find(&c->stacks, irp), end = i + 128;
         i < c->stacks.n && i < end && c->stacks.items[i].key == irp; i++) {
        const sc_row *s = c->stacks.items[i].row;
        if (sc_has(s, IRP_STACK_CURRENT) && sc_get_int(s, IRP_STACK_CURRENT)) return s;
    }
    r = sc_index_row(&c->pending, irp);
    if (r && sc_has(r, PENDING_COMPLETED) && sc_get_int(r, PENDING_COMPLETED)) *completed = true;
    return r && !*completed ? r : NULL;
}

static void copy(sc_row *to, int column, const sc_row *from, int from_column)
{
    to->cells[column] = from->cells[from_column];
}

static void add_chain(chains *c, const sc_row *lock, uint64_t owner, uint64_t irp, const sc_row *at)
{
    const sc_row *thread = sc_index_row(&c->threads, owner);
    sc_row *r = sc_row_new(c->f, &sc_table_wait_chain, at->section, NULL);
    c->n++;
    r->line = at->line;
    r->last_line = at->last_line;
    copy(r, CHAIN_LOCK, lock, LOCK_LOCK);
    copy(r, CHAIN_LOCK_NAME, lock, LOCK_NAME);
    sc_set_addr(r, CHAIN_THREAD, owner);
    sc_set_addr(r, CHAIN_IRP, irp);
    sc_set_int(r, CHAIN_LOCK_LINE, lock->line);
    if (thread) copy(r, CHAIN_SECONDS, thread, THREAD_SECONDS);
    if (thread) sc_set_int(r, CHAIN_THREAD_LINE, thread->line);
    if (at->table == &sc_table_irp_stack) {
        copy(r, CHAIN_DEVICE, at, IRP_STACK_DEVICE);
        copy(r, CHAIN_DRIVER, at, IRP_STACK_DRIVER);
        copy(r, CHAIN_MAJOR_NAME, at, IRP_STACK_MAJOR_NAME);
        copy(r, CHAIN_MINOR_NAME, at, IRP_STACK_MINOR_NAME);
        copy(r, CHAIN_REQUEST, at, IRP_STACK_REQUEST);
        return;
    }
    copy(r, CHAIN_DEVICE, at, PENDING_DEVICE);
    copy(r, CHAIN_DRIVER, at, PENDING_DRIVER);
    copy(r, CHAIN_MAJOR_NAME, at, PENDING_MAJOR_NAME);
    copy(r, CHAIN_MINOR_NAME, at, PENDING_MINOR_NAME);
    sc_span request = sc_irp_request(c->f->arena, (uint64_t)sc_get_int(at, PENDING_MAJOR),
                                     (uint64_t)sc_get_int(at, PENDING_MINOR), NULL);
    if (request.n) sc_set_text(r, CHAIN_REQUEST, request);
}

static bool spent(chains *c)
{
    if (c->n < MOST_CHAINS && c->steps < MOST_STEPS) return false;
    c->whole = false;
    return true;
}

static void follow_owner(chains *c, const sc_row *lock, uint64_t owner)
{
    if (sc_index_find(&c->complete_lists, owner) == c->complete_lists.n) c->whole = false;
    for (size_t i = sc_index_find(&c->thread_irps, owner); i < c->thread_irps.n && c->thread_irps.items[i].key == owner;
         i++) {
        if (spent(c)) return;
        c->steps++;
        const sc_row *listed = c->thread_irps.items[i].row;
        if (!sc_has(listed, THREAD_IRP_IRP)) continue;
        uint64_t irp = sc_get_addr(listed, THREAD_IRP_IRP);
        bool completed;
        const sc_row *at = parked(c, irp, &completed);
        if (at && !completed)
            add_chain(c, lock, owner, irp, at);
        else if (!at && !completed && sc_index_find(&c->complete_stacks, irp) == c->complete_stacks.n)
            c->whole = false;
    }
}

static void follow_lock(chains *c, const sc_row *lock)
{
    bool any = false;
    if (!sc_has(lock, LOCK_MODE)) c->whole = false;
    if (!sc_has(lock, LOCK_MODE) || !sc_eq_z(sc_get_text(lock, LOCK_MODE), "exclusive") || !sc_has(lock, LOCK_LOCK))
        return;
    uint64_t id = (uint64_t)sc_get_int(lock, LOCK_LOCK);
    for (size_t i = sc_index_find(&c->owners, id); i < c->owners.n && c->owners.items[i].key == id; i++) {
        if (spent(c)) return;
        c->steps++;
        const sc_row *r = c->owners.items[i].row;
        if (!sc_has(r, LOCK_THREAD_ROLE) || !sc_eq_z(sc_get_text(r, LOCK_THREAD_ROLE), "owner")) continue;
        follow_owner(c, lock, sc_get_addr(r, LOCK_THREAD_THREAD));
        any = true;
    }
    if (!any) c->whole = false;
}

void sc_derive_chain(sc_facts *f)
{
    const sc_coverage *covered = sc_facts_table(f, &sc_table_lock)->covered;
    if (!covered) return;
    chains c = {
        .f = f,
        .owners = sc_index_rows(f, &sc_table_lock_thread, LOCK_THREAD_LOCK),
        .threads = sc_index_rows(f, &sc_table_thread, THREAD_THREAD),
        .thread_irps = sc_index_rows(f, &sc_table_thread_irp, THREAD_IRP_THREAD),
        .irps = sc_index_rows(f, &sc_table_irp, IRP_IRP),
        .stacks = sc_index_rows(f, &sc_table_irp_stack, IRP_STACK_IRP),
        .pending = sc_index_rows(f, &sc_table_pending_irp, PENDING_IRP),
        .complete_lists = sc_index_complete(f, &sc_table_thread_irp),
        .complete_stacks = sc_index_complete(f, &sc_table_irp_stack),
    };
    for (const sc_coverage *l = covered; l; l = l->next)
        if (l->complete) c.whole = true;
    for (const sc_row *lock = sc_facts_first(f, &sc_table_lock); lock && !spent(&c); lock = lock->next)
        follow_lock(&c, lock);
    sc_cover_all(f, &sc_table_wait_chain, covered->section, c.whole);
}

static const sc_table *const tables[] = {&sc_table_wait_chain, NULL};
const sc_command sc_command_io = {
    .name = "(io)",
    .doc = "What follows from !locks, !thread, !irp and !devobj together: who waits for whom",
    .proof = "all locks, their owners' requests and those requests' stack locations",
    .query = "SELECT lock_name, driver, request, seconds FROM wait_chain",
    .tables = tables,
};
