/* What the fields of a hardware error record mean. engine/facts/errrec.c finds them. */
#include "engine/facts/errrec.h"

#include "engine/facts/mca_row.h"
#include "engine/facts/tables.h"

static const sc_column record_columns[] = {
    {"record", SC_ADDR, "address of the record"},
    {"severity", SC_TEXT, "Fatal, Corrected, Recoverable, Informational"},
    {"notify", SC_TEXT, "who reported it: 'Machine Check Exception', 'PCI Express Error', 'BOOT Error Record', a GUID"},
    {"creator", SC_TEXT, "'Microsoft' or a GUID"},
    {"timestamp", SC_TEXT, "as printed"},
    {"previous_error", SC_BOOL, "left over from before the last start"},
    {"sections", SC_INT, "sections seen"},
    {"length", SC_INT, "bytes"},
    {"flags", SC_ADDR, "1 recovered, 2 previous error, 4 simulated, 8 from a device driver"},
};
enum { RECORD, SEVERITY, NOTIFY, CREATOR, TIMESTAMP, PREVIOUS_ERROR, SECTIONS, LENGTH, FLAGS };
const sc_table sc_table_whea_record = {"whea_record", "Hardware error records", RECORD, SC_COLUMNS(record_columns)};

static const sc_column section_columns[] = {
    {"record", SC_ADDR, "address of the record"},
    {"n", SC_INT, "number of the section in the record"},
    {"kind", SC_TEXT, "'Processor Generic', 'x86/x64 MCA', 'PCI Express', 'Memory', a GUID"},
    {"severity", SC_TEXT, "as for the record"},
    {"error_type", SC_TEXT, "'Cache error', 'TLB error', 'BUS error', 'Micro-Architectural error'"},
    {"operation", SC_TEXT, "'Data Read' ..."},
    {"level", SC_INT, "cache level as the firmware counts"},
    {"cpu_version", SC_INT, "CPUID signature of the processor"},
    {"processor_id", SC_INT, "local APIC id of the processor"},
    {"pci_id", SC_TEXT, "vendor and device of a PCI Express error: '8086:a340'"},
    {"bus", SC_INT, "where that device is"},
    {"device", SC_INT, "where that device is"},
    {"function", SC_INT, "where that device is"},
    {"aer", SC_TEXT, "uncorrectable errors that the device reported: the names in upper case; NULL when none is"},
};
enum {
    N = 1,
    KIND,
    S_SEVERITY,
    ERROR_TYPE,
    OPERATION,
    LEVEL,
    CPU_VERSION,
    PROCESSOR_ID,
    PCI_ID,
    BUS,
    DEVICE,
    FUNCTION,
    AER
};
const sc_table sc_table_whea_section = {"whea_section", "Sections of hardware error records", RECORD,
                                        SC_COLUMNS(section_columns)};

static const sc_column field_columns[] = {
    {"record", SC_ADDR, "address of the record"},
    {"n", SC_INT, "number of its section; NULL in the record's header"},
    {"label", SC_TEXT, "as printed, without the colon"},
    {"value", SC_TEXT, "as printed; NULL when nothing stands behind the colon"},
    {"number", SC_ADDR,
     "the value's leading number, hex behind 0x or in 8 or 16 digits, else decimal; NULL without one"},
};
enum { F_LABEL = 2, F_VALUE, F_NUMBER };
const sc_table sc_table_whea_field = {"whea_field", "Every field of hardware error records", RECORD,
                                      SC_COLUMNS(field_columns)};

static void set_record(const sc_errrec *r, sc_row *row, int column)
{
    if (r->has_address) sc_set_addr(row, column, r->address);
}

static void close_mca(sc_errrec *r)
{
    sc_row *m = r->mca;
    r->mca = NULL;
    if (!m || !sc_has(m, SC_MCA_COL_STATUS)) return;
    if (!m->cells[SC_MCA_COL_ADDRV].as.i) sc_set_null(m, SC_MCA_COL_ADDRESS);
    if (!m->cells[SC_MCA_COL_MISCV].as.i) sc_set_null(m, SC_MCA_COL_MISC);
}

void sc_errrec_close(sc_errrec *r)
{
    close_mca(r);
    if (!r->record) return;
    bool whole = r->length && r->reached == r->length && !r->cut && !r->owes_status;
    uint32_t s = r->p->ordinal;
    if (whole) sc_complete(r->p);
    if (whole) sc_cover_all(r->p->facts, &sc_table_mca, s, true);
    if (r->has_address) {
        sc_cover_addr(r->p->facts, &sc_table_whea_record, r->address, s, whole);
        sc_cover_addr(r->p->facts, &sc_table_whea_section, r->address, s, whole);
        sc_cover_addr(r->p->facts, &sc_table_whea_field, r->address, s, whole);
    }
    r->record = r->section = NULL;
    r->length = r->reached = 0;
    r->owes_status = false;
}

static sc_row *need_record(sc_errrec *r)
{
    if (r->record) return r->record;
    r->record = sc_add(r->p, &sc_table_whea_record, r->line);
    set_record(r, r->record, RECORD);
    sc_set_int(r->record, SECTIONS, 0);
    return r->record;
}

static sc_row *need_mca(sc_errrec *r)
{
    if (r->mca) return r->mca;
    r->mca = sc_add(r->p, &sc_table_mca, r->line);
    sc_set_text(r->mca, SC_MCA_COL_SOURCE, SC_S("record"));
    set_record(r, r->mca, SC_MCA_COL_RECORD);
    return r->mca;
}

static sc_span without_number(sc_span value) /* "Fatal (1)" */
{
    size_t paren = sc_find_char(value, '(');
    return paren == SC_NPOS ? value : sc_trim(sc_span_sub(value, 0, paren));
}

static bool leading_number(sc_span value, uint64_t *n)
{
    sc_scan c = sc_scan_of(value);
    if (sc_addr(&c, n, NULL)) return c.p == c.end || sc_is_blank(*c.p);
    return sc_dec(&c, n) && c.p == c.end; /* neither the 6 of 6/29/2014 nor the first of a row of bytes */
}

/* "DCACHEL1_DRD_ERR (Proc 3 Bank 0)" */
bool sc_errrec_error(sc_span value, sc_span *name, uint64_t *processor, uint64_t *bank)
{
    size_t at = sc_ifind(value, "(Proc ");
    if (at == SC_NPOS) return false;
    sc_scan c = sc_scan_of(sc_span_from(value, at + 5));
    *name = sc_trim(sc_span_sub(value, 0, at));
    return sc_dec(&c, processor) && sc_ilit(&c, "Bank") && sc_dec(&c, bank);
}

/* "00014000 ur ecrc mtlp rof uc CA cto fcp PTLP sd dlp und": case tells which bits are set. */
static void set_aer(sc_errrec *r, sc_span value)
{
    sc_scan c = sc_scan_of(value);
    uint64_t bits;
    char *set = sc_arena_get(r->p->facts->arena, value.n + 1);
    size_t n = 0;
    if (!set || !sc_hex(&c, &bits)) return;
    for (sc_span word; sc_word(&c, &word);) {
        bool upper = true;
        for (size_t i = 0; i < word.n; i++)
            if (word.p[i] < 'A' || word.p[i] > 'Z') upper = false;
        if (!upper) continue;
        if (n) set[n++] = ' ';
        for (size_t i = 0; i < word.n; i++) set[n++] = word.p[i];
    }
    if (n)
        sc_set_text(r->section, AER, (sc_span){set, n});
    else if (!bits)
        sc_set_null(r->section, AER);
}

static void header_field(sc_errrec *r, sc_span label, sc_span value, bool numeric, uint64_t n)
{
    sc_row *row = need_record(r);
    if (sc_ieq_z(label, "Severity"))
        sc_set_text(row, SEVERITY, without_number(value));
    else if (sc_ieq_z(label, "Notify Type"))
        sc_set_text(row, NOTIFY, value);
    else if (sc_ieq_z(label, "Creator"))
        sc_set_text(row, CREATOR, value);
    else if (sc_ieq_z(label, "Timestamp"))
        sc_set_text(row, TIMESTAMP, value);
    else if (sc_ieq_z(label, "Length") && numeric) {
        r->length = n;
        sc_set_int(row, LENGTH, (int64_t)n);
    } else if (sc_ieq_z(label, "Flags") && numeric) {
        sc_set_addr(row, FLAGS, n);
        sc_set_bool(row, PREVIOUS_ERROR, n & 2);
    }
}

/* A field of a machine check: of an MCA section, or of an Error Packet. False when it is none. */
static bool mca_field(sc_errrec *r, sc_span label, sc_span value, bool numeric, uint64_t n)
{
    sc_span name;
    uint64_t processor, bank;
    if (sc_ieq_z(label, "Error") && sc_errrec_error(value, &name, &processor, &bank)) {
        close_mca(r); /* a record may hold several */
        sc_row *m = need_mca(r);
        if (name.n) sc_set_text(m, SC_MCA_COL_PRINTED, name);
        sc_set_int(m, SC_MCA_COL_PROCESSOR, (int64_t)processor);
        sc_set_int(m, SC_MCA_COL_BANK, (int64_t)bank);
        return true;
    }
    bool invalid = sc_iends(value, "(I)");
    if (!numeric) return false;
    if (sc_ieq_z(label, "Processor Number")) {
        close_mca(r);
        sc_set_int(need_mca(r), SC_MCA_COL_PROCESSOR, (int64_t)n);
    } else if (sc_ieq_z(label, "Bank Number")) {
        sc_set_int(need_mca(r), SC_MCA_COL_BANK, (int64_t)n);
    } else if (sc_ieq_z(label, "Status") &&
               (r->mca || (r->section && sc_iends(sc_get_text(r->section, KIND), "MCA")))) {
        sc_mca_fill(r->p->facts, need_mca(r), n);
        r->owes_status = false;
    } else if (r->mca && sc_ieq_z(label, "Address") && !invalid) {
        sc_set_addr(r->mca, SC_MCA_COL_ADDRESS, n);
    } else if (r->mca && sc_istarts(label, "Misc") && !invalid) {
        sc_set_addr(r->mca, SC_MCA_COL_MISC, n);
    } else {
        return false;
    }
    return true;
}

static void section_field(sc_errrec *r, sc_span label, sc_span value, bool numeric, uint64_t n)
{
    static const struct {
        const char *label;
        int column;
    } numbers[] = {
        {"Level", LEVEL},       {"CPU Version", CPU_VERSION}, {"Processor ID", PROCESSOR_ID},
        {"Primary Bus", BUS},   {"Primary Bus No.", BUS},     {"Device No", DEVICE},
        {"Device No.", DEVICE}, {"Function No", FUNCTION},    {"Function No.", FUNCTION},
    };
    sc_row *row = r->section;
    if (sc_ieq_z(label, "Severity"))
        sc_set_text(row, S_SEVERITY, without_number(value));
    else if (sc_ieq_z(label, "Error Type"))
        sc_set_text(row, ERROR_TYPE, value);
    else if (sc_ieq_z(label, "Operation"))
        sc_set_text(row, OPERATION, value);
    else if (sc_ieq_z(label, "VenId:DevId"))
        sc_set_text(row, PCI_ID, value);
    else if (sc_ieq_z(label, "Uncorrectable Error Status"))
        set_aer(r, value);
    if (!numeric) return;
    if (sc_ieq_z(label, "Offset")) r->offset = n;
    if (sc_ieq_z(label, "Length") && n <= UINT32_MAX && r->offset <= UINT32_MAX) r->reached = r->offset + n;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (sc_ieq_z(label, numbers[i].label)) sc_set_int(row, numbers[i].column, (int64_t)n);
}

/* "CPU Id : 53 0f 10 00 ...": the first four bytes are the CPUID signature, lowest first. */
static void set_cpu_id(sc_errrec *r, sc_span value)
{
    sc_scan c = sc_scan_of(value);
    uint64_t signature = 0, byte;
    for (int i = 0; i < 4; i++) {
        if (!sc_hex(&c, &byte) || byte > 0xff) return;
        signature |= byte << 8 * i;
    }
    sc_set_int(r->section, CPU_VERSION, (int64_t)signature);
}

static bool section_number(sc_span label, uint64_t *n)
{
    sc_scan c = sc_scan_of(label);
    return sc_ilit(&c, "Section ") && sc_dec(&c, n) && sc_at_end(&c);
}

static void add_field(sc_errrec *r, sc_span label, sc_span value, bool numeric, uint64_t number)
{
    sc_row *row = sc_add(r->p, &sc_table_whea_field, r->line);
    set_record(r, row, RECORD);
    if (r->section)
        sc_set_int(row, N, sc_get_int(r->section, N));
    else
        sc_set_null(row, N);
    sc_set_text(row, F_LABEL, label);
    if (value.n)
        sc_set_text(row, F_VALUE, value);
    else
        sc_set_null(row, F_VALUE);
    if (numeric)
        sc_set_addr(row, F_NUMBER, number);
    else
        sc_set_null(row, F_NUMBER);
}

void sc_errrec_field(sc_errrec *r, sc_span label, sc_span value)
{
    uint64_t n = 0;
    bool numeric = leading_number(value, &n);
    if (sc_istarts(label, SC_ERRREC_HEADER)) {
        sc_errrec_close(r);
        r->has_address = numeric;
        r->address = n;
        need_record(r);
        return;
    }
    uint64_t number;
    if (section_number(label, &number)) {
        close_mca(r);
        sc_row *record = need_record(r);
        sc_set_int(record, SECTIONS, sc_get_int(record, SECTIONS) + 1);
        r->section = sc_add(r->p, &sc_table_whea_section, r->line);
        set_record(r, r->section, RECORD);
        sc_set_int(r->section, N, (int64_t)number);
        sc_set_text(r->section, KIND, value);
        r->offset = 0;
        if (sc_iends(value, "MCA")) r->owes_status = true;
        return;
    }
    bool check = mca_field(r, label, value, numeric, n);
    if (!r->record && !check) return; /* prose before the record */
    add_field(r, label, value, numeric, n);
    if (!r->section) {
        if (!check) header_field(r, label, value, numeric, n);
        return;
    }
    section_field(r, label, value, numeric, n);
    if (sc_ieq_z(label, "CPU Id")) set_cpu_id(r, value);
}
