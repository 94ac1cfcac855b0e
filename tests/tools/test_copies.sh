#!/bin/sh
# tools/copies.sh finds a sentence of ours in a text of somebody else, and nothing where there is none.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/tap.sh
. "$here/tap.sh"
cd "$here/../.." || exit 2
theirs=$(mktemp -d) || exit 2
trap 'rm -rf "$theirs"' EXIT

echo "Nothing that anybody here has ever written down, in this order, word by word." >"$theirs/a.md"
out=$(tools/copies.sh "$theirs" 2>&1)
tap_result $? "another text" "$out"

sentence=$(sed -n 's/^summary: "\([^{`]*\)\..*/\1/p' rules/*/*.md | awk 'NF > 9' | head -n 1)
echo "And then he wrote: $sentence, he did." >"$theirs/b.md"
out=$(tools/copies.sh "$theirs" 2>&1)
[ $? -eq 1 ]
tap_result $? "a sentence of a rule, found with its place" "$out"
contains "$out" "rules/" "the place"
rm "$theirs"/*
out=$(tools/copies.sh "$theirs" 2>&1)
[ $? -eq 2 ]
tap_result $? "no texts to compare with: an error" "$out"
done_testing
