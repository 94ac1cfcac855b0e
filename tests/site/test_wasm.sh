#!/bin/sh
# The WebAssembly module says what the command says, byte for byte, on every sample of the corpus.
set -u
# shellcheck source=tests/cli/common.sh
. "$(dirname "$0")/../cli/common.sh"
module=${WASM:-$root/build/wasm/stopcode.wasm}
if [ ! -f "$module" ]; then
    skip "no $module: make wasm"
    done_testing
    exit
fi
mkdir out native
list=$(find "$root/corpus" -name '*.txt' | sort)
# shellcheck disable=SC2086  # names in the corpus have no blanks
node "$root/tests/site/wasm.mjs" "$module" "$STOPCODE_KB" out $list >imports 2>err
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
