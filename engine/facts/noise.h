/* What a debugger says while it works, and commands that only steer it: understood, and without a fact. */
#ifndef STOPCODE_NOISE_H
#define STOPCODE_NOISE_H

#include "engine/base/scan.h"

/* `Loading Kernel Symbols`, `Implicit process is now 852b4040`, `DBGHELP: No image file available for x.exe` ...:
 * `before` is the line of text above, for lines that only mean something behind another. */
bool sc_is_noise(sc_span text, sc_span before);

/* A command that prints nothing about the target: g, bp, .reload, !sym, ~1. Also the empty name, of a prompt at which
 * nothing was typed. */
bool sc_only_steers(sc_span name);

#endif
