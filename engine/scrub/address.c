/* E-mail, MAC, IPv6 and IPv4 addresses. Four numbers with dots between them are more often a version. */
#include "engine/scrub/matcher.h"

/* ---- E-mail ------------------------------------------------------------------------------------------------------ */

/* Behind the @ of a decorated name may stand a file, which looks like a host. */
static const char file_extensions[] = "sys|dll|exe|cpp|cxx|cc|c|h|hpp|asm|inc|lib|obj|pdb|inf|cat|txt|log|dmp|ocx|efi";

size_t sc_scrub_mail(sc_scrubber *s, size_t at)
{
    size_t from = at, to = at + 1, label = to, dots = 0;
    while (from > s->done && at - from < 64) {
        char c = s->text.p[from - 1];
        if (!sc_is_alnum(c) && c != '.' && c != '_' && c != '%' && c != '+' && c != '-') break;
        from--;
    }
    while (from < at && !sc_is_alnum(s->text.p[from])) from++; /* "--bob@..." */
    char before = from ? s->text.p[from - 1] : ' ';
    if (from == at || before == '?' || before == '!' || before == '@' || before == '$') return 0;
    while (to < at + SC_MAX_PERSONAL_NAME) { /* labels of letters, digits and dashes, with dots between */
        char c = sc_scrub_char(s, to);
        if (c == '.' && to > label && sc_is_alnum(sc_scrub_char(s, to + 1))) {
            dots++;
            label = to + 1;
        } else if (!sc_is_alnum(c) && !(c == '-' && sc_is_alnum(sc_scrub_char(s, to + 1)))) {
            break;
        }
        to++;
    }
    sc_span top = sc_scrub_cut(s, label, to);
    if (!dots || top.n < 2 || sc_scrub_in_name(s, to) || sc_scrub_listed(top, file_extensions)) return 0;
    for (size_t i = 0; i < top.n; i++) {
        if (!sc_is_alpha(top.p[i])) return 0;
    }
    sc_scrub_mark(s, SC_PERSONAL_MAIL, from, to);
    return to;
}

/* ---- MAC --------------------------------------------------------------------------------------------------------- */

static size_t mac(sc_scrubber *s, size_t at)
{
    char separator = sc_scrub_char(s, at + 2), key[12];
    if ((separator != '-' && separator != ':') || (at && s->text.p[at - 1] == separator)) return 0;
    size_t end = at, n = 0;
    for (int group = 0; group < 6; group++, end += 3) {
        if (sc_scrub_hex_run(s, end, 3) != 2 || (group < 5 && sc_scrub_char(s, end + 2) != separator)) return 0;
        key[n++] = sc_scrub_char(s, end);
        key[n++] = sc_scrub_char(s, end + 1);
    }
    end--; /* there is no separator behind the last */
    if (sc_scrub_in_name(s, end) || (sc_scrub_char(s, end) == separator && sc_is_hex(sc_scrub_char(s, end + 1))))
        return 0;
    sc_span whole = {key, sizeof key};
    /* nobody's: multicast and broadcast addresses have the lowest bit set */
    if (sc_eq_z(whole, "000000000000") || (sc_hex_value(key[1]) & 1)) return end;
    sc_scrub_mark_as(s, SC_PERSONAL_MAC, separator == '-' ? SC_STYLE_DASHES : SC_STYLE_COLONS, at, end, whole);
    return end;
}

/* ---- IPv6 -------------------------------------------------------------------------------------------------------- */

/* A C++ name may look like one with "::" in it; global, link-local and local networks are what is left. */
static bool is_ipv6_start(const sc_scrubber *s, size_t at)
{
    char a = sc_scrub_char(s, at), b = sc_lower(sc_scrub_char(s, at + 1)), c = sc_lower(sc_scrub_char(s, at + 2));
    if (sc_scrub_hex_run(s, at, 5) != 4) return false;
    if (a == '2' || a == '3') return true;
    return sc_lower(a) == 'f' && ((b == 'e' && (c == '8' || c == '9' || c == 'a' || c == 'b')) || b == 'c' || b == 'd');
}

static size_t ipv6(sc_scrubber *s, size_t at)
{
    size_t end = at;
    int groups = 0;
    bool gap = false, wide = false;
    if (at && (s->text.p[at - 1] == ':' || s->text.p[at - 1] == '.' || s->text.p[at - 1] == '`')) return 0;
    while (groups < 9) {
        size_t n = sc_scrub_hex_run(s, end, 5);
        if (!n) break;
        if (n > 4) return 0;
        if (n > 2) wide = true;
        groups++;
        end += n;
        if (sc_scrub_char(s, end) != ':') break;
        if (sc_scrub_char(s, end + 1) == ':') {
            if (gap) return 0;
            gap = true;
            end += 2;
        } else if (sc_is_hex(sc_scrub_char(s, end + 1))) {
            end++;
        } else {
            break;
        }
    }
    if (gap ? groups > 7 || !is_ipv6_start(s, at) : groups != 8 || !wide) return 0;
    if (sc_scrub_in_name(s, end) || sc_scrub_char(s, end) == '`' ||
        (sc_scrub_char(s, end) == ':' && sc_is_hex(sc_scrub_char(s, end + 1)))) {
        return 0;
    }
    sc_scrub_mark(s, SC_PERSONAL_IPV6, at, end);
    return end;
}

/* ---- IPv4 -------------------------------------------------------------------------------------------------------- */

static const char address_words[] =
    "ip|ipv|addr|address|addresses|host|hostip|target|connected|connect|connection|port|gateway|dns|dhcp|server|ping|"
    "pinging|subnet|router|nameserver|tcp|udp|remote|local|client|peer|listening|endpoint|src|dst|http|https|ftp|ssh|"
    "rdp|lan|wan|vpn";
static const char version_words[] =
    "ver|v|build|driver|drivers|firmware|bios|uefi|release|rev|revision|update|updated|upgrade|upgraded|package|sdk|"
    "wdk|debugger|windbg|kmdf|umdf|wdf|software|patch|hotfix|framework|directx|windows|kernel|oid|key|chipset|"
    "adrenalin|geforce|installed";

/* What the nearest telling word before the number says: 1 an address, -1 a version, 0 nothing. */
static int context(const sc_scrubber *s, size_t at)
{
    size_t least = at > 96 ? at - 96 : 0;
    if (least < s->line) least = s->line;
    for (size_t end = at; end > least;) {
        if (!sc_is_alpha(s->text.p[end - 1])) {
            end--;
            continue;
        }
        size_t from = end;
        while (from > least && sc_is_alpha(s->text.p[from - 1])) from--;
        sc_span word = sc_scrub_cut(s, from, end);
        if (sc_scrub_listed(word, version_words) || sc_iends(word, "version")) return -1;
        if (sc_scrub_listed(word, address_words) || sc_iends(word, "address")) return 1;
        end = from;
    }
    return 0;
}

/* Alone between separators of a path it is a folder's name, behind two of them a server. */
static bool is_folder(const sc_scrubber *s, size_t at, size_t end)
{
    char before = at ? s->text.p[at - 1] : ' ', after = sc_scrub_char(s, end);
    if (before != '\\' && before != '/') return after == '\\';
    return at < 2 || s->text.p[at - 2] != before;
}

static size_t ipv4(sc_scrubber *s, size_t at)
{
    size_t end = at;
    unsigned part[4];
    for (int i = 0; i < 4; i++) {
        size_t n = sc_scrub_digit_run(s, end, 4);
        if (!n || n > 3 || (n > 1 && s->text.p[end] == '0')) return 0;
        part[i] = 0;
        for (size_t k = 0; k < n; k++) part[i] = part[i] * 10 + (unsigned)(s->text.p[end + k] - '0');
        if (part[i] > 255) return 0;
        end += n;
        if (i < 3 && sc_scrub_char(s, end++) != '.') return 0;
    }
    char before = at ? s->text.p[at - 1] : ' ', after = sc_scrub_char(s, end), next = sc_scrub_char(s, end + 1);
    if (before == '.' || (before == '-' && at >= 2 && !sc_is_digit(s->text.p[at - 2]))) return 0;
    if (sc_scrub_in_name(s, end) || (after == '.' && sc_is_alnum(next)) || (after == '-' && sc_is_alpha(next)))
        return 0;
    /* nobody's: none, this machine, everybody, masks */
    if (part[0] == 0 || part[0] == 127 || part[0] >= 224 || (part[2] == 255 && part[3] == 255)) return 0;
    bool server = at >= 2 && (before == '\\' || before == '/') && s->text.p[at - 2] == before;
    if (is_folder(s, at, end)) return 0;
    size_t port = after == ':' ? sc_scrub_digit_run(s, end + 1, 6) : 0;
    bool hosted = (port >= 2 && port <= 5) || (after == '/' && sc_is_digit(next)); /* a port or a mask behind it */
    bool private = (part[0] == 192 && part[1] == 168) || (part[0] == 169 && part[1] == 254) ||
                   (part[0] == 172 && part[1] >= 16 && part[1] < 32);
    int words = server ? 1 : context(s, at);
    /* Without a word about it: versions begin with small numbers. */
    if (words < 0 || (!words && !hosted && !private && part[0] < 40)) return 0;
    sc_scrub_mark(s, SC_PERSONAL_IPV4, at, end);
    return end;
}

size_t sc_scrub_address(sc_scrubber *s, size_t at)
{
    size_t found;
    if (!sc_is_hex(sc_scrub_char(s, at))) return 0;
    if ((found = mac(s, at)) || (found = ipv6(s, at))) return found;
    return sc_is_digit(sc_scrub_char(s, at)) ? ipv4(s, at) : 0;
}
