#include "cli/choose.h"

#include "kb/files.h"
#include "kb/messages.h"

#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 8u /* of folders in the corpus */

static int add(sc_arena *a, sc_list *list, const char *text)
{
    const char **item = sc_list_add(a, list, sizeof *item);
    if (item) *item = text;
    return item ? CLI_OK : cli_fail("out of memory");
}

/* "x/y.yaml" stands for "x/y.txt". */
static int add_file(sc_arena *a, sc_list *paths, const char *path)
{
    sc_span s = sc_span_z(path);
    if (!sc_ends(s, ".yaml") && !sc_ends(s, ".txt"))
        return cli_fail("%s: a sample is a .txt file with a .yaml file beside it", path);
    size_t dot = sc_rfind_char(s, '.');
    return add(a, paths, sc_arena_printf(a, "%.*s.txt", SC_F(sc_span_sub(s, 0, dot))).p);
}

static int add_folder(sc_arena *a, sc_list *paths, const char *folder, unsigned depth)
{
    const char *const *names;
    size_t n;
    sc_error error = {0};
    int status = CLI_OK;
    if (depth == MAX_DEPTH) return cli_fail("%s: folders are nested more than %u deep", folder, MAX_DEPTH);
    if (sc_folder_list(a, folder, &names, &n, &error)) return cli_fail("%s: %s", folder, error.text);
    for (size_t i = 0; !status && i < n; i++) {
        const char *path = sc_path_join(a, folder, names[i]);
        sc_span name = sc_span_z(names[i]);
        if (sc_file_look(path).folder)
            status = add_folder(a, paths, path, depth + 1);
        else if (sc_ends(name, ".txt") || sc_ends(name, ".yaml"))
            status = add_file(a, paths, path);
    }
    return status;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Each sample is named by two files. */
static void sort_paths(sc_list *list)
{
    const char **paths = list->items;
    size_t kept = 0;
    if (list->n) qsort(paths, list->n, sizeof *paths, by_path);
    for (size_t i = 0; i < list->n; i++)
        if (!kept || strcmp(paths[kept - 1], paths[i]) != 0) paths[kept++] = paths[i];
    list->n = kept;
}

const char *cli_find_corpus(const cli *c, sc_arena *a)
{
    const char *corpus = c->value[CLI_CORPUS];
    if (!corpus && sc_file_look("corpus").folder) corpus = "corpus";
    sc_buf source = {0};
    if (!corpus && cli_find_source(&source, "."))
        corpus = sc_path_join(a, sc_arena_z(a, sc_buf_view(&source)), "corpus");
    sc_buf_free(&source);
    return corpus;
}

static int add_corpus(const cli *c, sc_arena *a, sc_list *paths)
{
    const char *corpus = cli_find_corpus(c, a);
    if (!corpus) return cli_fail("there is no corpus/ here or above; name one with --corpus");
    return add_folder(a, paths, corpus, 0);
}

static int add_rule(sc_arena *a, const sc_knowledge *k, sc_list *rules, const char *word)
{
    sc_nearest near = sc_nearest_to(sc_span_z(word));
    for (size_t i = 0; i < k->n_rules; i++) {
        if (sc_ieq_z(sc_span_z(word), k->rules[i].id)) return add(a, rules, k->rules[i].id);
        sc_nearest_try(&near, k->rules[i].id);
    }
    return cli_fail("there is no file, folder or rule \"%s\"%s", word, sc_nearest_hint(&near, a));
}

int cli_choose_samples(const cli *c, sc_arena *a, const sc_knowledge *k, sample_choice *out)
{
    int status = CLI_OK;
    *out = (sample_choice){0};
    for (int i = 0; !status && i < c->n; i++) {
        const char *word = c->operands[i];
        sc_file_info info = sc_file_look(word);
        if (info.folder)
            status = add_folder(a, &out->paths, word, 0);
        else if (info.exists)
            status = add_file(a, &out->paths, word);
        else
            status = add_rule(a, k, &out->rules, word);
    }
    if (!status && !out->paths.n) status = add_corpus(c, a, &out->paths);
    sort_paths(&out->paths);
    return status;
}
