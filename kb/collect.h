/* A script for the debugger that collects what rules want to see, into one log that stopcode reads back.
 *
 * Every command is echoed behind a prompt before it runs, so that the log reads like a session:
 *
 *     .echo kd> !locks
 *     !locks
 *
 * Nothing may smuggle a command in: each line is made of a command that a parser knows and of words without separators.
 */
#ifndef STOPCODE_KB_COLLECT_H
#define STOPCODE_KB_COLLECT_H

#include "engine/base/arena.h"
#include "engine/stopcode.h"

typedef struct sc_collect {
    sc_arena *arena;
    sc_list commands; /* sc_span */
    sc_list later;    /* sc_span: commands whose addresses only the log will show */
} sc_collect;

/* A command with its addresses; one that is there already, or is none that a parser knows, is left out. */
void sc_collect_command(sc_collect *c, sc_span command);
/* What every investigation begins with. */
void sc_collect_basics(sc_collect *c);
void sc_collect_rule(sc_collect *c, const sc_rule *r);
/* The basics, the rules of a bug check, and those for every bug check. */
void sc_collect_code(sc_collect *c, const sc_knowledge *k, uint32_t code);
/* `about`: what it is for, in words; may be empty. */
void sc_collect_put(const sc_collect *c, const char *about, sc_buf *out);

#endif
