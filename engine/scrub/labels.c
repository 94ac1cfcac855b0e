/* Values behind a label: "Machine Name: X", "USERNAME=X", "Serial Number    X". */
#include "engine/scrub/matcher.h"

#include <string.h>

enum {
    ANYWHERE = 1, /* also in the middle of a line before a bare value */
    ACCOUNT = 2,  /* too common a word: the value must be DOMAIN\name */
    PRODUCT = 4,  /* a Windows product number: two dashes at least */
    DIGITS = 8,   /* 32 digits; with dashes it is found as a GUID anyway */
    REMOTE = 16,  /* of a debugging connection: after = only */
    LONG = 32,    /* after : or = only, and six characters at least: "serial: COM1" is none */
};

/* A blank in a label stands for a blank, _ or nothing. */
static const struct label {
    const char *name;
    sc_personal kind;
    unsigned flags;
} labels[] = {
    {"account name", SC_PERSONAL_USER, 0},
    {"analysis session host", SC_PERSONAL_HOST, ANYWHERE}, /* of !analyze: where the debugger ran */
    {"account", SC_PERSONAL_USER, ACCOUNT},
    {"account domain", SC_PERSONAL_DOMAIN, 0},
    {"asset tag", SC_PERSONAL_SERIAL, 0},
    {"asset tag number", SC_PERSONAL_SERIAL, 0},
    {"client name", SC_PERSONAL_HOST, 0},
    {"computer name", SC_PERSONAL_HOST, ANYWHERE},
    {"default user name", SC_PERSONAL_USER, 0},
    {"dns domain", SC_PERSONAL_DOMAIN, 0},
    {"dns host name", SC_PERSONAL_HOST, 0},
    {"domain", SC_PERSONAL_DOMAIN, 0},
    {"domain name", SC_PERSONAL_DOMAIN, 0},
    {"host name", SC_PERSONAL_HOST, 0},
    {"iccid", SC_PERSONAL_SERIAL, 0},
    {"imei", SC_PERSONAL_SERIAL, 0},
    {"imsi", SC_PERSONAL_SERIAL, 0},
    {"last logged on user", SC_PERSONAL_USER, 0},
    {"last used user name", SC_PERSONAL_USER, 0},
    {"logged on user", SC_PERSONAL_USER, 0},
    {"logon account", SC_PERSONAL_USER, 0},
    {"logon domain", SC_PERSONAL_DOMAIN, 0},
    {"logon server", SC_PERSONAL_HOST, 0},
    {"machine name", SC_PERSONAL_HOST, ANYWHERE},
    {"original machine name", SC_PERSONAL_HOST, 0},
    {"owner", SC_PERSONAL_USER, ACCOUNT},
    {"product id", SC_PERSONAL_KEY, PRODUCT},
    {"primary domain", SC_PERSONAL_DOMAIN, 0},
    {"registered organization", SC_PERSONAL_ORGANIZATION, 0},
    {"registered owner", SC_PERSONAL_USER, 0},
    {"serial", SC_PERSONAL_SERIAL, LONG},
    {"serial #", SC_PERSONAL_SERIAL, 0}, /* "Dev. Serial # :" of !errrec, PCI Express */
    {"serial no", SC_PERSONAL_SERIAL, 0},
    {"serial no.", SC_PERSONAL_SERIAL, 0},
    {"serial number", SC_PERSONAL_SERIAL, 0},
    {"server", SC_PERSONAL_HOST, REMOTE},
    {"service tag", SC_PERSONAL_SERIAL, 0},
    {"ssid", SC_PERSONAL_NETWORK, 0},
    {"system name", SC_PERSONAL_HOST, 0},
    {"user", SC_PERSONAL_USER, ACCOUNT},
    {"user dns domain", SC_PERSONAL_DOMAIN, 0},
    {"user domain", SC_PERSONAL_DOMAIN, 0},
    {"user domain roaming profile", SC_PERSONAL_DOMAIN, 0},
    {"user name", SC_PERSONAL_USER, 0},
    {"uuid", SC_PERSONAL_GUID, DIGITS},
};

typedef enum joint { COLON, EQUALS, WIDE, SINGLE } joint; /* what stands between label and value */

typedef struct field {
    const struct label *label;
    joint joint;
    bool line_begins;
    bool quoted;
    size_t at, end; /* of the value; the end only when quoted */
} field;

/* Offset behind the label, 0 when it is another word. */
static size_t label_end(const sc_scrubber *s, size_t at, const char *name)
{
    for (; *name; name++) {
        char c = sc_scrub_char(s, at);
        if (*name == ' ') {
            size_t n = c == '_' ? 1 : sc_scrub_blank(s, at);
            at += n;
        } else if (sc_lower(c) == *name) {
            at++;
        } else {
            return 0;
        }
    }
    return sc_scrub_in_name(s, at) ? 0 : at;
}

static size_t skip_tags(const sc_scrubber *s, size_t at)
{
    for (int tags = 0; tags < 4 && sc_scrub_char(s, at) == '<'; tags++) {
        size_t end = at + 1;
        while (end < at + 16 && (sc_is_alnum(sc_scrub_char(s, end)) || sc_scrub_char(s, end) == '/')) end++;
        if (sc_scrub_char(s, end) != '>') break;
        at = sc_scrub_blanks(s, end + 1);
    }
    return at;
}

static bool find_joint(const sc_scrubber *s, size_t at, field *f)
{
    size_t end = at, after = at + sc_scrub_quote(s, at); /* "SerialNumber": "..." */
    end = sc_scrub_blanks(s, skip_tags(s, after));
    size_t dots = sc_scrub_run(s, end, '.', 64); /* "Serial Number........: X" */
    if (dots >= 2 && sc_scrub_char(s, sc_scrub_blanks(s, end + dots)) == ':') end = sc_scrub_blanks(s, end + dots);
    char c = sc_scrub_char(s, end), next = sc_scrub_char(s, end + 1);
    if (c == ':' && next != ':' && next != '\\') {
        f->joint = COLON;
        end++;
    } else if (c == '=' && next != '=') {
        f->joint = EQUALS;
        end++;
    } else if (f->line_begins && after == at && (end >= at + 2 || memchr(s->text.p + at, '\t', end - at))) {
        f->joint = WIDE;
    } else if (f->label->kind == SC_PERSONAL_SERIAL && sc_scrub_at(s, end, "is ") && end > at) {
        f->joint = COLON;
        end += 3;
    } else if (f->label->kind == SC_PERSONAL_SERIAL && f->line_begins && end > at) {
        f->joint = SINGLE;
    } else {
        return false;
    }
    end = skip_tags(s, sc_scrub_blanks(s, end));
    if (f->joint == EQUALS && sc_scrub_at(s, end, "REG_SZ ")) end = sc_scrub_blanks(s, end + 7);
    size_t quote = sc_scrub_quote(s, end);
    f->at = end + quote;
    f->quoted = quote > 0;
    if (quote) {
        for (end = f->at; end < f->at + SC_MAX_PERSONAL_NAME && !sc_scrub_quote(s, end); end++) {
            if (sc_scrub_is_end(sc_scrub_char(s, end))) return false;
        }
        if (!sc_scrub_quote(s, end)) return false;
        f->end = end;
    }
    return true;
}

/* ---- Values ------------------------------------------------------------------------------------------------------ */

/* Letters, digits, and of the others what stands in `more`. */
static size_t token_end(const sc_scrubber *s, size_t at, const char *more)
{
    size_t end = at;
    for (; end < at + SC_MAX_PERSONAL_NAME; end++) {
        char c = sc_scrub_char(s, end);
        if (!c || (!sc_scrub_in_name(s, end) && !strchr(more, c))) break;
    }
    return end < at + SC_MAX_PERSONAL_NAME ? end : at;
}

/* What may stand behind a bare value. Before anything else it was only the beginning of something. */
static bool closes(const sc_scrubber *s, size_t at)
{
    char c = sc_scrub_char(s, at);
    return sc_scrub_is_end(c) || strchr(" \t,.;)]}<>|\"'*", c) || sc_scrub_typography(s, at) || sc_scrub_blank(s, at);
}

static bool has_letter(sc_span v)
{
    for (size_t i = 0; i < v.n; i++) {
        if (sc_is_alpha(v.p[i]) || (unsigned char)v.p[i] >= 0x80) return true;
    }
    return false;
}

/* A name without blanks. In "Machine Name: Kernel base = 0xfffff801`8d283000" it is missing. */
static size_t value_name(sc_scrubber *s, const field *f)
{
    size_t at = f->at + sc_scrub_run(s, f->at, '\\', 4), end = f->quoted ? f->end : token_end(s, at, "-.$");
    while (end > at && s->text.p[end - 1] == '.') end--;
    sc_span name = sc_scrub_cut(s, at, end);
    if (name.n < 2 || !has_letter(name) || sc_istarts(name, "0x") || sc_scrub_is_common(f->label->kind, name)) return 0;
    if (!f->quoted && !closes(s, end)) return 0;
    if (sc_find_char(name, '\\') != SC_NPOS || sc_find_char(name, ' ') != SC_NPOS) return 0;
    sc_scrub_mark(s, f->label->kind, at, end);
    return end;
}

/* The value's first word is a replacement: what follows is no part of it. */
static bool is_replaced(sc_scrubber *s, size_t at, size_t end)
{
    sc_span word = sc_scrub_cut(s, at, end);
    if (!word.n || !sc_scrub_is_placeholder(SC_PERSONAL_USER, SC_STYLE_KEY, word)) return false;
    sc_scrub_mark(s, SC_PERSONAL_USER, at, end); /* remembers the number */
    return true;
}

/* Up to three words, or DOMAIN\name. In "USERNAME=jsmith USERPROFILE=C:\..." the second word is a label. */
static size_t value_user(sc_scrubber *s, const field *f)
{
    size_t end = f->end;
    if (!f->quoted) {
        end = token_end(s, f->at, "-.'$\\");
        if (is_replaced(s, f->at, end)) return end;
        for (int words = 1; end > f->at && words < 3 && f->line_begins && f->joint != SINGLE; words++) {
            size_t next = end + 1, stop;
            if (sc_scrub_char(s, end) != ' ' || !sc_scrub_in_name(s, next)) break;
            stop = token_end(s, next, "-.'");
            if (stop == next || sc_scrub_char(s, stop) == '=' || sc_scrub_char(s, stop) == ':') break;
            end = stop;
        }
        while (end > f->at && (s->text.p[end - 1] == '.' || s->text.p[end - 1] == '\'')) end--;
    }
    sc_span name = sc_scrub_cut(s, f->at, end);
    size_t cut = sc_find_char(name, '\\'), last = sc_rfind_char(name, '\\');
    bool account = cut != SC_NPOS;
    if (account && (!cut || last + 1 == name.n || last - cut > 1)) return 0; /* \Driver\x */
    if (!has_letter(name) || sc_find_char(name, '@') != SC_NPOS || sc_find_char(name, ':') != SC_NPOS) return 0;
    if (!f->quoted && !closes(s, end)) return 0;
    if (!account && ((f->label->flags & ACCOUNT) || sc_scrub_is_common(f->label->kind, name))) return 0;
    return sc_scrub_mark_account(s, f->label->kind, f->at, end) ? end : 0;
}

/* At least four characters with a digit, and not all the same. "To be filled by O.E.M." and "None" are no numbers. */
static bool is_serial(sc_span v)
{
    bool digit = false, same = true;
    for (size_t i = 0; i < v.n; i++) {
        if (sc_is_digit(v.p[i])) digit = true;
        if (v.p[i] != v.p[0] && !(v.p[0] == '0' && (v.p[i] == 'x' || v.p[i] == '-'))) same = false;
    }
    return v.n >= 4 && digit && !same;
}

static size_t value_serial(sc_scrubber *s, const field *f)
{
    size_t end = f->end;
    if (!f->quoted) {
        static const char more[] = "-./+:#";
        end = token_end(s, f->at, more);
        if (is_replaced(s, f->at, end)) return end;
        /* "VMware-56 4d 8a 6f 1a 2b 3c 4d-5e 6f ...": pairs of digits go on behind blanks */
        while (f->line_begins && end > f->at && sc_scrub_char(s, end) == ' ' && sc_scrub_hex_run(s, end + 1, 3) == 2) {
            size_t stop = end + 3;
            if (sc_scrub_char(s, stop) == '-' && sc_scrub_hex_run(s, stop + 1, 3) == 2) stop += 3;
            if (sc_scrub_in_name(s, stop) || sc_scrub_char(s, stop) == '-' || stop - f->at > 64) break;
            end = stop;
        }
        if (f->joint == SINGLE && !sc_scrub_is_end(sc_scrub_char(s, sc_scrub_blanks(s, end)))) return 0;
        while (end > f->at && (s->text.p[end - 1] == '.' || s->text.p[end - 1] == ':')) end--;
    }
    sc_span v = sc_scrub_cut(s, f->at, end);
    if (!is_serial(v) || (!f->quoted && !closes(s, end))) return 0;
    if ((f->label->flags & LONG) && (v.n < 6 || f->joint == WIDE || f->joint == SINGLE)) return 0;
    if (f->label->flags & PRODUCT) {
        size_t dashes = 0, found;
        for (size_t i = 0; i < v.n; i++) dashes += v.p[i] == '-';
        if (dashes < 2 || v.n < 15) return 0;
        if ((found = sc_scrub_id(s, f->at))) return found;
        sc_scrub_mark_as(s, SC_PERSONAL_KEY, SC_STYLE_FOUR, f->at, end, v);
        return end;
    }
    if (f->label->flags & DIGITS) {
        if (v.n != 32 || sc_scrub_hex_run(s, f->at, 33) != 32) return 0;
        sc_scrub_mark(s, SC_PERSONAL_GUID, f->at, end);
        return end;
    }
    sc_scrub_mark(s, SC_PERSONAL_SERIAL, f->at, end);
    return end;
}

size_t sc_scrub_label(sc_scrubber *s, size_t at)
{
    char first = sc_lower(sc_scrub_char(s, at));
    bool begins = sc_scrub_begins(s, at);
    /* BaseBoardSerialNumber, SYSTEM_SERIAL_NUMBER */
    if (!begins && (s->text.p[at - 1] != '_' && !(sc_scrub_char(s, at) == 'S' && s->text.p[at - 1] >= 'a'))) return 0;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        const struct label *l = &labels[i];
        size_t end;
        if (l->name[0] != first || !(end = label_end(s, at, l->name))) continue;
        if (!begins && l->kind != SC_PERSONAL_SERIAL) continue;
        field f = {.label = l, .line_begins = sc_scrub_line_begins(s, at)};
        char before = at ? s->text.p[at - 1] : ' ';
        if (before == '!' || before == '%' || before == '$' || before == '\\' || before == '/') continue;
        if (!find_joint(s, end, &f)) continue;
        if ((l->flags & REMOTE) && f.joint != EQUALS) continue;
        bool serial = l->kind == SC_PERSONAL_SERIAL || l->kind == SC_PERSONAL_KEY || l->kind == SC_PERSONAL_GUID;
        bool anywhere = f.joint == EQUALS || f.quoted || serial || (l->flags & (ANYWHERE | ACCOUNT));
        if (!f.line_begins && !anywhere) continue;
        bool name = l->kind == SC_PERSONAL_HOST || l->kind == SC_PERSONAL_DOMAIN;
        size_t found = serial ? value_serial(s, &f) : name ? value_name(s, &f) : value_user(s, &f);
        if (found) return found;
    }
    return 0;
}
