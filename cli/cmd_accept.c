/* stopcode accept [-i] [PATH|RULE...]: what comes out today becomes what is expected. */
#include "cli/accept.h"
#include "cli/choose.h"
#include "cli/cli.h"
#include "engine/render/layout.h"
#include "kb/files.h"

#include <stdio.h>
#include <string.h>

typedef enum answer { ANSWER_NO, ANSWER_YES, ANSWER_QUIT } answer;

typedef struct session {
    sc_engine *engine;
    bool interactive, all, quit; /* ask; the rest is accepted; the rest is left */
    size_t samples, cases;       /* looked at */
    size_t verdicts, wordings;   /* differences found */
    size_t accepted, left, files, broken;
} session;

/* The sample at hand: what its file says by now. */
typedef struct work {
    session *s;
    sc_arena *arena;
    sample sample;
    sc_diagnosis *whole; /* of the paste as it is */
    bool titled;         /* the sample's name was printed */
    bool changed;
} work;

/* ---- Talking ----------------------------------------------------------------------------------------------------- */

static int put_title(work *w, sc_span variant)
{
    sc_buf out = {0};
    if (w->titled && !variant.n) return CLI_OK;
    sc_put_squeezed(&out, sc_span_z(w->sample.path));
    if (variant.n) sc_buf_z(&out, ", ");
    if (variant.n) sc_put_squeezed(&out, variant);
    sc_buf_char(&out, '\n');
    w->titled = true;
    return cli_put(&out);
}

static int put_line(const char *text)
{
    sc_buf out = {0};
    sc_buf_z(&out, text);
    return cli_put(&out);
}

/* Asks on standard error and reads a line of standard input; its end means quit. */
static answer ask(session *s)
{
    char line[64];
    if (s->quit) return ANSWER_QUIT;
    if (!s->interactive || s->all) return ANSWER_YES;
    for (;;) {
        (void)fflush(stdout); /* the difference stands above the question; a failure is told at the end */
        (void)fputs("accept this? [y]es, [n]o, [a]ll that follow, [q]uit: ", stderr);
        if (!fgets(line, sizeof line, stdin)) {
            (void)fputc('\n', stderr);
            s->quit = true;
            return ANSWER_QUIT;
        }
        for (bool whole = strchr(line, '\n') != NULL; !whole && !feof(stdin);) { /* the rest of a long answer */
            char rest[64];
            whole = !fgets(rest, sizeof rest, stdin) || strchr(rest, '\n');
        }
        switch (sc_lower(line[0])) {
        case 'y': return ANSWER_YES;
        case 'n': return ANSWER_NO;
        case 'a': s->all = true; return ANSWER_YES;
        case 'q': s->quit = true; return ANSWER_QUIT;
        default: break;
        }
    }
}

/* ---- One difference ---------------------------------------------------------------------------------------------- */

/* Takes `text` for the expectations. False when it is not fit: the file then stays as it is. */
static bool take(work *w, sc_span text)
{
    sample next = {.path = w->sample.path, .text = w->sample.text, .yaml = w->sample.yaml};
    next.yaml.text = text;
    if (!text.n || sample_parse(w->arena, NULL, &next, NULL, NULL)) return false;
    w->sample = next;
    w->changed = true;
    return true;
}

static int settle(work *w, bool verdict, answer reply, bool done)
{
    session *s = w->s;
    *(verdict ? &s->verdicts : &s->wordings) += 1;
    *(done ? &s->accepted : &s->left) += 1;
    const char *what = verdict ? "wrong verdict" : "wording";
    char line[160];
    snprintf(line, sizeof line, "    -> %s; %s\n", what,
             done                  ? "accepted"
             : reply == ANSWER_YES ? "cannot be accepted: change the file by hand"
                                   : "left");
    return put_line(line);
}

static const sample_variant *variant_of(const work *w, size_t i)
{
    return i == ACCEPT_SAMPLE ? NULL : (const sample_variant *)w->sample.variants.items + i;
}

static accept_case case_of(const work *w, size_t variant, const sc_diagnosis *d)
{
    const sample_variant *v = variant_of(w, variant);
    return (accept_case){.sample = &w->sample,
                         .variant = variant,
                         .expected = v ? v->crashes : w->sample.crashes,
                         .n = v ? v->n_crashes : w->sample.n_crashes,
                         .found = d};
}

/* Every difference of one paste. Another number of crashes comes first and alone: what differs in them can only be told
 * when they are as many. */
static int accept_case_differences(work *w, size_t variant, const sc_diagnosis *d, sc_span paste)
{
    int status = CLI_OK;
    for (bool again = true; again && !status;) {
        accept_case c = case_of(w, variant, d);
        sc_list list = {0};
        sc_buf report = {0};
        again = false;
        sample_differences(w->arena, &list, c.expected, c.n, d, w->s->engine, paste, &report);
        const sample_difference *all = list.items;
        if (list.n && variant == ACCEPT_SAMPLE) status = put_title(w, SC_S(""));
        if (list.n && variant != ACCEPT_SAMPLE) status = put_title(w, variant_of(w, variant)->name);
        for (size_t i = 0; !status && i < list.n; i++) {
            sc_buf told = {0};
            sc_buf_span(&told, sc_span_sub(sc_buf_view(&report), all[i].from, all[i].to));
            status = cli_put(&told);
            answer reply = status ? ANSWER_QUIT : ask(w->s);
            c = case_of(w, variant, d);
            bool done = reply == ANSWER_YES && take(w, accept_difference(w->arena, &c, &all[i]));
            if (!status) status = settle(w, sample_is_verdict(all[i].key), reply, done);
            if (all[i].key == SAMPLE_CRASHES) again = done;
            if (all[i].key == SAMPLE_CRASHES || reply == ANSWER_QUIT) break;
        }
        sc_buf_free(&report);
    }
    return status;
}

/* A known failure is nobody's news; that it is gone is. */
static int accept_passed_todo(work *w, size_t variant, const sc_diagnosis *d, sc_span paste, sc_span todo)
{
    accept_case c = case_of(w, variant, d);
    sc_buf report = {0}, out = {0};
    size_t n = d ? sample_compare(c.expected, c.n, d, w->s->engine, paste, &report) : 1;
    sc_buf_free(&report);
    if (n) return CLI_OK;
    int status = put_title(w, variant == ACCEPT_SAMPLE ? SC_S("") : variant_of(w, variant)->name);
    sc_buf_z(&out, "    passes now, although it is marked todo: ");
    sc_put_squeezed(&out, todo);
    sc_buf_char(&out, '\n');
    if (!status) status = cli_put(&out);
    answer reply = status ? ANSWER_QUIT : ask(w->s);
    bool done = reply == ANSWER_YES && take(w, accept_todo(w->arena, &c));
    sc_buf_free(&out);
    return status ? status : settle(w, true, reply, done);
}

static int accept_variant(work *w, size_t i)
{
    const sample_variant *v = variant_of(w, i);
    sc_buf paste = {0};
    sc_error error = {0};
    sc_diagnosis *d = NULL;
    int status = CLI_OK, rc = sample_edit(&w->sample, v, w->whole, &paste, &error);
    if (!rc) rc = sc_diagnose(w->s->engine, sc_buf_view(&paste), &d, &error);
    w->s->cases++;
    if (v->todo.n) {
        status = accept_passed_todo(w, i, d, sc_buf_view(&paste), v->todo);
    } else if (rc) {
        status = put_title(w, v->name);
        sc_buf out = {0};
        sc_buf_z(&out, "    ");
        sc_put_squeezed(&out, sc_span_z(error.text));
        sc_buf_char(&out, '\n');
        if (!status) status = cli_put(&out);
        if (!status) status = settle(w, true, ANSWER_YES, false);
        sc_buf_free(&out);
    } else {
        status = accept_case_differences(w, i, d, sc_buf_view(&paste));
    }
    sc_diagnosis_free(d);
    sc_buf_free(&paste);
    return status;
}

/* ---- One sample -------------------------------------------------------------------------------------------------- */

/* Named in the expectations or by the sample's own name, or seen in the paste. */
static bool is_about(const work *w, const sc_list *rules)
{
    for (size_t i = 0; i < rules->n; i++) {
        const char *rule = ((const char *const *)rules->items)[i];
        if (sample_names_rule(&w->sample, sc_span_z(rule))) return true;
        for (size_t k = 0; k < w->whole->n_crashes; k++)
            for (size_t f = 0; f < w->whole->crashes[k].n_findings; f++)
                if (!strcmp(w->whole->crashes[k].findings[f].rule->id, rule)) return true;
    }
    return !rules->n;
}

static int accept_all(work *w)
{
    int status = CLI_OK;
    w->s->samples++;
    w->s->cases++;
    if (w->sample.todo.n)
        status = accept_passed_todo(w, ACCEPT_SAMPLE, w->whole, w->sample.text, w->sample.todo);
    else
        status = accept_case_differences(w, ACCEPT_SAMPLE, w->whole, w->sample.text);
    for (size_t i = 0; !status && !w->s->quit && i < w->sample.variants.n; i++) status = accept_variant(w, i);
    return status;
}

static int save(work *w)
{
    sc_error error = {0};
    sc_span text = w->sample.yaml.text;
    if (sc_file_write(w->arena, w->sample.yaml.path, text.p, text.n, NULL, &error))
        return cli_fail("%s: %s", w->sample.yaml.path, error.text);
    w->s->files++;
    return CLI_OK;
}

static int accept_sample(session *s, const char *path, const sc_list *rules)
{
    work w = {.s = s, .arena = sc_arena_new(0)};
    sc_buf report = {0};
    sc_error error = {0};
    sc_reporter reporter = {.report = cli_report, .context = &report};
    int status = CLI_OK;
    int rc = w.arena ? sample_read(w.arena, path, NULL, &w.sample, &reporter, &error)
                     : sc_fail(&error, SC_E_NOMEM, "out of memory");
    if (!rc) rc = sc_diagnose(s->engine, w.sample.text, &w.whole, &error);
    if (rc) {
        s->broken++;
        if (report.n) fwrite(report.p, 1, report.n, stderr);
        cli_say("%s%s%s", rc == SC_E_IO || rc == SC_E_RULE ? "" : path, rc == SC_E_IO || rc == SC_E_RULE ? "" : ": ",
                error.text);
    } else if (is_about(&w, rules)) {
        status = accept_all(&w);
        if (w.changed) {
            int saved = save(&w); /* also what was accepted before something went wrong */
            if (!status) status = saved;
        }
    }
    sc_diagnosis_free(w.whole);
    sc_arena_free(w.arena);
    sc_buf_free(&report);
    return status;
}

/* ---- The command ------------------------------------------------------------------------------------------------- */

static const char *plural(size_t n)
{
    return n == 1 ? "" : "s";
}

static int tell(const session *s)
{
    sc_buf out = {0};
    size_t n = s->verdicts + s->wordings;
    if (!s->samples && !s->broken) return cli_fail("no sample is about that");
    if (!n && s->samples)
        sc_buf_printf(&out, "%zu sample%s, %zu variant%s: all is as expected\n", s->samples, plural(s->samples),
                      s->cases - s->samples, plural(s->cases - s->samples));
    if (n)
        sc_buf_printf(&out, "%zu difference%s (%zu wrong verdict%s, %zu of wording): %zu accepted, %zu left\n", n,
                      plural(n), s->verdicts, plural(s->verdicts), s->wordings, s->accepted, s->left);
    if (s->files)
        sc_buf_printf(&out, "%zu file%s changed. Next: git diff corpus, then stopcode test\n", s->files,
                      plural(s->files));
    int status = cli_put(&out);
    if (status || s->broken) return CLI_ERROR;
    return s->verdicts ? CLI_NO : s->wordings ? CLI_WORDING : CLI_OK;
}

static int run(cli *c)
{
    cli_engine e = {0};
    sample_choice choice;
    session s = {.interactive = c->value[CLI_INTERACTIVE] != NULL};
    sc_arena *a = sc_arena_new(0);
    if (!a) return cli_fail("out of memory");
    int status = cli_open_engine(c, &e);
    if (status) goto done;
    s.engine = e.engine;
    status = cli_choose_samples(c, a, sc_kb_knowledge(e.kb), &choice);
    const char *const *paths = choice.paths.items;
    for (size_t i = 0; !status && !s.quit && i < choice.paths.n; i++)
        status = accept_sample(&s, paths[i], &choice.rules);
    if (!status) status = tell(&s);
    cli_close_engine(&e);
done:
    sc_arena_free(a);
    return status;
}

const cli_command cli_accept = {
    .name = "accept",
    .operands = "[PATH|RULE...]",
    .summary = "take what comes out of the samples today for what is expected",
    .text = "Shows every difference as `stopcode test` does and changes the samples' YAML: those values and no other\n"
            "byte, so comments and order stay. With a RULE only samples that name it, show it or were made for it.\n"
            "A wrong verdict is told apart from wording (lines, values, open rules, commands asked for). Samples and\n"
            "variants marked `todo` are left alone until they pass.\n"
            "Exit status: 0 nothing differed, 1 a wrong verdict did, 3 only wording did - accepted or not.",
    .examples = "stopcode accept\nstopcode accept -i corpus/0x9F\nstopcode accept 0x9F/pnp-lock-held",
    .options = (const cli_option[]){CLI_INTERACTIVE, CLI_CORPUS, CLI_KB, CLI_END},
    .most = -1,
    .run = run,
};
