/* The tables of kb/reference/: tab-separated, a header line, sorted, no empty cells ("-" stands for none).
 *
 *     bugchecks.tsv   code (0x9F), name, live_dump: no, also (a crash or a live dump), only
 *     modules.tsv     module (no extension), vendor, product, kind, origin: ms, 3p, inbox-3p, pseudo
 *     ntstatus.tsv    status (0xc0000005), name, meaning (- where the name has to do)
 *     cpu_clock.tsv   processor (a part of its name), mhz (its base clock)
 *     terms/          term, name, meaning: a file for each sc_term_kind, which need not be there
 */
#include "kb/rule_read.h"
#include "kb/sources.h"

#include "engine/base/scan.h"

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define MAX_COLUMNS 5

typedef struct tsv {
    sc_walk w;
    const char *const *columns;
    size_t n_columns, next; /* offset of the next line */
    unsigned line;          /* of the cells */
    sc_span cells[MAX_COLUMNS];
} tsv;

static sc_place place_of(const tsv *t, sc_span part)
{
    sc_span text = t->w.file->text;
    size_t from = (size_t)(part.p - text.p);
    return sc_text_place(text, from, from + part.n);
}

/* The next line as cells; false at the end of the file. */
static bool next_row(tsv *t, size_t *n_cells, sc_span *row)
{
    sc_span rest = sc_span_from(t->w.file->text, t->next);
    if (!rest.n) return false;
    bool more = sc_cut(rest, "\n", row, &rest);
    t->next += row->n + (more ? 1 : 0);
    t->line++;
    sc_span left = *row;
    *n_cells = 0;
    for (bool tab = true; tab;) {
        sc_span cell;
        tab = sc_cut(left, "\t", &cell, &left);
        if (*n_cells < MAX_COLUMNS) t->cells[*n_cells] = cell;
        ++*n_cells;
    }
    return true;
}

static bool is_header(const tsv *t, size_t n_cells)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (n_cells != t->n_columns || !sc_eq_z(t->cells[i], t->columns[i])) return false;
    return true;
}

/* Starts reading: the header must be there. */
static bool open_table(tsv *t)
{
    size_t n;
    sc_span row;
    size_t bad = sc_text_bad_utf8(t->w.file->text);
    if (bad != SC_NPOS) {
        sc_wrong(&t->w, sc_text_place(t->w.file->text, bad, bad + 1), "not UTF-8 text");
        return false;
    }
    if (next_row(t, &n, &row) && is_header(t, n)) return true;
    const char *names = t->columns[0];
    for (size_t i = 1; i < t->n_columns; i++) names = sc_arena_printf(t->w.m->arena, "%s, %s", names, t->columns[i]).p;
    sc_wrong(&t->w, (sc_place){1, 1, 1}, "the first line must name the columns, with tabs between: %s", names);
    return false;
}

/* The next line with a sound number of cells, none of them empty; others are noted and skipped. */
static bool next_record(tsv *t)
{
    size_t n;
    sc_span row;
    while (next_row(t, &n, &row)) {
        if (!row.n) {
            sc_wrong(&t->w, place_of(t, row), "an empty line");
            continue;
        }
        if (n != t->n_columns) {
            sc_wrong(&t->w, place_of(t, row), "%zu column%s, expected %zu; a tab stands between columns", n,
                     n == 1 ? "" : "s", t->n_columns);
            continue;
        }
        bool good = true;
        for (size_t i = 0; i < n; i++) {
            if (t->cells[i].n && sc_eq(t->cells[i], sc_trim(t->cells[i]))) continue;
            sc_wrong(&t->w, place_of(t, t->cells[i]),
                     t->cells[i].n ? "blanks around \"%s\"" : "\"%s\" is empty; - stands for none", t->columns[i]);
            good = false;
        }
        if (good) return true;
    }
    return false;
}

/* Rows come in ascending order, each once. `order` compares with the row before. */
static void check_order(tsv *t, int order, unsigned line_before, const char *before)
{
    if (order > 0) return;
    if (order == 0)
        sc_wrong(&t->w, place_of(t, t->cells[0]), "\"%.*s\" stands here twice; the first is on line %u",
                 SC_F(t->cells[0]), line_before);
    else
        sc_wrong(&t->w, place_of(t, t->cells[0]), "out of order: \"%.*s\" belongs before \"%s\"", SC_F(t->cells[0]),
                 before);
}

static const char *keep(tsv *t, size_t column)
{
    return sc_eq_z(t->cells[column], "-") ? "" : sc_arena_z(t->w.m->arena, t->cells[column]);
}

/* A symbolic name: capitals, digits, underscores. */
static void check_symbol(tsv *t, size_t column)
{
    sc_span s = t->cells[column];
    for (size_t i = 0; i < s.n; i++)
        if (!sc_is_word(s.p[i]) || (s.p[i] >= 'a' && s.p[i] <= 'z')) {
            sc_wrong(&t->w, place_of(t, s), "a symbolic name is made of A to Z, 0 to 9 and _");
            return;
        }
}

static int word_of(tsv *t, size_t column, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sc_eq_z(t->cells[column], words[i])) return (int)i;
    sc_wrong_word(&t->w, place_of(t, t->cells[column]), t->columns[column], t->cells[column], "", words, n);
    return 0;
}

void sc_bugchecks_read(sc_messages *m, const sc_source_text *file, sc_knowledge *k)
{
    static const char *const columns[] = {"code", "name", "live_dump"}, *const live[] = {"no", "also", "only"};
    tsv t = {.w = {.m = m, .file = file}, .columns = columns, .n_columns = COUNT(columns)};
    sc_list list = {0};
    unsigned before = 0;
    if (!open_table(&t)) return;
    while (next_record(&t)) {
        uint32_t code;
        if (sc_folder_kind(t.cells[0], &code) != SC_FOLDER_CODE) {
            sc_wrong(&t.w, place_of(&t, t.cells[0]),
                     "\"%.*s\" is not a bug check code; expected 0x and capital hex digits, no leading zero",
                     SC_F(t.cells[0]));
            continue;
        }
        check_symbol(&t, 1);
        const sc_ref_bugcheck *last = list.n ? (const sc_ref_bugcheck *)list.items + list.n - 1 : NULL;
        if (last) {
            char shown[16];
            snprintf(shown, sizeof shown, "0x%X", (unsigned)last->code);
            check_order(&t, (code > last->code) - (code < last->code), before, shown);
        }
        before = t.line;
        sc_ref_bugcheck *b = sc_list_add(m->arena, &list, sizeof *b);
        if (b) *b = (sc_ref_bugcheck){code, keep(&t, 1), word_of(&t, 2, live, COUNT(live)) == 2};
    }
    k->bugchecks = list.items;
    k->n_bugchecks = list.n;
}

void sc_modules_read(sc_messages *m, const sc_source_text *file, sc_knowledge *k)
{
    static const char *const columns[] = {"module", "vendor", "product", "kind", "origin"};
    static const char *const extensions[] = {".sys", ".exe", ".dll"};
    tsv t = {.w = {.m = m, .file = file}, .columns = columns, .n_columns = COUNT(columns)};
    sc_list list = {0};
    unsigned before = 0;
    if (!open_table(&t)) return;
    while (next_record(&t)) {
        for (size_t i = 0; i < COUNT(extensions); i++)
            if (sc_iends(t.cells[0], extensions[i]))
                sc_wrong(&t.w, place_of(&t, t.cells[0]), "a module is written without its extension %s", extensions[i]);
        const sc_ref_module *last = list.n ? (const sc_ref_module *)list.items + list.n - 1 : NULL;
        if (last) check_order(&t, sc_icmp(t.cells[0], sc_span_z(last->name)), before, last->name);
        before = t.line;
        sc_origin origin = (sc_origin)word_of(&t, 4, sc_origin_names, COUNT(sc_origin_names));
        sc_ref_module *r = sc_list_add(m->arena, &list, sizeof *r);
        if (r) *r = (sc_ref_module){keep(&t, 0), keep(&t, 1), keep(&t, 2), keep(&t, 3), origin};
    }
    k->modules = list.items;
    k->n_modules = list.n;
}

void sc_ntstatus_read(sc_messages *m, const sc_source_text *file, sc_knowledge *k)
{
    static const char *const columns[] = {"status", "name", "meaning"};
    tsv t = {.w = {.m = m, .file = file}, .columns = columns, .n_columns = COUNT(columns)};
    sc_list list = {0};
    unsigned before = 0;
    if (!open_table(&t)) return;
    while (next_record(&t)) {
        uint64_t status;
        if (t.cells[0].n != 10 || !sc_starts(t.cells[0], "0x") || !sc_span_hex(t.cells[0], &status)) {
            sc_wrong(&t.w, place_of(&t, t.cells[0]), "\"%.*s\" is not a status; expected 0x and eight hex digits",
                     SC_F(t.cells[0]));
            continue;
        }
        check_symbol(&t, 1);
        const sc_ref_number *last = list.n ? (const sc_ref_number *)list.items + list.n - 1 : NULL;
        if (last) {
            char shown[16];
            snprintf(shown, sizeof shown, "0x%08llx", (unsigned long long)last->number);
            check_order(&t, (status > last->number) - (status < last->number), before, shown);
        }
        before = t.line;
        sc_ref_number *r = sc_list_add(m->arena, &list, sizeof *r);
        if (r) *r = (sc_ref_number){status, keep(&t, 1), keep(&t, 2)};
    }
    k->ntstatus = list.items;
    k->n_ntstatus = list.n;
}

void sc_cpu_clocks_read(sc_messages *m, const sc_source_text *file, sc_knowledge *k)
{
    static const char *const columns[] = {"processor", "mhz"};
    tsv t = {.w = {.m = m, .file = file}, .columns = columns, .n_columns = COUNT(columns)};
    sc_list list = {0};
    unsigned before = 0;
    if (!open_table(&t)) return;
    while (next_record(&t)) {
        uint64_t mhz;
        if (!sc_span_dec(t.cells[1], &mhz) || mhz < 100 || mhz > 10000) {
            sc_wrong(&t.w, place_of(&t, t.cells[1]), "\"%.*s\" is not a clock; expected MHz, 100 to 10000",
                     SC_F(t.cells[1]));
            continue;
        }
        const sc_ref_number *last = list.n ? (const sc_ref_number *)list.items + list.n - 1 : NULL;
        if (last) check_order(&t, sc_icmp(t.cells[0], sc_span_z(last->name)), before, last->name);
        before = t.line;
        sc_ref_number *r = sc_list_add(m->arena, &list, sizeof *r);
        if (r) *r = (sc_ref_number){mhz, keep(&t, 0), ""};
    }
    k->cpu_clocks = list.items;
    k->n_cpu_clocks = list.n;
}

void sc_terms_read(sc_messages *m, const sc_source_text *file, sc_term_kind kind, sc_knowledge *k)
{
    static const char *const columns[] = {"term", "name", "meaning"};
    tsv t = {.w = {.m = m, .file = file}, .columns = columns, .n_columns = COUNT(columns)};
    sc_list list = {0};
    unsigned before = 0;
    if (!open_table(&t)) return;
    while (next_record(&t)) {
        uint64_t number = 0;
        if (sc_term_is_number(kind) && (!sc_starts(t.cells[0], "0x") || !sc_span_hex(t.cells[0], &number))) {
            sc_wrong(&t.w, place_of(&t, t.cells[0]), "\"%.*s\" is not a number; expected 0x and hex digits",
                     SC_F(t.cells[0]));
            continue;
        }
        if (sc_ends(t.cells[2], "."))
            sc_wrong(&t.w, place_of(&t, t.cells[2]), "a meaning is one sentence without a full stop");
        sc_ref_term term = {keep(&t, 0), keep(&t, 1), keep(&t, 2), number};
        const sc_ref_term *last = list.n ? (const sc_ref_term *)list.items + list.n - 1 : NULL;
        if (last)
            check_order(&t, last->number && last->number == number ? 0 : sc_term_order(&term, last), before,
                        last->term);
        before = t.line;
        sc_ref_term *r = sc_list_add(m->arena, &list, sizeof *r);
        if (r) *r = term;
    }
    k->terms[kind] = list.items;
    k->n_terms[kind] = list.n;
}
