/* Deferred procedure calls, as !dpcs, !pcr and !dpcwatchdog list them (engine/facts/processor.c). */
#ifndef STOPCODE_DPC_H
#define STOPCODE_DPC_H

#include "engine/facts/fact.h"

/* `CPU Type      KDPC       Function` */
bool sc_dpc_head(sc_span text);
/* ` 0: Threaded: 0xfffff8035f5ac3d8 0xfffff80363f27d70 nt!KiDpcWatchdog`, `Failed to read DPC at 0xffffe40b77190dd8`:
 * adds a row to `dpc`. False for another line. */
bool sc_dpc_line(sc_parse *p, const sc_line *line);

#endif
