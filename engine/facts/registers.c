/* r, .trap, .cxr, .tss: the registers at one moment. [seeds 002 and 003, samples trapframe_regs--*]
 *
 *     3: kd> .trap fffff880`02fdde30
 *     NOTE: The trap frame does not contain all registers.
 *     Some register values may be zeroed or incorrect.
 *     rax=00000000000bac2c rbx=0000000000000000 rcx=0000000000000001
 *     rip=fffff80002e69f2c rsp=fffff880009ab000 rbp=fffff880009ab080
 *     iopl=0         nv up ei pl zr na po nc
 *     fffff800`02e69f2c 4156            push    r14
 *
 * Tables: context, register.
 * Query:  SELECT c.line, r.value FROM context c JOIN register r ON r.context = c.id WHERE r.name = 'rax';
 *
 * A dump of nothing but zeros is one that was never taken: the processor did not answer (seed 002, processor 2).
 */
#include "engine/facts/registers.h"

#include "engine/facts/disasm.h"
#include "engine/facts/register_line.h"
#include "engine/facts/tables.h"

#include <string.h>

static const sc_column context_columns[] = {
    {"address", SC_ADDR, "of the trap frame or context record; NULL for the processor's own registers"},
    {"id", SC_INT, "joins register.context"},
    {"kind", SC_TEXT, "trap, cxr, r or tss"},
    {"processor", SC_INT, "the debugger's current processor"},
    {"ip", SC_ADDR, "instruction pointer"},
    {"sp", SC_ADDR, "stack pointer"},
    {"bp", SC_ADDR, "frame pointer"},
    {"all_zero", SC_BOOL, "every register is zero: the context was never saved"},
    {"ip_symbol", SC_TEXT, "module!function that ip lies in"},
    {"module", SC_TEXT, "of ip_symbol"},
    {"instruction", SC_TEXT, "at ip, mnemonic and operands; NULL when the code could not be read"},
    {"operand_address", SC_ADDR, "memory that the instruction reaches for; NULL for none"},
    {"unreadable", SC_BOOL, "that memory could not be read"},
    {"code_unreadable", SC_BOOL, "the code at ip is not in the dump"},
    {"reliable", SC_BOOL,
     "false when the debugger notes that a trap frame lacks registers: a zero there is no evidence"},
};
enum {
    ADDRESS,
    ID,
    KIND,
    PROCESSOR,
    IP,
    SP,
    BP,
    ALL_ZERO,
    IP_SYMBOL,
    MODULE,
    INSTRUCTION,
    OPERAND_ADDRESS,
    UNREADABLE,
    CODE_UNREADABLE,
    RELIABLE
};
const sc_table sc_table_context = {"context", "Register dumps", ADDRESS, SC_COLUMNS(context_columns)};

static const sc_column register_columns[] = {
    {"context", SC_INT, "context.id"},
    {"name", SC_TEXT, "rax, eip, efl"},
    {"value", SC_ADDR, "its value"},
};
enum { CONTEXT, NAME, VALUE };
const sc_table sc_table_register = {"register", "Registers of the dumps", CONTEXT, SC_COLUMNS(register_columns)};

/* ---- One dump ---- */

typedef struct dump {
    sc_row *row;
    bool zero, any_ip, any_sp; /* zero: everything so far */
    bool narrow;               /* x86 */
} dump;

static void read_values(sc_parse *p, const sc_line *l, dump *d)
{
    sc_scan c = sc_scan_of(l->text);
    sc_reg r;
    for (size_t width = 0; sc_register_next(&c, !width, &r);) { /* width: of the line's first */
        if (!width) width = r.digits;
        if (r.digits < width && sc_at_end(&c) && !sc_goes_on(p)) break; /* the paste ends in the middle of it */
        sc_row *row = sc_add(p, &sc_table_register, l);
        row->cells[CONTEXT] = d->row->cells[ID];
        sc_set_text(row, NAME, r.name);
        sc_set_addr(row, VALUE, r.value);
        if (r.role == ROLE_IP) {
            sc_set_addr(d->row, IP, r.value);
            d->any_ip = true;
            d->narrow = r.digits == 8;
            if (r.digits == 8 || r.digits == 16) sc_note_width(p->facts, (int)r.digits);
        }
        if (r.role == ROLE_SP) {
            sc_set_addr(d->row, SP, r.value);
            d->any_sp = true;
        }
        if (r.role == ROLE_BP) sc_set_addr(d->row, BP, r.value);
        if (r.role != ROLE_OTHER && r.value) d->zero = false;
    }
    d->row->last_line = l->last;
}

static void read_instruction(const sc_instruction *i, sc_facts *f, sc_row *row)
{
    sc_set_bool(row, CODE_UNREADABLE, i->unreadable);
    if (i->unreadable) {
        sc_set_null(row, INSTRUCTION);
        return;
    }
    sc_set_text(row, INSTRUCTION,
                i->operands.n ? sc_arena_printf(f->arena, "%.*s %.*s", SC_F(i->mnemonic), SC_F(i->operands))
                              : i->mnemonic);
    sc_set_bool(row, UNREADABLE, i->has_operand_address && i->operand_unreadable);
    if (i->has_operand_address)
        sc_set_addr(row, OPERAND_ADDRESS, i->operand_address);
    else
        sc_set_null(row, OPERAND_ADDRESS);
}

static void finish(sc_parse *p, dump *d, bool note, bool complete_kind)
{
    if (d->any_ip && d->any_sp) sc_set_bool(d->row, ALL_ZERO, d->zero);
    if (note || complete_kind) sc_set_bool(d->row, RELIABLE, !note);
    bool whole = d->any_ip && d->any_sp;
    if (d->narrow && sc_has(d->row, ADDRESS)) /* newer debuggers sign-extend what they offer: .trap fffffffff8950dfc */
        sc_set_addr(d->row, ADDRESS, sc_get_addr(d->row, ADDRESS) & UINT32_MAX);
    if (sc_has(d->row, ADDRESS))
        sc_cover_addr(p->facts, &sc_table_context, sc_get_addr(d->row, ADDRESS), p->ordinal, whole);
    sc_cover_int(p->facts, &sc_table_register, sc_get_int(d->row, ID), p->ordinal, whole);
}

static sc_row *read_dump(sc_parse *p, sc_context_kind kind, const uint64_t *address)
{
    static const char *const kinds[] = {"r", "trap", "cxr", "tss"};
    size_t start = p->at;
    const sc_line *l = sc_peek(p);
    bool note = false;
    for (; l && sc_registers_preamble(sc_ltrim(l->text)); l = sc_peek(p)) {
        sc_next(p);
        sc_take(p, l);
        note |= sc_registers_note(sc_ltrim(l->text));
    }
    if (!l || !sc_registers_values(sc_ltrim(l->text))) {
        p->at = start;
        return NULL;
    }
    dump d = {.row = sc_add(p, &sc_table_context, l), .zero = true};
    if (note && kind == SC_CONTEXT_R) kind = SC_CONTEXT_TRAP; /* only trap frames lack registers */
    sc_set_int(d.row, ID, (int64_t)sc_facts_table(p->facts, &sc_table_context)->n_rows);
    sc_set_text(d.row, KIND, sc_span_z(kinds[kind]));
    if (p->section->processor >= 0) sc_set_int(d.row, PROCESSOR, p->section->processor);
    if (address)
        sc_set_addr(d.row, ADDRESS, *address);
    else if (kind == SC_CONTEXT_R && p->section->prompted)
        sc_set_null(d.row, ADDRESS);
    for (bool symbol_seen = false; (l = sc_peek(p));) {
        sc_span text = sc_ltrim(l->text);
        sc_instruction i;
        sc_symbol symbol;
        if (sc_registers_values(text) || (d.any_ip && !symbol_seen && sc_registers_flags(text))) {
            if (symbol_seen || (d.any_ip && (sc_starts(text, "rax=") || sc_starts(text, "eax="))))
                break; /* another dump */
            sc_next(p);
            read_values(p, l, &d);
            continue;
        }
        if (l->flags & SC_LINE_MESSAGE) { /* "Unable to load image" may stand between the registers and the symbol */
            sc_next(p);
            continue;
        }
        bool code = sc_instruction_read(text, false, &i);
        if (!code && (symbol_seen || !sc_code_header(text, &symbol))) break;
        sc_next(p);
        sc_take(p, l);
        d.row->last_line = l->last;
        if (code) {
            read_instruction(&i, p->facts, d.row);
            break;
        }
        symbol_seen = true;
        sc_set_text(d.row, IP_SYMBOL, symbol.name);
        sc_set_text(d.row, MODULE, symbol.module);
    }
    finish(p, &d, note, kind != SC_CONTEXT_TRAP && (p->section->prompted || address));
    return d.row;
}

bool sc_registers_read(sc_parse *p, sc_context_kind kind, const uint64_t *address)
{
    return read_dump(p, kind, address) != NULL;
}

/* ---- The commands ---- */

static const struct {
    const char *command;
    sc_context_kind kind;
} kinds_of[] = {{"r", SC_CONTEXT_R}, {".trap", SC_CONTEXT_TRAP}, {".cxr", SC_CONTEXT_CXR}, {".tss", SC_CONTEXT_TSS}};

/* `.trap fffff880``02fdde30`, `.cxr 0xffffe301c8db2900;r` */
static bool first_address(sc_span args, uint64_t *address)
{
    sc_span first;
    sc_cut(args, ";", &first, &(sc_span){0});
    return sc_span_addr(first, address, NULL);
}

static void parse(sc_parse *p)
{
    sc_context_kind kind = SC_CONTEXT_R;
    uint64_t address;
    for (size_t i = 0; i < sizeof kinds_of / sizeof *kinds_of; i++)
        if (sc_eq_z(sc_span_z(p->section->command->name), kinds_of[i].command)) kind = kinds_of[i].kind;
    bool addressed = p->section->prompted && first_address(p->section->args, &address);
    while (sc_peek(p)) {
        const sc_row *read = read_dump(p, kind, addressed ? &address : NULL);
        if (!read) {
            sc_next(p);
            continue;
        }
        addressed = false; /* a second dump in the section is of something else */
        if (sc_has(read, IP) && sc_has(read, SP)) sc_complete(p);
    }
}

/* The code below the registers is theirs; a longer listing is u's. */
static bool is_own_code(const sc_line *lines, size_t n)
{
    sc_instruction i;
    sc_symbol symbol;
    sc_span text = lines[0].text;
    if (sc_code_header(text, &symbol)) return true;
    if (!sc_instruction_read(text, true, &i)) return false;
    for (size_t k = 1; k < n && k < 4; k++)
        if (lines[k].text.n) return !sc_instruction_read(lines[k].text, true, &i);
    return true;
}

static sc_taste taste_kept(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    if (text.n < 6) return SC_ABSTAIN;
    return sc_registers_values(text) || sc_registers_preamble(text) || is_own_code(lines, n) ? SC_WEAK : SC_ABSTAIN;
}

static sc_taste taste_trap(const sc_line *lines, size_t n)
{
    if (n && sc_registers_note(sc_ltrim(lines[0].text))) return SC_STRONG;
    return taste_kept(lines, n);
}

static sc_taste taste_r(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    if (sc_registers_values(text)) {
        sc_scan c = sc_scan_of(text);
        sc_reg r;
        return sc_register_next(&c, true, &r) && sc_register_next(&c, false, &r) ? SC_STRONG : SC_WEAK;
    }
    return taste_kept(lines, n);
}

static const sc_table *const tables[] = {&sc_table_context, &sc_table_register, NULL};
const sc_command sc_command_trap = {
    .name = ".trap",
    .doc = "The registers that a trap frame holds",
    .proof = "instruction and stack pointer",
    .query = "SELECT c.line, r.value FROM context c JOIN register r ON r.context = c.id WHERE r.name = 'rax'",
    .tables = tables,
    .taste = taste_trap,
    .parse = parse,
};
const sc_command sc_command_cxr = {
    .name = ".cxr",
    .doc = "The registers that a context record holds",
    .proof = "instruction and stack pointer",
    .query = "SELECT kind, ip_symbol FROM context",
    .tables = tables,
    .taste = taste_kept,
    .parse = parse,
};
const sc_command sc_command_tss = {
    .name = ".tss",
    .doc = "The registers that a task state segment holds (x86)",
    .proof = "instruction and stack pointer",
    .query = "SELECT hex64(sp) FROM context",
    .tables = tables,
    .taste = taste_kept,
    .parse = parse,
};
const sc_command sc_command_r = {
    .name = "r",
    .doc = "The current processor's registers",
    .proof = "instruction and stack pointer",
    .query = "SELECT name, value FROM register WHERE name IN ('rip', 'eip', 'pc')",
    .tables = tables,
    .taste = taste_r,
    .parse = parse,
};
