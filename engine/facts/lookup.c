#include "engine/facts/lookup.h"

#include <string.h>

const sc_table *sc_table_named(const char *name)
{
    for (size_t i = 0; sc_table_list[i]; i++)
        if (!strcmp(sc_table_list[i]->name, name)) return sc_table_list[i];
    return NULL;
}

int sc_column_named(const sc_table *table, const char *column)
{
    for (int i = 0; i < table->n_columns; i++)
        if (!strcmp(table->columns[i].name, column)) return i;
    return -1;
}

sc_span sc_module_name(sc_span image)
{
    static const char *const extensions[] = {".sys", ".exe", ".dll"};
    size_t slash = sc_rfind_char(image, '\\');
    if (slash != SC_NPOS) image = sc_span_from(image, slash + 1);
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
        if (image.n > 4 && sc_iends(image, extensions[i])) return sc_span_sub(image, 0, image.n - 4);
    return image;
}
