#!/bin/sh
# reference-sums.sh: rows and checksum of every table in kb/reference/, as tests/data/reference.txt lists them.
set -u
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/.." || exit 2
for table in kb/reference/*.tsv kb/reference/terms/*.tsv; do
    printf '%s\t%d rows\t%s\n' "$table" "$(($(wc -l <"$table") - 1))" "$(cksum <"$table")"
done
