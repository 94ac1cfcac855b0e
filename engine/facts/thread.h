/* THREAD blocks, as !thread, !process X 7 and !locks -v print them.
 *
 * A parser that may meet one feeds a reader the lines that are not its own, in the order of the paste. The reader adds
 * the rows of `thread`, `thread_irp`, `stack` and `frame`, takes the lines and covers what it read.
 */
#ifndef STOPCODE_THREAD_H
#define STOPCODE_THREAD_H

#include "engine/facts/frame_read.h"

typedef struct sc_thread_reader {
    sc_parse *p;
    bool fragments; /* a block whose THREAD line is lost counts too: the section is a !thread's own */
    bool has_asked; /* the command named a thread: whose block it is when the THREAD line is lost */
    uint64_t asked;
    bool has_process; /* set by !process: the process under which the threads are listed */
    uint64_t process;
    /* Private: */
    sc_row *row;           /* of the block that is being read; NULL between blocks */
    const sc_line *header; /* the THREAD line */
    bool in_stack;         /* the frame reader was started */
    bool wants_state;      /* the state may stand on the next line */
    bool in_objects;       /* wait objects may follow */
    bool saw_list;         /* "IRP List:" */
    bool past_list;        /* what follows the IRP list was seen: it is over, or there is none */
    bool lost;             /* output was left out, or an IRP was unreadable, before the list was over */
    bool whole;            /* the last line of the block was seen */
    sc_frame_reader frames;
} sc_thread_reader;

void sc_threads_begin(sc_thread_reader *r, sc_parse *p);
/* True when the line belongs to a THREAD block. */
bool sc_threads_line(sc_thread_reader *r, const sc_line *line);
void sc_threads_end(sc_thread_reader *r);

/* `THREAD fffffa8007005660  Cid 0004.0048  Teb: ...`: the line that opens a block. `address` and `digits` may be
 * NULL. */
bool sc_thread_header(sc_span text, uint64_t *address, int *digits);
/* A line that only a THREAD block prints and that tells something without its THREAD line: `Base A Limit A`. */
bool sc_thread_fragment(sc_span text);

/* Reads a line of a block that begins with words into the row (engine/facts/thread_field.c). */
typedef enum sc_thread_field {
    SC_FIELD_NONE, /* it is none */
    SC_FIELD_ANYWHERE,
    SC_FIELD_BEHIND_LIST, /* it is printed behind the place of the IRP list: the list is over, or there is none */
    SC_FIELD_LAST,        /* the same, and only the stack follows */
} sc_thread_field;
sc_thread_field sc_thread_field_read(sc_facts *f, sc_row *row, sc_span text);

#endif
