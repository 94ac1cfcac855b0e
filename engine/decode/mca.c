/* The error code in bits 15 to 0 is either one of a few simple numbers or a compound: a pattern that tells its kind,
 * and fields in the bits that the pattern leaves free. */
#include "engine/decode/mca.h"

#include <stdio.h>

const char *const sc_mca_kind_names[SC_N_MCA_KINDS] = {
    [SC_MCA_NONE] = "none",         [SC_MCA_UNCLASSIFIED] = "unclassified",
    [SC_MCA_PARITY] = "parity",     [SC_MCA_EXTERNAL] = "external",
    [SC_MCA_FRC] = "frc",           [SC_MCA_SMM] = "smm",
    [SC_MCA_TIMER] = "timer",       [SC_MCA_IO] = "io",
    [SC_MCA_INTERNAL] = "internal", [SC_MCA_BUS] = "bus",
    [SC_MCA_CACHE] = "cache",       [SC_MCA_MEMORY] = "memory",
    [SC_MCA_TLB] = "tlb",           [SC_MCA_UNKNOWN] = "unknown",
};

static const struct {
    unsigned code;
    sc_mca_kind kind;
    const char *mnemonic;
} simple_codes[] = {
    {0x0000, SC_MCA_NONE, "No error"},
    {0x0001, SC_MCA_UNCLASSIFIED, "Unclassified error"},
    {0x0002, SC_MCA_PARITY, "Microcode ROM parity error"},
    {0x0003, SC_MCA_EXTERNAL, "External error"},
    {0x0004, SC_MCA_FRC, "FRC error"},
    {0x0005, SC_MCA_PARITY, "Internal parity error"},
    {0x0006, SC_MCA_SMM, "SMM handler code access violation"},
    {0x0400, SC_MCA_TIMER, "Internal timer error"},
    {0x0e0b, SC_MCA_IO, "Generic I/O error"}, /* would also read as a bus code */
};

static const char *const levels[4] = {"L0", "L1", "L2", "LG"};
static const char *const transactions[4] = {"I", "D", "G", "?"}; /* 3 is reserved */
static const char *const participations[4] = {"SRC", "RES", "OBS", "GENERIC"};
static const char *const spaces[4] = {"M", "?", "IO", "*"}; /* 1 is reserved, 3 is anything else */
static const char *const memory_requests[8] = {"GEN", "RD", "WR", "AC", "MS", "?", "?", "?"};

static const char *request_name(unsigned rrrr)
{
    static const char *const names[] = {"ERR", "RD", "WR", "DRD", "DWR", "IRD", "PREFETCH", "EVICT", "SNOOP"};
    return rrrr < sizeof names / sizeof *names ? names[rrrr] : "?";
}

static void name_bus(sc_mca *m, unsigned code)
{
    m->kind = SC_MCA_BUS;
    m->level = (int)(code & 3);
    m->request = request_name(code >> 4 & 15);
    m->timed_out = code >> 8 & 1;
    snprintf(m->mnemonic, sizeof m->mnemonic, "BUS%s_%s_%s_%s_%s_ERR", levels[code & 3], participations[code >> 9 & 3],
             m->request, spaces[code >> 2 & 3], m->timed_out ? "TIMEOUT" : "NOTIMEOUT");
}

static void name_cache(sc_mca *m, unsigned code)
{
    m->kind = SC_MCA_CACHE;
    m->level = (int)(code & 3);
    m->request = request_name(code >> 4 & 15);
    snprintf(m->mnemonic, sizeof m->mnemonic, "%sCACHE%s_%s_ERR", transactions[code >> 2 & 3], levels[code & 3],
             m->request);
}

static void name_memory(sc_mca *m, unsigned code, const char *prefix)
{
    unsigned channel = code & 15;
    m->kind = SC_MCA_MEMORY;
    m->request = memory_requests[code >> 4 & 7];
    if (channel == 15) { /* not specified */
        snprintf(m->mnemonic, sizeof m->mnemonic, "%s%s_CHANNEL*_ERR", prefix, m->request);
        return;
    }
    m->channel = (int)channel;
    snprintf(m->mnemonic, sizeof m->mnemonic, "%s%s_CHANNEL%u_ERR", prefix, m->request, channel);
}

static void name_code(sc_mca *m)
{
    unsigned code = m->mcacod & 0xefff; /* bit 12 only says that corrected reports are filtered */
    for (size_t i = 0; i < sizeof simple_codes / sizeof *simple_codes; i++)
        if (simple_codes[i].code == code) {
            m->kind = simple_codes[i].kind;
            snprintf(m->mnemonic, sizeof m->mnemonic, "%s", simple_codes[i].mnemonic);
            return;
        }
    /* Each pattern's highest set bit tells it from those below. */
    if ((code & 0xe800) == 0x0800) {
        name_bus(m, code);
    } else if ((code & 0xef80) == 0x0280) {
        name_memory(m, code, "EXT_"); /* memory behind memory (2LM) */
    } else if ((code & 0xef00) == 0x0100) {
        name_cache(m, code);
    } else if ((code & 0xef80) == 0x0080) {
        name_memory(m, code, "");
    } else if ((code & 0xeff0) == 0x0010) {
        m->kind = SC_MCA_TLB;
        m->level = (int)(code & 3);
        snprintf(m->mnemonic, sizeof m->mnemonic, "%sTLB%s_ERR", transactions[code >> 2 & 3], levels[code & 3]);
    } else if ((code & 0xeffc) == 0x000c) {
        m->kind = SC_MCA_CACHE;
        m->level = (int)(code & 3);
        snprintf(m->mnemonic, sizeof m->mnemonic, "CACHE%s", levels[code & 3]);
    } else if ((code & 0xec00) == 0x0400) {
        m->kind = SC_MCA_INTERNAL;
        snprintf(m->mnemonic, sizeof m->mnemonic, "Internal unclassified error (%x)", code & 0x3ff);
    } else {
        m->kind = SC_MCA_UNKNOWN;
    }
}

void sc_mca_decode(uint64_t status, sc_mca *out)
{
    *out = (sc_mca){
        .valid = status >> 63 & 1,
        .over = status >> 62 & 1,
        .uc = status >> 61 & 1,
        .en = status >> 60 & 1,
        .miscv = status >> 59 & 1,
        .addrv = status >> 58 & 1,
        .pcc = status >> 57 & 1,
        .bit56 = status >> 56 & 1,
        .bit55 = status >> 55 & 1,
        .corrected = (unsigned)(status >> 38 & 0x7fff),
        .mscod = (unsigned)(status >> 16 & 0xffff),
        .mcacod = (unsigned)(status & 0xffff),
        .level = -1,
        .channel = -1,
    };
    name_code(out);
}
