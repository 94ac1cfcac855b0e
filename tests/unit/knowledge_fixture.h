/* The knowledge of this project, and an engine over it.
 *
 *     cmocka_run_group_tests(tests, open_knowledge, close_knowledge)
 */
#ifndef STOPCODE_KNOWLEDGE_FIXTURE_H
#define STOPCODE_KNOWLEDGE_FIXTURE_H

#include "kb/kb.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static sc_kb *kb;
static sc_engine *engine;

static int open_knowledge(void **state)
{
    (void)state;
    sc_error error = {0};
    if (sc_kb_open(&kb, ".", NULL, &error)) fail_msg("%s", error.text);
    return sc_engine_new(&engine, sc_kb_knowledge(kb), &error);
}

static int close_knowledge(void **state)
{
    (void)state;
    sc_engine_free(engine);
    sc_kb_close(kb);
    return 0;
}

#endif
