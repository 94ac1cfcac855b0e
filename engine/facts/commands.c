#include "engine/facts/tables.h"

const sc_command *const sc_commands[] = {
#define X(id) &sc_command_##id,
    SC_COMMANDS(X)
#undef X
        NULL};

const sc_table *const sc_table_list[] = {
#define X(id) &sc_table_##id,
    SC_TABLES(X)
#undef X
        NULL};

const sc_derive_fn sc_derivations[] = {
#define X(id) sc_derive_##id,
    SC_DERIVATIONS(X)
#undef X
        NULL};
