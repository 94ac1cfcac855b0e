/* !sysinfo cpuinfo: the processor as the registry describes it. [seed 003] (!sysinfo machineid:
 * sysinfo_machine.c, !sysinfo smbios: sysinfo_smbios.c)
 *
 *     [CPU Information]
 *     ~MHz = REG_DWORD 3206
 *     Identifier = REG_SZ AMD64 Family 16 Model 5 Stepping 3
 *     ProcessorNameString = REG_SZ AMD Phenom(tm) II X4 840 Processor
 *     VendorIdentifier = REG_SZ AuthenticAMD
 *
 * Table: cpu.
 * Query: SELECT ratio FROM cpu WHERE overclocked;
 *
 * ~MHz is the base clock measured at start-up. What it should be stands in the name ("@ 3.60GHz"), else in the
 * reference table of clocks, else it is not known. An unchanged base clock excludes neither a raised boost clock nor
 * a lowered voltage.
 */
#include "engine/facts/sysinfo_machine.h"
#include "engine/facts/sysinfo_smbios.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"mhz", SC_INT, "measured base clock, MHz"},
    {"rated_mhz", SC_INT,
     "base clock that the processor is sold with, MHz; NULL when neither its name nor the reference tells"},
    {"ratio", SC_REAL, "mhz of rated_mhz"},
    {"name", SC_TEXT, "the processor's name"},
    {"identifier", SC_TEXT, "as printed: 'AMD64 Family 16 Model 5 Stepping 3'"},
    {"vendor", SC_TEXT, "'GenuineIntel', 'AuthenticAMD'"},
    {"family", SC_INT, "from the identifier"},
    {"model", SC_INT, "from the identifier"},
    {"stepping", SC_INT, "from the identifier"},
    {"microcode", SC_TEXT, "revision of the microcode, hex"},
    {"overclocked", SC_BOOL, "measured more than 5 % above the rated base clock"},
};
enum { MHZ, RATED_MHZ, RATIO, NAME, IDENTIFIER, VENDOR, FAMILY, MODEL, STEPPING, MICROCODE, OVERCLOCKED };
const sc_table sc_table_cpu = {"cpu", "The processor, and whether its base clock is raised", SC_NO_KEY,
                               SC_COLUMNS(columns)};

static const char VALUE[] = " = REG_";

/* The registry value's name that ends the text; in a flattened paste other values stand before it. */
static sc_span value_name(sc_span text)
{
    static const char *const known[] = {
        "~MHz",
        "Component Information",
        "Configuration Data",
        "Identifier",
        "ProcessorNameString",
        "VendorIdentifier",
        "Update Status",
        "Update Revision",
        "Previous Update Revision",
        "Update Signature",
        "FeatureSet",
        "MSR8B",
        "Platform ID",
        "Platform Specific Field 1",
        "Platform Specific Field1",
    };
    sc_span best = {0};
    text = sc_trim(text);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t n = sc_span_z(known[i]).n;
        if (n > best.n && sc_iends(text, known[i])) best = sc_span_from(text, text.n - n);
    }
    return best.n ? best : text.n <= 40 ? text : (sc_span){0};
}

/* "0,0,0,0,86,0,0,1": eight bytes in hex, lowest first; the revision is in the upper half, on some systems in the
 * lower. */
static bool read_revision(sc_span value, uint64_t *revision)
{
    sc_scan c = sc_scan_of(value);
    uint64_t all = 0, byte;
    int n = 0;
    do {
        if (!sc_hex(&c, &byte) || byte > 0xff) return false;
        all |= byte << 8 * n++;
    } while (n < 8 && sc_lit(&c, ","));
    *revision = all >> 32 ? all >> 32 : all;
    return (n == 8 || n == 4) && all;
}

/* "... @ 3.60GHz" */
static bool clock_in_name(sc_span name, int64_t *mhz)
{
    size_t at = sc_find(name, "@");
    if (at == SC_NPOS) return false;
    sc_scan c = sc_scan_of(sc_span_from(name, at + 1));
    uint64_t whole, fraction = 0;
    int64_t scale = 1000;
    if (!sc_dec(&c, &whole) || whole > 99999) return false;
    if (c.p < c.end && *c.p == '.')
        for (c.p++; c.p < c.end && sc_is_digit(*c.p) && scale > 1; c.p++, scale /= 10)
            fraction += (uint64_t)(*c.p - '0') * (uint64_t)(scale / 10);
    if (sc_ilit(&c, "GHz"))
        *mhz = (int64_t)(whole * 1000 + fraction);
    else if (sc_ilit(&c, "MHz"))
        *mhz = (int64_t)whole;
    else
        return false;
    return *mhz > 0;
}

/* The longest fragment of the reference that stands in the name as a word of its own. */
static bool clock_in_reference(const sc_knowledge *k, sc_span name, int64_t *mhz)
{
    size_t best = 0;
    for (size_t i = 0; i < k->n_cpu_clocks; i++) {
        size_t n = sc_span_z(k->cpu_clocks[i].name).n, at = sc_ifind(name, k->cpu_clocks[i].name);
        if (at == SC_NPOS || n <= best) continue;
        if ((at && sc_is_word(name.p[at - 1])) || (at + n < name.n && sc_is_word(name.p[at + n]))) continue;
        best = n;
        *mhz = (int64_t)k->cpu_clocks[i].number;
    }
    return best > 0;
}

static void read_identifier(sc_row *r, sc_span value)
{
    sc_scan c = sc_scan_of(value);
    sc_span before;
    uint64_t n;
    sc_set_text(r, IDENTIFIER, value);
    if (sc_until(&c, "Family ", &before) && sc_dec(&c, &n)) sc_set_int(r, FAMILY, (int64_t)n);
    if (sc_until(&c, "Model ", &before) && sc_dec(&c, &n)) sc_set_int(r, MODEL, (int64_t)n);
    if (sc_until(&c, "Stepping ", &before) && sc_dec(&c, &n)) sc_set_int(r, STEPPING, (int64_t)n);
}

enum { LEAST_MHZ = 200 }; /* slower processors do not run Windows XP: a number below was cut */

/* `value` is behind "REG_": the type, then the data. */
static void set_value(sc_row *r, sc_span name, sc_span value)
{
    sc_scan c = sc_scan_of(value);
    sc_span type, data;
    uint64_t n;
    if (!sc_word(&c, &type)) return;
    data = sc_trim(sc_rest(&c));
    if (sc_ieq_z(name, "~MHz") && sc_dec(&c, &n) && n >= LEAST_MHZ)
        sc_set_int(r, MHZ, (int64_t)n);
    else if (sc_ieq_z(name, "Identifier") && data.n)
        read_identifier(r, data);
    else if (sc_ieq_z(name, "ProcessorNameString") && data.n)
        sc_set_text(r, NAME, data);
    else if (sc_ieq_z(name, "VendorIdentifier") && data.n)
        sc_set_text(r, VENDOR, data);
    else if (sc_ieq_z(name, "Update Revision") && read_revision(data, &n))
        sc_set_int(r, MICROCODE, (int64_t)n);
}

static void close_row(sc_parse *p, sc_row *r)
{
    int64_t rated;
    if (sc_has(r, MICROCODE)) {
        uint64_t revision = (uint64_t)sc_get_int(r, MICROCODE);
        sc_set_text(r, MICROCODE, sc_arena_printf(p->facts->arena, "0x%llx", (unsigned long long)revision));
    }
    sc_cover_all(p->facts, &sc_table_cpu, p->ordinal, sc_has(r, MHZ) && sc_has(r, NAME));
    if (sc_has(r, MHZ) && sc_has(r, NAME)) sc_complete(p);
    if (!sc_has(r, NAME)) return;
    if (!clock_in_name(sc_get_text(r, NAME), &rated) &&
        !clock_in_reference(p->facts->knowledge, sc_get_text(r, NAME), &rated)) {
        sc_set_null(r, RATED_MHZ); /* and whether it is raised stays open */
        return;
    }
    sc_set_int(r, RATED_MHZ, rated);
    if (!sc_has(r, MHZ)) return;
    double ratio = (double)sc_get_int(r, MHZ) / (double)rated;
    sc_set_real(r, RATIO, ratio);
    sc_set_bool(r, OVERCLOCKED, ratio > 1.05);
}

static bool is_header(sc_span text)
{
    return sc_istarts(sc_ltrim(text), "[CPU Information]");
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_scan c = sc_scan_of(n ? lines[0].text : (sc_span){0});
    if (sc_ilit(&c, "[CPU Information]")) /* other tools print that heading too */
        for (size_t i = 0; i < n && i < 8; i++)
            if (sc_find(lines[i].text, VALUE) != SC_NPOS) return SC_STRONG;
    if (n && (sc_machine_header(lines[0].text) || sc_smbios_header(lines[0].text))) return SC_STRONG;
    return sc_lit(&c, "~MHz = REG_DWORD") ? SC_STRONG : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    sc_row *r = NULL, *machine = NULL;
    sc_smbios smbios = {.p = p, .machine = &machine};
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text);
        if (sc_smbios_line(&smbios, l)) continue;
        if (is_header(text) || sc_machine_header(text)) smbios.open = false;
        if (sc_machine_line(p, l, &machine)) continue;
        if (is_header(text)) {
            if (r) close_row(p, r);
            r = NULL;
            sc_take(p, l);
            text = sc_trim(sc_span_from(text, sc_find_char(text, ']') + 1));
        }
        for (size_t at = sc_find(text, VALUE); at != SC_NPOS;) {
            sc_span name = value_name(sc_span_sub(text, 0, at)), value = sc_span_from(text, at + sizeof VALUE - 1),
                    data;
            size_t next = sc_find(value, VALUE);
            sc_span follower = next == SC_NPOS ? (sc_span){0} : value_name(sc_span_sub(value, 0, next));
            data = follower.n ? sc_span_sub(value, 0, (size_t)(follower.p - value.p)) : value;
            if (!r) r = sc_row_new(p->facts, &sc_table_cpu, p->ordinal, l);
            sc_take(p, l);
            if (l->last > r->last_line) r->last_line = l->last;
            set_value(r, name, sc_trim(data));
            text = value;
            at = next;
        }
    }
    if (r) close_row(p, r);
    if (machine) sc_machine_close(p, machine, !smbios.any);
    sc_smbios_close(&smbios);
}

static const sc_table *const tables[] = {&sc_table_cpu,           &sc_table_machine,
                                         &sc_table_memory_device, &sc_table_smbios_processor,
                                         &sc_table_smbios_cache,  NULL};
const sc_command sc_command_sysinfo = {
    .name = "!sysinfo",
    .doc = "The processor as the registry describes it (!sysinfo cpuinfo), the machine (!sysinfo machineid), and the "
           "firmware's tables (!sysinfo smbios)",
    .proof = "the processor's clock and its name; the machine's maker; as many memory devices as slots",
    .query = "SELECT ratio FROM cpu WHERE overclocked",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
