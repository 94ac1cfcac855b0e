/* The lines of !deadlock. engine/facts/deadlock.c has examples and makes a report of them. */
#include "engine/facts/deadlock.h"

enum { MAX_IN_REPORT = 1000 }; /* locks or threads; real rings have two or three */

const char *const sc_deadlock_marks[] = {
    "issue: ", "Deadlock detected (", "Thread ", "Lock ", "Where:", "Node:", "Stack:", NULL};

/* `issue: 00001001 97dd800c 86858ce0 00000000` */
static bool read_issue(sc_scan c, sc_deadlock_line *t)
{
    uint64_t last;
    if (!sc_lit(&c, "issue:") || !sc_addr(&c, &t->n, &t->digits) || !sc_addr(&c, &t->address, &t->digits)) return false;
    return sc_addr(&c, &t->node, NULL) && sc_addr(&c, &last, NULL) && t->n <= UINT32_MAX && sc_at_end(&c);
}

/* `Deadlock detected (2 resources in 2 threads):` */
static bool read_title(sc_scan c, sc_deadlock_line *t)
{
    if (!sc_lit(&c, "Deadlock detected (") || !sc_dec(&c, &t->n)) return false;
    if (!sc_lit(&c, "resource") && !sc_lit(&c, "lock")) return false;
    sc_lit(&c, "s");
    if (!sc_lit(&c, "in") || !sc_dec(&c, &t->threads) || !sc_lit(&c, "thread")) return false;
    sc_lit(&c, "s");
    return sc_lit(&c, ")") && t->n <= MAX_IN_REPORT && t->threads <= MAX_IN_REPORT;
}

static bool read_who(sc_scan *c, sc_deadlock_line *t)
{
    t->terminated = sc_lit(c, "TERMINATED");
    return t->terminated || sc_addr(c, &t->address, &t->digits);
}

/* `A B.`: letters, each by itself */
static bool read_letters(sc_scan c, sc_deadlock_line *t)
{
    sc_blanks(&c);
    t->letters = sc_rtrim(sc_rest(&c));
    size_t n = 0;
    for (size_t i = 0; i < t->letters.n; i++) {
        char ch = t->letters.p[i];
        if (i % 2 ? !sc_is_blank(ch) && !(ch == '.' && i + 1 == t->letters.n) : ch < 'A' || ch > 'Z') return false;
        n += !(i % 2);
    }
    return n > 0;
}

static sc_deadlock_kind read_thread(sc_scan c, sc_deadlock_line *t)
{
    sc_scan begin;
    uint64_t entry;
    if (!sc_lit(&c, "Thread") || !sc_dec(&c, &t->n) || t->n > MAX_IN_REPORT) return SC_DEADLOCK_OTHER;
    if (sc_lit(&c, "=")) {
        if (!read_who(&c, t)) return SC_DEADLOCK_OTHER;
        sc_lit(&c, ".");
        return sc_at_end(&c) ? SC_DEADLOCK_THREAD : SC_DEADLOCK_OTHER;
    }
    if (sc_lit(&c, "(")) { /* Windows XP */
        if (!read_who(&c, t) || !sc_lit(&c, ")")) return SC_DEADLOCK_OTHER;
        return sc_lit(&c, "took locks in") ? SC_DEADLOCK_ORDER : SC_DEADLOCK_OTHER;
    }
    if (!sc_lit(&c, ":")) return SC_DEADLOCK_OTHER;
    begin = c;
    if (read_who(&c, t)) {
        if (sc_lit(&c, "(ThreadEntry =") && (!sc_addr(&c, &entry, NULL) || !sc_lit(&c, ")"))) return SC_DEADLOCK_OTHER;
        return sc_lit(&c, "took locks in") ? SC_DEADLOCK_ORDER : SC_DEADLOCK_OTHER;
    }
    return read_letters(begin, t) ? SC_DEADLOCK_LETTERS : SC_DEADLOCK_OTHER;
}

/* What stands behind a lock's address or symbol: `(MyTestDriver!AlphaLock+0x00000000) - Type 'Spinlock'.` */
static bool read_lock_rest(sc_scan c, sc_deadlock_line *t)
{
    sc_span inside;
    if (sc_lit(&c, "(")) {
        if (!sc_until(&c, ")", &inside)) return false;
        inside = sc_trim(inside);
        bool symbol = sc_find_char(inside, '!') != SC_NPOS || sc_find_char(inside, '+') != SC_NPOS;
        if (symbol)
            sc_symbol_read(inside, &t->symbol);
        else if (inside.n <= 20)
            t->type = inside;
    }
    sc_lit(&c, "-");
    if (sc_lit(&c, "Type '") && sc_until(&c, "'", &inside) && inside.n <= 20) t->type = sc_trim(inside);
    sc_lit(&c, ".");
    return sc_at_end(&c);
}

/* `Lock A = 97dd800c (...) - Type 'Spinlock'.`, `Lock B = dummy!GlobalLock Type 'Spinlock'`,
 * `Lock A -- b7906f30 (Spinlock)` */
static bool read_lock(sc_scan c, sc_deadlock_line *t)
{
    if (!sc_lit(&c, "Lock ")) return false;
    sc_blanks(&c);
    if (c.p == c.end || *c.p < 'A' || *c.p > 'Z') return false;
    t->letter = *c.p++;
    if (!sc_lit(&c, "=") && !sc_lit(&c, "--")) return false;
    if (!sc_addr(&c, &t->address, &t->digits) && (!sc_symbol_scan(&c, &t->symbol) || !t->symbol.function.n))
        return false;
    return read_lock_rest(c, t);
}

bool sc_deadlock_frame(sc_scan *c, sc_deadlock_line *out)
{
    sc_scan t = *c;
    *out = (sc_deadlock_line){0};
    bool address = sc_addr(&t, &out->address, &out->digits);
    if (!sc_symbol_scan(&t, &out->symbol) || !out->symbol.name.n || !out->symbol.has_offset) {
        if (!address || !sc_at_end(&t)) return false; /* an address without a symbol, alone */
        out->symbol = (sc_symbol){0};
    }
    *c = t;
    return true;
}

sc_deadlock_kind sc_deadlock_read(sc_span text, sc_deadlock_line *out)
{
    *out = (sc_deadlock_line){0};
    text = sc_trim(text);
    sc_scan c = sc_scan_of(text);
    sc_span value;
    if (!text.n) return SC_DEADLOCK_OTHER;
    switch (text.p[0]) {
    case 'i': return read_issue(c, out) ? SC_DEADLOCK_ISSUE : SC_DEADLOCK_OTHER;
    case 'D': return read_title(c, out) ? SC_DEADLOCK_TITLE : SC_DEADLOCK_OTHER;
    case 'T': return read_thread(c, out);
    case 'L': return read_lock(c, out) ? SC_DEADLOCK_LOCK : SC_DEADLOCK_OTHER;
    case 'W': return sc_eq_z(text, "Where:") ? SC_DEADLOCK_WHERE : SC_DEADLOCK_OTHER;
    case 'N':
        if (!sc_field(text, "Node", &value) || !sc_span_addr(value, &out->node, &out->digits)) return SC_DEADLOCK_OTHER;
        return SC_DEADLOCK_NODE;
    case 'S':
        if (!sc_lit(&c, "Stack:")) return SC_DEADLOCK_OTHER;
        out->letters = sc_trim(sc_rest(&c));
        return SC_DEADLOCK_STACK;
    default: return SC_DEADLOCK_OTHER;
    }
}
