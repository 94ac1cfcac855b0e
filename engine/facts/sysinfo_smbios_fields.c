/* What the fields of the firmware's tables mean. engine/facts/sysinfo_smbios.c finds them. */
#include "engine/facts/sysinfo_smbios.h"

#include "engine/facts/field.h"
#include "engine/facts/sysinfo_machine.h"

static const sc_column memory_columns[] = {
    {"locator", SC_TEXT, "the slot, 'ChannelA-DIMM0'"},
    {"bank", SC_TEXT, "its bank, 'BANK 0'"},
    {"size_mb", SC_INT, "whole MB; NULL for an empty slot"},
    {"speed_mhz", SC_INT, "speed of the module as the firmware tells it, MHz or MT/s; NULL when unknown"},
    {"configured_mhz", SC_INT, "speed at which it runs; older tables do not tell"},
    {"type", SC_TEXT, "'DDR3', 'DDR4'; NULL when unknown"},
    {"form_factor", SC_TEXT, "'DIMM', 'SODIMM'"},
    {"manufacturer", SC_TEXT, "maker of the module; NULL when not told"},
    {"part", SC_TEXT, "part number; NULL when not told"},
    {"total_width", SC_INT, "bits with those for correction; NULL when unknown"},
    {"data_width", SC_INT, "bits of data; NULL when unknown"},
    {"ecc", SC_BOOL, "it has bits for correction"},
};
enum { LOCATOR, BANK, SIZE, SPEED, CONFIGURED, TYPE, FORM, MAKER, PART, TOTAL, DATA, ECC };
const sc_table sc_table_memory_device = {"memory_device", "Memory modules and empty slots", SC_NO_KEY,
                                         SC_COLUMNS(memory_columns)};

static const sc_column processor_columns[] = {
    {"socket", SC_TEXT, "name of the socket"},
    {"manufacturer", SC_TEXT, "maker of the processor"},
    {"name", SC_TEXT, "the processor's name"},
    {"voltage", SC_TEXT, "as printed: '1.2V'"},
    {"external_mhz", SC_INT, "external clock, MHz"},
    {"max_mhz", SC_INT, "fastest processor that the board takes, MHz: no rating of this one"},
    {"current_mhz", SC_INT, "clock at start-up, MHz"},
    {"status", SC_TEXT, "'Enabled Populated'"},
};
enum { SOCKET, P_MAKER, NAME, VOLTAGE, EXTERNAL, MAX, CURRENT, STATUS };
const sc_table sc_table_smbios_processor = {"smbios_processor", "Processors as the firmware describes them", SC_NO_KEY,
                                            SC_COLUMNS(processor_columns)};

static const sc_column cache_columns[] = {
    {"name", SC_TEXT, "'CPU Internal L1'"},
    {"level", SC_INT, "1, 2 or 3"},
    {"enabled", SC_BOOL, "the firmware switched it on"},
    {"max_kb", SC_INT, "KB that it may have"},
    {"installed_kb", SC_INT, "KB that it has"},
    {"correction", SC_TEXT, "how errors are found: 'Parity', 'Single-bit ECC'"},
};
enum { C_NAME, LEVEL, ENABLED, C_MAX, C_INSTALLED, CORRECTION };
const sc_table sc_table_smbios_cache = {"smbios_cache", "Caches as the firmware describes them", SC_NO_KEY,
                                        SC_COLUMNS(cache_columns)};

/* ---- Values ---- */

typedef enum kind { TEXT, WORDS, MEGABYTES, KILOBYTES, MHZ, BITS, MEMORY, CONFIGURATION, SLOTS, MACHINE } kind;

/* `09h - DIMM`: the words behind the number, which is -1 without one. */
static sc_span words_of(sc_span value, int64_t *number)
{
    sc_scan c = sc_scan_of(value);
    uint64_t n;
    *number = -1;
    if (!sc_hex(&c, &n) || c.p == c.end || *c.p != 'h' || n > UINT16_MAX) return value;
    c.p++;
    *number = (int64_t)n;
    return sc_lit(&c, "- ") ? sc_trim(sc_rest(&c)) : (sc_span){0};
}

static bool is_none(sc_span value)
{
    return !value.n || value.p[0] == '[' || sc_ieq_z(value, "Unknown") || sc_ieq_z(value, "Not Specified") ||
           sc_istarts(value, "No Module Installed");
}

/* `8192MB`, `256K`, `2400MHz`, `64 bits`: the number, when one of these units or none stands behind it. */
static bool amount(sc_span value, const char *const *units, const uint64_t *factors, uint64_t *v)
{
    sc_scan c = sc_scan_of(value);
    if (!sc_dec(&c, v) || *v > UINT32_MAX) return false;
    if (sc_at_end(&c)) return true;
    sc_span unit = sc_trim(sc_rest(&c));
    for (size_t i = 0; units[i]; i++)
        if (sc_ieq_z(unit, units[i])) {
            *v = *v * factors[i] / 1024;
            return true;
        }
    return false;
}

static void set_amount(sc_row *r, int column, kind k, sc_span value)
{
    static const char *const mb[] = {"MB", "GB", "KB", NULL}, *const kb[] = {"K", "KB", "MB", NULL};
    static const char *const mhz[] = {"MHz", "MT/s", NULL}, *const bits[] = {"bits", "bit", NULL};
    static const uint64_t f_mb[] = {1024, 1024 * 1024, 1}, f_kb[] = {1024, 1024, 1024 * 1024}, f_one[] = {1024, 1024};
    int64_t number;
    uint64_t v;
    if (k == KILOBYTES) value = words_of(value, &number);
    if (is_none(value) || (value.p[0] == '0' && (value.n == 1 || !sc_is_digit(value.p[1])))) { /* `0MHz` */
        sc_set_null(r, column);
        return;
    }
    bool read = k == MEGABYTES   ? amount(value, mb, f_mb, &v)
                : k == KILOBYTES ? amount(value, kb, f_kb, &v)
                : k == MHZ       ? amount(value, mhz, f_one, &v)
                                 : amount(value, bits, f_one, &v);
    if (read) sc_set_int(r, column, (int64_t)v);
}

static void set_text(sc_row *r, int column, sc_span value)
{
    if (is_none(value))
        sc_set_null(r, column);
    else
        sc_set_text(r, column, value);
}

/* `1ah - Specification Reserved` */
static void set_memory_type(sc_row *r, sc_span value)
{
    static const struct {
        int number;
        const char *name;
    } types[] = {{0x12, "DDR"},   {0x13, "DDR2"},   {0x14, "DDR2 FB-DIMM"}, {0x18, "DDR3"},   {0x1a, "DDR4"},
                 {0x1b, "LPDDR"}, {0x1c, "LPDDR2"}, {0x1d, "LPDDR3"},       {0x1e, "LPDDR4"}, {0x20, "HBM"},
                 {0x21, "HBM2"},  {0x22, "DDR5"},   {0x23, "LPDDR5"}};
    int64_t number;
    value = words_of(value, &number);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].number == number) value = sc_span_z(types[i].name);
    if (sc_ieq_z(value, "Specification Reserved")) value = (sc_span){0};
    set_text(r, TYPE, value);
}

/* `0180h - WB Enabled Int NonSocketed L1` */
static void set_configuration(sc_row *r, sc_span value)
{
    int64_t number;
    uint64_t level;
    value = words_of(value, &number);
    size_t at = sc_rfind_char(value, 'L');
    if (at != SC_NPOS && sc_span_dec(sc_span_from(value, at + 1), &level) && level >= 1 && level <= 8)
        sc_set_int(r, LEVEL, (int64_t)level);
    if (sc_ifind(value, "Disabled") != SC_NPOS)
        sc_set_bool(r, ENABLED, false);
    else if (sc_ifind(value, "Enabled") != SC_NPOS)
        sc_set_bool(r, ENABLED, true);
}

/* ---- Structures ---- */

enum { BIOS = 0, SYSTEM = 1, BOARD = 2, PROCESSOR = 4, CACHE = 7, ARRAY = 16, DEVICE = SC_SMBIOS_DEVICE };

static const struct {
    int type;
    const char *label;
    kind kind;
    int column; /* of the structure's table, or of `machine` */
} fields[] = {
    {BIOS, "BIOS Version", MACHINE, SC_MACHINE_BIOS_VERSION},
    {BIOS, "BIOS Release Date", MACHINE, SC_MACHINE_BIOS_DATE},
    {SYSTEM, "Manufacturer", MACHINE, SC_MACHINE_MANUFACTURER},
    {SYSTEM, "Product Name", MACHINE, SC_MACHINE_PRODUCT},
    {BOARD, "Product", MACHINE, SC_MACHINE_BOARD},
    {PROCESSOR, "Socket Designation", TEXT, SOCKET},
    {PROCESSOR, "Processor Manufacturer", TEXT, P_MAKER},
    {PROCESSOR, "Processor Version", TEXT, NAME},
    {PROCESSOR, "Processor Voltage", WORDS, VOLTAGE},
    {PROCESSOR, "External Clock", MHZ, EXTERNAL},
    {PROCESSOR, "Max Speed", MHZ, MAX},
    {PROCESSOR, "Current Speed", MHZ, CURRENT},
    {PROCESSOR, "Status", TEXT, STATUS},
    {CACHE, "Socket Designation", TEXT, C_NAME},
    {CACHE, "Cache Configuration", CONFIGURATION, LEVEL},
    {CACHE, "Maximum Cache Size", KILOBYTES, C_MAX},
    {CACHE, "Installed Size", KILOBYTES, C_INSTALLED},
    {CACHE, "Error Correction Type", TEXT, CORRECTION},
    {ARRAY, "Number of Memory Devices", SLOTS, 0},
    {DEVICE, "Total Width", BITS, TOTAL},
    {DEVICE, "Data Width", BITS, DATA},
    {DEVICE, "Size", MEGABYTES, SIZE},
    {DEVICE, "Form Factor", WORDS, FORM},
    {DEVICE, "Device Locator", TEXT, LOCATOR},
    {DEVICE, "Bank Locator", TEXT, BANK},
    {DEVICE, "Memory Type", MEMORY, TYPE},
    {DEVICE, "Speed", MHZ, SPEED},
    {DEVICE, "Configured Memory Clock Speed", MHZ, CONFIGURED},
    {DEVICE, "Configured Memory Speed", MHZ, CONFIGURED},
    {DEVICE, "Configured Clock Speed", MHZ, CONFIGURED},
    {DEVICE, "Manufacturer", TEXT, MAKER},
    {DEVICE, "Part Number", TEXT, PART},
};

/* Fields of no use, and those that name a person's machine. */
static const char *const passed[] = {
    "Vendor",
    "Manufacturer",
    "BIOS Starting Address Segment",
    "BIOS ROM Size",
    "BIOS Characteristics",
    "BIOS Major Revision",
    "BIOS Minor Revision",
    "EC Firmware Major Revision",
    "EC Firmware Minor Revision",
    "Version",
    "Serial Number",
    "UUID",
    "Wakeup Type",
    "SKUNumber",
    "SKU Number",
    "Family",
    "Asset Tag",
    "Asset Tag Number",
    "Feature Flags",
    "Location",
    "Chassis Handle",
    "Chassis Type",
    "Board Type",
    "Number of Child Handles",
    "Processor Type",
    "Processor Family",
    "Processor ID",
    "Processor Upgrade",
    "L1 Cache Handle",
    "L2 Cache Handle",
    "L3 Cache Handle",
    "Supported SRAM Type",
    "Current SRAM Type",
    "Cache Speed",
    "System Cache Type",
    "Associativity",
    "Use",
    "Memory Error Correction",
    "Maximum Capacity",
    "Memory Error Inf Handle",
    "Memory Error Info Handle",
    "Physical Memory Array Handle",
    "Device Set",
    "Type Detail",
    "Number of Strings",
};
enum { N_FIELDS = sizeof fields / sizeof *fields, N_PASSED = sizeof passed / sizeof *passed };

const char *sc_smbios_label(size_t i)
{
    return i < N_FIELDS ? fields[i].label : i < N_FIELDS + N_PASSED ? passed[i - N_FIELDS] : NULL;
}

const sc_table *sc_smbios_table(int type)
{
    return type == PROCESSOR ? &sc_table_smbios_processor
           : type == CACHE   ? &sc_table_smbios_cache
           : type == DEVICE  ? &sc_table_memory_device
                             : NULL;
}

void sc_smbios_finish(sc_smbios *s)
{
    sc_row *r = s->row;
    if (!r || s->type != DEVICE) return;
    if (sc_has(r, TOTAL) && sc_has(r, DATA)) sc_set_bool(r, ECC, sc_get_int(r, TOTAL) > sc_get_int(r, DATA));
    for (int c = SPEED; c <= ECC && r->cells[SIZE].state == SC_NULL; c++) /* an empty slot has none of this */
        if (c != FORM && r->cells[c].state == SC_NOT_PRINTED) sc_set_null(r, c);
    s->device_whole = r->cells[SIZE].state == SC_NULL || (sc_has(r, SIZE) && r->cells[PART].state != SC_NOT_PRINTED);
}

static void set_field(sc_smbios *s, const sc_line *l, size_t i, sc_span value)
{
    int64_t number;
    uint64_t n;
    int column = fields[i].column;
    switch (fields[i].kind) {
    case TEXT: set_text(s->row, column, value); break;
    case WORDS: set_text(s->row, column, words_of(value, &number)); break;
    case MEMORY: set_memory_type(s->row, value); break;
    case CONFIGURATION: set_configuration(s->row, value); break;
    case MACHINE: sc_machine_set(s->p, l, s->machine, column, value); break;
    case SLOTS:
        if (!sc_span_dec(value, &n) || n > UINT16_MAX) return;
        s->slots += n;
        s->has_slots = true;
        break;
    default: set_amount(s->row, column, fields[i].kind, value);
    }
}

bool sc_smbios_field(sc_smbios *s, const sc_line *l, sc_span text)
{
    sc_span value;
    for (size_t i = 0; i < N_FIELDS; i++)
        if (fields[i].type == s->type && sc_field(text, fields[i].label, &value)) {
            set_field(s, l, i, value);
            return true;
        }
    for (size_t i = 0; i < N_PASSED; i++)
        if (sc_field(text, passed[i], &value)) return true;
    sc_scan c = sc_scan_of(text); /* `07: - PCI Supported` */
    uint64_t bit;
    return sc_dec(&c, &bit) && bit < 64 && sc_lit(&c, ":") && sc_lit(&c, "-");
}
