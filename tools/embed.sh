#!/bin/sh
# embed.sh FILE...: the files as a C source: an array of site_asset (site/site.h), named as without their folders.
set -u
echo '#include "site/site.h"'
i=0
for file; do
    printf 'static const unsigned char bytes_%d[] = {' "$i"
    od -An -v -tu1 "$file" | sed 's/[0-9][0-9]*/&,/g'
    echo '};'
    i=$((i + 1))
done
echo 'const site_asset site_own_assets[] = {'
i=0
for file; do
    sum=$(sha256sum <"$file") || exit 1
    printf '{"%s", {(const char *)bytes_%d, sizeof bytes_%d}, "%.64s"},\n' "$(basename "$file")" "$i" "$i" "$sum"
    i=$((i + 1))
done
echo '};'
echo 'const size_t site_n_own_assets = sizeof site_own_assets / sizeof *site_own_assets;'
