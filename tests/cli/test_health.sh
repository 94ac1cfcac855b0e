#!/bin/sh
# What limits a paste is told, and limits what is claimed.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

make_rules tree
cat >locks.txt <<'END'
BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}
0: kd> !locks
**** DUMP OF ALL RESOURCE OBJECTS ****
KD: Scanning for held locks..
18855 total locks, 0 locks currently held
END
mini='Mini Kernel Dump File: Only registers and stack trace are available'
{ echo "$mini"; cat locks.txt; } >mini.txt

verdict() { "$stopcode" why --kb tree test-rule "$1" | sed -n 3p; }
contains "$(verdict locks.txt)" "ruled out" "no lock is held: the rule is ruled out"
contains "$(verdict mini.txt)" "open" "in a minidump that proves nothing: the rule is open"
exits 0 "a minidump" --kb tree --format json mini.txt
contains "$out" '"kind": "minidump"' "JSON tells of the minidump"
contains "$out" '"line": 1' "and the line that says so"
exits 0 "no minidump" --kb tree --format json locks.txt
contains "$out" '"health": []' "a whole paste has no limits"

cat >symbols.txt <<'END'
BugCheck D1, {8, 2, 0, fffff880045a1123}
0: kd> kv
*** ERROR: Module load completed but symbols could not be loaded for acmedisk.sys
*** ERROR: Symbol file could not be found.  Defaulted to export symbols for acmenet.sys - 
Child-SP          RetAddr           : Args to Child                                                           : Call Site
fffff880`0331a5d8 fffff800`02ad5169 : 00000000`0000000a 00000000`00000008 00000000`00000002 00000000`00000000 : nt!KeBugCheckEx
WARNING: Stack unwind information not available. Following frames may be wrong.
fffff880`0331a8b0 fffff880`04a22222 : 00000000`00000000 00000000`00000000 00000000`00000000 00000000`00000000 : acmedisk+0x1123
Page 31a1d9 not present in the dump file. Type ".hh dbgerr004" for details
END
exits 0 "missing symbols" symbols.txt
flat=$(printf %s "$out" | tr -s '\n ' '  ')
contains "$flat" "no symbols for acmedisk, acmenet" "modules without symbols are named"
contains "$flat" "frames of a stack may be wrong" "a lost unwind is told"
contains "$flat" "some memory could not be read" "a missing page, too"
done_testing
