/* What the files of engine/scrub/ share. Internal to them.
 *
 * A matcher looks at one offset of the text. When something personal (or something that looks so but is to be kept)
 * begins there it marks it and returns the offset behind; else it returns 0. Each looks only a fixed number of bytes
 * ahead and back, so that a line without end costs no more than many short ones.
 */
#ifndef STOPCODE_SCRUB_MATCHER_H
#define STOPCODE_SCRUB_MATCHER_H

#include "engine/scrub/scrub.h"

#define SC_MAX_PERSONAL_NAME 256u /* bytes of a name; Windows allows less everywhere. Longer ones are none */
#define SC_MAX_REPLACEMENT 64u    /* bytes of a replacement */

/* How a replacement is written; 0 is the form that keys have. */
enum {
    SC_STYLE_KEY = 0,
    SC_STYLE_DASHES,        /* MAC 00-00-5E-00-53-01, GUID 00000000-0000-... */
    SC_STYLE_COLONS,        /* MAC 00:00:5E:00:53:01 */
    SC_STYLE_FOUR,          /* SID with four parts; product number with four groups */
    SC_STYLE_RECOVERY,      /* eight groups of six digits */
    SC_STYLE_CONNECTION,    /* key=w.x.y.z of a debugging connection */
    SC_STYLE_DROPPED = 255, /* the end of a name that a hard wrap cut in two: nothing */
};

typedef struct sc_scrub_entry {
    sc_personal kind;
    unsigned style;   /* at its first place */
    bool placeholder; /* stands in the paste already as a replacement: its number is taken */
    bool everywhere;  /* to be replaced wherever the word stands */
    bool vetoed;      /* the word is a module's name somewhere in the paste: not everywhere, then */
    uint32_t number;  /* 0: none yet */
    sc_span key;      /* what makes it the same value; compared without case */
    sc_span original;
    size_t count, item;
} sc_scrub_entry;

typedef struct sc_scrub_place {
    size_t at, n; /* in the text */
    uint32_t entry;
    unsigned style;
} sc_scrub_place;

typedef struct sc_scrubber {
    sc_arena *arena;
    sc_span text;
    size_t line; /* offset of the current line */
    size_t done; /* nothing before this offset may be marked any more */
    sc_list entries, marks;
    uint32_t *slots; /* hash over entries: index + 1 */
    size_t n_slots;
} sc_scrubber;

/* ---- items.c: values and their replacements ---------------------------------------------------------------------- */

extern const uint32_t sc_scrub_none;
/* The entry of a value, made when it is new; sc_scrub_none without memory. `key` is borrowed. */
uint32_t sc_scrub_enter(sc_scrubber *s, sc_personal kind, unsigned style, sc_span key, sc_span original);
uint32_t sc_scrub_find(const sc_scrubber *s, sc_personal kind, sc_span key); /* sc_scrub_none when there is none */
sc_scrub_entry *sc_scrub_entry_at(const sc_scrubber *s, uint32_t entry);
/* Marks [from, to). `key` is dup'ed when it is new. Values that are replacements already are only remembered. */
void sc_scrub_mark_as(sc_scrubber *s, sc_personal kind, unsigned style, size_t from, size_t to, sc_span key);
void sc_scrub_mark(sc_scrubber *s, sc_personal kind, size_t from, size_t to); /* the text is the key */
/* Gives an entry its number: the first that the paste does not use already. */
void sc_scrub_number(sc_scrubber *s, sc_scrub_entry *e, uint32_t *next);
/* Writes the replacement and returns its length. */
size_t sc_scrub_render(sc_personal kind, unsigned style, uint32_t number, char out[SC_MAX_REPLACEMENT]);
bool sc_scrub_is_placeholder(sc_personal kind, unsigned style, sc_span key);

/* ---- words.c: names that stay ------------------------------------------------------------------------------------ */

/* A word of a list, "one|two words|three", case ignored. */
bool sc_scrub_listed(sc_span word, const char *list);
bool sc_scrub_next(const char **list, sc_span *word);    /* takes the first word off a list; false at its end */
bool sc_scrub_is_common(sc_personal kind, sc_span name); /* tells nothing about a person, or was made illegible */
/* A name that is also a word of debuggers, of hardware or of their makers: it is only replaced where a name stands. */
bool sc_scrub_is_vocabulary(sc_span name);

/* ---- matchers ---------------------------------------------------------------------------------------------------- */

size_t sc_scrub_path(sc_scrubber *s, size_t at);     /* names.c: at \ or /: users' folders, \\SERVER\share */
size_t sc_scrub_account(sc_scrubber *s, size_t at);  /* names.c: at (: (User: DOMAIN\name), DOMAIN\name (npipe ...) */
size_t sc_scrub_host(sc_scrubber *s, size_t at);     /* names.c: DESKTOP-1A2B3C4 */
size_t sc_scrub_label(sc_scrubber *s, size_t at);    /* labels.c: Machine Name:, USERNAME=, Serial Number */
size_t sc_scrub_mail(sc_scrubber *s, size_t at);     /* address.c: at @ */
size_t sc_scrub_address(sc_scrubber *s, size_t at);  /* address.c: MAC, IPv6, IPv4 */
size_t sc_scrub_id(sc_scrubber *s, size_t at);       /* ids.c: GUIDs, SIDs, product and recovery keys */
size_t sc_scrub_instance(sc_scrubber *s, size_t at); /* ids.c: USB\VID_04D8&PID_0033\SERIAL */
/* Marks DOMAIN\name in [from, to), or only a name of that kind. True when anything was marked. */
bool sc_scrub_mark_account(sc_scrubber *s, sc_personal kind, size_t from, size_t to);

/* spread.c: learned names wherever they stand; called once, after all matchers. */
void sc_scrub_spread(sc_scrubber *s);

/* utf16.c */
typedef enum sc_utf16 { SC_UTF16_NONE, SC_UTF16_LITTLE, SC_UTF16_BIG } sc_utf16;
sc_utf16 sc_utf16_kind(sc_span paste);
sc_span sc_utf16_decode(sc_arena *a, sc_span paste, sc_utf16 kind); /* a half of a pair becomes three bytes */
sc_span sc_utf16_encode(sc_arena *a, sc_span text, sc_utf16 kind, sc_span odd); /* `odd`: a last single byte */

/* ---- Characters of the text, for all of them --------------------------------------------------------------------- */

static inline char sc_scrub_char(const sc_scrubber *s, size_t at) { return at < s->text.n ? s->text.p[at] : '\0'; }
static inline sc_span sc_scrub_cut(const sc_scrubber *s, size_t from, size_t to)
{
    return sc_span_sub(s->text, from, to);
}
static inline bool sc_scrub_is_end(char c) /* of a line, or of the text */
{
    return c == '\n' || c == '\r' || c == '\0';
}
/* text.c: */
bool sc_scrub_at(const sc_scrubber *s, size_t at, const char *literal); /* ASCII case ignored */
/* Length of the typographic mark or exotic blank at `at`: no-break space, curly quote, ellipsis ...; else 0. */
size_t sc_scrub_typography(const sc_scrubber *s, size_t at);
size_t sc_scrub_blank(const sc_scrubber *s, size_t at);  /* length of one blank, no-break spaces included; else 0 */
size_t sc_scrub_blanks(const sc_scrubber *s, size_t at); /* offset behind all of them */
size_t sc_scrub_quote(const sc_scrubber *s, size_t at);  /* length of a quotation mark of any kind; else 0 */
bool sc_scrub_in_name(const sc_scrubber *s, size_t at);  /* a letter, a digit, _ or a letter beyond ASCII */
bool sc_scrub_begins(const sc_scrubber *s, size_t at);   /* what stands before is no part of a name */
/* Only blanks and marks of quoting and lists stand before on the line, or a tag ends there. */
bool sc_scrub_line_begins(const sc_scrubber *s, size_t at);
size_t sc_scrub_run(const sc_scrubber *s, size_t at, char c, size_t most); /* how many c stand there */
size_t sc_scrub_hex_run(const sc_scrubber *s, size_t at, size_t most);
size_t sc_scrub_digit_run(const sc_scrubber *s, size_t at, size_t most);

#endif
