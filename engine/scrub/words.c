/* Names that stay as they are, and names that are words as well. */
#include "engine/scrub/matcher.h"

bool sc_scrub_next(const char **list, sc_span *word)
{
    const char *start = *list, *end = start;
    while (*end && *end != '|') end++;
    *word = (sc_span){start, (size_t)(end - start)};
    *list = *end ? end + 1 : end;
    return end > start;
}

bool sc_scrub_listed(sc_span word, const char *list)
{
    for (sc_span one; sc_scrub_next(&list, &one);) {
        if (sc_ieq(word, one)) return true;
    }
    return false;
}

/* Accounts that every Windows has, and what people write in place of a name. */
static const char common_users[] =
    "public|default|default user|all users|defaultuser0|administrator|administrators|admin|user|users|username|"
    "user name|owner|guest|local service|localservice|network service|networkservice|system|systemprofile|"
    "trustedinstaller|temp|me|you|your name|yourname|your username|yourusername|name|defaultapppool|defaultaccount|"
    "wdagutilityaccount|anonymous|anonymous logon|root|none|unknown|null|nullptr|n/a|na|everyone|interactive|self|not|"
    "available";
static const char common_hosts[] =
    "localhost|local|workgroup|mshome|none|unknown|null|n/a|na|not|available|console|tsclient|wsl|wsl$|wsl.localhost|"
    "mac|the|is|kernel|name|computer|computername|hostname|server|servername|machine|machinename|system|windows";
/* Domains that every Windows has (the parts in front of \ in `!token -n`). */
static const char common_domains[] =
    "builtin|nt authority|nt service|nt virtual machine|window manager|font driver host|"
    "application package authority|mandatory label|localhost|local|workgroup|microsoftaccount|azuread|iis apppool|"
    "none|unknown|domain|userdomain|everyone|creator owner";
static const char common_groups[] =
    "none|everyone|users|administrators|guests|power users|backup operators|replicators|remote desktop users|"
    "network configuration operators|performance monitor users|performance log users|distributed com users|"
    "cryptographic operators|event log readers|hyper-v administrators|account operators|server operators|"
    "print operators|cert publishers|group policy creator owners|device owners|docker-users";

/* Made illegible by whoever pasted it: xxx, ***, <name>, %USERNAME%, [removed], blocks. */
static bool is_illegible(sc_span name)
{
    if (!name.n || name.p[0] == '%' || name.p[0] == '$' || name.p[0] == '{') return true;
    bool same = true, blocks = name.n % 3 == 0;
    for (size_t i = 0; i < name.n; i++) {
        if (sc_lower(name.p[i]) != sc_lower(name.p[0])) same = false;
        /* U+2580 to U+25FF: blocks and squares */
        unsigned char want = i % 3 == 0 ? 0xe2 : 0;
        unsigned char c = (unsigned char)name.p[i];
        if (want ? c != want : i % 3 == 1 ? c != 0x96 && c != 0x97 : c < 0x80) blocks = false;
    }
    if (blocks || (same && !sc_is_alnum(name.p[0])) || (same && name.n > 1 && sc_lower(name.p[0]) == 'x')) return true;
    return sc_ifind(name, "redacted") != SC_NPOS || sc_ifind(name, "removed") != SC_NPOS ||
           sc_ifind(name, "hidden") != SC_NPOS || sc_ifind(name, "censored") != SC_NPOS;
}

bool sc_scrub_is_common(sc_personal kind, sc_span name)
{
    if (is_illegible(name)) return true;
    if (kind == SC_PERSONAL_USER) return sc_scrub_listed(name, common_users) || sc_istarts(name, ".net v");
    if (kind == SC_PERSONAL_HOST) return sc_scrub_listed(name, common_hosts);
    if (kind == SC_PERSONAL_DOMAIN) return sc_scrub_listed(name, common_domains);
    if (kind == SC_PERSONAL_GROUP) {
        return sc_scrub_listed(name, common_groups) || sc_istarts(name, "domain ") || sc_istarts(name, "enterprise ") ||
               sc_istarts(name, "schema ");
    }
    return sc_ieq_z(name, "none") || sc_ieq_z(name, "unknown");
}

static const char vocabulary[] =
    /* debuggers and Windows */
    "access|action|active|address|allocated|analysis|arguments|bank|base|boot|bugcheck|build|cache|child|client|code|"
    "command|context|count|crash|current|data|debug|debugger|default|device|disk|display|domain|drive|driver|drivers|"
    "dump|error|event|exception|fatal|fault|file|files|frame|free|function|group|host|idle|image|internal|interrupt|"
    "kernel|limit|line|list|local|lock|locks|machine|memory|minidump|module|name|network|none|normal|null|object|"
    "offset|owner|page|paged|pool|power|private|process|processor|prog|program|programs|project|public|queue|read|"
    "record|remote|running|samples|section|serial|server|service|session|shared|size|software|source|stack|start|"
    "state|status|stop|symbol|symbols|system|table|target|test|tester|testing|thread|threads|time|timer|tools|trap|"
    "type|unknown|user|users|value|verifier|version|virtual|volume|wait|waiting|windbg|windows|work|worker|"
    "workstation|write|"
    /* what computers are called, and who makes them and their parts */
    "acer|adata|alienware|amd|apple|asrock|asus|asustek|athlon|atheros|broadcom|compaq|computer|core|corsair|crucial|"
    "cyberpower|dell|desktop|envy|evga|fujitsu|game|gamer|gamers|gaming|gateway|genuineintel|gigabyte|google|hewlett|"
    "home|house|huawei|hyperx|hyundai|inspiron|intel|kingston|laptop|latitude|lenovo|logitech|medion|micron|"
    "microsoft|netgear|notebook|nvidia|nzxt|office|omen|optiplex|oracle|packard|panasonic|pavilion|pentium|phenom|"
    "philips|precision|predator|qualcomm|razer|realtek|ryzen|samsung|sandisk|seagate|sony|student|surface|thinkpad|"
    "toshiba|vaio|vmware|vostro|xeon|xiaomi|zotac";

bool sc_scrub_is_vocabulary(sc_span name)
{
    return sc_scrub_listed(name, vocabulary);
}
