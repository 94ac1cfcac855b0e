/* Shared by the derive_stack*.c files: the stacks of one crash in arrays, made once from the tables. */
#ifndef STOPCODE_DERIVE_STACK_H
#define STOPCODE_DERIVE_STACK_H

#include "engine/facts/frame_read.h"

typedef struct sc_stack_frame {
    sc_row *row;
    uint64_t key;     /* hash of the symbol and its offset, or of the bare address; 0: nothing to compare */
    uint64_t name;    /* the same of the symbol alone */
    uint64_t sp, ret; /* 0 when not printed */
    bool user;
    bool third_party;
    bool inlined;
} sc_stack_frame;

typedef struct sc_stack_view {
    sc_row *row;
    sc_stack_frame *frames;
    size_t n;
    int64_t id;
    bool thread_kind, context_kind, crash_kind, raw_kind;
    bool has_sp;
    bool offsets;       /* some frame shows an offset; kc shows none */
    int processor;      /* -1 unknown */
    size_t quote_of;    /* index of the stack that holds its frames, or SC_NPOS */
    size_t quote_start; /* position of its first frame there */
} sc_stack_view;

typedef struct sc_stack_set {
    sc_facts *facts;
    sc_stack_view *items;
    size_t n, n_frames;
} sc_stack_set;

/* A frame of the kernel that only says that a bug check was raised: KeBugCheckEx, what it calls, a break for the
 * debugger. */
bool sc_stack_bugcheck_frame(const sc_stack_frame *f);
/* Such a function of the kernel, by its name. */
bool sc_stack_bugcheck_function(sc_span name);
/* Some frame of it raises the bug check. */
bool sc_stack_raises(const sc_stack_view *v);
/* nt!name, in any spelling of the kernel's module, a leading underscore ignored. */
bool sc_stack_kernel_frame(const sc_stack_frame *f, const char *name);
/* The first frames of one stack on the next: both pointers known, going up by less than SC_STACK_JUMP. */
bool sc_stack_adjoins(const sc_stack_frame *upper, const sc_stack_frame *lower);

/* Code and parameters of the bug check, as far as the crash's row of table bugcheck has them. */
typedef struct sc_stack_bugcheck {
    bool has_code, known[4];
    uint64_t code, arg[4];
    const sc_row *row;
} sc_stack_bugcheck;
sc_stack_bugcheck sc_stack_bugcheck_of(sc_facts *f);

/* A thread's stack limits, from table thread. */
typedef struct sc_stack_limits {
    bool found, has_thread;
    uint64_t base, limit, thread;
} sc_stack_limits;
/* The limits of the stack in which `sp` lies, or into whose guard page it has run. */
sc_stack_limits sc_stack_limits_of(sc_facts *f, uint64_t sp);

/* Each in its file: derive_stack_quote.c, _crash.c, _use.c, _recursion.c, _pointer.c */
void sc_stack_find_quotes(sc_stack_set *s);
void sc_stack_derive_crash(const sc_stack_set *s);
void sc_stack_derive_use(const sc_stack_set *s);
void sc_stack_derive_recursion(const sc_stack_set *s);
void sc_stack_derive_pointer(const sc_stack_set *s);

#endif
