#!/bin/sh
# The raw posts that stopcode grew out of must come out exactly as their counterparts in corpus/posts, whose prose was
# rewritten. They stand outside this repository, beside it: where they are absent this test says so and skips.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# shellcheck source=tests/tools/tap.sh
. "$here/../tools/tap.sh"
seeds=${STOPCODE_SEEDS:-$root/../shared/seeds}
stopcode=${STOPCODE:-$root/build/release/stopcode}

if [ ! -d "$seeds" ]; then
    echo "# ======================================================================"
    echo "# THE SEED POSTS ARE ABSENT: $seeds is no folder. Set STOPCODE_SEEDS."
    echo "# Nothing about the raw posts was tested."
    echo "# ======================================================================"
    skip "the seed posts are absent"
    done_testing
fi

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/seeds"

# seed NUMBER POST: the raw post with the expectations of corpus/posts/POST.
seed() {
    set -- "$2" "$seeds/$1"_*.txt
    [ -f "$2" ] || { tap_result 1 "$1: $2 is missing"; return; }
    cp "$2" "$work/seeds/$1.txt"
    cp "$root/corpus/posts/$1.yaml" "$work/seeds/$1.yaml"
    out=$("$stopcode" test --no-damage "$work/seeds/$1.txt" 2>&1)
    tap_result $? "the raw post comes out like corpus/posts/$1" "$out"
}

seed 000 double-fault
seed 001 framework-chain
seed 002 clock-watchdog
seed 003 six-crashes
seed 004 stack-hogs

# The 0x101 post stands in 002 and inside 003, damaged in two ways: the same expectations hold for both.
sed -n '547,861p' "$work/seeds/six-crashes.txt" >"$work/seeds/spaced.txt"
cp "$root/corpus/posts/clock-watchdog.yaml" "$work/seeds/spaced.yaml"
out=$("$stopcode" test --no-damage "$work/seeds/spaced.txt" 2>&1)
tap_result $? "two damages of the 0x101 post give one diagnosis" "$out"

done_testing
