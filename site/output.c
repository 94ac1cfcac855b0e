#define _POSIX_C_SOURCE 200809L
#include "site/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kb/files.h"

#define LIST ".stopcode-site"
enum { MOST_LIST_BYTES = 8 << 20 };

struct site_output {
    sc_arena *arena;
    const char *folder;
    sc_list before, now; /* const char *: paths, sorted */
    size_t written, removed;
};

static int by_name(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static int fail(sc_error *error, const char *path)
{
    return sc_fail(error, SC_E_IO, "%s: %s", path, strerror(errno));
}

static bool same(const char *path, sc_span bytes)
{
    struct stat s;
    if (stat(path, &s) || (uint64_t)s.st_size != bytes.n) return false;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    char part[1 << 14];
    size_t at = 0;
    bool equal = true;
    for (ssize_t n; equal && (n = read(fd, part, sizeof part)) > 0; at += (size_t)n)
        equal = at + (size_t)n <= bytes.n && !memcmp(part, bytes.p + at, (size_t)n);
    close(fd);
    return equal && at == bytes.n;
}

/* The folders above a file. */
static bool make_folders(char *path, size_t from)
{
    for (char *p = path + from; (p = strchr(p, '/')); p++) {
        *p = '\0';
        bool made = mkdir(path, 0777) == 0 || errno == EEXIST;
        *p = '/';
        if (!made) return false;
    }
    return true;
}

static bool replace(char *path, const char *beside, size_t folder, sc_span bytes)
{
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0 && errno == ENOENT && make_folders(path, folder))
        fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return false;
    size_t at = 0;
    while (at < bytes.n) {
        ssize_t n = write(fd, bytes.p + at, bytes.n - at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        at += (size_t)n;
    }
    bool done = close(fd) == 0 && at == bytes.n && rename(beside, path) == 0;
    if (!done) unlink(beside);
    return done;
}

int site_output_open(site_output **out, const char *folder, sc_error *error)
{
    sc_arena *a = sc_arena_new(0);
    site_output *o = a ? sc_arena_get(a, sizeof *o) : NULL;
    if (!o) return sc_fail(error, SC_E_NOMEM, "out of memory");
    *o = (site_output){.arena = a, .folder = sc_arena_z(a, sc_span_z(folder))};
    *out = o;
    if (mkdir(folder, 0777) && errno != EEXIST) return fail(error, folder);
    const char *list = sc_path_join(a, folder, LIST);
    if (!sc_file_look(list).exists) {
        const char *const *names;
        size_t n;
        if (sc_folder_list(a, folder, &names, &n, error)) return SC_E_IO;
        if (n) return sc_fail(error, SC_E_IO, "%s: has files that are not of a site; name an empty folder", folder);
        /* from now on the folder is a site's, also when this run does not get to its end */
        sc_span beside = sc_arena_printf(a, "%s.new", list);
        return replace((char *)(uintptr_t)list, beside.p, strlen(folder) + 1, SC_S("")) ? SC_OK : fail(error, list);
    }
    char *bytes;
    size_t n;
    if (sc_file_read(a, list, MOST_LIST_BYTES, &bytes, &n, error)) return SC_E_IO;
    for (sc_span rest = {bytes, n}, line; rest.n;) {
        sc_cut(rest, "\n", &line, &rest);
        /* a list that somebody changed must not lead out of the folder */
        if (!line.n || line.p[0] == '/' || sc_find(line, "..") != SC_NPOS) continue;
        const char **path = sc_list_add(a, &o->before, sizeof *path);
        if (path) *path = sc_arena_z(a, line);
    }
    return SC_OK;
}

int site_output_put(site_output *o, const char *path, sc_span bytes, sc_error *error)
{
    const char **kept = sc_list_add(o->arena, &o->now, sizeof *kept);
    sc_span full = sc_arena_printf(o->arena, "%s/%s", o->folder, path);
    sc_span beside = sc_arena_printf(o->arena, "%.*s.new", SC_F(full));
    if (!kept || sc_arena_failed(o->arena)) return sc_fail(error, SC_E_NOMEM, "out of memory");
    *kept = sc_arena_z(o->arena, sc_span_z(path));
    if (same(full.p, bytes)) return SC_OK;
    char *own = (char *)(uintptr_t)full.p; /* the arena's copy is ours to change */
    if (!replace(own, beside.p, strlen(o->folder) + 1, bytes)) return fail(error, full.p);
    o->written++;
    return SC_OK;
}

/* A folder goes with its last file. */
static void remove_file(site_output *o, const char *path)
{
    sc_span full = sc_arena_printf(o->arena, "%s/%s", o->folder, path);
    if (unlink(full.p)) return;
    o->removed++;
    char *p = (char *)(uintptr_t)full.p;
    for (char *slash; (slash = strrchr(p, '/')) && (size_t)(slash - p) > strlen(o->folder);) {
        *slash = '\0';
        if (rmdir(p)) return;
    }
}

int site_output_close(site_output *o, site_result *result, sc_error *error)
{
    int rc = SC_OK;
    if (!o) return rc;
    const char **now = o->now.items, **before = o->before.items;
    if (o->now.n && !error->code) {
        qsort(now, o->now.n, sizeof *now, by_name);
        for (size_t i = 0; i < o->before.n; i++)
            if (!bsearch(&before[i], now, o->now.n, sizeof *now, by_name)) remove_file(o, before[i]);
        sc_buf list = {0};
        for (size_t i = 0; i < o->now.n; i++) sc_buf_printf(&list, "%s\n", now[i]);
        sc_span path = sc_arena_printf(o->arena, "%s/" LIST, o->folder);
        sc_span beside = sc_arena_printf(o->arena, "%s/" LIST ".new", o->folder);
        char *own = (char *)(uintptr_t)path.p;
        if (!same(path.p, sc_buf_view(&list)) && !replace(own, beside.p, strlen(o->folder) + 1, sc_buf_view(&list)))
            rc = fail(error, path.p);
        sc_buf_free(&list);
    }
    result->files = o->now.n;
    result->written = o->written;
    result->removed = o->removed;
    sc_arena_free(o->arena);
    return rc;
}
