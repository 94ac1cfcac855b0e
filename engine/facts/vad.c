/* !vad and !vad_reload: the address space of a process, range by range. [sample process--vad-reload-41; !vad known]
 *
 *     3: kd> !vad_reload fffffa8007d54450
 *     fffffa80`04f5e8b0: VAD maps 00000000`6c230000 - 00000000`6c26bfff, file cscobj.dll
 *
 *     0: kd> !vad fffffa8003cc7c60
 *     VAD             level      start      end    commit
 *     fffffa8003b65a10 ( 2)         20       26         0 Mapped       READONLY           Pagefile-backed section
 *     fffffa80056ed4c0 ( 3)      ff160    ff1a9         4 Mapped  Exe  EXECUTE_WRITECOPY  \Windows\explorer.exe
 *     Total VADs:   123  average level:    7  maximum depth: 11
 *
 * !vad prints numbers of pages, !vad_reload addresses: the table holds addresses.
 *
 * Table: vad.
 * Query: SELECT file FROM vad WHERE NOT addr_lt(0x6c231000, start) AND NOT addr_lt(end, 0x6c231000);
 */
#include "engine/facts/field.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"process", SC_ADDR, "whose address space it is"},
    {"vad", SC_ADDR, "address of the descriptor"},
    {"start", SC_ADDR, "first address of the range"},
    {"end", SC_ADDR, "its last address"},
    {"commit", SC_INT, "pages that it was charged for"},
    {"kind", SC_TEXT, "Private, Mapped"},
    {"image", SC_BOOL, "an executable image"},
    {"protection", SC_TEXT, "READONLY, EXECUTE_WRITECOPY ..."},
    {"file", SC_TEXT, "file that it maps; NULL for none"},
};
enum { PROCESS, VAD, START, END, COMMIT, KIND, IMAGE, PROTECTION, NAME };
const sc_table sc_table_vad = {"vad", "Ranges of a process's address space", SC_NO_KEY, SC_COLUMNS(columns)};

static bool scan_header(sc_scan *c)
{
    return sc_lit(c, "VAD") && sc_ilit(c, "level") && sc_ilit(c, "start") && sc_ilit(c, "end") && sc_ilit(c, "commit");
}

typedef struct range {
    uint64_t vad, start, end, commit;
    int digits;
    bool has_commit, image;
    sc_span kind, protection, file;
} range;

/* `fffffa80`04f5e8b0: VAD maps 00000000`6c230000 - 00000000`6c26bfff, file cscobj.dll`; the cursor ends behind it */
static bool read_reload(sc_scan *cursor, range *r)
{
    sc_scan c = *cursor;
    *r = (range){0};
    if (!sc_addr(&c, &r->vad, &r->digits) || !sc_lit(&c, ": VAD maps") || !sc_addr(&c, &r->start, NULL)) return false;
    if (!sc_lit(&c, "-") || !sc_addr(&c, &r->end, NULL) || r->end < r->start) return false;
    if (sc_lit(&c, ", file")) {
        sc_word(&c, &r->file);
        if (sc_find(sc_rest(&c), ": VAD maps") == SC_NPOS && !sc_at_end(&c)) { /* a blank in the name */
            r->file.n = (size_t)(c.end - r->file.p);
            c.p = c.end;
        }
    }
    *cursor = c;
    return true;
}

static bool is_protection(sc_span word)
{
    return sc_starts(word, "READ") || sc_starts(word, "EXECUTE") || sc_starts(word, "NO_ACCESS") ||
           sc_starts(word, "NOACCESS") || sc_starts(word, "WRITECOPY");
}

/* Does a row begin here? */
static bool at_row(sc_scan c)
{
    uint64_t v;
    return sc_addr(&c, &v, NULL) && (sc_lit(&c, "(") || (sc_dec(&c, &v) && sc_hex(&c, &v)));
}

/* `fffffa80056ed4c0 ( 3)      ff160    ff1a9         4 Mapped  Exe  EXECUTE_WRITECOPY  \Windows\explorer.exe`; newer
 * debuggers print the level without brackets. The cursor ends where the next row of a flattened line begins. */
static bool read_row(sc_scan *cursor, range *r)
{
    sc_scan c = *cursor;
    uint64_t level;
    *r = (range){0};
    if (!sc_addr(&c, &r->vad, &r->digits)) return false;
    bool bracket = sc_lit(&c, "(");
    if (!sc_dec(&c, &level) || level > 1000 || (bracket && !sc_lit(&c, ")"))) return false;
    if (!sc_hex(&c, &r->start) || !sc_hex(&c, &r->end) || r->end < r->start || r->end >> 52) return false;
    if (!sc_hex(&c, &r->commit) || r->commit > INT64_MAX || !sc_word(&c, &r->kind)) return false;
    if (!sc_eq_z(r->kind, "Private") && !sc_eq_z(r->kind, "Mapped")) return false;
    r->start <<= 12;
    r->end = r->end << 12 | 0xfff;
    r->has_commit = true;
    r->image = sc_lit(&c, "Exe");
    for (sc_span word; !r->protection.n && sc_word(&c, &word);) /* `LargePag`: what the range is besides */
        if (is_protection(word)) r->protection = word;
    if (!r->protection.n) return false;
    sc_blanks(&c);
    sc_span rest = {c.p, 0};
    for (sc_span word; !at_row(c) && !sc_starts(sc_ltrim(sc_rest(&c)), "Total ") && sc_word(&c, &word);)
        rest.n = (size_t)(word.p + word.n - rest.p);
    if (rest.n && rest.p[0] == '\\') r->file = rest;
    *cursor = c;
    return true;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0};
    range r;
    if (text.n < 12) return SC_ABSTAIN;
    sc_scan c = sc_scan_of(text);
    if (text.p[0] == 'V') return scan_header(&c) && (sc_at_end(&c) || at_row(c)) ? SC_STRONG : SC_ABSTAIN;
    return sc_is_hex(text.p[0]) && (read_reload(&c, &r) || read_row(&c, &r)) ? SC_STRONG : SC_ABSTAIN;
}

static void add(sc_parse *p, const sc_line *l, const range *v, bool has_process, uint64_t process, bool reload)
{
    sc_row *r = sc_add(p, &sc_table_vad, l);
    if (has_process) sc_set_addr(r, PROCESS, process);
    sc_set_addr(r, VAD, v->vad);
    sc_set_addr(r, START, v->start);
    sc_set_addr(r, END, v->end);
    sc_note_width(p->facts, v->digits);
    if (v->file.n)
        sc_set_text(r, NAME, v->file);
    else
        sc_set_null(r, NAME);
    if (reload) return;
    sc_set_int(r, COMMIT, (int64_t)v->commit);
    sc_set_text(r, KIND, v->kind);
    sc_set_bool(r, IMAGE, v->image);
    sc_set_text(r, PROTECTION, v->protection);
}

static void parse(sc_parse *p)
{
    uint64_t process = 0;
    bool reload = sc_iends(p->section->name, "vad_reload"), has_process = reload && sc_arg_addr(p, &process);
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text);
        range r;
        sc_scan c = sc_scan_of(text);
        bool any = scan_header(&c);
        while (read_reload(&c, &r)) { /* several in a flattened line */
            add(p, l, &r, has_process, process, true);
            any = true;
        }
        while (read_row(&c, &r)) {
            add(p, l, &r, false, 0, false);
            any = true;
        }
        if (sc_lit(&c, "Total VADs:")) {
            any = true;
            sc_complete(p);
        }
        if (any || sc_starts(text, "Total private commit:") || sc_starts(text, "Total shared commit:")) sc_take(p, l);
    }
    sc_cover_all(p->facts, &sc_table_vad, p->ordinal, false); /* of one process */
}

static const sc_table *const tables[] = {&sc_table_vad, NULL};
const sc_command sc_command_vad = {
    .name = "!vad",
    .aliases = (const char *const[]){"!vad_reload", NULL},
    .doc = "The address space of a process, range by range",
    .proof = "its last line, Total VADs; !vad_reload has none",
    .query = "SELECT file FROM vad WHERE NOT addr_lt(0x6c231000, start) AND NOT addr_lt(end, 0x6c231000)",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
