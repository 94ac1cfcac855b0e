#include "kb/fill.h"

#include "engine/base/buf.h"
#include "kb/template.h"

static bool is_parameter(sc_span name)
{
    return name.n == 4 && sc_starts(name, "arg") && name.p[3] >= '1' && name.p[3] <= '4';
}

static void put_capitals(sc_buf *out, sc_span s)
{
    for (size_t i = 0; i < s.n; i++) sc_buf_char(out, s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 32) : s.p[i]);
}

sc_span sc_template_fill(sc_arena *a, const char *template, bool live, bool *whole)
{
    sc_span text = sc_span_z(template);
    sc_buf out = {0};
    sc_slot slot;
    size_t at = 0, from = 0;
    bool all = true;
    while (sc_template_next(text, &at, &slot) && slot.closed) {
        sc_span name, fallback = {"", 0};
        sc_cut(sc_span_sub(slot.all, 2, slot.all.n - 2), "|", &name, &fallback);
        sc_buf_span(&out, sc_span_sub(text, from, (size_t)(slot.all.p - text.p)));
        from = at;
        if (live && is_parameter(slot.name)) {
            sc_buf_printf(&out, "@$bug_param%c", slot.name.p[3]);
        } else if (slot.has_fallback) {
            sc_buf_span(&out, fallback);
        } else {
            put_capitals(&out, slot.name);
            all = false;
        }
    }
    sc_buf_span(&out, sc_span_from(text, from));
    if (whole) *whole = all;
    sc_span kept = sc_arena_dup(a, sc_buf_view(&out));
    sc_buf_free(&out);
    return kept;
}
