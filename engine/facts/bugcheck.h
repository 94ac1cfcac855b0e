/* Which bug check a paste is about, beyond what fact.h declares (sc_identity_read, sc_identity_conflicts). */
#ifndef STOPCODE_BUGCHECK_H
#define STOPCODE_BUGCHECK_H

#include "engine/facts/fact.h"

/* 0x1000007E is the minidump spelling of 0x7E: the base code. */
uint32_t sc_bugcheck_base(uint32_t printed);

/* A bug check header's name: `UNEXPECTED_KERNEL_MODE_TRAP (7f)` with nothing else on the line. */
bool sc_bugcheck_header(sc_span line, sc_span *name, uint32_t *code);

/* A listed bug check's name, at most two letters misread (from a photograph: KERNEL_M0DE_HEAP_CORRUPTION); NULL when
 * none or several are that near. Exact names win. */
const sc_ref_bugcheck *sc_bugcheck_name_near(const sc_knowledge *k, sc_span name);

/* When a bug check's identity begins at the line that sc_next gave last: takes its lines, goes on behind them and notes
 * how wide the target's pointers are. */
bool sc_identity_take(sc_parse *p);

/* The bug check that running text names: a code beside the words stop, bug check, bugcheck or stop code, or a
 * documented name. Parameters are never taken from prose. Of several codes the one named most often; none on a tie.
 * The line that names it first is lines[out->n_lines - 1]. It is a hint: it never starts a crash. Lines whose byte in
 * `taken` (NULL: none) is set were read by a parser and are no prose. */
bool sc_identity_prose(const sc_knowledge *k, const sc_line *lines, size_t n, const unsigned char *taken,
                       sc_identity *out);

#endif
