/* !errrec: a hardware error record in the common platform format. [seed 003; sample errrec--errrec-69; a public 0x124]
 *
 *     Common Platform Error Record @ fffffa80031f8028
 *     Severity      : Fatal (1)
 *     Length        : 928
 *     Notify Type   : Machine Check Exception
 *     Section 2     : x86/x64 MCA
 *     Offset        : 664
 *     Length        : 264
 *     Error         : DCACHEL1_DRD_ERR (Proc 3 Bank 0)
 *       Status      : 0xb64720001a000135
 *
 * Tables: whea_record, whea_section, whea_field (every label, for what has no column), mca (engine/facts/derive_mca.c).
 * Query:  SELECT value FROM whea_field WHERE label = 'VenId:DevId';
 *
 * The rulers between the parts are lost in many pastes, or became headings; nothing rests on them. A flattened record
 * is cut at the labels that are known.
 */
#include "engine/facts/errrec.h"
#include "engine/facts/tables.h"

/* The label that ends the text, the longest of those that are known; empty without one. */
static sc_span known_label(sc_span text)
{
    static const char *const known[] = {
        "Common Platform Error Record",
        "Record Id",
        "Severity",
        "Length",
        "Creator",
        "Notify Type",
        "Timestamp",
        "Flags",
        "Descriptor",
        "Section",
        "Offset",
        "Proc. Type",
        "Instr. Set",
        "Error Type",
        "Operation",
        "Level",
        "CPU Version",
        "Processor ID",
        "Local APIC Id",
        "CPU Id",
        "Proc. Info 0",
        "Error",
        "Status",
        "Address",
        "Misc.",
        "Misc",
        "Revision",
        "Processor Number",
        "Bank Number",
        "Port Type",
        "Command/Status",
        "VenId:DevId",
        "Class code",
        "Primary Bus",
    };
    sc_span best = {0}, bare = text;
    while (bare.n && sc_is_digit(bare.p[bare.n - 1])) bare.n--;
    if (bare.n < text.n && sc_iends(bare, "Section ")) return sc_span_from(text, bare.n - 8);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t n = sc_span_z(known[i]).n;
        if (n > best.n && sc_iends(text, known[i]) && (n == text.n || sc_is_blank(text.p[text.n - n - 1])))
            best = sc_span_from(text, text.n - n);
    }
    return best;
}

/* The label before a colon. At the start of a line the whole text is one, when it is known or a blank sets it off
 * from the colon, as the debugger does; further on, or behind other text, only a known one. */
static sc_span label_before(sc_span text, bool first, bool set_off)
{
    text = sc_trim(text);
    sc_span known = known_label(text);
    if (!first || text.n > 30) return known;
    return text.n && sc_is_alpha(text.p[0]) && (set_off || known.n == text.n) ? text : (sc_span){0};
}

static void read_line(sc_errrec *r, sc_span text)
{
    sc_span label = {0};
    size_t value = 0;
    for (size_t i = 1; i < text.n; i++) {
        bool blank_before = sc_is_blank(text.p[i - 1]), blank_after = i + 1 == text.n || sc_is_blank(text.p[i + 1]);
        if (!(text.p[i] == ':' && blank_after) && !(text.p[i] == '@' && blank_before && blank_after)) continue;
        sc_span next = label_before(sc_span_sub(text, value, i), !label.n, blank_before);
        if (!next.n) continue;
        if (label.n) sc_errrec_field(r, label, sc_trim(sc_span_sub(text, value, (size_t)(next.p - text.p))));
        label = next;
        value = i + 1;
    }
    if (label.n) sc_errrec_field(r, label, sc_trim(sc_span_from(text, value)));
}

/* Rulers, rows of bytes, and sentences that stand for missing fields. */
static bool is_filler(sc_span text)
{
    if (sc_starts(text, "*** Unknown section format") || sc_starts(text, "No valid data fields")) return true;
    size_t hex = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (sc_is_hex(text.p[i]))
            hex++;
        else if (!sc_is_blank(text.p[i]) && text.p[i] != '-' && text.p[i] != '=')
            return false;
    }
    return !hex || hex >= 16;
}

static sc_span without_heading(sc_span text) /* Markdown makes a heading of a line above a ruler */
{
    text = sc_ltrim(text);
    while (text.n && text.p[0] == '#') text = sc_span_from(text, 1);
    return sc_trim(text);
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? without_heading(lines[0].text) : (sc_span){0}, name;
    if (!text.n || (text.p[0] != 'C' && text.p[0] != 'E')) return SC_ABSTAIN;
    uint64_t address, processor, bank;
    sc_scan c = sc_scan_of(text);
    if (sc_ilit(&c, SC_ERRREC_HEADER)) return sc_lit(&c, "@") && sc_addr(&c, &address, NULL) ? SC_STRONG : SC_ABSTAIN;
    if (!sc_lit(&c, "Error") || !sc_lit(&c, ":")) return SC_ABSTAIN;
    return sc_errrec_error(sc_rest(&c), &name, &processor, &bank) ? SC_STRONG : SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    sc_errrec r = {.p = p};
    r.has_address = sc_arg_addr(p, &r.address);
    for (const sc_line *l; (l = sc_next(p));) {
        r.line = l;
        if (l->flags & SC_LINE_CUT) r.cut = true;
        sc_span text = without_heading(l->text);
        if ((r.record || p->section->prompted) && is_filler(text))
            sc_take(p, l);
        else
            read_line(&r, text);
    }
    sc_errrec_close(&r);
}

static const sc_table *const tables[] = {&sc_table_whea_record, &sc_table_whea_section, &sc_table_whea_field,
                                         &sc_table_mca, NULL};
const sc_command sc_command_errrec = {
    .name = "!errrec",
    .doc = "A hardware error record: machine checks, PCI Express and memory errors",
    .proof = "its last section ends where the record's length says",
    .query = "SELECT value FROM whea_field WHERE label = 'VenId:DevId'",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
