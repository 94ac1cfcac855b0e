/* !cpuinfo and !cpuid: every processor as the kernel sees it, one line each. [samples cpuinfo--*; public pastes]
 *
 *     CP  F/M/S Manufacturer  MHz PRCB Signature    MSR 8B Signature Features ArchitectureClass
 *      0  6,158,10 GenuineIntel 2592 000000d600000000                   311b3dff 0
 *      1  6,158,10 GenuineIntel 2592 000000d600000000 >000000d600000000<311b3dff 0
 *                           Cached Update Signature 000000d600000000
 *                          Initial Update Signature 000000d600000000
 *
 * Table: processor_info.
 * Query: SELECT microcode, count(*) FROM processor_info GROUP BY microcode;
 *
 * Family, model and stepping are decimal. Intel's microcode revision is the upper half of the signature, AMD's the
 * whole of it. MSR 8B can be read on the current processor of a live system only. Older debuggers print one signature
 * ("Update Signature"), the newest a class behind the features (performance or efficiency core). A minidump holds one
 * processor, so that the rows shown say nothing about how many there are.
 */
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"processor", SC_INT, "number of the processor"},
    {"family", SC_INT, "of the processor model"},
    {"model", SC_INT, "of the processor model"},
    {"stepping", SC_INT, "of the processor model"},
    {"vendor", SC_TEXT, "'GenuineIntel', 'AuthenticAMD'"},
    {"mhz", SC_INT, "clock measured at start-up, MHz"},
    {"signature", SC_ADDR, "signature of the microcode update, as the kernel keeps it"},
    {"msr_signature", SC_ADDR, "the same as the processor itself told it"},
    {"microcode", SC_TEXT, "revision of the microcode, hex; NULL when it is 0 or a hypervisor hides it"},
    {"features", SC_ADDR, "feature bits of the kernel (KPRCB.FeatureBits), the lower 32"},
    {"class", SC_INT, "architecture class, which tells kinds of core apart"},
};
enum { PROCESSOR, FAMILY, MODEL, STEPPING, VENDOR, MHZ, SIGNATURE, MSR_SIGNATURE, MICROCODE, FEATURES, CLASS };
const sc_table sc_table_processor_info = {"processor_info", "Model, clock and microcode of each processor", PROCESSOR,
                                          SC_COLUMNS(columns)};

enum { MAX_PROCESSOR = 4096, MAX_MHZ = 20000, SIGNATURE_DIGITS = 16, MAX_FEATURE_DIGITS = 8 };

typedef struct row {
    uint64_t processor, family, model, stepping, mhz, signature, msr, features, class;
    sc_span vendor;
    bool has_signature, has_msr, has_features, has_class;
} row;

/* Skips the header at the cursor; false when there is none. */
static bool read_header(sc_scan *c)
{
    sc_scan t = *c;
    if (!sc_lit(&t, "CP") || !sc_lit(&t, "F/M/S") || !sc_lit(&t, "Manufacturer") || !sc_lit(&t, "MHz")) return false;
    sc_blanks(&t);
    for (const char *word = t.p; t.p < t.end;) { /* up to the first row, in a flattened output */
        while (t.p < t.end && !sc_is_blank(*t.p)) t.p++;
        if (sc_is_digit(*word) && !(t.p - word == 2 && word[1] == 'B')) { /* "MSR 8B Signature", by a scanner "88" */
            sc_scan digits = {word, t.p};
            uint64_t v;
            sc_scan rest = t;
            if (sc_dec(&digits, &v) && digits.p == digits.end && sc_dec(&rest, &v) && sc_lit(&rest, ",")) {
                t.p = word;
                break;
            }
        }
        sc_blanks(&t);
        word = t.p;
    }
    *c = t;
    return true;
}

/* `digits` hex digits at the cursor, or up to as many, and no word goes on behind them. */
static bool read_digits(sc_scan *c, bool exactly, int digits, uint64_t *v)
{
    sc_scan t = *c;
    sc_blanks(&t);
    const char *start = t.p;
    while (t.p < t.end && sc_is_hex(*t.p)) t.p++;
    if (t.p == start || t.p - start > digits || (exactly && t.p - start != digits)) return false;
    if (t.p < t.end && sc_is_word(*t.p)) return false;
    sc_scan number = {start, t.p};
    if (!sc_hex(&number, v)) return false;
    *c = t;
    return true;
}

/* Family, model and stepping: `6,158,10` */
static bool read_model(sc_scan *c, row *r)
{
    return sc_dec(c, &r->family) && sc_lit(c, ",") && sc_dec(c, &r->model) && sc_lit(c, ",") &&
           sc_dec(c, &r->stepping) && r->family < 0x1000 && r->model < 0x1000 && r->stepping < 0x100;
}

static bool read_row(sc_scan *c, row *r)
{
    sc_scan t = *c;
    *r = (row){0};
    if (!sc_dec(&t, &r->processor) || r->processor >= MAX_PROCESSOR || t.p == t.end || !sc_is_blank(*t.p)) return false;
    if (!read_model(&t, r) || t.p == t.end || !sc_is_blank(*t.p)) return false;
    if (!sc_word(&t, &r->vendor) || r->vendor.n < 6 || r->vendor.n > 16 || !sc_is_alpha(r->vendor.p[0])) return false;
    if (!sc_dec(&t, &r->mhz) || !r->mhz || r->mhz > MAX_MHZ || (t.p < t.end && !sc_is_blank(*t.p))) return false;
    *c = t;
    r->has_signature = read_digits(&t, true, SIGNATURE_DIGITS, &r->signature);
    if (!r->has_signature) return true; /* !cpuid, or cut */
    if (sc_lit(&t, ">")) {
        r->has_msr = read_digits(&t, true, SIGNATURE_DIGITS, &r->msr);
        sc_span damaged;
        if ((!r->has_msr || !sc_lit(&t, "<")) && !sc_until(&t, "<", &damaged)) r->has_msr = false;
    }
    *c = t;
    r->has_features = read_digits(&t, false, MAX_FEATURE_DIGITS, &r->features);
    if (!r->has_features) return true;
    *c = t;
    row next; /* a number may be the class, or the processor of the row behind it */
    uint64_t class;
    sc_scan ahead = t;
    if (sc_dec(&t, &class) && class < 256 && (t.p == t.end || sc_is_blank(*t.p)) &&
        !(sc_dec(&ahead, &next.processor) && read_model(&ahead, &next))) {
        r->has_class = true;
        r->class = class;
        *c = t;
    }
    return true;
}

static bool is_footer(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t v;
    return (sc_lit(&c, "Cached Update Signature") || sc_lit(&c, "Initial Update Signature")) &&
           read_digits(&c, true, SIGNATURE_DIGITS, &v);
}

static void set_microcode(sc_parse *p, sc_row *r, uint64_t signature)
{
    uint64_t revision = signature >> 32 ? signature >> 32 : signature;
    if (!revision || revision == UINT32_MAX)
        sc_set_null(r, MICROCODE);
    else
        sc_set_text(r, MICROCODE, sc_arena_printf(p->facts->arena, "0x%llx", (unsigned long long)revision));
}

static void add_row(sc_parse *p, const sc_line *l, const row *from)
{
    sc_row *r = sc_add(p, &sc_table_processor_info, l);
    sc_set_int(r, PROCESSOR, (int64_t)from->processor);
    sc_set_int(r, FAMILY, (int64_t)from->family);
    sc_set_int(r, MODEL, (int64_t)from->model);
    sc_set_int(r, STEPPING, (int64_t)from->stepping);
    sc_set_text(r, VENDOR, from->vendor);
    sc_set_int(r, MHZ, (int64_t)from->mhz);
    if (from->has_signature) {
        sc_set_addr(r, SIGNATURE, from->signature);
        set_microcode(p, r, from->signature);
    }
    if (from->has_msr) sc_set_addr(r, MSR_SIGNATURE, from->msr);
    if (from->has_features) sc_set_addr(r, FEATURES, from->features);
    if (from->has_class) sc_set_int(r, CLASS, (int64_t)from->class);
    sc_cover_int(p->facts, &sc_table_processor_info, (int64_t)from->processor, p->ordinal,
                 from->has_features && !(l->flags & SC_LINE_CUT));
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_scan c = sc_scan_of(n ? sc_trim(lines[0].text) : (sc_span){0});
    row r;
    if (c.p == c.end) return SC_ABSTAIN;
    if (*c.p == 'C') return read_header(&c) ? SC_STRONG : is_footer(sc_rest(&c)) ? SC_WEAK : SC_ABSTAIN;
    if (*c.p == 'I') return is_footer(sc_rest(&c)) ? SC_WEAK : SC_ABSTAIN;
    return sc_is_digit(*c.p) && read_row(&c, &r) && r.has_features ? SC_WEAK : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    bool any = false, whole = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_scan c = sc_scan_of(sc_trim(l->text));
        row r;
        if (read_header(&c)) sc_take(p, l);
        while (read_row(&c, &r)) {
            add_row(p, l, &r);
            any = true;
            sc_blanks(&c);
        }
        if (!any) continue;
        size_t at = sc_find(sc_rest(&c), "Cached Update Signature"); /* behind the last row, when flattened */
        if (at == SC_NPOS) at = 0;
        sc_span footer = sc_trim(sc_span_from(sc_rest(&c), at));
        if (!is_footer(footer)) continue;
        sc_take(p, l);
        if (sc_find(footer, "Initial Update Signature") != SC_NPOS) whole = true;
    }
    if (any) sc_cover_all(p->facts, &sc_table_processor_info, p->ordinal, false); /* a minidump holds one processor */
    if (whole) sc_complete(p);
}

static const sc_table *const tables[] = {&sc_table_processor_info, NULL};
static const char *const aliases[] = {"!cpuid", NULL};
const sc_command sc_command_cpuinfo = {
    .name = "!cpuinfo",
    .aliases = aliases,
    .doc = "Model, clock and microcode of each processor",
    .proof = "the initial update signature below the rows; each row by its features",
    .query = "SELECT microcode, count(*) FROM processor_info GROUP BY microcode",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
