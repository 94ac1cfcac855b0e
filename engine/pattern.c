#include "engine/pattern.h"

#include "engine/base/limits.h"
#include "engine/stopcode.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

struct sc_pattern {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
    PCRE2_SPTR names; /* n_names entries of name_size bytes: group number, big-endian, then the name */
    uint32_t n_names, name_size;
};

int sc_pattern_new(sc_pattern **out, sc_span pattern, bool multiline, sc_error *error)
{
    *out = NULL;
    if (pattern.n > SC_MAX_PATTERN) return sc_fail(error, SC_E_RULE, "pattern longer than %u bytes", SC_MAX_PATTERN);
    sc_pattern *p = calloc(1, sizeof *p);
    if (!p) return sc_fail(error, SC_E_NOMEM, "out of memory");
    int code;
    PCRE2_SIZE at;
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C |
                       (multiline ? PCRE2_MULTILINE : 0);
    p->code = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, options, &code, &at, NULL);
    if (!p->code) {
        char text[256];
        pcre2_get_error_message(code, (PCRE2_UCHAR *)text, sizeof text);
        free(p);
        return sc_fail(error, SC_E_RULE, "pattern, character %zu: %s", at + 1, text);
    }
    p->match = pcre2_match_data_create_from_pattern(p->code, NULL);
    p->context = pcre2_match_context_create(NULL);
    if (!p->match || !p->context) {
        sc_pattern_free(p);
        return sc_fail(error, SC_E_NOMEM, "out of memory");
    }
    pcre2_set_match_limit(p->context, SC_MAX_MATCH);
    pcre2_set_depth_limit(p->context, SC_MAX_MATCH_DEPTH);
    pcre2_pattern_info(p->code, PCRE2_INFO_NAMECOUNT, &p->n_names);
    pcre2_pattern_info(p->code, PCRE2_INFO_NAMEENTRYSIZE, &p->name_size);
    pcre2_pattern_info(p->code, PCRE2_INFO_NAMETABLE, &p->names);
    *out = p;
    return SC_OK;
}

void sc_pattern_free(sc_pattern *p)
{
    if (!p) return;
    pcre2_match_context_free(p->context);
    pcre2_match_data_free(p->match);
    pcre2_code_free(p->code);
    free(p);
}

int sc_pattern_find(sc_pattern *p, sc_span text, size_t *start, size_t *end)
{
    int rc = pcre2_match(p->code, (PCRE2_SPTR)text.p, text.n, 0, 0, p->match, p->context);
    if (rc == PCRE2_ERROR_NOMATCH) return 0;
    if (rc < 0) return -1;
    const PCRE2_SIZE *v = pcre2_get_ovector_pointer(p->match);
    if (start) *start = v[0];
    if (end) *end = v[1];
    return 1;
}

const char *sc_pattern_group_name(const sc_pattern *p, size_t i)
{
    return i < p->n_names ? (const char *)p->names + i * p->name_size + 2 : NULL;
}

sc_span sc_pattern_group(const sc_pattern *p, size_t i, sc_span text)
{
    PCRE2_SPTR entry = p->names + i * p->name_size;
    uint32_t group = (uint32_t)entry[0] << 8 | entry[1];
    const PCRE2_SIZE *v = pcre2_get_ovector_pointer(p->match);
    if (group >= pcre2_get_ovector_count(p->match) || v[2 * group] == PCRE2_UNSET) return (sc_span){"", 0};
    return sc_span_sub(text, v[2 * group], v[2 * group + 1]);
}

int sc_check_pattern(const char *pattern, sc_buf *names, sc_error *error)
{
    sc_pattern *p;
    int rc = sc_pattern_new(&p, sc_span_z(pattern), true, error);
    if (rc) return rc;
    for (size_t i = 0; names && sc_pattern_group_name(p, i); i++) {
        if (names->n) sc_buf_char(names, ',');
        sc_buf_z(names, sc_pattern_group_name(p, i));
    }
    sc_pattern_free(p);
    return SC_OK;
}
