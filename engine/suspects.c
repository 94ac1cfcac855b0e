/* Who played which part. A module on the stack is a suspect, not a culprit; what a rule says about a module beats
 * that. */
#include "engine/diagnosis.h"

#include <stdlib.h>

typedef struct entry {
    sc_span module;
    sc_role_kind role;
    bool said; /* by a rule: being on a stack does not change it */
    sc_list reasons_for, reasons_against;
    size_t order;
} entry;

typedef struct builder {
    const sc_eval *e;
    sc_list entries;
    bool open; /* roles of an open finding make suspects at most */
} builder;

static entry *find(builder *b, sc_span module)
{
    entry *list = b->entries.items;
    for (size_t i = 0; i < b->entries.n; i++)
        if (sc_ieq(list[i].module, module)) return &list[i];
    entry *n = sc_list_add(b->e->arena, &b->entries, sizeof *n);
    if (!n) return NULL;
    n->module = module;
    n->role = SC_BYSTANDER;
    n->order = b->entries.n;
    return n;
}

static void reason(builder *b, sc_list *list, sc_span text, uint32_t line)
{
    if (!text.n || list->n >= 8) return;
    for (size_t i = 0; i < list->n; i++)
        if (sc_eq(((sc_reason *)list->items)[i].text, text)) return;
    sc_reason *r = sc_list_add(b->e->arena, list, sizeof *r);
    if (r) *r = (sc_reason){text, line};
}

static void role_row(void *context, sc_role_kind role, sc_span module, sc_span why, uint32_t line)
{
    builder *b = context;
    if (b->open && role < SC_SUSPECT) role = SC_SUSPECT;
    entry *n = find(b, module);
    if (!n) return;
    bool speaks_for = role == SC_CULPRIT || role == SC_SUSPECT;
    /* a rule that is still open takes nothing away from what the stack says */
    if (role < n->role || (!n->said && !b->open)) n->role = role;
    n->said = true;
    reason(b, speaks_for ? &n->reasons_for : &n->reasons_against, why, line);
}

/* Where the stack is a timer's or an interrupt's: it noticed what happened elsewhere. */
static bool stack_only_noticed(const sc_bugcheck *b)
{
    static const uint32_t codes[] = {0x9C, 0x9F, 0x101, 0x124, 0x1CA, 0x1CF, 0x1DB};
    for (size_t i = 0; b->source != SC_SOURCE_NONE && i < sizeof codes / sizeof *codes; i++)
        if (codes[i] == b->code) return true;
    return false;
}

/* Third-party modules on the stack that matters, in its order. */
static void stack_suspects(builder *b)
{
    const sc_table *t = sc_table_named("crash_frame");
    int module = sc_column_named(t, "module");
    if (!t || module < 0) return;
    for (const sc_row *r = sc_facts_first(b->e->facts, t); r; r = r->next) {
        if (!sc_has(r, module) || !sc_third_party(b->e->facts->knowledge, sc_get_text(r, module))) continue;
        entry *n = find(b, sc_get_text(r, module));
        if (!n) return;
        if (n->said || n->reasons_for.n) continue;
        if (stack_only_noticed(b->e->bugcheck)) {
            reason(b, &n->reasons_against, SC_S("on the stack that noticed the fault, not that caused it"), r->line);
            continue;
        }
        if (n->role != SC_CULPRIT) n->role = SC_SUSPECT;
        reason(b, &n->reasons_for, SC_S("on the stack of the crash"), r->line);
    }
}

static int by_role(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->role != y->role) return x->role < y->role ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

void sc_weigh_suspects(sc_rules *rules, const sc_eval *e, const sc_candidate *candidates, const size_t *at, size_t n,
                       sc_crash *out)
{
    builder b = {.e = e};
    if (out->culprit_kind == SC_CULPRIT_MODULE) {
        entry *c = find(&b, out->culprit);
        if (c) {
            c->role = SC_CULPRIT;
            c->said = out->culprit_rule != NULL; /* else the stack is the reason */
        }
    }
    for (size_t i = 0; i < n; i++) {
        const sc_finding *f = &candidates[i].finding;
        if (f->superseded || f->verdict == SC_RULED_OUT) continue;
        b.open = f->verdict == SC_OPEN;
        if (f->culprit.n && f->verdict == SC_CONFIRMED && !sc_ieq(f->culprit, out->culprit) &&
            sc_third_party(e->facts->knowledge, f->culprit))
            role_row(&b, SC_SUSPECT, f->culprit, sc_span_z(f->rule->title), f->n_evidence ? f->evidence[0].line : 0);
        else if (f->culprit.n && sc_ieq(f->culprit, out->culprit) && out->culprit_kind == SC_CULPRIT_MODULE)
            role_row(&b, SC_CULPRIT, f->culprit, sc_span_z(f->rule->title), f->n_evidence ? f->evidence[0].line : 0);
        sc_rule_roles(rules, at[i], e, &candidates[i], role_row, &b);
    }
    stack_suspects(&b);
    if (!b.entries.n) return;
    qsort(b.entries.items, b.entries.n, sizeof(entry), by_role);
    sc_suspect *s = sc_arena_array(e->arena, b.entries.n, sizeof *s);
    if (!s) return;
    for (size_t i = 0; i < b.entries.n; i++) {
        entry *x = (entry *)b.entries.items + i;
        s[i] = (sc_suspect){
            x->module, x->role, x->reasons_for.items, x->reasons_for.n, x->reasons_against.items, x->reasons_against.n};
    }
    out->suspects = s;
    out->n_suspects = b.entries.n;
}
