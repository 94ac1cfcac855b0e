#include "kb/collect.h"

#include "engine/base/scan.h"
#include "kb/fill.h"

#include <string.h>

enum { MOST_COMMANDS = 200, MOST_BYTES = 160 };

/* ---- Which commands ---------------------------------------------------------------------------------------------- */

/* `2kv` runs kv for processor 2. */
static sc_span without_processor(sc_span word)
{
    size_t digits = 0;
    while (digits < word.n && sc_is_digit(word.p[digits])) digits++;
    return sc_span_from(word, digits);
}

/* Characters that neither end a command, nor quote, nor expand, nor assign. `=` chooses where a stack walk begins. */
static bool is_safe_word(sc_span word, bool walks_stack)
{
    if (sc_find(word, "@@") != SC_NPOS) return false;
    for (size_t i = 0; i < word.n; i++)
        if (!sc_is_word(word.p[i]) && !strchr("!.@$`*?+-:,|~\\/", word.p[i]) && !(walks_stack && word.p[i] == '='))
            return false;
    return true;
}

static bool is_safe(sc_span command)
{
    sc_scan c = sc_scan_of(command);
    sc_span word;
    if (command.n > MOST_BYTES || !sc_word(&c, &word)) return false;
    sc_span name = without_processor(word);
    bool walks_stack = sc_starts(name, "k");
    size_t end = sc_find_char(name, '=');
    if (walks_stack && end != SC_NPOS) name = sc_span_sub(name, 0, end);
    if (!sc_eq_z(name, "||") && !sc_command_name(name)) return false;
    if (!is_safe_word(word, walks_stack)) return false;
    while (sc_word(&c, &word))
        if (!is_safe_word(word, walks_stack)) return false;
    return true;
}

static void add(sc_collect *s, sc_list *list, sc_span command)
{
    command = sc_trim(command);
    const sc_span *have = list->items;
    for (size_t i = 0; i < list->n; i++)
        if (sc_eq(have[i], command)) return;
    if (list->n >= MOST_COMMANDS || !is_safe(command)) return;
    sc_span *kept = sc_list_add(s->arena, list, sizeof *kept);
    if (kept) *kept = sc_arena_dup(s->arena, command);
}

void sc_collect_command(sc_collect *s, sc_span command)
{
    add(s, &s->commands, command);
}

/* What needs an address that no paste has shown yet must wait for the log. */
void sc_collect_rule(sc_collect *s, const sc_rule *r)
{
    for (size_t i = 0; i < r->n_clauses; i++) {
        bool whole;
        if (!r->clauses[i].ask) continue;
        sc_span command = sc_template_fill(s->arena, r->clauses[i].ask, true, &whole);
        add(s, whole ? &s->commands : &s->later, command);
    }
}

void sc_collect_basics(sc_collect *s)
{
    static const char *const basics[] = {"vertarget", ".bugcheck", "!analyze -v", "kv 100", "lm", "!sysinfo machineid"};
    for (size_t i = 0; i < sizeof basics / sizeof *basics; i++) add(s, &s->commands, sc_span_z(basics[i]));
}

void sc_collect_code(sc_collect *s, const sc_knowledge *k, uint32_t code)
{
    sc_collect_basics(s);
    for (int any = 0; any < 2; any++)
        for (size_t i = 0; i < k->n_rules; i++) {
            const sc_rule *r = &k->rules[i];
            bool about = any && r->any_code;
            for (size_t n = 0; !any && n < r->n_codes; n++) about = about || r->codes[n] == code;
            if (about && r->status == SC_STABLE) sc_collect_rule(s, r);
        }
}

/* ---- The text ---------------------------------------------------------------------------------------------------- */

void sc_collect_put(const sc_collect *s, const char *about, sc_buf *out)
{
    const sc_span *commands = s->commands.items, *later = s->later.items;
    /* no semicolon in a comment: $$>< runs what stands behind it */
    sc_buf_printf(out, "$$ Collects what stopcode wants to see%s%s.\n", *about ? " for " : "", about);
    sc_buf_z(out, "$$ Run it in the debugger with $$><FILE and read its log with: stopcode stopcode.log\n");
    sc_buf_z(out, ".logopen stopcode.log\n");
    for (size_t i = 0; i < s->commands.n; i++)
        sc_buf_printf(out, ".echo kd> %.*s\n%.*s\n", SC_F(commands[i]), SC_F(commands[i]));
    sc_buf_z(out, ".logclose\n");
    if (s->later.n) sc_buf_z(out, "$$ More may be wanted when the log is read (stopcode script stopcode.log):\n");
    for (size_t i = 0; i < s->later.n; i++) sc_buf_printf(out, "$$   %.*s\n", SC_F(later[i]));
}
