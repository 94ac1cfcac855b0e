#include "kb/yaml_tree.h"

#include "engine/base/buf.h"

#include <string.h>
#include <yaml.h>

#define MAX_DEPTH 16    /* of lists and maps in one another; a rule needs 5 */
#define MAX_NODES 20000 /* of one head */

typedef struct reader {
    sc_messages *m;
    const sc_source_text *file;
    unsigned line; /* of the file, of the first line of the YAML */
    yaml_parser_t parser;
    size_t nodes;
    bool failed;
} reader;

static unsigned line_of(const reader *r, yaml_mark_t mark)
{
    return r->line + (unsigned)mark.line;
}

static sc_place place_of(const reader *r, yaml_mark_t from, yaml_mark_t to)
{
    size_t width = to.line == from.line && to.column > from.column ? to.column - from.column : 1;
    return (sc_place){line_of(r, from), (unsigned)from.column + 1, (unsigned)width};
}

#define fault(r, at, ...)                                                                                              \
    do {                                                                                                               \
        (r)->failed = true;                                                                                            \
        sc_note((r)->m, SC_ERROR, (r)->file, (at), __VA_ARGS__);                                                       \
    } while (0)

static void syntax_fault(reader *r)
{
    const yaml_parser_t *p = &r->parser;
    yaml_mark_t at = p->problem_mark;
    sc_place place = place_of(r, at, at);
    if (p->error == YAML_MEMORY_ERROR) {
        fault(r, ((sc_place){0}), "out of memory");
        return;
    }
    const char *problem = p->problem ? p->problem : "not valid YAML";
    sc_span line = sc_text_line(r->file->text, place.line);
    char c = place.column <= line.n ? line.p[place.column - 1] : '\0';
    if (c == '\t') {
        fault(r, place, "YAML: a tab where only blanks may stand");
    } else if (strstr(problem, "cannot start any token")) {
        fault(r, place, "YAML: a value cannot begin with %c; put it in quotes", c);
    } else if (strstr(problem, "mapping values are not allowed")) {
        fault(r, place, "YAML: a text with a colon and a blank in it must be quoted");
    } else if (p->context && p->context_mark.line != at.line) {
        fault(r, place, "YAML: %s (%s that begins on line %u)", problem, p->context, line_of(r, p->context_mark));
    } else {
        fault(r, place, "YAML: %s%s%s", problem, p->context ? " " : "", p->context ? p->context : "");
    }
}

/* The next event, or false (and the fault is noted). */
static bool next_event(reader *r, yaml_event_t *e)
{
    if (yaml_parser_parse(&r->parser, e)) return true;
    syntax_fault(r);
    return false;
}

static void set_end(const reader *r, sc_yaml *y, const yaml_event_t *e)
{
    y->end_line = line_of(r, e->end_mark);
    y->end_column = (unsigned)e->end_mark.column + 1;
}

static sc_yaml *new_node(reader *r, sc_yaml_kind kind, const yaml_event_t *e)
{
    if (++r->nodes > MAX_NODES) {
        fault(r, place_of(r, e->start_mark, e->start_mark), "more than %d values in one head", MAX_NODES);
        return NULL;
    }
    sc_yaml *y = sc_arena_get(r->m->arena, sizeof *y);
    if (!y) return NULL;
    y->kind = kind;
    y->place = place_of(r, e->start_mark, e->end_mark);
    set_end(r, y, e);
    return y;
}

/* What rules have no use for and people write by accident: `ask: !locks` is a tag, `*x` an alias, `&x` an anchor. */
static void refuse_extras(reader *r, const yaml_event_t *e)
{
    const yaml_char_t *anchor = NULL, *tag = NULL;
    switch (e->type) {
    case YAML_SCALAR_EVENT:
        anchor = e->data.scalar.anchor;
        tag = e->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = e->data.sequence_start.anchor;
        tag = e->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = e->data.mapping_start.anchor;
        tag = e->data.mapping_start.tag;
        break;
    default: return;
    }
    sc_place at = place_of(r, e->start_mark, e->end_mark);
    if (tag) fault(r, at, "a value that begins with ! must be quoted: \"%s...\"", (const char *)tag);
    if (anchor)
        fault(r, at, "a value that begins with & must be quoted (anchors are not used): \"&%s\"", (const char *)anchor);
}

static sc_yaml *read_value(reader *r, yaml_event_t *e, int depth);

static sc_yaml *read_list(reader *r, const yaml_event_t *start, int depth)
{
    sc_yaml *list = new_node(r, SC_YAML_LIST, start), **tail = list ? &list->first : NULL;
    while (list) {
        yaml_event_t e;
        if (!next_event(r, &e)) return NULL;
        if (e.type == YAML_SEQUENCE_END_EVENT) {
            set_end(r, list, &e);
            yaml_event_delete(&e);
            return list;
        }
        sc_yaml *item = read_value(r, &e, depth + 1);
        yaml_event_delete(&e);
        if (!item) return NULL;
        *tail = item;
        tail = &item->next;
        list->n++;
    }
    return NULL;
}

static void check_key(reader *r, const sc_yaml *map, const sc_yaml *key)
{
    for (const sc_yaml *v = map->first; v; v = v->next)
        if (sc_eq(v->key->text, key->text)) {
            fault(r, key->place, "\"%.*s\" stands here a second time; the first is on line %u", SC_F(key->text),
                  v->key->place.line);
            return;
        }
}

/* A blank and # begin a comment, also in the middle of a sentence or a statement that nobody put in quotes. */
static void check_cut(reader *r, const sc_yaml *y)
{
    static const char *const prose[] = {"title", "summary", "why", "sql", "ask", "pattern", "terms"};
    bool known = false;
    for (size_t i = 0; i < sizeof prose / sizeof *prose; i++) known = known || sc_eq_z(y->key->text, prose[i]);
    if (!known || y->kind != SC_YAML_TEXT || y->quoted || !y->text.n) return;
    size_t from = sc_text_offset(r->file->text, y->end_line, y->end_column), at = from;
    while (at < r->file->text.n && sc_is_blank(r->file->text.p[at])) at++;
    if (at > from && at < r->file->text.n && r->file->text.p[at] == '#')
        sc_note(r->m, SC_WARNING, r->file, sc_text_place(r->file->text, at, at + 1),
                "a comment begins here, and \"%.*s\" ends before it: put the text in quotes, or the comment on a line "
                "of its own",
                SC_F(y->key->text));
}

static sc_yaml *read_map(reader *r, const yaml_event_t *start, int depth)
{
    sc_yaml *map = new_node(r, SC_YAML_MAP, start), **tail = map ? &map->first : NULL;
    while (map) {
        yaml_event_t e;
        if (!next_event(r, &e)) return NULL;
        if (e.type == YAML_MAPPING_END_EVENT) {
            set_end(r, map, &e);
            yaml_event_delete(&e);
            return map;
        }
        if (e.type != YAML_SCALAR_EVENT && e.type != YAML_ALIAS_EVENT) {
            sc_place at = place_of(r, start->start_mark, start->end_mark);
            if (e.type == YAML_MAPPING_START_EVENT && e.start_mark.index == start->end_mark.index)
                fault(r, at, "a value that begins with {{ must be quoted: \"{{name}}\"");
            else
                fault(r, place_of(r, e.start_mark, e.end_mark), "a key must be plain text");
            yaml_event_delete(&e);
            return NULL;
        }
        sc_yaml *key = read_value(r, &e, depth + 1);
        yaml_event_delete(&e);
        if (!key) return NULL;
        check_key(r, map, key);
        if (!next_event(r, &e)) return NULL;
        sc_yaml *value = read_value(r, &e, depth + 1);
        yaml_event_delete(&e);
        if (!value) return NULL;
        value->key = key;
        check_cut(r, value);
        *tail = value;
        tail = &value->next;
        map->n++;
    }
    return NULL;
}

/* The value that begins with the event e. NULL when reading cannot go on. */
static sc_yaml *read_value(reader *r, yaml_event_t *e, int depth)
{
    if (depth > MAX_DEPTH) {
        fault(r, place_of(r, e->start_mark, e->end_mark), "lists and maps are nested more than %d deep", MAX_DEPTH);
        return NULL;
    }
    refuse_extras(r, e);
    if (e->type == YAML_SEQUENCE_START_EVENT) return read_list(r, e, depth);
    if (e->type == YAML_MAPPING_START_EVENT) return read_map(r, e, depth);
    sc_yaml *y = new_node(r, SC_YAML_TEXT, e);
    if (!y) return NULL;
    if (e->type == YAML_ALIAS_EVENT) {
        fault(r, y->place, "a value that begins with * must be quoted (aliases are not used): \"*%s\"",
              (const char *)e->data.alias.anchor);
        return y;
    }
    sc_span value = {(const char *)e->data.scalar.value, e->data.scalar.length};
    size_t nul = sc_find_char(value, '\0');
    if (nul != SC_NPOS) fault(r, y->place, "a NUL character in a text");
    y->text = (sc_span){sc_arena_z(r->m->arena, value), value.n};
    y->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return y;
}

/* The document's root; NULL and noted when there is none. */
static sc_yaml *read_document(reader *r)
{
    yaml_event_t e;
    sc_yaml *root = NULL;
    for (;;) { /* stream start, document start, the root, document end, stream end */
        if (!next_event(r, &e)) return NULL;
        yaml_event_type_t type = e.type;
        bool go_on = true;
        if (type == YAML_DOCUMENT_START_EVENT && root) {
            fault(r, place_of(r, e.start_mark, e.start_mark), "a second YAML document in the head");
            go_on = false;
        } else if (type == YAML_SCALAR_EVENT || type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT ||
                   type == YAML_ALIAS_EVENT) {
            root = read_value(r, &e, 0);
            go_on = root != NULL;
        }
        yaml_event_delete(&e);
        if (!go_on || type == YAML_STREAM_END_EVENT) break;
    }
    return root;
}

const sc_yaml *sc_yaml_read(sc_messages *m, const sc_source_text *file, size_t from, size_t to, unsigned line)
{
    reader r = {.m = m, .file = file, .line = line};
    if (!yaml_parser_initialize(&r.parser)) {
        sc_note(m, SC_ERROR, file, (sc_place){0}, "out of memory");
        return NULL;
    }
    sc_span head = sc_span_sub(file->text, from, to);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)head.p, head.n);
    const sc_yaml *root = read_document(&r);
    yaml_parser_delete(&r.parser);
    if (!root && !r.failed) fault(&r, ((sc_place){line, 1, 1}), "the head is empty");
    return r.failed ? NULL : root;
}

void sc_yaml_bytes(const sc_source_text *file, const sc_yaml *y, size_t *from, size_t *to)
{
    *from = sc_text_offset(file->text, y->place.line, y->place.column);
    *to = sc_text_offset(file->text, y->end_line, y->end_column);
}

sc_place sc_yaml_find(const sc_source_text *file, const sc_yaml *y, const char *before, sc_span word)
{
    size_t from, to;
    sc_buf wanted = {0};
    sc_yaml_bytes(file, y, &from, &to);
    sc_buf_z(&wanted, before);
    sc_buf_span(&wanted, word);
    size_t at = sc_text_find(file->text, from, to, sc_buf_view(&wanted), true);
    size_t skip = wanted.n - word.n;
    sc_buf_free(&wanted);
    return at == SC_NPOS ? y->place : sc_text_place(file->text, at + skip, at + skip + word.n);
}

const sc_yaml *sc_yaml_get(const sc_yaml *map, const char *key)
{
    if (!map || map->kind != SC_YAML_MAP) return NULL;
    for (const sc_yaml *v = map->first; v; v = v->next)
        if (sc_eq_z(v->key->text, key)) return v;
    return NULL;
}
