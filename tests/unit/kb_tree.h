/* For the tests of kb/: a source tree in a temporary folder, made of tests/data/kb/, and what lint says about it. */
#ifndef STOPCODE_TEST_KB_TREE_H
#define STOPCODE_TEST_KB_TREE_H

#define _XOPEN_SOURCE 700 /* mkdtemp, nftw */

#include "kb/kb.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DATA "tests/data/kb/"

/* A whole file, NUL-terminated; to be freed. */
static inline char *file_read(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f) fail_msg("%s cannot be read; tests run in the folder of the project", path);
    sc_buf b = {0};
    for (int c; (c = getc(f)) != EOF;) sc_buf_char(&b, (char)c);
    fclose(f);
    sc_buf_char(&b, '\0');
    assert_false(b.failed);
    return b.p;
}

typedef struct tree {
    char root[64];
    time_t tick; /* every file is written a second after the one before, long ago */
} tree;

static inline const char *tree_path(const tree *t, const char *path)
{
    static char full[512];
    snprintf(full, sizeof full, "%s/%s", t->root, path);
    return full;
}

static inline void tree_write(tree *t, const char *path, const char *text)
{
    char full[512];
    snprintf(full, sizeof full, "%s/%s", t->root, path);
    for (char *p = full + strlen(t->root) + 1; *p; p++)
        if (*p == '/') {
            *p = '\0';
            (void)mkdir(full, 0777);
            *p = '/';
        }
    FILE *f = fopen(full, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    assert_int_equal(fclose(f), 0);
    struct timespec times[2] = {{.tv_sec = ++t->tick}, {.tv_sec = t->tick}};
    assert_int_equal(utimensat(AT_FDCWD, full, times, 0), 0);
}

/* A tree without fault: two rules and small tables. */
static inline void tree_new(tree *t)
{
    static const char *const files[][2] = {
        {"kb/reference/bugchecks.tsv", DATA "bugchecks.tsv"}, {"kb/reference/modules.tsv", DATA "modules.tsv"},
        {"kb/reference/ntstatus.tsv", DATA "ntstatus.tsv"},   {"rules/0x9F/good.md", DATA "good-rule.md"},
        {"kb/reference/cpu_clock.tsv", DATA "cpu_clock.tsv"}, {"rules/0x9F/other.md", DATA "other-rule.md"},
    };
    const char *base = getenv("TMPDIR");
    snprintf(t->root, sizeof t->root, "%.40s/stopcode.XXXXXX", base && base[0] ? base : "/tmp");
    assert_non_null(mkdtemp(t->root));
    t->tick = 1577836800; /* 2020 */
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char *text = file_read(files[i][1]);
        tree_write(t, files[i][0], text);
        free(text);
    }
}

static inline int tree_remove_one(const char *path, const struct stat *s, int type, struct FTW *f)
{
    (void)s, (void)type, (void)f;
    return remove(path);
}

static inline void tree_free(tree *t) { assert_int_equal(nftw(t->root, tree_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0); }

/* A copy of `text` in which the first `from` is `to`; it must be there. To be freed. */
static inline char *replaced(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    if (!at) fail_msg("the text to replace is not there: %s", from);
    size_t n = strlen(text) + strlen(to) + 1;
    char *copy = malloc(n);
    assert_non_null(copy);
    snprintf(copy, n, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    return copy;
}

/* Messages as people read them, with the tree's own path taken off. */
typedef struct heard {
    const tree *t;
    sc_buf text;
} heard;

static inline void hear(void *context, const sc_message *m)
{
    heard *h = context;
    sc_message local = *m;
    size_t n = strlen(h->t->root);
    if (strncmp(local.file, h->t->root, n) == 0) local.file += n + 1;
    sc_message_render(&local, &h->text);
}

/* What lint says about the tree; its code in *rc. To be freed. */
static inline char *lint_of(const tree *t, int *rc)
{
    heard h = {.t = t};
    sc_reporter reporter = {.report = hear, .context = &h};
    sc_error error = {0};
    *rc = sc_kb_lint(t->root, &reporter, &error);
    if (*rc && !h.text.n) sc_buf_z(&h.text, error.text);
    sc_buf_char(&h.text, '\0');
    assert_false(h.text.failed);
    return h.text.p;
}

/* The same about a good tree with `text` as its file `path`. */
static inline char *lint_with(const char *path, const char *text, int *rc)
{
    tree t;
    tree_new(&t);
    tree_write(&t, path, text);
    char *said = lint_of(&t, rc);
    tree_free(&t);
    return said;
}

#endif
