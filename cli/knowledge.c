/* Finding and opening the knowledge base. */
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef STOPCODE_PREFIX
#define STOPCODE_PREFIX "/usr/local"
#endif

void cli_report(void *buffer, const sc_message *m)
{
    sc_message_render(m, buffer);
}

/* While something else is asked for, only faults that stand in its way are told. */
static void report_errors(void *buffer, const sc_message *m)
{
    if (m->severity == SC_ERROR) sc_message_render(m, buffer);
}

void cli_put_program(sc_buf *out, const char *called)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);
    if (n > 0 && (size_t)n < sizeof path)
        sc_buf_span(out, (sc_span){path, (size_t)n});
    else
        sc_buf_z(out, called);
}

int cli_open_kb(const cli *c, sc_kb **kb)
{
    sc_buf path = {0}, program = {0}, prefix = {0}, messages = {0};
    sc_error error = {0};
    sc_reporter reporter = {.report = report_errors, .context = &messages};
    cli_put_program(&program, c->program);
    /* PREFIX/bin/stopcode belongs to PREFIX, wherever that was moved to */
    size_t slash = sc_rfind_char(sc_buf_view(&program), '/');
    sc_span folder = slash == SC_NPOS ? SC_S("") : sc_span_sub(sc_buf_view(&program), 0, slash);
    if (sc_ends(folder, "/bin"))
        sc_buf_span(&prefix, sc_span_sub(folder, 0, folder.n - 4));
    else
        sc_buf_z(&prefix, STOPCODE_PREFIX);
    sc_kb_places places = {
        .option = c->value[CLI_KB],
        .environment = getenv("STOPCODE_KB"),
        .program = program.p,
        .search_path = getenv("PATH"),
        .prefix = prefix.p,
    };
    int rc = program.failed || prefix.failed ? SC_E_NOMEM : sc_kb_find(&path, &places, &error);
    if (!rc) rc = sc_kb_open(kb, path.p, &reporter, &error);
    if (messages.n) fwrite(messages.p, 1, messages.n, stderr);
    if (rc) cli_fail("%s", *error.text ? error.text : "the knowledge base cannot be opened");
    sc_buf_free(&path);
    sc_buf_free(&program);
    sc_buf_free(&prefix);
    sc_buf_free(&messages);
    return rc ? CLI_ERROR : CLI_OK;
}

int cli_open_engine(const cli *c, cli_engine *e)
{
    sc_error error = {0};
    *e = (cli_engine){0};
    if (cli_open_kb(c, &e->kb)) return CLI_ERROR;
    if (!sc_engine_new(&e->engine, sc_kb_knowledge(e->kb), &error)) return CLI_OK;
    sc_kb_close(e->kb);
    e->kb = NULL;
    return cli_fail("%s", *error.text ? error.text : "out of memory");
}

void cli_close_engine(cli_engine *e)
{
    sc_engine_free(e->engine);
    sc_kb_close(e->kb);
}

static bool is_folder(const sc_buf *base, const char *name)
{
    struct stat st;
    sc_buf path = {0};
    sc_buf_printf(&path, "%s/%s", base->p, name);
    bool is = !path.failed && !stat(path.p, &st) && S_ISDIR(st.st_mode);
    sc_buf_free(&path);
    return is;
}

bool cli_find_source(sc_buf *out, const char *from)
{
    struct stat here, above;
    sc_buf_z(out, *from ? from : ".");
    if (stat(out->p, &here)) return false;
    if (!S_ISDIR(here.st_mode)) { /* start from the file's folder */
        size_t slash = sc_rfind_char(sc_buf_view(out), '/');
        sc_buf_clear(out);
        if (slash == SC_NPOS)
            sc_buf_char(out, '.');
        else
            sc_buf_span(out, sc_span_sub(sc_span_z(from), 0, slash ? slash : 1));
        if (stat(out->p, &here)) return false;
    }
    while (!out->failed && out->n < 4096) {
        if (is_folder(out, "rules") && is_folder(out, "kb/reference")) return true;
        sc_buf_z(out, "/..");
        /* the root is its own parent */
        if (out->failed || stat(out->p, &above) || (above.st_dev == here.st_dev && above.st_ino == here.st_ino))
            return false;
        here = above;
    }
    return false;
}
