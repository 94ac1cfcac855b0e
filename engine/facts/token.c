/* !token: the security context of a process or a thread: who it runs as, and which privileges are switched on.
 * [sample process--token-65; newer form: the same labels with 0x]
 *
 *     kd> !exts.token -n e1bed030
 *     _TOKEN e1bed030
 *     TS Session ID: 0
 *     User: S-1-5-18 (Well Known Group: NT AUTHORITY\SYSTEM)
 *     Groups:
 *      00 S-1-1-0 (Well Known Group: localhost\Everyone)
 *         Attributes - Mandatory Default Enabled
 *     Privs:
 *      13 0x00000000a SeLoadDriverPrivilege             Attributes - Enabled
 *     Authentication ID:         (0,11691)
 *     TokenType:                 Primary
 *     RestrictedSidCount: 0      RestrictedSids: 00000000
 *
 * Tables: token, token_privilege. Names of users and groups are passed over.
 * Query:  SELECT name FROM token_privilege WHERE enabled;
 */
#include "engine/facts/field.h"
#include "engine/facts/io.h"
#include "engine/facts/tables.h"

static const sc_column columns[] = {
    {"token", SC_ADDR, "address of the token"},
    {"session", SC_INT, "Terminal Services session"},
    {"user", SC_TEXT, "security identifier: 'S-1-5-18' is the system account"},
    {"type", SC_TEXT, "Primary or Impersonation"},
    {"level", SC_TEXT, "impersonation level, which says something for Impersonation only"},
    {"restricted_sids", SC_INT, "number of restricting SIDs"},
};
enum { TOKEN, SESSION, USER, TYPE, LEVEL, RESTRICTED };
const sc_table sc_table_token = {"token", "Security contexts of processes and threads", TOKEN, SC_COLUMNS(columns)};

static const sc_column privilege_columns[] = {
    {"token", SC_ADDR, "address of the token"},
    {"name", SC_TEXT, "'SeLoadDriverPrivilege'"},
    {"luid", SC_INT, "the privilege's number"},
    {"enabled", SC_BOOL, "it is switched on; a privilege in the list may be switched on at any time"},
};
enum { P_TOKEN, P_NAME, P_LUID, P_ENABLED };
const sc_table sc_table_token_privilege = {"token_privilege", "Privileges that a token holds", P_TOKEN,
                                           SC_COLUMNS(privilege_columns)};

static const char *const marks[] = {"TS Session ID:",
                                    "User:",
                                    "Groups:",
                                    "User Groups:",
                                    "Primary Group:",
                                    "Privs:",
                                    "Attributes - ",
                                    "Authentication ID:",
                                    "Impersonation Level:",
                                    "TokenType:",
                                    "Source:",
                                    "Token ID:",
                                    "Modified ID:",
                                    "TokenFlags:",
                                    "ParentToken ID",
                                    "RestrictedSidCount:",
                                    "RestrictedSids:",
                                    "CapabilityCount:",
                                    NULL};

/* `_TOKEN e1bed030`, `_TOKEN 0xffff9c0f5a2f4060`, behind `_EPROCESS A, ` in newer output */
static bool read_header(sc_span text, uint64_t *token, int *digits)
{
    sc_scan c = sc_scan_of(text);
    uint64_t owner;
    sc_scan t = c;
    if ((sc_lit(&t, "_EPROCESS") || sc_lit(&t, "_ETHREAD")) && sc_addr(&t, &owner, NULL) && sc_lit(&t, ",")) c = t;
    if (!sc_lit(&c, "_TOKEN") || !sc_addr(&c, token, digits)) return false;
    return sc_at_end(&c) || sc_lit(&c, "TS Session ID:"); /* flattened */
}

/* `S-1-5-18`: the identifier without the name behind it */
static bool read_sid(sc_scan *c, sc_span *sid)
{
    sc_scan t = *c;
    if (!sc_word(&t, sid) || sid->n < 5 || !sc_starts(*sid, "S-1-")) return false;
    for (size_t i = 2; i < sid->n; i++)
        if (!sc_is_digit(sid->p[i]) && sid->p[i] != '-') return false;
    *c = t;
    return true;
}

/* ` 13 0x00000000a SeLoadDriverPrivilege             Attributes - Enabled` */
static bool read_privilege(sc_span text, sc_span *name, uint64_t *luid)
{
    sc_scan c = sc_scan_of(text);
    uint64_t n;
    return sc_dec(&c, &n) && n < 100 && sc_lit(&c, "0x") && sc_hex(&c, luid) && *luid < 256 && sc_word(&c, name) &&
           (sc_starts(*name, "Se") || sc_starts(*name, "Unknown"));
}

/* ` 00 S-1-1-0 (Well Known Group: localhost\Everyone)` */
static bool is_group(sc_span text)
{
    sc_scan c = sc_scan_of(text);
    uint64_t n;
    sc_span sid;
    return sc_dec(&c, &n) && n < 10000 && read_sid(&c, &sid);
}

static bool read_field(sc_row *r, sc_span text)
{
    static const char *const others[] = {"Authentication ID:",
                                         "Source:",
                                         "Token ID:",
                                         "ParentToken ID",
                                         "Modified ID:",
                                         "TokenFlags:",
                                         "RestrictedSids:",
                                         "Groups:",
                                         "Privs:",
                                         "User Groups:",
                                         "Primary Group:",
                                         "Primary Group Owner:",
                                         "OriginatingLogonSession:",
                                         "PackageSid:",
                                         "CapabilityCount:",
                                         "Capabilities:",
                                         "LowboxNumberEntry:",
                                         "Process Token TrustLevelSid:",
                                         "Attributes - ",
                                         "Security Attributes:"};
    sc_scan c;
    sc_span value;
    uint64_t v;
    if (sc_field(text, "TS Session ID", &value)) {
        if (sc_span_hex(value, &v) && v <= UINT32_MAX) sc_set_int(r, SESSION, (int64_t)v);
    } else if (sc_starts(text, "User:") && sc_field(text, "User", &value)) {
        c = sc_scan_of(value);
        if (!read_sid(&c, &value)) return false;
        sc_set_text(r, USER, value);
    } else if (sc_field(text, "Impersonation Level", &value)) {
        if (value.n) sc_set_text(r, LEVEL, value);
    } else if (sc_field(text, "TokenType", &value)) {
        if (value.n) sc_set_text(r, TYPE, value);
    } else if (sc_field(text, "RestrictedSidCount", &value)) {
        c = sc_scan_of(value);
        if (!sc_dec(&c, &v) || v > UINT32_MAX) return false;
        sc_set_int(r, RESTRICTED, (int64_t)v);
    } else {
        for (size_t i = 0; i < sizeof others / sizeof *others; i++)
            if (sc_starts(text, others[i])) return true;
        return is_group(text);
    }
    return true;
}

static sc_taste taste(const sc_line *lines, size_t n)
{
    sc_span text = n ? sc_trim(lines[0].text) : (sc_span){0}, name;
    uint64_t v;
    int digits;
    if (text.n < 10) return SC_ABSTAIN;
    if (text.p[0] == '_') return read_header(text, &v, &digits) ? SC_STRONG : SC_ABSTAIN;
    return sc_is_digit(text.p[0]) && read_privilege(text, &name, &v) && sc_find(text, "Attributes -") != SC_NPOS
               ? SC_WEAK
               : SC_ABSTAIN;
}

static void close_token(sc_parse *p, const sc_row *r)
{
    if (!r || !sc_has(r, TOKEN)) return;
    bool whole = sc_has(r, RESTRICTED);
    sc_cover_addr(p->facts, &sc_table_token, sc_get_addr(r, TOKEN), p->ordinal, whole);
    sc_cover_addr(p->facts, &sc_table_token_privilege, sc_get_addr(r, TOKEN), p->ordinal, whole);
    if (whole) sc_complete(p);
}

static void add_privilege(sc_parse *p, const sc_line *l, const sc_row *token, sc_span name, uint64_t luid)
{
    sc_row *r = sc_add(p, &sc_table_token_privilege, l);
    size_t at = sc_find(l->text, "Attributes -");
    if (token && sc_has(token, TOKEN)) sc_set_addr(r, P_TOKEN, sc_get_addr(token, TOKEN));
    sc_set_text(r, P_NAME, name);
    sc_set_int(r, P_LUID, (int64_t)luid);
    if (at != SC_NPOS) sc_set_bool(r, P_ENABLED, sc_find(sc_span_from(l->text, at), "Enabled") != SC_NPOS);
}

static void parse(sc_parse *p)
{
    sc_row *r = NULL;
    for (const sc_line *l; (l = sc_next(p));) {
        sc_span rest = sc_trim(l->text), piece, name;
        uint64_t v;
        int digits;
        if (read_header(rest, &v, &digits)) {
            close_token(p, r);
            r = sc_add(p, &sc_table_token, l);
            sc_set_addr(r, TOKEN, v);
            sc_note_width(p->facts, digits);
            while (sc_piece(&rest, marks, &piece)) read_field(r, piece);
        } else if (read_privilege(rest, &name, &v)) {
            add_privilege(p, l, r, name, v);
        } else {
            while (r && sc_piece(&rest, marks, &piece)) {
                if (!read_field(r, piece)) continue;
                sc_take(p, l);
                r->last_line = l->last;
            }
        }
    }
    close_token(p, r);
}

static const sc_table *const tables[] = {&sc_table_token, &sc_table_token_privilege, NULL};
const sc_command sc_command_token = {
    .name = "!token",
    .doc = "The security context of a process or a thread, with its privileges",
    .proof = "the number of restricting SIDs, its last part",
    .query = "SELECT name FROM token_privilege WHERE enabled",
    .tables = tables,
    .taste = taste,
    .parse = parse,
};
