#include "engine/render/words.h"

#include "engine/render/layout.h"

#include <inttypes.h>
#include <string.h>

/* Sections of a user-mode session (0:000>): nothing looks at them. */
static size_t user_mode_sections(const sc_diagnosis *d)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n_sections; i++) n += d->sections[i].user_mode;
    return n;
}

const char *sc_nothing_recognised(const sc_diagnosis *d)
{
    if (user_mode_sections(d))
        return "This is a user-mode session (its prompt or what it shows says so): kernel rules do not apply to it, "
               "none "
               "was tried.";
    return "This is not debugger output: no bug check and no debugger command was recognised in it.";
}

void sc_put_title(sc_buf *out, const sc_crash *c)
{
    if (c->bugcheck.source == SC_SOURCE_NONE) {
        sc_buf_z(out, "No bug check");
        return;
    }
    sc_buf_printf(out, "0x%" PRIX32, c->bugcheck.code);
    if (c->bugcheck.name.n) {
        sc_buf_char(out, ' ');
        sc_buf_span(out, c->bugcheck.name);
    }
}

const char *const sc_source_words[SC_SOURCES] = {[SC_SOURCE_HEADER] = "from the dump's header",
                                                 [SC_SOURCE_EVENT] = "from the event log",
                                                 [SC_SOURCE_STACK] = "from the stack alone",
                                                 [SC_SOURCE_PROSE] = "from the prose alone"};

void sc_put_args(sc_buf *out, const sc_bugcheck *b)
{
    if (!b->known[0] && !b->known[1] && !b->known[2] && !b->known[3]) return;
    for (int i = 0; i < 4; i++) {
        sc_buf_z(out, i ? ", " : "{");
        if (b->known[i])
            sc_buf_printf(out, "%" PRIx64, b->arg[i]);
        else
            sc_buf_char(out, '?');
    }
    sc_buf_char(out, '}');
}

void sc_put_lines(sc_buf *out, uint32_t first, uint32_t last)
{
    if (first == last)
        sc_buf_printf(out, "line %" PRIu32, first);
    else
        sc_buf_printf(out, "lines %" PRIu32 "-%" PRIu32, first, last);
}

/* The hardware names of the JSON schema as the subject of a sentence. */
static sc_span hardware_words(sc_span name)
{
    static const char *const words[][2] = {
        {"cpu", "The processor"},         {"memory", "The memory"},      {"disk", "The disk"},
        {"pcie", "A PCI Express device"}, {"gpu", "The graphics card"},  {"usb", "A USB device or controller"},
        {"motherboard", "The mainboard"}, {"power", "The power supply"}, {"firmware", "The firmware"},
        {"hardware", "The hardware"},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (sc_ieq_z(name, words[i][0])) return sc_span_z(words[i][1]);
    }
    return name;
}

void sc_put_verdict(sc_buf *out, const sc_crash *c)
{
    static const char *const is[4] = {" may be ", " may be ", " is probably ", " is "};
    const char *verb = is[c->culprit_confidence];
    if (c->outcome == SC_UNRECOGNISED && c->culprit_kind == SC_CULPRIT_UNKNOWN) {
        sc_buf_z(out, "Not recognised: no rule fits what is shown.");
        return;
    }
    if (c->outcome != SC_DIAGNOSED && c->culprit_kind != SC_CULPRIT_UNKNOWN) {
        sc_buf_z(out, "Undecided. The best lead is ");
        sc_buf_span(out, c->culprit);
        sc_buf_char(out, '.');
        return;
    }
    switch (c->culprit_kind) {
    case SC_CULPRIT_MODULE:
        sc_buf_span(out, c->culprit);
        sc_buf_printf(out, "%sthe cause.", verb);
        break;
    case SC_CULPRIT_HARDWARE:
        sc_buf_span(out, hardware_words(c->culprit));
        sc_buf_printf(out, "%sat fault.", verb);
        break;
    case SC_CULPRIT_OS: sc_buf_printf(out, "Windows itself%sthe cause.", verb); break;
    case SC_CULPRIT_USER:
        sc_buf_printf(out, "The crash%son purpose",
                      c->culprit_confidence == SC_CERTAIN  ? " was made "
                      : c->culprit_confidence == SC_LIKELY ? " was probably made "
                                                           : " may have been made ");
        if (c->culprit.n && !sc_ieq_z(c->culprit, "user")) {
            sc_buf_z(out, ", with ");
            sc_buf_span(out, c->culprit);
        }
        sc_buf_char(out, '.');
        break;
    case SC_CULPRIT_UNKNOWN:
        sc_buf_z(out, c->outcome == SC_DIAGNOSED ? "What happened is known; what caused it is not." : "Undecided.");
        break;
    }
}

void sc_put_open_question(sc_buf *out, const sc_crash *c)
{
    size_t open = 0; /* advice explains nothing */
    for (size_t i = 0; i < c->n_findings; i++)
        open += sc_shows_finding(&c->findings[i], SC_OPEN) &&
                !(c->findings[i].rule && c->findings[i].rule->tier == SC_ADVICE);
    if (open == 1)
        sc_buf_z(out, "One explanation is open");
    else if (open)
        sc_buf_printf(out, "%zu explanations are open", open);
    else
        sc_buf_z(out, "No explanation fits so far");
    if (c->n_asks) {
        sc_buf_z(out, open > 1 ? "; what would settle most: `" : open ? "; what would settle it: `" : "; run `");
        sc_buf_span(out, c->asks[0].command);
        sc_buf_char(out, '`');
    }
    sc_buf_char(out, '.');
}

const sc_clause_result *sc_find_clause(const sc_finding *f, const char *clause)
{
    for (size_t i = 0; clause && i < f->n_clauses; i++) {
        if (f->clauses[i].clause && !strcmp(f->clauses[i].clause->name, clause)) return &f->clauses[i];
    }
    return NULL;
}

void sc_put_clause_words(sc_buf *out, const char *clause)
{
    for (const char *p = clause ? clause : ""; *p; p++) sc_buf_char(out, *p == '-' || *p == '_' ? ' ' : *p);
}

bool sc_line_shows(sc_span text, sc_span value)
{
    sc_buf t = {0}, v = {0};
    sc_put_squeezed(&t, text);
    sc_put_squeezed(&v, value);
    bool is = v.p && v.n * 2 >= t.n && sc_find(sc_buf_view(&t), v.p) != SC_NPOS;
    sc_buf_free(&t);
    sc_buf_free(&v);
    return is;
}

void sc_put_meaning(sc_buf *out, const sc_finding *f, const sc_evidence *e)
{
    const sc_clause_result *r = sc_find_clause(f, e->clause);
    sc_put_clause_words(out, e->clause);
    if (!r || !sc_trim(r->value).n || sc_line_shows(e->text, r->value)) return;
    if (e->clause && *e->clause) sc_buf_z(out, ": ");
    sc_buf_span(out, sc_trim(r->value));
}

/* Names one after the other, at most `most` of them. */
static void put_list(sc_buf *out, const sc_span *names, size_t shown, size_t all)
{
    for (size_t i = 0; i < shown; i++) {
        if (i) sc_buf_z(out, ", ");
        sc_buf_span(out, names[i]);
    }
    if (all > shown) sc_buf_printf(out, " and %zu more", all - shown);
}

void sc_put_health(sc_buf *out, const sc_diagnosis *d)
{
    sc_buf_printf(out, "%" PRIu32 " line%s, %zu command%s", d->lines, d->lines == 1 ? "" : "s", d->n_sections,
                  d->n_sections == 1 ? "" : "s");
    for (size_t i = 0; i < d->n_repairs; i++) sc_buf_printf(out, "%s%s", i ? ", " : "; repaired: ", d->repairs[i]);
    sc_span unread[3];
    size_t n = 0, cut = 0;
    for (size_t i = 0; i < d->n_sections; i++) {
        cut += d->sections[i].known && !d->sections[i].complete && !d->sections[i].user_mode;
        if (d->sections[i].known || d->sections[i].user_mode) continue;
        if (n < 3) unread[n] = d->sections[i].command;
        n++;
    }
    if (n) {
        sc_buf_z(out, "; not read: ");
        put_list(out, unread, n < 3 ? n : 3, n);
    }
    if (cut) sc_buf_printf(out, "; %zu not shown to its end", cut);
    size_t user = user_mode_sections(d);
    if (user) sc_buf_printf(out, "; %zu of user mode, which no rule looks at", user);
    bool cut_told = false;
    for (size_t i = 0; i < d->n_health; i++) {
        sc_buf_printf(out, "; %.*s", SC_F(d->health[i].text));
        cut_told |= strcmp(d->health[i].kind, "cut") == 0;
    }
    if (d->truncated && !cut_told) sc_buf_z(out, "; parts of it are missing");
}

/* The backtick in fffff880`009ab000 belongs to an address. */
static bool in_address(sc_span s, size_t at)
{
    if (at == 0 || !sc_is_hex(s.p[at - 1]) || s.n - at < 9) return false;
    for (size_t i = 1; i <= 8; i++) {
        if (!sc_is_hex(s.p[at + i])) return false;
    }
    return true;
}

size_t sc_next_tick(sc_span s, size_t from)
{
    for (size_t i = from; i < s.n; i++) {
        if (s.p[i] == '`' && !in_address(s, i)) return i;
    }
    return SC_NPOS;
}

void sc_split_risk(sc_span fix, sc_span *step, sc_span *risk)
{
    *step = sc_trim(fix);
    *risk = (sc_span){"", 0};
    sc_span s = *step;
    if (sc_ends(s, ".")) s = sc_rtrim(sc_span_sub(s, 0, s.n - 1));
    size_t open = sc_rfind_char(s, '(');
    if (open == SC_NPOS || !sc_ends(s, ")")) return;
    sc_span inside = sc_trim(sc_span_sub(s, open + 1, s.n - 1));
    if (sc_ifind(inside, "risk") == SC_NPOS) return;
    *step = sc_rtrim(sc_span_sub(s, 0, open));
    *risk = inside;
}

bool sc_shows_finding(const sc_finding *f, sc_verdict verdict)
{
    return f->verdict == verdict && !f->superseded;
}

size_t sc_count_findings(const sc_crash *c, sc_verdict verdict)
{
    size_t n = 0;
    for (size_t i = 0; i < c->n_findings; i++) n += sc_shows_finding(&c->findings[i], verdict);
    return n;
}
