/* k, kb, kv, kn, kf, kp, kP, kc, kL, kM: the call stack. [all seeds; samples k_x64--*, k_x86--*]
 *
 *     4: kd> k
 *     Child-SP     RetAddr      Call Site
 *     fffff880`009b9f30 fffff800`032aa875 nt!KiDoubleFaultAbort+0xb2
 *     fffff880`03dccfd0 fffff800`032909ba nt!KiIpiSendRequest+0x305
 *
 *     3: kd> kf=b8ae6100 b8ae60ec 8081df65
 *       Memory ChildEBP RetAddr
 *               b8ae6100 f7a2ec45 nt!IofCallDriver+0x45
 *            28 b8ae6128 8081df65 fltmgr!FltpDispatch+0x6f
 *
 * Tables: stack, frame (engine/facts/frame_read.c).
 * Query:  SELECT n, symbol, bytes FROM frame ORDER BY bytes DESC LIMIT 5;
 *
 * A stack printed after .trap or .cxr is that context's, after .thread that thread's, until the processor changes.
 */
#include "engine/facts/frame_read.h"
#include "engine/facts/tables.h"

/* k with any flags, a processor in front (2kb), a number of frames behind (kb20). */
static bool spelling(sc_span name)
{
    size_t i = 0;
    while (i < name.n && sc_is_digit(name.p[i])) i++;
    if (i > 3 || i == name.n || name.p[i] != 'k') return false;
    for (i++; i < name.n && sc_find_char(SC_S("bpPvVcnNfLMr"), name.p[i]) != SC_NPOS;) i++;
    if (i > 8) return false;
    while (i < name.n && sc_is_digit(name.p[i])) i++;
    return i == name.n;
}

/* ---- Recognising a stack without its prompt ---- */

/* dps prints the same three columns, but its slots lie side by side and most of them hold no symbol. */
static sc_taste taste_pairs(const sc_line *lines, size_t n, const sc_frame *first)
{
    sc_frame f = *first;
    bool bare = !first->has_number && !first->symbol.has_address; /* dps prints neither numbers nor 0x addresses */
    int frames = 1, adjacent = 0;
    uint64_t slot = first->digits == 8 ? 4 : 8;
    for (size_t i = 1, seen = 0; i < n && i < 20 && seen < 5; i++) {
        sc_frame next;
        if (!lines[i].text.n) continue;
        seen++;
        sc_scan c = sc_scan_of(lines[i].text);
        if (!sc_frame_read(lines[i].text, NULL, &next) || !next.has_sp) {
            uint64_t a, b;
            if (bare && sc_addr(&c, &a, NULL) && sc_addr(&c, &b, NULL) && a == f.sp + slot) return SC_ABSTAIN;
            break;
        }
        frames++;
        if (next.sp == f.sp + slot) adjacent++;
        f = next;
    }
    if (bare && frames > 1 && adjacent == frames - 1) return frames > 2 ? SC_ABSTAIN : SC_WEAK;
    if (frames > 1) return SC_STRONG;
    return bare ? SC_ABSTAIN : SC_WEAK; /* one such line alone is as likely a dps slot */
}

/* `00 nt!DbgBreakPointWithStatus` and `01 ...` below it. */
static sc_taste taste_numbered(const sc_line *lines, size_t n, const sc_frame *first)
{
    for (size_t i = 1; i < n && i < 20; i++) {
        sc_frame next;
        if (!lines[i].text.n) continue;
        bool follows = sc_frame_read(lines[i].text, NULL, &next) && next.has_number && next.number == first->number + 1;
        return follows ? SC_STRONG : SC_WEAK;
    }
    return SC_WEAK;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_frame f;
    if (!n) return SC_ABSTAIN;
    if (sc_frame_read(lines[0].text, NULL, &f)) {
        if (f.n_args >= 2) return SC_STRONG;
        if (f.is_inline) return SC_WEAK;
        return f.has_sp ? taste_pairs(lines, n, &f) : taste_numbered(lines, n, &f);
    }
    sc_span text = sc_ltrim(lines[0].text);
    if (!text.n || sc_find_char(SC_S("#CFRM*cfr"), text.p[0]) == SC_NPOS) return SC_ABSTAIN;
    if (sc_frame_header(text, NULL)) return SC_STRONG;
    return sc_starts(text, "*** Stack trace for last set context") ? SC_STRONG : SC_ABSTAIN;
}

/* ---- Whose stack it is ---- */

static bool first_address(sc_span args, uint64_t *address)
{
    sc_scan c = sc_scan_of(args);
    for (sc_span word; sc_word(&c, &word);) {
        while (word.n && (word.p[word.n - 1] == ';' || word.p[word.n - 1] == ',')) word.n--;
        size_t end = sc_find_char(word, ';'); /* .cxr 0xfffff88003bd2280;r */
        if (sc_span_addr(sc_span_sub(word, 0, end == SC_NPOS ? word.n : end), address, NULL)) return true;
        if (end != SC_NPOS) return false;
    }
    return false;
}

/* .trap, .cxr, .tss and .thread choose the registers that later k commands start from; without an address they end
 * that. */
static void choose_owner(sc_parse *p, sc_frame_reader *r)
{
    const sc_transcript *t = p->facts->transcript;
    size_t first = t->crashes[p->facts->crash].first_section;
    const sc_section *own = p->section;
    for (size_t i = p->ordinal, looked = 0; i-- > first && looked < 64; looked++) {
        const sc_section *s = &t->sections[i];
        if (own->prompted && s->prompted && own->processor != s->processor) return;
        bool thread = sc_ieq_z(s->name, ".thread"), context = false;
        static const char *const names[] = {".trap", ".cxr", ".tss", ".ecxr"};
        for (size_t j = 0; j < sizeof names / sizeof *names; j++) context = context || sc_ieq_z(s->name, names[j]);
        if (thread || context) {
            uint64_t address;
            bool tss = sc_ieq_z(s->name, ".tss") && s->args.n; /* takes a selector: .tss 28 */
            bool has = first_address(s->args, &address);
            if (thread && has) {
                r->kind = SC_STACK_THREAD;
                r->has_thread = true;
                r->thread = address;
            } else if (context && (has || tss)) {
                r->kind = SC_STACK_CONTEXT;
                r->has_context = has;
                r->context = has ? address : 0;
            }
            return;
        }
        if (s->name.n && (s->name.p[0] == '~' || sc_eq_z(s->name, "g"))) return;
        if (!own->prompted) return; /* only right below */
    }
}

static int processor_of(const sc_section *s)
{
    uint64_t v;
    size_t digits = 0;
    while (digits < s->name.n && sc_is_digit(s->name.p[digits])) digits++;
    if (digits && sc_span_dec(sc_span_sub(s->name, 0, digits), &v)) return (int)v;
    return s->prompted ? s->processor : -1;
}

static void parse(sc_parse *p)
{
    sc_frame_reader r;
    sc_frames_begin(&r, p, SC_STACK_PROCESSOR, NULL, processor_of(p->section));
    if (p->section->args.n && p->section->args.p[0] == '=')
        r.kind = SC_STACK_RAW;
    else
        choose_owner(p, &r);
    for (const sc_line *l; (l = sc_next(p));) sc_frames_line(&r, l);
    sc_frames_end(&r);
}

static const char *const aliases[] = {"!mex.t", "!mex.k", NULL};
static const sc_table *const tables[] = {&sc_table_stack, &sc_table_frame, NULL};
const sc_command sc_command_k = {
    .name = "k",
    .aliases = aliases,
    .spelling = spelling,
    .doc = "The call stack of a processor, a thread or a saved context",
    .proof = "its root frame, or the change to user mode",
    .query = "SELECT n, symbol, bytes FROM frame ORDER BY bytes DESC LIMIT 5",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
