/* !process: processes, and with flags their threads. [seed 003, on one line; samples process--*, thread--*, k_x86--*]
 *
 *     2: kd> !process fffffa800bb94b30
 *     PROCESS fffffa800bb94b30
 *         SessionId: none  Cid: 0174    Peb: 7fffffda000  ParentCid: 0154
 *         DirBase: 321389000  ObjectTable: fffff8a00b4f9840  HandleCount:
 *         Image: csrss.exe
 *
 * Tables: process; for the threads, what !thread fills.
 * Query:  SELECT image FROM process WHERE process = 0xfffffa800bb94b30;
 *
 * Older debuggers put the first two lines, and NT 4 no session, on the PROCESS line. Fields are found by their labels,
 * wherever a paste has put them.
 */
#include "engine/facts/io.h"
#include "engine/facts/tables.h"
#include "engine/facts/thread.h"

static const sc_column columns[] = {
    {"process", SC_ADDR, "address of the process"},
    {"image", SC_TEXT, "its image name, cut to 15 characters by Windows"},
    {"cid", SC_INT, "its number (PID)"},
    {"parent_cid", SC_INT, "number of the process that made it"},
    {"peb", SC_ADDR, "process environment block; NULL for none"},
    {"session", SC_TEXT, "session number, or none"},
    {"handles", SC_INT, "handles that it has open"},
};
_Static_assert(sizeof columns / sizeof columns[0] == PROCESS_COLUMNS, "columns of process");
const sc_table sc_table_process = {"process", "Processes", PROCESS_PROCESS, SC_COLUMNS(columns)};

/* `PROCESS A`, also glued to a message: `GetPointerFromAddress: unable to read from fffff80003515000PROCESS ...` */
static bool read_header(sc_span text, uint64_t *process, int *digits, sc_span *rest)
{
    size_t at = sc_find(text, "PROCESS ");
    if (at == SC_NPOS || (at > 0 && !sc_starts(text, "GetPointerFromAddress"))) return false;
    sc_scan c = sc_scan_of(sc_span_from(text, at + 8));
    if (!sc_addr(&c, process, digits)) return false;
    *rest = sc_trim(sc_rest(&c));
    return !rest->n || sc_starts(*rest, "SessionId:") || sc_starts(*rest, "Cid:");
}

static void read_image(sc_row *r, sc_span text)
{
    static const char *const next[] = {" VadRoot ", " DeviceMap ", " Token ",
                                       " ElapsedTime "}; /* in a flattened paste */
    sc_scan c;
    if (!sc_label(text, "Image:", &c)) return;
    sc_span image = sc_rest(&c), tail;
    for (size_t i = 0; i < sizeof next / sizeof next[0]; i++) sc_cut(image, next[i], &image, &tail);
    image = sc_trim(image);
    if (image.n && image.p[0] != '<') sc_set_text(r, PROCESS_IMAGE, image);
}

static void read_fields(sc_facts *f, sc_row *r, sc_span text)
{
    uint64_t v;
    sc_scan c;
    sc_span word;
    if (sc_label_hex(text, "Cid:", &v, NULL)) sc_set_int(r, PROCESS_CID, (int64_t)v);
    if (sc_label_hex(text, "ParentCid:", &v, NULL)) sc_set_int(r, PROCESS_PARENT_CID, (int64_t)v);
    if (sc_label_hex(text, "Peb:", &v, NULL)) sc_set_pointer(f, r, PROCESS_PEB, v, 0);
    if (sc_label(text, "SessionId:", &c) && sc_word(&c, &word)) sc_set_text(r, PROCESS_SESSION, word);
    if (sc_label(text, "HandleCount:", &c) && sc_dec(&c, &v) && sc_lit(&c, ".")) /* 663. */
        sc_set_int(r, PROCESS_HANDLES, (int64_t)v);
    read_image(r, text);
}

static bool is_field_line(sc_span text)
{
    static const char *const starts[] = {
        "SessionId:",
        "Cid:",
        "DirBase:",
        "Image:",
        "VadRoot ",
        "DeviceMap ",
        "Token ",
        "ElapsedTime ",
        "UserTime ",
        "KernelTime ",
        "QuotaPoolUsage[",
        "Working Set Sizes ",
        "PeakWorkingSetSize ",
        "VirtualSize ",
        "PeakVirtualSize ",
        "PageFaultCount ",
        "MemoryPriority ",
        "BasePriority ",
        "CommitCharge ",
        "Job ",
        "DebugPort ",
        "ParentCid:",
        "Peb:",
    };
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (sc_starts(text, starts[i])) return true;
    return false;
}

static bool is_frame_of_output(sc_span text)
{
    return sc_starts(text, "**** NT ACTIVE PROCESS DUMP") || sc_starts(text, "Searching for Process with Cid");
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    uint64_t v;
    int digits;
    sc_span rest;
    if (!n) return SC_ABSTAIN;
    sc_span t = sc_ltrim(lines[0].text);
    if (!t.n) return SC_ABSTAIN;
    switch (t.p[0]) {
    case 'P':
    case 'G': return read_header(t, &v, &digits, &rest) ? SC_STRONG : SC_ABSTAIN;
    case '*': return is_frame_of_output(t) ? SC_STRONG : SC_ABSTAIN;
    case 'S':
    case 'D': return sc_starts(t, "SessionId: ") || sc_starts(t, "DirBase: ") ? SC_WEAK : SC_ABSTAIN;
    default: return SC_ABSTAIN;
    }
}

static void end(sc_parse *p, const sc_row *r)
{
    if (!r) return;
    bool whole = sc_has(r, PROCESS_IMAGE) && sc_has(r, PROCESS_CID);
    sc_cover_addr(p->facts, &sc_table_process, sc_get_addr(r, PROCESS_PROCESS), p->ordinal, whole);
    if (whole) sc_complete(p);
}

static sc_row *begin(sc_parse *p, const sc_line *line, uint64_t process)
{
    sc_row *r = sc_add(p, &sc_table_process, line);
    sc_set_addr(r, PROCESS_PROCESS, process);
    return r;
}

static void parse(sc_parse *p)
{
    sc_row *r = NULL;
    bool in_threads = false;
    sc_thread_reader threads;
    sc_threads_begin(&threads, p);
    threads.has_process = p->section->prompted && sc_arg_addr(p, &threads.process);
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_ltrim(l->text), rest;
        uint64_t process;
        int digits;
        if (read_header(text, &process, &digits, &rest)) {
            end(p, r);
            r = begin(p, l, process);
            sc_note_width(p->facts, digits);
            threads.has_process = true;
            threads.process = process;
            in_threads = false;
            read_fields(p->facts, r, rest);
        } else if (!in_threads && is_field_line(text)) {
            if (!r && !threads.has_process) continue;
            if (!r) r = begin(p, l, threads.process); /* the PROCESS line is lost */
            read_fields(p->facts, r, text);
            sc_take(p, l);
        } else if (sc_threads_line(&threads, l)) {
            in_threads = true;
        } else if (is_frame_of_output(text)) {
            sc_take(p, l);
        }
    }
    sc_threads_end(&threads);
    end(p, r);
}

static const sc_table *const tables[] = {&sc_table_process, NULL};
static const char *const absorbs[] = {"!thread", "k", NULL};
const sc_command sc_command_process = {
    .name = "!process",
    .doc = "Processes, and with flags their threads and stacks",
    .proof = "a process with its number and image name",
    .query = "SELECT image FROM process WHERE process = 0xfffffa800bb94b30",
    .tables = tables,
    .taste = taste,
    .absorbs = absorbs,
    .parse = parse,
};
