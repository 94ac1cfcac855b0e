/* GUIDs, security identifiers, keys, and serial numbers in the names of device instances. */
#include "engine/scrub/matcher.h"

/* ---- GUIDs ------------------------------------------------------------------------------------------------------- */

/* Does one of the words stand, as a whole one, before the offset on this line, at most 96 bytes back? */
static bool stands_before(const sc_scrubber *s, size_t at, const char *words)
{
    size_t least = at > 96 ? at - 96 : 0;
    sc_span before = sc_scrub_cut(s, least < s->line ? s->line : least, at);
    for (sc_span word; sc_scrub_next(&words, &word);) {
        for (size_t i = 0; i + word.n <= before.n; i++) {
            if (sc_lower(before.p[i]) != word.p[0]) continue;
            bool whole = !(i && sc_is_alpha(before.p[i - 1])) &&
                         !(i + word.n < before.n && sc_is_alpha(before.p[i + word.n]));
            if (whole && sc_ieq(sc_span_sub(before, i, i + word.n), word)) return true;
        }
    }
    return false;
}

/* GUIDs that name a kind of thing, the same on every machine: evidence. */
static bool is_published(const sc_scrubber *s, size_t at, size_t end)
{
    /* `!errrec`: "## Section 1 : {390f56d5-...}", "Notify Type : {...}"; `!analyze`: the hash of a failure; symbol
     * files; providers of traces; classes of devices. */
    static const char words[] =
        "section|notify type|creator|error type|hash|rsds|pdb|wpp|provider|providerguid|etw|classguid|class guid|class|"
        "clsid|iid|tag|http|https";
    if (stands_before(s, at, words)) return true;
    /* `.enumtag` prints "{270A33FD-3DA6-460D-BA89-3C1BAE21E39B} - 0xf0 bytes": what kind of data it is */
    if (sc_scrub_at(s, end, "} - 0x")) return true;
    /* "Key  : Failure.Hash", then "Value: {...}" on the next line */
    size_t previous = s->line > 64 ? s->line - 64 : 0;
    if (stands_before(s, at, "value") && sc_ifind(sc_scrub_cut(s, previous, s->line), "hash") != SC_NPOS) {
        return true;
    }
    /* \??\USB#VID_04D8&PID_0033#5&46fa7b7&0&1#{a5dcbf10-...}: an interface class closes the name of a device */
    size_t open = at && s->text.p[at - 1] == '{' ? at - 1 : at, close = sc_scrub_char(s, end) == '}' ? end + 1 : end;
    if (open && s->text.p[open - 1] == '#' && close > end && sc_scrub_char(s, close) != '#') return true;
    /* Made from a clock (version 1) that stood before the year 2000: a class or interface of Windows itself; and those
     * of Bluetooth services. The third group is 11cd to 11d3. */
    uint64_t time = 0;
    for (size_t i = at + 14; i < at + 18; i++) time = time << 4 | sc_hex_value(s->text.p[i]);
    return (time >> 12 == 1 && (time & 0xfff) <= 0x1d3) || sc_scrub_at(s, at + 8, "-0000-1000-8000-00805f9b34fb");
}

static size_t guid(sc_scrubber *s, size_t at)
{
    static const size_t groups[] = {8, 4, 4, 4, 12};
    char key[32];
    size_t end = at, n = 0;
    for (size_t i = 0; i < 5; i++) {
        if (sc_scrub_hex_run(s, end, 13) != groups[i]) return 0;
        for (size_t k = 0; k < groups[i]; k++) key[n++] = s->text.p[end + k];
        end += groups[i];
        if (i < 4 && sc_scrub_char(s, end++) != '-') return 0;
    }
    if (sc_scrub_in_name(s, end) || sc_scrub_char(s, end) == '-' || (at && s->text.p[at - 1] == '-')) return 0;
    if (is_published(s, at, end)) return end;
    sc_scrub_mark_as(s, SC_PERSONAL_GUID, SC_STYLE_DASHES, at, end, (sc_span){key, sizeof key});
    return end;
}

/* ---- S-1-5-21-<machine or domain>-<account> ---------------------------------------------------------------------- */

/* Reads "-<number>" `n` times; the offset behind, or 0. */
static size_t numbers(const sc_scrubber *s, size_t at, int n)
{
    for (; n; n--) {
        size_t digits = sc_scrub_char(s, at) == '-' ? sc_scrub_digit_run(s, at + 1, 21) : 0;
        if (!digits || digits > 20) return 0;
        at += 1 + digits;
    }
    return at;
}

static size_t sid(sc_scrubber *s, size_t at)
{
    size_t end;
    if (sc_scrub_at(s, at, "S-1-12-1-") && (end = numbers(s, at + 8, 4))) { /* an account in the cloud */
        sc_span key = sc_scrub_cut(s, at + 9, end);
        sc_scrub_mark_as(s, SC_PERSONAL_SID, SC_STYLE_FOUR, at + 9, end, key);
        return end;
    }
    if (!sc_scrub_at(s, at, "S-1-5-21-") || !(end = numbers(s, at + 8, 3))) return 0;
    sc_span domain = sc_scrub_cut(s, at + 9, end);
    sc_scrub_mark_as(s, SC_PERSONAL_SID, SC_STYLE_KEY, at + 9, end, domain);
    size_t account = numbers(s, end, 1);
    if (!account) return end;
    /* below 1000 they are the same everywhere: 500 Administrator, 513 Domain Users */
    if (account - end > 4 && !sc_scrub_is_placeholder(SC_PERSONAL_SID, SC_STYLE_KEY, domain)) {
        sc_span key = sc_scrub_cut(s, at + 9, account);
        sc_scrub_mark_as(s, SC_PERSONAL_ACCOUNT, SC_STYLE_KEY, end + 1, account, key);
    }
    return account;
}

/* ---- Keys -------------------------------------------------------------------------------------------------------- */

/* AAAAA-BBBBB-CCCCC-DDDDD-EEEEE of a product, 00330-80000-00000-AA123 that Windows shows for it, and the eight numbers
 * that open an encrypted drive. */
static size_t key(sc_scrubber *s, size_t at)
{
    size_t end = at, groups = 0, size = sc_scrub_digit_run(s, at, 7) == 6 ? 6 : 5;
    bool letter = false, digit = false, numeric = true;
    if (at && s->text.p[at - 1] == '-') return 0;
    for (;;) {
        for (size_t stop = end + size; end < stop; end++) {
            char c = sc_scrub_char(s, end);
            if (sc_is_digit(c))
                digit = true;
            else if (c >= 'A' && c <= 'Z' && size == 5)
                letter = true;
            else
                return 0;
        }
        if (++groups < 4 && letter) numeric = false;
        if (groups == 9 || sc_scrub_char(s, end) != '-') break;
        end++;
    }
    if (sc_scrub_in_name(s, end)) return 0;
    unsigned style = size == 6 ? SC_STYLE_RECOVERY : groups == 4 ? SC_STYLE_FOUR : SC_STYLE_KEY;
    bool right = size == 6 ? groups == 8 : (groups == 5 && letter && digit) || (groups == 4 && numeric);
    if (!right) return 0;
    sc_scrub_mark_as(s, SC_PERSONAL_KEY, style, at, end, sc_scrub_cut(s, at, end));
    return end;
}

/* net:port=50000,key=2steg4fzbj2sz.23418vzkd4ko3.1g34ou07z4pev.1sp3yo9yz874p */
static size_t connection_key(sc_scrubber *s, size_t at)
{
    size_t from = at + 4, end = from, groups = 0;
    if (!sc_scrub_at(s, at, "key=")) return 0;
    for (;; end++) {
        size_t start = end;
        while (end < start + 14 && sc_is_alnum(sc_scrub_char(s, end))) end++;
        if (end == start || end == start + 14) return 0;
        if (++groups == 4 || sc_scrub_char(s, end) != '.') break;
    }
    if (groups != 4 || end - from < 20 || sc_scrub_in_name(s, end)) return 0; /* 1.2.3.4 is what examples say */
    sc_scrub_mark_as(s, SC_PERSONAL_KEY, SC_STYLE_CONNECTION, from, end, sc_scrub_cut(s, from, end));
    return end;
}

size_t sc_scrub_id(sc_scrubber *s, size_t at)
{
    char c = sc_lower(sc_scrub_char(s, at));
    size_t found;
    if (!sc_is_alnum(c)) return 0;
    if (sc_is_hex(c) && (found = guid(s, at))) return found;
    if (c == 's' && (found = sid(s, at))) return found;
    if (c == 'k' && (found = connection_key(s, at))) return found;
    return key(s, at);
}

/* ---- ENUMERATOR\DEVICE\INSTANCE ---------------------------------------------------------------------------------- */

static bool in_instance(char c)
{
    return sc_is_word(c) || c == '&' || c == '.' || c == '*' || c == '+' || c == '-' || c == ';' || c == '~' ||
           c == '=';
}

/* One part of the name, up to the separator. An HTML paste has &amp; in it, which these characters cover. */
static size_t part_end(const sc_scrubber *s, size_t at)
{
    size_t end = at;
    while (end < at + 200 && in_instance(sc_scrub_char(s, end))) end++;
    return end < at + 200 ? end : at;
}

/* Addresses of Bluetooth devices: twelve digits between separators, anywhere in the name. */
static size_t bluetooth(sc_scrubber *s, size_t at)
{
    size_t end = at;
    for (; end < at + 300; end++) {
        char c = sc_scrub_char(s, end);
        if (!in_instance(c) && c != '\\' && c != '#' && c != '{' && c != '}') break;
        char before = s->text.p[end - 1];
        if (sc_is_alnum(before) || before == '-' || sc_scrub_hex_run(s, end, 13) != 12) continue;
        if (sc_is_alnum(sc_scrub_char(s, end + 12))) continue;
        sc_span address = sc_scrub_cut(s, end, end + 12);
        if (!sc_eq_z(address, "000000000000"))
            sc_scrub_mark_as(s, SC_PERSONAL_MAC, SC_STYLE_KEY, end, end + 12, address);
        end += 11;
    }
    return end;
}

size_t sc_scrub_instance(sc_scrubber *s, size_t at)
{
    /* what a device's name must begin with: "USB\ROOT_HUB30" has no serial number */
    static const struct {
        const char *enumerator, *device;
    } names[] = {{"USB", "VID_"},        {"USBSTOR", ""}, {"UASPSTOR", ""}, {"SCSI", ""}, {"IDE", ""},
                 {"PCI", "VEN_"},        {"SD", ""},      {"NVME", ""},     {"1394", ""}, {"SBP2", ""},
                 {"WPDBUSENUMROOT", ""}, {"BTHENUM", ""}, {"BTHLE", ""},    {"BTH", ""},  {"BTHLEDEVICE", ""}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t device = at + sc_span_z(names[i].enumerator).n, run, end, stop;
        char separator = sc_scrub_char(s, device);
        if ((separator != '\\' && separator != '#') || !sc_scrub_at(s, at, names[i].enumerator)) continue;
        run = sc_scrub_run(s, device, separator, 3);
        device += run;
        if (run > 2 || !sc_scrub_at(s, device, names[i].device)) return 0;
        if (names[i].enumerator[0] == 'B') return bluetooth(s, device);
        end = part_end(s, device);
        /* "SCSI\_DISK\_DRIVER\_INTERNAL" is a bug check in Markdown */
        if (end == device || s->text.p[device] == '_' || sc_scrub_run(s, end, separator, 3) != run) return 0;
        end += run;
        stop = part_end(s, end);
        if (sc_scrub_char(s, end) == '_') return 0;
        /* 5&46fa7b7&0&1: made from where it is plugged in */
        size_t digits = sc_scrub_hex_run(s, end, 3);
        if (digits && digits <= 2 && sc_scrub_char(s, end + digits) == '&') return stop;
        size_t serial = end;
        bool same = true;
        for (; serial < stop && s->text.p[serial] != '&'; serial++) same &= s->text.p[serial] == s->text.p[end];
        while (serial > end && (s->text.p[serial - 1] == '.' || s->text.p[serial - 1] == ';')) serial--;
        if (serial < end + 5 || same) return stop; /* too short to tell one device from another */
        sc_scrub_mark(s, SC_PERSONAL_SERIAL, end, serial);
        return serial;
    }
    return 0;
}
