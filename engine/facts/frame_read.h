/* Frames of a call stack, in any shape that the k commands, !thread, !process and STACK_TEXT print.
 *
 * A parser that may meet a stack makes a reader and feeds it lines, in the order of the paste:
 *
 *     sc_frame_reader r;
 *     sc_frames_begin(&r, p, SC_STACK_THREAD, &thread, -1);
 *     while ((l = sc_next(p)))
 *         if (!sc_frames_line(&r, l)) ... a line of another kind; the stack may go on behind it ...
 *     sc_frames_end(&r);
 *
 * The reader adds the rows of `stack` and `frame`, takes the lines and covers what it read. A header, a frame number
 * that starts again or an index that was printed before begins another stack with the same kind and owner. Ending a
 * reader that saw no frame adds nothing. Rows of a stack are complete only after sc_frames_end.
 *
 * What is not decided here: which stacks quote each other (engine/facts/derive_stack.c).
 */
#ifndef STOPCODE_FRAME_READ_H
#define STOPCODE_FRAME_READ_H

#include "engine/facts/fact.h"
#include "engine/facts/symbol.h"

/* Why a stack was printed: column `kind`. */
typedef enum sc_stack_kind {
    SC_STACK_CRASH,     /* STACK_TEXT of !analyze */
    SC_STACK_PROCESSOR, /* k: the current processor's */
    SC_STACK_THREAD,    /* inside !thread or !process */
    SC_STACK_CONTEXT,   /* k after .trap, .cxr, .tss */
    SC_STACK_RAW,       /* kf=ebp esp eip: rebuilt by hand */
} sc_stack_kind;

/* One line of a stack. Fields that the line does not show are false. */
typedef struct sc_frame {
    bool padded; /* the number was printed with leading zeros: never a memory column */
    bool has_number, has_memory, has_sp, has_ret, has_trap_frame, is_inline;
    int digits;      /* 8 or 16: how wide the addresses were printed; 0 without any */
    uint64_t number; /* the first small column: the number that kn prints, or kf's memory when there is no other */
    uint64_t memory; /* the second: the memory column of kf, not yet attributed to a frame */
    uint64_t sp;     /* Child-SP, or ChildEBP on x86 */
    uint64_t ret;
    uint64_t arg[4]; /* x86 prints three */
    bool arg_known[4];
    int n_args;
    sc_symbol symbol;
    uint64_t trap_frame;
    sc_span file; /* file @ line */
    sc_span note; /* what stood behind the symbol: (FPO: TaskGate 28:0), an annotation */
} sc_frame;

/* What the shape of a line leaves open: columns as the last header announced them. */
typedef struct sc_frame_shape {
    bool known;    /* a header was seen */
    bool numbered; /* "#" */
    bool has_sp;   /* false for x64 kb: RetAddr alone */
    bool has_ret;
    bool has_memory;
    bool bare; /* kc: call sites alone */
} sc_frame_shape;

/* Reads one frame; `shape` may be NULL. Without a header a line of call sites alone needs a frame number. */
bool sc_frame_read(sc_span line, const sc_frame_shape *shape, sc_frame *out);
/* Goes on with a frame whose parameters kP prints one per line (symbol.open): true with the line that closes them. */
bool sc_frame_close(sc_span line, sc_frame *frame);
/* Reads a header of any k form; `shape` may be NULL. */
bool sc_frame_header(sc_span line, sc_frame_shape *shape);

/* The tables, and their columns by number. */
extern const sc_table sc_table_stack, sc_table_frame;
enum {
    SC_STACK_THREAD_OWNER,
    SC_STACK_ID,
    SC_STACK_KIND,
    SC_STACK_CPU,
    SC_STACK_FRAMES,
    SC_STACK_COMPLETE,
    SC_STACK_HAS_SP,
    SC_STACK_BYTES,
    SC_STACK_QUOTE,
    SC_STACK_TRUSTED,
    SC_STACK_CONTEXT_AT,
    SC_STACK_COMMAND,
};
enum {
    SC_FRAME_STACK,
    SC_FRAME_N,
    SC_FRAME_SP,
    SC_FRAME_RET,
    SC_FRAME_ARG1,
    SC_FRAME_ARG2,
    SC_FRAME_ARG3,
    SC_FRAME_ARG4,
    SC_FRAME_SYMBOL,
    SC_FRAME_MODULE,
    SC_FRAME_FUNCTION,
    SC_FRAME_OFFSET,
    SC_FRAME_BYTES,
    SC_FRAME_TRAP,
    SC_FRAME_FILE,
    SC_FRAME_INLINE,
    SC_FRAME_TRUSTED,
    SC_FRAME_NOTE,
    SC_FRAME_ADDRESS,
    SC_FRAME_USER,
    SC_FRAME_COLUMNS
};
extern const sc_column sc_frame_columns[SC_FRAME_COLUMNS];

/* What the end of a stack needs to know of a frame. */
typedef struct sc_frame_kept {
    sc_row *row;
    uint64_t sp, ret, small, memory; /* small: the first small column, a frame number or kf's memory */
    bool has_sp, has_small, has_memory, is_inline;
} sc_frame_kept;

/* Two stack pointers further apart than this lie in different stacks: no kernel stack is larger. */
#define SC_STACK_JUMP 0x10000u

typedef struct sc_frame_reader {
    sc_parse *p;
    sc_stack_kind kind;
    bool has_thread;
    uint64_t thread;
    int processor;    /* -1 unknown */
    bool has_context; /* set both after sc_frames_begin when .trap or .cxr chose the registers */
    uint64_t context;
    /* Private: */
    sc_frame_shape shape;
    sc_row *stack;     /* NULL before the first frame */
    int64_t id, count; /* of the stack; of its frames */
    sc_list kept;      /* of sc_frame_kept */
    sc_frame previous, open;
    sc_row *open_row;
    unsigned open_lines, searches;
    unsigned between; /* lines of something else since the last frame */
    int digits;
    bool numbers, lost, cut, user, began_user, any_sp, any_number, any_memory, any_offset;
} sc_frame_reader;

/* `thread` NULL: not known whose stack it is. `processor` -1: not known. */
void sc_frames_begin(sc_frame_reader *r, sc_parse *p, sc_stack_kind kind, const uint64_t *thread, int processor);
/* True when the line was part of a stack (a header, a frame, a message about the unwinding). */
bool sc_frames_line(sc_frame_reader *r, const sc_line *line);
void sc_frames_end(sc_frame_reader *r);

/* Parts of sc_frames_end (engine/facts/frame_bytes.c). */
void sc_frames_attribute(sc_frame_reader *r);      /* sets `bytes` and the stack's `total_bytes` */
bool sc_frames_count_up(const sc_frame_reader *r); /* the first small column holds frame numbers */

#endif
