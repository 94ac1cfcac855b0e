/* Machine checks: the status register in words, whether !errrec printed it or only the bug check's parameters hold it.
 *
 *     BugCheck 124, {0, fffffa80031f8028, b6472000, 1a000135}      [seed 003]
 *
 * Parameter 1 of 0 means a machine check exception: parameters 3 and 4 are then the halves of the status. They tell
 * what failed, but not on which processor or bank: those stay not printed. When the record in the paste holds the
 * same status, only the record's row stays; when it holds another one, both stay (two dumps may be mixed). 0x9C
 * carries its bank in parameter 1 and the halves in the same places.
 *
 * Table: mca.
 * Query: SELECT processor, bank, mnemonic FROM mca WHERE uc AND pcc;
 */
#include "engine/facts/mca_row.h"

#include "engine/decode/mca.h"
#include "engine/facts/lookup.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    [SC_MCA_COL_SOURCE] = {"source", SC_TEXT,
                           "'record' (printed by !errrec), 'registers' (by !mca) or 'parameters' (of the bug check)"},
    [SC_MCA_COL_RECORD] = {"record", SC_ADDR, "address of the error record"},
    [SC_MCA_COL_PROCESSOR] = {"processor", SC_INT, "processor that logged it"},
    [SC_MCA_COL_BANK] = {"bank", SC_INT, "register bank; what it stands for differs between processor models"},
    [SC_MCA_COL_STATUS] = {"status", SC_ADDR, "the status register"},
    [SC_MCA_COL_VALID] = {"valid", SC_BOOL, "the register holds an error"},
    [SC_MCA_COL_OVER] = {"over", SC_BOOL, "an earlier error was lost"},
    [SC_MCA_COL_UC] = {"uc", SC_BOOL, "not corrected"},
    [SC_MCA_COL_EN] = {"en", SC_BOOL, "reporting was enabled"},
    [SC_MCA_COL_MISCV] = {"miscv", SC_BOOL, "the misc register is valid"},
    [SC_MCA_COL_ADDRV] = {"addrv", SC_BOOL, "the address register is valid"},
    [SC_MCA_COL_PCC] = {"pcc", SC_BOOL, "processor context corrupt: it could not go on"},
    [SC_MCA_COL_SIGNALED] = {"signaled", SC_BOOL,
                             "bit 56: signalled by exception, on Intel processors; other vendors differ"},
    [SC_MCA_COL_ACTION] = {"action_required", SC_BOOL,
                           "bit 55: software must act, on Intel processors; other vendors differ"},
    [SC_MCA_COL_CORRECTED] = {"corrected", SC_INT,
                              "corrected errors counted, on Intel processors; NULL when not corrected"},
    [SC_MCA_COL_MSCOD] = {"mscod", SC_INT, "model-specific error code"},
    [SC_MCA_COL_MCACOD] = {"mcacod", SC_INT, "architectural error code"},
    [SC_MCA_COL_MNEMONIC] = {"mnemonic", SC_TEXT,
                             "computed from the status: 'DCACHEL1_DRD_ERR'; NULL for a code without a name"},
    [SC_MCA_COL_PRINTED] = {"printed", SC_TEXT,
                            "what the debugger printed for it; differs when the paste is damaged or mixed"},
    [SC_MCA_COL_KIND] =
        {"kind", SC_TEXT,
         "none, unclassified, parity, external, frc, smm, timer, io, internal, bus, cache, memory, tlb, unknown"},
    [SC_MCA_COL_LEVEL] = {"level", SC_INT,
                          "level of a cache, TLB or bus error: 0 to 2, 3 for generic; NULL for others"},
    [SC_MCA_COL_REQUEST] = {"request", SC_TEXT,
                            "what was asked: ERR, RD, WR, DRD, DWR, IRD, PREFETCH, EVICT, SNOOP; NULL for others"},
    [SC_MCA_COL_CHANNEL] = {"channel", SC_INT, "memory channel; NULL for others and when unspecified"},
    [SC_MCA_COL_TIMED_OUT] = {"timed_out", SC_BOOL, "a bus request that was never answered"},
    [SC_MCA_COL_ADDRESS] = {"address", SC_ADDR, "the address register; NULL when not valid"},
    [SC_MCA_COL_MISC] = {"misc", SC_ADDR, "the misc register; NULL when not valid"},
};
const sc_table sc_table_mca = {"mca", "Machine checks, decoded from their status", SC_MCA_COL_SOURCE,
                               SC_COLUMNS(columns)};

static void set_count(sc_row *r, int column, int64_t v, bool has)
{
    if (has)
        sc_set_int(r, column, v);
    else
        sc_set_null(r, column);
}

void sc_mca_fill(sc_facts *f, sc_row *r, uint64_t status)
{
    sc_mca m;
    sc_mca_decode(status, &m);
    sc_set_addr(r, SC_MCA_COL_STATUS, status);
    sc_set_bool(r, SC_MCA_COL_VALID, m.valid);
    sc_set_bool(r, SC_MCA_COL_OVER, m.over);
    sc_set_bool(r, SC_MCA_COL_UC, m.uc);
    sc_set_bool(r, SC_MCA_COL_EN, m.en);
    sc_set_bool(r, SC_MCA_COL_MISCV, m.miscv);
    sc_set_bool(r, SC_MCA_COL_ADDRV, m.addrv);
    sc_set_bool(r, SC_MCA_COL_PCC, m.pcc);
    sc_set_bool(r, SC_MCA_COL_SIGNALED, m.bit56);
    sc_set_bool(r, SC_MCA_COL_ACTION, m.bit55);
    set_count(r, SC_MCA_COL_CORRECTED, m.corrected, !m.uc);
    sc_set_int(r, SC_MCA_COL_MSCOD, m.mscod);
    sc_set_int(r, SC_MCA_COL_MCACOD, m.mcacod);
    sc_set_text(r, SC_MCA_COL_KIND, sc_span_z(sc_mca_kind_names[m.kind]));
    set_count(r, SC_MCA_COL_LEVEL, m.level, m.level >= 0);
    set_count(r, SC_MCA_COL_CHANNEL, m.channel, m.channel >= 0);
    sc_set_bool(r, SC_MCA_COL_TIMED_OUT, m.timed_out);
    if (m.request)
        sc_set_text(r, SC_MCA_COL_REQUEST, sc_span_z(m.request));
    else
        sc_set_null(r, SC_MCA_COL_REQUEST);
    if (m.mnemonic[0])
        sc_set_text(r, SC_MCA_COL_MNEMONIC, sc_arena_dup(f->arena, sc_span_z(m.mnemonic)));
    else
        sc_set_null(r, SC_MCA_COL_MNEMONIC);
}

/* ---- From the bug check's parameters ---- */

/* The bug check's row and its parameters; NULL when one of those that matter is not known. */
static const sc_row *bugcheck(const sc_facts *f, uint32_t *code, uint64_t *arg1, uint64_t *high, uint64_t *low)
{
    const sc_table *t = sc_table_named("bugcheck");
    const sc_row *r = t ? sc_facts_first(f, t) : NULL;
    if (!r) return NULL;
    int c = sc_column_named(t, "code"), a1 = sc_column_named(t, "arg1");
    int a3 = sc_column_named(t, "arg3"), a4 = sc_column_named(t, "arg4");
    if (!sc_has(r, c) || !sc_has(r, a1) || !sc_has(r, a3) || !sc_has(r, a4)) return NULL;
    *code = (uint32_t)sc_get_int(r, c);
    *arg1 = sc_get_addr(r, a1);
    *high = sc_get_addr(r, a3);
    *low = sc_get_addr(r, a4);
    return r;
}

void sc_derive_mca(sc_facts *f)
{
    uint32_t code;
    uint64_t arg1, high, low;
    const sc_row *from = bugcheck(f, &code, &arg1, &high, &low);
    if (!from || !(code == 0x124 ? arg1 == 0 : code == 0x9c)) return;
    uint64_t status = high << 32 | (low & 0xffffffff);
    if (!(status >> 63)) return; /* the status was not saved, or a processor older than these registers */
    sc_cover_text(f, &sc_table_mca, SC_S("parameters"), from->section, true); /* the record may hold more */
    for (const sc_row *r = sc_facts_first(f, &sc_table_mca); r; r = r->next)
        if (sc_has(r, SC_MCA_COL_STATUS) && sc_get_addr(r, SC_MCA_COL_STATUS) == status)
            return; /* the record says more */
    sc_row *r = sc_row_new(f, &sc_table_mca, from->section, NULL);
    r->line = from->line;
    r->last_line = from->last_line;
    sc_set_text(r, SC_MCA_COL_SOURCE, SC_S("parameters"));
    if (code == 0x9c) sc_set_int(r, SC_MCA_COL_BANK, (int64_t)arg1);
    sc_mca_fill(f, r, status);
}
