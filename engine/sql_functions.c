/* SQL functions that rules may use beside SQLite's own. All are deterministic and free of side effects. */
#include "engine/sql.h"

#include "engine/decode/mca.h"
#include "engine/pattern.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

static sc_span text_of(sqlite3_value *v)
{
    const char *p = (const char *)sqlite3_value_text(v);
    return p ? (sc_span){p, (size_t)sqlite3_value_bytes(v)} : (sc_span){"", 0};
}

static void result_span(sqlite3_context *c, sc_span s)
{
    sqlite3_result_text(c, s.p, (int)s.n, SQLITE_TRANSIENT);
}

static bool is_null(sqlite3_value *v)
{
    return sqlite3_value_type(v) == SQLITE_NULL;
}

static void free_pattern(void *p)
{
    sc_pattern_free(p);
}

/* regexp(pattern, text), which is what `text REGEXP pattern` calls; the compiled pattern is kept with the statement. */
static void fn_regexp(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    if (is_null(argv[0]) || is_null(argv[1])) return;
    sc_pattern *p = sqlite3_get_auxdata(c, 0);
    if (!p) {
        sc_error error;
        if (sc_pattern_new(&p, text_of(argv[0]), false, &error)) {
            sqlite3_result_error(c, error.text, -1);
            return;
        }
        sqlite3_set_auxdata(c, 0, p, free_pattern);
        p = sqlite3_get_auxdata(c, 0);
        if (!p) {
            sqlite3_result_error_nomem(c);
            return;
        }
    }
    int found = sc_pattern_find(p, text_of(argv[1]), NULL, NULL);
    if (found < 0)
        sqlite3_result_error(c, "a pattern reached its match limit", -1);
    else
        sqlite3_result_int(c, found);
}

/* glob_symbol('nt!KeWaitFor*', symbol): `*` and `?`, case ignored. */
static void fn_glob_symbol(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    if (is_null(argv[0]) || is_null(argv[1])) return;
    sqlite3_result_int(c, sc_glob(text_of(argv[0]), text_of(argv[1])));
}

static void print_number(sqlite3_context *c, const char *format, sqlite3_value *v)
{
    if (is_null(v)) return;
    char text[32];
    snprintf(text, sizeof text, format, (unsigned long long)sqlite3_value_int64(v));
    sqlite3_result_text(c, text, -1, SQLITE_TRANSIENT);
}

/* hex64(n): '0x1f'. */
static void fn_hex64(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    print_number(c, "0x%llx", argv[0]);
}

/* addr(n): bare hex, as a debugger takes an address. */
static void fn_addr(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    print_number(c, "%llx", argv[0]);
}

/* is_kernel(a): the upper half of the address space; on x86 from 0x80000000 on (addresses there are 32 bits wide). */
static void fn_is_kernel(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    if (is_null(argv[0])) return;
    uint64_t a = (uint64_t)sqlite3_value_int64(argv[0]);
    bool x86 = a <= 0xffffffffu;
    sqlite3_result_int(c, x86 ? a >= 0x80000000u : a >= 0xffff800000000000u);
}

/* addr_lt(a, b): unsigned order; SQL's own < puts kernel addresses below user ones. */
static void fn_addr_lt(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    if (is_null(argv[0]) || is_null(argv[1])) return;
    sqlite3_result_int(c, (uint64_t)sqlite3_value_int64(argv[0]) < (uint64_t)sqlite3_value_int64(argv[1]));
}

static void fn_low32(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    if (!is_null(argv[0])) sqlite3_result_int64(c, (sqlite3_int64)(uint32_t)sqlite3_value_int64(argv[0]));
}

/* page_offset(a): the lowest 12 bits. */
static void fn_page_offset(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    if (!is_null(argv[0])) sqlite3_result_int64(c, sqlite3_value_int64(argv[0]) & 0xfff);
}

/* bits(n): how many bits are set. */
static void fn_bits(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    if (is_null(argv[0])) return;
    int n = 0;
    for (uint64_t v = (uint64_t)sqlite3_value_int64(argv[0]); v; v &= v - 1) n++;
    sqlite3_result_int(c, n);
}

/* thousands(n): '764,909'. */
static void fn_thousands(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    if (is_null(argv[0])) return;
    char digits[32], text[48];
    snprintf(digits, sizeof digits, "%lld", (long long)sqlite3_value_int64(argv[0]));
    size_t n = strlen(digits), at = 0;
    for (size_t i = 0; i < n; i++) {
        text[at++] = digits[i];
        size_t left = n - 1 - i;
        if (left && left % 3 == 0 && sc_is_digit(digits[i])) text[at++] = ',';
    }
    sqlite3_result_text(c, text, (int)at, SQLITE_TRANSIENT);
}

/* seconds_text(s): '10 min 0 s', '49 ms', '2 h 5 min'. */
static void fn_seconds_text(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    if (is_null(argv[0])) return;
    double s = sqlite3_value_double(argv[0]);
    char text[64];
    if (!(s >= 0) || s > 1e12) return;
    if (s < 1)
        snprintf(text, sizeof text, "%.0f ms", s * 1000);
    else if (s < 60)
        snprintf(text, sizeof text, "%.3g s", s);
    else if (s < 3600)
        snprintf(text, sizeof text, "%d min %d s", (int)s / 60, (int)s % 60);
    else
        snprintf(text, sizeof text, "%lld h %d min", (long long)(s / 3600), (int)((long long)s / 60 % 60));
    sqlite3_result_text(c, text, -1, SQLITE_TRANSIENT);
}

static void fn_third_party(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    if (is_null(argv[0])) return;
    sqlite3_result_int(c, sc_third_party(sqlite3_user_data(c), text_of(argv[0])));
}

static const sc_ref_module *module_of(sqlite3_context *c, sqlite3_value *v)
{
    return is_null(v) ? NULL : sc_find_module(sqlite3_user_data(c), text_of(v));
}

static void fn_module_vendor(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    const sc_ref_module *m = module_of(c, argv[0]);
    if (m && m->vendor) sqlite3_result_text(c, m->vendor, -1, SQLITE_STATIC);
}

static void fn_module_product(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    const sc_ref_module *m = module_of(c, argv[0]);
    if (m && m->product) sqlite3_result_text(c, m->product, -1, SQLITE_STATIC);
}

static void fn_module_kind(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    const sc_ref_module *m = module_of(c, argv[0]);
    if (m && m->kind) sqlite3_result_text(c, m->kind, -1, SQLITE_STATIC);
}

static void fn_ntstatus_name(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    if (is_null(argv[0])) return;
    const char *name = sc_ntstatus_name(sqlite3_user_data(c), (uint32_t)sqlite3_value_int64(argv[0]));
    if (name) sqlite3_result_text(c, name, -1, SQLITE_STATIC);
}

/* mca_mnemonic(status): 'DCACHEL1_DRD_ERR'. */
static void fn_mca_mnemonic(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    if (is_null(argv[0])) return;
    sc_mca m;
    sc_mca_decode((uint64_t)sqlite3_value_int64(argv[0]), &m);
    result_span(c, sc_span_z(m.mnemonic));
}

int sc_sql_add_functions(sqlite3 *db, const sc_knowledge *k)
{
    static const struct {
        const char *name;
        int argc;
        void (*fn)(sqlite3_context *, int, sqlite3_value **);
    } functions[] = {
        {"regexp", 2, fn_regexp},
        {"glob_symbol", 2, fn_glob_symbol},
        {"hex64", 1, fn_hex64},
        {"addr", 1, fn_addr},
        {"is_kernel", 1, fn_is_kernel},
        {"addr_lt", 2, fn_addr_lt},
        {"low32", 1, fn_low32},
        {"page_offset", 1, fn_page_offset},
        {"bits", 1, fn_bits},
        {"thousands", 1, fn_thousands},
        {"seconds_text", 1, fn_seconds_text},
        {"third_party", 1, fn_third_party},
        {"module_vendor", 1, fn_module_vendor},
        {"module_product", 1, fn_module_product},
        {"module_kind", 1, fn_module_kind},
        {"ntstatus_name", 1, fn_ntstatus_name},
        {"mca_mnemonic", 1, fn_mca_mnemonic},
    };
    int rc = SQLITE_OK;
    for (size_t i = 0; i < sizeof functions / sizeof *functions && !rc; i++)
        rc = sqlite3_create_function_v2(db, functions[i].name, functions[i].argc,
                                        SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, (void *)k,
                                        functions[i].fn, NULL, NULL, NULL);
    return rc;
}
