#!/bin/sh
# `stopcode diff`: what a change of rules changes, as a table, against a git revision, a tree or a compiled file.
# shellcheck disable=SC2016  # Markdown has backticks
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"
unset STOPCODE_KB
make_rules src
cd src || exit 2
rule=rules/0x9F/test-rule.md
mkdir -p corpus/0x9F
cp ../crash.txt corpus/0x9F/a.txt
cp ../prose.txt corpus/0x9F/prose.txt
printf 'origin: x\nterms: x\ncrashes: []\n' >corpus/0x9F/prose.yaml
cat >corpus/0x9F/a.yaml <<'END'
origin: made for this test
terms: the project's own
crashes:
  - bugcheck: 0x9F
    confirmed: {0x9F/test-rule: likely}
variants:
  - name: without | !locks
    delete_sections: ["!locks"]
    crashes: {1: {open: [0x9F/test-rule], ask: ["!locks"]}}
END
change() { sed "$1" "$rule" >../changed && mv ../changed "$rule"; }
# row SAMPLE CRASH BEFORE AFTER NAME: the table holds exactly that row.
row() { contains "$out" "| $1 | $2 | $3 | $4 |" "$5"; }

# ---- Trees and files ----

cp -R . ../old
exits 0 "the same tree" diff ../old
contains "$out" "0 of 2 samples differ from ../old (0 differences in 3 diagnoses)" "is told"
lacks "$out" "| sample |" "without a table"
change 's/confidence: likely/confidence: certain/'
exits 1 "another confidence" diff ../old
row corpus/0x9F/a.txt "1: 0x9F" '`0x9F/test-rule` likely' '`0x9F/test-rule` certain' "before and after"
lacks "$out" "without" "the variant, where the rule is open, is the same"
contains "$out" "1 of 2 samples differ" "is counted"
change 's/args: {1: 4}/args: {1: 5}/'
exits 1 "a rule that does not fire any more" diff ../old
row corpus/0x9F/a.txt "1: 0x9F" 'confirmed<br>`0x9F/test-rule` likely' 'undecided<br>asks `!analyze -v`' \
    "the outcome and the finding"
row "corpus/0x9F/a.txt, without \\| !locks" "1: 0x9F" '`0x9F/test-rule` open<br>asks `!locks`' \
    'asks `!analyze -v`' "what is asked for"
cp ../old/"$rule" "$rule"
change 's/^summary:/culprit: disk\nsummary:/'
exits 1 "a culprit" diff ../old
contains "$out" "culprit unknown" "before"
contains "$out" "culprit disk likely" "after"
cp ../old/"$rule" "$rule"
change 's/is held/is not free/'
exits 1 "other words" diff ../old
lacks "$out" "| sample |" "are no row"
contains "$out" "Wording alone differs in 2 crashes:" "but told"
contains "$out" "- corpus/0x9F/a.txt: \`0x9F/test-rule\`" "with the rule"
sed 's/^summary:/  more:\n    supports: possible\n    sql: SELECT line FROM lock\nsummary:/' "$rule" >rules/0x9F/new.md
exits 1 "a new rule" diff ../old
contains "$out" 'New rules: `0x9F/new`' "is named"
row corpus/0x9F/a.txt "1: 0x9F" "" '`0x9F/new` likely' "with what it does"
rm rules/0x9F/new.md
cp ../old/"$rule" "$rule"
"$stopcode" kb build --source . --output ../then.db >/dev/null
exits 0 "a compiled file" diff ../then.db
change 's/confidence: likely/confidence: possible/'
exits 1 "is taken as it was" diff ../then.db
contains "$out" '`0x9F/test-rule` possible' "though its sources have changed"
exits 0 "--kb names the other side" diff ../then.db --kb ../old
exits 1 "--jobs 8" diff ../old --jobs 8
one=$out
exits 1 "--jobs 1" diff ../old --jobs 1
is "$out" "$one" "the number of jobs changes nothing"
echo broken >../old/"$rule"
exits 2 "rules with errors" diff ../old
contains "$err" "test-rule.md:1" "are told"
exits 2 "a file that is no knowledge base" diff corpus/0x9F/a.txt

# ---- Revisions ----

if command -v git >/dev/null 2>&1; then
    cp -R ../src ../outside
    git_() { git -c user.name=x -c user.email=x -c init.defaultBranch=main "$@" >/dev/null 2>&1; }
    (cd .. && git_ init src) && git_ add rules kb corpus && git_ commit -m one
    change 's/confidence: possible/confidence: certain/'
    TMPDIR=$work/tmp
    mkdir "$TMPDIR"
    export TMPDIR
    exits 1 "a revision" diff HEAD
    row corpus/0x9F/a.txt "1: 0x9F" '`0x9F/test-rule` possible' '`0x9F/test-rule` certain' "before and after"
    is "$(ls "$TMPDIR")" "" "nothing is left behind"
    git_ commit -a -m two
    exits 0 "the latest one" diff HEAD
    exits 1 "the one before" diff HEAD~1
    (cd corpus && "$stopcode" diff HEAD~1 --corpus . >../../out 2>&1)
    is "$?" 1 "from a folder below"
    (mkdir ../nested && cp -R rules kb corpus ../nested && cd .. &&
        git_ init . && git_ add nested && git_ commit -m x &&
        cd nested && "$stopcode" diff HEAD >/dev/null 2>&1)
    is "$?" 0 "a tree that is a folder of its repository"
    exits 2 "an unknown revision" diff HAED
    contains "$err" 'no file or folder, and no git revision, called "HAED"' "is told"
    exits 2 "an option in its place" diff -- --output=x
    contains "$err" 'does not begin with "-"' "is told"
    git_ rm -r rules && git_ commit -m none && git_ checkout HEAD~1 -- rules
    exits 2 "a revision without rules" diff HEAD
    contains "$err" "no rules/ and kb/reference/ at revision HEAD" "is told"
    cp -R ../outside "$TMPDIR/outside"
    cd "$TMPDIR/outside" || exit 2
    GIT_CEILING_DIRECTORIES=$TMPDIR
    export GIT_CEILING_DIRECTORIES
    exits 2 "no repository" diff HEAD
    contains "$err" "is not in a git repository" "is told"
    (PATH=/nowhere exec "$stopcode" diff HEAD) >out 2>err
    is "$?" 2 "no git: exit status 2"
    contains "$(cat err)" "git cannot be run" "is told"
else
    skip "git is not installed"
fi
exits 2 "no operand" diff
done_testing
