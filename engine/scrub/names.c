/* Names where they stand by their place: folders of users, shares, accounts, default names of computers. */
#include "engine/scrub/matcher.h"

/* ---- One component of a path ------------------------------------------------------------------------------------ */

/* Ends a name in a path whatever follows. A comma may stand in a Windows name, but hardly ever does. */
static bool ends_name(const sc_scrubber *s, size_t at)
{
    char c = sc_scrub_char(s, at);
    if ((unsigned char)c < 0x20) return true;
    for (const char *p = "\\/:*?\"<>|,;()[]{}`=!@$"; *p; p++) {
        if (c == *p) return true;
    }
    if (c == '&' && (sc_is_alpha(sc_scrub_char(s, at + 1)) || sc_scrub_char(s, at + 1) == '#')) return true;
    if (c == '\'' && !sc_is_alnum(sc_scrub_char(s, at + 1))) return true; /* O'Brien goes on */
    return sc_scrub_typography(s, at) > 0;
}

/* Where the component that begins at `at` ends. It may hold blanks when a separator follows, as in \John Doe\. */
static size_t component_end(const sc_scrubber *s, size_t at, char separator)
{
    size_t end = at, blank = 0, blanks = 0;
    for (; end < at + SC_MAX_PERSONAL_NAME && !ends_name(s, end); end++) {
        if (sc_scrub_char(s, end) != ' ') continue;
        if (!blank) blank = end;
        blanks++;
    }
    if (end == at + SC_MAX_PERSONAL_NAME) return at;
    bool closed = sc_scrub_char(s, end) == separator && sc_scrub_char(s, end - 1) != ' ' && blanks <= 3;
    if (blank && (!closed || blank == at)) end = blank;
    while (end > at && (sc_scrub_char(s, end - 1) == '.' || sc_scrub_char(s, end - 1) == '\'')) end--;
    return end;
}

/* A hard wrap may cut the name in two: "C:\Users\jo" and "hn\drv.c" on the next line. Returns where the rest ends, and
 * in *rest where it begins; 0 when the line does not look wrapped. */
static size_t wrapped_rest(const sc_scrubber *s, size_t end, char separator, size_t *rest)
{
    size_t next = end, stop;
    if (sc_scrub_char(s, next) == '\r') next++;
    if (sc_scrub_char(s, next) != '\n' || end - s->line < 60) return 0;
    next++;
    for (stop = next; stop < next + SC_MAX_PERSONAL_NAME && !ends_name(s, stop); stop++) {
        if (sc_scrub_char(s, stop) == ' ') return 0;
    }
    *rest = next;
    return stop > next && sc_scrub_char(s, stop) == separator ? stop : 0;
}

static size_t mark_folder(sc_scrubber *s, sc_personal kind, size_t at, char separator)
{
    size_t end = component_end(s, at, separator), rest = 0, stop;
    sc_span name = sc_scrub_cut(s, at, end);
    if (!name.n) return 0;
    if (sc_scrub_is_common(kind, name)) return end;
    stop = wrapped_rest(s, end, separator, &rest);
    if (stop && !sc_scrub_is_placeholder(kind, SC_STYLE_KEY, name)) {
        sc_span whole = sc_arena_printf(s->arena, "%.*s%.*s", SC_F(name), SC_F(sc_scrub_cut(s, rest, stop)));
        sc_scrub_mark_as(s, kind, SC_STYLE_KEY, at, end, whole);
        sc_scrub_mark_as(s, kind, SC_STYLE_DROPPED, rest, stop, whole);
        return stop;
    }
    sc_scrub_mark(s, kind, at, end);
    return end;
}

/* ---- \Users\name, \\SERVER\share, at \ or / ---------------------------------------------------------------------- */

/* The path belongs to an address on the web. */
static bool is_web(const sc_scrubber *s, size_t at)
{
    for (size_t i = at, least = at > 200 ? at - 200 : 0; i > least && i > s->line; i--) {
        char c = s->text.p[i - 1];
        if (sc_is_blank(c) || c == '"' || c == '<' || c == '>') return false;
        if (c == ':' && sc_scrub_run(s, i, '/', 2) == 2 && !(i >= 5 && sc_scrub_at(s, i - 5, "file:"))) return true;
    }
    return false;
}

/* Before a slash: nothing, "C:" or "/mnt/c". */
static bool is_root(const sc_scrubber *s, size_t at)
{
    if (sc_scrub_begins(s, at)) return !at || s->text.p[at - 1] != '.';
    return at >= 2 && sc_is_alpha(s->text.p[at - 1]) && s->text.p[at - 2] == '/';
}

static size_t users_folder(sc_scrubber *s, size_t at, char separator, size_t run)
{
    static const char *const folders[] = {"Users", "Documents and Settings", "DOCUME~1", "WINNT\\Profiles", "home"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        size_t end = at + run + sc_span_z(folders[i]).n, behind;
        if (!sc_scrub_at(s, at + run, folders[i]) || sc_scrub_char(s, end) != separator) continue;
        if (separator == '/' ? !is_root(s, at) || is_web(s, at) : folders[i][0] == 'h') return 0;
        behind = end + sc_scrub_run(s, end, separator, 2);
        size_t found = mark_folder(s, SC_PERSONAL_USER, behind, separator);
        return found ? found : behind;
    }
    return 0;
}

/* Names in the object manager that a pasted \\Device\... or "\\Driver\\x" begins with. */
static const char object_folders[] =
    "device|driver|filesystem|systemroot|registry|global??|basenamedobjects|knowndlls|sessions|callback|objecttypes|"
    "dosdevices|users|windows|program files|harddisk|pipe";

static size_t server(sc_scrubber *s, size_t at, size_t separators)
{
    size_t end = at;
    bool letter = false;
    for (; end < at + SC_MAX_PERSONAL_NAME; end++) {
        char c = sc_scrub_char(s, end);
        if (!sc_scrub_in_name(s, end) && c != '-' && c != '.') break;
        if (!sc_is_digit(c) && c != '.') letter = true;
    }
    sc_span name = sc_scrub_cut(s, at, end);
    if (!letter || sc_scrub_run(s, end, '\\', separators + 1) != separators) return 0;
    if (!sc_scrub_in_name(s, end + separators)) return 0; /* no share */
    if (sc_scrub_is_common(SC_PERSONAL_HOST, name)) return end;
    sc_scrub_mark(s, SC_PERSONAL_HOST, at, end);
    return end;
}

size_t sc_scrub_path(sc_scrubber *s, size_t at)
{
    char c = sc_scrub_char(s, at);
    if (at && s->text.p[at - 1] == c) return 0; /* not the first of a run */
    size_t run = sc_scrub_run(s, at, c, 5), found;
    if (run <= 2 && (found = users_folder(s, at, c, run))) return found;
    if (run <= 2 && sc_scrub_at(s, at + run, "OneDrive - ")) {
        return mark_folder(s, SC_PERSONAL_ORGANIZATION, at + run + 11, c);
    }
    if (c != '\\') return 0;
    /* the redirectors' ways of writing \\server\share */
    for (size_t i = 0; run <= 2 && i < 2; i++) {
        size_t end = at + run + 3;
        if (!sc_scrub_at(s, at + run, i ? "Mup" : "UNC") || sc_scrub_run(s, end, '\\', 3) != run) continue;
        return server(s, end + run, run);
    }
    if (run != 2 && run != 4) return 0;
    char before = at ? s->text.p[at - 1] : ' ';
    if (!sc_scrub_begins(s, at) || before == ':' || before == '.' || before == '?') return 0;
    sc_span first = sc_scrub_cut(s, at + run, at + run + 16);
    const char *folders = object_folders;
    for (sc_span folder; sc_scrub_next(&folders, &folder);) {
        if (sc_ieq(sc_span_sub(first, 0, folder.n), folder) && sc_scrub_char(s, at + run + folder.n) == '\\') return 0;
    }
    return server(s, at + run, run / 2);
}

/* ---- DOMAIN\name ------------------------------------------------------------------------------------------------- */

bool sc_scrub_mark_account(sc_scrubber *s, sc_personal kind, size_t from, size_t to)
{
    size_t cut = sc_find_char(sc_scrub_cut(s, from, to), '\\'), before = s->marks.n;
    if (cut != SC_NPOS) {
        size_t middle = from + cut;
        sc_span domain = sc_scrub_cut(s, from, middle);
        if (!sc_scrub_is_common(SC_PERSONAL_DOMAIN, domain)) {
            if (!sc_scrub_host(s, from)) sc_scrub_mark(s, SC_PERSONAL_DOMAIN, from, middle);
        }
        from = middle + sc_scrub_run(s, middle, '\\', 2);
    }
    if (from < to && s->text.p[to - 1] == '$') { /* the account of a machine */
        kind = SC_PERSONAL_HOST;
        to--;
    }
    if (from < to && !sc_scrub_is_common(kind, sc_scrub_cut(s, from, to))) sc_scrub_mark(s, kind, from, to);
    return s->marks.n > before;
}

/* `!token -n` prints "(User: DOMAIN\name)", "(Group: DOMAIN\Domain Users)", "(Alias: BUILTIN\Users)". */
static size_t account_in_parentheses(sc_scrubber *s, size_t at)
{
    static const struct {
        const char *label;
        sc_personal kind;
    } labels[] = {
        {"(User:", SC_PERSONAL_USER},     {"(Group:", SC_PERSONAL_GROUP},   {"(Alias:", SC_PERSONAL_GROUP},
        {"(Computer:", SC_PERSONAL_HOST}, {"(Domain:", SC_PERSONAL_DOMAIN},
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (!sc_scrub_at(s, at, labels[i].label)) continue;
        size_t from = sc_scrub_blanks(s, at + sc_span_z(labels[i].label).n), to = from;
        while (to < from + 2 * SC_MAX_PERSONAL_NAME && !sc_scrub_is_end(sc_scrub_char(s, to)) &&
               sc_scrub_char(s, to) != ')') {
            to++;
        }
        size_t middle = sc_find_char(sc_scrub_cut(s, from, to), '\\');
        if (sc_scrub_char(s, to) != ')' || to == from ||
            (labels[i].kind != SC_PERSONAL_HOST && middle == SC_NPOS && labels[i].kind != SC_PERSONAL_DOMAIN)) {
            return 0;
        }
        sc_scrub_mark_account(s, labels[i].kind, from, to);
        return to;
    }
    return 0;
}

/* "EMNET\jsmith (npipe \\EMNET\pipe\x) connected at ...": a debugger tells who else is in the session. */
static size_t account_before(sc_scrubber *s, size_t at)
{
    static const char *const transports[] = {"(npipe ", "(npipe:", "(tcp ", "(tcp:", "(spipe ", "(ssl ", "(local)"};
    bool is = false;
    for (size_t i = 0; i < sizeof transports / sizeof *transports; i++) is |= sc_scrub_at(s, at, transports[i]);
    if (!is || !at || s->text.p[at - 1] != ' ') return 0;
    size_t to = at - 1, from = to, least = s->line > s->done ? s->line : s->done;
    bool cut = false;
    while (from > least && to - from < 2 * SC_MAX_PERSONAL_NAME) {
        char c = s->text.p[from - 1];
        if (!sc_is_word(c) && (unsigned char)c < 0x80 && c != '-' && c != '.' && c != '$' && c != '\\') break;
        if (c == '\\') cut = true;
        from--;
    }
    for (size_t i = from, n; i < to; i++) { /* an exotic blank ends it as well */
        if ((n = sc_scrub_typography(s, i))) from = i + n;
    }
    return cut && from < to && sc_scrub_mark_account(s, SC_PERSONAL_USER, from, to) ? at + 1 : 0;
}

size_t sc_scrub_account(sc_scrubber *s, size_t at)
{
    size_t found = account_in_parentheses(s, at);
    return found ? found : account_before(s, at);
}

/* ---- DESKTOP-1A2B3C4 --------------------------------------------------------------------------------------------- */

static bool is_upper(char c)
{
    return (c >= 'A' && c <= 'Z') || sc_is_digit(c) || c == '-';
}

/* `!analyze -v`, Analysis.DebugAnalysisProvider.CPP: "Value: Create: 8007007e on EMNET", where the debugger ran. */
static size_t host_on(sc_scrubber *s, size_t at)
{
    size_t from = at + 8 + 8 + 4, to = from;
    if (!sc_scrub_at(s, at, "Create: ") || sc_scrub_hex_run(s, at + 8, 9) != 8 || !sc_scrub_at(s, at + 16, " on ")) {
        return 0;
    }
    while (to < from + SC_MAX_PERSONAL_NAME && (sc_scrub_in_name(s, to) || sc_scrub_char(s, to) == '-')) to++;
    sc_span name = sc_scrub_cut(s, from, to);
    if (name.n < 2 || sc_scrub_is_common(SC_PERSONAL_HOST, name)) return 0;
    sc_scrub_mark(s, SC_PERSONAL_HOST, from, to);
    return to;
}

/* The names that Windows gives itself: fixed words and lengths, upper case. */
size_t sc_scrub_host(sc_scrubber *s, size_t at)
{
    static const struct {
        const char *prefix;
        size_t n;
    } defaults[] = {{"DESKTOP-", 7}, {"LAPTOP-", 8}, {"WIN-", 11}, {"MININT-", 7}};
    size_t found;
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
        sc_span rest = sc_scrub_cut(s, at, at + 32);
        size_t end = at + sc_span_z(defaults[i].prefix).n, stop = end + defaults[i].n;
        bool upper = sc_starts(rest, defaults[i].prefix), digit = false, good = sc_istarts(rest, defaults[i].prefix);
        for (size_t k = end; k < stop && good; k++) {
            char c = sc_scrub_char(s, k);
            if (sc_is_digit(c)) digit = true;
            if (c >= 'a' && c <= 'z') upper = false;
            good = sc_is_alnum(c);
        }
        /* "a laptop-specific driver" is prose */
        if (!good || !(upper || digit) || sc_scrub_in_name(s, stop) || sc_scrub_char(s, stop) == '-') continue;
        sc_scrub_mark(s, SC_PERSONAL_HOST, at, stop);
        return stop;
    }
    if ((found = host_on(s, at))) return found;
    /* JOHN-PC, which Windows 7 made of the first user's name */
    size_t end = at;
    while (end < at + 15 && is_upper(sc_scrub_char(s, end))) end++;
    if (end < at + 5 || !sc_starts(sc_scrub_cut(s, end - 3, end), "-PC") || sc_scrub_in_name(s, end)) return 0;
    static const char other[] = "MINI|TABLET|MULTI|NON|PRE|POST|GAMING|ALL-IN-ONE";
    if ((at && s->text.p[at - 1] == '-') || sc_scrub_listed(sc_scrub_cut(s, at, end - 3), other)) return 0;
    sc_scrub_mark(s, SC_PERSONAL_HOST, at, end);
    return end;
}
