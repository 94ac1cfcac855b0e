/* Problem codes of devices, as Device Manager and !devnode show them. */
#ifndef STOPCODE_CM_PROBLEM_H
#define STOPCODE_CM_PROBLEM_H

#include "engine/base/span.h"

/* "CM_PROB_FAILED_ADD" (with or without its prefix) to 31, Device Manager's "Code 31"; 0 for an unknown name. */
unsigned sc_cm_problem_code(sc_span name);
/* 31 to "CM_PROB_FAILED_ADD"; NULL for a number without a name. [cfg.h of the Windows SDK] */
const char *sc_cm_problem_name(unsigned code);

#endif
