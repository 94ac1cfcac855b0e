/* !sysinfo smbios: the tables in which the firmware describes the machine. [public pastes; no sample]
 *
 *     [SMBIOS Data Tables v2.8]
 *     [Table Size - 2618 bytes]
 *     [BIOS Information (Type 0) - Length 24 - Handle 0000h]
 *       Vendor                        American Megatrends Inc.
 *       BIOS Version                  F8
 *       BIOS Release Date             09/24/2015
 *     [Memory Device (Type 17) - Length 40 - Handle 003fh]
 *       Total Width                   64 bits
 *       Size                          8192MB
 *       Device Locator                ChannelA-DIMM0
 *       Memory Type                   1ah - Specification Reserved
 *       Speed                         2400MHz
 *       Part Number                   KHX2400C15D4/8G
 *
 * Tables: memory_device, smbios_processor, smbios_cache; machine (engine/facts/sysinfo_machine.c).
 * Query:  SELECT locator, size_mb, speed_mhz, part FROM memory_device WHERE size_mb IS NOT NULL;
 *
 * Serial numbers, asset tags and UUIDs are passed over: they tell who owns a machine, not why it crashed. What the
 * debugger does not know by name ("Specification Reserved") is told by its number. Speeds are the firmware's own word.
 */
#include "engine/facts/sysinfo_smbios.h"

#include "engine/facts/field.h"
#include "engine/facts/sysinfo_machine.h"

enum { MAX_LABELS = 128, MAX_HEADER = 160, END = 127 /* type of the last structure */ };

/* `[Memory Device (Type 17) - Length 40 - Handle 003fh]` at the cursor */
static bool read_header(sc_scan *c, int *type)
{
    sc_scan t = *c;
    sc_span name;
    uint64_t number, length, handle;
    if (t.end - t.p > MAX_HEADER) t.end = t.p + MAX_HEADER;
    if (!sc_lit(&t, "[") || !sc_until(&t, "(Type ", &name) || name.n > 60 || !sc_dec(&t, &number) || number > 255)
        return false;
    if (!sc_lit(&t, ")") || !sc_lit(&t, "-") || !sc_lit(&t, "Length") || !sc_dec(&t, &length) || !sc_lit(&t, "-") ||
        !sc_lit(&t, "Handle") || !sc_hex(&t, &handle) || !sc_lit(&t, "h]"))
        return false;
    *type = (int)number;
    c->p = t.p;
    return true;
}

/* What stands above the tables: `[SMBIOS Data Tables v2.8]`, `[DMI Version - 0]`, `[Table Size - 2618 bytes]` */
static bool read_title(sc_scan *c)
{
    static const char *const titles[] = {"[SMBIOS Data Tables v", "[DMI Version - ", "[2.0 Calling Convention - ",
                                         "[Table Size - "};
    sc_scan t = *c;
    sc_span rest;
    if (t.end - t.p > MAX_HEADER) t.end = t.p + MAX_HEADER;
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (sc_lit(&t, titles[i]) && sc_until(&t, "]", &rest) && rest.n < 20) {
            c->p = t.p;
            return true;
        }
    return false;
}

bool sc_smbios_header(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    int type;
    sc_blanks(&c);
    return c.p < c.end && *c.p == '[' && (read_header(&c, &type) || read_title(&c));
}

static void begin(sc_smbios *s, const sc_line *l, int type)
{
    sc_smbios_finish(s);
    s->type = type;
    s->open = s->any = true;
    const sc_table *table = sc_smbios_table(type);
    s->row = table ? sc_row_new(s->p->facts, table, s->p->ordinal, l) : NULL;
    if (type == SC_SMBIOS_DEVICE) {
        s->devices++;
        s->device_whole = false;
    }
    if (type == END) s->ended = true;
}

static bool read_field(sc_smbios *s, const sc_line *l, sc_span text)
{
    if (!s->open || !sc_smbios_field(s, l, text)) return false;
    if (s->row && l->last > s->row->last_line) s->row->last_line = l->last;
    return true;
}

/* What stands behind a header in its line: the fields of a flattened output, up to the next header. */
static void read_flat(sc_smbios *s, const sc_line *l, sc_span text)
{
    const char *marks[MAX_LABELS];
    size_t n = 0;
    for (const char *label; n + 1 < MAX_LABELS && (label = sc_smbios_label(n)) != NULL; n++) marks[n] = label;
    marks[n] = NULL;
    for (sc_span piece; sc_piece(&text, marks, &piece);) read_field(s, l, piece);
}

/* Where the next header or title of a flattened output begins, else the line's end. */
static size_t next_header(sc_span text)
{
    for (size_t at = 0; at < text.n; at++)
        if (text.p[at] == '[' && sc_smbios_header(sc_span_from(text, at))) return at;
    return text.n;
}

bool sc_smbios_line(sc_smbios *s, const sc_line *l)
{
    sc_span text = sc_trim(l->text);
    sc_scan c = sc_scan_of(text);
    int type;
    bool read = false;
    if (l->flags & SC_LINE_CUT) s->cut = true;
    for (bool header, title; (header = read_header(&c, &type)) || (title = read_title(&c));) {
        read = s->any = true;
        if (header) begin(s, l, type);
        sc_span rest = sc_trim(sc_rest(&c));
        size_t next = next_header(rest);
        if (header && next) read_flat(s, l, sc_trim(sc_span_sub(rest, 0, next)));
        c = sc_scan_of(sc_span_from(rest, next));
    }
    if (!read) read = read_field(s, l, text);
    if (read) sc_take(s->p, l);
    return read;
}

void sc_smbios_close(sc_smbios *s)
{
    if (!s->any) return;
    sc_smbios_finish(s);
    bool whole = s->ended && !s->cut;
    bool memory = whole || (s->has_slots && s->slots == s->devices && s->device_whole && !s->cut);
    sc_cover_all(s->p->facts, &sc_table_memory_device, s->p->ordinal, memory);
    sc_cover_all(s->p->facts, &sc_table_smbios_processor, s->p->ordinal, whole);
    sc_cover_all(s->p->facts, &sc_table_smbios_cache, s->p->ordinal, whole);
    if (whole) sc_complete(s->p);
}
