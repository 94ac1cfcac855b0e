/* Every limit of the engine, in one place.
 *
 * The paste is hostile and so may be a rule: whatever it holds, memory and time stay bounded. Reaching a limit is
 * always reported in the diagnosis (`transcript.truncated`, or an error), never silent.
 */
#ifndef STOPCODE_BASE_LIMITS_H
#define STOPCODE_BASE_LIMITS_H

#define SC_MAX_PASTE_BYTES (64u << 20)  /* a paste above this is refused; a full debugger log is 1 to 10 MB */
#define SC_MAX_LINE_BYTES (64u << 10)   /* the longest line that parsers see; a flattened !process 0 0 is 30 KB */
#define SC_MAX_LINES (1u << 20)         /* repaired lines of one paste */
#define SC_MAX_SECTIONS 20000u          /* debugger commands in one paste */
#define SC_MAX_CRASHES 256u             /* bug checks in one paste */
#define SC_MAX_ROWS 400000u             /* fact rows of one crash, over all tables */
#define SC_MAX_ARENA_BYTES (512u << 20) /* memory of one run: repaired text, facts, findings */
#define SC_MAX_FRAMES 4096u             /* frames of one stack that are kept */

#define SC_MAX_CLAUSES 32u         /* clauses of one rule */
#define SC_MAX_VARIABLES 64u       /* variables of one rule */
#define SC_MAX_BINDINGS 64u        /* rows tried for one clause */
#define SC_MAX_BRANCHES 512u       /* combinations of rows tried for one rule on one crash */
#define SC_MAX_FINDINGS 64u        /* findings of one crash */
#define SC_MAX_STACK_STEPS 100000u /* frames tried for one stack clause, over all stacks */
#define SC_MAX_SQL_STEPS 2000000   /* virtual machine instructions of one statement before it is interrupted */
#define SC_MAX_MATCH 100000u       /* PCRE2 match limit */
#define SC_MAX_MATCH_DEPTH 1000u   /* PCRE2 depth limit */
#define SC_MAX_PATTERN 1024u       /* bytes of one pattern */
#define SC_MAX_TEMPLATE 4096u      /* bytes that one expanded template may have */

#endif
