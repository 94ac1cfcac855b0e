/* stopcode script CODE|RULE|FILE: a WinDbg command script that collects what rules want to see, into one log.
 *
 * Every command is echoed behind a prompt before it runs, so that the log reads like a session:
 *
 *     .echo kd> !locks
 *     !locks
 *
 * With a file, only what its open rules still need is asked, addresses filled in. Nothing of a paste may smuggle a
 * command in: each line is made of a command that a parser knows and of words without separators (is_safe).
 */
#include "cli/cli.h"
#include "cli/topics.h"
#include "kb/fill.h"

#include "engine/base/arena.h"
#include "engine/base/scan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MOST_COMMANDS = 200, MOST_BYTES = 160 };

typedef struct script {
    sc_arena *arena;
    sc_list commands; /* sc_span */
    sc_list later;    /* sc_span: commands whose addresses only the log will show */
} script;

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

static void add(script *s, sc_list *list, sc_span command)
{
    command = sc_trim(command);
    const sc_span *have = list->items;
    for (size_t i = 0; i < list->n; i++)
        if (sc_eq(have[i], command)) return;
    if (list->n >= MOST_COMMANDS || !is_safe(command)) return;
    sc_span *c = sc_list_add(s->arena, list, sizeof *c);
    if (c) *c = sc_arena_dup(s->arena, command);
}

/* What needs an address that no paste has shown yet must wait for the log. */
static void add_rule(script *s, const sc_rule *r)
{
    for (size_t i = 0; i < r->n_clauses; i++) {
        bool whole;
        if (!r->clauses[i].ask) continue;
        sc_span command = sc_template_fill(s->arena, r->clauses[i].ask, true, &whole);
        add(s, whole ? &s->commands : &s->later, command);
    }
}

/* What every investigation begins with. */
static void add_basics(script *s)
{
    static const char *const basics[] = {"vertarget", ".bugcheck", "!analyze -v", "kv 100", "lm", "!sysinfo machineid"};
    for (size_t i = 0; i < sizeof basics / sizeof *basics; i++) add(s, &s->commands, sc_span_z(basics[i]));
}

static void add_code(script *s, const sc_knowledge *k, uint32_t code)
{
    add_basics(s);
    for (int any = 0; any < 2; any++)
        for (size_t i = 0; i < k->n_rules; i++) {
            const sc_rule *r = &k->rules[i];
            bool about = any && r->any_code;
            for (size_t n = 0; !any && n < r->n_codes; n++) about = about || r->codes[n] == code;
            if (about && r->status == SC_STABLE) add_rule(s, r);
        }
}

static void add_diagnosis(script *s, const sc_diagnosis *d)
{
    for (size_t i = 0; i < d->n_crashes; i++)
        for (size_t n = 0; n < d->crashes[i].n_asks; n++) add(s, &s->commands, d->crashes[i].asks[n].command);
}

/* ---- The text ---------------------------------------------------------------------------------------------------- */

static void put_script(const script *s, const char *about, sc_buf *out)
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

static int from_file(cli *c, script *s)
{
    sc_buf paste = {0};
    sc_error error = {0};
    cli_engine e = {0};
    sc_diagnosis *d = NULL;
    int status = CLI_OK;
    if (cli_read(c->operands[0], &paste, &error))
        status = cli_fail("%s: %s", cli_file_name(c->operands[0]), error.text);
    else if (cli_open_engine(c, &e))
        status = CLI_ERROR;
    else if (sc_diagnose(e.engine, sc_buf_view(&paste), &d, &error))
        status = cli_fail("%s: %s", cli_file_name(c->operands[0]), error.text);
    else
        add_diagnosis(s, d);
    /* the commands were copied */
    sc_diagnosis_free(d);
    cli_close_engine(&e);
    sc_buf_free(&paste);
    return status;
}

static int from_topic(cli *c, script *s, sc_buf *about)
{
    sc_kb *kb;
    if (cli_open_kb(c, &kb)) return CLI_ERROR;
    const sc_knowledge *k = sc_kb_knowledge(kb);
    sc_buf words = {0};
    for (int i = 0; i < c->n; i++) sc_buf_printf(&words, "%s%s", i ? " " : "", c->operands[i]);
    size_t n;
    sc_nearest near = sc_nearest_to(sc_buf_view(&words));
    const topic *t = topics_find(s->arena, k, sc_buf_view(&words), &n, &near);
    int status = CLI_OK;
    size_t at = 0;
    while (at < n && t[at].kind != TOPIC_BUGCHECK && t[at].kind != TOPIC_RULE) at++;
    if (at == n) {
        status = cli_fail("\"%s\" is no file, no bug check and no rule%s", words.p ? words.p : "",
                          sc_nearest_hint(&near, s->arena));
    } else if (t[at].kind == TOPIC_RULE) {
        const sc_rule *r = t[at].item;
        add_basics(s);
        add_rule(s, r);
        sc_buf_printf(about, "the rule %s", r->id);
    } else {
        const sc_ref_bugcheck *b = t[at].item;
        add_code(s, k, topics_plain_code(k, b->code));
        sc_buf_printf(about, "0x%" PRIX32 " %s", b->code, b->name);
    }
    sc_buf_free(&words);
    sc_kb_close(kb);
    return status;
}

static int run(cli *c)
{
    script s = {.arena = sc_arena_new(0)};
    sc_buf out = {0}, about = {0};
    bool file = c->n == 1 && (!strcmp(c->operands[0], "-") || access(c->operands[0], F_OK) == 0);
    int status = file ? from_file(c, &s) : from_topic(c, &s, &about);
    if (!status && s.commands.n) {
        put_script(&s, about.p ? about.p : "", &out);
    } else if (!status) {
        cli_say("%s: nothing more is needed", cli_file_name(c->operands[0]));
        status = CLI_NO;
    }
    sc_arena_free(s.arena);
    sc_buf_free(&about);
    int put = cli_put(&out);
    return put ? put : status;
}

static const cli_option options[] = {CLI_KB, CLI_END};
const cli_command cli_script = {
    .name = "script",
    .operands = "CODE|RULE|FILE",
    .summary = "a debugger script that collects what rules want to see",
    .text = "Prints a script for WinDbg or kd. It writes one log, stopcode.log, which stopcode reads back. For a bug\n"
            "check or a rule it collects all that its rules look at; for a paste, only what is still missing, with\n"
            "the addresses filled in. Exit status: 0 a script was printed, 1 nothing more is needed.\n",
    .examples = "stopcode script 0x9F >9f.txt        then, in the debugger: $$><9f.txt\n"
                "stopcode script paste.txt\n"
                "stopcode script 0x101/hung-processor\n",
    .options = options,
    .least = 1,
    .most = -1,
    .run = run,
};
