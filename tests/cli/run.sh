#!/bin/sh
# All tests of the command: tests/cli/run.sh [BINARY]. The last line is "N passed, N failed".
# STOPCODE_KB names the knowledge base; without it the source tree is compiled in memory for each call.
set -u
here=$(cd "$(dirname "$0")" && pwd)
STOPCODE=${1:-${STOPCODE:-$here/../../build/release/stopcode}}
export STOPCODE
for test in "$here"/test_*.sh; do sh "$test"; done | awk '
    /^ok /     { if (!/# SKIP/) passed++ }
    /^not ok / { failed++ }
    /^1\.\./   { ended++ }
    !/^ok /    { if (!/^1\.\./) print }
    /# SKIP/   { print }
    END {
        printf "%d passed, %d failed\n", passed, failed
        exit failed > 0 || ended == 0
    }'
