#!/bin/sh
# `stopcode test`: a sample passes when all is as expected, and every kind of difference makes it fail. Its damaged
# variants are left to test_damage.sh.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"
make_rules src
STOPCODE_KB=$work/src
export STOPCODE_KB

# sample NAME: the crash as a sample, its expectations from standard input.
sample() {
    mkdir -p corpus/0x9F
    cp crash.txt "corpus/0x9F/$1.txt"
    cat >"corpus/0x9F/$1.yaml"
}

# differs TEXT NAME CHANGE: with the good expectations changed by a sed script, the sample fails and says TEXT.
differs() {
    rm -rf corpus
    good | sed "$3" | sample changed
    run test --no-damage
    is "$status" 1 "$2: exit status 1"
    contains "$out" "$1" "$2: is told"
    contains "$out" "0 passed, 1 failed" "$2: is counted"
}

good() {
    cat <<'END'
origin: made for this test
terms: the project's own
crashes:
  - bugcheck: 0x9F
    args: [0x4, 0x258, 0xfffffa8007005660, 0xfffff800053e83d0]
    first_line: 1
    last_line: 10
    outcome: confirmed
    confirmed: {0x9F/test-rule: likely}
    values: {0x9F/test-rule: {lock: "nt!PiEngineLock"}}
END
}

good | sample good
exits 0 "a sample that is right" test --no-damage
is "$out" "1 passed, 0 failed" "is counted"

differs "the bug check should be 0x9E, and is 0x9F" "another bug check" 's/bugcheck: 0x9F/bugcheck: 0x9E/'
differs "no bug check should be known" "no bug check" 's/bugcheck: 0x9F/bugcheck: null/'
differs "parameter 1 should be 0x3, and is 0x4" "another parameter" 's/\[0x4/[0x3/'
differs "parameter 2 should be not shown, and is 0x258" "a parameter that is not shown" 's/0x258/null/'
differs "it should begin on line 2, and begins on 1" "another first line" 's/first_line: 1/first_line: 2/'
differs "the outcome should be undecided, and is confirmed" "another outcome" 's/outcome: confirmed/outcome: undecided/'
differs "should be certain, and is likely" "another confidence" 's/test-rule: likely/test-rule: certain/'
differs "0x9F/test-rule is confirmed (likely), and should not be" "a rule that is not listed" \
    '/confirmed: {/d;/values/d'
differs "7  Resource @ nt!PiEngineLock" "the line of the paste behind it" '/confirmed: {/d;/values/d'
differs "the culprit should be module x, likely, and is unknown" "a culprit" \
    '/values/i\    culprit: {kind: module, name: x, confidence: likely}'
differs "0x9F/test-rule should be open, and is confirmed" "an open rule" '/values/i\    open: [0x9F/test-rule]'
differs "should be ruled out by exactly one clause, and is confirmed" "a near miss" \
    '/values/i\    near_miss: [0x9F/test-rule]'
differs "\`!vm\` should be asked for" "a command asked for" '/values/i\    ask: ["!vm"]'
differs "lock should be \"other\", and is \"nt!PiEngineLock\"" "a value" 's/"nt!PiEngineLock"/other/'
differs "locks should be \"x\", and has no value" "a variable that has none" 's/{lock: .*}}/{locks: x}}/'
differs "usbccgp should be a bystander, and is not mentioned" "a suspect" '/values/i\    suspects: {usbccgp: bystander}'
# shellcheck disable=SC2016  # a sed script
differs "2 crashes expected, 1 found" "another number of crashes" '$a\  - bugcheck: 0x1A'

# ---- Faults of the expectations themselves ----

differs "changed.yaml:1:1: error: unknown key \"orgin\"; did you mean \"origin\"?" "an unknown key" 's/origin/orgin/'
differs "terms are missing" "no terms" '/terms/d'
differs "there is no rule \"0x9F/tset-rule\"; did you mean \"0x9F/test-rule\"?" "an unknown rule" \
    's/test-rule/tset-rule/'
differs "expected a number" "a code that is none" 's/bugcheck: 0x9F/bugcheck: nine/'
differs "expected possible, likely or certain" "a confidence that is none" 's/: likely}/: surely}/'
differs "a culprit needs a confidence" "half a culprit" '/values/i\    culprit: {kind: module, name: x}'
differs "changed.yaml" "no YAML at all" 's/^crashes:/crashes: [/'
rm -rf corpus
good | sample alone
rm corpus/0x9F/alone.yaml
exits 1 "a paste without expectations" test --no-damage
contains "$out" "alone.yaml" "is told"
rm -rf corpus
good | sample alone
rm corpus/0x9F/alone.txt
exits 1 "expectations without a paste" test --no-damage
contains "$out" "alone.txt" "is told"

# ---- Variants ----

variant() {
    rm -rf corpus
    {
        good
        echo "variants:"
        cat
    } | sample variants
    run test --no-damage
}
variant <<'END'
  - name: without !locks
    delete_sections: ["!locks"]
    crashes: {1: {open: [0x9F/test-rule], ask: ["!locks"]}}
  - name: another sub-code
    replace: [{from: "{4, 258", to: "{3, 258"}]
    crashes:
      - args: [3, 600, 0xfffffa8007005660, 0xfffff800053e83d0]
        near_miss: [0x9F/test-rule]
END
is "$status $out" "0 3 passed, 0 failed" "each variant is a test"
variant <<'END'
  - name: without !locks
    delete_sections: ["!locks"]
    crashes: {1: {confirmed: [0x9F/test-rule]}}
END
is "$status" 1 "a variant that is wrong fails"
contains "$out" "FAILED corpus/0x9F/variants.txt, without !locks" "and is named"
contains "$out" "0x9F/test-rule should be confirmed, and is open" "with the difference"
contains "$out" "unknown lock-owner, run !locks" "and the clause behind it"
contains "$out" "1 passed, 1 failed" "the sample itself passes"
variant <<'END'
  - name: nothing to delete
    delete_sections: ["!vm"]
    crashes: {1: {}}
  - name: nothing to replace
    replace: [{from: absent, to: x}]
    crashes: {1: {}}
END
contains "$out" "there is no section !vm to delete" "an edit that deletes nothing fails"
contains "$out" "there is no \"absent\" to replace" "so does one that replaces nothing"
variant <<'END'
  - name: no edit
    crashes: {1: {}}
  - delete_sections: ["!locks"]
  - name: too far
    delete_sections: ["!locks"]
    crashes: {2: {}}
END
contains "$out" "a variant edits something" "a variant without an edit is a fault"
contains "$out" "a variant needs a name" "so is one without a name"
contains "$out" "a variant needs crashes" "without an expectation"
contains "$out" "numbered from 1 to 1" "or for a crash that is not there"

# ---- Which samples, and how it is told ----

rm -rf corpus
good | sample a
good | sed 's/0x258/0x259/' | sample b
printf 'origin: x\nterms: x\ncrashes: []\n' | sample c
cp prose.txt corpus/0x9F/c.txt
exits 1 "three samples" test --no-damage
contains "$out" "2 passed, 1 failed" "are counted"
lacks "$out" "a.txt" "only what failed is shown"
exits 0 "a file" test --no-damage corpus/0x9F/a.txt
exits 0 "its expectations" test --no-damage corpus/0x9F/a.yaml
is "$out" "1 passed, 0 failed" "name the same sample"
exits 1 "a folder" test --no-damage corpus/0x9F
exits 1 "a rule" test --no-damage 0x9F/test-rule
contains "$out" "1 passed, 1 failed" "chooses the samples that name it"
exits 2 "a rule that is not there" test --no-damage 0x9F/tset-rule
contains "$err" "did you mean \"0x9F/test-rule\"?" "the nearest is named"
exits 2 "a file that is no sample" test --no-damage src/rules/0x9F/test-rule.md
exits 1 "--jobs 1" test --no-damage --jobs 1
one=$out
exits 1 "--jobs 8" test --no-damage --jobs 8
is "$out" "$one" "the number of jobs changes nothing"
exits 2 "--jobs 0" test --no-damage --jobs 0
exits 1 "--tap" test --no-damage --tap
contains "$out" "ok 1 - corpus/0x9F/a.txt" "TAP: what passed"
contains "$out" "not ok 2 - corpus/0x9F/b.txt" "TAP: what failed"
contains "$out" "#     parameter 2 should be 0x259, and is 0x258" "TAP: the difference"
contains "$out" "1..3" "TAP: the plan"
lacks "$out" "2 passed, 1 failed" "TAP: no sum that would be counted twice"
exits 1 "--corpus" test --no-damage --corpus corpus/0x9F
mkdir empty-corpus
exits 2 "no samples" test --no-damage --corpus empty-corpus
cd empty-corpus || exit 2
exits 2 "no corpus" test --no-damage
contains "$err" "no corpus" "is told"

done_testing
