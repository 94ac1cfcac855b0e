/* !job: a job object, the processes in it and the limits that it sets. [sample process--job-52; newer form known]
 *
 *     kd> !job 8256e1f0
 *     Job at ffffffff8256e1f0
 *       TotalPageFaultCount      0
 *       TotalProcesses           1
 *       ActiveProcesses          1
 *       TotalTerminatedProcesses 0
 *       LimitFlags               0
 *       ActiveProcessLimit       0
 *
 * Newer debuggers set a colon behind the labels and 0x in front of the numbers: both forms print hex.
 *
 * Table: job.
 * Query: SELECT active, terminated FROM job WHERE limit_flags != 0;
 */
#include "engine/facts/field.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"job", SC_ADDR, "address of the job"},
    {"processes", SC_INT, "processes that were ever in it"},
    {"active", SC_INT, "processes that are in it now"},
    {"terminated", SC_INT, "processes that its limits ended"},
    {"limit_flags", SC_ADDR, "JOB_OBJECT_LIMIT_ bits"},
    {"process_limit", SC_INT, "most processes at a time, if limit_flags say so"},
};
enum { JOB, PROCESSES, ACTIVE, TERMINATED, LIMIT_FLAGS, PROCESS_LIMIT };
const sc_table sc_table_job = {"job", "Job objects", JOB, SC_COLUMNS(columns)};

static const struct {
    const char *label;
    int column; /* -1: of no use */
} fields[] = {
    {"TotalProcesses", PROCESSES},
    {"ActiveProcesses", ACTIVE},
    {"TotalTerminatedProcesses", TERMINATED},
    {"LimitFlags", LIMIT_FLAGS},
    {"ActiveProcessLimit", PROCESS_LIMIT},
    {"TotalPageFaultCount", -1},
    {"MinimumWorkingSetSize", -1},
    {"MaximumWorkingSetSize", -1},
    {"PriorityClass", -1},
    {"UIRestrictionsClass", -1},
    {"SecurityLimitFlags", -1},
    {"Token", -1},
};

static bool read_header(sc_span text, uint64_t *job, int *digits)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "Job at") && sc_addr(&c, job, digits);
}

static bool read_field(sc_row *r, sc_span text)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        sc_span value;
        sc_scan c;
        uint64_t v;
        if (!sc_field(text, fields[i].label, &value)) continue;
        c = sc_scan_of(value);
        if (!sc_hex(&c, &v) || !sc_at_end(&c)) return false;
        if (fields[i].column == LIMIT_FLAGS)
            sc_set_addr(r, LIMIT_FLAGS, v);
        else if (fields[i].column >= 0 && v <= UINT32_MAX)
            sc_set_int(r, fields[i].column, (int64_t)v);
        return true;
    }
    sc_scan c = sc_scan_of(text); /* headings of the newer form; the flags stand in them */
    uint64_t v;
    if (sc_lit(&c, "Limit Information (LimitFlags:")) {
        if (!sc_hex(&c, &v)) return false;
        sc_set_addr(r, LIMIT_FLAGS, v);
        return true;
    }
    return sc_starts(text, "Limit Information (EffectiveLimitFlags:") || sc_eq_z(text, "Basic Accounting Information");
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    uint64_t job;
    int digits;
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0};
    if (!sc_starts(text, "Job at ") || !read_header(text, &job, &digits)) return SC_ABSTAIN;
    sc_scan c = sc_scan_of(sc_span_from(text, 7));
    sc_addr(&c, &job, &digits);
    return sc_at_end(&c) ? SC_STRONG : SC_WEAK;
}

static void close_job(sc_parse *p, const sc_row *r)
{
    if (!r) return;
    bool whole = sc_has(r, ACTIVE) && sc_has(r, TERMINATED) && sc_has(r, LIMIT_FLAGS);
    sc_cover_addr(p->facts, &sc_table_job, sc_get_addr(r, JOB), p->ordinal, whole);
    if (whole) sc_complete(p);
}

static void parse(sc_parse *p)
{
    const char *labels[sizeof fields / sizeof *fields + 1] = {NULL};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) labels[i] = fields[i].label;
    sc_row *r = NULL;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = sc_trim(l->text), piece;
        uint64_t job;
        int digits;
        while (sc_piece(&rest, labels, &piece)) {
            if (read_header(piece, &job, &digits)) {
                close_job(p, r);
                r = sc_add(p, &sc_table_job, l);
                /* `ffffffff8256e1f0` is an address of x86, sign extended */
                if (p->facts->pointer_bytes == 4 && job >> 32 == UINT32_MAX) job &= UINT32_MAX;
                sc_set_addr(r, JOB, job);
            } else if (r && read_field(r, piece)) {
                sc_take(p, l);
                r->last_line = l->last;
            }
        }
    }
    close_job(p, r);
}

static const sc_table *const tables[] = {&sc_table_job, NULL};
const sc_command sc_command_job = {
    .name = "!job",
    .doc = "A job object: its processes and limits",
    .proof = "its processes and its limits",
    .query = "SELECT active, terminated FROM job WHERE limit_flags != 0",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
