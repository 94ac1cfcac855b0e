/* Stacks of the seeds, read with the modules that stand on them. */
#ifndef STOPCODE_STACK_FIXTURE_H
#define STOPCODE_STACK_FIXTURE_H

#include "tests/unit/facts_fixture.h"
#include "tests/unit/stack_texts.h"

#include <stdio.h>

/* Sorted as the knowledge has them: ASCII case ignored. */
static const sc_ref_module modules[] = {
    {"fltmgr", "Microsoft", "Windows", "filter", SC_ORIGIN_MICROSOFT},
    {"hal", "Microsoft", "Windows", "kernel", SC_ORIGIN_MICROSOFT},
    {"nt", "Microsoft", "Windows", "kernel", SC_ORIGIN_MICROSOFT},
    {"Ntfs", "Microsoft", "Windows", "file system", SC_ORIGIN_MICROSOFT},
    {"Wdf01000", "Microsoft", "Windows", "framework", SC_ORIGIN_MICROSOFT},
    {"win32k", "Microsoft", "Windows", "graphics", SC_ORIGIN_MICROSOFT},
};
static const sc_knowledge known = {.modules = modules, .n_modules = sizeof modules / sizeof *modules};

/* Facts of several texts pasted below each other. */
static fx paste(const char *const *parts)
{
    static char text[1 << 16];
    size_t n = 0;
    for (; *parts; parts++) n += (size_t)snprintf(text + n, sizeof text - n, "%s", *parts);
    assert_true(n < sizeof text);
    return fx_read_crash((sc_span){text, n}, &known, 0);
}
#define PASTE(...) paste((const char *const[]){__VA_ARGS__, NULL})

#endif
