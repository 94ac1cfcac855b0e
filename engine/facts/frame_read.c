/* The frame reader: lines to rows of `stack` and `frame`, for every command whose output holds a stack.
 *
 *     0: kd> kv
 *     Child-SP          RetAddr           : Args to Child                              : Call Site
 *     fffff880`06e53328 fffff800`03b2da4a : 00000000`00000101 00000000`00000031 ... : nt!KeBugCheckEx
 *
 * Tables: stack, frame.
 * Query:  SELECT module, sum(bytes) FROM frame GROUP BY module ORDER BY 2 DESC;
 */
#include "engine/facts/frame_read.h"

#include "engine/base/limits.h"

static const sc_column stack_columns[] = {
    {"thread", SC_ADDR, "thread whose stack it is; NULL when that is not known"},
    {"stack", SC_INT, "number of the stack, which frame.stack refers to"},
    {"kind", SC_TEXT, "crash (STACK_TEXT), processor (k), thread (!thread), context (after .trap), raw-walk (kf=)"},
    {"processor", SC_INT, "current processor of the prompt"},
    {"frames", SC_INT, "number of frames"},
    {"complete", SC_BOOL, "it goes down to its root frame, or into user mode, and nothing was left out"},
    {"has_sp", SC_BOOL, "stack pointers were printed"},
    {"total_bytes", SC_INT, "sum of frame.bytes; NULL when no frame has any"},
    {"quote", SC_BOOL, "its frames are part of another stack: they are counted there and have no rows in frame"},
    {"trusted", SC_BOOL, "false when the debugger warned that frames may be wrong"},
    {"context", SC_ADDR, "address of the trap frame or context record that .trap or .cxr had set"},
    {"command", SC_TEXT, "command as typed: kv, kf=b8ae6100 b8ae60ec 8081df65"},
};
const sc_table sc_table_stack = {"stack", "Call stacks", SC_STACK_THREAD_OWNER, SC_COLUMNS(stack_columns)};

const sc_column sc_frame_columns[SC_FRAME_COLUMNS] = {
    {"stack", SC_INT, "stack.stack"},
    {"n", SC_INT, "position in the stack, 0 for the innermost frame"},
    {"child_sp", SC_ADDR, "stack pointer (x64 Child-SP) or frame pointer (x86 ChildEBP)"},
    {"ret", SC_ADDR, "return address: an instruction of the frame below"},
    {"arg1", SC_ADDR, "first value of Args to Child"},
    {"arg2", SC_ADDR, "second value"},
    {"arg3", SC_ADDR, "third value"},
    {"arg4", SC_ADDR, "fourth value; x86 prints three"},
    {"symbol", SC_TEXT, "module!function, the module alone without symbols; NULL for an address in no module"},
    {"module", SC_TEXT, "module without extension; NULL for an address in no module"},
    {"function", SC_TEXT, "function; NULL without symbols"},
    {"offset", SC_INT, "bytes from the function's, or without symbols the module's, start"},
    {"bytes", SC_INT, "stack bytes that this frame owns; NULL at a change of stacks and at the end (x86: the start)"},
    {"trap_frame", SC_ADDR, "address of the trap frame; NULL when kv prints none"},
    {"file", SC_TEXT, "source file @ line"},
    {"inline", SC_BOOL, "an inlined function: no frame of its own"},
    {"trusted", SC_BOOL, "false below the warning that frames may be wrong"},
    {"note", SC_TEXT, "what stands behind the symbol: (FPO: TaskGate 28:0), a remark"},
    {"address", SC_ADDR, "the instruction's address where no symbol was found: 0x7799161a"},
    {"user_mode", SC_BOOL, "a frame of user mode"},
};
const sc_table sc_table_frame = {"frame", "Frames of call stacks, each once", SC_FRAME_STACK,
                                 SC_COLUMNS(sc_frame_columns)};

void sc_frames_begin(sc_frame_reader *r, sc_parse *p, sc_stack_kind kind, const uint64_t *thread, int processor)
{
    *r = (sc_frame_reader){.p = p, .kind = kind, .processor = processor, .has_thread = thread != NULL};
    if (thread) r->thread = *thread;
}

/* ---- One stack ---- */

/* A remark behind the command is not part of it: `kb   // start with a stack`. */
static bool is_argument(sc_span word)
{
    uint64_t v;
    return sc_span_hex(word, &v) || word.p[0] == '=' || word.p[0] == '@' || (word.p[0] == '-' && word.n > 1);
}

static sc_span command_text(const sc_parse *p)
{
    const sc_section *s = p->section;
    sc_scan c = sc_scan_of(s->args);
    sc_span word, args = {s->args.p, 0};
    while (sc_word(&c, &word) && (is_argument(word) || (args.n && args.p[0] == '=' && args.n == 1)))
        args.n = (size_t)(c.p - args.p);
    if (!args.n) return s->name;
    return sc_arena_printf(p->facts->arena, "%.*s%s%.*s", SC_F(s->name), args.p[0] == '=' ? "" : " ", SC_F(args));
}

static void open_stack(sc_frame_reader *r, const sc_line *line)
{
    static const char *const kinds[] = {"crash", "processor", "thread", "context", "raw-walk"};
    sc_facts *f = r->p->facts;
    r->id = (int64_t)sc_facts_table(f, &sc_table_stack)->n_rows;
    sc_row *s = r->stack = sc_row_new(f, &sc_table_stack, r->p->ordinal, line);
    if (r->has_thread) sc_set_addr(s, SC_STACK_THREAD_OWNER, r->thread);
    sc_set_int(s, SC_STACK_ID, r->id);
    sc_set_text(s, SC_STACK_KIND, sc_span_z(kinds[r->kind]));
    if (r->processor >= 0) sc_set_int(s, SC_STACK_CPU, r->processor);
    if (r->has_context) sc_set_addr(s, SC_STACK_CONTEXT_AT, r->context);
    sc_set_bool(s, SC_STACK_QUOTE, false);
    sc_set_text(s, SC_STACK_COMMAND, command_text(r->p));
}

/* Functions that nothing in kernel mode called. A system service that a driver asked for (ZwClose) goes through the
 * same entry: it returns into the kernel. */
static bool is_root(const sc_frame *frame)
{
    sc_span function = frame->symbol.function;
    static const char *const roots[] = {
        "KxStartSystemThread", "KiStartSystemThread",    "KiThreadStartup",      "KiStartUserThread",
        "KiIdleLoop",          "KiSystemServiceCopyEnd", "KiSystemServiceExit",  "KiSystemServiceExitPico",
        "KiSystemService",     "KiSystemCall64",         "KiSystemCall64Shadow", "KiFastCallEntry"};
    if (function.n && function.p[0] == '_') function = sc_span_from(function, 1);
    bool service = sc_starts(function, "KiSystem") || sc_starts(function, "KiFastCallEntry");
    bool kernel = frame->has_ret && (frame->ret > UINT32_MAX ? frame->ret >> 47 == 0x1ffff : frame->ret >> 31 == 1);
    if (service && kernel) return false;
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (sc_eq_z(function, roots[i])) return true;
    return false;
}

/* Nothing lies behind a frame that returns to zero, unless a fault returns there: somebody called a null pointer. */
static bool returns_nowhere(const sc_frame *frame)
{
    sc_span function = frame->symbol.function;
    return frame->has_ret && !frame->ret && !sc_starts(function, "KiPageFault") && !sc_starts(function, "KiTrap0E") &&
           !sc_starts(function, "_KiTrap0E");
}

static void close_stack(sc_frame_reader *r)
{
    if (!r->stack) return;
    sc_facts *f = r->p->facts;
    const sc_frame_kept *k = r->kept.items;
    const sc_frame_kept *first = r->kept.n ? k : NULL;
    sc_frames_attribute(r);
    if (!r->any_offset && !r->digits && r->kept.n > 1) /* kc prints no offsets at all */
        for (size_t i = 0; i < r->kept.n; i++) k[i].row->cells[SC_FRAME_OFFSET].state = SC_NOT_PRINTED;
    bool empty = r->any_sp && r->kept.n == 1 && !k->sp && !k->ret; /* a processor whose state was never saved */
    bool root = returns_nowhere(&r->previous) || (r->user && !r->began_user) || is_root(&r->previous);
    bool numbers = r->numbers || (r->any_number && !r->shape.known && sc_frames_count_up(r));
    if (first && numbers && first->has_small && first->small) r->cut = true;
    /* bare frames: what stood above them may have been cut off together with the command */
    bool headless = r->kind == SC_STACK_PROCESSOR && !r->shape.known && !numbers && !r->p->section->prompted && first &&
                    !sc_eq_z(sc_get_text(first->row, SC_FRAME_SYMBOL), "nt!KeBugCheckEx");
    bool complete = root && !r->cut && !empty && !headless;
    sc_set_int(r->stack, SC_STACK_FRAMES, r->count);
    sc_set_bool(r->stack, SC_STACK_COMPLETE, complete);
    sc_set_bool(r->stack, SC_STACK_HAS_SP, r->any_sp);
    sc_set_bool(r->stack, SC_STACK_TRUSTED, !r->lost);
    /* a lost unwind is no gap in the output: column trusted says it */
    sc_cover_int(f, &sc_table_frame, r->id, r->p->ordinal, complete);
    if (r->has_thread) sc_cover_addr(f, &sc_table_stack, r->thread, r->p->ordinal, complete);
    if (complete && (r->kind == SC_STACK_PROCESSOR || r->kind == SC_STACK_CONTEXT)) sc_complete(r->p);
    if (r->digits) sc_note_width(f, r->digits);
    r->stack = r->open_row = NULL;
    r->count = 0;
    r->kept = (sc_list){0};
    r->previous = (sc_frame){0};
    r->digits = 0;
    r->searches = r->between = 0;
    r->numbers = r->lost = r->cut = r->user = r->any_sp = r->any_number = r->any_memory = r->any_offset = false;
}

void sc_frames_end(sc_frame_reader *r)
{
    close_stack(r);
    r->shape = (sc_frame_shape){0};
}

/* ---- One frame ---- */

static bool is_user_module(sc_span module)
{
    static const char *const names[] = {"ntdll", "kernel32", "KERNELBASE", "user32", "win32u", "wow64", "wow64cpu"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (sc_ieq_z(module, names[i])) return true;
    return false;
}

/* Where user mode ends. 1 user, 0 kernel, -1 when the line does not tell. */
static int user_mode(const sc_frame_reader *r, const sc_frame *f)
{
    bool x86 = r->digits == 8 || f->digits == 8;
    uint64_t end = x86 ? 0x80000000u : UINT64_C(0x800000000000);
    if (sc_symbol_is_kernel(f->symbol.module)) return 0;
    if (f->has_sp && f->sp) return f->sp < end;
    if (r->user) return 1;
    if (r->previous.has_ret && r->previous.ret) return r->previous.ret < end;
    if (f->symbol.has_address) return f->symbol.address ? f->symbol.address < end : -1;
    return is_user_module(f->symbol.module);
}

static void set_text(sc_row *row, int column, sc_span text)
{
    if (text.n) sc_set_text(row, column, text);
}

static void set_symbol(sc_row *row, const sc_symbol *s)
{
    if (s->has_address) {
        sc_set_addr(row, SC_FRAME_ADDRESS, s->address);
        sc_set_null(row, SC_FRAME_SYMBOL);
        sc_set_null(row, SC_FRAME_MODULE);
        sc_set_null(row, SC_FRAME_FUNCTION);
        sc_set_null(row, SC_FRAME_OFFSET);
        return;
    }
    sc_set_text(row, SC_FRAME_SYMBOL, s->name);
    sc_set_text(row, SC_FRAME_MODULE, s->module);
    if (s->function.n)
        sc_set_text(row, SC_FRAME_FUNCTION, s->function);
    else
        sc_set_null(row, SC_FRAME_FUNCTION);
    if (!s->open) sc_set_int(row, SC_FRAME_OFFSET, (int64_t)s->offset);
}

static void add_frame(sc_frame_reader *r, const sc_line *line, const sc_frame *f)
{
    sc_facts *facts = r->p->facts;
    sc_take(r->p, line);
    if (!r->stack) open_stack(r, line);
    r->stack->last_line = line->last;
    r->between = 0;
    if (f->digits > r->digits) r->digits = f->digits;
    if (r->count >= (int64_t)SC_MAX_FRAMES) {
        r->cut = true;
        return;
    }
    sc_row *row = sc_row_new(facts, &sc_table_frame, r->p->ordinal, line);
    sc_frame_kept *k = sc_list_add(facts->arena, &r->kept, sizeof *k);
    if (!k) return;
    *k = (sc_frame_kept){.row = row,
                         .sp = f->sp,
                         .ret = f->ret,
                         .small = f->number,
                         .memory = f->memory,
                         .has_sp = f->has_sp,
                         .has_small = f->has_number,
                         .has_memory = f->has_memory,
                         .is_inline = f->is_inline};
    sc_set_int(row, SC_FRAME_STACK, r->id);
    sc_set_int(row, SC_FRAME_N, r->count++);
    if (f->has_sp) sc_set_addr(row, SC_FRAME_SP, f->sp);
    if (f->has_ret) sc_set_addr(row, SC_FRAME_RET, f->ret);
    for (int i = 0; i < f->n_args; i++)
        if (f->arg_known[i]) sc_set_addr(row, SC_FRAME_ARG1 + i, f->arg[i]);
    set_symbol(row, &f->symbol);
    if (f->has_trap_frame)
        sc_set_addr(row, SC_FRAME_TRAP, f->trap_frame);
    else if (sc_starts(r->p->section->name, "k") && sc_find_char(r->p->section->name, 'v') != SC_NPOS)
        sc_set_null(row, SC_FRAME_TRAP);
    set_text(row, SC_FRAME_FILE, f->file);
    set_text(row, SC_FRAME_NOTE, f->note.n ? f->note : line->note);
    sc_set_bool(row, SC_FRAME_INLINE, f->is_inline);
    sc_set_bool(row, SC_FRAME_TRUSTED, !r->lost);
    int user = user_mode(r, f);
    if (user >= 0) sc_set_bool(row, SC_FRAME_USER, user != 0);
    r->user = user > 0;
    if (r->count == 1) r->began_user = r->user;
    r->any_sp = r->any_sp || f->has_sp;
    r->any_number = r->any_number || f->has_number;
    r->any_memory = r->any_memory || f->has_memory;
    r->any_offset = r->any_offset || f->symbol.offset || f->symbol.open;
    r->numbers = r->numbers || (f->has_number && (f->padded || r->shape.numbered || (!f->digits && !f->is_inline)));
    if (f->symbol.open) {
        r->open = *f;
        r->open_row = row;
        r->open_lines = 0;
    }
    sc_frame last = *f;
    if (f->is_inline) { /* keeps the columns of the frame above, which the next one follows */
        last.digits = r->previous.digits;
        last.n_args = r->previous.n_args;
        last.has_sp = r->previous.has_sp;
        last.sp = r->previous.sp;
        last.has_ret = r->previous.has_ret;
        last.ret = r->previous.ret;
    }
    r->previous = last;
}

/* One command prints the same columns on every line; only kf leaves its first ones blank. */
static bool other_columns(const sc_frame_reader *r, const sc_frame *f)
{
    const sc_frame *last = &r->previous;
    if (!f->digits || !last->digits) return false;
    if (f->digits != last->digits || (f->n_args == 0) != (last->n_args == 0)) return true;
    return f->has_number && !r->any_number && r->count > 1;
}

/* Does another stack begin with this frame? Its number starts again, or it goes back to a frame that stands above. */
static bool restarts(sc_frame_reader *r, const sc_frame *f)
{
    if (!r->stack) return false;
    if (r->user && user_mode(r, f) == 0) return true; /* from user mode no frame leads back */
    bool number = f->has_number && (r->numbers || (f->padded && f->number == 0));
    if (number && r->previous.has_number && f->number <= r->previous.number) return true;
    if (!f->has_sp || !r->previous.has_sp || !f->sp) return false;
    bool adjoins = f->sp >= r->previous.sp && f->sp - r->previous.sp <= SC_STACK_JUMP;
    if (r->between >= 3 && r->previous.sp && !adjoins) return true; /* a change of stacks has no prose in its middle */
    if (f->sp >= r->previous.sp) return false;
    if (r->previous.has_ret && !r->previous.ret) return true;
    const sc_frame_kept *k = r->kept.items;
    if (r->searches++ > 64) return false; /* pointers that go up and down all the time: no second stack */
    for (size_t i = 0; i < r->kept.n; i++)
        if (k[i].sp == f->sp && k[i].ret == f->ret) return true;
    return false;
}

/* A frame of which nothing but a number and a symbol was printed must go on where the last one ended. */
static bool follows(const sc_frame_reader *r, const sc_frame *f)
{
    if (f->digits || f->is_inline || !f->has_number || !r->stack) return true;
    return f->number == 0 || !r->previous.has_number ||
           (f->number > r->previous.number && f->number - r->previous.number <= 64);
}

static bool close_open(sc_frame_reader *r, const sc_line *line)
{
    sc_frame f;
    bool header = sc_frame_header(line->text, NULL);
    bool other = !header && sc_frame_read(line->text, &r->shape, &f) && (f.digits || f.is_inline);
    if (header || other || ++r->open_lines > 40) {
        r->open_row = NULL;
        return false;
    }
    sc_take(r->p, line);
    r->stack->last_line = r->open_row->last_line = line->last;
    if (!sc_frame_close(line->text, &r->open)) return true;
    sc_set_int(r->open_row, SC_FRAME_OFFSET, (int64_t)r->open.symbol.offset);
    set_text(r->open_row, SC_FRAME_FILE, r->open.file);
    r->open_row = NULL;
    return true;
}

bool sc_frames_line(sc_frame_reader *r, const sc_line *line)
{
    sc_span text = line->text;
    sc_frame f;
    sc_frame_shape shape;
    if (!text.n) return false;
    if (r->open_row && close_open(r, line)) return true;
    if (sc_frame_header(text, &shape)) {
        close_stack(r);
        r->shape = shape;
        sc_take(r->p, line);
        return true;
    }
    if (sc_frame_read(text, &r->shape, &f) && follows(r, &f)) {
        bool other = r->stack && other_columns(r, &f);
        if (other || restarts(r, &f)) close_stack(r);
        if (other) r->shape = (sc_frame_shape){0}; /* the header told of the columns above */
        add_frame(r, line, &f);
        return true;
    }
    if (sc_ifind(text, "Stack unwind information not available") != SC_NPOS ||
        sc_ifind(text, "Frame IP not in any known module") != SC_NPOS) {
        r->lost = true;
        sc_take(r->p, line);
        return true;
    }
    if (sc_find(text, "Stack trace for last set context") != SC_NPOS) {
        if (r->kind == SC_STACK_PROCESSOR) r->kind = SC_STACK_CONTEXT;
        sc_take(r->p, line);
        return true;
    }
    r->between++;
    bool ended = (r->previous.has_ret && !r->previous.ret) || r->user;
    sc_scan c = sc_scan_of(text);
    uint64_t a;
    if (r->stack && !ended &&
        ((line->flags & SC_LINE_CUT) || sc_starts(sc_ltrim(text), "...") ||
         (sc_addr(&c, &a, NULL) && sc_addr(&c, &a, NULL))))
        r->cut = true;
    return false;
}
