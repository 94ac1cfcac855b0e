/* The lines of !irp as text: numbers and names without meaning. irp.c makes facts of them. */
#ifndef STOPCODE_IRP_TEXT_H
#define STOPCODE_IRP_TEXT_H

#include "engine/base/scan.h"

/* `Irp is active with 10 stacks 10 is current (= 0xfffffa8008f5cf68)` */
typedef struct sc_irp_header {
    int64_t stacks, current;
    bool has_location;
    uint64_t location; /* of the current stack location */
    int digits;        /* 8 or 16 */
} sc_irp_header;
bool sc_irp_header_read(sc_span text, sc_irp_header *h);
/* The request's own address from that of its current stack location. False when that is not known. */
bool sc_irp_locate(const sc_irp_header *h, uint64_t *irp);

/* `>[ 1b,17]` or `>[IRP_MJ_POWER(16), IRP_MN_SET_POWER(2)]`; names are empty for plain numbers and for N/A. */
typedef struct sc_irp_entry {
    bool marked;   /* > */
    bool symbolic; /* names are printed, so N/A says that there is none */
    uint64_t major, minor;
    sc_span major_name, minor_name;
    sc_scan rest; /* behind the bracket: the numbers, or nothing */
} sc_irp_entry;
bool sc_irp_entry_read(sc_span text, sc_irp_entry *e);

/* `0 e1 fffffa800783f060 00000000 00000000-00000000    pending` */
typedef struct sc_irp_numbers {
    uint64_t device, file, routine, context;
    int digits;   /* of the device */
    bool pending; /* the driver marked the request pending */
} sc_irp_numbers;
bool sc_irp_numbers_scan(sc_scan c, sc_irp_numbers *n);

#endif
