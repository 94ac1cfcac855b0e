#!/bin/sh
# `facts:` of a sample: queries over the facts and the rows they must return.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

make_rules src
mkdir -p src/corpus/0x9F
cp crash.txt src/corpus/0x9F/lock.txt
cd src || exit 2
sample() { # ROWS
    cat >corpus/0x9F/lock.yaml <<END
origin: made for this test
terms: the project's own
crashes:
  - bugcheck: 0x9F
    confirmed: {0x9F/test-rule: likely}
    facts:
      - sql: SELECT name, contention, mode FROM lock
        rows: $1
      - {sql: "SELECT thread, NULL FROM lock_thread", rows: [[0xfffffa8007005660, null]]}
variants:
  - name: without !locks
    delete_sections: ["!locks"]
    crashes: {1: {outcome: undecided}}
  - name: another lock
    replace: [{from: PiEngineLock, to: IopDeviceTreeLock}]
    crashes: {}
END
}
check() { run test --kb . --corpus corpus --no-damage; }

sample '[[nt!PiEngineLock, 0x15, exclusive]]'
check
is "$status" 0 "the rows agree, numbers in any spelling; variants are not held to them: exit status 0"
sample '[[nt!PiEngineLock, 22, exclusive]]'
check
is "$status" 1 "another value: exit status 1"
contains "$out" "SELECT name, contention, mode FROM lock" "the query is shown"
contains "$out" 'should be [["nt!PiEngineLock", 22, exclusive]]' "what it should return"
contains "$out" 'and is    [["nt!PiEngineLock", 21, exclusive]]' "and what it returns"
for rows in '[]' '[[nt!PiEngineLock, 21]]' '[[nt!PiEngineLock, 21, exclusive], [a, 1, b]]' \
    '[[nt!PiEngineLock, 21, null]]'; do
    sample "$rows"
    check
    is "$status" 1 "rows $rows: exit status 1"
done
run accept --kb . --corpus corpus
is "$status" 3 "accept writes what is seen: exit status 3, no verdict differed"
contains "$(cat corpus/0x9F/lock.yaml)" '[["nt!PiEngineLock", 21, exclusive]]' "into the rows"
check
is "$status" 0 "and the sample passes: exit status 0"

sample '[[nt!PiEngineLock, 21, exclusive]]'
sed 's/FROM lock$/FROM lcok/' corpus/0x9F/lock.yaml >x && mv x corpus/0x9F/lock.yaml
check
is "$status" 1 "a query that does not run: exit status 1"
contains "$out" "no such table: lcok" "with the reason"
sample '[nt!PiEngineLock]'
check
contains "$out$err" "expected a row: a list of values" "rows are lists"
sample '[[nt!PiEngineLock, 21, exclusive]]'
sed 's/        rows:/        row:/' corpus/0x9F/lock.yaml >x && mv x corpus/0x9F/lock.yaml
check
contains "$out$err" 'unknown key "row"; did you mean "rows"?' "keys are checked"
done_testing
