/* !timer: the timers that are set, when each fires, and the routine or thread that it wakes. [sample timer--timer-37;
 * public notes with outputs of Windows 7, 10 and 11]
 *
 *     kd> !timer
 *     Dump system timers
 *     Interrupt time: 9f760774 00000000 [12/ 8/2000 10:59:22.685 (Pacific Standard Time)]
 *     PROCESSOR 0 (nt!_KTIMER_TABLE fffff8022bef1d80 - Type 1 - Standard)
 *     List Timer    Interrupt Low/High     Fire Time              DPC/thread
 *      0 8016aea0 P 9fbd8e00 00000000 [12/ 8/2000 10:59:23.154]  ntoskrnl!PopScanIdleList
 *        8249fe88   41f54d84 00000001 [12/ 8/2000 11:03:55.310]  thread 8249fda0
 *     250 826d42f0  1486bed8 80000000 [         NEVER         ]  thread 825fa030
 *      3 ffffbe86c7ad5710   ff76233d 00000006 [ 5/29/2026 13:39:16.007]   (DPC @ ffffbe86c7ad5750)+fffff80670ac16b0
 *     Total Timers: 193, Maximum List: 7
 *
 * The number of the list stands before its first timer only; the low half of a time before the high one. Older
 * debuggers have no PROCESSOR lines.
 *
 * Table: timer.
 * Query: SELECT symbol, seconds FROM timer WHERE third_party(module) ORDER BY seconds;
 */
#include "engine/facts/field.h"
#include "engine/facts/symbol.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"timer", SC_ADDR, "the timer"},
    {"processor", SC_INT, "processor in whose table it is; newer debuggers only"},
    {"kind", SC_TEXT, "kind of that table as printed: High precision, Standard; Windows 10 and later"},
    {"list", SC_INT, "number of the list that holds it"},
    {"periodic", SC_BOOL, "it fires again and again (marked P)"},
    {"due", SC_ADDR, "interrupt time at which it fires, in units of 100 ns; NULL for never"},
    {"fires", SC_TEXT, "date and time at which it fires, as printed; NULL for never"},
    {"seconds", SC_REAL, "until it fires, less than 0 when it is overdue; NULL for never"},
    {"dpc", SC_ADDR, "the KDPC that it queues, where printed"},
    {"routine", SC_ADDR, "routine of the KDPC, where the debugger found no symbol"},
    {"symbol", SC_TEXT, "module!function of that routine; NULL when a thread waits instead"},
    {"module", SC_TEXT, "of the symbol"},
    {"thread", SC_ADDR, "thread that waits for it; NULL when it queues a KDPC instead"},
};
enum { TIMER, PROCESSOR, KIND, LIST, PERIODIC, DUE, FIRES, SECONDS, DPC, ROUTINE, SYMBOL, MODULE, THREAD };
const sc_table sc_table_timer = {"timer", "Timers that are set", SC_NO_KEY, SC_COLUMNS(columns)};

/* Exactly eight digits. */
static bool read_half(sc_scan *c, uint64_t *value)
{
    sc_scan t = *c;
    int digits;
    if (!sc_addr(&t, value, &digits) || digits != 8) return false;
    *c = t;
    return true;
}

typedef struct entry {
    uint64_t list, timer, low, high;
    int digits;
    bool has_list, periodic;
    sc_span time, target; /* target: what stands behind the brackets */
} entry;

/* ` 0 8016aea0 P 9fbd8e00 00000000 [12/ 8/2000 10:59:23.154]  ntoskrnl!PopScanIdleList` */
static bool read_entry(sc_span text, entry *e)
{
    sc_scan c = sc_scan_of(text);
    *e = (entry){0};
    if (!sc_addr(&c, &e->timer, &e->digits)) {
        e->has_list = true;
        if (!sc_dec(&c, &e->list) || e->list > 9999 || !sc_addr(&c, &e->timer, &e->digits)) return false;
    }
    sc_blanks(&c);
    for (; c.p < c.end && (*c.p == 'P' || *c.p == 'A'); c.p++) e->periodic = e->periodic || *c.p == 'P';
    if (!read_half(&c, &e->low) || !read_half(&c, &e->high) || !sc_lit(&c, "[") || !sc_until(&c, "]", &e->time))
        return false;
    e->time = sc_trim(e->time);
    e->target = sc_trim(sc_rest(&c));
    bool date = e->time.n > 12 && sc_is_digit(e->time.p[0]) && sc_find_char(e->time, '/') != SC_NPOS;
    return date || sc_eq_z(e->time, "NEVER");
}

typedef struct target {
    bool has_thread, has_dpc, has_routine;
    uint64_t thread, dpc, routine;
    sc_symbol symbol;
} target;

/* `thread 8249fda0`, `NDIS!ndisMWakeUpDpcX (DPC @ fffffa80030272b8)`, `(DPC @ ...)+fffff80670ac16b0`, `+f7a56f2e` */
static bool read_target(sc_span text, target *t)
{
    sc_scan c = sc_scan_of(text);
    *t = (target){0};
    if (sc_lit(&c, "thread")) return (t->has_thread = sc_addr(&c, &t->thread, NULL)) && sc_at_end(&c);
    bool named = sc_symbol_scan(&c, &t->symbol);
    if (sc_lit(&c, "(DPC @")) t->has_dpc = sc_addr(&c, &t->dpc, NULL) && sc_lit(&c, ")");
    if (!named && sc_lit(&c, "+")) t->has_routine = sc_addr(&c, &t->routine, NULL);
    return (named || t->has_dpc || t->has_routine) && sc_at_end(&c);
}

static void set_target(sc_row *r, const target *t)
{
    if (t->has_thread) {
        sc_set_addr(r, THREAD, t->thread);
        for (int column = DPC; column <= MODULE; column++) sc_set_null(r, column);
        return;
    }
    sc_set_null(r, THREAD);
    if (t->has_dpc) sc_set_addr(r, DPC, t->dpc);
    if (t->has_routine) sc_set_addr(r, ROUTINE, t->routine);
    if (!t->symbol.name.n) return;
    sc_set_text(r, SYMBOL, t->symbol.name);
    sc_set_text(r, MODULE, t->symbol.module);
}

/* What stands above the timers. */
typedef struct head {
    bool has_now, has_processor, has_list;
    uint64_t now, processor, list;
    sc_span kind;
} head;

static bool read_now(sc_span text, uint64_t *now)
{
    sc_scan c = sc_scan_of(text);
    uint64_t low, high;
    if (!sc_lit(&c, "Interrupt time:") || !read_half(&c, &low) || !read_half(&c, &high)) return false;
    *now = high << 32 | low;
    return true;
}

/* `PROCESSOR 0 (nt!_KTIMER_TABLE fffff8022bef1d80 - Type 1 - Standard)` */
static bool read_processor(sc_span text, head *h)
{
    sc_scan c = sc_scan_of(text);
    sc_span inside, front;
    uint64_t processor, table;
    if (!sc_lit(&c, "PROCESSOR") || !sc_dec(&c, &processor) || processor >= 4096 || !sc_lit(&c, "(nt!_KTIMER_TABLE") ||
        !sc_addr(&c, &table, NULL) || !sc_until(&c, ")", &inside))
        return false;
    h->has_processor = true;
    h->processor = processor;
    h->has_list = false;
    h->kind = (sc_span){0};
    if (sc_cut(inside, "Type ", &front, &inside) && sc_cut(inside, " - ", &front, &inside)) h->kind = sc_trim(inside);
    return true;
}

static bool is_title(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "List Timer") && sc_lit(&c, "Interrupt Low/High") && sc_lit(&c, "Fire Time");
}

static bool read_total(sc_span text, uint64_t *total)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "Total Timers:") && sc_dec(&c, total) && sc_lit(&c, ", Maximum List:");
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0};
    uint64_t v;
    head h = {0};
    entry e;
    if (text.n < 18) return SC_ABSTAIN;
    switch (text.p[0]) {
    case 'D': return sc_eq_z(text, "Dump system timers") ? SC_STRONG : SC_ABSTAIN;
    case 'I': return read_now(text, &v) ? SC_STRONG : SC_ABSTAIN;
    case 'L': return is_title(text) ? SC_STRONG : SC_ABSTAIN;
    case 'P': return read_processor(text, &h) ? SC_STRONG : SC_ABSTAIN;
    case 'T': return read_total(text, &v) ? SC_WEAK : SC_ABSTAIN;
    default: return sc_is_hex(text.p[0]) && read_entry(text, &e) ? SC_STRONG : SC_ABSTAIN;
    }
}

static sc_row *add_timer(sc_parse *p, const sc_line *l, const entry *e, head *h)
{
    sc_row *r = sc_add(p, &sc_table_timer, l);
    uint64_t due = e->high << 32 | e->low;
    sc_note_width(p->facts, e->digits);
    if (e->has_list) {
        h->has_list = true;
        h->list = e->list;
    }
    sc_set_addr(r, TIMER, e->timer);
    if (h->has_processor) sc_set_int(r, PROCESSOR, (int64_t)h->processor);
    if (h->kind.n) sc_set_text(r, KIND, h->kind);
    if (h->has_list) sc_set_int(r, LIST, (int64_t)h->list);
    sc_set_bool(r, PERIODIC, e->periodic);
    if (sc_eq_z(e->time, "NEVER")) {
        sc_set_null(r, DUE);
        sc_set_null(r, FIRES);
        sc_set_null(r, SECONDS);
    } else {
        sc_set_addr(r, DUE, due);
        sc_set_text(r, FIRES, e->time);
        bool later = due >= h->now;
        double seconds = (double)(later ? due - h->now : h->now - due) / 1e7;
        if (h->has_now) sc_set_real(r, SECONDS, later ? seconds : -seconds);
    }
    return r;
}

static void parse(sc_parse *p)
{
    head h = {0};
    sc_row *open = NULL; /* its target may stand in the next line */
    uint64_t count = 0, total;
    bool wakeable = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text);
        entry e;
        target t;
        if (sc_starts(text, "Dump system timers")) {
            h = (head){0};
            count = 0;
            wakeable = false;
            sc_take(p, l);
        } else if (read_now(text, &h.now)) {
            h.has_now = true;
            sc_take(p, l);
        } else if (read_processor(text, &h) || is_title(text) || sc_starts(text, "Current Hand: ")) {
            sc_take(p, l);
        } else if (!wakeable && read_entry(text, &e)) {
            sc_row *r = add_timer(p, l, &e, &h);
            count++;
            open = e.target.n ? NULL : r;
            if (read_target(e.target, &t)) set_target(r, &t);
            continue;
        } else if (open && read_target(text, &t)) {
            sc_take(p, l);
            set_target(open, &t);
            open->last_line = l->last;
        } else if (read_total(text, &total)) {
            sc_take(p, l);
            if (total && total == count) {
                sc_complete(p);
                sc_cover_all(p->facts, &sc_table_timer, p->ordinal, true);
            }
        } else if (sc_starts(text, "Wakeable timers:")) {
            sc_take(p, l);
            wakeable = true; /* some of those above, once more */
        } else {
            continue; /* a page break or a message: the target may still come */
        }
        open = NULL;
    }
    sc_cover_all(p->facts, &sc_table_timer, p->ordinal, false);
}

static const sc_table *const tables[] = {&sc_table_timer, NULL};
const sc_command sc_command_timer = {
    .name = "!timer",
    .doc = "Timers that are set: when they fire, and the routine or thread that they wake",
    .proof = "the total at its end, and as many timers above it",
    .query = "SELECT symbol, seconds FROM timer WHERE third_party(module) ORDER BY seconds",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
