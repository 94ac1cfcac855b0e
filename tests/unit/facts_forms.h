/* One output in the forms in which people paste it: what a parser reads from it must not depend on the form. */
#ifndef STOPCODE_FACTS_FORMS_H
#define STOPCODE_FACTS_FORMS_H

#include "tests/unit/facts_fixture.h"

static inline size_t fx_rows_of(const char *text, const char *table)
{
    fx f = fx_read(text);
    size_t n = fx_count(&f, table);
    fx_free(&f);
    return n;
}

enum { FX_NO_PROMPTLESS = 1, FX_NO_FLAT = 2, FX_NO_TWICE = 4 }; /* forms that lose what the output needs */

/* `text` begins with a prompt line. It yields `rows` rows: as it is, without its prompt, without indentation, in one
 * line behind the prompt, and twice as many when pasted twice. */
static inline void fx_assert_forms(const char *text, const char *table, size_t rows, int except)
{
    size_t n = strlen(text), at = 0;
    char *copy = malloc(2 * n + 1);
    assert_non_null(copy);
    const char *body = strchr(text, '\n') + 1;

    assert_int_equal(fx_rows_of(text, table), rows);
    if (!(except & FX_NO_PROMPTLESS)) assert_int_equal(fx_rows_of(body, table), rows);
    for (const char *p = text; *p; p++) {
        bool start = p == text || p[-1] == '\n';
        while (start && *p == ' ') p++;
        copy[at++] = *p;
    }
    copy[at] = '\0';
    assert_int_equal(fx_rows_of(copy, table), rows);
    if (!(except & FX_NO_FLAT)) {
        strcpy(copy, text);
        for (char *p = copy + (body - text); *p; p++)
            if (*p == '\n') *p = ' ';
        assert_int_equal(fx_rows_of(copy, table), rows);
    }
    if (!(except & FX_NO_TWICE)) {
        strcpy(copy, text);
        strcat(copy, text);
        assert_int_equal(fx_rows_of(copy, table), 2 * rows);
    }
    free(copy);
}

/* What a command's taster says of a text's first line. */
static inline sc_taste fx_taste(const char *command, const char *text)
{
    sc_arena *a = sc_arena_new(0);
    sc_transcript t = {0};
    sc_error e = {0};
    const sc_command *c = sc_find_command(sc_span_z(command));
    assert_non_null(a);
    assert_non_null(c);
    assert_int_equal(sc_transcript_repair(a, sc_span_z(text), &t, &e), SC_OK);
    sc_taste taste = c->taste(t.lines, t.n_lines);
    sc_arena_free(a);
    return taste;
}

/* Every line with text is some parser's, but for the first, a prompt's. */
static inline void fx_assert_taken(const char *text)
{
    fx f = fx_read(text);
    assert_non_null(f.facts);
    for (size_t i = 1; i < f.transcript.n_lines; i++)
        if (f.transcript.lines[i].text.n && !f.facts->taken[i])
            fail_msg("nobody took line %u: %.*s", f.transcript.lines[i].number, SC_F(f.transcript.lines[i].text));
    fx_free(&f);
}

/* The first `lines` lines of a text, the last one cut in the middle. */
static inline char *fx_cut(const char *text, int lines)
{
    const char *p = text;
    for (int i = 1; i < lines; i++) p = strchr(p, '\n') + 1;
    size_t n = (size_t)(p - text) + strcspn(p, "\n") / 2;
    char *copy = malloc(n + 1);
    assert_non_null(copy);
    memcpy(copy, text, n);
    copy[n] = '\0';
    return copy;
}

#endif
