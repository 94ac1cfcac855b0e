/* !verifier: what Driver Verifier checks, and on which drivers. [seed 003, flattened; samples verifier--*]
 *
 * newer                                             older
 *
 *     Verify Flags Level 0x000209bb                     Verify Level 9bb ... enabled options are:
 *       STANDARD FLAGS:                                     Special pool
 *         [X] (0x00000001) Special pool                     Special irql
 *       ADDITIONAL FLAGS:                               Driver Verification List
 *         [ ] (0x00000400) IRP logging                  Entry     State           NonPagedPool   PagedPool   Module
 *     MODULE: 0x84226b28 MyDriver.sys (Loaded)          8459ca50 Loaded           00000000       00000000    buggy.sys
 *
 * Tables: verifier, verifier_flag, verifier_driver, verifier_pool, verifier_counter; of the logs: verifier_log.c.
 * Query:  SELECT enabled FROM verifier_flag WHERE flag = 0x1;
 *
 * The level is the sum of the enabled flags, so it alone tells every flag: those without a row in the output get one
 * that cites the level's line.
 */
#include "engine/facts/lookup.h"
#include "engine/facts/tables.h"
#include "engine/facts/verifier_log.h"

static const sc_column columns[] = {{"flags", SC_ADDR, "sum of the enabled flags; 0: nothing is verified"}};
const sc_table sc_table_verifier = {"verifier", "Driver Verifier's level", SC_NO_KEY, SC_COLUMNS(columns)};

static const sc_column flag_columns[] = {
    {"flag", SC_ADDR, "the flag's bit"},
    {"name", SC_TEXT, "as printed, or our words when it was not"},
    {"enabled", SC_BOOL, "it is on"},
};
enum { FLAG, NAME, ENABLED };
const sc_table sc_table_verifier_flag = {"verifier_flag", "Driver Verifier's checks", FLAG, SC_COLUMNS(flag_columns)};

static const sc_column driver_columns[] = {
    {"module", SC_TEXT, "driver that is verified"},
    {"state", SC_TEXT, "'Loaded', 'Unloaded' ..."},
    {"np_bytes", SC_INT, "bytes of nonpaged pool that it holds"},
    {"p_bytes", SC_INT, "bytes of paged pool that it holds"},
};
enum { MODULE, STATE, NP_BYTES, P_BYTES };
const sc_table sc_table_verifier_driver = {"verifier_driver", "Drivers that Driver Verifier watches", MODULE,
                                           SC_COLUMNS(driver_columns)};

static const sc_column pool_columns[] = {
    {"module", SC_TEXT, "driver that holds the block"},
    {"address", SC_ADDR, "of the block"},
    {"bytes", SC_INT, "its size"},
    {"tag", SC_TEXT, "its pool tag"},
    {"caller", SC_ADDR, "code that allocated it"},
    {"symbol", SC_TEXT, "symbol of the caller; NULL when none is printed"},
};
enum { P_ADDRESS = 1, P_SIZE, P_TAG, P_CALLER, P_SYMBOL };
const sc_table sc_table_verifier_pool = {"verifier_pool", "Pool that watched drivers hold, block by block", MODULE,
                                         SC_COLUMNS(pool_columns)};

static const sc_column counter_columns[] = {
    {"name", SC_TEXT, "as printed: 'Pool Allocations Failed'"},
    {"value", SC_INT, "the count"},
};
const sc_table sc_table_verifier_counter = {"verifier_counter", "Driver Verifier's statistics", 0,
                                            SC_COLUMNS(counter_columns)};

static const struct {
    uint64_t flag;
    const char *name;
} known_flags[] = {{0x1, "Special pool"},
                   {0x2, "Force IRQL checking"},
                   {0x4, "Randomized low resources simulation"},
                   {0x8, "Pool tracking"},
                   {0x10, "I/O verification"},
                   {0x20, "Deadlock detection"},
                   {0x80, "DMA checking"},
                   {0x100, "Security checks"},
                   {0x200, "Force pending I/O requests"},
                   {0x400, "IRP logging"},
                   {0x800, "Miscellaneous checks"},
                   {0x2000, "Invariant MDL checking for stack"},
                   {0x4000, "Invariant MDL checking for driver"},
                   {0x8000, "Power framework delay fuzzing"},
                   {0x20000, "DDI compliance checking"},
                   {0x40000, "Systematic low resources simulation"},
                   {0x80000, "DDI compliance checking (additional)"},
                   {0x200000, "NDIS/WIFI verification"},
                   {0x800000, "Kernel synchronization delay fuzzing"},
                   {0x1000000, "VM switch verification"}};

/* "Verify Flags Level 0x00000dbb" or "Verify Level 9bb ... enabled options are:" */
static bool read_level(sc_span text, uint64_t *level)
{
    sc_scan c = sc_scan_of(text);
    if (!sc_ilit(&c, "Verify")) return false;
    sc_ilit(&c, "Flags");
    return sc_ilit(&c, "Level") && sc_hex(&c, level) && *level <= UINT32_MAX;
}

/* "[X] (0x00000001) Special pool", the name up to the next box; false at the end. */
static bool next_flag(sc_scan *c, uint64_t *flag, bool *enabled, sc_span *name)
{
    for (sc_span before; sc_until(c, "[", &before);) {
        sc_scan t = *c;
        *enabled = sc_ilit(&t, "X");
        if (!sc_lit(&t, "]") || !sc_lit(&t, "(") || !sc_hex(&t, flag) || !sc_lit(&t, ")")) continue;
        sc_span rest = sc_rest(&t);
        size_t next = sc_find_char(rest, '[');
        *name = sc_span_sub(rest, 0, next);
        *name = sc_trim(sc_span_sub(*name, 0, sc_find(*name, " ADDITIONAL FLAGS:")));
        c->p = t.p + (next == SC_NPOS ? rest.n : next);
        return true;
    }
    return false;
}

static void add_flag(sc_parse *p, const sc_line *l, uint64_t flag, sc_span name, bool enabled)
{
    sc_row *r = sc_add(p, &sc_table_verifier_flag, l);
    sc_set_addr(r, FLAG, flag);
    if (name.n) sc_set_text(r, NAME, name);
    sc_set_bool(r, ENABLED, enabled);
}

/* Flags that the level tells and no row did. */
static void complete_flags(sc_parse *p, const sc_line *l, uint64_t level, uint64_t printed)
{
    for (int bit = 0; bit < 32; bit++) {
        uint64_t flag = UINT64_C(1) << bit;
        sc_span name = {0};
        for (size_t i = 0; i < sizeof known_flags / sizeof *known_flags; i++)
            if (known_flags[i].flag == flag) name = sc_span_z(known_flags[i].name);
        if (!(printed & flag) && (name.n || level & flag)) add_flag(p, l, flag, name, level & flag);
    }
    sc_cover_all(p->facts, &sc_table_verifier, p->ordinal, true);
    sc_cover_all(p->facts, &sc_table_verifier_flag, p->ordinal, true);
}

/* Either form of a driver's row. The newer one's bytes follow on lines of their own. */
static sc_row *read_driver(sc_parse *p, const sc_line *l)
{
    sc_scan c = sc_scan_of(l->text);
    uint64_t entry, np, paged;
    sc_span module, state;
    sc_row *r;
    if (sc_ilit(&c, "MODULE:")) {
        if (!sc_addr(&c, &entry, NULL) || !sc_word(&c, &module)) return NULL;
        r = sc_add(p, &sc_table_verifier_driver, l);
        if (sc_lit(&c, "(") && sc_until(&c, ")", &state)) sc_set_text(r, STATE, sc_trim(state));
    } else {
        if (!sc_addr(&c, &entry, NULL) || !sc_word(&c, &state) || !sc_is_alpha(state.p[0])) return NULL;
        if (!sc_hex(&c, &np) || !sc_hex(&c, &paged) || !sc_word(&c, &module) || !sc_at_end(&c)) return NULL;
        r = sc_add(p, &sc_table_verifier_driver, l);
        sc_set_text(r, STATE, state);
        sc_set_int(r, NP_BYTES, (int64_t)np);
        sc_set_int(r, P_BYTES, (int64_t)paged);
    }
    sc_set_text(r, MODULE, sc_module_name(module));
    sc_cover_text(p->facts, &sc_table_verifier_driver, sc_module_name(module), p->ordinal, true);
    return r;
}

/* "Current Pool Bytes:       ( 0x00001058 / 0x00000000 )" */
static bool read_bytes(sc_span text, sc_row *driver)
{
    sc_scan c = sc_scan_of(text);
    uint64_t np, paged;
    if (!sc_ilit(&c, "Current Pool Bytes:") || !sc_lit(&c, "(") || !sc_hex(&c, &np) || !sc_lit(&c, "/") ||
        !sc_hex(&c, &paged))
        return false;
    sc_set_int(driver, NP_BYTES, (int64_t)np);
    sc_set_int(driver, P_BYTES, (int64_t)paged);
    return true;
}

/* "0x982a8fe0  0x00000020  VMdl  0x9a3bf6ac  MyDriver!DeviceControlDispatch", the symbol in newer output only */
static bool read_pool(sc_parse *p, const sc_line *l, const sc_row *driver)
{
    sc_scan c = sc_scan_of(l->text);
    uint64_t address, size, caller;
    sc_span tag, symbol;
    if (!sc_addr(&c, &address, NULL) || !sc_lit(&c, "0x") || !sc_hex(&c, &size)) return false;
    if (!sc_word(&c, &tag) || tag.n > 4 || !sc_addr(&c, &caller, NULL)) return false;
    sc_row *r = sc_add(p, &sc_table_verifier_pool, l);
    sc_set_text(r, MODULE, sc_get_text(driver, MODULE));
    sc_set_addr(r, P_ADDRESS, address);
    sc_set_int(r, P_SIZE, (int64_t)size);
    sc_set_text(r, P_TAG, tag);
    sc_set_addr(r, P_CALLER, caller);
    if (sc_word(&c, &symbol))
        sc_set_text(r, P_SYMBOL, symbol);
    else
        sc_set_null(r, P_SYMBOL);
    return true;
}

/* "Pool Allocations Failed                0x34f": words, then a number behind 0x. */
static bool read_counter(sc_parse *p, const sc_line *l)
{
    sc_span text = sc_trim(l->text);
    size_t at = sc_find(text, " 0x");
    uint64_t value;
    if (at == SC_NPOS || at > 60 || !sc_is_alpha(text.p[0])) return false;
    sc_scan c = sc_scan_of(sc_span_from(text, at));
    sc_span name = sc_trim(sc_span_sub(text, 0, at));
    if (!sc_hex(&c, &value) || (!sc_at_end(&c) && !sc_lit(&c, "for")) || sc_find_char(name, ':') != SC_NPOS)
        return false;
    sc_row *r = sc_add(p, &sc_table_verifier_counter, l);
    sc_set_text(r, 0, name);
    sc_set_int(r, 1, (int64_t)value);
    sc_cover_text(p->facts, &sc_table_verifier_counter, name, p->ordinal, true);
    return true;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    uint64_t level, flag;
    bool enabled;
    sc_span name;
    if (!n) return SC_ABSTAIN;
    sc_span text = sc_ltrim(lines[0].text);
    sc_scan c = sc_scan_of(text);
    if (!text.n || (text.p[0] != 'V' && text.p[0] != '[' && text.p[0] != 'S' && text.p[0] != 'A')) return SC_ABSTAIN;
    if (sc_lit(&c, "Verify Flags Level")) return read_level(text, &level) ? SC_STRONG : SC_ABSTAIN;
    bool older = sc_lit(&c, "Verify Level") && sc_ifind(text, "options are") != SC_NPOS;
    if (older) return read_level(text, &level) ? SC_STRONG : SC_ABSTAIN;
    bool heading = sc_starts(text, "STANDARD FLAGS:") || sc_starts(text, "ADDITIONAL FLAGS:");
    if (text.p[0] != '[' && !heading) return SC_ABSTAIN;
    return next_flag(&c, &flag, &enabled, &name) ? SC_STRONG : SC_ABSTAIN;
}

static bool opens_statistics(sc_span text)
{
    while (text.n && (text.p[0] == '#' || sc_is_blank(text.p[0]))) text = sc_span_from(text, 1); /* became a heading */
    return sc_istarts(text, "Summary of All Verifier") || sc_istarts(text, "Driver Verification List");
}

static void parse(sc_parse *p)
{
    const sc_line *header = NULL;
    uint64_t level = 0, printed = 0, flag;
    sc_row *driver = NULL, *next;
    bool statistics = false, enabled;
    sc_verifier_log log = {0};
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text), name;
        sc_scan c = sc_scan_of(text);
        if (!header && read_level(text, &level)) {
            header = l;
            sc_set_addr(sc_add(p, &sc_table_verifier, l), 0, level);
        }
        while (next_flag(&c, &flag, &enabled, &name)) {
            sc_take(p, l);
            if (!flag) continue; /* always on */
            printed |= flag;
            add_flag(p, l, flag, name, enabled);
            sc_cover_addr(p->facts, &sc_table_verifier_flag, flag, p->ordinal, true);
        }
        bool opens = opens_statistics(text);
        if (opens) statistics = true;
        if (sc_verifier_log_line(p, l, &log)) continue;
        if (opens || (driver && read_bytes(text, driver)) || sc_verifier_detail(text))
            sc_take(p, l);
        else if (statistics && (next = read_driver(p, l)))
            driver = next;
        else if (statistics && !(driver && read_pool(p, l, driver)))
            read_counter(p, l);
    }
    if (!header) return;
    complete_flags(p, header, level, printed);
    sc_complete(p);
}

static const sc_table *const tables[] = {
    &sc_table_verifier,         &sc_table_verifier_flag,  &sc_table_verifier_driver,      &sc_table_verifier_pool,
    &sc_table_verifier_counter, &sc_table_verifier_event, &sc_table_verifier_event_frame, NULL};
const sc_command sc_command_verifier = {
    .name = "!verifier",
    .doc = "What Driver Verifier checks, on which drivers, and what it counted",
    .proof = "its level, which is the sum of all flags",
    .query = "SELECT enabled FROM verifier_flag WHERE flag = 0x1",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
