/* !qlocks: the kernel's queued spin locks, and which processor owns each or waits for it. [sample qlocks--qlocks-37]
 *
 *     0: kd> !qlocks
 *     Key: O = Owner, 1-n = Wait order, blank = not owned/waiting, C = Corrupt
 *
 *                            Processor Number
 *         Lock Name         0  1  2  3
 *
 *     KE   - Dispatcher           O  1
 *     MM   - PFN
 *     MM   - MM NonPagedPool
 *
 * A processor's letter stands in the column of its number: where a paste has lost the blanks, nobody can tell whose a
 * letter is. The name of the last lock is three characters too long and moves its letters.
 *
 * Tables: queued_lock, queued_lock_processor.
 * Query:  SELECT l.name, l.owner, p.processor FROM queued_lock l JOIN queued_lock_processor p USING (name)
 *         WHERE p.role = 'waiter';
 */
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"name", SC_TEXT, "component and name as printed, blanks put right: KE - Dispatcher"},
    {"owner", SC_INT, "processor that owns it; NULL for none"},
    {"waiters", SC_INT, "processors that wait for it"},
    {"corrupt", SC_BOOL, "the debugger found its queue corrupt"},
};
enum { NAME, OWNER, WAITERS, CORRUPT };
const sc_table sc_table_queued_lock = {"queued_lock", "Queued spin locks of the kernel", NAME, SC_COLUMNS(columns)};

static const sc_column processor_columns[] = {
    {"name", SC_TEXT, "queued_lock.name"},
    {"processor", SC_INT, "the processor; not known where the paste lost its columns"},
    {"role", SC_TEXT, "owner, waiter, or corrupt"},
    {"position", SC_INT, "of a waiter: 1 for the next one to get the lock"},
};
enum { P_NAME, P_PROCESSOR, P_ROLE, P_POSITION };
const sc_table sc_table_queued_lock_processor = {"queued_lock_processor",
                                                 "Processors that own queued spin locks or wait for them", P_NAME,
                                                 SC_COLUMNS(processor_columns)};

enum {
    MAX_PROCESSORS = 100, /* beyond, the numbers run into each other */
    NAME_WIDTH = 20,      /* of the column of names; each processor's is three wide */
    CELL_WIDTH = 3,
    LONG_NAME_WIDTH = 23, /* of a name that does not fit */
    HEAD_INDENT = 4,      /* in front of "Lock Name" */
    N_LOCKS = 16,
};

typedef struct head {
    bool known, aligned; /* aligned: the numbers stand where the debugger put them */
    int64_t processors;
} head;

/* `Lock Name         0  1  2  3` */
static bool read_head(sc_span text, head *h)
{
    sc_span trimmed = sc_trim(text);
    sc_scan c = sc_scan_of(trimmed);
    uint64_t n, expected = 0;
    if (!sc_lit(&c, "Lock Name")) return false;
    *h = (head){.known = true, .aligned = true};
    while (sc_dec(&c, &n)) {
        size_t end = (size_t)(c.p - trimmed.p) + HEAD_INDENT;
        if (n != expected++ || expected > MAX_PROCESSORS) return false;
        if (end != NAME_WIDTH + CELL_WIDTH * (size_t)expected) h->aligned = false;
    }
    h->processors = (int64_t)expected;
    return expected && sc_at_end(&c);
}

/* `MM   - System Space`: a component, a hyphen, words. *at: where the words start. */
static bool read_name(sc_span text, size_t *at)
{
    static const char *const components[] = {"KE", "MM", "CC", "EX", "IO", "NTFS", "AFD"};
    sc_scan c = sc_scan_of(text);
    sc_span word;
    bool known = false;
    if (!sc_word(&c, &word)) return false;
    for (size_t i = 0; i < sizeof components / sizeof *components; i++) known = known || sc_eq_z(word, components[i]);
    if (!known || !sc_lit(&c, "-")) return false;
    sc_blanks(&c);
    if (c.p == c.end || !sc_is_alpha(*c.p)) return false;
    *at = (size_t)(c.p - text.p);
    return true;
}

/* `O`, `C`, or a waiter's number: never a word of a name. */
static bool read_cell(sc_span word, uint64_t *position)
{
    *position = 0;
    if (word.n == 1 && (word.p[0] == 'O' || word.p[0] == 'C')) return true;
    return sc_is_digit(word.p[0]) && sc_span_dec(word, position) && *position && *position <= MAX_PROCESSORS;
}

/* Where the name ends: in front of the first cell. */
static sc_span name_part(sc_span text, size_t at)
{
    sc_scan c = sc_scan_of(sc_span_from(text, at));
    sc_span word;
    size_t end = at;
    uint64_t position;
    while (sc_word(&c, &word) && !read_cell(word, &position)) end = (size_t)(word.p + word.n - text.p);
    return sc_span_sub(text, 0, end);
}

/* "MM   - PFN" becomes "MM - PFN" */
static sc_span one_blank(sc_arena *a, sc_span name)
{
    size_t dash = sc_find_char(name, '-');
    return sc_arena_printf(a, "%.*s - %.*s", SC_F(sc_trim(sc_span_sub(name, 0, dash))),
                           SC_F(sc_trim(sc_span_from(name, dash + 1))));
}

/* A name that is not cut off. */
static bool is_known(sc_span name)
{
    static const char *const names[] = {
        "KE - Dispatcher", "KE - Unused Spare", "MM - PFN",          "MM - System Space",
        "CC - Vacb",       "CC - Master",       "EX - NonPagedPool", "IO - Cancel",
        "EX - WorkQueue",  "IO - Vpb",          "IO - Database",     "IO - Completion",
        "NTFS - Struct",   "AFD - WorkQueue",   "CC - Bcb",          "MM - MM NonPagedPool"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (sc_eq_z(name, names[i])) return true;
    return false;
}

/* The processor in whose column a word ends; -1 when that cannot be told. */
static int64_t column_of(const head *h, sc_span text, sc_span name, sc_span word)
{
    size_t start = name.n > NAME_WIDTH ? LONG_NAME_WIDTH : NAME_WIDTH;
    size_t end = (size_t)(word.p + word.n - text.p);
    if (!h->aligned || end <= start || (end - start) % CELL_WIDTH) return -1;
    int64_t processor = (int64_t)((end - start) / CELL_WIDTH) - 1;
    return processor < h->processors ? processor : -1;
}

static void add_cell(sc_parse *p, const sc_line *l, sc_row *lock, int64_t processor, sc_span word, uint64_t position)
{
    sc_row *r = sc_add(p, &sc_table_queued_lock_processor, l);
    bool owner = word.p[0] == 'O';
    sc_set_text(r, P_NAME, sc_get_text(lock, NAME));
    if (processor >= 0) sc_set_int(r, P_PROCESSOR, processor);
    sc_set_text(r, P_ROLE, sc_span_z(owner ? "owner" : position ? "waiter" : "corrupt"));
    if (position)
        sc_set_int(r, P_POSITION, (int64_t)position);
    else
        sc_set_null(r, P_POSITION);
    if (position) sc_set_int(lock, WAITERS, sc_get_int(lock, WAITERS) + 1);
    if (!owner && !position) sc_set_bool(lock, CORRUPT, true);
    if (!owner) return;
    lock->cells[OWNER].state = SC_NOT_PRINTED;
    if (processor >= 0) sc_set_int(lock, OWNER, processor);
}

/* One lock with its letters, below the numbers of the processors. False for another line; *sure: all of it was
 * understood. */
static bool read_lock(sc_parse *p, const sc_line *l, const head *h, bool *sure)
{
    sc_span text = sc_trim(l->text), word;
    size_t at;
    uint64_t position;
    if (!read_name(text, &at)) return false;
    sc_span name = name_part(text, at);
    sc_scan c = sc_scan_of(sc_span_from(text, name.n));
    int64_t cells = 0, unknown = 0;
    for (sc_scan t = c; sc_word(&t, &word); cells++) {
        if (!read_cell(word, &position)) return false;
        unknown += column_of(h, text, name, word) < 0;
    }
    if (cells > h->processors || name.n > LONG_NAME_WIDTH) return false;
    sc_take(p, l);
    sc_span clean = one_blank(p->facts->arena, name);
    bool last = !sc_goes_on(p); /* of the paste: name or letters may be cut off */
    *sure = false;
    if (last && !is_known(clean)) return true;
    sc_row *r = sc_add(p, &sc_table_queued_lock, l);
    sc_set_text(r, NAME, clean);
    sc_set_null(r, OWNER);
    sc_set_int(r, WAITERS, 0);
    sc_set_bool(r, CORRUPT, false);
    bool full = cells == h->processors; /* each processor has one: no column is needed */
    for (int64_t i = 0; sc_word(&c, &word); i++) {
        read_cell(word, &position);
        add_cell(p, l, r, full ? i : unknown ? -1 : column_of(h, text, name, word), word, position);
    }
    *sure = (full || !unknown) && !last;
    sc_cover_text(p->facts, &sc_table_queued_lock, clean, p->ordinal, *sure);
    sc_cover_text(p->facts, &sc_table_queued_lock_processor, clean, p->ordinal, *sure);
    return true;
}

static bool is_key(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "Key") && sc_lit(&c, ":") && sc_lit(&c, "O = Owner") && sc_lit(&c, ", 1-n = Wait order");
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    head h;
    if (text.n < 10) return SC_ABSTAIN;
    if (text.p[0] == 'K') return is_key(text) ? SC_STRONG : SC_ABSTAIN;
    return text.p[0] == 'L' && read_head(text, &h) ? SC_STRONG : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    head h = {0};
    int locks = 0;
    bool whole = true;
    for (const sc_line *l; (l = sc_next(p));) {
        bool sure;
        if (l->flags & SC_LINE_CUT) whole = false;
        if (is_key(l->text)) {
            h = (head){0};
            locks = 0;
            whole = true;
            sc_take(p, l);
        } else if (read_head(l->text, &h) || (!locks && sc_eq_z(sc_trim(l->text), "Processor Number"))) {
            sc_take(p, l);
        } else if (h.known && read_lock(p, l, &h, &sure)) {
            locks++;
            whole = whole && sure;
        } else if (locks && !(l->flags & SC_LINE_MESSAGE)) {
            h.known = false; /* the table is over */
        }
    }
    if (!whole || locks < N_LOCKS) return;
    sc_complete(p);
    sc_cover_all(p->facts, &sc_table_queued_lock, p->ordinal, true);
    sc_cover_all(p->facts, &sc_table_queued_lock_processor, p->ordinal, true);
}

static const sc_table *const tables[] = {&sc_table_queued_lock, &sc_table_queued_lock_processor, NULL};
const sc_command sc_command_qlocks = {
    .name = "!qlocks",
    .doc = "Queued spin locks of the kernel: which processor owns each, which wait",
    .proof =
        "sixteen locks below the numbers of the processors, every letter in a processor's column, and text behind them",
    .query = "SELECT l.name, l.owner, p.processor FROM queued_lock l JOIN queued_lock_processor p USING (name) "
             "WHERE p.role = 'waiter'",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
