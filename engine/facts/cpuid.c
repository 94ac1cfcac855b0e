/* !cpuid: the processors, one by one. [sample cpuinfo--cpuid-51]
 *
 *     kd> !cpuid
 *     CP  F/M/S  Manufacturer        MHz
 *      0  6,5,1  GenuineIntel        700
 *      1  8,1,5  AuthenticAMD        700
 *
 * Table: cpuid.
 * Query: SELECT count(DISTINCT stepping) FROM cpuid;
 */
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"processor", SC_INT, "its number"},
    {"family", SC_INT, "family"},
    {"model", SC_INT, "model"},
    {"stepping", SC_INT, "stepping"},
    {"vendor", SC_TEXT, "'GenuineIntel', 'AuthenticAMD'"},
    {"mhz", SC_INT, "measured clock, MHz"},
};
enum { PROCESSOR, FAMILY, MODEL, STEPPING, VENDOR, MHZ };
const sc_table sc_table_cpuid = {"cpuid", "Family, model and clock of each processor", PROCESSOR, SC_COLUMNS(columns)};

/* !cpuinfo's goes on behind MHz */
static bool is_header(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "CP") && sc_lit(&c, "F/M/S") && sc_lit(&c, "Manufacturer") && sc_lit(&c, "MHz") && sc_at_end(&c);
}

static bool read_row(sc_parse *p, const sc_line *l)
{
    sc_scan c = sc_scan_of(l->text);
    uint64_t processor, family, model, stepping, mhz;
    sc_span vendor;
    if (!sc_dec(&c, &processor) || processor > 4096 || !sc_dec(&c, &family) || !sc_lit(&c, ",")) return false;
    if (!sc_dec(&c, &model) || !sc_lit(&c, ",") || !sc_dec(&c, &stepping) || !sc_word(&c, &vendor)) return false;
    if (!sc_is_alpha(vendor.p[0]) || !sc_dec(&c, &mhz) || !sc_at_end(&c)) return false;
    if (family > 4096 || model > 4096 || stepping > 4096 || mhz > 100000) return false;
    sc_row *r = sc_add(p, &sc_table_cpuid, l);
    sc_set_int(r, PROCESSOR, (int64_t)processor);
    sc_set_int(r, FAMILY, (int64_t)family);
    sc_set_int(r, MODEL, (int64_t)model);
    sc_set_int(r, STEPPING, (int64_t)stepping);
    sc_set_text(r, VENDOR, vendor);
    sc_set_int(r, MHZ, (int64_t)mhz);
    sc_cover_int(p->facts, &sc_table_cpuid, (int64_t)processor, p->ordinal, true);
    return true;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    return n && is_header(lines[0].text) ? SC_STRONG : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    for (const sc_line *l; (l = sc_next(p));)
        if (is_header(l->text))
            sc_take(p, l);
        else if (read_row(p, l) && sc_goes_on(p))
            sc_complete(p);
}

static const sc_table *const tables[] = {&sc_table_cpuid, NULL};
const sc_command sc_command_cpuid = {
    .name = "!cpuid",
    .doc = "Family, model and clock of each processor",
    .proof = "a processor, with text behind it",
    .query = "SELECT count(DISTINCT stepping) FROM cpuid",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
