#!/bin/sh
# kb/reference/terms/parameter.tsv on real pastes: the headline, and the words for each parameter.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

# headline FILE TEXT
headline() {
    run --format json "$1"
    is "$(sed -n 's/^.*"headline": "\(.*\)".*$/\1/p' out)" "$2" "${1##*/corpus/}: the headline"
}

# says FILE TEXT...: exactly these notes on parameters come, their wrapping undone.
says() {
    file=$1
    shift
    "$stopcode" annotate --only-notes "$file" 2>err |
        awk '/^         ; / { if (n) print n; n = substr($0, 12); next }
             /^           / && n { n = n " " substr($0, 12); next }
             { if (n) print n; n = "" }
             END { if (n) print n }' | grep '^parameter [1-4]: ' >notes
    printf '%s\n' "$@" >wanted
    is "$(sort -u notes)" "$(sort -u wanted)" "${file##*/corpus/}: the parameters"
}

headline "$root/corpus/0x9F/zte-modem.txt" "PnP lock time-out, 600 s (10 min 0 s)"
says "$root/corpus/0x9F/zte-modem.txt" \
    "parameter 1: what went wrong: the power transition could not begin, because a device is still being started or \
removed" \
    "parameter 2: time-out: 600 s (10 min 0 s)" \
    "parameter 3: thread with the PnP lock" \
    "parameter 4: PnP triage block"

headline "$root/corpus/0x7F/leak-nvlddmkm.txt" "double fault"
says "$root/corpus/0x7F/leak-nvlddmkm.txt" \
    "parameter 1: trap: a second exception while the first was being delivered, nearly always because the kernel stack \
ran out" \
    "parameter 2: CR0 or machine frame" \
    "parameter 3: CR4 or stack pointer" \
    "parameter 4: instruction on x64"

headline "$root/corpus/0x3B/hooked-service.txt" "0xc0000005 STATUS_ACCESS_VIOLATION"
says "$root/corpus/0x3B/hooked-service.txt" \
    "parameter 1: exception: 0xc0000005 STATUS_ACCESS_VIOLATION" \
    "parameter 2: faulting instruction" \
    "parameter 3: context record"

headline "$root/corpus/0x1A/page-table-count.txt" "page table page corrupt"

# What minidumps call 0x1000007E has the parameters of 0x7E; as a crash on x86 it is shown in 32 bits.
echo 'BugCheck 1000007E, {c0000005, f7a3b2c1, f8a2f508, f8a2f204}' >minidump.txt
headline minidump.txt "0xc0000005 STATUS_ACCESS_VIOLATION"
says minidump.txt \
    "parameter 1: exception: 0xc0000005 STATUS_ACCESS_VIOLATION" \
    "parameter 2: faulting instruction" \
    "parameter 3: exception record" \
    "parameter 4: context record"

# A value that means something only beside another parameter: 0x22 is halting a miniport only in a time-out of NDIS.
echo 'BugCheck 7C, {25, 22, ffffd00023e5f6c0, 0}' >watchdog.txt
headline watchdog.txt "network operation took too long, halting a miniport"
echo 'BugCheck 7C, {1, 22, 1000, 2}' >other.txt
headline other.txt "shared memory allocated at raised IRQL, 4096 bytes"
done_testing
