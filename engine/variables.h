/* Variables of a rule and the templates that show them.
 *
 * An environment is a list in the arena: a branch of the evaluation adds bindings in front and shares the rest.
 */
#ifndef STOPCODE_VARIABLES_H
#define STOPCODE_VARIABLES_H

#include "engine/base/arena.h"

typedef enum sc_value_kind { SC_VALUE_INT, SC_VALUE_ADDR, SC_VALUE_REAL, SC_VALUE_TEXT } sc_value_kind;

typedef struct sc_value {
    sc_value_kind kind;
    int64_t i; /* SC_VALUE_INT, SC_VALUE_ADDR (two's complement) */
    double r;
    sc_span t;
} sc_value;

typedef struct sc_binding {
    const char *name;
    sc_value value;
    const struct sc_binding *next;
} sc_binding;

/* The innermost value of a variable, or NULL. */
const sc_value *sc_variable_get(const sc_binding *env, sc_span name);
/* A new environment with one binding more; `env` itself is not changed. On lack of memory returns `env`. */
const sc_binding *sc_variable_set(sc_arena *a, const sc_binding *env, const char *name, sc_value value);

/* As text: addresses bare (as a debugger takes them) or, with `prefix`, as 0x... */
sc_span sc_value_text(sc_arena *a, const sc_value *v, bool prefix);
bool sc_value_equal(const sc_value *a, const sc_value *b); /* texts: ASCII case ignored */

/* Replaces {{name}} and {{name|fallback}}. *missing (may be NULL) receives the first variable that has neither a value
 * nor a fallback, or the empty span; such a place is left out. Cut at SC_MAX_TEMPLATE bytes. NULL gives the empty
 * span. */
sc_span sc_template_expand(sc_arena *a, const char *text, const sc_binding *env, sc_span *missing);

#endif
