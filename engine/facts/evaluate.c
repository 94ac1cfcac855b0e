/* ? and .formats: numbers that somebody worked out. [seed 004]
 *
 *     3: kd> ? 4176/1024
 *     Evaluate expression: 4 = 00000004
 *
 *     3: kd> .formats 0x0FFFFFD70
 *     Evaluate expression:
 *       Hex:     fffffd70
 *       Decimal: -656
 *
 * Tables: evaluated.
 * Query:  SELECT expression, decimal FROM evaluated;
 */
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"expression", SC_TEXT, "as typed; not known when the prompt is lost"},
    {"value", SC_ADDR, "its value"},
    {"decimal", SC_INT, "the same, signed"},
};
enum { EXPRESSION, VALUE, DECIMAL };
const sc_table sc_table_evaluated = {"evaluated", "Expressions that the debugger was asked to work out", SC_NO_KEY,
                                     SC_COLUMNS(columns)};

static bool signed_dec(sc_scan *c, int64_t *value)
{
    uint64_t v;
    bool minus = sc_lit(c, "-");
    if (!sc_dec(c, &v) || v > INT64_MAX) return false;
    *value = minus ? -(int64_t)v : (int64_t)v;
    return true;
}

static bool is_head(sc_span text, sc_scan *rest)
{
    *rest = sc_scan_of(text);
    return sc_lit(rest, "Evaluate expression:");
}

static sc_taste taste_evaluate(const sc_line *lines, size_t n)
{
    sc_scan c;
    int64_t v;
    return n && is_head(lines[0].text, &c) && signed_dec(&c, &v) && sc_lit(&c, "=") ? SC_STRONG : SC_ABSTAIN;
}

/* `Hex: ...` and `Decimal: ...` also stand in other outputs: they are kept, but start nothing. */
static sc_taste taste_formats(const sc_line *lines, size_t n)
{
    sc_scan c;
    if (!n) return SC_ABSTAIN;
    if (is_head(lines[0].text, &c)) return sc_at_end(&c) ? SC_STRONG : SC_ABSTAIN;
    sc_span text = sc_ltrim(lines[0].text);
    return sc_starts(text, "Hex:") || sc_starts(text, "Decimal:") ? SC_WEAK : SC_ABSTAIN;
}

/* Formats that tell nothing more. */
static bool is_other_format(sc_span text)
{
    static const char *const names[] = {"Octal:", "Binary:", "Chars:", "Time:", "Float:", "Double:", "Symbol:"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (sc_starts(sc_ltrim(text), names[i])) return true;
    return false;
}

static sc_row *add(sc_parse *p, const sc_line *l, bool *first)
{
    sc_row *r = sc_add(p, &sc_table_evaluated, l);
    if (p->section->prompted && *first) sc_set_text(r, EXPRESSION, p->section->args);
    *first = false;
    return r;
}

static void parse(sc_parse *p)
{
    sc_row *r = NULL;
    bool first = true;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_scan c;
        uint64_t value;
        int64_t decimal;
        if (is_head(l->text, &c)) {
            r = NULL;
            sc_take(p, l);
            if (!signed_dec(&c, &decimal) || !sc_lit(&c, "=") || !sc_hex(&c, &value)) continue;
            r = add(p, l, &first);
            sc_set_addr(r, VALUE, value);
            sc_set_int(r, DECIMAL, decimal);
            sc_complete(p);
            r = NULL;
            continue;
        }
        c = sc_scan_of(l->text);
        bool hex = sc_lit(&c, "Hex:") && sc_hex(&c, &value);
        c = hex ? c : sc_scan_of(l->text);
        if (hex) {
            r = add(p, l, &first);
            sc_set_addr(r, VALUE, value);
            sc_complete(p);
        } else if (sc_lit(&c, "Decimal:") && signed_dec(&c, &decimal)) {
            if (!r) r = add(p, l, &first);
            sc_take(p, l);
            sc_set_int(r, DECIMAL, decimal);
            r->last_line = l->last;
            sc_complete(p);
        } else if (r && is_other_format(l->text)) {
            sc_take(p, l);
        }
    }
}

static const sc_table *const tables[] = {&sc_table_evaluated, NULL};
const sc_command sc_command_evaluate = {
    .name = "?",
    .doc = "Works out an expression",
    .proof = "its single line",
    .query = "SELECT expression, decimal FROM evaluated",
    .tables = tables,
    .taste = taste_evaluate,
    .parse = parse,
};
const sc_command sc_command_formats = {
    .name = ".formats",
    .doc = "Shows a number in several formats",
    .proof = "its hex or decimal line",
    .query = "SELECT hex64(value), decimal FROM evaluated",
    .tables = tables,
    .taste = taste_formats,
    .parse = parse,
};
