/* Joins what the I/O commands tell, each about its own object:
 *
 * - a stack location's driver from !devobj, !irpfind or another location of the device, when !irp does not show it;
 * - a thread's image from its process, a request's thread from the thread's IRP list, and the reverse;
 * - table wait_chain: lock -> owner -> request -> device -> driver, the chain that a person follows by hand in a 0x9F.
 *
 * Only cells that no output showed are filled: what was printed is never replaced.
 *
 * Query:  SELECT lock_name, driver, request, seconds FROM wait_chain;
 */
#include "engine/decode/irp.h"

#include "engine/facts/io.h"
#include "engine/facts/tables.h"

#include <stdlib.h>

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

/* ---- Rows by number ---- */

/* The rows of a table that have a column, sorted by it: a paste cannot make looking up slow. */
typedef struct item {
    uint64_t key;
    size_t order;
    sc_row *row;
} item;
typedef struct row_index {
    item *items;
    size_t n;
} row_index;

static int compare(const void *left, const void *right)
{
    const item *a = left, *b = right;
    if (a->key != b->key) return a->key < b->key ? -1 : 1;
    return (a->order > b->order) - (a->order < b->order);
}

static void sort(row_index *x)
{
    if (x->n > 1) qsort(x->items, x->n, sizeof *x->items, compare);
}

static row_index index_rows(sc_facts *f, const sc_table *table, int column)
{
    sc_table_data *t = sc_facts_table(f, table);
    row_index x = {.items = sc_arena_array(f->arena, t->n_rows + 1, sizeof(item))};
    if (!x.items) return (row_index){0};
    for (sc_row *r = t->rows; r; r = r->next)
        if (sc_has(r, column)) {
            x.items[x.n] = (item){.key = sc_get_addr(r, column), .order = x.n, .row = r};
            x.n++;
        }
    sort(&x);
    return x;
}

/* The keys that some section covers completely. */
static row_index index_complete(sc_facts *f, const sc_table *table)
{
    sc_table_data *t = sc_facts_table(f, table);
    size_t n = 0;
    for (const sc_coverage *c = t->covered; c; c = c->next) n++;
    row_index x = {.items = sc_arena_array(f->arena, n + 1, sizeof(item))};
    if (!x.items) return (row_index){0};
    for (const sc_coverage *c = t->covered; c; c = c->next)
        if (c->complete && !c->all && c->key.state == SC_SET) {
            x.items[x.n] = (item){.key = (uint64_t)c->key.as.i, .order = x.n};
            x.n++;
        }
    sort(&x);
    return x;
}

/* The first item with the key, or x->n; those with the same key follow it. */
static size_t find(const row_index *x, uint64_t key)
{
    size_t low = 0, high = x->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (x->items[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < x->n && x->items[low].key == key ? low : x->n;
}

static sc_row *find_row(const row_index *x, uint64_t key)
{
    size_t at = find(x, key);
    return at < x->n ? x->items[at].row : NULL;
}

/* ---- Cells ---- */

static bool missing(const sc_row *r, int column)
{
    return r->cells[column].state == SC_NOT_PRINTED;
}

static void fill(sc_row *r, int column, const sc_row *from, int from_column)
{
    if (missing(r, column) && from && sc_has(from, from_column)) r->cells[column] = from->cells[from_column];
}

/* Where a device's driver may stand. */
static const struct {
    const sc_table *table;
    int device, driver;
} names[] = {
    {&sc_table_device, DEVICE_DEVICE, DEVICE_DRIVER},          {&sc_table_device, DEVICE_UPPER, DEVICE_UPPER_DRIVER},
    {&sc_table_device, DEVICE_LOWER, DEVICE_LOWER_DRIVER},     {&sc_table_pending_irp, PENDING_DEVICE, PENDING_DRIVER},
    {&sc_table_irp_stack, IRP_STACK_DEVICE, IRP_STACK_DRIVER},
};
#define N_NAMES (sizeof names / sizeof names[0])

static void fill_drivers(sc_facts *f)
{
    size_t n = 1;
    for (size_t i = 0; i < N_NAMES; i++) n += sc_facts_table(f, names[i].table)->n_rows;
    row_index known = {.items = sc_arena_array(f->arena, n, sizeof(item))};
    if (!known.items) return;
    for (size_t i = 0; i < N_NAMES; i++)
        for (sc_row *r = sc_facts_table(f, names[i].table)->rows; r; r = r->next)
            if (sc_has(r, names[i].device) && sc_has(r, names[i].driver)) {
                known.items[known.n] = (item){.key = sc_get_addr(r, names[i].device), .order = known.n, .row = r};
                known.n++;
            }
    sort(&known);
    for (size_t i = 0; i < N_NAMES; i++)
        for (sc_row *r = sc_facts_table(f, names[i].table)->rows; r; r = r->next) {
            if (!sc_has(r, names[i].device) || !missing(r, names[i].driver)) continue;
            const sc_row *from = find_row(&known, sc_get_addr(r, names[i].device));
            for (size_t j = 0; from && j < N_NAMES; j++) /* which of the row's devices it was */
                if (names[j].table == from->table && sc_has(from, names[j].device) &&
                    sc_get_addr(from, names[j].device) == sc_get_addr(r, names[i].device))
                    fill(r, names[i].driver, from, names[j].driver);
        }
}

/* Two commands may show one thread: what one of them left out, the other knows - unless it ran on between them. */
static void fill_thread(sc_row *r, const sc_row *other)
{
    if (sc_has(r, THREAD_STATE) && sc_has(other, THREAD_STATE) &&
        !sc_eq(sc_get_text(r, THREAD_STATE), sc_get_text(other, THREAD_STATE)))
        return;
    for (int c = 0; c < THREAD_COLUMNS; c++) fill(r, c, other, c);
}

static void fill_threads(sc_facts *f)
{
    row_index processes = index_rows(f, &sc_table_process, PROCESS_PROCESS);
    row_index threads = index_rows(f, &sc_table_thread, THREAD_THREAD);
    for (size_t i = 1; i < threads.n; i++)
        if (threads.items[i - 1].key == threads.items[i].key)
            fill_thread(threads.items[i].row, threads.items[i - 1].row);
    for (size_t i = threads.n; i-- > 1;)
        if (threads.items[i - 1].key == threads.items[i].key)
            fill_thread(threads.items[i - 1].row, threads.items[i].row);
    for (sc_row *r = sc_facts_table(f, &sc_table_thread)->rows; r; r = r->next)
        if (missing(r, THREAD_IMAGE) && sc_has(r, THREAD_PROCESS))
            fill(r, THREAD_IMAGE, find_row(&processes, sc_get_addr(r, THREAD_PROCESS)), PROCESS_IMAGE);
}

/* A request's thread, and the thread's request. */
static void fill_requests(sc_facts *f)
{
    row_index owners = index_rows(f, &sc_table_thread_irp, THREAD_IRP_IRP);
    row_index complete = index_complete(f, &sc_table_thread_irp);
    for (sc_row *r = sc_facts_table(f, &sc_table_irp)->rows; r; r = r->next) {
        if (!sc_has(r, IRP_IRP)) continue;
        const sc_row *owner = find_row(&owners, sc_get_addr(r, IRP_IRP));
        fill(r, IRP_THREAD, owner, THREAD_IRP_THREAD);
        bool open = sc_has(r, IRP_COMPLETED) && !sc_get_int(r, IRP_COMPLETED);
        if (owner || !open || !sc_has(r, IRP_THREAD)) continue;
        if (find(&complete, sc_get_addr(r, IRP_THREAD)) < complete.n)
            continue; /* its list is there, and is without it */
        sc_row *more = sc_row_new(f, &sc_table_thread_irp, r->section, NULL);
        more->line = r->line;
        more->last_line = r->last_line;
        more->cells[THREAD_IRP_THREAD] = r->cells[IRP_THREAD];
        more->cells[THREAD_IRP_IRP] = r->cells[IRP_IRP];
    }
}

/* ---- wait_chain ---- */

typedef struct chains {
    sc_facts *f;
    row_index owners, threads, thread_irps, irps, stacks, pending;
    row_index complete_lists, complete_stacks;
    unsigned steps;
    size_t n;
    bool whole; /* nothing that could make another row is missing */
} chains;

/* The stack location that has the request, or the !irpfind row, which shows the same. */
static const sc_row *parked(const chains *c, uint64_t irp, bool *completed)
{
    const sc_row *r = find_row(&c->irps, irp);
    *completed = r && sc_has(r, IRP_COMPLETED) && sc_get_int(r, IRP_COMPLETED);
    for (size_t i = find(&c->stacks, irp), end = i + 128; i < c->stacks.n && i < end && c->stacks.items[i].key == irp;
         i++) {
        const sc_row *s = c->stacks.items[i].row;
        if (sc_has(s, IRP_STACK_CURRENT) && sc_get_int(s, IRP_STACK_CURRENT)) return s;
    }
    r = find_row(&c->pending, irp);
    if (r && sc_has(r, PENDING_COMPLETED) && sc_get_int(r, PENDING_COMPLETED)) *completed = true;
    return r && !*completed ? r : NULL;
}

static void copy(sc_row *to, int column, const sc_row *from, int from_column)
{
    to->cells[column] = from->cells[from_column];
}

static void add_chain(chains *c, const sc_row *lock, uint64_t owner, uint64_t irp, const sc_row *at)
{
    const sc_row *thread = find_row(&c->threads, owner);
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
    if (find(&c->complete_lists, owner) == c->complete_lists.n) c->whole = false;
    for (size_t i = find(&c->thread_irps, owner); i < c->thread_irps.n && c->thread_irps.items[i].key == owner; i++) {
        if (spent(c)) return;
        c->steps++;
        const sc_row *listed = c->thread_irps.items[i].row;
        if (!sc_has(listed, THREAD_IRP_IRP)) continue;
        uint64_t irp = sc_get_addr(listed, THREAD_IRP_IRP);
        bool completed;
        const sc_row *at = parked(c, irp, &completed);
        if (at && !completed)
            add_chain(c, lock, owner, irp, at);
        else if (!at && !completed && find(&c->complete_stacks, irp) == c->complete_stacks.n)
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
    for (size_t i = find(&c->owners, id); i < c->owners.n && c->owners.items[i].key == id; i++) {
        if (spent(c)) return;
        c->steps++;
        const sc_row *r = c->owners.items[i].row;
        if (!sc_has(r, LOCK_THREAD_ROLE) || !sc_eq_z(sc_get_text(r, LOCK_THREAD_ROLE), "owner")) continue;
        follow_owner(c, lock, sc_get_addr(r, LOCK_THREAD_THREAD));
        any = true;
    }
    if (!any) c->whole = false;
}

static void derive_chains(sc_facts *f)
{
    const sc_coverage *covered = sc_facts_table(f, &sc_table_lock)->covered;
    if (!covered) return;
    chains c = {
        .f = f,
        .owners = index_rows(f, &sc_table_lock_thread, LOCK_THREAD_LOCK),
        .threads = index_rows(f, &sc_table_thread, THREAD_THREAD),
        .thread_irps = index_rows(f, &sc_table_thread_irp, THREAD_IRP_THREAD),
        .irps = index_rows(f, &sc_table_irp, IRP_IRP),
        .stacks = index_rows(f, &sc_table_irp_stack, IRP_STACK_IRP),
        .pending = index_rows(f, &sc_table_pending_irp, PENDING_IRP),
        .complete_lists = index_complete(f, &sc_table_thread_irp),
        .complete_stacks = index_complete(f, &sc_table_irp_stack),
    };
    for (const sc_coverage *l = covered; l; l = l->next)
        if (l->complete) c.whole = true;
    for (const sc_row *lock = sc_facts_first(f, &sc_table_lock); lock && !spent(&c); lock = lock->next)
        follow_lock(&c, lock);
    sc_cover_all(f, &sc_table_wait_chain, covered->section, c.whole);
}

void sc_derive_io(sc_facts *f)
{
    fill_drivers(f);
    fill_threads(f);
    fill_requests(f);
    derive_chains(f);
}

static const sc_table *const tables[] = {&sc_table_wait_chain, NULL};
const sc_command sc_command_io = {
    .name = "(io)",
    .doc = "What follows from !locks, !thread, !irp and !devobj together: who waits for whom",
    .proof = "all locks, their owners' requests and those requests' stack locations",
    .tables = tables,
};
