/* What the diagnosis page calls: the same engine as the command's, over the same knowledge base, without files.
 *
 * The page writes bytes to where web_room points, then says what they are. Results are UTF-8; they stand where
 * web_result points until the next call. Statuses are those of the library: 0, or a negative SC_E_ code with a sentence
 * as the result.
 */
#include "engine/stopcode.h"
#include "kb/store.h"

#include <sqlite3.h>
#include <stdlib.h>

#define EXPORT(name) __attribute__((export_name(#name))) name

static struct {
    unsigned char *room;
    sc_arena *arena; /* of the knowledge */
    sc_knowledge knowledge;
    sc_engine *engine;
    sc_buf result;
} web;

static int fail(int rc, const sc_error *error)
{
    sc_buf_clear(&web.result);
    sc_buf_z(&web.result, *error->text ? error->text : "out of memory");
    return rc;
}

/* Room for n bytes from the page; NULL when memory is short. The room before it is gone. */
unsigned char *EXPORT(web_room)(size_t n)
{
    sqlite3_free(web.room);
    web.room = sqlite3_malloc64(n ? n : 1);
    return web.room;
}

const char *EXPORT(web_result)(void)
{
    return web.result.p ? web.result.p : "";
}
size_t EXPORT(web_result_length)(void)
{
    return web.result.n;
}

/* Takes the room's n bytes for stopcode.db. */
int EXPORT(web_knowledge)(size_t n)
{
    sqlite3 *db = NULL;
    sc_error error = {0};
    const sc_kb_page *pages;
    size_t n_pages;
    if (sqlite3_open(":memory:", &db) ||
        sqlite3_deserialize(db, "main", web.room, (sqlite3_int64)n, (sqlite3_int64)n,
                            SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_READONLY)) {
        sqlite3_close(db);
        return fail(SC_E_IO, &(sc_error){.text = "the knowledge base cannot be opened"});
    }
    web.room = NULL; /* the database owns it */
    web.arena = sc_arena_new(0);
    int rc = sc_load(web.arena, "the knowledge base", db, &web.knowledge, &pages, &n_pages, &error);
    sqlite3_close(db);
    if (!rc) rc = sc_engine_new(&web.engine, &web.knowledge, &error);
    return rc ? fail(rc, &error) : SC_OK;
}

/* Diagnoses the room's n bytes. Formats: 0 JSON, 1 Markdown for a forum, 2 text. */
int EXPORT(web_diagnose)(size_t n, int format)
{
    static const char *const formats[] = {"json", "markdown", "text"};
    sc_error error = {0};
    sc_diagnosis *d = NULL;
    sc_buf_clear(&web.result);
    if (format < 0 || format > 2) return fail(SC_E_INPUT, &(sc_error){.text = "there is no such format"});
    int rc = sc_diagnose(web.engine, (sc_span){(const char *)web.room, n}, &d, &error);
    sc_render_options o = {.error = rc == SC_E_INPUT ? error.text : NULL};
    if (!rc && sc_find_renderer(sc_span_z(formats[format]))(d, &o, &web.result)) rc = SC_E_NOMEM;
    sc_diagnosis_free(d);
    return rc ? fail(rc, &error) : SC_OK;
}
