/* !error and !gle: what a number means as a status or error code. [samples error--*, gle--*]
 *
 *     kd> !error c000009a
 *     Error code: (NTSTATUS) 0xc000009a (3221225626) - Insufficient system resources exist to complete the API.
 *
 *     1: kd> !gle
 *     LastErrorValue: (Win32) 0x57 (87) - The parameter is incorrect.
 *     LastStatusValue: (NTSTATUS) 0xc000000d - An invalid parameter was passed to a service or function.
 *
 * Tables: error_code.
 * Query:  SELECT hex64(value), ntstatus_name(value) FROM error_code WHERE kind = 'NTSTATUS';
 *
 * The text is in the language of the machine that ran the debugger, the number is not.
 */
#include "engine/facts/field.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"source", SC_TEXT, "error: what !error was asked; last-error and last-status: what the thread's TEB holds"},
    {"kind", SC_TEXT, "NTSTATUS, Win32, HRESULT ..."},
    {"value", SC_ADDR, "the code, 32 bits"},
    {"text", SC_TEXT, "what the debugger says about it, in its language"},
};
enum { SOURCE, KIND, VALUE, TEXT };
const sc_table sc_table_error_code = {"error_code", "Status and error codes that the debugger explained", SC_NO_KEY,
                                      SC_COLUMNS(columns)};

static const struct {
    const char *label, *source;
} labels[] = {{"Error code:", "error"}, {"LastErrorValue:", "last-error"}, {"LastStatusValue:", "last-status"}};
static const char *const marks[] = {"Error code: (", "LastErrorValue: (", "LastStatusValue: (", NULL};

typedef struct code {
    const char *source;
    sc_span kind, text;
    uint64_t value;
    bool open; /* nothing stands behind the value */
} code;

static bool read_line(sc_span text, code *out)
{
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        sc_scan c = sc_scan_of(text);
        uint64_t decimal;
        if (!sc_lit(&c, labels[i].label)) continue;
        if (!sc_lit(&c, "(") || !sc_until(&c, ")", &out->kind) || !out->kind.n || out->kind.n > 16) return false;
        for (size_t k = 0; k < out->kind.n; k++)
            if (!sc_is_alnum(out->kind.p[k])) return false;
        if (!sc_hex(&c, &out->value) || out->value > UINT32_MAX) return false;
        out->open = sc_at_end(&c);
        if (sc_lit(&c, "(") && (!sc_dec(&c, &decimal) || !sc_lit(&c, ")"))) return false;
        out->text = (sc_span){0};
        if (sc_lit(&c, "-")) out->text = sc_trim(sc_rest(&c));
        out->source = labels[i].source;
        return true;
    }
    return false;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    code c;
    if (!text.n || text.p[0] != 'E') return SC_ABSTAIN;
    return read_line(text, &c) ? SC_STRONG : SC_ABSTAIN;
}

static sc_taste taste_gle(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    code c;
    if (!text.n || text.p[0] != 'L') return SC_ABSTAIN;
    return read_line(text, &c) ? SC_STRONG : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    bool any = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = l->text, piece;
        while (sc_piece(&rest, marks, &piece)) {
            code c;
            if (!read_line(piece, &c)) continue;
            sc_take(p, l);
            if (c.open && !rest.n && !sc_goes_on(p)) continue; /* the paste ends in it: `0x1` may be half of a number */
            sc_row *r = sc_add(p, &sc_table_error_code, l);
            sc_set_text(r, SOURCE, sc_span_z(c.source));
            sc_set_text(r, KIND, c.kind);
            sc_set_addr(r, VALUE, c.value);
            if (c.text.n) sc_set_text(r, TEXT, c.text);
            any = true;
        }
    }
    if (any) sc_complete(p);
    if (any) sc_cover_all(p->facts, &sc_table_error_code, p->ordinal, false);
}

static const sc_table *const tables[] = {&sc_table_error_code, NULL};
const sc_command sc_command_error = {
    .name = "!error",
    .doc = "What a number means as a status or error code",
    .proof = "its single line",
    .query = "SELECT hex64(value), ntstatus_name(value) FROM error_code WHERE kind = 'NTSTATUS'",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
const sc_command sc_command_gle = {
    .name = "!gle",
    .doc = "The last error and status of the current thread",
    .proof = "its single lines",
    .query = "SELECT source, hex64(value), text FROM error_code WHERE source <> 'error'",
    .tables = tables,
    .taste = taste_gle,
    .parse = parse,
};
