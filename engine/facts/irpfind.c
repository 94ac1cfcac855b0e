/* !irpfind: every I/O request packet in the nonpaged pool, with its current stack location. [seed 003, no prompt]
 *
 *     3: kd> !irpfind
 *     Scanning large pool allocation table for Tag 'Irp?' (fffffa801a333000 : fffffa801a3f3000)
 *       Irp            [ Thread ]         irpStack: (Mj,Mn)   DevObj          [Driver]         MDL Process
 *     fffffa801922d430 [0000000000000000] Irp is complete (CurrentLocation 3 > StackCount 2) 0x0000000000000003
 *     fffffa8019753390 [fffffa801a9f9b50] irpStack: ( 3, 0)  fffffa801a9c9980 [ \Driver\mouclass]
 *
 * Tables: pending_irp.
 * Query:  SELECT driver, major_name, count(*) FROM pending_irp WHERE NOT completed GROUP BY 1, 2 ORDER BY 3 DESC;
 *
 * Waiting requests are normal: filters park control requests for their service, directories are watched, pipes listen.
 * Nothing shows that the list is whole: a search takes minutes, people stop it, and pastes hold a part.
 */
#include "engine/decode/irp.h"

#include "engine/facts/io.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"irp", SC_ADDR, "address of the request"},
    {"thread", SC_ADDR, "thread that issued it; NULL for none"},
    {"major", SC_INT, "major function of the current stack location"},
    {"minor", SC_INT, "minor function"},
    {"major_name", SC_TEXT, "IRP_MJ_DEVICE_CONTROL"},
    {"minor_name", SC_TEXT, "IRP_MN_SURPRISE_REMOVAL; NULL without a name"},
    {"device", SC_ADDR, "device object that has the request"},
    {"driver", SC_TEXT, "driver of that device"},
    {"completed", SC_BOOL, "it is completed and only not freed yet"},
};
_Static_assert(sizeof columns / sizeof columns[0] == PENDING_COLUMNS, "columns of pending_irp");
const sc_table sc_table_pending_irp = {"pending_irp", "I/O requests found in the pool", SC_NO_KEY, SC_COLUMNS(columns)};

typedef struct found {
    uint64_t irp, thread, major, minor, device;
    int digits;
    bool completed;
    sc_span driver;
} found;

static bool read_location(sc_scan *c, found *f)
{
    if (!sc_lit(c, "irpStack:") || !sc_lit(c, "(") || !sc_hex(c, &f->major) || !sc_lit(c, ",") ||
        !sc_hex(c, &f->minor) || !sc_lit(c, ")") || f->major > 0xff || f->minor > 0xff || !sc_addr(c, &f->device, NULL))
        return false;
    if (sc_lit(c, "[")) sc_driver_scan(c, &f->driver);
    return true;
}

static bool read_row(sc_span text, found *f)
{
    sc_scan c = sc_scan_of(text);
    *f = (found){0};
    if (!sc_addr(&c, &f->irp, &f->digits) || !sc_lit(&c, "[") || !sc_addr(&c, &f->thread, NULL) || !sc_lit(&c, "]"))
        return false;
    f->completed = sc_lit(&c, "Irp is complete");
    return f->completed || read_location(&c, f);
}

static bool is_frame_of_output(sc_span text)
{
    return sc_starts(text, "Scanning large pool allocation table for Tag") ||
           (sc_starts(text, "Searching ") && sc_find(text, "for Tag: Irp") != SC_NPOS) ||
           (sc_starts(text, "Irp ") && sc_find(text, "irpStack: (Mj,Mn)") != SC_NPOS);
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    if (!n) return SC_ABSTAIN;
    sc_span t = sc_ltrim(lines[0].text);
    found f;
    if (!t.n) return SC_ABSTAIN;
    if (t.p[0] == 'S' || t.p[0] == 'I') return is_frame_of_output(t) ? SC_WEAK : SC_ABSTAIN;
    return sc_is_hex(t.p[0]) && read_row(t, &f) ? SC_STRONG : SC_ABSTAIN;
}

static void add(sc_parse *p, const sc_line *l, const found *f)
{
    sc_row *r = sc_add(p, &sc_table_pending_irp, l);
    const char *major = sc_irp_major_name(f->major), *minor = sc_irp_minor_name(f->major, f->minor);
    sc_set_pointer(p->facts, r, PENDING_IRP, f->irp, f->digits);
    sc_set_pointer(p->facts, r, PENDING_THREAD, f->thread, 0);
    sc_set_bool(r, PENDING_COMPLETED, f->completed);
    if (f->completed) {
        for (int i = PENDING_MAJOR; i <= PENDING_DRIVER; i++) sc_set_null(r, i); /* no driver has it any more */
        return;
    }
    sc_set_int(r, PENDING_MAJOR, (int64_t)f->major);
    sc_set_int(r, PENDING_MINOR, (int64_t)f->minor);
    if (major)
        sc_set_text(r, PENDING_MAJOR_NAME, sc_span_z(major));
    else
        sc_set_null(r, PENDING_MAJOR_NAME);
    if (minor)
        sc_set_text(r, PENDING_MINOR_NAME, sc_span_z(minor));
    else
        sc_set_null(r, PENDING_MINOR_NAME);
    sc_set_pointer(p->facts, r, PENDING_DEVICE, f->device, 0);
    if (f->driver.n) sc_set_text(r, PENDING_DRIVER, f->driver);
}

static void parse(sc_parse *p)
{
    bool any = false;
    for (const sc_line *l; (l = sc_next(p));) {
        found f;
        if (read_row(l->text, &f))
            add(p, l, &f);
        else if (is_frame_of_output(sc_ltrim(l->text)))
            sc_take(p, l);
        else
            continue;
        any = true;
    }
    if (any) sc_cover_all(p->facts, &sc_table_pending_irp, p->ordinal, false);
}

static const sc_table *const tables[] = {&sc_table_pending_irp, NULL};
const sc_command sc_command_irpfind = {
    .name = "!irpfind",
    .doc = "All I/O requests in the nonpaged pool: which driver holds how many",
    .proof = "nothing: the search can be stopped anywhere",
    .query = "SELECT driver, major_name, count(*) FROM pending_irp WHERE NOT completed GROUP BY 1, 2 ORDER BY 3 DESC",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
