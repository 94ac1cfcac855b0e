/* The whole way from bytes to reports, for libFuzzer and for tests/fuzz/replay.c.
 *
 * Beyond not crashing it checks what every diagnosis must hold: the same input gives the same result, lines lie inside
 * the paste, a confirmed finding cites something. STOPCODE_KB names the knowledge base; without it the source tree in
 * the current folder is compiled.
 */
#include "kb/kb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static sc_kb *kb;
static sc_engine *engine;

static void die(const char *what, const sc_error *e)
{
    fprintf(stderr, "fuzz_diagnose: %s: %s\n", what, e ? e->text : "");
    abort();
}

static void open_engine(void)
{
    sc_error e = {0};
    const char *path = getenv("STOPCODE_KB");
    if (sc_kb_open(&kb, path ? path : ".", NULL, &e)) die("knowledge base", &e);
    if (sc_engine_new(&engine, sc_kb_knowledge(kb), &e)) die("engine", &e);
}

static void check_lines(const sc_diagnosis *d, uint32_t first, uint32_t last, const char *what)
{
    if (first > last || last > d->lines) die(what, NULL);
}

static void check(const sc_diagnosis *d)
{
    for (size_t i = 0; i < d->n_sections; i++) {
        check_lines(d, d->sections[i].first_line, d->sections[i].last_line, "lines of a section");
    }
    for (size_t i = 0; i < d->n_crashes; i++) {
        const sc_crash *c = &d->crashes[i];
        check_lines(d, c->first_line, c->last_line, "lines of a crash");
        if (i && c->first_line < d->crashes[i - 1].first_line) die("order of the crashes", NULL);
        for (size_t j = 0; j < c->n_findings; j++) {
            const sc_finding *f = &c->findings[j];
            if (f->verdict == SC_CONFIRMED && !f->n_evidence) die("a confirmed rule without evidence", NULL);
            for (size_t k = 0; k < f->n_evidence; k++) {
                if (f->evidence[k].line) {
                    check_lines(d, f->evidence[k].line, f->evidence[k].last_line, "lines of evidence");
                }
            }
        }
    }
}

/* All reports, one after the other. */
static void render(const sc_diagnosis *d, sc_buf *out)
{
    const sc_render_options options = {.source = "paste.txt", .color = true, .all = true};
    for (size_t i = 0; sc_format_names[i]; i++) {
        if (sc_find_renderer(sc_span_z(sc_format_names[i]))(d, &options, out)) die("a report", NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!engine) open_engine();
    sc_buf reports[2] = {{0}, {0}};
    for (int i = 0; i < 2; i++) {
        sc_diagnosis *d = NULL;
        sc_error e = {0};
        if (sc_diagnose(engine, (sc_span){(const char *)data, size}, &d, &e) == SC_OK) {
            check(d);
            render(d, &reports[i]);
        } else if (!e.text[0]) {
            die("an error without a text", NULL);
        }
        sc_diagnosis_free(d);
    }
    if (!sc_eq(sc_buf_view(&reports[0]), sc_buf_view(&reports[1]))) die("two runs differ", NULL);
    sc_buf_free(&reports[0]);
    sc_buf_free(&reports[1]);
    return 0;
}
