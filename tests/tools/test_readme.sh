#!/bin/sh
# The example in README.md is what the command prints today.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/tap.sh
. "$here/tap.sh"
case ${STOPCODE:?names the command to test} in /*) ;; *) STOPCODE=$PWD/$STOPCODE ;; esac
case ${STOPCODE_KB:?} in /*) ;; *) STOPCODE_KB=$PWD/$STOPCODE_KB ;; esac
export STOPCODE_KB
unset COLUMNS NO_COLOR
cd "$here/../.." || exit 2

shown=$(awk '
    /^    \$ stopcode /   { on = 1; next }
    on && /^    \.\.\.$/ { exit }
    on                   { sub(/^    /, ""); print }' README.md)
file=$(awk '/^    \$ stopcode / { print $3; exit }' README.md)
lines=$(printf '%s\n' "$shown" | wc -l)
printed=$("$STOPCODE" "$file" 2>&1 | head -n "$lines")
[ "$lines" -gt 10 ] && [ "$shown" = "$printed" ]
tap_result $? "the example in README.md is the output of: stopcode $file" "$printed"

# Every file and folder that the README links to is there.
gone=$(grep -o '](\([^):]*\))' README.md | sed 's/^](//; s/)$//' | while read -r path; do
    [ -e "$path" ] || echo "$path"
done)
is "$gone" "" "every link leads somewhere"
done_testing
