/* Paste repair, kind by kind in the order of the reference, on the damaged lines of the seeds and of public posts. */
#include "tests/unit/repair_fixture.h"

/* ---- Encodings and line ends ------------------------------------------------------------------------------------- */

static void test_clean(void **state)
{
    (void)state;
    expect("3: kd> k\nChild-SP          RetAddr           Call Site\n"
           "fffff880`009b9de8 fffff800`0328b169 nt!KeBugCheckEx\n\n  indented\ttab  \n",
           "",
           "1|3: kd> k\n2|Child-SP          RetAddr           Call Site\n"
           "3|fffff880`009b9de8 fffff800`0328b169 nt!KeBugCheckEx\n4|\n5|  indented\ttab\n");
    expect("no line end", "", "1|no line end\n");
}

static void test_encodings(void **state)
{
    (void)state;
    expect_line("\xef\xbb\xbf"
                "0: kd> k",
                "encoding", "0: kd> k");
    expect_n("\xff\xfe"
             "k\0\r\0\n\0\x13\x20x\0",
             12, "encoding crlf dashes", "1|k\n2|-x\n");
    expect_n("\xfe\xff\0k\0\n\0v", 8, "encoding", "1|k\n2|v\n");
    expect_n("3\0:\0 \0k\0d\0>\0 \0k\0\n\0", 18, "encoding", "1|3: kd> k\n"); /* no byte-order mark */
    expect_n("\0"
             "3\0:\0 \0k\0d\0>\0 \0k\0\n",
             18, "encoding", "1|3: kd> k\n");
    expect_n("\xff\xfe\x3d\xd8\x00\xde"
             "a\0\x00\xd8",
             10, "encoding",
             "1|\xf0\x9f\x98\x80"
             "a\xef\xbf\xbd\n"); /* surrogates */
    expect_line("caf\xc3\xa9 \xec\x84\xb1 \xf0\x9f\x87\xb8", "", "caf\xc3\xa9 \xec\x84\xb1 \xf0\x9f\x87\xb8");
    expect_line("a\xff"
                "b\xc3(c\xe2\x80",
                "encoding",
                "a\xef\xbf\xbd"
                "b\xef\xbf\xbd(c\xef\xbf\xbd\xef\xbf\xbd");
    expect_line("\xc0\xaf \xed\xa1\x80", "encoding",
                "\xef\xbf\xbd\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* overlong, surrogate */
    /* Windows-1252 punctuation */
    expect_line("nt! ?? ::FNODOBFM::`string\x92+0x1 \x96 2\x85", "encoding smart-quotes dashes",
                "nt! ?? ::FNODOBFM::`string'+0x1 - 2...");
    expect_n("BugCheck\0 9F, {4, 258, fffffa8007005660, fffff800053e83d0}", 59, "encoding",
             "1|BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}\n");
}

static void test_line_ends(void **state)
{
    (void)state;
    expect("a\r\nb\r\n\r\nc", "crlf", "1|a\n2|b\n3|\n4|c\n");
    expect("a\rb\rc", "crlf", "1|a\n2|b\n3|c\n");
    expect("a\r\r\nb", "crlf", "1|a\n2|b\n");
    expect("a\rb\nc\n", "crlf", "1|a\n1|b\n2|c\n"); /* an editor counts two lines */
    expect("a\xe2\x80\xa8"
           "b\nc",
           "encoding", "1|a\n1|b\n2|c\n");
    expect("\x0c"
           "a\x0b\x08\x7f\xc2\x9b\n",
           "encoding", "1|a\n");
    expect("\x1b[1;31m3: kd>\x1b[0m k\x1b]0;title\x07\n\x1b", "encoding", "1|3: kd> k\n2|\n");
}

static void test_refused(void **state)
{
    (void)state;
    expect_error("", 0, "empty");
    expect_error(" \n\t\r\n\xc2\xa0\n", 9, "blanks");
    expect_error("```\n\n```\n", 9, "blanks");
    expect_error("PAGEDU64\x0f\0\0\0\xb1\x1d\0\0", 16, "!analyze -v");
    expect_error("PAGEDUMP", 8, "WinDbg");
    expect_error("MDMP\x93\xa7\0\0", 8, "WinDbg");
    expect_error("PK\x03\x04xxxx", 8, "ZIP");
    expect_error("\x7f"
                 "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0",
                 16, "no text");
    char *big = calloc(SC_MAX_PASTE_BYTES + 1u, 1);
    assert_non_null(big);
    memset(big, 'a', SC_MAX_PASTE_BYTES + 1u);
    expect_error(big, SC_MAX_PASTE_BYTES + 1u, "too large");
    free(big);
}

/* ---- Characters -------------------------------------------------------------------------------------------------- */

static void test_blanks(void **state)
{
    (void)state;
    /* seed 002 */
    expect_line("fffff800`03aab937 f390 \xc2\xa0 \xc2\xa0 \xc2\xa0 pause\xc2\xa0 ", "nbsp",
                "fffff800`03aab937 f390       pause");
    /* seed 003 */
    expect_line("\xc2\xa0 r8=ffffffffffffffff\xc2\xa0 r9=fffffa80035eb5b8 r10=00000000ffffffff", "nbsp",
                "  r8=ffffffffffffffff  r9=fffffa80035eb5b8 r10=00000000ffffffff");
    expect_line("a\xe2\x80\x87"
                "b\xe2\x80\xaf"
                "c\xe3\x80\x80"
                "d",
                "nbsp", "a b c d");
    expect_line("nt\xe2\x80\x8b!\xef\xbb\xbfKe\xe2\x80\x8d"
                "Bug\xc2\xad"
                "Check",
                "nbsp", "nt!KeBugCheck");
}

static void test_quotes_and_dashes(void **state)
{
    (void)state;
    /* seed 003 */
    expect_line("01 fffff880`138be6a0 fffff800`03b077d9 nt! ?? ::FNODOBFM::`string\xe2\x80\x99+0x35084", "smart-quotes",
                "01 fffff880`138be6a0 fffff800`03b077d9 nt! ?? ::FNODOBFM::`string'+0x35084");
    expect_line("nt! ?? ::FNODOBFM::\xe2\x80\x98string\xe2\x80\x99+0x35084", "smart-quotes",
                "nt! ?? ::FNODOBFM::`string'+0x35084");
    expect_line("pooltag \xe2\x80\x98XENO\xe2\x80\x99, please", "smart-quotes", "pooltag 'XENO', please");
    expect_line("Overlay.AllocationSize = 00000000 \xe2\x80\x93 00000000", "dashes",
                "Overlay.AllocationSize = 00000000 - 00000000");
    expect_line("CPU Id : 53 0f 10 00 00 08 04 03 \xe2\x80\x93 09 20 80 00 ff fb 8b 17", "dashes",
                "CPU Id : 53 0f 10 00 00 08 04 03 - 09 20 80 00 ff fb 8b 17");
    expect_line("Debugger saved IRQL for processor 0x2 \xe2\x80\x94 0 (LOW_LEVEL)", "dashes",
                "Debugger saved IRQL for processor 0x2 -- 0 (LOW_LEVEL)");
    expect_line("KD: Scanning for held locks\xe2\x80\xa6\xe2\x80\xa6", "dashes", "KD: Scanning for held locks......");
    expect_line("CONTEXT:  fffff880009ab0b8 \xe2\x80\x93 (.cxr 0xfffff880009ab0b8)", "dashes",
                "CONTEXT:  fffff880009ab0b8 -- (.cxr 0xfffff880009ab0b8)");
    expect_line("a 0\xc3\x97"
                "7F bugcheck, 3 \xc3\x97 4, 0\xc3\x97 1",
                "times-sign", "a 0x7F bugcheck, 3 \xc3\x97 4, 0\xc3\x97 1");
}

static void test_backticks(void **state)
{
    (void)state;
    expect_line("0xfffff6fb'400c76d8", "backtick", "0xfffff6fb`400c76d8");
    expect_line("fffff880\xc2\xb4"
                "03bd22c0",
                "backtick", "fffff880`03bd22c0");
    expect_line("fffff880\xe2\x80\x99"
                "03bd22c0",
                "smart-quotes backtick", "fffff880`03bd22c0");
    expect_line("a3a01f58\\`92797517", "backslash", "a3a01f58`92797517");
    expect_line("a3a01f58 \\`92797517 next", "backtick backslash", "a3a01f58`92797517 next");
    expect_line("a3a01f58 ` 92797517 a3a01f58` 92797517", "backtick", "a3a01f58`92797517 a3a01f58`92797517");
    expect_same("fffff880009b9de8 fffff8000328b169 nt!KeBugCheckEx");
    expect_same("'deadbeef' deadbeef'1 it's 1234567 ' 12345678 a00000000'00000000");
    expect_same("nt! ?? ::FNODOBFM::`string'+0x4e3e");
}

static void test_backslashes(void **state)
{
    (void)state;
    expect_line("Built by: 7601.x.amd64fre.win7sp1\\_ldr.130318-1533", "backslash",
                "Built by: 7601.x.amd64fre.win7sp1_ldr.130318-1533");
    expect_line("\\*\\*\\* ERROR\\: x", "backslash", "*** ERROR\\: x"); /* a word with another backslash stays */
    expect_line("3: kd\\> \\!irp nt\\!KeBugCheckEx \\[x\\]", "backslash", "3: kd> !irp nt!KeBugCheckEx [x]");
    /* the bracket around a file, whose own backslashes are escaped or not (the frames of seed 001) */
    expect_line("1a W!F+0x39 \\[minkernel\\wdf\\fx\\wdfpool.cpp @ 456\\]", "backslash",
                "1a W!F+0x39 [minkernel\\wdf\\fx\\wdfpool.cpp @ 456]");
    expect_line("1a W!F+0x39 \\[C:\\\\wdf\\\\fx\\_pool.cpp @ 456\\]", "backslash",
                "1a W!F+0x39 [C:\\wdf\\fx_pool.cpp @ 456]");
    expect_line("\\>\\[ 1b,17\\] \\\\Driver\\\\ZTEusbnet", "backslash", ">[ 1b,17] \\Driver\\ZTEusbnet");
    expect_same("\\\\server \\\\server\\share \\\\.\\PhysicalDrive0 \\??\\C:\\pagefile.sys");
    /* paths */
    expect_same("    Image path: \\SystemRoot\\system32\\DRIVERS\\ZTEusbnet.sys");
    expect_same("    Page File: \\??\\C:\\pagefile.sys");
    expect_same("fffffa801620dd00 [fffffa8016215580] irpStack: ( e, 0)  fffffa800b17ae40 [ \\Driver\\aswNdisFlt]");
    expect_same("nt!f+0x1 [D:\\a\\_work\\1\\s\\src\\x.cpp @ 30] C:\\_x.pdb my_dir\\_file ..\\.\\x");
    expect_same("  InstancePath is \"Root\\*PNP0501\\1_0_17_2_0_0\"");
}

/* ---- Quotes, fences, tags ---------------------------------------------------------------------------------------- */

static void test_quote_prefix(void **state)
{
    (void)state;
    expect("> 0: kd> !irp fffffa8008f5cc10\n> Irp is active with 10 stacks\n>\n>  [  0, 0]   0  0 00000000\n> >[ "
           "1b,17]   0  0\n",
           "quote-prefix",
           "1|0: kd> !irp fffffa8008f5cc10\n2|Irp is active with 10 stacks\n3|\n4| [  0, 0]   0  0 00000000\n5|>[ "
           "1b,17]   0  0\n");
    /* nested, and lines without a mark where the mailer wrapped */
    expect("> > 0: kd> !devstack x\n> >   !DevObj           !DrvObj\n> > > fffffa8007b13440  \\Driver\\usbhub  x\n"
           "> >   fffffa8007b13441  \\Driver\\b  x\n>> y\nwrapped\n> reply\n",
           "quote-prefix",
           "1|0: kd> !devstack x\n2|  !DevObj           !DrvObj\n3|> fffffa8007b13440  \\Driver\\usbhub  x\n"
           "4|  fffffa8007b13441  \\Driver\\b  x\n5|y\n6|wrapped\n7|reply\n");
    expect(">0: kd> k\n>[  0, 0]\n>>[ 1b,17]\n>\n> x\n>y\n", "quote-prefix",
           "1|0: kd> k\n2|[  0, 0]\n3|>[ 1b,17]\n4|\n5| x\n6|y\n");
    expect("&gt; 0: kd&gt; k\n&gt; x\n", "quote-prefix html", "1|0: kd> k\n2|x\n");
    /* not most lines */
    expect("Irp is active with 10 stacks 10 is current (= 0xfffffa8008f5cf68)\n [  0, 0]\n>[ 1b,17]   0  0\n"
           "> fffffa8007b13440  \\Driver\\usbhub\n",
           "",
           "1|Irp is active with 10 stacks 10 is current (= 0xfffffa8008f5cf68)\n2| [  0, 0]\n3|>[ 1b,17]   0  0\n"
           "4|> fffffa8007b13440  \\Driver\\usbhub\n");
    expect(">[ 1b,17]   0  0\n>[ 1b,17]   0  0\n", "", "1|>[ 1b,17]   0  0\n2|>[ 1b,17]   0  0\n");
}

static void test_blank_lines(void **state)
{
    (void)state;
    /* seed 004: every line doubled by an empty one. They stay, numbered. */
    expect("b8ae60f4 8763f718\n\nb8ae60f8 87758bd8\n\nb8ae60fc 8b4abb00\n\nb8ae6108 8b4abb00\n\nb8ae610c 87758bd8\n",
           "blank-lines",
           "1|b8ae60f4 8763f718\n2|\n3|b8ae60f8 87758bd8\n4|\n5|b8ae60fc 8b4abb00\n6|\n7|b8ae6108 8b4abb00\n8|\n"
           "9|b8ae610c 87758bd8\n");
    expect("b8ae60f4 8763f718\n\nb8ae60f8 87758bd8\nb8ae60fc 8b4abb00\n\nprose\n\nprose\n\nprose\n\nprose\n\nprose\n",
           "",
           "1|b8ae60f4 8763f718\n2|\n3|b8ae60f8 87758bd8\n4|b8ae60fc "
           "8b4abb00\n5|\n6|prose\n7|\n8|prose\n9|\n10|prose\n11|\n"
           "12|prose\n13|\n14|prose\n");
}

static void test_html(void **state)
{
    (void)state;
    expect_line("3: kd&gt; k &amp;lt; &quot;x&quot; &#39;y&#x27; a&nbsp;b &unknown; &Tail.Overlay &; &#;", "nbsp html",
                "3: kd> k &lt; \"x\" 'y' a b &unknown; &Tail.Overlay &; &#;");
    expect_line("&lt;Unloaded_x.sys&gt;+0x1234", "html", "<Unloaded_x.sys>+0x1234");
    expect_line("&lt;DRIVER&lowbar;POWER&lowbar;STATE&gt; 9F&colon; &ast;&num;", "html", "<DRIVER_POWER_STATE> 9F: *#");
    expect("<pre class=\"x\">0: kd&gt; k<br>a<br/><span style=\"a\">b</span> <b>c</b></pre>\n<p>after</p>", "html",
           "1 F|0: kd> k\n1|a\n1|b c\n2 F|after\n");
    expect("<table><tr><td>fffff880`009b9de8</td><td>nt!f</td></tr></table>", "html", "1| fffff880`009b9de8 nt!f\n");
    /* output that looks like tags, also on a page that has real ones */
    expect("<br>\n<Unloaded_x.sys>+0x1234 vector<int> <lambda_1> <unnamed-tag>\nThreads: 80ed0023-01<*> *** Actual "
           "Thread 80ed0020\n"
           "Foo<a>::Bar HandleCount: <Data Not Accessible>\n",
           "html",
           "2|<Unloaded_x.sys>+0x1234 vector<int> <lambda_1> <unnamed-tag>\n"
           "3|Threads: 80ed0023-01<*> *** Actual Thread 80ed0020\n4|Foo<a>::Bar HandleCount: <Data Not Accessible>\n");
    expect_same("MyDriver!Foo<b>::Bar<i>+0x1 <a> <code> <p>"); /* no sign of a web page */
    expect_same("Usage: !storclass <class device> <level [0-2]>");
    expect_same("DV_VIOLATED_CONDITION:  x should only be called at IRQL <= DISPATCH_LEVEL and a<b");
    expect_same("DeviceInst is \"USB\\VID_04D8&PID_0033\\5&34B08D76&0&6\"");
}

static void test_bbcode(void **state)
{
    (void)state;
    expect("text [code]3: kd> k\na [b]bold[/b] [color=red]x[/color] a[b] [x]\n[/code]after [quote=\"me, post: "
           "1\"]q[/quote]\n",
           "bbcode", "1|text\n1 F|3: kd> k\n2|a bold x a[b] [x]\n3 F|after\n3 F|q\n");
    expect("[CODE]\n3: kd> k\nx\n", "bbcode", "2 F|3: kd> k\n3|x\n"); /* its end is lost */
    expect_same("[X] (0x00000001) Special pool [b] [i] a[b] [code=");
    expect_same("    [ 48:40 8b:83 ] [s]");
    /* labels: seed 001, forums */
    expect("WinDbg - Bugcheck[Copy]\nUNEXPECTED_KERNEL_MODE_TRAP (7f)\n", "bbcode",
           "1 F|WinDbg - Bugcheck\n2 F|UNEXPECTED_KERNEL_MODE_TRAP (7f)\n");
    expect("before\nCode:\n3: kd> k\nCode: Select all\nx\n", "bbcode", "1|before\n3 F|3: kd> k\n5 F|x\n");
}

static void test_markdown(void **state)
{
    (void)state;
    expect("a\n```windbg\n3: kd> k\n```\nb\n~~~\nc\n~~~\n", "markdown", "1|a\n3 F|3: kd> k\n5 F|b\n7 F|c\n");
    expect("```3: kd> k\nx```\ny\n", "markdown", "1 F|3: kd> k\n2|x\n3 F|y\n");
    expect("`3: kd> k`\n", "markdown", "1|3: kd> k\n");
    /* sample errrec--errrec-69: a rule under a line made it a heading */
    expect("# 3: kd> !errrec fffffa8007cf4030 \n## Common Platform Error Record @ fffffa8007cf4030\n# \n", "markdown",
           "1|3: kd> !errrec fffffa8007cf4030\n2|Common Platform Error Record @ fffffa8007cf4030\n3|\n");
    expect_line("* Arg1: 0000000000000008", "markdown", "Arg1: 0000000000000008");
    expect_line("\xe2\x80\xa2 fffff880`009b9de8 fffff800`0328b169 nt!f", "markdown",
                "fffff880`009b9de8 fffff800`0328b169 nt!f");
    expect_line("**BUGCHECK_CODE:** 9f", "markdown", "BUGCHECK_CODE: 9f");
    expect_line("**BugCheck 9F, {4, 258, 1, 2}**", "markdown", "BugCheck 9F, {4, 258, 1, 2}");
    expect_same("# Child-SP          RetAddr           Call Site");
    expect_same(" # ChildEBP RetAddr");
    expect_same("# Any other values for parameter 1 must be individually examined.");
    expect_same("#include <ntddk.h>");
    expect_same("*                        Bugcheck Analysis                                    *");
    expect_same("*** Virtual Memory Usage ***");
    expect_same("**** NT ACTIVE PROCESS DUMP ****");
    expect_same("~MHz = REG_DWORD 3206");
    expect_same("+0x01c UsedPageTableEntries : 0xffff");
}

/* ---- Notes, cuts, messages --------------------------------------------------------------------------------------- */

static void test_annotations(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        /* seed 000 */
        {" fffff880`009b9f30 fffff800`032aa875 nt!KiDoubleFaultAbort+0xb2  <- Uh oh, double fault!",
         " fffff880`009b9f30 fffff800`032aa875 nt!KiDoubleFaultAbort+0xb2 {Uh oh, double fault!}"},
        /* seed 002 */
        {"fffff800`03aab941 75f4            jne     nt!KeFlushProcessWriteBuffers+0x63 (fffff800`03aab937) <-- Jump if "
         "not zero",
         "fffff800`03aab941 75f4            jne     nt!KeFlushProcessWriteBuffers+0x63 (fffff800`03aab937) {Jump if "
         "not zero}"},
        /* seed 004 */
        {"b8ae60ec b8ae6100    <----------------------------------points to the next stack frame",
         "b8ae60ec b8ae6100 {points to the next stack frame}"},
        {"b8ae60f0 8081df65 nt!IofCallDriver+0x45 <---possible Return address. Start here.",
         "b8ae60f0 8081df65 nt!IofCallDriver+0x45 {possible Return address. Start here.}"},
        {"b9596090 b8d8c0d0 BabyHog +0x30d0<-----highlighted address is the function called",
         "b9596090 b8d8c0d0 BabyHog +0x30d0 {highlighted address is the function called}"},
        {"call dword ptr BabyHog!HogFarm +0x7460 (b9596090 )  <-stores the location we called",
         "call dword ptr BabyHog!HogFarm +0x7460 (b9596090 ) {stores the location we called}"},
        {"02 fffff880`138be860 fffff800`03dee0f1 nt!MiRemoveMappedView+0xd9 --> call", /* */
         "02 fffff880`138be860 fffff800`03dee0f1 nt!MiRemoveMappedView+0xd9 {call}"},
        {"   TargetCount     0 PacketBarrier    0 IpiFrozen   5 [Target Freeze] <-- never answered",
         "   TargetCount     0 PacketBarrier    0 IpiFrozen   5 [Target Freeze] {never answered}"},
        {"3: kd> k <- the stack", "3: kd> k {the stack}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) expect_line(cases[i][0], "annotation", cases[i][1]);
    expect_line("00 fffff880`138be698 fffff800`03b45d50 nt!KeBugCheckEx <\xe2\x80\x93 BSOD", "dashes annotation",
                "00 fffff880`138be698 fffff800`03b45d50 nt!KeBugCheckEx {BSOD}");
    expect_line("nt!KeBugCheckEx \xe2\x86\x90 here", "dashes annotation", "nt!KeBugCheckEx {here}");
    expect_same("prose with an arrow --> that points");
    expect_same("x = a <- b in another language");
    expect_same("MyDriver!operator->+0x1 Foo<-1>::Bar x<-y");
    expect_same("Loading symbols for 0x8039d000       pcmcia.sys ->   pcmcia.sys");
    expect_same("    Stack:   << Current stack >>");
    expect_same("<-- nothing before it");
}

static void test_cuts(void **state)
{
    (void)state;
    /* seed 004 */
    expect(
        "!thread\n\n...\n\nBase b8ae9000 Limit b8ae6000\n.\nomitting extremely long output\n     <omitting output>\n",
        "cut",
        "1|!thread\n2|\n3 C|...\n4|\n5|Base b8ae9000 Limit b8ae6000\n6 C|.\n7 C|omitting extremely long output\n"
        "8 C|     <omitting output>\n");
    expect("[snip]\n. . . .\n--- snip ---\n12 lines omitted\n(rest of the stack omitted)\n<snipped for brevity>\n",
           "cut",
           "1 C|[snip]\n2 C|. . . .\n3 C|--- snip ---\n4 C|12 lines omitted\n5 C|(rest of the stack omitted)\n6 "
           "C|<snipped for brevity>\n");
    expect("fffff880`009b9de8 fffff800`0328b169 nt!KiSwap...\n", "cut",
           "1 C|fffff880`009b9de8 fffff800`0328b169 nt!KiSwap...\n");
    /* the debugger's own dots, and prose */
    expect(
        "Loading Kernel Symbols\n...............................................................\n.......\nLoading "
        "User Symbols\n"
        "...\nLoading unloaded module list\n.....\nKD: Scanning for held locks...\n",
        "",
        "1|Loading Kernel Symbols\n2|...............................................................\n3|.......\n"
        "4|Loading User Symbols\n5|...\n6|Loading unloaded module list\n7|.....\n8|KD: Scanning for held locks...\n");
    expect_same("I trimmed the driver's queue and the error went away.");
    expect_same("Stay tuned...");
    expect_same("    // ...");
    expect_same("----------------");
}

static void test_glued(void **state)
{
    (void)state;
    /* seed 002: the message was printed before the symbol */
    expect("fffff880`0318a978 \xc2\xa0 fffff880`04285e6f*** ERROR: Module load completed but symbols could not be "
           "loaded for cfosspeed6.sys\n"
           "\xc2\xa0 cfosspeed6+0x44e6f\nfffff880`0318a980 \xc2\xa0 fffff880`0318aa38\n",
           "nbsp glued",
           "1-2|fffff880`0318a978   fffff880`04285e6f cfosspeed6+0x44e6f\n"
           "1 M|*** ERROR: Module load completed but symbols could not be loaded for cfosspeed6.sys\n"
           "3|fffff880`0318a980   fffff880`0318aa38\n");
    expect("fffff880`0318bae8  fffff880`02fd6061*** ERROR: Symbol file could not be found.  Defaulted to export "
           "symbols for VBoxNetFlt.sys -\xc2\xa0 \n"
           "  VBoxNetFlt+0x3061\n",
           "nbsp glued",
           "1-2|fffff880`0318bae8  fffff880`02fd6061 VBoxNetFlt+0x3061\n"
           "1 M|*** ERROR: Symbol file could not be found.  Defaulted to export symbols for VBoxNetFlt.sys -\n");
    /* seed 003: the symbol's line is lost */
    expect("fffff880`0318a978  fffff880`04285e6f*** ERROR: Module load completed but symbols could not be loaded for "
           "cfosspeed6.sys\n\n\n"
           "fffff880`0318a980  fffff880`0318aa38\n",
           "glued",
           "1|fffff880`0318a978  fffff880`04285e6f\n"
           "1 M|*** ERROR: Module load completed but symbols could not be loaded for cfosspeed6.sys\n2|\n3|\n"
           "4|fffff880`0318a980  fffff880`0318aa38\n");
    expect("fffff880`0318a978  fffff880`04285e6f*** ERROR: Module load completed but symbols could not be loaded for "
           "x.sys\nProse follows.\n",
           "glued",
           "1|fffff880`0318a978  fffff880`04285e6f\n1 M|*** ERROR: Module load completed but symbols could not be "
           "loaded for x.sys\n"
           "2|Prose follows.\n");
    expect("GetPointerFromAddress: unable to read from fffff80003515000PROCESS fffffa800bb94b30 SessionId: none\n",
           "glued",
           "1 M|GetPointerFromAddress: unable to read from fffff80003515000\n1|PROCESS fffffa800bb94b30 SessionId: "
           "none\n");
    /* several messages, a symbol on the same line, a label whose value comes later */
    expect("a8b1ba44 b7d1ef5aUnable to load image x.sys, Win32 error 0n2\n*** WARNING: Unable to verify timestamp for "
           "x.sys*** ERROR: Module "
           "load completed but symbols could not be loaded for x.sys x+0x1f5a\n",
           "glued",
           "1-2|a8b1ba44 b7d1ef5a x+0x1f5a\n1 M|Unable to load image x.sys, Win32 error 0n2\n"
           "2 M|*** WARNING: Unable to verify timestamp for x.sys\n"
           "2 M|*** ERROR: Module load completed but symbols could not be loaded for x.sys\n");
    expect("READ_ADDRESS: GetPointerFromAddress: unable to read from fffff80002cb2100\n"
           "GetUlongFromAddress: unable to read from fffff80002cb21c0\n 0000000000000010 Nonpaged pool\n",
           "glued",
           "1-3|READ_ADDRESS: 0000000000000010 Nonpaged pool\n1 M|GetPointerFromAddress: unable to read from "
           "fffff80002cb2100\n"
           "2 M|GetUlongFromAddress: unable to read from fffff80002cb21c0\n");
}

static void test_messages(void **state)
{
    (void)state;
    static const char *const messages[] = {
        "WARNING: Stack unwind information not available. Following frames may be wrong.",
        "WARNING: Frame IP not in any known module. Following frames may be wrong.",
        "WARNING: !chkimg output was truncated to 50 lines. Invoke !chkimg without '-lo [num_lines]'",
        "Page 31a1d9 not present in the dump file. Type \".hh dbgerr004\" for details",
        "*** WARNING: symbols checksum is wrong 0x0000735a 0x00000000 for agpcpq.sys",
        "*** ERROR: Symbols could not be loaded for glintmp.sys",
        "Unable to load image \\SystemRoot\\system32\\x.sys, Win32 error 0n2",
        "GetUlongFromAddress: unable to read from 00000000",
        "***** Kernel symbols are WRONG. Please fix symbols to do analysis.",
    };
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        sc_buf lines = {0};
        sc_buf_printf(&lines, "1 M|%s\n", messages[i]);
        expect(messages[i], "", lines.p);
        sc_buf_free(&lines);
    }
    expect_same("*** Fatal System Error: 0x0000003b");
    expect_same("*** STOP: 0x000000F2 (0x0000000000000018,0x1,0x2,0x3)");
    expect_same("     Threads: 80ed0023-01<*> *** Actual Thread 80ed0020");
    expect_same("  *** Stack trace for last set context - .thread/.cxr resets it");
    expect_same("//WARNING: BUGGY function, DO NOT USE!!!");
    expect_same("NOTE: The trap frame does not contain all registers.");
    expect_same("Page File: \\??\\C:\\pagefile.sys");
}

static void test_truncated(void **state)
{
    (void)state;
    static const char *const cut[] = {"x\n<snip>\n", "WARNING: !chkimg output was truncated to 50 lines.\n"};
    for (size_t i = 0; i < 3; i++) {
        sc_arena *a = sc_arena_new(0);
        sc_transcript t;
        assert_int_equal(sc_transcript_repair(a, sc_span_z(i < 2 ? cut[i] : "3: kd> k\n"), &t, NULL), SC_OK);
        assert_int_equal(t.truncated, i < 2);
        sc_arena_free(a);
    }
}

/* ---- Redaction, names ------------------------------------------------------------------------------------------ */

static void test_redaction(void **state)
{
    (void)state;
    const char *blocks = "\xe2\x96\x88\xe2\x96\x88`\xe2\x96\x88\xe2\x96\x88 nt!KeBugCheckEx";
    expect_line(blocks, "redacted", blocks);
    expect_line("XXXXXXXX`XXXXXXXX nt!f", "redacted", "XXXXXXXX`XXXXXXXX nt!f");
    expect_line("Image path: <redacted>", "redacted", "Image path: <redacted>");
    expect_same("[X] (0x00000001) Special pool 0xXXXX");
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(sc_repair_names[SC_REPAIR_ENCODING], "encoding");
    assert_string_equal(sc_repair_names[SC_REPAIR_QUOTE_PREFIX], "quote-prefix");
    assert_string_equal(sc_repair_names[SC_REPAIR_REDACTED], "redacted");
    for (int i = 0; i < SC_N_REPAIRS; i++) assert_non_null(sc_repair_names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_line_ends),    cmocka_unit_test(test_refused),
        cmocka_unit_test(test_blanks),       cmocka_unit_test(test_quotes_and_dashes),
        cmocka_unit_test(test_backticks),    cmocka_unit_test(test_backslashes),
        cmocka_unit_test(test_quote_prefix), cmocka_unit_test(test_blank_lines),
        cmocka_unit_test(test_html),         cmocka_unit_test(test_bbcode),
        cmocka_unit_test(test_markdown),     cmocka_unit_test(test_annotations),
        cmocka_unit_test(test_cuts),         cmocka_unit_test(test_glued),
        cmocka_unit_test(test_messages),     cmocka_unit_test(test_truncated),
        cmocka_unit_test(test_redaction),    cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests_name("repair", tests, NULL, NULL);
}
