#!/bin/sh
# The WebAssembly module says what the command says, byte for byte, on every sample of the corpus.
set -u
# shellcheck source=tests/cli/common.sh
WEB=$(realpath "${WEB:?names the folder of what the diagnosis page carries}")
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
done_testing
