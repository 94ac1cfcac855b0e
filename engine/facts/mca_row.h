/* The table `mca`, which !errrec fills and 0x124's own parameters too (engine/facts/derive_mca.c). */
#ifndef STOPCODE_MCA_ROW_H
#define STOPCODE_MCA_ROW_H

#include "engine/facts/fact.h"

enum {
    SC_MCA_COL_SOURCE,
    SC_MCA_COL_RECORD,
    SC_MCA_COL_PROCESSOR,
    SC_MCA_COL_BANK,
    SC_MCA_COL_STATUS,
    SC_MCA_COL_VALID,
    SC_MCA_COL_OVER,
    SC_MCA_COL_UC,
    SC_MCA_COL_EN,
    SC_MCA_COL_MISCV,
    SC_MCA_COL_ADDRV,
    SC_MCA_COL_PCC,
    SC_MCA_COL_SIGNALED,
    SC_MCA_COL_ACTION,
    SC_MCA_COL_CORRECTED,
    SC_MCA_COL_MSCOD,
    SC_MCA_COL_MCACOD,
    SC_MCA_COL_MNEMONIC,
    SC_MCA_COL_PRINTED,
    SC_MCA_COL_KIND,
    SC_MCA_COL_LEVEL,
    SC_MCA_COL_REQUEST,
    SC_MCA_COL_CHANNEL,
    SC_MCA_COL_TIMED_OUT,
    SC_MCA_COL_ADDRESS,
    SC_MCA_COL_MISC,
};
extern const sc_table sc_table_mca;

/* Sets `status` and every column that follows from it. The mnemonic is copied into the arena. */
void sc_mca_fill(sc_facts *f, sc_row *r, uint64_t status);

#endif
