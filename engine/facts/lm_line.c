#include "engine/facts/lm_line.h"

#include <string.h>

bool sc_module_header(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    return sc_lit(&c, "start") && sc_lit(&c, "end") && sc_ilit(&c, "module name");
}

bool sc_unloaded_header(sc_span text)
{
    return sc_starts(sc_ltrim(text), "Unloaded modules:");
}

bool sc_symbol_state(sc_span s)
{
    return sc_find(s, "symbols") != SC_NPOS || sc_find(s, "deferred") != SC_NPOS;
}

static bool is_file_name(sc_span s)
{
    size_t dot = sc_rfind_char(s, '.');
    return dot != SC_NPOS && dot > 0 && sc_is_alnum(s.p[dot - 1]) && s.n - dot <= 5 &&
           (dot + 1 == s.n || sc_is_alnum(s.p[dot + 1]));
}

bool sc_module_line_read(sc_span text, sc_module_line *m)
{
    *m = (sc_module_line){0};
    sc_scan c = sc_scan_of(text);
    if (!sc_addr(&c, &m->start, &m->digits) || !sc_addr(&c, &m->end, NULL) || m->end < m->start || !m->start)
        return false;
    if (!sc_word(&c, &m->name)) return false;
    for (size_t i = 0; i < m->name.n; i++)
        if (!sc_is_word(m->name.p[i]) && m->name.p[i] != '.' && m->name.p[i] != '-') return false;
    uint64_t number;
    if (!sc_is_word(m->name.p[0]) || sc_span_addr(m->name, &number, NULL)) return false;
    sc_span word;
    sc_scan flag = c;
    if (sc_word(&flag, &word) && word.n == 1 && word.p[0] != '(') c = flag; /* T: timestamp mismatch, C: checksum, # */
    sc_span rest = sc_trim(sc_rest(&c));
    if (!rest.n) return true;
    if (rest.p[0] == '(') {
        sc_cut(sc_span_from(rest, 1), ")", &m->symbols, &(sc_span){0});
        return true;
    }
    sc_scan tail = sc_scan_of(rest);
    sc_word(&tail, &m->image);
    m->date = sc_trim(sc_rest(&tail));
    /* else it is a sentence, or memory with its characters */
    return is_file_name(m->image) || sc_find_char(m->image, '\\') != SC_NPOS;
}

/* ---- Verbose fields ---- */

static const struct {
    const char *label;
    int column; /* -1: understood, but no fact */
} fields[] = {
    {"Image path:", PATH},
    {"Image name:", IMAGE},
    {"Timestamp:", DATE},
    {"CheckSum:", CHECKSUM},
    {"ImageSize:", SIZE},
    {"File version:", VERSION},
    {"CompanyName:", COMPANY},
    {"ProductName:", PRODUCT},
    {"Loaded symbol image file:", -1},
    {"Mapped memory image file:", -1},
    {"Product version:", -1},
    {"File flags:", -1},
    {"File OS:", -1},
    {"File type:", -1},
    {"File date:", -1},
    {"Translations:", -1},
    {"InternalName:", -1},
    {"OriginalFilename:", -1},
    {"ProductVersion:", -1},
    {"FileVersion:", -1},
    {"FileDescription:", -1},
    {"LegalCopyright:", -1},
    {"Information from resource tables:", -1},
    {"Browse all global symbols", -1},
    {"Browse full module list", -1},
    {"Image was built with /Brepro flag", REPRODUCIBLE},
};

bool sc_module_field(sc_span text, int *column, sc_span *value)
{
    text = sc_ltrim(text);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!sc_starts(text, fields[i].label)) continue; /* !lmi's labels differ in case alone */
        *column = fields[i].column;
        *value = sc_trim(sc_span_from(text, strlen(fields[i].label)));
        return true;
    }
    return false;
}
