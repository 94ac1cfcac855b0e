#!/bin/sh
# stopcode lint: rules, samples and links, with their places. What it says of single faults: tests/data/kb/faults-*.txt.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

make_rules src
mkdir -p src/corpus/0x9F src/docs

# sample NAME: the crash of common.sh with what must come out.
sample() {
    cp crash.txt "src/corpus/0x9F/$1.txt"
    cat >"src/corpus/0x9F/$1.yaml" <<'END'
origin: made for this test
terms: ours
crashes:
  - bugcheck: 0x9F
    confirmed: [0x9F/test-rule]
END
}

exits 0 "a sound tree" lint src
is "$out" "0 errors, 0 warnings" "nothing is said about it"
exits 0 "one rule" lint src/rules/0x9F/test-rule.md
is "$(sed -n 2p out)" "Next: stopcode test 0x9F/test-rule" "what comes next is told"
exits 0 "one page" lint src/rules/0x9F/index.md
lacks "$out" "Next:" "but not for a page that is no rule"

# ---- Samples ----

sample lock
exits 0 "a sound sample" lint src
mv src/corpus/0x9F/lock.yaml good.yaml
sed 's|0x9F/test-rule|0x9F/test-rul|' good.yaml >src/corpus/0x9F/lock.yaml
exits 1 "an unknown rule" lint src
contains "$out" "src/corpus/0x9F/lock.yaml:5:17: error: there is no rule \"0x9F/test-rul\"; did you mean" \
    "an unknown rule: file, line, column, the nearest"
exits 0 "only the rules" lint src/rules
exits 1 "only the samples" lint src/corpus
contains "$out" "1 error, 0 warnings" "only what was asked for is counted"
printf 'crashes: [\n' >src/corpus/0x9F/lock.yaml
exits 1 "a sample's YAML left open" lint src
contains "$out" "lock.yaml:2:1: error: YAML:" "a sample's YAML left open: its place"
sed 's/terms: ours/terms: ours # for now/' good.yaml >src/corpus/0x9F/lock.yaml
exits 0 "a text that a comment cuts" lint src
contains "$out" "lock.yaml:2:13: warning: a comment begins here" "a text that a comment cuts is a warning"
cp good.yaml src/corpus/0x9F/lock.yaml
sample twin
exits 1 "the same paste twice" lint src
contains "$out" "src/corpus/0x9F/twin.txt: error: the same paste as src/corpus/0x9F/lock.txt" "the same paste twice"
rm src/corpus/0x9F/twin.yaml
exits 1 "a paste alone" lint src
contains "$out" "src/corpus/0x9F/twin.txt: error: there is no twin.yaml beside it" "a paste alone"
rm src/corpus/0x9F/twin.txt src/corpus/0x9F/lock.txt
exits 1 "expectations alone" lint src
contains "$out" "src/corpus/0x9F/lock.yaml: error: there is no lock.txt beside it" "expectations alone"
rm src/corpus/0x9F/lock.yaml
printf 'a list\n' >src/corpus/list.txt
exits 0 "a list beside the folders is no sample" lint src

# A rule with errors is still a rule that samples may name.
sample lock
mv src/rules/0x9F/test-rule.md good.md
sed 's/^tier: proof/tier: prof/' good.md >src/rules/0x9F/test-rule.md
exits 1 "a broken rule" lint src
is "$(tail -n 1 out)" "1 error, 0 warnings" "does not make its samples look broken"
lacks "$out" "Next:" "and nothing comes next"
cp good.md src/rules/0x9F/test-rule.md

# ---- Links ----

mkdir -p src/docs
printf '# Facts\n\n<a id="table-frame"></a>\n\n### frame\n\n[f](#table-frame) [g](#table-fram)\n' >src/docs/F.md
exits 1 "anchors that a page sets itself" lint src
is "$(grep -c ': error: ' out)" 1 "are found"
contains "$out" 'docs/F.md has no heading "#table-fram"; did you mean "table-frame"?' "or named when misspelt"
rm src/docs/F.md

printf '# A\n\n[b](docs/B.md#below) [gone](docs/gone.md)\n' >src/README.md
printf '# B\n\n## Below\n\n[up](../README.md#a) [gone](#belov)\n' >src/docs/B.md
exits 1 "links" lint src
is "$(grep -c ': error: ' out)" 2 "two lead nowhere"
contains "$out" "src/README.md:3:29: error: there is no file or folder docs/gone.md" "a file that is gone"
contains "$out" "src/docs/B.md:5:29: error: docs/B.md has no heading \"#belov\"; did you mean \"below\"?" \
    "a heading too"
exits 0 "which does not keep the rules from being used" --kb src crash.txt
rm src/README.md src/docs/B.md

# ---- Patterns that run away are refused, also by kb build ----

sed 's|^clauses:|&\n  slow:\n    text: {command: "!locks", pattern: "(a+)+b"}|' good.md >src/rules/0x9F/test-rule.md
exits 1 "a pattern that runs away" lint src
contains "$out" "exponential time" "a pattern that runs away: why"
exits 1 "kb build with it" kb build --source src --output slow.db
contains "$err" "exponential time" "kb build tells it too"
[ ! -e slow.db ]
tap_result $? "and writes nothing" ""

done_testing
