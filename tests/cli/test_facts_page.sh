#!/bin/sh
# docs/facts.md is what `stopcode tables --markdown` prints; every query on it runs; every link on it leads somewhere.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

exits 0 "tables --markdown" tables --markdown
cmp -s out "$root/docs/facts.md"
tap_result $? "docs/facts.md is up to date" "run: make docs"
cp out page.md

awk '/^```sql$/ { on = 1; next } /^```$/ { on = 0 } on' page.md >queries
[ "$(wc -l <queries)" -gt 25 ]
tap_result $? "the page has queries"
while read -r sql; do
    "$stopcode" query crash.txt "$sql" >answer 2>error || printf '%s: %s\n' "$sql" "$(cat error)"
done <queries >wrong
is "$(cat wrong)" "" "each of them runs"

commands=$(grep -c '^### `' page.md)
is "$(wc -l <queries | tr -d ' ')" "$commands" "each command has one"

grep -o '](#[^)]*)' page.md | sed 's/^](#//; s/)$//' | sort -u >links
sed -n 's/^<a id="\(.*\)"><\/a>$/\1/p' page.md | sort >anchors
is "$(comm -23 links anchors)" "" "every link has its anchor"
is "$(uniq -d anchors)" "" "no anchor stands twice"

"$stopcode" coverage --corpus "$root/corpus" --table coverage.md >/dev/null 2>&1
cmp -s coverage.md "$root/docs/coverage.md"
tap_result $? "docs/coverage.md is up to date" "run: make docs"

exits 2 "tables --markdown frame" tables --markdown frame
contains "$err" "page of all tables" "--markdown is all tables"
done_testing
