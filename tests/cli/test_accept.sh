#!/bin/sh
# `stopcode accept`: what comes out becomes what is expected, and no other byte of the file changes.
# shellcheck disable=SC2016  # sed scripts
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"
real_kb=$STOPCODE_KB
make_rules src
STOPCODE_KB=$work/src
export STOPCODE_KB

cat >good.yaml <<'END'
# a comment above
origin: {title: "made for this test", address: none}
terms: the project's own
crashes:
  - bugcheck: 0x9F # the code
    args: [0x4, 0x258, 0xfffffa8007005660, 0xfffff800053e83d0]
    first_line: 1
    # in between
    outcome: confirmed
    confirmed: {0x9F/test-rule: likely}   # one
    values:
      0x9F/test-rule: {lock: "nt!PiEngineLock"}

variants:
  - name: without !locks
    delete_sections: ["!locks"]
    crashes: {1: {outcome: undecided, open: [0x9F/test-rule], ask: ["!locks"]}} # open
END

# sample SCRIPT: the crash as corpus/0x9F/s, its expectations changed by a sed script.
sample() {
    rm -rf corpus
    mkdir -p corpus/0x9F
    cp crash.txt corpus/0x9F/s.txt
    sed "$1" good.yaml >corpus/0x9F/s.yaml
    cp corpus/0x9F/s.yaml before.yaml
}
file() { cat corpus/0x9F/s.yaml; }

# accepts STATUS NAME SCRIPT: accepting brings the good file back, byte for byte; the exit status (1 or 3) tells what
# was found.
accepts() {
    sample "$3"
    run accept
    is "$status" "$1" "$2: exit status $1"
    is "$(file)" "$(cat good.yaml)" "$2: the file is as before the change"
    run accept
    is "$status $out" "0 1 sample, 1 variant: all is as expected" "$2: nothing is left"
}

sample ''
exits 0 "nothing differs" accept
is "$out" "1 sample, 1 variant: all is as expected" "is told"
is "$(file)" "$(cat good.yaml)" "the file is untouched"

# ---- Verdicts and wording ----

accepts 1 "the bug check" 's/bugcheck: 0x9F #/bugcheck: 0xA #/'
accepts 1 "two parameters" 's/0x4, 0x258/0x3, null/'
accepts 3 "the first line" 's/first_line: 1/first_line: 7/'
accepts 1 "the outcome" 's/outcome: confirmed/outcome: undecided/'
accepts 1 "a confidence" 's/test-rule: likely}/test-rule: certain}/'
accepts 1 "a rule that is missing" 's/{0x9F\/test-rule: likely}/{}/'
accepts 1 "a rule too many" 's/test-rule: likely}/test-rule: likely, 0x9F\/gone: certain}/'
accepts 1 "a culprit" 's/^    values:/    culprit: {kind: module, name: x, confidence: likely}\n    values:/'
accepts 3 "an open rule" 's/^    values:/    open: [0x9F\/test-rule]\n    values:/'
accepts 3 "an open rule in a list of lines" 's/^    values:/    open:\n      - 0x9F\/test-rule\n    values:/'
accepts 3 "a command" 's/^    values:/    ask: ["!vm"]\n    values:/'
accepts 1 "a near miss" 's/^    values:/    near_miss: [0x9F\/test-rule]\n    values:/'
accepts 1 "a suspect" 's/^    values:/    suspects: {usbccgp: victim}\n    values:/'
accepts 3 "a value" 's/nt!PiEngineLock/nt!Other/'
accepts 3 "a value that is gone" 's/{lock: "nt!PiEngineLock"}/{lock: "nt!PiEngineLock", nothing: 1}/'
accepts 3 "a rule without values" 's/^    values:/    values:\n      0x9F\/gone: {a: b}/'
accepts 3 "a variant's command" 's/ask: \["!locks"\]/ask: ["!locks 3"]/'
accepts 1 "a variant's outcome" 's/outcome: undecided/outcome: confirmed/'
accepts 1 "another number of crashes" 's/^variants:/  - bugcheck: 0x1A\n    confirmed: []\nvariants:/'
accepts 1 "verdict and wording together" 's/first_line: 1/first_line: 7/;s/test-rule: likely}/test-rule: certain}/'

# ---- What is told ----

sample 's/first_line: 1/first_line: 7/;s/test-rule: likely}/test-rule: certain}/'
run accept
contains "$out" "corpus/0x9F/s.txt
  crash 1, 0x9F DRIVER_POWER_STATE_FAILURE, lines 1-10:
    it should begin on line 7, and begins on 1
    -> wording; accepted" "a difference is shown as by \`stopcode test\`, with its kind"
contains "$out" "0x9F/test-rule should be certain, and is likely" "the next one"
contains "$out" "7  Resource @ nt!PiEngineLock" "with its lines"
contains "$out" "    -> wrong verdict; accepted" "is a wrong verdict"
contains "$out" "2 differences (1 wrong verdict, 1 of wording): 2 accepted, 0 left" "the sum"
contains "$out" "Next: git diff corpus, then stopcode test" "what to do next"

# ---- Crashes that come and go ----

sample ''
zero='00000000`00000000'
printf '\n0: kd> .bugcheck\nBugcheck code 0000001A\nArguments 00000000`00041790 %s %s %s\n' \
    $zero $zero $zero >>corpus/0x9F/s.txt
run accept
is "$status" 1 "a crash more: exit status 1"
contains "$out" "1 crash expected, 2 found" "is told"
contains "$(file)" "      0x9F/test-rule: {lock: \"nt!PiEngineLock\"}
  - bugcheck: 0x1A
    args: [0x41790, 0x0, 0x0, 0x0]
    first_line: 12
    last_line: 14
    outcome: un" "it is written behind the first, which stays as it was"
contains "$(file)" "# in between" "with its comments"
exits 0 "then nothing is left" accept

sample 's/^crashes:/crashes:\n  - bugcheck: 0x1A # gone\n    confirmed: []/'
run accept
is "$(file)" "$(cat good.yaml)" "a crash less at the start: its lines go"
sample '/^  - bugcheck/,/^variants/{/^variants/!d};s/^crashes:/crashes: []/;/^variants/,$d'
run accept
contains "$(file)" "crashes: [{bugcheck: 0x9F, args: [0x4," "the first crash of all"
cp prose.txt corpus/0x9F/s.txt
sed -i '/^variants/,$d' corpus/0x9F/s.yaml
run accept
contains "$(file)" "crashes: []" "no crash any more"

# A variant says nothing about a crash until it differs from its sample's.
sample 's/crashes: {1: .*/crashes: {}/'
run accept
is "$status" 1 "a variant that differs: exit status 1"
contains "$(file)" "    crashes: {1: {outcome: undecided, confirmed: {}}}" "it says so now"
exits 0 "and is right" accept
sample 's/delete_sections: \["!locks"\]/delete_sections: ["!analyze"]/'
run accept
contains "$(file)" "    crashes: {1: {" "a variant that shows no bug check says so in its crash"
exits 0 "and is right, too" accept
sample 's/delete_sections: \["!locks"\]/delete_sections: ["!vm"]/'
exits 1 "a variant whose edit finds nothing" accept
contains "$out" "there is no section !vm to delete" "is told"
contains "$out" "cannot be accepted: change the file by hand" "and left"
is "$(file)" "$(cat before.yaml)" "the file is untouched"

# ---- Answers ----

# answers TEXT: accept -i with these lines on standard input, about three differences.
answers() {
    sample 's/first_line: 1/first_line: 7/;s/outcome: confirmed/outcome: undecided/;s/nt!PiEngineLock/nt!Other/'
    printf '%b' "$1" | "$stopcode" accept -i >out 2>err
    status=$?
    out=$(cat out)
    err=$(cat err)
}
answers 'y\nn\ny\n'
is "$status" 1 "-i: exit status 1 while a wrong verdict differs"
contains "$err" "accept this? [y]es, [n]o, [a]ll that follow, [q]uit: " "the question"
is "$(file)" "$(sed 's/outcome: confirmed/outcome: undecided/' good.yaml)" "yes is written, no is left"
contains "$out" "3 differences (1 wrong verdict, 2 of wording): 2 accepted, 1 left" "and counted"
answers 'n\na\n'
is "$(file)" "$(sed 's/first_line: 1/first_line: 7/' good.yaml)" "all: the rest without asking"
answers 'y\nq\n'
contains "$out" "2 differences (1 wrong verdict, 1 of wording): 1 accepted, 1 left" "quit: what was said yes to is kept"
is "$(file)" "$(sed 's/outcome: confirmed/outcome: undecided/;s/nt!PiEngineLock/nt!Other/' good.yaml)" "and written"
answers 'perhaps\nYes\nno\nno\n'
is "$(grep -o 'accept this' err | wc -l | tr -d ' ')" 4 "an answer that is none: asked again"
answers ''
is "$(file)" "$(cat before.yaml)" "the end of the input is quit"
contains "$out" "0 accepted, 1 left" "nothing is accepted"
answers 'n\nn\nn\n'
is "$status" 1 "nothing accepted: exit status 1"

# ---- todo ----

sample 's/^crashes:/todo: not today\ncrashes:/;s/test-rule: likely}/test-rule: certain}/'
exits 0 "a known failure" accept
is "$(file)" "$(cat before.yaml)" "is left alone"
exits 0 "test: a known failure" test --no-damage
contains "$out" "2 passed, 0 failed (1 of those that passed are todo" "is counted as such"
run test --no-damage --tap
contains "$out" "ok 1 - corpus/0x9F/s.txt, todo: not today" "TAP: with its reason"
sample 's/^crashes:/todo: not today\ncrashes:/;s/^    crashes:/    todo: later\n    crashes:/'
exits 1 "test: todo that passes" test --no-damage
contains "$out" "FAILED corpus/0x9F/s.txt, todo: not today
  it passes now; the mark can go: stopcode accept corpus/0x9F/s.txt" "is an error"
contains "$out" "FAILED corpus/0x9F/s.txt, without !locks, todo: later" "of a variant, too"
contains "$out" "0 passed, 2 failed" "both"
exits 1 "accept: todo that passes" accept
contains "$out" "passes now, although it is marked todo: not today" "is told"
is "$(file)" "$(cat good.yaml)" "and the marks go"
sample 's/^crashes:/todo: ""\ncrashes:/'
exits 1 "todo without a reason" test --no-damage
contains "$out" "expected a text: why it is known to fail" "is a fault"

# ---- Which samples; files that cannot be read ----

sample 's/first_line: 1/first_line: 7/'
cp corpus/0x9F/s.txt corpus/0x9F/t.txt
sed 's/first_line: 1/first_line: 7/' good.yaml >corpus/0x9F/t.yaml
run accept corpus/0x9F/s.yaml
contains "$out" "1 file changed" "a path: that file alone"
sample 's/first_line: 1/first_line: 7/'
run accept 0x9F/test-rule
contains "$out" "1 file changed" "a rule: the samples that name it"
sample 's/first_line: 1/first_line: 7/;s/0x9F.test-rule: {lock.*/{}/;s/{0x9F.test-rule: likely}/{}/;/^variants/,$d'
run accept 0x9F/test-rule
is "$status" 1 "or show it"
sample ''
mv corpus/0x9F/s.txt corpus/0x9F/test-rule.txt
rm corpus/0x9F/s.yaml
printf 'origin: ""\nterms: ""\ncrashes: []\n' >corpus/0x9F/test-rule.yaml
cp prose.txt corpus/0x9F/test-rule.txt
exits 0 "or are called like it" accept 0x9F/test-rule
contains "$out" "1 sample," "although the origin is not filled in yet"
exits 2 "no such rule" accept 0x9F/tset-rule
contains "$err" "did you mean \"0x9F/test-rule\"?" "the nearest is named"
sample 's/crashes:/crashes: [/'
exits 2 "a file that is no YAML" accept
contains "$err" "corpus/0x9F/s.yaml" "is named"
is "$(file)" "$(cat before.yaml)" "and left alone"
sample 's/origin/orign/'
exits 2 "an unknown key" accept
contains "$err" "did you mean \"origin\"?" "is told as by lint"
rm corpus/0x9F/s.yaml
exits 2 "a paste without expectations" accept
contains "$err" "s.yaml" "is told"
if [ "$(id -u)" != 0 ]; then
    sample 's/first_line: 1/first_line: 7/'
    chmod a-w corpus/0x9F
    exits 2 "a folder that cannot be written to" accept
    chmod u+w corpus/0x9F
    is "$(file)" "$(cat before.yaml)" "the old file is still there"
fi

# ---- The real corpus ----

STOPCODE_KB=$real_kb
rm -rf corpus
cp -R "$root/corpus" corpus
exits 0 "the corpus" accept
contains "$out" "all is as expected" "is as expected"
diff -r "$root/corpus" corpus >/dev/null
tap_result $? "and untouched"

# Every paste with the expectations of another sample: whatever differs can be accepted, once and for all.
mkdir crossed
find "$root/corpus" -name '*.txt' | sort >pastes
{ sed 1d pastes && sed -n 1p pastes; } >others
n=0
while read -r paste && read -r other <&3; do
    n=$((n + 1))
    cp "$paste" "crossed/$n.txt"
    sed '/^variants:/,$d' "${other%.txt}.yaml" >"crossed/$n.yaml"
done <pastes 3<others
exits 1 "every paste with the expectations of another" accept crossed
lacks "$out" "by hand" "all of it can be accepted"
exits 0 "and then" accept crossed
contains "$out" "$n samples, 0 variants: all is as expected" "nothing is left"

done_testing
