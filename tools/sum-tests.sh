#!/bin/sh
# Sums up what tools/run-test.sh noted: tools/sum-tests.sh RESULT...
# The last line is "N passed, N failed"; exit 1 when something failed or nothing ran.
set -u
missing=0
for result; do
    [ -s "$result" ] && continue
    echo "no outcome: $result" >&2
    missing=$((missing + 1))
done
cat /dev/null "$@" 2>/dev/null | awk -v missing="$missing" '
    { passed += $2; failed += $3; skipped += $4; if ($3 > 0) names = names " " $1 }
    END {
        failed += missing
        if (names != "") print "failed:" names
        if (skipped > 0) print skipped + 0, "skipped"
        printf "%d passed, %d failed\n", passed, failed
        exit failed > 0 || passed == 0
    }'
