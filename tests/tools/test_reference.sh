#!/bin/sh
# No row of kb/reference/ changes by accident: the sums in tests/data/reference.txt are those of the tables. Most rows
# are used by no sample, so nothing else would notice that one is gone or misspelt.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=tests/tools/tap.sh
. "$root/tests/tools/tap.sh"
cd "$root" || exit 2
difference=$(tools/reference-sums.sh | diff tests/data/reference.txt -)
tap_result $? "the reference tables are those that tests/data/reference.txt lists" "$difference
after a change that is meant: make reference-sums"
done_testing
