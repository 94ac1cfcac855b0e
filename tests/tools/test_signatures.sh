#!/bin/sh
# Real outputs are recognised as the commands that they are of, with their prompts and without.
# tests/data/signatures.tsv says what each of the samples in SAMPLES_DIR (../shared/samples) shows. Its columns:
#
#     sample      the file's name
#     commands    what it shows, sorted: commands, or user-mode, or not-debugger, or none (commands without an output)
#     prompted    what is recognised of it: = for just that
#     promptless  the same with the prompts taken off
#     reason      why something else than the commands is recognised; - when nothing is
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/tap.sh
. "$here/tap.sh"
root=$here/../..
table=$root/tests/data/signatures.tsv
samples=${SAMPLES_DIR:-$root/../shared/samples}

# What only steers the debugger has no output to be told by (engine/facts/noise.c).
steering='^(\(no command\)|g|bp|[.]reload|!sym|[.]thread|[.]process|~1)$'

# recognised FILE: the commands in it, sorted, with their names as the table writes them
recognised() {
    "$STOPCODE" sections --color never "$1" 2>/dev/null | awk -v steering="$steering" '
        !/^ *[0-9]+-[0-9]+ +[0-9]+ of +[0-9]+  / { next }
        { n++ }
        / of +[0-9]+  user mode / { user++; next }
        {
            command = tolower(substr($0, 45))
            if (command !~ /^\(/) sub(/ .*/, "", command)
            sub(/^![a-z0-9_]+\./, "!", command)
            if (command !~ steering) print command
            else steers++
        }
        END {
            if (!n) print "not-debugger"
            else if (user == n) print "user-mode"
            else if (steers + user == n) print "none"
        }
    ' | LC_ALL=C sort -u | paste -s -d , - | sed 's/,/, /g'
}

# without_prompts FILE: `3: kd> !irql`, `0:000> k`, `0:000>0: kd> k`, each line with its command
without_prompts() {
    sed -E -e 's/^[[:blank:]#>]*([0-9]+:[0-9]{3,}>[[:blank:]]*)*([0-9.]+:[[:blank:]]*)?l?[kK][dD](:[a-z0-9]+)?>.*$//' \
        -e 's/^[[:blank:]]*[0-9]+:[0-9]{3,}(:[a-z0-9]+)?>.*$//' "$1"
}

# The table itself is checked in any case.
tab=$(printf '\t')
is "$(awk -F'\t' 'NF != 5' "$table")" "" "every row has five columns"
is "$(sed 1d "$table" | cut -f1)" "$(sed 1d "$table" | cut -f1 | LC_ALL=C sort -u)" "rows are sorted, each sample once"
is "$(awk -F'\t' 'NR > 1 && ($3 == "=" && $4 == "=") != ($5 == "-")' "$table")" "" \
    "a reason stands where something else is recognised, and nowhere else"
is "$(awk -F'\t' 'NR > 1 && ($3 == $2 || $4 == $2)' "$table")" "" "what is recognised rightly is written ="

if [ ! -d "$samples" ]; then
    skip "there are no samples in $samples"
    done_testing
fi
: "${STOPCODE:?names the command to test}"
: "${STOPCODE_KB:=$root}"
export STOPCODE_KB
bare=$(mktemp) || exit 2
trap 'rm -f "$bare"' EXIT

is "$(sed 1d "$table" | cut -f1)" \
    "$(cd "$samples" && for file in *.txt; do echo "${file%.txt}"; done | LC_ALL=C sort)" "the table knows every sample"

while IFS=$tab read -r sample commands prompted promptless _; do
    [ -f "$samples/$sample.txt" ] || continue
    [ "$prompted" != = ] || prompted=$commands
    [ "$promptless" != = ] || promptless=$commands
    is "$(recognised "$samples/$sample.txt")" "$prompted" "$sample: with its prompts"
    without_prompts "$samples/$sample.txt" >"$bare"
    is "$(recognised "$bare")" "$promptless" "$sample: without its prompts"
done <"$table"
done_testing
