#!/bin/sh
# stopcode new: a sample, its expectation and the draft of a rule from a paste.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

make_rules src
mkdir src/corpus
cd src || exit 2
STOPCODE_KB=$work/src
export STOPCODE_KB
at=@ # no address stands in this file
{ echo "My name is in here: C:\\Users\\Somebody\\x.dmp, somebody${at}acme.com"; cat ../crash.txt; } >../paste.txt

# ---- What it writes ----

exits 0 "new" new 0x9F/held-lock --from ../paste.txt
for file in corpus/0x9F/held-lock.txt corpus/0x9F/held-lock.yaml rules/0x9F/held-lock.md; do
    [ -s "$file" ]
    tap_result $? "it writes $file"
    contains "$out" "wrote $file" "and says so"
done
lacks "$(cat corpus/0x9F/held-lock.txt)" "Somebody" "the paste is scrubbed: a user's folder"
lacks "$(cat corpus/0x9F/held-lock.txt)" "${at}acme" "and an address"
contains "$(cat corpus/0x9F/held-lock.txt)" "Resource @ nt!PiEngineLock" "the evidence stays"
contains "$(cat corpus/0x9F/held-lock.yaml)" "0x9F/test-rule: likely" "what comes out is the expectation"
contains "$(cat rules/0x9F/held-lock.md)" "status: draft" "the rule is a draft"
contains "$(cat rules/0x9F/held-lock.md)" "args: {1: 4}" "with the parameter that is no address"
contains "$(cat rules/0x9F/held-lock.md)" "FROM lock" "and the lock that is held"
contains "$out" "Next: edit the draft" "and what comes next is told"
run lint .
is "$(grep -c 'error' out)" 3 "lint: only origin and terms are to be filled in, and the sum"
sed -i 's/^origin: .*/origin: mine/;s/^terms: .*/terms: mine/' corpus/0x9F/held-lock.yaml
exits 0 "then lint is content with the draft" lint .
exits 0 "and test with the sample" test --corpus corpus
exits 0 "every clause of the draft is true" why 0x9F/held-lock corpus/0x9F/held-lock.txt
lacks "$out" "unknown " "none is unknown"
lacks "$out" "false " "none is false"

# ---- Nothing is overwritten ----

cp rules/0x9F/held-lock.md kept
exits 2 "again" new 0x9F/held-lock --from ../paste.txt
contains "$err" "held-lock" "names what is there"
is "$(cat rules/0x9F/held-lock.md)" "$(cat kept)" "and leaves it"

# ---- What it cannot do ----

exits 2 "without --from" new 0x9F/other
contains "$err" "--from" "is told"
exits 2 "a name that is none" new lock --from ../paste.txt
contains "$err" "0x9F/pnp-lock-held" "an example is shown"
exits 2 "a code in another spelling" new 9F/other --from ../paste.txt
contains "$err" "0x9F" "the right one is named"
exits 2 "a name in capitals" new 0x9F/Held_Lock --from ../paste.txt
[ -n "$err" ]
tap_result $? "is refused with a reason"
exits 2 "a name that leaves the folder" new 0x9F/../../x --from ../paste.txt
[ ! -e ../x.md ] && [ ! -e x.md ]
tap_result $? "and writes nothing there"
exits 2 "a file that is not there" new 0x9F/other --from ../absent.txt
contains "$err" "absent.txt" "is named"
exits 2 "prose" new 0x9F/other --from ../prose.txt
contains "$err" "not debugger output" "is told"
[ ! -e rules/0x9F/other.md ] && [ ! -e corpus/0x9F/other.txt ]
tap_result $? "and nothing is written"

# ---- Other pastes ----

cat ../crash.txt >two.txt
cat >>two.txt <<'END'

1: kd> .bugcheck
Bugcheck code 000000D1
Arguments 00000000`00000010 00000000`00000002 00000000`00000000 fffff800`12345678
END
exits 0 "the second crash" new 0xD1/second --crash 2 --from two.txt
contains "$(cat corpus/0xD1/second.yaml)" "bugcheck: 0xD1" "the expectation has both crashes"
contains "$(cat rules/0xD1/second.md)" "bugcheck: 0xD1" "the draft is for the second"
[ -s rules/0xD1/index.md ]
tap_result $? "a bug check without a page gets one"
exits 2 "a crash that is not there" new 0xD1/third --crash 3 --from two.txt
exits 0 "rules for any bug check" new any/everywhere --from two.txt --origin "mine" --terms "mine"
contains "$(cat corpus/any/everywhere.yaml)" "origin: mine" "origin and terms can be given"
"$stopcode" new 0x9F/from-input --from - <../crash.txt >out 2>err
is "$?" 0 "standard input: exit status 0"

# Every sample of the corpus makes a draft that lint takes, all of whose clauses hold.
n=0
for sample in "$root"/corpus/0x*/*.txt; do
    folder=$(basename "$(dirname "$sample")")
    n=$((n + 1))
    rm -rf tree
    mkdir -p tree/corpus "tree/rules/$folder" tree/kb
    cp -R kb/reference tree/kb/reference
    (cd tree && export STOPCODE_KB="$PWD" &&
        "$stopcode" new "$folder/draft-$n" --from "$sample" --origin mine --terms mine >../new.out 2>&1 &&
        "$stopcode" lint . >../lint.out 2>&1 &&
        "$stopcode" why "$folder/draft-$n" "corpus/$folder/draft-$n.txt" >../why.out 2>&1 &&
        ! grep -q '^  false ' ../why.out) || echo "$sample"
done >wrong
is "$(cat wrong)" "" "a draft from every sample is sound, and holds for it"
done_testing
