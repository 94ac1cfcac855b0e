/* The way through the paste: find, spread, number, write. */
#include "engine/scrub/scrub.h"

#include "engine/scrub/matcher.h"

#include <string.h>

#define ROUNDS 8 /* at most; the second finds nothing more in any paste that a person made */

/* What begins at one offset. Each matcher marks it and tells where it ends. */
static size_t match(sc_scrubber *s, size_t at)
{
    char c = s->text.p[at];
    size_t found;
    if (c == '\\' || c == '/') return sc_scrub_path(s, at);
    if (c == '(') return sc_scrub_account(s, at);
    if (c == '@') return sc_scrub_mail(s, at);
    if (!sc_is_alnum(c)) return 0;
    if (sc_is_alpha(c) && (found = sc_scrub_label(s, at))) return found;
    if (!sc_scrub_begins(s, at)) { /* \??\..._??_USBSTOR#Disk&...#SERIAL */
        return at >= 4 && s->text.p[at - 1] == '_' && s->text.p[at - 2] == '?' ? sc_scrub_instance(s, at) : 0;
    }
    if ((found = sc_scrub_id(s, at)) || (found = sc_scrub_address(s, at)) || (found = sc_scrub_instance(s, at)))
        return found;
    return sc_scrub_host(s, at);
}

static void scan(sc_scrubber *s)
{
    for (size_t at = 0; at < s->text.n && !sc_arena_failed(s->arena);) {
        char c = s->text.p[at];
        size_t end = c == '\n' || c == '\r' ? 0 : match(s, at);
        if (end > at) {
            s->done = at = end;
            continue;
        }
        at++;
        if (c == '\n' || c == '\r') s->line = at;
    }
}

/* Entries become items in the order of their first places. */
static bool number_items(sc_scrubber *s, sc_list *items)
{
    uint32_t next[SC_N_PERSONALS] = {0};
    char text[SC_MAX_REPLACEMENT];
    const sc_scrub_place *marks = s->marks.items;
    for (size_t i = 0; i < s->marks.n; i++) {
        sc_scrub_entry *e = sc_scrub_entry_at(s, marks[i].entry);
        if (marks[i].style == SC_STYLE_DROPPED) continue;
        if (e->number) {
            ((sc_scrub_item *)items->items)[e->item].count++;
            continue;
        }
        sc_scrub_number(s, e, next);
        sc_scrub_item *item = sc_list_add(s->arena, items, sizeof *item);
        if (!item) return false;
        size_t n = sc_scrub_render(e->kind, marks[i].style, e->number, text);
        e->item = items->n - 1;
        *item = (sc_scrub_item){
            .kind = e->kind,
            .original = sc_scrub_cut(s, marks[i].at, marks[i].at + marks[i].n),
            .replacement = sc_arena_dup(s->arena, (sc_span){text, n}),
            .count = 1,
        };
    }
    return true;
}

static sc_span write_text(sc_scrubber *s)
{
    char text[SC_MAX_REPLACEMENT];
    const sc_scrub_place *marks = s->marks.items;
    size_t size = s->text.n, from = 0;
    for (size_t i = 0; i < s->marks.n; i++) {
        const sc_scrub_entry *e = sc_scrub_entry_at(s, marks[i].entry);
        size = size - marks[i].n + sc_scrub_render(e->kind, marks[i].style, e->number, text);
    }
    char *out = sc_arena_get(s->arena, size), *p = out;
    if (!out) return (sc_span){"", 0};
    for (size_t i = 0; i < s->marks.n; i++) {
        const sc_scrub_entry *e = sc_scrub_entry_at(s, marks[i].entry);
        size_t n = sc_scrub_render(e->kind, marks[i].style, e->number, text);
        memcpy(p, s->text.p + from, marks[i].at - from);
        p += marks[i].at - from;
        memcpy(p, text, n);
        p += n;
        from = marks[i].at + marks[i].n;
    }
    memcpy(p, s->text.p + from, s->text.n - from);
    return (sc_span){out, size};
}

static const sc_scrub_hit *find_hits(sc_scrubber *s, size_t *n_hits)
{
    sc_list hits = {0};
    const sc_scrub_place *marks = s->marks.items;
    uint32_t line = 1, column = 1;
    /* as editors count: a lone carriage return ends a line only where there is nothing else */
    char end = sc_find_char(s->text, '\n') == SC_NPOS ? '\r' : '\n';
    size_t at = 0;
    if (sc_starts(s->text, "\xef\xbb\xbf")) at = 3; /* a byte-order mark is no character */
    for (size_t i = 0; i < s->marks.n; i++) {
        for (; at < marks[i].at; at++) {
            char c = s->text.p[at];
            if (c == end) {
                line++;
                column = 1;
            } else if (((unsigned char)c & 0xc0) != 0x80 && c != '\r') {
                column++;
            }
        }
        if (marks[i].style == SC_STYLE_DROPPED) continue;
        sc_scrub_hit *hit = sc_list_add(s->arena, &hits, sizeof *hit);
        if (hit) *hit = (sc_scrub_hit){line, column, sc_scrub_entry_at(s, marks[i].entry)->item};
    }
    *n_hits = hits.n;
    return hits.items;
}

/* Once over `text`: what it becomes. Marks are left in *s. False when nothing was found. */
static bool round_over(sc_scrubber *s, sc_list *items, sc_span *text)
{
    scan(s);
    sc_scrub_spread(s);
    if (!s->marks.n || !number_items(s, items)) return false;
    *text = write_text(s);
    return !sc_arena_failed(s->arena);
}

int sc_scrub(sc_arena *a, sc_span paste, sc_scrubbed *out, sc_error *error)
{
    sc_utf16 kind = sc_utf16_kind(paste);
    sc_span text = kind ? sc_utf16_decode(a, paste, kind) : paste;
    sc_list items = {0};
    *out = (sc_scrubbed){.text = paste};
    sc_scrubber first = {.arena = a, .text = text};
    if (round_over(&first, &items, &text)) {
        out->hits = find_hits(&first, &out->n_hits);
        /* A replacement may be shorter, and bring a word that tells what it is within reach of something else. */
        for (int round = 0; round < ROUNDS; round++) {
            sc_scrubber again = {.arena = a, .text = text};
            if (!round_over(&again, &items, &text)) break;
        }
        out->text = kind ? sc_utf16_encode(a, text, kind, sc_span_from(paste, paste.n - paste.n % 2)) : text;
        out->items = items.items;
        out->n_items = items.n;
    }
    if (!sc_arena_failed(a)) return SC_OK;
    *out = (sc_scrubbed){.text = paste};
    return sc_fail(error, SC_E_NOMEM, "out of memory");
}
