#!/bin/sh
# Runs one test program and notes how it went.
#
#   tools/run-test.sh NAME RESULT COMMAND [ARGUMENT...]
#
# RESULT receives one line, "NAME passed failed skipped"; RESULT.log all output. The program may speak TAP (cmocka
# does), or end with a line "N passed, N failed", or do neither: then its exit status is the one test. A non-zero
# status, a missing test of a TAP plan and running longer than TEST_TIMEOUT seconds (default 300) are failures whatever
# the program printed. Exits 0 even when the test failed: tools/sum-tests.sh tells, after all of them have run.
set -u
name=$1
result=$2
shift 2

mkdir -p "$(dirname "$result")"
rm -f "$result" # a run that is killed must not leave the outcome of an older one
limit=
command -v timeout >/dev/null 2>&1 && limit="timeout -k 10 ${TEST_TIMEOUT:-300}"
# shellcheck disable=SC2086  # $limit is a command with arguments, or nothing
CMOCKA_MESSAGE_OUTPUT=TAP $limit "$@" >"$result.log" 2>&1 </dev/null
status=$?
[ "$status" = 124 ] && [ -n "$limit" ] && echo "not ok - stopped after ${TEST_TIMEOUT:-300} s" >>"$result.log"

counts=$(awk -v status=$status '
    /^1\.\.[0-9]+/                       { planned += substr($1, 4); next }
    /^(not )?ok .*# (SKIP|skip)/         { skipped++; next }
    /^ok( |$)/                           { passed++; next }
    /^not ok( |$)/                       { failed++; next }
    /^[0-9]+ passed, [0-9]+ failed/      { total = 1; sum_passed = $1; sum_failed = $3 }
    END {
        if (planned > passed + failed + skipped) failed += planned - passed - failed - skipped
        if (total) { passed += sum_passed; failed += sum_failed }
        if (status == 0 && passed + failed + skipped == 0) passed = 1
        if (status != 0 && failed == 0) failed = 1
        print passed + 0, failed + 0, skipped + 0
    }' "$result.log")
echo "$name $counts" >"$result"

# shellcheck disable=SC2086  # three numbers
set -- $counts
if [ "$2" != 0 ]; then
    printf 'FAIL  %s: %s of %s (exit status %s)\n' "$name" "$2" "$(($1 + $2))" "$status"
    grep -v '^ok ' "$result.log" >"$result.short"
    lines=$(wc -l <"$result.short")
    [ "$lines" -gt 80 ] && echo "      ... all of it is in $result.log"
    tail -n 80 "$result.short" | sed 's/^/      /'
    rm -f "$result.short"
else
    printf 'ok    %s: %s\n' "$name" "$1"
    # What was left out is said aloud, never only counted.
    grep -E '# *SKIP|^# [A-Z][A-Z ]{10,}' "$result.log" | sed 's/^/      /'
fi
exit 0
