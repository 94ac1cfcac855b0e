#!/bin/sh
# `stopcode coverage`: whatever can be taken from a rule without a sample noticing is a gap, and gaps only go away.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"
make_rules src
STOPCODE_KB=$work/src
export STOPCODE_KB
rule=src/rules/0x9F/test-rule.md
list=corpus/coverage.tsv

# sample: the crash as a sample; standard input holds variants.
sample() {
    mkdir -p corpus/0x9F
    cp crash.txt corpus/0x9F/a.txt
    cat >corpus/0x9F/a.yaml <<'END'
origin: made for this test
terms: the project's own
crashes:
  - bugcheck: 0x9F
    args: [0x4, 0x258, 0xfffffa8007005660, 0xfffff800053e83d0]
    outcome: confirmed
    confirmed: {0x9F/test-rule: likely}
END
    cat >variants
    [ ! -s variants ] || { echo variants: && cat variants; } >>corpus/0x9F/a.yaml
}
without_locks='  - name: without !locks
    delete_sections: ["!locks"]
    crashes: {1: {open: [0x9F/test-rule], ask: ["!locks"]}}'
another_code='  - name: another sub-code
    replace: [{from: "{4, 258", to: "{3, 258"}]
    crashes: {1: {args: [3, 600, 0xfffffa8007005660, 0xfffff800053e83d0], near_miss: [0x9F/test-rule]}}
  - name: who waits for the lock
    replace:
      - from: "660-01<*>"
        to: "aaa-01<*>\n     Threads Waiting On Exclusive Access:\n              fffffa8007005660"
    crashes: {1: {near_miss: [0x9F/test-rule]}}'

# gap KIND ITEM NAME: the last run listed it; no_gap: it did not.
tab=$(printf '\t')
gap() {
    grep -q -x -F "$1 $2" gaps
    tap_result $? "$3" "$(cat gaps)"
}
no_gap() {
    grep -q -x -F "$1 $2" gaps
    [ $? = 1 ]
    tap_result $? "$3" "$(cat gaps)"
}
# measure [ARGUMENT...]: the new gaps of the corpus, "kind item" per line, into the file gaps.
measure() {
    "$stopcode" coverage --json "$@" >json 2>err </dev/null
    status=$?
    awk -F '"' '/"kind":/ { kind = $4 } /"item":/ { item = $4 } /"known": false/ { print kind, item }' json >gaps
}

# ---- What is a gap ----

sample </dev/null
measure
is "$status" 1 "a gap that is not listed: exit status 1"
no_gap firing 0x9F/test-rule "the rule fires"
gap near-miss 0x9F/test-rule "no sample just misses it"
gap clause '0x9F/test-rule#lock-owner' "a clause that is true everywhere"
gap clause '0x9F/test-rule#sync-timeout' "another"
no_gap value '0x9F/test-rule#sync-timeout arg1=0x4' "a value that the firing sample needs"
gap command '!irp' "a command that no sample holds"
no_gap command '!locks' "one that a sample holds"
printf '%s\n%s\n' "$without_locks" "$another_code" | sample
measure
no_gap near-miss 0x9F/test-rule "a variant just misses it"
no_gap clause '0x9F/test-rule#lock-owner' "a variant without its section needs the clause"
no_gap clause '0x9F/test-rule#sync-timeout' "and tells the clause"
exits 1 "for people" coverage
contains "$out" "1 samples, 3 variants, 4 crashes; 1 stable rule" "the sums"
contains "$out" "   1 of    1  fire in a sample" "the rules"
contains "$out" "   2 of    2  are missed when they are deleted" "the clauses"
contains "$out" "   2 of    2  of queries, when they always hold or OR stands for AND" "the conditions"
contains "$out" "New gaps, which corpus/coverage.tsv does not list:" "what is new"

# A sample that expects nothing of a rule does not cover it.
sed 's/confirmed: {0x9F.*/confirmed: []/; s/outcome: confirmed/outcome: undecided/' corpus/0x9F/a.yaml >x
mv x corpus/0x9F/a.yaml
measure
gap firing 0x9F/test-rule "a confirmation that nobody expects is none"

# ---- Each kind of change ----

printf '%s\n%s\n' "$without_locks" "$another_code" | sample
edit() { # edit AWK-PROGRAM: the rule changed
    make_rules src
    awk "$1" "$rule" >x && mv x "$rule"
}
edit '/args:/ { sub(/4/, "[4, 5, 0x10-0x1f]") } { print }'
measure
gap value '0x9F/test-rule#sync-timeout arg1=0x5' "a value without a sample"
gap value '0x9F/test-rule#sync-timeout arg1=0x10-0x1f' "a range without a sample"
no_gap value '0x9F/test-rule#sync-timeout arg1=0x4' "the value with one"
edit '/^summary:/ { print "  waited:\n    supports: certain\n    sql: SELECT line FROM lock WHERE contention > 3" }
    { print }'
measure
gap effect '0x9F/test-rule#waited' "a supporting clause that is true in all samples might as well be required"
no_gap clause '0x9F/test-rule#waited' "without it the confidence is another"
edit '/^summary:/ { print "  waited:\n    supports: possible\n    sql: SELECT line, contention FROM lock" } { print }'
measure
gap clause '0x9F/test-rule#waited' "a clause that only adds a line"
sed 's/^variants:/    values: {0x9F\/test-rule: {contention: 21}}\nvariants:/' corpus/0x9F/a.yaml >x
mv x corpus/0x9F/a.yaml
measure
no_gap clause '0x9F/test-rule#waited' "a value that a sample expects counts"
edit '/^summary:/ { print "  shared:\n    excludes: true\n    sql: SELECT line FROM lock WHERE mode = '"'shared'"'" }
    { print }'
printf '%s\n%s\n' "$without_locks" "$another_code" | sample
measure
gap clause '0x9F/test-rule#shared' "an exclusion that never comes true"
no_gap effect '0x9F/test-rule#shared' "which as a requirement would rule the rule out"
printf '%s\n%s\n%s\n' "$without_locks" "$another_code" '  - name: shared
    replace: [{from: "Exclusively owned", to: "Shared 1 owning threads"}]
    crashes: {1: {near_miss: [0x9F/test-rule]}}' | sample
measure
no_gap clause '0x9F/test-rule#shared' "a variant shows it"
edit '/status: stable/ { sub(/stable/, "draft") } { print }'
measure
no_gap firing 0x9F/test-rule "a draft is not measured"
make_rules src
cp "$rule" src/rules/0x9F/never.md
sed 's/{1: 4}/{1: 9}/' "$rule" >src/rules/0x9F/never.md
measure
gap firing 0x9F/never "a rule that never fires"
measure 0x9F/test-rule
no_gap firing 0x9F/never "is left out when another one is asked for"
no_gap command '!irp' "and so are commands"
is "$status" 0 "that one has no gap"
exits 2 "a rule that is not there" coverage 0x9F/tset-rule
contains "$err" 'did you mean "0x9F/test-rule"?' "the nearest is named"
mkdir src/rules/0xC2
sed 's/0x9F/0xC2/' "$rule" >src/rules/0xC2/other.md
sed 's/0x9F/0xC2/' src/rules/0x9F/index.md >src/rules/0xC2/index.md
measure
gap code 0xC2 "a bug check with rules and without a sample"
rm -r src/rules/0xC2 src/rules/0x9F/never.md

# ---- Inside a clause ----

printf '%s\n%s\n' "$without_locks" "$another_code" | sample
make_rules src
measure
no_gap condition '0x9F/test-rule#lock-owner where 1' "a condition that a near miss needs"
edit '/^summary:/ { print "  waited:\n    supports: certain\n    sql: SELECT line FROM lock WHERE contention > 3" }
    { print }'
measure
gap condition '0x9F/test-rule#waited where 1' "a condition that holds in every sample"
exits 1 "for people" coverage
contains "$out" "0x9F/test-rule#waited where 1: contention > 3" "with its words"
edit '/^summary:/ { print "  waits:\n    stack: [\"nt!KeWait*\", \"...\", \"nt!Nobody*\"]" }
    /^summary:/ { print "    supports: certain" } { print }'
measure
gap empty '0x9F/test-rule#waits' "a pattern that no stack has"
edit '/^summary:/ { print "  who:\n    supports: certain\n    sql: SELECT line, module AS driver FROM module" }
    /^summary:/ { print "culprit: \"{{driver}}\"" } { print }'
measure
gap culprit '0x9F/test-rule' "a culprit that no sample expects"
edit '{ sub(/^confidence: likely/, "confidence: possible"); print }'
sed 's/confirmed: {0x9F.*/confirmed: [0x9F\/test-rule]/' corpus/0x9F/a.yaml >x && mv x corpus/0x9F/a.yaml
measure
gap level 0x9F/test-rule "a confidence that no sample expects"
make_rules src
printf '%s\n%s\n' "$without_locks" "$another_code" | sample

# A rule that another one hides is not expected, so nothing notices what becomes of it.
sed 's/^summary:/supersedes: [0x9F\/hidden]\nsummary:/' "$rule" >x && mv x "$rule"
sed '/^supersedes/d; s/args: {1: 4}/args: {1: [4, 5]}/' "$rule" >src/rules/0x9F/hidden.md
measure
gap firing 0x9F/hidden "a rule that is always hidden"
no_gap supersedes '0x9F/test-rule 0x9F/hidden' "the hiding is needed: without it an unexpected rule is confirmed"
sed 's/supersedes: .*/supersedes: [0x9F\/hidden, 0x9F\/far]/' "$rule" >x && mv x "$rule"
sed 's/{1: 4}/{1: 9}/; /^supersedes/d' "$rule" >src/rules/0x9F/far.md
measure
gap supersedes '0x9F/test-rule 0x9F/far' "hiding what is never confirmed beside it"
rm src/rules/0x9F/far.md
rm src/rules/0x9F/hidden.md
make_rules src

# ---- The ratchet ----

printf '%s\n' "$without_locks" | sample
exits 1 "--update with new gaps" coverage --update
is "$(test -e "$list" && echo there)" "" "adds none"
exits 0 "--update --force" coverage --update --force
contains "$(cat "$list")" "near-miss${tab}0x9F/test-rule${tab}" "lists them"
exits 0 "with all gaps listed" coverage
contains "$out" " 0 new, 0 closed" "is told"
printf '%s\n%s\n' "$without_locks" "$another_code" | sample
exits 1 "a closed gap that is still listed" coverage
contains "$out" "3 closed" "is told"
contains "$out" "coverage.tsv:2: near-miss 0x9F/test-rule" "with its line"
run coverage --json
contains "$out" '"stale": [' "also as JSON"
exits 0 "--update takes it off" coverage --update
lacks "$(cat "$list")" "near-miss" "the line is gone"
exits 0 "and the ratchet holds" coverage
printf '%s\n' "$without_locks" | sample
exits 1 "a gap that comes back" coverage
exits 1 "is not taken in by --update" coverage --update
sed "s/no sample yet/because/" "$list" >x && mv x "$list"
exits 0 "only by --force" coverage --update --force
contains "$(cat "$list")" "command${tab}!irp${tab}because" "the reasons of the others stay"
exits 2 "--force alone" coverage --force

# bad LINE TEXT NAME: a list with that line is refused with TEXT.
bad() {
    printf 'kind\titem\treason\n%b\n' "$1" >"$list"
    exits 2 "$3" coverage
    contains "$err" "coverage.tsv:2: $2" "$3: is told"
}
bad 'firng\t0x9F/test-rule\tx' 'unknown kind of gap "firng"; did you mean "firing"?' "an unknown kind"
bad 'firing\t0x9F/test-rule' 'expected three columns: the reason is missing' "no reason"
bad 'firing' 'expected three columns: kind, item, reason' "no item"
printf 'code\t0xC2\tx\ncode\t0xC2\tx\n' >"$list"
exits 2 "an item twice" coverage
contains "$err" "coverage.tsv:2: listed twice: 0xC2" "is told"

# ---- The table, and the rest ----

rm "$list"
run coverage --table table.md
contains "$(cat table.md)" "| 0x9F | DRIVER_POWER_STATE_FAILURE | short | 1 | 1 | 1 |" "the table: a bug check"
contains "$(cat table.md)" "| \`!locks\` | 1 | 0 |" "the table: a command"
run coverage --jobs 1
one=$out
run coverage --jobs 8
is "$out" "$one" "the number of jobs changes nothing"
exits 2 "a table that cannot be written" coverage --table none/table.md
printf 'nonsense' >corpus/0x9F/a.yaml
exits 2 "a sample with faults" coverage
contains "$err" "a.yaml" "is named"
exits 2 "no samples" coverage --corpus src
done_testing
