/* !stacks: every thread in a line, with its state and where it is blocked; with detail 2 its whole stack. [samples
 * stacks--*; a public post for the newer form]
 *
 *     kd> !stacks 2 acme
 *     Proc.Thread  .Thread  Ticks   ThreadState Blocker
 *                                 [ffffe00000089040 System]
 *        4.0000cc  ffffe00001019880 00000ee1 Blocked    nt!KiSwapContext+0x76
 *                                             nt!KeWaitForMultipleObjects+0x228
 *                                             acmedisk!Worker+0x8d
 *
 * Older debuggers print no ticks, and a process without its address: [smss.exe].
 *
 *        4.000050  827eea10  Blocked    +0xfe0343a5
 *        4.000014  827cf030  Blocked    Stack paged out
 *
 * Details 0 and 1 print one frame that need not be the innermost: only detail 2 makes rows of stack and frame.
 *
 * Tables: thread_summary; stack and frame with kind 'thread' (engine/facts/frame_read.h).
 * Query:  SELECT image, hex64(thread), blocker FROM thread_summary WHERE third_party(module);
 */
#include "engine/facts/frame_read.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"thread", SC_ADDR, "the thread"},
    {"process_id", SC_INT, "number of its process; printed as hex"},
    {"thread_id", SC_INT, "number of the thread; printed as hex"},
    {"process", SC_ADDR, "its process; newer debuggers only"},
    {"image", SC_TEXT, "image name of the process"},
    {"state", SC_TEXT, "blocked, running, ready, standby, terminated, transition, initialized, gatewait"},
    {"ticks", SC_INT,
     "clock ticks since it began to wait (or to run); not known when the printed number makes no sense"},
    {"blocker", SC_TEXT, "module!function of the frame beside it; NULL when the address has no symbol"},
    {"module", SC_TEXT, "of the blocker"},
    {"resident", SC_BOOL, "its kernel stack is in memory"},
    {"frames", SC_INT, "frames that are printed: more than 1 with detail 2"},
};
enum { THREAD, PROCESS_ID, THREAD_ID, PROCESS, IMAGE, STATE, TICKS, BLOCKER, MODULE, RESIDENT, FRAMES };
const sc_table sc_table_thread_summary = {"thread_summary", "Threads in a line each: state and where they are blocked",
                                          THREAD, SC_COLUMNS(columns)};

typedef struct entry {
    uint64_t process_id, thread_id, thread, ticks;
    int digits;
    bool has_ticks;
    const char *state;
    sc_span blocker; /* may be empty */
} entry;

static bool read_state(sc_scan *c, const char **state)
{
    static const char *const states[] = {"blocked",    "running",     "ready",    "standby",      "terminated",
                                         "transition", "initialized", "gatewait", "deferredready"};
    sc_scan t = *c;
    sc_span word;
    if (!sc_word(&t, &word)) return false;
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (sc_ieq_z(word, states[i])) {
            *state = states[i];
            *c = t;
            return true;
        }
    return false;
}

/* `b0.0000a8  82723b70  Blocked    ntoskrnl!_KiSystemService+0xc4` */
static bool read_entry(sc_span text, entry *e)
{
    sc_scan c = sc_scan_of(text);
    sc_span word, process, thread;
    *e = (entry){0};
    if (!sc_word(&c, &word) || !sc_cut(word, ".", &process, &thread) || process.n > 8 || thread.n < 4 || thread.n > 8)
        return false;
    if (!sc_span_hex(process, &e->process_id) || !sc_span_hex(thread, &e->thread_id)) return false;
    if (!sc_addr(&c, &e->thread, &e->digits)) return false;
    if (!read_state(&c, &e->state)) {
        e->has_ticks = sc_word(&c, &word) && word.n >= 7 && word.n <= 8 && sc_span_hex(word, &e->ticks);
        if (!e->has_ticks || !read_state(&c, &e->state)) return false;
    }
    e->blocker = sc_trim(sc_rest(&c));
    return true;
}

/* `+0xfe0343a5`: an address in no module. */
static bool is_bare_address(sc_span text)
{
    uint64_t v;
    return text.n > 3 && text.p[0] == '+' && sc_starts(text, "+0x") && sc_span_hex(sc_span_from(text, 1), &v);
}

/* `[ffffe00000089040 System]`, `[smss.exe]`: without an address only what looks like the name of a process. */
static bool read_process(sc_span text, bool *has_address, uint64_t *address, sc_span *image)
{
    if (text.n < 3 || text.n > 80 || text.p[0] != '[' || text.p[text.n - 1] != ']') return false;
    sc_scan c = sc_scan_of(sc_span_sub(text, 1, text.n - 1));
    *has_address = sc_addr(&c, address, NULL);
    *image = sc_trim(sc_rest(&c));
    return image->n && (*has_address || sc_eq_z(*image, "System") || sc_eq_z(*image, "Idle") ||
                        sc_find_char(*image, '.') != SC_NPOS);
}

/* *alone: nothing follows in the line. */
static bool is_head(sc_span text, bool *alone)
{
    sc_scan c = sc_scan_of(text);
    if (!sc_lit(&c, "Proc.Thread") || !sc_lit(&c, ".Thread")) return false;
    sc_lit(&c, "Ticks");
    if (!sc_lit(&c, "ThreadState") || !sc_lit(&c, "Blocker")) return false;
    *alone = sc_at_end(&c);
    return true;
}

static bool read_end(sc_span text, uint64_t *threads)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "Threads Processed:") && sc_dec(&c, threads) && sc_at_end(&c);
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0};
    uint64_t v;
    sc_symbol symbol;
    bool alone;
    entry e;
    if (text.n < 18) return SC_ABSTAIN;
    if (text.p[0] == 'P') return is_head(text, &alone) && alone ? SC_STRONG : SC_ABSTAIN;
    if (text.p[0] == 'T') return read_end(text, &v) ? SC_WEAK : SC_ABSTAIN;
    if (!sc_is_hex(text.p[0]) || !read_entry(text, &e)) return SC_ABSTAIN;
    bool known = sc_symbol_read(e.blocker, &symbol) || sc_eq_z(e.blocker, "Stack paged out");
    return known ? SC_STRONG : SC_WEAK;
}

/* ---- Parsing ---- */

typedef struct reader {
    sc_parse *p;
    sc_row *row;   /* of the last thread, while its frames may follow */
    sc_line first; /* its first frame: a stack only when another follows */
    bool in_stack;
    sc_frame_reader frames;
    bool has_process, head;
    uint64_t process, count;
    sc_span image;
} reader;

static void end_thread(reader *r)
{
    if (r->in_stack) sc_frames_end(&r->frames);
    r->in_stack = false;
    r->row = NULL;
}

static void add_thread(reader *r, const sc_line *l, const entry *e)
{
    sc_symbol symbol;
    end_thread(r);
    sc_row *row = r->row = sc_add(r->p, &sc_table_thread_summary, l);
    r->count++;
    sc_note_width(r->p->facts, e->digits);
    sc_set_addr(row, THREAD, e->thread);
    sc_set_int(row, PROCESS_ID, (int64_t)e->process_id);
    sc_set_int(row, THREAD_ID, (int64_t)e->thread_id);
    if (r->has_process) sc_set_addr(row, PROCESS, r->process);
    if (r->image.n) sc_set_text(row, IMAGE, r->image);
    sc_set_text(row, STATE, sc_span_z(e->state));
    if (e->has_ticks && e->ticks < UINT32_C(0x80000000)) sc_set_int(row, TICKS, (int64_t)e->ticks);
    bool paged = sc_eq_z(e->blocker, "Stack paged out"), bare = is_bare_address(e->blocker);
    bool named = !paged && sc_symbol_read(e->blocker, &symbol) && symbol.name.n;
    if (paged || bare || named) {
        sc_set_bool(row, RESIDENT, !paged);
        sc_set_int(row, FRAMES, !paged);
    }
    if (named) {
        sc_set_text(row, BLOCKER, symbol.name);
        sc_set_text(row, MODULE, symbol.module);
        r->first = *l;
        r->first.text = e->blocker;
    } else if (bare) {
        sc_set_null(row, BLOCKER);
        sc_set_null(row, MODULE);
        r->row = NULL; /* no symbol, no stack */
    } else {
        r->row = NULL;
    }
    sc_cover_addr(r->p->facts, &sc_table_thread_summary, e->thread, r->p->ordinal, paged || bare || named);
}

/* One more frame of the thread above. */
static bool read_frame(reader *r, const sc_line *l)
{
    sc_symbol symbol;
    sc_span text = sc_trim(l->text);
    bool bare = is_bare_address(text);
    if (!r->row || (!bare && !sc_symbol_read(text, &symbol))) return false;
    sc_take(r->p, l);
    r->row->last_line = l->last;
    sc_set_int(r->row, FRAMES, sc_get_int(r->row, FRAMES) + 1);
    if (bare) return true;
    if (!r->in_stack) {
        uint64_t thread = sc_get_addr(r->row, THREAD);
        sc_frames_begin(&r->frames, r->p, SC_STACK_THREAD, &thread, -1);
        r->frames.shape = (sc_frame_shape){.known = true, .bare = true};
        sc_frames_line(&r->frames, &r->first);
        r->in_stack = true;
    }
    sc_line frame = *l;
    frame.text = text;
    sc_frames_line(&r->frames, &frame);
    return true;
}

static void parse(sc_parse *p)
{
    reader r = {.p = p};
    bool cut = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text), image;
        uint64_t address = 0, threads;
        bool has_address, alone;
        entry e;
        if (l->flags & SC_LINE_CUT) cut = true;
        if (is_head(text, &alone)) {
            end_thread(&r);
            r = (reader){.p = p, .head = alone};
            cut = false;
            sc_take(p, l);
        } else if (read_entry(text, &e)) {
            add_thread(&r, l, &e);
        } else if (read_process(text, &has_address, &address, &image)) {
            end_thread(&r);
            sc_take(p, l);
            r.has_process = has_address;
            r.process = address;
            r.image = image;
        } else if (read_end(text, &threads)) {
            end_thread(&r);
            sc_take(p, l);
            if (!r.head || cut) continue;
            sc_complete(p);
            if (threads == r.count) sc_cover_all(p->facts, &sc_table_thread_summary, p->ordinal, true);
        } else if (!(l->flags & SC_LINE_MESSAGE) && !read_frame(&r, l)) {
            end_thread(&r);
            if (text.n && text.p[0] == '[') r.image = (sc_span){0}; /* of a process that cannot be told */
        }
    }
    end_thread(&r);
}

static const sc_table *const tables[] = {&sc_table_thread_summary, NULL};
const sc_command sc_command_stacks = {
    .name = "!stacks",
    .doc = "Every thread in a line, with where it is blocked; with detail 2 its stack",
    .proof = "its head and the number of threads at its end; of all threads, as many of them",
    .query = "SELECT image, hex64(thread), blocker FROM thread_summary WHERE third_party(module)",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
