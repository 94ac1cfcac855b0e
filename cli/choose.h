/* Which samples a command is about: those in files and folders that were named, or all of the corpus. */
#ifndef STOPCODE_CLI_CHOOSE_H
#define STOPCODE_CLI_CHOOSE_H

#include "cli/cli.h"
#include "engine/base/arena.h"

typedef struct sample_choice {
    sc_list paths; /* const char *: of pastes, sorted, each once */
    sc_list rules; /* const char *: ids that were named; the command leaves out what is not about one of them */
} sample_choice;

/* The folder of the corpus: --corpus, else corpus/ here or in the source tree above; NULL when there is none. */
const char *cli_find_corpus(const cli *c, sc_arena *a);
/* Reads the operands, [PATH|RULE...]. Tells what is wrong; CLI_OK or CLI_ERROR. */
int cli_choose_samples(const cli *c, sc_arena *a, const sc_knowledge *k, sample_choice *out);

#endif
