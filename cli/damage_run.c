#include "cli/damage_run.h"

#include "cli/variants.h"

#include "engine/render/layout.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SHOWN_NAMES 8u /* of variants with the same fault */
#define SHOWN_LINES 4u /* of the text behind a fault */
#define TRIES 5        /* runs of which the fastest counts, where the first one was slow */
#define SLOW 0.005     /* seconds: what is faster is not worth measuring */

/* The same fault in several variants is told once. */
typedef struct group {
    sc_span what, names;
    size_t n;
    sc_buf evidence;
} group;

typedef struct damage_job {
    sc_engine *engine;
    sc_arena *arena;
    sc_span name, text;
    const sc_diagnosis *whole;
    damage_lists *lists;
    damage_result *result;
    sc_list groups;
    double time; /* of the whole paste */
} damage_job;

static double cpu_seconds(void)
{
    struct timespec t = {0};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); /* other processes must not make it longer */
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A diagnosis with the time it took. *d NULL and SC_OK when nothing is left to diagnose. */
static int diagnose(damage_job *j, sc_span paste, sc_diagnosis **d, double *seconds, sc_error *error)
{
    double start = cpu_seconds();
    int rc = sc_diagnose(j->engine, paste, d, error);
    *seconds = cpu_seconds() - start;
    j->result->diagnoses++;
    return rc == SC_E_INPUT ? SC_OK : rc;
}

static void put_evidence(sc_buf *out, const sc_evidence *e, size_t n)
{
    for (size_t i = 0; i < n && i < SHOWN_LINES; i++) {
        sc_buf text = {0};
        sc_put_squeezed(&text, e[i].text);
        sc_buf_printf(out, "      %6" PRIu32 "  ", e[i].line);
        sc_put_clipped(out, sc_buf_view(&text), 100);
        sc_buf_char(out, '\n');
        if (text.failed) out->failed = true;
        sc_buf_free(&text);
    }
}

static void note(damage_job *j, size_t kind, const char *variant, const variant_fault *f)
{
    bool known = damage_lists_find(j->lists, j->name, variant, f->what) != NULL;
    if (kind < damage_n_kinds) (known ? j->result->known : j->result->faults)[kind]++;
    if (known) return;
    j->result->failed++;
    group *list = j->groups.items, *g = NULL;
    for (size_t i = 0; i < j->groups.n && !g; i++)
        if (sc_eq(list[i].what, f->what)) g = &list[i];
    if (!g) {
        g = sc_list_add(j->arena, &j->groups, sizeof *g);
        if (!g) return;
        g->what = f->what;
        put_evidence(&g->evidence, f->evidence, f->n_evidence);
    }
    if (g->n++ < SHOWN_NAMES)
        g->names = sc_arena_printf(j->arena, "%.*s%s%s", SC_F(g->names), g->names.n ? ", " : "", variant);
}

static void note_text(damage_job *j, size_t kind, const char *variant, const char *what)
{
    note(j, kind, variant, &(variant_fault){.what = sc_span_z(what)});
}

/* What takes long is run again: the fastest run counts. */
static bool too_slow(damage_job *j, sc_span paste, double seconds)
{
    double bytes = (double)paste.n / (double)(j->text.n ? j->text.n : 1), limit;
    limit = SLOW + DAMAGE_MAX_SLOWER * j->time * (bytes > 1 ? bytes : 1);
    for (int i = 0; i < TRIES && seconds > limit; i++) {
        sc_diagnosis *d = NULL;
        double again;
        if (diagnose(j, paste, &d, &again, NULL)) break;
        sc_diagnosis_free(d);
        if (again < seconds) seconds = again;
    }
    return seconds > limit;
}

static int try_variant(damage_job *j, size_t kind, const damage_variant *v, sc_span paste)
{
    sc_diagnosis *d = NULL;
    sc_error error = {0};
    double seconds;
    damage_share *share = &j->result->share[kind];
    int rc = diagnose(j, paste, &d, &seconds, &error);
    j->result->variants++;
    share->variants++;
    if (rc) { /* running out of memory on a paste that was small is a fault of the variant */
        note_text(j, kind, v->name, error.text);
        return SC_OK;
    }
    variant_verdict verdict;
    rc = variant_judge(j->arena, v, j->whole, d, &verdict);
    share->verdicts += verdict.verdicts;
    share->held += verdict.held;
    for (size_t i = 0; i < verdict.faults.n; i++)
        note(j, kind, v->name, (const variant_fault *)verdict.faults.items + i);
    sc_diagnosis_free(d);
    if (too_slow(j, paste, seconds)) note_text(j, kind, v->name, "takes far longer than the whole paste");
    return rc;
}

/* ---- Growth ------------------------------------------------------------------------------------------------------ */

static double fastest(damage_job *j, sc_span paste, double best, int tries)
{
    for (int i = 0; i < tries; i++) {
        sc_diagnosis *d = NULL;
        double seconds;
        if (diagnose(j, paste, &d, &seconds, NULL)) return -1;
        sc_diagnosis_free(d);
        if (best < 0 || seconds < best) best = seconds;
    }
    return best;
}

static void put_copy(const damage_job *j, sc_buf *paste)
{
    sc_buf_span(paste, j->text);
    if (j->text.n && !sc_ends(j->text, "\n")) sc_buf_char(paste, '\n');
}

/* The time per byte of 2, 4 and 8 pastes in one must not grow much. Only what looks slow is measured again. */
static int check_growth(damage_job *j)
{
    sc_buf paste = {0};
    int held = 0;
    bool slow = false, failed = false;
    for (int copies = 2; copies <= 8 && !slow && !failed; copies *= 2) {
        for (; held < copies; held++) put_copy(j, &paste);
        if (paste.failed) break;
        double seconds = fastest(j, sc_buf_view(&paste), -1, 1);
        failed = seconds < 0;
        for (int i = 0; i < TRIES && seconds > j->time * copies * DAMAGE_MAX_GROWTH && seconds > SLOW; i++) {
            j->time = fastest(j, j->text, j->time, 1);
            seconds = fastest(j, sc_buf_view(&paste), seconds, 1);
        }
        slow = seconds > j->time * copies * DAMAGE_MAX_GROWTH && seconds > SLOW;
    }
    int rc = paste.failed ? SC_E_NOMEM : SC_OK;
    sc_buf_free(&paste);
    if (failed) note_text(j, damage_n_kinds, "growth", "cannot be diagnosed when it is repeated");
    if (slow) note_text(j, damage_n_kinds, "growth", "takes longer per byte the longer it is");
    return rc;
}

/* ---- The sample -------------------------------------------------------------------------------------------------- */

static void put_report(damage_job *j)
{
    sc_buf *out = &j->result->report;
    group *list = j->groups.items;
    for (size_t i = 0; i < j->groups.n; i++) {
        group *g = &list[i];
        sc_buf_printf(out, "  %.*s\n    in %zu variant%s: %.*s", SC_F(g->what), g->n, g->n == 1 ? "" : "s",
                      SC_F(g->names));
        if (g->n > SHOWN_NAMES) sc_buf_printf(out, " and %zu more", g->n - SHOWN_NAMES);
        sc_buf_char(out, '\n');
        sc_buf_span(out, sc_buf_view(&g->evidence));
        if (g->evidence.failed) out->failed = true;
        sc_buf_free(&g->evidence);
    }
}

int damage_run(sc_engine *e, sc_span name, sc_span text, const sc_diagnosis *whole, damage_lists *lists,
               damage_result *result)
{
    *result = (damage_result){0};
    double start = cpu_seconds();
    sc_arena *a = sc_arena_new(0);
    if (!a) return SC_E_NOMEM;
    damage_job j = {
        .engine = e, .arena = a, .name = name, .text = text, .whole = whole, .lists = lists, .result = result};
    damage_source source;
    sc_buf paste = {0};
    int rc = damage_source_init(&source, a, text, whole);
    j.time = fastest(&j, text, -1, 2);
    for (size_t k = 0; !rc && k < damage_n_kinds; k++) {
        size_t n = damage_count(k, &source);
        for (size_t i = 0; !rc && i < n; i++) {
            damage_variant v;
            sc_buf_clear(&paste);
            if (damage_make(k, i, &source, &v, &paste)) rc = try_variant(&j, k, &v, sc_buf_view(&paste));
            if (paste.failed) rc = SC_E_NOMEM;
        }
    }
    if (!rc) rc = check_growth(&j);
    put_report(&j);
    if (sc_arena_failed(a) || result->report.failed) rc = SC_E_NOMEM;
    sc_buf_free(&paste);
    sc_arena_free(a);
    result->cpu = cpu_seconds() - start;
    return rc;
}

bool damage_show(sc_span text, const sc_diagnosis *whole, const char *name, sc_buf *out)
{
    sc_arena *a = sc_arena_new(0);
    damage_source source;
    bool found = false;
    if (!a || damage_source_init(&source, a, text, whole)) out->failed = true;
    for (size_t k = 0; !out->failed && !found && k < damage_n_kinds; k++) {
        size_t n = damage_count(k, &source);
        for (size_t i = 0; i < n && !found && !out->failed; i++) {
            damage_variant v;
            sc_buf_clear(out);
            found = damage_make(k, i, &source, &v, out) && !strcmp(v.name, name);
        }
    }
    sc_arena_free(a);
    if (!found) sc_buf_clear(out);
    return found;
}

void damage_put_table(const damage_result *sum, sc_buf *out)
{
    sc_buf_printf(out, "%-16s %8s %8s %8s %7s %6s %6s  %s\n", "kind", "variants", "verdicts", "held", "share", "faults",
                  "known", "what it does");
    for (size_t k = 0; k < damage_n_kinds; k++) {
        const damage_share *s = &sum->share[k];
        const damage_kind *kind = damage_kind_at(k);
        char share[16] = "-";
        if (s->verdicts) snprintf(share, sizeof share, "%.1f %%", 100.0 * (double)s->held / (double)s->verdicts);
        sc_buf_printf(out, "%-16s %8zu %8zu %8zu %7s %6zu %6zu  %s\n", kind->name, s->variants, s->verdicts, s->held,
                      share, sum->faults[k], sum->known[k], kind->doc);
    }
}
