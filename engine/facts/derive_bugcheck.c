/* One bug check per crash, from every place that shows it.
 *
 * The strongest source gives the code: !analyze, then a BugCheck line, then the dump's header, then the event log, then
 * the stack, then prose.
 * The parameters come from all of them in that order, prose excepted. On the stack, nt!KeBugCheckEx shows the code and
 * the first three parameters as its own arguments (kv, STACK_TEXT), and nt!KiDoubleFaultAbort (nt!KiTrap08 on x86)
 * stands there for nothing but 0x7F with 8.
 */
#include "engine/facts/bugcheck.h"
#include "engine/facts/lookup.h"
#include "engine/facts/symbol.h"
#include "engine/facts/tables.h"

enum { CODE, NAME, ARG1, SOURCE = ARG1 + 4, ORIGINAL };

typedef struct sighting {
    sc_identity id;
    sc_span name; /* as printed, or empty */
    uint32_t section, line, last_line;
} sighting;

typedef struct merge {
    sc_facts *f;
    sighting best; /* best.id.source NONE until something was seen */
} merge;

static sc_span name_of(sc_facts *f, const sighting *s)
{
    const sc_ref_bugcheck *listed = s->id.has_code ? sc_find_bugcheck(f->knowledge, s->id.original) : NULL;
    return listed ? sc_span_z(listed->name) : s->name;
}

static void add_row(sc_facts *f, const sc_table *table, const sighting *s)
{
    sc_row *r = sc_row_new(f, table, s->section, NULL);
    sc_span name = name_of(f, s);
    r->line = s->line;
    r->last_line = s->last_line;
    if (s->id.has_code) {
        sc_set_int(r, CODE, s->id.code);
        sc_set_int(r, ORIGINAL, s->id.original);
    }
    if (name.n) sc_set_text(r, NAME, name);
    for (int i = 0; i < 4; i++)
        if (s->id.known[i]) sc_set_addr(r, ARG1 + i, s->id.arg[i]);
    sc_set_text(r, SOURCE, sc_span_z(sc_source_names[s->id.source]));
}

/* x86 parameters are 32 bits wide, whatever newer debuggers sign-extend them to. One that is wider than that is x64's,
 * though the address that was read as an x86 one may be half of one: its line is cut. */
static void to_width(sc_facts *f, sc_identity *id)
{
    for (int i = 0; i < 4; i++) {
        bool extended = id->arg[i] >> 31 == UINT64_C(0x1ffffffff);
        if (id->known[i] && id->arg[i] > UINT32_MAX && !extended) sc_note_width(f, 16);
    }
    if (f->pointer_bytes != 4) return;
    for (int i = 0; i < 4; i++) id->arg[i] &= UINT32_MAX;
}

static void fill_args(sc_identity *into, const sc_identity *from)
{
    for (int i = 0; i < 4; i++)
        if (!into->known[i] && from->known[i]) {
            into->known[i] = true;
            into->arg[i] = from->arg[i];
        }
}

static void see(merge *m, sighting s)
{
    to_width(m->f, &s.id);
    add_row(m->f, &sc_table_bugcheck_seen, &s);
    sighting *best = &m->best;
    if (best->id.source == SC_SOURCE_NONE) {
        *best = s;
        return;
    }
    if (best->id.has_code && s.id.has_code && best->id.code != s.id.code)
        return; /* a contradiction: visible in bugcheck_seen */
    bool better = s.id.has_code && (!best->id.has_code || s.id.source < best->id.source);
    sc_identity other = better ? best->id : s.id;
    if (!best->name.n) best->name = s.name;
    if (better) {
        s.name = s.name.n ? s.name : best->name;
        *best = s;
    }
    if (other.source != SC_SOURCE_PROSE) fill_args(&best->id, &other);
}

/* ---- What the lines say ---- */

/* Parameters of a better source must win, so the lines are read once per source, strongest first. */
static void see_lines(merge *m, sc_source source)
{
    const sc_transcript *t = m->f->transcript;
    const sc_crash_range *crash = &t->crashes[m->f->crash];
    for (size_t j = 0; j < crash->n_sections; j++) {
        size_t ordinal = crash->first_section + j;
        const sc_section *section = &t->sections[ordinal];
        bool analyze = section->command && sc_eq_z(sc_span_z(section->command->name), "!analyze") &&
                       sc_find(section->args, "-show") == SC_NPOS;
        for (size_t i = section->first; i < section->end;) {
            const sc_line *l = &t->lines[i];
            sighting s = {.section = (uint32_t)ordinal, .line = l->number, .last_line = l->last};
            uint32_t code;
            bool found = l->text.n && sc_identity_read(m->f->knowledge, l, section->end - i, &s.id);
            bool header = l->text.n && sc_bugcheck_header(l->text, &s.name, &code);
            if (!header) s.name = (sc_span){0};
            if (!found && header && analyze && source == SC_SOURCE_ANALYZE) { /* its arguments were not copied */
                s.id = (sc_identity){
                    .source = source, .has_code = true, .code = sc_bugcheck_base(code), .original = code};
                m->f->taken[i] = 1;
                see(m, s);
            }
            if (found && s.id.source == source) {
                if (s.id.n_lines > 1) s.last_line = t->lines[i + s.id.n_lines - 1].last;
                see(m, s);
            }
            i += found && s.id.n_lines ? s.id.n_lines : 1;
        }
    }
}

/* ---- What the stacks say ---- */

static bool plausible_code(const sc_facts *f, uint64_t code)
{
    if (!code || code > UINT32_MAX) return false;
    if (f->knowledge->n_bugchecks) return sc_find_bugcheck(f->knowledge, (uint32_t)code) != NULL;
    return sc_bugcheck_base((uint32_t)code) < 0x2000 || code >= 0xc0000000u;
}

static bool read_frame(const sc_facts *f, const sc_row *r, int function, int arg1, sc_identity *id)
{
    *id = (sc_identity){.source = SC_SOURCE_STACK, .has_code = true};
    if (!sc_has(r, function)) return false;
    sc_span name = sc_get_text(r, function);
    if (sc_eq_z(name, "KiDoubleFaultAbort") || sc_eq_z(name, "KiTrap08")) {
        id->code = id->original = 0x7f;
        id->known[0] = true;
        id->arg[0] = 8;
        return true;
    }
    if (!sc_eq_z(name, "KeBugCheckEx") || !sc_has(r, arg1) || !plausible_code(f, sc_get_addr(r, arg1))) return false;
    id->original = (uint32_t)sc_get_addr(r, arg1);
    id->code = sc_bugcheck_base(id->original);
    /* 0x4C is how a hard error of user mode stops the system: the status is what everybody else calls the bug check */
    if (id->code == 0x4c && sc_has(r, arg1 + 1) && plausible_code(f, sc_get_addr(r, arg1 + 1) & UINT32_MAX) &&
        (sc_get_addr(r, arg1 + 1) & UINT32_MAX) >= 0xc0000000u) {
        id->code = id->original = (uint32_t)sc_get_addr(r, arg1 + 1);
        return true;
    }
    for (int i = 0; i < 3; i++) {
        id->known[i] = sc_has(r, arg1 + 1 + i);
        if (id->known[i]) id->arg[i] = sc_get_addr(r, arg1 + 1 + i);
    }
    return true;
}

/* Windows calls KeBugCheckEx with 0xA and makes a 0xD1 of it when a driver touched the page: whose frame stands behind
 * the trap tells. False when that is not shown. */
static bool tell_page_fault(const sc_row *raised, int function, int module, sc_identity *id)
{
    for (const sc_row *r = raised->next; r; r = r->next) {
        if (r->section != raised->section || !sc_has(r, function)) return false;
        sc_span name = sc_get_text(r, function);
        if (!sc_starts(name, "KiPageFault") && !sc_starts(name, "KiTrap0E") && !sc_starts(name, "_KiTrap0E")) continue;
        r = r->next;
        if (!r || r->section != raised->section || !sc_has(r, module)) return false;
        sc_span owner = sc_get_text(r, module);
        if (!sc_symbol_is_kernel(owner) && !sc_ieq_z(owner, "hal")) id->code = id->original = 0xd1;
        return true;
    }
    return false;
}

static void see_stacks(merge *m)
{
    const sc_table *frames = sc_table_named("frame");
    int function = frames ? sc_column_named(frames, "function") : -1;
    int arg1 = frames ? sc_column_named(frames, "arg1") : -1, module = sc_column_named(frames, "module");
    if (function < 0 || arg1 < 0) return;
    for (const sc_row *r = sc_facts_first(m->f, frames); r; r = r->next) {
        sighting s = {.section = r->section, .line = r->line, .last_line = r->last_line};
        if (!read_frame(m->f, r, function, arg1, &s.id)) continue;
        if (s.id.code == 0xa && !tell_page_fault(r, function, module, &s.id)) continue;
        see(m, s);
        if (s.id.known[1]) return; /* KeBugCheckEx told everything; deeper frames and other stacks repeat it */
    }
}

/* ---- What people say ---- */

static void see_prose(merge *m)
{
    const sc_transcript *t = m->f->transcript;
    const sc_crash_range *crash = &t->crashes[m->f->crash];
    /* what is written ahead of the first section is about the first crash */
    size_t first = m->f->crash ? crash->first : 0;
    sighting s = {.section = (uint32_t)crash->first_section};
    if (!sc_identity_prose(m->f->knowledge, t->lines + first, crash->end - first, m->f->taken + first, &s.id)) return;
    const sc_line *l = &t->lines[first + s.id.n_lines - 1];
    s.line = l->number;
    s.last_line = l->last;
    see(m, s);
}

void sc_derive_bugcheck(sc_facts *f)
{
    merge m = {.f = f};
    for (sc_source source = SC_SOURCE_ANALYZE; source <= SC_SOURCE_EVENT; source++) see_lines(&m, source);
    see_stacks(&m);
    if (!m.best.id.has_code) see_prose(&m);
    const sc_identity *id = &m.best.id;
    if (id->source == SC_SOURCE_NONE) return;
    bool sure = id->has_code && id->source != SC_SOURCE_PROSE;
    sc_cover_all(f, &sc_table_bugcheck_seen, m.best.section, sure);
    if (!id->has_code) return; /* arguments without a code: kept in bugcheck_seen */
    add_row(f, &sc_table_bugcheck, &m.best);
    sc_cover_all(f, &sc_table_bugcheck, m.best.section, sure);
}
