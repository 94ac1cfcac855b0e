/* dx: an object of the debugger's data model, member by member. [sample gle--dx-display-visualizer-variables-209]
 *
 *     0: kd> dx -r1 ((nt!_IRP *)0xffffa20f2d3f0010)
 *     ((nt!_IRP *)0xffffa20f2d3f0010)                 : 0xffffa20f2d3f0010 [Type: _IRP *]
 *         [+0x000] Type             : 6 [Type: short]
 *         [+0x008] MdlAddress       : 0x0 [Type: _MDL *]
 *         [+0x060] Tail             [Type: <unnamed-tag>]
 *         [+0x0e8] LastErrorValue   : Unable to read memory at Address 0x68
 *
 * Only lines that show an offset or a type are read: members that a script made up look like anything.
 *
 * Table: dx_field.
 * Query: SELECT value FROM dx_field WHERE name = 'MdlAddress';
 */
#include "engine/facts/field.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"expression", SC_TEXT, "what was asked for, as typed"},
    {"name", SC_TEXT, "the member's name"},
    {"offset", SC_INT, "bytes from the start of the structure that holds it; NULL where none is shown"},
    {"value", SC_TEXT, "all that stands behind the colon; NULL for a structure"},
    {"number", SC_ADDR, "the number in the value; NULL for what is no number"},
    {"type", SC_TEXT, "its type; not printed when its memory could not be read"},
    {"readable", SC_BOOL, "false when its memory is not in the dump"},
};
enum { EXPRESSION, NAME, OFFSET, VALUE, NUMBER, TYPE, READABLE };
const sc_table sc_table_dx_field = {"dx_field", "Members of objects of the debugger's data model", SC_NO_KEY,
                                    SC_COLUMNS(columns)};

typedef struct member {
    bool has_offset, has_value;
    uint64_t offset;
    sc_span name, value, type;
} member;

/* `: 0x0 [Type: _MDL *]`: the type, cut off the end; a type may hold brackets itself */
static bool cut_type(sc_span *text, sc_span *type)
{
    size_t at = SC_NPOS, hit;
    if (!sc_ends(*text, "]")) return false;
    for (size_t from = 0; (hit = sc_find(sc_span_from(*text, from), "[Type: ")) != SC_NPOS; from = at + 7)
        at = from + hit;
    if (at == SC_NPOS) return false;
    *type = sc_trim(sc_span_sub(*text, at + 7, text->n - 1));
    *text = sc_rtrim(sc_span_sub(*text, 0, at));
    return type->n > 0;
}

/* Where the name ends: a colon between blanks. */
static size_t name_end(sc_span text)
{
    for (size_t i = 1; i < text.n; i++)
        if (text.p[i] == ':' && sc_is_blank(text.p[i - 1]) && (i + 1 == text.n || sc_is_blank(text.p[i + 1]))) return i;
    return SC_NPOS;
}

static bool read_member(sc_span line, member *m)
{
    *m = (member){0};
    sc_span text = sc_trim(line);
    sc_scan c = sc_scan_of(text);
    if (sc_lit(&c, "[+0x")) {
        if (!sc_hex(&c, &m->offset) || m->offset > UINT32_MAX || !sc_lit(&c, "]")) return false;
        m->has_offset = true;
        text = sc_trim(sc_rest(&c));
    }
    bool typed = cut_type(&text, &m->type);
    if (!typed && !m->has_offset) return false;
    size_t colon = name_end(text);
    m->name = sc_rtrim(sc_span_sub(text, 0, colon));
    m->has_value = colon != SC_NPOS;
    if (m->has_value) m->value = sc_trim(sc_span_from(text, colon + 1));
    return m->name.n && m->name.n < 200 && (typed || m->has_value);
}

static bool read_number(sc_span text, uint64_t *v)
{
    sc_scan c = sc_scan_of(text);
    if (!sc_starts(text, "0x") && (!text.n || !sc_is_digit(text.p[0]))) return false;
    bool read = sc_starts(text, "0x") ? sc_hex(&c, v) : sc_dec(&c, v);
    return read && (c.p == c.end || sc_is_blank(*c.p));
}

static void add(sc_parse *p, const sc_line *l, const member *m)
{
    sc_row *r = sc_add(p, &sc_table_dx_field, l);
    uint64_t v;
    bool lost = sc_starts(m->value, "Unable to read memory");
    if (p->section->prompted && p->section->args.n) sc_set_text(r, EXPRESSION, p->section->args);
    sc_set_text(r, NAME, m->name);
    if (m->has_offset)
        sc_set_int(r, OFFSET, (int64_t)m->offset);
    else
        sc_set_null(r, OFFSET);
    if (m->type.n) sc_set_text(r, TYPE, m->type);
    sc_set_bool(r, READABLE, !lost);
    if (lost) return;
    if (m->has_value && m->value.n)
        sc_set_text(r, VALUE, m->value);
    else
        sc_set_null(r, VALUE);
    if (read_number(m->value, &v))
        sc_set_addr(r, NUMBER, v);
    else
        sc_set_null(r, NUMBER);
}

/* A member with its offset, or the object above one: on the next line, or on the same in a flattened paste. */
static sc_taste taste(const sc_line *lines, size_t n)
{
    member m;
    size_t at = 0;
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    if (sc_starts(text, "[+0x"))
        return read_member(text, &m) || sc_find(text, "[Type: ") != SC_NPOS ? SC_STRONG : SC_ABSTAIN;
    if (sc_find(text, "[Type: ") == SC_NPOS) return SC_ABSTAIN;
    if (sc_find(text, " [+0x") != SC_NPOS) return SC_STRONG;
    return read_member(text, &m) && sc_starts(sc_ahead(lines, n, &at), "[+0x") ? SC_STRONG : SC_ABSTAIN;
}

/* `@$curthread.Environment` below `dx -r2 @$curthread.Environment` */
static bool is_echo(sc_span args, sc_span text)
{
    return text.n > 1 && args.n >= text.n && sc_eq(sc_span_from(args, args.n - text.n), text);
}

static void parse(sc_parse *p)
{
    static const char *const marks[] = {"[+0x", NULL};
    bool first = true;
    for (const sc_line *l; (l = sc_next(p)); first = false) {
        member m;
        sc_span rest = sc_trim(l->text), piece;
        bool any = false;
        while (sc_piece(&rest, marks, &piece)) { /* several members in a flattened line */
            if (!read_member(piece, &m)) continue;
            add(p, l, &m);
            any = true;
        }
        if (!any && first && p->section->prompted && is_echo(p->section->args, sc_trim(l->text)))
            sc_take(p, l); /* the object itself, which has neither */
    }
    sc_cover_all(p->facts, &sc_table_dx_field, p->ordinal, false);
}

static const sc_table *const tables[] = {&sc_table_dx_field, NULL};
const sc_command sc_command_dx = {
    .name = "dx",
    .doc = "An object of the debugger's data model, member by member",
    .proof = "nothing: it has no end mark",
    .query = "SELECT value FROM dx_field WHERE name = 'MdlAddress'",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
