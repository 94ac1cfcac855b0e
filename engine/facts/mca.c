/* !mca: the machine-check registers of one processor. [samples cpuinfo--mca-65, cpuinfo--mca-89]
 *
 *     0: kd> !mca
 *     MCE: Enabled, Cycle Address: 0x00000001699f7a00, Type: 0x0000000000000000
 *
 *     MCA: Enabled, Banks 5, Control Reg: Supported, Machine Check: None.
 *     Bank  Error  Control Register     Status Register
 *       0. None   0x000000000000007f   0x0000000000000000
 *
 * Tables: mca_bank (every bank), mca (engine/facts/derive_mca.c: those whose status is valid).
 * Query:  SELECT processor, bank, hex64(status) FROM mca_bank WHERE error <> 'None';
 *
 * The command reads the active processor, which the prompt tells; what it prints behind the banks are !cpuinfo's rows.
 * Without the private symbols of the HAL there are no banks ("HalpFeatureBits not found"). No sample shows a bank that
 * holds an error: address and misc are read where the header of the columns or a label below the bank names them.
 */
#include "engine/facts/field.h"
#include "engine/facts/mca_row.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"processor", SC_INT, "processor whose registers they are"},
    {"bank", SC_INT, "number of the bank; what it stands for differs between processor models"},
    {"error", SC_TEXT, "what the debugger says about it: 'None'"},
    {"control", SC_ADDR, "the control register: which errors are reported"},
    {"status", SC_ADDR, "the status register; 0 for no error"},
    {"address", SC_ADDR, "the address register"},
    {"misc", SC_ADDR, "the misc register"},
};
enum { PROCESSOR, BANK, ERROR, CONTROL, STATUS, ADDRESS, MISC };
const sc_table sc_table_mca_bank = {"mca_bank", "Machine-check banks of a processor, with errors or without", PROCESSOR,
                                    SC_COLUMNS(columns)};

enum { MAX_BANKS = 256, MAX_REGISTERS = 4, REGISTER_LENGTH = 18 };

typedef struct reading {
    sc_parse *p;
    sc_row *bank;                 /* the last one; NULL before the first */
    int registers[MAX_REGISTERS]; /* columns in the order of the header */
    int n_registers;
    uint64_t banks, seen; /* how many there are, and how many were read in their order */
    bool has_banks, cut, any;
} reading;

/* `MCA: Enabled, Banks 5, Control Reg: Supported, Machine Check: None.` */
static bool read_summary(sc_span text, uint64_t *banks)
{
    sc_scan c = sc_scan_of(text);
    sc_span state;
    return sc_lit(&c, "MCA:") && sc_until(&c, ",", &state) && state.n < 20 && sc_lit(&c, "Banks") &&
           sc_dec(&c, banks) && *banks <= MAX_BANKS && sc_lit(&c, ",");
}

static bool is_event(sc_span text) /* the older registers, of processors without banks */
{
    sc_scan c = sc_scan_of(text);
    sc_span state;
    return sc_lit(&c, "MCE:") && sc_until(&c, ",", &state) && state.n < 20 && sc_lit(&c, "Cycle Address:");
}

/* `Bank  Error  Control Register     Status Register` */
static bool read_header(sc_span text, int *registers, int *n)
{
    static const struct {
        const char *name;
        int column;
    } known[] = {{"Control", CONTROL}, {"Status", STATUS}, {"Address", ADDRESS}, {"Misc", MISC}};
    sc_scan c = sc_scan_of(text);
    if (!sc_lit(&c, "Bank") || !sc_lit(&c, "Error") || !sc_lit(&c, "Control Register")) return false;
    registers[0] = CONTROL;
    *n = 1;
    for (bool more = true; more && *n < MAX_REGISTERS;) {
        more = false;
        for (size_t i = 1; i < sizeof known / sizeof *known && !more; i++)
            if (sc_lit(&c, known[i].name)) {
                sc_lit(&c, "Register");
                registers[(*n)++] = known[i].column;
                more = true;
            }
    }
    return true;
}

/* `0x000000000000007f`. A register that is cut is none. */
static bool read_register(sc_scan *c, uint64_t *v)
{
    sc_scan t = *c;
    sc_blanks(&t);
    const char *start = t.p;
    if (!sc_addr(&t, v, NULL) || t.p - start != REGISTER_LENGTH) return false;
    *c = t;
    return true;
}

/* `  0. None   0x000000000000007f   0x0000000000000000` */
static bool read_bank(sc_scan *c, uint64_t *bank, sc_span *error, uint64_t *control)
{
    sc_scan t = *c;
    if (!sc_dec(&t, bank) || *bank >= MAX_BANKS || t.p == t.end || *t.p != '.') return false;
    t.p++;
    if (!sc_until(&t, "0x", error) || error->n > 40) return false;
    t.p -= 2;
    *error = sc_trim(*error);
    if (!error->n || !sc_is_alpha(error->p[0]) || !read_register(&t, control)) return false;
    *c = t;
    return true;
}

static void close_bank(reading *s)
{
    sc_row *r = s->bank;
    s->bank = NULL;
    if (!r || !sc_has(r, STATUS) || !(sc_get_addr(r, STATUS) >> 63)) return;
    sc_row *m = sc_row_new(s->p->facts, &sc_table_mca, s->p->ordinal, NULL);
    m->line = r->line;
    m->last_line = r->last_line;
    sc_set_text(m, SC_MCA_COL_SOURCE, SC_S("registers"));
    sc_set_null(m, SC_MCA_COL_RECORD);
    if (sc_has(r, PROCESSOR)) sc_set_int(m, SC_MCA_COL_PROCESSOR, sc_get_int(r, PROCESSOR));
    sc_set_int(m, SC_MCA_COL_BANK, sc_get_int(r, BANK));
    sc_mca_fill(s->p->facts, m, sc_get_addr(r, STATUS));
    if (!m->cells[SC_MCA_COL_ADDRV].as.i)
        sc_set_null(m, SC_MCA_COL_ADDRESS);
    else if (sc_has(r, ADDRESS))
        sc_set_addr(m, SC_MCA_COL_ADDRESS, sc_get_addr(r, ADDRESS));
    if (!m->cells[SC_MCA_COL_MISCV].as.i)
        sc_set_null(m, SC_MCA_COL_MISC);
    else if (sc_has(r, MISC))
        sc_set_addr(m, SC_MCA_COL_MISC, sc_get_addr(r, MISC));
}

static bool add_bank(reading *s, const sc_line *l, sc_scan *c)
{
    uint64_t bank, v;
    sc_span error;
    if (!read_bank(c, &bank, &error, &v)) return false;
    close_bank(s);
    sc_row *r = s->bank = sc_add(s->p, &sc_table_mca_bank, l);
    s->any = true;
    if (s->p->section->processor >= 0) sc_set_int(r, PROCESSOR, s->p->section->processor);
    sc_set_int(r, BANK, (int64_t)bank);
    sc_set_text(r, ERROR, error);
    sc_set_addr(r, CONTROL, v);
    int n = s->n_registers ? s->n_registers : 2; /* without the header: control and status */
    for (int i = 1; i < n && read_register(c, &v); i++) sc_set_addr(r, s->n_registers ? s->registers[i] : STATUS, v);
    if (bank == s->seen && sc_has(r, STATUS)) s->seen++;
    return true;
}

/* `Address: 0x...` below a bank */
static bool read_more(reading *s, const sc_line *l, sc_span text)
{
    static const struct {
        const char *label;
        int column;
    } known[] = {{"Address Register", ADDRESS}, {"Address", ADDRESS}, {"Misc Register", MISC}, {"Misc", MISC}};
    for (size_t i = 0; s->bank && i < sizeof known / sizeof *known; i++) {
        sc_span value;
        uint64_t v;
        if (!sc_field(text, known[i].label, &value)) continue;
        sc_scan c = sc_scan_of(value);
        if (!read_register(&c, &v)) continue;
        sc_set_addr(s->bank, known[i].column, v);
        s->bank->last_line = l->last;
        return true;
    }
    return false;
}

static bool is_remark(sc_span text)
{
    return sc_starts(text, "No register state available") || sc_starts(text, "HalpFeatureBits not found");
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0}, error;
    uint64_t bank, v;
    int registers[MAX_REGISTERS], n_registers;
    if (text.n < 4) return SC_ABSTAIN;
    if (text.p[0] == 'M') return read_summary(text, &v) || is_event(text) ? SC_STRONG : SC_ABSTAIN;
    if (text.p[0] == 'B') return read_header(text, registers, &n_registers) ? SC_STRONG : SC_ABSTAIN;
    sc_scan c = sc_scan_of(text);
    if (!sc_is_digit(text.p[0])) return SC_ABSTAIN;
    return read_bank(&c, &bank, &error, &v) && read_register(&c, &v) ? SC_WEAK : SC_ABSTAIN;
}

/* Where the next part of a flattened output begins. */
static const char *const marks[] = {"MCA:", "Bank  Error", "Bank Error", "0. ", "No register state", NULL};

static void read_piece(reading *s, const sc_line *l, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    if (read_header(text, s->registers, &s->n_registers) || is_event(text) || is_remark(text) ||
        read_more(s, l, text)) {
        sc_take(s->p, l);
    } else if (read_summary(text, &s->banks)) {
        s->has_banks = true;
        sc_take(s->p, l);
    }
    while (add_bank(s, l, &c)) sc_blanks(&c);
}

static void parse(sc_parse *p)
{
    reading s = {.p = p};
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = sc_trim(l->text), piece;
        if (l->flags & SC_LINE_CUT) s.cut = true;
        while (sc_piece(&rest, marks, &piece)) read_piece(&s, l, piece);
    }
    close_bank(&s);
    if (!s.any && !s.has_banks) return;
    bool whole = s.has_banks && s.seen == s.banks && !s.cut;
    if (whole) sc_complete(p);
    if (p->section->processor >= 0)
        sc_cover_int(p->facts, &sc_table_mca_bank, p->section->processor, p->ordinal, whole);
    sc_cover_text(p->facts, &sc_table_mca, SC_S("registers"), p->ordinal, false); /* other processors have theirs */
}

static const sc_table *const tables[] = {&sc_table_mca_bank, &sc_table_mca, NULL};
const sc_command sc_command_mca = {
    .name = "!mca",
    .doc = "The machine-check registers of the active processor",
    .proof = "as many banks as the line above them says",
    .query = "SELECT processor, bank, hex64(status) FROM mca_bank WHERE error <> 'None'",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
