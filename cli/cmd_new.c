/* stopcode new RULE --from PASTE: a sample and the draft of a rule, ready to be edited. */
#include "cli/cli.h"
#include "cli/expectation.h"
#include "cli/stub.h"
#include "cli/yaml_edit.h"
#include "engine/base/scan.h"
#include "engine/render/words.h"
#include "engine/scrub/scrub.h"
#include "kb/files.h"
#include "kb/rule_read.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_SAMPLE, FILE_EXPECTATION, FILE_RULE, FILE_INDEX, N_FILES };

typedef struct new_file {
    const char *path; /* NULL: not wanted */
    sc_buf text;
    bool written;
} new_file;

typedef struct new_rule {
    const cli *c;
    sc_arena *arena;
    const char *root; /* of the source tree */
    const char *folder, *slug, *id;
    uint32_t code;
    sc_folder kind;
    sc_scrubbed paste;
    sc_kb *kb;
    sc_engine *engine;
    sc_diagnosis *d;
    size_t at; /* the crash that the rule is about */
    new_file files[N_FILES];
} new_rule;

/* ---- The name ---------------------------------------------------------------------------------------------------- */

/* "0x9f" means 0x9F. NULL for what is no folder of rules. */
static const char *folder_of(sc_arena *a, sc_span name)
{
    uint64_t code;
    if (sc_ieq_z(name, "any")) return "any";
    if (sc_ieq_z(name, "none")) return "none";
    if (!sc_istarts(name, "0x") || !sc_span_hex(sc_span_from(name, 2), &code) || code > UINT32_MAX) return NULL;
    return sc_arena_printf(a, "0x%" PRIX32, (uint32_t)code).p;
}

static int read_name(new_rule *n)
{
    sc_span name = sc_span_z(n->c->operands[0]), folder, slug;
    if (sc_starts(name, "rules/")) name = sc_span_from(name, 6);
    if (sc_ends(name, ".md")) name.n -= 3;
    bool two = sc_cut(name, "/", &folder, &slug);
    n->folder = folder_of(n->arena, folder);
    if (!two || !n->folder)
        return cli_fail(
            "\"%s\" is no name for a rule; it is BUG-CHECK/NAME, such as 0x9F/pnp-lock-held, or any/NAME for "
            "every bug check, or none/NAME for pastes without one",
            n->c->operands[0]);
    if (!sc_is_slug(slug, '-') || sc_eq_z(slug, "index"))
        return cli_fail("\"%.*s\" is no name for a rule; use a to z, 0 to 9 and single dashes, such as pnp-lock-held",
                        SC_F(slug));
    n->slug = sc_arena_z(n->arena, slug);
    n->id = sc_arena_printf(n->arena, "%s/%s", n->folder, n->slug).p;
    n->kind = sc_folder_kind(sc_span_z(n->folder), &n->code);
    return CLI_OK;
}

/* ---- What is there ----------------------------------------------------------------------------------------------- */

static int open_tree(new_rule *n)
{
    sc_buf root = {0}, messages = {0};
    sc_error error = {0};
    sc_reporter reporter = {.report = cli_report, .context = &messages};
    const char *from = n->c->value[CLI_SOURCE] ? n->c->value[CLI_SOURCE] : ".";
    bool found = cli_find_source(&root, from);
    n->root = found ? sc_arena_z(n->arena, sc_buf_view(&root)) : NULL;
    sc_buf_free(&root);
    if (!found)
        return cli_fail("%s: neither it nor a folder above it holds rules/ and kb/reference/; name one with --source",
                        from);
    int rc = sc_kb_open(&n->kb, n->root, &reporter, &error);
    if (rc && messages.n) fwrite(messages.p, 1, messages.n, stderr);
    sc_buf_free(&messages);
    if (!rc) rc = sc_engine_new(&n->engine, sc_kb_knowledge(n->kb), &error);
    return rc ? cli_fail("%s", *error.text ? error.text : "out of memory") : CLI_OK;
}

/* Which files there will be. None of them may be there already. */
static int name_files(new_rule *n)
{
    const char *corpus = n->c->value[CLI_CORPUS];
    if (!corpus) corpus = sc_path_join(n->arena, n->root, "corpus");
    const char *stem = sc_path_join(n->arena, corpus, n->id);
    const char *rules = sc_path_join(n->arena, n->root, "rules");
    const char *folder = sc_path_join(n->arena, rules, n->folder);
    n->files[FILE_SAMPLE].path = sc_arena_printf(n->arena, "%s.txt", stem).p;
    n->files[FILE_EXPECTATION].path = sc_arena_printf(n->arena, "%s.yaml", stem).p;
    n->files[FILE_RULE].path = sc_arena_printf(n->arena, "%s/%s.md", folder, n->slug).p;
    if (n->kind == SC_FOLDER_CODE && !sc_file_look(folder).exists)
        n->files[FILE_INDEX].path = sc_arena_printf(n->arena, "%s/index.md", folder).p;
    for (size_t i = 0; i < N_FILES; i++)
        if (n->files[i].path && sc_file_look(n->files[i].path).exists)
            return cli_fail("%s is there already, and nothing is overwritten; choose another name", n->files[i].path);
    return CLI_OK;
}

static bool fits(const new_rule *n, const sc_crash *c)
{
    bool known = c->bugcheck.source != SC_SOURCE_NONE;
    return n->kind == SC_FOLDER_ANY || (n->kind == SC_FOLDER_NONE ? !known : !known || c->bugcheck.code == n->code);
}

static int choose_crash(new_rule *n)
{
    const char *file = cli_file_name(n->c->value[CLI_FROM]);
    unsigned wanted;
    if (!n->d->n_crashes) return cli_fail("%s: %s", file, sc_nothing_recognised(n->d));
    if (!cli_number(n->c, CLI_CRASH, 1, (unsigned)n->d->n_crashes, 0, &wanted)) return CLI_ERROR;
    for (size_t i = 0; i < n->d->n_crashes; i++) {
        n->at = i;
        if (wanted ? wanted == i + 1 : fits(n, &n->d->crashes[i])) break;
    }
    const sc_crash *c = &n->d->crashes[n->at];
    if (fits(n, c)) return CLI_OK;
    if (c->bugcheck.source == SC_SOURCE_NONE) /* the folder is a bug check's: fits */
        return CLI_OK;
    if (n->kind == SC_FOLDER_NONE)
        return cli_fail("%s shows bug check 0x%" PRIX32 "; did you mean 0x%" PRIX32 "/%s?", file, c->bugcheck.code,
                        c->bugcheck.code, n->slug);
    return cli_fail("%s shows bug check 0x%" PRIX32 ", not %s; did you mean 0x%" PRIX32 "/%s, or any/%s?", file,
                    c->bugcheck.code, n->folder, c->bugcheck.code, n->slug, n->slug);
}

/* Scrubbed first: nothing that is written or printed later comes from the paste as it was. */
static int read_paste(new_rule *n)
{
    const char *file = n->c->value[CLI_FROM];
    sc_buf text = {0};
    sc_error error = {0};
    int rc = cli_read(file, &text, &error);
    if (!rc) rc = sc_scrub(n->arena, sc_arena_dup(n->arena, sc_buf_view(&text)), &n->paste, &error);
    if (!rc) rc = sc_diagnose(n->engine, n->paste.text, &n->d, &error);
    sc_buf_free(&text);
    return rc ? cli_fail("%s: %s", cli_file_name(file), error.text) : choose_crash(n);
}

/* ---- What is written --------------------------------------------------------------------------------------------- */

static void put_provenance(sc_buf *out, const char *key, const char *text, const char *hint)
{
    sc_buf_printf(out, "%s: ", key);
    yaml_put_text(out, sc_span_z(text ? text : ""));
    if (!text) sc_buf_printf(out, " # %s", hint);
    sc_buf_char(out, '\n');
}

static void put_expectation(new_rule *n, sc_buf *out)
{
    put_provenance(out, "origin", n->c->value[CLI_ORIGIN],
                   "fill in where the paste comes from: \"my own machine\", or {title: ..., address: ...}");
    put_provenance(out, "terms", n->c->value[CLI_TERMS],
                   "fill in on what terms it may stand here: \"my own, given to the project\"");
    sc_buf_z(out, "crashes:");
    for (size_t i = 0; i < n->d->n_crashes; i++) {
        sc_buf text = {0};
        sample_crash seen = expectation_of(n->arena, &n->d->crashes[i]);
        expectation_put(&text, &seen, EXPECT_IDENTITY | (n->d->n_crashes > 1 ? EXPECT_LINES : 0u));
        sc_span line, rest = sc_buf_view(&text);
        for (bool first = true; rest.n; first = false) {
            sc_cut(rest, "\n", &line, &rest);
            sc_buf_printf(out, "\n  %s %.*s", first ? "-" : " ", SC_F(line));
        }
        sc_buf_free(&text);
    }
    sc_buf_char(out, '\n');
}

static int make_texts(new_rule *n)
{
    sc_error error = {0};
    stub_source s = {.engine = n->engine,
                     .knowledge = sc_kb_knowledge(n->kb),
                     .paste = n->paste.text,
                     .at = n->at,
                     .crash = &n->d->crashes[n->at],
                     .folder = n->folder,
                     .slug = n->slug,
                     .sample = sc_arena_printf(n->arena, "corpus/%s.txt", n->id).p};
    sc_buf_span(&n->files[FILE_SAMPLE].text, n->paste.text);
    put_expectation(n, &n->files[FILE_EXPECTATION].text);
    if (n->files[FILE_INDEX].path) stub_put_index(&s, &n->files[FILE_INDEX].text);
    if (stub_put_rule(&s, &n->files[FILE_RULE].text, &error)) return cli_fail("%s", error.text);
    for (size_t i = 0; i < N_FILES; i++)
        if (n->files[i].text.failed) return cli_fail("out of memory");
    return CLI_OK;
}

/* With the folders above it; only where there is no such file yet. */
static int write_new(new_rule *n, new_file *f)
{
    char *path = (char *)sc_arena_z(n->arena, sc_span_z(f->path));
    for (char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
        *p = '\0';
        int rc = mkdir(path, 0777);
        int why = errno;
        *p = '/';
        if (rc && why != EEXIST) return cli_fail("%s: %s", f->path, strerror(why));
    }
    int fd = open(f->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) return cli_fail("%s: %s", f->path, strerror(errno));
    f->written = true;
    size_t done = 0;
    int why = 0;
    while (done < f->text.n && !why) {
        ssize_t more = write(fd, f->text.p + done, f->text.n - done);
        if (more >= 0)
            done += (size_t)more;
        else if (errno != EINTR)
            why = errno;
    }
    if (close(fd) && !why) why = errno;
    return why ? cli_fail("%s: %s", f->path, strerror(why)) : CLI_OK;
}

/* All files or none. */
static int write_files(new_rule *n)
{
    int status = CLI_OK;
    for (size_t i = 0; !status && i < N_FILES; i++)
        if (n->files[i].path) status = write_new(n, &n->files[i]);
    for (size_t i = 0; status && i < N_FILES; i++)
        if (n->files[i].written && n->files[i].path) unlink(n->files[i].path);
    return status;
}

/* ---- What is told ------------------------------------------------------------------------------------------------ */

static void put_scrubbed(sc_buf *out, const sc_scrubbed *s)
{
    if (!s->n_items) sc_buf_z(out, "; nothing personal was found, but names in prose cannot be: read it once more");
    for (size_t i = 0; i < s->n_items; i++) {
        size_t n = 0;
        bool first = true;
        for (size_t k = 0; k < s->n_items; k++) {
            if (s->items[k].kind != s->items[i].kind) continue;
            first = first && k >= i;
            n++;
        }
        if (first)
            sc_buf_printf(out, "%s %zu %s%s", i ? "," : "; replaced:", n, sc_personal_names[s->items[i].kind],
                          n > 1 ? "s" : "");
    }
}

/* How the draft does on its own paste, from the tree as it is now. */
static int put_clauses(new_rule *n, sc_buf *out)
{
    sc_kb *kb = NULL;
    sc_engine *engine = NULL;
    sc_diagnosis *d = NULL;
    sc_buf messages = {0};
    sc_error error = {0};
    sc_reporter reporter = {.report = cli_report, .context = &messages};
    int rc = sc_kb_open(&kb, n->root, &reporter, &error);
    if (!rc) rc = sc_engine_new(&engine, sc_kb_knowledge(kb), &error);
    if (!rc) rc = sc_why(engine, n->paste.text, n->id, &d, &error);
    const sc_finding *f = !rc && n->at < d->n_crashes && d->crashes[n->at].n_findings ? d->crashes[n->at].findings
                                                                                      : NULL;
    size_t n_true = 0;
    for (size_t i = 0; f && i < f->n_clauses; i++) n_true += f->clauses[i].truth == SC_TRUE;
    if (f)
        sc_buf_printf(out, ": %zu clause%s, %zu true for this paste", f->n_clauses, f->n_clauses == 1 ? "" : "s",
                      n_true);
    if (rc && messages.n) fwrite(messages.p, 1, messages.n, stderr);
    sc_diagnosis_free(d);
    sc_engine_free(engine);
    sc_kb_close(kb);
    sc_buf_free(&messages);
    return rc ? cli_fail("%s", *error.text ? error.text : "out of memory") : CLI_OK;
}

static int tell(new_rule *n)
{
    sc_buf out = {0};
    const char *paste = n->files[FILE_SAMPLE].path, *rule = n->files[FILE_RULE].path;
    bool provenance = n->c->value[CLI_ORIGIN] && n->c->value[CLI_TERMS];
    sc_buf_printf(&out, "wrote %s, the paste", paste);
    put_scrubbed(&out, &n->paste);
    sc_buf_printf(&out, "\nwrote %s, what comes out today%s\n", n->files[FILE_EXPECTATION].path,
                  provenance ? "" : "; fill in origin and terms");
    if (n->files[FILE_INDEX].path)
        sc_buf_printf(&out, "wrote %s, the page of the bug check; fill it in\n", n->files[FILE_INDEX].path);
    sc_buf_printf(&out, "wrote %s, a draft", rule);
    int status = put_clauses(n, &out);
    sc_buf_printf(&out,
                  "\n\nNext: edit the draft, and run\n\n"
                  "    stopcode lint %s\n\n"
                  "then, each when the one before is content:\n\n"
                  "    stopcode why %s %s\n"
                  "    stopcode accept %s    with `status: stable` in the draft\n"
                  "    stopcode test\n",
                  rule, n->id, paste, n->id);
    int put = cli_put(&out);
    return status ? status : put;
}

static int run(cli *c)
{
    if (!c->value[CLI_FROM])
        return cli_fail("--from is missing: the file with the debugger's output (- is standard input)");
    new_rule n = {.c = c, .arena = sc_arena_new(0)};
    if (!n.arena) return cli_fail("out of memory");
    int status = read_name(&n);
    if (!status) status = open_tree(&n);
    if (!status) status = name_files(&n);
    if (!status) status = read_paste(&n);
    if (!status) status = make_texts(&n);
    if (!status) status = write_files(&n);
    if (!status) status = tell(&n);
    for (size_t i = 0; i < N_FILES; i++) sc_buf_free(&n.files[i].text);
    sc_diagnosis_free(n.d);
    sc_engine_free(n.engine);
    sc_kb_close(n.kb);
    sc_arena_free(n.arena);
    return status;
}

const cli_command cli_new = {
    .name = "new",
    .operands = "RULE --from FILE",
    .summary = "begin a rule: a sample from a paste, what comes out of it today, and a draft of the rule",
    .text =
        "RULE is BUG-CHECK/NAME, such as 0x9F/pnp-lock-held, or any/NAME or none/NAME. Personal data is scrubbed from\n"
        "the paste. The draft has a clause for each thing in the paste that a rule could rest on; all of them are\n"
        "true for it. Nothing is overwritten. CONTRIBUTING.md goes through all the steps.",
    .examples = "stopcode new 0x9F/pnp-lock-held --from paste.txt\n"
                "stopcode new any/old-driver --from - --origin \"my own machine\" --terms \"given to the project\"",
    .options = (const cli_option[]){CLI_FROM, CLI_ORIGIN, CLI_TERMS, CLI_CRASH, CLI_SOURCE, CLI_CORPUS, CLI_END},
    .least = 1,
    .most = 1,
    .run = run,
};
