/* !analyze: the debugger's opinion, label by label, and the crash's stack. [seed 003, samples analyze--*, cxr_exr--*]
 *
 *     3: kd> !analyze -v
 *     DRIVER_VERIFIER_DETECTED_VIOLATION (c4)
 *     ...
 *     Key  : Failure.Bucket
 *     Value: 0xc4_IrqlExApcLte1_XDV_VRF_MyDriver!OnInterrupt
 *     PROCESS_NAME:  TiWorker.exe
 *     EXCEPTION_CODE: (NTSTATUS) 0xc0000006 - The instruction at 0x%p referenced memory at 0x%p. ...
 *     TRAP_FRAME:  fffff60789343f50 -- (.trap 0xfffff60789343f50)
 *     STACK_TEXT:
 *     8912380c 80f87fd3 00000003 e6c3476e 00000065 nt!RtlpBreakWithStatusInstruction
 *     IMAGE_NAME:  MyDriver.sys
 *     Probably caused by : nvlddmkm.sys ( nvlddmkm+1bfa55 )
 *
 * A label counts wherever it begins a line, also quoted alone between sentences (seed 003, the 0xF4 part), and in a
 * whole output that a board has flattened to one line. What the labels say is an opinion: IMAGE_NAME may be nt or
 * memory_corruption, which names nobody.
 *
 * Tables: analyze; stack and frame (STACK_TEXT), context and register (below TRAP_FRAME and CONTEXT), instruction;
 * chkimg and chkimg_byte (below CHKIMG_EXTENSION).
 * Query:  SELECT value FROM analyze WHERE label = 'FAILURE_BUCKET_ID';
 */
#include "engine/facts/analyze_flat.h"
#include "engine/facts/analyze_label.h"
#include "engine/facts/analyze_text.h"
#include "engine/facts/bugcheck.h"
#include "engine/facts/chkimg.h"
#include "engine/facts/disasm.h"
#include "engine/facts/frame_read.h"
#include "engine/facts/registers.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"label", SC_TEXT, "EXCEPTION_CODE, IMAGE_NAME, a key as Failure.Bucket; in the debugger's own capitals"},
    {"value", SC_TEXT, "what stands behind it, or on the line below"},
    {"number", SC_ADDR, "the number in the value; NULL when there is none"},
};
enum { LABEL, VALUE, NUMBER };
const sc_table sc_table_analyze = {"analyze", "What !analyze says, label by label", LABEL, SC_COLUMNS(columns)};

typedef struct state {
    sc_parse *p;
    sc_frame_reader frames;
    bool in_stack;   /* below STACK_TEXT: */
    sc_row *pending; /* a label whose value stands on the lines below */
    sc_span key;     /* of a `Key  :` line that waits for its `Value:` */
    const sc_line *key_line;
    sc_span ip;       /* the symbol below FAULTING_IP: or FOLLOWUP_IP: */
    bool closed, cut; /* Followup: was seen; something was left out */
    bool in_source;   /* below FAULTING_SOURCE_CODE: */
} state;

/* ---- Rows ---- */

static void set_value(sc_row *r, sc_span value)
{
    uint64_t number;
    sc_label l = {.name = sc_get_text(r, LABEL), .value = value};
    sc_set_text(r, VALUE, value);
    if (sc_exception_cut(l.name, value)) return; /* its number is not known */
    if (sc_label_number(&l, &number))
        sc_set_addr(r, NUMBER, number);
    else
        sc_set_null(r, NUMBER);
}

static sc_row *add(state *s, const sc_line *line, sc_span label, sc_span value)
{
    sc_row *r = sc_add(s->p, &sc_table_analyze, line);
    sc_set_text(r, LABEL, label);
    set_value(r, value);
    sc_cover_text(s->p->facts, &sc_table_analyze, label, s->p->ordinal, sc_goes_on(s->p)); /* the last may be cut */
    return r;
}

/* `unable to get nt!MmSpecialPoolStart` stands in front of the address that the label promises. */
static bool is_excuse(sc_span value)
{
    return sc_istarts(value, "unable to get ") || sc_starts(value, "GetPointerFromAddress") ||
           sc_starts(value, "GetUlongFromAddress");
}

static void end_stack(state *s)
{
    sc_frames_end(&s->frames);
    sc_frames_begin(&s->frames, s->p, SC_STACK_PROCESSOR, NULL, s->p->section->processor);
    s->in_stack = false;
}

static void begin_stack(state *s)
{
    sc_frames_end(&s->frames);
    sc_frames_begin(&s->frames, s->p, SC_STACK_CRASH, NULL, s->p->section->processor);
    s->in_stack = true;
}

/* `TRAP_FRAME:  A -- (.trap 0xA)` with the registers below it. */
static void read_registers(state *s, const sc_label *l)
{
    uint64_t address;
    sc_scan c = sc_scan_of(l->value);
    bool trap = sc_eq_z(l->name, "TRAP_FRAME"), task = sc_eq_z(l->name, "TSS"); /* a double fault on x86 */
    if ((!trap && !task && !sc_eq_z(l->name, "CONTEXT")) || !sc_hex(&c, &address)) return;
    const sc_line *echo = sc_peek(s->p); /* older debuggers repeat the command they run */
    if (echo && sc_starts(sc_ltrim(echo->text), trap ? ".trap " : task ? ".tss " : ".cxr ")) {
        sc_next(s->p);
        sc_take(s->p, echo);
    }
    sc_registers_read(s->p, trap ? SC_CONTEXT_TRAP : task ? SC_CONTEXT_TSS : SC_CONTEXT_CXR, &address);
}

static void read_label(state *s, const sc_line *line, const sc_label *l)
{
    if (s->in_stack) end_stack(s);
    s->pending = NULL;
    s->ip = (sc_span){0};
    s->in_source = sc_eq_z(l->name, "FAULTING_SOURCE_CODE");
    if (sc_eq_z(l->name, "STACK_TEXT")) {
        sc_take(s->p, line);
        begin_stack(s);
        if (l->value.n) sc_frames_flat(&s->frames, line, l->value);
        return;
    }
    if (sc_eq_z(l->name, "Debugging Details")) {
        sc_take(s->p, line);
        return;
    }
    if (sc_eq_z(l->name, "Followup")) s->closed = true;
    sc_row *r = add(s, line, l->name, l->value);
    if (!l->value.n || is_excuse(l->value)) s->pending = r;
    read_registers(s, l);
}

/* ---- Lines ---- */

/* A whole output in one line: label after label. */
static bool read_flat(state *s, const sc_line *line, sc_span text)
{
    size_t at = sc_label_find(text, 0);
    if (at == SC_NPOS || sc_label_find(text, at + 4) == SC_NPOS) return false; /* one alone may be a sentence's */
    while (at != SC_NPOS) {
        size_t next = sc_label_find(text, at + 4);
        sc_label l;
        if (sc_label_read(sc_span_sub(text, at, next == SC_NPOS ? text.n : next), &l)) read_label(s, line, &l);
        at = next;
    }
    return true;
}

/* `Key  : Failure.Bucket` and `Value: ...`, on two lines or in one. */
static bool read_key(state *s, const sc_line *line)
{
    sc_scan c = sc_scan_of(line->text);
    bool any = false;
    while (true) {
        sc_span rest;
        if (sc_lit(&c, "Key") && sc_lit(&c, ":")) {
            rest = sc_trim(sc_rest(&c));
            size_t value = sc_find(rest, " Value:");
            s->key = sc_rtrim(sc_span_sub(rest, 0, value));
            s->key_line = line;
            sc_take(s->p, line);
            any = true;
            if (value == SC_NPOS) return true;
            c = sc_scan_of(sc_span_from(rest, value));
        }
        if (!s->key.n || !sc_lit(&c, "Value") || !sc_lit(&c, ":")) return any;
        rest = sc_trim(sc_rest(&c));
        size_t next = sc_find(rest, " Key ");
        sc_row *r = add(s, s->key_line, s->key, sc_rtrim(sc_span_sub(rest, 0, next)));
        sc_take(s->p, line);
        r->last_line = line->last;
        s->key = (sc_span){0};
        any = true;
        if (next == SC_NPOS) return true;
        c = sc_scan_of(sc_span_from(rest, next));
    }
}

static void read_line(state *s, const sc_line *l)
{
    sc_span text = sc_trim(l->text);
    sc_label label;
    sc_instruction code;
    if (l->flags & SC_LINE_CUT) s->cut = true;
    if (read_key(s, l)) return;
    sc_span rest = text, piece;
    bool record = false;
    for (; sc_exception_piece(&rest, &piece); record = true) /* several when it was flattened */
        if (sc_label_read(piece, &label)) read_label(s, l, &label);
    if (record) return;
    bool labelled = sc_label_read(text, &label);
    if ((labelled ? label.value.n > 60 : text.n > 80) && read_flat(s, l, text)) return;
    if (labelled) {
        read_label(s, l, &label);
    } else if (s->in_source && !s->pending && sc_analyze_is_source(text)) {
        sc_take(s->p, l);
    } else if (sc_identity_take(s->p) || sc_analyze_is_decoration(text) || sc_chkimg_line(s->p, l)) {
        sc_take(s->p, l);
    } else if (sc_instruction_read(text, true, &code)) { /* below FAULTING_IP and FOLLOWUP_IP */
        sc_symbol where = {0};
        if (s->ip.n) sc_symbol_read(s->ip, &where);
        sc_instruction_add(s->p, l, &code, &where);
    } else if (sc_registers_line(text)) {
        s->p->at = (size_t)(l - s->p->lines);
        if (!sc_registers_read(s->p, SC_CONTEXT_R, NULL)) s->p->at = (size_t)(l - s->p->lines) + 1;
    } else if (sc_frames_line(&s->frames, l)) {
        s->pending = NULL;
    } else if (s->pending && !(l->flags & SC_LINE_MESSAGE) && !is_excuse(text)) {
        sc_take(s->p, l);
        set_value(s->pending, text);
        if (sc_ends(sc_get_text(s->pending, LABEL), "_IP")) sc_cut(text, " ", &s->ip, &(sc_span){0});
        s->pending->last_line = l->last;
        s->pending = NULL;
    }
}

static void parse(sc_parse *p)
{
    state s = {.p = p};
    sc_frames_begin(&s.frames, p, SC_STACK_PROCESSOR, NULL, p->section->processor);
    if (p->section->prompted && p->section->args.n > 80) /* flattened together with its prompt */
        read_flat(&s, &p->facts->transcript->lines[p->section->first], p->section->args);
    for (const sc_line *l; (l = sc_next(p));) read_line(&s, l);
    sc_frames_end(&s.frames);
    p->section->complete = s.closed && !s.cut; /* not what a stack in it thinks */
    if (!p->section->complete) return;
    bool verbose = p->section->prompted && sc_find(p->section->args, "-v") != SC_NPOS;
    if (verbose) sc_cover_all(p->facts, &sc_table_analyze, p->ordinal, true);
}

/* `Key  : Failure.Bucket` with its value; `Key: O = Owner` of !qlocks is none. */
static bool is_key(const sc_line *lines, size_t n)
{
    sc_scan c = sc_scan_of(lines[0].text);
    sc_span word;
    if (!sc_lit(&c, "Key") || !sc_lit(&c, ":") || !sc_word(&c, &word)) return false;
    if (!sc_at_end(&c)) return sc_starts(sc_ltrim(sc_rest(&c)), "Value:");
    for (size_t i = 1; i < n && i < 4; i++)
        if (lines[i].text.n) return sc_starts(sc_ltrim(lines[i].text), "Value");
    return false;
}

/* Labels of an exception record: .exr's when they stand alone. */
static bool is_exception(sc_span label)
{
    return sc_starts(label, "Exception") || sc_starts(label, "Parameter[") || sc_eq_z(label, "NumberParameters");
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0};
    sc_label l;
    if (text.n < 6) return SC_ABSTAIN;
    if (sc_analyze_is_banner(lines, n)) return SC_STRONG;
    if (text.p[0] == 'U' && sc_starts(text, "Use !analyze -v")) return SC_STRONG;
    if (text.p[0] == 'K') return is_key(lines, n) ? SC_STRONG : SC_ABSTAIN;
    if (sc_label_read(text, &l) && l.listed) return is_exception(l.name) ? SC_ABSTAIN : SC_STRONG;
    size_t at = text.n > 80 ? sc_label_find(text, 0) : SC_NPOS;
    return at != SC_NPOS && sc_label_find(text, at + 4) != SC_NPOS ? SC_STRONG : SC_ABSTAIN;
}

static sc_taste taste_exr(const sc_line *lines, size_t n)
{
    sc_label l;
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    if (text.n < 6 || sc_find_char(SC_S("ENPS"), text.p[0]) == SC_NPOS || !sc_label_read(text, &l)) return SC_ABSTAIN;
    if (sc_eq_z(l.name, "ExceptionAddress") || sc_eq_z(l.name, "ExceptionCode")) return SC_STRONG;
    return is_exception(l.name) ? SC_WEAK : SC_ABSTAIN;
}

static const sc_table *const tables[] = {&sc_table_analyze, &sc_table_stack,       &sc_table_frame,
                                         &sc_table_context, &sc_table_register,    &sc_table_instruction,
                                         &sc_table_chkimg,  &sc_table_chkimg_byte, NULL};
static const char *const absorbed[] = {"(bugcheck)", ".exr", "k", "r", ".trap", ".cxr", "u", "!chkimg", NULL};
const sc_command sc_command_analyze = {
    .name = "!analyze",
    .doc = "The debugger's own analysis",
    .proof = "its last line, Followup:",
    .query = "SELECT value FROM analyze WHERE label = 'FAILURE_BUCKET_ID'",
    .tables = tables,
    .taste = taste,
    .absorbs = absorbed,
    .parse = parse,
};
static const sc_table *const exr_tables[] = {&sc_table_analyze, NULL};
const sc_command sc_command_exr = {
    .name = ".exr",
    .doc = "An exception record: code, address, parameters",
    .proof = "each line tells itself",
    .query = "SELECT label, value FROM analyze WHERE label = 'ExceptionCode'",
    .tables = exr_tables,
    .taste = taste_exr,
    .parse = parse,
};
