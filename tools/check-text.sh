#!/bin/sh
# Checks the text of every file of the project: tools/check-text.sh [ROOT]
# Pastes (corpus/*.txt, tests/data) keep their bytes and are only checked for e-mail addresses.
# Prints file:line: what is wrong, exit 1; exit 2 when there is nothing to check.
set -u
cd "${1:-$(dirname "$0")/..}" || exit 2

every=$(find . \( -path ./.git -o -path ./build \) -prune -o -type f -print | sed 's|^\./||' | sort)
written=$(printf '%s\n' "$every" | grep -v -e '^corpus/.*\.txt$' -e '^tests/data/')
[ -n "$written" ] || {
    echo "check-text: no files in $(pwd)" >&2
    exit 2
}
bad=0
LC_ALL=C.UTF-8 # columns are characters
export LC_ALL

# forbid PATTERN WHY FILES: every match of an extended expression is reported.
forbid() {
    [ -n "$3" ] || return 0
    # shellcheck disable=SC2086  # one word per file; no name in the tree has a blank
    grep -n -I -E -e "$1" -- $3 /dev/null | cut -c 1-160 | sed "s|\$| <- $2|" | grep . && bad=1
    return 0
}
only() { printf '%s\n' "$written" | grep -E -e "$1"; }
cr=$(printf '\r')
tab=$(printf '\t')

forbid "(^|[^A-Za-z0-9_.~-])/(home|root|work|tmp|Users)/[A-Za-z0-9_]" "a path of one machine" "$written"
forbid "[ $tab]+\$" "trailing blanks" "$(printf '%s\n' "$written" | grep -v '\.sh$')"
forbid "$cr\$" "carriage return" "$written"
forbid "^(<<<<<<<|>>>>>>>)( |\$)" "merge conflict" "$written"
forbid "$tab" "tab" "$(only '\.(c|h|sh|md|yaml|yml)$')"
forbid '(^|[^A-Za-z])(TO''DO|FIX''ME)([^A-Za-z]|$)' "unfinished work" "$(only '\.(c|h|sh|mk)$|^Makefile$')"
forbid '^.{121}' "more than 120 columns" "$(only '\.(c|h)$')"
# In a script, what stands in a here-document may be debugger output: it keeps its bytes.
forbid_code() {
    for script in $(only '\.sh$'); do
        awk -v file="$script" -v pattern="$1" -v why="$2" '
            word != "" { if ($0 == word) word = ""; next }
            $0 ~ pattern { printf "%s:%d:%s <- %s\n", file, FNR, substr($0, 1, 160), why; bad = 1 }
            match($0, /<<-?[\047"\\]?[A-Z]+/) { word = substr($0, RSTART, RLENGTH); gsub(/[^A-Z]/, "", word) }
            END { exit bad }' "$script" || bad=1
    done
}
forbid_code "[ $tab]+\$" "trailing blanks"
forbid_code "$(printf '%0121d' 0 | tr 0 .)" "more than 120 columns"
# Debugger output has "module @ path" and "name@size", but no host behind the sign.
forbid '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,6}([^A-Za-z0-9.]|$)' "an e-mail address" "$every"

for file in $written; do
    [ -s "$file" ] && [ -n "$(tail -c 1 "$file")" ] && echo "$file: no newline at the end" && bad=1
done
exit $bad
