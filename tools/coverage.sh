#!/bin/sh
# Lines reached by the tests, per source file, least covered first: tools/coverage.sh BUILD
# BUILD was made with --coverage (`make coverage`), and the tests have run.
set -u
build=$1
find "$build/engine" "$build/kb" "$build/site" "$build/cli" -name '*.gcda' 2>/dev/null | sort >"$build/gcda"
[ -s "$build/gcda" ] || {
    echo "coverage: no data in $build" >&2
    exit 2
}
while read -r data; do gcov -n "$data" 2>/dev/null; done <"$build/gcda" | awk '
    /^File / { file = $2; gsub(/\047/, "", file) }
    /^Lines executed:/ {
        split($0, part, /[:% ]+/)
        if (file ~ /^(engine|kb|site|cli)\/.*\.c$/ && !(file in lines)) {
            lines[file] = part[5]
            reached[file] = part[3] * part[5] / 100
        }
        file = ""
    }
    END {
        for (f in lines) {
            printf "%6.1f %%  %5d  %s\n", lines[f] ? 100 * reached[f] / lines[f] : 0, lines[f], f | "sort -n"
            all += lines[f]
            hit += reached[f]
        }
        close("sort -n")
        if (all) printf "%6.1f %%  %5d  all\n", 100 * hit / all, all
    }'
