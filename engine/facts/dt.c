/* dt: a structure in memory, field by field. [seed 003]
 *
 *     2: kd> dt nt!_MMPFN fffffa80015c69c0
 *        +0x000 u1               :
 *        +0x010 PteAddress       : 0xfffff6fb`400001e0 _MMPTE
 *        +0x010 Lock             : 0n1073742304
 *        +0x01c UsedPageTableEntries : 0xffff
 *        +0x01e VaType           : 0 ''
 *
 * Table: dt_field.
 * Query: SELECT value FROM dt_field WHERE address = 0xfffffa80015c69c0 AND field = 'UsedPageTableEntries';
 *
 * Offsets differ from build to build: look fields up by name. Fields of a structure inside (dt -r) are named with the
 * way to them, "u1.Flink", as long as the paste has kept the indentation that shows it.
 */
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"address", SC_ADDR, "of the structure; NULL when only the type was asked for"},
    {"type", SC_TEXT, "its type without module: '_MMPFN'"},
    {"field", SC_TEXT, "the field's name"},
    {"value", SC_ADDR, "its number; negative ones in two's complement; NULL for what is no number"},
    {"text", SC_TEXT, "all that stands behind the colon"},
    {"offset", SC_INT, "bytes from the start of the structure that holds it"},
};
enum { ADDRESS, TYPE, FIELD, VALUE, TEXT, OFFSET };
const sc_table sc_table_dt_field = {"dt_field", "Fields of structures", ADDRESS, SC_COLUMNS(columns)};

#define MAX_DEPTH 8

typedef struct field {
    size_t indent;
    uint64_t offset;
    sc_span name, text;
} field;

/* "+0x01c UsedPageTableEntries : 0xffff" */
static bool read_field(sc_span text, field *f)
{
    sc_scan c = sc_scan_of(text);
    sc_blanks(&c);
    f->indent = (size_t)(c.p - text.p);
    if (c.p == c.end || *c.p != '+') return false;
    c.p++;
    if (c.end - c.p < 6 || c.p[0] != '0' || c.p[1] != 'x' || !sc_hex(&c, &f->offset) || f->offset > UINT32_MAX)
        return false;
    if (c.p == c.end || !sc_is_blank(*c.p) || !sc_word(&c, &f->name)) return false;
    bool glued = sc_ends(f->name, ":"); /* a long name leaves no blank */
    if (glued)
        f->name.n--;
    else if (!sc_lit(&c, ":"))
        return false;
    f->text = sc_trim(sc_rest(&c));
    return f->name.n && (sc_is_word(f->name.p[0]) || f->name.p[0] == '[');
}

/* The number that a value starts with, or that follows the name of its type ("_LARGE_INTEGER 0x1"). */
static bool read_number(sc_span text, uint64_t *value)
{
    sc_scan c = sc_scan_of(text), t;
    sc_span word;
    uint64_t v = 0;
    if (sc_starts(text, "(null)")) {
        *value = 0;
        return true;
    }
    if (text.p[0] == '_' && sc_word(&c, &word)) sc_blanks(&c);
    t = c;
    if (sc_lit(&t, "0y")) { /* bits of a bit field */
        const char *start = t.p;
        for (; t.p < t.end && (*t.p == '0' || *t.p == '1'); t.p++) v = v << 1 | (uint64_t)(*t.p - '0');
        *value = v;
        return t.p > start;
    }
    if (sc_lit(&t, "0x")) return sc_hex(&c, value);
    bool negative = sc_lit(&t, "0n-");
    if (!negative) t = c;
    if (!sc_dec(&t, &v) || (t.p < t.end && (sc_is_word(*t.p) || *t.p == '.'))) return false;
    *value = negative ? 0 - v : v;
    return true;
}

typedef struct request {
    sc_span type;
    uint64_t address;
    bool has_address;
    bool some_fields; /* only those that were named */
    bool nested;      /* structures inside are shown too */
} request;

/* `dt -r nt!_MMPFN fffffa80015c69c0`: type and address; further words choose fields. */
static request read_arguments(const sc_parse *p)
{
    request r = {0};
    sc_scan c = sc_scan_of(p->section->prompted ? p->section->args : (sc_span){0});
    for (sc_span word; sc_word(&c, &word);) {
        if (word.p[0] == '-') {
            if (sc_starts(word, "-y") || sc_starts(word, "-n")) r.some_fields = true;
            if (sc_starts(word, "-r") || sc_starts(word, "-b")) r.nested = true;
        } else if (!r.type.n) {
            size_t bang = sc_find_char(word, '!');
            r.type = bang == SC_NPOS ? word : sc_span_from(word, bang + 1);
        } else if (!r.has_address && sc_span_addr(word, &r.address, NULL)) {
            r.has_address = true;
        } else {
            r.some_fields = true;
        }
    }
    return r;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    field f;
    if (!n || !read_field(lines[0].text, &f)) return SC_ABSTAIN;
    for (size_t i = 1; i < n && i < 4; i++) /* one such line may be anything; two are a structure */
        if (lines[i].text.n) return read_field(lines[i].text, &f) ? SC_STRONG : SC_WEAK;
    return SC_WEAK;
}

/* The name with the structures around it, which are those above that are indented less. */
static sc_span full_name(sc_parse *p, const field *around, int depth, sc_span name)
{
    for (int i = depth - 1; i >= 0; i--)
        name = sc_arena_printf(p->facts->arena, "%.*s.%.*s", SC_F(around[i].name), SC_F(name));
    return name;
}

static void add_row(sc_parse *p, const sc_line *l, const request *q, const field *f, sc_span name)
{
    sc_row *r = sc_add(p, &sc_table_dt_field, l);
    uint64_t value;
    if (q->has_address)
        sc_set_addr(r, ADDRESS, q->address);
    else if (q->type.n && !q->some_fields)
        sc_set_null(r, ADDRESS);
    if (q->type.n) sc_set_text(r, TYPE, q->type);
    sc_set_text(r, FIELD, name);
    sc_set_int(r, OFFSET, (int64_t)f->offset);
    if (!f->text.n) return; /* it has lost its "<unnamed-tag>" */
    sc_set_text(r, TEXT, f->text);
    if (read_number(f->text, &value))
        sc_set_addr(r, VALUE, value);
    else
        sc_set_null(r, VALUE);
}

static void parse(sc_parse *p)
{
    request q = read_arguments(p);
    field around[MAX_DEPTH];
    int depth = 0;
    uint64_t last = 0;
    bool whole = false, any = false;
    for (const sc_line *l; (l = sc_next(p));) {
        field f;
        if (l->flags & SC_LINE_CUT) whole = false;
        if (!read_field(l->text, &f) || f.name.n > 200) {
            if (sc_starts(sc_ltrim(l->text), "+") || sc_trim(l->text).n < 4) whole = false; /* half a line */
            continue;
        }
        while (depth && (!q.nested || around[depth - 1].indent >= f.indent)) depth--;
        if (!any) whole = f.offset == 0;
        if (!depth && f.offset < last) whole = false;
        if (!depth) last = f.offset;
        any = true;
        add_row(p, l, &q, &f, full_name(p, around, depth, f.name));
        if (depth < MAX_DEPTH) around[depth++] = f;
    }
    if (!any) return;
    whole = whole && !q.some_fields && sc_goes_on(p); /* a type's last field looks like any other */
    if (whole) sc_complete(p);
    if (q.has_address) sc_cover_addr(p->facts, &sc_table_dt_field, q.address, p->ordinal, whole);
}

static const sc_table *const tables[] = {&sc_table_dt_field, NULL};
const sc_command sc_command_dt = {
    .name = "dt",
    .doc = "A structure in memory, field by field",
    .proof = "fields from offset 0 on in rising order, with nothing left out and more text behind them",
    .query = "SELECT value FROM dt_field WHERE address = 0xfffffa80015c69c0 AND field = 'UsedPageTableEntries'",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
