/* The bug check that running text names, when no debugger output does.
 *
 *     ... captured due to a Stop 0x7f EXCEPTION_DOUBLE_FAULT ...     [seed 004]
 *     ... encounter an UNEXPECTED_KERNEL_MODE_TRAP (7f) ...          [seed 004]
 *     Stop code: DRIVER IRQL NOT LESS OR EQUAL                       the stop screen, typed off
 *
 * A number alone is never enough: posts about drivers are full of them (seed 003 mentions 0xA, 0xD1 and 0xC4 in
 * passing).
 */
#include "engine/facts/bugcheck.h"

#include <string.h>

enum {
    MAX_CODES = 16,      /* different codes that one text may name */
    MAX_NAME = 64,       /* letters of a bug check's name */
    MIN_FUZZY_NAME = 12, /* a shorter name with two letters changed may be another word */
    MAX_MISREAD = 2,
    MAX_LOOKUPS = 5000, /* names looked up in one text: each costs a walk over the list of bug checks */
};

/* ---- Names, some letters of which may be misread ---- */

/* Edit distance, given up above MAX_MISREAD. */
static int distance(sc_span a, const char *z)
{
    sc_span b = sc_span_z(z);
    size_t gap = a.n > b.n ? a.n - b.n : b.n - a.n;
    if (a.n > MAX_NAME || b.n > MAX_NAME || gap > MAX_MISREAD) return MAX_MISREAD + 1;
    int row[MAX_NAME + 1];
    for (size_t j = 0; j <= b.n; j++) row[j] = (int)j;
    for (size_t i = 1; i <= a.n; i++) {
        int diagonal = row[0], least;
        row[0] = least = (int)i;
        for (size_t j = 1; j <= b.n; j++) {
            int best = diagonal + (sc_lower(a.p[i - 1]) != sc_lower(b.p[j - 1]));
            diagonal = row[j];
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            row[j] = best;
            if (best < least) least = best;
        }
        if (least > MAX_MISREAD) return MAX_MISREAD + 1;
    }
    return row[b.n];
}

const sc_ref_bugcheck *sc_bugcheck_name_near(const sc_knowledge *k, sc_span name)
{
    const sc_ref_bugcheck *near = sc_find_bugcheck_name(k, name);
    if (near || name.n < MIN_FUZZY_NAME || name.n > MAX_NAME) return near;
    int least = MAX_MISREAD + 1;
    for (size_t i = 0; i < k->n_bugchecks; i++) {
        int d = distance(name, k->bugchecks[i].name);
        if (d < least) {
            least = d;
            near = &k->bugchecks[i];
        } else if (d == least) {
            near = NULL; /* two names are equally near */
        }
    }
    return least <= MAX_MISREAD ? near : NULL;
}

/* ---- Votes ---- */

typedef struct votes {
    uint32_t code[MAX_CODES];
    unsigned count[MAX_CODES];
    size_t line[MAX_CODES];
    size_t n;
    int lookups; /* that are left */
} votes;

static void vote(votes *v, uint64_t code, size_t line)
{
    if (!code || code > UINT32_MAX) return;
    uint32_t base = sc_bugcheck_base((uint32_t)code);
    size_t i = 0;
    while (i < v->n && v->code[i] != base) i++;
    if (i == MAX_CODES) return;
    if (i == v->n) {
        v->n++;
        v->code[i] = base;
        v->line[i] = line;
    }
    v->count[i]++;
}

static const sc_ref_bugcheck *look_up(const sc_knowledge *k, votes *v, sc_span name)
{
    return v->lookups > 0 && v->lookups-- ? sc_bugcheck_name_near(k, name) : NULL;
}

/* ---- Words ---- */

static bool plausible(const sc_knowledge *k, uint64_t code)
{
    if (!code || code > UINT32_MAX) return false;
    if (k->n_bugchecks) return sc_find_bugcheck(k, (uint32_t)code) != NULL;
    return sc_bugcheck_base((uint32_t)code) < 0x2000 || code >= 0xc0000000u;
}

/* A word without what stands around it: quotes, brackets, full stops. */
static sc_span bare(sc_span word)
{
    while (word.n && !sc_is_word(word.p[0])) word = sc_span_from(word, 1);
    while (word.n && !sc_is_word(word.p[word.n - 1])) word = sc_span_sub(word, 0, word.n - 1);
    return word;
}

static bool is_trigger(sc_span word)
{
    return sc_ieq_z(word, "stop") || sc_ieq_z(word, "bugcheck") || sc_ieq_z(word, "bugchecks") ||
           sc_ieq_z(word, "bugchecked");
}

static bool is_filler(sc_span word)
{
    return sc_ieq_z(word, "code") || sc_ieq_z(word, "error") || sc_ieq_z(word, "a") || sc_ieq_z(word, "is") ||
           sc_ieq_z(word, "was");
}

/* 0x7F anywhere beside the word, or 7F bare right behind "bugcheck", or eight digits behind "stop". */
static bool is_code(sc_span word, bool bare_allowed, uint64_t *code)
{
    bool prefixed = sc_istarts(word, "0x");
    if (!sc_span_hex(word, code)) return false;
    if (prefixed) return word.n <= 10;
    bool digit = false;
    for (size_t i = 0; i < word.n; i++) digit |= sc_is_digit(word.p[i]);
    return digit && (word.n == 8 || (bare_allowed && word.n >= 2 && word.n <= 3));
}

static bool is_symbolic(sc_span word)
{
    size_t underscores = 0;
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] == '_')
            underscores++;
        else if (!sc_is_digit(word.p[i]) && !(word.p[i] >= 'A' && word.p[i] <= 'Z'))
            return false;
    }
    return underscores && word.n >= 8 && word.n <= MAX_NAME;
}

/* `Stop code: DRIVER IRQL NOT LESS OR EQUAL`, as the stop screen of Windows 10 shows it, with blanks or underscores. */
static void read_stop_screen(const sc_knowledge *k, sc_span text, size_t line, votes *v)
{
    size_t at = sc_ifind(text, "stop code");
    if (at == SC_NPOS) return;
    sc_scan c = sc_scan_of(sc_span_from(text, at + 9));
    if (!sc_lit(&c, ":") && !sc_lit(&c, "-")) return;
    char name[MAX_NAME];
    size_t n = 0;
    const sc_ref_bugcheck *found = NULL;
    for (sc_span word; sc_word(&c, &word);) {
        word = bare(word);
        if (n + word.n + 1 > sizeof name || (!n && is_symbolic(word)))
            break; /* one with underscores counts by itself */
        if (n) name[n++] = '_';
        if (word.n) memcpy(name + n, word.p, word.n);
        n += word.n;
        const sc_ref_bugcheck *longer = look_up(k, v, (sc_span){name, n});
        if (longer) found = longer;
    }
    if (found) vote(v, found->code, line);
}

static void read_words(const sc_knowledge *k, sc_span text, size_t line, votes *v)
{
    sc_scan c = sc_scan_of(text);
    uint64_t last_code = 0, code; /* "0x101 bugcheck": the number stands before the word */
    bool after_trigger = false, after_stop = false, have_last = false;
    sc_span previous = {0};
    for (sc_span word; sc_word(&c, &word);) {
        sc_span b = bare(word);
        if (!b.n) continue;
        bool check = sc_ieq_z(b, "check") || sc_ieq_z(b, "checks");
        bool trigger = is_trigger(b) || (check && sc_ieq_z(previous, "bug"));
        previous = b;
        if (trigger) {
            if (have_last) vote(v, last_code, line);
            have_last = false;
            after_trigger = true;
            after_stop = sc_ieq_z(b, "stop");
            continue;
        }
        if (sc_ieq_z(b, "bug")) continue; /* "0x9F bug check" */
        bool is = is_code(b, after_trigger && !after_stop, &code) && plausible(k, code);
        if (is && after_trigger) {
            vote(v, code, line);
            have_last = false;
        } else if (is) {
            have_last = sc_istarts(b, "0x");
            last_code = code;
        } else {
            have_last = false;
        }
        if (is || !is_filler(b)) after_trigger = false;
        if (!is_symbolic(b)) continue;
        const sc_ref_bugcheck *named = look_up(k, v, b);
        sc_scan ahead = c;
        sc_span next;
        uint64_t inside;
        if (named) {
            vote(v, named->code, line);
        } else if (!k->n_bugchecks && sc_word(&ahead, &next) && next.p[0] == '(' && sc_span_hex(bare(next), &inside) &&
                   plausible(k, inside)) {
            vote(v, inside, line);
        }
    }
}

bool sc_identity_prose(const sc_knowledge *k, const sc_line *lines, size_t n, const unsigned char *taken,
                       sc_identity *out)
{
    votes v = {.lookups = MAX_LOOKUPS};
    *out = (sc_identity){0};
    for (size_t i = 0; i < n; i++) {
        if (!lines[i].text.n || lines[i].flags & SC_LINE_MESSAGE || (taken && taken[i])) continue;
        read_words(k, lines[i].text, i, &v);
        if (k->n_bugchecks) read_stop_screen(k, lines[i].text, i, &v);
    }
    size_t best = 0;
    bool tie = false;
    for (size_t i = 1; i < v.n; i++) {
        if (v.count[i] == v.count[best]) tie = true;
        if (v.count[i] > v.count[best]) {
            best = i;
            tie = false;
        }
    }
    if (!v.n || tie) return false;
    *out = (sc_identity){.source = SC_SOURCE_PROSE, .has_code = true, .code = v.code[best], .original = v.code[best]};
    out->n_lines = v.line[best] + 1;
    return true;
}
