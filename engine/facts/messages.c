/* What the debugger says about itself: symbols it lacks, pages it misses, stacks it lost. [seeds 002, 003, 004]
 *
 *     *** ERROR: Module load completed but symbols could not be loaded for cfosspeed6.sys
 *     *** ERROR: Symbol file could not be found.  Defaulted to export symbols for VBoxNetFlt.sys -
 *     Unable to load image \SystemRoot\system32\DRIVERS\x.sys, Win32 error 0n2
 *     WARNING: Stack unwind information not available. Following frames may be wrong.
 *     Page 31a1d9 not present in the dump file. Type ".hh dbgerr004" for details
 *     WARNING: !chkimg output was truncated to 50 lines.
 *
 * Such a line may stand in any command's output, so the lines of the whole crash are read, not sections.
 *
 * Tables: message.
 * Query:  SELECT module FROM message WHERE kind IN ('no-symbols', 'export-symbols');
 */
#include "engine/facts/lookup.h"
#include "engine/facts/noise.h"
#include "engine/facts/tables.h"

#include <string.h>

static const sc_column columns[] = {
    {"kind", SC_TEXT, "no-symbols, export-symbols, unverified-timestamp, unwind-lost, page-missing, output-cut, ..."},
    {"module", SC_TEXT, "the module it is about; NULL when about none"},
    {"text", SC_TEXT, "the message"},
};
enum { KIND, MODULE, TEXT };
const sc_table sc_table_message = {"message", "The debugger's messages about its own troubles, and gaps in the paste",
                                   SC_NO_KEY, SC_COLUMNS(columns)};

typedef struct pattern {
    const char *kind;
    const char *words;  /* somewhere in the message */
    const char *before; /* what stands right before the module's name; NULL: the message names none */
} pattern;

static const pattern patterns[] = {
    {"no-symbols", "symbols could not be loaded for", "loaded for "},
    {"no-symbols", "Symbols could not be loaded for", "loaded for "},
    {"symbols-mismatch", "symbols checksum is wrong", " for "},
    {"symbols-mismatch", "symbols checksum and timestamp is wrong", " for "},
    {"export-symbols", "Defaulted to export symbols for", "symbols for "},
    {"unverified-timestamp", "Unable to verify timestamp for", "timestamp for "},
    {"unverified-checksum", "Unable to verify checksum for", "checksum for "},
    {"image-not-loaded", "Unable to load image", "load image "},
    {"unwind-lost", "Stack unwind information not available", NULL},
    {"ip-not-in-module", "Frame IP not in any known module", NULL},
    {"page-missing", "not present in the dump file", NULL},
    {"kernel-symbols-wrong", "Kernel symbols are WRONG", NULL},
    {"kernel-symbols-wrong", "Your debugger is not using the correct symbols", NULL},
    {"kernel-symbols-wrong", "you specified an unqualified symbol", NULL},
    {"kernel-symbols-wrong", "symbols timestamp is wrong", NULL},
    {"no-symbol-path", "symbol path is not initialized", NULL},
    {"output-cut", "output was truncated", NULL},
    {"unreadable", "unable to read from", NULL},
    {"unreadable", "unable to get nt!", NULL},
    {"unreadable", "Memory access error", NULL},
    {"no-module-list", "Unable to read PsLoadedModuleList", NULL},
    {"minidump", "Only registers and stack trace are available", NULL},
    {"dump-corrupt", "DUMP FILE IS PARTIALLY CORRUPT", NULL},
};

static const pattern *classify(sc_span text)
{
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        if (sc_find(text, patterns[i].words) != SC_NPOS) return &patterns[i];
    return NULL;
}

/* `\SystemRoot\system32\DRIVERS\x.sys, Win32 error 0n2`, `VBoxNetFlt.sys -`, `0x1234.sys in ntkrpamp.exe` */
static sc_span module_behind(sc_span text, const char *before)
{
    size_t at = sc_find(text, before);
    if (at == SC_NPOS) return (sc_span){0};
    sc_scan c = sc_scan_of(sc_span_from(text, at + strlen(before)));
    sc_span word;
    if (!sc_word(&c, &word)) return (sc_span){0};
    while (word.n && strchr(",;:-.\"'", word.p[word.n - 1])) word.n--;
    return sc_module_name(word);
}

static void add(sc_facts *f, uint32_t section, const sc_line *l, const char *kind, sc_span text, const char *before)
{
    sc_row *r = sc_row_new(f, &sc_table_message, section, l);
    sc_set_text(r, KIND, sc_span_z(kind));
    sc_set_text(r, TEXT, text);
    sc_span module = before ? module_behind(text, before) : (sc_span){0};
    const sc_line *end = f->transcript->lines + f->transcript->n_lines;
    if (before && !module.n && l + 1 < end) module = sc_wrapped_module(text, l[1].text);
    if (module.n)
        sc_set_text(r, MODULE, module);
    else if (!before)
        sc_set_null(r, MODULE);
    f->taken[l - f->transcript->lines] = 1;
}

/* Messages start with *** or WARNING: or a known word; sentences of people that hold the same words do not. */
static bool may_be_message(const sc_line *l, sc_span text)
{
    return l->flags & SC_LINE_MESSAGE || sc_starts(text, "***") || sc_starts(text, "WARNING:") ||
           sc_starts(text, "Page ") || sc_starts(text, "Unable to ") || sc_starts(text, "^ ") ||
           sc_starts(text, "Mini Kernel Dump") || sc_find(text, "*** ") != SC_NPOS ||
           sc_find(text, "FromAddress: unable") != SC_NPOS;
}

static void read_line(sc_facts *f, uint32_t section, const sc_line *l)
{
    sc_span text = sc_ltrim(l->text);
    if (l->flags & SC_LINE_CUT) {
        add(f, section, l, "output-cut", text, NULL);
        return;
    }
    if (!may_be_message(l, text)) return;
    /* several may be glued into one line, each behind its own stars */
    for (size_t at = sc_find(text, "*** "); at != SC_NPOS;) {
        sc_span rest = sc_span_from(text, at + 4);
        size_t next = sc_find(rest, "*** ");
        sc_span one = sc_rtrim(sc_span_sub(rest, 0, next == SC_NPOS ? rest.n : next));
        const pattern *p = classify(one);
        if (p) add(f, section, l, p->kind, one, p->before);
        if (next == SC_NPOS) return;
        at += 4 + next;
    }
    const pattern *p = classify(text);
    if (p) add(f, section, l, p->kind, text, p->before);
}

void sc_derive_message(sc_facts *f)
{
    const sc_transcript *t = f->transcript;
    const sc_crash_range *crash = &t->crashes[f->crash];
    uint32_t section = (uint32_t)crash->first_section;
    sc_span before = {0};
    for (size_t i = f->crash ? crash->first : 0; i < crash->end; i++) {
        while (section + 1 < crash->first_section + crash->n_sections && i >= t->sections[section].end) section++;
        /* prose that only names a stop code is a crash without a section */
        if (crash->n_sections && t->sections[section].user_mode) continue;
        if (!t->lines[i].text.n) continue;
        read_line(f, section, &t->lines[i]);
        if (!f->taken[i] && sc_is_noise(t->lines[i].text, before)) f->taken[i] = SC_TAKEN_NOISE;
        before = t->lines[i].text;
    }
}

static const sc_table *const tables[] = {&sc_table_message, NULL};
const sc_command sc_command_message = {
    .name = "(message)",
    .doc = "The debugger's messages about itself, in any output",
    .proof = "nothing: a message may be missing",
    .query = "SELECT module FROM message WHERE kind IN ('no-symbols', 'export-symbols')",
    .tables = tables,
};
