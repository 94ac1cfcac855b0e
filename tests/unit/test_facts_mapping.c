/* !ca, !vad, !vad_reload, !ptov, dd. */
#include "facts_forms.h"

#define CA                                                                                                             \
    "kd> !ca 825c1a40\n\nControlArea @825c1a40\n"                                                                      \
    "  Segment:    e1c63008    Flink              0   Blink:               0\n"                                        \
    " Section Ref        1    Pfn Ref           2e   Mapped Views:        3\n"                                         \
    "  User Ref           4    Subsections        1   Flush Count:         0\n"                                        \
    "  File Object 824d0f28    ModWriteCount      0   System Views:        0\n"                                        \
    "  WaitForDel         0    Paged Usage      2c0   NonPaged Usage       e0\n"                                       \
    "  Flags (90000a0) Image File HadUserReference\n\n   File: \\WINDOWS\\acmedisk.sys\n\n"                            \
    "Segment @ e1c63008:\n   Base address        0  Total Ptes        40  NonExtendPtes:       40\n"                   \
    "   Image commit        2  ControlArea 825c1a40  SizeOfSegment: 40000\n"                                           \
    "   Image Base          0  Committed          0  PTE Template: 86a31420\n"                                         \
    " Based Addr   6b1a0000  ProtoPtes   e1c63040  Image Info:    e1c63240\n\n"                                        \
    "Subsection 1. @ 825c1a70\n   ControlArea: 825c1a40  Starting Sector 0 Number Of Sectors 12\n"                     \
    "   Base Pte     e1c63040  Ptes In subsect        3 Unused Ptes          0\n"                                      \
    "   Flags              15  Sector Offset          0 Protection           1\n    ReadOnly CopyOnWrite\n"

static void reads_a_control_area(void **state)
{
    (void)state;
    fx f = fx_read(CA);
    const sc_row *r = fx_row(&f, "control_area", 0), *s = fx_row(&f, "subsection", 0);
    assert_true(fx_addr(r, "control_area") == 0x825c1a40);
    assert_true(fx_addr(r, "segment") == 0xe1c63008);
    assert_true(fx_addr(r, "file_object") == 0x824d0f28);
    fx_assert_text(r, "file", "\\WINDOWS\\acmedisk.sys");
    assert_int_equal(fx_int(r, "section_refs"), 1);
    assert_int_equal(fx_int(r, "user_refs"), 4);
    assert_int_equal(fx_int(r, "pfn_refs"), 0x2e);
    assert_int_equal(fx_int(r, "views"), 3);
    assert_true(fx_addr(r, "flags") == 0x90000a0);
    assert_true(fx_bool(r, "image"));
    assert_true(fx_addr(r, "base") == 0x6b1a0000);
    assert_int_equal(fx_int(s, "n"), 1);
    assert_true(fx_addr(s, "subsection") == 0x825c1a70);
    assert_int_equal(fx_int(s, "sectors"), 0x12);
    assert_int_equal(fx_int(s, "ptes"), 3);
    assert_true(fx_covers_int(&f, "control_area", 0x825c1a40));
    assert_false(fx_covers_int(&f, "subsection", 0x825c1a40));
    for (size_t i = 1; i < f.transcript.n_lines; i++) assert_true(!f.transcript.lines[i].text.n || f.facts->taken[i]);
    fx_free(&f);
    fx_assert_forms(CA, "subsection", 1, FX_NO_FLAT);
}

static void a_control_area_may_be_cut(void **state)
{
    (void)state;
    char *cut = fx_cut(CA, 8);
    fx f = fx_read(cut);
    assert_int_equal(fx_state(fx_row(&f, "control_area", 0), "image"), SC_NOT_PRINTED);
    assert_int_equal(fx_state(fx_row(&f, "control_area", 0), "file"), SC_NOT_PRINTED);
    assert_false(fx_covers_int(&f, "control_area", 0x825c1a40));
    fx_free(&f);
    free(cut);
    f = fx_read("kd> !ca 825c1a40\nControlArea @825c1a40\n  Segment: e1c63008\n  File Object 0\n  Flags (80) "
                "File\nSegment @ e1c63008:\n");
    assert_int_equal(fx_state(fx_row(&f, "control_area", 0), "file_object"), SC_NULL);
    assert_false(fx_bool(fx_row(&f, "control_area", 0), "image"));
    fx_free(&f);
    f = fx_read("kd> !ca 825c1a40\nControlArea @825c1a40\n  Flags (a0) Im");
    assert_int_equal(fx_state(fx_row(&f, "control_area", 0), "image"), SC_NOT_PRINTED);
    fx_free(&f);
    assert_int_equal(fx_rows_of("ControlArea @ the airport\n", "control_area"), 0);
}

#define VAD                                                                                                            \
    "0: kd> !vad fffffa8003cc7c60\nVAD             level      start      end    commit\n"                              \
    "fffffa8003b65a10 ( 2)         20       26         0 Mapped       READONLY           Pagefile-backed section\n"    \
    "fffffa8003cc7c60 ( 1)         30       3f         6 Private      READWRITE          \n"                           \
    "fffffa80056ed4c0 ( 3)      6c230    6c26b         4 Mapped  Exe  EXECUTE_WRITECOPY  \\Program Files\\a b.dll\n\n" \
    "Total VADs:     3  average level:    2  maximum depth: 3\n"

static void reads_an_address_space(void **state)
{
    (void)state;
    fx f = fx_read(VAD);
    const sc_row *r = fx_row(&f, "vad", 2);
    assert_true(fx_addr(r, "start") == 0x6c230000);
    assert_true(fx_addr(r, "end") == 0x6c26bfff);
    assert_int_equal(fx_int(r, "commit"), 4);
    fx_assert_text(r, "kind", "Mapped");
    assert_true(fx_bool(r, "image"));
    fx_assert_text(r, "protection", "EXECUTE_WRITECOPY");
    fx_assert_text(r, "file", "\\Program Files\\a b.dll");
    assert_int_equal(fx_state(fx_row(&f, "vad", 0), "file"), SC_NULL);
    assert_int_equal(fx_state(fx_row(&f, "vad", 1), "file"), SC_NULL);
    assert_false(fx_bool(fx_row(&f, "vad", 1), "image"));
    assert_true(f.facts->transcript->sections[0].complete);
    assert_false(fx_covers_all(&f, "vad"));
    fx_free(&f);
    fx_assert_forms(VAD, "vad", 3, 0);
    f = fx_read("0: kd> !vad\nffffb08c5d1a4060  3      7ffe0    7ffe0         1 Private      LargePag READONLY\n\n"
                "Total VADs: 1, average level: 3, maximum depth: 3\nTotal private commit: 0x49 pages (292 KB)\n"
                "Total shared commit:  0x5f pages (380 KB)\n");
    assert_int_equal(fx_count(&f, "vad"), 1); /* newer debuggers: no brackets */
    for (size_t i = 3; i < 6; i++) assert_true(f.facts->taken[i]);
    assert_true(fx_addr(fx_row(&f, "vad", 0), "end") == 0x7ffe0fff);
    fx_free(&f);
    assert_int_equal(fx_rows_of("0: kd> !vad\nffffb08c5d1a4060  3  7ffe0  20  1 Private  READONLY\n", "vad"), 0);
    assert_int_equal(fx_rows_of("0: kd> !vad\nffffb08c5d1a4060  3  7ffe0  7ffe1  1 Curious  READONLY\n", "vad"), 0);
}

#define RELOAD                                                                                                         \
    "3: kd> !vad_reload fffffa8007d54450\n"                                                                            \
    "fffffa80`04f5e8b0: VAD maps 00000000`6c230000 - 00000000`6c26bfff, file cscobj.dll\n"                             \
    "fffffa80`04e8f890: VAD maps 00000000`6ef90000 - 00000000`6f04afff, file my tool.dll\n"

static void reads_what_was_reloaded(void **state)
{
    (void)state;
    fx f = fx_read(RELOAD);
    const sc_row *r = fx_row(&f, "vad", 1);
    assert_true(fx_addr(r, "process") == 0xfffffa8007d54450);
    assert_true(fx_addr(r, "vad") == 0xfffffa8004e8f890);
    assert_true(fx_addr(r, "end") == 0x6f04afff);
    fx_assert_text(r, "file", "my tool.dll");
    assert_int_equal(fx_state(r, "kind"), SC_NOT_PRINTED);
    fx_free(&f);
    fx_assert_forms(RELOAD, "vad", 2, 0);
}

#define PTOV                                                                                                           \
    "3: kd> !ptov 187000\nAmd64PtoV: pagedir 187000\n00000001`034fb000 1d0000\na757c000 1d1000\n...\n"                 \
    "2ed6f000 fffff680`00001000\n"

static void reads_pages(void **state)
{
    (void)state;
    fx f = fx_read(PTOV);
    assert_int_equal(fx_count(&f, "page_map"), 3);
    assert_true(fx_addr(fx_row(&f, "page_map", 0), "physical") == 0x1034fb000);
    assert_true(fx_addr(fx_row(&f, "page_map", 2), "address") == 0xfffff68000001000);
    assert_true(fx_addr(fx_row(&f, "page_map", 2), "directory") == 0x187000);
    fx_free(&f);
    fx_assert_forms(PTOV, "page_map", 3, FX_NO_FLAT);
    assert_int_equal(fx_rows_of("kd> !ptov 187000\na757c000 1d1000\n", "page_map"), 0); /* no header */
    assert_int_equal(fx_rows_of("kd> !ptov 1\nX86PtoV: pagedir 1000\na757c010 1d1000\n1000 2001\n", "page_map"), 0);
}

static void reads_words_of_memory(void **state)
{
    (void)state;
    fx f = fx_read("2: kd> dd fe40caf8 L5\nfe40caf8  fe40cd88 fe40cbc4 00000000 c0000005  ..@.\nfe40cb08  00000001\n"
                   "2: kd> dq fffff880`045a1140 L2\nfffff880`045a1140  ffffe40b`77a1e4c8 00000000`00000000\n"
                   "2: kd> dc fffff880`045a1150 L1\nfffff880`045a1150  64636261   abcd\n");
    assert_int_equal(fx_count(&f, "memory_word"), 8);
    assert_true(fx_addr(fx_row(&f, "memory_word", 3), "address") == 0xfe40cb04);
    assert_true(fx_addr(fx_row(&f, "memory_word", 3), "value") == 0xc0000005);
    assert_true(fx_addr(fx_row(&f, "memory_word", 6), "address") == 0xfffff880045a1148);
    assert_int_equal(fx_int(fx_row(&f, "memory_word", 6), "bytes"), 8);
    assert_true(fx_addr(fx_row(&f, "memory_word", 7), "value") == 0x64636261);
    assert_true(fx_covers_int(&f, "memory_word", 0xfe40cb04));
    assert_false(fx_covers_int(&f, "memory_word", 0xfe40cb0c));
    fx_free(&f);
    assert_int_equal(fx_rows_of("fe40caf8  fe40cd88 fe40cbc4 00000000 c0000005\n", "memory_word"), 0);
    assert_int_equal(fx_rows_of("kd> dd 0\n00000000  ???????? ????????\n", "memory_word"), 0);
}

static void survives_anything(void **state)
{
    (void)state;
    fx_torture(CA);
    fx_torture(VAD);
    fx_torture(RELOAD PTOV);
    fx_torture("2: kd> dd fe40caf8 L5\nfe40caf8  fe40cd88 fe40cbc4 00000000 c0000005\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_control_area),
        cmocka_unit_test(a_control_area_may_be_cut),
        cmocka_unit_test(reads_an_address_space),
        cmocka_unit_test(reads_what_was_reloaded),
        cmocka_unit_test(reads_pages),
        cmocka_unit_test(reads_words_of_memory),
        cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
