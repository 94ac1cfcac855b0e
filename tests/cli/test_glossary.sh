#!/bin/sh
# kb/reference/terms/function.tsv: what stands on the stacks of the samples has a meaning.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"
table=$root/kb/reference/terms/function.tsv

# meanings <FILE: "symbol=meaning" for each symbol of FILE, one a line; nothing behind the sign: no meaning.
meanings() {
    values=$(sed "s/.*/('&')/" | paste -sd, -)
    "$stopcode" query --csv crash.txt "WITH s(x) AS (VALUES $values)
        SELECT x || '=' || coalesce(meaning('function', x), '') AS noted FROM s" | sed -e 1d -e 's/^"//' -e 's/"$//'
}

is "$(awk 'END { print (NR >= 400) }' "$table")" 1 "at least 400 lines"
is "$(awk -F'\t' 'length($3) > 120 { print $1 }' "$table")" "" "no meaning is long"

# The 200 most frequent of the kernel and of the hardware layer, as any line of a sample names them: functions, but
# types (nt!_MMPFN) and names of debugger extensions (nt!etw) as well, which need no note. Measured when this was
# written, by the lines below: 128 different names in the samples, 124 with a note (96 %), 123 of them by an entry that
# says more than the beginning of a component (nt!Ki*); the other four are no functions. The bound is lower, so that a
# new sample may bring a few names.
cat "$root"/corpus/*/*.txt | grep -oE '(^|[^A-Za-z0-9_])(nt|hal)![A-Za-z_][A-Za-z0-9_]+' | sed 's/^[^nh]//' |
    sort | uniq -c | sort -k1,1rn -k2 | awk 'NR <= 200 { print $2 }' >frequent
meanings <frequent >noted
is "$(wc -l <noted)" "$(wc -l <frequent)" "every name was looked up"
share=$(awk -F= '$2 != "" { n++ } END { print int(100 * n / NR) }' noted)
is "$([ "$share" -ge 90 ] && echo enough)" enough "a note for 90 % of the frequent functions"
[ "$share" -ge 90 ] || awk -F= '$2 == "" { print "# without a note: " $1 }' noted

# Three notes, each found in another way: as it stands, by a beginning, by the beginning of a module.
spot() {
    printf '%s\n' "$1" | meanings >one
    is "$(cut -d= -f2- one)" "$2" "$1"
}
spot 'nt!KeFlushMultipleRangeTb' 'flushes address ranges from the TLB of other processors'
spot 'nt!KeFlushMultipleRangeTbFake' 'serves a request about threads, interrupts, waits or processors'
spot 'stornvme!NVMeHwInterrupt' 'drives NVMe disks, the usual kind of SSD on PCI Express'
spot 'acmenet!Receive' ''
done_testing
