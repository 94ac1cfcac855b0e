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

sc_span sc_wrapped_module(sc_span message, sc_span below)
{
    sc_scan c = sc_scan_of(below);
    sc_span word;
    if (!sc_ends(sc_rtrim(message), " for") || !sc_word(&c, &word)) return (sc_span){0};
    sc_span name = sc_module_name(word);
    return name.n < word.n ? name : (sc_span){0}; /* with its extension, else it is something new */
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
