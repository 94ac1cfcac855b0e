/* What a person may ask about, in any spelling: bug checks, rules, debugger commands, modules, functions, status codes,
 * labels, pool tags, tables of facts. */
#ifndef STOPCODE_CLI_TOPICS_H
#define STOPCODE_CLI_TOPICS_H

#include "engine/base/arena.h"
#include "kb/kb.h"
#include "kb/messages.h"

typedef enum topic_kind {
    TOPIC_BUGCHECK, /* item: sc_ref_bugcheck */
    TOPIC_RULE,     /* sc_rule */
    TOPIC_COMMAND,  /* const char, the canonical name */
    TOPIC_TABLE,    /* const char, the name */
    TOPIC_MODULE,   /* sc_ref_module */
    TOPIC_STATUS,   /* sc_ref_number */
    TOPIC_TERM      /* sc_ref_term */
} topic_kind;

typedef struct topic {
    topic_kind kind;
    const void *item;
    sc_term_kind term; /* of a TOPIC_TERM */
    sc_span subject;   /* of a TOPIC_TERM: what it was found for, "nt!KiPageFault" for the term "nt!Ki*" */
    bool has_value;    /* of a bug check: "0x9F 4" asks about parameter 1 of 4 */
    uint64_t value;
} topic;

/* Everything that `text` may mean, what it most likely means first. *near receives the nearest known name. */
const topic *topics_find(sc_arena *a, const sc_knowledge *k, sc_span text, size_t *n, sc_nearest *near);

#endif
