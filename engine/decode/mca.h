/* Machine-check status (MCi_STATUS) into words: what 0x124 and 0x9C carry and !errrec prints.
 *
 * The layout is architectural (Intel SDM volume 3, "Machine-Check Architecture"; AMD64 APM volume 2, chapter 9); what
 * MSCOD and the bits marked "vendor" mean differs from model to model, so they are handed out undecoded.
 */
#ifndef STOPCODE_MCA_H
#define STOPCODE_MCA_H

#include "engine/base/span.h"

typedef enum sc_mca_kind {
    SC_MCA_NONE,         /* no error logged */
    SC_MCA_UNCLASSIFIED, /* the processor does not say */
    SC_MCA_PARITY,       /* microcode ROM or internal parity */
    SC_MCA_EXTERNAL,     /* another processor's BINIT# or MCERR# */
    SC_MCA_FRC,          /* functional redundancy check, master against slave */
    SC_MCA_SMM,          /* system management code ran where it must not */
    SC_MCA_TIMER,        /* internal timer: the core completed nothing for too long */
    SC_MCA_IO,           /* generic I/O error */
    SC_MCA_INTERNAL,     /* inside the processor, unclassified */
    SC_MCA_BUS,          /* bus or interconnect */
    SC_MCA_CACHE,
    SC_MCA_MEMORY, /* memory controller, channels */
    SC_MCA_TLB,
    SC_MCA_UNKNOWN, /* a code without an architectural meaning */
    SC_N_MCA_KINDS
} sc_mca_kind;
extern const char *const sc_mca_kind_names[SC_N_MCA_KINDS]; /* "none", "bus", "cache" ... */

typedef struct sc_mca {
    bool valid; /* bit 63: without it the register holds nothing */
    bool over;  /* an earlier error was lost: the code may not be the first failure */
    bool uc;    /* not corrected */
    bool en;    /* reporting was enabled */
    bool miscv, addrv;
    bool pcc;           /* processor context corrupt: it cannot go on */
    bool bit56, bit55;  /* vendor: S and AR of an Intel processor with recovery; ErrCoreIdVal and TCC of AMD */
    unsigned corrected; /* bits 52 to 38, vendor: Intel's count of corrected errors, when `uc` is clear */
    unsigned mscod;     /* bits 31 to 16: model specific */
    unsigned mcacod;    /* bits 15 to 0, as read */
    sc_mca_kind kind;
    int level;           /* of a cache, TLB or bus code: 0, 1, 2, 3 for "generic"; -1 for codes without one */
    int channel;         /* of a memory code; -1 for other codes and when it is unspecified */
    const char *request; /* "DRD", "RD", "ERR" ...; NULL for codes without one */
    bool timed_out;      /* of a bus code: the request never got an answer */
    char mnemonic[48];   /* "DCACHEL1_DRD_ERR", as !errrec prints it; "" without a name */
} sc_mca;

/* Decodes one status. Whatever the number, every member is set. */
void sc_mca_decode(uint64_t status, sc_mca *out);

#endif
