/* !whea: the sources that may report hardware errors, and the records that they keep. [samples whea--whea-35,
 * errrec--errrec-69]
 *
 *     3: kd> !whea
 *     Error Source Table @ fffff800019ca250
 *     13 Error Sources
 *     Error Source 0 @ fffffa80064132c0
 *        Notify Type      : Machine Check Exception
 *        Type             : 0x0 (MCE)
 *        Error Count      : 8
 *        Record Count     : 10
 *        Record Length    : c3e
 *        Error Records    : wrapper @ fffffa8007cf4000  record @ fffffa8007cf4030
 *        Descriptor       : @ fffffa8006413328
 *           Flags                      : 00000000
 *
 * Tables: whea_source, whea_slot.
 * Query:  SELECT s.type, hex64(r.record) FROM whea_source s JOIN whea_slot r USING (source) WHERE s.error_count > 0;
 *
 * All numbers are hex: sixteen slots are listed under a record count of 10. The slots are memory set aside for
 * records: that one is listed says nothing about an error; !errrec of its record does. A source without memory of its
 * own prints a wrapper at 0.
 */
#include "engine/facts/field.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"source", SC_ADDR, "address of the error source"},
    {"n", SC_INT, "its number in the list"},
    {"notify", SC_TEXT, "who reports: 'Machine Check Exception', 'PCI Express Error', 'BOOT Error Record'"},
    {"type", SC_TEXT, "its short name: 'MCE', 'CMC', 'NMI', 'PCIe', 'BOOT'"},
    {"type_number", SC_INT, "the same as a number: parameter 1 of 0x124"},
    {"state", SC_TEXT, "as printed; older debuggers do not print it"},
    {"error_count", SC_INT, "errors that it has reported since the start"},
    {"record_count", SC_INT, "records that there is room for"},
    {"record_length", SC_INT, "bytes of a record"},
    {"descriptor", SC_ADDR, "address of its descriptor"},
    {"source_id", SC_INT, "number that records call it by"},
    {"flags", SC_ADDR, "of the descriptor"},
};
enum {
    SOURCE,
    N,
    NOTIFY,
    TYPE,
    TYPE_NUMBER,
    STATE,
    ERROR_COUNT,
    RECORD_COUNT,
    RECORD_LENGTH,
    DESCRIPTOR,
    SOURCE_ID,
    FLAGS
};
const sc_table sc_table_whea_source = {"whea_source", "Sources of hardware errors", SC_NO_KEY, SC_COLUMNS(columns)};

static const sc_column slot_columns[] = {
    {"source", SC_ADDR, "address of the error source"},
    {"wrapper", SC_ADDR, "address of the slot"},
    {"record", SC_ADDR, "address of the record in it, for !errrec"},
};
enum { S_SOURCE, S_WRAPPER, S_RECORD };
const sc_table sc_table_whea_slot = {"whea_slot", "Room for records of hardware errors, used or not", SC_NO_KEY,
                                     SC_COLUMNS(slot_columns)};

typedef struct reading {
    sc_parse *p;
    sc_row *source;                /* the last one */
    uint64_t announced, n, listed; /* sources that there should be and are, slots of the last one */
    bool has_announced, cut, lost; /* lost: the slots of a source are not all there */
} reading;

/* `Error Source Table @ fffff800019ca250`; in a flattened output with the 13 of `13 Error Sources` behind it */
static bool read_table(reading *s, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t address, n;
    int digits;
    if (!sc_lit(&c, "Error Source Table") || !sc_lit(&c, "@") || !sc_addr(&c, &address, &digits)) return false;
    sc_note_width(s->p->facts, digits);
    if (sc_dec(&c, &n)) {
        s->announced = n;
        s->has_announced = true;
    }
    return true;
}

/* `Error Source 0 @ fffffa80064132c0`. The debugger's reference has one with a digit lost: any number will do. */
static bool read_source(sc_span text, uint64_t *n, uint64_t *address, int *digits)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "Error Source") && sc_dec(&c, n) && sc_lit(&c, "@") && sc_number(&c, address, digits) &&
           sc_at_end(&c);
}

static bool read_announced(sc_span text, uint64_t *n)
{
    sc_scan c = sc_scan_of(text);
    return sc_dec(&c, n) && sc_lit(&c, "Error Sources") && sc_at_end(&c);
}

/* `wrapper @ fffffa8007cf4000  record @ fffffa8007cf4030` */
static bool read_slot(sc_span text, uint64_t *wrapper, uint64_t *record)
{
    sc_scan c = sc_scan_of(text);
    sc_lit(&c, "Error Records");
    sc_lit(&c, ":");
    return sc_lit(&c, "wrapper") && sc_lit(&c, "@") && sc_addr(&c, wrapper, NULL) && sc_lit(&c, "record") &&
           sc_lit(&c, "@") && sc_addr(&c, record, NULL);
}

static void close_source(reading *s)
{
    sc_row *r = s->source;
    s->source = NULL;
    if (r && (!sc_has(r, RECORD_COUNT) || (uint64_t)sc_get_int(r, RECORD_COUNT) != s->listed || !sc_has(r, FLAGS)))
        s->lost = true;
}

static void begin_source(reading *s, const sc_line *l, uint64_t n, uint64_t address, int digits)
{
    close_source(s);
    s->source = sc_add(s->p, &sc_table_whea_source, l);
    s->listed = 0;
    s->n++;
    if (digits) sc_note_width(s->p->facts, digits);
    sc_set_addr(s->source, SOURCE, address);
    sc_set_int(s->source, N, (int64_t)n);
}

static void add_slot(reading *s, const sc_line *l, uint64_t wrapper, uint64_t record)
{
    s->listed++;
    if (!wrapper) return; /* the source has no memory of its own */
    sc_row *r = sc_add(s->p, &sc_table_whea_slot, l);
    if (s->source) sc_set_addr(r, S_SOURCE, sc_get_addr(s->source, SOURCE));
    sc_set_addr(r, S_WRAPPER, wrapper);
    sc_set_addr(r, S_RECORD, record);
}

/* `0x0 (MCE)` */
static bool read_type(sc_row *r, sc_span value)
{
    sc_scan c = sc_scan_of(value);
    uint64_t number;
    sc_span name;
    if (!sc_hex(&c, &number) || number > UINT16_MAX) return false;
    sc_set_int(r, TYPE_NUMBER, (int64_t)number);
    if (sc_lit(&c, "(") && sc_until(&c, ")", &name) && sc_trim(name).n) sc_set_text(r, TYPE, sc_trim(name));
    return true;
}

static bool read_number(sc_row *r, sc_span text)
{
    static const struct {
        const char *label;
        int column; /* -1: of no use */
    } known[] = {
        {"Error Count", ERROR_COUNT},
        {"Record Count", RECORD_COUNT},
        {"Record Length", RECORD_LENGTH},
        {"Error Source ID", SOURCE_ID},
        {"Flags", FLAGS},
        {"Length", -1},
        {"Max Raw Data Length", -1},
        {"Num Records To Preallocate", -1},
        {"Max Sections Per Record", -1},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        sc_span value;
        uint64_t v;
        if (!sc_field(text, known[i].label, &value)) continue;
        if (!sc_span_hex(value, &v) || v > UINT32_MAX) return false;
        if (known[i].column == FLAGS)
            sc_set_addr(r, FLAGS, v);
        else if (known[i].column >= 0)
            sc_set_int(r, known[i].column, (int64_t)v);
        return true;
    }
    return false;
}

static bool read_field(reading *s, sc_span text)
{
    sc_row *r = s->source;
    sc_span value;
    if (!r) return false;
    if (sc_field(text, "Notify Type", &value)) {
        if (value.n) sc_set_text(r, NOTIFY, value);
        return value.n > 0;
    }
    if (sc_field(text, "Type", &value)) return read_type(r, value);
    if (sc_field(text, "State", &value)) {
        if (value.n) sc_set_text(r, STATE, value);
        return value.n > 0;
    }
    if (sc_field(text, "Descriptor", &value)) {
        sc_scan c = sc_scan_of(value);
        uint64_t address;
        if (!sc_lit(&c, "@") || !sc_addr(&c, &address, NULL)) return false;
        sc_set_addr(r, DESCRIPTOR, address);
        return true;
    }
    return read_number(r, text);
}

static void read_piece(reading *s, const sc_line *l, sc_span text)
{
    uint64_t n, address, record;
    int digits;
    if (read_source(text, &n, &address, &digits)) {
        begin_source(s, l, n, address, digits);
    } else if (read_table(s, text)) {
        sc_take(s->p, l);
    } else if (read_announced(text, &n)) {
        s->announced = n;
        s->has_announced = true;
        sc_take(s->p, l);
    } else if (read_slot(text, &address, &record)) {
        add_slot(s, l, address, record);
        sc_take(s->p, l);
    } else if (read_field(s, text)) {
        sc_take(s->p, l);
        s->source->last_line = l->last;
    }
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0};
    uint64_t number, address;
    int digits;
    if (text.n < 12) return SC_ABSTAIN;
    switch (text.p[0]) {
    case 'E':
        if (!sc_starts(text, "Error ")) return SC_ABSTAIN;
        if (read_slot(text, &number, &address)) return SC_WEAK;
        if (sc_starts(text, "Error Source Table @ ") || sc_starts(text, "Error Source 0 @ ")) {
            sc_scan c = sc_scan_of(sc_span_from(text, sc_find_char(text, '@') + 1)); /* the line may be flattened */
            return sc_addr(&c, &address, &digits) ? SC_STRONG : SC_ABSTAIN;
        }
        return read_source(text, &number, &address, &digits) && digits ? SC_STRONG : SC_ABSTAIN;
    case ':':
    case 'w': return read_slot(text, &number, &address) ? SC_WEAK : SC_ABSTAIN;
    default: return SC_ABSTAIN;
    }
}

/* Where the parts of a flattened output begin. */
static const char *const marks[] = {"Error Source",
                                    "Notify Type",
                                    "Type ",
                                    "State ",
                                    "Error Count",
                                    "Record Count",
                                    "Record Length",
                                    "Error Records",
                                    ": wrapper",
                                    "Descriptor ",
                                    "Length ",
                                    "Max Raw Data Length",
                                    "Num Records To Preallocate",
                                    "Max Sections Per Record",
                                    "Flags ",
                                    NULL};

static void parse(sc_parse *p)
{
    reading s = {.p = p};
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = sc_trim(l->text), piece;
        if (l->flags & SC_LINE_CUT || sc_starts(rest, ". . .")) s.cut = true;
        uint64_t n;
        if (read_announced(rest, &n)) { /* ends in what begins a piece */
            read_piece(&s, l, rest);
            continue;
        }
        while (sc_piece(&rest, marks, &piece)) read_piece(&s, l, piece);
    }
    close_source(&s);
    if (!s.n && !s.has_announced) return;
    bool all = s.has_announced && s.n == s.announced && !s.cut;
    sc_cover_all(p->facts, &sc_table_whea_source, p->ordinal, all && !s.lost);
    sc_cover_all(p->facts, &sc_table_whea_slot, p->ordinal, all && !s.lost);
    if (all && !s.lost) sc_complete(p);
}

static const sc_table *const tables[] = {&sc_table_whea_source, &sc_table_whea_slot, NULL};
const sc_command sc_command_whea = {
    .name = "!whea",
    .doc = "Sources of hardware errors, how often each reported one, and where its records are",
    .proof = "as many sources as announced, each with its slots and flags",
    .query =
        "SELECT s.type, hex64(r.record) FROM whea_source s JOIN whea_slot r USING (source) WHERE s.error_count > 0",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
