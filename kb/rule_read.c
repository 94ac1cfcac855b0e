/* The head of a rule and the headings of its page. Clauses are in kb/rule_clause.c, what needs SQL or other rules in
 * kb/lint.c. */
#include "kb/rule_read.h"

#include "engine/base/scan.h"

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *const sc_rule_keys[] = {"title",   "bugcheck", "status",  "tier",       "confidence", "clauses",
                                    "culprit", "roles",    "summary", "supersedes", "references", NULL};
const char *const sc_role_keys[] = {"role", "sql", "why", NULL};
const char *const sc_page_keys[] = {"code", "title", NULL};

sc_folder sc_folder_kind(sc_span name, uint32_t *code)
{
    *code = 0;
    if (sc_eq_z(name, "any")) return SC_FOLDER_ANY;
    if (sc_eq_z(name, "none")) return SC_FOLDER_NONE;
    uint64_t v;
    char canonical[16];
    if (!sc_starts(name, "0x") || !sc_span_hex(name, &v) || v > UINT32_MAX) return SC_FOLDER_OTHER;
    snprintf(canonical, sizeof canonical, "0x%llX", (unsigned long long)v);
    if (!sc_eq_z(name, canonical)) return SC_FOLDER_OTHER; /* two folders must not mean the same code */
    *code = (uint32_t)v;
    return SC_FOLDER_CODE;
}

/* ---- Head and body ----------------------------------------------------------------------------------------------- */

static bool split(sc_messages *m, const sc_source_text *file, sc_head_and_body *out)
{
    sc_span text = file->text;
    size_t bad = sc_text_bad_utf8(text);
    if (bad != SC_NPOS) {
        sc_note(m, SC_ERROR, file, sc_text_place(text, bad, bad + 1), "not UTF-8 text");
        return false;
    }
    if (!sc_starts(text, "---\n")) {
        sc_note(m, SC_ERROR, file, (sc_place){1, 1, 1},
                "the file must begin with a line \"---\", the start of its head");
        return false;
    }
    size_t from = 4, at = from;
    unsigned line = 2;
    for (; at < text.n; line++) {
        size_t end = sc_find_char(sc_span_from(text, at), '\n');
        sc_span row = sc_span_sub(text, at, end == SC_NPOS ? text.n : at + end);
        size_t next = end == SC_NPOS ? text.n : at + end + 1;
        if (sc_eq_z(sc_rtrim(row), "---")) {
            out->head = sc_yaml_read(m, file, from, at, 2);
            for (line++; next < text.n && text.p[next] == '\n'; line++) next++;
            out->body = sc_span_from(text, next);
            out->body_line = line;
            return out->head != NULL;
        }
        at = next;
    }
    sc_note(m, SC_ERROR, file, (sc_place){1, 1, 3},
            "the head that begins here is never closed by a second line \"---\"");
    return false;
}

/* The value of a key that must be there. */
static const sc_yaml *need(sc_walk *w, const sc_yaml *map, const char *what, const char *key)
{
    const sc_yaml *y = sc_yaml_get(map, key);
    if (!y) sc_wrong(w, map->key ? map->key->place : (sc_place){1, 1, 3}, "%s needs \"%s\"", what, key);
    return y;
}

/* ---- The single values of a head --------------------------------------------------------------------------------- */

static void read_code(sc_walk *w, const sc_yaml *y, sc_list *codes)
{
    uint64_t v;
    if (y->kind != SC_YAML_TEXT) {
        sc_wrong(w, y->place, "a bug check must be a number such as 0x9F");
        return;
    }
    if (sc_eq_z(y->text, "any") || sc_eq_z(y->text, "none")) {
        sc_wrong(w, y->place, "\"%.*s\" cannot stand beside other bug checks", SC_F(y->text));
        return;
    }
    if (!sc_walk_number(w, y->place, y->text, &v)) return;
    if (v > UINT32_MAX) {
        sc_wrong(w, y->place, "a bug check has at most 32 bits");
        return;
    }
    for (size_t i = 0; i < codes->n; i++)
        if (((const uint32_t *)codes->items)[i] == v) sc_wrong(w, y->place, "%.*s stands here twice", SC_F(y->text));
    uint32_t *slot = sc_list_add(w->m->arena, codes, sizeof *slot);
    if (slot) *slot = (uint32_t)v;
}

static void read_bugcheck(sc_walk *w, const sc_yaml *y, const char *folder, sc_rule *rule)
{
    if (!y) return;
    sc_list codes = {0};
    bool before = w->failed;
    w->failed = false;
    if (y->kind == SC_YAML_TEXT && sc_eq_z(y->text, "any"))
        rule->any_code = true;
    else if (y->kind == SC_YAML_TEXT && sc_eq_z(y->text, "none"))
        rule->no_code = true;
    else if (y->kind == SC_YAML_LIST && !y->n)
        sc_wrong(w, y->place, "an empty list; expected a bug check such as 0x9F");
    else if (y->kind == SC_YAML_LIST)
        for (const sc_yaml *item = y->first; item; item = item->next) read_code(w, item, &codes);
    else
        read_code(w, y, &codes);
    rule->codes = codes.items;
    rule->n_codes = codes.n;

    uint32_t code;
    sc_folder kind = sc_folder_kind(sc_span_z(folder), &code);
    bool fits = (kind == SC_FOLDER_ANY && rule->any_code) || (kind == SC_FOLDER_NONE && rule->no_code);
    for (size_t i = 0; i < rule->n_codes; i++) fits = fits || (kind == SC_FOLDER_CODE && rule->codes[i] == code);
    if (!fits && !w->failed)
        sc_wrong(w, y->place, "the rule is in rules/%s, so \"bugcheck\" must name %s", folder, folder);
    w->failed = w->failed || before;
}

/* A text, or a list of texts. */
static const char *const *read_texts(sc_walk *w, const sc_yaml *y, const char *name, size_t *n)
{
    sc_list list = {0};
    *n = 0;
    if (!y) return NULL;
    const sc_yaml *item = y->kind == SC_YAML_LIST ? y->first : y;
    for (; item; item = y->kind == SC_YAML_LIST ? item->next : NULL) {
        const char *text = sc_walk_line(w, item, name);
        const char **slot = text ? sc_list_add(w->m->arena, &list, sizeof *slot) : NULL;
        if (slot) *slot = text;
    }
    *n = list.n;
    return list.items;
}

static void read_references(sc_walk *w, const sc_yaml *y, sc_rule *rule)
{
    rule->references = read_texts(w, y, "references", &rule->n_references);
    for (size_t i = 0; i < rule->n_references; i++) {
        sc_span s = sc_span_z(rule->references[i]);
        const char *bad = sc_bad_address(s);
        if (bad) sc_wrong(w, sc_yaml_find(w->file, y, "", s), "\"%.*s\" is no address: %s", SC_F(s), bad);
        for (size_t k = 0; k < i && !bad; k++) {
            if (!sc_eq_z(s, rule->references[k])) continue;
            const sc_yaml *item = y->first; /* found by number: by its text it would be the first one */
            for (size_t n = 0; n < i && item; n++) item = item->next;
            sc_wrong(w, item ? item->place : y->place, "this address stands here twice");
            break;
        }
    }
}

static void read_roles(sc_walk *w, const sc_yaml *y, sc_rule *rule)
{
    sc_list list = {0};
    if (!y) return;
    if (y->kind != SC_YAML_LIST) {
        sc_wrong(w, y->place, "\"roles\" must be a list of {role, sql, why}");
        return;
    }
    for (const sc_yaml *item = y->first; item; item = item->next) {
        if (!sc_walk_keys(w, item, "a role", sc_role_keys, COUNT(sc_role_keys) - 1)) continue;
        const sc_yaml *role = sc_yaml_get(item, "role"), *sql = sc_yaml_get(item, "sql"),
                      *why = sc_yaml_get(item, "why");
        sc_role *r = sc_list_add(w->m->arena, &list, sizeof *r);
        if (!r) return;
        r->line = item->place.line;
        int word = role ? sc_walk_word(w, role, "role", sc_role_names, COUNT(sc_role_names)) : 0;
        r->role = word < 0 ? SC_BYSTANDER : (sc_role_kind)word;
        r->sql = sql ? sc_walk_text(w, sql, "sql") : NULL;
        r->why = why ? sc_walk_line(w, why, "why") : NULL;
        if (!role) sc_wrong(w, item->place, "a role needs \"role\"");
        if (!sql) sc_wrong(w, item->place, "a role needs \"sql\"");
    }
    rule->roles = list.items;
    rule->n_roles = list.n;
}

/* ---- The page ---------------------------------------------------------------------------------------------------- */

/* What a kind of page must have as headings of the second level, in this order, and then may have. */
typedef struct headings {
    const char *what;  /* whose they are: "a stable rule" */
    const char *order; /* in words */
    const char *names[4];
    size_t n_required, n;
    bool ends_in_steps; /* below the last one a numbered list */
} headings;

static const headings rule_headings = {
    "a stable rule", "What happened, Why, Fix", {"What happened", "Why", "Fix"}, 3, 3, true};
static const headings code_headings = {"the page of a bug check",
                                       "What it means, Usual causes, What to collect, How to tell the causes apart",
                                       {"What it means", "Usual causes", "What to collect", SC_PAGE_DEPTH_HEADING},
                                       3,
                                       4,
                                       false};

static sc_place body_place(const sc_head_and_body *parts, unsigned line)
{
    return (sc_place){parts->body_line + line - 1, 1, 1};
}

static bool is_one_of(const headings *want, sc_span text)
{
    for (size_t i = 0; i < want->n; i++)
        if (sc_ieq_z(text, want->names[i])) return true;
    return false;
}

/* "; there is "Usual cause"", for a heading that is missing. */
static const char *similar_heading(sc_walk *w, const char *name, const sc_md_heading *h, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        sc_nearest near = sc_nearest_to(h[k].text);
        sc_nearest_try(&near, name);
        if (near.name) return sc_arena_printf(w->m->arena, "; there is \"%.*s\"", SC_F(h[k].text)).p;
    }
    return "";
}

/* The headings stand in their order, once each, with something below them. */
static void check_headings(sc_walk *w, const sc_head_and_body *parts, const headings *want, size_t n_steps)
{
    size_t n;
    const sc_md_heading *h = sc_md_headings(w->m->arena, parts->body, &n);
    unsigned last_line = 0;
    for (size_t i = 0; i < want->n; i++) {
        const char *name = want->names[i];
        const sc_md_heading *found = NULL;
        for (size_t k = 0; k < n; k++) {
            if (h[k].level != 2 || !sc_ieq_z(h[k].text, name)) continue;
            if (found)
                sc_wrong(w, body_place(parts, h[k].line), "a second \"## %s\"", name);
            else
                found = &h[k];
        }
        if (!found) {
            if (i < want->n_required)
                sc_wrong(w, body_place(parts, 1), "%s needs the heading \"## %s\"%s", want->what, name,
                         similar_heading(w, name, h, n));
            continue;
        }
        sc_place at = body_place(parts, found->line);
        if (!sc_eq_z(found->text, name)) sc_wrong(w, at, "this heading is written \"## %s\"", name);
        if (found->line < last_line) sc_wrong(w, at, "\"## %s\" stands too early; the order is %s", name, want->order);
        if (found->empty)
            sc_wrong(w, at, "nothing stands under \"## %s\"", name);
        else if (want->ends_in_steps && i + 1 == want->n && !n_steps && sc_eq_z(found->text, name))
            sc_wrong(w, at, "%s needs a numbered list of steps under \"## %s\"", want->what, name);
        last_line = found->line > last_line ? found->line : last_line;
    }
}

/* Pages of bug checks are read one beside the other: they have the same headings, and no further ones. */
static void check_page_headings(sc_walk *w, const sc_head_and_body *parts)
{
    check_headings(w, parts, &code_headings, 0);
    size_t n;
    const sc_md_heading *h = sc_md_headings(w->m->arena, parts->body, &n);
    for (size_t k = 0; k < n; k++)
        if (h[k].level <= 2 && !is_one_of(&code_headings, h[k].text))
            sc_wrong(w, body_place(parts, h[k].line), "not a heading of %s: %s", code_headings.what,
                     code_headings.order);
}

/* The label at the end of a step, and how much is at stake: what costs something comes last. False without one. */
static bool risk_of(sc_span step, sc_span *label, size_t *rank)
{
    static const char *const labels[] = {"(no risk)", "(low risk)", "(medium risk)", "(high risk)"};
    size_t open = sc_rfind_char(step, '(');
    *label = open == SC_NPOS ? (sc_span){"", 0} : sc_span_from(step, open);
    for (*rank = 0; *rank < COUNT(labels); ++*rank)
        if (sc_eq_z(*label, labels[*rank])) return true;
    return sc_starts(*label, "(risk: ") && sc_ends(*label, ")") && label->n > sizeof "(risk: )" - 1;
}

/* Where the label at the end of a line stands; the line's start when it does not stand there whole. */
static sc_place label_place(const sc_walk *w, sc_place line, sc_span label)
{
    sc_span text = sc_rtrim(sc_text_line(w->file->text, line.line));
    if (!sc_ends(text, sc_arena_z(w->m->arena, label))) return line;
    size_t from = (size_t)(text.p - w->file->text.p) + text.n - label.n;
    return sc_text_place(w->file->text, from, from + label.n);
}

static void read_steps(sc_walk *w, const sc_head_and_body *parts, sc_rule *rule)
{
    size_t n;
    const sc_md_item *steps = sc_md_steps(w->m->arena, parts->body, "Fix", &n);
    const char **fixes = sc_arena_array(w->m->arena, n, sizeof *fixes);
    if (!fixes) return;
    size_t most = 0, rank;
    sc_span worst = {"", 0}, label;
    for (size_t i = 0; i < n; i++) {
        sc_place at = body_place(parts, steps[i].last_line);
        fixes[i] = sc_arena_z(w->m->arena, steps[i].text);
        if (!risk_of(steps[i].text, &label, &rank)) {
            sc_wrong(w, at,
                     "a step must end in its risk: (no risk), (low risk), (medium risk), (high risk) or (risk: what it "
                     "costs)");
            continue;
        }
        if (rank < most)
            sc_note(w->m, SC_WARNING, w->file, label_place(w, at, label),
                    "%.*s behind %.*s: the steps go from the least risk to the most", SC_F(label), SC_F(worst));
        if (rank >= most) worst = label;
        if (rank > most) most = rank;
    }
    rule->fixes = fixes;
    rule->n_fixes = n;
}

/* ---- Whole files ------------------------------------------------------------------------------------------------- */

bool sc_rule_read(sc_messages *m, const sc_source_text *file, const char *folder, const char *slug, sc_rule_source *out)
{
    sc_walk w = {.m = m, .file = file};
    sc_rule *rule = &out->rule;
    out->file = file;
    rule->id = sc_arena_printf(m->arena, "%s/%s", folder, slug).p;
    rule->file = file->path;
    if (!sc_is_slug(sc_span_z(slug), '-'))
        sc_wrong(&w, (sc_place){0}, "a rule's file name is made of a to z, 0 to 9 and single dashes, and ends in .md");
    if (!split(m, file, &out->parts)) return false;
    const sc_yaml *head = out->parts.head, *y;
    if (!sc_walk_keys(&w, head, "a rule", sc_rule_keys, COUNT(sc_rule_keys) - 1) && head->kind != SC_YAML_MAP)
        return false;

    if ((y = need(&w, head, "a rule", "title"))) rule->title = sc_walk_line(&w, y, "title");
    read_bugcheck(&w, need(&w, head, "a rule", "bugcheck"), folder, rule);
    if ((y = need(&w, head, "a rule", "status"))) {
        int word = sc_walk_word(&w, y, "status", sc_status_names, COUNT(sc_status_names));
        rule->status = word < 0 ? SC_DRAFT : (sc_status)word;
    }
    if ((y = need(&w, head, "a rule", "tier"))) {
        int word = sc_walk_word(&w, y, "tier", sc_tier_names, COUNT(sc_tier_names));
        rule->tier = word < 0 ? SC_ADVICE : (sc_tier)word;
    }
    if ((y = need(&w, head, "a rule", "confidence"))) {
        int word = sc_walk_word(&w, y, "confidence", sc_confidence_names + 1, COUNT(sc_confidence_names) - 1);
        rule->confidence = word < 0 ? SC_NO_CONFIDENCE : (sc_confidence)(word + 1);
    }
    if ((y = need(&w, head, "a rule", "clauses"))) sc_clauses_read(&w, y, rule);
    if ((y = need(&w, head, "a rule", "summary"))) rule->summary = sc_walk_line(&w, y, "summary");
    if ((y = sc_yaml_get(head, "culprit"))) rule->culprit = sc_walk_line(&w, y, "culprit");
    read_roles(&w, sc_yaml_get(head, "roles"), rule);
    rule->supersedes = read_texts(&w, sc_yaml_get(head, "supersedes"), "supersedes", &rule->n_supersedes);
    read_references(&w, sc_yaml_get(head, "references"), rule);

    rule->body = sc_arena_z(m->arena, out->parts.body);
    read_steps(&w, &out->parts, rule);
    if (rule->status == SC_STABLE) check_headings(&w, &out->parts, &rule_headings, rule->n_fixes);
    out->good = !w.failed;
    return out->good;
}

bool sc_page_read(sc_messages *m, const sc_source_text *file, const char *folder, sc_kb_page *out)
{
    sc_walk w = {.m = m, .file = file};
    sc_head_and_body parts = {0};
    if (!split(m, file, &parts)) return false;
    if (!sc_walk_keys(&w, parts.head, "an overview page", sc_page_keys, COUNT(sc_page_keys) - 1) &&
        parts.head->kind != SC_YAML_MAP)
        return false;
    out->folder = sc_arena_z(m->arena, sc_span_z(folder));
    out->file = file->path;
    out->has_code = sc_folder_kind(sc_span_z(folder), &out->code) == SC_FOLDER_CODE;
    const sc_yaml *code = need(&w, parts.head, "an overview page", "code");
    const sc_yaml *title = need(&w, parts.head, "an overview page", "title");
    if (code && (code->kind != SC_YAML_TEXT || !sc_eq_z(code->text, folder)))
        sc_wrong(&w, code->place, "the page is in rules/%s, so its code must be %s", folder, folder);
    if (title) out->title = sc_walk_line(&w, title, "title");
    out->body = sc_arena_z(m->arena, parts.body);
    if (out->has_code) check_page_headings(&w, &parts);
    return !w.failed;
}
