/* Names that were learned where they stand by their place, replaced wherever they stand: "jsmith" of C:\Users\jsmith in
 * D:\src\jsmith and in the text around it.
 *
 * A name may be a word of debuggers as well. It then stays outside its places: words of a list, short names, numbers
 * (addresses), and any name that the paste uses as a module's ("jsmith!DriverEntry", "jsmith.sys"). */
#include "engine/scrub/matcher.h"

#define LEAST 4u /* characters of a name that is looked for */

typedef struct words {
    uint32_t *slots; /* hash over the learned entries: index + 1 */
    size_t n_slots;
    size_t longest;  /* bytes */
    bool first[256]; /* lower-case first bytes */
} words;

static bool is_word_byte(char c)
{
    return sc_is_word(c) || (unsigned char)c >= 0x80;
}

/* Letters only: a word like others, whose case must fit. JSmith, j.smith and jsmith2 are not. */
static bool is_plain(sc_span name)
{
    for (size_t i = 0; i < name.n; i++) {
        if (!sc_is_alpha(name.p[i])) return false;
        if (i && name.p[i] <= 'Z' && name.p[i - 1] > 'Z') return false;
    }
    return true;
}

static bool is_spread(const sc_scrub_entry *e)
{
    sc_span name = e->key;
    bool hex = true, digit = false;
    for (size_t i = 0; i < name.n; i++) {
        if (!sc_is_hex(name.p[i])) hex = false;
        if (sc_is_digit(name.p[i])) digit = true;
    }
    if (e->placeholder || e->kind > SC_PERSONAL_SERIAL) return false;
    if (e->kind == SC_PERSONAL_SERIAL) return digit && name.n >= 8 && (!hex || name.n > 16);
    if (e->kind != SC_PERSONAL_USER && e->kind != SC_PERSONAL_HOST && e->kind != SC_PERSONAL_DOMAIN) return false;
    return name.n >= LEAST && !hex && is_word_byte(name.p[0]) && is_word_byte(name.p[name.n - 1]) &&
           !sc_scrub_is_vocabulary(name) && !sc_scrub_is_common(e->kind, name);
}

static uint32_t *slot_of(const words *w, const sc_scrubber *s, sc_span name)
{
    size_t at = sc_ihash(name) % w->n_slots;
    while (w->slots[at] && !sc_ieq(sc_scrub_entry_at(s, w->slots[at] - 1)->key, name)) at = (at + 1) % w->n_slots;
    return &w->slots[at];
}

static bool learn(sc_scrubber *s, words *w)
{
    size_t n = 0;
    for (size_t i = 0; i < s->entries.n; i++) {
        sc_scrub_entry *e = sc_scrub_entry_at(s, (uint32_t)i);
        e->everywhere = is_spread(e);
        n += e->everywhere;
    }
    if (!n) return false;
    w->n_slots = n * 2 + 1;
    w->slots = sc_arena_array(s->arena, w->n_slots, sizeof *w->slots);
    if (!w->slots) return false;
    for (size_t i = 0; i < s->entries.n; i++) {
        const sc_scrub_entry *e = sc_scrub_entry_at(s, (uint32_t)i);
        if (!e->everywhere) continue;
        uint32_t *slot = slot_of(w, s, e->key); /* a name of two kinds is the kind it was first */
        if (!*slot) *slot = (uint32_t)i + 1;
        if (e->key.n > w->longest) w->longest = e->key.n;
        w->first[(unsigned char)sc_lower(e->key.p[0])] = true;
    }
    return true;
}

/* The longest learned name at `at`, in *end where it ends; sc_scrub_none when there is none. */
static uint32_t name_at(const sc_scrubber *s, const words *w, size_t at, size_t limit, size_t *end)
{
    uint32_t found = sc_scrub_none;
    for (size_t i = at + 1; i <= limit && i - at <= w->longest; i++) {
        char c = s->text.p[i - 1];
        if (c == '\n' || c == '\r') break;
        if (i < s->text.n && is_word_byte(c) && is_word_byte(s->text.p[i])) continue;
        if (!is_word_byte(c) || i - at < LEAST) continue;
        sc_span name = sc_scrub_cut(s, at, i);
        uint32_t slot = *slot_of(w, s, name);
        if (!slot) continue;
        if (is_plain(name) && !sc_eq(name, sc_scrub_entry_at(s, slot - 1)->key)) continue;
        found = slot - 1;
        *end = i;
    }
    return found;
}

/* "name!", "name+0x", "name.sys", "module!name": a word of the debugger's. */
static bool is_module(const sc_scrubber *s, size_t at, size_t end)
{
    static const char extensions[] = "sys|exe|dll|pdb|cpp|c|h|inf|ocx|drv";
    char before = at ? s->text.p[at - 1] : ' ', after = sc_scrub_char(s, end);
    if (before == '!' || after == '!' || sc_scrub_at(s, end, "+0x") || sc_scrub_at(s, end, "::")) return true;
    if (before == ':' && at >= 2 && s->text.p[at - 2] == ':') return true;
    if (after != '.') return false;
    size_t stop = end + 1;
    while (stop < end + 5 && sc_is_alnum(sc_scrub_char(s, stop))) stop++;
    return sc_scrub_listed(sc_scrub_cut(s, end + 1, stop), extensions) && !sc_scrub_in_name(s, stop);
}

typedef void (*found_fn)(sc_scrubber *s, sc_list *marks, uint32_t entry, size_t at, size_t end);

/* Calls for every learned name between the marks that there are; copies those marks in between when told where to. */
static void walk(sc_scrubber *s, const words *w, const sc_list *old, sc_list *marks, found_fn found)
{
    const sc_scrub_place *m = old->items, *last = m + old->n;
    for (size_t at = 0; at < s->text.n;) {
        if (m < last && m->at == at) {
            sc_scrub_place *copy = marks ? sc_list_add(s->arena, marks, sizeof *copy) : NULL;
            if (copy) *copy = *m;
            at += m->n;
            m++;
            continue;
        }
        size_t limit = m < last ? m->at : s->text.n, end = at + 1;
        char c = s->text.p[at];
        if (w->first[(unsigned char)sc_lower(c)] && sc_scrub_begins(s, at)) {
            uint32_t entry = name_at(s, w, at, limit, &end);
            if (entry != sc_scrub_none) found(s, marks, entry, at, end);
        }
        at = end;
    }
}

static void veto(sc_scrubber *s, sc_list *marks, uint32_t entry, size_t at, size_t end)
{
    (void)marks;
    if (is_module(s, at, end)) sc_scrub_entry_at(s, entry)->vetoed = true;
}

static void replace(sc_scrubber *s, sc_list *marks, uint32_t entry, size_t at, size_t end)
{
    if (sc_scrub_entry_at(s, entry)->vetoed) return;
    sc_scrub_place *mark = sc_list_add(s->arena, marks, sizeof *mark);
    if (mark) *mark = (sc_scrub_place){at, end - at, entry, SC_STYLE_KEY};
}

void sc_scrub_spread(sc_scrubber *s)
{
    words w = {0};
    if (!learn(s, &w)) return;
    sc_list old = s->marks, marks = {0};
    walk(s, &w, &old, NULL, veto);
    walk(s, &w, &old, &marks, replace);
    s->marks = marks;
}
