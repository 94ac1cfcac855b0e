#define _XOPEN_SOURCE 700 /* realpath */
#include "kb/files.h"

#include "engine/base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

sc_file_info sc_file_look(const char *path)
{
    struct stat s;
    if (stat(path, &s)) return (sc_file_info){0};
    return (sc_file_info){
        .exists = true,
        .folder = S_ISDIR(s.st_mode),
        .size = (uint64_t)s.st_size,
        .mtime_ns = (int64_t)s.st_mtim.tv_sec * 1000000000 + s.st_mtim.tv_nsec,
    };
}

int sc_file_read(sc_arena *a, const char *path, size_t limit, char **bytes, size_t *n, sc_error *error)
{
    int rc = SC_OK;
    char *p = NULL;
    size_t used = 0;
    struct stat s;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a pipe of that name must not hang us */
    if (fd < 0) return sc_fail(error, SC_E_IO, "%s", strerror(errno));
    if (fstat(fd, &s)) {
        rc = sc_fail(error, SC_E_IO, "%s", strerror(errno));
        goto done;
    }
    if (!S_ISREG(s.st_mode)) {
        rc = sc_fail(error, SC_E_IO, "not a regular file");
        goto done;
    }
    if ((uint64_t)s.st_size > limit) {
        rc = sc_fail(error, SC_E_IO, "larger than %zu bytes", limit);
        goto done;
    }
    p = sc_arena_get(a, (size_t)s.st_size + 1);
    if (!p) {
        rc = sc_fail(error, SC_E_NOMEM, "out of memory");
        goto done;
    }
    while (used < (size_t)s.st_size) { /* a file that grows meanwhile is read up to its old size */
        ssize_t got = read(fd, p + used, (size_t)s.st_size - used);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            rc = sc_fail(error, SC_E_IO, "%s", strerror(errno));
            goto done;
        }
        if (!got) break;
        used += (size_t)got;
    }
    *bytes = p;
    *n = used;
done:
    close(fd);
    return rc;
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

int sc_file_write(sc_arena *a, const char *path, const void *bytes, size_t n, bool *denied, sc_error *error)
{
    const char *beside = "";
    int fd = -1;
    if (denied) *denied = false;
    for (int attempt = 0; attempt < 100 && fd < 0;
         attempt++) { /* an earlier process of our number may have died here */
        beside = sc_arena_printf(a, "%s.%ld-%d.tmp", path, (long)getpid(), attempt).p;
        fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST) break;
    }
    if (fd < 0) {
        if (denied) *denied = errno == EACCES || errno == EROFS || errno == EPERM;
        return sc_fail(error, SC_E_IO, "cannot be written: %s", strerror(errno));
    }
    bool good = write_all(fd, bytes, n) && fsync(fd) == 0;
    int why = errno;
    if (close(fd) && good) {
        good = false;
        why = errno;
    }
    if (good && rename(beside, path)) {
        good = false;
        why = errno;
    }
    if (!good) {
        unlink(beside);
        return sc_fail(error, SC_E_IO, "cannot be written: %s", strerror(why));
    }
    int folder = open(sc_path_folder(a, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) { /* the new name survives a power cut as well; when it cannot be flushed it is still right */
        (void)fsync(folder);
        close(folder);
    }
    return SC_OK;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int sc_folder_list(sc_arena *a, const char *path, const char *const **names, size_t *n, sc_error *error)
{
    DIR *d = opendir(path);
    if (!d) return sc_fail(error, SC_E_IO, "%s", strerror(errno));
    sc_list list = {0};
    const struct dirent *e;
    while ((errno = 0, e = readdir(d))) {
        if (e->d_name[0] == '.') continue;
        const char **slot = sc_list_add(a, &list, sizeof *slot);
        if (slot) *slot = sc_arena_z(a, sc_span_z(e->d_name));
    }
    int why = errno;
    closedir(d);
    if (why) return sc_fail(error, SC_E_IO, "%s", strerror(why));
    if (sc_arena_failed(a)) return sc_fail(error, SC_E_NOMEM, "out of memory");
    if (list.n) qsort(list.items, list.n, sizeof(const char *), compare_names);
    *names = list.items;
    *n = list.n;
    return SC_OK;
}

const char *sc_path_join(sc_arena *a, const char *folder, const char *name)
{
    size_t n = strlen(folder);
    if (!n || strcmp(folder, ".") == 0) return name;
    return sc_arena_printf(a, folder[n - 1] == '/' ? "%s%s" : "%s/%s", folder, name).p;
}

const char *sc_path_folder(sc_arena *a, const char *path)
{
    sc_span s = sc_span_z(path);
    size_t slash = sc_rfind_char(s, '/');
    if (slash == SC_NPOS) return ".";
    return slash ? sc_arena_z(a, sc_span_sub(s, 0, slash)) : "/";
}

const char *sc_path_real(sc_arena *a, const char *path)
{
    char *real = realpath(path, NULL);
    if (!real) return NULL;
    const char *kept = sc_arena_z(a, sc_span_z(real));
    free(real);
    return kept;
}

const char *sc_path_relative(sc_arena *a, const char *from, const char *to)
{
    size_t shared = 0, i = 0; /* bytes up to the end of the last folder that both have */
    for (;; i++) {
        bool from_ends = !from[i] || from[i] == '/', to_ends = !to[i] || to[i] == '/';
        if (from_ends && to_ends) shared = i;
        if (from[i] != to[i] || !from[i]) break;
    }
    sc_buf path = {0};
    for (const char *p = from + shared; *p; p++)
        if (*p == '/' && p[1]) sc_buf_z(&path, path.n ? "/.." : "..");
    const char *down = to + shared;
    while (*down == '/') down++;
    if (*down && path.n) sc_buf_char(&path, '/');
    sc_buf_z(&path, down);
    const char *kept = path.failed ? to : sc_arena_z(a, path.n ? sc_buf_view(&path) : SC_S("."));
    sc_buf_free(&path);
    return kept;
}
