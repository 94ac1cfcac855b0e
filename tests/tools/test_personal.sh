#!/bin/sh
# No sample holds personal data: `stopcode scrub --check` over the corpus, pastes and expectations.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/tap.sh
. "$here/tap.sh"
case ${STOPCODE:?names the command to test} in /*) ;; *) STOPCODE=$PWD/$STOPCODE ;; esac
cd "$here/../.." || exit 2

found=$(find corpus -type f \( -name '*.txt' -o -name '*.yaml' \) -exec "$STOPCODE" scrub --check {} + 2>&1)
tap_result $? "no sample names a person, a machine or an address; if one does: stopcode scrub -o FILE FILE" "$found"

# The check can fail: with one line of somebody's in it, a sample is refused.
planted=$(mktemp) || exit 2
trap 'rm -f "$planted"' EXIT
sample=$(find corpus -name '*.txt' | sort | head -n 1)
# refuses LINE KIND
refuses() {
    { cat "$sample"; printf '%s\n' "$1"; } >"$planted"
    found=$("$STOPCODE" scrub --check "$planted" 2>&1)
    contains "[$?] $found" "$2" "a sample with this is refused: $2"
}
refuses 'Loading Dump File [C:\Users\jsmith\Desktop\MEMORY.DMP]' "user name"
refuses 'Machine Name: "EMNET"' "computer name"
refuses 'Value: Create: 8007007e on DESKTOP-1A2B3C4' "computer name"
refuses "ask j.smith""@northside.org about it" "e-mail address"
refuses 'Connected to target 86.123.44.7 on port 50005' "IPv4 address"
refuses 'Permanent address 40-8D-5C-01-02-03' "MAC address"
refuses '  Serial Number                 4CE0460D0G' "serial number"
refuses 'InstancePath is "USB\VID_125F&PID_312A\09021000000000000342192873"' "serial number"
refuses 'User: S-1-5-21-518066528-515770016-299552555-2981724' "security identifier"
done_testing
