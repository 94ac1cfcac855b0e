#!/bin/sh
# Of the outputs in corpus/facts/ that are whole, every line is read by the parser of the command that they are of, but
# for those that tests/data/facts-unread.txt lists: what is read today stays read.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

for folder in "$root"/corpus/facts/*/; do
    command=$(basename "$folder")
    run sections --color never --skipped "$folder/whole.txt"
    printf '%s\n' "$out" | awk -v command="$command" '
        !/ of +[0-9]+  / && !/lines read/ && NF { $1 = ""; print command ":" $0 }' >>unread
    is "$(printf '%s\n' "$out" | grep -c ' not read ')" 0 "$command: is recognised"
done
diff "$root/tests/data/facts-unread.txt" unread >difference
is "$(cat difference)" "" "the lines that nobody reads are those listed"
done_testing
