/* Damaged variants of a paste, and the judgement of what comes out for them. */
#include "cli/damage.h"
#include "cli/damage_text.h"
#include "cli/variants.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- Forms of text ----------------------------------------------------------------------------------------------- */

static void expect_n(damage_fn *fn, const char *text, const char *damaged, size_t n)
{
    sc_buf out = {0};
    fn(sc_span_z(text), &out);
    if (out.n != n || (n && memcmp(out.p, damaged, n) != 0))
        fail_msg("\"%s\" becomes \"%s\", not \"%s\"", text, out.p ? out.p : "", damaged);
    sc_buf_free(&out);
}

static void expect(damage_fn *fn, const char *text, const char *damaged)
{
    expect_n(fn, text, damaged, strlen(damaged));
}

static void lines(void **state)
{
    (void)state;
    expect(damage_crlf, "a\nb\r\nc", "a\r\nb\r\nc");
    expect(damage_cr, "a\nb\r\nc", "a\rb\rc");
    expect(damage_doubled, "a\n\nb", "a\n\n\n\nb");
    expect(damage_no_blank_lines, "a\n\n \t\nb\n\r\n", "a\nb\n");
    expect(damage_trailing, "a\n\nb", "a  \n  \nb");
    expect(damage_indented, "a\n\n b", "    a\n\n     b");
    expect(damage_quoted, "a\n\nb", "> a\n>\n> b");
    expect(damage_quoted_twice, "a\n\nb\n", "> > a\n> >\n> > b\n");
}

static void wraps(void **state)
{
    (void)state;
    sc_buf text = {0}, cut = {0}, rest = {0};
    for (int i = 0; i < 100; i++) sc_buf_z(&text, "\xc3\xa4"); /* characters, not bytes */
    sc_buf_z(&text, "\nshort\n");
    for (int i = 0; i < 100; i++) sc_buf_z(&cut, i == 80 ? "\n\xc3\xa4" : "\xc3\xa4");
    for (int i = 0; i < 80; i++) sc_buf_z(&rest, "\xc3\xa4");
    sc_buf_z(&cut, "\nshort\n");
    sc_buf_z(&rest, "\nshort\n");
    expect(damage_wrap_80, text.p, cut.p);
    expect(damage_wrap_120, text.p, text.p);
    expect(damage_clip_80, text.p, rest.p);
    expect(damage_clip_120, text.p, text.p);
    sc_buf_free(&text);
    sc_buf_free(&cut);
    sc_buf_free(&rest);
    expect(damage_wrap_words,
           "   0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n"
           "012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789 a\n",
           "   0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\n0123456789 0123456789\n"
           "012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\na\n");
}

static void blanks(void **state)
{
    (void)state;
    expect(damage_no_indent, "  a b\n\t c\n\xc2\xa0 d", "a b\nc\nd");
    expect(damage_squeezed, "  a  b \n\xc2\xa0\xc2\xa0 c\t\td\n\n", "a b\nc d\n\n");
    expect(damage_tabs, "        a  b\n   c    d e", "\ta  b\n   c\td e");
    expect(damage_nbsp, " a  b c\n d",
           "\xc2\xa0"
           "a\xc2\xa0\xc2\xa0"
           "b c\n\xc2\xa0"
           "d");
    expect(damage_nbsp_every, "a b",
           "a\xc2\xa0"
           "b");
}

static void characters(void **state)
{
    (void)state;
    expect(damage_no_backticks, "fffff880`06e53328 `string'", "fffff88006e53328 string'");
    expect(damage_apostrophes, "fffff880`06e53328", "fffff880'06e53328");
    expect(damage_curly_backticks, "fffff880`06e53328",
           "fffff880\xe2\x80\x98"
           "06e53328");
    expect(damage_smart_quotes, "\"it's\" ('x')",
           "\xe2\x80\x9cit\xe2\x80\x99s\xe2\x80\x9d (\xe2\x80\x98x\xe2\x80\x99)");
    expect(damage_dashes, "a - b -- c ... d-e -----", "a \xe2\x80\x93 b \xe2\x80\x94 c \xe2\x80\xa6 d-e -----");
    expect(damage_escapes, "# a_b*[c]\\d`\n> e # f", "\\# a\\_b\\*\\[c\\]\\d\\`\n\\> e # f");
    expect(damage_escapes_all, "\\Driver\\a_b", "\\\\Driver\\\\a\\_b");
    expect(damage_upper_hex, "fffff880`06e53328 0xfffffa80070056ab b8ae60ec abcdef deadbeef1 nt!abcdefab cafebabe.",
           "FFFFF880`06E53328 0xFFFFFA80070056AB B8AE60EC abcdef DEADBEEF1 nt!ABCDEFAB CAFEBABE.");
    expect(damage_lower_hex, "FFFFF880`06E53328 0xFFFFFA80070056AB ABCD x12345678A",
           "fffff880`06e53328 "
           "0xfffffa80070056ab ABCD "
           "x12345678A");
}

static void encodings(void **state)
{
    (void)state;
    expect(damage_utf8_bom, "a",
           "\xef\xbb\xbf"
           "a");
    static const char le[] = "\xff\xfe"
                             "a\0\xe4\0\x1c\x20\x3d\xd8\x00\xde\xfd\xff";
    static const char be[] = "\xfe\xff\0a\0\xe4\x20\x1c\xd8\x3d\xde\x00\xff\xfd";
    const char *text = "a\xc3\xa4\xe2\x80\x9c\xf0\x9f\x98\x80\xff";
    expect_n(damage_utf16_le, text, le, sizeof le - 1);
    expect_n(damage_utf16_be, text, be, sizeof be - 1);
}

static void pages(void **state)
{
    (void)state;
    expect(damage_entities, "<a & 'b'> \"", "&lt;a &amp; &#39;b&#39;&gt; &quot;");
    expect(damage_html_br, "a<\n\nb", "<p>a&lt;<br>\n<br>\nb<br>\n</p>\n");
    expect(damage_html_flat, "a\r\nb\n", "<div class=\"post\">a<br />b<br /></div>\n");
    expect(damage_html_pre, "a\n", "<pre><code><span class=\"line\">a</span>\n</code></pre>\n");
    expect(damage_bbcode, "a\n", "[code]a\n[/code]\n");
    expect(damage_fenced, "a", "```text\na\n```\n");
}

static void sessions(void **state)
{
    (void)state;
    const char *text = "0: kd> !locks\nx\n3: kd>\n lkd> k\n0:000> k";
    expect(damage_no_prompts, text, "!locks\nx\n\nk\nk");
    expect(damage_no_commands, text, "\nx\n\n\n");
}

static void nothing_at_all(void **state)
{
    (void)state;
    damage_fn *const all[] = {damage_crlf,        damage_cr,           damage_doubled,     damage_no_blank_lines,
                              damage_trailing,    damage_indented,     damage_wrap_80,     damage_wrap_120,
                              damage_wrap_words,  damage_clip_80,      damage_no_indent,   damage_squeezed,
                              damage_tabs,        damage_nbsp,         damage_nbsp_every,  damage_no_backticks,
                              damage_apostrophes, damage_smart_quotes, damage_dashes,      damage_escapes,
                              damage_upper_hex,   damage_quoted,       damage_no_prompts,  damage_no_commands,
                              damage_entities,    damage_lower_hex,    damage_quoted_twice};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) expect(all[i], "", "");
}

/* ---- Variants of a paste ----------------------------------------------------------------------------------------- */

static const char paste[] = "Hello.\n"                                                      /* 1 */
                            "0: kd> !analyze -v\n"                                          /* 2 */
                            "BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}\n"   /* 3 */
                            "That was the first one.\n"                                     /* 4 */
                            "0: kd> !irql\n"                                                /* 5 */
                            "Debugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\n" /* 6 */
                            "1: kd> !irql\n"                                                /* 7 */
                            "Debugger saved IRQL for processor 0x1 -- 0 (LOW_LEVEL)\n";     /* 8 */

typedef struct fixture {
    sc_engine *engine;
    sc_diagnosis *diagnosis;
    sc_arena *arena;
    damage_source source;
} fixture;

static void set_up(fixture *f, const char *text)
{
    static const sc_knowledge nothing;
    sc_error error = {0};
    *f = (fixture){.arena = sc_arena_new(0)};
    assert_int_equal(sc_engine_new(&f->engine, &nothing, &error), SC_OK);
    assert_int_equal(sc_diagnose(f->engine, sc_span_z(text), &f->diagnosis, &error), SC_OK);
    assert_int_equal(damage_source_init(&f->source, f->arena, sc_span_z(text), f->diagnosis), SC_OK);
}

static void tear_down(fixture *f)
{
    sc_arena_free(f->arena);
    sc_diagnosis_free(f->diagnosis);
    sc_engine_free(f->engine);
}

static size_t kind_named(const char *name)
{
    for (size_t k = 0; damage_kind_at(k); k++)
        if (!strcmp(damage_kind_at(k)->name, name)) return k;
    fail_msg("there is no kind %s", name);
    return 0;
}

/* Variant `at` of a kind is called `name` and is `text`; NULL: there is none. */
static damage_variant expect_variant(const fixture *f, const char *kind, size_t at, const char *name, const char *text)
{
    damage_variant v;
    sc_buf out = {0};
    size_t k = kind_named(kind);
    bool made = at < damage_count(k, &f->source) && damage_make(k, at, &f->source, &v, &out);
    assert_int_equal(made, text != NULL);
    if (text) {
        assert_string_equal(v.name, name);
        assert_string_equal(out.p, text);
    }
    sc_buf_free(&out);
    return v;
}

static void kinds_have_names_of_their_own(void **state)
{
    (void)state;
    assert_null(damage_kind_at(damage_n_kinds));
    for (size_t i = 0; i < damage_n_kinds; i++) {
        assert_true(*damage_kind_at(i)->name && *damage_kind_at(i)->doc);
        assert_int_equal(kind_named(damage_kind_at(i)->name), i);
    }
}

static void sections_are_lost(void **state)
{
    (void)state;
    fixture f;
    set_up(&f, paste);
    assert_int_equal(f.source.n_sections, 3);
    damage_variant v = expect_variant(&f, "drop", 0, "drop 1 !analyze",
                                      "Hello.\nThat was the first one.\n0: kd> !irql\n"
                                      "Debugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\n1: kd> !irql\n"
                                      "Debugger saved IRQL for processor 0x1 -- 0 (LOW_LEVEL)\n");
    assert_int_equal(damage_origin(&v, 1), 1);
    assert_int_equal(damage_origin(&v, 2), 4);
    assert_int_equal(damage_origin(&v, 6), 8);
    v = expect_variant(&f, "drop", 2, "drop 3 !irql",
                       "Hello.\n0: kd> !analyze -v\nBugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}\n"
                       "That was the first one.\n0: kd> !irql\n"
                       "Debugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\n");
    assert_int_equal(damage_origin(&v, 6), 6);
    expect_variant(&f, "drop", 3, NULL, NULL);
    tear_down(&f);
    set_up(&f, "nothing but prose\n");
    expect_variant(&f, "drop", 0, NULL, NULL);
    expect_variant(&f, "prose", 0, NULL, NULL);
    expect_variant(&f, "rotate", 0, NULL, NULL);
    tear_down(&f);
}

static void sections_change_places(void **state)
{
    (void)state;
    fixture f;
    set_up(&f, paste);
    expect_variant(&f, "rotate", 0, "rotate 1",
                   "Hello.\n0: kd> !irql\nDebugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\n1: kd> !irql\n"
                   "Debugger saved IRQL for processor 0x1 -- 0 (LOW_LEVEL)\n0: kd> !analyze -v\n"
                   "BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}\nThat was the first one.\n");
    expect_variant(&f, "rotate", 1, "rotate 2",
                   "Hello.\n1: kd> !irql\nDebugger saved IRQL for processor 0x1 -- 0 (LOW_LEVEL)\n0: kd> !analyze -v\n"
                   "BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}\nThat was the first one.\n0: kd> !irql\n"
                   "Debugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\n");
    expect_variant(&f, "rotate", 2, NULL, NULL);
    tear_down(&f);
    /* what names a later crash stays ahead of its sections */
    set_up(&f, "0: kd> .bugcheck\nBugcheck code 0000009F\nArguments 3 1 2 3\n"
               "0: kd> .bugcheck\nBugcheck code 000000D1\nArguments 3 1 2 3\n"
               "0: kd> !irql\nDebugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\n"
               "1: kd> !irql\nDebugger saved IRQL for processor 0x1 -- 0 (LOW_LEVEL)");
    assert_int_equal(f.diagnosis->n_crashes, 2);
    expect_variant(&f, "rotate", 0, "rotate 1",
                   "0: kd> .bugcheck\nBugcheck code 0000009F\nArguments 3 1 2 3\n"
                   "0: kd> .bugcheck\nBugcheck code 000000D1\nArguments 3 1 2 3\n"
                   "1: kd> !irql\nDebugger saved IRQL for processor 0x1 -- 0 (LOW_LEVEL)\n"
                   "0: kd> !irql\nDebugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\n");
    tear_down(&f);
}

static void sections_are_set_apart(void **state)
{
    (void)state;
    fixture f;
    set_up(&f, "0: kd> !irql\nDebugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\nBye.\n");
    expect_variant(&f, "fenced-parts", 0, "fenced-parts",
                   "Output:\n\n```\n0: kd> !irql\nDebugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\n```\n\n"
                   "Bye.\n");
    expect_variant(&f, "bbcode-parts", 0, "bbcode-parts",
                   "[b]Output:[/b]\n[code]\n0: kd> !irql\n"
                   "Debugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\n[/code]\nBye.\n");
    expect_variant(&f, "twice", 0, "twice",
                   "0: kd> !irql\nDebugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\nBye.\n"
                   "0: kd> !irql\nDebugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\nBye.\n");
    tear_down(&f);
}

static void cuts(void **state)
{
    (void)state;
    fixture f;
    set_up(&f, paste);
    /* between all lines of a short paste */
    assert_int_equal(damage_count(kind_named("chop-line"), &f.source), 7);
    damage_variant v = expect_variant(&f, "chop-line", 6, "chop-line 7",
                                      "Debugger saved IRQL for processor 0x1 -- 0 (LOW_LEVEL)\n");
    assert_int_equal(damage_origin(&v, 1), 8);
    expect_variant(&f, "slap-line", 0, "slap-line 1", "Hello.\n");
    /* within the line that the bug check was read from */
    assert_int_equal(f.source.n_proofs, 1);
    assert_int_equal(f.source.proofs[0], 3);
    v = expect_variant(&f, "slap-proof", 0, "slap-proof 1",
                       "Hello.\n0: kd> !analyze -v\nBugCheck 9F, {4, 258, fffffa80"); /* within a number */
    v = expect_variant(&f, "slap-proof", 1, "slap-proof 2",
                       "Hello.\n0: kd> !analyze -v\nBugCheck 9F, {4, 258, fffffa8"); /* in the middle */
    v = expect_variant(&f, "chop-proof", 0, "chop-proof 1",
                       "07005660, fffff800053e83d0}\nThat was the first one.\n0: kd> !irql\n"
                       "Debugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\n1: kd> !irql\n"
                       "Debugger saved IRQL for processor 0x1 -- 0 (LOW_LEVEL)\n");
    assert_int_equal(damage_origin(&v, 1), 3);
    expect_variant(&f, "lost-line", 0, "lost-line 1",
                   "Hello.\n0: kd> !analyze -v\nThat was the first one.\n0: kd> !irql\n"
                   "Debugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\n1: kd> !irql\n"
                   "Debugger saved IRQL for processor 0x1 -- 0 (LOW_LEVEL)\n");
    expect_variant(&f, "lost-line", 1, NULL, NULL);
    expect_variant(&f, "short-line", 0, "short-line 1",
                   "Hello.\n0: kd> !analyze -v\nBugCheck 9F, {4, 258, fffffa80\nThat was the first one.\n0: kd> !irql\n"
                   "Debugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\n1: kd> !irql\n"
                   "Debugger saved IRQL for processor 0x1 -- 0 (LOW_LEVEL)\n");
    /* at even places, never at the end of a line */
    for (size_t i = 0; i < damage_count(kind_named("slap-byte"), &f.source); i++) {
        sc_buf head = {0}, tail = {0};
        damage_variant h, t;
        assert_true(damage_make(kind_named("slap-byte"), i, &f.source, &h, &head));
        assert_true(damage_make(kind_named("chop-byte"), i, &f.source, &t, &tail));
        assert_int_equal(head.n + tail.n, sizeof paste - 1);
        assert_true(head.p[head.n - 1] != '\n' && tail.p[0] != '\n');
        assert_memory_equal(head.p, paste, head.n);
        assert_memory_equal(tail.p, paste + head.n, tail.n);
        sc_buf_free(&head);
        sc_buf_free(&tail);
    }
    tear_down(&f);
}

/* All variants: twice the same, names that occur once, never the paste itself. */
static void all_of_them(void **state)
{
    (void)state;
    fixture f;
    set_up(&f, paste);
    sc_list names = {0};
    for (size_t k = 0; k < damage_n_kinds; k++) {
        for (size_t i = 0; i < damage_count(k, &f.source); i++) {
            sc_buf one = {0}, two = {0};
            damage_variant v, w;
            bool made = damage_make(k, i, &f.source, &v, &one);
            assert_int_equal(damage_make(k, i, &f.source, &w, &two), made);
            assert_string_equal(v.name, w.name);
            if (made) {
                assert_true(sc_eq(sc_buf_view(&one), sc_buf_view(&two)));
                assert_false(sc_eq_z(sc_buf_view(&one), paste));
            }
            for (size_t n = 0; n < names.n; n++) assert_string_not_equal(((const char **)names.items)[n], v.name);
            const char **name = sc_list_add(f.arena, &names, sizeof *name);
            *name = sc_arena_z(f.arena, sc_span_z(v.name));
            sc_buf_free(&one);
            sc_buf_free(&two);
        }
    }
    assert_true(names.n > 60);
    tear_down(&f);
}

/* ---- Judgement --------------------------------------------------------------------------------------------------- */

static const sc_rule lock = {.id = "0x9F/lock"}, timeout = {.id = "0x9F/timeout"}, leak = {.id = "any/leak"};

typedef struct trial {
    damage_loss loss;
    sc_crash whole[2], damaged[3];
    size_t n_whole, n_damaged;
    damage_variant variant;
} trial;

static sc_finding finding(const sc_rule *rule, sc_verdict verdict, sc_confidence confidence, const char *culprit)
{
    return (sc_finding){.rule = rule, .verdict = verdict, .confidence = confidence, .culprit = sc_span_z(culprit)};
}

static sc_crash crash(uint32_t code, const sc_finding *f, size_t n)
{
    sc_crash c = {.first_line = 1, .last_line = 10, .findings = f, .n_findings = n};
    c.bugcheck = (sc_bugcheck){.source = code ? SC_SOURCE_LINE : SC_SOURCE_NONE, .code = code};
    for (size_t i = 0; i < n; i++) {
        if (f[i].verdict != SC_CONFIRMED || f[i].superseded || !f[i].culprit.n) continue;
        c.culprit_kind = SC_CULPRIT_MODULE;
        c.culprit = f[i].culprit;
        c.culprit_confidence = f[i].confidence;
        c.culprit_rule = f[i].rule;
    }
    return c;
}

/* The faults of a trial, a line each. */
static void expect_faults(trial *t, const char *faults, size_t verdicts, size_t held)
{
    damage_kind kind = {"test", "", t->loss};
    sc_arena *a = sc_arena_new(0);
    sc_diagnosis whole = {.crashes = t->whole, .n_crashes = t->n_whole};
    sc_diagnosis damaged = {.crashes = t->damaged, .n_crashes = t->n_damaged};
    variant_verdict out;
    sc_buf text = {0};
    t->variant.kind = &kind;
    assert_int_equal(variant_judge(a, &t->variant, &whole, t->n_damaged ? &damaged : NULL, &out), SC_OK);
    for (size_t i = 0; i < out.faults.n; i++) {
        const variant_fault *f = (const variant_fault *)out.faults.items + i;
        sc_buf_printf(&text, "%.*s\n", SC_F(f->what));
    }
    assert_string_equal(text.p ? text.p : "", faults);
    assert_int_equal(out.verdicts, verdicts);
    assert_int_equal(out.held, held);
    sc_buf_free(&text);
    sc_arena_free(a);
}

static void verdicts_may_hold_or_open(void **state)
{
    (void)state;
    const sc_finding sure[] = {finding(&lock, SC_CONFIRMED, SC_CERTAIN, "zte")};
    const sc_finding less[] = {finding(&lock, SC_CONFIRMED, SC_LIKELY, "ZTE")};
    const sc_finding open[] = {finding(&lock, SC_OPEN, SC_CERTAIN, "zte")};
    const sc_finding other[] = {finding(&lock, SC_CONFIRMED, SC_LIKELY, "usbhub")};
    trial t = {.loss = DAMAGE_KEEPS, .n_whole = 1, .n_damaged = 1, .whole = {crash(0x9f, sure, 1)}};
    t.damaged[0] = crash(0x9f, sure, 1);
    expect_faults(&t, "", 2, 2); /* the rule and its culprit */
    t.damaged[0] = crash(0x9f, less, 1);
    expect_faults(&t, "", 2, 0);
    t.damaged[0] = crash(0x9f, open, 1);
    expect_faults(&t, "", 2, 0);
    t.damaged[0] = crash(0x9f, NULL, 0);
    expect_faults(&t, "crash 1: loses 0x9F/lock\n", 2, 0);
    t.loss = DAMAGE_LOSES;
    expect_faults(&t, "", 2, 0);
    t.damaged[0] = crash(0x9f, other, 1);
    expect_faults(&t, "crash 1: blames usbhub\ncrash 1: confirms 0x9F/lock for usbhub\n", 2, 0);
    t.whole[0] = crash(0x9f, less, 1);
    t.damaged[0] = crash(0x9f, sure, 1);
    expect_faults(&t, "crash 1: is surer of zte: certain\ncrash 1: is surer of 0x9F/lock: certain\n", 2, 2);
    t.whole[0] = crash(0x9f, open, 1);
    expect_faults(&t, "crash 1: blames zte\ncrash 1: confirms 0x9F/lock\n", 0, 0);
}

static void what_is_missing_rules_nothing_out(void **state)
{
    (void)state;
    const sc_finding sure[] = {finding(&lock, SC_CONFIRMED, SC_CERTAIN, "")};
    const sc_finding gone[] = {finding(&lock, SC_RULED_OUT, SC_CERTAIN, "")};
    trial t = {.loss = DAMAGE_LOSES, .n_whole = 1, .n_damaged = 1, .whole = {crash(0x9f, sure, 1)}};
    t.damaged[0] = crash(0x9f, NULL, 0);
    t.damaged[0].ruled_out = gone;
    t.damaged[0].n_ruled_out = 1;
    expect_faults(&t, "crash 1: rules out 0x9F/lock\n", 1, 0);
    t.loss = DAMAGE_HIDES; /* nobody can tell that a line is gone */
    expect_faults(&t, "", 1, 0);
}

static void a_hidden_rule_is_not_new(void **state)
{
    (void)state;
    sc_finding both[] = {finding(&lock, SC_CONFIRMED, SC_CERTAIN, "zte"),
                         finding(&timeout, SC_CONFIRMED, SC_LIKELY, "zte")};
    both[1].superseded = true;
    const sc_finding weaker[] = {finding(&timeout, SC_CONFIRMED, SC_LIKELY, "zte")};
    trial t = {.loss = DAMAGE_LOSES, .n_whole = 1, .n_damaged = 1, .whole = {crash(0x9f, both, 2)}};
    t.damaged[0] = crash(0x9f, weaker, 1);
    expect_faults(&t, "", 2, 0);
    /* nor is one that another rule hides in the variant */
    sc_finding hidden[] = {finding(&leak, SC_CONFIRMED, SC_LIKELY, "")};
    hidden[0].superseded = true;
    t.damaged[0] = crash(0x9f, hidden, 1);
    expect_faults(&t, "", 2, 0);
}

static void the_crashes_are_the_same(void **state)
{
    (void)state;
    trial t = {.loss = DAMAGE_KEEPS, .n_whole = 2, .n_damaged = 2};
    t.whole[0] = t.damaged[0] = crash(0x9f, NULL, 0);
    t.whole[1] = t.damaged[1] = crash(0xd1, NULL, 0);
    expect_faults(&t, "", 0, 0);
    t.n_damaged = 1;
    expect_faults(&t, "finds 1 crashes instead of 2\n", 0, 0);
    t.n_damaged = 0;
    expect_faults(&t, "finds 0 crashes instead of 2\n", 0, 0);
    t.loss = DAMAGE_LOSES;
    expect_faults(&t, "", 0, 0);
    t.n_damaged = 1;
    t.damaged[0] = crash(0xd1, NULL, 0);
    expect_faults(&t, "", 0, 0);
    t.damaged[0] = crash(0xc4, NULL, 0);
    expect_faults(&t, "crash 1: names bug check 0xC4\n", 0, 0);
    t.damaged[0] = crash(0, NULL, 0);
    expect_faults(&t, "", 0, 0);
    t.loss = DAMAGE_KEEPS;
    t.n_damaged = 2;
    expect_faults(&t, "crash 1: does not know the bug check\n", 0, 0);
    t.loss = DAMAGE_REPEATS;
    t.n_damaged = 3;
    t.damaged[0] = t.damaged[2] = crash(0x9f, NULL, 0);
    expect_faults(&t, "finds 3 crashes instead of 2\n", 0, 0);
    t.n_whole = 1;
    t.n_damaged = 1;
    expect_faults(&t, "", 0, 0);
    t.n_damaged = 2;
    t.damaged[1] = crash(0x9f, NULL, 0);
    expect_faults(&t, "", 0, 0);
}

static void parameters_are_those_of_the_whole(void **state)
{
    (void)state;
    trial t = {.loss = DAMAGE_LOSES, .n_whole = 1, .n_damaged = 1, .whole = {crash(0x9f, NULL, 0)}};
    t.whole[0].bugcheck.known[0] = t.whole[0].bugcheck.known[1] = true;
    t.whole[0].bugcheck.arg[0] = 0x258;
    t.damaged[0] = crash(0x9f, NULL, 0);
    expect_faults(&t, "", 0, 0);
    t.damaged[0].bugcheck.known[0] = t.damaged[0].bugcheck.known[2] = true;
    t.damaged[0].bugcheck.arg[0] = 0x25;
    expect_faults(&t, "crash 1: parameter 1 is 0x25\ncrash 1: parameter 3 is 0x0\n", 0, 0);
}

/* With its bug check, a crash loses its sections to the one beside it: there they are no fault. */
static void sections_of_a_neighbour(void **state)
{
    (void)state;
    const sc_finding leaks[] = {finding(&leak, SC_CONFIRMED, SC_CERTAIN, "")};
    const sc_finding blames[] = {finding(&leak, SC_CONFIRMED, SC_CERTAIN, "zte")};
    trial t = {.loss = DAMAGE_LOSES, .n_whole = 2, .n_damaged = 1};
    t.whole[0] = crash(0x9f, leaks, 1);
    t.whole[1] = crash(0xd1, NULL, 0);
    t.whole[1].first_line = 11;
    t.whole[1].last_line = 20;
    t.damaged[0] = crash(0xd1, leaks, 1);
    t.damaged[0].last_line = 15; /* lines 6 to 20 of the paste */
    t.variant.gap_lines = 5;
    expect_faults(&t, "", 0, 0);
    t.damaged[0] = crash(0xd1, blames, 1); /* but nobody is blamed for it */
    t.damaged[0].last_line = 15;
    expect_faults(&t, "crash 1: blames zte\n", 0, 0);
    t.damaged[0] = crash(0xd1, leaks, 1); /* lines 11 to 20 */
    t.variant.gap_lines = 10;
    expect_faults(&t, "crash 1: confirms any/leak\n", 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(wraps),
        cmocka_unit_test(blanks),
        cmocka_unit_test(characters),
        cmocka_unit_test(encodings),
        cmocka_unit_test(pages),
        cmocka_unit_test(sessions),
        cmocka_unit_test(nothing_at_all),
        cmocka_unit_test(kinds_have_names_of_their_own),
        cmocka_unit_test(sections_are_lost),
        cmocka_unit_test(sections_change_places),
        cmocka_unit_test(sections_are_set_apart),
        cmocka_unit_test(cuts),
        cmocka_unit_test(all_of_them),
        cmocka_unit_test(verdicts_may_hold_or_open),
        cmocka_unit_test(what_is_missing_rules_nothing_out),
        cmocka_unit_test(a_hidden_rule_is_not_new),
        cmocka_unit_test(the_crashes_are_the_same),
        cmocka_unit_test(parameters_are_those_of_the_whole),
        cmocka_unit_test(sections_of_a_neighbour),
    };
    return cmocka_run_group_tests_name("damage", tests, NULL, NULL);
}
