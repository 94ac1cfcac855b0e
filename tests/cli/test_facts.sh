#!/bin/sh
# `stopcode facts`: everything that was read from a paste.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

exits 0 "a paste" facts crash.txt
contains "$out" "!locks, line 4, whole" "its commands"
contains "$out" '  7  name="nt!PiEngineLock"  address=0xfffff80003492be0  mode="exclusive"' "a row, with its line"
contains "$out" "contention=21" "its cells"
contains "$out" "told by line 4: all, whole" "what the paste tells of the table"
contains "$out" "pointers of 8 bytes" "the width of pointers"
lacks "$out" "crash 1 of" "one crash needs no heading"
"$stopcode" facts <crash.txt >piped 2>err
is "$?" 0 "standard input"
is "$(cat piped)" "$out" "says the same"
{ cat crash.txt && printf '\n3: kd> !blorp\nBugCheck 1A, {41287, 30, 0, 0}\nwords that nobody knows\n'; } >two.txt
exits 0 "two crashes" facts two.txt
contains "$out" "crash 2 of 2" "each under its heading"
printf '0: kd> !irql\nDebugger saved IRQL for processor 0x0 -- 2 (DISPATCH_LEVEL)\nnonsense here\n' >irql.txt
exits 0 "a line that nobody reads" facts irql.txt
contains "$out" "  line 3 is not read" "is named"
sed "s/PiEngineLock/Pi$(printf '\033')[31mLock/" crash.txt >esc.txt
run facts esc.txt
lacks "$out" "$(printf '\033')" "control characters are made visible"
exits 1 "nothing recognised" facts prose.txt
contains "$err" "no debugger output was recognised" "is told"
exits 2 "a file that is not there" facts missing.txt
done_testing
