/* Notes beside the lines of a paste: what a function does, a label means, a number says.
 *
 * Most notes are queries over the facts, so that a note stands only where a parser read something; what has no table
 * (labels, status codes) is looked for in the lines that were read.
 */
#include "engine/annotate.h"

#include "engine/base/limits.h"
#include "engine/parameter.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Columns: line, what the note is about, the note. A row without a note says nothing. */
static const char *const queries[] = {
    "SELECT line, symbol, meaning('function', symbol) FROM frame WHERE symbol IS NOT NULL",
    "SELECT min(line), module, module_vendor(module) || ': ' || module_product(module) FROM frame"
    " WHERE third_party(module) GROUP BY module",
    "SELECT line, module, module_vendor(module) || ': ' || module_product(module) FROM module WHERE "
    "third_party(module)",
    "SELECT line, completion, meaning('function', completion) FROM irp_stack WHERE completion IS NOT NULL",
    "SELECT line, printf('%x, %x', major, minor), request FROM irp_stack",
    "SELECT line, tag, coalesce(term_name('pool-tag', tag) || ': ', '') || meaning('pool-tag', tag) FROM pool_tag",
    "SELECT line, 'Ticks', 'for ' || seconds_text(seconds) FROM thread WHERE seconds >= 1",
    "SELECT line, start_symbol, meaning('function', start_symbol) FROM thread WHERE start_symbol IS NOT NULL",
    "SELECT line, mnemonic, kind || ' error' || iif(uc, ', not corrected', ', corrected')"
    " || iif(pcc, ', processor context corrupt', '') || iif(over, ', an earlier error was lost', '')"
    " FROM mca WHERE valid",
    "SELECT line, 'stack pointer', iif(state = 'near-edge', 'at or just below the edge of a page: the stack may have "
    "run"
    " out', iif(state = 'beyond-limit', 'past the lower end of the stack', NULL)) FROM stack_pointer",
    "SELECT line, printf('family %d model %d', family, model), term_name('processor', key) || ': ' ||"
    " meaning('processor', key)"
    " FROM (SELECT line, family, model, printf('%s %d 0x%x', vendor, family, model) AS key FROM cpu"
    "       WHERE vendor IS NOT NULL AND family IS NOT NULL AND model IS NOT NULL)",
    /* x86 numbers them otherwise, and then the name does not fit */
    "SELECT line, name, meaning('irql', irql) FROM irql WHERE name = term_name('irql', irql)",
    "SELECT line, problem, meaning('device-problem', problem_code) FROM devnode WHERE problem_code > 0",
    "SELECT line, state, meaning('device-state', state_code) FROM devnode WHERE state_code IS NOT NULL",
    "SELECT line, state, meaning('device-state', code) FROM devnode_state WHERE code IS NOT NULL",
    "SELECT line, name, meaning('verifier-flag', flag) FROM verifier_flag WHERE enabled AND flag > 0",
    "SELECT line, symbol, 'repeats ' || count || ' times in a row' || iif(period > 1, ', ' || period || ' frames "
    "each', '')"
    " FROM recursion",
};

typedef struct notes {
    sc_arena *arena;
    const sc_knowledge *knowledge;
    sc_list list;
} notes;

static void add(notes *n, uint32_t line, sc_span subject, sc_span text)
{
    if (!text.n || !line || n->list.n >= SC_MAX_ROWS) return;
    sc_annotation *a = sc_list_add(n->arena, &n->list, sizeof *a);
    if (a) *a = (sc_annotation){line, sc_arena_dup(n->arena, subject), sc_arena_dup(n->arena, text)};
}

static int add_row(void *context, int columns, const char *const *names, const char *const *values)
{
    uint64_t line;
    (void)columns, (void)names;
    if (!values[0] || !values[2] || !sc_span_dec(sc_span_z(values[0]), &line)) return 0;
    add(context, (uint32_t)line, sc_span_z(values[1] ? values[1] : ""), sc_span_z(values[2]));
    return 0;
}

/* "Contention Count = 21", "BUGCHECK_STR:  0x7f_8": the label ahead of the first separator. */
static sc_span label_of(sc_span text)
{
    text = sc_trim(text);
    for (size_t i = 0; i < text.n && i < 64; i++) {
        bool blanks = text.p[i] == ' ' && i + 1 < text.n && text.p[i + 1] == ' ';
        if (text.p[i] == ':' || text.p[i] == '=' || text.p[i] == '(' || blanks)
            return sc_rtrim(sc_span_sub(text, 0, i));
    }
    return (sc_span){"", 0};
}

static void note_label(notes *n, uint32_t line, sc_span text)
{
    sc_span label = label_of(text);
    const sc_ref_term *t = label.n ? sc_find_term(n->knowledge, SC_TERM_FIELD, label) : NULL;
    if (t) add(n, line, label, sc_span_z(t->text));
}

/* "PTE at C0300880", "VA c0220014": the page tables of x86 lie where failure codes begin. */
static bool names_address(sc_span before)
{
    before = sc_rtrim(before);
    return sc_iends(before, " at") || sc_iends(before, " VA") || sc_ieq_z(before, "VA");
}

/* Failure codes among the hex numbers of a line: eight digits, or sixteen that extend the sign of eight. */
static void note_statuses(notes *n, uint32_t line, sc_span text)
{
    for (size_t i = 0; i < text.n;) {
        if (!sc_is_hex(text.p[i])) {
            i++;
            continue;
        }
        size_t from = i, end = i;
        while (end < text.n && (sc_is_word(text.p[end]) || text.p[end] == '`')) end++;
        sc_span word = sc_span_sub(text, from, end);
        i = end;
        if (from && (sc_is_word(text.p[from - 1]) || text.p[from - 1] == '`')) continue;
        if (sc_starts(word, "0x")) word = sc_span_from(word, 2);
        uint64_t v;
        if (!sc_span_hex(word, &v)) continue;
        bool extended = word.n >= 16 && v >> 32 == 0xffffffff;
        if (!(word.n == 8 || extended) || (uint32_t)v >> 31 == 0) continue;
        const sc_ref_number *s = sc_find_ntstatus(n->knowledge, (uint32_t)v);
        if (!s || names_address(sc_span_sub(text, 0, from))) continue;
        add(n, line, word, sc_arena_printf(n->arena, "%s%s%s", s->name, *s->text ? ": " : "", s->text));
    }
}

static void note_parameters(notes *n, const sc_bugcheck *b)
{
    for (int i = 0; i < 4; i++) {
        sc_span subject = sc_arena_printf(n->arena, "parameter %d", i + 1);
        if (b->source != SC_SOURCE_NONE) add(n, b->line, subject, sc_parameter_text(n->arena, n->knowledge, b, i));
    }
}

static int order(const void *x, const void *y)
{
    const sc_annotation *a = x, *b = y;
    if (a->line != b->line) return a->line < b->line ? -1 : 1;
    int c = sc_cmp(a->subject, b->subject);
    return c ? c : sc_cmp(a->text, b->text);
}

int sc_annotate_crash(sc_sql *sql, sc_facts *f, const sc_bugcheck *b, sc_list *out, sc_error *error)
{
    notes n = {.arena = f->arena, .knowledge = f->knowledge, .list = *out};
    note_parameters(&n, b);
    int rc = SC_OK;
    sc_sql_use(sql, f);
    for (size_t i = 0; !rc && i < sizeof queries / sizeof *queries; i++)
        rc = sc_sql_rows(sql, queries[i], add_row, &n, error);
    sc_sql_use(sql, NULL);
    const sc_transcript *t = f->transcript;
    const sc_crash_range *range = &t->crashes[f->crash];
    for (size_t i = range->first; i < range->end; i++) {
        if (!f->taken[i]) continue;
        note_label(&n, t->lines[i].number, t->lines[i].text);
        note_statuses(&n, t->lines[i].number, t->lines[i].text);
    }
    *out = n.list;
    return rc;
}

size_t sc_annotations_sort(sc_annotation *list, size_t n)
{
    if (!n) return 0;
    qsort(list, n, sizeof *list, order);
    size_t kept = 1;
    for (size_t i = 1; i < n; i++)
        if (order(&list[i], &list[kept - 1])) list[kept++] = list[i];
    return kept;
}
