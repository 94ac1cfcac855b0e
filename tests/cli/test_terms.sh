#!/bin/sh
# kb/reference: the lists that claim to be complete are, and the commands find what is in them.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

reference=$root/kb/reference
terms=$reference/terms
column() { tail -n +2 "$1" | cut -f "$2"; }

# span FIRST LAST: the numbers from FIRST to LAST as terms are written.
span() {
    number=$1
    while [ "$number" -le "$2" ]; do
        printf '0x%x\n' "$number"
        number=$((number + 1))
    done
}

# holds_all KIND FIRST LAST...: the terms of a kind are exactly those numbers, in order.
holds_all() {
    kind=$1
    shift
    while [ $# -gt 0 ]; do
        span "$1" "$2"
        shift 2
    done >wanted
    column "$terms/$kind.tsv" 1 >got
    is "$(diff wanted got)" "" "$kind: every number, no gap"
}
holds_all irql 0 15
holds_all whea-source 0 18
holds_all device-problem 1 57
holds_all device-state 768 788
holds_all fast-fail 0 14 18 77 4294967295 4294967295

flags=0
for flag in $(column "$terms/verifier-flag.tsv" 1); do
    [ $((flag & (flag - 1))) = 0 ] || echo "$flag is not one bit"
    flags=$((flags | flag))
done >wrong
is "$(cat wrong)" "" "verifier-flag: each is one bit"
is "$((flags & 0x209bb))" "$((0x209bb))" "verifier-flag: all of the standard settings"

# What the parsers know by name has that name here, too.
sed -n 's/^ *\[\([0-9]*\)\] = "\(CM_PROB_.*\)",$/\1 \2/p' "$root/engine/decode/cm_problem.c" |
    while read -r number name; do printf '0x%x\t%s\n' "$number" "$name"; done >wanted
column "$terms/device-problem.tsv" 1,2 >got
is "$(wc -l <wanted | tr -d ' ')" 57 "device-problem: names in the engine"
is "$(diff wanted got)" "" "device-problem: the names of the engine"
sed -n 's/.*{\(0x[0-9a-f]*\), "\(.*\)"}.*/\1 \2/p' "$root/engine/facts/verifier.c" >wanted
column "$terms/verifier-flag.tsv" 1,2 | tr '\t' ' ' >got
is "$(grep -c . wanted)" 20 "verifier-flag: names in the engine"
is "$(grep -vxF -f got wanted)" "" "verifier-flag: the names of the engine"

for kind in irql whea-source device-problem device-state fast-fail verifier-flag; do
    awk -F '\t' 'NR > 1 && ($2 == "-" || length($3) < 15 || length($3) > 120)' "$terms/$kind.tsv"
done >wrong
is "$(cat wrong)" "" "each number has a name, and a meaning of one line or two"

is "$(column "$reference/ntstatus.tsv" 2 | sort | uniq -d)" "" "ntstatus: no two equal names"
check_least() { if [ "$1" -ge "$2" ]; then tap_result 0 "$3"; else tap_result 1 "$3" "$1, expected $2 or more"; fi; }
check_least "$(column "$reference/ntstatus.tsv" 1 | wc -l)" 2600 "ntstatus: rows"
check_least "$(column "$reference/ntstatus.tsv" 3 | grep -cvx -e -)" 600 "ntstatus: meanings"
is "$(column "$reference/ntstatus.tsv" 3 | grep '\.$')" "" "ntstatus: a meaning has no full stop"
awk -F '\t' 'NR > 1 && ($3 == "" || length($3) > 120)' "$reference/ntstatus.tsv" >wrong
is "$(cat wrong)" "" "ntstatus: a meaning has one line or two"

# asks EXPRESSION EXPECTED
asks() {
    run query --csv crash.txt "SELECT $1 AS it"
    is "$(tail -n 1 out | tr -d '\r')" "$2" "$1"
}
asks "term_name('irql', 13)" CLOCK_LEVEL
asks "term_name('irql', 0)" PASSIVE_LEVEL
asks "coalesce(term_name('irql', 16), 'none')" none
asks "term_name('whea-source', 4)" "PCI Express"
asks "term_name('device-problem', 43)" CM_PROB_FAILED_POST_START
asks "term_name('device-state', 0x308)" DeviceNodeStarted
asks "term_name('fast-fail', 3)" FAST_FAIL_CORRUPT_LIST_ENTRY
asks "coalesce(term_name('fast-fail', 15), 'none')" none
asks "term_name('verifier-flag', 0x20000)" "DDI compliance checking"
asks "meaning('device-problem', 22)" "Somebody disabled the device"
asks "ntstatus_name(0)" STATUS_SUCCESS
asks "ntstatus_name(0xc0000483)" STATUS_DEVICE_HARDWARE_ERROR
asks "ntstatus_name(0xffffffffc0000005)" STATUS_ACCESS_VIOLATION
asks "coalesce(ntstatus_name(0xcfffffff), 'none')" none

cat >status.txt <<'END'
0: kd> !irp fffffa8008f5cc10 7
Irp is active with 10 stacks 10 is current (= 0xfffffa8008f5cf68)
IoStatus.Status = c000000e
     cmd  flg cl Device   File     Completion-Context
>[ 1b,17]   0  0 fffffa800c089050 00000000 00000000-00000000
END
exits 0 "a status with a meaning" annotate status.txt
contains "$out" "; c000000e: STATUS_NO_SUCH_DEVICE: The device" "its name and meaning"
sed 's/c000000e/c000035c/' status.txt >bare.txt
exits 0 "a status without one" annotate bare.txt
is "$(grep -c '; c000035c: STATUS_NETWORK_SESSION_EXPIRED$' out)" 1 "its name alone"

facts=$root/corpus/facts
note() { # FILE TEXT NAME
    run annotate "$facts/$1"
    contains "$(tr -s ' \n' '  ' <out)" "$2" "$3"
}
note irql/whole.txt "; DISPATCH_LEVEL: DPCs and holders" "an interrupt level is explained"
note devnode/whole.txt "; CM_PROB_FAILED_ADD: A driver of the device" "a device's problem is explained"
note devnode/whole.txt "; DeviceNodeRemoved: The drivers are detached" "a device's state is explained"
note verifier/whole.txt "; Special pool: Allocations" "a check of Driver Verifier is explained"
note sysinfo-cpuinfo/whole.txt "; family 6 model 142: Core 7th to 10th generation" "a processor is named"
sed 's/0x2 -- 2 (DISPATCH_LEVEL)/0x2 -- 2 (CLOCK2_LEVEL)/' "$facts/irql/whole.txt" >x86.txt
run annotate x86.txt
is "$(grep -c 'DPCs and holders' out)" 0 "a level of another processor type is not explained by x64's"
done_testing
