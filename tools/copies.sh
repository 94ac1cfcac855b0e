#!/bin/sh
# copies.sh FOLDER...: runs of eight words that texts of this project share with texts in those folders.
#
# Everything here is in our own words: what the folders hold (posts, catalogues, manuals) is for reading only. Compared
# are the pages of rules and bug checks, the reference and the documents. What stands in backticks, in code blocks or
# in the SQL of a rule is not prose and is left out. Names that are fixed are one word (UNEXPECTED_KERNEL_MODE_TRAP),
# and the vendors and products of kb/reference/modules.tsv are not compared.
# Prints "file:line: the words"; exit status 1 when there is one.
set -u
[ $# -gt 0 ] || { echo "usage: tools/copies.sh FOLDER..." >&2; exit 2; }
cd "$(dirname "$0")/.." || exit 2

sources=$(mktemp) && ours=$(mktemp) || exit 2
trap 'rm -f "$sources" "$ours"' EXIT
find -H "$@" -type f ! -path '*/samples/*' \
    \( -name '*.md' -o -name '*.tsv' -o -name '*.html' -o -name '*.txt' \) >"$sources"
[ -s "$sources" ] || { echo "no texts in $*" >&2; exit 2; }
git ls-files -- '*.md' 'kb/reference/*.tsv' ':!tests/data' | grep -v '^kb/reference/modules\.tsv$' >"$ours"

awk -v sources="$sources" '
BEGIN {
    n = 8
    while ((getline name <sources) > 0) { reading[name] = 1; ARGV[ARGC++] = name }
    close(sources)
    while ((getline name <"'"$ours"'") > 0) ARGV[ARGC++] = name
}
FNR == 1 { have = 0; code = 0; head = 0; theirs = FILENAME in reading }
/^ *```/ { code = !code; have = 0; next }
code { next }
# the head of a rule: SQL and the like, but for its words to people
!theirs && /^---$/ { head = FNR == 1; have = 0; next }
!theirs && head && !/^ *(title|summary|why|value): / { have = 0; next }
{
    line = tolower($0)
    gsub(/<[^>]*>/, " ", line)
    gsub(/&[a-z]+;/, " ", line)
    if (!theirs) gsub(/`[^`]*`/, " | ", line)
    gsub(/\{\{[^}]*\}\}/, " | ", line)
    gsub(/https?:[^ )]*/, " | ", line)
    gsub(/[^a-z0-9_'"'"'|]+/, " ", line)
    m = split(line, word, " ")
    for (i = 1; i <= m; i++) {
        if (word[i] == "|") { have = 0; continue }
        if (have < n) have++
        else for (k = 1; k < n; k++) run[k] = run[k + 1]
        run[have] = word[i]
        if (have < n) continue
        key = run[1]
        for (k = 2; k <= n; k++) key = key " " run[k]
        if (theirs) seen[key] = FILENAME
        else if ((key in seen) && key !~ /^([0-9a-fx]+ )*[0-9a-fx]+$/) {
            print FILENAME ":" FNR ": " key "  [" seen[key] "]"
            found = 1
        }
    }
    if (m == 0) have = 0
}
END { exit found }
' /dev/null
