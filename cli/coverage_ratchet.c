/* corpus/coverage.tsv: the gaps that are known. It may only become shorter. */
#include "cli/coverage.h"

#include "engine/base/scan.h"
#include "kb/files.h"
#include "kb/messages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BYTES (4u << 20)

static const char heading[] = "kind\titem\treason";

static int read_kind(sc_span word)
{
    for (int i = 0; i < N_GAP_KINDS; i++) {
        if (sc_eq_z(word, gap_names[i])) return i;
    }
    return -1;
}

static bool read_line(sc_arena *a, ratchet *r, sc_span line, unsigned number)
{
    sc_span kind, item, reason, rest;
    sc_cut(line, "\t", &kind, &rest);
    sc_cut(rest, "\t", &item, &reason);
    int k = read_kind(kind);
    if (k < 0) {
        sc_nearest near = sc_nearest_to(kind);
        for (int i = 0; i < N_GAP_KINDS; i++) sc_nearest_try(&near, gap_names[i]);
        cli_say("%s:%u: unknown kind of gap \"%.*s\"%s", r->path, number, SC_F(kind), sc_nearest_hint(&near, a));
        return false;
    }
    if (!item.n || !sc_trim(reason).n) {
        cli_say("%s:%u: expected three columns: %s", r->path, number,
                item.n ? "the reason is missing" : "kind, item, reason");
        return false;
    }
    const gap *known = r->gaps.items;
    for (size_t i = 0; i < r->gaps.n; i++) {
        if (known[i].kind != (gap_kind)k || !sc_eq(known[i].item, item)) continue;
        cli_say("%s:%u: listed twice: %.*s", r->path, number, SC_F(item));
        return false;
    }
    gap *g = sc_list_add(a, &r->gaps, sizeof *g);
    if (g) *g = (gap){.kind = (gap_kind)k, .item = item, .reason = sc_trim(reason), .line = number};
    return true;
}

int ratchet_read(sc_arena *a, const char *path, ratchet *out)
{
    char *bytes;
    size_t n;
    sc_error error = {0};
    *out = (ratchet){.path = path};
    if (!sc_file_look(path).exists) return CLI_OK;
    if (sc_file_read(a, path, MAX_BYTES, &bytes, &n, &error)) return cli_fail("%s: %s", path, error.text);
    sc_span rest = {bytes, n}, line;
    bool good = true;
    for (unsigned number = 1; rest.n; number++) {
        sc_cut(rest, "\n", &line, &rest);
        line = sc_rtrim(line);
        if (!line.n || line.p[0] == '#' || sc_eq_z(line, heading)) continue;
        if (!read_line(a, out, line, number)) good = false;
    }
    return good ? CLI_OK : CLI_ERROR;
}

void ratchet_match(ratchet *r, gap *gaps, size_t n)
{
    gap *listed = r->gaps.items;
    for (size_t i = 0; i < r->gaps.n; i++) {
        for (size_t k = 0; k < n && !listed[i].known; k++) {
            if (gaps[k].kind != listed[i].kind || !sc_eq(gaps[k].item, listed[i].item)) continue;
            listed[i].known = gaps[k].known = true;
            gaps[k].reason = listed[i].reason;
        }
    }
}

static int by_kind(const void *a, const void *b)
{
    const gap *x = a, *y = b;
    return x->kind != y->kind ? (x->kind < y->kind ? -1 : 1) : sc_cmp(x->item, y->item);
}

int ratchet_write(sc_arena *a, const ratchet *r, const gap *gaps, size_t n, bool all)
{
    sc_buf out = {0};
    sc_error error = {0};
    gap *sorted = sc_arena_array(a, n + 1, sizeof *sorted);
    if (!sorted) return cli_fail("out of memory");
    if (n) memcpy(sorted, gaps, n * sizeof *sorted);
    if (n) qsort(sorted, n, sizeof *sorted, by_kind);
    sc_buf_printf(&out, "%s\n", heading);
    for (size_t i = 0; i < n; i++) {
        if (!sorted[i].known && !all) continue;
        sc_buf_printf(&out, "%s\t%.*s\t", gap_names[sorted[i].kind], SC_F(sorted[i].item));
        sc_buf_span(&out, sorted[i].known ? sorted[i].reason : SC_S("no sample yet"));
        sc_buf_char(&out, '\n');
    }
    int rc = out.failed ? sc_fail(&error, SC_E_NOMEM, "out of memory")
                        : sc_file_write(a, r->path, out.p, out.n, NULL, &error);
    sc_buf_free(&out);
    return rc ? cli_fail("%s: %s", r->path, error.text) : CLI_OK;
}
