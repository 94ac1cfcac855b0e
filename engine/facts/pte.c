/* !pte and !pfn: how an address is mapped, and what the kernel knows about a physical page. [samples pte--*]
 *
 *     1: kd> !pte fffff803`5b2be43c
 *                                                VA fffff8035b2be43c
 *     PXE at FFFFF6FB7DBEDF80    PPE at FFFFF6FB7DBF0068    PDE at FFFFF6FB7E00D6C8    PTE at FFFFF6FC01AD95F0
 *     contains 0000000000384063  contains 0000000000345063  contains 000000000034D063  contains 00000000020BE121
 *     pfn 384       ---DA--KWEV  pfn 345       ---DA--KWEV  pfn 34d       ---DA--KWEV  pfn 20be      -G--A--KREV
 *
 *     kd> !pfn 154
 *         PFN 00000154 at address 82351FE0
 *         flink       00000000  blink / share count 00000001  pteaddress C0200550
 *         reference count 0001                                 color 0
 *         restore pte 00000060  containing page        00003B  Active     M
 *         Modified
 *
 * Tables: pte, pfn.
 * Query:  SELECT address, level, flags FROM pte WHERE NOT valid;
 *
 * x86 shows two levels, with PAE too. The flags are C copy-on-write, G global, L large, D dirty, A accessed,
 * N no cache, T write-through, U or K user or kernel, W or R writable or not, E executable, V valid.
 */
#include "engine/facts/field.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"address", SC_ADDR, "virtual address that is mapped"},
    {"level", SC_TEXT, "PXE, PPE, PDE or PTE"},
    {"entry", SC_ADDR, "address of the entry"},
    {"contains", SC_ADDR, "the entry"},
    {"pfn", SC_INT, "physical page it points to; NULL when it is not valid"},
    {"flags", SC_TEXT, "the flags as letters: -G-DA--KWEV; NULL when it is not valid"},
    {"valid", SC_BOOL, "the entry is valid"},
    {"state", SC_TEXT, "what an invalid entry stands for: not valid, Transition, PageFile, Proto, freed"},
    {"large", SC_BOOL, "the entry maps a large page"},
};
enum { ADDRESS, LEVEL, ENTRY, CONTAINS, PFN, FLAGS, VALID, STATE, LARGE };
const sc_table sc_table_pte = {"pte", "Page table entries, level by level", ADDRESS, SC_COLUMNS(columns)};

static const sc_column pfn_columns[] = {
    {"pfn", SC_INT, "number of the physical page"},
    {"record", SC_ADDR, "address of its record"},
    {"pte", SC_ADDR, "page table entry that maps it"},
    {"shares", SC_INT, "page tables that map it"},
    {"references", SC_INT, "reasons to keep it in memory: shared mapping, locks for I/O"},
    {"containing", SC_INT, "physical page of the page table"},
    {"list", SC_TEXT, "Active, Standby, Modified, Free, Bad ..."},
    {"modified", SC_BOOL, "it has not been written to disk"},
};
enum { F_PFN, F_RECORD, F_PTE, F_SHARES, F_REFERENCES, F_CONTAINING, F_LIST, F_MODIFIED };
const sc_table sc_table_pfn = {"pfn", "Physical pages by number", F_PFN, SC_COLUMNS(pfn_columns)};

#define MAX_LEVELS 5
typedef struct entries {
    sc_row *row[MAX_LEVELS];
    size_t n, contained, described;
} entries;

/* Entries stand behind each other as `PDE at A`; the address in front of the first may share the line. */
static bool read_levels(sc_span text, uint64_t at[MAX_LEVELS], sc_span level[MAX_LEVELS], size_t *n)
{
    *n = 0;
    for (size_t i = 0; i + 6 < text.n && *n < MAX_LEVELS; i++) {
        sc_span word = sc_span_sub(text, i, i + 3);
        if (word.p[0] != 'P' || word.p[2] != 'E' ||
            !(word.p[1] == 'X' || word.p[1] == 'P' || word.p[1] == 'D' || word.p[1] == 'T'))
            continue;
        sc_scan c = sc_scan_of(sc_span_from(text, i + 3));
        if ((i && !sc_is_blank(text.p[i - 1])) || !sc_lit(&c, "at") || !sc_addr(&c, &at[*n], NULL)) continue;
        level[(*n)++] = word;
    }
    return *n > 0;
}

static bool read_va(sc_span text, uint64_t *address, int *digits)
{
    sc_scan c = sc_scan_of(text);
    if (sc_lit(&c, "VA")) return sc_addr(&c, address, digits) && (sc_at_end(&c) || sc_starts(sc_rest(&c), "P"));
    return sc_addr(&c, address, digits) && sc_lit(&c, "-") && sc_lit(&c, "PDE at");
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0}, level[MAX_LEVELS];
    uint64_t v, at[MAX_LEVELS];
    int digits;
    size_t count;
    if (text.n < 8) return SC_ABSTAIN;
    if (sc_starts(text, "contains 0") || sc_starts(text, "contains 8") || sc_starts(text, "pfn ")) return SC_WEAK;
    if (text.p[0] == 'P' || sc_is_hex(text.p[0]))
        return read_levels(text, at, level, &count) && count > 1 ? SC_STRONG : SC_ABSTAIN;
    if (text.p[0] != 'V' || !read_va(text, &v, &digits)) return SC_ABSTAIN;
    size_t next = 0;
    if (read_levels(sc_ahead(lines, n, &next), at, level, &count)) return SC_STRONG;
    return read_levels(text, at, level, &count) ? SC_STRONG : SC_ABSTAIN;
}

static void set_contents(sc_parse *p, const sc_line *l, sc_span text, entries *e)
{
    for (size_t at; e->contained < e->n && (at = sc_find(text, "contains ")) != SC_NPOS;) {
        sc_scan c = sc_scan_of(sc_span_from(text, at + sizeof "contains" - 1));
        uint64_t v;
        text = sc_span_from(text, at + sizeof "contains" - 1);
        if (!sc_hex(&c, &v)) continue;
        sc_row *r = e->row[e->contained++];
        sc_set_addr(r, CONTAINS, v);
        r->last_line = l->last;
        if (!v) {
            sc_set_bool(r, VALID, false);
            sc_set_null(r, PFN);
            sc_set_null(r, FLAGS);
        }
        sc_take(p, l);
    }
}

static bool is_flags(sc_span s)
{
    if (s.n < 8 || s.n > 12) return false;
    for (size_t i = 0; i < s.n; i++)
        if (sc_find_char(SC_S("-CGLDANTUKWREV"), s.p[i]) == SC_NPOS) return false;
    return true;
}

/* `pfn 3b G-DA--KWV`, `pfn a00 --LDA--KWEV  LARGE PAGE pfn a0b`, `not valid`, in the order of the entries. */
static void set_description(sc_parse *p, const sc_line *l, sc_span text, entries *e)
{
    static const char *const states[] = {"Page has been freed", "not valid", "Transition", "PageFile", "Proto"};
    sc_scan c = sc_scan_of(text);
    sc_span flags;
    uint64_t pfn;
    if (e->described && sc_has(e->row[e->described - 1], STATE) && sc_find(text, states[0]) != SC_NPOS)
        e->described--; /* below "not valid": it says more */
    while (e->described < e->n) {
        sc_row *r = e->row[e->described];
        sc_scan t = c;
        if (sc_lit(&t, "LARGE PAGE")) {
            if (sc_lit(&t, "pfn")) sc_hex(&t, &pfn); /* the flags in front have the L */
            c = t;
            continue;
        }
        if (!sc_lit(&t, "pfn") || !sc_hex(&t, &pfn) || pfn > INT64_MAX || !sc_word(&t, &flags) || !is_flags(flags))
            break;
        sc_set_int(r, PFN, (int64_t)pfn);
        sc_set_text(r, FLAGS, flags);
        sc_set_bool(r, VALID, flags.p[flags.n - 1] == 'V');
        sc_set_bool(r, LARGE, sc_find_char(flags, 'L') != SC_NPOS);
        r->last_line = l->last;
        e->described++;
        sc_take(p, l);
        c = t;
    }
    for (size_t i = 0; i < sizeof states / sizeof *states && e->described < e->n; i++) {
        if (sc_find(sc_rest(&c), states[i]) == SC_NPOS) continue;
        sc_row *r = e->row[e->described++];
        sc_set_text(r, STATE, sc_span_z(states[i]));
        sc_set_bool(r, VALID, false);
        sc_set_null(r, PFN);
        sc_set_null(r, FLAGS);
        r->last_line = l->last;
        sc_take(p, l);
        break;
    }
}

static void parse(sc_parse *p)
{
    entries e = {0};
    uint64_t address = 0;
    bool has_address = false;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text), level[MAX_LEVELS];
        uint64_t at[MAX_LEVELS];
        int digits;
        size_t n;
        if (read_va(text, &address, &digits)) {
            has_address = true;
            sc_note_width(p->facts, digits);
            sc_take(p, l);
        }
        if (read_levels(text, at, level, &n)) {
            if (e.contained || e.n + n > MAX_LEVELS) e = (entries){0}; /* else the line was wrapped */
            for (size_t i = 0; i < n; i++) {
                sc_row *r = e.row[e.n++] = sc_add(p, &sc_table_pte, l);
                if (has_address) sc_set_addr(r, ADDRESS, address);
                sc_set_text(r, LEVEL, level[i]);
                sc_set_addr(r, ENTRY, at[i]);
            }
        }
        if (!e.n) continue;
        set_contents(p, l, text, &e);
        size_t description = sc_find(text, "pfn ");
        if (e.contained && (description != SC_NPOS || sc_find(text, "contains ") == SC_NPOS))
            set_description(p, l, description == SC_NPOS ? text : sc_span_from(text, description), &e);
        if (has_address) {
            bool whole = e.described == e.n || (e.described && !sc_has(e.row[e.described - 1], PFN));
            sc_cover_addr(p->facts, &sc_table_pte, address, p->ordinal, whole);
            if (whole) sc_complete(p);
        }
    }
}

/* ---- !pfn ---- */

static bool read_pfn(sc_span text, uint64_t *pfn, uint64_t *record, int *digits)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "PFN") && sc_hex(&c, pfn) && *pfn <= INT64_MAX && sc_lit(&c, "at address") &&
           sc_addr(&c, record, digits);
}

static sc_taste taste_pfn(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    uint64_t pfn, record;
    int digits;
    if (text.n < 8 || text.p[0] != 'P') return SC_ABSTAIN;
    return read_pfn(text, &pfn, &record, &digits) ? SC_STRONG : SC_ABSTAIN;
}

/* The number behind `label` anywhere in the line. */
static bool behind(sc_span text, const char *label, uint64_t *v)
{
    size_t at = sc_find(text, label);
    if (at == SC_NPOS) return false;
    sc_scan c = sc_scan_of(sc_span_from(text, at + sc_span_z(label).n));
    return sc_hex(&c, v);
}

static void parse_pfn(sc_parse *p)
{
    static const char *const lists[] = {"Active", "Standby", "ModifiedNoWrite", "Modified", "Free",
                                        "Zeroed", "Bad",     "Transition"};
    static const struct {
        const char *label;
        int column;
        bool is_address;
    } numbers[] = {{"share count ", F_SHARES, false},
                   {"pteaddress ", F_PTE, true},
                   {"reference count ", F_REFERENCES, false},
                   {"containing page ", F_CONTAINING, false}};
    sc_row *r = NULL;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span text = sc_trim(l->text);
        uint64_t pfn, v;
        int digits;
        if (read_pfn(text, &pfn, &v, &digits)) {
            r = sc_add(p, &sc_table_pfn, l);
            sc_note_width(p->facts, digits);
            sc_set_int(r, F_PFN, (int64_t)pfn);
            sc_set_addr(r, F_RECORD, v);
            sc_cover_int(p->facts, &sc_table_pfn, (int64_t)pfn, p->ordinal, false);
        }
        if (!r) continue;
        for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
            if (!behind(text, numbers[i].label, &v)) continue;
            if (numbers[i].is_address)
                sc_set_addr(r, numbers[i].column, v);
            else if (v <= INT64_MAX)
                sc_set_int(r, numbers[i].column, (int64_t)v);
            sc_take(p, l);
        }
        size_t at = sc_find(text, "containing page ");
        if (at == SC_NPOS) {
            if (sc_eq_z(text, "Modified")) sc_take(p, l);
            continue;
        }
        sc_scan c = sc_scan_of(sc_span_from(text, at + sizeof "containing page" - 1));
        sc_span word;
        if (!sc_word(&c, &word) || !sc_word(&c, &word)) continue;
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
            if (sc_eq_z(word, lists[i])) sc_set_text(r, F_LIST, word);
        if (!sc_has(r, F_LIST)) continue;
        sc_set_bool(r, F_MODIFIED, sc_word(&c, &word) && sc_find_char(word, 'M') != SC_NPOS);
        sc_cover_int(p->facts, &sc_table_pfn, sc_get_int(r, F_PFN), p->ordinal, true);
        sc_complete(p);
    }
}

static const sc_table *const tables[] = {&sc_table_pte, NULL};
const sc_command sc_command_pte = {
    .name = "!pte",
    .doc = "How a virtual address is mapped, level by level",
    .proof = "the flags of the last entry, or that one is not valid",
    .query = "SELECT address, level, flags FROM pte WHERE NOT valid",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
static const sc_table *const pfn_tables[] = {&sc_table_pfn, NULL};
const sc_command sc_command_pfn = {
    .name = "!pfn",
    .doc = "What the kernel knows about a physical page",
    .proof = "the list that the page is in",
    .query = "SELECT pfn, list, shares FROM pfn",
    .tables = pfn_tables,
    .taste = taste_pfn,
    .parse = parse_pfn,
};
