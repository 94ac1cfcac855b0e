#!/bin/sh
# tools/mutate.sh breaks one place at a time, tells killed from survived and from refused, and leaves the tree alone.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/tap.sh
. "$here/tap.sh"
tools=$here/../../tools
tree=$(mktemp -d) || exit 2
tab=$(printf '\t')
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/tools" "$tree/engine/decode" "$tree/tests/data"
cp "$tools/mutate.sh" "$tools"/*.awk "$tree/tools/"

cat >"$tree/engine/decode/words.c" <<'C'
static const char *const words[] = {"tested", "untested"};
/* "a comment" && 1 < 2 */
void fill(int *row)
{
    sc_set_int(row, 0, 1);
    sc_set_int(row, 1,
               2);
}
C
cat >"$tree/hooks" <<'H'
sources() { echo engine/decode/words.c; }
prepare() { :; }
build() { ! grep -q 'refuse me' "$1"; }
killers() { printf '%s\n' easy tested row red; }
# Each is red when what it looks at is gone; "red" always is.
passes() {
    case $1 in
    easy) true ;;
    tested) grep -q '"tested"' engine/decode/words.c ;;
    row) grep -q 'row, 0, 1' engine/decode/words.c ;;
    red) false ;;
    esac
}
H

mutate() {
    (cd "$tree" && tools/mutate.sh -x "$tree/hooks" -o "$tree/page.md" -r "$tree/table.tsv" "$@" >out 2>err </dev/null)
    status=$?
    err=$(cat "$tree/err")
    table=$(cat "$tree/table.tsv" 2>/dev/null)
}
# outcome OPERATOR PART-OF-TEXT: "killed by whom", of the lines that are about it
outcome() { printf '%s\n' "$table" | awk -F '\t' -v o="$1" -v t="$2" '$3 == o && index($6, t) { print $4 " " $5 }'; }
before=$(cksum "$tree/engine/decode/words.c")

mutate -n 0 sources
is "$status" 1 "survivors that nobody has explained fail"
contains "$err" "red fails on the unbroken tree and is left out" "a test that fails anyway kills nothing"
is "$(printf '%s\n' "$table" | wc -l | tr -d ' ')" 4 "two strings, two statements, nothing of the comment"
is "$(outcome column 'row, 0, 1')" "killed row" "killed, and by which test"
is "$(outcome column 'row, 1, 2')" "survived " "survived, over two lines"
is "$(outcome string words | sort | tr '\n' ,)" "killed tested,survived ," "each string on its own"
is "$(cksum "$tree/engine/decode/words.c")" "$before" "the tree is as it was"
contains "$(cat "$tree/page.md")" "| all | | 4 | 2 | 0 | 2 |" "the page counts"
contains "$(cat "$tree/page.md")" "**open**" "the page shows what is not explained"
contains "$(cat "$tree/page.md")" "Rules were left out" "and what was not broken"

printf '%s\t' engine/decode/words.c column 'sc_set_int(row, 1, 2);' ';' >"$tree/tests/data/mutation-survivors.tsv"
echo "nobody reads it" >>"$tree/tests/data/mutation-survivors.tsv"
printf '%s' "$table" | awk -F '\t' -v OFS='\t' '$4 == "survived" && $3 == "string" { print $1, $3, $6, $7, "a word" }' \
    >>"$tree/tests/data/mutation-survivors.tsv"
mutate -n 0 sources
is "$status" 0 "explained survivors pass"
contains "$(cat "$tree/page.md")" "nobody reads it" "the page shows why"

printf '%s\n' "engine/decode/words.c${tab}column${tab}sc_set_int(row, 0, 1);${tab};${tab}no longer true" \
    >>"$tree/tests/data/mutation-survivors.tsv"
mutate -n 0 sources
is "$status" 1 "an explanation of what does not survive fails"
contains "$err" "explained, but does not survive" "and is named"

sed 's/"untested"/"refuse mz"/; s/easy tested row red/tested/' "$tree/hooks" >"$tree/hooks2"
file=$tree/engine/decode/words.c
sed 's/"untested"/"refuse my"/' "$file" >"$tree/new" && mv "$tree/new" "$file"
sed 's/refuse me/refuse mz/' "$tree/hooks" >"$tree/new" && mv "$tree/new" "$tree/hooks"
mutate -n 0 sources
is "$(outcome string words | sort | tr '\n' ,)" "killed tested,refused ," "what does not build is refused"

sed 's/^killers.*/killers() { echo red; }/' "$tree/hooks" >"$tree/new" && mv "$tree/new" "$tree/hooks"
mutate -n 0 sources
is "$status" 2 "without any test nothing is said to survive"
contains "$err" "no test for engine/decode/words.c" "and that is said"

mutate nonsense
is "$status" 2 "an unknown part"

# The lists themselves.
cat >"$tree/a.c" <<'C'
static bool check(int a)
{
    if (a < 10 && a != 3) return true; // a > 4
    return false;
}
C
list=$(awk -f "$tools/mutants-c.awk" "$tree/a.c" | cut -f4,6)
for wanted in "relation${tab}    if (a <= 10 && a != 3)" "relation${tab}    if (a < 10 && a == 3)" \
    "constant${tab}    if (a < 11 &&" "logic${tab}    if (a < 10 || a != 3)" "return${tab}    return true;"; do
    contains "$list" "$wanted" "a mutant of C: $wanted"
done
lacks "$list" "a > 5" "nothing inside a comment"

mkdir -p "$tree/rules/0x9F"
rule=$tree/rules/0x9F/a-rule.md
cat >"$rule" <<'R'
---
title: A rule
status: stable
confidence: likely
clauses:
  one:
    args: {1: 4}
  two:
    supports: certain
    sql: SELECT line FROM lock WHERE a = 1 AND b BETWEEN 2 AND 3
  three:
    excludes: true
    sql: |
      SELECT line
      FROM irp WHERE c
culprit: disk
supersedes: [0x9F/b, any/c]
---
R
list=$(awk -f "$tools/mutants-rules.awk" "$rule" | cut -f2-4,6)
id=0x9F/a-rule
for wanted in "6${tab}7${tab}clause $id#one" "8${tab}10${tab}clause $id#two" "11${tab}15${tab}clause $id#three" \
    "7${tab}7${tab}value $id#one" \
    "SELECT * FROM (SELECT line FROM lock WHERE a = 1 AND b BETWEEN 2 AND 3) WHERE line = -1" \
    "condition $id#two and 1${tab}    sql: SELECT line FROM lock WHERE a = 1 OR b BETWEEN 2 AND 3" \
    "condition $id#three where 1${tab}      FROM irp WHERE 1 OR c" \
    "9${tab}9${tab}level $id#two${tab}    supports: likely" "12${tab}12${tab}effect $id#three" \
    "14${tab}15${tab}empty $id#three" "4${tab}4${tab}level $id${tab}confidence: possible" \
    "16${tab}16${tab}culprit $id" "17${tab}17${tab}supersedes $id 0x9F/b${tab}supersedes: [any/c]"; do
    contains "$list" "$wanted" "a mutant of a rule: $wanted"
done
lacks "$list" "BETWEEN 2 OR 3" "the AND of BETWEEN is no condition"
sed 's/stable/draft/' "$rule" >"$tree/draft.md"
is "$(awk -f "$tools/mutants-rules.awk" "$tree/draft.md")" "" "a draft is not evaluated, and not broken"


# ---- Rules, and several at a time ----

mkdir -p "$tree/corpus" "$tree/rules/0x1A"
sed 's/confidence/certainty/' "$rule" >"$tree/rules/0x1A/another.md"
cat >"$tree/hooks" <<'H'
rules() { ls rules/*/*.md; }
prepare() { :; }
build() { :; }
killers() { echo any; }
passes() { ! grep -q 'OR c' rules/*/*.md && grep -q 'culprit: disk' rules/0x1A/another.md; }
H
mutate rules
one=$(sort "$tree/table.tsv")
is "$(outcome 'culprit 0x1A/another' '')" "killed any" "a rule's mutant, by the name that coverage gives it"
contains "$err" "survives and is not explained: culprit 0x9F/a-rule" "no test looks at the other rule"
cut -f3,4 "$tree/table.tsv" | awk -F "$tab" -v OFS="$tab" '
    $2 == "survived" { name = $1; sub(/ .*/, "", name); sub(/^[^ ]* /, "", $1); print name, $1, "a known gap" }' \
    >"$tree/corpus/coverage.tsv"
mutate -j 2 rules
is "$status" 0 "what the list of gaps explains passes"
is "$(sort "$tree/table.tsv")" "$one" "the number of jobs changes nothing"
contains "$(cat "$tree/page.md")" "a known gap" "the page shows why"

done_testing
