/* The diagnosis as one HTML page that needs nothing else: the site's style stands in it, scripts are none, and its
 * policy allows nothing to be loaded. What comes from a paste or a rule is text there, whatever it says.
 *
 * The page shows the paste as it was read, under the numbers of its own lines. A finding's evidence leads to its lines,
 * and a line leads back to what it proves.
 */
#ifndef STOPCODE_SITE_REPORT_H
#define STOPCODE_SITE_REPORT_H

#include "engine/stopcode.h"

/* One paste of a report. */
typedef struct site_report_part {
    unsigned number;    /* from 1: several pastes may stand on one page */
    const char *source; /* its name as a heading, or NULL */
    const char *error;  /* why it could not be read, or NULL; `diagnosis` is then an empty one */
    const sc_diagnosis *diagnosis;
    const sc_reading *reading; /* of the same paste; NULL: its lines are not shown */
    bool all;                  /* near misses too */
} site_report_part;

void site_report_begin(sc_buf *out, sc_span title);
void site_report_put(sc_buf *out, const site_report_part *part);
void site_report_end(sc_buf *out);

#endif
