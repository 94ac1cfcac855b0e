#define _XOPEN_SOURCE 700 /* nftw */
#include "cli/git_tree.h"

#include "engine/base/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define MAX_ARCHIVE (256u << 20)
#define BLOCK 512u /* of a tar archive */

/* ---- Running git ------------------------------------------------------------------------------------------------ */

static int read_all(int fd, sc_buf *out)
{
    char block[1u << 16];
    for (;;) {
        ssize_t n = read(fd, block, sizeof block);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno;
        if (n == 0) return 0;
        if (out->n + (size_t)n > MAX_ARCHIVE) return EFBIG;
        sc_buf_span(out, (sc_span){block, (size_t)n});
        if (out->failed) return ENOMEM;
    }
}

/* git's exit status, with what it wrote to standard output in *out; -1 with errno when it could not be run. What it
 * says on standard error is thrown away unless `loud`. */
static int run_git(char *const argv[], bool loud, sc_buf *out)
{
    int ends[2], status = 0;
    pid_t pid = 0;
    posix_spawn_file_actions_t actions;
    if (pipe(ends)) return -1;
    int rc = posix_spawn_file_actions_init(&actions);
    if (!rc) {
        rc = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        if (!rc) rc = posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
        if (!rc && !loud) rc = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        if (!rc) rc = posix_spawn_file_actions_addclose(&actions, ends[0]);
        if (!rc) rc = posix_spawn_file_actions_addclose(&actions, ends[1]);
        if (!rc) rc = posix_spawnp(&pid, "git", &actions, NULL, argv, environ);
        posix_spawn_file_actions_destroy(&actions);
    }
    close(ends[1]);
    int failed = rc ? 0 : read_all(ends[0], out);
    close(ends[0]); /* before waiting: git must not hang on a full pipe */
    while (!rc && waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) rc = errno;
    }
    if (rc || failed) {
        errno = rc ? rc : failed;
        return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int check_revision(const char *source, const char *revision)
{
    sc_buf out = {0}, commit = {0};
    char *inside[] = {"git", "-C", (char *)source, "rev-parse", "--git-dir", NULL};
    int status = run_git(inside, false, &out), failed = CLI_OK;
    if (status < 0)
        failed = cli_fail("git cannot be run (%s); compare with a knowledge base instead: stopcode diff FILE",
                          strerror(errno));
    else if (status)
        failed = cli_fail("%s is not in a git repository, so there is no revision %s of it", source, revision);
    sc_buf_printf(&commit, "%s^{commit}", revision);
    if (!failed && commit.failed) failed = cli_fail("out of memory");
    if (!failed) {
        char *verify[] = {"git", "-C", (char *)source, "rev-parse", "--quiet", "--verify", commit.p, NULL};
        if (run_git(verify, false, &out))
            failed = cli_fail("there is no file or folder, and no git revision, called \"%s\"", revision);
    }
    sc_buf_free(&commit);
    sc_buf_free(&out);
    return failed;
}

/* ---- Unpacking -------------------------------------------------------------------------------------------------- */

/* The octal number in a field of a header. */
static bool read_octal(sc_span field, size_t *value)
{
    size_t v = 0, n = 0;
    for (; n < field.n && field.p[n] >= '0' && field.p[n] <= '7'; n++) {
        if (v > MAX_ARCHIVE) return false;
        v = v * 8 + (size_t)(field.p[n] - '0');
    }
    *value = v;
    return n > 0;
}

static sc_span read_text(sc_span field)
{
    return sc_span_sub(field, 0, sc_find_char(field, '\0') == SC_NPOS ? field.n : sc_find_char(field, '\0'));
}

/* Only what was asked for, and nothing that leads elsewhere. */
static bool is_wanted(sc_span path)
{
    return (sc_starts(path, "rules/") || sc_starts(path, "kb/")) && sc_find(path, "..") == SC_NPOS;
}

static int make_folders(sc_buf *path, size_t from)
{
    for (size_t i = from; i < path->n; i++) {
        if (path->p[i] != '/') continue;
        path->p[i] = '\0';
        int rc = mkdir(path->p, 0700) && errno != EEXIST ? errno : 0;
        path->p[i] = '/';
        if (rc) return rc;
    }
    return 0;
}

static int write_file(const sc_buf *folder, sc_span path, sc_span bytes)
{
    sc_buf full = {0};
    sc_buf_printf(&full, "%s/%.*s", folder->p, SC_F(path));
    int rc = full.failed ? ENOMEM : make_folders(&full, folder->n + 1);
    FILE *f = rc ? NULL : fopen(full.p, "wb");
    if (!rc && !f) rc = errno;
    if (f && bytes.n && fwrite(bytes.p, 1, bytes.n, f) != bytes.n) rc = errno ? errno : EIO;
    if (f && fclose(f) && !rc) rc = errno;
    sc_buf_free(&full);
    return rc;
}

/* The files of a ustar archive; what git says about itself in extended headers is skipped. */
static int unpack(sc_span archive, const sc_buf *folder, size_t *files)
{
    *files = 0;
    while (archive.n >= BLOCK && archive.p[0]) {
        sc_span header = sc_span_sub(archive, 0, BLOCK), prefix = read_text(sc_span_sub(header, 345, 500));
        size_t size;
        char type = header.p[156];
        if (!read_octal(sc_span_sub(header, 124, 136), &size)) return EINVAL;
        size_t whole = BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
        if (whole > archive.n) return EINVAL;
        sc_buf path = {0};
        sc_buf_printf(&path, "%.*s%s%.*s", SC_F(prefix), prefix.n ? "/" : "",
                      SC_F(read_text(sc_span_sub(header, 0, 100))));
        int rc = path.failed ? ENOMEM : 0;
        if (!rc && (type == '0' || type == '\0') && is_wanted(sc_buf_view(&path))) {
            rc = write_file(folder, sc_buf_view(&path), sc_span_sub(archive, BLOCK, BLOCK + size));
            *files += 1;
        }
        sc_buf_free(&path);
        if (rc) return rc;
        archive = sc_span_from(archive, whole);
    }
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

void git_tree_remove(sc_buf *folder)
{
    if (folder->n) nftw(folder->p, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    sc_buf_free(folder);
}

int git_tree_checkout(const char *source, const char *revision, sc_buf *folder)
{
    if (*revision == '-') return cli_fail("a revision does not begin with \"-\": %s", revision);
    if (check_revision(source, revision)) return CLI_ERROR;
    sc_buf archive = {0};
    char *argv[] = {"git", "-C",    (char *)source, "archive", "--format=tar", (char *)revision,
                    "--",  "rules", "kb/reference", NULL};
    int status = run_git(argv, true, &archive), rc;
    size_t files = 0;
    if (status) {
        sc_buf_free(&archive);
        return status < 0 ? cli_fail("git archive: %s", strerror(errno))
                          : cli_fail("%s has no rules/ and kb/reference/ at revision %s", source, revision);
    }
    const char *base = getenv("TMPDIR");
    sc_buf_printf(folder, "%s/stopcode-XXXXXX", base && *base ? base : "/tmp");
    if (folder->failed || !mkdtemp(folder->p)) {
        int why = folder->failed ? ENOMEM : errno;
        cli_fail("%s: %s", folder->p ? folder->p : "temporary folder", strerror(why));
        sc_buf_clear(folder);
        rc = CLI_ERROR;
    } else {
        int why = unpack(sc_buf_view(&archive), folder, &files);
        rc = why ? cli_fail("the archive of revision %s: %s", revision, strerror(why)) : CLI_OK;
        if (!rc && !files) rc = cli_fail("%s has no rules at revision %s", source, revision);
    }
    sc_buf_free(&archive);
    if (rc) git_tree_remove(folder);
    return rc;
}
