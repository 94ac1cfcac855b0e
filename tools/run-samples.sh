#!/bin/sh
# Puts files through every output format, for the sanitizers: tools/run-samples.sh FILE...
# STOPCODE names the command, STOPCODE_KB its knowledge base. Each file is one test, in TAP. What the diagnosis says is
# the corpus test's business; here only a crash, a sanitizer's report or an unexpected exit status fails.
# Posts in ../shared/seeds, where there are any, are read too.
set -u
: "${STOPCODE:?}" "${STOPCODE_KB:?}"
export STOPCODE_KB
# A status of its own: stopcode itself uses 0, 1 and 2.
ASAN_OPTIONS=exitcode=99:detect_leaks=1:${ASAN_OPTIONS:-}
UBSAN_OPTIONS=exitcode=99:print_stacktrace=1:${UBSAN_OPTIONS:-}
export ASAN_OPTIONS UBSAN_OPTIONS

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
n=0

try() {
    file=$1
    shift
    "$STOPCODE" "$@" "$file" >"$work/out" 2>"$work/err"
    status=$?
    if [ "$status" -gt 1 ] || grep -q -E 'Sanitizer|runtime error:' "$work/err"; then
        echo "# stopcode $* $file: exit status $status"
        head -n 40 "$work/err" | sed 's/^/# /'
        return 1
    fi
    [ "$status" = 1 ] || [ -s "$work/out" ] || {
        echo "# stopcode $* $file: no output"
        return 1
    }
}

sample() {
    n=$((n + 1))
    if try "$1" --format text && try "$1" --format text --all --color always && try "$1" --format json &&
        try "$1" --format markdown; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
    fi
}

for file; do sample "$file"; done
if [ -d ../shared/seeds ]; then
    for file in ../shared/seeds/*.txt; do sample "$file"; done
else
    n=$((n + 1))
    echo "ok $n # SKIP ../shared/seeds is absent: the raw posts were not read"
fi
echo "1..$n"
