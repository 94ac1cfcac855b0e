#include "cli/yaml_edit.h"

#include "engine/base/buf.h"

#include <string.h>

/* ---- Where things stand ------------------------------------------------------------------------------------------ */

static size_t start_of(const sc_source_text *file, const sc_yaml *y)
{
    size_t from, to;
    sc_yaml_bytes(file, y, &from, &to);
    return from;
}

/* Of an item of a list, or of the key before a value. */
static size_t item_start(const sc_source_text *file, const sc_yaml *y)
{
    return start_of(file, y->key ? y->key : y);
}

bool yaml_is_flow(const sc_source_text *file, const sc_yaml *collection)
{
    size_t at = start_of(file, collection);
    return at < file->text.n && (file->text.p[at] == '[' || file->text.p[at] == '{');
}

static bool is_block(const sc_source_text *file, const sc_yaml *y)
{
    return y->kind != SC_YAML_TEXT && !yaml_is_flow(file, y);
}

static const sc_yaml *last_of(const sc_yaml *collection)
{
    const sc_yaml *y = collection->first;
    while (y && y->next) y = y->next;
    return y;
}

/* Behind the value's last character. libyaml counts to a block what follows up to the next token. */
static size_t end_of(const sc_source_text *file, const sc_yaml *y)
{
    size_t from, to;
    while (y->first && is_block(file, y)) y = last_of(y);
    sc_yaml_bytes(file, y, &from, &to);
    while (to > from &&
           (sc_is_blank(file->text.p[to - 1]) || file->text.p[to - 1] == '\n' || file->text.p[to - 1] == '\r'))
        to--;
    return to;
}

static size_t line_start(sc_span text, size_t at)
{
    while (at && text.p[at - 1] != '\n') at--;
    return at;
}

/* Behind the line feed. */
static size_t line_end(sc_span text, size_t at)
{
    while (at < text.n && text.p[at] != '\n') at++;
    return at < text.n ? at + 1 : at;
}

static bool only_blanks(sc_span text, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (!sc_is_blank(text.p[i]) && text.p[i] != '\n' && text.p[i] != '\r') return false;
    return true;
}

/* The dash of a block list's item: in the list's column, on the item's line or on one above it. */
static size_t dash_of(const sc_source_text *file, const sc_yaml *list, const sc_yaml *item)
{
    for (unsigned line = item->place.line; line >= list->place.line; line--) {
        size_t at = sc_text_offset(file->text, line, list->place.column);
        size_t end = line_end(file->text, sc_text_offset(file->text, line, 1));
        if (at < end && file->text.p[at] == '-') return at;
    }
    return start_of(file, list);
}

/* ---- Changing ---------------------------------------------------------------------------------------------------- */

static sc_span splice(sc_arena *a, const sc_source_text *file, size_t from, size_t to, sc_span text)
{
    sc_buf b = {0};
    sc_buf_span(&b, sc_span_sub(file->text, 0, from));
    sc_buf_span(&b, text);
    sc_buf_span(&b, sc_span_from(file->text, to));
    sc_span out = b.failed ? (sc_span){"", 0} : (sc_span){sc_arena_z(a, sc_buf_view(&b)), b.n};
    sc_buf_free(&b);
    return out;
}

sc_span yaml_replace(sc_arena *a, const sc_source_text *file, const sc_yaml *value, sc_span text)
{
    size_t from = start_of(file, value), to = end_of(file, value);
    const char *before = "";
    if (value->key && (is_block(file, value) || from == to)) { /* moves up to its key */
        size_t colon = end_of(file, value->key);
        while (colon < file->text.n && sc_is_blank(file->text.p[colon])) colon++;
        if (colon < file->text.n && file->text.p[colon] == ':' && only_blanks(file->text, colon + 1, from)) {
            from = colon + 1;
            if (to < from) to = from;
            before = " ";
        }
    }
    sc_span with = sc_arena_printf(a, "%s%.*s", before, SC_F(text));
    return splice(a, file, from, to, with);
}

static sc_span remove_flow(sc_arena *a, const sc_source_text *file, const sc_yaml *previous, const sc_yaml *item)
{
    if (previous) return splice(a, file, end_of(file, previous), end_of(file, item), SC_S(""));
    size_t from = item_start(file, item);
    return splice(a, file, from, item->next ? item_start(file, item->next) : end_of(file, item), SC_S(""));
}

sc_span yaml_remove(sc_arena *a, const sc_source_text *file, const sc_yaml *collection, const sc_yaml *item)
{
    const sc_yaml *previous = NULL;
    for (const sc_yaml *y = collection->first; y && y != item; y = y->next) previous = y;
    if (yaml_is_flow(file, collection)) return remove_flow(a, file, previous, item);
    bool list = collection->kind == SC_YAML_LIST;
    if (collection->n == 1) return yaml_replace(a, file, collection, list ? SC_S("[]") : SC_S("{}"));
    size_t from = list ? dash_of(file, collection, item) : item_start(file, item);
    size_t start = line_start(file->text, from);
    if (!only_blanks(file->text, start, from)) { /* behind the dash of an outer list, which stays */
        const sc_yaml *next = item->next;
        return splice(a, file, from, list ? dash_of(file, collection, next) : item_start(file, next), SC_S(""));
    }
    return splice(a, file, start, line_end(file->text, end_of(file, item)), SC_S(""));
}

/* The file's own line ends. */
static const char *newline_of(sc_span text)
{
    size_t at = sc_find_char(text, '\n');
    return at != SC_NPOS && at && text.p[at - 1] == '\r' ? "\r\n" : "\n";
}

static sc_span insert_flow(sc_arena *a, const sc_source_text *file, const sc_yaml *collection, const sc_yaml *after,
                           sc_span text)
{
    bool first = !after || after == collection;
    size_t at = first ? start_of(file, collection) + 1 : end_of(file, after);
    sc_span with = sc_arena_printf(a, "%s%.*s%s", first ? "" : ", ", SC_F(text), first && collection->n ? ", " : "");
    return splice(a, file, at, at, with);
}

/* The lines of an item, the first of them not indented. */
static void put_item(sc_buf *out, sc_span text, bool list, unsigned indent, const char *newline)
{
    sc_span line, rest = text;
    sc_cut(rest, "\n", &line, &rest);
    sc_buf_printf(out, "%s%.*s%s", list ? "- " : "", SC_F(line), newline);
    while (rest.n) {
        sc_cut(rest, "\n", &line, &rest);
        sc_buf_printf(out, "%*s%.*s%s", (int)(indent + (list ? 2 : 0)), "", SC_F(line), newline);
    }
}

sc_span yaml_insert(sc_arena *a, const sc_source_text *file, const sc_yaml *collection, const sc_yaml *after,
                    sc_span text)
{
    if (!after) after = last_of(collection);
    if (!collection->n || yaml_is_flow(file, collection)) return insert_flow(a, file, collection, after, text);
    bool list = collection->kind == SC_YAML_LIST;
    unsigned indent = (list ? collection : collection->first->key)->place.column - 1;
    const char *newline = newline_of(file->text);
    sc_buf b = {0};
    size_t at;
    if (after == collection) {
        at = list ? dash_of(file, collection, collection->first) : item_start(file, collection->first);
        put_item(&b, text, list, indent, newline);
        sc_buf_printf(&b, "%*s", (int)indent, "");
    } else {
        at = line_end(file->text, end_of(file, after));
        if (at && file->text.p[at - 1] != '\n') sc_buf_z(&b, newline);
        sc_buf_printf(&b, "%*s", (int)indent, "");
        put_item(&b, text, list, indent, newline);
    }
    sc_span with = b.failed ? (sc_span){"", 0} : sc_arena_dup(a, sc_buf_view(&b));
    sc_buf_free(&b);
    return splice(a, file, at, at, with);
}

/* ---- Texts ------------------------------------------------------------------------------------------------------- */

/* Plain where no reader, also one of older YAML, takes it for something else: a number is compared as a number here, so
 * it may stand plain; 1:30 and yes may not. */
static bool is_plain(sc_span s)
{
    static const char *const words[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"};
    if (!s.n || !(sc_is_word(s.p[0]) || s.p[0] == '.')) return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (sc_ieq_z(s, words[i])) return false;
    for (size_t i = 0; i < s.n; i++)
        if (!sc_is_word(s.p[i]) && !(s.p[i] && strchr("./+-", s.p[i]))) return false;
    return true;
}

void yaml_put_text(sc_buf *out, sc_span s)
{
    if (is_plain(s)) {
        sc_buf_span(out, s);
        return;
    }
    sc_buf_char(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            sc_buf_printf(out, "\\%c", c);
        else if (c == '\n')
            sc_buf_z(out, "\\n");
        else if (c == '\t')
            sc_buf_z(out, "\\t");
        else if (c < 0x20 || c == 0x7f)
            sc_buf_printf(out, "\\x%02X", (unsigned)c);
        else
            sc_buf_char(out, s.p[i]);
    }
    sc_buf_char(out, '"');
}
