/* What the tests of paste repair share.
 *
 * What comes out is compared as text, a line each: number[-last] [flags]|text[ {note}]. Flags: F a fence stood before,
 * M a message of the debugger, C output was cut here.
 */
#ifndef STOPCODE_TESTS_REPAIR_FIXTURE_H
#define STOPCODE_TESTS_REPAIR_FIXTURE_H

#include "engine/base/buf.h"
#include "engine/base/limits.h"
#include "engine/transcript/transcript.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static inline void dump(const sc_transcript *t, sc_buf *out)
{
    for (size_t i = 0; i < t->n_lines; i++) {
        const sc_line *line = &t->lines[i];
        if (line->last != line->number)
            sc_buf_printf(out, "%u-%u", line->number, line->last);
        else
            sc_buf_printf(out, "%u", line->number);
        if (line->flags) sc_buf_char(out, ' ');
        if (line->flags & SC_LINE_FENCE) sc_buf_char(out, 'F');
        if (line->flags & SC_LINE_MESSAGE) sc_buf_char(out, 'M');
        if (line->flags & SC_LINE_CUT) sc_buf_char(out, 'C');
        assert_int_equal(line->flags & ~(unsigned)(SC_LINE_FENCE | SC_LINE_MESSAGE | SC_LINE_CUT), 0);
        sc_buf_printf(out, "|%.*s", SC_F(line->text));
        if (line->note.n) sc_buf_printf(out, " {%.*s}", SC_F(line->note));
        sc_buf_char(out, '\n');
    }
}

/* The paste (n bytes) comes out as `lines`, and exactly the kinds of damage in `repairs` are reported. */
static inline void expect_n(const char *paste, size_t n, const char *repairs, const char *lines)
{
    char *copy = malloc(n ? n : 1); /* no byte behind the paste, and gone before the result is read */
    assert_non_null(copy);
    memcpy(copy, paste, n);
    sc_arena *a = sc_arena_new(0);
    sc_transcript t;
    sc_error error = {0};
    int rc = sc_transcript_repair(a, (sc_span){copy, n}, &t, &error);
    free(copy);
    if (rc != SC_OK) fail_msg("%s", error.text);
    sc_buf got = {0}, kinds = {0};
    dump(&t, &got);
    for (int i = 0; i < SC_N_REPAIRS; i++)
        if (t.repairs >> i & 1) sc_buf_printf(&kinds, "%s%s", kinds.n ? " " : "", sc_repair_names[i]);
    assert_string_equal(got.p, lines);
    assert_string_equal(kinds.p ? kinds.p : "", repairs);
    sc_buf_free(&got);
    sc_buf_free(&kinds);
    sc_arena_free(a);
}

static inline void expect(const char *paste, const char *repairs, const char *lines)
{
    expect_n(paste, strlen(paste), repairs, lines);
}

/* One line in, one line out. */
static inline void expect_line(const char *paste, const char *repairs, const char *text)
{
    sc_buf lines = {0};
    sc_buf_printf(&lines, "1|%s\n", text);
    expect(paste, repairs, lines.p);
    sc_buf_free(&lines);
}

static inline void expect_same(const char *line) { expect_line(line, "", line); }

static inline void expect_error(const char *paste, size_t n, const char *text)
{
    sc_arena *a = sc_arena_new(0);
    sc_transcript t;
    sc_error error = {0};
    assert_int_equal(sc_transcript_repair(a, (sc_span){paste, n}, &t, &error), SC_E_INPUT);
    if (!strstr(error.text, text)) fail_msg("\"%s\" lacks \"%s\"", error.text, text);
    sc_arena_free(a);
}

#endif
