#include "engine/facts/analyze_flat.h"

#include "engine/facts/field.h"

/* The addresses that open a frame, with what separates them; the cursor ends behind them.
 *     x64: A A : A A A A :        x86: A A A A A */
static bool scan_opening(sc_scan *c)
{
    sc_scan t = *c;
    uint64_t v;
    int digits, n = 0;
    if (!sc_addr(&t, &v, &digits) || !sc_addr(&t, &v, NULL)) return false;
    if (sc_lit(&t, ":")) {
        while (n < 4 && sc_addr(&t, &v, NULL)) n++;
        if (n < 4 || !sc_lit(&t, ":")) return false;
    } else {
        while (n < 3 && sc_addr(&t, &v, NULL)) n++;
        if (n < 3 || digits != 8) return false;
    }
    *c = t;
    return true;
}

static bool feed(sc_frame_reader *r, const sc_line *line, const char *from, const char *to)
{
    sc_line *piece = sc_arena_get(r->p->facts->arena, sizeof *piece);
    if (!piece) return false;
    *piece = *line;
    piece->text = sc_trim((sc_span){from, (size_t)(to - from)});
    piece->note = (sc_span){0};
    return sc_frames_line(r, piece);
}

bool sc_frames_flat(sc_frame_reader *r, const sc_line *line, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    sc_blanks(&c);
    const char *start = c.p;
    if (!scan_opening(&c)) return false;
    bool any = false;
    for (sc_span word; sc_word(&c, &word);) { /* the symbol may have blanks: it goes on to where the next frame opens */
        sc_scan t = c;
        sc_blanks(&t);
        const char *next = t.p;
        bool opens = scan_opening(&t);
        if (!opens && !sc_at_end(&c)) continue;
        any |= feed(r, line, start, next);
        if (opens) c = t;
        start = next;
    }
    return any;
}

bool sc_exception_piece(sc_span *rest, sc_span *piece)
{
    static const char *const marks[] = {
        "ExceptionAddress: ", "ExceptionCode: ", "ExceptionFlags: ", "NumberParameters: ",
        "Parameter[",         "Attempt to ",     "Subcode: ",        NULL};
    if (sc_starts(*rest, "Attempt to ")) return false; /* no field: where the last one ends */
    for (size_t i = 0; marks[i]; i++)
        if (sc_starts(*rest, marks[i])) return sc_piece(rest, marks, piece);
    return false;
}

bool sc_exception_cut(sc_span label, sc_span value)
{
    if (!sc_starts(label, "Parameter[")) return false;
    for (size_t i = 0; i < value.n; i++)
        if (!sc_is_hex(value.p[i])) return false;
    return value.n != 8 && value.n != 16;
}
