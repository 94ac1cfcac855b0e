#!/bin/sh
# Several dumps in one paste: every crash sees all of them, its own one marked, up to a bound.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

dump() { # NUMBER OFFSET
    cat <<END
Windows 10 Kernel Version 19041 MP (4 procs) Free x64
Debug session time: Mon Jan  6 10:00:$(printf %02d "$1").000 2025 (UTC + 1:00)
BugCheck D1, {$1, 2, 0, fffff88004a11123}
2: kd> k
Child-SP          RetAddr           Call Site
fffff880\`0331a5d8 fffff800\`02ad5169 nt!KeBugCheckEx
fffff880\`0331a5e0 fffff800\`02ad3de0 nt!KiBugCheckDispatch+0x69
fffff880\`0331a7$(printf %02d "$1") fffff880\`04a11123 nt!KiPageFault+0x260
fffff880\`0331a8b0 fffff880\`04a22222 acmedisk+0x$2
fffff880\`0331a8e0 fffff880\`04a22422 ACMEDISK+0x900
fffff880\`0331a9e0 00000000\`00000000 contosoflt+0x10
END
}
ask() { "$stopcode" query "$@" 2>/dev/null | sed 1,2d | tr -s ' ' | sed 's/^ //;s/ $//'; }

dump 10 123 >one.txt
is "$(ask one.txt 'SELECT n, own, driver, place FROM dump')" "1 1 acmedisk acmedisk+0x123" "one dump: itself"
is "$(ask one.txt 'SELECT n, module FROM dump_module')" "1 acmedisk
1 contosoflt" "each module once, in any spelling"
{ dump 10 123; dump 11 123; dump 12 456; } >three.txt
is "$(ask --crash 2 three.txt 'SELECT n FROM dump WHERE own')" 2 "the own one is marked"
is "$(ask --crash 2 three.txt "SELECT d.n FROM dump d JOIN dump o ON o.own WHERE d.place = o.place AND NOT d.own")" 1 \
    "the same place in another"
differ="SELECT count(DISTINCT written), count(DISTINCT build), count(DISTINCT pointer) FROM dump"
is "$(ask three.txt "$differ")" "3 1 3" "dates, builds and stacks"

i=10
while [ $i -lt 60 ]; do
    dump $i $i
    i=$((i + 1))
done >many.txt
is "$(ask many.txt 'SELECT count(*) FROM dump')" 32 "not more than 32 are compared"
is "$(ask --crash 50 many.txt 'SELECT count(*) FROM dump WHERE own')" 0 "one behind them sees the others"
done_testing
