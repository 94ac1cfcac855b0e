#include "engine/facts/symbol.h"

static bool is_module_char(char c)
{
    return sc_is_word(c) || c == '.' || c == '-' || c == '$';
}

static bool is_name_char(char c)
{
    return sc_is_word(c) || (c && sc_find_char(SC_S(":$@?~.'`#{}\\"), c) != SC_NPOS);
}

static sc_span strip_extension(sc_span module)
{
    static const char *const extensions[] = {".sys", ".dll", ".exe"};
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
        if (module.n > 4 && sc_iends(module, extensions[i])) return sc_span_sub(module, 0, module.n - 4);
    return module;
}

/* `+0x12`, also ` +0x12`. Without 0x (`nvlddmkm+1bfa55`) only a number that no prose would add. */
static bool scan_offset(sc_scan *c, uint64_t *offset)
{
    sc_scan t = *c;
    sc_blanks(&t);
    if (t.p - c->p > 2 || t.p == t.end || *t.p != '+') return false;
    bool detached = t.p != c->p;
    t.p++;
    bool prefixed = t.end - t.p > 2 && t.p[0] == '0' && (t.p[1] == 'x' || t.p[1] == 'X');
    if (t.p == t.end || sc_is_blank(*t.p) || (detached && !prefixed)) return false;
    const char *start = t.p;
    if (!sc_hex(&t, offset) || (t.p < t.end && sc_is_word(*t.p))) return false;
    bool digit = false;
    for (const char *p = start; p < t.p; p++) digit = digit || sc_is_digit(*p);
    if (!prefixed && (!digit || t.p - start < 3)) return false;
    *c = t;
    return true;
}

static bool offset_here(const sc_scan *c)
{
    sc_scan t = *c;
    uint64_t offset;
    return scan_offset(&t, &offset);
}

/* Where the bracket that opens at `p` closes, or NULL. */
static const char *closing(const char *p, const char *end, char open, char close)
{
    int depth = 0;
    for (; p < end; p++) {
        if (*p == open) depth++;
        if (*p == close && --depth == 0) return p;
    }
    return NULL;
}

/* The operator behind `operator`: the longest one behind which the name can end. False for none. */
static bool scan_operator(sc_scan *c)
{
    static const char *const operators[] = {"->*", "<<=", ">>=", "<=>", "()", "[]", "->", "==", "!=", "<=",
                                            ">=",  "+=",  "-=",  "*=",  "/=", "%=", "^=", "&=", "|=", "<<",
                                            ">>",  "++",  "--",  "&&",  "||", "+",  "-",  "*",  "/",  "%",
                                            "^",   "&",   "|",   "~",   "!",  "=",  "<",  ">",  ","};
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        sc_scan t = *c;
        if (!sc_starts(sc_rest(&t), operators[i])) continue;
        t.p += sc_span_z(operators[i]).n;
        if (t.p < t.end && !sc_is_blank(*t.p) && *t.p != '<' && *t.p != '(' && !offset_here(&t)) continue;
        *c = t;
        return true;
    }
    return false;
}

/* `operator delete`, `operator bool`: one more word belongs to the name. */
static bool operator_word(const sc_scan *c)
{
    sc_scan t = *c;
    sc_span word;
    t.p++;
    if (t.p == t.end || !sc_is_alpha(*t.p)) return false;
    const char *start = t.p;
    while (t.p < t.end && sc_is_word(*t.p)) t.p++;
    word = (sc_span){start, (size_t)(t.p - start)};
    return sc_eq_z(word, "new") || sc_eq_z(word, "delete") || offset_here(&t);
}

/* The function's name behind the `!`. kp and kP print parameters behind it: they are skipped, not part of it. */
static bool scan_function(sc_scan *c, sc_symbol *out)
{
    sc_scan t = *c;
    if (sc_lit(&t, "??"))
        sc_lit(&t, "::"); /* nt! ?? ::FNODOBFM::`string' */
    else if (t.p < t.end && sc_is_blank(*t.p))
        return false;
    const char *start = c->p, *named = NULL; /* named: the operator's end, which no trimming touches */
    bool quotes = true;
    while (start < t.p && sc_is_blank(*start)) start++;
    const char *stop = NULL;
    bool parameters = false;
    while (t.p < t.end && !parameters) {
        char ch = *t.p;
        sc_span before = {start, (size_t)(t.p - start)};
        if (sc_ends(before, "operator") && scan_operator(&t)) {
            named = t.p;
            continue;
        }
        if (ch == '`' && quotes) { /* `scalar deleting destructor': blanks belong to it */
            const char *p = t.p + 1;
            while (p < t.end && *p != '\'') p++;
            if (p < t.end)
                t.p = p;
            else
                quotes = false; /* looked once: the next backtick need not look again */
        } else if (ch == '<') {
            const char *p = t.end - t.p > 1 && t.p[1] != '-' ? closing(t.p, t.end, '<', '>') : NULL;
            if (!p) break;
            t.p = p;
        } else if (ch == '(') {
            parameters = true;
            stop = t.p;
            const char *p = closing(t.p, t.end, '(', ')');
            out->open = !p;
            t.p = p ? p : t.end - 1;
        } else if (!(ch == ' ' && sc_ends(before, "operator") && operator_word(&t)) && !is_name_char(ch)) {
            break;
        }
        t.p++;
    }
    if (!stop) stop = t.p;
    while (stop > start && stop != named && (stop[-1] == '.' || stop[-1] == ':')) stop--; /* `nt!Foo:` above code */
    if (stop == start) return false;
    if (!parameters) t.p = stop;
    out->function = (sc_span){start, (size_t)(stop - start)};
    c->p = t.p;
    return true;
}

static bool scan_unloaded(sc_scan *c, sc_symbol *out)
{
    sc_scan t = *c;
    sc_span module;
    if (!sc_ilit(&t, "<Unloaded_") || !sc_until(&t, ">", &module) || !module.n) return false;
    out->unloaded = true;
    out->module = out->name = strip_extension(module);
    out->has_offset = scan_offset(&t, &out->offset);
    *c = t;
    return true;
}

static bool scan_symbol(sc_scan *c, sc_symbol *out)
{
    sc_scan t = *c;
    sc_blanks(&t);
    if (t.p == t.end) return false;
    if (*t.p == '<') {
        if (!scan_unloaded(&t, out)) return false;
        *c = t;
        return true;
    }
    if (t.end - t.p > 2 && t.p[0] == '0' && (t.p[1] == 'x' || t.p[1] == 'X')) {
        if (!sc_addr(&t, &out->address, NULL)) return false;
        out->has_address = true;
        *c = t;
        return true;
    }
    const char *start = t.p;
    bool letter = false;
    for (; t.p < t.end && is_module_char(*t.p); t.p++) letter = letter || sc_is_alpha(*t.p);
    if (t.p == start || !letter || !(sc_is_word(*start))) return false;
    sc_span module = {start, (size_t)(t.p - start)};
    out->module = strip_extension(module);
    if (t.p < t.end && *t.p == '!') {
        t.p++;
        if (!scan_function(&t, out)) return false;
        out->name = (sc_span){start, (size_t)(out->function.p + out->function.n - start)};
        if (!out->open) out->has_offset = scan_offset(&t, &out->offset);
    } else {
        out->name = out->module;
        out->has_offset = scan_offset(&t, &out->offset);
        if (!out->has_offset) return false;
    }
    *c = t;
    return true;
}

bool sc_symbol_scan(sc_scan *c, sc_symbol *out)
{
    *out = (sc_symbol){0};
    if (scan_symbol(c, out)) return true;
    *out = (sc_symbol){0};
    return false;
}

bool sc_symbol_read(sc_span s, sc_symbol *out)
{
    sc_scan c = sc_scan_of(s);
    if (sc_symbol_scan(&c, out) && !out->open && sc_at_end(&c)) return true;
    *out = (sc_symbol){0};
    return false;
}

bool sc_symbol_is_kernel(sc_span module)
{
    static const char *const names[] = {"nt", "ntkrnlmp", "ntoskrnl", "ntkrnlpa", "ntkrpamp"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (sc_ieq_z(module, names[i])) return true;
    return false;
}
