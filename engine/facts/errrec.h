/* Between the two files of !errrec: errrec.c finds labels and values, errrec_fields.c knows what they mean. */
#ifndef STOPCODE_ERRREC_H
#define STOPCODE_ERRREC_H

#include "engine/facts/fact.h"

typedef struct sc_errrec {
    sc_parse *p;
    const sc_line *line;            /* being read */
    sc_row *record, *section, *mca; /* being filled; NULL outside */
    uint64_t address;               /* of the record */
    bool has_address;
    bool cut;                         /* something was left out */
    bool owes_status;                 /* a machine-check section began, its status is yet to come */
    uint64_t length, offset, reached; /* bytes: of the record, of the section, where the last section ends */
} sc_errrec;

#define SC_ERRREC_HEADER "Common Platform Error Record"

void sc_errrec_field(sc_errrec *r, sc_span label, sc_span value);
void sc_errrec_close(sc_errrec *r); /* the record is over */
/* "DCACHEL1_DRD_ERR (Proc 3 Bank 0)" */
bool sc_errrec_error(sc_span value, sc_span *name, uint64_t *processor, uint64_t *bank);

#endif
