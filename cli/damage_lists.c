#include "cli/damage_lists.h"

#include "engine/base/scan.h"
#include "kb/files.h"

#include <string.h>

#define MAX_LIST_BYTES (4u << 20)
#define COLUMNS 4

/* Called per line of values. */
typedef int row_fn(damage_lists *l, sc_arena *a, const sc_span *cells, unsigned line, sc_error *error);

static int read_list(damage_lists *l, sc_arena *a, const char *path, row_fn *row, bool *exists, sc_error *error)
{
    sc_file_info info = sc_file_look(path);
    char *bytes;
    size_t n;
    *exists = info.exists && !info.folder;
    if (!*exists) return SC_OK;
    int rc = sc_file_read(a, path, MAX_LIST_BYTES, &bytes, &n, error);
    sc_span text = rc ? (sc_span){0} : (sc_span){bytes, n}, line;
    for (unsigned number = 1; !rc && text.n; number++) {
        sc_cut(text, "\n", &line, &text);
        if (!sc_trim(line).n || line.p[0] == '#') continue;
        sc_span cells[COLUMNS];
        size_t found = 0;
        bool more = true;
        while (more && found < COLUMNS) more = sc_cut(line, "\t", &cells[found++], &line);
        if (more || found < COLUMNS)
            rc = sc_fail(error, SC_E_INPUT, "%s:%u: expected %d columns with tabs between them", path, number, COLUMNS);
        else
            rc = row(l, a, cells, number, error);
    }
    return rc;
}

static int known_row(damage_lists *l, sc_arena *a, const sc_span *cells, unsigned line, sc_error *error)
{
    (void)a;
    if (sc_eq_z(cells[0], "sample")) return SC_OK; /* the header */
    for (int i = 0; i < COLUMNS; i++)
        if (!sc_trim(cells[i]).n)
            return sc_fail(error, SC_E_INPUT, "%s:%u: sample, variant, what and why: none may be empty", l->known_path,
                           line);
    l->known[l->n_known++] = (damage_known){cells[0], cells[1], cells[2], cells[3], line, false};
    return SC_OK;
}

static int count_row(damage_lists *l, sc_arena *a, const sc_span *cells, unsigned line, sc_error *error)
{
    (void)a, (void)cells, (void)line, (void)error;
    l->n_known++;
    return SC_OK;
}

bool damage_is_counted(size_t kind)
{
    damage_loss loss = damage_kind_at(kind)->loss;
    return loss == DAMAGE_KEEPS || loss == DAMAGE_REPEATS;
}

static int ratchet_row(damage_lists *l, sc_arena *a, const sc_span *cells, unsigned line, sc_error *error)
{
    (void)a;
    if (sc_eq_z(cells[0], "kind")) return SC_OK;
    size_t kind = 0;
    while (kind < damage_n_kinds && !(damage_is_counted(kind) && sc_eq_z(cells[0], damage_kind_at(kind)->name))) kind++;
    if (kind == damage_n_kinds)
        return sc_fail(error, SC_E_INPUT, "%s:%u: there is no kind of damage \"%.*s\"; stopcode test --update-damage",
                       l->ratchet_path, line, SC_F(cells[0]));
    uint64_t numbers[COLUMNS - 1];
    for (int i = 1; i < COLUMNS; i++)
        if (!sc_span_dec(cells[i], &numbers[i - 1]) || numbers[i - 1] > UINT32_MAX)
            return sc_fail(error, SC_E_INPUT, "%s:%u: expected a number, not \"%.*s\"", l->ratchet_path, line,
                           SC_F(cells[i]));
    l->in_ratchet[kind] = true;
    l->ratchet[kind] = (damage_share){(size_t)numbers[0], (size_t)numbers[1], (size_t)numbers[2]};
    return SC_OK;
}

int damage_lists_read(damage_lists *l, sc_arena *a, const char *corpus, sc_error *error)
{
    *l = (damage_lists){.known_path = sc_path_join(a, corpus, DAMAGE_KNOWN_FILE),
                        .ratchet_path = sc_path_join(a, corpus, DAMAGE_RATCHET_FILE)};
    int rc = read_list(l, a, l->known_path, count_row, &l->has_known, error);
    if (rc) return rc;
    l->known = sc_arena_array(a, l->n_known, sizeof *l->known);
    if (l->n_known && !l->known) return sc_fail(error, SC_E_NOMEM, "out of memory");
    l->n_known = 0;
    rc = read_list(l, a, l->known_path, known_row, &l->has_known, error);
    if (!rc) rc = read_list(l, a, l->ratchet_path, ratchet_row, &l->has_ratchet, error);
    return rc;
}

const damage_known *damage_lists_find(damage_lists *l, sc_span sample, const char *variant, sc_span what)
{
    for (size_t i = 0; i < l->n_known; i++) {
        damage_known *k = &l->known[i];
        if (!sc_eq(k->sample, sample) || !sc_eq(k->what, what) || !sc_glob(k->variant, sc_span_z(variant))) continue;
        atomic_store(&k->seen, true);
        return k;
    }
    return NULL;
}

/* Hundredths of a percent, rounded down. */
static size_t share(damage_share s)
{
    return s.verdicts ? s.held * 10000 / s.verdicts : 10000;
}

static bool lower(damage_share a, damage_share b)
{
    return a.held * b.verdicts < b.held * a.verdicts;
}

size_t damage_ratchet_check(const damage_lists *l, const damage_share *now, size_t *better, sc_buf *out)
{
    size_t faults = 0;
    *better = 0;
    for (size_t k = 0; k < damage_n_kinds; k++) {
        const char *name = damage_kind_at(k)->name;
        if (!damage_is_counted(k)) continue;
        if (!l->in_ratchet[k]) {
            faults++;
            sc_buf_printf(out, "  the kind %s is not in it\n", name);
        } else if (lower(now[k], l->ratchet[k])) {
            faults++;
            sc_buf_printf(out, "  %s: %zu of %zu verdicts hold (%zu.%02zu %%), it says %zu of %zu (%zu.%02zu %%)\n",
                          name, now[k].held, now[k].verdicts, share(now[k]) / 100, share(now[k]) % 100,
                          l->ratchet[k].held, l->ratchet[k].verdicts, share(l->ratchet[k]) / 100,
                          share(l->ratchet[k]) % 100);
        } else if (lower(l->ratchet[k], now[k])) {
            ++*better;
        }
    }
    return faults;
}

void damage_ratchet_put(const damage_share *now, sc_buf *out)
{
    sc_buf_z(out, "# How many verdicts hold under damage that loses nothing: a share below this fails.\n"
                  "# Written by `stopcode test --update-damage`.\n"
                  "kind\tvariants\tverdicts\theld\n");
    for (size_t k = 0; k < damage_n_kinds; k++)
        if (damage_is_counted(k))
            sc_buf_printf(out, "%s\t%zu\t%zu\t%zu\n", damage_kind_at(k)->name, now[k].variants, now[k].verdicts,
                          now[k].held);
}
