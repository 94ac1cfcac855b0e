#include "cli/damage.h"

#include "cli/damage_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A kind either transforms the text, in up to four steps, or works on its lines and sections. */
typedef struct kind {
    damage_kind public;
    damage_fn *steps[4];
    size_t (*count)(const damage_source *s);
    void (*make)(const damage_source *s, size_t at, damage_variant *v, sc_buf *out);
} kind;

/* ---- The source -------------------------------------------------------------------------------------------------- */

static size_t line_offset(const damage_source *s, uint32_t number)
{
    size_t index = number ? number - 1 : 0;
    return s->lines[index < s->n_lines ? index : s->n_lines];
}

static int find_lines(damage_source *s, sc_arena *a)
{
    size_t n = 0;
    bool feed;
    for (sc_span rest = s->text; rest.n; n++) damage_next_line(&rest, &feed);
    size_t *lines = sc_arena_array(a, n + 1, sizeof *lines);
    if (!lines) return SC_E_NOMEM;
    sc_span rest = s->text;
    for (size_t i = 0; i <= n; i++) {
        lines[i] = (size_t)(rest.p - s->text.p);
        damage_next_line(&rest, &feed);
    }
    s->lines = lines;
    s->n_lines = n;
    return SC_OK;
}

/* The crash that a section stands in: the last one that begins at or before it; what stands ahead is the first's. */
static uint32_t crash_at(const sc_diagnosis *d, uint32_t line)
{
    uint32_t crash = 0;
    for (size_t i = 1; i < d->n_crashes && d->crashes[i].first_line <= line; i++) crash = (uint32_t)i;
    return crash;
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Those lines on which the verdict rests; when they are many, some from everywhere. */
static int find_proofs(damage_source *s, sc_arena *a)
{
    sc_list list = {0};
    for (size_t i = 0; i < s->diagnosis->n_crashes; i++) {
        const sc_crash *c = &s->diagnosis->crashes[i];
        uint32_t *line = sc_list_add(a, &list, sizeof *line);
        if (line) *line = c->bugcheck.line;
        for (size_t f = 0; f < c->n_findings; f++) {
            if (c->findings[f].superseded) continue;
            for (size_t e = 0; e < c->findings[f].n_evidence; e++) {
                line = sc_list_add(a, &list, sizeof *line);
                if (line) *line = c->findings[f].evidence[e].line;
            }
        }
    }
    if (sc_arena_failed(a)) return SC_E_NOMEM;
    uint32_t *lines = list.items;
    size_t n = 0;
    if (list.n) qsort(lines, list.n, sizeof *lines, by_number);
    for (size_t i = 0; i < list.n; i++)
        if (lines[i] && lines[i] <= s->n_lines && (!n || lines[n - 1] != lines[i])) lines[n++] = lines[i];
    s->n_proofs = n < DAMAGE_PROOFS ? n : DAMAGE_PROOFS;
    for (size_t i = 0; i < s->n_proofs; i++) s->proofs[i] = lines[i * n / s->n_proofs];
    return SC_OK;
}

int damage_source_init(damage_source *s, sc_arena *a, sc_span text, const sc_diagnosis *d)
{
    *s = (damage_source){.text = text, .diagnosis = d};
    if (find_lines(s, a) || find_proofs(s, a)) return SC_E_NOMEM;
    damage_block *sections = sc_arena_array(a, d->n_sections, sizeof *sections);
    damage_block *blocks = sc_arena_array(a, d->n_sections, sizeof *blocks);
    if (d->n_sections && (!sections || !blocks)) return SC_E_NOMEM;
    size_t previous = SC_NPOS;
    for (size_t i = 0; i < d->n_sections; i++) {
        const sc_section_info *info = &d->sections[i];
        damage_block b = {.from = line_offset(s, info->first_line),
                          .to = line_offset(s, info->last_line + 1),
                          .crash = crash_at(d, info->first_line),
                          .command = info->command};
        if (b.to <= b.from || (previous != SC_NPOS && b.from <= previous)) continue; /* several on one line */
        previous = b.from;
        damage_block *before = s->n_sections ? &sections[s->n_sections - 1] : NULL;
        if (before && before->to == b.from && b.command.n && b.command.p[0] == '(') { /* what a command printed */
            before->to = b.to;
            before->crash = blocks[s->n_blocks - 1].crash = b.crash;
            continue;
        }
        if (s->n_blocks) blocks[s->n_blocks - 1].to = b.from;
        sections[s->n_sections++] = b;
        b.to = text.n;
        blocks[s->n_blocks++] = b;
    }
    s->sections = sections;
    s->blocks = blocks;
    return SC_OK;
}

uint32_t damage_origin(const damage_variant *v, uint32_t line)
{
    return line > v->gap_after ? line + v->gap_lines : line;
}

static uint32_t feeds(sc_span text)
{
    uint32_t n = 0;
    for (size_t i = 0; i < text.n; i++) n += text.p[i] == '\n';
    return n;
}

/* The text without bytes [from, to). */
static void put_without(const damage_source *s, size_t from, size_t to, damage_variant *v, sc_buf *out)
{
    v->gap_after = feeds(sc_span_sub(s->text, 0, from));
    v->gap_lines = feeds(sc_span_sub(s->text, from, to));
    sc_buf_span(out, sc_span_sub(s->text, 0, from));
    sc_buf_span(out, sc_span_from(s->text, to));
}

static void put_text_line(sc_buf *out, sc_span text)
{
    sc_buf_span(out, text);
    if (text.n && !sc_ends(text, "\n")) sc_buf_char(out, '\n');
}

static sc_span block_text(const damage_source *s, const damage_block *b)
{
    return sc_span_sub(s->text, b->from, b->to);
}

/* ---- Cutting ----------------------------------------------------------------------------------------------------- */

static size_t line_cuts(const damage_source *s)
{
    return s->n_lines < DAMAGE_LINE_CUTS + 1 ? (s->n_lines ? s->n_lines - 1 : 0) : DAMAGE_LINE_CUTS;
}

static size_t line_cut(const damage_source *s, size_t at)
{
    return s->lines[(at + 1) * s->n_lines / (line_cuts(s) + 1)];
}

static size_t byte_cuts(const damage_source *s)
{
    return s->text.n > 4 * DAMAGE_BYTE_CUTS ? DAMAGE_BYTE_CUTS : 0;
}

/* Not at either end of a line; SC_NPOS when the rest of the text has no such place. */
static size_t byte_cut(const damage_source *s, size_t at)
{
    size_t offset = s->text.n / (DAMAGE_BYTE_CUTS + 1) * (at + 1);
    while (offset < s->text.n && (offset == 0 || s->text.p[offset - 1] == '\n' || s->text.p[offset] == '\n')) offset++;
    return offset < s->text.n ? offset : SC_NPOS;
}

static void make_chop_line(const damage_source *s, size_t at, damage_variant *v, sc_buf *out)
{
    put_without(s, 0, line_cut(s, at), v, out);
}

static void make_slap_line(const damage_source *s, size_t at, damage_variant *v, sc_buf *out)
{
    put_without(s, line_cut(s, at), s->text.n, v, out);
}

static void make_chop_byte(const damage_source *s, size_t at, damage_variant *v, sc_buf *out)
{
    if (byte_cut(s, at) != SC_NPOS) put_without(s, 0, byte_cut(s, at), v, out);
}

static void make_slap_byte(const damage_source *s, size_t at, damage_variant *v, sc_buf *out)
{
    if (byte_cut(s, at) != SC_NPOS) put_without(s, byte_cut(s, at), s->text.n, v, out);
}

static size_t count_proofs(const damage_source *s)
{
    return s->n_proofs;
}

/* Each such line is cut twice: in the middle of its longest number, which is another one then, and in its own. */
static size_t count_proof_cuts(const damage_source *s)
{
    return 2 * s->n_proofs;
}

static size_t middle_of_number(sc_span line)
{
    size_t best = 0, longest = 1;
    for (size_t at = 0; at < line.n;) {
        size_t end = at;
        bool digit = false;
        for (; end < line.n && (sc_is_hex(line.p[end]) || line.p[end] == '`'); end++) digit |= sc_is_digit(line.p[end]);
        if (digit && end - at > longest) {
            longest = end - at;
            best = at + longest / 2;
        }
        at = end + 1;
    }
    return best;
}

static size_t proof_cut(const damage_source *s, size_t at)
{
    uint32_t number = s->proofs[at / 2];
    size_t from = line_offset(s, number);
    sc_span line = sc_rtrim(sc_span_sub(s->text, from, line_offset(s, number + 1)));
    size_t in_number = at % 2 == 0 ? middle_of_number(line) : 0;
    return from + (in_number ? in_number : line.n / 2);
}

static void make_lost_line(const damage_source *s, size_t at, damage_variant *v, sc_buf *out)
{
    put_without(s, line_offset(s, s->proofs[at]), line_offset(s, s->proofs[at] + 1), v, out);
}

static void make_short_line(const damage_source *s, size_t at, damage_variant *v, sc_buf *out)
{
    size_t end = line_offset(s, s->proofs[at / 2] + 1);
    if (end && s->text.p[end - 1] == '\n') end--;
    put_without(s, proof_cut(s, at), end, v, out);
}

static void make_chop_proof(const damage_source *s, size_t at, damage_variant *v, sc_buf *out)
{
    put_without(s, 0, proof_cut(s, at), v, out);
}

static void make_slap_proof(const damage_source *s, size_t at, damage_variant *v, sc_buf *out)
{
    put_without(s, proof_cut(s, at), s->text.n, v, out);
}

static size_t count_sections(const damage_source *s)
{
    return s->n_sections;
}

static void make_drop(const damage_source *s, size_t at, damage_variant *v, sc_buf *out)
{
    const damage_block *b = &s->sections[at];
    size_t used = strlen(v->name);
    snprintf(v->name + used, sizeof v->name - used, " %.*s", SC_F(sc_span_sub(b->command, 0, 32)));
    put_without(s, b->from, b->to, v, out);
}

/* ---- Sections ---------------------------------------------------------------------------------------------------- */

/* The end of the blocks of the crash that block `first` stands in. A later crash begins where its bug check is named:
 * that block stays ahead of the others. */
static size_t movable(const damage_source *s, size_t *first)
{
    size_t end = *first;
    while (end < s->n_blocks && s->blocks[end].crash == s->blocks[*first].crash) end++;
    if (s->blocks[*first].crash > 0) (*first)++;
    return end;
}

static size_t count_turns(const damage_source *s)
{
    size_t most = 0;
    for (size_t at = 0; at < s->n_blocks;) {
        size_t first = at, end = movable(s, &first);
        if (end - first > most) most = end - first;
        at = end;
    }
    return most > 1 ? (most - 1 < 4 ? most - 1 : 4) : 0;
}

/* How far variant `at` turns a crash of n blocks: the turns lie evenly within the circle. */
static size_t turn_of(const damage_source *s, size_t at, size_t n)
{
    return n > 1 ? (at + 1) * n / (count_turns(s) + 1) : 0;
}

static void make_rotate(const damage_source *s, size_t at, damage_variant *v, sc_buf *out)
{
    (void)v;
    put_text_line(out, sc_span_sub(s->text, 0, s->n_blocks ? s->blocks[0].from : s->text.n));
    for (size_t block = 0; block < s->n_blocks;) {
        size_t first = block, end = movable(s, &first), n = end - first, turn = turn_of(s, at, n);
        if (first > block) put_text_line(out, block_text(s, &s->blocks[block]));
        for (size_t i = 0; i < n; i++) put_text_line(out, block_text(s, &s->blocks[first + (i + turn) % n]));
        block = end;
    }
}

/* The text with something before and behind the output of each section. */
static void around_sections(const damage_source *s, const char *before, const char *behind, sc_buf *out)
{
    size_t done = 0;
    for (size_t i = 0; i < s->n_sections; i++) {
        const damage_block *b = &s->sections[i];
        if (b->from < done) continue; /* within the one before */
        sc_buf_span(out, sc_span_sub(s->text, done, b->from));
        sc_buf_z(out, before);
        put_text_line(out, block_text(s, b));
        sc_buf_z(out, behind);
        done = b->to;
    }
    sc_buf_span(out, sc_span_from(s->text, done));
}

static size_t one_if_sections(const damage_source *s)
{
    return s->n_sections ? 1 : 0;
}

static void make_prose(const damage_source *s, size_t at, damage_variant *v, sc_buf *out)
{
    (void)at;
    (void)v;
    around_sections(s, "Then I looked at the next thing, as somebody in another thread had proposed.\n\n",
                    "\nThat did not tell me much, to be honest. It was late, and the machine is not mine.\n"
                    "What would you look at next?\n\n",
                    out);
}

static void make_bbcode_sections(const damage_source *s, size_t at, damage_variant *v, sc_buf *out)
{
    (void)at;
    (void)v;
    around_sections(s, "[b]Output:[/b]\n[code]\n", "[/code]\n", out);
}

static void make_fenced_sections(const damage_source *s, size_t at, damage_variant *v, sc_buf *out)
{
    (void)at;
    (void)v;
    around_sections(s, "Output:\n\n```\n", "```\n\n", out);
}

static void make_twice(const damage_source *s, size_t at, damage_variant *v, sc_buf *out)
{
    (void)at;
    (void)v;
    put_text_line(out, s->text);
    put_text_line(out, s->text);
}

/* ---- The kinds --------------------------------------------------------------------------------------------------- */

#define FORM(name, doc, ...)                                                                                           \
    {                                                                                                                  \
        {name, doc, DAMAGE_KEEPS}, .steps = { __VA_ARGS__ }                                                            \
    }

static const kind kinds[] = {
    FORM("crlf", "carriage returns", damage_crlf),
    FORM("cr", "carriage returns without line feeds", damage_cr),
    FORM("blank-lines", "an empty line behind every line", damage_doubled),
    FORM("no-blank-lines", "empty lines lost", damage_no_blank_lines),
    FORM("trailing", "blanks at the end of every line", damage_trailing),
    FORM("indented", "four blanks before every line", damage_indented),
    FORM("wrap-80", "lines cut at column 80", damage_wrap_80),
    FORM("wrap-120", "lines cut at column 120", damage_wrap_120),
    FORM("wrap-words", "lines cut at the last blank before column 76", damage_wrap_words),
    FORM("no-indent", "leading blanks lost", damage_no_indent),
    FORM("squeezed", "runs of blanks made one", damage_squeezed),
    FORM("tabs", "runs of blanks made tabs", damage_tabs),
    FORM("nbsp", "leading and filling blanks made no-break spaces", damage_nbsp),
    FORM("nbsp-every", "every blank made a no-break space", damage_nbsp_every),
    FORM("no-backticks", "backticks lost", damage_no_backticks),
    FORM("apostrophes", "backticks made apostrophes", damage_apostrophes),
    FORM("curly-backticks", "backticks made curly quotes", damage_curly_backticks),
    FORM("smart-quotes", "curly quotes", damage_smart_quotes),
    FORM("dashes", "typographic dashes and ellipses", damage_dashes),
    FORM("escapes", "Markdown escapes", damage_escapes),
    FORM("escapes-all", "Markdown escapes, of backslashes too", damage_escapes_all),
    FORM("upper-hex", "addresses in upper case", damage_upper_hex),
    FORM("lower-hex", "addresses in lower case", damage_lower_hex),
    FORM("utf8-bom", "a byte-order mark", damage_utf8_bom),
    FORM("utf16-le", "UTF-16, little end first", damage_utf16_le),
    FORM("utf16-be", "UTF-16, big end first", damage_utf16_be),
    FORM("entities", "HTML entities", damage_entities),
    FORM("html-br", "a web page, <br> behind every line", damage_html_br),
    FORM("html-flat", "a web page in one line", damage_html_flat),
    FORM("html-pre", "a web page, preformatted", damage_html_pre),
    FORM("quoted", "> before every line", damage_quoted),
    FORM("quoted-twice", "> > before every line", damage_quoted_twice),
    FORM("bbcode", "[code] around it all", damage_bbcode),
    FORM("fenced", "a Markdown fence around it all", damage_fenced),
    FORM("no-prompts", "prompts lost, commands kept", damage_no_prompts),
    FORM("by-mail", "cut at words, quoted, carriage returns", damage_wrap_words, damage_quoted, damage_crlf),
    FORM("by-blog", "typography, no-break spaces, doubled blank lines", damage_smart_quotes, damage_dashes, damage_nbsp,
         damage_doubled),
    FORM("by-forum", "prompts lost, blanks squeezed, [code]", damage_no_prompts, damage_squeezed, damage_bbcode),
    FORM("by-editor", "tabs, cut at column 120, carriage returns, UTF-16", damage_tabs, damage_wrap_120, damage_crlf,
         damage_utf16_le),
    FORM("by-page", "no-break spaces, a web page with <br>, carriage returns", damage_nbsp, damage_html_br,
         damage_crlf),
    {{"bbcode-parts", "[code] around each section", DAMAGE_KEEPS},
     .count = one_if_sections,
     .make = make_bbcode_sections},
    {{"fenced-parts", "a fence around each section", DAMAGE_KEEPS},
     .count = one_if_sections,
     .make = make_fenced_sections},
    {{"prose", "sentences between all sections", DAMAGE_KEEPS}, .count = one_if_sections, .make = make_prose},
    {{"rotate", "the sections of each crash in another order", DAMAGE_KEEPS},
     .count = count_turns,
     .make = make_rotate},
    {{"twice", "the whole paste twice", DAMAGE_REPEATS}, .make = make_twice},
    {{"no-commands", "prompts lost, and the commands with them", DAMAGE_LOSES}, .steps = {damage_no_commands}},
    {{"drop", "one section lost", DAMAGE_LOSES}, .count = count_sections, .make = make_drop},
    {{"clip-80", "lines end at column 80", DAMAGE_HIDES}, .steps = {damage_clip_80}},
    {{"clip-120", "lines end at column 120", DAMAGE_HIDES}, .steps = {damage_clip_120}},
    {{"lost-line", "a line lost that a verdict rests on", DAMAGE_HIDES}, .count = count_proofs, .make = make_lost_line},
    {{"short-line", "half of such a line lost", DAMAGE_HIDES}, .count = count_proof_cuts, .make = make_short_line},
    {{"chop-proof", "the head cut off within such a line", DAMAGE_LOSES},
     .count = count_proof_cuts,
     .make = make_chop_proof},
    {{"slap-proof", "the tail cut off within such a line", DAMAGE_LOSES},
     .count = count_proof_cuts,
     .make = make_slap_proof},
    {{"chop-line", "the head cut off between two lines", DAMAGE_LOSES}, .count = line_cuts, .make = make_chop_line},
    {{"chop-byte", "the head cut off within a line", DAMAGE_LOSES}, .count = byte_cuts, .make = make_chop_byte},
    {{"slap-line", "the tail cut off between two lines", DAMAGE_LOSES}, .count = line_cuts, .make = make_slap_line},
    {{"slap-byte", "the tail cut off within a line", DAMAGE_LOSES}, .count = byte_cuts, .make = make_slap_byte},
};

const size_t damage_n_kinds = sizeof kinds / sizeof *kinds;
_Static_assert(sizeof kinds / sizeof *kinds <= DAMAGE_MAX_KINDS, "DAMAGE_MAX_KINDS");

const damage_kind *damage_kind_at(size_t at)
{
    return at < damage_n_kinds ? &kinds[at].public : NULL;
}

size_t damage_count(size_t at, const damage_source *s)
{
    return kinds[at].count ? kinds[at].count(s) : 1;
}

static void take_steps(const kind *k, sc_span text, sc_buf *out)
{
    sc_buf between = {0};
    k->steps[0](text, out);
    for (size_t i = 1; i < sizeof k->steps / sizeof *k->steps && k->steps[i]; i++) {
        sc_buf swap = between;
        between = *out;
        *out = swap;
        sc_buf_clear(out);
        k->steps[i](sc_buf_view(&between), out);
        if (between.failed) out->failed = true;
    }
    sc_buf_free(&between);
}

static bool anything_left(sc_span text)
{
    for (size_t i = 0; i < text.n; i++)
        if (!sc_is_blank(text.p[i]) && text.p[i] != '\n' && text.p[i] != '\r') return true;
    return false;
}

bool damage_make(size_t at, size_t number, const damage_source *s, damage_variant *v, sc_buf *out)
{
    const kind *k = &kinds[at];
    *v = (damage_variant){.kind = &k->public};
    if (k->count && k->count != one_if_sections)
        snprintf(v->name, sizeof v->name, "%s %zu", k->public.name, number + 1);
    else
        snprintf(v->name, sizeof v->name, "%s", k->public.name);
    if (k->make)
        k->make(s, number, v, out);
    else
        take_steps(k, s->text, out);
    return !out->failed && anything_left(sc_buf_view(out)) && !sc_eq(sc_buf_view(out), s->text);
}
