#!/bin/sh
# The WebAssembly module says what the command says, byte for byte, on every sample of the corpus.
set -u
WEB=$(realpath "${WEB:?names the folder of what the diagnosis page carries}")
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/../cli/common.sh"
module=$root/build/wasm/stopcode.wasm
mkdir out native
list=$(find "$root/corpus" -name '*.txt' | sort)
# shellcheck disable=SC2086  # names in the corpus have no blanks
node "$root/tests/site/wasm.mjs" "$module" "$WEB/stopcode.db" out $list >imports 2>err
is "$?" 0 "the module runs: $(cat err)"
is "$(cat imports)" "wasi_snapshot_preview1.clock_time_get
wasi_snapshot_preview1.fd_close
wasi_snapshot_preview1.fd_seek
wasi_snapshot_preview1.fd_write" "it imports nothing that reaches a file or the network"
i=0
different=
for file in $list; do
    "$stopcode" --format json - <"$file" >native.json 2>/dev/null
    cmp -s native.json "out/$i.json" || different="$different $file"
    i=$((i + 1))
done
is "$different" "" "the same JSON for $i samples"

# The page's knowledge base keeps the terms that a rule looks up, and drops those of the other kinds.
knows() { # TREE KIND TERM: 1 when the lean knowledge base of a source tree has the term, else 0
    "$stopcode" kb build --lean --source "$1" --output "$1.db" >/dev/null
    "$stopcode" query --kb "$1.db" --csv "$root/corpus/0x9F/zte-modem.txt" \
        "SELECT meaning('$2', '$3') IS NOT NULL AS known" | sed 1d
}
make_rules plain
make_rules asking
sed "s/SELECT l.line,/SELECT meaning('pool-tag', 'Irp') AS what, l.line,/" asking/rules/0x9F/test-rule.md >changed &&
    mv changed asking/rules/0x9F/test-rule.md
is "$(knows plain pool-tag Irp)" 0 "terms that no rule looks up are dropped"
is "$(knows plain function nt!KeBugCheckEx)" 0 "of every kind that only readers see"
is "$(knows asking pool-tag Irp)" 1 "a kind of terms that a rule looks up is kept"
is "$(knows asking function nt!KeBugCheckEx)" 0 "and only that kind"
lacks "$("$stopcode" explain --kb plain.db 0x9F/test-rule 2>&1)" "Power changes need it" "pages are dropped"
contains "$("$stopcode" explain --kb plain.db 0x9F/test-rule 2>&1)" "A thread holds the lock" "rules are not"
done_testing
