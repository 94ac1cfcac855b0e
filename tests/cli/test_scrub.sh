#!/bin/sh
# `stopcode scrub`: personal data out, every other byte and the diagnosis kept.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

# "@" stands alone so that this file holds no address itself.
at=@
cat >personal.txt <<END
Loading Dump File [C:\\Users\\jsmith\\Desktop\\MEMORY.DMP]
Machine Name: "EMNET"
Connected to target 86.123.44.7 on port 50005 on local IP 86.123.44.8
  User: S-1-5-21-518066528-515770016-299552555-2981724 (User: NORTHSIDE\\jsmith)
    InstancePath is "USB\\VID_125F&PID_312A\\09021000000000000342192873"
STORAGE\\Volume\\{3007dfd3-df8d-11e3-824c-806e6f6e6963}#0000000000100000
Windows Debugger Version 10.0.26100.1 AMD64
\\\\EMNET\\share, ask jsmith${at}northside.org
END
cat >clean.txt <<END
Loading Dump File [C:\\Users\\user1\\Desktop\\MEMORY.DMP]
Machine Name: "host1"
Connected to target 192.0.2.1 on port 50005 on local IP 192.0.2.2
  User: S-1-5-21-0-0-1-1001 (User: domain1\\user1)
    InstancePath is "USB\\VID_125F&PID_312A\\serial1"
STORAGE\\Volume\\{00000000-0000-0000-0000-000000000001}#0000000000100000
Windows Debugger Version 10.0.26100.1 AMD64
\\\\host1\\share, ask mail1${at}example.com
END

# same FILE FILE NAME: byte by byte
same() {
    difference=$(cmp "$1" "$2" 2>&1)
    tap_result $? "$3" "$difference"
}

exits 0 "scrub" scrub personal.txt
same out clean.txt "everything personal is replaced, the same value by the same word"
contains "$err" "user name                 2  user1" "the table: kind, places, replacement"
contains "$err" "computer name             2  host1" "the table: another kind"
contains "$err" "serial number             1  serial1" "the table: a third"
lacks "$err" "jsmith" "what it was is not told"
lacks "$err" "EMNET" "for no kind"
exits 0 "--show" scrub --show personal.txt
contains "$err" "jsmith" "--show tells what it was"
exits 0 "scrub twice" scrub clean.txt
same out clean.txt "scrubbing twice changes nothing more"
contains "$err" "nothing personal was found" "and says so"

"$stopcode" scrub <personal.txt >out 2>err
is $? 0 "standard input: exit status 0"
same out clean.txt "standard input is read without FILE"
"$stopcode" scrub - <personal.txt >out 2>err
same out clean.txt "and with -"
contains "$(cat err)" "standard input: replaced" "under its name"

# ---- Every other byte ----

awk '{ printf "%s\r\n", $0 }' personal.txt >crlf.txt
awk '{ printf "%s\r\n", $0 }' clean.txt >wanted.txt
run scrub crlf.txt
same out wanted.txt "carriage returns stay"
printf '\357\273\277\302\240 \000\001\377 C:\\Users\\jsmith\\x\t \n\n\n<b>&nbsp;' >bytes.txt
printf '\357\273\277\302\240 \000\001\377 C:\\Users\\user1\\x\t \n\n\n<b>&nbsp;' >wanted.txt
run scrub bytes.txt
same out wanted.txt "bytes that mean nothing stay"
if command -v iconv >/dev/null 2>&1; then
    iconv -f UTF-8 -t UTF-16 personal.txt >wide.txt
    iconv -f UTF-8 -t UTF-16 clean.txt >wanted.txt
    run scrub wide.txt
    same out wanted.txt "UTF-16 stays UTF-16"
else
    skip "no iconv"
fi
run scrub crash.txt
same out crash.txt "debugger output without anything personal is not touched"
printf 'a\033[2Jb C:\\Users\\j\033[2Jx\\y\n' >escape.txt
run scrub --show escape.txt
lacks "$err" "$(printf '\033')" "messages hold no control characters"

# ---- Where it goes ----

exits 0 "--output" scrub --output written.txt personal.txt
same written.txt clean.txt "--output writes the file"
is "$out" "" "and nothing to standard output"
cp personal.txt here.txt
exits 0 "--output onto the paste itself" scrub -o here.txt here.txt
same here.txt clean.txt "replaces it"
is "$(find . -name '*.tmp')" "" "nothing is left beside it"
exits 2 "--output into a folder that is not there" scrub -o nowhere/x.txt personal.txt
contains "$err" "nowhere/x.txt: cannot be written" "is told"
mkdir folder
exits 2 "--output onto a folder" scrub -o folder personal.txt
is "$(find . -name '*.tmp')" "" "leaves nothing beside it"
if [ -w /dev/full ]; then
    "$stopcode" scrub personal.txt >/dev/full 2>err
    is $? 2 "a full disk: exit status 2"
    contains "$(cat err)" "cannot write" "is told"
else
    skip "there is no full disk here"
fi

# ---- --check ----

exits 1 "--check" scrub --check personal.txt
contains "$out" "personal.txt:1:29: user name, would be user1" "file, line, column, kind"
contains "$out" "personal.txt:5:44: serial number, would be serial1" "of each place"
is "$(wc -l <out | tr -d ' ')" 12 "one line for each"
lacks "$out" "jsmith" "what it is is not told"
exits 1 "--check --show" scrub --check --show personal.txt
contains "$out" "personal.txt:1:29: user name \"jsmith\", would be user1" "unless asked for"
exits 0 "--check of a clean paste" scrub --check clean.txt crash.txt
is "$out$err" "" "says nothing"
exits 1 "--check of several" scrub --check clean.txt personal.txt crash.txt
lacks "$out" "clean.txt" "names the one that is not"
exits 2 "--check of a file that is not there" scrub --check clean.txt absent.txt

# ---- Wrong calls ----

exits 2 "--check with --output" scrub --check -o x.txt personal.txt
exits 2 "several files" scrub personal.txt clean.txt
contains "$err" "--check" "says what they are for"
exits 2 "a missing file" scrub absent.txt
contains "$err" "absent.txt: No such file" "is named"
: >empty
exits 2 "an empty file" scrub empty
printf '\211PNG\r\n\032\n0000' >picture
exits 2 "a picture" scrub picture
contains "$err" "picture: this is a picture" "is called one"
is "$out" "" "and not passed through"

# ---- The evidence ----

# The diagnosis without the lines of the paste that it shows.
diagnosis() { "$stopcode" --format json "$1" 2>/dev/null | grep -v '"text": '; }

# Each sample as it is, and with somebody's names in it.
changed='' flipped='' left='' n=0
for sample in "$root"/corpus/*/*.txt; do
    n=$((n + 1))
    run scrub "$sample"
    cmp -s out "$sample" || changed="$changed $sample"
    # shellcheck disable=SC1003  # backslashes for sed
    { head -n 3 personal.txt; sed 's/\[C:\\C++\\/[C:\\Users\\jsmith\\/' "$sample"; cat personal.txt; } >planted.txt
    "$stopcode" scrub planted.txt >scrubbed.txt 2>err
    before=$(diagnosis planted.txt)
    contains "$before" '"outcome"' "a diagnosis: ${sample##*corpus/}"
    [ "$before" = "$(diagnosis scrubbed.txt)" ] || flipped="$flipped $sample"
    grep -q -e jsmith -e EMNET -e 86.123 -e 0902100 scrubbed.txt && left="$left $sample"
done
[ "$n" -gt 5 ]
tap_result $? "there are samples" "$n"
is "$changed" "" "no sample is changed"
is "$flipped" "" "with names in it, each has the same diagnosis before and after"
is "$left" "" "and no name is left"

done_testing
