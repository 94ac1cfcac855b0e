/* One line of a stack, and the headers above it. Every shape that section 4 of the command reference lists:
 *
 *     fffff880`06e53330 fffff800`03ae06f7 : 00000000`00000000 (four arguments) : nt!KeUpdateSystemTime+0x377    kv, x64
 *     00 fffff880`138be698 fffff800`03b45d50 nt!KeBugCheckEx                                                      kn
 *     00 nt!DbgBreakPointWithStatus                                                                   kc, no addresses
 *            28 b8ae6128 8081df65 fltmgr!FltpDispatch+0x6f                                                   kf, x86
 *     92f6379c 82c2d345 00000003 9655d468 000000c4 nt!KiBugCheckDebugBreak+0x1c                              kb, x86
 *     07 (Inline Function) --------`--------     vmlinux!__do_sys_write+0xc [/usr/src/kernel/fs\read_write.c @ 608]
 */
#include "engine/facts/frame_read.h"

enum { MAX_ITEMS = 9 };

typedef enum item_kind { SMALL, ADDRESS, COLON, INLINE, DASHES } item_kind;

/* A column in front of the symbol. */
typedef struct item {
    item_kind kind;
    bool known;  /* false for an address that was blacked out */
    bool padded; /* a small number printed with leading zeros: a frame number */
    int digits;  /* of an address 8 or 16, of a small number as printed */
    uint64_t value;
} item;

/* XXXXXXXX, or blocks in place of digits, with or without a backtick: an address that nobody shall read. */
static bool scan_redacted(sc_scan *c)
{
    sc_scan t = *c;
    sc_span word;
    size_t hidden = 0;
    if (!sc_word(&t, &word) || word.n < 8) return false;
    for (size_t i = 0; i < word.n; i++) {
        char ch = word.p[i];
        if (ch == 'X' || ch == 'x' || ch == '*' || ch == '?' || (unsigned char)ch > 0x7f)
            hidden++;
        else if (!sc_is_hex(ch) && ch != '`')
            return false;
    }
    if (hidden < 4) return false;
    *c = t;
    return true;
}

static bool scan_dashes(sc_scan *c)
{
    sc_scan t = *c;
    sc_span word;
    if (!sc_word(&t, &word) || word.n < 8) return false;
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] != '-' && word.p[i] != '`') return false;
    *c = t;
    return true;
}

static bool scan_item(sc_scan *c, item *out)
{
    sc_scan t = *c;
    *out = (item){.kind = ADDRESS};
    sc_blanks(&t);
    if (t.p == t.end) return false;
    const char *start = t.p;
    if (*t.p == ':') {
        t.p++;
        if (t.p < t.end && *t.p == ':') return false;
        out->kind = COLON;
    } else if (*t.p == '(') {
        if (!sc_ilit(&t, "(Inline Function)") && !sc_ilit(&t, "(Inline)")) return false;
        out->kind = INLINE;
    } else if (scan_redacted(&t)) { /* before sc_addr, which would be content with its first half */
        out->digits = t.p - start > 8 ? 16 : 8;
    } else if (sc_addr(&t, &out->value, &out->digits)) {
        out->known = true;
    } else if (*t.p == '-') {
        if (!scan_dashes(&t)) return false;
        out->kind = DASHES;
    } else if (sc_is_hex(*t.p) && sc_hex(&t, &out->value) && t.p - start < 8 && t.p < t.end && sc_is_blank(*t.p)) {
        out->kind = SMALL;
        out->digits = (int)(t.p - start);
        out->padded = *start == '0' && out->digits > 1;
    } else {
        return false;
    }
    *c = t;
    return true;
}

typedef struct columns {
    item items[MAX_ITEMS];
    int n, smalls, before, after, colons; /* addresses before and after the first colon */
    bool inlined;
} columns;

/* Everything in front of the symbol. An address behind which nothing follows is the symbol itself: 0x7799161a. */
static bool scan_columns(sc_scan *c, columns *out)
{
    *out = (columns){.n = 0};
    while (out->n < MAX_ITEMS) {
        item i;
        sc_scan t = *c;
        sc_blanks(&t);
        bool prefixed = t.end - t.p > 2 && t.p[0] == '0' && (t.p[1] == 'x' || t.p[1] == 'X');
        if (!scan_item(&t, &i)) break;
        sc_scan ahead = t;
        if (prefixed && (sc_at_end(&ahead) || *ahead.p == '(' || *ahead.p == '[' || *ahead.p == '<')) break;
        if (i.kind == SMALL && (out->smalls == 2 || out->smalls != out->n)) return false;
        if (i.kind == COLON && (++out->colons > 2 || out->before == 0)) return false;
        if (i.kind == SMALL) out->smalls++;
        if (i.kind == INLINE) out->inlined = true;
        if (i.kind == ADDRESS) {
            if (out->colons)
                out->after++;
            else
                out->before++;
        }
        if (i.kind != COLON) out->items[out->n++] = i;
        *c = t;
    }
    return true;
}

/* What each column is. */
static bool assign(const columns *cols, const sc_frame_shape *shape, sc_frame *out)
{
    int addresses = cols->before + cols->after, lead = 2;
    bool known = shape && shape->known;
    if (cols->inlined) {
        out->is_inline = true;
        lead = 0;
    } else if (!addresses) {
        bool numbered = cols->smalls && cols->items[0].digits > 1; /* kc pads to two digits; "a nt!Foo" is prose */
        if (!numbered && !(known && shape->bare)) return false;
        lead = 0;
    } else if (cols->colons) {
        if (cols->before > 2) return false;
        lead = cols->before;
        if (lead == 1 && cols->after < 2) return false;
    } else if (addresses == 1) {
        if (!known || shape->has_sp || !shape->has_ret) return false;
        lead = 1;
    } else if (addresses > 6 || (!known && (addresses == 3 || addresses == 4))) {
        return false;
    }
    int at = 0;
    for (int i = 0; i < cols->n; i++) {
        const item *it = &cols->items[i];
        if (it->kind == SMALL) {
            if (i == 0) {
                out->has_number = true;
                out->number = it->value;
                out->padded = it->padded;
            } else {
                out->has_memory = true;
                out->memory = it->value;
            }
        }
        if (it->kind != ADDRESS || cols->inlined) continue;
        if (it->digits > out->digits) out->digits = it->digits;
        int column = lead == 1 ? at + 1 : at; /* kb on x64 begins with the return address */
        at++;
        if (column == 0) {
            out->has_sp = it->known;
            out->sp = it->value;
        } else if (column == 1) {
            out->has_ret = it->known;
            out->ret = it->value;
        } else if (out->n_args < 4) {
            out->arg[out->n_args] = it->value;
            out->arg_known[out->n_args++] = it->known;
        }
    }
    return true;
}

/* What stands behind the symbol: (TrapFrame @ A), (FPO: ...), [file @ line], a remark. */
static void read_tail(sc_span tail, sc_frame *out)
{
    tail = sc_trim(tail);
    size_t at = sc_find(tail, "TrapFrame @ ");
    if (at != SC_NPOS) {
        sc_scan c = sc_scan_of(sc_span_from(tail, at + 12));
        out->has_trap_frame = sc_addr(&c, &out->trap_frame, NULL);
    }
    size_t n = tail.n;
    size_t open = n && tail.p[n - 1] == ']' ? sc_rfind_char(tail, '[') : SC_NPOS;
    sc_span file = open == SC_NPOS ? (sc_span){0} : sc_trim(sc_span_sub(tail, open + 1, n - 1));
    if (sc_find(file, " @ ") != SC_NPOS) { /* not [No function listed.] */
        out->file = file;
        tail = sc_trim(sc_span_sub(tail, 0, open));
    }
    out->note = tail;
}

static bool tail_fits(sc_span tail)
{
    tail = sc_trim(tail);
    return !tail.n || tail.p[0] == '(' || tail.p[0] == '[' || tail.p[0] == '<';
}

/* `... : nt!KeBugCheck2+0x79f ...`: somebody left the columns out. */
static bool read_shortened(sc_scan c, sc_frame *out)
{
    if (!sc_lit(&c, "...") || !sc_lit(&c, ":") || !sc_symbol_scan(&c, &out->symbol) || out->symbol.open) return false;
    sc_lit(&c, "...");
    return sc_at_end(&c) && !out->symbol.has_address;
}

bool sc_frame_read(sc_span line, const sc_frame_shape *shape, sc_frame *out)
{
    sc_scan c = sc_scan_of(line);
    columns cols;
    *out = (sc_frame){.digits = 0};
    sc_blanks(&c);
    if (c.p == c.end) return false;
    if (*c.p == '.') return read_shortened(c, out);
    /* Asked of every line of prose: only hex digits, a module's name below kc's header, what was blacked out go on */
    bool bare = shape && shape->known && shape->bare;
    if (!sc_is_hex(*c.p) && !bare && *c.p != '(' && *c.p != 'X' && *c.p != '*' && (unsigned char)*c.p < 0x80)
        return false;
    if (!scan_columns(&c, &cols) || !assign(&cols, shape, out)) return false;
    if (!sc_symbol_scan(&c, &out->symbol)) return false;
    bool addresses = cols.before + cols.after > 0 || cols.inlined;
    if (!addresses && !out->symbol.open && (out->symbol.has_address || !tail_fits(sc_rest(&c)))) return false;
    read_tail(sc_rest(&c), out);
    return true;
}

/* Continues a frame whose parameters kP prints one per line: true with the line that closes them. */
bool sc_frame_close(sc_span line, sc_frame *frame)
{
    size_t at = sc_rfind_char(line, ')');
    sc_scan c = sc_scan_of(sc_span_from(line, at == SC_NPOS ? line.n : at + 1));
    for (; at != SC_NPOS; at = sc_rfind_char(sc_span_sub(line, 0, at), ')')) {
        sc_scan t = sc_scan_of(sc_span_from(line, at + 1));
        uint64_t offset;
        if (!sc_lit(&t, "+0x") || !sc_hex(&t, &offset)) continue;
        frame->symbol.has_offset = true;
        frame->symbol.offset = offset;
        c = t;
        break;
    }
    if (!sc_ends(sc_trim(line), ",") && sc_find_char(line, ')') != SC_NPOS) {
        frame->symbol.open = false;
        read_tail(sc_rest(&c), frame);
        return true;
    }
    return false;
}

/* The words of a header, each of which may stand once and in this order. */
bool sc_frame_header(sc_span line, sc_frame_shape *shape)
{
    sc_scan c = sc_scan_of(line);
    sc_frame_shape s = {.known = true};
    sc_blanks(&c);
    if (c.p == c.end || line.n > 250) return false;
    s.numbered = sc_lit(&c, "#");
    s.has_memory = sc_lit(&c, "Memory");
    s.has_sp = sc_ilit(&c, "Child-SP") || sc_ilit(&c, "ChildEBP") || sc_ilit(&c, "FramePtr");
    s.has_ret = sc_ilit(&c, "RetAddr") || (s.has_sp && sc_lit(&c, "Return"));
    bool args = s.has_ret && (sc_lit(&c, ":") || true) && (sc_ilit(&c, "Args to Child") || sc_ilit(&c, "Param1"));
    if (args) {
        sc_span param;
        while (sc_ilit(&c, "Param")) sc_word(&c, &param);
        sc_lit(&c, ":");
    }
    bool site = sc_ilit(&c, "Call Site") || (args && sc_ilit(&c, "Function Name"));
    if (!sc_at_end(&c)) return false;
    s.bare = !s.has_sp && !s.has_ret;
    /* "Call Site" alone is kc's header; of the others a truncated header still has two */
    if (s.bare ? !site : !(s.has_ret || site || s.has_memory)) return false;
    if (!s.has_sp && s.has_ret && !site) return false;
    if (shape) *shape = s;
    return true;
}
