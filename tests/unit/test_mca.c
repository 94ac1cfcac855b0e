/* Every worked example of the machine-check reference, every code pattern, and all 65536 codes for their bounds. */
#include "engine/decode/mca.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <string.h>

enum { VALID = 64, OVER = 32, UC = 16, EN = 8, MISCV = 4, ADDRV = 2, PCC = 1 };

static unsigned flags(const sc_mca *m)
{
    return (m->valid ? VALID : 0u) | (m->over ? OVER : 0u) | (m->uc ? UC : 0u) | (m->en ? EN : 0u) |
           (m->miscv ? MISCV : 0u) | (m->addrv ? ADDRV : 0u) | (m->pcc ? PCC : 0u);
}

static void decodes_worked_examples(void **state)
{
    (void)state;
    static const struct {
        uint64_t status;
        unsigned flags, mscod, mcacod;
        const char *mnemonic;
        sc_mca_kind kind;
        int level;
        const char *request;
    } examples[] = {
        {0xb64720001a000135, VALID | UC | EN | ADDRV | PCC, 0x1a00, 0x0135, "DCACHEL1_DRD_ERR", SC_MCA_CACHE, 1, "DRD"},
        {0xbe2000000005110a, VALID | UC | EN | MISCV | ADDRV | PCC, 0x0005, 0x110a, "GCACHEL2_ERR_ERR", SC_MCA_CACHE, 2,
         "ERR"},
        {0xb200004000000800, VALID | UC | EN | PCC, 0, 0x0800, "BUSL0_SRC_ERR_M_NOTIMEOUT_ERR", SC_MCA_BUS, 0, "ERR"},
        {0xfa00000000070f0f, VALID | OVER | UC | EN | MISCV | PCC, 0x0007, 0x0f0f, "BUSLG_GENERIC_ERR_*_TIMEOUT_ERR",
         SC_MCA_BUS, 3, "ERR"},
        {0xbe00000000800400, VALID | UC | EN | MISCV | ADDRV | PCC, 0x0080, 0x0400, "Internal timer error",
         SC_MCA_TIMER, -1, NULL},
        {0xbea0000000000108, VALID | UC | EN | MISCV | ADDRV | PCC, 0, 0x0108, "GCACHEL0_ERR_ERR", SC_MCA_CACHE, 0,
         "ERR"},
        {0x8c00004000010091, VALID | MISCV | ADDRV, 0x0001, 0x0091, "RD_CHANNEL1_ERR", SC_MCA_MEMORY, -1, "RD"},
        {0xbd80000000100134, VALID | UC | EN | MISCV | ADDRV, 0x0010, 0x0134, "DCACHEL0_DRD_ERR", SC_MCA_CACHE, 0,
         "DRD"},
        {0xb200000000010005, VALID | UC | EN | PCC, 0x0001, 0x0005, "Internal parity error", SC_MCA_PARITY, -1, NULL},
        {0xb600000000010015, VALID | UC | EN | ADDRV | PCC, 0x0001, 0x0015, "DTLBL1_ERR", SC_MCA_TLB, 1, NULL},
        {0xf2000000f0000405, VALID | OVER | UC | EN | PCC, 0xf000, 0x0405, "Internal unclassified error (5)",
         SC_MCA_INTERNAL, -1, NULL},
    };
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        sc_mca m;
        sc_mca_decode(examples[i].status, &m);
        assert_int_equal(flags(&m), examples[i].flags);
        assert_int_equal(m.mscod, examples[i].mscod);
        assert_int_equal(m.mcacod, examples[i].mcacod);
        assert_string_equal(m.mnemonic, examples[i].mnemonic);
        assert_int_equal(m.kind, examples[i].kind);
        assert_int_equal(m.level, examples[i].level);
        if (examples[i].request)
            assert_string_equal(m.request, examples[i].request);
        else
            assert_null(m.request);
    }
}

static void tells_the_other_bits(void **state)
{
    (void)state;
    sc_mca m;
    sc_mca_decode(0xbd80000000100134, &m); /* Intel: signalled, action required, recoverable */
    assert_true(m.bit56 && m.bit55 && !m.pcc);
    sc_mca_decode(0xbea0000000000108, &m); /* AMD: task context corrupt */
    assert_true(m.bit55 && !m.bit56);
    sc_mca_decode(0x8c00004000010091, &m);
    assert_int_equal(m.corrected, 1);
    assert_int_equal(m.channel, 1);
    sc_mca_decode(0xfa00000000070f0f, &m);
    assert_true(m.timed_out);
    sc_mca_decode(0xb200004000000800, &m);
    assert_false(m.timed_out);
}

static void names_every_pattern(void **state)
{
    (void)state;
    static const struct {
        unsigned code;
        const char *mnemonic;
        sc_mca_kind kind;
    } codes[] = {
        {0x0000, "No error", SC_MCA_NONE},
        {0x1001, "Unclassified error", SC_MCA_UNCLASSIFIED},
        {0x0002, "Microcode ROM parity error", SC_MCA_PARITY},
        {0x0003, "External error", SC_MCA_EXTERNAL},
        {0x0004, "FRC error", SC_MCA_FRC},
        {0x0006, "SMM handler code access violation", SC_MCA_SMM},
        {0x0e0b, "Generic I/O error", SC_MCA_IO},
        {0x0e0f, "BUSLG_GENERIC_ERR_*_NOTIMEOUT_ERR", SC_MCA_BUS},
        {0x0b18, "BUSL0_RES_RD_IO_TIMEOUT_ERR", SC_MCA_BUS},
        {0x0c81, "BUSL1_OBS_SNOOP_M_NOTIMEOUT_ERR", SC_MCA_BUS},
        {0x0150, "ICACHEL0_IRD_ERR", SC_MCA_CACHE},
        {0x017a, "GCACHEL2_EVICT_ERR", SC_MCA_CACHE},
        {0x0145, "DCACHEL1_DWR_ERR", SC_MCA_CACHE},
        {0x01f1, "ICACHEL1_?_ERR", SC_MCA_CACHE},
        {0x000e, "CACHEL2", SC_MCA_CACHE},
        {0x0280, "EXT_GEN_CHANNEL0_ERR", SC_MCA_MEMORY},
        {0x00cf, "MS_CHANNEL*_ERR", SC_MCA_MEMORY},
        {0x00a3, "WR_CHANNEL3_ERR", SC_MCA_MEMORY},
        {0x0012, "ITLBL2_ERR", SC_MCA_TLB},
        {0x001b, "GTLBLG_ERR", SC_MCA_TLB},
        {0x0600, "Internal unclassified error (200)", SC_MCA_INTERNAL},
        {0x0200, "", SC_MCA_UNKNOWN},
        {0x0007, "", SC_MCA_UNKNOWN},
        {0x2135, "", SC_MCA_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        sc_mca m;
        sc_mca_decode(codes[i].code, &m);
        assert_string_equal(m.mnemonic, codes[i].mnemonic);
        assert_int_equal(m.kind, codes[i].kind);
    }
    sc_mca m;
    sc_mca_decode(0x00cf, &m);
    assert_int_equal(m.channel, -1);
}

static void every_code_fits(void **state)
{
    (void)state;
    for (uint64_t code = 0; code <= 0xffff; code++) {
        sc_mca m;
        sc_mca_decode(code << 48 | code, &m);
        assert_true(strlen(m.mnemonic) + 1 < sizeof m.mnemonic);
        assert_true(m.kind >= 0 && m.kind < SC_N_MCA_KINDS && sc_mca_kind_names[m.kind]);
        assert_true(m.level >= -1 && m.level <= 3 && m.channel >= -1 && m.channel <= 14);
        assert_int_equal(m.mnemonic[0] == 0, m.kind == SC_MCA_UNKNOWN);
    }
}

/* Every word of the mnemonics, and every name of a kind: rules compare `kind` with these words. */
static void every_word(void **state)
{
    (void)state;
    static const char *const requests[] = {"ERR", "RD", "WR", "DRD", "DWR", "IRD", "PREFETCH", "EVICT", "SNOOP"};
    static const char *const memory[] = {"GEN", "RD", "WR", "AC", "MS", "?", "?", "?"};
    static const struct {
        sc_mca_kind kind;
        const char *name;
    } kinds[] = {
        {SC_MCA_NONE, "none"},         {SC_MCA_UNCLASSIFIED, "unclassified"},
        {SC_MCA_PARITY, "parity"},     {SC_MCA_EXTERNAL, "external"},
        {SC_MCA_FRC, "frc"},           {SC_MCA_SMM, "smm"},
        {SC_MCA_TIMER, "timer"},       {SC_MCA_IO, "io"},
        {SC_MCA_INTERNAL, "internal"}, {SC_MCA_BUS, "bus"},
        {SC_MCA_CACHE, "cache"},       {SC_MCA_MEMORY, "memory"},
        {SC_MCA_TLB, "tlb"},           {SC_MCA_UNKNOWN, "unknown"},
    };
    sc_mca m;
    for (unsigned i = 0; i < sizeof requests / sizeof *requests; i++) {
        sc_mca_decode(0x0100 | i << 4, &m);
        assert_string_equal(m.request, requests[i]);
    }
    for (unsigned i = 0; i < sizeof memory / sizeof *memory; i++) {
        sc_mca_decode(0x0080 | i << 4, &m);
        assert_string_equal(m.request, memory[i]);
    }
    assert_int_equal(sizeof kinds / sizeof *kinds, SC_N_MCA_KINDS);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        assert_string_equal(sc_mca_kind_names[kinds[i].kind], kinds[i].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_worked_examples), cmocka_unit_test(tells_the_other_bits),
        cmocka_unit_test(names_every_pattern),     cmocka_unit_test(every_word),
        cmocka_unit_test(every_code_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
