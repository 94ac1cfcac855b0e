/* The rules of an earlier revision, for `stopcode diff`: git is run without a shell, and its archive unpacked into a
 * temporary folder. */
#ifndef STOPCODE_CLI_GIT_TREE_H
#define STOPCODE_CLI_GIT_TREE_H

#include "cli/cli.h"

/* rules/ and kb/reference/ of `source` (a folder in a git repository) as they were at `revision`. *folder receives
 * where they are now; git_tree_remove deletes it. CLI_OK, or CLI_ERROR after a message, with nothing left behind. */
int git_tree_checkout(const char *source, const char *revision, sc_buf *folder);
void git_tree_remove(sc_buf *folder);

#endif
