/* dps, dds, dqs: memory as pointers, with the symbols that they might be. [seeds 002, 003, 004, samples dps--*]
 *
 *     3: kd> dps b8ae6000 b8ae9000
 *     b8ae60ec b8ae6100    <---------- points to the next stack frame pointer
 *     b8ae60f0 8081df65 nt!IofCallDriver+0x45
 *
 *     fffff880`0318a978  fffff880`04285e6f*** ERROR: Module load completed but symbols could not be loaded for cfos.sys
 *      cfos+0x44e6f
 *
 * The message is printed while the debugger looks for the symbol, so it names the module even when the line with the
 * symbol is lost (seed 003). What lies on a stack need not belong to the calls that are on it: leftovers look the same.
 *
 * Tables: raw_slot; raw_module and ebp_chain are made from it (derive_raw.c).
 * Query:  SELECT module, count(*) FROM raw_slot GROUP BY module;
 */
#include "engine/facts/lookup.h"
#include "engine/facts/symbol.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"slot", SC_ADDR, "address"},
    {"value", SC_ADDR, "what lies there"},
    {"symbol", SC_TEXT, "module!function that the value points into; NULL for none"},
    {"module", SC_TEXT, "of the symbol; NULL for none"},
    {"function", SC_TEXT, "of the symbol; NULL for none"},
    {"offset", SC_INT, "value - address of the function, or of the module without symbols"},
    {"processor", SC_INT, "the debugger's current processor"},
};
enum { SLOT, VALUE, SYMBOL, MODULE, FUNCTION, OFFSET, PROCESSOR };
const sc_table sc_table_raw_slot = {"raw_slot", "Memory printed as pointers, mostly raw stack", SC_NO_KEY,
                                    SC_COLUMNS(columns)};

/* ---- One line ---- */

typedef struct slot {
    uint64_t address, value;
    int digits;
    sc_span rest;
    bool has_symbol;
    sc_symbol symbol;
} slot;

/* `BossHog+0x1196`, `nt!IofCallDriver+0x45`, and `BabyHog +0x30d0` as seed 004 has it. */
static bool read_symbol(sc_span text, sc_symbol *out)
{
    sc_scan c = sc_scan_of(text);
    if (sc_symbol_scan(&c, out)) return out->module.n > 0;
    sc_span word;
    uint64_t offset;
    if (!sc_word(&c, &word) || !sc_lit(&c, "+") || c.p == c.end || *c.p != '0' || !sc_hex(&c, &offset)) return false;
    for (size_t i = 0; i < word.n; i++)
        if (!sc_is_word(word.p[i])) return false;
    *out = (sc_symbol){.name = word, .module = word, .has_offset = true, .offset = offset};
    return true;
}

static bool read_slot(sc_span text, slot *s)
{
    *s = (slot){0};
    sc_scan c = sc_scan_of(text);
    if (!sc_addr(&c, &s->address, &s->digits)) return false;
    if (c.p == c.end || !sc_is_blank(*c.p)) return false;
    int digits;
    /* a message may be glued to the value: nothing else may */
    if (!sc_addr(&c, &s->value, &digits) || digits != s->digits) return false;
    if (c.p < c.end && !sc_is_blank(*c.p) && *c.p != '*') return false;
    s->rest = sc_trim(sc_rest(&c));
    sc_scan tail = sc_scan_of(s->rest);
    uint64_t number;
    if (s->rest.n && (s->rest.p[0] == ':' || sc_addr(&tail, &number, NULL))) return false; /* a frame, or dd */
    s->has_symbol = read_symbol(s->rest, &s->symbol);
    return true;
}

/* A line with nothing but a symbol: torn off the slot above by a message. */
static bool is_torn_symbol(sc_span text, sc_symbol *symbol)
{
    sc_scan c = sc_scan_of(text);
    return sc_symbol_scan(&c, symbol) && symbol->module.n && symbol->has_offset && sc_at_end(&c);
}

/* The module of `*** ERROR: Module load completed but symbols could not be loaded for cfosspeed6.sys`. */
static sc_span module_of_message(sc_span text)
{
    static const char *const before[] = {"could not be loaded for ", "export symbols for ", "verify timestamp for ",
                                         "verify checksum for "};
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        size_t at = sc_find(text, before[i]);
        sc_span word;
        if (at == SC_NPOS) continue;
        sc_scan c = sc_scan_of(sc_span_from(text, at + sc_span_z(before[i]).n));
        if (sc_word(&c, &word)) return sc_module_name(word);
    }
    return (sc_span){0};
}

/* ---- The command ---- */

static void set_symbol(sc_row *r, const sc_symbol *s)
{
    sc_set_text(r, SYMBOL, s->name);
    sc_set_text(r, MODULE, s->module);
    if (s->function.n)
        sc_set_text(r, FUNCTION, s->function);
    else
        sc_set_null(r, FUNCTION);
    sc_set_int(r, OFFSET, (int64_t)s->offset);
}

static void set_nothing(sc_row *r)
{
    for (int c = SYMBOL; c <= OFFSET; c++) sc_set_null(r, c);
}

/* Symbol, message with the lost symbol's module, or nothing: what stands behind the value, or on the lines below it. */
static void read_behind(sc_parse *p, sc_row *r, const slot *s)
{
    if (s->has_symbol) {
        set_symbol(r, &s->symbol);
        return;
    }
    sc_span module = module_of_message(s->rest), message = s->rest;
    const sc_line *next = sc_peek(p);
    if (!module.n && next && (next->flags & SC_LINE_MESSAGE)) {
        message = next->text;
        module = module_of_message(message);
        sc_next(p);
        next = sc_peek(p);
    }
    if (!module.n && next) {
        module = sc_wrapped_module(message, next->text);
        if (module.n) {
            sc_take(p, next);
            sc_next(p);
            next = sc_peek(p);
        }
    }
    sc_symbol torn;
    slot below;
    if (next && is_torn_symbol(next->text, &torn)) {
        sc_next(p);
        sc_take(p, next);
        r->last_line = next->last;
        set_symbol(r, &torn);
        return;
    }
    set_nothing(r);
    if (!module.n) return;
    bool others = next && read_slot(next->text, &below) && below.has_symbol && sc_ieq(below.symbol.module, module);
    if (others) return; /* the message was printed for the slot below */
    for (int c = SYMBOL; c <= OFFSET; c++) r->cells[c].state = SC_NOT_PRINTED;
    sc_set_text(r, MODULE, module);
    sc_set_text(r, SYMBOL, module);
    sc_set_null(r, FUNCTION);
}

static void parse(sc_parse *p)
{
    bool any = false;
    for (const sc_line *l; (l = sc_next(p));) {
        slot s;
        if (!read_slot(l->text, &s)) continue;
        sc_row *r = sc_add(p, &sc_table_raw_slot, l);
        sc_set_addr(r, SLOT, s.address);
        sc_set_addr(r, VALUE, s.value);
        if (p->section->processor >= 0) sc_set_int(r, PROCESSOR, p->section->processor);
        sc_note_width(p->facts, s.digits);
        read_behind(p, r, &s);
        any = true;
    }
    if (any) sc_cover_all(p->facts, &sc_table_raw_slot, p->ordinal, false); /* an excerpt, most of the time */
}

/* Slots one pointer apart. Stack frames may be that near, but then all have symbols, and not three in a row. */
static sc_taste taste(const sc_line *lines, size_t n)
{
    slot first, s;
    sc_symbol symbol;
    if (!n || !lines[0].text.n || !read_slot(lines[0].text, &first)) return SC_ABSTAIN;
    uint64_t step = first.digits == 8 ? 4 : 8, expected = first.address + step;
    int run = 1;
    bool bare = !first.has_symbol;
    for (size_t i = 1, looked = 0; i < n && looked < 8 && run < 3; i++) {
        if (!lines[i].text.n || lines[i].flags & SC_LINE_MESSAGE) continue;
        looked++;
        if (is_torn_symbol(lines[i].text, &symbol)) continue;
        if (!read_slot(lines[i].text, &s) || s.address != expected) break;
        bare |= !s.has_symbol;
        expected += step;
        run++;
    }
    if (run >= 3 || (run == 2 && bare)) return SC_STRONG;
    /* two numbers alone may be anything, unless the first can be a place on a kernel stack */
    uint64_t lowest = first.digits == 8 ? 0x80000000u : 0xffff800000000000u;
    bool place = !first.rest.n && first.address >= lowest && first.address % step == 0;
    return first.has_symbol || place ? SC_WEAK : SC_ABSTAIN;
}

static const sc_table *const tables[] = {&sc_table_raw_slot, NULL};
static const char *const aliases[] = {"dds", "dqs", NULL};
const sc_command sc_command_dps = {
    .name = "dps",
    .aliases = aliases,
    .doc = "Memory as pointers with symbols: a raw stack",
    .proof = "nothing: it is an excerpt",
    .query = "SELECT module, count(*) FROM raw_slot GROUP BY module",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
