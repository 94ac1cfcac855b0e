#!/bin/sh
# What the knowledge base promises: a page for every documented bug check, the common ones in depth, and enough rules.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/tools/tap.sh
. "$here/tap.sh"
cd "$here/../.." || exit 2

pages() { # the codes that have a page; with a heading, those whose page has it
    for page in rules/0x*/index.md; do
        [ $# -eq 0 ] || grep -qx "## $1" "$page" || continue
        page=${page#rules/}
        echo "${page%/index.md}"
    done | sort
}
codes=$(sed 1d kb/reference/bugchecks.tsv | cut -f 1 | sort)
with_page=$(pages) in_depth=$(pages "How to tell the causes apart")

missing=$(printf '%s\n' "$codes" | while read -r code; do
    printf '%s\n' "$with_page" | grep -qx "$code" || echo "$code"
done)
[ -z "$missing" ]
tap_result $? "every documented bug check has a page" "$missing"

# The codes that forums and support see most.
missing=
for code in 0xA 0x19 0x1A 0x1E 0x20 0x24 0x3B 0x3D 0x44 0x4E 0x50 0x51 0x74 0x76 0x77 0x7A 0x7B 0x7C 0x7E 0x7F \
    0x8E 0x9C 0x9F 0xA0 0xA5 0xBE 0xC1 0xC2 0xC4 0xC5 0xC6 0xC9 0xCA 0xCE 0xD1 0xD5 0xDA 0xDE 0xE2 0xEA \
    0xED 0xEF 0xF4 0xF7 0xFC 0xFE 0x101 0x109 0x10D 0x113 0x116 0x117 0x119 0x124 0x12B 0x133 0x139 \
    0x13A 0x141 0x144 0x154 0x15E 0x161 0x18B 0x1CA 0x1D5 0x20001 0xC000021A; do
    printf '%s\n' "$in_depth" | grep -qx "$code" || missing="$missing $code"
done
[ -z "$missing" ]
tap_result $? "the common bug checks have a page in depth" "$missing"

rules=$(find rules -name '*.md' ! -name index.md -exec grep -lx 'status: stable' {} + | wc -l)
[ "$rules" -ge 200 ]
tap_result $? "at least 200 stable rules" "there are $rules"

done_testing
