/* Lines of !chkimg, which !analyze prints too behind its CHKIMG_EXTENSION label. */
#ifndef STOPCODE_CHKIMG_H
#define STOPCODE_CHKIMG_H

#include "engine/facts/fact.h"

/* Reads one line of !chkimg output wherever it stands, and takes it. Lines before it are looked at, so that the
 * caller need keep nothing in mind. False, and nothing is taken, for any other line. */
bool sc_chkimg_line(sc_parse *p, const sc_line *line);

#endif
