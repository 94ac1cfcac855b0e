#!/bin/sh
# stopcode --format html: one page that is complete in itself, whatever the paste says.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

# Links inside of the page that lead nowhere, and names that two places have.
loose_links() {
    awk '{
        while (match($0, /(href="#|id=")[^"]*"/)) {
            at = substr($0, RSTART, RLENGTH - 1)
            $0 = substr($0, RSTART + RLENGTH)
            if (at ~ /^id/) there[substr(at, 5)] = 1; else wanted[substr(at, 8)] = 1
        }
    } END { for (id in wanted) if (!(id in there)) print id }' "$1"
}
double_ids() { grep -o ' id="[^"]*"' "$1" | sort | uniq -d; }
# Everything that could load, run or send: elements and attributes of the page, not what stands in its text.
active() {
    tr '>' '\n' <"$1" | grep -i -E '<(script|iframe|img|object|embed|form|base|svg|video|audio)' && return
    tr '>' '\n' <"$1" | grep -i -E '<[^!]* (on[a-z]+|src|style) *=' && return
    grep -i -E 'href="(javascript|data:text|vbscript)' "$1"
}

exits 0 "html" --format html "$root/corpus/0x9F/zte-modem.txt"
cp out page.html
is "$(head -n 1 page.html)" "<!DOCTYPE html>" "a page of HTML"
is "$(tail -n 1 page.html)" "</html>" "to its end"
contains "$out" "ZTEusbnet is the cause." "the verdict"
contains "$out" '<span class="risk">no risk</span>' "the fixes with their risks"
contains "$out" '<a href="#p1-line-31"><span class="number">31</span><code>Resource @ nt!PiEngineLock' \
    "evidence leads to its line"
contains "$out" '<mark>Resource @ nt!PiEngineLock (0xfffff80003492be0)    Exclusively owned</mark>' "which is marked"
contains "$(grep -F '<mark>Resource @ nt!PiEngineLock' page.html)" '<a class="back" href="#p1-proof-2">lock owner</a>' \
    "and leads back"
contains "$out" "BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}" "the paste stands in it"
contains "$out" "<code>usbccgp</code>, bystander" "modules and the parts that they played"
contains "$out" "<h3>Next</h3>" "what to run next"
is "$(loose_links page.html)" "" "every link has its place"
is "$(double_ids page.html)" "" "every place has its own name"
is "$(active page.html)" "" "nothing that loads, runs or sends"
is "$(grep -c '<h1>' page.html)" 1 "one title"
contains "$out" "default-src 'none'" "the policy forbids everything"
contains "$out" "@media print" "it can be printed"
contains "$out" "prefers-color-scheme: dark" "and is dark where that is wanted"

# The style that the policy lets through is the one that stands there.
sed -n '/<style>/,/<\/style>/p' page.html | sed '1s/.*<style>//; $d' >style.css
named=$(sed -n "s/.*style-src 'sha256-\([^']*\)'.*/\1/p" page.html)
sum=$(sha256sum <style.css)
is "$(printf '%s' "$named" | base64 -d | od -An -v -tx1 | tr -d ' \n')" "${sum%% *}" \
    "the policy has the sum of the style"
is "$named" "$(printf '%s' "$named" | tr -d '\n')" "one sum"

exits 0 "an undecided paste" --format html crash.txt
contains "$out" "Still open" "what is open"
contains "$out" '<code class="command">!thread fffffa8007005660</code>' "the next command"
lacks "$out" "Ruled out" "near misses are left out"
is "$("$stopcode" --format html crash.txt)" "$out" "the same paste gives the same page"
run --format html --all "$root/corpus/0x1A/page-table-count.txt"
contains "$out" "Ruled out" "near misses with --all"

"$stopcode" --format html - <crash.txt >out
contains "$(cat out)" "<h1>Diagnosis</h1>" "a paste without a name"

exits 1 "nothing is recognised" --format html prose.txt
contains "$out" "This is not debugger output" "a page says that nothing was recognised"
contains "$out" "Dear diary" "and shows what was read"
exits 2 "a missing file" --format html absent.txt
contains "$out" "No such file" "a page says so"
contains "$err" "absent.txt: No such file" "and standard error"

# Several pastes share one page.
exits 2 "several files" --format html crash.txt prose.txt absent.txt "$root/corpus/0x9F/zte-modem.txt"
cp out page.html
is "$(grep -c '<h1>' page.html)" 1 "several: one page"
contains "$out" "<h1>Diagnosis of 4 pastes</h1>" "several: its title"
contains "$out" "<h2>absent.txt</h2>" "several: each has its name"
is "$(loose_links page.html)" "" "several: every link has its place"
is "$(double_ids page.html)" "" "several: every place has its own name"

# Hostile text stays text.
cat >hostile.txt <<'END'
0: kd> !analyze -v
BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}
<script>alert(1)</script> </pre></textarea><img src=x onerror=alert(2)>
IMAGE_NAME:  "><svg onload=alert(3)>.sys
MODULE_NAME: <b>x</b>
<a href="javascript:alert(4)">x</a> </style><style>*{display:none}</style> <!-- ]]>

0: kd> !locks
Resource @ nt!PiEngineLock (0xfffff80003492be0)    Exclusively owned
     Threads: fffffa8007005660-01<*> "onmouseover="alert(5)
18855 total locks, 1 locks currently held
END
printf '\000\033[2J \342\200\256 \377 &amp; &lt;i&gt;\n' >>hostile.txt
exits 0 "a hostile paste" --format html hostile.txt
is "$(active out)" "" "hostile: nothing became active"
contains "$out" '&lt;script&gt;alert(1)&lt;/script&gt;' "hostile: it is shown as text"
is "$(grep -c '<style>' out)" 1 "hostile: no style of its own"
is "$(LC_ALL=C tr -d '\011\012\040-\176' <out | LC_ALL=C tr -d '\200-\377')" "" "hostile: no control character"
cp hostile.txt '<img src=x onerror=alert(6)>.txt'
exits 0 "a hostile name" --format html '<img src=x onerror=alert(6)>.txt' crash.txt
is "$(active out)" "" "a hostile name is text"

# A rule may not act either.
make_rules evil
# shellcheck disable=SC2016  # the backticks are text
sed -i 's|^title: .*|title: "<script>alert(1)</script> `code` [x](javascript:alert(2))"|
s|^summary: .*|summary: "<img src=x onerror=alert(3)> {{lock\|A lock}}"|
s|^1\. Update.*|1. <a onclick=alert(4)>Update</a> (no risk)|' evil/rules/0x9F/test-rule.md
exits 0 "a hostile rule" --kb evil --format html crash.txt
is "$(active out)" "" "a hostile rule is text"
contains "$out" '&lt;img src=x onerror=alert(3)&gt; nt!PiEngineLock' "and shown"
contains "$out" '<code>code</code>' "its code is code"

# Every sample makes such a page.
for sample in "$root"/corpus/*/*.txt; do
    run --format html --all "$sample"
    is "$status $(active out)$(loose_links out)$(double_ids out)" "0 " \
        "${sample##*corpus/}: links, names, nothing that acts"
done

# Long: a page grows with its paste, not faster.
# shellcheck disable=SC2016
{ cat crash.txt; yes 'fffff880`03bd2530 fffff880`0ae92627 : nt!KeWaitForSingleObject+0x19f' | head -n 20000; } >long.txt
exits 0 "a long paste" --format html long.txt
is "$(grep -c '<span id="p1-line-' out)" "$(grep -c '' long.txt)" "a long paste: every line"
done_testing
