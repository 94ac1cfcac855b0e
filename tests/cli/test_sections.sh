#!/bin/sh
# stopcode sections: the commands of a paste, and the lines that nobody read.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

cat >paste.txt <<'END'
A word ahead.
2: kd> !locks
KD: Scanning for held locks..

Resource @ nt!PiEngineLock (0xfffff80003492be0)    Exclusively owned
    Contention Count = 21
     Threads: fffffa8007005660-01<*>
this line says nothing that a parser knows
18855 total locks, 1 locks currently held
2: kd> !nosuchextension 12
some output
0:000> !gle
LastErrorValue: (Win32) 0x2 (2) - The system cannot find the file specified.
END

exits 0 "sections" sections paste.txt
contains "$out" "2-9      6 of     7  whole          !locks" "a command: its lines, how many were read, its end"
contains "$out" "10-11      0 of     2  not read       !nosuchextension 12" "a command without a parser"
contains "$out" "user mode      !gle" "a user-mode command"
contains "$out" "3 sections; 6 of 12 lines read, 1 belong to no command" "the sum"
lacks "$out" "says nothing" "skipped lines are not shown"

exits 0 "sections --skipped" sections --skipped paste.txt
contains "$out" "8  this line says nothing that a parser knows" "a skipped line with its number"
contains "$out" "1  A word ahead." "a line ahead of all commands"
contains "$out" "11  some output" "a line of an unknown command"
lacks "$out" "Resource @" "a line that was read is not shown"

exits 0 "sections --json" sections --json paste.txt
contains "$out" '"command": "!locks"' "JSON: the command"
contains "$out" '"read": 6' "JSON: the lines read"
contains "$out" '"user_mode": true' "JSON: user mode"

exits 1 "prose" sections prose.txt
contains "$out" "0 sections; 0 of 2 lines read" "prose: no section"
exits 2 "a missing file" sections absent.txt
contains "$err" "absent.txt" "a missing file is named"
"$stopcode" sections <paste.txt >out2
is "$(cat out2)" "$("$stopcode" sections paste.txt)" "standard input"

done_testing
