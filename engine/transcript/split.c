/* Lines to sections, sections to crashes.
 *
 * A section starts at a prompt, at a command that stands alone on a line, or - when the prompt is lost - at a line that
 * a command's taster knows. It ends where the next one starts: prose between two commands stays in the first one's
 * section and its parser leaves it alone.
 */
#include "engine/facts/fact.h"

#include "engine/base/limits.h"

typedef struct split {
    sc_arena *arena;
    sc_transcript *t;
    const sc_knowledge *knowledge;
    sc_list sections, crashes;
    int processor; /* of the last prompt */
    bool user_mode;
} split;

/* `2kv` is `kv` of processor 2. */
static sc_span split_processor(sc_span typed, int *processor)
{
    size_t n = 0;
    int number = 0;
    while (n < typed.n && n < 3 && sc_is_digit(typed.p[n])) number = number * 10 + (typed.p[n++] - '0');
    if (!n || n == typed.n || !sc_is_alpha(typed.p[n])) return typed;
    *processor = number;
    return sc_span_from(typed, n);
}

/* "!kdexts.locks" and "!locks" are one command; "kf=b8ae6100 ..." has no blank behind its name. */
static sc_span split_command(sc_span typed, sc_span *args, sc_span *bare)
{
    size_t n = 0;
    while (n < typed.n && !sc_is_blank(typed.p[n]) && typed.p[n] != '=' && typed.p[n] != ';' &&
           !(n > 0 && (typed.p[n] == '@' || typed.p[n] == '?')))
        n++;
    sc_span name = sc_span_sub(typed, 0, n);
    *args = sc_trim(sc_span_from(typed, n));
    *bare = name;
    size_t dot = name.n && name.p[0] == '!' ? sc_rfind_char(name, '.') : SC_NPOS;
    if (dot != SC_NPOS) *bare = sc_span_from(name, dot + 1);
    return name;
}

static const sc_command *find_typed(sc_arena *a, sc_span name, sc_span bare)
{
    const sc_command *c = sc_find_command(name);
    if (c || bare.n == name.n) return c;
    return sc_find_command(sc_arena_printf(a, "!%.*s", SC_F(bare)));
}

/* An argument that only a debugger would be given: an address, a register, a symbol, a length, a flag. */
static bool is_argument(sc_span word)
{
    uint64_t v;
    if (sc_span_hex(word, &v)) return true;
    if (word.p[0] == '@' || word.p[0] == '-' || word.p[0] == '=') return word.n > 1;
    if ((word.p[0] == 'L' || word.p[0] == 'l') && sc_span_hex(sc_span_from(word, 1), &v)) return true;
    return sc_find_char(word, '!') != SC_NPOS && sc_find_char(word, '!') > 0;
}

/* `!thread` or `dps b8ae6000 b8ae9000` alone on a line, the prompt not copied. */
static bool bare_command(sc_arena *a, sc_span line, sc_span *typed)
{
    sc_span text = sc_trim(line), args, bare;
    if (text.n < 2 || text.n > 200) return false;
    char c = text.p[0];
    if (c != '!' && c != '.' && !sc_is_alpha(c)) return false;
    sc_span name = split_command(text, &args, &bare);
    bool extension = c == '!' || c == '.';
    if (name.n < 2 || (!extension && !args.n)) return false; /* "k" or "lm" alone may be anything */
    const sc_command *command = find_typed(a, name, bare);
    if (!command || !command->parse) return false;
    sc_scan scan = sc_scan_of(args);
    int words = 0;
    for (sc_span word; sc_word(&scan, &word);) {
        bool names_module = sc_istarts(name, "lm") && words < 3;
        if (++words > 6 || !(is_argument(word) || names_module)) return false;
    }
    *typed = text;
    return true;
}

static sc_section *open_section(split *s, size_t first)
{
    if (s->sections.n >= SC_MAX_SECTIONS) {
        s->t->truncated = true;
        return NULL;
    }
    sc_section *n = sc_list_add(s->arena, &s->sections, sizeof *n);
    if (!n) return NULL;
    if (s->sections.n > 1) n[-1].end = first;
    *n = (sc_section){
        .first = first, .body = first, .end = s->t->n_lines, .processor = s->processor, .user_mode = s->user_mode};
    return n;
}

static bool absorbs(const sc_command *outer, const sc_command *inner)
{
    for (size_t i = 0; outer->absorbs && outer->absorbs[i]; i++)
        if (sc_ieq_z(sc_span_z(inner->name), outer->absorbs[i])) return true;
    return false;
}

/* The command whose output starts at this line, when the line does not belong to the section that is open (NULL:
 * none). */
static const sc_command *taste(const sc_section *open, const sc_line *lines, size_t n)
{
    const sc_command *current = open ? open->command : NULL;
    if (current && current->taste && current->taste(lines, n) != SC_ABSTAIN) return NULL;
    const sc_command *weak = NULL;
    for (size_t i = 0; sc_commands[i]; i++) {
        const sc_command *c = sc_commands[i];
        if (!c->taste || c == current || (current && absorbs(current, c))) continue;
        sc_taste taste = c->taste(lines, n);
        if (taste == SC_STRONG) return c;
        if (taste == SC_WEAK && !weak) weak = c;
    }
    /* the output of a command without a parser may hold anything */
    return current || (open && open->name.n) ? NULL : weak;
}

/* Older debuggers repeat the command that they run for a label: `TRAP_FRAME:  A -- (.trap A)`, and below it `.trap A`.
 * Nobody typed it: it belongs to what quotes it. */
static bool is_echo(sc_arena *a, const sc_line *lines, size_t at)
{
    sc_span typed = sc_trim(lines[at].text);
    while (at && !lines[at - 1].text.n) at--;
    if (!at || !sc_starts(typed, ".")) return false;
    sc_span quoted = sc_arena_printf(a, "(%.*s)", SC_F(typed));
    return quoted.n && sc_ends(sc_rtrim(lines[at - 1].text), quoted.p);
}

static void split_sections(split *s)
{
    const sc_line *lines = s->t->lines;
    size_t n = s->t->n_lines;
    bool open = false; /* false behind a fence: the section may be over */
    for (size_t i = 0; i < n; i++) {
        if (lines[i].flags & SC_LINE_FENCE) open = false;
        if (!lines[i].text.n) continue;
        sc_prompt prompt;
        sc_span typed = {0};
        bool prompted = sc_prompt_read(lines[i].text, &prompt);
        if (prompted) {
            typed = prompt.command;
            s->processor = prompt.processor;
            s->user_mode = prompt.user_mode;
        }
        if (prompted || (bare_command(s->arena, lines[i].text, &typed) && !is_echo(s->arena, lines, i))) {
            sc_section *section = open_section(s, i);
            if (!section) return;
            sc_span bare;
            typed = split_processor(typed, &section->processor);
            section->name = split_command(typed, &section->args, &bare);
            section->command = typed.n ? find_typed(s->arena, section->name, bare) : NULL;
            section->body = i + 1;
            section->prompted = true;
            open = true;
            continue;
        }
        if (lines[i].flags & SC_LINE_MESSAGE) continue;
        sc_section *last = s->sections.n ? (sc_section *)s->sections.items + s->sections.n - 1 : NULL;
        const sc_command *c = taste(open ? last : NULL, lines + i, n - i);
        if (!c) continue;
        sc_section *section;
        if (last && last->prompted && !last->name.n && last->body == i) {
            section = last; /* a prompt without a command (a click echoed nothing): its output follows */
        } else if (!(section = open_section(s, i))) {
            return;
        }
        section->command = c;
        section->name = sc_span_z(c->name);
        open = true;
    }
}

/* ---- Crashes ---- */

static void merge(sc_identity *into, const sc_identity *more)
{
    if (!into->has_code && more->has_code) {
        into->has_code = true;
        into->code = more->code;
    }
    for (int i = 0; i < 4; i++)
        if (!into->known[i] && more->known[i]) {
            into->known[i] = true;
            into->arg[i] = more->arg[i];
        }
}

/* Cuts section `at` in two at line `line`, so that a crash can start there. */
static bool cut_section(split *s, size_t at, size_t line)
{
    if (!sc_list_add(s->arena, &s->sections, sizeof(sc_section))) return false;
    sc_section *list = s->sections.items;
    for (size_t i = s->sections.n - 1; i > at + 1; i--) list[i] = list[i - 1];
    list[at + 1] = list[at];
    list[at].end = line;
    list[at + 1].first = list[at + 1].body = line;
    list[at + 1].prompted = false;
    list[at + 1].args = (sc_span){0};
    return true;
}

static bool add_crash(split *s, size_t section)
{
    if (s->crashes.n >= SC_MAX_CRASHES) {
        s->t->truncated = true;
        return false;
    }
    sc_crash_range *c = sc_list_add(s->arena, &s->crashes, sizeof *c);
    if (c) c->first_section = section;
    return c != NULL;
}

static bool opens_dump(sc_span text)
{
    return sc_starts(sc_ltrim(text), "Loading Dump File [");
}

/* What a debugger prints when it opens a dump stands ahead of the bug check, and goes with it. Typed at a prompt it may
 * be about the crash before. */
static size_t with_banner(const split *s, size_t section)
{
    const sc_section *list = s->sections.items;
    const sc_crash_range *crashes = s->crashes.items;
    size_t from = crashes[s->crashes.n - 1].first_section;
    while (section > from + 1 && !list[section - 1].prompted && list[section - 1].command &&
           sc_eq_z(sc_span_z(list[section - 1].command->name), "vertarget"))
        section--;
    return section;
}

/* A new crash starts where a bug check is named that cannot be the one before; sections ahead of the first belong to
 * it. "Loading Dump File" starts one too, once the dump before it has named its bug check. */
static void split_crashes(split *s)
{
    const sc_line *lines = s->t->lines;
    sc_identity current = {0};
    bool known = false;
    if (!s->sections.n || !add_crash(s, 0)) return;
    for (size_t at = 0; at < s->sections.n; at++) {
        sc_section *list = s->sections.items;
        size_t first = list[at].first, end = list[at].end, identities = 0;
        for (size_t i = first; i < end;) {
            sc_identity id;
            bool dump = known && opens_dump(lines[i].text);
            if (!dump && (!lines[i].text.n || !sc_identity_read(s->knowledge, lines + i, end - i, &id))) {
                i++;
                continue;
            }
            if (dump || (known && sc_identity_conflicts(&current, &id))) {
                size_t start = at;
                if (identities || (dump && i > first)) { /* the section began before: it belongs to the crash before */
                    if (!cut_section(s, at, i)) return;
                    start = at + 1;
                }
                if (!add_crash(s, start == at ? with_banner(s, at) : start)) return;
                known = false;
                current = (sc_identity){0};
                if (start != at) break; /* go on with the second half */
            }
            if (dump) {
                i++;
                continue;
            }
            identities++;
            if (known)
                merge(&current, &id);
            else
                current = id;
            known = true;
            i += id.n_lines ? id.n_lines : 1;
        }
    }
}

int sc_transcript_split(sc_arena *a, const sc_knowledge *k, sc_transcript *t, sc_error *error)
{
    split s = {.arena = a, .t = t, .knowledge = k, .processor = -1};
    split_sections(&s);
    split_crashes(&s);
    if (sc_arena_failed(a)) return sc_fail(error, SC_E_NOMEM, "out of memory while cutting the paste into sections");
    t->sections = s.sections.items;
    t->n_sections = s.sections.n;
    t->crashes = s.crashes.items;
    t->n_crashes = s.crashes.n;
    sc_transcript_find_user_mode(k, t);
    for (size_t i = 0; i < t->n_crashes; i++) {
        sc_crash_range *c = &t->crashes[i];
        size_t next = i + 1 < t->n_crashes ? t->crashes[i + 1].first_section : t->n_sections;
        c->n_sections = next - c->first_section;
        c->first = t->sections[c->first_section].first;
        c->end = t->sections[next - 1].end;
        bool prompted = i == 0;
        for (size_t j = c->first_section; j < next; j++) {
            t->sections[j].crash = (uint32_t)i;
            prompted = prompted || t->sections[j].prompted;
            if (!prompted) t->sections[j].processor = -1; /* the prompt before belonged to the crash before */
        }
    }
    return SC_OK;
}
