/* Files, folders and paths: the only file of kb/ that talks to the operating system. Internal to kb/.
 * Errors say why, without the path: the caller knows which one it meant. */
#ifndef STOPCODE_KB_FILES_H
#define STOPCODE_KB_FILES_H

#include "engine/base/arena.h"
#include "engine/base/error.h"

typedef struct sc_file_info {
    bool exists, folder;
    uint64_t size;
    int64_t mtime_ns; /* nanoseconds since 1970 */
} sc_file_info;

sc_file_info sc_file_look(const char *path); /* follows links; what cannot be looked at does not exist */
/* The whole file, NUL-terminated behind its end. SC_E_IO, also when it has more than `limit` bytes. */
int sc_file_read(sc_arena *a, const char *path, size_t limit, char **bytes, size_t *n, sc_error *error);
/* Replaces the file at once or not at all: written beside, flushed to the disk, renamed. *denied (may be NULL) tells
 * that the folder cannot be written to. */
int sc_file_write(sc_arena *a, const char *path, const void *bytes, size_t n, bool *denied, sc_error *error);
/* Names in a folder, sorted by byte, without those that begin with a dot. */
int sc_folder_list(sc_arena *a, const char *path, const char *const **names, size_t *n, sc_error *error);

/* Paths, in the arena. */
const char *sc_path_join(sc_arena *a, const char *folder, const char *name); /* `name` alone below "." and "" */
const char *sc_path_folder(sc_arena *a, const char *path);                   /* "." without a slash */
const char *sc_path_real(sc_arena *a, const char *path);                     /* absolute, links resolved; NULL */
/* How to get from one folder to another; both absolute with links resolved. "." when they are the same. */
const char *sc_path_relative(sc_arena *a, const char *from, const char *to);

#endif
