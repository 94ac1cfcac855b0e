#!/bin/sh
# The subcommands: help, hints, query, tables, why, lint, kb.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/common.sh"

# ---- Help and hints ----

exits 0 "--help" --help
contains "$out" "Subcommands:" "help lists the subcommands"
contains "$out" "Examples:" "and has examples"
is "$err" "" "help goes to standard output"
run help
is "$out" "$("$stopcode" --help)" "help is --help"
for command in diagnose query tables why lint test kb help version; do
    exits 0 "$command --help" "$command" --help
    contains "$out" "Usage: stopcode $command" "$command --help shows its usage"
    contains "$out" "Examples:" "$command --help has examples"
    is "$out" "$("$stopcode" help "$command")" "help $command is the same"
    is "$(awk 'length > 120' out)" "" "$command --help fits"
done
exits 0 "version" version
contains "$out" "stopcode " "version"
is "$("$stopcode" --version)" "$out" "--version is version"

exits 2 "an unknown option" --fromat json crash.txt
contains "$err" "did you mean --format?" "an unknown option: the nearest is named"
exits 2 "an unknown letter" -x crash.txt
contains "$err" "unknown option -x" "an unknown letter is named"
exits 2 "an option of another subcommand" tables --format json
contains "$err" "unknown option --format" "an option of another subcommand is unknown"
exits 2 "an option without its argument" --format
contains "$err" "--format needs an argument" "an option without its argument"
exits 2 "an argument too many" --all=yes crash.txt
contains "$err" "--all takes no argument" "an argument that is not taken"
exits 2 "an unknown format" --format jsno crash.txt
contains "$err" "did you mean json?" "an unknown format: the nearest is named"
exits 2 "a format that is not there" --format pdf crash.txt
contains "$err" "text, json, markdown and html" "a format that is not there: all are named"
exits 2 "a wrong --color" --color allways crash.txt
contains "$err" "did you mean always?" "a wrong --color"
exits 2 "an unknown subcommand" qurey crash.txt
contains "$err" "did you mean \`stopcode query\`?" "an unknown subcommand: the nearest is named"
exits 2 "options before the subcommand" --all why x
contains "$err" "a subcommand stands first" "options before the subcommand"
exits 2 "an operand missing" query crash.txt
contains "$err" "usage: stopcode query FILE SQL" "an operand missing"
exits 2 "an operand too many" why a b c
contains "$err" "operand too many" "an operand too many"
exits 2 "help for an unknown subcommand" help lnit
contains "$err" "did you mean \"lint\"?" "help for an unknown subcommand"
exits 2 "a knowledge base that is not there" --kb nowhere crash.txt
contains "$err" "nowhere" "a knowledge base that is not there is named"
esc=$(printf '\033')
run "$(printf 'a\033[2Jb')"
lacks "$err" "$esc" "file names are shown without control characters"

# ---- query ----

exits 0 "query" query crash.txt "SELECT line, name FROM lock"
contains "$out" "nt!PiEngineLock" "query shows a row"
contains "$(sed -n 1p out)" "line  name" "under the names of its columns"
exits 0 "query --csv" query crash.txt "SELECT 1 AS a, NULL AS b, 'x,\"y' AS c, '' AS d" --csv
is "$out" 'a,b,c,d
1,,"x,""y",""' "CSV is quoted, and NULL is not the empty text"
exits 0 "query --json" query --json crash.txt "SELECT 1 AS a, NULL AS b, 2 AS a"
is "$(printf '%s' "$out" | tr -d ' \n')" '[{"a":"1","b":null,"a_2":"2"}]' "JSON: null, and no column is lost"
exits 0 "query for an address" query --csv crash.txt "SELECT address FROM lock"
contains "$out" "0xfffff80003492be0" "addresses are hex"
exits 2 "wrong SQL" query crash.txt "SELEC 1"
contains "$err" "syntax error" "wrong SQL: SQLite's message"
exits 2 "an unknown table" query crash.txt "SELECT * FROM locks"
contains "$err" "did you mean lock?" "an unknown table: the nearest is named"
exits 2 "writing" query crash.txt "DELETE FROM lock"
is "$out" "" "writing is refused"
exits 0 "no row" query crash.txt "SELECT line FROM lock WHERE name = 'x'"
contains "$err" "no row" "no row is told"
exits 1 "query over prose" query prose.txt "SELECT 1"
exits 2 "query on a missing file" query absent.txt "SELECT 1"
exits 2 "a crash that is not there" query --crash 9 crash.txt "SELECT 1"
contains "$err" "1 crash" "how many there are"
exits 2 "a crash that is no number" query --crash x crash.txt "SELECT 1"
contains "$err" "--crash wants a whole number" "a crash that is no number"
printf 'x\n' | cat - crash.txt | sed 's/owned/o\x1bwned/' >escape.txt
run query escape.txt "SELECT char(27) || '[2J' AS x"
lacks "$out" "$esc" "a cell cannot send escapes"
run query --csv escape.txt "SELECT char(27) || '[2J' AS x"
lacks "$out" "$esc" "nor in CSV"
run query --json escape.txt "SELECT char(27) || '[2J' AS x, char(155) AS y"
lacks "$out" "$esc" "nor in JSON"

# ---- tables ----

exits 0 "tables" tables
contains "$out" "irp_stack" "tables lists a table"
exits 0 "tables NAME" tables frame
contains "$out" "child_sp" "tables NAME lists columns"
exits 2 "an unknown table" tables framee
contains "$err" "did you mean \"frame\"?" "an unknown table: the nearest is named"
exits 0 "tables --json" tables --json
contains "$out" '"name": "lock_thread"' "tables as JSON"

# ---- A source tree of our own: one rule ----

make_rules src
exits 0 "lint of a sound rule" lint src
contains "$out" "0 errors" "lint counts"
sed 's/^tier: proof/tier: prof/' src/rules/0x9F/test-rule.md >broken && cp broken src/rules/0x9F/broken.md
exits 1 "lint of a broken rule" lint src
contains "$out" "broken.md:5:" "lint names file and line"
contains "$out" "tier: prof" "and shows the line"
contains "$out" "^" "with a caret"
exits 0 "lint of the other file" lint src/rules/0x9F/test-rule.md
exits 1 "lint of the folder" lint src/rules
exits 2 "lint of a missing path" lint src/absent
mkdir nothing
exits 2 "lint where there are no rules" lint nothing
exits 2 "a knowledge base with errors" --kb src crash.txt
contains "$err" "broken.md:5:" "a knowledge base with errors: where"
rm src/rules/0x9F/broken.md
exits 0 "a source tree is a knowledge base" --kb src crash.txt
contains "$out" "nt!PiEngineLock is held." "its rule is applied"
exits 0 "kb build" kb build --source src --output built.db
exits 0 "a compiled knowledge base" --kb built.db crash.txt
contains "$out" "nt!PiEngineLock is held." "the compiled rule is applied"
exits 2 "kb build into a missing folder" kb build --source src --output no/where.db
exits 2 "an unknown kb verb" kb biuld
contains "$err" "did you mean \`stopcode kb build\`?" "an unknown kb verb: the nearest is named"

# ---- why ----

STOPCODE_KB=$work/src
export STOPCODE_KB
exits 0 "why" why 0x9F/test-rule crash.txt
contains "$out" "confirmed, likely" "why: the verdict"
contains "$out" "true     lock-owner" "why: a clause and its truth"
contains "$out" "parameter 1 is" "why: the value seen"
exits 0 "why without the folder" why TEST-RULE crash.txt
sed '/^0: kd> !locks/,$d' crash.txt >short.txt
exits 0 "why without !locks" why test-rule short.txt
contains "$out" "unknown  lock-owner" "why: an unknown clause"
contains "$out" "run !locks" "and the command that would tell"
sed 's/9F, {4/9F, {3/' crash.txt >other.txt
exits 0 "why with another parameter" why test-rule other.txt
contains "$out" "ruled out" "why: ruled out"
contains "$out" "false    sync-timeout" "by a clause"
exits 0 "why as JSON" why --format json test-rule short.txt
contains "$out" '"truth": "unknown"' "why as JSON: the truth of a clause"
exits 2 "why for an unknown rule" why 0x9F/tset-rule crash.txt
contains "$err" "did you mean \"0x9F/test-rule\"?" "why for an unknown rule: the nearest is named"
exits 1 "why on prose" why test-rule prose.txt

# ---- Open, and what would settle it ----

exits 0 "the same crash without !locks" short.txt
contains "$out" "Undecided" "is undecided"
contains "$out" "!locks" "and asks for it"

done_testing
