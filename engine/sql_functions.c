/* SQL functions that rules may use beside SQLite's own. All are deterministic and free of side effects. */
#include "engine/sql.h"

#include "engine/decode/mca.h"
#include "engine/parameter.h"
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
    char text[64];
    if (sc_seconds_text(text, sizeof text, sqlite3_value_double(argv[0])) <= 0) return;
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

static const sc_ref_term *term_of(sqlite3_context *c, sqlite3_value *kind, sqlite3_value *term)
{
    const sc_knowledge *k = sqlite3_user_data(c);
    if (is_null(kind) || is_null(term)) return NULL;
    for (int i = 0; i < SC_N_TERM_KINDS; i++) {
        if (!sc_eq_z(text_of(kind), sc_term_kind_names[i])) continue;
        if (sc_term_is_number((sc_term_kind)i))
            return sc_find_number(k, (sc_term_kind)i, (uint64_t)sqlite3_value_int64(term));
        return sc_find_symbol(k, (sc_term_kind)i, text_of(term));
    }
    sqlite3_result_error(c, "there is no such kind of term", -1);
    return NULL;
}

/* meaning('function', symbol), meaning('fast-fail', 2): the sentence of kb/reference/terms/. */
static void fn_meaning(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    const sc_ref_term *t = term_of(c, argv[0], argv[1]);
    if (t) sqlite3_result_text(c, t->text, -1, SQLITE_STATIC);
}

/* term_name('fast-fail', 2): the name there. */
static void fn_term_name(sqlite3_context *c, int argc, sqlite3_value **argv)
{
    (void)argc;
    const sc_ref_term *t = term_of(c, argv[0], argv[1]);
    if (t && *t->name) sqlite3_result_text(c, t->name, -1, SQLITE_STATIC);
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
        {"meaning", 2, fn_meaning},
        {"term_name", 2, fn_term_name},
    };
    int rc = SQLITE_OK;
    for (size_t i = 0; i < sizeof functions / sizeof *functions && !rc; i++)
        rc = sqlite3_create_function_v2(db, functions[i].name, functions[i].argc,
                                        SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, (void *)k,
                                        functions[i].fn, NULL, NULL, NULL);
    return rc;
}
