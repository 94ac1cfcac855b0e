/* Personal data out of a paste, everything else kept to the byte.
 *
 * Works on the paste as it is, damage included: nothing is repaired, and what is not personal does not change. The same
 * value gets the same replacement throughout the paste:
 *
 *     C:\Users\jsmith\drv.c        C:\Users\user1\drv.c       the name of a user, wherever it stands
 *     Machine Name: "EMNET"        Machine Name: "host1"
 *     \\EMNET\share                \\host1\share
 *     (User: NORTH\jsmith)         (User: domain1\user1)
 *     USB\VID_04D8&PID_0033\A17X   USB\VID_04D8&PID_0033\serial1
 *     S-1-5-21-518-515-299-1042    S-1-5-21-0-0-1-1001
 *     169.182.1.1, port 50005      192.0.2.1, port 50005      addresses that are set aside for documentation
 *
 * Names that stand nowhere but in prose ("thanks, John") cannot be told from other words and stay. So do names that
 * tell nothing about a person (Public, Administrator, BUILTIN) and what has been scrubbed before: scrubbing twice
 * changes nothing more.
 */
#ifndef STOPCODE_SCRUB_H
#define STOPCODE_SCRUB_H

#include "engine/base/arena.h"
#include "engine/base/error.h"

#define SC_PERSONALS(X)                                                                                                \
    X(USER, "user name")                                                                                               \
    X(HOST, "computer name")                                                                                           \
    X(DOMAIN, "domain name")                                                                                           \
    X(GROUP, "group name")                                                                                             \
    X(ORGANIZATION, "organization")                                                                                    \
    X(NETWORK, "network name")                                                                                         \
    X(MAIL, "e-mail address")                                                                                          \
    X(IPV4, "IPv4 address")                                                                                            \
    X(IPV6, "IPv6 address")                                                                                            \
    X(MAC, "MAC address")                                                                                              \
    X(SERIAL, "serial number")                                                                                         \
    X(GUID, "GUID")                                                                                                    \
    X(SID, "security identifier") /* the part that names a machine or a domain */                                      \
    X(ACCOUNT, "account number")  /* the last part, of an account that somebody made */                                \
    X(KEY, "key")                 /* of a product, a drive or a debugging connection */

typedef enum sc_personal {
#define X(id, name) SC_PERSONAL_##id,
    SC_PERSONALS(X)
#undef X
        SC_N_PERSONALS
} sc_personal;
extern const char *const sc_personal_names[SC_N_PERSONALS];

/* One value that was replaced. */
typedef struct sc_scrub_item {
    sc_personal kind;
    sc_span original;    /* as it stood first */
    sc_span replacement; /* as it was written there */
    size_t count;        /* places */
} sc_scrub_item;

/* One place. */
typedef struct sc_scrub_hit {
    uint32_t line, column; /* of the paste, from 1; a column is a character */
    size_t item;           /* index into items */
} sc_scrub_hit;

typedef struct sc_scrubbed {
    sc_span text;
    const sc_scrub_item *items; /* in the order of their first places */
    size_t n_items;
    const sc_scrub_hit *hits; /* in the order of the paste */
    size_t n_hits;
} sc_scrubbed;

/* UTF-16 stays UTF-16, also with bytes that make no sense in it. All results live in `a`; without anything personal
 * out->text is the paste itself. SC_E_NOMEM when the arena does not suffice. */
int sc_scrub(sc_arena *a, sc_span paste, sc_scrubbed *out, sc_error *error);

#endif
