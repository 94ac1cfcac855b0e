#!/bin/sh
# `stopcode test`: every sample is diagnosed damaged, too; what flips fails, what is known does not, and the share of
# verdicts that hold can only grow.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"
make_rules src
STOPCODE_KB=$work/src
export STOPCODE_KB
tab=$(printf '\t')

# sample NAME: the crash with its expectations.
sample() {
    mkdir -p corpus/0x9F
    cp crash.txt "corpus/0x9F/$1.txt"
    cat >"corpus/0x9F/$1.yaml" <<'END'
origin: made for this test
terms: the project's own
crashes:
  - bugcheck: 0x9F
    confirmed: {0x9F/test-rule: likely}
END
}

# known ENTRY...: known-damage.tsv, with blanks for tabs between the columns: "a/b|crlf|what|why".
known() {
    for entry; do printf '%s\n' "$entry" | tr '|' "$tab"; done >corpus/known-damage.tsv
}

# ---- What holds ----

sample good
exits 0 "a sample that holds" test
is "$out" "2 passed, 0 failed" "its damaged variants are one test"
exits 0 "--no-damage" test --no-damage
is "$out" "1 passed, 0 failed" "leaves them out"
exits 0 "--tap" test --tap
contains "$out" "ok 1 - corpus/0x9F/good.txt
ok 2 - corpus/0x9F/good.txt, " "TAP: sample and variants"
variants=$(sed -n 's/^ok 2 .*, \([0-9]*\) damaged variants$/\1/p' out)
is "$([ "${variants:-0}" -ge 60 ] && echo enough)" enough "they are many: ${variants:-none}"
exits 0 "one sample" test corpus/0x9F/good.txt
is "$out" "2 passed, 0 failed" "is damaged as well"
exits 0 "--damage-report" test --damage-report
contains "$out" "lines cut at column 80" "the report says what each kind does"
contains "$out" "100.0 %" "and how much holds"
contains "$out" "diagnoses per second" "and how fast it was"
exits 0 "--damage-report --tap" test --damage-report --tap
is "$(grep -c -v -e '^#' -e '^ok ' -e '^1\.\.' out)" 0 "in TAP the report is a comment"

# ---- The variants themselves ----

exits 0 "--show-damage" test --show-damage crlf corpus/0x9F/good.txt
sed "s/\$/$(printf '\r')/" crash.txt >crlf.txt
is "$(cmp out crlf.txt && echo same)" same "prints the variant"
exits 0 "--show-damage of a numbered one" test --show-damage "drop 2 !locks" corpus/0x9F/good.txt
lacks "$out" "PiEngineLock" "prints it without the section"
contains "$out" "BugCheck 9F" "and with the rest"
exits 2 "--show-damage of an unknown one" test --show-damage melted corpus/0x9F/good.txt
contains "$err" "has no variant \"melted\"" "is told"
sample other
exits 2 "--show-damage of two samples" test --show-damage crlf
contains "$err" "wants one sample, not 2" "is told"
rm corpus/0x9F/other.*

# ---- What flips ----

# rule NAME: one more rule, with the clauses of standard input.
rule() {
    {
        sed -n '1,/^    args: /p' src/rules/0x9F/test-rule.md
        cat
        sed -n '/^summary: /,$p' src/rules/0x9F/test-rule.md
    } | sed -e "s/^title: .*/title: The rule $1/" -e 's/^summary: .*/summary: "It holds."/' >"$1.md"
}

# It takes missing output for proof, because it does not say that the output must be whole.
rule flips <<'END'
  no-lock:
    sql: SELECT 1 AS line WHERE NOT EXISTS (SELECT * FROM lock)
    whole: false
END
cp flips.md src/rules/0x9F/flips.md
exits 1 "a rule that flips" test
contains "$out" "FAILED corpus/0x9F/good.txt, $variants damaged variants" "the sample's variants fail"
contains "$out" "  crash 1: confirms 0x9F/flips" "with what they do"
contains "$out" "drop 2 !locks" "and which ones do it"
contains "$out" "     2  BugCheck 9F, {4, 258, fffffa8007005660, fffff800053e83d0}" "and the line behind it"
contains "$out" "1 passed, 1 failed" "the sample itself passes"
is "$(grep -c 'confirms 0x9F/flips' out)" 1 "the same fault is told once"
exits 1 "--tap" test --tap
contains "$out" "not ok 2 - corpus/0x9F/good.txt, $variants damaged variants" "TAP: what failed"
contains "$out" "#   crash 1: confirms 0x9F/flips" "TAP: the fault"
exits 1 "--junit" test --junit results.xml
junit=$(cat results.xml)
contains "$junit" '<testsuite name="stopcode test" tests="2" failures="1"' "JUnit: the counts"
contains "$junit" '<testcase classname="corpus/0x9F" name="good.txt"/>' "JUnit: what passed"
contains "$junit" "<testcase classname=\"corpus/0x9F\" name=\"good.txt, $variants damaged variants\">" \
    "JUnit: what failed"
contains "$junit" '<failure message="crash 1: confirms 0x9F/flips">' "JUnit: the fault"
if command -v xmllint >/dev/null 2>&1; then
    is "$(xmllint --noout results.xml 2>&1)" "" "JUnit: sound XML"
else
    skip "xmllint is not installed"
fi
exits 2 "--junit into a missing folder" test --junit no/where.xml
contains "$err" "no/where.xml" "is told"

# It is surer with less.
rule surer <<'END'
  no-owner:
    supports: certain
    sql: SELECT 1 AS line WHERE NOT EXISTS (SELECT * FROM lock_thread)
    whole: false
END
rm src/rules/0x9F/flips.md
sed 's/^confidence: .*/confidence: possible/' surer.md >src/rules/0x9F/surer.md
sed 's/confirmed: {/confirmed: {0x9F\/surer: possible, /' corpus/0x9F/good.yaml >surer.yaml
cp surer.yaml corpus/0x9F/good.yaml
exits 1 "a rule that is surer with less" test
contains "$out" "crash 1: is surer of 0x9F/surer: certain" "is told"
rm src/rules/0x9F/surer.md
sample good

# ---- Known weaknesses ----

cp flips.md src/rules/0x9F/flips.md
known "# what is not cured yet" "sample|variant|what|why" \
    "0x9F/good|*|crash 1: confirms 0x9F/flips|it does not say that the output must be whole"
exits 0 "a weakness that is known" test
is "$out" "3 passed, 0 failed" "passes, and the list is a test"
exits 0 "of one sample" test corpus/0x9F/good.txt
is "$out" "2 passed, 0 failed" "passes as well"
exits 0 "--damage-report" test --damage-report
is "$(awk '$1 == "drop" { print $8 }' out)" 1 "the report counts what is known"
known "0x9F/good|chop-*|crash 1: confirms 0x9F/flips|it does not say that the output must be whole"
exits 1 "one that is known of other variants only" test
contains "$out" "crash 1: confirms 0x9F/flips" "fails"
known "0x9F/good|*|crash 1: confirms 0x9F/other|another rule"
exits 1 "one that is known for another rule" test
rm src/rules/0x9F/flips.md
known "0x9F/good|*|crash 1: confirms 0x9F/flips|cured by now"
exits 1 "a weakness that is cured" test
contains "$out" "FAILED corpus/known-damage.tsv" "its entry is stale"
contains "$out" "line 1: 0x9F/good, *: \"crash 1: confirms 0x9F/flips\" does not happen" "and named"
exits 1 "also for one sample" test corpus/0x9F/good.txt
known "0x9F/gone|*|crash 1: confirms 0x9F/flips|the sample is gone"
exits 1 "an entry for a sample that is gone" test
exits 0 "is none of another sample's business" test corpus/0x9F/good.txt
exits 0 "nor without damage" test --no-damage
known "0x9F/good|*|crash 1: confirms 0x9F/flips"
exits 2 "an entry without a reason" test
contains "$err" "known-damage.tsv:1: expected 4 columns" "is told with its line"
known "" "0x9F/good|*|| "
exits 2 "an empty column" test
contains "$err" "known-damage.tsv:2:" "is told with its line"
rm corpus/known-damage.tsv

# ---- The ratchet ----

exits 0 "--update-damage" test --update-damage
contains "$(cat corpus/damage.tsv)" "crlf${tab}1${tab}1${tab}1" "writes the shares"
lacks "$(cat corpus/damage.tsv)" "slap-line" "of damage that loses nothing"
exits 0 "what holds as before" test
is "$out" "3 passed, 0 failed" "passes, and the file is a test"
is "$err" "" "without a word"
cp corpus/damage.tsv ratchet
sed "s/^crlf.*/crlf${tab}2${tab}10${tab}9/" ratchet >corpus/damage.tsv
exits 0 "what holds better" test
contains "$err" "1 kinds of damage are survived better" "is told"
# it holds only as long as a backtick is there
rule ticks <<'END'
  tick:
    text: {command: "!locks", pattern: "ticks: .`"}
END
cp ticks.md src/rules/0x9F/ticks.md
printf 'ticks: a`b\n' >>corpus/0x9F/good.txt
sed 's/confirmed: {/confirmed: {0x9F\/ticks: likely, /' corpus/0x9F/good.yaml >ticks.yaml
cp ticks.yaml corpus/0x9F/good.yaml
sed "s/^no-backticks.*/no-backticks${tab}1${tab}1${tab}1/" ratchet >corpus/damage.tsv
known "0x9F/good|*|crash 1: rules out 0x9F/ticks|the text is matched as it stands"
exits 1 "what holds less" test
contains "$out" "FAILED corpus/damage.tsv" "fails"
contains "$out" "no-backticks: 1 of 2 verdicts hold (50.00 %), it says 1 of 1 (100.00 %)" "with the figures"
contains "$out" "stopcode test --update-damage" "and what to do when that is right"
exits 0 "is no matter of one sample" test corpus/0x9F/good.txt
exits 0 "--update-damage" test --update-damage
exits 0 "lowers it" test
grep -v '^crlf' ratchet >corpus/damage.tsv
exits 1 "a kind that is not in the file" test
contains "$out" "the kind crlf is not in it" "is told"
{ cat ratchet && echo "melted${tab}1${tab}1${tab}1"; } >corpus/damage.tsv
exits 2 "a kind that there is not" test
contains "$err" "there is no kind of damage \"melted\"" "is told"
sed "s/^crlf.*/crlf${tab}1${tab}one${tab}1/" ratchet >corpus/damage.tsv
exits 2 "a number that is none" test
contains "$err" "expected a number, not \"one\"" "is told"
cp ratchet corpus/damage.tsv
exits 2 "--update-damage for one sample" test --update-damage corpus/0x9F/good.txt
contains "$err" "wants the whole corpus" "is refused"
exits 2 "--update-damage --no-damage" test --update-damage --no-damage
contains "$err" "wants the whole corpus" "is refused"

# ---- Many at the same time ----

rm -rf corpus
sample a && sample b && sample c && sample d
exits 0 "--jobs 1" test --jobs 1 --tap
one=$out
exits 0 "--jobs 4" test --jobs 4 --tap
is "$out" "$one" "the number of jobs changes nothing"
lacks "$err" "samples" "progress is for terminals"

done_testing
