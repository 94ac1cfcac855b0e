/* The paste, repaired and cut: lines, sections (one per debugger command), crashes.
 *
 * Two line coordinates exist and every name says which: a *number* is a 1-based line of the paste as the person sees
 * it; an *index* is a 0-based position in `lines`, the repaired lines. Repair may join paste lines (hard wraps) and cut
 * one (debugger messages glued into a stack); each repaired line keeps the numbers it came from.
 */
#ifndef STOPCODE_TRANSCRIPT_H
#define STOPCODE_TRANSCRIPT_H

#include "engine/base/arena.h"
#include "engine/base/error.h"

/* Kinds of paste damage, in the order of section 0 of the command reference. Each that was found and repaired is
 * reported by name. */
#define SC_REPAIRS(X)                                                                                                  \
    X(ENCODING, "encoding")         /* UTF-16, a byte-order mark, invalid UTF-8, NUL or control characters */          \
    X(CRLF, "crlf")                 /* carriage returns */                                                             \
    X(NBSP, "nbsp")                 /* no-break and other exotic spaces, zero-width characters */                      \
    X(SMART_QUOTES, "smart-quotes") /* curly quotes */                                                                 \
    X(DASHES, "dashes")             /* en and em dashes, the ellipsis character */                                     \
    X(TIMES_SIGN, "times-sign")     /* 0×7F */                                                                        \
    X(BACKTICK, "backtick")         /* ' for `, \`, a space beside it */                                               \
    X(BACKSLASH, "backslash")       /* Markdown escapes: \_ \* \# */                                                   \
    X(QUOTE_PREFIX, "quote-prefix") /* "> " on every line */                                                           \
    X(BLANK_LINES, "blank-lines")   /* every line doubled by an empty one */                                           \
    X(GLUED, "glued")               /* a debugger message in the middle of a line */                                   \
    X(WRAPPED, "wrapped")           /* hard wraps */                                                                   \
    X(FLATTENED, "flattened")       /* line breaks that became blanks */                                               \
    X(CUT, "cut")                   /* "...", "snip", <omitting output> */                                             \
    X(HTML, "html")                 /* entities and tags */                                                            \
    X(BBCODE, "bbcode")             /* [code] and its kin, "Code:" and [Copy] labels */                                \
    X(MARKDOWN, "markdown")         /* fences, headings, bullets made of banner lines */                               \
    X(ANNOTATION, "annotation")     /* "<- note" behind a line */                                                      \
    X(OCR, "ocr")                   /* letters misread from a photograph in a bug check's name */                      \
    X(REDACTED, "redacted")         /* blocks or X in place of digits */

typedef enum sc_repair {
#define X(id, name) SC_REPAIR_##id,
    SC_REPAIRS(X)
#undef X
        SC_N_REPAIRS
} sc_repair;
extern const char *const sc_repair_names[SC_N_REPAIRS];

enum {
    SC_LINE_FENCE = 1,   /* a code fence or [code] tag stood before this line: a section may end here */
    SC_LINE_MESSAGE = 2, /* a debugger's message about itself: *** ERROR, WARNING:, Unable to load image ... */
    SC_LINE_CUT = 4,     /* says that output was left out here: "...", "snip", <omitting output> */
};

typedef struct sc_line {
    sc_span text;    /* repaired, trailing blanks off, leading blanks kept (a hint only: many pastes lose them) */
    sc_span note;    /* the words of an inline annotation behind the text: "Uh oh" of "<- Uh oh"; or empty */
    uint32_t number; /* of the paste, 1-based, where the text begins */
    uint32_t last;   /* of the paste, where it ends */
    unsigned flags;  /* SC_LINE_ */
} sc_line;

/* One debugger command with its output. */
typedef struct sc_section {
    const struct sc_command *command; /* its descriptor; NULL for a command without a parser */
    sc_span name;                     /* as typed ("kv"), or the descriptor's name when the prompt is lost */
    sc_span args;                     /* as typed, trimmed; empty when the prompt is lost */
    size_t first, end;                /* indices: [first, end) of lines; first is the prompt's line when there is one */
    size_t body;                      /* index of the first line of output */
    int processor;                    /* current processor of the last prompt, -1 unknown */
    uint32_t crash;                   /* index into crashes */
    bool prompted;                    /* the prompt stood in the paste */
    bool user_mode;                   /* of a user-mode session: its prompt (0:000>), or what it shows */
    /* Set by the parser: */
    bool complete;    /* what proves the output whole was seen (a closing row, a root frame) */
    size_t last_used; /* index of the last line that the parser took */
} sc_section;

/* A run of sections about one bug check. */
typedef struct sc_crash_range {
    size_t first, end;                /* indices: [first, end) of lines */
    size_t first_section, n_sections; /* sections are contiguous */
} sc_crash_range;

typedef struct sc_transcript {
    const sc_line *lines;
    size_t n_lines;
    uint32_t paste_lines; /* lines of the paste as a person counts them */
    uint32_t repairs;     /* bit set of 1 << sc_repair */
    bool truncated;       /* a limit was reached, or the paste says that something was left out */
    sc_section *sections;
    size_t n_sections;
    sc_crash_range *crashes; /* empty when nothing was recognised */
    size_t n_crashes;
} sc_transcript;

/* Step 1: bytes to repaired lines. SC_E_INPUT for an empty, binary or oversized paste. Results live in `a`. */
int sc_transcript_repair(sc_arena *a, sc_span paste, sc_transcript *t, sc_error *error);
/* Step 2: sections, then crashes. The knowledge gives the bug checks their names. */
struct sc_knowledge;
int sc_transcript_split(sc_arena *a, const struct sc_knowledge *k, sc_transcript *t, sc_error *error);

/* A debugger prompt at the start of a line: `3: kd> !irp x`, `lkd>`, `0:000>`, `16.0: kd:x86>`; # or > in front. */
typedef struct sc_prompt {
    sc_span command; /* what was typed, trimmed; may be empty */
    int processor;   /* -1 when not shown */
    bool user_mode;
} sc_prompt;
bool sc_prompt_read(sc_span line, sc_prompt *p);

/* What only a user-mode debugger reports: an exception with process and thread, a stop of Application Verifier, a
 * position in a recorded trace. */
bool sc_user_event(sc_span text);
/* Marks the sections as user mode when the paste proves to be of it, and nothing in it is of the kernel. */
void sc_transcript_find_user_mode(const struct sc_knowledge *k, sc_transcript *t);

#endif
