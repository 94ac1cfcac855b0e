#include "engine/variables.h"

#include "engine/base/buf.h"
#include "engine/base/limits.h"

#include <string.h>

const sc_value *sc_variable_get(const sc_binding *env, sc_span name)
{
    for (; env; env = env->next)
        if (sc_eq_z(name, env->name)) return &env->value;
    return NULL;
}

const sc_binding *sc_variable_set(sc_arena *a, const sc_binding *env, const char *name, sc_value value)
{
    sc_binding *b = sc_arena_get(a, sizeof *b);
    if (!b) return env;
    *b = (sc_binding){.name = name, .value = value, .next = env};
    return b;
}

sc_span sc_value_text(sc_arena *a, const sc_value *v, bool prefix)
{
    switch (v->kind) {
    case SC_VALUE_INT: return sc_arena_printf(a, "%lld", (long long)v->i);
    case SC_VALUE_ADDR: return sc_arena_printf(a, prefix ? "0x%llx" : "%llx", (unsigned long long)v->i);
    case SC_VALUE_REAL: return sc_arena_printf(a, "%.6g", v->r);
    case SC_VALUE_TEXT: break;
    }
    return v->t;
}

bool sc_value_equal(const sc_value *a, const sc_value *b)
{
    if (a->kind == SC_VALUE_TEXT || b->kind == SC_VALUE_TEXT) return a->kind == b->kind && sc_ieq(a->t, b->t);
    if (a->kind == SC_VALUE_REAL || b->kind == SC_VALUE_REAL)
        return a->kind == b->kind && !(a->r < b->r) && !(a->r > b->r);
    return a->i == b->i;
}

sc_span sc_template_expand(sc_arena *a, const char *text, const sc_binding *env, sc_span *missing)
{
    sc_span rest = sc_span_z(text), head, inside;
    if (missing) *missing = (sc_span){"", 0};
    if (sc_find(rest, "{{") == SC_NPOS) return rest;
    sc_buf out = {0};
    while (sc_cut(rest, "{{", &head, &rest)) {
        sc_buf_span(&out, head);
        if (!sc_cut(rest, "}}", &inside, &rest)) {
            sc_buf_z(&out, "{{"); /* never closed: shown as it stands */
            head = inside;
            break;
        }
        sc_span name, fallback;
        bool has_fallback = sc_cut(inside, "|", &name, &fallback);
        const sc_value *v = sc_variable_get(env, sc_trim(name));
        if (v)
            sc_buf_span(&out, sc_value_text(a, v, false));
        else if (has_fallback)
            sc_buf_span(&out, fallback);
        else if (missing && !missing->n)
            *missing = sc_trim(name);
        if (out.n > SC_MAX_TEMPLATE) {
            head = (sc_span){"", 0};
            break;
        }
    }
    sc_buf_span(&out, head);
    sc_span result = sc_arena_dup(a, sc_span_sub(sc_buf_view(&out), 0, SC_MAX_TEMPLATE));
    sc_buf_free(&out);
    return result;
}
