/* u, ub, uf: the code at an address. [seeds 000, 002, 003, 004]
 *
 *     3: kd> u nt!MiExpandNonPagedPool+0x14
 *     nt!MiExpandNonPagedPool+0x14:
 *     fffff800`02e69f2c 4156            push    r14
 *     fffff800`02e69f30 4881ecd0000000  sub     rsp,0D0h
 *     fffff960`0011ad9f ??              ???
 *     b8d8c0ed 81c470fdffff add esp,0FFFFFD70h
 *
 * The symbol line may be lost, columns may have collapsed to one blank, and ub names where it started to disassemble,
 * not the function that the address belongs to.
 *
 * Tables: instruction.
 * Query:  SELECT symbol, max(stack_bytes) FROM instruction;
 */
#include "engine/facts/disasm.h"
#include "engine/facts/tables.h"

#include <string.h>

static const sc_column columns[] = {
    {"address", SC_ADDR, "of the instruction"},
    {"mnemonic", SC_TEXT, "push, mov, call; NULL when the code could not be read"},
    {"operands", SC_TEXT, "as printed"},
    {"symbol", SC_TEXT, "module!function of the line above the code"},
    {"command", SC_TEXT, "u, ub or uf"},
    {"unreadable", SC_BOOL, "the code is not in the dump"},
    {"stack_bytes", SC_INT,
     "bytes of stack that it allocates (sub rsp, add esp with a negative number); NULL for none"},
};
enum { ADDRESS, MNEMONIC, OPERANDS, SYMBOL, COMMAND, UNREADABLE, STACK_BYTES };
const sc_table sc_table_instruction = {"instruction", "Disassembled code", ADDRESS, SC_COLUMNS(columns)};

/* ---- One instruction ---- */

/* Enough of x86, x64 and arm64 to tell code from a line with two numbers and a word. A star stands for any ending. */
static bool is_mnemonic(sc_span word)
{
    static const char *const known[] = {
        "mov*",     "lea",       "push*",  "pop*",    "call",     "ret",    "retn",   "retf",   "sub",   "add",
        "adc",      "sbb",       "and",    "andn",    "or",       "xor*",   "not",    "neg",    "inc",   "dec",
        "cmp*",     "test",      "shl",    "shr",     "shld",     "shrd",   "sar",    "sal",    "rol",   "ror",
        "rcl",      "rcr",       "imul",   "mul*",    "idiv",     "div*",   "cdq",    "cdqe",   "cqo",   "cwde",
        "nop",      "int",       "lock",   "rep*",    "cli",      "sti",    "hlt",    "pause",  "iret",  "iretd",
        "iretq",    "syscall",   "sysret", "sysexit", "sysenter", "rdmsr",  "rdtsc",  "rdtscp", "rdpmc", "wrmsr",
        "cpuid",    "invlpg",    "invd",   "wbinvd",  "lidt",     "lgdt",   "sidt",   "sgdt",   "ltr",   "swapgs",
        "xchg",     "xadd",      "bt",     "bts",     "btr",      "btc",    "bsf",    "bsr",    "bswap", "set*",
        "cmov*",    "prefetch*", "stos*",  "scas*",   "lods*",    "mfence", "lfence", "sfence", "leave", "enter",
        "fxsave",   "fxrstor",   "xsave*", "xrstor*", "in",       "out",    "ud2",    "cld",    "std",   "vmcall",
        "vmlaunch", "vmresume",  "vmread", "vmwrite", "vmov*",    "vp*",    "j*",     "ldr*",   "str*",  "ldp",
        "stp",      "bl",        "blr",    "b.*",     "b",        "br",     "cbz",    "cbnz",   "tbz",   "tbnz",
        "adrp",     "adr",       "brk",    "dmb",     "isb",      "dsb",    "ands",
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (sc_glob(sc_span_z(known[i]), word)) return word.n <= 12;
    return false;
}

static bool is_lower_word(sc_span word)
{
    if (!word.n || word.p[0] < 'a' || word.p[0] > 'z' || word.n > 16) return false;
    for (size_t i = 0; i < word.n; i++)
        if (!(word.p[i] >= 'a' && word.p[i] <= 'z') && !sc_is_digit(word.p[i]) && word.p[i] != '.') return false;
    return true;
}

/* `mov rcx,qword ptr [rax+10h] ds:ffffffff``00000090=????????????????`: cuts the value of memory off the operands. */
static void read_operand_value(sc_instruction *out)
{
    size_t equal = sc_rfind_char(out->operands, '=');
    if (equal == SC_NPOS) return;
    sc_span head = sc_span_sub(out->operands, 0, equal), value = sc_span_from(out->operands, equal + 1);
    size_t start = head.n;
    while (start > 0 && !sc_is_blank(head.p[start - 1])) start--;
    sc_span place = sc_span_from(head, start); /* ds:002b:003f8b81`3f20b6e8 */
    if (place.n < 4 || place.p[2] != ':' || place.p[1] != 's') return;
    size_t colon = sc_rfind_char(place, ':');
    if (!sc_span_addr(sc_span_from(place, colon + 1), &out->operand_address, NULL)) return;
    out->has_operand_address = true;
    out->operand_unreadable = value.n && value.p[0] == '?';
    out->operands = sc_rtrim(sc_span_sub(out->operands, 0, start));
}

/* Without the arrow of a note and the backslash that some boards put at the end of a line. */
static sc_span operands(sc_span text)
{
    size_t arrow = sc_find(text, "<-");
    text = sc_trim(sc_span_sub(text, 0, arrow));
    while (text.n && text.p[text.n - 1] == '\\') text = sc_rtrim(sc_span_sub(text, 0, text.n - 1));
    return text;
}

bool sc_instruction_read(sc_span line, bool strict, sc_instruction *out)
{
    *out = (sc_instruction){0};
    sc_scan c = sc_scan_of(line);
    sc_span bytes;
    if (!sc_addr(&c, &out->address, &out->digits) || !sc_word(&c, &bytes)) return false;
    if (bytes.n >= 2 && bytes.p[0] == '?' && bytes.p[1] == '?') {
        out->unreadable = true;
        sc_lit(&c, "???");
        return sc_at_end(&c);
    }
    if (bytes.n < 2 || bytes.n > 30 || bytes.n % 2) return false;
    for (size_t i = 0; i < bytes.n; i++)
        if (!sc_is_hex(bytes.p[i])) return false;
    if (!sc_word(&c, &out->mnemonic)) return false;
    if (!(strict ? is_mnemonic(out->mnemonic) : is_lower_word(out->mnemonic))) return false;
    out->operands = operands(sc_rest(&c));
    if (strict && out->operands.n && out->operands.p[0] == '(')
        return false; /* `A A setupapi (deferred)` is a module */
    read_operand_value(out);
    return true;
}

bool sc_code_header(sc_span line, sc_symbol *out)
{
    line = sc_trim(line);
    if (line.n < 4 || line.p[line.n - 1] != ':') return false;
    sc_scan c = sc_scan_of(sc_span_sub(line, 0, line.n - 1));
    if (!sc_symbol_scan(&c, out)) return false;
    if (c.p < c.end && *c.p == '+') { /* old debuggers print offsets without 0x: AdapterIsr+ad */
        c.p++;
        if (!sc_hex(&c, &out->offset)) return false;
        out->has_offset = true;
    }
    sc_blanks(&c);
    return c.p == c.end || *c.p == '['; /* [inlined in ...], [file @ line] */
}

/* ---- Stack that it allocates ---- */

/* `0D0h`, `28h`, `8` */
static bool read_number(sc_span s, uint64_t *value)
{
    s = sc_trim(s);
    if (s.n > 1 && sc_lower(s.p[s.n - 1]) == 'h') {
        s.n--;
        if (s.n == 17 && s.p[0] == '0') s = sc_span_from(s, 1);
        return sc_span_hex(s, value);
    }
    return sc_span_dec(s, value);
}

static bool stack_bytes(const sc_instruction *i, int64_t *bytes)
{
    sc_span reg, number;
    uint64_t v;
    bool sub = sc_eq_z(i->mnemonic, "sub"), add = sc_eq_z(i->mnemonic, "add");
    if ((!sub && !add) || !sc_cut(i->operands, ",", &reg, &number)) return false;
    reg = sc_trim(reg);
    bool narrow = sc_eq_z(reg, "esp");
    if (!narrow && !sc_eq_z(reg, "rsp") && !sc_eq_z(reg, "sp")) return false;
    if (!read_number(number, &v)) return false;
    int64_t change = narrow ? (int32_t)(uint32_t)v : (int64_t)v;
    if (change == INT64_MIN) return false;
    *bytes = sub ? change : -change;
    return *bytes > 0;
}

/* ---- The command ---- */

void sc_instruction_add(sc_parse *p, const sc_line *l, const sc_instruction *i, const sc_symbol *header)
{
    sc_row *r = sc_add(p, &sc_table_instruction, l);
    int64_t bytes;
    sc_set_text(r, COMMAND, p->section->prompted ? p->section->name : SC_S("u"));
    sc_set_bool(r, UNREADABLE, i->unreadable);
    if (header->name.n) sc_set_text(r, SYMBOL, header->name);
    if (i->digits) { /* the column with the address may be lost */
        sc_set_addr(r, ADDRESS, i->address);
        sc_note_width(p->facts, i->digits);
        sc_cover_addr(p->facts, &sc_table_instruction, i->address, p->ordinal, true);
    }
    if (i->unreadable) {
        sc_set_null(r, MNEMONIC);
        sc_set_null(r, OPERANDS);
        return;
    }
    sc_set_text(r, MNEMONIC, i->mnemonic);
    sc_set_text(r, OPERANDS, i->operands);
    if (stack_bytes(i, &bytes))
        sc_set_int(r, STACK_BYTES, bytes);
    else
        sc_set_null(r, STACK_BYTES);
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_instruction i;
    sc_symbol header;
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0};
    if (text.n < 10) return SC_ABSTAIN;
    if (sc_is_hex(text.p[0]) && sc_instruction_read(text, true, &i)) return SC_STRONG;
    if (text.p[text.n - 1] != ':' || !sc_code_header(text, &header)) return SC_ABSTAIN;
    for (size_t k = 1; k < n && k < 4; k++)
        if (lines[k].text.n) return sc_instruction_read(lines[k].text, true, &i) ? SC_STRONG : SC_ABSTAIN;
    return SC_ABSTAIN;
}

static void parse(sc_parse *p)
{
    sc_symbol header = {0};
    /* `u nt!MiExpandNonPagedPool+0x14` says what the lost line would have said; ub ends there, it starts elsewhere */
    if (p->section->prompted && !sc_ieq_z(p->section->name, "ub")) sc_symbol_read(p->section->args, &header);
    const sc_line *header_line = NULL;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_instruction i;
        sc_symbol symbol;
        if (sc_instruction_read(l->text, !p->section->prompted, &i)) {
            sc_instruction_add(p, l, &i, &header);
            sc_complete(p);
            header_line = NULL;
        } else if (sc_code_header(l->text, &symbol)) {
            header = symbol;
            header_line = l;
            sc_take(p, l);
        } else if (header_line) { /* address and bytes are lost (seed 004: `call dword ptr ...`) */
            sc_scan c = sc_scan_of(l->text);
            i = (sc_instruction){0};
            if (sc_word(&c, &i.mnemonic) && is_mnemonic(i.mnemonic)) {
                i.operands = operands(sc_rest(&c));
                sc_instruction_add(p, l, &i, &header);
            }
            header_line = NULL;
        } else if (sc_starts(sc_ltrim(l->text), "^ Memory access error")) {
            sc_take(p, l);
        }
    }
}

static const sc_table *const tables[] = {&sc_table_instruction, NULL};
static const char *const aliases[] = {"ub", "uf", "uu", NULL};
const sc_command sc_command_disasm = {
    .name = "u",
    .aliases = aliases,
    .doc = "The code at an address",
    .proof = "each instruction tells itself",
    .query = "SELECT symbol, max(stack_bytes) FROM instruction",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
