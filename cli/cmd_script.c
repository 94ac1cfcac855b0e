/* stopcode script CODE|RULE|FILE: a WinDbg command script that collects what rules want to see, into one log.
 *
 * With a file, only what its open rules still need is asked, addresses filled in. kb/collect.h has the form.
 */
#include "cli/cli.h"
#include "cli/topics.h"
#include "kb/collect.h"

#include "engine/base/arena.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void add_diagnosis(sc_collect *s, const sc_diagnosis *d)
{
    for (size_t i = 0; i < d->n_crashes; i++)
        for (size_t n = 0; n < d->crashes[i].n_asks; n++) sc_collect_command(s, d->crashes[i].asks[n].command);
}

static int from_file(cli *c, sc_collect *s)
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

static int from_topic(cli *c, sc_collect *s, sc_buf *about)
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
        sc_collect_basics(s);
        sc_collect_rule(s, r);
        sc_buf_printf(about, "the rule %s", r->id);
    } else {
        const sc_ref_bugcheck *b = t[at].item;
        sc_collect_code(s, k, sc_plain_code(k, b->code));
        sc_buf_printf(about, "0x%" PRIX32 " %s", b->code, b->name);
    }
    sc_buf_free(&words);
    sc_kb_close(kb);
    return status;
}

static int run(cli *c)
{
    sc_collect s = {.arena = sc_arena_new(0)};
    sc_buf out = {0}, about = {0};
    bool file = c->n == 1 && (!strcmp(c->operands[0], "-") || access(c->operands[0], F_OK) == 0);
    int status = file ? from_file(c, &s) : from_topic(c, &s, &about);
    if (!status && s.commands.n) {
        sc_collect_put(&s, about.p ? about.p : "", &out);
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
