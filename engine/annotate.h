/* Notes beside the lines of a paste (sc_reading_annotate); internal to the engine. */
#ifndef STOPCODE_ANNOTATE_H
#define STOPCODE_ANNOTATE_H

#include "engine/query.h"

/* Adds the notes (sc_annotation) on one crash to *out, in no order; they live in the facts' arena. */
int sc_annotate_crash(sc_sql *sql, sc_facts *f, const sc_bugcheck *b, sc_list *out, sc_error *error);
/* By line, each once; returns how many are left. */
size_t sc_annotations_sort(sc_annotation *list, size_t n);

#endif
