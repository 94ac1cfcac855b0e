/* !object and !handle: objects of the kernel by address or name, and the handles of a process. [samples object--*]
 *
 *     0: kd> !object \Device
 *     Object: ffffc00b074166a0  Type: (ffffe0083b768690) Directory
 *         ObjectHeader: ffffc00b07416670 (new version)
 *         HandleCount: 0  PointerCount: 224
 *         Directory Object: ffffc00b074092e0  Name: Device
 *
 *         Hash Address          Type          Name
 *         ---- -------          ----          ----
 *          00  ffffe0083e6a61f0 Device        00000044
 *              ffffe0083dcc4050 Device        00000030
 *
 *     kd> !handle 0 4
 *     PROCESS 80559800  SessionId: 0  Cid: 0000    Peb: 00000000  ParentCid: 0000
 *     New version of handle table at e1002000 with 380 Entries in use
 *     0000: free handle, Entry address e1002000, Next Entry fffffffe
 *     0004: Object: 80ed5238  GrantedAccess: 001f0fff
 *     0168: Object: ffb6c748  GrantedAccess: 00000003 (Protected)
 *
 * Tables: object, object_entry, handle.
 * Query:  SELECT o.type, count(*) FROM handle h JOIN object o USING (object) GROUP BY o.type ORDER BY 2 DESC;
 *
 * An object that keeps a pointer count without a handle is what a failed driver unload leaves behind.
 */
#include "engine/facts/field.h"
#include "engine/facts/io.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"object", SC_ADDR, "address of the object"},
    {"type", SC_TEXT, "Device, File, Key, Process ..."},
    {"type_address", SC_ADDR, "address of the type object"},
    {"header", SC_ADDR, "address of the object header"},
    {"handles", SC_INT, "open handles"},
    {"pointers", SC_INT, "references; for newer Windows inflated by references that handles cache"},
    {"directory", SC_ADDR, "directory that holds the object; NULL for none"},
    {"name", SC_TEXT, "name in that directory, path of a file or key; NULL for none"},
    {"target", SC_TEXT, "what a symbolic link points to"},
};
enum { OBJECT, TYPE, TYPE_ADDRESS, HEADER, HANDLES, POINTERS, DIRECTORY, NAME, TARGET };
const sc_table sc_table_object = {"object", "Objects of the kernel", OBJECT, SC_COLUMNS(columns)};

static const sc_column entry_columns[] = {
    {"directory", SC_ADDR, "address of the directory object"},
    {"object", SC_ADDR, "address of the object in it"},
    {"type", SC_TEXT, "its type"},
    {"name", SC_TEXT, "its name"},
};
enum { E_DIRECTORY, E_OBJECT, E_TYPE, E_NAME };
const sc_table sc_table_object_entry = {"object_entry", "What an object directory holds", E_DIRECTORY,
                                        SC_COLUMNS(entry_columns)};

static const sc_column handle_columns[] = {
    {"process", SC_ADDR, "process whose handle it is; NULL for the kernel's own table"},
    {"handle", SC_INT, "the handle"},
    {"object", SC_ADDR, "object it stands for; NULL for a free entry"},
    {"access", SC_ADDR, "granted access mask"},
    {"is_protected", SC_BOOL, "it may not be closed"},
    {"is_free", SC_BOOL, "the entry is not in use"},
};
enum { H_PROCESS, H_HANDLE, H_OBJECT, H_ACCESS, H_PROTECTED, H_FREE };
const sc_table sc_table_handle = {"handle", "Handles of processes", SC_NO_KEY, SC_COLUMNS(handle_columns)};

static const char *const marks[] = {"Object: ",         "ObjectHeader: ",     "HandleCount: ",
                                    "PointerCount: ",   "Directory Object: ", "Name:",
                                    "Target String is", "Hash Address",       NULL};

static bool read_header(sc_span text, uint64_t *object, int *digits, uint64_t *type, sc_span *name)
{
    sc_scan c = sc_scan_of(text);
    if (!sc_lit(&c, "Object:") || !sc_addr(&c, object, digits)) return false;
    return sc_lit(&c, "Type:") && sc_lit(&c, "(") && sc_addr(&c, type, NULL) && sc_lit(&c, ")") && sc_word(&c, name);
}

/* `0168: Object: ffb6c748  GrantedAccess: 00000003 (Protected)` or `0170: free handle, ...` */
static bool read_handle(sc_span text, uint64_t *handle, bool *is_free, uint64_t *object, int *digits, sc_span *rest)
{
    sc_scan c = sc_scan_of(text);
    if (!text.n || !sc_is_hex(text.p[0]) || !sc_hex(&c, handle) || *handle > UINT32_MAX || !sc_lit(&c, ":"))
        return false;
    *is_free = sc_lit(&c, "free handle, Entry address");
    if (!*is_free && !(sc_lit(&c, "Object:") && sc_addr(&c, object, digits))) return false;
    *rest = sc_rest(&c);
    return *is_free || sc_starts(sc_ltrim(*rest), "GrantedAccess:");
}

/* ` 04  86352040 Device        adpu160m1Port3Path0Target6Lun0`; further entries of a hash bucket lack its number. */
static bool read_entry(sc_span text, uint64_t *object, sc_span *type, sc_span *name)
{
    sc_scan c = sc_scan_of(text);
    uint64_t hash;
    if (!sc_addr(&c, object, NULL) && !(sc_dec(&c, &hash) && hash < 64 && sc_addr(&c, object, NULL))) return false;
    if (!sc_word(&c, type) || !sc_is_alpha(type->p[0])) return false;
    *name = sc_trim(sc_rest(&c));
    return name->n > 0;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0}, name;
    uint64_t v, type;
    int digits;
    if (text.n < 8) return SC_ABSTAIN;
    if (text.p[0] == 'O') {
        if (sc_starts(text, "ObjectHeader: ")) return SC_WEAK;
        return read_header(text, &v, &digits, &type, &name) ? SC_STRONG : SC_ABSTAIN;
    }
    if (sc_starts(text, "HandleCount: ") && sc_find(text, "PointerCount: ") != SC_NPOS) return SC_WEAK;
    return sc_starts(text, "Hash Address") ? SC_WEAK : SC_ABSTAIN;
}

static sc_taste taste_handle(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_ltrim(lines[0].text) : (sc_span){0}, rest;
    uint64_t handle, object;
    bool is_free;
    int digits;
    if (text.n < 12) return SC_ABSTAIN;
    if (sc_is_hex(text.p[0]))
        return read_handle(text, &handle, &is_free, &object, &digits, &rest) ? SC_STRONG : SC_ABSTAIN;
    if (text.p[0] != 'N' && text.p[0] != 'H' && text.p[0] != 'K') return SC_ABSTAIN;
    size_t at = sc_ifind(text, "handle table at ");
    sc_scan c = sc_scan_of(at == SC_NPOS ? (sc_span){0} : sc_span_from(text, at + sizeof "handle table at " - 1));
    return at != SC_NPOS && sc_addr(&c, &object, &digits) && sc_lit(&c, "with") ? SC_STRONG : SC_ABSTAIN;
}

static bool read_field(sc_parse *p, const sc_line *l, sc_row *r, sc_span text)
{
    sc_scan c = sc_scan_of(text);
    sc_span value;
    uint64_t v;
    int digits;
    if (sc_field(text, "ObjectHeader", &value)) {
        c = sc_scan_of(value);
        if (sc_addr(&c, &v, &digits)) sc_set_addr(r, HEADER, v);
    } else if (sc_field(text, "HandleCount", &value)) {
        if (sc_span_dec(value, &v) && v <= INT64_MAX) sc_set_int(r, HANDLES, (int64_t)v);
    } else if (sc_field(text, "PointerCount", &value)) {
        if (sc_span_dec(value, &v) && v <= INT64_MAX) sc_set_int(r, POINTERS, (int64_t)v);
    } else if (sc_field(text, "Directory Object", &value)) {
        c = sc_scan_of(value);
        if (sc_number(&c, &v, &digits)) sc_set_pointer(p->facts, r, DIRECTORY, v, 0);
    } else if (sc_field(text, "Name", &value)) {
        if (value.n)
            sc_set_text(r, NAME, value);
        else
            sc_set_null(r, NAME);
    } else if (sc_lit(&c, "Target String is '")) {
        if (sc_until(&c, "'", &value)) sc_set_text(r, TARGET, value);
    } else {
        return sc_starts(text, "Optional Headers:") || sc_starts(text, "NameInfo(");
    }
    r->last_line = l->last;
    return true;
}

static void cover(sc_parse *p, const sc_row *r)
{
    if (!r) return;
    bool whole = sc_has(r, HANDLES) && r->cells[NAME].state != SC_NOT_PRINTED;
    sc_cover_addr(p->facts, &sc_table_object, sc_get_addr(r, OBJECT), p->ordinal, whole);
    if (whole) sc_complete(p);
}

typedef struct state {
    sc_row *r;
    bool entries, has_process;
    uint64_t process;
} state;

static void read_piece(sc_parse *p, const sc_line *l, sc_span text, state *s)
{
    uint64_t v, type;
    int digits;
    sc_span name, kind;
    if (read_header(text, &v, &digits, &type, &kind)) {
        cover(p, s->r);
        s->r = sc_add(p, &sc_table_object, l);
        s->entries = false;
        sc_note_width(p->facts, digits);
        sc_set_addr(s->r, OBJECT, v);
        sc_set_addr(s->r, TYPE_ADDRESS, type);
        sc_set_text(s->r, TYPE, kind);
    } else if (s->r && read_field(p, l, s->r, text)) {
        sc_take(p, l);
    } else if (s->r && sc_starts(text, "Hash Address")) {
        sc_take(p, l);
        s->entries = true;
        sc_cover_addr(p->facts, &sc_table_object_entry, sc_get_addr(s->r, OBJECT), p->ordinal, false);
    } else if (s->entries && sc_starts(text, "---- -------")) {
        sc_take(p, l);
    } else if (s->entries && read_entry(text, &v, &kind, &name)) {
        sc_row *e = sc_add(p, &sc_table_object_entry, l);
        sc_set_addr(e, E_DIRECTORY, sc_get_addr(s->r, OBJECT));
        sc_set_addr(e, E_OBJECT, v);
        sc_set_text(e, E_TYPE, kind);
        sc_set_text(e, E_NAME, name);
    }
}

static void add_handle(sc_parse *p, const sc_line *l, const state *s, uint64_t handle, bool is_free, uint64_t object,
                       sc_span rest)
{
    sc_row *r = sc_add(p, &sc_table_handle, l);
    sc_scan c = sc_scan_of(rest);
    uint64_t v;
    if (s->has_process) sc_set_addr(r, H_PROCESS, s->process);
    sc_set_int(r, H_HANDLE, (int64_t)handle);
    sc_set_bool(r, H_FREE, is_free);
    if (is_free) {
        sc_set_null(r, H_OBJECT);
        sc_set_null(r, H_ACCESS);
        sc_set_null(r, H_PROTECTED);
        return;
    }
    sc_set_addr(r, H_OBJECT, object);
    if (!sc_lit(&c, "GrantedAccess:") || !sc_hex(&c, &v) || v > UINT32_MAX) return;
    sc_set_addr(r, H_ACCESS, v);
    sc_set_bool(r, H_PROTECTED, sc_find(sc_rest(&c), "Protected") != SC_NPOS);
}

/* The process that !handle shows above its handles; and what it says when there are none to be shown. */
static bool is_process_line(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t n;
    if (sc_lit(&c, "processor number")) return sc_dec(&c, &n) && sc_at_end(&c);
    if (sc_hex(&c, &n) && sc_lit(&c, ":")) return sc_lit(&c, "Unable to read handle table") && sc_at_end(&c);
    return sc_starts(text, "PROCESS ") || sc_starts(text, "SessionId:") || sc_starts(text, "DirBase:") ||
           sc_starts(text, "Image:");
}

static void parse(sc_parse *p)
{
    state s = {0};
    bool in_process = p->section->command == &sc_command_handle;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = sc_ltrim(l->text), piece, tail;
        uint64_t handle, object = 0;
        bool is_free;
        int digits;
        sc_scan c = sc_scan_of(rest);
        if (sc_lit(&c, "PROCESS") && sc_addr(&c, &s.process, &digits)) s.has_process = in_process = true;
        if (in_process && is_process_line(rest)) sc_take(p, l);
        if (read_handle(rest, &handle, &is_free, &object, &digits, &tail)) {
            add_handle(p, l, &s, handle, is_free, object, tail);
            continue;
        }
        size_t owner = sc_find(rest, "handle table for process ");
        if (owner != SC_NPOS || sc_ifind(rest, "handle table at ") != SC_NPOS) sc_take(p, l);
        if (owner != SC_NPOS) { /* !devhandles */
            c = sc_scan_of(sc_span_from(rest, owner + sizeof "handle table for process " - 1));
            if (sc_addr(&c, &s.process, &digits)) s.has_process = true;
        }
        while (sc_piece(&rest, marks, &piece)) read_piece(p, l, piece, &s);
    }
    cover(p, s.r);
}

static const sc_table *const tables[] = {&sc_table_object, &sc_table_object_entry, NULL};
const sc_command sc_command_object = {
    .name = "!object",
    .doc = "An object of the kernel, and what a directory of objects holds",
    .proof = "its counts and its name",
    .query = "SELECT name, handles, pointers FROM object WHERE type = 'Device'",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
static const sc_table *const handle_tables[] = {&sc_table_handle, &sc_table_object, &sc_table_object_entry, NULL};
static const char *const handle_absorbs[] = {"!object", "!process", NULL};
const sc_command sc_command_handle = {
    .name = "!handle",
    .aliases = (const char *const[]){"!devhandles", NULL},
    .doc = "Handles of processes and the objects they stand for",
    .proof = "none: the list does not say that it ends",
    .query = "SELECT o.type, count(*) FROM handle h JOIN object o USING (object) GROUP BY o.type ORDER BY 2 DESC",
    .tables = handle_tables,
    .taste = taste_handle,
    .absorbs = handle_absorbs,
    .parse = parse,
};
