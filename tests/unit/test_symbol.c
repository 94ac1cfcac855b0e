/* Symbols: every spelling that a stack, a raw dump or a disassembly shows. */
#include "engine/facts/symbol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct spelling {
    const char *text, *name, *module, *function, *rest;
    uint64_t offset;
} spelling;

static void splits_every_spelling(void **state)
{
    (void)state;
    static const spelling cases[] = {
        {"nt!KeBugCheckEx", "nt!KeBugCheckEx", "nt", "KeBugCheckEx", "", 0},
        {"nt!KiBugCheckDispatch+0x69", "nt!KiBugCheckDispatch", "nt", "KiBugCheckDispatch", "", 0x69},
        {"nt! ?? ::FNODOBFM::`string'+0x204ce", "nt! ?? ::FNODOBFM::`string'", "nt", "?? ::FNODOBFM::`string'", "",
         0x204ce},
        {"ndis! ?? ::LNCPHCLB::`string'+0xddf <- x", "ndis! ?? ::LNCPHCLB::`string'", "ndis", "?? ::LNCPHCLB::`string'",
         " <- x", 0xddf},
        {"Wdf01000!FxMemoryBuffer::`scalar deleting destructor'+0x3f",
         "Wdf01000!FxMemoryBuffer::`scalar deleting destructor'", "Wdf01000",
         "FxMemoryBuffer::`scalar deleting destructor'", "", 0x3f},
        {"BossHog!DEVICEDISPATCH::DispatchPassThrough+0x48", "BossHog!DEVICEDISPATCH::DispatchPassThrough", "BossHog",
         "DEVICEDISPATCH::DispatchPassThrough", "", 0x48},
        {"MyDriver!std::kstring::operator+=+0x2d [C:\\C++\\MyDriver\\kstrings.cpp @ 346]",
         "MyDriver!std::kstring::operator+=", "MyDriver",
         "std::kstring::operator+=", " [C:\\C++\\MyDriver\\kstrings.cpp @ 346]", 0x2d},
        {"Wdf01000!FxObject::operator delete+0x11 [minkernel\\wdf\\fxobject.cpp @ 326]",
         "Wdf01000!FxObject::operator delete", "Wdf01000", "FxObject::operator delete",
         " [minkernel\\wdf\\fxobject.cpp @ 326]", 0x11},
        {"a!b::operator()<int>+0x12", "a!b::operator()<int>", "a", "b::operator()<int>", "", 0x12},
        {"a!operator<<<char>+0x12", "a!operator<<<char>", "a", "operator<<<char>", "", 0x12},
        {"a!x::operator->+0x12", "a!x::operator->", "a", "x::operator->", "", 0x12},
        {"a!x::operator bool+0x1", "a!x::operator bool", "a", "x::operator bool", "", 1},
        {"a!std::vector<int, std::allocator<int> >::push_back+0x44",
         "a!std::vector<int, std::allocator<int> >::push_back", "a",
         "std::vector<int, std::allocator<int> >::push_back", "", 0x44},
        {"a!<lambda_1b2>::operator()+0x12", "a!<lambda_1b2>::operator()", "a", "<lambda_1b2>::operator()", "", 0x12},
        {"usbip_vhci!`anonymous namespace'::f+0x3", "usbip_vhci!`anonymous namespace'::f", "usbip_vhci",
         "`anonymous namespace'::f", "", 3},
        {"nt!PspSystemThreadStartup$filt$0+0x58", "nt!PspSystemThreadStartup$filt$0", "nt",
         "PspSystemThreadStartup$filt$0", "", 0x58},
        {"NT!_RtlMoveMemory@12+0x3e", "NT!_RtlMoveMemory@12", "NT", "_RtlMoveMemory@12", "", 0x3e},
        {"nt!A::~A+0x4", "nt!A::~A", "nt", "A::~A", "", 4},
        {"1394ohci!Foo+0x1", "1394ohci!Foo", "1394ohci", "Foo", "", 1},
        {"pheap-buggy!main+0xa9", "pheap-buggy!main", "pheap-buggy", "main", "", 0xa9},
        {"nt!Foo(struct _IRP * Irp = 0x12, int n = 0n5)+0x12 [x.c @ 3]", "nt!Foo", "nt", "Foo", " [x.c @ 3]", 0x12},
        {"nvlddmkm+0x340827", "nvlddmkm", "nvlddmkm", "", "", 0x340827},
        {"nvlddmkm+1bfa55 )", "nvlddmkm", "nvlddmkm", "", " )", 0x1bfa55},
        {"BabyHog +0x30d0<-----highlighted", "BabyHog", "BabyHog", "", "<-----highlighted", 0x30d0},
        {"BabyHog!HogFarm +0x7460 (b9596090 )", "BabyHog!HogFarm", "BabyHog", "HogFarm", " (b9596090 )", 0x7460},
        {"<Unloaded_x.sys>+0x1234", "x", "x", "", "", 0x1234},
        {"GenuineIntel.sys+0x12", "GenuineIntel", "GenuineIntel", "", "", 0x12},
        {"nt!KeFlushProcessWriteBuffers+0x63:", "nt!KeFlushProcessWriteBuffers", "nt", "KeFlushProcessWriteBuffers",
         ":", 0x63},
        {"nt!Foo:", "nt!Foo", "nt", "Foo", ":", 0},
        {"nt!KeBugCheckEx<- Uh oh", "nt!KeBugCheckEx", "nt", "KeBugCheckEx", "<- Uh oh", 0},
        {"nt!KiTrap08+0x48 (FPO: TaskGate 28:0)", "nt!KiTrap08", "nt", "KiTrap08", " (FPO: TaskGate 28:0)", 0x48},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const spelling *x = &cases[i];
        sc_scan c = sc_scan_of(sc_span_z(x->text));
        sc_symbol s;
        bool found = sc_symbol_scan(&c, &s);
        if (!found || !sc_eq_z(s.name, x->name) || !sc_eq_z(s.module, x->module) || !sc_eq_z(s.function, x->function) ||
            s.offset != x->offset || !sc_eq_z(sc_rest(&c), x->rest))
            fail_msg("%s: name '%.*s' module '%.*s' function '%.*s' offset %llx rest '%.*s'", x->text, SC_F(s.name),
                     SC_F(s.module), SC_F(s.function), (unsigned long long)s.offset, SC_F(sc_rest(&c)));
    }
}

static void reads_addresses(void **state)
{
    (void)state;
    sc_symbol s;
    assert_true(sc_symbol_read(SC_S("0x7799161a"), &s));
    assert_true(s.has_address);
    assert_int_equal(s.address, 0x7799161a);
    assert_true(sc_symbol_read(SC_S("0xfffff801`b56d24aa"), &s));
    assert_true(s.address == UINT64_C(0xfffff801b56d24aa));
    assert_true(sc_symbol_read(SC_S("0x0"), &s));
    assert_int_equal(s.module.n, 0);
}

static void leaves_prose_alone(void **state)
{
    (void)state;
    static const char *const words[] = {"",        "driver",  "kernel+user", "hello! World", "!thread", "a + b", "C+11",
                                        "fffff80", "ntdll!",  "module",      "<- note",      "+0x12",   "::f",   "0x",
                                        "(Inline", "`string", "x.sys",       "<Unloaded_>",  "-foo+0x1"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        sc_symbol s;
        sc_scan c = sc_scan_of(sc_span_z(words[i]));
        if (sc_symbol_scan(&c, &s)) fail_msg("'%s' is no symbol", words[i]);
        assert_ptr_equal(c.p, words[i]);
        assert_int_equal(s.name.n, 0);
    }
}

static void open_parameters_are_told(void **state)
{
    (void)state;
    sc_symbol s;
    sc_scan c = sc_scan_of(SC_S("CLASSPNP!ClassGlobalDispatch("));
    assert_true(sc_symbol_scan(&c, &s));
    assert_true(s.open);
    assert_true(sc_eq_z(s.function, "ClassGlobalDispatch"));
    assert_false(sc_symbol_read(SC_S("CLASSPNP!ClassGlobalDispatch("), &s));
}

static void the_kernel_has_several_names(void **state)
{
    (void)state;
    assert_true(sc_symbol_is_kernel(SC_S("nt")));
    assert_true(sc_symbol_is_kernel(SC_S("NT")));
    assert_true(sc_symbol_is_kernel(SC_S("ntkrnlpa")));
    assert_false(sc_symbol_is_kernel(SC_S("ntfs")));
    assert_false(sc_symbol_is_kernel(SC_S("")));
}

/* Every pair of awkward pieces, cut everywhere: must stay inside the text and end (sanitizers watch). */
static void survives_anything(void **state)
{
    (void)state;
    static const char *const pieces[] = {"a!", "operator", "+", "+0x", "12",    "`",          "'",        "<",
                                         ">",  "(",        ")", " ",   "?? ::", "~",          "[",        "]",
                                         "-",  ".",        ":", ",",   "=",     "<Unloaded_", "\xc2\xa0", "0x"};
    size_t n = sizeof pieces / sizeof *pieces;
    for (size_t i = 0; i < n * n * n; i++) {
        char text[64] = "m!";
        if (i % 2) strcat(text, pieces[i % n]);
        strcat(text, pieces[i / n % n]);
        strcat(text, pieces[i / n / n]);
        strcat(text, pieces[i % n]);
        size_t length = strlen(text);
        char *exact = malloc(length);
        assert_non_null(exact);
        memcpy(exact, text, length);
        sc_scan c = sc_scan_of((sc_span){exact, length});
        sc_symbol s;
        sc_symbol_scan(&c, &s);
        assert_true(c.p >= exact && c.p <= exact + length);
        assert_true(!s.name.n || (s.name.p >= exact && s.name.p + s.name.n <= exact + length));
        free(exact);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_every_spelling),        cmocka_unit_test(reads_addresses),
        cmocka_unit_test(leaves_prose_alone),           cmocka_unit_test(open_parameters_are_told),
        cmocka_unit_test(the_kernel_has_several_names), cmocka_unit_test(survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
