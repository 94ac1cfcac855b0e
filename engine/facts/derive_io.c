/* Joins what the I/O commands tell, each about its own object:
 *
 * - a stack location's driver from !devobj, !irpfind or another location of the device, when !irp does not show it;
 * - a thread's image from its process, a request's thread from the thread's IRP list, and the reverse.
 *
 * Only cells that no output showed are filled: what was printed is never replaced.
 */
#include "engine/decode/irp.h"

#include "engine/facts/io.h"
#include "engine/facts/row_index.h"
#include "engine/facts/tables.h"

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
    sc_row_index known = {.items = sc_arena_array(f->arena, n, sizeof(sc_index_item))};
    if (!known.items) return;
    for (size_t i = 0; i < N_NAMES; i++)
        for (sc_row *r = sc_facts_table(f, names[i].table)->rows; r; r = r->next)
            if (sc_has(r, names[i].device) && sc_has(r, names[i].driver)) {
                known.items[known.n] = (sc_index_item){
                    .key = sc_get_addr(r, names[i].device), .order = known.n, .row = r};
                known.n++;
            }
    sc_index_sort(&known);
    for (size_t i = 0; i < N_NAMES; i++)
        for (sc_row *r = sc_facts_table(f, names[i].table)->rows; r; r = r->next) {
            if (!sc_has(r, names[i].device) || !missing(r, names[i].driver)) continue;
            const sc_row *from = sc_index_row(&known, sc_get_addr(r, names[i].device));
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
    sc_row_index processes = sc_index_rows(f, &sc_table_process, PROCESS_PROCESS);
    sc_row_index threads = sc_index_rows(f, &sc_table_thread, THREAD_THREAD);
    for (size_t i = 1; i < threads.n; i++)
        if (threads.items[i - 1].key == threads.items[i].key)
            fill_thread(threads.items[i].row, threads.items[i - 1].row);
    for (size_t i = threads.n; i-- > 1;)
        if (threads.items[i - 1].key == threads.items[i].key)
            fill_thread(threads.items[i - 1].row, threads.items[i].row);
    for (sc_row *r = sc_facts_table(f, &sc_table_thread)->rows; r; r = r->next)
        if (missing(r, THREAD_IMAGE) && sc_has(r, THREAD_PROCESS))
            fill(r, THREAD_IMAGE, sc_index_row(&processes, sc_get_addr(r, THREAD_PROCESS)), PROCESS_IMAGE);
}

/* A request's thread, and the thread's request. */
static void fill_requests(sc_facts *f)
{
    sc_row_index owners = sc_index_rows(f, &sc_table_thread_irp, THREAD_IRP_IRP);
    sc_row_index complete = sc_index_complete(f, &sc_table_thread_irp);
    for (sc_row *r = sc_facts_table(f, &sc_table_irp)->rows; r; r = r->next) {
        if (!sc_has(r, IRP_IRP)) continue;
        const sc_row *owner = sc_index_row(&owners, sc_get_addr(r, IRP_IRP));
        fill(r, IRP_THREAD, owner, THREAD_IRP_THREAD);
        bool open = sc_has(r, IRP_COMPLETED) && !sc_get_int(r, IRP_COMPLETED);
        if (owner || !open || !sc_has(r, IRP_THREAD)) continue;
        if (sc_index_find(&complete, sc_get_addr(r, IRP_THREAD)) < complete.n)
            continue; /* its list is there, and is without it */
        sc_row *more = sc_row_new(f, &sc_table_thread_irp, r->section, NULL);
        more->line = r->line;
        more->last_line = r->last_line;
        more->cells[THREAD_IRP_THREAD] = r->cells[IRP_THREAD];
        more->cells[THREAD_IRP_IRP] = r->cells[IRP_IRP];
    }
}

void sc_derive_io(sc_facts *f)
{
    fill_drivers(f);
    fill_threads(f);
    fill_requests(f);
}
