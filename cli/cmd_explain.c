/* stopcode explain TOPIC: what the knowledge base says about one thing. */
#include "cli/cli.h"
#include "cli/topics.h"
#include "kb/fill.h"

#include "engine/base/arena.h"
#include "engine/base/scan.h"
#include "engine/render/layout.h"
#include "engine/render/words.h"
#include "kb/markdown.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct page {
    sc_arena *arena;
    const sc_kb *kb;
    const sc_knowledge *k;
    sc_pen pen;
} page;

static void put_heading(page *g, const char *kind, sc_span title)
{
    g->pen.indent = 0;
    sc_pen_paragraph(&g->pen, 2, SC_STYLE_BOLD, title, SC_STYLE_DIM, sc_span_z(kind));
    g->pen.indent = 2;
}

static void put_line(page *g, sc_style style, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void put_line(page *g, sc_style style, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    sc_pen_paragraph(&g->pen, 2, style, sc_span_z(text), SC_STYLE_PLAIN, SC_S(""));
}

static void put_title(page *g, const char *title)
{
    sc_buf_char(g->pen.out, '\n');
    put_line(g, SC_STYLE_LABEL, "%s", title);
}

static void put_code(page *g, sc_span text)
{
    sc_span line;
    g->pen.indent += 4;
    while (text.n) {
        sc_cut(text, "\n", &line, &text);
        sc_pen_start(&g->pen);
        sc_pen_paint(&g->pen, SC_STYLE_COMMAND, line);
        sc_buf_char(g->pen.out, '\n');
    }
    g->pen.indent -= 4;
}

static void put_markdown(page *g, const char *body)
{
    size_t n;
    const sc_md_block *b = sc_md_blocks(g->arena, sc_template_fill(g->arena, body, false, NULL), &n);
    for (size_t i = 0; i < n; i++) {
        bool same_list = i && b[i].kind == SC_MD_ITEM && b[i - 1].kind == SC_MD_ITEM;
        if (!same_list && !(i && b[i - 1].kind == SC_MD_HEADING)) sc_buf_char(g->pen.out, '\n');
        if (b[i].kind == SC_MD_CODE) {
            put_code(g, b[i].text);
        } else if (b[i].kind == SC_MD_ITEM) {
            sc_span text = b[i].number ? sc_arena_printf(g->arena, "%d. %.*s", b[i].number, SC_F(b[i].text))
                                       : sc_arena_printf(g->arena, "- %.*s", SC_F(b[i].text));
            sc_pen_paragraph(&g->pen, b[i].number ? 3 : 2, SC_STYLE_PLAIN, text, SC_STYLE_PLAIN, SC_S(""));
        } else {
            sc_pen_paragraph(&g->pen, 0, b[i].kind == SC_MD_HEADING ? SC_STYLE_LABEL : SC_STYLE_PLAIN, b[i].text,
                             SC_STYLE_PLAIN, SC_S(""));
        }
    }
}

/* ---- Bug checks -------------------------------------------------------------------------------------------------- */

static void put_term(page *g, const char *label, const sc_ref_term *t)
{
    put_line(g, SC_STYLE_PLAIN, "%s%s%s%s", label, t->name, *t->name && *t->text ? ": " : "", t->text);
}

/* "0x9F 2" and "0x9F 2 1=0x4" are about parameter 2; with a value of parameter 1, only what holds for it. */
static void put_parameters(page *g, const sc_ref_bugcheck *b, const topic *t)
{
    bool any = false;
    for (int at = 1; at <= 4; at++) {
        char role[32], general[48];
        snprintf(general, sizeof general, "0x%" PRIX32 " %d", b->code, at);
        snprintf(role, sizeof role, "%d  ", at);
        const sc_ref_term *term = NULL;
        if (t->has_value && at > 1)
            term = sc_find_term(g->k, SC_TERM_PARAMETER,
                                sc_arena_printf(g->arena, "%s 1=0x%" PRIx64, general, t->value));
        if (!term) term = sc_find_term(g->k, SC_TERM_PARAMETER, sc_span_z(general));
        if (!term) continue;
        if (!any) put_title(g, "Parameters");
        any = true;
        put_term(g, role, term);
    }
}

static void put_values(page *g, const sc_ref_bugcheck *b, const topic *t)
{
    sc_span all = sc_arena_printf(g->arena, "0x%" PRIX32 " 1=", b->code);
    bool any = false;
    for (size_t i = 0; i < g->k->n_terms[SC_TERM_PARAMETER]; i++) {
        const sc_ref_term *term = &g->k->terms[SC_TERM_PARAMETER][i];
        sc_span name = sc_span_z(term->term);
        uint64_t v;
        if (name.n <= all.n || !sc_eq(sc_span_sub(name, 0, all.n), all)) continue;
        if (!sc_span_hex(sc_span_from(name, all.n), &v) || (t->has_value && v != t->value)) continue;
        if (!any) put_title(g, t->has_value ? "Parameter 1 of this value" : "Values of parameter 1");
        any = true;
        put_term(g, sc_arena_printf(g->arena, "0x%" PRIx64 "  ", v).p, term);
    }
    if (t->has_value && !any) put_line(g, SC_STYLE_DIM, "Nothing is known about the value 0x%" PRIx64 ".", t->value);
}

static bool is_about(const sc_rule *r, uint32_t code)
{
    for (size_t i = 0; i < r->n_codes; i++)
        if (r->codes[i] == code) return true;
    return false;
}

static void put_rules(page *g, uint32_t code)
{
    bool any = false;
    for (size_t i = 0; i < g->k->n_rules; i++) {
        const sc_rule *r = &g->k->rules[i];
        if (r->status != SC_STABLE || !is_about(r, code)) continue;
        if (!any) put_title(g, "Rules");
        any = true;
        put_line(g, SC_STYLE_PLAIN, "%s: %s", r->id, r->title);
    }
}

static void put_bugcheck(page *g, const topic *t)
{
    const sc_ref_bugcheck *b = t->item;
    uint32_t code = sc_plain_code(g->k, b->code);
    put_heading(g, b->live_dump ? "live dump" : "bug check",
                sc_arena_printf(g->arena, "0x%" PRIX32 " %s", b->code, b->name));
    put_line(g, SC_STYLE_DIM, "%" PRIu32 " in decimal, as Event 41 prints it", b->code);
    put_values(g, b, t);
    put_parameters(g, b, t);
    size_t n;
    const sc_kb_page *pages = sc_kb_pages(g->kb, &n);
    for (size_t i = 0; i < n && !t->has_value; i++)
        if (pages[i].has_code && pages[i].code == code) put_markdown(g, pages[i].body);
    put_rules(g, code);
}

/* ---- The others -------------------------------------------------------------------------------------------------- */

static void put_rule(page *g, const sc_rule *r)
{
    put_heading(g, "rule", sc_arena_printf(g->arena, "%s  %s", r->id, r->title));
    put_line(g, SC_STYLE_DIM, "%s when all its clauses hold%s%s", sc_confidence_names[r->confidence],
             r->status == SC_STABLE ? "" : "; not used: ", r->status == SC_STABLE ? "" : sc_status_names[r->status]);
    put_title(g, "Clauses");
    for (size_t i = 0; i < r->n_clauses; i++) {
        const sc_clause *c = &r->clauses[i];
        const char *effect = c->effect == SC_EXCLUDES ? ", rules it out" : "";
        if (c->effect == SC_SUPPORTS)
            effect = sc_arena_printf(g->arena, ", makes it %s", sc_confidence_names[c->supports]).p;
        sc_span ask = sc_template_fill(g->arena, c->ask ? c->ask : "", false, NULL);
        put_line(g, SC_STYLE_PLAIN, "%s%s%s%.*s%s", c->name, effect, ask.n ? "  (`" : "", SC_F(ask), ask.n ? "`)" : "");
    }
    put_markdown(g, r->body);
}

typedef struct described {
    page *page;
    const char *name;
} described;

static int put_if_command(void *context, const sc_command_info *c)
{
    described *d = context;
    if (strcmp(c->name, d->name) != 0) return 0;
    page *g = d->page;
    put_heading(g, "debugger command", sc_span_z(c->name));
    put_line(g, SC_STYLE_PLAIN, "%s.", c->doc);
    for (size_t i = 0; c->aliases && c->aliases[i]; i++) put_line(g, SC_STYLE_DIM, "also typed %s", c->aliases[i]);
    put_line(g, SC_STYLE_PLAIN, "What shows its output to be whole: %s.", c->proof);
    if (*c->tables) put_line(g, SC_STYLE_PLAIN, "Fills the tables %s (`stopcode tables NAME`).", c->tables);
    if (c->query) {
        put_title(g, "To ask for it");
        put_code(g, sc_arena_printf(g->arena, "stopcode query FILE \"%s\"", c->query));
    }
    return 1;
}

static int put_if_table(void *context, const char *name, const char *key, const char *doc, const char *commands,
                        const sc_column_info *columns, size_t n)
{
    described *d = context;
    (void)key, (void)columns, (void)n;
    if (strcmp(name, d->name) != 0) return 0;
    put_heading(d->page, "table of facts", sc_span_z(name));
    put_line(d->page, SC_STYLE_PLAIN, "%s.", doc);
    if (*commands != '(') put_line(d->page, SC_STYLE_PLAIN, "From %s.", commands);
    put_line(d->page, SC_STYLE_DIM, "Its columns: stopcode tables %s", name);
    return 1;
}

/* The rules that ask for a command. */
static void put_askers(page *g, const char *command)
{
    bool any = false;
    for (size_t i = 0; i < g->k->n_rules; i++) {
        const sc_rule *r = &g->k->rules[i];
        bool asks = false;
        for (size_t n = 0; n < r->n_clauses && !asks; n++) {
            sc_scan c = sc_scan_of(sc_span_z(r->clauses[n].ask ? r->clauses[n].ask : ""));
            sc_span word;
            const char *name = sc_word(&c, &word) ? sc_command_name(word) : NULL;
            asks = name && !strcmp(name, command);
        }
        if (!asks || r->status != SC_STABLE) continue;
        if (!any) put_title(g, "Rules that ask for it");
        any = true;
        put_line(g, SC_STYLE_PLAIN, "%s: %s", r->id, r->title);
    }
}

static void put_module(page *g, const sc_ref_module *m)
{
    static const char *const origins[] = {"part of Windows", "not part of Windows", "of another vendor, in Windows",
                                          "not a module: a name that the debugger puts where it knows none"};
    put_heading(g, "module", sc_span_z(m->name));
    put_line(g, SC_STYLE_PLAIN, "%s%s%s", m->vendor, *m->vendor && *m->product ? ": " : "", m->product);
    put_line(g, SC_STYLE_PLAIN, "%s, %s", m->kind, origins[m->origin]);
    put_line(g, SC_STYLE_DIM, "A module on a stack is a suspect, not a culprit: `lmvm %s` shows which version it is.",
             m->name);
}

static void put_topic(page *g, const topic *t)
{
    static const char *const kinds[] = {[SC_TERM_DEVICE_PROBLEM] = "problem code of a device",
                                        [SC_TERM_DEVICE_STATE] = "state of a device node",
                                        [SC_TERM_FAST_FAIL] = "fast fail, parameter 1 of 0x139",
                                        [SC_TERM_FIELD] = "label",
                                        [SC_TERM_FUNCTION] = "kernel function",
                                        [SC_TERM_IRQL] = "interrupt request level of x64",
                                        [SC_TERM_PARAMETER] = "parameter",
                                        [SC_TERM_POOL_TAG] = "pool tag",
                                        [SC_TERM_PROCESSOR] = "processor",
                                        [SC_TERM_SIGNATURE_SKIP] = "function",
                                        [SC_TERM_VERIFIER_FLAG] = "check of Driver Verifier",
                                        [SC_TERM_WHEA_SOURCE] = "source of hardware errors, parameter 1 of 0x124"};
    const sc_ref_number *status = t->item;
    const sc_ref_term *term = t->item;
    described d = {g, t->item};
    switch (t->kind) {
    case TOPIC_BUGCHECK: put_bugcheck(g, t); break;
    case TOPIC_RULE: put_rule(g, t->item); break;
    case TOPIC_COMMAND:
        sc_command_list(put_if_command, &d);
        put_askers(g, t->item);
        break;
    case TOPIC_TABLE: sc_tables(put_if_table, &d); break;
    case TOPIC_MODULE: put_module(g, t->item); break;
    case TOPIC_STATUS:
        put_heading(g, "status code", sc_arena_printf(g->arena, "0x%08" PRIx64 " %s", status->number, status->name));
        put_line(g, SC_STYLE_PLAIN, "%s", *status->text ? status->text : "Nothing is written about it yet");
        break;
    case TOPIC_TERM:
        put_heading(g, kinds[t->term], t->subject);
        put_term(g, "", term);
        if (t->term == SC_TERM_FUNCTION && !sc_eq_z(t->subject, term->term))
            put_line(g, SC_STYLE_DIM, "That is true of all that begin as %s", term->term);
        break;
    }
}

static int run(cli *c)
{
    bool color;
    sc_buf text = {0}, out = {0};
    page g = {0};
    if (!cli_wants_color(c, &color)) return CLI_ERROR;
    sc_kb *kb;
    if (cli_open_kb(c, &kb)) return CLI_ERROR;
    for (int i = 0; i < c->n; i++) sc_buf_printf(&text, "%s%s", i ? " " : "", c->operands[i]);
    g = (page){sc_arena_new(0), kb, sc_kb_knowledge(kb), sc_pen_of(&out, cli_width(), color)};
    size_t n;
    sc_nearest near = sc_nearest_to(sc_buf_view(&text));
    const topic *topics = topics_find(g.arena, g.k, sc_buf_view(&text), &n, &near);
    for (size_t i = 0; i < n; i++) {
        if (i) sc_buf_char(&out, '\n');
        put_topic(&g, &topics[i]);
    }
    int status = n ? CLI_OK : CLI_NO;
    if (!n) cli_say("nothing is known about \"%s\"%s", text.p ? text.p : "", sc_nearest_hint(&near, g.arena));
    sc_arena_free(g.arena);
    sc_kb_close(kb);
    sc_buf_free(&text);
    int put = cli_put(&out);
    return put ? put : status;
}

static const cli_option options[] = {CLI_KB, CLI_COLOR, CLI_END};
const cli_command cli_explain = {
    .name = "explain",
    .operands = "TOPIC...",
    .summary = "what is known about a bug check, rule, command, module, function, status ...",
    .text = "TOPIC is a bug check in any spelling (0x9F, 9f, 159, DRIVER_POWER_STATE_FAILURE, with the value\n"
            "of its first parameter behind it), a status code, a rule, a debugger command, a module, a kernel\n"
            "function, a pool tag, a label of debugger output, or a table of facts. What means several things\n"
            "is explained as each of them. Exit status: 0 something is known, 1 nothing is.\n",
    .examples = "stopcode explain 0x9F 4\n"
                "stopcode explain driver power state failure\n"
                "stopcode explain c00000bb\n"
                "stopcode explain '!locks'\n"
                "stopcode explain KeFlushMultipleRangeTb\n",
    .options = options,
    .least = 1,
    .most = -1,
    .run = run,
};
