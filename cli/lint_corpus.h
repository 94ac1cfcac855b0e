/* Lint of the samples: files that belong together, expectations that can be read, pastes that stand there twice. */
#ifndef STOPCODE_CLI_LINT_CORPUS_H
#define STOPCODE_CLI_LINT_CORPUS_H

#include "kb/kb.h"

/* Looks at ROOT/corpus/, if there is one. The samples' rules must be in `k`. */
int cli_lint_corpus(const char *root, const sc_knowledge *k, sc_reporter *reporter, sc_error *error);

#endif
