#include "cli/lint_corpus.h"

#include "cli/sample.h"
#include "kb/files.h"
#include "kb/messages.h"

#include <string.h>

#define MAX_DEPTH 8 /* of folders in the corpus */

/* A paste that was read, for comparing. */
typedef struct read_paste {
    const char *path;
    sc_span text;
    uint32_t hash;
} read_paste;

typedef struct walk {
    sc_arena *arena;
    const sc_knowledge *knowledge;
    sc_reporter *reporter;
    sc_list pastes; /* read_paste */
} walk;

/* A fault of a whole file. */
static void tell(walk *w, const char *path, const char *text)
{
    sc_messages m = {.arena = w->arena};
    sc_note(&m, SC_ERROR, &(sc_source_text){.path = path, .shown = path}, (sc_place){0}, "%s", text);
    sc_messages_flush(&m, w->reporter);
}

static void check_twin(walk *w, const char *path, sc_span text)
{
    read_paste now = {path, text, sc_hash(text)}, *all = w->pastes.items;
    for (size_t i = 0; i < w->pastes.n; i++) {
        if (all[i].hash != now.hash || !sc_eq(all[i].text, now.text)) continue;
        tell(w, path,
             sc_arena_printf(w->arena,
                             "the same paste as %s: make one of them a variant of the other, or take "
                             "it away",
                             all[i].path)
                 .p);
        return;
    }
    read_paste *slot = sc_list_add(w->arena, &w->pastes, sizeof *slot);
    if (slot) *slot = now;
}

static void check_sample(walk *w, const char *path)
{
    sample s;
    sc_error error = {0};
    int rc = sample_read(w->arena, path, w->knowledge, &s, w->reporter, &error);
    if (rc && rc != SC_E_RULE) /* faults of the expectations were told one by one */
        tell(w, path, error.text);
    else
        check_twin(w, path, s.text);
}

/* PATH without its ending, and another one. */
static const char *beside(const walk *w, const char *path, const char *ending)
{
    sc_span s = sc_span_z(path);
    return sc_arena_printf(w->arena, "%.*s%s", SC_F(sc_span_sub(s, 0, sc_rfind_char(s, '.'))), ending).p;
}

static int check_folder(walk *w, const char *folder, int depth, sc_error *error)
{
    const char *const *names;
    size_t n;
    int rc = sc_folder_list(w->arena, folder, &names, &n, error);
    for (size_t i = 0; !rc && i < n; i++) {
        const char *path = sc_path_join(w->arena, folder, names[i]);
        sc_span name = sc_span_z(names[i]);
        if (sc_file_look(path).folder) {
            if (depth < MAX_DEPTH) rc = check_folder(w, path, depth + 1, error);
        } else if (depth && sc_ends(name, ".txt")) { /* beside the folders are lists, no samples */
            if (sc_file_look(beside(w, path, ".yaml")).exists)
                check_sample(w, path);
            else
                tell(w, path,
                     sc_arena_printf(w->arena, "there is no %s beside it, which says what must come out",
                                     beside(w, names[i], ".yaml"))
                         .p);
        } else if (depth && sc_ends(name, ".yaml") && !sc_file_look(beside(w, path, ".txt")).exists) {
            tell(w, path,
                 sc_arena_printf(w->arena, "there is no %s beside it, the paste that it is about",
                                 beside(w, names[i], ".txt"))
                     .p);
        }
    }
    return rc;
}

int cli_lint_corpus(const char *root, const sc_knowledge *k, sc_reporter *reporter, sc_error *error)
{
    walk w = {.arena = sc_arena_new(0), .knowledge = k, .reporter = reporter};
    if (!w.arena) return sc_fail(error, SC_E_NOMEM, "out of memory");
    const char *folder = sc_path_join(w.arena, root, "corpus");
    int rc = sc_file_look(folder).folder ? check_folder(&w, folder, 0, error) : SC_OK;
    if (!rc && sc_arena_failed(w.arena)) rc = sc_fail(error, SC_E_NOMEM, "out of memory");
    sc_arena_free(w.arena);
    return rc;
}
