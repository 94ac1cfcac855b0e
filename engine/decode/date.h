/* Dates as debuggers print them, and link times. */
#ifndef STOPCODE_DATE_H
#define STOPCODE_DATE_H

#include "engine/base/span.h"

/* Years in which a driver for Windows NT can have been linked; anything else is a hash or garbage. */
#define SC_FIRST_YEAR 1990
#define SC_LAST_YEAR 2035

int sc_unix_year(int64_t seconds); /* UTC, proleptic Gregorian */
/* The year in `Mon Oct 13 06:50:10 2008`, wherever it stands; 0 when there is no plausible one. */
int sc_printed_year(sc_span date);
static inline bool sc_plausible_year(int year) { return year >= SC_FIRST_YEAR && year <= SC_LAST_YEAR; }

#endif
