#!/bin/sh
# tools/run-test.sh and tools/sum-tests.sh: every way in which a test can fail is counted as a failure.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/tap.sh
. "$here/tap.sh"
tools=$here/../../tools
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# counts "EXPECTED" NAME COMMAND...: the outcome is noted as "passed failed skipped".
counts() {
    expected=$1
    name=$2
    shift 2
    output=$("$tools/run-test.sh" t "$work/t" "$@" 2>&1)
    is "$? $(cat "$work/t")" "0 t $expected" "$name"
}

counts "1 0 0" "without TAP, exit status 0 is one test" true
counts "0 1 0" "without TAP, another exit status is a failure" false
counts "0 1 0" "a program that is not there is a failure" "$work/absent"
contains "$output" "FAIL  t: 1 of 1" "a failure is shown"
counts "2 0 0" "TAP" printf '1..2\nok 1 - a\nok 2 - b\n'
counts "1 1 0" "TAP with a failure and exit status 0" printf '1..2\nok 1 - a\nnot ok 2 - b\n'
contains "$output" "not ok 2 - b" "the output of a failing test is shown"
counts "1 1 1" "skipped tests are counted apart, and a missing one is a failure" \
    printf '1..3\nok 1\nnot ok 2 # SKIP later\n'
counts "2 0 1" "skipping is not failing" printf '1..3\nok 1\nok 2\nok 3 # SKIP ../shared is absent\n'
contains "$output" "../shared is absent" "what was skipped is said aloud"
counts "1 1 0" "all tests passed, but the program died" sh -c 'echo 1..1; echo ok 1; exit 139'
counts "7 2 0" "a summary line is counted" echo "7 passed, 2 failed"
counts "3 0 0" "several TAP groups add up" printf '1..1\nok 1\n1..2\nok 1\nok 2\n'
if command -v timeout >/dev/null 2>&1; then
    TEST_TIMEOUT=1
    export TEST_TIMEOUT
    counts "0 1 0" "running too long is a failure" sleep 20
    contains "$output" "stopped after 1 s" "and says so"
fi

echo "a 3 0 0" >"$work/a"
echo "b 2 1 1" >"$work/b"
output=$("$tools/sum-tests.sh" "$work/a" "$work/a")
is "$? $output" "0 6 passed, 0 failed" "the sum of what passed"
output=$("$tools/sum-tests.sh" "$work/a" "$work/b")
is "$? $output" "1 failed: b
1 skipped
5 passed, 1 failed" "a failure fails the sum, and is named"
output=$("$tools/sum-tests.sh" "$work/a" "$work/absent" 2>/dev/null)
is "$? $output" "1 3 passed, 1 failed" "a test without an outcome is a failure"
output=$("$tools/sum-tests.sh")
is "$? $output" "1 0 passed, 0 failed" "no test at all is a failure"

done_testing
