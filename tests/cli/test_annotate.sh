#!/bin/sh
# stopcode annotate: notes below the lines that have something to say.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

cat >paste.txt <<'END'
BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}

0: kd> !irp fffffa8008f5cc10 7
Irp is active with 10 stacks 10 is current (= 0xfffffa8008f5cf68)
IoStatus.Status = c00000bb
     cmd  flg cl Device   File     Completion-Context
>[ 1b,17]   0  0 fffffa800c089050 00000000 00000000-00000000
            \Driver\ZTEusbnet
            Args: 00000000 00000000 00000000 00000000
0: kd> k
Child-SP          RetAddr           Call Site
fffff880`03bd2490 fffff880`0ae915dd nt!KeWaitForSingleObject+0x19f
fffff880`03bd2530 00000000`00000000 ZTEusbnet+0x35dd
END
make_rules tree
rm -rf tree/kb/reference/terms
mkdir tree/kb/reference/terms
table() { printf 'term\tname\tmeaning\n%b' "$2" >"tree/kb/reference/terms/$1.tsv"; }
table function 'nt!KeWait*\twait\tputs the thread to sleep\n'
table field 'IoStatus.Status\t!irp\twhat the request came to so far\n'
table parameter '0x9F 1\twhat failed\twhich watchdog ran out\n0x9F 1=0x4\tsync time-out\ta thread took too long\n'\
'0x9F 2\ta pointer\tof no use here\n0x9F 2 1=0x4\ttime-out (s)\tseconds until the watchdog\n'

exits 0 "annotate" annotate --kb tree paste.txt
contains "$out" "  12  fffff880\`03bd2490 fffff880\`0ae915dd nt!KeWaitForSingleObject+0x19f
         ; nt!KeWaitForSingleObject: puts the thread to sleep" "a frame"
contains "$out" "; ZTEusbnet: ZTE: USB modem NDIS" "a driver that is not part of Windows"
contains "$out" "; IoStatus.Status: what the request came to so far" "a label"
contains "$out" "; c00000bb: STATUS_NOT_SUPPORTED: " "a status"
contains "$out" "; 1b, 17: PnP surprise removal" "a request"
contains "$out" "; parameter 1: what failed: a thread took too long" "a parameter's value"
contains "$out" "; parameter 2: time-out: 600 s (10 min 0 s)" "the special term of a parameter, its unit"
lacks "$out" "parameter 3" "nothing is said of what is not listed"
is "$(grep -c '^ *1  ' out)" 1 "each line stands once"

exits 0 "--only-notes" annotate --kb tree --only-notes paste.txt
lacks "$out" "Irp is active" "lines without notes are left out"
contains "$out" "IoStatus.Status = c00000bb" "lines with notes stay"

exits 0 "--json" annotate --kb tree --json paste.txt
contains "$out" '"subject": "nt!KeWaitForSingleObject"' "JSON: the subject"
contains "$out" '"line": 12' "JSON: the line"

exits 1 "prose" annotate prose.txt
contains "$out" "     1  Dear diary" "prose: the text"
contains "$err" "not debugger output" "prose: is said to be that"
exits 2 "a missing file" annotate absent.txt

exits 0 "the headline" --kb tree --format json paste.txt
contains "$out" '"headline": "sync time-out, 600 s (10 min 0 s)"' "the headline: value and number with its unit"

# Every line of every sample comes out once, in order, whatever the notes are.
for sample in "$root"/corpus/*/*.txt; do
    "$stopcode" annotate "$sample" >noted 2>/dev/null
    awk '/^ *[0-9]+  / { if ($1 + 0 < last) bad = 1; last = $1 + 0 } END { exit bad }' noted || echo "$sample"
done >wrong
is "$(cat wrong)" "" "the lines of every sample stay in order"
done_testing
