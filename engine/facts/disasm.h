/* One disassembled instruction, as u prints it and as it stands below registers. */
#ifndef STOPCODE_DISASM_H
#define STOPCODE_DISASM_H

#include "engine/facts/fact.h"
#include "engine/facts/symbol.h"

typedef struct sc_instruction {
    uint64_t address;
    int digits;       /* 8 or 16: how wide the address was printed */
    sc_span mnemonic; /* empty when unreadable */
    sc_span operands; /* without the memory operand's value */
    bool unreadable;  /* ??: the code is not in the dump */
    bool has_operand_address, operand_unreadable;
    uint64_t operand_address; /* of `ds:002b:003f8b81``3f20b6e8=????????????????` */
} sc_instruction;

/* Reads `A bytes mnemonic operands` or `A ?? ???`. `strict`, for lines that may be prose, wants a known mnemonic. */
bool sc_instruction_read(sc_span line, bool strict, sc_instruction *out);
/* A line that says where the code below it lies: `nt!KeFlushProcessWriteBuffers+0x63:`. */
bool sc_code_header(sc_span line, sc_symbol *out);
/* Adds the row of an instruction that was read; `header` may be empty. */
void sc_instruction_add(sc_parse *p, const sc_line *line, const sc_instruction *i, const sc_symbol *header);

#endif
