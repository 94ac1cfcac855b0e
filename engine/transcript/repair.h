/* What the files of paste repair share. Nobody else includes this.
 *
 * A physical line of the paste (up to a line break) may yield several lines (a web page's <br>, glued messages), and
 * several physical lines one line (hard wraps). The steps, in this order:
 *   repair_encoding.c  bytes to text
 *   repair.c           a survey of the whole paste, then line by line:
 *   repair_chars.c     characters; with repair_tags.c entities and tags -> pieces (sc_repair_chars)
 *   repair_lines.c     a piece -> lines with flags and notes (sc_repair_piece)
 *   repair_flat.c      ... a piece that was once many lines
 *   repair_wrap.c      at the end: lines that belong together (sc_repair_join)
 *   repair_shape.c     what the lines of a debugger look like
 */
#ifndef STOPCODE_TRANSCRIPT_REPAIR_H
#define STOPCODE_TRANSCRIPT_REPAIR_H

#include "engine/transcript/transcript.h"

/* Classes of bytes that may be damage, found in one sweep of a line. A line without any of them is clean. */
enum {
    SC_BYTE_HIGH = 1,    /* beyond ASCII */
    SC_BYTE_CONTROL = 2, /* also DEL; not the tab */
    SC_BYTE_AMPERSAND = 4,
    SC_BYTE_ANGLE = 8,    /* < and > */
    SC_BYTE_BRACKET = 16, /* [ */
    SC_BYTE_BACKSLASH = 32,
    SC_BYTE_TICK = 64, /* ` and ' */
};

/* Flags of a line that only repair uses; they are taken off at the end. */
enum {
    SC_REPAIR_HEAD = 0x100,  /* a message followed in the middle of this line: its rest may come later */
    SC_REPAIR_FULL = 0x200,  /* the physical line ended exactly at the column where this paste was wrapped */
    SC_REPAIR_BLANK = 0x400, /* ... and it ended in a blank */
    SC_REPAIR_DOTS = 0x800,  /* nothing but dots: a cut, or the debugger's progress */
    SC_REPAIR_FLAGS = 0xf00,
};

typedef struct sc_repairing {
    sc_arena *arena;
    sc_transcript *t;
    sc_list lines; /* of sc_line */
    /* What the survey of the whole paste found. */
    bool html;         /* tags of a web page: they are stripped */
    uint64_t bbcode;   /* BBCode names of which a closing tag was seen */
    bool quoted;       /* most lines stand behind a quote prefix */
    bool quote_spaced; /* ... which is "> ", not ">" */
    bool messages;     /* some line may hold a glued message */
    size_t wrap;       /* the column at which every long line was cut, 0 none */
    bool wrap_sure;    /* ... which is no accident */
    /* The line at hand. */
    uint32_t number;     /* of the paste */
    unsigned line_flags; /* SC_REPAIR_FULL, SC_REPAIR_BLANK for its last piece */
    bool fence;          /* a fence stood before the next line */
    int quote_depth;     /* quote marks on the line before */
    int apart;           /* rows in a run that stand apart by blank lines */
    bool blank_before, row_before;
    char *scratch; /* SC_MAX_LINE_BYTES + SC_REPAIR_SLACK bytes */
} sc_repairing;

#define SC_REPAIR_SLACK 8u

static inline void sc_repaired(sc_repairing *r, sc_repair kind) { r->t->repairs |= 1u << kind; }

/* repair_encoding.c: the bytes as text that the arena owns; line ends stay, and so does what is not UTF-8. Fails with
 * SC_E_INPUT and a helpful text for what is no text. */
int sc_repair_decode(sc_repairing *r, sc_span paste, sc_span *text, sc_error *error);
/* The code point at s.p[0] (s.n > 0) and its length in bytes; *length is 1 and the result -1 for a byte that is not
 * UTF-8. */
int32_t sc_repair_utf8(sc_span s, size_t *length);

/* repair_chars.c: repairs one physical line and hands its pieces to sc_repair_piece. */
void sc_repair_chars(sc_repairing *r, sc_span line, unsigned classes);

/* repair_tags.c: the tag at s.p[0], which is `<` or `[`; its length in bytes, 0 when there is none. */
typedef enum sc_tag_effect { SC_TAG_DROP, SC_TAG_BLANK, SC_TAG_BREAK, SC_TAG_FENCE } sc_tag_effect;
typedef struct sc_tag {
    sc_tag_effect effect;
    int name; /* index of the name within its language */
    bool closing;
    bool certain; /* HTML: nothing but a web page writes this */
    bool one_letter;
} sc_tag;
size_t sc_repair_html_tag(sc_span s, sc_tag *tag);
size_t sc_repair_bbcode_tag(sc_span s, sc_tag *tag);
/* The character entity at s.p[0], which is `&`; its length in bytes, 0 when there is none. */
size_t sc_repair_entity(sc_span s, int32_t *code);

/* repair_lines.c: `text` must live in the arena. */
void sc_repair_piece(sc_repairing *r, sc_span text);

/* repair_wrap.c: joins what belongs together. In place. */
void sc_repair_join(sc_repairing *r);

/* repair_flat.c: whether a line is an output whose line breaks became blanks, and its next line off the front. */
bool sc_flat_is(sc_span text);
sc_span sc_flat_take(sc_span *rest);

/* repair_shape.c. All take a line from any place; leading blanks are not skipped unless said so. */
size_t sc_shape_address(sc_span s); /* length of the address at the start (8 or 16 digits, backtick, 0x), 0 none */
size_t sc_shape_symbol(sc_span s);  /* length of the symbol at the start: module!name, module+0x1; 0 none */
bool sc_shape_row(sc_span s); /* a row of output: [frame no. [bytes]] address ..., or no. and symbol; blanks skipped */
bool sc_shape_label(sc_span s); /* "BUGCHECK_CODE:", "Arg1:"; blanks skipped */
bool sc_shape_known(sc_span s); /* a prompt, row, label or well-known header; blanks skipped */

#endif
